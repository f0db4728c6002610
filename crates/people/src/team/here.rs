//! The team as somebody may see it on a day: everything that its pages are made of, each kind loaded once.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use db::uuid::Uuid;
use jiff::{ToSpan, civil::Date};
use kit::{
    error::Result,
    format::order_of,
    method::Side,
    people::{self, Person, PersonId, Viewer},
    record::Linked,
    rights::Right,
    store,
    web::Scope,
};

use crate::team::{
    model::{Level, Need, NeedId, Plan, PlanState, Rating, Skill, SkillId, TimeShare},
    rules::{Ask, Hold, Line, Sight, State, Team, beside, gain, sight},
};

/// The team, and who looks at it.
pub struct Here {
    pub today: Date,
    pub viewer: Viewer,
    pub everyone: BTreeMap<PersonId, Person>,
    /// Who works in IT today, by name.
    pub members: Vec<Person>,
    /// What is in use, by field and name.
    pub skills: Vec<Skill>,
    /// What is asked of the team now or later, with the days of the service or project that asks for it.
    pub needs: Vec<Need>,
    /// What those are called that ask for them.
    askers: BTreeMap<Linked, String>,
    pub plans: Vec<Plan>,
    pub weeks: Vec<TimeShare>,
    pub sight: Sight,
    /// Of everybody; pages go through `level_of`, which shows what the viewer may see.
    ratings: Vec<Rating>,
    pub team: Team,
    /// How the skills are covered today, what lacks most first.
    pub lines: Vec<Line>,
    pub may_see_costs: bool,
}

impl Here {
    pub async fn load(scope: &Scope) -> Result<Arc<Here>> {
        scope.db().once("team", Here::read(scope)).await
    }

    async fn read(scope: &Scope) -> Result<Here> {
        let (db, org, today) = (scope.db(), scope.id(), scope.today());
        let everyone: Vec<Person> = store::all(db, org).await?;
        let viewer = people::viewer_among(scope, &everyone);
        let mut members: Vec<Person> =
            everyone.iter().filter(|it| it.side == Side::It && it.is_here(today)).cloned().collect();
        members.sort_by_cached_key(|it| order_of(&it.name));
        let mut skills: Vec<Skill> = store::all(db, org).await?;
        skills.sort_by_cached_key(|it| (it.field.is_none(), order_of(it.field()), order_of(&it.name)));
        let (needs, askers) = asked_for(scope).await?;
        let plans: Vec<Plan> = store::all(db, org).await?;
        let weeks: Vec<TimeShare> = store::all(db, org).await?;
        let ratings: Vec<Rating> = store::all(db, org).await?;
        let everyone: BTreeMap<PersonId, Person> = everyone.into_iter().map(|it| (it.id, it)).collect();
        let rated: BTreeSet<PersonId> = ratings.iter().filter(|it| it.level().is_some()).map(|it| it.person).collect();
        let seen = members.iter().filter(|it| viewer.is_or_judges(it.id)).count();
        let rated = members.iter().filter(|it| rated.contains(&it.id)).count();
        let team = team(&needs, &ratings, &plans, &skills, &everyone, &members, today);
        let lines = sorted(team.lines(today), &skills);
        Ok(Here {
            today,
            sight: sight(members.len(), seen, rated),
            viewer,
            everyone,
            members,
            skills: skills.into_iter().filter(|it| !it.not_needed).collect(),
            needs,
            askers,
            plans,
            weeks,
            ratings,
            team,
            lines,
            may_see_costs: scope.may(Right::SeeCosts),
        })
    }

    /// Whether counts of who has a skill may be shown at all.
    pub fn sees_counts(&self) -> bool {
        self.sight != Sight::Nothing
    }

    pub fn may_see(&self, person: PersonId) -> bool {
        self.viewer.is_or_judges(person)
    }

    /// Whose levels the viewer sees.
    pub fn seen(&self) -> Vec<&Person> {
        self.members.iter().filter(|it| self.may_see(it.id)).collect()
    }

    pub fn hidden(&self) -> usize {
        self.members.len() - self.seen().len()
    }

    /// A rating, where the viewer may see it.
    pub fn rating(&self, person: PersonId, skill: SkillId) -> Option<&Rating> {
        if !self.may_see(person) {
            return None;
        }
        self.ratings.iter().find(|it| it.person == person && it.skill == skill)
    }

    pub fn level_of(&self, person: PersonId, skill: SkillId) -> Option<Level> {
        self.rating(person, skill).and_then(Rating::level)
    }

    /// The ratings of somebody whose levels the viewer may see.
    pub fn ratings_of(&self, person: PersonId) -> Vec<&Rating> {
        if self.may_see(person) { self.ratings.iter().filter(|it| it.person == person).collect() } else { Vec::new() }
    }

    /// The names of those whom the viewer may know to have a skill.
    pub fn names(&self, of: &BTreeSet<PersonId>) -> Vec<String> {
        let mut names: Vec<String> = of.iter().filter(|it| self.may_see(**it)).map(|it| self.name(*it)).collect();
        names.sort_by_cached_key(|it| order_of(it));
        names
    }

    pub fn name(&self, of: PersonId) -> String {
        self.everyone.get(&of).map_or_else(|| "(gone)".to_owned(), |it| it.name.clone())
    }

    pub fn skill(&self, of: impl Borrow<SkillId>) -> String {
        self.skills.iter().find(|it| it.id == *of.borrow()).map_or_else(|| "(gone)".to_owned(), |it| it.name.clone())
    }

    pub fn need(&self, of: NeedId) -> Option<&Need> {
        self.needs.iter().find(|it| it.id == of)
    }

    /// What begins later and asks for skills: the service or project, or else the need itself; with its needs.
    pub fn to_begin(&self) -> Vec<(Uuid, String, Vec<NeedId>)> {
        let mut all: Vec<(Uuid, String, Vec<NeedId>)> = Vec::new();
        for it in self.needs.iter().filter(|it| !it.desirable && it.starts.is_some_and(|it| it > self.today)) {
            let by = it.asked_by().and_then(|(_, by)| Some((by.0, self.askers.get(&by)?.clone())));
            let (id, name) = by.unwrap_or_else(|| (it.id.0, format!("{}: {}", self.skill(it.skill), it.what_for)));
            match all.iter_mut().find(|(of, ..)| *of == id) {
                Some((.., needs)) => needs.push(it.id),
                None => all.push((id, name, vec![it.id])),
            }
        }
        all
    }

    /// The team as the viewer may see it change: a fall in cover tells of the level of who leaves, so of those whose
    /// levels are hidden, nobody does.
    pub fn team_as_seen(&self) -> Team {
        let mut team = self.team.clone();
        for hold in team.holds.iter_mut().filter(|it| !self.may_see(it.person)) {
            hold.until = None;
        }
        team
    }

    /// What a line of the picture is for.
    pub fn what_for(&self, line: &Line) -> String {
        self.need(line.need).map_or_else(String::new, |it| it.what_for.clone())
    }

    pub fn in_state(&self, state: State) -> Vec<&Line> {
        self.lines.iter().filter(|it| it.state() == state).collect()
    }

    /// What is short of safe.
    pub fn gaps(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|it| !matches!(it.state(), State::Safe | State::Unknown))
    }

    /// What is short of safe, or not known to be.
    pub fn not_safe(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|it| it.state() != State::Safe)
    }

    /// The plans for a skill that may still change something, or did.
    pub fn plans_for(&self, skill: SkillId) -> Vec<&Plan> {
        self.plans.iter().filter(|it| it.skill == skill && it.state != PlanState::Refused).collect()
    }

    /// The skills that are asked of the team now or will be, once each.
    pub fn needed(&self) -> BTreeMap<SkillId, i64> {
        let mut needed = BTreeMap::new();
        for it in &self.needs {
            let level = needed.entry(it.skill).or_insert(0);
            *level = it.level.number().max(*level);
        }
        needed
    }

    /// The skills that are needed, and those of them that most of the team was rated on in the last twelve months.
    pub fn rated_lately(&self) -> (usize, usize) {
        let since = self.today - 12.months();
        let needed = self.needed();
        let members: BTreeSet<PersonId> = self.members.iter().map(|it| it.id).collect();
        let of = |skill: SkillId| {
            let lately = |it: &&Rating| {
                it.skill == skill && members.contains(&it.person) && it.rated_on.is_some_and(|it| it >= since)
            };
            self.ratings.iter().filter(lately).filter(|it| it.level().is_some()).count()
        };
        let rated = needed.keys().filter(|it| !members.is_empty() && of(**it) * 2 > members.len()).count();
        (rated, needed.len())
    }

    /// Plans that may still change something and whose day is past.
    pub fn late(&self) -> Vec<&Plan> {
        let open = |it: &&Plan| !matches!(it.state, PlanState::Done | PlanState::Refused);
        self.plans.iter().filter(open).filter(|it| it.due.is_some_and(|it| it < self.today)).collect()
    }
}

/// The needs as the services and projects let them stand that ask for them. One that is over, stopped or only an idea
/// asks for nothing.
async fn asked_for(scope: &Scope) -> Result<(Vec<Need>, BTreeMap<Linked, String>)> {
    let (mut needs, mut askers) = (Vec::new(), BTreeMap::new());
    let today = scope.today();
    for need in store::all::<Need>(scope.db(), scope.id()).await? {
        let by = need.asked_by().and_then(|(kind, by)| Some((scope.app.registry.kind(kind)?, by)));
        let Some((kind, by)) = by else {
            needs.push(need);
            continue;
        };
        let rows = store::rows(scope.db(), scope.id(), kind).await?;
        if let Some(row) = rows.iter().find(|it| it.id == by.0 && (kind.answered)(it)) {
            askers.insert(by, row.title(kind));
            needs.push(beside(need, row.days(kind)));
        }
    }
    needs.retain(|it| it.ends.is_none_or(|it| it >= today));
    Ok((needs, askers))
}

/// What decides about cover. What is only desirable asks for nobody.
fn team(
    needs: &[Need],
    ratings: &[Rating],
    plans: &[Plan],
    skills: &[Skill],
    everyone: &BTreeMap<PersonId, Person>,
    members: &[Person],
    today: Date,
) -> Team {
    let ends = |of: PersonId| everyone.get(&of).and_then(|it| it.ends);
    let is_used = |of: SkillId| skills.iter().any(|it| it.id == of && !it.not_needed);
    Team {
        people: members.len(),
        asks: needs
            .iter()
            .filter(|it| !it.desirable && is_used(it.skill))
            .map(|it| Ask {
                need: it.id,
                skill: it.skill,
                level: it.level.number(),
                wanted: it.wanted(),
                starts: it.starts,
                ends: it.ends,
            })
            .collect(),
        holds: ratings
            .iter()
            .filter(|it| members.iter().any(|member| member.id == it.person))
            .filter_map(|it| {
                Some(Hold { person: it.person, skill: it.skill, level: it.level()?.number(), until: ends(it.person) })
            })
            .collect(),
        gains: plans.iter().filter_map(|it| gain(it, it.person.and_then(ends), today)).collect(),
    }
}

/// Lines of one state by the name of the skill.
pub fn sorted(mut lines: Vec<Line>, skills: &[Skill]) -> Vec<Line> {
    let name = |of: SkillId| skills.iter().find(|it| it.id == of).map_or_else(Vec::new, |it| order_of(&it.name));
    lines.sort_by_cached_key(|it| (it.state(), std::cmp::Reverse(it.lacks()), name(it.skill)));
    lines
}
