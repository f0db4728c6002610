//! Pages without the frame: for whoever is not signed in, or has no organisation at hand.

use std::{convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::{Html, IntoResponse, Response},
};

use crate::{
    account::Session,
    error::Result,
    web::{App, Flash, Place, Scope, scope, set_cookie},
};

/// How a reader without the frame wants pages to look, and the message for them.
#[derive(Debug, Clone)]
pub struct Alone {
    theme: &'static str,
    flash: Flash,
}

#[derive(Template)]
#[template(path = "web/alone.html")]
struct Page<'a> {
    title: &'a str,
    theme: &'a str,
    flash: &'a Flash,
    wide: bool,
    content: String,
}

impl Alone {
    /// A narrow page, for a form of a few fields.
    pub fn page(&self, status: StatusCode, title: &str, content: &impl Template) -> Result<Response> {
        self.send(status, title, false, content)
    }

    /// A page with room for a table or a long form.
    pub fn wide_page(&self, status: StatusCode, title: &str, content: &impl Template) -> Result<Response> {
        self.send(status, title, true, content)
    }

    fn send(&self, status: StatusCode, title: &str, wide: bool, content: &impl Template) -> Result<Response> {
        let page = Page { title, theme: self.theme, flash: &self.flash, wide, content: content.render()? };
        let mut response = (status, Html(page.render()?)).into_response();
        if !self.flash.0.is_empty() {
            set_cookie(&mut response, scope::FLASH_COOKIE, "", Some(0));
        }
        Ok(response)
    }

    pub(super) fn of(headers: &HeaderMap) -> Alone {
        Alone { theme: scope::theme(headers), flash: Flash::of(headers) }
    }
}

impl FromRequestParts<App> for Alone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Alone, Infallible> {
        Ok(Alone::of(&parts.headers))
    }
}

/// Whoever is signed in, whether or not an organisation is at hand.
#[derive(Clone)]
pub struct Visitor {
    pub session: Arc<Session>,
    pub scope: Option<Scope>,
    alone: Alone,
}

impl Visitor {
    /// `light`, `dark`, or nothing where the device decides.
    pub fn theme(&self) -> &'static str {
        self.alone.theme
    }

    /// A page in the frame of the organisation at hand; without the frame where there is none.
    pub async fn page(&self, status: StatusCode, place: Place, content: &impl Template) -> Result<Response> {
        match &self.scope {
            Some(scope) => scope.page_with(status, place, content).await,
            None => self.alone.wide_page(status, &place.title, content),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    /// # Panics
    /// On a route that is open to those who are not signed in: the guard of the route puts the session here.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Visitor, Infallible> {
        let session = parts.extensions.get::<Arc<Session>>().cloned();
        Ok(Visitor {
            session: session.expect("a route that takes a visitor is not open to everyone"),
            scope: parts.extensions.get::<Scope>().cloned(),
            alone: Alone::of(&parts.headers),
        })
    }
}
