//! What holds for every request and every answer, whatever the page.

use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    Router,
    body::{Body, HttpBody},
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    door::first_run,
    error::Error,
    import::sheet,
    web::{
        Access, App, refusal,
        refusal::{drawn, is_refusal},
    },
};

const MB: usize = 1_000_000;
/// The most that a request may bring to an import.
const IMPORT_LIMIT: usize = 60 * MB;
/// The most that a file for a record may bring.
const FILE_LIMIT: usize = 20 * MB;
/// The most that any other request may bring.
const LIMIT: usize = 2 * MB;

/// Scripts, fonts and pictures come from here only; styles may stand in pages, because pictures set their sizes so.
const CONTENT_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'";

/// Puts the limits and the headers of this module around every route, and pages in the place of bare refusals.
pub fn protect(router: Router, app: &App) -> Router {
    router.fallback(async || Error::NotFound.into_response()).layer(middleware::from_fn_with_state(app.clone(), around))
}

async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let headers = request.headers().clone();
    let asks_a_page = request.method() == Method::GET && request.uri().query().is_none();
    let response = if !is_open_before_first_run(path) && waits_for_first_run(&app).await {
        Redirect::to("/first-run").into_response()
    } else {
        let most = match path {
            _ if path.starts_with("/import") => IMPORT_LIMIT,
            _ if path.ends_with("/files") => FILE_LIMIT,
            _ => LIMIT,
        };
        if announced(request.headers()).is_some_and(|it| it > most) {
            read_and_forget(request.into_body()).await;
            too_large(most)
        } else {
            DefaultBodyLimit::max(most).apply(&mut request);
            match printable(request, most).await {
                Ok(request) => in_words(next.run(request).await, asks_a_page, most),
                Err(refused) => refused,
            }
        }
    };
    with_headers(&app, drawn(&app, &headers, response).await)
}

/// Whether nobody can sign in yet. The token alone does not tell: the demo and the command line make accounts too.
async fn waits_for_first_run(app: &App) -> bool {
    let has_token = app.first_run.lock().is_ok_and(|it| it.is_some());
    has_token && !first_run::over(app).await.unwrap_or(false)
}

fn is_open_before_first_run(path: &str) -> bool {
    path == "/first-run" || path == "/health" || path.starts_with("/assets/")
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Takes what is sent without keeping it: a browser shows no answer that comes while it is still sending.
async fn read_and_forget(mut body: Body) {
    const PATIENCE: Duration = Duration::from_secs(60);
    const ENOUGH: usize = 1000 * MB;
    let reading = async {
        let mut seen = 0;
        while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            seen += frame.data_ref().map_or(0, |it| it.len());
            if seen > ENOUGH {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, reading).await;
}

fn too_large(most: usize) -> Response {
    // With a file comes what a browser writes around it; people are told how large the file may be.
    let said = if most == IMPORT_LIMIT { sheet::MAX_BYTES / 1024 / 1024 } else { most / MB };
    let message = format!(
        "What you sent is larger than {said} MB, the most that is taken here. Nothing was saved. Split the file, or take \
         out what is not needed, and send it again."
    );
    refusal(StatusCode::PAYLOAD_TOO_LARGE, "That is too large", &message)
}

/// A sentence in the place of a refusal that has none, such as for a form that cannot be read.
fn in_words(response: Response, asks_a_page: bool, most: usize) -> Response {
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let bare = !is_refusal(&response) && media_type.is_none_or(|it| it.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if bare => Error::NotFound.into_response(),
        // Nothing was sent that could be wrong but the address: an identifier that is none leads nowhere either.
        StatusCode::BAD_REQUEST if bare && asks_a_page => Error::NotFound.into_response(),
        StatusCode::PAYLOAD_TOO_LARGE if bare => too_large(most),
        status if bare && status.is_client_error() => refusal(
            status,
            "This was not understood",
            "What was sent, or the address, is not as the page would have made it. Go back, load the page again, and \
             send it once more. Nothing was saved.",
        ),
        _ => response,
    }
}

fn with_headers(app: &App, mut response: Response) -> Response {
    let secret = response.extensions().get::<Access>() == Some(&Access::Secret);
    let headers = response.headers_mut();
    let mut say = |name, value| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // An address that is a secret is told to nobody, not even to ourselves.
    say(header::REFERRER_POLICY, if secret { "no-referrer" } else { "same-origin" });
    // Pages hold personal data; the static files say themselves how long they may be kept.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // What was set over HTTPS never travels without.
    if app.address.starts_with("https:") {
        for (_, cookie) in headers.iter_mut().filter(|(name, _)| **name == header::SET_COOKIE) {
            if let Ok(secure) = HeaderValue::from_bytes(&[cookie.as_bytes(), b"; Secure"].concat()) {
                *cookie = secure;
            }
        }
    }
    response
}

/// A request without control characters other than those that end lines and columns: no database keeps all of them.
/// They are left out of queries and forms; nothing is called by them, so a path that has some leads nowhere.
async fn printable(request: Request, most: usize) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    if without_controls(parts.uri.path()).is_some() || parts.uri.path().contains("%0") {
        return Err(Error::NotFound.into_response());
    }
    if let Some(query) = parts.uri.query().and_then(without_controls)
        && let Ok(uri) = format!("{}?{query}", parts.uri.path()).parse()
    {
        parts.uri = uri;
    }
    let is_form = |it: &HeaderValue| it.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    if !parts.headers.get(header::CONTENT_TYPE).is_some_and(is_form) {
        return Ok(Request::from_parts(parts, body));
    }
    let bytes = axum::body::to_bytes(body, most).await.map_err(|_| too_large(most))?;
    let cleaned = std::str::from_utf8(&bytes).ok().and_then(without_controls);
    if cleaned.is_some() {
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    Ok(Request::from_parts(parts, cleaned.map_or(Body::from(bytes), Body::from)))
}

/// The same text in percent-encoding without control characters; `None` where it has none.
fn without_controls(encoded: &str) -> Option<String> {
    let is_control = |it: u8| it.is_ascii_control() && !b"\t\n\r".contains(&it);
    let mut kept = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some(first) = rest.chars().next() {
        let hex = rest.strip_prefix('%').and_then(|it| it.get(..2));
        let byte = hex.and_then(|it| u8::from_str_radix(it, 16).ok());
        let (part, after) = rest.split_at(if byte.is_some() { 3 } else { first.len_utf8() });
        if !byte.or_else(|| u8::try_from(first).ok()).is_some_and(is_control) {
            kept.push_str(part);
        }
        rest = after;
    }
    (kept.len() != encoded.len()).then_some(kept)
}

/// Whether another site made a browser send this. `address` is how the outside reaches this server.
///
/// A browser says so itself over HTTPS and on the own machine, and elsewhere at least names the origin. What says
/// neither is no browser, and has no cookies that another site could abuse.
pub(super) fn comes_from_elsewhere(method: &Method, headers: &HeaderMap, address: &str) -> bool {
    if method.is_safe() {
        return false;
    }
    let of = |name| headers.get(name).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
    if let Some(site) = of(header::HeaderName::from_static("sec-fetch-site")) {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = of(header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, it)| it);
    let asked = of(header::HOST);
    !origin.eq_ignore_ascii_case(address) && (host.is_none() || host != asked.as_deref())
}

pub(super) fn from_elsewhere() -> Response {
    refusal(
        StatusCode::FORBIDDEN,
        "This came from another site",
        "Another site made your browser send this, so nothing was done. If it was you, open the page here and send it \
         from there. Whoever runs this server behind a proxy: set `address` to the address that people open.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(given: &[(&'static str, &'static str)]) -> bool {
        let headers =
            given.iter().map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
        comes_from_elsewhere(&Method::POST, &headers.collect(), "https://waypost.example.org")
    }

    #[test]
    fn what_another_site_makes_a_browser_send_is_refused() {
        assert!(refused(&[("sec-fetch-site", "cross-site")]));
        assert!(refused(&[("sec-fetch-site", "same-site")]));
        assert!(refused(&[("origin", "https://evil.example"), ("host", "waypost.example.org")]));
        assert!(refused(&[("origin", "null"), ("host", "waypost.example.org")]));
        assert!(refused(&[("sec-fetch-site", "cross-site"), ("origin", "https://waypost.example.org")]));
    }

    #[test]
    fn what_the_own_pages_send_comes_through_behind_a_proxy_too() {
        assert!(!refused(&[("sec-fetch-site", "same-origin")]));
        assert!(!refused(&[("origin", "http://10.0.0.7:7878"), ("host", "10.0.0.7:7878")]));
        assert!(!refused(&[("origin", "https://waypost.example.org"), ("host", "127.0.0.1:7878")]));
        assert!(!refused(&[]), "a program that is no browser");
    }

    #[test]
    fn control_characters_are_left_out_and_nothing_else_is_touched() {
        assert_eq!(
            without_controls("a=1%002%1f%7F&b=%E2%80%9CZ%C3%B6e%0D%0A%09%E2%80%9D").as_deref(),
            Some("a=12&b=%E2%80%9CZ%C3%B6e%0D%0A%09%E2%80%9D")
        );
        for whole in ["", "a=b&c=%20+%2500", "100%", "%0", "%é", "name=Zoë"] {
            assert_eq!(without_controls(whole), None, "{whole}");
        }
    }

    #[test]
    fn reading_is_never_refused() {
        let headers = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static("https://evil.example"))]);
        assert!(!comes_from_elsewhere(&Method::GET, &headers, ""));
    }
}
