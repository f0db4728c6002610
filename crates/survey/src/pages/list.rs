//! Every survey of the organisation, the open one first.

use askama::Template;
use axum::response::Response;
use kit::{
    error::Result,
    format::counted,
    rights::Right,
    web::{Place, Scope},
};

use crate::{
    answers,
    campaign::{Campaign, Invitee, State},
    store,
};

/// A campaign in the list.
struct Card {
    campaign: Campaign,
    answered: usize,
    asked: usize,
}

#[derive(Template)]
#[template(path = "pages/list.html")]
struct List<'a> {
    scope: &'a Scope,
    heading: String,
    cards: Vec<Card>,
}

async fn card(scope: &Scope, campaign: Campaign) -> Result<Card> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let brought = answers::many(scope, campaign.id).await?;
    let answered = invitees.iter().filter(|it| it.answered).count().max(brought);
    Ok(Card { campaign, answered, asked: asked(&invitees, answered) })
}

/// How many were asked: at least as many as answered, since whoever answered elsewhere was asked there. Nobody knows
/// where no link was sent.
pub(super) fn asked(invitees: &[Invitee], answered: usize) -> usize {
    if invitees.is_empty() { 0 } else { invitees.len().max(answered) }
}

pub(super) async fn list(scope: Scope) -> Result<Response> {
    let mut cards = Vec::new();
    for campaign in store::campaigns(scope.db(), scope.id()).await? {
        if campaign.is_shown_to(&scope) {
            cards.push(card(&scope, campaign).await?);
        }
    }
    let open = cards.iter().find(|it| it.campaign.state == State::Open);
    let heading = match (open, cards.first()) {
        (Some(it), _) if it.asked > 0 => {
            format!("{} of {} have answered “{}”", it.answered, it.asked, it.campaign.title)
        }
        (Some(it), _) => format!("{} in “{}”", counted(it.answered, "answer", "answers"), it.campaign.title),
        (None, Some(_)) => "No survey is open".to_owned(),
        (None, None) => "Ask business and IT how they see it".to_owned(),
    };
    cards.sort_by_key(|it| (it.campaign.state == State::Closed, it.campaign.state == State::Draft));
    scope.page(Place::new("Surveys", "/surveys"), &List { scope: &scope, heading, cards }).await
}
