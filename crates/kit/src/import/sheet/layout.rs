//! Which survey program an export comes from, and what its columns are.

use std::collections::HashSet;

use serde::Serialize;

use super::suggest::normalised;
use super::{Kind, Sheet, parse};

/// What the columns of a table of answers are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurveyLayout {
    pub kind: LayoutKind,
    /// Why this layout, as a sentence part.
    pub why: String,
    /// Who answered; without it every row is one respondent (wide layouts).
    pub respondent: Option<usize>,
    pub email: Option<usize>,
    pub name: Option<usize>,
    pub group: Option<usize>,
    /// When the answers were handed in.
    pub submitted: Option<usize>,
    pub started: Option<usize>,
    pub language: Option<usize>,
    /// Wide layouts: one for each column that holds answers.
    pub items: Vec<ItemColumn>,
    /// Long layout: the column that names the item of its row.
    pub item: Option<usize>,
    /// Long layout: the column of answers.
    pub value: Option<usize>,
    /// Columns that the survey program added and that hold no answers.
    pub other: Vec<usize>,
}

/// The layouts that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LayoutKind {
    MicrosoftForms,
    GoogleForms,
    LimeSurvey,
    /// One row for each answer.
    Long,
    /// One row for each respondent, from no program that is known.
    Wide,
}

/// A column of answers in a wide layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemColumn {
    pub column: usize,
    /// The question's code where the export has one, such as `G01Q02`.
    pub code: Option<String>,
    /// The code of the matrix row or choice, such as `SQ001`.
    pub sub_code: Option<String>,
    /// The question's text; its code where there is no text.
    pub text: String,
    /// The label of the matrix row or choice where the question has several columns.
    pub row: Option<String>,
}

const RESPONDENT: &[&str] = &[
    "respondent",
    "respondents",
    "respondent id",
    "participant",
    "participant id",
    "response id",
    "responseid",
    "person",
    "person id",
    "rater",
    "user",
    "user id",
    "subject",
    "student id",
    "employee id",
    "case",
    "id",
    "token",
    "befragte",
    "befragter",
    "befragte person",
    "teilnehmer",
    "teilnehmerin",
    "teilnehmende",
    "teilnehmer id",
    "antwort id",
    "antwortende",
    "mitarbeiter",
    "personalnummer",
    "fall",
];
const GROUP: &[&str] = &[
    "group",
    "groups",
    "grp",
    "side",
    "team",
    "unit",
    "business unit",
    "department",
    "division",
    "role",
    "stakeholder",
    "stakeholder group",
    "gruppe",
    "seite",
    "einheit",
    "abteilung",
    "bereich",
    "geschaeftsbereich",
    "rolle",
    "funktion",
];
const ITEM: &[&str] = &[
    "item",
    "item id",
    "item code",
    "items",
    "question",
    "question id",
    "question code",
    "question text",
    "statement",
    "variable",
    "competency",
    "measure",
    "frage",
    "fragen",
    "frage id",
    "frage code",
    "fragetext",
    "aussage",
    "kompetenz",
    "merkmal",
    "key",
];
const VALUE: &[&str] = &[
    "value",
    "answer",
    "answers",
    "response",
    "rating",
    "score",
    "result",
    "wert",
    "antwort",
    "antworten",
    "bewertung",
    "punkte",
    "einschaetzung",
    "antwortwert",
];
const EMAIL: &[&str] = &[
    "email",
    "e mail",
    "email address",
    "e mail address",
    "mail",
    "e mail adresse",
    "email adresse",
    "username",
    "nutzername",
    "benutzername",
];
const NAME: &[&str] = &["name", "full name", "vollstaendiger name", "respondent name", "display name", "anzeigename"];
const SUBMITTED: &[&str] = &[
    "completion time",
    "timestamp",
    "submitdate",
    "date submitted",
    "submitted",
    "submitted at",
    "submission time",
    "submission date",
    "end time",
    "fertigstellungszeit",
    "endzeit",
    "abschlusszeit",
    "zeitstempel",
    "datum abgeschickt",
    "abgeschickt",
    "abgeschickt am",
    "eingereicht am",
    "abgegeben am",
];
const STARTED: &[&str] =
    &["start time", "startdate", "date started", "started", "startzeit", "datum gestartet", "begonnen am"];
const LANGUAGE: &[&str] =
    &["language", "startlanguage", "start language", "sprache", "start sprache", "startsprache", "ausgangssprache"];
/// What survey programs add beside these.
const ADDED: &[&str] = &[
    "last modified time",
    "last modification time",
    "uhrzeit der letzten aenderung",
    "zeitpunkt der letzten aenderung",
    "letzte aenderung",
    "total points",
    "quiz feedback",
    "gesamtpunktzahl",
    "testfeedback",
    "punktzahl",
    "lastpage",
    "last page",
    "letzte seite",
    "seed",
    "zufallsstartwert",
    "datestamp",
    "date last action",
    "datum letzte aktivitaet",
    "letzte aktivitaet",
    "ipaddr",
    "ip address",
    "ip adresse",
    "refurl",
    "referrer url",
    "referring url",
    "token",
    "access code",
    "zugangscode",
    "zugangsschluessel",
    "interviewtime",
    "total time",
    "gesamtzeit",
];

/// Recognises where answers come from by the names of their columns, in English or German, and tells what each is.
pub fn layout(sheet: &Sheet) -> SurveyLayout {
    let names: Vec<String> =
        sheet.columns.iter().map(|column| normalised(first_part(&column.parts, &column.name))).collect();
    let at = |words: &[&str]| names.iter().position(|name| words.contains(&name.as_str()));
    let has = |words: &[&str]| at(words).is_some();
    let starts = |words: &[&str]| names.first().is_some_and(|name| words.contains(&name.as_str()));

    let lime = ["submitdate", "lastpage", "startlanguage", "seed", "date submitted", "last page", "start language"];
    let lime_de = ["datum abgeschickt", "letzte seite", "start sprache", "startsprache", "zufallsstartwert"];
    let lime_marks =
        names.iter().filter(|name| lime.contains(&name.as_str()) || lime_de.contains(&name.as_str())).count();
    let ms_start = has(&["start time", "startzeit"]);
    let ms_end = has(&["completion time", "fertigstellungszeit", "abschlusszeit"]);
    if ms_start && ms_end {
        let why = "it has the start and completion times of Microsoft Forms";
        wide(sheet, &names, LayoutKind::MicrosoftForms, why)
    } else if lime_marks >= 2 {
        wide(sheet, &names, LayoutKind::LimeSurvey, "it has the columns that LimeSurvey adds")
    } else if starts(&["timestamp", "zeitstempel"]) {
        wide(sheet, &names, LayoutKind::GoogleForms, "it begins with the timestamp of Google Forms")
    } else if let Some(long) = long(sheet, &names) {
        long
    } else {
        wide(sheet, &names, LayoutKind::Wide, "it has a column for each question")
    }
}

/// In a header of several rows the first holds the code or the fixed name, and in `submitdate. Date submitted` what
/// stands before the point.
fn first_part<'a>(parts: &'a [String], name: &'a str) -> &'a str {
    let first = parts.first().map_or(name, String::as_str);
    match first.split_once(". ") {
        Some((code, _)) if code.bytes().all(|b| b.is_ascii_lowercase()) => code,
        _ => first,
    }
}

fn empty(kind: LayoutKind, why: &str) -> SurveyLayout {
    SurveyLayout {
        kind,
        why: why.into(),
        respondent: None,
        email: None,
        name: None,
        group: None,
        submitted: None,
        started: None,
        language: None,
        items: Vec::new(),
        item: None,
        value: None,
        other: Vec::new(),
    }
}

fn wide(sheet: &Sheet, names: &[String], kind: LayoutKind, why: &str) -> SurveyLayout {
    let mut layout = empty(kind, why);
    let known = kind != LayoutKind::Wide;
    for (column, name) in names.iter().enumerate() {
        let is = |words: &[&str]| words.contains(&name.as_str());
        let free = |field: &Option<usize>| field.is_none();
        let says_who = is(RESPONDENT) || name.ends_with(" id") && !known;
        // A question may be called like a field; a field holds other values.
        if free(&layout.respondent) && says_who && is_distinct(sheet, column) {
            layout.respondent = Some(column);
        } else if free(&layout.email) && is(EMAIL) {
            layout.email = Some(column);
        } else if free(&layout.name) && is(NAME) {
            layout.name = Some(column);
        } else if free(&layout.submitted) && is(SUBMITTED) {
            layout.submitted = Some(column);
        } else if free(&layout.started) && is(STARTED) {
            layout.started = Some(column);
        } else if free(&layout.language) && is(LANGUAGE) {
            layout.language = Some(column);
        } else if free(&layout.group) && is(GROUP) {
            layout.group = Some(column);
        } else if known && (is(ADDED) || is(RESPONDENT) || is_added(kind, sheet, column, name)) {
            layout.other.push(column);
        } else {
            layout.items.push(item(sheet, column, kind));
        }
    }
    layout
}

/// Columns that go with a question and hold no answer to it.
fn is_added(kind: LayoutKind, sheet: &Sheet, column: usize, name: &str) -> bool {
    let header = sheet.columns[column].name.as_str();
    match kind {
        LayoutKind::MicrosoftForms => {
            ["Points - ", "Feedback - ", "Punkte - ", "Punkte – "].iter().any(|start| header.starts_with(start))
        }
        LayoutKind::GoogleForms => name == "score" || header.ends_with(" [Score]") || header.ends_with(" [Feedback]"),
        LayoutKind::LimeSurvey => {
            ["grouptime", "questiontime", "group time", "question time"].iter().any(|start| name.starts_with(start))
        }
        LayoutKind::Long | LayoutKind::Wide => false,
    }
}

fn is_distinct(sheet: &Sheet, column: usize) -> bool {
    let mut seen = HashSet::new();
    let mut cells = sheet.rows.iter().map(|row| parse::trim(&row.cells[column])).filter(|cell| !cell.is_empty());
    cells.all(|cell| seen.insert(cell))
}

/// Takes a header apart into code, text and row label: `Text [Row]`, `CODE[SUB]`, `CODE. Text [Row]`, or code and text
/// in rows of their own.
fn item(sheet: &Sheet, column: usize, kind: LayoutKind) -> ItemColumn {
    let parts = &sheet.columns[column].parts;
    let name = sheet.columns[column].name.as_str();
    let codes = kind == LayoutKind::LimeSurvey;
    let (code, text) = match parts.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => {
            let rest = rest.join(" · ");
            match coded(first) {
                Some((code, "")) => (Some(code), rest),
                // Not a code: a question over the labels of its rows.
                _ => return ItemColumn { column, code: None, sub_code: None, text: first.clone(), row: Some(rest) },
            }
        }
        [whole] if codes => match coded(whole) {
            Some((code, text)) => (Some(code), text.to_owned()),
            None => (None, whole.clone()),
        },
        [whole] => (None, whole.clone()),
        _ => (None, name.to_owned()),
    };
    let (code, sub_code) = match code.map(bracketed) {
        Some((code, sub)) => (Some(code.to_owned()), sub.map(str::to_owned)),
        None => (None, None),
    };
    let (text, row) = match bracketed(&text) {
        ("", Some(row)) => (code.clone().unwrap_or_else(|| row.to_owned()), Some(row.to_owned())),
        ("", None) => (code.clone().unwrap_or_else(|| name.to_owned()), None),
        (text, row) => (text.to_owned(), row.map(str::to_owned)),
    };
    ItemColumn { column, code, sub_code, text, row }
}

/// `Text [Row]` as text and row.
fn bracketed(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let Some(open) = text.strip_suffix(']').and_then(|text| text.find('[').map(|first| (first, text))) else {
        return (text, None);
    };
    let (first, inner) = open;
    // The last bracket opens the row, except for codes with two, such as Q1[SQ001][1].
    let at = if inner.contains("][") { first } else { inner.rfind('[').unwrap_or(first) };
    (text[..at].trim(), Some(inner[at + 1..].trim()))
}

/// `G01Q02[SQ001]. Text` or a code alone, as code and text.
fn coded(header: &str) -> Option<(&str, &str)> {
    let is_code = |code: &str| {
        let base = code.split('[').next().unwrap_or_default();
        !base.is_empty()
            && base.len() <= 20
            && base.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && base.bytes().any(|b| b.is_ascii_alphabetic())
    };
    let closed = |code: &str| code.matches('[').count() == code.matches(']').count();
    if let Some((code, text)) = header.split_once(". ")
        && is_code(code)
        && closed(code)
        && !code.contains(' ')
    {
        return Some((code, text));
    }
    (is_code(header) && !header.contains(' ')).then_some((header, ""))
}

/// One row for each answer: columns for item and value by name, a respondent who comes more than once.
fn long(sheet: &Sheet, names: &[String]) -> Option<SurveyLayout> {
    if names.len() > 12 {
        return None;
    }
    let at = |words: &[&str]| {
        // The word that stands first in the list is the surest.
        words.iter().find_map(|word| names.iter().position(|name| name == word))
    };
    let (item, value) = (at(ITEM)?, at(VALUE)?);
    let others = || (0..names.len()).filter(|column| *column != item && *column != value);
    let named = at(RESPONDENT).or_else(|| at(EMAIL)).or_else(|| at(NAME));
    let named = named.filter(|column| *column != item && *column != value && !is_distinct(sheet, *column));
    let respondent = named.or_else(|| others().find(|&column| identifies(sheet, column, item)))?;
    if is_distinct(sheet, item) && sheet.rows.len() > 1 {
        return None;
    }
    let mut layout = empty(LayoutKind::Long, "it has a row for each answer, with columns for item and value");
    let free = |found: Option<usize>| found.filter(|column| ![respondent, item, value].contains(column));
    layout.respondent = Some(respondent);
    (layout.item, layout.value) = (Some(item), Some(value));
    layout.group = free(at(GROUP));
    layout.submitted = free(at(SUBMITTED));
    layout.started = free(at(STARTED));
    layout.language = free(at(LANGUAGE));
    layout.email = free(at(EMAIL));
    layout.name = free(at(NAME));
    let used = [
        layout.respondent,
        layout.item,
        layout.value,
        layout.group,
        layout.submitted,
        layout.started,
        layout.language,
        layout.email,
        layout.name,
    ];
    layout.other = (0..names.len()).filter(|column| !used.contains(&Some(*column))).collect();
    Some(layout)
}

/// Whether a column and the item's together make each row different, and neither does alone.
fn identifies(sheet: &Sheet, column: usize, item: usize) -> bool {
    let mut seen = HashSet::new();
    let kinds = [Kind::Text, Kind::Whole];
    kinds.contains(&sheet.columns[column].kind)
        && !is_distinct(sheet, column)
        && sheet.rows.iter().all(|row| seen.insert((parse::trim(&row.cells[column]), parse::trim(&row.cells[item]))))
}
