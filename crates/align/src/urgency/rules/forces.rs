//! The field of forces around an outcome: what drives it, what holds it back, and what goes when obstacles go.

use crate::{
    expectations::model::OutcomeId,
    urgency::{
        model::{Direction, Force, ForceId, Obstacle, ObstacleId, State},
        rules::facts::Threat,
    },
};

/// One arrow of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    pub what: String,
    /// The force that it is; none where it is there because an obstacle threatens the outcome.
    pub force: Option<ForceId>,
    pub obstacle: Option<ObstacleId>,
    /// As it was judged, 1 to 5.
    pub strength: i64,
    /// What is left of that: nothing once its obstacle is cleared.
    pub now: i64,
}

impl Pull {
    pub fn is_gone(&self) -> bool {
        self.now == 0
    }
}

/// The forces around one outcome, the strongest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    pub driving: Vec<Pull>,
    pub restraining: Vec<Pull>,
}

impl Field {
    pub fn is_empty(&self) -> bool {
        self.driving.is_empty() && self.restraining.is_empty()
    }

    pub fn drives(&self) -> i64 {
        self.driving.iter().map(|it| it.now).sum()
    }

    pub fn restrains(&self) -> i64 {
        self.restraining.iter().map(|it| it.now).sum()
    }

    /// What held it back before obstacles were cleared.
    pub fn restrained(&self) -> i64 {
        self.restraining.iter().map(|it| it.strength).sum()
    }

    /// How it stands, as a sentence.
    pub fn finding(&self) -> String {
        let (drives, restrains, before) = (self.drives(), self.restrains(), self.restrained());
        let stands = match drives.cmp(&restrains) {
            _ if self.is_empty() => return "No force is written down yet".to_owned(),
            std::cmp::Ordering::Less => format!("More holds it back than drives it, {restrains} to {drives}"),
            std::cmp::Ordering::Equal => {
                format!("What drives it and what holds it back are even, {drives} to {restrains}")
            }
            std::cmp::Ordering::Greater => format!("More drives it than holds it back, {drives} to {restrains}"),
        };
        if before > restrains {
            format!("{stands}; {before} held it back before obstacles were cleared")
        } else {
            stands
        }
    }
}

/// The field around an outcome: its forces, and the obstacles that threaten it and that no force of it names.
pub fn field(outcome: OutcomeId, forces: &[Force], obstacles: &[Obstacle], threats: &[Threat]) -> Field {
    let left = |of: Option<ObstacleId>, strength: i64| {
        let cleared = obstacles.iter().any(|it| Some(it.id) == of && it.state == State::Cleared);
        if cleared { 0 } else { strength }
    };
    let of_outcome: Vec<&Force> = forces.iter().filter(|it| it.outcome == outcome).collect();
    let pulls = |direction: Direction| -> Vec<Pull> {
        let of = of_outcome.iter().filter(|it| it.direction == direction);
        of.map(|it| Pull {
            what: it.what.clone(),
            force: Some(it.id),
            obstacle: it.obstacle,
            strength: it.strength,
            now: left(it.obstacle, it.strength),
        })
        .collect()
    };
    let mut field = Field { driving: pulls(Direction::Driving), restraining: pulls(Direction::Restraining) };
    for it in obstacles {
        let threatens = threats.iter().any(|threat| threat.obstacle == it.id && threat.outcome == outcome);
        let named = of_outcome.iter().any(|force| force.obstacle == Some(it.id));
        if let Some(severity) = it.severity.filter(|_| threatens && !named) {
            field.restraining.push(Pull {
                what: it.title.clone(),
                force: None,
                obstacle: Some(it.id),
                strength: severity,
                now: left(Some(it.id), severity),
            });
        }
    }
    for side in [&mut field.driving, &mut field.restraining] {
        side.sort_by(|a, b| (b.now, b.strength).cmp(&(a.now, a.strength)).then_with(|| a.what.cmp(&b.what)));
    }
    field
}

#[cfg(test)]
mod tests;
