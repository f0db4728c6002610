//! How the IT leader's weeks are spent: leading against fixing, over time.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use jiff::{ToSpan, civil::Date};
use kit::{
    chart::{self, Chart},
    error::{Error, Result},
    format::{Locale, order_of},
    pages::Fields,
    people::PersonId,
    record::{Faults, Record},
    store,
    table::{Cell, Column, Kind, Table},
    web::{Place, Scope, see},
};
use serde::Deserialize;

use crate::team::{
    here::Here,
    model::{TimeShare, TimeShareId},
};

/// The share of the week for leading that the picture draws a line at: our own mark, half of the week.
const TARGET: i64 = 50;
/// Over so many weeks a mean is taken.
const LATELY: usize = 8;
/// The picture goes back so many weeks.
const SHOWN: usize = 60;

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    day - i64::from(day.weekday().to_monday_zero_offset()).days()
}

/// The weeks of whoever notes most, the earliest first: the IT leader, where nobody else does.
fn weeks_of(here: &Here, wanted: Option<PersonId>) -> (Option<PersonId>, Vec<&TimeShare>) {
    let mut count: BTreeMap<PersonId, usize> = BTreeMap::new();
    for it in &here.weeks {
        *count.entry(it.person).or_default() += 1;
    }
    let most = count.iter().max_by_key(|(_, weeks)| **weeks).map(|(person, _)| *person);
    let person = wanted.filter(|it| count.contains_key(it)).or(most);
    let mut weeks: Vec<&TimeShare> = here.weeks.iter().filter(|it| Some(it.person) == person).collect();
    weeks.sort_by_key(|it| it.week);
    (person, weeks)
}

fn mean(weeks: &[&TimeShare], pick: fn(&TimeShare) -> i64) -> i64 {
    let sum: i64 = weeks.iter().map(|it| pick(it)).sum();
    let count = i64::try_from(weeks.len()).unwrap_or(1).max(1);
    (2 * sum + count) / (2 * count)
}

/// Leading and fixing over the last weeks, and over how many.
pub fn lately(here: &Here) -> Option<(i64, i64, usize)> {
    let (_, weeks) = weeks_of(here, None);
    let last = &weeks[weeks.len().saturating_sub(LATELY)..];
    (!last.is_empty()).then(|| (mean(last, |it| it.led), mean(last, |it| it.fixing), last.len()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    person: String,
}

#[derive(Template)]
#[template(path = "team/pages/time.html")]
struct Page<'a> {
    heading: String,
    chart: Option<String>,
    /// Others who note their weeks.
    others: Vec<(PersonId, String)>,
    /// Where the form is offered: the week, what stands in it.
    form: Option<Draft<'a>>,
    has_weeks: bool,
}

struct Draft<'a> {
    weeks: Vec<(String, String, bool)>,
    week: String,
    leading: String,
    fixing: String,
    faults: &'a Faults,
}

impl Draft<'_> {
    fn is_chosen(&self, week: &str) -> bool {
        self.week == week
    }
}

fn heading(locale: Locale, whose: &str, weeks: &[&TimeShare]) -> String {
    let percent = |it: i64| locale.percent(it as f64 / 100.0, 0);
    if weeks.is_empty() {
        return "How much of the week goes into leading, and how much into fixing?".to_owned();
    }
    let last = &weeks[weeks.len().saturating_sub(LATELY)..];
    let first = &weeks[..weeks.len().min(LATELY)];
    let (now, then) = (mean(last, |it| it.led), mean(first, |it| it.led));
    let compared = match weeks.len() >= 2 * LATELY {
        false => String::new(),
        true if now > then => format!(", up from {}", percent(then)),
        true if now < then => format!(", down from {}", percent(then)),
        true => ", as at the beginning".to_owned(),
    };
    let rest = if now >= TARGET { "" } else { "; still less than half" };
    format!("{whose} spends {} of the week on leading{compared}{rest}", percent(now))
}

fn chart_of(scope: &Scope, weeks: &[&TimeShare], summary: String) -> Chart {
    let shown = &weeks[weeks.len().saturating_sub(SHOWN)..];
    let labels: Vec<String> = shown.iter().map(|it| scope.locale().short_date(it.week)).collect();
    let of = |pick: fn(&TimeShare) -> i64| shown.iter().map(|it| Some(pick(it) as f64)).collect::<Vec<_>>();
    let series = [
        ("Leading", "@accent", "circle", of(|it| it.led)),
        ("Fixing", "@ink-2", "emptyRect", of(|it| it.fixing)),
        ("Half", "@ink-3", "none", of(|_| TARGET)),
    ];
    let mut option = chart::lines(&labels, (0.0, 100.0), &series);
    option["series"][2]["lineStyle"]["type"] = "dashed".into();
    for at in 0..2 {
        option["series"][at]["symbolSize"] = 5.into();
    }
    let columns = vec![
        Column::new("week", "Week from", Kind::Date),
        Column::new("leading", "Leading, %", Kind::Whole),
        Column::new("fixing", "Fixing, %", Kind::Whole),
        Column::new("rest", "Everything else, %", Kind::Whole),
    ];
    let row = |it: &&TimeShare| {
        let rest = 100 - it.led - it.fixing;
        vec![Cell::Date(it.week), Cell::Whole(it.led), Cell::Whole(it.fixing), Cell::Whole(rest)]
    };
    Chart {
        title: "Leading against fixing, week by week".to_owned(),
        summary,
        option,
        height: 300,
        table: Table { title: "Weeks".to_owned(), columns, rows: shown.iter().rev().map(row).collect() },
    }
}

pub async fn page(scope: Scope, Query(wanted): Query<Wanted>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let wanted = wanted.person.parse().ok().map(PersonId);
    show(&scope, &here, wanted, None, &Faults::default(), StatusCode::OK).await
}

async fn show(
    scope: &Scope,
    here: &Here,
    wanted: Option<PersonId>,
    sent: Option<&Fields>,
    faults: &Faults,
    status: StatusCode,
) -> Result<Response> {
    let (person, weeks) = weeks_of(here, wanted);
    let whose = person.map_or_else(String::new, |it| here.name(it));
    let heading = heading(scope.locale(), &whose, &weeks);
    let of = person.map_or_else(String::new, |it| format!("?person={it}"));
    let chart = match weeks.is_empty() {
        true => None,
        false => Some(chart_of(scope, &weeks, heading.clone()).figure("/team/time/chart", &of)?),
    };
    let this = monday(here.today);
    let noted = |week: Date| here.weeks.iter().find(|it| Some(it.person) == here.viewer.me && it.week == week);
    let last: Vec<Date> = (0..5i64).map(|back| this - (7 * back).days()).collect();
    let mine = here.weeks.iter().filter(|it| Some(it.person) == here.viewer.me).map(|it| it.week);
    let missing = to_note(mine.max(), &last);
    let text = |key: &str, otherwise: String| sent.map_or(otherwise, |it| it.get(key).to_owned());
    let before = noted(missing);
    let form = here.viewer.me.filter(|_| scope.may(kit::rights::Right::Contribute)).map(|_| Draft {
        weeks: last.iter().map(|it| (it.to_string(), scope.locale().date(*it), noted(*it).is_some())).collect(),
        week: text("week", missing.to_string()),
        leading: text("leading", before.map_or_else(String::new, |it| it.led.to_string())),
        fixing: text("fixing", before.map_or_else(String::new, |it| it.fixing.to_string())),
        faults,
    });
    let mut others: Vec<(PersonId, String)> =
        here.weeks.iter().map(|it| it.person).filter(|it| Some(*it) != person).map(|it| (it, here.name(it))).collect();
    others.sort_by_cached_key(|it| (order_of(&it.1), it.0));
    others.dedup();
    let page = Page { heading, chart, others, form, has_weeks: !weeks.is_empty() };
    scope.page_with(status, Place::new("Time", "/team/time"), &page).await
}

/// The week that is offered of the last ones, the present one first: the one after the latest that was noted, the
/// present one where that is noted too, and the last whole one where none is.
fn to_note(latest: Option<Date>, last: &[Date]) -> Date {
    let (this, oldest) = (last[0], last[last.len() - 1]);
    latest.map_or(last[1], |it| (it + 7.days()).clamp(oldest, this))
}

/// Notes a week of whoever is signed in, or what they noted of it before anew.
pub async fn save(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let me = here.viewer.me.ok_or_else(|| {
        Error::refused(
            "Your account belongs to nobody among the people. Write its e-mail address beside your name there.",
        )
    })?;
    let mut faults = Faults::default();
    let week = fields.get("week").parse::<Date>().map(monday).ok().filter(|it| *it <= here.today);
    if week.is_none() {
        faults.add("week", "Choose a week that has begun.");
    }
    let mut share = |key: &str| match fields.get(key).trim().trim_end_matches('%').trim().parse::<i64>() {
        Ok(it) if (0..=100).contains(&it) => it,
        _ => {
            faults.add(key, "Write a whole number from 0 to 100.");
            0
        }
    };
    let (leading, fixing) = (share("leading"), share("fixing"));
    let Some(week) = week.filter(|_| faults.is_empty()) else {
        return show(&scope, &here, Some(me), Some(&fields), &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = store::begin(&scope).await?;
    let others = store::rows_in(&mut tx, scope.id(), TimeShare::KIND).await?;
    let before = others.iter().map(TimeShare::from_row).find(|it| it.person == me && it.week == week);
    let next = TimeShare {
        id: before.as_ref().map_or_else(TimeShareId::fresh, |it| it.id),
        version: before.as_ref().map_or(1, |it| it.version),
        person: me,
        week,
        led: leading,
        fixing,
    };
    let row = next.to_row();
    TimeShare::KIND.check(&row, &others, &mut faults);
    if !faults.is_empty() {
        drop(tx);
        return show(&scope, &here, Some(me), Some(&fields), &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match before {
        Some(it) => {
            store::update(&mut tx, &scope.author(), TimeShare::KIND, &it.to_row(), row.values).await?;
        }
        None => store::insert(&mut tx, &scope.author(), TimeShare::KIND, &row).await?,
    }
    tx.commit().await?;
    let rest = 100 - leading - fixing;
    let [leading, fixing, rest] = [leading, fixing, rest].map(|it| scope.locale().percent(it as f64 / 100.0, 0));
    let message = format!("Noted: {leading} leading, {fixing} fixing, {rest} everything else.");
    Ok(see(&format!("/team/time?person={me}"), &message))
}

/// The weeks as a picture for documents.
pub async fn file(scope: Scope, format: Path<String>, Query(wanted): Query<Wanted>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let (person, weeks) = weeks_of(&here, wanted.person.parse().ok().map(PersonId));
    let whose = person.map(|it| here.name(it)).ok_or(Error::NotFound)?;
    let summary = heading(scope.locale(), &whose, &weeks);
    chart_of(&scope, &weeks, summary).file("leading-against-fixing", &format).await
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_week_after_the_latest_that_was_noted_is_offered_and_none_to_come() {
        let day = |month, it| date(2026, month, it);
        let last = [day(11, 23), day(11, 16), day(11, 9), day(11, 2), day(10, 26)];
        for (latest, offered) in [
            (None, day(11, 16)),
            (Some(day(11, 16)), day(11, 23)),
            (Some(day(11, 23)), day(11, 23)),
            (Some(day(11, 2)), day(11, 9)),
            (Some(day(3, 2)), day(10, 26)),
        ] {
            assert_eq!(to_note(latest, &last), offered, "{latest:?}");
        }
    }

    #[test]
    fn a_week_is_named_by_its_monday() {
        for day in 23..30 {
            assert_eq!(monday(date(2026, 11, day)), date(2026, 11, 23));
        }
    }
}
