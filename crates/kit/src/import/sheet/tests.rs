//! Tests of the sheet reader: bytes in, sheets out.

mod files;
mod layouts;
mod names;
mod random;
mod real;
mod values;

use super::*;

/// Reads text with no choices made.
fn sheet(text: &str) -> Sheet {
    with(text.as_bytes(), &Choices::default())
}

fn with(bytes: &[u8], choices: &Choices) -> Sheet {
    read("table.csv", bytes, choices).expect("the text is a table")
}

fn locale(locale: &str) -> Choices {
    Choices { locale: Some(locale.into()), ..Choices::default() }
}

fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn numbers(sheet: &Sheet) -> Vec<u32> {
    sheet.rows.iter().map(|row| row.number).collect()
}

/// The messages of one code, in order.
fn said(sheet: &Sheet, code: Code) -> Vec<&str> {
    sheet.findings.iter().filter(|finding| finding.code == code).map(|finding| finding.message.as_str()).collect()
}

fn refusal(name: &str, bytes: &[u8]) -> Unreadable {
    read(name, bytes, &Choices::default()).expect_err("the file is not a table")
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook in memory can be saved")
}
