//! The results of closed campaigns, kept in memory: a closed campaign never changes, so neither do they.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use kit::{
    error::{Error, Result},
    method::Side,
    rights::Right,
    web::Scope,
};

use crate::{
    campaign::{Campaign, CampaignId},
    gap,
    results::rules::{Results, results},
    snapshot::{self, Snapshot},
};

/// A closed campaign and everything that it says.
pub struct Kept {
    pub campaign: Campaign,
    pub snapshot: Snapshot,
    pub results: Results,
    /// Where the instrument is one of the two of the gap analysis.
    pub gap: Option<gap::rules::Report>,
}

/// By campaign, and by whether the reader may see names: of a campaign under names they see more than the others.
type Shelf = BTreeMap<(CampaignId, bool), Arc<Kept>>;

/// How many campaigns are kept at most.
const MOST: usize = 32;

/// The results of a campaign of this organisation. Refuses one that is not closed.
pub async fn of(scope: &Scope, id: CampaignId) -> Result<Arc<Kept>> {
    seen(scope, id, scope.may(Right::SeeNamedAnswers)).await
}

/// The same as everyone of the organisation may see it, whoever asks: for what is written where all read it.
pub async fn for_everyone(scope: &Scope, id: CampaignId) -> Result<Arc<Kept>> {
    seen(scope, id, false).await
}

async fn seen(scope: &Scope, id: CampaignId, sees_names: bool) -> Result<Arc<Kept>> {
    static KEPT: LazyLock<Mutex<Shelf>> = LazyLock::new(Mutex::default);
    // The campaign is looked up each time: that is what says whose it is.
    let campaigns = crate::store::campaigns(scope.db(), scope.id()).await?;
    let campaign = campaigns.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if let Some(kept) = KEPT.lock().expect("nothing panics while it is held").get(&(id, sees_names)) {
        return Ok(kept.clone());
    }
    let snapshot = snapshot::of(scope, &campaign).await?;
    let kept =
        tokio::task::spawn_blocking(move || reckon(campaign, snapshot, sees_names)).await.map_err(Error::internal)?;
    let kept = Arc::new(kept);
    let mut all = KEPT.lock().expect("nothing panics while it is held");
    if all.len() >= MOST {
        all.pop_first();
    }
    all.insert((id, sees_names), kept.clone());
    Ok(kept)
}

/// The earlier closed campaigns of the same purpose, oldest first.
pub async fn earlier_than(scope: &Scope, kept: &Kept) -> Result<Vec<Arc<Kept>>> {
    let mut all = Vec::new();
    for campaign in crate::store::closed(scope.db(), scope.id(), &kept.snapshot.instrument.purpose).await? {
        if (campaign.closed_at, campaign.id) < (kept.campaign.closed_at, kept.campaign.id) {
            all.push(of(scope, campaign.id).await?);
        }
    }
    Ok(all)
}

fn reckon(campaign: Campaign, snapshot: Snapshot, sees_names: bool) -> Kept {
    let results = results(&snapshot, "en", snapshot.shown_from(sees_names));
    let gap = (snapshot.instrument.purpose == "gap").then(|| {
        let answered: Vec<(Side, usize)> = Side::ALL
            .iter()
            .map(|side| (*side, snapshot.respondents.iter().filter(|it| it.side == *side).count()))
            .collect();
        gap::rules::report(&results, &answered, Some(snapshot.asked).filter(|it| *it > 0))
    });
    Kept { campaign, snapshot, results, gap }
}
