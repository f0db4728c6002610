//! One cell as a value.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::parse::{boolean, date, decimal, instant, is_blank, money, whole};
use super::*;
use crate::format::Currency;

fn style(decimal: DecimalMark, dates: DateOrder) -> Style {
    Style { decimal, dates, serial: false }
}

const POINT: Style = Style { decimal: DecimalMark::Point, dates: DateOrder::MonthFirst, serial: false };
const COMMA: Style = Style { decimal: DecimalMark::Comma, dates: DateOrder::DayFirst, serial: false };

fn number(text: &str, style: &Style) -> String {
    match decimal(text, style) {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "nothing".into(),
        Err(refused) => refused.to_string(),
    }
}

#[test]
fn an_amount_whose_mark_may_be_of_thousands_is_refused_with_both_readings() {
    let of = |text: &str, style: &Style, code| match money(text, style, Currency::of(code).expect("a code")) {
        Ok(it) => it.map_or("nothing".to_owned(), |it| it.to_string()),
        Err(refused) => refused.to_string(),
    };
    let both = "“140.000” can be read as 140,000 or as 140.00. Write 140000 or 140.00, whichever you mean.";
    assert_eq!(of("140.000", &POINT, "EUR"), both);
    assert!(of("€ 1,500", &COMMA, "EUR").contains("1.500 or as 1,50"));
    assert!(of("140.000", &POINT, "JPY").contains("140000"));
    for (text, minor) in [("140.000", "14000000"), ("140,00", "14000"), ("0,500", "50"), ("1234,500", "123450")] {
        assert_eq!(of(text, &COMMA, "EUR"), minor, "{text}");
    }
    assert_eq!(of("140.125", &POINT, "KWD"), "140125", "a dinar has a thousand fils");
    assert_eq!(of("", &POINT, "EUR"), "nothing");
}

#[test]
fn numbers_are_read_with_signs_parentheses_currencies_percent_and_groups() {
    let read = [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1 234.5", "1234.5"),
        ("1\u{a0}234\u{202f}567.5", "1\u{a0}234\u{202f}567.5 refused"),
        ("12'345.60", "12345.60"),
        ("-5", "-5"),
        ("\u{2212}5.5", "-5.5"),
        ("5.50-", "-5.50"),
        ("(1,234.56)", "-1234.56"),
        ("($12)", "-12"),
        ("-$12", "-12"),
        ("£ 12.00", "12.00"),
        ("12.00 EUR", "12.00"),
        ("12 %", "0.12"),
        ("-0", "0"),
        (".5", "0.5"),
        ("1.5E3", "1500"),
        ("NULL", "nothing"),
        ("", "nothing"),
        ("–", "nothing"),
    ];
    for (text, expected) in read {
        if expected.ends_with("refused") {
            assert!(decimal(text, &POINT).is_err(), "{text}");
        } else {
            assert_eq!(number(text, &POINT), expected, "{text}");
        }
    }
    assert_eq!(number("1.234,56", &COMMA), "1234.56");
    assert_eq!(number("9.577.207", &COMMA), "9577207");
    assert_eq!(number("1\u{a0}234,5 €", &COMMA), "1234.5");
}

#[test]
fn a_number_that_does_not_fit_its_columns_mark_is_refused_with_a_sentence() {
    assert_eq!(number("1.234,56", &POINT), "“1.234,56” cannot be read with a decimal point.");
    assert_eq!(number("1.23", &COMMA), "“1.23” cannot be read with a decimal comma.");
    assert_eq!(number("12.34.567", &COMMA), "“12.34.567” cannot be read with a decimal comma.");
    assert_eq!(number("twelve", &POINT), "“twelve” is not a number.");
    assert_eq!(number("5 people", &POINT), "“5 people” is not a number.");
    assert_eq!(
        number("1234567890123456789012345678901", &POINT),
        "“1234567890123456789012345678901” has more digits than can be kept exactly."
    );
    assert!(decimal("--5", &POINT).is_err());
    assert!(decimal("1,23,456", &POINT).is_err());
}

#[test]
fn whole_numbers_refuse_fractions() {
    assert_eq!(whole("1,000", &POINT), Ok(Some(1000)));
    assert_eq!(whole("12.0", &POINT), Ok(Some(12)));
    assert_eq!(
        whole("12.5", &POINT).expect_err("it has a fraction").to_string(),
        "“12.5” has a fraction where a whole number is expected."
    );
    assert!(whole("99999999999999999999", &POINT).is_err());
}

#[test]
fn dates_are_read_in_their_columns_order_and_refused_in_another() {
    let day = jiff::civil::date(2025, 3, 14);
    for text in ["14.03.2025", "14.3.25", "14/03/2025", "14-3-2025", "14. 3. 2025", "14. März 2025", "14 Mar 2025"] {
        assert_eq!(date(text, &COMMA), Ok(Some(day)), "{text}");
    }
    for text in ["2025-03-14", "2025/03/14", "20250314", "March 14, 2025", "14-Mar-25", "Fri, 14 Mar 2025", "3/14/2025"]
    {
        assert_eq!(date(text, &POINT), Ok(Some(day)), "{text}");
    }
    assert_eq!(date("09/Oct/25 1:42 PM", &POINT), Ok(Some(jiff::civil::date(2025, 10, 9))));
    let year_first = style(DecimalMark::Point, DateOrder::YearFirst);
    assert_eq!(date("25-03-14", &year_first), Ok(Some(day)));
    assert_eq!(
        date("3/14/2025", &COMMA).expect_err("there is no month 14").to_string(),
        "“3/14/2025” is not a day when read as day, month, year."
    );
    for text in ["30.02.2025", "soon", "2025", "12:30", "1.2.3.4", "14.03.2025.", "2025-13-01"] {
        assert!(date(text, &COMMA).is_err(), "{text}");
    }
}

#[test]
fn a_bare_number_is_a_day_only_in_a_column_of_day_numbers() {
    let serial = Style { serial: true, ..Style::default() };
    assert_eq!(date("45292", &serial), Ok(Some(jiff::civil::date(2024, 1, 1))));
    assert!(date("45292", &Style::default()).is_err());
    assert!(date("12", &serial).is_err());
}

#[test]
fn instants_keep_their_offset_or_take_the_zone() {
    let berlin = TimeZone::get("Europe/Berlin").expect("the time-zone database is bundled");
    let read = |text| instant(text, &COMMA, &berlin).expect("the moment can be read").map(|at| at.to_string());
    assert_eq!(read("2024-09-18T23:00:00Z").as_deref(), Some("2024-09-18T23:00:00Z"));
    assert_eq!(read("2024-09-18 23:00:00").as_deref(), Some("2024-09-18T21:00:00Z"));
    assert_eq!(read("2024/09/18 11:00:00 PM GMT+1").as_deref(), Some("2024-09-18T22:00:00Z"));
    assert_eq!(read("18.09.2024 um 23:00 Uhr").as_deref(), Some("2024-09-18T21:00:00Z"));
    assert_eq!(read("18.09.2024").as_deref(), Some("2024-09-17T22:00:00Z"));
    assert_eq!(read("2024-09-18T23:00:00.250+05:30").as_deref(), Some("2024-09-18T17:30:00.25Z"));
    assert_eq!(read(""), None);
    assert!(instant("2024-09-18 25:00", &COMMA, &berlin).is_err());
    assert!(instant("2024-09-18 13:00 PM", &COMMA, &berlin).is_err());
}

#[test]
fn yes_and_no_are_read_in_words_and_digits() {
    for text in ["yes", "Ja", "TRUE", "1", "wahr", "y"] {
        assert_eq!(boolean(text), Ok(Some(true)), "{text}");
    }
    for text in ["no", "Nein", "false", "0", "falsch", "N"] {
        assert_eq!(boolean(text), Ok(Some(false)), "{text}");
    }
    assert_eq!(boolean("n/a"), Ok(None));
    assert_eq!(boolean("maybe").expect_err("it is neither").to_string(), "“maybe” is neither yes nor no.");
}

#[test]
fn words_for_no_value_are_blank() {
    assert!(["", "  ", "\u{a0}", "NULL", "n/a", "k. A.", "-"].into_iter().all(is_blank));
    assert!(!["0", "no", "none of these", "x"].into_iter().any(is_blank));
}

proptest! {
    #[test]
    fn any_decimal_is_read_back_in_either_way_of_writing(minor in any::<i64>(), scale in 0u32..6) {
        let value = Decimal::new(minor, scale);
        let plain = value.to_string();
        prop_assert_eq!(decimal(&plain, &POINT), Ok(Some(value)));
        let (int, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (sign, digits) = int.strip_prefix('-').map_or(("", int), |digits| ("-", digits));
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        let german = if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped},{fraction}") };
        prop_assert_eq!(decimal(&german, &COMMA), Ok(Some(value)));
    }

    #[test]
    fn any_day_is_read_back_in_every_order(day in 0i32..40_000) {
        let day = jiff::civil::date(1975, 1, 1) + jiff::Span::new().days(day);
        let (y, m, d) = (day.year(), day.month(), day.day());
        for (order, text) in [
            (DateOrder::DayFirst, format!("{d:02}.{m:02}.{y}")),
            (DateOrder::MonthFirst, format!("{m}/{d}/{y}")),
            (DateOrder::MonthFirst, format!("{y}-{m:02}-{d:02}")),
        ] {
            prop_assert_eq!(date(&text, &style(DecimalMark::Point, order)), Ok(Some(day)));
        }
    }

    #[test]
    fn no_text_makes_a_reader_of_values_panic(text in "\\PC{0,40}") {
        for style in [POINT, COMMA, Style { serial: true, ..Style::default() }] {
            let _ = (whole(&text, &style), decimal(&text, &style), date(&text, &style), boolean(&text));
            let _ = instant(&text, &style, &TimeZone::UTC);
        }
    }

    #[test]
    fn no_text_like_a_number_or_a_date_makes_a_reader_panic(text in "[0-9.,:/ TZ()+%€$eE'-]{0,30}") {
        for style in [POINT, COMMA, Style { serial: true, ..Style::default() }] {
            let _ = (whole(&text, &style), decimal(&text, &style), instant(&text, &style, &TimeZone::UTC));
        }
    }
}
