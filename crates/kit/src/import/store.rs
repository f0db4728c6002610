//! Batches: which file was brought in, how it was read, what came of it.

use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;

use crate::{
    audit::Author,
    choices,
    error::Result,
    import::{Counts, Settings},
    org::OrgId,
    web::Scope,
};

choices! {
    /// Where a batch stands.
    pub State {
        Draft = "draft", "not committed yet", Warn;
        Done = "done", "committed", Good;
        Undone = "undone", "undone";
    }
}

/// One file that was brought in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Batch {
    pub id: Uuid,
    pub target: String,
    /// What it goes into, where the target needs that.
    pub about: Option<Uuid>,
    pub file_name: String,
    pub file_hash: String,
    settings: String,
    state: String,
    by_account: Option<Uuid>,
    pub by_name: String,
    at: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub skipped: i64,
}

const COLUMNS: &str = "SELECT id, target, about, file_name, file_hash, settings, state, by_account, by_name, at, \
     created, updated, unchanged, skipped FROM import_batch WHERE org = $1 AND id = $2";

impl Batch {
    pub(super) fn fresh(
        scope: &Scope,
        target: &str,
        about: Option<Uuid>,
        name: &str,
        hash: String,
        settings: &Settings,
    ) -> Batch {
        let author = scope.author();
        Batch {
            id: Uuid::now_v7(),
            target: target.to_owned(),
            about,
            file_name: name.to_owned(),
            file_hash: hash,
            settings: json(settings),
            state: State::Draft.key().to_owned(),
            by_account: author.account,
            by_name: author.name,
            at: author.at.as_millisecond(),
            created: 0,
            updated: 0,
            unchanged: 0,
            skipped: 0,
        }
    }

    pub fn state(&self) -> State {
        State::from_key(&self.state).unwrap_or(State::Draft)
    }

    pub fn is_by(&self, author: &Author) -> bool {
        self.by_account == author.account
    }

    pub fn settings(&self) -> Settings {
        serde_json::from_str(&self.settings).unwrap_or_default()
    }

    /// The same file, read another way.
    pub fn with(self, settings: &Settings) -> Batch {
        Batch { settings: json(settings), ..self }
    }

    /// When it was brought in, or committed.
    pub fn instant(&self) -> Timestamp {
        Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

fn json(settings: &Settings) -> String {
    serde_json::to_string(settings).expect("settings are JSON")
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, it: &Batch) -> Result<()> {
    tx.run(
        "INSERT INTO import_batch (id, org, target, about, file_name, file_hash, settings, state, by_account, by_name, \
         at, created, updated, unchanged, skipped) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [
            it.id.into(),
            org.into(),
            it.target.clone().into(),
            it.about.into(),
            it.file_name.clone().into(),
            it.file_hash.clone().into(),
            it.settings.clone().into(),
            it.state.clone().into(),
            it.by_account.into(),
            it.by_name.clone().into(),
            it.at.into(),
            it.created.into(),
            it.updated.into(),
            it.unchanged.into(),
            it.skipped.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(db: &Db, org: OrgId, id: Uuid) -> Result<Batch> {
    Ok(db.one(COLUMNS, [org.into(), id.into()]).await?)
}

/// The latest batches, newest first.
pub(super) async fn latest(db: &Db, org: OrgId) -> Result<Vec<Batch>> {
    Ok(db
        .all(
            "SELECT id, target, about, file_name, file_hash, settings, state, by_account, by_name, at, created, \
             updated, unchanged, skipped FROM import_batch WHERE org = $1 ORDER BY at DESC, id DESC LIMIT 100",
            [org.into()],
        )
        .await?)
}

/// Settles anew how a batch that is not committed is read.
pub(super) async fn set_settings(tx: &mut Tx, org: OrgId, id: Uuid, settings: &Settings) -> Result<bool> {
    let sql = "UPDATE import_batch SET settings = $3 WHERE org = $1 AND id = $2 AND state = 'draft'";
    Ok(tx.run(sql, [org.into(), id.into(), json(settings).into()]).await? == 1)
}

/// Moves a batch from one state to the next; `false` when someone was quicker.
pub(super) async fn take(tx: &mut Tx, org: OrgId, id: Uuid, from: State, to: State) -> Result<bool> {
    let sql = "UPDATE import_batch SET state = $4 WHERE org = $1 AND id = $2 AND state = $3";
    Ok(tx.run(sql, [org.into(), id.into(), from.key().into(), to.key().into()]).await? == 1)
}

pub(super) async fn finish(tx: &mut Tx, org: OrgId, id: Uuid, counts: Counts, at: Timestamp) -> Result<()> {
    let [created, updated, unchanged, skipped] =
        [counts.create, counts.update, counts.unchanged, counts.skip].map(|it| it as i64);
    tx.run(
        "UPDATE import_batch SET created = $3, updated = $4, unchanged = $5, skipped = $6, at = $7 \
         WHERE org = $1 AND id = $2",
        [org.into(), id.into(), created.into(), updated.into(), unchanged.into(), skipped.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// Notes what a batch went into, where the commit made that.
pub async fn set_about(tx: &mut Tx, org: OrgId, id: Uuid, about: Uuid) -> Result<()> {
    let sql = "UPDATE import_batch SET about = $3 WHERE org = $1 AND id = $2";
    tx.run(sql, [org.into(), id.into(), about.into()]).await?;
    Ok(())
}

/// What a file serves, in whatever organisation: targets, and how far the import into each has come.
pub(super) async fn uses(db: &Db, hash: &str) -> Result<Vec<(String, String)>> {
    Ok(db.all("SELECT target, state FROM import_batch WHERE file_hash = $1", [hash.to_owned().into()]).await?)
}

/// Forgets a batch that was never committed.
pub(super) async fn discard(tx: &mut Tx, org: OrgId, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM import_batch WHERE org = $1 AND id = $2 AND state = 'draft'";
    Ok(tx.run(sql, [org.into(), id.into()]).await? == 1)
}

/// How the last file with these columns was read.
pub(super) async fn remembered(db: &Db, org: OrgId, target: &str, fingerprint: &str) -> Result<Option<Settings>> {
    let found: Option<(String,)> = db
        .maybe(
            "SELECT settings FROM import_memory WHERE org = $1 AND target = $2 AND fingerprint = $3",
            [org.into(), target.into(), fingerprint.into()],
        )
        .await?;
    Ok(found.and_then(|(it,)| serde_json::from_str(&it).ok()))
}

pub(super) async fn remember(
    tx: &mut Tx,
    org: OrgId,
    target: &str,
    fingerprint: &str,
    settings: &Settings,
) -> Result<()> {
    tx.run(
        "INSERT INTO import_memory (org, target, fingerprint, settings) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (org, target, fingerprint) DO UPDATE SET settings = excluded.settings",
        [org.into(), target.into(), fingerprint.into(), json(settings).into()],
    )
    .await?;
    Ok(())
}
