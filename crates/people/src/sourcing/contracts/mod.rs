//! Suppliers and their contracts: what they cost, how they end, by when somebody must decide, and how well they do.

pub mod alerts;
pub mod model;
pub mod pages;
pub mod rules;
pub mod store;
