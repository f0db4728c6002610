//! Answers given elsewhere, through the import wizard: every layout, every way in which a file can be wrong, and real
//! answer sets with the figures that R's packages computed from them.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use axum::http::StatusCode;
use db::uuid::Uuid;
use kit::{
    import::{self, Batch, Counts, Fate, Plan, Settings, Source},
    method::Side,
    rights::Role,
    web::Scope,
};
use proptest::prelude::*;
use survey::{
    answers::Answers,
    campaign::{Campaign, CampaignId, State},
    instrument::shipped,
    results::rules::{Cut, Results, results},
    snapshot::Snapshot,
};

use crate::{
    survey::{open, people},
    world::{Answer, User, World},
};

const MICROSOFT: &str = include_str!("answers/microsoft-forms.csv");
const GOOGLE: &str = include_str!("answers/google-forms.csv");
const LIMESURVEY: &str = include_str!("answers/limesurvey.csv");
const LONG: &str = include_str!("answers/long.csv");

/// Sends a file of answers as the form does.
async fn bring(world: &World, user: &User, about: Uuid, name: &str, bytes: &[u8]) -> Answer {
    let about = about.to_string();
    let parts: [(&str, Option<&str>, &[u8]); 3] =
        [("target", None, b"answers"), ("about", None, about.as_bytes()), ("file", Some(name), bytes)];
    world.upload(user, "/import", &parts).await
}

fn id(path: &str) -> CampaignId {
    CampaignId(path.trim_start_matches("/surveys/").parse().expect("an identifier"))
}

/// A campaign as the program makes one, with the short instrument of the gap analysis.
async fn campaign(scope: &Scope, state: State, anonymous: bool) -> CampaignId {
    let short = shipped().into_iter().find(|it| it.key == "gap-short").expect("it is shipped");
    let title = "Spring".to_owned();
    let campaign = Campaign { title, anonymous, state, ..survey::pages::blank(scope, short) };
    let mut tx = scope.db().begin().await.expect("a write");
    survey::store::insert_campaign(&mut tx, scope.id(), &campaign).await.expect("a campaign");
    tx.commit().await.expect("a commit");
    campaign.id
}

async fn file(
    scope: &Scope,
    about: Option<Uuid>,
    name: &str,
    bytes: &[u8],
    settings: &Settings,
) -> (Batch, Plan, Counts) {
    import::file(scope, &Answers, about, name, bytes.to_vec(), settings).await.expect("an import")
}

async fn responses(
    scope: &Scope,
    id: CampaignId,
) -> Vec<(survey::store::Response, BTreeMap<String, survey::snapshot::Answer>)> {
    let mut tx = scope.db().begin().await.expect("a reading");
    survey::store::handed_in(&mut tx, scope.id(), id).await.expect("responses")
}

/// Closes a campaign and gives what it says.
async fn closed(scope: &Scope, id: CampaignId) -> (Snapshot, Results) {
    let campaign = survey::store::campaign(scope.db(), scope.id(), id).await.expect("a campaign");
    survey::pages::end(scope, &campaign).await.expect("it is open");
    let campaign = survey::store::campaign(scope.db(), scope.id(), id).await.expect("a campaign");
    let snapshot = survey::snapshot::of(scope, &campaign).await.expect("a snapshot");
    let results = results(&snapshot, "en", snapshot.shown_from(true));
    (snapshot, results)
}

fn files(world: &World) -> usize {
    fs::read_dir(world.app.folder.join("files")).expect("the folder for files").count()
}

#[tokio::test]
async fn every_layout_comes_in_by_itself_and_its_dry_run_is_its_commit() {
    for (name, bytes, created, skipped) in [
        ("microsoft.csv", MICROSOFT, 5, 1),
        ("google.csv", GOOGLE, 4, 0),
        ("lime.csv", LIMESURVEY, 3, 1),
        ("long.csv", LONG, 3, 0),
    ] {
        let world = World::new().await;
        let owner = world.owner().await;
        people(&world, &owner, "business", 4).await;
        people(&world, &owner, "it", 3).await;
        let path = open(&world, &owner, "yes").await;
        let scope = world.scope(owner.org).await;
        let sent = bring(&world, &owner, id(&path).0, name, bytes.as_bytes()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{name}: {}", sent.visible());
        let batch = sent.location().to_owned();
        let page = world.get(&owner, &batch).await;
        let dry = page.visible();
        assert!(dry.contains(&format!("Answers: {created} created")), "{name}: {dry}");
        assert!(dry.contains("Autumn (open)"), "{name}: the page says where it goes");
        assert!(responses(&scope, id(&path)).await.is_empty(), "a dry run writes nothing");
        let done = world
            .post(&owner, &format!("{batch}/commit"), &[("fingerprint", &crate::import::fingerprint(&page))])
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{name}: {}", done.visible());
        let here = responses(&scope, id(&path)).await;
        assert_eq!(here.len(), created, "{name}");
        let page = world.get(&owner, &batch).await.visible();
        assert!(page.contains(&format!("Answers: {created} created Committed by")), "{name}: {page}");
        let rows = if skipped == 1 { "One row was".to_owned() } else { format!("{skipped} rows were") };
        assert!(skipped == 0 || page.contains(&format!("{rows} skipped")), "{name}: {page}");
        for (response, answers) in &here {
            assert_eq!(response.id.get_version_num(), 4, "{name}: a version 7 would tell the time");
            assert_eq!((&response.name, response.influence), (&None, None), "{name}: nobody is named");
            assert!(answers.keys().all(|it| it.contains('.') || it == "closing"), "{name}: {answers:?}");
            assert!(answers.len() >= 4, "{name}: {answers:?}");
        }
        assert_eq!(files(&world), 0, "{name}: the file with its addresses is not kept");
    }
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_undoing_takes_its_answers_away() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 4).await;
    people(&world, &owner, "it", 3).await;
    let path = open(&world, &owner, "yes").await;
    let scope = world.scope(owner.org).await;
    let (batch, ..) = file(&scope, Some(id(&path).0), "a.csv", GOOGLE.as_bytes(), &Settings::default()).await;
    let before = responses(&scope, id(&path)).await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("4 of 7 have answered"), "{page}");
    let invitees = survey::store::invitees(scope.db(), scope.id(), id(&path)).await.expect("invitees");
    assert_eq!(invitees.iter().filter(|it| it.answered).count(), 4, "nobody who answered elsewhere answers twice");

    let again = bring(&world, &owner, id(&path).0, "b.csv", GOOGLE.as_bytes()).await.location().to_owned();
    let dry = world.get(&owner, &again).await.visible();
    assert!(dry.contains("Nothing would change") && dry.contains("stay as they are"), "{dry}");
    assert_eq!(responses(&scope, id(&path)).await, before);

    let undone = world.post(&owner, &format!("/import/{}/undo", batch.id), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.visible());
    assert!(responses(&scope, id(&path)).await.is_empty());
    let invitees = survey::store::invitees(scope.db(), scope.id(), id(&path)).await.expect("invitees");
    assert!(invitees.iter().all(|it| !it.answered), "their links work again");
}

#[tokio::test]
async fn whoever_answered_through_a_link_is_not_counted_twice() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 5).await;
    let path = open(&world, &owner, "yes").await;
    let invitees = survey::store::invitees(&world.app.db, owner.org, id(&path)).await.expect("invitees");
    crate::survey::answer(&world, &invitees[0].token, "3").await;
    let scope = world.scope(owner.org).await;
    let csv = "Email,c01.done\nbusiness0@example.org,2\nbusiness1@example.org,2\n";
    let (_, plan, counts) = file(&scope, Some(id(&path).0), "a.csv", csv.as_bytes(), &Settings::default()).await;
    assert_eq!((counts.create, counts.skip), (1, 1));
    assert!(plan.lines[0].says[0].contains("through a link of their own"), "{:?}", plan.lines);
}

#[tokio::test]
async fn closing_cuts_answers_from_who_gave_them_and_nothing_goes_in_or_out_any_more() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Open, true).await;
    let settings = Settings { sources: None, ..Settings::default() };
    let csv = "Email,Side,c01.done\nada@example.org,IT,4\nbea@example.org,Business,2\n";
    let (batch, ..) = file(&scope, Some(id.0), "a.csv", csv.as_bytes(), &settings).await;
    assert!(responses(&scope, id).await.iter().all(|(it, _)| it.respondent.is_some()));
    let waiting = bring(&world, &owner, id.0, "late.csv", csv.replace("ada", "cid").as_bytes()).await;
    let late = waiting.location().to_owned();
    let shown = crate::import::fingerprint(&world.get(&owner, &late).await);
    closed(&scope, id).await;
    assert!(responses(&scope, id).await.iter().all(|(it, _)| it.respondent.is_none() && it.batch.is_none()));

    let page = world.get(&owner, &late).await.visible();
    assert!(page.contains("“Spring” is closed") && page.contains("Discard"), "{page}");
    let refused = world.post(&owner, &format!("{late}/commit"), &[("fingerprint", &shown)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let refused = bring(&world, &owner, id.0, "a.csv", csv.as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("“Spring” is closed: its results rest on a copy"), "{}", refused.visible());
    let refused = world.post(&owner, &format!("/import/{}/undo", batch.id), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("its answers stay"), "{}", refused.visible());
    assert_eq!(responses(&scope, id).await.len(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_said_row_by_row_and_the_rest_comes_in() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Open, true).await;
    let csv = "ID;Email;Side;c01.importance;c01.done\n\
        1;ada@example.org;IT;5;Well\n\
        2;bea@example.org;Business;7;Well\n\
        3;ada@example.org;IT;4;Poorly\n\
        4;cid@example.org;Marketing;4;Poorly\n\
        5;dan@example.org;IT;;\n\
        6;;IT;Cannot judge;Marvellous\n";
    let batch = bring(&world, &owner, id.0, "a.csv", csv.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await.visible();
    for said in [
        "Answers: 1 created, 5 skipped",
        "Column D, “c01.importance”: “7” is not on the scale, 1 (Not important) to 5 (Vital).",
        "Row 2 is about the same respondent.",
        "“Marketing” is no side",
        "No question is answered.",
        "Column E, “c01.done”: “Marvellous” is not on the scale",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let all = world.get(&owner, &format!("{batch}/lines/csv")).await;
    assert_eq!(all.text().lines().count(), 7);
}

#[tokio::test]
async fn a_respondent_comes_in_without_an_answer_off_the_scale_only_where_that_was_chosen_and_the_trail_says_so() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Open, true).await;
    let csv = b"Email,Side,c01.done,c02.done\nx@example.org,IT,9,3\n";
    let batch = bring(&world, &owner, id.0, "a.csv", csv).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    assert!(page.visible().contains("No row can be taken in yet: 1 is skipped"), "{}", page.visible());
    let offered = "name=\"lenient\" value=\"yes\">";
    assert!(page.text().contains(offered), "it is offered, and off: {}", page.text());
    let columns = [
        ("column:email", "Email"),
        ("column:side", "Side"),
        ("column:item:c01.done", "c01.done"),
        ("column:item:c02.done", "c02.done"),
        ("lenient", "yes"),
    ];
    world.post(&owner, &batch, &columns).await;
    let page = world.get(&owner, &batch).await;
    let said = page.visible();
    assert!(said.contains("Answers: 1 created") && said.contains("“9” is not on the scale"), "{said}");
    assert!(said.contains("The cell is left out."), "{said}");
    let fingerprint = crate::import::fingerprint(&page);
    world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &*fingerprint)]).await;
    let here = responses(&scope, id).await;
    assert_eq!(here[0].1.keys().collect::<Vec<_>>(), ["c02.done"]);
    let trail = world.get(&owner, "/audit").await.visible();
    assert!(trail.contains("Cells left out: 1"), "{trail}");
}

#[tokio::test]
async fn files_that_hold_no_answers_are_refused_with_what_they_are() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Open, true).await;
    let workbook = kit::table::xlsx(&[kit::table::Table {
        title: "Answers".to_owned(),
        columns: vec![kit::table::Column::new("a", "A", kit::table::Kind::Text)],
        rows: Vec::new(),
    }])
    .expect("a workbook");
    let large = vec![b'x'; 60 * 1024 * 1024];
    for (name, bytes, status, said) in [
        ("answers.csv", &b"%PDF-1.7 and so on"[..], StatusCode::UNPROCESSABLE_ENTITY, "a PDF document"),
        ("answers.xlsx", &workbook[..workbook.len() / 2], StatusCode::UNPROCESSABLE_ENTITY, "breaks off or is damaged"),
        ("answers.csv", &b""[..], StatusCode::UNPROCESSABLE_ENTITY, "is empty"),
        ("answers.csv", &large, StatusCode::PAYLOAD_TOO_LARGE, "larger than 50 MB"),
    ] {
        let answer = bring(&world, &owner, id.0, name, bytes).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.visible());
        assert!(answer.text().contains(said), "{name}: {}", answer.visible());
    }
    for about in [id.0, Uuid::nil()] {
        let sent = bring(&world, &owner, about, "answers.csv", b"ID,c01.done\n").await;
        let page = world.get(&owner, sent.location()).await.visible();
        assert!(page.contains("no row below its header") && !page.contains("Commit "), "{page}");
    }
    let mixed =
        [b"Email,Side,closing\na@example.org,IT,M\xfcde\nb@example.org,IT,M".as_slice(), "üde\n".as_bytes()].concat();
    let sent = bring(&world, &owner, id.0, "mixed.csv", &mixed).await;
    let page = world.get(&owner, sent.location()).await.visible();
    assert!(page.contains("Answers: 2 created") && page.contains("Worth knowing"), "{page}");
}

#[tokio::test]
async fn another_organisations_campaign_is_not_found_and_who_may_not_manage_surveys_is_refused() {
    let world = World::new().await;
    let (owner, stranger) = (world.owner().await, world.owner().await);
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Open, true).await;
    let theirs = world.get(&stranger, &format!("/import/new?target=answers&about={id}")).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(bring(&world, &stranger, id.0, "a.csv", LONG.as_bytes()).await.status, StatusCode::NOT_FOUND);
    let finance = world.user(owner.org, Role::Finance).await;
    assert_eq!(world.get(&finance, "/import/new?target=answers").await.status, StatusCode::FORBIDDEN);
    let list = world.get(&owner, &format!("/import/new?target=answers&about={id}")).await;
    assert!(list.visible().contains("A new survey, made from the file Spring (open)"), "{}", list.visible());
}

#[tokio::test]
async fn a_new_survey_is_made_from_a_file_closed_on_its_page_and_undone_with_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let mut csv = "Department,How fast is IT?,How friendly is IT?,What do you use?,Anything else?\n".to_owned();
    for at in 0..12 {
        let unit = if at % 2 == 0 { "Sales" } else { "Plant" };
        let tool = ["App", "Phone"][at % 2];
        csv.push_str(&format!(
            "{unit},{},{},{tool},Thought number {at}\n",
            at % 5 + 1,
            if at < 6 { "Good" } else { "Very good" }
        ));
    }
    let batch = bring(&world, &owner, Uuid::nil(), "IT help.csv", csv.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    for said in [
        "A new survey, made from the file",
        "Becomes a rating from 1 to 5.",
        "Becomes a rating from Very poor to Very good.",
        "Becomes a choice of one of 2 options.",
        "Becomes free text.",
        "Answers: 12 created",
    ] {
        assert!(page.visible().contains(said), "{said}\n{}", page.visible());
    }
    let done =
        world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &crate::import::fingerprint(&page))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    let all = survey::store::campaigns(scope.db(), scope.id()).await.expect("campaigns");
    let [made] = &all[..] else { panic!("one campaign was made, not {}", all.len()) };
    assert_eq!((&*made.title, made.state, made.anonymous, &*made.purpose), ("IT help", State::Open, true, "import"));
    let path = format!("/surveys/{}", made.id);
    assert!(world.get(&owner, &batch).await.text().contains(&path), "the batch leads to what it made");
    assert!(world.get(&owner, &path).await.visible().contains("12 answers so far"));

    world.post(&owner, &format!("{batch}/undo"), &[]).await;
    assert!(survey::store::campaigns(scope.db(), scope.id()).await.expect("campaigns").is_empty());

    let (_, _, counts) = file(&scope, Some(Uuid::nil()), "IT help.csv", csv.as_bytes(), &Settings::default()).await;
    assert_eq!(counts.create, 12);
    let made = survey::store::campaigns(scope.db(), scope.id()).await.expect("campaigns").remove(0);
    let path = format!("/surveys/{}", made.id);
    assert_eq!(world.post(&owner, &format!("{path}/close"), &[]).await.status, StatusCode::SEE_OTHER);
    let groups = world.get(&owner, &format!("{path}/results/groups")).await.visible();
    assert!(groups.contains("How friendly is IT?") && groups.contains("Plant") && groups.contains("4.5"), "{groups}");
    let report = world.get(&owner, &format!("{path}/report")).await.visible();
    assert!(
        report.contains("12 people answered, 2 of 2 questions can be shown") && report.contains("4.50"),
        "{report}"
    );
    let comments = world.get(&owner, &format!("{path}/results/comments")).await.visible();
    assert!(
        comments.contains("Thought number 7") && !comments.contains("phone"),
        "an option is no comment: {comments}"
    );
}

#[tokio::test]
async fn a_made_survey_with_more_in_it_stays_when_its_import_is_undone() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let csv = "Respondent,Speed\n1,4\n2,5\n";
    let (first, ..) = file(&scope, None, "speed.csv", csv.as_bytes(), &Settings::default()).await;
    let made = survey::store::campaigns(scope.db(), scope.id()).await.expect("campaigns").remove(0);
    let more = Settings {
        sources: Some(BTreeMap::from([
            ("respondent".to_owned(), Source::Column("Respondent".to_owned())),
            ("item:speed".to_owned(), Source::Column("Speed".to_owned())),
            ("side".to_owned(), Source::Fixed("it".to_owned())),
        ])),
        ..Settings::default()
    };
    file(&scope, Some(made.id.0), "more.csv", b"Respondent,Speed\n3,3\n", &more).await;
    let left = import::undo(&scope, &Answers, &first).await.expect("an undo");
    assert!(left[0].contains("“speed” stays"), "{left:?}");
    assert_eq!(responses(&scope, made.id).await.len(), 1);
}

#[tokio::test]
async fn a_draft_with_answers_keeps_its_questions_and_opens_without_an_audience() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let id = campaign(&scope, State::Draft, false).await;
    let csv = "Email,Name,Side,c01.done,closing\nada@example.org,Ada,IT,4,Answer the phone.\n\
               bea@example.org,Bea,Business,2,\n";
    file(&scope, Some(id.0), "a.csv", csv.as_bytes(), &Settings::default()).await;
    let page = world.get(&owner, &format!("/surveys/{id}")).await.visible();
    assert!(page.contains("has 2 answers that were given elsewhere") && page.contains("Launch"), "{page}");
    let fields = [
        ("version", "1"),
        ("title", "Spring"),
        ("instrument", "belief"),
        ("anonymous", "no"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
        ("threshold", "5"),
    ];
    let refused = world.post(&owner, &format!("/surveys/{id}"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("Undo that import first"), "{}", refused.visible());
    assert_eq!(world.post(&owner, &format!("/surveys/{id}/launch"), &[]).await.status, StatusCode::SEE_OTHER);
    let (snapshot, _) = closed(&scope, id).await;
    let comments = format!("/surveys/{id}/results/comments");
    let viewer = world.user(owner.org, Role::Viewer).await;
    assert!(world.get(&owner, &comments).await.visible().contains("Answer the phone. Ada"));
    let seen = world.get(&viewer, &comments).await.visible();
    assert!(seen.contains("Answer the phone.") && !seen.contains("Ada"), "{seen}");
    let names: Vec<Option<&str>> = snapshot.respondents.iter().map(|it| it.name.as_deref()).collect();
    assert!(names.contains(&Some("Ada")) && names.contains(&Some("Bea")), "{names:?}");
}

#[tokio::test]
async fn the_demo_companys_answers_come_in_without_a_column_being_assigned() {
    let world = World::new().await;
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    for (kind, name, bytes) in [
        ("business_unit", "units.csv", &include_bytes!("../../../../demo/units.csv")[..]),
        ("person", "people.csv", &include_bytes!("../../../../demo/people.csv")[..]),
    ] {
        let target = import::target(&world.app.registry, kind).expect("a kind of record");
        let (_, plan, counts) =
            import::file(&scope, &*target, None, name, bytes.to_vec(), &Settings::default()).await.expect("an import");
        assert_eq!(counts.skip, 0, "{name}: {:?}", plan.lines.iter().find(|it| it.fate == Fate::Skip));
    }
    let years: [(&str, &[u8]); 3] = [
        ("answers-2024.csv", include_bytes!("../../../../demo/answers-2024.csv")),
        ("answers-2025.csv", include_bytes!("../../../../demo/answers-2025.csv")),
        ("answers-2026.csv", include_bytes!("../../../../demo/answers-2026.csv")),
    ];
    for (name, bytes) in years {
        let target = import::target(&world.app.registry, "answers").expect("answers can be imported");
        let id = campaign(&scope, State::Draft, true).await;
        let rows = kit::import::sheet::read(name, bytes, &Default::default()).expect("a table").rows.len();
        let (_, plan, counts) = import::file(&scope, &*target, Some(id.0), name, bytes.to_vec(), &Settings::default())
            .await
            .expect("an import");
        assert_eq!(
            (counts.create, counts.skip),
            (rows, 0),
            "{name}: {:?}",
            plan.lines.iter().find(|it| it.fate == Fate::Skip)
        );
        let here = responses(&scope, id).await;
        let sides: Vec<usize> =
            Side::ALL.iter().map(|side| here.iter().filter(|(it, _)| it.side == *side).count()).collect();
        assert!(sides[0] > 5 && sides[1] > 5, "{name}: {sides:?}");
        assert!(here.iter().all(|(it, _)| it.role.is_some()), "{name}");
        assert!(here.iter().all(|(it, _)| it.unit.is_some() || it.side == Side::Provider), "{name}");
        // Every question was found: each was answered by most.
        for item in shipped().remove(0).items().iter().filter(|it| it.is_scaled()) {
            let answered = here.iter().filter(|(_, answers)| answers.contains_key(&item.key)).count();
            assert!(answered * 2 > rows, "{name}: only {answered} of {rows} answered {}", item.key);
        }
        assert!(here.iter().any(|(_, answers)| answers.keys().any(|it| it.ends_with(".comment"))), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    /// Whatever a file of answers holds: what is committed is what was shown, the second time nothing changes, and
    /// undoing leaves nothing.
    #[test]
    fn bringing_answers_in_twice_is_bringing_them_in_once(
        rows in prop::collection::vec(("[ab]?", "it|business|x|", "[1-6]?", "Well|So-so|7|n/a|", "[a-z=\";]{0,4}"), 1..14),
        anonymous: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            let owner = world.owner().await;
            let scope = world.scope(owner.org).await;
            let id = campaign(&scope, State::Open, anonymous).await;
            let mut csv = "Email,Side,c01.importance,c01.done,closing\n".to_owned();
            for (who, side, importance, done, closing) in &rows {
                let email = if who.is_empty() { String::new() } else { format!("{who}@example.org") };
                csv.push_str(&format!("{email},{side},{importance},{done},\"{}\"\n", closing.replace('"', "\"\"")));
            }
            let (batch, plan, counts) = file(&scope, Some(id.0), "a.csv", csv.as_bytes(), &Settings::default()).await;
            prop_assert_eq!(plan.counts(), counts);
            let here = responses(&scope, id).await;
            prop_assert_eq!(here.len(), counts.create);
            let (_, again, _) = file(&scope, Some(id.0), "b.csv", csv.as_bytes(), &Settings::default()).await;
            prop_assert!(!again.counts().writes(), "{:?}", again.lines);
            prop_assert_eq!(responses(&scope, id).await, here);
            import::undo(&scope, &Answers, &batch).await.expect("an undo");
            prop_assert!(responses(&scope, id).await.is_empty());
            Ok(())
        })?;
    }
}

/// A real answer set and the figures of the reference; nothing, with a word on the terminal, where it is not at hand.
fn real(name: &str) -> Option<(Vec<u8>, serde_json::Value)> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = env::var_os("WAYPOST_SHARED_DATA").map_or(workspace.join("../shared/data"), PathBuf::from);
    let folder = shared.join("survey");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    let bytes = fs::read(folder.join(format!("data/{name}.csv"))).expect("the data set");
    let expected = fs::read(folder.join(format!("expected/{name}.json"))).expect("the reference");
    Some((bytes, serde_json::from_slice(&expected).expect("the reference as JSON")))
}

/// What the reference gave for the first call that begins like this.
fn expected(of: &serde_json::Value, call: &str) -> serde_json::Value {
    let all = of["results"].as_array().expect("results");
    let found = all.iter().find(|it| it["call"].as_str().is_some_and(|it| it.starts_with(call)));
    found.unwrap_or_else(|| panic!("no call begins with {call}"))["value"].clone()
}

fn number(of: &serde_json::Value) -> f64 {
    of.as_f64().unwrap_or_else(|| panic!("{of} is no number"))
}

fn near(ours: Option<f64>, theirs: f64, what: &str) {
    let ours = ours.unwrap_or_else(|| panic!("{what}: nothing is shown"));
    assert!((ours - theirs).abs() < 1e-9, "{what}: {ours} is not {theirs}");
}

/// A survey made from a real file as it is, closed, and what it says. `keep` leaves columns out by their names.
async fn made(
    world: &World,
    name: &str,
    bytes: Vec<u8>,
    anonymous: bool,
    keep: impl Fn(&str) -> bool,
) -> (User, CampaignId, Results) {
    let owner = world.owner().await;
    let scope = world.scope(owner.org).await;
    let file_name = format!("{name}.csv");
    let settings = Settings::default();
    let batch =
        import::receive(&scope, &Answers, Some(Uuid::nil()), &file_name, bytes, &settings).await.expect("a table");
    let mut look = import::look(&scope, &Answers, batch).await.expect("a table");
    look.sources.retain(|slot, source| match source {
        Source::Column(column) if slot.starts_with("item:") => keep(column),
        _ => true,
    });
    if !anonymous {
        look.sources.insert("anonymous".to_owned(), Source::Fixed("no".to_owned()));
    }
    look.reading = import::Reading::new(look.reading.sheet, &look.sources, settings);
    let plan = import::dry_run(&scope, &Answers, &look).await.expect("a plan");
    let counts = import::commit(&scope, &Answers, &look, &plan.fingerprint()).await.expect("a commit");
    assert_eq!((counts.create, counts.skip), (plan.lines.len(), 0), "{name}: every row is a respondent");
    let id = survey::store::campaigns(scope.db(), scope.id()).await.expect("campaigns")[0].id;
    let (_, results) = closed(&scope, id).await;
    (owner, id, results)
}

/// A figure of the reliability table on the page of statistics, with two places.
async fn on_the_page(world: &World, owner: &User, id: CampaignId, measure: &str) -> String {
    let page = world.get(owner, &format!("/surveys/{id}/results/statistics")).await;
    let text = page.visible();
    let (_, rest) = text.split_once(measure).unwrap_or_else(|| panic!("no {measure} on the page: {text}"));
    rest.split_whitespace().next().expect("a figure").to_owned()
}

#[tokio::test]
async fn means_and_spreads_of_real_answers_are_those_of_r_psych() {
    for (name, call) in
        [("likert_gap", "as.data.frame(psych::describe("), ("psych_bfi", "as.data.frame(psych::describe(bfi")]
    {
        let Some((bytes, reference)) = real(name) else { return };
        let world = World::new().await;
        let (owner, id, results) = made(&world, name, bytes, true, |_| true).await;
        let theirs = expected(&reference, call);
        for row in theirs.as_array().expect("a row for each column") {
            let column = row["row"].as_str().expect("a name");
            let item =
                results.items.iter().find(|it| it.label == column).unwrap_or_else(|| panic!("no item “{column}”"));
            let ours = results.of(&item.key, &Cut::Everyone).unwrap_or_else(|| panic!("{column} is shown"));
            assert_eq!(ours.n as f64, number(&row["n"]), "{name}, {column}");
            near(Some(ours.mean), number(&row["mean"]), column);
            near(ours.sd, number(&row["sd"]), column);
            near(Some(ours.median), number(&row["median"]), column);
        }
        if name == "likert_gap" {
            let counts = expected(&reference, "lapply(gap[, c(imp, sat)], table)");
            for (column, theirs) in counts.as_object().expect("counts by column") {
                let item = results.items.iter().find(|it| it.label == *column).expect("an item");
                let ours = results.of(&item.key, &Cut::Everyone).expect("it is shown");
                assert_eq!(item.range, (1.0, 7.0), "{column}: the scale is one for all, and counted from 1");
                let ours: Vec<f64> = ours.counts.iter().filter(|it| **it > 0).map(|it| *it as f64).collect();
                let theirs: Vec<f64> = theirs.as_array().expect("counts").iter().map(number).collect();
                assert_eq!(ours, theirs, "{column}");
            }
        }
        let page = world.get(&owner, &format!("/surveys/{id}/results/statistics")).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
    }
}

#[tokio::test]
async fn agreement_within_ninety_nine_companies_and_alpha_are_those_of_r_multilevel() {
    let Some((bytes, reference)) = real("multilevel_bhr2000") else { return };
    let world = World::new().await;
    let climate = |column: &str| column.starts_with('A') || column == "RELIG";
    let (_, _, results) = made(&world, "multilevel_bhr2000", bytes.clone(), true, climate).await;
    let relig = &results.items.iter().find(|it| it.label == "RELIG").expect("an item").key;
    let theirs = expected(&reference, "multilevel::rwg(bhr2000$RELIG");
    let companies = theirs.as_array().expect("a row for each company");
    assert_eq!(companies.len(), 99);
    for row in companies {
        let company = Cut::Unit(row["grpid"].as_str().expect("a company").to_owned());
        let ours = results.of(relig, &company).expect("a company is large enough to be shown");
        assert_eq!(ours.n as f64, number(&row["gsize"]));
        near(ours.r_wg, number(&row["rwg"]), &company.label());
    }
    let world = World::new().await;
    let (owner, id, _) = made(&world, "multilevel_bhr2000", bytes, true, |it| it.starts_with('A')).await;
    let alpha = number(&expected(&reference, "multilevel::cronbach")["Alpha"]);
    assert_eq!(on_the_page(&world, &owner, id, "Cronbach's alpha").await, format!("{alpha:.2}"));
}

#[tokio::test]
async fn alphas_of_published_tables_stand_on_the_page_of_statistics() {
    // Four observers are fewer than anything is shown of in an anonymous survey, so these are under names.
    let Some((bytes, reference)) = real("krippendorff_2011_nmm") else { return };
    let world = World::new().await;
    let (owner, id, _) = made(&world, "krippendorff_2011_nmm", bytes, false, |_| true).await;
    let alpha = number(&expected(&reference, "kripp.alpha(nmm, \"interval\")")["value"]);
    assert_eq!(on_the_page(&world, &owner, id, "people as raters").await, format!("{alpha:.2}"));

    // Cronbach's alpha of judges is ICC(3,k).
    let Some((bytes, reference)) = real("shrout_fleiss_1979") else { return };
    let (owner, id, _) = made(&world, "shrout_fleiss_1979", bytes, false, |_| true).await;
    let theirs = expected(&reference, "psych::ICC(sf, lmer = FALSE)$results");
    let icc3k = theirs.as_array().expect("six of them").iter().find(|it| it["type"] == "ICC3k").expect("ICC3k");
    assert_eq!(on_the_page(&world, &owner, id, "Cronbach's alpha").await, format!("{:.2}", number(&icc3k["ICC"])));

    let Some((bytes, reference)) = real("irr_anxiety") else { return };
    let (owner, id, _) = made(&world, "irr_anxiety", bytes, false, |_| true).await;
    let theirs = expected(&reference, "icc(anxiety, model=\"twoway\", type=\"consistency\", unit=\"average\")");
    assert_eq!(on_the_page(&world, &owner, id, "Cronbach's alpha").await, format!("{:.2}", number(&theirs["value"])));
}
