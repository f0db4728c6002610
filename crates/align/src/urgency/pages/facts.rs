//! The facts: what each shows, how it went, and the obstacle that is raised when it crosses its line.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use kit::{
    error::{Error, Result},
    format::{Locale, in_words, in_words_first},
    people::{self, Person, PersonId, Viewer},
    record::Record,
    rights::Right,
    store, thread,
    web::{Place, Scope, see},
};

use crate::urgency::{
    here::Facts,
    model::{Decision, Fact, Obstacle, Sort},
    pages::card::Card,
    rules::facts::{Band, LEAST, Reading, bands, holes, still_waiting, waited_for},
};

/// How many rows the short tables have.
const SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "urgency/pages/facts.html")]
struct Page<'a> {
    heading: String,
    are_empty: bool,
    cards: Vec<Card<'a>>,
    bands: Vec<(usize, Band<'a>)>,
    holes: Vec<String>,
    waited_for: Vec<(String, usize, Option<f64>)>,
    waiting: Vec<(&'a Decision, i64)>,
    scope: &'a Scope,
    people: &'a BTreeMap<PersonId, Person>,
    viewer: Viewer,
}

impl Page<'_> {
    /// Which amounts a step is for; for those who do not see them, only the how manieth it is.
    fn range(&self, at: &usize, of: &Band) -> String {
        if !self.viewer.sees_amounts_of(of.authority) {
            return format!("Step {at}");
        }
        let money = |it| self.scope.money(it);
        match (of.authority.above, of.authority.up_to) {
            (above, Some(up_to)) if above.minor() == 0 => format!("up to {}", money(up_to)),
            (above, Some(up_to)) => format!("{} to {}", money(above), money(up_to)),
            (above, None) => format!("over {}", money(above)),
        }
    }

    fn name(&self, of: &Band) -> String {
        of.authority.person.and_then(|it| self.people.get(&it)).map_or_else(String::new, |it| it.name.clone())
    }

    fn days(&self, of: &Option<f64>) -> String {
        of.map_or_else(|| "too few".to_owned(), |it| self.scope.locale().decimal(it, 0))
    }

    fn whole(&self, it: &i64) -> String {
        self.scope.locale().whole(*it)
    }

    fn day(&self, it: &Decision) -> String {
        self.scope.locale().short_date(it.asked)
    }
}

fn heading(facts: &Facts, locale: Locale) -> String {
    let crossed: Vec<&Reading> = facts.readings.iter().filter(|it| it.is_crossed()).collect();
    let known = facts.readings.iter().filter(|it| it.now.is_some()).count();
    match crossed[..] {
        _ if known == 0 && facts.decisions.is_empty() => "Nothing is known yet of how long decisions take".to_owned(),
        _ if known == 0 => "Too few decisions are logged yet to hold them against a line".to_owned(),
        [] if known == 1 => "The one fact that can be read is within its line".to_owned(),
        [] => format!("All {} facts that can be read are within their lines", in_words(known)),
        [one] => one.said(locale).trim_end_matches('.').to_owned(),
        [..] => format!("{} of {} facts cross their line", in_words_first(crossed.len()), in_words(known)),
    }
}

/// What is wrong with who may approve what, as sentences.
fn said_of_holes(scope: &Scope, facts: &Facts) -> Vec<String> {
    let money = |minor| scope.money(calc::money::Money::new(minor));
    let said = |(above, up_to, many): (i64, Option<i64>, usize)| {
        let range = match up_to {
            _ if !scope.may(Right::SeeCosts) => "some amounts".to_owned(),
            Some(up_to) if above == 0 => format!("amounts up to {}", money(up_to)),
            Some(up_to) => format!("amounts over {} up to {}", money(above), money(up_to)),
            None => format!("amounts over {}", money(above)),
        };
        if many == 0 { format!("Nobody is named for {range}.") } else { format!("{many} steps claim {range}.") }
    };
    holes(&facts.authorities, facts.today).into_iter().map(said).collect()
}

pub async fn page(scope: Scope) -> Result<Response> {
    let facts = Facts::load(&scope).await?;
    let people = people::by_id(&scope).await?;
    let page = Page {
        heading: heading(&facts, scope.locale()),
        are_empty: facts.are_empty(),
        cards: facts.readings.iter().map(|it| Card::new(&scope, it)).collect(),
        bands: (1..).zip(bands(&facts.authorities, &facts.decisions, facts.today)).collect(),
        holes: said_of_holes(&scope, &facts),
        waited_for: waited_for(&facts.decisions, facts.today).into_iter().take(SHOWN).collect(),
        waiting: still_waiting(&facts.decisions, facts.today).into_iter().take(SHOWN).collect(),
        scope: &scope,
        people: &people,
        viewer: people::viewer(&scope).await?,
    };
    scope.page(Place::new("Facts", "/urgency/facts"), &page).await
}

/// Makes an obstacle of a fact that crossed its line, once, tied to what shows it.
pub async fn raise(scope: Scope, Path(fact): Path<String>) -> Result<Response> {
    let fact = Fact::from_key(&fact).ok_or(Error::NotFound)?;
    let mut tx = store::begin(&scope).await?;
    let obstacles: Vec<Obstacle> =
        store::rows_in(&mut tx, scope.id(), Obstacle::KIND).await?.iter().map(Obstacle::from_row).collect();
    let facts = Facts::beside(&scope, &obstacles).await?;
    let reading = facts.of(fact);
    if let Some(id) = reading.raised {
        drop(tx);
        return Ok(see(&format!("/obstacles/{id}"), "This was raised before; here it is."));
    }
    if !reading.is_crossed() {
        return Err(Error::refused("This fact does not cross its line, so there is nothing to raise."));
    }
    let line = reading.in_unit(reading.line, scope.locale());
    let obstacle = Obstacle {
        title: reading.obstacle_title(),
        sort: Some(if fact == Fact::Importance { Sort::Cultural } else { Sort::Structural }),
        evidence: Some(format!(
            "{} The line is {line}. As of {}.",
            reading.said(scope.locale()),
            scope.locale().date(scope.today())
        )),
        fact: Some(fact),
        ..Obstacle::open()
    };
    store::insert(&mut tx, &scope.author(), Obstacle::KIND, &obstacle.to_row()).await?;
    let to = thread::End { kind: Obstacle::KIND.key, id: obstacle.id.0 };
    for (kind, id) in &reading.causes {
        thread::tie(&mut tx, &scope.author(), thread::End { kind, id: *id }, "leads to", to).await?;
    }
    tx.commit().await?;
    Ok(see(
        &format!("/obstacles/{}/edit", obstacle.id),
        "Raised from the fact and tied to what shows it. Judge it, and give it an owner and a day.",
    ))
}
