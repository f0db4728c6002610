//! What an area brings to the house. The journey, the calendar and search read this and know no area by name.

use std::{future::Future, pin::Pin};

use calc::{fiscal::Year, money::Money};
use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};

use crate::{
    asking::Round,
    choices,
    error::{Error, Result},
    import::Target,
    method::Competency,
    people::PersonId,
    record::{Kind, Row},
    rights::Right,
    thread,
    web::{App, Routes, Scope, percent},
};

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A page that the palette finds, and the navigation where it has a place there.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub title: &'static str,
    pub url: &'static str,
    pub right: Right,
    pub place: Whereabouts,
}

/// Where a page is found besides in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// By links only.
    Linked,
    /// At the top of the navigation.
    Top { icon: &'static str },
    /// Among the pages of a competency, in the order in which areas register them.
    Of(Competency),
    /// By links only, and below the page of this address.
    Under(&'static str),
}

impl Entry {
    /// A page for everyone of the organisation that links lead to.
    pub const fn new(title: &'static str, url: &'static str) -> Entry {
        Entry { title, url, right: Right::View, place: Whereabouts::Linked }
    }

    pub const fn for_those_who(mut self, right: Right) -> Entry {
        self.right = right;
        self
    }

    pub const fn on_top(mut self, icon: &'static str) -> Entry {
        self.place = Whereabouts::Top { icon };
        self
    }

    /// Says below which page it is found: that one's place in the navigation is its own.
    pub const fn under(mut self, url: &'static str) -> Entry {
        self.place = Whereabouts::Under(url);
        self
    }

    pub const fn of(mut self, competency: Competency) -> Entry {
        self.place = Whereabouts::Of(competency);
        self
    }
}

/// Something that a person should know, decide or do; where to go for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    pub url: String,
    pub on: Option<Date>,
    /// One word before the text, such as `better` or `worse`, and the class of its mark.
    pub mark: Option<(&'static str, &'static str)>,
    /// Whether it was asked of whoever looks, and of nobody else in their place.
    pub mine: bool,
    /// How many days before the day the calendar of whoever subscribes to it reminds them.
    pub reminders: Vec<i64>,
}

impl Note {
    pub fn new(text: impl Into<String>, url: impl Into<String>) -> Note {
        Note { text: text.into(), url: url.into(), on: None, mark: None, mine: false, reminders: Vec::new() }
    }

    pub fn on(mut self, day: impl Into<Option<Date>>) -> Note {
        self.on = day.into();
        self
    }

    pub fn reminded(mut self, days: &[i64]) -> Note {
        self.reminders = days.to_vec();
        self
    }

    pub fn mine(mut self) -> Note {
        self.mine = true;
        self
    }

    pub fn marked(mut self, mark: (&'static str, &'static str)) -> Note {
        self.mark = Some(mark);
        self
    }
}

/// A piece of evidence about a competency: how far it goes, computed from what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub competency: Competency,
    /// What was looked for, as a statement: "Everyone who was asked has answered".
    pub text: String,
    pub met: bool,
    /// What was found: "57 of 68".
    pub found: String,
    pub url: String,
}

impl Evidence {
    pub fn new(
        competency: Competency,
        text: impl Into<String>,
        met: bool,
        found: impl Into<String>,
        url: impl Into<String>,
    ) -> Evidence {
        Evidence { competency, text: text.into(), met, found: found.into(), url: url.into() }
    }
}

/// How business and IT see a competency in the latest closed gap analysis, as far as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Perception {
    pub competency: Competency,
    pub importance: Option<f64>,
    pub business: Option<f64>,
    pub it: Option<f64>,
    /// IT minus business, in points of the scale.
    pub gap: Option<f64>,
    /// Whether the gap is more than chance after correction for fifteen comparisons.
    pub certain: bool,
}

/// Where a competency stands in the present cycle, for the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub maturity: Option<i64>,
    pub settled: bool,
    pub next: bool,
}

/// A record as others name it: what it is, what it is called, where its page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub kind: &'static str,
    pub title: String,
    pub url: String,
}

/// What a record of an area costs in a financial year: the budget takes it in from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The key of the record's kind.
    pub kind: &'static str,
    pub id: Uuid,
    pub title: String,
    pub url: String,
    /// Paid once in that year.
    pub once: Money,
    /// That year's part of what is paid year after year.
    pub yearly: Money,
    pub owner: Option<PersonId>,
    /// What it is for, in the words of the record.
    pub why: Option<String>,
}

choices! {
    /// As what something is taken up.
    pub About {
        Outcome = "outcome", "Outcome expected of IT";
        Obstacle = "obstacle", "Obstacle";
        Action = "action", "Action";
    }
}

/// Something found in one place that somebody wants to take up in another: a gap in a survey that becomes an outcome, a
/// crossed line that becomes an obstacle.
#[derive(Debug, Clone, PartialEq)]
pub struct TakeUp {
    pub about: About,
    pub title: String,
    pub detail: String,
    pub competency: Option<Competency>,
}

/// The form of a new record that is begun with it.
pub struct Begun {
    pub kind: &'static Kind,
    pub fields: Vec<(&'static str, String)>,
}

impl Begun {
    /// The address of the form. The record is tied to where it was found when it is saved, and the thread says how.
    pub fn url(&self, from: thread::End<'_>, relation: &str) -> String {
        let given = self.fields.iter().map(|(key, text)| format!("&{key}={}", percent(text)));
        let from = format!("comes_from={}:{}&comes_as={}", from.kind, from.id, percent(relation));
        format!("{}/new?{from}{}", self.kind.path, given.collect::<String>())
    }
}

/// What an area registers. Everything has an empty default, so a plain register says only which kinds it brings.
pub trait Area: Send + Sync {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[]
    }

    fn entries(&self) -> &'static [Entry] {
        &[]
    }

    /// Its working screens; the pages of its kinds come by themselves.
    fn routes(&self, routes: Routes) -> Routes {
        routes
    }

    /// What files can be brought into besides its kinds of record.
    fn targets(&self) -> Vec<Box<dyn Target>> {
        Vec::new()
    }

    /// What is due from `from` on and what is still open from before, for home and the calendar feed, which mark the
    /// latter as late.
    fn dates<'a>(&'a self, _scope: &'a Scope, _from: Date) -> Answer<'a, Vec<Note>> {
        none()
    }

    /// What all the work is for, in a line that stands on top of home; nothing where nobody stands behind any.
    fn aim<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Option<Note>> {
        Box::pin(async { Ok(None) })
    }

    /// What waits for somebody's decision.
    fn decisions<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        none()
    }

    /// What changed since a moment, the most telling first.
    fn changes<'a>(&'a self, _scope: &'a Scope, _since: Timestamp) -> Answer<'a, Vec<Note>> {
        none()
    }

    fn evidence<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        none()
    }

    /// What its records cost in a financial year, as far as somebody has written that down. Asked through
    /// [`Registry::costs`], which asks for nobody who does not see costs.
    fn costs<'a>(&'a self, _scope: &'a Scope, _year: Year) -> Answer<'a, Vec<Cost>> {
        none()
    }

    /// How the fifteen are seen, where the area measures that.
    fn perceptions<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<Perception>> {
        none()
    }

    /// Where the fifteen stand, in order, where the area keeps that.
    fn standings<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<Standing>> {
        none()
    }

    /// The present cycle of the fifteen, where the area keeps that.
    fn cycle<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Option<i64>> {
        Box::pin(async { Ok(None) })
    }

    /// The form in which somebody takes something up; nothing where that is not for this area.
    fn take_up(&self, _it: &TakeUp) -> Option<Begun> {
        None
    }

    /// What it adds to the page of a record, its own or another area's: whole sections as HTML, between the fields and
    /// the thread.
    fn sections<'a>(&'a self, _scope: &'a Scope, _kind: &'static Kind, _row: &'a Row) -> Answer<'a, Vec<String>> {
        none()
    }

    /// What follows from a change of a record that was just saved and waits for somebody: said beside “Saved.”, with
    /// where to see to it.
    fn follows<'a>(
        &'a self,
        _scope: &'a Scope,
        _kind: &'static Kind,
        _before: &'a Row,
        _after: &'a Row,
    ) -> Answer<'a, Option<Note>> {
        Box::pin(async { Ok(None) })
    }

    /// One of its records that is of no described kind, by the key under which the thread knows it: so that a link
    /// to it can be shown. Nothing for any other key, and where this organisation has none such.
    fn find<'a>(&'a self, _scope: &'a Scope, _kind: &'a str, _id: Uuid) -> Answer<'a, Option<Named>> {
        Box::pin(async { Ok(None) })
    }

    /// Its records that are of no described kind and that whoever is signed in may see, for the palette.
    fn others<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<Named>> {
        none()
    }

    /// What of the area's own names a record without being of a described kind, such as a row of the accountability
    /// matrix: shown on the record's page, which is not deleted as long as there is any.
    fn named_by<'a>(&'a self, _scope: &'a Scope, _kind: &'a Kind, _id: Uuid) -> Answer<'a, Vec<Named>> {
        none()
    }

    /// A round of its own in which people are asked by personal links; nothing where it has none of this sort, or none
    /// of this identifier.
    fn round<'a>(&'a self, _scope: &'a Scope, _what: &'a str, _id: Uuid) -> Answer<'a, Option<Round>> {
        Box::pin(async { Ok(None) })
    }

    /// Work that waits for its time, such as reminders. Called every half minute; must bear being called again.
    fn tick<'a>(&'a self, _app: &'a App) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn none<'a, T: Send + 'a>() -> Answer<'a, Vec<T>> {
    Box::pin(async { Ok(Vec::new()) })
}

/// Every area of the house, in the order of the method.
#[derive(Default)]
pub struct Registry {
    pub areas: Vec<Box<dyn Area>>,
}

impl Registry {
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        self.areas.iter().flat_map(|it| it.kinds()).copied()
    }

    pub fn kind(&self, key: &str) -> Option<&'static Kind> {
        self.kinds().find(|it| it.key == key)
    }

    /// The form of the first area that takes it; actions take whatever no other area does.
    pub fn take_up(&self, it: &TakeUp) -> Option<Begun> {
        self.areas.iter().find_map(|area| area.take_up(it))
    }

    /// The round of one of the areas, with what is known of those who are asked.
    pub async fn round(&self, scope: &Scope, what: &str, id: Uuid) -> Result<Round> {
        for area in &self.areas {
            if let Some(mut it) = area.round(scope, what, id).await? {
                it.look_up(scope).await?;
                return Ok(it);
            }
        }
        Err(Error::NotFound)
    }

    /// What the records of all areas cost in a financial year, for whoever sees costs.
    pub async fn costs(&self, scope: &Scope, year: Year) -> Result<Vec<Cost>> {
        let mut all = Vec::new();
        if scope.may(Right::SeeCosts) {
            for area in &self.areas {
                all.extend(area.costs(scope, year).await?);
            }
        }
        Ok(all)
    }

    /// The present cycle, where one of the areas keeps that.
    pub async fn cycle(&self, scope: &Scope) -> Result<Option<i64>> {
        for area in &self.areas {
            if let Some(it) = area.cycle(scope).await? {
                return Ok(Some(it));
            }
        }
        Ok(None)
    }

    pub fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        self.areas.iter().flat_map(|it| it.entries())
    }
}
