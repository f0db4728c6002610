//! The pages that go across kinds: the thread, the audit trail, the palette.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query},
    response::Response,
};
use db::uuid::Uuid;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    audit::{self, Entry},
    error::{Error, Result},
    pages::{list::send, record::said},
    store,
    table::{self, Cell, Column, Table},
    thread,
    web::{Place, Scope, see},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
}

/// One thing that the palette found.
#[derive(Debug, Serialize)]
pub struct Found {
    title: String,
    kind: &'static str,
    url: String,
}

/// How many results the palette shows.
const SHOWN: usize = 12;

/// Pages and records whose title holds every word that was typed; those that start with it come first.
pub async fn palette(scope: Scope, Query(wanted): Query<Wanted>) -> Result<Json<Vec<Found>>> {
    let wanted = wanted.q.to_lowercase();
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let fits = |title: &str| {
        let title = title.to_lowercase();
        words.iter().all(|it| title.contains(it))
    };
    let pages = scope
        .app
        .registry
        .entries()
        .filter(|it| scope.may(it.right))
        .map(|it| (it.title.to_owned(), "Page", it.url.to_owned()));
    let competencies = crate::method::Competency::ALL
        .iter()
        .map(|it| (format!("{} {}", it.number(), it.label()), "Competency", it.url()));
    let mut found: Vec<(String, &str, String)> = pages.chain(competencies).filter(|(title, ..)| fits(title)).collect();
    if !words.is_empty() {
        for kind in scope.app.registry.kinds().filter(|it| scope.may(it.view)) {
            let titles = store::titles(scope.db(), scope.id(), kind).await?;
            found.extend(
                titles
                    .into_iter()
                    .filter(|(_, it)| fits(it))
                    .map(|(id, it)| (it, kind.one, format!("{}/{id}", kind.path))),
            );
        }
    }
    found.sort_by_key(|(title, ..)| (!title.to_lowercase().starts_with(&wanted), title.to_lowercase()));
    found.truncate(SHOWN);
    Ok(Json(found.into_iter().map(|(title, kind, url)| Found { title, kind, url }).collect()))
}

/// One link of the thread with the names of both ends.
struct Strand {
    from: (String, &'static str, String),
    relation: String,
    to: (String, &'static str, String),
}

#[derive(Template)]
#[template(path = "pages/thread.html")]
struct Thread {
    strands: Vec<Strand>,
}

/// The whole thread: what led to what.
pub async fn thread(scope: Scope) -> Result<Response> {
    let mut named: BTreeMap<Uuid, (String, &'static str, String)> = BTreeMap::new();
    let links = thread::all(scope.db(), scope.id()).await?;
    if !links.is_empty() {
        for kind in scope.app.registry.kinds() {
            for row in store::rows(scope.db(), scope.id(), kind).await? {
                named.insert(row.id, (row.title(kind), kind.one, format!("{}/{}", kind.path, row.id)));
            }
        }
    }
    let strands = links
        .into_iter()
        .filter_map(|it| {
            Some(Strand {
                from: named.get(&it.from_id)?.clone(),
                relation: it.relation,
                to: named.get(&it.to_id)?.clone(),
            })
        })
        .collect();
    scope.page(Place::new("Thread", "/thread"), &Thread { strands }).await
}

/// Takes a link away and goes back to the record at its beginning.
pub async fn untie(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let link = thread::find(scope.db(), scope.id(), id).await?;
    let mut tx = scope.db().begin().await?;
    if !thread::untie(&mut tx, &scope.author(), &link).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    let back = crate::pages::show::url_of(&scope, &link.from_kind, link.from_id);
    Ok(see(&back.unwrap_or_else(|| "/thread".to_owned()), "The link was taken away; both records stay."))
}

#[derive(Template)]
#[template(path = "pages/audit.html")]
struct Audit<'a> {
    scope: &'a Scope,
    entries: Vec<Entry>,
}

impl Audit<'_> {
    fn kind(&self, entry: &Entry) -> String {
        self.scope.app.registry.kind(&entry.kind).map_or(entry.kind.clone(), |it| it.one.to_owned())
    }

    fn url(&self, entry: &Entry) -> Option<String> {
        let kind = self.scope.app.registry.kind(&entry.kind).filter(|_| entry.act != "deleted")?;
        Some(format!("{}/{}/history", kind.path, entry.record))
    }

    fn changes(&self, entry: &Entry) -> Vec<(String, String, String)> {
        let kind = self.scope.app.registry.kind(&entry.kind);
        let shown = entry.changes().into_iter().filter(|_| entry.act != "created" && entry.act != "deleted");
        shown
            .map(|(key, [before, after])| {
                let field = kind.and_then(|it| it.field(&key));
                (field.map_or(key, |it| it.label.to_owned()), said(field, &before), said(field, &after))
            })
            .collect()
    }
}

/// The newest entries of the audit trail.
pub async fn audit(scope: Scope) -> Result<Response> {
    let entries = audit::since(scope.db(), scope.id(), Timestamp::UNIX_EPOCH, 200).await?;
    scope.page(Place::new("Audit trail", "/audit"), &Audit { scope: &scope, entries }).await
}

/// The whole trail as a file.
pub async fn export_audit(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    let entries = audit::since(scope.db(), scope.id(), Timestamp::UNIX_EPOCH, i64::MAX).await?;
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
    let rows = entries
        .into_iter()
        .map(|it| {
            let at = Cell::Instant(it.instant());
            let texts = [it.who, it.act, it.kind, it.record.to_string(), it.title, it.changes];
            std::iter::once(at).chain(texts.into_iter().map(Cell::Text)).collect()
        })
        .collect();
    send(&Table { title: "Audit trail".to_owned(), columns, rows }, "audit", &format)
}
