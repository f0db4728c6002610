//! Who asks, in which organisation, as what: without this there is no way to the data.

use std::{borrow::Borrow, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use calc::money::Money;
use db::Db;
use jiff::{Timestamp, civil::Date};

use crate::{
    account::{self, Membership, Session},
    audit::Author,
    error::{Error, Result},
    format::{Currency, Locale, Writing},
    org::{self, OrgId, Organisation},
    rights::{Right, Role},
    web::App,
};

pub const SESSION_COOKIE: &str = "waypost";
pub(super) const FLASH_COOKIE: &str = "flash";

/// One organisation as one person may see it, at one moment.
#[derive(Clone)]
pub struct Scope {
    pub app: App,
    /// The data, of which it remembers what was read.
    read: Db,
    pub org: Arc<Organisation>,
    pub role: Role,
    /// Who asks; nobody where the program itself works, as in an import on the command line.
    pub session: Option<Arc<Session>>,
    pub memberships: Arc<Vec<Membership>>,
    pub now: Timestamp,
    /// `light`, `dark`, or nothing where the device decides.
    pub theme: &'static str,
    pub flash: Flash,
}

/// A message from the request before this one.
#[derive(Clone, Debug, Default)]
pub struct Flash(pub String);

impl Flash {
    pub(super) fn of(headers: &HeaderMap) -> Flash {
        Flash(cookie(headers, FLASH_COOKIE).map(|it| unpercent(&it)).unwrap_or_default())
    }
}

/// What the guard found out about a request.
pub(super) enum Found {
    Nobody,
    /// Signed in, but no organisation at hand.
    Account(Arc<Session>),
    Member(Box<Scope>, Arc<Session>),
}

impl Scope {
    pub(super) async fn of(app: &App, headers: &HeaderMap) -> Result<Found> {
        let now = app.now();
        let Some(secret) = cookie(headers, SESSION_COOKIE) else { return Ok(Found::Nobody) };
        let Some(session) = account::session(&app.db, &secret, now).await? else { return Ok(Found::Nobody) };
        match account::touch(&app.db, &secret, &session, now).await {
            // Reading goes on while the disk is full.
            Ok(()) | Err(Error::Full) => {}
            Err(err) => return Err(err),
        }
        let session = Arc::new(session);
        Ok(match Scope::of_session(app, session.clone()).await? {
            Some(scope) => {
                let scope = Scope { theme: theme(headers), flash: Flash::of(headers), ..scope };
                Found::Member(Box::new(scope), session)
            }
            None => Found::Account(session),
        })
    }

    /// The organisation at hand as the member of a session may see it; nothing where no organisation is at hand.
    pub async fn of_session(app: &App, session: Arc<Session>) -> Result<Option<Scope>> {
        let memberships = account::memberships(&app.db, session.account).await?;
        let at_hand = match session.org {
            Some(org) => memberships.iter().find(|it| it.org == org),
            None if memberships.len() == 1 => memberships.first(),
            None => None,
        };
        let Some(at_hand) = at_hand else { return Ok(None) };
        let (org, role) = (at_hand.org, at_hand.role());
        Ok(Some(Scope {
            session: Some(session),
            memberships: Arc::new(memberships),
            ..Scope::with(app, org, role).await?
        }))
    }

    /// The program itself at work in an organisation, with every right.
    pub async fn of_program(app: &App, org: OrgId) -> Result<Scope> {
        Scope::with(app, org, Role::Owner).await
    }

    /// An organisation at this moment, with the rights of a role.
    async fn with(app: &App, org: OrgId, role: Role) -> Result<Scope> {
        Ok(Scope {
            app: app.clone(),
            read: app.db.remembering().await?,
            org: Arc::new(org::find(&app.db, org).await?),
            role,
            session: None,
            memberships: Arc::default(),
            now: app.now(),
            theme: "",
            flash: Flash::default(),
        })
    }

    pub fn db(&self) -> &Db {
        &self.read
    }

    pub fn id(&self) -> OrgId {
        self.org.id
    }

    /// The day it is where the organisation is.
    pub fn today(&self) -> Date {
        self.org.day(self.now)
    }

    /// The moment so many days ago, from the hour, so that the next request asks for the same.
    pub fn days_ago(&self, days: i64) -> Timestamp {
        const HOUR: i64 = 60 * 60;
        let now = self.now.as_second();
        Timestamp::from_second(now - now % HOUR - days * 24 * HOUR).unwrap_or(Timestamp::MIN)
    }

    pub fn may(&self, right: impl Borrow<Right>) -> bool {
        self.role.may(*right.borrow())
    }

    /// Refuses with [`Error::Forbidden`] what the role does not allow.
    pub fn need(&self, right: Right) -> Result<()> {
        if self.may(right) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// On whose behalf a change is audited.
    pub fn author(&self) -> Author {
        Author {
            org: self.id(),
            account: self.session.as_ref().map(|it| it.account.0),
            name: self.session.as_ref().map_or_else(|| "Waypost".to_owned(), |it| it.name.clone()),
            at: self.now,
            batch: None,
        }
    }

    /// How this organisation writes numbers, days and money, in the English of the application.
    pub fn locale(&self) -> Locale {
        Locale::of(&self.org.locale).in_english()
    }

    /// The same with the currency of its books.
    pub fn writing(&self) -> Writing {
        Writing { locale: self.locale(), currency: self.currency() }
    }

    /// The currency of its books.
    pub fn currency(&self) -> Currency {
        Currency::of(&self.org.currency).expect("an organisation's settings hold a code of ISO 4217")
    }

    /// An amount in the currency of the books, as a page shows it.
    pub fn money(&self, amount: Money) -> String {
        self.locale().money(amount.minor(), self.currency())
    }
}

impl FromRequestParts<App> for Scope {
    type Rejection = Error;

    /// # Panics
    /// On a route that does not ask for a member: the guard of the route puts the scope here.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Scope> {
        Ok(parts.extensions.get::<Scope>().cloned().expect("a route that takes a scope is open to members only"))
    }
}

/// The value of a cookie of the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'))
        .find_map(|it| it.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// Sets a cookie that scripts cannot read and other sites do not send; `seconds` of `Some(0)` takes it away.
pub fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: Option<i64>) {
    let age = seconds.map_or(String::new(), |it| format!("; Max-Age={it}"));
    append_cookie(response, &format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}"));
}

/// Puts a session's secret into the browser, or with `None` takes it out.
pub fn set_session(response: &mut Response, secret: Option<&str>) {
    // The server ends the session; the cookie may be as old as browsers allow, so that use prolongs the session.
    const FOUR_HUNDRED_DAYS: i64 = 400 * 86_400;
    let (value, age) = secret.map_or(("", 0), |it| (it, FOUR_HUNDRED_DAYS));
    set_cookie(response, SESSION_COOKIE, value, Some(age));
}

/// Sets the theme, or with nothing leaves it to the device. The page's script changes it too, so it may read it.
pub fn set_theme(response: &mut Response, theme: &str) {
    let age = if theme.is_empty() { 0 } else { 31_536_000 };
    append_cookie(response, &format!("theme={theme}; Path=/; SameSite=Lax; Max-Age={age}"));
}

fn append_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

pub(super) fn theme(headers: &HeaderMap) -> &'static str {
    match cookie(headers, "theme").as_deref() {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    }
}

/// Text as it may stand in an address or a cookie.
pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|it| {
            if it.is_ascii_alphanumeric() || b"-_.~/".contains(&it) {
                (it as char).to_string()
            } else {
                format!("%{it:02X}")
            }
        })
        .collect()
}

/// The text before [`percent`].
pub fn unpercent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [a, b, after @ ..]) => {
                let hex = std::str::from_utf8(&[*a, *b]).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
                bytes.push(hex.unwrap_or(b'?'));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_cookie_that_carries_it() {
        let message = "“Zoë” was saved; 100 % done.";
        assert_eq!(unpercent(&percent(message)), message);
    }
}
