//! The dates of the organisation as a calendar: a file for whoever is signed in, a feed of the same with a
//! secret address.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use calc::fiscal::Stage;
use jiff::{ToSpan, civil::Date};
use kit::{
    account::{self, Secret},
    area::Note,
    audit::{self, Changes},
    error::{Error, Result},
    web::{App, Scope, see},
};

use crate::{
    here::{self, Here},
    ics::{self, Event},
};

/// Every date from a day on: what the areas have, the stages of this year and the next, the days on which budgets are
/// due. The earliest first; what is late stands at the top.
pub async fn dates(scope: &Scope, here: &Here, from: Date) -> Result<Vec<Note>> {
    let mut all = here::dates(scope, from).await?;
    all.extend(own(here, from));
    all.sort_by_key(|it| it.on);
    Ok(all)
}

/// The dates of the year itself: this one's and the next one's.
fn own(here: &Here, from: Date) -> Vec<Note> {
    let years = [here.at.year, here.calendar.year(here.at.year.ends + 1.day())];
    let mut notes = Vec::new();
    let mut before: Option<Stage> = None;
    for year in years {
        for span in here.calendar.spans(year) {
            // A stage may run over the end of the year; it begins once.
            if before != Some(span.stage) {
                notes.push((span.from, format!("{} stage begins (FY {})", span.stage.label(), year.name)));
            }
            before = Some(span.stage);
        }
        let due = here.calendar.budget_due.next(year.starts);
        if due <= year.ends {
            notes.push((due, format!("Budget for FY {} is due", here.calendar.position(due).budget_for)));
        }
    }
    notes.into_iter().filter(|(on, _)| *on >= from).map(|(on, text)| Note::new(text, "/planner").on(on)).collect()
}

/// The dates as events. An event is named by where it leads and what it says, so that it keeps its name when it moves.
pub fn events(scope: &Scope, dates: &[Note]) -> Vec<Event> {
    let org = scope.id().to_string();
    let mut events: Vec<Event> = Vec::new();
    for note in dates {
        let Some(day) = note.on else { continue };
        let mut uid = ics::uid(&org, &[&note.url, &note.text]);
        let same = events.iter().filter(|it| it.uid.starts_with(&uid)).count();
        if same > 0 {
            uid = format!("{uid}.{same}");
        }
        events.push(Event {
            uid,
            day,
            summary: note.text.clone(),
            description: scope.org.name.clone(),
            url: format!("{}{}", scope.app.address, note.url),
            reminders: note.reminders.clone(),
        });
    }
    events
}

async fn answer(scope: &Scope) -> Result<Response> {
    let here = Here::without_evidence(scope).await?;
    let dates = dates(scope, &here, scope.today()).await?;
    let name = format!("Waypost: {}", scope.org.name);
    let text = ics::calendar(&name, &events(scope, &dates), scope.now);
    let head = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((head, text).into_response())
}

/// The calendar as a file.
pub async fn file(scope: Scope) -> Result<Response> {
    let mut response = answer(&scope).await?;
    let disposition = header::HeaderValue::from_static("attachment; filename=\"waypost.ics\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// The calendar of a member for whoever knows its secret address: what that member may see, as long as they are one.
pub async fn feed(State(app): State<App>, Path(secret): Path<String>) -> Result<Response> {
    let secret = secret.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let session = account::by_calendar_secret(&app.db, secret, app.now()).await?;
    answer(&Scope::of_session(&app, Arc::new(session)).await?.ok_or(Error::NotFound)?).await
}

/// The address of the calendar of whoever is signed in; nothing as long as they made none.
pub async fn address(scope: &Scope) -> Result<Option<String>> {
    let Some(session) = &scope.session else { return Ok(None) };
    let secret = account::calendar_secret(scope.db(), session.account, scope.id()).await?;
    Ok(secret.map(|it| format!("{}/calendar/{it}.ics", scope.app.address)))
}

/// Gives whoever is signed in a new secret address; the one before leads nowhere from then on.
pub async fn renew(scope: Scope) -> Result<Response> {
    let session = scope.session.as_ref().ok_or(Error::NotFound)?;
    let is_first = address(&scope).await?.is_none();
    let mut tx = scope.db().begin().await?;
    account::set_calendar_secret(&mut tx, session.account, scope.id(), &Secret::fresh().text).await?;
    // The secret itself stays out of the trail, which others read.
    let (act, id) = (if is_first { "made" } else { "renewed" }, session.account.0);
    audit::add(&mut tx, &scope.author(), act, "calendar address", id, &session.name, &Changes::new(), 1).await?;
    tx.commit().await?;
    let message = match is_first {
        true => "Your calendar has an address.",
        false => "Your calendar has a new address. The one before no longer works.",
    };
    Ok(see("/planner#calendar", message))
}
