//! Both ways beside each other, with everything that the move touches.

use askama::Template;
use axum::{extract::Path, response::Response};
use calc::money::Money;
use db::uuid::Uuid;
use kit::{
    error::Result,
    pages::{Tied, named_by, tied},
    people::Person,
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope},
};

use super::{
    model::{Decision, Doer, Move, MoveId},
    rules::{BothWays, both_ways},
};
use crate::sourcing::{contracts::model::Supplier, model::Activity, placing::rules::advice};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/moves/{id}/compare", Access::With(Right::SeeCosts), compare)
}

#[derive(Template)]
#[template(path = "sourcing/moving/compare.html")]
struct Compare<'a> {
    scope: &'a Scope,
    it: Move,
    heading: String,
    activity: Activity,
    owner: Option<String>,
    supplier: Option<(Uuid, String)>,
    ways: Option<BothWays>,
    thread: Vec<Tied>,
    named_by: Vec<(&'static str, Vec<(String, String)>)>,
}

impl Compare<'_> {
    fn money(&self, it: &Money) -> String {
        self.scope.money(*it)
    }

    fn saving(&self, of: &BothWays) -> String {
        self.scope.money(of.saving())
    }

    fn pays_in(&self, of: &BothWays, year: &usize) -> bool {
        of.pays_from == Some(*year)
    }

    fn year(&self, of: &[Money], year: &usize) -> String {
        self.scope.money(of[*year])
    }

    fn day(&self, it: &jiff::civil::Date) -> String {
        self.scope.locale().date(*it)
    }

    fn change(&self, of: &Option<rust_decimal::Decimal>) -> String {
        let locale = self.scope.locale();
        of.map_or_else(|| "unchanged".to_owned(), |it| format!("{} a year", locale.of_a_hundred(&locale.number(it))))
    }

    fn advice(&self) -> Option<(&'static str, &'static str)> {
        let (importance, capability) = self.activity.importance.zip(self.activity.capability)?;
        Some(advice(importance, capability))
    }

    fn moves(&self, ways: &BothWays, to_provider: bool) -> bool {
        (ways.moves_to == Doer::Provider) == to_provider
    }
}

async fn compare(scope: Scope, Path(id): Path<MoveId>) -> Result<Response> {
    let it: Move = store::find(scope.db(), scope.id(), id).await?;
    let activity: Activity = store::find(scope.db(), scope.id(), it.activity).await?;
    let owner = match activity.owner {
        Some(owner) => Some(store::find::<Person>(scope.db(), scope.id(), owner).await?.name),
        None => None,
    };
    let supplier = match it.supplier {
        Some(id) => Some((id.0, store::find::<Supplier>(scope.db(), scope.id(), id).await?.name)),
        None => None,
    };
    let ways = both_ways(&it);
    let heading = match (&it.decision, &ways) {
        (Decision::Inside, _) => format!("“{}” is done inside: that is decided", activity.name),
        (Decision::Provider, _) => format!("“{}” is done by a provider: that is decided", activity.name),
        (Decision::Open, None) => format!("What both ways of doing “{}” cost is not known yet", activity.name),
        (Decision::Open, Some(ways)) => {
            let (saving, to) =
                (ways.saving(), if ways.moves_to == Doer::Provider { "a provider" } else { "doing it inside" });
            match saving.is_negative() {
                true => format!("Over five years, {to} costs {} more", scope.money(Money::new(-saving.minor()))),
                false if saving.is_zero() => "Over five years, both ways cost the same".to_owned(),
                false => format!("Over five years, {to} saves {}", scope.money(saving)),
            }
        }
    };
    let (mut thread, leads_to) = tied(&scope, activity.id.0).await?;
    thread.extend(leads_to);
    thread.retain(|it| it.end.kind != Move::KIND.one);
    let mut named_by = named_by(&scope, Activity::KIND, activity.id.0).await?;
    named_by.retain(|(many, _)| *many != Move::KIND.many);
    let place = Place::new(it.name.clone(), "/sourcing")
        .under("Sourcing", "/sourcing")
        .under("Moves", "/moves")
        .under(it.name.clone(), format!("/moves/{id}"));
    scope.page(place, &Compare { scope: &scope, it, heading, activity, owner, supplier, ways, thread, named_by }).await
}
