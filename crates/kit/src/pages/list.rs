//! The table of a kind: filtered, sorted, a page at a time; the whole of it as a file.

use std::cmp::Ordering;

use askama::Template;
use axum::response::Response;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use crate::{
    error::{Error, Result},
    format::order_of,
    pages::show::{Shown, link_titles, show, show_fields},
    record::{Field, FieldKind, Kind, Value},
    rights::Right,
    store,
    table::{self, Cell, Column, Table},
    web::{Place, Scope, download},
};

/// How many rows stand on one page.
const PAGE: usize = 100;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    sort: String,
    down: Option<String>,
    page: usize,
}

#[derive(Template)]
#[template(path = "pages/list.html")]
struct List<'a> {
    scope: &'a Scope,
    kind: &'static Kind,
    asked: Asked,
    fields: Vec<&'static Field>,
    rows: Vec<(String, Vec<Shown>)>,
    found: usize,
    of: usize,
    pages: usize,
    /// Kinds that records of this one name, and that no entry leads to.
    see_also: Vec<&'static Kind>,
}

impl List<'_> {
    /// The address that sorts by a field, or turns the order around.
    fn sorted_by(&self, field: &Field) -> String {
        let down = if self.asked.sort == field.key && self.asked.down.is_none() { "&down=1" } else { "" };
        format!("{}?q={}&sort={}{down}", self.kind.path, crate::web::percent(&self.asked.q), field.key)
    }

    fn order(&self, field: &Field) -> &'static str {
        match (self.asked.sort == field.key, self.asked.down.is_some()) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn at_page(&self, page: usize) -> String {
        let down = if self.asked.down.is_some() { "&down=1" } else { "" };
        format!(
            "{}?q={}&sort={}{down}&page={page}",
            self.kind.path,
            crate::web::percent(&self.asked.q),
            self.asked.sort
        )
    }
}

pub async fn page(kind: &'static Kind, scope: Scope, mut asked: Asked) -> Result<Response> {
    let all = store::seen(&scope, kind).await?;
    let of = all.len();
    if kind.field(&asked.sort).is_none() {
        asked.sort = kind.sort.to_owned();
    }
    let at = kind.position(&asked.sort);
    let fields: Vec<&'static Field> = kind.fields.iter().collect();
    let shown = show_fields(&scope, kind, &fields, &all).await?;
    let mut rows: Vec<_> = all.into_iter().zip(shown).collect();
    let wanted = asked.q.trim().to_lowercase();
    if !wanted.is_empty() {
        rows.retain(|(_, shown)| shown.iter().any(|it| it.text.to_lowercase().contains(&wanted)));
    }
    rows.sort_by(|(a, a_shown), (b, b_shown)| {
        compare(&kind.fields[at], &a.values[at], &b.values[at], &a_shown[at].text, &b_shown[at].text)
            .then(a.id.cmp(&b.id))
    });
    if asked.down.is_some() {
        rows.reverse();
    }
    let (found, pages) = (rows.len(), rows.len().div_ceil(PAGE).max(1));
    asked.page = asked.page.clamp(1, pages);
    // A column of amounts that are all for others would look as if nothing cost anything.
    let is_open = |at: &usize| {
        let has_any = || rows.iter().any(|(row, _)| !row.values[*at].is_empty());
        kind.fields[*at].kind != FieldKind::Money || scope.may(Right::SeeCosts) || has_any()
    };
    let listed: Vec<usize> = (0..kind.fields.len()).filter(|it| kind.fields[*it].listed).filter(is_open).collect();
    let rows = rows
        .into_iter()
        .skip((asked.page - 1) * PAGE)
        .take(PAGE)
        .map(|(row, mut shown)| {
            let url = format!("{}/{}", kind.path, row.id);
            (url, listed.iter().map(|it| std::mem::take(&mut shown[*it])).collect())
        })
        .collect();
    let fields = listed.iter().map(|it| &kind.fields[*it]).collect();
    let place = Place::new(kind.many, kind.path);
    let registry = &scope.app.registry;
    let is_named = |it: &&Kind| kind.fields.iter().any(|field| field.kind == FieldKind::Link(it.key));
    let has_entry = |it: &Kind| registry.entries().any(|entry| entry.url == it.path);
    let see_also = registry
        .kinds()
        .filter(is_named)
        .filter(|it| it.key != kind.key && scope.may(it.view) && !has_entry(it))
        .collect();
    scope.page(place, &List { scope: &scope, kind, asked, fields, rows, found, of, pages, see_also }).await
}

/// Empty last; choices in the order of their meaning, everything else as it reads.
fn compare(field: &Field, a: &Value, b: &Value, a_text: &str, b_text: &str) -> Ordering {
    let of_choice = |it: &Value| match field.kind {
        FieldKind::Choice(choices) => choices.iter().position(|choice| choice.key == it.text()),
        _ => None,
    };
    match (a, b) {
        (Value::Empty, Value::Empty) => Ordering::Equal,
        (Value::Empty, _) => Ordering::Greater,
        (_, Value::Empty) => Ordering::Less,
        (Value::Whole(a), Value::Whole(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Money(a), Value::Money(b)) => a.cmp(b),
        _ if matches!(field.kind, FieldKind::Choice(_)) => of_choice(a).cmp(&of_choice(b)),
        _ => order_of(a_text).cmp(&order_of(b_text)),
    }
}

/// The whole table as a file, every field of every record.
pub async fn export(kind: &'static Kind, scope: Scope, format: String) -> Result<Response> {
    send(&[table_of(&scope, kind).await?], kind.key, &format)
}

/// Every record of a kind with every field: the identifier first, links by title.
pub async fn table_of(scope: &Scope, kind: &'static Kind) -> Result<Table> {
    let titles = link_titles(scope, kind).await?;
    let mut columns = vec![Column::new("id", "Identifier", table::Kind::Text)];
    columns.extend(kind.fields.iter().map(|field| {
        let of = match field.kind {
            FieldKind::Whole { .. } => table::Kind::Whole,
            FieldKind::Date => table::Kind::Date,
            FieldKind::YesNo => table::Kind::YesNo,
            FieldKind::Number => table::Kind::Decimal(2),
            FieldKind::Money => table::Kind::Money,
            _ => table::Kind::Text,
        };
        Column::new(field.key, field.label, of)
    }));
    let cell = |field: &Field, value: &Value| match value {
        Value::Empty => Cell::Empty,
        Value::Text(it) => Cell::Text(field.choice_of(it).map_or(it.clone(), |it| it.label.to_owned())),
        Value::Whole(it) => Cell::Whole(*it),
        Value::Bool(it) => Cell::Bool(*it),
        Value::Date(it) => Cell::Date(*it),
        Value::Number(it) => Cell::Decimal(it.to_f64().unwrap_or(f64::NAN)),
        Value::Money(it) => Cell::Money(*it, scope.currency()),
        Value::Link(_) => Cell::Text(show(scope, field, value, &titles).text),
    };
    let rows = store::seen(scope, kind).await?;
    let rows = rows
        .iter()
        .map(|row| {
            let fields = kind.fields.iter().zip(&row.values).map(|(field, it)| cell(field, it));
            std::iter::once(Cell::Text(row.id.to_string())).chain(fields).collect()
        })
        .collect();
    Ok(Table { title: kind.many.to_owned(), columns, rows })
}

/// Tables as a file of the format that the address names: a workbook holds all of them, any other file the first.
pub fn send(tables: &[Table], name: &str, format: &str) -> Result<Response> {
    let table = tables.first().ok_or(Error::NotFound)?;
    let (bytes, media_type) = match format {
        "csv" => (table::csv(table), "text/csv; charset=utf-8"),
        "xlsx" => (table::xlsx(tables)?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "json" => (table::json(table).into_bytes(), "application/json"),
        _ => return Err(Error::NotFound),
    };
    Ok(download(&format!("{name}.{format}"), media_type, bytes))
}
