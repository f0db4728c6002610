//! What makes an outcome usable, how far it has come, what was kept of what was promised, and how much fits at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kit::{
    format::{in_words, in_words_first},
    people::PersonId,
    record::{Faults, Record, Row},
    signature::{self, Signature},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::expectations::model::{Conflict, Limit, Measurement, Outcome, OutcomeId, Standing, State};

/// What an outcome lacks, so that two people could still mean different things by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It says what is to be done, with this word, and not what will then be true.
    Task(String),
    /// This word can be neither seen nor counted, and no measure stands behind it.
    Vague(String),
    Measure,
    Target,
    /// Baseline and target are the same figure.
    Change,
    Due,
    /// The day had passed before anybody agreed to it.
    Past,
    Requester,
    Accountable,
}

impl Lack {
    /// As a mark beside the outcome.
    pub fn short(&self) -> String {
        match self {
            Lack::Task(word) => format!("a task: “{word}”"),
            Lack::Vague(word) => format!("vague: “{word}”"),
            Lack::Measure => "no measure".to_owned(),
            Lack::Target => "no target".to_owned(),
            Lack::Change => "target is the baseline".to_owned(),
            Lack::Due => "no day".to_owned(),
            Lack::Past => "its day has passed".to_owned(),
            Lack::Requester => "nobody expects it".to_owned(),
            Lack::Accountable => "nobody answers for it".to_owned(),
        }
    }

    /// What to do about it.
    pub fn sentence(&self) -> String {
        match self {
            Lack::Task(word) => format!(
                "“{word}” says what IT does. Write what will be true once it is done, as whoever expects it would see it."
            ),
            Lack::Vague(word) => {
                format!("“{word}” means something else to everybody. Name a measure, or write by how much.")
            }
            Lack::Measure => "Name a measure: what is counted or timed to see whether it is so.".to_owned(),
            Lack::Target => "Set a target: the figure at which everyone agrees that it is done.".to_owned(),
            Lack::Change => {
                "Baseline and target are the same, so nothing would change. Correct one of them.".to_owned()
            }
            Lack::Due => "Set the day by which it is expected.".to_owned(),
            Lack::Past => {
                "The day by which it is expected has passed already. Correct it, or set a new one.".to_owned()
            }
            Lack::Requester => "Name who expects it: a wish of nobody is missed by nobody.".to_owned(),
            Lack::Accountable => "Name the one person who answers for it.".to_owned(),
        }
    }
}

/// Words with which a task begins: English verbs, and German ones and nouns that stand first.
const TASK_FIRST: &[&str] = &[
    "automate",
    "build",
    "buy",
    "configure",
    "create",
    "deploy",
    "develop",
    "implement",
    "install",
    "integrate",
    "introduce",
    "introduction",
    "implementation",
    "installation",
    "launch",
    "migrate",
    "migration",
    "modernise",
    "modernize",
    "move",
    "procure",
    "purchase",
    "relaunch",
    "renew",
    "replace",
    "rollout",
    "upgrade",
    "ablösung",
    "anschaffung",
    "ausbau",
    "beschaffung",
    "einführung",
    "ersatz",
    "erneuerung",
    "implementierung",
    "kauf",
    "umstellung",
];

/// Phrases of two words with which a task begins.
const TASK_PHRASES: &[&str] = &["roll out", "set up", "switch to", "change over"];

/// Infinitives with which a task ends in German: "Server migrieren".
const TASK_LAST: &[&str] = &[
    "ablösen",
    "anschaffen",
    "aufbauen",
    "ausrollen",
    "automatisieren",
    "beschaffen",
    "einführen",
    "einrichten",
    "entwickeln",
    "erneuern",
    "ersetzen",
    "implementieren",
    "installieren",
    "integrieren",
    "kaufen",
    "konfigurieren",
    "migrieren",
    "modernisieren",
    "umstellen",
    "umziehen",
];

/// Words that nobody can count, in English and German.
const VAGUE: &[&str] = &[
    "agile",
    "asap",
    "better",
    "easier",
    "efficient",
    "efficiently",
    "faster",
    "flexible",
    "good",
    "improve",
    "improved",
    "innovative",
    "intuitive",
    "modern",
    "optimal",
    "optimise",
    "optimised",
    "optimize",
    "optimized",
    "quickly",
    "robust",
    "seamless",
    "simpler",
    "smarter",
    "soon",
    "user-friendly",
    "benutzerfreundlich",
    "besser",
    "bessere",
    "effizient",
    "effizienter",
    "einfacher",
    "flexibel",
    "gut",
    "innovativ",
    "intuitiv",
    "optimiert",
    "optimieren",
    "reibungslos",
    "schneller",
    "zeitnah",
    "zukunftssicher",
];

/// The word or two by which a statement reads as a task; nothing where it does not.
fn task_word(statement: &str) -> Option<String> {
    let words: Vec<&str> = words(statement).collect();
    let lower: Vec<String> = words.iter().map(|it| it.to_lowercase()).collect();
    let (first, last) = (lower.first()?, lower.last()?);
    if let [_, second, ..] = &lower[..]
        && TASK_PHRASES.contains(&&*format!("{first} {second}"))
    {
        return Some(format!("{} {}", words[0], words[1]));
    }
    if TASK_FIRST.contains(&&**first) {
        return Some(words[0].to_owned());
    }
    TASK_LAST.contains(&&**last).then(|| words[words.len() - 1].to_owned())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric() && it != '-').filter(|it| !it.is_empty())
}

/// Everything that an outcome lacks as seen on a day, the wording first.
pub fn lacks(it: &Outcome, today: Date) -> Vec<Lack> {
    let mut lacks = Vec::new();
    let vague = || words(&it.statement).find(|word| VAGUE.contains(&&*word.to_lowercase())).map(str::to_owned);
    match task_word(&it.statement) {
        Some(word) => lacks.push(Lack::Task(word)),
        // A measure says what the word means.
        None if it.measure.is_none() => lacks.extend(vague().map(Lack::Vague)),
        None => {}
    }
    let missing = [
        (it.measure.is_none(), Lack::Measure),
        (it.target.is_none(), Lack::Target),
        (it.target.is_some() && it.target == it.baseline, Lack::Change),
        (it.due.is_none(), Lack::Due),
        (it.state == State::Proposed && it.due.is_some_and(|due| due < today), Lack::Past),
        (it.requester.is_none(), Lack::Requester),
        (it.accountable.is_none(), Lack::Accountable),
    ];
    lacks.extend(missing.into_iter().filter(|it| it.0).map(|it| it.1));
    lacks
}

/// What should be mended in an outcome that somebody still waits for, for its page.
pub fn to_mend(row: &Row, today: Date) -> Vec<String> {
    let it = Outcome::from_row(row);
    if it.state.is_open() { lacks(&it, today).iter().map(Lack::sentence).collect() } else { Vec::new() }
}

/// Whether it can be seen that it is so.
pub fn is_measurable(it: &Outcome) -> bool {
    it.measure.is_some() && it.target.is_some()
}

/// A conflict is between two outcomes, known once, and decided by somebody.
pub fn conflict_holds(row: &Row, others: &[Row], faults: &mut Faults) {
    let it = Conflict::from_row(row);
    let pair = |it: &Conflict| (it.first.min(it.second), it.first.max(it.second));
    if it.first == it.second {
        faults.add("second", "An outcome cannot conflict with itself. Choose another one.");
    } else if others.iter().map(Conflict::from_row).any(|other| other.id != it.id && pair(&other) == pair(&it)) {
        faults.add("second", "A conflict between these two is on the list already. Open that one.");
    }
    if it.state == Standing::Decided {
        if it.decision.is_none() {
            faults.add("decision", "Write what was decided: which of the two gives way, and by how much.");
        }
        if it.decided_by.is_none() {
            faults.add("decided_by", "Name who decided it.");
        }
    }
}

/// How much of the way from the baseline to the target is gone: 0 at the baseline, 1 at the target, below 0 where it has
/// become worse. `None` where the two are the same.
pub fn way(baseline: Decimal, latest: Decimal, target: Decimal) -> Option<f64> {
    let gone = latest.checked_sub(baseline)?;
    gone.checked_div(target.checked_sub(baseline)?)?.to_f64()
}

kit::choices! {
    /// What became of a promise.
    pub Verdict {
        Met = "met", "Met", Good;
        Partly = "partly", "Partly", Warn;
        Missed = "missed", "Missed", Bad;
        Open = "open", "Open";
    }
}

/// How far an outcome has come.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// The latest figure and its day.
    pub latest: Option<(Date, Decimal)>,
    /// See [`way`]; nothing where baseline, target or figure is missing.
    pub way: Option<f64>,
    /// Nothing of what was never promised.
    pub verdict: Option<Verdict>,
}

/// What became of an outcome, as seen on a day, from all that was measured of it.
///
/// Met: the latest figure has reached the target. Otherwise it is open until its day has passed or it is called
/// delivered; then it is partly met from half of the way on, and missed below. What is called delivered without figures
/// that show it counts as partly met; what has no figures when its day has passed, as missed.
pub fn progress(it: &Outcome, measured: &[&Measurement], today: Date) -> Progress {
    let latest = measured.iter().filter(|it| it.day <= today).max_by_key(|it| it.day).map(|it| (it.day, it.value));
    let way = it.baseline.zip(it.target).zip(latest).and_then(|((from, to), (_, at))| way(from, at, to));
    let over = it.state == State::Delivered || it.due.is_some_and(|due| due < today);
    let verdict = match way {
        Some(way) if way >= 1.0 => Verdict::Met,
        _ if !over => Verdict::Open,
        Some(way) if way >= 0.5 => Verdict::Partly,
        None if it.state == State::Delivered => Verdict::Partly,
        _ => Verdict::Missed,
    };
    Progress { latest, way, verdict: it.state.is_promised().then_some(verdict) }
}

/// Measurements by their outcome.
pub fn by_outcome(all: &[Measurement]) -> BTreeMap<OutcomeId, Vec<&Measurement>> {
    let mut by: BTreeMap<OutcomeId, Vec<&Measurement>> = BTreeMap::new();
    for it in all {
        by.entry(it.outcome).or_default().push(it);
    }
    by
}

/// What was promised in a cycle and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Nothing for outcomes that name no cycle.
    pub cycle: Option<i64>,
    pub met: usize,
    pub partly: usize,
    pub missed: usize,
    pub open: usize,
}

impl Kept {
    pub fn promised(self) -> usize {
        self.met + self.partly + self.missed + self.open
    }

    /// Whether nothing of it can still change.
    pub fn is_over(self) -> bool {
        self.open == 0
    }
}

/// Promises and what became of them, cycle by cycle; those without a cycle last.
pub fn kept(all: impl IntoIterator<Item = (Option<i64>, Verdict)>) -> Vec<Kept> {
    let mut by: BTreeMap<(bool, i64), Kept> = BTreeMap::new();
    for (cycle, verdict) in all {
        let line = by.entry((cycle.is_none(), cycle.unwrap_or(0))).or_insert(Kept { cycle, ..Kept::default() });
        match verdict {
            Verdict::Met => line.met += 1,
            Verdict::Partly => line.partly += 1,
            Verdict::Missed => line.missed += 1,
            Verdict::Open => line.open += 1,
        }
    }
    by.into_values().collect()
}

/// How many outcomes to carry at once, going by what was met in the cycles that are over: their mean, rounded up, so
/// that there is something to grow into. Nothing before the first cycle is over.
pub fn proposed_limit(lines: &[Kept]) -> Option<usize> {
    let over: Vec<&Kept> = lines.iter().filter(|it| it.cycle.is_some() && it.is_over()).collect();
    let met: usize = over.iter().map(|it| it.met).sum();
    (!over.is_empty()).then(|| met.div_ceil(over.len()).max(1))
}

/// The limit that holds on a day.
pub fn limit(all: &[Limit], today: Date) -> Option<&Limit> {
    all.iter().filter(|it| it.since <= today).max_by_key(|it| it.since)
}

/// Who is still to be asked to sign an outcome as it is: whoever expects it, unless they were asked or have said
/// something of this version, and whoever signed or declined it before it changed.
pub fn to_ask(it: &Outcome, said: &[&Signature]) -> Vec<PersonId> {
    let waits = |word: &&Signature| word.verdict() != signature::Verdict::Asked && word.version != it.version;
    let before = said.iter().copied().filter(waits).filter_map(|word| word.person.map(PersonId));
    let unasked = it.requester.filter(|who| said.iter().all(|word| word.person != Some(who.0)));
    unasked.into_iter().chain(before).collect()
}

/// Why nobody is left to be asked to sign, of the agreed outcomes and whether anybody was asked about each.
pub fn nobody_to_ask(agreed: &[&Outcome], was_asked: impl Fn(&Outcome) -> bool) -> &'static str {
    match () {
        () if agreed.is_empty() => "Nothing is agreed yet, so there is nothing to sign off",
        () if agreed.iter().all(|it| was_asked(it)) => "Everyone whose sign-off is missing was asked",
        () => "Some agreed outcomes do not say who here expects them, so nobody can be asked",
    }
}

/// What follows for others where somebody gives an outcome another state: a no that says no reason, or more agreed than
/// the team can carry.
pub fn follows(before: State, after: &Outcome, agreed: usize, most: Option<usize>) -> Option<String> {
    if before == after.state {
        return None;
    }
    match (after.state, most) {
        (State::NotNow | State::Dropped, _) if after.detail.is_none() => Some(
            "Write the reason into its detail: whoever asked reads it on the page of what will not be done.".to_owned(),
        ),
        (State::Agreed, Some(most)) if agreed > most => Some(format!(
            "{} {} agreed now, and the team can carry {}: say no to another one, or not now.",
            in_words_first(agreed),
            if agreed == 1 { "outcome is" } else { "outcomes are" },
            in_words(most)
        )),
        _ => None,
    }
}

/// Where the expectations stand, as a sentence.
pub fn headline(open: &[&Outcome], conflicting: usize) -> String {
    let measurable = open.iter().filter(|it| is_measurable(it)).count();
    let contradict = match conflicting {
        0 => String::new(),
        n if n == open.len() => ", and they contradict each other".to_owned(),
        n => format!(", {} contradict each other", in_words(n)),
    };
    match (open.len(), measurable) {
        (0, _) => "Nothing is expected of IT that anybody has written down".to_owned(),
        (1, 1) => "One outcome is open, and it can be measured".to_owned(),
        (1, _) => "One outcome is open, and nobody could measure it".to_owned(),
        (n, 0) => format!("{} outcomes are open, and none of them can be measured{contradict}", in_words_first(n)),
        (n, all) if n == all => format!("{} outcomes are open; all can be measured{contradict}", in_words_first(n)),
        (n, some) => format!("{} outcomes are open; {} can be measured{contradict}", in_words_first(n), in_words(some)),
    }
}

/// How far what is agreed is signed: how many there are, for how many nobody was asked, and who has not signed all that
/// they were asked for.
pub fn agreed_headline(count: usize, unasked: usize, missing: &[String]) -> String {
    let agreed = match count {
        0 => return "Nothing is agreed yet".to_owned(),
        1 => "One outcome is agreed".to_owned(),
        n => format!("{} outcomes are agreed", in_words_first(n)),
    };
    match missing {
        [] if unasked == 0 => format!("{agreed}, and everyone who was asked has signed"),
        [] if unasked == count => format!("{agreed}; nobody was asked to sign"),
        [] => format!("{agreed}; for {} of them nobody was asked to sign", in_words(unasked)),
        [one] => format!("{agreed}; {one} has not signed everything"),
        [one, other] => format!("{agreed}; {one} and {other} have not signed everything"),
        more => format!("{agreed}; {} people have not signed everything", in_words(more.len())),
    }
}

#[cfg(test)]
mod tests;
