//! What Waypost says about the fifteen competencies, from data/competencies.toml.

use std::sync::LazyLock;

use kit::method::{Competency, Group};
use serde::Deserialize;

/// The texts about one competency.
#[derive(Debug, Deserialize)]
pub struct Text {
    pub key: String,
    /// What it answers, as a question of the company.
    pub question: String,
    pub why_here: String,
    pub good: String,
    /// What one would see in the company at the levels 0 to 5.
    pub maturity: [String; 6],
    pub reflect: Vec<String>,
    pub traps: Vec<String>,
    /// When to move on.
    pub good_enough: String,
    pub evidence: Vec<Proof>,
    /// How a weak state puts the coming budget at risk; empty for the budget itself and what follows it.
    pub budget_risk: String,
    pub first_step: String,
    pub afternoon: Afternoon,
}

/// Something that proves a competency to be good enough.
#[derive(Debug, Deserialize)]
pub struct Proof {
    pub text: String,
}

/// What can be done about a competency in one afternoon.
#[derive(Debug, Deserialize)]
pub struct Afternoon {
    pub title: String,
    pub steps: Vec<String>,
}

#[derive(Deserialize)]
struct Competencies {
    competency: Vec<Text>,
}

#[derive(Deserialize)]
struct Groups {
    group: Vec<GroupText>,
}

#[derive(Deserialize)]
struct GroupText {
    achieves: String,
}

static COMPETENCIES: LazyLock<Vec<Text>> = LazyLock::new(|| {
    let read: Competencies =
        toml::from_str(include_str!("../data/competencies.toml")).expect("a test reads the same file");
    read.competency
});

static GROUPS: LazyLock<Vec<GroupText>> = LazyLock::new(|| {
    let read: Groups = toml::from_str(include_str!("../data/groups.toml")).expect("a test reads the same file");
    read.group
});

/// What is said about a competency.
pub fn of(competency: Competency) -> &'static Text {
    &COMPETENCIES[competency as usize]
}

/// What a group of competencies achieves, as a sentence.
pub fn achieves(group: Group) -> &'static str {
    &GROUPS[group as usize].achieves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_competency_has_all_of_its_texts_in_the_order_of_the_method() {
        assert_eq!(COMPETENCIES.len(), Competency::ALL.len());
        for it in Competency::ALL {
            let text = of(*it);
            assert_eq!(text.key, it.key());
            assert!(text.maturity.iter().all(|it| it.ends_with('.')), "{it:?}");
            let lists = [text.reflect.len(), text.traps.len(), text.evidence.len(), text.afternoon.steps.len()];
            assert!(lists.iter().all(|it| *it >= 3), "{it:?} has {lists:?}");
            assert_eq!(text.budget_risk.is_empty(), it.number() >= 12, "{it:?}");
        }
    }

    #[test]
    fn every_group_says_what_it_achieves() {
        assert!(Group::ALL.iter().all(|it| achieves(*it).ends_with('.')));
    }
}
