use proptest::prelude::*;

use super::*;
use crate::draws::Draws;

#[test]
fn a_threshold_of_one_publishes_everything_that_is_not_empty() {
    let cells = [vec![1, 2, 3], vec![1], vec![], vec![2, 3], vec![3]];
    let published: Vec<bool> = release(&cells, 1).iter().map(|it| it.is_published()).collect();
    assert_eq!(published, [true, true, false, true, true]);
}

#[test]
fn a_total_and_all_groups_but_the_small_one_are_not_published_together() {
    let cells = [of(0..30), of(0..12), of(12..28), of(28..30)];
    assert_eq!(release(&cells, 5), [Verdict::Published, Verdict::Published, Verdict::Subtraction, Verdict::TooFew]);
}

#[test]
fn a_total_and_all_its_groups_are_published_if_each_is_large_enough() {
    let cells = [of(0..30), of(0..12), of(12..25), of(25..30)];
    assert_eq!(release(&cells, 5), [Verdict::Published; 4]);
}

#[test]
fn groups_that_differ_by_a_few_people_are_not_published_together() {
    assert_eq!(release(&[of(0..10), of(0..9)], 5), [Verdict::Published, Verdict::Subtraction]);
    assert_eq!(release(&[of(0..10), of(2..12)], 5), [Verdict::Published, Verdict::Subtraction]);
    assert_eq!(release(&[of(0..10), of(3..13)], 5), [Verdict::Published; 2]);
}

#[test]
fn two_overlapping_groupings_do_not_give_away_where_they_cross() {
    // Two units of ten, two roles: the units' difference from the roles is the two who crossed over.
    let (units, roles) = ([of(0..10), of(10..20)], [of(1..11), [of(0..1), of(11..20)].concat()]);
    let cells = [units.as_slice(), roles.as_slice()].concat();
    assert_eq!(
        release(&cells, 5),
        [Verdict::Published, Verdict::Published, Verdict::Subtraction, Verdict::Subtraction]
    );
}

#[test]
fn three_groups_that_only_together_give_someone_away_are_not_all_published() {
    // Pairwise they differ by many; one plus another less a third is a group of one.
    let cells = [of(0..10), of(10..20), of(1..20)];
    assert_eq!(release(&cells, 5), [Verdict::Published, Verdict::Published, Verdict::Subtraction]);
}

#[test]
fn a_cell_that_follows_from_the_others_by_halves_is_published() {
    let (a, b, c) = (of(0..10), of(10..20), of(20..30));
    let cells =
        [[a.clone(), b.clone()].concat(), [b.clone(), c.clone()].concat(), [a.clone(), c].concat(), [a, b].concat()];
    assert_eq!(release(&cells, 10), [Verdict::Published; 4]);
    assert_eq!(
        release(&[cells[0].clone(), cells[1].clone(), cells[2].clone(), of(0..30), of(0..10)], 10)[3..],
        [Verdict::Published, Verdict::Published]
    );
}

#[test]
fn items_answered_by_the_same_people_are_decided_alike_and_others_anew() {
    let (everyone, few) = (vec![of(0..20), of(0..17)], vec![of(0..20), of(0..12)]);
    let decided = release_each(&[everyone.clone(), few, everyone], 5);
    assert_eq!(decided[0], [Verdict::Published, Verdict::Subtraction]);
    assert_eq!(decided[1], [Verdict::Published; 2]);
    assert_eq!(decided[0], decided[2]);
}

/// Each cell adds five people to the one before.
#[test]
fn more_cells_than_can_be_checked_are_withheld() {
    let cells: Vec<Vec<usize>> = (1..=402).map(|it| of(0..5 * it)).collect();
    let verdicts = release(&cells, 5);
    assert_eq!(verdicts[..400], [Verdict::Published; 400]);
    assert_eq!(verdicts[400..], [Verdict::Unchecked; 2]);
}

#[test]
fn a_cell_counts_each_respondent_once() {
    assert_eq!(release(&[vec![7, 7, 7, 7, 7]], 5), [Verdict::TooFew]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Against an attacker who can combine whatever is published, with any factors: for each group smaller than the
    /// threshold, elimination in whole numbers tells whether a combination exists that is zero for everyone else.
    #[test]
    fn no_combination_of_what_is_published_concerns_too_few(
        cells in prop::collection::vec(prop::collection::vec(0usize..10, 0..10), 1..9),
        threshold in 1usize..5,
    ) {
        let verdicts = release(&cells, threshold);
        let mut published: Vec<Vec<usize>> = Vec::new();
        for (cell, verdict) in cells.iter().zip(&verdicts) {
            let tried = [published.as_slice(), std::slice::from_ref(cell)].concat();
            match verdict {
                Verdict::Published => published = tried,
                // Nothing is withheld without need.
                Verdict::Subtraction => prop_assert!(attacked(&tried, 10, threshold)),
                Verdict::TooFew => prop_assert!(sizes_below(cell, threshold)),
                Verdict::Unchecked => prop_assert!(false, "small cells must be decided"),
            }
        }
        prop_assert!(!attacked(&published, 10, threshold));
    }

}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    /// A company of seventy in up to six groupings, as a results page cuts it. The attacker adds and subtracts up to
    /// three published cells at a time, each once or twice.
    #[test]
    fn adding_and_subtracting_up_to_three_cells_of_a_company_isolates_no_one(
        seed in any::<u64>(),
        groupings in prop::collection::vec(2usize..8, 1..6),
        threshold in 2usize..8,
    ) {
        let cells = company(70, &groupings, seed);
        let verdicts = release(&cells, threshold);
        let published: Vec<Vec<i64>> = cells
            .iter()
            .zip(&verdicts)
            .filter(|(_, it)| it.is_published())
            .map(|(cell, _)| (0..70).map(|it| i64::from(cell.contains(&it))).collect())
            .collect();
        let n = published.len();
        let factors: Vec<i64> = (-2..=2).collect();
        for one in 0..n {
            for other in 0..one {
                for third in 0..=other {
                    for (f, g, h) in factors.iter().flat_map(|f| factors.iter().map(move |g| (f, g)))
                        .flat_map(|(f, g)| factors.iter().map(move |h| (f, g, h)))
                    {
                        let concerned = (0..70)
                            .filter(|it| {
                                f * published[one][*it] + g * published[other][*it] + h * published[third][*it] != 0
                            })
                            .count();
                        prop_assert!(concerned == 0 || concerned >= threshold);
                    }
                }
            }
        }
    }
}

/// Everyone, and each group of each grouping; people fall into groups at random, the first groups being larger.
fn company(people: usize, groupings: &[usize], seed: u64) -> Vec<Vec<usize>> {
    let mut draws = Draws::new(seed, 0);
    let mut cells = vec![of(0..people)];
    for &groups in groupings {
        let mut grouping = vec![Vec::new(); groups];
        for person in 0..people {
            let group = draws.below(groups).min(draws.below(groups));
            grouping[group].push(person);
        }
        cells.extend(grouping);
    }
    cells
}

fn of(range: std::ops::Range<usize>) -> Vec<usize> {
    range.collect()
}

fn sizes_below(cell: &[usize], threshold: usize) -> bool {
    let mut people = cell.to_vec();
    people.sort_unstable();
    people.dedup();
    people.len() < threshold
}

/// Whether some combination of the cells is zero for all but fewer than `threshold` of the people, and not for all: for
/// a group of suspects it is so if leaving them out of the table lowers its rank.
fn attacked(cells: &[Vec<usize>], people: usize, threshold: usize) -> bool {
    let rank_without = |suspects: u32| {
        let known: Vec<usize> = (0..people).filter(|it| suspects >> it & 1 == 0).collect();
        rank(cells.iter().map(|cell| known.iter().map(|it| i128::from(cell.contains(it))).collect()).collect())
    };
    let whole = rank_without(0);
    (1u32..1 << people)
        .filter(|it| (it.count_ones() as usize) < threshold)
        .any(|suspects| rank_without(suspects) < whole)
}

/// The rank of a table of whole numbers, by Bareiss's elimination without fractions.
fn rank(mut table: Vec<Vec<i128>>) -> usize {
    let columns = table.first().map_or(0, Vec::len);
    let (mut rank, mut last) = (0, 1);
    for column in 0..columns {
        let Some(found) = (rank..table.len()).find(|row| table[*row][column] != 0) else { continue };
        table.swap(rank, found);
        let pivot = table[rank].clone();
        for row in &mut table[rank + 1..] {
            let factor = row[column];
            for (it, pivoted) in row.iter_mut().zip(&pivot) {
                *it = (*it * pivot[column] - factor * pivoted) / last;
            }
        }
        last = pivot[column];
        rank += 1;
    }
    rank
}
