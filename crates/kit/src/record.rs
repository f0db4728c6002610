//! A kind of record is described once, beside its type.
//!
//! From that one description come its table, page, form and messages, its import and export, its audit entries,
//! its place in search and palette, and the statements that load and save it. An area writes by hand only what is
//! special about a kind: its rules, its pictures, its working screens.

mod describe;
mod form;

use std::collections::BTreeMap;

use calc::money::Money;
use db::uuid::Uuid;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

pub use self::{
    describe::{Choice, Field, FieldKind, Kind, Tone},
    form::{Draft, Faults, amount, day, in_years, read},
};

/// What a field of a record holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    /// A whole number.
    Whole(i64),
    Bool(bool),
    Date(Date),
    /// A quantity, exact.
    Number(Decimal),
    /// Minor units (cents) of the book currency.
    Money(i64),
    /// Another record, of the kind that the field names.
    Link(Uuid),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        *self == Value::Empty
    }

    /// The text of a text or choice field; empty for anything else.
    pub fn text(&self) -> &str {
        match self {
            Value::Text(it) => it,
            _ => "",
        }
    }

    /// As it stands in the audit trail and in JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Empty => serde_json::Value::Null,
            Value::Text(it) => json!(it),
            Value::Whole(it) => json!(it),
            Value::Bool(it) => json!(it),
            Value::Date(it) => json!(it),
            Value::Number(it) => json!(it.to_string()),
            Value::Money(it) => json!(it),
            Value::Link(it) => json!(it),
        }
    }
}

/// A record as plain values, in the order of its kind's fields: what pages, imports and exports work on.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub id: Uuid,
    /// Counts the changes; a writer who saw an older one is shown the difference instead of overwriting.
    pub version: i64,
    pub values: Vec<Value>,
}

impl Row {
    /// What a reader calls this record, by its own words; [`crate::pages::title_of`] knows what it is called whose title is a link.
    pub fn title(&self, kind: &Kind) -> String {
        match &self.values[kind.position(kind.title)] {
            Value::Text(it) => {
                let choice = kind.field(kind.title).and_then(|field| field.choice_of(it));
                choice.map_or(it.clone(), |it| it.label.to_owned())
            }
            Value::Date(it) => it.to_string(),
            // What it leads to is not in the row.
            Value::Link(_) => kind.one.to_owned(),
            other => other.json().to_string(),
        }
    }

    /// The record that this one is titled by, where its title is a link: a placement is called as its activity is.
    pub fn about(&self, kind: &Kind) -> Option<Uuid> {
        match self.values[kind.position(kind.title)] {
            Value::Link(it) => Some(it),
            _ => None,
        }
    }

    /// Its first and its last day, where its kind has fields for them and they are filled in.
    pub fn days(&self, kind: &Kind) -> (Option<Date>, Option<Date>) {
        let day = |key: &str| match self.get(kind, key) {
            Value::Date(it) => Some(*it),
            _ => None,
        };
        (kind.first_day.and_then(day), kind.last_day.and_then(day))
    }

    /// The value of a field by its key.
    ///
    /// # Panics
    /// When the kind has no such field: the keys are written in the program, beside the description.
    pub fn get(&self, kind: &Kind, key: &str) -> &Value {
        &self.values[kind.position(key)]
    }
}

/// The titles of records by identifier, for showing links.
pub type Titles = BTreeMap<Uuid, String>;

/// A type whose records are kept: [`crate::record!`] writes this beside the struct.
pub trait Record: Clone + Send + Sync + 'static {
    type Id: db::Id;
    const KIND: &'static Kind;

    /// Reads the plain values; the description guarantees that they fit.
    fn from_row(row: &Row) -> Self;
    fn to_row(&self) -> Row;
}

/// A Rust type that can be a field of a record.
pub trait FieldType: Sized {
    /// Refuses a value that the description does not allow; `None` then.
    fn from_value(value: &Value) -> Option<Self>;
    fn to_value(&self) -> Value;
}

macro_rules! field_type {
    ($($rust:ty, $it:ident: $from:pat => $value:expr, $to:expr;)*) => {$(
        impl FieldType for $rust {
            fn from_value(value: &Value) -> Option<Self> {
                match value { $from => Some($value), _ => None }
            }
            fn to_value(&self) -> Value { let $it = self; $to }
        }
    )*};
}

field_type! {
    String, it: Value::Text(text) => text.clone(), Value::Text(it.clone());
    i64, it: Value::Whole(whole) => *whole, Value::Whole(*it);
    bool, it: Value::Bool(yes) => *yes, Value::Bool(*it);
    Date, it: Value::Date(date) => *date, Value::Date(*it);
    Decimal, it: Value::Number(number) => *number, Value::Number(*it);
    Uuid, it: Value::Link(id) => *id, Value::Link(*it);
    Money, it: Value::Money(minor) => Money::new(*minor), Value::Money(it.minor());
}

db::id! {
    /// Identifies a record of a kind that a later area describes: whoever links to it knows the key of the kind only.
    Linked
}

impl FieldType for Linked {
    fn from_value(value: &Value) -> Option<Self> {
        Uuid::from_value(value).map(Linked)
    }
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl<T: FieldType> FieldType for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Empty => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Empty, T::to_value)
    }
}

/// Declares a kind of record: its struct, its identifier and its description, in one place.
///
/// ```text
/// kit::record! {
///     /// Something to do, by someone, by a day.
///     pub Action(ActionId) = Kind::new("action", "Action", "Actions", "/actions").titled("title");
///     title: String = Field::text("What").required();
///     due: Option<Date> = Field::date("Due");
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub $name:ident($id:ident) = $kind:expr;
        $( $(#[$field_meta:meta])* $field:ident : $type:ty = $describe:expr; )*
    ) => {
        db::id! {
            #[doc = concat!("Identifies one ", stringify!($name), " for life.")]
            $id
        }

        impl $crate::record::FieldType for $id {
            fn from_value(value: &$crate::record::Value) -> Option<Self> {
                $crate::record::FieldType::from_value(value).map($id)
            }
            fn to_value(&self) -> $crate::record::Value {
                $crate::record::FieldType::to_value(&self.0)
            }
        }

        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            pub id: $id,
            pub version: i64,
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $name {
            /// The description of this kind of record.
            pub const KIND: &'static $crate::record::Kind = {
                const FIELDS: &[$crate::record::Field] = &[ $( $describe.keyed(stringify!($field)) ),* ];
                static KIND: $crate::record::Kind = $kind.with_fields(FIELDS);
                &KIND
            };
        }

        impl $crate::record::Record for $name {
            type Id = $id;
            const KIND: &'static $crate::record::Kind = <$name>::KIND;

            fn from_row(row: &$crate::record::Row) -> Self {
                let mut values = row.values.iter();
                $name {
                    id: $id(row.id),
                    version: row.version,
                    $( $field: {
                        let value = values.next().expect("a row holds a value for each field of its kind");
                        $crate::record::FieldType::from_value(value)
                            .unwrap_or_else(|| panic!("{} holds {value:?}, which its description rules out", stringify!($field)))
                    }, )*
                }
            }

            fn to_row(&self) -> $crate::record::Row {
                $crate::record::Row {
                    id: self.id.0,
                    version: self.version,
                    values: vec![ $( $crate::record::FieldType::to_value(&self.$field) ),* ],
                }
            }
        }
    };
}

/// Declares an enum whose variants are the choices of a field: key in the data, label on the page, after `=>` other
/// words by which files say it.
#[macro_export]
macro_rules! choices {
    (
        $(#[$meta:meta])*
        pub $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $key:literal, $label:literal $(, $tone:ident)? $(=> [$($also:literal),+ $(,)?])?; )* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )* }

        impl $name {
            pub const ALL: &'static [$name] = &[ $( $name::$variant ),* ];
            /// The choices as a form offers them.
            pub const CHOICES: &'static [$crate::record::Choice] = &[ $(
                $crate::record::Choice::new($key, $label) $( .toned($crate::record::Tone::$tone) )? $( .also(&[$($also),+]) )?
            ),* ];

            /// As it stands in the data.
            pub const fn key(self) -> &'static str {
                match self { $( $name::$variant => $key ),* }
            }

            /// As a page says it.
            pub const fn label(self) -> &'static str {
                match self { $( $name::$variant => $label ),* }
            }

            /// How its mark looks.
            pub const fn tone(self) -> $crate::record::Tone {
                $name::CHOICES[self as usize].tone
            }

            /// The variant of this key; `None` for a key that is not one of them.
            pub fn from_key(key: &str) -> Option<$name> {
                match key { $( $key => Some($name::$variant), )* _ => None }
            }
        }

        impl $crate::record::FieldType for $name {
            fn from_value(value: &$crate::record::Value) -> Option<Self> {
                $name::from_key(value.text())
            }
            fn to_value(&self) -> $crate::record::Value {
                $crate::record::Value::Text(self.key().to_owned())
            }
        }
    };
}
