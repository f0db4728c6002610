//! The working screens of a selection: result, scores, weights.

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
    pages::{Conflict, Fields, Meant, Tied, tied},
    people::{Person, PersonId},
    record::{FieldType, Kind, Record, Titles, Value, read},
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
    rules::{Outcome, Whole, consistency, heaviest, outcome, score_key},
};
use crate::sourcing::{
    contracts::model::Supplier,
    guests::{self, rules::points},
    model::Activity,
    onward::{Onward, of_choice},
    placing::pages::write,
};

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

async fn whole(scope: &Scope, id: SelectionId) -> Result<Whole> {
    whole_of(scope.db(), scope.id(), id).await
}

/// The same, to be changed; refuses where the selection is closed.
async fn open(scope: &Scope, id: SelectionId) -> Result<Whole> {
    let whole = whole(scope, id).await?;
    match whole.is_open() {
        true => Ok(whole),
        false => Err(Error::refused(format!(
            "“{}” is closed, so its criteria, weights and scores stay as they were when it was decided. To go on, set its \
             state to Open in its record.",
            whole.selection.title
        ))),
    }
}

/// A selection with everything that belongs to it.
pub(in crate::sourcing) async fn whole_of(db: &Db, org: OrgId, id: SelectionId) -> Result<Whole> {
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
    people: Titles,
    day: String,
    back: Back,
    /// What the decision has led to, and what usually comes next.
    made: Vec<Tied>,
    steps: Vec<Onward>,
}

/// A form that comes back: what was typed, and why. Empty where none does.
#[derive(Default)]
struct Back {
    typed: Fields,
    faults: Vec<String>,
    /// What is wrong with the name of a new criterion or candidate.
    name: Option<String>,
    conflict: Conflict,
}

impl Back {
    fn status(&self) -> StatusCode {
        match (self.faults.is_empty() && self.name.is_none(), self.conflict.is_empty()) {
            (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (true, false) => StatusCode::CONFLICT,
            (true, true) => StatusCode::OK,
        }
    }

    fn is_some(&self) -> bool {
        self.status() != StatusCode::OK
    }

    fn faulty(typed: Fields, fault: impl Into<String>) -> Back {
        Back { typed, faults: vec![fault.into()], ..Back::default() }
    }
}

impl Shown<'_> {
    fn one(&self, it: &f64) -> String {
        self.scope.locale().decimal(*it, 1)
    }

    fn points(&self, outcome: &Outcome, it: &f64) -> String {
        self.scope.locale().decimal(*it, outcome.places(self.scope.locale()))
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
        self.people.get(&it.0).map_or("", |it| it)
    }

    /// "3 of 8 scores".
    fn how_much(&self, it: &PersonId) -> String {
        let (given, of) = self.whole.done(*it);
        format!("{given} of {of} scores")
    }

    fn share(&self, points: &f64) -> String {
        format!("{:.1}", points / 5.0 * 100.0)
    }

    fn is_typed(&self, name: &str) -> bool {
        self.back.typed.get("chosen") == name
    }
}

async fn result(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
    show_result(&scope, id, Back::default()).await
}

async fn show_result(scope: &Scope, id: SelectionId, back: Back) -> Result<Response> {
    let whole = whole(scope, id).await?;
    let (outcome, lacks) = match outcome(&whole) {
        Ok(it) => (Some(it), String::new()),
        Err(why) => (None, why),
    };
    let mut order: Vec<(usize, f64)> = match &outcome {
        Some(it) => it.compared.normalised.iter().copied().enumerate().collect(),
        None => Vec::new(),
    };
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let people = store::titles(scope.db(), scope.id(), Person::KIND).await?;
    let found = outcome.as_ref().map(|it| it.finding(&whole, scope.locale()));
    let heading = match (&whole.selection.state, &whole.selection.chosen, &found) {
        (SelectionState::Decided, Some(chosen), _) => format!("{chosen} was chosen"),
        (SelectionState::Dropped, ..) => "This selection was dropped".to_owned(),
        (.., Some(found)) => found.clone(),
        (.., None) => lacks.clone(),
    };
    let sensitivity = outcome.as_ref().map(|it| it.sensitivity(&whole, &people, scope.locale())).unwrap_or_default();
    let lead = match (whole.selection.state, found) {
        (SelectionState::Decided, Some(found)) => format!("{found}. {sensitivity}"),
        _ => sensitivity,
    };
    let day = whole.selection.closed_on.map_or_else(String::new, |it| scope.locale().date(it));
    let place = place(&whole.selection, "Result");
    let (_, made) = tied(scope, id.0).await?;
    let mut steps = onward(scope, &whole).await?;
    steps.retain(|step| made.iter().all(|it| it.end.kind != step.kind));
    let page = Shown { scope, whole, heading, lead, outcome, order, people, day, back, made, steps };
    scope.page_with(page.back.status(), place, &page).await
}

/// What comes after the decision. A candidate who is no supplier yet is one as soon as a supplier has that name.
async fn onward(scope: &Scope, whole: &Whole) -> Result<Vec<Onward>> {
    let it = &whole.selection;
    let Some(chosen) = it.chosen.as_deref().filter(|_| it.state == SelectionState::Decided) else {
        return Ok(Vec::new());
    };
    let suppliers: Vec<Supplier> = store::all(scope.db(), scope.id()).await?;
    let known = whole.candidates.iter().find(|it| it.name == chosen).and_then(|it| it.supplier);
    let supplier = suppliers.iter().find(|it| match known {
        Some(known) => it.id == known,
        None => it.name.eq_ignore_ascii_case(chosen),
    });
    let activity = match it.activity {
        Some(id) => Some(store::find::<Activity>(scope.db(), scope.id(), id).await?),
        None => None,
    };
    Ok(of_choice(it, chosen, supplier, activity.as_ref(), |right| scope.may(right)))
}

/// Closes the selection with who was chosen and why.
async fn decide(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = whole(&scope, id).await?;
    let (chosen, reason) = (fields.text("chosen"), fields.text("reason"));
    let fault = match () {
        () if !whole.candidates.iter().any(|it| it.name == chosen) => Some("Choose one of the candidates."),
        () if reason.is_empty() => Some("Write why: the one who lost will ask, and so will the next budget."),
        () => None,
    };
    if let Some(fault) = fault {
        drop(tx);
        return show_result(&scope, id, Back::faulty(fields, fault)).await;
    }
    let (now, why) = (whole.selection.chosen.unwrap_or_default(), whole.selection.reason.unwrap_or_default());
    if fields.meant_together(&[("chosen", &now), ("reason", &why)]) == Meant::Meanwhile {
        drop(tx);
        let conflict = [("Who is chosen", now, chosen), ("Why", why, reason)].into_iter().collect();
        return show_result(&scope, id, Back { typed: fields, conflict, ..Back::default() }).await;
    }
    change(&mut tx, &scope, id, |set| {
        set("state", SelectionState::Decided.to_value());
        set("chosen", Value::Text(chosen.clone()));
        set("reason", Value::Text(reason));
        set("closed_on", Value::Date(scope.today()));
    })
    .await?;
    tx.commit().await?;
    Ok(see(&format!("/selections/{id}/result"), &format!("{chosen} was chosen.")))
}

/// Changes fields of the selection.
async fn change(
    tx: &mut db::Tx,
    scope: &Scope,
    id: SelectionId,
    with: impl FnOnce(&mut dyn FnMut(&str, Value)),
) -> Result<()> {
    let before = store::row_in(tx, scope.id(), Selection::KIND, id.0).await?;
    let mut values = before.values.clone();
    with(&mut |key, value| values[Selection::KIND.position(key)] = value);
    store::update(tx, &scope.author(), Selection::KIND, &before, values).await?;
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

async fn scores(scope: Scope, Path(id): Path<SelectionId>, Query(wanted): Query<Whose>) -> Result<Response> {
    show_scores(&scope, id, &wanted.person, Back::default()).await
}

async fn show_scores(scope: &Scope, id: SelectionId, wanted: &str, back: Back) -> Result<Response> {
    let whole = whole(scope, id).await?;
    let (person, people) = crate::sourcing::placing::pages::whose(scope, wanted).await?;
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
async fn score(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = open(&scope, id).await?;
    let (Some(person), _) = crate::sourcing::placing::pages::whose(&scope, fields.get("person")).await? else {
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

async fn add_candidate(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
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

/// Adds a criterion, and keeps the weights that were typed beside it.
async fn add_criterion(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    keep_weights(scope, id, fields, false).await
}

/// The name that was typed, where it is one and a new one; else what is wrong with it.
fn named<'a>(
    scope: &Scope,
    fields: &Fields,
    mut others: impl Iterator<Item = &'a str>,
    kind: &'static Kind,
) -> std::result::Result<String, String> {
    let what = kind.one.to_lowercase();
    let field = kind.field("name").expect("candidates and criteria have names");
    let Value::Text(name) = read(field, fields.get("name"), scope.writing())? else {
        return Err(format!("Write what the {what} is called."));
    };
    if others.any(|it| it.eq_ignore_ascii_case(&name)) {
        return Err(format!("The selection has a {what} called “{name}” already."));
    }
    Ok(name)
}

#[derive(Template)]
#[template(path = "sourcing/selecting/weights.html")]
struct Weights<'a> {
    scope: &'a Scope,
    whole: Whole,
    heading: String,
    back: Back,
    pairs: Vec<(usize, usize)>,
    /// From the comparisons: per cent by criterion, and how well they fit together.
    compared: std::result::Result<(Vec<f64>, String), String>,
    times: &'static [Times],
}

impl Weights<'_> {
    fn may(&self) -> bool {
        self.scope.may(Right::Contribute) && self.whole.is_open()
    }

    fn weight(&self, it: &Criterion) -> String {
        self.back.typed.shown(&format!("w-{}", it.id), &it.weight.to_string())
    }

    fn share(&self, it: &Criterion) -> String {
        let sum: i64 = self.whole.criteria.iter().map(|it| it.weight).sum();
        if sum == 0 { "–".to_owned() } else { self.per_cent(&(it.weight as f64 / sum as f64 * 100.0)) }
    }

    fn per_cent(&self, it: &f64) -> String {
        self.scope.locale().percent(*it / 100.0, 0)
    }

    fn shared(&self, shares: &[f64], at: &usize) -> String {
        self.per_cent(&shares[*at])
    }

    fn key(&self, pair: &(usize, usize)) -> String {
        pair_key(&self.whole, *pair)
    }

    /// What is kept of a comparison.
    fn was(&self, pair: &(usize, usize)) -> &'static str {
        judged(&self.whole, *pair)
    }

    fn is_judged(&self, pair: &(usize, usize), it: &Times) -> bool {
        self.back.typed.shown(&self.key(pair), self.was(pair)) == it.key()
    }
}

/// The field of a comparison in the form.
fn pair_key(whole: &Whole, (one, other): (usize, usize)) -> String {
    format!("p-{}.{}", whole.criteria[one].id, whole.criteria[other].id)
}

/// How two criteria compare by now, from whichever end it was said; empty where nobody compared them.
fn judged(whole: &Whole, (one, other): (usize, usize)) -> &'static str {
    let times = whole.judged(whole.criteria[one].id, whole.criteria[other].id);
    let is_it = |it: &&Times| times.is_some_and(|times| (times / it.value() - 1.0).abs() < 1e-9);
    Times::ALL.iter().find(is_it).map_or("", |it| it.key())
}

async fn weights(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
    show_weights(&scope, id, Back::default()).await
}

async fn show_weights(scope: &Scope, id: SelectionId, back: Back) -> Result<Response> {
    let whole = whole(scope, id).await?;
    let n = whole.criteria.len();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
    let compared = whole.priorities().map(|it| {
        let names: Vec<&str> = whole.criteria.iter().map(|it| &*it.name).collect();
        let said = consistency(&it, &names, scope.locale());
        (it.priorities.iter().map(|it| it * 100.0).collect::<Vec<f64>>(), said)
    });
    let sum: i64 = whole.criteria.iter().map(|it| it.weight).sum();
    let shares = match (whole.selection.weighing, &compared) {
        (Weighing::Pairs, Ok((shares, _))) => shares.clone(),
        _ => whole.criteria.iter().map(|it| it.weight as f64 / sum.max(1) as f64 * 100.0).collect(),
    };
    let names: Vec<&str> = whole.criteria.iter().map(|it| &*it.name).collect();
    let heading = heaviest(&names, &shares, scope.locale());
    let place = place(&whole.selection, "Weights");
    let page = Weights { scope, whole, heading, back, pairs, compared, times: Times::ALL };
    scope.page_with(page.back.status(), place, &page).await
}

/// Sets the weights directly, and lets them count.
async fn weigh(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    keep_weights(scope, id, fields, true).await
}

/// Keeps the weights that were typed, and a new criterion where one was named: whichever button of the form is pressed,
/// nothing of it is lost. `counts` says whether the weights count from now on.
async fn keep_weights(scope: Scope, id: SelectionId, fields: Fields, counts: bool) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = open(&scope, id).await?;
    let (mut weights, mut back) = (Vec::new(), Back::default());
    for it in &whole.criteria {
        let (key, now) = (format!("w-{}", it.id), it.weight.to_string());
        let text = fields.text(&key);
        let weight = text.parse::<i64>().ok().filter(|it| (0..=1000).contains(it));
        match (fields.meant(&key, &now), weight) {
            (Meant::Nothing, _) => weights.push(it.weight),
            (_, None) => back.faults.push(format!("“{}”: write a whole number from 0 to 1000.", it.name)),
            (Meant::Write, Some(weight)) => weights.push(weight),
            (Meant::Meanwhile, Some(_)) => back.conflict.add(&it.name, now, text),
        }
    }
    let new = match counts && fields.text("name").is_empty() {
        true => None,
        false => match named(&scope, &fields, whole.criteria.iter().map(|it| &*it.name), Criterion::KIND) {
            Ok(name) => {
                Some(Criterion { id: CriterionId::fresh(), version: 1, name, selection: id, weight: 10, about: None })
            }
            Err(fault) => {
                back.name = Some(fault);
                None
            }
        },
    };
    if !back.is_some() && new.is_none() && weights.iter().sum::<i64>() == 0 {
        back.faults
            .push("All weights are zero, so nothing would count. Give at least one criterion a weight.".to_owned());
    }
    if back.is_some() {
        drop(tx);
        return show_weights(&scope, id, Back { typed: fields, ..back }).await;
    }
    let author = scope.author();
    for (it, weight) in whole.criteria.iter().zip(weights) {
        write(&mut tx, &author, Criterion::KIND, Some(it.to_row()), |_| Criterion { weight, ..it.clone() }.to_row())
            .await?;
    }
    if let Some(it) = &new {
        store::insert(&mut tx, &author, Criterion::KIND, &it.to_row()).await?;
    }
    if counts {
        change(&mut tx, &scope, id, |set| set("weighing", Weighing::Direct.to_value())).await?;
    }
    tx.commit().await?;
    let added = new.map(|it| format!("“{}” counts, with a weight of 10 for now.", it.name));
    let saved = counts.then(|| "The weights were saved, and they count.".to_owned());
    let said: Vec<String> = added.into_iter().chain(saved).collect();
    Ok(see(&format!("/selections/{id}/weights"), &said.join(" ")))
}

/// Keeps the comparisons, and lets them count instead of weights set directly.
async fn compare(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
    let mut tx = store::begin(&scope).await?;
    let whole = open(&scope, id).await?;
    let (mut meant, mut back) = (Vec::new(), Back::default());
    for (at, one) in whole.criteria.iter().enumerate() {
        for (other_at, other) in whole.criteria.iter().enumerate().skip(at + 1) {
            let (key, now) = (pair_key(&whole, (at, other_at)), judged(&whole, (at, other_at)));
            let (text, what) = (fields.text(&key), format!("“{}” beside “{}”", one.name, other.name));
            let times = Times::from_key(&text);
            let label = |key: &str| Times::from_key(key).map_or("", Times::label);
            match fields.meant(&key, now) {
                Meant::Nothing => {}
                _ if times.is_none() && !text.is_empty() => {
                    back.faults.push(format!("{what}: “{text}” is not on the scale. Choose one from the list."));
                }
                Meant::Write => meant.push((one.id, other.id, times)),
                Meant::Meanwhile => back.conflict.add(what, label(now), label(&text)),
            }
        }
    }
    if back.is_some() {
        drop(tx);
        return show_weights(&scope, id, Back { typed: fields, ..back }).await;
    }
    let author = scope.author();
    for (criterion, other, times) in meant {
        let is_of = |it: &&Comparison, from, to| (it.criterion, it.other) == (from, to);
        // What was said from the other end would contradict what is said now.
        for turned in whole.comparisons.iter().filter(|it| is_of(it, other, criterion)) {
            store::delete(&mut tx, &author, Comparison::KIND, &turned.to_row()).await?;
        }
        let before = whole.comparisons.iter().find(|it| is_of(it, criterion, other));
        let Some(times) = times else {
            if let Some(before) = before {
                store::delete(&mut tx, &author, Comparison::KIND, &before.to_row()).await?;
            }
            continue;
        };
        let row = |id, version| Comparison { id, version, criterion, other, times }.to_row();
        write(&mut tx, &author, Comparison::KIND, before.map(Record::to_row), |before| match before {
            Some(it) => row(ComparisonId(it.id), it.version),
            None => row(ComparisonId::fresh(), 1),
        })
        .await?;
    }
    change(&mut tx, &scope, id, |set| set("weighing", Weighing::Pairs.to_value())).await?;
    tx.commit().await?;
    Ok(see(&format!("/selections/{id}/weights#pairs"), "The comparisons were saved, and they count."))
}
