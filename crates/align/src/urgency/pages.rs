//! The special screens: what to clear first, the force field, the facts, the letter; and what stands on the pages of
//! obstacles and outcomes.

mod card;
mod facts;
mod forces;
mod letter;
mod overview;
mod threats;

use kit::{
    error::Result,
    record::{Kind, Row},
    rights::Right,
    web::{Access, Routes, Scope},
};

use crate::{
    expectations::model::{Outcome, OutcomeId},
    urgency::model::{Obstacle, ObstacleId},
};

pub fn routes(routes: Routes) -> Routes {
    let (view, contribute) = (Access::With(Right::View), Access::With(Right::Contribute));
    routes
        .get("/urgency", view, overview::page)
        .get("/urgency/forces", view, forces::page)
        .get("/urgency/facts", view, facts::page)
        .post("/urgency/facts/{fact}/obstacle", contribute, facts::raise)
        .post("/obstacles/{id}/threats", contribute, threats::save)
        .get("/obstacles/{id}/letter", view, letter::page)
        .get("/obstacles/{id}/letter/{format}", view, letter::download)
}

/// What an obstacle threatens, on its page; the forces around an outcome, on its page.
pub async fn sections(scope: &Scope, kind: &'static Kind, row: &Row) -> Result<Vec<String>> {
    if kind.key == Obstacle::KIND.key {
        return Ok(vec![threats::section(scope, ObstacleId(row.id)).await?]);
    }
    if kind.key == Outcome::KIND.key {
        return Ok(vec![forces::section(scope, OutcomeId(row.id)).await?]);
    }
    Ok(Vec::new())
}
