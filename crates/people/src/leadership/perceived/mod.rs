//! The matrix as people perceive it: a short round asks each of them who they believe answers for each row, and the
//! answers are held against what was agreed.

pub mod pages;
pub mod respond;
pub mod rules;
pub mod store;

use db::uuid::Uuid;
use jiff::civil::Date;
use kit::method::Side;

use self::rules::Asked;

db::id! {
    /// Identifies one round for life.
    RoundId
}

/// The key of a round in the audit trail.
pub const ROUND: &str = "perception";

/// A round: what is asked, of whom, until when, and whether under names.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub id: RoundId,
    pub title: String,
    /// Said to everyone before they answer; it does not change afterwards.
    pub anonymous: bool,
    pub closed: bool,
    pub begun: Date,
    /// The last day on which answers are taken.
    pub closes: Date,
    pub asked: Asked,
}

impl Round {
    pub fn is_open(&self, day: Date) -> bool {
        !self.closed && day <= self.closes
    }
}

/// Somebody who is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Perceiver {
    pub id: Uuid,
    pub person: Option<Uuid>,
    pub name: String,
    pub side: Side,
    pub token: String,
    /// The language in which they want to be asked.
    pub language: Option<String>,
    pub answered: bool,
}
