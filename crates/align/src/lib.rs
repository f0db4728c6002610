//! Competencies 1 to 3: stakeholders share a vision, agree on outcomes and clear the obstacles.

pub mod envisioning;
pub mod expectations;
pub mod urgency;
