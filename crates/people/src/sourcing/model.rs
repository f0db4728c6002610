//! What IT does, who places it where, and who does it.

use jiff::civil::Date;
use kit::{
    choices,
    people::PersonId,
    record::{Faults, Field, Kind, Row},
    rights::Right,
};

choices! {
    /// How much an activity can do for our success against others.
    pub Importance {
        Commodity = "commodity", "Commodity";
        Basic = "basic", "Basic";
        Emerging = "emerging", "Emerging";
        Key = "key", "Key";
    }
}

choices! {
    /// How good we are at it, compared with others who do it.
    pub Capability {
        Weak = "weak", "Weak";
        Moderate = "moderate", "Moderate";
        Strong = "strong", "Strong";
    }
}

kit::record! {
    /// A part of IT's work that can be done inside or by others.
    pub Activity(ActivityId) = Kind::new("activity", "Activity", "Activities", "/activities")
        .about("What IT does, cut so that each part can be done inside or by somebody else.")
        .first_step("Write down the ten to fifteen parts of IT's work that you could give to somebody else.")
        .rights(Right::View, Right::Lead)
        .once("name", "There is an activity of this name already. Change that one, or name this one apart from it.")
        .accountable()
        .ruled(agreed_whole);
    name: String = Field::text("Activity").required().synonyms(&["name", "title"]);
    about: Option<String> = Field::prose("What it comprises");
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    importance: Option<Importance> = Field::choice("Agreed importance", Importance::CHOICES).help("Key: sets us apart today. Emerging: may do so soon. Basic: needed, as everyone needs it. Commodity: anybody sells it.").synonyms(&["importance", "strategic importance"]);
    capability: Option<Capability> = Field::choice("Agreed capability", Capability::CHOICES).help("Compared with others who do this, not with last year.").synonyms(&["capability", "own capability"]);
    reason: Option<String> = Field::prose("Reason for the place").help("Why it stands there, so that next year nobody has to guess.").synonyms(&["reason"]);
    agreed_on: Option<Date> = Field::date("Agreed on").unlisted().synonyms(&["agreed", "placed on"]);
}

kit::record! {
    /// Where one person places one activity.
    pub Placement(PlacementId) = Kind::new("placement", "Placement", "Placements", "/placements")
        .about("Where each person places each activity, before anybody has talked them out of it.")
        .first_step("Open the placing board and let several people place the activities, each on their own.")
        .titled("activity")
        .known_by_all(&["activity", "person"])
        .once("person", "This person has placed the activity already. Change that placement instead.");
    activity: ActivityId = Field::link("Activity", "activity").required();
    person: PersonId = Field::link("Person", "person").required().synonyms(&["email", "who", "person email"]);
    importance: Importance = Field::choice("Importance", Importance::CHOICES).required();
    capability: Capability = Field::choice("Capability", Capability::CHOICES).required();
    note: Option<String> = Field::text("Note").synonyms(&["remark", "why"]);
}

/// A place has two axes and a reason: half of it says nothing.
fn agreed_whole(row: &Row, _: &[Row], faults: &mut Faults) {
    let has = |key: &str| !row.get(Activity::KIND, key).is_empty();
    match (has("importance"), has("capability")) {
        (true, false) => {
            faults.add("capability", "Say how good we are at it too, or leave both empty until it is agreed.")
        }
        (false, true) => {
            faults.add("importance", "Say how important it is too, or leave both empty until it is agreed.")
        }
        (true, true) if !has("reason") => {
            faults.add("reason", "Write why it stands there: next year nobody will remember.")
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use kit::record::Record;

    use super::*;

    fn faults_of(importance: Option<Importance>, capability: Option<Capability>, reason: Option<&str>) -> Vec<String> {
        let row = Activity {
            id: ActivityId::fresh(),
            version: 1,
            name: "Network".to_owned(),
            about: None,
            owner: None,
            importance,
            capability,
            reason: reason.map(str::to_owned),
            agreed_on: None,
        }
        .to_row();
        let mut faults = Faults::default();
        agreed_whole(&row, &[], &mut faults);
        faults.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn an_agreed_place_has_both_axes_and_a_reason() {
        let (key, weak) = (Some(Importance::Key), Some(Capability::Weak));
        assert_eq!(faults_of(key, None, None), ["capability"]);
        assert_eq!(faults_of(None, weak, None), ["importance"]);
        assert_eq!(faults_of(key, weak, None), ["reason"]);
        assert!(faults_of(key, weak, Some("It is what we sell")).is_empty() && faults_of(None, None, None).is_empty());
    }

    #[test]
    fn nobody_places_an_activity_twice() {
        let placement = || Placement {
            id: PlacementId::fresh(),
            version: 1,
            activity: ActivityId(db::uuid::Uuid::nil()),
            person: PersonId(db::uuid::Uuid::nil()),
            importance: Importance::Key,
            capability: Capability::Weak,
            note: None,
        };
        let (first, second) = (placement().to_row(), placement().to_row());
        let mut faults = Faults::default();
        Placement::KIND.check(&second, std::slice::from_ref(&first), &mut faults);
        assert!(faults.of("person").is_some());
        let mut again = Faults::default();
        Placement::KIND.check(&first, std::slice::from_ref(&first), &mut again);
        assert!(again.is_empty());
    }
}
