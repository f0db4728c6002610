//! Rounds in which people rank outcomes, each by a link of their own: what matters most, and where they disagree.

pub mod pages;
pub mod round;
pub mod rules;
pub mod store;
pub mod vote;

use std::collections::BTreeMap;

use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{choices, method::Side};
use serde::{Deserialize, Serialize};

db::id! {
    /// Identifies a round of ranking for life.
    RankingId
}

/// What the thread and the audit trail call a round.
pub const RANKING: &str = "ranking";

choices! {
    /// How outcomes are ranked.
    pub Method {
        MaxDiff = "maxdiff", "Most and least of a few at a time";
        Points = "points", "A hundred points to hand out";
    }
}

/// What is ranked, as it was written on the day on which the round was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub outcome: Uuid,
    pub statement: String,
}

/// What is put to everyone: the items, and which of them are shown together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    pub items: Vec<Item>,
    /// Empty where points are handed out.
    pub sets: Vec<Vec<usize>>,
}

/// What one person said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// By set: the item that matters most and the one that matters least.
    pub picks: BTreeMap<usize, (usize, usize)>,
    /// By item; empty until they are handed out.
    pub points: Vec<u32>,
}

/// Someone who is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Voter {
    pub id: Uuid,
    pub person: Option<Uuid>,
    pub name: String,
    pub side: Side,
    pub token: String,
    /// The language in which they want to be asked.
    pub language: Option<String>,
    pub answers: Answers,
    /// When the last of their answers was given; nothing before.
    pub done_on: Option<Date>,
}

/// A round of ranking: open, then closed; never back.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    pub id: RankingId,
    pub title: String,
    pub method: Method,
    pub design: Design,
    pub opened_on: Date,
    /// The last day on which answers are taken.
    pub closes: Date,
    pub closed_on: Option<Date>,
    /// What came of it, from the day on which it was closed.
    pub result: Option<Ranked>,
}

impl Ranking {
    pub fn is_open(&self) -> bool {
        self.closed_on.is_none()
    }

    /// Whether answers are taken on a day.
    pub fn takes_answers(&self, on: Date) -> bool {
        self.is_open() && on <= self.closes
    }

    /// How many screens there are to answer.
    pub fn screens(&self) -> usize {
        self.design.sets.len().max(1)
    }
}

/// What came of a round: a dated statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// How many were asked.
    pub asked: usize,
    /// Who answered, in the order of their names: name and key of the side.
    pub voters: Vec<(String, String)>,
    /// The first matters most.
    pub lines: Vec<Line>,
}

/// One outcome in the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub outcome: Uuid,
    pub statement: String,
    /// Its share of what matters; in sum 1.
    pub share: f64,
    /// The mean score: −1 to 1 from most and least, 0 to 100 from points.
    pub mean: f64,
    /// The score by each who answered, in the order of `voters`.
    pub each: Vec<f64>,
    /// How far the single scores lie from their mean, as the root of the mean square; nothing of one person.
    pub disagreement: Option<f64>,
    pub business: Option<f64>,
    pub it: Option<f64>,
}
