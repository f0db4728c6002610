//! Team composition: skills, gaps, plans, time; and that single ratings are seen by the person and their lead only.

use axum::http::StatusCode;
use kit::{
    people::{Person, PersonId},
    rights::Role,
    store,
};
use people::team::model::{Need, Plan, Rating, Skill, TimeShare};

use crate::{
    browser::{Browser, ENTER, serve, sign_in},
    import::bring,
    world::{User, World},
};

/// The people of these tests and their accounts.
struct Team {
    world: World,
    /// Owner; leads the finance director, who leads Tom.
    chief: User,
    /// The lead of Tom, in the business.
    finance: User,
    /// Leads IT.
    tom: User,
    /// Leads Cora.
    nele: User,
    /// Rates herself; Nele is her lead, Tom is Nele's.
    cora: User,
    /// Reports to Tom.
    filip: User,
    consultant: User,
    ids: Vec<PersonId>,
}

const PEOPLE: [(&str, &str, Option<usize>, Role); 6] = [
    ("Helen Chief", "business", None, Role::Owner),
    ("Orla Finance", "business", Some(0), Role::Finance),
    ("Tom Leader", "it", Some(1), Role::ItLeader),
    ("Nele Desk", "it", Some(2), Role::Contributor),
    ("Cora Help", "it", Some(3), Role::Contributor),
    ("Filip Net", "it", Some(2), Role::Viewer),
];

/// What Cora wrote, which nobody else may read.
const SECRET: &str = "Mended the scanner gate alone";

impl Team {
    async fn new() -> Team {
        let world = World::new().await;
        let org = world.organisation("Harbour").await;
        let consultant = world.user(org, Role::Consultant).await;
        let (mut users, mut ids, mut links) = (Vec::new(), Vec::<PersonId>::new(), Vec::new());
        for (name, side, lead, role) in PEOPLE {
            let user = world.user(org, role).await;
            let email = world.email(&user).await;
            let manager = lead.map_or(String::new(), |at: usize| ids[at].to_string());
            let fields = [("name", name), ("email", &email), ("side", side), ("manager", &manager)];
            let made = world.post(&consultant, "/people", &fields).await;
            assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
            links.push(made.location().to_owned());
            ids.push(PersonId(made.location().trim_start_matches("/people/").parse().expect("an identifier")));
            users.push(user);
        }
        let mut users = users.into_iter();
        let mut next = || users.next().expect("six people");
        Team {
            chief: next(),
            finance: next(),
            tom: next(),
            nele: next(),
            cora: next(),
            filip: next(),
            consultant,
            ids,
            world,
        }
    }

    async fn skill(&self, name: &str) -> String {
        let made = self.world.post(&self.tom, "/skills", &[("name", name), ("field", "Service")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
        made.location().trim_start_matches("/skills/").to_owned()
    }

    async fn need(&self, skill: &str, level: &str, people: &str, starts: &str) -> String {
        let what = format!("Work with {skill}");
        let fields = [("what_for", &*what), ("skill", skill), ("level", level), ("people", people), ("starts", starts)];
        let made = self.world.post(&self.tom, "/skill-needs", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
        made.location().trim_start_matches("/skill-needs/").to_owned()
    }

    /// Somebody says of somebody where they stand.
    async fn rate(&self, who: &User, of: usize, skill: &str, level: &str, evidence: &str) -> StatusCode {
        let (field, shows) = (format!("level.{skill}"), format!("evidence.{skill}"));
        let path = format!("/team/people/{}", self.ids[of]);
        self.world.post(who, &path, &[(&field, level), (&shows, evidence)]).await.status
    }

    /// The three beside Cora cannot do it: so it is known of everybody.
    async fn others_cannot(&self, skill: &str) {
        for (who, of) in [(&self.tom, 2), (&self.nele, 3), (&self.filip, 5)] {
            assert_eq!(self.rate(who, of, skill, "1", "").await, StatusCode::SEE_OTHER);
        }
    }

    async fn ratings(&self) -> Vec<Rating> {
        store::all(&self.world.app.db, self.tom.org).await.expect("ratings")
    }

    /// Everyone but Cora and her leads within IT.
    fn others(&self) -> [(&'static str, &User); 4] {
        [
            ("a peer", &self.filip),
            ("the owner", &self.chief),
            ("the lead's lead's lead, in the business", &self.finance),
            ("a consultant", &self.consultant),
        ]
    }
}

/// Makes somebody a member of the team: with a rating of their own, which only they see, a plan to hire, and a week.
pub async fn lived_in(world: &World, user: &User) {
    let email = world.email(user).await;
    let me = [("name", "Dana Whitlock"), ("email", &*email), ("side", "it")];
    let me = world.post(user, "/people", &me).await.location().to_owned();
    let skill = world.post(user, "/skills", &[("name", "Networks"), ("field", "Infrastructure")]).await;
    let skill = skill.location().trim_start_matches("/skills/").to_owned();
    let need = [("what_for", "Office and plant are connected"), ("skill", &*skill), ("level", "3")];
    world.post(user, "/skill-needs", &need).await;
    let later = [("what_for", "New hall"), ("skill", &*skill), ("level", "4"), ("starts", "2027-03-01")];
    world.post(user, "/skill-needs", &later).await;
    let (level, evidence) = (format!("level.{skill}"), format!("evidence.{skill}"));
    world.post(user, &format!("/team{me}"), &[(&*level, "4"), (&*evidence, "Moved it over a weekend")]).await;
    let plan = [("title", "A second one"), ("skill", &*skill), ("way", "hire"), ("state", "agreed"), ("level", "3")];
    let plan = [&plan[..], &[("due", "2027-02-01"), ("once", "9000"), ("yearly", "70000")]].concat();
    world.post(user, "/skill-plans", &plan).await;
    world.post(user, "/team/time", &[("week", "2026-11-16"), ("leading", "40"), ("fixing", "35")]).await;
}

const LEVEL: &str = "4 hard cases";

/// Cora has rated herself, and Nele has given her view.
async fn rated() -> (Team, String, String) {
    let team = Team::new().await;
    let skill = team.skill("Scanner gates").await;
    team.need(&skill, "3", "2", "").await;
    assert_eq!(team.rate(&team.cora, 4, &skill, "4", SECRET).await, StatusCode::SEE_OTHER);
    let rating = team.ratings().await.remove(0).id.to_string();
    (team, skill, rating)
}

#[tokio::test]
async fn a_person_and_their_leads_within_it_read_a_rating_and_nobody_else_learns_of_it_on_any_page() {
    let (team, skill, rating) = rated().await;
    let world = &team.world;
    let paths = [
        "/skill-ratings".to_owned(),
        format!("/skill-ratings/{rating}"),
        format!("/skill-ratings/{rating}/edit"),
        format!("/skill-ratings/{rating}/history"),
        "/skill-ratings/export/csv".to_owned(),
        "/skill-ratings/export/json".to_owned(),
        format!("/team/people/{}", team.ids[4]),
        format!("/people/{}", team.ids[4]),
        format!("/skills/{skill}"),
        "/palette?q=cora".to_owned(),
        "/palette?q=scanner".to_owned(),
        "/audit".to_owned(),
        "/audit/export/csv".to_owned(),
        "/thread".to_owned(),
        "/team".to_owned(),
        "/team/gaps".to_owned(),
        format!("/team/gaps?leaves={}", team.ids[4]),
        "/team/people".to_owned(),
        "/team/plan".to_owned(),
        "/journey/c06".to_owned(),
        "/".to_owned(),
        "/import".to_owned(),
    ];
    for (who, user) in team.others() {
        for path in &paths {
            let answer = world.get(user, path).await;
            assert!(
                [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answer.status),
                "{who} {path}: {}",
                answer.status
            );
            for told in [SECRET, LEVEL, &rating] {
                assert!(!answer.text().contains(told), "{who} learns {told} on {path}: {}", answer.visible());
            }
        }
        for path in &paths[1..4] {
            assert!(
                [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&world.get(user, path).await.status),
                "{who} {path}"
            );
        }
        assert_eq!(world.get(user, &paths[6]).await.status, StatusCode::NOT_FOUND, "{who}");
    }
    for (who, user) in [("Cora", &team.cora), ("the lead", &team.nele), ("the lead's lead", &team.tom)] {
        let page = world.get(user, &paths[1]).await;
        assert_eq!(page.status, StatusCode::OK, "{who}");
        assert!(page.visible().contains(SECRET) && page.visible().contains(LEVEL), "{who}: {}", page.visible());
        assert!(page.visible().contains("Cora Help · Scanner gates"), "{who}: {}", page.visible());
        assert!(world.get(user, &paths[6]).await.text().contains(SECRET), "{who}");
        assert!(world.get(user, "/palette?q=scanner").await.text().contains(&rating), "{who}");
    }
    let csv = world.get(&team.tom, "/skill-ratings/export/csv").await.text();
    assert!(csv.contains(SECRET) && csv.contains(&rating), "{csv}");
    assert!(world.get(&team.tom, "/audit").await.text().contains(&rating));
    assert!(world.get(&team.tom, "/audit/export/csv").await.text().contains(SECRET));
}

#[tokio::test]
async fn nobody_writes_a_rating_that_they_may_not_see_and_nobody_their_own_leads_view() {
    let (team, skill, rating) = rated().await;
    let world = &team.world;
    let (cora, before) = (team.ids[4].to_string(), team.ratings().await);
    for (who, user) in team.others() {
        let fields = [("person", &*cora), ("skill", &*skill), ("own", "1"), ("version", "1")];
        let made = world.post(user, "/skill-ratings", &fields).await;
        assert!([StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN].contains(&made.status), "{who}");
        assert!(!made.text().contains("already"), "{who} learns that there is one: {}", made.visible());
        for act in ["", "/delete", "/links"] {
            let path = format!("/skill-ratings/{rating}{act}");
            let status = world.post(user, &path, &fields).await.status;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status), "{who} {path}: {status}");
        }
        assert_eq!(team.rate(user, 4, &skill, "1", "").await, StatusCode::NOT_FOUND, "{who}");
    }
    let own = [("person", &*cora), ("skill", &*skill), ("own", "4"), ("lead", "6"), ("version", "1")];
    let refused = world.post(&team.cora, &format!("/skill-ratings/{rating}"), &own).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("This is for your lead to say"), "{}", refused.visible());
    assert_eq!(team.ratings().await, before);
    assert_eq!(team.rate(&team.nele, 4, &skill, "2", SECRET).await, StatusCode::SEE_OTHER);
    let after = team.ratings().await.remove(0);
    assert_eq!((after.own.map(|it| it.number()), after.lead.map(|it| it.number())), (Some(4), Some(2)));
}

#[tokio::test]
async fn an_import_says_nothing_of_ratings_that_whoever_brings_it_may_not_see() {
    let (team, _, rating) = rated().await;
    let world = &team.world;
    let address = world.email(&team.cora).await;
    let same = format!("Person,Skill,Own view\n{address},Scanner gates,4\n");
    let other = format!("Person,Skill,Own view\n{address},Scanner gates,1\n");
    let known = format!("Identifier,Person,Skill,Own view\n{rating},{address},Scanner gates,1\n");
    let mut said = Vec::new();
    for file in [&same, &other, &known] {
        let sent = bring(world, &team.chief, "skill_rating", "ratings.csv", file.as_bytes()).await;
        let page = world.get(&team.chief, sent.location()).await;
        assert!(page.visible().contains("You may see no skill rating of this"), "{}", page.visible());
        assert!(!page.text().contains(SECRET) && !page.text().contains("becomes"), "{}", page.visible());
        let lines = world.get(&team.chief, &format!("{}/lines/csv", sent.location())).await.text();
        said.push(lines);
    }
    assert_eq!(said[0], said[1], "the dry run tells what stands there");
    assert_eq!(said[1], said[2], "an identifier tells what stands there");
    // Who may see the rating reads what would change, and nobody else reads their file.
    let sent = bring(world, &team.tom, "skill_rating", "ratings.csv", other.as_bytes()).await;
    let page = world.get(&team.tom, sent.location()).await;
    assert!(page.visible().contains("becomes"), "{}", page.visible());
    for act in ["", "/lines/csv"] {
        let path = format!("{}{act}", sent.location());
        assert_eq!(world.get(&team.chief, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for act in ["", "/commit", "/undo", "/discard"] {
        let path = format!("{}{act}", sent.location());
        assert_eq!(world.post(&team.chief, &path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!world.get(&team.chief, "/import").await.text().contains(sent.location()));
}

#[tokio::test]
async fn what_hidden_ratings_name_is_not_deleted_and_their_links_are_not_told() {
    let (team, skill, rating) = rated().await;
    let world = &team.world;
    let refused = world.post(&team.consultant, &format!("/skills/{skill}/delete"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("One record that names it is not for you to see"), "{}", refused.visible());
    let action = [("title", "Show Cora the gate"), ("about", "action"), ("state", "open")];
    let action = world.post(&team.tom, "/actions", &action).await.location().to_owned();
    let link = [("kind", "action"), ("title", "Show Cora the gate"), ("direction", "to")];
    let tied = world.post(&team.tom, &format!("/skill-ratings/{rating}/links"), &link).await;
    assert_eq!(tied.status, StatusCode::SEE_OTHER, "{}", tied.visible());
    assert!(world.get(&team.tom, &action).await.text().contains("Cora Help · Scanner gates"));
    for (who, user) in team.others() {
        for path in [&*action, "/thread", "/audit", &format!("{action}/history")] {
            let page = world.get(user, path).await.text();
            assert!(!page.contains("Cora Help · Scanner"), "{who} {path}");
        }
    }
    let links = kit::thread::all(&world.app.db, team.tom.org).await.expect("links");
    let status = world.post(&team.chief, &format!("/links/{}/delete", links[0].id), &[]).await.status;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody unties what they may not see");
}

#[tokio::test]
async fn counts_are_told_to_others_only_from_a_group_that_is_large_enough() {
    let (team, skill, _) = rated().await;
    let world = &team.world;
    let page = world.get(&team.chief, "/team").await.visible();
    assert!(page.contains("is not shown here") && !page.contains("1 of 2"), "{page}");
    for path in ["/team", "/team/gaps", "/team/plan"] {
        let page = world.get(&team.tom, path).await.visible();
        assert!(page.contains("How one skill is covered is not known yet: 1 of 4 people are rated"), "{path}: {page}");
        assert!(!page.contains("hangs on one") && !page.contains("0 of 1"), "one of four was asked: {path}: {page}");
    }
    team.others_cannot(&skill).await;
    // Whoever leads everyone sees it all the same.
    let page = world.get(&team.tom, "/team").await.visible();
    assert!(page.contains("Scanner gates hangs on one person") && page.contains("Cora Help"), "{page}");
    let fifth = [("name", "Zoe Plant"), ("side", "it"), ("manager", &*team.ids[2].to_string())];
    let zoe = world.post(&team.consultant, "/people", &fifth).await.location().to_owned();
    assert!(world.get(&team.chief, "/team").await.visible().contains("is not shown here"), "four are too few");
    let path = format!("/team{zoe}");
    world.post(&team.tom, &path, &[(&format!("level.{skill}"), "2")]).await;
    for path in ["/team", "/team/gaps"] {
        let page = world.get(&team.chief, path).await;
        assert!(page.visible().contains("1 of 2"), "{}", page.visible());
        assert!(!page.visible().contains("Cora") && !page.visible().contains("Who leaves"), "{}", page.visible());
    }
    let page = world.get(&team.chief, &format!("/team/gaps?leaves={}", team.ids[4])).await.visible();
    assert!(!page.contains("leaves:"), "what goes with somebody tells of their level: {page}");
    let email = world.email(&team.cora).await;
    let nele = team.ids[3].to_string();
    let leaves = [("name", "Cora Help"), ("email", &*email), ("side", "it"), ("manager", &*nele)];
    let leaves = [&leaves[..], &[("ends", "2026-12-31"), ("version", "1")]].concat();
    assert_eq!(
        world.post(&team.consultant, &format!("/people/{}", team.ids[4]), &leaves).await.status,
        StatusCode::SEE_OTHER
    );
    let plan = async |user: &User| world.get(user, "/team/plan").await.visible();
    assert!(plan(&team.tom).await.contains("1 of 2 people today, 0 of 2 then, as Cora Help leaves"));
    let page = plan(&team.chief).await;
    assert!(page.contains("1 of 2 people today, and nothing is planned"), "the same of the plan: {page}");
    let page = world.get(&team.tom, &format!("/team/gaps?leaves={}", team.ids[4])).await.visible();
    assert!(page.contains("If Cora Help leaves: one skill falls further below safe cover: scanner gates"), "{page}");
    assert!(page.contains("Zoe Plant"), "who is nearest to stand in: {page}");
}

#[tokio::test]
async fn our_list_is_taken_in_once_and_what_was_changed_stays() {
    let world = World::new().await;
    let owner = world.owner().await;
    assert!(world.get(&owner, "/team").await.visible().contains("Begin with a list of skills"));
    assert_eq!(world.post(&owner, "/team/our-list", &[]).await.status, StatusCode::SEE_OTHER);
    let skills = async || store::all::<Skill>(&world.app.db, owner.org).await.expect("skills");
    let first = skills().await;
    assert!(first.len() >= 55, "{}", first.len());
    let path = format!("/skills/{}", first[0].id);
    let change = [("name", first[0].name.as_str()), ("about", "In our words"), ("version", "1")];
    assert_eq!(world.post(&owner, &path, &change).await.status, StatusCode::SEE_OTHER);
    world.post(&owner, "/team/our-list", &[]).await;
    assert_eq!(skills().await.len(), first.len());
    let file = world.get(&owner, "/team/our-list/csv").await;
    assert!(file.text().starts_with("Skill,Field,"), "{}", file.text());
    assert_eq!(world.get(&owner, "/team/our-list/exe").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_framework_that_an_organisation_licenses_comes_in_by_its_own_columns() {
    let world = World::new().await;
    let owner = world.owner().await;
    let file = b"Code;Category;Skill name;Overall description\nABCD;First part;Some skill;What it is about\n";
    let batch = bring(&world, &owner, "skill", "framework.csv", file).await.location().to_owned();
    let page = world.get(&owner, &batch).await;
    let text = page.text();
    let (_, rest) = text.split_once("name=\"fingerprint\" value=\"").expect("a dry run");
    let shown = rest.split('"').next().expect("a quote");
    world.post(&owner, &format!("{batch}/commit"), &[("fingerprint", shown)]).await;
    let all = store::all::<Skill>(&world.app.db, owner.org).await.expect("skills");
    assert_eq!((all[0].name.as_str(), all[0].sfia_code.as_deref()), ("Some skill", Some("ABCD")));
    assert_eq!(all[0].field.as_deref(), Some("First part"));
}

#[tokio::test]
async fn two_who_rate_the_same_do_not_overwrite_each_other_and_a_step_that_is_none_comes_back() {
    let (team, skill, _) = rated().await;
    let world = &team.world;
    let path = format!("/team/people/{}", team.ids[4]);
    let (level, was) = (format!("level.{skill}"), format!("was-level.{skill}"));
    let evidence = (format!("evidence.{skill}"), format!("was-evidence.{skill}"));
    // Nele and Tom both opened the form when there was no view of a lead.
    assert_eq!(team.rate(&team.nele, 4, &skill, "2", SECRET).await, StatusCode::SEE_OTHER);
    let late = [(&*level, "5"), (&*was, ""), (&*evidence.0, SECRET), (&*evidence.1, SECRET)];
    let answer = world.post(&team.tom, &path, &late).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.visible();
    assert!(page.contains("Someone else changed this meanwhile") && page.contains("2 with a guide 5 "), "{page}");
    assert!(answer.text().contains("value=\"5\" selected"), "what was chosen stays");
    let wrong = world.post(&team.cora, &path, &[(&*level, "9"), (&*was, "4"), (&*evidence.0, "Kept text")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.visible().contains("is no step of the ladder") && wrong.text().contains("Kept text"));
}

#[tokio::test]
async fn a_gap_becomes_a_plan_with_costs_by_year_and_a_profile_and_costs_are_for_those_who_see_them() {
    let (team, skill, _) = rated().await;
    let world = &team.world;
    team.others_cannot(&skill).await;
    let tom = team.ids[2].to_string();
    let role =
        world.post(&team.tom, "/roles", &[("name", "Gate engineer"), ("decides", "Which gates are mended")]).await;
    let role = role.location().trim_start_matches("/roles/").to_owned();
    let other = team.skill("Label printers").await;
    let good = [("what_for", "Labels"), ("skill", &*other), ("level", "2"), ("desirable", "yes"), ("role", &*role)];
    assert_eq!(world.post(&team.tom, "/skill-needs", &good).await.status, StatusCode::SEE_OTHER);
    let plan = [
        ("role", &*role),
        ("title", "Somebody for the gates"),
        ("skill", &*skill),
        ("way", "hire"),
        ("state", "agreed"),
        ("gap", "Nobody stands in for the gates"),
        ("reports_to", &*tom),
        ("level", "4"),
        ("due", "2027-02-01"),
        ("once", "12000"),
        ("yearly", "70000"),
    ];
    let made = world.post(&team.tom, "/skill-plans", &plan).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.visible());
    let id = made.location().trim_start_matches("/skill-plans/").to_owned();
    let page = world.get(&team.tom, "/team/plan").await.visible();
    for expected in ["0 of 1 skills safe today, 1 of 1 in eighteen months", "FY 2027 £12,000", "FY 2028 £0"] {
        assert!(page.contains(expected), "{expected} is missing: {page}");
    }
    assert!(!page.contains("still short"), "one and the one who is hired are two: {page}");
    team.need(&skill, "4", "4", "").await;
    let page = world.get(&team.tom, "/team/plan").await.visible();
    assert!(page.contains("Scanner gates: 1 of 4 people today, 2 of 4 then"), "a plan that is not enough: {page}");
    let email = world.email(&team.cora).await;
    let nele = team.ids[3].to_string();
    let leaves = [("name", "Cora Help"), ("email", &*email), ("side", "it"), ("manager", &*nele)];
    let leaves = [&leaves[..], &[("ends", "2026-12-31"), ("version", "1")]].concat();
    world.post(&team.consultant, &format!("/people/{}", team.ids[4]), &leaves).await;
    let page = world.get(&team.tom, "/team/plan").await.visible();
    let made_up = "Scanner gates: 1 of 4 people today, 1 of 4 then, as Cora Help leaves";
    assert!(page.contains(made_up), "a plan that makes up for somebody: {page}");
    let sheet = world.get(&team.tom, &format!("/team/profiles/{id}")).await.visible();
    for expected in [
        "Gate engineer",
        "Which gates are mended",
        "Good to have Skill At least That is Label printers",
        "Tom Leader",
        "4 hard cases",
        "Finds the way out of cases",
    ] {
        assert!(sheet.contains(expected), "{expected} is missing: {sheet}");
    }
    let plan = format!("/skill-plans/{id}");
    let history = format!("{plan}/history");
    for path in ["/team/plan", "/skill-plans", &*plan, &*history, "/team", "/team/gaps", "/palette?q=gates"] {
        let page = world.get(&team.filip, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let shows =
            ["12,000", "70,000", "12000", "70000", "1200000", "7000000"].iter().any(|it| page.text().contains(it));
        assert!(!shows, "{path} shows an amount to somebody who does not see costs: {}", page.visible());
    }
    let page = world.get(&team.filip, "/team/plan").await.visible();
    for expected in ["Somebody for the gates", "Hire", "1 February 2027", "Agreed"] {
        assert!(page.contains(expected), "{expected} is missing: {page}");
    }
    assert!(!page.contains("For the budget"), "{page}");
    assert_eq!(world.get(&team.filip, &format!("/team/profiles/{id}")).await.status, StatusCode::OK);
    let file = world.get(&team.tom, "/team/plan/chart/svg").await;
    assert!(file.text().contains("<svg"), "{}", file.status);
    let less = [("title", "Free of charge"), ("skill", &*skill), ("way", "hire"), ("state", "agreed"), ("once", "-5")];
    assert_eq!(world.post(&team.tom, "/skill-plans", &less).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_need_that_begins_later_is_no_gap_today_and_shows_what_falls_when_it_does() {
    let (team, _, _) = rated().await;
    let other = team.skill("Loading cranes").await;
    let need = team.need(&other, "4", "2", "2027-03-01").await;
    let world = &team.world;
    let unknown = world.get(&team.tom, &format!("/team/gaps?begins={need}")).await.visible();
    assert!(!unknown.contains("begins today"), "one of four is rated, so nobody can say: {unknown}");
    team.others_cannot(&other).await;
    assert!(!world.get(&team.tom, "/team").await.visible().contains("Loading cranes"));
    let page = world.get(&team.tom, &format!("/team/gaps?begins={need}")).await.visible();
    assert!(page.contains("begins today: one skill falls below safe cover: loading cranes"), "{page}");
    let wrong =
        [("what_for", "X"), ("skill", &*other), ("level", "3"), ("starts", "2027-03-01"), ("ends", "2027-02-01")];
    let refused = world.post(&team.tom, "/skill-needs", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("The skill need ends before it begins"), "{}", refused.visible());
}

#[tokio::test]
async fn what_no_plan_reaches_and_what_is_needed_later_is_still_short_and_what_was_short_falls_further() {
    let (team, skill, _) = rated().await;
    let world = &team.world;
    team.others_cannot(&skill).await;
    let plan = [("title", "A beginner"), ("skill", &*skill), ("way", "hire"), ("state", "agreed"), ("level", "2")];
    let plan = [&plan[..], &[("due", "2027-02-01")]].concat();
    assert_eq!(world.post(&team.tom, "/skill-plans", &plan).await.status, StatusCode::SEE_OTHER);
    let later = team.skill("Loading cranes").await;
    team.need(&later, "4", "2", "2027-03-01").await;
    team.others_cannot(&later).await;
    let page = world.get(&team.tom, "/team/plan").await.visible();
    for expected in [
        "Scanner gates: 1 of 2 people today, and no plan for it reaches “3 alone”",
        "Loading cranes: 0 of 2 people, once it is needed, and nothing is planned",
    ] {
        assert!(page.contains(expected), "{expected} is missing: {page}");
    }
    let page = world.get(&team.tom, &format!("/team/gaps?leaves={}", team.ids[4])).await.visible();
    assert!(page.contains("one skill falls further below safe cover: scanner gates"), "{page}");
}

#[tokio::test]
async fn a_week_is_noted_changed_and_refused_where_it_has_more_than_a_hundred_per_cent() {
    let team = Team::new().await;
    let world = &team.world;
    let note = async |leading: &str, fixing: &str| {
        world.post(&team.tom, "/team/time", &[("week", "2026-11-18"), ("leading", leading), ("fixing", fixing)]).await
    };
    assert_eq!(note("40", "35").await.status, StatusCode::SEE_OTHER);
    assert_eq!(note("45 %", "30").await.status, StatusCode::SEE_OTHER);
    let weeks = store::all::<TimeShare>(&world.app.db, team.tom.org).await.expect("weeks");
    assert_eq!((weeks.len(), weeks[0].led, weeks[0].week.to_string().as_str()), (1, 45, "2026-11-16"));
    let page = world.get(&team.tom, "/team/time").await.visible();
    assert!(page.contains("Tom Leader spends 45% of the week on leading; still less than half"), "{page}");
    let refused = note("70", "40").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("110 per cent") && refused.text().contains("value=\"70\""));
    assert_eq!(world.post(&team.filip, "/team/time", &[]).await.status, StatusCode::FORBIDDEN);
    let tom = team.ids[2].to_string();
    let of_tom = |week: &'static str| [("person", &*tom), ("week", week), ("led", "90"), ("fixing", "5")];
    let by_another = world.post(&team.nele, "/time-shares", &of_tom("2026-11-09")).await;
    assert_eq!(by_another.status, StatusCode::FORBIDDEN, "a contributor notes no week but their own");
    let to_come = world.post(&team.tom, "/time-shares", &of_tom("2027-11-22")).await;
    assert_eq!(to_come.status, StatusCode::UNPROCESSABLE_ENTITY, "a week to come is not spent yet");
    assert!(world.get(&team.tom, "/team/time/chart/svg").await.text().contains("<svg"));
}

#[tokio::test]
async fn the_evidence_says_what_is_compared_what_hangs_on_one_and_what_is_planned() {
    let (team, skill, _) = rated().await;
    let form = team.world.get(&team.tom, "/skill-needs/new").await.text();
    assert!(form.contains("<option value=\"3\" selected"), "a need begins with standing alone: {form}");
    let page = team.world.get(&team.tom, "/journey/c06").await.visible();
    assert!(page.contains("0 of 1 needed skills were rated by most of the team"), "{page}");
    assert!(page.contains("nobody 0 of 1 do; not known yet of 1, for want of ratings"), "{page}");
    team.others_cannot(&skill).await;
    let page = team.world.get(&team.tom, "/journey/c06").await.visible();
    assert!(page.contains("No needed skill hangs on one person or on nobody 1 of 1 do"), "{page}");
    let home = team.world.get(&team.tom, "/").await.visible();
    assert!(home.contains("Scanner gates hangs on one person: train, hire, source or drop?"), "{home}");
}

#[tokio::test]
async fn the_registers_of_the_team_belong_to_one_organisation() {
    let (team, ..) = rated().await;
    let stranger = team.world.owner().await;
    for path in [format!("/team/people/{}", team.ids[4]), format!("/team/profiles/{}", team.ids[4])] {
        assert_eq!(team.world.get(&stranger, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!team.world.get(&stranger, "/team/gaps").await.text().contains("Scanner"));
    let needs = store::all::<Need>(&team.world.app.db, stranger.org).await.expect("needs").len();
    let plans = store::all::<Plan>(&team.world.app.db, stranger.org).await.expect("plans").len();
    let people = store::all::<Person>(&team.world.app.db, stranger.org).await.expect("people").len();
    assert_eq!((needs, plans, people), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_rates_themselves_on_a_phone_and_their_lead_answers_and_plans() {
    let team = Team::new().await;
    let skill = team.skill("Scanner gates").await;
    team.need(&skill, "3", "2", "").await;
    team.others_cannot(&skill).await;
    let at = serve(&team.world).await;
    let Some(browser) = Browser::open(390, 844).await else { return };
    sign_in(&browser, at, &team.cora.cookie).await;
    browser.go(&format!("http://{at}/team")).await;
    browser.sees("You have not said yet where you stand on one skill").await;
    browser.tab_to("Say where you stand").await;
    browser.press(ENTER).await;
    browser.sees("Where do you stand?").await;
    browser.run("document.querySelector('select').value = '4'", &[]).await;
    browser.tab_to("Save").await;
    browser.press(ENTER).await;
    browser.sees("Saved: one of your ratings.").await;
    browser.close().await;

    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &team.tom.cookie).await;
    browser.go(&format!("http://{at}/team/people/{}", team.ids[4])).await;
    browser.sees("Cora Help says: 4 hard cases").await;
    browser.run("document.querySelector('select').value = '3'", &[]).await;
    browser.tab_to("Save").await;
    browser.press(ENTER).await;
    browser.sees("Saved: one of Cora Help’s ratings.").await;
    browser.go(&format!("http://{at}/team/gaps")).await;
    browser.sees("Scanner gates hangs on one person").await;
    browser.tab_to("Plan for Scanner gates").await;
    browser.press(ENTER).await;
    browser.sees("New skill plan").await;
    assert!(browser.run("return document.querySelector('[name=gap]').value", &[]).await.to_string().contains("1 of 2"));
    browser.close().await;
}
