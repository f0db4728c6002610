//! The main page: what is found, what to do now, the matrix, the next days.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{extract::Query, response::Response};
use kit::{
    error::Result,
    format::order_of,
    pages::Step,
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope},
};
use serde::Deserialize;

use super::{
    contracts::{
        self,
        pages::{Watched, watched},
        rules::Deadline,
    },
    guests,
    model::{Activity, ActivityId, Capability, Importance, Placement},
    moving::{
        self,
        model::{Decision, Move},
    },
    onward::{Onward, of_place},
    placing::{
        self,
        pages::all_seen,
        rules::{Answer, Seen, advice},
    },
    rules::{APART, Facts},
    selecting::{
        self,
        model::{Selection, SelectionState},
    },
};

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/sourcing", Access::With(Right::View), home);
    let routes = guests::pages::routes(placing::pages::routes(routes));
    selecting::pages::routes(moving::pages::routes(contracts::pages::routes(routes)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    view: String,
}

/// A place of the matrix with who stands there.
struct Cell {
    class: &'static str,
    word: &'static str,
    sentence: &'static str,
    /// What the place is called where columns have no room: "Key, weak".
    name: String,
    activities: Vec<Standing>,
}

/// An activity in its place.
struct Standing {
    name: String,
    url: String,
    agreed: bool,
    /// What it calls for, where nothing is under way.
    next: Option<Onward>,
}

#[derive(Template)]
#[template(path = "sourcing/home.html")]
struct Home<'a> {
    scope: &'a Scope,
    heading: String,
    step: Step,
    simple: bool,
    rows: Vec<(&'static str, Vec<Cell>)>,
    columns: &'static [&'static str],
    activities: usize,
    /// How many stand where most people see them, without being agreed.
    provisional: usize,
    apart: Vec<&'a Seen>,
    watched: Vec<Watched>,
    moves: Vec<Move>,
    selections: Vec<Selection>,
}

impl Home<'_> {
    fn day(&self, it: &Deadline) -> String {
        self.scope.locale().short_date(it.day())
    }

    fn left(&self, it: &Deadline) -> i32 {
        (it.day() - self.scope.today()).get_days()
    }

    fn is_notice(&self, it: &Deadline) -> bool {
        matches!(it, Deadline::Notice(_))
    }
}

fn class(of: Answer) -> &'static str {
    match of {
        Answer::DoAndProtect => "do",
        Answer::PartnerAndLearn => "partner",
        Answer::KeepLeanOrShare => "share",
        Answer::Buy => "buy",
    }
}

/// Which next step is offered beside an activity.
type Next<'a> = &'a dyn Fn(&Activity, Answer) -> Option<Onward>;

fn standing(all: &[Seen], next: Next<'_>, here: impl Fn(Importance, Capability) -> bool) -> Vec<Standing> {
    let mut found: Vec<Standing> = all
        .iter()
        .filter_map(|it| Some((it, it.place().filter(|(importance, capability)| here(*importance, *capability))?)))
        .map(|(it, (importance, capability))| Standing {
            name: it.activity.name.clone(),
            url: format!("/activities/{}", it.activity.id),
            agreed: it.agreed().is_some(),
            next: it.agreed().and_then(|_| next(&it.activity, Answer::of(importance, capability))),
        })
        .collect();
    found.sort_by_cached_key(|it| order_of(&it.name));
    found
}

/// Twelve places, the most important on top, the strongest to the right.
fn whole_view(all: &[Seen], next: Next<'_>) -> Vec<(&'static str, Vec<Cell>)> {
    let cell = |importance: Importance, capability: Capability| {
        let (word, sentence) = advice(importance, capability);
        Cell {
            class: class(Answer::of(importance, capability)),
            word,
            sentence,
            name: format!("{}, {}", importance.label(), capability.label().to_lowercase()),
            activities: standing(all, next, |i, c| (i, c) == (importance, capability)),
        }
    };
    Importance::ALL
        .iter()
        .rev()
        .map(|importance| (importance.label(), Capability::ALL.iter().map(|it| cell(*importance, *it)).collect()))
        .collect()
}

/// Four places for a first meeting.
fn simple_view(all: &[Seen], next: Next<'_>) -> Vec<(&'static str, Vec<Cell>)> {
    let cell = |answer: Answer, name: &str| Cell {
        class: class(answer),
        word: answer.label(),
        sentence: answer.sentence(),
        name: name.to_owned(),
        activities: standing(all, next, |importance, capability| Answer::of(importance, capability) == answer),
    };
    vec![
        (
            "Matters much",
            vec![
                cell(Answer::PartnerAndLearn, "Matters much, others are as good or better"),
                cell(Answer::DoAndProtect, "Matters much, we are better"),
            ],
        ),
        (
            "Matters less",
            vec![
                cell(Answer::Buy, "Matters less, others are as good or better"),
                cell(Answer::KeepLeanOrShare, "Matters less, we are better"),
            ],
        ),
    ]
}

/// What is there, for the main page and for the evidence.
pub(super) async fn facts(scope: &Scope, all: &[Seen], watched: Option<&[Watched]>) -> Result<Facts> {
    let placements: Vec<Placement> = store::all(scope.db(), scope.id()).await?;
    let people: BTreeSet<_> = placements.iter().map(|it| it.person).collect();
    let today = scope.today();
    let next_notice = watched.into_iter().flatten().find_map(|it| match it.deadline {
        Some(Deadline::Notice(day)) => {
            Some((it.contract.name.clone(), format!("/contracts/{}", it.contract.id), (day - today).get_days()))
        }
        _ => None,
    });
    Ok(Facts {
        activities: all.len(),
        agreed: all.iter().filter(|it| it.agreed().is_some()).count(),
        people: people.len(),
        apart: all.iter().find(|it| it.spread >= APART && it.agreed().is_none()).map(|it| it.activity.name.clone()),
        contracts: watched.map(<[Watched]>::len),
        may_import: scope.may(Right::Import) && scope.may(Right::KeepCosts),
        without_owner: watched.into_iter().flatten().filter(|it| it.contract.owner.is_none()).count(),
        next_notice,
    })
}

async fn home(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    let all = all_seen(&scope).await?;
    let contracts = if scope.may(Right::SeeCosts) { Some(Arc::unwrap_or_clone(watched(&scope).await?)) } else { None };
    let facts = facts(&scope, &all, contracts.as_deref()).await?;
    let simple = asked.view == "simple";
    let mut moves: Vec<Move> = match scope.may(Right::SeeCosts) {
        true => store::all(scope.db(), scope.id()).await?,
        false => Vec::new(),
    };
    moves.sort_by_key(|it| (it.decision != Decision::Open, it.name.clone()));
    let mut selections: Vec<Selection> = store::all(scope.db(), scope.id()).await?;
    selections.sort_by_key(|it| (it.state != SelectionState::Open, it.title.clone()));
    let mut soon: Vec<Watched> = contracts.unwrap_or_default();
    soon.retain(|it| it.deadline.is_some());
    soon.truncate(6);
    let under_way: BTreeSet<ActivityId> =
        moves.iter().map(|it| it.activity).chain(selections.iter().filter_map(|it| it.activity)).collect();
    let next = |it: &Activity, answer: Answer| {
        let steps = of_place(it, answer, |right| scope.may(right));
        steps.into_iter().find(|_| !under_way.contains(&it.id))
    };
    let page = Home {
        scope: &scope,
        heading: facts.finding(),
        step: facts.step(),
        simple,
        rows: if simple { simple_view(&all, &next) } else { whole_view(&all, &next) },
        columns: if simple {
            &["Others are as good or better", "We are better"]
        } else {
            &["Weak", "Moderate", "Strong"]
        },
        activities: all.len(),
        provisional: all.iter().filter(|it| it.agreed().is_none() && it.place().is_some()).count(),
        apart: all.iter().filter(|it| it.spread >= APART).take(4).collect(),
        watched: soon,
        moves,
        selections,
    };
    scope.page(Place::new("Sourcing", "/sourcing"), &page).await
}
