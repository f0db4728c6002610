//! The scores of one person after the other, and who is in question.

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    response::Response,
};
use kit::{
    error::{Error, Result},
    pages::{Fields, Meant},
    people::Person,
    record::Record,
    rights::Right,
    store,
    web::{Scope, see},
};
use serde::Deserialize;

use super::{Back, named, open, place, whole};
use crate::sourcing::{
    guests::{self, rules::points},
    placing::pages::whose,
    selecting::{
        model::{Candidate, CandidateId, CriterionId, Score, ScoreId, SelectionId},
        rules::{Whole, score_key},
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Whose {
    person: String,
}

#[derive(Template)]
#[template(path = "sourcing/selecting/scores.html")]
struct Scoring {
    /// Whether whoever looks may score and add candidates.
    may: bool,
    /// Whether they may ask others to.
    leads: bool,
    whole: Whole,
    heading: String,
    person: Option<Person>,
    people: Vec<Person>,
    /// Who has scored: name, how many points, of how many.
    raters: Vec<(String, usize, usize)>,
    back: Back,
}

impl Scoring {
    fn is_of(&self, it: &Person) -> bool {
        self.person.as_ref().is_some_and(|person| person.id == it.id)
    }

    fn key(&self, criterion: &CriterionId, candidate: &CandidateId) -> String {
        score_key(*criterion, *candidate)
    }

    /// What is kept of a score.
    fn was(&self, criterion: &CriterionId, candidate: &CandidateId) -> String {
        let points = self.person.as_ref().and_then(|it| self.whole.points(it.id, *criterion, *candidate));
        points.map_or_else(String::new, |it| it.to_string())
    }

    fn shown(&self, criterion: &CriterionId, candidate: &CandidateId) -> String {
        self.back.typed.shown(&self.key(criterion, candidate), &self.was(criterion, candidate))
    }

    fn is_none(&self, typed: &str) -> bool {
        points(typed).is_err()
    }
}

pub(super) async fn page(scope: Scope, Path(id): Path<SelectionId>, Query(wanted): Query<Whose>) -> Result<Response> {
    show_scores(&scope, id, &wanted.person, Back::default()).await
}

async fn show_scores(scope: &Scope, id: SelectionId, wanted: &str, back: Back) -> Result<Response> {
    let whole = whole(scope, id).await?;
    let (person, people) = whose(scope, wanted).await?;
    let names = store::titles(scope.db(), scope.id(), Person::KIND).await?;
    let raters: Vec<(String, usize, usize)> = whole
        .raters()
        .into_iter()
        .map(|who| {
            let (given, of) = whole.done(who);
            (names.get(&who.0).cloned().unwrap_or_default(), given, of)
        })
        .collect();
    let heading = match &person {
        _ if whole.criteria.is_empty() => "Write down first what counts".to_owned(),
        _ if whole.candidates.is_empty() => "Write down who is in question".to_owned(),
        None => "Choose who scores".to_owned(),
        Some(it) => match whole.done(it.id) {
            (given, of) if given == of => format!("{} has scored everything", it.name),
            (given, of) => format!("{} has given {given} of {of} scores", it.name),
        },
    };
    let place = place(&whole.selection, "Scores");
    let page = Scoring {
        may: scope.may(Right::Contribute) && whole.is_open(),
        leads: scope.may(Right::Lead) && whole.is_open(),
        whole,
        heading,
        person,
        people,
        raters,
        back,
    };
    scope.page_with(page.back.status(), place, &page).await
}

/// Saves the scores of one person; what is left empty stays unscored.
pub(super) async fn score(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = open(&scope, id).await?;
    let (Some(person), _) = whose(&scope, fields.get("person")).await? else {
        return Err(Error::refused(
            "Nobody among the people signs in with your address, so there is nobody whose scores these could be. Ask \
             your IT leader to add you under People.",
        ));
    };
    let (mut meant, mut back) = (Vec::new(), Back::default());
    for criterion in &whole.criteria {
        for candidate in &whole.candidates {
            let key = score_key(criterion.id, candidate.id);
            let (who, text) = ((person.id, criterion.id, candidate.id), fields.text(&key));
            let before = whole.scores.iter().find(|it| (it.person, it.criterion, it.candidate) == who);
            let now = before.map_or_else(String::new, |it| it.points.to_string());
            let what = format!("{} on “{}”", candidate.name, criterion.name);
            match (fields.meant(&key, &now), points(&text)) {
                (Meant::Nothing, _) => {}
                (_, Err(fault)) => back.faults.push(format!("{what}: {}", fault.0)),
                (Meant::Write, Ok(points)) => meant.push((criterion.id, candidate.id, points, before)),
                (Meant::Meanwhile, _) => back.conflict.add(what, now, text),
            }
        }
    }
    if back.is_some() {
        drop(tx);
        let wanted = fields.get("person").to_owned();
        return show_scores(&scope, id, &wanted, Back { typed: fields, ..back }).await;
    }
    let (author, written) = (scope.author(), meant.len());
    for (criterion, candidate, points, before) in meant {
        let row = |id, version, points| {
            let note = before.and_then(|it| it.note.clone());
            Score { id, version, candidate, criterion, person: person.id, points, note }.to_row()
        };
        match (points, before) {
            (Some(points), Some(it)) => {
                let after = row(it.id, it.version, points).values;
                store::update(&mut tx, &author, Score::KIND, &it.to_row(), after).await?;
            }
            (Some(points), None) => {
                store::insert(&mut tx, &author, Score::KIND, &row(ScoreId::fresh(), 1, points)).await?;
            }
            (None, Some(it)) => store::delete(&mut tx, &author, Score::KIND, &it.to_row()).await?,
            (None, None) => {}
        }
    }
    guests::has_scored(&mut tx, scope.id(), whole, person.id).await?;
    tx.commit().await?;
    let message = match written {
        0 => "Nothing was different, so nothing was saved.".to_owned(),
        1 => format!("One score of {} was saved.", person.name),
        _ => format!("{written} scores of {} were saved.", person.name),
    };
    Ok(see(&format!("/selections/{id}/scores?person={}", person.id), &message))
}

pub(super) async fn add_candidate(
    scope: Scope,
    Path(id): Path<SelectionId>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = open(&scope, id).await?;
    let name = match named(&scope, &fields, whole.candidates.iter().map(|it| &*it.name), Candidate::KIND) {
        Ok(name) => name,
        Err(fault) => {
            drop(tx);
            let back = Back { typed: fields, name: Some(fault), ..Back::default() };
            return show_scores(&scope, id, "", back).await;
        }
    };
    let it = Candidate { id: CandidateId::fresh(), version: 1, name, selection: id, supplier: None, about: None };
    store::insert(&mut tx, &scope.author(), Candidate::KIND, &it.to_row()).await?;
    tx.commit().await?;
    Ok(see(&format!("/selections/{id}/scores"), &format!("“{}” was added to the candidates.", it.name)))
}
