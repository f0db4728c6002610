//! The whole database as plain tables: what a backup holds and a restore writes. The same on both engines, so that
//! a backup of one restores into the other.

use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::{Db, Engine, Error, MIGRATIONS, On, Result, Tx, Type, Value};

/// A table with its columns, in the order in which the migrations made them: what refers comes after what is
/// referred to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shape {
    pub name: String,
    pub columns: Vec<(String, Type)>,
}

/// The tables that the migrations make.
fn names() -> Vec<String> {
    let made = MIGRATIONS
        .iter()
        .flat_map(|it| it.sql.as_str().split("CREATE TABLE ").skip(1).map(str::to_owned).collect::<Vec<_>>());
    made.filter_map(|it| it.split(|end: char| !end.is_alphanumeric() && end != '_').next().map(str::to_owned)).collect()
}

fn column_type(declared: &str) -> Type {
    match declared.to_ascii_uppercase().as_str() {
        "UUID" => Type::Id,
        "BIGINT" => Type::Int,
        "BOOLEAN" => Type::Bool,
        "DOUBLE PRECISION" => Type::Real,
        "BYTEA" | "BLOB" => Type::Bytes,
        _ => Type::Text,
    }
}

impl Db {
    /// Every table of the schema that is there now.
    pub async fn shapes(&self) -> Result<Vec<Shape>> {
        let mut all = Vec::new();
        for name in names() {
            let columns: Vec<(String, String)> = match &self.engine {
                Engine::Sqlite(pool) => {
                    sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY cid")
                        .bind(&name)
                        .fetch_all(pool)
                        .await?
                }
                Engine::Postgres(pool) => {
                    sqlx::query_as(
                        "SELECT column_name::text, data_type::text FROM information_schema.columns \
                         WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
                    )
                    .bind(&name)
                    .fetch_all(pool)
                    .await?
                }
            };
            if !columns.is_empty() {
                let columns = columns.into_iter().map(|(name, declared)| (name, column_type(&declared))).collect();
                all.push(Shape { name, columns });
            }
        }
        Ok(all)
    }
}

impl Shape {
    fn list(&self) -> String {
        self.columns.iter().map(|(name, _)| &**name).collect::<Vec<_>>().join(", ")
    }

    /// Every row of the table.
    pub async fn read(&self, tx: &mut Tx) -> Result<Vec<Vec<Value>>> {
        // The statement is made from the schema's own names; it is leaked because a backup is rare and short.
        let sql = Box::leak(format!("SELECT {} FROM {}", self.list(), self.name).into_boxed_str());
        let types: Vec<Type> = self.columns.iter().map(|(_, it)| *it).collect();
        tx.rows(sql, [], &types).await
    }

    /// Adds a row. Refuses one of another width.
    pub async fn write(&self, tx: &mut Tx, row: Vec<Value>) -> Result<()> {
        if row.len() != self.columns.len() {
            return Err(Error::Failed(sqlx::Error::Protocol(format!(
                "a row of {} has {} values",
                self.name,
                row.len()
            ))));
        }
        let places = (1..=row.len()).map(|it| format!("${it}")).collect::<Vec<_>>().join(", ");
        let sql =
            AssertSqlSafe(format!("INSERT INTO {} ({}) VALUES ({places})", self.name, self.list())).into_sql_str();
        match &mut tx.on {
            On::Sqlite(tx) => bind!(sqlx::query(sql), row).execute(&mut **tx).await.map(|_| ())?,
            On::Postgres(tx) => bind!(sqlx::query(sql), row).execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }

    /// How many rows the table has.
    pub async fn count(&self, db: &Db) -> Result<i64> {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", self.name)).into_sql_str();
        Ok(match &db.engine {
            Engine::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
            Engine::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
        })
    }
}

impl Db {
    /// Puts the schema `from` of a PostgreSQL database in the place of the one at hand, which is kept as `kept`.
    ///
    /// Does nothing on SQLite, where a file is put in the place of a file.
    pub async fn swap_schema(&self, from: &str, kept: &str) -> Result<()> {
        if let Engine::Postgres(pool) = &self.engine {
            let now: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(pool).await?;
            let mut tx = pool.begin().await?;
            for statement in [
                format!("ALTER SCHEMA \"{now}\" RENAME TO \"{kept}\""),
                format!("ALTER SCHEMA \"{from}\" RENAME TO \"{now}\""),
            ] {
                sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Makes an empty schema in a PostgreSQL database.
    pub async fn make_schema(&self, name: &str) -> Result<()> {
        if let Engine::Postgres(pool) = &self.engine {
            sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA \"{name}\""))).execute(pool).await?;
        }
        Ok(())
    }

    /// Takes a schema away again, with all that is in it.
    pub async fn drop_schema(&self, name: &str) -> Result<()> {
        if let Engine::Postgres(pool) = &self.engine {
            sqlx::query(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS \"{name}\" CASCADE"))).execute(pool).await?;
        }
        Ok(())
    }

    /// What an engine's own check of the file says is wrong; nothing where all is well.
    pub async fn faults(&self) -> Result<Vec<String>> {
        let Engine::Sqlite(pool) = &self.engine else { return Ok(Vec::new()) };
        let said: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check").fetch_all(pool).await?;
        let mut faults: Vec<String> = said.into_iter().map(|(it,)| it).filter(|it| it != "ok").collect();
        let dangling: Vec<(String, String)> =
            sqlx::query_as("SELECT \"table\", parent FROM pragma_foreign_key_check").fetch_all(pool).await?;
        faults.extend(
            dangling.into_iter().map(|(table, parent)| format!("a row of {table} refers to a missing row of {parent}")),
        );
        Ok(faults)
    }
}
