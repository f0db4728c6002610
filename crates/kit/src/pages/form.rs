//! The form of a kind: read, decide, save, show; what is wrong comes back with the reader's text.

use std::collections::BTreeMap;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use db::{Tx, uuid::Uuid};
use serde::Deserialize;

use crate::{
    area::Named,
    audit,
    error::{self, Result},
    format::order_of,
    pages::{
        Conflict,
        show::{link_titles, named, show, title_of},
    },
    people::Viewer,
    record::{Draft, Faults, Field, FieldKind, Kind, Row, Titles, Value},
    store, thread,
    web::{Place, Scope, percent, see},
};

/// The fields of a form as they were sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", |it| it)
    }

    /// How many fields have a name that begins so, such as the boxes that were ticked.
    pub fn count(&self, begins: &str) -> usize {
        self.0.keys().filter(|it| it.starts_with(begins)).count()
    }

    /// Whether the form had this field at all.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The version of the record that the sender saw.
    pub fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(0)
    }

    pub fn into_draft(self) -> Draft {
        Draft(self.0)
    }
}

impl From<BTreeMap<String, String>> for Fields {
    fn from(fields: BTreeMap<String, String>) -> Fields {
        Fields(fields)
    }
}

#[derive(Template)]
#[template(path = "pages/form.html")]
struct Form<'a> {
    kind: &'static Kind,
    /// Those of the kind that are for the writer.
    fields: Vec<&'static Field>,
    /// The record that is changed, or none where one is made.
    of: Option<(Uuid, String)>,
    version: i64,
    draft: &'a Draft,
    faults: Faults,
    titles: BTreeMap<&'static str, Vec<(Uuid, String)>>,
    /// What a new record follows from, as `kind:identifier`: it is tied to it when it is saved.
    comes_from: Option<(String, Named)>,
    /// How it follows from that, where the thread is to say so.
    comes_as: String,
    /// In which amounts are written.
    currency: String,
    conflict: Conflict,
}

impl Form<'_> {
    fn options(&self, field: &Field) -> &[(Uuid, String)] {
        match field.kind {
            FieldKind::Link(to) => self.titles.get(to).map_or(&[], |it| it),
            _ => &[],
        }
    }

    /// The identifiers of what a screen reader says after the label.
    fn described(&self, field: &Field) -> String {
        let help = (!field.help.is_empty()).then(|| format!("h-{}", field.key));
        let fault = self.faults.of(field.key).map(|_| format!("e-{}", field.key));
        help.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }

    fn action(&self) -> String {
        self.of.as_ref().map_or(self.kind.path.to_owned(), |(id, _)| format!("{}/{id}", self.kind.path))
    }
}

impl<'a> Form<'a> {
    fn new(
        kind: &'static Kind,
        fields: Vec<&'static Field>,
        of: Option<(Uuid, String)>,
        version: i64,
        draft: &'a Draft,
    ) -> Form<'a> {
        Form {
            kind,
            fields,
            of,
            version,
            draft,
            faults: Faults::default(),
            titles: BTreeMap::new(),
            comes_from: None,
            comes_as: comes_as(draft),
            currency: String::new(),
            conflict: Conflict::default(),
        }
    }

    async fn send(mut self, scope: &Scope, status: StatusCode) -> Result<Response> {
        self.currency = scope.org.currency.clone();
        let sorted = |titles: Titles| {
            let mut all: Vec<(Uuid, String)> = titles.into_iter().collect();
            all.sort_by_key(|(_, title)| order_of(title));
            all
        };
        self.titles =
            link_titles(scope, self.kind).await?.into_iter().map(|(to, titles)| (to, sorted(titles))).collect();
        let (kind, of) = (self.kind, &self.of);
        let title = of.as_ref().map_or(format!("New {}", kind.one.to_lowercase()), |(_, it)| format!("Edit {it}"));
        let mut place = Place::new(title, kind.path).under(kind.many, kind.path);
        if let Some((id, title)) = of {
            place = place.under(title.clone(), format!("{}/{id}", kind.path));
        }
        scope.page_with(status, place, &self).await
    }
}

/// An empty form, or one that a link has begun to fill in.
pub async fn new(kind: &'static Kind, scope: Scope, given: Fields) -> Result<Response> {
    let mut draft = given.into_draft();
    for field in kind.fields {
        if !draft.get(field.key).is_empty() {
            continue;
        }
        let usual = match field.kind {
            FieldKind::Choice([first, ..]) if field.required && field.usual.is_empty() => first.key.to_owned(),
            FieldKind::Date if field.required => scope.today().to_string(),
            _ if field.cycle => scope.app.registry.cycle(&scope).await?.map_or(String::new(), |it| it.to_string()),
            _ => field.usual.to_owned(),
        };
        draft.0.insert(field.key.to_owned(), usual);
    }
    let comes_from = found(&scope, draft.get(COMES_FROM)).await?;
    let fields = kind.open_fields(store::writer(&scope).await?.as_ref(), None);
    Form { comes_from, ..Form::new(kind, fields, None, 0, &draft) }.send(&scope, StatusCode::OK).await
}

/// The field of the form of a new record that names what it follows from.
const COMES_FROM: &str = "comes_from";

/// The field that says how, in some words.
const COMES_AS: &str = "comes_as";

/// The field that says where to go when it is saved, and its value for one more of the same.
const THEN: &str = "then";
const ANOTHER: &str = "another";

/// The form of one more record, which follows from the same one.
fn another(kind: &Kind, comes_from: Option<&(String, Named)>, comes_as: &str) -> String {
    let from = comes_from.map(|(name, _)| format!("?{COMES_FROM}={name}&{COMES_AS}={}", percent(comes_as)));
    format!("{}/new{}", kind.path, from.unwrap_or_default())
}

fn comes_as(draft: &Draft) -> String {
    draft.get(COMES_AS).trim().chars().take(80).collect()
}

/// The record that `kind:identifier` names, with that name of it; nothing where there is none such.
async fn found(scope: &Scope, name: &str) -> Result<Option<(String, Named)>> {
    let Some((kind, id)) = name.split_once(':').and_then(|(kind, id)| Some((kind, id.parse::<Uuid>().ok()?))) else {
        return Ok(None);
    };
    Ok(named(scope, kind, id).await?.map(|it| (name.to_owned(), it)))
}

pub async fn edit(kind: &'static Kind, scope: Scope, id: Uuid) -> Result<Response> {
    let row = store::seen_one(&scope, kind, id).await?;
    let draft = Draft::of(kind, &row.values, scope.writing());
    let fields = kind.open_fields(store::writer(&scope).await?.as_ref(), Some(&row));
    Form::new(kind, fields, Some((id, title_of(&scope, kind, &row).await?)), row.version, &draft)
        .send(&scope, StatusCode::OK)
        .await
}

pub async fn create(kind: &'static Kind, scope: Scope, fields: Fields) -> Result<Response> {
    let mut draft = fields.into_draft();
    let goes_on = draft.get(THEN) == ANOTHER;
    let comes_from = found(&scope, draft.get(COMES_FROM)).await?;
    let writer = store::writer(&scope).await?;
    let open = kind.open_fields(writer.as_ref(), None);
    draft.keep(kind, &open, None, scope.writing());
    let mut tx = store::begin(&scope).await?;
    let read = match draft.read(kind, scope.writing()) {
        Ok(values) => {
            let row = Row { id: Uuid::now_v7(), version: 1, values };
            check(&mut tx, &scope, kind, writer.as_ref(), None, row).await?
        }
        Err(faults) => Err(faults),
    };
    match read {
        Ok(row) => {
            store::insert(&mut tx, &scope.author(), kind, &row).await?;
            if let Some((from, id)) = comes_from.as_ref().and_then(|(name, _)| name.split_once(':'))
                && let Ok(id) = id.parse()
            {
                let (from, to) = (thread::End { kind: from, id }, thread::End { kind: kind.key, id: row.id });
                let said = comes_as(&draft);
                let relation = if said.is_empty() { "leads to" } else { &said };
                thread::tie(&mut tx, &scope.author(), from, relation, to).await?;
            }
            tx.commit().await?;
            let title = title_of(&scope, kind, &row).await?;
            let to = match kind.begins_on {
                _ if goes_on => another(kind, comes_from.as_ref(), &comes_as(&draft)),
                Some(screen) => format!("{}/{}/{screen}", kind.path, row.id),
                None => format!("{}/{}", kind.path, row.id),
            };
            Ok(see(&to, &format!("“{title}” was added.")))
        }
        Err(faults) => {
            drop(tx);
            let form = Form { faults, comes_from, ..Form::new(kind, open, None, 0, &draft) };
            form.send(&scope, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn change(kind: &'static Kind, scope: Scope, id: Uuid, fields: Fields) -> Result<Response> {
    let version = fields.version();
    let mut draft = fields.into_draft();
    let of = Some((id, title_of(&scope, kind, &store::seen_one(&scope, kind, id).await?).await?));
    let writer = store::writer(&scope).await?;
    let mut tx = store::begin(&scope).await?;
    let before = store::row_in(&mut tx, scope.id(), kind, id).await?;
    let open = kind.open_fields(writer.as_ref(), Some(&before));
    draft.keep(kind, &open, Some(&before), scope.writing());
    let read = match draft.read(kind, scope.writing()) {
        Ok(values) => {
            let row = Row { id, version: before.version, values };
            check(&mut tx, &scope, kind, writer.as_ref(), Some(&before), row).await?
        }
        Err(faults) => Err(faults),
    };
    let mut row = match read {
        Ok(row) => row,
        Err(faults) => {
            drop(tx);
            let form = Form { faults, ..Form::new(kind, open, of, version, &draft) };
            return form.send(&scope, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    if version != before.version {
        keep_untouched(&scope, kind, version, &before, &mut row).await?;
    }
    if version != before.version && row.values != before.values {
        drop(tx);
        let titles = link_titles(&scope, kind).await?;
        let text = |field: &Field, value: &Value| show(&scope, field, value, &titles).text;
        let mut conflict = Conflict::default();
        for (at, field) in kind.fields.iter().enumerate() {
            let (now, yours) = (&before.values[at], &row.values[at]);
            if now != yours {
                conflict.add(field.label, text(field, now), text(field, yours));
            }
        }
        let draft = Draft::of(kind, &row.values, scope.writing());
        let form = Form { conflict, ..Form::new(kind, open, of, before.version, &draft) };
        return form.send(&scope, StatusCode::CONFLICT).await;
    }
    let after = store::update(&mut tx, &scope.author(), kind, &before, row.values).await?;
    tx.commit().await?;
    if after == before {
        return Ok(see(&format!("{}/{id}", kind.path), "Nothing was different, so nothing was saved."));
    }
    for area in &scope.app.registry.areas {
        if let Some(it) = area.follows(&scope, kind, &before, &after).await? {
            return Ok(see(&it.url, &format!("Saved. {}", it.text)));
        }
    }
    Ok(see(&format!("{}/{id}", kind.path), "Saved."))
}

/// Takes what a record says by now where a form that was opened at an earlier version says what the record said then:
/// its writer did not touch that field, and saving must not take back what somebody else wrote there meanwhile.
async fn keep_untouched(scope: &Scope, kind: &Kind, opened: i64, now: &Row, row: &mut Row) -> Result<()> {
    let mut then: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    // The newest comes first, so that the change after the version that was opened has the last word.
    for entry in audit::of_record(scope.db(), scope.id(), now.id).await?.iter().filter(|it| it.version > opened) {
        then.extend(entry.changes().into_iter().map(|(key, [before, _])| (key, before)));
    }
    for (at, field) in kind.fields.iter().enumerate() {
        if then.get(field.key).is_some_and(|it| *it == row.values[at].json()) {
            row.values[at] = now.values[at].clone();
        }
    }
    Ok(())
}

/// What the fields alone cannot tell: that the writer may write this, that links are of this organisation, and the
/// rules of the kind.
async fn check(
    tx: &mut Tx,
    scope: &Scope,
    kind: &Kind,
    writer: Option<&Viewer>,
    before: Option<&Row>,
    mut row: Row,
) -> Result<std::result::Result<Row, Faults>> {
    (kind.completes)(&mut row, scope.today());
    // Alone, since the rules look at records that the writer may not see.
    let mut faults = writer.map_or_else(Faults::default, |it| kind.refuses(it, before, &row));
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    for (field, value) in kind.fields.iter().zip(&row.values) {
        if let (FieldKind::Link(to), Value::Link(id)) = (field.kind, value)
            && let Some(to) = scope.app.registry.kind(to)
            && error::found(store::row_in(tx, scope.id(), to, *id).await)?.is_none()
        {
            faults.add(field.key, format!("There is no such {}. Choose one from the list.", to.one.to_lowercase()));
        }
    }
    let others: Vec<Row> =
        store::rows_in(tx, scope.id(), kind).await?.into_iter().filter(|it| it.id != row.id).collect();
    kind.check_days(&row, scope.today(), &mut faults);
    kind.check(&row, &others, &mut faults);
    Ok(faults.into_result(row))
}
