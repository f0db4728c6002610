//! What a closed campaign says, whatever its instrument: figures by group, comments, files.

pub mod kept;
pub mod pages;
pub mod rules;
pub mod tally;
