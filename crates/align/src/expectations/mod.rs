//! What is expected of IT, as outcomes that can be measured and are agreed: the register, what matters most, what
//! contradicts what, how much fits at once, and what became of what was promised.
//!
//! It knows no cycle of its own: outcomes name theirs. It promises nothing for anybody: priorities and signatures are
//! proposed, and people set them.

mod here;
pub mod model;
pub mod pages;
pub mod ranking;
pub mod rules;

use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};
use kit::{
    area::{About, Answer, Area, Begun, Entry, Evidence, Named, Note, TakeUp},
    asking::Round,
    error::found,
    method::Competency,
    people,
    record::{Kind, Record, Row},
    store,
    web::{Routes, Scope},
};

pub use self::{here::Here, model::Outcome};
use self::{
    model::{Conflict, Limit, Measurement, State},
    ranking::{RANKING, Ranking, RankingId},
};

/// The area of this competency.
pub struct Expectations;

impl Area for Expectations {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Outcome::KIND, Measurement::KIND, Conflict::KIND, Limit::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            const HERE: Competency = Competency::SettingExpectations;
            &[
                Entry::new("Expectations", "/expectations").of(HERE),
                Entry::new("Outcomes", "/outcomes").of(HERE),
                Entry::new("Priorities", "/rankings").of(HERE),
                Entry::new("Conflicts", "/conflicts").of(HERE),
                Entry::new("Delivered", "/expectations/delivered").of(HERE),
                Entry::new("Measurements", "/measurements").under("/expectations/delivered"),
                Entry::new("Limits", "/limits").under("/expectations"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    fn dates<'a>(&'a self, scope: &'a Scope, _from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let open = store::all::<Outcome>(scope.db(), scope.id()).await?.into_iter().filter(|it| it.state.is_open());
            let mut notes: Vec<Note> = open
                .filter_map(|it| Some((it.due?, it)))
                .map(|(due, it)| {
                    Note::new(format!("Outcome: {}", it.statement), format!("/outcomes/{}", it.id)).on(due)
                })
                .collect();
            let rankings = ranking::store::rankings(scope.db(), scope.id()).await?;
            notes.extend(rankings.into_iter().filter(|it| it.is_open()).map(|it| {
                Note::new(format!("Ranking closes: {}", it.title), format!("/rankings/{}", it.id)).on(it.closes)
            }));
            Ok(notes)
        })
    }

    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let note = |text: String, url: String, on| Note::new(text, url).on(on);
            let mut notes = Vec::new();
            if let Some(me) = people::me(scope).await? {
                let waiting = ranking::store::waiting(scope.db(), scope.id(), me.id.0).await?;
                notes.extend(waiting.into_iter().filter(|it| it.2 >= scope.today()).map(|(token, title, closes)| {
                    note(format!("Say what matters most to you in “{title}”"), format!("/r/{token}"), Some(closes))
                        .mine()
                }));
            }
            let here = Here::load(scope).await?;
            for it in here.undecided().into_iter().take(3) {
                notes.push(note(
                    format!("Decide which gives way: {}", it.title),
                    format!("/conflicts/{}", it.id),
                    None,
                ));
            }
            match here.in_state(State::Proposed)[..] {
                [] => {}
                [it] => notes.push(note(
                    format!("Agree on “{}”, or say no to it", it.statement),
                    format!("/outcomes/{}", it.id),
                    None,
                )),
                ref all => notes.push(note(
                    format!("Agree on {} proposed outcomes, or say no", all.len()),
                    "/expectations".to_owned(),
                    None,
                )),
            }
            match here.in_state(State::Agreed).iter().filter(|it| !here.is_signed_by_requester(it)).count() {
                0 => {}
                n => notes.push(note(
                    format!(
                        "Have {} signed by whoever asked",
                        if n == 1 { "an agreed outcome".to_owned() } else { format!("{n} agreed outcomes") }
                    ),
                    "/expectations/agreed".to_owned(),
                    None,
                )),
            }
            for it in here.rankings.iter().filter(|it| it.is_open() && it.closes < here.today) {
                let text = format!("Close “{}”: its last day has passed", it.title);
                notes.push(note(text, format!("/rankings/{}", it.id), Some(it.closes)));
            }
            Ok(notes)
        })
    }

    fn changes<'a>(&'a self, scope: &'a Scope, since: Timestamp) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let from = scope.org.day(since);
            let mut notes = Vec::new();
            for (it, progress) in here.progress() {
                let reached = progress.way.is_some_and(|it| it >= 1.0);
                if it.state.is_promised() && reached && progress.latest.is_some_and(|(day, _)| day >= from) {
                    notes.push(
                        Note::new(format!("“{}” has reached its target", it.statement), format!("/outcomes/{}", it.id))
                            .marked(("better", "good")),
                    );
                }
            }
            for it in here.rankings.iter().filter(|it| it.closed_on.is_some_and(|on| on >= from)) {
                notes.push(
                    Note::new(format!("“{}” was closed", it.title), format!("/rankings/{}", it.id))
                        .marked(("new", "info")),
                );
            }
            Ok(notes)
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move { Ok(evidence(&*Here::load(scope).await?)) })
    }

    /// Whoever says no or agrees learns what that takes.
    fn follows<'a>(
        &'a self,
        scope: &'a Scope,
        kind: &'static Kind,
        before: &'a Row,
        after: &'a Row,
    ) -> Answer<'a, Option<Note>> {
        Box::pin(async move {
            if kind.key != Outcome::KIND.key {
                return Ok(None);
            }
            let here = Here::load(scope).await?;
            let (before, after) = (Outcome::from_row(before).state, Outcome::from_row(after));
            let most = here.limit().and_then(|it| usize::try_from(it.most).ok());
            let said = rules::follows(before, &after, here.in_state(State::Agreed).len(), most);
            Ok(said.map(|text| Note::new(text, format!("/outcomes/{}", after.id))))
        })
    }

    fn take_up(&self, it: &TakeUp) -> Option<Begun> {
        let fields = vec![("statement", it.title.clone()), ("detail", it.detail.clone())];
        (it.about == About::Outcome).then_some(Begun { kind: Outcome::KIND, fields })
    }

    fn sections<'a>(&'a self, scope: &'a Scope, kind: &'static Kind, row: &'a Row) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            match kind.key == Outcome::KIND.key {
                true => Ok(vec![pages::section(scope, &Outcome::from_row(row)).await?]),
                false => Ok(Vec::new()),
            }
        })
    }

    fn round<'a>(&'a self, scope: &'a Scope, what: &'a str, id: Uuid) -> Answer<'a, Option<Round>> {
        Box::pin(async move {
            if what != RANKING {
                return Ok(None);
            }
            ranking::pages::handed_out(scope, RankingId(id)).await.map(Some)
        })
    }

    fn others<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Named>> {
        Box::pin(async move {
            let all = ranking::store::rankings(scope.db(), scope.id()).await?.into_iter();
            let named = |it: Ranking| Named { kind: "Ranking", title: it.title, url: format!("/rankings/{}", it.id) };
            Ok(all.map(named).collect())
        })
    }

    fn find<'a>(&'a self, scope: &'a Scope, kind: &'a str, id: Uuid) -> Answer<'a, Option<Named>> {
        Box::pin(async move {
            if kind != RANKING {
                return Ok(None);
            }
            let round = found(ranking::store::ranking(scope.db(), scope.id(), RankingId(id)).await)?;
            Ok(round.map(|it| Named { kind: "Ranking", title: it.title, url: format!("/rankings/{id}") }))
        })
    }
}

/// What speaks for good enough, each piece as a statement with what was found.
fn evidence(here: &Here) -> Vec<Evidence> {
    /// Fewer outcomes than this leave too much unsaid.
    const ENOUGH: usize = 5;
    let piece = |text: &str, met: bool, found: String, url: &str| {
        Evidence::new(Competency::SettingExpectations, text, met, found, url)
    };
    let (open, agreed) = (here.open(), here.in_state(State::Agreed));
    let usable = open.iter().filter(|it| rules::lacks(it, here.today).is_empty()).count();
    let signed = agreed.iter().filter(|it| here.is_signed_by_requester(it)).count();
    let undecided = here.undecided().len();
    let carry = here.limit().and_then(|it| usize::try_from(it.most).ok());
    let focus = match carry {
        Some(most) => format!("{} agreed, {most} can be carried", agreed.len()),
        None => "nobody has said how many can be carried".to_owned(),
    };
    let ranked = here.ranked_this_year().and_then(|it| Some((it, it.result.as_ref()?)));
    let ranked_found = ranked.map_or("no ranking closed in this financial year".to_owned(), |(it, result)| {
        format!("{} of {} answered in “{}”", result.voters.len(), result.asked, it.title)
    });
    vec![
        piece(
            "Five outcomes or more have a measure, a target, a day and names",
            usable >= ENOUGH,
            // All of too few are still too few.
            match usable == open.len() && usable < ENOUGH {
                true => format!("{usable} so far"),
                false => format!("{usable} of {}", open.len()),
            },
            "/expectations",
        ),
        piece(
            "Every agreed outcome is signed by whoever asked for it",
            !agreed.is_empty() && signed == agreed.len(),
            format!("{signed} of {}", agreed.len()),
            "/expectations/agreed",
        ),
        piece(
            "Where outcomes contradict each other, it is decided which gives way",
            !open.is_empty() && undecided == 0,
            match undecided {
                0 if here.conflicts.is_empty() => "none is known".to_owned(),
                0 => "all are decided".to_owned(),
                1 => "one conflict is open".to_owned(),
                n => format!("{n} conflicts are open"),
            },
            "/expectations#conflicts",
        ),
        piece("The outcomes were ranked in this financial year", ranked.is_some(), ranked_found, "/rankings"),
        piece(
            "No more is agreed than the team can carry",
            carry.is_some_and(|most| agreed.len() <= most) && !agreed.is_empty(),
            focus,
            "/expectations",
        ),
    ]
}
