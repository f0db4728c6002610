//! Competencies 7 to 9: the same words and the same numbers.

pub mod services;
