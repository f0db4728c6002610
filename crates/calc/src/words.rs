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
    let by_chance = || crate::agreement::r_wg_by_chance(r_wg, n, options).map_or(0.0, |it| (it * 100.0).round());
    let lucky = if band > Agreement::None { by_chance() } else { 0.0 };
    if lucky >= 5.0 {
        format!("{label}, but {n} people answering blindly reach as much {lucky} times in 100.")
    } else {
        format!("{label}.")
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
