//! Whoever answers a survey: their link, their draft, their language.

use axum::http::{Method, StatusCode};
use survey::instrument::shipped;

use crate::{
    survey::{answer, answer_from, open, people, respond, tokens},
    world::{User, World},
};

#[tokio::test]
async fn each_link_that_cannot_be_answered_says_why_and_what_to_do() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let tokens = tokens(&world, &owner, &path).await;
    let unknown = world.ask(Method::GET, "/s/nonsense", &[]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.visible().contains("Copy the whole link"), "{}", unknown.visible());
    answer(&world, &tokens[0], "3").await;
    let page = world.get(&owner, &path).await.text();
    assert!(page.contains("Close the survey? 5 people have not answered yet."), "{page}");
    assert!(page.contains("<a class=\"btn primary\" href=\"#mail\">"), "{page}");
    for (method, at) in [(Method::GET, ""), (Method::GET, "/1"), (Method::POST, "/1")] {
        let used = world.ask(method, &format!("/s/{}{at}", tokens[0]), &[("c01.done", "1")]).await;
        assert_eq!(used.status, StatusCode::CONFLICT);
        assert!(used.visible().contains("You have answered already"), "{}", used.visible());
    }
    world.ask(Method::POST, &format!("/s/{}/1", tokens[1]), &[("c01.done", "2")]).await;
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let closed = world.ask(Method::POST, &format!("/s/{}/2", tokens[1]), &[("c04.done", "2")]).await;
    assert_eq!(closed.status, StatusCode::GONE);
    assert!(closed.visible().contains("This survey is closed"), "{}", closed.visible());
}

#[tokio::test]
async fn what_was_answered_is_there_on_return_and_a_forged_answer_is_refused_without_losing_the_rest() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    let sent = [("c01.done", "9"), ("c01.importance", "4"), ("c02.comment", "Nobody asked us.")];
    let mut cookie = String::new();
    let forged = respond(&world, &mut cookie, &format!("/s/{token}/1"), &sent).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forged.text().contains("Nobody asked us.") && forged.visible().contains("not one of those offered"));
    let sent = [("c01.importance", "4"), ("c02.comment", "Nobody asked us."), ("go", "away")];
    respond(&world, &mut cookie, &format!("/s/{token}/1"), &sent).await;
    let own = User { org: owner.org, cookie };
    let back = world.get(&own, &format!("/s/{token}/1")).await.text();
    assert!(back.contains("Nobody asked us.") && back.contains("value=\"4\" checked"), "{back}");
    assert!(world.get(&own, &format!("/s/{token}")).await.visible().contains("Go on where I was"));
}

#[tokio::test]
async fn a_respondent_chooses_the_language() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    assert!(world.ask(Method::GET, &format!("/s/{token}"), &[]).await.visible().contains("Begin"));
    world.ask(Method::POST, &format!("/s/{token}/language"), &[("language", "de")]).await;
    let start = world.ask(Method::GET, &format!("/s/{token}"), &[]).await.visible();
    assert!(start.contains("Beginnen") && start.contains("anonym"), "{start}");
}

#[tokio::test]
async fn an_empty_questionnaire_is_not_handed_in_and_the_page_says_so() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    let last = shipped()[0].sections.len();
    let mut cookie = String::new();
    let refused = respond(&world, &mut cookie, &format!("/s/{token}/{last}"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("nothing to hand in"), "{}", refused.visible());
    assert!(!survey::store::by_token(&world.app.db, &token).await.expect("a link").2.answered);
    assert!(answer_from(&world, &mut cookie, &token, "3").await.contains("Thank you"));
}

#[tokio::test]
async fn an_anonymous_draft_opens_only_in_the_browser_in_which_it_was_begun() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    let (start, first) = (format!("/s/{token}"), format!("/s/{token}/1"));
    let mut cookie = String::new();
    let begun = respond(&world, &mut cookie, &first, &[("c01.done", "2"), ("c02.comment", "Too slow.")]).await;
    let given = begun.headers["set-cookie"].to_str().expect("a cookie").to_owned();
    let said = [format!("Path=/s/{token};"), "HttpOnly".to_owned(), "SameSite=Lax".to_owned()];
    assert!(said.iter().all(|it| given.contains(it)), "{given}");
    let invitee = survey::store::by_token(&world.app.db, &token).await.expect("a link").2;
    assert!(invitee.draft_key.is_some_and(|it| !cookie.contains(&it)), "only a digest of the key is kept");
    let own = User { org: owner.org, cookie: cookie.clone() };
    assert!(world.get(&own, &first).await.text().contains("Too slow."));
    // The owner has the links; a forged key is as good as none.
    let forged = User { org: owner.org, cookie: "draft=AAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned() };
    for stranger in [&owner, &forged] {
        for at in [&start, &first] {
            let page = world.get(stranger, at).await;
            assert!(page.visible().contains("Somebody has begun"), "{}", page.visible());
            assert!(!page.text().contains("Too slow.") && !page.text().contains("checked"), "{}", page.text());
        }
        for at in 1..=shipped()[0].sections.len() {
            let refused = world.post(stranger, &format!("/s/{token}/{at}"), &[("c01.done", "5")]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT);
            assert!(refused.visible().contains("was not saved"), "{}", refused.visible());
        }
    }
    world.ask(Method::POST, &format!("/s/{token}/language"), &[("language", "de")]).await;
    assert!(world.ask(Method::GET, &start, &[]).await.visible().contains("in einem anderen Browser"));
    let page = world.get(&own, &first).await.text();
    assert!(page.contains("Too slow.") && page.contains("name=\"c01.done\" value=\"2\" checked"), "{page}");
    // Beginning anew drops what was saved, unread, and the first browser is refused from then on.
    let anew = world.ask(Method::POST, &format!("/s/{token}/anew"), &[]).await;
    assert_eq!(anew.status, StatusCode::SEE_OTHER);
    let mut other = String::new();
    let sent = [("c01.done", "4"), ("go", "away")];
    respond(&world, &mut other, &first, &sent).await;
    assert!(!world.get(&User { org: owner.org, cookie: other.clone() }, &first).await.text().contains("Too slow."));
    assert_eq!(world.post(&own, &first, &[("c01.done", "1")]).await.status, StatusCode::CONFLICT);
    assert!(answer_from(&world, &mut other, &token, "4").await.contains("Vielen Dank"));
}

#[tokio::test]
async fn a_draft_under_names_opens_in_every_browser() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "no").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    world.ask(Method::POST, &format!("/s/{token}/1"), &[("c02.comment", "Too slow.")]).await;
    assert!(world.ask(Method::GET, &format!("/s/{token}/1"), &[]).await.text().contains("Too slow."));
}

#[tokio::test]
async fn a_link_is_not_called_unknown_where_the_database_fails() {
    let world = World::new().await;
    let mut tx = world.app.db.begin().await.expect("a write");
    tx.run("ALTER TABLE invitee RENAME TO away", []).await.expect("a table");
    tx.commit().await.expect("a commit");
    let answer = world.ask(Method::GET, "/s/unknown", &[]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.text());
}
