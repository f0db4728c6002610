//! What the team needs, what it has, and what to do now.

use askama::Template;
use axum::{extract::Path, response::Response};
use jiff::ToSpan;
use kit::{
    error::{Error, Result},
    pages::{Now, Step},
    rights::Right,
    web::{Place, Scope, download, percent, see},
};

use crate::team::{
    here::Here,
    model::{Need, Plan, PlanState},
    ours,
    pages::{Cover, chip, step},
    rules::{Line, State, costs},
    story,
};

#[derive(Template)]
#[template(path = "team/pages/main.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    now: Option<Now>,
    /// Per state: how many skills and which.
    states: Vec<(State, usize, String)>,
    open_plans: usize,
    late: usize,
    cost: Option<(i16, String)>,
    weeks: Option<(String, String, usize)>,
}

impl Page<'_> {
    fn chip(&self, state: &State) -> (&'static str, &'static str) {
        chip(*state)
    }

    fn cover(&self, line: &Line) -> Cover {
        Cover::of(line)
    }

    fn step(&self, level: &i64) -> &'static str {
        step(*level)
    }

    /// The first plan for a skill that is still open.
    fn plan(&self, line: &Line) -> Option<&Plan> {
        self.here.plans_for(line.skill).into_iter().find(|it| it.state != PlanState::Done)
    }

    fn new_plan(&self, line: &Line) -> String {
        new_plan(self.here, line)
    }
}

/// The form of a plan for a gap, begun.
pub fn new_plan(here: &Here, line: &Line) -> String {
    let gap = format!("{} of {} people at “{}” for {}", line.have, line.wanted, step(line.level), here.what_for(line));
    format!("/skill-plans/new?skill={}&level={}&gap={}", line.skill, line.level, percent(&gap))
}

/// The one thing to do now.
fn next(scope: &Scope, here: &Here) -> Option<Step> {
    // Each is offered only to those whom it concerns.
    let of = |text: String, label, url: String| Some(Step::new(text, label, url, Right::View));
    let leads = scope.may(Right::Lead);
    if here.needs.is_empty() {
        let text =
            "Write down the eight to ten skills that your services depend on, and how many people must have each.";
        return Some(Step::new(text, "Add the first need", "/skill-needs/new", Need::KIND.edit)).filter(|_| leads);
    }
    let needed = here.needed();
    if let Some(me) = here.viewer.me.filter(|me| here.members.iter().any(|it| it.id == *me)) {
        let missing = needed.keys().filter(|it| here.rating(me, **it).is_none_or(|it| it.own.is_none())).count();
        if missing > 0 {
            let text =
                format!("You have not said yet where you stand on {} that the team needs.", story::skills(missing));
            return of(text, "Say where you stand", format!("/team/people/{me}"));
        }
    }
    let waits = |of: &&kit::people::Person| {
        Some(of.id) != here.viewer.me && here.ratings_of(of.id).iter().any(|it| it.own.is_some() && it.lead.is_none())
    };
    if let Some(it) = here.seen().into_iter().find(waits) {
        let text = format!("{} has said where they stand, and waits for your view.", it.name);
        return of(text, "Give your view", format!("/team/people/{}", it.id));
    }
    if !here.sees_counts() {
        return None;
    }
    if let Some(line) = here.gaps().find(|it| here.plans_for(it.skill).is_empty()).filter(|_| leads) {
        let text = format!("{}, and nothing is planned.", story::hangs(here, line));
        return of(text, "Plan how to close it", new_plan(here, line));
    }
    let unknown = here.in_state(State::Unknown).len();
    if unknown > 0 && leads {
        let text = format!(
            "{}. Ask the others to sign in and say where they stand, or give your view of them.",
            story::not_known(here, unknown)
        );
        return of(text, "Who is rated, and who is not", "/team/people".to_owned());
    }
    if let Some(plan) = here.late().first() {
        let day = plan.due.map_or_else(String::new, |it| scope.locale().date(it));
        return of(format!("“{}” was due on {day}.", plan.title), "Open the plan", format!("/skill-plans/{}", plan.id));
    }
    if let Some(me) = here.viewer.me.filter(|_| leads) {
        let monday = super::time::monday(here.today) - 7.days();
        if here.weeks.iter().any(|it| it.person == me)
            && !here.weeks.iter().any(|it| it.person == me && it.week >= monday)
        {
            return of("Last week is not noted yet.".to_owned(), "Note it", "/team/time".to_owned());
        }
    }
    None
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    // Where it is not known of all, a nought would say that it is.
    let is_known = here.in_state(State::Unknown).is_empty();
    let shown = State::ALL
        .into_iter()
        .filter(|it| if is_known { *it != State::Unknown } else { !here.in_state(*it).is_empty() });
    let states = shown.map(|state| {
        let lines = here.in_state(state);
        let names: Vec<String> = lines.iter().map(|it| here.skill(it.skill)).collect();
        (state, lines.len(), story::some(&names))
    });
    let open = here.plans.iter().filter(|it| !matches!(it.state, PlanState::Done | PlanState::Refused)).count();
    let calendar = scope.org.calendar();
    let budget = calendar.position(here.today).budget_for;
    let year = costs(&calendar, &here.plans, here.today).into_iter().find(|it| it.name == budget);
    let page = Page {
        scope: &scope,
        heading: story::heading(&here),
        now: next(&scope, &here).map(|it| it.card(&scope)),
        states: states.collect(),
        open_plans: open,
        late: here.late().len(),
        cost: year.filter(|_| here.may_see_costs).and_then(|it| Some((it.name, scope.money(it.total()?)))),
        weeks: super::time::lately(&here).map(|(leading, fixing, weeks)| {
            let percent = |it: i64| scope.locale().percent(it as f64 / 100.0, 0);
            (percent(leading), percent(fixing), weeks)
        }),
        here: &here,
    };
    scope.page(Place::new("Team", "/team"), &page).await
}

/// Takes in the list that comes with Waypost.
pub async fn take_in(scope: Scope) -> Result<Response> {
    let counts = ours::take_in(&scope).await?;
    Ok(see(
        "/team",
        &match counts.create {
            0 => "All of our list is here already; nothing was changed.".to_owned(),
            n => format!("{n} skills were taken in. Rename, add and set aside as you like: they are yours now."),
        },
    ))
}

/// Our list as a file, to be changed and brought in by the import.
pub async fn our_list(_: Scope, Path(format): Path<String>) -> Result<Response> {
    if format != "csv" {
        return Err(Error::NotFound);
    }
    Ok(download("skills.csv", "text/csv; charset=utf-8", ours::SKILLS.as_bytes().to_vec()))
}
