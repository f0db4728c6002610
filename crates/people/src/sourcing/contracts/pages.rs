//! The timeline of contracts, and how a supplier does.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use calc::{
    money::Money,
    notice::{Outlook, Unit},
};
use jiff::{ToSpan, civil::Date};
use kit::{
    error::Result,
    format::Locale,
    holidays,
    mail::{self, Mail},
    pages::{Conflict, Fields, Meant},
    people::Person,
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope, see},
};

use super::{
    model::{self, Contract, ContractId, ContractState, Scorecard, Supplier, SupplierId},
    rules::{Deadline, MONTHS, Strip, deadline, leads, outlook, strip, to_decide},
    store as settings,
};
use crate::sourcing::moving::rules::years;

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sourcing/timeline", Access::With(Right::SeeCosts), timeline)
        .post("/sourcing/alerts", Access::With(Right::KeepCosts), alerts)
        .get("/contracts/{id}/notice", Access::With(Right::SeeCosts), notice)
        .get("/suppliers/{id}/trend", Access::With(Right::View), trend)
}

/// A contract with what follows from it on a day.
#[derive(Clone)]
pub(in crate::sourcing) struct Watched {
    pub contract: Contract,
    pub supplier: String,
    pub owner: Option<String>,
    pub outlook: Option<Outlook>,
    pub deadline: Option<Deadline>,
    /// By when its owner has something to decide.
    pub to_decide: Option<Deadline>,
}

/// Every contract that runs, the nearest day first; those without a day last.
pub(in crate::sourcing) async fn watched(scope: &Scope) -> Result<Arc<Vec<Watched>>> {
    scope.db().once("contracts", read(scope)).await
}

async fn read(scope: &Scope) -> Result<Vec<Watched>> {
    let today = scope.today();
    let holidays = holidays::days(scope.db(), scope.id()).await?;
    let suppliers = store::titles(scope.db(), scope.id(), Supplier::KIND).await?;
    let people = store::titles(scope.db(), scope.id(), Person::KIND).await?;
    let mut all: Vec<Watched> = store::all::<Contract>(scope.db(), scope.id())
        .await?
        .into_iter()
        .map(|it| Watched {
            supplier: suppliers.get(&it.supplier.0).cloned().unwrap_or_default(),
            owner: it.owner.and_then(|it| people.get(&it.0).cloned()),
            outlook: outlook(&it, today, &holidays),
            deadline: deadline(&it, today, &holidays),
            to_decide: to_decide(&it, today, &holidays),
            contract: it,
        })
        .filter(|it| it.outlook.is_some())
        .collect();
    all.sort_by(|a, b| {
        let day = |it: &Watched| it.deadline.map_or(Date::MAX, Deadline::day);
        day(a).cmp(&day(b)).then_with(|| a.contract.name.cmp(&b.contract.name))
    });
    Ok(all)
}

struct Line {
    it: Watched,
    strip: Strip,
}

#[derive(Template)]
#[template(path = "sourcing/contracts/timeline.html")]
struct Timeline<'a> {
    scope: &'a Scope,
    heading: String,
    lines: Vec<Line>,
    doubtful: Vec<(String, String, String)>,
    /// Where the quarters begin, in per cent, and what they are called.
    quarters: Vec<(f64, String)>,
    yearly: Money,
    without_price: usize,
    /// The lead times as they are kept, and as the form shows them.
    kept: String,
    leads: String,
    fault: Option<String>,
    conflict: Conflict,
    mail: bool,
}

impl Timeline<'_> {
    fn day(&self, day: &Option<Date>) -> String {
        day.map_or_else(|| "–".to_owned(), |it| self.scope.locale().short_date(it))
    }

    fn yearly_of(&self, it: &Contract) -> String {
        it.yearly().map_or_else(|| "–".to_owned(), |it| self.scope.money(it))
    }

    fn total(&self) -> String {
        self.scope.money(self.yearly)
    }

    fn days_to_notice(&self, it: &Watched) -> Option<i32> {
        match it.deadline {
            Some(Deadline::Notice(day)) => Some((day - self.scope.today()).get_days()),
            _ => None,
        }
    }
}

/// What is doubtful about a contract: name, address, and the sentence with its days as the organisation writes them.
fn doubts(scope: &Scope, it: &Contract, outlook: Option<&Outlook>) -> Vec<(String, String, String)> {
    let day = |word: &str| -> Option<String> {
        let (text, rest) = (word.get(..10)?, word.get(10..)?);
        Some(format!("{}{rest}", scope.locale().short_date(text.parse::<Date>().ok()?)))
    };
    let written = |text: &str| {
        text.split(' ').map(|word| day(word).unwrap_or_else(|| word.to_owned())).collect::<Vec<_>>().join(" ")
    };
    let (name, url) = (&it.name, format!("/contracts/{}", it.id));
    let findings = outlook.into_iter().flat_map(|it| &it.findings);
    findings.map(|it| (name.clone(), url.clone(), written(&it.message))).collect()
}

async fn timeline(scope: Scope) -> Result<Response> {
    show(&scope, None, None, Conflict::default()).await
}

/// Lead times as people write them: "90, 60, 30".
fn written(leads: &[i64]) -> String {
    leads.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

async fn show(scope: &Scope, typed: Option<String>, fault: Option<String>, conflict: Conflict) -> Result<Response> {
    let kept = written(&settings::leads(scope.db(), scope.id()).await?);
    let today = scope.today();
    let all = watched(scope).await?;
    let doubtful = all.iter().flat_map(|it| doubts(scope, &it.contract, it.outlook.as_ref())).collect();
    let lines: Vec<Line> = Arc::unwrap_or_clone(all)
        .into_iter()
        .map(|it| Line { strip: it.outlook.as_ref().map(|it| strip(it, today)).unwrap_or_default(), it })
        .collect();
    let next = lines.iter().find_map(|line| match line.it.deadline {
        Some(Deadline::Notice(day)) => Some((&line.it.contract.name, day)),
        _ => None,
    });
    let heading = match next {
        _ if lines.is_empty() => "No contract is written down yet".to_owned(),
        None => "No contract waits for notice".to_owned(),
        Some((name, day)) => match (day - today).get_days() {
            0 => format!("Today is the last day to give notice of “{name}”"),
            1 => format!("Tomorrow is the last day to give notice of “{name}”"),
            left => format!("Next, decide about “{name}”: {left} days are left to give notice"),
        },
    };
    let prices: Vec<Option<Money>> = lines.iter().map(|it| it.it.contract.yearly()).collect();
    let page = Timeline {
        scope,
        heading,
        quarters: quarters(scope, today),
        yearly: Money::sum(prices.iter().flatten().copied()).unwrap_or_default(),
        without_price: prices.iter().filter(|it| it.is_none()).count(),
        lines,
        doubtful,
        leads: typed.unwrap_or_else(|| kept.clone()),
        kept,
        mail: scope.app.mail.is_some(),
        fault,
        conflict,
    };
    let status = match (&page.fault, page.conflict.is_empty()) {
        (Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, false) => StatusCode::CONFLICT,
        (None, true) => StatusCode::OK,
    };
    scope.page_with(status, Place::new("Notice dates", "/contracts").under("Contracts", "/contracts"), &page).await
}

/// The first days of the quarters within the picture.
fn quarters(scope: &Scope, today: Date) -> Vec<(f64, String)> {
    let width = f64::from(((today + MONTHS.months()) - today).get_days());
    let mut day = today.first_of_month();
    let mut all = Vec::new();
    for _ in 0..MONTHS {
        day += 1.month();
        if (day.month() - 1) % 3 == 0 {
            let place = f64::from((day - today).get_days()) / width * 100.0;
            let month: String = scope.locale().month(day.month()).chars().take(3).collect();
            all.push(((place * 10.0).round() / 10.0, format!("{month} {}", day.year() % 100)));
        }
    }
    all
}

async fn alerts(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let text = fields.get("days").to_owned();
    let days = match leads(&text) {
        Ok(days) => days,
        Err(fault) => return show(&scope, Some(text), Some(fault), Conflict::default()).await,
    };
    let mut tx = store::begin(&scope).await?;
    let before = written(&settings::leads(scope.db(), scope.id()).await?);
    match fields.meant("days", &before) {
        Meant::Nothing => return Ok(see("/sourcing/timeline", "Nothing was different, so nothing was saved.")),
        Meant::Write => {}
        Meant::Meanwhile => {
            drop(tx);
            let conflict = [("Days before the last day of notice", before, written(&days))].into_iter().collect();
            return show(&scope, Some(text), None, conflict).await;
        }
    }
    settings::set_leads(&mut tx, scope.id(), &days).await?;
    let changes = kit::audit::Changes::from([("days".to_owned(), [before.into(), written(&days).into()])]);
    kit::audit::add(
        &mut tx,
        &scope.author(),
        "changed",
        "notice warnings",
        scope.id().0,
        "Notice warnings",
        &changes,
        0,
    )
    .await?;
    tx.commit().await?;
    Ok(see(
        "/sourcing/timeline",
        &format!("Owners are written to {} days before the last day of notice.", written(&days)),
    ))
}

#[derive(Template)]
#[template(path = "sourcing/contracts/notice.html")]
struct Noticed<'a> {
    scope: &'a Scope,
    contract: Contract,
    heading: String,
    outlook: Option<Outlook>,
    /// Whether notice is counted in business days, and so without public holidays.
    in_business_days: bool,
    strip: Option<Strip>,
    quarters: Vec<(f64, String)>,
    doubtful: Vec<(String, String, String)>,
    /// What it costs in this year and the next ones.
    years: Vec<Money>,
    messages: Vec<Mail>,
}

impl Noticed<'_> {
    fn day(&self, day: &Option<Date>) -> String {
        day.map_or_else(|| "–".to_owned(), |it| self.scope.locale().date(it))
    }

    fn money(&self, it: &Money) -> String {
        self.scope.money(*it)
    }

    /// The day on which a year from today on begins.
    fn in_years(&self, at: &usize) -> String {
        let years = i64::try_from(*at).unwrap_or_default();
        self.scope.locale().short_date(self.scope.today() + years.years())
    }

    fn change(&self) -> String {
        match self.contract.increase_pct {
            Some(it) => {
                let locale = self.scope.locale();
                format!("with {} a year", locale.of_a_hundred(&locale.number(it)))
            }
            None => "at the present price".to_owned(),
        }
    }

    fn state(&self, it: &Mail) -> mail::State {
        it.state(self.scope.now)
    }
}

async fn notice(scope: Scope, Path(id): Path<ContractId>) -> Result<Response> {
    let contract: Contract = store::find(scope.db(), scope.id(), id).await?;
    let today = scope.today();
    let holidays = holidays::days(scope.db(), scope.id()).await?;
    let outlook = outlook(&contract, today, &holidays);
    let day = |it: Date| scope.locale().date(it);
    let heading = match (deadline(&contract, today, &holidays), &outlook) {
        (Some(Deadline::Notice(by)), Some(it)) => {
            let otherwise =
                it.renews_until.map_or("it goes on".to_owned(), |it| format!("it goes on until {}", day(it)));
            format!("Give notice by {}, or {otherwise}", day(by))
        }
        (Some(Deadline::End(end)), _) => format!("It ends by itself on {}", day(end)),
        (None, Some(_)) if contract.notice.is_none() => "Nobody knows by when notice must be given".to_owned(),
        (None, Some(it)) => match it.earliest_end {
            Some(end) => format!("It runs on; notice given today ends it on {}", day(end)),
            None => "It runs on".to_owned(),
        },
        _ => "It has ended".to_owned(),
    };
    let years = match contract.yearly().filter(|it| !it.is_zero()) {
        Some(first) => years(first, contract.increase_pct).unwrap_or_default(),
        None => Vec::new(),
    };
    let place = Place::new(format!("Notice and price: {}", contract.name), "/contracts")
        .under("Contracts", "/contracts")
        .under(contract.name.clone(), format!("/contracts/{id}"));
    let agreed = contract.notice.as_deref().and_then(|it| model::notice(it).ok());
    let page = Noticed {
        in_business_days: agreed.is_some_and(|it| it.unit == Unit::BusinessDays),
        scope: &scope,
        heading,
        strip: outlook.as_ref().map(|it| strip(it, today)),
        doubtful: doubts(&scope, &contract, outlook.as_ref()),
        outlook,
        quarters: quarters(&scope, today),
        years,
        messages: mail::about(scope.db(), scope.id(), id.0).await?,
        contract,
    };
    scope.page(place, &page).await
}

#[derive(Template)]
#[template(path = "sourcing/contracts/trend.html")]
struct Trend<'a> {
    scope: &'a Scope,
    supplier: Supplier,
    heading: String,
    cards: Vec<(Scorecard, Option<String>)>,
    contracts: Vec<Contract>,
    next: Option<String>,
}

impl Trend<'_> {
    fn day(&self, day: &Date) -> String {
        self.scope.locale().short_date(*day)
    }

    fn mean(&self, it: &Scorecard) -> String {
        self.scope.locale().decimal(it.mean(), 1)
    }

    fn price(&self, it: &Contract) -> String {
        it.yearly().map_or_else(|| "price not known".to_owned(), |it| format!("{} a year", self.scope.money(it)))
    }
}

async fn trend(scope: Scope, Path(id): Path<SupplierId>) -> Result<Response> {
    let supplier: Supplier = store::find(scope.db(), scope.id(), id).await?;
    let mut cards: Vec<Scorecard> = store::all(scope.db(), scope.id()).await?;
    cards.retain(|it| it.supplier == id);
    cards.sort_by_key(|it| (it.scored_on, it.id));
    let people = store::titles(scope.db(), scope.id(), Person::KIND).await?;
    let contracts = match scope.may(Right::SeeCosts) {
        true => store::all::<Contract>(scope.db(), scope.id())
            .await?
            .into_iter()
            .filter(|it| it.supplier == id && it.state != Some(ContractState::Ended))
            .collect(),
        false => Vec::new(),
    };
    let heading = how_it_does(&supplier.name, &cards, scope.locale());
    let holidays = holidays::days(scope.db(), scope.id()).await?;
    let next = contracts
        .iter()
        .filter_map(|it| deadline(it, scope.today(), &holidays))
        .min_by_key(|it| it.day())
        .map(|it| scope.locale().date(it.day()));
    let place = Place::new(format!("How {} does", supplier.name), "/suppliers")
        .under("Suppliers", "/suppliers")
        .under(supplier.name.clone(), format!("/suppliers/{id}"));
    let cards = cards
        .into_iter()
        .rev()
        .map(|it| {
            let by = it.person.and_then(|it| people.get(&it.0).cloned());
            (it, by)
        })
        .collect();
    scope.page(place, &Trend { scope: &scope, supplier, heading, cards, contracts, next }).await
}

/// The finding about a supplier, as a heading: the latest day on which it was scored, whoever did, against the one
/// before.
fn how_it_does(name: &str, cards: &[Scorecard], locale: Locale) -> String {
    let days: Vec<f64> = cards
        .chunk_by(|a, b| a.scored_on == b.scored_on)
        .map(|day| day.iter().map(Scorecard::mean).sum::<f64>() / day.len() as f64)
        .collect();
    let mark = |it: f64| locale.decimal(it, 1);
    match days[..] {
        [] => format!("Nobody has scored {name} yet"),
        [only] => format!("{name} was scored once: {} of 5", mark(only)),
        [.., before, last] if (last - before).abs() < 0.25 => {
            format!("{name} does as well as the time before: {} of 5", mark(last))
        }
        [.., before, last] => {
            let word = if last > before { "better" } else { "worse" };
            format!("{name} does {word} than the time before: {} of 5, after {}", mark(last), mark(before))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::model::ScorecardId, *};

    #[test]
    fn how_a_supplier_does_is_said_against_the_time_before() {
        let card = |month: i8, marks: [i64; 4]| Scorecard {
            id: ScorecardId(db::uuid::Uuid::nil()),
            version: 1,
            supplier: SupplierId(db::uuid::Uuid::nil()),
            scored_on: jiff::civil::date(2026, month, 4),
            person: None,
            quality: marks[0],
            delivery: marks[1],
            cost: marks[2],
            cooperation: marks[3],
            note: None,
        };
        let said = |cards: &[Scorecard]| how_it_does("Haldvik", cards, Locale::of("de-DE"));
        let (threes, fours) = ([3; 4], [4; 4]);
        assert_eq!(said(&[]), "Nobody has scored Haldvik yet");
        assert_eq!(said(&[card(5, threes), card(5, fours)]), "Haldvik was scored once: 3,5 of 5", "by two people");
        let better = "Haldvik does better than the time before: 3,5 of 5, after 3,0";
        assert_eq!(said(&[card(5, threes), card(9, [4, 4, 3, 3])]), better);
        let worse = "Haldvik does worse than the time before: 3,0 of 5, after 4,0";
        assert_eq!(said(&[card(5, fours), card(9, threes), card(9, threes)]), worse, "not two of one day");
        assert_eq!(said(&[card(5, fours), card(9, fours)]), "Haldvik does as well as the time before: 4,0 of 5");
    }
}
