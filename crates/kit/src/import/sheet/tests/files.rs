//! What a file is, how it is cut into cells, and what its columns are.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

#[test]
fn what_is_not_a_table_is_refused_by_what_it_is_and_says_what_to_do() {
    let refused: [(&str, &[u8], &str); 9] = [
        (
            "a.csv",
            b"%PDF-1.7\n...",
            "“a.csv” is a PDF document, not a table: export it as CSV or XLSX and bring that file.",
        ),
        (
            "a.xlsx",
            b"\x89PNG\r\n",
            "“a.xlsx” is an image (PNG), not a table: export it as CSV or XLSX and bring that file.",
        ),
        (
            "a.xls",
            b"<html><table><tr><td>1</td></tr></table></html>",
            "“a.xls” is a web page (HTML), not a table: open it in a spreadsheet program and save it as .xlsx or .csv.",
        ),
        (
            "a.xls",
            b"\xef\xbb\xbf  <?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "“a.xls” is an XML spreadsheet of Excel 2003, not a table: open it and save it as .xlsx or .csv.",
        ),
        (
            "a.csv",
            b"[{\"a\": 1}]",
            "“a.csv” is a JSON file, not a table: export it as CSV or XLSX and bring that file.",
        ),
        ("a.csv", b"", "“a.csv” is empty (0 bytes): check that it was saved completely and bring it again."),
        (
            "a.csv",
            b" \r\n\r\n",
            "“a.csv” holds nothing but blanks: check that it was saved completely and bring it again.",
        ),
        ("a.csv", b",,,\n,,,\n", "“a.csv” holds no filled cell: check that the right file was saved."),
        (
            "a.csv",
            b"\x01\x02\x03\x00\x05\x06\x07\x08\x0e\x0fabc\x00\x00\x00\x01",
            "“a.csv” is binary data, not a table: export it as CSV or XLSX and bring that file.",
        ),
    ];
    for (name, bytes, message) in refused {
        assert_eq!(refusal(name, bytes).to_string(), message);
    }
}

#[test]
fn old_and_protected_workbooks_are_told_apart() {
    let ole = |word: &str| {
        let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0];
        bytes.extend(word.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let old = refusal("a.xls", &ole("Workbook"));
    assert_eq!(
        old.message,
        "“a.xls” is a workbook of the old Excel format (.xls), not a table: open it and save it as .xlsx or .csv."
    );
    let protected = refusal("a.xlsx", &ole("EncryptedPackage"));
    assert_eq!(protected.reason, Reason::Protected);
    assert!(protected.message.contains("save it without the password"), "{protected}");
}

#[test]
fn archives_that_are_no_workbooks_are_refused_by_what_they_hold() {
    let zipped = refusal("a.csv", &zip_of(&[("report.csv".into(), b"a,b".to_vec())]));
    assert_eq!(
        zipped.message,
        "“a.csv” is a ZIP archive, not a table that is read here: unpack it and bring the file inside, such as “report.csv”."
    );
    let word = refusal("a.xlsx", &zip_of(&[("word/document.xml".into(), b"<w/>".to_vec())]));
    assert!(word.message.contains("a Word document"), "{word}");
}

#[test]
fn a_file_beyond_the_size_limit_is_refused_before_it_is_looked_at() {
    let refused = refusal("big.csv", &vec![0; 200 * 1024 * 1024]);
    assert_eq!(refused.reason, Reason::TooLarge);
    assert_eq!(
        refused.message,
        "“big.csv” has 200 MB, and the most that is read is 50 MB: split it, or leave out what is not needed."
    );
}

#[test]
fn an_archive_that_unpacks_to_more_than_memory_should_hold_is_refused() {
    let part = |name: &str| (name.to_owned(), vec![b' '; 600 * 1024]);
    let bomb = zip_of(&[part("xl/workbook.xml"), part("xl/media/1")]);
    assert!(bomb.len() < 10_000);
    let refused = workbook::check_size("bomb.xlsx", &bomb, 1024 * 1024).expect_err("it is more than one megabyte");
    assert_eq!(refused.reason, Reason::TooMuch);
    assert!(refused.message.contains("unpacks to more than 1 MB"), "{refused}");
    assert_eq!(workbook::check_size("fine.xlsx", &bomb, MAX_UNPACKED), Ok(()));
}

#[test]
fn a_workbook_with_two_cells_far_apart_takes_no_room_for_what_lies_between() {
    let far = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "a").expect("the cell exists");
        sheet.write(1_048_575, 16_383, "b").expect("the cell exists");
    });
    let sheet = read("far.xlsx", &far, &Choices::default()).expect("two cells are few");
    assert_eq!(sheet.headers(), ["a", "Column XFD"]);
    assert_eq!(numbers(&sheet), [1_048_576]);
}

#[test]
fn more_cells_than_the_limit_are_refused() {
    let text = ",,,,,,,,,\n".repeat(600_000);
    assert_eq!(refusal("wide.csv", format!("a,b\n{text}").as_bytes()).reason, Reason::TooMuch);
    let wide = ",".repeat(MAX_COLUMNS + 5);
    assert_eq!(refusal("wide.csv", format!("a{wide}b\n").as_bytes()).reason, Reason::TooMuch);
}

#[test]
fn a_file_is_read_as_what_it_is_and_its_name_is_said_to_be_wrong() {
    let book = workbook(people);
    let sheet = read("people.csv", &book, &Choices::default()).expect("it is a workbook");
    assert_eq!(said(&sheet, Code::NameMismatch).len(), 1);
    let sheet = read("people.xlsx", b"a,b\n1,2\n", &Choices::default()).expect("it is text");
    assert_eq!(
        said(&sheet, Code::NameMismatch),
        ["“people.xlsx” is plain text, although its name says otherwise; it was read as what it is."]
    );
}

#[test]
fn a_truncated_workbook_says_that_it_breaks_off() {
    let book = workbook(people);
    let cut = refusal("people.xlsx", &book[..book.len() / 2]);
    assert_eq!(cut.reason, Reason::Damaged);
    assert!(cut.message.contains("breaks off or is damaged"), "{cut}");
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "Name;Straße;Größe\nJürgen;Ährenweg 1;1,80\nZoë;Öderstraße 2;1,70\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1 has these")).collect();
    let files = [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8", marked(b"\xef\xbb\xbf", text.as_bytes().to_vec())),
        ("UTF-16LE", marked(b"\xff\xfe", utf16(u16::to_le_bytes))),
        ("UTF-16BE", marked(b"\xfe\xff", utf16(u16::to_be_bytes))),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
        ("windows-1252", latin),
    ];
    let expected = sheet(text);
    for (encoding, bytes) in files {
        let sheet = with(&bytes, &Choices::default());
        assert_eq!(sheet.chosen.encoding.as_ref().map(|found| found.value.as_str()), Some(encoding));
        assert_eq!(sheet.headers(), expected.headers(), "{encoding}");
        assert_eq!(sheet.rows, expected.rows, "{encoding}");
        assert_eq!(said(&sheet, Code::MixedEncoding), [""; 0], "{encoding}");
    }
}

#[test]
fn lines_in_another_encoding_are_named_and_kept_readable() {
    let mut bytes = "Name,Ort\nJürgen,Köln\nZoë,Mölln\n".as_bytes().to_vec();
    bytes.extend(b"Andr\xe9,N\xfcrnberg\nAnn,Ulm\n");
    let sheet = with(&bytes, &Choices::default());
    assert_eq!(cells(&sheet)[2], ["André", "Nürnberg"]);
    assert_eq!(
        said(&sheet, Code::MixedEncoding),
        ["Line 4 (row 4) is not valid UTF-8; its letters were read as Windows-1252."]
    );

    let mut bytes = b"Name,Ort\nJ\xfcrgen,K\xf6ln\nAndr\xe9,N\xfcrnberg\nZo\xeb,M\xf6lln\n".to_vec();
    bytes.extend("\"Jö\nrg\",Köln\n".as_bytes());
    let sheet = with(&bytes, &Choices::default());
    assert_eq!(cells(&sheet)[3], ["Jö\nrg", "Köln"]);
    assert_eq!(
        said(&sheet, Code::MixedEncoding),
        [
            "Line 5 (row 5) is UTF-8 in a file that is not; its letters were read as UTF-8.",
            "Line 6 (row 5) is UTF-8 in a file that is not; its letters were read as UTF-8.",
        ]
    );
}

#[test]
fn a_chosen_encoding_is_kept_to() {
    let choices = Choices { encoding: Some("windows-1250".into()), ..Choices::default() };
    assert_eq!(cells(&with(b"Name,Ort\n\xa3ukasz,\x8ar\n", &choices)), [["Łukasz", "Šr"]]);
    let latin = Choices { encoding: Some("windows-1252".into()), ..Choices::default() };
    assert_eq!(cells(&with("Name,Ort\nJörg,Ulm\n".as_bytes(), &latin)), [["JÃ¶rg", "Ulm"]]);
    let unknown = Choices { encoding: Some("klingon".into()), ..Choices::default() };
    assert_eq!(said(&with(b"a,b\n1,2\n", &unknown), Code::ChoiceMissing).len(), 1);
}

#[test]
fn letters_of_other_languages_are_told_by_themselves_or_by_the_locale() {
    let polish = encoding_rs::WINDOWS_1250.encode("Nazwa;Kwota\nUsługi księgowe;10\nOpłata za łącze;20\n").0;
    assert_eq!(cells(&with(&polish, &Choices::default()))[0][0], "Usługi księgowe");
    assert_eq!(cells(&with(&polish, &locale("pl-PL")))[1][0], "Opłata za łącze");
    assert_eq!(with(b"Cost \xa3;Name\n1;a\n", &Choices::default()).headers(), ["Cost £", "Name"]);
    assert_eq!(with(b"Cost \x80;Name\n1;a\n", &locale("en-GB")).headers(), ["Cost €", "Name"]);
}

#[test]
fn letters_of_old_systems_are_named() {
    let dos = with(b"Name,Ort\nJ\x81rgen,K\x94ln\nAnn,Ulm\n", &Choices::default());
    assert_eq!(
        said(&dos, Code::MixedEncoding),
        ["Line 2 (row 2) holds characters that are not valid in this encoding; check them or choose another encoding."]
    );
}

#[test]
fn the_delimiter_is_found_where_another_is_more_frequent() {
    let files = [
        (',', "Name,Note,Amount\nAnn,\"a;b;c;d\",1\nBob,e;f,2\n"),
        (';', "Name;Amount;Rate\nMüller, Anna;1,5;2,5\nMaier, Bob;2,5;3,5\n"),
        (';', "1,5;2,5\n3,5;4,5\n"),
        ('\t', "Name\tNote\nAnn\ta, b, c; d\nBob\te, f\n"),
        ('|', "JournalCode|JournalLib|Debit\nAN|A nouveaux, report|0,00\nBQ|Banque|12,50\n"),
        ('~', "sep=~\na~b,c\n1~2,3\n"),
    ];
    for (delimiter, text) in files {
        assert_eq!(sheet(text).chosen.delimiter.map(|found| found.value), Some(delimiter), "{text}");
    }
    let choices = Choices { delimiter: Some(','), ..Choices::default() };
    assert_eq!(cells(&with(b"x,y\n1;2,3\n", &choices)), [["1;2", "3"]]);
    assert_eq!(sheet("Name\nAnn\nBob\n").headers(), ["Name"]);
}

#[test]
fn a_line_that_names_the_separator_is_no_row() {
    let sheet = sheet("sep=;\r\na;b\r\n1;2\r\n");
    assert_eq!(sheet.headers(), ["a", "b"]);
    assert_eq!(numbers(&sheet), [2]);
}

#[test]
fn quotes_hold_delimiters_line_ends_and_doubled_quotes() {
    let sheet = sheet("id,note\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,5\" pipe\r\n3, \"x, y\" \r\n\r\n4,\r\n");
    assert_eq!(cells(&sheet), [["1", "a, \"b\"\r\nc"], ["2", "5\" pipe"], ["3", "x, y"], ["4", ""]]);
    assert_eq!(numbers(&sheet), [2, 3, 4, 6]);
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row_and_is_named() {
    let sheet = sheet("id,note\n1,\"open\n2,fine\n3,also\n");
    assert_eq!(cells(&sheet), [["1", "\"open"], ["2", "fine"], ["3", "also"]]);
    assert_eq!(
        said(&sheet, Code::UnclosedQuote),
        ["In row 2 a quote is opened and never closed; it was read as part of the text."]
    );
}

#[test]
fn text_beside_a_closing_quote_is_kept_and_named() {
    let sheet = sheet("id,note\n1,\"Acme\" Ltd\n");
    assert_eq!(cells(&sheet), [["1", "Acme Ltd"]]);
    assert_eq!(said(&sheet, Code::StrayQuote).len(), 1);
}

#[test]
fn a_quote_that_swallows_a_hundred_lines_is_named() {
    let text = format!("id,note\n1,\"open\n{}9,\"closed\"\n", "2,x\n".repeat(150));
    assert_eq!(
        said(&sheet(&text), Code::LongQuote),
        ["Row 2 runs over 152 lines of the file; a quote may be missing."]
    );
}

#[test]
fn old_line_ends_are_line_ends() {
    assert_eq!(cells(&sheet("a,b\r1,2\r3,4")), [["1", "2"], ["3", "4"]]);
}

#[test]
fn ragged_rows_are_filled_up_or_kept_and_named() {
    let sheet = sheet("a,b,c\n1,2\n3,4,5,6\n7,8,9,,\n");
    assert_eq!(sheet.headers(), ["a", "b", "c", "Column D"]);
    assert_eq!(cells(&sheet), [["1", "2", "", ""], ["3", "4", "5", "6"], ["7", "8", "9", ""]]);
    assert_eq!(said(&sheet, Code::ShortRow), ["Row 2 has 2 cells, the header 3; the missing ones are empty."]);
    assert_eq!(said(&sheet, Code::LongRow), ["Row 3 has 4 cells, the header 3; the cells beyond it are kept."]);
}

#[test]
fn many_findings_of_one_kind_are_counted_and_not_listed() {
    let sheet = sheet(&format!("a,b,c\n1,2,3\n{}", "4,5\n".repeat(100)));
    assert_eq!(said(&sheet, Code::ShortRow).len(), 20);
    assert_eq!(said(&sheet, Code::More), ["The same is true of 80 more places that are not listed."]);
}

#[test]
fn title_lines_and_blank_lines_above_the_header_are_left_out() {
    let sheet = sheet(
        "Account Transactions\nExample Ltd\nFor the period 1 January 2024 to 31 December 2024\n\n\
         Date,Source,Description,Debit,Credit\nTravel\n31 Jan 2024,Bill,Train,\"(1,234.56)\",\n\
         3 Feb 2024,Bill,Hotel,20.00,\nTotal Travel,,,\"1,254.56\",\n",
    );
    assert_eq!(sheet.headers(), ["Date", "Source", "Description", "Debit", "Credit"]);
    assert_eq!(sheet.chosen.header.value, Header::Rows { first: 5, last: 5 });
    assert_eq!(numbers(&sheet), [6, 7, 8, 9]);
    assert_eq!(said(&sheet, Code::RowsAbove), ["Rows 1 to 4 stand above the header and were left out."]);
    assert_eq!(
        said(&sheet, Code::TotalRow),
        ["Row 9 begins with “Total Travel” and may be a sum of other rows; it is kept."]
    );
    assert_eq!(sheet.columns[3].kind, Kind::Decimal);
}

#[test]
fn a_header_whose_first_cell_is_empty_is_found() {
    let sheet = sheet(
        "Example Ltd,,,\nGeneral Ledger,,,\n\n,Date,Name,Amount\nBank,,,\n,01/03/2024,Acme,12.00\n,16/03/2024,Bolt,7.50\n",
    );
    assert_eq!(sheet.headers(), ["Column A", "Date", "Name", "Amount"]);
    assert_eq!(sheet.columns[1].style.dates, DateOrder::DayFirst);
}

#[test]
fn a_file_without_header_gives_letters_and_says_so() {
    let sheet = sheet("Ann,5,2024-01-01\nBob,4,2024-02-01\nCid,3,2024-03-01\n");
    assert_eq!(sheet.headers(), ["Column A", "Column B", "Column C"]);
    assert_eq!(sheet.rows.len(), 3);
    assert_eq!(said(&sheet, Code::NoHeader).len(), 1);
    let chosen = Choices { header: Some(Header::Rows { first: 1, last: 1 }), ..Choices::default() };
    assert_eq!(with(b"1,2\n3,4\n", &chosen).headers(), ["1", "2"]);
    let absent = Choices { header: Some(Header::Absent), ..Choices::default() };
    assert_eq!(with(b"a,b\n3,4\n", &absent).rows.len(), 2);
    let beyond = Choices { header: Some(Header::Rows { first: 9, last: 9 }), ..Choices::default() };
    assert_eq!(said(&with(b"a,b\n3,4\n", &beyond), Code::ChoiceMissing).len(), 1);
}

#[test]
fn a_header_above_text_alone_is_taken_and_said_to_be_a_guess_only_where_it_is_like_the_rows_below() {
    for names in ["Name,Unit\nAnn,Sales\nBob,Plant\n", "Name,Q1\nAnn,good\nBob,bad\n", "Code,Name\nD1,Dock\nD2,Yard\n"]
    {
        assert_eq!(said(&sheet(names), Code::HeaderAssumed), [""; 0], "{names}");
    }
    for rows in ["Ann,ann@example.org\nBob,bob@example.org\n", "D-1,Dock\nD-2,Yard\nD-3,Office\n"] {
        assert_eq!(said(&sheet(rows), Code::HeaderAssumed).len(), 1, "{rows}");
    }
}

#[test]
fn years_and_item_numbers_can_name_columns() {
    assert_eq!(sheet("Line,2023,2024,2025\nA,10,20,30\nB,40,50,60\n").headers(), ["Line", "2023", "2024", "2025"]);
    assert_eq!(sheet("id,1,2,3,4\nr1,5,4,4,2\nr2,3,3,1,2\n").headers(), ["id", "1", "2", "3", "4"]);
}

#[test]
fn codes_and_texts_in_two_rows_are_one_header() {
    let sheet = sheet(
        "id,submitdate,G01Q01,G01Q02\nResponse ID,Date submitted,How well is IT doing?,Comment\n\
         1,2024-01-02 10:00:00,4,fine\n2,2024-01-03 11:00:00,5,\n",
    );
    assert_eq!(sheet.headers()[2], "G01Q01 · How well is IT doing?");
    assert_eq!(sheet.columns[2].parts, ["G01Q01", "How well is IT doing?"]);
    assert_eq!(numbers(&sheet), [3, 4]);
    assert_eq!(sheet.columns[1].kind, Kind::DateTime);
}

#[test]
fn a_row_of_groups_above_the_header_joins_the_names() {
    let sheet = sheet(",,2024,,2025,\nLine,Account,Plan,Actual,Plan,Actual\nA,x1,1,2,3,4\nB,x2,5,6,7,8\n");
    assert_eq!(sheet.headers(), ["Line", "Account", "2024 · Plan", "2024 · Actual", "2025 · Plan", "2025 · Actual"]);
}

#[test]
fn repeated_and_missing_names_are_made_distinct() {
    let sheet = sheet("Labels,Labels,Labels (2),,Labels\na,b,c,d,1\na,b,c,d,2\n");
    assert_eq!(sheet.headers(), ["Labels", "Labels (3)", "Labels (2)", "Column D", "Labels (4)"]);
    assert_eq!(said(&sheet, Code::RepeatedHeader).len(), 2);
    assert_eq!(said(&sheet, Code::UnnamedColumn), ["Column D has values and no name; it is called “Column D”."]);
}

#[test]
fn columns_without_name_and_values_are_left_out() {
    let sheet = sheet("a,,b,,\n1,,2,,\n3,,4,,\n");
    assert_eq!(sheet.headers(), ["a", "b"]);
    assert_eq!(sheet.columns[1].letters, "C");
    assert_eq!(cells(&sheet), [["1", "2"], ["3", "4"]]);
}

#[test]
fn a_header_only_is_a_table_without_rows() {
    let sheet = sheet("Name,Unit,Start\n");
    assert_eq!(sheet.headers(), ["Name", "Unit", "Start"]);
    assert!(sheet.rows.is_empty());
    assert_eq!(said(&sheet, Code::HeaderOnly), ["The file has column names and no row below them."]);
}

fn kind_of(column: &[&str]) -> (Kind, String) {
    let sheet = sheet(&format!("id\tx\n{}", column.iter().map(|cell| format!("k\t{cell}\n")).collect::<String>()));
    (sheet.columns[1].kind, sheet.columns[1].form.clone())
}

#[test]
fn the_type_of_a_column_comes_from_its_cells() {
    let is = |column: &[&str], kind, form: &str| assert_eq!(kind_of(column), (kind, form.to_owned()), "{column:?}");
    is(&["a", "b", "1"], Kind::Text, "");
    is(&["1", "20", "-3"], Kind::Whole, "");
    is(&["1.5", "2,000.25"], Kind::Decimal, "decimal point, digits in groups");
    is(&["1.596.852.249", "1.234", "0"], Kind::Whole, "digits in groups");
    is(&["1,5", "12", "1.234,50"], Kind::Decimal, "decimal comma, digits in groups");
    is(&["12 %", "5 %"], Kind::Decimal, "decimal point, percent");
    is(&["2024-01-31", "2024-02-01"], Kind::Date, "year-month-day");
    is(&["31.01.2024", "01.02.2024"], Kind::Date, "day.month.year");
    is(&["12/31/24", "01/02/24"], Kind::Date, "month/day/year, years of two digits");
    is(&["31 Jan 2024", "1. Mai 2024"], Kind::Date, "months by name");
    is(&["2024-01-31 10:00", "2024-02-01 00:00"], Kind::DateTime, "year-month-day");
    is(&["2024-01-31 00:00:00", "2024-02-01 00:00:00"], Kind::Date, "year-month-day");
    is(&["ja", "nein", "ja"], Kind::YesNo, "");
    is(&["00123", "04567"], Kind::Text, "");
    is(&["NULL", "1", "2"], Kind::Whole, "");
    is(&["NULL", "NULL"], Kind::Text, "");
    is(&["1.2.3", "10.0.0.1"], Kind::Text, "");
}

#[test]
fn a_name_that_says_date_makes_days_of_numbers() {
    let sheet = sheet("Start date,Booking date,Amount\n45292,20240131,45292\n45293,20240201,45293\n");
    assert_eq!(
        sheet.columns.iter().map(|column| column.kind).collect::<Vec<_>>(),
        [Kind::Date, Kind::Date, Kind::Whole]
    );
    assert!(sheet.columns[0].style.serial);
    assert_eq!(sheet.columns[1].form, "yearmonthday");
}

#[test]
fn a_column_says_what_it_holds() {
    let sheet = sheet("id,side\n1,IT\n2,business\n3,\n4,IT\n");
    let side = &sheet.columns[1];
    assert_eq!((side.filled, side.empty), (3, 1));
    assert_eq!(side.examples, ["IT", "business"]);
    assert_eq!(side.distinct.as_deref(), Some(&["IT".to_owned(), "business".to_owned()][..]));
    let many: String = (0..50).map(|at| format!("{at},x\n")).collect();
    assert_eq!(super::sheet(&format!("id,y\n{many}")).columns[0].distinct, None);
}

#[test]
fn an_open_date_is_settled_by_the_column_then_the_file_then_the_locale() {
    let open = "Due\n03/04/2025\n05/06/2025\n";
    let order = |text: &str, choices: &Choices| with(text.as_bytes(), choices).columns[0].style.dates;
    assert_eq!(order("Due\n03/04/2025\n25/06/2025\n", &locale("en-US")), DateOrder::DayFirst);
    assert_eq!(order("Due,Made\n03/04/2025,12/25/2025\n", &locale("de-DE")), DateOrder::MonthFirst);
    assert_eq!(order(open, &locale("en-US")), DateOrder::MonthFirst);
    assert_eq!(order(open, &locale("en-GB")), DateOrder::DayFirst);
    let chosen = Choices { dates: Some(DateOrder::MonthFirst), ..locale("de-DE") };
    assert_eq!(order(open, &chosen), DateOrder::MonthFirst);
    assert_eq!(
        said(&with(open.as_bytes(), &locale("de-DE")), Code::AmbiguousDate),
        [
            "“03/04/2025” in row 2 of “Due” can be two days; it is read as day, month, year, because the organisation's locale is de-DE."
        ]
    );
    assert_eq!(said(&with(b"Due\n03/04/2025\n25/06/2025\n", &locale("en-US")), Code::AmbiguousDate), [""; 0]);
}

#[test]
fn dates_in_two_orders_are_named_and_those_that_do_not_fit_are_listed() {
    let sheet = sheet("Due\n25/06/2025\n26/06/2025\n27/06/2025\n28/06/2025\n12/31/2025\n");
    assert_eq!(sheet.columns[0].style.dates, DateOrder::DayFirst);
    assert_eq!(said(&sheet, Code::MixedDates).len(), 1);
    assert_eq!(said(&sheet, Code::OddCell), ["“Due” reads as date, but 1 cell does not fit: “12/31/2025” in row 6."]);
}

#[test]
fn an_open_number_is_settled_by_the_column_then_the_file_then_the_locale() {
    let open = "id\tx\na\t1,234\nb\t5,678\n";
    let mark = |text: &str, choices: &Choices| {
        let sheet = with(text.as_bytes(), choices);
        (sheet.columns[1].style.decimal, sheet.columns[1].kind)
    };
    assert_eq!(mark("id\tx\na\t1,234\nb\t5,6\n", &locale("en-US")), (DecimalMark::Comma, Kind::Decimal));
    assert_eq!(mark("id\tx\ty\na\t1,234\t0,5\n", &locale("en-US")), (DecimalMark::Comma, Kind::Decimal));
    assert_eq!(mark(open, &locale("de-DE")), (DecimalMark::Comma, Kind::Decimal));
    assert_eq!(mark(open, &locale("en-US")), (DecimalMark::Point, Kind::Whole));
    assert_eq!(
        said(&with(open.as_bytes(), &locale("de-DE")), Code::AmbiguousNumber),
        [
            "“1,234” in row 2 of “x” can be a thousand or a fraction; numbers of this column are read with a decimal comma, \
          because the organisation's locale is de-DE."
        ]
    );
    let chosen = Choices { decimal: Some(DecimalMark::Point), ..locale("de-DE") };
    assert_eq!(mark(open, &chosen), (DecimalMark::Point, Kind::Whole));
}

#[test]
fn what_would_be_lost_in_numbers_is_said() {
    let sheet = sheet("Code,Serial,Rate,Price\n007,4.6E+12,NULL,\"1,50\"\n012,4.7E+12,5,2.5\n013,4.7E+12,6,3.5\n");
    assert_eq!(
        said(&sheet, Code::LeadingZeros),
        ["“Code” has digits that begin with zero (“007” in row 2); they are kept as text, zeros included."]
    );
    assert_eq!(said(&sheet, Code::ShortenedNumber).len(), 1);
    assert_eq!(said(&sheet, Code::MissingWord), ["“Rate” has 1 cells such as “NULL” that are taken as empty."]);
    assert_eq!(said(&sheet, Code::MixedNumbers).len(), 1);
    assert_eq!(
        said(&sheet, Code::OddCell),
        ["“Price” reads as decimal number, but 1 cell does not fit: “1,50” in row 2."]
    );
}

fn people(book: &mut Workbook) {
    book.add_worksheet().set_name("Notes").expect("the name is good").write(0, 0, "Read me").expect("the cell exists");
    let sheet = book.add_worksheet().set_name("People").expect("the name is good");
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let time = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let bold = Format::new();
    sheet.merge_range(0, 0, 0, 5, "Our people", &bold).expect("the range exists");
    for (column, name) in ["Name", "Start", "Seen", "FTE", "Active", "Cost"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).expect("the cell exists");
    }
    for row in 3..6_u32 {
        sheet.write(row, 0, format!("Person {row}")).expect("the cell exists");
        let day = ExcelDateTime::from_ymd(2024, 3, row as u8).expect("the day exists");
        sheet.write_with_format(row, 1, &day, &date).expect("the cell exists");
        let moment =
            ExcelDateTime::from_ymd(2024, 3, row as u8).and_then(|day| day.and_hms(9, 30, 0)).expect("it exists");
        sheet.write_with_format(row, 2, &moment, &time).expect("the cell exists");
        sheet.write(row, 3, 0.1 + 0.2).expect("the cell exists");
        sheet.write(row, 4, row % 2 == 0).expect("the cell exists");
        sheet.write(row, 5, Formula::new("=D4*1000").set_result("300.5")).expect("the cell exists");
    }
    sheet.write(6, 0, "Broken").expect("the cell exists");
    sheet.write(6, 5, Formula::new("=1/0").set_result("#DIV/0!")).expect("the cell exists");
}

#[test]
fn a_workbook_gives_dates_numbers_and_the_results_of_formulas() {
    let sheet = read("people.xlsx", &workbook(people), &Choices::default()).expect("it is a workbook");
    assert_eq!(sheet.chosen.sheets, ["Notes", "People"]);
    assert_eq!(sheet.chosen.sheet, Some(Because::new("People".to_owned(), "it is the first with a table")));
    assert_eq!(sheet.chosen.header.value, Header::Rows { first: 3, last: 3 });
    assert_eq!(sheet.headers(), ["Name", "Start", "Seen", "FTE", "Active", "Cost"]);
    assert_eq!(cells(&sheet)[1], ["Person 4", "2024-03-04", "2024-03-04 09:30:00", "0.3", "true", "300.5"]);
    assert_eq!(numbers(&sheet), [4, 5, 6, 7]);
    let kinds: Vec<Kind> = sheet.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Date, Kind::DateTime, Kind::Decimal, Kind::YesNo, Kind::Decimal]);
    assert_eq!(
        said(&sheet, Code::ErrorCell),
        ["Cell F7 shows the error #DIV/0!; mend it in the workbook, or it counts as this text."]
    );
}

#[test]
fn formulas_without_a_saved_result_are_named() {
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Amount").expect("the cell exists");
        sheet.write(0, 1, "Note").expect("the cell exists");
        for row in 1..4 {
            sheet.write(row, 0, Formula::new("=1+1").set_result("2")).expect("the cell exists");
            sheet.write(row, 1, Formula::new("=\"\"").set_result("")).expect("the cell exists");
        }
    });
    assert_eq!(
        said(&read("f.xlsx", &book, &Choices::default()).expect("it is a workbook"), Code::FormulaWithoutResult),
        [""; 0]
    );
    // As programs write it that do not calculate.
    let mut parts = parts_of(&book);
    for (name, bytes) in &mut parts {
        if name.ends_with("sheet1.xml") {
            *bytes = String::from_utf8_lossy(bytes).replacen("<v>2</v>", "", 1).into_bytes();
        }
    }
    let sheet = read("f.xlsx", &zip_of(&parts), &Choices::default()).expect("it is a workbook");
    assert_eq!(
        said(&sheet, Code::FormulaWithoutResult),
        [
            "Cell A2 has a formula without a saved result and is read as empty; open the workbook in a spreadsheet program, \
          save it and bring it again."
        ]
    );
}

#[test]
fn a_worksheet_is_read_by_its_name() {
    let book = workbook(people);
    let choices = Choices { sheet: Some("Notes".into()), ..Choices::default() };
    assert_eq!(read("p.xlsx", &book, &choices).expect("it is a workbook").headers(), ["Read me"]);
    let choices = Choices { sheet: Some("Nowhere".into()), ..Choices::default() };
    let sheet = read("p.xlsx", &book, &choices).expect("it is a workbook");
    assert_eq!(said(&sheet, Code::ChoiceMissing), ["There is no sheet “Nowhere”; the file has Notes, People."]);
    assert_eq!(sheet.headers()[0], "Name");
}

#[test]
fn merged_cells_name_their_columns_and_are_reported_below_the_header() {
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        let plain = Format::new();
        sheet.merge_range(0, 1, 0, 2, "2024", &plain).expect("the range exists");
        sheet.merge_range(0, 3, 0, 4, "2025", &plain).expect("the range exists");
        for (column, name) in ["Line", "Plan", "Actual", "Plan", "Actual"].into_iter().enumerate() {
            sheet.write(1, column as u16, name).expect("the cell exists");
        }
        for row in 2..5 {
            for column in 1..5 {
                sheet.write(row, column, f64::from(row)).expect("the cell exists");
            }
        }
        sheet.merge_range(2, 0, 4, 0, "Run", &plain).expect("the range exists");
    });
    let sheet = read("b.xlsx", &book, &Choices::default()).expect("it is a workbook");
    assert_eq!(sheet.headers(), ["Line", "2024 · Plan", "2024 · Actual", "2025 · Plan", "2025 · Actual"]);
    assert_eq!(
        said(&sheet, Code::MergedCells),
        ["In row 3 a cell spans several (A3 to A5); its value is read in the first and the others are empty."]
    );
}

#[test]
fn numbers_that_a_workbook_keeps_as_text_are_said() {
    let book = workbook(|book| {
        let sheet = book.add_worksheet();
        for (row, cell) in ["Amount", "", "", "", "", "1.234,56"].into_iter().enumerate() {
            sheet.write(row as u32, 1, cell).expect("the cell exists");
            sheet.write(row as u32, 0, format!("r{row}")).expect("the cell exists");
        }
        for row in 1..5 {
            sheet.write(row, 1, 1.125).expect("the cell exists");
        }
    });
    let sheet = read("n.xlsx", &book, &Choices::default()).expect("it is a workbook");
    assert_eq!(said(&sheet, Code::NumberAsText).len(), 1);
    assert_eq!(
        said(&sheet, Code::OddCell),
        ["“Amount” reads as decimal number, but 1 cell does not fit: “1.234,56” in row 6."]
    );
}

#[test]
fn choices_are_remembered_as_text() {
    let choices = Choices {
        header: Some(Header::Rows { first: 3, last: 4 }),
        delimiter: Some(';'),
        dates: Some(DateOrder::DayFirst),
        ..locale("de-DE")
    };
    let text = serde_json::to_string(&choices).expect("it is plain data");
    assert_eq!(serde_json::from_str::<Choices>(&text).expect("it was just written"), choices);
    assert_eq!(serde_json::from_str::<Choices>("{}").expect("every choice may be left out"), Choices::default());
}

#[test]
fn letters_go_on_after_z() {
    assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
}
