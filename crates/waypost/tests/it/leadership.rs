//! Leadership structure: roles and mandates, the matrix, who answers for what, the time for it, and as perceived.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use fantoccini::{
    Locator,
    actions::{InputSource, KeyAction, KeyActions},
};
use kit::{
    import::{self, Settings},
    rights::Role as Account,
};
use people::leadership::{
    perceived::store,
    raci::{LineId, Matrix, sheet::Sheet},
};
use serde_json::json;

use crate::{
    browser::{self, Browser, SIZES},
    campaign::{Posting, smtp::Manner},
    world::{User, World},
};

/// The identifier at the end of an address.
fn id(address: &str) -> String {
    address.rsplit('/').next().expect("an address").to_owned()
}

async fn made(world: &World, user: &User, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = world.post(user, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.visible());
    id(answer.location())
}

/// Three roles, two of them held, and two activities in the matrix.
struct Stage {
    owner: User,
    ada: String,
    grace: String,
    leader: String,
    erp: String,
    vacant: String,
    desk: LineId,
    networks: LineId,
}

/// A matrix with somebody who answers, and a round that asks who that is.
pub async fn lived_in(world: &World, owner: &User) {
    let it = staged(world, owner.clone()).await;
    press(world, owner, it.desk, &it.leader, "A", "").await;
    let begun = [("title", "Who answers"), ("names", "named"), ("closes", "2026-12-04"), ("leaders", "yes")];
    made(world, owner, "/perceived", &begun).await;
}

async fn stage(world: &World) -> Stage {
    staged(world, world.owner().await).await
}

async fn staged(world: &World, owner: User) -> Stage {
    let ada = made(world, &owner, "/people", &[("name", "Ada Byron"), ("side", "it"), ("influence", "4")]).await;
    let grace =
        made(world, &owner, "/people", &[("name", "Grace Hopper"), ("side", "business"), ("influence", "5")]).await;
    let leader = made(world, &owner, "/roles", &[("name", "IT leader"), ("holder", &ada), ("days", "5")]).await;
    let erp =
        made(world, &owner, "/roles", &[("name", "ERP owner"), ("holder", &grace), ("deputy", &ada), ("days", "4")])
            .await;
    let vacant = made(world, &owner, "/roles", &[("name", "Security lead")]).await;
    let desk = made(world, &owner, "/activities", &[("name", "Service desk")]).await;
    let networks = made(world, &owner, "/activities", &[("name", "Networks")]).await;
    let chosen = [("record", format!("activity:{desk}")), ("record", format!("activity:{networks}"))];
    let chosen: Vec<(&str, &str)> = chosen.iter().map(|(key, it)| (*key, &**it)).collect();
    let added = world.post(&owner, "/raci/add", &chosen).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.visible());
    let matrix = matrix(world, &owner).await;
    let line = |title: &str| matrix.rows.iter().find(|it| it.title == title).expect("a row").line.id;
    Stage { desk: line("Service desk"), networks: line("Networks"), owner, ada, grace, leader, erp, vacant }
}

async fn matrix(world: &World, user: &User) -> Arc<Matrix> {
    Matrix::load(&world.scope(user.org).await).await.expect("the matrix")
}

async fn press(world: &World, user: &User, line: LineId, role: &str, key: &str, was: &str) -> crate::world::Answer {
    world
        .post(user, &format!("/raci/{line}/cell"), &[("role", role), ("key", key), ("was", was), ("part", "yes")])
        .await
}

#[tokio::test]
async fn a_letter_is_saved_at_once_and_the_rules_that_it_breaks_or_mends_are_said() {
    let world = World::new().await;
    let it = stage(&world).await;
    let empty = world.get(&it.owner, "/raci").await.visible();
    assert!(empty.contains("2 of 2 rows have nobody who answers"), "{empty}");
    let grid = press(&world, &it.owner, it.desk, &it.leader, "R", "").await;
    assert_eq!(grid.status, StatusCode::OK, "{}", grid.visible());
    assert!(grid.text().contains("Make IT leader A/R"), "{}", grid.text());
    let grid = press(&world, &it.owner, it.desk, &it.leader, "A", "R").await.text();
    assert!(grid.contains("data-letter=\"A/R\"") && grid.contains("Nobody answers for “Networks”"), "{grid}");
    let grid = press(&world, &it.owner, it.desk, &it.erp, "A", "").await.text();
    assert!(grid.contains("IT leader and ERP owner answer for it, and so nobody does"), "{grid}");
    press(&world, &it.owner, it.desk, &it.erp, "", "A").await;
    let history = world.get(&it.owner, "/audit").await.visible();
    assert!(history.contains("Row of the matrix") && history.contains("ERP owner: A"), "{history}");
}

#[tokio::test]
async fn whom_the_records_name_is_made_the_a_in_one_press_and_what_many_rows_lack_is_said_once() {
    let world = World::new().await;
    let it = stage(&world).await;
    let telephones = [("name", "Telephones"), ("owner", &*it.ada)];
    let telephones = made(&world, &it.owner, "/activities", &telephones).await;
    world.post(&it.owner, "/raci/add", &[("record", &format!("activity:{telephones}"))]).await;
    let page = world.get(&it.owner, "/raci").await;
    let text = page.visible();
    assert!(text.contains("Nobody answers for 3 rows: give one role the A in each."), "{text}");
    assert!(text.contains("Make IT leader the A") && !text.contains("Nobody answers for it"), "{text}");
    let row = matrix(&world, &it.owner).await.rows.iter().find(|it| it.title == "Telephones").expect("a row").line.id;
    press(&world, &it.owner, row, &it.leader, "A", "").await;
    let text = world.get(&it.owner, "/raci").await.visible();
    assert!(!text.contains("Make IT leader the A") && text.contains("2 of 3 rows have nobody who answers"), "{text}");
    let time = world.get(&it.owner, "/resourcing").await.visible();
    assert!(time.contains("Write down what a row takes"), "it says where to write it: {time}");
}

#[tokio::test]
async fn the_second_writer_of_a_cell_or_a_row_is_shown_the_difference_and_nothing_is_overwritten() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.leader, "A", "").await;
    let late = press(&world, &it.owner, it.desk, &it.leader, "C", "").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("it is A now. Your C was not written over it"), "{}", late.text());
    let cell = format!("l-{}", it.leader);
    let row = format!("/raci/{}", it.desk);
    let stale = world.post(&it.owner, &row, &[("version", "1"), (&cell, "I"), ("answering", "2")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let text = stale.text();
    assert!(text.contains("Someone else changed this meanwhile") && text.contains("value=\"2\""), "{text}");
    let matrix = matrix(&world, &it.owner).await;
    assert_eq!(matrix.row(it.desk).expect("the row").letters[0], people::leadership::model::Letter::from_key("A"));
    // What came back has the new version: sending it again writes it.
    let again = world.post(&it.owner, &row, &[("version", "2"), (&cell, "I"), ("answering", "2")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.visible());
}

#[tokio::test]
async fn a_faulty_row_comes_back_with_every_fault_and_what_was_typed() {
    let world = World::new().await;
    let it = stage(&world).await;
    let sent =
        [("version", "1"), ("answering", "two"), ("doing", "-1"), ("starts", "2027-03-01"), ("ends", "2027-02-01")];
    let answer = world.post(&it.owner, &format!("/raci/{}", it.desk), &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    for expected in ["is not a number", "cannot be less than nothing", "The end is before the start", "value=\"two\""] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
}

#[tokio::test]
async fn rows_of_another_organisation_and_its_roles_are_not_found() {
    let world = World::new().await;
    let (mine, theirs) = (stage(&world).await, stage(&world).await);
    let at = |rest: &str| format!("/raci/{}{rest}", theirs.desk);
    assert_eq!(world.get(&mine.owner, &at("")).await.status, StatusCode::NOT_FOUND);
    for (path, fields) in [
        (at(""), vec![("version", "1")]),
        (at("/remove"), Vec::new()),
        (at("/cell"), vec![("role", &*mine.leader), ("key", "A")]),
    ] {
        assert_eq!(world.post(&mine.owner, &path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let foreign_role = press(&world, &mine.owner, mine.desk, &theirs.leader, "A", "").await;
    assert_eq!(foreign_role.status, StatusCode::NOT_FOUND);
    let foreign_record = theirs_record(&world, &theirs).await;
    let added = world.post(&mine.owner, "/raci/add", &[("record", &foreign_record)]).await;
    assert_eq!(added.status, StatusCode::CONFLICT);
}

async fn theirs_record(world: &World, theirs: &Stage) -> String {
    let made = made(world, &theirs.owner, "/activities", &[("name", "Theirs")]).await;
    format!("activity:{made}")
}

#[tokio::test]
async fn what_the_matrix_names_is_not_deleted_and_the_page_says_where_it_stands() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.vacant, "C", "").await;
    for (path, row) in [(format!("/roles/{}", it.vacant), "Service desk"), {
        let matrix = matrix(&world, &it.owner).await;
        (format!("/activities/{}", matrix.row(it.networks).expect("a row").line.record), "Networks")
    }] {
        let refused = world.post(&it.owner, &format!("{path}/delete"), &[("version", "1")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert!(refused.text().contains(row), "{}", refused.visible());
    }
    let role = world.get(&it.owner, &format!("/roles/{}", it.vacant)).await.visible();
    assert!(role.contains("Row of the matrix (1) Service desk"), "{role}");
    let removed = world.post(&it.owner, &format!("/raci/{}/remove", it.desk), &[]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let gone = world.post(&it.owner, &format!("/roles/{}/delete", it.vacant), &[("version", "1")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.visible());
}

#[tokio::test]
async fn only_those_who_lead_change_the_matrix() {
    let world = World::new().await;
    let it = stage(&world).await;
    let viewer = world.user(it.owner.org, Account::Viewer).await;
    assert!(!world.get(&viewer, "/raci").await.text().contains("data-raci"));
    assert!(!world.get(&viewer, &format!("/raci/{}", it.desk)).await.text().contains("<select"));
    assert_eq!(press(&world, &viewer, it.desk, &it.leader, "A", "").await.status, StatusCode::FORBIDDEN);
}

async fn bring(world: &World, user: &User, name: &str, bytes: &[u8]) -> (import::Batch, Vec<String>, import::Counts) {
    let scope = world.scope(user.org).await;
    let settings = Settings { clears: true, ..Settings::default() };
    let (batch, plan, counts) =
        import::file(&scope, &Sheet, None, name, bytes.to_vec(), &settings).await.expect("an import");
    (batch, plan.lines.iter().flat_map(|it| it.says.clone()).collect(), counts)
}

#[tokio::test]
async fn a_raci_sheet_comes_in_twice_unchanged_goes_out_as_it_came_and_is_taken_back() {
    let world = World::new().await;
    let it = stage(&world).await;
    made(&world, &it.owner, "/activities", &[("name", "Backup")]).await;
    let sheet = "Activity;IT leader;ERP owner;Days to do\n\
        service desk;AR;c;2,5\nBackup;R;A;\nNetworks;x;;\nMoon landing;A;;\n";
    let (batch, says, counts) = bring(&world, &it.owner, "raci.csv", sheet.as_bytes()).await;
    assert_eq!((counts.create, counts.update, counts.unchanged, counts.skip), (1, 1, 0, 2), "{says:?}");
    assert!(says.iter().any(|it| it == "IT leader: “x” is none of R, A, A/R, C and I."), "{says:?}");
    assert!(says.iter().any(|it| it.starts_with("Nothing that somebody answers for is called “Moon landing”.")));
    assert!(says.iter().any(|it| it.contains("Days to do: nothing becomes 2.5.")), "{says:?}");
    let (_, _, again) = bring(&world, &it.owner, "raci.csv", sheet.as_bytes()).await;
    assert_eq!((again.create, again.update, again.unchanged), (0, 0, 2));
    for format in ["xlsx", "csv"] {
        let file = world.get(&it.owner, &format!("/raci/export/{format}")).await;
        let (_, says, back) = bring(&world, &it.owner, &format!("raci.{format}"), &file.bytes).await;
        assert_eq!((back.create, back.update, back.unchanged, back.skip), (0, 0, 3, 0), "{says:?}");
    }
    let left = import::undo(&world.scope(it.owner.org).await, &Sheet, &batch).await.expect("an undo");
    assert!(left.is_empty(), "{left:?}");
    let after = matrix(&world, &it.owner).await;
    assert_eq!(after.rows.len(), 2);
    assert!(after.rows.iter().all(|it| it.letters.iter().all(Option::is_none) && !it.line.effort.is_known()));
}

#[tokio::test]
async fn a_row_that_was_changed_after_an_import_stays_when_the_import_is_undone() {
    let world = World::new().await;
    let it = stage(&world).await;
    let (batch, _, _) = bring(&world, &it.owner, "raci.csv", b"Row,IT leader\nService desk,A\nNetworks,A\n").await;
    press(&world, &it.owner, it.desk, &it.erp, "R", "").await;
    let left = import::undo(&world.scope(it.owner.org).await, &Sheet, &batch).await.expect("an undo");
    assert_eq!(left, ["“Service desk” was changed since and stays as it is."]);
    let after = matrix(&world, &it.owner).await;
    assert!(after.row(it.networks).expect("a row").letters.iter().all(Option::is_none));
}

#[tokio::test]
async fn what_somebody_answers_for_is_listed_with_what_has_to_be_given_away_before_they_leave() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.erp, "A", "").await;
    press(&world, &it.owner, it.networks, &it.vacant, "A", "").await;
    let page = world.get(&it.owner, &format!("/accountabilities?person={}", it.grace)).await.visible();
    assert!(page.contains("Grace Hopper answers for one thing as ERP owner"), "{page}");
    assert!(page.contains("Nobody holds these roles Security lead vacant answers for Networks"), "{page}");
    let ada = world.get(&it.owner, &format!("/accountabilities?person={}", it.ada)).await.visible();
    assert!(ada.contains("stands in for ERP owner"), "{ada}");
    let leaves = [("name", "Grace Hopper"), ("side", "business"), ("ends", "2026-12-31"), ("version", "1")];
    made(&world, &it.owner, &format!("/people/{}", it.grace), &leaves).await;
    let page = world.get(&it.owner, "/accountabilities").await.text();
    assert!(page.contains("leaves on 31 December 2026") && page.contains(&format!("/roles/{}/edit", it.erp)), "{page}");
    let home = world.get(&it.owner, "/").await.visible();
    assert!(home.contains("Nobody holds the role Security lead, which answers for one row"), "{home}");
}

#[tokio::test]
async fn the_one_answer_about_time_comes_from_rows_roles_and_absences() {
    let world = World::new().await;
    let it = stage(&world).await;
    let nothing = world.get(&it.owner, "/resourcing").await.visible();
    assert!(nothing.contains("it is not known whether there is time"), "{nothing}");
    let letter = format!("l-{}", it.leader);
    let sent = [("version", "1"), (&*letter, "A/R"), ("answering", "1"), ("doing", "3")];
    made(&world, &it.owner, &format!("/raci/{}", it.desk), &sent).await;
    let page = world.get(&it.owner, "/resourcing").await.visible();
    assert!(page.contains("tightest is IT leader in Nov 2026, at 80%"), "{page}");
    let away =
        [("called", "Away"), ("person", &*it.ada), ("starts", "2027-03-01"), ("ends", "2027-03-31"), ("share", "100")];
    made(&world, &it.owner, "/absences", &away).await;
    let page = world.get(&it.owner, "/resourcing").await.visible();
    assert!(page.contains("IT is short of 4.0 days a month in 1 of the next 12 months, first in Mar 2027"), "{page}");
    assert!(page.contains("▲ short: 4 d"), "days that are missing, not per cent of nothing: {page}");
    let file = world.get(&it.owner, "/resourcing/export/csv").await.text();
    assert!(file.contains("ERP owner,2026-11-01,0,4,0") && !file.contains("-0\r") && !file.contains(",-0,"), "{file}");
    let overview = world.get(&it.owner, "/leadership").await.visible();
    assert!(overview.contains("IT is short of 4.0 days a month"), "{overview}");
}

/// The personal links of a round.
async fn links(world: &World, user: &User, round: &str) -> Vec<String> {
    let file = world.get(user, &format!("/asked/perception/{round}/links/csv")).await.text();
    file.lines().skip(1).filter_map(|it| Some(format!("/who/{}", it.split("/who/").nth(1)?.trim()))).collect()
}

#[tokio::test]
async fn what_people_believe_is_held_against_what_was_agreed_and_each_link_works_once() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.leader, "A", "").await;
    let begun = [("title", "Who answers"), ("names", "named"), ("closes", "2026-12-04"), ("leaders", "yes")];
    let round = made(&world, &it.owner, "/perceived", &begun).await;
    let links = links(&world, &it.owner, &round).await;
    assert_eq!(links.len(), 2);
    let form = world.ask(Method::GET, &links[0], &[]).await.text();
    assert!(form.contains("Service desk") && !form.contains("Networks") && form.contains("under your name"), "{form}");
    for (language, expected) in
        [("de", "stehen unter Ihrem Namen"), ("xx", "stehen unter Ihrem Namen"), ("en", "under your name")]
    {
        world.ask(Method::POST, &format!("{}/language", links[0]), &[("language", language)]).await;
        assert!(world.ask(Method::GET, &links[0], &[]).await.text().contains(expected), "{language}");
    }
    let key = format!("a-{}", it.desk);
    let wrong = world.ask(Method::POST, &links[0], &[(&key, "nonsense")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let untouched = world.ask(Method::POST, &links[0], &[(&key, "")]).await;
    assert_eq!(untouched.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untouched.visible().contains("Nothing is chosen yet"), "{}", untouched.visible());
    assert!(world.ask(Method::POST, &links[0], &[(&key, &it.leader)]).await.text().contains("Thank you"));
    assert_eq!(world.ask(Method::POST, &links[0], &[(&key, &it.erp)]).await.status, StatusCode::CONFLICT);
    world.ask(Method::POST, &links[1], &[(&key, &it.erp)]).await;
    let page = world.get(&it.owner, &format!("/perceived/{round}")).await.visible();
    assert!(page.contains("50% of the answers name the agreed role") && page.contains("ERP owner 1"), "{page}");
    assert!(page.contains("Grace Hopper: ERP owner"), "{page}");
    let viewer = world.user(it.owner.org, Account::Viewer).await;
    assert!(!world.get(&viewer, &format!("/perceived/{round}")).await.visible().contains("Grace Hopper: ERP owner"));
    world.post(&it.owner, &format!("/perceived/{round}/close"), &[]).await;
    assert_eq!(world.ask(Method::GET, "/who/nothing", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_handed_in_while_a_round_is_being_closed_is_not_taken() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.leader, "A", "").await;
    let begun = [("title", "Who answers"), ("names", "named"), ("closes", "2026-12-04"), ("leaders", "yes")];
    let round = made(&world, &it.owner, "/perceived", &begun).await;
    let link = links(&world, &it.owner, &round).await.swap_remove(0);
    let (org, open, by) = store::by_token(&world.app.db, &link["/who/".len()..]).await.expect("a link");
    world.post(&it.owner, &format!("/perceived/{round}/close"), &[]).await;
    let mut tx = world.app.db.begin().await.expect("a write");
    assert!(!store::hand_in(&mut tx, org, &open, &by, &[]).await.expect("an answer"));
}

#[tokio::test]
async fn an_anonymous_round_shows_nothing_while_it_is_open_and_no_side_that_is_too_small() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.leader, "A", "").await;
    let mut names = Vec::new();
    for at in 0..5 {
        let name = format!("Boss {at}");
        made(&world, &it.owner, "/people", &[("name", &name), ("side", "business")]).await;
        names.push(name);
    }
    let people = format!("{}\nAda Byron", names.join("\n"));
    let begun = [("title", "Who answers"), ("names", "anonymous"), ("closes", "2026-12-04"), ("people", &*people)];
    let round = made(&world, &it.owner, "/perceived", &begun).await;
    let key = format!("a-{}", it.desk);
    let links = links(&world, &it.owner, &round).await;
    assert_eq!(links.len(), 6);
    for link in &links {
        world.ask(Method::POST, link, &[(&key, &it.leader)]).await;
    }
    let address = format!("/perceived/{round}");
    let open = world.get(&it.owner, &address).await.visible();
    assert!(open.contains("6 of 6 have answered") && !open.contains("100%"), "{open}");
    assert_eq!(world.get(&it.owner, &format!("{address}/results/csv")).await.status, StatusCode::CONFLICT);
    world.post(&it.owner, &format!("{address}/close"), &[]).await;
    let closed = world.get(&it.owner, &address).await.visible();
    assert!(closed.contains("fewer than 5 answered: IT") && closed.contains("5 answers"), "{closed}");
    let tied: Arc<Vec<_>> = store::said(
        &world.app.db,
        it.owner.org,
        people::leadership::perceived::RoundId(round.parse().expect("an identifier")),
    )
    .await
    .expect("answers");
    assert!(tied.iter().all(|(by, _)| by.is_none()), "an anonymous answer leads to a person");
    let journey = world.get(&it.owner, "/journey/c05").await.visible();
    assert!(journey.contains("The business names the right role when asked 100% of the answers"), "{journey}");
}

#[tokio::test]
async fn a_faulty_round_is_not_begun_and_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let it = stage(&world).await;
    let sent = [("title", ""), ("names", "named"), ("closes", "2020-01-01"), ("people", "Nobody Known")];
    let answer = world.post(&it.owner, "/perceived", &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    for expected in
        ["A title is needed", "has passed", "“Nobody Known” is nobody here", "exactly one A", ">Nobody Known<"]
    {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
}

#[tokio::test]
async fn rounds_of_another_organisation_are_not_found() {
    let world = World::new().await;
    let (mine, theirs) = (stage(&world).await, stage(&world).await);
    press(&world, &theirs.owner, theirs.desk, &theirs.leader, "A", "").await;
    let begun = [("title", "Who answers"), ("names", "named"), ("closes", "2026-12-04"), ("leaders", "yes")];
    let round = made(&world, &theirs.owner, "/perceived", &begun).await;
    for rest in ["", "/links", "/links/csv", "/results/csv"] {
        let answer = world.get(&mine.owner, &format!("/perceived/{round}{rest}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{rest}");
    }
    assert_eq!(world.post(&mine.owner, &format!("/perceived/{round}/close"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_of_the_competency_says_the_next_step_from_nothing_to_good_enough() {
    let world = World::new().await;
    let owner = world.owner().await;
    let empty = world.get(&owner, "/leadership").await.visible();
    assert!(empty.contains("No role is written down yet") && empty.contains("Add a role"), "{empty}");
    let it = stage(&world).await;
    let said = async |expected: &str| {
        let page = world.get(&it.owner, "/leadership").await.visible();
        assert!(page.contains(expected), "{expected} is missing in {page}");
    };
    said("Put the broken rows right").await;
    press(&world, &it.owner, it.desk, &it.vacant, "A/R", "").await;
    said("Nobody holds Security lead").await;
    press(&world, &it.owner, it.desk, &it.vacant, "", "A/R").await;
    for line in [it.desk, it.networks] {
        press(&world, &it.owner, line, &it.leader, "A/R", "").await;
    }
    said("Write down the mandate of IT leader: it lacks what it decides, a spending limit and a deputy").await;
    let role = format!("/roles/{}", it.leader);
    let mandate = [
        ("name", "IT leader"),
        ("holder", &*it.ada),
        ("deputy", &*it.grace),
        ("days", "5"),
        ("decides", "Tools"),
        ("spending_limit", "5000"),
        ("version", "1"),
    ];
    made(&world, &it.owner, &role, &mandate).await;
    said("Ask whoever holds IT leader whether they accept the mandate").await;
    made(&world, &it.owner, "/leadership/mandates", &[]).await;
    said("Whoever holds IT leader is asked whether they accept the mandate").await;
    let no = [("person", &*it.ada), ("verdict", "declined"), ("note", "Too little"), ("version", "2")];
    made(&world, &it.owner, &format!("{role}/say"), &no).await;
    said("Ada Byron declined the mandate of IT leader: talk about it, change it and ask again.").await;
    let home = world.get(&it.owner, "/").await.visible();
    assert!(home.contains("Ada Byron declined the mandate of IT leader"), "{home}");
    made(&world, &it.owner, "/leadership/mandates", &[]).await;
    said("Tools declined").await;
    made(&world, &it.owner, &format!("{role}/say"), &[("person", &it.ada), ("verdict", "signed"), ("version", "2")])
        .await;
    said("Write down what each row takes in days a month").await;
    let journey = world.get(&it.owner, "/journey/c05").await.visible();
    assert!(journey.contains("Whoever holds them has accepted the mandate 1 of 1"), "{journey}");
}

#[tokio::test]
async fn whoever_leaves_and_answers_for_something_is_named_where_that_is_decided() {
    let world = World::new().await;
    let it = stage(&world).await;
    let ada = format!("/people/{}", it.ada);
    let ends = |day: &'static str, version| {
        [("name", "Ada Byron"), ("side", "it"), ("influence", "4"), ("ends", day), version]
    };
    let far = world.post(&it.owner, &ada, &ends("2027-05-31", ("version", "1"))).await;
    assert_eq!(far.location(), format!("{ada}#leaving"), "saving leads to what has to be given away");
    let flash = kit::web::unpercent(far.headers.get("set-cookie").expect("a message").to_str().expect("text"));
    assert!(flash.contains("Saved. Ada Byron answers for 2 things: give that to somebody else by then"), "{flash}");
    let page = world.get(&it.owner, &ada).await;
    assert!(page.visible().contains("Ada Byron leaves on 31 May 2027 and still answers for 2 things"));
    assert!(page.text().contains(&format!("href=\"/roles/{}/edit#f-holder\"", it.leader)), "{}", page.text());
    for place in [format!("/roles/{}", it.leader), "/roles".to_owned(), "/raci".to_owned(), "/leadership".to_owned()] {
        let text = world.get(&it.owner, &place).await.visible();
        assert!(text.contains("leaves 31 May 2027"), "{place} says nothing: {text}");
    }
    assert!(
        world.get(&it.owner, "/planner").await.visible().contains("Last day of Ada Byron, who answers for 2 things")
    );
    let home = async || world.get(&it.owner, "/").await.visible();
    assert!(!home().await.contains("Ada Byron leaves"), "half a year before, nothing waits for a decision");
    world.post(&it.owner, &ada, &ends("2026-12-31", ("version", "2"))).await;
    let both =
        "Ada Byron leaves and still answers for “IT leader” (role), “ERP owner” (role, deputy): give it to somebody";
    assert!(home().await.contains(both), "{}", home().await);
    let role = [("name", "IT leader"), ("holder", &*it.grace), ("days", "5"), ("version", "1")];
    let given = world.post(&it.owner, &format!("/roles/{}", it.leader), &role).await;
    assert_eq!(given.location(), format!("{ada}#leaving"), "handing one thing over leads to what is left");
    let flash = kit::web::unpercent(given.headers.get("set-cookie").expect("a message").to_str().expect("text"));
    assert!(flash.contains("Saved. Ada Byron still answers for one thing, as listed below."), "{flash}");
    let one = "Ada Byron leaves and still answers for “ERP owner” (role, deputy): give it to somebody else";
    assert!(home().await.contains(one), "a deputy is missed, too: {}", home().await);
    let role = [("name", "ERP owner"), ("holder", &*it.grace), ("days", "4"), ("version", "1")];
    let given = world.post(&it.owner, &format!("/roles/{}", it.erp), &role).await;
    assert_eq!(given.location(), format!("/roles/{}", it.erp), "with the last, nothing is left to lead to");
    assert!(!home().await.contains("Ada Byron leaves"), "what was handed over waits no longer");
    assert!(!world.get(&it.owner, &ada).await.text().contains("id=\"leaving\""));
}

#[tokio::test]
async fn whoever_has_left_and_can_still_sign_in_is_said_on_their_page() {
    let world = World::new().await;
    let owner = world.owner().await;
    let grace = world.user(owner.org, Account::Contributor).await;
    let email = world.email(&grace).await;
    let mut person = vec![("name", "Grace Hopper"), ("email", &*email), ("side", "it")];
    let page = format!("/people/{}", made(&world, &owner, "/people", &person).await);
    assert!(!world.get(&owner, &page).await.text().contains("id=\"leaving\""), "she has no last day");
    person.extend([("ends", "2026-11-20"), ("version", "1")]);
    made(&world, &owner, &page, &person).await;
    let shown = world.get(&owner, &page).await;
    assert!(
        shown.visible().contains("Grace Hopper left on 20 November 2026 and can still sign in"),
        "{}",
        shown.visible()
    );
    assert!(shown.text().contains("under <a href=\"/members\">Members</a>"), "{}", shown.text());
    let told = "Grace Hopper has left and can still sign in: take the account out";
    assert!(world.get(&owner, "/").await.visible().contains(told));
    let viewer = world.user(owner.org, Account::Viewer).await;
    assert!(!world.get(&viewer, "/").await.visible().contains(told), "only who can do it is told");
    let shown = world.get(&viewer, &page).await;
    assert!(shown.visible().contains("The owner of the organisation does that"), "{}", shown.visible());
    let account = kit::account::by_email(&world.app.db, &email).await.expect("reads").expect("an account");
    made(&world, &owner, &format!("/members/{}/remove", account.id), &[]).await;
    assert!(!world.get(&owner, &page).await.text().contains("id=\"leaving\""), "she is no member any more");
}

#[tokio::test]
async fn a_reminder_that_waits_is_not_sent_to_whoever_says_meanwhile_who_answers() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let it = staged(world, owner.clone()).await;
    for (name, person) in [("Ada Byron", &it.ada), ("Grace Hopper", &it.grace)] {
        let email = format!("{}@example.org", &name[..3]);
        let fields = [("name", name), ("email", &*email), ("side", "business"), ("influence", "4"), ("version", "1")];
        made(world, owner, &format!("/people/{person}"), &fields).await;
    }
    press(world, owner, it.desk, &it.leader, "A", "").await;
    let begun = [("title", "Who answers"), ("names", "named"), ("closes", "2026-12-04"), ("leaders", "yes")];
    let round = made(world, owner, "/perceived", &begun).await;
    let links = links(world, owner, &round).await;
    let answer = async || {
        let sent = world.ask(Method::POST, &links[0], &[(&format!("a-{}", it.desk), &it.leader)]).await;
        assert!(sent.text().contains("Thank you"), "{}", sent.visible());
    };
    assert_eq!((links.len(), posting.reminded(&format!("/asked/perception/{round}"), answer).await), (2, 1));
}

#[tokio::test]
async fn the_sheet_for_a3_has_mandates_and_matrix() {
    let world = World::new().await;
    let it = stage(&world).await;
    press(&world, &it.owner, it.desk, &it.leader, "A/R", "").await;
    let page = world.get(&it.owner, "/raci/print").await.text();
    assert!(
        page.contains("class=\"a3 stack\" style=\"--lines: ")
            && page.contains("Mandates")
            && page.contains("data-letter=\"A/R\""),
        "{page}"
    );
}

/// Presses a key where the focus is, also where that is no field.
async fn key(browser: &Browser, value: char) {
    let keys = KeyActions::new("keys".to_owned());
    let keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    browser.client.perform_actions(keys).await.expect("a key");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_is_edited_by_keyboard_and_row_by_row_on_a_phone() {
    let world = World::new().await;
    let it = stage(&world).await;
    let at = browser::serve(&world).await;
    let Some(browser) = Browser::open(SIZES[0].0, SIZES[0].1).await else { return };
    browser::sign_in(&browser, at, &it.owner.cookie).await;
    browser.go(&format!("http://{at}/raci")).await;
    browser.sees("2 of 2 rows have nobody who answers").await;
    let focus = "document.querySelector('td[role=gridcell]').focus()";
    browser.run(focus, &[]).await;
    key(&browser, 'r').await;
    key(&browser, 'a').await;
    browser.sees("Nobody answers for “Networks”").await;
    let letters = "return [...document.querySelectorAll('td[role=gridcell]')].map((it) => it.dataset.letter)";
    // Down one, right one; A; and the letter that the server keeps is the one that is shown.
    key(&browser, '\u{e015}').await;
    key(&browser, '\u{e014}').await;
    key(&browser, 'a').await;
    browser.sees("One of 2 rows has nobody who does the work").await;
    assert_eq!(browser.run(letters, &[]).await, json!(["A/R", "", "", "", "A", ""]));
    let here = "return document.activeElement.dataset.letter";
    assert_eq!(browser.run(here, &[]).await, json!("A"), "the focus did not stay in its cell");
    // Somebody else is quicker.
    press(&world, &it.owner, it.networks, &it.erp, "R", "A").await;
    key(&browser, 'c').await;
    browser.sees("Your C was not written over it").await;
    key(&browser, '\u{e017}').await;
    browser.sees("Nobody answers for “Networks”").await;
    assert!(browser.faults().await.is_empty(), "{:?}", browser.faults().await);
    browser.close().await;

    let Some(browser) = Browser::open(SIZES[1].0, SIZES[1].1).await else { return };
    browser::sign_in(&browser, at, &it.owner.cookie).await;
    browser.go(&format!("http://{at}/raci")).await;
    browser.sees("A: IT leader").await;
    let link = browser.client.find(Locator::XPath("//a[contains(., 'Networks')][contains(@class, 'knot')]")).await;
    link.expect("the row").click().await.expect("a press");
    browser.sees("Who has which part").await;
    let select = format!("select[name='l-{}']", it.leader);
    let select = browser.client.find(Locator::Css(&select)).await.expect("a choice");
    select.select_by_value("A/R").await.expect("a letter");
    let save = browser.client.find(Locator::XPath("//button[text()='Save']")).await.expect("a button");
    save.click().await.expect("a press");
    browser.sees("“Networks” was saved.").await;
    browser.close().await;
}
