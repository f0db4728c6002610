//! Rounds, who is asked, and what they said.

use std::sync::Arc;

use db::{Db, Tx, uuid::Uuid};
use jiff::civil::Date;
use kit::{
    asking::Language,
    audit::{self, Author, Changes},
    error::{Error, Result},
    format::order_of,
    method::Side,
    org::OrgId,
};

use crate::leadership::perceived::{Perceiver, ROUND, Round, RoundId, rules::Said};

#[derive(sqlx::FromRow)]
struct RoundRow {
    id: Uuid,
    title: String,
    anonymous: bool,
    state: String,
    begun: String,
    closes: String,
    asked: String,
}

impl RoundRow {
    fn round(self) -> Result<Round> {
        let day = |text: &str| text.parse::<Date>().map_err(Error::internal);
        Ok(Round {
            id: RoundId(self.id),
            title: self.title,
            anonymous: self.anonymous,
            closed: self.state == "closed",
            begun: day(&self.begun)?,
            closes: day(&self.closes)?,
            asked: serde_json::from_str(&self.asked).map_err(Error::internal)?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct PerceiverRow {
    id: Uuid,
    person: Option<Uuid>,
    name: String,
    side: String,
    token: String,
    language: Option<String>,
    answered: bool,
}

impl From<PerceiverRow> for Perceiver {
    fn from(it: PerceiverRow) -> Perceiver {
        let side = Side::from_key(&it.side).unwrap_or(Side::Business);
        Perceiver {
            id: it.id,
            person: it.person,
            name: it.name,
            side,
            token: it.token,
            language: it.language,
            answered: it.answered,
        }
    }
}

/// The rounds of the organisation, the latest first.
pub async fn rounds(db: &Db, org: OrgId) -> Result<Vec<Round>> {
    let sql =
        "SELECT id, title, anonymous, state, begun, closes, asked FROM perception WHERE org = $1 ORDER BY id DESC";
    db.all::<RoundRow>(sql, [org.into()]).await?.into_iter().map(RoundRow::round).collect()
}

/// One round; [`Error::NotFound`] where this organisation has none of that identifier.
pub async fn round(db: &Db, org: OrgId, id: RoundId) -> Result<Round> {
    let sql = "SELECT id, title, anonymous, state, begun, closes, asked FROM perception WHERE org = $1 AND id = $2";
    db.one::<RoundRow>(sql, [org.into(), id.into()]).await?.round()
}

/// Who was asked, by name.
pub async fn perceivers(db: &Db, org: OrgId, round: RoundId) -> Result<Vec<Perceiver>> {
    let sql = "SELECT id, person, name, side, token, language, answered FROM perceiver WHERE org = $1 AND round = $2";
    let found: Vec<PerceiverRow> = db.all(sql, [org.into(), round.into()]).await?;
    let mut all: Vec<Perceiver> = found.into_iter().map(Perceiver::from).collect();
    all.sort_by_cached_key(|it| (order_of(&it.name), it.id));
    Ok(all)
}

/// Whose link this is, and in which round; [`Error::NotFound`] for a link that leads nowhere.
pub async fn by_token(db: &Db, token: &str) -> Result<(OrgId, Round, Perceiver)> {
    let (org, round): (OrgId, RoundId) =
        db.one("SELECT org, round FROM perceiver WHERE token = $1", [token.into()]).await?;
    let sql = "SELECT id, person, name, side, token, language, answered FROM perceiver WHERE token = $1";
    let perceiver: PerceiverRow = db.one(sql, [token.into()]).await?;
    Ok((org, self::round(db, org, round).await?, perceiver.into()))
}

/// Keeps the language in which whoever has this link wants to be asked.
pub async fn set_language(tx: &mut Tx, token: &str, language: Language) -> Result<()> {
    let sql = "UPDATE perceiver SET language = $2 WHERE token = $1";
    tx.run(sql, [token.into(), language.key().into()]).await?;
    Ok(())
}

/// Begins a round: what is asked, and everyone with a link of their own.
pub async fn begin(tx: &mut Tx, author: &Author, round: &Round, asked: &[Perceiver]) -> Result<()> {
    tx.run(
        "INSERT INTO perception (id, org, title, anonymous, state, begun, closes, asked) \
         VALUES ($1, $2, $3, $4, 'open', $5, $6, $7)",
        [
            round.id.into(),
            author.org.into(),
            round.title.clone().into(),
            round.anonymous.into(),
            round.begun.into(),
            round.closes.into(),
            serde_json::to_string(&round.asked).map_err(Error::internal)?.into(),
        ],
    )
    .await?;
    for it in asked {
        tx.run(
            "INSERT INTO perceiver (id, org, round, person, name, side, token, answered) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                it.id.into(),
                author.org.into(),
                round.id.into(),
                it.person.into(),
                it.name.clone().into(),
                it.side.key().into(),
                it.token.clone().into(),
                false.into(),
            ],
        )
        .await?;
    }
    let changes = Changes::from([("asked".to_owned(), [serde_json::Value::Null, asked.len().into()])]);
    audit::add(tx, author, "created", ROUND, round.id.0, &round.title, &changes, 1).await
}

/// Closes a round; `false` where it was closed already.
pub async fn close(tx: &mut Tx, author: &Author, round: &Round) -> Result<bool> {
    let sql = "UPDATE perception SET state = 'closed' WHERE org = $1 AND id = $2 AND state = 'open'";
    if tx.run(sql, [author.org.into(), round.id.into()]).await? == 0 {
        return Ok(false);
    }
    let changes = Changes::from([("state".to_owned(), ["open".into(), "closed".into()])]);
    audit::add(tx, author, "changed", ROUND, round.id.0, &round.title, &changes, 2).await?;
    Ok(true)
}

/// Takes what somebody said, once; `false` where they had answered already, or the round is closed. In an anonymous round nothing ties the
/// answers to them, nor to each other.
pub async fn hand_in(tx: &mut Tx, org: OrgId, round: &Round, by: &Perceiver, said: &[Said]) -> Result<bool> {
    let sql = "UPDATE perceiver SET answered = $3 WHERE org = $1 AND id = $2 AND NOT answered \
               AND EXISTS (SELECT id FROM perception WHERE org = $1 AND id = $4 AND state = 'open')";
    if tx.run(sql, [org.into(), by.id.into(), true.into(), round.id.into()]).await? == 0 {
        return Ok(false);
    }
    for it in said {
        tx.run(
            "INSERT INTO perceived (id, org, round, line, perceiver, side, accountable, responsible) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                Uuid::new_v4().into(),
                org.into(),
                round.id.into(),
                it.line.into(),
                (!round.anonymous).then_some(by.id).into(),
                it.side.key().into(),
                it.accountable.into(),
                it.responsible.into(),
            ],
        )
        .await?;
    }
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct SaidRow {
    line: Uuid,
    perceiver: Option<Uuid>,
    side: String,
    accountable: Option<Uuid>,
    responsible: Option<Uuid>,
}

/// What was said in a round; with whoever said it where the round is named.
pub async fn said(db: &Db, org: OrgId, round: RoundId) -> Result<Arc<Vec<(Option<Uuid>, Said)>>> {
    let sql = "SELECT line, perceiver, side, accountable, responsible FROM perceived WHERE org = $1 AND round = $2 ORDER BY id";
    let said = |it: SaidRow| {
        let side = Side::from_key(&it.side)?;
        Some((it.perceiver, Said { line: it.line, side, accountable: it.accountable, responsible: it.responsible }))
    };
    let values = vec![org.into(), round.into()];
    let read = async {
        let found: Vec<SaidRow> = db.all(sql, values.clone()).await?;
        Ok(found.into_iter().filter_map(said).collect())
    };
    db.kept(sql, values.clone(), read).await
}
