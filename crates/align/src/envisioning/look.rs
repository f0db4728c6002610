//! What there is of envisioning in an organisation, loaded once for its page, its evidence and its notes.

use std::sync::Arc;

use jiff::civil::Date;
use kit::{error::Result, people::Person, rights::Right, store, web::Scope};
use survey::{
    belief::rules::{self as belief, Leader},
    campaign::{Campaign, State},
    results::kept::{self, Kept},
};

use crate::envisioning::{
    model::{Opportunity, RadarEntry, Talk, Vision, VisionState, Workshop},
    vision::pages::Banner,
    workshop::store::{self as voting, Vote},
};

/// Everything that the page, the evidence and the notes are made of.
pub struct Look {
    /// The latest closed survey of belief, and the one before it.
    pub belief: Option<(Arc<Kept>, Option<Arc<Kept>>)>,
    /// The latest closed survey of belief that somebody answered and of which the reader sees nothing.
    pub hidden: Option<Arc<Kept>>,
    /// A survey of belief that is open.
    pub open: Option<Campaign>,
    /// The latest closed campaign under names that asked for belief, with who answered it: for those who may know.
    pub named: Option<Arc<Kept>>,
    pub leaders: Vec<Leader>,
    pub people: Vec<Person>,
    pub visions: Vec<Vision>,
    /// The current vision and who stands behind it.
    pub banner: Option<Banner>,
    pub talks: Vec<Talk>,
    pub entries: Vec<RadarEntry>,
    pub opportunities: Vec<Opportunity>,
    /// The latest day first.
    pub workshops: Vec<(Workshop, Option<Vote>)>,
}

/// The latest closed survey that asked for belief, with the one before it of the same purpose: a survey of its own, or
/// where there is none a gap analysis.
pub async fn latest_belief(scope: &Scope) -> Result<Option<(Arc<Kept>, Option<Arc<Kept>>)>> {
    for purpose in ["belief", "gap"] {
        let mut closed = survey::store::closed(scope.db(), scope.id(), purpose).await?;
        // One that too few have answered says nothing, and hides none that did.
        while let Some(last) = closed.pop() {
            let kept = kept::of(scope, last.id).await?;
            if !belief::asks(&kept.results) || belief::shown(&kept.results).is_none() {
                continue;
            }
            let earlier = match closed.pop() {
                Some(it) => Some(kept::of(scope, it.id).await?),
                None => None,
            };
            return Ok(Some((kept, earlier)));
        }
    }
    Ok(None)
}

/// The latest closed survey of belief that somebody answered, whoever may see what.
async fn answered(scope: &Scope) -> Result<Option<Arc<Kept>>> {
    let mut closed = survey::store::closed(scope.db(), scope.id(), "belief").await?;
    while let Some(last) = closed.pop() {
        let kept = kept::of(scope, last.id).await?;
        if !kept.snapshot.respondents.is_empty() {
            return Ok(Some(kept));
        }
    }
    Ok(None)
}

/// The latest closed campaign under names that asked for belief.
pub async fn named_campaign(scope: &Scope) -> Result<Option<Arc<Kept>>> {
    // Of two that were closed at the same moment, the one that asks for nothing but belief.
    let mut named = survey::store::closed(scope.db(), scope.id(), "gap").await?;
    named.extend(survey::store::closed(scope.db(), scope.id(), "belief").await?);
    named.retain(|it| !it.anonymous);
    named.sort_by_key(|it| it.closed_at);
    while let Some(it) = named.pop() {
        let kept = kept::of(scope, it.id).await?;
        if belief::asks(&kept.results) {
            return Ok(Some(kept));
        }
    }
    Ok(None)
}

/// The person who answered. Of a snapshot that kept no more than names it is the one who is called so; nobody where
/// several are.
pub fn person_of<'a>(people: &'a [Person], leader: &Leader) -> Option<&'a Person> {
    if let Some(id) = leader.person {
        return people.iter().find(|it| it.id == id);
    }
    let mut found = people.iter().filter(|it| it.name == leader.name);
    found.next().filter(|_| found.next().is_none())
}

/// Loads all of it.
pub async fn look(scope: &Scope) -> Result<Arc<Look>> {
    scope.db().once("envisioning", read(scope)).await
}

async fn read(scope: &Scope) -> Result<Look> {
    let (db, org) = (scope.db(), scope.id());
    let campaigns = survey::store::campaigns(db, org).await?;
    let named = match scope.may(Right::SeeNamedAnswers) {
        true => named_campaign(scope).await?,
        false => None,
    };
    let visions: Vec<Vision> = store::all(db, org).await?;
    let banner = match visions.iter().find(|it| it.state == VisionState::Current) {
        Some(it) => Some(Banner::of(scope, it.clone()).await?),
        None => None,
    };
    let mut votes = voting::votes(db, org).await?;
    let mut workshops: Vec<(Workshop, Option<Vote>)> = store::all::<Workshop>(db, org)
        .await?
        .into_iter()
        .map(|it| {
            let vote = votes.iter().position(|vote| vote.workshop == it.id).map(|at| votes.swap_remove(at));
            (it, vote)
        })
        .collect();
    workshops.sort_by_key(|it| std::cmp::Reverse(it.0.held));
    let people: Vec<Person> = store::all(db, org).await?;
    let belief = latest_belief(scope).await?;
    Ok(Look {
        hidden: if belief.is_none() { answered(scope).await? } else { None },
        belief,
        open: campaigns.iter().find(|it| it.purpose == "belief" && it.state == State::Open).cloned(),
        leaders: named.as_ref().map_or(Vec::new(), |it| belief::leaders_by_now(&it.snapshot, &people)),
        named,
        people,
        visions,
        banner,
        talks: store::all(db, org).await?,
        entries: store::all(db, org).await?,
        opportunities: store::all(db, org).await?,
        workshops,
    })
}

impl Look {
    /// The leaders with much influence and little belief, and whether somebody has talked with them since they answered.
    pub fn doubters(&self) -> Vec<(&Leader, Option<&Person>, bool)> {
        let since = self.named.as_ref().map_or(Date::MIN, |it| it.campaign.opens);
        let talked =
            |of: &Person| self.talks.iter().any(|it| it.person == of.id && it.held.is_some_and(|day| day >= since));
        let doubters = self.leaders.iter().filter(|it| it.is_key());
        doubters
            .map(|it| {
                let person = person_of(&self.people, it);
                (it, person, person.is_some_and(talked))
            })
            .collect()
    }

    /// How many of the leaders of the business stand behind the wording of the current vision, and how many they are.
    pub fn business_behind(&self, today: Date) -> (usize, usize) {
        let leaders: Vec<&Person> = self
            .people
            .iter()
            .filter(|it| it.side == kit::method::Side::Business && it.influence.is_some() && it.is_here(today))
            .collect();
        let behind = self.banner.as_ref().map_or(Vec::new(), |it| crate::envisioning::vision::rules::behind(&it.said));
        let many = leaders.iter().filter(|it| behind.iter().any(|said| said.person == Some(it.id.0))).count();
        (many, leaders.len())
    }
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;
    use kit::{method::Side, people::PersonId};

    use super::*;

    #[test]
    fn namesakes_are_told_apart_by_their_record_and_by_a_name_alone_not_at_all() {
        let person = |id: u128, name: &str| Person {
            id: PersonId(Uuid::from_u128(id)),
            version: 1,
            name: name.to_owned(),
            email: None,
            side: Side::Business,
            job: None,
            unit: None,
            manager: None,
            influence: Some(5),
            starts: None,
            ends: None,
        };
        let people = [person(1, "Ada Berg"), person(2, "Ada Berg"), person(3, "Bo Falk")];
        let found = |name: &str, id: Option<u128>| {
            let leader = Leader {
                name: name.to_owned(),
                person: id.map(|it| PersonId(Uuid::from_u128(it))),
                side: Side::Business,
                unit: None,
                influence: Some(5),
                belief: 2.0,
                answers: [(None, None); 4],
                words: Vec::new(),
            };
            person_of(&people, &leader).map(|it| it.id.0.as_u128())
        };
        assert_eq!([found("Ada Berg", Some(1)), found("Ada Berg", Some(2))], [Some(1), Some(2)]);
        assert_eq!(found("Ada Lind", Some(2)), Some(2), "whoever has another name by now");
        assert_eq!([found("Bo Falk", None), found("Ada Berg", None)], [Some(3), None]);
        assert_eq!(found("Bo Falk", Some(9)), None, "whoever is gone is not taken for a namesake");
    }
}
