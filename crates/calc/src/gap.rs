//! The gap between two sides, item by item.

use serde::Serialize;

use crate::{
    adjust::benjamini_hochberg,
    compare::{bootstrap_difference, hedges_g, mann_whitney},
    describe::mean,
};

/// What two sides answered to one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers<K> {
    pub item: K,
    pub a: Vec<f64>,
    pub b: Vec<f64>,
}

/// How the gaps are reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// An item that fewer than this many on either side answered is suppressed. This looks at one table alone; where
    /// more is published about the same answers, decide by [`crate::disclosure`] first.
    pub threshold: usize,
    pub resamples: usize,
    pub seed: u64,
}

/// The gap of one item: side a minus side b. Of a suppressed item nothing but the numbers of answers is told; what too
/// few answers cannot tell is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gap<K> {
    pub item: K,
    pub n_a: usize,
    pub n_b: usize,
    pub mean_a: Option<f64>,
    pub mean_b: Option<f64>,
    pub gap: Option<f64>,
    /// The gap in pooled standard deviations, and its 95 % confidence interval.
    pub hedges_g: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// A 95 % bootstrap interval of the gap itself, in points of the scale.
    pub gap_low: Option<f64>,
    pub gap_high: Option<f64>,
    /// Mann–Whitney, two-sided.
    pub p: Option<f64>,
    /// The same after Benjamini and Hochberg, over all items that have one.
    pub p_adjusted: Option<f64>,
    pub suppressed: bool,
}

/// The gaps of all items, in the order given.
///
/// ```
/// use calc::gap::{Answers, Settings, gaps};
/// let answers = [Answers { item: "vision", a: vec![2.0, 3.0, 1.0], b: vec![4.0, 5.0, 3.0] }];
/// let open = gaps(&answers, Settings { threshold: 3, resamples: 1000, seed: 1 });
/// assert_eq!(open[0].gap, Some(-2.0));
/// let shut = gaps(&answers, Settings { threshold: 4, resamples: 1000, seed: 1 });
/// assert_eq!((shut[0].gap, shut[0].suppressed), (None, true));
/// ```
pub fn gaps<K: Clone>(items: &[Answers<K>], settings: Settings) -> Vec<Gap<K>> {
    let mut gaps: Vec<Gap<K>> = items.iter().map(|it| gap(it, settings)).collect();
    let tested: Vec<f64> = gaps.iter().filter_map(|it| it.p).collect();
    let mut adjusted = benjamini_hochberg(&tested).into_iter();
    for gap in gaps.iter_mut().filter(|it| it.p.is_some()) {
        gap.p_adjusted = adjusted.next();
    }
    gaps
}

fn gap<K: Clone>(answers: &Answers<K>, settings: Settings) -> Gap<K> {
    let (n_a, n_b) = (answers.a.len(), answers.b.len());
    let suppressed = n_a.min(n_b) < settings.threshold;
    let nothing: &[f64] = &[];
    let (a, b) = if suppressed { (nothing, nothing) } else { (answers.a.as_slice(), answers.b.as_slice()) };
    let (mean_a, mean_b) = (mean(a), mean(b));
    let effect = hedges_g(a, b);
    let interval = bootstrap_difference(a, b, settings.resamples, settings.seed);
    Gap {
        item: answers.item.clone(),
        n_a,
        n_b,
        mean_a,
        mean_b,
        gap: mean_a.zip(mean_b).map(|(a, b)| a - b),
        hedges_g: effect.map(|it| it.value),
        low: effect.map(|it| it.low),
        high: effect.map(|it| it.high),
        gap_low: interval.map(|it| it.low),
        gap_high: interval.map(|it| it.high),
        p: mann_whitney(a, b).map(|it| it.p).filter(|_| a.len() > 1 && b.len() > 1),
        p_adjusted: None,
        suppressed,
    }
}
