//! The preparation sheet of one leader, and the talk that is noted from it.

use std::sync::Arc;

use askama::Template;
use axum::{extract::Path, response::Response};
use db::uuid::Uuid;
use kit::{
    error::{Error, Result},
    people::{Person, PersonId},
    record::Record,
    rights::Right,
    store, thread,
    web::{Access, Place, Routes, Scope, see},
};
use survey::{
    belief::rules::{self as belief, Leader},
    campaign::CAMPAIGN,
    results::kept::{self, Kept},
};

use crate::envisioning::{
    leader::rules::{Line, as_text, heading, lines, points},
    look::{named_campaign, person_of},
    model::{Example, Talk, TalkId},
};

pub fn routes(routes: Routes) -> Routes {
    let named = Access::With(Right::SeeNamedAnswers);
    routes.get("/envisioning/leaders/{id}", named, page).post("/envisioning/leaders/{id}/talk", named, prepare)
}

/// What a talk about belief is called unless somebody calls it otherwise.
pub const TOPIC: &str = "What IT could do for us";

/// The most examples on a sheet.
const MOST_EXAMPLES: usize = 3;

#[derive(Template)]
#[template(path = "envisioning/leader/sheet.html")]
struct Sheet<'a> {
    scope: &'a Scope,
    person: Person,
    /// What they answered; nothing where they were not asked under their name, or did not answer.
    answered: Option<Answered>,
    talks: Vec<(Talk, String)>,
    heading: String,
    /// How many people are called so, where nothing else tells whose the answers are.
    namesakes: usize,
}

struct Answered {
    leader: Leader,
    lines: Vec<Line>,
    points: Vec<String>,
    examples: Vec<Example>,
    campaign: String,
    url: String,
    /// Whether the latest gap survey says anything of what is delivered, and of their own unit.
    with_gap: bool,
    with_unit: bool,
}

impl Sheet<'_> {
    fn one(&self, value: &Option<f64>) -> String {
        value.map_or("–".to_owned(), |it| self.scope.locale().decimal(it, 1))
    }

    /// An answer: a point of the scale.
    fn point(&self, value: &Option<f64>) -> String {
        value.map_or("–".to_owned(), |it| format!("{it}"))
    }

    fn signed(&self, line: &Line) -> String {
        line.gap().map_or("–".to_owned(), |it| self.scope.locale().signed(it, 1))
    }
}

/// What is known of a leader from the latest campaign under names.
async fn answered(scope: &Scope, person: &Person) -> Result<Option<(Answered, Arc<Kept>)>> {
    let Some(kept) = named_campaign(scope).await? else { return Ok(None) };
    let people = store::all::<Person>(scope.db(), scope.id()).await?;
    let everyone = belief::leaders_by_now(&kept.snapshot, &people);
    let is_them = |it: &&Leader| person_of(&people, it).is_some_and(|it| it.id == person.id);
    let Some(leader) = everyone.iter().find(is_them).cloned() else { return Ok(None) };
    let gap = match survey::store::closed(scope.db(), scope.id(), "gap").await?.pop() {
        Some(it) => Some(kept::of(scope, it.id).await?),
        None => None,
    };
    let lines = lines(&leader, &everyone, gap.as_ref().map(|it| &it.results));
    let points = points(&leader, &lines, |it| scope.locale().decimal(it, 1));
    let mut examples = store::all::<Example>(scope.db(), scope.id()).await?;
    examples.retain(|it| lines.iter().any(|line| line.is_doubted() && it.is_of(line.proposition)));
    // Those that answer most doubts first; the sheet has to fit on one page.
    let answers = |it: &Example| lines.iter().filter(|line| line.is_doubted() && it.is_of(line.proposition)).count();
    examples.sort_by_key(|it| std::cmp::Reverse(answers(it)));
    examples.truncate(MOST_EXAMPLES);
    let answered = Answered {
        campaign: kept.campaign.title.clone(),
        url: format!("/surveys/{}/results/belief", kept.campaign.id),
        with_gap: lines.iter().any(|it| it.delivered.is_some()),
        with_unit: lines.iter().any(|it| it.unit.is_some()),
        leader,
        lines,
        points,
        examples,
    };
    Ok(Some((answered, kept)))
}

/// How many are called like a leader whose answers can be told from theirs by nothing but that name; one where none
/// is.
async fn namesakes(scope: &Scope, person: &Person) -> Result<usize> {
    let Some(kept) = named_campaign(scope).await? else { return Ok(1) };
    let answered = belief::leaders(&kept.snapshot).iter().any(|it| it.person.is_none() && it.name == person.name);
    let people = store::all::<Person>(scope.db(), scope.id()).await?;
    Ok(if answered { people.iter().filter(|it| it.name == person.name).count() } else { 1 })
}

async fn page(scope: Scope, Path(id): Path<PersonId>) -> Result<Response> {
    let person = store::find::<Person>(scope.db(), scope.id(), id).await?;
    let answered = answered(&scope, &person).await?.map(|it| it.0);
    let mut talks = store::all::<Talk>(scope.db(), scope.id()).await?;
    talks.retain(|it| it.person == id);
    talks.sort_by_key(|it| std::cmp::Reverse(it.held.unwrap_or(jiff::civil::Date::MAX)));
    let namesakes = match &answered {
        Some(_) => 1,
        None => namesakes(&scope, &person).await?,
    };
    let day = |it: &Talk| it.held.map_or("not held yet".to_owned(), |it| scope.locale().date(it));
    let heading = match &answered {
        Some(it) => heading(&it.leader, &it.lines),
        None if namesakes > 1 => format!("Which of the {namesakes} called {} answered is not known", person.name),
        None => format!("{} has not said under their name what IT could do", person.name),
    };
    let place = Place::new(format!("Prepare for {}", person.name), "/envisioning").under("Envisioning", "/envisioning");
    let sheet = Sheet {
        scope: &scope,
        talks: talks
            .into_iter()
            .map(|it| {
                let day = day(&it);
                (it, day)
            })
            .collect(),
        person,
        answered,
        heading,
        namesakes,
    };
    scope.page(place, &sheet).await
}

/// Notes a talk that is to be held, with the points as a first text; leads to the one that waits where there is one.
async fn prepare(scope: Scope, Path(id): Path<PersonId>) -> Result<Response> {
    let person = store::find::<Person>(scope.db(), scope.id(), id).await?;
    let mut tx = store::begin(&scope).await?;
    let talks = store::all::<Talk>(scope.db(), scope.id()).await?;
    if let Some(waiting) = talks.iter().find(|it| it.person == id && it.held.is_none()) {
        return Ok(see(&format!("/talks/{}/edit", waiting.id), "This talk is still to be held; here are its notes."));
    }
    let Some((answered, kept)) = answered(&scope, &person).await? else {
        return Err(Error::refused(format!(
            "{} has not answered a survey under their name, so there is nothing to prepare from. Add a talk among the talks instead.",
            person.name
        )));
    };
    let held = talks.iter().filter(|it| it.person == id).count();
    let talk = Talk {
        id: TalkId::fresh(),
        version: 1,
        topic: if held == 0 { TOPIC.to_owned() } else { format!("{TOPIC} ({})", held + 1) },
        person: id,
        held: None,
        prepared: Some(as_text(&answered.points)).filter(|it| !it.is_empty()),
        notes: None,
    };
    store::insert(&mut tx, &scope.author(), Talk::KIND, &talk.to_row()).await?;
    let from = thread::End { kind: CAMPAIGN, id: kept.campaign.id.0 };
    let to: Uuid = talk.id.0;
    thread::tie(&mut tx, &scope.author(), from, "leads to", thread::End { kind: Talk::KIND.key, id: to }).await?;
    tx.commit().await?;
    Ok(see(&format!("/talks/{to}/edit"), "The points are noted. Make them your own, and write down what you hear."))
}
