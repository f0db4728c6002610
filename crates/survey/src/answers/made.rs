//! An instrument made from a file of answers: what each column becomes, and the scales that the answers show.

use std::collections::{BTreeMap, BTreeSet};

use kit::import::sheet::{
    ItemColumn, Kind, LayoutKind, Sheet, Style, layout, normalised,
    parse::{is_blank, whole},
};

use crate::{
    answers::{cells, places::squash},
    instrument::{Instrument, Named, Question, Scale, Section, Text, shipped},
};

/// The answers to one question of a file.
#[derive(Debug, Clone)]
pub struct Answered<'a> {
    pub key: String,
    pub text: String,
    pub cells: Vec<&'a str>,
    pub style: Style,
    /// Why it holds no answers; nothing where it does.
    pub left_out: Option<&'static str>,
}

/// What answers to a question become.
#[derive(Debug, Clone, PartialEq)]
pub enum Becomes {
    /// A rating from the one whole number to the other.
    Rating(i64, i64),
    /// A rating by words that are known in this order.
    Labelled(Vec<String>),
    One(Vec<String>),
    Several(Vec<String>),
    Words,
    Nothing(&'static str),
}

impl Becomes {
    /// For somebody who decides which columns to take.
    pub fn help(&self) -> String {
        match self {
            Becomes::Rating(low, high) => format!("Becomes a rating from {low} to {high}."),
            Becomes::Labelled(labels) => format!(
                "Becomes a rating from {} to {}.",
                labels.first().map_or("", |it| it),
                labels.last().map_or("", |it| it)
            ),
            Becomes::One(options) => format!("Becomes a choice of one of {} options.", options.len()),
            Becomes::Several(options) => format!("Becomes a choice of several of {} options.", options.len()),
            Becomes::Words => "Becomes free text.".to_owned(),
            Becomes::Nothing(why) => format!("Left out: {why}."),
        }
    }
}

/// The questions of a file with a column for each, but for the columns `taken` by what says who answered.
pub fn columns<'a>(sheet: &'a Sheet, taken: &BTreeSet<usize>) -> Vec<(usize, Answered<'a>)> {
    let found = layout(sheet);
    let known = found.kind != LayoutKind::Wide;
    let mut keys = BTreeSet::new();
    let items: Vec<ItemColumn> = found.items.into_iter().filter(|it| !taken.contains(&it.column)).collect();
    items
        .into_iter()
        .map(|it| {
            let column = &sheet.columns[it.column];
            let text = match &it.row {
                Some(row) if *row != it.text => format!("{}: {row}", it.text),
                _ => it.text.clone(),
            };
            let code = it.code.map(|code| format!("{code} {}", it.sub_code.unwrap_or_default()));
            let key = distinct(&code.filter(|_| known).unwrap_or_else(|| column.name.clone()), &mut keys);
            let left_out = match column.kind {
                Kind::Empty => Some("the column is empty"),
                Kind::Date | Kind::DateTime => Some("days are no answers"),
                Kind::Decimal => Some("numbers with fractions are no points of a scale"),
                Kind::Text | Kind::Whole | Kind::YesNo => None,
            };
            let cells = sheet.rows.iter().map(|row| &*row.cells[it.column]).collect();
            (it.column, Answered { key, text, cells, style: column.style, left_out })
        })
        .collect()
}

/// The questions of a file with a row for each answer.
pub fn items<'a>(sheet: &'a Sheet, item: usize, value: usize) -> Vec<Answered<'a>> {
    let mut all: Vec<Answered> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for row in &sheet.rows {
        let name = row.cells[item].trim();
        if is_blank(name) {
            continue;
        }
        let it = *at.entry(squash(name)).or_insert_with(|| {
            let key = distinct(name, &mut keys);
            let style = sheet.columns[value].style;
            all.push(Answered { key, text: name.to_owned(), cells: Vec::new(), style, left_out: None });
            all.len() - 1
        });
        all[it].cells.push(&row.cells[value]);
    }
    all
}

/// A short key of letters, digits and dashes that no other has. Without a point, which parts row from column.
fn distinct(name: &str, taken: &mut BTreeSet<String>) -> String {
    let base: String = normalised(name).replace(' ', "-").chars().take(40).collect();
    let base = if base.is_empty() { "item".to_owned() } else { base.trim_end_matches('-').to_owned() };
    let mut key = base.clone();
    for at in 2.. {
        if taken.insert(key.clone()) {
            break;
        }
        key = format!("{base}-{at}");
    }
    key
}

/// The most points of a scale: enough for 0 to 100.
const MOST_POINTS: i64 = 101;
/// The most options of a choice.
const MOST_OPTIONS: usize = 12;
/// So many answers for each point of a scale, and a point that nobody chose is taken not to be offered.
const ENOUGH: usize = 10;

/// What the questions of a file become, each.
///
/// Whole numbers become ratings. Small numbers are counted from 1 even where nobody gave a 1, and questions share the
/// widest scale among them, unless one has so many answers that it would show the points that it offers.
pub fn becomes(all: &[Answered]) -> Vec<Becomes> {
    let mut found: Vec<Becomes> = all.iter().map(alone).collect();
    let range = |it: &Becomes| match it {
        Becomes::Rating(low, high) if *high <= 11 => Some((*low, *high)),
        _ => None,
    };
    let low = found.iter().filter_map(range).map(|it| it.0).min();
    let high = found.iter().filter_map(range).map(|it| it.1).max();
    if let Some((low, high)) = low.zip(high) {
        let points = (high - low + 1) as usize;
        for (it, answered) in found.iter_mut().zip(all) {
            let filled = answered.cells.iter().filter(|it| !is_blank(it)).count();
            if range(it).is_some() && filled < points * ENOUGH {
                *it = Becomes::Rating(low, high);
            }
        }
    }
    // A single value is no scale by itself.
    for it in &mut found {
        if matches!(it, Becomes::Rating(low, high) if low == high) {
            *it = Becomes::Nothing("everybody gave the same number, so that no scale shows");
        }
    }
    found
}

fn alone(it: &Answered) -> Becomes {
    if let Some(why) = it.left_out {
        return Becomes::Nothing(why);
    }
    let filled: Vec<&str> =
        it.cells.iter().map(|it| it.trim()).filter(|it| !is_blank(it) && !cells::cannot_judge(it)).collect();
    if filled.is_empty() {
        return Becomes::Nothing("the column is empty");
    }
    let numbers: Option<Vec<i64>> = filled.iter().map(|text| whole(text, &it.style).ok().flatten()).collect();
    if let Some(numbers) = numbers {
        let (low, high) = (numbers.iter().min().copied().unwrap_or(0), numbers.iter().max().copied().unwrap_or(0));
        let low = if low > 1 && high <= 11 { 1 } else { low };
        return if high - low < MOST_POINTS {
            Becomes::Rating(low, high)
        } else {
            Becomes::Nothing("its numbers lie too far apart for a scale")
        };
    }
    let mut seen = BTreeSet::new();
    let values: Vec<String> = filled.iter().filter(|it| seen.insert(squash(it))).map(|it| (*it).to_owned()).collect();
    if let Some(labels) = in_order(&values) {
        return Becomes::Labelled(labels);
    }
    if filled.iter().any(|it| it.contains(';')) {
        let mut seen = BTreeSet::new();
        let parts = filled.iter().flat_map(|it| it.split(';')).map(str::trim).filter(|it| !it.is_empty());
        let options: Vec<String> = parts.filter(|it| seen.insert(squash(it))).map(str::to_owned).collect();
        if options.len() <= MOST_OPTIONS && options.len() * 2 <= filled.len().max(4) {
            return Becomes::Several(options);
        }
    }
    // What most people wrote in other words is no choice among options.
    let few = values.len() <= MOST_OPTIONS && values.len() * 2 <= filled.len().max(4);
    let short = values.iter().all(|it| it.chars().count() <= 60);
    if few && short { Becomes::One(values) } else { Becomes::Words }
}

/// Words that survey programs offer as the points of a scale, lowest first; variants parted by a bar.
const KNOWN: [[&str; 5]; 8] = [
    [
        "Strongly disagree",
        "Disagree|Somewhat disagree",
        "Neither agree nor disagree|Neutral|Undecided",
        "Agree|Somewhat agree",
        "Strongly agree",
    ],
    ["Very dissatisfied", "Dissatisfied", "Neutral|Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied"],
    ["Never", "Rarely|Seldom", "Sometimes", "Often", "Always"],
    ["Very poor|Very bad", "Poor|Bad", "Average|Fair", "Good", "Very good|Excellent"],
    [
        "Stimme überhaupt nicht zu|Trifft überhaupt nicht zu|Trifft gar nicht zu",
        "Stimme nicht zu|Stimme eher nicht zu|Trifft eher nicht zu",
        "Weder noch|Neutral|Teils teils",
        "Stimme zu|Stimme eher zu|Trifft eher zu",
        "Stimme voll und ganz zu|Stimme voll zu|Trifft voll und ganz zu|Trifft voll zu",
    ],
    [
        "Sehr unzufrieden",
        "Unzufrieden|Eher unzufrieden",
        "Neutral|Teils teils",
        "Zufrieden|Eher zufrieden",
        "Sehr zufrieden",
    ],
    ["Nie", "Selten", "Manchmal|Gelegentlich", "Oft|Häufig", "Immer"],
    ["Sehr schlecht", "Schlecht", "Mittel|Mittelmäßig", "Gut", "Sehr gut"],
];

/// The labels of the scale to which all these words belong, lowest first; nothing where no scale is known to have all.
fn in_order(values: &[String]) -> Option<Vec<String>> {
    if values.len() < 2 {
        return None;
    }
    let known = KNOWN.iter().map(|labels| labels.iter().map(|it| it.split('|').map(str::to_owned).collect()).collect());
    let own = shipped().into_iter().flat_map(|it| it.scales).flat_map(|scale: Scale| {
        let languages: BTreeSet<String> = scale.labels.iter().flat_map(|it| it.0.keys().cloned()).collect();
        languages.into_iter().map(move |it| scale.labels.iter().map(|label| vec![label.get(&it).to_owned()]).collect())
    });
    let mut all = known.chain(own);
    all.find_map(|labels: Vec<Vec<String>>| {
        let place = |value: &String| labels.iter().position(|it| it.iter().any(|it| squash(it) == squash(value)));
        let places: Option<Vec<usize>> = values.iter().map(place).collect();
        let places = places?;
        // In the file's own words where it has some for a point.
        let word = |(at, label): (usize, &Vec<String>)| {
            places.iter().position(|it| *it == at).map_or(label[0].clone(), |it| values[it].clone())
        };
        Some(labels.iter().enumerate().map(word).collect())
    })
}

/// An instrument that asks what the file answers. What was left out but assigned all the same becomes free text.
pub fn instrument(title: &str, all: &[Answered]) -> Instrument {
    let mut scales: Vec<Scale> = Vec::new();
    let mut scale = |labels: Vec<String>, from: i64| {
        let labels: Vec<Text> = labels.iter().map(|it| Text::plain(it)).collect();
        if let Some(it) = scales.iter().find(|it| it.from == from && it.labels == labels) {
            return it.key.clone();
        }
        let key = format!("scale-{}", scales.len() + 1);
        scales.push(Scale { key: key.clone(), labels, from });
        key
    };
    let questions = all
        .iter()
        .zip(becomes(all))
        .map(|(it, becomes)| {
            let (key, text) = (it.key.clone(), Text::plain(&it.text));
            let cannot_judge = it.cells.iter().any(|it| cells::cannot_judge(it));
            match becomes {
                Becomes::Rating(low, high) => {
                    let scale = scale((low..=high).map(|it| it.to_string()).collect(), low);
                    Question::Rating { key, text, help: None, scale, cannot_judge, required: false }
                }
                Becomes::Labelled(labels) => {
                    let scale = scale(labels, 1);
                    Question::Rating { key, text, help: None, scale, cannot_judge, required: false }
                }
                Becomes::One(values) => {
                    Question::Choice { key, text, help: None, options: options(&values), multiple: false }
                }
                Becomes::Several(values) => {
                    Question::Choice { key, text, help: None, options: options(&values), multiple: true }
                }
                Becomes::Words | Becomes::Nothing(_) => Question::Text { key, text, help: None },
            }
        })
        .collect();
    Instrument {
        key: "import".to_owned(),
        version: 1,
        purpose: "import".to_owned(),
        title: Text::plain(title),
        intro: Text::plain(""),
        minutes: 0,
        scales,
        sections: vec![Section { key: "answers".to_owned(), title: Text::plain(title), text: None, questions }],
    }
}

fn options(values: &[String]) -> Vec<Named> {
    let mut keys = BTreeSet::new();
    let of = |it: &String| Named { key: distinct(it, &mut keys), text: Text::plain(it), help: None };
    values.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use kit::import::sheet::{Choices, read};

    use super::*;

    fn found(csv: &str) -> Vec<(String, Becomes)> {
        let sheet = read("answers.csv", csv.as_bytes(), &Choices::default()).expect("a table");
        let all: Vec<Answered> = columns(&sheet, &BTreeSet::new()).into_iter().map(|it| it.1).collect();
        assert_eq!(instrument("A file", &all).faults(), Vec::<String>::new());
        all.iter().map(|it| it.key.clone()).zip(becomes(&all)).collect()
    }

    fn one(values: &[&str]) -> Becomes {
        let csv =
            format!("Who,What\n{}\n", values.iter().map(|it| format!("x,\"{it}\"")).collect::<Vec<_>>().join("\n"));
        found(&csv).pop().expect("a column").1
    }

    #[test]
    fn whole_numbers_become_ratings_on_the_widest_scale_among_them_counted_from_one() {
        let found = found("Clear,Quick\n5,2\n6,3\n6,2\n");
        assert_eq!(found, [("clear".to_owned(), Becomes::Rating(1, 6)), ("quick".to_owned(), Becomes::Rating(1, 6))]);
    }

    #[test]
    fn a_question_with_very_many_answers_shows_its_own_scale() {
        let rows: String = (0..200).map(|it| format!("{},{}\n", it % 6 + 1, it % 2 + 1)).collect();
        let found = found(&format!("Item,Gender\n{rows}"));
        assert_eq!((&found[0].1, &found[1].1), (&Becomes::Rating(1, 6), &Becomes::Rating(1, 2)));
    }

    #[test]
    fn words_of_a_known_scale_become_a_rating_in_its_order_and_other_words_a_choice_or_text() {
        let labels = ["Strongly disagree", "Disagree", "Undecided", "Agree", "Strongly agree"].map(str::to_owned);
        assert_eq!(one(&["Agree", "Undecided", "Strongly agree", "Agree"]), Becomes::Labelled(labels.to_vec()));
        assert_eq!(
            one(&["Gut", "Sehr gut", "Gut", "Mittel"]).help(),
            "Becomes a rating from Sehr schlecht to Sehr gut."
        );
        assert_eq!(one(&["App", "Phone", "App", "Phone"]), Becomes::One(vec!["App".to_owned(), "Phone".to_owned()]));
        let several = vec!["App".to_owned(), "Phone".to_owned()];
        assert_eq!(one(&["App;Phone;", "Phone;", "App;", "App;Phone;"]), Becomes::Several(several));
        assert_eq!(one(&["It is slow.", "I like it.", "No idea what it is for.", "Too dear."]), Becomes::Words);
    }

    #[test]
    fn fractions_days_and_empty_columns_are_left_out_and_say_why() {
        assert_eq!(one(&["1.5", "2.25"]).help(), "Left out: numbers with fractions are no points of a scale.");
        assert_eq!(one(&["2026-01-02", "2026-01-03"]).help(), "Left out: days are no answers.");
        assert_eq!(one(&["4", "4"]).help(), "Becomes a rating from 1 to 4.");
        assert!(matches!(one(&["1", "1"]), Becomes::Nothing(_)));
    }

    #[test]
    fn the_questions_of_a_long_file_are_its_items_in_their_order() {
        let csv = "respondent,item,value\na,speed,4\na,tone,good\nb,speed,2\nb,tone,good\n";
        let sheet = read("answers.csv", csv.as_bytes(), &Choices::default()).expect("a table");
        let all = items(&sheet, 1, 2);
        assert_eq!(all.iter().map(|it| &*it.key).collect::<Vec<_>>(), ["speed", "tone"]);
        assert_eq!(becomes(&all)[0], Becomes::Rating(1, 4));
    }
}
