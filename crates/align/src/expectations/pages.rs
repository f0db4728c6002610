//! The pages of this competency: where the expectations stand, what was delivered, and what is printed to be signed and
//! to be shared.

use askama::Template;
use axum::{extract::Form, response::Response};
use jiff::civil::Date;
use kit::{
    error::Result,
    format::{in_words, in_words_first},
    pages::Now,
    people::Person,
    rights::Right,
    signature::{self, Signature, Verdict as Word},
    store,
    web::{Access, Place, Routes, Scope, see},
};
use rust_decimal::Decimal;

use crate::expectations::{
    here::{ASK, Here, measure_url},
    model::{Conflict, Measurement, Outcome, Standing, State},
    ranking,
    rules::{self, Kept, Lack, Progress, Verdict},
};

pub fn routes(routes: Routes) -> Routes {
    let view = Access::With(Right::View);
    ranking::pages::routes(routes)
        .get("/expectations", view, main)
        .get("/expectations/delivered", view, delivered)
        .get("/expectations/agreed", view, agreed)
        .get(ASK, Access::With(Outcome::KIND.edit), to_ask)
        .post(ASK, Access::With(Outcome::KIND.edit), ask)
        .get("/expectations/not-now", view, not_now)
}

/// An outcome as the tables show it.
struct Line<'a> {
    it: &'a Outcome,
    progress: Progress,
    lacks: Vec<Lack>,
    conflicts: bool,
    /// How many have signed, of how many who were asked.
    signed: (usize, usize),
    declined: usize,
}

impl Line<'_> {
    /// How much of the bar is full, in per cent; nothing where there is no bar.
    fn full(&self) -> Option<String> {
        self.progress.way.map(|it| format!("{:.1}", it.clamp(0.0, 1.0) * 100.0))
    }

    fn is_worse(&self) -> bool {
        self.progress.way.is_some_and(|it| it < 0.0)
    }

    fn is_reached(&self) -> bool {
        self.progress.way.is_some_and(|it| it >= 1.0)
    }

    /// By everyone who was asked.
    fn is_signed(&self) -> bool {
        self.signed.1 > 0 && self.signed.0 == self.signed.1
    }

    fn measure_url(&self) -> String {
        measure_url(self.it)
    }
}

fn lines<'a>(here: &'a Here, of: impl Fn(&Outcome) -> bool) -> Vec<Line<'a>> {
    let conflicting = here.conflicting();
    let line = |(it, progress): (&'a Outcome, Progress)| Line {
        it,
        progress,
        lacks: rules::lacks(it, here.today),
        conflicts: conflicting.contains(&it.id),
        signed: here.signed(it),
        declined: here.declined(it),
    };
    here.progress().into_iter().filter(|it| of(it.0)).map(line).collect()
}

/// How numbers and days of an outcome are written, for every page here.
trait Writes {
    fn scope(&self) -> &Scope;

    fn figure(&self, value: &Decimal) -> String {
        self.scope().locale().number(*value)
    }

    fn day(&self, day: &Date) -> String {
        self.scope().locale().short_date(*day)
    }

    fn share(&self, way: &f64) -> String {
        self.scope().locale().percent(*way, 0)
    }

    fn is_late(&self, it: &Outcome) -> bool {
        it.state.is_open() && it.due.is_some_and(|due| due < self.scope().today())
    }
}

macro_rules! writes {
    ($($page:ident),*) => {$( impl Writes for $page<'_> { fn scope(&self) -> &Scope { self.scope } } )*};
}

writes!(Main, Delivered, Agreed, NotNow, Section);

/// One place in the picture of what the team carries.
#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Agreed,
    Over,
    Proposed,
    Free,
}

/// What the team carries against what it can.
struct Focus {
    agreed: usize,
    proposed: usize,
    most: Option<usize>,
    finding: String,
    slots: Vec<Slot>,
    form: String,
}

impl Focus {
    fn of(here: &Here) -> Focus {
        let (agreed, proposed) = (here.in_state(State::Agreed).len(), here.in_state(State::Proposed).len());
        let most = here.limit().and_then(|it| usize::try_from(it.most).ok());
        let can = most.map_or_else(String::new, in_words);
        let finding = match most {
            None if agreed == 0 => "Nothing is agreed yet; nobody has said how many the team can carry".to_owned(),
            None => format!("{} agreed; nobody has said how many the team can carry", in_words_first(agreed)),
            Some(most) if agreed > most => format!("{} agreed; the team can carry {can}", in_words_first(agreed)),
            Some(most) if agreed + proposed > most => {
                format!(
                    "{} agreed of {can} that the team can carry; not all that is proposed fits",
                    in_words_first(agreed)
                )
            }
            Some(_) => format!("{} agreed of {can} that the team can carry", in_words_first(agreed)),
        };
        let slots = (0..(agreed + proposed).max(most.unwrap_or(0)))
            .map(|at| match at {
                at if at < agreed && most.is_some_and(|most| at >= most) => Slot::Over,
                at if at < agreed => Slot::Agreed,
                at if at < agreed + proposed => Slot::Proposed,
                _ => Slot::Free,
            })
            .collect();
        Focus { agreed, proposed, most, finding, slots, form: here.limit_form() }
    }

    fn x(&self, at: &usize) -> usize {
        at * 36
    }

    fn width(&self) -> usize {
        self.slots.len() * 36
    }

    fn class(&self, slot: &Slot) -> &'static str {
        match slot {
            Slot::Agreed => "agreed",
            Slot::Over => "over",
            Slot::Proposed => "proposed",
            Slot::Free => "free",
        }
    }
}

#[derive(Template)]
#[template(path = "expectations/pages/main.html")]
struct Main<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    now: Now,
    focus: Focus,
    lines: Vec<Line<'a>>,
    undecided: Vec<&'a Conflict>,
    decided: usize,
    left_out: usize,
    kept: Option<Kept>,
}

impl Main<'_> {
    fn statement(&self, of: &crate::expectations::model::OutcomeId) -> &str {
        self.here.outcome(*of).map_or("", |it| &it.statement)
    }

    fn url_of(&self, of: &crate::expectations::model::OutcomeId) -> String {
        format!("/outcomes/{of}")
    }
}

async fn main(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let undecided = here.undecided();
    let page = Main {
        heading: rules::headline(&here.open(), here.conflicting().len()),
        now: here.next().card(&scope),
        focus: Focus::of(&here),
        lines: lines(&here, |it| it.state.is_open()),
        decided: here.conflicts.iter().filter(|it| it.state == Standing::Decided).count(),
        left_out: here.in_state(State::NotNow).len() + here.in_state(State::Dropped).len(),
        kept: over(&here.kept()),
        scope: &scope,
        here: &here,
        undecided,
    };
    scope.page(Place::new("Expectations", "/expectations"), &page).await
}

/// What became of the promises of all cycles that are over, together; nothing before the first is.
fn over(all: &[Kept]) -> Option<Kept> {
    let over: Vec<&Kept> = all.iter().filter(|it| it.is_over()).collect();
    let sum = |of: fn(&Kept) -> usize| over.iter().map(|it| of(it)).sum();
    (!over.is_empty()).then(|| Kept {
        cycle: None,
        met: sum(|it| it.met),
        partly: sum(|it| it.partly),
        missed: sum(|it| it.missed),
        open: 0,
    })
}

#[derive(Template)]
#[template(path = "expectations/pages/delivered.html")]
struct Delivered<'a> {
    scope: &'a Scope,
    heading: String,
    kept: Vec<Kept>,
    lines: Vec<Line<'a>>,
}

impl Delivered<'_> {
    fn name(&self, it: &Option<i64>) -> String {
        it.map_or_else(|| "No cycle named".to_owned(), |it| format!("Cycle {it}"))
    }

    /// The parts of a cycle's bar: class, count, where it begins and how wide it is in per cent.
    fn parts(&self, it: &Kept) -> Vec<(&'static str, usize, String, String)> {
        let most = self.kept.iter().map(|it| it.promised()).max().unwrap_or(1).max(1) as f64;
        let per_cent = |n: usize| n as f64 / most * 100.0;
        let mut before = 0;
        let mut parts = Vec::new();
        for (class, count) in [("met", it.met), ("partly", it.partly), ("missed", it.missed), ("open", it.open)] {
            if count > 0 {
                parts.push((class, count, format!("{:.2}", per_cent(before)), format!("{:.2}", per_cent(count))));
            }
            before += count;
        }
        parts
    }
}

async fn delivered(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let kept = here.kept();
    let heading = match over(&kept) {
        None if kept.is_empty() => "Nothing has been promised yet".to_owned(),
        None => "No cycle is over yet: all promises can still be kept".to_owned(),
        Some(all) if all.promised() == 1 => format!(
            "The one outcome promised in cycles that are over was {}",
            if all.met == 1 { "met" } else { "not met" }
        ),
        Some(all) if all.met == 0 => {
            format!("None of the {} outcomes promised in cycles that are over was met", in_words(all.promised()))
        }
        Some(all) if all.met == all.promised() => {
            "Everything that was promised in cycles that are over was delivered".to_owned()
        }
        Some(all) => format!(
            "{} of the {} outcomes promised in cycles that are over {} met",
            in_words_first(all.met),
            in_words(all.promised()),
            if all.met == 1 { "was" } else { "were" }
        ),
    };
    let mut lines = lines(&here, |it| it.state.is_promised());
    lines.sort_by_key(|it| (std::cmp::Reverse(it.it.cycle), it.it.due));
    let place = Place::new("Delivered", "/expectations/delivered");
    scope.page(place, &Delivered { scope: &scope, heading, kept, lines }).await
}

#[derive(Template)]
#[template(path = "expectations/pages/agreed.html")]
struct Agreed<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    lines: Vec<Line<'a>>,
    org: String,
    day: String,
}

impl Agreed<'_> {
    fn words(&self, of: &Line<'_>) -> Vec<&Signature> {
        self.here.signatures(of.it)
    }

    /// What somebody's word comes to for the outcome as it is.
    fn word(&self, of: &Line<'_>, it: &Signature) -> (&'static str, String) {
        let day = || self.scope.locale().short_date(self.scope.org.day(it.instant()));
        match it.verdict() {
            Word::Signed if it.holds(of.it.version) => ("good", format!("signed {}{}", day(), it.noted())),
            Word::Signed => ("warn", "changed since it was signed".to_owned()),
            Word::Declined => ("bad", format!("declined {}{}", day(), it.noted())),
            Word::Asked => ("warn", "asked, not signed yet".to_owned()),
        }
    }
}

async fn agreed(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let lines = lines(&here, |it| it.state == State::Agreed);
    let mut missing: Vec<String> = Vec::new();
    for line in &lines {
        for word in here.signatures(line.it).into_iter().filter(|it| !it.holds(line.it.version)) {
            if !missing.contains(&word.name) {
                missing.push(word.name.clone());
            }
        }
    }
    let unasked = lines.iter().filter(|it| it.signed.1 == 0).count();
    let heading = rules::agreed_headline(lines.len(), unasked, &missing);
    let (org, day) = (scope.org.name.clone(), scope.locale().date(scope.today()));
    let place = Place::new("Agreed expectations", "/expectations").under("Expectations", "/expectations");
    scope.page(place, &Agreed { scope: &scope, here: &here, heading, lines, org, day }).await
}

/// Who will be asked for what, before anybody is.
#[derive(Template)]
#[template(path = "expectations/pages/ask.html")]
struct ToAsk<'a> {
    heading: String,
    nothing_agreed: bool,
    asked: Vec<(&'a Outcome, &'a Person)>,
}

async fn to_ask(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let asked = here.to_ask();
    let heading = match asked.len() {
        0 => rules::nobody_to_ask(&here.in_state(State::Agreed), |it| here.signed(it).1 > 0).to_owned(),
        1 => "One sign-off is to be asked for".to_owned(),
        n => format!("{} sign-offs are to be asked for", in_words_first(n)),
    };
    let place = Place::new("Ask for sign-offs", "/expectations").under("Expectations", "/expectations");
    scope.page(place, &ToAsk { heading, nothing_agreed: here.in_state(State::Agreed).is_empty(), asked }).await
}

/// Asks those who are ticked, as far as they are still to be asked.
async fn ask(scope: Scope, Form(sent): Form<Vec<(String, String)>>) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let is_ticked = |it: &Outcome, who: &Person| {
        sent.iter().any(|(key, value)| key == "ask" && *value == format!("{}:{}", it.id, who.id))
    };
    let mut tx = scope.db().begin().await?;
    let mut count = 0;
    for (it, who) in here.to_ask().into_iter().filter(|(it, who)| is_ticked(it, who)) {
        let row = store::row_in(&mut tx, scope.id(), Outcome::KIND, it.id.0).await?;
        signature::ask(&mut tx, &scope.author(), Outcome::KIND, &row, who).await?;
        count += 1;
    }
    tx.commit().await?;
    let said = match count {
        0 => "Nobody was asked: nothing was ticked that is still to be asked for.".to_owned(),
        1 => "One sign-off is asked for. Whoever is asked sees it on their home page.".to_owned(),
        n => format!("{n} sign-offs are asked for. Whoever is asked sees them on their home page."),
    };
    Ok(see("/expectations/agreed", &said))
}

#[derive(Template)]
#[template(path = "expectations/pages/not_now.html")]
struct NotNow<'a> {
    scope: &'a Scope,
    here: &'a Here,
    heading: String,
    left: Vec<&'a Outcome>,
    org: String,
    day: String,
}

async fn not_now(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let left: Vec<&Outcome> =
        here.outcomes.iter().filter(|it| matches!(it.state, State::NotNow | State::Dropped)).collect();
    let heading = match left.len() {
        0 => "Nobody has been told no yet".to_owned(),
        1 => "One expectation will not be met now".to_owned(),
        n => format!("{} expectations will not be met now", in_words_first(n)),
    };
    let (org, day) = (scope.org.name.clone(), scope.locale().date(scope.today()));
    let place = Place::new("What will not be done", "/expectations").under("Expectations", "/expectations");
    scope.page(place, &NotNow { scope: &scope, here: &here, heading, left, org, day }).await
}

/// How far an outcome has come, on its own page.
#[derive(Template)]
#[template(path = "expectations/pages/section.html")]
struct Section<'a> {
    scope: &'a Scope,
    line: Line<'a>,
    finding: String,
    /// The newest first.
    measured: Vec<&'a Measurement>,
    /// What contradicts it.
    conflicts: Vec<&'a Conflict>,
}

pub async fn section(scope: &Scope, it: &Outcome) -> Result<String> {
    let all: Vec<Measurement> = store::all(scope.db(), scope.id()).await?;
    let conflicts: Vec<Conflict> = store::all(scope.db(), scope.id()).await?;
    let mut measured: Vec<&Measurement> = all.iter().filter(|of| of.outcome == it.id).collect();
    measured.sort_by_key(|it| std::cmp::Reverse(it.day));
    let progress = rules::progress(it, &measured, scope.today());
    let finding = match (progress.verdict, progress.way) {
        (_, None) if measured.is_empty() => "Nobody has measured it yet".to_owned(),
        (_, None) => "Without a baseline and a target, no figure says how far it has come".to_owned(),
        (Some(Verdict::Met), _) => "It has reached its target".to_owned(),
        (Some(Verdict::Partly), _) => "Its day has passed, and it came at least half of the way".to_owned(),
        (Some(Verdict::Missed), _) => "Its day has passed, and it came less than half of the way".to_owned(),
        (_, Some(way)) if way < 0.0 => "It is further away than at the start".to_owned(),
        (_, Some(way)) => format!("{} of the way is gone", scope.locale().percent(way, 0)),
    };
    let conflicts = conflicts.iter().filter(|of| of.first == it.id || of.second == it.id).collect();
    let line = Line { it, progress, lacks: Vec::new(), conflicts: false, signed: (0, 0), declined: 0 };
    Ok(Section { scope, line, finding, measured, conflicts }.render()?)
}
