//! Selections of a provider: scored by several people, some by link, and closed for good.

use axum::http::{Method, StatusCode};

use crate::{
    campaign::{Posting, smtp::Manner},
    sourcing::{id, links, make, person},
    world::World,
};

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
