//! The frame around every page: navigation, the fifteen with their maturity, messages; and the static files.

use std::sync::LazyLock;

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::{
    account::Membership,
    area::{Entry, Standing, Whereabouts},
    error::{Error, Result},
    files,
    glossary::{self, Term},
    method::{Competency, Group},
    rights::Right,
    web::{Flash, Scope, scope, set_cookie},
};

/// What a page says of itself to the frame.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The title of the window.
    pub title: String,
    /// Where it stands in the navigation: the address of an entry.
    pub section: String,
    /// The way here, from the top: title and address.
    pub crumbs: Vec<(String, String)>,
}

impl Place {
    pub fn new(title: impl Into<String>, section: impl Into<String>) -> Place {
        Place { title: title.into(), section: section.into(), crumbs: Vec::new() }
    }

    pub fn under(mut self, title: impl Into<String>, url: impl Into<String>) -> Place {
        self.crumbs.push((title.into(), url.into()));
        self
    }
}

#[derive(Template)]
#[template(path = "web/frame.html")]
struct Frame<'a> {
    scope: &'a Scope,
    place: &'a Place,
    /// The address of the entry that is marked in the navigation.
    section: &'a str,
    /// What stands at the top of the navigation, with its icon.
    entries: Vec<(&'static Entry, &'static str)>,
    /// The competency that the page belongs to, and its pages: title and address.
    competency: Option<Competency>,
    tabs: Vec<(&'static str, String)>,
    groups: Vec<(Group, Vec<(Competency, Standing)>)>,
    others: Vec<&'a Membership>,
    year: String,
    content: String,
    /// The address that stands in links to hand out, where other devices cannot reach it.
    unreachable: Option<&'a str>,
    words: Vec<&'static Term>,
    flash: &'a Flash,
}

impl Frame<'_> {
    fn is_at(&self, competency: &Competency) -> bool {
        self.competency == Some(*competency)
    }

    /// What a screen reader says of the five dots.
    fn said(&self, standing: &Standing) -> String {
        let maturity = standing.maturity.map_or("not assessed".to_owned(), |it| format!("maturity {it} of 5"));
        format!(
            "{maturity}{}{}",
            if standing.settled { ", settled" } else { "" },
            if standing.next { ", next" } else { "" }
        )
    }
}

impl Scope {
    /// The whole page around its content.
    pub async fn page(&self, place: Place, content: &impl Template) -> Result<Response> {
        self.page_with(StatusCode::OK, place, content).await
    }

    /// The same with another status: a faulty form comes back as 422.
    pub async fn page_with(&self, status: StatusCode, place: Place, content: &impl Template) -> Result<Response> {
        let mut standings = Vec::new();
        for area in &self.app.registry.areas {
            standings = area.standings(self).await?;
            if !standings.is_empty() {
                break;
            }
        }
        let content = content.render()?;
        let seen = || self.app.registry.entries().filter(|it| self.may(it.right));
        let section = match seen().find(|it| it.url == place.section).map(|it| it.place) {
            Some(Whereabouts::Under(url)) => url,
            _ => &place.section,
        };
        let competency = competency_of(seen().find(|it| it.url == section), section);
        let tabs: Vec<(&'static str, String)> = competency.map_or(Vec::new(), |of| {
            let pages = seen().filter(|it| it.place == Whereabouts::Of(of)).map(|it| (it.title, it.url.to_owned()));
            std::iter::once(("Where we stand", of.url())).chain(pages).collect()
        });
        let of = |it: &Competency| (*it, standings.get(it.number() - 1).copied().unwrap_or_default());
        let frame = Frame {
            scope: self,
            place: &place,
            section,
            entries: seen()
                .filter_map(|it| match it.place {
                    Whereabouts::Top { icon } => Some((it, icon)),
                    _ => None,
                })
                .collect(),
            competency,
            tabs: if tabs.len() > 1 { tabs } else { Vec::new() },
            groups: Group::ALL.iter().map(|it| (*it, it.competencies().iter().map(of).collect())).collect(),
            others: self.memberships.iter().filter(|it| it.org != self.id()).collect(),
            year: self.year_name(),
            words: if place.section == "/glossary" { Vec::new() } else { glossary::words_on(&content) },
            unreachable: Some(&*self.app.address).filter(|it| is_loopback(it) && content.contains(&format!("{it}/"))),
            content,
            flash: &self.flash,
        };
        let mut response = (status, Html(frame.render()?)).into_response();
        if !self.flash.0.is_empty() {
            set_cookie(&mut response, scope::FLASH_COOKIE, "", Some(0));
        }
        Ok(response)
    }

    /// What the financial year at hand is called: by the year in which it ends.
    fn year_name(&self) -> String {
        let today = self.today();
        let (month, day) = crate::org::Organisation::month_day(&self.org.year_starts);
        let started = (today.month(), today.day()) >= (month, day);
        let ends_later = started && (month, day) != (1, 1);
        format!("FY {}", today.year() + i16::from(ends_later))
    }
}

/// Whether an address is that of the very machine that opens it.
fn is_loopback(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |it| it.1);
    let host = host.split('/').next().unwrap_or_default();
    let host = if host.starts_with('[') {
        host.trim_start_matches('[').split(']').next().unwrap_or_default()
    } else {
        host.split(':').next().unwrap_or_default()
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback() || it.is_unspecified())
}

/// The competency to which a place in the navigation belongs.
fn competency_of(entry: Option<&Entry>, section: &str) -> Option<Competency> {
    match entry.map(|it| it.place) {
        Some(Whereabouts::Of(competency)) => Some(competency),
        _ => Competency::ALL.iter().find(|it| it.url() == section).copied(),
    }
}

/// A static file of the program. They are few, so each is named here.
pub async fn assets(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    macro_rules! files {
        ($($name:literal, $media_type:literal;)*) => {
            match &*path {
                $($name => {
                    static BYTES: &[u8] = include_bytes!(concat!("../../../../assets/", $name));
                    static TAG: LazyLock<String> = LazyLock::new(|| format!("\"{}\"", files::digest(BYTES)));
                    (BYTES, $media_type, &**TAG)
                })*
                _ => return Err(Error::NotFound),
            }
        };
    }
    let (bytes, media_type, tag) = files! {
        "waypost.css", "text/css; charset=utf-8";
        "waypost.js", "text/javascript; charset=utf-8";
        "icons.svg", "image/svg+xml";
        "favicon.svg", "image/svg+xml";
        "vendor/htmx.min.js", "text/javascript; charset=utf-8";
        "vendor/echarts.min.js", "text/javascript; charset=utf-8";
        "vendor/inter-latin.woff2", "font/woff2";
        "vendor/inter-latin-ext.woff2", "font/woff2";
    };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|it| it.as_bytes() == tag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let head =
        [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "public, max-age=3600"), (header::ETAG, tag)];
    Ok((head, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_machine_itself_is_out_of_reach_of_others() {
        for it in ["http://127.0.0.1:7878", "http://localhost", "http://[::1]:7878", "http://0.0.0.0:80"] {
            assert!(is_loopback(it), "{it}");
        }
        for it in [
            "https://waypost.example.org",
            "http://192.168.1.5:7878",
            "http://[2001:db8::1]",
            "https://localhost.example",
        ] {
            assert!(!is_loopback(it), "{it}");
        }
    }
}
