//! What counts, and how much: set directly, or from comparing the criteria two by two.

use askama::Template;
use axum::{
    extract::{Form, Path},
    response::Response,
};
use kit::{
    error::Result,
    pages::{Fields, Meant},
    record::{FieldType, Record},
    rights::Right,
    store,
    web::{Scope, see},
};

use super::{Back, change, named, open, place, whole};
use crate::sourcing::{
    placing::pages::write,
    selecting::{
        model::{Comparison, ComparisonId, Criterion, CriterionId, SelectionId, Times, Weighing},
        rules::{Whole, consistency, heaviest},
    },
};

/// Adds a criterion, and keeps the weights that were typed beside it.
pub(super) async fn add_criterion(
    scope: Scope,
    Path(id): Path<SelectionId>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    keep_weights(scope, id, fields, false).await
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

pub(super) async fn page(scope: Scope, Path(id): Path<SelectionId>) -> Result<Response> {
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
pub(super) async fn weigh(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
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
pub(super) async fn compare(scope: Scope, Path(id): Path<SelectionId>, Form(fields): Form<Fields>) -> Result<Response> {
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
