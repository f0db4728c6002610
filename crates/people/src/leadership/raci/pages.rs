//! The matrix on one page, edited by keyboard; a row of it on a page of its own, for a phone and without script.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use db::uuid::Uuid;
use kit::{
    error::{Error, Result},
    pages::{Conflict, Fields, send},
    people::{self, PersonId, Viewer},
    record::{self, Faults, Field, Value},
    rights::Right,
    table::{self, Cell, Column, Table},
    web::{Access, Place, Routes, Scope, html, see},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Deserialize;

use crate::leadership::{
    model::{Letter, Role, RoleId},
    overview,
    raci::{
        Effort, Line, LineId, Matrix, Row,
        rules::{self, Finding, MANY_C, MANY_R},
        store::{self, Change},
    },
};

pub fn routes(routes: Routes) -> Routes {
    let (view, edit) = (Access::With(Right::View), Access::With(Right::Lead));
    routes
        .get("/raci", view, page)
        .post("/raci/add", edit, add)
        .get("/raci/print", view, print)
        .get("/raci/export/{format}", Access::Export(Right::View), export)
        .get("/raci/{id}", view, row)
        .post("/raci/{id}", edit, save)
        .post("/raci/{id}/cell", edit, cell)
        .post("/raci/{id}/remove", edit, remove)
}

/// Which part of the matrix is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    role: String,
    person: String,
    broken: String,
}

/// A finding with where it is: what it is about, the address, and what is offered.
struct Said<'a> {
    about: &'a str,
    url: String,
    finding: Finding,
    offer: Option<Offer<'a>>,
}

/// A letter that would put a row right, and what stands there now.
struct Offer<'a> {
    line: LineId,
    role: &'a Role,
    letter: Letter,
    was: &'static str,
}

impl Offer<'_> {
    fn label(&self) -> String {
        match self.letter {
            Letter::Accountable => format!("Make {} the A", self.role.name),
            letter => format!("Make {} {}", self.role.name, letter.key()),
        }
    }
}

/// Findings of one kind: with a sentence for all of them where they are many.
struct Group<'a> {
    together: Option<String>,
    said: Vec<Said<'a>>,
}

/// From so many of one kind on they are said together.
const MANY: usize = 3;

/// The part of the page that is drawn anew after each letter.
#[derive(Template)]
#[template(path = "leadership/raci/grid.html")]
struct Grid<'a> {
    matrix: &'a Matrix,
    heading: String,
    rows: Vec<&'a Row>,
    /// The columns shown, by their place in the matrix.
    columns: Vec<usize>,
    groups: Vec<Group<'a>>,
    may_edit: bool,
    /// Somebody else was quicker: what to say.
    conflict: Option<String>,
}

impl<'a> Grid<'a> {
    fn of(scope: &Scope, matrix: &'a Matrix, asked: &Asked) -> Grid<'a> {
        let role: Option<RoleId> = asked.role.parse().ok().map(RoleId);
        let person: Option<PersonId> = asked.person.parse().ok().map(PersonId);
        let is_theirs = |it: &Role| person.is_none_or(|person| it.holder == Some(person) || it.deputy == Some(person));
        let is_asked_for = |it: &Role| role.is_none_or(|role| it.id == role) && is_theirs(it);
        let chosen: Vec<usize> = (0..matrix.roles.len()).filter(|at| is_asked_for(&matrix.roles[*at])).collect();
        let filtered = role.is_some() || person.is_some();
        let rows: Vec<&Row> = matrix
            .rows
            .iter()
            .filter(|row| !filtered || chosen.iter().any(|at| row.letters[*at].is_some()))
            .filter(|row| asked.broken.is_empty() || !row.findings.is_empty())
            .collect();
        // A role is read among the others; of a person only the columns of their roles are shown.
        let columns = if person.is_some() { chosen } else { (0..matrix.roles.len()).collect() };
        Grid {
            heading: matrix.heading(),
            groups: groups(said(matrix)),
            rows,
            columns,
            matrix,
            may_edit: scope.may(Right::Lead),
            conflict: None,
        }
    }

    fn role(&self, at: &usize) -> &Role {
        &self.matrix.roles[*at]
    }

    fn holder(&self, at: &usize) -> &str {
        self.matrix.holder(self.role(at)).map_or("", |it| &it.name)
    }

    fn letter(&self, row: &Row, at: &usize) -> &'static str {
        row.letters[*at].map_or("", Letter::key)
    }

    fn findings(&self, at: &usize) -> &[Finding] {
        &self.matrix.columns[*at]
    }

    /// How often a column has each of the two letters that weigh.
    fn load(&self, at: &usize) -> (usize, usize) {
        self.matrix.load_of(*at)
    }

    /// The letters of a row in words, for a phone.
    fn in_words(&self, row: &Row) -> String {
        let named = |test: fn(Letter) -> bool| -> Vec<&str> {
            let having = row.letters.iter().enumerate().filter(|(_, it)| it.is_some_and(test));
            having.map(|(at, _)| &*self.matrix.roles[at].name).collect()
        };
        let (answer, does) = (named(Letter::answers), named(Letter::does));
        let or_nobody = |of: &[&str]| if of.is_empty() { "nobody".to_owned() } else { rules::list(of) };
        format!("A: {} · R: {}", or_nobody(&answer), or_nobody(&does))
    }
}

/// Everything that is wrong, what is broken first.
fn said(matrix: &Matrix) -> Vec<Said<'_>> {
    let mut all = Vec::new();
    for row in &matrix.rows {
        for finding in &row.findings {
            let offer = finding.offer.map(|(at, letter)| {
                let was = row.letters[at].map_or("", Letter::key);
                Offer { line: row.line.id, role: &matrix.roles[at], letter, was }
            });
            all.push(Said { about: &row.title, url: row.url(), finding: finding.clone(), offer });
        }
        if let Some(text) = matrix.contradiction(row) {
            let finding = Finding { weight: rules::Weight::Warning, short: "two names".to_owned(), text, offer: None };
            all.push(Said { about: &row.title, url: row.record_url(), finding, offer: None });
        }
    }
    for (role, findings) in matrix.roles.iter().zip(&matrix.columns) {
        for finding in findings {
            let url = format!("/roles/{}", role.id);
            all.push(Said { about: &role.name, url, finding: finding.clone(), offer: None });
        }
    }
    all.sort_by_key(|it| it.finding.weight);
    all
}

/// What is said once of many stands where the first of them stood.
fn groups(said: Vec<Said<'_>>) -> Vec<Group<'_>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for it in &said {
        *counts.entry(it.finding.short.clone()).or_default() += 1;
    }
    let mut groups: Vec<Group> = Vec::new();
    for it in said {
        let n = counts[&it.finding.short];
        let together = (n >= MANY).then(|| rules::together(&it.finding.short, n)).flatten();
        let begun = groups
            .iter_mut()
            .find(|group| together.is_some() && group.said.iter().any(|one| one.finding.short == it.finding.short));
        match begun {
            Some(group) => group.said.push(it),
            None => groups.push(Group { together, said: vec![it] }),
        }
    }
    groups
}

#[derive(Template)]
#[template(path = "leadership/raci/page.html")]
struct Page<'a> {
    scope: &'a Scope,
    matrix: &'a Matrix,
    heading: String,
    grid: String,
    query: String,
    asked: &'a Asked,
    /// Whoever holds a role or stands in, by name.
    people: Vec<(PersonId, &'a str)>,
}

impl Page<'_> {
    fn may_edit(&self) -> bool {
        self.scope.may(Right::Lead)
    }

    fn many(&self) -> (usize, usize) {
        (MANY_R, MANY_C)
    }

    fn is_role(&self, id: &RoleId) -> bool {
        id.to_string() == self.asked.role
    }

    fn is_person(&self, id: &PersonId) -> bool {
        id.to_string() == self.asked.person
    }
}

async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let grid = Grid::of(&scope, &matrix, &asked);
    let ids = matrix.roles.iter().flat_map(|it| [it.holder, it.deputy]).flatten();
    let people: BTreeMap<&str, PersonId> =
        ids.filter_map(|it| matrix.people.get(&it)).map(|it| (&*it.name, it.id)).collect();
    let query = [("role", &asked.role), ("person", &asked.person), ("broken", &asked.broken)];
    let query: Vec<String> = query
        .iter()
        .filter(|(_, it)| !it.is_empty())
        .map(|(key, it)| format!("{key}={}", kit::web::percent(it)))
        .collect();
    let page = Page {
        scope: &scope,
        matrix: &matrix,
        heading: if matrix.roles.is_empty() { "Who answers for what".to_owned() } else { matrix.heading() },
        grid: grid.render()?,
        query: if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) },
        asked: &asked,
        people: people.into_iter().map(|(name, id)| (id, name)).collect(),
    };
    scope.page(Place::new("Accountability matrix", "/raci"), &page).await
}

/// Puts records into the matrix.
async fn add(scope: Scope, Form(sent): Form<Vec<(String, String)>>) -> Result<Response> {
    let wanted = sent.iter().filter(|(key, _)| key == "record").filter_map(|(_, it)| it.split_once(':'));
    let matrix = Matrix::load(&scope).await?;
    let chosen: Vec<_> = wanted
        .filter_map(|(kind, id)| {
            let id: Uuid = id.parse().ok()?;
            matrix.missing.iter().find(|it| it.kind.key == kind && it.id == id)
        })
        .collect();
    if chosen.is_empty() {
        return Err(Error::refused("Nothing was chosen. Tick at least one that is not in the matrix yet."));
    }
    let mut tx = scope.db().begin().await?;
    for it in &chosen {
        let line = Line {
            id: LineId::fresh(),
            version: 1,
            kind: it.kind.key.to_owned(),
            record: it.id,
            effort: Effort::default(),
        };
        store::add(&mut tx, &scope.author(), &line, &it.title).await?;
    }
    tx.commit().await?;
    Ok(see("/raci", &format!("{} added. Say who answers for each.", rows(chosen.len()))))
}

fn rows(n: usize) -> String {
    if n == 1 { "One row".to_owned() } else { format!("{n} rows") }
}

/// What a row takes, as a form asks for it.
const ANSWERING: Field = Field::number("Days a month to answer for it");
const DOING: Field = Field::number("Days a month to do it");
const STARTS: Field = Field::date("From");
const ENDS: Field = Field::date("Until");

#[derive(Template)]
#[template(path = "leadership/raci/row.html")]
struct RowPage<'a> {
    matrix: &'a Matrix,
    row: &'a Row,
    may_edit: bool,
    place: usize,
    before: Option<&'a Row>,
    after: Option<&'a Row>,
    fields: &'a Fields,
    faults: Faults,
    conflict: Conflict,
    history: Vec<kit::audit::Entry>,
    moment: Vec<String>,
}

impl RowPage<'_> {
    fn letters(&self) -> &'static [Letter] {
        Letter::ALL
    }

    fn is(&self, role: &Role, letter: &Letter) -> bool {
        self.fields.get(&format!("l-{}", role.id)) == letter.key()
    }

    fn holder(&self, role: &Role) -> &str {
        self.matrix.holder(role).map_or("vacant", |it| &it.name)
    }
}

/// The form of a row as it stands.
fn form_of(scope: &Scope, matrix: &Matrix, row: &Row) -> Fields {
    let days = |it: Option<Decimal>| it.map_or(String::new(), |it| scope.writing().typed(&it.to_string()));
    let day = |it: Option<jiff::civil::Date>| it.map_or(String::new(), |it| it.to_string());
    let effort = &row.line.effort;
    let mut all: BTreeMap<String, String> = BTreeMap::from([
        ("version".to_owned(), row.line.version.to_string()),
        ("answering".to_owned(), days(effort.answering)),
        ("doing".to_owned(), days(effort.doing)),
        ("starts".to_owned(), day(effort.starts)),
        ("ends".to_owned(), day(effort.ends)),
    ]);
    for (role, letter) in matrix.roles.iter().zip(&row.letters) {
        all.insert(format!("l-{}", role.id), letter.map_or(String::new(), |it| it.key().to_owned()));
    }
    Fields::from(all)
}

async fn row(scope: Scope, Path(id): Path<LineId>) -> Result<Response> {
    store::line(scope.db(), scope.id(), id).await?;
    let matrix = Matrix::load(&scope).await?;
    let fields = form_of(&scope, &matrix, matrix.row(id)?);
    show_row(&scope, &matrix, id, &fields, Faults::default(), Conflict::default(), StatusCode::OK).await
}

async fn show_row(
    scope: &Scope,
    matrix: &Matrix,
    id: LineId,
    fields: &Fields,
    faults: Faults,
    conflict: Conflict,
    status: StatusCode,
) -> Result<Response> {
    let row = matrix.row(id)?;
    let place = matrix.rows.iter().position(|it| it.line.id == id).unwrap_or_default();
    let mut history = kit::audit::of_record(scope.db(), scope.id(), id.0).await?;
    history.truncate(5);
    let page = RowPage {
        matrix,
        row,
        may_edit: scope.may(Right::Lead),
        place,
        before: place.checked_sub(1).map(|it| &matrix.rows[it]),
        after: matrix.rows.get(place + 1),
        fields,
        faults,
        conflict,
        moment: history.iter().map(|it| scope.locale().instant(it.instant(), scope.org.zone())).collect(),
        history,
    };
    let place = Place::new(row.title.clone(), "/raci").under("Accountability matrix", "/raci");
    scope.page_with(status, place, &page).await
}

/// What the form of a row says; all faults at once.
fn read(scope: &Scope, matrix: &Matrix, fields: &Fields) -> std::result::Result<(Vec<Option<Letter>>, Effort), Faults> {
    let mut faults = Faults::default();
    let mut field = |of: &Field, key: &str| match record::read(of, fields.get(key), scope.writing()) {
        Ok(Value::Number(it)) if it.is_sign_negative() => {
            faults.add(key, format!("{} cannot be less than nothing.", of.label));
            Value::Empty
        }
        Ok(value) => value,
        Err(fault) => {
            faults.add(key, fault);
            Value::Empty
        }
    };
    let days = |it: Value| if let Value::Number(it) = it { Some(it) } else { None };
    let day = |it: Value| if let Value::Date(it) = it { Some(it) } else { None };
    let effort = Effort {
        answering: days(field(&ANSWERING, "answering")),
        doing: days(field(&DOING, "doing")),
        starts: day(field(&STARTS, "starts")),
        ends: day(field(&ENDS, "ends")),
    };
    if let (Some(starts), Some(ends)) = (effort.starts, effort.ends)
        && ends < starts
    {
        faults.add("ends", "The end is before the start. Correct one of the two days.");
    }
    let letters = matrix
        .roles
        .iter()
        .map(|role| {
            let key = format!("l-{}", role.id);
            rules::read(fields.get(&key)).unwrap_or_else(|fault| {
                faults.add(&key, fault);
                None
            })
        })
        .collect();
    if faults.is_empty() { Ok((letters, effort)) } else { Err(faults) }
}

async fn save(scope: Scope, Path(id): Path<LineId>, Form(fields): Form<Fields>) -> Result<Response> {
    let line = store::line(scope.db(), scope.id(), id).await?;
    let matrix = Matrix::load(&scope).await?;
    let row = matrix.row(id)?;
    let (letters, effort) = match read(&scope, &matrix, &fields) {
        Ok(it) => it,
        Err(faults) => {
            return show_row(
                &scope,
                &matrix,
                id,
                &fields,
                faults,
                Conflict::default(),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await;
        }
    };
    if fields.version() != line.version {
        let key = |it: &Option<Letter>| it.map_or("nothing", Letter::key).to_owned();
        let mut conflict: Conflict = matrix
            .roles
            .iter()
            .zip(row.letters.iter().zip(&letters))
            .filter(|(_, (now, chosen))| now != chosen)
            .map(|(role, (now, chosen))| (role.name.clone(), key(now), key(chosen)))
            .collect();
        if effort != line.effort {
            conflict.add("Days and dates", "changed", "as in the form below");
        }
        return show_row(&scope, &matrix, id, &fields, Faults::default(), conflict, StatusCode::CONFLICT).await;
    }
    let letters = matrix.roles.iter().zip(row.letters.iter().zip(letters)).map(|(role, (was, is))| (role.id, *was, is));
    let change = Change { line: &line, title: &row.title, letters: letters.collect(), effort };
    let mut tx = scope.db().begin().await?;
    store::change(&mut tx, &scope.author(), &change).await?;
    tx.commit().await?;
    let next = matrix.rows.iter().position(|it| it.line.id == id).and_then(|at| matrix.rows.get(at + 1));
    let to = match (fields.get("then"), next) {
        ("next", Some(next)) => next.url(),
        _ => row.url(),
    };
    Ok(see(&to, &format!("“{}” was saved.", row.title)))
}

/// A key that was pressed in a cell.
#[derive(Deserialize)]
struct Pressed {
    role: RoleId,
    /// The letter of the key; nothing clears the cell.
    #[serde(default)]
    key: String,
    /// What was there when the key was pressed.
    #[serde(default)]
    was: String,
    /// Whether only the grid is drawn anew.
    #[serde(default)]
    part: String,
}

async fn cell(
    scope: Scope,
    Path(id): Path<LineId>,
    Query(asked): Query<Asked>,
    Form(pressed): Form<Pressed>,
) -> Result<Response> {
    store::line(scope.db(), scope.id(), id).await?;
    let row = Matrix::load(&scope).await?.row(id)?.clone();
    let mut tx = scope.db().begin().await?;
    kit::store::row_in(&mut tx, scope.id(), Role::KIND, pressed.role.0).await?;
    let key = rules::read(&pressed.key).map_err(Error::Refused)?;
    let letters = store::letters_in(&mut tx, scope.id(), id).await?;
    let present = letters.get(&pressed.role).copied();
    let conflict = if present.map_or("", Letter::key) == pressed.was {
        let line = store::line_in(&mut tx, scope.id(), id).await?;
        let after = key.and_then(|it| rules::typed(present, it));
        let change = Change {
            line: &line,
            title: &row.title,
            letters: vec![(pressed.role, present, after)],
            effort: line.effort.clone(),
        };
        store::change(&mut tx, &scope.author(), &change).await?;
        tx.commit().await?;
        None
    } else {
        drop(tx);
        let said = |it: Option<Letter>| it.map_or("nothing", Letter::key);
        Some(format!(
            "Somebody else changed this cell of “{}” meanwhile: it is {} now. Your {} was not written over it; press the \
             key again if you still want it.",
            row.title,
            said(present),
            said(key)
        ))
    };
    if pressed.part.is_empty() {
        return match conflict {
            Some(why) => Err(Error::refused(why)),
            None => Ok(see("/raci", &format!("“{}” was saved.", row.title))),
        };
    }
    let matrix = Matrix::load(&scope).await?;
    let status = if conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let grid = Grid { conflict, ..Grid::of(&scope, &matrix, &asked) };
    Ok((status, html(&grid)?).into_response())
}

async fn remove(scope: Scope, Path(id): Path<LineId>) -> Result<Response> {
    store::line(scope.db(), scope.id(), id).await?;
    let matrix = Matrix::load(&scope).await?;
    let row = matrix.row(id)?;
    let mut tx = scope.db().begin().await?;
    let line = store::line_in(&mut tx, scope.id(), id).await?;
    store::remove(&mut tx, &scope.author(), &line, &row.title).await?;
    tx.commit().await?;
    let kind = row.kind.one.to_lowercase();
    Ok(see("/raci", &format!("“{}” is no row any more. The {kind} itself stays.", row.title)))
}

/// The matrix as people know it: a row for each record, a column for each role.
pub fn table_of(matrix: &Matrix) -> Table {
    let text = table::Kind::Text;
    let mut columns = vec![Column::new("row", "Row", text), Column::new("kind", "Kind", text)];
    columns.extend(matrix.roles.iter().map(|it| Column::new(it.id.to_string(), &it.name, text)));
    columns.push(Column::new("answering", "Days to answer", table::Kind::Decimal(1)));
    columns.push(Column::new("doing", "Days to do", table::Kind::Decimal(1)));
    columns.push(Column::new("starts", "From", table::Kind::Date));
    columns.push(Column::new("ends", "Until", table::Kind::Date));
    let days = |it: Option<Decimal>| it.and_then(|it| it.to_f64()).map_or(Cell::Empty, Cell::Decimal);
    let day = |it: Option<jiff::civil::Date>| it.map_or(Cell::Empty, Cell::Date);
    let row = |it: &Row| {
        let mut cells = vec![Cell::Text(it.title.clone()), Cell::Text(it.kind.one.to_owned())];
        cells.extend(it.letters.iter().map(|it| it.map_or(Cell::Empty, |it| Cell::Text(it.key().to_owned()))));
        let effort = &it.line.effort;
        cells.extend([days(effort.answering), days(effort.doing), day(effort.starts), day(effort.ends)]);
        cells
    };
    Table { title: "Accountability matrix".to_owned(), columns, rows: matrix.rows.iter().map(row).collect() }
}

async fn export(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    send(&[table_of(&*Matrix::load(&scope).await?)], "raci", &format)
}

/// Everything on one sheet of A3: roles with their mandates, and the matrix.
#[derive(Template)]
#[template(path = "leadership/raci/print.html")]
struct Print<'a> {
    scope: &'a Scope,
    viewer: Viewer,
    matrix: &'a Matrix,
    heading: String,
}

impl Print<'_> {
    fn limit(&self, role: &Role) -> String {
        overview::limit(self.scope, &self.viewer, role)
    }

    fn holder(&self, role: &Role) -> &str {
        self.matrix.holder(role).map_or("", |it| &it.name)
    }

    fn deputy(&self, role: &Role) -> &str {
        self.matrix.deputy(role).map_or("", |it| &it.name)
    }
}

async fn print(scope: Scope) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let viewer = people::viewer(&scope).await?;
    let page = Print { scope: &scope, viewer, heading: matrix.heading(), matrix: &matrix };
    let place = Place::new("Roles and matrix on one sheet", "/raci").under("Accountability matrix", "/raci");
    scope.page(place, &page).await
}
