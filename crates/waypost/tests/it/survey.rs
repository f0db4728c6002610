//! Surveys, from the first question to the closed results, through the real server.

use std::{sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use db::uuid::Uuid;
use kit::{rights::Role, store};
use survey::{
    campaign::{Campaign, CampaignId, State},
    instrument::shipped,
    results::rules::{Cut, cuts, results},
    snapshot::{Answer, FORM, Respondent, Snapshot},
};

use crate::world::{Answer as Answered, User, World};

/// So many people of a side, as records.
pub async fn people(world: &World, owner: &User, side: &str, many: usize) {
    for at in 0..many {
        let (name, email) = (format!("{side} {at}"), format!("{side}{at}@example.org"));
        let made = world.post(owner, "/people", &[("name", &name), ("email", &email), ("side", side)]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    }
}

/// A campaign that asks nobody yet, by its address.
pub async fn draft(world: &World, owner: &User, anonymous: &str) -> String {
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", anonymous),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    let made = world.post(owner, "/surveys", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    made.location().to_owned()
}

/// An open campaign for everybody, by its address.
pub async fn open(world: &World, owner: &User, anonymous: &str) -> String {
    let path = draft(world, owner, anonymous).await;
    let sides = [("side", "business"), ("side", "it"), ("side", "provider")];
    world.post(owner, &format!("{path}/audience"), &sides).await;
    let launched = world.post(owner, &format!("{path}/launch"), &[]).await;
    assert_eq!(launched.status, StatusCode::SEE_OTHER, "{}", launched.text());
    path
}

fn id(path: &str) -> CampaignId {
    CampaignId(path.trim_start_matches("/surveys/").parse().expect("an identifier"))
}

pub async fn tokens(world: &World, owner: &User, path: &str) -> Vec<String> {
    let all = survey::store::invitees(&world.app.db, owner.org, id(path)).await.expect("invitees");
    all.into_iter().map(|it| it.token).collect()
}

/// Sends a screen from a respondent's browser, which keeps the cookie that it is given.
pub async fn respond(world: &World, cookie: &mut String, path: &str, fields: &[(&str, &str)]) -> Answered {
    let user = User { org: kit::org::OrgId::fresh(), cookie: cookie.clone() };
    let answer = world.post(&user, path, fields).await;
    if let Some(given) = answer.headers.get("set-cookie").and_then(|it| it.to_str().ok()) {
        *cookie = given.split(';').next().unwrap_or_default().to_owned();
    }
    answer
}

/// Answers every screen of the short instrument and hands it in.
pub async fn answer(world: &World, token: &str, done: &str) -> String {
    answer_from(world, &mut String::new(), token, done).await
}

/// The same from a browser that may have begun.
pub async fn answer_from(world: &World, cookie: &mut String, token: &str, done: &str) -> String {
    let short = shipped().remove(0);
    let mut last = String::new();
    for (at, section) in short.sections.iter().enumerate() {
        let given: Vec<(String, String)> = section
            .items()
            .into_iter()
            .filter(survey::instrument::Item::is_scaled)
            .map(|it| {
                let value = if it.key.ends_with(".done") { done } else { "4" };
                (it.key, value.to_owned())
            })
            .collect();
        let given: Vec<(&str, &str)> = given.iter().map(|(key, value)| (&**key, &**value)).collect();
        let answer = respond(world, cookie, &format!("/s/{token}/{}", at + 1), &given).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{} {}", answer.status, answer.text());
        last = answer.visible();
    }
    last
}

/// Saves the form that acting on a gap leads to, as it is.
pub async fn take_up(world: &World, user: &User, survey: &str, gap: &str, state: &str) -> Answered {
    let begun = world.get(user, &format!("{survey}/gaps/{gap}")).await;
    let (path, given) = begun.location().split_once("/new?").expect("a form that is begun");
    let request = axum::http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", &user.cookie)
        .body(format!("{given}&state={state}").into());
    world.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_survey_is_made_answered_closed_and_read_and_a_gap_becomes_an_action_on_the_thread() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 7).await;
    people(&world, &owner, "it", 5).await;
    let path = open(&world, &owner, "yes").await;
    let invitees = survey::store::invitees(&world.app.db, owner.org, id(&path)).await.expect("invitees");
    for it in &invitees {
        let done = if it.side == kit::method::Side::It { "5" } else { "2" };
        let said = answer(&world, &it.token, done).await;
        assert!(said.contains("Thank you"), "{said}");
    }
    assert!(world.get(&owner, &path).await.visible().contains("12 of 12 have answered"));
    let whole = world.get(&owner, &path).await.text();
    assert!(whole.contains("Close the survey? No more answers"), "{whole}");
    let before = world.get(&owner, &format!("{path}/results")).await;
    assert_eq!(before.status, StatusCode::CONFLICT, "results of an open campaign are not shown");
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let results = world.get(&owner, &format!("{path}/results")).await.visible();
    assert!(results.contains("The business does not see it."), "{results}");
    assert!(results.contains("+3.0") && results.contains("12 of 12 people answered: 7 business and 5 IT"), "{results}");
    for tab in ["groups", "statistics", "comments", "earlier", "leaders"] {
        let page = world.get(&owner, &format!("{path}/results/{tab}")).await;
        assert_eq!(page.status, StatusCode::OK, "{tab}: {}", page.text());
    }
    let report = world.get(&owner, &format!("{path}/report")).await;
    assert_eq!(report.status, StatusCode::OK);
    assert!(report.text().contains("needs-script\" type=\"button\" data-print"), "{}", report.text());
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("Closed on 23 November 2026."), "{page}");
    let obstacle = world.app.registry.kind("obstacle").expect("a register of obstacles");
    let begun = world.get(&owner, &format!("{path}/gaps/c13/obstacle")).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let form = world.get(&owner, begun.location()).await;
    assert!(form.visible().contains("Follows from the survey “Autumn”, gap in projects."), "{}", form.visible());
    let none = store::rows(&world.app.db, owner.org, obstacle).await.expect("obstacles");
    assert!(none.is_empty(), "nothing is made before it is saved");
    let made = take_up(&world, &owner, &path, "c13/obstacle", "open").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    assert!(world.get(&owner, &path).await.visible().contains("Projects: what stands in the way"));
    let action = world.get(&owner, made.location()).await;
    assert!(action.visible().contains("Comes from Survey, gap in projects Autumn"), "{}", action.visible());
    assert!(action.text().contains(&format!("href=\"{path}\"")), "the obstacle leads back to its survey");
    let trail = world.get(&owner, "/audit").await;
    assert!(trail.visible().contains("Autumn Survey") && trail.text().contains(&format!("href=\"{path}\"")));
    let thread = world.get(&owner, "/thread").await.visible();
    assert!(thread.contains("Survey Autumn Obstacle, gap in projects Projects"), "{thread}");
    let results = world.get(&owner, &format!("{path}/results")).await.text();
    let row = results.split("<tr id=\"c13\"").nth(1).and_then(|it| it.split("</tr>").next()).expect("a row");
    assert!(row.contains(made.location()) && row.contains("</svg>Taken up"), "{row}");
    assert_eq!(results.matches("</svg>Taken up").count(), 1, "only the gap that was taken up says so");
    for format in ["csv", "xlsx", "json"] {
        assert_eq!(
            world.get(&owner, &format!("{path}/results/export/{format}")).await.status,
            StatusCode::OK,
            "{format}"
        );
    }
}

#[tokio::test]
async fn nothing_ties_an_anonymous_response_to_who_gave_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let tokens = tokens(&world, &owner, &path).await;
    let mut cookie = String::new();
    respond(&world, &mut cookie, &format!("/s/{}/1", tokens[0]), &[("c01.done", "3")]).await;
    let draft = survey::store::by_token(&world.app.db, &tokens[0]).await.expect("a link").2.response.expect("a draft");
    answer_from(&world, &mut cookie, &tokens[0], "3").await;
    let invitee = survey::store::by_token(&world.app.db, &tokens[0]).await.expect("a link").2;
    assert!(invitee.answered && invitee.response.is_none());
    let mut tx = world.app.db.begin().await.expect("a reading");
    let handed_in = survey::store::handed_in(&mut tx, owner.org, id(&path)).await.expect("responses");
    assert_eq!(handed_in.len(), 1);
    let response = &handed_in[0].0;
    assert_ne!(response.id, draft, "the draft's identifier was seen before and must not live on");
    assert_eq!(response.id.get_version_num(), 4, "a version 7 would tell the time");
    assert_eq!((&response.name, response.influence, &response.respondent), (&None, None, &None));
}

#[tokio::test]
async fn an_open_campaign_keeps_its_threshold_and_a_closed_one_everything() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let path = open(&world, &owner, "yes").await;
    let campaign = survey::store::campaign(&world.app.db, owner.org, id(&path)).await.expect("a campaign");
    let version = campaign.version.to_string();
    let sent = [
        ("version", &*version),
        ("threshold", "3"),
        ("anonymous", "no"),
        ("closes", "2026-12-24"),
        ("message", "Thank you"),
    ];
    world.post(&owner, &path, &sent).await;
    let after = survey::store::campaign(&world.app.db, owner.org, id(&path)).await.expect("a campaign");
    assert_eq!((after.threshold, after.anonymous, after.closes.to_string()), (5, true, "2026-12-24".to_owned()));
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let snapshot = survey::store::snapshot(&world.app.db, owner.org, id(&path)).await.expect("a snapshot");
    for (at, fields) in
        [("", &sent[..]), ("/close", &[]), ("/launch", &[]), ("/delete", &[]), ("/audience", &[("side", "it")])]
    {
        assert_eq!(world.post(&owner, &format!("{path}{at}"), fields).await.status, StatusCode::CONFLICT, "{at}");
    }
    assert_eq!(survey::store::snapshot(&world.app.db, owner.org, id(&path)).await.expect("a snapshot"), snapshot);
}

#[tokio::test]
async fn another_organisations_survey_is_not_found_on_any_route() {
    let world = World::new().await;
    let (mine, theirs) = (world.owner().await, world.owner().await);
    people(&world, &theirs, "business", 6).await;
    let path = open(&world, &theirs, "yes").await;
    let mut walked = 0;
    for route in world.routes.iter().filter(|it| it.path.starts_with("/surveys/{id}")) {
        let at = route.path.replace("/surveys/{id}", &path).replace("{format}", "csv").replace("{screen}", "1");
        let at = at.replace("{invitee}", &Uuid::now_v7().to_string());
        let answer = match route.method {
            "GET" => world.get(&mine, &at).await,
            _ => world.post(&mine, &at, &[("competency", "c01"), ("about", "action"), ("side", "it")]).await,
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {}", route.method, route.path);
        walked += 1;
    }
    assert!(walked > 15, "only {walked} routes were walked");
    let campaign = survey::store::campaign(&world.app.db, theirs.org, id(&path)).await.expect("a campaign");
    assert_eq!(campaign.state, State::Open);
}

#[tokio::test]
async fn who_has_not_answered_is_told_only_in_a_campaign_under_names_and_only_to_those_who_may() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    let hidden = open(&world, &owner, "yes").await;
    assert!(!world.get(&owner, &hidden).await.visible().contains("business 1"));
    let named = open(&world, &owner, "no").await;
    assert!(world.get(&owner, &named).await.visible().contains("business 1"));
    assert!(!world.get(&viewer, &named).await.visible().contains("business 1"));
}

#[tokio::test]
async fn what_one_person_answered_under_their_name_is_shown_only_to_those_of_whom_respondents_were_told() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    people(&world, &owner, "it", 1).await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    let named = open(&world, &owner, "no").await;
    for token in tokens(&world, &owner, &named).await {
        answer(&world, &token, "4").await;
    }
    world.post(&owner, &format!("{named}/close"), &[]).await;
    let groups = async |user| world.get(user, &format!("{named}/results/groups")).await.text();
    let column = "<th class=\"heat\" scope=\"col\">IT</th>";
    assert!(groups(&owner).await.contains(column), "{}", groups(&owner).await);
    assert!(!groups(&viewer).await.contains(column));
}

/// A closed campaign with these respondents: side, unit and one answer to everything.
fn snapshot(respondents: &[(kit::method::Side, &str, Option<f64>)]) -> Snapshot {
    let instrument = shipped().remove(0);
    let items = instrument.items();
    let respondents = respondents
        .iter()
        .map(|(side, unit, value)| Respondent {
            side: *side,
            unit: Some((*unit).to_owned()),
            role: None,
            name: None,
            person: None,
            influence: None,
            answers: items
                .iter()
                .filter(|it| it.is_scaled())
                .filter_map(|it| Some((it.key.clone(), Answer::Value((*value)?))))
                .collect(),
        })
        .collect();
    let closed_on = jiff::civil::date(2026, 11, 1);
    Snapshot {
        form: FORM,
        instrument,
        anonymous: true,
        threshold: 5,
        comment_threshold: 5,
        closed_on,
        asked: 0,
        respondents,
    }
}

#[test]
fn a_side_that_is_too_small_is_withheld_and_so_is_everyone_because_subtraction_would_tell_it() {
    use kit::method::Side::{Business, It};
    let mut all = vec![(Business, "Works", Some(2.0)); 8];
    all.extend(vec![(It, "IT", Some(5.0)); 3]);
    let snapshot = snapshot(&all);
    let results = results(&snapshot, "en", snapshot.shown_from(true));
    let shown = |cut: &Cut| results.of("c01.done", cut).is_some();
    assert!(shown(&Cut::Side(Business)));
    assert!(!shown(&Cut::Side(It)) && !shown(&Cut::Everyone) && !shown(&Cut::Unit("IT".to_owned())));
    assert_eq!(cuts(&snapshot).len(), 4, "both units are made of the same people as a side");
}

/// Published figures of one item as sums over respondents; an attacker may add and subtract any of them.
mod attack {
    use kit::method::Side;
    use proptest::prelude::*;
    use survey::results::rules::results;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_sum_or_difference_of_published_groups_concerns_fewer_people_than_the_threshold(
            who in prop::collection::vec((0usize..3, 0usize..4, prop::option::weighted(0.85, 1u8..=5)), 1..40)
        ) {
            const UNITS: [&str; 4] = ["Works", "Yard", "Sales", "IT"];
            let all: Vec<_> = who.iter().map(|(side, unit, value)| (Side::ALL[*side], UNITS[*unit], value.map(f64::from))).collect();
            let snapshot = super::snapshot(&all);
            let results = results(&snapshot, "en", snapshot.shown_from(true));
            let item = results.items.iter().find(|it| it.key == "c01.done").expect("it is asked");
            let published: Vec<Vec<i64>> = results.cuts.iter().zip(&item.shown).filter(|(_, shown)| shown.figures().is_some())
                .map(|(cut, _)| snapshot.respondents.iter().map(|it| i64::from(cut.holds(it) && it.answers.contains_key("c01.done"))).collect())
                .collect();
            // Every combination with small whole factors: what a patient reader with a spreadsheet would try.
            let many = published.len().min(6);
            let mut factors = vec![-2i64; many];
            loop {
                let combined: Vec<i64> = (0..all.len()).map(|at| (0..many).map(|it| factors[it] * published[it][at]).sum()).collect();
                let concerned = combined.iter().filter(|it| **it != 0).count();
                prop_assert!(concerned == 0 || concerned >= 5, "{factors:?} tells about {concerned}");
                let Some(next) = factors.iter().position(|it| *it < 2) else { break };
                factors[next] += 1;
                factors[..next].fill(-2);
            }
        }
    }
}

#[tokio::test]
async fn a_campaign_nobody_could_be_shown_of_is_not_launched() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 3).await;
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Small"),
        ("anonymous", "yes"),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    let path = world.post(&owner, "/surveys", &fields).await.location().to_owned();
    assert_eq!(world.post(&owner, &format!("{path}/launch"), &[]).await.status, StatusCode::CONFLICT);
    world.post(&owner, &format!("{path}/audience"), &[("side", "business")]).await;
    let refused = world.post(&owner, &format!("{path}/launch"), &[]).await;
    assert!(refused.text().contains("fewer than the threshold of 5"), "{}", refused.text());
    let campaign: Campaign = survey::store::campaign(&world.app.db, owner.org, id(&path)).await.expect("a campaign");
    assert_eq!(campaign.state, State::Draft);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_thanked_while_the_campaign_closes_counts_and_everyone_else_is_told_that_it_is_closed() {
    const MANY: usize = 24;
    let world = std::sync::Arc::new(World::new().await);
    let owner = world.owner().await;
    people(&world, &owner, "business", MANY).await;
    let path = open(&world, &owner, "yes").await;
    let last = shipped()[0].sections.len();
    let item = shipped()[0].sections[last - 1].items().remove(0).key;
    let mut at_once = tokio::task::JoinSet::new();
    for (at, token) in tokens(&world, &owner, &path).await.into_iter().enumerate() {
        if at == MANY / 2 {
            let (world, owner, path) = (world.clone(), owner.clone(), path.clone());
            at_once.spawn(async move {
                let closed = world.post(&owner, &format!("{path}/close"), &[]).await;
                assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
                false
            });
        }
        let (world, item) = (world.clone(), item.clone());
        at_once.spawn(async move {
            let answer = world.ask(Method::POST, &format!("/s/{token}/{last}"), &[(&item, "4")]).await;
            let thanked = answer.visible().contains("Thank you");
            assert!(thanked || answer.visible().contains("This survey is closed"), "{}", answer.visible());
            thanked
        });
    }
    let thanked = at_once.join_all().await.into_iter().filter(|it| *it).count();
    let snapshot = survey::store::snapshot(&world.app.db, owner.org, id(&path)).await.expect("a snapshot");
    let snapshot: Snapshot = serde_json::from_str(&snapshot.expect("it is closed")).expect("a snapshot");
    assert_eq!(snapshot.respondents.len(), thanked);
}

#[tokio::test]
async fn a_threshold_out_of_range_is_refused_in_both_modes_with_the_text_kept() {
    let world = World::new().await;
    let owner = world.owner().await;
    for anonymous in ["yes", "no"] {
        for threshold in ["-1", "0", "2", "51", "abc", "99999999999999999999"] {
            let fields = [
                ("instrument", "gap-short"),
                ("title", "Winter at the quay"),
                ("anonymous", anonymous),
                ("threshold", threshold),
                ("opens", "2026-11-20"),
                ("closes", "2026-12-01"),
            ];
            let refused = world.post(&owner, "/surveys", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{anonymous} {threshold}");
            let text = refused.text();
            assert!(text.contains(&format!("value=\"{threshold}\"")) && text.contains("Winter at the quay"), "{text}");
            assert!(refused.visible().contains("Write a whole number from 3 to 50."), "{}", refused.visible());
        }
    }
}

#[tokio::test]
async fn a_rate_of_answers_is_told_of_no_group_from_which_a_smaller_one_can_be_reckoned() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 9).await;
    people(&world, &owner, "it", 1).await;
    let path = open(&world, &owner, "yes").await;
    let page = world.get(&owner, &path).await.visible();
    assert!(page.contains("0 of 10") && !page.contains("0 of 9") && !page.contains("0 of 1 "), "{page}");
    let named = open(&world, &owner, "no").await;
    let page = world.get(&owner, &named).await.visible();
    assert!(page.contains("0 of 9") && page.contains("0 of 1 "), "{page}");
}

#[tokio::test]
async fn slips_stand_fifty_on_a_page_and_all_on_the_one_to_print() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 53).await;
    let path = open(&world, &owner, "yes").await;
    let slips = async |page: &str| {
        let page = world.get(&owner, &format!("{}{page}", crate::campaign::asked(&path))).await;
        assert!(page.visible().contains("A slip for each of 53 people"), "{}", page.visible());
        page.text().matches("<li class=\"card\">").count()
    };
    assert_eq!((slips("").await, slips("?page=2").await, slips("?page=all").await), (50, 3, 53));
    assert_eq!((slips("?page=9").await, slips("?page=x").await), (3, 50), "a page that is none leads to one that is");
}

#[tokio::test]
async fn every_round_has_its_slips_page_by_page_and_a_file_with_addresses_and_units() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 50).await;
    let made = world.post(&owner, "/units", &[("name", "Docks")]).await;
    let unit = made.location().rsplit('/').next().unwrap_or_default();
    let ada = [("name", "Ada"), ("email", "ada@example.org"), ("side", "business"), ("unit", unit)];
    world.post(&owner, "/people", &ada).await;
    let everybody: Vec<kit::people::Person> = store::all(&world.app.db, owner.org).await.expect("people");
    let ids: Vec<String> = everybody.iter().map(|it| it.id.to_string()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|it| ("person", &**it)).collect();
    fields.push(("closes", "2026-12-01"));
    let round = format!("/asked/place/{}", owner.org);
    let asked = world.post(&owner, &format!("{round}/people"), &fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let slips = async |page: &str| {
        world.get(&owner, &format!("{round}{page}")).await.text().matches("<li class=\"card\">").count()
    };
    assert_eq!((slips("").await, slips("?page=2").await, slips("?page=all").await), (50, 1, 51));
    let file = world.get(&owner, &format!("{round}/links/csv")).await.text();
    assert!(file.contains("Ada,ada@example.org,Business,Docks,http"), "{file}");
}

#[tokio::test]
async fn an_instrument_can_be_looked_at_before_any_campaign_asks_it_and_nothing_is_kept() {
    let world = World::new().await;
    let owner = world.owner().await;
    let list = world.get(&owner, "/surveys/instruments").await.text();
    assert!(list.contains("href=\"/surveys/instruments/kano/preview/1\""), "{list}");
    let short = shipped().remove(0);
    for (at, section) in short.sections.iter().enumerate() {
        let page = world.get(&owner, &format!("/surveys/instruments/gap-short/preview/{}", at + 1)).await;
        assert!(page.visible().contains(section.title.get("en")), "{}", page.visible());
        assert!(!page.text().contains("<button"), "there is nothing to send: {}", page.text());
        let onward = page.text().contains(&format!("/preview/{}?language=en", at + 2));
        assert_eq!(onward, at + 1 < short.sections.len(), "{}", page.text());
    }
    let german = world.get(&owner, "/surveys/instruments/gap-short/preview/1?language=de").await.visible();
    assert!(german.contains(short.sections[0].title.get("de")), "{german}");
    for nothing in ["gap-short/preview/0", "gap-short/preview/99", "none/preview/1"] {
        let page = world.get(&owner, &format!("/surveys/instruments/{nothing}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[test]
fn a_choice_is_counted_for_groups_that_may_be_shown_and_for_no_other() {
    use kit::method::Side::{Business, It};
    use survey::{instrument::Instrument, results::tally::tallies};
    let mut all = vec![(Business, "Works", None); 9];
    all.extend(vec![(Business, "Yard", None); 3]);
    all.extend(vec![(It, "IT", None); 6]);
    let mut snapshot = snapshot(&all);
    let asked = r#"{"key":"k","version":1,"purpose":"satisfaction","title":{"en":"T"},"intro":{"en":"I"},"minutes":1,
        "sections":[{"key":"s","title":{"en":"S"},"questions":[
        {"kind":"choice","key":"way","text":{"en":"How do you reach us?"},"options":[
            {"key":"phone","text":{"en":"Phone"}},{"key":"mail","text":{"en":"Mail"}}]},
        {"kind":"choice","key":"use","text":{"en":"What do you use?"},"multiple":true,"options":[
            {"key":"a","text":{"en":"A"}},{"key":"b","text":{"en":"B"}}]},
        {"kind":"ranking","key":"rank","text":{"en":"What first?"},"options":[
            {"key":"x","text":{"en":"X"}},{"key":"y","text":{"en":"Y"}}]}]}]}"#;
    snapshot.instrument = serde_json::from_str::<Instrument>(asked).expect("an instrument");
    for (at, it) in snapshot.respondents.iter_mut().enumerate() {
        let way = if at < 12 { "phone" } else { "mail" };
        it.answers.insert("way".to_owned(), Answer::Text(way.to_owned()));
        it.answers.insert("use.a".to_owned(), Answer::Text("a".to_owned()));
        it.answers.insert("rank.x".to_owned(), Answer::Value(2.0));
        it.answers.insert("rank.y".to_owned(), Answer::Value(1.0));
    }
    let results = results(&snapshot, "en", snapshot.shown_from(true));
    let of = |cut: Cut| {
        let at = results.cuts.iter().position(|it| *it == cut).expect("a group");
        tallies(&snapshot.instrument, &results, at, "en")
    };
    let everyone = of(Cut::Everyone);
    let chosen = |at: usize| everyone[at].rows.iter().map(|it| everyone[at].chosen(it)).collect::<Vec<_>>();
    assert_eq!((everyone[0].n, chosen(0), chosen(1)), (18, vec![12, 6], vec![18, 0]));
    assert_eq!(everyone[2].rows[0].label, "Y", "the best ranked comes first");
    assert_eq!(everyone[2].rows[0].given.figures(), Some(&(vec![18, 0], 18)));
    assert!(of(Cut::Unit("Yard".to_owned()))[0].withheld.is_some(), "three people are too few");
    assert!(of(Cut::Unit("Works".to_owned()))[0].withheld.is_some(), "the business less Works is Yard");
}

#[test]
fn groups_of_one_name_are_told_apart_and_a_group_of_the_same_people_stands_once() {
    use kit::method::Side::{Business, It};
    use survey::results::rules::names;
    let mut all = vec![(Business, "Works", Some(2.0)); 9];
    all.extend(vec![(It, "IT", Some(5.0)); 6]);
    all.push((Business, "IT", Some(5.0)));
    let mut snapshot = snapshot(&all);
    snapshot.respondents.iter_mut().for_each(|it| it.role = Some("Staff".to_owned()));
    let cuts = cuts(&snapshot);
    assert_eq!(names(&cuts), ["Business", "IT (side)", "Everyone", "Provider", "IT (unit)", "Works"]);
    let results = results(&snapshot, "en", 5);
    assert_eq!((results.groups, cuts.len()), (7, 6), "staff are everyone, and counted among what is left out");
}

#[tokio::test]
async fn what_is_made_of_a_gap_holds_no_figure_that_its_readers_may_not_see() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 6).await;
    people(&world, &owner, "it", 1).await;
    let named = open(&world, &owner, "no").await;
    for token in tokens(&world, &owner, &named).await {
        answer(&world, &token, "4").await;
    }
    world.post(&owner, &format!("{named}/close"), &[]).await;
    let begun = world.get(&owner, &format!("{named}/gaps/c13/action")).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let form = world.get(&owner, begun.location()).await.text();
    assert!(form.contains("Autumn") && !form.contains("of five points") && !form.contains("IT 4.0"), "{form}");
    let viewer = world.user(owner.org, Role::Viewer).await;
    assert_eq!(world.get(&viewer, &format!("{named}/gaps/c13/action")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn figures_of_those_who_answered_everything_are_withheld_where_those_are_fewer_than_the_threshold() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 8).await;
    let path = open(&world, &owner, "yes").await;
    let short = shipped().remove(0);
    for (who, token) in tokens(&world, &owner, &path).await.iter().enumerate() {
        let mut cookie = String::new();
        for (at, section) in short.sections.iter().enumerate() {
            // Four of eight leave out a question, each another one.
            let left_out = format!("c0{}.done", who + 1);
            let given: Vec<(String, String)> = section
                .items()
                .into_iter()
                .filter(|it| survey::instrument::Item::is_scaled(it) && (who >= 4 || it.key != left_out))
                .map(|it| (it.key, ((who + at) % 3 + 2).to_string()))
                .collect();
            let given: Vec<(&str, &str)> = given.iter().map(|(key, value)| (&**key, &**value)).collect();
            respond(&world, &mut cookie, &format!("/s/{token}/{}", at + 1), &given).await;
        }
    }
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let page = world.get(&owner, &format!("{path}/results/statistics")).await.visible();
    let withheld = "Cronbach's alpha – Not shown: fewer than 5 people answered all of these questions.";
    assert!(page.contains(&format!("“How well done?” over 15 questions: {withheld}")), "{page}");
    assert!(page.contains("The questions ") && !page.contains("“done”"), "{page}");
}

/// Sends requests that all wait for a write that is under way, and lets it go.
async fn meanwhile(
    world: &Arc<World>,
    user: &User,
    path: &str,
    fields: &[&[(&'static str, &'static str)]],
    tx: db::Tx,
) -> Vec<Answered> {
    let mut at_once = tokio::task::JoinSet::new();
    for fields in fields {
        let (world, user, path, fields) = (world.clone(), user.clone(), path.to_owned(), fields.to_vec());
        at_once.spawn(async move { world.post(&user, &path, &fields).await });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    tx.commit().await.expect("a commit");
    at_once.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_stays_when_answers_are_brought_in_while_its_form_is_on_the_way() {
    let world = Arc::new(World::new().await);
    let owner = world.owner().await;
    let path = draft(&world, &owner, "yes").await;
    let mut tx = world.app.db.begin().await.expect("a write");
    survey::answers::store::hold(&mut tx, owner.org, id(&path)).await.expect("a write");
    let brought = survey::store::Response {
        id: Uuid::new_v4(),
        respondent: Some("1".to_owned()),
        name: None,
        person: None,
        side: kit::method::Side::Business,
        unit: None,
        role: None,
        influence: None,
        submitted: true,
        batch: None,
    };
    survey::store::insert_response(&mut tx, owner.org, id(&path), &brought).await.expect("a write");
    let fields = [
        ("version", "1"),
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", "no"),
        ("threshold", "5"),
        ("opens", "2026-11-20"),
        ("closes", "2026-12-01"),
    ];
    let saved = meanwhile(&world, &owner, &path, &[&fields], tx).await.remove(0);
    assert_eq!(saved.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", saved.text());
    assert!(saved.visible().contains("Undo that import first"), "{}", saved.visible());
    let campaign = survey::store::campaign(&world.app.db, owner.org, id(&path)).await.expect("the survey");
    assert!(campaign.anonymous, "what was promised to those who answered holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audience_that_is_sent_twice_at_once_asks_everybody_once() {
    let world = Arc::new(World::new().await);
    let owner = world.owner().await;
    people(&world, &owner, "business", 3).await;
    let path = draft(&world, &owner, "yes").await;
    let mut tx = world.app.db.begin().await.expect("a write");
    survey::answers::store::hold(&mut tx, owner.org, id(&path)).await.expect("a write");
    let choice: &[(&str, &str)] = &[("side", "business")];
    for added in meanwhile(&world, &owner, &format!("{path}/audience"), &[choice, choice], tx).await {
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    }
    assert_eq!(tokens(&world, &owner, &path).await.len(), 3);
}

#[tokio::test]
async fn a_draft_is_named_and_shown_to_nobody_who_does_not_make_surveys() {
    let world = World::new().await;
    let owner = world.owner().await;
    let path = draft(&world, &owner, "yes").await;
    let viewer = world.user(owner.org, Role::Viewer).await;
    for at in ["", "/response", "/instrument"] {
        let at = format!("{path}{at}");
        assert_eq!(world.get(&viewer, &at).await.status, StatusCode::NOT_FOUND, "{at}");
        assert_eq!(world.get(&owner, &at).await.status, StatusCode::OK, "{at}");
    }
    let named = async |user: &User| {
        let in_palette = world.get(user, "/palette?q=autumn").await.text().contains(&path);
        (in_palette, world.get(user, "/surveys").await.text().contains(&path))
    };
    assert_eq!((named(&viewer).await, named(&owner).await), ((false, false), (true, true)));
}

#[tokio::test]
async fn a_comment_that_no_workbook_can_hold_is_refused_with_what_can_hold_it() {
    let world = World::new().await;
    let owner = world.owner().await;
    people(&world, &owner, "business", 1).await;
    let path = open(&world, &owner, "no").await;
    let token = tokens(&world, &owner, &path).await.remove(0);
    answer(&world, &token, "4").await;
    let mut tx = world.app.db.begin().await.expect("a write");
    let (response,): (Uuid,) = tx.one("SELECT id FROM response", []).await.expect("a response");
    let comment = shipped()[0].items().into_iter().find(|it| !it.is_scaled()).expect("a comment").key;
    let long = survey::snapshot::Answer::Text("a".repeat(40_000));
    survey::store::put_answer(&mut tx, response, &comment, Some(&long)).await.expect("a write");
    tx.commit().await.expect("a commit");
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let workbook = world.get(&owner, &format!("{path}/results/export/xlsx")).await;
    assert_eq!(workbook.status, StatusCode::CONFLICT);
    assert!(workbook.visible().contains("Take CSV or JSON"), "{}", workbook.visible());
    assert_eq!(world.get(&owner, &format!("{path}/results/export/csv")).await.status, StatusCode::OK);
}
