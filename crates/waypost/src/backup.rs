//! One file with everything, made while the server runs; and back again, verified before anything is touched.
//!
//! The file is a ZIP: `manifest.json`, a `tables/NAME.jsonl` for each table (a JSON array a row), and the files that
//! people brought. It says nothing of the engine, so a backup of SQLite restores into PostgreSQL and back.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use db::{Db, Type, Value, dump::Shape, uuid::Uuid};
use jiff::Timestamp;
use kit::files::digest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{config::Settings, serve::Failure};

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    waypost: String,
    /// The last migration of the database.
    schema: i64,
    made_at: Timestamp,
    tables: Vec<Kept>,
    files: Vec<KeptFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    shape: Shape,
    rows: usize,
    sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptFile {
    name: String,
    sha256: String,
}

const FORMAT: u32 = 1;

/// What was done, for the terminal.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    pub rows: usize,
    pub files: usize,
}

fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Int(it) => json!(it),
        Value::Real(it) => json!(it),
        Value::Bool(it) => json!(it),
        Value::Text(it) => json!(it),
        Value::Id(it) => json!(it),
        Value::Bytes(it) => json!(it),
    }
}

fn from_json(of: Type, value: serde_json::Value) -> Result<Value, serde_json::Error> {
    Ok(match of {
        Type::Int => Value::Int(serde_json::from_value(value)?),
        Type::Real => Value::Real(serde_json::from_value(value)?),
        Type::Bool => Value::Bool(serde_json::from_value(value)?),
        Type::Text => Value::Text(serde_json::from_value(value)?),
        Type::Id => Value::Id(serde_json::from_value(value)?),
        Type::Bytes => Value::Bytes(serde_json::from_value(value)?),
    })
}

/// Writes everything into one file, as it stands at one moment, while others go on working.
///
/// The file appears under its name only when it is whole.
pub async fn backup(db: &Db, folder: &Path, to: &Path, now: Timestamp) -> Result<Done, Failure> {
    let part = part_of(to);
    let done = write(db, folder, &part, now).await;
    match done {
        Ok(done) => {
            fs::rename(&part, to)?;
            Ok(done)
        }
        Err(err) => {
            let _ = fs::remove_file(&part);
            Err(format!("No backup was made: {err}").into())
        }
    }
}

fn part_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

async fn write(db: &Db, folder: &Path, part: &Path, now: Timestamp) -> Result<Done, Failure> {
    // Everything is in it, so nobody else may read it.
    let mut zip = ZipWriter::new(OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part)?);
    let options = SimpleFileOptions::default();
    let mut tables = Vec::new();
    let mut snapshot = db.snapshot().await?;
    for shape in db.shapes().await? {
        let rows = shape.read(&mut snapshot).await?;
        let mut text = Vec::new();
        for row in &rows {
            serde_json::to_writer(&mut text, &row.iter().map(to_json).collect::<Vec<_>>())?;
            text.push(b'\n');
        }
        zip.start_file(format!("tables/{}.jsonl", shape.name), options)?;
        zip.write_all(&text)?;
        tables.push(Kept { rows: rows.len(), sha256: digest(&text), shape });
    }
    drop(snapshot);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join("files"))?.flatten().filter(|it| it.path().is_file()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path())?;
        zip.start_file(format!("files/{name}"), options)?;
        zip.write_all(&bytes)?;
        files.push(KeptFile { name, sha256: digest(&bytes) });
    }
    let done = Done { rows: tables.iter().map(|it| it.rows).sum(), files: files.len() };
    let waypost = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, waypost, schema: Db::schema(), made_at: now, tables, files };
    zip.start_file("manifest.json", options)?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    zip.finish()?.sync_all()?;
    Ok(done)
}

/// A backup that was read whole and found sound.
struct Verified {
    manifest: Manifest,
    tables: Vec<(Shape, Vec<Vec<Value>>)>,
    files: Vec<(String, Vec<u8>)>,
}

fn verify(from: &Path) -> Result<Verified, Failure> {
    let file = File::open(from).map_err(|err| format!("{} cannot be read: {err}", from.display()))?;
    let mut zip =
        ZipArchive::new(file).map_err(|err| format!("{} is not a backup, or was cut short: {err}", from.display()))?;
    let mut entry = |name: &str| -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let mut entry = zip.by_name(name).map_err(|_| format!("{name} is missing in the backup"))?;
        entry.read_to_end(&mut bytes).map_err(|err| format!("{name} in the backup is damaged: {err}"))?;
        Ok(bytes)
    };
    let manifest: Manifest = serde_json::from_slice(&entry("manifest.json")?)
        .map_err(|err| format!("the backup's manifest is damaged: {err}"))?;
    if manifest.format != FORMAT || manifest.schema > Db::schema() {
        return Err(format!(
            "the backup was made by a newer Waypost ({}); restore it with that version or a later one",
            manifest.waypost
        )
        .into());
    }
    let mut tables = Vec::new();
    for kept in &manifest.tables {
        let name = format!("tables/{}.jsonl", kept.shape.name);
        let bytes = entry(&name)?;
        if digest(&bytes) != kept.sha256 {
            return Err(format!("{name} in the backup is not what the manifest says; the file is damaged").into());
        }
        let rows = std::str::from_utf8(&bytes)?
            .lines()
            .map(|line| {
                let values: Vec<serde_json::Value> = serde_json::from_str(line)?;
                kept.shape.columns.iter().zip(values).map(|((_, of), it)| from_json(*of, it)).collect()
            })
            .collect::<Result<Vec<Vec<Value>>, serde_json::Error>>()
            .map_err(|err| format!("{name} in the backup is damaged: {err}"))?;
        if rows.len() != kept.rows {
            return Err(format!("{name} in the backup has {} rows; the manifest says {}", rows.len(), kept.rows).into());
        }
        tables.push((kept.shape.clone(), rows));
    }
    let mut files = Vec::new();
    for kept in &manifest.files {
        if kept.name.contains(['/', '\\']) || kept.name.starts_with('.') {
            return Err(format!("the backup holds a file with the name {}, which is refused", kept.name).into());
        }
        let bytes = entry(&format!("files/{}", kept.name))?;
        if digest(&bytes) != kept.sha256 {
            return Err(format!("files/{} in the backup is damaged", kept.name).into());
        }
        files.push((kept.name.clone(), bytes));
    }
    Ok(Verified { manifest, tables, files })
}

/// Puts a backup in the place of what is there. The caller holds the data folder.
///
/// Everything is verified and loaded beside the old data first; only then is the old put aside, under a name with
/// the time, and the new put in its place. Says where the old is kept, if there was any. Refuses, with the old data
/// untouched, whatever is not sound.
pub async fn restore(settings: &Settings, from: &Path, now: Timestamp) -> Result<(Done, Option<String>), Failure> {
    let refused = |err: Failure| -> Failure {
        let causes = std::iter::successors(err.source(), |it| it.source()).map(|it| format!(": {it}"));
        let causes: String = causes.collect();
        format!("Nothing was restored; the old data is as it was. {err}{causes}").into()
    };
    let backup = verify(from).map_err(refused)?;
    let stamp = now.strftime("%Y%m%d_%H%M%S_%3f").to_string();
    // Nothing refers to them yet, and none has the name of another: were this to fail, the old data would stand.
    for (name, bytes) in &backup.files {
        fs::write(settings.data.join("files").join(name), bytes).map_err(|err| refused(err.into()))?;
    }
    let address = settings.database(&settings.file()?);
    let kept = if address.starts_with("postgres") {
        Some(into_postgres(&address, &backup, &stamp).await.map_err(refused)?)
    } else {
        into_file(settings, &backup, &stamp).await.map_err(refused)?
    };
    Ok((Done { rows: backup.tables.iter().map(|(_, rows)| rows.len()).sum(), files: backup.files.len() }, kept))
}

async fn into_file(settings: &Settings, backup: &Verified, stamp: &str) -> Result<Option<String>, Failure> {
    let at = settings.data.join("waypost.db");
    let new = settings.data.join("restoring.db");
    let remove = |path: &Path| {
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", path.display()));
        }
    };
    remove(&new);
    if let Err(err) = load(&format!("sqlite:{}", new.display()), backup).await {
        remove(&new);
        return Err(err);
    }
    let mut kept = None;
    if at.exists() {
        let aside = settings.data.join(format!("waypost-before-{stamp}.db"));
        if aside.exists() {
            remove(&new);
            return Err(format!("{} is there already; try again", aside.display()).into());
        }
        // Folds the write-ahead log into the file, so that one file is all there is to put aside.
        if let Ok(old) = Db::open(&format!("sqlite:{}", at.display())).await {
            old.close().await;
        }
        fs::rename(&at, &aside)?;
        for ending in ["-wal", "-shm"] {
            let _ = fs::rename(format!("{}{ending}", at.display()), format!("{}{ending}", aside.display()));
        }
        kept = Some(aside.display().to_string());
    }
    fs::rename(&new, &at)?;
    Ok(kept)
}

async fn into_postgres(address: &str, backup: &Verified, stamp: &str) -> Result<String, Failure> {
    let (new, kept) = (format!("restoring_{}", Uuid::now_v7().simple()), format!("waypost_before_{stamp}"));
    let at = Db::open(address).await?;
    at.make_schema(&new).await?;
    let joint = if address.contains('?') { '&' } else { '?' };
    let loaded = load(&format!("{address}{joint}options=-c%20search_path%3D{new}"), backup).await;
    let done = match loaded {
        Ok(()) => at.swap_schema(&new, &kept).await.map_err(Failure::from),
        Err(err) => Err(err),
    };
    if let Err(err) = done {
        at.drop_schema(&new).await?;
        return Err(err);
    }
    at.close().await;
    Ok(format!("the schema {kept}"))
}

/// Loads a backup into an empty database of its own age, then brings it up to the present.
async fn load(address: &str, backup: &Verified) -> Result<(), Failure> {
    let db = Db::open_at(address, backup.manifest.schema).await?;
    let mut tx = db.begin().await?;
    for (shape, rows) in &backup.tables {
        for row in rows {
            shape.write(&mut tx, row.clone()).await?;
        }
    }
    tx.commit().await?;
    for (shape, rows) in &backup.tables {
        if shape.count(&db).await? != rows.len() as i64 {
            return Err(format!("the table {} did not arrive whole", shape.name).into());
        }
    }
    let faults = db.faults().await?;
    db.close().await;
    if let Some(fault) = faults.first() {
        return Err(fault.clone().into());
    }
    Db::open(address).await?.close().await;
    Ok(())
}
