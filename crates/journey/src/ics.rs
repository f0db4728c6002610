//! Calendar files after RFC 5545, as far as whole days need it.

use std::fmt::Write as _;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// A whole day in the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Names the event for ever: a feed that moves it to another day moves it in the reader's calendar too.
    pub uid: String,
    pub day: Date,
    pub summary: String,
    pub description: String,
    /// Where to read more.
    pub url: String,
    /// How many days before it the reader's program reminds of it.
    pub reminders: Vec<i64>,
}

/// A calendar of whole days under a name, written at a moment.
pub fn calendar(name: &str, events: &[Event], written: Timestamp) -> String {
    let stamp = written.to_zoned_datetime(TimeZone::UTC);
    let stamp = format!("{}T{:02}{:02}{:02}Z", basic(stamp.date()), stamp.hour(), stamp.minute(), stamp.second());
    let mut out = String::new();
    for it in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waypost//Waypost//EN", "CALSCALE:GREGORIAN"] {
        line(&mut out, it);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escape(name)));
    for event in events {
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}", escape(&event.uid)));
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        line(&mut out, &format!("DTSTART;VALUE=DATE:{}", basic(event.day)));
        // Without an end it lasts its day too; the last day that there is has none after it.
        if let Ok(next) = event.day.checked_add(1.day()) {
            line(&mut out, &format!("DTEND;VALUE=DATE:{}", basic(next)));
        }
        line(&mut out, &format!("SUMMARY:{}", escape(&event.summary)));
        if !event.description.is_empty() {
            line(&mut out, &format!("DESCRIPTION:{}", escape(&event.description)));
        }
        if !event.url.is_empty() {
            line(&mut out, &format!("URL:{}", event.url));
        }
        line(&mut out, "TRANSP:TRANSPARENT");
        for days in &event.reminders {
            line(&mut out, "BEGIN:VALARM");
            line(&mut out, "ACTION:DISPLAY");
            line(&mut out, &format!("TRIGGER:-P{days}D"));
            line(&mut out, &format!("DESCRIPTION:{}", escape(&event.summary)));
            line(&mut out, "END:VALARM");
        }
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// A day without separators, as RFC 5545 wants it.
fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Text as a value: what would end or split it is marked (section 3.3.11); other control characters are not allowed.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.replace("\r\n", "\n").chars() {
        match it {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(it);
            }
            '\n' => out.push_str("\\n"),
            it if it.is_control() => out.push(' '),
            it => out.push(it),
        }
    }
    out
}

/// Writes a line, folded so that no part is longer than 75 octets (section 3.1), never within a character.
fn line(out: &mut String, text: &str) {
    const MOST: usize = 75;
    let mut used = 0;
    for it in text.chars() {
        if used + it.len_utf8() > MOST {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(it);
        used += it.len_utf8();
    }
    out.push_str("\r\n");
}

/// A name for ever from what identifies an event: FNV-1a over 64 bits (draft-eastlake-fnv), so that names are short.
pub fn uid(organisation: &str, parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.join("\n").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut uid = String::new();
    let _ = write!(uid, "{hash:016x}-{organisation}@waypost");
    uid
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn event(summary: &str) -> Event {
        Event {
            uid: uid("org", &["/planner", "budget"]),
            day: date(2027, 5, 31),
            summary: summary.to_owned(),
            description: String::new(),
            url: "https://waypost.example.org/planner".to_owned(),
            reminders: Vec::new(),
        }
    }

    /// What a reader of calendars does: unfold, then split.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn unescaped(text: &str) -> String {
        let mut out = String::new();
        let mut letters = text.chars();
        while let Some(it) = letters.next() {
            match it {
                '\\' => out.push(match letters.next().expect("something is escaped") {
                    'n' => '\n',
                    it => it,
                }),
                it => out.push(it),
            }
        }
        out
    }

    #[test]
    fn a_calendar_is_written_as_the_standard_says() {
        let written = "2026-11-23T12:00:00Z".parse().expect("a moment");
        let text = calendar("Harbour, year", &[event("Budget due; hand it in")], written);
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Waypost//Waypost//EN",
            "CALSCALE:GREGORIAN",
            "X-WR-CALNAME:Harbour\\, year",
            "BEGIN:VEVENT",
            "UID:55f0af28cacb4201-org@waypost",
            "DTSTAMP:20261123T120000Z",
            "DTSTART;VALUE=DATE:20270531",
            "DTEND;VALUE=DATE:20270601",
            "SUMMARY:Budget due\\; hand it in",
            "URL:https://waypost.example.org/planner",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(unfolded(&text), expected);
    }

    #[test]
    fn reminders_are_alarms_so_many_days_before() {
        let notice = Event { reminders: vec![90, 30], ..event("Notice; ERP") };
        let text = calendar("x", &[notice], Timestamp::UNIX_EPOCH);
        let lines = unfolded(&text);
        let alarm = |trigger| ["BEGIN:VALARM", "ACTION:DISPLAY", trigger, "DESCRIPTION:Notice\\; ERP", "END:VALARM"];
        for trigger in ["TRIGGER:-P90D", "TRIGGER:-P30D"] {
            assert!(lines.windows(5).any(|it| it == alarm(trigger)), "{text}");
        }
    }

    #[test]
    fn the_last_day_that_there_is_has_no_end_after_it() {
        let last = Event { day: Date::MAX, ..event("Never") };
        let text = calendar("x", &[last], Timestamp::UNIX_EPOCH);
        assert!(text.contains("DTSTART;VALUE=DATE:99991231") && !text.contains("DTEND"), "{text}");
    }

    #[test]
    fn names_stay_the_same_and_differ_between_events() {
        assert_eq!(uid("a", &["/x", "y"]), uid("a", &["/x", "y"]));
        assert_ne!(uid("a", &["/x", "y"]), uid("a", &["/x", "z"]));
        assert_ne!(uid("a", &["/x"]), uid("b", &["/x"]));
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_folded_lines_of_75_octets(summary in "\\PC{0,200}|[äöü,;\\\\\n]{0,120}") {
            let text = calendar("x", &[event(&summary)], Timestamp::UNIX_EPOCH);
            prop_assert!(text.ends_with("\r\n"));
            prop_assert!(text.split("\r\n").all(|it| it.len() <= 75 && !it.contains('\n') && !it.contains('\r')));
            let lines = unfolded(&text);
            let found = lines.iter().find_map(|it| it.strip_prefix("SUMMARY:")).expect("a summary");
            prop_assert_eq!(unescaped(found), summary);
        }
    }
}
