//! What usually follows from a place and from a choice: the form of the next record, begun with what is known and tied
//! to where it comes from.

use kit::{area::Begun, record::Kind, rights::Right, thread};

use super::{
    contracts::model::{Contract, Supplier},
    model::Activity,
    moving::model::Move,
    placing::rules::Answer,
    selecting::model::Selection,
};

/// A next step: its words, and the form that it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// Of which kind the record is that it begins.
    pub kind: &'static str,
    pub label: String,
    pub url: String,
}

fn step(label: &str, kind: &'static Kind, fields: Vec<(&'static str, String)>, from: thread::End<'_>) -> Onward {
    Onward { kind: kind.one, label: label.to_owned(), url: Begun { kind, fields }.url(from, "") }
}

/// What the place of an activity calls for, the first that fits first. What is done inside and kept calls for nothing.
pub fn of_place(it: &Activity, answer: Answer, may: impl Fn(Right) -> bool) -> Vec<Onward> {
    let from = || thread::End { kind: Activity::KIND.key, id: it.id.0 };
    let activity = || ("activity", it.id.to_string());
    let mut steps = Vec::new();
    if matches!(answer, Answer::Buy | Answer::KeepLeanOrShare) && may(Move::KIND.edit) {
        let name = ("name", format!("Give “{}” to a provider", it.name));
        steps.push(step("Consider a move", Move::KIND, vec![name, activity()], from()));
    }
    if matches!(answer, Answer::Buy | Answer::PartnerAndLearn) && may(Selection::KIND.edit) {
        let title = ("title", format!("Provider for “{}”", it.name));
        steps.push(step("Choose a provider", Selection::KIND, vec![title, activity()], from()));
    }
    steps
}

/// What follows once a provider is chosen: the supplier, and with it the contract and the move.
pub fn of_choice(
    it: &Selection,
    chosen: &str,
    supplier: Option<&Supplier>,
    activity: Option<&Activity>,
    may: impl Fn(Right) -> bool,
) -> Vec<Onward> {
    let from = || thread::End { kind: Selection::KIND.key, id: it.id.0 };
    let mut steps = Vec::new();
    let Some(supplier) = supplier else {
        if may(Supplier::KIND.edit) {
            let label = format!("Add {chosen} to the suppliers");
            steps.push(step(&label, Supplier::KIND, vec![("name", chosen.to_owned())], from()));
        }
        return steps;
    };
    let with = |first: (&'static str, String)| {
        let activity = activity.map(|it| ("activity", it.id.to_string()));
        [Some(first), Some(("supplier", supplier.id.to_string())), activity].into_iter().flatten().collect()
    };
    if may(Contract::KIND.edit) {
        steps.push(step("Write down the contract", Contract::KIND, with(("name", it.title.clone())), from()));
    }
    if let Some(activity) = activity.filter(|_| may(Move::KIND.edit)) {
        let name = ("name", format!("Give “{}” to {}", activity.name, supplier.name));
        steps.push(step("Reckon the move", Move::KIND, with(name), from()));
    }
    steps
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use super::*;
    use crate::sourcing::model::ActivityId;

    #[test]
    fn what_is_bought_may_move_or_be_chosen_for_and_what_is_protected_stays() {
        let it = Activity {
            id: ActivityId(Uuid::nil()),
            version: 1,
            name: "Service desk".to_owned(),
            about: None,
            owner: None,
            importance: None,
            capability: None,
            reason: None,
            agreed_on: None,
        };
        let labels = |answer, may: fn(Right) -> bool| -> Vec<String> {
            of_place(&it, answer, may).into_iter().map(|it| it.label).collect()
        };
        assert_eq!(labels(Answer::Buy, |_| true), ["Consider a move", "Choose a provider"]);
        assert_eq!(labels(Answer::Buy, |it| it != Right::KeepCosts), ["Choose a provider"]);
        assert_eq!(labels(Answer::PartnerAndLearn, |_| true), ["Choose a provider"]);
        assert_eq!(labels(Answer::KeepLeanOrShare, |_| true), ["Consider a move"]);
        assert!(labels(Answer::DoAndProtect, |_| true).is_empty());
        let url = &of_place(&it, Answer::Buy, |_| true)[0].url;
        assert!(url.starts_with(&format!("/moves/new?comes_from=activity:{}", Uuid::nil())), "{url}");
        assert!(url.contains(&format!("&activity={}", Uuid::nil())), "{url}");
    }
}
