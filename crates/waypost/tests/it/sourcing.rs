//! Strategic sourcing: from activities that people place to contracts whose owners are warned in time.

use axum::http::{Method, StatusCode};
use kit::rights::Role;

use crate::{
    browser::{Browser, ENTER, serve, sign_in},
    campaign::{DAY, Posting, smtp::Manner},
    contracts::contract,
    import,
    world::{User, World},
};

/// The identifier at the end of the address of a record.
pub fn id(path: &str) -> String {
    path.rsplit('/').next().expect("an address").split('#').next().expect("a path").to_owned()
}

pub async fn make(world: &World, user: &User, path: &str, fields: &[(&str, &str)]) -> String {
    let made = world.post(user, path, fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{path}: {}", made.visible());
    made.location().to_owned()
}

pub async fn person(world: &World, user: &User, name: &str, side: &str) -> String {
    let email = format!("{}@example.org", name.to_lowercase());
    id(&make(world, user, "/people", &[("name", name), ("email", &email), ("side", side)]).await)
}

#[tokio::test]
async fn two_people_place_an_activity_apart_agree_and_the_matrix_shows_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (ada, bo) = (person(&world, &owner, "Ada", "business").await, person(&world, &owner, "Bo", "it").await);
    let activity = id(&make(&world, &owner, "/activities", &[("name", "Service desk")]).await);
    assert!(world.get(&owner, "/sourcing").await.visible().contains("The one activity has no agreed place yet"));
    let (i, c, n) = (format!("i-{activity}"), format!("c-{activity}"), format!("n-{activity}"));
    let half = world.post(&owner, "/sourcing/place", &[("person", &ada), (&i, "key"), (&n, "Customers call it")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text().contains("Say how good we are at it too.") && half.text().contains("Customers call it"));
    make(&world, &owner, "/sourcing/place", &[("person", &ada), (&i, "key"), (&c, "weak"), (&n, "Customers call it")])
        .await;
    make(&world, &owner, "/sourcing/place", &[("person", &bo), (&i, "commodity"), (&c, "strong"), (&n, "")]).await;
    let (was_i, was_c) = (format!("was-{i}"), format!("was-{c}"));
    let basic = [("person", &*bo), (&i, "basic"), (&c, "strong"), (&n, "")];
    let blind = world.post(&owner, "/sourcing/place", &basic).await;
    assert_eq!(blind.status, StatusCode::CONFLICT, "whoever did not see the place does not overwrite it");
    assert!(blind.visible().contains("Service desk Commodity, strong Basic, strong"), "{}", blind.visible());
    let seen = [&basic[..], &[(&*was_i, "commodity"), (&*was_c, "strong")]].concat();
    make(&world, &owner, "/sourcing/place", &seen).await;
    let board = world.get(&owner, &format!("/sourcing/place?person={ada}")).await.text();
    assert!(board.contains(&format!("data-draft=\"{ada}\"")), "what is filled in is kept apart for each person");
    let agree = world.get(&owner, "/sourcing/agree").await.visible();
    assert!(agree.contains("Talk about “Service desk” first: people stand far apart on it"), "{agree}");
    assert!(agree.contains("“Customers call it” Ada"), "{agree}");

    let place = [("importance", "basic"), ("capability", "strong"), ("reason", "")];
    let refused = world.post(&owner, &format!("/activities/{activity}/agree"), &place).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let summary = format!("<a href=\"#r-{activity}\">Service desk: Write why it stands there");
    assert!(refused.text().contains(&summary), "{}", refused.text());
    let place = [("importance", "basic"), ("capability", "strong"), ("reason", "People praise it.")];
    make(&world, &owner, &format!("/activities/{activity}/agree"), &place).await;
    let late = [("importance", "key"), ("capability", "weak"), ("reason", "They told me.")];
    let late = world.post(&owner, &format!("/activities/{activity}/agree"), &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "a place that somebody else agreed on meanwhile stays");
    let text = late.visible();
    assert!(text.contains("Importance Basic Key") && text.contains("Reason People praise it. They told me."), "{text}");
    assert!(late.text().contains(">They told me.</textarea>"));
    let matrix = world.get(&owner, "/sourcing").await.visible();
    assert!(matrix.contains("Keep while efficient") && matrix.contains("Service desk"), "{matrix}");
    let offer = format!("/moves/new?comes_from=activity:{activity}");
    for path in ["/sourcing", &format!("/activities/{activity}")] {
        let page = world.get(&owner, path).await;
        assert!(page.text().contains(&offer) && page.visible().contains("Consider a move"), "{}", page.visible());
    }
    let begun = world.get(&owner, &format!("{offer}&activity={activity}")).await.visible();
    assert!(begun.contains("Follows from the activity “Service desk”"), "{begun}");
    let simple = world.get(&owner, "/sourcing?view=simple").await.text();
    let share = simple.split("<td class=\"share\">").nth(1).expect("a place with somebody in it");
    assert!(share.split("</td>").next().is_some_and(|it| it.contains("Service desk")), "{simple}");
    let evidence = world.get(&owner, "/journey/c04").await.visible();
    assert!(evidence.contains("1 from the business, 1 from IT") && evidence.contains("1 of 1"), "{evidence}");
    let page = world.get(&owner, &format!("/activities/{activity}")).await.visible();
    assert!(page.contains("Placements (2) Ada , Bo"), "{page}");
}

#[tokio::test]
async fn who_does_not_lead_gives_only_their_own_view() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = person(&world, &owner, "Ada", "business").await;
    let activity = id(&make(&world, &owner, "/activities", &[("name", "Service desk")]).await);
    let contributor = world.user(owner.org, Role::Contributor).await;
    let (i, c) = (format!("i-{activity}"), format!("c-{activity}"));
    let for_ada = world.post(&contributor, "/sourcing/place", &[("person", &ada), (&i, "key"), (&c, "weak")]).await;
    assert_eq!(for_ada.status, StatusCode::CONFLICT, "{}", for_ada.visible());
    assert!(world.get(&owner, "/sourcing/agree").await.visible().contains("not placed yet"));
}

#[tokio::test]
async fn a_placement_that_comes_again_in_a_file_is_recognised_by_its_activity_and_its_person() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = person(&world, &owner, "Ada", "business").await;
    let activity = id(&make(&world, &owner, "/activities", &[("name", "Service desk")]).await);
    let (i, c) = (format!("i-{activity}"), format!("c-{activity}"));
    make(&world, &owner, "/sourcing/place", &[("person", &ada), (&i, "key"), (&c, "weak")]).await;
    let file = "Activity;Person email;Importance;Capability\nService desk;ada@example.org;Key;Moderate\n";
    let read = import::bring(&world, &owner, "placement", "placements.csv", file.as_bytes()).await;
    let dry = world.get(&owner, read.location()).await.visible();
    assert!(dry.contains("0 create 1 update") && dry.contains("“Weak” becomes “Moderate”"), "{dry}");
}

#[tokio::test]
async fn both_ways_of_a_move_stand_side_by_side_with_what_it_touches() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = person(&world, &owner, "Ada", "it").await;
    let activity = id(&make(&world, &owner, "/activities", &[("name", "Service desk"), ("owner", &ada)]).await);
    let path = contract(&world, &owner, "").await;
    let change = [
        ("name", "ERP support"),
        ("supplier", ""),
        ("starts", "2026-03-01"),
        ("activity", &*activity),
        ("state", "active"),
        ("version", "1"),
    ];
    let supplier = id(&make(&world, &owner, "/suppliers", &[("name", "Desk Ltd"), ("state", "active")]).await);
    let change = change.map(|(key, value)| if key == "supplier" { (key, &*supplier) } else { (key, value) });
    make(&world, &owner, &path, &change).await;
    let fields = [
        ("name", "Give the desk away"),
        ("activity", &*activity),
        ("today", "inside"),
        ("inside_cost", "100"),
        ("provider_cost", "70"),
        ("one_off", "75"),
        ("decision", "open"),
    ];
    let made = make(&world, &owner, "/moves", &fields).await;
    let page = world.get(&owner, &format!("{made}/compare")).await.visible();
    for expected in [
        "Over five years, a provider saves £75.00",
        "Going to a provider has paid for itself in year 3.",
        "Five years £500.00 £425.00 £75.00",
        "Answers for it Ada",
        "Contracts ERP support",
    ] {
        assert!(page.contains(expected), "{expected} is missing: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_house_to_an_agreed_place_by_keyboard_and_on_a_phone() {
    let world = World::new().await;
    let owner = world.owner().await;
    person(&world, &owner, "Ada", "business").await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(390, 844).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    browser.go(&format!("http://{at}/sourcing")).await;
    browser.sees("What IT does has not been written down yet").await;
    browser.tab_to("Add an activity").await;
    browser.press(ENTER).await;
    browser.sees("New activity").await;
    browser.tab_to("Activity needed").await;
    browser.press("Service desk").await;
    browser.press(ENTER).await;
    browser.sees("“Service desk” was added.").await;

    browser.go(&format!("http://{at}/sourcing/place")).await;
    browser
        .run("document.querySelector('#person').selectedIndex = 1; document.querySelector('.filter').submit()", &[])
        .await;
    browser.sees("Ada has placed 0 of 1 activities").await;
    for value in ["basic", "strong"] {
        browser.run("document.querySelector(`[value=${arguments[0]}]`).click()", &[value.into()]).await;
    }
    browser.tab_to("Save these places").await;
    browser.press(ENTER).await;
    browser.sees("One place of Ada was saved.").await;

    browser.go(&format!("http://{at}/sourcing/agree")).await;
    browser.tab_to("Agree on a place").await;
    browser.press(ENTER).await;
    browser.tab_to("Reason").await;
    browser.press("People praise it.").await;
    browser.tab_to("Keep this place").await;
    browser.press(ENTER).await;
    browser.sees("The place of “Service desk” was kept.").await;
    browser.go(&format!("http://{at}/sourcing")).await;
    browser.sees("Keep while efficient").await;
    assert!(browser.faults().await.is_empty(), "{:?}", browser.faults().await);
    browser.close().await;
}

/// The links of a round, by the name of whoever is asked.
pub async fn links(world: &World, user: &User, round: &str) -> std::collections::BTreeMap<String, String> {
    let file = world.get(user, &format!("{round}/links/csv")).await.text();
    let line = |it: &str| {
        let mut cells = it.trim().split([',', ';']);
        let name = cells.next()?.trim_matches('"').to_owned();
        let link = it.split("http://waypost.test").nth(1)?.trim().trim_matches('"').to_owned();
        Some((name, link))
    };
    file.lines().skip(1).filter_map(line).collect()
}

#[tokio::test]
async fn leaders_without_an_account_place_the_activities_by_link_each_on_their_own_and_in_their_language() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let (ada, bo) = (person(world, owner, "Ada", "business").await, person(world, owner, "Bo", "business").await);
    let activity = id(&make(world, owner, "/activities", &[("name", "Service desk")]).await);
    let round = format!("/asked/place/{}", owner.org);
    let wrong = world.post(owner, &format!("{round}/people"), &[("closes", "2026-11-22"), ("person", &ada)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("today or later") && wrong.text().contains("value=\"2026-11-22\""));
    let asked = [("closes", "2026-12-07"), ("person", &*ada), ("person", &*bo)];
    make(world, owner, &format!("{round}/people"), &asked).await;
    let links = links(world, owner, &round).await;
    let (of_ada, of_bo) = (&*links["Ada"], &*links["Bo"]);
    assert!(world.post(owner, &format!("{round}/invitations"), &[]).await.status.is_redirection());
    let language = of_bo.replace("/place/", "/asked/language/");
    assert!(world.ask(Method::POST, &language, &[("language", "de")]).await.status.is_redirection());

    let (i, c, n) = (format!("i-{activity}"), format!("c-{activity}"), format!("n-{activity}"));
    let empty = world.ask(Method::POST, of_ada, &[(&i, ""), (&n, "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.visible().contains("You have not placed anything yet"), "{}", empty.visible());
    let half = world.ask(Method::POST, of_ada, &[(&i, "key"), (&n, "Customers call it")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text().contains("Say how good we are at it too.") && half.text().contains("Customers call it"));
    let whole = [(&*i, "key"), (&*c, "weak"), (&*n, "Customers call it")];
    assert!(world.ask(Method::POST, of_ada, &whole).await.visible().contains("Thank you"));
    let page = world.ask(Method::GET, of_bo, &[]).await;
    assert!(page.text().contains("Antworten abgeben") && page.visible().contains("Service desk"), "{}", page.text());
    assert!(!page.text().contains("Customers call it"), "nobody is shown what others say");

    posting.pass(DAY);
    assert!(world.post(owner, &format!("{round}/reminders"), &[]).await.status.is_redirection());
    posting.tick().await;
    let mut taken = posting.taken();
    taken.sort();
    let expected = [
        ("ada@example.org", "Harbour asks for your view"),
        ("bo@example.org", "Erinnerung: Welche Arbeit"),
        ("bo@example.org", "Harbour asks for your view"),
    ];
    for ((to, subject), (person, begins)) in taken.iter().zip(expected) {
        assert!(to == person && (subject.starts_with(begins) || subject.starts_with("=?")), "{taken:?}");
    }
    assert_eq!(taken.len(), expected.len(), "{taken:?}");

    let own = world.get(owner, &format!("/activities/{activity}")).await.visible();
    assert!(
        own.contains("Placements (1) Ada"),
        "on the page of the activity its placements are called by the person: {own}"
    );
    let table = world.get(owner, "/sourcing/agree").await.visible();
    assert!(table.contains("Service desk") && table.contains("Customers call it"), "{table}");
    assert!(table.contains("One person has placed activities: ask others for their view"), "{table}");
    make(world, owner, &format!("{round}/end"), &[]).await;
    assert_eq!(world.ask(Method::GET, of_ada, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(world.get(owner, "/sourcing/agree").await.visible().contains("Customers call it"), "answers stay");
}

#[tokio::test]
async fn a_reminder_that_waits_is_not_sent_to_whoever_places_everything_meanwhile_by_link_or_signed_in() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let mut people = Vec::new();
    for name in ["Ada", "Bo", "Cleo", "Dan"] {
        people.push(person(world, owner, name, "business").await);
    }
    let mut keys = Vec::new();
    for name in ["Networks", "Service desk"] {
        let activity = id(&make(world, owner, "/activities", &[("name", name)]).await);
        keys.push([format!("i-{activity}"), format!("c-{activity}")]);
    }
    let round = format!("/asked/place/{}", owner.org);
    let mut asked = vec![("closes", "2026-12-07")];
    asked.extend(people.iter().map(|it| ("person", &**it)));
    make(world, owner, &format!("{round}/people"), &asked).await;
    let links = links(world, owner, &round).await;
    let [one, two] = [0, 1].map(|at| [(&*keys[at][0], "key"), (&*keys[at][1], "weak")]);
    let place = async || {
        for (link, said) in [(&links["Ada"], [one, two].concat()), (&links["Cleo"], one.to_vec())] {
            let sent = world.ask(Method::POST, link, &said).await;
            assert!(sent.visible().contains("Thank you"), "{}", sent.visible());
        }
        let said = [&[("person", &*people[1])][..], &one, &two].concat();
        make(world, owner, "/sourcing/place", &said).await;
    };
    assert_eq!(posting.reminded(&round, place).await, 2, "Cleo has placed one of two, and Dan nothing");
}
