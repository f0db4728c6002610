//! The pages of the journey: home, the fifteen, their overview, the planner and its calendar.

mod calendar;
mod competency;
mod home;
mod overview;
mod planner;

use kit::{
    method::Competency,
    rights::Right,
    web::{Access, Routes},
};

use crate::here::Here;

pub use self::calendar::events;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Access::With(Right::View), home::page)
        .get("/journey", Access::With(Right::View), overview::page)
        .get("/journey/{competency}", Access::With(Right::View), competency::page)
        .post("/journey/{competency}", Access::With(Right::Lead), competency::save)
        .get("/planner", Access::With(Right::View), planner::page)
        .get("/planner/calendar.ics", Access::With(Right::View), calendar::file)
        .post("/planner/calendar-address", Access::With(Right::View), calendar::renew)
        .get("/calendar/{secret}", Access::Secret, calendar::feed)
}

/// What a competency is called at its present standing: class of the chip and word.
fn status(here: &Here, competency: Competency) -> (&'static str, &'static str) {
    match here.maturity(competency) {
        _ if here.is_settled(competency) => ("good", "good enough"),
        _ if here.is_next(competency) => ("info", "next"),
        None => ("", "not assessed"),
        Some(0 | 1) => ("bad", "weak"),
        Some(2) => ("warn", "begun"),
        Some(_) => ("", "sound"),
    }
}
