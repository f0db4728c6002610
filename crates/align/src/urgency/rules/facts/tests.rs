use calc::fiscal::Yearly;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::urgency::{
    model::{SetLineId, Verdict},
    rules::tests::{TODAY, authority, decision, obstacle},
};

fn july() -> Calendar {
    let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 }
}

fn took(decided: Date, days: i64) -> Decision {
    decision(decided - days.days(), Some((decided, Verdict::Yes)), None)
}

fn missing(of: Decision, what: &str) -> Decision {
    Decision { missing: Some(what.to_owned()), ..of }
}

fn material<'a>(decisions: &'a [Decision], authorities: &'a [SpendingAuthority], scored: &'a [Scored]) -> Material<'a> {
    Material {
        decisions,
        authorities,
        lines: &[],
        scored,
        obstacles: &[],
        calendar: july(),
        today: TODAY,
        locale: Locale::of("en-GB"),
    }
}

fn reading(of: &Material, fact: Fact) -> Reading {
    readings(of).into_iter().find(|it| it.fact == fact).expect("each fact is read")
}

#[test]
fn the_quarters_are_those_of_the_financial_year_and_end_with_the_one_at_hand() {
    let all = quarters(&july(), TODAY);
    assert_eq!(all.len(), QUARTERS);
    let last = all.last().expect("a quarter");
    assert_eq!((last.number, last.year, last.from, last.until), (2, 2027, date(2026, 10, 1), date(2026, 12, 31)));
    assert!(all.windows(2).all(|it| it[0].until + 1.day() == it[1].from));
}

#[test]
fn waiting_is_the_median_of_what_was_decided_within_a_year_and_says_nothing_of_fewer_than_five() {
    let mut all: Vec<Decision> = [3, 10, 20, 40].iter().map(|days| took(date(2026, 11, 2), *days)).collect();
    let few = reading(&material(&all, &[], &[]), Fact::Waiting);
    assert_eq!((few.now, few.n, few.is_crossed()), (None, 4, false));
    assert_eq!(few.said(Locale::of("en-GB")), "4 of the last year are too few to say anything; five are enough.");
    all.push(took(date(2026, 10, 5), 21));
    all.extend([1, 1, 1, 1, 2].map(|days| took(date(2025, 10, 6), days)));
    all.push(decision(date(2026, 1, 1), None, None));
    let now = reading(&material(&all, &[], &[]), Fact::Waiting);
    assert_eq!((now.now, now.n, now.before, now.is_crossed()), (Some(20.0), 5, Some(1.0), true));
    assert_eq!(
        now.said(Locale::of("en-GB")),
        "A decision takes 20 days at the median; in the year before it was 1 day."
    );
    let values: Vec<(Option<f64>, usize)> = now.points.iter().map(|it| (it.value, it.n)).collect();
    assert_eq!(values.first(), Some(&(Some(1.0), 5)));
    assert_eq!(values.last(), Some(&(Some(20.0), 5)));
}

#[test]
fn who_was_missing_most_is_named_whatever_the_case_it_is_written_in() {
    let day = date(2026, 11, 2);
    let all = [
        missing(took(day, 30), "The monthly meeting"),
        missing(took(day, 50), "the monthly meeting"),
        missing(took(day, 3), "Finance"),
        took(day, 1),
        took(day, 2),
    ];
    let it = reading(&material(&all, &[], &[]), Fact::Missing);
    assert_eq!((it.now, it.is_crossed()), (Some(60.0), true));
    assert_eq!(it.obstacle_title(), "Decisions wait for “The monthly meeting”");
    assert_eq!(it.causes, [("decision", all[1].id.0), ("decision", all[0].id.0)]);
    assert_eq!(waited_for(&all, TODAY)[0], ("The monthly meeting".to_owned(), 2, Some(40.0)));
}

#[test]
fn a_decision_falls_under_the_band_that_held_its_amount_on_the_day_it_was_asked() {
    let old = SpendingAuthority { ended: Some(date(2025, 9, 30)), ..authority(0, Some(50_000), Some(5)) };
    let new = SpendingAuthority { since: date(2025, 10, 1), ..authority(0, Some(500_000), Some(5)) };
    let all = [old, new, SpendingAuthority { since: date(2025, 10, 1), ..authority(500_000, None, Some(20)) }];
    let of = |asked, amount| authority_of(&decision(asked, None, amount), &all).map(|it| it.above.minor());
    assert_eq!(of(date(2025, 9, 30), Some(60_000)), None);
    assert_eq!(of(date(2025, 10, 1), Some(60_000)), Some(0));
    assert_eq!(
        [of(TODAY, Some(0)), of(TODAY, Some(500_000)), of(TODAY, Some(500_001)), of(TODAY, None)],
        [Some(0), Some(0), Some(500_000), None]
    );
}

#[test]
fn what_comes_within_the_days_agreed_is_counted_band_by_band() {
    let authorities = [authority(0, Some(1_000), Some(5)), authority(1_000, None, Some(10))];
    let of = |days, amount| Decision { amount: Some(calc::money::Money::new(amount)), ..took(date(2026, 11, 2), days) };
    let all = [of(4, 500), of(5, 500), of(6, 500), of(9, 5_000), of(11, 5_000)];
    let it = reading(&material(&all, &authorities, &[]), Fact::Authority);
    assert_eq!((it.now, it.n, it.is_crossed()), (Some(60.0), 5, true));
    let bands: Vec<(usize, Option<usize>)> =
        bands(&authorities, &all, TODAY).iter().map(|it| (it.n, it.within)).collect();
    assert_eq!(bands, [(3, Some(2)), (2, Some(1))]);
}

#[test]
fn amounts_that_nobody_or_more_than_one_may_approve_are_found() {
    assert!(holes(&[], TODAY).is_empty());
    assert!(holes(&[authority(0, Some(10), None), authority(10, None, None)], TODAY).is_empty());
    let all = [authority(0, Some(10), None), authority(20, Some(40), None), authority(30, Some(40), None)];
    assert_eq!(holes(&all, TODAY), [(10, Some(20), 0), (30, Some(40), 2), (40, None, 0)]);
}

#[test]
fn importance_is_that_of_the_last_survey_and_its_obstacle_follows_from_that_survey() {
    let of = |day, means: &[f64]| Scored {
        campaign: Uuid::now_v7(),
        title: "Round".into(),
        closed: day,
        means: means.to_vec(),
        n: 20,
    };
    let scored =
        [of(date(2024, 10, 25), &[4.0, 4.2]), of(date(2025, 10, 24), &[3.0, 3.4]), of(date(2026, 10, 24), &[])];
    let it = reading(&material(&[], &[], &scored), Fact::Importance);
    assert_eq!((it.now, it.before, it.is_crossed()), (Some(3.2), Some(4.1), true));
    assert_eq!(it.causes, [("campaign", scored[1].campaign)]);
    assert_eq!(it.points.len(), 3);
}

#[test]
fn a_line_of_ones_own_holds_and_a_fact_is_raised_once_until_its_obstacle_is_cleared() {
    let all: Vec<Decision> = (0..5).map(|_| took(date(2026, 11, 2), 10)).collect();
    let lines = [SetLine { id: SetLineId::fresh(), version: 1, fact: Fact::Waiting, line: 9.into() }];
    let raised = Obstacle { fact: Some(Fact::Waiting), ..obstacle("Slow") };
    let of = |obstacles: &[Obstacle]| {
        let material = Material { lines: &lines, obstacles, ..material(&all, &[], &[]) };
        (reading(&material, Fact::Waiting).is_crossed(), reading(&material, Fact::Waiting).is_unanswered())
    };
    assert_eq!(of(&[]), (true, true));
    assert_eq!(of(std::slice::from_ref(&raised)), (true, false));
    assert_eq!(of(&[Obstacle { state: State::Accepted, ..raised.clone() }]), (true, false));
    assert_eq!(of(&[Obstacle { state: State::Cleared, ..raised }]), (true, true));
}

proptest! {
    #[test]
    fn every_band_counts_each_decision_at_most_once(amounts in prop::collection::vec((0i64..200, 0i64..60), 0..30)) {
        let authorities = [authority(0, Some(100), Some(10)), authority(50, Some(150), Some(10))];
        let all: Vec<Decision> = amounts
            .iter()
            .map(|(amount, days)| Decision { amount: Some(calc::money::Money::new(*amount)), ..took(date(2026, 11, 2), *days) })
            .collect();
        let bands = bands(&authorities, &all, TODAY);
        prop_assert!(bands.iter().map(|it| it.n).sum::<usize>() <= all.len());
        prop_assert!(bands.iter().all(|it| it.within.is_some_and(|within| within <= it.n)));
    }

    #[test]
    fn bands_that_follow_each_other_from_zero_without_end_have_no_holes(steps in prop::collection::btree_set(1i64..1_000, 0..6)) {
        let mut ends: Vec<i64> = std::iter::once(0).chain(steps).collect();
        ends.dedup();
        let all: Vec<SpendingAuthority> =
            ends.iter().enumerate().map(|(at, above)| authority(*above, ends.get(at + 1).copied(), None)).collect();
        prop_assert!(holes(&all, TODAY).is_empty());
    }
}
