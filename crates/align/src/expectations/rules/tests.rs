use jiff::{ToSpan, civil::date};
use kit::people::PersonId;
use proptest::prelude::*;

use super::*;
use crate::expectations::model::{ConflictId, LimitId, MeasurementId};

const TODAY: Date = date(2026, 11, 23);

fn outcome(statement: &str) -> Outcome {
    Outcome {
        id: OutcomeId::fresh(),
        version: 1,
        statement: statement.to_owned(),
        proposition: None,
        measure: Some("Hours from the call to the answer".to_owned()),
        unit: Some("hours".to_owned()),
        baseline: Some(Decimal::from(40)),
        target: Some(Decimal::from(8)),
        due: Some(date(2026, 12, 18)),
        priority: None,
        requester: Some(PersonId::fresh()),
        accountable: Some(PersonId::fresh()),
        state: State::Agreed,
        cycle: Some(3),
        detail: None,
    }
}

fn measured(of: &Outcome, day: Date, value: i64) -> Measurement {
    let id = MeasurementId::fresh();
    Measurement { id, version: 1, outcome: of.id, day, value: value.into(), source: "Request list".to_owned() }
}

fn verdict(of: &Outcome, figures: &[(Date, i64)], today: Date) -> Option<Verdict> {
    let all: Vec<Measurement> = figures.iter().map(|(day, value)| measured(of, *day, *value)).collect();
    progress(of, &all.iter().collect::<Vec<_>>(), today).verdict
}

#[test]
fn an_outcome_with_measure_target_day_and_names_lacks_nothing() {
    assert_eq!(lacks(&outcome("Every request gets a date or a no within five working days"), TODAY), []);
}

#[test]
fn a_day_that_has_passed_is_mended_before_anybody_agrees_and_is_late_afterwards() {
    let late = |state| Outcome { due: Some(date(2026, 1, 1)), state, ..outcome("Every request gets a date") };
    assert_eq!(lacks(&late(State::Proposed), TODAY), [Lack::Past]);
    assert_eq!(lacks(&late(State::Agreed), TODAY), []);
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let bare = Outcome {
        measure: None,
        target: None,
        due: None,
        requester: None,
        accountable: None,
        ..outcome("Requests get an answer")
    };
    assert_eq!(lacks(&bare, TODAY), [Lack::Measure, Lack::Target, Lack::Due, Lack::Requester, Lack::Accountable]);
    assert_eq!(to_mend(&bare.to_row(), TODAY).len(), 5);
    assert!(
        to_mend(&Outcome { state: State::Dropped, ..bare }.to_row(), TODAY).is_empty(),
        "nobody waits for it any more"
    );
}

#[test]
fn a_target_that_is_the_baseline_changes_nothing_and_says_so() {
    let same = Outcome { target: Some(Decimal::from(40)), ..outcome("Calls are answered") };
    assert_eq!(lacks(&same, TODAY), [Lack::Change]);
}

#[test]
fn tasks_are_told_from_outcomes_in_english_and_german() {
    for (statement, word) in [
        ("Migrate the server to the cloud", "Migrate"),
        ("Roll out the new laptops", "Roll out"),
        ("Introduction of a CRM", "Introduction"),
        ("Neues ERP einführen", "einführen"),
        ("Einführung eines Ticketsystems", "Einführung"),
        ("Server migrieren.", "migrieren"),
    ] {
        assert_eq!(lacks(&outcome(statement), TODAY), [Lack::Task(word.to_owned())], "{statement}");
    }
    for statement in [
        "A technician can finish a report without a signal",
        "The buyers see each delivery on the day it is late",
        "Test benches stand still for less than an hour a month",
        "Jede Anfrage bekommt in fünf Tagen eine Antwort",
        "Know what one workplace costs in a year",
    ] {
        assert_eq!(lacks(&outcome(statement), TODAY), [], "{statement}");
    }
}

#[test]
fn a_vague_word_is_found_only_where_no_measure_says_what_it_means() {
    let said = outcome("Reports are faster");
    assert_eq!(lacks(&said, TODAY), []);
    let unsaid = Outcome { measure: None, ..said };
    assert_eq!(lacks(&unsaid, TODAY), [Lack::Vague("faster".to_owned()), Lack::Measure]);
}

#[test]
fn a_promise_is_met_when_the_latest_figure_reaches_the_target_whichever_way_that_lies() {
    let (down, today) = (outcome("Calls are answered"), date(2026, 11, 23));
    assert_eq!(verdict(&down, &[(date(2026, 10, 1), 20), (date(2026, 11, 1), 8)], today), Some(Verdict::Met));
    let up = Outcome { baseline: Some(Decimal::from(61)), target: Some(Decimal::from(95)), ..down };
    assert_eq!(verdict(&up, &[(date(2026, 11, 1), 96)], today), Some(Verdict::Met));
    assert_eq!(verdict(&up, &[(date(2026, 11, 1), 90)], today), Some(Verdict::Open));
}

#[test]
fn once_its_day_has_passed_half_of_the_way_is_partly_and_less_is_missed() {
    let it = outcome("Calls are answered");
    let after = date(2026, 12, 19);
    assert_eq!(verdict(&it, &[(date(2026, 12, 1), 24)], date(2026, 12, 18)), Some(Verdict::Open), "on the day itself");
    assert_eq!(verdict(&it, &[(date(2026, 12, 1), 24)], after), Some(Verdict::Partly));
    assert_eq!(verdict(&it, &[(date(2026, 12, 1), 25)], after), Some(Verdict::Missed));
    assert_eq!(verdict(&it, &[], after), Some(Verdict::Missed));
}

#[test]
fn what_is_called_delivered_without_a_figure_is_partly_met_and_what_was_never_promised_is_neither() {
    let delivered = Outcome { state: State::Delivered, ..outcome("Calls are answered") };
    assert_eq!(verdict(&delivered, &[], date(2026, 11, 23)), Some(Verdict::Partly));
    for state in [State::Proposed, State::NotNow, State::Dropped] {
        let it = Outcome { state, ..outcome("Calls are answered") };
        assert_eq!(verdict(&it, &[(date(2026, 11, 1), 8)], date(2026, 11, 23)), None);
    }
}

#[test]
fn a_figure_of_a_day_to_come_is_not_counted() {
    let it = outcome("Calls are answered");
    assert_eq!(verdict(&it, &[(date(2026, 11, 24), 8)], date(2026, 11, 23)), Some(Verdict::Open));
}

#[test]
fn one_figure_a_day_is_taken() {
    let it = outcome("Calls are answered");
    let day = date(2026, 11, 3);
    let (first, again, next) = (measured(&it, day, 9), measured(&it, day, 10), measured(&it, day + 1.day(), 10));
    let mut faults = Faults::default();
    Measurement::KIND.check(&next.to_row(), &[first.to_row()], &mut faults);
    Measurement::KIND.check(&first.to_row(), &[first.to_row()], &mut faults);
    assert!(faults.is_empty());
    Measurement::KIND.check(&again.to_row(), &[first.to_row()], &mut faults);
    assert!(faults.of("day").is_some());
}

#[test]
fn a_conflict_is_between_two_outcomes_known_once_and_decided_by_somebody() {
    let (first, second) = (OutcomeId::fresh(), OutcomeId::fresh());
    let it = |first, second, state| Conflict {
        id: ConflictId::fresh(),
        version: 1,
        title: "Cheap against at once".to_owned(),
        first,
        second,
        why: None,
        state,
        decision: None,
        decided_by: None,
        decided_on: None,
    };
    let faults = |it: &Conflict, others: &[Row]| {
        let mut faults = Faults::default();
        conflict_holds(&it.to_row(), others, &mut faults);
        faults
    };
    let open = it(first, second, Standing::Open);
    assert!(faults(&open, &[]).is_empty());
    assert!(faults(&it(first, first, Standing::Open), &[]).of("second").is_some());
    let turned = it(second, first, Standing::Open);
    assert!(faults(&open, &[open.to_row()]).is_empty(), "it is no second one of itself");
    assert!(faults(&turned, &[open.to_row()]).of("second").is_some(), "the order of the two does not matter");
    let decided = it(first, second, Standing::Decided);
    assert!(faults(&decided, &[]).of("decision").is_some() && faults(&decided, &[]).of("decided_by").is_some());
    let whole =
        Conflict { decision: Some("The first waits.".to_owned()), decided_by: Some(PersonId::fresh()), ..decided };
    assert!(faults(&whole, &[]).is_empty());
}

#[test]
fn promises_are_counted_by_cycle_and_the_limit_follows_from_what_was_met() {
    let lines = kept([
        (Some(1), Verdict::Met),
        (Some(1), Verdict::Missed),
        (Some(2), Verdict::Met),
        (Some(2), Verdict::Met),
        (Some(3), Verdict::Open),
        (None, Verdict::Met),
    ]);
    assert_eq!(lines.iter().map(|it| it.cycle).collect::<Vec<_>>(), [Some(1), Some(2), Some(3), None]);
    assert_eq!((lines[0].promised(), lines[0].met, lines[0].missed), (2, 1, 1));
    assert_eq!(proposed_limit(&lines), Some(2), "three met in two cycles, rounded up; the open cycle does not count");
    assert_eq!(proposed_limit(&kept([(Some(1), Verdict::Open)])), None);
    assert_eq!(proposed_limit(&kept([(Some(1), Verdict::Missed)])), Some(1));
}

#[test]
fn the_latest_limit_holds_and_none_of_the_future() {
    let it = |since, most| Limit { id: LimitId::fresh(), version: 1, most, since, reason: "As last year".to_owned() };
    let all = [it(date(2025, 7, 1), 6), it(date(2026, 7, 1), 5), it(date(2027, 1, 1), 9)];
    assert_eq!(limit(&all, date(2026, 11, 23)).map(|it| it.most), Some(5));
    assert_eq!(limit(&all, date(2024, 1, 1)), None);
}

#[test]
fn the_heading_is_the_finding() {
    let good = outcome("Calls are answered");
    let bare = Outcome { measure: None, ..good.clone() };
    for (open, conflicting, expected) in [
        (vec![], 0, "Nothing is expected of IT that anybody has written down"),
        (vec![&good], 0, "One outcome is open, and it can be measured"),
        (vec![&good, &good, &bare], 2, "Three outcomes are open; two can be measured, two contradict each other"),
        (vec![&good, &good], 2, "Two outcomes are open; all can be measured, and they contradict each other"),
        (vec![&bare, &bare], 0, "Two outcomes are open, and none of them can be measured"),
    ] {
        assert_eq!(headline(&open, conflicting), expected);
    }
}

proptest! {
    /// Wherever the target lies, the baseline is no way and the target is all of it.
    #[test]
    fn the_way_runs_from_nothing_to_all(from in -10_000i64..10_000, to in -10_000i64..10_000, at in -20_000i64..20_000) {
        let (from, to, at) = (Decimal::from(from), Decimal::from(to), Decimal::from(at));
        if from == to {
            prop_assert_eq!(way(from, at, to), None);
        } else {
            prop_assert_eq!(way(from, from, to), Some(0.0));
            prop_assert_eq!(way(from, to, to), Some(1.0));
            let gone = way(from, at, to).expect("it goes somewhere");
            prop_assert_eq!(gone >= 1.0, if to > from { at >= to } else { at <= to });
        }
    }

    #[test]
    fn every_promise_is_counted_once(all in prop::collection::vec((prop::option::of(1i64..5), 0usize..4), 0..40)) {
        let verdicts = all.iter().map(|(cycle, it)| (*cycle, Verdict::ALL[*it]));
        prop_assert_eq!(kept(verdicts).iter().map(|it| it.promised()).sum::<usize>(), all.len());
    }
}
