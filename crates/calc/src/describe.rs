//! One list of numbers: how many, where they lie, how far they spread.

use serde::Serialize;

/// What there is to say about one list of numbers. What too few numbers cannot tell is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    pub n: usize,
    pub mean: Option<f64>,
    /// The sample standard deviation, with n − 1; from two numbers on.
    pub sd: Option<f64>,
    pub median: Option<f64>,
    /// The standard error of the mean, sd / √n.
    pub se_mean: Option<f64>,
    pub q1: Option<f64>,
    pub q3: Option<f64>,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

/// Describes `values`, which must be finite.
///
/// ```
/// let it = calc::describe::summary(&[1.0, 2.0, 3.0, 10.0]);
/// assert_eq!((it.n, it.mean, it.median, it.q3), (4, Some(4.0), Some(2.5), Some(4.75)));
/// assert_eq!(calc::describe::summary(&[7.0]).sd, None);
/// ```
pub fn summary(values: &[f64]) -> Summary {
    let sorted = sorted(values);
    let sd = variance(values).map(f64::sqrt);
    Summary {
        n: values.len(),
        mean: mean(values),
        sd,
        median: quantile(&sorted, 0.5),
        se_mean: sd.map(|it| it / (values.len() as f64).sqrt()),
        q1: quantile(&sorted, 0.25),
        q3: quantile(&sorted, 0.75),
        min: sorted.first().copied(),
        max: sorted.last().copied(),
    }
}

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The sample variance, with n − 1; `None` of fewer than two numbers.
pub fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    Some(values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64)
}

/// The middle number, or the mean of the two in the middle.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

/// The quantile at `share` (0 to 1) of numbers in ascending order: Hyndman and Fan's type 7, linear between neighbours,
/// as in R, NumPy and spreadsheets.
///
/// Source: Hyndman & Fan 1996, The American Statistician 50(4).
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (place - below as f64) * (sorted[above] - sorted[below]))
}

pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// `None` where the division has no finite answer.
pub(crate) fn quotient(above: f64, below: f64) -> Option<f64> {
    Some(above / below).filter(|it| it.is_finite())
}
