use std::borrow::Cow;

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

/// The values that both engines store alike. Each is optional, so that an empty one still has a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Id(Option<Uuid>),
}

/// The instant that a column of milliseconds holds; the epoch where the number is out of range.
pub fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The text without control characters other than those that end lines and columns: no engine keeps all of them. Every
/// text that goes into the database goes through here.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_odd = |it: char| it.is_control() && !matches!(it, '\n' | '\r' | '\t');
    if text.contains(is_odd) { Cow::Owned(text.replace(is_odd, "")) } else { Cow::Borrowed(text) }
}

/// A text as it is kept.
fn kept(text: String) -> String {
    match printable(&text) {
        Cow::Owned(clean) => clean,
        Cow::Borrowed(_) => text,
    }
}

/// The type of a column, for reading a row that is known only by its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    Int,
    Real,
    Bool,
    Text,
    Bytes,
    Id,
}

/// A typed identifier, as [`crate::id!`] declares it.
pub trait Id: Copy {
    fn uuid(self) -> Uuid;
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! from {
    ($($rust:ty => $variant:ident($it:ident) $as:expr;)*) => {$(
        impl From<$rust> for Value {
            fn from($it: $rust) -> Value { Value::$variant(Some($as)) }
        }
        impl From<Option<$rust>> for Value {
            fn from(value: Option<$rust>) -> Value { Value::$variant(value.map(|$it| $as)) }
        }
    )*};
}

from! {
    i64       => Int(it) it;
    f64       => Real(it) it;
    bool      => Bool(it) it;
    String    => Text(it) kept(it);
    &str      => Text(it) printable(it).into_owned();
    Vec<u8>   => Bytes(it) it;
    Uuid      => Id(it) it;
    Date      => Text(it) it.to_string();
    Timestamp => Int(it) it.as_millisecond();
}

impl<T: self::Id> From<Option<T>> for Value {
    fn from(id: Option<T>) -> Value {
        Value::Id(id.map(self::Id::uuid))
    }
}
