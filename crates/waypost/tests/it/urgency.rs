//! Creating urgency: obstacles and where to act first, the force field, the facts and what is raised from them, the
//! letter to a sponsor.

use std::io::{Cursor, Read};

use align::urgency::{Obstacle, model::Decision};
use axum::http::StatusCode;
use fantoccini::Locator;
use kit::{rights::Role, store};
use serde_json::json;

use crate::{
    browser::{Browser, SIZES, serve, sign_in},
    import::{bring, fingerprint},
    survey,
    world::{User, World},
};

async fn obstacle(world: &World, user: &User, fields: &[(&str, &str)]) -> String {
    let made = world.post(user, "/obstacles", &[&[("state", "open")], fields].concat()).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    made.location().to_owned()
}

async fn outcome(world: &World, user: &User, statement: &str) -> String {
    let fields = [("statement", statement), ("state", "agreed"), ("due", "2027-02-26")];
    world.post(user, "/outcomes", &fields).await.location().trim_start_matches("/outcomes/").to_owned()
}

async fn person(world: &World, user: &User, name: &str) -> String {
    let fields = [("name", name), ("side", "business"), ("job", "Finance Director")];
    world.post(user, "/people", &fields).await.location().trim_start_matches("/people/").to_owned()
}

#[tokio::test]
async fn an_obstacle_made_of_what_holds_an_outcome_back_threatens_it_once() {
    let world = World::new().await;
    let owner = world.owner().await;
    let outcome = outcome(&world, &owner, "Spare parts are found in a minute").await;
    let force = [("what", "Nobody counts"), ("outcome", &*outcome), ("direction", "restraining"), ("strength", "4")];
    let force = world.post(&owner, "/forces", &force).await.location().trim_start_matches("/forces/").to_owned();
    let from = format!("force:{force}");
    let made = [("title", "Nobody counts the store"), ("severity", "4"), ("comes_from", &*from)];
    let path = obstacle(&world, &owner, &made).await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("Spare parts are found in a minute due") && page.contains("holds it back: Nobody counts"));
    let letter = world.get(&owner, &format!("{path}/letter")).await.visible();
    assert!(letter.contains("What it threatens"), "{letter}");
    let forces = world.get(&owner, "/urgency/forces").await.visible();
    assert!(forces.contains("More holds it back than drives it, 4 to 0"), "{forces}");
}

async fn click(browser: &Browser, css: &str) {
    let it = browser.client.wait().for_element(Locator::Css(css)).await.expect("something to click");
    browser.run("arguments[0].scrollIntoView({ block: 'center' })", &[json!(it)]).await;
    it.click().await.expect("a click");
}

async fn fill(browser: &Browser, css: &str, text: &str) {
    let it = browser.client.wait().for_element(Locator::Css(css)).await.expect("a field");
    it.send_keys(text).await.expect("keys");
}

async fn choose(browser: &Browser, css: &str, label: &str) {
    let it = browser.client.wait().for_element(Locator::Css(css)).await.expect("a list");
    it.select_by_label(label).await.expect("the choice is there");
}

/// Decisions of the present quarter that took so many days, each waiting for somebody.
async fn decisions(world: &World, user: &User, days: &[i64]) {
    let decided = jiff::civil::date(2026, 11, 2);
    for days in days {
        let asked = (decided - jiff::ToSpan::days(*days)).to_string();
        let missing = if days % 2 == 0 { "The monthly meeting" } else { "" };
        let fields = [
            ("what", &*format!("Order of {days} days")),
            ("asked", &*asked),
            ("decided", "2026-11-02"),
            ("verdict", "yes"),
            ("missing", missing),
        ];
        let made = world.post(user, "/decisions", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    }
}

#[tokio::test]
async fn the_page_says_what_stands_in_the_way_and_what_to_do_next_step_by_step() {
    let world = World::new().await;
    let owner = world.owner().await;
    let empty = world.get(&owner, "/urgency").await;
    assert!(empty.visible().contains("No obstacle is written down yet") && !empty.text().contains("class=\"quadrant"));
    let path = obstacle(&world, &owner, &[("title", "Month-end freeze")]).await;
    let page = world.get(&owner, "/urgency").await.visible();
    assert!(
        page.contains("One obstacle stands in the way, and nobody clears it") && page.contains("Judge it"),
        "{page}"
    );
    let ada = person(&world, &owner, "Ada Byron").await;
    let judged = [
        ("title", "Month-end freeze"),
        ("state", "open"),
        ("severity", "5"),
        ("influence", "4"),
        ("owner", &*ada),
        ("due", "2026-11-20"),
        ("version", "1"),
    ];
    world.post(&owner, &path, &judged).await;
    let page = world.get(&owner, "/urgency").await.visible();
    assert!(page.contains("; one is past its day") && page.contains("“Month-end freeze” was due 3 days ago"), "{page}");
    assert!(page.contains("1 is severe and ours to clear"), "{page}");
    assert!(world.get(&owner, "/").await.visible().contains("Past its day: “Month-end freeze”"));
}

#[tokio::test]
async fn an_obstacle_shows_on_the_outcomes_that_it_threatens_and_goes_from_their_forces_when_it_is_cleared() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (one, two) =
        (outcome(&world, &owner, "Reports without a signal").await, outcome(&world, &owner, "Quick help").await);
    let path = obstacle(&world, &owner, &[("title", "Freeze"), ("severity", "4")]).await;
    let tied = world.post(&owner, &format!("{path}/threats"), &[("outcome", &one), ("outcome", &two)]).await;
    assert_eq!(tied.location(), format!("{path}#threatens"));
    let force = [("what", "The field asks for it"), ("outcome", &*one), ("direction", "driving"), ("strength", "3")];
    assert_eq!(world.post(&owner, "/forces", &force).await.status, StatusCode::SEE_OTHER);
    let page = world.get(&owner, &format!("/outcomes/{one}")).await.visible();
    assert!(
        page.contains("More holds it back than drives it, 4 to 3")
            && page.contains("Comes from Obstacle, threatens Freeze"),
        "{page}"
    );
    // Whoever saw neither of them ticked takes neither away.
    world.post(&owner, &format!("{path}/threats"), &[("outcome", &one)]).await;
    assert!(world.get(&owner, &format!("/outcomes/{two}")).await.visible().contains("Freeze"));
    let untick = [("outcome", &*one), ("was", &one), ("was", &two)];
    world.post(&owner, &format!("{path}/threats"), &untick).await;
    assert!(!world.get(&owner, &format!("/outcomes/{two}")).await.visible().contains("Freeze"));
    let cleared = [("title", "Freeze"), ("severity", "4"), ("state", "cleared"), ("version", "1")];
    let refused = world.post(&owner, &path, &cleared).await;
    assert!(refused.text().contains("Write the day on which it was cleared."), "{}", refused.visible());
    world.post(&owner, &path, &[&cleared[..], &[("cleared", "2026-11-20")]].concat()).await;
    let page = world.get(&owner, "/urgency/forces").await.visible();
    assert!(page.contains("More drives it than holds it back, 3 to 0; 4 held it back before"), "{page}");
    let home = world.get(&owner, "/").await.visible();
    assert!(home.contains("Cleared: Freeze"), "{home}");
}

#[tokio::test]
async fn a_fact_that_crosses_its_line_becomes_an_obstacle_once_tied_to_what_shows_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    decisions(&world, &owner, &[5, 12, 40, 30]).await;
    let few = world.get(&owner, "/urgency/facts").await.visible();
    assert!(few.contains("4 of the last year are too few to say anything"), "{few}");
    let refused = world.post(&owner, "/urgency/facts/waiting/obstacle", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    decisions(&world, &owner, &[21]).await;
    let page = world.get(&owner, "/urgency/facts").await.visible();
    assert!(page.contains("A decision takes 21 days at the median.") && page.contains("crosses the line"), "{page}");
    assert!(world.get(&owner, "/").await.visible().contains("A decision takes 21 days at the median."));
    let raised = world.post(&owner, "/urgency/facts/waiting/obstacle", &[]).await;
    let path = raised.location().trim_end_matches("/edit").to_owned();
    let obstacle = world.get(&owner, &path).await.visible();
    assert!(
        obstacle.contains("Comes from Decision Order of 40 days") && obstacle.contains("The line is 14 days."),
        "{obstacle}"
    );
    let again = world.post(&owner, "/urgency/facts/waiting/obstacle", &[]).await;
    assert_eq!(again.location(), path);
    let all: Vec<Obstacle> = store::all(&world.app.db, owner.org).await.expect("obstacles");
    assert_eq!(all.len(), 1);
    world.post(&owner, "/set-lines", &[("fact", "missing"), ("line", "75")]).await;
    let page = world.get(&owner, "/urgency/facts").await.visible();
    assert!(page.contains("the line: 75%") && page.contains("60% of the decisions waited for somebody"), "{page}");
    let viewer = world.user(owner.org, Role::Viewer).await;
    assert!(!world.get(&viewer, "/urgency/facts").await.text().contains("Raise an obstacle"));
}

#[tokio::test]
async fn a_set_line_comes_in_from_a_file_once() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = "Fact;Line\nwaiting;10\nmissing;75\n";
    let batch = bring(&world, &owner, "set_line", "lines.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    assert!(page.visible().contains("Set lines: 2 created"), "{}", page.visible());
    world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", &fingerprint(&page))]).await;
    let again = bring(&world, &owner, "set_line", "lines.csv", file.as_bytes()).await.location().to_owned();
    let page = world.get(&owner, &again).await.visible();
    assert!(page.contains("2 unchanged"), "{page}");
    let refused = world.post(&owner, "/set-lines", &[("fact", "missing"), ("line", "60")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("This fact has a line already."), "{}", refused.visible());
}

#[tokio::test]
async fn the_importance_of_it_comes_from_what_the_surveys_publish_and_from_nothing_that_they_withhold() {
    let world = World::new().await;
    let owner = world.owner().await;
    survey::people(&world, &owner, "business", 6).await;
    survey::people(&world, &owner, "it", 5).await;
    let campaign = survey::open(&world, &owner, "yes").await;
    let tokens = survey::tokens(&world, &owner, &campaign).await;
    for token in &tokens {
        survey::answer(&world, token, "2").await;
    }
    world.post(&owner, &format!("{campaign}/close"), &[]).await;
    world.post(&owner, "/set-lines", &[("fact", "importance"), ("line", "4.5")]).await;
    let page = world.get(&owner, "/urgency/facts").await.visible();
    assert!(page.contains("The business scores the importance of IT at 4.0 of 5."), "{page}");
    let raised = world.post(&owner, "/urgency/facts/importance/obstacle", &[]).await;
    let path = raised.location().trim_end_matches("/edit").to_owned();
    assert!(world.get(&owner, &path).await.visible().contains("Comes from Survey"));
}

#[tokio::test]
async fn a_gap_in_a_survey_becomes_an_obstacle() {
    let world = World::new().await;
    let owner = world.owner().await;
    survey::people(&world, &owner, "business", 6).await;
    survey::people(&world, &owner, "it", 5).await;
    let campaign = survey::open(&world, &owner, "no").await;
    for token in survey::tokens(&world, &owner, &campaign).await {
        survey::answer(&world, &token, "2").await;
    }
    world.post(&owner, &format!("{campaign}/close"), &[]).await;
    let made = survey::take_up(&world, &owner, &campaign, "c13/obstacle", "open").await;
    assert!(made.location().starts_with("/obstacles/"), "{}", made.location());
    let all: Vec<Obstacle> = store::all(&world.app.db, owner.org).await.expect("obstacles");
    assert_eq!(all[0].title, "Projects: what stands in the way");
}

#[tokio::test]
async fn a_letter_says_what_it_lacks_and_leaves_as_a_document_once_it_lacks_nothing() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (orla, one) = (person(&world, &owner, "Orla Kinsella").await, outcome(&world, &owner, "Quick help").await);
    let path =
        obstacle(&world, &owner, &[("title", "Three signatures & a stamp"), ("severity", "4"), ("influence", "1")])
            .await;
    let letter = world.get(&owner, &format!("{path}/letter")).await.visible();
    assert!(letter.contains("The letter has nobody to go to yet") && letter.contains("Name the sponsor"), "{letter}");
    let refused = world.get(&owner, &format!("{path}/letter/docx")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let fields = [
        ("title", "Three signatures & a stamp"),
        ("state", "open"),
        ("severity", "4"),
        ("influence", "1"),
        ("sponsor", &*orla),
        ("asked", "Let the heads of units sign alone."),
        ("due", "2026-12-04"),
        ("evidence", "A scanner took eleven weeks."),
        ("version", "1"),
    ];
    world.post(&owner, &path, &fields).await;
    world.post(&owner, &format!("{path}/threats"), &[("outcome", &one)]).await;
    let letter = world.get(&owner, &format!("{path}/letter")).await.visible();
    assert!(letter.contains("The letter to Orla Kinsella is ready"), "{letter}");
    assert!(letter.contains("have your answer by 4 December 2026.") && letter.contains("Quick help"), "{letter}");
    let file = world.get(&owner, &format!("{path}/letter/docx")).await;
    assert_eq!(file.headers["content-type"], kit::document::DOCX);
    let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes)).expect("a ZIP");
    let mut xml = String::new();
    zip.by_name("word/document.xml").expect("the document").read_to_string(&mut xml).expect("UTF-8");
    for expected in
        ["Orla Kinsella", "Three signatures &amp; a stamp", "Let the heads of units sign alone.", "26 Feb 2027"]
    {
        assert!(xml.contains(expected), "{expected} is missing in {xml}");
    }
    assert_eq!(world.get(&owner, &format!("{path}/letter/pdf")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_known_of_who_may_approve_what_counts_as_evidence_once_it_has_no_hole() {
    let world = World::new().await;
    let owner = world.owner().await;
    let add = async |who: &str, above: &str, up_to: &str| {
        let fields = [("who", who), ("above", above), ("up_to", up_to), ("since", "2026-07-01"), ("days", "5")];
        let made = world.post(&owner, "/spending-authorities", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    };
    add("Head of the unit", "0", "5000").await;
    add("Chief executive", "20000", "").await;
    let page = world.get(&owner, "/urgency/facts").await.visible();
    assert!(page.contains("Nobody is named for amounts over £5,000.00 up to £20,000.00."), "{page}");
    let stands = world.get(&owner, "/journey/c03").await.visible();
    assert!(stands.contains("missing It is known who may approve what amount 2 steps, 1 ranges"), "{stands}");
    add("Finance director", "5000", "20000").await;
    let stands = world.get(&owner, "/journey/c03").await.visible();
    assert!(stands.contains("there It is known who may approve what amount 3 steps without a hole"), "{stands}");
    let twisted = [("who", "Nobody"), ("above", "10"), ("up_to", "5"), ("since", "2026-07-01")];
    let refused = world.post(&owner, "/spending-authorities", &twisted).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("value=\"10\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_obstacle_to_the_letter_by_clicks_wide_and_on_a_phone() {
    let world = World::new().await;
    let owner = world.owner().await;
    person(&world, &owner, "Orla Kinsella").await;
    outcome(&world, &owner, "Quick help").await;
    decisions(&world, &owner, &[5, 12, 40, 30, 21]).await;
    let at = serve(&world).await;
    for (walk, (width, height)) in SIZES.into_iter().enumerate() {
        let Some(browser) = Browser::open(width, height).await else { return };
        let title = format!("Month-end freeze {walk}");
        sign_in(&browser, at, &owner.cookie).await;
        browser.go(&format!("http://{at}/obstacles/new")).await;
        fill(&browser, "#f-title", &title).await;
        fill(&browser, "#f-severity", "5").await;
        fill(&browser, "#f-influence", "1").await;
        fill(&browser, "#f-asked", "Freeze only what posts to the ledger.").await;
        browser.run("document.querySelector('#f-due').value = '2026-12-04'", &[]).await;
        choose(&browser, "#f-owner", "Orla Kinsella").await;
        choose(&browser, "#f-sponsor", "Orla Kinsella").await;
        click(&browser, ".form-foot .btn.primary").await;
        browser.sees("What it threatens").await;
        click(&browser, "#threatens [name=outcome]").await;
        click(&browser, "#threatens form .btn").await;
        browser.sees("threatens one outcome").await;
        click(&browser, "#threatens header .btn").await;
        browser.sees("The letter to Orla Kinsella is ready").await;
        browser.sees("Freeze only what posts to the ledger.").await;
        assert_eq!(
            browser
                .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth", &[])
                .await,
            0
        );
        browser.go(&format!("http://{at}/urgency")).await;
        browser.sees(&title).await;
        if walk == 0 {
            click(&browser, "#waiting form .btn").await;
            browser.sees("Raised from the fact").await;
        } else {
            browser.sees("See the obstacle").await;
        }
        browser.close().await;
    }
    let all: Vec<Decision> = store::all(&world.app.db, owner.org).await.expect("decisions");
    assert_eq!(all.len(), 5);
}
