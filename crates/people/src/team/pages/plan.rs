//! What is done about the gaps: plans, what they cost, where they lead; whom to look for.

use std::borrow::Borrow;

use askama::Template;
use axum::{extract::Path, response::Response};
use calc::money::Money;
use jiff::{ToSpan, civil::Date};
use kit::{
    chart::{self, Chart},
    error::{Error, Result},
    format::list,
    rights::Right,
    store,
    table::{Cell, Column, Kind, Table},
    web::{Place, Scope},
};

use crate::{
    leadership::model::Role,
    team::{
        here::{Here, sorted},
        model::{Level, Need, Plan, PlanId, PlanState, Way},
        ours,
        pages::{main::new_plan, step},
        rules::{Line, MONTHS, Month, State, YearCost, costs, forecast},
        story,
    },
};

#[derive(Template)]
#[template(path = "team/pages/plan.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    chart: Option<String>,
    plans: Vec<&'a Plan>,
    /// What is short where the forecast ends.
    short: Vec<Line>,
    /// What is safe or not needed today and there, and falls short in between, with the first day of it.
    between: Vec<(Date, Line)>,
    years: Vec<YearCost>,
    hires: Vec<&'a Plan>,
}

impl Page<'_> {
    fn day(&self, plan: &Plan) -> String {
        plan.due.map_or_else(String::new, |it| self.scope.locale().date(it))
    }

    /// Who learns, or else who answers for it.
    fn who(&self, plan: &Plan) -> String {
        plan.person.or(plan.owner).map_or_else(String::new, |it| self.here.name(it))
    }

    fn is_late(&self, plan: &Plan) -> bool {
        self.here.late().iter().any(|it| it.id == plan.id)
    }

    fn money(&self, of: &Option<Money>) -> String {
        of.map_or_else(String::new, |it| self.scope.money(it))
    }

    fn amount(&self, of: impl Borrow<Option<Money>>) -> String {
        of.borrow().map_or_else(|| "more than can be counted".to_owned(), |it| self.scope.money(it))
    }

    fn from(&self, day: &Date) -> String {
        self.scope.locale().date(*day)
    }

    fn new_plan(&self, line: &Line) -> String {
        new_plan(self.here, line)
    }

    fn is_planned(&self, line: &Line) -> bool {
        !self.here.plans_for(line.skill).is_empty()
    }

    /// How a gap is one where the forecast ends: how far it comes, whose leaving that makes up for, and why not further.
    fn stays(&self, then: &Line) -> String {
        let now = self.here.lines.iter().find(|it| it.skill == then.skill);
        let mut gains = self.here.team.gains.iter().filter(|it| it.skill == then.skill).peekable();
        let why = if !self.is_planned(then) {
            "and nothing is planned".to_owned()
        } else if gains.peek().is_none() {
            "and no plan for it has a day to come and an effect".to_owned()
        } else if gains.all(|it| it.level < then.level) {
            format!("and no plan for it reaches “{}”", step(then.level))
        } else {
            String::new()
        };
        let start = match now {
            Some(it) => format!("{} of {} people today", it.have, it.wanted),
            None => format!("{} of {} people, once it is needed", then.have, then.wanted),
        };
        let moved = |it: &&Line| why.is_empty() || (it.have, it.wanted) != (then.have, then.wanted);
        let reached = now.filter(moved).map_or_else(String::new, |now| {
            // Where a higher step is asked by then, others are out of it too, and stay.
            let lost = now.who.difference(&then.who).filter(|_| then.level <= now.level).copied();
            let gone = self.here.names(&lost.collect());
            let leave = if gone.len() == 1 { "leaves" } else { "leave" };
            let leaves = if gone.is_empty() { String::new() } else { format!(", as {} {leave}", list(&gone)) };
            format!("{} of {} then{leaves}", then.have, then.wanted)
        });
        [start, reached, why].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// "one more on 3 alone".
    fn effect(&self, plan: &Plan) -> String {
        if plan.way == Way::Drop {
            return "no longer needed".to_owned();
        }
        let level = plan.level.unwrap_or(Level::Alone).label();
        match (plan.person.filter(|_| plan.way == Way::Train), plan.people.unwrap_or(1)) {
            (Some(_), _) | (None, 1) => format!("one more on {level}"),
            (None, n) => format!("{n} more on {level}"),
        }
    }

    fn way(&self, way: &Way) -> &'static str {
        story::way(*way)
    }
}

/// Cover over the coming months, with the plans and without.
fn chart_of(scope: &Scope, here: &Here, months: &[Month]) -> Chart {
    let labels: Vec<String> = months
        .iter()
        .enumerate()
        .map(|(at, it)| {
            if at == 0 {
                "today".to_owned()
            } else {
                format!("{} {}", scope.locale().month(it.day.month()), it.day.year())
            }
        })
        .collect();
    let most = months.iter().map(|it| it.needed).max().unwrap_or(1);
    let of = |pick: fn(&Month) -> usize| months.iter().map(|it| Some(pick(it) as f64)).collect::<Vec<_>>();
    let series = [
        ("Needed", "@ink-3", "none", of(|it| it.needed)),
        ("With the plans", "@accent", "circle", of(|it| it.safe)),
        ("Without", "@ink-2", "emptyRect", of(|it| it.safe_without)),
    ];
    let mut option = chart::lines(&labels, (0.0, most as f64), &series);
    option["series"][0]["lineStyle"]["type"] = "dashed".into();
    option["yAxis"]["minInterval"] = 1.into();
    let columns = vec![
        Column::new("month", "Month", Kind::Text),
        Column::new("needed", "Skills needed", Kind::Whole),
        Column::new("safe", "Safe with the plans", Kind::Whole),
        Column::new("safe_without", "Safe without them", Kind::Whole),
    ];
    let whole = |it: usize| Cell::Whole(i64::try_from(it).unwrap_or(i64::MAX));
    let rows = labels
        .iter()
        .zip(months)
        .map(|(label, it)| vec![Cell::Text(label.clone()), whole(it.needed), whole(it.safe), whole(it.safe_without)])
        .collect();
    Chart {
        title: "Skills that are safe, month by month".to_owned(),
        summary: story::forecast(here, months),
        option,
        height: 280,
        table: Table { title: "Cover by month".to_owned(), columns, rows },
    }
}

fn stays_short(here: &Here) -> Vec<Line> {
    let gap = |it: &Line| !matches!(it.state(), State::Safe | State::Unknown);
    sorted(here.team_as_seen().ahead(here.today).into_iter().filter(gap).collect(), &here.skills)
}

/// What begins to be short after today and is not short any more where the forecast ends, such as what a project of some
/// months asks for.
fn between(here: &Here, short: &[Line]) -> Vec<(Date, Line)> {
    let team = here.team_as_seen();
    let (today, last) = (here.today, here.today + MONTHS.months());
    let mut days: Vec<Date> =
        team.asks.iter().filter_map(|it| it.starts).filter(|it| today < *it && *it < last).collect();
    days.sort_unstable();
    days.dedup();
    let is_told = |skill| short.iter().any(|it| it.skill == skill) || here.gaps().any(|it| it.skill == skill);
    let mut found: Vec<(Date, Line)> = Vec::new();
    for day in days {
        for line in team.lines(day).into_iter().filter(|it| it.lacks() > 0 && it.state() != State::Unknown) {
            if !is_told(line.skill) && found.iter().all(|(_, it)| it.skill != line.skill) {
                found.push((day, line));
            }
        }
    }
    found
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let months = forecast(&here.team, here.today);
    // A line at nought would say that nothing is safe where nobody knows.
    let is_known = here.lines.is_empty() || here.lines.iter().any(|it| it.state() != State::Unknown);
    let shown = here.sees_counts() && is_known && months.iter().any(|it| it.needed > 0);
    let chart = shown.then(|| chart_of(&scope, &here, &months).figure("/team/plan/chart", "")).transpose()?;
    let mut plans: Vec<&Plan> = here.plans.iter().collect();
    plans.sort_by_key(|it| (matches!(it.state, PlanState::Done | PlanState::Refused), it.due.is_none(), it.due));
    let heading = match (here.sees_counts(), here.plans.len()) {
        (true, _) => story::forecast(&here, &months),
        (false, 0) => "Nothing is planned yet".to_owned(),
        (false, 1) => "One plan is written down".to_owned(),
        (false, n) => format!("{n} plans are written down"),
    };
    let short = if here.sees_counts() { stays_short(&here) } else { Vec::new() };
    let page = Page {
        heading,
        chart,
        between: if here.sees_counts() { between(&here, &short) } else { Vec::new() },
        short,
        years: costs(&scope.org.calendar(), &here.plans, here.today),
        hires: plans.iter().copied().filter(|it| is_open_hire(it)).collect(),
        plans,
        scope: &scope,
        here: &here,
    };
    scope.page(Place::new("Plan", "/team/plan"), &page).await
}

fn is_open_hire(plan: &Plan) -> bool {
    plan.way == Way::Hire && !matches!(plan.state, PlanState::Done | PlanState::Refused)
}

/// The forecast as a picture for documents.
pub async fn file(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    if !here.sees_counts() {
        return Err(Error::NotFound);
    }
    let months = forecast(&here.team, here.today);
    chart_of(&scope, &here, &months).file("skills-forecast", &format).await
}

#[derive(Template)]
#[template(path = "team/pages/profile.html")]
struct Profile<'a> {
    scope: &'a Scope,
    here: &'a Here,
    plan: &'a Plan,
    title: String,
    role: Option<Role>,
    /// What the one who is hired must command, and what would be good.
    must: Vec<Wanted<'a>>,
    should: Vec<Wanted<'a>>,
}

struct Wanted<'a> {
    skill: String,
    level: Level,
    means: &'static str,
    what_for: &'a str,
}

/// What somebody is looked for to do, as a page to print: one sheet for each plan to hire.
pub async fn profile(scope: Scope, Path(id): Path<PlanId>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let plan = here.plans.iter().find(|it| it.id == id && it.way == Way::Hire).ok_or(Error::NotFound)?;
    let role = match plan.role {
        Some(it) => Some(store::find::<Role>(scope.db(), scope.id(), it).await?),
        None => None,
    };
    // What the role asks for, and the skill that the plan is about.
    let of_role = |need: &&Need| plan.role.is_some() && need.role == plan.role;
    let wanted = |need: &'_ Need| (need.skill, need.level, need.desirable);
    let mut must: Vec<Wanted> = Vec::new();
    let mut should: Vec<Wanted> = Vec::new();
    let of_plan = here.needs.iter().filter(|it| it.skill == plan.skill && !it.desirable);
    let level = plan.level.or_else(|| of_plan.clone().map(|it| it.level).max()).unwrap_or(Level::Alone);
    must.push(Wanted {
        skill: here.skill(plan.skill),
        level,
        means: ours::means(level),
        what_for: of_plan.clone().next().map_or("", |it| &it.what_for),
    });
    for need in here.needs.iter().filter(of_role).filter(|it| it.skill != plan.skill) {
        let (skill, level, desirable) = wanted(need);
        let it = Wanted { skill: here.skill(skill), level, means: ours::means(level), what_for: &need.what_for };
        if desirable { should.push(it) } else { must.push(it) }
    }
    let title = role.as_ref().map_or_else(|| plan.title.clone(), |it| it.name.clone());
    let place = Place::new(title.clone(), "/team/plan").under("Plan", "/team/plan");
    scope.page(place, &Profile { scope: &scope, here: &here, plan, title, role, must, should }).await
}

impl Profile<'_> {
    fn reports_to(&self) -> String {
        self.plan.reports_to.map_or_else(|| "not settled yet".to_owned(), |it| self.here.name(it))
    }

    fn start(&self) -> String {
        self.plan.due.map_or_else(|| "not settled yet".to_owned(), |it| self.scope.locale().date(it))
    }

    fn may_change(&self) -> bool {
        self.scope.may(Right::Lead)
    }
}
