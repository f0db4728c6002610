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
    /// Of the reader's own calendar, once they made one.
    address: Option<String>,
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
        readiness(&self.here.advice.risks, &self.locale.date(self.here.at.due))
    }
}

/// Counts only what is known; what nobody assessed is said to be unknown.
fn readiness(risks: &[Risk], due: &str) -> String {
    let known = risks.iter().filter(|it| it.maturity.is_some()).count();
    let grave = risks.iter().filter(|it| it.is_grave()).count();
    let (verb, one) = if known == 1 { ("puts", "competency") } else { ("put", "competencies") };
    let unknown = risks.len() - known;
    let of_unknown = if unknown == 0 { String::new() } else { format!("; of {unknown} more it is unknown") };
    match (known, grave) {
        (0, _) if unknown == 0 => format!("Nothing before it weakens the budget that is due on {due}"),
        (0, _) => {
            let were = if unknown == 1 { "competency before it was" } else { "competencies before it were" };
            format!("How ready the budget due on {due} is cannot be said: {unknown} {were} never assessed")
        }
        (_, 0) => format!("{known} {one} short of sound {verb} the budget due on {due} at some risk{of_unknown}"),
        _ => format!("{known} {one} {verb} the budget due on {due} at risk, {grave} of them gravely{of_unknown}"),
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
        address: calendar::address(&scope).await?,
    };
    scope.page(Place::new("Planner", "/planner"), &page).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_counts_what_is_known_and_calls_the_rest_unknown() {
        let of = |levels: &[Option<i64>]| {
            let risk =
                |(at, maturity): (usize, &Option<i64>)| Risk { competency: Competency::ALL[at], maturity: *maturity };
            readiness(&levels.iter().enumerate().map(risk).collect::<Vec<_>>(), "29 May")
        };
        assert_eq!(of(&[]), "Nothing before it weakens the budget that is due on 29 May");
        assert_eq!(
            of(&[None; 11]),
            "How ready the budget due on 29 May is cannot be said: 11 competencies before it were never assessed"
        );
        assert_eq!(of(&[Some(2)]), "1 competency short of sound puts the budget due on 29 May at some risk");
        assert_eq!(
            of(&[Some(0), Some(2), None]),
            "2 competencies put the budget due on 29 May at risk, 1 of them gravely; of 1 more it is unknown"
        );
    }
}
