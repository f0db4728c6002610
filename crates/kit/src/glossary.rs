//! The words that pages use, and what they mean.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::method::Competency;

/// A word of the glossary.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    pub word: String,
    pub means: String,
    /// The competency whose word it is, where it is not everyone's.
    pub competency: Option<Competency>,
}

impl Term {
    /// Names it within the page of the glossary.
    pub fn anchor(&self) -> String {
        self.word.to_lowercase().split(|it: char| !it.is_alphanumeric()).collect::<Vec<_>>().join("-")
    }
}

/// Every word, in alphabetical order.
pub fn terms() -> &'static [Term] {
    #[derive(Deserialize)]
    struct File {
        term: Vec<Written>,
    }
    #[derive(Deserialize)]
    struct Written {
        word: String,
        means: String,
        competency: Option<String>,
    }
    static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../data/glossary.toml")).expect("a test reads the same file");
        let term = |it: Written| Term {
            word: it.word,
            means: it.means,
            competency: it.competency.map(|it| Competency::from_key(&it).expect("a test reads the same file")),
        };
        let mut terms: Vec<Term> = file.term.into_iter().map(term).collect();
        terms.sort_by_key(|it| it.word.to_lowercase());
        terms
    });
    &TERMS
}

/// The words that head a part of a page: in a heading, above a column, before a value.
pub fn words_on(page: &str) -> Vec<&'static Term> {
    let headings: Vec<String> = headings(page).map(|it| it.to_lowercase()).collect();
    let stands = |heading: &String, word: &str| {
        let boundary = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
        heading.match_indices(word).any(|(at, _)| {
            let after = &heading[at + word.len()..];
            boundary(heading[..at].chars().next_back())
                && boundary(after.strip_prefix('s').unwrap_or(after).chars().next())
        })
    };
    terms().iter().filter(|term| headings.iter().any(|it| stands(it, &term.word.to_lowercase()))).collect()
}

/// The text of every heading of a page, without what is marked up within.
fn headings(page: &str) -> impl Iterator<Item = String> {
    page.match_indices('<').filter_map(|(at, _)| {
        let tag = &page[at + 1..];
        let name = tag.split([' ', '>']).next()?;
        let (attributes, rest) = tag.split_once('>')?;
        let heads = matches!(name, "h1" | "h2" | "h3" | "dt") || name == "th" && attributes.contains("scope=\"col\"");
        let inner = heads.then(|| rest.split(&format!("</{name}>")).next()).flatten()?;
        Some(inner.split('<').map(|it| it.split_once('>').map_or(it, |(_, text)| text)).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_meaning_and_an_anchor_of_its_own() {
        let mut anchors: Vec<String> = terms().iter().map(Term::anchor).collect();
        anchors.sort();
        anchors.dedup();
        assert_eq!(anchors.len(), terms().len());
        assert!(terms().iter().all(|it| it.means.ends_with('.')));
    }

    #[test]
    fn only_whole_words_that_head_something_are_found() {
        let found = |page| words_on(page).iter().map(|it| &*it.word).collect::<Vec<_>>();
        assert_eq!(found("<h2>Gaps and <b>Maturity</b></h2><p>The thread</p>"), ["gap", "maturity"]);
        assert_eq!(
            found("<th scope=\"col\"><a href=\"?sort=side\">Side</a></th><th scope=\"row\">Mean</th>"),
            ["side"]
        );
        assert_eq!(found("<h1>Stagecoach inside</h1>"), [""; 0]);
    }
}
