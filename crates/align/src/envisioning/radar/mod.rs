//! The technology radar: where each technology stands, and whether it has moved since the last review.

pub mod pages;
pub mod rules;
