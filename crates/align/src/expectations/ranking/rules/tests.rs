use db::uuid::Uuid;
use proptest::prelude::*;

use super::*;

fn items(n: usize) -> Vec<Item> {
    (0..n).map(|at| Item { outcome: Uuid::from_u128(at as u128), statement: format!("Outcome {at}") }).collect()
}

fn voter(name: &str, side: Side, answers: Answers) -> Voter {
    Voter {
        id: Uuid::from_u128(99),
        person: None,
        name: name.to_owned(),
        side,
        token: name.to_owned(),
        language: None,
        answers,
        done_on: None,
    }
}

/// The answers of somebody who has these items in this order, the first the most important.
fn by_order(design: &Design, order: &[usize]) -> Answers {
    let rank = |item: &usize| order.iter().position(|it| it == item).expect("every item has a rank");
    let pick = |set: &Vec<usize>| {
        let best = *set.iter().min_by_key(|it| rank(it)).expect("a set has items");
        (best, *set.iter().max_by_key(|it| rank(it)).expect("a set has items"))
    };
    Answers { picks: design.sets.iter().map(pick).enumerate().collect(), points: Vec::new() }
}

fn pointed(points: &[u32]) -> Answers {
    Answers { points: points.to_vec(), ..Answers::default() }
}

#[test]
fn too_few_and_too_many_outcomes_are_refused_with_what_to_do() {
    assert!(design(Method::Points, items(1)).expect_err("one").contains("at least two"));
    assert!(design(Method::MaxDiff, items(3)).expect_err("three").contains("Hand out points"));
    assert!(design(Method::Points, items(21)).expect_err("many").contains("at most 20"));
    assert_eq!(design(Method::Points, items(3)).expect("points").sets, Vec::<Vec<usize>>::new());
}

#[test]
fn the_most_and_the_least_are_two_of_those_that_were_shown() {
    let it = design(Method::MaxDiff, items(7)).expect("seven");
    let set = it.sets[0].clone();
    let (a, b) = (set[0].to_string(), set[1].to_string());
    let other = (0..7).find(|it| !set.contains(it)).expect("not all are shown").to_string();
    assert_eq!(pick(&it, 0, &a, &b, Language::English), Ok((set[0], set[1])));
    for (best, worst, why) in [
        (&*a, &*a, "cannot matter most and least"),
        ("", &*b, "matters most."),
        (&*a, &*other, "matters least."),
        ("x", "", "most and the one that matters least"),
    ] {
        assert!(pick(&it, 0, best, worst, Language::English).expect_err("refused").contains(why), "{best} {worst}");
    }
}

#[test]
fn a_hundred_points_are_handed_out_no_more_and_no_less() {
    assert_eq!(points(&["60", " 40 ", ""], Language::English), Ok(vec![60, 40, 0]));
    for (sent, why) in [(["60", "30", ""], "10 are left"), (["60", "50", ""], "10 more"), (["60", "-40", ""], "“-40”")]
    {
        assert!(points(&sent, Language::English).expect_err("refused").contains(why), "{sent:?}");
    }
    assert!(points(&["60", "30"], Language::German).expect_err("refused").contains("10 sind übrig"));
}

#[test]
fn who_has_not_answered_everything_is_not_counted() {
    let it = design(Method::MaxDiff, items(4)).expect("four");
    let whole = voter("Ada", Side::It, by_order(&it, &[0, 1, 2, 3]));
    let half = voter("Bob", Side::It, Answers { picks: [(0, (it.sets[0][0], it.sets[0][1]))].into(), points: vec![] });
    assert_eq!(ranked(Method::MaxDiff, &it, std::slice::from_ref(&half)), None);
    assert_eq!(next_screen(&it, &half.answers), 2);
    let found = ranked(Method::MaxDiff, &it, &[whole, half]).expect("one has answered");
    assert_eq!((found.asked, found.voters.len(), &*found.voters[0].0), (2, 1, "Ada"));
}

#[test]
fn sides_that_see_it_the_other_way_round_are_far_apart_and_the_picture_shows_it() {
    let it = design(Method::MaxDiff, items(4)).expect("four");
    let all = [
        voter("Ada", Side::Business, by_order(&it, &[0, 1, 2, 3])),
        voter("Bob", Side::It, by_order(&it, &[3, 1, 2, 0])),
    ];
    let found = ranked(Method::MaxDiff, &it, &all).expect("a result");
    let of = |at: u128| found.lines.iter().find(|it| it.outcome == Uuid::from_u128(at)).expect("a line");
    assert_eq!((of(0).business, of(0).it, of(0).disagreement), (Some(1.0), Some(-1.0), Some(1.0)));
    assert_eq!(accord(Method::MaxDiff, 4, of(0)), Some(Accord::Apart));
    assert_eq!(accord(Method::MaxDiff, 4, of(1)), Some(Accord::Alike));
    assert_eq!((place(Method::MaxDiff, 0.0, -1.0), place(Method::MaxDiff, 0.0, 1.0)), (0.0, 100.0));
    assert!(headline(Method::MaxDiff, &found).contains("far apart"));
}

#[test]
fn points_become_shares_and_shares_priorities() {
    let it = design(Method::Points, items(4)).expect("four");
    let all =
        [voter("Ada", Side::Business, pointed(&[50, 30, 15, 5])), voter("Bob", Side::It, pointed(&[50, 30, 15, 5]))];
    let found = ranked(Method::Points, &it, &all).expect("a result");
    assert_eq!(found.lines.iter().map(|it| it.share).collect::<Vec<_>>(), [0.5, 0.3, 0.15, 0.05]);
    assert_eq!(proposed(&found), [Priority::Must, Priority::Should, Priority::Could, Priority::Could]);
    assert_eq!(headline(Method::Points, &found), "“Outcome 0” matters most, and nobody is far from that");
}

#[test]
fn one_person_cannot_disagree() {
    let it = design(Method::Points, items(2)).expect("two");
    let found = ranked(Method::Points, &it, &[voter("Ada", Side::It, pointed(&[70, 30]))]).expect("a result");
    assert_eq!((found.lines[0].disagreement, accord(Method::Points, 2, &found.lines[0])), (None, None));
    assert!(headline(Method::Points, &found).contains("the one who answered"));
}

proptest! {
    /// Whoever answers by an order of their own finds it again, and the shares always sum to one.
    #[test]
    fn the_order_of_one_person_is_the_ranking(order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle()) {
        let it = design(Method::MaxDiff, items(7)).expect("seven");
        let found = ranked(Method::MaxDiff, &it, &[voter("Ada", Side::It, by_order(&it, &order))]).expect("a result");
        prop_assert_eq!(found.lines[0].outcome, Uuid::from_u128(order[0] as u128));
        prop_assert_eq!(found.lines[6].outcome, Uuid::from_u128(order[6] as u128));
        prop_assert!((found.lines.iter().map(|it| it.share).sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_first_is_always_a_must_and_priorities_never_rise(given in prop::collection::vec(1u32..50, 2..12)) {
        let sum: u32 = given.iter().sum();
        let lines = given.iter().map(|it| f64::from(*it) / f64::from(sum));
        let line = |share: f64| Line {
            outcome: Uuid::nil(), statement: String::new(), share, mean: 0.0, each: vec![],
            disagreement: None, business: None, it: None,
        };
        let mut lines: Vec<Line> = lines.map(line).collect();
        lines.sort_by(|a, b| b.share.total_cmp(&a.share));
        let found = proposed(&Ranked { asked: 1, voters: vec![], lines });
        prop_assert_eq!(found[0], Priority::Must);
        prop_assert!(found.windows(2).all(|it| it[0] <= it[1]));
    }
}
