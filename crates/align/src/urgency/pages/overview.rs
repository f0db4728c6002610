//! What to clear first: severity against influence, who clears what, and the facts behind.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use kit::{
    error::Result,
    format::Locale,
    pages::Now,
    people,
    rights::Right,
    web::{Place, Scope},
};

use crate::urgency::{
    here::{Facts, Obstacles},
    model::{Measure, Obstacle, State},
    pages::card::Card,
    rules::{MUCH, Zone, heading, next, ranked},
};

/// Severity and influence have this many levels.
const LEVELS: i64 = 5;
/// Pixels between two points on the same place.
const APART: i64 = 25;
/// How many cleared obstacles are named.
const CLEARED: usize = 5;

/// One obstacle of the list and, where it has been judged, its place in the picture.
struct Line<'a> {
    number: usize,
    it: &'a Obstacle,
    owner: Option<String>,
    threatens: usize,
    /// Places in per cent of the picture, and pixels aside where several share them.
    at: Option<(i64, i64, i64)>,
    is_late: bool,
}

impl Line<'_> {
    fn is_first(&self) -> bool {
        self.it.zone() == Some(Zone::First)
    }
}

#[derive(Template)]
#[template(path = "urgency/pages/overview.html")]
struct Page<'a> {
    heading: String,
    now: Now,
    lines: Vec<Line<'a>>,
    picture: String,
    cleared: Vec<&'a Obstacle>,
    is_empty: bool,
    cards: Vec<Card<'a>>,
    facts_are_empty: bool,
    may: bool,
    locale: Locale,
    today: Date,
}

impl Page<'_> {
    fn day(&self, day: &Date) -> String {
        self.locale.short_date(*day)
    }

    fn relative(&self, day: &Date) -> String {
        self.locale.relative(*day, self.today)
    }

    fn measure(&self, it: &Option<Measure>) -> &'static str {
        it.map_or("", Measure::label)
    }
}

/// The middle of a level on an axis of five, in per cent.
fn middle(level: i64) -> i64 {
    level * 100 / LEVELS - 100 / LEVELS / 2
}

/// The places of the obstacles in the picture; those that share one stand beside each other.
fn places(all: &[&Obstacle]) -> Vec<Option<(i64, i64, i64)>> {
    let of = |it: &Obstacle| Some((it.influence?, it.severity?));
    let place = |(at, it): (usize, &&Obstacle)| {
        let (influence, severity) = of(it)?;
        let sharing = all.iter().filter(|other| of(other) == of(it)).count();
        let before = all[..at].iter().filter(|other| of(other) == of(it)).count();
        let aside = (2 * i64::try_from(before).ok()? - i64::try_from(sharing).ok()? + 1) * APART / 2;
        Some((middle(influence), 100 - middle(severity), aside))
    };
    all.iter().enumerate().map(place).collect()
}

/// What the picture says, as its caption.
fn caption(all: &[&Obstacle]) -> String {
    let count = |zone| all.iter().filter(|it| it.zone() == Some(zone)).count();
    let are = |n| if n == 1 { "is" } else { "are" };
    match (count(Zone::First), count(Zone::Escalate)) {
        (0, 0) => "Nothing severe stands in the way".to_owned(),
        (n, 0) => format!("{n} {} severe and ours to clear", are(n)),
        (0, n) => format!("{n} {} severe, and others have to clear {}", are(n), if n == 1 { "it" } else { "them" }),
        (first, escalate) => {
            format!(
                "{first} {} severe and ours to clear; {escalate} {} a sponsor",
                are(first),
                if escalate == 1 { "needs" } else { "need" }
            )
        }
    }
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Obstacles::load(&scope).await?;
    let facts = Facts::load(&scope).await?;
    let people = people::by_id(&scope).await?;
    let (today, locale) = (scope.today(), scope.locale());
    let ranked = ranked(&here.all);
    let lines = ranked.iter().zip(places(&ranked)).enumerate().map(|(at, (it, place))| Line {
        number: at + 1,
        it,
        owner: it.owner.and_then(|it| Some(people.get(&it)?.name.clone())),
        threatens: here.threats.iter().filter(|threat| threat.obstacle == it.id).count(),
        at: place,
        is_late: it.is_late(today),
    });
    let mut cleared: Vec<&Obstacle> = here.all.iter().filter(|it| it.state == State::Cleared).collect();
    cleared.sort_by_key(|it| std::cmp::Reverse(it.cleared));
    cleared.truncate(CLEARED);
    let page = Page {
        heading: heading(&here.all, today),
        now: next(&here.all, &here.threats, &facts.readings, today, locale).card(&scope),
        picture: caption(&ranked),
        lines: lines.collect(),
        cleared,
        is_empty: here.all.is_empty(),
        cards: facts.readings.iter().map(|it| Card::new(&scope, it)).collect(),
        facts_are_empty: facts.are_empty(),
        may: scope.may(Right::Contribute),
        locale,
        today,
    };
    scope.page(Place::new("Creating urgency", "/urgency"), &page).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::urgency::rules::tests::obstacle;

    #[test]
    fn obstacles_that_share_a_place_stand_beside_each_other_around_it() {
        let at = |severity, influence| Obstacle { severity, influence, ..obstacle("Some") };
        let all = [at(Some(5), Some(1)), at(Some(5), Some(1)), at(Some(3), Some(3)), at(None, Some(3))];
        let places = places(&all.iter().collect::<Vec<_>>());
        assert_eq!(places, [Some((10, 10, -12)), Some((10, 10, 12)), Some((50, 50, 0)), None]);
    }
}
