//! What goes wrong around the program: a full disk, a second server, a stop in the middle of the work, data that is
//! damaged or of another version. Most of it by the program itself, as it runs on a server.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use axum::http::{Method, StatusCode};
use db::{Engine, sqlx};
use jiff::SignedDuration;
use kit::{people::Unit, rights::Role, store};
use survey::campaign::CampaignId;

use crate::{
    backup::{BROUGHT, contents, with_units},
    world::{User, World},
};

/// A world whose clock goes, so that the program and the test agree about the time.
async fn today() -> World {
    World::with(|it| it.clock = Box::new(waypost::serve::clock)).await
}

/// The program on the data of this world.
fn program(world: &World, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
    program.arg(command).arg("--data").arg(&world.app.folder).args(["--database", &world.database]);
    program
}

/// Runs a command to its end.
fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("the program starts")
}

/// A server that runs as a process of its own, killed when dropped.
struct Server {
    process: Child,
    at: SocketAddr,
}

impl Server {
    fn of(world: &World) -> Server {
        Server::start(program(world, "serve").args(["--listen", "127.0.0.1:0"])).expect("a server")
    }

    /// `None` where the command ends without serving.
    #[expect(clippy::zombie_processes, reason = "dropping the server ends its process and waits for it")]
    fn start(command: &mut Command) -> Option<Server> {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().expect("it is piped")).read_line(&mut line).expect("a line");
        let at = line.split("listening on ").nth(1).and_then(|it| it.split(')').next());
        Some(Server { at: at?.parse().expect("an address"), process })
    }

    /// Sends a whole request and reads the whole answer.
    fn ask(&self, head: &str, body: &[u8]) -> Wire {
        let mut wire = self.connect();
        wire.write_all(head.as_bytes()).and_then(|()| wire.write_all(body)).expect("the server takes it");
        Wire::read(wire)
    }

    fn connect(&self) -> TcpStream {
        let wire = TcpStream::connect(self.at).expect("the server listens");
        wire.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        wire
    }

    /// Sends the head of a request, and waits until the server reads what follows it.
    fn begin(&self, head: &str) -> TcpStream {
        let mut wire = self.connect();
        let head = head.replacen("\r\n", "\r\nExpect: 100-continue\r\n", 1);
        wire.write_all(head.as_bytes()).expect("the server takes it");
        let mut go_on = [0; 25];
        wire.read_exact(&mut go_on).expect("the server wants the rest");
        assert!(go_on.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&go_on));
        wire
    }

    fn terminate(&self) {
        let kill = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(kill.expect("kill is there").success());
    }

    /// Waits until the process ended by itself.
    fn ended(&mut self, within: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < within {
            if let Some(status) = self.process.try_wait().expect("a process of ours") {
                assert!(status.success(), "{status}");
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// The most memory that it ever held, in MB.
    fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a running process");
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).expect("its peak");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1000
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer as it came over the wire.
struct Wire {
    status: u16,
    text: String,
}

impl Wire {
    fn read(mut wire: TcpStream) -> Wire {
        let mut bytes = Vec::new();
        wire.read_to_end(&mut bytes).expect("an answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status");
        Wire { status, text }
    }
}

fn get(path: &str, user: Option<&User>) -> String {
    let cookie = user.map_or_else(String::new, |it| format!("Cookie: {}\r\n", it.cookie));
    format!("GET {path} HTTP/1.1\r\nHost: waypost.test\r\n{cookie}Connection: close\r\n\r\n")
}

/// The head of a form of this length.
fn post(path: &str, user: Option<&User>, length: usize) -> String {
    let form = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n");
    get(path, user).replacen("GET", "POST", 1).replace("\r\n\r\n", "\r\n") + &form
}

async fn units(world: &World, user: &User) -> Vec<String> {
    let mut names: Vec<String> =
        store::all::<Unit>(&world.app.db, user.org).await.expect("units").into_iter().map(|it| it.name).collect();
    names.sort();
    names
}

/// Lets the database grow by so many pages from now on; `None` takes the limit away.
async fn limit_growth(world: &World, more: Option<i64>) {
    let Engine::Sqlite(pool) = &world.app.db.engine else { panic!("only SQLite is limited so") };
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        all.push(pool.acquire().await.expect("a connection"));
    }
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *all[0]).await.expect("a number");
    let most = more.map_or(i64::from(u32::MAX) - 1, |it| pages + it);
    for connection in &mut all {
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {most}"));
        sqlx::query(limit).execute(&mut **connection).await.expect("a limit");
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_half_saved_reading_goes_on_and_writing_too_once_there_is_space() {
    let world = World::new().await;
    if !world.app.db.is_embedded() {
        println!("skipped: the disk of PostgreSQL is its own affair");
        return;
    }
    let owner = world.owner().await;
    let path = world.post(&owner, "/units", &[("name", "Yard")]).await.location().to_owned();
    limit_growth(&world, Some(2)).await;
    let before = loop {
        let before = contents(&world.app.db).await;
        let answer = world.post(&owner, "/units", &[("name", "Sales"), ("code", "S")]).await;
        if answer.status != StatusCode::SEE_OTHER {
            assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE, "{}", answer.text());
            assert!(answer.text().contains("The disk that holds the data is full."), "{}", answer.text());
            break before;
        }
    };
    assert_eq!(contents(&world.app.db).await, before, "a record without its audit entry, or the other way round");
    for page in ["/units", &path, "/", "/audit"] {
        let answer = world.get(&owner, page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.text());
    }
    limit_growth(&world, None).await;
    let answer = world.post(&owner, "/units", &[("name", "Works")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(units(&world, &owner).await.contains(&"Works".to_owned()));
}

/// The same on a disk that is really full: one of a few megabytes that only the server sees.
#[tokio::test]
async fn a_server_on_a_disk_that_fills_up_says_so_and_works_again_after_tidying() {
    let long_ago = SignedDuration::from_hours(2);
    let world = World::with(|it| it.clock = Box::new(move || waypost::serve::clock() - long_ago)).await;
    if !world.app.db.is_embedded() {
        println!("skipped: the disk of PostgreSQL is its own affair");
        return;
    }
    let owner = world.owner().await;
    let reader = world.user(owner.org, Role::Viewer).await;
    world.app.db.close().await;
    let disk = world.app.folder.join("disk");
    fs::create_dir(&disk).expect("a folder");
    let script = "mount -t tmpfs -o size=6m waypost \"$1\" && cp \"$2\" \"$1\" && \
                  exec \"$0\" serve --data \"$1\" --listen 127.0.0.1:0";
    let server = Server::start(
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_waypost")])
            .args([&disk, &world.app.folder.join("waypost.db")]),
    );
    let Some(server) = server else {
        println!("skipped: no disk of its own can be mounted here");
        return;
    };
    let seen = format!("/proc/{}/root{}", server.process.id(), disk.display());
    let ballast = Path::new(&seen).join("ballast");
    let name = "name=Yard";
    let send = || server.ask(&post("/units", Some(&owner), name.len()), name.as_bytes());
    assert_eq!(send().status, 303);
    let mut weight = fs::File::create(&ballast).expect("a file on the disk");
    while weight.write_all(&[0; 1000]).is_ok() {}
    let full = std::iter::repeat_with(send).take(1000).find(|it| it.status != 303).expect("a full disk");
    assert_eq!(full.status, 507, "{}", full.text);
    assert!(full.text.contains("The disk that holds the data is full."), "{}", full.text);
    // Their first page for hours, so that the server would note that they are still there.
    assert_eq!(server.ask(&get("/units", Some(&reader)), b"").status, 200);
    drop(weight);
    fs::remove_file(ballast).expect("space again");
    assert_eq!(send().status, 303);
    assert_eq!(server.ask(&get("/units", Some(&owner)), b"").status, 200);
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_and_a_restore_under_a_running_one_are_refused() {
    let world = today().await;
    let file = with_units(&world).await;
    let before = contents(&world.app.db).await;
    let server = Server::of(&world);
    let second = run(program(&world, "serve").args(["--listen", "127.0.0.1:0"]));
    let restore = run(program(&world, "restore").arg(&file));
    for refused in [second, restore] {
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        let holder = format!("(process {})", server.process.id());
        assert!(said.contains("Another Waypost holds the data folder") && said.contains(&holder), "{said}");
        assert!(said.contains("Stop that one first"), "{said}");
    }
    assert_eq!(server.ask(&get("/health", None), b"").status, 200, "the first one serves on");
    assert_eq!(contents(&world.app.db).await, before);
}

#[tokio::test]
async fn a_place_to_listen_that_another_program_has_is_named_with_what_to_do() {
    let world = today().await;
    world.owner().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = taken.local_addr().expect("an address").to_string();
    let refused = run(program(&world, "serve").args(["--listen", &at]));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains(&at) && said.contains("Choose another place with --listen."), "{said}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let world = today().await;
    with_units(&world).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 999999, 'of tomorrow', success, checksum, 1 FROM _sqlx_migrations WHERE version = 1";
    let mut tx = world.app.db.begin().await.expect("a write");
    tx.run(newer, []).await.expect("a migration of tomorrow");
    tx.commit().await.expect("a commit");
    let before = contents(&world.app.db).await;
    let never = world.app.folder.join("never");
    for (command, arguments) in [("serve", false), ("check", false), ("backup", true), ("export", true)] {
        let mut command = program(&world, command);
        if arguments {
            command.arg("--to").arg(&never);
        }
        let refused = run(&mut command);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("written by a newer version of Waypost; use that version"), "{said}");
    }
    assert!(!never.exists());
    assert_eq!(contents(&world.app.db).await, before);
}

#[tokio::test]
async fn a_request_in_flight_is_finished_when_the_server_is_told_to_stop_and_nothing_is_lost() {
    let world = today().await;
    let owner = world.owner().await;
    let mut server = Server::of(&world);
    let idle = server.connect();
    let body = b"name=Yard";
    let mut slow = server.begin(&post("/units", Some(&owner), body.len()));
    slow.write_all(&body[..4]).expect("half of the form");
    server.terminate();
    assert!(!server.ended(Duration::from_millis(300)), "it did not wait for the rest of the form");
    slow.write_all(&body[4..]).expect("the other half");
    let answer = Wire::read(slow);
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(server.ended(Duration::from_secs(10)), "it goes on although nothing is left to do");
    assert!(TcpStream::connect(server.at).is_err(), "nobody listens any more");
    drop(idle);
    assert_eq!(units(&world, &owner).await, ["Yard"]);
}

#[tokio::test]
async fn whoever_never_finishes_a_request_does_not_keep_the_server_from_stopping() {
    let world = today().await;
    let owner = world.owner().await;
    let mut server = Server::of(&world);
    let _endless = server.begin(&post("/units", Some(&owner), 100));
    server.terminate();
    assert!(server.ended(Duration::from_secs(40)));
}

#[tokio::test]
async fn a_page_kept_open_over_a_restart_can_still_be_sent_by_a_respondent_and_by_a_member() {
    let world = today().await;
    let owner = world.owner().await;
    for at in 0..6 {
        let (name, email) = (format!("Person {at}"), format!("person{at}@example.org"));
        world.post(&owner, "/people", &[("name", &name), ("email", &email), ("side", "business")]).await;
    }
    let day = |days: i64| (world.app.now() + SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d").to_string();
    let (opens, closes) = (day(-2), day(30));
    let fields = [
        ("instrument", "gap-short"),
        ("title", "Autumn"),
        ("anonymous", "yes"),
        ("threshold", "5"),
        ("opens", &opens),
        ("closes", &closes),
    ];
    let path = world.post(&owner, "/surveys", &fields).await.location().to_owned();
    world.post(&owner, &format!("{path}/audience"), &[("side", "business")]).await;
    let launched = world.post(&owner, &format!("{path}/launch"), &[]).await;
    assert_eq!(launched.status, StatusCode::SEE_OTHER, "{}", launched.text());
    let id = CampaignId(path.trim_start_matches("/surveys/").parse().expect("an identifier"));
    let token = survey::store::invitees(&world.app.db, owner.org, id).await.expect("invitees").remove(0).token;
    let screen = format!("/s/{token}/1");
    let mut first = Server::of(&world);
    assert_eq!(first.ask(&get(&screen, None), b"").status, 200);
    assert_eq!(first.ask(&get("/units/new", Some(&owner)), b"").status, 200);
    first.terminate();
    assert!(first.ended(Duration::from_secs(10)));
    let second = Server::of(&world);
    let (answers, unit) = ("c01.done=3", "name=Yard");
    let answer = second.ask(&post(&screen, None, answers.len()), answers.as_bytes());
    assert!(answer.status == 200 || answer.status == 303, "{}", answer.text);
    assert_eq!(second.ask(&post("/units", Some(&owner), unit.len()), unit.as_bytes()).status, 303);
    let invitee = survey::store::by_token(&world.app.db, &token).await.expect("a link").2;
    assert!(invitee.response.is_some(), "the answer was not kept");
    assert_eq!(units(&world, &owner).await, ["Yard"]);
}

#[tokio::test]
async fn an_upload_that_is_far_too_large_is_refused_soon_with_a_sentence_and_is_never_held_in_memory() {
    const MB: usize = 1_000_000;
    let world = today().await;
    let owner = world.owner().await;
    let server = Server::of(&world);
    assert_eq!(server.ask(&get("/units", Some(&owner)), b"").status, 200);
    let before = server.peak_memory();
    let start = Instant::now();
    for path in ["/import", "/units"] {
        let mut wire = server.connect();
        wire.write_all(post(path, Some(&owner), 200 * MB).as_bytes()).expect("the head");
        for _ in 0..200 {
            wire.write_all(&[b'x'; MB]).expect("the server takes all of it, or the browser shows no answer");
        }
        let answer = Wire::read(wire);
        assert_eq!(answer.status, 413, "{}", answer.text);
        assert!(answer.text.contains("the most that is taken here. Nothing was saved."), "{}", answer.text);
    }
    let mut unannounced = server.connect();
    let head = post("/units", Some(&owner), 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    unannounced.write_all(head.as_bytes()).expect("the head");
    for _ in 0..200 {
        let chunk = format!("{MB:x}\r\n{}\r\n", "x".repeat(MB));
        if unannounced.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let grown = server.peak_memory() - before;
    assert!(grown < 20, "the memory grew by {grown} MB");
    assert_eq!(server.ask(&get("/units", Some(&owner)), b"").status, 200);
}

#[tokio::test]
async fn a_truncated_backup_is_refused_by_name_and_the_data_is_as_it_was() {
    let world = today().await;
    let file = with_units(&world).await;
    let whole = fs::read(&file).expect("the backup");
    let cut = world.app.folder.join("cut.zip");
    fs::write(&cut, &whole[..whole.len() / 2]).expect("a file");
    let before = contents(&world.app.db).await;
    for (from, why) in [(cut, "is not a backup, or was cut short"), (world.app.folder.join("none"), "cannot be read")] {
        let refused = run(program(&world, "restore").arg(&from));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("Nothing was restored; the old data is as it was."), "{said}");
        assert!(said.contains(why) && said.contains(&from.display().to_string()), "{said}");
    }
    assert_eq!(contents(&world.app.db).await, before);
}

#[tokio::test]
async fn check_finds_good_data_good_and_names_what_is_damaged() {
    let world = today().await;
    with_units(&world).await;
    let good = run(&mut program(&world, "check"));
    let said = String::from_utf8_lossy(&good.stdout).into_owned();
    assert!(good.status.success() && said.contains("ok    business_unit: 3 rows"), "{said}");
    assert!(!said.contains("FAULT"), "{said}");
    let brought = world.app.folder.join("files").join(BROUGHT);
    fs::write(&brought, b"as it did not come").expect("a file");
    let bad = run(&mut program(&world, "check"));
    let said = String::from_utf8_lossy(&bad.stdout).into_owned();
    assert!(bad.status.code() == Some(1) && said.contains(&format!("files/{BROUGHT} is not as it was")), "{said}");
    if !world.app.db.is_embedded() {
        println!("skipped: PostgreSQL looks after its own files");
        return;
    }
    world.app.db.close().await;
    let file = world.app.folder.join("waypost.db");
    let whole = fs::read(&file).expect("the database");
    let mut refused = 0;
    for page in 1..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0x5a);
        fs::write(&file, damaged).expect("a damaged database");
        let bad = run(&mut program(&world, "check"));
        let said = format!("{}{}", String::from_utf8_lossy(&bad.stdout), String::from_utf8_lossy(&bad.stderr));
        assert_eq!(bad.status.code(), Some(1), "page {page}: {said}");
        assert!(said.contains("waypost restore"), "page {page} is damaged, and what to do is not said: {said}");
        refused += 1;
    }
    assert!(refused > 10, "only {refused} pages");
}

#[tokio::test]
async fn a_mistyped_folder_is_named_and_no_empty_database_is_made_in_it() {
    let dir = tempfile::tempdir().expect("a folder");
    for folder in [dir.path().to_owned(), dir.path().join("not/there")] {
        for arguments in
            [&["check"][..], &["backup", "--to", "backup.zip"], &["export", "--to", "out"], &["user", "list"]]
        {
            let mut program = Command::new(env!("CARGO_BIN_EXE_waypost"));
            program.current_dir(dir.path()).env("WAYPOST_DATA", &folder).args(arguments);
            let refused = run(&mut program);
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {said}");
            assert!(said.contains("holds no data of Waypost") && said.contains("--data"), "{arguments:?}: {said}");
        }
    }
    assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 0);
}

#[tokio::test]
async fn control_characters_are_left_out_of_what_is_sent_and_lead_nowhere_in_an_address() {
    let world = World::new().await;
    let owner = world.owner().await;
    let sent = world.post(&owner, "/units", &[("name", "Har\0bour\u{1}"), ("code", "H\u{7f}1")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.visible());
    let units = kit::store::all::<kit::people::Unit>(&world.app.db, owner.org).await.expect("units");
    assert_eq!((&*units[0].name, units[0].code.as_deref()), ("Harbour", Some("H1")));
    assert_eq!(world.get(&owner, "/units?q=Har%00bour").await.status, StatusCode::OK);
    assert_eq!(world.get(&owner, "/units/%00").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.ask(Method::GET, "/invitation/a%00b", &[]).await.status, StatusCode::NOT_FOUND);
}
