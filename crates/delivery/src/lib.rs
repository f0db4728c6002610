//! Competencies 13 to 15: delivered, improved, and seen to be so.

pub mod board_pack;
pub mod processes;
pub mod projects;
