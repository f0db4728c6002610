//! Contracts: what is refused, who sees them, their documents, and whom they write to in time.

use axum::http::{StatusCode, header};
use kit::rights::Role;

use crate::{
    campaign::{DAY, Posting, smtp::Manner},
    import,
    sourcing::{id, make, person},
    world::{Answer, User, World},
};

/// A contract of a year from 1 March that renews, with three months of notice: by 30 November 2026.
pub async fn contract(world: &World, user: &User, owner: &str) -> String {
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
    let calendar = world.get(&owner, "/planner/calendar.ics").await.text().replace("\r\n ", "");
    let event = calendar.split("BEGIN:VEVENT").find(|it| it.contains("Last day to give notice: ERP support"));
    let event = event.unwrap_or_else(|| panic!("no event: {calendar}"));
    assert!(event.contains("DTSTART;VALUE=DATE:20261130"), "{event}");
    assert!(["180", "90", "30"].iter().all(|it| event.contains(&format!("TRIGGER:-P{it}D"))), "{event}");
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
