//! Instruments as files: taken out, changed, brought in again as a new edition.

use axum::http::StatusCode;
use survey::instrument::Instrument;

use crate::world::{Answer, User, World};

async fn bring(world: &World, user: &User, bytes: &[u8]) -> Answer {
    world.upload(user, "/surveys/instruments", &[("file", Some("it.json"), bytes)]).await
}

async fn made_with(world: &World, owner: &User) -> String {
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", "yes"),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    world.post(owner, "/surveys", &fields).await.location().to_owned()
}

#[tokio::test]
async fn an_instrument_is_taken_out_changed_and_brought_in_as_the_next_edition() {
    let world = World::new().await;
    let owner = world.owner().await;
    let before = made_with(&world, &owner).await;
    let file = world.get(&owner, "/surveys/instruments/gap-short").await;
    assert_eq!(file.status, StatusCode::OK);
    let same = bring(&world, &owner, &file.bytes).await;
    assert_eq!(same.status, StatusCode::SEE_OTHER);
    assert!(world.get(&owner, "/surveys/instruments").await.visible().contains("Every instrument is a file"));

    let text = file.text().replace("How important?", "How much does it matter?");
    let sent = bring(&world, &owner, text.as_bytes()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    let page = world.get(&owner, "/surveys/instruments").await.visible();
    assert!(page.contains("One instrument or edition is your own") && page.contains("gap-short 2"), "{page}");
    let trail = world.get(&owner, "/audit").await.visible();
    assert!(trail.contains("brought in") && trail.contains("How well do business and IT work together?"), "{trail}");

    let after = made_with(&world, &owner).await;
    let asked = |file: &Answer| serde_json::from_slice::<Instrument>(&file.bytes).expect("an instrument").version;
    assert_eq!(asked(&world.get(&owner, &format!("{before}/instrument")).await), 1, "a survey keeps its edition");
    assert_eq!(asked(&world.get(&owner, &format!("{after}/instrument")).await), 2);
    let preview = world.get(&owner, &format!("{after}/preview/1")).await.text();
    assert!(preview.contains("How much does it matter?"), "{preview}");
    let stranger = world.owner().await;
    let theirs = world.get(&stranger, "/surveys/instruments/gap-short").await;
    assert_eq!(asked(&theirs), 1, "another organisation has what the product has");
    assert_eq!(world.get(&stranger, &format!("{after}/instrument")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_preview_leads_through_every_part_and_back_and_takes_nothing() {
    let world = World::new().await;
    let owner = world.owner().await;
    let survey = made_with(&world, &owner).await;
    for (base, page) in [
        (format!("{survey}/preview"), survey.clone()),
        ("/surveys/instruments/gap-short/preview".to_owned(), "/surveys/instruments".to_owned()),
    ] {
        let mut at = format!("{base}/1");
        for part in 1..=6 {
            let shown = world.get(&owner, &at).await.text();
            assert!(shown.contains("nothing that is chosen here is kept") && !shown.contains("<form"), "{at}");
            let link = |to: usize| format!("href=\"{base}/{to}?language=en\"");
            assert_eq!(shown.contains(&link(part + 1)), part < 6, "{at}: forward");
            assert_eq!(shown.contains(&link(part - 1)), part > 1, "{at}: back");
            assert!(shown.contains(&format!("href=\"{page}\"")), "{at}: away");
            at = format!("{base}/{}?language=en", part + 1);
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_instrument_is_refused_with_what_is_wrong_and_where() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = world.get(&owner, "/surveys/instruments/belief").await.text();
    for (bytes, said) in [
        (file.replace("\"scale\": \"extent\"", "\"scale\": \"extend\""), "there is no scale “extend”"),
        (file.replace("\"sections\"", "\"parts\""), "unknown field `parts`"),
        (file[..file.len() / 2].to_owned(), "line "),
        ("a,b\n1,2\n".to_owned(), "is no instrument’s file"),
    ] {
        let answer = bring(&world, &owner, bytes.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.visible().contains(said), "{said}: {}", answer.visible());
    }
    assert_eq!(survey::store::instruments(&world.app.db, owner.org).await.expect("instruments"), []);
}
