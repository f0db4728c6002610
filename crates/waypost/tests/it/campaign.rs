//! The campaign's side of a survey: mail, links, the audience, instruments. Against a real mail server.

#[path = "../../../kit/src/mail/tests/smtp.rs"]
#[expect(dead_code, reason = "how a server may greet is tested beside the mail")]
pub mod smtp;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kit::{mail, rights::Role};
use survey::campaign::CampaignId;

use self::smtp::{Manner, Smtp};
use crate::world::{NOW, User, World};

/// A world whose clock can be put forward, in minutes, and whose mail goes to a server.
pub struct Posting {
    pub world: World,
    pub owner: User,
    minutes: Arc<AtomicI64>,
    smtp: Smtp,
}

pub const DAY: i64 = 24 * 60;

impl Posting {
    pub async fn start(manners: &'static [Manner]) -> Posting {
        let smtp = Smtp::start(manners).await;
        let minutes = Arc::new(AtomicI64::new(0));
        let (url, ahead) = (smtp.url.clone(), minutes.clone());
        let world = World::with(|parts| {
            parts.mail = Some(mail::Server {
                url,
                from: "Waypost <survey@example.org>".to_owned(),
                patience: Duration::from_millis(300),
            });
            let start: Timestamp = NOW.parse().expect("a moment");
            parts.clock = Box::new(move || start + SignedDuration::from_mins(ahead.load(Ordering::Relaxed)));
        })
        .await;
        let owner = world.owner().await;
        Posting { world, owner, minutes, smtp }
    }

    pub fn pass(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::Relaxed);
    }

    /// What the program does every half minute.
    pub async fn tick(&self) {
        for area in &self.world.app.registry.areas {
            area.tick(&self.world.app).await.expect("waiting work is done");
        }
        mail::deliver_due(&self.world.app).await.expect("mail is brought to the server");
    }

    async fn page(&self, path: &str) -> String {
        self.world.get(&self.owner, path).await.visible()
    }

    async fn press(&self, path: &str) -> String {
        let answer = self.world.post(&self.owner, path, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let flash = answer.headers.get_all("set-cookie").iter().find_map(|it| it.to_str().ok()).unwrap_or_default();
        kit::web::unpercent(flash)
    }

    /// Presses the button that sends these messages again.
    async fn again(&self, path: &str) -> StatusCode {
        let text = self.world.get(&self.owner, path).await.text();
        let ids: Vec<&str> = text
            .split("name=\"mail\" value=\"")
            .skip(1)
            .map(|it| it.split('"').next().expect("an attribute ends"))
            .collect();
        assert!(!ids.is_empty(), "nothing can be sent again: {text}");
        let fields: Vec<(&str, &str)> = ids.into_iter().map(|it| ("mail", it)).collect();
        self.world.post(&self.owner, &format!("{}/mail", asked(path)), &fields).await.status
    }

    /// Invites everybody of a round, reminds them a day later, lets something happen before the mail goes out, and says
    /// how many were reminded.
    pub async fn reminded(&self, round: &str, meanwhile: impl AsyncFnOnce()) -> usize {
        self.press(&format!("{round}/invitations")).await;
        self.tick().await;
        self.pass(DAY);
        self.press(&format!("{round}/reminders")).await;
        meanwhile().await;
        let before = self.taken().len();
        self.tick().await;
        self.taken().len() - before
    }

    /// To whom the server took mail, in order, with the subjects.
    pub fn taken(&self) -> Vec<(String, String)> {
        let line = |mail: &str, name: &str| {
            mail.lines().find_map(|it| it.strip_prefix(name)).unwrap_or_default().trim().to_owned()
        };
        self.smtp.taken().iter().map(|it| (line(it, "To:"), line(it, "Subject:"))).collect()
    }
}

async fn person(world: &World, owner: &User, name: &str, email: &str) {
    let made = world.post(owner, "/people", &[("name", name), ("email", email), ("side", "business")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
}

/// A draft for six people: five with an address, one without.
async fn draft(world: &World, owner: &User, anonymous: &str) -> String {
    for name in ["ada", "bea", "cid", "dan", "eve"] {
        person(world, owner, name, &format!("{name}@example.org")).await;
    }
    person(world, owner, "fay", "").await;
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", anonymous),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
        ("message", "We mean to act on this."),
        ("reminds", "yes"),
    ];
    let made = world.post(owner, "/surveys", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let path = made.location().to_owned();
    world.post(owner, &format!("{path}/audience"), &[("side", "business")]).await;
    path
}

async fn launch(posting: &Posting, anonymous: &str) -> String {
    let path = draft(&posting.world, &posting.owner, anonymous).await;
    posting.press(&format!("{path}/launch")).await;
    path
}

/// Where the links of a campaign are handed out and its mail is sent.
pub fn asked(path: &str) -> String {
    path.replace("/surveys/", "/asked/survey/")
}

fn id(path: &str) -> CampaignId {
    CampaignId(path.trim_start_matches("/surveys/").parse().expect("an identifier"))
}

async fn token(world: &World, owner: &User, path: &str, name: &str) -> String {
    let all = survey::store::invitees(&world.app.db, owner.org, id(path)).await.expect("invitees");
    all.into_iter().find(|it| it.name == name).expect("they are asked").token
}

/// Hands in an answer.
async fn answer(world: &World, token: &str) {
    let screens = survey::instrument::shipped()[0].sections.len();
    let mut cookie = String::new();
    for at in 1..=screens {
        crate::survey::respond(world, &mut cookie, &format!("/s/{token}/{at}"), &[("c01.done", "4")]).await;
    }
}

#[tokio::test]
async fn launching_invites_everyone_with_an_address_and_nothing_invites_them_again() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    assert!(posting.page(&path).await.contains("Invitations 0 5 0 0"), "{}", posting.page(&path).await);
    posting.tick().await;
    // The program stops and starts: the line is in the database, and whoever is there is not written to again.
    posting.tick().await;
    assert!(posting.press(&format!("{}/invitations", asked(&path))).await.contains("was invited before"));
    assert_eq!(
        posting.world.post(&posting.owner, &format!("{path}/launch"), &[]).await.status,
        StatusCode::CONFLICT,
        "it is open already"
    );
    posting.tick().await;
    let mut to: Vec<String> = posting.taken().into_iter().map(|it| it.0).collect();
    to.sort();
    assert_eq!(to, ["ada", "bea", "cid", "dan", "eve"].map(|it| format!("{it}@example.org")));
    let mine = token(&posting.world, &posting.owner, &path, "ada").await;
    let mail = posting.smtp.taken().into_iter().find(|it| it.contains("To: ada@")).expect("it was taken");
    assert!(mail.replace("=\n", "").contains(&format!("http://waypost.test/s/{mine}")), "{mail}");
    let page = posting.page(&path).await;
    assert!(page.contains("Invitations 5 0 0 0") && page.contains("1 person has no e-mail address"), "{page}");
}

#[tokio::test]
async fn a_reminder_goes_to_those_who_have_not_answered_and_to_nobody_twice_a_day() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    assert!(
        posting.press(&format!("{}/reminders", asked(&path))).await.contains("Nobody was reminded"),
        "invited today"
    );
    posting.pass(DAY);
    answer(&posting.world, &token(&posting.world, &posting.owner, &path, "ada").await).await;
    assert!(posting.page(&path).await.contains("Send a reminder to 4"), "{}", posting.page(&path).await);
    assert!(posting.press(&format!("{}/reminders", asked(&path))).await.contains("4 reminders are on their way"));
    assert!(posting.press(&format!("{}/reminders", asked(&path))).await.contains("Nobody was reminded"));
    posting.tick().await;
    let reminded: Vec<_> =
        posting.taken().into_iter().filter(|it| it.1.starts_with("Reminder")).map(|it| it.0).collect();
    assert_eq!(reminded, ["bea", "cid", "dan", "eve"].map(|it| format!("{it}@example.org")));
    posting.pass(DAY);
    assert!(
        posting.press(&format!("{}/reminders", asked(&path))).await.contains("4 reminders are on their way"),
        "a new day"
    );
}

#[tokio::test]
async fn three_days_before_the_end_one_reminder_goes_out_by_itself_in_the_morning() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    answer(&posting.world, &token(&posting.world, &posting.owner, &path, "ada").await).await;
    let mut reminded = Vec::new();
    // From noon on the 23rd, every four hours to the last day, 1 December.
    for step in 1..48 {
        posting.pass(4 * 60);
        posting.tick().await;
        let now = posting.taken().iter().filter(|it| it.1.starts_with("Reminder")).count();
        if now > 0 && reminded.is_empty() {
            reminded.push((step, now));
        }
    }
    // 28 November, 8 o'clock: four days and twenty hours later.
    assert_eq!(reminded, [(29, 4)]);
    assert_eq!(posting.taken().len(), 5 + 4, "once");
}

#[tokio::test]
async fn a_reminder_that_waits_is_not_sent_to_whoever_answers_meanwhile() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    posting.pass(DAY);
    posting.press(&format!("{}/reminders", asked(&path))).await;
    answer(&posting.world, &token(&posting.world, &posting.owner, &path, "ada").await).await;
    posting.tick().await;
    assert_eq!(posting.taken().iter().filter(|it| it.1.starts_with("Reminder")).count(), 4);
}

#[tokio::test]
async fn a_refusing_server_is_shown_with_its_reason_and_tried_again_when_a_person_says_so() {
    let posting = Posting::start(&[Manner::Refuses("550 no such user"), Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    let page = posting.page(&path).await;
    assert!(page.contains("Invitations 0 0 5 0") && page.contains("no such user"), "{page}");
    assert!(page.contains("ada@example.org"), "whose address is wrong must be told: {page}");
    posting.pass(DAY);
    posting.tick().await;
    assert!(posting.taken().is_empty(), "not by itself");
    assert_eq!(posting.again(&path).await, StatusCode::SEE_OTHER);
    posting.tick().await;
    assert_eq!(posting.taken().len(), 5);
}

#[tokio::test]
async fn a_hanging_server_is_shown_and_tried_again_by_itself() {
    let posting = Posting::start(&[Manner::Hangs, Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    let page = posting.page(&path).await;
    assert!(page.contains("Invitations 0 5 0 0") && page.contains("did not answer"), "{page}");
    posting.pass(2);
    posting.tick().await;
    assert_eq!(posting.taken().len(), 5);
    assert!(posting.page(&path).await.contains("Invitations 5 0 0 0"));
}

#[tokio::test]
async fn a_doubtful_message_waits_for_a_person_and_is_named() {
    let posting = Posting::start(&[Manner::HangsAfterTheText, Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    posting.pass(DAY);
    posting.tick().await;
    let page = posting.page(&path).await;
    assert!(page.contains("Invitations 4 0 0 1") && page.contains("Ask whether it came"), "{page}");
    assert_eq!(posting.taken().len(), 5, "the doubtful one once, the others once");
    posting.again(&path).await;
    posting.tick().await;
    assert_eq!(posting.taken().len(), 6);
}

#[tokio::test]
async fn mail_of_an_anonymous_survey_does_not_tell_who_has_answered() {
    for (anonymous, named) in [("yes", false), ("no", true)] {
        let posting = Posting::start(&[Manner::Takes, Manner::Refuses("550 <eve@example.org> is unknown")]).await;
        let path = launch(&posting, anonymous).await;
        posting.tick().await;
        posting.pass(DAY);
        for name in ["ada", "bea", "cid", "dan"] {
            answer(&posting.world, &token(&posting.world, &posting.owner, &path, name).await).await;
        }
        posting.press(&format!("{}/reminders", asked(&path))).await;
        posting.tick().await;
        let page = posting.world.get(&posting.owner, &path).await.text();
        assert!(page.contains("Not sent"), "{page}");
        assert_eq!(page.contains("eve@example.org"), named, "only eve has not answered: {page}");
        assert_eq!(posting.again(&path).await, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn whoever_is_added_to_an_open_survey_is_invited_and_nobody_is_taken_off() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.tick().await;
    person(&posting.world, &posting.owner, "gil", "gil@example.org").await;
    let added = posting.world.post(&posting.owner, &format!("{path}/audience"), &[("side", "business")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    posting.tick().await;
    let to: Vec<String> = posting.taken().into_iter().map(|it| it.0).collect();
    assert_eq!(to.len(), 6);
    assert_eq!(to[5], "gil@example.org");
    let all = survey::store::invitees(&posting.world.app.db, posting.owner.org, id(&path)).await.expect("invitees");
    let off = format!("{path}/audience/{}/delete", all[0].id);
    assert_eq!(posting.world.post(&posting.owner, &off, &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn closing_takes_back_what_no_server_has_heard_of() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    posting.press(&format!("{path}/close")).await;
    posting.tick().await;
    assert!(posting.taken().is_empty());
    for at in ["invitations", "reminders", "mail"] {
        let refused = posting.world.post(&posting.owner, &format!("{}/{at}", asked(&path)), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{at}");
    }
}

#[tokio::test]
async fn of_two_surveys_closed_on_one_day_the_later_one_has_the_other_before_it() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let [mut later, mut earlier] = [String::new(), String::new()];
    for path in [&mut later, &mut earlier] {
        *path = crate::survey::draft(&posting.world, &posting.owner, "no").await;
        person(&posting.world, &posting.owner, "ada", "").await;
        posting.world.post(&posting.owner, &format!("{path}/audience"), &[("side", "business")]).await;
        posting.press(&format!("{path}/launch")).await;
    }
    posting.pass(DAY);
    for path in [&earlier, &later] {
        posting.pass(1);
        posting.press(&format!("{path}/close")).await;
    }
    let is_first = async |path: &str| {
        posting.page(&format!("{path}/results/earlier")).await.contains("This is the first campaign of its kind")
    };
    assert_eq!((is_first(&earlier).await, is_first(&later).await), (true, false));
    let closed = survey::store::closed(&posting.world.app.db, posting.owner.org, "gap").await.expect("the surveys");
    assert_eq!(closed.last().map(|it| it.id), Some(id(&later)), "evidence rests on the one that was closed last");
}

#[tokio::test]
async fn what_is_new_of_a_survey_is_what_became_of_it_since_and_not_answers_that_keep_no_moment() {
    let posting = Posting::start(&[Manner::Takes]).await;
    let path = launch(&posting, "yes").await;
    answer(&posting.world, &token(&posting.world, &posting.owner, &path, "ada").await).await;
    let new = async |since: Timestamp| {
        let scope = posting.world.scope(posting.owner.org).await;
        let mut all = Vec::new();
        for area in &posting.world.app.registry.areas {
            all.extend(area.changes(&scope, since).await.expect("what changed").into_iter().map(|it| it.text));
        }
        all
    };
    let launched = posting.world.app.now();
    posting.pass(DAY);
    let later = posting.world.app.now();
    assert_eq!((new(launched).await, new(later).await), (vec!["“Autumn” was opened".to_owned()], Vec::new()));
    posting.press(&format!("{path}/close")).await;
    assert_eq!(new(later).await, ["“Autumn” was closed"]);
}

#[tokio::test]
async fn without_a_mail_server_the_page_says_so_and_offers_the_links() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = draft(&world, &owner, "yes").await;
    world.post(&owner, &format!("{path}/launch"), &[]).await;
    let page = world.get(&owner, &path).await;
    assert!(page.visible().contains("No mail server is set up"), "{}", page.visible());
    assert!(page.text().contains(&format!("href=\"{}\"", asked(&path))), "{}", page.text());
    assert_eq!(world.post(&owner, &format!("{}/reminders", asked(&path)), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn everyones_personal_link_leaves_as_a_table_for_a_mail_merge() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = draft(&world, &owner, "yes").await;
    assert_eq!(
        world.get(&owner, &format!("{}/links/csv", asked(&path))).await.status,
        StatusCode::CONFLICT,
        "still a draft"
    );
    world.post(&owner, &format!("{path}/launch"), &[]).await;
    let csv = world.get(&owner, &format!("{}/links/csv", asked(&path))).await.text();
    assert!(csv.contains("Name,Email,Side,Unit,Link"), "{csv}");
    let mine = token(&world, &owner, &path, "ada").await;
    assert!(csv.contains(&format!("ada,ada@example.org,Business,,http://waypost.test/s/{mine}")), "{csv}");
    assert!(world.get(&owner, &format!("{}/links/xlsx", asked(&path))).await.bytes.starts_with(b"PK"));
    assert_eq!(world.get(&owner, &format!("{}/links/pdf", asked(&path))).await.status, StatusCode::NOT_FOUND);
    let leader = world.user(owner.org, Role::BusinessLeader).await;
    assert_eq!(world.get(&leader, &format!("{}/links/csv", asked(&path))).await.status, StatusCode::FORBIDDEN);
    assert!(!world.get(&leader, &path).await.text().contains("/asked/"), "who may not have them is not shown the way");
}

/// A draft that nobody is asked in yet, beside ada, bea, cid and one who has left.
async fn empty_draft(world: &World, owner: &User) -> String {
    for name in ["ada", "bea", "cid"] {
        person(world, owner, name, &format!("{name}@example.org")).await;
    }
    let left = [("name", "old"), ("email", "old@example.org"), ("side", "it"), ("ends", "2026-01-31")];
    world.post(owner, "/people", &left).await;
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", "no"),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    world.post(owner, "/surveys", &fields).await.location().to_owned()
}

#[tokio::test]
async fn a_pasted_list_says_who_was_added_who_was_there_and_whose_addresses_nobody_has() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = format!("{}/audience/list", empty_draft(&world, &owner).await);
    world.upload(&owner, &path, &[("list", None, b"bea@example.org")]).await;
    let list = "Ada <ADA@example.org>\nbea@example.org\nzoe@example.org\nold@example.org\nno address\nzoe@example.org";
    let read = world.upload(&owner, &path, &[("list", None, list.as_bytes())]).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text());
    let read = read.visible();
    for part in [
        "One person was added",
        "Added 1 ada",
        "There already 1 bea",
        "zoe@example.org rows 3, 6",
        "they were not added. old",
        "Without an address 1 “no address” in row 5",
    ] {
        assert!(read.contains(part), "{part} is missing in {read}");
    }
}

#[tokio::test]
async fn a_file_is_read_with_and_without_a_header_and_as_a_workbook() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = format!("{}/audience/list", empty_draft(&world, &owner).await);
    let bare = world.upload(&owner, &path, &[("file", Some("list.csv"), b"ada@example.org\nbea@example.org\n")]).await;
    assert!(bare.visible().contains("2 people were added"), "the first row is an address: {}", bare.visible());
    let text = |it: &str| kit::table::Cell::Text(it.to_owned());
    let table = kit::table::Table {
        title: "Staff".to_owned(),
        columns: ["Name", "E-Mail"].map(|it| kit::table::Column::new(it, it, kit::table::Kind::Text)).into(),
        rows: vec![vec![text("Cid"), text("CID@example.org")], vec![text("Zoe"), text("zoe@example.org")]],
    };
    let book = kit::table::xlsx(&[table]).expect("a workbook");
    let read = world.upload(&owner, &path, &[("list", None, b""), ("file", Some("staff.xlsx"), &book)]).await;
    let read = read.visible();
    assert!(read.contains("One person was added") && read.contains("column “E-Mail”"), "{read}");
    assert!(read.contains("zoe@example.org row 3"), "{read}");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_answered_with_what_is_wrong_and_nobody_is_added() {
    let world = World::new().await;
    let owner = world.owner().await;
    let draft = empty_draft(&world, &owner).await;
    let path = format!("{draft}/audience/list");
    let picture = [("file", Some("list.xlsx"), &b"%PDF-1.7 no table"[..])];
    let broken = [("file", Some("list.xlsx"), &b"PK\x03\x04 cut off"[..])];
    let nothing = [("list", None, &b"Ada, Bea"[..])];
    let both = [("list", None, &b"ada@example.org"[..]), ("file", Some("a.csv"), &b"bea@example.org"[..])];
    for (parts, said) in [
        (&picture[..], "list.xlsx"),
        (&broken[..], "list.xlsx"),
        (&nothing[..], "No e-mail address was found"),
        (&both[..], "either a list or a file"),
    ] {
        let answer = world.upload(&owner, &path, parts).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", answer.text());
        assert!(answer.visible().contains(said), "{said} is missing in {}", answer.visible());
    }
    let all = survey::store::invitees(&world.app.db, owner.org, id(&draft)).await.expect("invitees");
    assert_eq!(all, []);
}
