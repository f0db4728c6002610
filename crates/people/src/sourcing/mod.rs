//! Which work is done inside and which by others, under which contracts.

pub mod model;

use kit::{
    area::{Area, Entry},
    method::Competency,
    record::Kind,
};

pub use self::model::Activity;

/// The area of this competency.
pub struct Sourcing;

impl Area for Sourcing {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Activity::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Activities", "/activities").of(Competency::StrategicSourcing)] }
    }
}
