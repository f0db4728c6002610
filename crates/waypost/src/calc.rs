//! `waypost calc`: the calculations on the command line, for scripts, spreadsheets and checks.
//!
//! Each command reads files (`-` is standard input) and prints one JSON object on a line. What makes a file unusable is
//! one sentence on standard error, with file, line and column, and exit status 2. The figures and what they mean are
//! the library's; here is only reading and writing.

mod contracts;
mod priorities;
mod table;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fs,
    io::{Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use ::calc::{
    Finding, adjust,
    agreement::{
        self, Level, Ratings, Report,
        icc::{Bliese, bliese},
        krippendorff,
    },
    compare::{self, Comparison, Interval},
    gap::{self, Answers, Gap, Settings},
};
use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use self::table::{Cell, Table};

/// Fewer answers than this on a side deserve a finding where no threshold was asked for.
const SMALL: usize = 5;

#[derive(Debug, Clone, Subcommand)]
pub enum CalcCommand {
    /// How far raters agree: Krippendorff's alpha, r_wg, average deviation, intraclass correlations, Cronbach's alpha.
    #[command(after_help = "\
The file has no header: a row for each rater, a column for each unit (item, target) that was rated. An empty cell or a
point is a missing answer. At --level nominal the answers may be any text.

Examples:
  waypost calc agreement ratings.csv --level ordinal --scale 5
  waypost calc agreement ratings.csv --resamples 1000 --seed 7
  printf '4,5,2\\n5,5,1\\n4,4,.\\n' | waypost calc agreement - --scale 5")]
    Agreement {
        /// The ratings; `-` reads standard input.
        file: PathBuf,
        /// What the answers measure, for Krippendorff's alpha.
        #[arg(long, value_enum, default_value = "interval")]
        level: Measured,
        /// The number of answer options, for r_wg [default: the largest answer]
        #[arg(long, value_name = "A", value_parser = scale)]
        scale: Option<f64>,
        /// Draw the raters anew this many times for an interval of alpha (`alpha_interval`).
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = resamples_or_none)]
        resamples: usize,
        #[arg(long, value_name = "K", default_value_t = 1)]
        seed: u64,
    },
    /// What belonging to a group tells about a value: Bliese's ICC(1) and ICC(2).
    #[command(after_help = "\
The file begins with the line group,value.

Example:
  waypost calc groups hours.csv")]
    Groups {
        /// The values by group; `-` reads standard input.
        file: PathBuf,
    },
    /// Two groups side by side: means, Hedges's g, Mann–Whitney, a bootstrap interval of the difference.
    #[command(after_help = "\
Each file has one number a line. The difference is A minus B.

Examples:
  waypost calc compare business.csv it.csv
  waypost calc compare business.csv it.csv --resamples 20000 --seed 7")]
    Compare {
        /// The first group; `-` reads standard input.
        a: PathBuf,
        /// The second group.
        b: PathBuf,
        #[arg(long, value_name = "N", default_value = "10000", value_parser = resamples)]
        resamples: usize,
        #[arg(long, value_name = "K", default_value_t = 1)]
        seed: u64,
    },
    /// P-values that allow for how many were tried: Benjamini–Hochberg, Holm, Bonferroni.
    #[command(after_help = "\
The file has one p-value a line; the lists come in the same order.

Example:
  waypost calc adjust p.csv")]
    Adjust {
        /// The p-values; `-` reads standard input.
        file: PathBuf,
    },
    /// The gap between two groups, item by item.
    #[command(after_help = "\
The file begins with the line respondent,group,item,value. The gap is the mean of --a minus the mean of --b; low and
high are the interval of Hedges's g, gap_low and gap_high that of the gap itself; p is Mann and Whitney's.

Examples:
  waypost calc gap answers.csv
  waypost calc gap answers.csv --a sales --b it --threshold 5")]
    Gap {
        /// The answers; `-` reads standard input.
        file: PathBuf,
        #[arg(long, value_name = "GROUP", default_value = "business")]
        a: String,
        #[arg(long, value_name = "GROUP", default_value = "it")]
        b: String,
        /// Suppress an item that fewer than this many of either group answered [default: suppress nothing]
        #[arg(long, value_name = "T", value_parser = at_least_one)]
        threshold: Option<usize>,
        #[arg(long, value_name = "N", default_value = "10000", value_parser = resamples)]
        resamples: usize,
        #[arg(long, value_name = "K", default_value_t = 1)]
        seed: u64,
    },
    #[command(flatten)]
    Priorities(priorities::Command),
    #[command(flatten)]
    Contracts(contracts::Command),
}

/// The level of measurement, by its name on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measured {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

/// Answers a command on standard output.
pub fn run(command: CalcCommand) -> ExitCode {
    match answer(&command, &read) {
        Ok(json) => match writeln!(stdout(), "{json}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("The answer could not be written: {why}.");
                ExitCode::FAILURE
            }
        },
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

/// The JSON that answers a command, or the sentence that says what is wrong with its input.
fn answer(command: &CalcCommand, read: &dyn Fn(&Path) -> std::io::Result<Vec<u8>>) -> Result<String, String> {
    let table = |file: &Path| {
        let name = if file == "-" { "standard input".into() } else { file.display().to_string() };
        let bytes = read(file).map_err(|why| format!("{name} cannot be read: {why}."))?;
        Table::read(name, bytes)
    };
    match command {
        CalcCommand::Agreement { file, level, scale, resamples, seed } => {
            json(&agreement(&table(file)?, (*level).into(), *scale, *resamples, *seed)?)
        }
        CalcCommand::Groups { file } => json(&groups(&table(file)?)?),
        CalcCommand::Compare { a, b, .. } if a == "-" && b == "-" => {
            Err("Only one of the two files can be standard input.".into())
        }
        CalcCommand::Compare { a, b, resamples, seed } => {
            json(&compare(&numbers(&table(a)?)?, &numbers(&table(b)?)?, *resamples, *seed))
        }
        CalcCommand::Adjust { file } => json(&adjusted(&table(file)?)?),
        CalcCommand::Gap { file, a, b, threshold, resamples, seed } => {
            let settings = Settings { threshold: threshold.unwrap_or(1), resamples: *resamples, seed: *seed };
            json(&gaps(&table(file)?, a, b, settings, threshold.is_none())?)
        }
        CalcCommand::Priorities(command) => priorities::answer(command, &table),
        CalcCommand::Contracts(command) => contracts::answer(command, &table),
    }
}

/// An answer, with what is doubtful about it.
#[derive(Serialize)]
struct With<T> {
    #[serde(flatten)]
    answer: T,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Agreement {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    alpha_interval: Option<Interval>,
}

fn agreement(
    table: &Table,
    level: Level,
    scale: Option<f64>,
    resamples: usize,
    seed: u64,
) -> Result<Agreement, String> {
    let lines = table.lines_of_equal_length()?;
    let rows: Result<Vec<Vec<Option<f64>>>, String> =
        lines.iter().map(|line| line.cells().map(|cell| cell.number_or_missing()).collect()).collect();
    let (ratings, report) = match rows {
        Ok(rows) => {
            let ratings = Ratings::from_rows(&rows);
            let report = agreement::report(&ratings, level, scale);
            (ratings, report)
        }
        Err(_) if level == Level::Nominal => {
            let words: Vec<Vec<Option<&str>>> =
                lines.iter().map(|line| line.cells().map(|cell| cell.text_or_missing()).collect()).collect();
            let ratings = Ratings::from_labels(&words);
            let mut report = agreement::report_of_labels(&ratings);
            let wordy = |cell: Cell| cell.text_or_missing().is_some() && cell.number_or_missing().is_err();
            if lines.len() > 1 && lines[0].cells().all(wordy) && !lines[1..].iter().any(|it| it.cells().any(wordy)) {
                let message = "Only this line has words: if it is a header, take it away; it was taken for a rater.";
                report.findings.push(Finding::new("header", "line 1", message));
            }
            (ratings, report)
        }
        Err(why) => return Err(why),
    };
    let alpha_interval =
        (resamples > 0).then(|| krippendorff::bootstrap(&ratings, report.level, resamples, seed)).flatten();
    Ok(Agreement { report, alpha_interval })
}

fn groups(table: &Table) -> Result<With<Bliese>, String> {
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for [group, value] in table.columns(["group", "value"])? {
        groups.entry(group.text()?).or_default().push(value.number()?);
    }
    let groups: Vec<Vec<f64>> = groups.into_values().collect();
    let answer = bliese(&groups);
    let mut findings = Vec::new();
    if answer.msb.is_none() || answer.msw.is_none() {
        let message = "There must be at least two groups, and two values in one of them.";
        findings.push(Finding::new("too_few_answers", "all groups", message));
    } else if answer.icc2.is_none() {
        findings.push(Finding::new("no_variation", "all groups", "All groups have the same mean."));
    }
    Ok(With { answer, findings })
}

fn compare(a: &[f64], b: &[f64], resamples: usize, seed: u64) -> With<Comparison> {
    let answer = compare::compare(a, b, resamples, seed);
    let mut findings = Vec::new();
    for (values, place) in [(a, "a"), (b, "b")] {
        if values.len() < 2 {
            findings.push(Finding::new("too_few_answers", place, "One number does not tell how far numbers spread."));
        }
    }
    if findings.is_empty() && answer.hedges_g.is_none() {
        findings.push(Finding::new("no_variation", "a and b", "Neither group varies: there is no Hedges's g."));
    }
    With { answer, findings }
}

#[derive(Serialize)]
struct Adjusted {
    bh: Vec<f64>,
    holm: Vec<f64>,
    bonferroni: Vec<f64>,
}

fn adjusted(table: &Table) -> Result<With<Adjusted>, String> {
    let p: Result<Vec<f64>, String> = table
        .single_column()?
        .map(|cell| {
            let p = cell.number()?;
            if (0.0..=1.0).contains(&p) { Ok(p) } else { Err(cell.problem("is not a p-value from 0 to 1")) }
        })
        .collect();
    let p = p?;
    let answer =
        Adjusted { bh: adjust::benjamini_hochberg(&p), holm: adjust::holm(&p), bonferroni: adjust::bonferroni(&p) };
    Ok(With { answer, findings: Vec::new() })
}

#[derive(Serialize)]
struct Gaps {
    items: Vec<Gap<String>>,
}

fn gaps(table: &Table, a: &str, b: &str, settings: Settings, unguarded: bool) -> Result<With<Gaps>, String> {
    let mut items: Vec<Answers<String>> = Vec::new();
    let mut place_of = BTreeMap::new();
    let mut answered = BTreeMap::new();
    let mut group_of = BTreeMap::new();
    let mut others = BTreeSet::new();
    let mut findings = Vec::new();
    for [respondent, group, item, value] in table.columns(["respondent", "group", "item", "value"])? {
        let (line, who, side) = (value.line(), respondent.text()?, group.text()?.to_lowercase());
        let item = item.text()?;
        let value = value.number_or_missing()?;
        let (first_side, first_line) = group_of.entry(who).or_insert((side.clone(), line));
        if *first_side != side {
            let message = format!("Respondent {who} is in another group here than on line {first_line}.");
            findings.push(Finding::new("several_groups", format!("line {line}"), message));
        }
        match answered.entry((who, item)) {
            Entry::Occupied(before) => {
                let message = format!(
                    "Respondent {who} answered {item} on line {} already; that answer is kept, this one is left out.",
                    before.get()
                );
                findings.push(Finding::new("answered_twice", format!("line {line}"), message));
                continue;
            }
            Entry::Vacant(first) => first.insert(line),
        };
        let at = *place_of.entry(item).or_insert_with(|| {
            items.push(Answers { item: item.to_owned(), a: Vec::new(), b: Vec::new() });
            items.len() - 1
        });
        if side == a.to_lowercase() {
            items[at].a.extend(value);
        } else if side == b.to_lowercase() {
            items[at].b.extend(value);
        } else {
            others.insert(side);
        }
    }
    let met: BTreeSet<&str> = group_of.values().map(|(side, _)| side.as_str()).collect();
    if let Some(absent) = [a, b].into_iter().find(|it| !met.contains(it.to_lowercase().as_str())) {
        let met = Vec::from_iter(met).join(", ");
        return Err(format!("{}: no line is of group {absent}; the groups are {met}.", table.name()));
    }
    if !others.is_empty() {
        let message = format!("Not compared: {}.", Vec::from_iter(others).join(", "));
        findings.push(Finding::new("other_groups", "group", message));
    }
    let gaps = gap::gaps(&items, settings);
    for it in gaps.iter().filter(|it| !it.suppressed) {
        let fewer = it.n_a.min(it.n_b);
        if fewer < 2 {
            findings.push(Finding::new("too_few_answers", &it.item, "Too few answers to compare the groups."));
        } else if it.hedges_g.is_none() {
            findings.push(Finding::new("no_variation", &it.item, "Neither group varies: there is no Hedges's g."));
        } else if unguarded && fewer < SMALL {
            let message = format!("Only {fewer} answers on one side: consider --threshold {SMALL} before showing it.");
            findings.push(Finding::new("small_group", &it.item, message));
        }
    }
    Ok(With { answer: Gaps { items: gaps }, findings })
}

fn numbers(table: &Table) -> Result<Vec<f64>, String> {
    table.single_column()?.map(|cell| cell.number()).collect()
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != "-" {
        return fs::read(file);
    }
    let mut bytes = Vec::new();
    stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn json(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|why| format!("The answer cannot be written as JSON: {why}."))
}

fn scale(text: &str) -> Result<f64, String> {
    let options: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if options >= 2.0 && options.is_finite() { Ok(options) } else { Err("a scale has at least 2 options".into()) }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|it| *it > 0).ok_or_else(|| "must be a whole number of at least 1".into())
}

/// More than this is more than a machine has memory for, and tells nothing that fewer do not.
const MOST_RESAMPLES: usize = 1_000_000;

fn resamples(text: &str) -> Result<usize, String> {
    let found = text.parse().ok().filter(|it| (1..=MOST_RESAMPLES).contains(it));
    found.ok_or_else(|| "must be a whole number from 1 to 1,000,000".into())
}

fn resamples_or_none(text: &str) -> Result<usize, String> {
    if text == "0" { Ok(0) } else { resamples(text) }
}

impl From<Measured> for Level {
    fn from(it: Measured) -> Level {
        match it {
            Measured::Nominal => Level::Nominal,
            Measured::Ordinal => Level::Ordinal,
            Measured::Interval => Level::Interval,
            Measured::Ratio => Level::Ratio,
        }
    }
}
