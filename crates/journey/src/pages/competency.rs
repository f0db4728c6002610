//! The page of one competency: what it asks, where we stand, what speaks for it, what to do.

use askama::Template;
use axum::{
    extract::{Form, Path},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use kit::{
    actions::{Action, State},
    area::{Evidence, Perception},
    error::{Error, Result},
    format::Locale,
    method::Competency,
    record::{Faults, Record},
    rights::Right,
    store,
    web::{Place, Scope, see},
};
use serde::Deserialize;

use crate::{
    advisor::inline,
    content::{self, Text},
    here::Here,
    model::{Assessment, AssessmentId},
    pages::status,
};

/// What someone chose on the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    maturity: Option<i64>,
    note: String,
    /// `save`, `settle` or `reopen`.
    act: String,
    /// The version of this cycle's assessment that the sender saw; 0 where there was none.
    version: i64,
}

#[derive(Template)]
#[template(path = "pages/competency.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    locale: Locale,
    competency: Competency,
    text: &'static Text,
    heading: String,
    chosen: Chosen,
    fault: Option<String>,
    /// The note of an earlier cycle that comes back, until this cycle has its own assessment.
    returned: Option<&'a Assessment>,
    perception: Option<&'a Perception>,
    evidence: Vec<&'a Evidence>,
    /// The latest assessment of each cycle, the newest first.
    cycles: Vec<&'a Assessment>,
    actions: Vec<Action>,
}

impl Page<'_> {
    fn day(&self, day: &Date) -> String {
        self.locale.short_date(*day)
    }

    fn status(&self) -> (&'static str, &'static str) {
        status(self.here, self.competency)
    }

    fn earlier(&self) -> Option<Competency> {
        Competency::ALL.get((self.competency as usize).checked_sub(1)?).copied()
    }

    fn later(&self) -> Option<Competency> {
        Competency::ALL.get(self.competency as usize + 1).copied()
    }

    fn financial_year(&self, cycle: &i64) -> i64 {
        self.here.first_year + cycle - 1
    }

    fn is_chosen(&self, level: &usize) -> bool {
        self.chosen.maturity.is_some_and(|it| usize::try_from(it) == Ok(*level))
    }

    fn decimal(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| "too few answers".to_owned(), |it| self.locale.decimal(it, 1))
    }

    fn gap(&self, value: &f64) -> String {
        self.locale.signed(*value, 1)
    }
}

/// Where it stands, as a sentence.
fn heading(here: &Here, competency: Competency) -> String {
    let label = competency.label();
    let Some(maturity) = here.maturity(competency) else {
        return format!("{label}: nobody has said yet where it stands");
    };
    let present = here.present(competency).is_some();
    let since = if present {
        String::new()
    } else {
        format!(", as of cycle {}", here.latest(competency).map_or(0, |it| it.cycle))
    };
    if here.is_settled(competency) {
        format!("{label} stands at {maturity} of 5, settled as good enough")
    } else if here.is_next(competency) {
        format!("{label} stands at {maturity} of 5{since}, and it is next")
    } else {
        format!("{label} stands at {maturity} of 5{since}")
    }
}

fn find(key: &str) -> Result<Competency> {
    Competency::from_key(key).ok_or(Error::NotFound)
}

pub async fn page(scope: Scope, Path(key): Path<String>) -> Result<Response> {
    let competency = find(&key)?;
    let here = Here::load(&scope).await?;
    let present = here.present(competency);
    let chosen = Chosen {
        maturity: here.maturity(competency),
        note: present.and_then(|it| it.note.clone()).unwrap_or_default(),
        act: String::new(),
        version: present.map_or(0, |it| it.version),
    };
    show(&scope, &here, competency, chosen, None).await
}

async fn show(
    scope: &Scope,
    here: &Here,
    competency: Competency,
    chosen: Chosen,
    fault: Option<(StatusCode, String)>,
) -> Result<Response> {
    let mut actions = store::all::<Action>(scope.db(), scope.id()).await?;
    actions.retain(|it| it.competency == Some(competency));
    actions.sort_by_key(|it| (it.state, it.due.is_none(), it.due));
    let mut cycles: Vec<&Assessment> = here.assessments.iter().filter(|it| it.competency == competency).collect();
    cycles.sort_by_key(|it| std::cmp::Reverse(it.cycle));
    let (code, fault) = fault.map_or((StatusCode::OK, None), |(code, text)| (code, Some(text)));
    let page = Page {
        scope,
        here,
        locale: scope.locale(),
        competency,
        text: content::of(competency),
        heading: heading(here, competency),
        chosen,
        fault,
        returned: here.before(competency).filter(|it| it.note.is_some() && here.present(competency).is_none()),
        perception: here.perception(competency),
        evidence: here.evidence.iter().filter(|it| it.competency == competency).collect(),
        cycles,
        actions,
    };
    let place = Place::new(competency.label(), competency.url()).under("Journey", "/journey");
    scope.page_with(code, place, &page).await
}

/// Saves where a competency stands in the present cycle; settles it or takes it up again.
pub async fn save(scope: Scope, Path(key): Path<String>, Form(chosen): Form<Chosen>) -> Result<Response> {
    let competency = find(&key)?;
    let here = Here::load(&scope).await?;
    let present = here.present(competency).cloned();
    let Some(maturity) = chosen.maturity.filter(|it| (0..=5).contains(it)) else {
        let fault = "Choose the sentence that describes your company best, from 0 to 5.".to_owned();
        return show(&scope, &here, competency, chosen, Some((StatusCode::UNPROCESSABLE_ENTITY, fault))).await;
    };
    if present.as_ref().map_or(0, |it| it.version) != chosen.version {
        let fault = "Someone else assessed this meanwhile. Nothing was overwritten, and your choice is still below: compare it with theirs in the table of cycles, and save again if yours is to stand.".to_owned();
        let seen = Chosen { version: present.map_or(0, |it| it.version), ..chosen };
        return show(&scope, &here, competency, seen, Some((StatusCode::CONFLICT, fault))).await;
    }
    let note = chosen.note.trim().replace("\r\n", "\n");
    let assessment = Assessment {
        id: present.as_ref().map_or_else(AssessmentId::fresh, |it| it.id),
        version: present.as_ref().map_or(1, |it| it.version),
        cycle: here.cycle,
        competency,
        maturity,
        settled: match &*chosen.act {
            "settle" => true,
            "reopen" => false,
            _ => here.is_settled(competency),
        },
        note: (!note.is_empty()).then_some(note),
        assessed_on: scope.today(),
    };
    let row = assessment.to_row();
    let mut tx = store::begin(&scope).await?;
    let others = store::rows_in(&mut tx, scope.id(), Assessment::KIND).await?;
    let mut faults = Faults::default();
    Assessment::KIND.check(&row, &others, &mut faults);
    if let Some((_, fault)) = faults.iter().next() {
        drop(tx);
        let fault = fault.to_owned();
        return show(&scope, &here, competency, chosen, Some((StatusCode::UNPROCESSABLE_ENTITY, fault))).await;
    }
    match &present {
        Some(before) => {
            store::update(&mut tx, &scope.author(), Assessment::KIND, &before.to_row(), row.values).await?;
        }
        None => store::insert(&mut tx, &scope.author(), Assessment::KIND, &row).await?,
    }
    tx.commit().await?;
    Ok(match &*chosen.act {
        "settle" => {
            let message =
                format!("{} is good enough for cycle {}. The next step is below.", competency.label(), here.cycle);
            see("/", &message)
        }
        "reopen" => see(&competency.url(), &format!("You have taken up {} again.", inline(competency))),
        _ => see(&competency.url(), &format!("Saved: {} stands at {maturity} of 5.", inline(competency))),
    })
}
