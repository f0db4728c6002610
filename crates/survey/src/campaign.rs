//! A campaign: an instrument put to an audience for a while. Draft, then open, then closed; never back.

use std::sync::Arc;

use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};
use kit::{choices, method::Side, org::Organisation, people::Person, rights::Right, web::Scope};
use serde::Deserialize;

use crate::instrument::Instrument;

db::id! {
    /// Identifies a campaign for life.
    CampaignId
}

/// What the thread and the audit trail call a campaign.
pub const CAMPAIGN: &str = "campaign";

choices! {
    pub State {
        Draft = "draft", "Draft";
        Open = "open", "Open", Warn;
        Closed = "closed", "Closed", Good;
    }
}

/// The fewest people of whom figures are shown, unless the campaign says more: for cuts of an organisation five is
/// usual in survey tools, three is the least that is defended anywhere (docs/anonymity.md).
pub const THRESHOLD: i64 = 5;
pub const LEAST_THRESHOLD: i64 = 3;

#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    pub id: CampaignId,
    pub version: i64,
    pub title: String,
    pub instrument: Arc<Instrument>,
    pub purpose: String,
    pub state: State,
    pub anonymous: bool,
    pub threshold: i64,
    pub comment_threshold: i64,
    pub opens: Date,
    /// The last day on which answers are taken.
    pub closes: Date,
    pub message: Option<String>,
    /// Whether those who have not answered are reminded by e-mail, once, before the last day.
    pub reminds: bool,
    pub launched_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

impl Campaign {
    /// Whether whoever asks may know of it: of a draft only those who make surveys.
    pub fn is_shown_to(&self, scope: &Scope) -> bool {
        self.state != State::Draft || scope.may(Right::ManageSurveys)
    }

    /// Why no answer is taken on a day; nothing when it is.
    pub fn refuses(&self, today: Date) -> Option<Refusal> {
        match self.state {
            State::Draft => Some(Refusal::NotYet),
            State::Closed => Some(Refusal::Closed),
            State::Open if today < self.opens => Some(Refusal::NotYet),
            State::Open if today > self.closes => Some(Refusal::Over),
            State::Open => None,
        }
    }

    pub fn languages(&self) -> Vec<&str> {
        self.instrument.title.0.keys().map(|it| &**it).collect()
    }

    /// The language in which somebody is asked: the one they chose, else their organisation's, else English.
    pub fn language_of(&self, invitee: &Invitee, org: &Organisation) -> String {
        kit::asking::rules::language(invitee.language.as_deref(), &org.locale, &self.languages()).to_owned()
    }
}

/// Why a campaign takes no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotYet,
    Over,
    Closed,
}

/// Someone who is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitee {
    pub id: Uuid,
    pub person: Option<Uuid>,
    pub name: String,
    pub email: Option<String>,
    pub side: Side,
    pub unit: Option<String>,
    pub role: Option<String>,
    pub influence: Option<i64>,
    pub token: String,
    pub language: Option<String>,
    /// The draft; cut when an anonymous response is handed in.
    pub response: Option<Uuid>,
    /// What is kept of the cookie of the browser in which an anonymous draft was begun.
    pub draft_key: Option<String>,
    pub answered: bool,
}

/// Who is to be asked, by what the organisation knows of its people.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Audience {
    pub sides: Vec<String>,
    pub units: Vec<Uuid>,
    pub people: Vec<Uuid>,
    /// Only those with an influence.
    pub leaders: bool,
}

impl Audience {
    /// The people who are meant, on a day: named ones, and all others whom every filter lets through. Nobody where
    /// nothing is chosen.
    pub fn select<'a>(&self, people: &'a [Person], today: Date) -> Vec<&'a Person> {
        let chosen = |it: &&Person| {
            let by_side = self.sides.iter().any(|side| *side == it.side.key());
            let by_unit = it.unit.is_some_and(|unit| self.units.contains(&unit.0));
            let filtered = (!self.sides.is_empty() || !self.units.is_empty())
                && (self.sides.is_empty() || by_side)
                && (self.units.is_empty() || by_unit);
            let wanted = (filtered && (!self.leaders || it.influence.is_some()))
                || (self.leaders && self.sides.is_empty() && self.units.is_empty() && it.influence.is_some())
                || self.people.contains(&it.id.0);
            wanted && it.is_here(today)
        };
        people.iter().filter(chosen).collect()
    }
}

/// What those whose influence is known are called where results are compared.
pub const LEADERS: &str = "Leaders";

/// The role by which results may be compared: leaders are those whose influence is known.
pub fn role_of(person: &Person) -> &'static str {
    if person.influence.is_some() { LEADERS } else { "Staff" }
}
