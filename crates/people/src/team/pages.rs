//! The team's pages.

mod gaps;
mod main;
mod people;
mod plan;
mod time;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use kit::{
    chart::{self, Chart, Theme},
    error::{Error, Result},
    rights::Right,
    web::{Access, Routes},
};

use crate::team::{
    model::Level,
    rules::{Line, State},
};

pub fn routes(routes: Routes) -> Routes {
    let view = Access::With(Right::View);
    routes
        .get("/team", view, main::page)
        .post("/team/our-list", Access::With(Right::Lead), main::take_in)
        .get("/team/our-list/{format}", view, main::our_list)
        .get("/team/gaps", view, gaps::page)
        .get("/team/people", view, people::list)
        .get("/team/people/{id}", view, people::page)
        .post("/team/people/{id}", view, people::save)
        .get("/team/plan", view, plan::page)
        .get("/team/plan/chart/{format}", view, plan::file)
        .get("/team/profiles/{id}", Access::With(Right::View), plan::profile)
        .get("/team/time", view, time::page)
        .post("/team/time", Access::With(Right::Contribute), time::save)
        .get("/team/time/chart/{format}", view, time::file)
}

/// Cover as circles: filled for each who has it, empty for each who is missing.
struct Cover {
    on: usize,
    off: usize,
    said: String,
}

/// More circles than this are only counted.
const CIRCLES: usize = 6;

impl Cover {
    fn of(line: &Line) -> Cover {
        let on = line.have.min(CIRCLES);
        let off = line.lacks().min(CIRCLES - on);
        Cover { on, off, said: format!("{} of {} people", line.have, line.wanted) }
    }
}

/// The chip of a state: class and words.
fn chip(state: State) -> (&'static str, &'static str) {
    (state.class(), state.label())
}

/// A step as pages say it.
fn step(level: i64) -> &'static str {
    Level::from_number(level).map_or("", Level::label)
}

/// A chart as a file for documents.
async fn picture(chart: Chart, name: &str, Path(format): Path<String>) -> Result<Response> {
    let is_png = match &*format {
        "svg" => false,
        "png" => true,
        _ => return Err(Error::NotFound),
    };
    let drawn = tokio::task::spawn_blocking(move || {
        let drawn = chart::svg(&chart, Theme::Light, 960)?;
        if is_png { chart::png(&drawn, 2.0) } else { Ok(drawn.into_bytes()) }
    });
    let bytes = drawn.await.map_err(Error::internal)??;
    let media_type = if is_png { "image/png" } else { "image/svg+xml" };
    let named = format!("inline; filename=\"{name}.{format}\"");
    Ok(([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes).into_response())
}
