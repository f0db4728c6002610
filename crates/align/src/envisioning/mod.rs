//! What technology can do for the organisation, believed in by those who decide.
//!
//! It brings the spread of belief as the picture of the competency, a preparation sheet for each leader who doubts, the
//! vision with its versions and signatures, the workshop in which its phrases are found, the technology radar and a
//! library of examples. It must not name anybody's answer from an anonymous campaign: names come from
//! [`survey::belief`], which knows none there.

pub mod leader;
pub mod look;
pub mod model;
pub mod pages;
pub mod radar;
pub mod rules;
pub mod vision;
pub mod workshop;

use jiff::{Timestamp, ToSpan, civil::Date};
use kit::{
    area::{Answer, Area, Entry, Evidence, Note},
    method::Competency,
    record::Kind,
    rights::Right,
    store,
    web::{Routes, Scope},
};

pub use self::vision::pages::{Banner, banner, current};
use self::{
    look::look,
    model::{Example, Opportunity, RadarEntry, Talk, Vision, VisionState, Workshop},
    radar::rules::{Movement, movement},
};

/// The area of this competency.
pub struct Envisioning;

impl Area for Envisioning {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Vision::KIND, Talk::KIND, Example::KIND, RadarEntry::KIND, Opportunity::KIND, Workshop::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Envisioning", "/envisioning").of(Competency::Envisioning),
                Entry::new("Visions", "/visions").of(Competency::Envisioning),
                Entry::new("Radar", "/radar").of(Competency::Envisioning),
                Entry::new("Opportunities", "/opportunities").of(Competency::Envisioning),
                Entry::new("Examples", "/examples").of(Competency::Envisioning),
                Entry::new("Radar entries", "/radar/entries").under("/radar"),
                Entry::new("Workshops", "/workshops").under("/envisioning"),
                Entry::new("Talks", "/talks").under("/envisioning").for_those_who(Right::SeeNamedAnswers),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        let routes = radar::pages::routes(vision::pages::routes(pages::routes(routes)));
        workshop::room::routes(workshop::pages::routes(leader::pages::routes(routes)))
    }

    /// The current vision, once somebody has signed its wording.
    fn aim<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Option<Note>> {
        Box::pin(async move {
            let Some(it) = vision::pages::banner(scope).await? else { return Ok(None) };
            if vision::rules::behind(&it.said).is_empty() {
                return Ok(None);
            }
            let (text, url) = (vision::rules::in_a_line(&it.vision.wording), format!("/visions/{}", it.vision.id));
            Ok(Some(Note::new(text, url)))
        })
    }

    /// Workshops that are to come, and what has to be looked at again a year later.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let it = look(scope).await?;
            let note = |text: String, url: String, on: Date| Note::new(text, url).on(on);
            let mut notes: Vec<Note> = it
                .workshops
                .iter()
                .filter(|(workshop, vote)| {
                    workshop.held >= from && vote.as_ref().is_none_or(|it| it.closed_at.is_none())
                })
                .map(|(it, _)| note(format!("Workshop: {}", it.title), format!("/workshops/{}/board", it.id), it.held))
                .collect();
            if let Some((kept, _)) = &it.belief {
                let again = kept.snapshot.closed_on + 1.year();
                notes.push(note("Ask leaders again what they believe".to_owned(), "/envisioning".to_owned(), again));
            }
            if let Some((vision, since)) = it.banner.as_ref().and_then(|it| Some((&it.vision, it.vision.since?))) {
                let url = format!("/visions/{}", vision.id);
                notes.push(note(format!("Read the vision again: {}", vision.title), url, since + 1.year()));
            }
            if let Some(oldest) = it.entries.iter().filter_map(|it| it.reviewed).min() {
                notes.push(note("Review the technology radar".to_owned(), "/radar".to_owned(), oldest + 1.year()));
            }
            Ok(notes)
        })
    }

    /// A voting that was left open, and a draft while there is no vision.
    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut notes = Vec::new();
            let workshops: Vec<Workshop> = store::all(scope.db(), scope.id()).await?;
            let votes = workshop::store::votes(scope.db(), scope.id()).await?;
            for it in workshops.iter().filter(|it| it.held < scope.today()) {
                if votes.iter().any(|vote| vote.workshop == it.id && vote.closed_at.is_none()) {
                    notes.push(
                        Note::new(
                            format!("Close the voting of “{}”: its day has passed", it.title),
                            format!("/workshops/{}/board", it.id),
                        )
                        .on(it.held),
                    );
                }
            }
            let visions: Vec<Vision> = store::all(scope.db(), scope.id()).await?;
            let draft = visions.iter().rev().find(|it| it.state == VisionState::Draft);
            if let Some(draft) = draft
                .filter(|_| scope.may(Vision::KIND.edit) && !visions.iter().any(|it| it.state == VisionState::Current))
            {
                notes.push(Note::new(
                    format!("Make “{}” the current vision, or change it", draft.title),
                    format!("/visions/{}/versions", draft.id),
                ));
            }
            Ok(notes)
        })
    }

    fn changes<'a>(&'a self, scope: &'a Scope, since: Timestamp) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let since = scope.org.day(since);
            let new = ("new", "info");
            let mut notes = Vec::new();
            if let Some(it) =
                current(scope).await?.filter(|it| it.since.is_some_and(|day| since <= day && day <= scope.today()))
            {
                let url = format!("/visions/{}", it.id);
                notes.push(Note::new(format!("“{}” is the vision now", it.title), url).on(it.since).marked(new));
            }
            let entries: Vec<RadarEntry> = store::all(scope.db(), scope.id()).await?;
            let moved = entries.iter().filter(|it| {
                let moved = matches!(movement(it), Movement::In | Movement::Out);
                moved && it.reviewed.is_some_and(|day| day >= since)
            });
            match moved.collect::<Vec<_>>()[..] {
                [] => {}
                [one] => notes.push(
                    Note::new(
                        format!("“{}” moved on the radar to {}", one.name, one.ring.label().to_lowercase()),
                        "/radar",
                    )
                    .on(one.reviewed)
                    .marked(new),
                ),
                [first, ..] => notes.push(
                    Note::new(format!("“{}” and others moved on the radar", first.name), "/radar")
                        .on(first.reviewed)
                        .marked(new),
                ),
            }
            Ok(notes)
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let it = look(scope).await?;
            let today = scope.today();
            let found = |text: &str, met: bool, found: String, url: String| {
                Evidence::new(Competency::Envisioning, text, met, found, url)
            };
            let mut all = Vec::new();
            let page = it.banner.as_ref().map(|it| &it.vision);
            all.push(found(
                "One page says what IT is for, with the day from which it holds",
                page.is_some_and(|it| it.since.is_some()),
                match page {
                    Some(vision) => match vision.since {
                        Some(day) => format!("“{}”, since {}", vision.title, scope.locale().date(day)),
                        None => format!("“{}”, without a day", vision.title),
                    },
                    None => "no current vision".to_owned(),
                },
                page.map_or("/visions".to_owned(), |it| format!("/visions/{}", it.id)),
            ));
            let (behind, leaders) = it.business_behind(today);
            all.push(found(
                "Most leaders of the business have signed its wording",
                behind * 2 > leaders,
                format!("{behind} of {leaders}"),
                page.map_or("/visions".to_owned(), |it| format!("/visions/{}#signed", it.id)),
            ));
            let asked = it.belief.as_ref().map(|it| &it.0);
            all.push(found(
                "Leaders said within twelve months what they believe IT could do",
                asked.is_some_and(|it| rules::is_recent(it.snapshot.closed_on, today)),
                match asked {
                    Some(kept) => format!(
                        "{} answers in “{}”, {}",
                        kept.snapshot.respondents.len(),
                        kept.campaign.title,
                        scope.locale().date(kept.snapshot.closed_on)
                    ),
                    None => "nobody was asked".to_owned(),
                },
                asked.map_or("/envisioning".to_owned(), |it| format!("/surveys/{}/results/belief", it.campaign.id)),
            ));
            if it.named.is_some() {
                let doubters = it.doubters();
                let heard = doubters.iter().filter(|it| it.2).count();
                all.push(found(
                    "Somebody has talked with every leader who has much influence and believes little",
                    heard == doubters.len(),
                    if doubters.is_empty() {
                        "there is none".to_owned()
                    } else {
                        format!("{heard} of {}", doubters.len())
                    },
                    "/envisioning".to_owned(),
                ));
            }
            Ok(all)
        })
    }
}
