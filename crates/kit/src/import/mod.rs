//! Import: what people bring in files becomes records, after a dry run that says what will happen.
//!
//! [`sheet`] reads a file into a grid of text with everything about it detected and every doubt said. It knows nothing
//! of records and does no I/O.

pub mod sheet;
