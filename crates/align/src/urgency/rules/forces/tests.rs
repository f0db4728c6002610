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
    let forces = [force(outcome, Direction::Driving, 3, None), force(outcome, Direction::Restraining, 4, Some(it.id))];
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
    assert_eq!(field(outcome, &[], std::slice::from_ref(&it), &threats).restrains(), 5);
    assert!(field(other, &[], std::slice::from_ref(&it), &threats).is_empty());
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
