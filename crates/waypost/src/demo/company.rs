//! What organisation.toml says of the company.

use jiff::civil::Date;
use kit::org::{OrgId, Organisation};
use serde::Deserialize;

use super::files::COMPANY;
use crate::serve::Failure;

/// What organisation.toml says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The day as seen from which all others are written.
    pub base: Date,
    pub organisation: Settings,
    pub accounts: Vec<Member>,
    pub imports: Vec<Brought>,
    pub surveys: Vec<Survey>,
    pub rankings: Vec<Round>,
    pub signatures: Vec<Signed>,
    pub votings: Vec<Voting>,
    pub who_answers: Vec<WhoAnswers>,
    pub threads: Vec<Thread>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub name: String,
    pub locale: String,
    pub currency: String,
    pub time_zone: String,
    pub year_starts: String,
    pub budget_due: String,
    pub results_days: i64,
    pub decisions_days: i64,
}

impl Settings {
    /// The company as a new organisation.
    pub fn organisation(self) -> Organisation {
        Organisation {
            id: OrgId::fresh(),
            name: self.name,
            locale: self.locale,
            currency: self.currency,
            time_zone: self.time_zone,
            year_starts: self.year_starts,
            budget_due: self.budget_due,
            results_days: self.results_days,
            decisions_days: self.decisions_days,
            version: 1,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    pub email: String,
    pub role: String,
}

/// A file that the IT leader brought in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brought {
    pub file: String,
    pub kind: String,
    pub on: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    pub title: String,
    pub instrument: String,
    pub answers: String,
    /// A file of the addresses that were asked.
    pub audience: Option<String>,
    pub opens: Date,
    pub closes: Date,
    pub closed: bool,
    pub threshold: i64,
    pub anonymous: bool,
    pub message: String,
}

/// A round in which people ranked outcomes by a few at a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    pub title: String,
    pub opens: Date,
    pub closes: Date,
    pub outcomes: Vec<String>,
    pub votes: Vec<Vote>,
}

/// The places of the outcomes, from 1, in the order in which somebody has them; nothing of who did not answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    pub person: String,
    pub order: Option<Vec<usize>>,
}

/// What somebody said when asked to sign a record, which is named by its kind and its title.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub of: (String, String),
    pub person: String,
    pub verdict: String,
    pub note: Option<String>,
    pub on: Date,
}

/// The dots that a workshop's phrases got, a line for each phone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voting {
    pub workshop: String,
    pub on: Date,
    pub phrases: Vec<String>,
    pub dots: Vec<Vec<i64>>,
}

/// A round in which people said who they believe answers for what, over by now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoAnswers {
    pub title: String,
    /// A file of addresses and, for each row of the matrix, the role that was named, with bars between.
    pub answers: String,
    pub opens: Date,
    pub closes: Date,
    pub anonymous: bool,
}

/// One record led to another; each is named by its kind and its title.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    pub from: (String, String),
    pub relation: String,
    pub to: (String, String),
}

pub fn read(text: &str) -> Result<Company, Failure> {
    toml::from_str(text).map_err(|err| format!("demo/{COMPANY}: {err}").into())
}
