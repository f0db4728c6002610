//! Setting expectations, from a gap to a promise that was kept, through the real server.

use align::expectations::{
    Outcome,
    model::{Conflict, Measurement, Priority, State},
    ranking::{self, Ranking, RankingId},
};
use axum::http::{Method, StatusCode};
use fantoccini::Locator;
use kit::{area::Evidence, people::Person, rights::Role, store};
use serde_json::json;

use crate::{
    browser::{Browser, serve, sign_in},
    campaign::{Posting, smtp::Manner},
    survey as surveys,
    world::{User, World},
};

/// An outcome with everything that makes it usable, by its identifier; fields given replace those.
async fn outcome(world: &World, owner: &User, statement: &str, given: &[(&str, &str)]) -> String {
    let people = store::all::<Person>(&world.app.db, owner.org).await.expect("people");
    let person = people[0].id.to_string();
    let mut fields = vec![
        ("statement", statement),
        ("measure", "Requests answered in time"),
        ("unit", "%"),
        ("baseline", "60"),
        ("target", "90"),
        ("due", "2026-12-18"),
        ("requester", &*person),
        ("accountable", &*person),
        ("state", "agreed"),
        ("cycle", "3"),
    ];
    fields.retain(|it| !given.iter().any(|other| other.0 == it.0));
    fields.extend(given);
    let made = world.post(owner, "/outcomes", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    made.location().trim_start_matches("/outcomes/").to_owned()
}

async fn with_people() -> (World, User) {
    let world = World::new().await;
    let owner = world.owner().await;
    surveys::people(&world, &owner, "business", 2).await;
    surveys::people(&world, &owner, "it", 1).await;
    (world, owner)
}

async fn evidence(world: &World, owner: &User) -> Vec<Evidence> {
    let scope = world.scope(owner.org).await;
    let mut all = Vec::new();
    for area in &world.app.registry.areas {
        all.extend(area.evidence(&scope).await.expect("evidence"));
    }
    all.retain(|it| it.url.starts_with("/expectations") || it.url.starts_with("/rankings"));
    all
}

#[tokio::test]
async fn who_agrees_to_more_than_can_be_carried_or_says_no_without_a_reason_reads_so_when_it_is_saved() {
    let (world, owner) = with_people().await;
    let one = outcome(&world, &owner, "One", &[("state", "proposed")]).await;
    let other = outcome(&world, &owner, "Other", &[("state", "proposed")]).await;
    let nobody = world.get(&owner, "/expectations/ask").await.visible();
    assert!(nobody.contains("Nothing is agreed yet, so there is nothing to sign off"), "{nobody}");
    let limit = world.post(&owner, "/limits", &[("most", "1"), ("since", "2026-01-01"), ("reason", "Three people")]);
    assert_eq!(limit.await.status, StatusCode::SEE_OTHER);
    let set = async |id: &str, statement: &str, state: &str, version: &str| {
        let fields = [("statement", statement), ("state", state), ("version", version)];
        let saved = world.post(&owner, &format!("/outcomes/{id}"), &fields).await;
        kit::web::unpercent(saved.headers.get("set-cookie").expect("a message").to_str().expect("text"))
    };
    let fits = set(&one, "One", "agreed", "1").await;
    assert!(fits.contains("Saved.") && !fits.contains("carry"), "{fits}");
    let over = set(&other, "Other", "agreed", "1").await;
    assert!(over.contains("Two outcomes are agreed now, and the team can carry one"), "{over}");
    let no = set(&other, "Other", "not_now", "2").await;
    assert!(no.contains("Write the reason"), "{no}");
}

/// Opens a round over all outcomes for everybody, and gives the tokens in the order of the names.
pub async fn round(world: &World, owner: &User, method: &str) -> (String, Vec<String>) {
    let outcomes = store::all::<Outcome>(&world.app.db, owner.org).await.expect("outcomes");
    let people = store::all::<Person>(&world.app.db, owner.org).await.expect("people");
    let ids = outcomes.iter().map(|it| ("outcome", it.id.to_string()));
    let ids: Vec<(&str, String)> = ids.chain(people.iter().map(|it| ("person", it.id.to_string()))).collect();
    let mut fields = vec![("title", "What matters"), ("method", method), ("closes", "2026-12-01")];
    fields.extend(ids.iter().map(|it| (it.0, &*it.1)));
    let made = world.post(owner, "/rankings", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    let path = made.location().to_owned();
    let id = RankingId(path.trim_start_matches("/rankings/").parse().expect("an identifier"));
    let voters = ranking::store::voters(&world.app.db, owner.org, id).await.expect("voters");
    (path, voters.into_iter().map(|it| it.token).collect())
}

/// A round that is closed, and one that is open.
pub async fn rounds(world: &World, owner: &User) {
    let (closed, tokens) = round(world, owner, "points").await;
    for token in tokens {
        world.ask(Method::POST, &format!("/r/{token}/1"), &[("p0", "70"), ("p1", "30")]).await;
    }
    world.post(owner, &format!("{closed}/close"), &[]).await;
    round(world, owner, "points").await;
}

async fn kept(world: &World, owner: &User) -> Ranking {
    ranking::store::rankings(&world.app.db, owner.org).await.expect("rounds").remove(0)
}

#[tokio::test]
async fn a_gap_becomes_a_proposed_outcome_that_says_what_it_lacks() {
    let world = World::new().await;
    let owner = world.owner().await;
    surveys::people(&world, &owner, "business", 5).await;
    surveys::people(&world, &owner, "it", 5).await;
    let closed = surveys::open(&world, &owner, "no").await;
    for token in surveys::tokens(&world, &owner, &closed).await {
        surveys::answer(&world, &token, "3").await;
    }
    world.post(&owner, &format!("{closed}/close"), &[]).await;
    let taken = surveys::take_up(&world, &owner, &closed, "c13/outcome", "proposed").await;
    assert!(taken.location().starts_with("/outcomes/"), "{}", taken.location());
    let page = world.get(&owner, taken.location()).await.visible();
    for expected in
        ["Proposed", "To mend", "Name a measure", "Name the one person who answers for it.", "Comes from Survey"]
    {
        assert!(page.contains(expected), "{expected} is missing in {page}");
    }
    let main = world.get(&owner, "/expectations").await.visible();
    assert!(main.contains("One outcome is open, and nobody could measure it"), "{main}");
    assert!(main.contains("no measure") && main.contains("no target") && main.contains("no day"), "{main}");
}

#[tokio::test]
async fn an_empty_organisation_is_told_the_first_step_and_nothing_else() {
    let world = World::new().await;
    let owner = world.owner().await;
    let main = world.get(&owner, "/expectations").await;
    assert!(main.text().contains("href=\"/outcomes/new\""), "{}", main.text());
    assert!(main.visible().contains("Nothing is expected of IT that anybody has written down"));
    let form = world.get(&owner, "/outcomes/new").await.text();
    let cycle = form.split("name=\"cycle\"").nth(1).and_then(|it| it.split('>').next()).expect("a field");
    assert!(cycle.contains("value=\"1\""), "it begins with the present cycle: {cycle}");
    assert!(!main.text().contains("<svg class=\"slots\""), "an empty picture");
    for page in ["/expectations/delivered", "/expectations/agreed", "/expectations/not-now", "/rankings"] {
        assert!(world.get(&owner, page).await.text().contains("class=\"empty\""), "{page}");
    }
}

#[tokio::test]
async fn a_conflict_is_shown_until_it_is_decided_and_the_decision_is_kept() {
    let (world, owner) = with_people().await;
    let first = outcome(&world, &owner, "Changes on any day", &[]).await;
    let second = outcome(&world, &owner, "No closing is disturbed", &[]).await;
    let fields =
        |state| [("title", "Any day against none"), ("first", &*first), ("second", &*second), ("state", state)];
    let made = world.post(&owner, "/conflicts", &fields("open")).await.location().to_owned();
    let main = world.get(&owner, "/expectations").await.visible();
    assert!(main.contains("all can be measured, and they contradict each other"), "{main}");
    assert!(main.contains("Decide “Any day against none”"), "{main}");
    assert!(world.get(&owner, "/").await.visible().contains("Decide which gives way: Any day against none"));
    let undecided = world.post(&owner, &made, &[&fields("decided")[..], &[("version", "1")]].concat()).await;
    assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        undecided.visible().contains("Write what was decided") && undecided.visible().contains("Name who decided it.")
    );
    let person = store::all::<Person>(&world.app.db, owner.org).await.expect("people")[0].id.to_string();
    let decided = [("version", "1"), ("decision", "The closing wins."), ("decided_by", &*person)];
    world.post(&owner, &made, &[&fields("decided")[..], &decided].concat()).await;
    let main = world.get(&owner, "/expectations").await.visible();
    assert!(main.contains("No conflict waits for a decision") && main.contains("1 decided"), "{main}");
    let kept = store::all::<Conflict>(&world.app.db, owner.org).await.expect("conflicts");
    assert_eq!(kept[0].decision.as_deref(), Some("The closing wins."));
}

#[tokio::test]
async fn an_outcome_that_a_conflict_names_is_not_deleted() {
    let (world, owner) = with_people().await;
    let first = outcome(&world, &owner, "Changes on any day", &[]).await;
    let second = outcome(&world, &owner, "No closing is disturbed", &[]).await;
    let fields = [("title", "Any day against none"), ("first", &*first), ("second", &*second), ("state", "open")];
    world.post(&owner, "/conflicts", &fields).await;
    let refused = world.post(&owner, &format!("/outcomes/{first}/delete"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.visible().contains("Any day against none"), "{}", refused.visible());
}

#[tokio::test]
async fn what_was_promised_is_set_against_what_was_measured_cycle_by_cycle() {
    let (world, owner) = with_people().await;
    let past = [("state", "delivered"), ("cycle", "2"), ("due", "2026-06-01")];
    for (statement, value) in [("Met by all", "92"), ("Half of it", "75"), ("None of it", "60")] {
        let id = outcome(&world, &owner, statement, &past).await;
        let figure = [("outcome", &*id), ("day", "2026-05-20"), ("value", value), ("source", "Request list")];
        let made = world.post(&owner, "/measurements", &figure).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    }
    outcome(&world, &owner, "Still to come", &[]).await;
    let page = world.get(&owner, "/expectations/delivered").await.visible();
    assert!(page.contains("One of the three outcomes promised in cycles that are over was met"), "{page}");
    assert!(page.contains("Cycle 2 1 1 1 3 1 1 1 0"), "the bar with its parts, then the figures: {page}");
    assert!(page.contains("60 → 75 (20 May 2026) → 90 %; 50% of the way"), "{page}");
    let figures = store::all::<Measurement>(&world.app.db, owner.org).await.expect("figures");
    let half = figures.iter().find(|it| it.value == 75.into()).expect("a figure");
    let own = world.get(&owner, &format!("/outcomes/{}", half.outcome)).await.visible();
    assert!(
        own.contains("Its day has passed, and it came at least half of the way") && own.contains("Request list"),
        "{own}"
    );
}

#[tokio::test]
async fn what_is_left_out_is_on_a_page_to_share_and_the_limit_says_why() {
    let (world, owner) = with_people().await;
    for name in ["One", "Two", "Three"] {
        outcome(&world, &owner, name, &[]).await;
    }
    let why = [("state", "not_now"), ("detail", "Nine people cannot cover nights.")];
    outcome(&world, &owner, "Calls are answered at night", &why).await;
    world.post(&owner, "/limits", &[("most", "2"), ("since", "2026-07-01"), ("reason", "As last year")]).await;
    let main = world.get(&owner, "/expectations").await;
    assert!(main.visible().contains("Three agreed; the team can carry two"), "{}", main.visible());
    assert_eq!(main.text().matches("class=\"over\"").count(), 1);
    let page = world.get(&owner, "/expectations/not-now").await.visible();
    assert!(page.contains("One expectation will not be met now") && page.contains("cannot cover nights"), "{page}");
}

#[tokio::test]
async fn people_rank_by_a_link_of_their_own_and_what_is_wrong_comes_back_with_what_they_chose() {
    let (world, owner) = with_people().await;
    for name in ["Alpha", "Beta", "Gamma", "Delta"] {
        outcome(&world, &owner, name, &[]).await;
    }
    let (path, tokens) = round(&world, &owner, "maxdiff").await;
    let greeted = world.ask(Method::GET, &format!("/r/{}", tokens[0]), &[]).await.visible();
    assert!(greeted.contains("your answers are kept under your name"), "{greeted}");
    let screen = format!("/r/{}/1", tokens[0]);
    let speak = async |language: &str| {
        world.ask(Method::POST, &format!("/r/{}/language", tokens[0]), &[("language", language)]).await.status
    };
    assert_eq!(speak("de").await, StatusCode::SEE_OTHER);
    let german = world.ask(Method::GET, &format!("/r/{}", tokens[0]), &[]).await;
    assert!(german.text().contains("lang=\"de\"") && german.visible().contains("Beginnen"), "{}", german.visible());
    assert!(world.ask(Method::POST, &screen, &[]).await.visible().contains("was am wenigsten wichtig ist"));
    speak("en").await;
    let sets = kept(&world, &owner).await.design.sets;
    let (best, worst) = (sets[0][0].to_string(), sets[0][1].to_string());
    for (sent, why) in [
        (vec![("best", &*best)], "Choose the one that matters least."),
        (vec![("best", &*best), ("worst", &*best)], "cannot matter most and least"),
    ] {
        let faulty = world.ask(Method::POST, &screen, &sent).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(faulty.visible().contains(why), "{}", faulty.visible());
        assert!(faulty.text().contains(&format!("value=\"{best}\" checked")), "{}", faulty.text());
    }
    let early = world.post(&owner, &format!("{path}/close"), &[]).await;
    assert!(early.visible().contains("Nobody has answered everything yet"), "{}", early.visible());
    for token in &tokens {
        for (at, set) in sets.iter().enumerate() {
            let (best, worst) = (set.iter().min().expect("a set"), set.iter().max().expect("a set"));
            let fields = [("best", &*best.to_string()), ("worst", &*worst.to_string())];
            let address = format!("/r/{token}/{}", at + 1);
            let answer = world.ask(Method::POST, &address, &fields.map(|it| (it.0, it.1))).await;
            let last = at + 1 == sets.len();
            assert_eq!(
                answer.status,
                if last { StatusCode::OK } else { StatusCode::SEE_OTHER },
                "{}",
                answer.visible()
            );
            assert!(!last || answer.visible().contains("Thank you"), "{}", answer.visible());
        }
    }
    assert_eq!(
        world.ask(Method::POST, &screen, &[("best", &*best), ("worst", &*worst)]).await.location(),
        screen.replace("/1", "/2")
    );
    let closed = world.post(&owner, &format!("{path}/close"), &[]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.visible());
    let result = world.get(&owner, &path).await.visible();
    assert!(result.contains("3 of 3 answered; closed on 23 November 2026"), "{result}");
    let late = world.ask(Method::POST, &screen, &[("best", &*best), ("worst", &*worst)]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.visible().contains("This round is closed"), "{}", late.visible());
    assert!(
        world.post(&owner, &format!("{path}/discard"), &[]).await.visible().contains("A round that is closed is kept")
    );
}

/// How many are reminded of a ranking of two outcomes that asks two people by mail, one of whom has answered by the time
/// the mail goes out, and where something else may have happened as well.
async fn reminded(act: Option<&str>) -> usize {
    let posting = Posting::start(&[Manner::Takes]).await;
    let (world, owner) = (&posting.world, &posting.owner);
    surveys::people(world, owner, "business", 2).await;
    for name in ["Alpha", "Beta"] {
        outcome(world, owner, name, &[]).await;
    }
    let (path, tokens) = round(world, owner, "points").await;
    let meanwhile = async || {
        let sent = world.ask(Method::POST, &format!("/r/{}/1", tokens[0]), &[("p0", "60"), ("p1", "40")]).await;
        assert!(sent.visible().contains("Thank you"), "{}", sent.visible());
        if let Some(act) = act {
            let ended = world.post(owner, &format!("{path}/{act}"), &[]).await;
            assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.visible());
        }
    };
    posting.reminded(&path.replace("/rankings/", "/asked/ranking/"), meanwhile).await
}

#[tokio::test]
async fn nobody_is_reminded_of_a_ranking_who_has_answered_and_nobody_at_all_once_it_is_over() {
    assert_eq!(reminded(None).await, 1);
    assert_eq!(reminded(Some("close")).await, 0);
    assert_eq!(reminded(Some("discard")).await, 0);
}

#[tokio::test]
async fn priorities_follow_from_points_only_when_somebody_takes_them_over() {
    let (world, owner) = with_people().await;
    for name in ["Alpha", "Beta", "Gamma"] {
        outcome(&world, &owner, name, &[]).await;
    }
    let (path, tokens) = round(&world, &owner, "points").await;
    let short = world.ask(Method::POST, &format!("/r/{}/1", tokens[0]), &[("p0", "60"), ("p1", "30")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.visible().contains("You handed out 90 points; 10 are left."), "{}", short.visible());
    assert!(short.text().contains("value=\"60\""), "what was typed is kept");
    let whole = [("p0", "60"), ("p1", "30"), ("p2", "10")];
    assert!(world.ask(Method::POST, &format!("/r/{}/1", tokens[0]), &whole).await.visible().contains("Thank you"));
    world.post(&owner, &format!("{path}/close"), &[]).await;
    let priorities = async || {
        let mut all = store::all::<Outcome>(&world.app.db, owner.org).await.expect("outcomes");
        all.sort_by(|a, b| a.statement.cmp(&b.statement));
        all.iter().map(|it| it.priority).collect::<Vec<_>>()
    };
    assert_eq!(priorities().await, [None, None, None], "closing writes nothing");
    let proposed: Vec<(String, &str)> = kept(&world, &owner)
        .await
        .design
        .items
        .iter()
        .map(|it| it.outcome.to_string())
        .zip(["must", "should", "could"])
        .collect();
    let fields: Vec<(&str, &str)> = proposed.iter().map(|it| (&*it.0, it.1)).collect();
    assert_eq!(world.post(&owner, &format!("{path}/priorities"), &fields).await.location(), "/expectations");
    assert_eq!(priorities().await, [Some(Priority::Must), Some(Priority::Should), Some(Priority::Could)]);
    let late: Vec<(&str, &str)> = proposed.iter().map(|it| &*it.0).zip(["could", "must", "should"]).collect();
    let late = world.post(&owner, &format!("{path}/priorities"), &late).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.visible());
    assert!(late.visible().contains("Someone else changed this meanwhile"), "{}", late.visible());
    assert_eq!(priorities().await, [Some(Priority::Must), Some(Priority::Should), Some(Priority::Could)]);
}

#[tokio::test]
async fn a_faulty_round_comes_back_with_every_fault_and_a_foreign_one_is_not_found() {
    let (world, owner) = with_people().await;
    outcome(&world, &owner, "Alpha", &[]).await;
    let faulty =
        world.post(&owner, "/rankings", &[("title", ""), ("method", "maxdiff"), ("closes", "2026-01-01")]).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for why in ["Give the round a title", "at least two outcomes", "Choose who is asked", "today or later"] {
        assert!(faulty.visible().contains(why), "{why} is missing in {}", faulty.visible());
    }
    outcome(&world, &owner, "Beta", &[]).await;
    let (path, _) = round(&world, &owner, "points").await;
    let stranger = world.owner().await;
    let foreign = world.post(&stranger, "/outcomes", &[("statement", "Theirs"), ("state", "proposed")]).await;
    let foreign = foreign.location().trim_start_matches("/outcomes/").to_owned();
    let outcomes = store::all::<Outcome>(&world.app.db, owner.org).await.expect("outcomes");
    let (one, two) = (outcomes[0].id.to_string(), outcomes[1].id.to_string());
    let who = store::all::<Person>(&world.app.db, owner.org).await.expect("people")[0].id.to_string();
    let rounds = async || ranking::store::rankings(&world.app.db, owner.org).await.expect("rounds").len();
    let before = rounds().await;
    for (method, outcome, why) in [
        ("guessing", &one, "Choose one of the two ways to ask."),
        ("points", &foreign, "is not, or not any more, an open outcome"),
    ] {
        let fields = [("title", "Q"), ("method", method), ("closes", "2026-12-24"), ("person", &who)];
        let fields = [&fields[..], &[("outcome", outcome), ("outcome", &one), ("outcome", &two)]].concat();
        let back = world.post(&owner, "/rankings", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{method}");
        assert!(back.visible().contains(why), "{}", back.visible());
    }
    assert_eq!(rounds().await, before, "nothing was opened");
    assert_eq!(world.get(&stranger, &path).await.status, StatusCode::NOT_FOUND);
    for act in ["close", "discard", "priorities"] {
        assert_eq!(world.post(&stranger, &format!("{path}/{act}"), &[]).await.status, StatusCode::NOT_FOUND, "{act}");
    }
    let viewer = world.user(owner.org, Role::Viewer).await;
    let links = path.replace("/rankings/", "/asked/ranking/");
    assert_eq!(world.get(&viewer, &links).await.status, StatusCode::FORBIDDEN, "links are for who may hand them out");
    assert_eq!(world.get(&stranger, &links).await.status, StatusCode::NOT_FOUND);
    assert!(world.get(&owner, &links).await.text().contains("http://waypost.test/r/"));
    assert_eq!(world.ask(Method::GET, "/r/nothing", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_missing_sign_offs_are_asked_for_at_once_and_only_those_that_are_ticked() {
    let (world, owner) = with_people().await;
    let person = store::all::<Person>(&world.app.db, owner.org).await.expect("people")[0].id.to_string();
    let (alpha, beta) = (outcome(&world, &owner, "Alpha", &[]).await, outcome(&world, &owner, "Beta", &[]).await);
    let page = world.get(&owner, "/expectations/ask").await.visible();
    assert!(page.contains("Two sign-offs are to be asked for"), "{page}");
    world.post(&owner, "/expectations/ask", &[("ask", &format!("{alpha}:{person}"))]).await;
    let page = world.get(&owner, "/expectations/ask").await.visible();
    assert!(page.contains("One sign-off is to be asked for") && page.contains("Beta"), "{page}");
    world.post(&owner, "/expectations/ask", &[("ask", &format!("{beta}:{person}"))]).await;
    let page = world.get(&owner, "/expectations/ask").await.visible();
    assert!(page.contains("Everyone whose sign-off is missing was asked"), "{page}");
}

#[tokio::test]
async fn home_tells_of_what_was_made_on_the_first_day_and_of_what_waits_to_be_agreed() {
    let (world, owner) = with_people().await;
    outcome(&world, &owner, "Alpha", &[("state", "proposed")]).await;
    let home = world.get(&owner, "/").await.visible();
    for part in ["Outcome: Alpha", "Agree on “Alpha”, or say no to it"] {
        assert!(home.contains(part), "“{part}” is missing in {home}");
    }
    assert!(!home.contains("people, the last"), "what nobody answers for would drown the rest: {home}");
}

#[tokio::test]
async fn the_evidence_is_met_once_all_is_measured_signed_undisputed_ranked_and_within_the_limit() {
    let (world, owner) = with_people().await;
    assert!(evidence(&world, &owner).await.iter().all(|it| !it.met), "nothing speaks for an empty organisation");
    let names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"];
    let person = store::all::<Person>(&world.app.db, owner.org).await.expect("people")[0].id.to_string();
    for name in names {
        let id = outcome(&world, &owner, name, &[]).await;
        world.post(&owner, &format!("/outcomes/{id}/ask"), &[("person", &person)]).await;
        let said = [("person", &*person), ("version", "1"), ("verdict", "signed")];
        let signed = world.post(&owner, &format!("/outcomes/{id}/say"), &said).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.visible());
    }
    let agreed = world.get(&owner, "/expectations/agreed").await.visible();
    assert!(agreed.contains("Five outcomes are agreed, and everyone who was asked has signed"), "{agreed}");
    let (path, tokens) = round(&world, &owner, "points").await;
    world.ask(Method::POST, &format!("/r/{}/1", tokens[0]), &[("p0", "100")]).await;
    world.post(&owner, &format!("{path}/close"), &[]).await;
    world.post(&owner, "/limits", &[("most", "5"), ("since", "2026-07-01"), ("reason", "As last year")]).await;
    let missing: Vec<String> =
        evidence(&world, &owner).await.into_iter().filter(|it| !it.met).map(|it| it.text).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let all = store::all::<Outcome>(&world.app.db, owner.org).await.expect("outcomes");
    assert!(all.iter().all(|it| it.state == State::Agreed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_ranks_on_a_phone_by_keyboard_and_the_meeting_takes_the_priorities_over() {
    let (world, owner) = with_people().await;
    for name in ["Alpha", "Beta", "Gamma", "Delta"] {
        outcome(&world, &owner, name, &[]).await;
    }
    let (path, tokens) = round(&world, &owner, "maxdiff").await;
    let at = serve(&world).await;
    let Some(phone) = Browser::open(390, 844).await else { return };
    phone.go(&format!("http://{at}/r/{}", tokens[0])).await;
    assert_eq!(phone.faults().await, Vec::<String>::new());
    phone.client.find(Locator::LinkText("Begin")).await.expect("a way in").click().await.expect("a click");
    for number in 1..=4 {
        phone.sees(&format!("{number} of 4")).await;
        assert_eq!(phone.faults().await, Vec::<String>::new());
        let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(phone.run(over, &[]).await, json!(0), "screen {number} scrolls sideways");
        if number == 1 {
            phone.client.find(Locator::Css("button.primary")).await.expect("a button").click().await.expect("a click");
            phone.sees("Choose the one that matters most and the one that matters least.").await;
            assert_eq!(phone.faults().await, Vec::<String>::new());
        }
        let choose = "const of = (name) => document.querySelectorAll(`input[name=${name}]`);
            of('best')[0].click(); of('worst')[1].click();";
        phone.run(choose, &[]).await;
        phone.client.find(Locator::Css("button.primary")).await.expect("a button").click().await.expect("a click");
    }
    phone.sees("Thank you").await;
    phone.close().await;

    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    browser.go(&format!("http://{at}{path}")).await;
    browser.sees("2 of 3 people have yet to say what matters most").await;
    world.post(&owner, &format!("{path}/close"), &[]).await;
    browser.go(&format!("http://{at}{path}")).await;
    browser.sees("matters most to the one who answered").await;
    assert_eq!(browser.faults().await, Vec::<String>::new());
    browser
        .client
        .find(Locator::Css("#priorities button.primary"))
        .await
        .expect("a button")
        .click()
        .await
        .expect("a click");
    browser.sees("4 outcomes have new priorities.").await;
    assert_eq!(browser.faults().await, Vec::<String>::new());
    browser.close().await;
}
