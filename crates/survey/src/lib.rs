//! The survey engine and the gap analyser: instruments, campaigns, respondents' pages, results.

pub mod answers;
pub mod audience;
pub mod belief;
pub mod campaign;
pub mod gap;
pub mod instrument;
pub mod instruments;
pub mod mailing;
pub mod pages;
pub mod respond;
pub mod results;
pub mod snapshot;
pub mod store;

use std::sync::Arc;

use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};
use kit::{
    area::{Answer, Area, Entry, Evidence, Named, Note, Perception},
    asking::Round,
    error::{Error, Result},
    import::Target,
    rights::Right,
    web::{App, Routes, Scope},
};

use crate::{
    campaign::{CAMPAIGN, CampaignId, State},
    results::kept::{self, Kept},
};

/// The area that brings surveys.
pub struct Surveys;

impl Area for Surveys {
    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Surveys", "/surveys").on_top("survey"),
                Entry::new("New survey", "/surveys/new").for_those_who(Right::ManageSurveys),
                Entry::new("Instruments", "/surveys/instruments"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        let routes = instruments::routes(audience::routes(pages::routes(routes)));
        belief::pages::routes(gap::pages::routes(results::pages::routes(respond::routes(routes))))
    }

    fn targets(&self) -> Vec<Box<dyn Target>> {
        vec![Box::new(answers::Answers)]
    }

    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let open = store::campaigns(scope.db(), scope.id())
                .await?
                .into_iter()
                .filter(|it| it.state == State::Open && it.closes >= from);
            Ok(open
                .map(|it| {
                    Note::new(format!("Survey closes: {}", it.title), format!("/surveys/{}", it.id)).on(it.closes)
                })
                .collect())
        })
    }

    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut notes = Vec::new();
            let campaigns = store::campaigns(scope.db(), scope.id()).await?;
            for it in campaigns.iter().filter(|it| it.state == State::Open && it.closes < scope.today()) {
                let text = format!("Close “{}”: its last day has passed", it.title);
                notes.push(Note::new(text, format!("/surveys/{}", it.id)).on(it.closes));
            }
            if !campaigns.iter().any(|it| it.purpose == "gap") {
                let url = if scope.may(Right::ManageSurveys) { "/surveys/new" } else { "/surveys" };
                notes.push(Note::new("Ask business and IT how they see the fifteen competencies", url));
            }
            Ok(notes)
        })
    }

    fn changes<'a>(&'a self, scope: &'a Scope, since: Timestamp) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut notes = Vec::new();
            for it in store::campaigns(scope.db(), scope.id()).await? {
                // No answer keeps the moment at which it came (docs/anonymity.md), so of an open survey no more is known
                // to be new than that it is open.
                let (at, became, page) = match it.state {
                    State::Draft => continue,
                    State::Open => (it.launched_at, "opened", ""),
                    State::Closed => (it.closed_at, "closed", "/results"),
                };
                if at.is_some_and(|at| at >= since) {
                    let text = format!("“{}” was {became}", it.title);
                    notes.push(Note::new(text, format!("/surveys/{}{page}", it.id)).marked(("new", "info")));
                }
            }
            Ok(notes)
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let Some(kept) = latest_gap(scope).await? else { return Ok(Vec::new()) };
            let Some(report) = &kept.gap else { return Ok(Vec::new()) };
            let locale = scope.locale();
            Ok(report
                .lines
                .iter()
                .filter_map(|line| {
                    let gap = line.gap?;
                    Some(Evidence {
                        competency: line.competency,
                        text: "Business and IT see it alike, less than half a point apart".to_owned(),
                        met: gap.abs() < 0.5,
                        found: format!("gap {} in “{}”", locale.signed(gap, 1), kept.campaign.title),
                        url: format!("/surveys/{}/results#{}", kept.campaign.id, line.competency.key()),
                    })
                })
                .collect())
        })
    }

    fn find<'a>(&'a self, scope: &'a Scope, kind: &'a str, id: Uuid) -> Answer<'a, Option<Named>> {
        Box::pin(async move {
            if kind == instruments::INSTRUMENT {
                let title = store::instrument_title(scope.db(), scope.id(), id).await?;
                let url = "/surveys/instruments".to_owned();
                return Ok(title.map(|title| Named { kind: "Instrument", title, url }));
            }
            if kind != CAMPAIGN {
                return Ok(None);
            }
            match pages::shown(scope, CampaignId(id)).await {
                Ok(it) => Ok(Some(Named { kind: "Survey", title: it.title, url: format!("/surveys/{id}") })),
                Err(Error::NotFound) => Ok(None),
                Err(err) => Err(err),
            }
        })
    }

    fn others<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Named>> {
        Box::pin(async move {
            let campaigns = store::campaigns(scope.db(), scope.id()).await?.into_iter();
            let surveys = campaigns.filter(|it| it.is_shown_to(scope)).map(|it| Named {
                kind: "Survey",
                title: it.title,
                url: format!("/surveys/{}", it.id),
            });
            let instruments = instruments::all(scope).await?.into_iter().map(|it| Named {
                kind: "Instrument",
                title: it.title.get("en").to_owned(),
                url: "/surveys/instruments".to_owned(),
            });
            Ok(surveys.chain(instruments).collect())
        })
    }

    fn round<'a>(&'a self, scope: &'a Scope, what: &'a str, id: Uuid) -> Answer<'a, Option<Round>> {
        Box::pin(async move {
            match what {
                mailing::SURVEY => mailing::handed_out(scope, CampaignId(id)).await.map(Some),
                _ => Ok(None),
            }
        })
    }

    fn tick<'a>(&'a self, app: &'a App) -> Answer<'a, ()> {
        Box::pin(mailing::remind(app))
    }

    fn perceptions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Perception>> {
        Box::pin(async move {
            let Some(kept) = latest_gap(scope).await? else { return Ok(Vec::new()) };
            let Some(report) = &kept.gap else { return Ok(Vec::new()) };
            let mut all: Vec<Perception> = report
                .lines
                .iter()
                .map(|it| Perception {
                    competency: it.competency,
                    importance: it.importance,
                    business: it.business,
                    it: it.it,
                    gap: it.gap,
                    certain: it.certain,
                })
                .collect();
            all.sort_by_key(|it| it.competency);
            Ok(all)
        })
    }
}

/// The gap analysis that was closed last.
async fn latest_gap(scope: &Scope) -> Result<Option<Arc<Kept>>> {
    match store::closed(scope.db(), scope.id(), "gap").await?.pop() {
        Some(last) => kept::of(scope, last.id).await.map(Some),
        None => Ok(None),
    }
}
