//! How far raters agree.
//!
//! Two questions are easily taken for one. *Agreement within a group* ([`r_wg`], [`average_deviation`]) asks whether
//! people give the same answer to one question. *Reliability* ([`krippendorff`], [`icc`], [`cronbach`]) asks whether
//! the answers tell the things rated apart; it is low where all things are rated alike, however much people agree.

pub mod cronbach;
pub mod icc;
pub mod krippendorff;
mod ratings;
mod report;
mod within;

pub use self::{
    krippendorff::Level,
    ratings::Ratings,
    report::{Report, report, report_of_labels},
    within::{average_deviation, average_deviation_j, r_wg, r_wg_by_chance, r_wg_j, r_wg_j_lindell},
};
