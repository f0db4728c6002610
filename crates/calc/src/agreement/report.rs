use serde::Serialize;

use super::{
    Level, Ratings, average_deviation, average_deviation_j, cronbach,
    icc::{self, ShroutFleiss},
    krippendorff, r_wg, r_wg_j, r_wg_j_lindell,
};
use crate::Finding;

/// Every figure of agreement for one table of ratings. `None` (null) is where there is no honest figure; `findings` say
/// why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub raters: usize,
    pub units: usize,
    pub level: Level,
    /// The number of answer options that r_wg reckons with.
    pub scale: Option<f64>,
    /// Krippendorff's alpha at `level`.
    pub alpha: Option<f64>,
    /// One per unit.
    pub rwg: Vec<Option<f64>>,
    pub rwg_j: Option<f64>,
    pub rwg_j_lindell: Option<f64>,
    /// One per unit.
    pub ad: Vec<Option<f64>>,
    pub ad_j: Option<f64>,
    pub icc: Option<ShroutFleiss>,
    /// Units as items.
    pub cronbach_alpha: Option<f64>,
    pub findings: Vec<Finding>,
}

/// Figures of agreement for ratings that are numbers, answered on a scale from 1 to `options`; where that is not known,
/// the largest answer given is taken for it.
pub fn report(ratings: &Ratings, level: Level, options: Option<f64>) -> Report {
    let columns: Vec<Vec<f64>> = (0..ratings.units()).map(|unit| ratings.column(unit)).collect();
    let scale = options.or_else(|| ratings.answers().reduce(f64::max));
    let mut report = report_of_labels(ratings);
    report.level = level;
    report.alpha = krippendorff::alpha(ratings, level);
    report.scale = scale;
    report.rwg = columns.iter().map(|it| r_wg(it, scale?)).collect();
    report.rwg_j = scale.and_then(|it| r_wg_j(ratings, it));
    report.rwg_j_lindell = scale.and_then(|it| r_wg_j_lindell(ratings, it));
    report.ad = columns.iter().map(|it| average_deviation(it)).collect();
    report.ad_j = average_deviation_j(ratings);
    report.icc = icc::shrout_fleiss(ratings);
    report.cronbach_alpha = cronbach::alpha(ratings);
    report.findings = findings(ratings, level, options, scale, &columns, report.alpha);
    report
}

/// Figures of agreement for ratings that are words: nominal alpha, and nothing that would need numbers.
pub fn report_of_labels(ratings: &Ratings) -> Report {
    let alpha = krippendorff::alpha(ratings, Level::Nominal);
    Report {
        raters: ratings.raters(),
        units: ratings.units(),
        level: Level::Nominal,
        scale: None,
        alpha,
        rwg: vec![None; ratings.units()],
        rwg_j: None,
        rwg_j_lindell: None,
        ad: vec![None; ratings.units()],
        ad_j: None,
        icc: None,
        cronbach_alpha: None,
        findings: no_alpha(alpha).into_iter().collect(),
    }
}

fn findings(
    ratings: &Ratings,
    level: Level,
    options: Option<f64>,
    scale: Option<f64>,
    columns: &[Vec<f64>],
    alpha: Option<f64>,
) -> Vec<Finding> {
    let mut findings = Vec::from_iter(no_alpha(alpha));
    let mut add = |code, place: String, message: String| findings.push(Finding::new(code, place, message));

    if let (None, Some(scale)) = (options, scale) {
        let message =
            format!("The number of answer options was not given; the largest answer, {scale}, is taken for it.");
        add("scale_assumed", "all columns".into(), message);
    }
    for (at, column) in columns.iter().enumerate() {
        let place = format!("column {}", at + 1);
        if column.len() < 2 {
            add("too_few_answers", place.clone(), "Fewer than two answers: there is nothing to agree on.".into());
        }
        let off = column.iter().filter(|it| **it < 1.0 || scale.is_some_and(|scale| **it > scale)).count();
        if off > 0 {
            let scale = scale.unwrap_or_default();
            add(
                "off_scale",
                place,
                format!("{off} of {} answers lie outside the scale from 1 to {scale}.", column.len()),
            );
        }
    }
    if ratings.raters() < 2 || ratings.units() < 2 {
        let message = "Intraclass correlations and Cronbach's alpha need two raters and two units.";
        add("too_small", "all columns".into(), message.into());
    }
    let missing = ratings.missing();
    if missing > 0 {
        let whole = ratings.complete().raters();
        let message = format!(
            "{missing} answers are missing: r_wg(J) and AD_J use the {whole} raters of {} who answered everything, \
             Cronbach's alpha the pairs of answers there are, and the intraclass correlations are left out.",
            ratings.raters()
        );
        add("missing_answers", "all columns".into(), message);
    }
    if level == Level::Ratio && ratings.answers().any(|it| it < 0.0) {
        add("negative_ratio", "all columns".into(), "A ratio scale has no numbers below zero.".into());
    }
    if (2..10).contains(&ratings.raters()) {
        let message = "Among fewer than ten raters an r_wg above .70 can come about by chance.";
        add("few_raters", "all columns".into(), message.into());
    }
    findings
}

fn no_alpha(alpha: Option<f64>) -> Option<Finding> {
    let message = "No alpha: no unit has two answers, or all answers are the same.";
    alpha.is_none().then(|| Finding::new("no_variation", "all columns", message))
}
