//! The personal links of an open campaign, as slips to hand out and as a table.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use kit::{
    error::{Error, Result},
    qr,
    table::{self, Cell, Column, Table},
    web::{Place, Scope},
};
use serde::Deserialize;

use crate::{
    campaign::{Campaign, CampaignId, Invitee, State},
    mailing, store,
};

#[derive(Template)]
#[template(path = "pages/links.html")]
struct Links {
    campaign: Campaign,
    asked: usize,
    /// Those of this page: name, address, code.
    slips: Vec<(String, String, String)>,
    /// The page that is shown, from 1; none where all are on it.
    page: Option<usize>,
    pages: usize,
}

/// How many slips stand on one page: a sheet of five hundred codes is slow to look at, and is wanted for printing only.
const SLIPS: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AskedPage {
    page: String,
}

/// A campaign whose links work, with everyone who is asked. In an anonymous campaign, too, those are all of them,
/// answered or not, so that a list of links tells nothing.
async fn linked(scope: &Scope, id: CampaignId) -> Result<(Campaign, Vec<Invitee>)> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    if campaign.state != State::Open {
        return Err(Error::refused("Links work while the survey is open. Launch it first."));
    }
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    Ok((campaign, invitees))
}

/// Personal links as a sheet to print and cut: name, address, QR code; page by page, or all of them at once.
pub(super) async fn links(
    scope: Scope,
    Path(id): Path<CampaignId>,
    Query(wanted): Query<AskedPage>,
) -> Result<Response> {
    let (campaign, invitees) = linked(&scope, id).await?;
    let asked = invitees.len();
    let pages = asked.div_ceil(SLIPS).max(1);
    let page = (wanted.page != "all" && pages > 1).then(|| wanted.page.parse().unwrap_or(1).clamp(1, pages));
    let mut slips = Vec::new();
    for it in invitees.iter().skip(page.map_or(0, |it| (it - 1) * SLIPS)).take(page.map_or(asked, |_| SLIPS)) {
        let link = mailing::link(&scope.app, it);
        let code = qr::svg(&link, 120, 0)?;
        slips.push((it.name.clone(), link, code));
    }
    let place = Place::new("Links to print", "/surveys")
        .under("Surveys", "/surveys")
        .under(campaign.title.clone(), format!("/surveys/{id}"));
    scope.page(place, &Links { campaign, asked, slips, page, pages }).await
}

/// Personal links as a table for a mail merge.
pub(super) async fn links_file(scope: Scope, Path((id, format)): Path<(CampaignId, String)>) -> Result<Response> {
    let (campaign, invitees) = linked(&scope, id).await?;
    let column = |key: &str, label: &str| Column::new(key, label, table::Kind::Text);
    let rows = invitees
        .into_iter()
        .map(|it| {
            let link = mailing::link(&scope.app, &it);
            let or_empty = |it: Option<String>| it.map_or(Cell::Empty, Cell::Text);
            vec![
                Cell::Text(it.name),
                or_empty(it.email),
                Cell::Text(it.side.label().to_owned()),
                or_empty(it.unit),
                Cell::Text(link),
            ]
        })
        .collect();
    let columns = vec![
        column("name", "Name"),
        column("email", "Email"),
        column("side", "Side"),
        column("unit", "Unit"),
        column("link", "Link"),
    ];
    kit::pages::send(&[Table { title: format!("Links of {}", campaign.title), columns, rows }], "links", &format)
}
