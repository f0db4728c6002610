//! What a board reads in five minutes, the vision on top: made anew from what the areas hold, as a page and as a
//! document to edit.
//!
//! It must not show to anybody what their own pages would not: amounts are for those who see costs.

mod pack;
mod pages;

use jiff::{ToSpan, civil::Date};
use kit::{
    area::{Answer, Area, Entry, Evidence},
    method::Competency,
    web::{Routes, Scope},
};

use align::expectations::{Here, model::State};

/// The area of the board pack.
pub struct BoardPack;

const OF: Competency = Competency::ResultsFocus;

/// A figure says how an outcome stands for so many months.
const FRESH: i32 = 3;

impl Area for BoardPack {
    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Board pack", "/board-pack").of(OF)] }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let since: Date = scope.today() - FRESH.months();
            let agreed: Vec<_> = here.progress().into_iter().filter(|it| it.0.state == State::Agreed).collect();
            let fresh = agreed.iter().filter(|it| it.1.latest.is_some_and(|(day, _)| day >= since)).count();
            Ok(vec![Evidence::new(
                OF,
                "Every agreed outcome has a figure of the last three months, so that a board sees how it stands",
                !agreed.is_empty() && fresh == agreed.len(),
                format!("{fresh} of {}", agreed.len()),
                "/board-pack",
            )])
        })
    }
}
