//! The page of a campaign: how far it is, who has answered, what it led to.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use calc::disclosure;
use jiff::civil::Date;
use kit::{
    asking,
    error::Result,
    format::counted,
    method::Side,
    rights::Right,
    web::{Place, Scope, html},
};

use crate::{
    answers,
    audience::Choice,
    campaign::{Campaign, CampaignId, Invitee, State},
    mailing,
    pages::{list::asked, shown},
    store,
};

/// How many answered, in one group.
struct Rate {
    label: String,
    class: &'static str,
    answered: usize,
    asked: usize,
}

impl Rate {
    fn percent(&self) -> usize {
        (self.answered * 100 + self.asked / 2).checked_div(self.asked).unwrap_or(0)
    }
}

/// Whether somebody has answered is told of no fewer people than the threshold, neither by a rate nor by what is left of
/// the whole when others are taken from it.
fn rates(campaign: &Campaign, invitees: &[Invitee]) -> Vec<(&'static str, Vec<Rate>)> {
    let sides = Side::ALL.iter().map(|side| {
        let group = (0..invitees.len()).filter(|it| invitees[*it].side == *side).collect::<Vec<_>>();
        ("By side", side.label().to_owned(), side.key(), group)
    });
    let grouped = |title, key: fn(&Invitee) -> &Option<String>| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, it) in invitees.iter().enumerate() {
            if let Some(key) = key(it) {
                groups.entry(key.clone()).or_default().push(at);
            }
        }
        groups.into_iter().map(move |(label, group)| (title, label, "", group))
    };
    let groups: Vec<_> =
        sides.chain(grouped("By unit", |it| &it.unit)).chain(grouped("Leaders and staff", |it| &it.role)).collect();
    // Everyone comes first: how many have answered in all is said above.
    let everyone = (0..invitees.len()).collect();
    let cells: Vec<Vec<usize>> = [everyone].into_iter().chain(groups.iter().map(|it| it.3.clone())).collect();
    let from = if campaign.anonymous { campaign.threshold as usize } else { 1 };
    let told = disclosure::release(&cells, from);
    let mut all: Vec<(&'static str, Vec<Rate>)> = Vec::new();
    for ((title, label, class, group), verdict) in groups.into_iter().zip(&told[1..]) {
        if !verdict.is_published() {
            continue;
        }
        let answered = group.iter().filter(|it| invitees[**it].answered).count();
        let rate = Rate { label, class, answered, asked: group.len() };
        match all.last_mut() {
            Some((last, rates)) if *last == title => rates.push(rate),
            _ => all.push((title, vec![rate])),
        }
    }
    all
}

#[derive(Template)]
#[template(path = "pages/response.html")]
struct Live {
    campaign: Campaign,
    answered: usize,
    asked: usize,
    rates: Vec<(&'static str, Vec<Rate>)>,
    open_names: Vec<String>,
}

impl Live {
    /// How many would be cut off by closing, as a sentence.
    fn open_said(&self) -> String {
        match self.asked.saturating_sub(self.answered) {
            0 => String::new(),
            1 => "One person has not answered yet. ".to_owned(),
            n => format!("{n} people have not answered yet. "),
        }
    }
}

async fn live(scope: &Scope, campaign: Campaign) -> Result<Live> {
    let invitees = store::invitees(scope.db(), scope.id(), campaign.id).await?;
    let brought = answers::many(scope, campaign.id).await?;
    let answered = invitees.iter().filter(|it| it.answered).count().max(brought);
    // Who has not answered is told in campaigns under names only.
    let named = !campaign.anonymous && scope.may(Right::SeeNamedAnswers);
    let open_names = invitees.iter().filter(|it| named && !it.answered).map(|it| it.name.clone()).collect();
    Ok(Live { answered, asked: asked(&invitees, answered), rates: rates(&campaign, &invitees), open_names, campaign })
}

/// The live part of the page by itself, which the page asks for again and again.
pub(super) async fn response(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = shown(&scope, id).await?;
    html(&live(&scope, campaign).await?)
}

#[derive(Template)]
#[template(path = "pages/campaign.html")]
struct Page<'a> {
    scope: &'a Scope,
    heading: String,
    lead: String,
    live: Live,
    /// Who may be asked, and who is, in a draft.
    choice: Option<Choice>,
    /// The mail of an open campaign, for those who run it.
    mail: Option<asking::Card>,
    asked: usize,
    leads_to: Vec<(String, String)>,
}

pub(super) async fn page(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let campaign = shown(&scope, id).await?;
    let manage = scope.may(Right::ManageSurveys);
    let invitees = store::invitees(scope.db(), scope.id(), id).await?;
    let (_, leads_to) = kit::pages::tied(&scope, id.0).await?;
    let live = live(&scope, campaign.clone()).await?;
    let mail = match campaign.state {
        State::Open if manage => {
            Some(asking::card(&scope, &scope.app.registry.round(&scope, mailing::SURVEY, id.0).await?).await?)
        }
        _ => None,
    };
    let asked = invitees.len();
    let left = |to: Date| match usize::try_from((to - scope.today()).get_days()) {
        Ok(0) => "and today is the last day".to_owned(),
        Ok(days) => format!("{} to go", counted(days, "day", "days")),
        Err(_) => String::new(),
    };
    let locale = scope.locale();
    let heading = match campaign.state {
        State::Draft if asked == 0 && live.answered > 0 => {
            let answers = counted(live.answered, "answer that was", "answers that were");
            format!("“{}” has {answers} given elsewhere", campaign.title)
        }
        State::Draft if asked == 0 => format!("“{}” has no audience yet", campaign.title),
        State::Draft => format!("“{}” is ready for {}", campaign.title, counted(asked, "person", "people")),
        State::Open if campaign.closes < scope.today() => {
            format!("“{}” is past its last day: close it", campaign.title)
        }
        State::Open if live.asked > 0 => {
            format!("{} of {} have answered, {}", live.answered, live.asked, left(campaign.closes))
        }
        State::Open => {
            format!("{} so far, {}", counted(live.answered, "answer", "answers"), left(campaign.closes))
        }
        State::Closed if live.asked > 0 => format!("Closed: {} of {} answered", live.answered, live.asked),
        State::Closed => format!("Closed: {} answered", counted(live.answered, "person", "people")),
    };
    let kept = if campaign.anonymous {
        format!("Anonymous; nothing is shown of fewer than {} people.", campaign.threshold)
    } else {
        "Under names.".to_owned()
    };
    let asks = campaign.instrument.title.get("en");
    let ends = if asks.ends_with(['?', '.', '!']) { "" } else { "." };
    let closed =
        campaign.closed_at.map_or(String::new(), |at| format!(" Closed on {}.", locale.date(scope.org.day(at))));
    let lead = format!(
        "{asks}{ends} From {} to {}.{closed} {kept}",
        locale.date(campaign.opens),
        locale.date(campaign.closes)
    );
    let place = Place::new(campaign.title.clone(), "/surveys").under("Surveys", "/surveys");
    let choice = match campaign.state {
        State::Draft => Some(Choice::of(&scope, campaign, invitees).await?),
        _ => None,
    };
    let leads_to = leads_to.into_iter().map(|it| (it.end.title, it.end.url)).collect();
    scope.page(place, &Page { scope: &scope, heading, lead, live, choice, mail, asked, leads_to }).await
}
