//! Krippendorff's alpha: reliability for any number of raters, any level of measurement, and missing answers.
//!
//! α = 1 − D_o/D_e: the disagreement observed within units over the disagreement expected if the answers were dealt out
//! anew. Only the answers' counts by unit matter, so the answers are coded once into *slots*, one for each value that
//! occurs in a unit. A bootstrap resample is then a weight for each rater (how often it was drawn), and several
//! resamples are counted side by side.
//!
//! Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, repository.upenn.edu/asc_papers/43.

use serde::Serialize;

use super::Ratings;
use crate::{
    compare::{Interval, percentile_interval},
    draws::Draws,
};

/// What the answers measure, which decides how far apart two of them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The same or not.
    Nominal,
    /// Ordered: by how many answers lie between.
    Ordinal,
    /// Numbers with equal steps: by the difference.
    Interval,
    /// Numbers from a true zero: by the difference relative to the sum. Meant for numbers that are not negative.
    Ratio,
}

/// Krippendorff's alpha, from answers with at least one other answer to the same unit. `None` where there are no such
/// answers or all of them are the same: without variation nothing can be told apart.
///
/// ```
/// use calc::agreement::{Ratings, krippendorff::{Level, alpha}};
/// let ratings = Ratings::from_rows(&[[1.0, 2.0, 3.0].map(Some), [1.0, 2.0, 4.0].map(Some)]);
/// let it = alpha(&ratings, Level::Interval).expect("the units differ");
/// assert!((it - (1.0 - 5.0 / 41.0)).abs() < 1e-15);
/// ```
pub fn alpha(ratings: &Ratings, level: Level) -> Option<f64> {
    let coded = Coded::new(ratings);
    coded.alpha(&coded.count(&vec![[1]; ratings.raters()]), 0, level)
}

/// A percentile interval of alpha at 95 %, by drawing raters with replacement: how far alpha could differ had other
/// people of the same kind answered. Resamples without an alpha are left out and not counted in `resamples`.
pub fn bootstrap(ratings: &Ratings, level: Level, resamples: usize, seed: u64) -> Option<Interval> {
    /// Resamples counted side by side; sixteen counts fill one cache line.
    const SIDE: usize = 16;
    let coded = Coded::new(ratings);
    let raters = ratings.raters();
    let mut alphas = Vec::with_capacity(resamples);
    let mut drawn = vec![[0u32; SIDE]; raters];
    for first in (0..resamples).step_by(SIDE) {
        let streams = first..resamples.min(first + SIDE);
        drawn.fill([0; SIDE]);
        for (lane, stream) in streams.clone().enumerate() {
            let mut draws = Draws::new(seed, stream as u64);
            for _ in 0..raters {
                drawn[draws.below(raters)][lane] += 1;
            }
        }
        let counts = coded.count(&drawn);
        alphas.extend((0..streams.len()).filter_map(|lane| coded.alpha(&counts, lane, level)));
    }
    percentile_interval(alphas, seed)
}

/// Where there is no answer.
const NONE: u32 = u32::MAX;

struct Coded {
    /// The distinct answers, ascending.
    values: Vec<f64>,
    /// For each slot the position of its value in `values`; the slots of a unit follow each other.
    slots: Vec<usize>,
    /// Where the slots of each unit begin, and where the last end.
    starts: Vec<usize>,
    /// Row by row, the slot of each answer; a missing one falls into a slot after the last, which is never read.
    slot_of: Vec<u32>,
    units: usize,
}

impl Coded {
    fn new(ratings: &Ratings) -> Coded {
        let units = ratings.units();
        let (values, codes) = codes(ratings);
        let (mut slots, mut starts, mut slot_of) = (Vec::new(), vec![0], vec![NONE; codes.len()]);
        let mut slot_in_unit = vec![NONE; values.len()];
        for unit in 0..units {
            let first = slots.len();
            for at in (unit..codes.len()).step_by(units).filter(|at| codes[*at] != NONE) {
                let value = codes[at] as usize;
                if slot_in_unit[value] == NONE {
                    slot_in_unit[value] = slots.len() as u32;
                    slots.push(value);
                }
                slot_of[at] = slot_in_unit[value];
            }
            slots[first..].iter().for_each(|value| slot_in_unit[*value] = NONE);
            starts.push(slots.len());
        }
        let nowhere = slots.len() as u32;
        slot_of.iter_mut().filter(|it| **it == NONE).for_each(|it| *it = nowhere);
        Coded { values, slots, starts, slot_of, units }
    }

    /// How often each slot was answered, each rater counting as often as `drawn`, for several drawings side by side.
    fn count<const N: usize>(&self, drawn: &[[u32; N]]) -> Vec<[u32; N]> {
        let mut counts = vec![[0; N]; self.slots.len() + 1];
        for (row, drawn) in self.slot_of.chunks_exact(self.units.max(1)).zip(drawn) {
            for &slot in row {
                for (count, drawn) in counts[slot as usize].iter_mut().zip(drawn) {
                    *count += drawn;
                }
            }
        }
        counts
    }

    fn alpha<const N: usize>(&self, counts: &[[u32; N]], lane: usize, level: Level) -> Option<f64> {
        let units = || {
            let unit = |ends: &[usize]| {
                let tally: Vec<(usize, f64)> =
                    (ends[0]..ends[1]).map(|slot| (self.slots[slot], f64::from(counts[slot][lane]))).collect();
                let answers: f64 = tally.iter().map(|(_, n)| n).sum();
                (tally, answers)
            };
            // A lone answer can neither agree nor disagree.
            self.starts.windows(2).map(unit).filter(|(_, answers)| *answers > 1.0)
        };
        let mut totals = vec![0.0; self.values.len()];
        for (tally, _) in units() {
            tally.iter().for_each(|(value, n)| totals[*value] += n);
        }
        let scores = self.scores(&totals, level);
        let totals: Vec<(usize, f64)> = totals.into_iter().enumerate().collect();
        let answers: f64 = totals.iter().map(|(_, n)| n).sum();

        let observed: f64 =
            units().map(|(tally, answers)| disagreement(&tally, &scores, level) / (answers - 1.0)).sum();
        let expected = disagreement(&totals, &scores, level) / (answers - 1.0);
        (expected > 0.0).then(|| 1.0 - observed / expected).filter(|it| it.is_finite())
    }

    /// A number for each value, so that the distance of two ordinal values, too, is a difference: the rank of each, with
    /// ties in the middle.
    fn scores(&self, totals: &[f64], level: Level) -> Vec<f64> {
        if level != Level::Ordinal {
            return self.values.clone();
        }
        let mut below = 0.0;
        let rank = |n: &f64| {
            below += n;
            below - n / 2.0
        };
        totals.iter().map(rank).collect()
    }
}

/// The distinct answers, ascending, and the position of each answer among them.
fn codes(ratings: &Ratings) -> (Vec<f64>, Vec<u32>) {
    let code_all = |code: &dyn Fn(f64) -> u32| {
        ratings.rows().flatten().map(|it| if it.is_nan() { NONE } else { code(*it) }).collect()
    };
    // Answers on a scale are small whole numbers, which need not be searched for.
    const SMALL: u16 = 1 << 10;
    if ratings.answers().all(|it| f64::from(it as u16) == it && it < f64::from(SMALL)) {
        let mut code_of = vec![NONE; usize::from(SMALL)];
        ratings.answers().for_each(|it| code_of[it as usize] = 0);
        let mut values = Vec::new();
        for (value, code) in code_of.iter_mut().enumerate().filter(|(_, code)| **code != NONE) {
            *code = values.len() as u32;
            values.push(value as f64);
        }
        return (values, code_all(&|it| code_of[it as usize]));
    }
    let mut values: Vec<f64> = ratings.answers().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let codes = code_all(&|value| values.partition_point(|it| *it < value) as u32);
    (values, codes)
}

/// The squared distances of all pairs among the answers counted.
fn disagreement(tally: &[(usize, f64)], scores: &[f64], level: Level) -> f64 {
    let answers: f64 = tally.iter().map(|(_, n)| n).sum();
    match level {
        Level::Nominal => (answers * answers - tally.iter().map(|(_, n)| n * n).sum::<f64>()) / 2.0,
        Level::Ordinal | Level::Interval => {
            let mean = tally.iter().map(|(value, n)| n * scores[*value]).sum::<f64>() / answers;
            answers * tally.iter().map(|(value, n)| n * (scores[*value] - mean).powi(2)).sum::<f64>()
        }
        Level::Ratio => {
            let distance = |one: f64, other: f64| ((one - other) / (one + other)).powi(2);
            let pairs = |at: usize, (one, n): (usize, f64)| -> f64 {
                tally[..at].iter().map(|(other, m)| n * m * distance(scores[one], scores[*other])).sum()
            };
            tally.iter().enumerate().map(|(at, it)| pairs(at, *it)).sum()
        }
    }
}
