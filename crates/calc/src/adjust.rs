//! Many tests at once: p-values that allow for how many were tried.

/// Benjamini and Hochberg's adjusted p-values, in input order: calling everything up to q significant keeps the
/// expected share of false calls at or below q.
///
/// Source: Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57(1).
///
/// ```
/// assert_eq!(calc::adjust::benjamini_hochberg(&[0.01, 0.5, 0.04]), [0.03, 0.5, 0.06]);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, at) in ascending(p).into_iter().enumerate().rev() {
        least = least.min(p[at] * p.len() as f64 / (rank + 1) as f64);
        adjusted[at] = least;
    }
    adjusted
}

/// Holm's step-down p-values, in input order: the chance of even one false call stays at or below the level.
///
/// Source: Holm 1979, Scandinavian Journal of Statistics 6(2).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut greatest: f64 = 0.0;
    for (rank, at) in ascending(p).into_iter().enumerate() {
        greatest = greatest.max((p[at] * (p.len() - rank) as f64).min(1.0));
        adjusted[at] = greatest;
    }
    adjusted
}

/// Bonferroni's p-values: each times the number of tests, at most 1.
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|it| (it * p.len() as f64).min(1.0)).collect()
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&one, &other| p[one].total_cmp(&p[other]));
    order
}
