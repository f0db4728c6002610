//! Who is written to when, in which words, and what the campaign's page may say of it.

use db::uuid::Uuid;
use jiff::{Timestamp, ToSpan, civil::Date};
use kit::{
    choices,
    format::Locale,
    mail::{Mail, State},
    org::Organisation,
};

use crate::{
    campaign::{Campaign, Invitee},
    respond::rules::words,
};

choices! {
    /// Why somebody is written to.
    pub Occasion {
        Invitation = "invitation", "Invitations";
        Reminder = "reminder", "Reminders";
    }
}

impl Occasion {
    /// Names the message for life: one invitation for each invitee, one reminder a day.
    pub fn once(self, invitee: Uuid, day: Date) -> String {
        match self {
            Occasion::Invitation => format!("survey {} {invitee}", self.key()),
            Occasion::Reminder => format!("survey {} {invitee} {day}", self.key()),
        }
    }

    fn of(mail: &Mail) -> Option<Occasion> {
        mail.once.split(' ').nth(1).and_then(Occasion::from_key)
    }

    /// Whether somebody is to be written to on a day: invited once, then reminded at most once a day.
    pub fn concerns(self, it: &Invitee, day: Date) -> bool {
        let waits = it.email.is_some() && !it.answered;
        waits
            && match self {
                Occasion::Invitation => it.mailed_on.is_none(),
                Occasion::Reminder => it.mailed_on.is_some_and(|last| last < day),
            }
    }
}

/// The day of the reminder that goes out by itself.
pub fn reminder_day(campaign: &Campaign) -> Date {
    campaign.closes.saturating_sub(3.days())
}

/// Whether the reminder that goes out by itself is due. From its day to the last one, so that a day on which the
/// program did not run does no harm; whoever was written to since that day is not meant.
pub fn is_due(campaign: &Campaign, today: Date) -> bool {
    campaign.reminds && campaign.refuses(today).is_none() && reminder_day(campaign) <= today
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub body: String,
}

/// An invitation or a reminder: who asks, what for, how long it takes, until when, who will see what, the link.
pub fn letter(occasion: Occasion, campaign: &Campaign, org: &Organisation, to: &Invitee, link: &str) -> Words {
    let language = campaign.language_of(to, org);
    let said = words(&language);
    let german = language == "de";
    let locale = match (german, org.locale.split('-').next()) {
        (true, Some("de")) | (false, Some("en")) => Locale::of(&org.locale),
        (true, _) => Locale::of("de-DE"),
        (false, _) => Locale::of("en-GB"),
    };
    let (opens, closes) = (locale.date(campaign.opens), locale.date(campaign.closes));
    let (name, asks) = (&to.name, &org.name);
    let question = campaign.instrument.title.get(&language);
    let minutes = said.minutes(campaign.instrument.minutes);
    let (subject, greeting, when, link) = match (occasion, german) {
        (Occasion::Invitation, false) => (
            format!("{asks} asks for your view: {question}"),
            format!("Hello {name},\n\n{asks} asks for your view: “{question}”"),
            format!("{minutes} The survey is open from {opens} to {closes}."),
            format!("This link is yours alone, so please do not pass it on:\n{link}"),
        ),
        (Occasion::Reminder, false) => (
            format!("Reminder: {question}"),
            format!(
                "Hello {name},\n\n{asks} would still like to have your view: “{question}” No answers have been handed \
                 in through your link yet. If you have begun, you will find everything as you left it."
            ),
            format!("{minutes} The last day is {closes}."),
            format!("This link is yours alone, so please do not pass it on:\n{link}"),
        ),
        (Occasion::Invitation, true) => (
            format!("{asks} bittet um Ihre Sicht: {question}"),
            format!("Guten Tag {name},\n\n{asks} bittet um Ihre Sicht: „{question}“"),
            format!("{minutes} Die Umfrage ist vom {opens} bis zum {closes} offen."),
            format!("Dieser Link ist nur für Sie; bitte geben Sie ihn nicht weiter:\n{link}"),
        ),
        (Occasion::Reminder, true) => (
            format!("Erinnerung: {question}"),
            format!(
                "Guten Tag {name},\n\n{asks} hätte gern noch Ihre Sicht: „{question}“ Über Ihren Link wurden noch \
                 keine Antworten abgegeben. Wenn Sie schon begonnen haben, finden Sie alles, wie Sie es verlassen \
                 haben."
            ),
            format!("{minutes} Der letzte Tag ist der {closes}."),
            format!("Dieser Link ist nur für Sie; bitte geben Sie ihn nicht weiter:\n{link}"),
        ),
    };
    let intro = match occasion {
        Occasion::Invitation => campaign.instrument.intro.get(&language).to_owned(),
        Occasion::Reminder => String::new(),
    };
    let message = campaign.message.clone().unwrap_or_default();
    let who_sees = said.who_sees(campaign.anonymous, campaign.threshold);
    let parts = [greeting, intro, message, when, who_sees, link];
    let body = parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n");
    Words { subject, body: body + "\n" }
}

/// How the mail of one occasion stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub occasion: Occasion,
    pub sent: usize,
    pub waiting: usize,
    pub failed: usize,
    pub unclear: usize,
}

/// Messages that did not go out as they should, for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub occasion: Occasion,
    pub state: State,
    pub reason: String,
    /// Nobody where the addresses would tell who has not answered an anonymous survey.
    pub recipients: Vec<String>,
    pub mails: Vec<Uuid>,
}

impl Trouble {
    /// Whether it goes out only when a person says so.
    pub fn waits_for_a_person(&self) -> bool {
        matches!(self.state, State::Failed | State::Unclear)
    }
}

/// What stands in the place of a server's words that might name somebody.
pub const UNTOLD: &str = "The mail server did not take it. Its own words are not shown, because they might name \
                          somebody who has not answered; the log of the program has them.";

/// How a campaign's mail stands. Reminders go to those who have not answered, so of an anonymous campaign nothing is
/// said of them that could name anybody: no address, and no words of the server.
pub fn mail_state(anonymous: bool, mails: &[Mail], now: Timestamp) -> (Vec<Tally>, Vec<Trouble>) {
    let mut tallies = Vec::new();
    let mut troubles: Vec<Trouble> = Vec::new();
    for occasion in Occasion::ALL {
        let mine: Vec<(&Mail, State)> =
            mails.iter().filter(|it| Occasion::of(it) == Some(*occasion)).map(|it| (it, it.state(now))).collect();
        let count = |states: &[State]| mine.iter().filter(|it| states.contains(&it.1)).count();
        tallies.push(Tally {
            occasion: *occasion,
            sent: count(&[State::Sent]),
            waiting: count(&[State::Queued, State::Sending]),
            failed: count(&[State::Failed]),
            unclear: count(&[State::Unclear]),
        });
        let untold = anonymous && *occasion == Occasion::Reminder;
        for (mail, state) in mine {
            let reason = match (&mail.problem, state) {
                (_, State::Sent | State::Sending) | (None, State::Queued) => continue,
                (Some(_), _) if untold => UNTOLD.to_owned(),
                (Some(it), _) => it.clone(),
                (None, _) => "It was interrupted on its way to the mail server.".to_owned(),
            };
            let recipients = if untold { Vec::new() } else { vec![mail.recipient.clone()] };
            // Whether a doubtful message came is asked of its recipient, so each is decided on by itself.
            let joins = |it: &&mut Trouble| {
                (it.occasion, it.state, &it.reason) == (*occasion, state, &reason)
                    && (untold || state != State::Unclear)
            };
            match troubles.iter_mut().find(joins) {
                Some(it) => {
                    it.recipients.extend(recipients);
                    it.mails.push(mail.id);
                }
                None => {
                    troubles.push(Trouble { occasion: *occasion, state, reason, recipients, mails: vec![mail.id] });
                }
            }
        }
    }
    (tallies, troubles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{CampaignId, State as CampaignState};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn campaign() -> Campaign {
        let instrument = crate::instrument::shipped().remove(0);
        Campaign {
            id: CampaignId(Uuid::from_u128(1)),
            version: 1,
            title: "Autumn".into(),
            purpose: instrument.purpose.clone(),
            instrument,
            state: CampaignState::Open,
            anonymous: true,
            threshold: 5,
            comment_threshold: 5,
            opens: day("2026-11-20"),
            closes: day("2026-12-01"),
            message: Some("We mean to act on this.".into()),
            reminds: true,
            launched_at: None,
            closed_at: None,
        }
    }

    fn invitee() -> Invitee {
        Invitee {
            id: Uuid::from_u128(7),
            person: None,
            name: "Ada".into(),
            email: Some("ada@example.org".into()),
            side: kit::method::Side::Business,
            unit: None,
            role: None,
            influence: None,
            token: "secret".into(),
            language: None,
            response: None,
            answered: false,
            mailed_on: None,
            draft_key: None,
        }
    }

    fn org(locale: &str) -> Organisation {
        Organisation {
            id: kit::org::OrgId(Uuid::from_u128(2)),
            name: "Harbour".into(),
            locale: locale.into(),
            currency: "EUR".into(),
            time_zone: "UTC".into(),
            year_starts: "07-01".into(),
            budget_due: "05-29".into(),
            results_days: 30,
            decisions_days: 60,
            version: 1,
        }
    }

    #[test]
    fn an_invitation_says_who_asks_what_for_how_long_until_when_who_sees_what_and_where() {
        let said = letter(Occasion::Invitation, &campaign(), &org("en-GB"), &invitee(), "https://w.example/s/secret");
        for part in [
            "Hello Ada",
            "Harbour asks for your view",
            "where business and IT see things alike",
            "We mean to act on this.",
            "About 6 minutes",
            "from 20 November 2026 to 1 December 2026",
            "groups of 5 or more people",
            "https://w.example/s/secret\n",
        ] {
            assert!(said.body.contains(part), "{part} is missing in {}", said.body);
        }
    }

    #[test]
    fn everybody_is_written_to_in_the_language_they_chose_or_else_in_that_of_their_organisation() {
        let german = letter(Occasion::Reminder, &campaign(), &org("de-DE"), &invitee(), "x");
        assert!(german.subject.starts_with("Erinnerung") && german.body.contains("1. Dezember 2026"), "{german:?}");
        let chosen = Invitee { language: Some("en".into()), ..invitee() };
        let english = letter(Occasion::Reminder, &campaign(), &org("de-DE"), &chosen, "x");
        assert!(english.subject.starts_with("Reminder") && english.body.contains("1 December 2026"), "{english:?}");
    }

    #[test]
    fn nobody_is_invited_twice_or_reminded_twice_a_day_or_after_their_answer() {
        let today = day("2026-11-25");
        let on = |mailed_on: Option<&str>, answered| Invitee { mailed_on: mailed_on.map(day), answered, ..invitee() };
        let is = |it: Invitee| (Occasion::Invitation.concerns(&it, today), Occasion::Reminder.concerns(&it, today));
        assert_eq!(is(on(None, false)), (true, false));
        assert_eq!(is(on(Some("2026-11-24"), false)), (false, true));
        assert_eq!(is(on(Some("2026-11-25"), false)), (false, false));
        assert_eq!(is(on(Some("2026-11-24"), true)), (false, false));
        assert_eq!(is(Invitee { email: None, ..on(Some("2026-11-24"), false) }), (false, false));
    }

    #[test]
    fn the_reminder_that_goes_out_by_itself_is_due_in_the_last_three_days() {
        let due = |today| is_due(&campaign(), day(today));
        assert_eq!(
            [due("2026-11-27"), due("2026-11-28"), due("2026-12-01"), due("2026-12-02")],
            [false, true, true, false]
        );
        assert!(!is_due(&Campaign { reminds: false, ..campaign() }, day("2026-11-28")));
    }
}
