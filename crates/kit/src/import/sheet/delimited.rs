//! Text cut into cells: delimiter, quotes, rows.
//!
//! The reader is our own because it must do what general ones do not: go on after a quote that is never closed and say
//! where it was, count rows as a spreadsheet program does, and keep what stands beside a closing quote.

use super::parse::{self, Marks};
use super::{Because, Choices, Code, Findings, Grid, MAX_CELLS, MAX_COLUMNS, RawRow, Reason, Unreadable};
use super::{encoding, too_many_cells};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Detection looks at so much of the beginning.
const SAMPLE_BYTES: usize = 128 * 1024;
const SAMPLE_ROWS: usize = 300;
/// A quoted cell of more lines than this is said to be suspicious.
const LONG_QUOTE: u32 = 100;

pub(super) fn read(name: &str, bytes: &[u8], choices: &Choices, findings: &mut Findings) -> Result<Grid, Unreadable> {
    let decoded = encoding::decode(bytes, choices, findings);
    let text = decoded.text.as_str();
    let control =
        text.chars().take(65_536).filter(|&c| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    let zero = bytes.iter().take(65_536).filter(|&&b| b == 0).count();
    let zero = if decoded.encoding.value.starts_with("UTF-16") { 0 } else { zero };
    if control.max(zero) * 50 > text.len().min(65_536) {
        let message = format!("“{name}” is binary data, not a table: export it as CSV or XLSX and bring that file.");
        return Err(Unreadable { reason: Reason::WrongKind, message });
    }
    let (told, text) = separator_line(text);
    let (delimiter, why) = match (choices.delimiter.filter(usable), told) {
        (Some(chosen), _) => (chosen, "you chose it".to_owned()),
        (None, Some(told)) => (told, "the file's first line says so".to_owned()),
        (None, None) => detect(text),
    };

    let mut reader = Reader::new(text, delimiter as u8, if told.is_some() { 2 } else { 1 });
    let mut rows = Vec::new();
    let mut odd_lines = decoded.odd_lines.into_iter().peekable();
    let (mut number, mut cell_count) = (0, 0);
    while let Some(record) = reader.next() {
        number += 1;
        cell_count += record.cells.len();
        if record.cells.len() > MAX_COLUMNS || cell_count > MAX_CELLS {
            return Err(too_many_cells(name));
        }
        while let Some((line, what)) = odd_lines.next_if(|(line, _)| *line < reader.line) {
            findings.add(Code::MixedEncoding, Some(number), None, || format!("Line {line} (row {number}) {what}"));
        }
        if record.unclosed {
            findings.add(Code::UnclosedQuote, Some(number), None, || {
                format!("In row {number} a quote is opened and never closed; it was read as part of the text.")
            });
        }
        if record.stray {
            findings.add(Code::StrayQuote, Some(number), None, || {
                format!(
                    "In row {number} text follows a closing quote; check that the cells are cut where they should be."
                )
            });
        }
        if record.lines > LONG_QUOTE {
            findings.add(Code::LongQuote, Some(number), None, || {
                format!("Row {number} runs over {} lines of the file; a quote may be missing.", record.lines)
            });
        }
        if record.cells.iter().any(|cell| !parse::trim(cell).is_empty()) {
            rows.push(RawRow { number, cells: record.cells, native: Vec::new() });
        }
    }
    Ok(Grid {
        rows,
        encoding: Some(decoded.encoding),
        delimiter: Some(Because::new(delimiter, why)),
        sheet: None,
        sheets: Vec::new(),
        merged: Vec::new(),
    })
}

fn usable(delimiter: &char) -> bool {
    delimiter.is_ascii() && !matches!(delimiter, '"' | '\n' | '\r' | '\0')
}

/// Excel's `sep=;` line, taken off: spreadsheet programs do not count it as a row.
fn separator_line(text: &str) -> (Option<char>, &str) {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches('"');
    let told = match line.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("sep=") => {
            let mut rest = line[4..].chars();
            rest.next().filter(|c| usable(c) && rest.next().is_none())
        }
        _ => None,
    };
    match told {
        Some(_) => {
            let rest = &text[end..];
            (told, rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest))
        }
        None => (None, text),
    }
}

/// The delimiter that cuts most rows into the same number of cells that look whole.
fn detect(text: &str) -> (char, String) {
    let mut end = text.len().min(SAMPLE_BYTES);
    if end < text.len() {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        end = text[..end].rfind('\n').map_or(end, |at| at + 1);
    }
    let sample = &text[..end];
    let mut best = (0.0, ',', 1, 0, 0);
    for candidate in CANDIDATES {
        let mut reader = Reader::new(sample, candidate, 1);
        let mut records = Vec::new();
        while let Some(record) = reader.next()
            && records.len() < SAMPLE_ROWS
        {
            if record.cells.iter().any(|cell| !parse::trim(cell).is_empty()) {
                records.push(record.cells);
            }
        }
        let mut widths: Vec<usize> = records.iter().map(Vec::len).filter(|&width| width > 1).collect();
        widths.sort_unstable();
        let Some((width, count)) = widths
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], same.len()))
            .max_by_key(|&(width, count)| (count, width))
        else {
            continue;
        };
        let cells = records.iter().filter(|cells| cells.len() == width).flatten();
        let (sum, n) = cells.fold((0.0, 0.0), |(sum, n), cell| (sum + wholeness(cell), n + 1.0));
        let score = count as f64 / records.len() as f64 * sum / n;
        if score > best.0 {
            best = (score, candidate as char, width, count, records.len());
        }
    }
    let (score, delimiter, width, count, all) = best;
    if score == 0.0 {
        return (',', "no delimiter was found: the file has one column".into());
    }
    (delimiter, format!("it cuts {count} of the first {all} rows into {width} cells each"))
}

/// How much a cell looks like one value and not like several that another delimiter would part.
fn wholeness(cell: &str) -> f64 {
    let cell = parse::trim(cell);
    let is_number = || parse::scan_number(cell).is_some_and(|scan| parse::marks(scan.body) != Marks::Broken);
    if cell.is_empty() {
        0.9
    } else if is_number() || parse::scan_date(cell).is_some() {
        1.0
    } else if cell.contains([';', '\t', '|']) {
        0.5
    } else if cell.contains(',') {
        0.85
    } else {
        1.0
    }
}

struct Record {
    cells: Vec<String>,
    lines: u32,
    unclosed: bool,
    stray: bool,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The line on which the next record starts, counted from 1.
    line: u32,
    delimiter: u8,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, delimiter: u8, line: u32) -> Self {
        Reader { text, at: 0, line, delimiter }
    }

    fn next(&mut self) -> Option<Record> {
        if self.at >= self.text.len() {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut record = Record { cells: Vec::new(), lines: 1, unclosed: false, stray: false };
        loop {
            let cell = self.cell(&mut record);
            record.cells.push(cell);
            // A table cannot be wider; the caller refuses what is.
            let full = record.cells.len() > MAX_COLUMNS;
            match bytes.get(self.at) {
                Some(&b) if b == self.delimiter && !full => self.at += 1,
                Some(b'\r') if bytes.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line += record.lines;
        Some(record)
    }

    /// One cell from here up to its delimiter or line end.
    fn cell(&mut self, record: &mut Record) -> String {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let blanks = bytes[start..].iter().take_while(|&&b| b == b' ' && b != self.delimiter).count();
        if bytes.get(start + blanks) == Some(&b'"') {
            match self.quoted(start + blanks + 1) {
                Some((mut cell, end)) => {
                    let rest = self.plain_end(end);
                    let beside = &self.text[end..rest];
                    let whole = beside.bytes().all(|b| b == b' ');
                    if whole || blanks == 0 {
                        record.stray |= !whole;
                        record.lines += line_ends(&self.text[start..end]);
                        cell.push_str(if whole { "" } else { beside });
                        self.at = rest;
                        return cell;
                    }
                }
                // Happens once at most: after a quote without end all others are doubled, and so close at once.
                None => record.unclosed = true,
            }
        }
        self.at = self.plain_end(start);
        self.text[start..self.at].to_owned()
    }

    /// The text up to the closing quote, doubled quotes halved, and the place after it.
    fn quoted(&self, from: usize) -> Option<(String, usize)> {
        let bytes = self.text.as_bytes();
        let mut cell = String::new();
        let mut from = from;
        loop {
            let quote = from + bytes[from..].iter().position(|&b| b == b'"')?;
            cell.push_str(&self.text[from..quote]);
            if bytes.get(quote + 1) != Some(&b'"') {
                return Some((cell, quote + 1));
            }
            cell.push('"');
            from = quote + 2;
        }
    }

    fn plain_end(&self, from: usize) -> usize {
        let ends = |&b: &u8| b == self.delimiter || b == b'\n' || b == b'\r';
        self.text.as_bytes()[from..].iter().position(ends).map_or(self.text.len(), |at| from + at)
    }
}

fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends =
        bytes.iter().enumerate().filter(|&(at, &b)| b == b'\n' || b == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    ends.count() as u32
}
