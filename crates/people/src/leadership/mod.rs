//! Who answers for what, may decide what, and has the time for it.

use kit::area::Area;

/// The area of this competency.
pub struct Leadership;

impl Area for Leadership {}
