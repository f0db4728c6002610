//! Who is asked: chosen by side, unit and name, or by a list of e-mail addresses. People may be added until the last day, because that tells nothing; they
//! are taken off while the campaign is a draft only.

pub mod rules;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use kit::{
    account::Secret,
    asking::rules::Occasion,
    error::{Error, Result},
    format::order_of,
    import::sheet::{self, Choices, Code, Header, Sheet},
    method::Side,
    people::{Person, Unit},
    rights::Right,
    store as records,
    web::{Access, Place, Routes, Scope, Sent, see},
};

use crate::{
    answers,
    audience::rules::{Given, Matched, header_is_data, matched},
    campaign::{Audience, Campaign, CampaignId, Invitee, State, role_of},
    mailing,
    pages::draft,
    store,
};

pub fn routes(routes: Routes) -> Routes {
    let manage = Access::With(Right::ManageSurveys);
    routes
        .get("/surveys/{id}/audience", manage, page)
        .post("/surveys/{id}/audience", manage, add)
        .post("/surveys/{id}/audience/list", manage, add_list)
        .post("/surveys/{id}/audience/{invitee}/delete", manage, take_off)
}

/// The forms by which people are chosen, and the list of those who are.
#[derive(Template)]
#[template(path = "audience/choice.html")]
pub struct Choice {
    campaign: Campaign,
    invitees: Vec<Invitee>,
    units: Vec<Unit>,
    people: Vec<Person>,
    /// Why a list was not taken, and the text that was pasted.
    fault: String,
    pasted: String,
}

impl Choice {
    pub async fn of(scope: &Scope, campaign: Campaign, invitees: Vec<Invitee>) -> Result<Choice> {
        let mut units = records::all::<Unit>(scope.db(), scope.id()).await?;
        units.sort_by_key(|it| order_of(&it.name));
        let mut people = records::all::<Person>(scope.db(), scope.id()).await?;
        people.sort_by_key(|it| order_of(&it.name));
        Ok(Choice { campaign, invitees, units, people, fault: String::new(), pasted: String::new() })
    }
}

#[derive(Template)]
#[template(path = "audience/page.html")]
struct Page {
    choice: Choice,
    mails: bool,
}

/// Where more people are chosen once the campaign is open.
async fn page(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = growing(&scope, id).await?;
    show(&scope, campaign, String::new(), String::new()).await
}

async fn show(scope: &Scope, campaign: Campaign, fault: String, pasted: String) -> Result<Response> {
    let status = if fault.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let place = under(&campaign, "Ask more people");
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let choice = Choice { fault, pasted, ..Choice::of(scope, campaign, invitees).await? };
    scope.page_with(status, place, &Page { choice, mails: scope.app.mail.is_some() }).await
}

fn under(campaign: &Campaign, title: &str) -> Place {
    Place::new(title, "/surveys")
        .under("Surveys", "/surveys")
        .under(campaign.title.clone(), format!("/surveys/{}", campaign.id))
}

/// The page on which the audience of a campaign is chosen.
fn page_of(campaign: &Campaign) -> String {
    match campaign.state {
        State::Draft => format!("/surveys/{}", campaign.id),
        _ => format!("/surveys/{}/audience", campaign.id),
    }
}

/// A campaign of this organisation to whose audience people may still be added.
async fn growing(scope: &Scope, id: CampaignId) -> Result<Campaign> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    if campaign.state == State::Closed || campaign.closes < scope.today() {
        return Err(Error::refused("The last day of this survey has passed, so nobody can be added to it."));
    }
    Ok(campaign)
}

async fn add(scope: Scope, Path(id): Path<CampaignId>, Form(fields): Form<Vec<(String, String)>>) -> Result<Response> {
    let campaign = growing(&scope, id).await?;
    let ids = |key: &str| fields.iter().filter(|it| it.0 == key).filter_map(|it| it.1.parse::<Uuid>().ok()).collect();
    let audience = Audience {
        sides: fields.iter().filter(|it| it.0 == "side").map(|it| it.1.clone()).collect(),
        units: ids("unit"),
        people: ids("person"),
        leaders: fields.iter().any(|it| it.0 == "leaders"),
    };
    let people: Vec<Person> = records::all(scope.db(), scope.id()).await?;
    let chosen = audience.select(&people, scope.today());
    let added = invite(&scope, &campaign, &chosen).await?;
    let message = match (chosen.len(), added.len()) {
        (0, _) if audience.leaders && people.iter().all(|it| it.influence.is_none()) => {
            "Nobody has an influence yet, so nobody counts as a leader: give leaders an influence from 1 to 5 under \
             People, or choose them by name."
                .to_owned()
        }
        (0, _) => "Nobody fits this choice.".to_owned(),
        (_, 0) => "Everyone of this choice was on the list already.".to_owned(),
        (_, 1) => "One person was added.".to_owned(),
        (_, n) => format!("{n} people were added."),
    };
    Ok(see(&page_of(&campaign), &message))
}

/// What became of a list of addresses: nothing of it is lost.
#[derive(Template)]
#[template(path = "audience/read.html")]
struct Outcome {
    campaign: Campaign,
    back: String,
    heading: String,
    /// What was read: the list, or which column of which file.
    source: String,
    added: Vec<String>,
    there: Vec<String>,
    away: Vec<String>,
    nobody: Vec<(String, Vec<u32>)>,
    without: Vec<String>,
    notes: Vec<String>,
}

impl Outcome {
    fn rows(&self, rows: &[u32]) -> String {
        let numbers: Vec<String> = rows.iter().map(u32::to_string).collect();
        format!("{} {}", if rows.len() == 1 { "row" } else { "rows" }, numbers.join(", "))
    }
}

/// Adds the people of a pasted list or a file, found by their e-mail addresses.
async fn add_list(scope: Scope, Path(id): Path<CampaignId>, sent: Result<Sent>) -> Result<Response> {
    let campaign = growing(&scope, id).await?;
    let sent = sent?;
    let pasted = sent.get("list").to_owned();
    let (source, given, notes) = match (&sent.file, pasted.trim().is_empty()) {
        (Some(_), false) => {
            let fault = "Give either a list or a file: it would not be clear which row is meant.";
            return show(&scope, campaign, fault.to_owned(), pasted).await;
        }
        (None, _) => ("The list".to_owned(), Given::pasted(&pasted), Vec::new()),
        (Some((name, bytes)), true) => {
            let sheet = match read(&scope, name, bytes) {
                Ok(sheet) => sheet,
                Err(fault) => return show(&scope, campaign, fault, pasted).await,
            };
            let notes = sheet.findings.iter().filter(|it| LOSING.contains(&it.code)).map(|it| it.message.clone());
            let (column, given) = Given::in_sheet(&sheet).unwrap_or_default();
            (format!("“{name}”, column “{column}”"), given, notes.collect())
        }
    };
    if given.addresses.is_empty() {
        let fault = "No e-mail address was found. A list has one in each line; a file has a column of them.";
        return show(&scope, campaign, fault.to_owned(), pasted).await;
    }
    let people: Vec<Person> = records::all(scope.db(), scope.id()).await?;
    let Matched { here, away, nobody } = matched(&given, &people, scope.today());
    let added = invite(&scope, &campaign, &here).await?;
    let (new, there): (Vec<&Person>, Vec<&Person>) = here.into_iter().partition(|it| added.contains(&it.id.0));
    let heading = match new.len() {
        0 => "Nobody new was added".to_owned(),
        1 => "One person was added".to_owned(),
        n => format!("{n} people were added"),
    };
    let names = |of: Vec<&Person>| of.into_iter().map(|it| it.name.clone()).collect();
    let outcome = Outcome {
        back: page_of(&campaign),
        heading,
        source,
        added: names(new),
        there: names(there),
        away: names(away),
        nobody,
        without: given.without,
        notes,
        campaign,
    };
    scope.page(under(&outcome.campaign, "List read"), &outcome).await
}

/// What a reader should know because rows may have been left out or run together.
const LOSING: [Code; 4] = [Code::RowsAbove, Code::UnclosedQuote, Code::StrayQuote, Code::LongQuote];

/// A file as a table. Where its first row is an address already, the file has no header.
fn read(scope: &Scope, name: &str, bytes: &[u8]) -> std::result::Result<Sheet, String> {
    let locale = Some(scope.org.locale.clone());
    let choices = Choices { locale, ..Choices::default() };
    let sheet = sheet::read(name, bytes, &choices).map_err(|it| it.message)?;
    if !header_is_data(&sheet) {
        return Ok(sheet);
    }
    sheet::read(name, bytes, &Choices { header: Some(Header::Absent), ..choices }).map_err(|it| it.message)
}

/// Adds people to the audience; those who are on the list stay as they are. Where the campaign is open, whoever came
/// new is invited by e-mail. Says who those are.
pub async fn invite(scope: &Scope, campaign: &Campaign, people: &[&Person]) -> Result<Vec<Uuid>> {
    let units: BTreeMap<Uuid, String> = records::titles(scope.db(), scope.id(), Unit::KIND).await?;
    let languages = store::languages(scope.db(), scope.id()).await?;
    let mut tx = scope.db().begin().await?;
    // Who is on the list is read once nobody else can write to it: a form that was sent twice asks nobody twice.
    if !answers::store::hold(&mut tx, scope.id(), campaign.id).await? {
        return Err(Error::refused("The survey was closed meanwhile, so nobody can be added to it."));
    }
    let there = store::invited(&mut tx, scope.id(), campaign.id).await?;
    let mut added = Vec::new();
    for person in people.iter().filter(|it| !there.contains(&it.id.0)) {
        let invitee = Invitee {
            id: Uuid::now_v7(),
            person: Some(person.id.0),
            name: person.name.clone(),
            email: person.email.clone(),
            side: person.side,
            unit: person.unit.and_then(|it| units.get(&it.0).cloned()),
            role: Some(role_of(person).to_owned()),
            influence: person.influence,
            token: Secret::fresh().text,
            language: languages.get(&person.id.0).cloned(),
            response: None,
            answered: false,
            draft_key: None,
        };
        store::insert_invitee(&mut tx, scope.id(), campaign.id, &invitee).await?;
        added.push(invitee);
    }
    let people = added.iter().filter_map(|it: &Invitee| it.person).collect();
    if campaign.state == State::Open {
        mailing::write(&mut tx, &scope.app, &scope.org, campaign, Occasion::Invitation, added).await?;
    }
    tx.commit().await?;
    Ok(people)
}

async fn take_off(scope: Scope, Path((id, invitee)): Path<(CampaignId, Uuid)>) -> Result<Response> {
    draft(&scope, id).await?;
    let mut tx = scope.db().begin().await?;
    if !store::delete_invitee(&mut tx, scope.id(), id, invitee).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(see(&format!("/surveys/{id}"), "Taken off the list."))
}
