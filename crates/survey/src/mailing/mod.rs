//! A campaign as a round whose links and mail [`kit::asking`] hands out, and its reminder that goes out by itself. Which
//! words those who are asked read, and when they are reminded, is decided in `rules`.

pub mod rules;

use db::Tx;
use kit::{
    asking::{self, Asked, MORNING, Round, rules::Occasion},
    error::{Error, Result},
    mail,
    org::{self, Organisation},
    rights::Right,
    web::{App, Scope},
};

use crate::{
    campaign::{Campaign, CampaignId, Invitee, State},
    mailing::rules::{calls, is_due, reminder_day},
    store,
};

/// What a campaign is called among the rounds: part of the names of its mail for life.
pub const SURVEY: &str = "survey";

/// A campaign as a round that asks these people.
fn round(app: &App, org: &Organisation, campaign: &Campaign, invitees: Vec<Invitee>) -> Round {
    let page = format!("/surveys/{}", campaign.id);
    let one = |it: Invitee| Asked {
        id: it.id,
        person: it.person.map(kit::people::PersonId),
        side: it.side,
        link: format!("{}/s/{}", app.address, it.token),
        language: Some(campaign.language_of(&it, org)),
        done: it.answered,
        how_far: String::new(),
        unit: it.unit,
        email: it.email,
        name: it.name,
    };
    Round {
        what: SURVEY,
        id: campaign.id.0,
        title: campaign.title.clone(),
        under: vec![("Surveys".to_owned(), "/surveys".to_owned()), (campaign.title.clone(), page.clone())],
        open: campaign.state == State::Open,
        closes: campaign.closes,
        anonymous: campaign.anonymous,
        gathers: false,
        page: Some(page),
        reminder: campaign.reminds.then(|| reminder_day(campaign)),
        calls: calls(campaign),
        asked: invitees.into_iter().map(one).collect(),
    }
}

/// A campaign as its links are handed out. In an anonymous one, too, to everyone who is asked, answered or not, so that
/// a list of links tells nothing.
pub async fn handed_out(scope: &Scope, id: CampaignId) -> Result<Round> {
    scope.need(Right::ManageSurveys)?;
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    if campaign.state == State::Draft {
        return Err(Error::refused(
            "Links work while the survey is open. Launch it first; that sends the invitations.",
        ));
    }
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    Ok(round(&scope.app, &scope.org, &campaign, invitees))
}

/// Writes to everyone of these whom the occasion concerns, in the write that causes it.
pub async fn write(
    tx: &mut Tx,
    app: &App,
    org: &Organisation,
    campaign: &Campaign,
    occasion: Occasion,
    invitees: Vec<Invitee>,
) -> Result<usize> {
    asking::write(tx, app, org, &round(app, org, campaign, invitees), occasion).await
}

/// Sends the reminders that go out by themselves. Called again and again; whoever was written to on the reminder's day
/// or later is left alone, so it goes out once, and so is whoever was never invited.
pub async fn remind(app: &App) -> Result<()> {
    if app.mail.is_none() {
        return Ok(());
    }
    for (of, id) in store::reminding(&app.db).await? {
        let org = org::find(&app.db, of).await?;
        let here = app.now().to_zoned_datetime(org.zone());
        let campaign = store::campaign(&app.db, of, id).await?;
        if here.time() < MORNING || !is_due(&campaign, here.date()) {
            continue;
        }
        let (since, mails) = (reminder_day(&campaign), mail::about(&app.db, of, id.0).await?);
        let mut invitees = store::invitees(&app.db, of, id).await?;
        invitees.retain(|it| {
            let waits = it.email.is_some() && !it.answered;
            waits && asking::rules::last_written(&mails, it.id, &org).is_some_and(|last| last < since)
        });
        if !invitees.is_empty() {
            let mut tx = app.db.begin().await?;
            write(&mut tx, app, &org, &campaign, Occasion::Reminder, invitees).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
