//! The vision: its versions side by side, who signed which, and which one is current.

pub mod pages;
pub mod rules;
