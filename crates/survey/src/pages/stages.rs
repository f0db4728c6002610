//! What becomes of a campaign: a draft is launched or deleted, an open one is closed.

use axum::{extract::Path, response::Response};
use kit::{
    asking::rules::Occasion,
    audit::{self, Changes},
    error::{Error, Result},
    mail,
    web::{Scope, see},
};

use crate::{
    answers,
    campaign::{CAMPAIGN, Campaign, CampaignId, State},
    mailing,
    pages::{form::difference, list::asked},
    snapshot::{FORM, Respondent, Snapshot},
    store,
};

/// A campaign of this organisation, where whoever asks may know of it.
pub async fn shown(scope: &Scope, id: CampaignId) -> Result<Campaign> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    if campaign.is_shown_to(scope) { Ok(campaign) } else { Err(Error::NotFound) }
}

/// A draft of this organisation; anything else is refused with the reason.
pub async fn draft(scope: &Scope, id: CampaignId) -> Result<Campaign> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    match campaign.state {
        State::Draft => Ok(campaign),
        _ => Err(Error::refused(
            "This can be done with a draft only: once a survey is open, its questions and threshold are fixed, and \
             nobody is taken off its list.",
        )),
    }
}

pub(super) async fn launch(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = draft(&scope, id).await?;
    // Whoever answered elsewhere was asked there.
    let asked = store::invitees(scope.db(), scope.id(), id).await?.len().max(answers::many(&scope, id).await?);
    if asked == 0 {
        return Err(Error::refused("Nobody would be asked. Choose an audience first."));
    }
    if campaign.closes < scope.today() {
        return Err(Error::refused("The last day has passed. Set a later one first."));
    }
    if campaign.anonymous && asked < campaign.threshold as usize {
        return Err(Error::refused(format!(
            "Only {asked} people would be asked, fewer than the threshold of {}: nothing could ever be shown. Ask more people, or ask them under their names.",
            campaign.threshold
        )));
    }
    begin(&scope, &campaign).await?;
    Ok(see(&format!("/surveys/{id}"), "The survey is open. Its questions and its threshold are fixed now."))
}

/// Opens a draft, whose settings are fixed from here on, and invites everyone who has an e-mail address.
pub async fn begin(scope: &Scope, campaign: &Campaign) -> Result<()> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let mut tx = scope.db().begin().await?;
    if !store::launch(&mut tx, scope.id(), campaign.id, scope.now).await? {
        return Err(Error::refused("The survey is open already."));
    }
    let after = Campaign { state: State::Open, ..campaign.clone() };
    let changes = difference(Some(campaign), &after);
    audit::add(
        &mut tx,
        &scope.author(),
        "launched",
        CAMPAIGN,
        campaign.id.0,
        &campaign.title,
        &changes,
        campaign.version + 1,
    )
    .await?;
    mailing::write(&mut tx, &scope.app, &scope.org, &after, Occasion::Invitation, invitees).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn close(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    end(&scope, &campaign).await?;
    Ok(see(&format!("/surveys/{id}/results"), "Closed. These results rest on a snapshot that nothing can alter."))
}

/// Closes an open campaign and locks its snapshot, in one transaction.
pub async fn end(scope: &Scope, campaign: &Campaign) -> Result<()> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let mut tx = scope.db().begin().await?;
    // From here on no import brings anything in, and nobody hands anything in.
    answers::store::hold(&mut tx, scope.id(), campaign.id).await?;
    let respondents: Vec<Respondent> = store::handed_in(&mut tx, scope.id(), campaign.id)
        .await?
        .into_iter()
        .map(|(it, answers)| Respondent {
            side: it.side,
            unit: it.unit,
            role: it.role,
            name: it.name.filter(|_| !campaign.anonymous),
            person: it.person.map(kit::people::PersonId).filter(|_| !campaign.anonymous),
            influence: it.influence,
            answers,
        })
        .collect();
    let snapshot = Snapshot {
        form: FORM,
        instrument: (*campaign.instrument).clone(),
        anonymous: campaign.anonymous,
        threshold: campaign.threshold as usize,
        comment_threshold: campaign.comment_threshold as usize,
        closed_on: scope.today(),
        asked: asked(&invitees, respondents.len()),
        respondents,
    };
    let text = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    if !store::close(&mut tx, scope.id(), campaign.id, &text, scope.now).await? {
        return Err(Error::refused("The survey is not open, so it cannot be closed."));
    }
    mail::withdraw(&mut tx, scope.id(), campaign.id.0).await?;
    if campaign.anonymous {
        answers::store::forget_respondents(&mut tx, scope.id(), campaign.id).await?;
    }
    let after = Campaign { state: State::Closed, ..campaign.clone() };
    let changes = difference(Some(campaign), &after);
    audit::add(
        &mut tx,
        &scope.author(),
        "closed",
        CAMPAIGN,
        campaign.id.0,
        &campaign.title,
        &changes,
        campaign.version + 1,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn delete(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = draft(&scope, id).await?;
    let mut tx = scope.db().begin().await?;
    if !store::delete_draft(&mut tx, scope.id(), id).await? {
        return Err(Error::refused("Only a draft can be deleted."));
    }
    audit::add(&mut tx, &scope.author(), "deleted", CAMPAIGN, id.0, &campaign.title, &Changes::new(), campaign.version)
        .await?;
    tx.commit().await?;
    Ok(see("/surveys", "The draft was deleted."))
}
