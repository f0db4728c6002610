use calc::fiscal::Yearly;
use db::uuid::Uuid;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::team::model::{PlanId, RatingId};

const TODAY: Date = date(2026, 11, 23);

fn person(id: u128) -> PersonId {
    PersonId(Uuid::from_u128(id))
}

fn skill(id: u128) -> SkillId {
    SkillId(Uuid::from_u128(id))
}

fn ask(id: u128, of: u128, level: i64, wanted: usize) -> Ask {
    Ask { need: NeedId(Uuid::from_u128(id)), skill: skill(of), level, wanted, starts: None, ends: None }
}

fn hold(of: u128, in_skill: u128, level: i64) -> Hold {
    Hold { person: person(of), skill: skill(in_skill), level, until: None }
}

fn plan(way: Way, due: Option<Date>) -> Plan {
    Plan {
        id: PlanId(Uuid::from_u128(1)),
        version: 1,
        title: "Plan".to_owned(),
        skill: skill(1),
        way,
        state: PlanState::Agreed,
        gap: None,
        owner: None,
        person: Some(person(2)),
        role: None,
        reports_to: None,
        level: Some(Level::Hard),
        people: None,
        due,
        once: Some(Money::new(100_000)),
        yearly: Some(Money::new(36_500)),
    }
}

#[test]
fn a_skill_is_safe_when_as_many_as_wanted_reach_the_level() {
    let team = Team { asks: vec![ask(1, 1, 3, 2)], holds: vec![hold(1, 1, 4), hold(2, 1, 2)], ..Team::default() };
    let line = &team.lines(TODAY)[0];
    assert_eq!((line.have, line.lacks(), line.state()), (1, 1, State::One));
    assert_eq!(line.nearly, BTreeSet::from([person(2)]));
    let safe = Team { asks: vec![ask(1, 1, 2, 2)], ..team };
    assert_eq!(safe.lines(TODAY)[0].state(), State::Safe);
}

#[test]
fn that_a_skill_is_short_is_known_once_most_of_the_team_is_rated_and_somebody_on_it() {
    let of = |holds: Vec<Hold>| {
        Team { people: 4, asks: vec![ask(1, 1, 3, 2)], holds, ..Team::default() }.lines(TODAY)[0].state()
    };
    assert_eq!(of(Vec::new()), State::Unknown);
    assert_eq!(of(vec![hold(1, 1, 4), hold(2, 1, 0)]), State::Unknown, "half of the team has not been asked");
    assert_eq!(of(vec![hold(1, 1, 4), hold(2, 1, 0), hold(3, 2, 1)]), State::One);
    assert_eq!(of(vec![hold(1, 2, 4), hold(2, 2, 0), hold(3, 2, 1)]), State::Unknown, "nobody was asked about it");
    assert_eq!(of(vec![hold(1, 1, 4), hold(2, 1, 3)]), State::Safe, "enough is enough, whoever is still silent");
}

#[test]
fn of_two_needs_of_a_skill_the_one_that_lacks_most_stands() {
    let team = Team { asks: vec![ask(1, 1, 2, 1), ask(2, 1, 5, 2)], holds: vec![hold(1, 1, 3)], ..Team::default() };
    let lines = team.lines(TODAY);
    assert_eq!((lines.len(), lines[0].level, lines[0].state()), (1, 5, State::Nobody));
}

#[test]
fn a_need_counts_from_its_first_to_its_last_day() {
    let until = Ask { starts: Some(date(2026, 12, 1)), ends: Some(date(2026, 12, 31)), ..ask(1, 1, 3, 1) };
    let team = Team { asks: vec![until], ..Team::default() };
    let on = |day| team.lines(day).len();
    assert_eq!(
        [on(date(2026, 11, 30)), on(date(2026, 12, 1)), on(date(2026, 12, 31)), on(date(2027, 1, 1))],
        [0, 1, 1, 0]
    );
}

#[test]
fn who_leaves_takes_the_skill_along_and_so_does_what_they_were_to_learn() {
    let mut team = Team {
        people: 2,
        asks: vec![ask(1, 1, 3, 2), ask(2, 2, 3, 1)],
        holds: vec![hold(1, 1, 4), hold(2, 1, 3), hold(2, 2, 1)],
        gains: vec![Gain {
            skill: skill(2),
            on: TODAY,
            level: 3,
            person: Some(person(2)),
            until: Some(date(2026, 12, 31)),
            people: 1,
            drops: false,
        }],
    };
    assert!(team.lines(TODAY).iter().all(|it| it.state() == State::Safe));
    let fall = falls(&team.lines(TODAY), &team.without(person(2), TODAY).lines(TODAY));
    assert_eq!(fall.len(), 2);
    team.holds[1].until = Some(date(2026, 12, 31));
    team.holds[2].until = Some(date(2026, 12, 31));
    assert_eq!(team.lines(date(2027, 1, 1))[0].have, 0, "{:?}", team.lines(date(2027, 1, 1)));
}

#[test]
fn a_plan_bears_from_its_day_on_and_a_dropped_skill_is_needed_by_nobody() {
    let mut team = Team { asks: vec![ask(1, 1, 4, 2)], holds: vec![hold(1, 1, 4)], ..Team::default() };
    let due = date(2027, 2, 1);
    team.gains.extend(gain(&plan(Way::Train, Some(due)), None, TODAY));
    let months = forecast(&team, TODAY);
    let safe: Vec<usize> = months.iter().take(4).map(|it| it.safe).collect();
    assert_eq!((safe, months[3].safe_without), (vec![0, 0, 0, 1], 0));
    team.gains = gain(&plan(Way::Drop, Some(due)), None, TODAY).into_iter().collect();
    let months = forecast(&team, TODAY);
    let cover = |it: &Month| (it.needed, it.safe, it.safe_without);
    assert_eq!((cover(&months[2]), cover(&months[3])), ((1, 0, 0), (0, 0, 0)));
}

#[test]
fn a_skill_that_its_plans_do_not_make_safe_stays_short() {
    let mut team = Team { asks: vec![ask(1, 1, 4, 2)], holds: vec![hold(1, 1, 0)], ..Team::default() };
    let after = |team: &Team| team.ahead(TODAY).first().map(|it| (it.have, it.lacks()));
    assert_eq!(after(&team), Some((0, 2)));
    team.gains.extend(gain(&plan(Way::Train, Some(date(2027, 2, 1))), None, TODAY));
    assert_eq!(after(&team), Some((1, 1)), "one of two");
    let hire = Plan { person: None, ..plan(Way::Hire, Some(date(2027, 6, 1))) };
    team.gains.extend(gain(&hire, None, TODAY));
    assert_eq!(after(&team), Some((2, 0)));
    team.gains.extend(gain(&plan(Way::Drop, Some(TODAY)), None, TODAY));
    assert_eq!(after(&team), None);
}

#[test]
fn a_plan_that_was_refused_is_late_or_has_no_day_has_changed_nothing() {
    assert_eq!(gain(&plan(Way::Hire, None), None, TODAY), None);
    assert_eq!(gain(&Plan { state: PlanState::Done, ..plan(Way::Train, Some(TODAY)) }, None, TODAY), None);
    assert_eq!(gain(&plan(Way::Source, Some(date(2026, 1, 1))), None, TODAY), None, "nobody knows when it will be");
    assert!(gain(&plan(Way::Source, Some(TODAY)), None, TODAY).is_some_and(|it| it.on > TODAY), "it may still be done");
    assert_eq!(gain(&Plan { state: PlanState::Refused, ..plan(Way::Hire, Some(TODAY)) }, None, TODAY), None);
}

#[test]
fn costs_fall_into_the_year_of_the_plan_and_yearly_ones_go_on_by_days() {
    let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    let calendar =
        Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 };
    let all = [plan(Way::Hire, Some(date(2027, 6, 21))), plan(Way::Hire, None)];
    let minor = |it: Option<Money>| it.expect("it fits").minor();
    let years: Vec<[i64; 3]> =
        costs(&calendar, &all, TODAY).iter().map(|it| [i64::from(it.name), minor(it.once), minor(it.yearly)]).collect();
    assert_eq!(years, [[2027, 100_000, 1_000], [2028, 0, 36_500], [2029, 0, 36_500]]);
}

#[test]
fn what_is_late_costs_nothing_before_today_and_what_is_done_costs_from_its_day() {
    let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    let calendar =
        Calendar { year_starts: yearly(1, 1), budget_due: yearly(10, 1), results_days: 120, decisions_days: 120 };
    let first = |it: Plan| costs(&calendar, &[it], TODAY)[0].yearly.expect("it fits").minor();
    let late = plan(Way::Hire, Some(date(2026, 1, 1)));
    assert_eq!(first(late.clone()), 3_900, "39 days are left of the year");
    assert_eq!(first(Plan { state: PlanState::Done, ..late }), 36_500);
}

#[test]
fn counts_are_for_groups_and_levels_for_who_leads_everyone() {
    assert_eq!(sight(9, 9, 9), Sight::Levels);
    assert_eq!(sight(9, 3, 9), Sight::Counts);
    assert_eq!(sight(9, 0, 4), Sight::Nothing);
    assert_eq!(sight(4, 0, 4), Sight::Nothing);
}

#[test]
fn a_saved_form_confirms_what_was_said_half_a_year_ago() {
    let now = Rating {
        id: RatingId(Uuid::from_u128(1)),
        version: 1,
        person: person(1),
        skill: skill(1),
        own: Some(Level::Alone),
        lead: None,
        evidence: None,
        rated_on: Some(TODAY),
    };
    let later = date(2027, 7, 1);
    assert_eq!(dated(&now, now.clone(), TODAY), None);
    assert_eq!(dated(&now, now.clone(), later), Some(Rating { rated_on: Some(later), ..now.clone() }));
    let nothing = Rating { own: None, ..now };
    assert_eq!(dated(&nothing, nothing.clone(), later), None, "there is nothing to confirm");
}

fn teams() -> impl Strategy<Value = Team> {
    let asks = proptest::collection::vec((0u128..6, 1i64..8, 1usize..4), 0..12);
    let holds = proptest::collection::btree_map((0u128..6, 0u128..6), 0i64..8, 0..30);
    let gains = proptest::collection::vec((0u128..6, 1i64..8, proptest::option::of(0u128..6), 1usize..3), 0..6);
    (asks, holds, gains).prop_map(|(asks, holds, gains)| Team {
        people: 6,
        asks: (0u128..).zip(asks).map(|(id, (of, level, wanted))| ask(id, of, level, wanted)).collect(),
        holds: holds.into_iter().map(|((of, in_skill), level)| hold(of, in_skill, level)).collect(),
        gains: gains
            .into_iter()
            .map(|(of, level, who, people)| Gain {
                skill: skill(of),
                on: TODAY,
                level,
                person: who.map(person),
                until: None,
                people,
                drops: false,
            })
            .collect(),
    })
}

proptest! {
    #[test]
    fn nobody_who_leaves_improves_the_cover_of_anything(team in teams(), who in 0u128..6) {
        let (before, after) = (team.lines(TODAY), team.without(person(who), TODAY).lines(TODAY));
        prop_assert_eq!(before.len(), after.len());
        for line in &after {
            let was = before.iter().find(|it| it.skill == line.skill).expect("the same skills are needed");
            prop_assert!(line.lacks() >= was.lacks());
            prop_assert!(!line.who.contains(&person(who)));
        }
        for fall in falls(&before, &after) {
            prop_assert!(fall.after.state() != State::Safe);
            let had = team.holds.iter().any(|it| it.person == person(who) && it.skill == fall.after.skill);
            let learnt = team.gains.iter().any(|it| it.person == Some(person(who)) && it.skill == fall.after.skill);
            prop_assert!(had || learnt);
        }
    }

    #[test]
    fn plans_never_make_cover_worse_and_nothing_is_safe_that_is_not_needed(team in teams()) {
        for month in forecast(&team, TODAY) {
            prop_assert!(month.safe >= month.safe_without && month.safe <= month.needed);
        }
    }

    #[test]
    fn what_lacks_is_wanted_minus_had_and_never_negative(team in teams()) {
        for line in team.lines(TODAY) {
            prop_assert_eq!(line.have.max(line.wanted) - line.have, line.lacks());
            prop_assert!(line.who.is_disjoint(&line.nearly));
        }
    }
}

#[test]
fn a_need_begins_with_what_asks_for_it_unless_it_says_when_and_never_outlasts_it() {
    let need = |starts, ends| Need {
        id: NeedId(Uuid::from_u128(1)),
        version: 1,
        what_for: "Readings".to_owned(),
        skill: skill(1),
        level: Level::Alone,
        people: None,
        desirable: false,
        service: None,
        project: None,
        activity: None,
        role: None,
        starts,
        ends,
    };
    let (first, last) = (Some(date(2027, 3, 1)), Some(date(2027, 9, 30)));
    let of = |starts, ends, days| {
        let it = beside(need(starts, ends), days);
        (it.starts, it.ends)
    };
    assert_eq!(of(None, None, (first, last)), (first, last));
    let (later, early) = (Some(date(2027, 5, 1)), Some(date(2027, 6, 30)));
    assert_eq!(of(later, early, (first, last)), (later, early));
    assert_eq!(of(later, Some(date(2028, 1, 1)), (first, last)), (later, last));
    assert_eq!(of(later, early, (None, None)), (later, early));
}
