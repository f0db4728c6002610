//! The versions of a vision side by side, making one current, and the vision as it stands on top of other pages.

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    response::Response,
};
use db::uuid::Uuid;
use kit::{
    audit,
    error::{Error, Result},
    format::{inline, list},
    pages::Fields,
    record::{Record, Row},
    rights::Right,
    signature::{self, Verdict},
    store,
    web::{Access, Place, Routes, Scope, see},
};
use serde::Deserialize;

use crate::envisioning::{
    model::{Vision, VisionState},
    vision::rules::{Mark, Said, Version, behind, difference, said, summary, versions},
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/visions/{id}/versions", Access::With(Right::View), page).post(
        "/visions/{id}/current",
        Access::With(Right::Lead),
        make_current,
    )
}

/// The current vision; none where nobody has made one current yet.
pub async fn current(scope: &Scope) -> Result<Option<Vision>> {
    let all = store::all::<Vision>(scope.db(), scope.id()).await?;
    Ok(all.into_iter().find(|it| it.state == VisionState::Current))
}

/// A vision as it stands on top of other pages: the wording, and who stands behind it.
#[derive(Template)]
#[template(path = "envisioning/vision/banner.html")]
pub struct Banner {
    pub vision: Vision,
    pub said: Vec<Said>,
    since: Option<String>,
}

impl Banner {
    pub async fn of(scope: &Scope, vision: Vision) -> Result<Banner> {
        let said = words_on(scope, &vision).await?;
        let since = vision.since.map(|it| scope.locale().date(it));
        Ok(Banner { vision, said, since })
    }

    fn paragraphs(&self) -> Vec<&str> {
        self.vision.wording.lines().filter(|it| !it.trim().is_empty()).collect()
    }

    /// "Signed by Ada and Grace; 2 more were asked."
    pub fn signed(&self) -> String {
        let names: Vec<String> = behind(&self.said).iter().map(|it| by(&it.name, &it.noted)).collect();
        let no: Vec<&str> =
            self.said.iter().filter(|it| it.holds && it.verdict == Verdict::Declined).map(|it| &*it.name).collect();
        let waiting = self.said.len() - names.len() - no.len();
        let more = match waiting {
            0 => String::new(),
            1 => "; one more was asked".to_owned(),
            n => format!("; {n} more were asked"),
        };
        let declined = if no.is_empty() { String::new() } else { format!("; declined by {}", list(&no)) };
        let more = declined + &more;
        match names.len() {
            0 if self.said.is_empty() => "Nobody has been asked to sign it".to_owned(),
            0 => format!("Nobody has signed this wording{more}"),
            _ => format!("Signed by {}{more}", list(&names)),
        }
    }
}

/// The current vision, to be drawn above a budget or a report.
pub async fn banner(scope: &Scope) -> Result<Option<Banner>> {
    match current(scope).await? {
        Some(vision) => Ok(Some(Banner::of(scope, vision).await?)),
        None => Ok(None),
    }
}

/// Whose word it is, and in brackets who noted it.
fn by(name: &str, noted: &str) -> String {
    match noted.strip_prefix(", ") {
        Some(noted) => format!("{name} ({noted})"),
        None => name.to_owned(),
    }
}

async fn words_on(scope: &Scope, vision: &Vision) -> Result<Vec<Said>> {
    let trail = audit::of_record(scope.db(), scope.id(), vision.id.0).await?;
    let signatures = signature::of(scope.db(), scope.id(), vision.id.0).await?;
    Ok(said(&signatures, signature::same_since(Vision::KIND, &trail, vision.version)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    from: String,
    to: String,
}

/// A version that can be chosen for the comparison, with the vision that it is of.
struct Choice {
    key: String,
    label: String,
    version: Version,
    /// Whether it is of the vision at hand.
    own: bool,
}

impl Choice {
    fn name(&self) -> String {
        let of = if self.own { String::new() } else { format!(" of “{}”", self.version.title) };
        format!("version {}{of}", self.version.number)
    }
}

/// A version in the table, and who said what of it.
struct Line {
    version: Version,
    day: String,
    signed: Vec<String>,
    declined: Vec<(String, String)>,
    /// The comparison with the one before.
    compare: Option<String>,
}

#[derive(Template)]
#[template(path = "envisioning/vision/versions.html")]
struct Page<'a> {
    scope: &'a Scope,
    vision: Vision,
    heading: String,
    lead: String,
    options: Vec<Choice>,
    from: String,
    to: String,
    runs: Vec<(Mark, String)>,
    lines: Vec<Line>,
}

/// Every version of every vision, those of the vision at hand last.
async fn every_version(scope: &Scope, at_hand: &Vision) -> Result<Vec<Choice>> {
    let mut all = store::all::<Vision>(scope.db(), scope.id()).await?;
    all.sort_by_key(|it| (it.id == at_hand.id, it.id));
    let mut options = Vec::new();
    for vision in all {
        let trail = audit::of_record(scope.db(), scope.id(), vision.id.0).await?;
        for version in versions(&trail) {
            let of = if vision.id == at_hand.id { String::new() } else { format!(" of “{}”", version.title) };
            let day = scope.locale().short_date(scope.org.day(version.at));
            options.push(Choice {
                key: format!("{}:{}", vision.id, version.number),
                label: format!("Version {}{of}, {day}", version.number),
                own: vision.id == at_hand.id,
                version,
            });
        }
    }
    Ok(options)
}

async fn page(scope: Scope, Path(id): Path<Uuid>, Query(asked): Query<Asked>) -> Result<Response> {
    let vision = Vision::from_row(&store::seen_one(&scope, Vision::KIND, id).await?);
    let options = every_version(&scope, &vision).await?;
    let find = |key: &str| options.iter().find(|it| it.key == key);
    let to = find(&asked.to).or(options.last()).ok_or(Error::NotFound)?;
    // Unless something else is asked for: what was there before the present wording.
    let earlier = || options.iter().rev().find(|it| it.version.wording != to.version.wording);
    let from = find(&asked.from).or_else(earlier).or(options.first()).ok_or(Error::NotFound)?;
    let runs = difference(&from.version.wording, &to.version.wording);
    let signatures = signature::history(scope.db(), scope.id(), id).await?;
    let own: Vec<&Choice> = options.iter().filter(|it| it.own).collect();
    let lines = own.iter().enumerate().rev().map(|(at, it)| {
        // A word holds as long as the wording does.
        let same = own[..at].iter().rev().take_while(|before| before.version.wording == it.version.wording).count();
        let versions = own[at - same].version.number..=it.version.number;
        let of = |verdict: Verdict| {
            let versions = versions.clone();
            signatures.iter().filter(move |said| versions.contains(&said.version) && said.verdict() == verdict)
        };
        Line {
            day: scope.locale().short_date(scope.org.day(it.version.at)),
            signed: of(Verdict::Signed).map(|it| by(&it.name, &it.noted())).collect(),
            declined: of(Verdict::Declined).map(|it| (it.name.clone(), it.note.clone().unwrap_or_default())).collect(),
            compare: at
                .checked_sub(1)
                .map(|before| format!("/visions/{id}/versions?from={}&to={}", own[before].key, it.key)),
            version: it.version.clone(),
        }
    });
    let lines: Vec<Line> = lines.collect();
    let standing = Banner::of(&scope, vision.clone()).await?;
    let heading = match options.len() {
        1 => format!("“{}” has one version so far", vision.title),
        _ => format!("From {} to {}: {}", from.name(), to.name(), inline(&summary(&runs))),
    };
    let place = Place::new(format!("Versions of {}", vision.title), "/visions")
        .under("Visions", "/visions")
        .under(vision.title.clone(), format!("/visions/{id}"));
    let page = Page {
        scope: &scope,
        lead: format!("{}.", standing.signed()),
        vision,
        heading,
        from: from.key.clone(),
        to: to.key.clone(),
        runs,
        lines,
        options,
    };
    scope.page(place, &page).await
}

/// Makes a vision the current one; the one before is replaced in the same step.
async fn make_current(scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<Fields>) -> Result<Response> {
    store::seen_one(&scope, Vision::KIND, id).await?;
    let mut tx = store::begin(&scope).await?;
    let rows = store::rows_in(&mut tx, scope.id(), Vision::KIND).await?;
    let mut replaced = String::new();
    for row in rows.iter().filter(|it| it.id != id) {
        let before = Vision::from_row(row);
        if before.state == VisionState::Current {
            replaced = format!(" “{}” is kept as replaced.", before.title);
            let after = Vision { state: VisionState::Replaced, ..before };
            store::update(&mut tx, &scope.author(), Vision::KIND, row, after.to_row().values).await?;
        }
    }
    let row = rows.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if row.version != fields.version() {
        return Err(Error::refused("This vision was changed meanwhile, and nothing was done. Read it again first."));
    }
    let vision = Vision::from_row(row);
    let after = Vision { state: VisionState::Current, since: Some(scope.today()), ..vision };
    let title = after.title.clone();
    let values: Row = after.to_row();
    store::update(&mut tx, &scope.author(), Vision::KIND, row, values.values).await?;
    tx.commit().await?;
    Ok(see(
        &format!("/visions/{id}#signed"),
        &format!("“{title}” is the current vision.{replaced} Ask those who decide to sign it off."),
    ))
}
