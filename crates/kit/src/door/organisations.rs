//! The organisations of an account, and which one is at hand.

use askama::Template;
use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use db::uuid::Uuid;
use serde::Deserialize;

use crate::{
    account::{self, Membership},
    error::{Error, Result},
    org::OrgId,
    web::{App, Place, SESSION_COOKIE, Visitor, cookie, see},
};

#[derive(Template)]
#[template(path = "door/organisations.html")]
struct Page {
    memberships: Vec<Membership>,
    at_hand: Option<OrgId>,
}

impl Page {
    fn is_at_hand(&self, membership: &Membership) -> bool {
        self.at_hand == Some(membership.org)
    }
}

pub async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let page = Page {
        memberships: account::memberships(&app.db, visitor.session.account).await?,
        at_hand: visitor.scope.as_ref().map(|it| it.id()),
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
