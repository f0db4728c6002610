//! What is expected of IT, as outcomes that can be measured and are agreed.

use kit::area::Area;

/// The area of this competency.
pub struct Expectations;

impl Area for Expectations {}
