//! What must hold of the records, where to act first, and what to do next.

pub mod facts;
pub mod forces;
pub mod letter;

use calc::fiscal::days_between;
use jiff::civil::Date;
use kit::{
    format::{Locale, in_words, in_words_first, order_of},
    pages::Step,
    record::{Faults, Record, Row},
    rights::Right,
};
use rust_decimal::Decimal;

use crate::urgency::{
    model::{Decision, Direction, Fact, Force, Measure, Obstacle, SetLine, SpendingAuthority, State, Verdict},
    rules::facts::Reading,
};

/// A cleared obstacle has a day, and no other has.
pub fn obstacle_holds(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Obstacle::from_row(row);
    match (it.state, it.cleared) {
        (State::Cleared, None) => faults.add("cleared", "Write the day on which it was cleared."),
        (State::Cleared, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            faults.add("cleared", "Only a cleared obstacle has this day: change the state, or leave it empty.")
        }
    }
}

/// Only what holds back is made of an obstacle.
pub fn force_holds(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Force::from_row(row);
    if it.direction == Direction::Driving && it.obstacle.is_some() {
        faults
            .add("obstacle", "Only what holds back is made of an obstacle: change the direction, or leave this empty.");
    }
}

/// A band has a lower and an upper end in this order, and so have its days.
pub fn authority_holds(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = SpendingAuthority::from_row(row);
    if it.up_to.is_some_and(|up_to| up_to <= it.above) {
        faults.add(
            "up_to",
            "The upper end has to be above the lower one: write a larger amount, or leave it empty for no limit.",
        );
    }
    if it.ended.is_some_and(|ended| ended < it.since) {
        faults.add("ended", "It cannot end before it is in force.");
    }
}

/// What is decided has a day and a verdict; what is deferred has none yet.
pub fn decision_holds(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Decision::from_row(row);
    match (it.verdict, it.decided) {
        (Some(Verdict::Deferred), Some(_)) => {
            faults.add("decided", "Leave the day empty: what is deferred is not decided yet.");
        }
        (Some(Verdict::Yes | Verdict::No), None) => faults.add("decided", "Write the day on which it was decided."),
        (None, Some(_)) => faults.add("verdict", "Say what was decided: yes or no."),
        _ => {}
    }
    if it.decided.is_some_and(|decided| decided < it.asked) {
        faults.add("decided", "It cannot be decided before it was asked.");
    }
}

/// A line is within what its fact can be.
pub fn line_holds(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = SetLine::from_row(row);
    let (low, high, said) = match it.fact {
        Fact::Waiting => (0, 999, "A number of days, from 0 to 999."),
        Fact::Missing | Fact::Authority => (0, 100, "A share in %, from 0 to 100."),
        Fact::Importance => (1, 5, "Points of the scale, from 1 to 5."),
    };
    if !(Decimal::from(low)..=Decimal::from(high)).contains(&it.line) {
        faults.add("line", said);
    }
}

/// From here on an obstacle is severe, and from here on it is ours to clear. The middle of the scale is neither: who
/// cannot decide has not said that it is.
pub const MUCH: i64 = 4;

/// Where an obstacle stands in the picture of severity and influence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Severe and ours to clear.
    First,
    /// Severe, and others have to clear it.
    Escalate,
    /// Slight and easy.
    OnTheWay,
    /// Slight and out of reach.
    LiveWith,
}

impl Zone {
    pub const fn label(self) -> &'static str {
        match self {
            Zone::First => "act first",
            Zone::Escalate => "needs a sponsor",
            Zone::OnTheWay => "on the way",
            Zone::LiveWith => "live with it",
        }
    }
}

impl Obstacle {
    /// Nothing where severity or influence has not been judged yet.
    pub fn zone(&self) -> Option<Zone> {
        Some(match (self.severity? >= MUCH, self.influence? >= MUCH) {
            (true, true) => Zone::First,
            (true, false) => Zone::Escalate,
            (false, true) => Zone::OnTheWay,
            (false, false) => Zone::LiveWith,
        })
    }

    /// Severity times influence: what it brings to act here first.
    pub fn weight(&self) -> Option<i64> {
        Some(self.severity? * self.influence?)
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.is_open() && self.due.is_some_and(|it| it < today)
    }
}

/// Those that stand in the way, where to act first on top; what has not been judged comes last.
pub fn ranked(all: &[Obstacle]) -> Vec<&Obstacle> {
    let mut open: Vec<&Obstacle> = all.iter().filter(|it| it.is_open()).collect();
    open.sort_by_cached_key(|it| {
        (std::cmp::Reverse(it.weight()), std::cmp::Reverse(it.severity), order_of(&it.title), it.id)
    });
    open
}

/// How it stands with the obstacles, as a sentence.
pub fn heading(all: &[Obstacle], today: Date) -> String {
    let open: Vec<&Obstacle> = all.iter().filter(|it| it.is_open()).collect();
    let stand = |n| if n == 1 { "stands" } else { "stand" };
    let lacking = open.iter().filter(|it| it.owner.is_none()).count();
    let late = open.iter().filter(|it| it.is_late(today)).count();
    if all.is_empty() {
        return "No obstacle is written down yet".to_owned();
    }
    if open.is_empty() {
        return "Nothing that was named stands in the way any more".to_owned();
    }
    let first = format!(
        "{} {} {} in the way",
        in_words_first(open.len()),
        if open.len() == 1 { "obstacle" } else { "obstacles" },
        stand(open.len())
    );
    match (lacking, late) {
        (0, 0) => format!("{first}, and each has somebody who clears it"),
        (0, 1) => format!("{first}; one is past its day"),
        (0, late) => format!("{first}; {} are past their day", in_words(late)),
        (lacking, _) if lacking == open.len() => {
            format!("{first}, and nobody clears {}", if lacking == 1 { "it" } else { "them" })
        }
        (1, _) => format!("{first}; one of them has nobody who clears it"),
        (lacking, _) => format!("{first}; nobody clears {} of them", in_words(lacking)),
    }
}

/// The next step, the most urgent first: judge, own, keep the day, look at the facts, escalate, tie, clear.
pub fn next(all: &[Obstacle], threatens: &[facts::Threat], readings: &[Reading], today: Date, locale: Locale) -> Step {
    let write = |text: String, label, url: String| Step::new(text, label, url, Obstacle::KIND.edit);
    let read = |text: String, label, url: String| Step::new(text, label, url, Right::View);
    let edit = |it: &Obstacle| format!("/obstacles/{}/edit", it.id);
    let ranked = ranked(all);
    if all.is_empty() {
        let text = "Name the three things that cost you most last year, and for each the person who could remove it.";
        return write(text.to_owned(), "Add the first obstacle", "/obstacles/new".to_owned());
    }
    if let Some(it) = ranked.iter().find(|it| it.zone().is_none()) {
        let text = format!(
            "Judge how severe “{}” is and how far we can clear it: until then nobody knows where to act first.",
            it.title
        );
        return write(text, "Judge it", edit(it));
    }
    if let Some(it) = ranked.iter().find(|it| it.owner.is_none()) {
        return write(format!("Give “{}” an owner who can remove it.", it.title), "Name the owner", edit(it));
    }
    if let Some(it) = ranked.iter().find(|it| it.is_late(today)) {
        let due = it.due.map_or(String::new(), |due| locale.relative(due, today));
        let text = format!("“{}” was due {due}. Agree on a new day, or escalate it.", it.title);
        return read(text, "Open it", format!("/obstacles/{}", it.id));
    }
    if let Some(it) = readings.iter().find(|it| it.is_unanswered()) {
        let text = format!("{} The line is {}.", it.said(locale), it.in_unit(it.line, locale));
        return write(text, "Raise an obstacle", format!("/urgency/facts/{}/obstacle", it.fact.key())).sent();
    }
    // Once it is sent, the obstacle is being cleared.
    if let Some(it) = ranked.iter().find(|it| it.measure == Some(Measure::Escalate) && it.state == State::Open) {
        if it.sponsor.is_none() || it.asked.is_none() {
            let text =
                format!("“{}” is to be escalated: name the sponsor, and the one decision you ask for.", it.title);
            return write(text, "Name the sponsor", edit(it));
        }
        let text = format!("“{}” is to be escalated. Send the letter, then say that it is being cleared.", it.title);
        return read(text, "See the letter", format!("/obstacles/{}/letter", it.id));
    }
    // Whoever mitigates or accepts it has decided against asking others.
    let is_undecided = |it: &Obstacle| matches!(it.measure, None | Some(Measure::Overcome));
    if let Some(it) = ranked.iter().find(|it| it.zone() == Some(Zone::Escalate) && is_undecided(it)) {
        let text = format!("“{}” is severe and not ours to clear. Write to somebody who can.", it.title);
        return read(text, "See the letter", format!("/obstacles/{}/letter", it.id));
    }
    if let Some(it) = ranked.iter().find(|it| it.due.is_none()) {
        return write(format!("Agree on a day by which “{}” is cleared.", it.title), "Set the day", edit(it));
    }
    if let Some(it) = ranked.iter().find(|it| !threatens.iter().any(|threat| threat.obstacle == it.id)) {
        let text = format!("Say which outcomes “{}” threatens: that is what makes others act.", it.title);
        return write(text, "Say it", format!("/obstacles/{}#threatens", it.id));
    }
    match ranked.first() {
        Some(it) => {
            let days = it.due.map_or(0, |due| days_between(today, due));
            let text = format!("Clear “{}”: {} days are left.", it.title, locale.whole(days));
            read(text, "Open it", format!("/obstacles/{}", it.id))
        }
        None => {
            let text = "Ask the leaders what holds them back now. If nothing does, this is good enough.";
            read(text.to_owned(), "Where we stand", "/journey/c03".to_owned())
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
