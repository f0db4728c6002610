//! Worksheets of an XLSX file as grids of text.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Because, Choices, Code, Findings, Grid, MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED, Merged, Native, RawRow};
use super::{Reason, Unreadable, kind::damaged, letters, parse, too_many_cells};

pub(super) fn read(name: &str, bytes: &[u8], choices: &Choices, findings: &mut Findings) -> Result<Grid, Unreadable> {
    check_size(name, bytes, MAX_UNPACKED)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
    let worksheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let sheets: Vec<String> = worksheets.iter().map(|(sheet, _)| sheet.clone()).collect();
    if let Some(wanted) = &choices.sheet {
        if sheets.contains(wanted) {
            let rows = rows(&mut book, name, wanted, findings)?;
            return Ok(grid(&mut book, rows, Because::told(wanted.clone()), sheets));
        }
        findings.add(Code::ChoiceMissing, None, None, || {
            format!("There is no sheet “{wanted}”; the file has {}.", sheets.join(", "))
        });
    }
    // Hidden sheets come last: what a person does not see is rarely what they mean.
    let visible = worksheets.iter().filter(|(_, visible)| *visible);
    let hidden = worksheets.iter().filter(|(_, visible)| !*visible);
    let mut fallback = None;
    for (sheet, _) in visible.chain(hidden) {
        let mut own = Findings::default();
        let rows = rows(&mut book, name, sheet, &mut own)?;
        let is_table = rows.len() > 1 && rows.iter().filter(|row| filled(row) > 1).count() > 1;
        let why = if is_table && sheets.len() == 1 {
            "it is the only one"
        } else if is_table {
            "it is the first with a table"
        } else {
            "no sheet has a table of several rows and columns, and it is the first with anything in it"
        };
        if is_table {
            findings.merge(own);
            return Ok(grid(&mut book, rows, Because::new(sheet.clone(), why), sheets));
        }
        if !rows.is_empty() && fallback.is_none() {
            fallback = Some((rows, own, Because::new(sheet.clone(), why)));
        }
    }
    let Some((rows, own, sheet)) = fallback else {
        let message =
            format!("“{name}” is a workbook whose sheets are all empty: check that the right file was saved.");
        return Err(Unreadable { reason: Reason::Empty, message });
    };
    findings.merge(own);
    Ok(grid(&mut book, rows, sheet, sheets))
}

/// Unpacks once, counting only, because a few kilobytes may unpack to gigabytes whatever the archive's directory says.
pub(super) fn check_size(name: &str, bytes: &[u8], most: u64) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| damaged(name))?;
        let taken = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| damaged(name))?;
        left = left.checked_sub(taken).ok_or_else(|| Unreadable {
            reason: Reason::TooMuch,
            message: format!(
                "“{name}” unpacks to more than {} MB, which no ordinary workbook does: split it, or export its table as CSV.",
                most / 1024 / 1024
            ),
        })?;
    }
    Ok(())
}

fn filled(row: &RawRow) -> usize {
    row.cells.iter().filter(|cell| !parse::trim(cell).is_empty()).count()
}

fn grid(book: &mut Xlsx<Cursor<&[u8]>>, rows: Vec<RawRow>, sheet: Because<String>, sheets: Vec<String>) -> Grid {
    // A sheet whose list of merged cells is damaged is still a table.
    let merged = book.merge_cells_by_sheet_name(&sheet.value).unwrap_or_default();
    let merged = merged
        .into_iter()
        .map(|area| Merged {
            rows: (area.start.0.saturating_add(1), area.end.0.saturating_add(1)),
            columns: (area.start.1 as usize, (area.end.1 as usize).min(MAX_COLUMNS)),
        })
        .collect();
    Grid { rows, encoding: None, delimiter: None, sheet: Some(sheet), sheets, merged }
}

/// Reads cell by cell: a range as the library builds it spans from the first to the last cell, however far apart.
fn rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &str,
    findings: &mut Findings,
) -> Result<Vec<RawRow>, Unreadable> {
    let failed = |_: XlsxError| damaged(name);
    let mut reader = match book.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut rows: Vec<RawRow> = Vec::new();
    let (mut cell_count, mut text_bytes) = (0, 0);
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(failed)? {
        let (row, column) = (cell.pos.0, cell.pos.1 as usize);
        let (text, native) = match &cell.value {
            DataRef::Empty => {
                if cell.formula.is_some() {
                    let place = format!("{}{}", letters(column), row.saturating_add(1));
                    findings.add(Code::FormulaWithoutResult, Some(row.saturating_add(1)), None, || {
                        format!(
                            "Cell {place} has a formula without a saved result and is read as empty; open the workbook in a \
                             spreadsheet program, save it and bring it again."
                        )
                    });
                }
                continue;
            }
            DataRef::Int(value) => (Cow::Owned(value.to_string()), Native::Number),
            DataRef::Float(value) => (Cow::Owned(number(*value)), Native::Number),
            DataRef::String(value) | DataRef::DurationIso(value) => (Cow::Borrowed(value.as_str()), Native::Text),
            DataRef::SharedString(value) => (Cow::Borrowed(*value), Native::Text),
            DataRef::Bool(value) => (Cow::Borrowed(if *value { "true" } else { "false" }), Native::Bool),
            DataRef::DateTime(value) => moment(value),
            DataRef::DateTimeIso(value) => (Cow::Borrowed(value.as_str()), Native::Date),
            DataRef::Error(error) => {
                let place = format!("{}{}", letters(column), row.saturating_add(1));
                findings.add(Code::ErrorCell, Some(row.saturating_add(1)), None, || {
                    format!("Cell {place} shows the error {error}; mend it in the workbook, or it counts as this text.")
                });
                (Cow::Owned(error.to_string()), Native::Error)
            }
        };
        if text.is_empty() {
            continue;
        }
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(RawRow { number, cells: Vec::new(), native: Vec::new() });
        }
        let Some(target) = rows.last_mut() else { continue };
        text_bytes += text.len() as u64;
        if column >= target.cells.len() {
            cell_count += column + 1 - target.cells.len();
            if column >= MAX_COLUMNS || cell_count > MAX_CELLS {
                return Err(too_many_cells(name));
            }
            target.cells.resize(column + 1, String::new());
            target.native.resize(column + 1, Native::Text);
        }
        // One long shared text in very many cells takes no room in the file and much in memory.
        if text_bytes > MAX_UNPACKED {
            return Err(too_many_cells(name));
        }
        target.cells[column] = text.into_owned();
        target.native[column] = native;
    }
    // Files made by hand may list their rows out of order, or one row in two parts.
    rows.sort_by_key(|row| row.number);
    rows.dedup_by(|later, first| {
        if later.number != first.number {
            return false;
        }
        let width = first.cells.len().max(later.cells.len());
        first.cells.resize(width, String::new());
        first.native.resize(width, Native::Text);
        for (column, cell) in later.cells.iter_mut().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            first.cells[column] = std::mem::take(cell);
            first.native[column] = later.native[column];
        }
        true
    });
    rows.retain(|row| filled(row) > 0);
    Ok(rows)
}

/// A number with the fifteen digits that spreadsheet programs show, so that 0.1 + 0.2 is 0.3.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let text = if rounded.abs() < 1e21 { format!("{rounded}") } else { format!("{rounded:e}") };
    if text == "-0" { "0".into() } else { text }
}

/// A date as `2025-03-04`, with time only where it has one; a time alone or a length of time as `14:05:00`.
fn moment(value: &ExcelDateTime) -> (Cow<'static, str>, Native) {
    let serial = value.as_f64();
    if value.is_duration() || (0.0..1.0).contains(&serial) {
        let seconds = (serial * 86_400.0).round() as i64;
        let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
        let text = format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return (Cow::Owned(text), Native::Text);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let text = match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    };
    (Cow::Owned(text), Native::Date)
}
