//! Making, launching, watching and closing campaigns.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use db::Tx;
use jiff::{ToSpan, civil::Date};
use kit::{
    asking::{self, rules::Occasion},
    audit::{self, Author, Changes},
    error::{Error, Result},
    mail,
    method::Side,
    qr,
    record::Faults,
    rights::Right,
    table::{self, Cell, Column, Table},
    web::{Access, Place, Routes, Scope, html, see},
};
use serde::Deserialize;

use crate::{
    answers,
    audience::Choice,
    campaign::{CAMPAIGN, Campaign, CampaignId, Invitee, LEAST_THRESHOLD, State, THRESHOLD},
    instrument::Instrument,
    instruments, mailing,
    snapshot::{FORM, Respondent, Snapshot},
    store,
};

pub fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Access::With(Right::View), Access::With(Right::ManageSurveys));
    routes
        .get("/surveys", view, list)
        .get("/surveys/new", manage, new)
        .post("/surveys", manage, create)
        .get("/surveys/{id}", view, page)
        .get("/surveys/{id}/response", view, response)
        .get("/surveys/{id}/edit", manage, edit)
        .post("/surveys/{id}", manage, change)
        .post("/surveys/{id}/launch", manage, launch)
        .post("/surveys/{id}/close", manage, close)
        .post("/surveys/{id}/delete", manage, delete)
        .get("/surveys/{id}/links", manage, links)
        .get("/surveys/{id}/links/{format}", manage, links_file)
}

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a Fields, key: &str) -> &'a str {
    fields.iter().find(|it| it.0 == key).map_or("", |it| it.1.trim())
}

/// A campaign in the list.
struct Card {
    campaign: Campaign,
    answered: usize,
    asked: usize,
}

#[derive(Template)]
#[template(path = "pages/list.html")]
struct List<'a> {
    scope: &'a Scope,
    heading: String,
    cards: Vec<Card>,
}

async fn card(scope: &Scope, campaign: Campaign) -> Result<Card> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let brought = answers::many(scope, campaign.id).await?;
    let answered = invitees.iter().filter(|it| it.answered).count().max(brought);
    Ok(Card { campaign, answered, asked: asked(&invitees, answered) })
}

/// How many were asked: at least as many as answered, since whoever answered elsewhere was asked there. Nobody knows
/// where no link was sent.
fn asked(invitees: &[Invitee], answered: usize) -> usize {
    if invitees.is_empty() { 0 } else { invitees.len().max(answered) }
}

async fn list(scope: Scope) -> Result<Response> {
    let mut cards = Vec::new();
    for campaign in store::campaigns(scope.db(), scope.id()).await? {
        if campaign.state != State::Draft || scope.may(Right::ManageSurveys) {
            cards.push(card(&scope, campaign).await?);
        }
    }
    let open = cards.iter().find(|it| it.campaign.state == State::Open);
    let heading = match (open, cards.first()) {
        (Some(it), _) if it.asked > 0 => {
            format!("{} of {} have answered “{}”", it.answered, it.asked, it.campaign.title)
        }
        (Some(it), _) => format!("{} answers in “{}”", it.answered, it.campaign.title),
        (None, Some(_)) => "No survey is open".to_owned(),
        (None, None) => "Ask business and IT how they see it".to_owned(),
    };
    cards.sort_by_key(|it| (it.campaign.state == State::Closed, it.campaign.state == State::Draft));
    scope.page(Place::new("Surveys", "/surveys"), &List { scope: &scope, heading, cards }).await
}

#[derive(Template)]
#[template(path = "pages/form.html")]
struct Edit {
    of: Option<Campaign>,
    instruments: Vec<Instrument>,
    given: BTreeMap<String, String>,
    faults: Faults,
}

impl Edit {
    fn given(&self, key: &str) -> &str {
        self.given.get(key).map_or("", |it| it)
    }

    fn action(&self) -> String {
        self.of.as_ref().map_or("/surveys".to_owned(), |it| format!("/surveys/{}", it.id))
    }

    fn is_open(&self) -> bool {
        self.of.as_ref().is_some_and(|it| it.state == State::Open)
    }

    async fn send(self, scope: &Scope) -> Result<Response> {
        let status = if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let title = self.of.as_ref().map_or("New survey".to_owned(), |it| format!("Edit {}", it.title));
        scope.page_with(status, Place::new(title, "/surveys").under("Surveys", "/surveys"), &self).await
    }
}

/// What a link to the form of a new survey has begun to fill in.
#[derive(Deserialize)]
#[serde(default)]
struct Begun {
    instrument: String,
    anonymous: String,
}

impl Default for Begun {
    fn default() -> Begun {
        Begun { instrument: "gap-short".to_owned(), anonymous: "yes".to_owned() }
    }
}

async fn new(scope: Scope, Query(begun): Query<Begun>) -> Result<Response> {
    let today = scope.today();
    let given = [
        ("instrument", begun.instrument),
        ("title", format!("{} {}", season(today), today.year())),
        ("anonymous", begun.anonymous),
        ("threshold", THRESHOLD.to_string()),
        ("opens", today.to_string()),
        ("closes", (today + 18.days()).to_string()),
        ("reminds", "yes".to_owned()),
    ];
    let given = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Edit { of: None, instruments: instruments::all(&scope).await?, given, faults: Faults::default() }.send(&scope).await
}

/// What people call this time of the year, north of the equator.
fn season(day: Date) -> &'static str {
    match day.month() {
        3..=5 => "Spring",
        6..=8 => "Summer",
        9..=11 => "Autumn",
        _ => "Winter",
    }
}

async fn edit(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let it = store::campaign(scope.db(), scope.id(), id).await?;
    let given = [
        ("version", it.version.to_string()),
        ("instrument", it.instrument.key.clone()),
        ("title", it.title.clone()),
        ("anonymous", if it.anonymous { "yes" } else { "no" }.to_owned()),
        ("threshold", it.threshold.to_string()),
        ("opens", it.opens.to_string()),
        ("closes", it.closes.to_string()),
        ("message", it.message.clone().unwrap_or_default()),
        ("reminds", if it.reminds { "yes" } else { "no" }.to_owned()),
    ];
    let given = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Edit { of: Some(it), instruments: instruments::all(&scope).await?, given, faults: Faults::default() }
        .send(&scope)
        .await
}

/// Reads the form of a campaign over what it is now.
fn read(
    fields: &Fields,
    now: &Campaign,
    instruments: &[Instrument],
    today: Date,
) -> std::result::Result<Campaign, Faults> {
    let mut faults = Faults::default();
    let mut it = now.clone();
    let day = |key: &str, faults: &mut Faults| {
        kit::record::day(field(fields, key)).unwrap_or_else(|fault| {
            faults.add(key, fault);
            today
        })
    };
    it.closes = day("closes", &mut faults);
    it.message = Some(field(fields, "message").to_owned()).filter(|it| !it.is_empty());
    it.reminds = field(fields, "reminds") == "yes";
    if now.state == State::Draft {
        it.title = field(fields, "title").to_owned();
        if it.title.is_empty() {
            faults.add("title", "A title is needed; respondents see it.");
        }
        match instruments.iter().find(|it| it.key == field(fields, "instrument")) {
            Some(chosen) => {
                it.purpose = chosen.purpose.clone();
                it.instrument = chosen.clone();
            }
            None => faults.add("instrument", "Choose what is asked."),
        }
        it.anonymous = field(fields, "anonymous") != "no";
        it.threshold = field(fields, "threshold").parse().unwrap_or(0);
        if !(LEAST_THRESHOLD..=50).contains(&it.threshold) {
            faults.add("threshold", format!("Write a whole number from {LEAST_THRESHOLD} to 50."));
        }
        it.comment_threshold = it.threshold.max(THRESHOLD);
        it.opens = day("opens", &mut faults);
    }
    if it.closes < it.opens {
        faults.add("closes", "The last day is before the first. Correct one of the two.");
    } else if it.closes < today && now.state == State::Open {
        faults.add("closes", "The last day has passed. Close the survey instead.");
    }
    faults.into_result(it)
}

/// A draft that asks nobody yet.
pub fn blank(scope: &Scope, instrument: Instrument) -> Campaign {
    Campaign {
        id: CampaignId::fresh(),
        version: 1,
        title: String::new(),
        purpose: instrument.purpose.clone(),
        instrument,
        state: State::Draft,
        anonymous: true,
        threshold: THRESHOLD,
        comment_threshold: THRESHOLD,
        opens: scope.today(),
        closes: scope.today(),
        message: None,
        reminds: false,
        launched_at: None,
        closed_at: None,
    }
}

/// What the audit trail says of a campaign's settings that changed.
pub fn difference(before: Option<&Campaign>, after: &Campaign) -> Changes {
    let said = |it: &Campaign| {
        [
            ("title", it.title.clone()),
            ("instrument", it.instrument.key.clone()),
            ("anonymous", it.anonymous.to_string()),
            ("threshold", it.threshold.to_string()),
            ("opens", it.opens.to_string()),
            ("closes", it.closes.to_string()),
            ("message", it.message.clone().unwrap_or_default()),
            ("reminds", it.reminds.to_string()),
            ("state", it.state.key().to_owned()),
        ]
    };
    let before = before.map(said);
    let of = |at: usize, now: &str| match &before {
        Some(it) if it[at].1 == now => None,
        Some(it) => Some(serde_json::Value::from(it[at].1.clone())),
        None => Some(serde_json::Value::Null),
    };
    said(after)
        .into_iter()
        .enumerate()
        .filter_map(|(at, (key, now))| Some((key.to_owned(), [of(at, &now)?, now.into()])))
        .collect()
}

async fn create(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let all = instruments::all(&scope).await?;
    let campaign = match read(&fields, &blank(&scope, all[0].clone()), &all, scope.today()) {
        Ok(it) => it,
        Err(faults) => {
            return Edit { of: None, instruments: all, given: fields.into_iter().collect(), faults }.send(&scope).await;
        }
    };
    let mut tx = scope.db().begin().await?;
    add(&mut tx, &scope.author(), &campaign).await?;
    tx.commit().await?;
    Ok(see(&format!("/surveys/{}", campaign.id), "Now choose who is asked."))
}

/// Writes a new campaign and its audit entry.
pub async fn add(tx: &mut Tx, author: &Author, campaign: &Campaign) -> Result<()> {
    store::insert_campaign(tx, author.org, campaign).await?;
    let changes = difference(None, campaign);
    audit::add(tx, author, "created", CAMPAIGN, campaign.id.0, &campaign.title, &changes, campaign.version).await
}

async fn change(scope: Scope, Path(id): Path<CampaignId>, Form(fields): Form<Fields>) -> Result<Response> {
    let before = store::campaign(scope.db(), scope.id(), id).await?;
    if before.state == State::Closed {
        return Err(Error::refused("A closed survey cannot be changed: its results rest on what it was."));
    }
    let all = instruments::all(&scope).await?;
    let after = match read(&fields, &before, &all, scope.today()) {
        Ok(it) => it,
        Err(faults) => {
            return Edit { of: Some(before), instruments: all, given: fields.into_iter().collect(), faults }
                .send(&scope)
                .await;
        }
    };
    let brought = answers::many(&scope, id).await? > 0;
    // A newer edition is for surveys that nobody has answered.
    let same = brought && after.instrument.key == before.instrument.key;
    let after = if same { Campaign { instrument: before.instrument.clone(), ..after } } else { after };
    let asks_else = after.instrument != before.instrument || after.anonymous != before.anonymous;
    if asks_else && brought {
        let mut faults = Faults::default();
        let fault = "Answers were brought into this survey, so what is asked and whether it is anonymous stay as they \
                     are. Undo that import first.";
        faults.add(if after.instrument == before.instrument { "anonymous" } else { "instrument" }, fault);
        return Edit { of: Some(before), instruments: all, given: fields.into_iter().collect(), faults }
            .send(&scope)
            .await;
    }
    let seen = Campaign { version: field(&fields, "version").parse().unwrap_or(0), ..after };
    let mut tx = scope.db().begin().await?;
    if !store::update_campaign(&mut tx, scope.id(), &seen).await? {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("", "Someone else changed this survey meanwhile. Your text is still here; compare it with the survey's page and save again.");
        let mut given: BTreeMap<String, String> = fields.into_iter().collect();
        given.insert("version".to_owned(), before.version.to_string());
        return Edit { of: Some(before), instruments: all, given, faults }.send(&scope).await;
    }
    let changes = difference(Some(&before), &seen);
    audit::add(&mut tx, &scope.author(), "changed", CAMPAIGN, id.0, &seen.title, &changes, seen.version + 1).await?;
    tx.commit().await?;
    Ok(see(&format!("/surveys/{id}"), "Saved."))
}

/// How many answered, in one group; nothing for one that is too small to be told.
struct Rate {
    label: String,
    class: &'static str,
    answered: usize,
    asked: usize,
}

impl Rate {
    fn percent(&self) -> usize {
        (self.answered * 100 + self.asked / 2).checked_div(self.asked).unwrap_or(0)
    }
}

/// The response rates by side, unit and role, without the groups below the threshold.
fn rates(campaign: &Campaign, invitees: &[Invitee]) -> Vec<(&'static str, Vec<Rate>)> {
    let of = |label: String, class, group: Vec<&Invitee>| Rate {
        label,
        class,
        answered: group.iter().filter(|it| it.answered).count(),
        asked: group.len(),
    };
    let grouped = |key: fn(&Invitee) -> Option<String>| {
        let mut groups: BTreeMap<String, Vec<&Invitee>> = BTreeMap::new();
        for it in invitees {
            if let Some(key) = key(it) {
                groups.entry(key).or_default().push(it);
            }
        }
        groups
    };
    let shown = |rates: Vec<Rate>| {
        rates
            .into_iter()
            .filter(|it| !campaign.anonymous || it.asked >= campaign.threshold as usize)
            .collect::<Vec<_>>()
    };
    let sides = Side::ALL
        .iter()
        .map(|side| of(side.label().to_owned(), side.key(), invitees.iter().filter(|it| it.side == *side).collect()));
    let units = grouped(|it| it.unit.clone()).into_iter().map(|(label, group)| of(label, "", group));
    let roles = grouped(|it| it.role.clone()).into_iter().map(|(label, group)| of(label, "", group));
    let all =
        [("By side", shown(sides.collect())), ("By unit", shown(units.collect())), ("By role", shown(roles.collect()))];
    all.into_iter().filter(|(_, rates)| !rates.is_empty()).collect()
}

#[derive(Template)]
#[template(path = "pages/response.html")]
struct Live {
    campaign: Campaign,
    answered: usize,
    asked: usize,
    rates: Vec<(&'static str, Vec<Rate>)>,
    open_names: Vec<String>,
}

impl Live {
    /// How many would be cut off by closing, as a sentence.
    fn open_said(&self) -> String {
        match self.asked.saturating_sub(self.answered) {
            0 => String::new(),
            1 => "One person has not answered yet. ".to_owned(),
            n => format!("{n} people have not answered yet. "),
        }
    }
}

async fn live(scope: &Scope, campaign: Campaign) -> Result<Live> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let brought = answers::many(scope, campaign.id).await?;
    let answered = invitees.iter().filter(|it| it.answered).count().max(brought);
    // Who has not answered is told in campaigns under names only.
    let named = !campaign.anonymous && scope.may(Right::SeeNamedAnswers);
    let open_names = invitees.iter().filter(|it| named && !it.answered).map(|it| it.name.clone()).collect();
    Ok(Live { answered, asked: asked(&invitees, answered), rates: rates(&campaign, &invitees), open_names, campaign })
}

/// The live part of the page by itself, which the page asks for again and again.
async fn response(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    html(&live(&scope, campaign).await?)
}

#[derive(Template)]
#[template(path = "pages/campaign.html")]
struct Page<'a> {
    scope: &'a Scope,
    heading: String,
    lead: String,
    live: Live,
    /// Who may be asked, and who is, in a draft.
    choice: Option<Choice>,
    /// The mail of an open campaign, for those who run it.
    mail: Option<asking::Card>,
    asked: usize,
    leads_to: Vec<(String, String)>,
}

async fn page(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    let manage = scope.may(Right::ManageSurveys);
    if campaign.state == State::Draft && !manage {
        return Err(Error::NotFound);
    }
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    let (_, leads_to) = kit::pages::tied(&scope, id.0).await?;
    let live = live(&scope, campaign.clone()).await?;
    let mail = match campaign.state {
        State::Open if manage => Some(mailing::pages::card(&scope, &campaign, &invitees).await?),
        _ => None,
    };
    let asked = invitees.len();
    let days = |to: Date| scope.today().until(to).map_or(0, |it| it.get_days());
    let locale = scope.locale();
    let heading = match campaign.state {
        State::Draft if asked == 0 && live.answered > 0 => {
            format!("“{}” has {} answers that were given elsewhere", campaign.title, live.answered)
        }
        State::Draft if asked == 0 => format!("“{}” has no audience yet", campaign.title),
        State::Draft => format!("“{}” is ready for {asked} people", campaign.title),
        State::Open if campaign.closes < scope.today() => {
            format!("“{}” is past its last day: close it", campaign.title)
        }
        State::Open if live.asked > 0 => {
            format!("{} of {} have answered, {} days to go", live.answered, live.asked, days(campaign.closes))
        }
        State::Open => format!("{} answers so far, {} days to go", live.answered, days(campaign.closes)),
        State::Closed if live.asked > 0 => format!("Closed: {} of {} answered", live.answered, live.asked),
        State::Closed => format!("Closed: {} people answered", live.answered),
    };
    let kept = if campaign.anonymous {
        format!("Anonymous; nothing is shown of fewer than {} people.", campaign.threshold)
    } else {
        "Under names.".to_owned()
    };
    let asks = campaign.instrument.title.get("en");
    let ends = if asks.ends_with(['?', '.', '!']) { "" } else { "." };
    let closed =
        campaign.closed_at.map_or(String::new(), |at| format!(" Closed on {}.", locale.date(scope.org.day(at))));
    let lead = format!(
        "{asks}{ends} From {} to {}.{closed} {kept}",
        locale.date(campaign.opens),
        locale.date(campaign.closes)
    );
    let place = Place::new(campaign.title.clone(), "/surveys").under("Surveys", "/surveys");
    let choice = match campaign.state {
        State::Draft => Some(Choice::of(&scope, campaign, invitees).await?),
        _ => None,
    };
    let leads_to = leads_to.into_iter().map(|it| (it.end.title, it.end.url)).collect();
    scope.page(place, &Page { scope: &scope, heading, lead, live, choice, mail, asked, leads_to }).await
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

async fn launch(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
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
    mailing::write(&mut tx, &scope.app, &scope.org, &after, Occasion::Invitation, &invitees).await?;
    tx.commit().await?;
    Ok(())
}

async fn close(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    end(&scope, &campaign, scope.today()).await?;
    Ok(see(&format!("/surveys/{id}/results"), "Closed. These results rest on a snapshot that nothing can alter."))
}

/// Closes an open campaign and locks its snapshot, in one transaction.
pub async fn end(scope: &Scope, campaign: &Campaign, on: Date) -> Result<()> {
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
        instrument: campaign.instrument.clone(),
        anonymous: campaign.anonymous,
        threshold: campaign.threshold as usize,
        comment_threshold: campaign.comment_threshold as usize,
        closed_on: on,
        asked: asked(&invitees, respondents.len()),
        respondents,
    };
    let text = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    let at = on
        .to_zoned_datetime(scope.org.zone())
        .map_or(scope.now, |it| it.timestamp())
        .max(campaign.launched_at.unwrap_or(scope.now));
    if !store::close(&mut tx, scope.id(), campaign.id, &text, at.min(scope.now)).await? {
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

async fn delete(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
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

#[derive(Template)]
#[template(path = "pages/links.html")]
struct Links {
    campaign: Campaign,
    slips: Vec<(String, String, String)>,
}

/// A campaign whose links work, with everyone who is asked. In an anonymous campaign, too, those are all of them,
/// answered or not, so that a list of links tells nothing.
async fn linked(scope: &Scope, id: CampaignId) -> Result<(Campaign, Vec<Invitee>)> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    if campaign.state != State::Open {
        return Err(Error::refused("Links work while the survey is open. Launch it first."));
    }
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    Ok((campaign, invitees))
}

/// Personal links as a sheet to print and cut: name, address, QR code.
async fn links(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let (campaign, invitees) = linked(&scope, id).await?;
    let mut slips = Vec::new();
    for it in invitees {
        let link = mailing::link(&scope.app, &it);
        let code = qr::svg(&link, 120, 0)?;
        slips.push((it.name, link, code));
    }
    let place = Place::new("Links to print", "/surveys")
        .under("Surveys", "/surveys")
        .under(campaign.title.clone(), format!("/surveys/{id}"));
    scope.page(place, &Links { campaign, slips }).await
}

/// Personal links as a table for a mail merge.
async fn links_file(scope: Scope, Path((id, format)): Path<(CampaignId, String)>) -> Result<Response> {
    let (campaign, invitees) = linked(&scope, id).await?;
    let column = |key: &str, label: &str| Column::new(key, label, table::Kind::Text);
    let rows = invitees
        .into_iter()
        .map(|it| {
            let link = mailing::link(&scope.app, &it);
            let or_empty = |it: Option<String>| it.map_or(Cell::Empty, Cell::Text);
            vec![
                Cell::Text(it.name),
                or_empty(it.email),
                Cell::Text(it.side.label().to_owned()),
                or_empty(it.unit),
                Cell::Text(link),
            ]
        })
        .collect();
    let columns = vec![
        column("name", "Name"),
        column("email", "Email"),
        column("side", "Side"),
        column("unit", "Unit"),
        column("link", "Link"),
    ];
    kit::pages::send(&Table { title: format!("Links of {}", campaign.title), columns, rows }, "links", &format)
}
