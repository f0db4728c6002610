//! Everything about expectations that the pages and the evidence draw on, each kind loaded once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use kit::{
    error::Result,
    format::{in_words, in_words_first, order_of},
    pages::Step,
    people::{self, Person, PersonId},
    rights::Right,
    signature::{self, Signature},
    store,
    web::Scope,
};

use crate::expectations::{
    model::{Conflict, Limit, Measurement, Outcome, OutcomeId, Priority, Standing, State},
    ranking::{self, Ranking},
    rules::{self, Kept, Lack, Progress},
};

pub struct Here {
    pub outcomes: Vec<Outcome>,
    pub measurements: Vec<Measurement>,
    pub conflicts: Vec<Conflict>,
    pub limits: Vec<Limit>,
    pub people: BTreeMap<PersonId, Person>,
    signatures: Vec<Signature>,
    pub rankings: Vec<Ranking>,
    pub today: Date,
    /// The first day of the financial year.
    pub year_began: Date,
}

/// Where everybody whose sign-off is missing is asked at once.
pub const ASK: &str = "/expectations/ask";

impl Here {
    pub async fn load(scope: &Scope) -> Result<Arc<Here>> {
        scope.db().once("expectations", Here::read(scope)).await
    }

    async fn read(scope: &Scope) -> Result<Here> {
        let (db, org, today) = (scope.db(), scope.id(), scope.today());
        let mut outcomes: Vec<Outcome> = store::all(db, org).await?;
        outcomes.sort_by_cached_key(|it| {
            (
                it.priority.map_or(Priority::ALL.len(), |it| it as usize),
                it.due.is_none(),
                it.due,
                order_of(&it.statement),
            )
        });
        let versions = outcomes.iter().map(|it| (it.id.0, it.version)).collect();
        let signatures = signature::standing(db, org, Outcome::KIND, &versions).await?;
        Ok(Here {
            outcomes,
            measurements: store::all(db, org).await?,
            conflicts: store::all(db, org).await?,
            limits: store::all(db, org).await?,
            people: people::by_id(scope).await?,
            signatures,
            rankings: ranking::store::rankings(db, org).await?,
            today,
            year_began: scope.org.calendar().year(today).starts,
        })
    }

    /// What somebody still waits for, the most important first.
    pub fn open(&self) -> Vec<&Outcome> {
        self.outcomes.iter().filter(|it| it.state.is_open()).collect()
    }

    pub fn in_state(&self, state: State) -> Vec<&Outcome> {
        self.outcomes.iter().filter(|it| it.state == state).collect()
    }

    pub fn outcome(&self, id: OutcomeId) -> Option<&Outcome> {
        self.outcomes.iter().find(|it| it.id == id)
    }

    pub fn name(&self, of: &Option<PersonId>) -> &str {
        of.as_ref().and_then(|it| self.people.get(it)).map_or("", |it| &it.name)
    }

    /// Whether somebody is not here any more.
    pub fn has_left(&self, of: &Option<PersonId>) -> bool {
        of.as_ref().and_then(|it| self.people.get(it)).is_some_and(|it| it.ends.is_some_and(|it| it < self.today))
    }

    /// Conflicts that nobody has decided, between outcomes that somebody still waits for.
    pub fn undecided(&self) -> Vec<&Conflict> {
        let open = |it| self.outcome(it).is_some_and(|it| it.state.is_open());
        self.conflicts.iter().filter(|it| it.state == Standing::Open && open(it.first) && open(it.second)).collect()
    }

    /// The outcomes that such a conflict is about.
    pub fn conflicting(&self) -> BTreeSet<OutcomeId> {
        self.undecided().iter().flat_map(|it| [it.first, it.second]).collect()
    }

    /// What was said of an outcome by those who were asked to sign it.
    pub fn signatures(&self, of: &Outcome) -> Vec<&Signature> {
        self.signatures.iter().filter(|it| it.record == of.id.0).collect()
    }

    /// How many have signed an outcome as it is, of how many who were asked.
    pub fn signed(&self, it: &Outcome) -> (usize, usize) {
        let all = self.signatures(it);
        (all.iter().filter(|word| word.holds(it.version)).count(), all.len())
    }

    /// How many do not agree to an outcome as it is.
    pub fn declined(&self, it: &Outcome) -> usize {
        let no = |word: &&&Signature| word.verdict() == signature::Verdict::Declined && word.version == it.version;
        self.signatures(it).iter().filter(no).count()
    }

    /// Whom to ask to sign which agreed outcome, as the outcomes stand.
    pub fn to_ask(&self) -> Vec<(&Outcome, &Person)> {
        let agreed = self.in_state(State::Agreed).into_iter();
        let of = |it| rules::to_ask(it, &self.signatures(it)).into_iter().map(move |who| (it, who));
        let known = agreed.flat_map(of).filter_map(|(it, who)| Some((it, self.people.get(&who)?)));
        known.filter(|(_, who)| who.is_here(self.today)).collect()
    }

    /// Whether whoever asked for an outcome has signed it as it is.
    pub fn is_signed_by_requester(&self, it: &Outcome) -> bool {
        let requester = it.requester.map(|it| it.0);
        requester.is_some() && self.signatures(it).iter().any(|word| word.person == requester && word.holds(it.version))
    }

    /// How far each outcome has come, in their order.
    pub fn progress(&self) -> Vec<(&Outcome, Progress)> {
        let by = rules::by_outcome(&self.measurements);
        let of = |it: &Outcome| rules::progress(it, by.get(&it.id).map_or(&[], |it| it), self.today);
        self.outcomes.iter().map(|it| (it, of(it))).collect()
    }

    /// What became of promises, cycle by cycle.
    pub fn kept(&self) -> Vec<Kept> {
        rules::kept(self.progress().into_iter().filter_map(|(it, progress)| Some((it.cycle, progress.verdict?))))
    }

    pub fn limit(&self) -> Option<&Limit> {
        rules::limit(&self.limits, self.today)
    }

    /// The latest ranking that was closed in the financial year at hand.
    pub fn ranked_this_year(&self) -> Option<&Ranking> {
        self.rankings.iter().find(|it| it.closed_on.is_some_and(|on| on >= self.year_began))
    }

    /// The one thing to do now: what is written is made usable first, then agreed, then chosen from, then measured.
    pub fn next(&self) -> Step {
        let (view, contribute) = (Right::View, Outcome::KIND.edit);
        let open = self.open();
        if open.is_empty() {
            return Step::new(
                "Write the five outcomes that you think are expected of IT, and have one business leader correct them."
                    .to_owned(),
                "Write the first outcome",
                "/outcomes/new".to_owned(),
                contribute,
            );
        }
        let lacking = open.iter().find_map(|it| Some((it, rules::lacks(it, self.today).into_iter().next()?)));
        if let Some((it, lack)) = lacking {
            let text = format!("Mend “{}”. {}", it.statement, Lack::sentence(&lack));
            return Step::new(text, "Open the outcome", format!("/outcomes/{}", it.id), view);
        }
        if let Some(it) = self.undecided().first() {
            let text = format!("Decide “{}”: two outcomes cannot both be had as they are written.", it.title);
            return Step::new(text, "Open the conflict", format!("/conflicts/{}", it.id), view);
        }
        let agreed = self.in_state(State::Agreed);
        match self.to_ask()[..] {
            [] => {}
            [(it, who)] => {
                let text = format!("Have {} sign “{}” off.", who.name, it.statement);
                return Step::new(text, "Ask to sign off", ASK.to_owned(), contribute);
            }
            ref all => {
                let text = format!(
                    "{} sign-offs of agreed outcomes are missing that nobody was asked for.",
                    in_words_first(all.len())
                );
                return Step::new(text, "Ask all who have not signed", ASK.to_owned(), contribute);
            }
        }
        if let Some(it) = agreed.iter().find(|it| !self.is_signed_by_requester(it)) {
            let text = format!("Have {} sign “{}” off: they asked for it.", self.name(&it.requester), it.statement);
            return Step::new(text, "Open the sign-off", format!("/outcomes/{}#signed", it.id), view);
        }
        let most = self.limit().and_then(|it| usize::try_from(it.most).ok());
        if let Some(most) = most.filter(|most| agreed.len() >= *most)
            && let Some(it) = self.in_state(State::Proposed).last()
        {
            let text = format!(
                "Say no to “{}”, or not now: the team can carry {}, and as many are agreed.",
                it.statement,
                in_words(most)
            );
            return Step::new(text, "Open the outcome", format!("/outcomes/{}", it.id), view);
        }
        if let Some(it) = self.in_state(State::Proposed).first() {
            let text = format!("Agree on “{}” with whoever asked for it, or say no to it.", it.statement);
            return Step::new(text, "Open the outcome", format!("/outcomes/{}", it.id), view);
        }
        if open.len() > 1 && self.ranked_this_year().is_none() {
            return match self.rankings.iter().find(|it| it.is_open()) {
                Some(it) => Step::new(
                    format!("Remind those who have not answered in “{}”, then close it.", it.title),
                    "Open the ranking",
                    format!("/rankings/{}", it.id),
                    view,
                ),
                None => Step::new(
                    "Let the leaders rank the outcomes, each alone, and talk about where they disagree.".to_owned(),
                    "Start a ranking",
                    "/rankings/new".to_owned(),
                    Right::Lead,
                ),
            };
        }
        if let Some(it) = self.ranked_this_year()
            && let Some(without) = open.iter().find(|it| it.priority.is_none())
        {
            let text = format!("Give “{}” a priority, as the ranking suggests or as you decide.", without.statement);
            return Step::new(text, "See what would follow", format!("/rankings/{}#priorities", it.id), view);
        }
        match self.limit().and_then(|it| usize::try_from(it.most).ok()) {
            None => {
                return Step::new(
                    "Say how many outcomes the team can carry at once, so that a no is possible.".to_owned(),
                    "Set the limit",
                    self.limit_form(),
                    Limit::KIND.edit,
                );
            }
            Some(most) if agreed.len() > most => {
                let last = agreed.last().expect("there are more than the limit");
                let text = format!(
                    "Say no to {}, such as “{}”: the team can carry {most}.",
                    agreed.len() - most,
                    last.statement
                );
                return Step::new(text, "Open the outcome", format!("/outcomes/{}", last.id), view);
            }
            Some(_) => {}
        }
        let oldest = self
            .progress()
            .into_iter()
            .filter(|it| it.0.state == State::Agreed)
            .min_by_key(|it| it.1.latest.map(|it| it.0));
        match oldest {
            Some((it, _)) => Step::new(
                format!("Measure “{}”: its figure is the oldest.", it.statement),
                "Write down a figure",
                measure_url(it),
                contribute,
            ),
            None => Step::new(
                "Look at what became of the promises.".to_owned(),
                "See what was delivered",
                "/expectations/delivered".to_owned(),
                view,
            ),
        }
    }

    /// The form for a limit, filled with what the last cycles suggest.
    pub fn limit_form(&self) -> String {
        match rules::proposed_limit(&self.kept()) {
            Some(most) => format!(
                "/limits/new?most={most}&since={}&reason={}",
                self.today,
                kit::web::percent("What was met in a cycle so far, on average")
            ),
            None => format!("/limits/new?since={}", self.today),
        }
    }
}

/// The form for a figure of an outcome.
pub fn measure_url(of: &Outcome) -> String {
    format!("/measurements/new?outcome={}", of.id)
}
