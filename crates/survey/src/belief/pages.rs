//! The pages of belief: the spread of each proposition, the map of leaders, and both as pictures for other pages.

use askama::Template;
use axum::{extract::Path, response::Response};
use kit::{
    area::Whereabouts,
    error::Result,
    format::{Locale, list},
    method::{Competency, Proposition, Side},
    people::Person,
    rights::Right,
    store,
    web::{Access, Routes, Scope},
};

use crate::{
    belief::rules::{Leader, Spread, finding, item, leaders, leaders_by_now, places, shown, since, spreads, who},
    campaign::CampaignId,
    results::{
        kept::{self, Kept},
        pages::{Head, level},
        rules::Cut,
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/surveys/{id}/results/belief", Access::With(Right::View), page).get(
        "/surveys/{id}/results/leaders",
        Access::With(Right::SeeNamedAnswers),
        map_of_leaders,
    )
}

/// One answer in the picture: its place from the point of the scale that it gave, in pixels.
struct Dot {
    x: String,
    y: u16,
    side: Option<Side>,
    who: String,
}

/// A point of the scale with the answers that it got.
struct Stack {
    /// In per cent of the picture.
    at: String,
    dots: Vec<Dot>,
    /// Where there are more answers than dots can show: the height of a bar in pixels, and how many they are.
    bar: Option<(u16, usize)>,
}

struct Row {
    spread: Spread,
    /// From and to in per cent: the middle half, and where the mean stands now and stood before.
    band: Option<(String, String)>,
    mean: String,
    before: Option<String>,
    stacks: Vec<Stack>,
}

/// The spread of belief as a picture with its figures: a dot for each leader, a band for the middle half.
#[derive(Template)]
#[template(path = "belief/spread.html")]
pub struct Picture {
    rows: Vec<Row>,
    labels: Vec<String>,
    /// The title of the campaign before.
    before: Option<String>,
    named: bool,
    locale: Locale,
}

/// More answers than this to one point of the scale are drawn as a bar.
const MOST_DOTS: usize = 28;
/// Dots stand on each other up to this height, then beside each other.
const HIGH: usize = 4;

fn percent(value: f64) -> String {
    format!("{:.1}", (value - 1.0) / 4.0 * 100.0)
}

impl Picture {
    /// The picture of a campaign; who is behind a dot is said where `named` allows it and the campaign knows.
    pub fn of(kept: &Kept, earlier: Option<&Kept>, named: bool, locale: Locale) -> Picture {
        let leaders = if named { leaders(&kept.snapshot) } else { Vec::new() };
        let whole = shown(&kept.results) == Some(&Cut::Everyone);
        let named = !leaders.is_empty() && whole;
        let rows = spreads(&kept.results, earlier.map(|it| &it.results)).into_iter().enumerate().map(|(at, spread)| {
            let counts = spread.now.as_ref().map_or(&[][..], |it| &it.counts);
            let many = counts.iter().any(|it| *it > MOST_DOTS);
            let most = counts.iter().copied().max().unwrap_or(1).max(1);
            let stack = |(point, count): (usize, &usize)| {
                let value = point as f64 + 1.0;
                let who: Vec<&Leader> = if named {
                    leaders.iter().filter(|it| it.answers[at].0 == Some(value)).collect()
                } else {
                    Vec::new()
                };
                Stack {
                    at: percent(value),
                    dots: if many { Vec::new() } else { dots(*count, &who) },
                    bar: (many && *count > 0).then(|| ((*count * 44 / most).max(2) as u16, *count)),
                }
            };
            Row {
                band: spread.now.as_ref().map(|it| (percent(it.q1), format!("{:.1}", (it.q3 - it.q1) / 4.0 * 100.0))),
                mean: spread.now.as_ref().map_or(String::new(), |it| percent(it.mean)),
                before: spread.before.map(|it| percent(it.0)),
                stacks: counts.iter().enumerate().map(stack).collect(),
                spread,
            }
        });
        let rows: Vec<Row> = rows.collect();
        Picture {
            labels: labels(kept),
            // Of a campaign in which too few answered there is no ring.
            before: earlier.filter(|_| rows.iter().any(|it| it.before.is_some())).map(|it| it.campaign.title.clone()),
            rows,
            named,
            locale,
        }
    }

    fn one(&self, value: &f64) -> String {
        self.locale.decimal(*value, 1)
    }

    fn change(&self, spread: &Spread) -> String {
        spread.change().map_or("–".to_owned(), |it| self.locale.signed(it, 1))
    }

    fn point(&self, value: &f64) -> String {
        self.labels.get((*value as usize).wrapping_sub(1)).cloned().unwrap_or_default()
    }
}

/// The dots of one point of the scale, from the bottom up, as many beside each other as their number needs.
fn dots(count: usize, who: &[&Leader]) -> Vec<Dot> {
    const STEP: f64 = 11.0;
    let wide = count.div_ceil(HIGH).max(1);
    (0..count)
        .map(|it| Dot {
            x: format!("{:.1}", ((it % wide) as f64 - (wide - 1) as f64 / 2.0) * STEP),
            y: 46 - (it / wide) as u16 * STEP as u16,
            side: who.get(it).map(|it| it.side),
            who: who.get(it).map(|it| it.name.clone()).unwrap_or_default(),
        })
        .collect()
}

/// The words at the points of the scale of belief, as respondents saw them.
pub fn labels(kept: &Kept) -> Vec<String> {
    let instrument = &kept.snapshot.instrument;
    let asked = instrument.items().into_iter().find(|it| it.key == item(Proposition::Foundation));
    let scale = asked.and_then(|it| instrument.scale_of(&it));
    scale.map_or(Vec::new(), |it| it.labels.iter().map(|label| label.get("en").to_lowercase()).collect())
}

/// Influence against belief, a leader a point, with the table beside it.
#[derive(Template)]
#[template(path = "belief/map.html")]
pub struct LeaderMap {
    caption: String,
    /// The leader, their place in per cent, and the page to which their name leads.
    rows: Vec<(Leader, String, String, Option<String>)>,
    locale: Locale,
}

impl LeaderMap {
    /// The map of those leaders whose influence is known; `page` gives the address to which a name leads.
    pub fn of(
        caption: String,
        leaders: &[Leader],
        locale: Locale,
        page: impl Fn(&Leader) -> Option<String>,
    ) -> LeaderMap {
        let known: Vec<(&Leader, (i64, f64))> =
            leaders.iter().filter_map(|it| Some((it, (it.influence?, it.belief)))).collect();
        let at = places(&known.iter().map(|it| it.1).collect::<Vec<_>>());
        let rows = known
            .into_iter()
            .zip(at)
            .map(|((leader, _), (x, y))| (leader.clone(), format!("{x:.1}"), format!("{y:.1}"), page(leader)));
        LeaderMap { caption, rows: rows.collect(), locale }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn one(&self, value: &f64) -> String {
        self.locale.decimal(*value, 1)
    }
}

#[derive(Template)]
#[template(path = "belief/belief.html")]
struct Page {
    head: Head,
    picture: Picture,
    who: &'static str,
    shown: bool,
    anonymous: bool,
    threshold: usize,
    answered: usize,
    /// What each leader answered, for those who may see it.
    leaders: Vec<Leader>,
    propositions: &'static [Proposition],
    /// The page of the competency that works on belief.
    onward: Option<&'static str>,
}

impl Page {
    fn level(&self, value: &f64) -> u8 {
        level(*value, 1.0, 5.0)
    }
}

/// "11 of 12 answered, under their names."
fn lead(kept: &Kept, since: &str) -> String {
    let answered = kept.snapshot.respondents.len();
    let of = if kept.snapshot.asked > 0 { format!(" of {}", kept.snapshot.asked) } else { String::new() };
    let how = if kept.snapshot.anonymous { "anonymously" } else { "under their names" };
    let whose = match shown(&kept.results) {
        Some(Cut::Everyone) | None => String::new(),
        Some(cut) => format!(" Shown is the group “{}”.", cut.label()),
    };
    format!("{answered}{of} answered, {how}.{whose} {since}").trim_end().to_owned()
}

/// What those are called whose belief is shown.
fn people(kept: &Kept) -> &'static str {
    who(&kept.snapshot, shown(&kept.results).unwrap_or(&Cut::Everyone))
}

/// The finding about a campaign's belief, and how sure it is.
pub fn said(kept: &Kept, earlier: Option<&Kept>) -> (String, String) {
    let all = spreads(&kept.results, earlier.map(|it| &it.results));
    let since = earlier.map_or(String::new(), |it| since(&all, &it.campaign.title));
    (finding(&all, &labels(kept), people(kept)), lead(kept, &since))
}

async fn by_now(scope: &Scope, kept: &Kept) -> Result<Vec<Leader>> {
    Ok(leaders_by_now(&kept.snapshot, &store::all::<Person>(scope.db(), scope.id()).await?))
}

async fn page(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let earlier = kept::earlier_than(&scope, &kept).await?.pop();
    let named = scope.may(Right::SeeNamedAnswers);
    let (finding, lead) = said(&kept, earlier.as_deref());
    let head = Head::new(&scope, &kept, "/belief", finding, lead);
    let place = head.place("Belief");
    let page = Page {
        picture: Picture::of(&kept, earlier.as_deref(), named, scope.locale()),
        who: if people(&kept) == "Leaders" { "leaders" } else { "people" },
        shown: shown(&kept.results).is_some(),
        anonymous: kept.snapshot.anonymous,
        threshold: kept.snapshot.threshold,
        answered: kept.snapshot.respondents.len(),
        leaders: if named { by_now(&scope, &kept).await? } else { Vec::new() },
        propositions: Proposition::ALL,
        onward: scope
            .app
            .registry
            .entries()
            .find(|it| it.place == Whereabouts::Of(Competency::Envisioning))
            .map(|it| it.url),
        head,
    };
    scope.page(place, &page).await
}

#[derive(Template)]
#[template(path = "belief/leaders.html")]
struct Leaders {
    head: Head,
    map: LeaderMap,
    anonymous: bool,
}

/// Whom to talk to first, as the heading of a page.
pub fn doubters(leaders: &[Leader]) -> String {
    let doubtful: Vec<String> = leaders.iter().filter(|it| it.is_key()).map(|it| it.name.clone()).collect();
    match doubtful.len() {
        _ if leaders.iter().all(|it| it.influence.is_none()) => "No leader's influence is known yet".to_owned(),
        0 => "Everyone with influence believes in what IT can do".to_owned(),
        _ => format!("Talk to {} first: much influence, little belief", list(&doubtful)),
    }
}

async fn map_of_leaders(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let leaders = by_now(&scope, &kept).await?;
    let heading = match kept.snapshot.anonymous {
        true => "This campaign is anonymous, so nobody is named".to_owned(),
        false => doubters(&leaders),
    };
    let head = Head::new(
        &scope,
        &kept,
        "/leaders",
        heading,
        "Influence on decisions about technology, against the belief in what IT could do here.".to_owned(),
    );
    let place = head.place("Leaders");
    let map = LeaderMap::of("Influence against belief".to_owned(), &leaders, scope.locale(), |_| None);
    scope.page(place, &Leaders { head, map, anonymous: kept.snapshot.anonymous }).await
}
