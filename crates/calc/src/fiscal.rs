//! The financial year and its three stages, counted back from the day on which the budget is due.
//!
//! A company says four things: the day on which its year starts, the day by which the budget is handed in, and the
//! lengths of the first and the last stage. From these follow, for any day, the financial year, the stage and the days
//! that are left. The three stages are those of the Relevant IT method; that they are counted back from the due day
//! instead of by calendar month, and their default lengths, are this project's own (docs/advisor.md).

use jiff::{
    ToSpan,
    civil::{Date, date},
};

use crate::money::Money;

/// A day that comes back every year. The 29th of February is the 28th in the years that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yearly {
    month: i8,
    day: i8,
}

impl Yearly {
    /// `None` where no year has such a day.
    pub fn new(month: i8, day: i8) -> Option<Yearly> {
        Date::new(2024, month, day).is_ok().then_some(Yearly { month, day })
    }

    /// The day in a year of the calendar.
    pub fn in_year(self, year: i16) -> Date {
        let first = date(year, self.month, 1);
        first.with().day(self.day.min(first.days_in_month())).build().expect("the day is at most the month's last")
    }

    /// The last such day that is not after `day`.
    pub fn last(self, day: Date) -> Date {
        let this = self.in_year(day.year());
        if this <= day { this } else { self.in_year(day.year() - 1) }
    }

    /// The first such day that is not before `day`.
    pub fn next(self, day: Date) -> Date {
        let this = self.in_year(day.year());
        if this >= day { this } else { self.in_year(day.year() + 1) }
    }
}

/// The part of the year that decides which competencies come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Deliver what was approved, improve it, show it.
    Results,
    /// Prepare aims, people, words and numbers.
    Groundwork,
    /// Look, choose, plan, and hand in the budget.
    Decisions,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Results, Stage::Groundwork, Stage::Decisions];

    pub const fn label(self) -> &'static str {
        match self {
            Stage::Results => "Results",
            Stage::Groundwork => "Groundwork",
            Stage::Decisions => "Decisions",
        }
    }

    /// The stage that follows; results follow decisions.
    pub const fn following(self) -> Stage {
        match self {
            Stage::Results => Stage::Groundwork,
            Stage::Groundwork => Stage::Decisions,
            Stage::Decisions => Stage::Results,
        }
    }
}

/// How a company's year runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    pub year_starts: Yearly,
    /// The day by which the budget is handed in. In the second half of the year it is the next year's budget; in the
    /// first half it is the budget of the year that has begun, handed in late.
    pub budget_due: Yearly,
    /// Length of the results stage, from the start of the year.
    pub results_days: i64,
    /// Length of the decisions stage: so many days before the due day, and the due day itself.
    pub decisions_days: i64,
}

/// A financial year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// The year of the calendar in which it ends, by which it is called.
    pub name: i16,
    pub starts: Date,
    /// Its last day.
    pub ends: Date,
}

impl Year {
    /// The first day of each of its twelve months. They are months of the calendar if the year starts with one; else
    /// each starts on the year's day of the month, or on the last day of a month that has no such day.
    ///
    /// ```
    /// use calc::fiscal::{Calendar, Yearly};
    /// use jiff::civil::date;
    /// let day = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    /// let calendar =
    ///     Calendar { year_starts: day(4, 6), budget_due: day(2, 1), results_days: 120, decisions_days: 120 };
    /// let months = calendar.year(date(2026, 11, 23)).months();
    /// assert_eq!((months[0], months[11]), (date(2026, 4, 6), date(2027, 3, 6)));
    /// ```
    pub fn months(self) -> [Date; 12] {
        // Adding months keeps the day or takes the month's last.
        std::array::from_fn(|month| self.starts + (month as i64).months())
    }

    /// The part of a yearly amount that falls to the days from one to another, both counted, by days and to the cent;
    /// nothing where no day of them is in this year.
    ///
    /// ```
    /// use calc::{fiscal::{Calendar, Yearly}, money::Money};
    /// use jiff::civil::date;
    /// let day = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    /// let calendar =
    ///     Calendar { year_starts: day(1, 1), budget_due: day(10, 1), results_days: 120, decisions_days: 120 };
    /// let year = calendar.year(date(2026, 11, 23));
    /// let part = year.part_of(Money::new(36_500), date(2026, 12, 1), date(2027, 6, 30));
    /// assert_eq!(part, Money::new(3_100));
    /// ```
    pub fn part_of(self, amount: Money, from: Date, until: Date) -> Money {
        let (from, after) = (from.max(self.starts), until.min(self.ends) + 1.day());
        if from >= after {
            return Money::ZERO;
        }
        let days = |from, to| u64::try_from(days_between(from, to)).unwrap_or(0);
        let parts = [days(self.starts, from), days(from, after), days(after, self.ends + 1.day())];
        amount.split(&parts).map_or(amount, |parts| parts[1])
    }
}

/// Some days in a row that belong to one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub stage: Stage,
    /// Whether the next year's budget has been handed in, which ends the work on it before the year ends.
    pub handed_in: bool,
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// Where a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub day: Date,
    pub year: Year,
    pub stage: Stage,
    /// Whether the next year's budget has been handed in: from the day after it was due until the year ends.
    pub handed_in: bool,
    /// The last day of the stage.
    pub stage_ends: Date,
    /// The next day on which a budget is due; today where that is today.
    pub due: Date,
    /// The name of the year that this budget is for.
    pub budget_for: i16,
    /// Days from `day` to `due`; 0 on the due day.
    pub days_left: i64,
}

/// Whole days from one day to another; negative where the other is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

impl Calendar {
    /// The financial year that holds a day.
    pub fn year(&self, day: Date) -> Year {
        let starts = self.year_starts.last(day);
        let ends = self.year_starts.in_year(starts.year() + 1) - 1.day();
        Year { name: ends.year(), starts, ends }
    }

    /// The stage of a day, and whether the next year's budget has been handed in.
    ///
    /// Decisions go before results where the two overlap, because a budget that is still due cannot wait. From the day
    /// after the due day until the year ends it is still decisions: the budget is handed in and waits for approval.
    pub fn stage(&self, day: Date) -> (Stage, bool) {
        let year = self.year(day);
        let due = self.budget_due.next(day);
        let earlier = self.budget_due.last(day);
        if earlier < day && earlier >= middle(year) {
            (Stage::Decisions, true)
        } else if days_between(day, due) <= self.decisions_days {
            (Stage::Decisions, false)
        } else if days_between(year.starts, day) < self.results_days {
            (Stage::Results, false)
        } else {
            (Stage::Groundwork, false)
        }
    }

    /// The financial year of a name.
    ///
    /// ```
    /// use calc::fiscal::{Calendar, Yearly};
    /// use jiff::civil::date;
    /// let day = |month, day| Yearly::new(month, day).expect("a day of the calendar");
    /// let of = |starts| Calendar { year_starts: starts, budget_due: day(5, 29), results_days: 120, decisions_days: 120 };
    /// assert_eq!(of(day(7, 1)).named(2027).starts, date(2026, 7, 1));
    /// assert_eq!(of(day(1, 1)).named(2027).starts, date(2027, 1, 1));
    /// ```
    pub fn named(&self, name: i16) -> Year {
        let begun = self.year(self.year_starts.in_year(name));
        if begun.name == name { begun } else { self.year(begun.starts - 1.day()) }
    }

    /// Where a day stands.
    pub fn position(&self, day: Date) -> Position {
        let (stage, handed_in) = self.stage(day);
        let mut stage_ends = day;
        // A stage may be the whole year, where a company wants it so; then it ends with the next one.
        for _ in 0..366 {
            if self.stage(stage_ends + 1.day()).0 != stage {
                break;
            }
            stage_ends += 1.day();
        }
        let due = self.budget_due.next(day);
        let of = self.year(due);
        let budget_for = if due >= middle(of) { of.name + 1 } else { of.name };
        let days_left = days_between(day, due);
        Position { day, year: self.year(day), stage, handed_in, stage_ends, due, budget_for, days_left }
    }

    /// The stages of a year in order, without a gap: every day belongs to exactly one.
    pub fn spans(&self, year: Year) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut day = year.starts;
        while day <= year.ends {
            let (stage, handed_in) = self.stage(day);
            match spans.last_mut() {
                Some(last) if (last.stage, last.handed_in) == (stage, handed_in) => last.until = day,
                _ => spans.push(Span { stage, handed_in, from: day, until: day }),
            }
            day += 1.day();
        }
        spans
    }
}

/// The day on which the second half of a year begins.
fn middle(year: Year) -> Date {
    year.starts + 6.months()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yearly(month: i8, day: i8) -> Yearly {
        Yearly::new(month, day).expect("a day of the calendar")
    }

    /// The year starts in July, the budget is due on 29 May.
    fn july() -> Calendar {
        Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 }
    }

    fn spans(calendar: &Calendar, day: Date) -> Vec<(&'static str, bool, String, String)> {
        let all = calendar.spans(calendar.year(day));
        all.iter().map(|it| (it.stage.label(), it.handed_in, it.from.to_string(), it.until.to_string())).collect()
    }

    #[test]
    fn a_year_is_called_by_the_year_in_which_it_ends() {
        let year = july().year(date(2026, 11, 23));
        assert_eq!((year.name, year.starts, year.ends), (2027, date(2026, 7, 1), date(2027, 6, 30)));
        let plain = Calendar { year_starts: yearly(1, 1), ..july() };
        assert_eq!(plain.year(date(2026, 11, 23)).name, 2026);
    }

    #[test]
    fn the_stages_are_counted_back_from_the_due_day() {
        let expected = [
            ("Results", false, "2026-07-01", "2026-10-28"),
            ("Groundwork", false, "2026-10-29", "2027-01-28"),
            ("Decisions", false, "2027-01-29", "2027-05-29"),
            ("Decisions", true, "2027-05-30", "2027-06-30"),
        ];
        let expected = expected.map(|(stage, done, from, until)| (stage, done, from.to_owned(), until.to_owned()));
        assert_eq!(spans(&july(), date(2026, 11, 23)), expected);
    }

    #[test]
    fn a_day_knows_its_stage_and_what_is_left() {
        let here = july().position(date(2026, 11, 23));
        assert_eq!((here.stage, here.handed_in, here.stage_ends), (Stage::Groundwork, false, date(2027, 1, 28)));
        assert_eq!((here.due, here.days_left, here.budget_for), (date(2027, 5, 29), 187, 2028));
        let on_the_day = july().position(date(2027, 5, 29));
        assert_eq!((on_the_day.stage, on_the_day.days_left, on_the_day.handed_in), (Stage::Decisions, 0, false));
        let after = july().position(date(2027, 5, 30));
        assert_eq!((after.stage, after.handed_in, after.stage_ends), (Stage::Decisions, true, date(2027, 6, 30)));
        assert_eq!(after.due, date(2028, 5, 29));
    }

    #[test]
    fn a_budget_that_is_due_after_the_year_began_keeps_the_decisions_open_until_then() {
        let late = Calendar { year_starts: yearly(1, 1), budget_due: yearly(2, 15), ..july() };
        let expected = [
            ("Decisions", false, "2026-01-01", "2026-02-15"),
            ("Results", false, "2026-02-16", "2026-04-30"),
            ("Groundwork", false, "2026-05-01", "2026-10-17"),
            ("Decisions", false, "2026-10-18", "2026-12-31"),
        ];
        let expected = expected.map(|(stage, done, from, until)| (stage, done, from.to_owned(), until.to_owned()));
        assert_eq!(spans(&late, date(2026, 6, 1)), expected);
        let here = late.position(date(2026, 1, 20));
        assert_eq!((here.days_left, here.budget_for, here.handed_in), (26, 2026, false));
        assert_eq!(late.position(date(2026, 11, 1)).stage_ends, date(2027, 2, 15));
    }

    #[test]
    fn leap_years_have_their_day_and_others_do_without() {
        let leap = Calendar { year_starts: yearly(2, 29), budget_due: yearly(12, 1), ..july() };
        assert_eq!(leap.year(date(2024, 3, 1)).starts, date(2024, 2, 29));
        assert_eq!(leap.year(date(2024, 3, 1)).ends, date(2025, 2, 27));
        assert_eq!(leap.year(date(2025, 2, 28)).starts, date(2025, 2, 28));
        assert_eq!(days_between(date(2024, 2, 1), date(2024, 3, 1)), 29);
        assert!(Yearly::new(2, 30).is_none() && Yearly::new(13, 1).is_none());
    }

    #[test]
    fn months_follow_the_day_on_which_the_year_starts() {
        assert_eq!(july().year(date(2027, 12, 5)).months()[7], date(2028, 2, 1));
        let end = Calendar { year_starts: yearly(1, 31), ..july() };
        assert_eq!(
            end.year(date(2026, 5, 1)).months()[..4],
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
        );
    }

    #[test]
    fn a_year_may_be_one_stage_only() {
        let all = Calendar { decisions_days: 400, ..july() };
        assert!(all.spans(all.year(date(2026, 9, 1))).iter().all(|it| it.stage == Stage::Decisions));
        assert!(all.position(date(2026, 9, 1)).stage_ends > date(2027, 6, 30));
    }

    fn any_yearly() -> impl Strategy<Value = Yearly> {
        (1i8..=12, 1i8..=31).prop_filter_map("a day of the calendar", |(month, day)| Yearly::new(month, day))
    }

    fn any_calendar() -> impl Strategy<Value = Calendar> {
        (any_yearly(), any_yearly(), 0i64..=400, 0i64..=400).prop_map(
            |(year_starts, budget_due, results_days, decisions_days)| Calendar {
                year_starts,
                budget_due,
                results_days,
                decisions_days,
            },
        )
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (0i64..20_000).prop_map(|it| date(2000, 1, 1) + it.days())
    }

    proptest! {
        #[test]
        fn every_day_belongs_to_exactly_one_stage(calendar in any_calendar(), day in any_day()) {
            let year = calendar.year(day);
            prop_assert!(year.starts <= day && day <= year.ends);
            prop_assert!((365..=366).contains(&(days_between(year.starts, year.ends) + 1)));
            let spans = calendar.spans(year);
            prop_assert_eq!(spans[0].from, year.starts);
            prop_assert_eq!(spans[spans.len() - 1].until, year.ends);
            prop_assert!(spans.windows(2).all(|it| it[0].until + 1.day() == it[1].from));
            let holding: Vec<&Span> = spans.iter().filter(|it| it.from <= day && day <= it.until).collect();
            prop_assert_eq!(holding.len(), 1);
            let here = calendar.position(day);
            prop_assert_eq!((holding[0].stage, holding[0].handed_in), (here.stage, here.handed_in));
        }

        #[test]
        fn a_budget_is_always_ahead_within_a_year(calendar in any_calendar(), day in any_day()) {
            let here = calendar.position(day);
            prop_assert!((0..=366).contains(&here.days_left));
            prop_assert!(here.stage_ends >= day);
            prop_assert!(here.budget_for >= here.year.name);
        }

        #[test]
        fn before_the_due_day_it_is_decisions(calendar in any_calendar(), day in any_day()) {
            let due = calendar.budget_due.next(day);
            prop_assert_eq!(calendar.stage(due).0, Stage::Decisions);
            if days_between(day, due) <= calendar.decisions_days {
                prop_assert_eq!(calendar.stage(day).0, Stage::Decisions);
            }
        }
    }
}
