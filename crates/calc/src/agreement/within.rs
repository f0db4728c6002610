//! Agreement within one group, question by question.

use super::Ratings;
use crate::describe::{mean, variance};

/// The variance of answers that are drawn evenly from `options` equally spaced ones.
fn even_variance(options: f64) -> Option<f64> {
    (options > 1.0).then(|| (options * options - 1.0) / 12.0)
}

/// r_wg of one question: 1 − s²/σ², where σ² is the variance of even answers on a scale of `options`.
///
/// 1 is full agreement; 0 is no more than even answers would show, and what lies below is given as 0. `None` where
/// fewer than two answered.
///
/// Source: James, Demaree & Wolf 1984, Journal of Applied Psychology 69(1).
///
/// ```
/// let group_7 = [1, 4, 3, 3, 1, 1, 3, 3, 3, 4, 1, 3, 5, 1, 1, 3, 3, 5].map(f64::from);
/// let it = calc::agreement::r_wg(&group_7, 5.0).expect("eighteen answers");
/// assert!((it - 0.05882353).abs() < 5e-9);
/// ```
pub fn r_wg(values: &[f64], options: f64) -> Option<f64> {
    Some((1.0 - variance(values)? / even_variance(options)?).max(0.0))
}

/// r_wg(J) of several questions that ask for one thing: J·r̄ / (J·r̄ + s̄²/σ²), where s̄² is the mean variance of the
/// questions and r̄ = 1 − s̄²/σ², at least 0. It grows with the number of questions. Raters with a missing answer are
/// left out.
///
/// Source: James, Demaree & Wolf 1984.
pub fn r_wg_j(ratings: &Ratings, options: f64) -> Option<f64> {
    let share = variance_share(ratings, options)?.min(1.0);
    let agreement = ratings.units() as f64 * (1.0 - share);
    Some(agreement / (agreement + share))
}

/// Lindell's r*wg(J) = 1 − s̄²/σ²: it does not grow with the number of questions, and is negative where people are
/// further apart than even answers. Raters with a missing answer are left out.
///
/// Source: Lindell, Brandt & Whitney 1999, Applied Psychological Measurement 23(2).
pub fn r_wg_j_lindell(ratings: &Ratings, options: f64) -> Option<f64> {
    variance_share(ratings, options).map(|it| 1.0 - it)
}

fn variance_share(ratings: &Ratings, options: f64) -> Option<f64> {
    let whole = ratings.complete();
    let variances: Option<Vec<f64>> = (0..whole.units()).map(|unit| variance(&whole.column(unit))).collect();
    Some(mean(&variances?)? / even_variance(options)?)
}

/// AD: how far, on average, an answer lies from the group's mean, in points of the scale. Practical agreement is AD up
/// to a sixth of the number of options. `None` where fewer than two answered.
///
/// Source: Burke, Finkelstein & Dusig 1999, Organizational Research Methods 2(1); Burke & Dunlap 2002, the same 5(2).
pub fn average_deviation(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|_| values.len() > 1)?;
    Some(values.iter().map(|it| (it - centre).abs()).sum::<f64>() / values.len() as f64)
}

/// AD_J: the mean of the questions' [`average_deviation`]. Raters with a missing answer are left out.
pub fn average_deviation_j(ratings: &Ratings) -> Option<f64> {
    let whole = ratings.complete();
    let deviations: Option<Vec<f64>> = (0..whole.units()).map(|unit| average_deviation(&whole.column(unit))).collect();
    mean(&deviations?)
}

/// How likely `n` people who pick one of `options` blindly reach at least this r_wg: exact, by adding up every way in
/// which their answers can fall. This is why r_wg of a small group deserves caution.
///
/// `None` for fewer than two people or options, and where people times options pass 210 (30 people with 7 options): the
/// count would take long, and the caution is not needed.
///
/// ```
/// let lucky = calc::agreement::r_wg_by_chance(0.7, 5, 5).expect("few people");
/// assert!((lucky - 0.0592).abs() < 1e-9);
/// ```
pub fn r_wg_by_chance(r_wg: f64, n: usize, options: usize) -> Option<f64> {
    if n < 2 || options < 2 || n * options > 210 {
        return None;
    }
    // What the variance needs is the sum of the answers and the sum of their squares. Both are kept small: sums count
    // from the lowest answer, squares from the middle one.
    let (highest, middle) = (options - 1, (options - 1) / 2);
    let farthest = (highest - middle) * (highest - middle);
    let width = n * farthest + 1;
    let mut ways = vec![0.0; (n * highest + 1) * width];
    let mut after = ways.clone();
    ways[0] = 1.0;
    for answered in 0..n {
        after.fill(0.0);
        for sum in 0..=answered * highest {
            // The squares are least where all answer alike.
            let off = sum.abs_diff(answered * middle);
            for squares in (off * off).div_ceil(answered.max(1))..=answered * farthest {
                let chance = ways[sum * width + squares] / options as f64;
                if chance > 0.0 {
                    for answer in 0..options {
                        let off = answer.abs_diff(middle);
                        after[(sum + answer) * width + squares + off * off] += chance;
                    }
                }
            }
        }
        std::mem::swap(&mut ways, &mut after);
    }
    let even = even_variance(options as f64)?;
    let reached = |at: usize| {
        let (off, squares, n) = ((at / width).abs_diff(n * middle) as f64, (at % width) as f64, n as f64);
        let reached = 1.0 - (squares - off * off / n) / (n - 1.0) / even;
        reached.max(0.0) >= r_wg - 1e-12
    };
    Some(ways.iter().enumerate().filter(|(at, _)| reached(*at)).map(|(_, chance)| chance).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_of_r_wg_is_what_counting_every_way_to_answer_says() {
        for (n, options) in [(2_usize, 2_usize), (3, 4), (4, 3), (5, 5)] {
            let all = options.pow(n as u32);
            let answers =
                |at: usize| (0..n as u32).map(|who| (at / options.pow(who) % options) as f64).collect::<Vec<f64>>();
            let reached: Vec<f64> =
                (0..all).map(|at| r_wg(&answers(at), options as f64).expect("two people answered")).collect();
            for bound in [0.0, 0.3, 0.5, 0.7, 0.9, 1.0] {
                let counted = reached.iter().filter(|it| **it >= bound - 1e-12).count() as f64 / all as f64;
                let said = r_wg_by_chance(bound, n, options).expect("few people");
                assert!(
                    (said - counted).abs() < 1e-12,
                    "{n} people, {options} options, {bound}: {said}, not {counted}"
                );
            }
        }
    }
}
