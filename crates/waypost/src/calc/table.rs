//! Reading a small CSV file so that everything wrong with it can be pointed at.

use csv::{ReaderBuilder, StringRecord, Trim};
use jiff::civil::Date;

/// The lines of a file that hold anything.
pub(super) struct Table {
    name: String,
    lines: Vec<(u64, StringRecord)>,
}

/// One line, with its number in the file.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    table: &'a Table,
    number: u64,
    fields: &'a StringRecord,
}

/// One value, with where it stands.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    line: Line<'a>,
    column: usize,
    text: &'a str,
}

impl Table {
    pub(super) fn read(name: String, bytes: Vec<u8>) -> Result<Table, String> {
        let at = |line: usize, column: usize, what: &str| Err(format!("{name}, line {line}, column {column}: {what}."));
        if bytes.starts_with(b"PK\x03\x04") {
            return at(1, 1, "the file is a workbook or an archive; save the sheet as CSV UTF-8");
        }
        if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
            return at(1, 1, "the file is in UTF-16; save it as CSV UTF-8");
        }
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(why) => {
                let good = &bytes[..why.valid_up_to()];
                let line_start = good.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
                let line = good.iter().filter(|it| **it == b'\n').count() + 1;
                let column = good[line_start..].iter().filter(|it| **it == b',').count() + 1;
                return at(line, column, "this is not UTF-8 text; save the file as CSV UTF-8");
            }
        };
        if let Some(nul) = text.find('\0') {
            let line = text[..nul].matches('\n').count() + 1;
            return at(line, 1, "the file is not text");
        }
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
        let mut lines = Vec::new();
        let (mut number, mut counted) = (1, 0);
        for record in reader.records() {
            let record = record.map_err(|why| format!("{name} cannot be read: {why}."))?;
            // The reader notes where it was before it passed over empty lines.
            let from = record.position().map_or(counted, |it| it.byte() as usize);
            let begins = from + text[from..].bytes().take_while(|it| b"\r\n".contains(it)).count();
            number += text[counted..begins].matches('\n').count() as u64;
            counted = begins;
            // A line of spaces it takes for a value.
            if record.len() > 1 || !record[0].is_empty() {
                lines.push((number, record));
            }
        }
        if lines.is_empty() {
            return at(1, 1, "the file is empty");
        }
        Ok(Table { name, lines })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The lines of a table without a header.
    pub(super) fn lines_of_equal_length(&self) -> Result<Vec<Line<'_>>, String> {
        let lines: Vec<Line> = self.lines().collect();
        let (first, columns) = (lines[0].number, lines[0].fields.len());
        match lines.iter().find(|it| it.fields.len() != columns) {
            None => Ok(lines),
            Some(odd) => Err(odd.wrong_length(columns, &format!("line {first} has"))),
        }
    }

    /// The values below a header that consists of `names`, in whatever order.
    pub(super) fn columns<const N: usize>(&self, names: [&str; N]) -> Result<Vec<[Cell<'_>; N]>, String> {
        let (others, rows) = self.columns_and_others(names)?;
        match others.is_empty() {
            true => Ok(rows.into_iter().map(|(row, _)| row).collect()),
            false => Err(self.header().wrong_length(N, "there must be")),
        }
    }

    /// The values below a header that holds `names`, and those of the columns beside them with their names.
    #[expect(clippy::type_complexity, reason = "a row is what was asked for and the rest")]
    pub(super) fn columns_and_others<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<(Vec<Cell<'_>>, Vec<([Cell<'_>; N], Vec<Cell<'_>>)>), String> {
        let header = self.header();
        let place = |name: &str| header.fields.iter().position(|it| it.eq_ignore_ascii_case(name));
        let places: Vec<usize> = names.iter().filter_map(|name| place(name)).collect();
        let Ok(places) = <[usize; N]>::try_from(places) else {
            let missing = names.iter().position(|name| place(name).is_none()).unwrap_or(0);
            let found = header.fields.iter().collect::<Vec<_>>().join(",");
            let what =
                format!("the header must name {}; {} is missing in \"{found}\"", names.join(","), names[missing]);
            return Err(header.problem(missing + 1, &what));
        };
        let mut rows = Vec::new();
        for line in self.lines().skip(1) {
            if line.fields.len() != header.fields.len() {
                return Err(line.wrong_length(header.fields.len(), "the header has"));
            }
            rows.push((
                places.map(|at| Cell { line, column: at + 1, text: &line.fields[at] }),
                line.cells_but(&places),
            ));
        }
        if rows.is_empty() {
            return Err(header.problem(1, "there is nothing below the header"));
        }
        Ok((header.cells_but(&places), rows))
    }

    /// The values of a file with one on each line.
    pub(super) fn single_column(&self) -> Result<impl Iterator<Item = Cell<'_>>, String> {
        if let Some(wide) = self.lines().find(|it| it.fields.len() != 1) {
            let hint = "there must be one number, with a point for decimals:";
            return Err(wide.wrong_length(1, hint));
        }
        Ok(self.lines().flat_map(|line| line.cells()))
    }

    fn header(&self) -> Line<'_> {
        self.lines().next().expect("a table that was read has a line")
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|(number, fields)| Line { table: self, number: *number, fields })
    }
}

impl<'a> Line<'a> {
    pub(super) fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.fields.iter().enumerate().map(move |(at, text)| Cell { line: self, column: at + 1, text })
    }

    fn cells_but(self, places: &[usize]) -> Vec<Cell<'a>> {
        self.cells().filter(|it| !places.contains(&(it.column - 1))).collect()
    }

    fn problem(self, column: usize, what: &str) -> String {
        format!("{}, line {}, column {column}: {what}.", self.table.name, self.number)
    }

    fn wrong_length(self, columns: usize, whose: &str) -> String {
        let found = self.fields.len();
        let hint = if found == 1 && self.fields[0].contains(';') { "; separate columns by commas" } else { "" };
        let values = if found == 1 { "value" } else { "values" };
        self.problem(
            found.min(columns) + usize::from(found > columns),
            &format!("{found} {values} where {whose} {columns}{hint}"),
        )
    }
}

/// The product of three such numbers, and any sum of them, is still a number.
const LARGEST: f64 = 1e100;

impl<'a> Cell<'a> {
    pub(super) fn line(self) -> u64 {
        self.line.number
    }

    /// A word, which may not be missing.
    pub(super) fn text(self) -> Result<&'a str, String> {
        if self.text.is_empty() { Err(self.line.problem(self.column, "a name is missing here")) } else { Ok(self.text) }
    }

    pub(super) fn text_or_missing(self) -> Option<&'a str> {
        (!self.text.is_empty() && self.text != ".").then_some(self.text)
    }

    pub(super) fn number(self) -> Result<f64, String> {
        match self.number_or_missing()? {
            Some(number) => Ok(number),
            None => Err(self.line.problem(self.column, "a number is missing here")),
        }
    }

    pub(super) fn number_or_missing(self) -> Result<Option<f64>, String> {
        let Some(text) = self.text_or_missing() else { return Ok(None) };
        let number = text.parse().ok().filter(|it: &f64| it.is_finite());
        if number.is_some_and(|it: f64| it.abs() > LARGEST) {
            return Err(self.problem("is larger than what can be computed with; the largest is 1e100"));
        }
        number.map(Some).ok_or_else(|| {
            let hint = match text {
                _ if text.contains(';') => "; separate columns by commas",
                _ if text.contains(',') => "; write decimals with a point",
                _ => "",
            };
            self.problem(&format!("is not a number{hint}"))
        })
    }

    /// A number, which may be a fraction such as 1/3.
    pub(super) fn ratio_or_missing(self) -> Result<Option<f64>, String> {
        let Some((above, below)) = self.text.split_once('/') else { return self.number_or_missing() };
        let part = |text: &str| text.trim().parse().ok().filter(|it: &f64| it.abs() <= LARGEST);
        match part(above).zip(part(below)).map(|(above, below)| above / below).filter(|it| it.abs() <= LARGEST) {
            Some(ratio) => Ok(Some(ratio)),
            None => Err(self.problem("is not a number or a fraction such as 1/3")),
        }
    }

    /// A number from 0 up.
    pub(super) fn amount(self) -> Result<f64, String> {
        match self.number()? {
            it if it < 0.0 => Err(self.problem("is not a number from 0 up")),
            it => Ok(it),
        }
    }

    /// How often something happened.
    pub(super) fn count(self) -> Result<u64, String> {
        self.number()?;
        self.text.parse().map_err(|_| self.problem("is not a whole number from 0 up"))
    }

    pub(super) fn day_or_missing(self) -> Result<Option<Date>, String> {
        let Some(text) = self.text_or_missing() else { return Ok(None) };
        let plain = text.len() == 10 && text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
        let day = text.parse().ok().filter(|it: &Date| plain && (1900..2200).contains(&it.year()));
        day.map(Some).ok_or_else(|| self.problem("is not a day of the years 1900 to 2199; write days as 2026-12-31"))
    }

    pub(super) fn day(self) -> Result<Date, String> {
        self.day_or_missing()?.ok_or_else(|| self.line.problem(self.column, "a day is missing here"))
    }

    pub(super) fn yes_or_no(self) -> Result<bool, String> {
        match self.text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(true),
            "no" | "n" | "false" | "0" => Ok(false),
            "" => Err(self.line.problem(self.column, "yes or no is missing here")),
            _ => Err(self.problem("is not yes or no")),
        }
    }

    /// Where this value stands, as findings say it.
    pub(super) fn place(self) -> String {
        format!("line {}, column {}", self.line.number, self.column)
    }

    /// The value as it was written.
    pub(super) fn written(self) -> &'a str {
        self.text
    }

    /// The sentence that says what is wrong at the place of this value, where that is not the value.
    pub(super) fn fault(self, what: &str) -> String {
        self.line.problem(self.column, what)
    }

    /// The sentence that says what is wrong with this value.
    pub(super) fn problem(self, what: &str) -> String {
        let shown: String = self.text.chars().take(40).collect();
        let cut = if shown.len() < self.text.len() { "…" } else { "" };
        self.line.problem(self.column, &format!("\"{shown}{cut}\" {what}"))
    }
}
