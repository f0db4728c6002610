//! Who stands where: each person for themselves, and their lead beside them.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use kit::{
    error::{Error, Result},
    format,
    pages::{Conflict, Fields, Meant},
    people::{Person, PersonId},
    record::Record,
    rights::Right,
    store,
    web::{Place, Scope, see},
};
use serde::Deserialize;

use crate::team::{
    here::Here,
    model::{Level, Rating, RatingId, Skill, SkillId},
    ours,
    pages::step,
    rules::{Voice, dated},
    story,
};

/// Somebody in the list, and how far their ratings are.
struct Row<'a> {
    person: &'a Person,
    own: usize,
    lead: usize,
    /// On how many of the needed skills the two views are more than one step apart; nothing where none has both.
    apart: Option<usize>,
    lately: String,
}

#[derive(Template)]
#[template(path = "team/pages/people.html")]
struct List<'a> {
    here: &'a Here,
    heading: String,
    needed: usize,
    rows: Vec<Row<'a>>,
    may_invite: bool,
}

impl List<'_> {
    fn is_me(&self, of: &Person) -> bool {
        self.here.viewer.me == Some(of.id)
    }
}

fn row<'a>(scope: &Scope, here: &Here, needed: &BTreeMap<SkillId, i64>, person: &'a Person) -> Row<'a> {
    let ratings: Vec<&Rating> =
        here.ratings_of(person.id).into_iter().filter(|it| needed.contains_key(&it.skill)).collect();
    let both = || ratings.iter().filter_map(|it| it.own.zip(it.lead));
    let apart = both().filter(|(own, lead)| (own.number() - lead.number()).abs() > 1).count();
    let lately = ratings.iter().filter_map(|it| it.rated_on).max();
    Row {
        person,
        own: ratings.iter().filter(|it| it.own.is_some()).count(),
        lead: ratings.iter().filter(|it| it.lead.is_some()).count(),
        apart: both().next().map(|_| apart),
        lately: lately.map_or_else(String::new, |it| scope.locale().date(it)),
    }
}

pub async fn list(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let needed = here.needed();
    let rows: Vec<Row> = here.seen().into_iter().map(|it| row(&scope, &here, &needed, it)).collect();
    let waiting = rows.iter().filter(|it| Some(it.person.id) != here.viewer.me && it.lead < it.own).count();
    let mine = rows.iter().find(|it| Some(it.person.id) == here.viewer.me);
    let heading = match (mine, waiting) {
        _ if needed.is_empty() => "No skill is needed yet, so there is nothing to rate".to_owned(),
        _ if rows.is_empty() => "You see nobody’s ratings, and nobody sees yours but your lead".to_owned(),
        (Some(it), _) if it.own < needed.len() => {
            format!("You have still to say where you stand on {}", story::skills(needed.len() - it.own))
        }
        (_, 0) => match rows.iter().filter(|it| it.own == 0).map(|it| &*it.person.name).collect::<Vec<_>>()[..] {
            [] => "Everyone whom you lead has your view beside their own".to_owned(),
            ref few if few.len() < 4 => {
                let have = if few.len() == 1 { "has" } else { "have" };
                format!("Everyone who said where they stand has your view; {} {have} not said it", format::list(few))
            }
            ref many => format!("Everyone who said where they stand has your view; {} have not said it", many.len()),
        },
        (_, 1) => "One person waits for your view".to_owned(),
        (_, n) => format!("{n} people wait for your view"),
    };
    let heading = match rows.len() {
        1 if !needed.is_empty() && mine.is_some_and(|it| it.own == needed.len()) => {
            "You have said where you stand".to_owned()
        }
        _ => heading,
    };
    let list = List { here: &here, heading, needed: needed.len(), rows, may_invite: scope.may(Right::Administer) };
    scope.page(Place::new("Ratings", "/team/people"), &list).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Every skill in use, not only what the team needs.
    all: String,
}

/// One skill of the form.
struct Ask<'a> {
    skill: &'a Skill,
    needed: Option<i64>,
    own: Option<Level>,
    lead: Option<Level>,
    /// What stands in the form, and what is here.
    chosen: String,
    was: String,
    evidence: String,
    evidence_was: String,
    fault: Option<String>,
}

impl Ask<'_> {
    /// The identifiers of what a screen reader says after the label.
    fn described(&self) -> String {
        let help = self.skill.about.is_some().then(|| format!("h-{}", self.skill.id));
        let fault = self.fault.is_some().then(|| format!("e-{}", self.skill.id));
        help.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Template)]
#[template(path = "team/pages/person.html")]
struct Page<'a> {
    person: &'a Person,
    voice: Voice,
    heading: String,
    groups: Vec<(String, Vec<Ask<'a>>)>,
    all: bool,
    more: usize,
    next: Option<&'a Person>,
    faults: usize,
    conflict: Conflict,
}

impl Page<'_> {
    fn ladder(&self) -> &'static [(Level, String)] {
        ours::ladder()
    }

    fn step(&self, level: &i64) -> &'static str {
        step(*level)
    }

    fn is_own(&self) -> bool {
        self.voice == Voice::Own
    }
}

/// Somebody of the team whose ratings the viewer may see, and with which voice they speak of them.
fn find(here: &Here, id: PersonId) -> Result<(&Person, Voice)> {
    let person = here.everyone.get(&id).filter(|_| here.may_see(id)).ok_or(Error::NotFound)?;
    Ok((person, if here.viewer.me == Some(id) { Voice::Own } else { Voice::Lead }))
}

pub async fn page(scope: Scope, Path(id): Path<PersonId>, Query(wanted): Query<Wanted>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    show(&scope, &here, id, !wanted.all.is_empty(), &Fields::default(), &BTreeMap::new(), Conflict::default()).await
}

async fn show(
    scope: &Scope,
    here: &Here,
    id: PersonId,
    all: bool,
    sent: &Fields,
    faults: &BTreeMap<SkillId, String>,
    conflict: Conflict,
) -> Result<Response> {
    let (person, voice) = find(here, id)?;
    let needed = here.needed();
    let mut groups: Vec<(String, Vec<Ask>)> = Vec::new();
    let mut more = 0;
    for skill in &here.skills {
        let rating = here.rating(id, skill.id);
        if !all && !needed.contains_key(&skill.id) && rating.is_none() {
            more += 1;
            continue;
        }
        let (own, lead) = (rating.and_then(|it| it.own), rating.and_then(|it| it.lead));
        let key = rating.and_then(|it| level(it, voice)).map_or("", Level::key).to_owned();
        let evidence = rating.and_then(|it| it.evidence.clone()).unwrap_or_default();
        let ask = Ask {
            skill,
            needed: needed.get(&skill.id).copied(),
            own,
            lead,
            chosen: sent.shown(&format!("level.{}", skill.id), &key),
            was: key,
            evidence: sent.shown(&format!("evidence.{}", skill.id), &evidence),
            evidence_was: evidence,
            fault: faults.get(&skill.id).cloned(),
        };
        match groups.last_mut() {
            Some((field, asks)) if field == skill.field() => asks.push(ask),
            _ => groups.push((skill.field().to_owned(), vec![ask])),
        }
    }
    let heading = match voice {
        Voice::Own => "Where do you stand?".to_owned(),
        Voice::Lead => format!("Where does {} stand?", person.name),
    };
    let others: Vec<&Person> = here.seen().into_iter().filter(|it| here.viewer.me != Some(it.id)).collect();
    let next = others.iter().position(|it| it.id == id).and_then(|at| others.get(at + 1)).copied();
    let status = match (faults.is_empty(), conflict.is_empty()) {
        (true, true) => StatusCode::OK,
        (true, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Page { person, voice, heading, groups, all, more, next, faults: faults.len(), conflict };
    let place = Place::new(person.name.clone(), "/team/people").under("Ratings", "/team/people");
    scope.page_with(status, place, &page).await
}

/// What is said with a voice.
fn level(of: &Rating, voice: Voice) -> Option<Level> {
    match voice {
        Voice::Own => of.own,
        Voice::Lead => of.lead,
    }
}

/// Saves what one person says of themselves, or what their lead says of them. Fields that somebody else changed
/// meanwhile come back with what stands there now; nothing is overwritten.
pub async fn save(scope: Scope, Path(id): Path<PersonId>, Form(fields): Form<Fields>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let (person, voice) = find(&here, id)?;
    let (mut faults, mut writes, mut conflict) = (BTreeMap::new(), Vec::new(), Conflict::default());
    let mut tx = store::begin(&scope).await?;
    let ratings: Vec<Rating> =
        store::rows_in(&mut tx, scope.id(), Rating::KIND).await?.iter().map(Rating::from_row).collect();
    for skill in &here.skills {
        let keys = ["level", "evidence"].map(|of| format!("{of}.{}", skill.id));
        let before = ratings.iter().find(|it| it.person == id && it.skill == skill.id);
        let now = before.cloned().unwrap_or_else(|| Rating {
            id: RatingId::fresh(),
            version: 1,
            person: id,
            skill: skill.id,
            own: None,
            lead: None,
            evidence: None,
            rated_on: None,
        });
        if !fields.has(&keys[0]) {
            continue;
        }
        let stands = [level(&now, voice).map_or("", Level::key), now.evidence.as_deref().unwrap_or_default()];
        let typed = [fields.text(&keys[0]), fields.text(&keys[1])];
        let chosen = Level::from_key(&typed[0]);
        if chosen.is_none() && !typed[0].is_empty() {
            faults.insert(skill.id, format!("“{}” is no step of the ladder. Choose one from the list.", typed[0]));
            continue;
        }
        let mut next = now.clone();
        match (fields.meant(&keys[0], stands[0]), voice) {
            (Meant::Nothing, _) => {}
            (Meant::Write, Voice::Own) => next.own = chosen,
            (Meant::Write, Voice::Lead) => next.lead = chosen,
            (Meant::Meanwhile, _) => {
                let said = |it: Option<Level>| it.map_or("", Level::label);
                conflict.add(&skill.name, said(level(&now, voice)), said(chosen));
            }
        }
        match fields.meant(&keys[1], stands[1]) {
            Meant::Nothing => {}
            Meant::Write => next.evidence = Some(typed[1].clone()).filter(|it| !it.is_empty()),
            Meant::Meanwhile => conflict.add(format!("What shows it: {}", skill.name), stands[1], &typed[1]),
        }
        writes.extend(dated(&now, next, here.today).map(|next| (before, next)));
    }
    let all = !fields.get("all").is_empty();
    if !faults.is_empty() || !conflict.is_empty() {
        drop(tx);
        // As it stands now, which somebody else may have changed since this request began.
        let here = Here::load(&scope).await?;
        return show(&scope, &here, id, all, &fields, &faults, conflict).await;
    }
    let count = writes.len();
    for (before, next) in writes {
        let row = next.to_row();
        match before {
            Some(it) => {
                store::update(&mut tx, &scope.author(), Rating::KIND, &it.to_row(), row.values).await?;
            }
            None => store::insert(&mut tx, &scope.author(), Rating::KIND, &row).await?,
        }
    }
    tx.commit().await?;
    let whose = if voice == Voice::Own { "your".to_owned() } else { format!("{}’s", person.name) };
    let message = match count {
        0 => "Nothing was different, so nothing was saved.".to_owned(),
        1 => format!("Saved: one of {whose} ratings."),
        n => format!("Saved: {n} of {whose} ratings."),
    };
    let next = fields.get("next").parse().ok().map(PersonId).filter(|it| here.may_see(*it));
    Ok(see(&next.map_or_else(|| "/team/people".to_owned(), |it| format!("/team/people/{it}")), &message))
}
