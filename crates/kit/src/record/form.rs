//! Reading what a person wrote: a faulty form is a page, not an error.

use std::{collections::BTreeMap, ops::RangeInclusive};

use db::{printable, uuid::Uuid};
use jiff::civil::Date;

use crate::{
    format::Writing,
    import::sheet::{Style, parse},
    record::{Field, FieldKind, Kind, Row, Value},
};

/// How many characters a line may have.
const TEXT: usize = 300;
/// How many several lines may have together.
const PROSE: usize = 20_000;
/// How many an e-mail address may have, as mail servers take it.
const EMAIL: usize = 254;
/// How many the address of a page may have.
const ADDRESS: usize = 2_000;

/// What a person typed, as they typed it, by field key. It goes back into the form until it is right.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct Draft(pub BTreeMap<String, String>);

impl Draft {
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", |it| it.trim())
    }

    /// A record's values as a form shows them.
    pub fn of(kind: &Kind, values: &[Value], writing: Writing) -> Draft {
        let text = |value: &Value| match value {
            Value::Empty => String::new(),
            Value::Text(it) => it.clone(),
            Value::Whole(it) => it.to_string(),
            Value::Bool(it) => if *it { "yes" } else { "" }.to_owned(),
            Value::Date(it) => it.to_string(),
            Value::Number(it) => writing.typed(&it.to_string()),
            Value::Money(it) => writing.typed(&writing.currency.plain(*it)),
            Value::Link(it) => it.to_string(),
        };
        Draft(kind.fields.iter().zip(values).map(|(field, value)| (field.key.to_owned(), text(value))).collect())
    }

    /// Puts what was there before into every field that is not open to the writer, whatever was sent of it.
    pub fn keep(&mut self, kind: &Kind, open: &[&Field], before: Option<&Row>, writing: Writing) {
        let mut kept = before.map_or_else(Draft::default, |it| Draft::of(kind, &it.values, writing));
        for field in kind.fields.iter().filter(|it| open.iter().all(|open| open.key != it.key)) {
            self.0.insert(field.key.to_owned(), kept.0.remove(field.key).unwrap_or_default());
        }
    }

    /// Reads every field of a kind; all faults at once.
    ///
    /// Links are identifiers here; that they are of this organisation is for the store to see.
    pub fn read(&self, kind: &Kind, writing: Writing) -> Result<Vec<Value>, Faults> {
        let mut faults = Faults::default();
        let values = kind
            .fields
            .iter()
            .map(|field| match read(field, self.get(field.key), writing) {
                Ok(value) => value,
                Err(fault) => {
                    faults.add(field.key, fault);
                    Value::Empty
                }
            })
            .collect();
        faults.into_result(values)
    }
}

/// Reads one field; the fault is a sentence that says what to do.
pub fn read(field: &Field, text: &str, writing: Writing) -> Result<Value, String> {
    let text = printable(text);
    let text = text.trim();
    if text.is_empty() && field.kind != FieldKind::YesNo {
        return if field.required { Err(format!("{} is needed.", field.label)) } else { Ok(Value::Empty) };
    }
    let most = match field.kind {
        FieldKind::Text => TEXT,
        FieldKind::Prose => PROSE,
        FieldKind::Email => EMAIL,
        FieldKind::Url => ADDRESS,
        _ => usize::MAX,
    };
    let length = text.chars().count();
    if length > most {
        return Err(format!("This has {length} characters, and the most is {most}. Shorten it."));
    }
    Ok(match field.kind {
        FieldKind::Text if text.contains('\n') => return Err("Write this on one line.".to_owned()),
        FieldKind::Text | FieldKind::Prose => Value::Text(text.replace("\r\n", "\n")),
        FieldKind::Email => {
            let well_formed = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            if !well_formed || text.contains(char::is_whitespace) {
                return Err(format!("“{text}” is not an e-mail address; write it like name@example.org."));
            }
            Value::Text(text.to_lowercase())
        }
        FieldKind::Whole { min, max } => match text.parse::<i64>() {
            Ok(it) if (min..=max).contains(&it) => Value::Whole(it),
            _ => return Err(format!("Write a whole number from {min} to {max}.")),
        },
        FieldKind::Number => match parse::decimal(text, &writing.style()).map_err(|it| it.0)? {
            Some(it) => Value::Number(it.normalize()),
            None => return Err(no_number(text)),
        },
        FieldKind::Money => match amount(text, &writing.style(), writing)? {
            Some(it) => Value::Money(it),
            None => return Err(no_number(text)),
        },
        FieldKind::Url => {
            let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            if host.is_none_or(str::is_empty) || text.contains(char::is_whitespace) {
                return Err(format!("“{text}” is not the address of a page; copy it whole, with https:// before it."));
            }
            Value::Text(text.to_owned())
        }
        FieldKind::Date => Value::Date(day(text)?),
        FieldKind::YesNo => Value::Bool(matches!(text, "yes" | "on" | "true" | "1")),
        FieldKind::Choice(choices) => match choices.iter().find(|it| it.key == text) {
            Some(it) => Value::Text(it.key.to_owned()),
            None => {
                let labels: Vec<&str> = choices.iter().map(|it| it.label).collect();
                return Err(format!("“{text}” is not one of: {}.", labels.join(", ")));
            }
        },
        FieldKind::Link(_) => match text.parse::<Uuid>() {
            Ok(it) => Value::Link(it),
            Err(_) => return Err("Choose one from the list.".to_owned()),
        },
    })
}

/// An amount in minor units of the currency of the books; nothing where the text says so. Refuses one below zero.
pub fn amount(text: &str, style: &Style, writing: Writing) -> Result<Option<i64>, String> {
    match parse::money(text, style, writing.currency).map_err(|it| it.0)? {
        Some(it) if it < 0 => Err("Write the amount without a minus sign.".to_owned()),
        it => Ok(it),
    }
}

/// Files say “n/a” where they have nothing; who fills in a form leaves the field empty.
fn no_number(text: &str) -> String {
    format!("“{text}” is not a number. Write it in digits, or leave the field empty.")
}

/// The years in which a day may lie, wherever it comes from; others are slips of the hand.
const YEARS: RangeInclusive<i16> = 1900..=2200;

/// Reads a day as a form sends it.
pub fn day(text: &str) -> Result<Date, String> {
    let read = text.trim().parse::<Date>();
    in_years(read.map_err(|_| format!("“{text}” is not a day of the calendar; write it like 2026-11-23."))?)
}

/// The day, where it lies in the years that are kept.
pub fn in_years(day: Date) -> Result<Date, String> {
    let (first, last) = (YEARS.start(), YEARS.end());
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(format!("{day} is not in the years {first} to {last}.")) }
}

/// What is wrong with a form, by field; the empty key is for the form as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(String, String)>);

impl Faults {
    pub fn add(&mut self, field: &str, fault: impl Into<String>) {
        self.0.push((field.to_owned(), fault.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault of a field, if any.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == field).map(|(_, fault)| &**fault)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, fault)| (&**key, &**fault))
    }

    /// The value, where nothing is wrong.
    pub fn into_result<T>(self, value: T) -> Result<T, Faults> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(field: &Field, text: &str) -> Result<String, String> {
        read(field, text, Writing::default()).map(|it| it.text().to_owned())
    }

    #[test]
    fn control_characters_do_not_come_in_and_the_ends_of_lines_do() {
        assert_eq!(text(&Field::text("Name"), "A\0d\u{1b}a").as_deref(), Ok("Ada"));
        assert_eq!(text(&Field::prose("Note"), "one\r\n\ttwo\u{7f}").as_deref(), Ok("one\n\ttwo"));
        assert!(text(&Field::text("Name").required(), "\0").is_err(), "nothing is left of it");
    }

    #[test]
    fn a_day_is_in_the_years_that_are_kept() {
        let read = |day: &str| read(&Field::date("Due"), day, Writing::default());
        assert!(read("1900-01-01").is_ok() && read("2200-12-31").is_ok());
        for day in ["1899-12-31", "2201-01-01", "0026-11-23"] {
            assert!(read(day).is_err_and(|it| it.contains("1900 to 2200")), "{day}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_and_not_taken_for_an_empty_field() {
        for field in [Field::number("Days"), Field::money("Amount")] {
            for text in ["NaN", "inf", "-inf", "n/a", "-", "1e999", "five"] {
                let fault = read(&field, text, Writing::default()).expect_err(text);
                assert!(fault.contains(text), "{fault}");
            }
            assert_eq!(read(&field, " ", Writing::default()), Ok(Value::Empty));
        }
    }

    #[test]
    fn a_text_has_a_length_that_is_said_where_it_is_too_long() {
        let address = |length: usize| format!("{}@example.org", "é".repeat(length - 12));
        for (field, most) in [(Field::text("Name"), 300), (Field::prose("Note"), 20_000)] {
            assert!(text(&field, &"é".repeat(most)).is_ok());
            assert!(text(&field, &"é".repeat(most + 1)).is_err_and(|it| it.contains(&format!("the most is {most}"))));
        }
        assert!(text(&Field::email("E-mail"), &address(254)).is_ok());
        assert!(text(&Field::email("E-mail"), &address(255)).is_err());
    }
}
