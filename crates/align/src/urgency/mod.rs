//! What stands in the way, and who clears it: obstacles, the forces around an outcome, the facts that reveal
//! obstacles, the letter to a sponsor.
//!
//! That an obstacle threatens an outcome is a link of the thread, so it shows on both records. This area reads
//! outcomes and never changes them; of surveys it sees only what they publish.

mod evidence;
mod here;
pub mod model;
pub mod pages;
pub mod rules;

use jiff::{Timestamp, civil::Date};
use kit::{
    area::{About, Answer, Area, Begun, Entry, Evidence, Note, TakeUp},
    method::Competency,
    record::{Kind, Row},
    store,
    web::{Routes, Scope},
};

use self::{
    here::Facts,
    model::{Decision, Force, Measure, ObstacleId, SetLine, SpendingAuthority, State},
    rules::ranked,
};
pub use self::{here::Obstacles, model::Obstacle};

/// What the thread says of an obstacle and an outcome.
pub const THREATENS: &str = "threatens";

/// How many notes this area gives at most, so that others are heard too.
const NOTES: usize = 4;

/// The area of this competency.
pub struct Urgency;

impl Area for Urgency {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Obstacle::KIND, Force::KIND, SpendingAuthority::KIND, Decision::KIND, SetLine::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("What to clear first", "/urgency").of(Competency::CreatingUrgency),
                Entry::new("Obstacles", "/obstacles").of(Competency::CreatingUrgency),
                Entry::new("Force field", "/urgency/forces").of(Competency::CreatingUrgency),
                Entry::new("Facts", "/urgency/facts").of(Competency::CreatingUrgency),
                Entry::new("Decision log", "/decisions").of(Competency::CreatingUrgency),
                Entry::new("Forces", "/forces").under("/urgency/forces"),
                Entry::new("Spending authorities", "/spending-authorities").under("/urgency/facts"),
                Entry::new("Set lines", "/set-lines").under("/urgency/facts"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    fn sections<'a>(&'a self, scope: &'a Scope, kind: &'static Kind, row: &'a Row) -> Answer<'a, Vec<String>> {
        Box::pin(pages::sections(scope, kind, row))
    }

    fn take_up(&self, it: &TakeUp) -> Option<Begun> {
        let competency = it.competency.map(|it| it.key().to_owned()).unwrap_or_default();
        let fields = vec![("title", it.title.clone()), ("evidence", it.detail.clone()), ("competency", competency)];
        (it.about == About::Obstacle).then_some(Begun { kind: Obstacle::KIND, fields })
    }

    fn dates<'a>(&'a self, scope: &'a Scope, _from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let all: Vec<Obstacle> = store::all(scope.db(), scope.id()).await?;
            let due = all.iter().filter(|it| it.is_open()).filter_map(|it| Some((it.due?, it)));
            Ok(due
                .map(|(due, it)| Note::new(format!("Clear: {}", it.title), format!("/obstacles/{}", it.id)).on(due))
                .collect())
        })
    }

    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let here = Obstacles::load(scope).await?;
            let facts = Facts::load(scope).await?;
            let (today, locale) = (scope.today(), scope.locale());
            let note = |text: String, url: String, on| Note::new(text, url).on(on);
            let ranked = ranked(&here.all);
            let at = |it: &Obstacle| format!("/obstacles/{}", it.id);
            let late = ranked.iter().filter(|it| it.is_late(today));
            let mut notes: Vec<Note> = late
                .map(|it| note(format!("Past its day: “{}”. A new day, or escalate?", it.title), at(it), it.due))
                .collect();
            let free = ranked.iter().filter(|it| it.owner.is_none());
            notes.extend(free.map(|it| note(format!("Who clears “{}”?", it.title), format!("{}/edit", at(it)), None)));
            let crossed = facts.readings.iter().filter(|it| it.is_unanswered());
            notes.extend(crossed.map(|it| note(it.said(locale), "/urgency/facts".to_owned(), None)));
            notes.truncate(NOTES);
            // What is asked of a sponsor stands on their own home, whatever else there is.
            if let Some(me) = kit::people::me(scope).await? {
                let escalated = ranked.iter().filter(|it| {
                    it.sponsor == Some(me.id) && it.measure == Some(Measure::Escalate) && it.asked.is_some()
                });
                notes
                    .extend(escalated.map(|it| {
                        note(format!("You are asked to decide about “{}”", it.title), at(it), it.due).mine()
                    }));
            }
            Ok(notes)
        })
    }

    fn changes<'a>(&'a self, scope: &'a Scope, since: Timestamp) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let (since, today) = (scope.org.day(since), scope.today());
            let mut all: Vec<Obstacle> = store::all(scope.db(), scope.id()).await?;
            all.retain(|it| it.state == State::Cleared && it.cleared.is_some_and(|day| since <= day && day <= today));
            all.sort_by_key(|it| std::cmp::Reverse(it.cleared));
            let cleared = all.into_iter().take(NOTES).map(|it| {
                Note::new(format!("Cleared: {}", it.title), format!("/obstacles/{}", it.id)).marked(("better", "good"))
            });
            Ok(cleared.collect())
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(evidence::of(scope))
    }
}

impl Obstacle {
    /// A new open obstacle of which nothing is known yet.
    fn open() -> Obstacle {
        Obstacle {
            id: ObstacleId::fresh(),
            version: 1,
            title: String::new(),
            sort: None,
            severity: None,
            influence: None,
            evidence: None,
            owner: None,
            measure: None,
            plan: None,
            due: None,
            state: State::Open,
            sponsor: None,
            asked: None,
            cleared: None,
            changed: None,
            competency: None,
            fact: None,
        }
    }
}
