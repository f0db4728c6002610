//! The matrix as people have it in a spreadsheet: the first column names the row, each further one a role.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, uuid::Uuid};
use jiff::civil::Date;
use kit::{
    area::Answer,
    audit::{self, Author},
    error::{Result, found},
    format::{Locale, folded, list},
    import::{
        Batch, Fate, Line as Told, Plan, Reading, Slot, Target, Work,
        sheet::{self, parse},
    },
    rights::Right,
    web::Scope,
};
use rust_decimal::Decimal;

use crate::leadership::{
    model::{Letter, Role, RoleId},
    raci::{
        Effort, Line, LineId, rules,
        store::{self, Change},
    },
};

/// The target of the import.
pub struct Sheet;

const ROW: &str = "row";
const KIND: &str = "kind";
const ANSWERING: &str = "answering";
const DOING: &str = "doing";
const STARTS: &str = "starts";
const ENDS: &str = "ends";

/// A row on its way into the matrix.
struct Coming {
    line: Line,
    title: String,
    is_new: bool,
    letters: Vec<(RoleId, Option<Letter>, Option<Letter>)>,
    effort: Effort,
}

struct Writing(Vec<Coming>);

impl Work for Writing {
    fn apply<'a>(self: Box<Self>, tx: &'a mut Tx, author: &'a Author) -> Answer<'a, ()>
    where
        Self: 'a,
    {
        Box::pin(async move {
            for it in self.0 {
                if it.is_new {
                    store::add(tx, author, &it.line, &it.title).await?;
                }
                let change = Change { line: &it.line, title: &it.title, letters: it.letters, effort: it.effort };
                store::change(tx, author, &change).await?;
            }
            Ok(())
        })
    }
}

/// What the rows of a file are looked up in.
struct Here {
    roles: Vec<Role>,
    /// Every record that can be a row: the word for its kind, its key, the record, its title.
    records: Vec<(&'static str, &'static str, Uuid, String)>,
    lines: BTreeMap<Uuid, Line>,
    letters: BTreeMap<(LineId, RoleId), Letter>,
}

impl Here {
    async fn load(scope: &Scope, tx: &mut Tx) -> Result<Here> {
        let roles = kit::store::rows_in(tx, scope.id(), Role::KIND).await?;
        let mut records = Vec::new();
        for kind in scope.app.registry.kinds().filter(|it| it.accountable && it.private.is_none()) {
            for row in kit::store::rows_in(tx, scope.id(), kind).await? {
                records.push((kind.one, kind.key, row.id, row.title(kind)));
            }
        }
        let lines = store::lines_in(tx, scope.id()).await?;
        let cells = store::cells_in(tx, scope.id()).await?;
        Ok(Here {
            roles: roles.iter().map(kit::record::Record::from_row).collect(),
            records,
            lines: lines.into_iter().map(|it| (it.record, it)).collect(),
            letters: cells.into_iter().map(|(line, role, letter)| ((line, role), letter)).collect(),
        })
    }

    /// The record that a row of the file names.
    fn find(
        &self,
        title: &str,
        kind: &str,
    ) -> std::result::Result<&(&'static str, &'static str, Uuid, String), String> {
        let is_kind = |one: &str, key: &str| kind.is_empty() || folded(one) == folded(kind) || key == kind;
        let found: Vec<_> =
            self.records.iter().filter(|it| folded(&it.3) == folded(title) && is_kind(it.0, it.1)).collect();
        match found[..] {
            [only] => Ok(only),
            [] => Err(format!(
                "Nothing that somebody answers for is called “{title}”. Bring it in first, or write its title as its \
                 page shows it."
            )),
            [..] => {
                let kinds: BTreeSet<String> = found.iter().map(|it| it.0.to_lowercase()).collect();
                let kinds: Vec<&str> = kinds.iter().map(|it| &**it).collect();
                Err(format!("“{title}” names {} records ({}). Add a column with the kind.", found.len(), list(&kinds)))
            }
        }
    }
}

/// What one row of the file says; every fault at once.
fn read(here: &Here, reading: &Reading, row: &sheet::Row) -> std::result::Result<Coming, Vec<String>> {
    let mut faults = Vec::new();
    let title = reading.cell(row, ROW).0.trim();
    let found = here.find(title, reading.cell(row, KIND).0.trim());
    let (line, name, is_new) = match found {
        Ok((_, kind, id, name)) => match here.lines.get(id) {
            Some(line) => (Some(line.clone()), name.clone(), false),
            None => {
                let line = Line {
                    id: LineId::fresh(),
                    version: 1,
                    kind: (*kind).to_owned(),
                    record: *id,
                    effort: Effort::default(),
                };
                (Some(line), name.clone(), true)
            }
        },
        Err(fault) => {
            faults.push(fault);
            (None, String::new(), false)
        }
    };
    let mut letters = Vec::new();
    for role in &here.roles {
        let key = role.id.to_string();
        if !reading.has(&key) {
            continue;
        }
        let before = line.as_ref().and_then(|it| here.letters.get(&(it.id, role.id)).copied());
        match rules::read(reading.cell(row, &key).0) {
            Ok(None) if !reading.settings.clears => {}
            Ok(after) => letters.push((role.id, before, after)),
            Err(fault) => faults.push(format!("{}: {fault}", role.name)),
        }
    }
    let before = line.as_ref().map_or(Effort::default(), |it| it.effort.clone());
    let mut days = |slot: &str, before: Option<Decimal>| {
        let (text, style) = reading.cell(row, slot);
        match parse::decimal(text, &style) {
            Ok(Some(it)) if it.is_sign_negative() => faults.push(format!("“{text}” is less than no day.")),
            Ok(Some(it)) => return Some(it.normalize()),
            Ok(None) if reading.has(slot) && reading.settings.clears => return None,
            Ok(None) => {}
            Err(fault) => faults.push(fault.0),
        }
        before
    };
    let (answering, doing) = (days(ANSWERING, before.answering), days(DOING, before.doing));
    let mut day = |slot: &str, before: Option<Date>| {
        let (text, style) = reading.cell(row, slot);
        match parse::date(text, &style) {
            Ok(Some(it)) => return Some(it),
            Ok(None) if reading.has(slot) && reading.settings.clears => return None,
            Ok(None) => {}
            Err(fault) => faults.push(fault.0),
        }
        before
    };
    let (starts, ends) = (day(STARTS, before.starts), day(ENDS, before.ends));
    if starts.zip(ends).is_some_and(|(starts, ends)| ends < starts) {
        faults.push("The end is before the start.".to_owned());
    }
    match line {
        Some(line) if faults.is_empty() => {
            Ok(Coming { line, title: name, is_new, letters, effort: Effort { answering, doing, starts, ends } })
        }
        _ => Err(faults),
    }
}

/// What changes, in words: `IT leader: R becomes A/R`.
fn told(here: &Here, it: &Coming, locale: Locale) -> Vec<String> {
    let name = |id: &RoleId| here.roles.iter().find(|it| it.id == *id).map_or("", |it| &it.name);
    let key = |it: &Option<Letter>| it.map_or("nothing", Letter::key);
    let changed = it.letters.iter().filter(|(_, before, after)| before != after);
    let mut all: Vec<String> = changed
        .map(|(role, before, after)| match (it.is_new, after) {
            (true, Some(after)) => format!("{}: {}.", name(role), after.key()),
            _ => format!("{}: {} becomes {}.", name(role), key(before), key(after)),
        })
        .collect();
    let number = |it: Option<Decimal>| it.map_or("nothing".to_owned(), |it| locale.number(it));
    let day = |it: Option<Date>| it.map_or("nothing".to_owned(), |it| locale.short_date(it));
    let (before, after) = (&it.line.effort, &it.effort);
    let efforts = [
        ("Days to answer", number(before.answering), number(after.answering)),
        ("Days to do", number(before.doing), number(after.doing)),
        ("From", day(before.starts), day(after.starts)),
        ("Until", day(before.ends), day(after.ends)),
    ];
    let changed = efforts.into_iter().filter(|(_, before, after)| before != after);
    all.extend(changed.map(|(what, before, after)| match it.is_new {
        true => format!("{what}: {after}."),
        false => format!("{what}: {before} becomes {after}."),
    }));
    all
}

impl Target for Sheet {
    fn key(&self) -> &str {
        "raci"
    }

    fn many(&self) -> &str {
        "Accountability matrix"
    }

    fn about(&self) -> &str {
        "Who answers for what, as a RACI sheet: the first column names the outcome, activity or service, each further \
         one a role that is here already."
    }

    fn right(&self) -> Right {
        Right::Lead
    }

    fn slots<'a>(&'a self, scope: &'a Scope, _: Option<Uuid>, _: &'a sheet::Sheet) -> Answer<'a, Vec<Slot>> {
        Box::pin(async move {
            let slot = |key: &str, label: &str, help: &str, synonyms: &[&str]| Slot {
                key: key.to_owned(),
                label: label.to_owned(),
                help: help.to_owned(),
                synonyms: synonyms.iter().map(|it| (*it).to_owned()).collect(),
                ..Slot::default()
            };
            let named = ["what", "title", "task", "deliverable", "outcome", "activity", "service", "process"];
            let mut slots =
                vec![Slot { needed: true, ..slot(ROW, "Row", "What somebody answers for, by its title.", &named) }];
            let roles: Vec<Role> = kit::store::all(scope.db(), scope.id()).await?;
            slots.extend(roles.iter().map(|it| slot(&it.id.to_string(), &it.name, "R, A, A/R, C or I.", &[])));
            slots.extend([
                slot(
                    KIND,
                    "Kind",
                    "Outcome, activity: where two records have the same title.",
                    &["type", "kind of record"],
                ),
                slot(
                    ANSWERING,
                    "Days to answer",
                    "Days a month for the role that answers for it.",
                    &["days a month to answer for it"],
                ),
                slot(
                    DOING,
                    "Days to do",
                    "Days a month for those who do it, together.",
                    &["days a month to do it", "effort"],
                ),
                slot(STARTS, "From", "", &["start"]),
                slot(ENDS, "Until", "", &["end", "to"]),
            ]);
            Ok(slots)
        })
    }

    fn plan<'a>(&'a self, scope: &'a Scope, tx: &'a mut Tx, _: &'a Batch, reading: &'a Reading) -> Answer<'a, Plan> {
        Box::pin(async move {
            let here = Here::load(scope, tx).await?;
            let (mut lines, mut work) = (Vec::new(), Vec::new());
            let mut seen: BTreeMap<Uuid, u32> = BTreeMap::new();
            for row in &reading.sheet.rows {
                let title = reading.cell(row, ROW).0.trim().to_owned();
                let mut tell = |fate, says| lines.push(Told::new(row.number, title.clone(), fate, says));
                match read(&here, reading, row) {
                    Err(faults) => tell(Fate::Skip, faults),
                    Ok(it) => {
                        let first = *seen.entry(it.line.record).or_insert(row.number);
                        let says = told(&here, &it, scope.locale());
                        if first != row.number {
                            tell(Fate::Skip, vec![format!("Row {first} is about the same.")]);
                        } else if it.is_new {
                            tell(Fate::Create, says);
                            work.push(it);
                        } else if says.is_empty() {
                            tell(Fate::Unchanged, says);
                        } else {
                            tell(Fate::Update, says);
                            work.push(it);
                        }
                    }
                }
            }
            Ok(Plan::new(lines, Writing(work)))
        })
    }

    /// Puts back what stood in each row before, where nobody changed the row since.
    fn undo<'a>(
        &'a self,
        scope: &'a Scope,
        tx: &'a mut Tx,
        author: &'a Author,
        batch: &'a Batch,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut left = Vec::new();
            let mut by_row: BTreeMap<Uuid, Vec<audit::Entry>> = BTreeMap::new();
            for entry in audit::of_batch(tx, scope.id(), batch.id).await? {
                by_row.entry(entry.record).or_default().push(entry);
            }
            for (id, entries) in by_row {
                let (Some(first), Some(last)) = (entries.first(), entries.last()) else { continue };
                let Some(line) = found(store::line_in(tx, scope.id(), LineId(id)).await)? else {
                    left.push(format!("“{}” was taken out since.", last.title));
                    continue;
                };
                if line.version != last.version {
                    left.push(format!("“{}” was changed since and stays as it is.", last.title));
                } else if first.act == "created" {
                    store::remove(tx, author, &line, &first.title).await?;
                } else {
                    let change = back(&line, last, store::letters_in(tx, scope.id(), line.id).await?);
                    store::change(tx, author, &change).await?;
                }
            }
            Ok(left)
        })
    }

    fn page(&self, _: &Batch) -> String {
        "/raci".to_owned()
    }
}

/// The change that takes an entry of the audit trail back.
fn back<'a>(line: &'a Line, entry: &'a audit::Entry, present: BTreeMap<RoleId, Letter>) -> Change<'a> {
    let mut effort = line.effort.clone();
    let mut letters = Vec::new();
    for (key, [before, _]) in entry.changes() {
        let text = before.as_str().unwrap_or_default();
        match store::EFFORT.iter().position(|it| *it == key) {
            Some(0) => effort.answering = text.parse().ok(),
            Some(1) => effort.doing = text.parse().ok(),
            Some(2) => effort.starts = text.parse().ok(),
            Some(_) => effort.ends = text.parse().ok(),
            None => {
                if let Ok(role) = key.parse().map(RoleId) {
                    letters.push((role, present.get(&role).copied(), Letter::from_key(text)));
                }
            }
        }
    }
    Change { line, title: &entry.title, letters, effort }
}
