//! The statements of campaigns and answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;
use kit::{
    error::{Error, Result},
    format::order_of,
    method::Side,
    org::OrgId,
};

use crate::{
    campaign::{Campaign, CampaignId, Invitee, State},
    instrument::Instrument,
    snapshot::Answer,
};

#[derive(sqlx::FromRow)]
struct CampaignRow {
    id: CampaignId,
    version: i64,
    title: String,
    instrument: String,
    purpose: String,
    state: String,
    anonymous: bool,
    threshold: i64,
    comment_threshold: i64,
    opens: String,
    closes: String,
    message: Option<String>,
    reminds: bool,
    launched_at: Option<i64>,
    closed_at: Option<i64>,
}

impl TryFrom<CampaignRow> for Campaign {
    type Error = Error;

    fn try_from(row: CampaignRow) -> Result<Campaign> {
        let instant = |it: Option<i64>| it.and_then(|it| Timestamp::from_millisecond(it).ok());
        Ok(Campaign {
            id: row.id,
            version: row.version,
            title: row.title,
            instrument: Arc::new(serde_json::from_str(&row.instrument).map_err(Error::internal)?),
            purpose: row.purpose,
            state: State::from_key(&row.state).ok_or_else(|| Error::internal("a campaign in no state"))?,
            anonymous: row.anonymous,
            threshold: row.threshold,
            comment_threshold: row.comment_threshold,
            opens: row.opens.parse().map_err(|_| Error::internal("a campaign opens on no day"))?,
            closes: row.closes.parse().map_err(|_| Error::internal("a campaign closes on no day"))?,
            message: row.message,
            reminds: row.reminds,
            launched_at: instant(row.launched_at),
            closed_at: instant(row.closed_at),
        })
    }
}

pub async fn campaign(db: &Db, org: OrgId, id: CampaignId) -> Result<Campaign> {
    let row: CampaignRow = db
        .one(
            "SELECT id, version, title, instrument, purpose, state, anonymous, threshold, comment_threshold, opens, \
             closes, message, reminds, launched_at, closed_at FROM campaign WHERE org = $1 AND id = $2",
            [org.into(), id.into()],
        )
        .await?;
    row.try_into()
}

/// Every campaign of an organisation, newest first.
pub async fn campaigns(db: &Db, org: OrgId) -> Result<Vec<Campaign>> {
    let sql = "SELECT id, version, title, instrument, purpose, state, anonymous, threshold, comment_threshold, opens, \
               closes, message, reminds, launched_at, closed_at FROM campaign WHERE org = $1 ORDER BY opens DESC, id DESC";
    let read = async {
        let rows: Vec<CampaignRow> = db.all(sql, [org.into()]).await?;
        rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<Campaign>>>()
    };
    Ok(Arc::unwrap_or_clone(db.kept(sql, vec![org.into()], read).await?))
}

/// The closed campaigns of a purpose, oldest first.
pub async fn closed(db: &Db, org: OrgId, purpose: &str) -> Result<Vec<Campaign>> {
    let mut all = campaigns(db, org).await?;
    all.retain(|it| it.state == State::Closed && it.purpose == purpose);
    all.sort_by_key(|it| (it.closed_at, it.id));
    Ok(all)
}

pub async fn insert_campaign(tx: &mut Tx, org: OrgId, it: &Campaign) -> Result<()> {
    tx.run(
        "INSERT INTO campaign (id, org, version, title, instrument, purpose, state, anonymous, threshold, \
         comment_threshold, opens, closes, message, reminds, launched_at, closed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        [
            it.id.into(),
            org.into(),
            it.version.into(),
            it.title.clone().into(),
            to_json(&it.instrument).into(),
            it.purpose.clone().into(),
            it.state.key().into(),
            it.anonymous.into(),
            it.threshold.into(),
            it.comment_threshold.into(),
            it.opens.into(),
            it.closes.into(),
            it.message.clone().into(),
            it.reminds.into(),
            it.launched_at.into(),
            it.closed_at.into(),
        ],
    )
    .await?;
    Ok(())
}

fn to_json(instrument: &Instrument) -> String {
    serde_json::to_string(instrument).expect("an instrument is plain data")
}

/// Writes what may be changed: everything of a draft; the last day, the message and the reminder of an open campaign. `false` when
/// someone else was quicker.
pub async fn update_campaign(tx: &mut Tx, org: OrgId, it: &Campaign) -> Result<bool> {
    let touched = tx
        .run(
            "UPDATE campaign SET version = version + 1, title = $4, instrument = $5, purpose = $6, anonymous = $7, \
             threshold = $8, comment_threshold = $9, opens = $10, closes = $11, message = $12, reminds = $13 \
             WHERE org = $1 AND id = $2 AND version = $3 AND state <> 'closed'",
            [
                org.into(),
                it.id.into(),
                it.version.into(),
                it.title.clone().into(),
                to_json(&it.instrument).into(),
                it.purpose.clone().into(),
                it.anonymous.into(),
                it.threshold.into(),
                it.comment_threshold.into(),
                it.opens.into(),
                it.closes.into(),
                it.message.clone().into(),
                it.reminds.into(),
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// Opens a draft. `false` when it is none any more.
pub async fn launch(tx: &mut Tx, org: OrgId, id: CampaignId, now: Timestamp) -> Result<bool> {
    let touched = tx
        .run(
            "UPDATE campaign SET version = version + 1, state = 'open', launched_at = $3 WHERE org = $1 AND id = $2 AND state = 'draft'",
            [org.into(), id.into(), now.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Closes an open campaign with its snapshot. `false` when it is not open any more.
pub async fn close(tx: &mut Tx, org: OrgId, id: CampaignId, snapshot: &str, now: Timestamp) -> Result<bool> {
    let touched = tx
        .run(
            "UPDATE campaign SET version = version + 1, state = 'closed', closed_at = $3, snapshot = $4 \
             WHERE org = $1 AND id = $2 AND state = 'open'",
            [org.into(), id.into(), now.into(), snapshot.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Deletes a draft with its audience. `false` when it is none.
pub async fn delete_draft(tx: &mut Tx, org: OrgId, id: CampaignId) -> Result<bool> {
    Ok(tx.run("DELETE FROM campaign WHERE org = $1 AND id = $2 AND state = 'draft'", [org.into(), id.into()]).await?
        == 1)
}

pub async fn snapshot(db: &Db, org: OrgId, id: CampaignId) -> Result<Option<String>> {
    let (text,): (Option<String>,) =
        db.one("SELECT snapshot FROM campaign WHERE org = $1 AND id = $2", [org.into(), id.into()]).await?;
    Ok(text)
}

#[derive(sqlx::FromRow)]
struct InviteeRow {
    id: Uuid,
    person: Option<Uuid>,
    name: String,
    email: Option<String>,
    side: String,
    unit: Option<String>,
    role: Option<String>,
    influence: Option<i64>,
    token: String,
    language: Option<String>,
    response: Option<Uuid>,
    draft_key: Option<String>,
    answered: bool,
}

impl From<InviteeRow> for Invitee {
    fn from(row: InviteeRow) -> Invitee {
        Invitee {
            id: row.id,
            person: row.person,
            name: row.name,
            email: row.email,
            side: Side::from_key(&row.side).unwrap_or(Side::Business),
            unit: row.unit,
            role: row.role,
            influence: row.influence,
            token: row.token,
            language: row.language,
            response: row.response,
            draft_key: row.draft_key,
            answered: row.answered,
        }
    }
}

/// Everyone who is asked, by name.
pub async fn invitees(db: &Db, org: OrgId, campaign: CampaignId) -> Result<Vec<Invitee>> {
    let rows: Vec<InviteeRow> = db
        .all(
            "SELECT id, person, name, email, side, unit, role, influence, token, language, response, draft_key, answered \
             FROM invitee WHERE org = $1 AND campaign = $2",
            [org.into(), campaign.into()],
        )
        .await?;
    let mut all: Vec<Invitee> = rows.into_iter().map(Into::into).collect();
    all.sort_by_key(|it| (order_of(&it.name), it.id));
    Ok(all)
}

/// The people who are asked.
pub async fn invited(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Result<BTreeSet<Uuid>> {
    let sql = "SELECT person FROM invitee WHERE org = $1 AND campaign = $2 AND person IS NOT NULL";
    let rows: Vec<(Uuid,)> = tx.all(sql, [org.into(), campaign.into()]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

pub async fn insert_invitee(tx: &mut Tx, org: OrgId, campaign: CampaignId, it: &Invitee) -> Result<()> {
    tx.run(
        "INSERT INTO invitee (id, org, campaign, person, name, email, side, unit, role, influence, token, language, \
         answered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [
            it.id.into(),
            org.into(),
            campaign.into(),
            it.person.into(),
            it.name.clone().into(),
            it.email.clone().into(),
            it.side.key().into(),
            it.unit.clone().into(),
            it.role.clone().into(),
            it.influence.into(),
            it.token.clone().into(),
            it.language.clone().into(),
            it.answered.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Takes somebody off the list; only while the campaign is a draft, which the caller has seen.
pub async fn delete_invitee(tx: &mut Tx, org: OrgId, campaign: CampaignId, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM invitee WHERE org = $1 AND campaign = $2 AND id = $3";
    Ok(tx.run(sql, [org.into(), campaign.into(), id.into()]).await? == 1)
}

/// Whose personal link this is: the organisation, the campaign, the invitee.
pub async fn by_token(db: &Db, token: &str) -> Result<(OrgId, CampaignId, Invitee)> {
    let (org, campaign): (OrgId, CampaignId) =
        db.one("SELECT org, campaign FROM invitee WHERE token = $1", [token.into()]).await?;
    let row: InviteeRow = db
        .one(
            "SELECT id, person, name, email, side, unit, role, influence, token, language, response, draft_key, answered \
             FROM invitee WHERE token = $1",
            [token.into()],
        )
        .await?;
    Ok((org, campaign, row.into()))
}

pub async fn set_language(tx: &mut Tx, invitee: Uuid, language: &str) -> Result<()> {
    tx.run("UPDATE invitee SET language = $2 WHERE id = $1", [invitee.into(), language.into()]).await?;
    Ok(())
}

/// The language that each person chose the last time that they were asked.
pub async fn languages(db: &Db, org: OrgId) -> Result<BTreeMap<Uuid, String>> {
    let chosen: Vec<(Uuid, String)> = db
        .all(
            "SELECT person, language FROM invitee \
             WHERE org = $1 AND person IS NOT NULL AND language IS NOT NULL ORDER BY id",
            [org.into()],
        )
        .await?;
    Ok(chosen.into_iter().collect())
}

/// The open campaigns of the whole installation that remind by themselves.
pub async fn reminding(db: &Db) -> Result<Vec<(OrgId, CampaignId)>> {
    Ok(db.all("SELECT org, id FROM campaign WHERE state = 'open' AND reminds ORDER BY id", []).await?)
}

/// A response as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub id: Uuid,
    pub respondent: Option<String>,
    pub name: Option<String>,
    /// Whose record it is, in campaigns under names only.
    pub person: Option<Uuid>,
    pub side: Side,
    pub unit: Option<String>,
    pub role: Option<String>,
    pub influence: Option<i64>,
    pub submitted: bool,
    pub batch: Option<Uuid>,
}

pub async fn insert_response(tx: &mut Tx, org: OrgId, campaign: CampaignId, it: &Response) -> Result<()> {
    tx.run(
        "INSERT INTO response (id, org, campaign, respondent, name, side, unit, role, influence, submitted, batch, \
         person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
            it.id.into(),
            org.into(),
            campaign.into(),
            it.respondent.clone().into(),
            it.name.clone().into(),
            it.side.key().into(),
            it.unit.clone().into(),
            it.role.clone().into(),
            it.influence.into(),
            it.submitted.into(),
            it.batch.into(),
            it.person.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Ties an invitee to a new draft, and an anonymous one to the browser that holds the key. `false` when another page of
/// the same person was quicker.
pub async fn start_draft(tx: &mut Tx, invitee: Uuid, response: Uuid, key: Option<String>) -> Result<bool> {
    let sql = "UPDATE invitee SET response = $2, draft_key = $3 WHERE id = $1 AND response IS NULL AND NOT answered";
    Ok(tx.run(sql, [invitee.into(), response.into(), key.into()]).await? == 1)
}

/// The draft of an invitee as it is now, and what is kept of its key.
pub async fn draft(tx: &mut Tx, invitee: Uuid) -> Result<(Option<Uuid>, Option<String>)> {
    Ok(tx.one("SELECT response, draft_key FROM invitee WHERE id = $1", [invitee.into()]).await?)
}

/// Deletes the draft of an invitee with its answers, so that they can begin anew.
pub async fn drop_draft(tx: &mut Tx, invitee: Uuid) -> Result<()> {
    let (Some(draft), _) = draft(tx, invitee).await? else { return Ok(()) };
    let sql = "UPDATE invitee SET response = NULL, draft_key = NULL WHERE id = $1 AND response = $2";
    tx.run(sql, [invitee.into(), draft.into()]).await?;
    tx.run("DELETE FROM response WHERE id = $1 AND NOT submitted", [draft.into()]).await?;
    Ok(())
}

/// Puts an answer in the place of an earlier one; `None` takes it away.
pub async fn put_answer(tx: &mut Tx, response: Uuid, item: &str, answer: Option<&Answer>) -> Result<()> {
    tx.run("DELETE FROM answer WHERE response = $1 AND item = $2", [response.into(), item.into()]).await?;
    let (value, words) = match answer {
        None => return Ok(()),
        Some(Answer::Value(it)) => (Some(*it), None),
        Some(Answer::Text(it)) => (None, Some(it.clone())),
        Some(Answer::CannotJudge) => (None, None),
    };
    tx.run(
        "INSERT INTO answer (response, item, value, words) VALUES ($1, $2, $3, $4)",
        [response.into(), item.into(), value.into(), words.into()],
    )
    .await?;
    Ok(())
}

/// Whether nothing at all was answered in a draft.
pub async fn is_blank(tx: &mut Tx, response: Uuid) -> Result<bool> {
    let (many,): (i64,) = tx.one("SELECT COUNT(*) FROM answer WHERE response = $1", [response.into()]).await?;
    Ok(many == 0)
}

/// Hands a response in: once. In an anonymous campaign the invitee keeps only that they answered, and the response
/// gets a new identifier, so that nothing that was seen of the draft leads to it.
pub async fn submit(tx: &mut Tx, org: OrgId, campaign: CampaignId, invitee: &Invitee, anonymous: bool) -> Result<bool> {
    let Some(draft) = invitee.response else { return Ok(false) };
    let taken = tx
        .run(
            "UPDATE invitee SET answered = $3, response = NULL, draft_key = NULL \
             WHERE id = $1 AND response = $2 AND NOT answered",
            [invitee.id.into(), draft.into(), true.into()],
        )
        .await?;
    if taken == 0 {
        return Ok(false);
    }
    let fresh = Uuid::new_v4();
    let name = (!anonymous).then(|| invitee.name.clone());
    let handed_in = Response {
        id: fresh,
        respondent: None,
        name,
        person: invitee.person.filter(|_| !anonymous),
        side: invitee.side,
        unit: invitee.unit.clone(),
        role: invitee.role.clone(),
        influence: if anonymous { None } else { invitee.influence },
        submitted: true,
        batch: None,
    };
    insert_response(tx, org, campaign, &handed_in).await?;
    tx.run("UPDATE answer SET response = $2 WHERE response = $1", [draft.into(), fresh.into()]).await?;
    tx.run("DELETE FROM response WHERE id = $1", [draft.into()]).await?;
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    response: Uuid,
    item: String,
    value: Option<f64>,
    words: Option<String>,
}

fn read_answer(row: AnswerRow) -> (Uuid, String, Answer) {
    let answer = match (row.value, row.words) {
        (Some(it), _) => Answer::Value(it),
        (None, Some(it)) => Answer::Text(it),
        (None, None) => Answer::CannotJudge,
    };
    (row.response, row.item, answer)
}

/// What stands in a response so far.
pub async fn answers(db: &Db, response: Uuid) -> Result<BTreeMap<String, Answer>> {
    let rows: Vec<AnswerRow> =
        db.all("SELECT response, item, value, words FROM answer WHERE response = $1", [response.into()]).await?;
    Ok(rows.into_iter().map(read_answer).map(|(_, item, answer)| (item, answer)).collect())
}

#[derive(sqlx::FromRow)]
struct ResponseRow {
    id: Uuid,
    respondent: Option<String>,
    name: Option<String>,
    person: Option<Uuid>,
    side: String,
    unit: Option<String>,
    role: Option<String>,
    influence: Option<i64>,
    submitted: bool,
    batch: Option<Uuid>,
}

/// Every response that was handed in, with its answers, in the order of their random identifiers.
pub async fn handed_in(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Result<Vec<(Response, BTreeMap<String, Answer>)>> {
    let rows: Vec<ResponseRow> = tx
        .all(
            "SELECT id, respondent, name, person, side, unit, role, influence, submitted, batch FROM response \
             WHERE org = $1 AND campaign = $2 AND submitted",
            [org.into(), campaign.into()],
        )
        .await?;
    let answers: Vec<AnswerRow> = tx
        .all(
            "SELECT answer.response, answer.item, answer.value, answer.words FROM answer \
             JOIN response ON response.id = answer.response \
             WHERE response.org = $1 AND response.campaign = $2 AND response.submitted",
            [org.into(), campaign.into()],
        )
        .await?;
    let mut by_response: BTreeMap<Uuid, BTreeMap<String, Answer>> = BTreeMap::new();
    for (response, item, answer) in answers.into_iter().map(read_answer) {
        by_response.entry(response).or_default().insert(item, answer);
    }
    let mut all: Vec<(Response, BTreeMap<String, Answer>)> = rows
        .into_iter()
        .map(|row| {
            let response = Response {
                id: row.id,
                respondent: row.respondent,
                name: row.name,
                person: row.person,
                side: Side::from_key(&row.side).unwrap_or(Side::Business),
                unit: row.unit,
                role: row.role,
                influence: row.influence,
                submitted: row.submitted,
                batch: row.batch,
            };
            let answers = by_response.remove(&row.id).unwrap_or_default();
            (response, answers)
        })
        .collect();
    all.sort_by_key(|(it, _)| it.id);
    Ok(all)
}

/// How many responses were handed in, by side: for answers that came from elsewhere and have no invitee.
pub async fn counts(db: &Db, org: OrgId, campaign: CampaignId) -> Result<Vec<(Side, i64)>> {
    let rows: Vec<(String, i64)> = db
        .all(
            "SELECT side, COUNT(*) FROM response WHERE org = $1 AND campaign = $2 AND submitted GROUP BY side",
            [org.into(), campaign.into()],
        )
        .await?;
    Ok(Side::ALL.iter().map(|side| (*side, rows.iter().find(|it| it.0 == side.key()).map_or(0, |it| it.1))).collect())
}

/// The instruments that the organisation brought, by title.
pub async fn instruments(db: &Db, org: OrgId) -> Result<Vec<Instrument>> {
    let rows: Vec<(String,)> =
        db.all("SELECT body FROM instrument WHERE org = $1 ORDER BY title, edition", [org.into()]).await?;
    rows.into_iter().map(|(body,)| serde_json::from_str(&body).map_err(Error::internal)).collect()
}

/// What one of them is called.
pub async fn instrument_title(db: &Db, org: OrgId, id: Uuid) -> Result<Option<String>> {
    let found: Option<(String,)> =
        db.maybe("SELECT title FROM instrument WHERE org = $1 AND id = $2", [org.into(), id.into()]).await?;
    Ok(found.map(|it| it.0))
}

/// Keeps an instrument of the organisation's own.
pub async fn insert_instrument(tx: &mut Tx, org: OrgId, id: Uuid, it: &Instrument) -> Result<()> {
    tx.run(
        "INSERT INTO instrument (id, org, key, edition, title, body) VALUES ($1, $2, $3, $4, $5, $6)",
        [
            id.into(),
            org.into(),
            it.key.clone().into(),
            i64::from(it.version).into(),
            it.title.get("en").into(),
            to_json(it).into(),
        ],
    )
    .await?;
    Ok(())
}
