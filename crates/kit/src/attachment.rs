//! Documents attached to a record: a contract as it was signed, an offer, the minutes of a decision. Every kind of
//! record has them; who may see a record may take its documents along, who may edit it adds them and takes them off.

use askama::Template;
use axum::{
    body::Body,
    extract::{FromRequest, Path, Request},
    http::header,
    response::{IntoResponse, Response},
};
use db::{Db, Tx, uuid::Uuid};
use jiff::Timestamp;

use crate::{
    audit::{self, Changes},
    error::{Error, Result},
    files,
    format::Locale,
    import,
    org::OrgId,
    pages::title_of,
    record::Kind,
    store,
    web::{Scope, Sent, percent, see},
};

/// One document of a record.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Attachment {
    pub id: Uuid,
    pub kind: String,
    pub record: Uuid,
    /// As the file was called where it came from.
    pub name: String,
    /// In bytes.
    pub size: i64,
    hash: String,
    pub who: String,
    at: i64,
}

impl Attachment {
    pub fn instant(&self) -> Timestamp {
        db::instant(self.at)
    }
}

/// The documents of a record, in the order in which they came.
pub async fn of(db: &Db, org: OrgId, record: Uuid) -> Result<Vec<Attachment>> {
    Ok(db
        .all(
            "SELECT id, kind, record, name, size, hash, who, at FROM attachment WHERE org = $1 AND record = $2 ORDER BY id",
            [org.into(), record.into()],
        )
        .await?)
}

async fn find(scope: &Scope, id: Uuid) -> Result<(Attachment, &'static Kind)> {
    let found: Attachment = scope
        .db()
        .one(
            "SELECT id, kind, record, name, size, hash, who, at FROM attachment WHERE org = $1 AND id = $2",
            [scope.id().into(), id.into()],
        )
        .await?;
    let kind = scope.app.registry.kind(&found.kind).ok_or(Error::NotFound)?;
    scope.need(kind.view)?;
    store::seen_one(scope, kind, found.record).await?;
    Ok((found, kind))
}

/// Takes the documents of a record that is deleted off with it.
pub(crate) async fn forget(tx: &mut Tx, org: OrgId, record: Uuid) -> Result<()> {
    tx.run("DELETE FROM attachment WHERE org = $1 AND record = $2", [org.into(), record.into()]).await?;
    Ok(())
}

/// Whether any record of any organisation has the file of this digest attached.
pub(crate) async fn is_kept(db: &Db, hash: &str) -> Result<bool> {
    let kept: Option<(Uuid,)> = db.maybe("SELECT id FROM attachment WHERE hash = $1", [hash.to_owned().into()]).await?;
    Ok(kept.is_some())
}

/// Takes the files of documents away that nothing needs any more.
pub(crate) async fn sweep(scope: &Scope, documents: &[Attachment]) {
    for it in documents {
        import::sweep(scope, &it.hash).await;
    }
}

/// The part of a record's page that lists its documents.
#[derive(Template)]
#[template(path = "pages/files.html")]
pub(crate) struct Section<'a> {
    scope: &'a Scope,
    kind: &'static Kind,
    record: Uuid,
    documents: Vec<Attachment>,
}

impl<'a> Section<'a> {
    pub async fn of(scope: &'a Scope, kind: &'static Kind, record: Uuid) -> Result<Section<'a>> {
        let documents = of(scope.db(), scope.id(), record).await?;
        Ok(Section { scope, kind, record, documents })
    }

    fn size(&self, of: &Attachment) -> String {
        size(of.size, self.scope.locale())
    }

    fn when(&self, of: &Attachment) -> String {
        self.scope.locale().short_date(self.scope.org.day(of.instant()))
    }
}

/// "840 bytes", "12 kB", "3.4 MB".
fn size(bytes: i64, locale: Locale) -> String {
    match bytes {
        ..1000 => format!("{} bytes", locale.whole(bytes)),
        1000..1_000_000 => format!("{} kB", locale.whole((bytes + 500) / 1000)),
        _ => format!("{} MB", locale.decimal(bytes as f64 / 1e6, 1)),
    }
}

/// Attaches the file that was sent. What is sent is looked at only once it is known that the record is there.
pub(crate) async fn add(kind: &'static Kind, scope: Scope, record: Uuid, request: Request<Body>) -> Result<Response> {
    let row = store::seen_one(&scope, kind, record).await?;
    let title = title_of(&scope, kind, &row).await?;
    let file = Sent::from_request(request, &()).await?.file;
    let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(|| {
        Error::refused("No file came along, or an empty one. Go back, choose a file, and attach it again.")
    })?;
    let (hash, size) = (files::digest(&bytes), i64::try_from(bytes.len()).map_err(Error::internal)?);
    let author = scope.author();
    let _held = files::hold().await;
    files::keep(&scope.app, &hash, bytes).await?;
    let mut tx = scope.db().begin().await?;
    tx.run(
        "INSERT INTO attachment (id, org, kind, record, name, size, hash, who, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            Uuid::now_v7().into(),
            author.org.into(),
            kind.key.into(),
            record.into(),
            name.clone().into(),
            size.into(),
            hash.into(),
            author.name.clone().into(),
            author.at.into(),
        ],
    )
    .await?;
    let changes = Changes::from([("file".to_owned(), [serde_json::Value::Null, name.clone().into()])]);
    audit::add(&mut tx, &author, "attached a file to", kind.key, record, &title, &changes, 0).await?;
    tx.commit().await?;
    Ok(see(&format!("{}/{record}#files", kind.path), &format!("“{name}” was attached.")))
}

/// The file, to keep and never to be shown by the browser: what somebody brought may be a page with scripts.
pub(crate) async fn download(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (it, _) = find(&scope, id).await?;
    let bytes = tokio::fs::read(files::path(&scope.app, &it.hash)).await.map_err(|err| match err.kind() {
        std::io::ErrorKind::NotFound => {
            Error::refused("The file itself is not in the data folder any more. Attach it again, or restore a backup.")
        }
        _ => files::disk(err),
    })?;
    let plain: String =
        it.name.chars().map(|it| if it.is_ascii_alphanumeric() || "-_. ".contains(it) { it } else { '-' }).collect();
    let name = percent(&it.name).replace('/', "%2F");
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{name}");
    let head = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, &*disposition)];
    Ok((head, bytes).into_response())
}

/// Takes a document off its record.
pub(crate) async fn remove(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (it, kind) = find(&scope, id).await?;
    scope.need(kind.edit)?;
    let row = store::seen_one(&scope, kind, it.record).await?;
    let title = title_of(&scope, kind, &row).await?;
    let author = scope.author();
    let mut tx = scope.db().begin().await?;
    tx.run("DELETE FROM attachment WHERE org = $1 AND id = $2", [author.org.into(), id.into()]).await?;
    let changes = Changes::from([("file".to_owned(), [it.name.clone().into(), serde_json::Value::Null])]);
    audit::add(&mut tx, &author, "took a file off", kind.key, it.record, &title, &changes, 0).await?;
    tx.commit().await?;
    let message = format!("“{}” was taken off.", it.name);
    let to = format!("{}/{}#files", kind.path, it.record);
    sweep(&scope, &[it]).await;
    Ok(see(&to, &message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_the_unit_that_people_use() {
        let said = |bytes| size(bytes, Locale::of("en-GB"));
        assert_eq!([said(840), said(12_400), said(3_449_000)], ["840 bytes", "12 kB", "3.4 MB"]);
    }
}
