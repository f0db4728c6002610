//! Which rows name the columns.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::parse::{self, Marks};
use super::{Because, Choices, Code, Findings, Grid, Header, MAX_COLUMNS, Merged, Native, RawRow, letters};

pub(super) struct Found {
    pub header: Because<Header>,
    /// Rows of the grid that name the columns.
    pub names: Range<usize>,
    /// The first row of the grid below them.
    pub body: usize,
}

/// So many filled rows from the top may be the header.
const CANDIDATES: usize = 30;
/// So many rows below are compared with it.
const COMPARED: usize = 60;
/// Columns beyond this do not take part in finding the header.
const WIDTH: usize = 512;
const MOST_HEADER_ROWS: usize = 3;

/// What a cell looks like, without regard to its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Blank,
    Text,
    Number,
    Date,
    YesNo,
}

pub(super) fn find(grid: &Grid, choices: &Choices, findings: &mut Findings) -> Found {
    match choices.header {
        Some(Header::Absent) => return Found { header: Because::told(Header::Absent), names: 0..0, body: 0 },
        Some(Header::Rows { first, last }) => {
            let from = grid.rows.iter().position(|row| row.number >= first).unwrap_or(grid.rows.len());
            let to = grid.rows.iter().position(|row| row.number > last).unwrap_or(grid.rows.len());
            if from < to {
                return Found { header: Because::told(Header::Rows { first, last }), names: from..to, body: to };
            }
            findings.add(Code::ChoiceMissing, Some(first), None, || {
                format!(
                    "Row {first}, chosen as the header, holds nothing in this file; the header was looked for instead."
                )
            });
        }
        None => {}
    }
    let (header, names) = detect(grid, findings);
    if names.start > 0 {
        let first = grid.rows[0].number;
        // Blank rows are not in the grid, and stand above the header as well.
        let above = grid.rows.get(names.start).map_or(grid.rows[names.start - 1].number, |it| it.number - 1);
        findings.add(Code::RowsAbove, Some(first), None, || match above {
            1 => "Row 1 stands above the header and was left out.".to_owned(),
            _ => format!("Rows 1 to {above} stand above the header and were left out."),
        });
    }
    let body = names.end;
    Found { header, names, body }
}

fn detect(grid: &Grid, findings: &mut Findings) -> (Because<Header>, Range<usize>) {
    let rows = &grid.rows[..grid.rows.len().min(CANDIDATES + COMPARED)];
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).min(WIDTH);
    let looks: Vec<Vec<Look>> = rows.iter().map(|row| (0..width).map(|at| look(row, at)).collect()).collect();
    let scored: Vec<Score> = (0..rows.len().min(CANDIDATES)).map(|at| score(rows, &looks, at, width)).collect();
    let best = scored.iter().map(|score| score.sum).fold(f64::MIN, f64::max);
    let at = scored.iter().position(|score| score.sum >= best - 0.2).unwrap_or(0);
    let chosen = &scored[at];
    let number = rows[at].number;
    if chosen.contrast < 0.0 || chosen.labels == 0 {
        findings.add(Code::NoHeader, None, None, || {
            "No row names the columns, so they are called by their letters and every row is read as data. If a row does \
             name them, choose it."
                .into()
        });
        return (Because::new(Header::Absent, "the first rows look like the rows below them"), 0..0);
    }
    if chosen.contrast == 0.0 && is_like(rows, at, width) {
        findings.add(Code::HeaderAssumed, Some(number), None, || {
            format!("Row {number} was taken as the header, although it looks like the rows below. If it names no columns, write 0 as the header row.")
        });
    }
    let mut last = at;
    while last + 1 - at < MOST_HEADER_ROWS && continues(&looks, last + 1, width) {
        last += 1;
    }
    let mut first = at;
    if first > 0 && groups(&grid.rows[first - 1], &grid.rows[first], &grid.merged) {
        first -= 1;
    }
    let header = Header::Rows { first: rows[first].number, last: rows[last].number };
    let why = if first == last { "it names the columns of the rows below" } else { "together they name the columns" };
    (Because::new(header, why), first..last + 1)
}

/// Whether a row of text has what names rarely have and what the rows below have in the same place: an address, digits.
fn is_like(rows: &[RawRow], at: usize, width: usize) -> bool {
    let marks: [fn(&str) -> bool; 3] =
        [|it| it.contains('@'), |it| it.contains("://"), |it| it.contains(|it: char| it.is_ascii_digit())];
    let below = &rows[at + 1..];
    (0..width).any(|column| {
        let filled: Vec<&str> =
            below.iter().map(|row| row.cell(column)).filter(|it| !parse::trim(it).is_empty()).collect();
        let most = |has: fn(&str) -> bool| filled.iter().filter(|it| has(it)).count() * 5 >= filled.len() * 3;
        !filled.is_empty() && marks.iter().any(|has| has(rows[at].cell(column)) && most(*has))
    })
}

fn look(row: &RawRow, at: usize) -> Look {
    let cell = row.cell(at);
    match row.native(at) {
        _ if parse::is_blank(cell) => Look::Blank,
        Native::Number => Look::Number,
        Native::Date => Look::Date,
        Native::Bool => Look::YesNo,
        Native::Error => Look::Blank,
        Native::Text if parse::yes_no(parse::trim(cell)).is_some() => Look::YesNo,
        Native::Text if parse::scan_number(cell).is_some_and(|scan| parse::marks(scan.body) != Marks::Broken) => {
            Look::Number
        }
        Native::Text if parse::scan_date(cell).is_some() => Look::Date,
        Native::Text => Look::Text,
    }
}

struct Score {
    sum: f64,
    /// Above zero where the row differs from what stands below it, below zero where it is like it.
    contrast: f64,
    /// Cells that could be names.
    labels: usize,
}

fn score(rows: &[RawRow], looks: &[Vec<Look>], at: usize, width: usize) -> Score {
    let body = at + 1..rows.len().min(at + 1 + COMPARED);
    let filled: Vec<usize> = (0..width).filter(|&column| looks[at][column] != Look::Blank).collect();
    let series = in_series(rows, looks, at, width);
    let (mut used, mut contrast, mut labels) = (0, 0.0, 0);
    let mut distinct = HashSet::new();
    for column in 0..width {
        let below = typical(looks, body.clone(), column);
        used += usize::from(below.is_some() || looks[at][column] != Look::Blank);
        let own = looks[at][column];
        if own == Look::Blank {
            continue;
        }
        let cell = parse::trim(rows[at].cell(column));
        distinct.insert(cell);
        let label = series[column] || own == Look::Text;
        labels += usize::from(label || below.is_some_and(|below| below != own));
        contrast += match below {
            Some(Look::Text) | None if own == Look::Text => {
                let again = rows[body.clone()].iter().any(|row| parse::trim(row.cell(column)) == cell);
                if again { -0.5 } else { 0.0 }
            }
            Some(below) if below != own || series[column] => 1.0,
            // Numbers and dates name nothing unless what is below differs or they go on in a series.
            _ => -1.0,
        };
    }
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let contrast = if filled.is_empty() { -1.0 } else { contrast / filled.len() as f64 };
    // A row under others that are as full as it is one of them, whatever stands below.
    let full = |row: &Vec<Look>| row.iter().filter(|look| **look != Look::Blank).count() * 5 >= filled.len() * 3;
    let above = looks[..at].iter().filter(|row| full(row)).count() as f64;
    let sum = 2.0 * share(filled.len(), used)
        + contrast
        + share(labels, filled.len())
        + 0.5 * share(distinct.len(), filled.len())
        - 0.4 * above;
    Score { sum, contrast, labels }
}

/// What most of the filled cells of a column look like, `None` where nothing is filled.
fn typical(looks: &[Vec<Look>], rows: Range<usize>, column: usize) -> Option<Look> {
    let mut counts = [0_usize; 4];
    for row in rows {
        match looks[row][column] {
            Look::Blank => {}
            Look::Text => counts[0] += 1,
            Look::Number => counts[1] += 1,
            Look::Date => counts[2] += 1,
            Look::YesNo => counts[3] += 1,
        }
    }
    let all: usize = counts.iter().sum();
    let typed = [Look::Number, Look::Date, Look::YesNo].into_iter().zip(&counts[1..]).max_by_key(|(_, count)| **count);
    match typed {
        _ if all == 0 => None,
        Some((look, count)) if count * 5 >= all * 3 => Some(look),
        _ => Some(Look::Text),
    }
}

/// Numbers that name columns: years, or three and more that count up from one column to the next.
fn in_series(rows: &[RawRow], looks: &[Vec<Look>], at: usize, width: usize) -> Vec<bool> {
    let value = |row: usize, column: usize| parse::trim(rows[row].cell(column)).parse::<i64>().ok();
    let is_year = |value: Option<i64>| value.is_some_and(|year| (1950..=2100).contains(&year));
    let mut series = vec![false; width];
    let mut from = 0;
    while from < width {
        let mut to = from + 1;
        while to < width
            && let (Some(a), Some(b)) = (value(at, to - 1), value(at, to))
            && a.checked_add(1) == Some(b)
        {
            to += 1;
        }
        if to - from >= 3 {
            series[from..to].fill(true);
        }
        from = to;
    }
    for column in 0..width {
        if looks[at][column] == Look::Number && is_year(value(at, column)) {
            let below = at + 1..rows.len().min(at + 10);
            series[column] |= !below.is_empty() && !below.clone().any(|row| is_year(value(row, column)));
        }
    }
    series
}

/// Whether a row goes on naming columns, as where codes stand in one row and texts in the next: it has text where at
/// least two columns below hold numbers or dates, and fills most of the columns.
fn continues(looks: &[Vec<Look>], at: usize, width: usize) -> bool {
    if at + 1 >= looks.len() {
        return false;
    }
    let body = at + 1..looks.len().min(at + 1 + COMPARED);
    let (mut typed, mut named, mut filled, mut used) = (0, 0, 0, 0);
    for (column, &own) in looks[at].iter().enumerate().take(width) {
        let below = typical(looks, body.clone(), column);
        used += usize::from(below.is_some() || own != Look::Blank);
        filled += usize::from(own != Look::Blank);
        if below.is_some_and(|below| below != Look::Text) && own != Look::Blank {
            typed += 1;
            named += usize::from(own == Look::Text);
        }
    }
    typed >= 2 && named == typed && filled * 5 >= used * 3
}

/// Whether the row above the header names groups of columns: merged cells in a workbook, or in text at least two names
/// with gaps after them and none over the first column.
fn groups(above: &RawRow, header: &RawRow, merged: &[Merged]) -> bool {
    if above.number + 1 != header.number {
        return false;
    }
    let spans = merged.iter().filter(|area| area.rows.0 == above.number && area.columns.0 < area.columns.1);
    if above.native.is_empty() {
        let names = above.cells.iter().filter(|cell| !parse::trim(cell).is_empty()).count();
        names >= 2 && parse::trim(above.cell(0)).is_empty() && names < header.cells.len()
    } else {
        // A title merged over the whole width is no group.
        spans.filter(|area| area.columns.1 - area.columns.0 + 1 < header.cells.len()).count() >= 1
    }
}

/// The names of each column in each header row, blanks left out, groups carried over the columns that they span.
pub(super) fn parts(rows: &[RawRow], merged: &[Merged], width: usize) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new(); width];
    let named = |number: u32| rows.iter().any(|row| row.number == number);
    let merged: Vec<&Merged> =
        merged.iter().filter(|area| named(area.rows.0) && area.columns.0 < area.columns.1).take(MAX_COLUMNS).collect();
    for (at, row) in rows.iter().enumerate() {
        let lowest = at + 1 == rows.len();
        let mut carried = "";
        for (column, parts) in parts.iter_mut().enumerate() {
            let mut cell = parse::trim(row.cell(column));
            let spanned = merged
                .iter()
                .find(|area| area.rows.0 == row.number && area.columns.0 < column && column <= area.columns.1);
            if let (true, Some(area)) = (cell.is_empty(), spanned) {
                cell = parse::trim(row.cell(area.columns.0));
            } else if !lowest && row.native.is_empty() && row.cell(0).trim().is_empty() {
                // Text has no merged cells: a gap in a row of groups belongs to the group before it.
                carried = if cell.is_empty() { carried } else { cell };
                cell = carried;
            }
            let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            if !cell.is_empty() && parts.last() != Some(&cell) {
                parts.push(cell);
            }
        }
    }
    parts
}

/// A distinct name for each kept column: its parts joined, or its letter; repeated ones are numbered.
pub(super) fn names(
    kept: &[usize],
    parts: &[Vec<String>],
    absent: bool,
    findings: &mut Findings,
) -> Vec<(String, Vec<String>)> {
    let mut taken: HashSet<String> = kept.iter().map(|&source| parts[source].join(" · ")).collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut named = Vec::with_capacity(kept.len());
    for (column, &source) in kept.iter().enumerate() {
        let joined = parts[source].join(" · ");
        let base = if joined.is_empty() { format!("Column {}", letters(source)) } else { joined };
        if parts[source].is_empty() && !absent {
            findings.add(Code::UnnamedColumn, None, Some(column), || {
                format!("Column {} has values and no name; it is called “{base}”.", letters(source))
            });
        }
        let count = seen.entry(base.clone()).or_default();
        *count += 1;
        let mut name = base.clone();
        if *count > 1 {
            name = format!("{base} ({count})");
            while taken.contains(&name) {
                *count += 1;
                name = format!("{base} ({count})");
            }
            taken.insert(name.clone());
            findings.add(Code::RepeatedHeader, None, Some(column), || {
                format!("Column {} is called “{base}” like one before it; here it is “{name}”.", letters(source))
            });
        }
        named.push((name, parts[source].clone()));
    }
    named
}
