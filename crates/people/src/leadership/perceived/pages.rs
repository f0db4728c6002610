//! Rounds for whoever runs them: begin, hand out links, close, see what came of it.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use db::uuid::Uuid;
use jiff::{ToSpan, civil::Date};
use kit::{
    account::Secret,
    asking::{Asked, Language, rules::Call},
    error::{Error, Result},
    mail,
    method::Side,
    pages::{Fields, send},
    people::{Person, PersonId},
    record::{self, Faults},
    rights::Right,
    table::{Cell, Column, Kind, Table},
    web::{Access, Place, Routes, Scope, see},
};

use crate::leadership::{
    Role,
    perceived::{
        Perceiver, ROUND, Round, RoundId, respond,
        rules::{self, AskedRow, Results, Share, THRESHOLD},
        store,
    },
    raci::Matrix,
};

pub fn routes(routes: Routes) -> Routes {
    let (view, lead) = (Access::With(Right::View), Access::With(Right::Lead));
    routes
        .get("/perceived", view, list)
        .get("/perceived/new", lead, new)
        .post("/perceived", lead, begin)
        .get("/perceived/{id}", view, page)
        .get("/perceived/{id}/results/{format}", Access::Export(Right::View), results_file)
        .post("/perceived/{id}/close", lead, close)
}

/// A round in the list.
struct Listed {
    round: Round,
    open: bool,
    asked: usize,
    answered: usize,
    agree: String,
}

#[derive(Template)]
#[template(path = "leadership/perceived/list.html")]
struct List<'a> {
    scope: &'a Scope,
    heading: String,
    rounds: Vec<Listed>,
    /// How many rows could be asked about: those with exactly one A.
    rows: usize,
}

/// The results of a round, where they may be shown by now: an anonymous one while it is open shows none, so that
/// nobody finds a single answer by looking before and after.
async fn shown(scope: &Scope, round: &Round) -> Result<Option<Results>> {
    if round.anonymous && round.is_open(scope.today()) {
        return Ok(None);
    }
    let said = store::said(scope.db(), scope.id(), round.id).await?;
    let said: Vec<rules::Said> = said.iter().map(|it| it.1).collect();
    Ok(Some(rules::results(&round.asked, &said, round.anonymous)))
}

/// The share of the business's answers that name the agreed role, in the latest round that is over; and its address.
pub async fn business_knows(scope: &Scope) -> Result<Option<(Share, String)>> {
    for round in store::rounds(scope.db(), scope.id()).await? {
        if !round.is_open(scope.today())
            && let Some(share) = shown(scope, &round).await?.and_then(|it| it.of_side(Side::Business))
        {
            return Ok(Some((share, format!("/perceived/{}", round.id))));
        }
    }
    Ok(None)
}

fn percent(scope: &Scope, share: f64) -> String {
    scope.locale().percent(share, 0)
}

async fn list(scope: Scope) -> Result<Response> {
    let mut rounds = Vec::new();
    let mut heading = None;
    for round in store::rounds(scope.db(), scope.id()).await? {
        let asked = store::perceivers(scope.db(), scope.id(), round.id).await?;
        let results = shown(&scope, &round).await?.filter(|it| !it.sides.is_empty());
        if heading.is_none()
            && let Some(it) = &results
        {
            heading = Some(rules::headline(it, |it| percent(&scope, it)));
        }
        rounds.push(Listed {
            open: round.is_open(scope.today()),
            asked: asked.len(),
            answered: asked.iter().filter(|it| it.answered).count(),
            agree: results.map_or(String::new(), |it| percent(&scope, it.all().rate())),
            round,
        });
    }
    let heading = heading.unwrap_or_else(|| match rounds.first() {
        None => "Do people know who answers for what?".to_owned(),
        Some(it) => format!("{} of {} have answered so far", it.answered, it.asked),
    });
    let rows = Matrix::load(&scope).await?.rows.iter().filter(|it| it.accountable().is_some()).count();
    scope.page(Place::new("As perceived", "/perceived"), &List { scope: &scope, heading, rounds, rows }).await
}

/// Who can be asked at once.
const AUDIENCES: [(&str, &str); 3] = [
    ("leaders", "Leaders: everyone whose influence on decisions is known"),
    ("roles", "Everyone who holds a role or stands in for one"),
    ("it", "Everyone in IT"),
];

#[derive(Template)]
#[template(path = "leadership/perceived/new.html")]
struct New<'a> {
    fields: &'a Fields,
    faults: Faults,
    rows: Vec<String>,
    /// How many people each audience has.
    audiences: Vec<(&'static str, &'static str, usize)>,
    threshold: usize,
}

impl New<'_> {
    fn is(&self, key: &str, value: &str) -> bool {
        self.fields.get(key) == value
    }
}

/// The people of an audience on a day.
fn audience<'a>(key: &str, everyone: &'a BTreeMap<PersonId, Person>, roles: &[Role], day: Date) -> Vec<&'a Person> {
    let in_roles: BTreeSet<PersonId> = roles.iter().flat_map(|it| [it.holder, it.deputy]).flatten().collect();
    let is_in = |it: &&Person| match key {
        "leaders" => it.influence.is_some(),
        "roles" => in_roles.contains(&it.id),
        "it" => it.side == Side::It,
        _ => false,
    };
    everyone.values().filter(|it| it.is_here(day)).filter(is_in).collect()
}

async fn ask(scope: &Scope, matrix: &Matrix, fields: &Fields, faults: Faults) -> Result<Response> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let count = |key: &str| audience(key, &matrix.people, &matrix.roles, scope.today()).len();
    let page = New {
        fields,
        faults,
        rows: matrix.rows.iter().filter(|it| it.accountable().is_some()).map(|it| it.title.clone()).collect(),
        audiences: AUDIENCES.iter().map(|(key, label)| (*key, *label, count(key))).collect(),
        threshold: THRESHOLD,
    };
    let place = Place::new("Ask who answers", "/perceived").under("As perceived", "/perceived");
    scope.page_with(status, place, &page).await
}

async fn new(scope: Scope) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let given = [
        ("title", "Who answers for what".to_owned()),
        ("names", "anonymous".to_owned()),
        ("closes", (scope.today() + 14.days()).to_string()),
        ("leaders", "yes".to_owned()),
    ];
    let fields = Fields::from(BTreeMap::from(given.map(|(key, it)| (key.to_owned(), it))));
    ask(&scope, &matrix, &fields, Faults::default()).await
}

/// What a round asks about: every row that has exactly one role that answers, as it is now.
pub fn asked_of(matrix: &Matrix) -> rules::Asked {
    let row = |it: &crate::leadership::raci::Row| {
        let agreed = matrix.roles[it.accountable()?].id.0;
        let kind = it.kind.one.to_owned();
        Some(AskedRow { line: it.line.id.0, title: it.title.clone(), kind, agreed })
    };
    let holder = |it: &Role| matrix.holder(it).map_or(String::new(), |it| it.name.clone());
    let roles = matrix.roles.iter().map(|it| (it.id.0, it.name.clone(), holder(it))).collect();
    rules::Asked { rows: matrix.rows.iter().filter_map(row).collect(), roles }
}

async fn begin(scope: Scope, Form(fields): Form<Fields>) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let mut faults = Faults::default();
    let title = fields.get("title").trim();
    if title.is_empty() {
        faults.add("title", "A title is needed.");
    }
    if !matches!(fields.get("names"), "anonymous" | "named") {
        faults.add("names", "Choose whether people answer under their names.");
    }
    let closes = record::day(fields.get("closes"));
    match &closes {
        Ok(day) if *day < scope.today() => faults.add("closes", "The last day has passed. Choose a later one."),
        Ok(_) => {}
        Err(fault) => faults.add("closes", fault.clone()),
    }
    let mut chosen: BTreeMap<PersonId, &Person> = BTreeMap::new();
    for (key, _) in AUDIENCES.iter().filter(|it| !fields.get(it.0).is_empty()) {
        let people = audience(key, &matrix.people, &matrix.roles, scope.today());
        chosen.extend(people.into_iter().map(|it| (it.id, it)));
    }
    for name in fields.get("people").lines().map(str::trim).filter(|it| !it.is_empty()) {
        let is_called = |it: &&Person| {
            it.name.eq_ignore_ascii_case(name) || it.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        let found: Vec<&Person> = matrix.people.values().filter(is_called).collect();
        match found[..] {
            [only] => drop(chosen.insert(only.id, only)),
            [] => faults.add("people", format!("“{name}” is nobody here. Write the e-mail address or the whole name.")),
            _ => faults.add("people", format!("“{name}” is the name of several people. Write the e-mail address.")),
        }
    }
    if chosen.is_empty() && faults.of("people").is_none() {
        faults.add("people", "Nobody is chosen. Tick a group, or write addresses.");
    }
    let questions = asked_of(&matrix);
    if questions.rows.is_empty() {
        faults.add("", "No row of the matrix has exactly one A yet, so there is nothing to ask about.");
    }
    let (Ok(closes), true) = (closes, faults.is_empty()) else { return ask(&scope, &matrix, &fields, faults).await };
    let round = Round {
        id: RoundId::fresh(),
        title: title.to_owned(),
        anonymous: fields.get("names") == "anonymous",
        closed: false,
        begun: scope.today(),
        closes,
        asked: questions,
    };
    let asked: Vec<Perceiver> = chosen
        .values()
        .map(|it| Perceiver {
            id: Uuid::now_v7(),
            person: Some(it.id.0),
            name: it.name.clone(),
            side: it.side,
            token: Secret::fresh().text,
            language: None,
            answered: false,
        })
        .collect();
    let mut tx = scope.db().begin().await?;
    store::begin(&mut tx, &scope.author(), &round, &asked).await?;
    tx.commit().await?;
    let n = asked.len();
    Ok(see(
        &format!("/perceived/{}", round.id),
        &format!("The round has begun. {n} personal links are ready: hand them out, or send them."),
    ))
}

#[derive(Template)]
#[template(path = "leadership/perceived/page.html")]
struct Page<'a> {
    scope: &'a Scope,
    round: &'a Round,
    heading: String,
    open: bool,
    closes: String,
    asked: &'a [Perceiver],
    answered: usize,
    results: Option<&'a Results>,
    /// Who said what otherwise than agreed, row by row, where the round is under names.
    named: BTreeMap<Uuid, Vec<String>>,
    threshold: usize,
}

impl Page<'_> {
    fn percent(&self, share: &Share) -> String {
        percent(self.scope, share.rate())
    }

    /// The level of colour, darker where fewer agree.
    fn level(&self, share: &Share) -> u8 {
        ((1.0 - share.rate()) * 4.0).round() as u8
    }

    fn is_known(&self, share: &Share) -> bool {
        share.rate() >= rules::KNOWN
    }

    fn names(&self, line: &Uuid) -> &[String] {
        self.named.get(line).map_or(&[], |it| it)
    }
}

async fn page(scope: Scope, Path(id): Path<RoundId>) -> Result<Response> {
    let round = store::round(scope.db(), scope.id(), id).await?;
    let asked = store::perceivers(scope.db(), scope.id(), id).await?;
    let results = shown(&scope, &round).await?;
    let answered = asked.iter().filter(|it| it.answered).count();
    let open = round.is_open(scope.today());
    let heading = match &results {
        Some(it) if answered > 0 => rules::headline(it, |it| percent(&scope, it)),
        _ => format!("{answered} of {} have answered", asked.len()),
    };
    let mut named: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    if !round.anonymous && scope.may(Right::SeeNamedAnswers) {
        let names: BTreeMap<Uuid, &str> = asked.iter().map(|it| (it.id, &*it.name)).collect();
        for (by, said) in store::said(scope.db(), scope.id(), id).await?.iter() {
            let agreed = round.asked.rows.iter().find(|it| it.line == said.line).map(|it| it.agreed);
            let (Some(by), true) = (by.and_then(|it| names.get(&it)), said.accountable != agreed) else { continue };
            let role = said.accountable.map_or("cannot say", |it| round.asked.role(it));
            named.entry(said.line).or_default().push(format!("{by}: {role}"));
        }
    }
    let place = Place::new(round.title.clone(), "/perceived").under("As perceived", "/perceived");
    let page = Page {
        scope: &scope,
        closes: scope.locale().date(round.closes),
        round: &round,
        heading,
        open,
        asked: &asked,
        answered,
        results: results.as_ref(),
        named,
        threshold: THRESHOLD,
    };
    scope.page(place, &page).await
}

/// A round as its links are handed out: with everyone who is asked, answered or not, so that a list of links tells
/// nothing.
pub async fn handed_out(scope: &Scope, id: RoundId) -> Result<kit::asking::Round> {
    let round = store::round(scope.db(), scope.id(), id).await?;
    let one = |it: Perceiver| Asked {
        id: it.id,
        person: it.person.map(PersonId),
        side: it.side,
        unit: None,
        email: None,
        link: respond::link(&scope.app, &it.token),
        language: it.language,
        done: it.answered,
        how_far: String::new(),
        name: it.name,
    };
    let n = round.asked.rows.len();
    let call = |intro: String, minutes: String, who_sees: String| Call {
        question: round.title.clone(),
        intro,
        message: String::new(),
        minutes,
        opens: None,
        closes: round.closes,
        who_sees,
        resumes: false,
    };
    let minutes = n.div_ceil(4) + 1;
    let calls = [
        call(
            format!("For each of {n} things that IT does or is asked for: who do you believe answers for it?"),
            format!("About {minutes} minutes."),
            respond::who_sees(&round, Language::English),
        ),
        call(
            format!("Zu {n} Dingen, die die IT tut oder tun soll: Wer ist Ihrer Meinung nach dafür verantwortlich?"),
            format!("Etwa {minutes} Minuten."),
            respond::who_sees(&round, Language::German),
        ),
    ];
    Ok(kit::asking::Round {
        what: ROUND,
        id: id.0,
        under: vec![
            ("As perceived".to_owned(), "/perceived".to_owned()),
            (round.title.clone(), format!("/perceived/{id}")),
        ],
        open: round.is_open(scope.today()),
        closes: round.closes,
        anonymous: round.anonymous,
        gathers: false,
        page: None,
        reminder: None,
        calls,
        asked: store::perceivers(scope.db(), scope.id(), id).await?.into_iter().map(one).collect(),
        title: round.title,
    })
}

async fn results_file(scope: Scope, Path((id, format)): Path<(RoundId, String)>) -> Result<Response> {
    let round = store::round(scope.db(), scope.id(), id).await?;
    let results = shown(&scope, &round).await?;
    let results =
        results.ok_or_else(|| Error::refused("The results of an anonymous round are shown once it is closed."))?;
    let text = |key: &str, label: &str| Column::new(key, label, Kind::Text);
    let mut columns = vec![text("row", "Row"), text("kind", "Kind"), text("agreed", "Agreed")];
    columns.extend(
        results.sides.iter().map(|(it, _)| Column::new(it.key(), format!("{} agree", it.label()), Kind::Percent)),
    );
    columns.push(Column::new("all", "All agree", Kind::Percent));
    columns.push(text("others", "Others named"));
    let rows = results
        .lines
        .iter()
        .map(|it| {
            let others: Vec<String> = it.others.iter().map(|(role, n)| format!("{role} {n}")).collect();
            let shares = it.sides.iter().chain([&it.all]).map(|it| Cell::Decimal(it.rate()));
            let named = [&it.title, &it.kind, &it.agreed].map(|it| Cell::Text(it.clone()));
            named.into_iter().chain(shares).chain([Cell::Text(others.join(", "))]).collect()
        })
        .collect();
    send(&[Table { title: round.title.clone(), columns, rows }], "perceived", &format)
}

async fn close(scope: Scope, Path(id): Path<RoundId>) -> Result<Response> {
    let round = store::round(scope.db(), scope.id(), id).await?;
    let mut tx = scope.db().begin().await?;
    if !store::close(&mut tx, &scope.author(), &round).await? {
        return Err(Error::refused("This round is closed already."));
    }
    mail::withdraw(&mut tx, scope.id(), id.0).await?;
    tx.commit().await?;
    Ok(see(&format!("/perceived/{id}"), "The round is closed. No more answers are taken."))
}
