//! By which day something must be done about a contract, who is written to when, and the strips of the timeline.

use calc::{
    Finding,
    fiscal::Year,
    money::Money,
    notice::{self, Outlook, Standing},
};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

use super::model::{Billing, Contract, ContractState, notice};

/// How many months the timeline shows.
pub const MONTHS: i32 = 24;
/// How long before the last day of notice, or an end that comes by itself, it is said on home that somebody has to
/// decide.
pub const SOON: i32 = 90;
/// How many days before the last day of notice or the end the owner is written to, unless the organisation says
/// otherwise.
pub const LEADS: [i64; 3] = [180, 90, 30];

/// What a contract costs in a financial year: what is paid once, and the year's part of what is paid each year; nothing
/// where the price is not known. The price goes up with each financial year after the present one. One that renews by
/// itself is taken to go on; one of which notice was given, that ends by itself or has ended, is paid for until its end.
/// `outlook` is that of the day at hand, and none of what has ended.
pub fn cost_in(year: Year, it: &Contract, present: i16, outlook: Option<&Outlook>) -> Option<(Money, Money)> {
    if it.billing? == Billing::Once {
        let paid = (year.starts..=year.ends).contains(&it.starts);
        return Some((it.price.filter(|_| paid).unwrap_or_default(), Money::ZERO));
    }
    let until = match outlook {
        None => it.ends?,
        Some(outlook) if it.state == Some(ContractState::NoticeGiven) || outlook.standing == Standing::Ends => {
            outlook.ends_on.unwrap_or(Date::MAX)
        }
        Some(_) => Date::MAX,
    };
    let rate = Decimal::ONE + it.increase_pct.unwrap_or_default() / Decimal::ONE_HUNDRED;
    let raised = (present..year.name).try_fold(it.yearly()?, |price, _| price.at(rate))?;
    Some((Money::ZERO, year.part_of(raised, it.starts, until)))
}

/// The day by which something must be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// The last day on which notice ends it.
    Notice(Date),
    /// It ends by itself.
    End(Date),
}

impl Deadline {
    pub fn day(self) -> Date {
        match self {
            Deadline::Notice(it) | Deadline::End(it) => it,
        }
    }
}

/// How a contract stands on a day; `None` of one that has ended, and of one whose days cannot be reckoned. Business days
/// are counted without the holidays, and it is a finding where none of the year are known.
pub fn outlook(it: &Contract, today: Date, holidays: &[Date]) -> Option<Outlook> {
    if it.state == Some(ContractState::Ended) {
        return None;
    }
    let terms = notice::Contract {
        start: it.starts,
        end: it.ends,
        term_months: it.term_months.and_then(|it| u16::try_from(it).ok()),
        auto_renew: it.auto_renew,
        notice: it.notice.as_deref().and_then(|it| notice(it).ok()),
    };
    // What was given notice of goes on to the end that was noted, and no further.
    let terms = match it.state {
        Some(ContractState::NoticeGiven) if it.ends.is_some() => notice::Contract { auto_renew: false, ..terms },
        _ => terms,
    };
    let mut outlook = terms.outlook(today, holidays).ok().filter(|it| it.standing != Standing::Ended)?;
    let counts = terms.notice.is_some_and(|it| it.unit == notice::Unit::BusinessDays);
    if let Some(day) = outlook.last_notice_day.filter(|_| counts)
        && holidays.iter().all(|it| it.year() != day.year())
    {
        let year = day.year();
        let message = format!("No public holidays of {year} are known: every Monday to Friday is counted.");
        outlook.findings.push(Finding::new("no_holidays", "notice", message));
    }
    Some(outlook)
}

/// The next day by which something must be decided; `None` where there is none, and where notice was given already.
pub fn deadline(it: &Contract, today: Date, holidays: &[Date]) -> Option<Deadline> {
    let outlook = outlook(it, today, holidays)?;
    match outlook.standing {
        _ if it.state == Some(ContractState::NoticeGiven) => outlook.ends_on.map(Deadline::End),
        Standing::Ends => outlook.ends_on.map(Deadline::End),
        _ => outlook.last_notice_day.map(Deadline::Notice),
    }
}

/// The next day before which its owner has something to decide: a last day of notice, or an end that nobody has to ask
/// for and that is therefore easily missed. `None` where notice was given already, because what follows was decided
/// then.
pub fn to_decide(it: &Contract, today: Date, holidays: &[Date]) -> Option<Deadline> {
    deadline(it, today, holidays).filter(|_| it.state != Some(ContractState::NoticeGiven))
}

/// Which of the lead times is reached: the shortest that holds, so that a contract entered late causes one message and
/// not all of them. `None` before the longest, and after the day.
pub fn lead_reached(leads: &[i64], day: Date, today: Date) -> Option<i64> {
    let left = i64::from((day - today).get_days());
    leads.iter().copied().filter(|it| (0..=*it).contains(&left)).min()
}

/// Reads lead times as a person writes them: `180, 90, 30`.
pub fn leads(text: &str) -> Result<Vec<i64>, String> {
    let mut all = Vec::new();
    for word in text.split([',', ';', ' ']).map(str::trim).filter(|it| !it.is_empty()) {
        match word.parse::<i64>() {
            Ok(it) if (1..=1000).contains(&it) => all.push(it),
            _ => return Err(format!("“{word}” is not a number of days from 1 to 1000. Write them like 180, 90, 30.")),
        }
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    match all.len() {
        0 => Err("Write at least one number of days, such as 90. Nobody would be warned otherwise.".to_owned()),
        1..=6 => Ok(all),
        _ => Err("More than six messages about one contract are not read any more. Leave some out.".to_owned()),
    }
}

/// A contract on the timeline; places in per cent of its width, which is [`MONTHS`] from today.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strip {
    /// To where the present term goes.
    pub term: f64,
    /// To where it goes on without notice.
    pub renewed: Option<f64>,
    /// The bands before the last day of notice: from where, how wide, and how many months before it they begin.
    pub bands: Vec<(f64, f64, i32)>,
    pub notice: Option<f64>,
    pub end: Option<f64>,
}

/// The strip of a contract from today on.
pub fn strip(outlook: &Outlook, today: Date) -> Strip {
    let last = today + MONTHS.months();
    let width = f64::from((last - today).get_days());
    let at = |day: Date| (f64::from((day - today).get_days()) / width * 100.0).clamp(0.0, 100.0);
    let seen = |day: Date| (today..=last).contains(&day).then(|| round(at(day)));
    let mut bands = Vec::new();
    if let Some(by) = outlook.last_notice_day {
        let begins = [12, 6, 3].map(|months| by.checked_sub(months.months()).unwrap_or(today));
        for (n, months) in [12, 6, 3].into_iter().enumerate() {
            let (from, to) = (at(begins[n]), begins.get(n + 1).map_or(at(by), |it| at(*it)));
            if to > from {
                bands.push((round(from), round(to - from), months));
            }
        }
    }
    Strip {
        term: round(outlook.ends_on.map_or(100.0, at)),
        renewed: outlook.renews_until.map(|it| round(at(it))),
        bands,
        notice: outlook.last_notice_day.and_then(seen),
        end: outlook.ends_on.and_then(seen),
    }
}

fn round(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use calc::fiscal::{Calendar, Yearly};
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{super::model::tests::contract, *};

    /// Start, end, term, renewal, notice, and on 23 November 2026: the last day of notice and the end.
    #[test]
    fn hard_notice_terms_come_to_the_day_that_a_careful_reader_finds() {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse::<Date>().expect("a day"));
        for (starts, ends, term, renews, text, last, end) in [
            // The plain case: a year from 1 January, three months.
            ("2024-01-01", "", 12, true, "3 months", "2027-09-30", "2027-12-31"),
            // Three months before the end of February are to the end of November: seven days are left.
            ("2026-03-01", "", 12, true, "3 months", "2026-11-30", "2027-02-28"),
            // Started on a leap day: each year ends on 28 February.
            ("2024-02-29", "", 12, true, "30 days", "2027-01-29", "2027-02-28"),
            // Started on the 31st: a month without one ends on its last day.
            ("2026-01-31", "", 1, true, "7 days", "2026-11-23", "2026-11-30"),
            // Ends within a quarter, and notice is to the end of one.
            ("2024-05-16", "", 12, true, "three months to the end of a quarter", "2027-03-31", "2027-06-30"),
            // No term: only the ends of quarters count.
            ("2020-07-01", "", 0, true, "6 weeks to quarter end", "2027-02-17", "2027-03-31"),
            // Ten business days before Thursday, 31 December 2026.
            ("2025-01-01", "", 12, true, "10 business days", "2026-12-17", "2026-12-31"),
            // A bare number, as files have it.
            ("2025-02-01", "2027-01-31", 24, true, "60", "2026-12-02", "2027-01-31"),
            // The day has passed: the next end is the one to watch.
            ("2025-01-01", "2026-12-31", 12, true, "3 months", "2027-09-30", "2027-12-31"),
            // Ends by itself.
            ("2025-01-01", "2027-06-30", 0, false, "", "", "2027-06-30"),
        ] {
            let it = Contract {
                starts: day(starts).expect("a start"),
                ends: day(ends),
                term_months: (term > 0).then_some(term),
                auto_renew: renews,
                notice: (!text.is_empty()).then(|| text.to_owned()),
                ..contract()
            };
            let found = outlook(&it, date(2026, 11, 23), &[]).expect("it runs");
            assert_eq!((found.last_notice_day, found.ends_on), (day(last), day(end)), "{starts} {ends} {term} {text}");
        }
    }

    #[test]
    fn what_was_given_notice_of_ends_and_asks_for_no_decision() {
        let ends = date(2026, 12, 31);
        let it = Contract { state: Some(ContractState::NoticeGiven), ends: Some(ends), ..contract() };
        assert_eq!(deadline(&it, date(2026, 11, 23), &[]), Some(Deadline::End(ends)));
        assert_eq!(to_decide(&it, date(2026, 11, 23), &[]), None);
        let ended = Contract { state: Some(ContractState::Ended), ..contract() };
        assert_eq!(deadline(&ended, date(2026, 11, 23), &[]), None);
    }

    #[test]
    fn a_contract_costs_its_days_of_a_year_at_that_years_price() {
        let day = |month, day| Yearly::new(month, day).expect("a day of the calendar");
        let calendar =
            Calendar { year_starts: day(7, 1), budget_due: day(5, 29), results_days: 120, decisions_days: 120 };
        let of = |it: &Contract, name| {
            let outlook = outlook(it, date(2026, 11, 23), &[]);
            cost_in(calendar.named(name), it, 2027, outlook.as_ref())
                .map(|(once, yearly)| (once.minor(), yearly.minor()))
        };
        let runs = Contract { increase_pct: Some(Decimal::TEN), ..contract() };
        // 1,000.00 a month, ten per cent more with each year after the present one.
        assert_eq!(of(&runs, 2027), Some((0, 1_200_000)));
        assert_eq!(of(&runs, 2029), Some((0, 1_452_000)));
        // From 1 July to 31 December 2027 are 184 of the 366 days of the year that ends in a leap year.
        let ends =
            Contract { auto_renew: false, term_months: None, notice: None, ends: Some(date(2027, 12, 31)), ..runs };
        assert_eq!(of(&ends, 2028), Some((0, 663_607)));
        assert_eq!(of(&ends, 2029), Some((0, 0)));
        // Notice was given and its end not written down: three months before the end of 2026 are over, so that it is the
        // end of 2027, after 184 of the 366 days.
        let left = Contract { state: Some(ContractState::NoticeGiven), ..contract() };
        assert_eq!((of(&left, 2027), of(&left, 2028)), (Some((0, 1_200_000)), Some((0, 603_279))));
        let once = Contract { billing: Some(Billing::Once), starts: date(2027, 8, 1), ..contract() };
        assert_eq!((of(&once, 2027), of(&once, 2028)), (Some((0, 0)), Some((100_000, 0))));
        // What ended on 30 September 2026 was paid for in 92 days of the year.
        let ended = Contract { state: Some(ContractState::Ended), ends: Some(date(2026, 9, 30)), ..contract() };
        assert_eq!((of(&ended, 2027), of(&ended, 2028)), (Some((0, 302_466)), Some((0, 0))));
        let unknown = Contract { ends: None, ..ended };
        assert_eq!((of(&unknown, 2027), of(&Contract { price: None, ..contract() }, 2027)), (None, None));
    }

    #[test]
    fn what_ends_by_itself_asks_for_a_decision_before_its_end() {
        let ends = date(2026, 12, 31);
        let it = Contract { auto_renew: false, term_months: None, notice: None, ends: Some(ends), ..contract() };
        assert_eq!(to_decide(&it, date(2026, 11, 23), &[]), Some(Deadline::End(ends)));
        assert_eq!(to_decide(&it, date(2027, 1, 1), &[]), None);
    }

    #[test]
    fn business_days_are_counted_without_holidays_and_a_year_without_any_is_doubtful() {
        let it = Contract {
            starts: date(2025, 1, 1),
            term_months: Some(12),
            notice: Some("10 business days".to_owned()),
            ..contract()
        };
        let of = |holidays: &[Date]| {
            let it = outlook(&it, date(2026, 11, 23), holidays).expect("it runs");
            (it.last_notice_day, it.findings.iter().map(|it| it.code).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), (Some(date(2026, 12, 17)), vec!["no_holidays"]));
        assert_eq!(of(&[date(2025, 12, 25)]), (Some(date(2026, 12, 17)), vec!["no_holidays"]), "of another year");
        // The 25th is a Friday, the 24th a Thursday on which the firm is closed; the 26th is a Saturday anyway.
        let closed = [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)];
        assert_eq!(of(&closed), (Some(date(2026, 12, 15)), Vec::new()));
        let months = Contract { notice: Some("3 months".to_owned()), ..it.clone() };
        assert!(outlook(&months, date(2026, 8, 1), &[]).is_some_and(|it| it.findings.is_empty()), "months need none");
    }

    #[test]
    fn of_several_lead_times_only_the_nearest_is_reached() {
        let (today, day) = (date(2026, 11, 23), |left: i32| date(2026, 11, 23) + left.days());
        for (left, lead) in [(200, None), (180, Some(180)), (91, Some(180)), (90, Some(90)), (0, Some(30)), (-1, None)]
        {
            assert_eq!(lead_reached(&LEADS, day(left), today), lead, "{left}");
        }
    }

    #[test]
    fn lead_times_are_read_as_people_write_them() {
        assert_eq!(leads("30, 180;90 30"), Ok(vec![180, 90, 30]));
        for wrong in ["", "soon", "0", "1001", "1 2 3 4 5 6 7"] {
            assert!(leads(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_strip_never_leaves_its_frame(start in 0i32..3000, term in 1i64..61, count in 0u16..400) {
            let it = Contract {
                starts: date(2020, 1, 1) + start.days(),
                term_months: Some(term),
                notice: Some(format!("{count} days")),
                ..contract()
            };
            let today = date(2026, 11, 23);
            if let Some(outlook) = outlook(&it, today, &[]) {
                let strip = strip(&outlook, today);
                prop_assert!((0.0..=100.0).contains(&strip.term));
                for (from, width, _) in &strip.bands {
                    prop_assert!(*from >= 0.0 && *width >= 0.0 && from + width <= 100.1);
                }
            }
        }
    }
}
