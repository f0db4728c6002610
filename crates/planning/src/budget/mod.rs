//! The annual IT budget, line by line, below the vision that it serves.
//!
//! A line is written by hand, or taken in from whatever costs something: areas say through the registry what their
//! records cost in a year, and the thread ties each to the line that pays for it. Nothing is taken in by itself. It
//! must not know who has costs: a contract and a plan are the same here.

mod here;
pub mod model;
mod pages;
pub mod rules;

use calc::fiscal::Stage;
use kit::{
    area::{Answer, Area, Entry, Evidence, Note},
    format::counted,
    method::Competency,
    record::Kind,
    rights::Right,
    web::{Routes, Scope},
};

use self::here::Here;
pub use self::{model::BudgetLine, pages::told};

/// What the thread says of a record and the line that pays for it.
pub const COSTS: &str = "is paid by";

/// The area of the budget.
pub struct Budget;

const OF: Competency = Competency::OperationalPlanning;

impl Area for Budget {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[BudgetLine::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Budget", "/budget").of(OF).for_those_who(Right::SeeCosts),
                Entry::new("Budget lines", "/budget-lines").of(OF).for_those_who(Right::SeeCosts),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    /// What is not in the budget yet, in the months in which it is decided.
    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let at = scope.org.calendar().position(scope.today());
            if at.stage != Stage::Decisions || at.handed_in || !scope.may(Right::KeepCosts) {
                return Ok(Vec::new());
            }
            let here = Here::load(scope, None).await?;
            let (open, year) = (here.to_take().len(), here.year.name);
            let note = || {
                let what =
                    counted(open, "cost that is not in it as it stands", "costs that are not in it as they stand");
                Note::new(format!("Take into the budget of FY {year}: {what}"), "/budget#take").on(at.due)
            };
            Ok((open > 0).then(note).into_iter().collect())
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let here = Here::load(scope, None).await?;
            let lines: Vec<&BudgetLine> = here.lines().into_iter().filter(|it| it.is_in()).collect();
            let whole = lines.iter().filter(|it| it.owner.is_some() && it.rationale.is_some()).count();
            let year = here.year.name;
            let mut all = vec![Evidence::new(
                OF,
                "Every line of the budget that is being made has an owner, and says why and what if not",
                !lines.is_empty() && whole == lines.len(),
                format!("FY {year}: {whole} of {}", counted(lines.len(), "line", "lines")),
                "/budget",
            )];
            if scope.may(Right::SeeCosts) {
                let (open, known) = (here.to_take().len(), here.costs.len());
                all.push(Evidence::new(
                    OF,
                    "What contracts and plans cost is in that budget as they say",
                    !lines.is_empty() && open == 0,
                    format!("{} of {known}", known - open),
                    "/budget",
                ));
            }
            Ok(all)
        })
    }
}
