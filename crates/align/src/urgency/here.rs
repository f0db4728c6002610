//! What is there, loaded once for a page.

use std::sync::Arc;

use jiff::civil::Date;
use kit::{error::Result, store, thread, web::Scope};
use survey::results::kept;

use crate::{
    expectations::model::{Outcome, OutcomeId},
    urgency::{
        THREATENS,
        model::{Decision, Direction, Fact, Force, Obstacle, ObstacleId, SetLine, SpendingAuthority},
        rules::facts::{Material, Reading, Scored, Threat, readings},
    },
};

/// The obstacles and what they threaten.
pub struct Obstacles {
    pub all: Vec<Obstacle>,
    pub threats: Vec<Threat>,
    pub outcomes: Vec<Outcome>,
    /// The forces, each that holds back with the obstacle that it is made of or that was made of it.
    pub forces: Vec<Force>,
}

impl Obstacles {
    pub async fn load(scope: &Scope) -> Result<Arc<Obstacles>> {
        let (db, org) = (scope.db(), scope.id());
        let read = async {
            let links = thread::all(db, org).await?;
            let forces: Vec<Force> = store::all(db, org).await?;
            let forces: Vec<Force> = forces.into_iter().map(|it| with_obstacle(it, &links)).collect();
            Ok(Obstacles {
                all: store::all(db, org).await?,
                threats: threats(&links, &forces),
                outcomes: store::all(db, org).await?,
                forces,
            })
        };
        db.once("obstacles", read).await
    }

    /// The force by which an obstacle holds an outcome back, where there is one.
    pub fn force(&self, of: ObstacleId, outcome: OutcomeId) -> Option<&Force> {
        self.forces.iter().find(|it| it.obstacle == Some(of) && it.outcome == outcome)
    }

    /// The outcomes that an obstacle threatens, in the order in which they were made.
    pub fn threatened(&self, by: ObstacleId) -> Vec<&Outcome> {
        let is_threatened = |of: OutcomeId| self.threats.iter().any(|it| it.obstacle == by && it.outcome == of);
        self.outcomes.iter().filter(|it| is_threatened(it.id)).collect()
    }
}

/// A force that holds back, with the obstacle that the thread says was made of it where it names none itself.
fn with_obstacle(force: Force, links: &[thread::Link]) -> Force {
    let led_to = |it: &&thread::Link| it.from_id == force.id.0 && it.to_kind == Obstacle::KIND.key;
    let obstacle = match force.direction {
        Direction::Driving => None,
        Direction::Restraining => links.iter().find(led_to).map(|it| ObstacleId(it.to_id)),
    };
    Force { obstacle: force.obstacle.or(obstacle), ..force }
}

/// Which outcomes are threatened: the links of the thread that say so, and what holds an outcome back and is an
/// obstacle.
fn threats(links: &[thread::Link], forces: &[Force]) -> Vec<Threat> {
    let threatens = |it: &&thread::Link| {
        it.relation == THREATENS && it.from_kind == Obstacle::KIND.key && it.to_kind == Outcome::KIND.key
    };
    let tied = links.iter().filter(threatens);
    let mut all: Vec<Threat> =
        tied.map(|it| Threat { obstacle: ObstacleId(it.from_id), outcome: OutcomeId(it.to_id) }).collect();
    for it in forces {
        let held_back = |threat: &Threat| Some(threat.obstacle) == it.obstacle && threat.outcome == it.outcome;
        if let Some(obstacle) = it.obstacle.filter(|_| !all.iter().any(held_back)) {
            all.push(Threat { obstacle, outcome: it.outcome });
        }
    }
    all
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
