//! Invitations and reminders by e-mail: put in line with the change that causes them, and never twice for the same
//! occasion. Which words, when and to whom is decided in `rules`; bringing mail to a server is [`kit::mail`]'s.

pub mod pages;
pub mod rules;

use db::Tx;
use jiff::{Timestamp, civil};
use kit::{
    asking::rules::Occasion,
    error::Result,
    mail::{self, Letter},
    org::{self, OrgId, Organisation},
    web::App,
};

use crate::{
    campaign::{Campaign, Invitee},
    mailing::rules::{concerns, is_due, letter, reminder_day},
    store,
};

/// What the names of its mail begin with.
const MAIL: &str = "survey";
/// Mail that nobody waits for goes out from this hour on.
const MORNING: civil::Time = civil::time(8, 0, 0, 0);

/// Writes to everyone whom the occasion concerns, and says to how many. To nobody where there is no mail server, or
/// once the last day has passed; invitations to a survey that opens later go out on its first morning.
pub async fn write(
    tx: &mut Tx,
    app: &App,
    org: &Organisation,
    campaign: &Campaign,
    occasion: Occasion,
    invitees: &[Invitee],
) -> Result<usize> {
    let now = app.now();
    let today = org.day(now);
    if app.mail.is_none() || campaign.closes < today {
        return Ok(0);
    }
    let from = if campaign.opens > today { morning(org, campaign.opens, now) } else { now };
    let mut written = 0;
    for it in invitees.iter().filter(|it| concerns(occasion, it, today)) {
        let Some(recipient) = it.email.clone() else { continue };
        let words = letter(occasion, campaign, org, it, &link(app, it));
        let letter = Letter {
            once: occasion.once(MAIL, it.id, today),
            about: Some(campaign.id.0),
            recipient,
            subject: words.subject,
            body: words.body,
            from,
        };
        written += usize::from(mail::queue(tx, org.id, &letter).await?);
        store::set_mailed_on(tx, it.id, campaign.opens.max(today)).await?;
    }
    Ok(written)
}

fn morning(org: &Organisation, day: civil::Date, otherwise: Timestamp) -> Timestamp {
    org.zone().to_timestamp(day.to_datetime(MORNING)).unwrap_or(otherwise)
}

/// The personal link of somebody who is asked.
pub fn link(app: &App, invitee: &Invitee) -> String {
    format!("{}/s/{}", app.address, invitee.token)
}

/// Somebody has answered: a reminder that waits is not sent any more. An invitation that waits stays, because the
/// campaign's page names its recipient, and its absence would tell that they have answered.
pub async fn answered(tx: &mut Tx, org: OrgId, invitee: &Invitee) -> Result<()> {
    match invitee.mailed_on {
        Some(day) => mail::withdraw_one(tx, org, &Occasion::Reminder.once(MAIL, invitee.id, day)).await,
        None => Ok(()),
    }
}

/// Sends the reminders that go out by themselves. Called again and again; whoever was written to on the reminder's day
/// or later is left alone, so it goes out once.
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
        let since = reminder_day(&campaign);
        let mut invitees = store::invitees(&app.db, of, id).await?;
        invitees.retain(|it| it.mailed_on.is_some_and(|last| last < since));
        if invitees.iter().any(|it| concerns(Occasion::Reminder, it, here.date())) {
            let mut tx = app.db.begin().await?;
            write(&mut tx, app, &org, &campaign, Occasion::Reminder, &invitees).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
