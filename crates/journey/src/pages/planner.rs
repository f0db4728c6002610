//! The planner: the stage, the days left, the next competency and its reasons, the risks to the budget, the dates.

use askama::Template;
use axum::response::Response;
use calc::fiscal::Span;
use jiff::civil::Date;
use kit::{
    area::Note,
    error::Result,
    format::Locale,
    method::Competency,
    rights::Right,
    web::{Place, Scope},
};

use crate::{
    advisor::{Risk, days, inline, numbers},
    content::{self, Text},
    here::Here,
    pages::calendar,
    words,
};

/// How many other candidates are named.
const OTHERS: usize = 4;

/// How many dates the page lists; the calendar file has all.
const DATES: usize = 12;

#[derive(Template)]
#[template(path = "pages/planner.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    locale: Locale,
    heading: String,
    next: Competency,
    text: &'static Text,
    spans: Vec<Span>,
    dates: Vec<Note>,
    more: usize,
    address: String,
}

impl Page<'_> {
    fn day(&self, day: &Date) -> String {
        self.locale.short_date(*day)
    }

    fn reasons(&self) -> Vec<(&'static str, String)> {
        self.here.advice.reasons.iter().map(|it| (it.about(), it.said(self.locale))).collect()
    }

    fn others(&self) -> Vec<(Competency, String)> {
        let stands = |it: Competency| match self.here.maturity(it) {
            Some(level) => format!("stands at {level} of 5"),
            None => "not assessed".to_owned(),
        };
        self.here.advice.others.iter().take(OTHERS).map(|it| (*it, stands(*it))).collect()
    }

    fn risk(&self, risk: &Risk) -> &'static str {
        &content::of(risk.competency).budget_risk
    }

    fn is_now(&self, span: &Span) -> bool {
        span.from <= self.here.at.day && self.here.at.day <= span.until
    }

    fn works_on(&self, span: &Span) -> String {
        if span.handed_in { "approval".to_owned() } else { numbers(span.stage) }
    }

    /// The budget's readiness as a sentence.
    fn readiness(&self) -> String {
        let (risks, due) = (&self.here.advice.risks, self.locale.date(self.here.at.due));
        let grave: Vec<&Risk> = risks.iter().filter(|it| it.is_grave()).collect();
        let (n, verb, one) = (
            risks.len(),
            if risks.len() == 1 { "puts" } else { "put" },
            if risks.len() == 1 { "competency" } else { "competencies" },
        );
        match grave.len() {
            _ if n == 0 => format!("Nothing before it weakens the budget that is due on {due}"),
            0 => format!("{n} {one} short of sound {verb} the budget due on {due} at some risk"),
            grave => format!("{n} {one} {verb} the budget due on {due} at risk, {grave} of them gravely"),
        }
    }
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let locale = scope.locale();
    let mut dates = calendar::dates(&scope, &here, scope.today()).await?;
    let more = dates.len().saturating_sub(DATES);
    dates.truncate(DATES);
    let next = here.advice.next;
    let heading = if here.at.handed_in {
        format!("The budget is handed in; {} is next", inline(next))
    } else {
        let left = if here.at.days_left == 0 {
            "The budget is due today".to_owned()
        } else {
            format!("{} to the budget", days(here.at.days_left))
        };
        format!("{left}: {} is next", inline(next))
    };
    let page = Page {
        scope: &scope,
        here: &here,
        locale,
        heading,
        next,
        text: content::of(next),
        spans: here.calendar.spans(here.at.year),
        dates,
        more,
        address: format!("{}/calendar/{}.ics", scope.app.address, scope.org.calendar_secret),
    };
    scope.page(Place::new("Planner", "/planner"), &page).await
}
