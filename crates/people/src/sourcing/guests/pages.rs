//! The two pages to which personal links lead: one screen each, no account, no script.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kit::{
    asking::{self, Guest, Language},
    error::{Result, found},
    format::order_of,
    pages::Fields,
    record::Record,
    store,
    web::{Access, App, Routes, html},
};

use super::{
    PLACING, SCORING, WHO_SEES_PLACES, WHO_SEES_SCORES, has_placed, has_scored,
    rules::{self, Fault, capability_in_german, importance_in_german},
};
use crate::sourcing::{
    model::{Activity, ActivityId, Capability, Importance, Placement, PlacementId},
    placing::pages::write,
    selecting::{
        model::{Candidate, Criterion, Score, ScoreId, SelectionId, SelectionState},
        pages::whole_of,
        rules::{Whole, score_key},
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/place/{token}", Access::Secret, board)
        .post("/place/{token}", Access::Secret, place)
        .get("/score/{token}", Access::Secret, scores)
        .post("/score/{token}", Access::Secret, score)
}

fn status(faulty: bool) -> StatusCode {
    if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// Thanks, and says until when one may come again.
fn thanks(guest: &Guest) -> Result<Response> {
    let text = match guest.language {
        Language::German => format!(
            "Ihre Antworten sind gespeichert. Über denselben Link können Sie sie bis zum {} ändern.",
            guest.closes()
        ),
        Language::English => {
            format!("Your answers are kept. Through the same link you can change them until {}.", guest.closes())
        }
    };
    guest.message(StatusCode::OK, guest.say("Thank you", "Vielen Dank"), &text)
}

#[derive(Template)]
#[template(path = "sourcing/guests/place.html")]
struct Board<'a> {
    guest: &'a Guest,
    lines: Vec<(Activity, [String; 3], Option<Fault>)>,
    faulty: bool,
    /// Whether it was handed in without a word.
    empty: bool,
}

impl Board<'_> {
    fn importance(&self, it: &Importance) -> &'static str {
        self.guest.language.say(it.label(), importance_in_german(*it))
    }

    fn capability(&self, it: &Capability) -> &'static str {
        self.guest.language.say(it.label(), capability_in_german(*it))
    }

    fn fault(&self, it: &Fault) -> &'static str {
        self.guest.language.say(it.0, it.1)
    }

    fn who_sees(&self) -> &str {
        self.guest.say(WHO_SEES_PLACES.0, WHO_SEES_PLACES.1)
    }
}

/// The activities in the order of their names, with where this person places them.
async fn placed(app: &App, guest: &Guest) -> Result<Vec<(Activity, Option<Placement>)>> {
    let mut activities: Vec<Activity> = store::all(&app.db, guest.org.id).await?;
    activities.sort_by_cached_key(|it| order_of(&it.name));
    let all: Vec<Placement> = store::all(&app.db, guest.org.id).await?;
    let mut mine: BTreeMap<ActivityId, Placement> =
        all.into_iter().filter(|it| it.person == guest.person.id).map(|it| (it.activity, it)).collect();
    Ok(activities.into_iter().map(|it| (mine.remove(&it.id), it)).map(|(place, it)| (it, place)).collect())
}

async fn board(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let guest = match asking::guest(&app, PLACING, &token).await? {
        Ok(guest) => guest,
        Err(page) => return Ok(page),
    };
    let said = |it: Option<Placement>| match it {
        Some(it) => [it.importance.key().to_owned(), it.capability.key().to_owned(), it.note.unwrap_or_default()],
        None => Default::default(),
    };
    let lines = placed(&app, &guest).await?.into_iter().map(|(it, place)| (it, said(place), None)).collect();
    draw(&guest, lines, false)
}

fn draw(guest: &Guest, lines: Vec<(Activity, [String; 3], Option<Fault>)>, empty: bool) -> Result<Response> {
    let faulty = empty || lines.iter().any(|it| it.2.is_some());
    Ok((status(faulty), html(&Board { guest, lines, faulty, empty })?).into_response())
}

/// Keeps a whole board; what is empty stays unplaced, and what is half filled in comes back.
async fn place(State(app): State<App>, Path(token): Path<String>, Form(fields): Form<Fields>) -> Result<Response> {
    let guest = match asking::guest(&app, PLACING, &token).await? {
        Ok(guest) => guest,
        Err(page) => return Ok(page),
    };
    let mut tx = store::begin_in(&app.db, guest.org.id).await?;
    let (mut lines, mut places) = (Vec::new(), Vec::new());
    for (activity, before) in placed(&app, &guest).await? {
        let of = |axis: &str| fields.get(&format!("{axis}-{}", activity.id)).trim().to_owned();
        let said = [of("i"), of("c"), of("n")];
        let read = rules::place(&said[0], &said[1], &said[2]);
        if let Ok(Some(place)) = read {
            places.push((activity.id, before, place, Some(said[2].clone()).filter(|it| !it.is_empty())));
        }
        lines.push((activity, said, read.err()));
    }
    if places.is_empty() || lines.iter().any(|it| it.2.is_some()) {
        let empty = lines.iter().all(|it| it.2.is_none());
        return draw(&guest, lines, empty);
    }
    let author = guest.author(app.now());
    for (activity, before, (importance, capability), note) in places {
        let row = |id, version| {
            Placement { id, version, activity, person: guest.person.id, importance, capability, note }.to_row()
        };
        write(&mut tx, &author, Placement::KIND, before.map(|it| it.to_row()), |before| match before {
            Some(it) => row(PlacementId(it.id), it.version),
            None => row(PlacementId::fresh(), 1),
        })
        .await?;
    }
    has_placed(&mut tx, guest.org.id, guest.person.id).await?;
    tx.commit().await?;
    thanks(&guest)
}

#[derive(Template)]
#[template(path = "sourcing/guests/score.html")]
struct Scores<'a> {
    guest: &'a Guest,
    whole: &'a Whole,
    /// What was typed, where the form comes back.
    typed: Option<&'a Fields>,
    fault: Option<String>,
}

impl Scores<'_> {
    fn key(&self, criterion: &Criterion, candidate: &Candidate) -> String {
        score_key(criterion.id, candidate.id)
    }

    fn is_given(&self, criterion: &Criterion, candidate: &Candidate, points: &i64) -> bool {
        match self.typed {
            Some(typed) => typed.get(&score_key(criterion.id, candidate.id)) == points.to_string(),
            None => self.whole.points(self.guest.person.id, criterion.id, candidate.id) == Some(*points),
        }
    }

    fn who_sees(&self) -> &str {
        self.guest.say(WHO_SEES_SCORES.0, WHO_SEES_SCORES.1)
    }
}

/// Whose link it is, with the selection; where nothing can be scored, the page that says why.
async fn scorer(app: &App, token: &str) -> Result<std::result::Result<(Guest, Whole), Response>> {
    let guest = match asking::guest(app, SCORING, token).await? {
        Ok(guest) => guest,
        Err(page) => return Ok(Err(page)),
    };
    let Some(whole) = found(whole_of(&app.db, guest.org.id, SelectionId(guest.link.about)).await)? else {
        return Ok(Err(asking::nowhere()?));
    };
    if whole.selection.state != SelectionState::Open {
        let title = guest.say("No more scores are taken", "Es werden keine Punkte mehr angenommen");
        let text = guest.say(
            "The selection is closed. Ask whoever invited you what came of it.",
            "Die Auswahl ist abgeschlossen. Fragen Sie, wer Sie eingeladen hat, was daraus wurde.",
        );
        return Ok(Err(guest.message(StatusCode::GONE, title, text)?));
    }
    Ok(Ok((guest, whole)))
}

async fn scores(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    match scorer(&app, &token).await? {
        Ok((guest, whole)) => ask_scores(&guest, &whole, None, None),
        Err(page) => Ok(page),
    }
}

fn ask_scores(guest: &Guest, whole: &Whole, typed: Option<&Fields>, fault: Option<String>) -> Result<Response> {
    let status = status(fault.is_some());
    Ok((status, html(&Scores { guest, whole, typed, fault })?).into_response())
}

/// Keeps the scores of one person; what is left empty stays as it was.
async fn score(State(app): State<App>, Path(token): Path<String>, Form(fields): Form<Fields>) -> Result<Response> {
    let org = match asking::guest(&app, SCORING, &token).await? {
        Ok(guest) => guest.org.id,
        Err(page) => return Ok(page),
    };
    let mut tx = store::begin_in(&app.db, org).await?;
    let (guest, whole) = match scorer(&app, &token).await? {
        Ok(found) => found,
        Err(page) => return Ok(page),
    };
    let mut given = Vec::new();
    for criterion in &whole.criteria {
        for candidate in &whole.candidates {
            match rules::points(fields.get(&score_key(criterion.id, candidate.id)).trim()) {
                Ok(Some(points)) => given.push((criterion.id, candidate.id, points)),
                Ok(None) => {}
                Err(fault) => {
                    let fault = format!("{}, {}: {}", criterion.name, candidate.name, guest.say(fault.0, fault.1));
                    return ask_scores(&guest, &whole, Some(&fields), Some(fault));
                }
            }
        }
    }
    if given.is_empty() {
        let fault = guest.say(
            "You have not scored anything yet. Give points to what you can judge.",
            "Sie haben noch nichts bewertet. Geben Sie Punkte, wo Sie es beurteilen können.",
        );
        return ask_scores(&guest, &whole, Some(&fields), Some(fault.to_owned()));
    }
    let author = guest.author(app.now());
    for (criterion, candidate, points) in given {
        let key = (guest.person.id, criterion, candidate);
        let before = whole.scores.iter().find(|it| (it.person, it.criterion, it.candidate) == key);
        let note = before.and_then(|it| it.note.clone());
        let row =
            |id, version| Score { id, version, candidate, criterion, person: guest.person.id, points, note }.to_row();
        write(&mut tx, &author, Score::KIND, before.map(Record::to_row), |before| match before {
            Some(it) => row(ScoreId(it.id), it.version),
            None => row(ScoreId::fresh(), 1),
        })
        .await?;
    }
    has_scored(&mut tx, guest.org.id, whole, guest.person.id).await?;
    tx.commit().await?;
    thanks(&guest)
}
