//! Notice periods as people write them.

use std::{fmt, str::FromStr};

use super::{Notice, To, Unit};

/// Ten years: longer notice is taken for a slip.
const LONGEST_DAYS: u32 = 3653;

/// A text that is no notice period. Its own text is what follows the words at fault, without the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not a number and a unit.
    Form,
    /// After the number and the unit stands what is no day to end on.
    End,
    /// Its number is below zero.
    Negative,
    /// It is longer than ten years.
    TooLong,
}

/// Reads `30 days`, `3 months`, `6 weeks to month end`, `3 months to the end of a quarter`, `10 business days`, whatever
/// their case; numbers up to twelve may be words.
///
/// ```
/// use calc::notice::{Notice, To, Unit};
/// let it: Notice = "Three months to the end of the quarter".parse().expect("a notice period");
/// assert_eq!(it, Notice { count: 3, unit: Unit::Months, to: Some(To::QuarterEnd) });
/// assert_eq!(it.to_string(), "3 months to quarter end");
/// let why = "soon".parse::<Notice>().expect_err("no notice period");
/// assert!(why.to_string().starts_with("is not a notice period: write a number and days, business days, weeks"));
/// ```
impl FromStr for Notice {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Notice, Unreadable> {
        if text.trim_start().starts_with(['-', '−', '–']) {
            return Err(Unreadable::Negative);
        }
        let text = text.to_lowercase().replace(['’', '\''], " ").replace('-', " ");
        let mut words = text.split_whitespace().filter(|it| !matches!(*it, "s" | "notice" | "calendar")).peekable();
        let count = words.next().and_then(number).ok_or(Unreadable::Form)?;
        let business = words.next_if(|it| matches!(*it, "business" | "working")).is_some();
        let unit = match words.next() {
            Some("day" | "days") if business => Unit::BusinessDays,
            _ if business => return Err(Unreadable::Form),
            Some("day" | "days") => Unit::Days,
            Some("week" | "weeks") => Unit::Weeks,
            Some("month" | "months") => Unit::Months,
            Some("year" | "years") => Unit::Years,
            _ => return Err(Unreadable::Form),
        };
        let rest: Vec<&str> =
            words.filter(|it| !matches!(*it, "to" | "before" | "of" | "the" | "a" | "an" | "each" | "any")).collect();
        let to = match rest[..] {
            [] => None,
            ["term" | "contract", "end"] | ["end", "term" | "contract"] | ["end"] => None,
            ["month", "end"] | ["end", "month"] => Some(To::MonthEnd),
            ["quarter", "end"] | ["end", "quarter"] => Some(To::QuarterEnd),
            ["year", "end"] | ["end", "year"] => Some(To::YearEnd),
            _ => return Err(Unreadable::End),
        };
        let days = match unit {
            Unit::Days | Unit::BusinessDays => 1,
            Unit::Weeks => 7,
            Unit::Months => 30,
            Unit::Years => 365,
        };
        let count = u16::try_from(count).ok().filter(|it| u32::from(*it) * days <= LONGEST_DAYS);
        Ok(Notice { count: count.ok_or(Unreadable::TooLong)?, unit, to })
    }
}

fn number(word: &str) -> Option<u64> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let digits = word.bytes().all(|it| it.is_ascii_digit());
    if digits { word.parse().ok() } else { WORDS.iter().position(|it| *it == word).map(|it| it as u64) }
}

impl fmt::Display for Notice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Days => "day",
            Unit::BusinessDays => "business day",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::Years => "year",
        };
        write!(out, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })?;
        match self.to {
            None => Ok(()),
            Some(To::MonthEnd) => write!(out, " to month end"),
            Some(To::QuarterEnd) => write!(out, " to quarter end"),
            Some(To::YearEnd) => write!(out, " to year end"),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Form => write!(
                out,
                "is not a notice period: write a number and days, business days, weeks, months or years, such as \
                 30 days, and if need be to month end, to quarter end or to year end, such as 3 months to quarter end"
            ),
            Unreadable::End => write!(
                out,
                "ends on a day that is not known: after the number and its unit may follow to month end, \
                 to quarter end, to year end or to term end"
            ),
            Unreadable::Negative => {
                write!(out, "is below zero: write how long before the end notice is given, such as 6 weeks")
            }
            Unreadable::TooLong => write!(out, "is longer than ten years"),
        }
    }
}

impl std::error::Error for Unreadable {}
