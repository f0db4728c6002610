//! The fifteen at a glance: status, maturity, how they are seen, cycle by cycle.

use askama::Template;
use axum::response::Response;
use kit::{
    area::Perception,
    error::Result,
    format::Locale,
    method::{Competency, Group},
    web::{Place, Scope},
};

use crate::{content, cycles, here::Here, model::Assessment, pages::status};

#[derive(Template)]
#[template(path = "pages/overview.html")]
struct Page<'a> {
    here: &'a Here,
    locale: Locale,
    heading: String,
    /// The cycles with an assessment and the present one, the newest first.
    cycles: Vec<i64>,
}

impl Page<'_> {
    fn status(&self, competency: &Competency) -> (&'static str, &'static str) {
        status(self.here, *competency)
    }

    fn achieves(&self, group: &Group) -> &'static str {
        content::achieves(*group)
    }

    fn in_cycle(&self, competency: &Competency, cycle: &i64) -> Option<&Assessment> {
        self.here.assessments.iter().find(|it| it.competency == *competency && it.cycle == *cycle)
    }

    /// The note that stands: of this cycle or the last one that has an assessment.
    fn note(&self, competency: &Competency) -> &str {
        self.here.latest(*competency).and_then(|it| it.note.as_deref()).unwrap_or_default()
    }

    fn mean(&self, cycle: &i64) -> String {
        cycles::mean_maturity(&self.here.assessments, *cycle).map_or_else(String::new, |it| self.locale.decimal(it, 1))
    }

    fn settled(&self, cycle: &i64) -> usize {
        self.here.assessments.iter().filter(|it| it.cycle == *cycle && it.settled).count()
    }

    fn financial_year(&self, cycle: &i64) -> i64 {
        self.here.first_year + cycle - 1
    }

    fn seen(&self, competency: &Competency, of: fn(&Perception) -> Option<f64>) -> String {
        let value = self.here.perception(*competency).and_then(of);
        value.map_or_else(String::new, |it| self.locale.decimal(it, 1))
    }

    fn business(&self, competency: &Competency) -> String {
        self.seen(competency, |it| it.business)
    }

    fn it(&self, competency: &Competency) -> String {
        self.seen(competency, |it| it.it)
    }

    /// The gap, and whether it is certain.
    fn gap(&self, competency: &Competency) -> (String, bool) {
        let seen = self.here.perception(*competency);
        let gap = seen.and_then(|it| it.gap).map_or_else(String::new, |it| self.locale.signed(it, 1));
        (gap, seen.is_some_and(|it| it.certain))
    }
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Here::without_evidence(&scope).await?;
    let locale = scope.locale();
    let settled = Competency::ALL.iter().filter(|it| here.is_settled(**it)).count();
    let heading = match cycles::mean_maturity(&here.assessments, here.cycle) {
        Some(mean) => {
            let mean = locale.decimal(mean, 1);
            format!("Maturity is {mean} of 5; {settled} of fifteen are good enough in cycle {}", here.cycle)
        }
        None => "Fifteen competencies, none assessed yet".to_owned(),
    };
    let mut cycles: Vec<i64> = here.assessments.iter().map(|it| it.cycle).chain([here.cycle]).collect();
    cycles.sort_unstable();
    cycles.dedup();
    cycles.reverse();
    let page = Page { here: &here, locale, heading, cycles };
    scope.page(Place::new("Journey", "/journey"), &page).await
}
