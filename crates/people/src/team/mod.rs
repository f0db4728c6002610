//! The skills that the work needs and the people who have them.

use kit::area::Area;

/// The area of this competency.
pub struct Team;

impl Area for Team {}
