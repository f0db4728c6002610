//! The journey: the fifteen competencies, the cycle, the advisor, home and the calendar.
//!
//! It reads what every area registers (evidence, perceptions, dates, decisions, changes) and knows none by name.
//! [`advisor`] decides; [`here`] gathers what it decides on; the pages show it.

pub mod advisor;
pub mod content;
pub mod cycles;
pub mod here;
pub mod ics;
pub mod model;
pub mod pages;
pub mod ring;
pub mod words;

use kit::{
    area::{Answer, Area, Entry, Standing},
    record::Kind,
    web::{Routes, Scope},
};

pub use crate::model::Assessment;

/// The area of the journey. It brings no evidence or dates to the registry: its pages add the year's own.
pub struct Journey;

impl Area for Journey {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Assessment::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Home", "/").on_top("home"),
                Entry::new("Journey", "/journey").on_top("compass"),
                Entry::new("Planner", "/planner").on_top("calendar"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    fn standings<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Standing>> {
        Box::pin(async move { Ok(here::Here::without_evidence(scope).await?.standings()) })
    }

    fn cycle<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Option<i64>> {
        Box::pin(async move { Ok(Some(here::Here::without_evidence(scope).await?.cycle)) })
    }
}
