//! A whole program on an empty database, at a fixed moment.

use std::sync::Mutex;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use db::{Db, uuid::Uuid};
use http_body_util::BodyExt;
use jiff::Timestamp;
use kit::{
    account::{self, AccountId},
    org::{self, OrgId, Organisation},
    rights::Role,
    web::{App, Listed, Parts, SESSION_COOKIE, Scope},
};
use tower::ServiceExt;

/// The password of everyone in these tests; hashed once, since hashing is slow on purpose.
pub const PASSWORD: &str = "correct horse battery";

/// Monday 23 November 2026, noon in London.
pub const NOW: &str = "2026-11-23T12:00:00Z";

/// A server on a database of its own.
pub struct World {
    pub app: App,
    /// The address of its database, for a program that is to open the same data.
    pub database: String,
    router: Router,
    pub routes: Vec<Listed>,
    _dir: tempfile::TempDir,
}

/// Someone who is signed in.
#[derive(Clone)]
pub struct User {
    pub org: OrgId,
    pub cookie: String,
}

/// An answer of the server.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|it| it.to_str().ok()).unwrap_or("")
    }

    /// What a reader sees: the text of the content without tags, white space folded.
    pub fn visible(&self) -> String {
        let text = self.text();
        let main = text.split_once("<main").map_or(&*text, |(_, it)| it);
        let mut out = String::new();
        let mut inside = true;
        for it in main.chars() {
            match it {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push(' ');
                }
                it if !inside => out.push(it),
                _ => {}
            }
        }
        let out = out.replace("&#34;", "\"").replace("&#39;", "'").replace("&amp;", "&").replace("&#38;", "&");
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl World {
    /// A world on SQLite, or on a schema of its own in the PostgreSQL that `WAYPOST_TEST_POSTGRES` names.
    pub async fn new() -> World {
        World::with(|_| {}).await
    }

    /// The same with other parts, such as a mail server.
    pub async fn with(change: impl FnOnce(&mut Parts)) -> World {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(dir.path().join("files")).expect("a folder for files");
        let database = database(dir.path()).await;
        let db = Db::open(&database).await.expect("an open database");
        let mut parts = Parts {
            db,
            registry: waypost::registry(),
            clock: Box::new(|| NOW.parse::<Timestamp>().expect("a moment")),
            folder: dir.path().to_owned(),
            address: "http://waypost.test".to_owned(),
            mail: None,
            first_run: Mutex::new(None),
        };
        change(&mut parts);
        let app = App::new(parts);
        let (router, routes) = waypost::router(&app);
        World { app, database, router, routes, _dir: dir }
    }

    /// A new organisation.
    pub async fn organisation(&self, name: &str) -> OrgId {
        let org = Organisation {
            id: OrgId::fresh(),
            name: name.to_owned(),
            locale: "en-GB".to_owned(),
            currency: "GBP".to_owned(),
            time_zone: "Europe/London".to_owned(),
            year_starts: "07-01".to_owned(),
            budget_due: "05-29".to_owned(),
            results_days: 120,
            decisions_days: 120,
            version: 1,
        };
        let mut tx = self.app.db.begin().await.expect("a write");
        org::insert(&mut tx, &org).await.expect("a new organisation");
        tx.commit().await.expect("a commit");
        org.id
    }

    /// Someone new of this role, signed in.
    pub async fn user(&self, org: OrgId, role: Role) -> User {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = HASH.get_or_init(async || account::hash_password(PASSWORD.to_owned()).await.expect("a hash")).await;
        let id = AccountId::fresh();
        let mut tx = self.app.db.begin().await.expect("a write");
        let email = format!("{id}@example.org");
        account::insert(&mut tx, id, &email, role.label(), hash, self.app.now()).await.expect("a new account");
        account::join(&mut tx, id, org, role).await.expect("a membership");
        let secret = account::start_session(&mut tx, id, Some(org), self.app.now()).await.expect("a session");
        tx.commit().await.expect("a commit");
        User { org, cookie: format!("{SESSION_COOKIE}={secret}") }
    }

    /// The address with which somebody signs in.
    pub async fn email(&self, user: &User) -> String {
        let secret = user.cookie.split_once('=').expect("a cookie").1;
        account::session(&self.app.db, secret, self.app.now()).await.expect("a session").expect("somebody").email
    }

    /// A new organisation and its owner.
    pub async fn owner(&self) -> User {
        let org = self.organisation("Harbour").await;
        self.user(org, Role::Owner).await
    }

    /// The program's own way into an organisation, for setting the stage.
    pub async fn scope(&self, org: OrgId) -> Scope {
        Scope::of_program(&self.app, org).await.expect("an organisation")
    }

    /// The router, for serving it to a browser.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub async fn get(&self, user: &User, path: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, &user.cookie).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form.
    pub async fn post(&self, user: &User, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(
            form(path, fields)
                .header(header::COOKIE, &user.cookie)
                .body(Body::from(encode(fields)))
                .expect("a request"),
        )
        .await
    }

    /// Sends a form with files, as a browser does: each part with its name, the name of its file if it is one, and what
    /// is in it.
    pub async fn upload(&self, user: &User, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        const EDGE: &str = "a-line-that-no-file-holds";
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            let file = file.map_or(String::new(), |it| format!("; filename=\"{it}\""));
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{EDGE}--\r\n").bytes());
        let request = Request::post(path)
            .header(header::COOKIE, &user.cookie)
            .header(header::CONTENT_LENGTH, body.len())
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// Asks without being signed in.
    pub async fn ask(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, fields).method(method).body(Body::from(encode(fields))).expect("a request")).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

fn form(path: &str, _: &[(&str, &str)]) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn encode(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(key, value)| format!("{}={}", kit::web::percent(key), kit::web::percent(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The address of a fresh database: a file, or a schema of its own.
async fn database(dir: &std::path::Path) -> String {
    match std::env::var("WAYPOST_TEST_POSTGRES") {
        Ok(server) => {
            let schema = format!("test_{}", Uuid::now_v7().simple());
            let pool =
                db::sqlx::PgPool::connect(&server).await.expect("the PostgreSQL that WAYPOST_TEST_POSTGRES names");
            let make = db::sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
            db::sqlx::query(make).execute(&pool).await.expect("a schema");
            pool.close().await;
            let joint = if server.contains('?') { '&' } else { '?' };
            format!("{server}{joint}options=-c%20search_path%3D{schema}")
        }
        Err(_) => format!("sqlite:{}", dir.join("waypost.db").display()),
    }
}
