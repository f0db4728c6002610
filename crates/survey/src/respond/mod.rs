//! The respondents' pages: a personal link, a group of questions a screen, save and return. No account, no script
//! needed, no state in the server: everything hangs on the link.

pub mod rules;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use db::uuid::Uuid;
use kit::{
    account::{Secret, hash},
    asking::{self, Message, message},
    error::{Error, Result},
    org,
    rights::Right,
    web::{Access, App, Routes, Scope, cookie, html, percent},
};
use serde::Deserialize;

use crate::{
    answers,
    campaign::{Campaign, CampaignId, Invitee, Refusal},
    instrument::{Question, Section},
    instruments,
    respond::rules::{Said, Words, read, words},
    snapshot::Answer,
    store,
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/s/{token}", Access::Secret, start)
        .post("/s/{token}/language", Access::Secret, language)
        .post("/s/{token}/anew", Access::Secret, anew)
        .get("/s/{token}/{screen}", Access::Secret, screen)
        .post("/s/{token}/{screen}", Access::Secret, save)
        .get("/surveys/{id}/preview/{screen}", Access::With(Right::ManageSurveys), preview)
        .get("/surveys/instruments/{key}/preview/{screen}", Access::With(Right::View), preview_instrument)
}

/// A respondent with their campaign, or the page that says why nothing is taken.
struct Asked {
    org: kit::org::Organisation,
    campaign: Campaign,
    invitee: Invitee,
    language: String,
}

#[derive(Template)]
#[template(path = "respond/start.html")]
struct Start {
    words: &'static Words,
    language: String,
    org: String,
    campaign: String,
    title: String,
    intro: String,
    message: Option<String>,
    minutes: String,
    who_sees: String,
    languages: Vec<(String, &'static str)>,
    token: String,
    next: usize,
    begun: bool,
}

#[derive(Template)]
#[template(path = "respond/screen.html")]
struct Screen<'a> {
    words: &'static Words,
    language: &'a str,
    org: &'a str,
    campaign: &'a Campaign,
    section: &'a Section,
    answers: &'a BTreeMap<String, Answer>,
    faults: Vec<(String, String)>,
    who_sees: String,
    at: At<'a>,
    number: usize,
    of: usize,
}

/// Under which address a screen stands: a personal link, or a preview that keeps nothing.
#[derive(Debug, Clone, Copy)]
enum At<'a> {
    Link(&'a str),
    /// The address of the preview, and of the page that leads to it.
    Preview(&'a str, &'a str),
}

impl Screen<'_> {
    /// The languages besides the one that is shown.
    fn others(&self) -> Vec<(&str, &'static str)> {
        let others = self.campaign.languages().into_iter().filter(|it| *it != self.language);
        others.map(|it| (it, words(it).name)).collect()
    }

    fn points(&self, scale: &str) -> Vec<(String, String)> {
        let scale = self.campaign.instrument.scale(scale);
        scale.map_or(Vec::new(), |it| {
            it.values()
                .zip(&it.labels)
                .map(|(value, label)| (format!("{value}"), label.get(self.language).to_owned()))
                .collect()
        })
    }

    fn is(&self, item: &str, value: impl AsRef<str>) -> bool {
        let value = value.as_ref();
        match self.answers.get(item) {
            Some(Answer::Value(it)) => format!("{it}") == value,
            Some(Answer::Text(it)) => it == value,
            Some(Answer::CannotJudge) => value == rules::CANNOT_JUDGE,
            None => false,
        }
    }

    fn written(&self, item: &str) -> &str {
        match self.answers.get(item) {
            Some(Answer::Text(it)) => it,
            _ => "",
        }
    }

    fn key(&self, row: &str, column: &str) -> String {
        format!("{row}.{column}")
    }

    fn fault(&self, item: &str) -> Option<&str> {
        self.faults.iter().find(|it| it.0 == item).map(|it| &*it.1)
    }
}

/// The cookie that ties an anonymous draft to the browser in which it was begun: others see the link, too.
const KEY: &str = "draft";
/// How long a browser keeps it: longer than surveys are open.
const KEPT_SECONDS: u32 = 180 * 24 * 60 * 60;

/// Whether a draft may be shown to whoever asks, and changed by them.
fn is_theirs(campaign: &Campaign, key: Option<&String>, headers: &HeaderMap) -> bool {
    !campaign.anonymous || cookie(headers, KEY).is_some_and(|it| key == Some(&hash(&it)))
}

impl Asked {
    /// The page for a browser in which the draft was not begun; nothing where there is no draft or it is theirs.
    fn elsewhere(&self, token: &str, headers: &HeaderMap) -> Result<Option<Response>> {
        let begun = self.invitee.response.is_some();
        if !begun || is_theirs(&self.campaign, self.invitee.draft_key.as_ref(), headers) {
            return Ok(None);
        }
        self.begun_elsewhere(StatusCode::OK, token, "").map(Some)
    }

    fn begun_elsewhere(&self, status: StatusCode, token: &str, first: &str) -> Result<Response> {
        let words = words(&self.language);
        let page = Message {
            language: &self.language,
            org: &self.org.name,
            title: words.elsewhere.0,
            text: &format!("{first}{}", words.elsewhere.1),
            anew: Some((&format!("/s/{token}/anew"), words.anew)),
        };
        page.send(status)
    }
}

/// Drops what was saved through a link, for whoever cannot go on where they began.
async fn anew(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let asked = match find(&app, &token).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let mut tx = app.db.begin().await?;
    if answers::store::hold(&mut tx, asked.org.id, asked.campaign.id).await? {
        store::drop_draft(&mut tx, asked.invitee.id).await?;
        tx.commit().await?;
    }
    Ok(see_other(format!("/s/{token}")))
}

fn see_other(to: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// Gives the browser the key of the draft that it has begun.
fn with_key(mut response: Response, token: &str, key: Option<&Secret>) -> Response {
    let Some(key) = key else { return response };
    let text = format!("{KEY}={}; Path=/s/{token}; HttpOnly; SameSite=Lax; Max-Age={KEPT_SECONDS}", key.text);
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Finds whose link it is; where nothing can be answered, the page that says why.
async fn find(app: &App, token: &str) -> Result<std::result::Result<Asked, Response>> {
    let (org, campaign, invitee) = match store::by_token(&app.db, token).await {
        Ok(it) => it,
        Err(Error::NotFound) => return Ok(Err(asking::nowhere()?)),
        Err(err) => return Err(err),
    };
    let org = org::find(&app.db, org).await?;
    let campaign = store::campaign(&app.db, org.id, campaign).await?;
    let language = campaign.language_of(&invitee, &org);
    let said = words(&language);
    if invitee.answered {
        let text = if campaign.anonymous { said.used.1 } else { said.used_named };
        return Ok(Err(message(StatusCode::CONFLICT, &language, &org.name, (said.used.0, text))?));
    }
    let refused = match campaign.refuses(org.day(app.now())) {
        None => return Ok(Ok(Asked { org, campaign, invitee, language })),
        Some(Refusal::NotYet) => (StatusCode::CONFLICT, said.not_yet),
        Some(Refusal::Over | Refusal::Closed) => (StatusCode::GONE, said.closed),
    };
    Ok(Err(message(refused.0, &language, &org.name, refused.1)?))
}

async fn start(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Result<Response> {
    let asked = match find(&app, &token).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    if let Some(page) = asked.elsewhere(&token, &headers)? {
        return Ok(page);
    }
    let words = words(&asked.language);
    let answers = match asked.invitee.response {
        Some(draft) => store::answers(&app.db, draft).await?,
        None => BTreeMap::new(),
    };
    let sections = &asked.campaign.instrument.sections;
    let next = sections.iter().position(|it| !it.items().iter().any(|item| answers.contains_key(&item.key)));
    let page = Start {
        words,
        org: asked.org.name.clone(),
        campaign: asked.campaign.title.clone(),
        title: asked.campaign.instrument.title.get(&asked.language).to_owned(),
        intro: asked.campaign.instrument.intro.get(&asked.language).to_owned(),
        message: asked.campaign.message.clone(),
        minutes: words.minutes(asked.campaign.instrument.minutes),
        who_sees: words.who_sees(asked.campaign.anonymous, asked.campaign.threshold),
        languages: asked.campaign.languages().iter().map(|it| ((*it).to_owned(), rules::words(it).name)).collect(),
        token,
        next: next.unwrap_or(sections.len().saturating_sub(1)) + 1,
        begun: !answers.is_empty(),
        language: asked.language,
    };
    html(&page)
}

#[derive(Deserialize)]
struct Chosen {
    language: String,
}

async fn language(State(app): State<App>, Path(token): Path<String>, Form(chosen): Form<Chosen>) -> Result<Response> {
    let asked = match find(&app, &token).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    if asked.campaign.languages().contains(&&*chosen.language) {
        let mut tx = app.db.begin().await?;
        store::set_language(&mut tx, asked.invitee.id, &chosen.language).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/s/{token}")).into_response())
}

async fn screen(
    State(app): State<App>,
    Path((token, number)): Path<(String, usize)>,
    headers: HeaderMap,
) -> Result<Response> {
    let asked = match find(&app, &token).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    if let Some(page) = asked.elsewhere(&token, &headers)? {
        return Ok(page);
    }
    let answers = match asked.invitee.response {
        Some(draft) => store::answers(&app.db, draft).await?,
        None => BTreeMap::new(),
    };
    draw(&asked.campaign, &asked.language, &asked.org.name, At::Link(&token), number, &answers, Vec::new())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct In {
    language: Option<String>,
}

/// A screen as respondents will see it, for whoever makes the campaign.
async fn preview(
    scope: Scope,
    Path((id, number)): Path<(CampaignId, usize)>,
    Query(asked): Query<In>,
) -> Result<Response> {
    let campaign = store::campaign(scope.db(), scope.id(), id).await?;
    let page = format!("/surveys/{id}");
    shown_to_look_at(&scope, &campaign, At::Preview(&format!("{page}/preview"), &page), number, asked)
}

/// The same of an instrument before any campaign asks it.
async fn preview_instrument(
    scope: Scope,
    Path((key, number)): Path<(String, usize)>,
    Query(asked): Query<In>,
) -> Result<Response> {
    let all = instruments::all(&scope).await?;
    let instrument = all.into_iter().find(|it| it.key == key).ok_or(kit::Error::NotFound)?;
    let base = format!("/surveys/instruments/{}/preview", percent(&key));
    let at = At::Preview(&base, "/surveys/instruments");
    shown_to_look_at(&scope, &crate::pages::blank(&scope, instrument), at, number, asked)
}

fn shown_to_look_at(scope: &Scope, campaign: &Campaign, at: At<'_>, number: usize, asked: In) -> Result<Response> {
    let language = asked.language.filter(|it| campaign.languages().contains(&&**it)).unwrap_or_else(|| "en".to_owned());
    draw(campaign, &language, &scope.org.name, at, number, &BTreeMap::new(), Vec::new())
}

fn draw(
    campaign: &Campaign,
    language: &str,
    org: &str,
    at: At<'_>,
    number: usize,
    answers: &BTreeMap<String, Answer>,
    faults: Vec<(String, String)>,
) -> Result<Response> {
    let sections = &campaign.instrument.sections;
    let section = sections.get(number.wrapping_sub(1)).ok_or(kit::Error::NotFound)?;
    let words = words(language);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Screen {
        words,
        language,
        org,
        campaign,
        section,
        answers,
        faults,
        who_sees: words.who_sees(campaign.anonymous, campaign.threshold),
        at,
        number,
        of: sections.len(),
    };
    Ok((status, html(&page)?).into_response())
}

/// Keeps the answers of one screen and goes on; from the last one on, hands the response in.
///
/// Answers off the scale are refused with 422; the others of the screen are kept.
async fn save(
    State(app): State<App>,
    Path((token, number)): Path<(String, usize)>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let asked = match find(&app, &token).await? {
        Ok(asked) => asked,
        Err(page) => return Ok(page),
    };
    let sections = &asked.campaign.instrument.sections;
    let section = sections.get(number.wrapping_sub(1)).ok_or(kit::Error::NotFound)?;
    let words = words(&asked.language);
    let Said { answers, faults, goes } = read(&asked.campaign.instrument, section, &fields, words);
    let mut tx = app.db.begin().await?;
    // Closing takes the same lock: what is saved here is either in its copy or refused, never thanked for and lost.
    if !answers::store::hold(&mut tx, asked.org.id, asked.campaign.id).await? {
        return message(StatusCode::GONE, &asked.language, &asked.org.name, words.closed);
    }
    // As it is now: another page may have begun, or dropped what was begun.
    let (response, key) = store::draft(&mut tx, asked.invitee.id).await?;
    if response.is_some() && !is_theirs(&asked.campaign, key.as_ref(), &headers) {
        return asked.begun_elsewhere(StatusCode::CONFLICT, &token, words.not_saved);
    }
    let mut invitee = Invitee { response, ..asked.invitee.clone() };
    let fresh = (response.is_none() && asked.campaign.anonymous).then(Secret::fresh);
    let given = |response: Response| with_key(response, &token, fresh.as_ref());
    let draft = match invitee.response {
        Some(draft) => draft,
        None => {
            let response = store::Response {
                id: Uuid::new_v4(),
                respondent: None,
                name: None,
                person: None,
                side: invitee.side,
                unit: None,
                role: None,
                influence: None,
                submitted: false,
                batch: None,
            };
            store::insert_response(&mut tx, asked.org.id, asked.campaign.id, &response).await?;
            if !store::start_draft(&mut tx, invitee.id, response.id, fresh.as_ref().map(|it| it.hash.clone())).await? {
                // Another window of the same person was quicker: its draft is the one.
                drop(tx);
                return Ok(Redirect::to(&format!("/s/{token}/{number}")).into_response());
            }
            invitee.response = Some(response.id);
            response.id
        }
    };
    for item in section.items() {
        if !faults.iter().any(|it| it.0 == item.key) {
            store::put_answer(&mut tx, draft, &item.key, answers.get(&item.key)).await?;
        }
    }
    let last = number == sections.len();
    if faults.is_empty() && goes == rules::Goes::On && last {
        if store::is_blank(&mut tx, draft).await? {
            tx.commit().await?;
            let first = section.items().into_iter().next().map_or(String::new(), |it| it.key);
            let faults = vec![(first, words.nothing.to_owned())];
            let (campaign, org) = (&asked.campaign, &asked.org.name);
            return draw(campaign, &asked.language, org, At::Link(&token), number, &BTreeMap::new(), faults).map(given);
        }
        let handed_in =
            store::submit(&mut tx, asked.org.id, asked.campaign.id, &invitee, asked.campaign.anonymous).await?;
        if handed_in {
            asking::answered(&mut tx, asked.org.id, asked.campaign.id.0, &[invitee.id]).await?;
        }
        tx.commit().await?;
        let said = if handed_in { words.thanks } else { words.used };
        return message(StatusCode::OK, &asked.language, &asked.org.name, said);
    }
    tx.commit().await?;
    if !faults.is_empty() {
        let kept = store::answers(&app.db, draft).await?;
        return draw(&asked.campaign, &asked.language, &asked.org.name, At::Link(&token), number, &kept, faults)
            .map(given);
    }
    let to = match goes {
        rules::Goes::On => format!("/s/{token}/{}", number + 1),
        rules::Goes::Back if number > 1 => format!("/s/{token}/{}", number - 1),
        rules::Goes::Back => format!("/s/{token}"),
        rules::Goes::Away => {
            return message(StatusCode::OK, &asked.language, &asked.org.name, words.saved).map(given);
        }
    };
    Ok(given(see_other(to)))
}
