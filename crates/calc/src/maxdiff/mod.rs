//! Which items matter most, from asking for the best and the worst of a few at a time: best–worst scaling, also called
//! MaxDiff.
//!
//! [`designs`] says which few are shown together, [`counted`] turns answers into counts, [`scores`] counts into scores,
//! and [`by_respondent`] shows where people disagree.

mod design;

use serde::Serialize;

pub use self::design::{Design, design, designs};

/// How often an item was shown, and picked as the best and as the worst of what it was shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub shown: u64,
    pub best: u64,
    pub worst: u64,
}

/// What the counts of an item come to, among the items that it was counted with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// (best − worst) / shown: −1 always the worst, 1 always the best. `None` of what was never shown.
    pub score: Option<f64>,
    /// ln((1 + s) / (1 − s)) of the score s; 0 where best and worst are level.
    pub utility: Option<f64>,
    /// The share of people who would pick it if they saw all items at once; in sum 1.
    pub share: Option<f64>,
    /// Whether the score is −1 or 1, where the formula has no finite utility: see [`scores`].
    pub bounded: bool,
}

impl Counts {
    /// (best − worst) / shown.
    pub fn score(self) -> Option<f64> {
        (self.shown > 0).then(|| (self.best as f64 - self.worst as f64) / self.shown as f64)
    }

    /// Whether the counts can be true: a showing is picked as the best, or as the worst, or neither.
    pub fn is_possible(self) -> bool {
        self.best.checked_add(self.worst).is_some_and(|picked| picked <= self.shown)
    }

    /// The utility, and whether it had to be bounded.
    fn utility(self) -> Option<(f64, bool)> {
        let score = self.score()?;
        let most = 1.0 - 0.5 / self.shown as f64;
        let held = score.clamp(-most, most);
        Some((libm::log((1.0 + held) / (1.0 - held)), score.abs() >= 1.0))
    }
}

/// Scores, utilities and shares of items, in the order given.
///
/// An item that was the best every time it was shown has a score of 1 and, by the formula, a utility without bound: all
/// that the answers say is that it is high. It is reckoned as if half a pick of all its showings had gone otherwise
/// (a score of 1 − 1/(2·shown)), and marked as `bounded`; the like holds for −1. Its score stays what it is, and so do
/// the other items' utilities.
///
/// Source: Lipovetsky & Conklin 2014, Journal of Choice Modelling 10.
///
/// ```
/// use calc::maxdiff::{Counts, scores};
/// let it = scores(&[Counts { shown: 4, best: 2, worst: 0 }, Counts { shown: 4, best: 0, worst: 2 }]);
/// assert_eq!((it[0].score, it[1].score), (Some(0.5), Some(-0.5)));
/// // Odds of 3 against 1/3.
/// assert!((it[0].share.expect("shown") - 0.9).abs() < 1e-12);
/// ```
pub fn scores(counts: &[Counts]) -> Vec<Score> {
    let utilities: Vec<Option<(f64, bool)>> = counts.iter().map(|it| it.utility()).collect();
    let odds = |it: &Option<(f64, bool)>| it.map(|(utility, _)| libm::exp(utility));
    let sum: f64 = utilities.iter().filter_map(odds).sum();
    let score = |(it, utility): (&Counts, &Option<(f64, bool)>)| Score {
        score: it.score(),
        utility: utility.map(|(utility, _)| utility),
        share: odds(utility).map(|it| it / sum),
        bounded: utility.is_some_and(|(_, bounded)| bounded),
    };
    counts.iter().zip(&utilities).map(score).collect()
}

/// One answer: of the items shown, the best and the worst. Items are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub shown: Vec<usize>,
    pub best: usize,
    pub worst: usize,
}

impl Answer {
    /// `None` where the best or the worst was not shown, where they are one, where an item stands twice, and where one
    /// is none of `items`.
    pub fn new(items: usize, shown: Vec<usize>, best: usize, worst: usize) -> Option<Answer> {
        let distinct = shown.iter().enumerate().all(|(at, it)| *it < items && !shown[..at].contains(it));
        (distinct && best != worst && shown.contains(&best) && shown.contains(&worst)).then_some(Answer {
            shown,
            best,
            worst,
        })
    }
}

/// Counts the answers about so many items.
pub fn counted<'a>(items: usize, answers: impl IntoIterator<Item = &'a Answer>) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); items];
    for answer in answers {
        for &item in &answer.shown {
            counts[item].shown += 1;
        }
        counts[answer.best].best += 1;
        counts[answer.worst].worst += 1;
    }
    counts
}

/// What single respondents make of one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// By respondent, in the order given; `None` of who did not see it.
    pub scores: Vec<Option<f64>>,
    /// The respondents' mean score, each counting alike.
    pub mean: Option<f64>,
    /// How far the respondents' scores lie from their mean, as the root of the mean square: 0 where all say the same,
    /// 1 where half of them always pick it as the best and half as the worst. `None` of fewer than two respondents.
    pub disagreement: Option<f64>,
}

/// Scores by respondent, item by item, from the counts of each respondent.
///
/// ```
/// use calc::maxdiff::{Counts, by_respondent};
/// let (best, worst) = (Counts { shown: 3, best: 3, worst: 0 }, Counts { shown: 3, best: 0, worst: 3 });
/// let items = by_respondent(&[vec![best, worst], vec![worst, worst]]);
/// assert_eq!((items[0].mean, items[0].disagreement), (Some(0.0), Some(1.0)));
/// assert_eq!((items[1].mean, items[1].disagreement), (Some(-1.0), Some(0.0)));
/// ```
pub fn by_respondent(respondents: &[Vec<Counts>]) -> Vec<Spread> {
    let items = respondents.iter().map(Vec::len).max().unwrap_or(0);
    (0..items)
        .map(|item| {
            let scores: Vec<Option<f64>> = respondents.iter().map(|it| it.get(item)?.score()).collect();
            let said: Vec<f64> = scores.iter().flatten().copied().collect();
            let mean = crate::describe::mean(&said);
            let squares = |mean: f64| said.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / said.len() as f64;
            let disagreement = mean.filter(|_| said.len() > 1).map(|mean| squares(mean).sqrt());
            Spread { scores, mean, disagreement }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(shown: u64, best: u64, worst: u64) -> Counts {
        Counts { shown, best, worst }
    }

    #[test]
    fn what_was_never_shown_has_no_figure_and_takes_no_share() {
        let it = scores(&[counts(3, 1, 0), counts(0, 0, 0), counts(3, 0, 1)]);
        assert_eq!((it[1].score, it[1].utility, it[1].share), (None, None, None));
        assert!((it[0].share.expect("shown") + it[2].share.expect("shown") - 1.0).abs() < 1e-15);
        assert!(scores(&[]).is_empty());
    }

    #[test]
    fn always_best_and_always_worst_are_bounded_by_half_a_pick_and_say_so() {
        let it = scores(&[counts(4, 4, 0), counts(4, 0, 4), counts(4, 0, 0)]);
        assert_eq!((it[0].score, it[1].score), (Some(1.0), Some(-1.0)));
        assert!((it[0].utility.expect("bounded") - 15f64.ln()).abs() < 1e-12, "(1 + 7/8) / (1 − 7/8)");
        assert!((it[1].utility.expect("bounded") + 15f64.ln()).abs() < 1e-12);
        assert_eq!(it.iter().map(|it| it.bounded).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(it[2].utility, Some(0.0));
    }

    #[test]
    fn a_bounded_utility_is_above_that_of_one_pick_less() {
        for shown in 1..50 {
            let utility = |best| scores(&[counts(shown, best, 0)])[0].utility;
            assert!(utility(shown) > utility(shown - 1), "{shown}");
        }
    }

    #[test]
    fn impossible_answers_are_not_taken() {
        assert!(Answer::new(4, vec![0, 2, 3], 2, 0).is_some());
        assert_eq!(Answer::new(4, vec![0, 2, 3], 1, 0), None, "the best was not shown");
        assert_eq!(Answer::new(4, vec![0, 2, 3], 2, 2), None, "the best is the worst");
        assert_eq!(Answer::new(4, vec![0, 2, 2], 2, 0), None, "an item twice");
        assert_eq!(Answer::new(4, vec![0, 4], 0, 4), None, "no such item");
        assert!(counts(3, 1, 2).is_possible() && !counts(3, 2, 2).is_possible());
        assert!(!counts(u64::MAX, u64::MAX, 1).is_possible());
    }

    #[test]
    fn one_respondent_cannot_disagree() {
        let it = by_respondent(&[vec![counts(3, 1, 0)], vec![counts(0, 0, 0)]]);
        assert_eq!((it[0].mean, it[0].disagreement), (Some(1.0 / 3.0), None));
        assert_eq!(it[0].scores, [Some(1.0 / 3.0), None]);
    }

    proptest! {
        /// A respondent with a fixed order of all items picks by it from each set of a balanced design.
        #[test]
        fn whoever_has_an_order_is_scored_in_that_order(order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle()) {
            let sets = design(7).expect("seven items").sets;
            let answer = |set: &Vec<usize>| {
                let by_rank = |item: &&usize| order[**item];
                let best = *set.iter().min_by_key(by_rank).expect("a set has items");
                let worst = *set.iter().max_by_key(by_rank).expect("a set has items");
                Answer::new(7, set.clone(), best, worst).expect("an answer")
            };
            let answers: Vec<Answer> = sets.iter().map(answer).collect();
            let counts = counted(7, &answers);
            prop_assert!(counts.iter().all(|it| it.is_possible() && it.shown == 3));
            prop_assert_eq!(counts.iter().map(|it| it.best).sum::<u64>(), 7);
            let scores = scores(&counts);
            let shares: f64 = scores.iter().filter_map(|it| it.share).sum();
            prop_assert!((shares - 1.0).abs() < 1e-12);
            // What is first in the order is best wherever it is shown, what is last worst.
            for (item, rank) in order.iter().enumerate() {
                prop_assert!(*rank != 0 || scores[item].score == Some(1.0));
                prop_assert!(*rank != 6 || scores[item].score == Some(-1.0));
            }
        }

        #[test]
        fn disagreement_lies_between_nothing_and_one(
            respondents in prop::collection::vec((0u64..4, 0u64..4).prop_map(|(best, worst)| vec![counts(6, best, worst)]), 2..20),
        ) {
            let it = by_respondent(&respondents);
            let disagreement = it[0].disagreement.expect("two respondents");
            prop_assert!((0.0..=1.0).contains(&disagreement));
        }
    }
}
