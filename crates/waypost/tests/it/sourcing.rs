//! Strategic sourcing: from activities that people place to contracts whose owners are warned in time.

use axum::http::{Method, StatusCode, header};
use kit::rights::Role;

use crate::{
    browser::{Browser, ENTER, serve, sign_in},
    campaign::{DAY, Posting, smtp::Manner},
    import,
    world::{Answer, User, World},
};

/// The identifier at the end of the address of a record.
fn id(path: &str) -> String {
    path.rsplit('/').next().expect("an address").split('#').next().expect("a path").to_owned()
}

async fn make(world: &World, user: &User, path: &str, fields: &[(&str, &str)]) -> String {
    let made = world.post(user, path, fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{path}: {}", made.visible());
    made.location().to_owned()
}

async fn person(world: &World, user: &User, name: &str, side: &str) -> String {
    let email = format!("{}@example.org", name.to_lowercase());
    id(&make(world, user, "/people", &[("name", name), ("email", &email), ("side", side)]).await)
}

/// A contract of a year from 1 March that renews, with three months of notice: by 30 November 2026.
async fn contract(world: &World, user: &User, owner: &str) -> String {
    let supplier = make(world, user, "/suppliers", &[("name", "Tessarode"), ("state", "active")]).await;
    let fields = [
        ("name", "ERP support"),
        ("supplier", &*id(&supplier)),
        ("starts", "2026-03-01"),
        ("term_months", "12"),
        ("auto_renew", "yes"),
        ("notice", "3 months"),
        ("price", "1000"),
        ("billing", "month"),
        ("state", "active"),
        ("owner", owner),
    ];
    make(world, user, "/contracts", &fields).await
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
async fn a_contract_that_cannot_be_is_refused_with_what_was_typed_and_a_good_one_shows_its_days() {
    let world = World::new().await;
    let owner = world.owner().await;
    let supplier = id(&make(&world, &owner, "/suppliers", &[("name", "Haldvik"), ("state", "active")]).await);
    let wrong = [
        ("name", "Network"),
        ("supplier", &*supplier),
        ("starts", "2026-03-01"),
        ("ends", "2026-02-01"),
        ("notice", "whenever"),
        ("price", "5"),
        ("state", "active"),
    ];
    let refused = world.post(&owner, "/contracts", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    for expected in ["ends before it starts", "is not a notice period", "Say whether the price", "value=\"whenever\""] {
        assert!(text.contains(expected), "{expected} is missing: {}", refused.visible());
    }
    let path = contract(&world, &owner, "").await;
    let notice = world.get(&owner, &format!("{path}/notice")).await.visible();
    assert!(
        notice.contains("Give notice by 30 November 2026, or it goes on until 29 February 2028"),
        "a year from 1 March, three months: {notice}"
    );
    let timeline = world.get(&owner, "/sourcing/timeline").await.visible();
    assert!(timeline.contains("Next, decide about “ERP support”: 7 days are left"), "{timeline}");
    assert!(
        timeline.contains("£12,000.00 a year at today’s prices in 1 contract") && timeline.contains("no owner"),
        "{timeline}"
    );
    let home = world.get(&owner, "/").await.visible();
    assert!(home.contains("Keep “ERP support” of Tessarode, or give notice"), "{home}");
    let settings = world.get(&owner, "/account").await.text();
    let feed = settings.split("/calendar/").nth(1).and_then(|it| it.split('"').next());
    if let Some(feed) = feed {
        let feed = world.ask(Method::GET, &format!("/calendar/{feed}"), &[]).await.text();
        assert!(feed.contains("Last day to give notice: ERP support") && feed.contains("20261130"), "{feed}");
    }
}

#[tokio::test]
async fn who_may_not_see_costs_sees_the_places_and_no_contract() {
    let world = World::new().await;
    let owner = world.owner().await;
    contract(&world, &owner, "").await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    for path in ["/sourcing", "/", "/suppliers"] {
        let page = world.get(&viewer, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text().contains("ERP support"), "{path} tells of a contract: {}", page.visible());
    }
    assert_eq!(world.get(&viewer, "/sourcing/timeline").await.status, StatusCode::FORBIDDEN);
    let supplier = world.get(&owner, "/suppliers?q=Tessarode").await.text();
    let at = supplier.find("/suppliers/0").expect("a link to the supplier");
    let path = &supplier[at..at + "/suppliers/".len() + 36];
    for path in [path.to_owned(), format!("{path}/trend")] {
        assert!(!world.get(&viewer, &path).await.text().contains("ERP support"), "{path}");
    }
}

#[tokio::test]
async fn a_list_of_contracts_as_firms_keep_it_comes_in_whole() {
    let world = World::new().await;
    let owner = world.owner().await;
    make(&world, &owner, "/suppliers", &[("name", "Haldvik Networks"), ("state", "active")]).await;
    let file = "supplier,service,description,start,end,notice_days,auto_renew,term_months,amount,currency,billing,\
                increase_pct,account,cost_centre,owner\n\
                Haldvik Networks,Site network,Lines and switches,2024-03-01,2027-02-28,90,yes,12,11250.50,GBP,month,2.5,6440,ITS,\n\
                Haldvik Networks,Firewalls,Operation,2027-03-01,2027-02-28,90,no,,100,GBP,year,,,,\n";
    let read = import::bring(&world, &owner, "contract", "contracts.csv", file.as_bytes()).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.visible());
    let dry = world.get(&owner, read.location()).await.visible();
    assert!(dry.contains("The contract ends before it starts"), "{dry}");
    assert!(dry.contains("1 created") && dry.contains("1 skipped"), "{dry}");
    assert!(dry.contains("Left out: currency."), "every other column has found its field: {dry}");
}

/// Sends a file to a record.
async fn attach(world: &World, user: &User, record: &str, name: &str, bytes: &[u8]) -> Answer {
    world.upload(user, &format!("{record}/files"), &[("file", Some(name), bytes)]).await
}

fn kept(world: &World) -> usize {
    std::fs::read_dir(world.app.folder.join("files")).expect("the folder of files").count()
}

/// The addresses of the documents of a record.
async fn documents(world: &World, user: &User, record: &str) -> Vec<String> {
    let page = world.get(user, record).await.text();
    let mut all: Vec<String> = page
        .split("href=\"/files/")
        .skip(1)
        .filter_map(|it| it.split('"').next())
        .map(|it| format!("/files/{it}"))
        .collect();
    all.dedup();
    all
}

#[tokio::test]
async fn a_document_is_attached_to_a_record_taken_along_and_taken_off() {
    let world = World::new().await;
    let (owner, other) = (world.owner().await, world.owner().await);
    let unit = make(&world, &owner, "/units", &[("name", "Works")]).await;
    let second = make(&world, &owner, "/units", &[("name", "Yard")]).await;
    let sent = attach(&world, &owner, &unit, "Vertrag Ü.html", b"<script>alert(1)</script>").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    attach(&world, &owner, &second, "copy.html", b"<script>alert(1)</script>").await;
    assert_eq!(kept(&world), 1, "the same content is kept once");
    let page = world.get(&owner, &unit).await.visible();
    assert!(page.contains("Vertrag Ü.html 25 bytes, attached by Owner on 23 Nov 2026"), "{page}");
    let history = world.get(&owner, &format!("{unit}/history")).await.visible();
    assert!(history.contains("attached a file to") && history.contains("Vertrag Ü.html"), "{history}");

    let document = documents(&world, &owner, &unit).await.remove(0);
    let file = world.get(&owner, &document).await;
    assert_eq!(file.bytes, b"<script>alert(1)</script>");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/octet-stream");
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().expect("text");
    assert!(disposition.starts_with("attachment;") && disposition.ends_with("Vertrag%20%C3%9C.html"), "{disposition}");
    for answer in [world.get(&other, &document).await, world.post(&other, &format!("{document}/delete"), &[]).await] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let viewer = world.user(owner.org, Role::Viewer).await;
    assert_eq!(world.get(&viewer, &document).await.status, StatusCode::OK);
    assert_eq!(world.post(&viewer, &format!("{document}/delete"), &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(attach(&world, &viewer, &unit, "a.txt", b"a").await.status, StatusCode::FORBIDDEN);

    make(&world, &owner, &format!("{document}/delete"), &[]).await;
    assert_eq!((documents(&world, &owner, &unit).await.len(), kept(&world)), (0, 1), "the other record needs the file");
    let deleted = world.post(&owner, &format!("{second}/delete"), &[("version", "1")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.visible());
    assert_eq!(kept(&world), 0, "nothing refers to it any more");
}

#[tokio::test]
async fn a_document_that_is_too_large_or_empty_is_refused_in_a_sentence() {
    let world = World::new().await;
    let owner = world.owner().await;
    let unit = make(&world, &owner, "/units", &[("name", "Works")]).await;
    let large = attach(&world, &owner, &unit, "film.mp4", &vec![7; 20_000_001]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.visible().contains("larger than 20 MB"), "{}", large.visible());
    let empty = attach(&world, &owner, &unit, "empty.txt", b"").await;
    assert!(empty.visible().contains("No file came along, or an empty one"), "{}", empty.visible());
    let form = world.post(&owner, &format!("{unit}/files"), &[("file", "text")]).await;
    assert_eq!(form.status, StatusCode::CONFLICT, "a form without a file is told so");
    assert_eq!(kept(&world), 0);
}

#[tokio::test]
async fn what_only_some_may_see_keeps_its_documents_to_them_too() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = contract(&world, &owner, "").await;
    attach(&world, &owner, &path, "signed.pdf", b"signed").await;
    let document = documents(&world, &owner, &path).await.remove(0);
    let viewer = world.user(owner.org, Role::Viewer).await;
    assert_eq!(world.get(&viewer, &document).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_owner_of_a_contract_is_written_to_at_each_lead_time_and_never_twice() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let ada = person(world, owner, "Ada", "it").await;
    let wrong = world.post(owner, "/sourcing/alerts", &[("days", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("is not a number of days") && wrong.text().contains("value=\"soon\""));
    let shown = world.get(owner, "/sourcing/timeline").await.text();
    let kept =
        shown.split("name=\"was-days\" value=\"").nth(1).and_then(|it| it.split('"').next()).expect("what is kept");
    make(world, owner, "/sourcing/alerts", &[("days", "5, 60, 2"), ("was-days", kept)]).await;
    let late = world.post(owner, "/sourcing/alerts", &[("days", "30"), ("was-days", kept)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.visible());
    assert!(late.text().contains("name=\"days\" value=\"30\""), "{}", late.text());
    let path = contract(world, owner, &ada).await;
    posting.tick().await;
    posting.tick().await;
    let first = [("ada@example.org".to_owned(), "Last day of notice in 7 days: ERP support".to_owned())];
    assert_eq!(posting.taken(), first, "of the lead times that are reached only the nearest is written of, once");
    posting.pass(DAY);
    posting.tick().await;
    assert_eq!(posting.taken().len(), 1, "no lead time is reached on this day");
    posting.pass(2 * DAY);
    posting.tick().await;
    posting.pass(2 * DAY);
    posting.tick().await;
    posting.pass(DAY);
    posting.tick().await;
    let subjects: Vec<String> = posting.taken().into_iter().map(|it| it.1).collect();
    assert_eq!(
        subjects,
        [
            "Last day of notice in 7 days: ERP support",
            "Last day of notice in 4 days: ERP support",
            "Last day of notice in 2 days: ERP support",
        ]
    );
    let page = world.get(owner, &format!("{path}/notice")).await.visible();
    assert!(page.contains("ada@example.org Sent"), "{page}");
}

#[tokio::test]
async fn the_owner_of_a_contract_that_ends_by_itself_is_written_to_before_its_end_unless_that_was_decided() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let ada = person(world, owner, "Ada", "it").await;
    let supplier = id(&make(world, owner, "/suppliers", &[("name", "Tessarode"), ("state", "active")]).await);
    for (name, state) in [("Licences", "active"), ("Printers", "notice_given")] {
        let fields = [
            ("name", name),
            ("supplier", &*supplier),
            ("starts", "2026-01-01"),
            ("ends", "2026-12-31"),
            ("state", state),
            ("owner", &*ada),
        ];
        make(world, owner, "/contracts", &fields).await;
    }
    posting.tick().await;
    posting.tick().await;
    let once = [("ada@example.org".to_owned(), "Contract ends in 38 days: Licences".to_owned())];
    assert_eq!(posting.taken(), once);
    let home = world.get(owner, "/").await.visible();
    assert!(home.contains("Extend “Licences” of Tessarode, replace it or let it end"), "{home}");
}

#[tokio::test]
async fn a_provider_is_chosen_by_the_scores_of_several_people_and_it_is_said_how_close_it_was() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (ada, bo) = (person(&world, &owner, "Ada", "business").await, person(&world, &owner, "Bo", "it").await);
    let made = [("title", "ERP partner"), ("weighing", "direct"), ("state", "open")];
    let weights = make(&world, &owner, "/selections", &made).await;
    let selection = weights.strip_suffix("/weights").expect("the work goes on with what counts").to_owned();
    let result = format!("{selection}/result");
    assert!(world.get(&owner, &result).await.visible().contains("needs a criterion and two candidates"));
    for name in ["Price", "Fit"] {
        make(&world, &owner, &format!("{selection}/criteria"), &[("name", name)]).await;
    }
    for name in ["Alder", "Birch"] {
        make(&world, &owner, &format!("{selection}/candidates"), &[("name", name)]).await;
    }
    let twice = world.post(&owner, &format!("{selection}/candidates"), &[("name", "alder")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("value=\"alder\"") && twice.visible().contains("a candidate called “alder” already"));
    let ids = |page: &str, prefix: &str| -> Vec<String> {
        page.split(&format!("name=\"{prefix}"))
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let criteria = ids(&world.get(&owner, &weights).await.text(), "w-");
    let (price, fit) = (format!("w-{}", criteria[0]), format!("w-{}", criteria[1]));
    let (was_price, was_fit) = (format!("was-{price}"), format!("was-{fit}"));
    let seen = [(&*was_price, "10"), (&*was_fit, "10")];
    let zero = world.post(&owner, &weights, &[&seen[..], &[(&*price, "0"), (&*fit, "0")]].concat()).await;
    assert_eq!(zero.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(zero.visible().contains("All weights are zero"), "{}", zero.visible());
    make(&world, &owner, &weights, &[&seen[..], &[(&*price, "40"), (&*fit, "60")]].concat()).await;
    // Whichever button is pressed, nothing that was typed is lost.
    let add = format!("{selection}/criteria");
    let twice = world.post(&owner, &add, &[(&*price, "55"), (&*was_price, "40"), ("name", "fit")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("value=\"55\"") && twice.text().contains("value=\"fit\""), "{}", twice.visible());
    assert!(twice.visible().contains("The selection has a criterion called “fit” already."), "{}", twice.visible());
    make(&world, &owner, &add, &[(&*price, "55"), (&*was_price, "40"), ("name", "Speed")]).await;
    let page = world.get(&owner, &weights).await;
    assert!(page.text().contains("value=\"55\"") && page.visible().contains("Speed"), "{}", page.visible());
    let speed = ids(&page.text(), "w-").pop().expect("the new one");
    make(&world, &owner, &weights, &[(&*price, "40"), (&*was_price, "55"), ("name", "")]).await;
    let speed = format!("/criteria/{speed}/delete");
    world.post(&owner, &speed, &[("version", "1")]).await;
    // Somebody who still sees the first weights changes one: the other stays as it is by now.
    let late = [&seen[..], &[(&*price, "10"), (&*fit, "70")]].concat();
    let late = world.post(&owner, &weights, &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.visible().contains("Fit 60 70") && !late.visible().contains("Price 40 10"), "{}", late.visible());
    let text = late.text();
    assert!(
        text.contains("value=\"70\" aria-label=\"Weight of Fit\"") && text.contains("value=\"40\" aria-label"),
        "{text}"
    );
    let wrong = world.post(&owner, &weights, &[(&*price, "-1"), (&*was_price, "40")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let cells = ids(&world.get(&owner, &format!("{selection}/scores?person={ada}")).await.text(), "s-");
    assert_eq!(cells.len(), 4);
    for (who, points) in [(&ada, ["1", "5", "4", "2"]), (&bo, ["1", "5", "4", "2"])] {
        let names: Vec<String> = cells.iter().map(|it| format!("s-{it}")).collect();
        let mut fields: Vec<(&str, &str)> = names.iter().map(|it| &**it).zip(points).collect();
        fields.push(("person", who));
        make(&world, &owner, &format!("{selection}/scores"), &fields).await;
    }
    let (cell, was) = (format!("s-{}", cells[0]), format!("was-s-{}", cells[0]));
    let scores = format!("{selection}/scores");
    for wrong in ["6", "-1", "five"] {
        let fields = [("person", &*ada), (&*was, "1"), (&*cell, wrong)];
        let back = world.post(&owner, &scores, &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = back.text().contains(&format!("<option selected>{wrong}</option>"));
        assert!(kept && back.visible().contains("A score is a whole number from 0 to 5"), "{}", back.visible());
    }
    let blind = world.post(&owner, &scores, &[("person", &*ada), (&*was, "3"), (&*cell, "4")]).await;
    assert_eq!(blind.status, StatusCode::CONFLICT, "the score is 1 by now, not 3");
    let page = world.get(&owner, &result).await.visible();
    assert!(page.contains("Birch leads with 3.2 of 5 points"), "{page}");
    assert!(page.contains("“Price” would have to count 33% instead of 40% for Alder to win"), "{page}");

    let pair = ids(&world.get(&owner, &weights).await.text(), "p-").remove(0);
    make(&world, &owner, &format!("{selection}/pairs"), &[(&format!("p-{pair}"), "1/3")]).await;
    let (field, was) = (format!("p-{pair}"), format!("was-p-{pair}"));
    for wrong in ["foo", "0", "-3"] {
        let back = world.post(&owner, &format!("{selection}/pairs"), &[(&*field, wrong), (&*was, "1/3")]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.visible().contains(&format!("“{wrong}” is not on the scale")), "{}", back.visible());
    }
    let blind = world.post(&owner, &format!("{selection}/pairs"), &[(&*field, "5")]).await;
    assert_eq!(blind.status, StatusCode::CONFLICT);
    let page = world.get(&owner, &result).await.visible();
    assert!(page.contains("Alder leads with 3.3 of 5 points"), "Fit counts three times as much now: {page}");

    let unsaid = world.post(&owner, &format!("{selection}/decide"), &[("chosen", "Alder"), ("reason", "")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    make(&world, &owner, &format!("{selection}/decide"), &[("chosen", "Alder"), ("reason", "Fits us.")]).await;
    assert!(world.get(&owner, "/sourcing").await.visible().contains("ERP partner Alder"));
    let next = world.get(&owner, &result).await.visible();
    assert!(next.contains("What follows Add Alder to the suppliers"), "{next}");
    let from = format!("selection:{}", id(&selection));
    let supplier = [("name", "Alder"), ("state", "active"), ("comes_from", &*from)];
    make(&world, &owner, "/suppliers", &supplier).await;
    let next = world.get(&owner, &result).await.visible();
    assert!(next.contains("What follows Supplier: Alder Write down the contract"), "{next}");
    let late = [("chosen", "Birch"), ("reason", "Cheaper."), ("was-chosen", ""), ("was-reason", "")];
    let late = world.post(&owner, &format!("{selection}/decide"), &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.visible().contains("Who is chosen Alder Birch") && late.text().contains(">Cheaper.</textarea>"),
        "{}",
        late.visible()
    );
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
async fn links(world: &World, user: &User, round: &str) -> std::collections::BTreeMap<String, String> {
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

#[tokio::test]
async fn a_reminder_that_waits_is_not_sent_to_whoever_scores_meanwhile() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    let (ada, bo) = (person(world, owner, "Ada", "business").await, person(world, owner, "Bo", "business").await);
    let made = [("title", "ERP partner"), ("weighing", "direct"), ("state", "open")];
    let selection = make(world, owner, "/selections", &made).await.replace("/weights", "");
    make(world, owner, &format!("{selection}/criteria"), &[("name", "Fit")]).await;
    make(world, owner, &format!("{selection}/candidates"), &[("name", "Alder")]).await;
    let round = format!("/asked/score/{}", id(&selection));
    let asked = [("closes", "2026-12-07"), ("person", &*ada), ("person", &*bo)];
    make(world, owner, &format!("{round}/people"), &asked).await;
    let link = links(world, owner, &round).await.remove("Ada").expect("a link");
    let page = world.ask(Method::GET, &link, &[]).await.text();
    let key = page.split("select id=\"").nth(1).and_then(|it| it.split('"').next()).expect("a score to give");
    let score = async || {
        let sent = world.ask(Method::POST, &link, &[(key, "4")]).await;
        assert!(sent.visible().contains("Thank you"), "{}", sent.visible());
    };
    assert_eq!(posting.reminded(&round, score).await, 1, "Bo is");
}

#[tokio::test]
async fn leaders_without_an_account_score_candidates_by_link_until_the_selection_is_closed() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = person(&world, &owner, "Ada", "business").await;
    let made = [("title", "ERP partner"), ("weighing", "direct"), ("state", "open")];
    let selection = make(&world, &owner, "/selections", &made).await.replace("/weights", "");
    make(&world, &owner, &format!("{selection}/criteria"), &[("name", "Fit")]).await;
    for name in ["Alder", "Birch"] {
        make(&world, &owner, &format!("{selection}/candidates"), &[("name", name)]).await;
    }
    let round = format!("/asked/score/{}", id(&selection));
    make(&world, &owner, &format!("{round}/people"), &[("closes", "2026-12-07"), ("person", &*ada)]).await;
    let link = links(&world, &owner, &round).await.remove("Ada").expect("a link");
    let page = world.ask(Method::GET, &link, &[]).await.text();
    let keys: Vec<String> =
        page.split("select id=\"").skip(1).map(|it| it.split('"').next().expect("an end").to_owned()).collect();
    assert_eq!(keys.len(), 2, "{page}");
    let empty = world.ask(Method::POST, &link, &[(&keys[0], ""), (&keys[1], "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.visible().contains("You have not scored anything yet"), "{}", empty.visible());
    let wrong = world.ask(Method::POST, &link, &[(&keys[0], "7"), (&keys[1], "4")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("from 0 to 5") && wrong.text().contains("<option selected>4"), "{}", wrong.text());
    let said = [(&*keys[0], "2"), (&*keys[1], "4")];
    let hand_in = || world.ask(Method::POST, &link, &said);
    for sent in <[_; 2]>::from(tokio::join!(hand_in(), hand_in())) {
        assert!(sent.visible().contains("until 7 December 2026"), "from two tabs at once: {}", sent.visible());
    }
    let result = world.get(&owner, &format!("{selection}/result")).await.visible();
    assert!(result.contains("Birch leads with 4.0 of 5 points"), "{result}");
    assert!(world.get(&owner, &round).await.visible().contains("Everyone who was asked has answered"));
    make(&world, &owner, &format!("{selection}/decide"), &[("chosen", "Birch"), ("reason", "It fits")]).await;
    assert_eq!(world.ask(Method::POST, &link, &[(&keys[0], "5")]).await.status, StatusCode::GONE);
    for (page, said) in [
        ("scores", vec![("person", &*ada), (&*keys[0], "5")]),
        ("weights", vec![("name", "Speed")]),
        ("pairs", vec![]),
        ("candidates", vec![("name", "Cedar")]),
    ] {
        let refused = world.post(&owner, &format!("{selection}/{page}"), &said).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{page}");
        assert!(refused.visible().contains("“ERP partner” is closed"), "{page}: {}", refused.visible());
    }
    let scores = world.get(&owner, &format!("{selection}/scores")).await.text();
    assert!(scores.contains("The selection is closed") && !scores.contains("Save these scores"), "{scores}");
    assert_eq!(world.get(&owner, &round).await.status, StatusCode::CONFLICT);
}
