//! What a column of a file can hold answers to: the items of an instrument, under every name by which survey programs
//! call them.

use std::collections::{BTreeMap, BTreeSet};

use kit::import::sheet::{ItemColumn, Sheet, layout, normalised};

use crate::{
    instrument::{Instrument, Named, Question, Text},
    respond::rules::words,
};

/// A place for answers: one item, or a question whose items stand in one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The key of the item, or of the question.
    pub key: String,
    /// Its text, as somebody reads it who matches columns.
    pub label: String,
    pub holds: Holds,
    pub cannot_judge: bool,
    /// What a column may be called, squashed (see [`squash`]).
    pub names: Vec<String>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// A value of a scale, by itself or by one of its labels.
    Points(Vec<(f64, Vec<String>)>),
    /// One of several options.
    One(Vec<Choice>),
    /// Whether this option was ticked.
    Tick(Choice),
    /// Several options in one cell; each is an item.
    Several(Vec<Choice>),
    /// All options in one cell, in order; each is an item.
    Order(Vec<Choice>),
    /// A rank from 1 to this.
    Rank(usize),
    Words,
}

/// An option: its key, and what it is called in each language.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub key: String,
    pub called: Vec<String>,
}

impl Choice {
    fn of(it: &Named) -> Choice {
        Choice { key: it.key.clone(), called: all(&it.text) }
    }
}

fn all(text: &Text) -> Vec<String> {
    text.0.values().cloned().collect()
}

/// A name without case, accents, blanks and punctuation: `Row [Column]`, `Row: Column` and `row - column` are one.
pub fn squash(text: &str) -> String {
    normalised(text).replace(' ', "")
}

impl Place {
    /// What a column for it may hold, in a few words.
    pub fn help(&self) -> String {
        let first = |of: &[String]| of.first().cloned().unwrap_or_default();
        match &self.holds {
            Holds::Points(points) => match points.as_slice() {
                [(low, from), .., (high, _)] if first(from) == low.to_string() => format!("{low} to {high}"),
                [(low, from), .., (high, to)] => format!("{low} ({}) to {high} ({})", first(from), first(to)),
                _ => String::new(),
            },
            Holds::One(_) => "One option".to_owned(),
            Holds::Tick(_) => "Ticked or not".to_owned(),
            Holds::Several(_) => "Several options in one cell".to_owned(),
            Holds::Order(_) => "All options in one cell, in order".to_owned(),
            Holds::Rank(most) => format!("A rank from 1 to {most}"),
            Holds::Words => "Free text".to_owned(),
        }
    }

    /// The labels of its scale, squashed; none where they are numbers.
    pub fn words(&self) -> Vec<String> {
        let Holds::Points(points) = &self.holds else { return Vec::new() };
        points.iter().flat_map(|it| &it.1).map(|it| bare(it)).filter(|it| !it.is_empty()).collect()
    }
}

/// A text squashed and without its digits: “4 - Very important” is “Very important”.
fn bare(text: &str) -> String {
    squash(text).replace(|it: char| it.is_ascii_digit(), "")
}

/// Gathers places, and under which names each goes.
struct Gathered<'a> {
    instrument: &'a Instrument,
    places: Vec<Place>,
}

impl Gathered<'_> {
    fn add(&mut self, key: String, label: String, holds: Holds, cannot_judge: bool, names: Vec<String>) {
        let names: BTreeSet<String> = names.iter().map(|it| squash(it)).filter(|it| !it.is_empty()).collect();
        self.places.push(Place { key, label, holds, cannot_judge, names: names.into_iter().collect() });
    }

    fn points(&self, scale: &str) -> Holds {
        let Some(scale) = self.instrument.scale(scale) else { return Holds::Points(Vec::new()) };
        let labels = scale.labels.iter().map(|it| {
            // English first: it is the one that is shown.
            let mut labels = vec![it.get("en").to_owned()];
            labels.extend(it.0.iter().filter(|(language, _)| *language != "en").map(|it| it.1.clone()));
            labels
        });
        Holds::Points(scale.values().zip(labels).collect())
    }

    /// An item that is one of several of a question: a row, and the column `at` of it.
    #[expect(clippy::too_many_arguments, reason = "a cell of a matrix is all of this")]
    fn cell(
        &mut self,
        key: String,
        question: &Text,
        row: &Text,
        column: &Text,
        (at, of): (usize, usize),
        holds: Holds,
        cannot_judge: bool,
    ) {
        let label = format!("{}: {}", row.get("en").trim_end_matches('.'), column.get("en"));
        let mut names = Vec::new();
        for language in question.0.keys().chain(row.0.keys()).collect::<BTreeSet<_>>() {
            let (question, row, column) = (question.get(language), row.get(language), column.get(language));
            names.extend([format!("{row} {column}"), format!("{column} {row}")]);
            names.extend([format!("{question} {row} {column}"), format!("{question} {column} {row}")]);
            // Programs that write the row alone tell the next column apart by a number.
            names.push(if at == 0 { row.to_owned() } else { format!("{row} {}", at + 1) });
            if of == 1 {
                names.push(format!("{question} {row}"));
            }
        }
        self.add(key, label, holds, cannot_judge, names);
    }
}

/// Everything of an instrument that a column can hold, in the order of the screens.
pub fn places(instrument: &Instrument) -> Vec<Place> {
    let mut it = Gathered { instrument, places: Vec::new() };
    for question in instrument.sections.iter().flat_map(|it| &it.questions) {
        match question {
            Question::Rating { key, text, scale, cannot_judge, .. } => {
                it.add(key.clone(), text.get("en").to_owned(), it.points(scale), *cannot_judge, all(text));
            }
            Question::Matrix { text, rows, columns, cannot_judge, comment, .. } => {
                for row in rows {
                    for (at, column) in columns.iter().enumerate() {
                        let (key, holds) = (format!("{}.{}", row.key, column.key), it.points(&column.scale));
                        it.cell(key, text, &row.text, &column.text, (at, columns.len()), holds, *cannot_judge);
                    }
                    if *comment {
                        let label = format!("{} (comment)", row.text.get("en"));
                        it.add(format!("{}.comment", row.key), label, Holds::Words, false, comments(&row.text));
                    }
                }
            }
            Question::Pair { text, rows, positive, negative, scale, cannot_judge, .. } => {
                for row in rows {
                    for (at, (key, column)) in
                        [("functional", positive), ("dysfunctional", negative)].into_iter().enumerate()
                    {
                        let (key, holds) = (format!("{}.{key}", row.key), it.points(scale));
                        it.cell(key, text, &row.text, column, (at, 2), holds, *cannot_judge);
                    }
                }
            }
            Question::Choice { key, text, options, multiple: false, .. } => {
                let holds = Holds::One(options.iter().map(Choice::of).collect());
                it.add(key.clone(), text.get("en").to_owned(), holds, false, all(text));
            }
            Question::Choice { key, text, options, .. } => {
                let together = Holds::Several(options.iter().map(Choice::of).collect());
                it.add(key.clone(), text.get("en").to_owned(), together, false, all(text));
                for option in options {
                    let holds = Holds::Tick(Choice::of(option));
                    it.add(format!("{key}.{}", option.key), label(text, option), holds, false, both(text, option));
                }
            }
            Question::Ranking { key, text, options, .. } => {
                let together = Holds::Order(options.iter().map(Choice::of).collect());
                it.add(key.clone(), text.get("en").to_owned(), together, false, all(text));
                for option in options {
                    let holds = Holds::Rank(options.len());
                    it.add(format!("{key}.{}", option.key), label(text, option), holds, false, both(text, option));
                }
            }
            Question::Text { key, text, .. } => {
                it.add(key.clone(), text.get("en").to_owned(), Holds::Words, false, all(text));
            }
        }
    }
    it.places
}

fn label(text: &Text, option: &Named) -> String {
    format!("{}: {}", text.get("en"), option.text.get("en"))
}

fn both(text: &Text, option: &Named) -> Vec<String> {
    let of = |(language, text): (&String, &String)| format!("{text} {}", option.text.get(language));
    text.0.iter().map(of).collect()
}

/// What the column of comments to a row may be called.
fn comments(row: &Text) -> Vec<String> {
    let of = |(language, row): (&String, &String)| {
        ["comment", "comments", "Kommentar", "Anmerkung", words(language).comment].map(|it| format!("{row} {it}"))
    };
    row.0.iter().flat_map(of).collect()
}

/// A header shorter than this is not taken for the beginning of a longer one.
const LONG_ENOUGH: usize = 20;

/// Which place, by its number, each column holds answers to, by its number. `free` says which columns may be taken.
///
/// Keys are surest, then whole names, then the beginning of one, since programs cut long headers off.
pub fn matched(names: &[(String, Vec<String>)], sheet: &Sheet, free: impl Fn(usize) -> bool) -> BTreeMap<usize, usize> {
    let called = headers(sheet);
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut used: BTreeSet<usize> = (0..called.len()).filter(|it| !free(*it)).collect();
    let mut take = |place: usize, column: usize| {
        if !taken.contains_key(&place) && used.insert(column) {
            taken.insert(place, column);
        }
    };
    let by_key: BTreeMap<String, usize> = names.iter().enumerate().map(|(at, it)| (squash(&it.0), at)).collect();
    for (column, header) in called.iter().enumerate() {
        header.iter().filter_map(|it| by_key.get(it)).take(1).for_each(|place| take(*place, column));
    }
    // A name of two places names none.
    let mut by_name: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, (_, names)) in names.iter().enumerate() {
        for name in names {
            by_name.entry(name).and_modify(|it| *it = it.filter(|it| *it == at)).or_insert(Some(at));
        }
    }
    for (column, header) in called.iter().enumerate() {
        header.iter().filter_map(|it| *by_name.get(&**it)?).take(1).for_each(|place| take(place, column));
    }
    for (column, header) in called.iter().enumerate() {
        for it in header.iter().filter(|it| it.chars().count() >= LONG_ENOUGH) {
            let begun: BTreeSet<usize> = by_name
                .range(&**it..)
                .take_while(|(name, _)| name.starts_with(&**it))
                .filter_map(|(_, at)| *at)
                .collect();
            if begun.len() == 1 {
                begun.into_iter().for_each(|place| take(place, column));
            }
        }
    }
    taken
}

/// More columns of one row than this are left in their order.
const MOST_OF_A_ROW: usize = 4;

/// Moves columns among the places of one row to where their cells say that they belong. A program that writes only the
/// row over its columns leaves nothing but their order to tell importance from performance; “poorly” says which it is.
/// `words` are those of each place (see [`Place::words`]). Where words do not tell, the order stands.
pub fn told_by_words(
    names: &[(String, Vec<String>)],
    words: &[&[String]],
    sheet: &Sheet,
    mut found: BTreeMap<usize, usize>,
) -> BTreeMap<usize, usize> {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (key, _)) in names.iter().enumerate().filter(|(at, _)| !words[*at].is_empty()) {
        if let Some((row, _)) = key.rsplit_once('.') {
            rows.entry(row).or_default().push(at);
        }
    }
    for places in rows.into_values().filter(|it| (2..=MOST_OF_A_ROW).contains(&it.len())) {
        let now: Vec<usize> = places.iter().copied().filter(|it| found.contains_key(it)).collect();
        let columns: Vec<usize> = now.iter().map(|it| found[it]).collect();
        let cells: Vec<Vec<String>> =
            columns.iter().map(|at| sheet.rows.iter().map(|row| bare(&row.cells[*at])).collect()).collect();
        let fit = |order: &[usize]| -> usize {
            let of =
                |(cells, place): (&Vec<String>, &usize)| cells.iter().filter(|it| words[*place].contains(it)).count();
            cells.iter().zip(order).map(of).sum()
        };
        let mut best = (fit(&now), now.clone());
        for order in orders(&places, now.len()) {
            if fit(&order) > best.0 {
                best = (fit(&order), order);
            }
        }
        found.retain(|place, _| !now.contains(place));
        found.extend(best.1.into_iter().zip(columns));
    }
    found
}

/// Every way to choose so many of these in order.
fn orders(of: &[usize], many: usize) -> Vec<Vec<usize>> {
    if many == 0 {
        return vec![Vec::new()];
    }
    let beginning = |first: &usize| {
        let rest: Vec<usize> = of.iter().copied().filter(|it| it != first).collect();
        orders(&rest, many - 1).into_iter().map(|rest| [vec![*first], rest].concat()).collect::<Vec<_>>()
    };
    of.iter().flat_map(beginning).collect()
}

/// What each column is called, squashed, surest first.
fn headers(sheet: &Sheet) -> Vec<Vec<String>> {
    let items: BTreeMap<usize, ItemColumn> = layout(sheet).items.into_iter().map(|it| (it.column, it)).collect();
    let of = |(at, column): (usize, &kit::import::sheet::Column)| {
        let mut names = vec![column.name.clone()];
        if let Some(it) = items.get(&at) {
            let sub = it.sub_code.as_deref().unwrap_or_default();
            let row = it.row.as_deref().unwrap_or_default();
            names.extend(it.code.as_ref().map(|code| format!("{code} {sub}")));
            // Never the row alone: the same rows may stand below a question that is not ours.
            names.push(format!("{} {row}", it.text));
        }
        // A code before the text, as LimeSurvey writes it where somebody asks for both.
        let coded = column.name.split_once(". ").filter(|(code, _)| !code.contains(' '));
        names.extend(coded.into_iter().flat_map(|(code, text)| [code.to_owned(), text.to_owned()]));
        let bare: Vec<String> = names.iter().map(|it| without_number(it).to_owned()).collect();
        let mut seen = BTreeSet::new();
        names.iter().chain(&bare).map(|it| squash(it)).filter(|it| !it.is_empty() && seen.insert(it.clone())).collect()
    };
    sheet.columns.iter().enumerate().map(of).collect()
}

/// A header without the number that a program put before the question: `3. How well?`, `Q3: How well?`.
fn without_number(header: &str) -> &str {
    let rest = header.trim_start_matches(['Q', 'q']).trim_start_matches(|it: char| it.is_ascii_digit());
    match rest.strip_prefix(['.', ')', ':']) {
        Some(text) if rest.len() < header.len() => text.trim_start(),
        _ => header,
    }
}

#[cfg(test)]
mod tests {
    use kit::import::sheet::{Choices, read};

    use super::*;
    use crate::instrument::shipped;

    /// The key of the place of each column, a dash for none.
    fn keys(instrument: &str, header: &str) -> Vec<String> {
        keys_of(instrument, &format!("{header}\n{}\n", vec!["4"; header.split(';').count()].join(";")))
    }

    fn keys_of(instrument: &str, csv: &str) -> Vec<String> {
        let instrument = shipped().into_iter().find(|it| it.key == instrument).expect("it is shipped");
        let places = places(&instrument);
        let names: Vec<_> = places.iter().map(|it| (it.key.clone(), it.names.clone())).collect();
        let sheet = read("answers.csv", csv.as_bytes(), &Choices::default()).expect("a table");
        let words: Vec<Vec<String>> = places.iter().map(Place::words).collect();
        let words: Vec<&[String]> = words.iter().map(|it| &**it).collect();
        let found = told_by_words(&names, &words, &sheet, matched(&names, &sheet, |_| true));
        let key = |column| found.iter().find(|it| *it.1 == column).map_or("-", |it| &*places[*it.0].key);
        (0..sheet.columns.len()).map(|column| key(column).to_owned()).collect()
    }

    #[test]
    fn every_item_of_every_shipped_instrument_is_found_by_its_key_and_by_its_text_in_each_language() {
        for instrument in shipped() {
            let places = places(&instrument);
            for item in instrument.items() {
                let place = places.iter().position(|it| it.key == item.key).expect("a place for every item");
                let names: Vec<_> = places.iter().map(|it| (it.key.clone(), it.names.clone())).collect();
                for language in ["en", "de"] {
                    let comment = if item.key.ends_with(".comment") { " (comment)" } else { "" };
                    for header in [item.key.clone(), format!("{}{comment}", item.label(language))] {
                        let csv = format!("ID,\"{header}\"\n1,x\n2,y\n");
                        let sheet = read("a.csv", csv.as_bytes(), &Choices::default()).expect("a table");
                        let found = matched(&names, &sheet, |it| it > 0);
                        assert_eq!(found.get(&place), Some(&1), "{}: {header}", instrument.key);
                    }
                }
            }
        }
    }

    #[test]
    fn the_ways_in_which_programs_write_a_row_and_a_column_are_one() {
        let row = "We know what each IT service costs, and why.";
        for header in [
            format!("{row}: How well done?"),
            format!("{row} [How well done?]"),
            format!("How well done? [{row}]"),
            format!("3. How well done? [{row}]"),
            format!("Q12: {row} - How well done?"),
            "c08[done]".to_owned(),
            "C08_done".to_owned(),
            format!("c08[done]. {row} [How well done?]"),
        ] {
            assert_eq!(keys("gap-short", &format!("\"{header}\"")), ["c08.done"], "{header}");
        }
    }

    #[test]
    fn a_row_that_comes_twice_stands_for_the_columns_in_their_order() {
        let row = "We know what each IT service costs, and why.";
        assert_eq!(keys("gap-short", &format!("\"{row}\";\"{row}2\"")), ["c08.importance", "c08.done"]);
        assert_eq!(keys("gap-short", &format!("\"{row}\";\"{row}\"")), ["c08.importance", "c08.done"]);
    }

    #[test]
    fn words_of_a_scale_tell_which_column_of_a_row_it_is_whatever_their_order() {
        let row = "We know what each IT service costs, and why.";
        let of = |cells: &str| keys_of("gap-short", &format!("Ort;\"{row}\";\"{row}2\"\n{cells}\n"));
        assert_eq!(of("Kiel;Schlecht;Sehr wichtig\nUlm;;Unwichtig"), ["-", "c08.done", "c08.importance"]);
        assert_eq!(of("Kiel;4 - Very important;Well (4)"), ["-", "c08.importance", "c08.done"]);
        assert_eq!(of("Kiel;4;5"), ["-", "c08.importance", "c08.done"], "numbers tell nothing");
        let alone = keys_of("gap-short", &format!("Ort;\"{row}\"\nKiel;Schlecht\nUlm;Gut\n"));
        assert_eq!(alone, ["-", "c08.done"]);
    }

    #[test]
    fn a_header_that_was_cut_off_is_found_where_one_item_alone_begins_so() {
        assert_eq!(keys("gap-short", "\"If IT could do one thing differ\";\"We\""), ["closing", "-"]);
    }
}
