//! What leaders believe IT could do here, value proposition by value proposition: how far they stand apart, and who
//! among those with influence believes little.

pub mod pages;
pub mod rules;
