//! The preparation sheet: what a leader answered, how that stands against others, and what may be said.

pub mod pages;
pub mod rules;
