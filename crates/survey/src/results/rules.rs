//! What a closed campaign says about each item, for each group of respondents, as far as it may be shown.
//!
//! Everything that any page, file or comparison shows of an anonymous campaign comes from here, so what is withheld
//! here is withheld everywhere: [`calc::disclosure`] decides once for all groups of the campaign together.

use std::collections::BTreeSet;

use calc::{agreement, compare, describe, disclosure};
use kit::method::{Competency, Proposition, Side};

use crate::{
    instrument::{AnsweredBy, Choosing, Item, Named, Scale},
    snapshot::{Answer, Respondent, Snapshot},
};

/// A group of respondents for whom figures are given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    Side(Side),
    Everyone,
    Unit(String),
    Role(String),
}

impl Cut {
    pub fn label(&self) -> String {
        match self {
            Cut::Everyone => "Everyone".to_owned(),
            Cut::Side(side) => side.label().to_owned(),
            Cut::Unit(it) | Cut::Role(it) => it.clone(),
        }
    }

    /// As it stands in a sentence: “the business”, “IT”.
    pub fn said(&self) -> String {
        match self {
            Cut::Everyone => "everyone".to_owned(),
            Cut::Side(Side::Business) => "the business".to_owned(),
            Cut::Side(Side::Provider) => "the providers".to_owned(),
            other => other.label(),
        }
    }

    /// What sort of group it is, where its name alone does not say that.
    fn sort(&self) -> &'static str {
        match self {
            Cut::Everyone => "all",
            Cut::Side(_) => "side",
            Cut::Unit(_) => "unit",
            Cut::Role(_) => "role",
        }
    }

    pub fn holds(&self, of: &Respondent) -> bool {
        match self {
            Cut::Everyone => true,
            Cut::Side(side) => of.side == *side,
            Cut::Unit(it) => of.unit.as_ref() == Some(it),
            Cut::Role(it) => of.role.as_ref() == Some(it),
        }
    }
}

/// What groups are called beside each other: “IT (side)” and “IT (unit)” where both are called IT.
pub fn names(cuts: &[Cut]) -> Vec<String> {
    let plain: Vec<String> = cuts.iter().map(Cut::label).collect();
    let alike = |it: &String| plain.iter().filter(|other| other.to_lowercase() == it.to_lowercase()).count() > 1;
    let name = |(cut, it): (&Cut, &String)| if alike(it) { format!("{it} ({})", cut.sort()) } else { it.clone() };
    cuts.iter().zip(&plain).map(name).collect()
}

/// The groups of a campaign, the most important first: where not all can be shown, the later ones give way. The two
/// sides come before everyone, because the gap between them is what the campaign is for.
fn groups(snapshot: &Snapshot) -> Vec<Cut> {
    let distinct = |of: fn(&Respondent) -> &Option<String>| {
        let mut all: Vec<String> = snapshot.respondents.iter().filter_map(|it| of(it).clone()).collect();
        all.sort();
        all.dedup();
        all
    };
    let mut cuts = vec![Cut::Side(Side::Business), Cut::Side(Side::It), Cut::Everyone, Cut::Side(Side::Provider)];
    cuts.extend(distinct(|it| &it.unit).into_iter().map(Cut::Unit));
    cuts.extend(distinct(|it| &it.role).into_iter().map(Cut::Role));
    cuts
}

/// The same without the units and roles that are made of the same people as a group before them: their figures would
/// only stand there twice.
pub fn cuts(snapshot: &Snapshot) -> Vec<Cut> {
    let mut seen: BTreeSet<Vec<bool>> = BTreeSet::new();
    let mut cuts = groups(snapshot);
    cuts.retain(|cut| {
        let is_new = seen.insert(snapshot.respondents.iter().map(|it| cut.holds(it)).collect());
        is_new || matches!(cut, Cut::Side(_) | Cut::Everyone)
    });
    cuts
}

/// What a group answered to an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub n: usize,
    pub mean: f64,
    pub median: f64,
    /// Sample standard deviation; `None` for a single answer.
    pub sd: Option<f64>,
    /// r_wg against answers at random; `None` where the item has no scale or there are fewer than two answers.
    pub r_wg: Option<f64>,
    /// How many gave each answer of the scale, from its lowest on, or each rank.
    pub counts: Vec<usize>,
    /// The answers, for what is computed from a published group.
    pub values: Vec<f64>,
}

impl Figures {
    /// A 95 % bootstrap interval of the mean.
    pub fn interval(&self) -> Option<(f64, f64)> {
        compare::bootstrap_mean(&self.values, RESAMPLES, SEED).map(|it| (it.low, it.high))
    }
}

/// A group's figures, or why they are not shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown<T = Figures> {
    Figures(T),
    Withheld(&'static str),
}

impl<T> Shown<T> {
    pub fn figures(&self) -> Option<&T> {
        match self {
            Shown::Figures(it) => Some(it),
            Shown::Withheld(_) => None,
        }
    }
}

impl Shown {
    pub fn mean(&self) -> Option<f64> {
        self.figures().map(|it| it.mean)
    }

    /// The answers of a group that may be shown; none of one that may not.
    pub fn values(&self) -> &[f64] {
        self.figures().map_or(&[], |it| &it.values)
    }
}

/// The figures of one item, group by group, in the order of [`cuts`].
#[derive(Debug, Clone, PartialEq)]
pub struct ItemResult {
    pub key: String,
    pub label: String,
    /// What it is called where there is no room for the question: “13 Projects: How well done?”.
    pub short: String,
    /// The lowest and the highest answer of its scale.
    pub range: (f64, f64),
    pub shown: Vec<Shown>,
}

/// What was chosen of the options of a question, group by group, in the order of [`cuts`].
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// The key of the question.
    pub key: String,
    pub shown: Vec<Shown<Chosen>>,
}

/// How many of a group answered a question, and how many of them chose each of its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub n: usize,
    pub counts: Vec<usize>,
}

/// Everything that a campaign's answers say in figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    pub cuts: Vec<Cut>,
    /// How many groups there are, those too that are made of the same people as another.
    pub groups: usize,
    pub items: Vec<ItemResult>,
    pub choices: Vec<Choices>,
}

impl Results {
    pub fn of(&self, item: &str, cut: &Cut) -> Option<&Figures> {
        let at = self.cuts.iter().position(|it| it == cut)?;
        self.items.iter().find(|it| it.key == item)?.shown[at].figures()
    }

    /// Where the groups stand of which any figure may be shown.
    pub fn shown_cuts(&self) -> Vec<usize> {
        (0..self.cuts.len()).filter(|at| self.items.iter().any(|it| it.shown[*at].figures().is_some())).collect()
    }

    /// The largest groups of which something may be shown: everyone, or else each side.
    pub fn main_cuts(&self) -> Vec<Cut> {
        let shown = |of: &Cut| self.shown_cuts().into_iter().any(|at| self.cuts[at] == *of);
        if shown(&Cut::Everyone) {
            return vec![Cut::Everyone];
        }
        Side::ALL.iter().map(|it| Cut::Side(*it)).filter(shown).collect()
    }

    /// The answers of a group to an item, none where they may not be shown.
    pub fn values(&self, item: &str, cut: &Cut) -> Vec<f64> {
        self.of(item, cut).map(|it| it.values.clone()).unwrap_or_default()
    }
}

/// Resamples of a bootstrap on a page: enough for an interval with one place.
pub const RESAMPLES: usize = 1000;

/// The figures of every scaled item of a campaign and the counts of every choice, from so many people on. `language` is
/// that of the labels.
pub fn results(snapshot: &Snapshot, language: &str, shown_from: usize) -> Results {
    let cuts = cuts(snapshot);
    let members: Vec<Vec<bool>> =
        cuts.iter().map(|cut| snapshot.respondents.iter().map(|it| cut.holds(it)).collect()).collect();
    let items: Vec<Item> = snapshot.instrument.items().into_iter().filter(|it| it.is_scaled()).collect();
    let answered: Vec<Vec<(usize, f64)>> = items.iter().map(|it| values(snapshot, &it.key)).collect();
    let questions = snapshot.instrument.choices();
    let chosen: Vec<Vec<(usize, Vec<usize>)>> = questions.iter().map(|it| chosen(snapshot, it)).collect();
    let who = answered.iter().map(|all| all.iter().map(|(at, _)| *at).collect::<Vec<usize>>());
    let who = who.chain(chosen.iter().map(|all| all.iter().map(|(at, _)| *at).collect()));
    let cells = who.map(|answered| {
        let of = |cut: &Vec<bool>| answered.iter().copied().filter(|at| cut[*at]).collect::<Vec<usize>>();
        members.iter().map(of).collect::<Vec<_>>()
    });
    let mut verdicts = disclosure::release_each(&cells.collect::<Vec<_>>(), shown_from);
    let on_choices = verdicts.split_off(items.len());
    let items = items
        .into_iter()
        .zip(answered)
        .zip(verdicts)
        .map(|((item, answers), verdicts)| {
            let scale = snapshot.instrument.scale_of(&item);
            let points = points(&item, scale);
            let shown = members.iter().zip(verdicts).map(|(cut, verdict)| match verdict.reason() {
                Some(why) => Shown::Withheld(why),
                None => {
                    let values: Vec<f64> = answers.iter().filter(|(at, _)| cut[*at]).map(|(_, value)| *value).collect();
                    figures(values, &points, scale).map_or(Shown::Withheld("Too few answers."), Shown::Figures)
                }
            });
            {
                let range = scale.map_or((0.0, 1.0), Scale::range);
                let (label, short) = (item.label(language), short(&item, language));
                ItemResult { label, short, range, shown: shown.collect(), key: item.key }
            }
        })
        .collect();
    let choices = questions
        .into_iter()
        .zip(chosen)
        .zip(on_choices)
        .map(|((question, answers), verdicts)| {
            let shown = members.iter().zip(verdicts).map(|(cut, verdict)| match verdict.reason() {
                Some(why) => Shown::Withheld(why),
                None => {
                    let of_them: Vec<&Vec<usize>> = answers.iter().filter(|it| cut[it.0]).map(|it| &it.1).collect();
                    let count = |option: usize| of_them.iter().filter(|it| it.contains(&option)).count();
                    Shown::Figures(Chosen {
                        n: of_them.len(),
                        counts: (0..question.options.len()).map(count).collect(),
                    })
                }
            });
            Choices { key: question.key.to_owned(), shown: shown.collect() }
        })
        .collect();
    Results { cuts, groups: groups(snapshot).len(), items, choices }
}

/// What can be answered to an item, lowest first.
fn points(item: &Item, scale: Option<&Scale>) -> Vec<f64> {
    match (&item.answered_by, scale) {
        #[expect(clippy::cast_precision_loss, reason = "a question ranks few options")]
        (AnsweredBy::Rank(last), _) => (1..=*last).map(|it| it as f64).collect(),
        (_, Some(scale)) => scale.values().collect(),
        _ => Vec::new(),
    }
}

/// Who chose anything of a question's options, and which of them.
fn chosen(snapshot: &Snapshot, question: &Choosing) -> Vec<(usize, Vec<usize>)> {
    let is_chosen = |of: &Respondent, option: &Named| {
        let item = question.item(option);
        matches!(of.answers.get(&item), Some(Answer::Text(it)) if *it == option.key)
    };
    let of = |it: &Respondent| (0..question.options.len()).filter(|at| is_chosen(it, &question.options[*at])).collect();
    let all = snapshot.respondents.iter().map(of).enumerate();
    all.filter(|(_, options): &(usize, Vec<usize>)| !options.is_empty()).collect()
}

/// What a key such as `c13` or `growth` is about, by its name; nothing where it is neither competency nor proposition.
pub fn about(key: &str) -> Option<String> {
    match (Competency::from_key(key), Proposition::from_key(key)) {
        (Some(it), _) => Some(format!("{} {}", it.number(), it.label())),
        (_, Some(it)) => Some(it.label().to_owned()),
        _ => None,
    }
}

/// The name of what an item is about instead of its whole statement, where it is about a competency or proposition.
fn short(item: &Item, language: &str) -> String {
    let Some(name) = about(item.key.split('.').next().unwrap_or_default()) else { return item.label(language) };
    match item.column(language) {
        Some(column) => format!("{name}: {column}"),
        None => name,
    }
}

/// Who gave a number to an item, and which.
fn values(snapshot: &Snapshot, item: &str) -> Vec<(usize, f64)> {
    let answer = |it: &Respondent| match it.answers.get(item) {
        Some(Answer::Value(value)) => Some(*value),
        _ => None,
    };
    snapshot.respondents.iter().enumerate().filter_map(|(at, it)| Some((at, answer(it)?))).collect()
}

fn figures(mut values: Vec<f64>, points: &[f64], scale: Option<&Scale>) -> Option<Figures> {
    // The order of respondents says nothing about a group, and must not.
    values.sort_by(f64::total_cmp);
    let summary = describe::summary(&values);
    let counts = points.iter().map(|point| values.iter().filter(|value| *value == point).count()).collect();
    Some(Figures {
        n: summary.n,
        mean: summary.mean?,
        median: summary.median?,
        sd: summary.sd,
        r_wg: scale.and_then(|it| agreement::r_wg(&values, it.labels.len() as f64)),
        counts,
        values,
    })
}

/// The same seed for every page, so that the same answers show the same interval.
pub const SEED: u64 = 15;

/// One thing that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The item it was written to, such as `c05.comment`.
    pub item: String,
    pub text: String,
    /// Only in campaigns that are not anonymous.
    pub by: Option<String>,
}

/// What people wrote, without their side, unit or role, in the order of the text: never in the order of respondents.
///
/// Nothing at all where fewer answered than the threshold for comments.
pub fn comments(snapshot: &Snapshot) -> Vec<Comment> {
    if snapshot.anonymous && snapshot.respondents.len() < snapshot.comment_threshold {
        return Vec::new();
    }
    let words: BTreeSet<String> = snapshot
        .instrument
        .items()
        .into_iter()
        .filter(|it| it.answered_by == AnsweredBy::Words)
        .map(|it| it.key)
        .collect();
    let mut all: Vec<Comment> = snapshot
        .respondents
        .iter()
        .flat_map(|of| {
            of.answers.iter().filter_map(|(item, answer)| match answer {
                // The keys of options are kept as texts, too, and are nobody's words.
                Answer::Text(text) if !text.trim().is_empty() && words.contains(item) => Some(Comment {
                    item: item.clone(),
                    text: text.trim().to_owned(),
                    by: of.name.clone().filter(|_| !snapshot.anonymous),
                }),
                _ => None,
            })
        })
        .collect();
    all.sort_by(|a, b| a.item.cmp(&b.item).then_with(|| a.text.cmp(&b.text)));
    all
}
