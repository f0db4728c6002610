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

fn zip_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
        archive.write_all(bytes).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}

fn parts_of(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("it is a workbook");
    let count = archive.len();
    let part = |at| {
        let mut part = archive.by_index(at).expect("it has so many parts");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("it is whole");
        (part.name().expect("names are text").into_owned(), bytes)
    };
    (0..count).map(part).collect()
}
