//! Instruments: questionnaires as data, versioned and in several languages.
//!
//! One form serves all that the product asks: gap analysis, belief, Kano, satisfaction, skills, feedback. An
//! instrument is a JSON file; `items` flattens it into what can be answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A text by language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    pub fn plain(text: &str) -> Text {
        Text(BTreeMap::from([("en".to_owned(), text.to_owned())]))
    }

    /// The text in a language; in English, or any that there is, where it is not translated.
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get("en")).or_else(|| self.0.values().next()).map_or("", |it| it)
    }
}

/// A questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    pub key: String,
    pub version: u32,
    /// What it is for: `gap`, `belief`, `kano`, `satisfaction`, `skills`, `feedback`, or what an import made.
    pub purpose: String,
    pub title: Text,
    pub intro: Text,
    /// About how long it takes.
    pub minutes: u32,
    #[serde(default)]
    pub scales: Vec<Scale>,
    pub sections: Vec<Section>,
}

/// The points of a rating, lowest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub key: String,
    pub labels: Vec<Text>,
    /// The value of the first point.
    #[serde(default = "one")]
    pub from: i64,
}

fn one() -> i64 {
    1
}

impl Scale {
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.labels.len()).map(|it| (self.from + it as i64) as f64)
    }

    /// The lowest and the highest value.
    pub fn range(&self) -> (f64, f64) {
        (self.from as f64, (self.from + self.labels.len() as i64 - 1) as f64)
    }
}

/// One screen of questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub key: String,
    pub title: Text,
    #[serde(default)]
    pub text: Option<Text>,
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Question {
    Rating {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
        scale: String,
        #[serde(default)]
        cannot_judge: bool,
        #[serde(default)]
        required: bool,
    },
    /// Rows by columns; its items are `row.column`, and `row.comment` where comments are asked for.
    Matrix {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
        rows: Vec<Named>,
        columns: Vec<MatrixColumn>,
        #[serde(default)]
        cannot_judge: bool,
        #[serde(default)]
        comment: bool,
    },
    /// A feature present and absent (Kano); its items are `row.functional` and `row.dysfunctional`.
    Pair {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
        positive: Text,
        negative: Text,
        scale: String,
        rows: Vec<Named>,
        #[serde(default)]
        cannot_judge: bool,
    },
    Choice {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
        options: Vec<Named>,
        #[serde(default)]
        multiple: bool,
    },
    /// Options brought into an order; its items are `key.option`, the rank from 1.
    Ranking {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
        options: Vec<Named>,
    },
    Text {
        key: String,
        text: Text,
        #[serde(default)]
        help: Option<Text>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub key: String,
    pub text: Text,
    #[serde(default)]
    pub help: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixColumn {
    pub key: String,
    pub text: Text,
    pub scale: String,
}

/// A question whose options are chosen from.
#[derive(Debug, Clone, Copy)]
pub struct Choosing<'a> {
    pub key: &'a str,
    pub text: &'a Text,
    pub options: &'a [Named],
    /// Whether more than one may be chosen.
    pub multiple: bool,
}

impl Choosing<'_> {
    /// The item that holds the answer where it is this option.
    pub fn item(&self, option: &Named) -> String {
        if self.multiple { format!("{}.{}", self.key, option.key) } else { self.key.to_owned() }
    }
}

/// Something that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub key: String,
    /// Row, then column.
    label: (Text, Option<Text>),
    pub answered_by: AnsweredBy,
    pub cannot_judge: bool,
}

/// What an answer to an item looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum AnsweredBy {
    /// A value of the scale with this key.
    Scale(String),
    /// One of these keys; an option that was ticked, where several may be.
    Option(Vec<String>),
    /// A rank from 1 to this.
    Rank(usize),
    Words,
}

impl Item {
    pub fn label(&self, language: &str) -> String {
        match &self.label {
            (row, Some(column)) => {
                format!("{}: {}", row.get(language).trim_end_matches('.'), column.get(language))
            }
            (row, None) => row.get(language).to_owned(),
        }
    }

    /// What is asked of the row that it belongs to, where it is one column of a matrix.
    pub fn column(&self, language: &str) -> Option<&str> {
        self.label.1.as_ref().map(|it| it.get(language))
    }

    /// Whether its answers are numbers that figures can be made of.
    pub fn is_scaled(&self) -> bool {
        matches!(self.answered_by, AnsweredBy::Scale(_) | AnsweredBy::Rank(_))
    }
}

impl Instrument {
    pub fn scale(&self, key: &str) -> Option<&Scale> {
        self.scales.iter().find(|it| it.key == key)
    }

    pub fn scale_of(&self, item: &Item) -> Option<&Scale> {
        match &item.answered_by {
            AnsweredBy::Scale(key) => self.scale(key),
            _ => None,
        }
    }

    /// Everything that can be answered, in the order of the screens.
    pub fn items(&self) -> Vec<Item> {
        self.sections.iter().flat_map(|it| it.items()).collect()
    }

    /// Every question whose options are chosen from, in the order of the screens.
    pub fn choices(&self) -> Vec<Choosing<'_>> {
        let questions = self.sections.iter().flat_map(|it| &it.questions);
        let choosing = |question| match question {
            &Question::Choice { ref key, ref text, ref options, multiple, .. } => {
                Some(Choosing { key, text, options, multiple })
            }
            _ => None,
        };
        questions.filter_map(choosing).collect()
    }

    /// What is wrong with it, each with its place; nothing where it can be used.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let languages: Vec<&String> = self.title.0.keys().collect();
        if self.key.is_empty() || languages.is_empty() {
            faults.push("key and title: both are needed.".to_owned());
        }
        if self.sections.is_empty() {
            faults.push("sections: there are none.".to_owned());
        }
        for scale in &self.scales {
            if scale.labels.len() < 2 {
                faults.push(format!("scales, {}: a scale has two points at least.", scale.key));
            }
        }
        let mut seen = BTreeSet::new();
        for item in self.items() {
            if !seen.insert(item.key.clone()) {
                faults.push(format!("{}: two items have this key.", item.key));
            }
            if let AnsweredBy::Scale(key) = &item.answered_by
                && self.scale(key).is_none()
            {
                faults.push(format!("{}: there is no scale “{key}”.", item.key));
            }
            for language in &languages {
                if !item.label.0.0.contains_key(*language) {
                    faults.push(format!("{}: its text is missing in “{language}”.", item.key));
                }
            }
        }
        faults
    }
}

impl Section {
    pub fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut add = |key: String, row: &Text, column: Option<&Text>, answered_by, cannot_judge| {
            items.push(Item { key, label: (row.clone(), column.cloned()), answered_by, cannot_judge });
        };
        for question in &self.questions {
            match question {
                Question::Rating { key, text, scale, cannot_judge, .. } => {
                    add(key.clone(), text, None, AnsweredBy::Scale(scale.clone()), *cannot_judge);
                }
                Question::Matrix { rows, columns, cannot_judge, comment, .. } => {
                    for row in rows {
                        for column in columns {
                            let by = AnsweredBy::Scale(column.scale.clone());
                            add(
                                format!("{}.{}", row.key, column.key),
                                &row.text,
                                Some(&column.text),
                                by,
                                *cannot_judge,
                            );
                        }
                        if *comment {
                            add(format!("{}.comment", row.key), &row.text, None, AnsweredBy::Words, false);
                        }
                    }
                }
                Question::Pair { rows, positive, negative, scale, cannot_judge, .. } => {
                    for row in rows {
                        for (key, text) in [("functional", positive), ("dysfunctional", negative)] {
                            let by = AnsweredBy::Scale(scale.clone());
                            add(format!("{}.{key}", row.key), &row.text, Some(text), by, *cannot_judge);
                        }
                    }
                }
                Question::Choice { key, text, options, multiple: false, .. } => {
                    let keys = options.iter().map(|it| it.key.clone()).collect();
                    add(key.clone(), text, None, AnsweredBy::Option(keys), false);
                }
                Question::Choice { key, text, options, .. } => {
                    for option in options {
                        let by = AnsweredBy::Option(vec![option.key.clone()]);
                        add(format!("{key}.{}", option.key), text, Some(&option.text), by, false);
                    }
                }
                Question::Ranking { key, text, options, .. } => {
                    for option in options {
                        let by = AnsweredBy::Rank(options.len());
                        add(format!("{key}.{}", option.key), text, Some(&option.text), by, false);
                    }
                }
                Question::Text { key, text, .. } => add(key.clone(), text, None, AnsweredBy::Words, false),
            }
        }
        items
    }
}

/// The instruments that come with the product.
pub fn shipped() -> Vec<Instrument> {
    const FILES: [&str; 7] = [
        include_str!("../instruments/gap-short.json"),
        include_str!("../instruments/gap-full.json"),
        include_str!("../instruments/belief.json"),
        include_str!("../instruments/kano.json"),
        include_str!("../instruments/satisfaction.json"),
        include_str!("../instruments/skills.json"),
        include_str!("../instruments/feedback-360.json"),
    ];
    FILES.iter().map(|it| serde_json::from_str(it).expect("a test reads every shipped instrument")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_instrument_is_sound_in_english_and_german() {
        for instrument in shipped() {
            assert_eq!(instrument.faults(), Vec::<String>::new(), "{}", instrument.key);
            assert_eq!(instrument.title.0.keys().collect::<Vec<_>>(), ["de", "en"], "{}", instrument.key);
        }
    }

    #[test]
    fn the_short_gap_instrument_asks_importance_and_performance_of_fifteen_and_three_things_of_four() {
        let short = shipped().into_iter().find(|it| it.key == "gap-short").expect("it is shipped");
        let items = short.items();
        let ending = |it: &str| items.iter().filter(|item| item.key.ends_with(it)).count();
        assert_eq!(
            [ending(".importance"), ending(".done"), ending(".belief"), ending(".expectation"), ending(".delivery")],
            [15, 15, 4, 4, 4]
        );
    }

    #[test]
    fn a_scale_that_is_not_there_and_a_key_that_is_there_twice_are_faults() {
        let mut short = shipped().remove(0);
        short.scales.clear();
        let section = short.sections[0].clone();
        short.sections.push(section);
        let faults = short.faults().join("\n");
        assert!(faults.contains("there is no scale") && faults.contains("two items have this key"), "{faults}");
    }
}
