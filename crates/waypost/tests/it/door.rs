//! The doors: the first run, signing in and out, invitations, members, the choice of an organisation.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use jiff::{SignedDuration, Timestamp};
use kit::{
    account::{self, AccountId},
    audit,
    org::{self, OrgId},
    people::Unit,
    rights::Role,
    store,
};

use crate::world::{Answer, NOW, PASSWORD, User, World};

const TOKEN: &str = "token-of-the-terminal";

/// The moment of a world, which a test may move on.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn new() -> Clock {
        let now: Timestamp = NOW.parse().expect("a moment");
        Clock(Arc::new(AtomicI64::new(now.as_millisecond())))
    }

    fn forward(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).expect("a span of milliseconds"), Ordering::SeqCst);
    }

    async fn world(&self) -> World {
        let at = self.0.clone();
        let now = move || Timestamp::from_millisecond(at.load(Ordering::SeqCst)).expect("a moment");
        World::with(|parts| parts.clock = Box::new(now)).await
    }
}

/// The session that an answer puts into the browser.
fn session(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
    let pair = cookies.filter_map(|it| it.split(';').next()).find(|it| it.starts_with("waypost="))?;
    (pair != "waypost=").then(|| pair.to_owned())
}

fn user(org: OrgId, answer: &Answer) -> User {
    let cookie = session(answer);
    User { org, cookie: cookie.unwrap_or_else(|| panic!("no session: {} {}", answer.status, answer.visible())) }
}

/// Someone without an account.
fn nobody(org: OrgId) -> User {
    User { org, cookie: String::new() }
}

async fn account_of(world: &World, user: &User) -> account::Session {
    let secret = user.cookie.trim_start_matches("waypost=");
    account::session(&world.app.db, secret, world.app.now()).await.expect("an answer").expect("a session")
}

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    world.ask(Method::POST, "/sign-in", &[("email", email), ("password", password)]).await
}

fn leads_to_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in")
}

/// Invites an address and returns the path of the link.
async fn invite(world: &World, owner: &User, email: &str, role: Role) -> String {
    let page = world.post(owner, "/members", &[("email", email), ("role", role.key())]).await;
    let text = page.text();
    let link = text.split("value=\"http://waypost.test").nth(1).and_then(|it| it.split('"').next());
    link.unwrap_or_else(|| panic!("no link: {}", page.visible())).to_owned()
}

async fn accept(world: &World, link: &str, name: &str) -> Answer {
    world.ask(Method::POST, link, &[("way", "new"), ("name", name), ("password", PASSWORD)]).await
}

const FIRST_RUN: [(&str, &str); 12] = [
    ("token", TOKEN),
    ("org_name", "Harbour"),
    ("locale", "en-GB"),
    ("currency", "GBP"),
    ("time_zone", "Europe/London"),
    ("year_starts_month", "7"),
    ("year_starts_day", "1"),
    ("budget_due_month", "5"),
    ("budget_due_day", "29"),
    ("name", "Ada Byron"),
    ("email", "ada@example.org"),
    ("password", PASSWORD),
];

fn first_run_with(change: (&'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
    FIRST_RUN.iter().map(|it| if it.0 == change.0 { change } else { *it }).collect()
}

#[tokio::test]
async fn the_first_run_is_guarded_by_its_token_and_works_once() {
    let world = World::with(|parts| *parts.first_run.get_mut().expect("a lock") = Some(TOKEN.to_owned())).await;
    let anywhere = world.ask(Method::GET, "/sign-in", &[]).await;
    assert_eq!((anywhere.status, anywhere.location()), (StatusCode::SEE_OTHER, "/first-run"));

    let guessed = world.ask(Method::GET, "/first-run?token=guess", &[]).await;
    assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!guessed.text().contains("name=\"org_name\""), "the form is shown without the token");
    let forced = world.ask(Method::POST, "/first-run", &first_run_with(("token", "guess"))).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(org::every(&world.app.db).await.expect("organisations").is_empty());

    let faulty = world.ask(Method::POST, "/first-run", &first_run_with(("password", "short"))).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = faulty.text();
    assert!(text.contains("value=\"Harbour\"") && text.contains("value=\"ada@example.org\""), "{text}");
    assert!(!text.contains("short\""), "the password came back");

    let made = world.ask(Method::POST, "/first-run", &FIRST_RUN).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    let all = org::every(&world.app.db).await.expect("organisations");
    assert_eq!(all.len(), 1);
    assert_eq!(world.get(&user(all[0].id, &made), "/members").await.status, StatusCode::OK, "the owner is signed in");

    for answer in [
        world.ask(Method::GET, &format!("/first-run?token={TOKEN}"), &[]).await,
        world.ask(Method::POST, "/first-run", &first_run_with(("email", "eve@example.org"))).await,
    ] {
        assert_eq!(answer.status, StatusCode::GONE);
    }
    assert_eq!(org::every(&world.app.db).await.expect("organisations").len(), 1);
}

#[tokio::test]
async fn a_wrong_password_does_not_tell_whether_the_address_is_known() {
    let world = World::new().await;
    let owner = world.owner().await;
    let known = account_of(&world, &owner).await.email;
    let (one, other) = (sign_in(&world, &known, "wrong").await, sign_in(&world, "eve@example.org", "wrong").await);
    assert_eq!((one.status, session(&one)), (StatusCode::UNPROCESSABLE_ENTITY, None));
    assert_eq!(one.status, other.status);
    assert_eq!(one.text().replace(&known, ""), other.text().replace("eve@example.org", ""));
}

#[tokio::test]
async fn after_ten_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour_too() {
    let clock = Clock::new();
    let world = clock.world().await;
    let owner = world.owner().await;
    let email = account_of(&world, &owner).await.email;
    for _ in 0..10 {
        assert_eq!(sign_in(&world, &email, "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let late = sign_in(&world, &email, PASSWORD).await;
    assert_eq!((late.status, session(&late)), (StatusCode::TOO_MANY_REQUESTS, None));
    assert_eq!(late.headers.get(header::RETRY_AFTER).expect("when to try again"), "900");
    let other = account_of(&world, &world.user(owner.org, Role::Viewer).await).await.email;
    assert!(session(&sign_in(&world, &other, PASSWORD).await).is_some(), "others are not held up");
    clock.forward(SignedDuration::from_mins(15));
    assert!(session(&sign_in(&world, &email, PASSWORD).await).is_some());
}

#[tokio::test]
async fn signing_in_leads_back_to_where_one_was_going_and_never_to_another_site() {
    let world = World::new().await;
    let owner = world.owner().await;
    let email = account_of(&world, &owner).await.email;
    let turned_away = world.get(&nobody(owner.org), "/people?q=ada").await;
    assert_eq!(turned_away.location(), "/sign-in?back=/people%3Fq%3Dada");
    for (back, leads_to) in [
        ("/people?q=ada", "/people?q=ada"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ] {
        let fields = [("email", &*email), ("password", PASSWORD), ("back", back)];
        assert_eq!(world.ask(Method::POST, "/sign-in", &fields).await.location(), leads_to, "{back}");
    }
}

#[tokio::test]
async fn a_session_ends_when_its_owner_signs_out() {
    let world = World::new().await;
    let owner = world.owner().await;
    let out = world.post(&owner, "/sign-out", &[]).await;
    assert_eq!((out.location(), session(&out)), ("/sign-in", None));
    assert!(leads_to_sign_in(&world.get(&owner, "/people").await), "the old cookie still lets in");
}

#[tokio::test]
async fn whoever_found_a_browser_open_guesses_its_password_no_more_often_than_at_the_door() {
    let world = World::new().await;
    let owner = world.owner().await;
    let guess = [("old", "wrong"), ("password", "a longer secret")];
    for _ in 0..10 {
        assert_eq!(world.post(&owner, "/account/password", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let waits = world.post(&owner, "/account/password", &guess).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waits.visible().contains("Try again in 15 minutes"), "{}", waits.visible());
}

#[tokio::test]
async fn every_session_ends_when_the_password_changes_and_the_present_one_goes_on_under_another_name() {
    let world = World::new().await;
    let here = world.owner().await;
    let email = account_of(&world, &here).await.email;
    let elsewhere = user(here.org, &sign_in(&world, &email, PASSWORD).await);
    let wrong = world.post(&here, "/account/password", &[("old", "wrong"), ("password", "a longer secret")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.get(&elsewhere, "/people").await.status, StatusCode::OK);
    let changed = world.post(&here, "/account/password", &[("old", PASSWORD), ("password", "a longer secret")]).await;
    assert_eq!(changed.location(), "/account", "{}", changed.visible());
    for ended in [&here, &elsewhere] {
        assert!(leads_to_sign_in(&world.get(ended, "/people").await));
    }
    assert_eq!(world.get(&user(here.org, &changed), "/people").await.status, StatusCode::OK);
    assert!(session(&sign_in(&world, &email, PASSWORD).await).is_none(), "the old password still lets in");
    assert!(session(&sign_in(&world, &email, "a longer secret").await).is_some());
}

#[tokio::test]
async fn a_session_ends_two_weeks_after_its_last_use() {
    let clock = Clock::new();
    let world = clock.world().await;
    let owner = world.owner().await;
    const THIRTEEN_DAYS: SignedDuration = SignedDuration::from_hours(13 * 24);
    for _ in 0..3 {
        clock.forward(THIRTEEN_DAYS);
        assert_eq!(world.get(&owner, "/people").await.status, StatusCode::OK, "use prolongs it");
    }
    clock.forward(SignedDuration::from_hours(14 * 24));
    assert!(leads_to_sign_in(&world.get(&owner, "/people").await));
}

#[tokio::test]
async fn one_ends_ones_own_other_sessions_and_nobody_elses() {
    let world = World::new().await;
    let owner = world.owner().await;
    let email = account_of(&world, &owner).await.email;
    let elsewhere = user(owner.org, &sign_in(&world, &email, PASSWORD).await);
    let other = world.user(owner.org, Role::Viewer).await;
    let named = |user: &User| account::hash(user.cookie.trim_start_matches("waypost="));
    let foreign = world.post(&other, "/account/sessions/end", &[("session", &named(&owner))]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&owner, "/people").await.status, StatusCode::OK);
    world.post(&owner, "/account/sessions/end", &[("session", &named(&elsewhere))]).await;
    assert!(leads_to_sign_in(&world.get(&elsewhere, "/people").await));
    assert_eq!(world.get(&owner, "/people").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_invitation_works_once_and_gives_the_role_that_it_says() {
    let world = World::new().await;
    let owner = world.owner().await;
    for role in Role::ALL {
        let email = format!("{}@example.org", role.key());
        let link = invite(&world, &owner, &email, *role).await;
        assert!(world.ask(Method::GET, &link, &[]).await.visible().contains(role.label()));
        let joined = accept(&world, &link, "Someone").await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.visible());
        let who = account_of(&world, &user(owner.org, &joined)).await;
        let is = account::memberships(&world.app.db, who.account).await.expect("memberships");
        assert_eq!((is.len(), is[0].org, is[0].role(), who.email), (1, owner.org, *role, email));
        for again in [world.ask(Method::GET, &link, &[]).await, accept(&world, &link, "Someone else").await] {
            assert_eq!((again.status, session(&again)), (StatusCode::GONE, None));
        }
    }
}

#[tokio::test]
async fn an_invitation_expires_after_seven_days_or_is_withdrawn_or_replaced() {
    let clock = Clock::new();
    let world = clock.world().await;
    let owner = world.owner().await;
    let late = invite(&world, &owner, "late@example.org", Role::Viewer).await;
    clock.forward(SignedDuration::from_hours(7 * 24));
    let expired = accept(&world, &late, "Late").await;
    assert_eq!((expired.status, session(&expired)), (StatusCode::GONE, None));

    let first = invite(&world, &owner, "twice@example.org", Role::Owner).await;
    let second = invite(&world, &owner, "twice@example.org", Role::Viewer).await;
    assert_eq!(accept(&world, &first, "Twice").await.status, StatusCode::NOT_FOUND, "the first was replaced");
    let hash = account::hash(second.trim_start_matches("/invitation/"));
    world.post(&owner, "/members/withdraw", &[("invitation", &hash)]).await;
    assert_eq!(accept(&world, &second, "Twice").await.status, StatusCode::NOT_FOUND, "the second was withdrawn");
}

#[tokio::test]
async fn an_invitation_leads_into_its_own_organisation_only_and_no_other_owner_touches_it() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    let link = invite(&world, &mine, "ada@example.org", Role::Viewer).await;
    let hash = account::hash(link.trim_start_matches("/invitation/"));
    let foreign = world.post(&theirs, "/members/withdraw", &[("invitation", &hash)]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert!(!world.get(&theirs, "/members").await.text().contains("ada@example.org"));
    let org = theirs.org.to_string();
    let fields = [("way", "new"), ("name", "Ada"), ("password", PASSWORD), ("org", &org), ("role", "owner")];
    let joined = world.ask(Method::POST, &link, &fields).await;
    let ada = user(mine.org, &joined);
    let is = account::memberships(&world.app.db, account_of(&world, &ada).await.account).await.expect("memberships");
    assert_eq!((is.len(), is[0].org, is[0].role()), (1, mine.org, Role::Viewer));
    assert_eq!(world.post(&ada, "/organisations", &[("org", &org)]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invitation_does_not_open_an_account_that_is_there_already() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    let email = account_of(&world, &theirs).await.email;
    let link = invite(&world, &mine, &email, Role::Viewer).await;
    let taken = accept(&world, &link, "Not the owner of this address").await;
    assert_eq!((taken.status, session(&taken)), (StatusCode::UNPROCESSABLE_ENTITY, None));
    let wrong = [("way", "known"), ("email", &*email), ("password", "wrong")];
    assert_eq!(world.ask(Method::POST, &link, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("way", "known"), ("email", &*email), ("password", PASSWORD)];
    let joined = world.ask(Method::POST, &link, &right).await;
    assert_eq!(world.get(&user(mine.org, &joined), "/people").await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_role_holds_from_the_next_request_on() {
    let world = World::new().await;
    let owner = world.owner().await;
    let member = world.user(owner.org, Role::Viewer).await;
    let AccountId(id) = account_of(&world, &member).await.account;
    assert_eq!(world.get(&member, "/units/new").await.status, StatusCode::FORBIDDEN);
    world.post(&owner, &format!("/members/{id}/role"), &[("role", "it_leader")]).await;
    assert_eq!(world.get(&member, "/units/new").await.status, StatusCode::OK);
    world.post(&owner, &format!("/members/{id}/remove"), &[]).await;
    assert_eq!(world.get(&member, "/units").await.location(), "/organisations");
    assert_eq!(world.get(&member, "/organisations").await.status, StatusCode::OK, "the account itself stays");
}

#[tokio::test]
async fn the_last_owner_can_neither_leave_nor_become_something_else() {
    let world = World::new().await;
    let owner = world.owner().await;
    let AccountId(id) = account_of(&world, &owner).await.account;
    for answer in [
        world.post(&owner, &format!("/members/{id}/remove"), &[]).await,
        world.post(&owner, &format!("/members/{id}/role"), &[("role", "viewer")]).await,
    ] {
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(world.get(&owner, "/members").await.status, StatusCode::OK);
    }
    world.user(owner.org, Role::Owner).await;
    let resigned = world.post(&owner, &format!("/members/{id}/role"), &[("role", "viewer")]).await;
    assert_eq!((resigned.status, resigned.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(world.get(&owner, "/members").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_owner_does_not_change_the_members_of_another_organisation() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    let member = world.user(theirs.org, Role::Viewer).await;
    let AccountId(id) = account_of(&world, &member).await.account;
    for (path, fields) in [("role", &[("role", "owner")][..]), ("remove", &[])] {
        let answer = world.post(&mine, &format!("/members/{id}/{path}"), fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let is = account::memberships(&world.app.db, AccountId(id)).await.expect("memberships");
    assert_eq!((is[0].org, is[0].role()), (theirs.org, Role::Viewer));
}

#[tokio::test]
async fn a_consultant_of_two_organisations_sees_only_the_one_at_hand() {
    let world = World::new().await;
    let (harbour, works) = (world.organisation("Harbour").await, world.organisation("Works").await);
    let consultant = world.user(harbour, Role::Consultant).await;
    let id = account_of(&world, &consultant).await.account;
    let mut tx = world.app.db.begin().await.expect("a write");
    account::join(&mut tx, id, works, Role::Viewer).await.expect("a membership");
    tx.commit().await.expect("a commit");
    let unit = world.post(&consultant, "/units", &[("name", "Quayside")]).await.location().to_owned();
    assert!(world.get(&consultant, "/units").await.visible().contains("Quayside"));

    let gone = world.post(&consultant, "/organisations", &[("org", &works.to_string())]).await;
    assert_eq!(gone.location(), "/");
    let units = world.get(&consultant, "/units").await;
    assert!(units.text().contains("Works") && !units.visible().contains("Quayside"), "{}", units.visible());
    assert_eq!(world.get(&consultant, &unit).await.status, StatusCode::NOT_FOUND);
    assert!(!world.get(&consultant, "/palette?q=quay").await.text().contains("Quayside"));
    assert_eq!(world.get(&consultant, "/units/new").await.status, StatusCode::FORBIDDEN, "a viewer there");

    world.post(&consultant, "/organisations", &[("org", &harbour.to_string())]).await;
    assert_eq!(world.get(&consultant, &unit).await.status, StatusCode::OK);
    let afresh = user(harbour, &sign_in(&world, &account_of(&world, &consultant).await.email, PASSWORD).await);
    assert_eq!(world.get(&afresh, "/units").await.location(), "/organisations", "nobody guesses which of the two");
}

#[tokio::test]
async fn cookies_are_closed_to_scripts_and_other_sites_and_over_https_to_plain_http() {
    for (address, secure) in [("https://waypost.test", true), ("http://waypost.test", false)] {
        let world = World::with(|parts| parts.address = address.to_owned()).await;
        let owner = world.owner().await;
        let email = account_of(&world, &owner).await.email;
        let answers = [
            sign_in(&world, &email, PASSWORD).await,
            world.post(&owner, "/units", &[("name", "Works")]).await,
            world.post(&owner, "/account/theme", &[("theme", "dark")]).await,
            world.post(&owner, "/sign-out", &[]).await,
        ];
        let cookies: Vec<String> = answers
            .iter()
            .flat_map(|it| it.headers.get_all(header::SET_COOKIE))
            .map(|it| it.to_str().expect("a readable cookie").to_owned())
            .collect();
        for expected in ["waypost=", "flash=", "theme="] {
            assert!(cookies.iter().any(|it| it.starts_with(expected)), "{expected} was never set: {cookies:?}");
        }
        for it in cookies {
            let has = |attribute: &str| it.split("; ").any(|part| part == attribute);
            assert!(has("SameSite=Lax") && has("Path=/"), "{it}");
            // The switch in the page changes the theme too.
            assert_eq!(has("HttpOnly"), !it.starts_with("theme="), "{it}");
            assert_eq!(has("Secure"), secure, "{it}");
        }
    }
}

#[tokio::test]
async fn another_sites_form_is_refused_and_nothing_is_lost() {
    let world = World::new().await;
    let owner = world.owner().await;
    let unit = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    let AccountId(id) = account_of(&world, &owner).await.account;
    for path in
        [format!("{unit}/delete"), "/sign-out".to_owned(), format!("/members/{id}/remove"), "/sign-in".to_owned()]
    {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let request = Request::post(&path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, &owner.cookie)
                .header(header::HOST, "waypost.test")
                .header(name, value)
                .body(Body::from("version=1"));
            let answer = world.send(request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}");
        }
    }
    assert_eq!(world.get(&owner, &unit).await.status, StatusCode::OK, "the session and the record are still there");
    assert_eq!(store::all::<Unit>(&world.app.db, owner.org).await.expect("units").len(), 1);
}

#[tokio::test]
async fn what_was_typed_into_a_refused_form_of_the_door_comes_back_but_no_password() {
    let world = World::new().await;
    let owner = world.owner().await;
    let link = invite(&world, &owner, "grace@example.org", Role::Viewer).await;
    let long = "L".repeat(201);
    for (path, fields, kept) in [
        ("/sign-in", vec![("email", "ada@example.org"), ("password", "s3cret-typed")], "value=\"ada@example.org\""),
        ("/members", vec![("email", "no address"), ("role", "finance")], "value=\"no address\""),
        ("/members", vec![("email", "no address"), ("role", "finance")], "value=\"finance\" selected"),
        ("/settings", vec![("org_name", &long), ("results_days", "nine")], "value=\"nine\""),
        (&link, vec![("way", "new"), ("name", "Grace"), ("password", "grace")], "value=\"Grace\""),
        (
            &link,
            vec![("way", "known"), ("email", "g@example.org"), ("password", "s3cret-typed")],
            "value=\"g@example.org\"",
        ),
    ] {
        let answer = world.post(&owner, path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let text = answer.text();
        assert!(text.contains(kept), "{path} does not bring back {kept}: {text}");
        assert!(!text.contains("s3cret-typed") && !text.contains("value=\"grace\""), "{path} brings back a password");
    }
}

const ANOTHER: [(&str, &str); 8] = [
    ("org_name", "Lighthouse"),
    ("locale", "de-DE"),
    ("currency", "EUR"),
    ("time_zone", "Europe/Berlin"),
    ("year_starts_month", "1"),
    ("year_starts_day", "1"),
    ("budget_due_month", "11"),
    ("budget_due_day", "30"),
];

#[tokio::test]
async fn a_consultant_makes_another_organisation_becomes_its_owner_and_is_in_it() {
    let world = World::new().await;
    let harbour = world.owner().await.org;
    let consultant = world.user(harbour, Role::Consultant).await;
    assert!(world.get(&consultant, "/organisations").await.text().contains("href=\"/organisations/new\""));
    assert_eq!(world.get(&consultant, "/organisations/new").await.status, StatusCode::OK);

    let faulty = world.post(&consultant, "/organisations/new", &[("org_name", "Lighthouse")]).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text().contains("value=\"Lighthouse\""), "what was typed is lost");

    let made = world.post(&consultant, "/organisations/new", &ANOTHER).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    let session = account_of(&world, &consultant).await;
    let all = account::memberships(&world.app.db, session.account).await.expect("memberships");
    let new = all.iter().find(|it| it.org_name == "Lighthouse").expect("the new organisation");
    assert_eq!((new.role(), session.org), (Role::Owner, Some(new.org)));
    let trail = audit::since(&world.app.db, new.org, Timestamp::UNIX_EPOCH, 9).await.expect("a trail");
    let mut acts: Vec<&str> = trail.iter().map(|it| &*it.act).collect();
    acts.sort_unstable();
    assert_eq!(acts, ["created", "joined"]);
    assert!(audit::since(&world.app.db, harbour, Timestamp::UNIX_EPOCH, 9).await.expect("a trail").is_empty());
}

#[tokio::test]
async fn a_viewer_makes_no_organisation() {
    let world = World::new().await;
    let viewer = world.user(world.owner().await.org, Role::Viewer).await;
    assert!(!world.get(&viewer, "/organisations").await.text().contains("/organisations/new"));
    assert_eq!(world.get(&viewer, "/organisations/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&viewer, "/organisations/new", &ANOTHER).await.status, StatusCode::FORBIDDEN);
    assert_eq!(org::every(&world.app.db).await.expect("organisations").len(), 1);
}
