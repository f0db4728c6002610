//! The gap analyser: how business and IT see the fifteen competencies and the four value propositions.

pub mod pages;
pub mod rules;
