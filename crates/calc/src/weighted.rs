//! Options rated on weighted criteria, and how little it would take for another option to win.

use serde::Serialize;

use crate::describe::{mean, variance};

/// How options compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// By option: the sum of weight times rating.
    pub totals: Vec<f64>,
    /// By option: the total by the sum of the weights, on the scale of the ratings.
    pub normalised: Vec<f64>,
    /// The options with the highest total; more than one where they are level.
    pub leaders: Vec<usize>,
    /// The smallest change of one weight after which another option leads. `None` where no such change exists, and
    /// where several lead already: then any change may decide.
    pub flip: Option<Flip>,
    /// The smallest change of the share that one weight has in the sum of all, the others sharing out the rest as before:
    /// `change` and `weight` are shares from 0 to 1. It can be another criterion than that of [`Comparison::flip`], since
    /// a large weight moves its share by less.
    pub share_flip: Option<Flip>,
}

/// A change of one weight that makes another option draw level; a hair more, and that option wins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Flip {
    pub criterion: usize,
    /// What is added to the weight; negative where the weight shrinks.
    pub change: f64,
    /// The weight at which the two are level.
    pub weight: f64,
    /// The option that then leads.
    pub option: usize,
}

/// Why options cannot be compared. Criteria and options are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no criterion or no option.
    Nothing,
    /// A weight that is negative or no number.
    Weight { criterion: usize },
    /// No criterion has a weight above zero.
    NoWeight,
    /// A rating that is no number, or missing.
    Rating { criterion: usize, option: usize },
}

impl Comparison {
    /// The option that wins; `None` where several are level.
    pub fn winner(&self) -> Option<usize> {
        if let [winner] = self.leaders[..] { Some(winner) } else { None }
    }
}

/// Compares options by `ratings`, a row for each criterion with a value for each option.
///
/// The change of a weight that makes options a and b level is exact: (A − B) / (b's rating − a's) on that criterion, with
/// the totals A and B. A weight does not become negative, and does not vanish: at zero the options would be level, but
/// neither would lead.
///
/// ```
/// use calc::weighted::compare;
/// // Price and fit; the first option is dear and fits.
/// let it = compare(&[2.0, 3.0], &[vec![1.0, 4.0], vec![5.0, 2.0]]).expect("numbers");
/// assert_eq!((it.totals.as_slice(), it.winner()), ([17.0, 14.0].as_slice(), Some(0)));
/// let flip = it.flip.expect("a weight decides");
/// // If price counted 3 instead of 2, or fit 2 instead of 3: the first of equal changes is told.
/// assert_eq!((flip.criterion, flip.change, flip.weight, flip.option), (0, 1.0, 3.0, 1));
/// ```
pub fn compare(weights: &[f64], ratings: &[Vec<f64>]) -> Result<Comparison, Fault> {
    let options = ratings.first().map_or(0, Vec::len);
    if weights.is_empty() || options == 0 {
        return Err(Fault::Nothing);
    }
    if let Some(criterion) = weights.iter().position(|it| !it.is_finite() || *it < 0.0) {
        return Err(Fault::Weight { criterion });
    }
    for criterion in 0..weights.len() {
        let row: &[f64] = ratings.get(criterion).map_or(&[], Vec::as_slice);
        let rating = |option: usize| row.get(option).filter(|it| it.is_finite());
        if let Some(option) = (0..options).find(|option| rating(*option).is_none()) {
            return Err(Fault::Rating { criterion, option });
        }
    }
    let sum: f64 = weights.iter().sum();
    if sum == 0.0 {
        return Err(Fault::NoWeight);
    }
    let rated = || weights.iter().zip(ratings);
    let totals: Vec<f64> = (0..options).map(|option| rated().map(|(weight, row)| weight * row[option]).sum()).collect();
    // What the last digits of such a sum may be wrong by: 0.1 × 3 and 0.3 × 1 are level.
    let largest = |row: &Vec<f64>| row.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
    let blur = 1e-13 * rated().map(|(weight, row)| weight * largest(row)).sum::<f64>();
    let highest = totals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let leaders: Vec<usize> = (0..options).filter(|it| highest - totals[*it] <= blur).collect();
    let winner = if let [winner] = leaders[..] { Some(winner) } else { None };
    let nearest = |far: &dyn Fn(f64, f64) -> f64| flip(weights, ratings, &totals, winner?, blur, far);
    let share = |weight: f64, change: f64| (weight + change) / (sum + change);
    let moved = |weight: f64, change: f64| share(weight, change) - weight / sum;
    let share_flip = nearest(&|weight, change| moved(weight, change).abs()).map(|it| {
        let weight = weights[it.criterion];
        Flip { change: moved(weight, it.change), weight: share(weight, it.change), ..it }
    });
    Ok(Comparison {
        normalised: totals.iter().map(|it| it / sum).collect(),
        flip: nearest(&|_, change| change.abs()),
        share_flip,
        totals,
        leaders,
    })
}

/// The change of a weight that makes another option draw level and is the least far, given how far a change of a weight is.
fn flip(
    weights: &[f64],
    ratings: &[Vec<f64>],
    totals: &[f64],
    winner: usize,
    blur: f64,
    far: &dyn Fn(f64, f64) -> f64,
) -> Option<Flip> {
    let mut nearest: Option<Flip> = None;
    for (criterion, (row, &weight)) in ratings.iter().zip(weights).enumerate() {
        for option in (0..totals.len()).filter(|it| row[*it] != row[winner]) {
            let slope = row[option] - row[winner];
            let change = (totals[winner] - totals[option]) / slope;
            // The change is as blurred as the totals are, by the slope.
            if weight + change <= blur / slope.abs() || !change.is_finite() {
                continue;
            }
            let here = Flip { criterion, change, weight: weight + change, option };
            let nearer = nearest.is_none_or(|it| {
                // Of options that draw level at the same weight, the one that is ahead from there on.
                let same = it.criterion == criterion && (it.change - change).abs() <= 1e-13 * change.abs();
                if same {
                    slope.abs() > (ratings[criterion][it.option] - row[winner]).abs()
                } else {
                    // Of two that are as near but for the last digit, the first is told.
                    far(weight, change) < far(weights[it.criterion], it.change) * (1.0 - 1e-12)
                }
            });
            if nearer {
                nearest = Some(here);
            }
        }
    }
    nearest
}

/// What several raters say about one option on one criterion. Those who said nothing do not count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rating {
    pub n: usize,
    pub mean: Option<f64>,
    /// The sample standard deviation, with n − 1; from two raters on.
    pub sd: Option<f64>,
    pub lowest: Option<f64>,
    pub highest: Option<f64>,
}

/// The ratings of several people as one table, criterion by option: [`compare`] takes the means, and a large spread
/// says where to talk before anything is decided. Each rater's table has a row for each criterion.
///
/// ```
/// use calc::weighted::together;
/// let ann = vec![vec![Some(4.0), Some(1.0)]];
/// let ben = vec![vec![Some(2.0), None]];
/// let both = together(&[ann, ben]);
/// assert_eq!((both[0][0].mean, both[0][0].n, both[0][1].mean, both[0][1].sd), (Some(3.0), 2, Some(1.0), None));
/// ```
pub fn together(raters: &[Vec<Vec<Option<f64>>>]) -> Vec<Vec<Rating>> {
    let criteria = raters.iter().map(Vec::len).max().unwrap_or(0);
    let options = raters.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let said = |criterion: usize, option: usize| -> Vec<f64> {
        raters.iter().filter_map(|it| *it.get(criterion)?.get(option)?).collect()
    };
    let row = |criterion| (0..options).map(|option| rating(&said(criterion, option))).collect();
    (0..criteria).map(row).collect()
}

fn rating(said: &[f64]) -> Rating {
    Rating {
        n: said.len(),
        mean: mean(said),
        sd: variance(said).map(f64::sqrt),
        lowest: said.iter().copied().reduce(f64::min),
        highest: said.iter().copied().reduce(f64::max),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_change_of_a_share_can_be_of_another_criterion_than_that_of_a_weight() {
        // 364 to 344 points. Lowering the second weight by 10 is the smallest change of a weight, to 22 of 90, by 7.6
        // points of the share; raising the first by 20 is larger, to 76 of 120, and moves its share by 7.3 points only.
        let it = of(&[56.0, 32.0, 12.0], &[&[3.0, 4.0], &[5.0, 3.0], &[3.0, 2.0]]).expect("numbers");
        assert_eq!(it.winner(), Some(0));
        let (weight, share) = (it.flip.expect("a weight"), it.share_flip.expect("a share"));
        assert_eq!((weight.criterion, weight.change), (1, -10.0));
        assert!((share.weight - 76.0 / 120.0).abs() < 1e-12 && share.criterion == 0, "{share:?}");
    }

    fn of(weights: &[f64], ratings: &[&[f64]]) -> Result<Comparison, Fault> {
        compare(weights, &ratings.iter().map(|it| it.to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn level_options_have_no_winner_and_nothing_to_flip() {
        let it = of(&[0.1, 0.3], &[&[3.0, 0.0, 0.0], &[0.0, 1.0, 0.5]]).expect("numbers");
        assert_ne!(it.totals[0], it.totals[1], "level but for the last digit");
        assert_eq!((it.leaders.as_slice(), it.winner(), it.flip), ([0, 1].as_slice(), None, None));
    }

    #[test]
    fn an_option_that_is_best_everywhere_wins_whatever_the_weights() {
        assert_eq!(of(&[1.0, 2.0], &[&[5.0, 4.0], &[3.0, 3.0]]).expect("numbers").flip, None);
        assert_eq!(of(&[1.0], &[&[5.0]]).expect("numbers").flip, None);
    }

    #[test]
    fn a_weight_may_shrink_but_not_vanish() {
        // Without the first criterion the options would be level; below zero the other would lead.
        assert_eq!(of(&[1.0, 1.0], &[&[5.0, 4.0], &[3.0, 3.0]]).expect("numbers").flip, None);
        // 0.3 − 0.3 is not quite zero where the totals are reckoned.
        assert_eq!(of(&[0.3, 0.7], &[&[0.9, 0.6], &[0.1, 0.1]]).expect("numbers").flip, None);
        let flip = of(&[3.0, 1.0], &[&[5.0, 4.0], &[3.0, 4.0]]).expect("numbers").flip.expect("a change");
        assert_eq!((flip.criterion, flip.change, flip.weight), (0, -2.0, 1.0));
    }

    #[test]
    fn a_criterion_without_weight_can_be_given_one() {
        let flip = of(&[1.0, 0.0], &[&[5.0, 4.0], &[1.0, 3.0]]).expect("numbers").flip.expect("a change");
        assert_eq!((flip.criterion, flip.change, flip.option), (1, 0.5, 1));
    }

    #[test]
    fn of_two_that_draw_level_at_once_the_one_that_leads_from_there_is_named() {
        // At half the weight on the first criterion all three have 3.5.
        let flip = of(&[1.0, 1.0], &[&[5.0, 3.0, 1.0], &[1.0, 2.0, 3.0]]).expect("numbers").flip.expect("a change");
        assert_eq!((flip.weight, flip.option), (0.5, 2));
    }

    #[test]
    fn what_cannot_be_compared_is_said_with_its_place() {
        assert_eq!(of(&[], &[]), Err(Fault::Nothing));
        assert_eq!(of(&[1.0], &[&[]]), Err(Fault::Nothing));
        assert_eq!(of(&[1.0, -1.0], &[&[1.0], &[1.0]]), Err(Fault::Weight { criterion: 1 }));
        assert_eq!(of(&[0.0, 0.0], &[&[1.0], &[1.0]]), Err(Fault::NoWeight));
        assert_eq!(of(&[1.0, 1.0], &[&[1.0, 2.0], &[1.0]]), Err(Fault::Rating { criterion: 1, option: 1 }));
        assert_eq!(of(&[1.0, 1.0], &[&[1.0, 2.0]]), Err(Fault::Rating { criterion: 1, option: 0 }));
    }

    fn any_comparison() -> impl Strategy<Value = (Vec<f64>, Vec<Vec<f64>>)> {
        (1usize..6, 2usize..6).prop_flat_map(|(criteria, options)| {
            let whole = |most: u32| (0..=most).prop_map(f64::from);
            (
                prop::collection::vec(whole(9), criteria),
                prop::collection::vec(prop::collection::vec(whole(5), options), criteria),
            )
        })
    }

    proptest! {
        #[test]
        fn a_little_less_than_the_change_keeps_the_winner_and_a_little_more_takes_it((weights, ratings) in any_comparison()) {
            let Ok(it) = compare(&weights, &ratings) else { return Ok(()) };
            let Some(winner) = it.winner() else { return Ok(()) };
            let after = |criterion: usize, change: f64| {
                let mut weights = weights.clone();
                weights[criterion] += change;
                compare(&weights, &ratings)
            };
            if let Some(flip) = it.flip {
                prop_assert!(flip.weight > 0.0 && flip.option != winner);
                let beyond = after(flip.criterion, flip.change + 1e-6 * flip.change.signum()).expect("a weight above zero");
                prop_assert!(beyond.leaders.contains(&flip.option) && !beyond.leaders.contains(&winner));
            }
            // Whatever else is changed by less, the winner stays.
            let reach = it.flip.map_or(50.0, |it| it.change.abs());
            for (criterion, weight) in weights.iter().enumerate() {
                for change in [-0.999_999 * reach, -0.5 * reach, 0.5 * reach, 0.999_999 * reach] {
                    if weight + change > 0.0 {
                        prop_assert_eq!(after(criterion, change).expect("a weight above zero").winner(), Some(winner));
                    }
                }
            }
        }
    }
}
