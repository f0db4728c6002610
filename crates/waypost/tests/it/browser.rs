//! Whole walks in a real Chromium: keyboard, phone, accessibility. Run where `WAYPOST_TEST_BROWSER` is set, as
//! `scripts/test` does once it has found a browser.

use std::{
    net::{SocketAddr, TcpListener as Port},
    process::{Child, Command, Stdio},
    time::Duration,
};

use axum::http::{StatusCode, header};
use fantoccini::{Client, ClientBuilder, Locator};
use kit::{
    people::Unit,
    store,
    web::{Access, Listed},
};
use serde_json::{Value, json};

use crate::{
    budget, envisioning, expectations, frame, import, leadership, survey as surveys, team as teams,
    world::{PASSWORD, User, World},
};

pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const CTRL_K: &str = "\u{e009}k\u{e000}";

/// Where the focus is: what a reader calls it, and whether it is within the window and outlined.
#[derive(serde::Deserialize)]
struct Focus {
    name: String,
    seen: bool,
}

const FOCUS: &str = "
    const it = document.activeElement, at = it.getBoundingClientRect(), style = getComputedStyle(it);
    const name = it.getAttribute('aria-label') || it.labels?.[0]?.textContent || it.textContent;
    const within = at.bottom > 0 && at.right > 0 && at.top < innerHeight && at.left < innerWidth && at.width > 0;
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return { name: name.trim().split(/\\s+/).join(' ').slice(0, 60), seen: it !== document.body && within && outlined };";

/// A driver with a browser of its own, gone when dropped.
pub struct Browser {
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// `None` where no browser is to be used; says so.
    pub async fn open(width: u32, height: u32) -> Option<Browser> {
        if std::env::var_os("WAYPOST_TEST_BROWSER").is_none() {
            println!("skipped: no browser (WAYPOST_TEST_BROWSER is not set; scripts/test sets it)");
            return None;
        }
        let port = Port::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        #[expect(clippy::zombie_processes, reason = "dropping the browser ends its driver")]
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let profile = tempfile::tempdir().expect("a folder");
        let args = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            // What is still fading has a colour that nobody chose.
            "--force-prefers-reduced-motion".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={width},{height}"),
        ];
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": args } });
        let wanted = wanted.as_object().expect("an object").clone();
        for _ in 0..100 {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            if let Ok(client) = builder.capabilities(wanted.clone()).connect(&format!("http://127.0.0.1:{port}")).await
            {
                client.set_window_size(width, height).await.expect("a window of this size");
                return Some(Browser { client, driver, _profile: profile });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("chromedriver did not answer");
    }

    /// Opens a page, and waits until it has its style sheet.
    pub async fn go(&self, address: &str) {
        const STYLED: &str = "return [...document.querySelectorAll('link[rel=stylesheet]')].every((it) => it.sheet)";
        self.client.goto(address).await.expect("a page");
        for _ in 0..100 {
            if self.run(STYLED, &[]).await == json!(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{address} has no style sheet");
    }

    pub async fn text(&self) -> String {
        // In one step, and nothing while one page goes and another comes: there is no text then.
        let text = self.client.execute("return document.body?.innerText ?? ''", Vec::new()).await;
        text.ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("a window of this size");
        // The page learns of it a moment later, the longer the more browsers are at work.
        for _ in 0..100 {
            if self.run("return innerWidth", &[]).await == json!(width) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the window does not become {width} wide");
    }

    pub async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.client.execute(script, arguments.to_vec()).await.expect("a script that runs")
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        let at = self.client.active_element().await.expect("something has the focus");
        at.send_keys(keys).await.expect("keys");
    }

    /// Goes on with the tabulator until the focus is on what is called so; it must be in sight at every step.
    pub async fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..80 {
            self.press(TAB).await;
            let focus: Focus = serde_json::from_value(self.run(FOCUS, &[]).await).expect("a focus");
            assert!(focus.seen, "the focus is not to be seen on {}, after {passed:?}", focus.name);
            if focus.name == name {
                return;
            }
            passed.push(focus.name);
        }
        panic!("the tabulator does not lead to {name}: {passed:?}");
    }

    /// Waits until a page shows a text.
    pub async fn sees(&self, expected: &str) {
        for _ in 0..100 {
            if self.text().await.contains(expected) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{expected} does not come: {}", self.text().await);
    }

    /// What axe-core finds wrong on the page at hand, as sentences; best practice is left to reviewers.
    pub async fn faults(&self) -> Vec<String> {
        let axe = include_str!("../../../../assets/vendor-test/axe.min.js");
        self.client.execute(axe, Vec::new()).await.expect("axe-core loads");
        let run = "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })\
                   .then(it => done(it.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ')).join(', '))))";
        let found = self.client.execute_async(run, Vec::new()).await.expect("axe-core runs");
        serde_json::from_value(found).expect("a list of sentences")
    }

    pub async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
    }
}

/// Serves a world on a port of its own, for as long as the test runs.
pub async fn serve(world: &World) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("its address");
    let router = world.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    at
}

/// Signs in by putting the session's cookie into the browser.
pub async fn sign_in(browser: &Browser, at: SocketAddr, cookie: &str) {
    browser.go(&format!("http://{at}/health")).await;
    let script = "document.cookie = arguments[0] + '; path=/'";
    browser.client.execute(script, vec![json!(cookie)]).await.expect("a cookie");
}

pub const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// An organisation in which there is something of everything, and its owner.
async fn lived_in(world: &World) -> User {
    let owner = world.owner().await;
    let unit = world.post(&owner, "/units", &[("name", "Works"), ("code", "W")]).await.location().to_owned();
    world.post(&owner, &unit, &[("name", "Works North"), ("code", "W"), ("version", "1")]).await;
    surveys::people(world, &owner, "business", 7).await;
    surveys::people(world, &owner, "it", 5).await;
    let closed = surveys::open(world, &owner, "no").await;
    for (at, token) in surveys::tokens(world, &owner, &closed).await.iter().enumerate() {
        surveys::answer(world, token, if at % 2 == 0 { "2" } else { "5" }).await;
    }
    world.post(&owner, &format!("{closed}/close"), &[]).await;
    surveys::take_up(world, &owner, &closed, "c13/obstacle", "open").await;
    surveys::open(world, &owner, "yes").await;
    let draft = [("instrument", "gap-short"), ("title", "Winter"), ("anonymous", "yes"), ("threshold", "5")];
    world.post(&owner, "/surveys", &[&draft[..], &[("opens", "2027-01-20"), ("closes", "2027-02-01")]].concat()).await;
    let late = [("title", "Write it down"), ("state", "open"), ("due", "2026-11-02")];
    world.post(&owner, "/actions", &late).await;
    world.post(&owner, "/journey/c01", &[("maturity", "3"), ("version", "0")]).await;
    import::bring(world, &owner, "person", "people.csv", b"Name;Side\nAda Byron;IT\nNobody;Moon\n").await;
    world.post(&owner, "/members", &[("email", "grace@example.org"), ("role", "viewer")]).await;
    teams::lived_in(world, &owner).await;
    envisioning::lived_in(world, &owner).await;
    leadership::lived_in(world, &owner).await;
    budget::lived_in(world, &owner).await;
    let scope = world.scope(owner.org).await;
    for kind in world.app.registry.kinds() {
        if kit::store::rows(&world.app.db, scope.id(), kind).await.expect("records").is_empty() {
            frame::put(world, &owner, kind, "Something").await;
        }
    }
    expectations::rounds(world, &owner).await;
    owner
}

/// What is no page: files, and the parts of a page that it loads again.
fn is_page(route: &str) -> bool {
    let file = ["{format}", ".ics", "/assets/", "/health", "/calendar/", "/palette", "/files/"];
    !file.iter().any(|it| route.contains(it)) && !route.ends_with("/response")
}

/// An address without its query.
fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

fn fits(route: &str, address: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path(address).split('/').collect());
    route.len() == path.len() && route.iter().zip(&path).all(|(a, b)| a == b || a.starts_with('{'))
}

/// Addresses of every page of the list of routes, as palette and links lead to them, some for each, since a survey that is open shows
/// another page than one that is closed.
async fn pages(world: &World, owner: &User) -> Vec<String> {
    const OF_EACH: usize = 4;
    let routes: Vec<&str> = world.routes.iter().filter(|it| it.method == "GET").map(|it| &*it.path).collect();
    let mut files = Vec::new();
    let mut known = vec!["/nowhere".to_owned()];
    known.extend(world.app.registry.entries().map(|it| it.url.to_owned()));
    let mut at = 0;
    while at < known.len() {
        let page = world.get(owner, &known[at]).await;
        let is_there = [StatusCode::OK, StatusCode::SEE_OTHER].contains(&page.status);
        assert!(is_there || known[at] == "/nowhere", "{} is {}", known[at], page.status);
        let kind = page.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/html") {
            files.push(known[at].clone());
        }
        at += 1;
        for link in page.text().split("href=\"").skip(1).filter_map(|it| it.split(['"', '#']).next()) {
            let link = link.replace("&#38;", "&");
            // What is fixed in one route may be variable in another: `/people/new` is no person.
            let fixed = routes.iter().find(|it| **it == path(&link));
            let Some(route) = fixed.or_else(|| routes.iter().find(|it| fits(it, &link))) else { continue };
            let of_route = known.iter().filter(|it| fits(route, it)).count();
            if is_page(route) && of_route < OF_EACH && !known.iter().any(|it| path(it) == path(&link)) {
                known.push(link);
            }
        }
    }
    let behind_a_secret = |it: &Listed| matches!(it.access, Access::Public | Access::Secret);
    for route in world.routes.iter().filter(|it| it.method == "GET" && is_page(&it.path) && !behind_a_secret(it)) {
        assert!(known.iter().any(|it| fits(&route.path, it)), "no link leads to {}", route.path);
    }
    known.retain(|it| !files.contains(it));
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_an_accessibility_fault_or_scrolls_sideways_on_a_wide_window_light_or_dark() {
    walk(1440, 900, &[1440]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_an_accessibility_fault_or_scrolls_sideways_on_a_phone_light_or_dark() {
    walk(390, 844, &[390, 320]).await;
}

/// Looks at every page in a window of this size, and that none scrolls sideways at these widths.
async fn walk(width: u32, height: u32, widths: &[u32]) {
    let world = World::new().await;
    let owner = lived_in(&world).await;
    let pages = pages(&world, &owner).await;
    let link = world.post(&owner, "/members", &[("email", "ines@example.org"), ("role", "viewer")]).await.text();
    let invitation = link.split("http://waypost.test").nth(1).and_then(|it| it.split('"').next()).expect("a link");
    let at = serve(&world).await;
    let mut found = Vec::new();
    let Some(browser) = Browser::open(width, height).await else { return };
    let alone = ["/sign-in", "/nowhere", invitation, "/invitation/unknown"];
    let alone = alone.iter().map(|it| (*it, false));
    for (path, signed_in) in alone.chain(pages.iter().map(|it| (&**it, true))) {
        if signed_in {
            sign_in(&browser, at, &owner.cookie).await;
        }
        browser.go(&format!("http://{at}{path}")).await;
        for theme in ["light", "dark"] {
            browser.run("document.documentElement.dataset.theme = arguments[0]", &[json!(theme)]).await;
            let faults = browser.faults().await;
            found.extend(faults.iter().map(|it| format!("{path} {width} {theme}: {it}")));
        }
        for width in widths {
            browser.resize(*width, height).await;
            let over = browser.run(OVERFLOW, &[]).await;
            if over != json!(0) {
                found.push(format!("{path} at {width} scrolls sideways by {over}"));
            }
        }
        browser.resize(width, height).await;
    }
    browser.close().await;
    assert!(found.is_empty(), "{found:#?}");
}

const OVERFLOW: &str = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

/// An A4 page without its margins, in the pixels of a style sheet.
const PAPER: (u32, u32) = (688, 1000);

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_no_page_is_cut_off_and_none_shows_what_can_only_be_pressed() {
    let world = World::new().await;
    let owner = lived_in(&world).await;
    let pages = pages(&world, &owner).await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(PAPER.0, PAPER.1).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    let mut found = Vec::new();
    for path in pages {
        browser.go(&format!("http://{at}{path}")).await;
        let as_printed = "
            for (const rule of [...document.styleSheets].flatMap((it) => [...it.cssRules])) {
                if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all';
                else if (rule.media?.mediaText.startsWith('screen')) rule.media.mediaText = 'not all';
            }
            const pressed = document.querySelectorAll('.nav, .skip, .btn, .filter, .pages, .words');
            return [...pressed].filter((it) => it.checkVisibility()).map((it) => it.outerHTML.slice(0, 80));";
        let Value::Array(pressed) = browser.run(as_printed, &[]).await else { panic!("a list") };
        found.extend(pressed.iter().map(|it| format!("{path} shows {it}")));
        let over = browser.run(OVERFLOW, &[]).await;
        if over != json!(0) {
            found.push(format!("{path} is {over} wider than the paper"));
        }
    }
    browser.close().await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_record_needs_is_done_by_keyboard_and_the_focus_is_always_seen() {
    let world = World::new().await;
    let owner = world.owner().await;
    let email = world.post(&owner, "/account/name", &[("name", "Ada Byron")]).await;
    assert_eq!(email.location(), "/account");
    let account = world.get(&owner, "/account").await.visible();
    let email = account.split_whitespace().find(|it| it.contains('@')).expect("an address").trim_end_matches('.');
    let at = serve(&world).await;
    let Some(browser) = Browser::open(1440, 900).await else { return };

    browser.go(&format!("http://{at}/units")).await;
    browser.tab_to("E-mail").await;
    browser.press(email).await;
    browser.tab_to("Password").await;
    browser.press(PASSWORD).await;
    browser.press(ENTER).await;
    browser.sees("No business units yet").await;

    browser.tab_to("Skip to the content").await;
    browser.press(ENTER).await;
    assert_eq!(browser.run("return document.activeElement.id", &[]).await, json!("main"));

    browser.press(CTRL_K).await;
    browser.client.wait().for_element(Locator::Css("dialog[open] input")).await.expect("the palette");
    browser.press("audit").await;
    // Before the answer can be here.
    browser.press(ENTER).await;
    browser.sees("Entries are only ever added").await;
    browser.press(CTRL_K).await;
    browser.client.wait().for_element(Locator::Css("dialog[open] [role=option]")).await.expect("the palette");
    browser.press("business units").await;
    browser.press(ENTER).await;
    browser.sees("No business units yet").await;

    browser.tab_to("Add business unit").await;
    browser.press(ENTER).await;
    browser.sees("New business unit").await;
    browser.tab_to("Name needed").await;
    browser.press("Works").await;
    browser.press(ENTER).await;
    browser.sees("“Works” was added.").await;

    browser.tab_to("Edit").await;
    browser.press(ENTER).await;
    browser.sees("Edit Works").await;
    browser.tab_to("Name needed").await;
    browser.press("Works North").await;
    browser.press(ENTER).await;
    browser.sees("Saved.").await;

    browser.tab_to("Delete").await;
    browser.press(ENTER).await;
    browser.sees("Its history stays in the audit trail.").await;
    assert_eq!(browser.run("return document.activeElement.textContent", &[]).await, json!("Cancel"));
    browser.press(ESCAPE).await;
    assert_eq!(browser.run("return document.activeElement.textContent", &[]).await, json!("Delete"));
    browser.press(ENTER).await;
    browser.tab_to("Delete").await;
    browser.press(ENTER).await;
    browser.sees("“Works North” was deleted.").await;
    assert!(store::all::<Unit>(&world.app.db, owner.org).await.expect("units").is_empty());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_stays_where_it_was_when_a_part_of_the_page_is_loaded_anew() {
    let world = World::new().await;
    let owner = lived_in(&world).await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    browser.go(&format!("http://{at}/glossary")).await;
    let script = "
        const [path, done] = arguments, part = document.querySelector('.glossary');
        part.querySelector('a').focus();
        const before = document.activeElement;
        document.addEventListener('htmx:afterSettle', () => setTimeout(() =>
            done([before.isConnected, document.activeElement.textContent, before.textContent])));
        const load = () => window.htmx
            ? htmx.ajax('GET', path, { target: '.glossary', select: '.glossary', swap: 'outerHTML' })
            : setTimeout(load, 50);
        load();";
    let [gone, now, was]: [Value; 3] = {
        let answer = browser.client.execute_async(script, vec![json!("/glossary")]).await.expect("a part of the page");
        serde_json::from_value(answer).expect("three answers")
    };
    assert_eq!((gone, now), (json!(false), was));
    browser.close().await;
}

/// Answers the screen at hand by keyboard, each question with what stands right of its first choice, and goes on.
async fn answer_screen(phone: &Browser) {
    const AT: &str = "const it = document.activeElement;
        return it.type === 'radio' ? 'choice' : it.matches('button.primary') ? 'on' : ''";
    for _ in 0..120 {
        phone.press(TAB).await;
        match phone.run(AT, &[]).await.as_str() {
            Some("choice") => phone.press("\u{e00d}\u{e014}").await,
            Some("on") => return phone.press(ENTER).await,
            _ => {}
        }
    }
    panic!("the tabulator does not lead on: {}", phone.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_is_made_answered_on_a_phone_closed_read_and_its_advice_followed_by_keyboard_alone() {
    let world = World::new().await;
    let owner = world.owner().await;
    surveys::people(&world, &owner, "business", 6).await;
    surveys::people(&world, &owner, "it", 5).await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    browser.go(&format!("http://{at}/surveys")).await;
    browser.tab_to("New survey").await;
    browser.press(ENTER).await;
    browser.sees("Title").await;
    browser.tab_to("Title").await;
    browser.press("Autumn").await;
    browser.press(ENTER).await;
    browser.sees("Who is asked").await;
    for side in ["Business", "IT"] {
        browser.tab_to(side).await;
        browser.press(" ").await;
    }
    browser.tab_to("Add to the list").await;
    browser.press(ENTER).await;
    browser.sees("11").await;
    browser.tab_to("Launch").await;
    browser.press(ENTER).await;
    browser.tab_to("Launch").await;
    browser.press(ENTER).await;
    browser.sees("0 of 11 have answered").await;
    let path = browser.client.current_url().await.expect("an address").path().to_owned();

    let tokens = surveys::tokens(&world, &owner, &path).await;
    let Some(phone) = Browser::open(390, 844).await else { return };
    phone.go(&format!("http://{at}/s/{}", tokens[0])).await;
    phone.sees("Autumn").await;
    phone.tab_to("Begin").await;
    phone.press(ENTER).await;
    for _ in 0..20 {
        if phone.text().await.contains("Thank you") {
            break;
        }
        answer_screen(&phone).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    phone.sees("Thank you").await;
    phone.close().await;
    let sides = ["5"; 5].iter().chain(["2"; 5].iter());
    for (token, done) in tokens[1..].iter().zip(sides) {
        assert!(surveys::answer(&world, token, done).await.contains("Thank you"));
    }

    browser.go(&format!("http://{at}{path}")).await;
    browser.tab_to("Close and see results").await;
    browser.press(ENTER).await;
    browser.tab_to("Close and see results").await;
    browser.press(ENTER).await;
    browser.sees("11 of 11 people answered").await;
    browser.tab_to("Home").await;
    browser.press(ENTER).await;
    browser.sees("Next:").await;
    browser.tab_to("Take this step").await;
    browser.press(ENTER).await;
    browser.sees("New action").await;
    browser.tab_to("What needed").await;
    browser.press(ENTER).await;
    browser.sees("was added").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_opens_by_keyboard_and_leads_to_a_record() {
    let world = World::new().await;
    let owner = world.owner().await;
    world.post(&owner, "/units", &[("name", "Northern Works")]).await;
    let at = serve(&world).await;
    let Some(browser) = Browser::open(1440, 900).await else { return };
    sign_in(&browser, at, &owner.cookie).await;
    browser.go(&format!("http://{at}/people")).await;
    let body = browser.client.find(Locator::Css("body")).await.expect("a body");
    body.send_keys("\u{e009}k\u{e000}").await.expect("keys");
    let field = browser.client.wait().for_element(Locator::Css("dialog[open] input")).await.expect("the palette");
    field.send_keys("northern").await.expect("keys");
    browser
        .client
        .wait()
        .for_element(Locator::XPath("//dialog[@open]//*[@role='option'][contains(., 'Northern')]"))
        .await
        .expect("a result");
    field.send_keys("\u{e007}").await.expect("keys");
    for _ in 0..50 {
        if browser.text().await.contains("Comes from") {
            browser.close().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the palette did not lead to the record: {}", browser.text().await);
}
