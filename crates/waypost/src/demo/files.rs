//! The data files, and how their days are moved to today.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};

use super::company;
use crate::serve::Failure;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The data files by name. They are part of the program, which so needs no checkout to show itself.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../../demo/", $name)))),*];
    };
}

/// Describes the company and says which files come in.
pub const COMPANY: &str = "organisation.toml";
/// Public holidays stay on their days, whenever the demo is made.
const HOLIDAYS: &str = "holidays.csv";
/// Says financial years instead of days: the one whose budget is being made, and the one before.
const BUDGET: &str = "budget-lines.csv";

files![
    "organisation.toml",
    "units.csv",
    "people.csv",
    "assessments.csv",
    "actions.csv",
    "outcomes.csv",
    "measurements.csv",
    "conflicts.csv",
    "limits.csv",
    "skills.csv",
    "services.csv",
    "projects.csv",
    "processes.csv",
    "skill-needs.csv",
    "skill-ratings.csv",
    "skill-plans.csv",
    "time-shares.csv",
    "activities.csv",
    "placements.csv",
    "holidays.csv",
    "suppliers.csv",
    "contracts.csv",
    "scorecards.csv",
    "moves.csv",
    "selections.csv",
    "criteria.csv",
    "candidates.csv",
    "scores.csv",
    "comparisons.csv",
    "obstacles.csv",
    "forces.csv",
    "spending-authorities.csv",
    "decisions.csv",
    "examples.csv",
    "radar.csv",
    "opportunities.csv",
    "workshops.csv",
    "visions-draft.csv",
    "visions.csv",
    "talks.csv",
    "answers-belief-1.csv",
    "answers-belief-2.csv",
    "audience-leaders.csv",
    "roles.csv",
    "raci.csv",
    "raci-outcomes.csv",
    "raci-services.csv",
    "budget-lines.csv",
    "absences.csv",
    "perceived.csv",
    "answers-2024.csv",
    "answers-2025.csv",
    "answers-2026.csv",
    "audience-2026.csv",
];

/// The files with their days and financial years moved to today.
pub fn moved(today: Date) -> Result<BTreeMap<&'static str, String>, Failure> {
    let company = company::read(FILES[0].1)?;
    let weeks = (today - company.base).get_days().div_euclid(7);
    let calendar = company.organisation.organisation().calendar();
    let years = calendar.position(today).budget_for - calendar.position(company.base).budget_for;
    let moved = |name: &str, text: &str| match name {
        HOLIDAYS => text.to_owned(),
        BUDGET => move_years(text, years),
        _ => move_days(text, weeks * 7),
    };
    Ok(FILES.iter().map(|(name, text)| (*name, moved(name, text))).collect())
}

/// Moves every day of the form 2026-11-23 in a text.
fn move_days(text: &str, days: i32) -> String {
    let is_day = |it: &[u8]| {
        it.iter().enumerate().all(|(at, it)| if at == 4 || at == 7 { *it == b'-' } else { it.is_ascii_digit() })
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.as_bytes().windows(10).position(is_day) {
        let (before, from) = rest.split_at(at);
        let (day, after) = from.split_at(10);
        out.push_str(before);
        match day.parse::<Date>().ok().and_then(|it| it.checked_add(days.days()).ok()) {
            Some(day) => out.push_str(&day.to_string()),
            None => out.push_str(day),
        }
        rest = after;
    }
    out + rest
}

/// Moves the year with which a line of a text begins.
fn move_years(text: &str, years: i16) -> String {
    let moved = |line: &str| match line.split_once(',').and_then(|(year, rest)| Some((year.parse::<i16>().ok()?, rest)))
    {
        Some((year, rest)) => format!("{},{rest}", year + years),
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(moved).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_day_of_a_text_moves_and_nothing_else_does() {
        let text = "From 2026-11-23 to 2026-12-31, 12-34, 2026-13-45, ä2026-02-28";
        assert_eq!(move_days(text, 1), "From 2026-11-24 to 2027-01-01, 12-34, 2026-13-45, ä2026-03-01");
        assert_eq!(move_days("", 1), "");
    }

    #[test]
    fn the_years_of_budgets_move_and_no_other_number_does() {
        assert_eq!(move_years("Year,Amount\n2027,2027\n2028,1\n", 2), "Year,Amount\n2029,2027\n2030,1\n");
        let files = moved(date(2028, 11, 23)).expect("the files of the demo company");
        assert!(files[BUDGET].contains("\n2030,People in IT,") && !files[BUDGET].contains("\n2027,"));
    }

    #[test]
    fn days_move_by_whole_weeks_and_never_past_today() {
        for days in [0, 6, 7, 400] {
            let today = date(2026, 11, 23) + days.days();
            let files = moved(today).expect("the files of the demo company");
            let company = company::read(&files[COMPANY]).expect("organisation.toml");
            let open = company.surveys.iter().find(|it| !it.closed).expect("an open survey");
            assert!(open.opens <= today && today <= open.closes, "{today}: {} to {}", open.opens, open.closes);
            assert_eq!(open.opens.weekday(), jiff::civil::Weekday::Saturday);
        }
    }
}
