//! How a value is shown, the same everywhere.

use std::collections::BTreeMap;

use db::uuid::Uuid;

use crate::{
    area::Named,
    error::{Error, Result},
    record::{Field, FieldKind, Kind, Titles, Value},
    store,
    web::Scope,
};

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
}

/// The titles of every record that the fields of a kind may link to, by the kind they link to.
pub async fn link_titles(scope: &Scope, kind: &Kind) -> Result<BTreeMap<&'static str, Titles>> {
    let mut all = BTreeMap::new();
    for field in kind.fields {
        if let FieldKind::Link(to) = field.kind
            && let Some(of) = scope.app.registry.kind(to)
            && !all.contains_key(to)
        {
            all.insert(to, store::titles(scope.db(), scope.id(), of).await?);
        }
    }
    Ok(all)
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
        (Value::Whole(it), _) => Shown { number: true, ..plain(scope.locale().whole(*it)) },
        (Value::Bool(it), _) => plain(if *it { "Yes" } else { "No" }.to_owned()),
        (Value::Date(it), _) => plain(scope.locale().date(*it)),
        (Value::Number(it), _) => Shown { number: true, ..plain(scope.locale().number(*it)) },
        (Value::Money(it), _) => Shown { number: true, ..plain(scope.locale().money(*it, scope.currency())) },
        (Value::Link(id), FieldKind::Link(to)) => Shown {
            text: titles.get(to).and_then(|it| it.get(id)).cloned().unwrap_or_else(|| "(gone)".to_owned()),
            url: url_of(scope, to, *id),
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
        return match store::seen_one(scope, kind, id).await {
            Ok(row) => {
                let title = store::title(scope.db(), scope.id(), kind, &row).await?;
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
