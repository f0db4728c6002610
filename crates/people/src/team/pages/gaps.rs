//! People and skills in one picture, what is covered how, and what if.

use askama::Template;
use axum::{extract::Query, response::Response};
use db::uuid::Uuid;
use kit::{
    error::Result,
    people::{Person, PersonId, initials},
    rights::Right,
    web::{Place, Scope},
};
use serde::Deserialize;

use crate::team::{
    here::{Here, sorted},
    model::{NeedId, Plan},
    pages::{chip, main::new_plan, step},
    rules::{Fall, Line, Sight, State, falls},
    story,
};

/// What somebody wants to know: who leaves, what begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    leaves: String,
    begins: String,
}

/// One square of the picture.
struct Square {
    /// 0 to 5, for its colour.
    heat: i64,
    level: i64,
    /// On or above the step that is needed.
    reaches: bool,
}

struct WhatIf {
    heading: String,
    falls: Vec<Fall>,
}

#[derive(Template)]
#[template(path = "team/pages/gaps.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    /// Whose columns are shown.
    columns: Vec<&'a Person>,
    asked: Asked,
    may_ask_who_leaves: bool,
    to_begin: Vec<(Uuid, String, Vec<NeedId>)>,
    what_if: Option<WhatIf>,
    /// Whether of any skill, of those that are to begin as well, it is known how it is covered: nothing falls otherwise.
    is_known: bool,
}

impl Page<'_> {
    fn chip(&self, state: &State) -> (&'static str, &'static str) {
        chip(*state)
    }

    fn step(&self, level: &i64) -> &'static str {
        step(*level)
    }

    fn square(&self, person: &Person, line: &Line) -> Option<Square> {
        let level = self.here.level_of(person.id, line.skill)?.number();
        let heat = if level == 0 { 0 } else { ((level * 5 + 3) / 7).max(1) };
        Some(Square { heat, level, reaches: level >= line.level })
    }

    fn plans(&self, line: &Line) -> Vec<&Plan> {
        self.here.plans_for(line.skill)
    }

    fn new_plan(&self, line: &Line) -> String {
        new_plan(self.here, line)
    }

    /// The initials over a column.
    fn initials(&self, person: &Person) -> String {
        initials(&person.name)
    }
}

fn what_if(here: &Here, asked: &Asked) -> Option<WhatIf> {
    let leaves = asked.leaves.parse().ok().map(PersonId).filter(|it| here.may_see(*it));
    let leaves = leaves.filter(|it| here.members.iter().any(|member| member.id == *it));
    let begins = asked.begins.parse::<Uuid>().ok();
    let begins = here.to_begin().into_iter().find(|it| begins == Some(it.0));
    let mut team = here.team.without_plans(here.today);
    let mut said = Vec::new();
    if let Some(person) = leaves {
        team = team.without(person, here.today);
        said.push(format!("{} leaves", here.name(person)));
    }
    if let Some((_, name, needs)) = begins {
        team = team.with(&needs, here.today);
        said.push(format!("“{name}” begins today"));
    }
    if said.is_empty() {
        return None;
    }
    let after = sorted(team.lines(here.today), &here.skills);
    let falls = falls(&here.lines, &after);
    Some(WhatIf { heading: story::falls(here, &format!("If {}", said.join(" and ")), &falls), falls })
}

pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let to_begin = here.to_begin();
    let begins: Vec<NeedId> = to_begin.iter().flat_map(|it| &it.2).copied().collect();
    let is_known = here.team.with(&begins, here.today).lines(here.today).iter().any(|it| it.is_known);
    let page = Page {
        scope: &scope,
        heading: story::heading(&here),
        columns: here.seen(),
        // A fall in cover tells of the level of who leaves.
        may_ask_who_leaves: here.sight == Sight::Levels,
        to_begin,
        what_if: what_if(&here, &asked).filter(|_| here.sees_counts() && is_known),
        is_known,
        asked,
        here: &here,
    };
    scope.page(Place::new("Gaps", "/team/gaps"), &page).await
}
