//! Organisations: who they are, how they write numbers and days, when their financial year starts.

use calc::fiscal::{Calendar, Yearly};
use db::{Db, Tx, Value};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::error::Result;

db::id! {
    /// Identifies an organisation for life. Everything that is kept carries one.
    OrgId
}

/// An organisation and its settings.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Organisation {
    pub id: OrgId,
    pub name: String,
    /// Such as `en-GB`: how numbers, money and days are written.
    pub locale: String,
    /// The book currency, by its ISO 4217 code.
    pub currency: String,
    /// An IANA name, such as `Europe/London`.
    pub time_zone: String,
    /// Month and day on which the financial year starts, as `07-01`.
    pub year_starts: String,
    /// Month and day by which the next year's budget is handed in, as `05-29`.
    pub budget_due: String,
    /// Length of the results stage and of the decisions stage; groundwork is what lies between.
    pub results_days: i64,
    pub decisions_days: i64,
    pub version: i64,
}

const COLUMNS: &str = "SELECT id, name, locale, currency, time_zone, year_starts, budget_due, results_days, \
     decisions_days, version FROM organisation WHERE id = $1";

impl Organisation {
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The civil day of a moment, where this organisation is.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.zone()).date()
    }

    /// Month and day from `07-01`; the first of January for anything else.
    pub fn month_day(text: &str) -> (i8, i8) {
        let parsed = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        parsed.filter(|(month, day)| Date::new(2024, *month, *day).is_ok()).unwrap_or((1, 1))
    }

    /// How its financial year runs.
    pub fn calendar(&self) -> Calendar {
        let yearly = |text: &str| {
            let (month, day) = Organisation::month_day(text);
            Yearly::new(month, day).expect("month_day gives only days of the calendar")
        };
        Calendar {
            year_starts: yearly(&self.year_starts),
            budget_due: yearly(&self.budget_due),
            results_days: self.results_days,
            decisions_days: self.decisions_days,
        }
    }

    fn values(&self) -> [Value; 10] {
        [
            self.id.into(),
            self.name.clone().into(),
            self.locale.clone().into(),
            self.currency.clone().into(),
            self.time_zone.clone().into(),
            self.year_starts.clone().into(),
            self.budget_due.clone().into(),
            self.results_days.into(),
            self.decisions_days.into(),
            self.version.into(),
        ]
    }
}

pub async fn find(db: &Db, id: OrgId) -> Result<Organisation> {
    Ok(db.one(COLUMNS, [id.into()]).await?)
}

/// Every organisation of the installation: for the program's own work, never for a page.
pub async fn every(db: &Db) -> Result<Vec<Organisation>> {
    Ok(db
        .all(
            "SELECT id, name, locale, currency, time_zone, year_starts, budget_due, results_days, decisions_days, \
             version FROM organisation ORDER BY id",
            [],
        )
        .await?)
}

pub async fn insert(tx: &mut Tx, org: &Organisation) -> Result<()> {
    // The column of the calendar that all shared (migration 21) stays, and wants something of its own in each row.
    let unused = [Value::from(org.id.to_string())];
    tx.run(
        "INSERT INTO organisation (id, name, locale, currency, time_zone, year_starts, budget_due, results_days, \
         decisions_days, version, calendar_secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        org.values().into_iter().chain(unused),
    )
    .await?;
    Ok(())
}

/// Holds an organisation until the write ends: what must be decided by one after the other waits here for its turn.
pub async fn hold(tx: &mut Tx, id: OrgId) -> Result<()> {
    tx.run("UPDATE organisation SET version = version WHERE id = $1", [id.into()]).await?;
    Ok(())
}

/// Writes the settings over those of the same version; `false` when someone changed them meanwhile.
pub async fn update(tx: &mut Tx, org: &Organisation) -> Result<bool> {
    let touched = tx
        .run(
            "UPDATE organisation SET name = $2, locale = $3, currency = $4, time_zone = $5, year_starts = $6, \
             budget_due = $7, results_days = $8, decisions_days = $9, version = version + 1 \
             WHERE id = $1 AND version = $10",
            org.values(),
        )
        .await?;
    Ok(touched == 1)
}
