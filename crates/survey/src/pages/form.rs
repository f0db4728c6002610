//! The form of a campaign: what is asked, of whom it is told, from when to when.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use db::Tx;
use jiff::{ToSpan, civil::Date};
use kit::{
    audit::{self, Author, Changes},
    error::{Error, Result},
    record::Faults,
    web::{Place, Scope, see},
};
use serde::Deserialize;

use crate::{
    answers,
    campaign::{CAMPAIGN, Campaign, CampaignId, LEAST_THRESHOLD, State, THRESHOLD},
    instrument::Instrument,
    instruments, store,
};

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, key: &str) -> &'a str {
    fields.iter().find(|it| it.0 == key).map_or("", |it| it.1.trim())
}

#[derive(Template)]
#[template(path = "pages/form.html")]
struct Edit {
    of: Option<Campaign>,
    instruments: Vec<Instrument>,
    given: BTreeMap<String, String>,
    faults: Faults,
}

impl Edit {
    fn given(&self, key: &str) -> &str {
        self.given.get(key).map_or("", |it| it)
    }

    fn action(&self) -> String {
        self.of.as_ref().map_or("/surveys".to_owned(), |it| format!("/surveys/{}", it.id))
    }

    fn is_open(&self) -> bool {
        self.of.as_ref().is_some_and(|it| it.state == State::Open)
    }

    async fn send(self, scope: &Scope) -> Result<Response> {
        let status = if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let title = self.of.as_ref().map_or("New survey".to_owned(), |it| format!("Edit {}", it.title));
        scope.page_with(status, Place::new(title, "/surveys").under("Surveys", "/surveys"), &self).await
    }
}

/// What a link to the form of a new survey has begun to fill in.
#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Begun {
    instrument: String,
    anonymous: String,
}

impl Default for Begun {
    fn default() -> Begun {
        Begun { instrument: "gap-short".to_owned(), anonymous: "yes".to_owned() }
    }
}

pub(super) async fn new(scope: Scope, Query(begun): Query<Begun>) -> Result<Response> {
    let today = scope.today();
    let given = [
        ("instrument", begun.instrument),
        ("title", format!("{} {}", season(today), today.year())),
        ("anonymous", begun.anonymous),
        ("threshold", THRESHOLD.to_string()),
        ("opens", today.to_string()),
        ("closes", (today + 18.days()).to_string()),
        ("reminds", if scope.app.mail.is_some() { "yes" } else { "no" }.to_owned()),
    ];
    let given = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Edit { of: None, instruments: instruments::all(&scope).await?, given, faults: Faults::default() }.send(&scope).await
}

/// What people call this time of the year, north of the equator.
fn season(day: Date) -> &'static str {
    match day.month() {
        3..=5 => "Spring",
        6..=8 => "Summer",
        9..=11 => "Autumn",
        _ => "Winter",
    }
}

pub(super) async fn edit(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let it = store::campaign(scope.db(), scope.id(), id).await?;
    let given = [
        ("version", it.version.to_string()),
        ("instrument", it.instrument.key.clone()),
        ("title", it.title.clone()),
        ("anonymous", if it.anonymous { "yes" } else { "no" }.to_owned()),
        ("threshold", it.threshold.to_string()),
        ("opens", it.opens.to_string()),
        ("closes", it.closes.to_string()),
        ("message", it.message.clone().unwrap_or_default()),
        ("reminds", if it.reminds { "yes" } else { "no" }.to_owned()),
    ];
    let given = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Edit { of: Some(it), instruments: instruments::all(&scope).await?, given, faults: Faults::default() }
        .send(&scope)
        .await
}

/// Reads the form of a campaign over what it is now.
fn read(
    fields: &Fields,
    now: &Campaign,
    instruments: &[Instrument],
    today: Date,
) -> std::result::Result<Campaign, Faults> {
    let mut faults = Faults::default();
    let mut it = now.clone();
    let day = |key: &str, faults: &mut Faults| {
        kit::record::day(field(fields, key)).unwrap_or_else(|fault| {
            faults.add(key, fault);
            today
        })
    };
    it.closes = day("closes", &mut faults);
    it.message = Some(field(fields, "message").to_owned()).filter(|it| !it.is_empty());
    it.reminds = field(fields, "reminds") == "yes";
    if now.state == State::Draft {
        it.title = field(fields, "title").to_owned();
        if it.title.is_empty() {
            faults.add("title", "A title is needed; respondents see it.");
        }
        match instruments.iter().find(|it| it.key == field(fields, "instrument")) {
            Some(chosen) => {
                it.purpose = chosen.purpose.clone();
                it.instrument = Arc::new(chosen.clone());
            }
            None => faults.add("instrument", "Choose what is asked."),
        }
        it.anonymous = field(fields, "anonymous") != "no";
        it.threshold = field(fields, "threshold").parse().unwrap_or(0);
        if !(LEAST_THRESHOLD..=50).contains(&it.threshold) {
            faults.add("threshold", format!("Write a whole number from {LEAST_THRESHOLD} to 50."));
        }
        it.comment_threshold = it.threshold.max(THRESHOLD);
        it.opens = day("opens", &mut faults);
    }
    if it.closes < it.opens {
        faults.add("closes", "The last day is before the first. Correct one of the two.");
    } else if it.closes < today && now.state == State::Open {
        faults.add("closes", "The last day has passed. Close the survey instead.");
    }
    faults.into_result(it)
}

/// A draft that asks nobody yet.
pub fn blank(scope: &Scope, instrument: Instrument) -> Campaign {
    Campaign {
        id: CampaignId::fresh(),
        version: 1,
        title: String::new(),
        purpose: instrument.purpose.clone(),
        instrument: Arc::new(instrument),
        state: State::Draft,
        anonymous: true,
        threshold: THRESHOLD,
        comment_threshold: THRESHOLD,
        opens: scope.today(),
        closes: scope.today(),
        message: None,
        reminds: false,
        launched_at: None,
        closed_at: None,
    }
}

/// What the audit trail says of a campaign's settings that changed.
pub fn difference(before: Option<&Campaign>, after: &Campaign) -> Changes {
    let said = |it: &Campaign| {
        [
            ("title", it.title.clone()),
            ("instrument", it.instrument.key.clone()),
            ("anonymous", it.anonymous.to_string()),
            ("threshold", it.threshold.to_string()),
            ("opens", it.opens.to_string()),
            ("closes", it.closes.to_string()),
            ("message", it.message.clone().unwrap_or_default()),
            ("reminds", it.reminds.to_string()),
            ("state", it.state.key().to_owned()),
        ]
    };
    let before = before.map(said);
    let of = |at: usize, now: &str| match &before {
        Some(it) if it[at].1 == now => None,
        Some(it) => Some(serde_json::Value::from(it[at].1.clone())),
        None => Some(serde_json::Value::Null),
    };
    said(after)
        .into_iter()
        .enumerate()
        .filter_map(|(at, (key, now))| Some((key.to_owned(), [of(at, &now)?, now.into()])))
        .collect()
}

pub(super) async fn create(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let all = instruments::all(&scope).await?;
    let campaign = match read(&fields, &blank(&scope, all[0].clone()), &all, scope.today()) {
        Ok(it) => it,
        Err(faults) => {
            return Edit { of: None, instruments: all, given: fields.into_iter().collect(), faults }.send(&scope).await;
        }
    };
    let mut tx = scope.db().begin().await?;
    add(&mut tx, &scope.author(), &campaign).await?;
    tx.commit().await?;
    Ok(see(&format!("/surveys/{}", campaign.id), "Now choose who is asked."))
}

/// Writes a new campaign and its audit entry.
pub async fn add(tx: &mut Tx, author: &Author, campaign: &Campaign) -> Result<()> {
    store::insert_campaign(tx, author.org, campaign).await?;
    let changes = difference(None, campaign);
    audit::add(tx, author, "created", CAMPAIGN, campaign.id.0, &campaign.title, &changes, campaign.version).await
}

pub(super) async fn change(scope: Scope, Path(id): Path<CampaignId>, Form(fields): Form<Fields>) -> Result<Response> {
    let before = store::campaign(scope.db(), scope.id(), id).await?;
    if before.state == State::Closed {
        return Err(Error::refused("A closed survey cannot be changed: its results rest on what it was."));
    }
    let all = instruments::all(&scope).await?;
    let after = match read(&fields, &before, &all, scope.today()) {
        Ok(it) => it,
        Err(faults) => {
            return Edit { of: Some(before), instruments: all, given: fields.into_iter().collect(), faults }
                .send(&scope)
                .await;
        }
    };
    let mut tx = scope.db().begin().await?;
    // No import brings anything in between the look and the write.
    answers::store::hold(&mut tx, scope.id(), id).await?;
    let brought = answers::store::many(&mut tx, scope.id(), id).await? > 0;
    // A newer edition is for surveys that nobody has answered.
    let same = brought && after.instrument.key == before.instrument.key;
    let after = if same { Campaign { instrument: before.instrument.clone(), ..after } } else { after };
    let asks_else = after.instrument != before.instrument || after.anonymous != before.anonymous;
    if asks_else && brought {
        drop(tx);
        let mut faults = Faults::default();
        let fault = "Answers were brought into this survey, so what is asked and whether it is anonymous stay as they \
                     are. Undo that import first.";
        faults.add(if after.instrument == before.instrument { "anonymous" } else { "instrument" }, fault);
        return Edit { of: Some(before), instruments: all, given: fields.into_iter().collect(), faults }
            .send(&scope)
            .await;
    }
    let seen = Campaign { version: field(&fields, "version").parse().unwrap_or(0), ..after };
    if !store::update_campaign(&mut tx, scope.id(), &seen).await? {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("", "Someone else changed this survey meanwhile. Your text is still here; compare it with the survey's page and save again.");
        let mut given: BTreeMap<String, String> = fields.into_iter().collect();
        given.insert("version".to_owned(), before.version.to_string());
        return Edit { of: Some(before), instruments: all, given, faults }.send(&scope).await;
    }
    let changes = difference(Some(&before), &seen);
    audit::add(&mut tx, &scope.author(), "changed", CAMPAIGN, id.0, &seen.title, &changes, seen.version + 1).await?;
    tx.commit().await?;
    Ok(see(&format!("/surveys/{id}"), "Saved."))
}
