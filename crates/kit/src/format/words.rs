//! Words and names in the sentences of pages.

use std::borrow::Borrow;

pub use calc::words::capital;

/// A part of a name for [`order_of`]: a number by its value, or text without case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// How many digits, without leading zeros, and these.
    Number(usize, String),
    Text(String),
}

/// So many of something: “1 answer”, “5 answers”.
pub fn counted(number: impl Borrow<usize>, one: &str, many: &str) -> String {
    let number = *number.borrow();
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number within a sentence, as a word up to twelve.
pub fn in_words(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number).map_or_else(|| number.to_string(), |it| (*it).to_owned())
}

/// The same at the start of a sentence.
pub fn in_words_first(number: usize) -> String {
    capital(&in_words(number))
}

/// Names as a sentence lists them: a, b and c.
pub fn list<S: Borrow<str>>(names: &[S]) -> String {
    match names {
        [] => String::new(),
        [one] => one.borrow().to_owned(),
        [most @ .., last] => format!("{} and {}", most.join(", "), last.borrow()),
    }
}

/// What people wrote, for comparing: without case and surplus blanks.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A name within a sentence; an abbreviation at its beginning stays as it is.
pub fn inline(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    if first.chars().skip(1).any(char::is_uppercase) {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// By what names are put in order: “Room 2” comes before “room 10”.
pub fn order_of(name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|it: char| it.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(match piece.trim_start_matches('0') {
            digits if is_number => Piece::Number(digits.len(), digits.to_owned()),
            _ => Piece::Text(piece.to_lowercase()),
        });
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_something_is_one_and_everything_else_many() {
        let of = |number: usize| counted(number, "answer", "answers");
        assert_eq!([of(0), of(1), of(2)], ["0 answers", "1 answer", "2 answers"]);
    }

    #[test]
    fn names_are_listed_with_commas_and_the_last_with_and() {
        assert_eq!([list::<&str>(&[]), list(&["a"]), list(&["a", "b"])], ["", "a", "a and b"]);
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
