//! One's own account: name, password, sessions, theme.

use askama::Template;
use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use db::Tx;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::{
    inputs::{Ask, Input, Inputs, Known},
    rules::password_fault,
    sign_in::{Refused, admit},
    tries::{Caller, Tries},
};
use crate::{
    account::{self, Listed},
    audit::{self, Author, Changes},
    error::{Error, Result},
    format::{Locale, Writing},
    record::{Draft, Faults, Field, Value, read},
    web::{App, Place, SESSION_COOKIE, Scope, Visitor, cookie, see, set_session, set_theme},
};

#[derive(Template)]
#[template(path = "door/account_page.html")]
struct Page<'a> {
    email: &'a str,
    scope: Option<&'a Scope>,
    name: Inputs<'a>,
    password: Inputs<'a>,
    sessions: Vec<Listed>,
    /// The hash that names the session of this page.
    this: String,
    theme: &'static str,
    organisations: usize,
}

impl Page<'_> {
    fn moment(&self, at: Timestamp) -> String {
        match self.scope {
            Some(scope) => scope.locale().instant(at, scope.org.zone()),
            None => format!("{} UTC", Locale::of("en-GB").instant(at, TimeZone::UTC)),
        }
    }
}

async fn show(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    status: StatusCode,
    draft: Option<&Draft>,
    faults: &Faults,
) -> Result<Response> {
    let id = visitor.session.account;
    let kept = Draft([("name".to_owned(), visitor.session.name.clone())].into());
    let page = Page {
        email: &visitor.session.email,
        scope: visitor.scope.as_ref(),
        name: Inputs {
            inputs: vec![
                Input::new("name", "Name", Ask::Text)
                    .help("As others see it, in the audit trail too.")
                    .completed_as("name"),
            ],
            draft: draft.unwrap_or(&kept),
            faults,
        },
        password: Inputs {
            inputs: vec![
                Input::new("old", "Present password", Ask::Password(Known::Present)),
                Input::new("password", "New password", Ask::Password(Known::New))
                    .help(format!("{} characters at least.", account::PASSWORD_LENGTH)),
            ],
            draft: &kept,
            faults,
        },
        sessions: account::sessions(&app.db, id, app.now()).await?,
        this: cookie(headers, SESSION_COOKIE).map(|it| account::hash(&it)).unwrap_or_default(),
        theme: match cookie(headers, "theme").as_deref() {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "",
        },
        organisations: account::memberships(&app.db, id).await?.len(),
    };
    visitor.page(status, Place::new("My account", "/account"), &page).await
}

pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response> {
    show(&app, &visitor, &headers, StatusCode::OK, None, &Faults::default()).await
}

pub async fn rename(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    let name = match read(&Field::text("Name").required(), draft.get("name"), Writing::default()) {
        Ok(Value::Text(it)) => it,
        Ok(_) => return Err(Error::internal("a text field holds a text")),
        Err(fault) => {
            let mut faults = Faults::default();
            faults.add("name", fault);
            return show(&app, &visitor, &headers, StatusCode::UNPROCESSABLE_ENTITY, Some(&draft), &faults).await;
        }
    };
    let session = &visitor.session;
    if name == session.name {
        return Ok(see("/account", "Nothing was different, so nothing was saved."));
    }
    let changes = [("Name".to_owned(), [session.name.clone().into(), name.clone().into()])].into();
    let mut tx = app.db.begin().await?;
    account::set_name(&mut tx, session.account, &name).await?;
    audit_everywhere(&app, &mut tx, &visitor, &changes).await?;
    tx.commit().await?;
    Ok(see("/account", "Saved."))
}

pub async fn change_password(
    tries: &Tries,
    State(app): State<App>,
    visitor: Visitor,
    caller: Caller,
    headers: HeaderMap,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    let raw = |key: &str| draft.0.get(key).cloned().unwrap_or_default();
    let (old, new) = (raw("old"), raw("password"));
    let mut faults = Faults::default();
    if let Some(fault) = password_fault(&new, &visitor.session.email) {
        faults.add("password", fault);
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    // Whoever found a browser open guesses no more often than whoever signs in.
    match admit(tries, &app, &caller, &visitor.session.email, &old, app.now()).await? {
        Ok(_) => {}
        Err(Refused::Wrong) => faults.add(
            "old",
            "This is not your present password. Whoever forgot it asks the one who runs the server for a new one.",
        ),
        Err(wait @ Refused::Wait(_)) => {
            status = wait.status();
            faults.add("old", wait.sentence());
        }
    }
    if !faults.is_empty() {
        return show(&app, &visitor, &headers, status, None, &faults).await;
    }
    let hash = account::hash_password(new).await?;
    let id = visitor.session.account;
    // Neither password is told to anyone, only that there is another.
    let changes = [("Password".to_owned(), [serde_json::Value::Null, "another one".into()])].into();
    let mut tx = app.db.begin().await?;
    account::set_password(&mut tx, id, &hash).await?;
    let secret = account::start_session(&mut tx, id, visitor.session.org, app.now()).await?;
    audit_everywhere(&app, &mut tx, &visitor, &changes).await?;
    tx.commit().await?;
    let mut response = see("/account", "Your password was changed, and every other session was ended.");
    set_session(&mut response, Some(&secret));
    Ok(response)
}

/// An account belongs to no organisation alone: each that it is a member of gets the entry.
async fn audit_everywhere(app: &App, tx: &mut Tx, visitor: &Visitor, changes: &Changes) -> Result<()> {
    let session = &visitor.session;
    let title = format!("{} ({})", session.name, session.email);
    for membership in account::memberships(&app.db, session.account).await? {
        let author = Author {
            org: membership.org,
            account: Some(session.account.0),
            name: session.name.clone(),
            at: app.now(),
            batch: None,
        };
        audit::add(tx, &author, "changed", "account", session.account.0, &title, changes, 1).await?;
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
pub struct Ended {
    session: String,
}

pub async fn end_session(State(app): State<App>, visitor: Visitor, Form(ended): Form<Ended>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !account::end_session_of(&mut tx, visitor.session.account, &ended.session).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(see("/account", "The session was ended."))
}

#[derive(Debug, Deserialize)]
pub struct Chosen {
    theme: String,
}

pub async fn choose_theme(_: Visitor, Form(chosen): Form<Chosen>) -> Result<Response> {
    let mut response = see("/account", "");
    let theme = if matches!(&*chosen.theme, "light" | "dark") { &*chosen.theme } else { "" };
    set_theme(&mut response, theme);
    Ok(response)
}
