//! Backup and restore: nothing is lost, and what is not sound is refused before anything is touched.

use std::{os::unix::fs::PermissionsExt, path::PathBuf};

use db::Db;
use waypost::{
    backup::{backup, restore},
    config::Settings,
};

use crate::world::World;

/// The name of a file is the SHA-256 of what is in it.
pub const BROUGHT: &str = "f07c4429cfa777dc0dfa21e8be6dd2ecaab3db015a4da4870684c10214c13222";

pub async fn with_units(world: &World) -> PathBuf {
    let owner = world.owner().await;
    for name in ["Sales", "Works", "Yard – “north”"] {
        world.post(&owner, "/units", &[("name", name)]).await;
    }
    std::fs::write(world.app.folder.join("files").join(BROUGHT), b"as it came").expect("a file");
    let to = world.app.folder.join("backup.zip");
    backup(&world.app.db, &world.app.folder, &to, world.app.now()).await.expect("a backup");
    to
}

pub async fn contents(db: &Db) -> Vec<(String, Vec<Vec<db::Value>>)> {
    let mut tx = db.snapshot().await.expect("a reading");
    let mut all = Vec::new();
    for shape in db.shapes().await.expect("tables") {
        let mut rows = shape.read(&mut tx).await.expect("rows");
        rows.sort_by_key(|it| format!("{it:?}"));
        all.push((shape.name, rows));
    }
    all
}

fn elsewhere(dir: &tempfile::TempDir) -> Settings {
    std::fs::create_dir_all(dir.path().join("files")).expect("a folder");
    Settings { data: dir.path().to_owned(), database: None }
}

#[tokio::test]
async fn a_backup_restores_every_row_and_file_into_another_folder() {
    let world = World::new().await;
    let file = with_units(&world).await;
    let dir = tempfile::tempdir().expect("a folder");
    let settings = elsewhere(&dir);
    restore(&settings, &file, world.app.now()).await.expect("a restore");
    let restored = Db::open(&format!("sqlite:{}", dir.path().join("waypost.db").display())).await.expect("a database");
    assert_eq!(contents(&restored).await, contents(&world.app.db).await);
    assert_eq!(std::fs::read(dir.path().join("files").join(BROUGHT)).expect("the file"), b"as it came");
    let mode = std::fs::metadata(&file).expect("the backup").permissions().mode();
    assert_eq!(mode & 0o077, 0, "others on the machine may read the backup");
}

#[tokio::test]
async fn a_damaged_or_cut_backup_is_refused_and_the_old_data_stands() {
    let world = World::new().await;
    let file = with_units(&world).await;
    let whole = std::fs::read(&file).expect("the backup");
    let dir = tempfile::tempdir().expect("a folder");
    let settings = elsewhere(&dir);
    restore(&settings, &file, world.app.now()).await.expect("a first restore");
    let before = std::fs::read(dir.path().join("waypost.db")).expect("the database");
    let bad = dir.path().join("bad.zip");
    for cut in [0, whole.len() / 3, whole.len() - 10] {
        std::fs::write(&bad, &whole[..cut]).expect("a file");
        let refused = restore(&settings, &bad, world.app.now()).await.expect_err("a cut backup");
        assert!(refused.to_string().starts_with("Nothing was restored; the old data is as it was."), "{refused}");
    }
    let mut refused = 0;
    for at in (30..whole.len()).step_by(211) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        std::fs::write(&bad, &damaged).expect("a file");
        match restore(&settings, &bad, world.app.now()).await {
            Err(_) => refused += 1,
            // Bytes that nothing reads, such as the time of day of an entry, may be anything.
            Ok(_) => {
                let restored =
                    Db::open(&format!("sqlite:{}", dir.path().join("waypost.db").display())).await.expect("a database");
                assert_eq!(contents(&restored).await, contents(&world.app.db).await);
                restored.close().await;
                std::fs::write(dir.path().join("waypost.db"), &before).expect("the database as it was");
            }
        }
    }
    assert!(refused > 10, "only {refused} damaged backups were refused");
    assert_eq!(std::fs::read(dir.path().join("waypost.db")).expect("the database"), before);
}

#[tokio::test]
async fn a_restore_puts_the_old_data_aside_and_says_where() {
    let world = World::new().await;
    let file = with_units(&world).await;
    let dir = tempfile::tempdir().expect("a folder");
    let settings = elsewhere(&dir);
    let (_, nothing) = restore(&settings, &file, world.app.now()).await.expect("a first restore");
    assert_eq!(nothing, None);
    let (_, kept) = restore(&settings, &file, world.app.now()).await.expect("a second one");
    let kept = Db::open(&format!("sqlite:{}", kept.expect("the old data"))).await.expect("the old database");
    assert_eq!(contents(&kept).await, contents(&world.app.db).await);
    let refused = restore(&settings, &file, world.app.now()).await.expect_err("the same name at the same moment");
    assert!(refused.to_string().contains("is there already"), "{refused}");
    assert!(!dir.path().join("restoring.db").exists(), "what was half done is left lying about");
}

#[tokio::test]
async fn a_restore_in_place_brings_back_what_was_there_on_either_engine() {
    let world = World::new().await;
    let file = with_units(&world).await;
    let then = contents(&world.app.db).await;
    let owner = world.owner().await;
    world.post(&owner, "/units", &[("name", "Regretted")]).await;
    assert_ne!(contents(&world.app.db).await, then);
    world.app.db.close().await;
    let settings = Settings { data: world.app.folder.clone(), database: Some(world.database.clone()) };
    restore(&settings, &file, world.app.now()).await.expect("a restore");
    let restored = Db::open(&world.database).await.expect("a database");
    assert_eq!(contents(&restored).await, then);
}
