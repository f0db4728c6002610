//! What a service or project asks of the team, on its page.

use askama::Template;
use kit::{
    error::Result,
    format::in_words,
    record::{Kind, Row},
    rights::Right,
    web::{Scope, percent},
};

use crate::team::{
    here::Here,
    model::{Need, NeedId},
    pages::{chip, step},
    rules::{Ask, Line, State, falls},
    story,
};

#[derive(Template)]
#[template(path = "team/pages/asked.html")]
struct Section<'a> {
    scope: &'a Scope,
    here: &'a Here,
    /// What it does to cover, where that may be told.
    finding: Option<String>,
    /// Each need with how it is covered once it is on.
    lines: Vec<(&'a Need, Option<Line>)>,
    /// The form of one more.
    new: String,
}

impl Section<'_> {
    fn chip(&self, state: &State) -> (&'static str, &'static str) {
        chip(*state)
    }

    fn step(&self, need: &Need) -> &'static str {
        step(need.level.number())
    }

    fn from(&self, need: &Need) -> String {
        need.starts.map_or_else(String::new, |it| self.scope.locale().date(it))
    }
}

/// The section of a record that skills can be needed for; nothing for others, and for one that is over and asks for
/// nothing.
pub async fn section(scope: &Scope, kind: &Kind, row: &Row) -> Result<Option<String>> {
    if !matches!(kind.key, "service" | "project") || !(kind.answered)(row) {
        return Ok(None);
    }
    let here = Here::load(scope).await?;
    let of = |it: &&Need| it.asked_by().is_some_and(|(_, by)| by.0 == row.id);
    let needs: Vec<&Need> = here.needs.iter().filter(of).collect();
    let shown = here.sees_counts();
    let team = here.team_as_seen();
    let line = |need: &Need| -> Option<Line> {
        let ask: &Ask = team.asks.iter().find(|it| it.need == need.id)?;
        Some(team.line(ask, need.starts.map_or(here.today, |it| it.max(here.today))))
    };
    let section = Section {
        finding: if shown { finding(scope, &here, &needs) } else { None },
        lines: needs.iter().map(|it| (*it, line(it).filter(|_| shown))).collect(),
        new: format!("/skill-needs/new?{}={}&what_for={}", kind.key, row.id, percent(&row.title(kind))),
        scope,
        here: &here,
    };
    if section.lines.is_empty() && !scope.may(Right::Lead) {
        return Ok(None);
    }
    Ok(Some(section.render()?))
}

/// What falls below safe cover on the day on which the last of the needs is on, as the plans stand; or how many of them
/// are safe where all of them are on already.
fn finding(scope: &Scope, here: &Here, needs: &[&Need]) -> Option<String> {
    let must: Vec<&Need> = needs.iter().copied().filter(|it| !it.desirable).collect();
    let day = must.iter().filter_map(|it| it.starts).max().filter(|it| *it > here.today);
    let ids: Vec<NeedId> = must.iter().map(|it| it.id).collect();
    match day {
        _ if must.is_empty() => None,
        Some(day) => {
            let team = here.team_as_seen();
            let falls = falls(&team.unasked(&ids).lines(day), &team.lines(day));
            Some(story::falls(here, &format!("When it begins on {}", scope.locale().date(day)), &falls))
        }
        None => {
            let team = &here.team;
            let asks = team.asks.iter().filter(|it| ids.contains(&it.need));
            let states: Vec<State> = asks.map(|it| team.line(it, here.today).state()).collect();
            let safe = states.iter().filter(|it| **it == State::Safe).count();
            let cover = match states.len() - safe {
                0 => "safely covered".to_owned(),
                1 if states.len() == 1 => "not safely covered".to_owned(),
                open => format!("{} of them not safely covered", in_words(open)),
            };
            Some(format!("It needs {}, {cover}", story::skills(states.len())))
        }
    }
}
