//! The settings of the organisation.

use askama::Template;
use axum::{extract::Form, http::StatusCode, response::Response};

use super::{inputs::Inputs, organisation};
use crate::{
    audit,
    error::Result,
    org::{self, Organisation},
    pages::Conflict,
    record::{Draft, Faults},
    web::{Place, Scope, see},
};

#[derive(Template)]
#[template(path = "door/settings.html")]
struct Page<'a> {
    form: Inputs<'a>,
    faults: &'a Faults,
    version: i64,
    conflict: Conflict,
    embedded: bool,
}

async fn show(
    scope: &Scope,
    status: StatusCode,
    draft: &Draft,
    faults: &Faults,
    version: i64,
    conflict: Conflict,
) -> Result<Response> {
    let inputs = organisation::inputs().into_iter().chain(organisation::stage_inputs()).collect();
    let page =
        Page { form: Inputs { inputs, draft, faults }, faults, version, conflict, embedded: scope.db().is_embedded() };
    scope.page_with(status, Place::new("Organisation settings", "/settings"), &page).await
}

pub async fn page(scope: Scope) -> Result<Response> {
    let draft = organisation::draft(&scope.org);
    show(&scope, StatusCode::OK, &draft, &Faults::default(), scope.org.version, Conflict::default()).await
}

pub async fn save(scope: Scope, Form(draft): Form<Draft>) -> Result<Response> {
    let seen = draft.get("version").parse().unwrap_or(0);
    let before: &Organisation = &scope.org;
    let mut after = before.clone();
    let mut faults = Faults::default();
    organisation::read(&draft, &mut after, &mut faults);
    organisation::read_stages(&draft, &mut after, &mut faults);
    if !faults.is_empty() {
        return show(&scope, StatusCode::UNPROCESSABLE_ENTITY, &draft, &faults, seen, Conflict::default()).await;
    }
    let differences = organisation::differences(before, &after);
    if differences.is_empty() {
        return Ok(see("/settings", "Nothing was different, so nothing was saved."));
    }
    if seen != before.version {
        let conflict = differences.into_iter().collect();
        return show(&scope, StatusCode::CONFLICT, &draft, &faults, before.version, conflict).await;
    }
    let mut tx = scope.db().begin().await?;
    if !org::update(&mut tx, &after).await? {
        drop(tx);
        let now = org::find(scope.db(), scope.id()).await?;
        let conflict = organisation::differences(&now, &after).into_iter().collect();
        return show(&scope, StatusCode::CONFLICT, &draft, &faults, now.version, conflict).await;
    }
    let changes = organisation::changes(Some(before), &after);
    let (author, id) = (scope.author(), scope.id().0);
    audit::add(&mut tx, &author, "changed", "organisation", id, &after.name, &changes, before.version + 1).await?;
    tx.commit().await?;
    Ok(see("/settings", "Saved."))
}
