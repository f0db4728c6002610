//! The invariants of ARCHITECTURE.md, as tests: what must not be there is looked for.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a text file of the repository")
}

/// The crates from the innermost out; each may lean on those before it and on none after it.
const ORDER: [&str; 11] =
    ["calc", "db", "kit", "survey", "align", "people", "language", "planning", "delivery", "journey", "waypost"];

#[test]
fn dependencies_run_one_way() {
    for (at, name) in ORDER.iter().enumerate() {
        let manifest = read(&root().join("crates").join(name).join("Cargo.toml"));
        for later in &ORDER[at + 1..] {
            assert!(!manifest.contains(&format!("\n{later}.workspace")), "{name} leans on {later}");
        }
    }
    let members = fs::read_dir(root().join("crates")).expect("crates").count();
    assert_eq!(members, ORDER.len(), "a crate is missing in the order");
}

#[test]
fn calc_knows_no_input_output_clock_or_chance() {
    for file in files(&root().join("crates/calc/src"), ".rs") {
        let text = read(&file);
        for word in [
            "async fn",
            "std::fs",
            "std::io",
            "std::net",
            "println!",
            "Timestamp::now",
            "SystemTime",
            "Instant::now",
            "rand::rng",
            "rand::random",
            "tokio",
            "sqlx",
        ] {
            assert!(!text.contains(word), "{} uses `{word}`", file.display());
        }
    }
}

#[test]
fn rules_are_pure() {
    let is_one = |it: &PathBuf| {
        let of_a_folder = it.components().any(|part| part.as_os_str() == "rules");
        it.ends_with("rules.rs") || of_a_folder && !it.ends_with("tests.rs")
    };
    for file in files(&root().join("crates"), ".rs").into_iter().filter(is_one) {
        let text = read(&file);
        for word in ["async ", "axum::", "sqlx::", "db::Db", "Timestamp::now", "fresh()", "now_v7"] {
            assert!(!text.contains(word), "{} uses `{word}`", file.display());
        }
    }
}

/// Where statements may stand: the engine, the kit's own modules that keep something, and each store.rs.
const MAY_HOLD_SQL: [&str; 3] = ["crates/db/", "crates/kit/src/", "store.rs"];

#[test]
fn sql_stands_only_in_stores() {
    for file in files(&root().join("crates"), ".rs") {
        let name = file.to_string_lossy().replace('\\', "/");
        if MAY_HOLD_SQL.iter().any(|it| name.contains(it)) || name.contains("/tests/") || name.contains("/target/") {
            continue;
        }
        let text = read(&file);
        for word in ["SELECT ", "INSERT INTO", "DELETE FROM", "\"UPDATE "] {
            assert!(!text.contains(word), "{} holds SQL: {word}", file.display());
        }
    }
}

#[test]
fn enter_never_presses_a_button_that_goes_back() {
    for file in files(&root().join("crates"), ".html") {
        let text = read(&file);
        for form in text.split("<form").skip(1).filter_map(|it| it.split("</form>").next()) {
            let first = form.split("<button").skip(1).find(|it| !it.starts_with(" type=\"button\"")).unwrap_or("");
            let button = first.split('>').next().unwrap_or("");
            assert!(!button.contains("value=\"back\""), "{}: the first button of a form goes back", file.display());
        }
    }
}

#[test]
fn migrations_use_only_what_both_engines_read() {
    for file in files(&root().join("crates/db/migrations"), ".sql") {
        let text = read(&file).to_uppercase();
        for word in ["SERIAL", "AUTOINCREMENT", "NUMERIC", "JSONB", "DATETIME", "TIMESTAMP", " ENUM", "WITHOUT ROWID"] {
            let found = text.lines().filter(|it| !it.trim_start().starts_with("--")).any(|it| it.contains(word));
            assert!(!found, "{} uses {word}", file.display());
        }
    }
}

/// Words that stand for no column in PostgreSQL, of those that SQLite lets pass and a field might be called.
const RESERVED: [&str; 20] = [
    "all",
    "analyse",
    "any",
    "array",
    "asymmetric",
    "both",
    "column",
    "do",
    "end",
    "for",
    "grant",
    "leading",
    "offset",
    "only",
    "placing",
    "some",
    "trailing",
    "user",
    "variadic",
    "window",
];

#[tokio::test]
async fn every_field_of_every_kind_has_its_column() {
    let world = crate::world::World::new().await;
    let shapes = world.app.db.shapes().await.expect("the tables");
    for kind in world.app.registry.kinds() {
        let table = shapes.iter().find(|it| it.name == kind.key).expect("a table for each kind");
        for field in kind.fields {
            let column = (field.key.to_owned(), field.column());
            assert!(table.columns.contains(&column), "{} has no column {column:?}", kind.key);
            assert!(
                !RESERVED.contains(&field.key),
                "{}.{} is a word that PostgreSQL keeps for itself",
                kind.key,
                field.key
            );
        }
    }
}
