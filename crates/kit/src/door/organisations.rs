//! The organisations of an account: which one is at hand, and making another.

use askama::Template;
use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use db::uuid::Uuid;
use serde::Deserialize;

use super::{first_run::establish, inputs::Inputs, organisation, rules::may_found};
use crate::{
    account::{self, Membership},
    audit::Author,
    error::{Error, Result},
    org::OrgId,
    record::{Draft, Faults},
    web::{App, Place, SESSION_COOKIE, Visitor, cookie, see},
};

#[derive(Template)]
#[template(path = "door/organisations.html")]
struct Page {
    memberships: Vec<Membership>,
    at_hand: Option<OrgId>,
    may_found: bool,
}

impl Page {
    fn is_at_hand(&self, membership: &Membership) -> bool {
        self.at_hand == Some(membership.org)
    }
}

pub async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let memberships = account::memberships(&app.db, visitor.session.account).await?;
    let page = Page {
        may_found: may_found(memberships.iter().map(Membership::role)),
        at_hand: visitor.scope.as_ref().map(|it| it.id()),
        memberships,
    };
    visitor.page(StatusCode::OK, Place::new("Organisations", "/organisations"), &page).await
}

#[derive(Debug, Deserialize)]
pub struct Chosen {
    org: Uuid,
}

pub async fn switch(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let own = account::memberships(&app.db, visitor.session.account).await?;
    let chosen = own.iter().find(|it| it.org == OrgId(chosen.org)).ok_or(Error::NotFound)?;
    let secret = cookie(&headers, SESSION_COOKIE).ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    account::switch(&mut tx, &secret, chosen.org).await?;
    tx.commit().await?;
    Ok(see("/", &format!("You are in {} now.", chosen.org_name)))
}

#[derive(Template)]
#[template(path = "door/organisation_new.html")]
struct NewPage<'a> {
    form: Inputs<'a>,
    faults: &'a Faults,
}

/// The form of another organisation; its first guess is the organisation at hand.
pub async fn new(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response> {
    need_to_found(&app, &visitor).await?;
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mut draft =
        visitor.scope.as_ref().map_or_else(|| organisation::guess(languages), |it| organisation::draft(&it.org));
    draft.0.remove("org_name");
    ask(&visitor, StatusCode::OK, &draft, &Faults::default()).await
}

async fn ask(visitor: &Visitor, status: StatusCode, draft: &Draft, faults: &Faults) -> Result<Response> {
    let form = Inputs { inputs: organisation::inputs(), draft, faults };
    let place = Place::new("Another organisation", "/organisations").under("Organisations", "/organisations");
    visitor.page(status, place, &NewPage { form, faults }).await
}

/// Refuses whoever is neither owner nor consultant anywhere.
async fn need_to_found(app: &App, visitor: &Visitor) -> Result<()> {
    let own = account::memberships(&app.db, visitor.session.account).await?;
    if may_found(own.iter().map(Membership::role)) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Makes another organisation, of which whoever made it is the owner, and goes there.
pub async fn found(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    need_to_found(&app, &visitor).await?;
    let (mut org, mut faults) = (organisation::fresh(), Faults::default());
    organisation::read(&draft, &mut org, &mut faults);
    if !faults.is_empty() {
        return ask(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &draft, &faults).await;
    }
    let secret = cookie(&headers, SESSION_COOKIE).ok_or(Error::NotFound)?;
    let session = &visitor.session;
    let account = Some(session.account.0);
    let author = Author { org: org.id, account, name: session.name.clone(), at: app.now(), batch: None };
    let mut tx = app.db.begin().await?;
    establish(&mut tx, &author, &org, session.account, &session.email).await?;
    account::switch(&mut tx, &secret, org.id).await?;
    tx.commit().await?;
    Ok(see("/", &format!("{} is ready, and you are in it now.", org.name)))
}
