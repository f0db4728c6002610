//! The members' pages of a round: open one, see who has answered, close it, see what came of it, take its priorities.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use jiff::{ToSpan, civil::Date};
use kit::{
    asking::{Asked, Choice, Round, rules::Call},
    error::{Error, Result},
    format::order_of,
    pages::{Conflict, Fields, Meant},
    people::{Person, PersonId},
    record::{self, Record, Value},
    rights::Right,
    store as records,
    web::{Access, Place, Routes, Scope, see},
};

use crate::expectations::{
    model::{Outcome, Priority},
    ranking::{
        Item, Line, Method, RANKING, Ranked, Ranking, RankingId, Voter, round,
        rules::{self, Accord},
        store, vote,
    },
};

pub fn routes(routes: Routes) -> Routes {
    let (view, lead) = (Access::With(Right::View), Access::With(Right::Lead));
    vote::routes(routes)
        .get("/rankings", view, list)
        .get("/rankings/new", lead, new)
        .post("/rankings", lead, create)
        .get("/rankings/{id}", view, page)
        .post("/rankings/{id}/close", lead, close)
        .post("/rankings/{id}/discard", lead, discard)
        .post("/rankings/{id}/priorities", Access::With(Right::Contribute), prioritise)
}

#[derive(Template)]
#[template(path = "expectations/ranking/list.html")]
struct List<'a> {
    scope: &'a Scope,
    heading: String,
    rankings: &'a [Ranking],
    /// How many outcomes could be ranked.
    open: usize,
}

impl List<'_> {
    fn first(&self, it: &Ranking) -> String {
        let first = it.result.as_ref().and_then(|it| it.lines.first());
        first.map_or_else(String::new, |it| it.statement.clone())
    }

    fn day(&self, day: &Date) -> String {
        self.scope.locale().short_date(*day)
    }
}

async fn list(scope: Scope) -> Result<Response> {
    let rankings = store::rankings(scope.db(), scope.id()).await?;
    let open = open_outcomes(&scope).await?.len();
    let heading = match rankings.iter().find_map(|it| Some((it, it.result.as_ref()?))) {
        Some((it, result)) => rules::headline(it.method, result),
        None if rankings.is_empty() => "Nobody has been asked yet what matters most".to_owned(),
        None => "The first ranking is under way".to_owned(),
    };
    scope.page(Place::new("Priorities", "/rankings"), &List { scope: &scope, heading, rankings: &rankings, open }).await
}

/// The outcomes that somebody waits for, by what they say.
async fn open_outcomes(scope: &Scope) -> Result<Vec<Outcome>> {
    let mut all = records::all::<Outcome>(scope.db(), scope.id()).await?;
    all.retain(|it| it.state.is_open());
    all.sort_by_cached_key(|it| order_of(&it.statement));
    Ok(all)
}

#[derive(Template)]
#[template(path = "expectations/ranking/form.html")]
struct New {
    title: String,
    method: Method,
    closes: String,
    /// What can be ranked, each with whether it is chosen.
    outcomes: Vec<(Outcome, bool)>,
    who: Choice,
    faults: Vec<(&'static str, String)>,
}

impl New {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|it| it.0 == field).map(|it| &*it.1)
    }
}

/// Who is asked: beside leaders, those whom an outcome names have a say.
async fn who(scope: &Scope, outcomes: &[Outcome], chosen: impl Fn(&Person) -> bool) -> Result<Choice> {
    let named: BTreeSet<_> = outcomes.iter().flat_map(|it| [it.requester, it.accountable]).flatten().collect();
    let people = records::all(scope.db(), scope.id()).await?;
    Ok(Choice::of(people, scope.today(), |it| named.contains(&it.id), chosen))
}

async fn new(scope: Scope) -> Result<Response> {
    let outcomes = open_outcomes(&scope).await?;
    let who = who(&scope, &outcomes, |it| it.influence.is_some_and(|it| it >= 3)).await?;
    let closes = scope.today().checked_add(14.days()).map_err(Error::internal)?;
    let form = New {
        title: "What matters most".to_owned(),
        method: if outcomes.len() < 4 { Method::Points } else { Method::MaxDiff },
        closes: closes.to_string(),
        outcomes: with(outcomes, |_| true),
        who,
        faults: Vec::new(),
    };
    send_form(&scope, StatusCode::OK, &form).await
}

/// Each with whether it is chosen.
fn with<T>(all: Vec<T>, chosen: impl Fn(&T) -> bool) -> Vec<(T, bool)> {
    let with = |it: T| {
        let chosen = chosen(&it);
        (it, chosen)
    };
    all.into_iter().map(with).collect()
}

async fn send_form(scope: &Scope, status: StatusCode, form: &New) -> Result<Response> {
    scope.page_with(status, Place::new("New ranking", "/rankings").under("Priorities", "/rankings"), form).await
}

async fn create(scope: Scope, Form(sent): Form<Vec<(String, String)>>) -> Result<Response> {
    let of = |name: &str| sent.iter().find(|it| it.0 == name).map_or("", |it| it.1.trim());
    let chosen = |name: &str, id: Uuid| sent.iter().any(|it| it.0 == name && it.1 == id.to_string());
    let outcomes = open_outcomes(&scope).await?;
    let who = who(&scope, &outcomes, |it| chosen("person", it.id.0)).await?;
    let mut form = New {
        title: of("title").to_owned(),
        method: Method::from_key(of("method")).unwrap_or(Method::MaxDiff),
        closes: of("closes").to_owned(),
        outcomes: with(outcomes, |it| chosen("outcome", it.id.0)),
        who,
        faults: Vec::new(),
    };
    if Method::from_key(of("method")).is_none() {
        form.faults.push(("method", "Choose one of the two ways to ask.".to_owned()));
    }
    let listed = |name: &str, sent: &str| match name {
        "outcome" => form.outcomes.iter().any(|(it, _)| it.id.to_string() == sent),
        "person" => form.who.offers(sent),
        _ => true,
    };
    if let Some((field, _)) = sent.iter().find(|(name, it)| !listed(name, it)) {
        let (field, what) =
            if field == "outcome" { ("outcome", "an open outcome") } else { ("person", "somebody who is here") };
        form.faults
            .push((field, format!("One of those chosen is not, or not any more, {what}. Look at the list again.")));
    }
    let items = form.outcomes.iter().filter(|it| it.1);
    let items = items.map(|(it, _)| Item { outcome: it.id.0, statement: it.statement.clone() }).collect();
    let design = rules::design(form.method, items);
    let closes = record::day(&form.closes).ok().filter(|it| *it >= scope.today());
    if form.title.is_empty() {
        form.faults.push(("title", "Give the round a title: people see it first.".to_owned()));
    }
    if let Err(fault) = &design {
        form.faults.push(("outcome", fault.clone()));
    }
    if form.who.chosen().is_empty() {
        form.faults.push(("person", "Choose who is asked, at least one person.".to_owned()));
    }
    if closes.is_none() {
        form.faults.push(("closes", "Choose a last day for answers, today or later.".to_owned()));
    }
    form.who.fault = form.fault("person").map(str::to_owned);
    let (Ok(design), Some(closes), true) = (design, closes, form.faults.is_empty()) else {
        return send_form(&scope, StatusCode::UNPROCESSABLE_ENTITY, &form).await;
    };
    let asked = form.who.chosen();
    let (ranking, _) = round::begin(&scope, &form.title, form.method, design, closes, &asked).await?;
    Ok(see(&format!("/rankings/{}", ranking.id), "The round is open. Give everyone their link."))
}

#[derive(Template)]
#[template(path = "expectations/ranking/open.html")]
struct Open<'a> {
    scope: &'a Scope,
    ranking: &'a Ranking,
    heading: String,
    lead: String,
    voters: &'a [Voter],
    answered: usize,
}

/// What an outcome would get as its priority, and what it has.
struct Proposal<'a> {
    line: &'a Line,
    now: Option<Priority>,
    /// What its field shows: what follows from the ranking, or what was typed where the form comes back.
    shown: String,
    proposed: Priority,
    /// Whether somebody still waits for it, so that a priority means something.
    open: bool,
}

#[derive(Template)]
#[template(path = "expectations/ranking/closed.html")]
struct Closed<'a> {
    scope: &'a Scope,
    ranking: &'a Ranking,
    result: &'a Ranked,
    heading: String,
    lead: String,
    most: f64,
    proposals: Vec<Proposal<'a>>,
    conflict: Conflict,
}

impl Closed<'_> {
    fn at(&self, score: &f64) -> String {
        format!("{:.1}", rules::place(self.ranking.method, self.most, *score))
    }

    fn share(&self, line: &Line) -> String {
        self.scope.locale().percent(line.share, 0)
    }

    fn one(&self, score: &f64) -> String {
        let locale = self.scope.locale();
        match self.ranking.method {
            Method::MaxDiff => locale.signed(*score, 2),
            Method::Points => locale.decimal(*score, 0),
        }
    }

    fn score(&self, score: &Option<f64>) -> String {
        score.as_ref().map_or_else(|| "–".to_owned(), |it| self.one(it))
    }

    fn accord(&self, line: &Line) -> Option<Accord> {
        rules::accord(self.ranking.method, self.result.lines.len(), line)
    }

    fn ends(&self) -> (String, String) {
        match self.ranking.method {
            Method::MaxDiff => ("always least".to_owned(), "always most".to_owned()),
            Method::Points => ("no points".to_owned(), format!("{} points", self.scope.locale().decimal(self.most, 0))),
        }
    }

    fn any_open(&self) -> bool {
        self.proposals.iter().any(|it| it.open)
    }

    fn changes(&self) -> usize {
        self.proposals.iter().filter(|it| it.open && it.now != Some(it.proposed)).count()
    }
}

async fn page(scope: Scope, Path(id): Path<RankingId>) -> Result<Response> {
    show(&scope, id, &Fields::default(), Conflict::default()).await
}

async fn show(scope: &Scope, id: RankingId, typed: &Fields, conflict: Conflict) -> Result<Response> {
    let ranking = store::ranking(scope.db(), scope.id(), id).await?;
    let place = Place::new(ranking.title.clone(), "/rankings").under("Priorities", "/rankings");
    let locale = scope.locale();
    if let Some((result, closed_on)) = ranking.result.as_ref().zip(ranking.closed_on) {
        let outcomes = records::all::<Outcome>(scope.db(), scope.id()).await?;
        let mut proposals = Vec::new();
        for (line, proposed) in result.lines.iter().zip(rules::proposed(result)) {
            let outcome = outcomes.iter().find(|it| it.id.0 == line.outcome);
            let (now, open) = (outcome.and_then(|it| it.priority), outcome.is_some_and(|it| it.state.is_open()));
            let key = line.outcome.to_string();
            let shown = if typed.has(&key) {
                typed.shown(&key, now.map_or("", Priority::key))
            } else {
                proposed.key().to_owned()
            };
            proposals.push(Proposal { line, now, shown, proposed, open });
        }
        let status = if conflict.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
        let page = Closed {
            scope,
            ranking: &ranking,
            result,
            heading: rules::headline(ranking.method, result),
            lead: format!(
                "{} of {} answered; closed on {}. This statement does not change any more.",
                result.voters.len(),
                result.asked,
                locale.date(closed_on)
            ),
            most: result.lines.iter().flat_map(|it| it.each.iter().copied()).fold(0.0, f64::max),
            proposals,
            conflict,
        };
        return scope.page_with(status, place, &page).await;
    }
    let voters = store::voters(scope.db(), scope.id(), id).await?;
    let answered = voters.iter().filter(|it| it.done_on.is_some()).count();
    let page = Open {
        heading: match voters.len() - answered {
            0 => "Everyone has answered: close the round to see the result".to_owned(),
            1 => "One person has yet to say what matters most".to_owned(),
            n => format!("{n} of {} people have yet to say what matters most", voters.len()),
        },
        lead: format!(
            "{} outcomes, {}; answers are taken until {}. The result is shown once the round is closed, so that nobody follows the first.",
            ranking.design.items.len(),
            ranking.method.label().to_lowercase(),
            locale.date(ranking.closes)
        ),
        scope,
        ranking: &ranking,
        voters: &voters,
        answered,
    };
    scope.page(place, &page).await
}

/// A round as its links are handed out.
pub async fn handed_out(scope: &Scope, id: RankingId) -> Result<Round> {
    let ranking = store::ranking(scope.db(), scope.id(), id).await?;
    let one = |it: Voter| Asked {
        id: it.id,
        person: it.person.map(PersonId),
        side: it.side,
        unit: None,
        email: None,
        link: format!("{}/r/{}", scope.app.address, it.token),
        language: it.language,
        done: it.done_on.is_some(),
        how_far: rules::how_far(&ranking, &it.answers),
        name: it.name,
    };
    let asked = store::voters(scope.db(), scope.id(), id).await?.into_iter().map(one).collect();
    let n = ranking.design.items.len();
    let call = |intro: String, who_sees: &str| Call {
        question: ranking.title.clone(),
        intro,
        message: String::new(),
        minutes: String::new(),
        opens: None,
        closes: ranking.closes,
        who_sees: who_sees.to_owned(),
        resumes: true,
    };
    let calls = [
        call(
            format!("{n} outcomes are expected of IT. Please say which of them matter most to you."),
            "Your answers are kept under your name and are shown with the result.",
        ),
        call(
            format!(
                "Von der IT werden {n} Ergebnisse erwartet. Bitte sagen Sie, welche davon Ihnen am wichtigsten sind."
            ),
            "Ihre Antworten stehen unter Ihrem Namen und werden mit dem Ergebnis gezeigt.",
        ),
    ];
    Ok(Round {
        what: RANKING,
        id: id.0,
        under: vec![
            ("Priorities".to_owned(), "/rankings".to_owned()),
            (ranking.title.clone(), format!("/rankings/{id}")),
        ],
        open: ranking.takes_answers(scope.today()),
        closes: ranking.closes,
        anonymous: false,
        gathers: false,
        page: None,
        reminder: None,
        calls,
        asked,
        title: ranking.title,
    })
}

async fn close(scope: Scope, Path(id): Path<RankingId>) -> Result<Response> {
    round::end(&scope, &store::ranking(scope.db(), scope.id(), id).await?).await?;
    Ok(see(&format!("/rankings/{id}"), "The round is closed; this is what came of it."))
}

async fn discard(scope: Scope, Path(id): Path<RankingId>) -> Result<Response> {
    let ranking = store::ranking(scope.db(), scope.id(), id).await?;
    round::discard(&scope, &ranking).await?;
    Ok(see("/rankings", &format!("“{}” was discarded, with the answers in it.", ranking.title)))
}

/// Writes the priorities that somebody took over from the proposal, changed or not, into the outcomes.
async fn prioritise(scope: Scope, Path(id): Path<RankingId>, Form(sent): Form<Fields>) -> Result<Response> {
    let ranking = store::ranking(scope.db(), scope.id(), id).await?;
    let Some(result) = &ranking.result else {
        return Err(Error::refused("This round is still open. Close it first; then its priorities can be taken over."));
    };
    let mut tx = records::begin(&scope).await?;
    let rows = records::rows_in(&mut tx, scope.id(), Outcome::KIND).await?;
    let (mut meant, mut conflict) = (Vec::new(), Conflict::default());
    for line in &result.lines {
        let key = line.outcome.to_string();
        let wanted = Priority::from_key(&sent.text(&key));
        let (Some(wanted), Some(row)) = (wanted, rows.iter().find(|it| it.id == line.outcome)) else { continue };
        let outcome = Outcome::from_row(row);
        let now = outcome.priority;
        match sent.meant(&key, now.map_or("", Priority::key)) {
            _ if !outcome.state.is_open() => {}
            Meant::Nothing => {}
            Meant::Write => meant.push((row, wanted)),
            Meant::Meanwhile => conflict.add(outcome.statement, now.map_or("", Priority::label), wanted.label()),
        }
    }
    if !conflict.is_empty() {
        drop(tx);
        return show(&scope, id, &sent, conflict).await;
    }
    let changed = meant.len();
    for (row, priority) in meant {
        let mut values = row.values.clone();
        values[Outcome::KIND.position("priority")] = Value::Text(priority.key().to_owned());
        records::update(&mut tx, &scope.author(), Outcome::KIND, row, values).await?;
    }
    tx.commit().await?;
    let message = match changed {
        0 => "All outcomes had these priorities already.".to_owned(),
        1 => "One outcome has a new priority.".to_owned(),
        n => format!("{n} outcomes have new priorities."),
    };
    Ok(see("/expectations", &message))
}
