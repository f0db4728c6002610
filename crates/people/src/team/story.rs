//! What the figures say, as sentences: pure, given what is here.

use kit::format::{capital, in_words, inline, list};

use crate::team::{
    here::Here,
    model::{PlanState, Way},
    rules::{Fall, Line, Month, Sight, State},
};

/// At most three names, and how many more there are.
pub fn some(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if !rest.is_empty() => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => list(names),
    }
}

/// "three skills", "one skill".
pub fn skills(number: usize) -> String {
    format!("{} {}", in_words(number), if number == 1 { "skill" } else { "skills" })
}

/// How one skill stands, in a sentence without its end.
pub fn hangs(here: &Here, line: &Line) -> String {
    let name = here.skill(line.skill);
    match line.state() {
        State::Nobody => format!("Nobody covers {}", inline(&name)),
        State::One => format!("{name} hangs on one person"),
        State::Few => format!("{name}: {} of {} people", line.have, line.wanted),
        State::Unknown => format!("Who covers {} is not known yet", inline(&name)),
        State::Safe => format!("{name} is safe"),
    }
}

/// The finding about the whole team.
pub fn heading(here: &Here) -> String {
    if here.skills.is_empty() {
        return "Which skills does your team need?".to_owned();
    }
    if here.needs.is_empty() {
        return "The skills are listed; now say which of them your services depend on".to_owned();
    }
    if here.lines.is_empty() {
        let later = if here.to_begin().is_empty() { "" } else { "; what begins later asks for some" };
        return format!("No skill is needed today{later}");
    }
    if here.sight == Sight::Nothing {
        return format!(
            "{} needed; how they are covered is for the lead to see",
            capital(&skills(here.needed().len()))
        );
    }
    let (one, nobody) = (here.in_state(State::One), here.in_state(State::Nobody));
    let (few, unknown) = (here.in_state(State::Few).len(), here.in_state(State::Unknown).len());
    if unknown > 0 && one.len() + nobody.len() + few == 0 {
        return not_known(here, unknown);
    }
    let names = |lines: &[&Line]| lines.iter().map(|it| inline(&here.skill(it.skill))).collect::<Vec<_>>();
    let one_person = match one.len() {
        0 => None,
        1 => Some(format!("{} hangs on one person", here.skill(one[0].skill))),
        n => Some(format!("{} hang on one person each", capital(&skills(n)))),
    };
    let nobody = (!nobody.is_empty()).then(|| format!("nobody covers {}", some(&names(&nobody))));
    match (one_person, nobody) {
        (None, None) if few == 0 => format!("All {} that are needed are safe", skills(here.lines.len())),
        (None, None) => format!("{} have too few people; none hangs on one", capital(&skills(few))),
        (Some(it), None) => it,
        (None, Some(it)) => capital(&it),
        (Some(one), Some(nobody)) => format!("{one}; {nobody}"),
    }
}

/// That it is not known how skills are covered, and for want of what.
pub fn not_known(here: &Here, unknown: usize) -> String {
    let (rated, members) = (here.team.rated(), here.members.len());
    let are = if unknown == 1 { "is" } else { "are" };
    let which = if unknown == here.lines.len() {
        skills(unknown)
    } else {
        format!("{} of the {}", in_words(unknown), skills(here.lines.len()))
    };
    format!("How {which} {are} covered is not known yet: {rated} of {members} people are rated")
}

/// What somebody's leaving or a need that begins does to cover.
pub fn falls(here: &Here, what: &str, falls: &[Fall]) -> String {
    let names: Vec<String> = falls.iter().map(|it| inline(&here.skill(it.after.skill))).collect();
    match names.len() {
        0 => format!("{what}: nothing falls below safe cover"),
        n => {
            let were_short = falls.iter().filter(|it| it.before.as_ref().is_some_and(|it| it.lacks() > 0)).count();
            let below = match were_short {
                0 => "below safe cover",
                it if it == n => "further below safe cover",
                _ => "below safe cover, or further below it",
            };
            format!("{what}: {} {} {below}: {}", skills(n), if n == 1 { "falls" } else { "fall" }, some(&names))
        }
    }
}

/// Where the plans lead.
pub fn forecast(here: &Here, months: &[Month]) -> String {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return String::new() };
    let open = |it: &&crate::team::model::Plan| !matches!(it.state, PlanState::Done | PlanState::Refused);
    if last.needed == 0 {
        return "No skill is needed yet, so there is nothing to plan for".to_owned();
    }
    let unknown = here.in_state(State::Unknown).len();
    if unknown > 0 && unknown == here.lines.len() {
        return not_known(here, unknown);
    }
    if here.plans.iter().filter(open).count() == 0 {
        return format!(
            "Nothing is planned: {} of {} are safe in eighteen months, {} are today",
            last.safe, last.needed, first.safe
        );
    }
    format!(
        "{} of {} skills safe today, {} of {} in eighteen months; without the plans {}",
        first.safe, first.needed, last.safe, last.needed, last.safe_without
    )
}

/// What a way of closing a gap means.
pub fn way(way: Way) -> &'static str {
    match way {
        Way::Train => "somebody of the team learns it",
        Way::Hire => "somebody new brings it",
        Way::Source => "a partner has it for us",
        Way::Drop => "we stop needing it",
    }
}
