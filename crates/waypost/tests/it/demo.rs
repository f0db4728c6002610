//! The demo company: it comes in whole, and every page of it is there for everyone who can sign in.

use axum::http::{StatusCode, header};
use kit::people::Person;

use crate::world::{User, World};

async fn demo() -> World {
    // As the program makes it: the database is empty when it is opened, so a token waits.
    let world = World::with(|it| *it.first_run.get_mut().expect("a lock") = Some("token".to_owned())).await;
    waypost::demo::make(&world.app).await.expect("the demo company");
    world
}

async fn sign_in(world: &World, email: &str) -> User {
    let fields = [("email", email), ("password", waypost::demo::PASSWORD)];
    let answer = world.ask(axum::http::Method::POST, "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{email}: {}", answer.visible());
    let cookie = answer.headers.get(header::SET_COOKIE).and_then(|it| it.to_str().ok()).expect("a cookie");
    let cookie = cookie.split(';').next().expect("a name and a value").to_owned();
    let org = kit::org::every(&world.app.db).await.expect("organisations")[0].id;
    User { org, cookie }
}

#[tokio::test]
async fn it_is_as_its_files_tell() {
    let world = demo().await;
    let org = kit::org::every(&world.app.db).await.expect("organisations")[0].id;
    let people: Vec<Person> = kit::store::all(&world.app.db, org).await.expect("people");
    assert_eq!(people.len(), 242);
    let tomas = sign_in(&world, "tomas.hallgren@ollenmark.example").await;
    let surveys = world.get(&tomas, "/surveys").await.visible();
    assert!(surveys.contains("37 of 68 have answered “Business and IT, third round”"), "{surveys}");
    assert!(world.get(&tomas, "/").await.visible().contains("Next: "));
    let check = waypost::commands::check(&world.app).await.expect("a check");
    assert!(check, "the demo's data has a fault");
}

#[tokio::test]
async fn every_page_opens_for_everyone_who_can_sign_in() {
    let world = demo().await;
    for (_, email, _) in waypost::demo::accounts() {
        let user = sign_in(&world, &email).await;
        let mut known = vec!["/".to_owned()];
        known.extend(world.app.registry.entries().map(|it| it.url.to_owned()));
        let mut at = 0;
        while at < known.len() {
            let page = world.get(&user, &known[at]).await;
            let is_right = [StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::SEE_OTHER].contains(&page.status);
            assert!(is_right, "{} is {} for {email}", known[at], page.status);
            at += 1;
            let of_route = |link: &str| link.rsplit_once('/').map_or(String::new(), |(before, _)| before.to_owned());
            for link in page.text().split("href=\"/").skip(1).filter_map(|it| it.split(['"', '#']).next()) {
                let link = format!("/{}", link.replace("&#38;", "&").replace("&amp;", "&"));
                let alike = known.iter().filter(|it| of_route(it) == of_route(&link)).count();
                if alike < 3 && !known.contains(&link) && !link.contains("/export/") {
                    known.push(link);
                }
            }
        }
        assert!(known.len() > 40, "{email} got to {} pages only", known.len());
    }
}
