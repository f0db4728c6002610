//! What stands in the way, and who clears it.

use kit::area::Area;

/// The area of this competency.
pub struct Urgency;

impl Area for Urgency {}
