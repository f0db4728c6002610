//! One value for every table that leaves the product, and its ways out: CSV, XLSX, JSON.

use jiff::{Timestamp, civil::Date};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;

/// A table with typed cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Stays the same in every language; names the value in JSON.
    pub key: String,
    pub label: String,
    pub kind: Kind,
}

impl Column {
    pub fn new(key: impl Into<String>, label: impl Into<String>, kind: Kind) -> Column {
        Column { key: key.into(), label: label.into(), kind }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Whole,
    /// Shown with this many places; exported with all.
    Decimal(usize),
    Date,
    Instant,
    YesNo,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    Decimal(f64),
    Date(Date),
    Instant(Timestamp),
    Bool(bool),
}

impl Cell {
    /// As CSV and the plain text of a page have it.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(it) => it.clone(),
            Cell::Whole(it) => it.to_string(),
            Cell::Decimal(it) => it.to_string(),
            Cell::Date(it) => it.to_string(),
            Cell::Instant(it) => it.to_string(),
            Cell::Bool(it) => if *it { "yes" } else { "no" }.to_owned(),
        }
    }
}

impl Cell {
    /// The same for a page: a decimal number with two places.
    pub fn short(&self) -> String {
        match self {
            Cell::Decimal(it) => format!("{it:.2}"),
            other => other.text(),
        }
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
/// Text that starts with apostrophes before such a character gets one more, so that [`unescape`] is exact.
pub fn escape(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text before [`escape`].
pub fn unescape(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => text,
    }
}

/// UTF-8 with a byte order mark, so that Excel reads it as such; the header row has the labels.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    let labels = table.columns.iter().map(|it| escape(&it.label));
    writer.write_record(labels).expect("writing to memory does not fail");
    for row in &table.rows {
        let cells = row.iter().map(|it| match it {
            Cell::Text(text) => escape(text),
            other => other.text(),
        });
        writer.write_record(cells).expect("writing to memory does not fail");
    }
    writer.into_inner().expect("writing to memory does not fail")
}

/// An array of objects by column key.
pub fn json(table: &Table) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Whole(it) => json!(it),
        Cell::Decimal(it) => json!(it),
        Cell::Bool(it) => json!(it),
        other => json!(other.text()),
    };
    let object = |row: &Vec<Cell>| -> serde_json::Value {
        table
            .columns
            .iter()
            .zip(row)
            .map(|(column, it)| (column.key.clone(), value(it)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    serde_json::to_string_pretty(&table.rows.iter().map(object).collect::<Vec<_>>()).expect("JSON values are JSON")
}

/// A workbook with a sheet for each table: real numbers and days, text never taken for a formula.
///
/// Refuses a table with more rows than a sheet holds.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&table.title, &mut names))?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(&table.columns) {
            sheet.write_string_with_format(0, at, &column.label, &bold)?;
        }
        for (line, row) in (1u32..).zip(&table.rows) {
            for (at, cell) in (0u16..).zip(row) {
                match cell {
                    Cell::Empty => continue,
                    Cell::Whole(it) => sheet.write_number(line, at, *it as f64)?,
                    Cell::Decimal(it) => sheet.write_number(line, at, *it)?,
                    Cell::Bool(it) => sheet.write_boolean(line, at, *it)?,
                    Cell::Date(it) => {
                        let days = it.since(jiff::civil::date(1899, 12, 30)).map_or(0, |it| it.get_days());
                        sheet.write_number_with_format(line, at, f64::from(days), &day)?
                    }
                    other => sheet.write_string(line, at, other.text())?,
                };
            }
        }
        sheet.autofit();
    }
    book.save_to_buffer()
}

/// A sheet's name: at most 31 characters, none of those that Excel forbids, no two alike.
fn sheet_name(title: &str, taken: &mut Vec<String>) -> String {
    let clean: String = title.chars().map(|it| if "[]:*?/\\'".contains(it) { ' ' } else { it }).take(27).collect();
    let clean = if clean.trim().is_empty() { "Table".to_owned() } else { clean.trim().to_owned() };
    let mut name = clean.clone();
    let mut next = 2;
    while taken.iter().any(|it| it.eq_ignore_ascii_case(&name)) {
        name = format!("{clean} {next}");
        next += 1;
    }
    taken.push(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_comes_back_from_a_csv_as_it_was(texts in prop::collection::vec("\\PC*|[=+@'\t-].*", 1..5)) {
            let columns = texts.iter().enumerate().map(|(at, _)| Column::new(format!("c{at}"), format!("C{at}"), Kind::Text)).collect();
            let table = Table { title: "T".into(), columns, rows: vec![texts.iter().cloned().map(Cell::Text).collect()] };
            let bytes = csv(&table);
            let mut reader = csv::Reader::from_reader(&bytes[3..]);
            let row = reader.records().next().expect("a row").expect("well-formed");
            let back: Vec<String> = row.iter().map(|it| unescape(it).to_owned()).collect();
            prop_assert_eq!(back, texts);
        }

        #[test]
        fn no_text_starts_a_formula(text in "[=+@-].*") {
            prop_assert!(escape(&text).starts_with('\''));
        }
    }
}
