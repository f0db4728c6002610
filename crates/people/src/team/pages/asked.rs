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
    rules::{Line, State, Team, falls},
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
    let (shown, team) = (here.sees_counts(), here.team_as_seen());
    let mut lines = Vec::new();
    for need in here.needs.iter().filter(|it| it.asked_by().is_some_and(|(_, by)| by.0 == row.id)) {
        let on = need.starts.map_or(here.today, |it| it.max(here.today));
        match team.asks.iter().find(|it| it.need == need.id) {
            Some(ask) if !team.drops(ask.skill, on) => lines.push((need, Some(team.line(ask, on)).filter(|_| shown))),
            None if need.desirable => lines.push((need, None)),
            _ => {}
        }
    }
    if lines.is_empty() && !scope.may(Right::Lead) {
        return Ok(None);
    }
    let section = Section {
        finding: finding(scope, &here, &team, &lines),
        new: format!("/skill-needs/new?{}={}&what_for={}", kind.key, row.id, percent(&row.title(kind))),
        scope,
        here: &here,
        lines,
    };
    Ok(Some(section.render()?))
}

/// What falls below safe cover once all of it is needed, as the plans stand; or how much is covered safely where all of it
/// is needed already. Nothing where nobody can say, or may.
fn finding(scope: &Scope, here: &Here, team: &Team, lines: &[(&Need, Option<Line>)]) -> Option<String> {
    let must: Vec<(&Need, &Line)> = lines.iter().filter_map(|(need, line)| Some((*need, line.as_ref()?))).collect();
    if must.is_empty() || must.iter().any(|(_, it)| it.state() == State::Unknown) {
        return None;
    }
    let Some(day) = must.iter().filter_map(|(it, _)| it.starts).max().filter(|it| *it > here.today) else {
        let cover = match must.iter().filter(|(_, it)| it.state() != State::Safe).count() {
            0 => "safely covered".to_owned(),
            1 if must.len() == 1 => "not safely covered".to_owned(),
            open => format!("{} of them not safely covered", in_words(open)),
        };
        return Some(format!("It needs {}, {cover}", story::skills(must.len())));
    };
    let ids: Vec<NeedId> = must.iter().map(|(it, _)| it.id).collect();
    let falls = falls(&team.unasked(&ids).lines(day), &team.lines(day));
    let at_once = must.iter().all(|(it, _)| it.starts == Some(day));
    let when = if at_once { "When it begins" } else { "Once all of it is needed," };
    Some(story::falls(here, &format!("{when} on {}", scope.locale().date(day)), &falls))
}
