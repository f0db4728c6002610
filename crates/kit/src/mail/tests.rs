mod smtp;

use tokio::net::TcpListener;

use self::smtp::{Manner, Smtp};
use super::*;

const PATIENT: Duration = Duration::from_millis(300);

fn server(url: &str) -> Server {
    Server { url: url.into(), from: "Waypost <survey@example.org>".into(), patience: PATIENT }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + minute * 60).expect("in range")
}

/// A database with an organisation, and the identifier of what the mail is about.
async fn with_mail(recipients: &[&str]) -> (tempfile::TempDir, Db, OrgId, Uuid) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&format!("sqlite:{}/test.db", folder.path().display())).await.expect("opens");
    let org = OrgId::fresh();
    let about = Uuid::now_v7();
    let mut tx = db.begin().await.expect("begins");
    let one = crate::org::Organisation {
        id: org,
        name: "Test".into(),
        locale: "en-GB".into(),
        currency: "EUR".into(),
        time_zone: "UTC".into(),
        year_starts: "07-01".into(),
        budget_due: "05-29".into(),
        results_days: 30,
        decisions_days: 60,
        version: 1,
    };
    crate::org::insert(&mut tx, &one).await.expect("inserts");
    for recipient in recipients {
        assert!(queue(&mut tx, org, &letter(recipient, about)).await.expect("queues"));
    }
    tx.commit().await.expect("commits");
    (folder, db, org, about)
}

fn letter(recipient: &str, about: Uuid) -> Letter {
    Letter {
        once: format!("invite:{recipient}"),
        about: Some(about),
        recipient: recipient.into(),
        subject: "Ihre Einladung für heute".into(),
        body: "Hello,\n.a line that starts with a point\nhttps://example.org/s/abc\n".into(),
        from: at(0),
    }
}

async fn states(db: &Db, org: OrgId, of: Uuid, now: Timestamp) -> Vec<State> {
    about(db, org, of).await.expect("reads").iter().map(|it| it.state(now)).collect()
}

#[tokio::test]
async fn mail_reaches_the_server_once_however_often_the_worker_runs() {
    let smtp = Smtp::start(&[Manner::Takes]).await;
    let (_folder, db, org, of) = with_mail(&["a@example.org", "b@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(1)).await.expect("runs"), 2);
    assert_eq!(deliver(&db, &server(&smtp.url), || at(9)).await.expect("runs"), 0);
    assert_eq!(states(&db, org, of, at(9)).await, [State::Sent, State::Sent]);
    let taken = smtp.taken();
    assert_eq!(taken.len(), 2);
    assert!(taken[0].contains("To: a@example.org") && taken[0].contains("https://example.org/s/abc"), "{}", taken[0]);
    assert!(taken[0].contains("\n..a line"), "a line that is only a point would end the message");

    let mut tx = db.begin().await.expect("begins");
    assert!(!queue(&mut tx, org, &letter("a@example.org", of)).await.expect("queues"), "the occasion had its mail");
    assert!(matches!(retry(&mut tx, org, first(&db, org, of).await, at(9)).await, Err(Error::Refused(_))));
}

async fn first(db: &Db, org: OrgId, of: Uuid) -> Uuid {
    about(db, org, of).await.expect("reads")[0].id
}

#[tokio::test]
async fn mail_waits_for_its_moment() {
    let smtp = Smtp::start(&[Manner::Takes]).await;
    let (_folder, db, _, _) = with_mail(&["a@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(-1)).await.expect("runs"), 0);
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 1);
}

#[tokio::test]
async fn a_server_that_says_later_is_tried_again_later() {
    let smtp = Smtp::start(&[Manner::Refuses("450 greylisted, come back"), Manner::Takes]).await;
    let (_folder, db, org, of) = with_mail(&["a@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0);
    let mail = about(&db, org, of).await.expect("reads").remove(0);
    assert_eq!(mail.state(at(0)), State::Queued);
    assert!(mail.problem.expect("said why").contains("greylisted"));
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0, "not before a minute is over");
    assert_eq!(deliver(&db, &server(&smtp.url), || at(1)).await.expect("runs"), 1);
    assert_eq!(smtp.taken().len(), 1);
}

#[tokio::test]
async fn a_recipient_whom_the_server_refuses_does_not_hold_up_the_others() {
    let smtp = Smtp::start(&[Manner::Refuses("550 no such user")]).await;
    let (_folder, db, org, of) = with_mail(&["gone@example.org", "not an address", "away@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0);
    assert_eq!(states(&db, org, of, at(0)).await, [State::Failed; 3]);
    let mail = about(&db, org, of).await.expect("reads");
    assert!(mail[0].problem.as_deref().is_some_and(|it| it.contains("no such user")), "{mail:?}");
    assert!(mail[1].problem.as_deref().is_some_and(|it| it.contains("not an e-mail address")), "{mail:?}");
}

#[tokio::test]
async fn a_final_no_to_everybody_fails_nothing_and_the_mail_goes_out_once_it_is_mended() {
    for manners in [
        &[Manner::Greets("554 no service for you"), Manner::Takes],
        &[Manner::RefusesSender("550 who are you"), Manner::Takes],
        &[Manner::Refuses("530 5.7.0 log in first"), Manner::Takes],
    ] {
        let smtp = Smtp::start(manners).await;
        let (_folder, db, org, of) = with_mail(&["a@example.org", "b@example.org"]).await;
        assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0);
        assert_eq!(states(&db, org, of, at(0)).await, [State::Queued; 2], "{manners:?}");
        let mail = about(&db, org, of).await.expect("reads");
        assert!(mail[0].problem.is_some() && mail[1].attempts == 0, "one is tried, and says why: {mail:?}");
        assert_eq!(deliver(&db, &server(&smtp.url), || at(2)).await.expect("runs"), 2, "{manners:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_costs_one_wait_a_round_and_nothing_is_lost() {
    let smtp = Smtp::start(&[Manner::Hangs, Manner::Takes]).await;
    let (_folder, db, org, of) = with_mail(&["a@example.org", "b@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0);
    let mail = about(&db, org, of).await.expect("reads");
    assert_eq!(mail[1].attempts, 0, "the second is not tried after the first was waited for: {mail:?}");
    assert_eq!(states(&db, org, of, at(0)).await, [State::Queued, State::Queued]);
    assert_eq!(deliver(&db, &server(&smtp.url), || at(2)).await.expect("runs"), 2);
    assert_eq!(smtp.taken().len(), 2);
}

#[tokio::test]
async fn mail_that_was_perhaps_taken_is_not_sent_again_until_a_person_says_so() {
    let smtp = Smtp::start(&[Manner::HangsAfterTheText, Manner::Takes]).await;
    let (_folder, db, org, of) = with_mail(&["a@example.org"]).await;
    assert_eq!(deliver(&db, &server(&smtp.url), || at(0)).await.expect("runs"), 0);
    assert_eq!(states(&db, org, of, at(0)).await, [State::Unclear]);
    for minute in [1, 60, 6000] {
        assert_eq!(deliver(&db, &server(&smtp.url), || at(minute)).await.expect("runs"), 0);
    }
    assert_eq!(smtp.taken().len(), 1);
    let mut tx = db.begin().await.expect("begins");
    retry(&mut tx, org, first(&db, org, of).await, at(6001)).await.expect("a person decided");
    tx.commit().await.expect("commits");
    assert_eq!(deliver(&db, &server(&smtp.url), || at(6001)).await.expect("runs"), 1);
}

#[tokio::test]
async fn mail_that_was_under_way_in_a_crash_is_shown_as_unclear() {
    let smtp = Smtp::start(&[Manner::Takes]).await;
    let (_folder, db, org, of) = with_mail(&["a@example.org"]).await;
    claim(&db, at(0)).await.expect("claims").expect("one is due");
    assert_eq!(states(&db, org, of, at(1)).await, [State::Sending]);
    assert_eq!(states(&db, org, of, at(6)).await, [State::Unclear]);
    assert_eq!(deliver(&db, &server(&smtp.url), || at(7)).await.expect("runs"), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_and_the_mail_waits() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let (_folder, db, org, of) = with_mail(&["a@example.org"]).await;
    deliver(&db, &server(&url), || at(0)).await.expect("runs");
    let mail = about(&db, org, of).await.expect("reads").remove(0);
    assert_eq!(mail.state(at(0)), State::Queued);
    assert!(mail.problem.is_some());
}

#[test]
fn attempts_come_later_and_later_and_never_more_than_four_hours_apart() {
    let minutes: Vec<i64> = (1..=10).map(|it| pause(it).as_mins()).collect();
    assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
}

#[test]
fn the_address_of_a_server_says_how_to_speak_to_it() {
    let place = |url| Place::read(url).expect("can be read");
    assert_eq!(
        place("smtps://me%40example.org:s%3Acret@mail.example.org"),
        Place {
            host: "mail.example.org".into(),
            port: 465,
            tls: Tls::Wrapped,
            account: Some(("me@example.org".into(), "s:cret".into()))
        }
    );
    assert_eq!(place("smtp://mail.example.org:2525/?tls=required").tls, Tls::Started);
    assert_eq!((place("smtp://localhost").port, place("smtp://[::1]:26").port), (25, 26));
    assert_eq!(place("smtp://[::1]").host, "::1");
    for wrong in ["mail.example.org", "http://x", "smtp://", "smtp://x:y", "smtp://me@x", "smtp://x?tls=no"] {
        assert!(Place::read(wrong).is_err(), "{wrong}");
    }
}
