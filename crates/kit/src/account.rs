//! Accounts, their sessions and their membership of organisations.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use db::{Db, Tx, uuid::Uuid};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    org::OrgId,
    rights::Role,
};

db::id! {
    /// Identifies an account for life; its e-mail address may change.
    AccountId
}

/// A session ends this long after its last use.
pub const SESSION: SignedDuration = SignedDuration::from_hours(24 * 14);
/// The fewest characters of a password (NIST SP 800-63B asks for 8 at least; length is what helps).
pub const PASSWORD_LENGTH: usize = 10;

/// Someone who can sign in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Account {
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub disabled_at: Option<i64>,
}

/// An organisation that an account belongs to, and as what.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Membership {
    pub org: OrgId,
    pub org_name: String,
    pub role: String,
}

impl Membership {
    pub fn role(&self) -> Role {
        Role::from_key(&self.role).unwrap_or(Role::Viewer)
    }
}

/// A secret for an address or a cookie: 160 bits, and what is kept of it.
pub struct Secret {
    pub text: String,
    pub hash: String,
}

impl Secret {
    pub fn fresh() -> Secret {
        let bytes: [u8; 20] = rand::random();
        let text = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        Secret { hash: hash(&text), text }
    }
}

/// What is kept of a secret, so that whoever reads the database cannot use it.
pub fn hash(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// Each hash takes 19 MB for as long as it lasts: more at a time would let a flood of sign-ins eat the memory.
static HASHING: Semaphore = Semaphore::const_new(4);

/// Hashes a password with argon2id; that takes long on purpose, so not on the thread that answers requests.
pub async fn hash_password(password: String) -> Result<String> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|it| it.to_string())
    });
    hashed.await.map_err(Error::internal)?.map_err(|err| Error::internal(err.to_string()))
}

async fn matches(password: String, hash: String) -> bool {
    let _turn = HASHING.acquire().await;
    let checked = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok())
    });
    checked.await.unwrap_or(false)
}

/// A hash that no password has, as costly to compare as any other.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The account of this address and password. Takes as long for an address that nobody has.
pub async fn check(db: &Db, email: &str, password: &str) -> Result<Option<Account>> {
    let account = by_email(db, email).await?;
    let kept = account.as_ref().map_or(NOBODY, |it| &it.password_hash).to_owned();
    let right = matches(password.to_owned(), kept).await;
    Ok(account.filter(|it| right && it.disabled_at.is_none()))
}

pub async fn by_email(db: &Db, email: &str) -> Result<Option<Account>> {
    Ok(db
        .maybe(
            "SELECT id, email, name, password_hash, disabled_at FROM account WHERE email = $1",
            [email.trim().to_lowercase().into()],
        )
        .await?)
}

/// Every account of the installation: for the command line, never for a page.
pub async fn every(db: &Db) -> Result<Vec<Account>> {
    Ok(db.all("SELECT id, email, name, password_hash, disabled_at FROM account ORDER BY email", []).await?)
}

/// Makes an account. The caller has checked the password's length.
pub async fn insert(
    tx: &mut Tx,
    id: AccountId,
    email: &str,
    name: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<()> {
    tx.run(
        "INSERT INTO account (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        [id.into(), email.trim().to_lowercase().into(), name.into(), password_hash.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Sets a password and ends every session of the account, the present one too.
pub async fn set_password(tx: &mut Tx, id: AccountId, password_hash: &str) -> Result<()> {
    tx.run("UPDATE account SET password_hash = $2 WHERE id = $1", [id.into(), password_hash.into()]).await?;
    tx.run("DELETE FROM session WHERE account = $1", [id.into()]).await?;
    Ok(())
}

pub async fn set_name(tx: &mut Tx, id: AccountId, name: &str) -> Result<()> {
    tx.run("UPDATE account SET name = $2 WHERE id = $1", [id.into(), name.into()]).await?;
    Ok(())
}

/// Whether anyone can sign in yet; before that, the first-run page makes the organisation and its owner.
pub async fn none_yet(db: &Db) -> Result<bool> {
    Ok(db.maybe::<(Uuid,)>("SELECT id FROM account LIMIT 1", []).await?.is_none())
}

/// Makes an account a member, or changes its role.
pub async fn join(tx: &mut Tx, account: AccountId, org: OrgId, role: Role) -> Result<()> {
    tx.run(
        "INSERT INTO membership (account, org, role) VALUES ($1, $2, $3) \
         ON CONFLICT (account, org) DO UPDATE SET role = excluded.role",
        [account.into(), org.into(), role.key().into()],
    )
    .await?;
    Ok(())
}

/// The organisations of an account, by name.
pub async fn memberships(db: &Db, account: AccountId) -> Result<Vec<Membership>> {
    let mut all: Vec<Membership> = db
        .all(
            "SELECT membership.org, organisation.name AS org_name, membership.role FROM membership \
             JOIN organisation ON organisation.id = membership.org WHERE membership.account = $1",
            [account.into()],
        )
        .await?;
    all.sort_by(|a, b| a.org_name.cmp(&b.org_name));
    Ok(all)
}

/// Starts a session and returns its secret, which goes into the cookie and nowhere else.
pub async fn start_session(tx: &mut Tx, account: AccountId, org: Option<OrgId>, now: Timestamp) -> Result<String> {
    let secret = Secret::fresh();
    tx.run("DELETE FROM session WHERE seen_at < $1", [(now - SESSION).into()]).await?;
    tx.run(
        "INSERT INTO session (token_hash, account, org, started_at, seen_at) VALUES ($1, $2, $3, $4, $4)",
        [secret.hash.into(), account.into(), org.into(), now.into()],
    )
    .await?;
    Ok(secret.text)
}

/// A session that is still good, with its account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Session {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub org: Option<OrgId>,
    pub seen_at: i64,
}

pub async fn session(db: &Db, secret: &str, now: Timestamp) -> Result<Option<Session>> {
    Ok(db
        .maybe(
            "SELECT session.account, account.name, account.email, session.org, session.seen_at FROM session \
             JOIN account ON account.id = session.account \
             WHERE session.token_hash = $1 AND session.seen_at > $2 AND account.disabled_at IS NULL",
            [hash(secret).into(), (now - SESSION).into()],
        )
        .await?)
}

/// Notes that a session was used. Once an hour is enough to keep it alive, so that reading a page rarely writes.
pub async fn touch(db: &Db, secret: &str, session: &Session, now: Timestamp) -> Result<()> {
    const HOUR: i64 = 3_600_000;
    if now.as_millisecond() - session.seen_at > HOUR {
        let mut tx = db.begin().await?;
        tx.run("UPDATE session SET seen_at = $2 WHERE token_hash = $1", [hash(secret).into(), now.into()]).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The secret of the address under which a member has their calendar; nothing as long as they made none.
pub async fn calendar_secret(db: &Db, account: AccountId, org: OrgId) -> Result<Option<String>> {
    let (found,): (Option<String>,) = db
        .one("SELECT calendar_secret FROM membership WHERE account = $1 AND org = $2", [account.into(), org.into()])
        .await?;
    Ok(found)
}

/// Gives a member's calendar a new secret; the one before leads nowhere from then on.
pub async fn set_calendar_secret(tx: &mut Tx, account: AccountId, org: OrgId, secret: &str) -> Result<()> {
    tx.run(
        "UPDATE membership SET calendar_secret = $3 WHERE account = $1 AND org = $2",
        [account.into(), org.into(), secret.into()],
    )
    .await?;
    Ok(())
}

/// The member whose calendar has this secret, as if they had a session.
pub async fn by_calendar_secret(db: &Db, secret: &str, now: Timestamp) -> Result<Session> {
    let (account, org, name, email): (AccountId, OrgId, String, String) = db
        .one(
            "SELECT membership.account, membership.org, account.name, account.email FROM membership \
             JOIN account ON account.id = membership.account \
             WHERE membership.calendar_secret = $1 AND account.disabled_at IS NULL",
            [secret.into()],
        )
        .await?;
    Ok(Session { account, name, email, org: Some(org), seen_at: now.as_millisecond() })
}

/// A session as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// The hash of its secret names it.
    pub token_hash: String,
    started_at: i64,
    seen_at: i64,
}

impl Listed {
    pub fn started(&self) -> Timestamp {
        db::instant(self.started_at)
    }

    /// When it was last used, to the hour.
    pub fn seen(&self) -> Timestamp {
        db::instant(self.seen_at)
    }
}

/// The sessions of an account that are still good, the last used first.
pub async fn sessions(db: &Db, account: AccountId, now: Timestamp) -> Result<Vec<Listed>> {
    Ok(db
        .all(
            "SELECT token_hash, started_at, seen_at FROM session WHERE account = $1 AND seen_at > $2 \
             ORDER BY seen_at DESC, started_at DESC",
            [account.into(), (now - SESSION).into()],
        )
        .await?)
}

/// Ends one session of an account, named by the hash of its secret; `false` where the account has none such.
pub async fn end_session_of(tx: &mut Tx, account: AccountId, token_hash: &str) -> Result<bool> {
    let ended = tx
        .run("DELETE FROM session WHERE account = $1 AND token_hash = $2", [account.into(), token_hash.into()])
        .await?;
    Ok(ended == 1)
}

/// Makes another of the account's organisations the one at hand.
pub async fn switch(tx: &mut Tx, secret: &str, org: OrgId) -> Result<()> {
    tx.run("UPDATE session SET org = $2 WHERE token_hash = $1", [hash(secret).into(), org.into()]).await?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, secret: &str) -> Result<()> {
    tx.run("DELETE FROM session WHERE token_hash = $1", [hash(secret).into()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_nobody_has_costs_as_much_as_any_other() {
        let nobody = PasswordHash::new(NOBODY).expect("a hash that can be compared");
        let anybody = Argon2::default().hash_password(b"correct horse battery").expect("a hash");
        let anybody = anybody.to_string();
        let anybody = PasswordHash::new(&anybody).expect("a hash");
        assert_eq!((nobody.algorithm, nobody.params), (anybody.algorithm, anybody.params));
    }
}
