//! The import wizard: file, dry run, commit, undo.

use axum::http::StatusCode;
use kit::{
    actions::Action,
    import::{self, Settings},
    people::{Person, Unit},
    rights::Role,
    store,
};
use proptest::prelude::*;

use crate::world::{Answer, User, World};

const PEOPLE: &str = "Name;E-Mail;Seite;Vorgesetzter;Eintritt\n\
    Ada Byron;ada@harbour.example;Business;;01.07.2019\n\
    Charles Babbage;charles@harbour.example;IT;ada@harbour.example;15.02.2024\n";

/// Sends a file as the form does.
pub async fn bring(world: &World, user: &User, target: &str, name: &str, bytes: &[u8]) -> Answer {
    world.upload(user, "/import", &[("target", None, target.as_bytes()), ("file", Some(name), bytes)]).await
}

/// The value of the hidden field by which the commit knows what was shown.
pub fn fingerprint(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"fingerprint\" value=\"").expect("a dry run that can be committed");
    rest.split('"').next().expect("a closing quote").to_owned()
}

async fn people(world: &World, user: &User) -> Vec<Person> {
    store::all::<Person>(&world.app.db, user.org).await.expect("the people")
}

#[tokio::test]
async fn a_file_is_looked_at_committed_and_taken_back() {
    let world = World::new().await;
    let owner = world.owner().await;
    let sent = bring(&world, &owner, "person", "people.csv", PEOPLE.as_bytes()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    let batch = sent.location().to_owned();
    let page = world.get(&owner, &batch).await;
    assert!(page.visible().contains("People: 2 created"), "{}", page.visible());
    assert!(people(&world, &owner).await.is_empty(), "a dry run writes nothing");

    let commit = format!("{batch}/commit");
    let done = world.post(&owner, &commit, &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    let here = people(&world, &owner).await;
    assert_eq!(here.len(), 2);
    assert_eq!(here[1].manager, Some(here[0].id));
    assert_eq!(here[1].starts, Some(jiff::civil::date(2024, 2, 15)));

    let again = world.post(&owner, &commit, &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let undone = world.post(&owner, &format!("{batch}/undo"), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.visible());
    assert!(people(&world, &owner).await.is_empty());
}

#[tokio::test]
async fn an_amount_that_may_be_a_thousand_times_more_is_refused_in_its_row() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = "Name,Spending limit\nERP owner,140.000\nHelp desk,95.50\n";
    let batch = bring(&world, &owner, "role", "roles.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("“140.000” can be read as 140,000 or as 140.00. Write 140000 or 140.00"), "{page}");
    assert!(page.contains("1 created"), "{page}");
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_its_columns_are_remembered() {
    let world = World::new().await;
    let owner = world.owner().await;
    // Nothing tells that “Lager” is the side: the person who imports does.
    let file = PEOPLE.replace("Seite", "Lager").replace("E-Mail", "Adresse");
    let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    assert!(world.get(&owner, &batch).await.visible().contains("nothing fills"));
    let columns = [
        ("column:name", "Name"),
        ("column:email", "Adresse"),
        ("column:side", "Lager"),
        ("column:manager", "Vorgesetzter"),
    ];
    world.post(&owner, &batch, &columns).await;
    let page = world.get(&owner, &batch).await;
    world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(people(&world, &owner).await.len(), 2);
    let before = people(&world, &owner).await;

    let again = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &again).await;
    assert!(page.visible().contains("Nothing would change"), "{}", page.visible());
    assert_eq!(people(&world, &owner).await, before);
}

#[tokio::test]
async fn a_commit_refuses_when_the_data_changed_since_the_dry_run() {
    let world = World::new().await;
    let owner = world.owner().await;
    let batch = bring(&world, &owner, "person", "people.csv", PEOPLE.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    let ada = [("name", "Ada Byron"), ("email", "ada@harbour.example"), ("side", "it")];
    world.post(&owner, "/people", &ada).await;
    let refused = world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(people(&world, &owner).await.len(), 1);
    let page = world.get(&owner, &batch).await;
    assert!(page.visible().contains("Side: “IT” becomes “Business”"), "{}", page.visible());
    let done = world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn undoing_leaves_what_was_changed_since_or_is_referred_to_and_says_so() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let target = import::target(&world.app.registry, "person").expect("people can be imported");
    let (batch, _, _) =
        import::file(&scope, &*target, None, "people.csv", PEOPLE.as_bytes().to_vec(), &Settings::default())
            .await
            .expect("an import");
    let ada = people(&world, &owner).await[0].clone();
    let action =
        [("title", "Write the vision"), ("about", "action"), ("state", "open"), ("owner", &ada.id.to_string())];
    assert_eq!(world.post(&owner, "/actions", &action).await.status, StatusCode::SEE_OTHER);
    let left = import::undo(&scope, &*target, &batch).await.expect("an undo");
    assert_eq!(left, ["“Ada Byron” stays: “Write the vision” refers to it."]);
    assert_eq!(people(&world, &owner).await.len(), 1);
}

#[tokio::test]
async fn undoing_leaves_what_stands_in_the_matrix_and_what_documents_are_attached_to() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let target = import::target(&world.app.registry, "activity").expect("activities can be imported");
    let file = b"Name\nService desk\nNetworks\nTelephones\n".to_vec();
    let (batch, _, _) =
        import::file(&scope, &*target, None, "activities.csv", file, &Settings::default()).await.expect("an import");
    let titles = store::titles(&world.app.db, owner.org, scope.app.registry.kind("activity").expect("a kind")).await;
    let id = |title: &str| {
        let found = titles.as_ref().expect("titles").iter().find(|it| it.1 == title);
        found.expect("an activity").0.to_string()
    };
    let row = [("record", &*format!("activity:{}", id("Service desk")))];
    assert_eq!(world.post(&owner, "/raci/add", &row).await.status, StatusCode::SEE_OTHER);
    let files = format!("/activities/{}/files", id("Networks"));
    let sent = world.upload(&owner, &files, &[("file", Some("plan.txt"), b"two lines a room")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    let mut left = import::undo(&scope, &*target, &batch).await.expect("an undo");
    left.sort();
    assert!(left[0] == "“Networks” stays: documents were attached to it.", "{left:?}");
    assert!(left.len() == 2 && left[1].starts_with("“Service desk” stays: "), "{left:?}");
    let stays = store::titles(&world.app.db, owner.org, scope.app.registry.kind("activity").expect("a kind")).await;
    assert_eq!(stays.expect("titles").len(), 2);
}

#[tokio::test]
async fn a_file_that_is_discarded_stays_only_while_something_else_needs_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let files = || std::fs::read_dir(world.app.folder.join("files")).expect("the folder of files").count();
    let first = bring(&world, &owner, "person", "people.csv", PEOPLE.as_bytes()).await.location().to_owned();
    let second = bring(&world, &owner, "person", "people.csv", PEOPLE.as_bytes()).await.location().to_owned();
    for (batch, left) in [(first, 1), (second, 0)] {
        assert_eq!(world.post(&owner, &format!("{batch}/discard"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(files(), left);
    }
}

#[tokio::test]
async fn an_export_comes_back_without_a_change() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let units = import::target(&world.app.registry, "business_unit").expect("units can be imported");
    let file = b"Code,Name,Parent\nA,All,\nA1,\"=SUM(1)\",A\n".to_vec();
    import::file(&scope, &*units, None, "units.csv", file, &Settings::default()).await.expect("an import");
    assert_eq!(store::all::<Unit>(&world.app.db, owner.org).await.expect("units")[1].name, "=SUM(1)");
    for format in ["csv", "xlsx"] {
        let file = world.get(&owner, &format!("/units/export/{format}")).await.bytes;
        let (_, plan, _) = import::file(&scope, &*units, None, &format!("u.{format}"), file, &Settings::default())
            .await
            .expect("an import");
        assert_eq!((plan.counts().unchanged, plan.counts().writes()), (2, false), "{format}: {:?}", plan.lines);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_sentence_and_nothing_is_kept() {
    let world = World::new().await;
    let owner = world.owner().await;
    for (name, bytes, said) in [
        ("people.csv", &b"%PDF-1.7 and so on"[..], "a PDF document"),
        ("people.xlsx", &b"PK\x03\x04 cut off"[..], "breaks off or is damaged"),
        ("people.csv", &b""[..], "is empty"),
        ("", &b""[..], "Choose a file first"),
    ] {
        let answer = bring(&world, &owner, "person", name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.visible().contains(said), "{name}: {}", answer.visible());
    }
    let header_only = bring(&world, &owner, "person", "people.csv", b"Name,E-mail\n").await;
    let page = world.get(&owner, header_only.location()).await;
    assert!(page.visible().contains("no row below them"), "{}", page.visible());
    let kept = std::fs::read_dir(world.app.folder.join("files")).expect("the folder for files").count();
    assert_eq!(kept, 1, "only the file that could be read is kept");
}

/// Commits what the page at hand shows, and gives the page afterwards.
async fn committed(world: &World, user: &User, batch: &str) -> Answer {
    let page = world.get(user, batch).await;
    let done = world.post(user, &format!("{batch}/commit"), &[("fingerprint", &fingerprint(&page))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    world.get(user, batch).await
}

async fn units(world: &World, user: &User) -> Vec<String> {
    let all = store::all::<Unit>(&world.app.db, user.org).await.expect("the units");
    all.into_iter().map(|it| it.name).collect()
}

#[tokio::test]
async fn a_row_comes_in_without_a_cell_that_cannot_be_read_where_that_was_chosen() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = "Name;E-Mail;Seite;Influence\nAda;ada(at)harbour;IT;9\nBea;bea@harbour.example;Moon;2\n";
    let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("No row can be taken in yet: 2 are skipped"), "{page}");
    let columns = [
        ("column:name", "Name"),
        ("column:email", "E-Mail"),
        ("column:side", "Seite"),
        ("column:influence", "Influence"),
        ("lenient", "yes"),
    ];
    world.post(&owner, &batch, &columns).await;
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("People: 1 created, 1 skipped"), "{page}");
    assert!(
        page.contains("“ada(at)harbour” is not an e-mail address") && page.contains("The cell is left out"),
        "{page}"
    );
    committed(&world, &owner, &batch).await;
    let here = people(&world, &owner).await;
    assert_eq!(here.len(), 1);
    assert_eq!((&*here[0].name, &here[0].email, here[0].influence), ("Ada", &None, None));

    let again = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &again).await;
    let counts: Vec<&str> = page.text().matches("checked").map(|_| "on").collect();
    assert_eq!(counts.len(), 1, "remembered with the columns");
    assert!(page.visible().contains("Nothing to change: 1 is here already, 1 skipped"), "{}", page.visible());
}

#[tokio::test]
async fn units_that_rows_name_are_made_with_them_once_and_taken_back_with_them() {
    let world = World::new().await;
    let owner = world.owner().await;
    world.post(&owner, "/units", &[("name", "Dock")]).await;
    let file = "Name;Side;Department\nAda;IT;Yard\nBea;IT;yard\nCid;IT;Dock\nDan;Moon;Office\n";
    let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("“Yard” is no business unit that is here"), "{page}");
    let columns = [("column:name", "Name"), ("column:side", "Side"), ("column:unit", "Department"), ("makes", "yes")];
    world.post(&owner, &batch, &columns).await;
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("Also makes business units (1): Yard."), "not for a row that is skipped: {page}");
    assert_eq!(units(&world, &owner).await, ["Dock"], "a dry run writes nothing");
    committed(&world, &owner, &batch).await;
    assert_eq!(units(&world, &owner).await, ["Dock", "Yard"]);
    let here = people(&world, &owner).await;
    assert_eq!(here.len(), 3);
    assert!(here[0].unit.is_some() && here[0].unit == here[1].unit);

    let again = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &again).await.visible();
    assert!(
        page.contains("Nothing to change: 3 are here already, 1 skipped") && !page.contains("Also makes"),
        "{page}"
    );
    world.post(&owner, &format!("{batch}/undo"), &[]).await;
    assert_eq!((units(&world, &owner).await, people(&world, &owner).await.len()), (vec!["Dock".to_owned()], 0));
}

#[tokio::test]
async fn a_unit_that_an_import_made_stays_where_somebody_else_was_put_into_it_since() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let target = import::target(&world.app.registry, "person").expect("people");
    let settings = Settings { makes: true, ..Settings::default() };
    let file = b"Name;Side;Department\nAda;IT;Yard\n".to_vec();
    let (batch, plan, _) = import::file(&scope, &*target, None, "a.csv", file, &settings).await.expect("an import");
    assert_eq!(plan.also[0].titles, ["Yard"]);
    let yard = store::all::<Unit>(&world.app.db, owner.org).await.expect("units")[0].id.to_string();
    world.post(&owner, "/people", &[("name", "Bea"), ("side", "it"), ("unit", &yard)]).await;
    let left = import::undo(&scope, &*target, &batch).await.expect("an undo");
    assert_eq!(left, ["“Yard” stays: “Bea” refers to it."]);
    assert_eq!(people(&world, &owner).await.len(), 1);
}

#[tokio::test]
async fn what_a_word_means_is_said_once_and_remembered_for_the_next_file() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = "Name;Seite\nAda;Kollege\nBea;Partnerfirma\nCid; kollege\n";
    let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    assert!(page.visible().contains("Side: “Kollege”") && page.visible().contains("Side: “Partnerfirma”"));
    assert_eq!(page.text().matches("name=\"means:").count(), 2, "each word once");
    let said = [
        ("column:name", "Name"),
        ("column:side", "Seite"),
        ("means:side=Kollege", "it"),
        ("means:side=Partnerfirma", ""),
    ];
    world.post(&owner, &batch, &said).await;
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("People: 2 created, 1 skipped"), "{page}");
    committed(&world, &owner, &batch).await;

    let next = "Name;Seite\nDan;KOLLEGE\n";
    let batch = bring(&world, &owner, "person", "more.csv", next.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    assert!(page.contains("People: 1 created"), "{page}");
    committed(&world, &owner, &batch).await;
    let sides: Vec<_> = people(&world, &owner).await.iter().map(|it| it.side.key()).collect();
    assert_eq!(sides, ["it", "it", "it"]);
}

#[tokio::test]
async fn forms_and_an_import_at_the_same_moment_make_one_record_of_one_address() {
    let world = World::new().await;
    let owner = world.owner().await;
    let world = &world;
    let scope = world.scope(owner.org).await;
    let target = import::target(&world.app.registry, "person").expect("people");
    for round in 0..6 {
        let email = format!("ada{round}@harbour.example");
        let file = format!("Name;E-Mail;Seite\nAda;{email};IT\n").into_bytes();
        let settings = Settings::default();
        let form = [("name", "Ada"), ("email", &*email), ("side", "it")];
        let (a, b, brought, c) = tokio::join!(
            world.post(&owner, "/people", &form),
            world.post(&owner, "/people", &form),
            import::file(&scope, &*target, None, "a.csv", file, &settings),
            world.post(&owner, "/people", &form),
        );
        let made = [&a, &b, &c].iter().filter(|it| it.status == StatusCode::SEE_OTHER).count();
        let made = made + brought.map_or(0, |(_, _, counts)| counts.create);
        assert_eq!(made, 1, "round {round}: {:?}", [a.status, b.status, c.status]);
        assert_eq!(people(world, &owner).await.len(), round + 1);
    }
}

#[tokio::test]
async fn without_saying_what_the_page_of_a_new_import_asks_what_is_brought() {
    let world = World::new().await;
    let owner = world.owner().await;
    let finance = world.user(owner.org, Role::Finance).await;
    let page = world.get(&owner, "/import/new").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("/import/new?target=person"));
    let page = world.get(&finance, "/import/new").await.text();
    assert!(page.contains("/import/new?target=action") && !page.contains("/import/new?target=person"));
}

#[tokio::test]
async fn no_page_leads_anybody_to_an_import_that_refuses_them() {
    let world = World::new().await;
    let owner = world.owner().await;
    for role in [Role::Finance, Role::BusinessLeader, Role::Viewer] {
        let user = world.user(owner.org, role).await;
        for page in world.app.registry.entries().filter(|it| role.may(it.right)).map(|it| it.url) {
            let text = world.get(&user, page).await.text();
            for link in text.split("href=\"").skip(1).filter_map(|it| it.split('"').next()) {
                if link.starts_with("/import") || link.starts_with("/surveys/new") {
                    let status = world.get(&user, &link.replace("&amp;", "&").replace("&#38;", "&")).await.status;
                    assert_eq!(status, StatusCode::OK, "{role:?} on {page}: {link}");
                }
            }
        }
    }
}

#[tokio::test]
async fn control_characters_in_cells_are_left_out_so_that_the_same_file_again_changes_nothing() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let target = import::target(&world.app.registry, "person").expect("people");
    for expected in [(21, 0), (0, 21)] {
        // More than a few of them and the file is no text.
        let others: String = (0..20).map(|it| format!("Person {it};Business\n")).collect();
        let file = format!("Name;Side\nA\u{1}da;IT\u{7f}\n{others}").into_bytes();
        let settings = Settings::default();
        let (_, plan, counts) =
            import::file(&scope, &*target, None, "a.csv", file, &settings).await.expect("an import");
        assert_eq!((counts.create, counts.unchanged), expected, "{:?}", plan.lines);
    }
    assert_eq!(people(&world, &owner).await[0].name, "Ada");
}

#[tokio::test]
async fn nobody_imports_what_they_may_not_edit() {
    let world = World::new().await;
    let owner = world.owner().await;
    let finance = world.user(owner.org, Role::Finance).await;
    assert_eq!(bring(&world, &finance, "person", "people.csv", PEOPLE.as_bytes()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get(&finance, "/import/new?target=person").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get(&finance, "/import/new?target=action").await.status, StatusCode::OK);
    let batch = bring(&world, &owner, "person", "people.csv", PEOPLE.as_bytes()).await.location().to_owned();
    assert_eq!(world.get(&finance, &batch).await.status, StatusCode::FORBIDDEN);
    let stranger = world.owner().await;
    for path in ["", "/commit", "/undo", "/discard"] {
        let answer = world.post(&stranger, &format!("{batch}{path}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever a file holds: what is committed is what was shown, and the second time nothing changes.
    #[test]
    fn an_import_is_what_its_dry_run_said_and_twice_is_once(
        rows in prop::collection::vec((0..6u8, "[a-c =]{0,3}", prop::option::of(0..400i64), "open|done|Open|nonsense|"), 1..12)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            let owner = world.owner().await;
            let scope = world.scope(owner.org).await;
            let mut file = "What,Kind,State,Due,Detail\n".to_owned();
            for (title, detail, due, state) in &rows {
                let due = due.map_or(String::new(), |it| (jiff::civil::date(2026, 1, 1) + jiff::Span::new().days(it)).to_string());
                file.push_str(&format!("Action {title},action,{state},{due},\"{detail}\"\n"));
            }
            let target = import::target(&world.app.registry, "action").expect("actions can be imported");
            let bring = async |name: &str| {
                import::file(&scope, &*target, None, name, file.clone().into_bytes(), &Settings::default()).await.expect("an import")
            };
            let (batch, plan, counts) = bring("first.csv").await;
            prop_assert_eq!(plan.counts(), counts);
            let here = store::all::<Action>(&world.app.db, owner.org).await.expect("actions");
            prop_assert_eq!(here.len(), counts.create);
            let (_, again, _) = bring("second.csv").await;
            prop_assert!(!again.counts().writes(), "{:?}", again.lines);
            prop_assert_eq!(store::all::<Action>(&world.app.db, owner.org).await.expect("actions"), here);
            import::undo(&scope, &*target, &batch).await.expect("an undo");
            prop_assert!(store::all::<Action>(&world.app.db, owner.org).await.expect("actions").is_empty());
            Ok(())
        })?;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_rows_committed_four_times_at_once_come_in_once() {
    let world = World::new().await;
    let owner = world.owner().await;
    let rows: String = (0..200).map(|it| format!("Person {it};p{it}@harbour.example;IT\n")).collect();
    let file = format!("Name;E-Mail;Seite\n{rows}");
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
        let page = world.get(&owner, &batch).await;
        waiting.push((format!("{batch}/commit"), fingerprint(&page)));
    }
    let commit = async |at: usize| {
        let (path, shown) = &waiting[at];
        world.post(&owner, path, &[("fingerprint", shown)]).await.status
    };
    let mut answers: [StatusCode; 4] = tokio::join!(commit(0), commit(1), commit(2), commit(3)).into();
    answers.sort_by_key(StatusCode::as_u16);
    use StatusCode as S;
    assert_eq!(answers, [S::SEE_OTHER, S::CONFLICT, S::CONFLICT, S::CONFLICT]);
    assert_eq!(people(&world, &owner).await.len(), 200);
}

#[tokio::test]
async fn why_rows_are_skipped_is_counted_on_top() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = "Name;Seite\nA;Mond\nB;Mond\nC;Fachbereich\nD;Sonne\n";
    let batch = bring(&world, &owner, "person", "people.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    let alike = "3 rows · Side: “Mond” is not one of: Business, IT, Provider. Likewise “Sonne”.";
    assert!(page.contains(alike), "{page}");
}
