//! What somebody who is asked sees: a personal link, one page, no account, no script.

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kit::{
    asking::{self, message},
    error::{Error, Result},
    org::{self, OrgId, Organisation},
    pages::Fields,
    web::{Access, App, Routes, html},
};

use crate::leadership::perceived::{
    Perceiver, Round,
    rules::{self, THRESHOLD},
    store,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/who/{token}", Access::Secret, form).post("/who/{token}", Access::Secret, hand_in)
}

/// The address by which somebody answers.
pub fn link(app: &App, token: &str) -> String {
    format!("{}/who/{token}", app.address)
}

#[derive(Template)]
#[template(path = "leadership/perceived/form.html")]
struct Screen<'a> {
    org: &'a str,
    round: &'a Round,
    token: &'a str,
    fields: &'a Fields,
    fault: bool,
    closes: String,
    who_sees: String,
}

impl Screen<'_> {
    fn key(&self, letter: &str, line: &db::uuid::Uuid) -> String {
        format!("{letter}-{line}")
    }

    fn is(&self, key: &str, role: &db::uuid::Uuid) -> bool {
        self.fields.get(key) == role.to_string()
    }
}

/// Who will see what, in plain words of a language.
pub fn who_sees(round: &Round, language: &str) -> String {
    match (round.anonymous, language) {
        (true, "de") => format!(
            "Ihre Antworten sind anonym. Sie werden erst nach dem letzten Tag gezeigt, und nur zusammen mit denen von \
             mindestens {THRESHOLD} Personen Ihrer Seite. Bekannt ist, dass Sie geantwortet haben, nicht was."
        ),
        (true, _) => format!(
            "Your answers are anonymous. They are shown only after the last day, and only together with those of at \
             least {THRESHOLD} people of your side. It is known that you answered, not what."
        ),
        (false, "de") => "Ihre Antworten stehen unter Ihrem Namen. Die IT-Leitung und wer diese Runde durchführt, \
                          sehen, wer was geantwortet hat."
            .to_owned(),
        (false, _) => "Your answers are given under your name. The leader of IT and whoever runs this round see who \
                       answered what."
            .to_owned(),
    }
}

struct Found {
    org: Organisation,
    id: OrgId,
    round: Round,
    by: Perceiver,
}

/// Whose link it is; where nothing can be answered, the page that says why.
async fn find(app: &App, token: &str) -> Result<std::result::Result<Found, Response>> {
    let (id, round, by) = match store::by_token(&app.db, token).await {
        Ok(found) => found,
        Err(Error::NotFound) => {
            return Ok(Err(asking::nowhere()?));
        }
        Err(err) => return Err(err),
    };
    let org = org::find(&app.db, id).await?;
    if by.answered {
        let text = "Your answers were handed in through this link and count. Thank you.";
        return Ok(Err(message(StatusCode::CONFLICT, "en", &org.name, "You have answered already", text)?));
    }
    if !round.is_open(org.day(app.now())) {
        let text = "No more answers are taken. Ask whoever invited you what came of it.";
        return Ok(Err(message(StatusCode::GONE, "en", &org.name, "This round is closed", text)?));
    }
    Ok(Ok(Found { org, id, round, by }))
}

async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    match find(&app, &token).await? {
        Ok(found) => draw(&found, &token, &Fields::default(), false),
        Err(page) => Ok(page),
    }
}

fn draw(found: &Found, token: &str, fields: &Fields, fault: bool) -> Result<Response> {
    let status = if fault { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let closes = kit::format::Locale::of(&found.org.locale).date(found.round.closes);
    let who_sees = who_sees(&found.round, "en");
    let page = Screen { org: &found.org.name, round: &found.round, token, fields, fault, closes, who_sees };
    Ok((status, html(&page)?).into_response())
}

async fn hand_in(State(app): State<App>, Path(token): Path<String>, Form(fields): Form<Fields>) -> Result<Response> {
    let found = match find(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let Some(said) = rules::read(&found.round.asked, found.by.side, |key| fields.get(key).to_owned()) else {
        return draw(&found, &token, &fields, true);
    };
    let mut tx = app.db.begin().await?;
    let taken = store::hand_in(&mut tx, found.id, &found.round, &found.by, &said).await?;
    tx.commit().await?;
    let (title, text) = if taken {
        ("Thank you. Your answers are in.", "You can close this window. The results are shown once the round is over.")
    } else {
        ("You have answered already", "Your answers were handed in through this link and count. Thank you.")
    };
    message(StatusCode::OK, "en", &found.org.name, title, text)
}
