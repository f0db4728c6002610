//! The skills that the work needs and the people who have them.
//!
//! It says for each skill how many people it needs, how many have it, and what is done about the difference; and how
//! the IT leader's weeks are spent. Levels of single people are for themselves and their lead: everyone else reads
//! counts of the whole team, and those only where it is large enough. docs/skills.md states the rule and its limits.

mod here;
pub mod model;
mod ours;
mod pages;
mod rules;
mod story;

use calc::fiscal::Year;
use jiff::{ToSpan, civil::Date};
use kit::{
    area::{Answer, Area, Cost, Entry, Evidence, Note},
    format::inline,
    method::Competency,
    record::{Kind, Row},
    web::{Routes, Scope},
};

use self::{
    here::Here,
    model::{Need, Plan, PlanState, Rating, Skill, TimeShare},
    rules::State,
};

/// The area of this competency.
pub struct Team;

const OF: Competency = Competency::TeamComposition;

/// So far ahead it is said that somebody leaves on whom a skill hangs.
const LEAVING: i32 = 120;

/// Who leaves and takes skills along, if nothing of the plans is carried out: for those who see their levels, which it
/// tells of.
fn leavers(here: &Here) -> Vec<Note> {
    let (team, mut notes) = (here.team.without_plans(here.today), Vec::new());
    for person in here.seen() {
        let Some(ends) = person.ends else { continue };
        let after = team.lines(ends + 1.day());
        let without = rules::falls(&here.lines, &after);
        let falls = without.iter().filter(|it| it.before.as_ref().is_some_and(|it| it.who.contains(&person.id)));
        let names: Vec<String> = falls.map(|it| inline(&here.skill(it.after.skill))).collect();
        if !names.is_empty() {
            let text = format!("{} leaves and takes along {}", person.name, story::some(&names));
            notes.push(Note::new(text, format!("/team/gaps?leaves={}", person.id)).on(ends));
        }
    }
    notes
}

impl Area for Team {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Skill::KIND, Rating::KIND, Need::KIND, Plan::KIND, TimeShare::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Team", "/team").of(OF),
                Entry::new("Gaps", "/team/gaps").of(OF),
                Entry::new("Ratings", "/team/people").of(OF),
                Entry::new("Plan", "/team/plan").of(OF),
                Entry::new("Time", "/team/time").of(OF),
                Entry::new("Skills", "/skills").of(OF),
                Entry::new("Skill needs", "/skill-needs").under("/team/gaps"),
                Entry::new("Skill plans", "/skill-plans").under("/team/plan"),
                Entry::new("Skill ratings", "/skill-ratings").under("/team/people"),
                Entry::new("Weeks", "/time-shares").under("/team/time"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        pages::routes(routes)
    }

    /// When needs begin, when plans are to bear, and who leaves and takes a skill along.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let begin = here.needs.iter().filter(|it| it.starts.is_some_and(|it| it >= from)).map(|it| {
                Note::new(
                    format!("Begins to need {}: {}", inline(&here.skill(it.skill)), it.what_for),
                    format!("/skill-needs/{}", it.id),
                )
                .on(it.starts)
            });
            let open = |it: &&Plan| !matches!(it.state, PlanState::Done | PlanState::Refused);
            let due = here.plans.iter().filter(open).filter(|it| it.due.is_some());
            let due =
                due.map(|it| Note::new(format!("Plan: {}", it.title), format!("/skill-plans/{}", it.id)).on(it.due));
            let leave = leavers(&here).into_iter().filter(|it| it.on.is_some_and(|it| it >= from));
            Ok(begin.chain(due).chain(leave).collect())
        })
    }

    /// The worst gap that nobody has planned for, and who leaves and takes a skill along.
    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let mut notes = Vec::new();
            if here.sees_counts() {
                notes.extend(here.gaps().find(|it| here.plans_for(it.skill).is_empty()).map(|it| {
                    Note::new(format!("{}: train, hire, source or drop?", story::hangs(&here, it)), "/team/gaps")
                }));
            }
            let soon = here.today + LEAVING.days();
            notes.extend(leavers(&here).into_iter().filter(|it| it.on.is_some_and(|it| it <= soon)));
            Ok(notes)
        })
    }

    /// What plans cost that somebody has given a day.
    fn costs<'a>(&'a self, scope: &'a Scope, year: Year) -> Answer<'a, Vec<Cost>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let of = |it: &Plan| {
                let (once, yearly) = rules::cost_in(year, it, here.today)?;
                Some(Cost {
                    kind: Plan::KIND.key,
                    id: it.id.0,
                    title: it.title.clone(),
                    url: format!("/skill-plans/{}", it.id),
                    once,
                    yearly,
                    owner: it.owner,
                    why: it.gap.clone(),
                })
            };
            Ok(here.plans.iter().filter_map(of).collect())
        })
    }

    /// What a service or project asks of the team, on its page.
    fn sections<'a>(&'a self, scope: &'a Scope, kind: &'static Kind, row: &'a Row) -> Answer<'a, Vec<String>> {
        Box::pin(async move { Ok(pages::asked::section(scope, kind, row).await?.into_iter().collect()) })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let here = Here::load(scope).await?;
            let of = |text: &str, met: bool, found: String, url: &str| Evidence::new(OF, text, met, found, url);
            let (rated, needed) = here.rated_lately();
            let mut all = vec![of(
                "The skills that are needed are set beside those that the team has, no older than twelve months",
                needed > 0 && rated * 4 >= needed * 3,
                format!("{rated} of {needed} needed skills were rated by most of the team in that time"),
                "/team/gaps",
            )];
            if here.sees_counts() {
                let unknown = here.in_state(State::Unknown).len();
                let and_unknown = if unknown == 0 {
                    String::new()
                } else {
                    format!("; not known yet of {unknown}, for want of ratings")
                };
                let alone: usize = [State::Nobody, State::One].iter().map(|it| here.in_state(*it).len()).sum();
                all.push(of(
                    "No needed skill hangs on one person or on nobody",
                    !here.lines.is_empty() && alone + unknown == 0,
                    format!("{alone} of {} do{and_unknown}", here.lines.len()),
                    "/team/gaps",
                ));
                let worst: Vec<&rules::Line> = here.gaps().take(3).collect();
                let costed = |it: &&Plan| it.due.is_some() && (it.once.is_some() || it.yearly.is_some());
                let planned = worst.iter().filter(|it| here.plans_for(it.skill).iter().any(costed)).count();
                all.push(of(
                    "The three worst gaps each have a way to close them, a day and a cost",
                    !here.lines.is_empty() && planned == worst.len() && (unknown == 0 || worst.len() == 3),
                    format!("{planned} of {}{and_unknown}", worst.len()),
                    "/team/plan",
                ));
            }
            Ok(all)
        })
    }
}
