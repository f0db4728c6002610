//! Competencies 4 to 6: the right work in the right hands.

pub mod leadership;
pub mod sourcing;
pub mod team;
