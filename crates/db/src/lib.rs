//! One database type over two engines.
//!
//! Every statement in the program is written once, in the SQL that SQLite and PostgreSQL share, and is a
//! `&'static str`: no statement is ever built from what a user typed. This crate is the only place that knows
//! which engine runs. Civil dates are ISO 8601 text, instants whole milliseconds since the epoch, money whole
//! minor units, identifiers version-7 UUIDs made by the program.

mod value;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection as _, FromRow, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    postgres::{PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};

pub use crate::value::{Id, Type, Value, printable};
pub use {sqlx, uuid};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// A pool of connections to whichever engine the address named.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A write: nothing is visible to others until [`Tx::commit`]; dropped, it never was.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
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

/// What sqlx runs a statement on.
macro_rules! executor {
    (pool $it:ident) => {
        $it
    };
    (tx $it:ident) => {
        &mut **$it
    };
}

/// The same reading statements for a pool and for a transaction.
macro_rules! reads {
    ($self:ident, $($mutable:ident)?, $how:ident) => {
        /// Every row of the answer.
        pub async fn all<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<Vec<T>> {
            let rows = match $self {
                Self::Sqlite(it) => bind!(sqlx::query_as(sql), values).fetch_all(executor!($how it)).await,
                Self::Postgres(it) => bind!(sqlx::query_as(sql), values).fetch_all(executor!($how it)).await,
            };
            Ok(rows?)
        }

        /// The one row of the answer; [`Error::NotFound`] where there is none.
        pub async fn one<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<T> {
            $self.maybe(sql, values).await?.ok_or(Error::NotFound)
        }

        /// The first row of the answer, if any.
        pub async fn maybe<T: Record>(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<Option<T>> {
            let row = match $self {
                Self::Sqlite(it) => bind!(sqlx::query_as(sql), values).fetch_optional(executor!($how it)).await,
                Self::Postgres(it) => bind!(sqlx::query_as(sql), values).fetch_optional(executor!($how it)).await,
            };
            Ok(row?)
        }

        /// Every row as plain values, for statements made from a description.
        pub async fn rows(&$($mutable)? $self, sql: &'static str, values: impl IntoIterator<Item = Value>, types: &[Type]) -> Result<Vec<Vec<Value>>> {
            Ok(match $self {
                Self::Sqlite(it) => {
                    let rows = bind!(sqlx::query(sql), values).fetch_all(executor!($how it)).await?;
                    rows.iter().map(|row| cells!(row, types)).collect::<std::result::Result<_, _>>()?
                }
                Self::Postgres(it) => {
                    let rows = bind!(sqlx::query(sql), values).fetch_all(executor!($how it)).await?;
                    rows.iter().map(|row| cells!(row, types)).collect::<std::result::Result<_, _>>()?
                }
            })
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
        let migrated = match &db {
            Db::Sqlite(pool) => known.run(pool).await,
            Db::Postgres(pool) => known.run(pool).await,
        };
        match migrated {
            Ok(()) => Ok(db),
            Err(MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..)) => Err(Error::Newer),
            Err(MigrateError::Execute(err) | MigrateError::ExecuteMigration(err, _)) => Err(err.into()),
            Err(err) => Err(Error::Failed(err.into())),
        }
    }

    async fn connect(url: &str) -> Result<Db> {
        Ok(if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Db::Postgres(PgPoolOptions::new().acquire_timeout(Duration::from_secs(10)).connect(url).await?)
        } else {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .pragma("cache_size", "-4000");
            // SQLite itself takes a write back when the disk is full. sqlx then rolls back once more, is refused, and
            // takes the connection for one inside a write for good.
            let pool = SqlitePoolOptions::new()
                .max_connections(4)
                .before_acquire(|it, _| Box::pin(async move { Ok(!it.is_in_transaction()) }));
            Db::Sqlite(pool.connect_with(options).await?)
        })
    }

    /// The highest migration that this program knows, which names the schema of a backup.
    pub fn schema() -> i64 {
        MIGRATIONS.iter().map(|it| it.version).max().unwrap_or(0)
    }

    reads!(self, , pool);

    /// Begins a write.
    ///
    /// SQLite takes its write lock here, not at the first write: a reader that turned writer would be refused at
    /// once, without waiting its turn.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a reading that sees one state of the data however long it lasts, while others write.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?),
        })
    }

    /// Waits for statements in flight and closes every connection.
    pub async fn close(&self) {
        match self {
            Db::Sqlite(pool) => pool.close().await,
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether the data is a file of ours, in the data folder.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Db::Sqlite(_))
    }
}

impl Tx {
    reads!(self, mut, tx);

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
        Ok(match self {
            Tx::Sqlite(tx) => bind!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
            Tx::Postgres(tx) => bind!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Makes the write visible to others.
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
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
