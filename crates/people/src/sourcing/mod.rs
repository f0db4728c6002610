//! Which work is done inside and which by others, under which contracts.
//!
//! Activities are placed on two axes by several people, each on their own; what they agree on is kept with its reason.
//! From the places follows the advice, from the advice selections and moves, from both contracts, and from the
//! contracts the days by which somebody must decide. Only places are kept: advice, days and totals are computed.

pub mod contracts;
pub mod guests;
pub mod model;
pub mod moving;
mod onward;
mod pages;
pub mod placing;
pub mod rules;
pub mod selecting;

use std::collections::BTreeSet;

use calc::{fiscal::Year, notice::Standing};
use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{
    area::{Answer, Area, Cost, Entry, Evidence, Named, Note},
    asking::Round,
    method::{Competency, Side},
    record::{Kind, Record, Row},
    rights::Right,
    store,
    web::{App, Routes, Scope},
};

pub use self::model::Activity;
use self::{
    contracts::{
        model::{Contract, Scorecard, Supplier},
        pages::{Watched, watched},
        rules::{Deadline, SOON},
    },
    model::Placement,
    moving::model::Move,
    placing::pages::all_seen,
    rules::ENOUGH,
    selecting::model::{Candidate, Comparison, Criterion, Score, Selection},
};

/// The area of this competency.
pub struct Sourcing;

impl Area for Sourcing {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[
            Activity::KIND,
            Placement::KIND,
            Supplier::KIND,
            Contract::KIND,
            Scorecard::KIND,
            Move::KIND,
            Selection::KIND,
            Criterion::KIND,
            Candidate::KIND,
            Score::KIND,
            Comparison::KIND,
        ]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Sourcing", "/sourcing").of(Competency::StrategicSourcing),
                Entry::new("Activities", "/activities").of(Competency::StrategicSourcing),
                Entry::new("Suppliers", "/suppliers").of(Competency::StrategicSourcing),
                Entry::new("Contracts", "/contracts").of(Competency::StrategicSourcing).for_those_who(Right::SeeCosts),
                Entry::new("Selections", "/selections").of(Competency::StrategicSourcing),
                Entry::new("Moves", "/moves").under("/sourcing").for_those_who(Right::SeeCosts),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    /// Last days of notice and ends of contracts.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            if !scope.may(Right::SeeCosts) {
                return Ok(Vec::new());
            }
            let (all, leads) = (watched(scope).await?, contracts::store::leads(scope.db(), scope.id()).await?);
            let mut notes = Vec::new();
            for it in all.iter() {
                let name = &it.contract.name;
                let note = |text: String, day: Date| Note::new(text, format!("/contracts/{}", it.contract.id)).on(day);
                match it.deadline {
                    Some(Deadline::Notice(day)) if day >= from => {
                        notes.push(note(format!("Last day to give notice: {name}"), day).reminded(&leads));
                        if let Some(end) = it.outlook.as_ref().and_then(|it| it.ends_on) {
                            notes.push(note(format!("Term ends, goes on without notice: {name}"), end));
                        }
                    }
                    Some(Deadline::End(day)) if day >= from => {
                        notes.push(note(format!("Contract ends: {name}"), day).reminded(&leads));
                    }
                    _ => {}
                }
            }
            Ok(notes)
        })
    }

    /// Rounds that wait for whoever is signed in; contracts of which notice is due soon or that end soon by themselves,
    /// and those that nobody owns.
    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut waiting = guests::waiting(scope).await?;
            if !scope.may(Right::SeeCosts) {
                return Ok(waiting);
            }
            let (all, today) = (watched(scope).await?, scope.today());
            let mut notes: Vec<Note> = all
                .iter()
                .filter_map(|it| Some((it, it.to_decide?)))
                .filter(|(_, by)| (by.day() - today).get_days() <= SOON)
                .map(|(it, by)| {
                    let of = format!("“{}” of {}", it.contract.name, it.supplier);
                    Note::new(
                        match by {
                            Deadline::Notice(_) => format!("Keep {of}, or give notice"),
                            Deadline::End(_) => format!("Extend {of}, replace it or let it end"),
                        },
                        format!("/contracts/{}", it.contract.id),
                    )
                    .on(by.day())
                })
                .take(3)
                .collect();
            let nobodys: Vec<&Watched> = all.iter().filter(|it| it.contract.owner.is_none()).collect();
            if let Some(first) = nobodys.first() {
                let (text, url) = match nobodys.len() {
                    1 => (
                        format!("Give the contract “{}” an owner", first.contract.name),
                        format!("/contracts/{}", first.contract.id),
                    ),
                    n => (format!("Give {} an owner", rules::contracts(n)), "/contracts?sort=owner&down=1".to_owned()),
                };
                notes.push(Note::new(text, url));
            }
            waiting.append(&mut notes);
            Ok(waiting)
        })
    }

    /// What contracts cost.
    fn costs<'a>(&'a self, scope: &'a Scope, year: Year) -> Answer<'a, Vec<Cost>> {
        Box::pin(async move {
            let present = scope.org.calendar().year(scope.today()).name;
            let runs = watched(scope).await?;
            let outlook = |id| runs.iter().find(|it| it.contract.id == id).and_then(|it| it.outlook.as_ref());
            let all: Vec<Contract> = store::all(scope.db(), scope.id()).await?;
            let of = |contract: &Contract| {
                let (once, yearly) = contracts::rules::cost_in(year, contract, present, outlook(contract.id))?;
                Some(Cost {
                    kind: Contract::KIND.key,
                    id: contract.id.0,
                    title: contract.name.clone(),
                    url: format!("/contracts/{}", contract.id),
                    once,
                    yearly,
                    owner: contract.owner,
                    why: contract.scope.clone(),
                })
            };
            Ok(all.iter().filter_map(of).collect())
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let (seen, contracts) = (all_seen(scope).await?, watched(scope).await?);
            let of = |text: &str, met: bool, found: String, url: &str| {
                Evidence::new(Competency::StrategicSourcing, text, met, found, url)
            };
            let agreed = seen.iter().filter(|it| it.agreed().is_some()).count();
            let views = || seen.iter().flat_map(|it| &it.views);
            let of_side = |side: Side| views().filter(|it| it.side == side).map(|it| &it.name).collect::<BTreeSet<_>>();
            let (business, it) = (of_side(Side::Business).len(), of_side(Side::It).len());
            let whole = contracts
                .iter()
                .filter(|it| it.contract.owner.is_some() && it.contract.price.is_some() && it.deadline.is_some())
                .count();
            let unseen: Vec<&Watched> = contracts
                .iter()
                .filter(|it| {
                    it.contract.notice.is_none() && it.outlook.as_ref().is_some_and(|it| it.standing != Standing::Ends)
                })
                .collect();
            let found = match unseen[..] {
                [] => format!("{} watched", rules::contracts(contracts.len())),
                [one] if scope.may(Right::SeeCosts) => format!("the notice of “{}” is not known", one.contract.name),
                _ => format!("the notice of {} is not known", rules::contracts(unseen.len())),
            };
            Ok(vec![
                of(
                    "The ten largest activities are placed, each with a reason",
                    agreed >= ENOUGH,
                    format!("{agreed} of {}", seen.len()),
                    "/sourcing",
                ),
                of(
                    "Business leaders and IT have placed them, each on their own",
                    business > 0 && it > 0,
                    format!("{business} from the business, {it} from IT"),
                    "/sourcing/agree",
                ),
                of(
                    "Every contract has its cost, its last day of notice or end, and an owner",
                    !contracts.is_empty() && whole == contracts.len(),
                    format!("{whole} of {}", contracts.len()),
                    "/contracts",
                ),
                of(
                    "No contract renews without anybody knowing",
                    !contracts.is_empty() && unseen.is_empty(),
                    found,
                    "/contracts",
                ),
            ])
        })
    }

    /// What the place of an activity advises, on its page.
    fn sections<'a>(&'a self, scope: &'a Scope, kind: &'static Kind, row: &'a Row) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            match kind.key == Activity::KIND.key {
                true => Ok(placing::pages::advised(scope, &Activity::from_row(row)).await?.into_iter().collect()),
                false => Ok(Vec::new()),
            }
        })
    }

    fn round<'a>(&'a self, scope: &'a Scope, what: &'a str, id: Uuid) -> Answer<'a, Option<Round>> {
        Box::pin(guests::round(scope, what, id))
    }

    fn find<'a>(&'a self, scope: &'a Scope, kind: &'a str, id: Uuid) -> Answer<'a, Option<Named>> {
        Box::pin(guests::find(scope, kind, id))
    }

    fn tick<'a>(&'a self, app: &'a App) -> Answer<'a, ()> {
        Box::pin(contracts::alerts::warn(app))
    }
}
