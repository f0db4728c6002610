//! What the advisor must always do, and what it says in cases that can be checked by hand.

use calc::fiscal::{Calendar, Yearly};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use proptest::prelude::*;

use super::*;

fn on(day: Date) -> Position {
    let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    let calendar =
        Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 };
    calendar.position(day)
}

const RESULTS: Date = date(2026, 8, 1);
const GROUNDWORK: Date = date(2026, 11, 23);
const DECISIONS: Date = date(2027, 2, 1);

fn all(levels: [i64; 15]) -> All {
    levels.map(|it| Seen { maturity: Some(it), ..Seen::default() })
}

fn next(day: Date, all: &All) -> (Competency, Because) {
    let advice = advise(&on(day), all, &[]);
    (advice.next, advice.because)
}

#[test]
fn the_lowest_of_the_stage_is_next_and_the_earlier_one_where_two_stand_alike() {
    let all = all([4, 3, 2, 3, 2, 3, 4, 4, 4, 0, 0, 0, 1, 1, 0]);
    assert_eq!(next(GROUNDWORK, &all), (Competency::CreatingUrgency, Because::Stage(Stage::Groundwork)));
    assert_eq!(next(RESULTS, &all), (Competency::ResultsFocus, Because::Stage(Stage::Results)));
    assert_eq!(next(DECISIONS, &all), (Competency::SituationalAnalysis, Because::Stage(Stage::Decisions)));
}

#[test]
fn a_certain_gap_decides_between_two_that_stand_alike_and_a_doubtful_one_does_not() {
    let mut all = all([4, 3, 2, 3, 2, 3, 4, 4, 4, 0, 0, 0, 1, 1, 0]);
    all[4].gap = Some(1.4);
    assert_eq!(next(GROUNDWORK, &all).0, Competency::CreatingUrgency);
    all[4].certain = true;
    assert_eq!(next(GROUNDWORK, &all).0, Competency::LeadershipStructure);
    all[0] = Seen { gap: Some(4.0), certain: true, ..all[0] };
    assert_eq!(next(GROUNDWORK, &all).0, Competency::LeadershipStructure, "a gap does not outweigh a level");
}

#[test]
fn what_nobody_assessed_goes_before_what_is_known() {
    let mut all = all([0; 15]);
    all[6].maturity = None;
    assert_eq!(next(GROUNDWORK, &all).0, Competency::CommonLanguage);
}

#[test]
fn weak_groundwork_goes_before_decisions_only_while_there_is_time() {
    let mut all = all([4, 1, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 3, 3, 3]);
    let (early, late) = (date(2027, 1, 29), date(2027, 1, 30));
    assert_eq!(on(early).days_left, 120);
    assert_eq!(next(early, &all), (Competency::SettingExpectations, Because::Foundation));
    assert_eq!(next(late, &all).0, Competency::SituationalAnalysis);
    all[9].settled = true;
    assert_eq!(next(late, &all), (Competency::SettingExpectations, Because::Foundation));
    all[1].settled = true;
    assert_eq!(next(late, &all).0, Competency::StrategicPositioning);
}

#[test]
fn a_settled_stage_lets_the_following_one_begin_early() {
    let mut all = all([3; 15]);
    for it in &mut all[..9] {
        it.settled = true;
    }
    assert_eq!(next(GROUNDWORK, &all), (Competency::SituationalAnalysis, Because::Ahead(Stage::Decisions)));
    for it in &mut all[9..12] {
        it.settled = true;
    }
    assert_eq!(next(GROUNDWORK, &all), (Competency::Projects, Because::Ahead(Stage::Results)));
}

#[test]
fn when_all_are_settled_the_following_stage_is_prepared_and_that_is_said() {
    let mut all = all([3; 15]);
    for it in &mut all {
        it.settled = true;
    }
    all[10].maturity = Some(1);
    let advice = advise(&on(GROUNDWORK), &all, &[]);
    assert_eq!(
        (advice.next, advice.because),
        (Competency::StrategicPositioning, Because::AllSettled(Stage::Decisions))
    );
    let said = advice.reasons[0].said(Locale::of("en-GB"));
    assert_eq!(
        said,
        "All fifteen are settled as good enough for this cycle. The next stage, decisions, begins in 67 days; this is its lowest."
    );
    assert!(advice.risks.is_empty());
}

#[test]
fn the_budget_is_at_risk_from_what_is_weak_before_it_and_not_settled() {
    let mut all = all([4, 1, 3, 2, 3, 0, 3, 3, 3, 3, 2, 0, 0, 0, 0]);
    all[3].settled = true;
    all[8].maturity = None;
    let risks = advise(&on(GROUNDWORK), &all, &[]).risks;
    let of: Vec<usize> = risks.iter().map(|it| it.competency.number()).collect();
    assert_eq!(of, [6, 2, 11, 9]);
    assert_eq!(risks.iter().filter(|it| it.is_grave()).count(), 2, "what nobody assessed is unknown, not grave");
}

#[test]
fn of_the_decisions_stage_the_days_to_the_budget_and_those_of_its_approval_are_told_apart() {
    let advice = advise(&on(DECISIONS), &all([2; 15]), &[]);
    assert_eq!(
        advice.reasons[0].said(Locale::of("en-GB")),
        "The year is in its decisions stage, which works on 10 to 12: 117 days to the budget, then 32 days for its approval."
    );
}

#[test]
fn the_reasons_are_sentences_with_their_figures() {
    let mut all = all([4, 3, 3, 3, 1, 3, 1, 4, 4, 2, 2, 2, 3, 3, 3]);
    all[4] = Seen { gap: Some(1.4), certain: true, ..all[4] };
    all[12] = Seen { gap: Some(-1.6), certain: true, ..all[12] };
    for it in &mut all[..4] {
        it.settled = true;
    }
    let evidence = |text: &str, met| Evidence::new(Competency::LeadershipStructure, text, met, "", "");
    let evidence = [evidence("Each outcome has one name", false), evidence("Mandates are written", true)];
    let advice = advise(&on(GROUNDWORK), &all, &evidence);
    let said: Vec<String> = advice.reasons.iter().map(|it| it.said(Locale::of("en-GB"))).collect();
    let expected = [
        "The year is in its groundwork stage, which works on 1 to 9; 66 days of it are left.",
        "It stands at 1 of 5. Of the candidates, common language stands as low.",
        "All that come before it are settled as good enough; it is next in the order.",
        "Business sees it 1.4 points lower than IT does; it is the second widest certain gap. The widest certain gap of all, 1.6 points, is that of projects, which waits for the results stage, where it is worked on.",
        "1 of 2 pieces of evidence that Waypost can see is missing: Each outcome has one name.",
    ];
    assert_eq!(said, expected);
}

fn said_of(all: &All, evidence: &[Evidence], about: &str) -> String {
    let advice = advise(&on(GROUNDWORK), all, evidence);
    let reason = advice.reasons.iter().find(|it| it.about() == about).expect("a reason of that kind");
    reason.said(Locale::of("en-GB"))
}

#[test]
fn evidence_alone_makes_nothing_good_that_is_weak_or_not_assessed() {
    let evidence = |competency| Evidence::new(competency, "There is a vision", true, "", "");
    let evidence = [evidence(Competency::Envisioning)];
    for (level, says) in [(Some(3), "perhaps it is good enough"), (Some(1), "stands at 1 of 5"), (None, "say where it")]
    {
        let mut all = all([5; 15]);
        all[0].maturity = level;
        let said = said_of(&all, &evidence, "Evidence");
        assert!(said.contains(says), "{said}");
        assert_eq!(said.contains("does not make it good"), level != Some(3), "{said}");
    }
}

#[test]
fn a_wider_gap_elsewhere_is_named_with_why_it_waits() {
    let mut all = all([1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    assert!(!said_of(&all, &[], "Gap").contains("widest"));
    let wide = Seen { maturity: Some(3), gap: Some(2.0), certain: true, settled: false };
    for (at, settled, why) in [
        (2, false, "creating urgency, which waits because it stands higher"),
        (2, true, "creating urgency, which is settled"),
        (12, false, "projects, which waits for the results stage"),
    ] {
        let before = all[at];
        all[at] = Seen { settled, ..wide };
        let said = said_of(&all, &[], "Gap");
        assert!(said.contains("2.0 points, is that of ") && said.contains(why), "{said}");
        all[at] = before;
    }
    all[2] = Seen { certain: false, ..wide };
    assert!(!said_of(&all, &[], "Gap").contains("widest"), "a gap that may be chance does not count");
}

#[test]
fn names_in_a_row_end_in_and() {
    use Competency::*;
    assert_eq!(names(&[Projects]), "projects");
    assert_eq!(names(&[Projects, Processes]), "projects and processes");
    assert_eq!(names(&Competency::ALL[..5]), "envisioning, setting expectations, creating urgency and 2 more");
}

fn any_seen() -> impl Strategy<Value = Seen> {
    (prop::option::of(0i64..=5), any::<bool>(), prop::option::of(-4.0f64..4.0), any::<bool>())
        .prop_map(|(maturity, settled, gap, certain)| Seen { maturity, settled, gap, certain })
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..1500).prop_map(|it| date(2025, 1, 1) + it.days())
}

proptest! {
    #[test]
    fn there_is_always_an_answer_and_always_the_same(all in prop::array::uniform15(any_seen()), day in any_day()) {
        let at = on(day);
        let advice = advise(&at, &all, &[]);
        prop_assert_eq!(&advice, &advise(&at, &all, &[]));
        prop_assert!(!advice.others.contains(&advice.next));
        let locale = Locale::of("en-GB");
        prop_assert!(advice.reasons.len() >= 4 && advice.reasons.iter().all(|it| it.said(locale).ends_with('.')));
    }

    #[test]
    fn a_settled_one_is_never_advised_while_one_of_the_stage_is_open(all in prop::array::uniform15(any_seen()), day in any_day()) {
        let at = on(day);
        let advice = advise(&at, &all, &[]);
        let any_open = all.iter().any(|it| !it.settled);
        prop_assert_eq!(all[advice.next as usize].settled, !any_open);
        let open_here = of_stage(at.stage).iter().any(|it| !all[*it as usize].settled);
        if open_here && advice.because != Because::Foundation {
            prop_assert!(of_stage(at.stage).contains(&advice.next));
        }
    }

    #[test]
    fn nothing_that_was_passed_over_is_lower(all in prop::array::uniform15(any_seen()), day in any_day()) {
        let advice = advise(&on(day), &all, &[]);
        let level = |it: Competency| all[it as usize].maturity;
        prop_assert!(advice.others.iter().all(|it| level(advice.next) <= level(*it)));
    }
}
