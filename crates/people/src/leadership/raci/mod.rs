//! The accountability matrix: who answers for which outcome, activity, service or process, and who does it.
//!
//! A row is a record of any kind that says so (`Kind::accountable`), named by kind and identifier: kinds that come
//! later are rows without a change here. A column is a role. What stands where they meet is a [`Letter`].

pub mod pages;
pub mod rules;
pub mod sheet;
pub mod store;

use std::{collections::BTreeMap, sync::Arc};

use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{
    error::{Error, Result},
    people::{Person, PersonId},
    record::{Kind, Value},
    web::Scope,
};
use rust_decimal::Decimal;

use crate::leadership::{
    model::{Letter, Role, RoleId},
    raci::rules::{Column, Finding, Tally},
};

db::id! {
    /// Identifies one row of the matrix for life.
    LineId
}

/// The key of a row in the audit trail.
pub const ROW: &str = "raci_row";

/// What a row takes of the time of those who have a letter in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effort {
    /// Days a month for the role that answers for it.
    pub answering: Option<Decimal>,
    /// Days a month for those that do it, together.
    pub doing: Option<Decimal>,
    /// Nothing: from ever, for ever.
    pub starts: Option<Date>,
    pub ends: Option<Date>,
}

impl Effort {
    pub fn is_known(&self) -> bool {
        self.answering.is_some() || self.doing.is_some()
    }
}

/// A row of the matrix as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub id: LineId,
    pub version: i64,
    /// The key of the record's kind.
    pub kind: String,
    pub record: Uuid,
    pub effort: Effort,
}

/// A row as people see it.
#[derive(Clone)]
pub struct Row {
    pub line: Line,
    pub kind: &'static Kind,
    pub title: String,
    /// Whom the record itself names as accountable, where its kind has a field for that.
    pub named: Option<PersonId>,
    /// In the order of the roles.
    pub letters: Vec<Option<Letter>>,
    pub findings: Vec<Finding>,
}

impl Row {
    pub fn url(&self) -> String {
        format!("/raci/{}", self.line.id)
    }

    pub fn record_url(&self) -> String {
        format!("{}/{}", self.kind.path, self.line.record)
    }

    /// The one column that answers for it; nothing where there is none, or several.
    pub fn accountable(&self) -> Option<usize> {
        let mut all = self.letters.iter().enumerate().filter(|(_, it)| it.is_some_and(Letter::answers));
        match (all.next(), all.next()) {
            (Some((at, _)), None) => Some(at),
            _ => None,
        }
    }

    pub fn is_broken(&self) -> bool {
        self.findings.iter().any(Finding::is_broken)
    }
}

/// A record that somebody has to answer for now and that is no row yet.
#[derive(Clone)]
pub struct Missing {
    pub kind: &'static Kind,
    pub id: Uuid,
    pub title: String,
}

/// The whole matrix with what is wrong with it.
#[derive(Clone)]
pub struct Matrix {
    pub roles: Vec<Role>,
    pub rows: Vec<Row>,
    /// In the order of the roles.
    pub columns: Vec<Vec<Finding>>,
    pub missing: Vec<Missing>,
    pub people: BTreeMap<PersonId, Person>,
}

impl Matrix {
    /// Everything that the reader may see of it.
    pub async fn load(scope: &Scope) -> Result<Arc<Matrix>> {
        scope.db().once("matrix", Matrix::read(scope)).await
    }

    async fn read(scope: &Scope) -> Result<Matrix> {
        let roles: Vec<Role> = kit::store::all(scope.db(), scope.id()).await?;
        let people = kit::people::by_id(scope).await?;
        let mut lines: BTreeMap<Uuid, Line> =
            store::lines(scope.db(), scope.id()).await?.into_iter().map(|it| (it.record, it)).collect();
        let mut cells: BTreeMap<LineId, Vec<(RoleId, Letter)>> = BTreeMap::new();
        for (line, role, letter) in store::cells(scope.db(), scope.id()).await? {
            cells.entry(line).or_default().push((role, letter));
        }
        let names: Vec<&str> = roles.iter().map(|it| &*it.name).collect();
        let (mut rows, mut missing) = (Vec::new(), Vec::new());
        for kind in scope.app.registry.kinds().filter(|it| it.accountable && scope.may(it.view)) {
            let names_whom = kind.fields.iter().position(|it| it.accountable);
            for record in kit::store::seen(scope, kind).await? {
                let title = record.title(kind);
                let Some(line) = lines.remove(&record.id) else {
                    if !(kind.answered)(&record) {
                        continue;
                    }
                    missing.push(Missing { kind, id: record.id, title });
                    continue;
                };
                let mut letters = vec![None; roles.len()];
                for (role, letter) in cells.get(&line.id).into_iter().flatten() {
                    if let Some(at) = roles.iter().position(|it| it.id == *role) {
                        letters[at] = Some(*letter);
                    }
                }
                let named = names_whom.and_then(|at| match record.values[at] {
                    Value::Link(it) => Some(PersonId(it)),
                    _ => None,
                });
                let holds = |it: &Role| named.is_some() && it.holder == named;
                let findings = rules::of_row(&letters, &names, roles.iter().position(holds));
                rows.push(Row { line, kind, title, named, letters, findings });
            }
        }
        let called: std::collections::BTreeSet<String> = people.values().map(|it| it.name.to_lowercase()).collect();
        let columns = roles
            .iter()
            .enumerate()
            .map(|(at, role)| {
                let holder = role.holder.and_then(|it| people.get(&it));
                let leaving = holder.and_then(|it| Some(format!("{} {}", it.name, kit::people::leaving(scope, it)?)));
                let is_person = called.contains(&role.name.to_lowercase());
                let column = Column { is_person, leaving };
                rules::of_column(&column, &rows.iter().map(|it| it.letters[at]).collect::<Vec<_>>())
            })
            .collect();
        Ok(Matrix { roles, rows, columns, missing, people })
    }

    pub fn row(&self, id: LineId) -> Result<&Row> {
        self.rows.iter().find(|it| it.line.id == id).ok_or(Error::NotFound)
    }

    pub fn tally(&self) -> Tally {
        let count = |test: fn(usize, usize) -> bool| {
            let of = |it: &&Row| {
                let having = |test: fn(Letter) -> bool| it.letters.iter().flatten().filter(|it| test(**it)).count();
                test(having(Letter::answers), having(Letter::does))
            };
            self.rows.iter().filter(of).count()
        };
        Tally {
            rows: self.rows.len(),
            nobody_answers: count(|answer, _| answer == 0),
            several_answer: count(|answer, _| answer > 1),
            nobody_does: count(|_, does| does == 0),
            missing: self.missing.len(),
        }
    }

    /// The finding, as a heading; where it is about one row, that row is named.
    pub fn heading(&self) -> String {
        let tally = self.tally();
        let mut without = self.rows.iter().filter(|it| !it.letters.iter().flatten().any(|it| it.answers()));
        match (without.next(), tally.nobody_answers) {
            (Some(row), 1) if tally.rows > 1 => format!("Nobody answers for “{}”", row.title),
            _ => rules::headline(tally),
        }
    }

    pub fn broken(&self) -> usize {
        self.rows.iter().filter(|it| it.is_broken()).count()
    }

    /// Who holds a role; nobody where it is vacant.
    pub fn holder(&self, role: &Role) -> Option<&Person> {
        role.holder.and_then(|it| self.people.get(&it))
    }

    pub fn deputy(&self, role: &Role) -> Option<&Person> {
        role.deputy.and_then(|it| self.people.get(&it))
    }

    /// How many rows a column answers for, and how many it does.
    pub fn load_of(&self, at: usize) -> (usize, usize) {
        let count = |test: fn(Letter) -> bool| self.rows.iter().filter(|it| it.letters[at].is_some_and(test)).count();
        (count(Letter::answers), count(Letter::does))
    }

    /// Where the record itself names somebody else than whoever holds the role that answers for it: a sentence.
    pub fn contradiction(&self, row: &Row) -> Option<String> {
        let role = &self.roles[row.accountable()?];
        let (named, holder) = (self.people.get(&row.named?)?, self.holder(role)?);
        (named.id != holder.id).then(|| {
            let kind = row.kind.one.to_lowercase();
            format!(
                "The {kind} itself names {}, the matrix {} as {}: make them agree.",
                named.name, holder.name, role.name
            )
        })
    }
}
