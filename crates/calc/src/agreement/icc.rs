//! Intraclass correlations: how much of the variance of ratings lies between the things rated.
//!
//! Two families share the name. Shrout and Fleiss's six ask how reliable raters are; Bliese's ICC(1) and ICC(2), usual
//! in research on organisations, ask how much belonging to a group tells about a person. They are not the same numbers.

use serde::Serialize;

use super::Ratings;
use crate::describe::{mean, quotient};

/// The six intraclass correlations of Shrout and Fleiss; `None` where the variance leaves nothing to divide by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShroutFleiss {
    /// One rater, and each target has raters of its own.
    #[serde(rename = "1_1")]
    pub one_way: Option<f64>,
    /// One rater out of many who could have rated: strict and lenient raters lower it.
    #[serde(rename = "2_1")]
    pub random_raters: Option<f64>,
    /// One of exactly these raters: how strict each is does not matter.
    #[serde(rename = "3_1")]
    pub fixed_raters: Option<f64>,
    /// The mean of the raters, for each of the three.
    #[serde(rename = "1_k")]
    pub one_way_mean: Option<f64>,
    #[serde(rename = "2_k")]
    pub random_raters_mean: Option<f64>,
    #[serde(rename = "3_k")]
    pub fixed_raters_mean: Option<f64>,
    #[serde(skip)]
    pub mean_squares: MeanSquares,
}

/// The two-way analysis of variance that the six are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanSquares {
    pub targets: f64,
    pub raters: f64,
    pub residual: f64,
    /// Within targets: raters and residual together.
    pub within: f64,
}

/// The six intraclass correlations, targets in columns and raters in rows. `None` unless every rater rated every
/// target and there are at least two of each.
///
/// Source: Shrout & Fleiss 1979, Psychological Bulletin 86(2).
pub fn shrout_fleiss(ratings: &Ratings) -> Option<ShroutFleiss> {
    let squares = mean_squares(ratings)?;
    let (targets, raters) = (ratings.units() as f64, ratings.raters() as f64);
    let MeanSquares { targets: between, raters: judges, residual, within } = squares;
    Some(ShroutFleiss {
        one_way: quotient(between - within, between + (raters - 1.0) * within),
        random_raters: quotient(
            between - residual,
            between + (raters - 1.0) * residual + raters * (judges - residual) / targets,
        ),
        fixed_raters: quotient(between - residual, between + (raters - 1.0) * residual),
        one_way_mean: quotient(between - within, between),
        random_raters_mean: quotient(between - residual, between + (judges - residual) / targets),
        fixed_raters_mean: quotient(between - residual, between),
        mean_squares: squares,
    })
}

fn mean_squares(ratings: &Ratings) -> Option<MeanSquares> {
    if ratings.units() < 2 || ratings.raters() < 2 || ratings.missing() > 0 {
        return None;
    }
    let (targets, raters) = (ratings.units() as f64, ratings.raters() as f64);
    let mut sums = vec![0.0; ratings.units()];
    for row in ratings.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, it)| *sum += it);
    }
    let by_target: Vec<f64> = sums.iter().map(|it| it / raters).collect();
    let by_rater: Vec<f64> = ratings.rows().filter_map(mean).collect();
    let grand = mean(&by_target)?;

    let spread = |means: &[f64]| means.iter().map(|it| (it - grand).powi(2)).sum::<f64>();
    let between = raters * spread(&by_target);
    let judges = targets * spread(&by_rater);
    let residual: f64 = ratings
        .rows()
        .zip(&by_rater)
        .flat_map(|(row, rater)| {
            row.iter().zip(&by_target).map(move |(it, target)| (it - target - rater + grand).powi(2))
        })
        .sum();
    Some(MeanSquares {
        targets: between / (targets - 1.0),
        raters: judges / (raters - 1.0),
        residual: residual / ((targets - 1.0) * (raters - 1.0)),
        within: (judges + residual) / (targets * (raters - 1.0)),
    })
}

/// Bliese's pair, with what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bliese {
    pub groups: usize,
    pub n: usize,
    /// Mean squares between groups; `None` with fewer than two groups.
    pub msb: Option<f64>,
    /// Mean squares within groups; `None` where no group has two members.
    pub msw: Option<f64>,
    /// The mean group size.
    pub k: Option<f64>,
    /// (MSB − MSW) / (MSB + (k − 1)·MSW): how much of a person's answer the group explains.
    pub icc1: Option<f64>,
    /// (MSB − MSW) / MSB: how reliable the group means are.
    pub icc2: Option<f64>,
}

/// ICC(1) and ICC(2) of values in groups. Empty groups do not count.
///
/// Source: Bliese 2000, in Klein & Kozlowski (eds.), Multilevel Theory, Research, and Methods in Organizations.
pub fn bliese<G: AsRef<[f64]>>(groups: &[G]) -> Bliese {
    let groups: Vec<&[f64]> = groups.iter().map(AsRef::as_ref).filter(|it| !it.is_empty()).collect();
    let n: usize = groups.iter().map(|it| it.len()).sum();
    let sum: f64 = groups.iter().copied().flatten().sum();
    let grand = sum / n as f64;
    let (mut between, mut within) = (0.0, 0.0);
    for group in &groups {
        let centre = group.iter().sum::<f64>() / group.len() as f64;
        between += group.len() as f64 * (centre - grand).powi(2);
        within += group.iter().map(|it| (it - centre).powi(2)).sum::<f64>();
    }
    let msb = (groups.len() > 1).then(|| between / (groups.len() - 1) as f64);
    let msw = (n > groups.len()).then(|| within / (n - groups.len()) as f64);
    let k = quotient(n as f64, groups.len() as f64);
    let both = || Some((msb?, msw?, k?));
    Bliese {
        groups: groups.len(),
        n,
        msb,
        msw,
        k,
        icc1: both().and_then(|(msb, msw, k)| quotient(msb - msw, msb + (k - 1.0) * msw)),
        icc2: both().and_then(|(msb, msw, _)| quotient(msb - msw, msb)),
    }
}
