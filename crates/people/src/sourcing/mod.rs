//! Which work is done inside and which by others, under which contracts.

use kit::area::Area;

/// The area of this competency.
pub struct Sourcing;

impl Area for Sourcing {}
