//! The facts that reveal obstacles: what they show now, how they went, and whether they cross their line.

use std::collections::BTreeMap;

use calc::{
    describe::{mean, median},
    fiscal::{Calendar, days_between},
};
use db::uuid::Uuid;
use jiff::{ToSpan, civil::Date};
use kit::format::Locale;
use rust_decimal::prelude::ToPrimitive;

use crate::{
    expectations::model::OutcomeId,
    urgency::model::{Decision, DecisionId, Fact, Obstacle, ObstacleId, SetLine, SpendingAuthority, State},
};

/// An obstacle threatens an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threat {
    pub obstacle: ObstacleId,
    pub outcome: OutcomeId,
}

/// Of fewer than these nothing is said: a median of four is an anecdote.
pub const LEAST: usize = 5;
/// How many quarters a trend shows.
const QUARTERS: usize = 12;
/// What a fact shows now is of the last year.
const YEAR: i64 = 365;
/// How many records a raised obstacle is tied to.
const CAUSES: usize = 3;

impl Fact {
    /// The usual line, in the unit of the fact.
    pub const fn usual_line(self) -> f64 {
        match self {
            Fact::Waiting => 14.0,
            Fact::Missing => 20.0,
            Fact::Authority => 80.0,
            Fact::Importance => 3.5,
        }
    }

    /// Whether more is worse.
    pub const fn is_worse_above(self) -> bool {
        matches!(self, Fact::Waiting | Fact::Missing)
    }
}

/// A stretch of time of which a trend has one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarter {
    /// 1 to 4, of the financial year of this name.
    pub number: usize,
    pub year: i16,
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Quarter {
    fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The quarters of the financial year up to the one that holds today, the oldest first.
pub fn quarters(calendar: &Calendar, today: Date) -> Vec<Quarter> {
    let mut all: Vec<Quarter> = Vec::new();
    let mut year = calendar.year(today);
    while all.len() < QUARTERS + 4 {
        let months = year.months();
        for number in (1..=4).rev() {
            let from = months[(number - 1) * 3];
            let until = if number == 4 { year.ends } else { months[number * 3] - 1.day() };
            if from <= today {
                all.push(Quarter { number, year: year.name, from, until });
            }
        }
        year = calendar.year(year.starts - 1.day());
    }
    all.truncate(QUARTERS);
    all.reverse();
    all
}

/// One point of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// In full, for the table: "Q2 of FY 2027".
    pub label: String,
    /// Below the axis: "Q2", and below that the year where it begins.
    pub short: (String, String),
    /// Nothing where it is made of too few.
    pub value: Option<f64>,
    pub n: usize,
}

/// What a fact shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub fact: Fact,
    /// Of the last year, or the last survey; nothing where it is made of too few.
    pub now: Option<f64>,
    pub n: usize,
    /// Of the year before, or the survey before.
    pub before: Option<f64>,
    pub points: Vec<Point>,
    pub line: f64,
    /// Where the organisation has set the line itself.
    pub own_line: Option<Uuid>,
    /// What an obstacle that is raised from it follows from: kind and identifier.
    pub causes: Vec<(&'static str, Uuid)>,
    /// What most of the decisions waited for, where the fact is about that.
    pub most: Option<String>,
    /// The obstacle that was raised from it and still stands.
    pub raised: Option<ObstacleId>,
}

impl Reading {
    pub fn is_crossed(&self) -> bool {
        self.now.is_some_and(|now| if self.fact.is_worse_above() { now > self.line } else { now < self.line })
    }

    /// Crossed, and no obstacle has been raised from it that still stands.
    pub fn is_unanswered(&self) -> bool {
        self.is_crossed() && self.raised.is_none()
    }

    /// A figure of this fact with its unit.
    pub fn in_unit(&self, value: f64, locale: Locale) -> String {
        match self.fact {
            Fact::Waiting if (value - 1.0).abs() < 0.05 => "1 day".to_owned(),
            Fact::Waiting => format!("{} days", short(value, locale)),
            Fact::Missing | Fact::Authority => locale.percent(value / 100.0, 0),
            Fact::Importance => format!("{} of 5", locale.decimal(value, 1)),
        }
    }

    /// What it shows, as a sentence.
    pub fn said(&self, locale: Locale) -> String {
        let Some(now) = self.now else {
            return match self.fact {
                Fact::Importance => "No survey of the gap has been closed, or too few answered to show.".to_owned(),
                Fact::Authority if self.n == 0 => {
                    "No decision of the last year falls under a spending authority with agreed days.".to_owned()
                }
                _ if self.n == 0 => "No decision of the last year is in the log.".to_owned(),
                _ => format!("{} of the last year are too few to say anything; five are enough.", self.n),
            };
        };
        let value = self.in_unit(now, locale);
        let first = match (self.fact, &self.most) {
            (Fact::Waiting, _) => format!("A decision takes {value} at the median"),
            (Fact::Missing, Some(most)) => {
                format!("{value} of the decisions waited for somebody, most often for “{most}”")
            }
            (Fact::Missing, None) => format!("{value} of the decisions waited for somebody"),
            (Fact::Authority, _) => format!("{value} of the decisions came within the days agreed"),
            (Fact::Importance, _) => format!("The business scores the importance of IT at {value}"),
        };
        let shown = |value: f64| self.in_unit(value, locale);
        match self.before.filter(|before| shown(*before) != value) {
            Some(before) if self.fact == Fact::Importance => {
                format!("{first}; in the survey before it was {}.", shown(before))
            }
            Some(before) => format!("{first}; in the year before it was {}.", shown(before)),
            None => format!("{first}."),
        }
    }

    /// The title of an obstacle that is raised from it.
    pub fn obstacle_title(&self) -> String {
        match (self.fact, &self.most) {
            (Fact::Waiting, _) => "Decisions about technology take too long".to_owned(),
            (Fact::Missing, Some(most)) => format!("Decisions wait for “{most}”"),
            (Fact::Missing, None) => "Decisions wait for somebody who is missing".to_owned(),
            (Fact::Authority, _) => "Approvals take longer than agreed".to_owned(),
            (Fact::Importance, _) => "The business does not think that IT matters".to_owned(),
        }
    }
}

/// Whole days as such, halves with one place.
fn short(value: f64, locale: Locale) -> String {
    locale.decimal(value, usize::from((value - value.round()).abs() > 0.05))
}

/// The importance of IT as the business sees it in one closed gap campaign, from what the survey publishes.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    pub campaign: Uuid,
    pub title: String,
    pub closed: Date,
    /// The means of the competencies that may be shown.
    pub means: Vec<f64>,
    pub n: usize,
}

/// The spending authority under which a decision falls: the first band that holds its amount and was in force.
pub fn authority_of<'a>(decision: &Decision, all: &'a [SpendingAuthority]) -> Option<&'a SpendingAuthority> {
    let amount = decision.amount?;
    let in_force = |it: &&SpendingAuthority| it.is_in_force(decision.asked);
    let of_bottom = |it: &SpendingAuthority| it.above.minor() == 0 && amount.minor() == 0;
    let holds =
        |it: &&SpendingAuthority| (amount > it.above || of_bottom(it)) && it.up_to.is_none_or(|up_to| amount <= up_to);
    all.iter().filter(in_force).filter(holds).min_by_key(|it| it.above)
}

impl SpendingAuthority {
    pub fn is_in_force(&self, day: Date) -> bool {
        self.since <= day && self.ended.is_none_or(|it| day <= it)
    }
}

impl Decision {
    /// Days from asked to decided; nothing where it still waits.
    pub fn days(&self) -> Option<i64> {
        self.decided.map(|it| days_between(self.asked, it))
    }

    fn waited_for(&self) -> Option<&str> {
        self.missing.as_deref().map(str::trim).filter(|it| !it.is_empty())
    }
}

/// What still waits for a decision, the longest first, with the days so far.
pub fn still_waiting(decisions: &[Decision], today: Date) -> Vec<(&Decision, i64)> {
    let mut all: Vec<(&Decision, i64)> = decisions
        .iter()
        .filter(|it| it.decided.is_none())
        .map(|it| (it, days_between(it.asked, today).max(0)))
        .collect();
    all.sort_by_key(|(it, days)| (std::cmp::Reverse(*days), it.id));
    all
}

/// The decisions that came within a stretch of days before and including a day.
fn decided_within<'a>(decisions: &'a [Decision], last: Date, days: i64) -> Vec<&'a Decision> {
    let within = |it: &&Decision| it.decided.is_some_and(|day| (0..days).contains(&days_between(day, last)));
    decisions.iter().filter(within).collect()
}

/// What decisions waited for, the most frequent first: how it is called, how often, days at the median.
pub fn waited_for(decisions: &[Decision], today: Date) -> Vec<(String, usize, Option<f64>)> {
    let mut by_name: BTreeMap<String, (String, Vec<f64>)> = BTreeMap::new();
    for it in decided_within(decisions, today, YEAR) {
        if let (Some(name), Some(days)) = (it.waited_for(), it.days()) {
            by_name.entry(name.to_lowercase()).or_insert_with(|| (name.to_owned(), Vec::new())).1.push(days as f64);
        }
    }
    let mut all: Vec<_> = by_name.into_values().map(|(name, days)| (name, days.len(), median(&days))).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

/// How the decisions of one band went in the last year.
#[derive(Debug, Clone, PartialEq)]
pub struct Band<'a> {
    pub authority: &'a SpendingAuthority,
    pub n: usize,
    /// Days at the median, where there are enough.
    pub days: Option<f64>,
    /// How many came within the days agreed; nothing where no days are agreed.
    pub within: Option<usize>,
}

/// The bands in force on a day, the smallest amounts first.
pub fn bands<'a>(authorities: &'a [SpendingAuthority], decisions: &[Decision], today: Date) -> Vec<Band<'a>> {
    let mut in_force: Vec<&SpendingAuthority> = authorities.iter().filter(|it| it.is_in_force(today)).collect();
    in_force.sort_by_key(|it| (it.above, it.up_to.is_none(), it.up_to));
    let recent = decided_within(decisions, today, YEAR);
    in_force
        .into_iter()
        .map(|authority| {
            let of_band =
                recent.iter().filter(|it| authority_of(it, authorities).is_some_and(|of| of.id == authority.id));
            let days: Vec<i64> = of_band.filter_map(|it| it.days()).collect();
            let floats: Vec<f64> = days.iter().map(|it| *it as f64).collect();
            Band {
                authority,
                n: days.len(),
                days: median(&floats).filter(|_| days.len() >= LEAST),
                within: authority.days.map(|agreed| days.iter().filter(|it| **it <= agreed).count()),
            }
        })
        .collect()
}

/// Amounts for which nobody, or more than one, may decide: over, up to, how many.
pub fn holes(authorities: &[SpendingAuthority], today: Date) -> Vec<(i64, Option<i64>, usize)> {
    let in_force: Vec<(i64, Option<i64>)> = authorities
        .iter()
        .filter(|it| it.is_in_force(today))
        .map(|it| (it.above.minor(), it.up_to.map(|it| it.minor())))
        .collect();
    if in_force.is_empty() {
        return Vec::new();
    }
    let mut ends: Vec<i64> = in_force.iter().flat_map(|(above, up_to)| std::iter::once(*above).chain(*up_to)).collect();
    ends.push(0);
    ends.sort_unstable();
    ends.dedup();
    let counted = ends.iter().enumerate().map(|(at, above)| {
        let up_to = ends.get(at + 1).copied();
        let holds =
            |it: &&(i64, Option<i64>)| it.0 <= *above && it.1.is_none_or(|end| up_to.is_some_and(|up_to| up_to <= end));
        (*above, up_to, in_force.iter().filter(holds).count())
    });
    counted.filter(|it| it.2 != 1).collect()
}

/// Everything that the readings are made from.
pub struct Material<'a> {
    pub decisions: &'a [Decision],
    pub authorities: &'a [SpendingAuthority],
    pub lines: &'a [SetLine],
    pub scored: &'a [Scored],
    pub obstacles: &'a [Obstacle],
    pub calendar: Calendar,
    pub today: Date,
    pub locale: Locale,
}

/// The four facts.
pub fn readings(of: &Material) -> Vec<Reading> {
    Fact::ALL
        .iter()
        .map(|fact| if *fact == Fact::Importance { importance(of) } else { of_decisions(of, *fact) })
        .collect()
}

/// A reading with nothing in it but its line and what was raised from it.
fn empty(of: &Material, fact: Fact) -> Reading {
    let own = of.lines.iter().find(|it| it.fact == fact);
    Reading {
        fact,
        now: None,
        n: 0,
        before: None,
        points: Vec::new(),
        line: own.and_then(|it| it.line.to_f64()).unwrap_or(fact.usual_line()),
        own_line: own.map(|it| it.id.0),
        causes: Vec::new(),
        most: None,
        raised: of.obstacles.iter().find(|it| it.fact == Some(fact) && it.state != State::Cleared).map(|it| it.id),
    }
}

/// What a fact takes from one decision; nothing where the decision says nothing about it.
fn taken(of: &Material, fact: Fact, it: &Decision) -> Option<f64> {
    let share = |yes: bool| if yes { 100.0 } else { 0.0 };
    let days = it.days()?;
    match fact {
        Fact::Waiting => Some(days as f64),
        Fact::Missing => Some(share(it.waited_for().is_some())),
        Fact::Authority => authority_of(it, of.authorities)?.days.map(|agreed| share(days <= agreed)),
        Fact::Importance => None,
    }
}

fn of_decisions(of: &Material, fact: Fact) -> Reading {
    let values = |of_these: &[&Decision]| of_these.iter().filter_map(|it| taken(of, fact, it)).collect::<Vec<f64>>();
    let figure = |values: &[f64]| {
        let figure = if fact == Fact::Waiting { median(values) } else { mean(values) };
        figure.filter(|_| values.len() >= LEAST)
    };
    let recent = decided_within(of.decisions, of.today, YEAR);
    let last = of.today - YEAR.days();
    let now = values(&recent);
    let points = quarters(&of.calendar, of.today).into_iter().map(|it| {
        let decided: Vec<&Decision> =
            of.decisions.iter().filter(|decision| decision.decided.is_some_and(|day| it.holds(day))).collect();
        let values = values(&decided);
        let year = if it.number == 1 { format!("FY {}", it.year) } else { String::new() };
        Point {
            label: format!("Q{} of FY {}", it.number, it.year),
            short: (format!("Q{}", it.number), year),
            value: figure(&values),
            n: values.len(),
        }
    });
    let points: Vec<Point> = points.collect();
    let most = waited_for(of.decisions, of.today).into_iter().next().map(|it| it.0).filter(|_| fact == Fact::Missing);
    Reading {
        now: figure(&now),
        n: now.len(),
        before: figure(&values(&decided_within(of.decisions, last, YEAR))),
        // Before the first decision there is no trend to show.
        points: points.into_iter().skip_while(|it| it.n == 0).collect(),
        causes: causes(of, fact, recent, most.as_deref()),
        most,
        ..empty(of, fact)
    }
}

/// The decisions that say most: the slowest of those that crossed the line, or that waited for what most waited for.
fn causes(of: &Material, fact: Fact, mut recent: Vec<&Decision>, most: Option<&str>) -> Vec<(&'static str, Uuid)> {
    recent.retain(|it| match fact {
        Fact::Waiting => true,
        Fact::Missing => it.waited_for().zip(most).is_some_and(|(a, b)| a.to_lowercase() == b.to_lowercase()),
        Fact::Authority => taken(of, fact, it) == Some(0.0),
        Fact::Importance => false,
    });
    recent.sort_by_key(|it| (std::cmp::Reverse(it.days()), it.id));
    let id = |it: &DecisionId| it.0;
    recent.iter().take(CAUSES).map(|it| (Decision::KIND.key, id(&it.id))).collect()
}

fn importance(of: &Material) -> Reading {
    let figure = |it: &Scored| mean(&it.means);
    let shown: Vec<&Scored> = of.scored.iter().filter(|it| figure(it).is_some()).collect();
    let last = shown.last();
    Reading {
        now: last.and_then(|it| figure(it)),
        n: last.map_or(0, |it| it.n),
        before: shown.len().checked_sub(2).and_then(|at| figure(shown[at])),
        points: of
            .scored
            .iter()
            .map(|it| Point {
                label: format!("{}, closed {}", it.title, of.locale.short_date(it.closed)),
                short: (of.locale.month(it.closed.month()), it.closed.year().to_string()),
                value: figure(it),
                n: it.n,
            })
            .collect(),
        causes: last.map(|it| vec![(survey::campaign::CAMPAIGN, it.campaign)]).unwrap_or_default(),
        ..empty(of, Fact::Importance)
    }
}

#[cfg(test)]
mod tests;
