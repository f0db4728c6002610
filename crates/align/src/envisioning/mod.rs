//! What technology can do for the organisation, believed in by those who decide.

use kit::area::Area;

/// The area of this competency.
pub struct Envisioning;

impl Area for Envisioning {}
