//! What is there, loaded once for a page.

use std::sync::Arc;

use jiff::civil::Date;
use kit::{error::Result, store, thread, web::Scope};
use survey::results::kept;

use crate::{
    expectations::model::{Outcome, OutcomeId},
    urgency::{
        THREATENS,
        model::{Decision, Fact, Obstacle, ObstacleId, SetLine, SpendingAuthority},
        rules::facts::{Material, Reading, Scored, Threat, readings},
    },
};

/// The obstacles and what they threaten.
pub struct Obstacles {
    pub all: Vec<Obstacle>,
    pub threats: Vec<Threat>,
    pub outcomes: Vec<Outcome>,
}

impl Obstacles {
    pub async fn load(scope: &Scope) -> Result<Arc<Obstacles>> {
        let (db, org) = (scope.db(), scope.id());
        let read = async {
            Ok(Obstacles {
                all: store::all(db, org).await?,
                threats: threats(&thread::all(db, org).await?),
                outcomes: store::all(db, org).await?,
            })
        };
        db.once("obstacles", read).await
    }

    /// The outcomes that an obstacle threatens, in the order in which they were made.
    pub fn threatened(&self, by: ObstacleId) -> Vec<&Outcome> {
        let is_threatened = |of: OutcomeId| self.threats.iter().any(|it| it.obstacle == by && it.outcome == of);
        self.outcomes.iter().filter(|it| is_threatened(it.id)).collect()
    }
}

/// The links of the thread from an obstacle to an outcome that it threatens.
fn threats(links: &[thread::Link]) -> Vec<Threat> {
    let threatens = |it: &&thread::Link| {
        it.relation == THREATENS && it.from_kind == Obstacle::KIND.key && it.to_kind == Outcome::KIND.key
    };
    links
        .iter()
        .filter(threatens)
        .map(|it| Threat { obstacle: ObstacleId(it.from_id), outcome: OutcomeId(it.to_id) })
        .collect()
}

/// What the facts are read from.
pub struct Facts {
    pub decisions: Vec<Decision>,
    pub authorities: Vec<SpendingAuthority>,
    pub readings: Vec<Reading>,
    pub today: Date,
}

impl Facts {
    pub async fn load(scope: &Scope) -> Result<Arc<Facts>> {
        let read = async { Facts::beside(scope, &Obstacles::load(scope).await?.all).await };
        scope.db().once("facts", read).await
    }

    /// The same for obstacles that were read within a write.
    pub async fn beside(scope: &Scope, obstacles: &[Obstacle]) -> Result<Facts> {
        let (db, org) = (scope.db(), scope.id());
        let decisions: Vec<Decision> = store::all(db, org).await?;
        let authorities: Vec<SpendingAuthority> = store::all(db, org).await?;
        let lines: Vec<SetLine> = store::all(db, org).await?;
        let scored = scored(scope).await?;
        let readings = readings(&Material {
            decisions: &decisions,
            authorities: &authorities,
            lines: &lines,
            scored: &scored,
            obstacles,
            calendar: scope.org.calendar(),
            today: scope.today(),
            locale: scope.locale(),
        });
        Ok(Facts { decisions, authorities, readings, today: scope.today() })
    }

    pub fn of(&self, fact: Fact) -> &Reading {
        self.readings.iter().find(|it| it.fact == fact).expect("every fact has a reading")
    }

    /// Whether there is nothing at all to read them from.
    pub fn are_empty(&self) -> bool {
        self.decisions.is_empty() && self.authorities.is_empty() && self.of(Fact::Importance).points.is_empty()
    }
}

/// What the closed gap campaigns publish of the importance of the fifteen in the eyes of the business, oldest first.
async fn scored(scope: &Scope) -> Result<Vec<Scored>> {
    let mut all = Vec::new();
    for campaign in survey::store::closed(scope.db(), scope.id(), "gap").await? {
        let kept = kept::of(scope, campaign.id).await?;
        let Some(report) = &kept.gap else { continue };
        let shown = report.lines.iter().filter(|it| it.importance_business.is_some());
        all.push(Scored {
            campaign: campaign.id.0,
            title: campaign.title.clone(),
            closed: kept.snapshot.closed_on,
            n: shown.clone().map(|it| it.n_business).max().unwrap_or(0),
            means: shown.filter_map(|it| it.importance_business).collect(),
        });
    }
    Ok(all)
}
