//! The board of a workshop, large on the wall: where to vote, how it stands, what came out and what follows from it.

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use kit::{
    account::Secret,
    audit::{self, Changes},
    error::{Error, Result},
    pages::Fields,
    qr,
    record::Record,
    rights::Right,
    store as records, thread,
    web::{Access, Place, Routes, Scope, see},
};
use survey::belief::pages::{Picture, said};

use crate::envisioning::{
    look::latest_belief,
    model::{Vision, VisionId, VisionState, Workshop, WorkshopId},
    workshop::{
        rules::{LONGEST, Statement, Tally, finding, phrase, ranked, wording},
        store::{self, Phrase, Vote},
    },
};

pub fn routes(routes: Routes) -> Routes {
    let lead = Access::With(Right::Lead);
    routes
        .get("/workshops/{id}/board", Access::With(Right::View), board)
        .post("/workshops/{id}/phrases", lead, add)
        .post("/workshops/{id}/phrases/delete", lead, remove)
        .post("/workshops/{id}/open", lead, open)
        .post("/workshops/{id}/close", lead, close)
        .post("/workshops/{id}/vision", lead, make_vision)
}

/// The result of a voting that was closed.
pub fn statement(vote: &Vote) -> Option<Statement> {
    serde_json::from_str(vote.result.as_deref()?).ok()
}

#[derive(Template)]
#[template(path = "envisioning/workshop/board.html")]
struct Board<'a> {
    scope: &'a Scope,
    workshop: Workshop,
    heading: String,
    lead: String,
    phrases: Vec<Phrase>,
    most: i64,
    voters: i64,
    /// While the voting is open: its address and the same as a picture for phones.
    door: Option<(String, String)>,
    statement: Option<Statement>,
    closed_on: String,
    /// The address of the draft that was made of the result.
    draft: Option<String>,
    /// What leaders believe, with the finding about it.
    belief: Option<(String, Picture)>,
    /// A phrase that could not be added, and why.
    written: String,
    fault: Option<String>,
}

impl Board<'_> {
    fn share(&self, dots: &i64) -> i64 {
        if self.most == 0 { 0 } else { dots * 100 / self.most }
    }
}

async fn draw(scope: &Scope, workshop: Workshop, written: String, fault: Option<String>) -> Result<Response> {
    let vote = store::vote(scope.db(), scope.id(), workshop.id).await?;
    let phrases = store::phrases(scope.db(), scope.id(), workshop.id).await?;
    let voters = store::voters(scope.db(), scope.id(), workshop.id).await?;
    let statement = vote.as_ref().and_then(statement);
    let door = match &vote {
        Some(vote) if vote.closed_at.is_none() => {
            let address = format!("{}/w/{}", scope.app.address, vote.token);
            let code = qr::svg(&address, 240, qr::QUIET)?;
            Some((address, code))
        }
        _ => None,
    };
    let belief = latest_belief(scope).await?.map(|(kept, earlier)| {
        let named = scope.may(Right::SeeNamedAnswers);
        (said(&kept, earlier.as_deref()).0, Picture::of(&kept, earlier.as_deref(), named, scope.locale()))
    });
    let (heading, lead) = match (&statement, &door) {
        (Some(it), _) => (finding(it), {
            let wanted = it.lines.iter().filter(|line| line.dots > 0).count();
            let (people, phrases) =
                (if it.voters == 1 { "person" } else { "people" }, if wanted == 1 { "phrase" } else { "phrases" });
            format!("{} {people} put dots on {wanted} {phrases}, up to {} each.", it.voters, it.dots_each)
        }),
        (None, Some(_)) => (
            workshop.title.clone(),
            format!(
                "What should technology do for us? Everyone has {}: put them on the phrases you want.",
                dots(workshop.dots)
            ),
        ),
        (None, None) => (
            workshop.title.clone(),
            "Collect the first phrases, then open the voting. Everyone votes on their own phone, without an account."
                .to_owned(),
        ),
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let place = Place::new(workshop.title.clone(), "/envisioning")
        .under("Envisioning", "/envisioning")
        .under("Workshops", "/workshops")
        .under(workshop.title.clone(), format!("/workshops/{}", workshop.id));
    let board = Board {
        scope,
        heading,
        lead,
        most: phrases.iter().map(|it| it.dots).max().unwrap_or(0),
        phrases,
        voters,
        door,
        closed_on: statement.as_ref().map_or(String::new(), |it| scope.locale().date(it.closed_on)),
        statement,
        draft: drafted(scope, workshop.id).await?,
        belief,
        workshop,
        written,
        fault,
    };
    scope.page_with(status, place, &board).await
}

/// The address of the vision that the thread leads to from a workshop.
pub async fn drafted(scope: &Scope, id: WorkshopId) -> Result<Option<String>> {
    let links = thread::of(scope.db(), scope.id(), id.0).await?;
    let found = links.iter().find(|it| it.from_id == id.0 && it.to_kind == Vision::KIND.key);
    Ok(found.map(|it| format!("/visions/{}", it.to_id)))
}

fn dots(many: i64) -> String {
    if many == 1 { "one dot".to_owned() } else { format!("{many} dots") }
}

async fn find(scope: &Scope, id: WorkshopId) -> Result<Workshop> {
    records::find::<Workshop>(scope.db(), scope.id(), id).await
}

async fn board(scope: Scope, Path(id): Path<WorkshopId>) -> Result<Response> {
    let workshop = find(&scope, id).await?;
    draw(&scope, workshop, String::new(), None).await
}

/// Refuses what cannot be done any more once the voting is closed.
async fn still(scope: &Scope, id: WorkshopId) -> Result<Option<Vote>> {
    let vote = store::vote(scope.db(), scope.id(), id).await?;
    match &vote {
        Some(it) if it.closed_at.is_some() => Err(Error::refused(
            "The voting is closed, and its result stays as it is. Make a new workshop to vote again.",
        )),
        _ => Ok(vote),
    }
}

async fn add(scope: Scope, Path(id): Path<WorkshopId>, Form(fields): Form<Fields>) -> Result<Response> {
    let workshop = find(&scope, id).await?;
    let mut tx = records::begin(&scope).await?;
    still(&scope, id).await?;
    let here: Vec<String> =
        store::phrases_in(&mut tx, scope.id(), id).await?.into_iter().map(|it| it.wording).collect();
    match phrase(fields.get("phrase"), &here) {
        Ok(it) => {
            store::add_phrase(&mut tx, scope.id(), id, &it, false).await?;
            tx.commit().await?;
            Ok(see(&format!("/workshops/{id}/board#add"), ""))
        }
        Err(fault) => {
            drop(tx);
            draw(&scope, workshop, fields.get("phrase").to_owned(), Some(fault)).await
        }
    }
}

async fn remove(scope: Scope, Path(id): Path<WorkshopId>, Form(fields): Form<Fields>) -> Result<Response> {
    find(&scope, id).await?;
    still(&scope, id).await?;
    let phrase = fields.get("phrase").parse().map_err(|_| Error::NotFound)?;
    let mut tx = scope.db().begin().await?;
    if !store::remove_phrase(&mut tx, scope.id(), id, phrase).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(see(&format!("/workshops/{id}/board"), "The phrase was taken away."))
}

async fn open(scope: Scope, Path(id): Path<WorkshopId>) -> Result<Response> {
    let workshop = find(&scope, id).await?;
    still(&scope, id).await?;
    begin(&scope, &workshop).await?;
    Ok(see(&format!("/workshops/{id}/board"), "The voting is open. Show this page on the wall."))
}

/// Opens the voting at an address of its own. Refuses one in which there is nothing to choose from.
pub async fn begin(scope: &Scope, workshop: &Workshop) -> Result<()> {
    let phrases = store::phrases(scope.db(), scope.id(), workshop.id).await?;
    if phrases.len() < 2 && !workshop.adding {
        return Err(Error::refused(
            "There is nothing to choose from yet. Add two phrases at least, or allow phrases from the room on the \
             workshop's page, then open the voting.",
        ));
    }
    let mut tx = scope.db().begin().await?;
    if store::open(&mut tx, scope.id(), workshop.id, &Secret::fresh().text, scope.now).await? {
        note(&mut tx, scope, workshop, "opened").await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn note(tx: &mut db::Tx, scope: &Scope, workshop: &Workshop, act: &str) -> Result<()> {
    let kind = Workshop::KIND.key;
    audit::add(tx, &scope.author(), act, kind, workshop.id.0, &workshop.title, &Changes::new(), 0).await
}

async fn close(scope: Scope, Path(id): Path<WorkshopId>) -> Result<Response> {
    let workshop = find(&scope, id).await?;
    if still(&scope, id).await?.is_none() {
        return Err(Error::refused("The voting was never opened, so there is no result to keep."));
    }
    end(&scope, &workshop).await?;
    Ok(see(&format!("/workshops/{id}/board"), "The voting is closed and its result is kept."))
}

/// Closes the voting and keeps what it says on this day.
pub async fn end(scope: &Scope, workshop: &Workshop) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    if !store::hold(&mut tx, scope.id(), workshop.id).await? {
        return Ok(());
    }
    let tallies = store::phrases_in(&mut tx, scope.id(), workshop.id).await?;
    let tallies = tallies.into_iter().map(|it| Tally { phrase: it.wording, dots: it.dots }).collect();
    let statement = Statement {
        closed_on: scope.today(),
        voters: store::voters_in(&mut tx, scope.id(), workshop.id).await?,
        dots_each: workshop.dots,
        lines: ranked(tallies),
    };
    let kept = serde_json::to_string(&statement).map_err(Error::internal)?;
    store::close(&mut tx, scope.id(), workshop.id, &kept, scope.now).await?;
    note(&mut tx, scope, workshop, "closed").await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a draft of a vision from the result, tied to the workshop; the same again leads to the draft that is there.
async fn make_vision(scope: Scope, Path(id): Path<WorkshopId>) -> Result<Response> {
    let workshop = find(&scope, id).await?;
    let vote = store::vote(scope.db(), scope.id(), id).await?;
    let Some(statement) = vote.as_ref().and_then(statement) else {
        return Err(Error::refused("Close the voting first: a draft is made of its result."));
    };
    let mut tx = records::begin(&scope).await?;
    if let Some(url) = drafted(&scope, id).await? {
        return Ok(see(&url, "This was made of the result before; here it is."));
    }
    let text = wording(&statement);
    if text.is_empty() {
        return Err(Error::refused("Nobody put a dot on anything, so there is nothing to make a draft of."));
    }
    let vision = Vision {
        id: VisionId::fresh(),
        version: 1,
        title: format!("Vision from “{}”", workshop.title),
        wording: text,
        owner: None,
        state: VisionState::Draft,
        since: None,
    };
    records::insert(&mut tx, &scope.author(), Vision::KIND, &vision.to_row()).await?;
    let from = thread::End { kind: Workshop::KIND.key, id: id.0 };
    let to = thread::End { kind: Vision::KIND.key, id: vision.id.0 };
    thread::tie(&mut tx, &scope.author(), from, "leads to", to).await?;
    tx.commit().await?;
    Ok(see(
        &format!("/visions/{}/edit", vision.id),
        "The phrases that hold half of all dots are the first draft. Make them a text that can be said by heart.",
    ))
}
