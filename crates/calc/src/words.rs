//! Figures in plain words, with the caution that small numbers deserve.

/// How strong agreement within a group is.
///
/// Source: LeBreton & Senter 2008, Organizational Research Methods 11(4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    None,
    Weak,
    Moderate,
    Strong,
    VeryStrong,
}

/// The band that an [`r_wg`](crate::agreement::r_wg) falls into, after rounding to two places as the source's bands are.
///
/// ```
/// use calc::words::{Agreement, agreement};
/// assert_eq!(agreement(0.702), Agreement::Moderate);
/// assert_eq!(agreement(0.71), Agreement::Strong);
/// ```
pub fn agreement(r_wg: f64) -> Agreement {
    match (r_wg * 100.0).round() {
        ..=30.0 => Agreement::None,
        ..=50.0 => Agreement::Weak,
        ..=70.0 => Agreement::Moderate,
        ..=90.0 => Agreement::Strong,
        _ => Agreement::VeryStrong,
    }
}

impl Agreement {
    pub fn label(self) -> &'static str {
        match self {
            Agreement::None => "no agreement",
            Agreement::Weak => "weak agreement",
            Agreement::Moderate => "moderate agreement",
            Agreement::Strong => "strong agreement",
            Agreement::VeryStrong => "very strong agreement",
        }
    }
}

/// One sentence about the agreement of `n` people on a question with `options` answers.
///
/// ```
/// use calc::words::agreement_sentence;
/// assert_eq!(agreement_sentence(None, 1, 5), "Too few answers.");
/// assert_eq!(
///     agreement_sentence(Some(0.75), 5, 5),
///     "Strong agreement, but 5 people answering blindly reach as much 6 times in 100."
/// );
/// assert_eq!(agreement_sentence(Some(0.75), 20, 5), "Strong agreement.");
/// ```
pub fn agreement_sentence(r_wg: Option<f64>, n: usize, options: usize) -> String {
    let Some(r_wg) = r_wg else { return "Too few answers.".into() };
    let band = agreement(r_wg);
    let label = capital(band.label());
    let lucky = crate::agreement::r_wg_by_chance(r_wg, n, options).map_or(0.0, |it| (it * 100.0).round());
    if band > Agreement::None && lucky >= 5.0 {
        format!("{label}, but {n} people answering blindly reach as much {lucky} times in 100.")
    } else {
        format!("{label}.")
    }
}

/// How large a standardised difference is, whichever way it points.
///
/// Source: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences: .2 small, .5 medium, .8 large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    Negligible,
    Small,
    Medium,
    Large,
}

/// The size of a [`hedges_g`](crate::compare::hedges_g).
pub fn size(hedges_g: f64) -> Size {
    match hedges_g.abs() {
        ..0.2 => Size::Negligible,
        ..0.5 => Size::Small,
        ..0.8 => Size::Medium,
        _ => Size::Large,
    }
}

impl Size {
    pub fn label(self) -> &'static str {
        match self {
            Size::Negligible => "negligible difference",
            Size::Small => "small difference",
            Size::Medium => "medium difference",
            Size::Large => "large difference",
        }
    }
}

/// One sentence about the gap of two sides, named by the caller: "business" rates it lower than "IT". What the interval
/// leaves open is said to be open.
///
/// ```
/// use calc::compare::Effect;
/// use calc::words::gap_sentence;
/// let sure = Effect { value: -0.9, low: -1.5, high: -0.3, variance: 0.1 };
/// assert_eq!(gap_sentence(Some(sure), "Business", "IT"), "Business rates this lower than IT: a large difference.");
/// let open = Effect { value: -0.4, low: -1.0, high: 0.2, variance: 0.1 };
/// assert_eq!(gap_sentence(Some(open), "Business", "IT"), "Too few or too mixed answers to tell Business and IT apart.");
/// ```
pub fn gap_sentence(hedges_g: Option<crate::compare::Effect>, a: &str, b: &str) -> String {
    match hedges_g {
        None => "Too few answers, or all the same.".into(),
        Some(it) if it.low <= 0.0 && it.high >= 0.0 => {
            format!("Too few or too mixed answers to tell {a} and {b} apart.")
        }
        Some(it) => {
            let way = if it.value < 0.0 { "lower" } else { "higher" };
            format!("{a} rates this {way} than {b}: a {}.", size(it.value).label())
        }
    }
}

/// What a coefficient of reliability allows.
///
/// Source: Krippendorff 2004, Content Analysis, chapter 11: rely on .800, draw tentative conclusions from .667.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reliability {
    Unreliable,
    Tentative,
    Reliable,
}

/// What a Krippendorff's [`alpha`](crate::agreement::krippendorff::alpha) allows.
pub fn reliability(alpha: f64) -> Reliability {
    match alpha {
        0.8.. => Reliability::Reliable,
        0.667.. => Reliability::Tentative,
        _ => Reliability::Unreliable,
    }
}

impl Reliability {
    pub fn label(self) -> &'static str {
        match self {
            Reliability::Unreliable => "the answers do not tell the items apart reliably",
            Reliability::Tentative => "reliable enough for tentative conclusions",
            Reliability::Reliable => "reliable",
        }
    }
}

/// The same at the start of a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
