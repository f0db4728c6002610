//! Choosing a provider: criteria with their weights, candidates, the scores of several people, and how little it would
//! take for another one to win.

pub mod model;
pub mod pages;
pub mod rules;
