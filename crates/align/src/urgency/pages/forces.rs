//! The force field: what drives each outcome and what holds it back.

use askama::Template;
use axum::response::Response;
use kit::{
    error::Result,
    format::{in_words, in_words_first, order_of},
    rights::Right,
    web::{Place, Scope},
};

use crate::{
    expectations::model::{Outcome, OutcomeId},
    urgency::{
        here::Obstacles,
        model::Direction,
        rules::forces::{Field, Pull, field},
    },
};

/// The longest arrow.
const STRONGEST: i64 = 5;

/// The picture of one outcome.
struct Picture<'a> {
    outcome: &'a Outcome,
    field: Field,
}

impl Picture<'_> {
    fn sides(&self) -> [(Direction, &'static str, i64, &[Pull]); 2] {
        [
            (Direction::Driving, "drives it", self.field.drives(), &self.field.driving),
            (Direction::Restraining, "holds it back", self.field.restrains(), &self.field.restraining),
        ]
    }

    /// How much of its half an arrow takes, in per cent: never so little that its head has no room.
    fn length(&self, pull: &Pull) -> i64 {
        pull.strength.clamp(1, STRONGEST) * 100 / STRONGEST
    }

    fn url(&self, pull: &Pull) -> String {
        match (pull.obstacle, pull.force) {
            (Some(it), _) => format!("/obstacles/{it}"),
            (None, Some(it)) => format!("/forces/{it}"),
            (None, None) => String::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "urgency/pages/forces.html")]
struct Page<'a> {
    heading: String,
    pictures: Vec<Picture<'a>>,
    /// Outcomes that are still to come and have no forces.
    bare: Vec<&'a Outcome>,
    has_outcomes: bool,
    may: bool,
}

#[derive(Template)]
#[template(path = "urgency/pages/forces_section.html")]
struct Section<'a> {
    picture: Picture<'a>,
    may: bool,
}

fn heading(pictures: &[Picture]) -> String {
    let held = pictures.iter().filter(|it| it.field.restrains() > it.field.drives()).count();
    match (pictures.len(), held) {
        (0, _) => "No force is written down yet".to_owned(),
        (1, 0) => "More drives the outcome with forces than holds it back".to_owned(),
        (_, 0) => "More drives each outcome with forces than holds it back".to_owned(),
        (1, _) => "More holds the outcome back than drives it".to_owned(),
        (of, 1) => format!("One of {} outcomes is held back by more than drives it", in_words(of)),
        (of, held) => {
            format!("{} of {} outcomes are held back by more than drives them", in_words_first(held), in_words(of))
        }
    }
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Obstacles::load(&scope).await?;
    let all = here.outcomes.iter().filter(|it| it.state.is_open());
    let all = all.map(|outcome| Picture { outcome, field: field(outcome.id, &here.forces, &here.all, &here.threats) });
    let (bare, mut pictures): (Vec<Picture>, Vec<Picture>) = all.partition(|it| it.field.is_empty());
    // Where most is missing comes first.
    pictures.sort_by_cached_key(|it| (it.field.drives() - it.field.restrains(), order_of(&it.outcome.statement)));
    let page = Page {
        heading: heading(&pictures),
        pictures,
        bare: bare.into_iter().map(|it| it.outcome).collect(),
        has_outcomes: !here.outcomes.is_empty(),
        may: scope.may(Right::Contribute),
    };
    scope.page(Place::new("Force field", "/urgency/forces"), &page).await
}

/// The forces around an outcome, on its own page.
pub async fn section(scope: &Scope, id: OutcomeId) -> Result<String> {
    let here = Obstacles::load(scope).await?;
    let Some(outcome) = here.outcomes.iter().find(|it| it.id == id) else { return Ok(String::new()) };
    let picture = Picture { outcome, field: field(id, &here.forces, &here.all, &here.threats) };
    Ok(Section { picture, may: scope.may(Right::Contribute) }.render()?)
}
