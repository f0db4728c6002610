//! The statements of rounds of ranking.

use db::{Db, Tx, uuid::Uuid};
use jiff::civil::Date;
use kit::{
    asking::Language,
    error::{Error, Result},
    format::order_of,
    method::Side,
    org::OrgId,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::expectations::ranking::{Answers, Method, Ranked, Ranking, RankingId, Voter};

#[derive(sqlx::FromRow)]
struct RankingRow {
    id: RankingId,
    title: String,
    method: String,
    design: String,
    opened_on: String,
    closes: String,
    closed_on: Option<String>,
    result: Option<String>,
}

#[derive(sqlx::FromRow)]
struct VoterRow {
    id: Uuid,
    person: Option<Uuid>,
    name: String,
    side: String,
    token: String,
    language: Option<String>,
    answers: String,
    done_on: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Whose {
    org: OrgId,
    ranking: RankingId,
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn to_json(it: &impl Serialize) -> String {
    serde_json::to_string(it).expect("a round is plain data")
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::internal("a round on no day"))
}

impl TryFrom<RankingRow> for Ranking {
    type Error = Error;

    fn try_from(row: RankingRow) -> Result<Ranking> {
        Ok(Ranking {
            id: row.id,
            title: row.title,
            method: Method::from_key(&row.method).ok_or_else(|| Error::internal("a round of no method"))?,
            design: from_json(&row.design)?,
            opened_on: day(&row.opened_on)?,
            closes: day(&row.closes)?,
            closed_on: row.closed_on.as_deref().map(day).transpose()?,
            result: row.result.as_deref().map(from_json).transpose()?,
        })
    }
}

impl TryFrom<VoterRow> for Voter {
    type Error = Error;

    fn try_from(row: VoterRow) -> Result<Voter> {
        Ok(Voter {
            id: row.id,
            person: row.person,
            name: row.name,
            side: Side::from_key(&row.side).ok_or_else(|| Error::internal("a voter of no side"))?,
            token: row.token,
            language: row.language,
            answers: from_json(&row.answers)?,
            done_on: row.done_on.as_deref().map(day).transpose()?,
        })
    }
}

/// Every round of an organisation, the newest first.
pub async fn rankings(db: &Db, org: OrgId) -> Result<Vec<Ranking>> {
    let rows: Vec<RankingRow> = db
        .all(
            "SELECT id, title, method, design, opened_on, closes, closed_on, result FROM ranking WHERE org = $1 \
             ORDER BY opened_on DESC, id DESC",
            [org.into()],
        )
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub async fn ranking(db: &Db, org: OrgId, id: RankingId) -> Result<Ranking> {
    let row: RankingRow = db
        .one(
            "SELECT id, title, method, design, opened_on, closes, closed_on, result FROM ranking \
             WHERE org = $1 AND id = $2",
            [org.into(), id.into()],
        )
        .await?;
    row.try_into()
}

/// Who is asked in a round, by name.
pub async fn voters(db: &Db, org: OrgId, of: RankingId) -> Result<Vec<Voter>> {
    by_name(db.all(VOTERS, [org.into(), of.into()]).await?)
}

/// The same, seen from within a write.
pub async fn voters_in(tx: &mut Tx, org: OrgId, of: RankingId) -> Result<Vec<Voter>> {
    by_name(tx.all(VOTERS, [org.into(), of.into()]).await?)
}

const VOTERS: &str = "SELECT id, person, name, side, token, language, answers, done_on FROM ranking_voter \
     WHERE org = $1 AND ranking = $2";

fn by_name(rows: Vec<VoterRow>) -> Result<Vec<Voter>> {
    let mut all = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<Voter>>>()?;
    all.sort_by_cached_key(|it| order_of(&it.name));
    Ok(all)
}

/// The links of a person who has not answered yet in rounds that are open: token and title.
pub async fn waiting(db: &Db, org: OrgId, person: Uuid) -> Result<Vec<(String, String, Date)>> {
    let rows: Vec<(String, String, String)> = db
        .all(
            "SELECT ranking_voter.token, ranking.title, ranking.closes FROM ranking_voter \
             JOIN ranking ON ranking.id = ranking_voter.ranking \
             WHERE ranking_voter.org = $1 AND ranking_voter.person = $2 AND ranking_voter.done_on IS NULL \
             AND ranking.closed_on IS NULL",
            [org.into(), person.into()],
        )
        .await?;
    rows.into_iter().map(|(token, title, closes)| Ok((token, title, day(&closes)?))).collect()
}

/// Whose link this is, with the round and its organisation.
pub async fn by_token(db: &Db, token: &str) -> Result<(OrgId, Ranking, Voter)> {
    let whose: Whose = db.one("SELECT org, ranking FROM ranking_voter WHERE token = $1", [token.into()]).await?;
    let row: VoterRow = db
        .one(
            "SELECT id, person, name, side, token, language, answers, done_on FROM ranking_voter WHERE token = $1",
            [token.into()],
        )
        .await?;
    Ok((whose.org, ranking(db, whose.org, whose.ranking).await?, row.try_into()?))
}

/// Keeps the language in which whoever has this link wants to be asked.
pub async fn set_language(tx: &mut Tx, token: &str, language: Language) -> Result<()> {
    let sql = "UPDATE ranking_voter SET language = $2 WHERE token = $1";
    tx.run(sql, [token.into(), language.key().into()]).await?;
    Ok(())
}

pub async fn insert(tx: &mut Tx, org: OrgId, it: &Ranking, voters: &[Voter]) -> Result<()> {
    tx.run(
        "INSERT INTO ranking (id, org, title, method, design, opened_on, closes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            it.id.into(),
            org.into(),
            it.title.clone().into(),
            it.method.key().into(),
            to_json(&it.design).into(),
            it.opened_on.into(),
            it.closes.into(),
        ],
    )
    .await?;
    for voter in voters {
        tx.run(
            "INSERT INTO ranking_voter (id, org, ranking, person, name, side, token, answers) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                voter.id.into(),
                org.into(),
                it.id.into(),
                voter.person.into(),
                voter.name.clone().into(),
                voter.side.key().into(),
                voter.token.clone().into(),
                to_json(&voter.answers).into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Holds a round for the length of a write, so that no answer comes in between its count and its close; `false` where it is
/// not open any more.
pub async fn hold(tx: &mut Tx, org: OrgId, id: RankingId) -> Result<bool> {
    let sql = "UPDATE ranking SET title = title WHERE org = $1 AND id = $2 AND closed_on IS NULL";
    Ok(tx.run(sql, [org.into(), id.into()]).await? > 0)
}

/// Keeps what somebody said; `false` where the round was closed meanwhile.
pub async fn put_answers(
    tx: &mut Tx,
    org: OrgId,
    of: RankingId,
    voter: Uuid,
    answers: &Answers,
    done_on: Option<Date>,
) -> Result<bool> {
    if !hold(tx, org, of).await? {
        return Ok(false);
    }
    let sql = "UPDATE ranking_voter SET answers = $3, done_on = $4 WHERE org = $1 AND id = $2";
    let kept = tx.run(sql, [org.into(), voter.into(), to_json(answers).into(), done_on.into()]).await?;
    Ok(kept > 0)
}

/// Closes a round that is held, with what came of it.
pub async fn close(tx: &mut Tx, org: OrgId, id: RankingId, on: Date, result: &Ranked) -> Result<()> {
    let sql = "UPDATE ranking SET closed_on = $3, result = $4 WHERE org = $1 AND id = $2 AND closed_on IS NULL";
    tx.run(sql, [org.into(), id.into(), on.into(), to_json(result).into()]).await?;
    Ok(())
}

/// Takes an open round away, with what was said in it; `false` where it is closed: a result stays.
pub async fn discard(tx: &mut Tx, org: OrgId, id: RankingId) -> Result<bool> {
    let gone =
        tx.run("DELETE FROM ranking WHERE org = $1 AND id = $2 AND closed_on IS NULL", [org.into(), id.into()]).await?;
    Ok(gone > 0)
}
