//! The workshop: candidate phrases for the vision, and dots put on them by everyone in the room on their own phone.

pub mod pages;
pub mod room;
pub mod rules;
pub mod store;
