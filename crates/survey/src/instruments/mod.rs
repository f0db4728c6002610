//! The instruments of an organisation, as files: to take out, to change, to bring in again as a new edition. Campaigns
//! keep the edition that they were made with.

pub mod rules;

use askama::Template;
use axum::{
    extract::{Multipart, Path, multipart::MultipartRejection},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use kit::{
    audit::{self, Changes},
    error::{Error, Result},
    rights::Right,
    web::{Access, Place, Routes, Scope, download, see},
};

use crate::{
    campaign::CampaignId,
    instrument::{Instrument, shipped},
    instruments::rules::{newest, next_edition, read},
    pages::shown,
    store,
};

/// What the audit trail calls an instrument.
pub const INSTRUMENT: &str = "instrument";

pub fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Access::With(Right::View), Access::With(Right::ManageSurveys));
    routes
        .get("/surveys/instruments", view, list)
        .post("/surveys/instruments", manage, receive)
        .get("/surveys/instruments/{key}", view, file)
        .get("/surveys/{id}/instrument", view, of_campaign)
}

/// Every edition that the organisation has: those that come with the product, then its own.
async fn editions(scope: &Scope) -> Result<Vec<Instrument>> {
    let mut all = shipped();
    all.extend(store::instruments(scope.db(), scope.id()).await?);
    Ok(all)
}

/// What can be put to an audience: the newest edition of each instrument.
pub async fn all(scope: &Scope) -> Result<Vec<Instrument>> {
    Ok(newest(editions(scope).await?))
}

#[derive(Template)]
#[template(path = "instruments/list.html")]
struct List<'a> {
    scope: &'a Scope,
    heading: String,
    instruments: Vec<Instrument>,
    faults: Vec<String>,
}

impl List<'_> {
    fn languages(&self, of: &Instrument) -> String {
        of.title.0.keys().cloned().collect::<Vec<_>>().join(", ")
    }
}

async fn list(scope: Scope) -> Result<Response> {
    show(&scope, Vec::new()).await
}

async fn show(scope: &Scope, faults: Vec<String>) -> Result<Response> {
    let own = store::instruments(scope.db(), scope.id()).await?.len();
    let heading = match own {
        0 => "Every instrument is a file that you can change".to_owned(),
        1 => "One instrument or edition is your own".to_owned(),
        n => format!("{n} instruments and editions are your own"),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = List { scope, heading, instruments: all(scope).await?, faults };
    scope.page_with(status, Place::new("Instruments", "/surveys").under("Surveys", "/surveys"), &page).await
}

fn as_file(it: &Instrument) -> Result<Response> {
    let text = serde_json::to_vec_pretty(it).map_err(Error::internal)?;
    Ok(download(&format!("{}-{}.json", it.key, it.version), "application/json", text))
}

async fn file(scope: Scope, Path(key): Path<String>) -> Result<Response> {
    as_file(all(&scope).await?.iter().find(|it| it.key == key).ok_or(Error::NotFound)?)
}

/// The instrument as a campaign asks it, whatever editions came after.
async fn of_campaign(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    as_file(&shown(&scope, id).await?.instrument)
}

async fn receive(scope: Scope, form: std::result::Result<Multipart, MultipartRejection>) -> Result<Response> {
    let broken = || Error::refused("What was sent broke off. Nothing was saved: send the file again.");
    let mut form = form.map_err(|_| broken())?;
    let mut given = None;
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if let Some(name) = field.file_name().filter(|it| !it.is_empty()).map(str::to_owned) {
            given = Some((name, field.bytes().await.map_err(|_| broken())?));
        }
    }
    let Some((name, bytes)) = given else { return show(&scope, vec!["Choose a file first.".to_owned()]).await };
    let instrument = match read(&name, &bytes) {
        Ok(it) => it,
        Err(faults) => return show(&scope, faults).await,
    };
    let title = instrument.title.get("en").to_owned();
    let Some(it) = next_edition(instrument, &editions(&scope).await?) else {
        return Ok(see("/surveys/instruments", "This is the newest edition already. Nothing was changed."));
    };
    let id = Uuid::now_v7();
    let mut tx = scope.db().begin().await?;
    store::insert_instrument(&mut tx, scope.id(), id, &it).await?;
    let changes = Changes::from([("edition".to_owned(), [serde_json::Value::Null, it.version.into()])]);
    audit::add(&mut tx, &scope.author(), "brought in", INSTRUMENT, id, &title, &changes, i64::from(it.version)).await?;
    tx.commit().await?;
    Ok(see("/surveys/instruments", &format!("“{title}” is here as edition {}.", it.version)))
}
