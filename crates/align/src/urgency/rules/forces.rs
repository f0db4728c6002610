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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::urgency::rules::tests::obstacle;

    fn force(outcome: OutcomeId, direction: Direction, strength: i64, of: Option<ObstacleId>) -> Force {
        let what = format!("{direction:?} {strength}");
        Force { id: ForceId::fresh(), version: 1, what, outcome, direction, strength, obstacle: of, detail: None }
    }

    #[test]
    fn a_force_made_of_an_obstacle_goes_when_the_obstacle_is_cleared_and_stays_while_it_is_being_cleared() {
        let outcome = OutcomeId::fresh();
        let mut it = obstacle("Freeze");
        let forces =
            [force(outcome, Direction::Driving, 3, None), force(outcome, Direction::Restraining, 4, Some(it.id))];
        it.state = State::BeingCleared;
        let before = field(outcome, &forces, &[it.clone()], &[]);
        assert_eq!((before.drives(), before.restrains()), (3, 4));
        assert_eq!(before.finding(), "More holds it back than drives it, 4 to 3");
        it.state = State::Cleared;
        let after = field(outcome, &forces, &[it], &[]);
        assert_eq!((after.restrains(), after.restrained(), after.restraining[0].is_gone()), (0, 4, true));
        assert_eq!(
            after.finding(),
            "More drives it than holds it back, 3 to 0; 4 held it back before obstacles were cleared"
        );
    }

    #[test]
    fn an_obstacle_that_threatens_the_outcome_holds_it_back_once_and_no_other_outcome() {
        let (outcome, other) = (OutcomeId::fresh(), OutcomeId::fresh());
        let it = Obstacle { severity: Some(5), ..obstacle("Freeze") };
        let threats = [Threat { obstacle: it.id, outcome }];
        assert_eq!(field(outcome, &[], &[it.clone()], &threats).restrains(), 5);
        assert!(field(other, &[], &[it.clone()], &threats).is_empty());
        let named = [force(outcome, Direction::Restraining, 2, Some(it.id))];
        assert_eq!(field(outcome, &named, &[it], &threats).restrains(), 2);
    }

    proptest! {
        #[test]
        fn clearing_an_obstacle_never_makes_it_harder(strengths in prop::collection::vec((any::<bool>(), 1i64..=5, any::<bool>()), 0..12)) {
            let outcome = OutcomeId::fresh();
            let it = Obstacle { severity: Some(4), ..obstacle("Freeze") };
            let cleared = Obstacle { state: State::Cleared, ..it.clone() };
            let forces: Vec<Force> = strengths.iter().map(|(drives, strength, tied)| match drives {
                true => force(outcome, Direction::Driving, *strength, None),
                false => force(outcome, Direction::Restraining, *strength, tied.then_some(it.id)),
            }).collect();
            let threats = [Threat { obstacle: it.id, outcome }];
            let (before, after) = (field(outcome, &forces, &[it], &threats), field(outcome, &forces, &[cleared], &threats));
            prop_assert!(after.restrains() < before.restrains());
            prop_assert_eq!((after.drives(), after.restrained()), (before.drives(), before.restrained()));
        }
    }
}
