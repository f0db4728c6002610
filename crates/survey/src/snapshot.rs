//! What a closed campaign is: a copy of everything that its results are computed from, which nothing can alter.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kit::{error::Result, method::Side, people::PersonId, web::Scope};
use serde::{Deserialize, Serialize};

use crate::{campaign::Campaign, instrument::Instrument};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The version of this form.
    pub form: u32,
    pub instrument: Instrument,
    pub anonymous: bool,
    /// The fewest people of whom figures are shown.
    pub threshold: usize,
    /// The fewest people who answered for comments to be shown.
    pub comment_threshold: usize,
    pub closed_on: Date,
    /// How many were asked; 0 where nobody knows, as for answers brought in from elsewhere.
    pub asked: usize,
    /// In no order that says anything.
    pub respondents: Vec<Respondent>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Respondent {
    #[serde(with = "side")]
    pub side: Side,
    pub unit: Option<String>,
    pub role: Option<String>,
    /// In campaigns under names only.
    pub name: Option<String>,
    /// Whose record it is, in campaigns under names only; nothing where there was none, and in snapshots made before it
    /// was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    pub influence: Option<i64>,
    pub answers: BTreeMap<String, Answer>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Value(f64),
    Text(String),
    CannotJudge,
}

mod side {
    use kit::method::Side;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(side: &Side, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(side.key())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Side, D::Error> {
        let key = String::deserialize(from)?;
        Side::from_key(&key).ok_or_else(|| D::Error::custom("no such side"))
    }
}

/// The present form.
pub const FORM: u32 = 1;

impl Snapshot {
    /// From how many people on figures are shown: from one to those who may see who answered what, where people
    /// answered under their names.
    pub fn shown_from(&self, sees_names: bool) -> usize {
        if self.anonymous || !sees_names { self.threshold } else { 1 }
    }

    /// The numbers that some respondents gave to some items, a row each.
    pub fn matrix(&self, items: &[&str], of: impl Fn(&Respondent) -> bool) -> Vec<Vec<Option<f64>>> {
        let value = |of: &Respondent, item: &str| match of.answers.get(item) {
            Some(Answer::Value(it)) => Some(*it),
            _ => None,
        };
        self.respondents
            .iter()
            .filter(|it| of(it))
            .map(|it| items.iter().map(|item| value(it, item)).collect())
            .collect()
    }
}

/// The snapshot of a campaign. Refuses one that is not closed: nothing is shown while answers come in.
pub async fn of(scope: &Scope, campaign: &Campaign) -> Result<Snapshot> {
    let text = crate::store::snapshot(scope.db(), scope.id(), campaign.id).await?;
    let text = text.ok_or_else(|| {
        kit::Error::refused(
            "Results are shown once the campaign is closed. Until then its page shows who has answered.",
        )
    })?;
    serde_json::from_str(&text).map_err(kit::Error::internal)
}
