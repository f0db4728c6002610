//! Placing activities on two axes: each person on their own, then together.

pub mod pages;
pub mod rules;
