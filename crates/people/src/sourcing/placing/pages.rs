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
    pages::Fields,
    people::{self, Person, PersonId},
    record::{FieldType, Kind, Record, Row, Value},
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope, see},
};
use serde::Deserialize;

use super::rules::{Seen, seen};
use crate::sourcing::{
    guests::PLACING,
    model::{Activity, ActivityId, Capability, Importance, Placement, PlacementId},
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

#[derive(Template)]
#[template(path = "sourcing/placing/board.html")]
struct Board {
    heading: String,
    person: Option<Person>,
    /// Whose view may be chosen; empty for who gives only their own.
    people: Vec<Person>,
    lines: Vec<(Activity, Said, Option<String>)>,
    importances: &'static [Importance],
    capabilities: &'static [Capability],
    faulty: bool,
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
    all.sort_by_key(|it| (std::cmp::Reverse(it.influence), it.name.to_lowercase()));
    if wanted.is_empty() {
        return Ok((me, all));
    }
    let id: Uuid = wanted.parse().map_err(|_| Error::NotFound)?;
    Ok((Some(store::find::<Person>(scope.db(), scope.id(), PersonId(id)).await?), all))
}

async fn activities(scope: &Scope) -> Result<Vec<Activity>> {
    let mut all: Vec<Activity> = store::all(scope.db(), scope.id()).await?;
    all.sort_by_key(|it| it.name.to_lowercase());
    Ok(all)
}

async fn placements(scope: &Scope, of: PersonId) -> Result<BTreeMap<ActivityId, Placement>> {
    let all: Vec<Placement> = store::all(scope.db(), scope.id()).await?;
    Ok(all.into_iter().filter(|it| it.person == of).map(|it| (it.activity, it)).collect())
}

async fn board(scope: Scope, Query(wanted): Query<Whose>) -> Result<Response> {
    let (person, people) = whose(&scope, &wanted.person).await?;
    let mut here = match &person {
        Some(it) => placements(&scope, it.id).await?,
        None => BTreeMap::new(),
    };
    let said = |it: Placement| Said {
        importance: it.importance.key().to_owned(),
        capability: it.capability.key().to_owned(),
        note: it.note.unwrap_or_default(),
    };
    let lines = activities(&scope).await?.into_iter().map(|it| {
        let before = here.remove(&it.id).map(said).unwrap_or_default();
        (it, before, None)
    });
    show(&scope, StatusCode::OK, person, people, lines.collect()).await
}

async fn show(
    scope: &Scope,
    status: StatusCode,
    person: Option<Person>,
    people: Vec<Person>,
    lines: Vec<(Activity, Said, Option<String>)>,
) -> Result<Response> {
    let done = lines.iter().filter(|(_, it, _)| !it.importance.is_empty() && !it.capability.is_empty()).count();
    let heading = match &person {
        _ if lines.is_empty() => "There is nothing to place yet".to_owned(),
        None => "Choose whose view it is".to_owned(),
        Some(it) if done == lines.len() => format!("{} has placed all {done} activities", it.name),
        Some(it) => format!("{} has placed {done} of {} activities", it.name, lines.len()),
    };
    let faulty = lines.iter().any(|it| it.2.is_some());
    let (importances, capabilities) = (Importance::ALL, Capability::ALL);
    let asks = scope.may(Right::Lead).then(|| format!("/asked/{PLACING}/{}", scope.id()));
    let board = Board { heading, person, people, lines, importances, capabilities, faulty, asks };
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
    let mut lines = Vec::new();
    for it in activities(&scope).await? {
        let of = |axis: &str| fields.get(&format!("{axis}-{}", it.id)).trim().to_owned();
        let said = Said { importance: of("i"), capability: of("c"), note: of("n") };
        let fault = match (Importance::from_key(&said.importance), Capability::from_key(&said.capability)) {
            (Some(_), Some(_)) => None,
            (None, None) if said == Said::default() => None,
            (None, None) => Some("Choose both places for your note to stand beside."),
            (Some(_), None) => Some("Say how good we are at it too."),
            (None, Some(_)) => Some("Say how important it is too."),
        };
        lines.push((it, said, fault.map(str::to_owned)));
    }
    if lines.iter().any(|it| it.2.is_some()) {
        return show(&scope, StatusCode::UNPROCESSABLE_ENTITY, Some(person), people, lines).await;
    }
    let mut here = placements(&scope, person.id).await?;
    let author = scope.author();
    let mut tx = scope.db().begin().await?;
    let mut written = 0;
    for (activity, said, _) in lines {
        let (Some(importance), Some(capability)) =
            (Importance::from_key(&said.importance), Capability::from_key(&said.capability))
        else {
            continue;
        };
        let note = Some(said.note).filter(|it| !it.is_empty());
        let before = here.remove(&activity.id);
        let row = |id, version| {
            Placement {
                id,
                version,
                activity: activity.id,
                person: person.id,
                importance,
                capability,
                note: note.clone(),
            }
            .to_row()
        };
        written += i32::from(
            write(&mut tx, &author, Placement::KIND, before.map(|it| it.to_row()), |before| match before {
                Some(it) => row(PlacementId(it.id), it.version),
                None => row(PlacementId::fresh(), 1),
            })
            .await?,
        );
    }
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
    /// The activity whose form came back, with what was typed and what is wrong with it.
    faulty: Option<(ActivityId, Fields, String)>,
}

impl Agreeing<'_> {
    fn fault(&self, it: &Seen) -> Option<&str> {
        self.faulty.as_ref().filter(|(id, ..)| *id == it.activity.id).map(|(.., fault)| &**fault)
    }

    /// What the form of an activity shows: what was typed, what is agreed, or the middle of the views.
    fn given(&self, it: &Seen, key: &str) -> String {
        if let Some((_, fields, _)) = self.faulty.as_ref().filter(|(id, ..)| *id == it.activity.id) {
            return fields.get(key).to_owned();
        }
        let place = it.place();
        match key {
            "importance" => place.map_or(String::new(), |it| it.0.key().to_owned()),
            "capability" => place.map_or(String::new(), |it| it.1.key().to_owned()),
            _ => it.activity.reason.clone().unwrap_or_default(),
        }
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

/// The letters by which a name is shown where there is no room for it.
pub(in crate::sourcing) fn initials(name: &str) -> String {
    let letters: Vec<char> = name.split_whitespace().filter_map(|it| it.chars().next()).collect();
    match letters[..] {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}{last}"),
    }
}

async fn agreeing(scope: Scope) -> Result<Response> {
    show_agreeing(&scope, None).await
}

/// Every activity as people see it, the widest disagreement first.
pub(in crate::sourcing) async fn all_seen(scope: &Scope) -> Result<Vec<Seen>> {
    let (activities, placements) =
        (store::all(scope.db(), scope.id()).await?, store::all(scope.db(), scope.id()).await?);
    let people: Vec<Person> = store::all(scope.db(), scope.id()).await?;
    Ok(seen(activities, &placements, &people))
}

async fn show_agreeing(scope: &Scope, faulty: Option<(ActivityId, Fields, String)>) -> Result<Response> {
    let all = all_seen(scope).await?;
    let heading = match all.first() {
        None => "There is nothing to agree on yet".to_owned(),
        Some(it) if it.views.is_empty() => "Nobody has placed an activity yet".to_owned(),
        Some(it) if it.spread < APART => "Everyone places the activities much alike".to_owned(),
        Some(widest) => match all.iter().find(|it| it.spread >= APART && it.agreed().is_none()) {
            Some(it) => format!("Talk about “{}” first: people place it far from each other", it.activity.name),
            None => format!("Every place is agreed; people stood farthest apart on “{}”", widest.activity.name),
        },
    };
    let status = if faulty.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (importances, capabilities) = (Importance::ALL, Capability::ALL);
    let page = Agreeing { scope, heading, all, importances, capabilities, faulty };
    scope.page_with(status, Place::new("Agree on the places", "/sourcing").under("Sourcing", "/sourcing"), &page).await
}

/// Keeps the agreed place of an activity with its reason and the day.
async fn agree(scope: Scope, Path(id): Path<ActivityId>, Form(fields): Form<Fields>) -> Result<Response> {
    let activity: Activity = store::find(scope.db(), scope.id(), id).await?;
    let reason = fields.get("reason").trim().to_owned();
    let (importance, capability) =
        (Importance::from_key(fields.get("importance")), Capability::from_key(fields.get("capability")));
    let fault = match (importance, capability) {
        (Some(_), Some(_)) if reason.is_empty() => "Write why it stands there: next year nobody will remember.",
        (Some(_), Some(_)) => "",
        _ => "Choose how important it is and how good we are at it.",
    };
    if !fault.is_empty() {
        return show_agreeing(&scope, Some((id, fields, fault.to_owned()))).await;
    }
    let mut tx = scope.db().begin().await?;
    let before = store::row_in(&mut tx, scope.id(), Activity::KIND, id.0).await?;
    let mut values = before.values.clone();
    let mut set = |key: &str, value: Value| values[Activity::KIND.position(key)] = value;
    set("importance", importance.to_value());
    set("capability", capability.to_value());
    set("reason", Value::Text(reason.replace("\r\n", "\n")));
    if values != before.values {
        values[Activity::KIND.position("agreed_on")] = Value::Date(scope.today());
    }
    store::update(&mut tx, &scope.author(), Activity::KIND, &before, values).await?;
    tx.commit().await?;
    Ok(see(&format!("/sourcing/agree#a-{id}"), &format!("The place of “{}” was kept.", activity.name)))
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn a_name_is_shortened_to_its_first_and_last_letter() {
        assert_eq!([initials("Pieter van Aerde"), initials("Ada"), initials("")], ["PA", "A", ""]);
    }
}
