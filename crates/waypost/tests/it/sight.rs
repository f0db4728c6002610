//! Who sees what: by right, by record, by field, whatever the way to it.

use axum::http::{Method, StatusCode};
use db::uuid::Uuid;
use kit::{
    actions::Action,
    people::Person,
    record::{FieldKind, Kind, Row, Value},
    rights::{Right, Role},
    store,
    thread::{self, End},
};

use crate::{
    frame::put,
    journey::calendar_address,
    world::{User, World},
};

/// Ties two records of an organisation together.
async fn tie(world: &World, user: &User, from: (&Kind, Uuid), to: (&Kind, Uuid)) {
    let scope = world.scope(user.org).await;
    let end = |(kind, id): (&Kind, Uuid)| End { kind: kind.key, id };
    let mut tx = world.app.db.begin().await.expect("a write");
    thread::tie(&mut tx, &scope.author(), end(from), "leads to", end(to)).await.expect("a link");
    tx.commit().await.expect("a commit");
}

/// Makes a person of somebody's account.
async fn person(world: &World, owner: &User, user: &User, name: &str) -> Uuid {
    let fields = [("name", name), ("side", "it"), ("email", &*world.email(user).await)];
    let made = world.post(owner, "/people", &fields).await;
    made.location().trim_start_matches("/people/").parse().expect("a new person")
}

#[tokio::test]
async fn where_a_role_is_refused_a_table_it_is_refused_every_file_of_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    for kind in world.app.registry.kinds() {
        put(&world, &owner, kind, "Something").await;
    }
    let mut refused = 0;
    for role in Role::ALL {
        let user = world.user(owner.org, *role).await;
        for kind in world.app.registry.kinds() {
            let table = world.get(&user, kind.path).await.status;
            for format in ["csv", "xlsx", "json"] {
                let file = world.get(&user, &format!("{}/export/{format}", kind.path)).await.status;
                let expected = if role.may(Right::Export) { table } else { StatusCode::FORBIDDEN };
                assert_eq!(file, expected, "{role:?} {} as {format}", kind.path);
            }
            refused += usize::from(table == StatusCode::FORBIDDEN);
        }
    }
    assert!(refused > 4, "only {refused} tables were refused to anybody");
}

#[tokio::test]
async fn a_history_and_the_trail_name_a_record_only_to_those_who_may_see_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let action = put(&world, &owner, Action::KIND, "Ask").await;
    let has_title = |kind: &Kind| kind.field(kind.title).is_some_and(|it| it.kind == FieldKind::Text);
    let kinds: Vec<&Kind> = world.app.registry.kinds().filter(|it| has_title(it)).collect();
    for kind in &kinds {
        for fate in ["kept", "gone"] {
            let title = format!("Secret {} {fate}", kind.key);
            let row = put(&world, &owner, world.app.registry.kind(kind.key).expect("a kind"), &title).await;
            tie(&world, &owner, (Action::KIND, action.id), (kind, row.id)).await;
            if fate == "gone" {
                let scope = world.scope(owner.org).await;
                let mut tx = world.app.db.begin().await.expect("a write");
                store::delete(&mut tx, &scope.author(), kind, &row).await.expect("deleted");
                tx.commit().await.expect("a commit");
            }
        }
    }
    let mut kept_back = 0;
    for role in Role::ALL {
        let user = world.user(owner.org, *role).await;
        let history = world.get(&user, &format!("/actions/{}/history", action.id)).await.visible();
        let page = world.get(&user, &format!("/actions/{}", action.id)).await.visible();
        for kind in &kinds {
            let may = role.may(kind.view) && kind.private.is_none();
            for fate in ["kept", "gone"] {
                let said = history.contains(&format!("Secret {} {fate}", kind.key));
                assert_eq!(said, may, "{role:?} reads of a {} {fate}: {history}", kind.key);
            }
            assert_eq!(page.contains(&format!("Secret {} kept", kind.key)), may, "{role:?} {}", kind.key);
            kept_back += usize::from(!may);
        }
    }
    assert!(kept_back > 6, "only {kept_back} were kept from anybody");
}

/// An amount, and how pages and forms write it.
const AMOUNT: i64 = 7_391_500;
const SAID: [&str; 2] = ["73,915", "73915.00"];

#[tokio::test]
async fn amounts_are_shown_to_those_who_see_costs_and_to_those_whom_the_record_names_and_to_nobody_else() {
    let world = World::new().await;
    let owner = world.owner().await;
    let named = world.user(owner.org, Role::Contributor).await;
    let me = person(&world, &owner, &named, "Nan Med").await;
    let mut walked = 0;
    for kind in world.app.registry.kinds().filter(|it| it.has_amounts()) {
        let mut row: Row = put(&world, &owner, kind, "Costly").await;
        let scope = world.scope(owner.org).await;
        let before = row.clone();
        for (field, value) in kind.fields.iter().zip(&mut row.values) {
            match field.kind {
                FieldKind::Money => *value = Value::Money(AMOUNT),
                FieldKind::Link(to) if to == Person::KIND.key => *value = Value::Link(me),
                _ => {}
            }
        }
        let is_named = row.values.contains(&Value::Link(me));
        let mut tx = world.app.db.begin().await.expect("a write");
        let row = store::update(&mut tx, &scope.author(), kind, &before, row.values).await.expect("written");
        tx.commit().await.expect("a commit");
        let ways = |to: &str| -> Vec<String> {
            ["", "/edit", "/history"]
                .iter()
                .map(|it| format!("{}/{}{it}", kind.path, row.id))
                .chain([to.to_owned()])
                .collect()
        };
        for role in Role::ALL {
            let user = world.user(owner.org, *role).await;
            for way in ways(kind.path) {
                let text = world.get(&user, &way).await.text();
                let is_said = SAID.iter().any(|it| text.contains(it));
                let is_open = role.may(kind.view) && (!way.ends_with("/edit") || role.may(kind.edit));
                assert_eq!(is_said, is_open && role.may(Right::SeeCosts), "{role:?} {way}: {text}");
            }
            let found = world.get(&user, &format!("{}?q=73,915", kind.path)).await.text();
            assert_eq!(found.contains("Costly"), role.may(kind.view) && role.may(Right::SeeCosts), "{role:?} {found}");
            walked += 1;
        }
        if named_may_see(kind) && is_named {
            let page = world.get(&named, &format!("{}/{}", kind.path, row.id)).await.text();
            assert!(page.contains(SAID[0]), "{} does not say to whom it names: {page}", kind.key);
        }
    }
    assert!(walked >= 7 * 4);
    for page in ["/urgency/facts", "/leadership", "/raci/print"] {
        let viewer = world.user(owner.org, Role::Viewer).await;
        assert!(world.get(&owner, page).await.text().contains(SAID[0]), "{page} shows no amount to the owner");
        let text = world.get(&viewer, page).await.text();
        assert!(!SAID.iter().any(|it| text.contains(it)), "{page} shows an amount to a viewer: {text}");
    }
}

fn named_may_see(kind: &Kind) -> bool {
    Role::Contributor.may(kind.view)
}

#[tokio::test]
async fn who_does_not_see_an_amount_neither_loses_it_by_saving_nor_writes_themselves_in_to_see_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let somebody = world.user(owner.org, Role::Contributor).await;
    let me = person(&world, &owner, &somebody, "Sam Body").await.to_string();
    let asked = [("what", "Scanners"), ("asked", "2026-11-02"), ("amount", "73,915.00")];
    let path = world.post(&owner, "/decisions", &asked).await.location().to_owned();
    let id: Uuid = path.trim_start_matches("/decisions/").parse().expect("an identifier");
    let kept = async || {
        let kind = align::urgency::model::Decision::KIND;
        store::row(&world.app.db, owner.org, kind, id).await.expect("it stands").get(kind, "amount").clone()
    };
    assert_eq!(kept().await, Value::Money(AMOUNT));
    let changed = [("what", "Hand scanners"), ("asked", "2026-11-02"), ("amount", "1"), ("version", "1")];
    assert_eq!(world.post(&somebody, &path, &changed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(kept().await, Value::Money(AMOUNT), "a field that is not in the form is not changed by it");
    let named = [("what", "Hand scanners"), ("asked", "2026-11-02"), ("decider", &*me), ("version", "2")];
    let refused = world.post(&somebody, &path, &named).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("Naming yourself would show you the amounts"), "{}", refused.visible());
    let named = [&named[..], &[("amount", "73,915.00")]].concat();
    assert_eq!(world.post(&owner, &path, &named).await.status, StatusCode::SEE_OTHER);
    assert!(world.get(&somebody, &path).await.text().contains(SAID[0]), "whom it names sees it");
    let deleted = world.post(&owner, &format!("{path}/delete"), &[("version", "3")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.visible());
}

#[tokio::test]
async fn a_calendar_shows_what_its_member_sees_and_ends_with_their_membership() {
    let world = World::new().await;
    let owner = world.owner().await;
    let supplier = world.post(&owner, "/suppliers", &[("name", "Tessarode"), ("state", "active")]).await;
    let supplier = supplier.location().trim_start_matches("/suppliers/").to_owned();
    let contract = [
        ("name", "ERP support"),
        ("supplier", &*supplier),
        ("starts", "2026-03-01"),
        ("term_months", "12"),
        ("auto_renew", "yes"),
        ("notice", "3 months"),
        ("state", "active"),
    ];
    assert_eq!(world.post(&owner, "/contracts", &contract).await.status, StatusCode::SEE_OTHER);
    world.post(&owner, "/actions", &[("title", "Ask them"), ("state", "open"), ("due", "2026-12-04")]).await;
    for role in Role::ALL {
        let user = world.user(owner.org, *role).await;
        let address = calendar_address(&world, &user).await;
        let feed = world.ask(Method::GET, &address, &[]).await.text();
        assert!(feed.contains("Ask them"), "{role:?}: {feed}");
        assert_eq!(feed.contains("ERP support"), role.may(Right::SeeCosts), "{role:?}: {feed}");
        let scope = world.scope(owner.org).await;
        let mut tx = scope.db().begin().await.expect("a write");
        tx.run(
            "DELETE FROM membership WHERE org = $1 AND role = $2 AND calendar_secret IS NOT NULL",
            [owner.org.into(), role.key().into()],
        )
        .await
        .expect("gone");
        tx.commit().await.expect("a commit");
        assert_eq!(world.ask(Method::GET, &address, &[]).await.status, StatusCode::NOT_FOUND, "{role:?}");
    }
}

#[tokio::test]
async fn what_to_do_now_is_said_to_everyone_and_offered_to_those_who_may_do_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    for (path, label) in [
        ("/envisioning", "Make the survey"),
        ("/expectations", "Write the first outcome"),
        ("/urgency", "Add the first obstacle"),
        ("/leadership", "Add a role"),
        ("/sourcing", "Add an activity"),
    ] {
        assert!(world.get(&owner, path).await.visible().contains(label), "{path}");
        let page = world.get(&viewer, path).await.visible();
        assert!(!page.contains(label), "{path} offers {label}: {page}");
    }
}
