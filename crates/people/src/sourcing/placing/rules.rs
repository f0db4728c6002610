//! What a place in the matrix means, how far people stand apart, and where they meet.
//!
//! The advice is our reading of R. C. Insinga and M. J. Werle, Linking outsourcing to business strategy, Academy of
//! Management Executive 14(4), 2000. Only the places are kept; both views are computed from them.

use std::collections::BTreeMap;

use kit::{
    method::Side,
    people::{Person, PersonId},
};

use crate::sourcing::{
    model::{Activity, ActivityId, Capability, Importance, Placement},
    rules::APART,
};

/// From this spread on people stand far apart.
const FAR: f64 = 0.45;

/// What to do with activities of a place, said in a word and in a sentence.
pub fn advice(importance: Importance, capability: Capability) -> (&'static str, &'static str) {
    use Capability::*;
    use Importance::*;
    match (importance, capability) {
        (Key, Strong) => ("Do it, protect it", "This is what we win with. Do it inside, keep the people, stay ahead."),
        (Key, Moderate) => ("Invest, keep control", "Get better soon. Partners may help, but we decide and we learn."),
        (Key, Weak) => {
            ("Partner, then build", "Too important to be bad at. Work closely with a partner and bring it in.")
        }
        (Emerging, Strong) => ("Develop it", "Put good people on it: it may be what we win with next."),
        (Emerging, Moderate) => ("Share the risk", "Develop it together with a partner, and keep the right to learn."),
        (Emerging, Weak) => ("Try small", "Explore with partners at small stakes, until we know what it is worth."),
        (Basic, Strong) => {
            ("Keep while efficient", "Nothing to win here. Keep it as long as it is cheap, or share it.")
        }
        (Basic, Moderate) => ("Share or second source", "No new money. Share the work, or have a second source ready."),
        (Basic, Weak) => ("Buy, two sources", "Others do it better. Buy it, and know who else could deliver."),
        (Commodity, Strong) => {
            ("Stop, free the people", "Good at what anybody sells: give it up and use the people better.")
        }
        (Commodity, Moderate) => ("Buy, stop doing it", "Buy it ready-made and end our own effort."),
        (Commodity, Weak) => ("Buy on price", "Price decides. Spend no thought on it."),
    }
}

/// The four answers of the view for a first meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    DoAndProtect,
    PartnerAndLearn,
    KeepLeanOrShare,
    Buy,
}

impl Answer {
    /// Emerging and key matter; commodity and basic do not. Only strong is good enough to do it oneself: to be as good
    /// as others is no reason to do what they sell.
    pub fn of(importance: Importance, capability: Capability) -> Answer {
        match (importance >= Importance::Emerging, capability == Capability::Strong) {
            (true, true) => Answer::DoAndProtect,
            (true, false) => Answer::PartnerAndLearn,
            (false, true) => Answer::KeepLeanOrShare,
            (false, false) => Answer::Buy,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Answer::DoAndProtect => "Do & protect",
            Answer::PartnerAndLearn => "Partner & learn",
            Answer::KeepLeanOrShare => "Keep lean or share",
            Answer::Buy => "Buy",
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Answer::DoAndProtect => "It sets us apart and we are good at it: keep it inside, and keep it good.",
            Answer::PartnerAndLearn => "It matters and we are not good enough: work with a partner, and learn.",
            Answer::KeepLeanOrShare => "We are good at what wins nothing: keep it lean, or share it with others.",
            Answer::Buy => "It wins nothing and others do it better: buy it.",
        }
    }
}

/// One person's placement, as the pictures show it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub name: String,
    pub side: Side,
    pub importance: Importance,
    pub capability: Capability,
    pub note: Option<String>,
}

/// Where an activity stands, and how people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub activity: Activity,
    pub views: Vec<View>,
    /// How far people stand apart: 0 where all agree, 1 where they are as far apart as the axes go.
    pub spread: f64,
}

impl Seen {
    /// The agreed place.
    pub fn agreed(&self) -> Option<(Importance, Capability)> {
        self.activity.importance.zip(self.activity.capability)
    }

    /// The middle of the views: of two middles the more important and the weaker one, which is the case to talk about.
    pub fn middle(&self) -> Option<(Importance, Capability)> {
        let mut importance: Vec<Importance> = self.views.iter().map(|it| it.importance).collect();
        let mut capability: Vec<Capability> = self.views.iter().map(|it| it.capability).collect();
        importance.sort_unstable();
        capability.sort_unstable();
        let last = importance.len().checked_sub(1)?;
        Some((importance[last.div_ceil(2)], capability[last / 2]))
    }

    /// The agreed place, or the middle of the views until there is one.
    pub fn place(&self) -> Option<(Importance, Capability)> {
        self.agreed().or_else(|| self.middle())
    }

    pub fn is_far(&self) -> bool {
        self.spread >= FAR
    }

    /// How far apart people are, in words.
    pub fn said(&self) -> &'static str {
        match (self.views.len(), self.spread) {
            (0, _) => "not placed yet",
            (1, _) => "one view only",
            (_, 0.0) => "all agree",
            (_, it) if it < APART => "close together",
            (_, it) if it < FAR => "apart",
            _ => "far apart",
        }
    }
}

/// Everything that is placed, the widest disagreement first, then as it is called.
pub fn seen(activities: Vec<Activity>, placements: &[Placement], people: &[Person]) -> Vec<Seen> {
    let people: BTreeMap<PersonId, &Person> = people.iter().map(|it| (it.id, it)).collect();
    let mut views: BTreeMap<ActivityId, Vec<View>> = BTreeMap::new();
    for it in placements {
        let Some(person) = people.get(&it.person) else { continue };
        views.entry(it.activity).or_default().push(View {
            name: person.name.clone(),
            side: person.side,
            importance: it.importance,
            capability: it.capability,
            note: it.note.clone(),
        });
    }
    let mut all: Vec<Seen> = activities
        .into_iter()
        .map(|activity| {
            let mut views = views.remove(&activity.id).unwrap_or_default();
            views.sort_by(|a, b| (a.side, &a.name).cmp(&(b.side, &b.name)));
            Seen { spread: spread(&views), activity, views }
        })
        .collect();
    all.sort_by(|a, b| b.spread.total_cmp(&a.spread).then_with(|| a.activity.name.cmp(&b.activity.name)));
    all
}

/// The mean distance between two people, each axis as a share of its length; 0 of fewer than two.
pub fn spread(views: &[View]) -> f64 {
    let distance = |a: &View, b: &View| {
        let importance = (a.importance as i32 - b.importance as i32).abs();
        let capability = (a.capability as i32 - b.capability as i32).abs();
        f64::from(importance) / 3.0 / 2.0 + f64::from(capability) / 2.0 / 2.0
    };
    let pairs: Vec<f64> = views
        .iter()
        .enumerate()
        .flat_map(|(at, a)| views[at + 1..].iter().map(move |b| (a, b)))
        .map(|(a, b)| distance(a, b))
        .collect();
    calc::describe::mean(&pairs).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(importance: Importance, capability: Capability) -> View {
        View { name: "Ada".to_owned(), side: Side::It, importance, capability, note: None }
    }

    fn placed(views: Vec<View>) -> Seen {
        let activity = Activity {
            id: ActivityId(db::uuid::Uuid::nil()),
            version: 1,
            name: "Network".to_owned(),
            about: None,
            owner: None,
            importance: None,
            capability: None,
            reason: None,
            agreed_on: None,
        };
        Seen { spread: spread(&views), activity, views }
    }

    #[test]
    fn each_of_the_twelve_places_has_its_own_advice() {
        let mut said: Vec<&str> =
            Importance::ALL.iter().flat_map(|i| Capability::ALL.iter().map(|c| advice(*i, *c).0)).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), 12);
    }

    #[test]
    fn moderate_is_no_reason_to_do_it_oneself() {
        assert_eq!(Answer::of(Importance::Key, Capability::Moderate), Answer::PartnerAndLearn);
        assert_eq!(Answer::of(Importance::Basic, Capability::Moderate), Answer::Buy);
        assert_eq!(Answer::of(Importance::Emerging, Capability::Strong), Answer::DoAndProtect);
        assert_eq!(Answer::of(Importance::Commodity, Capability::Strong), Answer::KeepLeanOrShare);
    }

    #[test]
    fn two_people_in_opposite_corners_are_as_far_apart_as_can_be() {
        let far = [view(Importance::Commodity, Capability::Weak), view(Importance::Key, Capability::Strong)];
        assert_eq!(spread(&far), 1.0);
        assert_eq!(spread(&far[..1]), 0.0);
    }

    #[test]
    fn between_two_middles_the_case_to_talk_about_is_taken() {
        let it = placed(vec![view(Importance::Basic, Capability::Moderate), view(Importance::Key, Capability::Strong)]);
        assert_eq!(it.middle(), Some((Importance::Key, Capability::Moderate)));
        assert_eq!(placed(Vec::new()).middle(), None);
    }

    proptest! {
        #[test]
        fn the_spread_is_a_share_and_knows_no_order(places in prop::collection::vec((0usize..4, 0usize..3), 0..12)) {
            let views: Vec<View> =
                places.iter().map(|(i, c)| view(Importance::ALL[*i], Capability::ALL[*c])).collect();
            let back: Vec<View> = views.iter().rev().cloned().collect();
            prop_assert!((0.0..=1.0).contains(&spread(&views)));
            prop_assert!((spread(&views) - spread(&back)).abs() < 1e-12);
        }
    }
}
