use super::*;
use crate::{people::Person, record::Record};

const COLUMNS: [&str; 5] = ["name", "email", "side", "manager", "influence"];

fn given<'a>(rows: &'a [[&'a str; 5]]) -> Vec<Given<'a>> {
    let of = |row: &'a [&'a str; 5], key: &str| {
        COLUMNS.iter().position(|it| *it == key).map(|at| (row[at], Style::default()))
    };
    let cells = |row| Person::KIND.fields.iter().map(|field| of(row, field.key)).collect();
    rows.iter().zip(2..).map(|(row, number)| Given { number, id: None, cells: cells(row) }).collect()
}

fn decided(here: &[Row], rows: &[[&str; 5]]) -> Vec<(Line, Change)> {
    taken(here, rows, Manner::default())
}

fn taken(here: &[Row], rows: &[[&str; 5]], manner: Manner) -> Vec<(Line, Change)> {
    let mut next = 100;
    let new_id = || {
        next += 1;
        Uuid::from_u128(next)
    };
    let names = BTreeMap::from([("person", Names::of(Person::KIND, here))]);
    let around = Around { here, names: &names, makers: &[], refuses: &|_, _, _| Vec::new() };
    decide(Person::KIND, &around, &given(rows), new_id, manner).rows
}

fn fates(decided: &[(Line, Change)]) -> Vec<Fate> {
    decided.iter().map(|it| it.0.fate).collect()
}

/// What is here once the decided changes are written.
fn written(here: &[Row], decided: Vec<(Line, Change)>) -> Vec<Row> {
    let mut rows = here.to_vec();
    for (_, change) in decided {
        match change {
            Change::Create(row) => rows.push(row),
            Change::Update { before, values } => {
                let row = rows.iter_mut().find(|it| it.id == before.id).expect("it is here");
                (row.version, row.values) = (before.version + 1, values);
            }
            Change::Nothing => {}
        }
    }
    rows
}

const TWO: [[&str; 5]; 2] =
    [["Ada Byron", "ada@example.org", "Business", "", "5"], ["Charles", "charles@example.org", "it", "Ada Byron", ""]];

#[test]
fn the_same_file_twice_changes_nothing_the_second_time() {
    let first = decided(&[], &TWO);
    assert_eq!(fates(&first), [Fate::Create, Fate::Create]);
    let here = written(&[], first);
    assert_eq!(fates(&decided(&here, &TWO)), [Fate::Unchanged, Fate::Unchanged]);
}

#[test]
fn a_link_may_lead_to_a_row_of_the_same_file_in_any_order() {
    let turned = [TWO[1], TWO[0]];
    let here = written(&[], decided(&[], &turned));
    let people: Vec<Person> = here.iter().map(Person::from_row).collect();
    assert_eq!(people[0].manager, Some(people[1].id));
}

#[test]
fn an_empty_cell_leaves_what_is_here_and_a_filled_one_says_what_changes() {
    let here = written(&[], decided(&[], &TWO));
    let again = decided(&here, &[["Ada King", "ada@example.org", "", "", ""]]);
    assert_eq!(again[0].0.fate, Fate::Update);
    assert_eq!(again[0].0.says, ["Name: “Ada Byron” becomes “Ada King”"]);
}

#[test]
fn two_people_of_one_name_with_different_addresses_are_two() {
    let here = written(&[], decided(&[], &TWO));
    let other = decided(&here, &[["Ada Byron", "ada.byron@example.org", "Business", "", ""]]);
    assert_eq!(fates(&other), [Fate::Create]);
}

#[test]
fn a_row_is_skipped_with_every_reason_and_so_is_what_leads_to_it() {
    let rows = [["Ada", "ada(at)example", "Business", "", "9"], ["Charles", "c@example.org", "IT", "Ada", ""]];
    let skipped = decided(&[], &rows);
    assert_eq!(fates(&skipped), [Fate::Skip, Fate::Skip]);
    assert_eq!(skipped[0].0.says.len(), 2, "{:?}", skipped[0].0.says);
}

#[test]
fn that_a_row_leads_to_a_skipped_one_is_said_only_where_nothing_else_is_wrong_with_it() {
    let rows = [["Ada", "", "Moon", "", ""], ["Bea", "", "Moon", "Ada", ""], ["Cid", "", "IT", "Ada", ""]];
    let says: Vec<Vec<String>> = decided(&[], &rows).into_iter().map(|it| it.0.says).collect();
    assert!(says[1].len() == 1 && says[1][0].contains("Moon"), "{says:?}");
    assert_eq!(says[2], [format!("Manager: {SKIPPED}")]);
}

#[test]
fn a_choice_is_understood_by_its_other_words() {
    let words = ["Fachbereich", "Geschäft", "EDV", "Extern", "DIENSTLEISTER", "Lieferant"];
    let names = words.map(|it| format!("Person of {it}"));
    let rows: Vec<[&str; 5]> = names.iter().zip(words).map(|(name, side)| [&**name, "", side, "", ""]).collect();
    let people: Vec<Person> = written(&[], decided(&[], &rows)).iter().map(Person::from_row).collect();
    use crate::method::Side::{Business, It, Provider};
    let sides: Vec<_> = people.iter().map(|it| it.side).collect();
    assert_eq!(sides, [Business, Business, It, Provider, Provider, Provider]);
}

#[test]
fn the_same_record_twice_in_a_file_is_taken_once() {
    let rows = [TWO[0], TWO[0]];
    let twice = decided(&[], &rows);
    assert_eq!(fates(&twice), [Fate::Create, Fate::Skip]);
    assert!(twice[1].0.says[0].contains("Row 2"), "{:?}", twice[1].0.says);
}

#[test]
fn people_who_lead_each_other_are_both_refused() {
    let rows = [["A", "a@example.org", "IT", "B", ""], ["B", "b@example.org", "IT", "A", ""]];
    assert_eq!(fates(&decided(&[], &rows)), [Fate::Skip, Fate::Skip]);
}

#[test]
fn a_cell_that_cannot_be_read_may_be_left_out_and_one_that_is_needed_may_not() {
    let lenient = Manner { lenient: true, ..Manner::default() };
    let rows = [["Ada", "ada(at)example", "Moon", "", "4"], ["Bea", "bea(at)example", "IT", "Nobody", "9"]];
    let first = taken(&[], &rows, lenient);
    assert_eq!(fates(&first), [Fate::Skip, Fate::Create]);
    assert!(first[0].0.says[0].contains("Moon") && first[0].0.warns.is_empty(), "{:?}", first[0].0);
    assert_eq!(first[1].0.warns.len(), 3, "address, manager and influence: {:?}", first[1].0.warns);
    let here = written(&[], first);
    let again = taken(&here, &rows, lenient);
    assert_eq!(fates(&again), [Fate::Skip, Fate::Unchanged], "twice is once");
    assert_eq!(fates(&decided(&here, &rows)), [Fate::Skip, Fate::Skip], "only where it was asked for");
}

#[test]
fn a_cell_that_is_left_out_leaves_what_is_here_even_where_empty_cells_clear() {
    let here = written(&[], decided(&[], &TWO));
    let manner = Manner { lenient: true, clears: true, ..Manner::default() };
    let changed = taken(&here, &[["Ada King", "ada@example.org", "Business", "", "many"]], manner);
    let people: Vec<Person> = written(&here, changed).iter().map(Person::from_row).collect();
    assert_eq!((&*people[0].name, people[0].influence), ("Ada King", Some(5)));
}

#[test]
fn what_leads_to_a_skipped_row_may_come_in_without_the_link() {
    let lenient = Manner { lenient: true, ..Manner::default() };
    let rows = [["Ada", "", "Moon", "", ""], ["Bea", "", "IT", "Ada", ""]];
    let first = taken(&[], &rows, lenient);
    assert_eq!(fates(&first), [Fate::Skip, Fate::Create]);
    assert!(first[1].0.warns[0].contains("skipped"), "{:?}", first[1].0.warns);
}
