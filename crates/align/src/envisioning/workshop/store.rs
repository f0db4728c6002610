//! The statements of a voting: its address, its phrases, its dots.

use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;
use kit::{error::Result, org::OrgId};

use crate::envisioning::model::WorkshopId;

/// The voting of a workshop.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Vote {
    pub workshop: WorkshopId,
    pub org: OrgId,
    pub token: String,
    pub closed_at: Option<i64>,
    /// JSON of a [`crate::envisioning::workshop::rules::Statement`].
    pub result: Option<String>,
}

/// A phrase with the dots of everyone.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Phrase {
    pub id: Uuid,
    pub wording: String,
    pub from_room: bool,
    pub dots: i64,
}

/// The voting of a workshop; none before it is opened.
pub async fn vote(db: &Db, org: OrgId, workshop: WorkshopId) -> Result<Option<Vote>> {
    Ok(db
        .maybe(
            "SELECT workshop, org, token, closed_at, result FROM vote WHERE org = $1 AND workshop = $2",
            [org.into(), workshop.into()],
        )
        .await?)
}

/// Every voting of an organisation.
pub async fn votes(db: &Db, org: OrgId) -> Result<Vec<Vote>> {
    Ok(db.all("SELECT workshop, org, token, closed_at, result FROM vote WHERE org = $1", [org.into()]).await?)
}

/// The voting at an address, whoever asks.
pub async fn by_token(db: &Db, token: &str) -> Result<Vote> {
    Ok(db.one("SELECT workshop, org, token, closed_at, result FROM vote WHERE token = $1", [token.into()]).await?)
}

/// Holds a voting for the length of a write, so that the dots of one phone are counted one request after the other, and
/// none between the count and the close; `false` where it is not open any more.
pub async fn hold(tx: &mut Tx, org: OrgId, workshop: WorkshopId) -> Result<bool> {
    let sql = "UPDATE vote SET token = token WHERE org = $1 AND workshop = $2 AND closed_at IS NULL";
    Ok(tx.run(sql, [org.into(), workshop.into()]).await? == 1)
}

/// Opens the voting; `false` where it is open or closed already.
pub async fn open(tx: &mut Tx, org: OrgId, workshop: WorkshopId, token: &str, now: Timestamp) -> Result<bool> {
    let made = tx
        .run(
            "INSERT INTO vote (workshop, org, token, opened_at) VALUES ($1, $2, $3, $4) ON CONFLICT (workshop) DO NOTHING",
            [workshop.into(), org.into(), token.into(), now.into()],
        )
        .await?;
    Ok(made == 1)
}

/// Closes a voting that is held, with its result.
pub async fn close(tx: &mut Tx, org: OrgId, workshop: WorkshopId, result: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE vote SET closed_at = $3, result = $4 WHERE org = $1 AND workshop = $2 AND closed_at IS NULL";
    tx.run(sql, [org.into(), workshop.into(), now.into(), result.into()]).await?;
    Ok(())
}

/// The phrases of a workshop with their dots, in the order in which they came.
pub async fn phrases(db: &Db, org: OrgId, workshop: WorkshopId) -> Result<Vec<Phrase>> {
    Ok(db.all(PHRASES, [org.into(), workshop.into()]).await?)
}

/// The same, seen from within a write.
pub async fn phrases_in(tx: &mut Tx, org: OrgId, workshop: WorkshopId) -> Result<Vec<Phrase>> {
    Ok(tx.all(PHRASES, [org.into(), workshop.into()]).await?)
}

const PHRASES: &str = "SELECT phrase.id, phrase.wording, phrase.from_room, \
     CAST(COALESCE(SUM(dot.many), 0) AS BIGINT) AS dots FROM phrase LEFT JOIN dot ON dot.phrase = phrase.id \
     WHERE phrase.org = $1 AND phrase.workshop = $2 \
     GROUP BY phrase.id, phrase.wording, phrase.from_room ORDER BY phrase.id";

pub async fn add_phrase(tx: &mut Tx, org: OrgId, workshop: WorkshopId, wording: &str, from_room: bool) -> Result<()> {
    tx.run(
        "INSERT INTO phrase (id, org, workshop, wording, from_room) VALUES ($1, $2, $3, $4, $5)",
        [Uuid::now_v7().into(), org.into(), workshop.into(), wording.into(), from_room.into()],
    )
    .await?;
    Ok(())
}

/// Takes a phrase away with its dots; `false` where this workshop has none such.
pub async fn remove_phrase(tx: &mut Tx, org: OrgId, workshop: WorkshopId, phrase: Uuid) -> Result<bool> {
    let gone = tx
        .run(
            "DELETE FROM phrase WHERE org = $1 AND workshop = $2 AND id = $3",
            [org.into(), workshop.into(), phrase.into()],
        )
        .await?;
    Ok(gone == 1)
}

/// How many have put at least one dot.
pub async fn voters(db: &Db, org: OrgId, workshop: WorkshopId) -> Result<i64> {
    let (many,): (i64,) = db.one(VOTERS, [org.into(), workshop.into()]).await?;
    Ok(many)
}

/// The same, seen from within a write.
pub async fn voters_in(tx: &mut Tx, org: OrgId, workshop: WorkshopId) -> Result<i64> {
    let (many,): (i64,) = tx.one(VOTERS, [org.into(), workshop.into()]).await?;
    Ok(many)
}

const VOTERS: &str = "SELECT COUNT(DISTINCT voter) FROM dot WHERE org = $1 AND workshop = $2 AND many > 0";

/// The dots of one voter, by phrase.
pub async fn dots_of(db: &Db, org: OrgId, workshop: WorkshopId, voter: &str) -> Result<Vec<(Uuid, i64)>> {
    Ok(db.all(DOTS_OF, [org.into(), workshop.into(), voter.into()]).await?)
}

/// The same, seen from within a write.
pub async fn dots_of_in(tx: &mut Tx, org: OrgId, workshop: WorkshopId, voter: &str) -> Result<Vec<(Uuid, i64)>> {
    Ok(tx.all(DOTS_OF, [org.into(), workshop.into(), voter.into()]).await?)
}

const DOTS_OF: &str = "SELECT phrase, many FROM dot WHERE org = $1 AND workshop = $2 AND voter = $3 AND many > 0";

/// Writes how many dots a voter has on a phrase of the workshop.
pub async fn put_dots(
    tx: &mut Tx,
    org: OrgId,
    workshop: WorkshopId,
    phrase: Uuid,
    voter: &str,
    many: i64,
) -> Result<()> {
    tx.run(
        "INSERT INTO dot (phrase, voter, org, workshop, many) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (phrase, voter) DO UPDATE SET many = excluded.many",
        [phrase.into(), voter.into(), org.into(), workshop.into(), many.into()],
    )
    .await?;
    Ok(())
}
