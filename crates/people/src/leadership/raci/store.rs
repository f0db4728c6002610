//! Rows and letters of the matrix. Every change is audited with what was there before.

use std::collections::BTreeMap;

use db::{Db, Tx, uuid::Uuid};
use jiff::civil::Date;
use kit::{
    audit::{self, Author, Changes},
    error::{Error, Result},
    org::OrgId,
};
use rust_decimal::Decimal;

use crate::leadership::{
    model::{Letter, RoleId},
    raci::{Effort, Line, LineId, ROW},
};

#[derive(sqlx::FromRow)]
struct LineRow {
    id: Uuid,
    version: i64,
    kind: String,
    record: Uuid,
    answering: Option<String>,
    doing: Option<String>,
    starts: Option<String>,
    ends: Option<String>,
}

impl From<LineRow> for Line {
    fn from(it: LineRow) -> Line {
        let days = |text: Option<String>| text.and_then(|it| it.parse::<Decimal>().ok());
        let day = |text: Option<String>| text.and_then(|it| it.parse::<Date>().ok());
        let effort =
            Effort { answering: days(it.answering), doing: days(it.doing), starts: day(it.starts), ends: day(it.ends) };
        Line { id: LineId(it.id), version: it.version, kind: it.kind, record: it.record, effort }
    }
}

#[derive(sqlx::FromRow)]
struct CellRow {
    line: Uuid,
    role: Uuid,
    letter: String,
}

impl CellRow {
    fn cell(self) -> Option<(LineId, RoleId, Letter)> {
        Some((LineId(self.line), RoleId(self.role), Letter::from_key(&self.letter)?))
    }
}

const LINES: &str =
    "SELECT id, version, kind, record, answering, doing, starts, ends FROM raci_row WHERE org = $1 ORDER BY id";
const CELLS: &str = "SELECT line, role, letter FROM raci_cell WHERE org = $1";

pub async fn lines(db: &Db, org: OrgId) -> Result<Vec<Line>> {
    Ok(db.all::<LineRow>(LINES, [org.into()]).await?.into_iter().map(Line::from).collect())
}

/// The same, seen from within a write.
pub async fn lines_in(tx: &mut Tx, org: OrgId) -> Result<Vec<Line>> {
    Ok(tx.all::<LineRow>(LINES, [org.into()]).await?.into_iter().map(Line::from).collect())
}

pub async fn cells(db: &Db, org: OrgId) -> Result<Vec<(LineId, RoleId, Letter)>> {
    Ok(db.all::<CellRow>(CELLS, [org.into()]).await?.into_iter().filter_map(CellRow::cell).collect())
}

/// The same, seen from within a write.
pub async fn cells_in(tx: &mut Tx, org: OrgId) -> Result<Vec<(LineId, RoleId, Letter)>> {
    Ok(tx.all::<CellRow>(CELLS, [org.into()]).await?.into_iter().filter_map(CellRow::cell).collect())
}

/// One row; [`Error::NotFound`] where this organisation has none of that identifier.
pub async fn line_in(tx: &mut Tx, org: OrgId, id: LineId) -> Result<Line> {
    Ok(tx.one::<LineRow>(LINE, [org.into(), id.into()]).await?.into())
}

/// The same outside a write.
pub async fn line(db: &Db, org: OrgId, id: LineId) -> Result<Line> {
    Ok(db.one::<LineRow>(LINE, [org.into(), id.into()]).await?.into())
}

const LINE: &str =
    "SELECT id, version, kind, record, answering, doing, starts, ends FROM raci_row WHERE org = $1 AND id = $2";

/// The letters of one row.
pub async fn letters_in(tx: &mut Tx, org: OrgId, id: LineId) -> Result<BTreeMap<RoleId, Letter>> {
    let sql = "SELECT line, role, letter FROM raci_cell WHERE org = $1 AND line = $2";
    let found: Vec<CellRow> = tx.all(sql, [org.into(), id.into()]).await?;
    Ok(found.into_iter().filter_map(CellRow::cell).map(|(_, role, letter)| (role, letter)).collect())
}

/// A new row without a letter, with what it takes.
pub async fn add(tx: &mut Tx, author: &Author, line: &Line, title: &str) -> Result<()> {
    tx.run(
        "INSERT INTO raci_row (id, org, version, kind, record, answering, doing, starts, ends) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            line.id.into(),
            author.org.into(),
            line.version.into(),
            line.kind.clone().into(),
            line.record.into(),
            line.effort.answering.map(|it| it.to_string()).into(),
            line.effort.doing.map(|it| it.to_string()).into(),
            line.effort.starts.into(),
            line.effort.ends.into(),
        ],
    )
    .await?;
    let mut changes = Changes::new();
    effort_changes(&Effort::default(), &line.effort, &mut changes);
    audit::add(tx, author, "created", ROW, line.id.0, title, &changes, line.version).await
}

/// What a row becomes: its letters that change, by role, and what it takes.
pub struct Change<'a> {
    pub line: &'a Line,
    pub title: &'a str,
    /// Role, what was there, what comes.
    pub letters: Vec<(RoleId, Option<Letter>, Option<Letter>)>,
    pub effort: Effort,
}

/// Writes a change as one version of the row; where nothing differs, nothing is written.
///
/// Refuses with [`Error::Refused`] when somebody else changed the row since it was read.
pub async fn change(tx: &mut Tx, author: &Author, it: &Change<'_>) -> Result<()> {
    let letters: Vec<_> = it.letters.iter().filter(|(_, before, after)| before != after).collect();
    let mut changes = Changes::new();
    effort_changes(&it.line.effort, &it.effort, &mut changes);
    for (role, before, after) in &letters {
        let key = |it: &Option<Letter>| it.map(Letter::key).into();
        changes.insert(role.to_string(), [key(before), key(after)]);
    }
    if changes.is_empty() {
        return Ok(());
    }
    let moved = tx
        .run(
            "UPDATE raci_row SET version = version + 1, answering = $4, doing = $5, starts = $6, ends = $7 \
             WHERE org = $1 AND id = $2 AND version = $3",
            [
                author.org.into(),
                it.line.id.into(),
                it.line.version.into(),
                it.effort.answering.map(|it| it.to_string()).into(),
                it.effort.doing.map(|it| it.to_string()).into(),
                it.effort.starts.into(),
                it.effort.ends.into(),
            ],
        )
        .await?;
    if moved == 0 {
        return Err(Error::refused(
            "Somebody else changed this row meanwhile. Load the page again to see their change.",
        ));
    }
    for (role, _, after) in letters {
        let at = [author.org.into(), it.line.id.into(), (*role).into()];
        tx.run("DELETE FROM raci_cell WHERE org = $1 AND line = $2 AND role = $3", at.clone()).await?;
        if let Some(letter) = after {
            let sql = "INSERT INTO raci_cell (org, line, role, letter) VALUES ($1, $2, $3, $4)";
            tx.run(sql, at.into_iter().chain([letter.key().into()])).await?;
        }
    }
    audit::add(tx, author, "changed", ROW, it.line.id.0, it.title, &changes, it.line.version + 1).await
}

/// The keys of what a row takes, as the audit trail has them.
pub const EFFORT: [&str; 4] = ["days to answer", "days to do", "from", "until"];

fn effort_changes(before: &Effort, after: &Effort, changes: &mut Changes) {
    let texts = |it: &Effort| {
        let day = |it: Option<Date>| it.map(|it| it.to_string());
        let days = |it: Option<Decimal>| it.map(|it| it.to_string());
        [days(it.answering), days(it.doing), day(it.starts), day(it.ends)]
    };
    for ((key, before), after) in EFFORT.into_iter().zip(texts(before)).zip(texts(after)) {
        if before != after {
            changes.insert(key.to_owned(), [before.into(), after.into()]);
        }
    }
}

/// Takes a row out of the matrix; its record stays.
pub async fn remove(tx: &mut Tx, author: &Author, line: &Line, title: &str) -> Result<()> {
    let mut changes = Changes::new();
    for (role, letter) in letters_in(tx, author.org, line.id).await? {
        changes.insert(role.to_string(), [letter.key().into(), serde_json::Value::Null]);
    }
    effort_changes(&line.effort, &Effort::default(), &mut changes);
    tx.run("DELETE FROM raci_cell WHERE org = $1 AND line = $2", [author.org.into(), line.id.into()]).await?;
    let sql = "DELETE FROM raci_row WHERE org = $1 AND id = $2 AND version = $3";
    if tx.run(sql, [author.org.into(), line.id.into(), line.version.into()]).await? == 0 {
        return Err(Error::refused(
            "Somebody else changed this row meanwhile. Load the page again to see their change.",
        ));
    }
    audit::add(tx, author, "deleted", ROW, line.id.0, title, &changes, line.version).await
}
