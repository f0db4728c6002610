//! Signing in and out.

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    inputs::{Ask, Input, Inputs, Known},
    rules::local,
    tries::{Caller, Tries},
};
use crate::{
    account::{self, Account, AccountId},
    error::Result,
    org::OrgId,
    record::{Draft, Faults},
    web::{Alone, App, SESSION_COOKIE, cookie, see, set_session},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    email: String,
    password: String,
    back: String,
}

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct Page<'a> {
    inputs: Inputs<'a>,
    back: &'a str,
}

fn show(alone: &Alone, status: StatusCode, asked: &Asked, faults: &Faults) -> Result<Response> {
    let draft = Draft([("email".to_owned(), asked.email.clone())].into());
    let inputs = vec![
        Input::new("email", "E-mail", Ask::Email),
        Input::new("password", "Password", Ask::Password(Known::Present)),
    ];
    let page = Page { inputs: Inputs { inputs, draft: &draft, faults }, back: local(&asked.back) };
    alone.page(status, "Sign in", &page)
}

pub async fn page(alone: Alone, Query(asked): Query<Asked>) -> Result<Response> {
    show(&alone, StatusCode::OK, &asked, &Faults::default())
}

pub async fn sign_in(
    tries: &Tries,
    State(app): State<App>,
    caller: Caller,
    alone: Alone,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let now = app.now();
    match admit(tries, &app, &caller, &asked.email, &asked.password, now).await? {
        Ok(account) => open_session(&app, &headers, account.id, None, now, local(&asked.back), "").await,
        Err(refused) => {
            let mut faults = Faults::default();
            faults.add("", refused.sentence());
            let mut response = show(&alone, refused.status(), &asked, &faults)?;
            refused.say_when(&mut response);
            Ok(response)
        }
    }
}

/// Why nobody was let in.
pub enum Refused {
    Wrong,
    /// Too many tries; the time until the next one.
    Wait(SignedDuration),
}

impl Refused {
    pub fn status(&self) -> StatusCode {
        match self {
            Refused::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            Refused::Wrong => {
                "E-mail and password do not belong together. Check both; capital letters count in the password."
                    .to_owned()
            }
            Refused::Wait(left) => {
                let minutes = (left.as_secs() + 59) / 60;
                let s = if minutes == 1 { "" } else { "s" };
                format!("There were too many tries with a wrong password. Try again in {minutes} minute{s}.")
            }
        }
    }

    /// Tells programs how long to wait.
    pub fn say_when(&self, response: &mut Response) {
        if let Refused::Wait(left) = self
            && let Ok(seconds) = HeaderValue::from_str(&left.as_secs().max(1).to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
    }
}

/// The account of an address and a password, and no guessing.
pub async fn admit(
    tries: &Tries,
    app: &App,
    caller: &Caller,
    email: &str,
    password: &str,
    now: Timestamp,
) -> Result<std::result::Result<Account, Refused>> {
    if let Err(left) = tries.begin(caller, email, now) {
        return Ok(Err(Refused::Wait(left)));
    }
    Ok(match account::check(&app.db, email, password).await? {
        Some(account) => {
            tries.forgive(caller, email);
            Ok(account)
        }
        None => Err(Refused::Wrong),
    })
}

/// Starts a session in the place of the one that this browser had, and goes on.
pub async fn open_session(
    app: &App,
    headers: &HeaderMap,
    account: AccountId,
    org: Option<OrgId>,
    now: Timestamp,
    then: &str,
    message: &str,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if let Some(old) = cookie(headers, SESSION_COOKIE) {
        account::end_session(&mut tx, &old).await?;
    }
    let secret = account::start_session(&mut tx, account, org, now).await?;
    tx.commit().await?;
    let mut response = see(then, message);
    set_session(&mut response, Some(&secret));
    Ok(response)
}

pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if let Some(secret) = cookie(&headers, SESSION_COOKIE) {
        let mut tx = app.db.begin().await?;
        account::end_session(&mut tx, &secret).await?;
        tx.commit().await?;
    }
    let mut response = see("/sign-in", "You are signed out.");
    set_session(&mut response, None);
    Ok(response)
}
