//! Who covers what, today and later: pure.

use std::collections::{BTreeMap, BTreeSet};

use calc::{
    fiscal::{Calendar, Year, days_between},
    money::Money,
};
use jiff::{ToSpan, civil::Date};
use kit::people::PersonId;

use crate::team::model::{Level, Need, NeedId, Plan, PlanState, Rating, SkillId, Way};

/// A skill that is asked for, from when to when.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub need: NeedId,
    pub skill: SkillId,
    pub level: i64,
    /// How many people must have it.
    pub wanted: usize,
    pub starts: Option<Date>,
    pub ends: Option<Date>,
}

impl Ask {
    pub fn is_on(&self, day: Date) -> bool {
        self.starts.is_none_or(|it| it <= day) && self.ends.is_none_or(|it| it >= day)
    }
}

/// A need with the days of the service or project that asks for it: it begins with that one unless it says itself when,
/// and never outlasts it.
pub fn beside(need: Need, (first, last): (Option<Date>, Option<Date>)) -> Need {
    let ends = match (need.ends, last) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Need { starts: need.starts.or(first), ends, ..need }
}

/// How well somebody commands a skill, and their last day.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    pub person: PersonId,
    pub skill: SkillId,
    pub level: i64,
    pub until: Option<Date>,
}

/// What a plan changes from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    pub skill: SkillId,
    pub on: Date,
    pub level: i64,
    /// Who reaches the level, where it is somebody of the team.
    pub person: Option<PersonId>,
    /// Their last day.
    pub until: Option<Date>,
    pub people: usize,
    /// The skill is not needed any more.
    pub drops: bool,
}

/// What a plan changes; nothing where it was refused, or has no day: none yet, or one that passed without its being
/// done. `ends` is the last day of who learns. Of what is done, who was trained or hired shows in the ratings.
pub fn gain(plan: &Plan, ends: Option<Date>, today: Date) -> Option<Gain> {
    let (due, is_done) = (plan.due?, plan.state == PlanState::Done);
    let is_rated = matches!(plan.way, Way::Train | Way::Hire);
    let is_late = !is_done && due < today;
    if plan.state == PlanState::Refused || is_late || (is_done && is_rated) {
        return None;
    }
    let people = plan.people.and_then(|it| usize::try_from(it).ok()).unwrap_or(1);
    Some(Gain {
        skill: plan.skill,
        on: if is_done { due.min(today) } else { due.max(today + 1.day()) },
        level: plan.level.map_or(3, Level::number),
        person: plan.person.filter(|_| plan.way == Way::Train),
        until: ends,
        people,
        drops: plan.way == Way::Drop,
    })
}

/// How a skill is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Nobody,
    One,
    Few,
    /// Too few of the team have been rated to say that it is short.
    Unknown,
    Safe,
}

impl State {
    pub const ALL: [State; 5] = [State::Nobody, State::One, State::Few, State::Unknown, State::Safe];

    pub fn label(self) -> &'static str {
        match self {
            State::Nobody => "nobody",
            State::One => "one person",
            State::Few => "too few",
            State::Unknown => "not known yet",
            State::Safe => "safe",
        }
    }

    /// The class of its chip; each has a shape of its own.
    pub fn class(self) -> &'static str {
        match self {
            State::Nobody => "bad",
            State::One | State::Few => "warn",
            State::Unknown => "",
            State::Safe => "good",
        }
    }
}

/// A skill that is needed, against those who have it: by the need that lacks most.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub skill: SkillId,
    pub need: NeedId,
    pub level: i64,
    pub wanted: usize,
    pub have: usize,
    /// The people of the team among those who have it.
    pub who: BTreeSet<PersonId>,
    /// Who is one step below: the nearest to stand in.
    pub nearly: BTreeSet<PersonId>,
    /// Whether so many have been rated that whoever is not counted can be taken not to have it.
    pub is_known: bool,
}

impl Line {
    pub fn lacks(&self) -> usize {
        self.wanted.saturating_sub(self.have)
    }

    pub fn state(&self) -> State {
        match (self.lacks(), self.have) {
            (0, _) => State::Safe,
            _ if !self.is_known => State::Unknown,
            (_, 0) => State::Nobody,
            (_, 1) => State::One,
            _ => State::Few,
        }
    }
}

/// Everything that decides about cover.
#[derive(Debug, Clone, Default)]
pub struct Team {
    /// How many people are in it.
    pub people: usize,
    pub asks: Vec<Ask>,
    pub holds: Vec<Hold>,
    pub gains: Vec<Gain>,
}

impl Team {
    /// A line for each skill that is needed on a day, what lacks most first.
    pub fn lines(&self, day: Date) -> Vec<Line> {
        let mut by_skill: BTreeMap<SkillId, Line> = BTreeMap::new();
        for ask in self.asks.iter().filter(|it| it.is_on(day) && !self.drops(it.skill, day)) {
            let line = self.line(ask, day);
            let order = |it: &Line| (it.lacks(), it.level, it.need);
            match by_skill.get(&ask.skill) {
                Some(other) if order(other) >= order(&line) => {}
                _ => {
                    by_skill.insert(ask.skill, line);
                }
            }
        }
        let mut lines: Vec<Line> = by_skill.into_values().collect();
        lines.sort_by_key(|it| (it.state(), std::cmp::Reverse(it.lacks()), it.skill));
        lines
    }

    /// Whether a plan has ended the need of a skill by a day.
    pub fn drops(&self, skill: SkillId, day: Date) -> bool {
        self.gains.iter().any(|it| it.drops && it.on <= day && it.skill == skill)
    }

    /// How what is asked is covered on a day.
    pub fn line(&self, ask: &Ask, day: Date) -> Line {
        let here = |it: &&Hold| it.skill == ask.skill && it.until.is_none_or(|it| it >= day);
        let holds: Vec<&Hold> = self.holds.iter().filter(here).collect();
        let gains: Vec<&Gain> =
            self.gains.iter().filter(|it| it.skill == ask.skill && it.on <= day && it.level >= ask.level).collect();
        let mut who: BTreeSet<PersonId> = holds.iter().filter(|it| it.level >= ask.level).map(|it| it.person).collect();
        who.extend(gains.iter().filter(|it| it.until.is_none_or(|it| it >= day)).filter_map(|it| it.person));
        let others: usize = gains.iter().filter(|it| it.person.is_none() && !it.drops).map(|it| it.people).sum();
        let below = holds.iter().filter(|it| it.level + 1 == ask.level && it.level > 0).map(|it| it.person);
        Line {
            skill: ask.skill,
            need: ask.need,
            level: ask.level,
            wanted: ask.wanted,
            have: who.len() + others,
            nearly: below.filter(|it| !who.contains(it)).collect(),
            who,
            is_known: self.knows(ask.skill),
        }
    }

    /// How skills are covered where the forecast ends: plans have borne, people have left, needs have begun.
    pub fn ahead(&self, today: Date) -> Vec<Line> {
        self.lines(today.first_of_month() + MONTHS.months())
    }

    /// How many people have been rated on anything.
    pub fn rated(&self) -> usize {
        self.holds.iter().map(|it| it.person).collect::<BTreeSet<_>>().len()
    }

    /// Not asked is not the same as not there: that somebody lacks a skill is known once most of the team is rated, and
    /// somebody on this skill. Whoever was rated and left it out does not have it; lists that people bring have such
    /// empty cells.
    fn knows(&self, skill: SkillId) -> bool {
        self.rated() * 2 > self.people && self.holds.iter().any(|it| it.skill == skill)
    }

    /// The same team without somebody, from the day before on.
    pub fn without(&self, person: PersonId, day: Date) -> Team {
        let mut team = self.clone();
        for hold in team.holds.iter_mut().filter(|it| it.person == person) {
            hold.until = Some(day - 1.day());
        }
        team.gains.retain(|it| it.person != Some(person));
        team
    }

    /// The same team with needs that begin at once.
    pub fn with(&self, needs: &[NeedId], day: Date) -> Team {
        let mut team = self.clone();
        for ask in team.asks.iter_mut().filter(|it| needs.contains(&it.need)) {
            ask.starts = Some(day);
        }
        team
    }

    /// The same team without some of what is asked of it.
    pub fn unasked(&self, needs: &[NeedId]) -> Team {
        let mut team = self.clone();
        team.asks.retain(|it| !needs.contains(&it.need));
        team
    }

    /// The same team if nothing that is still to come of the plans is carried out.
    pub fn without_plans(&self, today: Date) -> Team {
        Team { gains: self.gains.iter().filter(|it| it.on <= today).cloned().collect(), ..self.clone() }
    }
}

/// A skill that falls below safe cover, or further below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fall {
    pub before: Option<Line>,
    pub after: Line,
}

/// What is covered worse afterwards than before, and not safely. Where so few are rated that nobody can say, nothing is.
pub fn falls(before: &[Line], after: &[Line]) -> Vec<Fall> {
    let of = |skill: SkillId| before.iter().find(|it| it.skill == skill);
    after
        .iter()
        .filter(|it| it.is_known && it.lacks() > of(it.skill).map_or(0, Line::lacks))
        .map(|it| Fall { before: of(it.skill).cloned(), after: it.clone() })
        .collect()
}

/// How many skills are needed, without those that are dropped, and how many of them safe, at the start of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub day: Date,
    pub needed: usize,
    /// As it goes if nobody is trained, hired or found.
    pub safe_without: usize,
    pub safe: usize,
}

/// How far the forecast looks.
pub const MONTHS: i64 = 18;

/// Cover today and at the first of each of the coming months: needs that begin and end, people who leave, plans that
/// bear.
pub fn forecast(team: &Team, today: Date) -> Vec<Month> {
    let without = team.without_plans(today);
    let first = today.first_of_month();
    let days = std::iter::once(today).chain((1..=MONTHS).map(|it| first + it.months()));
    days.map(|day| {
        let safe = |lines: &[Line]| lines.iter().filter(|it| it.state() == State::Safe).count();
        let (lines, plain) = (team.lines(day), without.lines(day));
        // What a plan drops is asked of nobody from then on, and would only blur what the other plans bring.
        let kept: Vec<Line> = plain.into_iter().filter(|it| lines.iter().any(|line| line.skill == it.skill)).collect();
        Month { day, needed: lines.len(), safe_without: safe(&kept), safe: safe(&lines) }
    })
    .collect()
}

/// What plans cost in a financial year; nothing where a sum would not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearCost {
    pub name: i16,
    pub once: Option<Money>,
    pub yearly: Option<Money>,
}

impl YearCost {
    pub fn total(self) -> Option<Money> {
        self.once?.checked_add(self.yearly?)
    }
}

/// What a plan costs in a financial year: what is paid once, and the year's part of what is paid each year. Once in the
/// year of the plan's day, yearly from that day on and in its first year by days. What is late costs nothing before
/// today. What was refused, or has no day, is in no year.
pub fn cost_in(year: Year, plan: &Plan, today: Date) -> Option<(Money, Money)> {
    let due = plan.due.filter(|_| plan.state != PlanState::Refused)?;
    let begins = if plan.state == PlanState::Done { due } else { due.max(today) };
    let once = plan.once.filter(|_| (year.starts..=year.ends).contains(&begins)).unwrap_or_default();
    Some((once, plan.yearly.map_or(Money::ZERO, |it| year.part_of(it, begins, Date::MAX))))
}

/// The costs of plans by financial year, this one and the next two.
pub fn costs(calendar: &Calendar, plans: &[Plan], today: Date) -> Vec<YearCost> {
    let this = calendar.year(today).name;
    let of = |name: i16| {
        let year = calendar.named(name);
        let (once, yearly): (Vec<Money>, Vec<Money>) = plans.iter().filter_map(|it| cost_in(year, it, today)).unzip();
        YearCost { name, once: Money::sum(once), yearly: Money::sum(yearly) }
    };
    (this..this + 3).map(of).collect()
}

/// So few people that a count would tell of one of them.
pub const GROUP: usize = 5;

/// What somebody sees of the whole team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everyone's levels: they lead everyone in it.
    Levels,
    /// How many have a skill, and not who.
    Counts,
    /// Neither: the team, or those of it who are rated, are too few.
    Nothing,
}

/// What somebody sees who may see the levels of `seen` of the `team` people, `rated` of whom have any.
pub fn sight(team: usize, seen: usize, rated: usize) -> Sight {
    match () {
        () if seen == team => Sight::Levels,
        () if rated >= GROUP => Sight::Counts,
        () => Sight::Nothing,
    }
}

/// Whose view a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Own,
    Lead,
}

/// After so many days saving a form confirms what was left as it is.
const STALE: i64 = 180;

/// A rating as a saved form leaves it, with the day; nothing where nothing changed and what was said is not old.
pub fn dated(before: &Rating, after: Rating, today: Date) -> Option<Rating> {
    let is_old = after.level().is_some() && after.rated_on.is_none_or(|it| days_between(it, today) > STALE);
    (after != *before || is_old).then_some(Rating { rated_on: Some(today), ..after })
}

#[cfg(test)]
mod tests;
