//! The main page: what leaders believe, the vision on top, whom to talk to, what to do now.

use askama::Template;
use axum::response::Response;
use kit::{
    error::Result,
    pages::Now,
    people::Person,
    rights::Right,
    web::{Access, Place, Routes, Scope},
};
use survey::belief::pages::{LeaderMap, Picture, doubters, said};

use crate::envisioning::{
    look::{self, Look, look},
    model::{Opportunity, OpportunityState, VisionState, Workshop},
    radar::{pages::not_looked_at, rules::finding},
    rules::{Stand, next},
    vision::{pages::Banner, rules::behind},
    workshop::{
        pages::{drafted, statement},
        store::Vote,
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/envisioning", Access::With(Right::View), page)
}

/// Where a workshop stands, in a word.
fn state_of(vote: &Option<Vote>) -> (&'static str, &'static str) {
    match vote {
        None => ("being prepared", ""),
        Some(it) if it.closed_at.is_none() => ("voting is open", "warn"),
        Some(_) => ("closed", "good"),
    }
}

#[derive(Template)]
#[template(path = "envisioning/envisioning.html")]
struct Page<'a> {
    scope: &'a Scope,
    heading: String,
    lead: String,
    now: Now,
    banner: Option<&'a Banner>,
    /// The title and the address of the survey that the picture is of, and the picture.
    belief: Option<(String, String, Picture)>,
    /// Everyone on the map, under whom to talk to first.
    map: Option<LeaderMap>,
    /// Whether leaders answered under their names, and nobody's influence is known.
    map_lacks_influence: bool,
    workshops: Vec<(&'a Workshop, &'static str, &'static str, String)>,
    opportunities: Vec<&'a Opportunity>,
    radar: String,
    has_drafts: bool,
}

/// Where envisioning stands.
pub async fn stand(scope: &Scope, it: &Look) -> Result<Stand> {
    let board = |of: &Workshop| (of.title.clone(), format!("/workshops/{}/board", of.id));
    let mut result = None;
    for (workshop, vote) in &it.workshops {
        let has_result = vote.as_ref().and_then(statement).is_some_and(|it| it.voters > 0);
        if has_result && drafted(scope, workshop.id).await?.is_none() {
            result = Some(board(workshop));
            break;
        }
    }
    let page = |of: &Person| format!("/envisioning/leaders/{}", of.id);
    let waiting = it.doubters().into_iter().filter(|it| !it.2);
    let doubters = match scope.may(Right::SeeNamedAnswers) {
        true => waiting.filter_map(|(leader, person, _)| Some((leader.name.clone(), page(person?)))).collect(),
        false => Vec::new(),
    };
    Ok(Stand {
        open: it.open.as_ref().map(|it| (it.title.clone(), format!("/surveys/{}", it.id))),
        asked_on: it.belief.as_ref().map(|it| &it.0).or(it.hidden.as_ref()).map(|it| it.snapshot.closed_on),
        doubters,
        result,
        workshop: it
            .workshops
            .iter()
            .rev()
            .find(|(_, vote)| vote.as_ref().is_none_or(|it| it.closed_at.is_none()))
            .map(|it| board(&it.0)),
        draft: it
            .visions
            .iter()
            .rev()
            .find(|it| it.state == VisionState::Draft)
            .map(|it| (it.title.clone(), format!("/visions/{}/versions", it.id))),
        current: it
            .banner
            .as_ref()
            .map(|it| (it.vision.title.clone(), format!("/visions/{}", it.vision.id), behind(&it.said).len())),
        leaders: it.business_behind(scope.today()),
        on_radar: it.entries.len(),
        stale: not_looked_at(scope, &it.entries).await?,
    })
}

async fn page(scope: Scope) -> Result<Response> {
    let it = look(&scope).await?;
    let step = next(&stand(&scope, &it).await?, scope.today());
    let named = scope.may(Right::SeeNamedAnswers);
    let (heading, lead) = match &it.belief {
        Some((kept, earlier)) => said(kept, earlier.as_deref()),
        None => match &it.hidden {
            Some(kept) => (
                format!("“{}” is closed; so few answered that not everyone sees what they said", kept.campaign.title),
                "Whoever leads IT sees the answers where they were given under names, and can show them in the meeting."
                    .to_owned(),
            ),
            None => ("Nobody has been asked yet what IT could do here".to_owned(), String::new()),
        },
    };
    let belief = it.belief.as_ref().map(|(kept, earlier)| {
        (
            kept.campaign.title.clone(),
            format!("/surveys/{}/results/belief", kept.campaign.id),
            Picture::of(kept, earlier.as_deref(), named, scope.locale()),
        )
    });
    let map = (named && !it.leaders.is_empty()).then(|| {
        let page = |leader: &survey::belief::rules::Leader| {
            look::person_of(&it.people, leader).map(|it| format!("/envisioning/leaders/{}", it.id))
        };
        LeaderMap::of(doubters(&it.leaders), &it.leaders, scope.locale(), page)
    });
    let mut opportunities: Vec<&Opportunity> =
        it.opportunities.iter().filter(|it| it.state != OpportunityState::Left).collect();
    opportunities.sort_by_key(|it| (it.state, it.id));
    let page = Page {
        heading,
        lead,
        now: step.card(&scope),
        banner: it.banner.as_ref(),
        belief,
        map_lacks_influence: map.as_ref().is_some_and(LeaderMap::is_empty),
        map: map.filter(|it| !it.is_empty()),
        workshops: it
            .workshops
            .iter()
            .map(|(workshop, vote)| {
                let (word, class) = state_of(vote);
                let day = scope.locale().date(workshop.held);
                (workshop, word, class, day)
            })
            .collect(),
        opportunities,
        radar: if it.entries.is_empty() { String::new() } else { finding(&it.entries) },
        has_drafts: !it.visions.is_empty(),
        scope: &scope,
    };
    scope.page(Place::new("Envisioning", "/envisioning"), &page).await
}
