//! An organisation's settings as a form: what is asked, what may be answered.

use jiff::{civil::Date, tz::TimeZone};

use super::inputs::{Ask, Input};
use crate::{
    audit::Changes,
    format::LOCALES,
    org::{OrgId, Organisation},
    record::{Draft, Faults},
};

/// The usual length of the results stage and of the decisions stage.
const STAGE_DAYS: i64 = 120;

/// ISO 4217 codes of the currencies that books are usually kept in, with their names.
const CURRENCIES: &[(&str, &str)] = &[
    ("AED", "UAE dirham"),
    ("AUD", "Australian dollar"),
    ("BRL", "Brazilian real"),
    ("CAD", "Canadian dollar"),
    ("CHF", "Swiss franc"),
    ("CNY", "Chinese yuan"),
    ("CZK", "Czech koruna"),
    ("DKK", "Danish krone"),
    ("EUR", "Euro"),
    ("GBP", "Pound sterling"),
    ("HKD", "Hong Kong dollar"),
    ("HUF", "Hungarian forint"),
    ("ILS", "Israeli shekel"),
    ("INR", "Indian rupee"),
    ("ISK", "Icelandic króna"),
    ("JPY", "Japanese yen"),
    ("KRW", "South Korean won"),
    ("MXN", "Mexican peso"),
    ("NOK", "Norwegian krone"),
    ("NZD", "New Zealand dollar"),
    ("PLN", "Polish złoty"),
    ("RON", "Romanian leu"),
    ("SEK", "Swedish krona"),
    ("SGD", "Singapore dollar"),
    ("TRY", "Turkish lira"),
    ("USD", "US dollar"),
    ("ZAR", "South African rand"),
];

const REGIONS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// Places whose clock is known, by region; and UTC.
fn zones() -> Vec<(String, Vec<(String, String)>)> {
    let mut names: Vec<String> = jiff::tz::db().available().map(|it| it.as_str().to_owned()).collect();
    names.sort();
    let in_region = |region: &str| {
        let of_region = names.iter().filter_map(|it| Some((it, it.strip_prefix(region)?.strip_prefix('/')?)));
        of_region.map(|(name, place)| (name.clone(), place.replace('_', " ").replace('/', ", "))).collect()
    };
    let places = REGIONS.iter().map(|it| ((*it).to_owned(), in_region(it)));
    let utc = (String::new(), vec![("UTC".to_owned(), "UTC (no place)".to_owned())]);
    std::iter::once(utc).chain(places).collect()
}

fn alone(options: impl Iterator<Item = (String, String)>) -> Ask {
    Ask::Choice(vec![(String::new(), options.collect())])
}

/// What is asked of every organisation.
pub fn inputs() -> Vec<Input> {
    let day = Date::new(2026, 11, 27).expect("a day of the calendar");
    let locales = LOCALES.iter().map(|it| {
        let example = format!("{} · {}", it.decimal(1234.5, 2), it.in_english().date(day));
        (it.name.to_owned(), format!("{}: {example}", it.label))
    });
    let currencies = CURRENCIES.iter().map(|(code, name)| ((*code).to_owned(), format!("{code} {name}")));
    vec![
        Input::new("org_name", "Name of the organisation", Ask::Text).completed_as("organization"),
        Input::new("locale", "Numbers and days are written as in", alone(locales))
            .help("Whoever is asked something without an account is first greeted in the language of that country, where Waypost speaks it, and can choose another."),
        Input::new("currency", "Currency of the books", alone(currencies)),
        Input::new("time_zone", "Time zone", Ask::Choice(zones())).help("Decides which day it is on every page."),
        Input::new("year_starts", "The financial year starts on", Ask::MonthDay),
        Input::new("budget_due", "The next year's IT budget is due on", Ask::MonthDay)
            .help("The day by which it is handed in. The advisor counts back from it."),
    ]
}

/// A new organisation, for [`read`] to fill.
pub fn fresh() -> Organisation {
    Organisation {
        id: OrgId::fresh(),
        name: String::new(),
        locale: String::new(),
        currency: String::new(),
        time_zone: String::new(),
        year_starts: String::new(),
        budget_due: String::new(),
        results_days: STAGE_DAYS,
        decisions_days: STAGE_DAYS,
        version: 1,
    }
}

/// What may be changed besides, once the first year is under way.
pub fn stage_inputs() -> Vec<Input> {
    vec![
        Input::new("results_days", "Days of the results stage", Ask::Number)
            .help("From the start of the year: results are delivered and shown."),
        Input::new("decisions_days", "Days of the decisions stage", Ask::Number)
            .help("Before the budget is due. What lies between the two is groundwork."),
    ]
}

/// An organisation as the form shows it.
pub fn draft(org: &Organisation) -> Draft {
    let mut draft = Draft::default();
    let mut put = |key: &str, value: String| draft.0.insert(key.to_owned(), value);
    put("org_name", org.name.clone());
    put("locale", org.locale.clone());
    put("currency", org.currency.clone());
    put("time_zone", org.time_zone.clone());
    for (key, text) in [("year_starts", &org.year_starts), ("budget_due", &org.budget_due)] {
        let (month, day) = Organisation::month_day(text);
        put(&format!("{key}_month"), month.to_string());
        put(&format!("{key}_day"), day.to_string());
    }
    put("results_days", org.results_days.to_string());
    put("decisions_days", org.decisions_days.to_string());
    draft
}

/// Reads the form over an organisation; all faults at once.
pub fn read(draft: &Draft, org: &mut Organisation, faults: &mut Faults) {
    org.name = draft.get("org_name").to_owned();
    if org.name.is_empty() {
        faults.add("org_name", "The organisation needs a name.");
    } else if org.name.chars().count() > 200 || org.name.contains(char::is_control) {
        faults.add("org_name", "Write the name on one line of at most 200 characters.");
    }
    org.locale = draft.get("locale").to_owned();
    if LOCALES.iter().all(|it| it.name != org.locale) {
        faults.add("locale", "Choose one from the list.");
    }
    org.currency = draft.get("currency").to_owned();
    if CURRENCIES.iter().all(|(code, _)| *code != org.currency) {
        faults.add("currency", "Choose one from the list.");
    }
    org.time_zone = draft.get("time_zone").to_owned();
    if TimeZone::get(&org.time_zone).is_err() {
        faults.add("time_zone", "Choose one from the list.");
    }
    for (key, into) in [("year_starts", &mut org.year_starts), ("budget_due", &mut org.budget_due)] {
        match month_day(draft, key) {
            Some(it) => *into = it,
            None => faults.add(key, "There is no such day in every year. Choose another day of the month."),
        }
    }
}

/// Reads the lengths of the stages over an organisation.
pub fn read_stages(draft: &Draft, org: &mut Organisation, faults: &mut Faults) {
    for (key, into) in [("results_days", &mut org.results_days), ("decisions_days", &mut org.decisions_days)] {
        match draft.get(key).parse() {
            Ok(days @ 1..=364) => *into = days,
            _ => faults.add(key, "Write a whole number of days from 1 to 364."),
        }
    }
    if faults.is_empty() && org.results_days + org.decisions_days >= 365 {
        let sum = org.results_days + org.decisions_days;
        faults.add("decisions_days", format!("The two stages are {sum} days together; a year must have room for groundwork, so make them less than 365."));
    }
}

/// `07-01` from the two fields; `None` where there is no such day in every year.
fn month_day(draft: &Draft, key: &str) -> Option<String> {
    let part = |name: &str| draft.get(&format!("{key}{name}")).parse::<i8>().ok();
    let (month, day) = (part("_month")?, part("_day")?);
    const NO_LEAP_YEAR: i16 = 2023;
    Date::new(NO_LEAP_YEAR, month, day).is_ok().then(|| format!("{month:02}-{day:02}"))
}

/// What a person may set, by the words of the form.
fn shown(org: &Organisation) -> [(&'static str, String); 8] {
    [
        ("Name", org.name.clone()),
        ("Numbers and days", org.locale.clone()),
        ("Currency", org.currency.clone()),
        ("Time zone", org.time_zone.clone()),
        ("Financial year starts", org.year_starts.clone()),
        ("Budget due", org.budget_due.clone()),
        ("Results stage, days", org.results_days.to_string()),
        ("Decisions stage, days", org.decisions_days.to_string()),
    ]
}

/// Where two states of an organisation differ: what, in the first, in the second.
pub fn differences(before: &Organisation, after: &Organisation) -> Vec<(&'static str, String, String)> {
    let pairs = shown(before).into_iter().zip(shown(after));
    pairs.filter(|(a, b)| a != b).map(|((label, before), (_, after))| (label, before, after)).collect()
}

/// The same for the audit trail; without a state before, everything.
pub fn changes(before: Option<&Organisation>, after: &Organisation) -> Changes {
    match before {
        Some(before) => differences(before, after)
            .into_iter()
            .map(|(label, before, after)| (label.to_owned(), [before.into(), after.into()]))
            .collect(),
        None => shown(after)
            .into_iter()
            .map(|(label, after)| (label.to_owned(), [serde_json::Value::Null, after.into()]))
            .collect(),
    }
}

/// A first guess, from the languages that a browser asks for and the clock of the server.
pub fn guess(languages: &str) -> Draft {
    let wanted = languages.split(',').map(|it| it.split(';').next().unwrap_or_default().trim());
    let locale = wanted
        .filter_map(|it| {
            let exact = LOCALES.iter().find(|locale| locale.name.eq_ignore_ascii_case(it));
            exact.or_else(|| LOCALES.iter().find(|locale| locale.name.split('-').next() == Some(it)))
        })
        .next()
        .unwrap_or(&LOCALES[0]);
    let currency = match locale.name {
        "en-GB" => "GBP",
        "en-US" => "USD",
        "de-CH" => "CHF",
        _ => "EUR",
    };
    let zone = TimeZone::system();
    let zone = zone.iana_name().filter(|it| it.contains('/') && !it.starts_with("Etc")).unwrap_or("UTC");
    let pairs = [
        ("locale", locale.name),
        ("currency", currency),
        ("time_zone", zone),
        ("year_starts_month", "1"),
        ("year_starts_day", "1"),
        ("budget_due_month", "11"),
        ("budget_due_day", "30"),
    ];
    Draft(pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harbour() -> Organisation {
        Organisation {
            id: OrgId(db::uuid::Uuid::from_u128(1)),
            name: "Harbour".to_owned(),
            locale: "en-GB".to_owned(),
            currency: "GBP".to_owned(),
            time_zone: "Europe/London".to_owned(),
            year_starts: "07-01".to_owned(),
            budget_due: "05-29".to_owned(),
            results_days: 120,
            decisions_days: 120,
            version: 1,
        }
    }

    fn read_all(change: &[(&str, &str)]) -> (Organisation, Faults) {
        let (mut org, mut faults, mut form) = (harbour(), Faults::default(), draft(&harbour()));
        form.0.extend(change.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        read(&form, &mut org, &mut faults);
        read_stages(&form, &mut org, &mut faults);
        (org, faults)
    }

    #[test]
    fn what_is_not_touched_is_read_as_it_was() {
        let (org, faults) = read_all(&[]);
        assert!(faults.is_empty() && org == harbour(), "{faults:?}");
    }

    #[test]
    fn a_day_that_does_not_come_every_year_is_refused() {
        for (month, day) in [("2", "29"), ("4", "31"), ("13", "1"), ("1", "0"), ("", "")] {
            let (_, faults) = read_all(&[("year_starts_month", month), ("year_starts_day", day)]);
            assert!(faults.of("year_starts").is_some(), "{month} {day}");
        }
    }

    #[test]
    fn the_two_stages_leave_room_for_groundwork() {
        assert!(read_all(&[("results_days", "180"), ("decisions_days", "184")]).1.is_empty());
        assert!(read_all(&[("results_days", "180"), ("decisions_days", "185")]).1.of("decisions_days").is_some());
        assert!(read_all(&[("results_days", "0")]).1.of("results_days").is_some());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let (_, faults) =
            read_all(&[("org_name", " "), ("locale", "xx"), ("currency", "XXX"), ("time_zone", "Mars/Base")]);
        assert_eq!(faults.iter().count(), 4, "{faults:?}");
    }

    #[test]
    fn every_currency_and_zone_that_is_offered_is_taken() {
        for (code, _) in CURRENCIES {
            assert!(read_all(&[("currency", code)]).1.is_empty(), "{code}");
        }
        let offered: Vec<_> = zones().into_iter().flat_map(|(_, places)| places).collect();
        assert!(offered.len() > 300);
        for (zone, _) in offered {
            assert!(read_all(&[("time_zone", &zone)]).1.is_empty(), "{zone}");
        }
    }

    #[test]
    fn the_browsers_languages_choose_the_first_guess() {
        let guessed = |it| guess(it).get("locale").to_owned();
        assert_eq!(guessed("de-CH,de;q=0.9,en;q=0.8"), "de-CH");
        assert_eq!(guessed("ja, fr;q=0.5"), "fr-FR");
        assert_eq!(guessed(""), "en-GB");
    }
}
