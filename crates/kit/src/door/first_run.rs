//! The first run: the organisation and its owner are made by whoever can read the terminal of the server.

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use db::uuid::Uuid;
use serde::Deserialize;

use super::{
    inputs::{Ask, Input, Inputs, Known, text},
    organisation,
    rules::password_fault,
    sign_in::open_session,
};
use crate::{
    account::{self, AccountId},
    audit::{self, Author},
    error::Result,
    org::{self, Organisation},
    record::{Draft, Faults, Field},
    rights::Role,
    web::{Alone, App, refusal},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    token: Option<String>,
}

#[derive(Template)]
#[template(path = "door/first_run.html")]
struct Page<'a> {
    token: &'a str,
    organisation: Inputs<'a>,
    owner: Inputs<'a>,
    faults: &'a Faults,
}

#[derive(Template)]
#[template(path = "door/first_run_token.html")]
struct TokenPage<'a> {
    token: Inputs<'a>,
}

pub async fn page(
    State(app): State<App>,
    alone: Alone,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if over(&app).await? {
        return Ok(had_its_first_run());
    }
    match asked.token {
        Some(token) if is_right(&app, &token) => {
            let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default();
            show(&alone, StatusCode::OK, &token, &organisation::guess(languages), &Faults::default())
        }
        asked => ask_for_token(&alone, asked),
    }
}

fn ask_for_token(alone: &Alone, wrong: Option<String>) -> Result<Response> {
    let mut faults = Faults::default();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if wrong.is_some() {
        faults.add("token", "This is not the token that the terminal shows. It changes with each start of the server.");
    }
    let draft = Draft::default();
    let inputs = vec![Input::new("token", "Token", Ask::Text)];
    alone.page(status, "First run", &TokenPage { token: Inputs { inputs, draft: &draft, faults: &faults } })
}

fn show(alone: &Alone, status: StatusCode, token: &str, draft: &Draft, faults: &Faults) -> Result<Response> {
    let owner = vec![
        Input::new("name", "Your name", Ask::Text).completed_as("name"),
        Input::new("email", "E-mail", Ask::Email).help("You sign in with it."),
        Input::new("password", "Password", Ask::Password(Known::New))
            .help(format!("{} characters at least.", account::PASSWORD_LENGTH)),
    ];
    let page = Page {
        token,
        organisation: Inputs { inputs: organisation::inputs(), draft, faults },
        owner: Inputs { inputs: owner, draft, faults },
        faults,
    };
    alone.wide_page(status, "First run", &page)
}

pub async fn begin(
    State(app): State<App>,
    alone: Alone,
    headers: HeaderMap,
    Form(mut draft): Form<Draft>,
) -> Result<Response> {
    if over(&app).await? {
        return Ok(had_its_first_run());
    }
    let token = draft.0.remove("token").unwrap_or_default();
    if !is_right(&app, &token) {
        return ask_for_token(&alone, Some(token));
    }
    let mut org = organisation::fresh();
    let mut faults = Faults::default();
    organisation::read(&draft, &mut org, &mut faults);
    let owner = NewAccount::read(&draft, &mut faults);
    if !faults.is_empty() {
        return show(&alone, StatusCode::UNPROCESSABLE_ENTITY, &token, &draft, &faults);
    }
    let hash = account::hash_password(owner.password).await?;

    let now = app.now();
    let id = AccountId::fresh();
    let author = Author { org: org.id, account: Some(id.0), name: owner.name.clone(), at: now, batch: None };
    let mut tx = app.db.begin().await?;
    account::insert(&mut tx, id, &owner.email, &owner.name, &hash, now).await?;
    establish(&mut tx, &author, &org, id, &owner.email).await?;
    // Of two who hold the token, only one gets to use it: it goes before the commit, and comes back if that fails.
    let Some(used) = take(&app, &token) else { return Ok(had_its_first_run()) };
    if let Err(err) = tx.commit().await {
        give_back(&app, used);
        return Err(err.into());
    }
    let welcome = format!("Welcome. {} is ready.", org.name);
    open_session(&app, &headers, id, Some(org.id), now, "/", &welcome).await
}

/// Makes an organisation with its owner, and notes both in its audit trail.
pub async fn establish(
    tx: &mut db::Tx,
    author: &Author,
    org: &Organisation,
    owner: AccountId,
    email: &str,
) -> Result<()> {
    org::insert(tx, org).await?;
    account::join(tx, owner, org.id, Role::Owner).await?;
    let changes = organisation::changes(None, org);
    audit::add(tx, author, "created", "organisation", org.id.0, &org.name, &changes, org.version).await?;
    audit_joining(tx, author, owner.0, email, Role::Owner).await
}

/// Notes in the audit trail that an account became a member.
pub async fn audit_joining(tx: &mut db::Tx, author: &Author, account: Uuid, email: &str, role: Role) -> Result<()> {
    let changes = [("Role".to_owned(), [serde_json::Value::Null, role.label().into()])].into();
    audit::add(tx, author, "joined", "membership", account, &format!("{} ({email})", author.name), &changes, 1).await
}

/// Who someone is that has no account yet.
pub struct NewAccount {
    pub name: String,
    pub email: String,
    pub password: String,
}

impl NewAccount {
    /// Reads the fields `name`, `email` and `password`, and adds what is wrong with them.
    pub fn read(draft: &Draft, faults: &mut Faults) -> NewAccount {
        let name = text("name", &Field::text("Your name").required(), draft, faults);
        let email = text("email", &Field::email("E-mail").required(), draft, faults);
        // Not through `get`: a blank at the end may be part of a password.
        let password = draft.0.get("password").cloned().unwrap_or_default();
        if let Some(fault) = password_fault(&password, &email) {
            faults.add("password", fault);
        }
        NewAccount { name, email, password }
    }
}

/// Whether someone can sign in by now; the command line may have seen to that.
pub(crate) async fn over(app: &App) -> Result<bool> {
    let over = !account::none_yet(&app.db).await?;
    if over && let Ok(mut token) = app.first_run.lock() {
        *token = None;
    }
    Ok(over)
}

fn is_right(app: &App, token: &str) -> bool {
    // Hashes are compared, so that the time it takes tells nothing about the token.
    let is = |it: &String| account::hash(it) == account::hash(token.trim());
    app.first_run.lock().is_ok_and(|it| it.as_ref().is_some_and(is))
}

fn take(app: &App, token: &str) -> Option<String> {
    let mut held = app.first_run.lock().ok()?;
    held.take_if(|it| it == token.trim())
}

fn give_back(app: &App, token: String) {
    if let Ok(mut held) = app.first_run.lock() {
        *held = Some(token);
    }
}

fn had_its_first_run() -> Response {
    refusal(
        StatusCode::GONE,
        "The first run is over",
        "This installation has its organisation and its owner, so the token of the first run is of no use any more. \
         Sign in, or ask the owner for an invitation.",
    )
}
