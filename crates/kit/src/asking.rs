//! Rounds in which people are asked something, each by a personal link and without an account. A link is handed out in
//! print or goes out by mail, and never twice for the same occasion.
//!
//! What is asked, and what becomes of the answers, belongs to the areas: they say of a round who is asked and how far
//! each of them is ([`Round`], `Area::round`). Here are the links themselves, the letters and the page from which both
//! are handed out. Rounds that keep answers under a link of their own bring their links along; for others the links
//! are kept here.

pub mod pages;
pub mod rules;

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use db::{Db, Tx, uuid::Uuid};
use jiff::{
    Timestamp,
    civil::{self, Date},
};

use self::rules::{Call, Occasion, Tally, Trouble, is_to, language, last_written, letter, locale_in, mail_state};
use crate::{
    account::Secret,
    audit::Author,
    choices,
    error::{Error, Result},
    format::{Locale, order_of},
    mail::{self, Letter, Mail, State as MailState},
    method::Side,
    org::{self, OrgId, Organisation},
    people::{self, Person, PersonId, Unit},
    store,
    web::{App, Scope, html},
};

choices! {
    /// The languages in which people without an account are asked.
    pub Language {
        English = "en", "English";
        German = "de", "Deutsch";
    }
}

impl Language {
    /// The one that somebody chose, else that of their organisation, else English.
    pub fn of(chosen: Option<&str>, locale: &str) -> Language {
        let known: Vec<&str> = Language::ALL.iter().map(|it| it.key()).collect();
        Language::from_key(language(chosen, locale, &known)).unwrap_or(Language::English)
    }

    pub fn say<'a>(self, english: &'a str, german: &'a str) -> &'a str {
        if self == Language::German { german } else { english }
    }

    /// How days and numbers are written in it.
    pub fn locale(self, of: &Organisation) -> Locale {
        locale_in(self.key(), &of.locale)
    }
}

/// Where somebody without an account chooses the language in which they are asked.
#[derive(Template)]
#[template(path = "asking/languages.html")]
pub struct Languages {
    /// The address to which the choice goes.
    pub to: String,
    pub now: Language,
}

/// What was chosen there.
#[derive(serde::Deserialize)]
pub struct ChosenLanguage {
    language: String,
}

impl ChosenLanguage {
    pub fn get(&self) -> Option<Language> {
        Language::from_key(&self.language)
    }
}

/// A round, as far as handing out its links needs to know it.
#[derive(Debug, Clone)]
pub struct Round {
    /// Which sort of round: part of its address, and of the names of its mail for life.
    pub what: &'static str,
    pub id: Uuid,
    pub title: String,
    /// The pages above it, the nearest last: title and address.
    pub under: Vec<(String, String)>,
    pub open: bool,
    /// The last day on which answers are taken; a proposal as long as nobody is asked.
    pub closes: Date,
    /// Whether it stays unknown who has answered.
    pub anonymous: bool,
    /// Whether its links are kept here, so that more people can be asked as long as it is open.
    pub gathers: bool,
    /// The address of the page that tells of its mail and of who has answered, where the area has one; else the page
    /// from which its links are handed out does.
    pub page: Option<String>,
    /// The day of the reminder that goes out by itself, where one does.
    pub reminder: Option<Date>,
    /// What is said to those who are asked, in the order of [`Language::ALL`].
    pub calls: [Call; 2],
    pub asked: Vec<Asked>,
}

impl Round {
    /// The address from which its links are handed out.
    pub fn url(&self) -> String {
        format!("/asked/{}/{}", self.what, self.id)
    }

    /// Whether what somebody began is kept for the next time.
    fn resumes(&self) -> bool {
        self.calls.iter().all(|it| it.resumes)
    }

    /// Where its mail is told of.
    fn mail(&self) -> String {
        format!("{}#mail", self.page.clone().unwrap_or_else(|| self.url()))
    }

    /// The first day on which answers are taken, where it lies ahead.
    fn opens_after(&self, today: Date) -> Option<Date> {
        self.calls.iter().find_map(|it| it.opens).filter(|it| *it > today)
    }

    /// Notes of each who is asked what their record says, where the area keeps nothing of its own.
    pub(crate) async fn look_up(&mut self, scope: &Scope) -> Result<()> {
        let units = store::titles(scope.db(), scope.id(), Unit::KIND).await?;
        let people = people::by_id(scope).await?;
        for it in &mut self.asked {
            let Some(person) = it.person.and_then(|it| people.get(&it)) else { continue };
            it.email = it.email.take().or_else(|| person.email.clone());
            it.unit = it.unit.take().or_else(|| units.get(&person.unit?.0).cloned());
        }
        Ok(())
    }
}

/// Somebody who is asked in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub id: Uuid,
    pub person: Option<PersonId>,
    pub name: String,
    pub side: Side,
    pub unit: Option<String>,
    pub email: Option<String>,
    /// The address that is theirs alone.
    pub link: String,
    /// The language that they chose.
    pub language: Option<String>,
    pub done: bool,
    /// How far they are, where that can be said: "3 of 12".
    pub how_far: String,
}

/// A personal link that is kept here.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Link {
    pub id: Uuid,
    pub org: OrgId,
    pub what: String,
    pub about: Uuid,
    pub person: PersonId,
    pub token: String,
    closes: String,
    pub language: Option<String>,
}

impl Link {
    /// The last day on which it works.
    pub fn closes(&self) -> Date {
        self.closes.parse().unwrap_or(Date::MIN)
    }

    pub fn url(&self, app: &App) -> String {
        format!("{}/{}/{}", app.address, self.what, self.token)
    }
}

/// The links of a round.
pub async fn links(db: &Db, org: OrgId, what: &str, about: Uuid) -> Result<Vec<Link>> {
    let sql = "SELECT id, org, what, about, person, token, closes, language FROM asked \
               WHERE org = $1 AND what = $2 AND about = $3";
    Ok(db.all(sql, [org.into(), what.to_owned().into(), about.into()]).await?)
}

/// The links of a person that still work on a day.
pub async fn waiting(db: &Db, org: OrgId, person: PersonId, today: Date) -> Result<Vec<Link>> {
    let sql = "SELECT id, org, what, about, person, token, closes, language FROM asked \
               WHERE org = $1 AND person = $2 AND closes >= $3";
    Ok(db.all(sql, [org.into(), person.into(), today.into()]).await?)
}

/// Gives each of these people a link, where they have none yet, and sets the last day of all links of the round. Says
/// how many are new.
pub async fn ask(tx: &mut Tx, org: OrgId, what: &str, about: Uuid, people: &[PersonId], closes: Date) -> Result<usize> {
    let mut new = 0;
    for person in people {
        new += tx
            .run(
                "INSERT INTO asked (id, org, what, about, person, token, closes) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (org, what, about, person) DO NOTHING",
                [
                    Uuid::now_v7().into(),
                    org.into(),
                    what.to_owned().into(),
                    about.into(),
                    (*person).into(),
                    Secret::fresh().text.into(),
                    closes.into(),
                ],
            )
            .await?;
    }
    let sql = "UPDATE asked SET closes = $4 WHERE org = $1 AND what = $2 AND about = $3";
    tx.run(sql, [org.into(), what.to_owned().into(), about.into(), closes.into()]).await?;
    Ok(usize::try_from(new).unwrap_or(0))
}

/// Takes the links of a round back, with the mail about it that no server has heard of.
pub async fn end(tx: &mut Tx, org: OrgId, what: &str, about: Uuid) -> Result<()> {
    let sql = "DELETE FROM asked WHERE org = $1 AND what = $2 AND about = $3";
    tx.run(sql, [org.into(), what.to_owned().into(), about.into()]).await?;
    mail::withdraw(tx, org, about).await?;
    Ok(())
}

/// Those who have a link of the round, by name, with how far each is: how much they have said, of how much.
pub async fn asked(scope: &Scope, links: &[Link], how_far: impl Fn(PersonId) -> (usize, usize)) -> Result<Vec<Asked>> {
    let people = people::by_id(scope).await?;
    let one = |it: &Link| {
        let person = people.get(&it.person)?;
        let (said, of) = how_far(it.person);
        Some(Asked {
            id: it.id,
            person: Some(it.person),
            name: person.name.clone(),
            side: person.side,
            unit: None,
            email: None,
            link: it.url(&scope.app),
            language: it.language.clone(),
            done: of > 0 && said >= of,
            how_far: format!("{said} of {of}"),
        })
    };
    let mut all: Vec<Asked> = links.iter().filter_map(one).collect();
    all.sort_by_key(|it| order_of(&it.name));
    Ok(all)
}

/// Somebody who has come by a link that is kept here.
pub struct Guest {
    pub org: Organisation,
    pub link: Link,
    pub person: Person,
    pub language: Language,
}

impl Guest {
    /// In whose name they write.
    pub fn author(&self, at: Timestamp) -> Author {
        Author { org: self.org.id, account: None, name: self.person.name.clone(), at, batch: None }
    }

    /// What is said to them, in their language.
    pub fn say<'a>(&self, english: &'a str, german: &'a str) -> &'a str {
        self.language.say(english, german)
    }

    /// The last day on which their link works, as they write it.
    pub fn closes(&self) -> String {
        self.language.locale(&self.org).date(self.link.closes())
    }

    /// Where they choose another language.
    pub fn languages(&self) -> Languages {
        Languages { to: format!("/asked/language/{}", self.link.token), now: self.language }
    }

    /// A page that says one thing.
    pub fn message(&self, status: StatusCode, title: &str, text: &str) -> Result<Response> {
        message(status, self.language.key(), &self.org.name, (title, text))
    }
}

/// A page for somebody without an account that says one thing.
#[derive(Template)]
#[template(path = "asking/message.html")]
pub struct Message<'a> {
    pub language: &'a str,
    pub org: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    /// Where one can begin anew, and what the button says.
    pub anew: Option<(&'a str, &'a str)>,
}

impl Message<'_> {
    pub fn send(&self, status: StatusCode) -> Result<Response> {
        Ok((status, html(self)?).into_response())
    }
}

/// The page with this title and text.
pub fn message(status: StatusCode, language: &str, org: &str, (title, text): (&str, &str)) -> Result<Response> {
    Message { language, org, title, text, anew: None }.send(status)
}

/// The page of a link that leads nowhere.
pub fn nowhere() -> Result<Response> {
    let text = "Perhaps a part of it was lost on the way. Copy the whole link, or ask whoever gave it to you.";
    message(StatusCode::NOT_FOUND, Language::English.key(), "Waypost", ("This link leads nowhere", text))
}

/// Whose link it is; where nothing can be answered, the page that says why.
pub async fn guest(app: &App, what: &str, token: &str) -> Result<std::result::Result<Guest, Response>> {
    let link = match by_token(&app.db, token).await {
        Ok(link) if link.what == what => link,
        Ok(_) | Err(Error::NotFound) => return Ok(Err(nowhere()?)),
        Err(err) => return Err(err),
    };
    let org = org::find(&app.db, link.org).await?;
    let person = store::find::<Person>(&app.db, link.org, link.person).await?;
    let language = Language::of(link.language.as_deref(), &org.locale);
    let guest = Guest { org, link, person, language };
    if guest.link.closes() < guest.org.day(app.now()) {
        let title = guest.say("No more answers are taken", "Es werden keine Antworten mehr angenommen");
        let text = guest.say(
            "The last day has passed. Ask whoever invited you what came of it.",
            "Der letzte Tag ist vorbei. Fragen Sie, wer Sie eingeladen hat, was daraus wurde.",
        );
        return Ok(Err(guest.message(StatusCode::GONE, title, text)?));
    }
    Ok(Ok(guest))
}

async fn by_token(db: &Db, token: &str) -> Result<Link> {
    let sql = "SELECT id, org, what, about, person, token, closes, language FROM asked WHERE token = $1";
    Ok(db.one(sql, [token.to_owned().into()]).await?)
}

/// The part of a page that tells of the mail of a round or campaign.
#[derive(Template)]
#[template(path = "asking/card.html")]
pub struct Card {
    /// The address below which it is decided.
    pub base: String,
    pub configured: bool,
    pub tallies: Vec<Tally>,
    pub troubles: Vec<Trouble>,
    pub to_invite: usize,
    pub to_remind: usize,
    pub without_email: usize,
    /// The day of the reminder that goes out by itself, where one is wanted and its day has not passed.
    pub reminder: Option<String>,
    /// Whether links to print are a page of their own.
    pub prints: bool,
}

impl Card {
    fn is_empty(&self, it: &Tally) -> bool {
        it.sent + it.waiting + it.failed + it.unclear == 0
    }
}

/// How the mail of a round stands.
pub async fn card(scope: &Scope, round: &Round) -> Result<Card> {
    let mails = mail::about(scope.db(), scope.id(), round.id).await?;
    let (tallies, troubles) = mail_state(round.anonymous, &mails, scope.now);
    let concerned = |of: Occasion| to_write(round, &mails, &scope.org, scope.today(), of).count();
    Ok(Card {
        base: round.url(),
        configured: scope.app.mail.is_some(),
        tallies,
        troubles,
        to_invite: concerned(Occasion::Invitation),
        to_remind: concerned(Occasion::Reminder),
        without_email: round.asked.iter().filter(|it| it.email.is_none()).count(),
        reminder: round.reminder.filter(|it| *it >= scope.today()).map(|it| scope.locale().date(it)),
        prints: round.page.is_some(),
    })
}

/// Whom an occasion concerns on a day, with their addresses.
fn to_write<'a>(
    round: &'a Round,
    mails: &'a [Mail],
    org: &'a Organisation,
    today: Date,
    occasion: Occasion,
) -> impl Iterator<Item = (&'a Asked, &'a String)> {
    let waiting = round.asked.iter().filter(|it| !it.done);
    let concerned = waiting.filter(move |it| occasion.concerns(last_written(mails, it.id, org), today));
    concerned.filter_map(|it| Some((it, it.email.as_ref()?)))
}

/// Mail that nobody waits for goes out from this hour on.
pub const MORNING: civil::Time = civil::time(8, 0, 0, 0);

/// Writes to everyone whom the occasion concerns, and says to how many. To nobody where there is no mail server, or
/// once the last day has passed; invitations to a round that opens later go out on its first morning.
pub async fn write(tx: &mut Tx, app: &App, org: &Organisation, round: &Round, occasion: Occasion) -> Result<usize> {
    let now = app.now();
    let today = org.day(now);
    if app.mail.is_none() || round.closes < today {
        return Ok(0);
    }
    let morning = |day: Date| org.zone().to_timestamp(day.to_datetime(MORNING)).unwrap_or(now);
    let from = round.opens_after(today).map_or(now, morning);
    let mails = mail::about_now(tx, org.id, round.id).await?;
    let mut written = 0;
    for (it, recipient) in to_write(round, &mails, org, today, occasion) {
        let language = Language::of(it.language.as_deref(), &org.locale);
        let call = &round.calls[language as usize];
        let words = letter(occasion, language.key(), org, &it.name, call, &it.link);
        let letter = Letter {
            once: occasion.once(round.what, it.id, today),
            about: Some(round.id),
            recipient: recipient.clone(),
            subject: words.subject,
            body: words.body,
            from,
        };
        written += usize::from(mail::queue(tx, org.id, &letter).await?);
    }
    Ok(written)
}

/// These have answered: a reminder that waits is not sent any more. An invitation that waits stays, because the account
/// of the mail names its recipient, and its absence would tell that they have answered.
pub async fn answered(tx: &mut Tx, org: OrgId, about: Uuid, asked: &[Uuid]) -> Result<()> {
    for it in mail::about_now(tx, org, about).await? {
        if Occasion::of(&it) == Some(Occasion::Reminder) && asked.iter().any(|asked| is_to(&it, *asked)) {
            mail::withdraw_one(tx, org, it.id).await?;
        }
    }
    Ok(())
}

/// The same of somebody who has said everything in a round whose links are kept here, if they were asked at all.
pub async fn answered_by(tx: &mut Tx, org: OrgId, what: &str, about: Uuid, person: PersonId) -> Result<()> {
    let sql = "SELECT id FROM asked WHERE org = $1 AND what = $2 AND about = $3 AND person = $4";
    let link: Option<(Uuid,)> =
        tx.maybe(sql, [org.into(), what.to_owned().into(), about.into(), person.into()]).await?;
    match link {
        Some((link,)) => answered(tx, org, about, &[link]).await,
        None => Ok(()),
    }
}

/// Who is asked, as a form lets one choose: leaders, whose view decides, then the others; each with whether they are
/// chosen.
#[derive(Template)]
#[template(path = "asking/people.html")]
pub struct Choice {
    leaders: Vec<(Person, bool)>,
    others: Vec<(Person, bool)>,
    pub fault: Option<String>,
}

impl Choice {
    /// Of those who are here on a day, by influence and name. Whoever has influence is a leader, and whom `leads` says.
    pub fn of(
        mut people: Vec<Person>,
        today: Date,
        leads: impl Fn(&Person) -> bool,
        chosen: impl Fn(&Person) -> bool,
    ) -> Choice {
        people.retain(|it| it.is_here(today));
        people.sort_by_key(|it| (std::cmp::Reverse(it.influence), order_of(&it.name)));
        let with = people.into_iter().map(|it| (chosen(&it), it)).map(|(chosen, it)| (it, chosen));
        let (leaders, others) = with.partition(|it| it.0.influence.is_some() || leads(&it.0));
        Choice { leaders, others, fault: None }
    }

    pub fn chosen(&self) -> Vec<&Person> {
        self.leaders.iter().chain(&self.others).filter(|it| it.1).map(|it| &it.0).collect()
    }

    /// Whether somebody of this identifier can be chosen.
    pub fn offers(&self, id: &str) -> bool {
        self.leaders.iter().chain(&self.others).any(|it| it.0.id.to_string() == id)
    }

    fn asks_others(&self) -> bool {
        self.leaders.is_empty() || self.others.iter().any(|it| it.1)
    }
}

/// Puts everyone's messages in line again that failed or may not have been taken, and are about this record.
pub async fn again(scope: &Scope, about: Uuid, sent: &[(String, String)]) -> Result<()> {
    let mine: BTreeSet<Uuid> = mail::about(scope.db(), scope.id(), about).await?.into_iter().map(|it| it.id).collect();
    let mut tx = scope.db().begin().await?;
    for (_, text) in sent.iter().filter(|it| it.0 == "mail") {
        let id = text.parse().ok().filter(|it| mine.contains(it)).ok_or(Error::NotFound)?;
        mail::retry(&mut tx, scope.id(), id, scope.now).await?;
    }
    tx.commit().await?;
    Ok(())
}
