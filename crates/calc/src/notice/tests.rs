use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// `start end term renews notice today`, with `-` for what is not said.
fn outlook(line: &str) -> Outlook {
    try_outlook(line).expect("a contract")
}

fn try_outlook(line: &str) -> Result<Outlook, Fault> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [start, end, term, renews, notice, today] = cells[..] else { panic!("{line}") };
    let said = |text: &'static str, it: &str| (it != text).then(|| it.to_owned());
    let contract = Contract {
        start: day(start),
        end: said("-", end).map(|it| day(&it)),
        term_months: said("-", term).map(|it| it.parse().expect("months")),
        auto_renew: renews == "yes",
        notice: said("-", notice).map(|it| it.parse().expect("a notice period")),
    };
    contract.outlook(day(today), &[])
}

#[track_caller]
fn check(line: &str, ends_on: &str, last_notice_day: &str, renews_until: &str) {
    let it = outlook(line);
    let shown = |it: Option<Date>| it.map_or("-".to_owned(), |it| it.to_string());
    let found = [it.ends_on, it.last_notice_day, it.renews_until].map(shown);
    assert_eq!(found, [ends_on, last_notice_day, renews_until], "{line}");
}

/// The table of docs/calculations/notice.md.
#[test]
fn the_hard_cases_are_what_the_documentation_says() {
    let page = include_str!("../../../../docs/calculations/notice.md");
    let table = page.split("| Start |").nth(1).expect("a table of hard cases");
    let mut run = 0;
    for line in table.lines().skip(2).take_while(|it| it.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [start, end, term, renews, notice, today, ends_on, last_notice_day, renews_until, _] = cells[..] else {
            panic!("{line}")
        };
        check(&[start, end, term, renews, notice, today].join("|"), ends_on, last_notice_day, renews_until);
        run += 1;
    }
    assert!(run >= 20, "only {run} cases were found");
}

#[test]
fn the_hard_cases_with_public_holidays_are_what_the_documentation_says() {
    let page = include_str!("../../../../docs/calculations/notice.md");
    let table = page.split("| Start | Holidays |").nth(1).expect("a table of hard cases with holidays");
    let mut run = 0;
    for line in table.lines().skip(2).take_while(|it| it.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [start, holidays, today, ends_on, last_notice_day, _] = cells[..] else { panic!("{line}") };
        let holidays: Vec<Date> = holidays.split(' ').filter(|it| *it != "-").map(day).collect();
        let contract = Contract {
            start: day(start),
            end: None,
            term_months: Some(12),
            auto_renew: true,
            notice: Some("10 business days".parse().expect("a notice period")),
        };
        let it = contract.outlook(day(today), &holidays).expect("a contract");
        assert_eq!((it.ends_on, it.last_notice_day), (Some(day(ends_on)), Some(day(last_notice_day))), "{line}");
        run += 1;
    }
    assert!(run >= 8, "only {run} cases were found");
}

#[test]
fn a_contract_that_cannot_be_is_refused() {
    let (start, end) = (day("2025-03-01"), day("2025-02-28"));
    let fault = Fault::EndsBeforeStart { start, end };
    assert_eq!(try_outlook("2025-03-01 | 2025-02-28 | - | no | 30 days | 2025-01-01"), Err(fault));
    assert_eq!(fault.to_string(), "the contract ends on 2025-02-28, before it starts on 2025-03-01");
    assert_eq!(try_outlook("2025-03-01 | - | 0 | yes | 30 days | 2025-01-01"), Err(Fault::NoTerm));
    assert_eq!(try_outlook("9999-01-01 | - | 12 | yes | 30 days | 9999-12-30"), Err(Fault::TooFar));
    assert!(try_outlook("2025-03-01 | 2025-03-01 | - | no | 30 days | 2025-01-01").is_ok(), "one day is a contract");
}

#[test]
fn what_is_doubtful_is_said() {
    let codes = |line: &str| outlook(line).findings.iter().map(|it| it.code).collect::<Vec<_>>();
    assert_eq!(codes("2024-01-01 | - | 12 | yes | 3 months | 2024-05-01"), [""; 0]);
    assert_eq!(codes("2024-01-01 | - | 12 | no | - | 2025-05-01"), ["ended"]);
    assert_eq!(codes("2024-01-01 | 2024-06-30 | 12 | no | - | 2024-05-01"), ["term_and_end_differ"]);
    assert_eq!(codes("2024-01-01 | - | 12 | yes | - | 2024-05-01"), ["no_notice"]);
    assert_eq!(codes("2024-01-01 | - | 12 | yes | 3 months | 2024-11-01"), ["notice_passed"]);
    assert_eq!(codes("2024-01-01 | 2024-12-31 | - | yes | 3 months | 2024-05-01"), ["renewal_unknown"]);
    let passed = outlook("2024-01-01 | - | 12 | yes | 3 months | 2024-11-01").findings[0].message.clone();
    assert_eq!(passed, "Notice for 2024-12-31 had to be given by 2024-09-30; the contract goes on to 2025-12-31.");
    let monthly = outlook("2024-01-01 | - | 1 | yes | 6 weeks | 2024-11-25").findings[0].message.clone();
    assert_eq!(
        monthly, "Notice for 2024-12-31 had to be given by 2024-11-19; the contract goes on to 2025-01-31.",
        "of several that were missed, the last"
    );
}

#[test]
fn a_contract_without_an_end_says_what_notice_today_would_do() {
    let it = outlook("2024-01-01 | - | - | no | 30 days | 2025-05-01");
    assert_eq!((it.standing, it.earliest_end), (Standing::RunsOn, Some(day("2025-05-31"))));
    let unknown = outlook("2024-01-01 | - | - | no | - | 2025-05-01");
    assert_eq!((unknown.standing, unknown.earliest_end), (Standing::RunsOn, None));
}

#[test]
fn public_holidays_are_no_business_days() {
    let notice: Notice = "2 business days".parse().expect("a notice period");
    // The 25th and 26th are a Thursday and a Friday.
    let christmas = [date(2025, 12, 25), date(2025, 12, 26)];
    assert_eq!(notice.last_day(date(2025, 12, 29), &[]), Some(date(2025, 12, 25)));
    assert_eq!(notice.last_day(date(2025, 12, 29), &christmas), Some(date(2025, 12, 23)));
    assert_eq!(notice.has_run(date(2025, 12, 23), &christmas), Some(date(2025, 12, 29)));
    assert_eq!(notice.has_run(date(2025, 12, 27), &christmas), Some(date(2025, 12, 31)), "a Saturday counts as Monday");
}

#[test]
fn notice_periods_are_read_as_people_write_them() {
    for (text, written) in [
        ("30 days", "30 days"),
        ("1 Day", "1 day"),
        ("30 calendar days", "30 days"),
        ("  3   months ", "3 months"),
        ("three months' notice", "3 months"),
        ("one year", "1 year"),
        ("6 weeks to month end", "6 weeks to month end"),
        ("6 weeks to the end of the month", "6 weeks to month end"),
        ("3 months to quarter-end", "3 months to quarter end"),
        ("3 months before the end of a calendar quarter", "3 months to quarter end"),
        ("3 months to quarter’s end", "3 months to quarter end"),
        ("6 months to the year end", "6 months to year end"),
        ("10 business days", "10 business days"),
        ("10 working days before the end of the term", "10 business days"),
        ("0 days", "0 days"),
    ] {
        let found = text.parse::<Notice>().map(|it| it.to_string());
        assert_eq!(found.as_deref(), Ok(written), "{text}");
        assert_eq!(written.parse::<Notice>(), text.parse(), "{written}");
    }
}

#[test]
fn what_is_no_notice_period_is_refused_with_what_is() {
    for (text, why) in [
        ("", Unreadable::Form),
        ("soon", Unreadable::Form),
        ("months", Unreadable::Form),
        ("3 months and a half", Unreadable::End),
        ("-6 weeks", Unreadable::Negative),
        (" −3 months", Unreadable::Negative),
        ("-1 day", Unreadable::Negative),
        ("3", Unreadable::Form),
        ("3 business months", Unreadable::Form),
        ("3 moons", Unreadable::Form),
        ("1.5 months", Unreadable::Form),
        ("3 months to quarter", Unreadable::End),
        ("3 months to week end", Unreadable::End),
        ("11 years", Unreadable::TooLong),
        ("99999999999999999999 days", Unreadable::Form),
        ("4000 days", Unreadable::TooLong),
    ] {
        assert_eq!(text.parse::<Notice>(), Err(why), "{text}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..20_000).prop_map(|it| date(2000, 1, 1) + it.days())
}

fn any_notice() -> impl Strategy<Value = Notice> {
    let unit = prop_oneof![
        Just(Unit::Days),
        Just(Unit::BusinessDays),
        Just(Unit::Weeks),
        Just(Unit::Months),
        Just(Unit::Years)
    ];
    let to = prop_oneof![Just(None), Just(Some(To::MonthEnd)), Just(Some(To::QuarterEnd)), Just(Some(To::YearEnd))];
    (0u16..10, unit, to).prop_map(|(count, unit, to)| Notice { count, unit, to })
}

fn any_contract() -> impl Strategy<Value = Contract> {
    (any_day(), prop::option::of(0i64..2000), prop::option::of(1u16..40), any::<bool>(), any_notice()).prop_map(
        |(start, length, term_months, auto_renew, notice)| Contract {
            start,
            end: length.map(|it| start + it.days()),
            term_months,
            auto_renew,
            notice: Some(notice),
        },
    )
}

fn holidays() -> Vec<Date> {
    (2000..2100).flat_map(|year| [date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)]).collect()
}

proptest! {
    #[test]
    fn the_last_day_for_notice_is_today_or_later_and_not_after_the_end(contract in any_contract(), today in any_day()) {
        let it = contract.outlook(today, &holidays()).expect("days within the calendar");
        if let (Some(by), Some(ends_on)) = (it.last_notice_day, it.ends_on) {
            prop_assert!(today <= by && by <= ends_on);
        }
        prop_assert!(it.renews_until.is_none_or(|until| it.ends_on.is_some_and(|ends_on| ends_on < until)));
        prop_assert!(it.ends_on.is_none_or(|ends_on| ends_on >= contract.start));
    }

    #[test]
    fn notice_on_the_last_day_ends_the_contract_and_a_day_later_it_renews(contract in any_contract(), today in any_day()) {
        let it = contract.outlook(today, &holidays()).expect("days within the calendar");
        if let Some(by) = it.last_notice_day {
            let then = contract.outlook(by, &holidays()).expect("days within the calendar");
            prop_assert_eq!((then.ends_on, then.earliest_end), (it.ends_on, it.ends_on));
            let later = contract.outlook(by + 1.day(), &holidays()).expect("days within the calendar");
            prop_assert_eq!(later.ends_on, it.renews_until);
            prop_assert!(later.earliest_end > it.ends_on);
        }
    }

    #[test]
    fn as_days_pass_ends_only_move_on(contract in any_contract(), today in any_day(), days in 1i64..800) {
        let now = contract.outlook(today, &holidays()).expect("days within the calendar");
        let then = contract.outlook(today + days.days(), &holidays()).expect("days within the calendar");
        prop_assert!(then.earliest_end >= now.earliest_end);
        if let (Some(now), Some(then)) = (now.ends_on, then.ends_on) {
            prop_assert!(then >= now);
        }
        if let (Some(now), Some(then)) = (now.last_notice_day, then.last_notice_day) {
            prop_assert!(then >= now);
        }
        // What holds today holds until the last day for notice.
        if now.last_notice_day.is_some_and(|by| today + days.days() <= by) {
            prop_assert_eq!(
                (now.ends_on, now.last_notice_day, now.renews_until),
                (then.ends_on, then.last_notice_day, then.renews_until)
            );
        }
    }

    #[test]
    fn terms_follow_each_other_without_gap_or_drift(start in any_day(), months in 1i32..40, terms in 1i32..30) {
        let end = term_end(start, months * terms).expect("within the calendar");
        let following = end.tomorrow().expect("within the calendar");
        let again = start + (months * terms).months();
        // The next term starts on the same day of the month, or on the first of the next where a month has no such day.
        prop_assert!(following == again || (again.day() < start.day() && following == again.tomorrow().expect("a day")));
    }

    #[test]
    fn a_notice_is_written_as_it_is_read(notice in any_notice()) {
        prop_assert_eq!(notice.to_string().parse(), Ok(notice));
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _ = text.parse::<Notice>();
    }
}
