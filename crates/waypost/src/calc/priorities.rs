//! What comes first: paired comparisons, best and worst, weighted ratings, weighted shortest job first.

use std::path::{Path, PathBuf};

use ::calc::{
    Finding,
    ahp::{self, Fault, Judgement, Matrix},
    maxdiff::{self, Counts, Score},
    weighted,
    wsjf::{self, Job, Place},
};
use clap::Subcommand;
use serde::{Serialize, Serializer};

use super::{
    With, json,
    table::{Cell, Table},
};

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Priorities from comparing options two by two (AHP), and whether the comparisons fit together.
    #[command(after_help = "\
The file is a square matrix without a header: how many times better the option of the row is than that of the column.
Fractions such as 1/3 are fine. One half may be empty: it holds the reciprocals of the other.

Examples:
  waypost calc ahp drinks.csv
  printf '1,3,5\\n,1,2\\n,,1\\n' | waypost calc ahp -")]
    Ahp {
        /// The comparisons; `-` reads standard input.
        file: PathBuf,
    },
    /// Scores, utilities and shares from picking the best and the worst of a few items at a time (MaxDiff).
    #[command(after_help = "\
The file begins with the line item,shown,best,worst: how often each item was shown, and picked as the best and the worst.

Example:
  waypost calc maxdiff counts.csv")]
    Maxdiff {
        /// The counts by item; `-` reads standard input.
        file: PathBuf,
    },
    /// Options rated on weighted criteria, and the smallest change of a weight that lets another option win.
    #[command(after_help = "\
The file begins with the line criterion,weight and the names of the options; below stand the ratings.

Example:
  waypost calc weighted options.csv")]
    Weighted {
        /// The ratings by criterion; `-` reads standard input.
        file: PathBuf,
    },
    /// Weighted shortest job first: cost of delay by size, and the order that follows.
    #[command(after_help = "\
The file begins with the line job,value,time_criticality,risk_reduction,size. Equal figures share a rank.

Example:
  waypost calc wsjf jobs.csv")]
    Wsjf {
        /// The jobs; `-` reads standard input.
        file: PathBuf,
    },
}

pub(super) fn answer(command: &Command, table: &dyn Fn(&Path) -> Result<Table, String>) -> Result<String, String> {
    match command {
        Command::Ahp { file } => json(&ahp(&table(file)?)?),
        Command::Maxdiff { file } => json(&maxdiff(&table(file)?)?),
        Command::Weighted { file } => json(&weighted(&table(file)?)?),
        Command::Wsjf { file } => json(&wsjf(&table(file)?)?),
    }
}

/// Options are counted from 1, as lines and columns are.
fn ahp(table: &Table) -> Result<With<ahp::Priorities>, String> {
    let lines = table.lines_of_equal_length()?;
    let cells: Vec<Vec<Cell>> = lines.iter().map(|line| line.cells().collect()).collect();
    let rows: Result<Vec<Vec<Option<f64>>>, String> =
        cells.iter().map(|row| row.iter().map(|cell| cell.ratio_or_missing()).collect()).collect();
    let matrix = Matrix::from_rows(&rows?).map_err(|faults| sentence(&faults[0], &cells))?;
    let mut answer = matrix.priorities();
    let mut findings = Vec::new();
    for &(row, column) in matrix.rounded() {
        let (upper, lower) = (cells[row][column], cells[column][row]);
        let message = format!("{} is taken as {}, what {} says.", lower.written(), reciprocal(upper), upper.place());
        findings.push(Finding::new("rounded", lower.place(), message));
    }
    let size = matrix.size();
    let judged = (0..size).flat_map(|row| (row + 1..size).map(move |column| (row, column)));
    for (row, column) in judged.filter(|it| !(1.0 / 9.1..=9.1).contains(&matrix.over(it.0, it.1))) {
        let message = "Judgements go from 1/9 to 9; beyond that options are better compared in groups.";
        findings.push(Finding::new("off_scale", place(&cells, row, column), message));
    }
    match (answer.cr, &answer.look_again) {
        (None, _) if size < 3 => {
            let message = "Fewer than three options cannot contradict each other: there is no consistency ratio.";
            findings.push(Finding::new("too_few_options", "all options", message));
        }
        (None, _) => {
            let message = format!("{} has no random index for {size} options: there is no ratio.", answer.ri_table);
            findings.push(Finding::new("no_random_index", "all options", message));
        }
        (Some(cr), Some(it)) if cr > ahp::ACCEPTABLE => {
            let message = format!(
                "The judgements contradict each other: the consistency ratio is {cr:.2}, acceptable is up to {:.2}. \
                 Look at this one first: it says {:.2}, all together say {:.2}.",
                ahp::ACCEPTABLE,
                it.given,
                it.implied
            );
            findings.push(Finding::new("inconsistent", place(&cells, it.row, it.column), message));
        }
        _ => {}
    }
    let from_one = |it: Judgement| Judgement { row: it.row + 1, column: it.column + 1, ..it };
    answer.look_again = answer.look_again.map(from_one);
    Ok(With { answer, findings })
}

/// Where a judgement stands; in the lower half if only that is filled in.
fn place(cells: &[Vec<Cell>], row: usize, column: usize) -> String {
    let upper = cells[row][column];
    if upper.text_or_missing().is_some() { upper.place() } else { cells[column][row].place() }
}

/// What is wrong with the matrix, where.
fn sentence(fault: &Fault, cells: &[Vec<Cell>]) -> String {
    match *fault {
        Fault::Nothing => cells[0][0].fault("there is nothing to compare"),
        Fault::NotSquare { row, columns } => {
            let rows = cells.len();
            let at = cells[row][columns.min(rows + 1) - 1];
            at.fault(&format!("the matrix is {rows} high and {columns} wide; it must be square"))
        }
        Fault::Missing { row, column } => {
            let mirrored = cells[column][row].place();
            cells[row][column].fault(&format!("a judgement is missing, here or in its mirror image, {mirrored}"))
        }
        Fault::NotPositive { row, column } => {
            cells[row][column].problem("is not above zero, from 1/1000000 to 1000000: how many times better")
        }
        Fault::Diagonal { row, .. } => cells[row][row].problem("is not 1, which each option is beside itself"),
        Fault::NotReciprocal { row, column, .. } => {
            let (upper, lower) = (cells[row][column], cells[column][row]);
            let (mirrored, said, expected) = (upper.place(), upper.written(), reciprocal(upper));
            lower.problem(&format!(
                "contradicts its mirror image, {said} on {mirrored}; write {expected}, or leave one of the two empty"
            ))
        }
    }
}

/// One over a judgement, as one would write it.
fn reciprocal(of: Cell) -> String {
    match of.written().split_once('/') {
        Some((above, below)) if above.trim() == "1" => below.trim().to_owned(),
        Some((above, below)) => format!("{}/{}", below.trim(), above.trim()),
        None => format!("1/{}", of.written()),
    }
}

#[derive(Serialize)]
struct Items<'a> {
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    item: &'a str,
    #[serde(flatten)]
    score: Score,
}

fn maxdiff(table: &Table) -> Result<With<Items<'_>>, String> {
    let (mut names, mut counts, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    let rows = table.columns(["item", "shown", "best", "worst"])?;
    for [item, shown, best, worst] in &rows {
        let it = Counts { shown: shown.count()?, best: best.count()?, worst: worst.count()? };
        if !it.is_possible() {
            return Err(best.fault(&format!(
                "{} times the best and {} times the worst are more than the {} times that it was shown",
                it.best, it.worst, it.shown
            )));
        }
        names.push(item.text()?);
        counts.push(it);
    }
    findings.extend(twice(rows.iter().map(|it| it[0])));
    let scores = maxdiff::scores(&counts);
    for ((name, score), count) in names.iter().zip(&scores).zip(&counts) {
        if count.shown == 0 {
            findings.push(Finding::new("never_shown", *name, "It was never shown: there is no figure."));
        } else if score.bounded {
            let pick = if count.best > 0 { "best" } else { "worst" };
            let message = format!(
                "It was the {pick} every time it was shown, so that its utility has no bound; it is given as if half a \
                 pick had gone otherwise."
            );
            findings.push(Finding::new("unbounded", *name, message));
        }
    }
    let sum = |of: fn(&Counts) -> u64| counts.iter().map(of).fold(0, u64::saturating_add);
    let (best, worst) = (sum(|it| it.best), sum(|it| it.worst));
    if best != worst {
        let message = format!("{best} picks as the best but {worst} as the worst: each answer has one of both.");
        findings.push(Finding::new("picks_differ", "all items", message));
    }
    let items = names.into_iter().zip(scores).map(|(item, score)| Item { item, score }).collect();
    Ok(With { answer: Items { items }, findings })
}

#[derive(Serialize)]
struct Weighted<'a> {
    #[serde(serialize_with = "as_object")]
    totals: Vec<(&'a str, f64)>,
    #[serde(serialize_with = "as_object")]
    normalised: Vec<(&'a str, f64)>,
    winner: Option<&'a str>,
    flip: Option<Flip<'a>>,
}

#[derive(Serialize)]
struct Flip<'a> {
    criterion: &'a str,
    change: f64,
    weight: f64,
    option: &'a str,
}

fn as_object<S: Serializer>(named: &[(&str, f64)], out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(named.iter().copied())
}

fn weighted(table: &Table) -> Result<With<Weighted<'_>>, String> {
    let (options, rows) = table.columns_and_others(["criterion", "weight"])?;
    let (mut criteria, mut weights, mut ratings) = (Vec::new(), Vec::new(), Vec::new());
    for ([criterion, weight], row) in &rows {
        criteria.push(criterion.text()?);
        weights.push(weight.amount()?);
        ratings.push(row.iter().map(|it| it.number()).collect::<Result<Vec<f64>, String>>()?);
    }
    let [first_criterion, first_weight] = rows[0].0;
    if options.is_empty() {
        return Err(first_criterion.fault("no option is rated: name the options in the header, after the weight"));
    }
    let names = options.iter().map(|it| it.text()).collect::<Result<Vec<&str>, String>>()?;
    for (at, option) in options.iter().enumerate() {
        if names[..at].contains(&names[at]) {
            return Err(option.problem("is the name of another option too"));
        }
    }
    let it = weighted::compare(&weights, &ratings).map_err(|fault| match fault {
        weighted::Fault::NoWeight => first_weight.fault("no criterion has a weight above zero"),
        weighted::Fault::Nothing => first_criterion.fault("there is nothing to compare"),
        weighted::Fault::Weight { criterion } => rows[criterion].0[1].problem("is not a number from 0 up"),
        weighted::Fault::Rating { criterion, option } => rows[criterion].1[option].problem("is not a number"),
    })?;
    let mut findings: Vec<Finding> = twice(rows.iter().map(|it| it.0[0])).collect();
    if it.winner().is_none() {
        let level: Vec<&str> = it.leaders.iter().map(|it| names[*it]).collect();
        let message = format!("{} have the same total: any change of a weight may decide.", level.join(", "));
        findings.push(Finding::new("level", "all criteria", message));
    }
    let named = |values: &[f64]| names.iter().copied().zip(values.iter().copied()).collect();
    let flip = it.flip.map(|it| Flip {
        criterion: criteria[it.criterion],
        change: it.change,
        weight: it.weight,
        option: names[it.option],
    });
    let winner = it.winner().map(|it| names[it]);
    let answer = Weighted { totals: named(&it.totals), normalised: named(&it.normalised), winner, flip };
    Ok(With { answer, findings })
}

#[derive(Serialize)]
struct Jobs<'a> {
    jobs: Vec<RankedJob<'a>>,
}

#[derive(Serialize)]
struct RankedJob<'a> {
    job: &'a str,
    #[serde(flatten)]
    place: Place,
}

fn wsjf(table: &Table) -> Result<With<Jobs<'_>>, String> {
    let (mut names, mut jobs) = (Vec::new(), Vec::new());
    let rows = table.columns(["job", "value", "time_criticality", "risk_reduction", "size"])?;
    for [job, value, time_criticality, risk_reduction, size] in &rows {
        names.push(job.text()?);
        let it = Job {
            value: value.amount()?,
            time_criticality: time_criticality.amount()?,
            risk_reduction: risk_reduction.amount()?,
            size: size.number()?,
        };
        if it.size <= 0.0 {
            return Err(size.problem("is not a size above zero"));
        }
        if it.wsjf().is_none() {
            return Err(size.problem("is too small a size to divide by"));
        }
        jobs.push(it);
    }
    let jobs = names.into_iter().zip(wsjf::ranked(&jobs)).map(|(job, place)| RankedJob { job, place }).collect();
    Ok(With { answer: Jobs { jobs }, findings: twice(rows.iter().map(|it| it[0])).collect() })
}

/// A finding for each name that stands above already.
fn twice<'a>(names: impl Iterator<Item = Cell<'a>>) -> impl Iterator<Item = Finding> {
    let mut met = Vec::new();
    names.filter_map(move |it| {
        let name = it.written();
        let before = met.contains(&name);
        met.push(name);
        let message = format!("{name} stands above already; both are kept.");
        before.then(|| Finding::new("named_twice", format!("line {}", it.line()), message))
    })
}
