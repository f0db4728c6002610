//! The working screens of a selection: result, scores, weights.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query},
    http::StatusCode,
    response::Response,
};
use db::Db;
use kit::{
    error::{Error, Result},
    org::OrgId,
    pages::Fields,
    people::{Person, PersonId},
    record::{FieldType, Record, Value},
    rights::Right,
    store,
    web::{Access, Place, Routes, Scope, see},
};
use serde::Deserialize;

use super::{
    model::{
        Candidate, CandidateId, Comparison, ComparisonId, Criterion, CriterionId, Score, ScoreId, Selection,
        SelectionId, SelectionState, Times, Weighing,
    },
    rules::{Outcome, Whole, consistency, outcome},
};
use crate::sourcing::placing::pages::write;

pub fn routes(routes: Routes) -> Routes {
    let (view, edit) = (Access::With(Right::View), Access::With(Right::Contribute));
    routes
        .get("/selections/{id}/result", view, result)
        .post("/selections/{id}/decide", edit, decide)
        .get("/selections/{id}/scores", view, scores)
        .post("/selections/{id}/scores", edit, score)
        .post("/selections/{id}/candidates", edit, add_candidate)
        .get("/selections/{id}/weights", view, weights)
        .post("/selections/{id}/weights", edit, weigh)
        .post("/selections/{id}/pairs", edit, compare)
        .post("/selections/{id}/criteria", edit, add_criterion)
}

/// A selection with everything that belongs to it.
pub(in crate::sourcing) async fn whole(db: &Db, org: OrgId, id: SelectionId) -> Result<Whole> {
    let selection: Selection = store::find(db, org, id).await?;
    Ok(Whole::of(
        selection,
        store::all(db, org).await?,
        store::all(db, org).await?,
        store::all(db, org).await?,
        store::all(db, org).await?,
    ))
}

fn place(of: &Selection, title: &str) -> Place {
    Place::new(format!("{title}: {}", of.title), "/selections")
        .under("Selections", "/selections")
        .under(of.title.clone(), format!("/selections/{}", of.id))
}

async fn names(scope: &Scope) -> Result<BTreeMap<PersonId, String>> {
    Ok(store::all::<Person>(scope.db(), scope.id()).await?.into_iter().map(|it| (it.id, it.name)).collect())
}

#[derive(Template)]
#[template(path = "sourcing/selecting/result.html")]
struct Shown<'a> {
    scope: &'a Scope,
    whole: Whole,
    heading: String,
    lead: String,
    outcome: Option<Outcome>,
    /// Candidates, the best first: place in the list, points.
    order: Vec<(usize, f64)>,
    people: BTreeMap<PersonId, String>,
    day: String,
    fault: Option<String>,
    typed: Fields,
}

impl Shown<'_> {
    fn one(&self, it: &f64) -> String {
        self.scope.locale().decimal(*it, 1)
    }

    fn points(&self, outcome: &Outcome, it: &f64) -> String {
        self.scope.locale().decimal(*it, outcome.places())
    }

    fn weight(&self, outcome: &Outcome, criterion: &usize) -> String {
        self.scope.locale().decimal(outcome.weights[*criterion], 0)
    }

    fn candidate(&self, at: &usize) -> &str {
        &self.whole.candidates[*at].name
    }

    fn criterion(&self, at: &usize) -> &str {
        &self.whole.criteria[*at].name
    }

    fn alone(&self, points: &[f64], at: &usize) -> String {
        self.one(&points[*at])
    }

    fn mean(&self, outcome: &Outcome, criterion: &usize, candidate: &usize) -> f64 {
        outcome.ratings[*criterion][*candidate].mean.unwrap_or_default()
    }

    fn level(&self, mean: &f64) -> i64 {
        mean.round() as i64
    }

    /// "2 to 5", where people do not agree.
    fn range(&self, outcome: &Outcome, criterion: &usize, candidate: &usize) -> Option<String> {
        let it = outcome.ratings[*criterion][*candidate];
        let (low, high) = it.lowest.zip(it.highest)?;
        (high > low).then(|| format!("{low:.0} to {high:.0}"))
    }

    fn who(&self, it: &PersonId) -> &str {
        self.people.get(it).map_or("", |it| it)
    }

    fn share(&self, points: &f64) -> String {
        format!("{:.1}", points / 5.0 * 100.0)
    }

    fn is_typed(&self, name: &str) -> bool {
        self.typed.get("chosen") == name
    }
}

async fn result(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
    show_result(&scope, id, Fields::default(), None).await
}

async fn show_result(scope: &Scope, id: SelectionId, typed: Fields, fault: Option<String>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let (outcome, lacks) = match outcome(&whole) {
        Ok(it) => (Some(it), String::new()),
        Err(why) => (None, why),
    };
    let mut order: Vec<(usize, f64)> = match &outcome {
        Some(it) => it.compared.normalised.iter().copied().enumerate().collect(),
        None => Vec::new(),
    };
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let found = outcome.as_ref().map(|it| it.finding(&whole));
    let heading = match (&whole.selection.state, &whole.selection.chosen, &found) {
        (SelectionState::Decided, Some(chosen), _) => format!("{chosen} was chosen"),
        (SelectionState::Dropped, ..) => "This selection was dropped".to_owned(),
        (.., Some(found)) => found.clone(),
        (.., None) => lacks.clone(),
    };
    let sensitivity = outcome.as_ref().map(|it| it.sensitivity(&whole)).unwrap_or_default();
    let lead = match (whole.selection.state, found) {
        (SelectionState::Decided, Some(found)) => format!("{found}. {sensitivity}"),
        _ => sensitivity,
    };
    let day = whole.selection.closed_on.map_or_else(String::new, |it| scope.locale().date(it));
    let place = place(&whole.selection, "Result");
    let people = names(scope).await?;
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    scope
        .page_with(status, place, &Shown { scope, whole, heading, lead, outcome, order, people, day, fault, typed })
        .await
}

/// Closes the selection with who was chosen and why.
async fn decide(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let (chosen, reason) = (fields.get("chosen").trim().to_owned(), fields.get("reason").trim().to_owned());
    let fault = match () {
        () if !whole.candidates.iter().any(|it| it.name == chosen) => Some("Choose one of the candidates."),
        () if reason.is_empty() => Some("Write why: the one who lost will ask, and so will the next budget."),
        () => None,
    };
    if let Some(fault) = fault {
        return show_result(&scope, id, fields, Some(fault.to_owned())).await;
    }
    change(&scope, id, |set| {
        set("state", SelectionState::Decided.to_value());
        set("chosen", Value::Text(chosen.clone()));
        set("reason", Value::Text(reason.replace("\r\n", "\n")));
        set("closed_on", Value::Date(scope.today()));
    })
    .await?;
    Ok(see(&format!("/selections/{id}/result"), &format!("{chosen} was chosen.")))
}

/// Changes fields of the selection.
async fn change(scope: &Scope, id: SelectionId, with: impl FnOnce(&mut dyn FnMut(&str, Value))) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    let before = store::row_in(&mut tx, scope.id(), Selection::KIND, id.0).await?;
    let mut values = before.values.clone();
    with(&mut |key, value| values[Selection::KIND.position(key)] = value);
    store::update(&mut tx, &scope.author(), Selection::KIND, &before, values).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whose {
    person: String,
}

#[derive(Template)]
#[template(path = "sourcing/selecting/scores.html")]
struct Scoring {
    /// Whether whoever looks may score and add candidates.
    may: bool,
    /// Whether they may ask others.
    leads: bool,
    whole: Whole,
    heading: String,
    person: Option<Person>,
    people: Vec<Person>,
    /// Who has scored: name, how many points, of how many.
    raters: Vec<(String, usize, usize)>,
}

impl Scoring {
    fn is_of(&self, it: &Person) -> bool {
        self.person.as_ref().is_some_and(|person| person.id == it.id)
    }

    fn given(&self, criterion: &CriterionId, candidate: &CandidateId) -> Option<i64> {
        self.whole.points(self.person.as_ref()?.id, *criterion, *candidate)
    }

    fn is_given(&self, criterion: &CriterionId, candidate: &CandidateId, points: &i64) -> bool {
        self.given(criterion, candidate) == Some(*points)
    }
}

async fn scores(scope: Scope, Path(id): Path<SelectionId>, Query(wanted): Query<Whose>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let (person, people) = crate::sourcing::placing::pages::whose(&scope, &wanted.person).await?;
    let names = names(&scope).await?;
    let raters: Vec<(String, usize, usize)> = whole
        .raters()
        .into_iter()
        .map(|who| {
            let (given, of) = whole.done(who);
            (names.get(&who).cloned().unwrap_or_default(), given, of)
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
    scope
        .page(
            place,
            &Scoring {
                may: scope.may(Right::Contribute),
                leads: scope.may(Right::Lead),
                whole,
                heading,
                person,
                people,
                raters,
            },
        )
        .await
}

/// Saves the scores of one person; what is left empty stays unscored.
async fn score(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let (Some(person), _) = crate::sourcing::placing::pages::whose(&scope, fields.get("person")).await? else {
        return Err(Error::refused(
            "Nobody among the people signs in with your address, so there is nobody whose scores these could be. Ask \
             your IT leader to add you under People.",
        ));
    };
    let author = scope.author();
    let mut tx = scope.db().begin().await?;
    let mut written = 0;
    for criterion in &whole.criteria {
        for candidate in &whole.candidates {
            let text = fields.get(&format!("s-{}.{}", criterion.id, candidate.id)).trim();
            if text.is_empty() {
                continue;
            }
            let points = text.parse::<i64>().ok().filter(|it| (0..=5).contains(it)).ok_or_else(|| {
                Error::refused("A score is a whole number from 0 to 5. Go back, correct it, and save again.")
            })?;
            let key = (person.id, criterion.id, candidate.id);
            let before = whole.scores.iter().find(|it| (it.person, it.criterion, it.candidate) == key).cloned();
            let note = before.as_ref().and_then(|it| it.note.clone());
            let row = |id, version| {
                Score { id, version, candidate: candidate.id, criterion: criterion.id, person: person.id, points, note }
                    .to_row()
            };
            let before = before.map(|it| it.to_row());
            let wrote = write(&mut tx, &author, Score::KIND, before, |before| match before {
                Some(it) => row(ScoreId(it.id), it.version),
                None => row(ScoreId::fresh(), 1),
            });
            written += i32::from(wrote.await?);
        }
    }
    tx.commit().await?;
    let message = match written {
        0 => "Nothing was different, so nothing was saved.".to_owned(),
        1 => format!("One score of {} was saved.", person.name),
        _ => format!("{written} scores of {} were saved.", person.name),
    };
    Ok(see(&format!("/selections/{id}/scores?person={}", person.id), &message))
}

async fn add_candidate(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let name = named(&fields, whole.candidates.iter().map(|it| &*it.name), "candidate")?;
    let it = Candidate { id: CandidateId::fresh(), version: 1, name, selection: id, supplier: None, about: None };
    add(&scope, Candidate::KIND, &it.to_row()).await?;
    Ok(see(&format!("/selections/{id}/scores"), &format!("{} is in question.", it.name)))
}

async fn add_criterion(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let name = named(&fields, whole.criteria.iter().map(|it| &*it.name), "criterion")?;
    let it = Criterion { id: CriterionId::fresh(), version: 1, name, selection: id, weight: 10, about: None };
    add(&scope, Criterion::KIND, &it.to_row()).await?;
    Ok(see(&format!("/selections/{id}/weights"), &format!("“{}” counts, with a weight of 10 for now.", it.name)))
}

async fn add(scope: &Scope, kind: &kit::record::Kind, row: &kit::record::Row) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    store::insert(&mut tx, &scope.author(), kind, row).await?;
    tx.commit().await?;
    Ok(())
}

/// The name that was typed, where it is one and a new one.
fn named<'a>(fields: &Fields, mut others: impl Iterator<Item = &'a str>, what: &str) -> Result<String> {
    let name = fields.get("name").trim().to_owned();
    if name.is_empty() {
        return Err(Error::refused(format!("Write what the {what} is called.")));
    }
    if others.any(|it| it.eq_ignore_ascii_case(&name)) {
        return Err(Error::refused(format!("The selection has a {what} called “{name}” already.")));
    }
    Ok(name)
}

#[derive(Template)]
#[template(path = "sourcing/selecting/weights.html")]
struct Weights<'a> {
    scope: &'a Scope,
    whole: Whole,
    heading: String,
    /// What was typed, by criterion; what is kept where nothing was.
    typed: Fields,
    fault: Option<String>,
    pairs: Vec<(usize, usize)>,
    /// From the comparisons: per cent by criterion, and how well they fit together.
    compared: std::result::Result<(Vec<f64>, String), String>,
    times: &'static [Times],
}

impl Weights<'_> {
    fn weight(&self, it: &Criterion) -> String {
        match self.typed.get(&format!("w-{}", it.id)) {
            "" if self.fault.is_none() => it.weight.to_string(),
            typed => typed.to_owned(),
        }
    }

    fn share(&self, it: &Criterion) -> String {
        let sum: i64 = self.whole.criteria.iter().map(|it| it.weight).sum();
        if sum == 0 { "–".to_owned() } else { self.per_cent(&(it.weight as f64 / sum as f64 * 100.0)) }
    }

    fn per_cent(&self, it: &f64) -> String {
        format!("{} %", self.scope.locale().decimal(*it, 0))
    }

    fn shared(&self, shares: &[f64], at: &usize) -> String {
        self.per_cent(&shares[*at])
    }

    fn key(&self, pair: &(usize, usize)) -> String {
        format!("p-{}.{}", self.whole.criteria[pair.0].id, self.whole.criteria[pair.1].id)
    }

    fn is_judged(&self, pair: &(usize, usize), it: &Times) -> bool {
        let judged = self.whole.judged(self.whole.criteria[pair.0].id, self.whole.criteria[pair.1].id);
        judged.is_some_and(|judged| (judged / it.value() - 1.0).abs() < 1e-9)
    }
}

async fn weights(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
    show_weights(&scope, id, Fields::default(), None).await
}

async fn show_weights(scope: &Scope, id: SelectionId, typed: Fields, fault: Option<String>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let n = whole.criteria.len();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
    let compared = whole.priorities().map(|it| {
        let names: Vec<&str> = whole.criteria.iter().map(|it| &*it.name).collect();
        let said = consistency(&it, &names);
        (it.priorities.iter().map(|it| it * 100.0).collect::<Vec<f64>>(), said)
    });
    let heaviest = match (whole.selection.weighing, &compared) {
        (Weighing::Pairs, Ok((shares, _))) => {
            shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, share)| (at, *share))
        }
        _ => {
            let sum: i64 = whole.criteria.iter().map(|it| it.weight).sum();
            let most = whole.criteria.iter().enumerate().max_by_key(|(_, it)| it.weight);
            most.filter(|_| sum > 0).map(|(at, it)| (at, it.weight as f64 / sum as f64 * 100.0))
        }
    };
    let heading = match heaviest {
        Some((at, share)) => {
            format!("“{}” counts most, with {} %", whole.criteria[at].name, scope.locale().decimal(share, 0))
        }
        None => "Nothing counts yet".to_owned(),
    };
    let place = place(&whole.selection, "Weights");
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Weights { scope, whole, heading, typed, fault, pairs, compared, times: Times::ALL };
    scope.page_with(status, place, &page).await
}

/// Sets the weights directly, and lets them count.
async fn weigh(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let mut weights = Vec::new();
    for it in &whole.criteria {
        let text = fields.get(&format!("w-{}", it.id)).trim().to_owned();
        match text.parse::<i64>() {
            Ok(weight) if (0..=1000).contains(&weight) => weights.push(weight),
            _ => {
                let fault = format!("“{}”: write a whole number from 0 to 1000.", it.name);
                return show_weights(&scope, id, fields, Some(fault)).await;
            }
        }
    }
    if weights.iter().sum::<i64>() == 0 {
        let fault = "All weights are zero, so nothing would count. Give at least one criterion a weight.".to_owned();
        return show_weights(&scope, id, fields, Some(fault)).await;
    }
    let author = scope.author();
    let mut tx = scope.db().begin().await?;
    for (it, weight) in whole.criteria.iter().zip(weights) {
        write(&mut tx, &author, Criterion::KIND, Some(it.to_row()), |_| Criterion { weight, ..it.clone() }.to_row())
            .await?;
    }
    tx.commit().await?;
    change(&scope, id, |set| set("weighing", Weighing::Direct.to_value())).await?;
    Ok(see(&format!("/selections/{id}/weights"), "The weights were saved, and they count."))
}

/// Keeps the comparisons, and lets them count instead of weights set directly.
async fn compare(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let whole = whole(scope.db(), scope.id(), id).await?;
    let author = scope.author();
    let mut tx = scope.db().begin().await?;
    for (at, one) in whole.criteria.iter().enumerate() {
        for other in &whole.criteria[at + 1..] {
            let Some(times) = Times::from_key(fields.get(&format!("p-{}.{}", one.id, other.id))) else { continue };
            // What was said from the other end would contradict what is said now.
            for turned in whole.comparisons.iter().filter(|it| (it.criterion, it.other) == (other.id, one.id)) {
                store::delete(&mut tx, &author, Comparison::KIND, &turned.to_row()).await?;
            }
            let before = whole.comparisons.iter().find(|it| (it.criterion, it.other) == (one.id, other.id));
            let row = |id, version| Comparison { id, version, criterion: one.id, other: other.id, times }.to_row();
            let before = before.map(Record::to_row);
            write(&mut tx, &author, Comparison::KIND, before, |before| match before {
                Some(it) => row(ComparisonId(it.id), it.version),
                None => row(ComparisonId::fresh(), 1),
            })
            .await?;
        }
    }
    tx.commit().await?;
    change(&scope, id, |set| set("weighing", Weighing::Pairs.to_value())).await?;
    Ok(see(&format!("/selections/{id}/weights#pairs"), "The comparisons were saved, and they count."))
}
