//! Any CSV or XLSX file as a clean grid: bytes in, value out.
//!
//! [`read`] finds out by content what a file is, how its text is encoded and cut into cells, where its header stands
//! and what type each column has. It never guesses in silence: what was chosen stands in [`Chosen`] with its reason,
//! what is doubtful stands in [`Sheet::findings`] with row and column, and a person can overrule each by [`Choices`].
//! Cells stay as they stand in the file; [`parse`] reads one as a value in the style of its column.

mod column;
mod delimited;
mod encoding;
mod header;
mod kind;
pub mod layout;
pub mod parse;
mod suggest;
#[cfg(test)]
mod tests;
mod workbook;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use column::{Column, Kind, Style};
pub use layout::{ItemColumn, LayoutKind, SurveyLayout, layout};
pub use suggest::{Suggestion, Target, fingerprint, normalised, suggest};

/// The largest file that is read, in bytes: 50 MB.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;
/// The most that a workbook may unpack to, in bytes: 400 MB.
pub const MAX_UNPACKED: u64 = 400 * 1024 * 1024;
/// The most cells that a table may have, empty ones within its rows included.
pub const MAX_CELLS: usize = 5_000_000;
/// The most columns that a table may have.
pub const MAX_COLUMNS: usize = 16_384;

/// What a person may settle instead of the detection, each on its own. Kept per source by the wizard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The worksheet by name.
    pub sheet: Option<String>,
    /// Where the header stands.
    pub header: Option<Header>,
    /// The character between cells: an ASCII character other than a quote or a line end.
    pub delimiter: Option<char>,
    /// The encoding by its WHATWG label, such as `utf-8` or `windows-1252`.
    pub encoding: Option<String>,
    /// The decimal mark of every number written as text.
    pub decimal: Option<DecimalMark>,
    /// The order of every date written in digits.
    pub dates: Option<DateOrder>,
    /// The organisation's locale (`de-DE`, `en-US`): decides only what the file itself leaves open.
    pub locale: Option<String>,
}

impl Choices {
    fn language(&self) -> &str {
        self.locale.as_deref().and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default()
    }

    fn region(&self) -> &str {
        self.locale.as_deref().and_then(|locale| locale.split(['-', '_']).nth(1)).unwrap_or_default()
    }
}

/// The rows that name the columns, by their number in the file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// No row does: every row is data, and columns are called by their letter.
    Absent,
    /// All rows from the first to the last; what stands above is left out.
    Rows { first: u32, last: u32 },
}

/// The mark between a number's whole and its fraction; the other one groups digits in threes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl DecimalMark {
    /// The character itself.
    pub fn char(self) -> char {
        match self {
            DecimalMark::Point => '.',
            DecimalMark::Comma => ',',
        }
    }

    /// The mark that groups digits where this one is the decimal mark.
    pub fn other(self) -> DecimalMark {
        match self {
            DecimalMark::Point => DecimalMark::Comma,
            DecimalMark::Comma => DecimalMark::Point,
        }
    }

    /// `point` or `comma`, for sentences.
    pub fn word(self) -> &'static str {
        match self {
            DecimalMark::Point => "point",
            DecimalMark::Comma => "comma",
        }
    }
}

/// How a date written in digits is read. A year of four digits in front is always year, month, day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2025`, `31.12.25`
    DayFirst,
    /// `12/31/2025`
    MonthFirst,
    /// `25-12-31`
    YearFirst,
}

impl DateOrder {
    /// `day, month, year` and so on, for sentences.
    pub fn words(self) -> &'static str {
        match self {
            DateOrder::DayFirst => "day, month, year",
            DateOrder::MonthFirst => "month, day, year",
            DateOrder::YearFirst => "year, month, day",
        }
    }
}

/// A file's table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    pub chosen: Chosen,
    /// The columns, without those that are empty and unnamed.
    pub columns: Vec<Column>,
    /// The rows below the header that hold anything, each as long as `columns`.
    pub rows: Vec<Row>,
    /// What is doubtful or worth knowing; in order of rows within each code.
    pub findings: Vec<Finding>,
}

impl Sheet {
    /// The column names in order, made distinct.
    pub fn headers(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }
}

/// A row of cells as they stand in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The row's number as a spreadsheet program shows it: counted from 1, blank rows and those above the header
    /// included, a line break inside quotes not.
    pub number: u32,
    pub cells: Vec<String>,
}

/// What was settled about a file, by detection or by a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// Text only: the encoding's name.
    pub encoding: Option<Because<String>>,
    /// Text only: the character between cells.
    pub delimiter: Option<Because<char>>,
    /// Workbooks only: the worksheet.
    pub sheet: Option<Because<String>>,
    /// Workbooks only: all worksheets, in order.
    pub sheets: Vec<String>,
    pub header: Because<Header>,
    /// For columns that do not show theirs.
    pub decimal: Because<DecimalMark>,
    /// For columns that do not show theirs.
    pub dates: Because<DateOrder>,
}

/// A value and why it was chosen, as a sentence part such as "you chose it".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because<T> {
    pub value: T,
    pub why: String,
}

impl<T> Because<T> {
    fn new(value: T, why: impl Into<String>) -> Self {
        Because { value, why: why.into() }
    }

    fn told(value: T) -> Self {
        Because::new(value, "you chose it")
    }
}

/// Something about a file that a person should know before importing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: Code,
    /// One or two sentences: what, where, and what was done about it.
    pub message: String,
    /// The row's number in the file, counted from 1.
    pub row: Option<u32>,
    /// An index into [`Sheet::columns`].
    pub column: Option<usize>,
}

/// The kinds of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The name promises another kind of file.
    NameMismatch,
    /// Parts of the text are not in the encoding of the rest.
    MixedEncoding,
    /// A quote is opened and never closed.
    UnclosedQuote,
    /// Text goes on after a closing quote.
    StrayQuote,
    /// One quoted cell runs over very many lines.
    LongQuote,
    /// A row has fewer cells than the header.
    ShortRow,
    /// A row has more filled cells than the header.
    LongRow,
    /// There is no header row.
    NoHeader,
    /// The first row was taken as the header without proof.
    HeaderAssumed,
    /// There is a header and nothing below it.
    HeaderOnly,
    /// A chosen header row or worksheet is not in the file.
    ChoiceMissing,
    /// Rows above the header were left out.
    RowsAbove,
    /// Two columns have the same name.
    RepeatedHeader,
    /// A column with values has no name.
    UnnamedColumn,
    /// A row looks like the sum of others.
    TotalRow,
    /// Cells that span several rows or columns below the header.
    MergedCells,
    /// Cells that show an error such as `#REF!`.
    ErrorCell,
    /// Formulas whose results the workbook does not hold.
    FormulaWithoutResult,
    /// Numbers of a workbook that are kept as text.
    NumberAsText,
    /// Cells that do not have the type of their column.
    OddCell,
    /// Words such as `NULL` that are taken as empty.
    MissingWord,
    /// Digits that begin with zero, kept as text.
    LeadingZeros,
    /// Long numbers that a spreadsheet program has shortened.
    ShortenedNumber,
    /// Numbers that a point or a comma leaves open.
    AmbiguousNumber,
    /// Numbers with a decimal point beside numbers with a decimal comma.
    MixedNumbers,
    /// Dates that may be day first or month first.
    AmbiguousDate,
    /// Dates that are day first beside dates that are month first.
    MixedDates,
    /// Years of two digits.
    TwoDigitYears,
    /// A code had more findings than are listed.
    More,
}

/// Why a file cannot be read at all: one sentence that says what it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{message}")]
pub struct Unreadable {
    pub reason: Reason,
    pub message: String,
}

/// The kinds of unreadable file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// No bytes, or no cell with anything in it.
    Empty,
    /// Another kind of file than CSV or XLSX.
    WrongKind,
    /// A workbook that is cut off or damaged.
    Damaged,
    /// A workbook that needs a password.
    Protected,
    /// More cells, columns or unpacked bytes than are read.
    TooMuch,
}

/// Reads a file that a person brought. The name serves messages and the finding that it does not fit the content.
///
/// Refuses, before it looks inside, what is larger than [`MAX_BYTES`]; and what holds no table, is damaged, or unpacks
/// to more than [`MAX_UNPACKED`] or [`MAX_CELLS`].
pub fn read(name: &str, bytes: &[u8], choices: &Choices) -> Result<Sheet, Unreadable> {
    if bytes.len() > MAX_BYTES {
        let message = format!(
            "“{name}” has {} MB, and the most that is read is {} MB: split it, or leave out what is not needed.",
            bytes.len().div_ceil(1024 * 1024),
            MAX_BYTES / 1024 / 1024
        );
        return Err(Unreadable { reason: Reason::TooLarge, message });
    }
    let mut findings = Findings::default();
    let mut grid = match kind::sniff(name, bytes, &mut findings)? {
        kind::Content::Workbook => workbook::read(name, bytes, choices, &mut findings)?,
        kind::Content::Text => delimited::read(name, bytes, choices, &mut findings)?,
    };
    for cell in grid.rows.iter_mut().flat_map(|it| &mut it.cells) {
        if let Cow::Owned(clean) = db::printable(cell) {
            *cell = clean;
        }
    }
    if grid.rows.is_empty() {
        let message = format!("“{name}” holds no filled cell: check that the right file was saved.");
        return Err(Unreadable { reason: Reason::Empty, message });
    }
    Ok(table(grid, choices, findings))
}

fn too_many_cells(name: &str) -> Unreadable {
    let message = format!(
        "“{name}” has more than {MAX_CELLS} cells or {MAX_COLUMNS} columns: split it, or leave out what is not needed."
    );
    Unreadable { reason: Reason::TooMuch, message }
}

/// The cells of a file before it is known which of them name columns; blank rows are left out.
struct Grid {
    rows: Vec<RawRow>,
    encoding: Option<Because<String>>,
    delimiter: Option<Because<char>>,
    sheet: Option<Because<String>>,
    sheets: Vec<String>,
    merged: Vec<Merged>,
}

struct RawRow {
    number: u32,
    cells: Vec<String>,
    /// As long as `cells` in a workbook; empty for text files.
    native: Vec<Native>,
}

impl RawRow {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn native(&self, column: usize) -> Native {
        self.native.get(column).copied().unwrap_or(Native::Text)
    }
}

/// What a workbook itself says a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Native {
    Text,
    Number,
    Date,
    Bool,
    Error,
}

/// A range of cells shown as one, in row numbers from 1 and column indices from 0, ends included.
struct Merged {
    rows: (u32, u32),
    columns: (usize, usize),
}

/// Findings while they are gathered, so many of each code that the list stays readable.
#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
    counts: std::collections::BTreeMap<Code, usize>,
}

impl Findings {
    const LISTED: usize = 20;

    fn add(&mut self, code: Code, row: Option<u32>, column: Option<usize>, message: impl FnOnce() -> String) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= Self::LISTED {
            self.list.push(Finding { code, message: message(), row, column });
        }
    }

    fn merge(&mut self, other: Findings) {
        for finding in other.list {
            self.add(finding.code, finding.row, finding.column, || finding.message);
        }
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count.saturating_sub(Self::LISTED);
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| (finding.code, finding.row, finding.column));
        for (code, count) in &self.counts {
            if let (Some(more @ 1..), Some(at)) =
                (count.checked_sub(Self::LISTED), self.list.iter().rposition(|finding| finding.code == *code))
            {
                let message = format!("The same is true of {more} more places that are not listed.");
                self.list.insert(at + 1, Finding { code: Code::More, message, row: None, column: None });
            }
        }
        self.list
    }
}

/// Cuts a grid into header and rows and looks at each column.
fn table(mut grid: Grid, choices: &Choices, mut findings: Findings) -> Sheet {
    let found = header::find(&grid, choices, &mut findings);
    let body: Vec<RawRow> = grid.rows.drain(found.body..).collect();
    let width = body.iter().chain(&grid.rows[found.names.clone()]).map(|row| row.cells.len()).max().unwrap_or(0);
    let mut filled = vec![false; width];
    for row in &body {
        for (filled, cell) in filled.iter_mut().zip(&row.cells) {
            *filled = *filled || !parse::trim(cell).is_empty();
        }
    }
    let parts = header::parts(&grid.rows[found.names], &grid.merged, width);
    let kept: Vec<usize> = (0..width).filter(|&at| filled[at] || !parts[at].is_empty()).collect();
    let named_width = (0..width).rev().find(|&at| !parts[at].is_empty()).map_or(0, |at| at + 1);
    let absent = found.header.value == Header::Absent;

    if body.is_empty() {
        findings.add(Code::HeaderOnly, None, None, || "The file has column names and no row below them.".into());
    }
    for row in &body {
        let last =
            (0..row.cells.len()).rev().find(|&at| !parse::trim(&row.cells[at]).is_empty()).map_or(0, |at| at + 1);
        if !absent && last > named_width {
            findings.add(Code::LongRow, Some(row.number), None, || {
                format!("Row {} has {last} cells, the header {named_width}; the cells beyond it are kept.", row.number)
            });
        } else if grid.delimiter.is_some() && row.cells.len() < named_width {
            findings.add(Code::ShortRow, Some(row.number), None, || {
                let cells = row.cells.len();
                let few = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
                format!("Row {} has {few}, the header {named_width}; the missing ones are empty.", row.number)
            });
        }
        let mut cells = row.cells.iter().map(|cell| parse::trim(cell)).filter(|cell| !cell.is_empty());
        if let Some(first) = cells.next()
            && is_total(first, (cells.count() + 1) * 4 <= named_width * 3)
        {
            findings.add(Code::TotalRow, Some(row.number), None, || {
                format!("Row {} begins with “{first}” and may be a sum of other rows; it is kept.", row.number)
            });
        }
    }
    for merged in &grid.merged {
        if let Some(row) = body.first()
            && merged.rows.1 >= row.number
        {
            findings.add(Code::MergedCells, Some(merged.rows.0), None, || {
                format!(
                    "In row {} a cell spans several ({} to {}); its value is read in the first and the others are empty.",
                    merged.rows.0,
                    letters(merged.columns.0) + &merged.rows.0.to_string(),
                    letters(merged.columns.1) + &merged.rows.1.to_string()
                )
            });
        }
    }

    let named = header::names(&kept, &parts, absent, &mut findings);
    let seen = column::detect(&kept, named, &body, grid.delimiter.as_ref().map(|d| d.value), choices, &mut findings);
    let in_place = kept.iter().enumerate().all(|(at, &source)| at == source);
    let rows = body
        .into_iter()
        .map(|mut row| {
            let mut cells = if in_place {
                std::mem::take(&mut row.cells)
            } else {
                kept.iter().map(|&at| row.cells.get_mut(at).map(std::mem::take).unwrap_or_default()).collect()
            };
            cells.resize(kept.len(), String::new());
            Row { number: row.number, cells }
        })
        .collect();
    Sheet {
        chosen: Chosen {
            encoding: grid.encoding,
            delimiter: grid.delimiter,
            sheet: grid.sheet,
            sheets: grid.sheets,
            header: found.header,
            decimal: seen.decimal,
            dates: seen.dates,
        },
        columns: seen.columns,
        rows,
        findings: findings.finish(),
    }
}

/// Whether a row's first text says that it is a sum: the word alone, or at the beginning of a row with gaps (which a
/// supplier called “Total Energies” does not have).
fn is_total(first: &str, has_gaps: bool) -> bool {
    const WORDS: [&str; 9] =
        ["total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme", "endsumme"];
    let first = first.trim_end_matches(':');
    let word = if has_gaps { first.split([' ', ':']).next().unwrap_or_default() } else { first };
    WORDS.iter().any(|total| word.eq_ignore_ascii_case(total))
}

/// A column's letters as a spreadsheet program shows them: 0 is A, 26 is AA.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => break,
        }
    }
    letters.reverse();
    letters.into_iter().map(char::from).collect()
}
