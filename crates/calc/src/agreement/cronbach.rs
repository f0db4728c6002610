//! Cronbach's alpha: whether several items measure one thing.

use super::Ratings;
use crate::describe::{quotient, variance};

/// k/(k − 1) · (1 − Σ item variances / variance of the sum), items in columns.
///
/// Where answers are missing, each covariance is taken over those who answered both items, as R's `psych::alpha` does;
/// with complete answers that is the formula above. `None` with fewer than two items, where two items have fewer than
/// two raters in common, or where the sum does not vary.
///
/// Source: Cronbach 1951, Psychometrika 16(3).
pub fn alpha(ratings: &Ratings) -> Option<f64> {
    let k = ratings.units();
    if k < 2 {
        return None;
    }
    let variances: Option<Vec<f64>> = (0..k).map(|item| variance(&ratings.column(item))).collect();
    let items: f64 = variances?.iter().sum();
    let total = if ratings.missing() == 0 {
        let sums: Vec<f64> = ratings.rows().map(|row| row.iter().sum()).collect();
        variance(&sums)?
    } else {
        let mut pairs = 0.0;
        for one in 0..k {
            for other in 0..one {
                pairs += covariance(ratings, one, other)?;
            }
        }
        items + 2.0 * pairs
    };
    let k = k as f64;
    quotient(items, total).map(|share| k / (k - 1.0) * (1.0 - share))
}

/// The covariance of two items over those who answered both.
fn covariance(ratings: &Ratings, one: usize, other: usize) -> Option<f64> {
    let both = || ratings.rows().map(|row| (row[one], row[other])).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let (n, x_sum, y_sum) = both().fold((0.0, 0.0, 0.0), |(n, xs, ys), (x, y)| (n + 1.0, xs + x, ys + y));
    let products: f64 = both().map(|(x, y)| (x - x_sum / n) * (y - y_sum / n)).sum();
    (n > 1.0).then(|| products / (n - 1.0))
}
