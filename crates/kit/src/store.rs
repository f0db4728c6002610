//! Loading and saving records as their description says, always within one organisation, always audited.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, LazyLock, Mutex},
};

use db::{Db, Tx, Type, uuid::Uuid};

use crate::{
    audit::{self, Act, Author},
    error::{Error, Result},
    org::{self, OrgId},
    people,
    record::{Field, FieldKind, Kind, Record, Row, Titles, Value},
    rights::Right,
    web::Scope,
};

/// The statements of one kind, made once from its description.
struct Statements {
    list: &'static str,
    find: &'static str,
    insert: &'static str,
    update: &'static str,
    delete: &'static str,
    types: Vec<Type>,
}

fn statements(kind: &Kind) -> &'static Statements {
    static MADE: LazyLock<Mutex<BTreeMap<&'static str, &'static Statements>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().expect("making statements does not panic");
    made.entry(kind.key).or_insert_with(|| Box::leak(Box::new(Statements::of(kind))))
}

impl Statements {
    fn of(kind: &Kind) -> Statements {
        let leak = |sql: String| -> &'static str { Box::leak(sql.into_boxed_str()) };
        let table = kind.key;
        let columns: String = kind.fields.iter().fold(String::new(), |mut all, it| {
            let _ = write!(all, ", {}", it.key);
            all
        });
        let places: String = (0..kind.fields.len()).map(|at| format!(", ${}", at + 4)).collect();
        let sets: String =
            kind.fields.iter().enumerate().map(|(at, it)| format!(", {} = ${}", it.key, at + 4)).collect();
        Statements {
            list: leak(format!("SELECT id, version{columns} FROM {table} WHERE org = $1 ORDER BY id")),
            find: leak(format!("SELECT id, version{columns} FROM {table} WHERE org = $1 AND id = $2")),
            insert: leak(format!("INSERT INTO {table} (org, id, version{columns}) VALUES ($1, $2, $3{places})")),
            update: leak(format!(
                "UPDATE {table} SET version = version + 1{sets} WHERE org = $1 AND id = $2 AND version = $3"
            )),
            delete: leak(format!("DELETE FROM {table} WHERE org = $1 AND id = $2 AND version = $3")),
            types: [Type::Id, Type::Int].into_iter().chain(kind.fields.iter().map(Field::column)).collect(),
        }
    }
}

/// A value as its column keeps it.
fn to_column(field: &Field, value: &Value) -> db::Value {
    match (field.column(), value) {
        (Type::Text, Value::Text(it)) => it.clone().into(),
        (Type::Text, Value::Date(it)) => (*it).into(),
        (Type::Text, Value::Number(it)) => it.to_string().into(),
        (Type::Int, Value::Money(it)) => (*it).into(),
        (Type::Int, Value::Whole(it)) => (*it).into(),
        (Type::Bool, Value::Bool(it)) => (*it).into(),
        (Type::Id, Value::Link(it)) => (*it).into(),
        (Type::Int, _) => None::<i64>.into(),
        (Type::Bool, _) => false.into(),
        (Type::Id, _) => None::<Uuid>.into(),
        _ => None::<String>.into(),
    }
}

fn from_column(field: &Field, column: db::Value) -> Value {
    match column {
        db::Value::Text(Some(it)) if field.kind == FieldKind::Date => it.parse().map_or(Value::Empty, Value::Date),
        db::Value::Text(Some(it)) if field.kind == FieldKind::Number => it.parse().map_or(Value::Empty, Value::Number),
        db::Value::Int(Some(it)) if field.kind == FieldKind::Money => Value::Money(it),
        db::Value::Text(Some(it)) => Value::Text(it),
        db::Value::Int(Some(it)) => Value::Whole(it),
        db::Value::Bool(Some(it)) => Value::Bool(it),
        db::Value::Id(Some(it)) => Value::Link(it),
        _ => Value::Empty,
    }
}

fn to_rows(kind: &Kind, rows: Vec<Vec<db::Value>>) -> Vec<Row> {
    let row = |columns: Vec<db::Value>| {
        let mut columns = columns.into_iter();
        let (Some(db::Value::Id(Some(id))), Some(db::Value::Int(Some(version)))) = (columns.next(), columns.next())
        else {
            unreachable!("every statement starts with identifier and version, both NOT NULL")
        };
        Row { id, version, values: kind.fields.iter().zip(columns).map(|(field, it)| from_column(field, it)).collect() }
    };
    rows.into_iter().map(row).collect()
}

/// Every record of a kind, in the order in which they were made.
pub async fn rows(db: &Db, org: OrgId, kind: &Kind) -> Result<Arc<Vec<Row>>> {
    let Statements { list, types, .. } = statements(kind);
    let read = async { Ok(to_rows(kind, db.rows(list, [org.into()], types).await?)) };
    db.kept(list, vec![org.into()], read).await
}

/// The same, seen from within a write.
pub async fn rows_in(tx: &mut Tx, org: OrgId, kind: &Kind) -> Result<Vec<Row>> {
    let statements = statements(kind);
    Ok(to_rows(kind, tx.rows(statements.list, [org.into()], &statements.types).await?))
}

/// One record; [`Error::NotFound`] when this organisation has none of that identifier.
pub async fn row(db: &Db, org: OrgId, kind: &Kind, id: Uuid) -> Result<Row> {
    let statements = statements(kind);
    let found = db.rows(statements.find, [org.into(), id.into()], &statements.types).await?;
    to_rows(kind, found).pop().ok_or(Error::NotFound)
}

/// The same, seen from within a write.
pub async fn row_in(tx: &mut Tx, org: OrgId, kind: &Kind, id: Uuid) -> Result<Row> {
    let statements = statements(kind);
    let found = tx.rows(statements.find, [org.into(), id.into()], &statements.types).await?;
    to_rows(kind, found).pop().ok_or(Error::NotFound)
}

/// Every record of a kind that whoever is signed in may see, without the values that are not for them: for showing, not
/// for writing back.
pub async fn seen(scope: &Scope, kind: &Kind) -> Result<Vec<Row>> {
    if !scope.may(kind.view) {
        return Ok(Vec::new());
    }
    let mut rows = Arc::unwrap_or_clone(rows(scope.db(), scope.id(), kind).await?);
    if let Some(viewer) = looks_closely(scope, kind).await? {
        rows.retain(|it| kind.is_shown(&viewer, it));
        rows.iter_mut().for_each(|it| kind.hide(&viewer, it));
    }
    Ok(rows)
}

/// The same for one record; [`Error::NotFound`] too where whoever is signed in may not see it.
pub async fn seen_one(scope: &Scope, kind: &Kind, id: Uuid) -> Result<Row> {
    let mut row = row(scope.db(), scope.id(), kind, id).await?;
    if !scope.may(kind.view) {
        return Err(Error::NotFound);
    }
    if let Some(viewer) = looks_closely(scope, kind).await? {
        if !kind.is_shown(&viewer, &row) {
            return Err(Error::NotFound);
        }
        kind.hide(&viewer, &mut row);
    }
    Ok(row)
}

/// Who is signed in, where it depends on the record what they see of a kind.
async fn looks_closely(scope: &Scope, kind: &Kind) -> Result<Option<people::Viewer>> {
    let depends = kind.private.is_some() || (kind.has_amounts() && !scope.may(Right::SeeCosts));
    if depends { writer(scope).await } else { Ok(None) }
}

/// The same, seen from within a write.
pub async fn seen_in(tx: &mut Tx, scope: &Scope, kind: &Kind) -> Result<Vec<Row>> {
    if !scope.may(kind.view) {
        return Ok(Vec::new());
    }
    let mut rows = rows_in(tx, scope.id(), kind).await?;
    if kind.private.is_some() && scope.session.is_some() {
        let viewer = people::viewer_in(tx, scope).await?;
        rows.retain(|it| kind.is_shown(&viewer, it));
    }
    Ok(rows)
}

/// Who is signed in, as far as that decides about records; nobody for the program itself, which may all.
pub async fn writer(scope: &Scope) -> Result<Option<people::Viewer>> {
    Ok(if scope.session.is_some() { Some(people::viewer(scope).await?) } else { None })
}

/// Every record of a kind, as its type.
pub async fn all<R: Record>(db: &Db, org: OrgId) -> Result<Vec<R>> {
    let read = async { Ok::<_, Error>(rows(db, org, R::KIND).await?.iter().map(R::from_row).collect::<Vec<R>>()) };
    Ok(Arc::unwrap_or_clone(db.kept(statements(R::KIND).list, vec![org.into()], read).await?))
}

/// One record, as its type.
pub async fn find<R: Record>(db: &Db, org: OrgId, id: R::Id) -> Result<R> {
    Ok(R::from_row(&row(db, org, R::KIND, db::Id::uuid(id)).await?))
}

/// What the records of a kind are called, for showing links to them.
pub async fn titles(db: &Db, org: OrgId, kind: &Kind) -> Result<Titles> {
    Ok(rows(db, org, kind).await?.iter().map(|it| (it.id, it.title(kind))).collect())
}

/// Writes a new record and its audit entry.
pub async fn insert(tx: &mut Tx, author: &Author, kind: &Kind, row: &Row) -> Result<()> {
    let columns = kind.fields.iter().zip(&row.values).map(|(field, it)| to_column(field, it));
    let keys = [author.org.into(), row.id.into(), row.version.into()];
    tx.run(statements(kind).insert, keys.into_iter().chain(columns)).await?;
    audit::record(tx, author, Act::Created, kind, None, Some(row)).await
}

/// Writes the changed record over `before` and audits the difference; where nothing differs, nothing is written.
///
/// Refuses with [`Error::Refused`] when someone else changed the record since `before` was read.
pub async fn update(tx: &mut Tx, author: &Author, kind: &Kind, before: &Row, values: Vec<Value>) -> Result<Row> {
    if before.values == values {
        return Ok(before.clone());
    }
    let columns = kind.fields.iter().zip(&values).map(|(field, it)| to_column(field, it));
    let keys = [author.org.into(), before.id.into(), before.version.into()];
    if tx.run(statements(kind).update, keys.into_iter().chain(columns)).await? == 0 {
        return Err(changed_meanwhile(kind));
    }
    let after = Row { id: before.id, version: before.version + 1, values };
    audit::record(tx, author, Act::Changed, kind, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a record. Its history stays in the audit trail; its links go with it.
pub async fn delete(tx: &mut Tx, author: &Author, kind: &Kind, before: &Row) -> Result<()> {
    let keys = [author.org.into(), before.id.into(), before.version.into()];
    if tx.run(statements(kind).delete, keys).await? == 0 {
        return Err(changed_meanwhile(kind));
    }
    crate::thread::forget(tx, author.org, before.id).await?;
    crate::attachment::forget(tx, author.org, before.id).await?;
    audit::record(tx, author, Act::Deleted, kind, Some(before), None).await
}

/// Begins a write that decides by what is here, such as the rules of a kind: two of them in one organisation go one after
/// the other, so that neither decides by what the other is about to change.
pub async fn begin(scope: &Scope) -> Result<Tx> {
    begin_in(scope.db(), scope.id()).await
}

/// [`begin`] for whoever writes by a personal link.
pub async fn begin_in(db: &Db, org: OrgId) -> Result<Tx> {
    let mut tx = db.begin().await?;
    org::hold(&mut tx, org).await?;
    Ok(tx)
}

fn changed_meanwhile(kind: &Kind) -> Error {
    Error::refused(format!(
        "Someone changed this {} while you were looking at it. Nothing was overwritten: load it again to see their change.",
        kind.one.to_lowercase()
    ))
}
