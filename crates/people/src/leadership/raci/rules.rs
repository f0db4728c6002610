//! The rules of the matrix: pure, given its letters.
//!
//! A row is broken without exactly one A and at least one R. The rest are warnings: too many at once, nobody left
//! out, a role with nothing, a role with too much, a person where a role should stand.

use crate::leadership::model::Letter;

/// The most roles that do one thing before it is asked who really does it.
pub const MANY_R: usize = 3;
/// The most roles that are asked first before it is asked who can wait.
pub const MANY_C: usize = 3;
/// Below this number of rows nothing is said of how many rows one role has.
pub const FEWEST: usize = 4;

/// How bad it is: a broken row is put right, a warning is thought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Broken,
    Warning,
}

impl Weight {
    /// The class of its mark.
    pub fn class(self) -> &'static str {
        match self {
            Weight::Broken => "bad",
            Weight::Warning => "warn",
        }
    }
}

/// A rule that does not hold, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub weight: Weight,
    /// Two or three words, for a mark.
    pub short: String,
    /// The sentence.
    pub text: String,
    /// The column and its letter to be, where that alone would put it right.
    pub offer: Option<(usize, Letter)>,
}

impl Finding {
    fn new(weight: Weight, short: impl Into<String>, text: impl Into<String>) -> Finding {
        Finding { weight, short: short.into(), text: text.into(), offer: None }
    }

    pub fn is_broken(&self) -> bool {
        self.weight == Weight::Broken
    }
}

/// A column as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Whether it is called like a person.
    pub is_person: bool,
    /// Who holds it and leaves or has left, as a sentence begins: "Ada Byron leaves 31 Jan 2027".
    pub leaving: Option<String>,
}

/// What a key makes of a letter: A on an R is both, and R on an A; the same key again takes its part away; the others
/// take the cell over.
pub fn typed(present: Option<Letter>, key: Letter) -> Option<Letter> {
    use Letter::{Accountable, Both, Responsible};
    Some(match (present, key) {
        (Some(Responsible), Accountable) | (Some(Accountable), Responsible) => Both,
        (Some(Both), Accountable) => Responsible,
        (Some(Both), Responsible) => Accountable,
        (present, key) if present == Some(key) => return None,
        (_, key) => key,
    })
}

/// Reads a cell of somebody's own sheet; nothing where it is empty.
pub fn read(text: &str) -> Result<Option<Letter>, String> {
    let of = |word: &str| match word {
        "R" | "RESPONSIBLE" => Some('R'),
        "A" | "ACCOUNTABLE" => Some('A'),
        "C" | "CONSULTED" | "CONSULT" => Some('C'),
        "I" | "INFORMED" | "INFORM" => Some('I'),
        _ => None,
    };
    let upper = text.trim().to_uppercase();
    if upper.is_empty() || upper == "-" || upper == "–" {
        return Ok(None);
    }
    let words: Vec<&str> = match &*upper {
        "AR" | "RA" => vec!["A", "R"],
        "CI" | "IC" => vec!["C", "I"],
        _ => upper.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty()).collect(),
    };
    let read: Option<Vec<char>> = words.into_iter().map(of).collect();
    let mut letters = read.unwrap_or_default();
    letters.sort_unstable();
    letters.dedup();
    match letters[..] {
        ['R'] => Ok(Some(Letter::Responsible)),
        ['A'] => Ok(Some(Letter::Accountable)),
        ['A', 'R'] => Ok(Some(Letter::Both)),
        ['C'] => Ok(Some(Letter::Consulted)),
        ['I'] => Ok(Some(Letter::Informed)),
        ['C', 'I'] => Ok(Some(Letter::ConsultedAndInformed)),
        _ => Err(format!("“{}” is none of R, A, A/R, C and I.", text.trim())),
    }
}

/// What is wrong with a row, the broken first. `names` are those of the columns; `named` is the one held by whomever the
/// record itself names as accountable.
pub fn of_row(letters: &[Option<Letter>], names: &[&str], named: Option<usize>) -> Vec<Finding> {
    use Weight::{Broken, Warning};
    let having = |test: fn(Letter) -> bool| -> Vec<usize> {
        letters.iter().enumerate().filter(|(_, it)| it.is_some_and(test)).map(|(at, _)| at).collect()
    };
    let called = |of: &[usize]| list(&of.iter().map(|it| names[*it]).collect::<Vec<_>>());
    let (answer, does, asked) = (having(Letter::answers), having(Letter::does), having(Letter::is_asked));
    let mut found = Vec::new();
    match (&answer[..], &does[..], named) {
        ([], _, Some(at)) => found.push(Finding {
            offer: typed(letters[at], Letter::Accountable).map(|it| (at, it)),
            ..Finding::new(
                Broken,
                "no A",
                format!("Nobody answers for it. It names who holds {}: make that the A, or choose another.", names[at]),
            )
        }),
        ([], [only], None) => found.push(Finding {
            offer: Some((*only, Letter::Both)),
            ..Finding::new(
                Broken,
                "no A",
                format!("Nobody answers for it. If {} does, make that A/R; otherwise choose one role.", names[*only]),
            )
        }),
        ([], _, None) => found.push(Finding::new(Broken, "no A", "Nobody answers for it: give one role the A.")),
        ([_], ..) => {}
        (several, ..) => {
            let text = format!("{} answer for it, and so nobody does: leave one A.", called(several));
            found.push(Finding::new(Broken, format!("{} A", several.len()), text));
        }
    }
    match (&does[..], &answer[..]) {
        ([], [only]) => found.push(Finding {
            offer: Some((*only, Letter::Both)),
            ..Finding::new(
                Broken,
                "no R",
                format!("Nobody does it. If {} does it as well, make that A/R; otherwise give an R.", names[*only]),
            )
        }),
        ([], _) => found.push(Finding::new(Broken, "no R", "Nobody does it: give at least one role the R.")),
        (several, _) if several.len() > MANY_R => {
            let text = format!("{} roles do it, more than {MANY_R}: who does it really?", several.len());
            found.push(Finding::new(Warning, "many R", text));
        }
        _ => {}
    }
    if asked.len() > MANY_C {
        let text = format!(
            "{} roles are asked first, more than {MANY_C}: that takes time. Who can be told afterwards?",
            asked.len()
        );
        found.push(Finding::new(Warning, "many C", text));
    }
    for at in having(|it| it == Letter::ConsultedAndInformed) {
        let text = format!("{} is both asked first and told afterwards: leave C or I.", names[at]);
        found.push(Finding::new(Warning, "C and I", text));
    }
    if letters.len() >= FEWEST && letters.iter().all(Option::is_some) {
        found.push(Finding::new(Warning, "all filled", "Every role has a letter: whom does it not concern?"));
    }
    found
}

/// What many rows or columns have in common, said once; nothing for what has to be said of each.
pub fn together(short: &str, n: usize) -> Option<String> {
    Some(match short {
        "no A" => format!("Nobody answers for {n} rows: give one role the A in each."),
        "no R" => format!("Nobody does {n} rows: give at least one role the R in each."),
        "no letter" => format!("{n} roles have no letter in any row: what are they there for?"),
        _ => return None,
    })
}

/// What is wrong with a column, given its letter in every row.
pub fn of_column(column: &Column, letters: &[Option<Letter>]) -> Vec<Finding> {
    use Weight::Warning;
    let rows = letters.len();
    let count = |test: fn(Letter) -> bool| letters.iter().flatten().filter(|it| test(**it)).count();
    let (answers, does, any) = (count(Letter::answers), count(Letter::does), letters.iter().flatten().count());
    let most = |of: usize| rows >= FEWEST && of * 2 > rows;
    let mut found = Vec::new();
    if column.is_person {
        let text = "This is a person's name. Name the role, so that it can change hands.";
        found.push(Finding::new(Warning, "a person", text));
    }
    if let Some(leaving) = &column.leaving {
        let text = format!("{leaving}: decide who holds this role then.");
        found.push(Finding::new(Warning, "leaving", text));
    }
    if rows > 0 && any == 0 {
        found.push(Finding::new(Warning, "no letter", "It has no letter in any row: what is this role there for?"));
    }
    if most(answers) {
        let text = format!("It answers for {answers} of {rows} rows: everything will wait for it. Give some away.");
        found.push(Finding::new(Warning, "bottleneck", text));
    }
    if most(does) {
        let text = format!("It does the work of {does} of {rows} rows: can one role do that?");
        found.push(Finding::new(Warning, "overload", text));
    }
    if rows >= FEWEST && any == rows {
        found.push(Finding::new(Warning, "in every row", "It has a letter in every row: where is it not needed?"));
    }
    found
}

/// How much of the matrix is not in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub rows: usize,
    pub nobody_answers: usize,
    pub several_answer: usize,
    pub nobody_does: usize,
    /// Records that somebody has to answer for and that are no row.
    pub missing: usize,
}

/// The finding of the whole matrix, as a heading.
pub fn headline(it: Tally) -> String {
    let of = |n: usize, rest: &str| match n {
        1 => format!("One of {} rows {rest}", it.rows),
        n => format!("{n} of {} rows {}", it.rows, rest.replacen("has ", "have ", 1)),
    };
    match it {
        Tally { rows: 0, missing: 0, .. } => "There is nothing yet that somebody has to answer for".to_owned(),
        Tally { rows: 0, missing: 1, .. } => "One record waits for somebody who answers for it".to_owned(),
        Tally { rows: 0, missing, .. } => format!("{missing} records wait for somebody who answers for them"),
        Tally { nobody_answers: n @ 1.., .. } => of(n, "has nobody who answers"),
        Tally { several_answer: n @ 1.., .. } => of(n, "has more than one who answers, and so nobody"),
        Tally { nobody_does: n @ 1.., .. } => of(n, "has nobody who does the work"),
        Tally { rows: 1, missing: 0, .. } => "The one row has one role that answers".to_owned(),
        Tally { missing: 0, rows, .. } => {
            format!("Each of {rows} rows has one role that answers, and somebody who does it")
        }
        Tally { rows, missing, .. } => {
            format!("{rows} rows are in order, {missing} more records are not in the matrix yet")
        }
    }
}

/// The words with commas, and `and` before the last.
pub fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shorts(letters: &[Option<Letter>]) -> Vec<String> {
        let names: Vec<String> = (0..letters.len()).map(|at| format!("Role {at}")).collect();
        let names: Vec<&str> = names.iter().map(|it| &**it).collect();
        of_row(letters, &names, None).into_iter().map(|it| it.short).collect()
    }

    fn row(text: &str) -> Vec<Option<Letter>> {
        text.split(' ').map(Letter::from_key).collect()
    }

    #[test]
    fn each_rule_of_a_row_is_said_where_it_is_broken_and_nowhere_else() {
        for (letters, expected) in [
            ("A R C I .", &[][..]),
            ("A/R . . .", &[]),
            ("R . . .", &["no A"]),
            ("C . . .", &["no A", "no R"]),
            ("A A R .", &["2 A"]),
            ("A/R A . .", &["2 A"]),
            ("A . C .", &["no R"]),
            ("A R R R .", &[]),
            ("A/R R R R .", &["many R"]),
            ("A/R C C C . .", &[]),
            ("A/R C C C C/I .", &["many C", "C and I"]),
            ("A/R C I C", &["all filled"]),
            ("A/R C I", &[]),
        ] {
            assert_eq!(shorts(&row(letters)), expected, "{letters}");
        }
    }

    #[test]
    fn whoever_the_record_names_is_offered_as_the_one_who_answers() {
        let offer = |letters: &str, named| of_row(&row(letters), &["IT leader", "ERP owner"], named)[0].offer;
        assert_eq!(offer(". .", Some(1)), Some((1, Letter::Accountable)));
        assert_eq!(offer("R .", Some(1)), Some((1, Letter::Accountable)));
        assert_eq!(offer("R .", Some(0)), Some((0, Letter::Both)));
        assert_eq!(offer("R .", None), Some((0, Letter::Both)));
        assert_eq!(offer(". .", None), None);
    }

    #[test]
    fn each_rule_of_a_column_is_said_where_it_is_broken_and_nowhere_else() {
        let of = |letters: &str, is_person| {
            let column = Column { is_person, leaving: None };
            of_column(&column, &row(letters)).into_iter().map(|it| it.short).collect::<Vec<_>>()
        };
        assert_eq!(of("A . . .", false), [""; 0]);
        assert_eq!(of(". . . .", false), ["no letter"]);
        assert_eq!(of("A A . .", false), [""; 0], "half is not most");
        assert_eq!(of("A A A/R .", false), ["bottleneck"]);
        assert_eq!(of("R R A/R .", false), ["overload"]);
        assert_eq!(of("A A A", false), [""; 0], "three rows say nothing");
        assert_eq!(of("A C I C", true), ["a person", "in every row"]);
    }

    #[test]
    fn a_cell_of_somebodys_own_sheet_is_read_as_people_write_it() {
        for (text, expected) in [
            ("", None),
            (" - ", None),
            ("r", Some(Letter::Responsible)),
            ("AR", Some(Letter::Both)),
            ("R, A", Some(Letter::Both)),
            ("Accountable", Some(Letter::Accountable)),
            ("c/i", Some(Letter::ConsultedAndInformed)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in ["x", "A/C", "R A C", "✓"] {
            assert!(read(text).is_err_and(|it| it.contains("none of R, A, A/R, C and I")), "{text}");
        }
    }

    #[test]
    fn the_heading_says_the_worst_first() {
        let all = Tally { rows: 18, nobody_answers: 2, several_answer: 1, nobody_does: 3, missing: 4 };
        assert_eq!(headline(all), "2 of 18 rows have nobody who answers");
        let one = Tally { nobody_answers: 1, ..all };
        assert_eq!(headline(one), "One of 18 rows has nobody who answers");
        let done = Tally { rows: 18, ..Tally::default() };
        assert_eq!(headline(done), "Each of 18 rows has one role that answers, and somebody who does it");
        assert_eq!(
            headline(Tally { missing: 4, ..done }),
            "18 rows are in order, 4 more records are not in the matrix yet"
        );
    }

    fn letter() -> impl Strategy<Value = Option<Letter>> {
        prop::option::of(prop::sample::select(Letter::ALL))
    }

    proptest! {
        #[test]
        fn a_row_is_whole_exactly_where_one_answers_and_somebody_does_it(letters in prop::collection::vec(letter(), 0..12)) {
            let count = |test: fn(Letter) -> bool| letters.iter().flatten().filter(|it| test(**it)).count();
            let names = vec!["Role"; letters.len()];
            let broken = of_row(&letters, &names, None).iter().any(Finding::is_broken);
            prop_assert_eq!(!broken, count(Letter::answers) == 1 && count(Letter::does) > 0);
        }

        #[test]
        fn taking_an_offer_leaves_the_row_less_broken_than_before(
            letters in prop::collection::vec(letter(), 1..12),
            named in prop::option::of(0usize..12),
        ) {
            let names = vec!["Role"; letters.len()];
            let named = named.filter(|it| *it < letters.len());
            let broken = |of: &[Option<Letter>]| of_row(of, &names, named).iter().filter(|it| it.is_broken()).count();
            for (at, letter) in of_row(&letters, &names, named).iter().filter_map(|it| it.offer) {
                let mut mended = letters.clone();
                mended[at] = Some(letter);
                prop_assert!(broken(&mended) < broken(&letters));
            }
        }

        #[test]
        fn the_order_of_the_columns_changes_nothing(letters in prop::collection::vec(letter(), 0..12)) {
            let mut back = letters.clone();
            back.reverse();
            let sorted = |of: &[Option<Letter>]| { let mut all = shorts(of); all.sort(); all };
            prop_assert_eq!(sorted(&letters), sorted(&back));
        }

        #[test]
        fn a_key_always_changes_the_cell_and_what_it_makes_can_be_written_and_read(present in letter(), key in prop::sample::select(Letter::ALL)) {
            let once = typed(present, key);
            prop_assert_ne!(once, present);
            prop_assert_eq!(read(once.map_or("", Letter::key)), Ok(once));
        }
    }
}
