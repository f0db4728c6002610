//! How a value is shown, the same everywhere.

use std::collections::BTreeMap;

use db::uuid::Uuid;

use crate::{
    area::Named,
    error::{Error, Result},
    people,
    record::{Field, FieldKind, Kind, Row, Titles, Value},
    store,
    web::Scope,
};

/// What stands in the place of a record that the reader may not see.
pub const NOT_SHOWN: &str = "(not for you to see)";

/// A value as a reader sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    pub text: String,
    /// Where a link leads.
    pub url: Option<String>,
    /// The class of a choice's mark.
    pub class: Option<&'static str>,
    /// Numbers stand to the right.
    pub number: bool,
    /// What has to be known beside it, such as that somebody leaves.
    pub mark: Option<String>,
}

/// Records as a reader sees these fields of them; somebody who answers for one and leaves is marked.
pub async fn show_fields(
    scope: &Scope,
    kind: &Kind,
    fields: &[&'static Field],
    rows: &[Row],
) -> Result<Vec<Vec<Shown>>> {
    let titles = link_titles(scope, kind).await?;
    let leaving = match fields.iter().any(|it| it.accountable) {
        true => people::everyone_leaving(scope).await?,
        false => BTreeMap::new(),
    };
    let shown = |field: &Field, row: &Row| {
        let value = row.get(kind, field.key);
        let mark = match value {
            Value::Link(id) if field.accountable => leaving.get(id).cloned(),
            _ => None,
        };
        Shown { mark, ..show(scope, field, value, &titles) }
    };
    Ok(rows.iter().map(|row| fields.iter().map(|it| shown(it, row)).collect()).collect())
}

/// The titles of every record that the fields of a kind may link to, by the kind they link to.
pub async fn link_titles(scope: &Scope, kind: &Kind) -> Result<BTreeMap<&'static str, Titles>> {
    let mut all = BTreeMap::new();
    for field in kind.fields {
        if let FieldKind::Link(to) = field.kind
            && let Some(of) = scope.app.registry.kind(to)
            && !all.contains_key(to)
        {
            let rows = store::seen(scope, of).await?;
            all.insert(to, rows.iter().map(|it| (it.id, it.title(of))).collect());
        }
    }
    Ok(all)
}

/// What records are called. One that is titled by a link is called by all that tells it apart: whom it is about, and what.
pub async fn titles_of(scope: &Scope, kind: &'static Kind, rows: &[Row]) -> Result<Vec<String>> {
    titles_beside(scope, kind, rows, None).await
}

/// The same on the page of a record that they name: what it is called is not said again there.
pub async fn titles_beside(
    scope: &Scope,
    kind: &'static Kind,
    rows: &[Row],
    beside: Option<Uuid>,
) -> Result<Vec<String>> {
    if !kind.field(kind.title).is_some_and(|it| matches!(it.kind, FieldKind::Link(_))) {
        return Ok(rows.iter().map(|it| it.title(kind)).collect());
    }
    let titles = link_titles(scope, kind).await?;
    let part = |row: &Row, key: &str| {
        let at = kind.position(key);
        show(scope, &kind.fields[at], &row.values[at], &titles).text
    };
    let is_beside = |row: &Row, key: &str| beside.is_some_and(|it| row.values[kind.position(key)] == Value::Link(it));
    let title = |row: &Row| {
        let keys: Vec<&str> = kind.identity.iter().copied().filter(|key| !is_beside(row, key)).collect();
        // A record that is known by nothing else is called as what it is about.
        let keys = if keys.is_empty() { kind.identity } else { &keys };
        keys.iter().map(|key| part(row, key)).collect::<Vec<_>>().join(" · ")
    };
    Ok(rows.iter().map(title).collect())
}

/// The same for one record.
pub async fn title_of(scope: &Scope, kind: &'static Kind, row: &Row) -> Result<String> {
    Ok(titles_of(scope, kind, std::slice::from_ref(row)).await?.swap_remove(0))
}

pub fn show(scope: &Scope, field: &Field, value: &Value, titles: &BTreeMap<&'static str, Titles>) -> Shown {
    let plain = |text: String| Shown { text, ..Shown::default() };
    match (value, field.kind) {
        (Value::Empty, _) => Shown::default(),
        (Value::Text(it), FieldKind::Choice(_)) => {
            let choice = field.choice_of(it);
            let class = choice.map(|it| it.tone.class()).filter(|it| !it.is_empty());
            Shown { text: choice.map_or(it.clone(), |it| it.label.to_owned()), class, ..Shown::default() }
        }
        (Value::Text(it), FieldKind::Email) => Shown { url: Some(format!("mailto:{it}")), ..plain(it.clone()) },
        (Value::Text(it), FieldKind::Url) => Shown { url: Some(it.clone()), ..plain(it.clone()) },
        (Value::Text(it), _) => plain(it.clone()),
        // A year is written without a mark between its thousands.
        (Value::Whole(it), FieldKind::Whole { min: 1900.., .. }) => Shown { number: true, ..plain(it.to_string()) },
        (Value::Whole(it), _) => Shown { number: true, ..plain(scope.locale().whole(*it)) },
        (Value::Bool(it), _) => plain(if *it { "Yes" } else { "No" }.to_owned()),
        (Value::Date(it), _) => plain(scope.locale().date(*it)),
        (Value::Number(it), _) => Shown { number: true, ..plain(scope.locale().number(*it)) },
        (Value::Money(it), _) => Shown { number: true, ..plain(scope.locale().money(*it, scope.currency())) },
        (Value::Link(id), FieldKind::Link(to)) => Shown {
            text: titles.get(to).and_then(|it| it.get(id)).cloned().unwrap_or_else(|| NOT_SHOWN.to_owned()),
            url: url_of(scope, to, *id).filter(|_| titles.get(to).is_some_and(|it| it.contains_key(id))),
            ..Shown::default()
        },
        (Value::Link(it), _) => plain(it.to_string()),
    }
}

/// The address of a record's page.
pub fn url_of(scope: &Scope, kind: &str, id: Uuid) -> Option<String> {
    scope.app.registry.kind(kind).map(|it| format!("{}/{id}", it.path))
}

/// What a link of the thread leads to, whichever area keeps it; nothing where it is gone.
pub async fn named(scope: &Scope, kind: &str, id: Uuid) -> Result<Option<Named>> {
    if let Some(kind) = scope.app.registry.kind(kind) {
        if !scope.may(kind.view) {
            return Ok(None);
        }
        return match store::seen_one(scope, kind, id).await {
            Ok(row) => {
                let title = title_of(scope, kind, &row).await?;
                Ok(Some(Named { kind: kind.one, title, url: format!("{}/{id}", kind.path) }))
            }
            Err(Error::NotFound) => Ok(None),
            Err(err) => Err(err),
        };
    }
    for area in &scope.app.registry.areas {
        if let Some(found) = area.find(scope, kind, id).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
