//! What came out: who leads, how sure that is, where people differ, and the decision.

use askama::Template;
use axum::{
    extract::{Form, Path},
    response::Response,
};
use kit::{
    error::Result,
    pages::{Fields, Meant, Tied, tied},
    people::{Person, PersonId},
    record::{FieldType, Titles, Value},
    rights::Right,
    store,
    web::{Scope, see},
};

use super::{Back, change, place, whole};
use crate::sourcing::{
    contracts::model::Supplier,
    model::Activity,
    onward::{Onward, of_choice},
    selecting::{
        model::{SelectionId, SelectionState, Weighing},
        rules::{Outcome, Whole, outcome},
    },
};

#[derive(Template)]
#[template(path = "sourcing/selecting/result.html")]
struct Shown<'a> {
    scope: &'a Scope,
    whole: Whole,
    heading: String,
    lead: String,
    outcome: Option<Outcome>,
    /// Candidates, the best first: place in the list, points.
    order: Vec<(usize, f64)>,
    people: Titles,
    day: String,
    back: Back,
    /// What the decision has led to, and what usually comes next.
    made: Vec<Tied>,
    steps: Vec<Onward>,
}

impl Shown<'_> {
    fn one(&self, it: &f64) -> String {
        self.scope.locale().decimal(*it, 1)
    }

    fn points(&self, outcome: &Outcome, it: &f64) -> String {
        self.scope.locale().decimal(*it, outcome.places(self.scope.locale()))
    }

    fn weight(&self, outcome: &Outcome, criterion: &usize) -> String {
        self.scope.locale().decimal(outcome.weights[*criterion], 0)
    }

    fn candidate(&self, at: &usize) -> &str {
        &self.whole.candidates[*at].name
    }

    fn criterion(&self, at: &usize) -> &str {
        &self.whole.criteria[*at].name
    }

    fn alone(&self, points: &[f64], at: &usize) -> String {
        self.one(&points[*at])
    }

    fn mean(&self, outcome: &Outcome, criterion: &usize, candidate: &usize) -> f64 {
        outcome.ratings[*criterion][*candidate].mean.unwrap_or_default()
    }

    fn level(&self, mean: &f64) -> i64 {
        mean.round() as i64
    }

    /// "2 to 5", where people do not agree.
    fn range(&self, outcome: &Outcome, criterion: &usize, candidate: &usize) -> Option<String> {
        let it = outcome.ratings[*criterion][*candidate];
        let (low, high) = it.lowest.zip(it.highest)?;
        (high > low).then(|| format!("{low:.0} to {high:.0}"))
    }

    fn who(&self, it: &PersonId) -> &str {
        self.people.get(&it.0).map_or("", |it| it)
    }

    /// "3 of 8 scores".
    fn how_much(&self, it: &PersonId) -> String {
        let (given, of) = self.whole.done(*it);
        format!("{given} of {of} scores")
    }

    fn share(&self, points: &f64) -> String {
        format!("{:.1}", points / 5.0 * 100.0)
    }

    fn is_typed(&self, name: &str) -> bool {
        self.back.typed.get("chosen") == name
    }
}

pub(super) async fn page(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
    show_result(&scope, id, Back::default()).await
}

async fn show_result(scope: &Scope, id: SelectionId, back: Back) -> Result<Response> {
    let whole = whole(scope, id).await?;
    let (outcome, lacks) = match outcome(&whole) {
        Ok(it) => (Some(it), String::new()),
        Err(why) => (None, why),
    };
    let mut order: Vec<(usize, f64)> = match &outcome {
        Some(it) => it.compared.normalised.iter().copied().enumerate().collect(),
        None => Vec::new(),
    };
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let people = store::titles(scope.db(), scope.id(), Person::KIND).await?;
    let found = outcome.as_ref().map(|it| it.finding(&whole, scope.locale()));
    let heading = match (&whole.selection.state, &whole.selection.chosen, &found) {
        (SelectionState::Decided, Some(chosen), _) => format!("{chosen} was chosen"),
        (SelectionState::Dropped, ..) => "This selection was dropped".to_owned(),
        (.., Some(found)) => found.clone(),
        (.., None) => lacks.clone(),
    };
    let sensitivity = outcome.as_ref().map(|it| it.sensitivity(&whole, &people, scope.locale())).unwrap_or_default();
    let lead = match (whole.selection.state, found) {
        (SelectionState::Decided, Some(found)) => format!("{found}. {sensitivity}"),
        _ => sensitivity,
    };
    let day = whole.selection.closed_on.map_or_else(String::new, |it| scope.locale().date(it));
    let place = place(&whole.selection, "Result");
    let (_, made) = tied(scope, id.0).await?;
    let mut steps = onward(scope, &whole).await?;
    steps.retain(|step| made.iter().all(|it| it.end.kind != step.kind));
    let page = Shown { scope, whole, heading, lead, outcome, order, people, day, back, made, steps };
    scope.page_with(page.back.status(), place, &page).await
}

/// What comes after the decision. A candidate who is no supplier yet is one as soon as a supplier has that name.
async fn onward(scope: &Scope, whole: &Whole) -> Result<Vec<Onward>> {
    let it = &whole.selection;
    let Some(chosen) = it.chosen.as_deref().filter(|_| it.state == SelectionState::Decided) else {
        return Ok(Vec::new());
    };
    let suppliers: Vec<Supplier> = store::all(scope.db(), scope.id()).await?;
    let known = whole.candidates.iter().find(|it| it.name == chosen).and_then(|it| it.supplier);
    let supplier = suppliers.iter().find(|it| match known {
        Some(known) => it.id == known,
        None => it.name.eq_ignore_ascii_case(chosen),
    });
    let activity = match it.activity {
        Some(id) => Some(store::find::<Activity>(scope.db(), scope.id(), id).await?),
        None => None,
    };
    Ok(of_choice(it, chosen, supplier, activity.as_ref(), |right| scope.may(right)))
}

/// Closes the selection with who was chosen and why.
pub(super) async fn decide(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = whole(&scope, id).await?;
    let (chosen, reason) = (fields.text("chosen"), fields.text("reason"));
    let fault = match () {
        () if !whole.candidates.iter().any(|it| it.name == chosen) => Some("Choose one of the candidates."),
        () if reason.is_empty() => Some("Write why: the one who lost will ask, and so will the next budget."),
        () => None,
    };
    if let Some(fault) = fault {
        drop(tx);
        return show_result(&scope, id, Back::faulty(fields, fault)).await;
    }
    let (now, why) = (whole.selection.chosen.unwrap_or_default(), whole.selection.reason.unwrap_or_default());
    if fields.meant_together(&[("chosen", &now), ("reason", &why)]) == Meant::Meanwhile {
        drop(tx);
        let conflict = [("Who is chosen", now, chosen), ("Why", why, reason)].into_iter().collect();
        return show_result(&scope, id, Back { typed: fields, conflict, ..Back::default() }).await;
    }
    change(&mut tx, &scope, id, |set| {
        set("state", SelectionState::Decided.to_value());
        set("chosen", Value::Text(chosen.clone()));
        set("reason", Value::Text(reason));
        set("closed_on", Value::Date(scope.today()));
    })
    .await?;
    tx.commit().await?;
    Ok(see(&format!("/selections/{id}/result"), &format!("{chosen} was chosen.")))
}
