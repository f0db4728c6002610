//! Members and invitations as they are kept.

use db::{Db, Tx};
use jiff::Timestamp;

use crate::{
    account::AccountId,
    error::Result,
    format::order_of,
    org::{self, OrgId},
    rights::Role,
};

/// An account that belongs to an organisation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Member {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    role: String,
}

impl Member {
    pub fn role(&self) -> Role {
        Role::from_key(&self.role).unwrap_or(Role::Viewer)
    }
}

/// The members of an organisation, by name.
pub async fn members(db: &Db, org: OrgId) -> Result<Vec<Member>> {
    let mut all: Vec<Member> = db
        .all(
            "SELECT membership.account, account.name, account.email, membership.role FROM membership \
             JOIN account ON account.id = membership.account WHERE membership.org = $1",
            [org.into()],
        )
        .await?;
    all.sort_by_key(|it| (order_of(&it.name), it.email.clone()));
    Ok(all)
}

/// The same within a write that is about to change them. Holds the organisation, so that two owners who remove each
/// other at the same moment come one after the other.
pub async fn members_held(tx: &mut Tx, org: OrgId) -> Result<Vec<Member>> {
    org::hold(tx, org).await?;
    Ok(tx
        .all(
            "SELECT membership.account, account.name, account.email, membership.role FROM membership \
             JOIN account ON account.id = membership.account WHERE membership.org = $1",
            [org.into()],
        )
        .await?)
}

/// Takes an account out of an organisation. The account itself stays, and what it did keeps its name.
pub async fn leave(tx: &mut Tx, org: OrgId, account: AccountId) -> Result<()> {
    tx.run("DELETE FROM membership WHERE org = $1 AND account = $2", [org.into(), account.into()]).await?;
    tx.run("UPDATE session SET org = NULL WHERE org = $1 AND account = $2", [org.into(), account.into()]).await?;
    Ok(())
}

/// Someone invited to an organisation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Invitation {
    pub token_hash: String,
    pub org: OrgId,
    pub email: String,
    role: String,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Invitation {
    pub fn role(&self) -> Role {
        Role::from_key(&self.role).unwrap_or(Role::Viewer)
    }

    pub fn expires(&self) -> Timestamp {
        db::instant(self.expires_at)
    }

    pub fn is_used(&self) -> bool {
        self.used_at.is_some()
    }
}

/// Keeps an invitation, in the place of the ones that this address had not used yet.
pub async fn invite(
    tx: &mut Tx,
    org: OrgId,
    token_hash: &str,
    email: &str,
    role: Role,
    by: AccountId,
    until: Timestamp,
) -> Result<()> {
    tx.run("DELETE FROM invitation WHERE org = $1 AND email = $2 AND used_at IS NULL", [org.into(), email.into()])
        .await?;
    tx.run(
        "INSERT INTO invitation (token_hash, org, email, role, invited_by, expires_at, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        [token_hash.into(), org.into(), email.into(), role.key().into(), by.into(), until.into()],
    )
    .await?;
    Ok(())
}

/// The invitations that wait to be used, those that expired too, the latest first.
pub async fn invitations(db: &Db, org: OrgId) -> Result<Vec<Invitation>> {
    Ok(db
        .all(
            "SELECT token_hash, org, email, role, expires_at, used_at FROM invitation \
             WHERE org = $1 AND used_at IS NULL ORDER BY expires_at DESC, email",
            [org.into()],
        )
        .await?)
}

/// The invitation of a link.
pub async fn invitation(db: &Db, token_hash: &str) -> Result<Option<Invitation>> {
    Ok(db
        .maybe(
            "SELECT token_hash, org, email, role, expires_at, used_at FROM invitation WHERE token_hash = $1",
            [token_hash.into()],
        )
        .await?)
}

/// Takes back an invitation that was not used; `None` where there is none such.
pub async fn withdraw(tx: &mut Tx, org: OrgId, token_hash: &str) -> Result<Option<Invitation>> {
    Ok(tx
        .maybe(
            "DELETE FROM invitation WHERE org = $1 AND token_hash = $2 AND used_at IS NULL \
             RETURNING token_hash, org, email, role, expires_at, used_at",
            [org.into(), token_hash.into()],
        )
        .await?)
}

/// Marks an invitation as used; `false` where someone else was quicker, or it was taken back.
pub async fn use_up(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<bool> {
    let used = tx
        .run(
            "UPDATE invitation SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL",
            [token_hash.into(), now.into()],
        )
        .await?;
    Ok(used == 1)
}
