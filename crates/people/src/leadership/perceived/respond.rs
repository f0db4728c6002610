//! What somebody who is asked sees: a personal link, one page, no account, no script.

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kit::{
    asking::{self, ChosenLanguage, Language, Languages, message},
    error::{Result, found},
    org::{self, OrgId, Organisation},
    pages::Fields,
    web::{Access, App, Routes, html},
};

use crate::leadership::perceived::{
    Perceiver, Round,
    rules::{self, THRESHOLD},
    store,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/who/{token}", Access::Secret, form).post("/who/{token}", Access::Secret, hand_in).post(
        "/who/{token}/language",
        Access::Secret,
        choose_language,
    )
}

/// The address by which somebody answers.
pub fn link(app: &App, token: &str) -> String {
    format!("{}/who/{token}", app.address)
}

#[derive(Template)]
#[template(path = "leadership/perceived/form.html")]
struct Screen<'a> {
    language: Language,
    languages: Languages,
    org: &'a str,
    round: &'a Round,
    token: &'a str,
    fields: &'a Fields,
    fault: Option<&'static str>,
    closes: String,
    who_sees: String,
}

impl Screen<'_> {
    fn key(&self, letter: &str, line: &db::uuid::Uuid) -> String {
        format!("{letter}-{line}")
    }

    fn cannot_say(&self, key: &str) -> bool {
        self.fields.get(key) == rules::CANNOT_SAY
    }

    fn is(&self, key: &str, role: &db::uuid::Uuid) -> bool {
        self.fields.get(key) == role.to_string()
    }
}

/// Who will see what, in plain words of a language.
pub fn who_sees(round: &Round, language: Language) -> String {
    match (round.anonymous, language) {
        (true, Language::German) => format!(
            "Ihre Antworten sind anonym. Sie werden erst nach dem letzten Tag gezeigt, und nur zusammen mit denen von \
             mindestens {THRESHOLD} Personen Ihrer Seite. Bekannt ist, dass Sie geantwortet haben, nicht was."
        ),
        (true, Language::English) => format!(
            "Your answers are anonymous. They are shown only after the last day, and only together with those of at \
             least {THRESHOLD} people of your side. It is known that you answered, not what."
        ),
        (false, Language::German) => {
            "Ihre Antworten stehen unter Ihrem Namen. Die IT-Leitung und wer diese Runde durchführt, \
                          sehen, wer was geantwortet hat."
                .to_owned()
        }
        (false, Language::English) => {
            "Your answers are given under your name. The leader of IT and whoever runs this round see who \
                       answered what."
                .to_owned()
        }
    }
}

struct Found {
    language: Language,
    org: Organisation,
    id: OrgId,
    round: Round,
    by: Perceiver,
}

/// Whose link it is; where nothing can be answered, the page that says why.
async fn find(app: &App, token: &str) -> Result<std::result::Result<Found, Response>> {
    let Some((id, round, by)) = found(store::by_token(&app.db, token).await)? else {
        return Ok(Err(asking::nowhere()?));
    };
    let org = org::find(&app.db, id).await?;
    let language = Language::of(by.language.as_deref(), &org.locale);
    if by.answered {
        return Ok(Err(answered(StatusCode::CONFLICT, language, &org.name)?));
    }
    if !round.is_open(org.day(app.now())) {
        let title = language.say("This round is closed", "Diese Runde ist geschlossen");
        let text = language.say(
            "No more answers are taken. Ask whoever invited you what came of it.",
            "Es werden keine Antworten mehr angenommen. Fragen Sie, wer Sie eingeladen hat, was daraus wurde.",
        );
        return Ok(Err(message(StatusCode::GONE, language.key(), &org.name, (title, text))?));
    }
    Ok(Ok(Found { language, org, id, round, by }))
}

/// Says that a link was used.
fn answered(status: StatusCode, language: Language, org: &str) -> Result<Response> {
    let title = language.say("You have answered already", "Sie haben schon geantwortet");
    let text = language.say(
        "Your answers were handed in through this link and count. Thank you.",
        "Ihre Antworten wurden über diesen Link abgegeben und zählen. Vielen Dank.",
    );
    message(status, language.key(), org, (title, text))
}

/// Keeps the language in which somebody wants to be asked.
async fn choose_language(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(chosen): Form<ChosenLanguage>,
) -> Result<Response> {
    if let Err(page) = find(&app, &token).await? {
        return Ok(page);
    }
    if let Some(language) = chosen.get() {
        let mut tx = app.db.begin().await?;
        store::set_language(&mut tx, &token, language).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/who/{token}")).into_response())
}

async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    match find(&app, &token).await? {
        Ok(found) => draw(&found, &token, &Fields::default(), None),
        Err(page) => Ok(page),
    }
}

fn draw(found: &Found, token: &str, fields: &Fields, fault: Option<&'static str>) -> Result<Response> {
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Screen {
        language: found.language,
        languages: Languages { to: format!("/who/{token}/language"), now: found.language },
        org: &found.org.name,
        round: &found.round,
        token,
        fields,
        fault,
        closes: found.language.locale(&found.org).date(found.round.closes),
        who_sees: who_sees(&found.round, found.language),
    };
    Ok((status, html(&page)?).into_response())
}

async fn hand_in(State(app): State<App>, Path(token): Path<String>, Form(fields): Form<Fields>) -> Result<Response> {
    let found = match find(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let Some(said) = rules::read(&found.round.asked, found.by.side, |key| fields.get(key).to_owned()) else {
        let fault = found.language.say(
            "One of the answers is not among those offered. Choose it again; the others were kept.",
            "Eine der Antworten stand nicht zur Wahl. Wählen Sie sie noch einmal; die übrigen sind noch da.",
        );
        return draw(&found, &token, &fields, Some(fault));
    };
    if rules::is_untouched(&found.round.asked, |key| fields.get(key).to_owned()) {
        let fault = found.language.say(
            "Nothing is chosen yet, so nothing was handed in. Choose at least one answer: “I cannot say” is one too.",
            "Noch ist nichts gewählt, darum wurde nichts abgegeben. Wählen Sie mindestens eine Antwort: „Kann ich nicht \
             sagen“ ist auch eine.",
        );
        return draw(&found, &token, &fields, Some(fault));
    }
    let mut tx = app.db.begin().await?;
    let taken = store::hand_in(&mut tx, found.id, &found.round, &found.by, &said).await?;
    if !taken {
        drop(tx);
        // Answered or closed meanwhile: the page says which.
        return form(State(app), Path(token)).await;
    }
    tx.commit().await?;
    let language = found.language;
    let title = language.say("Thank you. Your answers are in.", "Vielen Dank. Ihre Antworten sind angekommen.");
    let text = language.say(
        "You can close this window. The results are shown once the round is over.",
        "Sie können dieses Fenster schließen. Die Ergebnisse gibt es, sobald die Runde vorbei ist.",
    );
    message(StatusCode::OK, language.key(), &found.org.name, (title, text))
}
