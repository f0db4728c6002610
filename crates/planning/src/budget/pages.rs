//! The budget of a year: what it is for, what it comes to, what is not in it yet, its lines.

use std::collections::BTreeMap;

use align::envisioning::{Banner, banner};
use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    response::Response,
};
use calc::money::Money;
use kit::{
    area::Cost,
    chart::{self, Chart},
    error::{Error, Result},
    format::{counted, list},
    pages::Fields,
    people::{self, Person, PersonId},
    record::Record,
    rights::Right,
    store,
    table::{Cell, Column, Kind, Table},
    thread,
    web::{Access, Place, Routes, Scope, see},
};
use serde::Deserialize;

use super::{
    COSTS,
    here::Here,
    model::{BudgetLine, BudgetLineId, Purpose, State},
    rules::{self, Stand, Sum, Taking, by_purpose, sum},
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/budget", Access::With(Right::SeeCosts), page)
        .post("/budget/take", Access::With(Right::KeepCosts), take)
        .get("/budget/chart/{format}", Access::With(Right::SeeCosts), file)
}

/// Which year somebody wants to see; empty: the one whose budget is being made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    year: String,
}

#[derive(Template)]
#[template(path = "budget/pages/budget.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    banner: Option<Banner>,
    heading: String,
    lead: String,
    chart: Option<String>,
    sums: Vec<(Purpose, Sum)>,
    all: Sum,
    to_take: Vec<(&'a Cost, Stand<'a>)>,
    orphans: Vec<&'a BudgetLine>,
    /// By purpose, those that are left out last, the largest first.
    lines: Vec<&'a BudgetLine>,
    /// The record that each line pays for.
    sources: BTreeMap<BudgetLineId, &'a Cost>,
    people: BTreeMap<PersonId, Person>,
    years: Vec<i16>,
}

impl Page<'_> {
    fn money(&self, it: &Money) -> String {
        self.scope.money(*it)
    }

    fn mark(&self, it: &Cost, stand: &Stand<'_>) -> String {
        rules::mark(it, stand)
    }

    fn line_total(&self, it: &BudgetLine) -> String {
        let (once, yearly) = it.amounts();
        self.scope.money(once.checked_add(yearly).unwrap_or_default())
    }

    /// An amount, or nothing where there is none.
    fn amount(&self, it: &Money) -> String {
        if it.is_zero() { String::new() } else { self.scope.money(*it) }
    }

    fn share(&self, it: &Sum) -> String {
        if it.total.is_zero() {
            return String::new();
        }
        self.scope.locale().percent(it.total.minor() as f64 / self.all.total.minor() as f64, 0)
    }

    fn owner(&self, it: &BudgetLine) -> &str {
        it.owner.and_then(|it| self.people.get(&it)).map_or("", |it| &it.name)
    }

    fn once(&self, it: &BudgetLine) -> String {
        self.amount(&it.amounts().0)
    }

    fn yearly(&self, it: &BudgetLine) -> String {
        self.amount(&it.amounts().1)
    }

    fn kind(&self, it: &Cost) -> &'static str {
        self.scope.app.registry.kind(it.kind).map_or("", |it| it.one)
    }

    fn source(&self, it: &BudgetLine) -> Option<&&Cost> {
        self.sources.get(&it.id)
    }
}

const TOO_MUCH: &str = "The lines come to more than can be counted. Correct the largest one.";

async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    let here = Here::load(&scope, year(&asked.year)?).await?;
    let mut lines = here.lines();
    let (sums, all) = by_purpose(&lines).ok_or_else(|| Error::refused(TOO_MUCH))?;
    lines.sort_by_key(|it| (!it.is_in(), it.purpose, std::cmp::Reverse(it.amounts().0.checked_add(it.amounts().1))));
    let source = |cost: &'_ Cost| here.paid.get(&cost.id).copied();
    let page = Page {
        banner: banner(&scope).await?,
        heading: heading(&scope, &here, all),
        lead: lead(&scope, &here),
        chart: match here.years().len() {
            0 | 1 => None,
            _ => Some(chart_of(&scope, &here)?.figure("/budget/chart", "")?),
        },
        to_take: here.to_take(),
        orphans: here.without_source(),
        sources: here.costs.iter().filter_map(|it| Some((source(it)?, it))).collect(),
        people: people::by_id(&scope).await?,
        years: years(&scope, &here),
        scope: &scope,
        here: &here,
        sums,
        all,
        lines,
    };
    scope.page(Place::new(format!("Budget FY {}", here.year.name), "/budget"), &page).await
}

/// The year of this name; refuses what is none of the years that a line can be of, which nobody comes upon by a link.
fn year(text: &str) -> Result<Option<i16>> {
    match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(it) if (2000..=2999).contains(&it) => Ok(Some(it)),
        _ => Err(Error::NotFound),
    }
}

/// The years to choose from: those that have lines, and from the present one to the one whose budget is being made.
fn years(scope: &Scope, here: &Here) -> Vec<i16> {
    let at = scope.org.calendar().position(here.today);
    let mut years = here.years();
    years.extend(at.year.name..=at.budget_for);
    years.sort_unstable();
    years.dedup();
    years
}

fn heading(scope: &Scope, here: &Here, all: Sum) -> String {
    let year = here.year.name;
    let open = Money::sum(here.to_take().iter().filter(|it| it.1 == Stand::Missing).map(|(it, _)| total(it)));
    let open = open.filter(|it| !it.is_zero()).map(|it| scope.money(it));
    match (all.lines, open) {
        (0, None) => format!("Nothing is budgeted for FY {year} yet"),
        (0, Some(open)) => format!("FY {year} has no budget yet; contracts and plans come to {open}"),
        (_, None) => format!("The budget of FY {year} comes to {}", scope.money(all.total)),
        (_, Some(open)) => {
            format!(
                "The budget of FY {year} comes to {}, without contracts and plans of {open}",
                scope.money(all.total)
            )
        }
    }
}

/// The budget that is being made as a sentence, and a row for each purpose and for all: for those who see costs, once
/// it has a line and as long as its lines can be added up.
pub async fn told(scope: &Scope) -> Result<Option<(String, Vec<Vec<String>>)>> {
    let here = Here::load(scope, None).await?;
    let Some((sums, all)) = by_purpose(&here.lines()).filter(|it| it.1.lines > 0) else { return Ok(None) };
    let row = |name: &str, it: &Sum| {
        std::iter::once(name.to_owned()).chain([it.once, it.yearly, it.total].map(|it| scope.money(it))).collect()
    };
    let rows = sums.iter().map(|(purpose, sum)| row(purpose.label(), sum)).chain([row("Together", &all)]);
    Ok(Some((heading(scope, &here, all), rows.collect())))
}

fn total(it: &Cost) -> Money {
    it.once.checked_add(it.yearly).unwrap_or_default()
}

/// What the year before came to, and what is not agreed of this one.
fn lead(scope: &Scope, here: &Here) -> String {
    let before = here.year.name - 1;
    let then = sum(here.of_year(before)).filter(|it| it.lines > 0);
    let comes = if scope.org.calendar().named(before).ends < here.today { "came" } else { "comes" };
    let then = then.map(|it| format!("FY {before} {comes} to {}", scope.money(it.total)));
    let proposed = here.lines().iter().filter(|it| it.state == State::Proposed).count();
    let open = (proposed > 0).then(|| format!("{} not agreed yet", counted(proposed, "line is", "lines are")));
    let parts: Vec<String> = then.into_iter().chain(open).collect();
    if parts.is_empty() { String::new() } else { format!("{}.", parts.join("; ")) }
}

/// The budgets side by side, by what the money is for.
fn chart_of(scope: &Scope, here: &Here) -> Result<Chart> {
    let years = here.years();
    let of = |it: &i16| by_purpose(&here.of_year(*it)).ok_or_else(|| Error::refused(TOO_MUCH));
    let sums = years.iter().map(of).collect::<Result<Vec<_>>>()?;
    let points: Vec<String> = years.iter().map(|it| format!("FY {it}")).collect();
    let digits = i32::try_from(scope.currency().minor_digits()).unwrap_or(2);
    #[expect(clippy::cast_precision_loss, reason = "a picture")]
    let thousands = |it: Money| it.minor() as f64 / 10f64.powi(digits + 3);
    let colours = ["@line-2", "@ink-3", "@accent"];
    let series: Vec<(&str, &str, Vec<f64>)> = Purpose::ALL
        .iter()
        .zip(colours)
        .enumerate()
        .map(|(at, (it, colour))| (it.label(), colour, sums.iter().map(|sum| thousands(sum.0[at].1.total)).collect()))
        .collect();
    let mut columns = vec![Column::new("year", "Financial year", Kind::Text)];
    columns.extend(Purpose::ALL.iter().map(|it| Column::new(it.key(), it.label(), Kind::Text)));
    columns.push(Column::new("all", "Together", Kind::Text));
    let money = |it: Money| Cell::Text(scope.money(it));
    let rows = points.iter().zip(&sums).map(|(year, (by, all))| {
        let amounts = by.iter().map(|it| money(it.1.total)).chain([money(all.total)]);
        std::iter::once(Cell::Text(year.clone())).chain(amounts).collect()
    });
    let said = points.iter().zip(&sums).map(|(year, (_, all))| format!("{year} {}", scope.money(all.total)));
    Ok(Chart {
        title: format!("Budgets by what the money is for, in thousand {}", scope.org.currency),
        summary: list(&said.collect::<Vec<_>>()),
        option: chart::stacked(&points, &series),
        height: 260,
        table: Table { title: "Budgets by year".to_owned(), columns, rows: rows.collect() },
    })
}

/// The picture for documents.
async fn file(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    let here = Here::load(&scope, None).await?;
    chart_of(&scope, &here)?.file("budget", &format).await
}

/// Takes in what was ticked: each cost gets a line, or its line gets the amounts that its record says by now.
async fn take(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let purpose = Purpose::from_key(fields.get("purpose")).unwrap_or(Purpose::Run);
    let mut tx = store::begin(&scope).await?;
    let all = store::rows_in(&mut tx, scope.id(), BudgetLine::KIND).await?.iter().map(BudgetLine::from_row).collect();
    let mut here = Here::with(&scope, year(fields.get("year"))?, all).await?;
    let (mut taken, mut sum, mut tied, mut there) = (0, Money::ZERO, Vec::new(), 0);
    for cost in here.costs.clone() {
        let sent = fields.get(&format!("take-{}", cost.id));
        let lines = here.lines();
        let stand = rules::stand(std::slice::from_ref(&cost), &lines, &here.paid)[0];
        if matches!(stand, Stand::In(_)) && !sent.is_empty() {
            there += 1;
        }
        // What was ticked is what was seen: what has changed meanwhile is looked at first.
        if sent != rules::mark(&cost, &stand) {
            continue;
        }
        let line = match rules::taking(&cost, &stand, &lines, &here.paid, blank(&here, &cost, purpose)) {
            Taking::Nothing => continue,
            Taking::Tie(it) => {
                tied.push(it.title.clone());
                it
            }
            Taking::Update(it) => {
                let before = lines.iter().find(|line| line.id == it.id).expect("a line of this year").to_row();
                store::update(&mut tx, &scope.author(), BudgetLine::KIND, &before, it.to_row().values).await?;
                (taken, sum) = (taken + 1, sum.checked_add(total(&cost)).unwrap_or(sum));
                it
            }
            Taking::Make(it) => {
                store::insert(&mut tx, &scope.author(), BudgetLine::KIND, &it.to_row()).await?;
                (taken, sum) = (taken + 1, sum.checked_add(total(&cost)).unwrap_or(sum));
                it
            }
        };
        let from = thread::End { kind: cost.kind, id: cost.id };
        let to = thread::End { kind: BudgetLine::KIND.key, id: line.id.0 };
        thread::tie(&mut tx, &scope.author(), from, COSTS, to).await?;
        here.put(cost.id, line);
    }
    tx.commit().await?;
    let ticked = fields.count("take-");
    let changed = ticked.saturating_sub(taken + tied.len() + there);
    let said = [
        (ticked == 0).then(|| "Nothing was taken in. Tick what the budget is to pay for.".to_owned()),
        (taken > 0)
            .then(|| format!("{} taken in, {} together.", counted(taken, "cost was", "costs were"), scope.money(sum))),
        (!tied.is_empty()).then(|| format!("Written by hand already, and kept as written: {}.", list(&tied))),
        (there > 0).then(|| format!("{} in the budget already.", counted(there, "cost is", "costs are"))),
        (changed > 0).then(|| {
            format!("{} changed meanwhile: look at what is left.", counted(changed, "cost has", "costs have"))
        }),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Ok(see(&format!("/budget?year={}", here.year.name), &said.join(" ")))
}

/// The line that a cost gets which has none, but for its name and amounts.
fn blank(here: &Here, cost: &Cost, purpose: Purpose) -> BudgetLine {
    BudgetLine {
        id: BudgetLineId::fresh(),
        version: 1,
        year: here.year.name.into(),
        title: String::new(),
        purpose,
        once: None,
        yearly: None,
        proposition: None,
        owner: cost.owner,
        rationale: cost.why.clone(),
        state: State::Proposed,
    }
}
