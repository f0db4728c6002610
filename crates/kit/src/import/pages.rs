//! The wizard: file, columns and dry run on one page, commit, undo.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use serde::Deserialize;

use crate::{
    error::{Error, Result},
    format::folded,
    import::{
        self, Also, Batch, Counts, Fate, Line, Look, NOTHING, Settings, Slot, Source, State, Target,
        sheet::{DateOrder, DecimalMark, Header, Sheet},
        store,
    },
    pages::send,
    rights::Right,
    table::{Cell, Column, Kind, Table},
    web::{Access, Place, Routes, Scope, Sent, see},
};

pub fn routes(routes: Routes) -> Routes {
    let import = Access::With(Right::Import);
    routes
        .get("/import", import, list)
        .get("/import/new", import, new)
        .post("/import", import, receive)
        .get("/import/{id}", import, page)
        .post("/import/{id}", import, settle)
        .post("/import/{id}/commit", import, commit)
        .post("/import/{id}/undo", import, undo)
        .post("/import/{id}/discard", import, discard)
        .get("/import/{id}/lines/{format}", import, lines)
}

/// A batch as its number names it. What not everyone may see, nobody sees but whoever brought it.
async fn find(scope: &Scope, id: Uuid) -> Result<Batch> {
    let batch = store::find(scope.db(), scope.id(), id).await?;
    if is_open(scope, &batch) { Ok(batch) } else { Err(Error::NotFound) }
}

fn is_open(scope: &Scope, batch: &Batch) -> bool {
    let is_private = import::target(&scope.app.registry, &batch.target).is_some_and(|it| it.is_private());
    !is_private || batch.is_by(&scope.author())
}

/// The target of this key, where the reader may bring something into it.
fn target(scope: &Scope, key: &str) -> Result<Box<dyn Target>> {
    let target = import::target(&scope.app.registry, key).ok_or(Error::NotFound)?;
    scope.need(target.right())?;
    Ok(target)
}

#[derive(Template)]
#[template(path = "import/list.html")]
struct List {
    targets: Vec<(String, String, String)>,
    batches: Vec<(Batch, String, String)>,
}

async fn list(scope: Scope) -> Result<Response> {
    let all = import::targets(&scope.app.registry);
    let title = |key: &str| all.iter().find(|it| it.key() == key).map_or(key.to_owned(), |it| it.many().to_owned());
    let mut batches = store::latest(scope.db(), scope.id()).await?;
    batches.retain(|it| is_open(&scope, it));
    let batches =
        batches.into_iter().map(|it| (title(&it.target), scope.locale().instant(it.instant(), scope.org.zone()), it));
    let page = List {
        targets: all
            .iter()
            .filter(|it| scope.may(it.right()))
            .map(|it| (it.key().to_owned(), it.many().to_owned(), it.about().to_owned()))
            .collect(),
        batches: batches.map(|(title, at, it)| (it, title, at)).collect(),
    };
    scope.page(Place::new("Import", "/import"), &page).await
}

#[derive(Deserialize)]
struct Wanted {
    target: Option<String>,
    about: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "import/new.html")]
struct New<'a> {
    target: &'a dyn Target,
    about: Option<Uuid>,
    places: Vec<(Uuid, String)>,
    fault: &'a str,
}

impl New<'_> {
    fn goes_into(&self, id: &Uuid) -> bool {
        self.about == Some(*id)
    }
}

async fn new(scope: Scope, Query(wanted): Query<Wanted>) -> Result<Response> {
    let Some(key) = wanted.target else { return list(scope).await };
    let target = target(&scope, &key)?;
    if let Some(place) = wanted.about {
        target.admits(&scope, place).await?;
    }
    ask(&scope, &*target, wanted.about, "", StatusCode::OK).await
}

async fn ask(
    scope: &Scope,
    target: &dyn Target,
    about: Option<Uuid>,
    fault: &str,
    status: StatusCode,
) -> Result<Response> {
    let places = target.places(scope).await?;
    let page = New { target, about, places, fault };
    let place = Place::new(format!("Import {}", target.many().to_lowercase()), "/import").under("Import", "/import");
    scope.page_with(status, place, &page).await
}

async fn receive(scope: Scope, sent: Sent) -> Result<Response> {
    let target = target(&scope, sent.get("target"))?;
    let about = sent.get("about").parse::<Uuid>().ok();
    let Some((name, bytes)) = sent.file else {
        let fault = "Choose a file first.";
        return ask(&scope, &*target, about, fault, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let places = target.places(&scope).await?;
    if let Some(place) = about {
        match target.admits(&scope, place).await {
            Err(Error::Refused(fault)) => {
                return ask(&scope, &*target, about, &fault, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            admitted => admitted?,
        }
    }
    if !places.is_empty() && !about.is_some_and(|it| places.iter().any(|(id, _)| *id == it)) {
        let fault = "Choose where it goes, and the file once more.";
        return ask(&scope, &*target, about, fault, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match import::receive(&scope, &*target, about, &name, bytes, &Settings::default()).await {
        Ok(batch) => Ok(see(&format!("/import/{}", batch.id), "")),
        Err(Error::Refused(fault)) => ask(&scope, &*target, about, &fault, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(err) => Err(err),
    }
}

/// How many reasons the page counts.
const REASONS: usize = 8;

/// How many rows of each fate the page shows; the file of the dry run has all.
const SHOWN: usize = 50;

/// A slot as the form of the columns shows it.
struct Assigned<'a> {
    slot: &'a Slot,
    /// The column that fills it, or nothing.
    column: &'a str,
    fixed: &'a str,
    examples: String,
}

#[derive(Template)]
#[template(path = "import/batch.html")]
struct Page<'a> {
    title: &'a str,
    batch: &'a Batch,
    at: String,
    place: String,
    /// What it goes into, where the target has several places.
    into: Option<String>,
    /// Only where the batch is not committed.
    draft: Option<Draft<'a>>,
    counts: Counts,
    shown: Vec<&'a Line>,
    all: usize,
    /// Why rows are skipped, the commonest reason first, with how many rows it is of.
    reasons: Vec<(String, usize)>,
    /// What is said of rows that come in, the commonest first, with how many rows it is of.
    warnings: Vec<(String, usize)>,
    also: Vec<Also>,
}

/// How many texts of one field the page asks the meaning of: more are hardly a column of choices.
const ASKED: usize = 24;

/// A text of the file that is none of a slot's choices by itself.
struct Unread<'a> {
    slot: &'a Slot,
    text: &'a str,
    /// The choice that somebody said it means, or nothing.
    means: &'a str,
}

/// The texts of the file that are none of their slot's choices, as many as are asked about.
fn unread<'a>(target: &dyn Target, look: &'a Look) -> Vec<Unread<'a>> {
    let of = |slot: &'a Slot| {
        let meanings = look.reading.settings.meanings.get(&slot.key);
        let means = move |text: &str| meanings.and_then(|it| it.get(&folded(text))).map_or("", |it| it);
        let texts = look.reading.texts(&slot.key).into_iter().filter(|it| !target.understands(slot, it));
        texts.take(ASKED).map(move |text| Unread { slot, text, means: means(text) }).collect::<Vec<_>>()
    };
    look.slots.iter().filter(|it| !it.choices.is_empty()).flat_map(of).collect()
}

struct Draft<'a> {
    sheet: &'a Sheet,
    settings: &'a Settings,
    assigned: Vec<Assigned<'a>>,
    unused: Vec<&'a str>,
    fingerprint: String,
    updates: bool,
    lenient: Option<&'static str>,
    makes: Vec<String>,
    unread: Vec<Unread<'a>>,
    /// Needed slots that nothing fills.
    missing: Vec<&'a str>,
}

/// What may stand between cells: as the form sends it, and in words.
const DELIMITERS: [(&str, &str); 4] = [(",", "comma"), (";", "semicolon"), ("tab", "tab"), ("|", "bar")];
/// The encodings that the form offers; the detection knows more.
const ENCODINGS: [&str; 4] = ["UTF-8", "windows-1252", "ISO-8859-15", "UTF-16LE"];

impl Draft<'_> {
    /// What stands between cells: as the form sends it, and in words.
    fn delimiter(&self) -> (&'static str, &'static str) {
        let found = self.sheet.chosen.delimiter.as_ref().map_or(',', |it| it.value);
        let key = if found == '\t' { "tab".to_owned() } else { found.to_string() };
        DELIMITERS.into_iter().find(|it| it.0 == key).unwrap_or(("", "another character"))
    }

    fn chose_delimiter(&self, key: &str) -> bool {
        self.settings.choices.delimiter.is_some() && self.delimiter().0 == key
    }

    fn chose_encoding(&self, name: &str) -> bool {
        self.settings.choices.encoding.as_deref() == Some(name)
    }

    fn header_found(&self) -> String {
        row_of(&self.sheet.chosen.header.value)
    }

    fn header_chosen(&self) -> String {
        self.settings.choices.header.as_ref().map_or(String::new(), row_of)
    }
}

fn row_of(header: &Header) -> String {
    match header {
        Header::Absent => "0".to_owned(),
        Header::Rows { first, .. } => first.to_string(),
    }
}

impl Page<'_> {
    /// "3 rows were".
    fn rows(&self, many: &i64) -> String {
        if *many == 1 { "One row was".to_owned() } else { format!("{many} rows were") }
    }

    fn heading(&self) -> String {
        let Counts { create, update, unchanged, skip } = self.counts;
        match self.batch.state() {
            State::Draft if self.all == 0 => {
                "There is nothing to bring in: the file has no row below its header".to_owned()
            }
            State::Draft if !self.counts.writes() && skip == 0 => {
                "Nothing would change: all of it is here already".to_owned()
            }
            State::Draft if !self.counts.writes() && unchanged > 0 => {
                let are = if unchanged == 1 { "is" } else { "are" };
                format!("Nothing to change: {unchanged} {are} here already, {skip} skipped")
            }
            State::Draft if !self.counts.writes() => {
                let are = if skip == 1 { "is" } else { "are" };
                format!("No row can be taken in yet: {skip} {are} skipped")
            }
            state @ (State::Draft | State::Done) => {
                // What was skipped of a file that is in stands below.
                let skip = if state == State::Draft { skip } else { 0 };
                let parts = [(create, "created"), (update, "updated"), (skip, "skipped")];
                let parts: Vec<String> =
                    parts.iter().filter(|it| it.0 > 0).map(|(count, word)| format!("{count} {word}")).collect();
                format!("{}: {}", self.title, parts.join(", "))
            }
            State::Undone => "This import was undone".to_owned(),
        }
    }
}

async fn page(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    let target = target(&scope, &batch.target)?;
    let at = scope.locale().instant(batch.instant(), scope.org.zone());
    let place = Place::new(&batch.file_name, "/import").under("Import", "/import");
    if batch.state() != State::Draft {
        let [create, update, unchanged, skip] =
            [batch.created, batch.updated, batch.unchanged, batch.skipped].map(|it| it as usize);
        let page = Page {
            title: target.many(),
            batch: &batch,
            at,
            place: target.page(&batch),
            into: None,
            draft: None,
            counts: Counts { create, update, unchanged, skip },
            shown: Vec::new(),
            all: 0,
            reasons: Vec::new(),
            warnings: Vec::new(),
            also: Vec::new(),
        };
        return scope.page(place, &page).await;
    }
    let places = target.places(&scope).await?;
    let look = import::look(&scope, &*target, batch).await?;
    let plan = import::dry_run(&scope, &*target, &look).await?;
    let settings = look.batch.settings();
    let sheet = &look.reading.sheet;
    let assigned: Vec<Assigned> = look.slots.iter().map(|slot| assigned(slot, &look)).collect();
    let used = |name: &str| assigned.iter().any(|it| it.column == name);
    let draft = Draft {
        sheet,
        settings: &settings,
        unused: sheet.columns.iter().map(|it| &*it.name).filter(|it| !used(it)).collect(),
        missing: assigned
            .iter()
            .filter(|it| it.slot.needed && it.column.is_empty() && it.fixed.is_empty())
            .map(|it| &*it.slot.label)
            .collect(),
        fingerprint: plan.fingerprint(),
        updates: target.updates(),
        lenient: target.lenient(),
        makes: target.makes(&scope).into_iter().map(str::to_lowercase).collect(),
        unread: unread(&*target, &look),
        assigned,
    };
    let shown = [Fate::Skip, Fate::Update, Fate::Create, Fate::Unchanged]
        .into_iter()
        .flat_map(|fate| {
            let mut of: Vec<&Line> = plan.lines.iter().filter(|it| it.fate == fate).collect();
            of.sort_by_key(|it| it.warns.is_empty());
            of.truncate(SHOWN);
            of
        })
        .collect();
    let page = Page {
        title: target.many(),
        batch: &look.batch,
        at,
        place: target.page(&look.batch),
        into: places.into_iter().find(|it| Some(it.0) == look.batch.about).map(|it| it.1),
        draft: Some(draft),
        counts: plan.counts(),
        shown,
        all: plan.lines.len(),
        reasons: counted(plan.lines.iter().filter(|it| it.fate == Fate::Skip).flat_map(|it| &it.says)),
        warnings: counted(plan.lines.iter().flat_map(|it| &it.warns)),
        also: plan.also.clone(),
    };
    scope.page(place, &page).await
}

/// How many texts a reason names of which it is true besides the first.
const LIKEWISE: usize = 5;

/// What is said of rows, the commonest first, with how many rows it is of. What is said alike of several texts, such as
/// units that are not here, stands once.
fn counted<'a>(said: impl Iterator<Item = &'a String>) -> Vec<(String, usize)> {
    let mut alike: BTreeMap<(&str, &str), BTreeMap<String, usize>> = BTreeMap::new();
    for reason in said {
        let quoted = reason.split_once('“').and_then(|(before, rest)| Some((before, rest.split_once('”')?)));
        let (before, text, after) = match quoted {
            Some((before, (text, after))) => (before, format!("“{text}”"), after),
            None => (&**reason, String::new(), ""),
        };
        *alike.entry((before, after)).or_default().entry(text).or_default() += 1;
    }
    let one = |((before, after), texts): ((&str, &str), BTreeMap<String, usize>)| {
        let count = texts.values().sum();
        let mut texts: Vec<(String, usize)> = texts.into_iter().collect();
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut texts = texts.into_iter().map(|it| it.0);
        let first = texts.next().unwrap_or_default();
        let others: Vec<String> = texts.collect();
        let more = match others.len().saturating_sub(LIKEWISE) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let likewise = match &others[..] {
            [] => String::new(),
            all => format!(" Likewise {}{more}.", all[..all.len().min(LIKEWISE)].join(", ")),
        };
        (format!("{before}{first}{after}{likewise}"), count)
    };
    let mut all: Vec<(String, usize)> = alike.into_iter().map(one).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

fn assigned<'a>(slot: &'a Slot, look: &'a Look) -> Assigned<'a> {
    let (column, fixed) = match look.sources.get(&slot.key) {
        Some(Source::Column(name)) => (&**name, ""),
        Some(Source::Fixed(text)) => ("", &**text),
        None => ("", ""),
    };
    let found = look.reading.sheet.columns.iter().find(|it| it.name == column);
    Assigned { slot, column, fixed, examples: found.map_or(String::new(), |it| it.examples.join(" · ")) }
}

/// Reads how the file is to be read; what was not touched stays for the detection to find.
fn chosen(fields: &BTreeMap<String, String>, now: &Settings) -> std::result::Result<Settings, String> {
    let get = |key: &str| fields.get(key).map(|it| it.trim()).filter(|it| !it.is_empty());
    let mut settings = now.clone();
    let choices = &mut settings.choices;
    choices.sheet = get("sheet").map(str::to_owned);
    choices.encoding = get("encoding").map(str::to_owned);
    choices.delimiter = get("delimiter").map(|it| if it == "tab" { '\t' } else { it.chars().next().unwrap_or(',') });
    choices.decimal = match get("decimal") {
        Some("point") => Some(DecimalMark::Point),
        Some("comma") => Some(DecimalMark::Comma),
        _ => None,
    };
    choices.dates = match get("dates") {
        Some("day") => Some(DateOrder::DayFirst),
        Some("month") => Some(DateOrder::MonthFirst),
        Some("year") => Some(DateOrder::YearFirst),
        _ => None,
    };
    choices.header = match get("header") {
        None => None,
        Some("0") => Some(Header::Absent),
        Some(text) => {
            let row = text.parse().ok().filter(|it| *it > 0);
            let row = row.ok_or("The header row is a row’s number in the file, or 0 where there is none.")?;
            Some(Header::Rows { first: row, last: row })
        }
    };
    settings.clears = get("clears").is_some();
    settings.lenient = get("lenient").is_some();
    settings.makes = get("makes").is_some();
    for (key, choice) in fields {
        if let Some((slot, text)) = key.strip_prefix("means:").and_then(|it| it.split_once('=')) {
            settings.mean(slot, text, choice);
        }
    }
    let mut sources = BTreeMap::new();
    for (key, value) in fields {
        if let Some(slot) = key.strip_prefix("column:")
            && !value.is_empty()
        {
            sources.insert(slot.to_owned(), Source::Column(value.clone()));
        }
    }
    for (key, value) in fields {
        if let Some(slot) = key.strip_prefix("fixed:")
            && !value.trim().is_empty()
        {
            // Both at once: whoever writes a value for all rows means it.
            sources.insert(slot.to_owned(), Source::Fixed(value.trim().to_owned()));
        }
    }
    // Another reading names the columns anew, so they are proposed anew.
    let same = settings.choices == now.choices;
    settings.sources = if same { Some(sources) } else { None };
    Ok(settings)
}

async fn settle(scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<BTreeMap<String, String>>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    let target = target(&scope, &batch.target)?;
    let settings = match chosen(&fields, &batch.settings()) {
        Ok(it) => it,
        Err(fault) => return Ok(see(&format!("/import/{id}"), &fault)),
    };
    let committed = || Error::refused("This import was committed already; undo it first to read the file another way.");
    if batch.state() != State::Draft {
        return Err(committed());
    }
    // A choice that the file cannot be read with is not kept, so that the page can still be shown.
    match import::look(&scope, &*target, batch.with(&settings)).await {
        Ok(_) => {}
        Err(Error::Refused(fault)) => return Ok(see(&format!("/import/{id}"), &fault)),
        Err(err) => return Err(err),
    }
    let mut tx = scope.db().begin().await?;
    if !store::set_settings(&mut tx, scope.id(), id, &settings).await? {
        return Err(committed());
    }
    tx.commit().await?;
    Ok(see(&format!("/import/{id}#dry-run"), ""))
}

async fn commit(scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<BTreeMap<String, String>>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    let target = target(&scope, &batch.target)?;
    let look = import::look(&scope, &*target, batch).await?;
    let shown = fields.get("fingerprint").map_or("", |it| it);
    import::commit(&scope, &*target, &look, shown).await?;
    Ok(see(&format!("/import/{id}"), "The file is in."))
}

async fn undo(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    let target = target(&scope, &batch.target)?;
    let left = import::undo(&scope, &*target, &batch).await?;
    /// More would not fit where the message is shown; the audit trail has all.
    const SAID: usize = 5;
    let more = if left.len() > SAID { format!(" And {} more.", left.len() - SAID) } else { String::new() };
    let message = match left.len() {
        0 => "All of it was taken back.".to_owned(),
        _ => format!("Taken back but for this: {}{more}", left[..left.len().min(SAID)].join(" ")),
    };
    Ok(see(&format!("/import/{id}"), &message))
}

async fn discard(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    target(&scope, &batch.target)?;
    let mut tx = scope.db().begin().await?;
    if !store::discard(&mut tx, scope.id(), id).await? {
        return Err(Error::refused("This import was committed already; it can be undone, not discarded."));
    }
    tx.commit().await?;
    import::sweep(&scope, &batch.file_hash).await;
    // What is of a described kind came from its table.
    let from = scope.app.registry.kind(&batch.target).map_or("/import", |it| it.path);
    Ok(see(from, "Discarded; nothing had been changed."))
}

/// The whole dry run as a file.
async fn lines(scope: Scope, Path((id, format)): Path<(Uuid, String)>) -> Result<Response> {
    let batch = find(&scope, id).await?;
    let target = target(&scope, &batch.target)?;
    if batch.state() != State::Draft {
        return Err(Error::refused(
            "The dry run is over: this import was committed. The audit trail says what it did.",
        ));
    }
    let look = import::look(&scope, &*target, batch).await?;
    let plan = import::dry_run(&scope, &*target, &look).await?;
    let columns = [
        ("row", "Row", Kind::Whole),
        ("does", "What happens", Kind::Text),
        ("title", "Name", Kind::Text),
        ("says", "Why", Kind::Text),
    ];
    let table = Table {
        title: "Dry run".to_owned(),
        columns: columns.into_iter().map(|(key, label, kind)| Column::new(key, label, kind)).collect(),
        rows: plan
            .lines
            .iter()
            .map(|it| {
                vec![
                    Cell::Whole(i64::from(it.row)),
                    Cell::Text(it.fate.word().to_owned()),
                    Cell::Text(it.title.clone()),
                    Cell::Text(it.says.iter().chain(&it.warns).map(|it| &**it).collect::<Vec<_>>().join(" ")),
                ]
            })
            .collect(),
    };
    send(&[table], "dry-run", &format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_alike_of_several_texts_stands_once_with_the_number_of_its_rows() {
        let of = |name: &str| format!("Unit: “{name}” is not here.");
        let names = ["Moon", "Sun", "Sun", "Mars", "Venus", "Pluto", "Ceres", "Vesta"];
        let said: Vec<String> = names.map(of).into_iter().chain(["Name is needed.".to_owned()]).collect();
        let sun = "Unit: “Sun” is not here. Likewise “Ceres”, “Mars”, “Moon”, “Pluto”, “Venus” and 1 more.";
        assert_eq!(counted(said.iter()), [(sun.to_owned(), 8), ("Name is needed.".to_owned(), 1)]);
    }
}
