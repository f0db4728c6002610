//! What the answers to a gap instrument say, in figures and in sentences.
//!
//! Reads only published figures ([`crate::results::rules`]), so nothing here can give away what is withheld there.

use calc::{
    gap::{Answers, Settings, gaps},
    words,
};
use kit::{
    chart::apart,
    format::counted,
    method::{Competency, Proposition, Side},
};

use crate::results::rules::{Cut, RESAMPLES, Results, SEED};

/// A gap is called certain when the chance of it, corrected for fifteen comparisons, is below this.
const CERTAIN: f64 = 0.05;
/// Points of a five-point scale: from here on a competency is done well.
const WELL: f64 = 3.5;
/// Below this it is done poorly.
const POOR: f64 = 2.5;
/// Points: a smaller gap is none that we show, and one whose interval stays within twice that is called alike. That no
/// difference was found is not yet that there is none.
const ALIKE: f64 = 0.25;
const WITHIN: f64 = 0.5;
/// A third of the length of a five-point scale: from here on a difference between sides is a blind spot or a hidden
/// strength. (360-degree practice: self above others by more than a third of the scale.)
const THIRD: f64 = 4.0 / 3.0;
/// What is expected counts as unmet from this difference on, in points.
const UNMET: f64 = 0.5;

/// How the two sides see one competency.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub competency: Competency,
    /// How important: everyone who may be shown together, else business.
    pub importance: Option<f64>,
    pub importance_business: Option<f64>,
    pub importance_it: Option<f64>,
    pub business: Option<f64>,
    pub it: Option<f64>,
    pub provider: Option<f64>,
    pub n_business: usize,
    pub n_it: usize,
    /// IT minus business, in points of the scale.
    pub gap: Option<f64>,
    /// A 95 % bootstrap interval of the gap.
    pub interval: Option<(f64, f64)>,
    pub hedges_g: Option<f64>,
    /// Corrected for all lines (Benjamini–Hochberg).
    pub p: Option<f64>,
    /// More than chance, after the correction.
    pub certain: bool,
    /// r_wg within the business side, in a word (“moderate”) and in a sentence.
    pub agreement: Option<(&'static str, String)>,
    /// Why nothing is shown.
    pub withheld: Option<&'static str>,
}

/// Where the sides that may be shown stand in the picture of a line: per cent of its length, and how far off the line
/// each is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub business: Option<String>,
    pub it: Option<String>,
    pub off: f64,
}

/// Where a mean stands on a five-point scale, in per cent of its length.
fn place(mean: f64) -> String {
    format!("{:.1}", (mean - 1.0) / 4.0 * 100.0)
}

impl Line {
    /// Nothing where neither side may be shown.
    pub fn picture(&self) -> Option<Pair> {
        self.business.or(self.it)?;
        let both = self.business.zip(self.it);
        let off = both.map_or(0.0, |(business, it)| apart::pair((business - 1.0) / 4.0, (it - 1.0) / 4.0));
        Some(Pair { business: self.business.map(place), it: self.it.map(place), off })
    }

    /// What one side says where the other may not be shown, and that it may not.
    fn one_sided(&self) -> Option<(String, &'static str)> {
        match (self.business, self.it) {
            (Some(business), None) => Some((alone("The business sees", business), NO_IT)),
            (None, Some(it)) => Some((alone("IT sees", it), NO_BUSINESS)),
            _ => None,
        }
    }

    /// What the line says, for those who do not read figures.
    pub fn said(&self) -> String {
        if let Some((said, other)) = self.one_sided() {
            return format!("{said} {other}");
        }
        let (gap, business, it) = match (self.gap, self.business, self.it) {
            (Some(gap), Some(business), Some(it)) => (gap, business, it),
            _ => return format!("{} Not shown.", self.withheld.unwrap_or("Too few answers.")),
        };
        let close = gap.abs() < ALIKE;
        let alike = close && self.interval.is_some_and(|(low, high)| low >= -WITHIN && high <= WITHIN);
        match (self.certain, gap > 0.0) {
            _ if alike && business >= WELL => "Both sides see it done well.".to_owned(),
            _ if alike && business.max(it) < POOR => "Both sides see it done poorly.".to_owned(),
            _ if alike => "Both sides see it alike.".to_owned(),
            _ if close => "No difference shown.".to_owned(),
            (true, true) => "IT sees it done better than the business does; more than chance.".to_owned(),
            (true, false) => "The business sees it done better than IT does; more than chance.".to_owned(),
            (false, true) => "IT answers higher; at this size it may be chance.".to_owned(),
            (false, false) => "The business answers higher; at this size it may be chance.".to_owned(),
        }
    }
}

/// What is said of a side that may not be shown.
const NO_BUSINESS: &str = "The business is not shown.";
const NO_IT: &str = "IT is not shown.";

/// What one side says of a competency where the other may not be shown.
fn alone(sees: &str, mean: f64) -> String {
    let how = match mean {
        it if it >= WELL => "well",
        it if it < POOR => "poorly",
        _ => "so-so",
    };
    format!("{sees} it done {how}.")
}

/// How one side sees one value proposition.
#[derive(Debug, Clone, PartialEq)]
pub struct PropositionLine {
    pub proposition: Proposition,
    pub cut: Cut,
    pub n: usize,
    pub belief: Option<f64>,
    pub expectation: Option<f64>,
    pub delivery: Option<f64>,
}

/// Where the three means of a proposition stand in its picture, in per cent. Their marks differ in shape, so that none
/// covers another.
#[derive(Debug, Clone, PartialEq)]
pub struct Three {
    pub believed: Option<String>,
    pub expected: Option<String>,
    pub delivered: Option<String>,
}

impl Three {
    pub fn is_empty(&self) -> bool {
        self.believed.is_none() && self.expected.is_none() && self.delivered.is_none()
    }
}

impl PropositionLine {
    pub fn picture(&self) -> Three {
        Three {
            believed: self.belief.map(place),
            expected: self.expectation.map(place),
            delivered: self.delivery.map(place),
        }
    }

    /// The class of its side; none for everyone.
    pub fn class(&self) -> &'static str {
        if let Cut::Side(side) = self.cut { side.key() } else { "" }
    }

    /// Delivered minus expected.
    pub fn short_of(&self) -> Option<f64> {
        self.delivery.zip(self.expectation).map(|(delivered, expected)| delivered - expected)
    }
}

/// Everything that a gap analysis says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Widest gap first; then those without a gap, what is done worst first; what is withheld comes last.
    pub lines: Vec<Line>,
    pub propositions: Vec<PropositionLine>,
    /// Competency by proposition, for the largest groups that may be shown: the full instrument only.
    pub matrix: Vec<(Cut, Vec<MatrixRow>)>,
    pub blind_spots: Vec<Competency>,
    pub hidden_strengths: Vec<Competency>,
    /// Propositions that fall short of what is expected although the competencies are fine: results that nobody sees.
    pub fine_but_unmet: Vec<Proposition>,
    /// The finding, as a sentence.
    pub headline: String,
    /// How sure we are.
    pub lead: String,
}

impl Report {
    /// In which order the lines stand, as the heading over them says it.
    pub fn order(&self) -> &'static str {
        let has = |of: &dyn Fn(&Line) -> Option<f64>| self.lines.iter().any(|it| of(it).is_some());
        match () {
            () if has(&|it| it.gap) => "Business against IT, widest gap first",
            () if has(&|it| it.business) && !has(&|it| it.it) => "As the business sees it, weakest first",
            () if has(&|it| it.it) && !has(&|it| it.business) => "As IT sees it, weakest first",
            () => "Business against IT",
        }
    }

    /// What is said once above the lines: that a side is shown in none of them.
    pub fn one_sided(&self) -> Option<&'static str> {
        let mut hidden = self.lines.iter().filter(|it| it.business.or(it.it).is_some()).map(Line::one_sided);
        let (_, first) = hidden.next()??;
        hidden.all(|it| it.is_some_and(|(_, other)| other == first)).then_some(first)
    }

    /// What a line says below that.
    pub fn said(&self, line: &Line) -> String {
        match (self.one_sided(), line.one_sided()) {
            (Some(_), Some((said, _))) => said,
            _ => line.said(),
        }
    }

    /// Proposition by proposition, the lines of its groups.
    pub fn propositions_grouped(&self) -> Vec<&[PropositionLine]> {
        self.propositions.chunk_by(|a, b| a.proposition == b.proposition).collect()
    }
}

fn item(competency: Competency, column: &str) -> String {
    format!("{}.{column}", competency.key())
}

/// The mean of a group over the columns of a competency's row: one column in the short instrument, the four
/// propositions in the full one. Means of published means tell nothing that was not published.
fn done(results: &Results, competency: Competency, cut: &Cut) -> Option<f64> {
    if let Some(figures) = results.of(&item(competency, "done"), cut) {
        return Some(figures.mean);
    }
    let parts: Option<Vec<f64>> =
        Proposition::ALL.iter().map(|it| results.of(&item(competency, it.key()), cut).map(|it| it.mean)).collect();
    parts.map(|it| it.iter().sum::<f64>() / it.len() as f64)
}

/// Whether the full instrument was asked: how well each competency serves each of the four propositions.
pub fn is_full(results: &Results) -> bool {
    let cell = item(Competency::ALL[0], Proposition::ALL[0].key());
    results.items.iter().any(|it| it.key == cell)
}

/// Reads the results of either gap instrument.
pub fn report(results: &Results, answered: &[(Side, usize)], asked: Option<usize>) -> Report {
    let (business, it) = (Cut::Side(Side::Business), Cut::Side(Side::It));
    let answers: Vec<Answers<Competency>> = Competency::ALL
        .iter()
        .map(|of| Answers {
            item: *of,
            a: results.values(&item(*of, "done"), &it),
            b: results.values(&item(*of, "done"), &business),
        })
        .collect();
    let compared = gaps(&answers, Settings { threshold: 1, resamples: RESAMPLES, seed: SEED });
    let mut lines: Vec<Line> = compared
        .into_iter()
        .map(|gap| {
            let of = gap.item;
            let mean = |column: &str, cut: &Cut| results.of(&item(of, column), cut).map(|it| it.mean);
            let seen = |cut: &Cut| done(results, of, cut);
            let agreement = results.of(&item(of, "done"), &business).filter(|it| it.n > 1).and_then(|it| {
                let r_wg = it.r_wg?;
                Some((
                    words::agreement(r_wg).label().trim_end_matches(" agreement"),
                    words::agreement_sentence(Some(r_wg), it.n, it.counts.len()),
                ))
            });
            let difference = seen(&it).zip(seen(&business)).map(|(it, business)| it - business);
            let withheld = (difference.is_none()).then(|| withheld(results, of, &[&business, &it]));
            Line {
                competency: of,
                importance: mean("importance", &Cut::Everyone).or_else(|| mean("importance", &business)),
                importance_business: mean("importance", &business),
                importance_it: mean("importance", &it),
                business: seen(&business),
                it: seen(&it),
                provider: seen(&Cut::Side(Side::Provider)),
                n_business: gap.n_b,
                n_it: gap.n_a,
                gap: difference,
                interval: gap.gap_low.zip(gap.gap_high),
                hedges_g: gap.hedges_g,
                p: gap.p_adjusted,
                certain: gap.p_adjusted.is_some_and(|it| it < CERTAIN),
                agreement,
                withheld,
            }
        })
        .collect();
    lines.sort_by(|a, b| {
        let width = |it: &Line| it.gap.map_or(-1.0, f64::abs);
        let seen = |it: &Line| if it.gap.is_some() { 0.0 } else { it.business.or(it.it).unwrap_or(f64::MAX) };
        let by_width = width(b).total_cmp(&width(a));
        by_width.then(seen(a).total_cmp(&seen(b))).then(a.competency.cmp(&b.competency))
    });
    let propositions = propositions(results);
    let wide = |sign: f64| {
        let all = lines.iter().filter(|it| it.certain && it.gap.is_some_and(|gap| gap * sign >= THIRD));
        all.map(|it| it.competency).collect::<Vec<_>>()
    };
    let fine_but_unmet = fine_but_unmet(&lines, &propositions);
    Report {
        matrix: matrix(results),
        blind_spots: wide(1.0),
        hidden_strengths: wide(-1.0),
        headline: headline(&lines, &fine_but_unmet),
        lead: lead(&lines, answered, asked),
        fine_but_unmet,
        propositions,
        lines,
    }
}

fn withheld(results: &Results, of: Competency, cuts: &[&Cut]) -> &'static str {
    let item = results.items.iter().find(|it| it.key == item(of, "done"));
    let why = item.and_then(|item| {
        cuts.iter().find_map(|cut| {
            let at = results.cuts.iter().position(|it| it == *cut)?;
            match &item.shown[at] {
                crate::results::rules::Shown::Withheld(why) => Some(*why),
                crate::results::rules::Shown::Figures(_) => None,
            }
        })
    });
    why.unwrap_or("Too few answers.")
}

/// A competency and how well it serves each of the four propositions.
pub type MatrixRow = (Competency, [Option<f64>; 4]);

fn propositions(results: &Results) -> Vec<PropositionLine> {
    let cuts = [Cut::Everyone, Cut::Side(Side::Business), Cut::Side(Side::It)];
    let line = |proposition: Proposition, cut: &Cut| {
        let figures = |column: &str| results.of(&format!("{}.{column}", proposition.key()), cut);
        PropositionLine {
            proposition,
            cut: cut.clone(),
            n: figures("delivery").map_or(0, |it| it.n),
            belief: figures("belief").map(|it| it.mean),
            expectation: figures("expectation").map(|it| it.mean),
            delivery: figures("delivery").map(|it| it.mean),
        }
    };
    let shown = |it: &PropositionLine| it.belief.or(it.expectation).or(it.delivery).is_some();
    let mut lines: Vec<PropositionLine> =
        Proposition::ALL.iter().flat_map(|it| cuts.iter().map(|cut| line(*it, cut))).collect();
    // A group of which nothing at all may be shown is left out.
    let out: Vec<Cut> = cuts.into_iter().filter(|cut| !lines.iter().any(|it| it.cut == *cut && shown(it))).collect();
    if out.len() < 3 {
        lines.retain(|it| !out.contains(&it.cut));
    }
    lines
}

/// For the largest groups that may be shown, how well each competency serves each proposition.
fn matrix(results: &Results) -> Vec<(Cut, Vec<MatrixRow>)> {
    let cell = |cut: &Cut, of: Competency, by: Proposition| results.of(&item(of, by.key()), cut).map(|it| it.mean);
    let rows = |cut: &Cut| -> Vec<MatrixRow> {
        let of = |of: &Competency| (*of, std::array::from_fn(|at| cell(cut, *of, Proposition::ALL[at])));
        Competency::ALL.iter().map(of).collect()
    };
    let all = results.main_cuts().into_iter().map(|cut| (cut.clone(), rows(&cut)));
    all.filter(|(_, rows)| rows.iter().any(|(_, row)| row.iter().any(Option::is_some))).collect()
}

/// The case that the method names: every competency is done well in the eyes of the business, and yet what was
/// expected is not seen delivered. Then it is the results that are not shown, not the work that is not done.
fn fine_but_unmet(lines: &[Line], propositions: &[PropositionLine]) -> Vec<Proposition> {
    let fine = lines.iter().all(|it| it.business.is_some_and(|it| it >= WELL));
    let unmet = propositions.iter().filter(|it| it.cut == Cut::Side(Side::Business)).filter(|it| {
        it.expectation.zip(it.delivery).is_some_and(|(expected, delivered)| expected - delivered >= UNMET)
    });
    if fine { unmet.map(|it| it.proposition).collect() } else { Vec::new() }
}

/// A competency as the business weighs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    pub competency: Competency,
    pub importance: f64,
    pub done: f64,
    /// Matters more than the middle and is done worse than the middle.
    pub hot: bool,
}

/// The competencies as the business weighs them, farthest behind first, and the middle of what matters and of how well
/// it is done.
pub fn weighed(lines: &[Line]) -> (Vec<Weighed>, f64, f64) {
    let known: Vec<(Competency, f64, f64)> = lines
        .iter()
        .filter_map(|it| Some((it.competency, it.importance_business.or(it.importance)?, it.business?)))
        .collect();
    let middle = |of: &dyn Fn(&(Competency, f64, f64)) -> f64| {
        calc::describe::median(&known.iter().map(of).collect::<Vec<_>>()).unwrap_or(3.0)
    };
    let (matters, well) = (middle(&|it| it.1), middle(&|it| it.2));
    let of = |(competency, importance, done)| Weighed {
        competency,
        importance,
        done,
        hot: importance > matters && done < well,
    };
    let mut all: Vec<Weighed> = known.into_iter().map(of).collect();
    all.sort_by(|a, b| {
        (b.importance - b.done).total_cmp(&(a.importance - a.done)).then(a.competency.cmp(&b.competency))
    });
    (all, matters, well)
}

/// What the picture of importance and performance says. That nothing stands in the corner to act on first does not say
/// that what matters most is done best: much may stand on the lines.
pub fn act_first(all: &[Weighed]) -> String {
    let name = |it: &Weighed| it.competency.label().to_lowercase();
    let hot: Vec<String> = all.iter().filter(|it| it.hot).map(name).collect();
    match (hot.len(), all.first()) {
        (0, Some(first)) if first.importance > first.done => format!(
            "Nothing matters more than most and is done worse than most; farthest behind what it matters is {}",
            name(first)
        ),
        (0, _) => "Nothing matters more than most and is done worse than most".to_owned(),
        (1..=3, _) => format!("What matters and is done worse than the rest: {}", list(&hot)),
        (n, _) => format!("{n} competencies matter more than the rest and are done worse"),
    }
}

/// Names as a sentence lists them: a, b and c.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn headline(lines: &[Line], fine_but_unmet: &[Proposition]) -> String {
    if let [first, ..] = fine_but_unmet {
        return format!(
            "Everything is done well, and still the business does not see “{}” delivered. Show the results.",
            first.label()
        );
    }
    let named =
        |of: Vec<&Line>| list(&of.iter().take(3).map(|it| it.competency.label().to_lowercase()).collect::<Vec<_>>());
    let certain = |sign: f64| {
        lines.iter().filter(|it| it.certain && it.gap.is_some_and(|gap| gap * sign > 0.0)).collect::<Vec<_>>()
    };
    let (higher, lower) = (certain(1.0), certain(-1.0));
    if !higher.is_empty() {
        return format!("IT believes it does {} well. The business does not see it.", named(higher));
    }
    if !lower.is_empty() {
        return format!("The business values {} more than IT itself does.", named(lower));
    }
    let weakest = |seen: &dyn Fn(&Line) -> Option<f64>| {
        let known = lines.iter().filter_map(|it| Some((seen(it)?, it.competency.label().to_lowercase())));
        known.min_by(|a, b| a.0.total_cmp(&b.0)).map(|it| it.1)
    };
    if let Some(it) = weakest(&|it| it.gap.and(it.business)) {
        return format!("Business and IT see the competencies alike; the weakest is {it}.");
    }
    if let Some(it) = weakest(&|it| it.business) {
        return format!("To the business, the weakest is {it}; too few of IT answered to compare.");
    }
    if let Some(it) = weakest(&|it| it.it) {
        return format!("To IT, the weakest is {it}; too few of the business answered to compare.");
    }
    "Too few people answered to say anything about business and IT.".to_owned()
}

fn lead(lines: &[Line], answered: &[(Side, usize)], asked: Option<usize>) -> String {
    let total: usize = answered.iter().map(|(_, n)| n).sum();
    let by_side: Vec<String> = answered
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(side, n)| {
            format!(
                "{n} {}",
                match side {
                    Side::Business => "business",
                    Side::It => "IT",
                    Side::Provider =>
                        if *n == 1 {
                            "provider"
                        } else {
                            "providers"
                        },
                }
            )
        })
        .collect();
    let certain = lines.iter().filter(|it| it.certain).count();
    let people = counted(asked.unwrap_or(total), "person", "people");
    let of = asked.map_or_else(|| format!("{people} answered"), |_| format!("{total} of {people} answered"));
    let sure = match certain {
        _ if lines.iter().all(|it| it.gap.is_none()) => "No gap can be shown at this size.".to_owned(),
        _ if lines.iter().all(|it| it.p.is_none()) => "No gap was tested against chance.".to_owned(),
        0 => "No gap is certain at this size; any of them may be chance.".to_owned(),
        1 => "One gap is certain at this size; the rest may be chance.".to_owned(),
        n => format!("{n} gaps are certain at this size; the rest may be chance."),
    };
    let both_weak: Vec<String> = lines
        .iter()
        .filter(|it| it.business.is_some_and(|it| it < POOR) && it.it.is_some_and(|it| it < POOR))
        .map(|it| it.competency.label().to_lowercase())
        .collect();
    let weak = match both_weak.len() {
        0 => String::new(),
        1 => format!(" Both sides agree that {} is weak.", both_weak[0]),
        _ => format!(" Both sides agree that {} are weak.", list(&both_weak)),
    };
    format!("{of}: {}. {sure}{weak}", list(&by_side))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: usize, importance: Option<f64>, business: Option<f64>, it: Option<f64>) -> Line {
        Line {
            competency: Competency::ALL[at],
            importance,
            importance_business: importance,
            importance_it: None,
            business,
            it,
            provider: None,
            n_business: 9,
            n_it: 9,
            gap: it.zip(business).map(|(it, business)| it - business),
            interval: None,
            hedges_g: None,
            p: None,
            certain: false,
            agreement: None,
            withheld: None,
        }
    }

    #[test]
    fn two_sides_are_said_to_see_it_alike_only_where_a_wider_gap_is_out_of_the_question() {
        let said = |gap: f64, interval| Line { interval, ..line(0, None, Some(3.0), Some(3.0 + gap)) }.said();
        assert_eq!(said(0.1, Some((-0.3, 0.5))), "Both sides see it alike.");
        assert_eq!(said(0.0, Some((0.0, 0.0))), "Both sides see it alike.");
        assert_eq!(said(0.1, Some((-0.6, 0.8))), "No difference shown.");
        assert_eq!(said(0.1, None), "No difference shown.");
        assert_eq!(said(0.25, Some((0.0, 0.5))), "IT answers higher; at this size it may be chance.");
    }

    #[test]
    fn an_empty_corner_does_not_say_that_what_matters_most_is_done_best() {
        let of = |all: &[(f64, f64)]| {
            let lines: Vec<Line> =
                all.iter().enumerate().map(|(at, it)| line(at, Some(it.0), Some(it.1), None)).collect();
            act_first(&weighed(&lines).0)
        };
        let first = Competency::ALL[0].label().to_lowercase();
        // What matters most is done worst but for one: it stands on the line between poorly and well.
        let none = "Nothing matters more than most and is done worse than most";
        let behind = format!("{none}; farthest behind what it matters is {first}");
        assert_eq!(of(&[(5.0, 2.0), (3.0, 1.0), (3.0, 3.0)]), behind);
        assert_eq!(of(&[(2.0, 3.0), (2.0, 3.0), (2.0, 3.0)]), none);
        let hot = of(&[(5.0, 2.0), (3.0, 4.0), (3.0, 4.5)]);
        assert_eq!(hot, format!("What matters and is done worse than the rest: {first}"));
    }

    #[test]
    fn what_one_side_said_is_told_where_the_other_may_not_be_shown_and_no_gap_is_called_uncertain_then() {
        let lines = [line(0, None, Some(3.8), None), line(1, None, Some(1.9), None), line(2, None, None, None)];
        let said: Vec<String> = lines.iter().map(Line::said).collect();
        assert_eq!(said[0], "The business sees it done well. IT is not shown.");
        assert_eq!(said[1], "The business sees it done poorly. IT is not shown.");
        assert_eq!(said[2], "Too few answers. Not shown.");
        assert!(lines[0].picture().is_some_and(|it| it.it.is_none()) && lines[2].picture().is_none());
        let report = Report {
            lines: lines.to_vec(),
            propositions: Vec::new(),
            matrix: Vec::new(),
            blind_spots: Vec::new(),
            hidden_strengths: Vec::new(),
            fine_but_unmet: Vec::new(),
            headline: String::new(),
            lead: String::new(),
        };
        let once = (report.one_sided(), report.said(&lines[0]));
        assert_eq!(once, (Some("IT is not shown."), "The business sees it done well.".to_owned()));
        let weakest = Competency::ALL[1].label().to_lowercase();
        let headline = headline(&lines, &[]);
        assert_eq!(headline, format!("To the business, the weakest is {weakest}; too few of IT answered to compare."));
        let lead = lead(&lines, &[(Side::Business, 15), (Side::It, 3)], None);
        assert_eq!(lead, "18 people answered: 15 business and 3 IT. No gap can be shown at this size.");
    }
}
