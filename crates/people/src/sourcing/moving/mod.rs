//! What changes if an activity moves: what it costs inside and with a provider over five years, what the move costs,
//! and which services, skills, accountabilities and contracts it touches.

pub mod model;
pub mod pages;
pub mod rules;
