//! The program at a terminal: files brought in without a server.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use jiff::Timestamp;
use kit::{people::Person, rights::Role};

use crate::world::World;

/// Brings a file of this text in, and says what came of it.
fn import(world: &World, text: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let file = world.app.folder.join("brought.csv");
    std::fs::write(&file, text).expect("a file");
    let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
    program.arg("import").arg(file).args(arguments).arg("--data").arg(&world.app.folder);
    let program = program.args(["--database", &world.database]).stdin(Stdio::null());
    let Output { status, stdout, stderr } = program.output().expect("the program starts");
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

async fn people(world: &World) -> Vec<String> {
    let org = kit::org::every(&world.app.db).await.expect("organisations")[0].id;
    let all: Vec<Person> = kit::store::all(&world.app.db, org).await.expect("people");
    all.into_iter().map(|it| it.name).collect()
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_changes_nothing_then_the_import_does_it_once() {
    let world = World::new().await;
    world.owner().await;
    let file = "Name;Side\nAda Byron;IT\nCharles;Business\n";
    let (code, said) = import(&world, file, &["--into", "person", "--dry-run"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("create 2, update 0") && said.contains("Nothing was changed"), "{said}");
    assert_eq!(people(&world).await, [""; 0]);
    assert_eq!(import(&world, file, &["--into", "person"]).0, Some(0));
    assert_eq!(people(&world).await, ["Ada Byron", "Charles"]);
    let (_, again) = import(&world, file, &["--into", "person"]);
    assert!(again.contains("create 0, update 0, unchanged 2"), "{again}");
}

#[tokio::test]
async fn a_row_that_cannot_come_in_is_named_and_the_program_says_so_by_its_status() {
    let world = World::new().await;
    world.owner().await;
    let (code, said) = import(&world, "Name;Side\nAda;IT\nNobody;Moon\n", &["--into", "person"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("3  skip") && said.contains("Moon") && said.contains("skip 1"), "{said}");
    assert_eq!(people(&world).await, ["Ada"]);
}

#[tokio::test]
async fn a_column_and_a_value_can_be_assigned_and_what_is_none_is_answered_with_what_there_is() {
    let world = World::new().await;
    world.owner().await;
    let file = "Who\nAda\n";
    let assigned = ["--into", "person", "--column", "name=Who", "--value", "side=IT"];
    assert_eq!(import(&world, file, &assigned).0, Some(0));
    assert_eq!(people(&world).await, ["Ada"]);
    for (arguments, expected) in [
        (&["--into", "moon"][..], "A file can become: assessment"),
        (&["--into", "person", "--column", "name=Wer"], "It has: Who"),
        (&["--into", "person", "--value", "moon=1"], "No field is called “moon”. There are: name"),
        (&["--into", "answers"], "Say where they go with --place"),
    ] {
        let (code, said) = import(&world, file, arguments);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn what_the_import_page_offers_is_there_at_the_terminal_too() {
    let world = World::new().await;
    world.owner().await;
    let file = "Name;Side;Influence;Department\nAda;Kollege;9;Yard\n";
    assert_eq!(import(&world, file, &["--into", "person"]).0, Some(1));
    let all = ["--into", "person", "--lenient", "--make-missing", "--meaning", "side:kollege=IT"];
    let (code, said) = import(&world, file, &all);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("The cell is left out.") && said.contains("Also makes business units (1): Yard."), "{said}");
    assert_eq!(people(&world).await, ["Ada"]);
    let (_, again) = import(&world, file, &["--into", "person"]);
    assert!(again.contains("create 0, update 0, unchanged 1"), "remembered with the columns: {again}");
    for (meaning, expected) in [
        ("side:Kollege=Moon", "“Moon” is not one of: Business, IT, Provider."),
        ("name:Ada=IT", "No field with choices is called “name”."),
        ("Kollege", "write it as FIELD:WORD=CHOICE"),
    ] {
        let (_, said) = import(&world, file, &["--into", "person", "--meaning", meaning]);
        assert!(said.contains(expected), "{meaning}: {said}");
    }
}

#[tokio::test]
async fn an_export_that_cannot_be_written_says_what_is_in_the_way_and_what_to_do() {
    let world = World::new().await;
    world.owner().await;
    let folder = &world.app.folder;
    std::fs::write(folder.join("a-file"), "kept").expect("a file");
    let export = |arguments: &[&str], to: &std::path::Path| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
        program.arg("export").args(arguments).arg("--to").arg(to).arg("--data").arg(folder);
        let program = program.args(["--database", &world.database]).stdin(Stdio::null());
        let Output { status, stdout, stderr } = program.output().expect("the program starts");
        (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    };
    for (arguments, to, expected) in [
        (&[][..], folder.join("a-file"), "is a file, and all tables go into a folder"),
        (&[][..], folder.join("a-file/below"), "is a file, and all tables go into a folder"),
        (&["person"][..], folder.join("files"), "is a folder, and one table goes into a file"),
        (&["person"][..], folder.join("nowhere/people.csv"), "its folder is not there"),
        (&["person"][..], "/dev/full".into(), "The disk is full"),
        (&["--format", "pdf"][..], folder.join("new"), "There is no format “pdf”"),
    ] {
        let (code, said) = export(arguments, &to);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected) && !said.contains("os error"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(folder.join("a-file")).expect("the file"), "kept");
    assert!(!folder.join("new").exists());
}

#[test]
fn more_resamples_than_a_machine_can_hold_are_refused_with_a_sentence() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
    let program = program.args(["calc", "compare", "a", "b", "--resamples", "99999999999"]);
    let Output { status, stderr, .. } = program.output().expect("the program starts");
    assert_eq!(status.code(), Some(2));
    assert!(String::from_utf8_lossy(&stderr).contains("a whole number from 1 to 1,000,000"));
}

/// Runs `waypost user` with a password on its standard input, and says what came of it.
fn user(world: &World, arguments: &[&str]) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
    program.arg("user").args(arguments).arg("--data").arg(&world.app.folder).args(["--database", &world.database]);
    let program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = program.spawn().expect("the program starts");
    // A command that asks for no password ends without reading one.
    let _ = running.stdin.take().expect("an input").write_all(b"correct horse battery\n");
    let Output { status, stdout, stderr } = running.wait_with_output().expect("the program ends");
    (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

#[tokio::test]
async fn accounts_that_the_terminal_makes_and_changes_stand_in_the_audit_trail() {
    let world = World::new().await;
    let org = world.owner().await.org;
    for (arguments, succeeds, says) in [
        (&["add", "ada", "Ada Byron"][..], false, "is not an e-mail address"),
        (&["add", "Ada@example.org", "Ada Byron"], true, "ada@example.org is Viewer in Harbour"),
        (&["add", "ada@example.org", "Ada", "--role", "owner"], false, "is Viewer in Harbour already"),
        (&["role", "ada@example.org", "moon"], false, "There is no role “moon”"),
        (&["role", "nobody@example.org", "viewer"], false, "is no member of Harbour"),
        (&["role", "ada@example.org", "it_leader"], true, "ada@example.org is IT leader in Harbour"),
        (&["password", "ada@example.org"], true, "has a new password"),
    ] {
        let (succeeded, said) = user(&world, arguments);
        assert!(succeeded == succeeds && said.contains(says), "{arguments:?}: {said}");
    }
    let trail = kit::audit::since(&world.app.db, org, Timestamp::UNIX_EPOCH, 9).await.expect("a trail");
    let acts: Vec<(&str, &str)> = trail.iter().rev().map(|it| (&*it.act, &*it.kind)).collect();
    assert_eq!(acts, [("joined", "membership"), ("changed", "membership"), ("changed", "account")]);
    assert!(trail.iter().all(|it| it.who == "on the command line" && it.title == "Ada Byron (ada@example.org)"));
}

#[tokio::test]
async fn the_last_owner_stays_one_at_the_terminal_too() {
    let world = World::new().await;
    let owner = world.owner().await;
    let members = kit::account::every(&world.app.db).await.expect("accounts");
    let (succeeded, said) = user(&world, &["role", &members[0].email, "viewer"]);
    assert!(!succeeded && said.contains("This is the last owner"), "{said}");
    let all = kit::account::memberships(&world.app.db, members[0].id).await.expect("memberships");
    assert_eq!((all[0].org, all[0].role()), (owner.org, Role::Owner));
}
