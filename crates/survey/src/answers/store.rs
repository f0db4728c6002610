//! The statements of answers that are brought in.

use std::collections::BTreeSet;

use db::{Tx, Value, uuid::Uuid};
use kit::{error::Result, org::OrgId};

use crate::{campaign::CampaignId, snapshot::Answer};

/// Keeps a campaign from being closed until this write is done. `false` when it is closed already.
pub async fn hold(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<bool> {
    let sql = "UPDATE campaign SET state = state WHERE org = $1 AND id = $2 AND state <> 'closed'";
    Ok(tx.run(sql, [org.into(), campaign.into()]).await? == 1)
}

/// How many responses were handed in or brought in.
pub async fn many(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM response WHERE org = $1 AND campaign = $2 AND submitted";
    let (many,): (i64,) = tx.one(sql, [org.into(), campaign.into()]).await?;
    Ok(many)
}

/// The references of the respondents whose answers were brought in.
pub async fn brought(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<BTreeSet<String>> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT respondent FROM response WHERE org = $1 AND campaign = $2 AND respondent IS NOT NULL",
            [org.into(), campaign.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// The references of what a batch brought in.
pub async fn of_batch(tx: &mut Tx, org: OrgId, batch: Uuid) -> Result<Vec<Option<String>>> {
    let rows: Vec<(Option<String>,)> =
        tx.all("SELECT respondent FROM response WHERE org = $1 AND batch = $2", [org.into(), batch.into()]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// Takes away what a batch brought in, with its answers.
pub async fn delete_batch(tx: &mut Tx, org: OrgId, batch: Uuid) -> Result<u64> {
    Ok(tx.run("DELETE FROM response WHERE org = $1 AND batch = $2", [org.into(), batch.into()]).await?)
}

/// Cuts what was brought in from who gave it.
pub async fn forget_respondents(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<()> {
    let sql = "UPDATE response SET respondent = NULL, batch = NULL WHERE org = $1 AND campaign = $2";
    tx.run(sql, [org.into(), campaign.into()]).await?;
    Ok(())
}

/// Deletes a campaign that is not closed, has no answers and asks nobody. `false` when it is not such a one.
pub async fn delete_empty(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<bool> {
    let sql = "DELETE FROM campaign WHERE org = $1 AND id = $2 AND state <> 'closed' \
         AND NOT EXISTS (SELECT 1 FROM response WHERE response.campaign = $2) \
         AND NOT EXISTS (SELECT 1 FROM invitee WHERE invitee.campaign = $2)";
    Ok(tx.run(sql, [org.into(), campaign.into()]).await? == 1)
}

/// Notes whether somebody who is asked has answered elsewhere.
pub async fn set_answered(tx: &mut Tx, org: OrgId, invitee: Uuid, answered: bool) -> Result<()> {
    let sql = "UPDATE invitee SET answered = $3 WHERE org = $1 AND id = $2";
    tx.run(sql, [org.into(), invitee.into(), answered.into()]).await?;
    Ok(())
}

/// How many answers one statement writes.
const AT_ONCE: usize = 16;

/// Writes the answers of a response that has none yet.
pub async fn insert_answers(tx: &mut Tx, response: Uuid, answers: Vec<(String, Answer)>) -> Result<()> {
    let mut values: Vec<Value> = Vec::with_capacity(answers.len() * 3);
    for (item, answer) in answers {
        let (value, words) = match answer {
            Answer::Value(it) => (Some(it), None),
            Answer::Text(it) => (None, Some(it)),
            Answer::CannotJudge => (None, None),
        };
        values.extend([item.into(), value.into(), words.into()]);
    }
    let mut left = values.as_slice();
    while left.len() >= AT_ONCE * 3 {
        let (now, rest) = left.split_at(AT_ONCE * 3);
        left = rest;
        let sql = "INSERT INTO answer (response, item, value, words) VALUES \
             ($1, $2, $3, $4), ($1, $5, $6, $7), ($1, $8, $9, $10), ($1, $11, $12, $13), ($1, $14, $15, $16), \
             ($1, $17, $18, $19), ($1, $20, $21, $22), ($1, $23, $24, $25), ($1, $26, $27, $28), ($1, $29, $30, $31), \
             ($1, $32, $33, $34), ($1, $35, $36, $37), ($1, $38, $39, $40), ($1, $41, $42, $43), ($1, $44, $45, $46), \
             ($1, $47, $48, $49)";
        tx.run(sql, std::iter::once(response.into()).chain(now.iter().cloned())).await?;
    }
    for now in left.chunks(3) {
        let sql = "INSERT INTO answer (response, item, value, words) VALUES ($1, $2, $3, $4)";
        tx.run(sql, std::iter::once(response.into()).chain(now.iter().cloned())).await?;
    }
    Ok(())
}
