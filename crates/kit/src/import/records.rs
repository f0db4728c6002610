//! Every described kind of record as a target of the import.

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, uuid::Uuid};

use crate::{
    area::Answer,
    attachment,
    audit::{self, Act, Author},
    error::Result,
    import::{
        Batch, Plan, Reading, Settings, Slot, Target, Work,
        rules::{self, Change, Given, Manner, Names},
        sheet::Sheet,
    },
    pages::naming_elsewhere,
    people,
    record::{Field, FieldKind, Kind, Row, Value},
    rights::Right,
    store,
    web::Scope,
};

/// The slot of the identifier that an export writes.
const ID: &str = "id";

pub struct Records(pub &'static Kind);

impl Records {
    /// The kinds of which whoever brings a file may have records made that its links name.
    fn makers<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'static Kind> + 'a {
        let is_linked = |to: &Kind| self.0.fields.iter().any(|it| it.kind == FieldKind::Link(to.key));
        let kinds = scope.app.registry.kinds();
        kinds.filter(move |it| is_linked(it) && it.needs_only_a_name() && scope.may(it.edit))
    }
}

struct Writing {
    kind: &'static Kind,
    changes: Vec<Change>,
    /// What is made besides, because rows lead to it.
    made: Vec<(&'static Kind, Row)>,
}

impl Work for Writing {
    fn apply<'a>(self: Box<Self>, tx: &'a mut Tx, author: &'a Author) -> Answer<'a, ()>
    where
        Self: 'a,
    {
        Box::pin(async move {
            for (kind, row) in &self.made {
                store::insert(tx, author, kind, row).await?;
            }
            for change in self.changes {
                match change {
                    Change::Create(row) => store::insert(tx, author, self.kind, &row).await?,
                    Change::Update { before, values } => {
                        store::update(tx, author, self.kind, &before, values).await?;
                    }
                    Change::Nothing => {}
                }
            }
            Ok(())
        })
    }
}

impl Target for Records {
    fn key(&self) -> &str {
        self.0.key
    }

    fn many(&self) -> &str {
        self.0.many
    }

    fn about(&self) -> &str {
        self.0.about
    }

    fn right(&self) -> Right {
        self.0.edit
    }

    fn slots<'a>(&'a self, _: &'a Scope, _: Option<Uuid>, _: &'a Sheet) -> Answer<'a, Vec<Slot>> {
        let of = |field: &Field| Slot {
            key: field.key.to_owned(),
            label: field.label.to_owned(),
            help: field.help.to_owned(),
            needed: field.required,
            synonyms: field.synonyms.iter().map(|it| (*it).to_owned()).collect(),
            choices: match field.kind {
                FieldKind::Choice(all) => all.iter().map(|it| (it.key.to_owned(), it.label.to_owned())).collect(),
                FieldKind::YesNo => ["Yes", "No"].map(|it| (it.to_lowercase(), it.to_owned())).to_vec(),
                _ => Vec::new(),
            },
            words: Vec::new(),
        };
        let id = Slot {
            key: ID.to_owned(),
            label: "Identifier".to_owned(),
            help: "As an export of Waypost writes it.".to_owned(),
            ..Slot::default()
        };
        // Last, so that a column called “id” goes to a field of that name or synonym first.
        let slots = self.0.fields.iter().map(of).chain([id]).collect();
        Box::pin(async { Ok(slots) })
    }

    fn lenient(&self) -> Option<&'static str> {
        Some("what is here stays; a row is still skipped for a cell that is needed")
    }

    fn makes(&self, scope: &Scope) -> Vec<&'static str> {
        self.makers(scope).map(|it| it.many).collect()
    }

    fn understands(&self, slot: &Slot, text: &str) -> bool {
        self.0.field(&slot.key).is_none_or(|it| rules::is_read(it, text))
    }

    fn plan<'a>(&'a self, scope: &'a Scope, tx: &'a mut Tx, _: &'a Batch, reading: &'a Reading) -> Answer<'a, Plan> {
        Box::pin(async move {
            let kind = self.0;
            let here = store::rows_in(tx, scope.id(), kind).await?;
            let mut names = BTreeMap::new();
            for field in kind.fields {
                if let FieldKind::Link(to) = field.kind
                    && to != kind.key
                    && let Some(of) = scope.app.registry.kind(to)
                {
                    names.insert(to, Names::of(of, &store::seen_in(tx, scope, of).await?));
                }
            }
            names.insert(kind.key, Names::of(kind, &here));
            let given: Vec<Given> = reading
                .sheet
                .rows
                .iter()
                .map(|row| Given {
                    number: row.number,
                    id: reading.cell(row, ID).0.parse().ok(),
                    cells: kind
                        .fields
                        .iter()
                        .map(|field| reading.has(field.key).then(|| reading.cell(row, field.key)))
                        .collect(),
                })
                .collect();
            let viewer = match scope.session {
                Some(_) => Some(people::viewer_in(tx, scope).await?),
                None => None,
            };
            let refuses = |kind: &Kind, before: Option<&Row>, after: &Row| {
                let mut faults = viewer.as_ref().map(|it| kind.refuses(it, before, after)).unwrap_or_default();
                kind.check_days(after, scope.today(), &mut faults);
                faults.iter().map(|(_, fault)| fault.to_owned()).collect()
            };
            let mut makers = Vec::new();
            if reading.settings.makes {
                for of in self.makers(scope) {
                    makers.push((of, store::rows_in(tx, scope.id(), of).await?));
                }
            }
            let around = rules::Around { here: &here, names: &names, makers: &makers, refuses: &refuses };
            let Settings { clears, lenient, .. } = reading.settings;
            let manner = Manner { clears, lenient, writing: scope.writing() };
            let decided = rules::decide(kind, &around, &given, Uuid::now_v7, manner);
            let also = decided.also();
            let (lines, changes) = decided.rows.into_iter().unzip();
            Ok(Plan { also, ..Plan::new(lines, Writing { kind, changes, made: decided.made }) })
        })
    }

    fn undo<'a>(
        &'a self,
        scope: &'a Scope,
        tx: &'a mut Tx,
        author: &'a Author,
        batch: &'a Batch,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let mut left = Vec::new();
            let entries = audit::of_batch(tx, scope.id(), batch.id).await?;
            let keys: BTreeSet<&str> = entries.iter().map(|it| &*it.kind).collect();
            let kinds: Vec<&'static Kind> = scope.app.registry.kinds().filter(|it| keys.contains(it.key)).collect();
            let mut here: BTreeMap<Uuid, (&'static Kind, Row)> = BTreeMap::new();
            for kind in &kinds {
                let rows = store::rows_in(tx, scope.id(), kind).await?;
                here.extend(rows.into_iter().map(|it| (it.id, (*kind, it))));
            }
            let mut made = BTreeSet::new();
            for entry in entries.into_iter().rev() {
                let Some((kind, row)) = here.get(&entry.record) else {
                    left.push(format!("“{}” was deleted since.", entry.title));
                    continue;
                };
                let kind = *kind;
                if !scope.may(kind.edit) {
                    let many = kind.many.to_lowercase();
                    left.push(format!("“{}” stays: you may not change {many}.", row.title(kind)));
                } else if row.version != entry.version {
                    left.push(format!("“{}” was changed since and stays as it is.", row.title(kind)));
                } else if entry.act == Act::Created.key() {
                    made.insert(entry.record);
                } else {
                    let mut values = row.values.clone();
                    for (key, [before, _]) in entry.changes() {
                        if let Some(field) = kind.field(&key) {
                            values[kind.position(&key)] = from_json(field, &before);
                        }
                    }
                    let after = store::update(tx, author, kind, row, values).await?;
                    here.insert(after.id, (kind, after));
                }
            }
            keep_what_is_in_use(scope, &here, &mut made, &mut left).await?;
            keep_what_is_referred_to(scope, tx, &kinds, &here, &mut made, &mut left).await?;
            for id in made {
                let (kind, row) = &here[&id];
                store::delete(tx, author, kind, row).await?;
            }
            Ok(left)
        })
    }

    fn is_private(&self) -> bool {
        self.0.private.is_some()
    }

    fn page(&self, _: &Batch) -> String {
        self.0.path.to_owned()
    }
}

/// Takes from `made` what something names that is no record, such as a row of a matrix, and what documents were attached
/// to, and says so.
async fn keep_what_is_in_use(
    scope: &Scope,
    here: &BTreeMap<Uuid, (&'static Kind, Row)>,
    made: &mut BTreeSet<Uuid>,
    left: &mut Vec<String>,
) -> Result<()> {
    for id in made.clone() {
        let (kind, row) = &here[&id];
        let why = if let Some(by) = naming_elsewhere(scope, kind, id).await?.first() {
            format!("“{}” refers to it", by.title)
        } else if !attachment::of(scope.db(), scope.id(), id).await?.is_empty() {
            "documents were attached to it".to_owned()
        } else {
            continue;
        };
        made.remove(&id);
        left.push(format!("“{}” stays: {why}.", row.title(kind)));
    }
    Ok(())
}

/// Takes from `made` what other records lead to, and says so.
async fn keep_what_is_referred_to(
    scope: &Scope,
    tx: &mut Tx,
    kinds: &[&'static Kind],
    here: &BTreeMap<Uuid, (&'static Kind, Row)>,
    made: &mut BTreeSet<Uuid>,
    left: &mut Vec<String>,
) -> Result<()> {
    // Who leads where: the record, what it is called, and the record of these kinds that it leads to.
    let mut links: Vec<(Uuid, String, Uuid)> = Vec::new();
    for other in scope.app.registry.kinds() {
        let leads = |it: &Field| kinds.iter().any(|kind| it.kind == FieldKind::Link(kind.key));
        let fields = other.fields.iter().enumerate().filter(|(_, it)| leads(it));
        let fields: Vec<usize> = fields.map(|(at, _)| at).collect();
        if fields.is_empty() {
            continue;
        }
        let seen: BTreeSet<Uuid> = store::seen_in(tx, scope, other).await?.iter().map(|it| it.id).collect();
        for row in store::rows_in(tx, scope.id(), other).await? {
            let title =
                if seen.contains(&row.id) { row.title(other) } else { "a record that you may not see".to_owned() };
            for at in &fields {
                if let Value::Link(to) = row.values[*at] {
                    links.push((row.id, title.clone(), to));
                }
            }
        }
    }
    loop {
        let kept: Vec<&(Uuid, String, Uuid)> =
            links.iter().filter(|(from, _, to)| made.contains(to) && !made.contains(from)).collect();
        if kept.is_empty() {
            return Ok(());
        }
        for (_, title, to) in kept {
            if made.remove(to) {
                let (kind, row) = &here[to];
                left.push(format!("“{}” stays: “{title}” refers to it.", row.title(kind)));
            }
        }
    }
}

/// A value as the audit trail keeps it.
pub(crate) fn from_json(field: &Field, json: &serde_json::Value) -> Value {
    let text = json.as_str().unwrap_or_default();
    match field.kind {
        _ if json.is_null() => Value::Empty,
        FieldKind::Whole { .. } => json.as_i64().map_or(Value::Empty, Value::Whole),
        FieldKind::Money => json.as_i64().map_or(Value::Empty, Value::Money),
        FieldKind::Number => text.parse().map_or(Value::Empty, Value::Number),
        FieldKind::YesNo => Value::Bool(json.as_bool().unwrap_or(false)),
        FieldKind::Date => text.parse().map_or(Value::Empty, Value::Date),
        FieldKind::Link(_) => text.parse().map_or(Value::Empty, Value::Link),
        FieldKind::Text | FieldKind::Prose | FieldKind::Email | FieldKind::Url | FieldKind::Choice(_) => {
            Value::Text(text.to_owned())
        }
    }
}
