//! The frame: who may come in, records and their pages, isolation of organisations.

use axum::http::{Method, StatusCode};
use db::{Db, uuid::Uuid};
use kit::{
    actions::Action,
    org::OrgId,
    people::{Person, Unit},
    record::{FieldKind, Kind, Row, Value},
    rights::Role,
    store,
    web::Access,
};

use crate::world::{User, World};

/// Puts a record of a kind into an organisation; required fields get something, the rest stays empty.
pub async fn put(world: &World, user: &User, kind: &'static Kind, title: &str) -> Row {
    let mut values = Vec::new();
    for field in kind.fields {
        values.push(match field.kind {
            FieldKind::Text if field.key == kind.title => Value::Text(title.to_owned()),
            FieldKind::YesNo => Value::Bool(false),
            _ if !field.required => Value::Empty,
            FieldKind::Date => Value::Date(jiff::civil::date(2026, 11, 23)),
            FieldKind::Choice(choices) => Value::Text(choices[0].key.to_owned()),
            FieldKind::Whole { min, .. } => Value::Whole(min),
            FieldKind::Number => Value::Number(1.into()),
            FieldKind::Money => Value::Money(100),
            FieldKind::Url => Value::Text("https://example.org".to_owned()),
            FieldKind::Email => Value::Text("ada@example.org".to_owned()),
            FieldKind::Text | FieldKind::Prose => Value::Text(title.to_owned()),
            FieldKind::Link(to) => {
                let to = world.app.registry.kind(to).expect("a link leads to a kind that is registered");
                Value::Link(Box::pin(put(world, user, to, &format!("{title} {}", field.key))).await.id)
            }
        });
    }
    let row = Row { id: Uuid::now_v7(), version: 1, values };
    let scope = world.scope(user.org).await;
    let mut tx = world.app.db.begin().await.expect("a write");
    store::insert(&mut tx, &scope.author(), kind, &row).await.expect("a new record");
    tx.commit().await.expect("a commit");
    row
}

#[tokio::test]
async fn a_record_is_made_shown_changed_and_its_history_kept() {
    let world = World::new().await;
    let owner = world.owner().await;
    let made = world.post(&owner, "/units", &[("name", "Sales & Service"), ("code", "S1")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let path = made.location().to_owned();
    assert!(world.get(&owner, &path).await.visible().contains("Sales & Service"));
    let changed = world.post(&owner, &path, &[("name", "Sales"), ("code", "S1"), ("version", "1")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    let history = world.get(&owner, &format!("{path}/history")).await.visible();
    assert!(history.contains("Name Sales & Service Sales"), "{history}");
}

#[tokio::test]
async fn the_trail_says_titles_labels_and_days_where_it_keeps_identifiers_and_keys() {
    let world = World::new().await;
    let owner = world.owner().await;
    let ada = world.post(&owner, "/people", &[("name", "Ada Byron"), ("side", "it")]).await.location().to_owned();
    let id = ada.trim_start_matches("/people/");
    let made = [("title", "Write it down"), ("state", "open")];
    let action = world.post(&owner, "/actions", &made).await.location().to_owned();
    let changed = [
        ("title", "Write it down"),
        ("competency", "c07"),
        ("state", "open"),
        ("owner", id),
        ("due", "2026-12-24"),
        ("version", "1"),
    ];
    world.post(&owner, &action, &changed).await;
    for page in ["/audit".to_owned(), format!("{action}/history")] {
        let text = world.get(&owner, &page).await.visible();
        for expected in ["Ada Byron", "Common language", "24 December 2026"] {
            assert!(text.contains(expected), "{page} does not say {expected}: {text}");
        }
        for raw in [id, "2026-12-24", "c07"] {
            assert!(!text.contains(raw), "{page} says {raw}: {text}");
        }
    }
    let file = world.get(&owner, "/audit/export/csv").await.text();
    assert!(file.contains(&format!("Ada Byron ({id})")), "{file}");
}

#[tokio::test]
async fn a_record_says_who_made_it_and_who_changed_it_only_once_somebody_did() {
    let world = World::new().await;
    let owner = world.owner().await;
    let leader = world.user(owner.org, Role::ItLeader).await;
    let unit = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    let fresh = world.get(&owner, &unit).await.visible();
    assert!(fresh.contains("Created by Owner, 23 Nov 2026, 12:00.") && !fresh.contains("changed by"), "{fresh}");
    world.post(&leader, &unit, &[("name", "Works North"), ("version", "1")]).await;
    let changed = world.get(&owner, &unit).await.visible();
    assert!(changed.contains("Created by Owner, 23 Nov 2026, 12:00. Last changed by IT leader, 23 Nov"), "{changed}");
}

#[tokio::test]
async fn the_history_of_a_record_outlives_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let unit = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    world.post(&owner, &format!("{unit}/delete"), &[("version", "1")]).await;
    assert_eq!(world.get(&owner, &unit).await.status, StatusCode::NOT_FOUND);
    let history = world.get(&owner, &format!("{unit}/history")).await.visible();
    assert!(history.contains("History of Works") && history.contains("Owner deleted it"), "{history}");
}

#[tokio::test]
async fn an_unknown_address_is_a_page_in_the_frame_for_who_is_signed_in_and_alone_for_others() {
    let world = World::new().await;
    let viewer = world.owner().await;
    for (answer, framed) in [
        (world.get(&viewer, "/nowhere").await, true),
        (world.get(&viewer, &format!("/units/{}", Uuid::now_v7())).await, true),
        (world.get(&viewer, "/units/no-identifier").await, true),
        (world.get(&viewer, "/invitation/nothing").await, false),
        (world.ask(Method::GET, "/nowhere", &[]).await, false),
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let text = answer.text();
        assert_eq!(text.contains("class=\"nav\""), framed, "{text}");
        assert!(text.contains("icons.svg#logo") && text.contains("Go to the first page"), "{text}");
    }
    let dark = User { cookie: "theme=dark".to_owned(), ..viewer };
    assert!(world.get(&dark, "/nowhere").await.text().contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn the_glossary_explains_the_words_that_head_a_page() {
    let world = World::new().await;
    let owner = world.owner().await;
    let people = world.get(&owner, "/people/new").await.text();
    assert!(!people.contains("/glossary#side"), "a form has no headings that the glossary explains");
    world.post(&owner, "/people", &[("name", "Ada Byron"), ("side", "it")]).await;
    let people = world.get(&owner, "/people").await.text();
    assert!(people.contains("<a href=\"/glossary#side\">"), "{people}");
    let glossary = world.get(&owner, "/glossary").await.text();
    assert!(glossary.contains("<div id=\"side\">") && glossary.contains("/journey/c02"), "{glossary}");
    assert!(world.get(&owner, "/palette?q=gloss").await.text().contains("/glossary"));
}

#[tokio::test]
async fn the_thread_shows_what_follows_from_what_though_threads_meet_close_in_a_ring_or_are_long() {
    let world = World::new().await;
    let owner = world.owner().await;
    let names: Vec<String> = (0..40).map(|at| format!("Step {at:02}")).collect();
    let mut paths = Vec::new();
    for name in &names {
        let made = world.post(&owner, "/actions", &[("title", name), ("about", "action"), ("state", "open")]).await;
        paths.push(made.location().to_owned());
    }
    let tie = async |from: usize, to: usize| {
        let fields = [("direction", "to"), ("kind", "action"), ("title", &*names[to])];
        let tied = world.post(&owner, &format!("{}/links", paths[from]), &fields).await;
        assert_eq!(tied.status, StatusCode::SEE_OTHER, "{}", tied.visible());
    };
    tie(0, 1).await;
    let one = world.get(&owner, "/thread").await.text();
    assert!(
        one.contains("One thing was taken up and is on its way") && one.find(&paths[0]) < one.find(&paths[1]),
        "{one}"
    );
    for at in 1..38 {
        tie(at, at + 1).await;
    }
    tie(38, 0).await;
    tie(39, 20).await;
    let text = world.get(&owner, "/thread").await.text();
    assert!(text.contains("39 things were taken up; none is done yet, none is late"));
    for path in &paths {
        assert!(text.contains(path), "{path} is not on the thread");
    }
}

#[tokio::test]
async fn a_link_that_cannot_be_made_comes_back_with_what_was_typed_and_why() {
    let world = World::new().await;
    let owner = world.owner().await;
    let unit = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    for (title, why) in [
        ("Nothing of that name", "No action is called “Nothing of that name”."),
        ("", "Write the title of the action."),
    ] {
        let sent = [("direction", "from"), ("kind", "action"), ("title", title)];
        let answer = world.post(&owner, &format!("{unit}/links"), &sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text();
        for expected in [why, "value=\"from\" selected", "value=\"action\" selected", &format!("value=\"{title}\"")] {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
    }
    let itself = [("direction", "to"), ("kind", "business_unit"), ("title", "Works")];
    let answer = world.post(&owner, &format!("{unit}/links"), &itself).await;
    assert!(answer.text().contains("A record cannot lead to itself."), "{}", answer.visible());
}

#[tokio::test]
async fn a_faulty_form_comes_back_with_every_fault_and_the_text_that_was_typed() {
    let world = World::new().await;
    let owner = world.owner().await;
    let sent = [("name", ""), ("email", "no address"), ("side", "business"), ("starts", "31.02.2026")];
    let answer = world.post(&owner, "/people", &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    for expected in [
        "Name is needed.",
        "is not an e-mail address",
        "is not a day of the calendar",
        "value=\"no address\"",
        "value=\"31.02.2026\"",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(store::all::<Person>(&world.app.db, owner.org).await.expect("people").is_empty());
}

#[tokio::test]
async fn amounts_below_zero_days_to_come_and_what_is_no_number_come_back_with_what_was_typed() {
    let world = World::new().await;
    let owner = world.owner().await;
    let role = |limit: &'static str| [("name", "ERP owner"), ("spending_limit", limit)];
    for (limit, why) in [
        ("-5", "Write the amount without a minus sign"),
        ("NaN", "“NaN” is not a number"),
        ("inf", "“inf” is not a number"),
        ("n/a", "“n/a” is not a number"),
        ("140.000", "“140.000” can be read as 140,000 or as 140.00"),
    ] {
        let back = world.post(&owner, "/roles", &role(limit)).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{limit}");
        assert!(back.visible().contains(why), "{}", back.visible());
        assert!(back.text().contains(&format!("value=\"{limit}\"")), "{limit} is kept");
    }
    assert_eq!(world.post(&owner, "/roles", &role("0")).await.status, StatusCode::SEE_OTHER);
    let asked = |day: &'static str| [("what", "Scanners"), ("asked", day)];
    let back = world.post(&owner, "/decisions", &asked("2026-11-24")).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.visible().contains("2026-11-24 is still to come"), "{}", back.visible());
    assert_eq!(world.post(&owner, "/decisions", &asked("2026-11-23")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_second_writer_sees_the_difference_and_nothing_is_overwritten() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    world.post(&owner, &path, &[("name", "Works North"), ("version", "1")]).await;
    let late = world.post(&owner, &path, &[("name", "Works South"), ("version", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let text = late.text();
    assert!(text.contains("Works North") && text.contains("Works South"), "{text}");
    let units = store::all::<Unit>(&world.app.db, owner.org).await.expect("units");
    assert_eq!(units[0].name, "Works North");
}

#[tokio::test]
async fn what_others_name_is_not_deleted_and_the_page_says_who_names_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let parent = world.post(&owner, "/units", &[("name", "Group")]).await.location().to_owned();
    let id = parent.trim_start_matches("/units/").to_owned();
    world.post(&owner, "/units", &[("name", "Yard"), ("parent", &id)]).await;
    let refused = world.post(&owner, &format!("{parent}/delete"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("Yard"), "{}", refused.text());
    let head = world.post(&owner, "/people", &[("name", "Ada Byron"), ("side", "it")]).await.location().to_owned();
    let id = head.trim_start_matches("/people/").to_owned();
    for at in 0..12 {
        let fields = [("name", &*format!("Person {at}")), ("side", "it"), ("manager", &id)];
        world.post(&owner, "/people", &fields).await;
    }
    let refused = world.post(&owner, &format!("{head}/delete"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let text = refused.text();
    for expected in [
        "“Ada Byron” was not deleted: 12 records name it",
        "<a href=\"#named-by\">See all 12</a>",
        "id=\"named-by\"",
        "Person 11</a>",
        &format!("<a href=\"{head}/edit#f-ends\">write down the last day instead</a>"),
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
}

#[tokio::test]
async fn nobody_comes_in_without_signing_in() {
    let world = World::new().await;
    for route in &world.routes {
        if matches!(route.access, Access::Public | Access::Secret) {
            continue;
        }
        let path = route.path.replace("{id}", &Uuid::now_v7().to_string());
        let answer = world.ask(route.method.parse::<Method>().expect("a method"), &path, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {}", route.method, route.path);
        assert!(answer.location().starts_with("/sign-in"), "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn each_role_comes_in_where_the_permission_table_lets_it_and_nowhere_else() {
    let world = World::new().await;
    let org = world.organisation("Harbour").await;
    for role in Role::ALL {
        let user = world.user(org, *role).await;
        for route in &world.routes {
            if !matches!(route.access, Access::With(_) | Access::Export(_)) {
                continue;
            }
            let path = route.path.replace("{id}", &Uuid::now_v7().to_string());
            let answer = match route.method {
                "GET" => world.get(&user, &path).await,
                _ => world.post(&user, &path, &[]).await,
            };
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                refused,
                !route.access.admits(*role),
                "{role:?} {} {} -> {}",
                route.method,
                route.path,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn another_organisations_records_are_not_found_on_any_route() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    let mut walked = 0;
    for kind in world.app.registry.kinds() {
        let row = put(&world, &theirs, kind, "Theirs").await;
        for route in world.routes.iter().filter(|it| it.path.starts_with(&format!("{}/{{id}}", kind.path))) {
            let path = route.path.replace("{id}", &row.id.to_string());
            let answer = match route.method {
                "GET" => world.get(&mine, &path).await,
                _ => world.post(&mine, &path, &[("name", "Mine"), ("title", "Mine"), ("version", "1")]).await,
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {}", route.method, route.path);
            walked += 1;
        }
        let still = store::row(&world.app.db, theirs.org, kind, row.id).await.expect("it still stands");
        assert_eq!(still, row);
    }
    assert!(walked >= 6 * world.app.registry.kinds().count(), "only {walked} routes were walked");
}

#[tokio::test]
async fn a_link_to_another_organisations_record_is_refused() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    let foreign = put(&world, &theirs, Unit::KIND, "Theirs").await;
    let answer = world.post(&mine, "/units", &[("name", "Mine"), ("parent", &foreign.id.to_string())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_thread_is_tied_seen_from_both_ends_and_untied() {
    let world = World::new().await;
    let owner = world.owner().await;
    let (a, b) = (put(&world, &owner, Action::KIND, "First").await, put(&world, &owner, Action::KIND, "Second").await);
    let tied = world
        .post(
            &owner,
            &format!("/actions/{}/links", a.id),
            &[("direction", "to"), ("kind", "action"), ("title", "second")],
        )
        .await;
    assert_eq!(tied.status, StatusCode::SEE_OTHER, "{}", tied.text());
    assert!(world.get(&owner, &format!("/actions/{}", a.id)).await.visible().contains("Leads to Action Second"));
    assert!(world.get(&owner, &format!("/actions/{}", b.id)).await.visible().contains("Comes from Action First"));
    let links = kit::thread::of(&world.app.db, owner.org, a.id).await.expect("links");
    world.post(&owner, &format!("/links/{}/delete", links[0].id), &[]).await;
    assert!(kit::thread::of(&world.app.db, owner.org, a.id).await.expect("links").is_empty());
}

#[tokio::test]
async fn a_new_record_is_tied_to_what_it_follows_from_and_to_nothing_of_another_organisation() {
    let world = World::new().await;
    let (owner, other) = (world.owner().await, world.owner().await);
    let unit = put(&world, &owner, Unit::KIND, "Northern Works").await;
    let from = format!("business_unit:{}", unit.id);
    let form = world.get(&owner, &format!("/actions/new?comes_from={from}")).await.visible();
    assert!(form.contains("Follows from the business unit “Northern Works”"), "{form}");
    let fields = [("title", "Ask them"), ("state", "open"), ("comes_from", &*from)];
    let made = world.post(&owner, "/actions", &fields).await.location().to_owned();
    assert!(world.get(&owner, &made).await.visible().contains("Comes from Business unit Northern Works"));
    let theirs = world.post(&other, "/actions", &fields).await.location().to_owned();
    assert!(!world.get(&other, &theirs).await.text().contains("Northern Works"));
}

#[tokio::test]
async fn the_palette_finds_pages_and_records_by_any_of_their_words() {
    let world = World::new().await;
    let owner = world.owner().await;
    put(&world, &owner, Unit::KIND, "Northern Works").await;
    let found = world.get(&owner, "/palette?q=works").await.text();
    assert!(found.contains("Northern Works"), "{found}");
    assert!(world.get(&owner, "/palette?q=sourcing").await.text().contains("/journey/c04"));
    let survey = [
        ("instrument", "gap-short"),
        ("title", "How we stand"),
        ("anonymous", "yes"),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    world.post(&owner, "/surveys", &survey).await;
    let survey = survey::store::campaigns(&world.app.db, owner.org).await.expect("the surveys");
    let found = world.get(&owner, "/palette?q=how+stand").await.text();
    assert!(survey.len() == 1 && found.contains(&format!("/surveys/{}", survey[0].id)), "{found}");
    assert!(world.get(&owner, "/palette?q=radar").await.text().contains("/radar"));
    assert!(world.get(&owner, "/palette?q=gap").await.text().contains("/glossary#"));
}

#[tokio::test]
async fn every_table_is_exported_with_every_field_in_three_formats() {
    let world = World::new().await;
    let owner = world.owner().await;
    // Of a private kind the owner sees nothing: its own area tests that those who may see it can export it.
    for kind in world.app.registry.kinds().filter(|it| it.private.is_none()) {
        put(&world, &owner, kind, "=1+1").await;
        let csv = world.get(&owner, &format!("{}/export/csv", kind.path)).await.text();
        for field in kind.fields {
            assert!(csv.contains(field.label), "{} is missing in {csv}", field.label);
        }
        let holds_text = kind.field(kind.title).is_some_and(|it| it.kind == FieldKind::Text);
        assert!(!holds_text || csv.contains("'=1+1"), "a formula got through: {csv}");
        let json = world.get(&owner, &format!("{}/export/json", kind.path)).await.text();
        assert!(
            serde_json::from_str::<serde_json::Value>(&json)
                .is_ok_and(|it| it.as_array().is_some_and(|it| !it.is_empty()))
        );
        let xlsx = world.get(&owner, &format!("{}/export/xlsx", kind.path)).await;
        assert!(xlsx.bytes.starts_with(b"PK"), "not a workbook");
    }
}

#[tokio::test]
async fn a_signature_is_of_one_version_and_only_its_person_gives_it_or_somebody_who_may_note_it_for_them() {
    let world = World::new().await;
    let owner = world.owner().await;
    let outcome = world.post(&owner, "/outcomes", &[("statement", "Less waiting"), ("state", "proposed")]).await;
    let path = outcome.location().to_owned();
    let ada = world.post(&owner, "/people", &[("name", "Ada Byron"), ("side", "business")]).await.location().to_owned();
    let ada = ada.trim_start_matches("/people/");
    world.post(&owner, &format!("{path}/ask"), &[("person", ada)]).await;
    assert!(world.get(&owner, &path).await.visible().contains("0 of 1 have signed this version"));
    let yes = |version: &'static str| [("person", ada), ("verdict", "signed"), ("version", version)];
    let say = format!("{path}/say");
    // Contributors, finance and business leaders may edit an outcome; that does not make them anybody else.
    for role in [Role::Viewer, Role::Contributor, Role::Finance, Role::BusinessLeader] {
        let somebody = world.user(owner.org, role).await;
        assert_eq!(world.post(&somebody, &say, &yes("1")).await.status, StatusCode::FORBIDDEN, "{role:?}");
        assert!(!world.get(&somebody, &path).await.text().contains("Note their word"), "{role:?}");
    }
    let viewer = world.user(owner.org, Role::Viewer).await;
    let own = [("name", "Vi Ewer"), ("side", "business"), ("email", &*world.email(&viewer).await)];
    let own = world.post(&owner, "/people", &own).await.location().trim_start_matches("/people/").to_owned();
    world.post(&owner, &format!("{path}/ask"), &[("person", &own)]).await;
    let home = world.get(&viewer, "/").await.visible();
    assert!(home.contains("One thing waits for your word You are asked to sign off “Less waiting”."), "{home}");
    let signed = [("person", &*own), ("verdict", "signed"), ("version", "1")];
    assert_eq!(
        world.post(&viewer, &say, &signed).await.status,
        StatusCode::SEE_OTHER,
        "everybody signs for themselves"
    );
    assert_eq!(world.post(&owner, &say, &yes("7")).await.status, StatusCode::CONFLICT);
    assert_eq!(world.post(&owner, &say, &yes("1")).await.status, StatusCode::SEE_OTHER);
    assert!(world.get(&owner, &path).await.visible().contains("Signed off by everyone who was asked (2)"));
    // A form that was opened before somebody signed asks them again, and takes nothing back.
    world.post(&owner, &format!("{path}/ask"), &[("person", ada)]).await;
    assert!(world.get(&owner, &path).await.visible().contains("Signed off by everyone who was asked (2)"));
    let cycle = [("statement", "Less waiting"), ("state", "proposed"), ("cycle", "2"), ("version", "1")];
    world.post(&owner, &path, &cycle).await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("Signed off by everyone who was asked (2)"), "nobody signed for its cycle: {page}");
    let change = [("statement", "Less waiting for parts"), ("state", "proposed"), ("cycle", "2"), ("version", "2")];
    world.post(&owner, &path, &change).await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("signed version 1, changed since") && page.contains("0 of 2"), "{page}");
    assert!(page.contains("Ask 2 people again"), "{page}");
    world.post(&owner, &format!("{path}/ask"), &[("person", "again")]).await;
    assert!(world.get(&viewer, "/").await.visible().contains("You are asked to sign off “Less waiting for parts”"));
    let no = [("person", &*own), ("verdict", "declined"), ("version", "3")];
    assert_eq!(world.post(&viewer, &say, &no).await.location(), format!("{path}#signed"));
    assert!(
        world.get(&owner, &path).await.visible().contains("0 of 2 have signed this version."),
        "no word without why"
    );
    world.post(&viewer, &say, &[no[0], no[1], no[2], ("note", "Which parts?")]).await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("0 of 2 have signed this version; one declined.") && page.contains("Which parts?"), "{page}");
}

#[tokio::test]
async fn whoever_may_see_the_audit_trail_finds_it_in_the_account_menu() {
    let world = World::new().await;
    let org = world.owner().await.org;
    for (role, finds) in [(Role::ItLeader, true), (Role::Owner, true), (Role::Viewer, false)] {
        let user = world.user(org, role).await;
        let page = world.get(&user, "/account").await.text();
        assert_eq!(page.contains("<li><a href=\"/audit\">Audit trail</a></li>"), finds, "{role:?}");
    }
}

async fn rename(db: &Db, org: OrgId, name: &str) {
    let mut tx = db.begin().await.expect("a write");
    tx.run("UPDATE organisation SET name = $1 WHERE id = $2", [name.into(), org.into()]).await.expect("a new name");
    tx.commit().await.expect("written");
}

#[tokio::test]
async fn a_reading_that_remembers_asks_once_and_again_after_a_write() {
    async fn names(db: &Db, org: OrgId) -> Vec<String> {
        let names: Vec<(String,)> =
            db.all("SELECT name FROM organisation WHERE id = $1", [org.into()]).await.expect("rows");
        names.into_iter().map(|it| it.0).collect()
    }
    let world = World::new().await;
    let org = world.organisation("First").await;
    let elsewhere = Db::open(&world.database).await.expect("another program at the same data");
    let reading = world.app.db.remembering().await.expect("a reading");
    assert_eq!(names(&reading, org).await, ["First"]);
    rename(&elsewhere, org, "Second").await;
    assert_eq!(names(&reading, org).await, ["First"], "what was read once in a request stays");
    assert_eq!(names(&world.app.db, org).await, ["Second"]);
    rename(&world.app.db, org, "Third").await;
    assert_eq!(names(&reading, org).await, ["Third"], "what this program writes is seen at once");
}

#[tokio::test]
async fn what_is_made_of_the_data_is_kept_for_the_next_request_until_any_program_writes() {
    async fn made(db: &Db, org: OrgId) -> (String, bool) {
        let mut fresh = false;
        let read = async {
            fresh = true;
            db.one::<(String,)>("SELECT name FROM organisation WHERE id = $1", [org.into()]).await
        };
        let name = db.kept("name", vec![org.into()], read).await.expect("a name");
        (name.0.clone(), fresh)
    }
    let world = World::new().await;
    let org = world.organisation("First").await;
    let elsewhere = Db::open(&world.database).await.expect("another program at the same data");
    let request = async || world.app.db.remembering().await.expect("a reading");
    assert_eq!(made(&request().await, org).await, ("First".to_owned(), true));
    assert_eq!(made(&request().await, org).await, ("First".to_owned(), false));
    rename(&elsewhere, org, "Second").await;
    assert_eq!(made(&request().await, org).await, ("Second".to_owned(), true), "another program wrote");
    rename(&world.app.db, org, "Third").await;
    let reading = request().await;
    assert_eq!(made(&reading, org).await, ("Third".to_owned(), true), "this program wrote");
    rename(&world.app.db, org, "Fourth").await;
    assert_eq!(made(&reading, org).await, ("Fourth".to_owned(), true), "this program wrote while the request ran");
    let made = made(&world.app.db, org).await;
    assert_eq!(made, ("Fourth".to_owned(), true), "who does not ask for memory is always told anew");
}

#[tokio::test]
async fn saving_after_somebody_else_did_takes_nothing_back_that_one_did_not_touch() {
    let world = World::new().await;
    let owner = world.owner().await;
    let outcome = [("statement", "Quotes go out in a day"), ("state", "proposed"), ("measure", "Days to the quote")];
    let path = world.post(&owner, "/outcomes", &outcome).await.location().to_owned();
    let theirs = [
        ("statement", "Quotes go out in a day"),
        ("state", "proposed"),
        ("measure", "Hours to the quote"),
        ("version", "1"),
    ];
    assert_eq!(world.post(&owner, &path, &theirs).await.status, StatusCode::SEE_OTHER);
    let mine = |version: &'static str, measure: &'static str| {
        [
            ("statement", "Quotes go out in a day"),
            ("state", "proposed"),
            ("measure", measure),
            ("detail", "Since the fair"),
            ("version", version),
        ]
    };
    let conflict = world.post(&owner, &path, &mine("1", "Days to the quote")).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let (page, shown) = (conflict.text(), conflict.visible());
    assert!(page.contains("value=\"Hours to the quote\"") && page.contains("Since the fair"), "{page}");
    assert!(!page.contains("Days to the quote"), "nobody is said to have written what they left alone: {shown}");
    let both = world.post(&owner, &path, &mine("1", "Minutes to the quote")).await;
    assert!(both.text().contains("value=\"Minutes to the quote\""), "what both changed stays as it was typed");
    assert!(both.visible().contains("Hours to the quote"), "beside what it is now: {}", both.visible());
}
