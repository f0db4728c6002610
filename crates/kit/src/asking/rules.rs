//! Who is written to when, in which words, and what a page may say of the mail.

use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};

use crate::{
    choices,
    format::Locale,
    mail::{Mail, State},
    org::Organisation,
};

choices! {
    /// Why somebody is written to.
    pub Occasion {
        Invitation = "invitation", "Invitations";
        Reminder = "reminder", "Reminders";
    }
}

impl Occasion {
    /// Names the message for life: one invitation for each who is asked, one reminder a day.
    pub fn once(self, what: &str, asked: Uuid, day: Date) -> String {
        match self {
            Occasion::Invitation => format!("{what} {} {asked}", self.key()),
            Occasion::Reminder => format!("{what} {} {asked} {day}", self.key()),
        }
    }

    pub(super) fn of(mail: &Mail) -> Option<Occasion> {
        mail.once.split(' ').nth(1).and_then(Occasion::from_key)
    }

    /// Whether somebody who still waits to be heard is written to on a day: invited once, then reminded at most once a
    /// day. `last` is the day of the last message to them.
    pub fn concerns(self, last: Option<Date>, day: Date) -> bool {
        match self {
            Occasion::Invitation => last.is_none(),
            Occasion::Reminder => last.is_some_and(|last| last < day),
        }
    }
}

/// Whether a message goes to somebody who is asked.
pub fn is_to(mail: &Mail, asked: Uuid) -> bool {
    mail.once.split(' ').nth(2).and_then(|it| it.parse().ok()) == Some(asked)
}

/// The day of the last message to somebody who is asked.
pub fn last_written(mails: &[Mail], asked: Uuid, org: &Organisation) -> Option<Date> {
    mails.iter().filter(|it| is_to(it, asked)).map(|it| org.day(it.at())).max()
}

/// The language in which somebody is written to and asked: the one they chose, else their organisation's, else
/// English.
pub fn language<'a>(chosen: Option<&'a str>, locale: &'a str, known: &[&str]) -> &'a str {
    let of_org = locale.split('-').next().unwrap_or_default();
    [chosen.unwrap_or_default(), of_org].into_iter().find(|it| known.contains(it)).unwrap_or("en")
}

/// How days and numbers are written in a language: as the organisation writes them where it speaks that language.
pub fn locale_in(language: &str, locale: &str) -> Locale {
    match (language == "de", locale.split('-').next()) {
        (true, Some("de")) | (false, Some("en")) => Locale::of(locale),
        (true, _) => Locale::of("de-DE"),
        (false, _) => Locale::of("en-GB"),
    }
}

/// What is said to somebody who is asked, in their language.
#[derive(Debug, Clone)]
pub struct Call {
    pub question: String,
    pub intro: String,
    /// What whoever asks adds in their own words.
    pub message: String,
    /// How long it takes.
    pub minutes: String,
    /// The first day, where the round has one that may lie ahead.
    pub opens: Option<Date>,
    pub closes: Date,
    pub who_sees: String,
    /// Whether what was begun is kept for the next time.
    pub resumes: bool,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub body: String,
}

/// An invitation or a reminder: who asks, what for, how long it takes, until when, who will see what, the link.
pub fn letter(occasion: Occasion, language: &str, org: &Organisation, name: &str, call: &Call, link: &str) -> Words {
    let (asks, question, minutes) = (&org.name, &call.question, &call.minutes);
    let locale = locale_in(language, &org.locale);
    let closes = locale.date(call.closes);
    let opens = call.opens.map(|it| locale.date(it));
    let german = language == "de";
    let (subject, greeting) = match (occasion, german) {
        (Occasion::Invitation, false) => (
            format!("{asks} asks for your view: {question}"),
            format!("Hello {name},\n\n{asks} asks for your view: “{question}”"),
        ),
        (Occasion::Reminder, false) => (
            format!("Reminder: {question}"),
            format!(
                "Hello {name},\n\n{asks} would still like to have your view: “{question}” No answers have been handed \
                 in through your link yet.{}",
                if call.resumes { " If you have begun, you will find everything as you left it." } else { "" }
            ),
        ),
        (Occasion::Invitation, true) => (
            format!("{asks} bittet um Ihre Sicht: {question}"),
            format!("Guten Tag {name},\n\n{asks} bittet um Ihre Sicht: „{question}“"),
        ),
        (Occasion::Reminder, true) => (
            format!("Erinnerung: {question}"),
            format!(
                "Guten Tag {name},\n\n{asks} hätte gern noch Ihre Sicht: „{question}“ Über Ihren Link wurden noch \
                 keine Antworten abgegeben.{}",
                if call.resumes {
                    " Wenn Sie schon begonnen haben, finden Sie alles, wie Sie es verlassen haben."
                } else {
                    ""
                }
            ),
        ),
    };
    let when = match (occasion, opens, german) {
        (Occasion::Invitation, Some(opens), false) => format!("The survey is open from {opens} to {closes}."),
        (Occasion::Invitation, Some(opens), true) => format!("Die Umfrage ist vom {opens} bis zum {closes} offen."),
        (.., false) => format!("The last day is {closes}."),
        (.., true) => format!("Der letzte Tag ist der {closes}."),
    };
    let link = match german {
        false => format!("This link is yours alone, so please do not pass it on:\n{link}"),
        true => format!("Dieser Link ist nur für Sie; bitte geben Sie ihn nicht weiter:\n{link}"),
    };
    let intro = if occasion == Occasion::Invitation { call.intro.clone() } else { String::new() };
    let when = format!("{minutes} {when}").trim().to_owned();
    let parts = [greeting, intro, call.message.clone(), when, call.who_sees.clone(), link];
    let body = parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n");
    Words { subject, body: body + "\n" }
}

/// What is said after somebody had these messages written.
pub fn sent(occasion: Occasion, written: usize) -> String {
    match (occasion, written) {
        (Occasion::Invitation, 0) => "Everyone with an e-mail address was invited before.".to_owned(),
        (Occasion::Reminder, 0) => {
            "Nobody was reminded: everyone has answered, or was written to today already.".to_owned()
        }
        (Occasion::Invitation, 1) => "One invitation is on its way.".to_owned(),
        (Occasion::Reminder, 1) => "One reminder is on its way.".to_owned(),
        (Occasion::Invitation, n) => format!("{n} invitations are on their way."),
        (Occasion::Reminder, n) => format!("{n} reminders are on their way."),
    }
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
