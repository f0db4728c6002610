use calc::money::Money;
use jiff::civil::date;
use proptest::prelude::*;

use super::{facts::Threat, *};
use crate::{
    expectations::model::OutcomeId,
    urgency::model::{DecisionId, ForceId, ObstacleId, SetLineId, SpendingAuthorityId},
};

pub(crate) const TODAY: Date = date(2026, 11, 23);

pub(crate) fn obstacle(title: &str) -> Obstacle {
    Obstacle { title: title.to_owned(), ..Obstacle::open() }
}

pub(crate) fn decision(asked: Date, decided: Option<(Date, Verdict)>, amount: Option<i64>) -> Decision {
    Decision {
        id: DecisionId::fresh(),
        version: 1,
        what: format!("Asked on {asked}"),
        asked,
        decided: decided.map(|it| it.0),
        verdict: decided.map(|it| it.1),
        amount: amount.map(Money::new),
        decider: None,
        missing: None,
        note: None,
    }
}

pub(crate) fn authority(above: i64, up_to: Option<i64>, days: Option<i64>) -> SpendingAuthority {
    SpendingAuthority {
        id: SpendingAuthorityId::fresh(),
        version: 1,
        who: format!("Over {above}"),
        person: None,
        above: Money::new(above),
        up_to: up_to.map(Money::new),
        days,
        since: date(2024, 7, 1),
        ended: None,
    }
}

fn faults<R: Record>(it: &R, others: &[R], rule: fn(&Row, &[Row], &mut Faults)) -> Vec<String> {
    let mut faults = Faults::default();
    rule(&it.to_row(), &others.iter().map(Record::to_row).collect::<Vec<_>>(), &mut faults);
    faults.iter().map(|(field, _)| field.to_owned()).collect()
}

fn judged(title: &str, severity: i64, influence: i64) -> Obstacle {
    let owner = Some(kit::people::PersonId::fresh());
    Obstacle {
        severity: Some(severity),
        influence: Some(influence),
        owner,
        due: Some(date(2026, 12, 4)),
        ..obstacle(title)
    }
}

#[test]
fn a_cleared_obstacle_has_its_day_and_no_other_has() {
    let day = Some(date(2026, 11, 1));
    let of = |state, cleared| faults(&Obstacle { state, cleared, ..obstacle("Freeze") }, &[], obstacle_holds);
    assert_eq!(of(State::Cleared, None), ["cleared"]);
    assert_eq!(of(State::Accepted, day), ["cleared"]);
    assert!(of(State::Cleared, day).is_empty() && of(State::Open, None).is_empty());
}

#[test]
fn what_is_decided_has_a_day_after_it_was_asked_and_what_is_deferred_still_waits() {
    let asked = date(2026, 3, 2);
    let of =
        |decided, verdict| faults(&Decision { decided, verdict, ..decision(asked, None, None) }, &[], decision_holds);
    assert!(of(None, None).is_empty() && of(Some(asked), Some(Verdict::No)).is_empty());
    assert_eq!(of(Some(date(2026, 3, 1)), Some(Verdict::Yes)), ["decided"]);
    assert_eq!(of(None, Some(Verdict::Yes)), ["decided"]);
    assert_eq!(of(Some(asked), None), ["verdict"]);
    assert_eq!(of(Some(asked), Some(Verdict::Deferred)), ["decided"]);
    assert!(of(None, Some(Verdict::Deferred)).is_empty());
}

#[test]
fn a_band_runs_upwards_and_forwards_and_a_driving_force_is_made_of_no_obstacle() {
    assert!(faults(&authority(0, Some(50_000), None), &[], authority_holds).is_empty());
    assert_eq!(faults(&authority(50_000, Some(50_000), None), &[], authority_holds), ["up_to"]);
    let backwards = SpendingAuthority { ended: Some(date(2024, 6, 30)), ..authority(0, None, None) };
    assert_eq!(faults(&backwards, &[], authority_holds), ["ended"]);
    let force = Force {
        id: ForceId::fresh(),
        version: 1,
        what: "Wish".into(),
        outcome: OutcomeId::fresh(),
        direction: Direction::Driving,
        strength: 1,
        obstacle: Some(ObstacleId::fresh()),
        detail: None,
    };
    assert_eq!(faults(&force, &[], force_holds), ["obstacle"]);
    assert!(faults(&Force { direction: Direction::Restraining, ..force }, &[], force_holds).is_empty());
}

#[test]
fn a_line_is_one_that_its_fact_can_reach() {
    let line = |fact, line: i64| SetLine { id: SetLineId::fresh(), version: 1, fact, line: line.into() };
    assert!(faults(&line(Fact::Missing, 20), &[line(Fact::Waiting, 10)], line_holds).is_empty());
    assert_eq!(faults(&line(Fact::Missing, 101), &[], line_holds), ["line"]);
    assert_eq!(faults(&line(Fact::Importance, 0), &[], line_holds), ["line"]);
}

#[test]
fn severe_and_ours_comes_first_and_what_is_not_judged_comes_last() {
    let cleared = Obstacle { state: State::Cleared, ..judged("Gone", 5, 5) };
    let all = [
        obstacle("Not judged"),
        judged("Slight", 1, 5),
        judged("Severe and ours", 5, 4),
        judged("Severe", 5, 1),
        cleared,
    ];
    let order: Vec<&str> = ranked(&all).iter().map(|it| &*it.title).collect();
    assert_eq!(order, ["Severe and ours", "Severe", "Slight", "Not judged"]);
    let zones: Vec<Option<Zone>> = all.iter().map(Obstacle::zone).take(4).collect();
    assert_eq!(zones, [None, Some(Zone::OnTheWay), Some(Zone::First), Some(Zone::Escalate)]);
}

#[test]
fn the_heading_counts_those_that_nobody_clears_and_those_past_their_day() {
    let free = || Obstacle { owner: None, ..judged("Free", 3, 3) };
    let late = || Obstacle { due: Some(date(2026, 11, 22)), ..judged("Late", 3, 3) };
    let of = |all: &[Obstacle]| heading(all, TODAY);
    assert_eq!(of(&[]), "No obstacle is written down yet");
    assert_eq!(of(&[free()]), "One obstacle stands in the way, and nobody clears it");
    assert_eq!(
        of(&[free(), judged("A", 3, 3)]),
        "Two obstacles stand in the way; one of them has nobody who clears it"
    );
    assert_eq!(of(&[late(), judged("A", 3, 3)]), "Two obstacles stand in the way; one is past its day");
    assert_eq!(of(&[judged("A", 3, 3)]), "One obstacle stands in the way, and each has somebody who clears it");
    assert_eq!(
        of(&[Obstacle { state: State::Accepted, ..free() }]),
        "Nothing that was named stands in the way any more"
    );
}

#[test]
fn the_next_step_is_the_first_that_is_missing() {
    let locale = Locale::of("en-GB");
    let of = |all: &[Obstacle], threats: &[Threat]| next(all, threats, &[], TODAY, locale).label;
    let whole = judged("Freeze", 5, 5);
    let threat = [Threat { obstacle: whole.id, outcome: OutcomeId::fresh() }];
    assert_eq!(of(&[], &[]), "Add the first obstacle");
    assert_eq!(of(&[obstacle("Freeze")], &[]), "Judge it");
    assert_eq!(of(&[Obstacle { owner: None, ..whole.clone() }], &[]), "Name the owner");
    assert_eq!(of(&[Obstacle { due: Some(date(2026, 11, 20)), ..whole.clone() }], &threat), "Open it");
    assert_eq!(of(&[judged("Far away", 5, 1)], &[]), "See the letter");
    let mitigated = Obstacle { measure: Some(Measure::Mitigate), ..judged("Far away", 5, 1) };
    assert_eq!(of(std::slice::from_ref(&mitigated), &[]), "Say it", "they have decided not to ask others");
    let unsaid = Obstacle { measure: Some(Measure::Escalate), ..judged("Slight", 2, 1) };
    assert_eq!(of(std::slice::from_ref(&unsaid), &[]), "Name the sponsor", "the letter has nobody to go to");
    let asked = Some("Let one of them sign.".to_owned());
    let to_send = Obstacle { sponsor: Some(kit::people::PersonId::fresh()), asked, ..unsaid };
    let step = next(&[mitigated, to_send.clone()], &[], &[], TODAY, locale);
    assert_eq!((step.label, step.text.contains("“Slight”")), ("See the letter", true));
    assert_eq!(of(&[Obstacle { state: State::BeingCleared, ..to_send }], &[]), "Say it", "it was sent");
    assert_eq!(of(&[Obstacle { due: None, ..whole.clone() }], &[]), "Set the day");
    assert_eq!(of(std::slice::from_ref(&whole), &[]), "Say it");
    assert_eq!(of(std::slice::from_ref(&whole), &threat), "Open it");
    assert_eq!(of(&[Obstacle { state: State::Accepted, ..whole }], &[]), "Where we stand");
}

proptest! {
    #[test]
    fn who_is_more_severe_and_more_ours_never_comes_later(judgements in prop::collection::vec((1i64..=5, 1i64..=5), 1..10)) {
        let all: Vec<Obstacle> = judgements.iter().map(|(severity, influence)| judged("Some", *severity, *influence)).collect();
        let order = ranked(&all);
        prop_assert_eq!(order.len(), all.len());
        for pair in order.windows(2) {
            let better = pair[1].severity > pair[0].severity && pair[1].influence > pair[0].influence;
            prop_assert!(!better);
        }
    }
}
