//! The way of a request: route, who asks, in which organisation, with which right; then load, decide, save, show.

mod alone;
mod frame;
mod refusal;
mod routes;
mod scope;
mod security;
mod sent;

use std::{ops::Deref, path::PathBuf, sync::Arc};

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use db::Db;
use jiff::Timestamp;

use crate::area::Registry;

pub use self::{
    alone::{Alone, Visitor},
    frame::{Place, assets},
    refusal::refusal,
    routes::{Access, Listed, Routes},
    scope::{Flash, SESSION_COOKIE, Scope, cookie, percent, set_cookie, set_session, set_theme, unpercent},
    security::protect,
    sent::Sent,
};

/// The running program: what every request shares.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub db: Db,
    pub registry: Registry,
    /// The present moment; tests set their own.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// The data folder: files that people brought, by their content.
    pub folder: PathBuf,
    /// How the outside reaches this server, without a slash at the end: `https://waypost.example.org`.
    pub address: String,
    /// Where mail goes out; `None` where there is no mail server.
    pub mail: Option<crate::mail::Server>,
    /// Guards the first-run page; `None` once the installation has its owner.
    pub first_run: std::sync::Mutex<Option<String>>,
}

impl App {
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Renders a template that is a whole answer by itself, such as a fragment or a page without the frame.
pub fn html(template: &impl askama::Template) -> crate::error::Result<Response> {
    Ok(Html(template.render()?).into_response())
}

/// A file for the reader to keep.
pub fn download(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let safe: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{safe}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// A message of at most 300 characters.
fn shortened(message: &str) -> String {
    const MOST: usize = 300;
    if message.chars().count() <= MOST {
        return message.to_owned();
    }
    message.chars().take(MOST - 1).chain(['…']).collect()
}

/// After something was done: go and see it. A message goes along and is shown once.
pub fn see(url: &str, message: &str) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, url.to_owned())]).into_response();
    if !message.is_empty() {
        // A browser drops a cookie that is too large, and with it the message.
        let flash = percent(&shortened(message));
        set_cookie(&mut response, scope::FLASH_COOKIE, &flash, Some(60));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_and_a_short_one_is_not() {
        assert_eq!(shortened(&"é".repeat(300)), "é".repeat(300));
        assert_eq!(shortened(&"é".repeat(301)), format!("{}…", "é".repeat(299)));
    }
}
