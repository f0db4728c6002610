use proptest::prelude::*;

use super::{super::model::State, *};

fn line(id: u128, once: i64, yearly: i64) -> BudgetLine {
    BudgetLine {
        id: BudgetLineId(Uuid::from_u128(id)),
        version: 1,
        year: 2028,
        title: format!("Line {id}"),
        purpose: Purpose::Run,
        once: Some(Money::new(once)),
        yearly: Some(Money::new(yearly)),
        proposition: None,
        owner: None,
        rationale: None,
        state: State::Proposed,
    }
}

fn cost(id: u128, title: &str, once: i64, yearly: i64) -> Cost {
    Cost {
        kind: "contract",
        id: Uuid::from_u128(id),
        title: title.to_owned(),
        url: String::new(),
        once: Money::new(once),
        yearly: Money::new(yearly),
        owner: None,
        why: None,
    }
}

fn paid(pairs: &[(u128, u128)]) -> Paid {
    pairs.iter().map(|(cost, line)| (Uuid::from_u128(*cost), BudgetLineId(Uuid::from_u128(*line)))).collect()
}

/// Takes everything in, as the page does with what is ticked.
fn take_all(costs: &[Cost], lines: &mut Vec<BudgetLine>, paid: &mut Paid) {
    for it in costs {
        let seen: Vec<&BudgetLine> = lines.iter().collect();
        let stand = stand(std::slice::from_ref(it), &seen, paid)[0];
        let new = line(u128::MAX - lines.len() as u128, 0, 0);
        let made = match taking(it, &stand, &seen, paid, new) {
            Taking::Nothing => continue,
            Taking::Update(line) | Taking::Tie(line) | Taking::Make(line) => line,
        };
        paid.insert(it.id, made.id);
        lines.retain(|it| it.id != made.id);
        lines.push(made);
    }
}

#[test]
fn what_is_left_out_costs_nothing_and_each_purpose_has_its_sum() {
    let mut lines = [line(1, 100, 20), line(2, 0, 300), line(3, 7, 7)];
    lines[1].purpose = Purpose::Transform;
    lines[2].state = State::LeftOut;
    let (by, all) = by_purpose(&lines.iter().collect::<Vec<_>>()).expect("it fits");
    let totals: Vec<(Purpose, i64)> = by.iter().map(|(purpose, sum)| (*purpose, sum.total.minor())).collect();
    assert_eq!(totals, [(Purpose::Run, 120), (Purpose::Grow, 0), (Purpose::Transform, 300)]);
    assert_eq!((all.lines, all.once.minor(), all.yearly.minor(), all.total.minor()), (2, 100, 320, 420));
    assert_eq!(sum(&[line(1, i64::MAX, 1)]), None);
}

#[test]
fn a_cost_is_missing_until_a_line_pays_for_it_and_differs_once_its_record_says_another_amount() {
    let (mut one, other) = (line(1, 0, 500), line(2, 0, 500));
    let costs = [cost(9, "Firewalls", 0, 500)];
    let stand_of = |lines: &[&BudgetLine], paid: &Paid| match stand(&costs, lines, paid)[0] {
        Stand::Missing => "missing",
        Stand::Differs(_) => "differs",
        Stand::In(_) => "in",
    };
    assert_eq!(stand_of(&[&one, &other], &paid(&[])), "missing");
    assert_eq!(stand_of(&[&one, &other], &paid(&[(9, 1)])), "in");
    assert_eq!(stand_of(&[&other], &paid(&[(9, 1)])), "missing", "its line was deleted");
    one.yearly = Some(Money::new(450));
    assert_eq!(stand_of(&[&one, &other], &paid(&[(9, 1)])), "differs");
    one.state = State::LeftOut;
    assert_eq!(stand_of(&[&one, &other], &paid(&[(9, 1)])), "in", "it was left out on purpose");
}

#[test]
fn a_line_whose_record_costs_nothing_any_more_is_named_and_one_written_by_hand_is_not() {
    let (taken, by_hand, left_out) =
        (line(1, 0, 500), line(2, 0, 500), BudgetLine { state: State::LeftOut, ..line(3, 1, 1) });
    let sources = paid(&[(9, 1), (8, 3)]);
    let of = |costs: &[Cost]| {
        let found = without_source(costs, &[&taken, &by_hand, &left_out], &sources);
        found.iter().map(|it| it.title.clone()).collect::<Vec<_>>()
    };
    assert!(of(&[cost(9, "Firewalls", 0, 500)]).is_empty());
    assert_eq!(of(&[]), ["Line 1"]);
}

#[test]
fn a_line_written_by_hand_under_the_same_name_becomes_its_line_as_it_is() {
    let by_hand = BudgetLine { title: "firewalls ".to_owned(), ..line(1, 0, 450) };
    let it = cost(9, "Firewalls", 0, 500);
    let of = |by_hand: &BudgetLine, paid: &Paid| taking(&it, &Stand::Missing, &[by_hand], paid, line(2, 0, 0));
    assert_eq!(of(&by_hand, &paid(&[])), Taking::Tie(by_hand.clone()));
    let made = BudgetLine { title: "Firewalls (2)".to_owned(), once: None, ..line(2, 0, 500) };
    assert_eq!(of(&by_hand, &paid(&[(8, 1)])), Taking::Make(made.clone()), "it pays for another record already");
    let left_out = BudgetLine { state: State::LeftOut, ..by_hand };
    assert_eq!(of(&left_out, &paid(&[])), Taking::Make(made), "somebody ticked what the budget does not hold");
}

#[test]
fn a_mark_tells_another_amount_and_another_version_of_the_line_apart() {
    let (it, paying) = (cost(9, "Firewalls", 0, 500), line(1, 0, 450));
    let later = BudgetLine { version: 2, ..paying.clone() };
    let marks = [
        mark(&it, &Stand::Missing),
        mark(&cost(9, "Firewalls", 0, 501), &Stand::Missing),
        mark(&it, &Stand::Differs(&paying)),
        mark(&it, &Stand::Differs(&later)),
    ];
    assert_eq!(std::collections::BTreeSet::from(marks).len(), 4);
}

proptest! {
    /// Money is conserved: once everything is taken in, the lines that pay for the costs and those that do not come to
    /// what the costs say and what there was by hand, but for lines that were written by hand under a cost's name, which
    /// stay as they were written. Taking it in once more makes these agree with their costs, and after that changes
    /// nothing.
    #[test]
    fn a_budget_that_has_taken_everything_in_comes_to_all_costs(
        by_hand in prop::collection::vec((0usize..6, any::<bool>(), 0i64..1_000_000, 0i64..1_000_000), 0..6),
        known in prop::collection::vec((0usize..4, 0i64..1_000_000, 1i64..1_000_000), 0..12),
    ) {
        let names = ["Firewalls", "Licences", "Second backup", "Advice", "People", "Devices"];
        let mut lines: Vec<BudgetLine> = Vec::new();
        for (at, (title, is_in, once, yearly)) in by_hand.iter().enumerate() {
            let state = if *is_in { State::Agreed } else { State::LeftOut };
            let title = names[*title].to_owned();
            // A budget has no two lines of one name.
            if lines.iter().all(|it| it.title != title) {
                lines.push(BudgetLine { state, title, ..line(at as u128, *once, *yearly) });
            }
        }
        let written = lines.clone();
        let costs: Vec<Cost> = known
            .iter()
            .enumerate()
            .map(|(at, (title, once, yearly))| cost(1000 + at as u128, names[*title], *once, *yearly))
            .collect();
        let all = known.iter().map(|(_, once, yearly)| once + yearly).sum::<i64>();
        let mut sources = Paid::new();
        take_all(&costs, &mut lines, &mut sources);
        let tied = |it: &&BudgetLine| sources.values().any(|id| *id == it.id);
        let (paying, kept): (Vec<&BudgetLine>, Vec<&BudgetLine>) = written.iter().partition(tied);
        take_all(&costs, &mut lines, &mut sources);
        let by_hand = sum(kept.iter().copied()).expect("it fits").total.minor();
        prop_assert_eq!(sum(&lines).expect("it fits").total.minor(), by_hand + all);
        prop_assert_eq!(lines.len(), written.len() + costs.len() - paying.len());
        let titles: std::collections::BTreeSet<&str> = lines.iter().map(|it| &*it.title).collect();
        prop_assert_eq!(titles.len(), lines.len(), "no name stands twice");
        for it in &kept {
            prop_assert!(lines.contains(it), "what pays for nothing that is known is not touched");
        }
        let twice = lines.clone();
        take_all(&costs, &mut lines, &mut sources);
        prop_assert_eq!(lines, twice);
    }
}
