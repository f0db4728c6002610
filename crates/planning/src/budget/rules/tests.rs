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

/// What the page does with what is ticked.
fn take_all(costs: &[Cost], lines: &mut Vec<BudgetLine>, paid: &mut Paid) {
    for it in costs {
        let seen: Vec<&BudgetLine> = lines.iter().collect();
        let (once, yearly) = (Some(it.once), Some(it.yearly));
        let made = match taking(it, &seen, paid) {
            Taking::Nothing => continue,
            Taking::Update(line) => BudgetLine { once, yearly, ..line.clone() },
            Taking::Tie(line) => line.clone(),
            Taking::Make => {
                let title = name(it, "contract", &seen);
                BudgetLine { title, once, yearly, ..line(u128::MAX - lines.len() as u128, 0, 0) }
            }
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
    assert_eq!(taking(&it, &[&by_hand], &paid(&[])), Taking::Tie(&by_hand));
    // It pays for another record already.
    assert_eq!(taking(&it, &[&by_hand], &paid(&[(8, 1)])), Taking::Make);
    assert_eq!(name(&it, "contract", &[&by_hand]), "Firewalls (contract)");
}

proptest! {
    /// Money is conserved: once everything is taken in, the budget is what there was by hand and all that is known; and
    /// taking it in twice is taking it in once.
    #[test]
    fn a_budget_that_has_taken_everything_in_comes_to_all_costs(
        by_hand in prop::collection::vec((0i64..1_000_000, 0i64..1_000_000), 0..6),
        known in prop::collection::vec((0usize..4, 0i64..1_000_000, 1i64..1_000_000), 0..12),
    ) {
        let mut lines: Vec<BudgetLine> =
            by_hand.iter().enumerate().map(|(at, (once, yearly))| line(at as u128, *once, *yearly)).collect();
        let before = sum(&lines).expect("it fits");
        let names = ["Firewalls", "Licences", "Second backup", "Advice"];
        let costs: Vec<Cost> = known
            .iter()
            .enumerate()
            .map(|(at, (title, once, yearly))| cost(1000 + at as u128, names[*title], *once, *yearly))
            .collect();
        let all = known.iter().map(|(_, once, yearly)| once + yearly).sum::<i64>();
        let mut sources = Paid::new();
        take_all(&costs, &mut lines, &mut sources);
        let after = sum(&lines).expect("it fits");
        prop_assert_eq!(after.total.minor(), before.total.minor() + all);
        prop_assert_eq!(lines.len(), by_hand.len() + costs.len());
        let titles: std::collections::BTreeSet<&str> = lines.iter().map(|it| &*it.title).collect();
        prop_assert_eq!(titles.len(), lines.len(), "no name stands twice");
        let once = lines.clone();
        take_all(&costs, &mut lines, &mut sources);
        prop_assert_eq!(lines, once);
    }
}
