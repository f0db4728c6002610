//! What IT does, and who does it.

use kit::{
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};

kit::record! {
    /// A part of IT's work that can be done inside or by others.
    pub Activity(ActivityId) = Kind::new("activity", "Activity", "Activities", "/activities")
        .about("What IT does, cut so that each part can be done inside or by somebody else.")
        .first_step("Write down the ten to fifteen parts of IT's work that you could give to somebody else.")
        .rights(Right::View, Right::Lead)
        .accountable();
    name: String = Field::text("Activity").required().synonyms(&["name", "title"]);
    about: Option<String> = Field::prose("What it comprises");
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
}
