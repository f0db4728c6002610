//! Who answers for what, may decide what, and has the time for it.

pub mod model;

use kit::{
    area::{Area, Entry},
    method::Competency,
    record::Kind,
};

pub use self::model::Role;

/// The area of this competency.
pub struct Leadership;

impl Area for Leadership {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Role::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Roles", "/roles").of(Competency::LeadershipStructure)] }
    }
}
