//! Which outcomes an obstacle threatens, on the page of the obstacle.

use askama::Template;
use axum::{
    extract::{Form, Path},
    response::Response,
};
use kit::{
    error::Result,
    format::Locale,
    rights::Right,
    store, thread,
    web::{Scope, see},
};

use crate::{
    expectations::model::{Outcome, OutcomeId},
    urgency::{
        THREATENS,
        here::Obstacles,
        model::{Force, Obstacle, ObstacleId},
    },
};

#[derive(Template)]
#[template(path = "urgency/pages/threats.html")]
struct Section<'a> {
    id: ObstacleId,
    is_open: bool,
    /// Each with the force by which it is held back, where there is one.
    threatened: Vec<(&'a Outcome, Option<&'a Force>)>,
    /// Those that can be chosen: the ones that are still to come, and the ones that are chosen. What a force says is
    /// changed there.
    choices: Vec<&'a Outcome>,
    may: bool,
    locale: Locale,
}

impl Section<'_> {
    fn is_threatened(&self, of: &Outcome) -> bool {
        self.threatened.iter().any(|it| it.0.id == of.id)
    }
}

pub async fn section(scope: &Scope, id: ObstacleId) -> Result<String> {
    let here = Obstacles::load(scope).await?;
    let threatened = here.threatened(id);
    let is_chosen = |of: &Outcome| threatened.iter().any(|it| it.id == of.id);
    let by_force = |it: &Outcome| here.force(id, it.id);
    let choices =
        here.outcomes.iter().filter(|it| (it.state.is_open() || is_chosen(it)) && by_force(it).is_none()).collect();
    let is_open = here.all.iter().any(|it| it.id == id && it.is_open());
    let threatened = threatened.into_iter().map(|it| (it, by_force(it))).collect();
    let section =
        Section { id, is_open, choices, threatened, may: scope.may(Right::Contribute), locale: scope.locale() };
    Ok(section.render()?)
}

/// Ties the obstacle to the outcomes that were ticked, and unties it from those whose tick was taken away. What
/// somebody else ticked meanwhile was in nobody's hand, and stays.
pub async fn save(
    scope: Scope,
    Path(id): Path<ObstacleId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let obstacle: Obstacle = store::find(scope.db(), scope.id(), id).await?;
    let outcomes: Vec<Outcome> = store::all(scope.db(), scope.id()).await?;
    let has = |key: &str, of: OutcomeId| sent.iter().any(|(it, value)| it == key && *value == of.to_string());
    let (ticked, was) = (|of| has("outcome", of), |of| has("was", of));
    let links = thread::of(scope.db(), scope.id(), id.0).await?;
    let here = Obstacles::load(&scope).await?;
    let mut tx = scope.db().begin().await?;
    let from = thread::End { kind: Obstacle::KIND.key, id: id.0 };
    for it in &outcomes {
        let link =
            links.iter().find(|link| link.from_id == id.0 && link.relation == THREATENS && link.to_id == it.id.0);
        match (link, ticked(it.id)) {
            (None, true) => {
                let to = thread::End { kind: Outcome::KIND.key, id: it.id.0 };
                thread::tie(&mut tx, &scope.author(), from, THREATENS, to).await?;
            }
            (Some(link), false) if was(it.id) => {
                thread::untie(&mut tx, &scope.author(), link).await?;
            }
            _ => {}
        }
    }
    tx.commit().await?;
    let is_tied = |of: OutcomeId| links.iter().any(|it| it.relation == THREATENS && it.to_id == of.0);
    let is_held = |of: OutcomeId| here.force(id, of).is_some();
    let threatened = |it: &&Outcome| ticked(it.id) || is_held(it.id) || (is_tied(it.id) && !was(it.id));
    let message = match outcomes.iter().filter(threatened).count() {
        0 => format!("“{}” threatens no outcome now.", obstacle.title),
        1 => format!("“{}” threatens one outcome. It shows on both pages.", obstacle.title),
        n => format!("“{}” threatens {n} outcomes. It shows on their pages too.", obstacle.title),
    };
    Ok(see(&format!("/obstacles/{id}#threatens"), &message))
}
