//! The page of one record: its fields, what it comes from, what it leads to.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use db::uuid::Uuid;

use crate::{
    area::Named,
    attachment,
    audit::{self, Act, Entry},
    error::{Error, Result},
    pages::{
        form::Fields,
        show::{Shown, named, show_fields, title_of, titles_beside, titles_of, url_of},
    },
    record::{Field, FieldKind, Kind, Row, Value},
    rights::Right,
    signature, store, thread,
    web::{Place, Scope, see},
};

/// A record at the other end of a link.
pub struct Tied {
    pub link: Uuid,
    pub relation: String,
    pub end: Named,
}

#[derive(Template)]
#[template(path = "pages/record.html")]
struct Page<'a> {
    scope: &'a Scope,
    kind: &'static Kind,
    id: Uuid,
    version: i64,
    title: String,
    row: Row,
    fields: Vec<(&'static Field, Shown)>,
    /// What should be mended, as its kind finds.
    to_mend: Vec<String>,
    comes_from: Vec<Tied>,
    leads_to: Vec<Tied>,
    /// Who was asked to sign it, where its kind is signed.
    signatures: String,
    /// What areas add to it.
    sections: Vec<String>,
    /// Records that name this one in a field of theirs: kind, title, address.
    named_by: Vec<(&'static str, Vec<(String, String)>)>,
    /// Its attached files, with the form that adds one.
    files: String,
    kinds: Vec<&'static Kind>,
    /// Who made it, and who changed it last.
    made: Option<Entry>,
    changed: Option<Entry>,
    /// The form that ties it to another record, as it was sent, and what is wrong with it.
    tying: Fields,
    fault: Option<String>,
    /// Why it was not deleted.
    kept: Option<Kept>,
}

/// How many records name one that was to be deleted: those that are listed on its page, and those that the reader may
/// not see.
#[derive(Clone, Copy)]
struct Kept {
    listed: usize,
    hidden: usize,
    /// Records that follow from it on the thread: it is their evidence.
    following: usize,
}

impl Kept {
    fn said(self) -> String {
        match self.listed + self.hidden {
            0 if self.following == 1 => "one record follows from it".to_owned(),
            0 => format!("{} records follow from it", self.following),
            1 => "one record names it".to_owned(),
            n => format!("{n} records name it"),
        }
    }
}

impl Page<'_> {
    /// The kinds that usually follow and that whoever looks may make.
    fn next(&self) -> impl Iterator<Item = &'static Kind> {
        let known = self.kind.next.iter().filter_map(|it| self.scope.app.registry.kind(it));
        known.filter(|it| self.scope.may(it.edit))
    }

    /// What a record that follows takes over from this one: the choices that both have, such as the value proposition.
    fn carried(&self, next: &Kind) -> Vec<(&'static str, String)> {
        let both = |it: &&Field| {
            matches!(it.kind, FieldKind::Choice(_))
                && next.fields.iter().any(|to| to.key == it.key && to.kind == it.kind)
        };
        let choices = self.kind.fields.iter().filter(both);
        choices
            .filter_map(|it| match self.row.get(self.kind, it.key) {
                Value::Text(choice) => Some((it.key, choice.clone())),
                _ => None,
            })
            .collect()
    }
}

/// The other ends of a record's links, split into what it comes from and what it leads to.
pub async fn tied(scope: &Scope, id: Uuid) -> Result<(Vec<Tied>, Vec<Tied>)> {
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for link in thread::of(scope.db(), scope.id(), id).await? {
        let outward = link.from_id == id;
        let (kind, other) = if outward { (&link.to_kind, link.to_id) } else { (&link.from_kind, link.from_id) };
        let Some(end) = named(scope, kind, other).await? else { continue };
        let tied = Tied { link: link.id, relation: link.relation, end };
        if outward { to.push(tied) } else { from.push(tied) }
    }
    Ok((from, to))
}

/// Which records of the organisation name this one in a field, by kind, with their titles; and how many more do that
/// the reader may not see.
async fn naming(scope: &Scope, kind: &Kind, id: Uuid) -> Result<(Vec<Naming>, usize)> {
    let (mut all, mut hidden) = (Vec::new(), 0);
    for other in scope.app.registry.kinds() {
        let at: Vec<usize> =
            (0..other.fields.len()).filter(|it| other.fields[*it].kind == FieldKind::Link(kind.key)).collect();
        if at.is_empty() {
            continue;
        }
        let names = |row: &Row| at.iter().any(|it| row.values[*it] == Value::Link(id));
        let naming = store::rows(scope.db(), scope.id(), other).await?.iter().filter(|it| names(it)).count();
        let mut rows = if scope.may(other.view) { store::seen(scope, other).await? } else { Vec::new() };
        rows.retain(names);
        hidden += naming - rows.len();
        if !rows.is_empty() {
            let titles = titles_beside(scope, other, &rows, Some(id)).await?;
            all.push((other, titles.into_iter().zip(rows.iter().map(|it| it.id)).collect()));
        }
    }
    Ok((all, hidden))
}

/// Records of a kind by title and identifier.
type Naming = (&'static Kind, Vec<(String, Uuid)>);

/// The records that name this one in a field of theirs, as far as whoever looks may see them: kind, titles and
/// addresses.
pub async fn named_by(scope: &Scope, kind: &Kind, id: Uuid) -> Result<Vec<(&'static str, Vec<(String, String)>)>> {
    let (naming, _) = naming(scope, kind, id).await?;
    let named = |(kind, rows): Naming| {
        (kind.many, rows.into_iter().map(|(title, id)| (title, format!("{}/{id}", kind.path))).collect())
    };
    let mut all: Vec<(&'static str, Vec<(String, String)>)> = naming.into_iter().map(named).collect();
    for it in naming_elsewhere(scope, kind, id).await? {
        match all.last_mut() {
            Some((of, rows)) if *of == it.kind => rows.push((it.title, it.url)),
            _ => all.push((it.kind, vec![(it.title, it.url)])),
        }
    }
    Ok(all)
}

/// The same of what is of no described kind.
pub(crate) async fn naming_elsewhere(scope: &Scope, kind: &Kind, id: Uuid) -> Result<Vec<Named>> {
    let mut all = Vec::new();
    for area in &scope.app.registry.areas {
        all.extend(area.named_by(scope, kind, id).await?);
    }
    Ok(all)
}

pub async fn page(kind: &'static Kind, scope: Scope, id: Uuid) -> Result<Response> {
    show_page(kind, &scope, id, Fields::default(), None, None).await
}

async fn show_page(
    kind: &'static Kind,
    scope: &Scope,
    id: Uuid,
    tying: Fields,
    fault: Option<String>,
    kept: Option<Kept>,
) -> Result<Response> {
    let row = store::seen_one(scope, kind, id).await?;
    let open = kind.open_fields(store::writer(scope).await?.as_ref(), Some(&row));
    let shown = show_fields(scope, kind, &open, std::slice::from_ref(&row)).await?.swap_remove(0);
    let (comes_from, leads_to) = tied(scope, id).await?;
    let named_by = named_by(scope, kind, id).await?;
    let signatures = match kind.signed {
        true => signature::Section::of(scope, kind, &row).await?.render()?,
        false => String::new(),
    };
    let mut sections = Vec::new();
    for area in &scope.app.registry.areas {
        sections.extend(area.sections(scope, kind, &row).await?);
    }
    let history = audit::of_record(scope.db(), scope.id(), id).await?;
    let newest = |act: Act| history.iter().find(|it| it.act == act.key()).cloned();
    let title = title_of(scope, kind, &row).await?;
    let status = match (&fault, kept) {
        (Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, Some(_)) => StatusCode::CONFLICT,
        (None, None) => StatusCode::OK,
    };
    let page = Page {
        scope,
        kind,
        id,
        version: row.version,
        title: title.clone(),
        fields: open.into_iter().zip(shown).collect(),
        to_mend: (kind.findings)(&row, scope.today()),
        comes_from,
        leads_to,
        signatures,
        sections,
        named_by,
        row,
        files: attachment::Section::of(scope, kind, id).await?.render()?,
        kinds: scope.app.registry.kinds().filter(|it| scope.may(it.view)).collect(),
        made: newest(Act::Created),
        changed: newest(Act::Changed),
        tying,
        fault,
        kept,
    };
    scope.page_with(status, Place::new(title, kind.path).under(kind.many, kind.path), &page).await
}

/// Deletes a record that no other record names; otherwise its page says which do, and what to do instead.
pub async fn delete(kind: &'static Kind, scope: Scope, id: Uuid, fields: Fields) -> Result<Response> {
    let row = store::seen_one(&scope, kind, id).await?;
    let (naming, hidden) = naming(&scope, kind, id).await?;
    let described: usize = naming.iter().map(|(_, rows)| rows.len()).sum();
    let listed = described + naming_elsewhere(&scope, kind, id).await?.len();
    let following = tied(&scope, id).await?.1.len();
    if listed + hidden + following > 0 {
        let kept = Kept { listed, hidden, following };
        return show_page(kind, &scope, id, Fields::default(), None, Some(kept)).await;
    }
    // What named it was changed since the page was drawn, which therefore did not ask.
    if !fields.get("unasked").is_empty() {
        let said = "Nothing names it any more. Delete it once more if you mean it.";
        return Ok(see(&format!("{}/{id}", kind.path), said));
    }
    let title = title_of(&scope, kind, &row).await?;
    let documents = attachment::of(scope.db(), scope.id(), id).await?;
    let mut tx = store::begin(&scope).await?;
    // Whole, for the trail: the writer may not see all of it.
    let whole = store::row_in(&mut tx, scope.id(), kind, id).await?;
    store::delete(&mut tx, &scope.author(), kind, &Row { version: fields.version(), ..whole }).await?;
    tx.commit().await?;
    attachment::sweep(&scope, &documents).await;
    Ok(see(kind.path, &format!("“{title}” was deleted. Its history stays in the audit trail.")))
}

/// Ties this record to another that the reader named by its kind and title.
pub async fn tie(kind: &'static Kind, scope: Scope, id: Uuid, fields: Fields) -> Result<Response> {
    store::seen_one(&scope, kind, id).await?;
    let other = scope.app.registry.kind(fields.get("kind")).ok_or(Error::NotFound)?;
    scope.need(other.view)?;
    let wanted = fields.get("title").trim().to_lowercase();
    let rows = store::seen(&scope, other).await?;
    let titles = titles_of(&scope, other, &rows).await?;
    let found: Vec<Row> =
        rows.into_iter().zip(titles).filter(|(_, it)| it.to_lowercase() == wanted).map(|(row, _)| row).collect();
    let one = other.one.to_lowercase();
    let fault = match &found[..] {
        [it] if it.id != id => None,
        [_] => Some("A record cannot lead to itself. Write the title of another one.".to_owned()),
        [] if wanted.is_empty() => Some(format!("Write the title of the {one}.")),
        [] => Some(format!("No {one} is called “{}”. Write its title as its page shows it.", fields.get("title"))),
        _ => Some(format!("More than one {one} is called “{}”. Rename one of them first.", fields.get("title"))),
    };
    if fault.is_some() {
        return show_page(kind, &scope, id, fields, fault, None).await;
    }
    let to = found[0].id;
    let (this, that) = (thread::End { kind: kind.key, id }, thread::End { kind: other.key, id: to });
    let mut tx = scope.db().begin().await?;
    match fields.get("direction") {
        "from" => thread::tie(&mut tx, &scope.author(), that, "leads to", this).await?,
        _ => thread::tie(&mut tx, &scope.author(), this, "leads to", that).await?,
    }
    tx.commit().await?;
    Ok(see(&url_of(&scope, kind.key, id).unwrap_or_default(), "The link was added to the thread."))
}
