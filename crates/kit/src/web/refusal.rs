//! The page that stands in the place of what was asked: in the frame for whoever is signed in, alone for others.

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::web::{Access, Alone, App, Place, Scope, scope};

/// Travels with a response to the outermost layer, which alone knows who asks.
#[derive(Clone)]
struct Refusal {
    title: String,
    message: String,
}

#[derive(Template)]
#[template(path = "web/refusal.html")]
struct Page<'a> {
    refusal: &'a Refusal,
    back: Option<&'a str>,
}

/// Says in a page why there is not the page that was asked for, and what to do.
pub fn refusal(status: StatusCode, title: &str, message: &str) -> Response {
    let mut response = (status, message.to_owned()).into_response();
    response.extensions_mut().insert(Refusal { title: title.to_owned(), message: message.to_owned() });
    response
}

pub(super) fn is_refusal(response: &Response) -> bool {
    response.extensions().get::<Refusal>().is_some()
}

/// Draws the page of a refusal; any other response stays as it is.
pub(super) async fn drawn(app: &App, headers: &HeaderMap, mut response: Response) -> Response {
    let Some(refusal) = response.extensions_mut().remove::<Refusal>() else { return response };
    let status = response.status();
    let open_to_all = matches!(response.extensions().get(), Some(Access::Public | Access::Secret));
    let content = Page { refusal: &refusal, back: back(headers) };
    let framed = if open_to_all { None } else { framed(app, headers, status, &content).await };
    let alone = || Alone::of(headers).page(status, &refusal.title, &content).ok();
    let Some(page) = framed.or_else(alone) else { return response };
    let (drawn, body) = page.into_parts();
    let (mut parts, _) = response.into_parts();
    parts.headers.extend(drawn.headers);
    Response::from_parts(parts, body)
}

/// `None` where nobody is signed in, or where what failed is the frame or the data that it shows.
async fn framed(app: &App, headers: &HeaderMap, status: StatusCode, content: &Page<'_>) -> Option<Response> {
    match Scope::of(app, headers).await.ok()? {
        scope::Found::Member(scope, _) => {
            scope.page_with(status, Place::new(&content.refusal.title, ""), content).await.ok()
        }
        _ => None,
    }
}

/// The page of ours that the reader came from.
fn back(headers: &HeaderMap) -> Option<&str> {
    let of = |name| headers.get(name).and_then(|it: &HeaderValue| it.to_str().ok());
    let (_, from) = of(header::REFERER)?.split_once("://")?;
    from.strip_prefix(of(header::HOST)?).filter(|it| it.starts_with('/') && !it.starts_with("//"))
}
