//! What becomes of each respondent of a file: pure, given the file with its columns assigned, the places of the
//! instrument, and what is here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use db::uuid::Uuid;
use kit::{
    import::{
        Fate, Line, Reading,
        sheet::{LayoutKind, Row, Style, layout, parse::is_blank},
    },
    method::Side,
    people::{Person, PersonId},
};
use sha2::{Digest, Sha256};

use crate::{
    answers::{
        cells,
        places::{Place, squash},
    },
    campaign::role_of,
    snapshot::Answer,
};

/// The slots that say who answered, and those of the long layout. Those of items follow after [`ITEM_SLOT`].
pub const EMAIL: &str = "email";
pub const RESPONDENT: &str = "respondent";
pub const TIME: &str = "time";
pub const NAME: &str = "name";
pub const SIDE: &str = "side";
pub const UNIT: &str = "unit";
pub const ROLE: &str = "role";
pub const ITEM: &str = "item";
pub const VALUE: &str = "value";
pub const ITEM_SLOT: &str = "item:";

/// What the organisation and the campaign know already.
#[derive(Debug, Default)]
pub struct Here {
    /// The campaign that it goes into; a part of every reference.
    pub campaign: Uuid,
    pub anonymous: bool,
    /// Everyone of the organisation by e-mail address, in lower case.
    pub people: BTreeMap<String, Person>,
    /// The names of business units by identifier.
    pub units: BTreeMap<Uuid, String>,
    /// Business units by what files call them, squashed.
    pub units_called: BTreeMap<String, String>,
    /// References of the respondents whose answers were brought in.
    pub brought: BTreeSet<String>,
    /// Addresses of those who answered through their own link.
    pub answered: BTreeSet<String>,
}

/// A response as it is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub reference: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub person: Option<PersonId>,
    pub side: Side,
    pub unit: Option<String>,
    pub role: Option<String>,
    pub influence: Option<i64>,
    pub answers: BTreeMap<String, Answer>,
}

/// How a respondent is known again within one campaign. The key is an e-mail address, a number with its time, or the
/// row itself; what is kept is a digest of it, so that no address stands beside answers. Whoever can read the
/// database and tries every address can still find one, which is why closing an anonymous campaign deletes it.
pub fn reference(campaign: Uuid, key: &str) -> String {
    Sha256::digest(format!("{campaign}\n{key}").as_bytes()).iter().fold(String::new(), |mut all, it| {
        let _ = write!(all, "{it:02x}");
        all
    })
}

/// The key of somebody who is known by an e-mail address, in lower case.
pub fn by_email(email: &str) -> String {
    format!("email {email}")
}

/// Decides on every respondent of a file, in the order of their first rows.
pub fn decide(reading: &Reading, places: &[Place], here: &Here) -> Vec<(Line, Option<Taken>)> {
    let is_long = reading.has(ITEM) && reading.has(VALUE);
    let mut given = if is_long { long(reading, places) } else { wide(reading, places) };
    without_time(reading, &mut given);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    given.into_iter().map(|it| it.decide(here, &mut seen)).collect()
}

/// Everything that a file says of one respondent.
struct Given<'a> {
    row: u32,
    key: Option<String>,
    email: Option<String>,
    respondent: &'a str,
    name: &'a str,
    side: &'a str,
    unit: &'a str,
    role: &'a str,
    answers: BTreeMap<String, Answer>,
    faults: Vec<String>,
    notes: Vec<String>,
    /// Whether it comes in without its cells that cannot be read, and which these are.
    lenient: bool,
    left_out: Vec<String>,
}

impl<'a> Given<'a> {
    fn of(reading: &'a Reading, row: &'a Row) -> Given<'a> {
        let text = |slot: &str| Some(reading.cell(row, slot).0).filter(|it| !is_blank(it)).unwrap_or_default();
        let email = text(EMAIL).trim_start_matches("mailto:").to_lowercase();
        let (email, other) = if email.contains('@') { (Some(email), "") } else { (None, text(EMAIL)) };
        // Microsoft Forms writes this word for everyone where nobody signs in.
        let other =
            if other.eq_ignore_ascii_case("anonymous") || other.eq_ignore_ascii_case("anonym") { "" } else { other };
        let respondent = if text(RESPONDENT).is_empty() { other } else { text(RESPONDENT) };
        Given {
            row: row.number,
            key: None,
            email,
            respondent,
            name: text(NAME),
            side: text(SIDE),
            unit: text(UNIT),
            role: text(ROLE),
            answers: BTreeMap::new(),
            faults: Vec::new(),
            notes: Vec::new(),
            lenient: reading.settings.lenient,
            left_out: Vec::new(),
        }
    }

    /// By what a respondent is known: the address, or a number, which only counts within its file, with the time.
    fn known_by(&self, time: &str) -> Option<String> {
        match &self.email {
            Some(it) => Some(by_email(it)),
            None if !self.respondent.is_empty() => Some(format!("number {}\n{time}", self.respondent)),
            None => None,
        }
    }

    fn take(&mut self, place: &Place, text: &str, style: &Style, whence: &str) {
        match cells::read(place, text, style) {
            Ok(answers) => {
                for (item, answer) in answers {
                    match self.answers.get(&item) {
                        Some(there) if *there != answer => {
                            self.faults.push(format!("{whence}: another answer to it stands in a row above."));
                        }
                        _ => drop(self.answers.insert(item, answer)),
                    }
                }
            }
            Err(fault) if self.lenient => self.left_out.push(format!("{whence}: {fault} The cell is left out.")),
            Err(fault) => self.faults.push(format!("{whence}: {fault}")),
        }
    }

    fn title(&self) -> String {
        match (&self.email, self.name, self.respondent) {
            (_, name, _) if !name.is_empty() => name.to_owned(),
            (Some(it), ..) => it.clone(),
            (None, _, "") => format!("Row {}", self.row),
            (None, _, it) => format!("Respondent {it}"),
        }
    }

    fn decide(mut self, here: &Here, seen: &mut BTreeMap<String, u32>) -> (Line, Option<Taken>) {
        let line = |it: &Given, fate, says| Line::new(it.row, it.title(), fate, says);
        let Some(key) = self.key.take() else {
            let says = "Nothing says whose answer this is: choose the column of the respondent.".to_owned();
            return (line(&self, Fate::Skip, vec![says]), None);
        };
        let first = *seen.entry(key.clone()).or_insert(self.row);
        if first != self.row {
            return (line(&self, Fate::Skip, vec![format!("Row {first} is about the same respondent.")]), None);
        }
        let reference = reference(here.campaign, &key);
        if here.brought.contains(&reference) {
            let says = "These answers are here already and stay as they are.".to_owned();
            return (line(&self, Fate::Unchanged, vec![says]), None);
        }
        if self.email.as_ref().is_some_and(|it| here.answered.contains(it)) {
            let says = "This person has answered through a link of their own; that counts.".to_owned();
            return (line(&self, Fate::Skip, vec![says]), None);
        }
        let person = self.email.as_ref().and_then(|it| here.people.get(it));
        let side = match person {
            Some(it) => Some(it.side),
            None => side(self.side),
        };
        if side.is_none() {
            let why = match (self.side, &self.email) {
                ("", Some(email)) => format!(
                    "“{email}” is nobody who is here, and nothing says on which side they stand: bring the person in \
                     first, or choose a column or one value for the side."
                ),
                ("", None) => {
                    "Nothing says on which side they stand: choose a column or one value for the side.".to_owned()
                }
                (it, _) => format!("“{it}” is no side: business, IT or provider."),
            };
            self.faults.insert(0, why);
        }
        if self.answers.is_empty() && self.faults.is_empty() {
            let readably = if self.left_out.is_empty() { "" } else { " by what can be read" };
            self.faults.push(format!("No question is answered{readably}."));
        }
        let Some(side) = side.filter(|_| self.faults.is_empty()) else {
            let mut said = BTreeSet::new();
            self.faults.retain(|it| said.insert(it.clone()));
            return (line(&self, Fate::Skip, self.faults.clone()), None);
        };
        let written = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        let taken = Taken {
            reference,
            name: person.map(|it| it.name.clone()).or_else(|| written(self.name)).filter(|_| !here.anonymous),
            person: person.map(|it| it.id).filter(|_| !here.anonymous),
            side,
            unit: match person {
                Some(it) => it.unit.and_then(|it| here.units.get(&it.0).cloned()),
                None => written(self.unit).map(|it| here.units_called.get(&squash(&it)).cloned().unwrap_or(it)),
            },
            role: person.map(|it| role_of(it).to_owned()).or_else(|| written(self.role)),
            influence: person.and_then(|it| it.influence).filter(|_| !here.anonymous),
            answers: std::mem::take(&mut self.answers),
            email: self.email.clone(),
        };
        let warns = std::mem::take(&mut self.left_out);
        (Line { warns, ..line(&self, Fate::Create, self.notes.clone()) }, Some(taken))
    }
}

/// The side that a text names, in English or German.
pub fn side(text: &str) -> Option<Side> {
    let known: [(Side, &[&str]); 3] = [
        (Side::Business, &["business", "fachbereich", "fachbereiche", "fach", "thebusiness"]),
        (Side::It, &["it", "edv", "informatik", "informationtechnology", "itteam", "itabteilung"]),
        (Side::Provider, &["provider", "anbieter", "dienstleister", "itprovider", "supplier", "extern", "external"]),
    ];
    let text = squash(text);
    known.into_iter().find(|(_, names)| names.contains(&&*text)).map(|it| it.0)
}

/// A row for each respondent.
fn wide<'a>(reading: &'a Reading, places: &[Place]) -> Vec<Given<'a>> {
    let slots: Vec<(String, &Place, String)> = places
        .iter()
        .map(|place| (format!("{ITEM_SLOT}{}", place.key), place))
        .filter(|(slot, _)| reading.has(slot))
        .map(|(slot, place)| {
            let whence = reading.column(&slot).map_or_else(
                || format!("The value for all rows of “{}”", shortened(&place.label)),
                |it| format!("Column {}, “{}”", it.letters, shortened(&it.name)),
            );
            (slot, place, whence)
        })
        .collect();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let of = |row: &'a Row| {
        let mut given = Given::of(reading, row);
        for (slot, place, whence) in &slots {
            let (text, style) = reading.cell(row, slot);
            given.take(place, text, &style, whence);
        }
        given.key = given.known_by(reading.cell(row, TIME).0).or_else(|| {
            // Where nothing tells respondents apart, two equal rows are two people, the same rows again are not.
            let row = row.cells.join("\u{1f}");
            let nth = alike.entry(row.clone()).and_modify(|it| *it += 1).or_insert(1);
            Some(format!("row {row}\n{nth}"))
        });
        given
    };
    reading.sheet.rows.iter().map(of).collect()
}

/// A row for each answer: respondent, item, value.
fn long<'a>(reading: &'a Reading, places: &[Place]) -> Vec<Given<'a>> {
    let mut by_key: BTreeMap<String, &Place> = BTreeMap::new();
    for place in places {
        for name in place.names.iter().chain([&squash(&place.label)]) {
            by_key.entry(name.clone()).or_insert(place);
        }
    }
    // Keys are surer than texts.
    by_key.extend(places.iter().map(|it| (squash(&it.key), it)));
    let mut all: Vec<Given> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for row in &reading.sheet.rows {
        let now = Given::of(reading, row);
        let Some(key) = now.known_by(reading.cell(row, TIME).0) else {
            all.push(now);
            continue;
        };
        let it = *at.entry(key.clone()).or_insert_with(|| {
            all.push(Given::of(reading, row));
            all.len() - 1
        });
        let given = &mut all[it];
        given.key = Some(key);
        for (what, before, now) in [
            ("name", &mut given.name, now.name),
            ("side", &mut given.side, now.side),
            ("unit", &mut given.unit, now.unit),
            ("role", &mut given.role, now.role),
        ] {
            if before.is_empty() {
                *before = now;
            } else if !now.is_empty() && *before != now {
                given.faults.push(format!("Row {} gives another {what}, “{now}”, than a row above.", row.number));
            }
        }
        let (item, _) = reading.cell(row, ITEM);
        let (text, style) = reading.cell(row, VALUE);
        match by_key.get(&squash(item)) {
            Some(place) => given.take(place, text, &style, &format!("Row {}, “{}”", row.number, shortened(item))),
            None => {
                let note = format!("Left out: “{}” is no item of this survey.", shortened(item));
                if !given.notes.contains(&note) {
                    given.notes.push(note);
                }
            }
        }
    }
    all
}

/// LimeSurvey exports what was begun and never handed in, too: without a time.
fn without_time(reading: &Reading, given: &mut [Given]) {
    let found = layout(&reading.sheet);
    let Some(time) = reading.column(TIME) else { return };
    if found.kind != LayoutKind::LimeSurvey
        || found.submitted.is_none_or(|it| reading.sheet.columns[it].name != time.name)
    {
        return;
    }
    for row in reading.sheet.rows.iter().filter(|row| is_blank(reading.cell(row, TIME).0)) {
        if let Some(it) = given.iter_mut().find(|it| it.row == row.number) {
            it.faults.insert(0, format!("Begun, but not handed in: “{}” is empty.", shortened(&time.name)));
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(MOST).collect::<String>().trim_end())
}

#[cfg(test)]
mod tests {
    use kit::import::{
        Settings, Source,
        sheet::{Choices, read},
    };

    use super::*;
    use crate::{answers::places::places, instrument::shipped};

    fn here() -> Here {
        let ada = Person {
            id: kit::people::PersonId(Uuid::from_u128(1)),
            version: 1,
            name: "Ada".to_owned(),
            email: Some("ada@example.org".to_owned()),
            side: Side::It,
            job: None,
            unit: None,
            manager: None,
            influence: Some(4),
            starts: None,
            ends: None,
        };
        Here {
            campaign: Uuid::from_u128(7),
            anonymous: true,
            people: BTreeMap::from([("ada@example.org".to_owned(), ada)]),
            ..Here::default()
        }
    }

    /// Brings a file in whose columns are called like the slots, items by their keys.
    fn decided(csv: &str, here: &Here) -> Vec<(Line, Option<Taken>)> {
        decided_with(csv, here, Settings::default())
    }

    fn decided_with(csv: &str, here: &Here, settings: Settings) -> Vec<(Line, Option<Taken>)> {
        let short = shipped().remove(0);
        let sheet = read("answers.csv", csv.as_bytes(), &Choices::default()).expect("a table");
        let slot = |name: &str| if name.contains('.') { format!("{ITEM_SLOT}{name}") } else { name.to_owned() };
        let sources: BTreeMap<String, Source> =
            sheet.columns.iter().map(|it| (slot(&it.name), Source::Column(it.name.clone()))).collect();
        decide(&Reading::new(sheet, &sources, settings), &places(&short), here)
    }

    fn said(decided: &[(Line, Option<Taken>)]) -> Vec<(u32, Fate, String)> {
        decided.iter().map(|(it, _)| (it.row, it.fate, it.says.join(" "))).collect()
    }

    #[test]
    fn an_address_tells_side_and_role_and_an_unknown_one_is_skipped_unless_the_file_tells_the_side() {
        let csv = "email,side,c01.done\nADA@example.org,,4\nbea@example.org,,3\ncid@example.org,Fachbereich,2\n";
        let decided = decided(csv, &here());
        let ada = decided[0].1.as_ref().expect("Ada is taken");
        assert_eq!((ada.side, ada.role.as_deref(), ada.influence), (Side::It, Some("Leaders"), None));
        assert_eq!(decided[1].0.fate, Fate::Skip);
        assert!(decided[1].0.says[0].contains("nobody who is here"), "{:?}", decided[1].0.says);
        assert_eq!(decided[2].1.as_ref().map(|it| it.side), Some(Side::Business));
    }

    #[test]
    fn a_name_an_influence_and_a_record_are_kept_only_where_people_answer_under_their_names() {
        let csv = "email,name,c01.done\nada@example.org,Ada B.,4\n";
        let named = Here { anonymous: false, ..here() };
        let of = |here: &Here| decided(csv, here)[0].1.clone().expect("it is taken");
        assert_eq!((of(&named).name.as_deref(), of(&named).influence), (Some("Ada"), Some(4)));
        assert!(of(&named).person.is_some());
        assert_eq!((of(&here()).name, of(&here()).influence, of(&here()).person), (None, None, None));
    }

    #[test]
    fn one_answer_off_the_scale_skips_its_respondent_and_says_where_it_stands() {
        let decided = decided("side,c01.done,c02.done\nIT,9,3\nIT,4,3\n", &here());
        assert_eq!(decided[0].1, None);
        let says = &decided[0].0.says[0];
        assert!(says.starts_with("Column B, “c01.done”: “9” is not on the scale"), "{says}");
        assert_eq!(decided[1].0.fate, Fate::Create);
    }

    #[test]
    fn where_it_was_asked_for_a_respondent_comes_in_without_the_cells_off_the_scale_and_each_is_named() {
        let lenient = Settings { lenient: true, ..Settings::default() };
        let csv = "side,c01.done,c02.done\nIT,9,3\nIT,9,6\nMoon,9,3\n";
        let decided = decided_with(csv, &here(), lenient);
        assert_eq!(decided.iter().map(|it| it.0.fate).collect::<Vec<_>>(), [Fate::Create, Fate::Skip, Fate::Skip]);
        let taken = decided[0].1.as_ref().expect("it is taken");
        assert_eq!(taken.answers.keys().collect::<Vec<_>>(), ["c02.done"]);
        let [warn] = &decided[0].0.warns[..] else { panic!("{:?}", decided[0].0.warns) };
        assert!(warn.starts_with("Column B, “c01.done”: “9”") && warn.ends_with("The cell is left out."), "{warn}");
        assert_eq!(decided[1].0.says, ["No question is answered by what can be read."]);
    }

    #[test]
    fn a_second_row_of_a_respondent_is_skipped_but_two_equal_rows_without_any_name_are_two_people() {
        let twice = decided("respondent,side,c01.done\n7,IT,4\n7,IT,5\n", &here());
        assert_eq!(said(&twice)[1], (3, Fate::Skip, "Row 2 is about the same respondent.".to_owned()));
        let nameless = decided("side,c01.done\nIT,4\nIT,4\n", &here());
        assert_eq!(nameless.iter().filter(|it| it.1.is_some()).count(), 2);
        assert_ne!(nameless[0].1.as_ref().map(|it| &it.reference), nameless[1].1.as_ref().map(|it| &it.reference));
    }

    #[test]
    fn what_is_here_already_is_unchanged_and_who_answered_through_a_link_is_skipped() {
        let csv = "email,c01.done\nada@example.org,4\n";
        let first = decided(csv, &here())[0].1.clone().expect("it is taken");
        let brought = Here { brought: BTreeSet::from([first.reference.clone()]), ..here() };
        assert_eq!(decided(csv, &brought)[0].0.fate, Fate::Unchanged);
        assert!(!first.reference.contains("ada"));
        let elsewhere = Here { campaign: Uuid::from_u128(8), ..here() };
        assert_ne!(decided(csv, &elsewhere)[0].1.clone().expect("it is taken").reference, first.reference);
        let linked = Here { answered: BTreeSet::from(["ada@example.org".to_owned()]), ..here() };
        assert!(decided(csv, &linked)[0].0.says[0].contains("through a link of their own"));
    }

    #[test]
    fn several_rows_make_one_response_and_what_contradicts_itself_is_skipped() {
        let csv = "respondent,side,item,value\na,IT,c01.done,4\nb,business,c01.done,2\na,IT,c02.done,Cannot judge\n\
                   a,IT,c99.done,1\nb,IT,c02.done,3\nb,,c01.done,5\n";
        let decided = decided(csv, &here());
        assert_eq!(decided.len(), 2);
        assert_eq!((decided[0].0.row, decided[0].0.fate), (2, Fate::Create));
        assert_eq!(decided[0].0.says, ["Left out: “c99.done” is no item of this survey."]);
        let taken = decided[0].1.as_ref().expect("a response");
        assert_eq!(taken.answers.len(), 2);
        assert_eq!(taken.answers["c02.done"], Answer::CannotJudge);
        let says = decided[1].0.says.join(" ");
        assert!(
            says.contains("Row 6 gives another side") && says.contains("Row 7, “c01.done”: another answer"),
            "{says}"
        );
    }

    #[test]
    fn what_was_begun_in_limesurvey_and_not_handed_in_is_skipped() {
        let csv = "id,submitdate,lastpage,startlanguage,seed,c01.done\n1,2026-01-02 10:00:00,3,en,5,4\n2,,1,en,6,4\n";
        let sheet = read("answers.csv", csv.as_bytes(), &Choices::default()).expect("a table");
        let column = |slot: &str, name: &str| (slot.to_owned(), Source::Column(name.to_owned()));
        let sources = BTreeMap::from([
            column(RESPONDENT, "id"),
            column(TIME, "submitdate"),
            column("item:c01.done", "c01.done"),
            (SIDE.to_owned(), Source::Fixed("it".to_owned())),
        ]);
        let short = shipped().remove(0);
        let decided = decide(&Reading::new(sheet, &sources, Settings::default()), &places(&short), &here());
        assert_eq!((decided[0].0.fate, decided[1].0.fate), (Fate::Create, Fate::Skip));
        assert!(decided[1].0.says[0].contains("not handed in"), "{:?}", decided[1].0.says);
    }
}
