//! Mail that goes out: queued with the change that causes it, taken to a server afterwards, never twice.
//!
//! A message is claimed in a transaction before the server hears of it. What fails before the server has the text is
//! tried again by itself, later and later. What was interrupted after the text went out (a crash, a server that falls
//! silent at the end) may or may not have been taken, and nobody can know: it stays in [`State::Unclear`] until a
//! person decides to send it again. So mail may wait for a person, but the program never sends it twice.

#[cfg(test)]
mod tests;

use std::time::Duration;

use db::{Db, Tx, uuid::Uuid};
use jiff::{SignedDuration, Timestamp};
use lettre::{
    Address, Message,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::ClientId,
    },
};

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    choices,
    error::{Error, Result},
    org::OrgId,
    web::App,
};

/// How long a server may take over each answer before it counts as silent, unless a test is in a hurry.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// What is said when somebody has a message sent again.
pub const TRIED_AGAIN: &str = "It is tried again within a minute.";
/// A message that was claimed longer ago than this was interrupted.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After this many attempts, some four days, a message waits for a person: RFC 5321 (4.5.4.1) asks for four or five.
const ATTEMPTS: i64 = 32;
/// The most messages of one round, so that other work gets its turn.
const ROUND: usize = 200;

/// The server that takes our mail.
#[derive(Debug, Clone)]
pub struct Server {
    /// An address such as `smtps://user:secret@mail.example.org`. `smtp://` is plain and meant for a server on the
    /// same machine or network; `smtp://…?tls=required` turns to TLS before anything is said (STARTTLS).
    pub url: String,
    /// Who it comes from.
    pub from: String,
    /// How long it may take over each answer; [`PATIENCE`].
    pub patience: Duration,
}

choices! {
    /// Where a message stands.
    pub State {
        Queued = "queued", "Waiting";
        Sending = "sending", "Being sent";
        Sent = "sent", "Sent", Good;
        Failed = "failed", "Not sent", Bad;
        /// It was interrupted when the server had the text, or nobody knows when.
        Unclear = "unclear", "Perhaps sent", Warn;
    }
}

/// A message as the pages show it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Mail {
    pub id: Uuid,
    pub once: String,
    pub recipient: String,
    pub subject: String,
    state: String,
    pub attempts: i64,
    next_at: i64,
    /// What the server said, or that it said nothing.
    pub problem: Option<String>,
    pub sent_at: Option<i64>,
}

impl Mail {
    pub fn state(&self, now: Timestamp) -> State {
        match State::from_key(&self.state) {
            Some(State::Sending) if self.next_at <= now.as_millisecond() => State::Unclear,
            Some(it) => it,
            None => State::Unclear,
        }
    }

    /// When it was sent, or is to be tried next.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_millisecond(self.sent_at.unwrap_or(self.next_at)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Names the occasion, such as an invitation of one person to one campaign: one that was queued before is not
    /// queued again.
    pub once: String,
    /// The record that it is about.
    pub about: Option<Uuid>,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// Not before this moment.
    pub from: Timestamp,
}

/// Puts a message in line, in the same write as its cause; `false` where this occasion had its message.
pub async fn queue(tx: &mut Tx, org: OrgId, letter: &Letter) -> Result<bool> {
    let queued = tx
        .run(
            "INSERT INTO mail (id, org, once, about, recipient, subject, body, state, attempts, next_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, $8) ON CONFLICT (once) DO NOTHING",
            [
                Uuid::now_v7().into(),
                org.into(),
                letter.once.clone().into(),
                letter.about.into(),
                letter.recipient.clone().into(),
                letter.subject.clone().into(),
                letter.body.clone().into(),
                letter.from.into(),
            ],
        )
        .await?;
    Ok(queued == 1)
}

const ABOUT: &str = "SELECT id, once, recipient, subject, state, attempts, next_at, problem, sent_at FROM mail \
                     WHERE org = $1 AND about = $2 ORDER BY id";

/// The messages about a record, in the order in which they were queued.
pub async fn about(db: &Db, org: OrgId, about: Uuid) -> Result<Vec<Mail>> {
    Ok(db.all(ABOUT, [org.into(), about.into()]).await?)
}

/// The same, for a write that goes by them.
pub async fn about_now(tx: &mut Tx, org: OrgId, about: Uuid) -> Result<Vec<Mail>> {
    Ok(tx.all(ABOUT, [org.into(), about.into()]).await?)
}

/// Puts a message in line again that failed or may not have been taken; a person decided so.
///
/// Refuses one that is waiting, under way or sent.
pub async fn retry(tx: &mut Tx, org: OrgId, id: Uuid, now: Timestamp) -> Result<()> {
    let again = tx
        .run(
            "UPDATE mail SET state = 'queued', attempts = 0, next_at = $3 WHERE org = $1 AND id = $2 \
             AND (state = 'failed' OR (state = 'sending' AND next_at <= $3))",
            [org.into(), id.into(), now.into()],
        )
        .await?;
    if again == 1 {
        return Ok(());
    }
    let known: Option<(Uuid,)> =
        tx.maybe("SELECT id FROM mail WHERE org = $1 AND id = $2", [org.into(), id.into()]).await?;
    match known {
        Some(_) => Err(Error::refused("This message is waiting, under way or sent already, so it is not sent again.")),
        None => Err(Error::NotFound),
    }
}

/// Takes back one message, if no server has heard of it.
pub async fn withdraw_one(tx: &mut Tx, org: OrgId, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM mail WHERE org = $1 AND id = $2 AND state IN ('queued', 'failed')";
    tx.run(sql, [org.into(), id.into()]).await?;
    Ok(())
}

/// Takes back the messages about a record that no server has heard of.
pub async fn withdraw(tx: &mut Tx, org: OrgId, about: Uuid) -> Result<u64> {
    Ok(tx
        .run(
            "DELETE FROM mail WHERE org = $1 AND about = $2 AND state IN ('queued', 'failed')",
            [org.into(), about.into()],
        )
        .await?)
}

#[derive(sqlx::FromRow)]
struct Claimed {
    id: Uuid,
    recipient: String,
    subject: String,
    body: String,
    attempts: i64,
}

/// What became of an attempt.
#[derive(Debug)]
enum Outcome {
    Sent,
    /// The server does not have it; another attempt may succeed.
    Later(String),
    /// The server does not have it and will not take it.
    Never(String),
    /// The server had the text and did not say whether it takes it.
    Unclear(String),
}

/// Sends what is due, one message after the other, and says how many a server has taken.
///
/// Stops at the first sign that the server is not well, so that one that hangs costs one wait a round. Does nothing
/// where no server is configured.
pub async fn deliver_due(app: &App) -> Result<usize> {
    match &app.mail {
        Some(server) => deliver(&app.db, server, || app.now()).await,
        None => Ok(0),
    }
}

/// Held while a message is between us and a server.
static UNDER_WAY: Mutex<()> = Mutex::const_new(());

/// Waits until no message is half sent, and lets none go out as long as the answer is kept: for stopping in peace.
pub async fn hold() -> MutexGuard<'static, ()> {
    UNDER_WAY.lock().await
}

async fn deliver(db: &Db, server: &Server, now: impl Fn() -> Timestamp) -> Result<usize> {
    let mut connection = None;
    let mut sent = 0;
    for _ in 0..ROUND {
        let _under_way = UNDER_WAY.lock().await;
        let Some(mail) = claim(db, now()).await? else { break };
        let outcome = attempt(&mut connection, server, &mail).await;
        let unwell = connection.is_none() && matches!(outcome, Outcome::Later(_) | Outcome::Unclear(_));
        sent += usize::from(matches!(outcome, Outcome::Sent));
        settle(db, &mail, outcome, now()).await?;
        if unwell {
            break;
        }
    }
    if let Some(mut connection) = connection {
        // The messages are taken; a server that does not say goodbye changes nothing.
        let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
    }
    Ok(sent)
}

/// Takes the message that has waited longest out of the line; no other worker can have it from now on.
async fn claim(db: &Db, now: Timestamp) -> Result<Option<Claimed>> {
    let due: Option<(Uuid,)> = db
        .maybe(
            "SELECT id FROM mail WHERE state = 'queued' AND next_at <= $1 ORDER BY next_at, id LIMIT 1",
            [now.into()],
        )
        .await?;
    let Some((id,)) = due else { return Ok(None) };
    let mut tx = db.begin().await?;
    let claimed = tx
        .maybe(
            "UPDATE mail SET state = 'sending', attempts = attempts + 1, next_at = $2, problem = NULL \
             WHERE id = $1 AND state = 'queued' RETURNING id, recipient, subject, body, attempts",
            [id.into(), (now + LEASE).into()],
        )
        .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Writes down what became of a message that was claimed.
async fn settle(db: &Db, mail: &Claimed, outcome: Outcome, now: Timestamp) -> Result<()> {
    let (state, next_at, problem, sent_at) = match outcome {
        Outcome::Sent => (State::Sent, now, None, Some(now)),
        Outcome::Later(problem) if mail.attempts < ATTEMPTS => {
            (State::Queued, now + pause(mail.attempts), Some(problem), None)
        }
        Outcome::Later(problem) | Outcome::Never(problem) => (State::Failed, now, Some(problem), None),
        Outcome::Unclear(problem) => (State::Sending, now, Some(problem), None),
    };
    if let Some(problem) = &problem {
        tracing::warn!(mail = %mail.id, "mail was not sent: {problem}");
    }
    let mut tx = db.begin().await?;
    tx.run(
        "UPDATE mail SET state = $2, next_at = $3, problem = $4, sent_at = $5 WHERE id = $1 AND state = 'sending'",
        [
            mail.id.into(),
            state.key().into(),
            next_at.into(),
            problem.into(),
            db::Value::Int(sent_at.map(Timestamp::as_millisecond)),
        ],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// How long after the attempt of this number the next one comes: a minute, then twice as long each time, at most
/// four hours.
fn pause(attempt: i64) -> SignedDuration {
    SignedDuration::from_mins(1 << (attempt - 1).clamp(0, 8)).min(SignedDuration::from_hours(4))
}

/// Brings one message to the server. Afterwards there is a connection where the server is well.
async fn attempt(connection: &mut Option<AsyncSmtpConnection>, server: &Server, mail: &Claimed) -> Outcome {
    let patience = server.patience;
    let (from, to) = match (server.from.parse::<Mailbox>(), mail.recipient.parse::<Address>()) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(_), _) => {
            return Outcome::Later(format!("The sender “{}” in the configuration is no address.", server.from));
        }
        (_, Err(_)) => return Outcome::Never(format!("“{}” is not an e-mail address.", mail.recipient)),
    };
    // The same for every attempt, so that a mailbox that gets it again after a person's decision can tell.
    let name = format!("<{}@{}>", mail.id, from.email.domain());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(&*mail.subject)
        .message_id(Some(name))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone());
    let message = match message {
        Ok(it) => it.formatted(),
        Err(err) => return Outcome::Never(format!("The message cannot be written: {err}.")),
    };

    let mut open = match connection.take() {
        Some(it) => it,
        None => match timely(patience, connect(server)).await {
            Ok(it) => it,
            Err(failure) => return Outcome::Later(failure.text()),
        },
    };
    // Who sends is the same for every message, so a no to it is about us: it waits until that is mended.
    let begun = async { open.command(MailFrom::new(Some(from.email), Vec::new())).await.map_err(Failure::of) };
    if let Err(failure) = timely(patience, begun).await {
        return Outcome::Later(failure.text());
    }
    let offered = async {
        open.command(Rcpt::new(to, Vec::new())).await.map_err(Failure::of)?;
        open.command(Data).await.map_err(Failure::of)
    };
    if let Err(failure) = timely(patience, offered).await {
        if failure.is_about_us() {
            return Outcome::Later(failure.text());
        }
        // A refusal is about this message only; the next one starts afresh.
        if failure.said_no() && timely(patience, async { open.command(Reset).await.map_err(Failure::of) }).await.is_ok()
        {
            *connection = Some(open);
        }
        return failure.before_the_text();
    }
    match timely(patience, async { open.message(&message).await.map_err(Failure::of) }).await {
        Ok(_) => {
            *connection = Some(open);
            Outcome::Sent
        }
        Err(failure) if failure.said_no() => {
            *connection = Some(open);
            failure.before_the_text()
        }
        Err(failure) => {
            let what = failure.text();
            Outcome::Unclear(format!("The server had the whole message and did not confirm it: {what}"))
        }
    }
}

/// Ends a message that the server refused, so that the connection can be used for the next one.
struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RSET\r\n")
    }
}

/// Why a step of the conversation failed.
enum Failure {
    Silent(Duration),
    Smtp(lettre::transport::smtp::Error),
    Configured(String),
}

impl Failure {
    fn of(err: lettre::transport::smtp::Error) -> Failure {
        Failure::Smtp(err)
    }

    /// Whether the server itself answered no.
    fn said_no(&self) -> bool {
        matches!(self, Failure::Smtp(err) if err.is_transient() || err.is_permanent())
    }

    /// Whether the server refuses whoever sends, not the message: a wrong order of commands, or a login that is missing,
    /// too weak or not taken (RFC 4954, 6).
    fn is_about_us(&self) -> bool {
        const CODES: [u16; 5] = [503, 530, 534, 535, 538];
        matches!(self, Failure::Smtp(err) if err.status().is_some_and(|it| CODES.contains(&it.into())))
    }

    fn text(&self) -> String {
        use std::error::Error as _;
        match self {
            Failure::Silent(patience) => {
                format!("The mail server did not answer within {} seconds.", patience.as_secs())
            }
            Failure::Smtp(err) => match err.source() {
                Some(cause) => format!("{err}: {cause}"),
                None => err.to_string(),
            },
            Failure::Configured(why) => why.clone(),
        }
    }

    /// What a failure means once the server knows whom the message is from, and does not have the text: a final no
    /// (5yz) is about the message. What comes before, the greeting, hello, TLS and login, is about all of them.
    fn before_the_text(self) -> Outcome {
        match &self {
            Failure::Smtp(err) if err.is_permanent() => Outcome::Never(self.text()),
            _ => Outcome::Later(self.text()),
        }
    }
}

async fn timely<T>(
    patience: Duration,
    step: impl Future<Output = std::result::Result<T, Failure>>,
) -> std::result::Result<T, Failure> {
    tokio::time::timeout(patience, step).await.unwrap_or(Err(Failure::Silent(patience)))
}

async fn connect(server: &Server) -> std::result::Result<AsyncSmtpConnection, Failure> {
    let place = Place::read(&server.url).map_err(Failure::Configured)?;
    let hello = ClientId::default();
    let tls = || TlsParameters::new(place.host.clone()).map_err(Failure::of);
    let wrapped = if place.tls == Tls::Wrapped { Some(tls()?) } else { None };
    let address = (place.host.as_str(), place.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(server.patience), &hello, wrapped, None)
        .await
        .map_err(Failure::of)?;
    if place.tls == Tls::Started {
        connection.starttls(tls()?, &hello).await.map_err(Failure::of)?;
    }
    if let Some((user, password)) = place.account {
        let credentials = Credentials::new(user, password);
        // A wrong password says nothing about the messages, so they wait until it is mended.
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(|err| {
            Failure::Configured(format!(
                "The mail server does not accept the user and password of the configuration: {err}"
            ))
        })?;
    }
    Ok(connection)
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Tls {
    None,
    /// From the first byte.
    Wrapped,
    /// By STARTTLS, and not without.
    Started,
}

/// A server's address, read.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: u16,
    tls: Tls,
    account: Option<(String, String)>,
}

impl Place {
    fn read(url: &str) -> std::result::Result<Place, String> {
        let wrong = |why: &str| format!("The address of the mail server in the configuration {why}.");
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("does not start with smtp:// or smtps://"))?;
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = authority.trim_end_matches('/');
        let (account, server) = match authority.rsplit_once('@') {
            Some((account, server)) => (Some(account), server),
            None => (None, authority),
        };
        let (tls, usual) = match (scheme, query) {
            ("smtps", "") => (Tls::Wrapped, 465),
            ("smtp", "tls=required") => (Tls::Started, 587),
            ("smtp", "") => (Tls::None, 25),
            ("smtp" | "smtps", _) => return Err(wrong("ends in something else than ?tls=required")),
            _ => return Err(wrong("does not start with smtp:// or smtps://")),
        };
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong("has a port that is no number"))?)
            }
            _ => (server, usual),
        };
        if host.is_empty() {
            return Err(wrong("names no server"));
        }
        let account = match account {
            Some(it) => {
                let (user, password) = it.split_once(':').ok_or_else(|| wrong("names a user but no password"))?;
                Some((crate::web::unpercent(user), crate::web::unpercent(password)))
            }
            None => None,
        };
        Ok(Place { host: host.trim_matches(['[', ']']).to_owned(), port, tls, account })
    }
}

/// Whether the address of a mail server can be used, with what is wrong with it, for the check of the configuration.
pub fn check(server: &Server) -> std::result::Result<(), String> {
    server
        .from
        .parse::<Mailbox>()
        .map_err(|_| format!("The sender “{}” in the configuration is no address.", server.from))?;
    Place::read(&server.url).map(drop)
}
