//! The journey: home's answer, assessing and settling, the cycle that begins anew, the planner, the calendar feed.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::http::{Method, StatusCode, header};
use jiff::Timestamp;
use journey::{Assessment, model::AssessmentId};
use kit::{
    area::{Answer, Area, Evidence, Note, Perception},
    method::Competency,
    record::Record,
    rights::Role,
    store,
    web::Scope,
};

use crate::{
    browser::{self, Browser, SIZES},
    world::{NOW, User, World},
};

/// An area that has measured something, as the survey and the later areas do.
struct Measured;

impl Area for Measured {
    fn decisions<'a>(&'a self, _: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async { Ok(vec![Note::new("Renew the line to the works?", "/actions")]) })
    }

    fn evidence<'a>(&'a self, _: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        let evidence = |text: &str, met, found: &str| Evidence {
            competency: Competency::Benchmarking,
            text: text.to_owned(),
            met,
            found: found.to_owned(),
            url: "/actions".to_owned(),
        };
        let all = vec![
            evidence("Five ratios of the last two years", true, "five"),
            evidence("A comparison with a company like ours", false, "none"),
        ];
        Box::pin(async { Ok(all) })
    }

    fn perceptions<'a>(&'a self, _: &'a Scope) -> Answer<'a, Vec<Perception>> {
        let perception = |competency: &Competency| {
            let apart = *competency == Competency::Benchmarking;
            let (business, it) = if apart { (2.1, 3.5) } else { (2.9, 3.1) };
            let shown = *competency != Competency::Processes;
            Perception {
                competency: *competency,
                importance: Some(4.0),
                business: shown.then_some(business),
                it: Some(it),
                gap: shown.then_some(it - business),
                certain: apart,
            }
        };
        Box::pin(async move { Ok(Competency::ALL.iter().map(perception).collect()) })
    }
}

/// A world in which business and IT have been asked.
async fn measured_world() -> World {
    World::with(|parts| parts.registry.areas.push(Box::new(Measured))).await
}

/// Sets where every competency stands in a cycle, by the program's own way in.
async fn assess(world: &World, user: &User, cycle: i64, levels: [i64; 15], on: &str) {
    let scope = world.scope(user.org).await;
    let mut tx = world.app.db.begin().await.expect("a write");
    for (competency, maturity) in Competency::ALL.iter().zip(levels) {
        let assessment = Assessment {
            id: AssessmentId::fresh(),
            version: 1,
            cycle,
            competency: *competency,
            maturity,
            settled: false,
            note: None,
            assessed_on: on.parse().expect("a day"),
        };
        store::insert(&mut tx, &scope.author(), Assessment::KIND, &assessment.to_row()).await.expect("an assessment");
    }
    tx.commit().await.expect("a commit");
}

/// A world whose clock can be set forward.
async fn world_with_clock() -> (World, Arc<AtomicI64>) {
    let now: Timestamp = NOW.parse().expect("a moment");
    let clock = Arc::new(AtomicI64::new(now.as_millisecond()));
    let shared = clock.clone();
    let world = World::with(move |parts| {
        parts.clock =
            Box::new(move || Timestamp::from_millisecond(shared.load(Ordering::SeqCst)).expect("a moment in range"));
    })
    .await;
    (world, clock)
}

const LEVELS: [i64; 15] = [4, 3, 3, 3, 1, 2, 3, 2, 1, 3, 2, 3, 3, 3, 2];

#[tokio::test]
async fn home_tells_an_empty_organisation_what_to_do_first() {
    let world = World::new().await;
    let owner = world.owner().await;
    let empty = world.get(&owner, "/").await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.text());
    assert!(empty.text().contains("<h1>First bring in the people"), "{}", empty.visible());
    world.post(&owner, "/people", &[("name", "Mina Osei"), ("side", "business")]).await;
    let text = world.get(&owner, "/").await.text();
    assert!(text.contains("<h1>Next, ask business and IT") && text.contains("1 person is here"), "{text}");
}

#[tokio::test]
async fn home_gives_the_next_competency_and_why_then_the_four_answers_in_order() {
    let world = World::new().await;
    let owner = world.owner().await;
    assess(&world, &owner, 1, LEVELS, "2026-09-01").await;
    let page = world.get(&owner, "/").await;
    let text = page.visible();
    let parts = [
        "Groundwork 187 days to the budget cycle 1",
        "Next: leadership structure. It stands at 1 of 5, and no candidate stands lower.",
        "It is close: benchmarking stands as low.",
        "I have one afternoon",
        "The ring as a table",
        "5 Leadership structure People 1 next",
        "Where do we stand 2.5 of 5",
        "What changed",
        "Needs a decision",
        "Due",
        "Decisions stage begins (FY 2027) 29 Jan 2027",
        "Budget for FY 2028 is due 29 May 2027",
    ];
    let mut rest = &*text;
    for part in parts {
        let at = rest.find(part);
        assert!(at.is_some(), "“{part}” is missing or in the wrong place in {text}");
        rest = &rest[at.unwrap_or(0)..];
    }
    assert!(page.text().contains(r#"<a href="/journey/c05" class="next">"#), "the navigation marks the next one");
}

#[tokio::test]
async fn a_competency_is_assessed_settled_and_the_advice_moves_on() {
    let world = World::new().await;
    let owner = world.owner().await;
    assess(&world, &owner, 1, LEVELS, "2026-09-01").await;
    let page = world.get(&owner, "/journey/c05").await.text();
    assert!(page.contains("Leadership structure stands at 1 of 5, and it is next"), "{page}");
    let unsaid = world.post(&owner, "/journey/c05", &[("maturity", "2"), ("version", "1"), ("act", "settle")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.visible().contains("Write why this is good enough for now."), "{}", unsaid.visible());
    let fields = [("maturity", "2"), ("note", "One name for each outcome."), ("version", "1"), ("act", "settle")];
    let settled = world.post(&owner, "/journey/c05", &fields).await;
    assert_eq!((settled.status, settled.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(world.get(&owner, "/").await.visible().contains("Next: benchmarking."));
    let again = world.post(&owner, "/journey/c05", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "the version is an old one");
    let reopened = [("maturity", "2"), ("note", "Not yet."), ("version", "2"), ("act", "reopen")];
    assert_eq!(world.post(&owner, "/journey/c05", &reopened).await.status, StatusCode::SEE_OTHER);
    let all = store::all::<Assessment>(&world.app.db, owner.org).await.expect("assessments");
    let fifth = all.iter().find(|it| it.competency == Competency::LeadershipStructure).expect("one");
    assert_eq!((fifth.settled, fifth.maturity, fifth.cycle), (false, 2, 1));
    assert_eq!(all.len(), 15);
}

#[tokio::test]
async fn a_level_off_the_scale_and_a_competency_that_is_none_are_refused() {
    let world = World::new().await;
    let owner = world.owner().await;
    for level in ["6", "-1", ""] {
        let answer = world.post(&owner, "/journey/c01", &[("maturity", level), ("version", "0")]).await;
        assert!(answer.status.is_client_error(), "{level}: {}", answer.status);
    }
    assert_eq!(world.get(&owner, "/journey/c16").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(&owner, "/journey/none", &[("maturity", "1")]).await.status, StatusCode::NOT_FOUND);
    assert!(store::all::<Assessment>(&world.app.db, owner.org).await.expect("assessments").is_empty());
}

#[tokio::test]
async fn the_note_of_a_settled_competency_comes_back_when_the_next_cycle_begins() {
    let (world, clock) = world_with_clock().await;
    let owner = world.owner().await;
    let fields = [("maturity", "3"), ("note", "The page is a year old."), ("version", "0"), ("act", "settle")];
    assert_eq!(world.post(&owner, "/journey/c01", &fields).await.status, StatusCode::SEE_OTHER);
    let now = world.get(&owner, "/journey/c01").await.visible();
    assert!(now.contains("settled as good enough") && !now.contains("A new cycle has begun"), "{now}");
    let next_year: Timestamp = "2027-07-02T12:00:00Z".parse().expect("a moment");
    clock.store(next_year.as_millisecond(), Ordering::SeqCst);
    let owner = world.user(owner.org, Role::Owner).await;
    let later = world.get(&owner, "/journey/c01").await.visible();
    assert!(later.contains("stands at 3 of 5, as of cycle 1"), "{later}");
    assert!(later.contains("“The page is a year old.” A new cycle has begun."), "{later}");
    assert!(
        world
            .get(&owner, "/")
            .await
            .visible()
            .contains("Is envisioning still good enough? It was settled in an earlier cycle")
    );
    let fields = [("maturity", "2"), ("note", ""), ("version", "0"), ("act", "save")];
    assert_eq!(world.post(&owner, "/journey/c01", &fields).await.status, StatusCode::SEE_OTHER);
    let page = world.get(&owner, "/journey/c01").await.visible();
    assert!(page.contains("Cycle 2 FY 2028 2") && page.contains("Cycle 1 FY 2027 3 settled"), "{page}");
    let overview = world.get(&owner, "/journey").await.visible();
    assert!(overview.contains("Cycle 2 FY 2028 Cycle 1 FY 2027"), "{overview}");
    assert!(overview.contains("Mean maturity 2.0 3.0"), "{overview}");
}

#[tokio::test]
async fn the_planner_spells_out_stage_reasons_afternoon_risks_and_dates() {
    let world = World::new().await;
    let owner = world.owner().await;
    assess(&world, &owner, 1, LEVELS, "2026-09-01").await;
    let text = world.get(&owner, "/planner").await.visible();
    for part in [
        "187 days to the budget: leadership structure is next",
        "Stage The year is in its groundwork stage, which works on 1 to 9; 66 days of it are left.",
        "Maturity It stands at 1 of 5. Of the candidates, benchmarking stands as low.",
        "What if I have one afternoon? One name for each outcome",
        "5 competencies put the budget due on 29 May 2027 at risk, 2 of them gravely",
        "Outcomes without an accountable person enter the budget as wishes",
        "Groundwork now 29 Oct 2026 28 Jan 2027 1 to 9",
        "Decisions 30 May 2027 30 Jun 2027 approval",
    ] {
        assert!(text.contains(part), "“{part}” is missing in {text}");
    }
}

#[tokio::test]
async fn a_viewer_reads_the_levels_but_gets_no_form() {
    let world = World::new().await;
    let org = world.organisation("Harbour").await;
    let viewer = world.user(org, Role::Viewer).await;
    let page = world.get(&viewer, "/journey/c08").await.text();
    assert!(page.contains("stand-h") && !page.contains("name=\"maturity\""), "{page}");
}

/// Makes somebody's calendar a new address and reads it off the planner.
pub async fn calendar_address(world: &World, user: &User) -> String {
    let made = world.post(user, "/planner/calendar-address", &[]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    let page = world.get(user, "/planner").await.text();
    let (_, rest) = page.split_once("value=\"http://waypost.test").expect("an address on the planner");
    rest.split_once('"').expect("the end of it").0.to_owned()
}

#[tokio::test]
async fn the_calendar_goes_out_under_a_secret_address_that_can_be_renewed() {
    let world = World::new().await;
    let owner = world.owner().await;
    world
        .post(
            &owner,
            "/actions",
            &[("title", "Ask; then listen"), ("about", "action"), ("state", "open"), ("due", "2026-12-04")],
        )
        .await;
    let feed = calendar_address(&world, &owner).await;
    let answer = world.ask(Method::GET, &feed, &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers.get(header::CONTENT_TYPE).expect("a type"), "text/calendar; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    for part in [
        "SUMMARY:Action: Ask\\; then listen",
        "DTSTART;VALUE=DATE:20261204",
        "SUMMARY:Budget for FY 2028 is due",
        "SUMMARY:Results stage begins (FY 2028)",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let mut uids: Vec<&str> = text.lines().filter(|it| it.starts_with("UID:")).collect();
    let all = uids.len();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), all, "each event has its own name");
    assert_eq!(world.get(&owner, "/planner/calendar.ics").await.text(), text);
    let fresh = calendar_address(&world, &owner).await;
    assert_eq!(world.ask(Method::GET, &feed, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.ask(Method::GET, &fresh, &[]).await.status, StatusCode::OK);
    assert_eq!(world.ask(Method::GET, "/calendar/.ics", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_survey_alone_is_enough_for_a_first_advice() {
    let world = measured_world().await;
    let owner = world.owner().await;
    let home = world.get(&owner, "/").await.visible();
    for part in [
        "Next: benchmarking. Nobody has said yet where it stands, and business sees it 1.4 points lower than IT does.",
        "No competency of groundwork has been assessed yet, so the advice is only a beginning.",
        "No competency has been assessed yet. Assess the first",
    ] {
        assert!(home.contains(part), "“{part}” is missing in {home}");
    }
}

#[tokio::test]
async fn one_organisations_journey_says_nothing_of_anothers() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    assess(&world, &theirs, 1, LEVELS, "2026-09-01").await;
    for path in ["/", "/journey", "/planner", "/journey/c05"] {
        let text = world.get(&mine, path).await.visible();
        assert!(!text.contains("stands at"), "{path}: {text}");
    }
}

#[tokio::test]
async fn what_areas_measured_decides_and_gives_the_reasons() {
    let world = measured_world().await;
    let owner = world.owner().await;
    assess(&world, &owner, 1, LEVELS, "2026-09-01").await;
    let home = world.get(&owner, "/").await.visible();
    for part in [
        "Next: benchmarking. It stands at 1 of 5, and business sees it 1.4 points lower than IT does.",
        "The gap between business and IT is more than chance. It is close: leadership structure stands as low.",
        "In the survey business says 2.8, IT says 3.1; on 1 they differ by more than chance.",
        "Renew the line to the works?",
    ] {
        assert!(home.contains(part), "“{part}” is missing in {home}");
    }
    let page = world.get(&owner, "/journey/c09").await.visible();
    for part in ["Gap, IT minus business +1.4", "there Five ratios of the last two years five", "missing A comparison"]
    {
        assert!(page.contains(part), "“{part}” is missing in {page}");
    }
    let few = world.get(&owner, "/journey/c14").await.visible();
    assert!(few.contains("Business too few answers") && !few.contains("Gap, IT minus"), "{few}");
    let planner = world.get(&owner, "/planner").await.visible();
    assert!(planner.contains("Evidence 1 of 2 pieces of evidence that Waypost can see is missing"), "{planner}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_journey_has_an_accessibility_fault_or_scrolls_sideways() {
    let world = measured_world().await;
    let owner = world.owner().await;
    let unassessed = world.owner().await;
    assess(&world, &owner, 1, LEVELS.map(|it| it.min(2)), "2025-10-20").await;
    assess(&world, &owner, 2, LEVELS, "2026-11-20").await;
    let note = "The page exists; two leaders doubt it and we know why.";
    for (competency, version) in [("c01", "1"), ("c02", "1"), ("c04", "1")] {
        let level = if competency == "c01" { "4" } else { "3" };
        let fields = [("maturity", level), ("note", note), ("version", version), ("act", "settle")];
        world.post(&owner, &format!("/journey/{competency}"), &fields).await;
    }
    let action = [
        ("title", "Ask three leaders"),
        ("about", "action"),
        ("state", "open"),
        ("competency", "c09"),
        ("due", "2026-12-04"),
    ];
    world.post(&owner, "/actions", &action).await;
    let at = browser::serve(&world).await;
    for (width, height) in SIZES {
        let Some(browser) = Browser::open(width, height).await else { return };
        for theme in ["light", "dark"] {
            browser::sign_in(&browser, at, &format!("theme={theme}")).await;
            for (user, path) in [
                (&owner, "/"),
                (&owner, "/journey"),
                (&owner, "/journey/c09"),
                (&owner, "/planner"),
                (&owner, "/assessments"),
                (&unassessed, "/"),
            ] {
                browser::sign_in(&browser, at, &user.cookie).await;
                browser.go(&format!("http://{at}{path}")).await;
                let faults = browser.faults().await;
                assert!(faults.is_empty(), "{path} {width} {theme}: {faults:#?}");
                let over = browser
                    .client
                    .execute(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                        Vec::new(),
                    )
                    .await;
                assert_eq!(over.expect("a width"), serde_json::json!(0), "{path} at {width} scrolls sideways");
            }
        }
        browser.close().await;
    }
}
