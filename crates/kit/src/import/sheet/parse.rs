//! Reading one cell as a value of one type, in the way of writing that its column has.
//!
//! Every function takes the text as it stands and returns `None` for a cell that says nothing (see [`is_blank`]). What
//! can be read in two ways, or not at all, is refused with a sentence that can stand beside the cell: nothing is
//! guessed here, guessing is done once for a whole column and shown to the person who imports.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use rust_decimal::Decimal;

use super::{DateOrder, DecimalMark, Style};
use crate::format::Currency;

/// Why a cell was not read, as one sentence that quotes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

fn refuse<T>(text: &str, why: &str) -> Result<T, Refused> {
    let shown: String = text.trim().chars().take(60).collect();
    Err(Refused(format!("“{shown}” {why}")))
}

/// Whether a cell says nothing: empty, or one of the words that programs write for "no value", such as `NULL`, `N/A`,
/// `k. A.` or a dash.
pub fn is_blank(text: &str) -> bool {
    let text = trim(text);
    text.is_empty() || is_missing_word(text)
}

pub(super) fn is_missing_word(text: &str) -> bool {
    const WORDS: [&str; 12] = ["null", "n/a", "n.a.", "n. a.", "na", "nan", "none", "#n/a", "k.a.", "k. a.", "-", "–"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Trims spaces of every kind, no-break spaces and a stray byte-order mark included.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

/// A whole number. Groups of three digits may be marked; `12,0` is whole, `12,5` is refused.
pub fn whole(text: &str, style: &Style) -> Result<Option<i64>, Refused> {
    let Some(value) = decimal(text, style)? else { return Ok(None) };
    if !value.fract().is_zero() {
        return refuse(text, "has a fraction where a whole number is expected.");
    }
    match i64::try_from(value.trunc()) {
        Ok(value) => Ok(Some(value)),
        Err(_) => refuse(text, "is too large for a whole number."),
    }
}

/// A decimal number. Understands a sign before or after (`-`, U+2212), parentheses for negative, a currency before or
/// after (dropped), a percent sign (`12 %` is 0.12) and digits grouped in threes by mark, space or apostrophe. A mark
/// that the column's style does not have in that place is refused.
pub fn decimal(text: &str, style: &Style) -> Result<Option<Decimal>, Refused> {
    if is_blank(text) {
        return Ok(None);
    }
    let Some(scan) = scan_number(text) else { return refuse(text, "is not a number.") };
    let mark = style.decimal.char();
    let other = style.decimal.other().char();
    let (int, fraction) = match scan.body.split_once(mark) {
        Some((int, fraction)) => (int, fraction),
        None => (scan.body, ""),
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || !grouped_in_threes(int, other) {
        return refuse(text, &format!("cannot be read with a decimal {}.", style.decimal.word()));
    }
    let mut digits: String = int.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        digits.push('0');
    }
    if !fraction.is_empty() {
        digits.push('.');
        digits.push_str(fraction);
    }
    if let Some(exponent) = scan.exponent {
        digits.push('e');
        digits.push_str(exponent);
    }
    let parsed =
        if scan.exponent.is_some() { Decimal::from_scientific(&digits) } else { Decimal::from_str_exact(&digits) };
    let Ok(mut value) = parsed else { return refuse(text, "has more digits than can be kept exactly.") };
    if scan.percent {
        value /= Decimal::ONE_HUNDRED;
    }
    value.set_sign_negative(scan.negative && !value.is_zero());
    Ok(Some(value))
}

/// An amount in minor units. One mark before exactly three digits is how others mark thousands, and nobody writes
/// thousandths of a unit that has hundredths: refused with both readings, because the wrong one is a thousandth.
pub fn money(text: &str, style: &Style, currency: Currency) -> Result<Option<i64>, Refused> {
    let mark = style.decimal;
    let either = scan_number(text).filter(|it| it.exponent.is_none() && marks(it.body) == Marks::Either(mark));
    if let Some((whole, rest)) = either.and_then(|it| it.body.split_once(mark.char()))
        && currency.minor_digits() != 3
    {
        let (mark, group) = (mark.char(), mark.other().char());
        let fraction = rest.strip_suffix('0').unwrap_or(rest);
        return refuse(
            text,
            &format!(
                "can be read as {whole}{group}{rest} or as {whole}{mark}{fraction}. Write {whole}{rest} or \
                 {whole}{mark}{fraction}, whichever you mean."
            ),
        );
    }
    decimal(text, style)?.map(|it| currency.minor(it).map_err(Refused)).transpose()
}

/// A day. Month names (English, German) and `2025-03-04` are read in any column; digits alone go by the column's order
/// and are refused where they do not fit it. A time of day after the date is left out.
pub fn date(text: &str, style: &Style) -> Result<Option<Date>, Refused> {
    Ok(moment(text, style)?.map(|(moment, _)| moment.date()))
}

/// An instant. A date-time that names its offset keeps it; one that does not is taken in `zone`; a day alone is its
/// first moment there. Where the clock went back, the earlier of the two is taken; where it went forward, the later.
pub fn instant(text: &str, style: &Style, zone: &TimeZone) -> Result<Option<Timestamp>, Refused> {
    let Some((moment, offset)) = moment(text, style)? else { return Ok(None) };
    let found = match offset {
        Some(offset) => offset.to_timestamp(moment),
        None => zone.to_timestamp(moment),
    };
    match found {
        Ok(found) => Ok(Some(found)),
        Err(_) => refuse(text, "is outside the years that can be kept."),
    }
}

/// Yes or no, in English, German or French words, `true`/`false`, or 1/0.
pub fn boolean(text: &str) -> Result<Option<bool>, Refused> {
    if is_blank(text) {
        return Ok(None);
    }
    match trim(text) {
        "1" => Ok(Some(true)),
        "0" => Ok(Some(false)),
        word => match yes_no(word) {
            Some(value) => Ok(Some(value)),
            None => refuse(text, "is neither yes nor no."),
        },
    }
}

pub(super) fn yes_no(word: &str) -> Option<bool> {
    const YES: [&str; 9] = ["yes", "y", "true", "on", "ja", "j", "wahr", "oui", "vrai"];
    const NO: [&str; 8] = ["no", "n", "false", "off", "nein", "falsch", "non", "faux"];
    if word.len() > 6 {
        None
    } else if YES.iter().any(|yes| word.eq_ignore_ascii_case(yes)) {
        Some(true)
    } else if NO.iter().any(|no| word.eq_ignore_ascii_case(no)) {
        Some(false)
    } else {
        None
    }
}

/// A cell that is written like a number, its digits not yet interpreted.
pub(super) struct NumberScan<'a> {
    pub negative: bool,
    pub percent: bool,
    /// Digits, marks and group spaces only; begins with a digit or a mark before one.
    pub body: &'a str,
    pub exponent: Option<&'a str>,
}

const CURRENCIES: [&str; 24] = [
    "US$", "A$", "C$", "$", "€", "£", "¥", "EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK",
    "PLN", "CZK", "HUF", "INR", "CNY", "kr",
];
const MINUS: [char; 4] = ['-', '\u{2212}', '\u{2013}', '\u{fe63}'];

/// Takes sign, parentheses, currency and percent off; `None` when what is left is not written like a number.
pub(super) fn scan_number(text: &str) -> Option<NumberScan<'_>> {
    let mut rest = trim(text);
    if rest.len() > 60 || !rest.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (mut signs, mut currencies, mut percent) = (0, 0, false);
    let mut negative = false;
    let starts = |s: &str| s.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    let ends = |s: &str| s.ends_with(|c: char| c.is_ascii_digit());
    while !starts(rest) || !ends(rest) {
        let before = rest.len();
        if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            (rest, negative) = (inner, true);
            signs += 1;
        } else if let Some(inner) = rest.strip_prefix(MINUS).or_else(|| rest.strip_suffix(MINUS)) {
            (rest, negative) = (inner, true);
            signs += 1;
        } else if let Some(inner) = rest.strip_prefix('+') {
            rest = inner;
            signs += 1;
        } else if let Some(inner) = rest.strip_suffix('%') {
            if percent {
                return None;
            }
            (rest, percent) = (inner, true);
        } else if let Some(inner) =
            CURRENCIES.iter().find_map(|c| rest.strip_prefix(c).or_else(|| rest.strip_suffix(c)))
        {
            rest = inner;
            currencies += 1;
        }
        rest = trim(rest);
        if rest.len() == before || signs > 1 || currencies > 1 {
            return None;
        }
    }
    let (body, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    let written_as_number =
        body.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',' || is_group_space(c)) && ends(body);
    written_as_number.then_some(NumberScan { negative, percent, body, exponent })
}

fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
}

/// What the marks inside a number's digits say about the way it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// Digits only, or groups marked by spaces.
    Plain,
    /// This is the decimal mark for certain; whether groups were marked too.
    Decimal(DecimalMark, bool),
    /// Groups are marked by this for certain, and there is no fraction.
    Grouped(DecimalMark),
    /// One mark before exactly three digits: a fraction or a group.
    Either(DecimalMark),
    /// Not a number in either way of writing, such as `31.12.2024`.
    Broken,
}

pub(super) fn marks(body: &str) -> Marks {
    use DecimalMark::{Comma, Point};
    let (points, commas) = body.bytes().fold((0, 0), |(p, c), b| (p + (b == b'.') as usize, c + (b == b',') as usize));
    let spaced = body.chars().any(is_group_space);
    let (mark, count) = match (points, commas) {
        (0, 0) if grouped_in_threes(body, '.') => return Marks::Plain,
        (0, 0) => return Marks::Broken,
        (n, 0) => (Point, n),
        (0, n) => (Comma, n),
        (p, c) => {
            let decimal = if body.rfind('.') > body.rfind(',') { Point } else { Comma };
            let once = if decimal == Point { p == 1 } else { c == 1 };
            let (int, fraction) = body.split_once(decimal.char()).unwrap_or((body, ""));
            let fits = once && fraction.bytes().all(|b| b.is_ascii_digit());
            let fits = fits && grouped_in_threes(int, decimal.other().char());
            return if fits { Marks::Decimal(decimal, true) } else { Marks::Broken };
        }
    };
    let groups = grouped_in_threes(body, mark.char());
    if count > 1 {
        return if groups && !spaced { Marks::Grouped(mark) } else { Marks::Broken };
    }
    let (int, fraction) = body.split_once(mark.char()).unwrap_or((body, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || !grouped_in_threes(int, ' ') {
        Marks::Broken
    } else if groups && !spaced && !int.starts_with('0') {
        Marks::Either(mark)
    } else {
        Marks::Decimal(mark, spaced)
    }
}

/// Whether the digits stand together, or in groups of three after a first of one to three, with one kind of mark.
fn grouped_in_threes(int: &str, mark: char) -> bool {
    if int.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    let Some(found) = int.chars().find(|c| !c.is_ascii_digit()) else { return true };
    if found != mark && !is_group_space(found) {
        return false;
    }
    let mut groups = int.split(found);
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && groups.all(|group| group.len() == 3 && digits(group))
}

/// The three numbers of a date as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// Year first with four digits, or a month by name: can be read in one way only.
    Certain(Date),
    /// Two numbers and a year, or three short numbers; the separator between them.
    Numbers { a: i16, b: i16, c: i16, short_year: bool, separator: char },
    /// Eight digits that make a day as YYYYMMDD.
    Compact(Date),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateScan {
    pub day: Day,
    pub named_month: bool,
    pub short_year: bool,
    pub time: Option<Time>,
    pub offset: Option<Offset>,
}

/// Takes a cell apart that is written like a date or a date-time; `None` when it is not.
pub(super) fn scan_date(text: &str) -> Option<DateScan> {
    let text = trim(text);
    if !(6..=50).contains(&text.len()) || text.bytes().filter(u8::is_ascii_digit).count() < 3 {
        return None;
    }
    let (head, time, offset) = match text.find(':') {
        None => (text, None, None),
        Some(colon) => {
            let digits = text[..colon].bytes().rev().take_while(u8::is_ascii_digit).count();
            let (time, offset) = scan_time(&text[colon - digits..])?;
            let mut head = text[..colon - digits].trim_end_matches([' ', ',', 'T', '\u{a0}']);
            for word in [" um", " at"] {
                head = head.strip_suffix(word).unwrap_or(head).trim_end_matches(',');
            }
            (head, Some(time), offset)
        }
    };
    let mut tokens = [Token::None; 4];
    let mut count = 0;
    let mut separators = ['\0'; 4];
    let mut rest = head;
    while !rest.is_empty() {
        let first = rest.chars().next()?;
        let end = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let token = if first.is_ascii_digit() {
            let end = end(|c| c.is_ascii_digit());
            if end > 4 && end != 8 {
                return None;
            }
            let token = Token::Number(rest[..end].parse().ok()?, end);
            rest = &rest[end..];
            token
        } else if first.is_alphabetic() {
            let end = end(char::is_alphabetic);
            let word = &rest[..end];
            rest = &rest[end..];
            match month(word) {
                Some(month) => Token::Month(month),
                // A weekday or an ordinal ending says nothing new.
                None if is_weekday(word) || (count > 0 && matches!(word, "st" | "nd" | "rd" | "th")) => Token::None,
                None => return None,
            }
        } else {
            return None;
        };
        let separator = rest.chars().next().filter(|c| !c.is_alphanumeric());
        rest = rest.trim_start_matches(['.', ',', '/', '-', ' ', '\u{a0}']);
        if separator.is_some_and(|c| !matches!(c, '.' | ',' | '/' | '-' | ' ' | '\u{a0}')) {
            return None;
        }
        if token != Token::None {
            if count == 3 {
                return None;
            }
            (tokens[count], separators[count]) = (token, separator.unwrap_or('\0'));
            count += 1;
        }
    }
    if !matches!(separators[count.checked_sub(1)?], '\0') {
        return None;
    }
    use Token::{Month, Number};
    let (mut named_month, mut short_year) = (false, false);
    let mut certain = |year: i32, digits: usize, month: i8, day: i32| {
        let year = if digits == 2 { full_year(year as i16) } else { i16::try_from(year).ok()? };
        short_year = digits == 2;
        (digits == 2 || digits == 4).then_some(())?;
        plausible(Date::new(year, month, i8::try_from(day).ok()?).ok()?)
    };
    let day = match (tokens, count) {
        ([Number(y, 4), Number(m, 1..=2), Number(d, 1..=2), _], 3) if separators[0] == separators[1] => {
            Day::Certain(certain(y, 4, i8::try_from(m).ok()?, d)?)
        }
        ([Number(a, 1..=2), Number(b, 1..=2), Number(c, digits @ (2 | 4)), _], 3)
            if separators[0] == separators[1] && matches!(separators[0], '.' | '/' | '-') =>
        {
            short_year = digits == 2;
            Day::Numbers { a: a as i16, b: b as i16, c: c as i16, short_year, separator: separators[0] }
        }
        ([Number(d, 1..=2), Month(m), Number(y, digits), _], 3)
        | ([Month(m), Number(d, 1..=2), Number(y, digits), _], 3)
        | ([Number(y, digits @ 4), Month(m), Number(d, 1..=2), _], 3) => {
            named_month = true;
            Day::Certain(certain(y, digits, m, d)?)
        }
        ([Number(ymd, 8), ..], 1) => {
            let month = i8::try_from(ymd / 100 % 100).ok()?;
            let date = Date::new(i16::try_from(ymd / 10_000).ok()?, month, i8::try_from(ymd % 100).ok()?).ok()?;
            Day::Compact(plausible(date)?)
        }
        _ => return None,
    };
    Some(DateScan { day, named_month, short_year, time, offset })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    None,
    Number(i32, usize),
    Month(i8),
}

fn plausible(date: Date) -> Option<Date> {
    (1000..=2999).contains(&date.year()).then_some(date)
}

/// The year that two digits stand for: 1970 to 2069, so that contracts of the coming decades stay in the future.
fn full_year(short: i16) -> i16 {
    if short < 70 { 2000 + short } else { 1900 + short }
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [(&str, &[&str]); 12] = [
        ("jan", &["january", "januar", "jän", "jänner"]),
        ("feb", &["february", "februar"]),
        ("mar", &["march", "mär", "märz", "mrz", "maerz"]),
        ("apr", &["april"]),
        ("may", &["mai"]),
        ("jun", &["june", "juni"]),
        ("jul", &["july", "juli"]),
        ("aug", &["august"]),
        ("sep", &["sept", "september"]),
        ("oct", &["october", "okt", "oktober"]),
        ("nov", &["november"]),
        ("dec", &["december", "dez", "dezember"]),
    ];
    if word.len() > 9 {
        return None;
    }
    let word = word.to_lowercase();
    let at = NAMES.iter().position(|(short, others)| *short == word || others.contains(&word.as_str()))?;
    i8::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    const WORDS: [&str; 14] =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so"];
    const LONG: [&str; 14] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
    ];
    WORDS.iter().chain(&LONG).any(|day| word.eq_ignore_ascii_case(day))
}

/// `14:05`, `2:05:06.123 PM`, `14:05 Uhr`, each perhaps with `Z`, `+02:00`, `GMT+1` or `UTC`.
fn scan_time(text: &str) -> Option<(Time, Option<Offset>)> {
    let clock_end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let mut parts = text[..clock_end].split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, nanosecond) = match parts.next() {
        None => (0, 0),
        Some(part) => {
            let (second, fraction) = part.split_once('.').unwrap_or((part, "0"));
            let digits = fraction.get(..fraction.len().min(9))?;
            let scale = 10_i32.pow(9 - digits.len() as u32);
            (second.parse::<i8>().ok()?, digits.parse::<i32>().ok()? * scale)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let rest = trim(&text[clock_end..]).to_ascii_lowercase();
    let mut rest = rest.as_str();
    for (word, afternoon) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if let Some(after) = rest.strip_prefix(word) {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            rest = trim(after);
            break;
        }
    }
    let rest = trim(rest.strip_prefix("uhr").unwrap_or(rest));
    let time = Time::new(hour, minute, second, nanosecond).ok()?;
    Some((time, scan_offset(rest)?))
}

/// The outer `None` says that the text is not an offset.
fn scan_offset(text: &str) -> Option<Option<Offset>> {
    let bare = text.strip_prefix("gmt").or_else(|| text.strip_prefix("utc")).unwrap_or(text);
    if bare.is_empty() {
        return Some((!text.is_empty()).then_some(Offset::UTC));
    }
    if bare == "z" {
        return Some(Some(Offset::UTC));
    }
    let sign = match bare.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let digits: String = bare.chars().skip(1).filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(Some)
}

/// The day that three numbers make in an order, if they make one.
pub(super) fn in_order(a: i16, b: i16, c: i16, short_year: bool, order: DateOrder) -> Option<Date> {
    let (day, month, year) = match order {
        DateOrder::DayFirst => (a, b, c),
        DateOrder::MonthFirst => (b, a, c),
        DateOrder::YearFirst => (c, b, a),
    };
    if order == DateOrder::YearFirst && !short_year {
        return None;
    }
    let year = if short_year { full_year(year) } else { year };
    plausible(Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?)
}

fn moment(text: &str, style: &Style) -> Result<Option<(DateTime, Option<Offset>)>, Refused> {
    if is_blank(text) {
        return Ok(None);
    }
    let Some(scan) = scan_date(text) else {
        return match serial(trim(text)) {
            Some(moment) if style.serial => Ok(Some((moment, None))),
            Some(_) => refuse(text, "is a bare number, not a date; in a workbook, give the column a date format."),
            None => refuse(text, "is not a date that can be read."),
        };
    };
    let date = match scan.day {
        Day::Certain(date) | Day::Compact(date) => date,
        Day::Numbers { a, b, c, short_year, .. } => match in_order(a, b, c, short_year, style.dates) {
            Some(date) => date,
            None => return refuse(text, &format!("is not a day when read as {}.", style.dates.words())),
        },
    };
    Ok(Some((date.to_datetime(scan.time.unwrap_or(Time::midnight())), scan.offset)))
}

/// The moment of a day number as Excel counts them (45292 is 1 January 2024), between 1920 and 2119: a range in which
/// amounts and years are not mistaken for days.
pub(super) fn serial(text: &str) -> Option<DateTime> {
    if text.len() > 16 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    if !(7306.0..80_400.0).contains(&value) {
        return None;
    }
    let seconds = (value.fract() * 86_400.0).round() as i64;
    let day = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(value.trunc() as i64)).ok()?;
    day.to_datetime(Time::midnight()).checked_add(jiff::Span::new().seconds(seconds)).ok()
}
