//! Import: what people bring in files becomes records, after a dry run that says what will happen.
//!
//! [`sheet`] reads a file into a grid of text. A [`Target`] is something that rows can be brought into: every
//! described kind of record is one ([`records`]), and areas register others. From the grid, the [`Settings`] and what
//! is here already a target makes a [`Plan`]: for each row what would happen to it and why. The commit makes the plan
//! anew in its own write and goes on only where it is the one that was shown. What a commit did stands in the audit
//! trail under its batch, which is how it is undone.

mod pages;
mod records;
mod rules;
pub mod sheet;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, uuid::Uuid};
use serde::{Deserialize, Serialize};

use crate::{
    area::{Answer, Area, Entry, Registry},
    attachment,
    audit::Author,
    error::{Error, Result},
    files,
    format::folded,
    rights::Right,
    table::unescape,
    web::{Routes, Scope},
};

pub(crate) use self::records::from_json;
pub use self::store::{Batch, State, set_about};

/// A place of a target that a column can fill.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slot {
    pub key: String,
    pub label: String,
    pub help: String,
    pub needed: bool,
    /// Other names by which a file may call it.
    pub synonyms: Vec<String>,
    /// What may stand there, key and label, where that is a short list: offered as one value for all rows.
    pub choices: Vec<(String, String)>,
    /// Words by which its cells are known, where the header alone may not tell.
    pub words: Vec<String>,
}

/// Where the values of a slot come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The column of this name.
    Column(String),
    /// The same value for every row.
    Fixed(String),
}

/// How a file is read and which column goes where; remembered for the next file with the same columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub choices: sheet::Choices,
    /// By the key of the slot; nothing where the columns were not looked at by a person yet, and are proposed.
    pub sources: Option<BTreeMap<String, Source>>,
    /// Whether an empty cell empties the field of a record that is here already.
    pub clears: bool,
    /// Whether a row comes in without those of its cells that cannot be read and are not needed.
    pub lenient: bool,
    /// Whether records that links name, that are not here and need no more than a name, are made.
    pub makes: bool,
    /// What cells mean that are none of a slot's choices: by the key of the slot, from the text (folded) to the choice.
    pub meanings: BTreeMap<String, BTreeMap<String, String>>,
}

impl Settings {
    /// Says what a text means in a slot; nothing takes that back.
    pub fn mean(&mut self, slot: &str, text: &str, choice: &str) {
        let meanings = self.meanings.entry(slot.to_owned()).or_default();
        match choice {
            "" => meanings.remove(&folded(text)),
            _ => meanings.insert(folded(text), choice.to_owned()),
        };
    }
}

/// What a cell means that says nothing: as a choice beside those of a slot that may stay empty.
pub const NOTHING: &str = "-";

/// A file as it was read, with its columns assigned.
#[derive(Debug)]
pub struct Reading {
    pub sheet: sheet::Sheet,
    places: BTreeMap<String, Place>,
    pub settings: Settings,
}

#[derive(Debug)]
enum Place {
    Column(usize),
    Fixed(String),
}

impl Place {
    /// Nothing where the sheet has no such column.
    fn of(source: &Source, sheet: &sheet::Sheet) -> Option<Place> {
        Some(match source {
            Source::Column(name) => Place::Column(sheet.columns.iter().position(|it| it.name == *name)?),
            Source::Fixed(text) => Place::Fixed(text.clone()),
        })
    }
}

impl Reading {
    /// Assigns the columns of a sheet; a column that it does not have fills nothing.
    pub fn new(sheet: sheet::Sheet, sources: &BTreeMap<String, Source>, settings: Settings) -> Reading {
        let place = |(key, source): (&String, &Source)| Some((key.clone(), Place::of(source, &sheet)?));
        let places = sources.iter().filter_map(place).collect();
        Reading { sheet, places, settings }
    }

    /// Whether anything fills this slot.
    pub fn has(&self, slot: &str) -> bool {
        self.places.contains_key(slot)
    }

    /// The text that a row has for a slot, without the mark that keeps spreadsheets from taking it for a formula, and
    /// how to read it; what a person said that it means, where one did; empty where nothing fills the slot.
    pub fn cell<'a>(&'a self, row: &'a sheet::Row, slot: &str) -> (&'a str, sheet::Style) {
        match self.places.get(slot) {
            Some(Place::Column(at)) => {
                let text = unescape(row.cells[*at].trim());
                let meant = self.settings.meanings.get(slot).and_then(|it| it.get(&folded(text)));
                (meant.map_or(text, |it| it), self.sheet.columns[*at].style)
            }
            Some(Place::Fixed(text)) => (text, sheet::Style::default()),
            None => ("", sheet::Style::default()),
        }
    }

    /// The different texts of the column that fills a slot, as they stand in the file, each once, in its order.
    pub fn texts(&self, slot: &str) -> Vec<&str> {
        let Some(Place::Column(at)) = self.places.get(slot) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let texts = self.sheet.rows.iter().map(|row| unescape(row.cells[*at].trim()));
        texts.filter(|it| !sheet::parse::is_blank(it) && seen.insert(folded(it))).collect()
    }

    /// The column that fills a slot.
    pub fn column(&self, slot: &str) -> Option<&sheet::Column> {
        match self.places.get(slot) {
            Some(Place::Column(at)) => Some(&self.sheet.columns[*at]),
            _ => None,
        }
    }
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Create,
    Update,
    Unchanged,
    Skip,
}

impl Fate {
    pub const ALL: [Fate; 4] = [Fate::Create, Fate::Update, Fate::Unchanged, Fate::Skip];

    /// The word on the page, and the class of its mark.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Create => "create",
            Fate::Update => "update",
            Fate::Unchanged => "unchanged",
            Fate::Skip => "skip",
        }
    }
}

/// What the dry run says of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its number in the file; of the first one where several rows make one record.
    pub row: u32,
    pub title: String,
    pub fate: Fate,
    /// What changes, or why the row is skipped; each a sentence or part of one.
    pub says: Vec<String>,
    /// What somebody should know of a row that comes in: a cell that is left out, a record that is made for it.
    pub warns: Vec<String>,
}

impl Line {
    pub fn new(row: u32, title: String, fate: Fate, says: Vec<String>) -> Line {
        Line { row, title, fate, says, warns: Vec::new() }
    }
}

/// Records that are made because rows name them: what they are, in the plural, and what they are called.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Also {
    pub many: &'static str,
    pub titles: Vec<String>,
}

impl Also {
    /// "Also makes business units (3): Dock, Office, Yard."
    pub fn said(&self) -> String {
        /// More would be a list, and the rows say each.
        const NAMED: usize = 12;
        let more = self.titles.len().saturating_sub(NAMED);
        let named = self.titles[..self.titles.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("Also makes {} ({}): {named}{more}.", self.many.to_lowercase(), self.titles.len())
    }
}

/// How many rows meet which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub create: usize,
    pub update: usize,
    pub unchanged: usize,
    pub skip: usize,
}

impl Counts {
    pub fn of(self, fate: Fate) -> usize {
        match fate {
            Fate::Create => self.create,
            Fate::Update => self.update,
            Fate::Unchanged => self.unchanged,
            Fate::Skip => self.skip,
        }
    }

    /// Whether anything would be written.
    pub fn writes(self) -> bool {
        self.create + self.update > 0
    }
}

/// What an import would do, row by row, and the work itself.
pub struct Plan {
    pub lines: Vec<Line>,
    /// What is made besides the rows, because they name it.
    pub also: Vec<Also>,
    pub work: Box<dyn Work>,
}

impl Plan {
    pub fn new(lines: Vec<Line>, work: impl Work + 'static) -> Plan {
        Plan { lines, also: Vec::new(), work: Box::new(work) }
    }

    pub fn counts(&self) -> Counts {
        let of = |fate| self.lines.iter().filter(|it| it.fate == fate).count();
        Counts {
            create: of(Fate::Create),
            update: of(Fate::Update),
            unchanged: of(Fate::Unchanged),
            skip: of(Fate::Skip),
        }
    }

    /// Names what the plan says, so that the commit can see whether it is still what was shown.
    pub fn fingerprint(&self) -> String {
        files::digest(&serde_json::to_vec(&(&self.lines, &self.also)).expect("lines are JSON"))
    }
}

/// The writing that a plan stands for.
pub trait Work: Send {
    fn apply<'a>(self: Box<Self>, tx: &'a mut Tx, author: &'a Author) -> Answer<'a, ()>
    where
        Self: 'a;
}

/// Something that the rows of a file can be brought into.
pub trait Target: Send + Sync {
    fn key(&self) -> &str;

    /// What comes in, in the plural: "People".
    fn many(&self) -> &str;

    /// What it is for, in one sentence.
    fn about(&self) -> &str;

    /// What somebody must be allowed besides importing.
    fn right(&self) -> Right;

    /// The places that it goes into, identifier and title, where it needs one, such as a campaign; the nil identifier
    /// stands for a new one.
    fn places<'a>(&'a self, _scope: &'a Scope) -> Answer<'a, Vec<(Uuid, String)>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Whether something may go into this place now: the others are refused with the reason, and what is not this
    /// organisation's is not found.
    fn admits<'a>(&'a self, _scope: &'a Scope, _about: Uuid) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Whether a row can change what is here already.
    fn updates(&self) -> bool {
        true
    }

    /// What it means that a row comes in without its cells that cannot be read; nothing where none may.
    fn lenient(&self) -> Option<&'static str> {
        None
    }

    /// What can be made because rows name it, in the plural; by whom the file was brought.
    fn makes(&self, _scope: &Scope) -> Vec<&'static str> {
        Vec::new()
    }

    /// Whether a text says one of the choices of a slot by itself.
    fn understands(&self, slot: &Slot, text: &str) -> bool {
        let text = folded(text);
        slot.choices.iter().any(|(key, label)| folded(key) == text || folded(label) == text)
    }

    /// Whether the file stays in the data folder once it was committed or discarded.
    fn keeps_files(&self) -> bool {
        true
    }

    /// What columns can fill. A target that takes any columns looks at the file.
    fn slots<'a>(&'a self, scope: &'a Scope, about: Option<Uuid>, sheet: &'a sheet::Sheet) -> Answer<'a, Vec<Slot>>;

    /// Which column is meant for which slot.
    fn suggest(&self, slots: &[Slot], sheet: &sheet::Sheet) -> BTreeMap<String, Source> {
        by_name(slots, sheet)
    }

    /// Decides on every row, given what is here now.
    fn plan<'a>(&'a self, scope: &'a Scope, tx: &'a mut Tx, batch: &'a Batch, reading: &'a Reading)
    -> Answer<'a, Plan>;

    /// Takes back what a batch did, and says what was left as it is and why.
    fn undo<'a>(
        &'a self,
        scope: &'a Scope,
        tx: &'a mut Tx,
        author: &'a Author,
        batch: &'a Batch,
    ) -> Answer<'a, Vec<String>>;

    /// Whether not everyone may see what comes in: a file is then shown to nobody but whoever brought it.
    fn is_private(&self) -> bool {
        false
    }

    /// Where to see what came in.
    fn page(&self, batch: &Batch) -> String;
}

/// Assigns columns by their names.
pub fn by_name(slots: &[Slot], sheet: &sheet::Sheet) -> BTreeMap<String, Source> {
    let synonyms: Vec<Vec<&str>> = slots.iter().map(|it| it.synonyms.iter().map(|it| &**it).collect()).collect();
    let targets: Vec<sheet::Target> = slots
        .iter()
        .zip(&synonyms)
        .map(|(slot, synonyms)| sheet::Target { key: &slot.key, label: &slot.label, synonyms })
        .collect();
    sheet::suggest(&sheet.headers(), &targets)
        .into_iter()
        .map(|it| (it.key, Source::Column(sheet.columns[it.column].name.clone())))
        .collect()
}

/// Everything that files can be brought into: the kinds of record, then what areas read themselves.
pub fn targets(registry: &Registry) -> Vec<Box<dyn Target>> {
    let kinds = registry.kinds().map(|it| Box::new(records::Records(it)) as Box<dyn Target>);
    kinds.chain(registry.areas.iter().flat_map(|it| it.targets())).collect()
}

/// The target of this key.
pub fn target(registry: &Registry, key: &str) -> Option<Box<dyn Target>> {
    targets(registry).into_iter().find(|it| it.key() == key)
}

/// Takes a file in: keeps it, and notes a batch that nothing has come of yet.
///
/// Refuses a file that cannot be read as a table, with the sentence of [`sheet::Unreadable`].
pub async fn receive(
    scope: &Scope,
    target: &dyn Target,
    about: Option<Uuid>,
    name: &str,
    bytes: Vec<u8>,
    settings: &Settings,
) -> Result<Batch> {
    if let Some(place) = about {
        target.admits(scope, place).await?;
    }
    let name = &name.replace(char::is_control, "");
    let hash = files::digest(&bytes);
    let mut settings = settings.clone();
    settings.choices.locale = Some(scope.org.locale.clone());
    let (sheet, bytes) = read(name, bytes, &settings.choices).await?;
    if settings == (Settings { choices: settings.choices.clone(), ..Settings::default() }) {
        let slots = target.slots(scope, about, &sheet).await?;
        let known = store::remembered(scope.db(), scope.id(), target.key(), &fingerprint(&sheet, &slots)).await?;
        settings = known.unwrap_or(settings);
    }
    let _held = files::hold().await;
    files::keep(&scope.app, &hash, bytes).await?;
    let batch = Batch::fresh(scope, target.key(), about, name, hash, &settings);
    let mut tx = scope.db().begin().await?;
    store::insert(&mut tx, scope.id(), &batch).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Names the columns of a file together with what they can fill: what was settled for one questionnaire says nothing
/// about the next.
fn fingerprint(sheet: &sheet::Sheet, slots: &[Slot]) -> String {
    let slots = slots.iter().map(|it| &*it.key).collect::<Vec<_>>().join("\n");
    files::digest(format!("{}\n{slots}", sheet::fingerprint(&sheet.headers())).as_bytes())
}

/// Takes a file out of the data folder where nothing needs it any more: no document of a record, no import that is still
/// to be committed, and none into a target that keeps its files. What was done stands; a file that stays is no reason to
/// say otherwise.
pub(crate) async fn sweep(scope: &Scope, hash: &str) {
    if let Err(err) = take_away(scope, hash).await {
        tracing::warn!("a file that nothing needs stays: {err}");
    }
}

async fn take_away(scope: &Scope, hash: &str) -> Result<()> {
    let _held = files::hold().await;
    let keeps = |key: &str| target(&scope.app.registry, key).is_none_or(|it| it.keeps_files());
    let uses = store::uses(scope.db(), hash).await?;
    let needed = uses.iter().any(|(key, state)| state == State::Draft.key() || keeps(key));
    if needed || attachment::is_kept(scope.db(), hash).await? {
        return Ok(());
    }
    match tokio::fs::remove_file(files::path(&scope.app, hash)).await {
        Err(err) if err.kind() != std::io::ErrorKind::NotFound => Err(files::disk(err)),
        _ => Ok(()),
    }
}

/// Reads away from the threads that answer requests; gives the bytes back.
async fn read(name: &str, bytes: Vec<u8>, choices: &sheet::Choices) -> Result<(sheet::Sheet, Vec<u8>)> {
    let (name, choices) = (name.to_owned(), choices.clone());
    let reading = tokio::task::spawn_blocking(move || (sheet::read(&name, &bytes, &choices), bytes));
    let (sheet, bytes) = reading.await.map_err(Error::internal)?;
    Ok((sheet.map_err(|it| Error::refused(it.message))?, bytes))
}

/// A batch as the page and the commit look at it.
pub struct Look {
    pub batch: Batch,
    pub slots: Vec<Slot>,
    /// Where each slot's values come from: settled by a person, or proposed.
    pub sources: BTreeMap<String, Source>,
    pub reading: Reading,
}

impl Look {
    /// Fills a slot from another place than was proposed.
    ///
    /// Refuses a slot that the target does not have, and a column that the file does not have.
    pub fn assign(&mut self, slot: &str, source: Source) -> Result<()> {
        if !self.slots.iter().any(|it| it.key == slot) {
            let keys: Vec<&str> = self.slots.iter().map(|it| &*it.key).collect();
            return Err(Error::refused(format!("No field is called “{slot}”. There are: {}.", keys.join(", "))));
        }
        let place = Place::of(&source, &self.reading.sheet).ok_or_else(|| {
            Error::refused(format!(
                "The file has none of the columns for “{slot}”. It has: {}.",
                self.reading.sheet.headers().join(", ")
            ))
        })?;
        self.reading.places.insert(slot.to_owned(), place);
        self.sources.insert(slot.to_owned(), source);
        Ok(())
    }

    /// Says what a text means in a slot with choices, by the key or the name of one.
    ///
    /// Refuses a slot without choices, and what is none of them.
    pub fn mean(&mut self, slot: &str, text: &str, choice: &str) -> Result<()> {
        let with_choices = || self.slots.iter().filter(|it| !it.choices.is_empty());
        let found = with_choices().find(|it| it.key == slot).ok_or_else(|| {
            let keys: Vec<&str> = with_choices().map(|it| &*it.key).collect();
            Error::refused(format!("No field with choices is called “{slot}”. There are: {}.", keys.join(", ")))
        })?;
        let wanted = folded(choice);
        let (key, _) =
            found.choices.iter().find(|(key, label)| [key, label].iter().any(|it| folded(it) == wanted)).ok_or_else(
                || {
                    let labels: Vec<&str> = found.choices.iter().map(|it| &*it.1).collect();
                    Error::refused(format!("“{choice}” is not one of: {}.", labels.join(", ")))
                },
            )?;
        self.reading.settings.mean(slot, text, key);
        Ok(())
    }

    /// What was settled, with the columns as they are assigned.
    fn settings(&self) -> Settings {
        Settings { sources: Some(self.sources.clone()), ..self.reading.settings.clone() }
    }
}

/// Keeps with a batch what was settled about it, for whoever looks at it next.
pub async fn settle(scope: &Scope, look: &Look) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    store::set_settings(&mut tx, scope.id(), look.batch.id, &look.settings()).await?;
    Ok(tx.commit().await?)
}

/// Reads the file of a batch with its settings.
pub async fn look(scope: &Scope, target: &dyn Target, batch: Batch) -> Result<Look> {
    let bytes = tokio::fs::read(files::path(&scope.app, &batch.file_hash)).await.map_err(|err| match err.kind() {
        std::io::ErrorKind::NotFound => Error::refused(
            "The file of this import is not in the data folder any more. Bring the file in again; what it did stands.",
        ),
        _ => Error::internal(err),
    })?;
    let settings = batch.settings();
    let (sheet, _) = read(&batch.file_name, bytes, &settings.choices).await?;
    let slots = target.slots(scope, batch.about, &sheet).await?;
    let sources = settings.sources.clone().unwrap_or_else(|| target.suggest(&slots, &sheet));
    let known: BTreeSet<&str> = slots.iter().map(|it| &*it.key).collect();
    let sources: BTreeMap<String, Source> = sources.into_iter().filter(|(key, _)| known.contains(&**key)).collect();
    let reading = Reading::new(sheet, &sources, settings);
    Ok(Look { batch, slots, sources, reading })
}

/// What committing a batch would do now.
pub async fn dry_run(scope: &Scope, target: &dyn Target, look: &Look) -> Result<Plan> {
    // The plan is made from within a write that is never finished, by the same code as the commit's.
    let mut tx = scope.db().begin().await?;
    target.plan(scope, &mut tx, &look.batch, &look.reading).await
}

/// Does what the dry run with this fingerprint said, whole or not at all.
///
/// Refuses when the same rows would meet another fate by now, and when the batch was committed already.
pub async fn commit(scope: &Scope, target: &dyn Target, look: &Look, shown: &str) -> Result<Counts> {
    let mut tx = crate::store::begin(scope).await?;
    if !store::take(&mut tx, scope.id(), look.batch.id, State::Draft, State::Done).await? {
        return Err(Error::refused("This import was committed already. Nothing was done twice."));
    }
    let plan = target.plan(scope, &mut tx, &look.batch, &look.reading).await?;
    if plan.fingerprint() != shown {
        return Err(Error::refused(
            "Something changed since the dry run, and the import would now do something else. Nothing was done: load \
             the page again, look at the new dry run and commit that.",
        ));
    }
    let counts = plan.counts();
    let author = Author { batch: Some(look.batch.id), ..scope.author() };
    plan.work.apply(&mut tx, &author).await?;
    store::finish(&mut tx, scope.id(), look.batch.id, counts, scope.now).await?;
    let columns = fingerprint(&look.reading.sheet, &look.slots);
    store::remember(&mut tx, scope.id(), target.key(), &columns, &look.settings()).await?;
    tx.commit().await?;
    sweep(scope, &look.batch.file_hash).await;
    Ok(counts)
}

/// Takes back what a batch did; what could not be taken back is said, and stays.
pub async fn undo(scope: &Scope, target: &dyn Target, batch: &Batch) -> Result<Vec<String>> {
    let mut tx = crate::store::begin(scope).await?;
    if !store::take(&mut tx, scope.id(), batch.id, State::Done, State::Undone).await? {
        return Err(Error::refused("This import was undone already, or was never committed."));
    }
    let left = target.undo(scope, &mut tx, &scope.author(), batch).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(left)
}

/// Brings a whole file in at once, as the command line and the demo do: receive, plan, commit.
pub async fn file(
    scope: &Scope,
    target: &dyn Target,
    about: Option<Uuid>,
    name: &str,
    bytes: Vec<u8>,
    settings: &Settings,
) -> Result<(Batch, Plan, Counts)> {
    let batch = receive(scope, target, about, name, bytes, settings).await?;
    let look = look(scope, target, batch).await?;
    let plan = dry_run(scope, target, &look).await?;
    let counts = commit(scope, target, &look, &plan.fingerprint()).await?;
    let batch = store::find(scope.db(), scope.id(), look.batch.id).await?;
    Ok((batch, plan, counts))
}

/// The area that brings the import.
pub struct Import;

impl Area for Import {
    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Import", "/import").for_those_who(Right::Import)] }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }
}
