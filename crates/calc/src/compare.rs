//! Two groups side by side: how far apart, how sure.

use serde::Serialize;

use crate::{
    describe::{Summary, mean, quantile, quotient, sorted, summary, variance},
    draws::Draws,
};

/// Everything that is said about the difference of two groups, `a` minus `b`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub a: Summary,
    pub b: Summary,
    pub difference: Option<f64>,
    /// √(se_a² + se_b²): the groups may spread differently.
    pub se_difference: Option<f64>,
    pub hedges_g: Option<Effect>,
    pub mann_whitney: Option<MannWhitney>,
    /// Of the difference of the means.
    pub bootstrap: Option<Interval>,
}

/// Compares two groups of finite numbers.
///
/// ```
/// let treatment = [94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0];
/// let control = [52.0, 104.0, 146.0, 10.0, 51.0, 30.0, 40.0, 27.0, 46.0];
/// let it = calc::compare::compare(&treatment, &control, 1000, 1);
/// assert!((it.difference.expect("answers in both") - 30.634921).abs() < 5e-7);
/// assert!((it.se_difference.expect("answers in both") - 28.9361).abs() < 5e-5);
/// ```
pub fn compare(a: &[f64], b: &[f64], resamples: usize, seed: u64) -> Comparison {
    let (first, second) = (summary(a), summary(b));
    let difference = first.mean.zip(second.mean).map(|(a, b)| a - b);
    let se_difference = first.se_mean.zip(second.se_mean).map(|(a, b)| a.hypot(b));
    Comparison {
        a: first,
        b: second,
        difference,
        se_difference,
        hedges_g: hedges_g(a, b),
        mann_whitney: mann_whitney(a, b),
        bootstrap: bootstrap_difference(a, b, resamples, seed),
    }
}

/// A standardised difference with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    #[serde(skip)]
    pub variance: f64,
}

/// Hedges's g of two groups: the difference of the means in pooled standard deviations, corrected for small groups.
/// `None` unless both have two numbers and the pooled standard deviation is not zero.
pub fn hedges_g(a: &[f64], b: &[f64]) -> Option<Effect> {
    let of = |it: &[f64]| Some(Group { n: it.len(), mean: mean(it)?, sd: variance(it)?.sqrt() });
    hedges_g_of(of(a)?, of(b)?)
}

/// A group of which only this much is known, as from a published table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub n: usize,
    pub mean: f64,
    pub sd: f64,
}

/// Hedges's g from means and standard deviations: g = J·d with J = 1 − 3/(4·df − 1), and an interval of 1.96 standard
/// errors, all as in the source.
///
/// Source: Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, chapter 4.
pub fn hedges_g_of(a: Group, b: Group) -> Option<Effect> {
    let (n, m) = (a.n as f64, b.n as f64);
    let df = n + m - 2.0;
    let within = (((n - 1.0) * a.sd.powi(2) + (m - 1.0) * b.sd.powi(2)) / df).sqrt();
    let d = quotient(a.mean - b.mean, within)?;
    let correction = 1.0 - 3.0 / (4.0 * df - 1.0);
    let (value, variance) = (correction * d, correction.powi(2) * ((n + m) / (n * m) + d * d / (2.0 * (n + m))));
    let reach = 1.96 * variance.sqrt();
    Some(Effect { value, low: value - reach, high: value + reach, variance })
}

/// Mann and Whitney's test of whether one group's numbers tend to be larger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MannWhitney {
    /// In how many pairs the number of `a` is larger, ties counting half.
    pub u: f64,
    /// Two-sided.
    pub p: f64,
}

/// Mann–Whitney U with a two-sided p-value, `None` where a group is empty.
///
/// The p-value is exact where one of the groups has at most eight numbers and no two are the same; else it is the
/// normal approximation, corrected for ties and continuity. This is the rule of `scipy.stats.mannwhitneyu`.
///
/// Source: Mann & Whitney 1947, Annals of Mathematical Statistics 18(1).
///
/// ```
/// let it = calc::compare::mann_whitney(&[1.0, 2.0, 4.0], &[3.0, 5.0, 6.0]).expect("two groups");
/// assert_eq!((it.u, it.p), (1.0, 0.2));
/// ```
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Option<MannWhitney> {
    /// The counts of larger groups do not fit 128 bits; the approximation is then as good.
    const MOST_EXACT: usize = 100_000;
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let all = sorted(&[a, b].concat());
    let from_a = sorted(a);
    let (mut rank_sum, mut ties, mut below, mut taken) = (0.0, 0.0, 0.0, 0);
    for same in all.chunk_by(|one, other| one == other) {
        let size = same.len() as f64;
        let of_a = from_a[taken..].iter().take_while(|it| **it == same[0]).count();
        rank_sum += of_a as f64 * (below + (size + 1.0) / 2.0);
        ties += size.powi(3) - size;
        below += size;
        taken += of_a;
    }
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let larger = u.max(n * m - u);
    let (fewer, more) = (a.len().min(b.len()), a.len().max(b.len()));
    let p = if ties == 0.0 && fewer <= 8 && more <= MOST_EXACT {
        2.0 * exact_tail(fewer, more, (n * m - larger) as usize)
    } else {
        let sd = (n * m / 12.0 * (n + m + 1.0 - ties / ((n + m) * (n + m - 1.0)))).sqrt();
        let distance = larger - n * m / 2.0 - 0.5;
        if sd > 0.0 { libm::erfc(distance / sd / std::f64::consts::SQRT_2) } else { 1.0 }
    };
    Some(MannWhitney { u, p: p.min(1.0) })
}

/// The chance that U is at most `u` when the groups do not differ: orderings are counted through the Gaussian binomial
/// coefficient, whose q^u term counts those with U = u. Sums may wrap on the way, the counts themselves do not.
fn exact_tail(fewer: usize, more: usize, u: usize) -> f64 {
    let mut count = vec![0u128; u + 1];
    count[0] = 1;
    for i in 1..=fewer {
        for at in (more + i..=u).rev() {
            count[at] = count[at].wrapping_sub(count[at - more - i]);
        }
        for at in i..=u {
            count[at] = count[at].wrapping_add(count[at - i]);
        }
    }
    let orderings: f64 = (1..=fewer).map(|i| (more + i) as f64 / i as f64).product();
    count.iter().map(|it| *it as f64).sum::<f64>() / orderings
}

/// A 95 % percentile interval from resamples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub resamples: usize,
    pub seed: u64,
}

/// The interval between the 2.5th and the 97.5th percentile of the difference of the means, when each group is drawn
/// anew from itself. `None` where a group has fewer than two numbers.
///
/// Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
pub fn bootstrap_difference(a: &[f64], b: &[f64], resamples: usize, seed: u64) -> Option<Interval> {
    if a.len() < 2 || b.len() < 2 {
        return None;
    }
    let redrawn = |values: &[f64], draws: &mut Draws| {
        (0..values.len()).map(|_| values[draws.below(values.len())]).sum::<f64>() / values.len() as f64
    };
    let difference = |stream| {
        let draws = &mut Draws::new(seed, stream);
        redrawn(a, draws) - redrawn(b, draws)
    };
    percentile_interval((0..resamples as u64).map(difference).collect(), seed)
}

/// The interval of a mean, by the same method; for one group shown by itself.
pub fn bootstrap_mean(values: &[f64], resamples: usize, seed: u64) -> Option<Interval> {
    let n = values.len();
    let redrawn = |stream| {
        let mut draws = Draws::new(seed, stream);
        (0..n).map(|_| values[draws.below(n)]).sum::<f64>() / n as f64
    };
    if n < 2 { None } else { percentile_interval((0..resamples as u64).map(redrawn).collect(), seed) }
}

pub(crate) fn percentile_interval(estimates: Vec<f64>, seed: u64) -> Option<Interval> {
    let estimates = sorted(&estimates);
    let (low, high) = quantile(&estimates, 0.025).zip(quantile(&estimates, 0.975))?;
    Some(Interval { low, high, resamples: estimates.len(), seed })
}
