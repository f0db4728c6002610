//! The calculations of Waypost, and nothing else.
//!
//! Everything that a function needs is an argument: the answers, the day, the seed. Nothing here reads a file, waits,
//! looks at a clock or draws a number that the caller could not draw again. Calculations do not fail on doubtful data:
//! they answer what can be answered, with `None` where there is no honest figure, and list what is doubtful as
//! [`Finding`]s. `docs/calculations` explains each method with its formula, its source and a worked example.

pub mod adjust;
pub mod agreement;
pub mod ahp;
pub mod compare;
pub mod describe;
pub mod disclosure;
mod draws;
mod finding;
pub mod fiscal;
pub mod gap;
pub mod maxdiff;
pub mod money;
pub mod notice;
pub mod weighted;
pub mod words;
pub mod wsjf;

pub use crate::finding::Finding;
