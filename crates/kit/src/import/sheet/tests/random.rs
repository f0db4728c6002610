//! What must hold for any bytes and any table.

use proptest::prelude::*;

use super::*;

fn csv_of(grid: &[Vec<String>], delimiter: char, line_end: &str, always_quote: bool) -> String {
    let mut text = String::new();
    for row in grid {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                text.push(delimiter);
            }
            let quoted = always_quote || cell.contains([delimiter, '"', '\n', '\r']) || cell.starts_with(' ');
            if quoted {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(cell);
            }
        }
        text.push_str(line_end);
    }
    text
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        _ => text.as_bytes().to_vec(),
    }
}

/// Rows of cells under names, each row with something in its first cell.
fn grid(cell: &'static str) -> impl Strategy<Value = Vec<Vec<String>>> {
    (2..6_usize).prop_flat_map(move |width| {
        let row = proptest::collection::vec(cell, width);
        proptest::collection::vec(row, 2..12).prop_map(move |mut rows| {
            for (number, row) in rows.iter_mut().enumerate() {
                row[0] = format!("r{number}{}", row[0]);
            }
            rows.insert(0, (0..width).map(|column| format!("name {column}")).collect());
            rows
        })
    })
}

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

const BEGINNINGS: [&[u8]; 5] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff", b"sep="];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_table_comes_back_as_it_was_written(
        grid in grid("[a-zäöüé€0-9 ,;|\t\"\n.'-]{0,12}"),
        delimiter in proptest::sample::select(&DELIMITERS[..]),
        encoding in proptest::sample::select(&["utf-8", "utf-16le", "utf-16be", "windows-1252"][..]),
        line_end in proptest::sample::select(&["\n", "\r\n"][..]),
        always_quote in any::<bool>(),
    ) {
        let choices = Choices {
            delimiter: Some(delimiter),
            encoding: Some(encoding.into()),
            header: Some(Header::Rows { first: 1, last: 1 }),
            ..Choices::default()
        };
        let bytes = encoded(&csv_of(&grid, delimiter, line_end, always_quote), encoding);
        let sheet = read("grid.csv", &bytes, &choices).expect("it was just written");
        prop_assert_eq!(cells(&sheet), grid[1..].to_vec());
    }

    #[test]
    fn delimiter_encoding_and_header_are_found_in_ordinary_tables(
        grid in grid("[a-zA-ZäöüßÄÖÜ]{1,8}( [a-zäöü]{1,6})?"),
        delimiter in proptest::sample::select(&DELIMITERS[..]),
        encoding in proptest::sample::select(&["utf-8", "utf-16le", "utf-16be"][..]),
    ) {
        let grid: Vec<Vec<String>> = grid
            .into_iter()
            .enumerate()
            .map(|(row, mut cells)| {
                cells.push(if row == 0 { "amount".into() } else { format!("{row}.5") });
                cells
            })
            .collect();
        let bytes = encoded(&csv_of(&grid, delimiter, "\r\n", false), encoding);
        let sheet = read("grid.csv", &bytes, &Choices::default()).expect("it was just written");
        prop_assert_eq!(sheet.headers(), grid[0].clone());
        prop_assert_eq!(cells(&sheet), grid[1..].to_vec());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-z0-9,;|\t\"\n\r =.:/()-]{0,300}") {
        if let Ok(sheet) = read("any.csv", text.as_bytes(), &Choices::default()) {
            whole(&sheet);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(sheet) = read("any.xlsx", &bytes, &Choices::default()) {
            whole(&sheet);
        }
    }

    #[test]
    fn any_marked_beginning_is_read_or_refused(
        start in proptest::sample::select(&BEGINNINGS[..]),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let bytes = [start, &bytes].concat();
        if let Ok(sheet) = read("any.csv", &bytes, &Choices::default()) {
            whole(&sheet);
        }
    }
}

/// What every sheet promises.
fn whole(sheet: &Sheet) {
    let names: std::collections::HashSet<&str> = sheet.headers().into_iter().collect();
    assert_eq!(names.len(), sheet.columns.len(), "names are distinct");
    assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.columns.len()), "rows are as long as the header");
    assert!(sheet.rows.is_sorted_by(|a, b| a.number < b.number), "row numbers go up");
    assert!(sheet.columns.iter().all(|column| column.filled + column.empty == sheet.rows.len()), "cells are counted");
    let _ = layout(sheet);
}

fn small_workbook() -> Vec<u8> {
    workbook(|book| {
        let sheet = book.add_worksheet();
        for row in 0..20_u32 {
            sheet.write(row, 0, format!("name {row}")).expect("the cell exists");
            sheet.write(row, 1, row).expect("the cell exists");
        }
        sheet.merge_range(21, 0, 22, 1, "end", &rust_xlsxwriter::Format::new()).expect("the range exists");
    })
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused_and_never_panics() {
    let book = small_workbook();
    assert!(read("whole.xlsx", &book, &Choices::default()).is_ok());
    for end in 4..book.len() {
        assert!(read("cut.xlsx", &book[..end], &Choices::default()).is_err(), "cut off at {end} of {}", book.len());
    }
}

#[test]
fn a_workbook_with_damaged_parts_never_panics() {
    let parts = parts_of(&small_workbook());
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..200 {
        let hit = random(parts.len());
        let mut damaged = parts.clone();
        let bytes = &mut damaged[hit].1;
        let place = random(bytes.len());
        match random(3) {
            0 => bytes.truncate(place),
            1 => bytes[place] = b"0A<>\"&/9"[random(8)],
            _ => drop(bytes.splice(place..(place + 3).min(bytes.len()), *b"99999999")),
        }
        let bytes = zip_of(&damaged);
        if let Ok(sheet) = read("damaged.xlsx", &bytes, &Choices::default()) {
            whole(&sheet);
        }
    }
}

#[test]
fn hostile_quotes_are_read_in_one_go() {
    // Looking for the end of each quote through the whole text would take minutes.
    let lines = 100_000;
    for (line, rows) in
        [("\"\"x,1\n", lines), (" \"x\"y,1\n", lines), ("\"\"\"x,1\n", lines / 2), (" \"x,1\n", lines / 2)]
    {
        let sheet = sheet(&format!("a,b\n{}\"open\n1,2\n", line.repeat(lines)));
        assert!(sheet.rows.len() >= rows, "{} rows of {line}", sheet.rows.len());
    }
}
