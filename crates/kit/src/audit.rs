//! Who changed what, when, from what to what. Entries are only ever added.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    choices,
    error::Result,
    org::OrgId,
    record::{Kind, Row},
};

choices! {
    /// What was done to a record.
    pub Act {
        Created = "created", "created";
        Changed = "changed", "changed";
        Deleted = "deleted", "deleted";
    }
}

/// On whose behalf a change is made, and when; an import adds the batch by which it can be undone.
#[derive(Debug, Clone)]
pub struct Author {
    pub org: OrgId,
    pub account: Option<Uuid>,
    pub name: String,
    pub at: Timestamp,
    pub batch: Option<Uuid>,
}

/// One entry of the trail.
#[derive(Debug, Clone, sqlx::FromRow, Serialize)]
pub struct Entry {
    pub id: Uuid,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub who: String,
    pub act: String,
    pub kind: String,
    pub record: Uuid,
    pub title: String,
    /// JSON of [`Changes`].
    pub changes: String,
    pub version: i64,
}

/// Field key to its value before and after.
pub type Changes = BTreeMap<String, [serde_json::Value; 2]>;

#[derive(Deserialize)]
#[serde(transparent)]
struct Stored(Changes);

impl Entry {
    pub fn changes(&self) -> Changes {
        serde_json::from_str::<Stored>(&self.changes).map(|it| it.0).unwrap_or_default()
    }

    pub fn instant(&self) -> Timestamp {
        db::instant(self.at)
    }

    /// Whether it tells of a link that the record got or lost: that makes no version of the record.
    pub fn is_of_a_link(&self) -> bool {
        self.version == 0
    }
}

/// Adds the entry of one change of a record.
pub async fn record(
    tx: &mut Tx,
    author: &Author,
    act: Act,
    kind: &Kind,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Result<()> {
    let value = |row: Option<&Row>, at: usize| row.map_or(serde_json::Value::Null, |it| it.values[at].json());
    let changes: Changes = kind
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| (field.key.to_owned(), [value(before, at), value(after, at)]))
        .filter(|(_, [before, after])| before != after)
        .collect();
    let row = after.or(before).expect("a change has a state before it or after it");
    let title = title_in(tx, author.org, kind, row).await?;
    add(tx, author, act.key(), kind.key, row.id, &title, &changes, row.version).await
}

/// What a record is called: by its own words, or by what the record that it is about was called last.
async fn title_in(tx: &mut Tx, org: OrgId, kind: &Kind, row: &Row) -> Result<String> {
    let Some(about) = row.about(kind) else { return Ok(row.title(kind)) };
    let found: Option<(String,)> = tx.maybe(TITLE, [org.into(), about.into()]).await?;
    Ok(found.map_or_else(|| kind.one.to_owned(), |it| it.0))
}

const TITLE: &str =
    "SELECT title FROM audit WHERE org = $1 AND record = $2 AND version > 0 ORDER BY at DESC, id DESC LIMIT 1";

/// Adds an entry for something that is not a record of a described kind, such as a campaign that was launched.
#[expect(clippy::too_many_arguments, reason = "one argument a column; a struct would be made only to be taken apart")]
pub async fn add(
    tx: &mut Tx,
    author: &Author,
    act: &str,
    kind: &str,
    record: Uuid,
    title: &str,
    changes: &Changes,
    version: i64,
) -> Result<()> {
    let changes = serde_json::to_string(changes).expect("JSON values are JSON");
    tx.run(
        "INSERT INTO audit (id, org, at, account, who, act, kind, record, title, changes, version, batch) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
            Uuid::now_v7().into(),
            author.org.into(),
            author.at.into(),
            author.account.into(),
            author.name.clone().into(),
            act.into(),
            kind.into(),
            record.into(),
            title.into(),
            changes.into(),
            version.into(),
            author.batch.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The history of one record, newest first.
pub async fn of_record(db: &Db, org: OrgId, record: Uuid) -> Result<Vec<Entry>> {
    Ok(db
        .all(
            "SELECT id, at, who, act, kind, record, title, changes, version FROM audit \
             WHERE org = $1 AND record = $2 ORDER BY at DESC, id DESC",
            [org.into(), record.into()],
        )
        .await?)
}

/// The kind of records and what they were called last, whether they are still here or not; nothing of those that the
/// trail does not know.
pub async fn titles(
    db: &Db,
    org: OrgId,
    records: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, (String, String)>> {
    /// So many at a time. A statement has as many places as it says, so the last chunk names one record often.
    const CHUNK: usize = 50;
    static SQL: LazyLock<&str> = LazyLock::new(|| {
        let places: Vec<String> = (0..CHUNK).map(|at| format!("${}", at + 2)).collect();
        let sql = format!(
            "SELECT record, kind, title FROM audit WHERE org = $1 AND version > 0 AND record IN ({}) ORDER BY record, at, id",
            places.join(", ")
        );
        Box::leak(sql.into_boxed_str())
    });
    let records: Vec<Uuid> = records.into_iter().collect();
    let mut titles = BTreeMap::new();
    for chunk in records.chunks(CHUNK) {
        let places = (0..CHUNK).map(|at| chunk[at.min(chunk.len() - 1)].into());
        let found: Vec<(Uuid, String, String)> = db.all(*SQL, std::iter::once(org.into()).chain(places)).await?;
        titles.extend(found.into_iter().map(|(record, kind, title)| (record, (kind, title))));
    }
    Ok(titles)
}

/// What one record was called last.
pub async fn title(db: &Db, org: OrgId, record: Uuid) -> Result<Option<String>> {
    let found: Option<(String,)> = db.maybe(TITLE, [org.into(), record.into()]).await?;
    Ok(found.map(|it| it.0))
}

/// The organisation's history from a moment on, newest first, at most `most` entries.
pub async fn since(db: &Db, org: OrgId, from: Timestamp, most: i64) -> Result<Vec<Entry>> {
    Ok(db
        .all(
            "SELECT id, at, who, act, kind, record, title, changes, version FROM audit \
             WHERE org = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3",
            [org.into(), from.into(), most.into()],
        )
        .await?)
}

/// What was made from a moment on, newest first: kind and record, whether it is still here or not. The answer is kept
/// for later requests: ask from a moment that stays the same, such as [`Scope::days_ago`](crate::web::Scope::days_ago).
pub async fn made(db: &Db, org: OrgId, from: Timestamp) -> Result<Arc<Vec<(String, Uuid)>>> {
    let sql =
        "SELECT kind, record FROM audit WHERE org = $1 AND at >= $2 AND act = 'created' ORDER BY at DESC, id DESC";
    let values = vec![org.into(), from.into()];
    Ok(db.kept(sql, values.clone(), db.all(sql, values)).await?)
}

/// What one import did, oldest first.
pub async fn of_batch(tx: &mut Tx, org: OrgId, batch: Uuid) -> Result<Vec<Entry>> {
    Ok(tx
        .all(
            "SELECT id, at, who, act, kind, record, title, changes, version FROM audit \
             WHERE org = $1 AND batch = $2 ORDER BY at, id",
            [org.into(), batch.into()],
        )
        .await?)
}
