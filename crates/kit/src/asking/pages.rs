//! The page from which the links of a round are handed out, and what a person can do there.

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use db::uuid::Uuid;
use serde::Deserialize;

use super::{
    Asked, Card, Choice, ChosenLanguage, Round,
    rules::{self, Occasion},
};
use crate::{
    audit::{self, Changes},
    error::{Error, Result},
    format::counted,
    mail,
    people::{Person, PersonId},
    qr, record,
    rights::Right,
    store,
    table::{Cell, Column, Kind, Table},
    web::{Access, App, Place, Routes, Scope, see},
};

pub fn routes(routes: Routes) -> Routes {
    let lead = Access::With(Right::Lead);
    routes
        .get("/asked/{what}/{id}", lead, page)
        .get("/asked/{what}/{id}/links/{format}", lead, file)
        .post("/asked/{what}/{id}/people", lead, ask)
        .post("/asked/{what}/{id}/end", lead, end)
        .post("/asked/{what}/{id}/invitations", lead, invite)
        .post("/asked/{what}/{id}/reminders", lead, remind)
        .post("/asked/{what}/{id}/mail", lead, again)
        .post("/asked/language/{token}", Access::Secret, choose_language)
}

/// What was chosen in the form of those who are asked, where it came back.
struct Sent {
    people: Vec<PersonId>,
    closes: String,
    faults: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "asking/page.html")]
struct Page<'a> {
    round: &'a Round,
    heading: String,
    closes: String,
    /// The account of its mail, where it stands on no other page.
    card: Option<Card>,
    /// Those of this page, each with their link as a picture for a phone.
    slips: Vec<(&'a Asked, String)>,
    /// Which page of slips is shown, from 1; none where all are on it.
    page: Option<usize>,
    pages: usize,
    /// Who may still be asked.
    who: Choice,
    /// The last day, as a field holds it.
    day: String,
    faults: Vec<(&'static str, &'static str)>,
}

impl Page<'_> {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|it| it.0 == field).map(|it| it.1)
    }
}

/// How many slips stand on one page: a sheet of five hundred codes is slow to look at, and is wanted for printing only.
const SLIPS: usize = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// The number of a page of slips, or “all”.
    page: String,
}

async fn page(scope: Scope, Path((what, id)): Path<(String, Uuid)>, Query(wanted): Query<Wanted>) -> Result<Response> {
    show(&scope, &scope.app.registry.round(&scope, &what, id).await?, &wanted, None).await
}

async fn show(scope: &Scope, round: &Round, wanted: &Wanted, sent: Option<Sent>) -> Result<Response> {
    if !round.open {
        return Err(Error::refused("Links work while the round is open, and this one is closed. Begin another one."));
    }
    let done = round.asked.iter().filter(|it| it.done).count();
    let heading = match (round.asked.len(), done) {
        (0, _) => "Whom do you want to ask?".to_owned(),
        (n, _) if round.page.is_some() => format!("A slip for each of {}", counted(n, "person", "people")),
        (_, 0) => "Nobody has answered yet".to_owned(),
        (n, done) if n == done => "Everyone who was asked has answered".to_owned(),
        (n, done) => format!("{done} of {n} have answered"),
    };
    let asked = round.asked.len();
    let pages = asked.div_ceil(SLIPS).max(1);
    let number = (wanted.page != "all" && pages > 1).then(|| wanted.page.parse().unwrap_or(1).clamp(1, pages));
    let mut slips = Vec::new();
    for it in round.asked.iter().skip(number.map_or(0, |it| (it - 1) * SLIPS)).take(number.map_or(asked, |_| SLIPS)) {
        slips.push((it, qr::svg(&it.link, 120, 0)?));
    }
    let mut all: Vec<Person> = if round.gathers { store::all(scope.db(), scope.id()).await? } else { Vec::new() };
    all.retain(|it| round.asked.iter().all(|asked| asked.person != Some(it.id)));
    let chosen = |it: &Person| match &sent {
        Some(sent) => sent.people.contains(&it.id),
        None => it.influence.is_some() && round.asked.is_empty(),
    };
    let mut who = Choice::of(all, scope.today(), |_| false, chosen);
    let faults = sent.as_ref().map_or_else(Vec::new, |it| it.faults.clone());
    who.fault = faults.iter().find(|it| it.0 == "person").map(|it| it.1.to_owned());
    let page = Page {
        round,
        heading,
        closes: scope.locale().date(round.closes),
        card: match round.page {
            Some(_) => None,
            None => Some(super::card(scope, round).await?),
        },
        slips,
        page: number,
        pages,
        who,
        day: sent.as_ref().map_or_else(|| round.closes.to_string(), |it| it.closes.clone()),
        faults,
    };
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let home = round.under.first().map_or("/", |it| &*it.1).to_owned();
    let place = round
        .under
        .iter()
        .fold(Place::new("Links to hand out", &home), |place, (title, url)| place.under(title.clone(), url.clone()));
    scope.page_with(status, place, &page).await
}

/// Personal links as a table for a mail merge.
async fn file(scope: Scope, Path((what, id, format)): Path<(String, Uuid, String)>) -> Result<Response> {
    let round = open(&scope, &what, id).await?;
    let columns = [("name", "Name"), ("email", "Email"), ("side", "Side"), ("unit", "Unit"), ("link", "Link")];
    let columns = columns.map(|(key, label)| Column::new(key, label, Kind::Text)).into();
    let or_empty = |it: Option<String>| it.map_or(Cell::Empty, Cell::Text);
    let row = |it: Asked| {
        let side = it.side.label().to_owned();
        vec![Cell::Text(it.name), or_empty(it.email), Cell::Text(side), or_empty(it.unit), Cell::Text(it.link)]
    };
    let rows = round.asked.into_iter().map(row).collect();
    crate::pages::send(&[Table { title: format!("Links of {}", round.title), columns, rows }], "links", &format)
}

/// A round whose links work.
async fn open(scope: &Scope, what: &str, id: Uuid) -> Result<Round> {
    let round = scope.app.registry.round(scope, what, id).await?;
    match round.open {
        true => Ok(round),
        false => Err(Error::refused("This round is closed: its links do not work any more, and nobody is written to.")),
    }
}

/// Asks more people, and sets the last day for all.
async fn ask(
    scope: Scope,
    Path((what, id)): Path<(String, Uuid)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let round = open(&scope, &what, id).await?;
    if !round.gathers {
        return Err(Error::refused("Who is asked in this round was settled when it began. Begin another one."));
    }
    let is_chosen = |it: &Person| sent.iter().any(|(key, value)| key == "person" && *value == it.id.to_string());
    let who = Choice::of(store::all(scope.db(), scope.id()).await?, scope.today(), |_| false, is_chosen);
    let people: Vec<PersonId> = who.chosen().into_iter().map(|it| it.id).collect();
    let closes = sent.iter().find(|it| it.0 == "closes").map_or("", |it| it.1.trim()).to_owned();
    let day = record::day(&closes).ok().filter(|it| *it >= scope.today());
    let mut faults = Vec::new();
    if day.is_none() {
        faults.push(("closes", "Choose a last day for answers, today or later."));
    }
    if people.is_empty() && round.asked.is_empty() {
        faults.push(("person", "Choose who is asked, at least one person."));
    }
    let (Some(day), true) = (day, faults.is_empty()) else {
        return show(&scope, &round, &Wanted::default(), Some(Sent { people, closes, faults })).await;
    };
    let mut tx = scope.db().begin().await?;
    let new = super::ask(&mut tx, scope.id(), round.what, id, &people, day).await?;
    let changes = Changes::from([("asked".to_owned(), [serde_json::Value::Null, new.into()])]);
    audit::add(&mut tx, &scope.author(), "asked", round.what, id, &round.title, &changes, 0).await?;
    tx.commit().await?;
    let message = match new {
        0 => format!("Answers are taken until {}.", scope.locale().date(day)),
        1 => "One person has a link now. Hand it out, or send it.".to_owned(),
        n => format!("{n} people have a link now. Hand them out, or send them."),
    };
    Ok(see(&round.url(), &message))
}

/// Takes the links back; what was answered stays.
async fn end(scope: Scope, Path((what, id)): Path<(String, Uuid)>) -> Result<Response> {
    let round = open(&scope, &what, id).await?;
    if !round.gathers {
        return Err(Error::refused("This round is closed on its own page."));
    }
    let mut tx = scope.db().begin().await?;
    super::end(&mut tx, scope.id(), round.what, id).await?;
    audit::add(&mut tx, &scope.author(), "closed", round.what, id, &round.title, &Changes::new(), 0).await?;
    tx.commit().await?;
    let to = round.under.last().map_or("/", |it| &*it.1);
    Ok(see(to, "The links do not work any more. What was answered through them is kept."))
}

async fn invite(scope: Scope, Path((what, id)): Path<(String, Uuid)>) -> Result<Response> {
    send(&scope, &what, id, Occasion::Invitation).await
}

async fn remind(scope: Scope, Path((what, id)): Path<(String, Uuid)>) -> Result<Response> {
    send(&scope, &what, id, Occasion::Reminder).await
}

async fn send(scope: &Scope, what: &str, id: Uuid, occasion: Occasion) -> Result<Response> {
    let round = open(scope, what, id).await?;
    if scope.app.mail.is_none() {
        return Err(Error::refused("No mail server is set up, so nothing can be sent. Hand out the links instead."));
    }
    if round.closes < scope.today() {
        return Err(Error::refused("The last day for answers has passed, so nobody is written to. Set a later one."));
    }
    if occasion == Occasion::Reminder && round.opens_after(scope.today()).is_some() {
        return Err(Error::refused("Nobody can answer yet, so nobody is reminded. Look at the first day."));
    }
    let mut tx = scope.db().begin().await?;
    let written = super::write(&mut tx, &scope.app, &scope.org, &round, occasion).await?;
    tx.commit().await?;
    Ok(see(&round.mail(), &rules::sent(occasion, written)))
}

async fn again(
    scope: Scope,
    Path((what, id)): Path<(String, Uuid)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let round = open(&scope, &what, id).await?;
    super::again(&scope, id, &sent).await?;
    Ok(see(&round.mail(), mail::TRIED_AGAIN))
}

/// Keeps the language in which somebody wants to be asked.
async fn choose_language(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(chosen): Form<ChosenLanguage>,
) -> Result<Response> {
    let link = match super::by_token(&app.db, &token).await {
        Ok(link) => link,
        Err(Error::NotFound) => return super::nowhere(),
        Err(err) => return Err(err),
    };
    if let Some(it) = chosen.get() {
        let mut tx = app.db.begin().await?;
        tx.run("UPDATE asked SET language = $2 WHERE id = $1", [link.id.into(), it.key().into()]).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/{}/{token}", link.what)).into_response())
}
