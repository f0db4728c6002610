//! Who may put how many dots where, and what the dots say in the end.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The most characters of a phrase: it has to be read at a glance.
pub const LONGEST: usize = 140;
/// The most phrases of a workshop.
pub const MOST_PHRASES: usize = 40;
/// The most phrases of a draft.
const MOST_IN_DRAFT: usize = 5;

/// A phrase with the dots that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub phrase: String,
    pub dots: i64,
}

/// What a voting said on the day on which it was closed. It is kept as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub closed_on: Date,
    pub voters: i64,
    /// How many dots everyone had.
    pub dots_each: i64,
    /// Most dots first.
    pub lines: Vec<Tally>,
}

/// The dots of one voter on a phrase after one more or one fewer; a refusal is a sentence.
pub fn voted(on_phrase: i64, on_all: i64, each: i64, add: bool) -> Result<i64, &'static str> {
    match add {
        true if on_all >= each => Err("All your dots are placed. Take one away first, then put it where you want it."),
        true => Ok(on_phrase + 1),
        false if on_phrase == 0 => Err("There is no dot of yours on this phrase."),
        false => Ok(on_phrase - 1),
    }
}

/// A new phrase as it is kept; a refusal is a sentence.
pub fn phrase(written: &str, here: &[String]) -> Result<String, String> {
    let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if text.is_empty() {
        return Err("Write the phrase first.".to_owned());
    }
    if length > LONGEST {
        return Err(format!("This has {length} characters; a phrase has {LONGEST} at most. Say it shorter."));
    }
    if here.iter().any(|it| it.to_lowercase() == text.to_lowercase()) {
        return Err(format!("“{text}” is there already: put your dots on it."));
    }
    if here.len() >= MOST_PHRASES {
        return Err(format!(
            "There are {MOST_PHRASES} phrases already, and nobody can weigh more. Put your dots on what is there."
        ));
    }
    Ok(text)
}

/// The phrases by their dots, most first; those with as many in the order in which they came.
pub fn ranked(mut tallies: Vec<Tally>) -> Vec<Tally> {
    tallies.sort_by_key(|it| std::cmp::Reverse(it.dots));
    tallies
}

/// The phrases of a first draft: those with the most dots, until they hold half of all dots, five at most.
pub fn draft(statement: &Statement) -> Vec<&Tally> {
    let all: i64 = statement.lines.iter().map(|it| it.dots).sum();
    let mut held = 0;
    let mut chosen = Vec::new();
    for it in statement.lines.iter().filter(|it| it.dots > 0).take(MOST_IN_DRAFT) {
        if held * 2 >= all {
            break;
        }
        held += it.dots;
        chosen.push(it);
    }
    chosen
}

/// The draft as the wording of a vision, a phrase a line, each as a sentence.
pub fn wording(statement: &Statement) -> String {
    let sentence = |it: &&Tally| {
        let ended = it.phrase.ends_with(['.', '!', '?']);
        format!("{}{}", it.phrase, if ended { "" } else { "." })
    };
    draft(statement).iter().map(sentence).collect::<Vec<_>>().join("\n")
}

/// The result in a sentence.
pub fn finding(statement: &Statement) -> String {
    match &statement.lines[..] {
        [first, second, ..] if first.dots > 0 && first.dots == second.dots => {
            format!("“{}” and “{}” came out first, with {} dots each", first.phrase, second.phrase, first.dots)
        }
        [first, ..] if first.dots > 0 => format!("“{}” came out first", first.phrase),
        _ => "Nobody put a dot on anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn statement(dots: &[i64]) -> Statement {
        let lines = dots.iter().enumerate().map(|(at, dots)| Tally { phrase: format!("Phrase {at}"), dots: *dots });
        Statement { closed_on: date(2026, 11, 23), voters: 5, dots_each: 3, lines: lines.collect() }
    }

    #[test]
    fn nobody_has_more_dots_than_everyone_has_and_none_can_be_taken_that_is_not_there() {
        assert_eq!(voted(2, 2, 3, true), Ok(3));
        assert!(voted(0, 3, 3, true).is_err());
        assert_eq!(voted(1, 3, 3, false), Ok(0));
        assert!(voted(0, 3, 3, false).is_err());
    }

    #[test]
    fn the_same_phrase_is_not_there_twice_however_it_is_written() {
        let here = ["We answer in a day".to_owned()];
        assert!(phrase("  we  answer in a DAY ", &here).is_err());
        assert_eq!(phrase(" we answer\nin two days ", &here), Ok("we answer in two days".to_owned()));
        assert!(phrase(&"x".repeat(LONGEST + 1), &[]).is_err() && phrase(" ", &[]).is_err());
    }

    #[test]
    fn a_draft_holds_half_of_the_dots_and_no_phrase_without_one() {
        let phrases = |dots: &[i64]| draft(&statement(dots)).len();
        assert_eq!([phrases(&[9, 3, 3]), phrases(&[4, 4, 4, 4]), phrases(&[0, 0]), phrases(&[1; 20])], [1, 2, 0, 5]);
        assert_eq!(wording(&statement(&[2, 2])), "Phrase 0.");
    }

    #[test]
    fn a_tie_is_said_to_be_one() {
        assert_eq!(finding(&statement(&[2, 2])), "“Phrase 0” and “Phrase 1” came out first, with 2 dots each");
        assert_eq!(finding(&statement(&[3, 2])), "“Phrase 0” came out first");
        assert_eq!(finding(&statement(&[0])), "Nobody put a dot on anything");
    }
}
