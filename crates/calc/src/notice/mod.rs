//! By which day notice of a contract must be given, when it then ends, and until when it runs otherwise.
//!
//! All days are whole: a contract runs to the end of its last day, and notice counts from the end of the day on which it
//! is given. The hard cases are decided as in §§ 187 and 188 of the German Civil Code, which agree with common usage:
//!
//! - A term that begins on a day of the month ends on the day before it, or on the last day of a month that has no such
//!   day. Terms are counted from the start, so that nothing drifts: twelve months from 29 February end on 28 February,
//!   every year.
//! - Notice of months that is given on a day of the month has run on the same day, or on the last day of a month that has
//!   no such day. The last day for notice is the latest from which it has run when the contract ends: three months to 30
//!   June are given by 31 March.
//! - Notice to the end of a month, quarter or year ends the contract on the first such day that is not before the end of
//!   a term. They are those of the calendar.

mod text;

use std::fmt;

use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday, date},
};
use serde::Serialize;

pub use self::text::Unreadable;
use crate::Finding;

/// How long before the end of a contract notice must be given. Read from and written as text, such as `30 days` or
/// `3 months to quarter end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Notice {
    pub count: u16,
    pub unit: Unit,
    /// The days on which notice can end the contract, where these are not simply the ends of its terms.
    pub to: Option<To>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Days,
    /// Monday to Friday, without public holidays. Notice given on another day counts as given on the next of these.
    BusinessDays,
    Weeks,
    Months,
    Years,
}

/// Days of the calendar on which contracts end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum To {
    MonthEnd,
    QuarterEnd,
    YearEnd,
}

/// What a contract says about its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// Its first day.
    pub start: Date,
    /// The last day of its first term, or of a later one if the contract was renewed since.
    pub end: Option<Date>,
    /// The length of the first term where `end` is not known, and of each renewal.
    pub term_months: Option<u16>,
    /// Whether it goes on after a term unless notice is given.
    pub auto_renew: bool,
    /// `None` where it is not known.
    pub notice: Option<Notice>,
}

/// How a contract stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlook {
    pub standing: Standing,
    /// The last day of the contract, if notice is given in time or none is needed. Where notice for the present term is
    /// too late, this is the end of the next. `None` where it runs on and has no such day.
    pub ends_on: Option<Date>,
    /// The last day on which notice ends the contract on `ends_on`; never before today. `None` where no notice is needed,
    /// where any day will do, and where the notice is not known.
    pub last_notice_day: Option<Date>,
    /// Without notice by then, the next day on which the contract can end. `None` where it does not renew, and where it
    /// runs on from then.
    pub renews_until: Option<Date>,
    /// The day on which notice given today ends the contract, or it ends by itself.
    pub earliest_end: Option<Date>,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its last day has passed.
    Ended,
    /// It ends by itself; no notice is needed.
    Ends,
    /// It goes on to `renews_until` unless notice is given.
    Renews,
    /// It goes on until notice is given, on any day.
    RunsOn,
}

/// Why nothing can be said of a contract. Its text is a sentence without the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    EndsBeforeStart {
        start: Date,
        end: Date,
    },
    /// A term of no month.
    NoTerm,
    /// The days that follow are beyond the calendar, which ends with the year 9999.
    TooFar,
}

impl Contract {
    /// How the contract stands on a day. `holidays` are the public holidays, which only notice in business days asks
    /// for; without them it counts Monday to Friday.
    ///
    /// ```
    /// use calc::notice::{Contract, Standing};
    /// use jiff::civil::date;
    /// let contract = Contract {
    ///     start: date(2024, 1, 1),
    ///     end: None,
    ///     term_months: Some(12),
    ///     auto_renew: true,
    ///     notice: Some("3 months".parse().expect("a notice period")),
    /// };
    /// let it = contract.outlook(date(2026, 5, 20), &[]).expect("a term");
    /// assert_eq!(it.standing, Standing::Renews);
    /// assert_eq!(it.ends_on, Some(date(2026, 12, 31)));
    /// assert_eq!(it.last_notice_day, Some(date(2026, 9, 30)));
    /// assert_eq!(it.renews_until, Some(date(2027, 12, 31)));
    /// ```
    pub fn outlook(&self, today: Date, holidays: &[Date]) -> Result<Outlook, Fault> {
        if self.term_months == Some(0) {
            return Err(Fault::NoTerm);
        }
        if let Some(end) = self.end.filter(|it| *it < self.start) {
            return Err(Fault::EndsBeforeStart { start: self.start, end });
        }
        self.reckoned(today, holidays).ok_or(Fault::TooFar)
    }

    /// `None` where a day would be beyond the calendar.
    fn reckoned(&self, today: Date, holidays: &[Date]) -> Option<Outlook> {
        let mut findings = Vec::new();
        let first_end = self.first_end()?;
        if let (Some(end), false) = (first_end, self.auto_renew) {
            let standing = if today > end { Standing::Ended } else { Standing::Ends };
            if standing == Standing::Ended {
                findings.push(Finding::new("ended", "end", format!("The contract ended on {end}.")));
            }
            if let Some(by_term) = self.term_months.and_then(|months| term_end(self.start, months.into()))
                && by_term != end
            {
                let message = format!("The term would end on {by_term}; the end that is given counts.");
                findings.push(Finding::new("term_and_end_differ", "term_months", message));
            }
            return Some(Outlook {
                standing,
                ends_on: Some(end),
                last_notice_day: None,
                renews_until: None,
                earliest_end: Some(end),
                findings,
            });
        }
        let heard = match self.notice {
            Some(notice) => notice.has_run(today, holidays)?,
            None => {
                let message = "The notice period is not known, and so is not the last day for notice.";
                findings.push(Finding::new("no_notice", "notice", message));
                today
            }
        };
        let earliest_end = self.next_end(heard)?;
        // Where notice may be given on any day, only the end of a first term is still a day to watch for.
        let anytime = self.anytime_from()?;
        let ends_on = if anytime.is_some_and(|from| earliest_end > from || first_end.is_none()) {
            None
        } else {
            Some(earliest_end)
        };
        let known = self.notice.zip(ends_on);
        let last_notice_day = match known {
            Some((notice, ends_on)) => Some(notice.last_day(ends_on, holidays)?),
            None => None,
        };
        let renews_until = match ends_on {
            Some(ends_on) if anytime.is_none() => Some(self.next_end(ends_on.tomorrow().ok()?)?),
            _ => None,
        };
        if let (Some((notice, ends_on)), Some(present)) =
            (known, self.next_end(today).filter(|it| first_end.is_some() && today >= self.start && *it < earliest_end))
        {
            let mut missed = present;
            while let Some(next) = self.next_end(missed.tomorrow().ok()?).filter(|it| *it < earliest_end) {
                missed = next;
            }
            let by = notice.last_day(missed, holidays)?;
            let message = format!("Notice for {missed} had to be given by {by}; the contract goes on to {ends_on}.");
            findings.push(Finding::new("notice_passed", "notice", message));
        }
        if first_end.is_some() && self.term_months.is_none() {
            let message = "It is not said for how long the contract renews: it is taken to run on until notice.";
            findings.push(Finding::new("renewal_unknown", "term_months", message));
        }
        Some(Outlook {
            standing: if ends_on.is_some() { Standing::Renews } else { Standing::RunsOn },
            ends_on,
            last_notice_day,
            renews_until,
            earliest_end: self.notice.map(|_| earliest_end),
            findings,
        })
    }

    /// The last day of the first term that is known; `Some(None)` of a contract without a term.
    fn first_end(&self) -> Option<Option<Date>> {
        match (self.end, self.term_months) {
            (Some(end), _) => Some(Some(end)),
            (None, Some(months)) => term_end(self.start, months.into()).map(Some),
            (None, None) => Some(None),
        }
    }

    /// From when on notice can end the contract on any day; `Some(None)` where it only ever ends on certain days.
    fn anytime_from(&self) -> Option<Option<Date>> {
        let certain = self.notice.is_some_and(|it| it.to.is_some());
        let first_end = self.first_end()?;
        let renews_by_terms = first_end.is_some() && self.term_months.is_some();
        Some((!certain && !renews_by_terms).then(|| first_end.unwrap_or(self.start)))
    }

    /// The first day from `day` on on which notice can end the contract.
    fn next_end(&self, day: Date) -> Option<Date> {
        let whole = |it: Date| match self.notice.and_then(|it| it.to) {
            Some(to) => to.next(it),
            None => Some(it),
        };
        let Some(first) = self.first_end()? else { return whole(day.max(self.start)) };
        let Some(months) = self.term_months else { return whole(day.max(first)) };
        // A term that ends before `day` may still have its quarter end after it.
        let (from, mut past) = self.counted_from(first, months)?;
        let mut end = whole(first)?;
        while end < day {
            past += i32::from(months);
            end = whole(term_end(from, past)?)?;
        }
        Some(end)
    }

    /// From which day terms are counted, and how many months of them have passed when `first` ends: from the start if
    /// whole terms lead from there to `first`, else from the day after.
    fn counted_from(&self, first: Date, months: u16) -> Option<(Date, i32)> {
        let months = i32::from(months);
        let since = 12 * i32::from(first.year() - self.start.year()) + i32::from(first.month() - self.start.month());
        let whole =
            (since - 1..=since + 1).find(|it| *it > 0 && it % months == 0 && term_end(self.start, *it) == Some(first));
        match whole {
            Some(past) => Some((self.start, past)),
            None => Some((first.tomorrow().ok()?, 0)),
        }
    }
}

/// The last day of so many months from `start`: the day before the same day of the month, or the last day of a month that
/// has no such day. `None` beyond the calendar.
///
/// ```
/// use calc::notice::term_end;
/// use jiff::civil::date;
/// assert_eq!(term_end(date(2025, 1, 1), 12), Some(date(2025, 12, 31)));
/// assert_eq!(term_end(date(2025, 1, 31), 1), Some(date(2025, 2, 28)));
/// assert_eq!(term_end(date(2024, 2, 29), 48), Some(date(2028, 2, 28)));
/// ```
pub fn term_end(start: Date, months: i32) -> Option<Date> {
    let month = start.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()?;
    let before = start.day() - 1;
    if before == 0 { month.yesterday().ok() } else { month.with().day(before.min(month.days_in_month())).build().ok() }
}

impl Notice {
    /// The day on which notice that is given on `given` has run.
    pub fn has_run(self, given: Date, holidays: &[Date]) -> Option<Date> {
        match self.span() {
            Some(span) => given.checked_add(span).ok(),
            None => {
                let mut day = business_day(given, 1, holidays)?;
                for _ in 0..self.count {
                    day = business_day(day.tomorrow().ok()?, 1, holidays)?;
                }
                Some(day)
            }
        }
    }

    /// The last day from which notice has run on `end`.
    pub fn last_day(self, end: Date, holidays: &[Date]) -> Option<Date> {
        match self.span() {
            Some(span) => {
                let mut day = end.checked_sub(span).ok()?;
                // Before the end of a short month lie up to three more: from 30 March, three months reach 30 June, and
                // from 31 March as well.
                while let Ok(next) = day.tomorrow()
                    && next.checked_add(span).is_ok_and(|it| it <= end)
                {
                    day = next;
                }
                Some(day)
            }
            None => {
                let mut day = business_day(end, -1, holidays)?;
                for _ in 0..self.count {
                    day = business_day(day.yesterday().ok()?, -1, holidays)?;
                }
                Some(day)
            }
        }
    }

    /// `None` of business days, which the calendar does not count.
    fn span(self) -> Option<Span> {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Days => Some(count.days()),
            Unit::BusinessDays => None,
            Unit::Weeks => Some(count.weeks()),
            Unit::Months => Some(count.months()),
            Unit::Years => Some((12 * count).months()),
        }
    }
}

/// The first business day from `day` on, going `step` days at a time.
fn business_day(mut day: Date, step: i64, holidays: &[Date]) -> Option<Date> {
    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || holidays.contains(&day) {
        day = day.checked_add(step.days()).ok()?;
    }
    Some(day)
}

impl To {
    /// The first such day from `day` on.
    pub fn next(self, day: Date) -> Option<Date> {
        let months = match self {
            To::MonthEnd => 1,
            To::QuarterEnd => 3,
            To::YearEnd => 12,
        };
        let last = (day.month() - 1) / months * months + months;
        date(day.year(), last, 1).last_of_month().into()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::EndsBeforeStart { start, end } => {
                write!(out, "the contract ends on {end}, before it starts on {start}")
            }
            Fault::NoTerm => write!(out, "a term has at least one month"),
            Fault::TooFar => write!(out, "the days that follow are beyond the year 9999"),
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests;
