//! Signing off: people are asked to agree to a record, and say yes or no to the version that they saw.
//!
//! A kind that says `.signed()` has this on the page of each record. A record that changes afterwards is shown as
//! changed since it was signed; the signature stays with the version that it was given to. Of a kind that says
//! `.signed_for(fields)` it holds until one of these changes.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;

use crate::{
    area::Note,
    audit::{self, Author, Changes},
    choices,
    error::{Error, Result},
    format::{in_words, list, order_of},
    org::OrgId,
    pages::Fields,
    people::{self, Person},
    record::{Kind, Row, Value},
    rights::Right,
    store,
    web::{Scope, see},
};

/// What it takes to note what somebody else said. A signature by somebody who could not decide is worth nothing.
const NOTES: Right = Right::Lead;

/// Instead of a person: everyone whose word is on an earlier version.
const AGAIN: &str = "again";

choices! {
    /// What somebody said when they were asked to sign.
    pub Verdict {
        Asked = "asked", "asked", Warn;
        Signed = "signed", "signed", Good;
        Declined = "declined", "declined", Bad;
    }
}

/// What one person said of one version of a record, or that they were asked.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Signature {
    pub id: Uuid,
    pub kind: String,
    pub record: Uuid,
    pub version: i64,
    /// Nobody where the person is not kept any more.
    pub person: Option<Uuid>,
    pub name: String,
    verdict: String,
    pub note: Option<String>,
    at: i64,
    /// Who noted it for them.
    pub recorded: Option<String>,
}

impl Signature {
    pub fn verdict(&self) -> Verdict {
        Verdict::from_key(&self.verdict).unwrap_or(Verdict::Asked)
    }

    pub fn instant(&self) -> Timestamp {
        db::instant(self.at)
    }

    /// ", noted by Ada", where it is somebody else who says so; nothing where it is their own word.
    pub fn noted(&self) -> String {
        self.recorded.as_ref().map_or_else(String::new, |it| format!(", noted by {it}"))
    }

    /// Whether it is a yes to this version.
    pub fn holds(&self, version: i64) -> bool {
        self.verdict() == Verdict::Signed && self.version == version
    }
}

/// What was said of a record, the latest word of each person, in the order of their names.
pub async fn of(db: &Db, org: OrgId, record: Uuid) -> Result<Vec<Signature>> {
    let all: Vec<Signature> = db
        .all(
            "SELECT id, kind, record, version, person, name, verdict, note, at, recorded FROM signature \
             WHERE org = $1 AND record = $2 ORDER BY at DESC, id DESC",
            [org.into(), record.into()],
        )
        .await?;
    Ok(latest(all))
}

/// The same for every record of a kind.
pub async fn of_kind(db: &Db, org: OrgId, kind: &Kind) -> Result<Vec<Signature>> {
    let all: Vec<Signature> = db
        .all(
            "SELECT id, kind, record, version, person, name, verdict, note, at, recorded FROM signature \
             WHERE org = $1 AND kind = $2 ORDER BY at DESC, id DESC",
            [org.into(), kind.key.into()],
        )
        .await?;
    Ok(latest(all))
}

/// [`of_kind`], where a word that still holds counts as one of the present version: nothing changed since of what people
/// sign for. `versions` are those of the records as they stand.
pub async fn standing(db: &Db, org: OrgId, kind: &Kind, versions: &BTreeMap<Uuid, i64>) -> Result<Vec<Signature>> {
    let mut all = of_kind(db, org, kind).await?;
    let mut since: BTreeMap<Uuid, i64> = BTreeMap::new();
    for word in &mut all {
        let Some(version) = versions.get(&word.record).copied().filter(|it| word.version < *it) else { continue };
        let since = match since.get(&word.record) {
            Some(it) => *it,
            None => {
                let it = same_since(kind, &audit::of_record(db, org, word.record).await?, version);
                since.insert(word.record, it);
                it
            }
        };
        if word.version >= since {
            word.version = version;
        }
    }
    Ok(all)
}

/// Everything that was ever said of a record, the newest first: who signed which version.
pub async fn history(db: &Db, org: OrgId, record: Uuid) -> Result<Vec<Signature>> {
    Ok(db
        .all(
            "SELECT id, kind, record, version, person, name, verdict, note, at, recorded FROM signature \
             WHERE org = $1 AND record = $2 AND verdict <> 'asked' ORDER BY at DESC, id DESC",
            [org.into(), record.into()],
        )
        .await?)
}

/// Keeps the first of each person and record; the newest come first.
fn latest(all: Vec<Signature>) -> Vec<Signature> {
    let mut kept: Vec<Signature> = Vec::new();
    for it in all {
        let same = |other: &&Signature| {
            other.record == it.record && other.person == it.person && (it.person.is_some() || other.name == it.name)
        };
        if !kept.iter().any(|other| same(&other)) {
            kept.push(it);
        }
    }
    kept.sort_by_key(|it| order_of(&it.name));
    kept
}

/// Asks somebody to sign the present version of a record. Who has said something of it already is not asked again.
pub async fn ask(tx: &mut Tx, author: &Author, kind: &Kind, row: &Row, person: &Person) -> Result<()> {
    let (said,): (i64,) = tx
        .one(
            "SELECT COUNT(*) FROM signature \
             WHERE org = $1 AND record = $2 AND person = $3 AND version = $4 AND verdict <> 'asked'",
            [author.org.into(), row.id.into(), person.id.into(), row.version.into()],
        )
        .await?;
    if said > 0 { Ok(()) } else { say(tx, author, kind, row, person, Verdict::Asked, None).await }
}

/// Writes what somebody says of the present version of a record, and the audit entry.
pub async fn say(
    tx: &mut Tx,
    author: &Author,
    kind: &Kind,
    row: &Row,
    person: &Person,
    verdict: Verdict,
    note: Option<String>,
) -> Result<()> {
    // An open question is answered or put anew; what was said of a version stays.
    tx.run(
        "DELETE FROM signature WHERE org = $1 AND record = $2 AND person = $3 AND (verdict = 'asked' OR version = $4)",
        [author.org.into(), row.id.into(), person.id.into(), row.version.into()],
    )
    .await?;
    let recorded = (verdict != Verdict::Asked && author.name != person.name).then(|| author.name.clone());
    tx.run(
        "INSERT INTO signature (id, org, kind, record, version, person, name, verdict, note, at, recorded) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        [
            Uuid::now_v7().into(),
            author.org.into(),
            kind.key.into(),
            row.id.into(),
            row.version.into(),
            person.id.into(),
            person.name.clone().into(),
            verdict.key().into(),
            note.into(),
            author.at.into(),
            recorded.into(),
        ],
    )
    .await?;
    let said = match verdict {
        Verdict::Asked => "asked to sign",
        Verdict::Signed => "signed",
        Verdict::Declined => "declined",
    };
    let changes = Changes::from([(said.to_owned(), [serde_json::Value::Null, person.name.clone().into()])]);
    audit::add(tx, author, said, kind.key, row.id, &row.title(kind), &changes, 0).await
}

/// What waits for the signature of whoever is signed in.
pub async fn waiting(scope: &Scope) -> Result<Vec<Note>> {
    let Some(me) = people::me(scope).await? else { return Ok(Vec::new()) };
    let asked: Vec<Signature> = scope
        .db()
        .all(
            "SELECT id, kind, record, version, person, name, verdict, note, at, recorded FROM signature \
             WHERE org = $1 AND person = $2 AND verdict = 'asked' ORDER BY at",
            [scope.id().into(), me.id.into()],
        )
        .await?;
    let mut notes = Vec::new();
    for it in asked {
        let Some(kind) = scope.app.registry.kind(&it.kind).filter(|it| scope.may(it.view)) else { continue };
        let Ok(row) = store::seen_one(scope, kind, it.record).await else { continue };
        let text = format!("You are asked to sign off “{}”", row.title(kind));
        notes.push(Note::new(text, format!("{}/{}#signed", kind.path, it.record)).mine());
    }
    Ok(notes)
}

/// The part of a record's page where it is signed off.
#[derive(Template)]
#[template(path = "pages/signatures.html")]
pub struct Section<'a> {
    scope: &'a Scope,
    kind: &'static Kind,
    id: Uuid,
    version: i64,
    /// The version since which nothing changed that people sign for.
    same_since: i64,
    signatures: Vec<Signature>,
    /// Who can be asked, by name.
    people: Vec<Person>,
    me: Option<Person>,
}

impl Section<'_> {
    /// May whoever looks at the page answer for this person?
    fn may_answer(&self, of: &Signature) -> bool {
        of.person.is_some() && (self.scope.may(NOTES) || self.is_me(of))
    }

    fn is_current(&self, of: &Signature) -> bool {
        of.version >= self.same_since
    }

    fn declined(&self) -> usize {
        self.signatures.iter().filter(|it| it.verdict() == Verdict::Declined && self.is_current(it)).count()
    }

    fn is_me(&self, of: &Signature) -> bool {
        self.me.as_ref().is_some_and(|it| Some(it.id.0) == of.person)
    }

    /// Who said something of an earlier version and has not been asked about the present one: whom the button names,
    /// nothing where there is nobody.
    fn to_ask_again(&self) -> Option<String> {
        let left = |it: &&Signature| it.person.is_some() && it.verdict() != Verdict::Asked && !self.is_current(it);
        match &self.signatures.iter().filter(left).collect::<Vec<_>>()[..] {
            [] => None,
            [one] => Some(one.name.clone()),
            many => Some(format!("{} people", many.len())),
        }
    }

    /// "3 of 4 have signed this version; one declined."
    fn summary(&self) -> String {
        let holds = |it: &&Signature| it.verdict() == Verdict::Signed && self.is_current(it);
        let signed = self.signatures.iter().filter(holds).count();
        match (signed, self.signatures.len()) {
            (_, 0) => "Nobody has been asked to sign this off yet.".to_owned(),
            (signed, of) if signed == of => format!("Signed off by everyone who was asked ({of})."),
            (signed, of) => format!("{signed} of {of} have signed this version{}.", declined(self.declined())),
        }
    }
}

impl<'a> Section<'a> {
    pub async fn of(scope: &'a Scope, kind: &'static Kind, row: &Row) -> Result<Section<'a>> {
        let (id, version) = (row.id, row.version);
        let mut people: Vec<Person> = store::all(scope.db(), scope.id()).await?;
        let signatures = of(scope.db(), scope.id(), id).await?;
        let me = people::me(scope).await?;
        let today = scope.today();
        people.retain(|it| it.is_here(today) && !signatures.iter().any(|other| other.person == Some(it.id.0)));
        // Whom the record names comes first, then who decides: the list is long.
        let named: Vec<&Value> = row.values.iter().filter(|it| matches!(it, Value::Link(_))).collect();
        let place = |of: &Person| named.iter().position(|it| **it == Value::Link(of.id.0)).unwrap_or(named.len());
        people.sort_by_key(|it| (place(it), std::cmp::Reverse(it.influence), order_of(&it.name)));
        let same_since = same_since(kind, &audit::of_record(scope.db(), scope.id(), id).await?, version);
        Ok(Section { scope, kind, id, version, same_since, signatures, people, me })
    }
}

/// The version by which the fields that people sign for got what stands in them at the present `version`; that one where
/// every change ends a signature.
pub fn same_since(kind: &Kind, trail: &[audit::Entry], version: i64) -> i64 {
    if kind.signed_for.is_empty() {
        return version;
    }
    let touched = |it: &&audit::Entry| {
        let changes = it.changes();
        kind.signed_for.iter().any(|key| changes.contains_key(*key))
    };
    trail.iter().filter(|it| !it.is_of_a_link()).filter(touched).map(|it| it.version).max().unwrap_or(version)
}

/// "; one declined", where somebody did.
pub fn declined(many: usize) -> String {
    if many == 0 { String::new() } else { format!("; {} declined", in_words(many)) }
}

async fn person_of(scope: &Scope, fields: &Fields) -> Result<Person> {
    let id = fields.get("person").parse().map_err(|_| Error::refused("Choose who is meant from the list."))?;
    store::find::<Person>(scope.db(), scope.id(), people::PersonId(id)).await
}

pub(crate) async fn ask_page(kind: &'static Kind, scope: Scope, id: Uuid, fields: Fields) -> Result<Response> {
    store::seen_one(&scope, kind, id).await?;
    if fields.get("person") == AGAIN {
        return ask_again(kind, &scope, id).await;
    }
    let person = person_of(&scope, &fields).await?;
    let mut tx = scope.db().begin().await?;
    let row = store::row_in(&mut tx, scope.id(), kind, id).await?;
    ask(&mut tx, &scope.author(), kind, &row, &person).await?;
    tx.commit().await?;
    Ok(see(&format!("{}/{id}#signed", kind.path), &format!("{} is asked to sign this off.", person.name)))
}

/// Asks everyone once more whose word is on an earlier version.
async fn ask_again(kind: &'static Kind, scope: &Scope, id: Uuid) -> Result<Response> {
    let mut tx = scope.db().begin().await?;
    let row = store::row_in(&mut tx, scope.id(), kind, id).await?;
    let since = same_since(kind, &audit::of_record(scope.db(), scope.id(), id).await?, row.version);
    let people = people::by_id(scope).await?;
    let mut asked = Vec::new();
    for it in of(scope.db(), scope.id(), id).await? {
        let person = it.person.and_then(|it| people.get(&people::PersonId(it)));
        if let Some(person) = person.filter(|_| it.verdict() != Verdict::Asked && it.version < since) {
            ask(&mut tx, &scope.author(), kind, &row, person).await?;
            asked.push(person.name.clone());
        }
    }
    tx.commit().await?;
    let said = match asked.is_empty() {
        true => "Everyone's word is on what it says now, or they are asked already.".to_owned(),
        false => format!("{} asked again: it is on top of their home page.", subject(&asked)),
    };
    Ok(see(&format!("{}/{id}#signed", kind.path), &said))
}

fn subject(names: &[String]) -> String {
    format!("{} {}", list(names), if names.len() == 1 { "is" } else { "are" })
}

/// Takes what somebody says; refuses who is neither that person nor may note for others, and a word on a version that
/// is not the present one any more.
pub(crate) async fn say_page(kind: &'static Kind, scope: Scope, id: Uuid, fields: Fields) -> Result<Response> {
    store::seen_one(&scope, kind, id).await?;
    let person = person_of(&scope, &fields).await?;
    let is_me = people::me(&scope).await?.is_some_and(|it| it.id == person.id);
    if !is_me && !scope.may(NOTES) {
        return Err(Error::Forbidden);
    }
    let verdict = match fields.get("verdict") {
        "signed" => Verdict::Signed,
        "declined" => Verdict::Declined,
        _ => return Err(Error::refused("Say yes or no.")),
    };
    let note = Some(fields.get("note").trim().to_owned()).filter(|it| !it.is_empty());
    if verdict == Verdict::Declined && note.is_none() {
        return Ok(see(
            &format!("{}/{id}#signed", kind.path),
            "Not noted yet. Write in the remark why it is not signed: the next version has to answer that.",
        ));
    }
    let mut tx = scope.db().begin().await?;
    let row = store::row_in(&mut tx, scope.id(), kind, id).await?;
    if row.version != fields.version() {
        return Err(Error::refused(
            "This was changed while you were looking at it. Nothing was signed: read it again, then sign.",
        ));
    }
    say(&mut tx, &scope.author(), kind, &row, &person, verdict, note).await?;
    tx.commit().await?;
    let word = if verdict == Verdict::Signed { "signed" } else { "did not sign" };
    Ok(see(&format!("{}/{id}#signed", kind.path), &format!("{} {word} version {}.", person.name, row.version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(person: u128, verdict: Verdict, version: i64, at: i64) -> Signature {
        Signature {
            id: Uuid::now_v7(),
            kind: "vision".to_owned(),
            record: Uuid::nil(),
            version,
            person: Some(Uuid::from_u128(person)),
            name: format!("Person {person}"),
            verdict: verdict.key().to_owned(),
            note: None,
            at,
            recorded: None,
        }
    }

    #[test]
    fn the_latest_word_of_each_person_counts() {
        let all = vec![
            signature(1, Verdict::Declined, 2, 30),
            signature(2, Verdict::Signed, 2, 20),
            signature(1, Verdict::Signed, 1, 10),
        ];
        let words: Vec<(i64, Verdict)> = latest(all).iter().map(|it| (it.version, it.verdict())).collect();
        assert_eq!(words, [(2, Verdict::Declined), (2, Verdict::Signed)]);
    }

    #[test]
    fn a_signature_holds_for_the_version_that_was_signed_and_no_other() {
        let signed = signature(1, Verdict::Signed, 3, 1);
        assert!(signed.holds(3) && !signed.holds(4) && !signature(1, Verdict::Asked, 3, 1).holds(3));
    }
}
