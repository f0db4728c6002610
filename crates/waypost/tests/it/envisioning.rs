//! Envisioning: belief and its spread, the preparation sheet, the vision, the radar, the workshop.

use align::envisioning::model::Vision;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use db::uuid::Uuid;
use kit::{rights::Role, store};
use survey::campaign::CampaignId;

use crate::{
    browser::{Browser, SIZES, serve, sign_in},
    survey::respond,
    world::{Answer, User, World},
};

/// Who is asked what they believe: name, side, influence, and the answers to the four propositions.
type Leader = (&'static str, &'static str, &'static str, [&'static str; 4]);

const LEADERS: [Leader; 6] = [
    ("Ada Byron", "business", "5", ["4", "3", "2", "1"]),
    ("Grace Hopper", "it", "4", ["5", "4", "4", "4"]),
    ("Ines Pinto", "business", "3", ["4", "4", "4", "5"]),
    ("Jan Bruin", "business", "3", ["4", "4", "4", "4"]),
    ("Kaja Lund", "business", "2", ["4", "4", "3", "3"]),
    ("Leo Marin", "business", "2", ["4", "3", "4", "3"]),
];

/// A closed survey of belief among leaders; gives its address.
pub async fn believed(world: &World, owner: &User, anonymous: &str) -> String {
    surveyed(world, owner, anonymous, true, "5").await
}

/// The same, where nobody's influence may be known when they are asked.
async fn surveyed(world: &World, owner: &User, anonymous: &str, known: bool, threshold: &str) -> String {
    for (name, side, influence, _) in LEADERS {
        let influence = if known { influence } else { "" };
        let email = format!("{}@example.org", name.split(' ').next().unwrap_or_default().to_lowercase());
        let fields = [("name", name), ("side", side), ("influence", influence), ("email", &*email)];
        world.post(owner, "/people", &fields).await;
    }
    let fields = [
        ("instrument", "belief"),
        ("title", "What we believe"),
        ("anonymous", anonymous),
        ("threshold", threshold),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    let path = world.post(owner, "/surveys", &fields).await.location().to_owned();
    let audience = format!("{path}/audience");
    let chosen = world.post(owner, &audience, &[("leaders", "yes")]).await;
    if !known {
        let flash = kit::web::unpercent(chosen.headers["set-cookie"].to_str().expect("text"));
        assert!(flash.contains("Nobody has an influence yet"), "{flash}");
        world.post(owner, &audience, &[("side", "business"), ("side", "it")]).await;
    }
    world.post(owner, &format!("{path}/launch"), &[]).await;
    let id = CampaignId(path.trim_start_matches("/surveys/").parse().expect("an identifier"));
    for it in survey::store::invitees(&world.app.db, owner.org, id).await.expect("invitees") {
        let Some((_, _, _, answers)) = LEADERS.iter().find(|of| of.0 == it.name) else { continue };
        let items = ["foundation", "efficiency", "insight", "growth"];
        let keys: Vec<[String; 2]> =
            items.iter().map(|it| [format!("{it}.belief"), format!("{it}.importance")]).collect();
        let mut given = Vec::new();
        for (key, answer) in keys.iter().zip(answers) {
            given.extend([(&*key[0], *answer), (&*key[1], "4")]);
        }
        let mut cookie = String::new();
        respond(world, &mut cookie, &format!("/s/{}/1", it.token), &given).await;
        let words = [("reason", "Show me a customer who pays for it")];
        respond(world, &mut cookie, &format!("/s/{}/2", it.token), &words).await;
    }
    let closed = world.post(owner, &format!("{path}/close"), &[]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
    path
}

/// Something of all that the pages of envisioning show, with a voting that is open; gives its address.
pub async fn lived_in(world: &World, owner: &User) -> String {
    believed(world, owner, "no").await;
    let radar = [("name", "Stations that report"), ("quadrant", "products"), ("ring", "try")];
    world.post(owner, "/radar/entries", &radar).await;
    let vision = [("title", "One page"), ("wording", "We sell water."), ("state", "current"), ("since", "2026-11-02")];
    world.post(owner, "/visions", &vision).await;
    open_voting(world, owner).await.1
}

/// A workshop with two phrases whose voting is open: the address of its board, and of the page on the phones.
async fn open_voting(world: &World, owner: &User) -> (String, String) {
    let fields = [("title", "An hour for the vision"), ("held", "2026-11-23"), ("dots", "2"), ("adding", "yes")];
    let made = world.post(owner, "/workshops", &fields).await.location().trim_end_matches("/board").to_owned();
    for phrase in ["We sell water", "Nobody types anything twice"] {
        let added = world.post(owner, &format!("{made}/phrases"), &[("phrase", phrase)]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    }
    world.post(owner, &format!("{made}/open"), &[]).await;
    let board = format!("{made}/board");
    let text = world.get(owner, &board).await.text();
    let door = text.split("http://waypost.test").nth(1).and_then(|it| it.split('<').next()).expect("an address");
    (board, door.to_owned())
}

async fn person(world: &World, owner: &User, name: &str) -> Uuid {
    let people = store::all::<kit::people::Person>(&world.app.db, owner.org).await.expect("people");
    people.iter().find(|it| it.name == name).expect("a person of this name").id.0
}

#[tokio::test]
async fn influence_that_is_written_down_after_the_survey_puts_leaders_on_the_map() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = surveyed(&world, &owner, "no", false, "5").await;
    let map = format!("{path}/results/leaders");
    let envisioning = async || world.get(&owner, "/envisioning").await.visible();
    assert!(world.get(&owner, &map).await.visible().contains("No leader's influence is known yet"));
    assert!(envisioning().await.contains("nobody's influence is known"), "{}", envisioning().await);
    for (name, side, influence, _) in LEADERS {
        let id = person(&world, &owner, name).await;
        let fields = [("name", name), ("side", side), ("influence", influence), ("version", "1")];
        world.post(&owner, &format!("/people/{id}"), &fields).await;
    }
    for page in [world.get(&owner, &map).await.visible(), envisioning().await] {
        assert!(page.contains("first: much influence, little belief"), "{page}");
    }
}

#[tokio::test]
async fn the_spread_is_the_finding_and_a_doubter_of_influence_is_prepared_for_and_heard() {
    let world = World::new().await;
    let owner = world.owner().await;
    let empty = world.get(&owner, "/envisioning").await;
    assert!(empty.visible().contains("Nobody has been asked yet what IT could do here"), "{}", empty.visible());
    assert!(empty.text().contains("/surveys/new?instrument=belief"), "{}", empty.text());
    assert!(
        world
            .get(&owner, "/surveys/new?instrument=belief&anonymous=no")
            .await
            .text()
            .contains("value=\"belief\" selected")
    );

    let path = believed(&world, &owner, "no").await;
    let first = world.get(&owner, &format!("{path}/results")).await;
    assert_eq!(first.location(), format!("{path}/results/belief"));
    let belief = world.get(&owner, &format!("{path}/results/belief")).await.visible();
    assert!(belief.contains("Leaders are far apart on “New business”: from “not at all” to “fully”"), "{belief}");
    let page = world.get(&owner, "/envisioning").await.visible();
    assert!(page.contains("Talk to Ada Byron: much influence, little belief, and no talk is noted"), "{page}");

    let sheet = format!("/envisioning/leaders/{}", person(&world, &owner, "Ada Byron").await);
    let text = world.get(&owner, &sheet).await.visible();
    for expected in [
        "Ada Byron doubts “Better decisions and control” and “New business”",
        "Begin where they believe: “Dependable foundation”, 4 of 5.",
        "On “New business” and “Better decisions and control” the other leaders answered 3.8 and 3.8 on average.",
        "Show me a customer who pays for it",
        "There is no example for what they doubt.",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    let example = [("title", "Water by the hour"), ("growth", "yes"), ("shows", "Customers pay for running hours.")];
    world.post(&owner, "/examples", &example).await;
    assert!(world.get(&owner, &sheet).await.visible().contains("Water by the hour"));

    let evidence = "Somebody has talked with every leader who has much influence and believes little";
    let before = world.get(&owner, "/journey/c01").await.visible();
    assert!(before.contains(evidence) && before.contains("0 of 1"), "{before}");
    let talk = world.post(&owner, &format!("{sheet}/talk"), &[]).await.location().to_owned();
    let again = world.post(&owner, &format!("{sheet}/talk"), &[]).await.location().to_owned();
    assert_eq!(talk, again, "a talk that is still to be held is not noted twice");
    let form = world.get(&owner, &talk).await.text();
    assert!(form.contains("Begin where they believe"), "{form}");
    let id = person(&world, &owner, "Ada Byron").await.to_string();
    let heard = [
        ("topic", "Water"),
        ("person", &*id),
        ("held", "2026-11-23"),
        ("notes", "She wants to see one."),
        ("version", "1"),
    ];
    let saved = world.post(&owner, talk.trim_end_matches("/edit"), &heard).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert!(world.get(&owner, "/journey/c01").await.visible().contains("1 of 1"));
    assert!(!world.get(&owner, "/envisioning").await.visible().contains("Talk to Ada Byron: much"));
}

#[tokio::test]
async fn who_doubts_is_told_only_to_those_who_may_see_names_and_never_of_an_anonymous_survey() {
    let world = World::new().await;
    let owner = world.owner().await;
    believed(&world, &owner, "no").await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    let page = world.get(&viewer, "/envisioning").await;
    assert!(page.visible().contains("Leaders are far apart") && !page.text().contains("Ada Byron"), "{}", page.text());
    let sheet = format!("/envisioning/leaders/{}", person(&world, &owner, "Ada Byron").await);
    assert_eq!(world.get(&viewer, &sheet).await.status, StatusCode::FORBIDDEN);
    let journey = world.get(&viewer, "/journey/c01").await.visible();
    assert!(!journey.contains("believes little"), "{journey}");

    let other = World::new().await;
    let owner = other.owner().await;
    let path = believed(&other, &owner, "yes").await;
    for page in ["/envisioning", &format!("{path}/results/belief")] {
        let text = other.get(&owner, page).await.text();
        assert!(text.contains("Leaders are far apart"), "{text}");
        assert!(!text.contains("Ada Byron"), "{page} names somebody: {text}");
    }
    let sheet = format!("/envisioning/leaders/{}", person(&other, &owner, "Ada Byron").await);
    assert!(other.get(&owner, &sheet).await.visible().contains("has not said under their name what IT could do"));
    assert_eq!(other.post(&owner, &format!("{sheet}/talk"), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn whoever_may_not_read_the_answers_of_a_few_is_told_that_they_were_asked_and_not_what_they_said() {
    let world = World::new().await;
    let owner = world.owner().await;
    let survey = surveyed(&world, &owner, "no", true, "7").await;
    let leader = world.user(owner.org, Role::BusinessLeader).await;
    let page = world.get(&leader, "/envisioning").await.visible();
    assert!(
        page.contains("“What we believe” is closed; so few answered that not everyone sees what they said"),
        "{page}"
    );
    assert!(!page.contains("Nobody has been asked") && !page.contains("Ask the leaders what they believe"), "{page}");
    let results = world.get(&leader, &format!("{survey}/results/belief")).await.visible();
    assert!(results.contains("Fewer than 7 people answered, so what they said is shown only to those"), "{results}");
    assert!(!results.contains("Nobody answered") && !results.contains("Talk with those who doubt"), "{results}");
    assert!(world.get(&owner, "/envisioning").await.visible().contains("Talk to Ada Byron"));
}

#[tokio::test]
async fn two_versions_of_a_vision_are_compared_and_a_signature_lasts_as_long_as_the_wording() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = [("name", "Ada Byron"), ("side", "business"), ("influence", "5")];
    world.post(&owner, "/people", &ada).await;
    let ada = person(&world, &owner, "Ada Byron").await.to_string();
    let old = [("title", "Old page"), ("wording", "We run servers."), ("state", "current"), ("since", "2024-01-02")];
    world.post(&owner, "/visions", &old).await;
    let made = [("title", "One page"), ("wording", "We sell good pumps."), ("state", "draft")];
    let vision = world.post(&owner, "/visions", &made).await.location().to_owned();
    let changed =
        [("title", "One page"), ("wording", "We sell water and good pumps."), ("state", "draft"), ("version", "1")];
    world.post(&owner, &vision, &changed).await;
    let versions = format!("{vision}/versions");
    let page = world.get(&owner, &versions).await;
    assert!(page.visible().contains("From version 1 to version 2: 2 words came in, none went"), "{}", page.visible());
    assert!(page.text().contains("<ins><span class=\"sr\">[added: </span>water and "), "{}", page.text());

    let signed = [("person", &*ada), ("verdict", "signed"), ("version", "2")];
    let said = world.post(&owner, &format!("{vision}/say"), &signed).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text());
    let rival =
        [("title", "One page"), ("wording", "We sell water and good pumps."), ("state", "current"), ("version", "2")];
    let refused = world.post(&owner, &vision, &rival).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("“Old page” is the current vision, and there can be only one"));
    let late = world.post(&owner, &format!("{vision}/current"), &[("version", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "somebody changed it meanwhile");
    let current = world.post(&owner, &format!("{vision}/current"), &[("version", "2")]).await;
    assert_eq!(current.status, StatusCode::SEE_OTHER, "{}", current.text());
    let visions = world.get(&owner, "/visions").await.visible();
    assert!(visions.contains("Replaced") && visions.matches("Current").count() == 1, "{visions}");

    let page = world.get(&owner, "/envisioning").await.visible();
    assert!(
        page.contains("Signed by Ada Byron (noted by Owner).") && page.contains("It holds since 23 November 2026"),
        "{page}"
    );
    let record = world.get(&owner, &vision).await.visible();
    assert!(record.contains("Signed off by everyone who was asked (1)"), "the same wording is current: {record}");
    let home = world.get(&owner, "/").await.text();
    assert!(home.contains(&format!("<a href=\"{vision}\">We sell water and good pumps.</a>")), "{home}");
    let scope = world.scope(owner.org).await;
    let held = align::envisioning::current(&scope).await.expect("visions").expect("a current one");
    assert_eq!(held.title, "One page");
    assert!(world.get(&owner, "/journey/c01").await.visible().contains("1 of 1"));
    let mut anew = vec![("title", "One page"), ("wording", "We sell water."), ("state", "current"), ("version", "3")];
    anew.push(("since", "2026-12-01"));
    let early = world.post(&owner, &vision, &anew).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "it does not hold before its day");
    anew.pop();
    world.post(&owner, &vision, &anew).await;
    let record = world.get(&owner, &vision).await.visible();
    assert!(record.contains("signed version 2, changed since"), "{record}");
    let page = world.get(&owner, "/envisioning").await.visible();
    assert!(page.contains("Nobody has signed this wording; one more was asked."), "{page}");
    let home = world.get(&owner, "/").await.visible();
    assert!(!home.contains("We sell water."), "a wording that nobody stands behind does not head home: {home}");
    let table = world.get(&owner, &versions).await.visible();
    assert!(table.contains("Owner Draft Ada Byron"), "version 2 stays signed: {table}");
}

#[tokio::test]
async fn a_review_moves_technologies_and_a_technology_becomes_an_opportunity_and_an_outcome() {
    let world = World::new().await;
    let owner = world.owner().await;
    assert!(world.get(&owner, "/radar").await.visible().contains("No technology is on the radar yet"));
    let fields =
        [("name", "Stations that report"), ("quadrant", "products"), ("ring", "watch"), ("why", "Two tenders ask")];
    let entry = world.post(&owner, "/radar/entries", &fields).await.location().to_owned();
    let id = entry.trim_start_matches("/radar/entries/").to_owned();
    let radar = world.get(&owner, "/radar").await;
    assert!(radar.visible().contains("1 technology on the radar, 0 to adopt"), "{}", radar.visible());
    assert!(radar.text().contains("<polygon points="), "a new one is a diamond");

    let names = [format!("ring-{id}"), format!("why-{id}"), format!("version-{id}")];
    let review = |ring: &'static str, version: &'static str| {
        [(&*names[0], ring), (&*names[1], "It works on twelve"), (&*names[2], version)]
    };
    let kept = world.post(&owner, "/radar/review", &review("try", "1")).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let radar = world.get(&owner, "/radar").await.visible();
    assert!(
        radar.contains("Stations that report moved in at the last review") && radar.contains("from watch"),
        "{radar}"
    );
    let late = world.post(&owner, "/radar/review", &review("stop", "1")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let late = late.text();
    assert!(late.contains("value=\"stop\" checked") && late.contains("changed meanwhile: try"), "{late}");

    let record = world.get(&owner, &entry).await.text();
    let link = format!("/opportunities/new?comes_from=radar_entry:{id}");
    assert!(record.contains(&link), "{record}");
    let from = format!("radar_entry:{id}");
    let fields =
        [("title", "Sell running hours"), ("state", "idea"), ("proposition", "growth"), ("comes_from", &*from)];
    let opportunity = world.post(&owner, "/opportunities", &fields).await.location().to_owned();
    assert!(world.get(&owner, "/radar").await.text().contains(&opportunity));
    let page = world.get(&owner, "/envisioning").await.text();
    assert!(page.contains("/outcomes/new?comes_from=opportunity:"), "{page}");
    let of_it = world.get(&owner, &opportunity).await.text();
    assert!(of_it.contains("Make an outcome of it") && of_it.contains("statement=Sell"), "{of_it}");
    assert!(of_it.contains("&amp;proposition=growth\">Make an outcome"), "{of_it}");
    assert!(of_it.contains("data-confirm=\"Delete"), "nothing names it, so the question is asked: {of_it}");
    let stale = world.post(&owner, &format!("{opportunity}/delete"), &[("version", "1"), ("unasked", "yes")]).await;
    assert_eq!(
        stale.location(),
        opportunity,
        "a page that did not ask, since something named it then, deletes nothing"
    );
    assert_eq!(world.get(&owner, &opportunity).await.status, StatusCode::OK);
    let named = world.get(&owner, &entry).await.text();
    assert!(!named.contains("data-confirm=\"Delete"), "it cannot be deleted, and the button says why: {named}");
}

/// What a phone sends, with its cookie.
async fn phone(world: &World, cookie: &str, path: &str, body: Option<&str>) -> Answer {
    let request = Request::builder().uri(path).header(header::COOKIE, cookie);
    let request = match body {
        Some(_) => request.method(Method::POST).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        None => request,
    };
    world.send(request.body(Body::from(body.unwrap_or_default().to_owned())).expect("a request")).await
}

#[tokio::test]
async fn each_phone_has_its_dots_and_no_more_and_the_result_is_kept_and_becomes_a_draft() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (board, door) = open_voting(&world, &owner).await;
    let workshop = board.trim_end_matches("/board").to_owned();
    let phrases = {
        let id = workshop.trim_start_matches("/workshops/").parse().expect("an identifier");
        let id = align::envisioning::model::WorkshopId(id);
        align::envisioning::workshop::store::phrases(&world.app.db, owner.org, id).await.expect("phrases")
    };
    let put = |at: usize| format!("add={}", phrases[at].id);

    let page = world.ask(Method::GET, &door, &[]).await;
    let cookie = page.headers.get(header::SET_COOKIE).and_then(|it| it.to_str().ok()).expect("a cookie").to_owned();
    let cookie = cookie.split(';').next().expect("name and value");
    assert!(page.visible().contains("You have 2 dots left"), "{}", page.visible());
    let without = world.ask(Method::POST, &door, &[("add", &phrases[0].id.to_string())]).await;
    assert_eq!(without.status, StatusCode::CONFLICT, "a browser without cookies would have dots without end");
    for at in [0, 0] {
        assert_eq!(phone(&world, cookie, &door, Some(&put(at))).await.status, StatusCode::SEE_OTHER);
    }
    let third = phone(&world, cookie, &door, Some(&put(1))).await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    assert!(third.visible().contains("All your dots are placed. Take one away first"), "{}", third.visible());
    let moved = format!("take={}", phrases[0].id);
    phone(&world, cookie, &door, Some(&moved)).await;
    phone(&world, cookie, &door, Some(&put(1))).await;
    let thanks = phone(&world, cookie, &door, None).await.visible();
    assert!(thanks.contains("Thank you: all your dots are placed"), "{thanks}");
    phone(&world, "voter=another", &door, Some(&put(1))).await;

    let phrases_door = format!("{door}/phrases");
    let added = phone(&world, cookie, &phrases_door, Some("phrase=A+customer+sees+what+we+see")).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let twice = phone(&world, cookie, &phrases_door, Some("phrase=we+sell+WATER")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("value=\"we sell WATER\"") && twice.visible().contains("is there already"));

    let wall = world.get(&owner, &board).await.visible();
    assert!(wall.contains("2 people have voted") && wall.contains("from the room"), "{wall}");
    assert_eq!(world.post(&owner, &format!("{workshop}/vision"), &[]).await.status, StatusCode::CONFLICT);
    world.post(&owner, &format!("{workshop}/close"), &[]).await;
    let wall = world.get(&owner, &board).await.visible();
    assert!(wall.contains("“Nobody types anything twice” came out first"), "{wall}");
    assert!(wall.contains("Counted by browser, without names"), "two browsers are not two people: {wall}");
    let over = phone(&world, cookie, &door, Some(&moved)).await;
    assert_eq!(over.status, StatusCode::CONFLICT, "no dot is taken any more");
    assert!(over.visible().contains("The voting is closed"), "{}", over.visible());

    let made = world.post(&owner, &format!("{workshop}/vision"), &[]).await.location().to_owned();
    let vision = made.trim_end_matches("/edit").to_owned();
    let page = world.get(&owner, &vision).await.visible();
    assert!(page.contains("Nobody types anything twice.") && page.contains("Comes from Workshop An hour"), "{page}");
    let again = world.post(&owner, &format!("{workshop}/vision"), &[]).await;
    assert_eq!(again.location(), vision, "the draft is made once");
    assert_eq!(world.ask(Method::GET, "/w/nonsense", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_on_a_phone_is_seen_on_the_wall_without_loading_the_page_again() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (board, door) = open_voting(&world, &owner).await;
    let at = serve(&world).await;
    let (Some(wall), Some(phone)) =
        (Browser::open(SIZES[0].0, SIZES[0].1).await, Browser::open(SIZES[1].0, SIZES[1].1).await)
    else {
        return;
    };
    sign_in(&wall, at, &owner.cookie).await;
    wall.go(&format!("http://{at}{board}")).await;
    wall.sees("0 people have voted").await;
    phone.go(&format!("http://{at}{door}")).await;
    phone.sees("You have 2 dots left").await;
    for theme in ["light", "dark"] {
        phone.run("document.documentElement.dataset.theme = arguments[0]", &[serde_json::json!(theme)]).await;
        assert_eq!(phone.faults().await, Vec::<String>::new(), "{theme}");
    }
    phone.tab_to("Put a dot on “Nobody types anything twice”").await;
    phone.press(crate::browser::ENTER).await;
    phone.sees("You have one dot left").await;
    let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(phone.run(over, &[]).await, serde_json::json!(0));
    wall.sees("1 person has voted").await;
    phone.close().await;
    wall.close().await;
}

#[tokio::test]
async fn two_leaders_who_are_called_alike_each_have_a_sheet_of_their_own_answers() {
    let world = World::new().await;
    let owner = world.owner().await;
    let twin = [("name", "Grace Hopper"), ("side", "business"), ("influence", "4"), ("email", "other@example.org")];
    world.post(&owner, "/people", &twin).await;
    believed(&world, &owner, "no").await;
    let people = kit::store::all::<kit::people::Person>(&world.app.db, owner.org).await.expect("people");
    let twins: Vec<_> = people.iter().filter(|it| it.name == "Grace Hopper").collect();
    assert_eq!(twins.len(), 2);
    let page = world.get(&owner, "/envisioning").await.text();
    for it in twins {
        let path = format!("/envisioning/leaders/{}", it.id);
        assert!(page.contains(&path), "the map leads to both");
        let sheet = world.get(&owner, &path).await.visible();
        assert!(sheet.contains("Grace Hopper doubts none of the four"), "{sheet}");
    }
}

#[tokio::test]
async fn a_vision_that_is_made_current_in_its_form_is_so_from_that_day_unless_another_is_written() {
    let world = World::new().await;
    let owner = world.owner().await;
    let since = |title: &'static str, day: &'static str| {
        let (world, owner) = (&world, &owner);
        async move {
            let sent = [("title", title), ("wording", "IT opens new markets."), ("state", "current"), ("since", day)];
            let made = world.post(owner, "/visions", &sent).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
            let all: Vec<Vision> = store::all(&world.app.db, owner.org).await.expect("visions");
            let it = all.into_iter().find(|it| it.title == title).expect("it was added");
            let sent = [("title", title), ("wording", "Gone."), ("state", "replaced"), ("version", "1")];
            world.post(owner, made.location(), &sent).await;
            it.since
        }
    };
    let today = world.scope(owner.org).await.today();
    assert_eq!(since("One page", "").await, Some(today));
    assert_eq!(since("Another page", "2026-10-01").await, Some(jiff::civil::date(2026, 10, 1)));
}
