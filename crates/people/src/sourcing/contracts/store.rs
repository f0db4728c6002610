//! The lead times of an organisation, and which organisations have contracts.

use db::{Db, Tx};
use kit::{error::Result, org::OrgId};

use super::rules::LEADS;

/// How many days before the last day of notice owners are written to, the longest first.
pub async fn leads(db: &Db, org: OrgId) -> Result<Vec<i64>> {
    let kept: Vec<(i64,)> =
        db.all("SELECT days FROM notice_alert WHERE org = $1 ORDER BY days DESC", [org.into()]).await?;
    Ok(if kept.is_empty() { LEADS.to_vec() } else { kept.into_iter().map(|it| it.0).collect() })
}

/// Sets them anew.
pub async fn set_leads(tx: &mut Tx, org: OrgId, leads: &[i64]) -> Result<()> {
    tx.run("DELETE FROM notice_alert WHERE org = $1", [org.into()]).await?;
    for it in leads {
        tx.run("INSERT INTO notice_alert (org, days) VALUES ($1, $2)", [org.into(), (*it).into()]).await?;
    }
    Ok(())
}

/// Organisations with a contract that somebody owns.
pub async fn organisations(db: &Db) -> Result<Vec<OrgId>> {
    let found: Vec<(OrgId,)> = db.all("SELECT DISTINCT org FROM contract WHERE owner IS NOT NULL", []).await?;
    Ok(found.into_iter().map(|it| it.0).collect())
}
