//! What the scores come to, how sure that is, and in which words it is said.

use std::collections::{BTreeMap, BTreeSet};

use calc::{
    ahp::{self, Matrix, Priorities},
    weighted::{self, Comparison as Compared, Rating},
};
use kit::{
    format::{Locale, list},
    people::PersonId,
    record::Titles,
};

use super::model::{
    Candidate, CandidateId, Comparison, Criterion, CriterionId, Score, Selection, SelectionState, Weighing,
};

/// From this spread of points on people should talk before they decide.
const TALK: f64 = 1.2;

/// The field of a score in a form.
pub fn score_key(criterion: CriterionId, candidate: CandidateId) -> String {
    format!("s-{criterion}.{candidate}")
}

/// A selection with everything that belongs to it, in the order in which it was written down.
pub struct Whole {
    pub selection: Selection,
    pub criteria: Vec<Criterion>,
    pub candidates: Vec<Candidate>,
    pub scores: Vec<Score>,
    pub comparisons: Vec<Comparison>,
}

impl Whole {
    /// Picks what belongs to the selection out of everything.
    pub fn of(
        selection: Selection,
        mut criteria: Vec<Criterion>,
        mut candidates: Vec<Candidate>,
        mut scores: Vec<Score>,
        mut comparisons: Vec<Comparison>,
    ) -> Whole {
        criteria.retain(|it| it.selection == selection.id);
        candidates.retain(|it| it.selection == selection.id);
        let mine: BTreeSet<CriterionId> = criteria.iter().map(|it| it.id).collect();
        let theirs: BTreeSet<CandidateId> = candidates.iter().map(|it| it.id).collect();
        scores.retain(|it| mine.contains(&it.criterion) && theirs.contains(&it.candidate));
        comparisons.retain(|it| mine.contains(&it.criterion) && mine.contains(&it.other));
        Whole { selection, criteria, candidates, scores, comparisons }
    }

    /// Whether criteria, weights and scores may change: what was decided rests on them as they are.
    pub fn is_open(&self) -> bool {
        self.selection.state == SelectionState::Open
    }

    /// That the weights rest on comparisons that contradict each other, where they do.
    pub fn contradiction(&self) -> Option<String> {
        let counts = self.selection.weighing == Weighing::Pairs;
        let contradicts = counts && self.priorities().is_ok_and(|it| it.cr.is_some_and(|it| it > ahp::ACCEPTABLE));
        contradicts.then(|| "The comparisons on which the weights rest contradict each other.".to_owned())
    }

    /// Who has scored, in the order of their identifiers.
    pub fn raters(&self) -> Vec<PersonId> {
        self.scores.iter().map(|it| it.person).collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub fn points(&self, of: PersonId, criterion: CriterionId, candidate: CandidateId) -> Option<i64> {
        let found = self.scores.iter().find(|it| (it.person, it.criterion, it.candidate) == (of, criterion, candidate));
        found.map(|it| it.points)
    }

    /// How much one criterion counts beside another, as it was said from either end.
    pub fn judged(&self, one: CriterionId, other: CriterionId) -> Option<f64> {
        let said = self.comparisons.iter().find(|it| (it.criterion, it.other) == (one, other));
        let turned = || self.comparisons.iter().find(|it| (it.criterion, it.other) == (other, one));
        said.map(|it| it.times.value()).or_else(|| turned().map(|it| 1.0 / it.times.value()))
    }

    /// The comparison of the criteria; a sentence where it cannot be made.
    pub fn priorities(&self) -> Result<Priorities, String> {
        let n = self.criteria.len();
        if n < 2 {
            return Err("Write down at least two criteria before you compare them.".to_owned());
        }
        let rows: Vec<Vec<Option<f64>>> = (0..n)
            .map(|a| {
                let judged =
                    |b: usize| if a == b { None } else { self.judged(self.criteria[a].id, self.criteria[b].id) };
                (0..n).map(judged).collect()
            })
            .collect();
        Matrix::from_rows(&rows).map(|it| it.priorities()).map_err(|faults| {
            let missing = faults.iter().filter(|it| matches!(it, ahp::Fault::Missing { .. })).count();
            let pair = |row: usize, column: usize| {
                format!("“{}” and “{}”", self.criteria[row].name, self.criteria[column].name)
            };
            match faults[0] {
                ahp::Fault::Missing { row, column } if missing == 1 => {
                    format!("One comparison is missing: {}.", pair(row, column))
                }
                ahp::Fault::Missing { row, column } => {
                    format!("{missing} comparisons are missing; the first is of {}.", pair(row, column))
                }
                ahp::Fault::NotReciprocal { row, column, .. } => {
                    format!("{} are compared twice, and the two contradict each other. Change one.", pair(row, column))
                }
                _ => "The comparisons cannot be read. Compare the criteria anew.".to_owned(),
            }
        })
    }

    /// How many points one person gave, and of how many that are asked.
    pub fn done(&self, of: PersonId) -> (usize, usize) {
        let given = self.scores.iter().filter(|it| it.person == of).count();
        (given, self.criteria.len() * self.candidates.len())
    }
}

/// How well the comparisons fit together, in a sentence.
pub fn consistency(of: &Priorities, names: &[&str], locale: Locale) -> String {
    let Some(cr) = of.cr else { return "So few criteria cannot contradict each other.".to_owned() };
    let (ratio, good) = (locale.decimal(cr, 2), locale.decimal(ahp::ACCEPTABLE, 2));
    if cr <= ahp::ACCEPTABLE {
        return format!(
            "The comparisons fit together: the consistency ratio is {ratio}, and up to {good} is taken as good."
        );
    }
    let pair = of.look_again.map_or_else(String::new, |it| {
        format!(
            " Look again at “{}” and “{}”: you said {} times, all others together say {}.",
            names[it.row],
            names[it.column],
            times(it.given, locale),
            times(it.implied, locale)
        )
    });
    format!("The comparisons contradict each other: the consistency ratio is {ratio}, more than {good}.{pair}")
}

/// A ratio as people say it: 3, 1/3, 2.4.
fn times(ratio: f64, locale: Locale) -> String {
    let short = |it: f64| locale.decimal(it, usize::from((it * 10.0).round() % 10.0 != 0.0));
    if ratio >= 1.0 { short(ratio) } else { format!("1/{}", short(1.0 / ratio)) }
}

/// What the selection comes to.
pub struct Outcome {
    /// In per cent of their sum, by criterion.
    pub weights: Vec<f64>,
    /// By criterion and candidate.
    pub ratings: Vec<Vec<Rating>>,
    pub compared: Compared,
    /// By person and candidate: what comes out where only they count, for those who scored everything.
    pub alone: Vec<(PersonId, Vec<f64>)>,
    /// Who scored a part, and so cannot count alone.
    pub partly: Vec<PersonId>,
}

/// Computes the result, or says in a sentence what it lacks.
pub fn outcome(of: &Whole) -> Result<Outcome, String> {
    if of.criteria.is_empty() || of.candidates.len() < 2 {
        return Err("A selection needs a criterion and two candidates before it has a result.".to_owned());
    }
    let raw: Vec<f64> = match of.selection.weighing {
        Weighing::Direct => of.criteria.iter().map(|it| it.weight as f64).collect(),
        Weighing::Pairs => of.priorities()?.priorities,
    };
    let sum: f64 = raw.iter().sum();
    if sum <= 0.0 {
        return Err("All weights are zero, so nothing counts. Give at least one criterion a weight.".to_owned());
    }
    let weights: Vec<f64> = raw.iter().map(|it| it / sum * 100.0).collect();
    let table = |who: PersonId| -> Vec<Vec<Option<f64>>> {
        let points = |criterion: &Criterion, candidate: &Candidate| of.points(who, criterion.id, candidate.id);
        of.criteria
            .iter()
            .map(|criterion| of.candidates.iter().map(|it| points(criterion, it).map(|it| it as f64)).collect())
            .collect()
    };
    let tables: BTreeMap<PersonId, Vec<Vec<Option<f64>>>> =
        of.raters().into_iter().map(|who| (who, table(who))).collect();
    if tables.is_empty() {
        return Err("Nobody has scored the candidates yet.".to_owned());
    }
    let ratings = weighted::together(&tables.values().cloned().collect::<Vec<_>>());
    let means: Vec<Vec<f64>> =
        ratings.iter().map(|row| row.iter().map(|it| it.mean.unwrap_or(f64::NAN)).collect()).collect();
    let compared = weighted::compare(&weights, &means).map_err(|fault| match fault {
        weighted::Fault::Rating { criterion, option } => {
            format!("Nobody has scored {} on “{}” yet.", of.candidates[option].name, of.criteria[criterion].name)
        }
        _ => "The weights and scores cannot be reckoned with. Look at the weights again.".to_owned(),
    })?;
    let alone: Vec<(PersonId, Vec<f64>)> = tables
        .into_iter()
        .filter_map(|(who, table)| {
            let whole: Option<Vec<Vec<f64>>> = table.into_iter().map(|row| row.into_iter().collect()).collect();
            Some((who, weighted::compare(&weights, &whole?).ok()?.normalised))
        })
        .collect();
    let partly = of.raters().into_iter().filter(|who| !alone.iter().any(|it| it.0 == *who)).collect();
    Ok(Outcome { weights, ratings, compared, alone, partly })
}

impl Outcome {
    /// How many places the points are written with: two where one place would show the first two as level.
    pub fn places(&self, locale: Locale) -> usize {
        let mut points = self.compared.normalised.clone();
        points.sort_by(|a, b| b.total_cmp(a));
        let level = points.len() > 1 && locale.decimal(points[0], 1) == locale.decimal(points[1], 1);
        if level && self.compared.winner().is_some() { 2 } else { 1 }
    }

    /// "Tessarode leads with 4.1 of 5 points."
    pub fn finding(&self, of: &Whole, locale: Locale) -> String {
        let name = |at: usize| &of.candidates[at].name;
        match (self.compared.winner(), &self.compared.leaders[..]) {
            (Some(at), _) => {
                let points = locale.decimal(self.compared.normalised[at], self.places(locale));
                format!("{} leads with {points} of 5 points", name(at))
            }
            (None, leaders) => {
                let names: Vec<&str> = leaders.iter().map(|at| &**name(*at)).collect();
                format!("{} are level", names.join(" and "))
            }
        }
    }

    /// Who alone would choose another than the winner, and whom.
    pub fn dissent(&self) -> Vec<(PersonId, usize)> {
        let Some(winner) = self.compared.winner() else { return Vec::new() };
        let other = |points: &[f64]| {
            let best = (0..points.len()).max_by(|a, b| points[*a].total_cmp(&points[*b]))?;
            (points[best] > points[winner] + 1e-9).then_some(best)
        };
        self.alone.iter().filter_map(|(who, points)| Some((*who, other(points)?))).collect()
    }

    /// How little it would take for another one to win: of one weight, and of those who scored. Weights are said in per
    /// cent of their sum, as everywhere on the page.
    pub fn sensitivity(&self, of: &Whole, people: &Titles, locale: Locale) -> String {
        if self.compared.winner().is_none() {
            return "Any change of a weight may decide.".to_owned();
        }
        let dissent: Vec<String> = self
            .dissent()
            .iter()
            .map(|(who, candidate)| {
                let who = people.get(&who.0).map_or("somebody", |it| it);
                format!("{who} alone would choose {}", of.candidates[*candidate].name)
            })
            .collect();
        let dissent = if dissent.is_empty() { None } else { Some(dissent.join(", ")) };
        let but = |sure: &str| match &dissent {
            Some(it) => format!("{sure}, but {it}."),
            None => format!("{sure}."),
        };
        let Some(flip) = self.compared.share_flip else {
            return but("Whatever weight is changed, the same one wins");
        };
        let (criterion, winner) = (&of.criteria[flip.criterion].name, &of.candidates[flip.option].name);
        let from = self.weights[flip.criterion];
        let to = flip.weight * 100.0;
        let places = (0..3).find(|it| locale.decimal(from, *it) != locale.decimal(to, *it)).unwrap_or(2);
        let sure = match (to - from).abs() {
            it if it < 5.0 && of.is_open() => {
                format!(" {}", but("That is little: talk about the weight before you decide"))
            }
            it if it < 5.0 => format!(" {}", but("That is little")),
            it if it > 20.0 && dissent.is_none() => " That is a lot: the result is robust.".to_owned(),
            it if it > 20.0 => format!(" {}", but("That is a lot")),
            _ => dissent.as_ref().map_or_else(String::new, |it| format!(" {it}.")),
        };
        format!(
            "“{criterion}” would have to count {} instead of {} for {winner} to win, the rest being shared out as \
             before.{sure}",
            locale.percent(to / 100.0, places),
            locale.percent(from / 100.0, places)
        )
    }

    /// Where people's points differ so much that they should talk first: criterion and candidate.
    pub fn to_talk_about(&self) -> Vec<(usize, usize)> {
        let mut found: Vec<(f64, usize, usize)> = Vec::new();
        for (criterion, row) in self.ratings.iter().enumerate() {
            for (candidate, rating) in row.iter().enumerate() {
                if let Some(sd) = rating.sd.filter(|it| *it >= TALK) {
                    found.push((sd, criterion, candidate));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().take(3).map(|(_, criterion, candidate)| (criterion, candidate)).collect()
    }
}

/// What counts most, of shares in per cent.
pub fn heaviest(names: &[&str], shares: &[f64], locale: Locale) -> String {
    let most = shares.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return "Nothing counts yet".to_owned();
    }
    let first: Vec<String> = names
        .iter()
        .zip(shares)
        .filter(|(_, share)| most - **share < 1e-9 * most)
        .map(|(name, _)| format!("“{name}”"))
        .collect();
    let share = locale.percent(most / 100.0, 0);
    match &first[..] {
        [one] => format!("{one} counts most, with {share}"),
        all if all.len() == names.len() => format!("All {} criteria count the same", names.len()),
        some => format!("{} count most, with {share} each", list(some)),
    }
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use super::{
        super::model::{ComparisonId, ScoreId, SelectionId, SelectionState, Times},
        *,
    };

    fn id(of: u128) -> Uuid {
        Uuid::from_u128(of)
    }

    fn british() -> Locale {
        Locale::of("en-GB")
    }

    /// Price and fit, two candidates, and the points that each person gave, criterion by criterion.
    fn whole(weights: [i64; 2], people: &[[[i64; 2]; 2]]) -> Whole {
        let selection = Selection {
            id: SelectionId(id(1)),
            version: 1,
            title: "ERP partner".to_owned(),
            activity: None,
            owner: None,
            weighing: Weighing::Direct,
            state: SelectionState::Open,
            chosen: None,
            reason: None,
            closed_on: None,
        };
        let criterion = |at: u128, name: &str, weight| Criterion {
            id: CriterionId(id(10 + at)),
            version: 1,
            name: name.to_owned(),
            selection: SelectionId(id(1)),
            weight,
            about: None,
        };
        let candidate = |at: u128, name: &str| Candidate {
            id: CandidateId(id(20 + at)),
            version: 1,
            name: name.to_owned(),
            selection: SelectionId(id(1)),
            supplier: None,
            about: None,
        };
        let mut scores = Vec::new();
        for (who, points) in (0u128..).zip(people) {
            for (criterion, row) in (0u128..).zip(points) {
                for (candidate, points) in (0u128..).zip(row) {
                    scores.push(Score {
                        id: ScoreId(id(1000 + who * 100 + criterion * 10 + candidate)),
                        version: 1,
                        candidate: CandidateId(id(20 + candidate)),
                        criterion: CriterionId(id(10 + criterion)),
                        person: PersonId(id(30 + who)),
                        points: *points,
                        note: None,
                    });
                }
            }
        }
        Whole {
            selection,
            criteria: vec![criterion(0, "Price", weights[0]), criterion(1, "Fit", weights[1])],
            candidates: vec![candidate(0, "Alder"), candidate(1, "Birch")],
            scores,
            comparisons: Vec::new(),
        }
    }

    #[test]
    fn the_winner_is_said_with_how_little_would_change_it() {
        let of = whole([40, 60], &[[[1, 5], [4, 2]]]);
        let outcome = outcome(&of).expect("a result");
        // Alder 40·1 + 60·4 = 280, Birch 40·5 + 60·2 = 320.
        assert_eq!(outcome.finding(&of, british()), "Birch leads with 3.2 of 5 points");
        // 30 beside 60 is a third.
        assert_eq!(
            outcome.sensitivity(&of, &BTreeMap::new(), british()),
            "“Price” would have to count 33% instead of 40% for Alder to win, the rest being shared out as before."
        );
    }

    #[test]
    fn a_result_is_robust_only_where_nobody_who_scored_would_choose_another() {
        // Alder 10·1 + 90·4 = 370, Birch 10·5 + 90·2 = 230: price would have to count 45 of 135.
        let one = whole([10, 90], &[[[1, 5], [4, 2]]]);
        let said = |of: &Whole| {
            let people = Titles::from([(id(30), "Ann".to_owned()), (id(31), "Ben".to_owned())]);
            outcome(of).expect("a result").sensitivity(of, &people, british())
        };
        assert!(said(&one).ends_with("33% instead of 10% for Birch to win, the rest being shared out as before. That is a lot: the result is robust."), "{}", said(&one));
        let two = whole([10, 90], &[[[1, 5], [5, 0]], [[1, 5], [3, 4]]]);
        assert!(said(&two).ends_with("That is a lot, but Ben alone would choose Birch."), "{}", said(&two));
    }

    #[test]
    fn what_counts_most_is_all_that_counts_as_much() {
        let of = |shares: &[f64]| heaviest(&["Price", "Fit", "Speed"], shares, british());
        assert_eq!(of(&[100.0 / 3.0; 3]), "All 3 criteria count the same");
        assert_eq!(of(&[40.0, 40.0, 20.0]), "“Price” and “Fit” count most, with 40% each");
        assert_eq!(of(&[30.0, 47.5, 22.5]), "“Fit” counts most, with 48%");
        assert_eq!(of(&[0.0; 3]), "Nothing counts yet");
    }

    #[test]
    fn two_that_are_close_are_told_apart_by_a_second_place() {
        let of = whole([51, 49], &[[[4, 3], [3, 4]]]);
        let outcome = outcome(&of).expect("a result");
        assert_eq!(outcome.finding(&of, british()), "Alder leads with 3.51 of 5 points");
    }

    #[test]
    fn weights_that_sum_to_zero_are_refused_in_a_sentence() {
        let fault = outcome(&whole([0, 0], &[[[1, 5], [4, 2]]])).err().expect("no weight");
        assert!(fault.starts_with("All weights are zero"), "{fault}");
    }

    #[test]
    fn what_nobody_scored_is_named() {
        let mut of = whole([1, 1], &[[[1, 5], [4, 2]]]);
        of.scores.retain(|it| it.criterion != CriterionId(id(11)) || it.candidate != CandidateId(id(21)));
        assert_eq!(outcome(&of).err().as_deref(), Some("Nobody has scored Birch on “Fit” yet."));
        of.scores.clear();
        assert_eq!(outcome(&of).err().as_deref(), Some("Nobody has scored the candidates yet."));
    }

    #[test]
    fn where_points_lie_far_apart_people_are_asked_to_talk() {
        let of = whole([1, 1], &[[[0, 3], [4, 4]], [[5, 3], [4, 4]]]);
        assert_eq!(outcome(&of).expect("a result").to_talk_about(), [(0, 0)]);
    }

    #[test]
    fn criteria_compared_two_by_two_give_the_weights() {
        let mut of = whole([0, 0], &[[[1, 5], [4, 2]]]);
        of.selection.weighing = Weighing::Pairs;
        assert!(outcome(&of).err().is_some_and(|it| it.contains("“Price” and “Fit”")));
        of.comparisons.push(Comparison {
            id: ComparisonId(id(40)),
            version: 1,
            criterion: CriterionId(id(11)),
            other: CriterionId(id(10)),
            times: Times::T3,
        });
        let weights = outcome(&of).expect("a result").weights;
        assert!((weights[0] - 25.0).abs() < 1e-9 && (weights[1] - 75.0).abs() < 1e-9, "{weights:?}");
    }

    #[test]
    fn a_contradiction_names_the_pair_to_look_at() {
        let rows = [[None, Some(9.0), Some(1.0 / 9.0)], [None, None, Some(9.0)], [None, None, None]];
        let it = Matrix::from_rows(&rows.map(|it| it.to_vec())).expect("reciprocal").priorities();
        let said = consistency(&it, &["Price", "Fit", "Speed"], british());
        assert!(said.contains("contradict each other") && said.contains("Look again at “"), "{said}");
    }
}
