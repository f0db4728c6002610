//! What is expected of IT, as outcomes that can be measured and are agreed.

pub mod model;

use kit::{
    area::{Area, Entry},
    method::Competency,
    record::Kind,
};

pub use self::model::Outcome;

/// The area of this competency.
pub struct Expectations;

impl Area for Expectations {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Outcome::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Outcomes", "/outcomes").of(Competency::SettingExpectations)] }
    }
}
