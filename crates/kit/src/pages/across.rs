//! The pages that go across kinds: the palette, the thread, the glossary.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query},
    response::Response,
};
use db::uuid::Uuid;
use serde::{Deserialize, Serialize};

use crate::{
    area::Named,
    error::{Error, Result},
    glossary::{self, Term},
    pages::show::{link_titles, named, show, titles_of},
    record::{Field, FieldKind, Tone},
    store,
    thread::{self, Link},
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

/// What the palette calls a word of the glossary.
const TERM: &str = "Term";

/// How many results the palette shows.
const SHOWN: usize = 12;

/// Pages, records and words of the glossary whose title holds every word that was typed; those where a word starts so come
/// first, and of them pages.
pub async fn palette(scope: Scope, Query(wanted): Query<Wanted>) -> Result<Json<Vec<Found>>> {
    let wanted = wanted.q.to_lowercase();
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let fits = |title: &str| {
        let title = title.to_lowercase();
        words.iter().all(|it| title.contains(it))
    };
    let registry = &scope.app.registry;
    let entries: Vec<_> = registry.entries().filter(|it| scope.may(it.right)).map(|it| (it.title, it.url)).collect();
    let kinds = registry.kinds().filter(|it| scope.may(it.view)).map(|it| (it.many, it.path));
    let kinds = kinds.filter(|(_, path)| entries.iter().all(|(_, url)| url != path));
    let pages = entries.iter().copied().chain(kinds).map(|(title, url)| (title.to_owned(), "Page", url.to_owned()));
    let competencies = crate::method::Competency::ALL
        .iter()
        .map(|it| (format!("{} {}", it.number(), it.label()), "Competency", it.url()));
    let mut found: Vec<(String, &str, String)> = pages.chain(competencies).filter(|(title, ..)| fits(title)).collect();
    if !words.is_empty() {
        for kind in registry.kinds().filter(|it| scope.may(it.view)) {
            let rows = store::seen(&scope, kind).await?;
            let titles = titles_of(&scope, kind, &rows).await?.into_iter().zip(&rows).filter(|(it, _)| fits(it));
            found.extend(titles.map(|(it, row)| (it, kind.one, format!("{}/{}", kind.path, row.id))));
        }
        for area in &registry.areas {
            let others = area.others(&scope).await?.into_iter().filter(|it| fits(&it.title));
            found.extend(others.map(|it| (it.title, it.kind, it.url)));
        }
        let terms = glossary::terms().iter().filter(|it| fits(&it.word));
        found.extend(terms.map(|it| (it.word.clone(), TERM, format!("/glossary#{}", it.anchor()))));
    }
    found.sort_by_cached_key(|(title, kind, _)| {
        let title = title.to_lowercase();
        let starts = title.split_whitespace().any(|it| words.first().is_some_and(|word| it.starts_with(word)));
        let last = match *kind {
            "Page" | "Competency" => 0,
            TERM => 2,
            _ => 1,
        };
        (!starts, last, title)
    });
    found.truncate(SHOWN);
    Ok(Json(found.into_iter().map(|(title, kind, url)| Found { title, kind, url }).collect()))
}

/// A record on the thread and what follows from it.
#[derive(Template)]
#[template(path = "pages/knot.html")]
struct Knot {
    at: Named,
    standing: Standing,
    /// How it follows from the one above it.
    relation: String,
    leads_to: Vec<Knot>,
    /// Whether what follows from it stands in another place of the page.
    is_elsewhere: bool,
}

/// Who answers for a record, by when, and how far it is: as far as its kind says that.
#[derive(Debug, Clone, Default)]
struct Standing {
    owner: Option<String>,
    day: Option<String>,
    /// One word about the day, such as `late`, and its class.
    mark: Option<(&'static str, &'static str)>,
    state: Option<(String, &'static str)>,
}

impl Standing {
    fn is_empty(&self) -> bool {
        self.owner.is_none() && self.day.is_none() && self.mark.is_none() && self.state.is_none()
    }

    fn is_done(&self) -> bool {
        self.state.as_ref().is_some_and(|it| it.1 == Tone::Good.class())
    }
}

/// What the records at the ends of links are called, and how they stand; without those that are gone or not for the
/// reader. What is due, and what is late, is said by the areas.
async fn ends(scope: &Scope, links: &[Link]) -> Result<BTreeMap<Uuid, (Named, Standing)>> {
    let mut due = BTreeMap::new();
    for area in &scope.app.registry.areas {
        due.extend(area.dates(scope, scope.today()).await?.into_iter().map(|it| (it.url.clone(), it)));
    }
    let mut wanted: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    for it in links {
        wanted.entry(&it.from_kind).or_default().insert(it.from_id);
        wanted.entry(&it.to_kind).or_default().insert(it.to_id);
    }
    let mut all = BTreeMap::new();
    for (key, ids) in wanted {
        let Some(kind) = scope.app.registry.kind(key) else {
            for id in ids {
                all.extend(named(scope, key, id).await?.map(|it| (id, (it, Standing::default()))));
            }
            continue;
        };
        let titles = link_titles(scope, kind).await?;
        let find = |fits: fn(&Field) -> bool| kind.fields.iter().position(fits);
        let owner = find(|it| it.accountable).or_else(|| find(|it| it.key == "owner"));
        let state = find(|it| it.key == "state" && matches!(it.kind, FieldKind::Choice(_)));
        let mut rows = store::seen(scope, kind).await?;
        rows.retain(|it| ids.contains(&it.id));
        for (row, title) in rows.iter().zip(titles_of(scope, kind, &rows).await?) {
            let shown = |at: usize| show(scope, &kind.fields[at], &row.values[at], &titles);
            let at = Named { kind: kind.one, title, url: format!("{}/{}", kind.path, row.id) };
            let note = due.get(&at.url);
            let standing = Standing {
                owner: owner.map(|it| shown(it).text).filter(|it| !it.is_empty()),
                day: note.and_then(|it| it.on).map(|it| scope.locale().short_date(it)),
                mark: note.and_then(|it| it.mark),
                state: state.map(&shown).filter(|it| !it.text.is_empty()).map(|it| (it.text, it.class.unwrap_or(""))),
            };
            all.insert(row.id, (at, standing));
        }
    }
    Ok(all)
}

/// The thread in a sentence: what came of what was taken up.
fn finding(links: usize, taken: &[&Standing]) -> String {
    let told = taken.iter().filter(|it| it.state.is_some()).count();
    let done = taken.iter().filter(|it| it.is_done()).count();
    let late = taken.iter().filter(|it| it.mark.is_some_and(|it| it.1 == Tone::Bad.class())).count();
    let count = |n: usize, what: &str| if n == 1 { format!("one is {what}") } else { format!("{n} are {what}") };
    match (links, told) {
        (0, _) => "The thread starts with the first gap that becomes an action".to_owned(),
        (_, 0) => "Nothing that was taken up says how far it is".to_owned(),
        (_, 1) if done == 1 => "One thing was taken up, and it is done".to_owned(),
        (_, 1) if late == 1 => "One thing was taken up, and it is late".to_owned(),
        (_, 1) => "One thing was taken up and is on its way".to_owned(),
        (_, n) if done + late == 0 => format!("{n} things were taken up; none is done yet, none is late"),
        (_, n) if late == 0 => format!("Of {n} things that were taken up, {}", count(done, "done")),
        (_, n) if done == 0 => format!("Of {n} things that were taken up, {}", count(late, "late")),
        (_, n) => format!("Of {n} things that were taken up, {}, {}", count(done, "done"), count(late, "late")),
    }
}

#[derive(Template)]
#[template(path = "pages/thread.html")]
struct Thread {
    heading: String,
    begins: Vec<Knot>,
}

/// What is known of the thread while it is drawn.
#[derive(Default)]
struct Drawing {
    ends: BTreeMap<Uuid, (Named, Standing)>,
    onward: BTreeMap<Uuid, Vec<(String, Uuid)>>,
    drawn: BTreeSet<Uuid>,
}

/// So far in a thread is drawn; what is further begins anew, so that no thread is too long for a page.
const DEEPEST: usize = 12;

impl Drawing {
    /// A record with what follows from it. That is drawn once, so that threads may meet, and even close in a ring.
    fn knot(&mut self, id: Uuid, relation: String, depth: usize) -> Option<Knot> {
        let (at, standing) = self.ends.get(&id).cloned()?;
        let onward = self.onward.get(&id).cloned().unwrap_or_default();
        let is_deepest = depth == DEEPEST && !onward.is_empty();
        let is_new = !is_deepest && self.drawn.insert(id);
        let leads_to = if is_new {
            onward.iter().filter_map(|(relation, to)| self.knot(*to, relation.clone(), depth + 1)).collect()
        } else {
            Vec::new()
        };
        Some(Knot { at, standing, relation, leads_to, is_elsewhere: !is_new && !onward.is_empty() })
    }
}

/// The whole thread: what led to what.
pub async fn thread(scope: Scope) -> Result<Response> {
    let links = thread::all(scope.db(), scope.id()).await?;
    let mut drawing = Drawing { ends: ends(&scope, &links).await?, ..Drawing::default() };
    for link in &links {
        drawing.onward.entry(link.from_id).or_default().push((link.relation.clone(), link.to_id));
    }
    let later: BTreeSet<Uuid> = links.iter().map(|it| it.to_id).collect();
    let taken: Vec<&Standing> = later.iter().filter_map(|it| Some(&drawing.ends.get(it)?.1)).collect();
    let heading = finding(links.len(), &taken);
    let first = links.iter().map(|it| it.from_id).filter(|it| !later.contains(it));
    let mut begins = Vec::new();
    // A ring has no beginning: it begins wherever it is met.
    for id in first.chain(links.iter().map(|it| it.from_id)) {
        if !drawing.drawn.contains(&id) {
            begins.extend(drawing.knot(id, String::new(), 0));
        }
    }
    scope.page(Place::new("Thread", "/thread"), &Thread { heading, begins }).await
}

/// Takes a link away and goes back to the record at its beginning.
pub async fn untie(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let link = thread::find(scope.db(), scope.id(), id).await?;
    for (kind, id) in [(&link.from_kind, link.from_id), (&link.to_kind, link.to_id)] {
        named(&scope, kind, id).await?.ok_or(Error::NotFound)?;
    }
    let mut tx = scope.db().begin().await?;
    if !thread::untie(&mut tx, &scope.author(), &link).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    let back = named(&scope, &link.from_kind, link.from_id).await?;
    Ok(see(&back.map_or("/thread".to_owned(), |it| it.url), "The link was taken away; both records stay."))
}

#[derive(Template)]
#[template(path = "pages/glossary.html")]
struct Glossary {
    terms: &'static [Term],
}

pub async fn glossary(scope: Scope) -> Result<Response> {
    scope.page(Place::new("Glossary", "/glossary"), &Glossary { terms: glossary::terms() }).await
}
