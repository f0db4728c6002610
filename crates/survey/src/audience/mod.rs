//! Who is asked: chosen by side, unit and name. People may be added until the last day, because that tells nothing; they
//! are taken off while the campaign is a draft only.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path},
    response::Response,
};
use db::uuid::Uuid;
use kit::{
    account::Secret,
    error::{Error, Result},
    method::Side,
    people::{Person, Unit},
    rights::Right,
    store as records,
    web::{Access, Place, Routes, Scope, see},
};

use crate::{
    campaign::{Audience, Campaign, CampaignId, Invitee, State, role_of},
    mailing::{self, rules::Occasion},
    pages::draft,
    store,
};

pub fn routes(routes: Routes) -> Routes {
    let manage = Access::With(Right::ManageSurveys);
    routes.get("/surveys/{id}/audience", manage, page).post("/surveys/{id}/audience", manage, add).post(
        "/surveys/{id}/audience/{invitee}/delete",
        manage,
        take_off,
    )
}

/// The forms by which people are chosen, and the list of those who are.
#[derive(Template)]
#[template(path = "audience/choice.html")]
pub struct Choice {
    campaign: Campaign,
    invitees: Vec<Invitee>,
    units: Vec<Unit>,
    people: Vec<Person>,
}

impl Choice {
    pub async fn of(scope: &Scope, campaign: Campaign, invitees: Vec<Invitee>) -> Result<Choice> {
        let mut units = records::all::<Unit>(scope.db(), scope.id()).await?;
        units.sort_by(|a, b| a.name.cmp(&b.name));
        let mut people = records::all::<Person>(scope.db(), scope.id()).await?;
        people.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Choice { campaign, invitees, units, people })
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
    let place = Place::new("Ask more people", "/surveys")
        .under("Surveys", "/surveys")
        .under(campaign.title.clone(), format!("/surveys/{id}"));
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    let choice = Choice::of(&scope, campaign, invitees).await?;
    scope.page(place, &Page { choice, mails: scope.app.mail.is_some() }).await
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
    let message = match (chosen.len(), added) {
        (0, _) => "Nobody fits this choice.".to_owned(),
        (_, 0) => "Everyone of this choice was on the list already.".to_owned(),
        (_, 1) => "One person was added.".to_owned(),
        (_, n) => format!("{n} people were added."),
    };
    Ok(see(&page_of(&campaign), &message))
}

/// Adds people to the audience; those who are on the list stay as they are. Where the campaign is open, whoever came
/// new is invited by e-mail. Says how many those are.
pub async fn invite(scope: &Scope, campaign: &Campaign, people: &[&Person]) -> Result<usize> {
    let there = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let units: BTreeMap<Uuid, String> = records::titles(scope.db(), scope.id(), Unit::KIND).await?;
    let languages = store::languages(scope.db(), scope.id()).await?;
    let mut tx = scope.db().begin().await?;
    let mut added = Vec::new();
    for person in people.iter().filter(|person| there.iter().all(|it| it.person != Some(person.id.0))) {
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
            mailed_on: None,
        };
        store::insert_invitee(&mut tx, scope.id(), campaign.id, &invitee).await?;
        added.push(invitee);
    }
    if campaign.state == State::Open {
        mailing::write(&mut tx, &scope.app, &scope.org, campaign, Occasion::Invitation, &added).await?;
    }
    tx.commit().await?;
    Ok(added.len())
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
