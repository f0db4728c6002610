//! Whole walks in a real Chromium: keyboard, phone, accessibility. Run where `WAYPOST_TEST_BROWSER` is set, as
//! `scripts/test` does once it has found a browser.

use std::{
    net::{SocketAddr, TcpListener as Port},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

use crate::world::World;

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

    pub async fn go(&self, address: &str) {
        self.client.goto(address).await.expect("a page");
    }

    pub async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.expect("a body").text().await.expect("its text")
    }

    /// What axe-core finds wrong on the page at hand, as sentences; best practice is left to reviewers.
    pub async fn faults(&self) -> Vec<String> {
        let axe = include_str!("../../../../assets/vendor-test/axe.min.js");
        self.client.execute(axe, Vec::new()).await.expect("axe-core loads");
        let run = "const done = arguments[0]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })\
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

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_a_register_has_an_accessibility_fault_wide_or_narrow_light_or_dark() {
    let world = World::new().await;
    let owner = world.owner().await;
    let unit = world.post(&owner, "/units", &[("name", "Works")]).await.location().to_owned();
    world.post(&owner, "/actions", &[("title", "Write it down"), ("about", "action"), ("state", "open")]).await;
    let at = serve(&world).await;
    for (width, height) in SIZES {
        let Some(browser) = Browser::open(width, height).await else { return };
        for theme in ["light", "dark"] {
            sign_in(&browser, at, &owner.cookie).await;
            sign_in(&browser, at, &format!("theme={theme}")).await;
            for path in [
                "/units",
                "/units/new",
                &unit,
                &format!("{unit}/edit"),
                &format!("{unit}/history"),
                "/actions",
                "/thread",
                "/audit",
            ] {
                browser.go(&format!("http://{at}{path}")).await;
                let faults = browser.faults().await;
                assert!(faults.is_empty(), "{path} {width} {theme}: {faults:#?}");
                let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
                let over = browser.client.execute(overflow, Vec::new()).await.expect("a width");
                assert_eq!(over, json!(0), "{path} at {width} scrolls sideways");
            }
        }
        browser.close().await;
    }
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
