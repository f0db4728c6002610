//! Reading what somebody without an account sends.

use kit::people::PersonId;

use crate::sourcing::model::{Activity, Capability, Importance, Placement};

/// What is wrong with an answer, in English and in German.
pub type Fault = (&'static str, &'static str);

/// Where somebody places an activity; nothing where they leave it out.
pub fn place(importance: &str, capability: &str, note: &str) -> Result<Option<(Importance, Capability)>, Fault> {
    match (Importance::from_key(importance), Capability::from_key(capability)) {
        (Some(importance), Some(capability)) => Ok(Some((importance, capability))),
        (None, None) if note.is_empty() => Ok(None),
        (None, None) => Err((
            "Choose both places for your note to stand beside.",
            "Wählen Sie beides, damit Ihre Anmerkung daneben stehen kann.",
        )),
        (Some(_), None) => Err(("Say how good we are at it too.", "Sagen Sie auch, wie gut wir darin sind.")),
        (None, Some(_)) => Err(("Say how important it is too.", "Sagen Sie auch, wie wichtig es ist.")),
    }
}

/// How many of the activities a person has placed, and how many there are.
pub fn placed(activities: &[Activity], placements: &[Placement], of: PersonId) -> (usize, usize) {
    let is_placed = |it: &&Activity| placements.iter().any(|place| place.person == of && place.activity == it.id);
    (activities.iter().filter(is_placed).count(), activities.len())
}

/// How many points somebody gives; nothing where they cannot judge.
pub fn points(text: &str) -> Result<Option<i64>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(points) if (0..=5).contains(&points) => Ok(Some(points)),
        _ => Err(("A score is a whole number from 0 to 5.", "Punkte sind eine ganze Zahl von 0 bis 5.")),
    }
}

/// The name of an importance in German.
pub fn importance_in_german(it: Importance) -> &'static str {
    match it {
        Importance::Commodity => "Standard",
        Importance::Basic => "Grundlage",
        Importance::Emerging => "Im Kommen",
        Importance::Key => "Entscheidend",
    }
}

/// The name of a capability in German.
pub fn capability_in_german(it: Capability) -> &'static str {
    match it {
        Capability::Weak => "Schwach",
        Capability::Moderate => "Mittel",
        Capability::Strong => "Stark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_place_is_a_fault_and_none_is_left_out() {
        assert_eq!(place("key", "weak", ""), Ok(Some((Importance::Key, Capability::Weak))));
        assert_eq!(place("", "", ""), Ok(None));
        assert!(place("key", "", "").is_err() && place("", "weak", "").is_err() && place("", "", "why").is_err());
    }

    #[test]
    fn points_run_from_nought_to_five() {
        assert_eq!([points(""), points("0"), points("5")], [Ok(None), Ok(Some(0)), Ok(Some(5))]);
        assert!(["6", "-1", "2.5", "many"].iter().all(|it| points(it).is_err()));
    }
}
