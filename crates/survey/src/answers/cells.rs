//! Reading one cell as answers: numbers, labels in any language, "cannot judge", options, ranks, words.

use kit::import::sheet::{
    Style,
    parse::{self, is_blank},
};

use crate::{
    answers::places::{Choice, Holds, Place, squash},
    respond::rules::{LONGEST, words},
    snapshot::Answer,
};

/// How people and programs write that somebody cannot judge, squashed; beside the words of our own pages.
const CANNOT_JUDGE: [&str; 14] = [
    "cannotjudge",
    "cantjudge",
    "dontknow",
    "donotknow",
    "idontknow",
    "noopinion",
    "notapplicable",
    "noanswer",
    "weissnicht",
    "weissichnicht",
    "nichtbeurteilbar",
    "keinemeinung",
    "keineantwort",
    "keineangabe",
];

/// Whether a text says that somebody cannot judge.
pub fn cannot_judge(text: &str) -> bool {
    let text = squash(text);
    CANNOT_JUDGE.contains(&&*text) || ["en", "de"].iter().any(|it| squash(words(it).cannot_judge) == text)
}

/// What a cell says: the answers to its items; none where it is blank. Refuses what is none of the answers of the
/// place, with a sentence that can stand after the name of the column.
pub fn read(place: &Place, text: &str, style: &Style) -> Result<Vec<(String, Answer)>, String> {
    if is_blank(text) {
        return Ok(Vec::new());
    }
    let one = |answer| Ok(vec![(place.key.clone(), answer)]);
    let of = |option: &Choice| (format!("{}.{}", place.key, option.key), option.key.clone());
    match &place.holds {
        Holds::Words if text.chars().count() > LONGEST => {
            Err(format!("the text is longer than {LONGEST} characters: shorten it."))
        }
        Holds::Words => one(Answer::Text(text.replace("\r\n", "\n"))),
        Holds::Points(points) => match point(points, text, style) {
            Some(value) => one(Answer::Value(value)),
            None if cannot_judge(text) && place.cannot_judge => one(Answer::CannotJudge),
            None if cannot_judge(text) => Ok(Vec::new()),
            None => Err(format!("{} is not on the scale, {}.", quoted(text), place.help())),
        },
        Holds::Rank(most) => match parse::whole(text, style) {
            Ok(Some(rank)) if (1..=*most as i64).contains(&rank) => one(Answer::Value(rank as f64)),
            _ => Err(format!("{} is no rank from 1 to {most}.", quoted(text))),
        },
        Holds::One(options) => match find(options, text) {
            Some(it) => one(Answer::Text(it.key.clone())),
            None if cannot_judge(text) => Ok(Vec::new()),
            None => Err(none_of(text, options)),
        },
        Holds::Tick(option) => match parse::boolean(text) {
            Ok(Some(false)) => Ok(Vec::new()),
            Ok(Some(true)) => one(Answer::Text(option.key.clone())),
            _ if find(std::slice::from_ref(option), text).is_some() => one(Answer::Text(option.key.clone())),
            _ => Err(format!("{} says neither yes nor no.", quoted(text))),
        },
        Holds::Several(options) => {
            let ticked = split(options, text)?;
            Ok(ticked.into_iter().map(of).map(|(item, key)| (item, Answer::Text(key))).collect())
        }
        Holds::Order(options) => {
            let order = split(options, text)?;
            Ok((1..).zip(order).map(|(rank, it)| (of(it).0, Answer::Value(f64::from(rank)))).collect())
        }
    }
}

fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() { format!("“{shown}…”") } else { format!("“{shown}”") }
}

fn none_of(text: &str, options: &[Choice]) -> String {
    let known: Vec<&str> = options.iter().filter_map(|it| Some(&**it.called.first()?)).take(6).collect();
    let more = if options.len() > 6 { " and more" } else { "" };
    format!("{} is none of the options ({}{more}).", quoted(text), known.join(", "))
}

/// The value of a scale that a text stands for: its number, its label, or both in one (`4 - Well`, `Well (4)`), or the
/// code that LimeSurvey gives the first, the second, the third point (`A3`).
fn point(points: &[(f64, Vec<String>)], text: &str, style: &Style) -> Option<f64> {
    let on_scale = |number: f64| points.iter().map(|it| it.0).find(|it| *it == number);
    let squashed = squash(text);
    let labelled = points
        .iter()
        .find(|(_, labels)| labels.iter().any(|it| it == text || squash(it) == squashed && !squashed.is_empty()));
    if let Some((value, _)) = labelled {
        return Some(*value);
    }
    if let Ok(Some(number)) = parse::decimal(text, style) {
        return on_scale(number.try_into().ok()?);
    }
    if let Some(code) = text.strip_prefix('A').and_then(|it| it.parse::<usize>().ok()) {
        return points.get(code.checked_sub(1)?).map(|it| it.0);
    }
    let digits = |it: char| it.is_ascii_digit();
    let mut numbers = text.split(|it: char| !digits(it)).filter(|it| !it.is_empty());
    let (number, another) = (numbers.next()?, numbers.next());
    let at_an_end = text.starts_with(digits) || text.trim_end_matches([')', ']']).ends_with(digits);
    if another.is_some() || !at_an_end {
        return None;
    }
    let value = on_scale(number.parse().ok()?)?;
    // A number beside the label of another point could mean either.
    let words = squash(&text.replace(digits, ""));
    let other = points.iter().any(|(it, labels)| *it != value && labels.iter().any(|it| squash(it) == words));
    (!other).then_some(value)
}

fn find<'a>(options: &'a [Choice], text: &str) -> Option<&'a Choice> {
    let squashed = squash(text);
    let exact = |it: &&Choice| it.key == text || it.called.iter().any(|it| it == text);
    let alike = |it: &&Choice| it.called.iter().chain([&it.key]).any(|it| squash(it) == squashed);
    options.iter().find(exact).or_else(|| options.iter().find(alike).filter(|_| !squashed.is_empty()))
}

/// The options of a cell that holds several: parted by semicolons or lines, else by commas.
fn split<'a>(options: &'a [Choice], text: &str) -> Result<Vec<&'a Choice>, String> {
    if let Some(only) = find(options, text) {
        return Ok(vec![only]);
    }
    let between: &[char] = if text.contains([';', '\n']) { &[';', '\n'] } else { &[','] };
    let parts = text.split(between).map(str::trim).filter(|it| !it.is_empty());
    parts.map(|it| find(options, it).ok_or_else(|| none_of(it, options))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{answers::places::places, instrument::shipped};

    fn place(instrument: &str, key: &str) -> Place {
        let instrument = shipped().into_iter().find(|it| it.key == instrument).expect("it is shipped");
        places(&instrument).into_iter().find(|it| it.key == key).expect("a place of this key")
    }

    fn said(key: &str, text: &str) -> Result<Vec<Answer>, String> {
        let answers = read(&place("gap-short", key), text, &Style::default())?;
        Ok(answers.into_iter().map(|it| it.1).collect())
    }

    #[test]
    fn a_point_of_a_scale_is_read_from_its_number_its_label_in_any_language_and_its_code() {
        for text in ["4", "4.0", "Very important", "very important ", "Sehr wichtig", "4 - Very important", "A4"] {
            assert_eq!(said("c01.importance", text), Ok(vec![Answer::Value(4.0)]), "{text}");
        }
        for text in ["Well (4)", "4: gut", "Gut"] {
            assert_eq!(said("c01.done", text), Ok(vec![Answer::Value(4.0)]), "{text}");
        }
    }

    #[test]
    fn what_is_not_on_the_scale_is_refused_and_says_what_the_scale_is() {
        for text in ["6", "0", "-4", "4.5", "A6", "4/5", "3 or 4", "4 - Poorly", "good enough", "2026-11-23"] {
            let fault = said("c01.done", text).expect_err(text);
            assert!(fault.contains(text) && fault.contains("1 (Not at all) to 5 (Very well)"), "{fault}");
        }
    }

    #[test]
    fn cannot_judge_is_an_answer_and_a_blank_cell_is_none() {
        for text in ["Cannot judge", "I cannot judge", "Kann ich nicht beurteilen", "don't know", "weiß nicht"] {
            assert_eq!(said("c01.done", text), Ok(vec![Answer::CannotJudge]), "{text}");
        }
        for text in ["", "n/a", "NULL", "-"] {
            assert_eq!(said("c01.done", text), Ok(vec![]), "{text}");
        }
    }

    #[test]
    fn one_option_several_and_an_order_are_read_from_one_cell() {
        let options = || {
            let choice = |key: &str, called: &str| Choice { key: key.to_owned(), called: vec![called.to_owned()] };
            vec![choice("app", "App, on the phone"), choice("mail", "E-mail"), choice("desk", "Desk")]
        };
        let of = |holds| Place {
            key: "how".to_owned(),
            label: String::new(),
            holds,
            cannot_judge: false,
            names: Vec::new(),
        };
        let read = |holds, text: &str| read(&of(holds), text, &Style::default());
        let text = |item: &str, key: &str| (item.to_owned(), Answer::Text(key.to_owned()));
        assert_eq!(read(Holds::One(options()), "e-mail"), Ok(vec![text("how", "mail")]));
        assert_eq!(
            read(Holds::Several(options()), "App, on the phone;Desk;"),
            Ok(vec![text("how.app", "app"), text("how.desk", "desk")])
        );
        assert_eq!(read(Holds::Several(options()), "App, on the phone"), Ok(vec![text("how.app", "app")]));
        let rank = |item: &str, at: f64| (item.to_owned(), Answer::Value(at));
        assert_eq!(
            read(Holds::Order(options()), "Desk;E-mail;App, on the phone;"),
            Ok(vec![rank("how.desk", 1.0), rank("how.mail", 2.0), rank("how.app", 3.0)])
        );
        let fault = read(Holds::Several(options()), "Desk;Pigeon").expect_err("nobody offered a pigeon");
        assert!(fault.contains("“Pigeon”") && fault.contains("E-mail"), "{fault}");
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_and_not_cut() {
        assert!(said("closing", &"x".repeat(LONGEST + 1)).is_err());
        assert_eq!(said("closing", "Fine."), Ok(vec![Answer::Text("Fine.".to_owned())]));
    }
}
