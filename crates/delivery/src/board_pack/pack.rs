//! What stands in the board pack: gathered once, then written as a document.

use std::{collections::BTreeMap, sync::Arc};

use align::{
    envisioning::Banner,
    expectations::{
        Here as Expectations, Outcome,
        model::State as OutcomeState,
        rules::{Progress, Verdict},
    },
    urgency::{
        Obstacles,
        model::{Measure, Obstacle},
        rules::{Zone, ranked},
    },
};
use kit::{
    area::{Perception, Standing},
    document::{Block, Document},
    error::Result,
    format::{Locale, in_words},
    method::{Competency, Group},
    people::{self, Person, PersonId},
    rights::Right,
    web::Scope,
};
use planning::budget;

/// As many rows as a board reads of one table.
const SHOWN: usize = 8;

pub struct Pack {
    org: String,
    day: String,
    locale: Locale,
    expectations: Arc<Expectations>,
    obstacles: Arc<Obstacles>,
    people: BTreeMap<PersonId, Person>,
    perceptions: Vec<Perception>,
    standings: Vec<Standing>,
    /// The budget that is being made as a sentence and as rows, for those who see costs.
    budget: Option<(String, Vec<Vec<String>>)>,
}

impl Pack {
    pub async fn load(scope: &Scope) -> Result<Pack> {
        let (mut perceptions, mut standings) = (Vec::new(), Vec::new());
        for area in &scope.app.registry.areas {
            perceptions.extend(area.perceptions(scope).await?);
            standings.extend(area.standings(scope).await?);
        }
        Ok(Pack {
            org: scope.org.name.clone(),
            day: scope.locale().date(scope.today()),
            locale: scope.locale(),
            expectations: Expectations::load(scope).await?,
            obstacles: Obstacles::load(scope).await?,
            people: people::by_id(scope).await?,
            perceptions,
            standings,
            budget: if scope.may(Right::SeeCosts) { budget::told(scope).await? } else { None },
        })
    }

    /// The finding: what comes of what was promised.
    pub fn heading(&self) -> String {
        let agreed = self.expectations.in_state(OutcomeState::Agreed).len();
        match agreed {
            0 => "For the board: no outcome is agreed yet".to_owned(),
            _ => format!("For the board: {}", self.outcomes_in_short()),
        }
    }

    fn name(&self, of: Option<PersonId>) -> String {
        of.and_then(|it| self.people.get(&it)).map_or_else(|| "nobody yet".to_owned(), |it| it.name.clone())
    }

    fn outcomes_in_short(&self) -> String {
        let progress = self.expectations.progress();
        let agreed: Vec<_> = progress.iter().filter(|it| it.0.state == OutcomeState::Agreed).collect();
        let is_met = |it: &Progress| it.verdict == Some(Verdict::Met);
        let reached = agreed.iter().filter(|it| is_met(&it.1)).count();
        let is_late = |it: &Outcome| it.due.is_some_and(|it| it < self.expectations.today);
        let late = match agreed.iter().filter(|it| is_late(it.0) && !is_met(&it.1)).count() {
            0 => String::new(),
            1 => "; one is past its day".to_owned(),
            n => format!("; {} are past their day", in_words(n)),
        };
        let of = match agreed.len() {
            1 => "the one agreed outcome".to_owned(),
            n => format!("the {} agreed outcomes", in_words(n)),
        };
        let have = if reached > 1 { "have reached their target" } else { "has reached its target" };
        match reached {
            _ if agreed.iter().all(|it| it.1.latest.is_none()) => {
                let none = if agreed.len() == 1 { format!("{of} is not") } else { format!("none of {of} is") };
                format!("{none} measured yet{late}")
            }
            _ if agreed.len() == 1 && reached == 1 => format!("{of} {have}{late}"),
            _ if agreed.len() == 1 => format!("{of} has not reached its target{late}"),
            0 => format!("none of {of} {have}{late}"),
            n => format!("{} of {of} {have}{late}", in_words(n)),
        }
    }

    /// What a reader with one minute takes along.
    fn in_short(&self) -> Vec<String> {
        let mut said = Vec::new();
        let certain: Vec<&Perception> = self.perceptions.iter().filter(|it| it.certain).collect();
        let widest = certain.iter().filter_map(|it| Some((it, it.gap?))).max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        said.push(match (widest, self.perceptions.is_empty()) {
            (_, true) => "No gap survey has been closed yet: how business and IT see IT is not known.".to_owned(),
            (None, _) if self.perceptions.iter().all(|it| it.gap.is_none()) => {
                "Too few have answered to compare how business and IT see IT.".to_owned()
            }
            (None, _) => "Business and IT see the fifteen competencies alike, as far as can be told.".to_owned(),
            (Some((it, _)), _) => {
                let of = |it: Option<f64>| it.map_or_else(String::new, |it| self.locale.decimal(it, 1));
                format!(
                    "Business and IT see {} of the fifteen competencies differently, {} the most: {} of 5 against {}.",
                    certain.len(),
                    kit::format::inline(it.competency.label()),
                    of(it.business),
                    of(it.it)
                )
            }
        });
        if !self.expectations.in_state(OutcomeState::Agreed).is_empty() {
            said.push(format!("{}.", kit::format::capital(&self.outcomes_in_short())));
        }
        said.push(format!("{}.", align::urgency::rules::heading(&self.obstacles.all, self.expectations.today)));
        said.extend(self.budget.iter().map(|(text, _)| format!("{text}.")));
        said
    }

    /// What only the board, or somebody on it, can decide.
    fn asked(&self) -> Vec<String> {
        let conflicts = self.expectations.undecided().into_iter().map(|it| {
            let of = |id| self.expectations.outcome(id).map_or("", |it| &*it.statement);
            format!("{}: “{}” or “{}”, which gives way?", it.title, of(it.first), of(it.second))
        });
        let escalated = |it: &&Obstacle| it.measure == Some(Measure::Escalate) || it.zone() == Some(Zone::Escalate);
        let obstacles = ranked(&self.obstacles.all).into_iter().filter(escalated).filter_map(|it| {
            let asked = it.asked.as_deref()?.trim();
            Some(format!("{} ({}): {asked}", it.title, self.name(it.sponsor.or(it.owner))))
        });
        conflicts.chain(obstacles).collect()
    }

    fn outcomes(&self) -> Vec<Vec<String>> {
        let agreed = self.expectations.progress().into_iter().filter(|it| it.0.state == OutcomeState::Agreed);
        let row = |(it, progress): (&Outcome, Progress)| {
            let unit = it.unit.as_deref().unwrap_or_default();
            let figure = |it| format!("{} {unit}", self.locale.number(it)).trim().to_owned();
            let day = |it| self.locale.short_date(it);
            let stands = match (progress.latest, progress.way) {
                (None, _) => "not measured yet".to_owned(),
                (Some((on, at)), Some(way)) if way < 0.0 => {
                    format!("{} on {}, worse than at the start", figure(at), day(on))
                }
                (Some((on, at)), Some(way)) => {
                    let way = self.locale.percent(way.min(1.0), 0);
                    format!("{} on {}, {way} of the way", figure(at), day(on))
                }
                (Some((on, at)), None) => format!("{} on {}", figure(at), day(on)),
            };
            vec![
                it.statement.clone(),
                self.name(it.accountable),
                it.due.map_or_else(String::new, day),
                it.target.map_or_else(String::new, figure),
                stands,
            ]
        };
        agreed.map(row).collect()
    }

    fn in_the_way(&self) -> Vec<Vec<String>> {
        let row = |it: &Obstacle| {
            vec![
                it.title.clone(),
                self.name(it.owner),
                it.plan.clone().or(it.measure.map(|it| it.label().to_owned())).unwrap_or("not chosen yet".to_owned()),
                it.due.map_or_else(String::new, |due| {
                    let late = if it.is_late(self.expectations.today) { ", late" } else { "" };
                    format!("{}{late}", self.locale.short_date(due))
                }),
            ]
        };
        ranked(&self.obstacles.all).into_iter().map(row).collect()
    }

    /// How mature each group of three is on average, and how many of them are settled for this cycle.
    fn groups(&self) -> Vec<Vec<String>> {
        let of = |it: &Competency| self.standings.get(it.number() - 1).copied().unwrap_or_default();
        let row = |group: &Group| {
            let three: Vec<Standing> = group.competencies().iter().map(of).collect();
            let known: Vec<i64> = three.iter().filter_map(|it| it.maturity).collect();
            #[expect(clippy::cast_precision_loss, reason = "three numbers up to five")]
            let mean = known.iter().sum::<i64>() as f64 / known.len().max(1) as f64;
            let mean = if known.is_empty() { "not assessed".to_owned() } else { self.locale.decimal(mean, 1) };
            vec![group.label().to_owned(), mean, format!("{} of 3", three.iter().filter(|it| it.settled).count())]
        };
        Group::ALL.iter().map(row).collect()
    }

    /// The pack as a document; with the vision on top where a reader does not have it there already.
    pub fn document(&self, vision: Option<&Banner>) -> Document {
        let mut blocks = Vec::new();
        if let Some(it) = vision {
            blocks.push(Block::Heading(it.vision.title.clone()));
            blocks.push(Block::Text(format!("{}\n\n{}.", it.vision.wording, it.signed())));
        }
        blocks.push(Block::Title);
        blocks.push(Block::Lines(vec![self.day.clone()]));
        blocks.push(Block::Heading("In short".to_owned()));
        blocks.push(Block::List(self.in_short()));
        blocks.push(Block::Heading("What is asked of the board".to_owned()));
        blocks.push(match self.asked() {
            asked if asked.is_empty() => Block::Text("Nothing that is written down waits for the board.".to_owned()),
            asked => Block::List(asked),
        });
        let head = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let mut table = |title: &str, words: &[&str], mut rows: Vec<Vec<String>>| {
            if rows.is_empty() {
                return;
            }
            let more = rows.len().saturating_sub(SHOWN);
            rows.truncate(SHOWN);
            blocks.push(Block::Heading(title.to_owned()));
            blocks.push(Block::Table(head(words), rows));
            if more > 0 {
                blocks.push(Block::Text(format!("And {more} more.")));
            }
        };
        let outcomes = ["Outcome", "Answers for it", "Due", "Target", "Where it stands"];
        table("What is expected of IT", &outcomes, self.outcomes());
        table("What stands in the way", &["Obstacle", "Owner", "What is done", "Due"], self.in_the_way());
        if let Some((_, rows)) = &self.budget {
            table("The budget that is being made", &["Purpose", "Once", "Running", "Together"], rows.clone());
        }
        if self.standings.iter().any(|it| it.maturity.is_some()) {
            let words = ["Group of competencies", "Maturity, of 5", "Settled in this cycle"];
            table("Where the fifteen competencies stand", &words, self.groups());
        }
        Document { title: format!("{}: information technology for the board", self.org), blocks }
    }
}
