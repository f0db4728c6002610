//! Who belongs to the organisation, as what; and invitations.

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use jiff::SignedDuration;
use serde::Deserialize;

use super::{
    inputs::{Ask, Input, Inputs, text},
    rules::may_become,
    store::{self, Invitation, Member},
};
use crate::{
    account::{self, AccountId, Secret},
    audit,
    error::{Error, Result},
    record::{Draft, Faults, Field},
    rights::{Right, Role},
    web::{Place, Scope, see},
};

/// An invitation is good for so long.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

#[derive(Template)]
#[template(path = "door/members.html")]
struct Page<'a> {
    scope: &'a Scope,
    members: Vec<Member>,
    invitations: Vec<Invitation>,
    form: Inputs<'a>,
    /// The link that was just made and to whom; it is shown this once.
    made: Option<(String, String)>,
}

impl Page<'_> {
    fn is_self(&self, member: &Member) -> bool {
        self.scope.session.as_ref().is_some_and(|it| it.account == member.account)
    }

    fn is_over(&self, invitation: &Invitation) -> bool {
        invitation.expires() <= self.scope.now
    }
}

async fn show(
    scope: &Scope,
    status: StatusCode,
    draft: &Draft,
    faults: &Faults,
    made: Option<(String, String)>,
) -> Result<Response> {
    let roles = Role::ALL.iter().map(|it| (it.key().to_owned(), it.label().to_owned())).collect();
    let inputs = vec![
        Input::new("email", "E-mail", Ask::Email).completed_as("off"),
        Input::new("role", "Role", Ask::Choice(vec![(String::new(), roles)]))
            .help(
            "Owners invite and set everything; IT leaders and consultants lead the work. Business leaders write, see what \
             things cost and take tables out as files; finance also keeps suppliers and contracts and brings in files. \
             Contributors write but see no costs; viewers only look. Everyone signs what they are asked to.",
        ),
    ];
    let page = Page {
        scope,
        members: store::members(scope.db(), scope.id()).await?,
        invitations: store::invitations(scope.db(), scope.id()).await?,
        form: Inputs { inputs, draft, faults },
        made,
    };
    scope.page_with(status, Place::new("Members", "/members").under("Organisation settings", "/settings"), &page).await
}

pub async fn page(scope: Scope) -> Result<Response> {
    let draft = Draft([("role".to_owned(), Role::Contributor.key().to_owned())].into());
    show(&scope, StatusCode::OK, &draft, &Faults::default(), None).await
}

pub async fn invite(scope: Scope, Form(draft): Form<Draft>) -> Result<Response> {
    let mut faults = Faults::default();
    let email = text("email", &Field::email("E-mail").required(), &draft, &mut faults);
    let role = Role::from_key(draft.get("role"));
    if role.is_none() {
        faults.add("role", "Choose one from the list.");
    }
    let members = store::members(scope.db(), scope.id()).await?;
    if let Some(is) = members.iter().find(|it| it.email == email) {
        faults.add(
            "email",
            format!("{} is a member already, as {}. Change the role in the list.", is.name, is.role().label()),
        );
    }
    let (Some(role), Some(session), true) = (role, &scope.session, faults.is_empty()) else {
        return show(&scope, StatusCode::UNPROCESSABLE_ENTITY, &draft, &faults, None).await;
    };
    let secret = Secret::fresh();
    let link = format!("{}/invitation/{}", scope.app.address, secret.text);
    let until = scope.now + GOOD_FOR;
    let changes = [("Role".to_owned(), [serde_json::Value::Null, role.label().into()])].into();
    let mut tx = scope.db().begin().await?;
    store::invite(&mut tx, scope.id(), &secret.hash, &email, role, session.account, until).await?;
    audit::add(&mut tx, &scope.author(), "invited", "invitation", Uuid::now_v7(), &email, &changes, 1).await?;
    tx.commit().await?;
    let draft = Draft([("role".to_owned(), role.key().to_owned())].into());
    show(&scope, StatusCode::OK, &draft, &faults, Some((email, link))).await
}

#[derive(Debug, Deserialize)]
pub struct Withdrawn {
    invitation: String,
}

pub async fn withdraw(scope: Scope, Form(withdrawn): Form<Withdrawn>) -> Result<Response> {
    let mut tx = scope.db().begin().await?;
    let taken = store::withdraw(&mut tx, scope.id(), &withdrawn.invitation).await?.ok_or(Error::NotFound)?;
    let changes = [("Role".to_owned(), [taken.role().label().into(), serde_json::Value::Null])].into();
    let author = scope.author();
    audit::add(&mut tx, &author, "withdrawn", "invitation", Uuid::now_v7(), &taken.email, &changes, 1).await?;
    tx.commit().await?;
    Ok(see("/members", &format!("The invitation of {} was withdrawn; its link is of no use any more.", taken.email)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Changed {
    role: String,
}

pub async fn change_role(scope: Scope, Path(id): Path<Uuid>, Form(changed): Form<Changed>) -> Result<Response> {
    become_something(&scope, AccountId(id), Some(&changed.role)).await
}

pub async fn remove(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    become_something(&scope, AccountId(id), None).await
}

/// Gives a member another role, or with none takes it out of the organisation.
async fn become_something(scope: &Scope, id: AccountId, role: Option<&str>) -> Result<Response> {
    let mut tx = scope.db().begin().await?;
    let members = store::members_held(&mut tx, scope.id()).await?;
    let member = members.iter().find(|it| it.account == id).ok_or(Error::NotFound)?;
    let becomes = match role {
        Some(key) => Some(
            Role::from_key(key).ok_or_else(|| Error::refused("There is no such role. Choose one from the list."))?,
        ),
        None => None,
    };
    let is = member.role();
    let owners = members.iter().filter(|it| it.role() == Role::Owner).count();
    may_become(owners, is, becomes).map_err(Error::refused)?;
    if becomes == Some(is) {
        return Ok(see("/members", "Nothing was different, so nothing was saved."));
    }
    let (act, message) = match becomes {
        Some(role) => {
            account::join(&mut tx, id, scope.id(), role).await?;
            ("changed", format!("{} is {} now.", member.name, role.label()))
        }
        None => {
            store::leave(&mut tx, scope.id(), id).await?;
            ("removed", format!("{} does not belong to {} any more.", member.name, scope.org.name))
        }
    };
    let after = becomes.map_or(serde_json::Value::Null, |it| it.label().into());
    let changes = [("Role".to_owned(), [is.label().into(), after])].into();
    let title = format!("{} ({})", member.name, member.email);
    audit::add(&mut tx, &scope.author(), act, "membership", id.0, &title, &changes, 1).await?;
    tx.commit().await?;
    let is_self = scope.session.as_ref().is_some_and(|it| it.account == id);
    let may_stay = !is_self || becomes.is_some_and(|it| it.may(Right::Administer));
    Ok(see(if may_stay { "/members" } else { "/" }, &message))
}
