//! The working screens of a selection: result, scores, weights.

mod result;
mod scores;
mod weights;

use axum::http::StatusCode;
use db::Db;
use kit::{
    error::{Error, Result},
    org::OrgId,
    pages::{Conflict, Fields},
    record::{Kind, Value, read},
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope},
};

use super::{
    model::{Selection, SelectionId},
    rules::Whole,
};

pub fn routes(routes: Routes) -> Routes {
    let (view, edit) = (Access::With(Right::View), Access::With(Right::Contribute));
    routes
        .get("/selections/{id}/result", view, result::page)
        .post("/selections/{id}/decide", edit, result::decide)
        .get("/selections/{id}/scores", view, scores::page)
        .post("/selections/{id}/scores", edit, scores::score)
        .post("/selections/{id}/candidates", edit, scores::add_candidate)
        .get("/selections/{id}/weights", view, weights::page)
        .post("/selections/{id}/weights", edit, weights::weigh)
        .post("/selections/{id}/pairs", edit, weights::compare)
        .post("/selections/{id}/criteria", edit, weights::add_criterion)
}

async fn whole(scope: &Scope, id: SelectionId) -> Result<Whole> {
    whole_of(scope.db(), scope.id(), id).await
}

/// The same, to be changed; refuses where the selection is closed.
async fn open(scope: &Scope, id: SelectionId) -> Result<Whole> {
    let whole = whole(scope, id).await?;
    match whole.is_open() {
        true => Ok(whole),
        false => Err(Error::refused(format!(
            "“{}” is closed, so its criteria, weights and scores stay as they were when it was decided. To go on, set its \
             state to Open in its record.",
            whole.selection.title
        ))),
    }
}

/// A selection with everything that belongs to it.
pub(in crate::sourcing) async fn whole_of(db: &Db, org: OrgId, id: SelectionId) -> Result<Whole> {
    let selection: Selection = store::find(db, org, id).await?;
    Ok(Whole::of(
        selection,
        store::all(db, org).await?,
        store::all(db, org).await?,
        store::all(db, org).await?,
        store::all(db, org).await?,
    ))
}

fn place(of: &Selection, title: &str) -> Place {
    Place::new(format!("{title}: {}", of.title), "/selections")
        .under("Selections", "/selections")
        .under(of.title.clone(), format!("/selections/{}", of.id))
}

/// A form that comes back: what was typed, and why. Empty where none does.
#[derive(Default)]
struct Back {
    typed: Fields,
    faults: Vec<String>,
    /// What is wrong with the name of a new criterion or candidate.
    name: Option<String>,
    conflict: Conflict,
}

impl Back {
    fn status(&self) -> StatusCode {
        match (self.faults.is_empty() && self.name.is_none(), self.conflict.is_empty()) {
            (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (true, false) => StatusCode::CONFLICT,
            (true, true) => StatusCode::OK,
        }
    }

    fn is_some(&self) -> bool {
        self.status() != StatusCode::OK
    }

    fn faulty(typed: Fields, fault: impl Into<String>) -> Back {
        Back { typed, faults: vec![fault.into()], ..Back::default() }
    }
}

/// Changes fields of the selection.
async fn change(
    tx: &mut db::Tx,
    scope: &Scope,
    id: SelectionId,
    with: impl FnOnce(&mut dyn FnMut(&str, Value)),
) -> Result<()> {
    let before = store::row_in(tx, scope.id(), Selection::KIND, id.0).await?;
    let mut values = before.values.clone();
    with(&mut |key, value| values[Selection::KIND.position(key)] = value);
    store::update(tx, &scope.author(), Selection::KIND, &before, values).await?;
    Ok(())
}

/// The name that was typed, where it is one and a new one; else what is wrong with it.
fn named<'a>(
    scope: &Scope,
    fields: &Fields,
    mut others: impl Iterator<Item = &'a str>,
    kind: &'static Kind,
) -> std::result::Result<String, String> {
    let what = kind.one.to_lowercase();
    let field = kind.field("name").expect("candidates and criteria have names");
    let Value::Text(name) = read(field, fields.get("name"), scope.writing())? else {
        return Err(format!("Write what the {what} is called."));
    };
    if others.any(|it| it.eq_ignore_ascii_case(&name)) {
        return Err(format!("The selection has a {what} called “{name}” already."));
    }
    Ok(name)
}
