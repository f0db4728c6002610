//! One value for every table that leaves the product, and its ways out: CSV, XLSX, JSON.
//!
//! The first row of a sheet has labels, in the words of the page. Programs read JSON, which has keys that stay the same
//! in every language; a workbook's last sheet, "Fields", says which label is which key.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil, tz::TimeZone};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::{Value, json};

use crate::{
    error::{Error, Result},
    format::{Currency, Locale},
};

/// A table with typed cells. A row has a cell for each column.
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
    /// A [`Cell::Decimal`] that is a share of one: 0.25 is shown as 25%.
    Percent,
    Money,
    Date,
    /// A moment; in files it is UTC.
    Instant,
    YesNo,
}

impl Kind {
    /// Whether its cells line up on the right.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Whole | Kind::Decimal(_) | Kind::Percent | Kind::Money)
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Whole => "whole number",
            Kind::Decimal(_) => "decimal number",
            Kind::Percent => "share of one",
            Kind::Money => "money",
            Kind::Date => "day",
            Kind::Instant => "moment, UTC",
            Kind::YesNo => "yes or no",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    /// Not finite means empty.
    Decimal(f64),
    /// Minor units (cents) of a currency.
    Money(i64, Currency),
    Date(civil::Date),
    Instant(Timestamp),
    Bool(bool),
}

impl Cell {
    /// As CSV has it: a number with a full stop, days and moments as in ISO 8601, money without its currency.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(it) => it.clone(),
            Cell::Whole(it) => it.to_string(),
            Cell::Decimal(it) if it.is_finite() => unsigned_zero(*it).to_string(),
            Cell::Decimal(_) => String::new(),
            Cell::Money(minor, currency) => currency.plain(*minor),
            Cell::Date(it) => it.to_string(),
            Cell::Instant(it) => it.to_string(),
            Cell::Bool(it) => if *it { "yes" } else { "no" }.to_owned(),
        }
    }

    /// As a page has it.
    pub fn shown(&self, kind: Kind, locale: Locale) -> String {
        match (self, kind) {
            (Cell::Whole(it), _) => locale.whole(*it),
            (Cell::Decimal(it), Kind::Percent) => locale.percent(*it, 0),
            (Cell::Decimal(it), Kind::Decimal(places)) => locale.decimal(*it, places),
            (Cell::Decimal(it), _) => locale.decimal(*it, 2),
            (Cell::Money(minor, currency), _) => locale.money(*minor, *currency),
            (Cell::Date(it), _) => locale.short_date(*it),
            (Cell::Instant(it), _) => locale.instant(*it, TimeZone::UTC),
            (other, _) => other.text(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Empty => Value::Null,
            Cell::Whole(it) => json!(it),
            Cell::Decimal(it) => json!(unsigned_zero(*it)),
            Cell::Money(minor, currency) => json!({ "amount": currency.plain(*minor), "currency": currency.code() }),
            Cell::Bool(it) => json!(it),
            Cell::Text(_) | Cell::Date(_) | Cell::Instant(_) => json!(self.text()),
        }
    }
}

/// A sum of nothing is −0 in floating point; no reader knows what that is.
fn unsigned_zero(it: f64) -> f64 {
    if it == 0.0 { 0.0 } else { it }
}

/// What a spreadsheet takes for the start of a formula (OWASP, CSV injection; ASVS 1.2.10), the wide forms included
/// that Japanese input methods write and Excel reads as the narrow ones.
const DANGEROUS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

fn is_dangerous(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(DANGEROUS)
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front.
/// Text that starts with apostrophes before such a character gets one more, so that [`unescape`] is exact.
pub fn escape(text: &str) -> String {
    if is_dangerous(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text before [`escape`].
pub fn unescape(text: &str) -> &str {
    text.strip_prefix('\'').filter(|it| is_dangerous(it)).unwrap_or(text)
}

/// RFC 4180 in UTF-8 with a byte order mark, so that Excel reads it as such; the header row has the labels.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    let labels = table.columns.iter().map(|it| escape(&it.label));
    writer.write_record(labels).expect("writing to memory does not fail");
    for row in &table.rows {
        // A number stays one: its minus sign starts no formula.
        let cells = row.iter().map(|it| match it {
            Cell::Text(text) => escape(text),
            other => other.text(),
        });
        writer.write_record(cells).expect("writing to memory does not fail");
    }
    writer.into_inner().expect("writing to memory does not fail")
}

/// An array of objects by column key. Money is an object of the exact amount as text and the currency.
pub fn json(table: &Table) -> String {
    let object = |row: &Vec<Cell>| -> Value {
        let pairs = table.columns.iter().zip(row).map(|(column, it)| (column.key.clone(), it.json()));
        pairs.collect::<serde_json::Map<_, _>>().into()
    };
    serde_json::to_string_pretty(&table.rows.iter().map(object).collect::<Vec<_>>()).expect("JSON values are JSON")
}

/// The most rows and columns of a sheet, and the most characters (as UTF-16 has them) of a cell: Excel's limits.
const ROWS: usize = 1_048_576;
const COLUMNS: usize = 16_384;
const CHARACTERS: usize = 32_767;
/// Whole numbers up to here are exact in a workbook, which shows fifteen digits.
const EXACT: u64 = 999_999_999_999_999;

/// A workbook with a sheet for each table and one that names the fields: real numbers, days and moments (in UTC),
/// text never taken for a formula.
///
/// Refuses a table with more rows, columns or text in a cell than a sheet holds.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>> {
    for table in tables {
        fits(table)?;
    }
    book(tables).map_err(Error::internal)
}

fn fits(table: &Table) -> Result<()> {
    let title = &table.title;
    let en = Locale::of("en-GB");
    let refuse = |has: usize, what: &str, most: usize| {
        let (has, most) = (en.whole(has as i64), en.whole(most as i64));
        Err(Error::refused(format!("“{title}” has {has} {what}; a workbook holds {most}. Take CSV or JSON.")))
    };
    if table.rows.len() >= ROWS {
        return refuse(table.rows.len(), "rows", ROWS - 1);
    }
    if table.columns.len() > COLUMNS {
        return refuse(table.columns.len(), "columns", COLUMNS);
    }
    for (line, row) in (2..).zip(&table.rows) {
        for (column, cell) in table.columns.iter().zip(row) {
            let Cell::Text(text) = cell else { continue };
            let long = if text.len() > CHARACTERS { text.encode_utf16().count() } else { 0 };
            if long > CHARACTERS {
                let label = &column.label;
                return refuse(long, &format!("characters in row {line} of “{label}”"), CHARACTERS);
            }
        }
    }
    Ok(())
}

fn book(tables: &[Table]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut names = BTreeSet::from(["fields".to_owned()]);
    let mut fields = Table {
        title: "Fields".to_owned(),
        columns: ["Sheet", "Field", "Key", "Kind"].map(|it| Column::new(it, it, Kind::Text)).into(),
        rows: Vec::new(),
    };
    for table in tables {
        let name = sheet_name(&table.title, &mut names);
        let of = |it: &Column| vec![name.clone(), it.label.clone(), it.key.clone(), it.kind.name().to_owned()];
        fields.rows.extend(table.columns.iter().map(|it| of(it).into_iter().map(Cell::Text).collect()));
        sheet(&mut book, &name, table)?;
    }
    let name = fields.title.clone();
    sheet(&mut book, &name, &fields)?;
    book.save_to_buffer()
}

fn sheet(book: &mut Workbook, name: &str, table: &Table) -> std::result::Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (at, column) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, at, &column.label, &bold)?;
    }
    // Excel shows these codes with the reader's own marks and order.
    let format = |code: &str| Format::new().set_num_format(code);
    let formats: Vec<Format> = table.columns.iter().map(|it| format(&number_format(it.kind))).collect();
    let [day, moment] = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"].map(format);
    let money: Vec<Format> = (0..=4).map(|it| format(&places("#,##0", it))).collect();
    for (line, row) in (1u32..).zip(&table.rows) {
        for ((at, cell), format) in (0u16..).zip(row).zip(&formats) {
            match cell {
                Cell::Empty => continue,
                Cell::Whole(it) if it.unsigned_abs() <= EXACT => {
                    sheet.write_number_with_format(line, at, *it as f64, format)?
                }
                Cell::Decimal(it) if it.is_finite() => {
                    sheet.write_number_with_format(line, at, unsigned_zero(*it), format)?
                }
                Cell::Money(it, currency) if it.unsigned_abs() <= EXACT => {
                    let digits = currency.minor_digits();
                    sheet.write_number_with_format(line, at, *it as f64 / 10f64.powi(digits as i32), &money[digits])?
                }
                Cell::Bool(it) => sheet.write_boolean(line, at, *it)?,
                Cell::Date(it) if *it >= FIRST_DAY => sheet.write_number_with_format(line, at, serial(*it), &day)?,
                Cell::Instant(it) if it.to_zoned_datetime(TimeZone::UTC).date() >= FIRST_DAY => {
                    let of_day = it.as_millisecond().rem_euclid(86_400_000) as f64 / 86_400_000.0;
                    let days = serial(it.to_zoned_datetime(TimeZone::UTC).date());
                    sheet.write_number_with_format(line, at, days + of_day, &moment)?
                }
                other => sheet.write_string(line, at, other.text())?,
            };
        }
    }
    if let Some(last) = table.columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, table.rows.len() as u32, last as u16)?;
    }
    sheet.set_autofit_max_width(WIDEST).set_autofit_max_row(MEASURED).autofit();
    Ok(())
}

/// In pixels: a comment does not push the next column off the screen.
const WIDEST: u32 = 480;
/// How many rows decide on the widths.
const MEASURED: u32 = 1_000;
/// Excel counts a 29 February 1900 that never was; days before it are written as text.
const FIRST_DAY: civil::Date = civil::date(1900, 3, 1);

/// A day as Excel counts them.
fn serial(day: civil::Date) -> f64 {
    f64::from((day - civil::date(1899, 12, 30)).get_days())
}

fn number_format(kind: Kind) -> String {
    match kind {
        Kind::Whole => "0".to_owned(),
        Kind::Decimal(of) => places("0", of),
        Kind::Percent => "0%".to_owned(),
        _ => "General".to_owned(),
    }
}

fn places(whole: &str, of: usize) -> String {
    if of == 0 { whole.to_owned() } else { format!("{whole}.{}", "0".repeat(of)) }
}

/// A sheet's name: at most 31 characters, none of those that Excel forbids, no two alike, and not its own "History".
fn sheet_name(title: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String =
        title.chars().map(|it| if it.is_control() || "[]:*?/\\'".contains(it) { ' ' } else { it }).collect();
    let base = match clean.split_whitespace().collect::<Vec<_>>().join(" ") {
        it if it.is_empty() => "Table".to_owned(),
        it if it.eq_ignore_ascii_case("history") => format!("{it} table"),
        it => it,
    };
    let mut name = cut(&base, 31);
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let mark = format!(" {number}");
        name = cut(&base, 31 - mark.len()) + &mark;
        number += 1;
    }
    name
}

/// The first characters of a text, counted as UTF-16 has them.
fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    text.chars()
        .take_while(|it| left.checked_sub(it.len_utf16()).map(|rest| left = rest).is_some())
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_file_has_a_zero_below_zero() {
        let columns = vec![Column::new("days", "Days", Kind::Decimal(1))];
        let table = Table { title: "T".into(), columns, rows: vec![vec![Cell::Decimal(-0.0)]] };
        assert!(String::from_utf8(csv(&table)).expect("text").ends_with("\r\n0\r\n"));
        assert!(!json(&table).contains("-0"), "{}", json(&table));
    }

    fn of_texts(texts: &[String]) -> Table {
        let columns = (0..texts.len()).map(|at| Column::new(format!("c{at}"), format!("C{at}"), Kind::Text)).collect();
        Table { title: "T".into(), columns, rows: vec![texts.iter().cloned().map(Cell::Text).collect()] }
    }

    fn one_of_each() -> Table {
        let cells = vec![
            ("name", Kind::Text, Cell::Text("=1+1".into())),
            ("count", Kind::Whole, Cell::Whole(-5)),
            ("mean", Kind::Decimal(2), Cell::Decimal(-3.41666)),
            ("share", Kind::Percent, Cell::Decimal(0.25)),
            ("cost", Kind::Money, Cell::Money(-123450, Currency::of("EUR").expect("a code"))),
            ("due", Kind::Date, Cell::Date(civil::date(2026, 11, 27))),
            ("at", Kind::Instant, Cell::Instant("2026-11-27T12:00:00Z".parse().expect("a moment"))),
            ("open", Kind::YesNo, Cell::Bool(true)),
            ("none", Kind::Text, Cell::Empty),
            ("undefined", Kind::Decimal(1), Cell::Decimal(f64::NAN)),
        ];
        let columns = cells.iter().map(|(key, kind, _)| Column::new(*key, key.to_uppercase(), *kind)).collect();
        Table { title: "One of each".into(), columns, rows: vec![cells.into_iter().map(|it| it.2).collect()] }
    }

    fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(bytes)).expect("a workbook")
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_a_csv_as_it_was(texts in prop::collection::vec("(?s).*|'*[=+@\0\t\r\n＝-].*", 1..5)) {
            let bytes = csv(&of_texts(&texts));
            let mut reader = csv::Reader::from_reader(&bytes[3..]);
            let row = reader.records().next().expect("a row").expect("well-formed");
            let back: Vec<String> = row.iter().map(|it| unescape(it).to_owned()).collect();
            prop_assert_eq!(back, texts);
        }

        #[test]
        fn no_text_starts_a_formula(text in "'*[=+@\t\r\n\0＝-](?s).*") {
            prop_assert!(escape(&text).starts_with('\''));
        }

        #[test]
        fn any_text_comes_back_from_a_workbook_as_it_was(texts in prop::collection::vec("[^\r]+|[=+@-].*|_x0041_", 1..5)) {
            let mut book = read(xlsx(&[of_texts(&texts)]).expect("a workbook"));
            let sheet = book.worksheet_range("T").expect("the sheet");
            let back: Vec<String> = sheet.rows().nth(1).expect("a row").iter().map(ToString::to_string).collect();
            prop_assert_eq!(back, texts);
        }

        #[test]
        fn any_title_makes_a_sheet_name_that_excel_takes(titles in prop::collection::vec("(?s).{0,40}|history|Fields", 1..6)) {
            let tables: Vec<Table> = titles.iter().map(|it| Table { title: it.clone(), ..one_of_each() }).collect();
            let names = read(xlsx(&tables).expect("a workbook")).sheet_names();
            prop_assert_eq!(names.len(), titles.len() + 1);
            for name in names {
                prop_assert!(name.encode_utf16().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']));
            }
        }
    }

    #[test]
    fn a_csv_escapes_text_and_leaves_numbers_numbers() {
        let text = String::from_utf8(csv(&one_of_each())).expect("UTF-8");
        assert_eq!(
            text,
            "\u{feff}NAME,COUNT,MEAN,SHARE,COST,DUE,AT,OPEN,NONE,UNDEFINED\r\n\
             '=1+1,-5,-3.41666,0.25,-1234.50,2026-11-27,2026-11-27T12:00:00Z,yes,,\r\n"
        );
    }

    #[test]
    fn json_has_keys_and_types() {
        let back: Value = serde_json::from_str(&json(&one_of_each())).expect("JSON");
        assert_eq!(
            back,
            json!([{ "name": "=1+1", "count": -5, "mean": -3.41666, "share": 0.25,
                "cost": { "amount": "-1234.50", "currency": "EUR" }, "due": "2026-11-27",
                "at": "2026-11-27T12:00:00Z", "open": true, "none": null, "undefined": null }])
        );
    }

    #[test]
    fn a_workbook_has_real_values_and_says_which_label_is_which_key() {
        let mut book = read(xlsx(&[one_of_each()]).expect("a workbook"));
        assert_eq!(book.sheet_names(), ["One of each", "Fields"]);
        assert_eq!(book.worksheet_formula("One of each").expect("a sheet").used_cells().count(), 0);
        let sheet = book.worksheet_range("One of each").expect("a sheet");
        let row: Vec<&Data> = sheet.rows().nth(1).expect("a row").iter().collect();
        assert_eq!(row[0], &Data::String("=1+1".into()));
        assert_eq!(
            [row[1], row[2], row[3], row[4]],
            [&Data::Float(-5.0), &Data::Float(-3.41666), &Data::Float(0.25), &Data::Float(-1234.5)]
        );
        let moment = |it: &Data| matches!(it, Data::DateTime(_)).then(|| it.to_string());
        assert_eq!([moment(row[5]), moment(row[6])], [Some("46353".to_owned()), Some("46353.5".to_owned())]);
        assert_eq!(row[7], &Data::Bool(true));
        let fields = book.worksheet_range("Fields").expect("a sheet");
        let cost: Vec<String> = fields.rows().nth(5).expect("a row").iter().map(ToString::to_string).collect();
        assert_eq!(cost, ["One of each", "COST", "cost", "money"]);
    }

    #[test]
    fn a_day_that_excel_cannot_count_and_a_number_too_long_for_it_stay_text() {
        let cells = vec![Cell::Date(civil::date(1899, 5, 1)), Cell::Whole(i64::MIN)];
        let columns = vec![Column::new("a", "A", Kind::Date), Column::new("b", "B", Kind::Whole)];
        let mut book = read(xlsx(&[Table { title: "T".into(), columns, rows: vec![cells] }]).expect("a workbook"));
        let sheet = book.worksheet_range("T").expect("a sheet");
        let row: Vec<String> = sheet.rows().nth(1).expect("a row").iter().map(ToString::to_string).collect();
        assert_eq!(row, ["1899-05-01", "-9223372036854775808"]);
    }

    #[test]
    fn a_table_too_large_for_a_sheet_is_refused_in_a_sentence() {
        let long = Table { rows: vec![Vec::new(); ROWS], ..one_of_each() };
        let refused = xlsx(&[long]).expect_err("too long").to_string();
        assert_eq!(refused, "“One of each” has 1,048,576 rows; a workbook holds 1,048,575. Take CSV or JSON.");
        let refused = xlsx(&[of_texts(&["a".repeat(40_000)])]).expect_err("too much").to_string();
        assert_eq!(refused, "“T” has 40,000 characters in row 2 of “C0”; a workbook holds 32,767. Take CSV or JSON.");
    }

    #[test]
    fn a_page_shows_cells_as_its_locale_writes_them() {
        let table = one_of_each();
        let shown: Vec<String> = table
            .columns
            .iter()
            .zip(&table.rows[0])
            .map(|(column, it)| it.shown(column.kind, Locale::of("de-DE")))
            .collect();
        assert_eq!(shown[1..5], ["−5", "−3,42", "25\u{a0}%", "−1.234,50\u{a0}€"]);
    }
}
