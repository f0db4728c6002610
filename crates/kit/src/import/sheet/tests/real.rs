//! Real files, where they are at hand.

use std::path::{Path, PathBuf};

use super::*;

/// The folder of real data, `None` with a word on the terminal where it is absent.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("WAYPOST_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no real data at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let is_table = path.extension().is_some_and(|end| ["csv", "xlsx", "TXT"].iter().any(|table| end == *table));
        if path.is_dir() {
            files(&path, found);
        } else if is_table {
            found.push(path);
        }
    }
}

fn json(path: &Path) -> Option<serde_json::Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn open(path: &Path, choices: &Choices) -> Sheet {
    let bytes = std::fs::read(path).expect("the file was just listed");
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    read(&name, &bytes, choices).unwrap_or_else(|refused| panic!("{}: {refused}", path.display()))
}

/// Rows, sums and encodings of ledgers are compared with those that a separate program found.
#[test]
fn every_real_table_is_read_and_ledgers_have_the_totals_that_were_computed_elsewhere() {
    let Some(data) = data() else { return };
    let mut found = Vec::new();
    for folder in ["survey/data", "ledger", "assets-projects"] {
        files(&data.join(folder), &mut found);
    }
    assert!(found.len() > 60, "only {} files", found.len());
    let totals = json(&data.join("ledger/control_totals.json")).expect("the totals lie beside the ledgers");
    let mut compared = 0;
    for path in &found {
        let name = path.strip_prefix(&data).expect("it lies within").display().to_string();
        let expected = &totals[&name];
        let choices = Choices { sheet: expected["sheet"].as_str().map(str::to_owned), ..Choices::default() };
        let sheet = open(path, &choices);
        assert!(!sheet.rows.is_empty() && sheet.columns.len() > 1, "{name}");
        assert_ne!(sheet.chosen.header.value, Header::Absent, "{name}");
        if expected.is_object() {
            compare(&name, &sheet, expected);
            compared += 1;
        }
    }
    assert!(compared >= 40, "only {compared} ledgers were compared");
}

fn compare(name: &str, sheet: &Sheet, expected: &serde_json::Value) {
    let text = |key: &str| expected[key].as_str().unwrap_or_default();
    assert_eq!(Some(sheet.rows.len() as u64), expected["non_blank_rows"].as_u64(), "{name}");
    if let Some(delimiter) = &sheet.chosen.delimiter {
        assert_eq!(delimiter.value.to_string(), text("delimiter"), "{name}");
    }
    if let Some(encoding) = &sheet.chosen.encoding {
        assert_eq!(encoding.value, if text("encoding") == "cp1252" { "windows-1252" } else { "UTF-8" }, "{name}");
    }
    let amount = sheet.headers().iter().position(|header| *header == text("amount_column"));
    let amount = amount.unwrap_or_else(|| panic!("{name}: no column {}", text("amount_column")));
    let style = &sheet.columns[amount].style;
    let (mut total, mut negative) = (rust_decimal::Decimal::ZERO, 0);
    for row in &sheet.rows {
        if let Some(value) = parse::decimal(&row.cells[amount], style).expect("the reference read it too") {
            total += value;
            negative += u64::from(value.is_sign_negative());
        }
    }
    if let Some(expected) = expected["total"].as_str() {
        assert_eq!(total, expected.parse().expect("it is a number"), "{name}");
    }
    assert_eq!(Some(negative), expected["negative_rows"].as_u64(), "{name}");
}

#[test]
fn answer_sets_have_the_rows_and_columns_that_the_reference_found() {
    let Some(data) = data() else { return };
    let mut compared = 0;
    let mut found = Vec::new();
    files(&data.join("survey/data"), &mut found);
    for path in found {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let Some(expected) = json(&data.join("survey/expected").join(format!("{name}.json"))) else { continue };
        let (Some(rows), Some(columns)) = (expected["rows"].as_u64(), expected["columns"].as_array()) else { continue };
        let sheet = open(&path, &Choices::default());
        let names: Vec<&str> = columns.iter().filter_map(|column| column.as_str()).collect();
        assert_eq!(sheet.rows.len() as u64, rows, "{name}");
        assert_eq!(sheet.headers(), names, "{name}");
        compared += 1;
    }
    assert!(compared >= 15, "only {compared} sets were compared");
}
