//! The audit trail in the reader's words: of the whole organisation, and of one record.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{extract::Path, response::Response};
use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};
use serde_json::Value as Json;

use crate::{
    area::Named,
    audit::{self, Changes, Entry},
    error::{Error, Result},
    import::from_json,
    pages::{
        list::send,
        show::{NOT_SHOWN, named, show, url_of},
    },
    people,
    record::{Field, FieldKind, Kind, Row, Titles},
    rights::Right,
    store,
    table::{self, Cell, Column, Table},
    web::{Place, Scope},
};

/// How many entries the page of the organisation shows; the file has all of them.
const SHOWN: i64 = 200;

/// The records for which somebody answers that were made from a moment on and that whoever looks may see, by kind, the
/// newest first in each; the kind of the newest comes first.
pub async fn made(scope: &Scope, from: Timestamp) -> Result<Vec<(&'static Kind, Vec<Row>)>> {
    let mut by_kind: Vec<(String, Vec<Uuid>)> = Vec::new();
    for (kind, record) in audit::made(scope.db(), scope.id(), from).await?.iter() {
        match by_kind.iter_mut().find(|it| it.0 == *kind) {
            Some((_, records)) => records.push(*record),
            None => by_kind.push((kind.clone(), vec![*record])),
        }
    }
    let mut all = Vec::new();
    for (key, records) in by_kind {
        let Some(kind) = scope.app.registry.kind(&key).filter(|it| scope.may(it.view)) else { continue };
        if !kind.fields.iter().any(|it| it.accountable) {
            continue;
        }
        let mut rows: BTreeMap<Uuid, Row> = store::seen(scope, kind).await?.into_iter().map(|it| (it.id, it)).collect();
        let rows: Vec<Row> = records.iter().filter_map(|it| rows.remove(it)).collect();
        if !rows.is_empty() {
            all.push((kind, rows));
        }
    }
    Ok(all)
}

/// Entries with the titles of the records that they speak of, as far as the reader may see those.
struct Trail<'a> {
    scope: &'a Scope,
    entries: Vec<Entry>,
    names: Titles,
    /// Records that are spoken of and that the reader may not see.
    hidden: BTreeSet<Uuid>,
    /// Of the kinds whose amounts not everybody sees: the records of which the reader does.
    amounts: Option<BTreeSet<Uuid>>,
    /// Records of no described kind, as their areas name them.
    elsewhere: BTreeMap<Uuid, Named>,
}

impl<'a> Trail<'a> {
    async fn new(scope: &'a Scope, mut entries: Vec<Entry>) -> Result<Trail<'a>> {
        // Of these kinds only so much; what is deleted cannot be asked for whom it was.
        let mut seen: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        for kind in scope.app.registry.kinds().filter(|it| it.private.is_some() || !scope.may(it.view)) {
            seen.insert(kind.key, store::seen(scope, kind).await?.iter().map(|it| it.id).collect());
        }
        let is_seen = |kind: &str, id: Uuid| seen.get(kind).is_none_or(|it| it.contains(&id));
        entries.retain(|it| is_seen(&it.kind, it.record));
        let mut spoken_of = BTreeSet::new();
        for entry in &entries {
            let changes = entry.changes();
            spoken_of.extend(changes.values().flatten().filter_map(identifier));
            // What is of no described kind may have a field for each of other records.
            spoken_of.extend(changes.keys().filter_map(|it| it.parse::<Uuid>().ok()));
            if entry.is_of_a_link() {
                spoken_of.insert(entry.record);
            }
        }
        let (mut names, mut hidden) = (Titles::new(), BTreeSet::new());
        for (id, (kind, title)) in audit::titles(scope.db(), scope.id(), spoken_of).await? {
            if is_seen(&kind, id) {
                names.insert(id, title);
            } else {
                hidden.insert(id);
            }
        }
        // That something led to a record is a word about that record.
        let speaks_of_hidden =
            |it: &Entry| it.changes().values().flatten().filter_map(identifier).any(|it| hidden.contains(&it));
        entries.retain(|it| !it.is_of_a_link() || !speaks_of_hidden(it));
        let amounts = if scope.may(Right::SeeCosts) { None } else { Some(shown_amounts(scope).await?) };
        let mut elsewhere = BTreeMap::new();
        for entry in entries.iter().filter(|it| scope.app.registry.kind(&it.kind).is_none()) {
            if !elsewhere.contains_key(&entry.record)
                && let Some(it) = named(scope, &entry.kind, entry.record).await?
            {
                elsewhere.insert(entry.record, it);
            }
        }
        Ok(Trail { scope, entries, names, hidden, amounts, elsewhere })
    }

    fn kind(&self, entry: &Entry) -> Option<&'static Kind> {
        self.scope.app.registry.kind(&entry.kind)
    }

    fn kind_name(&self, entry: &Entry) -> String {
        let described = self.kind(entry).map(|it| it.one);
        let known = described.or_else(|| self.elsewhere.get(&entry.record).map(|it| it.kind));
        known.map_or_else(|| capital(&entry.kind), str::to_owned)
    }

    /// What the record is called; the entry of a link holds the link's verb instead.
    fn title<'b>(&'b self, entry: &'b Entry) -> &'b str {
        match self.names.get(&entry.record) {
            Some(title) if entry.is_of_a_link() => title,
            _ => &entry.title,
        }
    }

    fn url(&self, entry: &Entry) -> Option<String> {
        let history = url_of(self.scope, &entry.kind, entry.record).map(|it| format!("{it}/history"));
        history.or_else(|| self.elsewhere.get(&entry.record).map(|it| it.url.clone()))
    }

    fn moment(&self, entry: &Entry) -> String {
        self.scope.locale().instant(entry.instant(), self.scope.org.zone())
    }

    /// What an entry changed: label, before, after; nothing where a value was not given.
    fn changes(&self, entry: &Entry) -> Vec<(String, String, String)> {
        let kind = self.kind(entry);
        let is_for_reader = |key: &str| self.shows(entry, kind.and_then(|it| it.field(key)));
        let change = |(key, [before, after]): (String, [Json; 2])| {
            let field = kind.and_then(|it| it.field(&key));
            let record = key.parse().ok().and_then(|it: Uuid| self.names.get(&it).cloned());
            let label = field.map(|it| it.label.to_owned()).or(record).unwrap_or_else(|| capital(&key));
            (label, self.said(field, &before), self.said(field, &after))
        };
        entry.changes().into_iter().filter(|(key, _)| is_for_reader(key)).map(change).collect()
    }

    /// Whether the reader sees this field of what an entry is about.
    fn shows(&self, entry: &Entry, field: Option<&Field>) -> bool {
        field.is_none_or(|it| it.kind != FieldKind::Money)
            || self.amounts.as_ref().is_none_or(|it| it.contains(&entry.record))
    }

    fn said(&self, field: Option<&Field>, value: &Json) -> String {
        let locale = self.scope.locale();
        match value {
            Json::Null => String::new(),
            Json::Bool(it) => if *it { "Yes" } else { "No" }.to_owned(),
            Json::Number(it) if field.is_some_and(|it| it.kind == FieldKind::Money) => {
                locale.money(it.as_i64().unwrap_or_default(), self.scope.currency())
            }
            Json::Number(it) => it.as_i64().map_or_else(|| it.to_string(), |it| locale.whole(it)),
            Json::String(text) => {
                if let Some(name) = identifier(value).and_then(|it| self.names.get(&it)) {
                    return name.clone();
                }
                if identifier(value).is_some_and(|it| self.hidden.contains(&it)) {
                    return NOT_SHOWN.to_owned();
                }
                match (field, text.parse::<Date>()) {
                    (Some(field), _) => show(self.scope, field, &from_json(field, value), &BTreeMap::new()).text,
                    (None, Ok(date)) => locale.date(date),
                    (None, Err(_)) => text.clone(),
                }
            }
            other => other.to_string(),
        }
    }

    /// The changes for a file, where a program may want the identifier and a person the title: both.
    fn changes_with_titles(&self, entry: &Entry) -> String {
        let mut changes: Changes = entry.changes();
        changes.retain(|key, _| self.shows(entry, self.kind(entry).and_then(|it| it.field(key))));
        for value in changes.values_mut().flatten() {
            if let Some(id) = identifier(value)
                && let Some(name) = self.names.get(&id)
            {
                *value = format!("{name} ({id})").into();
            }
        }
        serde_json::to_string(&changes).expect("JSON values are JSON")
    }
}

/// The records whose amounts whoever is signed in sees though their role does not: those that name them.
async fn shown_amounts(scope: &Scope) -> Result<BTreeSet<Uuid>> {
    let viewer = people::viewer(scope).await?;
    let mut shown = BTreeSet::new();
    for kind in scope.app.registry.kinds().filter(|it| it.has_amounts()) {
        let rows = store::rows(scope.db(), scope.id(), kind).await?;
        shown.extend(rows.iter().filter(|it| kind.shows_amounts(&viewer, it)).map(|it| it.id));
    }
    Ok(shown)
}

fn identifier(value: &Json) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

/// The key of something that is not described, as a label.
fn capital(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[derive(Template)]
#[template(path = "pages/audit.html")]
struct Audit<'a> {
    trail: Trail<'a>,
}

/// The newest entries of the organisation.
pub async fn page(scope: Scope) -> Result<Response> {
    let entries = audit::since(scope.db(), scope.id(), Timestamp::UNIX_EPOCH, SHOWN).await?;
    let trail = Trail::new(&scope, entries).await?;
    scope.page(Place::new("Audit trail", "/audit"), &Audit { trail }).await
}

/// The whole trail as a file.
pub async fn export(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    let entries = audit::since(scope.db(), scope.id(), Timestamp::UNIX_EPOCH, i64::MAX).await?;
    let trail = Trail::new(&scope, entries).await?;
    let text = table::Kind::Text;
    let columns = vec![
        Column::new("at", "When", table::Kind::Instant),
        Column::new("who", "Who", text),
        Column::new("act", "Act", text),
        Column::new("kind", "Kind of record", text),
        Column::new("record", "Identifier", text),
        Column::new("title", "Title", text),
        Column::new("changes", "Field, before and after", text),
    ];
    let row = |it: &Entry| {
        let texts = [
            it.who.clone(),
            it.act.clone(),
            it.kind.clone(),
            it.record.to_string(),
            trail.title(it).to_owned(),
            trail.changes_with_titles(it),
        ];
        std::iter::once(Cell::Instant(it.instant())).chain(texts.into_iter().map(Cell::Text)).collect()
    };
    let rows = trail.entries.iter().map(row).collect();
    send(&[Table { title: "Audit trail".to_owned(), columns, rows }], "audit", &format)
}

#[derive(Template)]
#[template(path = "pages/history.html")]
struct History<'a> {
    title: String,
    trail: Trail<'a>,
}

/// The history of one record, which outlives the record.
pub async fn history(kind: &'static Kind, scope: Scope, id: Uuid) -> Result<Response> {
    if kind.private.is_some() {
        store::seen_one(&scope, kind, id).await?;
    }
    let entries = audit::of_record(scope.db(), scope.id(), id).await?;
    if entries.iter().all(|it| it.kind != kind.key) {
        return Err(Error::NotFound);
    }
    let title = audit::title(scope.db(), scope.id(), id).await?.ok_or(Error::NotFound)?;
    let mut place = Place::new(format!("History of {title}"), kind.path).under(kind.many, kind.path);
    if store::row(scope.db(), scope.id(), kind, id).await.is_ok() {
        place = place.under(title.clone(), format!("{}/{id}", kind.path));
    }
    let trail = Trail::new(&scope, entries).await?;
    scope.page(place, &History { title, trail }).await
}
