//! The radar as a picture with its table, and the review in which entries move.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{extract::Form, http::StatusCode, response::Response};
use db::uuid::Uuid;
use kit::{
    audit,
    error::Result,
    method::Proposition,
    pages::Fields,
    record::Record,
    rights::Right,
    store, thread,
    web::{Access, Place, Routes, Scope, see},
};

use crate::envisioning::{
    model::{Opportunity, Quadrant, RadarEntry, Ring},
    radar::rules::{HALF, Movement, Placed, RINGS, finding, movement, numbered, place, reviewed, stale},
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/radar", Access::With(Right::View), page)
        .get("/radar/review", Access::With(Right::Contribute), review)
        .post("/radar/review", Access::With(Right::Contribute), keep)
}

/// The days of a year and one more, so that none is too short.
const YEAR: i64 = 366;

/// The opportunities that came of each entry: title and identifier.
type Came = BTreeMap<Uuid, Vec<(Uuid, String)>>;

/// An entry as the picture and the table show it.
struct Blip {
    number: usize,
    entry: RadarEntry,
    x: String,
    y: String,
    movement: Movement,
    reviewed: String,
    opportunities: Vec<(Uuid, String)>,
}

impl Blip {
    /// How strongly it is filled, by its relevance to the industry.
    fn strength(&self) -> u8 {
        match self.entry.relevance {
            None | Some(..=2) => 1,
            Some(3) => 3,
            Some(_) => 5,
        }
    }
}

#[derive(Template)]
#[template(path = "envisioning/radar/radar.html")]
struct Page<'a> {
    scope: &'a Scope,
    heading: String,
    lead: String,
    blips: Vec<Blip>,
    radius: f64,
    propositions: &'static [Proposition],
    /// In the order in which they are read: the upper two, then the lower two.
    quadrants: Vec<(Quadrant, &'static str, f64, f64)>,
    rings: Vec<(Ring, f64)>,
}

impl Page<'_> {
    /// From the middle of the picture outwards.
    fn outwards(&self) -> Vec<&Blip> {
        let mut all: Vec<&Blip> = self.blips.iter().collect();
        all.sort_by_key(|it| (it.entry.ring, it.number));
        all
    }

    /// The outline of a blip by how it moved: towards the middle a triangle that points up, outwards one that points
    /// down, new a diamond, else a circle.
    fn outline(&self, movement: &Movement) -> String {
        let r = self.radius;
        let polygon = |points: &[(f64, f64)]| {
            points.iter().map(|(x, y)| format!("{:.1},{:.1}", x * r, y * r)).collect::<Vec<_>>().join(" ")
        };
        match movement {
            Movement::In => polygon(&[(0.0, -1.2), (1.08, 0.72), (-1.08, 0.72)]),
            Movement::Out => polygon(&[(0.0, 1.2), (1.08, -0.72), (-1.08, -0.72)]),
            Movement::New => polygon(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]),
            Movement::None => String::new(),
        }
    }

    /// Where the number stands in a triangle: in its thick half.
    fn lift(&self, movement: &Movement) -> String {
        match movement {
            Movement::In => format!("{:.1}", self.radius * 0.2),
            Movement::Out => format!("{:.1}", self.radius * -0.2),
            _ => "0".to_owned(),
        }
    }

    fn view(&self) -> String {
        format!("{} {} {} {}", -HALF, -HALF, 2.0 * HALF, 2.0 * HALF)
    }
}

/// Every opportunity that the thread ties to an entry.
async fn came_of_entries(scope: &Scope) -> Result<Came> {
    let titles = store::titles(scope.db(), scope.id(), Opportunity::KIND).await?;
    let mut came = Came::new();
    for link in thread::all(scope.db(), scope.id()).await? {
        if link.from_kind == RadarEntry::KIND.key && link.to_kind == Opportunity::KIND.key {
            let Some(title) = titles.get(&link.to_id) else { continue };
            came.entry(link.from_id).or_default().push((link.to_id, title.clone()));
        }
    }
    Ok(came)
}

/// How many entries nobody has entered or reviewed for a year.
pub async fn not_looked_at(scope: &Scope, entries: &[RadarEntry]) -> Result<usize> {
    let made = audit::made(scope.db(), scope.id(), scope.days_ago(YEAR)).await?;
    let entered: BTreeSet<Uuid> = made.iter().filter(|it| it.0 == RadarEntry::KIND.key).map(|it| it.1).collect();
    Ok(stale(entries, |it| entered.contains(&it.id.0), scope.today()))
}

async fn page(scope: Scope) -> Result<Response> {
    let entries = numbered(store::all::<RadarEntry>(scope.db(), scope.id()).await?);
    let mut came = came_of_entries(&scope).await?;
    let fields: Vec<(Quadrant, Ring)> = entries.iter().map(|it| (it.quadrant, it.ring)).collect();
    let Placed { at, radius } = place(&fields);
    let old = not_looked_at(&scope, &entries).await?;
    let lead = match old {
        _ if entries.is_empty() => String::new(),
        0 => "Every entry was entered or reviewed within a year.".to_owned(),
        1 => "One entry was not reviewed within a year.".to_owned(),
        n => format!("{n} of {} entries were not reviewed within a year.", entries.len()),
    };
    let heading = match entries.is_empty() {
        true => "No technology is on the radar yet".to_owned(),
        false => finding(&entries),
    };
    let blips = (1..).zip(entries).zip(at).map(|((number, entry), (x, y))| Blip {
        number,
        x: format!("{x:.1}"),
        y: format!("{y:.1}"),
        movement: movement(&entry),
        reviewed: entry.reviewed.map_or("never".to_owned(), |it| scope.locale().short_date(it)),
        opportunities: came.remove(&entry.id.0).unwrap_or_default(),
        entry,
    });
    let page = Page {
        scope: &scope,
        heading,
        lead,
        blips: blips.collect(),
        radius,
        propositions: Proposition::ALL,
        quadrants: [
            (Quadrant::ALL[0], "start", -HALF, -HALF + 14.0),
            (Quadrant::ALL[1], "end", HALF, -HALF + 14.0),
            (Quadrant::ALL[3], "start", -HALF, HALF - 6.0),
            (Quadrant::ALL[2], "end", HALF, HALF - 6.0),
        ]
        .into(),
        rings: Ring::ALL.iter().copied().zip(RINGS).rev().collect(),
    };
    scope.page(Place::new("Technology radar", "/radar"), &page).await
}

#[derive(Template)]
#[template(path = "envisioning/radar/review.html")]
struct Review<'a> {
    entries: Vec<RadarEntry>,
    /// What was chosen and written before something was wrong.
    given: &'a Fields,
    /// Entries that somebody else changed meanwhile.
    changed: BTreeSet<Uuid>,
}

impl Review<'_> {
    fn is(&self, entry: &RadarEntry, ring: &Ring) -> bool {
        let given = self.given.get(&format!("ring-{}", entry.id));
        if given.is_empty() { entry.ring == *ring } else { given == ring.key() }
    }

    fn why<'s>(&'s self, entry: &'s RadarEntry) -> &'s str {
        let given = self.given.get(&format!("why-{}", entry.id));
        let fallback = entry.why.as_deref().unwrap_or_default();
        if self.given.get(&format!("ring-{}", entry.id)).is_empty() { fallback } else { given }
    }

    fn quadrants(&self) -> impl Iterator<Item = (Quadrant, Vec<&RadarEntry>)> {
        let of = |it: &Quadrant| (*it, self.entries.iter().filter(|entry| entry.quadrant == *it).collect::<Vec<_>>());
        Quadrant::ALL.iter().map(of).filter(|it| !it.1.is_empty())
    }

    async fn send(self, scope: &Scope) -> Result<Response> {
        let status = if self.changed.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
        let place = Place::new("Review the radar", "/radar").under("Radar", "/radar");
        scope.page_with(status, place, &self).await
    }
}

async fn review(scope: Scope) -> Result<Response> {
    let entries = numbered(store::all::<RadarEntry>(scope.db(), scope.id()).await?);
    Review { entries, given: &Fields::default(), changed: BTreeSet::new() }.send(&scope).await
}

/// Keeps a review: every entry that was looked at remembers where it stood. Where somebody changed one of them
/// meanwhile nothing is kept, and the page comes back with what was written.
async fn keep(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = scope.db().begin().await?;
    let rows = store::rows_in(&mut tx, scope.id(), RadarEntry::KIND).await?;
    let looked_at = |id: Uuid| Ring::from_key(fields.get(&format!("ring-{id}")));
    let seen = |id: Uuid| fields.get(&format!("version-{id}")).parse::<i64>().unwrap_or(0);
    let changed: BTreeSet<Uuid> =
        rows.iter().filter(|it| looked_at(it.id).is_some() && seen(it.id) != it.version).map(|it| it.id).collect();
    if !changed.is_empty() {
        drop(tx);
        let entries = numbered(rows.iter().map(RadarEntry::from_row).collect());
        return Review { entries, given: &fields, changed }.send(&scope).await;
    }
    let mut moved = 0;
    for row in &rows {
        let Some(ring) = looked_at(row.id) else { continue };
        let entry = RadarEntry::from_row(row);
        let why = Some(fields.get(&format!("why-{}", row.id)).trim().replace("\r\n", "\n")).filter(|it| !it.is_empty());
        moved += usize::from(ring != entry.ring);
        let after = reviewed(&entry, ring, why, scope.today()).to_row();
        store::update(&mut tx, &scope.author(), RadarEntry::KIND, row, after.values).await?;
    }
    tx.commit().await?;
    let said = match moved {
        0 => "The review is kept; nothing moved.".to_owned(),
        1 => "The review is kept; one technology moved.".to_owned(),
        n => format!("The review is kept; {n} technologies moved."),
    };
    Ok(see("/radar", &said))
}
