//! Answers given elsewhere, brought in through the import wizard: into a campaign that asks the same, or into a new one
//! whose instrument is made from the file. Two layouts: a row for each respondent, or a row for each answer.
//!
//! Answers that are in are never changed by an import; undoing it takes away what it brought. Which file is which, and
//! what becomes of each row, is decided in `rules` and its helpers `places`, `cells` and `made`.

pub mod cells;
pub mod made;
pub mod places;
pub mod rules;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use db::{Tx, uuid::Uuid};
use jiff::ToSpan;
use kit::{
    area::Answer,
    asking,
    audit::{self, Author, Changes},
    error::{Error, Result},
    import::{
        self, Batch, Fate, Line, Plan, Reading, Slot, Source, Target, Work,
        sheet::{LayoutKind, Sheet, layout, normalised},
    },
    people::{Person, Unit},
    record::Record,
    rights::Right,
    web::Scope,
};

use crate::{
    answers::{
        made::Answered,
        places::{Place, matched, places, squash, told_by_words},
        rules::{
            EMAIL, Here, ITEM, ITEM_SLOT, NAME, RESPONDENT, ROLE, SIDE, TIME, Taken, UNIT, VALUE, by_email, decide,
            reference,
        },
    },
    campaign::{CAMPAIGN, Campaign, CampaignId, Invitee, State},
    instrument::Instrument,
    pages::{blank, difference},
    store::{Response, campaign, campaigns, counts, insert_campaign, insert_response, invitees},
};

/// The slots that a new campaign needs besides.
const TITLE: &str = "title";
const ANONYMOUS: &str = "anonymous";

/// For how long a campaign that was made from a file stays open unless it is closed, in days.
const OPEN_FOR: i64 = 14;

pub struct Answers;

/// The campaign that a place stands for; nothing for a new one.
fn existing(about: Option<Uuid>) -> Option<CampaignId> {
    about.filter(|it| !it.is_nil()).map(CampaignId)
}

fn closed(campaign: &Campaign) -> String {
    format!(
        "“{}” is closed: its results rest on a copy that nothing alters. Bring the answers into a survey that is open, \
         or into a new one.",
        campaign.title
    )
}

fn slot(key: &str, label: &str, help: &str, synonyms: &[&str]) -> Slot {
    Slot {
        key: key.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        synonyms: synonyms.iter().map(|it| (*it).to_owned()).collect(),
        ..Slot::default()
    }
}

const SIDES: [&str; 6] =
    ["side", "seite", "which side are you on", "business or it", "auf welcher seite stehen sie", "camp"];
const UNITS: [&str; 16] = [
    "unit",
    "unit code",
    "business unit",
    "department",
    "division",
    "team",
    "group",
    "grp",
    "abteilung",
    "bereich",
    "fachbereich",
    "geschaeftsbereich",
    "einheit",
    "organisationseinheit",
    "gruppe",
    "your department",
];
const ROLES: [&str; 7] = ["role", "rolle", "function", "funktion", "position", "job title", "your role"];

/// What says who answered, as far as it decides what they count for.
fn who() -> Vec<Slot> {
    let sides = [("business", "Business"), ("it", "IT"), ("provider", "Provider")];
    vec![
        slot(EMAIL, "E-mail", "Finds the person who is here, and with them side, unit and role.", &[]),
        Slot {
            choices: sides.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect(),
            ..slot(SIDE, "Side", "Needed where the e-mail does not tell it.", &SIDES)
        },
        slot(UNIT, "Business unit", "Where the e-mail does not tell it.", &UNITS),
        slot(ROLE, "Role", "Where the e-mail does not tell it.", &ROLES),
    ]
}

/// What tells one respondent from another.
fn which() -> Vec<Slot> {
    let number = "A number or code for each. Without it and without an e-mail every row is somebody else.";
    vec![
        slot(RESPONDENT, "Respondent", number, &[]),
        slot(TIME, "Handed in", "Tells equal numbers of two files apart. It is not kept.", &[]),
        slot(NAME, "Name", "Kept only in a survey under names.", &[]),
    ]
}

/// Where each answer has a row of its own.
fn long() -> Vec<Slot> {
    vec![
        slot(ITEM, "Item", "Only where each answer has a row of its own: the column that names the question.", &[]),
        slot(VALUE, "Answer", "Only where each answer has a row of its own: the column of answers.", &[]),
    ]
}

fn item_slot(place: &Place) -> Slot {
    Slot {
        key: format!("{ITEM_SLOT}{}", place.key),
        label: place.label.clone(),
        help: format!("{} · {}", place.key, place.help()),
        synonyms: place.names.clone(),
        words: place.words(),
        ..Slot::default()
    }
}

/// What a file can fill in a campaign that there is; first what the file's layout has.
fn slots_of(instrument: &Instrument, sheet: &Sheet) -> Vec<Slot> {
    let items: Vec<Slot> = places(instrument).iter().map(item_slot).collect();
    let is_long = layout(sheet).kind == LayoutKind::Long;
    let parts = if is_long { [who(), long(), which(), items] } else { [who(), items, which(), long()] };
    parts.concat()
}

/// What a file can fill in a campaign that is made from it.
fn slots_of_new(sheet: &Sheet) -> Vec<Slot> {
    let anonymous = [("yes", "Anonymous: figures from five people on"), ("no", "Under names")];
    let mut slots = vec![
        slot(TITLE, "Title of the new survey", "Otherwise the name of the file.", &[]),
        Slot {
            choices: anonymous.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect(),
            ..slot(ANONYMOUS, "Anonymity", "Cannot be changed later.", &[])
        },
    ];
    slots.extend(who());
    if layout(sheet).kind == LayoutKind::Long {
        slots.extend(long().into_iter().chain(which()));
        return slots;
    }
    let taken = said_who(sheet, |_| true).into_values().collect();
    let questions: Vec<(usize, Answered)> = made::columns(sheet, &taken);
    let answered: Vec<Answered> = questions.iter().map(|it| it.1.clone()).collect();
    slots.extend(questions.iter().zip(made::becomes(&answered)).map(|((column, it), becomes)| Slot {
        key: format!("{ITEM_SLOT}{}", it.key),
        label: it.text.clone(),
        help: becomes.help(),
        // The column that it was made from; none where it is left out unless somebody says otherwise.
        synonyms: match becomes {
            made::Becomes::Nothing(_) => Vec::new(),
            _ => vec![sheet.columns[*column].name.clone()],
        },
        ..Slot::default()
    }));
    slots.extend(which().into_iter().chain(long()));
    slots
}

/// Which columns say who answered, by slot; only those that are `free`.
fn said_who(sheet: &Sheet, free: impl Fn(usize) -> bool) -> BTreeMap<&'static str, usize> {
    let found = layout(sheet);
    let names: Vec<String> = sheet.columns.iter().map(|it| normalised(&it.name)).collect();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut take = |slot: &'static str, column: Option<usize>| {
        if let Some(column) = column.filter(|it| free(*it))
            && !all.contains_key(slot)
            && used.insert(column)
        {
            all.insert(slot, column);
        }
    };
    if found.kind == LayoutKind::Long {
        take(ITEM, found.item);
        take(VALUE, found.value);
    }
    take(EMAIL, found.email);
    take(RESPONDENT, found.respondent);
    take(TIME, found.submitted.or(found.started));
    take(NAME, found.name);
    let tells_sides = |column: usize| {
        let filled = || sheet.rows.iter().map(|it| it.cells[column].trim()).filter(|it| !it.is_empty());
        filled().next().is_some() && filled().all(|it| rules::side(it).is_some())
    };
    let at = |words: &[&str]| (0..names.len()).filter(|it| words.contains(&&*names[*it])).collect::<Vec<_>>();
    let group = found.group;
    at(&SIDES).into_iter().chain(group.filter(|it| tells_sides(*it))).for_each(|it| take(SIDE, Some(it)));
    at(&ROLES).into_iter().for_each(|it| take(ROLE, Some(it)));
    at(&UNITS).into_iter().chain(group).for_each(|it| take(UNIT, Some(it)));
    all
}

impl Target for Answers {
    fn key(&self) -> &str {
        "answers"
    }

    fn many(&self) -> &str {
        "Answers"
    }

    fn about(&self) -> &str {
        "What people answered elsewhere: exports of Microsoft Forms, Google Forms and LimeSurvey, or any table with a row \
         for each respondent or for each answer."
    }

    fn right(&self) -> Right {
        Right::ManageSurveys
    }

    fn places<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<(Uuid, String)>> {
        Box::pin(async move {
            let all = campaigns(scope.db(), scope.id()).await?;
            let open = all.into_iter().filter(|it| it.state != State::Closed);
            let named = open.map(|it| (it.id.0, format!("{} ({})", it.title, it.state.label().to_lowercase())));
            Ok(std::iter::once((Uuid::nil(), "A new survey, made from the file".to_owned())).chain(named).collect())
        })
    }

    fn admits<'a>(&'a self, scope: &'a Scope, about: Uuid) -> Answer<'a, ()> {
        Box::pin(async move {
            let Some(id) = existing(Some(about)) else { return Ok(()) };
            let campaign = campaign(scope.db(), scope.id(), id).await?;
            if campaign.state == State::Closed { Err(Error::refused(closed(&campaign))) } else { Ok(()) }
        })
    }

    fn updates(&self) -> bool {
        false
    }

    fn lenient(&self) -> Option<&'static str> {
        Some("in results it then looks as if that question had not been answered; the dry run names each cell left out")
    }

    fn understands(&self, slot: &Slot, text: &str) -> bool {
        slot.key != SIDE || rules::side(text).is_some()
    }

    /// A file of answers says who gave which; nothing of it stays beside what the campaign keeps.
    fn keeps_files(&self) -> bool {
        false
    }

    fn slots<'a>(&'a self, scope: &'a Scope, about: Option<Uuid>, sheet: &'a Sheet) -> Answer<'a, Vec<Slot>> {
        Box::pin(async move {
            match existing(about) {
                Some(id) => Ok(find(scope, id).await?.map_or(Vec::new(), |it| slots_of(&it.instrument, sheet))),
                None => Ok(slots_of_new(sheet)),
            }
        })
    }

    fn suggest(&self, slots: &[Slot], sheet: &Sheet) -> BTreeMap<String, Source> {
        suggest(slots, sheet)
    }

    fn plan<'a>(
        &'a self,
        scope: &'a Scope,
        tx: &'a mut Tx,
        batch: &'a Batch,
        reading: &'a Reading,
    ) -> Answer<'a, Plan> {
        Box::pin(plan(scope, tx, batch, reading))
    }

    fn undo<'a>(
        &'a self,
        scope: &'a Scope,
        tx: &'a mut Tx,
        author: &'a Author,
        batch: &'a Batch,
    ) -> Answer<'a, Vec<String>> {
        Box::pin(undo(scope, tx, author, batch))
    }

    fn page(&self, batch: &Batch) -> String {
        existing(batch.about).map_or("/surveys".to_owned(), |it| format!("/surveys/{it}"))
    }
}

/// Items by key first, then what says who answered, then items by their texts.
fn suggest(slots: &[Slot], sheet: &Sheet) -> BTreeMap<String, Source> {
    let is_new = slots.iter().any(|it| it.key == ANONYMOUS);
    let column = |at: usize| Source::Column(sheet.columns[at].name.clone());
    let who = said_who(sheet, |_| true);
    let is_long = who.contains_key(ITEM);
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    if is_new {
        let own = slots.iter().filter_map(|it| Some((it.key.clone(), it.synonyms.first()?.clone())));
        sources.extend(own.filter(|it| it.0.starts_with(ITEM_SLOT)).map(|(slot, name)| (slot, Source::Column(name))));
        sources.insert(ANONYMOUS.to_owned(), Source::Fixed("yes".to_owned()));
    } else if !is_long {
        let items: Vec<&Slot> = slots.iter().filter(|it| it.key.starts_with(ITEM_SLOT)).collect();
        let names: Vec<(String, Vec<String>)> =
            items.iter().map(|it| (it.key[ITEM_SLOT.len()..].to_owned(), it.synonyms.clone())).collect();
        // A question may be called like what says who answered: its whole text is surer than one word.
        let plain: BTreeSet<usize> = who.values().copied().collect();
        let words: Vec<&[String]> = items.iter().map(|it| &*it.words).collect();
        let found = told_by_words(&names, &words, sheet, matched(&names, sheet, |it| !plain.contains(&it)));
        sources.extend(found.into_iter().map(|(item, at)| (items[item].key.clone(), column(at))));
    }
    sources.extend(who.iter().map(|(slot, at)| ((*slot).to_owned(), column(*at))));
    if is_new && !who.contains_key(SIDE) && !who.contains_key(EMAIL) {
        sources.insert(SIDE.to_owned(), Source::Fixed("business".to_owned()));
    }
    sources
}

/// A campaign of this organisation; nothing where it was deleted.
async fn find(scope: &Scope, id: CampaignId) -> Result<Option<Campaign>> {
    match campaign(scope.db(), scope.id(), id).await {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound) => Ok(None),
        Err(err) => Err(err),
    }
}

/// The campaign that is made from a file.
fn made_of(scope: &Scope, batch: &Batch, reading: &Reading) -> Campaign {
    let sheet = &reading.sheet;
    let said = |slot: &str| sheet.rows.first().map_or("", |row| reading.cell(row, slot).0).to_owned();
    let at = |slot: &str| {
        let column = reading.column(slot)?;
        sheet.columns.iter().position(|it| it.name == column.name)
    };
    let answered: Vec<Answered> = match at(ITEM).zip(at(VALUE)) {
        Some((item, value)) => made::items(sheet, item, value),
        None => {
            let taken = said_who(sheet, |_| true).into_values().collect();
            let all = made::columns(sheet, &taken).into_iter();
            all.map(|it| it.1).filter(|it| reading.has(&format!("{ITEM_SLOT}{}", it.key))).collect()
        }
    };
    let title = match said(TITLE) {
        it if it.is_empty() => batch.file_name.rsplit_once('.').map_or(&*batch.file_name, |it| it.0).to_owned(),
        it => it,
    };
    let today = scope.today();
    Campaign {
        anonymous: said(ANONYMOUS) != "no",
        state: State::Open,
        closes: today + OPEN_FOR.days(),
        launched_at: Some(scope.now),
        title: title.clone(),
        ..blank(scope, made::instrument(&title, &answered))
    }
}

async fn plan(scope: &Scope, tx: &mut Tx, batch: &Batch, reading: &Reading) -> Result<Plan> {
    let (campaign, is_new) = match existing(batch.about) {
        None => (made_of(scope, batch, reading), true),
        Some(id) => match find(scope, id).await? {
            Some(it) if it.state != State::Closed => (it, false),
            Some(it) => return Ok(nothing(reading, &closed(&it))),
            None => return Ok(nothing(reading, "The survey that it was to go into was deleted.")),
        },
    };
    let asked = if is_new { Vec::new() } else { invitees(scope.db(), scope.id(), campaign.id).await? };
    let here = here(scope, tx, &campaign, &asked).await?;
    let decided = decide(reading, &places(&campaign.instrument), &here);
    let (lines, taken): (Vec<Line>, Vec<Option<Taken>>) = decided.into_iter().unzip();
    let left_out = lines.iter().map(|it| it.warns.len()).sum();
    let taken = taken.into_iter().flatten().collect();
    Ok(Plan::new(lines, Bringing { batch: batch.id, campaign, is_new, asked, taken, left_out }))
}

/// A plan that takes nothing in, and says why.
fn nothing(reading: &Reading, why: &str) -> Plan {
    let line = |row: u32| Line::new(row, format!("Row {row}"), Fate::Skip, vec![why.to_owned()]);
    struct Nothing;
    impl Work for Nothing {
        fn apply<'a>(self: Box<Self>, _: &'a mut Tx, _: &'a Author) -> Answer<'a, ()>
        where
            Self: 'a,
        {
            Box::pin(async { Ok(()) })
        }
    }
    Plan::new(reading.sheet.rows.iter().map(|it| line(it.number)).collect(), Nothing)
}

async fn here(scope: &Scope, tx: &mut Tx, campaign: &Campaign, asked: &[Invitee]) -> Result<Here> {
    let rows = kit::store::rows_in(tx, scope.id(), Person::KIND).await?;
    let people = rows.iter().map(Person::from_row);
    let units: Vec<Unit> = kit::store::rows_in(tx, scope.id(), Unit::KIND).await?.iter().map(Unit::from_row).collect();
    let called = |it: &Unit| {
        let names = std::iter::once(it.name.clone()).chain(it.code.clone());
        names.map(|name| (squash(&name), it.name.clone())).collect::<Vec<_>>()
    };
    let brought = store::brought(tx, scope.id(), campaign.id).await?;
    let through_a_link = |it: &&Invitee| {
        let key = it.email.as_ref().map(|it| reference(campaign.id.0, &by_email(&it.to_lowercase())));
        it.answered && key.is_some_and(|it| !brought.contains(&it))
    };
    Ok(Here {
        campaign: campaign.id.0,
        anonymous: campaign.anonymous,
        people: people.filter_map(|it| Some((it.email.as_ref()?.to_lowercase(), it))).collect(),
        units_called: units.iter().flat_map(called).collect(),
        units: units.into_iter().map(|it| (it.id.0, it.name)).collect(),
        answered: asked
            .iter()
            .filter(through_a_link)
            .filter_map(|it| Some(it.email.as_ref()?.to_lowercase()))
            .collect(),
        brought,
    })
}

/// The responses of a batch on their way in.
struct Bringing {
    batch: Uuid,
    campaign: Campaign,
    is_new: bool,
    /// Who is asked through links of their own, so that nobody answers twice.
    asked: Vec<Invitee>,
    taken: Vec<Taken>,
    /// How many cells that could not be read are left out.
    left_out: usize,
}

impl Work for Bringing {
    fn apply<'a>(self: Box<Self>, tx: &'a mut Tx, author: &'a Author) -> Answer<'a, ()>
    where
        Self: 'a,
    {
        Box::pin(self.bring(tx, author))
    }
}

impl Bringing {
    async fn bring(self: Box<Self>, tx: &mut Tx, author: &Author) -> Result<()> {
        let Bringing { batch, campaign, is_new, asked, taken, left_out } = *self;
        let org = author.org;
        if taken.is_empty() {
            return Ok(());
        }
        if is_new {
            insert_campaign(tx, org, &campaign).await?;
            import::set_about(tx, org, batch, campaign.id.0).await?;
            let changes = difference(None, &campaign);
            audit::add(tx, author, "created", CAMPAIGN, campaign.id.0, &campaign.title, &changes, 1).await?;
        } else if !store::hold(tx, org, campaign.id).await? {
            return Err(Error::refused(closed(&campaign)));
        }
        let many = taken.len();
        // In an order that says nothing, under identifiers that tell no time.
        let mut responses: Vec<(Uuid, Taken)> = taken.into_iter().map(|it| (Uuid::new_v4(), it)).collect();
        responses.sort_by_key(|it| it.0);
        let mut answered = Vec::new();
        for (id, it) in responses {
            let response = Response {
                id,
                respondent: Some(it.reference),
                name: it.name,
                person: it.person.map(|it| it.0),
                side: it.side,
                unit: it.unit,
                role: it.role,
                influence: it.influence,
                submitted: true,
                batch: Some(batch),
            };
            insert_response(tx, org, campaign.id, &response).await?;
            store::insert_answers(tx, id, it.answers.into_iter().collect()).await?;
            let Some(email) = it.email else { continue };
            let is = |of: &&Invitee| of.email.as_ref().is_some_and(|it| it.to_lowercase() == email);
            for invitee in asked.iter().filter(is) {
                store::set_answered(tx, org, invitee.id, true).await?;
                answered.push(invitee.id);
            }
        }
        asking::answered(tx, org, campaign.id.0, &answered).await?;
        let mut changes = Changes::from([("answers".to_owned(), [serde_json::Value::Null, many.into()])]);
        if left_out > 0 {
            changes.insert("cells left out".to_owned(), [serde_json::Value::Null, left_out.into()]);
        }
        audit::add(
            tx,
            author,
            "brought answers into",
            CAMPAIGN,
            campaign.id.0,
            &campaign.title,
            &changes,
            campaign.version,
        )
        .await
    }
}

/// Takes away what a batch brought, and the campaign that it made where nothing else is in it. Refuses once the
/// campaign is closed.
async fn undo(scope: &Scope, tx: &mut Tx, author: &Author, batch: &Batch) -> Result<Vec<String>> {
    let Some(id) = existing(batch.about) else { return Ok(Vec::new()) };
    let Some(campaign) = find(scope, id).await? else {
        return Ok(vec!["The survey was deleted meanwhile, and these answers with it.".to_owned()]);
    };
    if !store::hold(tx, scope.id(), id).await? {
        return Err(Error::refused(format!(
            "“{}” is closed, and its results rest on a copy that nothing alters: its answers stay.",
            campaign.title
        )));
    }
    let references: BTreeSet<String> = store::of_batch(tx, scope.id(), batch.id).await?.into_iter().flatten().collect();
    for it in invitees(scope.db(), scope.id(), id).await?.iter().filter(|it| it.answered) {
        let key = it.email.as_ref().map(|it| reference(id.0, &by_email(&it.to_lowercase())));
        if key.is_some_and(|it| references.contains(&it)) {
            store::set_answered(tx, scope.id(), it.id, false).await?;
        }
    }
    let gone = store::delete_batch(tx, scope.id(), batch.id).await?;
    let changes = Changes::from([("answers".to_owned(), [gone.into(), serde_json::Value::Null])]);
    audit::add(tx, author, "took answers out of", CAMPAIGN, id.0, &campaign.title, &changes, campaign.version).await?;
    let made = audit::of_batch(tx, scope.id(), batch.id).await?;
    if !made.iter().any(|it| it.record == id.0 && it.act == "created") {
        return Ok(Vec::new());
    }
    if !store::delete_empty(tx, scope.id(), id).await? {
        return Ok(vec![format!("“{}” stays: there is more in it than this import brought.", campaign.title)]);
    }
    audit::add(tx, author, "deleted", CAMPAIGN, id.0, &campaign.title, &Changes::new(), campaign.version).await?;
    Ok(Vec::new())
}

/// How many answers a campaign has, of all sides.
pub async fn many(scope: &Scope, id: CampaignId) -> Result<usize> {
    Ok(counts(scope.db(), scope.id(), id).await?.iter().map(|it| it.1 as usize).sum())
}
