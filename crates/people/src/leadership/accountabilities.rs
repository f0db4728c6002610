//! What each person answers for: through the roles that they hold or stand in for, and by name.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{extract::Query, response::Response};
use jiff::ToSpan;
use kit::{
    error::Result,
    format::list,
    people::{self, Accountability, LEAVING, Person, PersonId},
    web::{Access, Place, Routes, Scope},
};
use serde::Deserialize;

use crate::leadership::{
    Role,
    model::Letter,
    raci::{Matrix, Row},
};
use kit::rights::Right;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/accountabilities", Access::With(Right::View), page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    person: String,
}

/// A role with the rows in which it has one of the two letters that weigh.
struct Part<'a> {
    role: &'a Role,
    answers: Vec<&'a Row>,
    does: Vec<&'a Row>,
}

impl<'a> Part<'a> {
    fn of(matrix: &'a Matrix, at: usize) -> Part<'a> {
        let having = |test: fn(Letter) -> bool| {
            matrix.rows.iter().filter(|it| it.letters[at].is_some_and(test)).collect::<Vec<_>>()
        };
        Part { role: &matrix.roles[at], answers: having(Letter::answers), does: having(Letter::does) }
    }
}

/// Somebody with what hangs on them.
struct Bearer<'a> {
    person: &'a Person,
    roles: usize,
    answers: usize,
    does: usize,
    /// Records that name them in a field.
    named: usize,
    deputies: usize,
}

/// Somebody who leaves, and what has to be given to somebody else.
struct Leaver<'a> {
    person: &'a Person,
    left: bool,
    day: String,
    holds: Vec<&'a Accountability>,
}

#[derive(Template)]
#[template(path = "leadership/accountabilities.html")]
struct Page<'a> {
    heading: String,
    chosen: Option<&'a Person>,
    holds: Vec<Part<'a>>,
    deputises: Vec<Part<'a>>,
    named: Vec<&'a Accountability>,
    vacant: Vec<Part<'a>>,
    leavers: Vec<Leaver<'a>>,
    bearers: Vec<Bearer<'a>>,
    may_edit: bool,
}

impl Page<'_> {
    fn is_chosen(&self, person: &Person) -> bool {
        self.chosen.is_some_and(|it| it.id == person.id)
    }
}

/// What a person answers for, in one sentence.
fn heading(person: Option<&Person>, holds: &[Part], deputises: &[Part], named: usize, bearers: usize) -> String {
    let things = |n: usize| if n == 1 { "one thing".to_owned() } else { format!("{n} things") };
    let Some(person) = person else {
        return match bearers {
            0 => "Nobody answers for anything yet".to_owned(),
            1 => "One person answers for everything that is written down".to_owned(),
            n => format!("{n} people answer for what is written down"),
        };
    };
    let rows: usize = holds.iter().map(|it| it.answers.len()).sum();
    let mut parts = Vec::new();
    if rows > 0 || !holds.is_empty() {
        let names: Vec<&str> = holds.iter().map(|it| &*it.role.name).collect();
        parts.push(format!("answers for {} as {}", things(rows), list(&names)));
    }
    if named > 0 {
        parts.push(format!(
            "is named by {}",
            if named == 1 { "one record".to_owned() } else { format!("{named} records") }
        ));
    }
    if !deputises.is_empty() {
        let names: Vec<&str> = deputises.iter().map(|it| &*it.role.name).collect();
        parts.push(format!("stands in for {}", list(&names)));
    }
    match &parts[..] {
        [] => format!("{} answers for nothing that is written down", person.name),
        parts => format!("{} {}", person.name, list(&parts.iter().map(|it| &**it).collect::<Vec<_>>())),
    }
}

async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let all = people::accountabilities(&scope).await?;
    // A role is listed with its rows; that its record names the holder says nothing more.
    let named: Vec<&Accountability> = all.iter().filter(|it| it.kind.key != Role::KIND.key).collect();
    let me = people::me(&scope).await?.map(|it| it.id);
    let chosen = asked.person.parse().ok().map(PersonId).or(me).and_then(|it| matrix.people.get(&it));
    let of = |test: &dyn Fn(&Role) -> bool| -> Vec<Part> {
        (0..matrix.roles.len()).filter(|at| test(&matrix.roles[*at])).map(|at| Part::of(&matrix, at)).collect()
    };
    let theirs = |id: Option<PersonId>| chosen.is_some_and(|it| id == Some(it.id));
    let (holds, deputises) = (of(&|it| theirs(it.holder)), of(&|it| theirs(it.deputy)));
    let named_theirs: Vec<&Accountability> = named.iter().copied().filter(|it| theirs(Some(it.person))).collect();
    let mut vacant = of(&|it| it.holder.is_none());
    vacant.retain(|it| !it.answers.is_empty() || !it.does.is_empty());
    let bearers = bearers(&matrix, &named);
    let page = Page {
        heading: heading(chosen, &holds, &deputises, named_theirs.len(), bearers.len()),
        chosen,
        leavers: leavers(&scope, &matrix, &all),
        holds,
        deputises,
        named: named_theirs,
        vacant,
        bearers,
        may_edit: scope.may(Right::Lead),
    };
    scope.page(Place::new("Accountabilities", "/accountabilities"), &page).await
}

/// Everyone on whom something hangs, those with most first.
fn bearers<'a>(matrix: &'a Matrix, named: &[&Accountability]) -> Vec<Bearer<'a>> {
    let ids: BTreeSet<PersonId> = matrix
        .roles
        .iter()
        .flat_map(|it| [it.holder, it.deputy])
        .flatten()
        .chain(named.iter().map(|it| it.person))
        .collect();
    let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
    for it in named {
        *counts.entry(it.person).or_default() += 1;
    }
    let mut all: Vec<Bearer> = ids
        .iter()
        .filter_map(|id| {
            let held: Vec<usize> = (0..matrix.roles.len()).filter(|at| matrix.roles[*at].holder == Some(*id)).collect();
            let load = |pick: fn((usize, usize)) -> usize| held.iter().map(|at| pick(matrix.load_of(*at))).sum();
            Some(Bearer {
                person: matrix.people.get(id)?,
                roles: held.len(),
                answers: load(|it| it.0),
                does: load(|it| it.1),
                named: counts.get(id).copied().unwrap_or_default(),
                deputies: matrix.roles.iter().filter(|it| it.deputy == Some(*id)).count(),
            })
        })
        .collect();
    all.sort_by(|a, b| {
        let weight = |it: &Bearer| (it.answers, it.named, it.does, it.roles);
        weight(b).cmp(&weight(a)).then(a.person.name.cmp(&b.person.name))
    });
    all
}

/// Who leaves soon or has left, and still holds something.
fn leavers<'a>(scope: &Scope, matrix: &'a Matrix, held: &'a [Accountability]) -> Vec<Leaver<'a>> {
    let soon = scope.today() + LEAVING.days();
    let mut all: Vec<Leaver> = matrix
        .people
        .values()
        .filter_map(|person| {
            let ends = person.ends.filter(|it| *it <= soon)?;
            let holds: Vec<&Accountability> = held.iter().filter(|it| it.person == person.id).collect();
            let day = scope.locale().date(ends);
            (!holds.is_empty()).then_some(Leaver { person, left: ends < scope.today(), day, holds })
        })
        .collect();
    all.sort_by_key(|it| it.person.ends);
    all
}
