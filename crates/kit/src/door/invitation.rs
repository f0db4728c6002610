//! An invitation's link: make an account, or join with the one at hand.

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::Timestamp;

use super::{
    first_run::{NewAccount, audit_joining},
    inputs::{Ask, Input, Inputs, Known},
    sign_in::{admit, open_session},
    store::{self, Invitation},
    tries::{Caller, Tries},
};
use crate::{
    account::{self, AccountId, Session},
    audit::Author,
    error::Result,
    org::{self, Organisation},
    record::{Draft, Faults},
    rights::Role,
    web::{Alone, App, SESSION_COOKIE, cookie, refusal},
};

#[derive(Template)]
#[template(path = "door/invitation.html")]
struct Page<'a> {
    org: &'a Organisation,
    /// The address that was invited.
    email: &'a str,
    role: Role,
    action: String,
    /// Whoever is signed in already.
    session: Option<&'a Session>,
    /// The form for a new account; none where the invited address has one.
    new: Option<Inputs<'a>>,
    known: Inputs<'a>,
    /// Which of the two forms was sent.
    sent_known: bool,
}

/// What a link stands for at a moment.
enum Found<T> {
    Open(T),
    Closed(Response),
}

async fn find(app: &App, token: &str, now: Timestamp) -> Result<Found<Invitation>> {
    let closed = |status, title, message| Ok(Found::Closed(refusal(status, title, message)));
    match store::invitation(&app.db, &account::hash(token)).await? {
        None => closed(
            StatusCode::NOT_FOUND,
            "This invitation is not known",
            "The link is incomplete, or the invitation was withdrawn. Copy the whole link once more, or ask the one \
             who invited you for a new one.",
        ),
        Some(it) if it.is_used() => closed(
            StatusCode::GONE,
            "This invitation was used already",
            "An invitation works once. If it was you who used it, sign in. If not, tell the one who invited you.",
        ),
        Some(it) if it.expires() <= now => closed(
            StatusCode::GONE,
            "This invitation has expired",
            "An invitation is good for seven days. Ask the one who invited you for a new one.",
        ),
        Some(it) => Ok(Found::Open(it)),
    }
}

/// Whoever is signed in in this browser: the address is open to everyone who holds it, so the guard did not look.
async fn signed_in(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Session>> {
    match cookie(headers, SESSION_COOKIE) {
        Some(secret) => account::session(&app.db, &secret, now).await,
        None => Ok(None),
    }
}

struct Visit<'a> {
    app: &'a App,
    alone: &'a Alone,
    token: &'a str,
    now: Timestamp,
    invitation: Invitation,
    org: Organisation,
    session: Option<Session>,
}

impl<'a> Visit<'a> {
    async fn begin(app: &'a App, alone: &'a Alone, headers: &HeaderMap, token: &'a str) -> Result<Found<Visit<'a>>> {
        let now = app.now();
        let invitation = match find(app, token, now).await? {
            Found::Open(it) => it,
            Found::Closed(page) => return Ok(Found::Closed(page)),
        };
        let org = org::find(&app.db, invitation.org).await?;
        let session = signed_in(app, headers, now).await?;
        Ok(Found::Open(Visit { app, alone, token, now, invitation, org, session }))
    }

    async fn show(&self, status: StatusCode, draft: &Draft, faults: &Faults) -> Result<Response> {
        let sent_known = draft.get("way") == "known";
        let (empty, none) = (Draft([("email".to_owned(), self.invitation.email.clone())].into()), Faults::default());
        let new = vec![
            Input::new("name", "Your name", Ask::Text).completed_as("name"),
            Input::new("password", "Password", Ask::Password(Known::New))
                .help(format!("{} characters at least.", account::PASSWORD_LENGTH)),
        ];
        let known = vec![
            Input::new("email", "E-mail", Ask::Email),
            Input::new("password", "Password", Ask::Password(Known::Present)),
        ];
        let has_account = account::by_email(&self.app.db, &self.invitation.email).await?.is_some();
        let (for_new, for_known) =
            if sent_known { ((&empty, &none), (draft, faults)) } else { ((draft, faults), (&empty, &none)) };
        let page = Page {
            org: &self.org,
            email: &self.invitation.email,
            role: self.invitation.role(),
            action: format!("/invitation/{}", self.token),
            session: self.session.as_ref(),
            new: (!has_account).then_some(Inputs { inputs: new, draft: for_new.0, faults: for_new.1 }),
            known: Inputs { inputs: known, draft: for_known.0, faults: for_known.1 },
            sent_known,
        };
        self.alone.page(status, "Invitation", &page)
    }
}

pub async fn page(
    State(app): State<App>,
    alone: Alone,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response> {
    match Visit::begin(&app, &alone, &headers, &token).await? {
        Found::Open(visit) => visit.show(StatusCode::OK, &Draft::default(), &Faults::default()).await,
        Found::Closed(page) => Ok(page),
    }
}

pub async fn accept(
    tries: &Tries,
    State(app): State<App>,
    caller: Caller,
    alone: Alone,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(mut draft): Form<Draft>,
) -> Result<Response> {
    let visit = match Visit::begin(&app, &alone, &headers, &token).await? {
        Found::Open(visit) => visit,
        Found::Closed(page) => return Ok(page),
    };
    let Visit { invitation, org, session, now, .. } = &visit;
    let now = *now;
    let mut faults = Faults::default();

    let who = match (draft.get("way"), session) {
        ("this", Some(session)) => Who::Known(session.account, session.name.clone(), session.email.clone()),
        ("known", _) => {
            let password = draft.0.get("password").cloned().unwrap_or_default();
            match admit(tries, &app, &caller, draft.get("email"), &password, now).await? {
                Ok(account) => Who::Known(account.id, account.name, account.email),
                Err(refused) => {
                    faults.add("", refused.sentence());
                    let mut response = visit.show(refused.status(), &draft, &faults).await?;
                    refused.say_when(&mut response);
                    return Ok(response);
                }
            }
        }
        _ => {
            draft.0.insert("email".to_owned(), invitation.email.clone());
            let new = NewAccount::read(&draft, &mut faults);
            if account::by_email(&app.db, &invitation.email).await?.is_some() {
                draft.0.insert("way".to_owned(), "known".to_owned());
                faults = Faults::default();
                faults.add("", format!("{} has an account already: sign in with its password.", invitation.email));
            }
            if !faults.is_empty() {
                return visit.show(StatusCode::UNPROCESSABLE_ENTITY, &draft, &faults).await;
            }
            let hash = account::hash_password(new.password).await?;
            Who::New(AccountId::fresh(), new.name, new.email, hash)
        }
    };
    let (Who::Known(id, name, email) | Who::New(id, name, email, _)) = &who;
    let own = account::memberships(&app.db, *id).await?;
    if let Some(is) = own.iter().find(|it| it.org == org.id) {
        let message = format!(
            "{email} belongs to {} already, as {}. An owner can change the role under Members; the invitation was not used.",
            org.name,
            is.role().label()
        );
        return Ok(refusal(StatusCode::CONFLICT, "You are a member already", &message));
    }

    let author = Author { org: org.id, account: Some(id.0), name: name.clone(), at: now, batch: None };
    let mut tx = app.db.begin().await?;
    if !store::use_up(&mut tx, &invitation.token_hash, now).await? {
        drop(tx);
        return match find(&app, &token, now).await? {
            Found::Closed(page) => Ok(page),
            Found::Open(..) => Err(crate::Error::NotFound),
        };
    }
    if let Who::New(id, name, email, hash) = &who {
        account::insert(&mut tx, *id, email, name, hash, now).await?;
    }
    account::join(&mut tx, *id, org.id, invitation.role()).await?;
    audit_joining(&mut tx, &author, id.0, email, invitation.role()).await?;
    tx.commit().await?;
    let welcome = format!("Welcome to {}.", org.name);
    open_session(&app, &headers, *id, Some(org.id), now, "/", &welcome).await
}

/// Who accepts: someone with an account, or someone who gets one with this name, address and password's hash.
enum Who {
    Known(AccountId, String, String),
    New(AccountId, String, String, String),
}
