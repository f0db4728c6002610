//! What becomes of each row of a file: pure, given the rows, what is here, and what links may lead to.

use std::collections::{BTreeMap, BTreeSet};

use db::uuid::Uuid;

use crate::{
    format::{Writing, folded},
    import::{
        Also, Fate, Line,
        sheet::{Style, parse},
    },
    record::{self, Faults, Field, FieldKind, Kind, Row, Value},
};

/// A row of the file, its cells by the fields of the kind.
pub struct Given<'a> {
    pub number: u32,
    /// The identifier that an export of this product wrote, where the file has one.
    pub id: Option<Uuid>,
    /// The text and how to read it; nothing where no column fills the field.
    pub cells: Vec<Option<(&'a str, Style)>>,
}

/// What is written for a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Create(Row),
    Update { before: Row, values: Vec<Value> },
    Nothing,
}

/// The records of a kind by everything that names them: title, identity, identifier.
#[derive(Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, BTreeSet<Uuid>>,
    titles: BTreeMap<Uuid, String>,
}

impl Names {
    pub fn of(kind: &Kind, rows: &[Row]) -> Names {
        let mut names = Names::default();
        for row in rows {
            names.add(kind, row);
        }
        names
    }

    fn add(&mut self, kind: &Kind, row: &Row) {
        let title = row.title(kind);
        let identities = kind.identity.iter().map(|key| row.get(kind, key).text().to_owned());
        for name in identities.chain([title.clone(), row.id.to_string()]).filter(|it| !it.is_empty()) {
            self.by_name.entry(folded(&name)).or_default().insert(row.id);
        }
        self.titles.insert(row.id, title);
    }

    /// The one record of this name, or none; refuses a name of several.
    fn find(&self, name: &str, one: &str) -> Result<Option<Uuid>, String> {
        match self.by_name.get(&folded(name)).map(|it| it.iter().collect::<Vec<_>>()).as_deref() {
            Some([only]) => Ok(Some(**only)),
            Some([_, _, ..]) => {
                Err(format!("“{name}” names more than one {}: write what tells it apart.", one.to_lowercase()))
            }
            _ => Ok(None),
        }
    }
}

/// Why somebody may not write a record over another or none.
pub type Refuses<'a> = dyn Fn(&Kind, Option<&Row>, &Row) -> Vec<String> + 'a;

/// What is here already.
pub struct Around<'a> {
    pub here: &'a [Row],
    /// What links may lead to, by kind.
    pub names: &'a BTreeMap<&'static str, Names>,
    /// The kinds of which a record is made where a link names none that is here, each with its records.
    pub makers: &'a [(&'static Kind, Vec<Row>)],
    /// Why whoever brings the file may not write this over that; nothing where they may.
    pub refuses: &'a Refuses<'a>,
}

/// How rows are taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Whether an empty cell empties a field.
    pub clears: bool,
    /// Whether a row comes in without those of its cells that cannot be read and are not needed.
    pub lenient: bool,
    pub writing: Writing,
}

/// What becomes of the rows.
pub struct Decided {
    pub rows: Vec<(Line, Change)>,
    /// What is made besides, because rows that come in name it.
    pub made: Vec<(&'static Kind, Row)>,
}

impl Decided {
    /// What is made besides, by kind.
    pub fn also(&self) -> Vec<Also> {
        let mut all: Vec<Also> = Vec::new();
        for (kind, row) in &self.made {
            match all.iter_mut().find(|it| it.many == kind.many) {
                Some(of) => of.titles.push(row.title(kind)),
                None => all.push(Also { many: kind.many, titles: vec![row.title(kind)] }),
            }
        }
        all
    }
}

/// Decides on every row. `new_id` gives identifiers.
///
/// A row is skipped with every reason at once. Links may lead to records that another row of the same file makes.
pub fn decide(
    kind: &'static Kind,
    around: &Around,
    given: &[Given],
    mut new_id: impl FnMut() -> Uuid,
    manner: Manner,
) -> Decided {
    let Around { here, refuses, .. } = *around;
    let Manner { clears, writing, .. } = manner;
    let known = Known::of(kind, here);
    let mut drafts: Vec<Draft> = given.iter().map(|it| Draft::read(kind, it, manner)).collect();
    let mut seen: BTreeMap<Uuid, u32> = BTreeMap::new();
    let mut new: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    let mut making = Making { around, writing, made: Vec::new(), by_name: BTreeMap::new() };
    for draft in &mut drafts {
        draft.link(kind, &mut making, &mut new_id);
        match known.find(kind, draft) {
            Err(fault) => draft.faults.push(fault),
            Ok(Some(row)) => {
                draft.id = row.id;
                draft.before = Some(row.clone());
                let first = *seen.entry(row.id).or_insert(draft.number);
                if first != draft.number {
                    draft.faults.push(format!("Row {first} is about the same {}.", kind.one.to_lowercase()));
                }
            }
            Ok(None) => {
                draft.id = new_id();
                // Of several names that each suffice, the first filled one tells new records apart.
                if let Some(key) = Known::keys(kind, |key| draft.text(kind, key)).into_iter().next() {
                    let first = *new.entry(key).or_insert(draft.number);
                    if first != draft.number {
                        draft.faults.push(format!("Row {first} is about the same {}.", kind.one.to_lowercase()));
                    }
                }
            }
        }
        draft.overlay(kind, clears);
    }
    link_within(kind, &mut making, &mut new_id, &mut drafts, clears);
    for draft in drafts.iter_mut().filter(|it| it.faults.is_empty()) {
        draft.faults = refuses(kind, draft.before.as_ref(), &draft.row());
        if !draft.faults.is_empty() {
            // What is here must not show in what is said of the row.
            draft.before = None;
            draft.overlay(kind, clears);
        }
    }
    settle(kind, &making, &mut drafts);
    let made = making.named_by(&mut drafts, kind);

    let all = |to: &str| around.names.get(to);
    let mut own: Names = Names::of(kind, &drafts.iter().map(Draft::row).collect::<Vec<_>>());
    for (kind, row) in &made {
        own.add(kind, row);
    }
    let shown = |field: &Field, value: &Value| match (value, field.kind) {
        (Value::Empty, _) => String::new(),
        (Value::Text(it), _) => field.choice_of(it).map_or(it.clone(), |it| it.label.to_owned()),
        (Value::Bool(it), _) => if *it { "yes" } else { "no" }.to_owned(),
        (Value::Link(id), FieldKind::Link(to)) => {
            let title = all(to).and_then(|it| it.titles.get(id)).or_else(|| own.titles.get(id));
            title.cloned().unwrap_or_default()
        }
        (Value::Whole(it), _) => it.to_string(),
        (Value::Date(it), _) => it.to_string(),
        (Value::Number(it), _) => it.to_string(),
        (Value::Money(it), _) => writing.locale.money(*it, writing.currency),
        (Value::Link(it), _) => it.to_string(),
    };
    Decided { rows: drafts.into_iter().map(|it| it.finish(kind, shown)).collect(), made }
}

/// Records that are made because links name them.
struct Making<'a> {
    around: &'a Around<'a>,
    writing: Writing,
    made: Vec<(&'static Kind, Row)>,
    /// Where in `made` the record of a kind and name is.
    by_name: BTreeMap<(&'static str, String), usize>,
}

impl Making<'_> {
    /// The record of this name that is made, now or for a row before; refuses where none of this kind is, and what
    /// would be no sound record.
    fn make(&mut self, to: &str, one: &str, name: &str, new_id: impl FnOnce() -> Uuid) -> Result<Uuid, String> {
        let Some((kind, here)) = self.around.makers.iter().find(|it| it.0.key == to) else {
            let one = one.to_lowercase();
            return Err(format!(
                "“{name}” is no {one} that is here: bring it in first, mend the cell, or leave it empty."
            ));
        };
        let known = (kind.key, folded(name));
        if let Some(at) = self.by_name.get(&known) {
            return Ok(self.made[*at].1.id);
        }
        let title = kind.field(kind.title).expect("a kind has the field that titles it");
        let called = record::read(title, name, self.writing)?;
        let value = |field: &Field| if field.key == kind.title { called.clone() } else { empty(field) };
        let row = Row { id: new_id(), version: 1, values: kind.fields.iter().map(value).collect() };
        let made = self.made.iter().filter(|it| it.0.key == to).map(|it| &it.1);
        let others: Vec<Row> = here.iter().chain(made).cloned().collect();
        let mut faults = Faults::default();
        kind.check(&row, &others, &mut faults);
        let mut faults: Vec<String> = faults.iter().map(|(_, it)| it.to_owned()).collect();
        faults.extend((self.around.refuses)(kind, None, &row));
        if !faults.is_empty() {
            return Err(format!("“{name}” cannot be made. {}", faults.join(" ")));
        }
        let id = row.id;
        self.by_name.insert(known, self.made.len());
        self.made.push((kind, row));
        Ok(id)
    }

    /// What is made of it in the end: what rows that come in lead to; each row says so.
    fn named_by(self, drafts: &mut [Draft], kind: &Kind) -> Vec<(&'static Kind, Row)> {
        let titles: BTreeMap<Uuid, String> = self.made.iter().map(|(kind, row)| (row.id, row.title(kind))).collect();
        let mut named = BTreeSet::new();
        for draft in drafts.iter_mut().filter(|it| it.faults.is_empty()) {
            for (field, value) in kind.fields.iter().zip(&draft.values) {
                if let Value::Link(to) = value
                    && let Some(title) = titles.get(to)
                {
                    named.insert(*to);
                    draft.warns.push(format!("{}: “{title}” is made too.", field.label));
                }
            }
        }
        self.made.into_iter().filter(|it| named.contains(&it.1.id)).collect()
    }
}

/// What a field holds that nothing was said of.
fn empty(field: &Field) -> Value {
    if field.kind == FieldKind::YesNo { Value::Bool(false) } else { Value::Empty }
}

/// Whether a record can be the one that was meant without this field.
fn may_be_left_out(kind: &Kind, field: &Field) -> bool {
    let identifies = kind.identity.contains(&field.key) && (kind.identity_is_whole || kind.identity.len() == 1);
    !field.required && !identifies
}

/// A row on its way.
struct Draft {
    number: u32,
    given: Option<Uuid>,
    id: Uuid,
    before: Option<Row>,
    /// What the file says; nothing where it says nothing.
    read: Vec<Option<Value>>,
    /// The texts of links, by field.
    links: Vec<Option<String>>,
    values: Vec<Value>,
    faults: Vec<String>,
    /// What is said of it where it comes in.
    warns: Vec<String>,
    lenient: bool,
}

impl Draft {
    fn read(kind: &Kind, given: &Given, manner: Manner) -> Draft {
        let mut draft = Draft {
            number: given.number,
            given: given.id,
            id: Uuid::nil(),
            before: None,
            read: vec![None; kind.fields.len()],
            links: vec![None; kind.fields.len()],
            values: Vec::new(),
            faults: Vec::new(),
            warns: Vec::new(),
            lenient: manner.lenient,
        };
        for (at, (field, cell)) in kind.fields.iter().zip(&given.cells).enumerate() {
            let Some((text, style)) = cell else { continue };
            draft.read[at] = Some(Value::Empty);
            if parse::is_blank(text) {
                continue;
            }
            if let FieldKind::Link(_) = field.kind {
                draft.links[at] = Some((*text).to_owned());
            } else {
                draft.take(kind, at, value(field, text, style, manner.writing));
            }
        }
        draft
    }

    /// Takes what was read of a cell, or leaves the cell out, or skips the row for it.
    fn take(&mut self, kind: &Kind, at: usize, read: Result<Value, String>) {
        let field = &kind.fields[at];
        match read {
            Ok(value) => self.read[at] = Some(value),
            Err(fault) if self.lenient && may_be_left_out(kind, field) => {
                self.read[at] = None;
                self.leave_out(field, &fault);
            }
            Err(fault) => self.faults.push(format!("{}: {fault}", field.label)),
        }
    }

    fn leave_out(&mut self, field: &Field, fault: &str) {
        self.warns.push(format!("{}: {fault} The cell is left out.", field.label));
    }

    /// Finds what links to other kinds lead to, before the record is looked for, which they may identify.
    fn link(&mut self, kind: &Kind, making: &mut Making, mut new_id: impl FnMut() -> Uuid) {
        for (at, field) in kind.fields.iter().enumerate() {
            let FieldKind::Link(to) = field.kind else { continue };
            if to == kind.key {
                continue;
            }
            let Some(text) = self.links[at].take() else { continue };
            let found = match making.around.names.get(to).map(|it| it.find(&text, field.label)) {
                Some(Ok(Some(id))) => Ok(id),
                Some(Ok(None)) => making.make(to, field.label, &text, &mut new_id),
                Some(Err(fault)) => Err(fault),
                None => Err(format!("“{text}” leads to nothing that is kept here.")),
            };
            self.take(kind, at, found.map(Value::Link));
        }
    }

    /// The text that the file has for a field that identifies a record.
    fn text(&self, kind: &Kind, key: &str) -> String {
        self.read[kind.position(key)].as_ref().map_or(String::new(), plain)
    }

    /// The values that the record will have: what the file says over what is here.
    fn overlay(&mut self, kind: &Kind, clears: bool) {
        self.values = kind
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| match (&self.read[at], &self.before) {
                (Some(Value::Empty), Some(before)) if !clears => before.values[at].clone(),
                (Some(Value::Empty), _) => empty(field),
                (Some(value), _) => value.clone(),
                (None, Some(before)) => before.values[at].clone(),
                (None, None) => empty(field),
            })
            .collect();
    }

    fn row(&self) -> Row {
        Row { id: self.id, version: self.before.as_ref().map_or(1, |it| it.version), values: self.values.clone() }
    }

    fn finish(mut self, kind: &Kind, shown: impl Fn(&Field, &Value) -> String) -> (Line, Change) {
        let at = kind.position(kind.title);
        let title = match self.row().title(kind) {
            _ if matches!(self.values[at], Value::Link(_)) => shown(&kind.fields[at], &self.values[at]),
            it if it == "null" || it.is_empty() => format!("Row {}", self.number),
            it => it,
        };
        if !self.faults.is_empty() {
            let mut said = BTreeSet::new();
            let has_its_own = self.faults.iter().any(|it| !it.ends_with(SKIPPED));
            self.faults.retain(|it| said.insert(it.clone()) && !(has_its_own && it.ends_with(SKIPPED)));
            return (Line::new(self.number, title, Fate::Skip, self.faults), Change::Nothing);
        }
        let line = |fate, says| Line { warns: self.warns.clone(), ..Line::new(self.number, title.clone(), fate, says) };
        match &self.before {
            None => (line(Fate::Create, Vec::new()), Change::Create(self.row())),
            Some(before) if before.values == self.values => (line(Fate::Unchanged, Vec::new()), Change::Nothing),
            Some(before) => {
                let says = kind
                    .fields
                    .iter()
                    .zip(before.values.iter().zip(&self.values))
                    .filter(|(_, (a, b))| a != b)
                    .map(|(field, (a, b))| match (shown(field, a), shown(field, b)) {
                        (a, b) if a.is_empty() => format!("{}: “{b}”", field.label),
                        (a, b) if b.is_empty() => format!("{}: “{a}” is emptied", field.label),
                        (a, b) => format!("{}: “{a}” becomes “{b}”", field.label),
                    })
                    .collect();
                (line(Fate::Update, says), Change::Update { before: before.clone(), values: self.values.clone() })
            }
        }
    }
}

/// Whether a cell can be read as the value of a field.
pub fn is_read(field: &Field, text: &str) -> bool {
    value(field, text, &Style::default(), Writing::default()).is_ok()
}

/// Reads one cell as the value of a field.
fn value(field: &Field, text: &str, style: &Style, writing: Writing) -> Result<Value, String> {
    match field.kind {
        FieldKind::Number => {
            Ok(parse::decimal(text, style).map_err(|it| it.0)?.map_or(Value::Empty, |it| Value::Number(it.normalize())))
        }
        FieldKind::Money => Ok(record::amount(text, style, writing)?.map_or(Value::Empty, Value::Money)),
        FieldKind::Whole { min, max } => match parse::whole(text, style).map_err(|it| it.0)? {
            Some(it) if (min..=max).contains(&it) => Ok(Value::Whole(it)),
            Some(it) => Err(format!("{it} is not from {min} to {max}.")),
            None => Ok(Value::Empty),
        },
        FieldKind::Date => match parse::date(text, style).map_err(|it| it.0)? {
            Some(it) => record::in_years(it).map(Value::Date),
            None => Ok(Value::Empty),
        },
        FieldKind::YesNo => Ok(Value::Bool(parse::boolean(text).map_err(|it| it.0)?.unwrap_or(false))),
        FieldKind::Choice(choices) => {
            let wanted = folded(text);
            // Files number things: “7 Common language”.
            let bare = wanted.trim_start_matches(|it: char| it.is_ascii_digit() || ". )-".contains(it)).to_owned();
            let found = choices
                .iter()
                .find(|it| [&wanted, &bare].into_iter().any(|text| folded(it.label) == *text || it.key == *text))
                .or_else(|| choices.iter().find(|it| it.synonyms.iter().any(|it| *it == wanted || *it == bare)));
            match found {
                Some(it) => Ok(Value::Text(it.key.to_owned())),
                None => record::read(field, text, writing),
            }
        }
        _ => record::read(field, text, writing),
    }
}

/// A value as text that identifies a record.
fn plain(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(it) => folded(it),
        other => other.json().to_string(),
    }
}

/// What is here, found by what identifies it.
struct Known<'a> {
    by_id: BTreeMap<Uuid, &'a Row>,
    by_key: BTreeMap<Vec<String>, Vec<&'a Row>>,
}

impl<'a> Known<'a> {
    fn of(kind: &Kind, here: &'a [Row]) -> Known<'a> {
        let mut known = Known { by_id: here.iter().map(|it| (it.id, it)).collect(), by_key: BTreeMap::new() };
        for row in here {
            for key in Known::keys(kind, |key| plain(row.get(kind, key))) {
                known.by_key.entry(key).or_default().push(row);
            }
        }
        known
    }

    /// What identifies a record: all fields of the identity together, or each filled one with its place in the order.
    fn keys(kind: &Kind, text: impl Fn(&str) -> String) -> Vec<Vec<String>> {
        let texts: Vec<String> = kind.identity.iter().map(|it| text(it)).collect();
        if kind.identity_is_whole {
            return if texts.iter().any(String::is_empty) { Vec::new() } else { vec![texts] };
        }
        let filled = texts.into_iter().enumerate().filter(|(_, it)| !it.is_empty());
        filled.map(|(at, it)| vec![at.to_string(), it]).collect()
    }

    /// The record that a row of the file is about. By a lesser name only one is meant that lacks the better ones: two
    /// people of one name with different addresses are two.
    fn find(&self, kind: &Kind, draft: &Draft) -> Result<Option<&'a Row>, String> {
        if let Some(row) = draft.given.and_then(|it| self.by_id.get(&it)) {
            return Ok(Some(row));
        }
        let mut better: Vec<&str> = Vec::new();
        for key in Known::keys(kind, |key| draft.text(kind, key)) {
            let candidates: Vec<&Row> = self
                .by_key
                .get(&key)
                .into_iter()
                .flatten()
                .copied()
                .filter(|row| better.iter().all(|key| row.get(kind, key).is_empty()))
                .collect();
            match candidates[..] {
                [] => {}
                [only] => return Ok(Some(only)),
                _ => {
                    let count = candidates.len();
                    let many = kind.many.to_lowercase();
                    return Err(format!("{count} {many} here fit this row: add what tells them apart."));
                }
            }
            if !kind.identity_is_whole {
                better.extend(key[0].parse::<usize>().ok().map(|at| kind.identity[at]));
            }
        }
        Ok(None)
    }
}

/// Finds what links within the kind lead to: records that are here, or that the file itself makes.
fn link_within(
    kind: &'static Kind,
    making: &mut Making,
    mut new_id: impl FnMut() -> Uuid,
    drafts: &mut [Draft],
    clears: bool,
) {
    let mut own = Names::of(kind, making.around.here);
    let mut skipped = Names::default();
    for draft in drafts.iter().filter(|it| it.before.is_none()) {
        let names = if draft.faults.is_empty() { &mut own } else { &mut skipped };
        names.add(kind, &draft.row());
    }
    for draft in drafts {
        for at in 0..kind.fields.len() {
            let Some(text) = draft.links[at].take() else { continue };
            let found = match own.find(&text, kind.one) {
                Ok(Some(id)) => Ok(id),
                // Made by its name alone, it would lack what its own row says.
                Ok(None) if skipped.find(&text, kind.one) != Ok(None) => Err(SKIPPED.to_owned()),
                Ok(None) => making.make(kind.key, kind.one, &text, &mut new_id),
                Err(fault) => Err(fault),
            };
            draft.take(kind, at, found.map(Value::Link));
        }
        draft.overlay(kind, clears);
    }
}

/// Not worth saying of a row that is skipped for a reason of its own.
const SKIPPED: &str = "the row that it leads to is skipped.";

/// Applies what must hold of records, and of all of them together, until nothing more falls out.
fn settle(kind: &Kind, making: &Making, drafts: &mut [Draft]) {
    let here = making.around.here;
    for draft in drafts.iter_mut() {
        for (field, value) in kind.fields.iter().zip(&draft.values) {
            let said = draft.faults.iter().any(|it| it.starts_with(field.label));
            if field.required && value.is_empty() && !said {
                draft.faults.push(format!("{} is needed.", field.label));
            }
        }
    }
    loop {
        let lost: BTreeSet<Uuid> =
            drafts.iter().filter(|it| it.before.is_none() && !it.faults.is_empty()).map(|it| it.id).collect();
        let mut fell = false;
        for draft in drafts.iter_mut().filter(|it| it.faults.is_empty()) {
            for (at, field) in kind.fields.iter().enumerate() {
                let Value::Link(to) = &draft.values[at] else { continue };
                if !lost.contains(to) {
                    continue;
                }
                fell = true;
                if draft.lenient && may_be_left_out(kind, field) {
                    draft.values[at] = draft.before.as_ref().map_or(Value::Empty, |it| it.values[at].clone());
                    draft.leave_out(field, SKIPPED);
                } else {
                    draft.faults.push(format!("{}: {SKIPPED}", field.label));
                }
            }
        }
        let written: BTreeMap<Uuid, Row> =
            drafts.iter().filter(|it| it.faults.is_empty()).map(|it| (it.id, it.row())).collect();
        let mut all: Vec<Row> = here.iter().filter(|it| !written.contains_key(&it.id)).cloned().collect();
        all.extend(written.into_values());
        all.extend(making.made.iter().filter(|it| it.0.key == kind.key).map(|it| it.1.clone()));
        for draft in drafts.iter_mut().filter(|it| it.faults.is_empty()) {
            let mut faults = Faults::default();
            let unchanged = draft.before.as_ref().is_some_and(|it| it.values == draft.values);
            if !unchanged {
                kind.check(&draft.row(), &all, &mut faults);
            }
            draft.faults.extend(faults.iter().map(|(_, fault)| fault.to_owned()));
            fell |= !draft.faults.is_empty();
        }
        if !fell {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
