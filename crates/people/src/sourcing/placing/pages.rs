//! The board on which a person places the activities, and the page on which people agree.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use kit::{
    audit::Author,
    error::{Error, Result},
    format::order_of,
    pages::{Conflict, Fields, Meant},
    people::{self, Person, PersonId, initials},
    record::{FieldType, Kind, Record, Row, Value},
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope, see},
};
use serde::Deserialize;

use super::rules::{Answer, Seen, advice, seen};
use crate::sourcing::{
    guests::{self, PLACING},
    model::{Activity, ActivityId, Capability, Importance, Placement, PlacementId},
    onward::{Onward, of_place},
    rules::APART,
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sourcing/place", Access::With(Right::Contribute), board)
        .post("/sourcing/place", Access::With(Right::Contribute), place)
        .get("/sourcing/agree", Access::With(Right::View), agreeing)
        .post("/activities/{id}/agree", Access::With(Right::Lead), agree)
}

/// What somebody says of one activity on the board.
#[derive(Debug, Clone, Default, PartialEq)]
struct Said {
    importance: String,
    capability: String,
    note: String,
}

impl Said {
    fn of(it: Option<&Placement>) -> Said {
        it.map_or_else(Said::default, |it| Said {
            importance: it.importance.key().to_owned(),
            capability: it.capability.key().to_owned(),
            note: it.note.clone().unwrap_or_default(),
        })
    }

    /// As a sentence says it: "Key, moderate: customers notice it".
    fn in_words(&self) -> String {
        let label = |of: Option<&str>| of.unwrap_or("nothing").to_owned();
        let importance = label(Importance::from_key(&self.importance).map(Importance::label));
        let capability = label(Capability::from_key(&self.capability).map(Capability::label)).to_lowercase();
        let note = if self.note.is_empty() { String::new() } else { format!(": {}", self.note) };
        format!("{importance}, {capability}{note}")
    }
}

/// A line of the board.
struct Line {
    activity: Activity,
    said: Said,
    /// What is kept of it now, which a form that is sent has to have seen.
    was: Said,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "sourcing/placing/board.html")]
struct Board {
    heading: String,
    person: Option<Person>,
    /// Whose view may be chosen; empty for who gives only their own.
    people: Vec<Person>,
    lines: Vec<Line>,
    importances: &'static [Importance],
    capabilities: &'static [Capability],
    faulty: bool,
    /// Whether all views may be looked at without being led by them.
    is_done: bool,
    conflict: Conflict,
    /// From where others are asked; for those who lead.
    asks: Option<String>,
}

impl Board {
    fn is_of(&self, it: &Person) -> bool {
        self.person.as_ref().is_some_and(|person| person.id == it.id)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whose {
    person: String,
}

/// Whose view is given: one's own, or for those who lead the meeting anybody's.
pub async fn whose(scope: &Scope, wanted: &str) -> Result<(Option<Person>, Vec<Person>)> {
    let me = people::me(scope).await?;
    if !scope.may(Right::Lead) {
        return Ok((me, Vec::new()));
    }
    let today = scope.today();
    let mut all: Vec<Person> = store::all(scope.db(), scope.id()).await?;
    all.retain(|it| it.is_here(today));
    all.sort_by_cached_key(|it| (std::cmp::Reverse(it.influence), order_of(&it.name)));
    if wanted.is_empty() {
        return Ok((me, all));
    }
    let id: Uuid = wanted.parse().map_err(|_| Error::NotFound)?;
    Ok((Some(store::find::<Person>(scope.db(), scope.id(), PersonId(id)).await?), all))
}

async fn activities(scope: &Scope) -> Result<Vec<Activity>> {
    let mut all: Vec<Activity> = store::all(scope.db(), scope.id()).await?;
    all.sort_by_cached_key(|it| order_of(&it.name));
    Ok(all)
}

async fn placements(scope: &Scope, of: PersonId) -> Result<BTreeMap<ActivityId, Placement>> {
    let all: Vec<Placement> = store::all(scope.db(), scope.id()).await?;
    Ok(all.into_iter().filter(|it| it.person == of).map(|it| (it.activity, it)).collect())
}

async fn board(scope: Scope, Query(wanted): Query<Whose>) -> Result<Response> {
    let (person, people) = whose(&scope, &wanted.person).await?;
    let here = match &person {
        Some(it) => placements(&scope, it.id).await?,
        None => BTreeMap::new(),
    };
    let lines = activities(&scope).await?.into_iter().map(|activity| {
        let was = Said::of(here.get(&activity.id));
        Line { activity, said: was.clone(), was, fault: None }
    });
    show(&scope, StatusCode::OK, person, people, lines.collect(), Conflict::default()).await
}

async fn show(
    scope: &Scope,
    status: StatusCode,
    person: Option<Person>,
    people: Vec<Person>,
    lines: Vec<Line>,
    conflict: Conflict,
) -> Result<Response> {
    let done = lines.iter().filter(|it| !it.said.importance.is_empty() && !it.said.capability.is_empty()).count();
    let heading = match &person {
        _ if lines.is_empty() => "There is nothing to place yet".to_owned(),
        None => "Choose whose view it is".to_owned(),
        Some(it) if done == lines.len() => format!("{} has placed all {done} activities", it.name),
        Some(it) => format!("{} has placed {done} of {} activities", it.name, lines.len()),
    };
    let faulty = lines.iter().any(|it| it.fault.is_some());
    let is_done = !lines.is_empty() && (person.is_none() || done == lines.len());
    let (importances, capabilities) = (Importance::ALL, Capability::ALL);
    let asks = scope.may(Right::Lead).then(|| format!("/asked/{PLACING}/{}", scope.id()));
    let board = Board { heading, person, people, lines, importances, capabilities, faulty, is_done, conflict, asks };
    scope
        .page_with(status, Place::new("Place the activities", "/sourcing").under("Sourcing", "/sourcing"), &board)
        .await
}

/// Saves a whole board; what is empty stays unplaced, and what is half filled in comes back.
async fn place(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let (person, people) = whose(&scope, fields.get("person")).await?;
    let Some(person) = person else {
        return Err(Error::refused(
            "Nobody among the people signs in with your address, so there is nobody whose view this could be. Ask your \
             IT leader to add you under People.",
        ));
    };
    let mut tx = store::begin(&scope).await?;
    let mut here = placements(&scope, person.id).await?;
    let (mut lines, mut meant, mut conflict) = (Vec::new(), Vec::new(), Conflict::default());
    for activity in activities(&scope).await? {
        let keys = ["i", "c", "n"].map(|axis| format!("{axis}-{}", activity.id));
        let was = Said::of(here.get(&activity.id));
        let now = [&*was.importance, &was.capability, &was.note];
        let [importance, capability, note] = [0, 1, 2].map(|at| fields.shown(&keys[at], now[at]).trim().to_owned());
        let said = Said { importance, capability, note };
        let read = guests::rules::place(&said.importance, &said.capability, &said.note);
        let together: Vec<(&str, &str)> = keys.iter().map(|it| &**it).zip(now).collect();
        match fields.meant_together(&together) {
            Meant::Nothing => {}
            Meant::Write => meant.extend(read.ok().flatten().map(|place| (activity.id, place, said.note.clone()))),
            Meant::Meanwhile => conflict.add(&activity.name, was.in_words(), said.in_words()),
        }
        lines.push(Line { activity, said, was, fault: read.err().map(|it| it.0) });
    }
    let faulty = lines.iter().any(|it| it.fault.is_some());
    if faulty || !conflict.is_empty() {
        drop(tx);
        let status = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
        return show(&scope, status, Some(person), people, lines, conflict).await;
    }
    let author = scope.author();
    let mut written = 0;
    for (activity, (importance, capability), note) in meant {
        let note = Some(note).filter(|it| !it.is_empty());
        let before = here.remove(&activity);
        let row = |id, version| {
            Placement { id, version, activity, person: person.id, importance, capability, note: note.clone() }.to_row()
        };
        written += i32::from(
            write(&mut tx, &author, Placement::KIND, before.map(|it| it.to_row()), |before| match before {
                Some(it) => row(PlacementId(it.id), it.version),
                None => row(PlacementId::fresh(), 1),
            })
            .await?,
        );
    }
    guests::has_placed(&mut tx, scope.id(), person.id).await?;
    tx.commit().await?;
    let message = match written {
        0 => "Nothing was different, so nothing was saved.".to_owned(),
        1 => format!("One place of {} was saved.", person.name),
        _ => format!("{written} places of {} were saved.", person.name),
    };
    Ok(see(&format!("/sourcing/place?person={}", person.id), &message))
}

/// Writes a record that is new, or different from what was there; says whether anything was written.
pub(in crate::sourcing) async fn write(
    tx: &mut db::Tx,
    author: &Author,
    kind: &Kind,
    before: Option<Row>,
    after: impl FnOnce(Option<&Row>) -> Row,
) -> Result<bool> {
    let after = after(before.as_ref());
    match before {
        None => store::insert(tx, author, kind, &after).await.map(|()| true),
        Some(before) if before.values == after.values => Ok(false),
        Some(before) => store::update(tx, author, kind, &before, after.values).await.map(|_| true),
    }
}

#[derive(Template)]
#[template(path = "sourcing/placing/agree.html")]
struct Agreeing<'a> {
    scope: &'a Scope,
    heading: String,
    all: Vec<Seen>,
    importances: &'static [Importance],
    capabilities: &'static [Capability],
    returned: Option<Returned>,
}

/// A form that comes back: of which activity, what was typed, and why.
struct Returned {
    activity: ActivityId,
    fields: Fields,
    fault: String,
    /// The field that it is about, as its address begins.
    field: &'static str,
    conflict: Conflict,
}

/// The fields of an agreed place, and what is kept in them.
fn kept(it: &Activity) -> [(&'static str, &str); 3] {
    [
        ("importance", it.importance.map_or("", Importance::key)),
        ("capability", it.capability.map_or("", Capability::key)),
        ("reason", it.reason.as_deref().unwrap_or_default()),
    ]
}

impl Agreeing<'_> {
    fn returned(&self, it: &Seen) -> Option<&Returned> {
        self.returned.as_ref().filter(|back| back.activity == it.activity.id)
    }

    fn is_wrong(&self, it: &Seen, field: &str) -> bool {
        self.returned(it).is_some_and(|back| !back.fault.is_empty() && back.field == field)
    }

    /// What the form of an activity shows: what was typed, what is agreed, or the middle of the views.
    fn given(&self, it: &Seen, key: &str) -> String {
        let place = it.place();
        let otherwise = match key {
            "importance" => place.map_or("", |it| it.0.key()),
            "capability" => place.map_or("", |it| it.1.key()),
            _ => it.activity.reason.as_deref().unwrap_or_default(),
        };
        self.returned(it).map_or(otherwise.to_owned(), |back| back.fields.get(key).to_owned())
    }

    fn kept(&self, it: &Seen) -> Vec<(&'static str, String)> {
        kept(&it.activity).into_iter().map(|(key, now)| (key, now.to_owned())).collect()
    }

    fn agreed_on(&self, it: &Seen, at: &Importance) -> bool {
        it.agreed().is_some_and(|place| place.0 == *at)
    }

    fn agreed_as(&self, it: &Seen, at: &Capability) -> bool {
        it.agreed().is_some_and(|place| place.1 == *at)
    }

    fn day(&self, it: &jiff::civil::Date) -> String {
        self.scope.locale().short_date(*it)
    }
}

async fn agreeing(scope: Scope) -> Result<Response> {
    show_agreeing(&scope, StatusCode::OK, None).await
}

/// Every activity as people see it, the widest disagreement first.
pub(in crate::sourcing) async fn all_seen(scope: &Scope) -> Result<Vec<Seen>> {
    let (activities, placements) =
        (store::all(scope.db(), scope.id()).await?, store::all(scope.db(), scope.id()).await?);
    let people: Vec<Person> = store::all(scope.db(), scope.id()).await?;
    Ok(seen(activities, &placements, &people))
}

/// What the place of an activity advises, with the next steps; nothing where nobody has placed it.
#[derive(Template)]
#[template(path = "sourcing/placing/advised.html")]
struct Advised<'a> {
    id: ActivityId,
    word: &'static str,
    sentence: &'static str,
    is_agreed: bool,
    may_agree: bool,
    steps: &'a [Onward],
}

pub(in crate::sourcing) async fn advised(scope: &Scope, it: &Activity) -> Result<Option<String>> {
    let all = all_seen(scope).await?;
    let Some(seen) = all.iter().find(|seen| seen.activity.id == it.id) else { return Ok(None) };
    let Some((importance, capability)) = seen.place() else { return Ok(None) };
    let (word, sentence) = advice(importance, capability);
    let is_agreed = seen.agreed().is_some();
    let steps = match is_agreed {
        true => of_place(it, Answer::of(importance, capability), |right| scope.may(right)),
        false => Vec::new(),
    };
    let may_agree = scope.may(Right::Lead);
    Ok(Some(Advised { id: it.id, word, sentence, is_agreed, may_agree, steps: &steps }.render()?))
}

async fn show_agreeing(scope: &Scope, status: StatusCode, returned: Option<Returned>) -> Result<Response> {
    let all = all_seen(scope).await?;
    let heading = match all.first() {
        None => "There is nothing to agree on yet".to_owned(),
        Some(it) if it.views.is_empty() => "Nobody has placed an activity yet".to_owned(),
        Some(_) if all.iter().all(|it| it.views.len() < 2) => {
            "One person has placed activities: ask others for their view".to_owned()
        }
        Some(it) if it.spread < APART => "Everyone places the activities much alike".to_owned(),
        Some(widest) => match all.iter().find(|it| it.spread >= APART && it.agreed().is_none()) {
            Some(it) => format!("Talk about “{}” first: people stand {} on it", it.activity.name, it.said()),
            None if all.iter().any(|it| it.agreed().is_none()) => {
                "Everyone places what is not agreed yet much alike".to_owned()
            }
            None => format!("Every place is agreed; people stood farthest apart on “{}”", widest.activity.name),
        },
    };
    let (importances, capabilities) = (Importance::ALL, Capability::ALL);
    let page = Agreeing { scope, heading, all, importances, capabilities, returned };
    scope.page_with(status, Place::new("Agree on the places", "/sourcing").under("Sourcing", "/sourcing"), &page).await
}

/// Keeps the agreed place of an activity with its reason and the day.
async fn agree(scope: Scope, Path(id): Path<ActivityId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let before = store::row_in(&mut tx, scope.id(), Activity::KIND, id.0).await?;
    let activity = Activity::from_row(&before);
    let reason = fields.text("reason");
    let (importance, capability) =
        (Importance::from_key(fields.get("importance")), Capability::from_key(fields.get("capability")));
    let fault = match (importance, capability) {
        (Some(_), Some(_)) if reason.is_empty() => "Write why it stands there: next year nobody will remember.",
        (Some(_), Some(_)) => "",
        _ => "Choose how important it is and how good we are at it.",
    };
    let field = if importance.is_some() && capability.is_some() { "r" } else { "i" };
    let back = |fields, fault: &str, conflict| {
        Some(Returned { activity: id, fields, fault: fault.to_owned(), field, conflict })
    };
    if !fault.is_empty() {
        drop(tx);
        let back = back(fields, fault, Conflict::default());
        return show_agreeing(&scope, StatusCode::UNPROCESSABLE_ENTITY, back).await;
    }
    let meant = fields.meant_together(&kept(&activity));
    if meant == Meant::Nothing {
        return Ok(see("/sourcing/agree", "Nothing was different, so nothing was saved."));
    }
    if meant == Meant::Meanwhile {
        drop(tx);
        let said = |key: &str, value: &str| match key {
            "importance" => Importance::from_key(value).map_or("", Importance::label).to_owned(),
            "capability" => Capability::from_key(value).map_or("", Capability::label).to_owned(),
            _ => value.to_owned(),
        };
        let labels = ["Importance", "Our capability", "Reason"];
        let conflict = kept(&activity).into_iter().zip(labels).filter(|((key, now), _)| fields.text(key) != *now);
        let conflict = conflict.map(|((key, now), label)| (label, said(key, now), said(key, &fields.text(key))));
        let conflict = conflict.collect();
        return show_agreeing(&scope, StatusCode::CONFLICT, back(fields, "", conflict)).await;
    }
    let mut values = before.values.clone();
    let mut set = |key: &str, value: Value| values[Activity::KIND.position(key)] = value;
    set("importance", importance.to_value());
    set("capability", capability.to_value());
    set("reason", Value::Text(reason));
    if values != before.values {
        values[Activity::KIND.position("agreed_on")] = Value::Date(scope.today());
    }
    store::update(&mut tx, &scope.author(), Activity::KIND, &before, values).await?;
    tx.commit().await?;
    Ok(see(&format!("/sourcing/agree#a-{id}"), &format!("The place of “{}” was kept.", activity.name)))
}
