//! What everyone in the room has on their phone: a shared address, no account, no script needed. A random number in a
//! cookie tells one phone from another, so that each has its dots and no more.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use db::uuid::Uuid;
use kit::{
    account::{Secret, hash},
    error::{Result, found},
    org,
    pages::Fields,
    store as records,
    web::{Access, App, Routes, cookie, html, see, set_cookie},
};

use crate::envisioning::{
    model::Workshop,
    workshop::{
        pages::statement,
        rules::{LONGEST, Statement, finding, phrase, voted},
        store::{self, Phrase, Vote},
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/w/{token}", Access::Secret, room).post("/w/{token}", Access::Secret, put).post(
        "/w/{token}/phrases",
        Access::Secret,
        add,
    )
}

/// The cookie that tells one phone from another.
const VOTER: &str = "voter";
const A_DAY: i64 = 86_400;

#[derive(Template)]
#[template(path = "envisioning/workshop/room.html")]
struct Room {
    org: String,
    workshop: Workshop,
    token: String,
    phrases: Vec<(Phrase, i64)>,
    left: i64,
    statement: Option<Statement>,
    heading: String,
    written: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "envisioning/workshop/closed_door.html")]
struct NoDoor;

/// What stands behind an address: the voting and its workshop, or the page that says that there is none.
async fn find(app: &App, token: &str) -> Result<std::result::Result<(Vote, Workshop), Response>> {
    let Some(vote) = found(store::by_token(&app.db, token).await)? else {
        return Ok(Err((StatusCode::NOT_FOUND, html(&NoDoor)?).into_response()));
    };
    let workshop = records::find::<Workshop>(&app.db, vote.org, vote.workshop).await?;
    Ok(Ok((vote, workshop)))
}

/// Who votes, as kept: the hash of the number in the cookie.
fn voter(headers: &HeaderMap) -> Option<String> {
    cookie(headers, VOTER).filter(|it| !it.is_empty()).map(|it| hash(&it))
}

async fn draw(
    app: &App,
    vote: Vote,
    workshop: Workshop,
    voter: Option<&str>,
    written: String,
    fault: Option<(StatusCode, String)>,
) -> Result<Response> {
    let mine: BTreeMap<Uuid, i64> = match voter {
        Some(it) => store::dots_of(&app.db, vote.org, vote.workshop, it).await?.into_iter().collect(),
        None => BTreeMap::new(),
    };
    let left = workshop.dots - mine.values().sum::<i64>();
    let statement = statement(&vote);
    let heading = match &statement {
        Some(it) => finding(it),
        None => match left {
            ..=0 => "Thank you: all your dots are placed".to_owned(),
            1 => "You have one dot left".to_owned(),
            n => format!("You have {n} dots left"),
        },
    };
    let phrases = store::phrases(&app.db, vote.org, vote.workshop).await?;
    let (status, fault) = fault.map_or((StatusCode::OK, None), |(status, it)| (status, Some(it)));
    let page = Room {
        org: org::find(&app.db, vote.org).await?.name,
        token: vote.token,
        phrases: phrases
            .into_iter()
            .map(|it| {
                let dots = mine.get(&it.id).copied().unwrap_or(0);
                (it, dots)
            })
            .collect(),
        left,
        statement,
        heading,
        workshop,
        written,
        fault,
    };
    Ok((status, html(&page)?).into_response())
}

async fn room(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response> {
    let (vote, workshop) = match find(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let voter = voter(&headers);
    let mut page = draw(&app, vote, workshop, voter.as_deref(), String::new(), None).await?;
    if voter.is_none() {
        set_cookie(&mut page, VOTER, &Secret::fresh().text, Some(A_DAY));
    }
    Ok(page)
}

const NO_COOKIE: &str = "Your browser did not keep the cookie by which your dots are counted. Allow cookies for this page, or open it outside of the private window, and try again.";
const OVER: &str = "The voting was closed meanwhile, so this was not taken.";

/// Puts one dot on a phrase, or takes one away.
async fn put(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let (vote, workshop) = match find(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let Some(voter) = voter(&headers) else {
        let fault = Some((StatusCode::CONFLICT, NO_COOKIE.to_owned()));
        return draw(&app, vote, workshop, None, String::new(), fault).await;
    };
    let add = !fields.get("add").is_empty();
    let chosen = fields.get(if add { "add" } else { "take" }).parse::<Uuid>().ok();
    let mut tx = app.db.begin().await?;
    let refused = if store::hold(&mut tx, vote.org, vote.workshop).await? {
        let phrases = store::phrases_in(&mut tx, vote.org, vote.workshop).await?;
        let mine = store::dots_of_in(&mut tx, vote.org, vote.workshop, &voter).await?;
        match chosen.filter(|it| phrases.iter().any(|of| of.id == *it)) {
            None => Some("This phrase is not there any more. Put your dot on another one.".to_owned()),
            Some(phrase) => {
                let on_phrase = mine.iter().find(|it| it.0 == phrase).map_or(0, |it| it.1);
                let on_all = mine.iter().map(|it| it.1).sum();
                match voted(on_phrase, on_all, workshop.dots, add) {
                    Err(why) => Some(why.to_owned()),
                    Ok(many) => {
                        store::put_dots(&mut tx, vote.org, vote.workshop, phrase, &voter, many).await?;
                        None
                    }
                }
            }
        }
    } else {
        Some(OVER.to_owned())
    };
    if let Some(why) = refused {
        drop(tx);
        let vote = store::by_token(&app.db, &token).await?;
        return draw(&app, vote, workshop, Some(&voter), String::new(), Some((StatusCode::CONFLICT, why))).await;
    }
    tx.commit().await?;
    Ok(see(&format!("/w/{token}{}", chosen.map_or(String::new(), |it| format!("#p-{it}"))), ""))
}

/// Adds a phrase from the room, where the host allows it.
async fn add(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let (vote, workshop) = match find(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let voter = voter(&headers);
    let mut tx = app.db.begin().await?;
    let read = if voter.is_none() {
        Err(NO_COOKIE.to_owned())
    } else if !workshop.adding {
        Err("Only the host adds phrases. Say yours aloud.".to_owned())
    } else if !store::hold(&mut tx, vote.org, vote.workshop).await? {
        Err(OVER.to_owned())
    } else {
        let here = store::phrases_in(&mut tx, vote.org, vote.workshop).await?;
        phrase(fields.get("phrase"), &here.into_iter().map(|it| it.wording).collect::<Vec<_>>())
    };
    match read {
        Ok(it) => {
            store::add_phrase(&mut tx, vote.org, vote.workshop, &it, true).await?;
            tx.commit().await?;
            Ok(see(&format!("/w/{token}#phrases"), ""))
        }
        Err(fault) => {
            drop(tx);
            let vote = store::by_token(&app.db, &token).await?;
            let fault = Some((StatusCode::UNPROCESSABLE_ENTITY, fault));
            draw(&app, vote, workshop, voter.as_deref(), fields.get("phrase").to_owned(), fault).await
        }
    }
}
