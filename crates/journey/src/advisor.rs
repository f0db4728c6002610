//! The advisor: the one competency to work on next, and why. Pure rules; docs/advisor.md gives the reasoning.

use calc::fiscal::{Position, Stage};
use kit::{
    area::Evidence,
    format::{Locale, list},
    method::Competency,
};

/// How many days one competency needs, as a rule of thumb, to become better than weak.
pub const DAYS_FOR_ONE: i64 = 30;

/// Below this a competency is too weak to build on: nothing is written down or shared yet.
pub const WEAK: i64 = 2;

/// From here on a competency carries the budget: business and IT do it together.
pub const SOUND: i64 = 3;

/// What is known about one competency.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seen {
    /// 0 to 5; `None` where nobody has assessed it.
    pub maturity: Option<i64>,
    /// Good enough for the present cycle.
    pub settled: bool,
    /// How IT sees it minus how the business sees it, in points of the survey's scale.
    pub gap: Option<f64>,
    /// Whether that gap is more than chance.
    pub certain: bool,
}

/// What is known about all fifteen, in order.
pub type All = [Seen; 15];

/// The advice for a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    pub next: Competency,
    pub because: Because,
    pub reasons: Vec<Reason>,
    /// The others that were candidates, the most pressing first.
    pub others: Vec<Competency>,
    /// The weak competencies before the budget, the weakest first, then those that nobody assessed.
    pub risks: Vec<Risk>,
}

/// Which competencies were candidates, and why those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// Those of the present stage that are not settled.
    Stage(Stage),
    /// Weak ones that the decisions rest on, while there is time.
    Foundation,
    /// The present stage is settled: those of a later one.
    Ahead(Stage),
    /// All fifteen are settled: the following stage's, to be ready for it.
    AllSettled(Stage),
}

/// One reason for the advice.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    Stage {
        because: Because,
        days: i64,
        budget: i64,
        handed_in: bool,
    },
    /// `level` with it, those that stand as low; it comes first in the order.
    Maturity {
        maturity: Option<i64>,
        level: Vec<Competency>,
    },
    Sequence {
        before: usize,
        settled: usize,
    },
    /// `rank` among the certain gaps, the widest first; `widest` where that is another one's.
    Gap {
        gap: f64,
        certain: bool,
        rank: usize,
        widest: Option<Widest>,
    },
    NotAsked {
        widest: Option<Widest>,
    },
    Evidence {
        missing: Vec<String>,
        of: usize,
        maturity: Option<i64>,
    },
}

/// The widest certain gap, where it belongs to another competency than the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Widest {
    pub competency: Competency,
    pub gap: f64,
    pub waits: Waits,
}

/// Why a competency with a wider gap is not the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// It is good enough for this cycle.
    Settled,
    /// It is a candidate, and a gap never outweighs a level.
    Higher,
    /// Another stage works on it.
    ForStage(Stage),
    /// The present stage works on it, and weak groundwork goes first.
    ForGroundwork,
    /// It is groundwork that is not weak, while the decisions have only the weak one to wait for.
    NotWeak,
}

/// A competency that puts the coming budget at risk, or may, where nobody has assessed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Risk {
    pub competency: Competency,
    pub maturity: Option<i64>,
}

impl Risk {
    /// Whether it is known to be weak, not only short of sound.
    pub fn is_grave(self) -> bool {
        self.maturity.is_some_and(|it| it < WEAK)
    }
}

/// The competencies that a stage works on.
pub fn of_stage(stage: Stage) -> &'static [Competency] {
    match stage {
        Stage::Results => &Competency::ALL[12..15],
        Stage::Groundwork => &Competency::ALL[..9],
        Stage::Decisions => &Competency::ALL[9..12],
    }
}

/// The immediate next competency.
///
/// Candidates are the competencies of the stage that are not settled. The lowest maturity goes first, one that nobody
/// has assessed lower than any; then the wider certain gap; then the earlier in the order. Before decisions are made,
/// weak groundwork goes first as long as there is a month for it and for each open decision. When a stage is settled,
/// the following ones are begun early; when all fifteen are, the following stage is prepared.
pub fn advise(at: &Position, all: &All, evidence: &[Evidence]) -> Advice {
    let (because, mut candidates) = candidates(at, all);
    candidates.sort_by(|one, other| urgency(seen(all, *one)).total_cmp(&urgency(seen(all, *other))));
    let (next, others) = candidates.split_first().expect("there is a candidate in every case");
    Advice {
        next: *next,
        because,
        reasons: reasons(at, all, evidence, because, *next, others),
        others: others.to_vec(),
        risks: risks(all),
    }
}

fn seen(all: &All, competency: Competency) -> &Seen {
    &all[competency as usize]
}

fn candidates(at: &Position, all: &All) -> (Because, Vec<Competency>) {
    let open = |among: &[Competency]| -> Vec<Competency> {
        among.iter().copied().filter(|it| !seen(all, *it).settled).collect()
    };
    let here = open(of_stage(at.stage));
    if at.stage == Stage::Decisions && !at.handed_in {
        let mut weak = open(of_stage(Stage::Groundwork));
        weak.retain(|it| seen(all, *it).maturity.is_some_and(|it| it < WEAK));
        let needed = DAYS_FOR_ONE * (here.len() as i64 + 1);
        if !weak.is_empty() && at.days_left >= needed {
            return (Because::Foundation, weak);
        }
    }
    if !here.is_empty() {
        return (Because::Stage(at.stage), here);
    }
    let following = at.stage.following();
    for stage in [following, following.following()] {
        let ahead = open(of_stage(stage));
        if !ahead.is_empty() {
            return (Because::Ahead(stage), ahead);
        }
    }
    (Because::AllSettled(following), of_stage(following).to_vec())
}

/// Sorts candidates: lower goes first. Sorting is stable, so the order of the method decides ties.
fn urgency(seen: &Seen) -> f64 {
    // Levels are whole and a gap is less than 10 points on any scale, so the gap decides only within a level.
    let gap = if seen.certain { seen.gap.unwrap_or(0.0).abs().min(9.0) } else { 0.0 };
    seen.maturity.map_or(-1.0, |it| it as f64) - gap / 10.0
}

fn reasons(
    at: &Position,
    all: &All,
    evidence: &[Evidence],
    because: Because,
    next: Competency,
    others: &[Competency],
) -> Vec<Reason> {
    let this = seen(all, next);
    let days = calc::fiscal::days_between(at.day, at.stage_ends);
    let mut reasons = vec![Reason::Stage { because, days, budget: at.days_left, handed_in: at.handed_in }];
    let level = others.iter().copied().filter(|it| seen(all, *it).maturity == this.maturity).collect();
    reasons.push(Reason::Maturity { maturity: this.maturity, level });
    let earlier = &Competency::ALL[..next as usize];
    let settled = earlier.iter().filter(|it| seen(all, **it).settled).count();
    reasons.push(Reason::Sequence { before: earlier.len(), settled });
    let widest = widest(at, all, because, next, others);
    match this.gap {
        Some(gap) => {
            let wider = |it: &Seen| it.certain && it.gap.is_some_and(|it| it.abs() > gap.abs());
            let rank = all.iter().filter(|it| wider(it)).count() + 1;
            reasons.push(Reason::Gap { gap, certain: this.certain, rank, widest });
        }
        None => reasons.push(Reason::NotAsked { widest }),
    }
    let of: Vec<&Evidence> = evidence.iter().filter(|it| it.competency == next).collect();
    let missing = of.iter().filter(|it| !it.met).map(|it| it.text.clone()).collect();
    if !of.is_empty() {
        reasons.push(Reason::Evidence { missing, of: of.len(), maturity: this.maturity });
    }
    reasons
}

/// The widest certain gap, where it is not that of the next one, and why it waits.
fn widest(at: &Position, all: &All, because: Because, next: Competency, others: &[Competency]) -> Option<Widest> {
    let width = |it: Competency| seen(all, it).gap.filter(|_| seen(all, it).certain).map(f64::abs);
    let certain = Competency::ALL.iter().copied().filter(|it| width(*it) > width(next));
    let competency =
        certain.max_by(|one, other| width(*one).unwrap_or(0.0).total_cmp(&width(*other).unwrap_or(0.0)))?;
    let works = [Stage::Results, Stage::Groundwork, Stage::Decisions]
        .into_iter()
        .find(|it| of_stage(*it).contains(&competency))?;
    let waits = if others.contains(&competency) {
        Waits::Higher
    } else if seen(all, competency).settled {
        Waits::Settled
    } else if because == Because::Foundation {
        if works == Stage::Groundwork {
            Waits::NotWeak
        } else if works == at.stage {
            Waits::ForGroundwork
        } else {
            Waits::ForStage(works)
        }
    } else {
        Waits::ForStage(works)
    };
    Some(Widest { competency, gap: seen(all, competency).gap?, waits })
}

/// Competencies 1 to 11 that are not settled and short of sound, the weakest first and those unknown last.
fn risks(all: &All) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Competency::ALL[..11]
        .iter()
        .filter(|it| !seen(all, **it).settled && seen(all, **it).maturity.is_none_or(|it| it < SOUND))
        .map(|it| Risk { competency: *it, maturity: seen(all, *it).maturity })
        .collect();
    risks.sort_by_key(|it| (it.maturity.is_none(), it.maturity));
    risks
}

/// A name in the middle of a sentence.
pub fn inline(competency: Competency) -> String {
    competency.label().to_lowercase()
}

/// Names in a row: "envisioning, benchmarking and projects"; "and 4 more" after the third.
pub fn names(of: &[Competency]) -> String {
    let named: Vec<String> = of.iter().take(3).map(|it| inline(*it)).collect();
    match (&named[..], of.len()) {
        (some, n) if n > 3 => format!("{} and {} more", some.join(", "), n - 3),
        (some, _) => list(some),
    }
}

/// "1 day", "2 days".
pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// The numbers of a stage's competencies: "1 to 9".
pub fn numbers(stage: Stage) -> String {
    let of = of_stage(stage);
    format!("{} to {}", of[0].number(), of[of.len() - 1].number())
}

impl Reason {
    /// What kind of reason it is, as a word.
    pub fn about(&self) -> &'static str {
        match self {
            Reason::Stage { .. } => "Stage",
            Reason::Maturity { .. } => "Maturity",
            Reason::Sequence { .. } => "Sequence",
            Reason::Gap { .. } | Reason::NotAsked { .. } => "Gap",
            Reason::Evidence { .. } => "Evidence",
        }
    }

    /// The reason as a sentence or two.
    pub fn said(&self, locale: Locale) -> String {
        match self {
            Reason::Stage { because, days, budget, handed_in } => said_of_stage(*because, *days, *budget, *handed_in),
            Reason::Maturity { maturity: None, level } if level.is_empty() => {
                "Nobody has said yet where it stands. Without that no advice can be better than a guess.".to_owned()
            }
            Reason::Maturity { maturity: None, level } => {
                format!("Nobody has said yet where it stands, nor where {} do; it comes first.", names(level))
            }
            Reason::Maturity { maturity: Some(maturity), level } if level.is_empty() => {
                format!("It stands at {maturity} of 5, lower than every other candidate.")
            }
            Reason::Maturity { maturity: Some(maturity), level } => {
                let stand = if level.len() == 1 { "stands" } else { "stand" };
                format!("It stands at {maturity} of 5. Of the candidates, {} {stand} as low.", names(level))
            }
            Reason::Sequence { before: 0, .. } => "It is the first of the fifteen; all others build on it.".to_owned(),
            Reason::Sequence { before, settled } if before == settled => {
                "All that come before it are settled as good enough; it is next in the order.".to_owned()
            }
            Reason::Sequence { before, settled } => {
                format!("{settled} of the {before} before it in the order are settled as good enough.")
            }
            Reason::Gap { gap, certain, rank, widest } => {
                let widest = widest.map_or(String::new(), |it| format!(" {}", it.said(locale)));
                format!("{}{widest}", said_of_gap(*gap, *certain, *rank, locale))
            }
            Reason::NotAsked { widest: None } => {
                "Business and IT have not been compared on it, so no gap speaks for or against it.".to_owned()
            }
            Reason::NotAsked { widest: Some(widest) } => {
                format!("Business and IT have not been compared on it. {}", widest.said(locale))
            }
            Reason::Evidence { missing, maturity, .. } if missing.is_empty() => match maturity {
                Some(it) if *it >= SOUND => {
                    "The evidence that Waypost can see is there: perhaps it is good enough already.".to_owned()
                }
                Some(it) => format!(
                    "The evidence that Waypost can see is there, but that alone does not make it good: it stands at {it} \
                     of 5."
                ),
                None => {
                    "The evidence that Waypost can see is there, but that alone does not make it good: say where it \
                         stands."
                        .to_owned()
                }
            },
            Reason::Evidence { missing, of: 1, .. } => {
                format!("The evidence that Waypost can see is missing: {}.", missing.join("; "))
            }
            Reason::Evidence { missing, of, .. } => {
                let (n, is) = (missing.len(), if missing.len() == 1 { "is" } else { "are" });
                format!("{n} of {of} pieces of evidence that Waypost can see {is} missing: {}.", missing.join("; "))
            }
        }
    }
}

fn said_of_stage(because: Because, left: i64, budget: i64, handed_in: bool) -> String {
    match because {
        Because::Stage(Stage::Decisions) if handed_in => format!(
            "The budget is handed in. The year's last {} are for closing what the decisions stage left open.",
            days(left)
        ),
        Because::Stage(stage @ Stage::Decisions) if (1..left).contains(&budget) => format!(
            "The year is in its decisions stage, which works on {}: {} to the budget, then {} for its approval.",
            numbers(stage),
            days(budget),
            days(left - budget)
        ),
        Because::Stage(stage) => {
            let label = stage.label().to_lowercase();
            format!(
                "The year is in its {label} stage, which works on {}; {} of it are left.",
                numbers(stage),
                days(left)
            )
        }
        Because::Foundation => format!(
            "The decisions rest on it, it is weak, and there is time: the {} to the budget leave a month for it and for each decision that is open.",
            days(budget)
        ),
        Because::Ahead(stage) => format!(
            "Everything in the present stage is settled, so {} ({}) can begin early.",
            stage.label().to_lowercase(),
            numbers(stage)
        ),
        Because::AllSettled(stage) => format!(
            "All fifteen are settled as good enough for this cycle. The next stage, {}, begins in {}; this is its lowest.",
            stage.label().to_lowercase(),
            days(left + 1)
        ),
    }
}

impl Widest {
    fn said(self, locale: Locale) -> String {
        let points = locale.decimal(self.gap.abs(), 1);
        let why = match self.waits {
            Waits::Settled => "which is settled as good enough for this cycle".to_owned(),
            Waits::Higher => "which waits because it stands higher: a gap never outweighs a level".to_owned(),
            Waits::ForStage(stage) => {
                format!("which waits for the {} stage, where it is worked on", stage.label().to_lowercase())
            }
            Waits::ForGroundwork => "which waits because weak groundwork goes before decisions".to_owned(),
            Waits::NotWeak => "which waits because it is not weak, and the decisions wait for what is".to_owned(),
        };
        format!("The widest certain gap of all, {points} points, is that of {}, {why}.", inline(self.competency))
    }
}

fn said_of_gap(gap: f64, certain: bool, rank: usize, locale: Locale) -> String {
    let points = locale.decimal(gap.abs(), 1);
    let (lower, higher) = if gap >= 0.0 { ("Business", "IT") } else { ("IT", "business") };
    match (certain, rank) {
        (true, 1) => {
            format!(
                "{lower} sees it {points} points lower than {higher} does: the widest gap of all, and more than chance."
            )
        }
        (true, rank) => format!(
            "{lower} sees it {points} points lower than {higher} does; it is the {} widest certain gap.",
            ordinal(rank)
        ),
        (false, _) => {
            format!("{lower} sees it {points} points lower than {higher} does, which may be chance and does not count.")
        }
    }
}

/// "second", "third", …; fifteen are enough here.
fn ordinal(of: usize) -> &'static str {
    const WORDS: [&str; 15] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
    ];
    WORDS[of.clamp(1, 15) - 1]
}

#[cfg(test)]
mod tests;
