//! The team's pages.

pub mod asked;
mod gaps;
mod main;
mod people;
mod plan;
mod time;

use kit::{
    rights::Right,
    web::{Access, Routes},
};

use crate::team::{
    model::Level,
    rules::{Line, State},
};

pub fn routes(routes: Routes) -> Routes {
    let view = Access::With(Right::View);
    routes
        .get("/team", view, main::page)
        .post("/team/our-list", Access::With(Right::Lead), main::take_in)
        .get("/team/our-list/{format}", view, main::our_list)
        .get("/team/gaps", view, gaps::page)
        .get("/team/people", view, people::list)
        .get("/team/people/{id}", view, people::page)
        .post("/team/people/{id}", view, people::save)
        .get("/team/plan", view, plan::page)
        .get("/team/plan/chart/{format}", view, plan::file)
        .get("/team/profiles/{id}", Access::With(Right::View), plan::profile)
        .get("/team/time", view, time::page)
        .post("/team/time", Access::With(Right::Contribute), time::save)
        .get("/team/time/chart/{format}", view, time::file)
}

/// Cover as circles: filled for each who has it, empty for each who is missing.
struct Cover {
    on: usize,
    off: usize,
    said: String,
}

/// More circles than this are only counted.
const CIRCLES: usize = 6;

impl Cover {
    fn of(line: &Line) -> Cover {
        let on = line.have.min(CIRCLES);
        let off = line.lacks().min(CIRCLES - on);
        Cover { on, off, said: format!("{} of {} people", line.have, line.wanted) }
    }
}

/// The chip of a state: class and words.
fn chip(state: State) -> (&'static str, &'static str) {
    (state.class(), state.label())
}

/// A step as pages say it.
fn step(level: i64) -> &'static str {
    Level::from_number(level).map_or("", Level::label)
}
