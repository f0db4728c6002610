//! Competencies 10 to 12: context, choices, and a budget that follows from both.

pub mod budget;
