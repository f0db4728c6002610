//! One database type over two engines.
//!
//! Every statement in the program is written once, in the SQL that SQLite and PostgreSQL share, and is a
//! `&'static str`: no statement is ever built from what a user typed. This crate is the only place that knows
//! which engine runs. Civil dates are ISO 8601 text, instants whole milliseconds since the epoch, money whole
//! minor units, identifiers version-7 UUIDs made by the program.

mod value;

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    Connection as _, FromRow, PgPool, Postgres, Row as _, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    postgres::{PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

pub use crate::value::{Id, Type, Value, instant, printable};
pub use {sqlx, uuid};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// A pool of connections to whichever engine the address named.
#[derive(Clone, Debug)]
pub struct Db {
    pub engine: Engine,
    /// How many writes of this program others can see.
    writes: Arc<AtomicU64>,
    watch: Arc<tokio::sync::Mutex<Watch>>,
    /// What one request was answered, and what it made of that.
    answers: Option<Arc<Mutex<Memory>>>,
    /// What [`Db::kept`] made, for all requests that find the data in the same state.
    kept: Option<Arc<Mutex<Memory>>>,
}

/// Which state the data was in when it was looked at last, and what is kept of it.
#[derive(Debug)]
struct Watch {
    /// A connection that never writes: what SQLite says to it changes with every write of another, also of another
    /// program.
    sqlite: Option<SqliteConnection>,
    state: String,
    kept: Arc<Mutex<Memory>>,
}

#[derive(Clone, Debug)]
pub enum Engine {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A write: nothing is visible to others until [`Tx::commit`]; dropped, it never was.
pub struct Tx {
    on: On,
    writes: Arc<AtomicU64>,
}

enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The rows of an answer.
enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

/// With which values it was asked, and what was answered.
type Answered = (Vec<Value>, Arc<dyn Any + Send + Sync>);

/// What was asked, by its statement or its name and the values, and what the answers were, as of a number of writes.
#[derive(Default)]
struct Memory {
    at: u64,
    answers: HashMap<&'static str, Vec<Answered>>,
}

/// What a caller may want to tell apart; the cause stays inside.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such row")]
    NotFound,
    #[error("a row with this value exists")]
    Duplicate,
    #[error("another row refers to this one, or this one refers to none")]
    Referenced,
    #[error("the disk is full")]
    Full,
    #[error("The database file is damaged. Put the latest backup in its place: waypost restore BACKUP")]
    Damaged,
    #[error("the database was written by a newer version of Waypost; use that version, or restore an older backup")]
    Newer,
    #[error("database failure")]
    Failed(#[source] sqlx::Error),
}

pub type Result<T> = std::result::Result<T, Error>;

/// A row type that both engines can read. Derive `sqlx::FromRow` to get it.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Binds portable values to a statement of either engine.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(it) => query.bind(it),
                Value::Real(it) => query.bind(it),
                Value::Bool(it) => query.bind(it),
                Value::Text(it) => query.bind(it),
                Value::Bytes(it) => query.bind(it),
                Value::Id(it) => query.bind(it),
            };
        }
        query
    }};
}

pub mod dump;

/// Reads a row of either engine by position, as the types ask.
macro_rules! cells {
    ($row:expr, $types:expr) => {{
        let row = $row;
        $types
            .iter()
            .enumerate()
            .map(|(at, of)| {
                Ok(match of {
                    Type::Int => Value::Int(row.try_get(at)?),
                    Type::Real => Value::Real(row.try_get(at)?),
                    Type::Bool => Value::Bool(row.try_get(at)?),
                    Type::Text => Value::Text(row.try_get(at)?),
                    Type::Bytes => Value::Bytes(row.try_get(at)?),
                    Type::Id => Value::Id(row.try_get(at)?),
                })
            })
            .collect::<std::result::Result<Vec<Value>, sqlx::Error>>()
    }};
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Rows {
    fn all<T: Record>(&self) -> Result<Vec<T>> {
        Ok(match self {
            Rows::Sqlite(rows) => rows.iter().map(T::from_row).collect::<std::result::Result<_, _>>()?,
            Rows::Postgres(rows) => rows.iter().map(T::from_row).collect::<std::result::Result<_, _>>()?,
        })
    }

    fn first<T: Record>(&self) -> Result<Option<T>> {
        Ok(match self {
            Rows::Sqlite(rows) => rows.first().map(T::from_row).transpose()?,
            Rows::Postgres(rows) => rows.first().map(T::from_row).transpose()?,
        })
    }

    fn values(&self, types: &[Type]) -> Result<Vec<Vec<Value>>> {
        Ok(match self {
            Rows::Sqlite(rows) => rows.iter().map(|it| cells!(it, types)).collect::<std::result::Result<_, _>>()?,
            Rows::Postgres(rows) => rows.iter().map(|it| cells!(it, types)).collect::<std::result::Result<_, _>>()?,
        })
    }
}

/// The same reading statements for a pool and for a transaction.
macro_rules! reads {
    ($self:ident $(, $mutable:ident)?) => {
        /// Every row of the answer.
        pub async fn all<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<Vec<T>> {
            $self.fetch(sql, values.into_iter().collect()).await?.all()
        }

        /// The one row of the answer; [`Error::NotFound`] where there is none.
        pub async fn one<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<T> {
            $self.maybe(sql, values).await?.ok_or(Error::NotFound)
        }

        /// The first row of the answer, if any. The whole answer is read: a statement that has more says LIMIT 1.
        pub async fn maybe<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<Option<T>> {
            $self.fetch(sql, values.into_iter().collect()).await?.first()
        }

        /// Every row as plain values, for statements made from a description.
        pub async fn rows(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>, types: &[Type]) -> Result<Vec<Vec<Value>>> {
            $self.fetch(sql, values.into_iter().collect()).await?.values(types)
        }
    };
}

impl Db {
    /// Opens the database named by a `sqlite:` or `postgres:` address and brings its schema up to date.
    ///
    /// Refuses with [`Error::Newer`] when the schema holds migrations that this program does not know.
    pub async fn open(url: &str) -> Result<Db> {
        Db::open_at(url, i64::MAX).await
    }

    /// Opens a database and brings its schema up to a migration and no further, for restoring an older backup.
    pub async fn open_at(url: &str, schema: i64) -> Result<Db> {
        let db = Db::connect(url).await?;
        let known = Migrator::with_migrations(MIGRATIONS.iter().filter(|it| it.version <= schema).cloned().collect());
        let migrated = match &db.engine {
            Engine::Sqlite(pool) => known.run(pool).await,
            Engine::Postgres(pool) => known.run(pool).await,
        };
        match migrated {
            Ok(()) => Ok(db),
            Err(MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..)) => Err(Error::Newer),
            Err(MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _)) => Err(err.into()),
            Err(err) => Err(Error::Failed(err.into())),
        }
    }

    async fn connect(url: &str) -> Result<Db> {
        let mut sqlite = None;
        let engine = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Engine::Postgres(PgPoolOptions::new().acquire_timeout(Duration::from_secs(10)).connect(url).await?)
        } else {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .pragma("cache_size", "-4000")
                // A register is handed over at one go, not fifty rows at a time with a change of threads for each fifty.
                .row_buffer_size(1000);
            // SQLite itself takes a write back when the disk is full. sqlx then rolls back once more, is refused, and
            // takes the connection for one inside a write for good.
            let pool = SqlitePoolOptions::new()
                .max_connections(4)
                .before_acquire(|it, _| Box::pin(async move { Ok(!it.is_in_transaction()) }))
                .connect_with(options.clone())
                .await?;
            sqlite = Some(SqliteConnection::connect_with(&options).await?);
            Engine::Sqlite(pool)
        };
        let watch = Watch { sqlite, state: String::new(), kept: Arc::default() };
        let watch = Arc::new(tokio::sync::Mutex::new(watch));
        Ok(Db { engine, writes: Arc::default(), watch, answers: None, kept: None })
    }

    /// The highest migration that this program knows, which names the schema of a backup.
    pub fn schema() -> i64 {
        MIGRATIONS.iter().map(|it| it.version).max().unwrap_or(0)
    }

    /// The same database for one request: asked the same twice, it answers from memory, unless this program wrote in
    /// between. A page may so ask for what it needs where it needs it. What [`Db::kept`] made of answers is there for
    /// the next request too, as long as nobody writes, this program or another.
    pub async fn remembering(&self) -> Result<Db> {
        let mut watch = self.watch.lock().await;
        let state = match (&self.engine, &mut watch.sqlite) {
            (Engine::Sqlite(_), Some(it)) => {
                sqlx::query_scalar::<_, i64>("PRAGMA data_version").fetch_one(it).await?.to_string()
            }
            (Engine::Sqlite(_), None) => return Err(Error::Failed(sqlx::Error::PoolClosed)),
            // Who sees the same transactions as over sees the same rows.
            (Engine::Postgres(pool), _) => {
                sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(pool).await?
            }
        };
        if watch.state != state {
            watch.state = state;
            watch.kept = Arc::default();
        }
        Ok(Db { answers: Some(Arc::default()), kept: Some(watch.kept.clone()), ..self.clone() })
    }

    reads!(self);

    /// What is made of the data, for every request for as long as nobody writes, this program or another. A name
    /// belongs to one way of making; whatever else the result depends on, such as the organisation, stands among the
    /// values.
    pub async fn kept<T: Any + Send + Sync, E>(
        &self,
        name: &'static str,
        values: Vec<Value>,
        make: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<Arc<T>, E> {
        self.remember(self.kept.as_deref(), name, values, make).await
    }

    /// What is made of the data, once for this request: it may depend on who asks, and when.
    pub async fn once<T: Any + Send + Sync, E>(
        &self,
        name: &'static str,
        make: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<Arc<T>, E> {
        self.remember(self.answers.as_deref(), name, Vec::new(), make).await
    }

    async fn fetch(&self, sql: &'static str, values: Vec<Value>) -> Result<Arc<Rows>> {
        self.remember(self.answers.as_deref(), sql, values.clone(), self.ask(sql, values)).await
    }

    async fn remember<T: Any + Send + Sync, E>(
        &self,
        memory: Option<&Mutex<Memory>>,
        name: &'static str,
        values: Vec<Value>,
        make: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<Arc<T>, E> {
        let Some(memory) = memory else { return Ok(Arc::new(make.await?)) };
        let at = self.writes.load(Ordering::SeqCst);
        {
            let mut memory = memory.lock().expect("nothing panics while it is held");
            if memory.at != at {
                *memory = Memory { at, answers: HashMap::new() };
            }
            let mut same = memory.answers.get(name).into_iter().flatten().filter(|it| it.0 == values);
            if let Some(it) = same.find_map(|(_, it)| it.clone().downcast::<T>().ok()) {
                return Ok(it);
            }
        }
        let it = Arc::new(make.await?);
        let mut memory = memory.lock().expect("nothing panics while it is held");
        if memory.at == at {
            memory.answers.entry(name).or_default().push((values, it.clone()));
        }
        Ok(it)
    }

    async fn ask(&self, sql: &'static str, values: Vec<Value>) -> Result<Rows> {
        Ok(match &self.engine {
            Engine::Sqlite(pool) => Rows::Sqlite(bind!(sqlx::query(sql), values).fetch_all(pool).await?),
            Engine::Postgres(pool) => Rows::Postgres(bind!(sqlx::query(sql), values).fetch_all(pool).await?),
        })
    }

    /// Begins a write.
    ///
    /// SQLite takes its write lock here, not at the first write: a reader that turned writer would be refused at
    /// once, without waiting its turn.
    pub async fn begin(&self) -> Result<Tx> {
        let on = match &self.engine {
            Engine::Sqlite(pool) => On::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => On::Postgres(pool.begin().await?),
        };
        Ok(Tx { on, writes: self.writes.clone() })
    }

    /// Begins a reading that sees one state of the data however long it lasts, while others write.
    pub async fn snapshot(&self) -> Result<Tx> {
        let on = match &self.engine {
            Engine::Sqlite(pool) => On::Sqlite(pool.begin().await?),
            Engine::Postgres(pool) => On::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?),
        };
        Ok(Tx { on, writes: self.writes.clone() })
    }

    /// Waits for statements in flight and closes every connection.
    pub async fn close(&self) {
        if let Some(it) = self.watch.lock().await.sqlite.take() {
            // What it closes is closed either way.
            let _ = it.close().await;
        }
        match &self.engine {
            Engine::Sqlite(pool) => pool.close().await,
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether the data is a file of ours, in the data folder.
    pub fn is_embedded(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }
}

impl Tx {
    reads!(self, mut);

    async fn fetch(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Rows> {
        Ok(match &mut self.on {
            On::Sqlite(tx) => Rows::Sqlite(bind!(sqlx::query(sql), values).fetch_all(&mut **tx).await?),
            On::Postgres(tx) => Rows::Postgres(bind!(sqlx::query(sql), values).fetch_all(&mut **tx).await?),
        })
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
        Ok(match &mut self.on {
            On::Sqlite(tx) => bind!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
            On::Postgres(tx) => bind!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Makes the write visible to others.
    pub async fn commit(self) -> Result<()> {
        match self.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(tx) => tx.commit().await?,
        }
        self.writes.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

impl From<sqlx::Error> for Error {
    fn from(err: sqlx::Error) -> Error {
        /// SQLITE_FULL, and PostgreSQL's class 53 "disk full".
        const FULL: [&str; 2] = ["13", "53100"];
        /// SQLITE_CORRUPT and its kinds, and SQLITE_NOTADB; PostgreSQL's "data corrupted" and "index corrupted".
        const DAMAGED: [&str; 7] = ["11", "267", "523", "779", "26", "XX001", "XX002"];
        match &err {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::Database(it) if it.is_unique_violation() => Error::Duplicate,
            sqlx::Error::Database(it) if it.is_foreign_key_violation() => Error::Referenced,
            sqlx::Error::Database(it) if it.code().is_some_and(|code| FULL.contains(&&*code)) => Error::Full,
            sqlx::Error::Database(it) if it.code().is_some_and(|code| DAMAGED.contains(&&*code)) => Error::Damaged,
            _ => Error::Failed(err),
        }
    }
}

/// Declares a typed identifier: a `UnitId` is never taken for a `PersonId`.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "db::serde", transparent)]
        #[derive($crate::sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub $crate::uuid::Uuid);

        impl $name {
            /// A new identifier; later ones sort after earlier ones.
            pub fn fresh() -> $name {
                $name($crate::uuid::Uuid::now_v7())
            }
        }

        impl $crate::Id for $name {
            fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
            fn from_uuid(uuid: $crate::uuid::Uuid) -> $name {
                $name(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for $crate::Value {
            fn from(id: $name) -> $crate::Value {
                $crate::Value::Id(Some(id.0))
            }
        }
    };
}

pub use serde;
