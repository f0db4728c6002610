//! Which column is meant for which field.

use super::*;

const TARGETS: [Target; 4] = [
    Target { key: "name", label: "Name", synonyms: &["full name", "Vollständiger Name"] },
    Target { key: "email", label: "E-mail", synonyms: &["mail address", "E-Mail-Adresse"] },
    Target { key: "unit", label: "Business unit", synonyms: &["department", "Abteilung"] },
    Target { key: "start", label: "Start", synonyms: &["start date", "Eintritt"] },
];

fn proposed(headers: &[&str]) -> Vec<(String, usize)> {
    suggest(headers, &TARGETS).into_iter().map(|suggestion| (suggestion.key, suggestion.column)).collect()
}

#[test]
fn columns_are_proposed_by_name_synonym_words_and_spelling() {
    let pairs = |pairs: &[(&str, usize)]| pairs.iter().map(|(key, at)| (key.to_string(), *at)).collect::<Vec<_>>();
    assert_eq!(proposed(&["E-Mail", "NAME"]), pairs(&[("name", 1), ("email", 0)]));
    assert_eq!(
        proposed(&["Vollstaendiger Name", "E-Mail Adresse", "Abteilung", "Eintritt"]),
        pairs(&[("name", 0), ("email", 1), ("unit", 2), ("start", 3)])
    );
    assert_eq!(proposed(&["StartDate", "Departmnet"]), pairs(&[("start", 0), ("unit", 1)]));
    assert_eq!(proposed(&["Unit of business", "Shoe size"]), pairs(&[("unit", 0)]));
    assert_eq!(proposed(&["", "Colour"]), pairs(&[]));
}

#[test]
fn each_column_and_each_field_is_proposed_once_and_the_surest_wins() {
    let suggestions = suggest(&["Full name", "Name", "Name (2)"], &TARGETS);
    assert_eq!(suggestions.len(), 1);
    assert_eq!((suggestions[0].column, suggestions[0].confidence), (1, 1.0));
    assert_eq!(suggestions[0].why, "it has the same name");
}

#[test]
fn a_digit_makes_another_column() {
    let lines = [Target { key: "line_1", label: "Line 1", synonyms: &[] }];
    assert!(suggest(&["Line 2"], &lines).iter().all(|suggestion| suggestion.confidence < 0.8));
}

#[test]
fn a_fingerprint_knows_the_same_columns_in_any_order_and_writing() {
    let one = fingerprint(&["Net Amount", "Date paid", "Größe"]);
    assert_eq!(one.len(), 32);
    assert_eq!(one, fingerprint(&["groesse", "DatePaid", "net_amount"]));
    assert_ne!(one, fingerprint(&["Net Amount", "Date paid"]));
    assert_ne!(fingerprint(&["a b"]), fingerprint(&["a", "b"]));
}
