//! The vision above the budget and the board pack; what contracts and plans cost comes into the budget once; what
//! services and projects ask of the team.

use std::io::{Cursor, Read};

use axum::http::StatusCode;
use calc::money::Money;
use kit::{rights::Role, store, thread};
use people::team::model::Plan;
use planning::budget::BudgetLine;

use crate::{
    browser::{Browser, ENTER, serve, sign_in},
    import::{bring, fingerprint},
    world::{Answer, User, World},
};

async fn made(world: &World, user: &User, path: &str, fields: &[(&str, &str)]) -> String {
    let made = world.post(user, path, fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{path}: {}", made.visible());
    made.location().split(['?', '#']).next().expect("an address").to_owned()
}

fn id(address: &str) -> &str {
    address.rsplit_once('/').expect("an address of a record").1
}

const WORDING: &str = "A report is written where the work is done.";

async fn vision(world: &World, user: &User) {
    let fields = [("title", "What it is for"), ("wording", WORDING), ("state", "current")];
    made(world, user, "/visions", &fields).await;
}

/// A plan that costs 9,000 once and 70,000 a year from the first day of the budget that is being made.
async fn plan(world: &World, user: &User, title: &str) -> String {
    let skill = made(world, user, "/skills", &[("name", title), ("field", "Infrastructure")]).await;
    let fields = [
        ("title", title),
        ("skill", id(&skill)),
        ("way", "hire"),
        ("state", "agreed"),
        ("due", "2027-07-01"),
        ("once", "9000"),
        ("yearly", "70000"),
    ];
    made(world, user, "/skill-plans", &fields).await
}

/// A contract of 1,000 a month that renews by itself.
async fn contract(world: &World, user: &User, name: &str) -> String {
    let supplier = made(world, user, "/suppliers", &[("name", name)]).await;
    let fields = [
        ("name", name),
        ("supplier", id(&supplier)),
        ("starts", "2026-01-01"),
        ("term_months", "12"),
        ("auto_renew", "yes"),
        ("notice", "3 months"),
        ("price", "1000"),
        ("billing", "month"),
    ];
    made(world, user, "/contracts", &fields).await
}

/// Makes an organisation whose pages of these areas have something on them.
pub async fn lived_in(world: &World, user: &User) {
    made(world, user, "/services", &[("name", "Help for everyone"), ("state", "live")]).await;
    made(world, user, "/processes", &[("name", "From a request to an answer")]).await;
    let project = [("name", "A new hall"), ("state", "planned"), ("starts", "2027-03-01"), ("ends", "2027-09-30")];
    let project = made(world, user, "/projects", &project).await;
    let skill = made(world, user, "/skills", &[("name", "Wireless"), ("field", "Infrastructure")]).await;
    let need = [("what_for", "Readings in the hall"), ("skill", id(&skill)), ("level", "3"), ("project", id(&project))];
    made(world, user, "/skill-needs", &need).await;
    contract(world, user, "Lines").await;
    let by_hand = [("year", "2028"), ("title", "People"), ("purpose", "run"), ("state", "agreed"), ("yearly", "70000")];
    made(world, user, "/budget-lines", &by_hand).await;
    let before = [("year", "2027"), ("title", "All of it"), ("purpose", "grow"), ("state", "agreed"), ("once", "5000")];
    made(world, user, "/budget-lines", &before).await;
}

/// What the form of the budget would send if everything on it were ticked.
fn ticked(page: &Answer) -> Vec<(String, String)> {
    let text = page.text();
    let boxes = text.split("name=\"take-").skip(1).map(|it| {
        let (id, rest) = it.split_once('"').expect("a name");
        let value = rest.split("value=\"").nth(1).and_then(|it| it.split('"').next()).expect("a value");
        (format!("take-{id}"), value.replace("&#43;", "+"))
    });
    boxes.collect()
}

async fn take(world: &World, user: &User, ticked: &[(String, String)]) -> String {
    let mut fields = vec![("year", "2028"), ("purpose", "grow")];
    fields.extend(ticked.iter().map(|(key, it)| (&**key, &**it)));
    let answer = world.post(user, "/budget/take", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.visible());
    let to = answer.location().to_owned();
    assert!(to.starts_with("/budget?year=2028"), "{to}");
    let message = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|it| it.to_str().ok())
        .find(|it| it.starts_with("flash"));
    kit::web::unpercent(message.unwrap_or_default())
}

async fn lines(world: &World, user: &User) -> Vec<BudgetLine> {
    store::all(&world.app.db, user.org).await.expect("budget lines")
}

fn minor(amount: Option<Money>) -> i64 {
    amount.map_or(0, Money::minor)
}

#[tokio::test]
async fn the_vision_stands_on_top_of_the_budget_and_of_the_board_pack_as_page_and_as_document() {
    let world = World::new().await;
    let owner = world.owner().await;
    for path in ["/budget", "/board-pack"] {
        let before = world.get(&owner, path).await;
        assert_eq!(before.status, StatusCode::OK, "{path}");
        assert!(before.visible().contains("stands here once one is current"), "{path}: {}", before.visible());
    }
    vision(&world, &owner).await;
    for path in ["/budget", "/board-pack"] {
        let text = world.get(&owner, path).await.text();
        let (vision, heading) = (text.find(WORDING), text.find("<h1>"));
        assert!(vision.expect(path) < heading.expect(path), "{path}: the vision is not on top");
    }
    let file = world.get(&owner, "/board-pack/docx").await;
    assert_eq!(file.status, StatusCode::OK);
    let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes)).expect("a DOCX");
    let mut text = String::new();
    zip.by_name("word/document.xml").expect("its text").read_to_string(&mut text).expect("UTF-8");
    assert!(text.find(WORDING).expect("the vision") < text.find("In short").expect("the finding"));
    assert_eq!(world.get(&owner, "/board-pack/pdf").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_plans_and_contracts_cost_comes_into_the_budget_once_and_is_tied_to_where_it_comes_from() {
    let world = World::new().await;
    let owner = world.owner().await;
    let plan = plan(&world, &owner, "A second developer").await;
    contract(&world, &owner, "Firewalls").await;
    let page = world.get(&owner, "/budget").await;
    assert!(
        page.visible().contains("FY 2028 has no budget yet; contracts and plans come to £91,000.00"),
        "{}",
        page.visible()
    );
    let all = ticked(&page);
    assert_eq!(all.len(), 2);
    assert!(take(&world, &owner, &all).await.contains("2 costs were taken in, £91,000.00 together."));
    let after = lines(&world, &owner).await;
    let mut amounts: Vec<(String, i64, i64, &str)> =
        after.iter().map(|it| (it.title.clone(), minor(it.once), minor(it.yearly), it.purpose.key())).collect();
    amounts.sort();
    assert_eq!(
        amounts,
        [("A second developer".to_owned(), 900_000, 7_000_000, "grow"), ("Firewalls".to_owned(), 0, 1_200_000, "grow")]
    );
    // Sent again, as by a second press of the button, it changes nothing.
    assert!(take(&world, &owner, &all).await.contains("2 costs are in the budget already."));
    assert_eq!(lines(&world, &owner).await, after);
    assert!(ticked(&world.get(&owner, "/budget").await).is_empty());
    let of_plan = world.get(&owner, &plan).await.visible();
    assert!(of_plan.contains("is paid by"), "the thread leads on from the plan: {of_plan}");
    let links = thread::all(&world.app.db, owner.org).await.expect("links");
    assert_eq!(links.iter().filter(|it| it.relation == planning::budget::COSTS).count(), 2);
    // What pays for a line is its evidence: the plan is not deleted under it.
    let plan_row = store::all::<Plan>(&world.app.db, owner.org).await.expect("plans").remove(0);
    let version = plan_row.version.to_string();
    let refused = world.post(&owner, &format!("{plan}/delete"), &[("version", &*version)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.visible());
}

#[tokio::test]
async fn a_line_whose_record_says_another_amount_by_now_differs_until_it_is_taken_in_again() {
    let world = World::new().await;
    let owner = world.owner().await;
    let plan = plan(&world, &owner, "A second developer").await;
    take(&world, &owner, &ticked(&world.get(&owner, "/budget").await)).await;
    let stale = ticked(&world.get(&owner, "/budget").await);
    assert!(stale.is_empty());
    let row = store::all::<Plan>(&world.app.db, owner.org).await.expect("plans").remove(0);
    let (version, skill) = (row.version.to_string(), row.skill.to_string());
    let fields = |yearly: &'static str, state: &'static str, version: &'static str| {
        [
            ("title", "A second developer"),
            ("way", "hire"),
            ("due", "2027-07-01"),
            ("once", "9000"),
            ("yearly", yearly),
            ("state", state),
            ("version", version),
        ]
    };
    assert_eq!(version, "1");
    let change = |fields: [(&'static str, &'static str); 7]| {
        let (world, owner, plan, skill) = (&world, &owner, &plan, &skill);
        async move {
            let fields: Vec<(&str, &str)> = fields.into_iter().chain([("skill", &**skill)]).collect();
            let saved = world.post(owner, plan, &fields).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.visible());
        }
    };
    change(fields("72000", "agreed", "1")).await;
    let page = world.get(&owner, "/budget").await;
    assert!(page.visible().contains("£79,000.00 differs"), "{}", page.visible());
    let seen = ticked(&page);
    // Somebody changes it once more before the first one presses: what was not seen is not taken in.
    change(fields("90000", "agreed", "2")).await;
    assert!(take(&world, &owner, &seen).await.contains("1 cost has changed meanwhile"));
    assert_eq!(minor(lines(&world, &owner).await[0].yearly), 7_000_000);
    take(&world, &owner, &ticked(&world.get(&owner, "/budget").await)).await;
    let line = lines(&world, &owner).await.remove(0);
    assert_eq!((minor(line.once), minor(line.yearly)), (900_000, 9_000_000));
    // A plan that is refused costs nothing, and its line is named.
    change(fields("90000", "refused", "3")).await;
    let page = world.get(&owner, "/budget").await.visible();
    assert!(page.contains("has ended, was refused or has another day"), "{page}");
}

#[tokio::test]
async fn only_those_who_see_costs_see_the_budget_and_only_those_who_keep_costs_take_anything_in() {
    let world = World::new().await;
    let owner = world.owner().await;
    plan(&world, &owner, "A second developer").await;
    let all = ticked(&world.get(&owner, "/budget").await);
    take(&world, &owner, &all).await;
    for (role, sees, keeps) in [
        (Role::ItLeader, true, true),
        (Role::Finance, true, true),
        (Role::Consultant, true, true),
        (Role::BusinessLeader, true, false),
        (Role::Contributor, false, false),
        (Role::Viewer, false, false),
    ] {
        let user = world.user(owner.org, role).await;
        let status = |yes: bool, done: StatusCode| if yes { done } else { StatusCode::FORBIDDEN };
        let fields: Vec<(&str, &str)> = all.iter().map(|(key, it)| (&**key, &**it)).collect();
        assert_eq!(world.get(&user, "/budget").await.status, status(sees, StatusCode::OK), "{role:?}");
        assert_eq!(world.get(&user, "/budget/chart/svg").await.status, status(sees, StatusCode::OK), "{role:?}");
        let taken = world.post(&user, "/budget/take", &fields).await.status;
        assert_eq!(taken, status(keeps, StatusCode::SEE_OTHER), "{role:?}");
        let pack = world.get(&user, "/board-pack").await;
        assert_eq!(pack.status, StatusCode::OK, "{role:?}");
        assert_eq!(pack.text().contains("£79,000.00"), sees, "{role:?}");
        let file = world.get(&user, "/board-pack/docx").await;
        let mut zip = zip::ZipArchive::new(Cursor::new(file.bytes)).expect("a DOCX");
        let mut text = String::new();
        zip.by_name("word/document.xml").expect("its text").read_to_string(&mut text).expect("UTF-8");
        assert_eq!(text.contains("£79,000.00"), sees, "{role:?}");
    }
    // Another organisation has neither line nor cost.
    let stranger = world.user(world.organisation("Lighthouse").await, Role::Owner).await;
    let page = world.get(&stranger, "/budget").await.visible();
    assert!(page.contains("Nothing is budgeted for FY 2028 yet"), "{page}");
    take(&world, &stranger, &all).await;
    assert!(lines(&world, &stranger).await.is_empty());
}

#[tokio::test]
async fn bad_lines_and_years_are_refused_with_what_to_do() {
    let world = World::new().await;
    let owner = world.owner().await;
    for path in ["/budget?year=1066", "/budget?year=99999", "/budget?year=soon"] {
        assert_eq!(world.get(&owner, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let fields = [("year", "2028"), ("title", "Savings"), ("purpose", "run"), ("state", "agreed"), ("yearly", "-500")];
    let refused = world.post(&owner, "/budget-lines", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("Write the amount without a minus sign."), "{}", refused.visible());
    let fields = [("year", "2028"), ("title", "People"), ("purpose", "run"), ("state", "agreed"), ("yearly", "500")];
    made(&world, &owner, "/budget-lines", &fields).await;
    let again = world.post(&owner, "/budget-lines", &fields).await;
    assert!(
        again.visible().contains("The budget of this year has a line of this name already."),
        "{}",
        again.visible()
    );
    let nothing = take(&world, &owner, &[]).await;
    assert!(nothing.contains("Nothing was taken in. Tick what the budget is to pay for."), "{nothing}");
    // A file says the same with its own words, and comes in once.
    let file =
        b"FY,What for,Type,Amount,Status\n2028,Licences,Grow,\"1,200.00\",Proposed\n2028,People,Run,700.00,Agreed\n";
    let sent = bring(&world, &owner, "budget_line", "budget.csv", file).await;
    let batch = sent.location().to_owned();
    let dry = world.get(&owner, &batch).await;
    assert!(dry.visible().contains("1 created") && dry.visible().contains("1 updated"), "{}", dry.visible());
    let commit = [("fingerprint", &*fingerprint(&dry))];
    world.post(&owner, &format!("{batch}/commit"), &commit).await;
    let amounts: Vec<i64> = lines(&world, &owner).await.iter().map(|it| minor(it.yearly)).collect();
    assert_eq!(amounts.iter().sum::<i64>(), 190_000);
}

#[tokio::test]
async fn a_need_of_a_project_follows_its_days_and_ends_when_it_is_stopped() {
    let world = World::new().await;
    let owner = world.owner().await;
    let email = world.email(&owner).await;
    made(&world, &owner, "/people", &[("name", "Dana Whitlock"), ("email", &email), ("side", "it")]).await;
    let skill = made(&world, &owner, "/skills", &[("name", "Wireless"), ("field", "Infrastructure")]).await;
    let project = |state: &'static str, starts: &'static str| {
        [("name", "A new hall"), ("state", state), ("starts", starts), ("ends", "2027-09-30")]
    };
    let address = made(&world, &owner, "/projects", &project("planned", "2027-03-01")).await;
    let need = [("what_for", "Readings"), ("skill", id(&skill)), ("level", "3"), ("project", id(&address))];
    let need = made(&world, &owner, "/skill-needs", &need).await;
    let level = format!("level.{}", id(&skill));
    let me: Vec<kit::people::Person> = store::all(&world.app.db, owner.org).await.expect("people");
    made(&world, &owner, &format!("/team/people/{}", me[0].id), &[(&*level, "1")]).await;

    let page = world.get(&owner, &address).await.visible();
    assert!(page.contains("When it begins on 1 March 2027: one skill falls below safe cover: wireless"), "{page}");
    let gaps = world.get(&owner, &format!("/team/gaps?begins={}", id(&address))).await.visible();
    assert!(gaps.contains("If “A new hall” begins today: one skill falls below safe cover"), "{gaps}");
    assert!(!world.get(&owner, "/team").await.visible().contains("Nobody covers wireless"), "it is not needed yet");
    // It is over before the forecast ends, and told on the way.
    let plan = world.get(&owner, "/team/plan").await.visible();
    assert!(
        plan.contains("Wireless: 0 of 2 people from 1 March 2027 on, for Readings, and nothing is planned"),
        "{plan}"
    );
    // Moved to today: it is needed.
    let moved: Vec<(&str, &str)> = project("running", "2026-11-02").into_iter().chain([("version", "1")]).collect();
    made(&world, &owner, &address, &moved).await;
    assert!(world.get(&owner, "/team").await.visible().contains("Nobody covers wireless"));
    // Stopped: nobody needs it any more, and the record stays.
    let stopped: Vec<(&str, &str)> = project("stopped", "2026-11-02").into_iter().chain([("version", "2")]).collect();
    made(&world, &owner, &address, &stopped).await;
    assert!(!world.get(&owner, "/team").await.visible().contains("Nobody covers wireless"));
    assert_eq!(world.get(&owner, &need).await.status, StatusCode::OK);
    // The need names the project, which is not deleted under it.
    let refused = world.post(&owner, &format!("{address}/delete"), &[("version", "3")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.visible().contains("Readings"), "{}", refused.visible());
}

#[tokio::test]
async fn a_service_asks_for_skills_and_for_somebody_who_answers_and_is_touched_by_a_move() {
    let world = World::new().await;
    let owner = world.owner().await;
    let activity = made(&world, &owner, "/activities", &[("name", "Service desk")]).await;
    let service = [("name", "Help for everyone"), ("state", "live"), ("activity", id(&activity))];
    let service = made(&world, &owner, "/services", &service).await;
    let page = world.get(&owner, &service).await;
    assert!(page.visible().contains("Give it an owner: nobody is asked about it otherwise."), "{}", page.visible());
    assert!(page.text().contains(&format!("/skill-needs/new?service={}", id(&service))), "the form of a need is begun");
    let skill = made(&world, &owner, "/skills", &[("name", "Helping users")]).await;
    let of_both = made(&world, &owner, "/projects", &[("name", "A new hall"), ("state", "planned")]).await;
    let need = [("what_for", "One number"), ("skill", id(&skill)), ("level", "3"), ("service", id(&service))];
    let both: Vec<(&str, &str)> = need.into_iter().chain([("project", id(&of_both))]).collect();
    let refused = world.post(&owner, "/skill-needs", &both).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.visible().contains("A service asks for it, or a project."), "{}", refused.visible());
    made(&world, &owner, "/skill-needs", &need).await;
    let page = world.get(&owner, &service).await.visible();
    assert!(!page.contains("safely covered"), "nobody is rated, so nobody can say: {page}");
    // A row of the matrix, as an outcome is.
    made(&world, &owner, "/roles", &[("name", "Service desk lead")]).await;
    assert!(world.get(&owner, "/raci").await.visible().contains("Help for everyone"));
    let change =
        [("name", "Give the desk away"), ("activity", id(&activity)), ("today", "inside"), ("decision", "open")];
    let change = made(&world, &owner, "/moves", &change).await;
    let touched = world.get(&owner, &format!("/moves/{}/compare", id(&change))).await.visible();
    assert!(touched.contains("Services Help for everyone"), "{touched}");
    // Files say it by name.
    let file = b"For what,Skill,At least,Service\nAt night,Helping users,3,Help for everyone\n";
    let sent = bring(&world, &owner, "skill_need", "needs.csv", file).await;
    let dry = world.get(&owner, sent.location()).await.visible();
    assert!(dry.contains("1 created"), "{dry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_takes_what_is_known_into_the_budget_in_a_browser() {
    let world = World::new().await;
    let owner = world.owner().await;
    vision(&world, &owner).await;
    plan(&world, &owner, "A second developer").await;
    contract(&world, &owner, "Firewalls").await;
    let finance = world.user(owner.org, Role::Finance).await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &finance.cookie).await;
    browser.go(&format!("http://{at}/budget")).await;
    browser.sees(WORDING).await;
    browser.sees("FY 2028 has no budget yet; contracts and plans come to £91,000.00").await;
    browser.tab_to("Take in what is ticked").await;
    browser.press(ENTER).await;
    browser.sees("2 costs were taken in, £91,000.00 together.").await;
    browser.sees("The budget of FY 2028 comes to £91,000.00").await;
    browser.close().await;
    assert_eq!(lines(&world, &owner).await.len(), 2);
}
