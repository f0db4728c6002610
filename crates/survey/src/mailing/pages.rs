//! The mail of a campaign as its page shows it, and what a person can do about it.

use axum::{
    extract::{Form, Path},
    response::Response,
};
use kit::{
    asking::{
        self, Card,
        rules::{Occasion, mail_state, sent},
    },
    error::{Error, Result},
    mail,
    rights::Right,
    web::{Access, Routes, Scope, see},
};

use crate::{
    campaign::{Campaign, CampaignId, Invitee, State},
    mailing::{
        self,
        rules::{concerns, reminder_day},
    },
    store,
};

pub fn routes(routes: Routes) -> Routes {
    let manage = Access::With(Right::ManageSurveys);
    routes.post("/surveys/{id}/invitations", manage, invite).post("/surveys/{id}/reminders", manage, remind).post(
        "/surveys/{id}/mail",
        manage,
        again,
    )
}

/// The part of an open campaign's page that tells of its mail.
pub async fn card(scope: &Scope, campaign: &Campaign, invitees: &[Invitee]) -> Result<Card> {
    let today = scope.today();
    let mails = mail::about(scope.db(), scope.id(), campaign.id.0).await?;
    let (tallies, troubles) = mail_state(campaign.anonymous, &mails, scope.now);
    let concerned = |of: Occasion| invitees.iter().filter(|it| concerns(of, it, today)).count();
    let day = reminder_day(campaign);
    Ok(Card {
        base: format!("/surveys/{}", campaign.id),
        configured: scope.app.mail.is_some(),
        tallies,
        troubles,
        to_invite: concerned(Occasion::Invitation),
        to_remind: concerned(Occasion::Reminder),
        without_email: invitees.iter().filter(|it| it.email.is_none()).count(),
        reminder: (campaign.reminds && today <= day).then(|| scope.locale().date(day)),
        prints: true,
    })
}

async fn open(scope: &Scope, id: CampaignId) -> Result<Campaign> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    match campaign.state {
        State::Open => Ok(campaign),
        State::Draft => Err(Error::refused("The survey is a draft. Launch it first; that sends the invitations.")),
        State::Closed => Err(Error::refused("The survey is closed, so nobody is written to any more.")),
    }
}

async fn invite(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    write(&scope, id, Occasion::Invitation).await
}

async fn remind(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    write(&scope, id, Occasion::Reminder).await
}

async fn write(scope: &Scope, id: CampaignId, occasion: Occasion) -> Result<Response> {
    let campaign = open(scope, id).await?;
    if scope.app.mail.is_none() {
        return Err(Error::refused("No mail server is set up, so nothing can be sent. Hand out the links instead."));
    }
    if occasion == Occasion::Reminder && campaign.refuses(scope.today()).is_some() {
        return Err(Error::refused("Nobody can answer today, so nobody is reminded. Look at the survey's days."));
    }
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    let mut tx = scope.db().begin().await?;
    let written = mailing::write(&mut tx, &scope.app, &scope.org, &campaign, occasion, &invitees).await?;
    tx.commit().await?;
    Ok(see(&format!("/surveys/{id}#mail"), &sent(occasion, written)))
}

/// Sends messages again that failed or may not have been taken; a person decided so.
async fn again(
    scope: Scope,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    open(&scope, id).await?;
    asking::again(&scope, id.0, &fields).await?;
    Ok(see(&format!("/surveys/{id}#mail"), mail::TRIED_AGAIN))
}
