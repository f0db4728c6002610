//! The board pack as a page and as a file.

use align::envisioning::{Banner, banner};
use askama::Template;
use axum::{extract::Path, response::Response};
use kit::{
    document::DOCX,
    error::{Error, Result},
    rights::Right,
    web::{Access, Place, Routes, Scope, download},
};

use super::pack::Pack;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/board-pack", Access::With(Right::View), page).get(
        "/board-pack/{format}",
        Access::With(Right::View),
        file,
    )
}

#[derive(Template)]
#[template(path = "board_pack/board_pack.html")]
struct Page {
    banner: Option<Banner>,
    heading: String,
    without_amounts: bool,
    /// Everything below the vision.
    pack: String,
}

async fn page(scope: Scope) -> Result<Response> {
    let pack = Pack::load(&scope).await?;
    let page = Page {
        banner: banner(&scope).await?,
        heading: pack.heading(),
        without_amounts: !scope.may(Right::SeeCosts),
        pack: pack.document(None).html()?,
    };
    scope.page(Place::new("Board pack", "/board-pack"), &page).await
}

async fn file(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    if format != "docx" {
        return Err(Error::NotFound);
    }
    let pack = Pack::load(&scope).await?;
    let file = pack.document(banner(&scope).await?.as_ref()).docx(scope.locale())?;
    Ok(download(&format!("board-pack-{}.docx", scope.today()), DOCX, file))
}
