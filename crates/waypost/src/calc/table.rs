//! Reading a small CSV file so that everything wrong with it can be pointed at.

use csv::{ReaderBuilder, StringRecord, Trim};

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
        let mut lines = self.lines();
        let header = lines.next().expect("a table that was read has a line");
        let place = |name: &str| header.fields.iter().position(|it| it.eq_ignore_ascii_case(name));
        let places: Vec<usize> = names.iter().filter_map(|name| place(name)).collect();
        let Ok(places) = <[usize; N]>::try_from(places) else {
            let missing = names.iter().position(|name| place(name).is_none()).unwrap_or(0);
            let found = header.fields.iter().collect::<Vec<_>>().join(",");
            let what =
                format!("the header must name {}; {} is missing in \"{found}\"", names.join(","), names[missing]);
            return Err(header.problem(missing + 1, &what));
        };
        if header.fields.len() != N {
            return Err(header.wrong_length(N, "there must be"));
        }
        let rows: Result<Vec<[Cell; N]>, String> = lines
            .map(|line| {
                if line.fields.len() != N {
                    return Err(line.wrong_length(N, "the header has"));
                }
                Ok(places.map(|at| Cell { line, column: at + 1, text: &line.fields[at] }))
            })
            .collect();
        match rows? {
            rows if rows.is_empty() => Err(header.problem(1, "there is nothing below the header")),
            rows => Ok(rows),
        }
    }

    /// The values of a file with one on each line.
    pub(super) fn single_column(&self) -> Result<impl Iterator<Item = Cell<'_>>, String> {
        if let Some(wide) = self.lines().find(|it| it.fields.len() != 1) {
            let hint = "there must be one number, with a point for decimals:";
            return Err(wide.wrong_length(1, hint));
        }
        Ok(self.lines().flat_map(|line| line.cells()))
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|(number, fields)| Line { table: self, number: *number, fields })
    }
}

impl<'a> Line<'a> {
    pub(super) fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.fields.iter().enumerate().map(move |(at, text)| Cell { line: self, column: at + 1, text })
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
        number.map(Some).ok_or_else(|| {
            let hint = match text {
                _ if text.contains(';') => "; separate columns by commas",
                _ if text.contains(',') => "; write decimals with a point",
                _ => "",
            };
            self.problem(&format!("is not a number{hint}"))
        })
    }

    /// The sentence that says what is wrong with this value.
    pub(super) fn problem(self, what: &str) -> String {
        let shown: String = self.text.chars().take(40).collect();
        let cut = if shown.len() < self.text.len() { "…" } else { "" };
        self.line.problem(self.column, &format!("\"{shown}{cut}\" {what}"))
    }
}
