//! The thread: links between records of any two kinds, from what came first to what followed.

use db::{Db, Tx, uuid::Uuid};

use crate::{
    audit::{self, Author, Changes},
    error::Result,
    org::OrgId,
};

/// One link: this leads to that.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub id: Uuid,
    pub from_kind: String,
    pub from_id: Uuid,
    /// A verb: the first `leads to` the second, or `answers` it, or whatever the areas say.
    pub relation: String,
    pub to_kind: String,
    pub to_id: Uuid,
}

/// One end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End<'a> {
    pub kind: &'a str,
    pub id: Uuid,
}

/// Ties two records together; tying them again changes nothing. The caller has seen both in this organisation.
pub async fn tie(tx: &mut Tx, author: &Author, from: End<'_>, relation: &str, to: End<'_>) -> Result<()> {
    let id = Uuid::now_v7();
    let tied = tx
        .run(
            "INSERT INTO link (id, org, from_kind, from_id, relation, to_kind, to_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org, from_id, relation, to_id) DO NOTHING",
            [
                id.into(),
                author.org.into(),
                from.kind.into(),
                from.id.into(),
                relation.into(),
                to.kind.into(),
                to.id.into(),
            ],
        )
        .await?;
    if tied == 0 {
        return Ok(());
    }
    let changes = Changes::from([(relation.to_owned(), [serde_json::Value::Null, to.id.to_string().into()])]);
    audit::add(tx, author, "linked", from.kind, from.id, relation, &changes, 0).await
}

/// Takes a link away; `false` where this organisation has none of that identifier.
pub async fn untie(tx: &mut Tx, author: &Author, link: &Link) -> Result<bool> {
    let gone = tx.run("DELETE FROM link WHERE org = $1 AND id = $2", [author.org.into(), link.id.into()]).await? > 0;
    if gone {
        let changes =
            Changes::from([(link.relation.clone(), [link.to_id.to_string().into(), serde_json::Value::Null])]);
        audit::add(tx, author, "unlinked", &link.from_kind, link.from_id, &link.relation, &changes, 0).await?;
    }
    Ok(gone)
}

/// One link, if this organisation has it.
pub async fn find(db: &Db, org: OrgId, id: Uuid) -> Result<Link> {
    Ok(db
        .one(
            "SELECT id, from_kind, from_id, relation, to_kind, to_id FROM link WHERE org = $1 AND id = $2",
            [org.into(), id.into()],
        )
        .await?)
}

/// Every link of a record, whichever end it is.
pub async fn of(db: &Db, org: OrgId, record: Uuid) -> Result<Vec<Link>> {
    Ok(db
        .all(
            "SELECT id, from_kind, from_id, relation, to_kind, to_id FROM link \
             WHERE org = $1 AND (from_id = $2 OR to_id = $2) ORDER BY id",
            [org.into(), record.into()],
        )
        .await?)
}

/// Every link of the organisation, for the page of the whole thread.
pub async fn all(db: &Db, org: OrgId) -> Result<Vec<Link>> {
    Ok(db
        .all(
            "SELECT id, from_kind, from_id, relation, to_kind, to_id FROM link WHERE org = $1 ORDER BY id",
            [org.into()],
        )
        .await?)
}

/// Takes away the links of a record that is deleted.
pub(crate) async fn forget(tx: &mut Tx, org: OrgId, record: Uuid) -> Result<()> {
    tx.run("DELETE FROM link WHERE org = $1 AND (from_id = $2 OR to_id = $2)", [org.into(), record.into()]).await?;
    Ok(())
}
