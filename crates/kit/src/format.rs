//! Numbers, days and moments as an organisation writes them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// How one language area writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    pub name: &'static str,
    pub decimal: char,
    pub thousands: &'static str,
    months: &'static [&'static str; 12],
    /// Whether the day stands before the month.
    day_first: bool,
    /// Whether the day is followed by a full stop, as in German.
    dotted: bool,
}

const ENGLISH: [&str; 12] = [
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
];
const GERMAN: [&str; 12] = [
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
];
const FRENCH: [&str; 12] = [
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
];

const NARROW_SPACE: &str = "\u{202f}";

/// The locales that an organisation may choose, the default first.
pub const LOCALES: &[Locale] = &[
    Locale { name: "en-GB", decimal: '.', thousands: ",", months: &ENGLISH, day_first: true, dotted: false },
    Locale { name: "en-US", decimal: '.', thousands: ",", months: &ENGLISH, day_first: false, dotted: false },
    Locale { name: "en-IE", decimal: '.', thousands: ",", months: &ENGLISH, day_first: true, dotted: false },
    Locale { name: "de-DE", decimal: ',', thousands: ".", months: &GERMAN, day_first: true, dotted: true },
    Locale { name: "de-AT", decimal: ',', thousands: NARROW_SPACE, months: &GERMAN, day_first: true, dotted: true },
    Locale { name: "de-CH", decimal: '.', thousands: "’", months: &GERMAN, day_first: true, dotted: true },
    Locale { name: "fr-FR", decimal: ',', thousands: NARROW_SPACE, months: &FRENCH, day_first: true, dotted: false },
];

impl Locale {
    /// The locale of this name; British English for one that we do not have.
    pub fn of(name: &str) -> Locale {
        *LOCALES.iter().find(|it| it.name == name).unwrap_or(&LOCALES[0])
    }

    /// A whole number with its thousands marked and a true minus sign.
    pub fn whole(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut out = String::from(if number < 0 { "−" } else { "" });
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(self.thousands);
            }
            out.push(digit);
        }
        out
    }

    /// A number with this many places.
    pub fn decimal(self, number: f64, places: usize) -> String {
        let text = format!("{:.places$}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let negative = number < 0.0 && text.contains(|it: char| ('1'..='9').contains(&it));
        let whole = self.whole(whole.parse().unwrap_or(0));
        let sign = if negative { "−" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{}{fraction}", self.decimal) }
    }

    /// A difference: its sign always shown.
    pub fn signed(self, number: f64, places: usize) -> String {
        let text = self.decimal(number, places);
        if text.starts_with('−') || !text.contains(|it: char| ('1'..='9').contains(&it)) {
            text
        } else {
            format!("+{text}")
        }
    }

    /// A day in full: 27 November 2026.
    pub fn date(self, day: Date) -> String {
        self.written(day, self.months[day.month() as usize - 1])
    }

    /// A day where room is scarce: 27 Nov 2026.
    pub fn short_date(self, day: Date) -> String {
        let month = self.months[day.month() as usize - 1];
        self.written(day, &month.chars().take(3).collect::<String>())
    }

    fn written(self, day: Date, month: &str) -> String {
        match (self.day_first, self.dotted) {
            (true, false) => format!("{} {month} {}", day.day(), day.year()),
            (true, true) => format!("{}. {month} {}", day.day(), day.year()),
            (false, _) => format!("{month} {}, {}", day.day(), day.year()),
        }
    }

    /// The short name of a month, 1 to 12.
    pub fn month(self, month: i8) -> String {
        self.months[month as usize - 1].chars().take(3).collect()
    }

    /// A moment as the clock on the wall shows it there.
    pub fn instant(self, at: Timestamp, zone: TimeZone) -> String {
        let at = at.to_zoned_datetime(zone);
        format!("{}, {:02}:{:02}", self.short_date(at.date()), at.hour(), at.minute())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_locale_writes_numbers_and_days_its_own_way() {
        let day = date(2026, 11, 27);
        let of =
            |name| (Locale::of(name).whole(-1234567), Locale::of(name).decimal(1234.5, 2), Locale::of(name).date(day));
        assert_eq!(of("en-GB"), ("−1,234,567".into(), "1,234.50".into(), "27 November 2026".into()));
        assert_eq!(of("en-US").2, "November 27, 2026");
        assert_eq!(of("de-DE"), ("−1.234.567".into(), "1.234,50".into(), "27. November 2026".into()));
        assert_eq!(of("de-CH").0, "−1’234’567");
    }

    #[test]
    fn a_difference_always_shows_its_sign_but_nothing_has_none() {
        let en = Locale::of("en-GB");
        assert_eq!([en.signed(0.34, 1), en.signed(-0.36, 1), en.signed(-0.04, 1)], ["+0.3", "−0.4", "0.0"]);
    }
}
