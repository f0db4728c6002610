//! Numbers, money, days and moments as an organisation writes them.
//!
//! What a page or a picture shows goes through here. What a file carries to a program (CSV, JSON) does not: there a
//! number has a full stop and a day is ISO 8601, whoever exports it.

mod words;

use std::fmt;

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use rust_decimal::Decimal;

use crate::import::sheet::{DecimalMark, Style};

pub use self::words::{Piece, capital, counted, folded, in_words, in_words_first, inline, list, order_of};

/// How one language area writes. The minus sign is a true one in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    pub decimal: char,
    pub thousands: &'static str,
    /// The day that a week starts with in a calendar.
    pub first_day: Weekday,
    language: &'static Language,
    /// Whether the day stands before the month.
    day_first: bool,
    /// Between a number and its percent sign.
    before_percent: &'static str,
    money: Order,
}

/// The words of a language that numbers and days are written with.
#[derive(Debug, PartialEq, Eq)]
struct Language {
    months: [&'static str; 12],
    short_months: [&'static str; 12],
    /// After the number of a day, as in `27. November`.
    after_day: &'static str,
    /// The first of a month, where it is not a plain number: `1er novembre`.
    first_of_month: &'static str,
    yesterday_today_tomorrow: [&'static str; 3],
    /// Before and after the span of what is to come, then of what is past.
    ahead: [&'static str; 2],
    ago: [&'static str; 2],
    /// One and many, as they stand after those words.
    days: [&'static str; 2],
    weeks: [&'static str; 2],
    months_of_time: [&'static str; 2],
}

/// Where the currency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// £1,234.50, but CHF 1,234.50: a code of letters keeps a distance.
    Close,
    /// CHF 1’234.50
    Before,
    /// 1.234,50 €
    After,
}

const ENGLISH: Language = Language {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    after_day: "",
    first_of_month: "1",
    yesterday_today_tomorrow: ["yesterday", "today", "tomorrow"],
    ahead: ["in ", ""],
    ago: ["", " ago"],
    days: ["day", "days"],
    weeks: ["week", "weeks"],
    months_of_time: ["month", "months"],
};

const GERMAN: Language = Language {
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    short_months: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
    after_day: ".",
    first_of_month: "1.",
    yesterday_today_tomorrow: ["gestern", "heute", "morgen"],
    ahead: ["in ", ""],
    ago: ["vor ", ""],
    days: ["Tag", "Tagen"],
    weeks: ["Woche", "Wochen"],
    months_of_time: ["Monat", "Monaten"],
};

const FRENCH: Language = Language {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    short_months: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    after_day: "",
    first_of_month: "1er",
    yesterday_today_tomorrow: ["hier", "aujourd’hui", "demain"],
    ahead: ["dans ", ""],
    ago: ["il y a ", ""],
    days: ["jour", "jours"],
    weeks: ["semaine", "semaines"],
    months_of_time: ["mois", "mois"],
};

const NARROW: &str = "\u{202f}";
const NO_BREAK: &str = "\u{a0}";

const BRITISH: Locale = Locale {
    name: "en-GB",
    label: "United Kingdom",
    decimal: '.',
    thousands: ",",
    first_day: Weekday::Monday,
    language: &ENGLISH,
    day_first: true,
    before_percent: "",
    money: Order::Close,
};
const AMERICAN: Locale =
    Locale { name: "en-US", label: "United States", first_day: Weekday::Sunday, day_first: false, ..BRITISH };
const IRISH: Locale = Locale { name: "en-IE", label: "Ireland", ..BRITISH };
const OF_GERMANY: Locale = Locale {
    name: "de-DE",
    label: "Germany",
    decimal: ',',
    thousands: ".",
    language: &GERMAN,
    before_percent: NO_BREAK,
    money: Order::After,
    ..BRITISH
};
const OF_AUSTRIA: Locale =
    Locale { name: "de-AT", label: "Austria", thousands: NO_BREAK, money: Order::Before, ..OF_GERMANY };
const OF_SWITZERLAND: Locale =
    Locale { name: "de-CH", label: "Switzerland", decimal: '.', thousands: "’", money: Order::Before, ..OF_GERMANY };
const OF_FRANCE: Locale = Locale {
    name: "fr-FR",
    label: "France",
    decimal: ',',
    thousands: NARROW,
    language: &FRENCH,
    before_percent: NARROW,
    money: Order::After,
    ..BRITISH
};

/// The locales that an organisation may choose, the default first.
pub const LOCALES: &[Locale] = &[BRITISH, AMERICAN, IRISH, OF_GERMANY, OF_AUSTRIA, OF_SWITZERLAND, OF_FRANCE];

impl Locale {
    /// The locale of this name; British English for one that we do not have.
    pub fn of(name: &str) -> Locale {
        *LOCALES.iter().find(|it| it.name == name).unwrap_or(&LOCALES[0])
    }

    /// The same with English words, for text in English: `15 January 2027` beside `1.234,50 €`.
    pub fn in_english(self) -> Locale {
        Locale { language: &ENGLISH, ..self }
    }

    /// A whole number with its thousands marked and a true minus sign.
    pub fn whole(self, number: i64) -> String {
        sign(number < 0).to_owned() + &self.grouped(&number.unsigned_abs().to_string())
    }

    /// A number with this many places, the last one rounded to the nearest and halves away from zero. A dash for what
    /// is no number.
    pub fn decimal(self, number: f64, places: usize) -> String {
        if !number.is_finite() {
            return "–".to_owned();
        }
        // A half is seldom one in binary: 3.55 is a hair less, and would be written 3.5 beside a 3.7 made of 3.65.
        let hair = if number.abs() < 1e9 { number.abs() * 1e-14 } else { 0.0 };
        let text = format!("{:.places$}", number.abs() + hair);
        sign(number < 0.0 && !is_nothing(&text)).to_owned() + &self.with_fraction(&text)
    }

    /// An exact quantity with all its places.
    pub fn number(self, number: Decimal) -> String {
        sign(number.is_sign_negative() && !number.is_zero()).to_owned() + &self.with_fraction(&number.abs().to_string())
    }

    /// A difference: its sign always shown.
    pub fn signed(self, number: f64, places: usize) -> String {
        let text = self.decimal(number, places);
        if number > 0.0 && !is_nothing(&text) { format!("+{text}") } else { text }
    }

    /// A share of one as so many of a hundred: 0.456 is 46%.
    pub fn percent(self, share: f64, places: usize) -> String {
        self.of_a_hundred(&self.decimal(share * 100.0, places))
    }

    /// The same of a number of a hundred that is written already: 46 is 46%.
    pub fn of_a_hundred(self, number: &str) -> String {
        format!("{number}{}%", self.before_percent)
    }

    /// An amount of minor units (cents), with its currency where the locale puts it.
    pub fn money(self, minor: i64, currency: Currency) -> String {
        let number = self.with_fraction(&currency.major(minor.unsigned_abs()));
        let (sign, symbol) = (sign(minor < 0), currency.symbol(self));
        match self.money {
            Order::Close if symbol.ends_with(|it: char| it.is_ascii_alphabetic()) => {
                format!("{sign}{symbol}{NO_BREAK}{number}")
            }
            Order::Close => format!("{sign}{symbol}{number}"),
            Order::Before => format!("{symbol}{NO_BREAK}{sign}{number}"),
            Order::After => format!("{sign}{number}{NO_BREAK}{symbol}"),
        }
    }

    /// A day in full: 27 November 2026.
    pub fn date(self, day: Date) -> String {
        self.with_year(self.written(day, &self.language.months), day)
    }

    /// A day where room is scarce: 27 Nov 2026.
    pub fn short_date(self, day: Date) -> String {
        self.with_year(self.day_month(day), day)
    }

    /// A day of a year that is known: 27 Nov.
    pub fn day_month(self, day: Date) -> String {
        self.written(day, &self.language.short_months)
    }

    /// The short name of a month, 1 to 12, as an axis has it.
    pub fn month(self, month: i8) -> String {
        self.language.short_months[month as usize - 1].trim_end_matches('.').to_owned()
    }

    /// A moment as the clock on the wall shows it there.
    pub fn instant(self, at: Timestamp, zone: TimeZone) -> String {
        let at = at.to_zoned_datetime(zone);
        format!("{}, {:02}:{:02}", self.short_date(at.date()), at.hour(), at.minute())
    }

    /// A day as seen from another: “today”, “in 4 days”, “3 weeks ago”. From two weeks on in whole weeks, from two
    /// months (of 30 days) on in whole months.
    pub fn relative(self, day: Date, today: Date) -> String {
        let language = self.language;
        let days = i64::from((day - today).get_days());
        if let Some(word) = usize::try_from(days + 1).ok().and_then(|it| language.yesterday_today_tomorrow.get(it)) {
            return (*word).to_owned();
        }
        let (number, [one, many]) = match days.abs() {
            it @ ..14 => (it, language.days),
            it @ ..60 => (it / 7, language.weeks),
            it => (it / 30, language.months_of_time),
        };
        let [before, after] = if days > 0 { language.ahead } else { language.ago };
        format!("{before}{} {}{after}", self.whole(number), if number == 1 { one } else { many })
    }

    fn written(self, day: Date, months: &[&str; 12]) -> String {
        let month = months[day.month() as usize - 1];
        let number = match day.day() {
            1 if self.day_first => self.language.first_of_month.to_owned(),
            it => format!("{it}{}", self.language.after_day),
        };
        if self.day_first { format!("{number} {month}") } else { format!("{month} {number}") }
    }

    fn with_year(self, written: String, day: Date) -> String {
        format!("{written}{} {}", if self.day_first { "" } else { "," }, day.year())
    }

    /// Digits with a full stop as this locale writes them.
    fn with_fraction(self, digits: &str) -> String {
        match digits.split_once('.') {
            Some((whole, fraction)) => format!("{}{}{fraction}", self.grouped(whole), self.decimal),
            None => self.grouped(digits),
        }
    }

    fn grouped(self, digits: &str) -> String {
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(self.thousands);
            }
            out.push(digit);
        }
        out
    }
}

fn sign(negative: bool) -> &'static str {
    if negative { "−" } else { "" }
}

/// Whether a written number is zero: nothing has no sign.
fn is_nothing(digits: &str) -> bool {
    !digits.contains(|it: char| ('1'..='9').contains(&it))
}

/// How an organisation writes and what it counts in: what it takes to read what its people type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    pub locale: Locale,
    pub currency: Currency,
}

/// How it is where nothing has been said yet.
impl Default for Writing {
    fn default() -> Writing {
        Writing { locale: BRITISH, currency: Currency(*b"GBP") }
    }
}

impl Writing {
    /// How its people type numbers.
    pub fn style(self) -> Style {
        let decimal = if self.locale.decimal == ',' { DecimalMark::Comma } else { DecimalMark::Point };
        Style { decimal, ..Style::default() }
    }

    /// Digits with a full stop as its people would type them.
    pub fn typed(self, digits: &str) -> String {
        digits.replace('.', &self.locale.decimal.to_string())
    }
}

/// A currency by its ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of this code; `None` for what is not three capital letters. Whether ISO 4217 lists it is not asked,
    /// so that a new one works at once.
    pub fn of(code: &str) -> Option<Currency> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Currency(code))
    }

    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).expect("three ASCII letters")
    }

    /// How many digits its minor unit has (ISO 4217, list one): two, but for these.
    pub fn minor_digits(self) -> usize {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }

    /// An amount of minor units as digits with a full stop: 123450 cents are 1234.50. Exact for every amount.
    pub fn plain(self, minor: i64) -> String {
        (if minor < 0 { "-" } else { "" }).to_owned() + &self.major(minor.unsigned_abs())
    }

    /// An amount as minor units: 1234.5 are 123450 cents.
    ///
    /// Refuses what is finer than the minor unit, and what is larger than any amount that is kept.
    pub fn minor(self, amount: Decimal) -> Result<i64, String> {
        let scale = Decimal::from(10_i64.pow(self.minor_digits() as u32));
        let Some(minor) = amount.checked_mul(scale) else { return Err("This amount is too large.".to_owned()) };
        if !minor.fract().is_zero() {
            return Err(format!("An amount in {self} has {} places at most.", self.minor_digits()));
        }
        i64::try_from(minor).map_err(|_| "This amount is too large.".to_owned())
    }

    fn major(self, minor: u64) -> String {
        let digits = self.minor_digits();
        let text = format!("{minor:0>width$}", width = digits + 1);
        let (whole, fraction) = text.split_at(text.len() - digits);
        if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }

    /// A sign that readers of the locale cannot take for another currency's, or else the code.
    fn symbol(&self, locale: Locale) -> &str {
        match self.code() {
            "EUR" => "€",
            "GBP" => "£",
            "USD" if locale == AMERICAN => "$",
            "USD" if locale.language == &ENGLISH => "US$",
            code => code,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::of(code).expect("a code of three letters")
    }

    #[test]
    fn each_locale_writes_numbers_and_days_its_own_way() {
        let day = date(2026, 11, 27);
        let of =
            |name| (Locale::of(name).whole(-1234567), Locale::of(name).decimal(1234.5, 2), Locale::of(name).date(day));
        assert_eq!(of("en-GB"), ("−1,234,567".into(), "1,234.50".into(), "27 November 2026".into()));
        assert_eq!(of("en-US").2, "November 27, 2026");
        assert_eq!(of("de-DE"), ("−1.234.567".into(), "1.234,50".into(), "27. November 2026".into()));
        assert_eq!(of("de-CH").0, "−1’234’567");
        assert_eq!(of("fr-FR").1, "1\u{202f}234,50");
        assert_eq!(Locale::of("tlh"), Locale::of("en-GB"));
        let english = Locale::of("de-DE").in_english();
        assert_eq!((english.date(day), english.percent(0.5, 0)), ("27 November 2026".into(), "50\u{a0}%".into()));
    }

    #[test]
    fn a_day_is_short_where_room_is_scarce() {
        let of = |name, day| (Locale::of(name).day_month(day), Locale::of(name).short_date(day));
        let day = date(2026, 9, 1);
        assert_eq!(of("en-GB", day), ("1 Sep".into(), "1 Sep 2026".into()));
        assert_eq!(of("en-US", day), ("Sep 1".into(), "Sep 1, 2026".into()));
        assert_eq!(of("de-DE", day), ("1. Sept.".into(), "1. Sept. 2026".into()));
        assert_eq!(of("fr-FR", day), ("1er sept.".into(), "1er sept. 2026".into()));
        assert_eq!(Locale::of("fr-FR").date(date(2026, 7, 2)), "2 juillet 2026");
    }

    #[test]
    fn the_short_months_of_a_language_are_twelve_different_ones() {
        for locale in LOCALES {
            let names: std::collections::BTreeSet<String> = (1..=12).map(|it| locale.month(it)).collect();
            assert_eq!(names.len(), 12, "{}", locale.name);
        }
    }

    #[test]
    fn a_difference_always_shows_its_sign_but_nothing_has_none() {
        let en = Locale::of("en-GB");
        assert_eq!([en.signed(0.34, 1), en.signed(-0.36, 1), en.signed(-0.04, 1)], ["+0.3", "−0.4", "0.0"]);
        assert_eq!(en.decimal(f64::NAN, 1), "–");
    }

    #[test]
    fn halves_are_rounded_one_way() {
        let en = Locale::of("en-GB");
        let one = [3.55, 3.65, 0.1 + 0.25, -3.55].map(|it| en.decimal(it, 1));
        assert_eq!(one, ["3.6", "3.7", "0.4", "−3.6"]);
        assert_eq!([22.5, 23.5, 22.4999].map(|it| en.decimal(it, 0)), ["23", "24", "22"]);
    }

    #[test]
    fn a_number_larger_than_any_integer_keeps_its_digits() {
        assert_eq!(Locale::of("en-GB").decimal(1e21, 0), "1,000,000,000,000,000,000,000");
        assert_eq!(Locale::of("en-GB").whole(i64::MIN), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn a_share_is_shown_of_a_hundred() {
        let of = |name| Locale::of(name).percent(0.456, 1);
        assert_eq!([of("en-GB"), of("de-DE"), of("fr-FR")], ["45.6%", "45,6\u{a0}%", "45,6\u{202f}%"]);
    }

    #[test]
    fn money_has_its_sign_where_the_locale_puts_it() {
        let of = |name, code| Locale::of(name).money(-123450, currency(code));
        assert_eq!(
            [of("en-GB", "GBP"), of("en-GB", "CHF"), of("en-GB", "USD")],
            ["−£1,234.50", "−CHF\u{a0}1,234.50", "−US$1,234.50"]
        );
        assert_eq!([of("en-US", "USD"), of("de-DE", "EUR")], ["−$1,234.50", "−1.234,50\u{a0}€"]);
        assert_eq!([of("de-CH", "CHF"), of("de-DE", "USD")], ["CHF\u{a0}−1’234.50", "−1.234,50\u{a0}USD"]);
    }

    #[test]
    fn money_has_the_places_of_its_currency() {
        let of = |minor, code| (currency(code).plain(minor), Locale::of("en-GB").money(minor, currency(code)));
        assert_eq!(of(1234, "JPY"), ("1234".into(), "JPY\u{a0}1,234".into()));
        assert_eq!(of(-5, "KWD"), ("-0.005".into(), "−KWD\u{a0}0.005".into()));
        assert_eq!(of(i64::MIN, "EUR").0, "-92233720368547758.08");
        assert_eq!([Currency::of("eur"), Currency::of("EURO"), Currency::of("€")], [None; 3]);
    }

    #[test]
    fn an_amount_is_read_to_the_minor_unit_and_no_finer() {
        let of = |text: &str, code| currency(code).minor(text.parse().expect("a number"));
        assert_eq!([of("1234.5", "EUR"), of("-0.005", "KWD"), of("12", "JPY")], [Ok(123450), Ok(-5), Ok(12)]);
        assert!(of("0.005", "EUR").is_err() && of("79228162514264337593543950335", "EUR").is_err());
    }

    #[test]
    fn a_day_is_near_or_far_from_today() {
        let today = date(2026, 11, 23);
        let of = |name, day| Locale::of(name).relative(day, today);
        let en = |day| of("en-GB", day);
        assert_eq!([en(today), en(date(2026, 11, 24)), en(date(2026, 11, 22))], ["today", "tomorrow", "yesterday"]);
        assert_eq!([en(date(2026, 11, 27)), en(date(2026, 11, 10))], ["in 4 days", "13 days ago"]);
        assert_eq!(
            [en(date(2026, 12, 14)), en(date(2027, 1, 22)), en(date(2026, 9, 1))],
            ["in 3 weeks", "in 2 months", "2 months ago"]
        );
        assert_eq!([of("de-DE", date(2026, 11, 27)), of("de-DE", date(2026, 11, 2))], ["in 4 Tagen", "vor 3 Wochen"]);
        assert_eq!(of("fr-FR", date(2026, 11, 19)), "il y a 4 jours");
    }
}
