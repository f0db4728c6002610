//! Roles and what goes with them.

use calc::money::Money;
use kit::{
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};

kit::record! {
    /// What somebody is there for: it may change hands, and may be vacant.
    pub Role(RoleId) = Kind::new("role", "Role", "Roles", "/roles")
        .about("Who decides and answers for IT, by role: what they may decide, up to which amount, and who stands in.")
        .first_step("Write down the roles that decide about IT: chief executive, IT leader, owners of the main processes.")
        .rights(Right::View, Right::Lead);
    name: String = Field::text("Role").required().synonyms(&["name", "title"]);
    holder: Option<PersonId> = Field::link("Held by", "person").accountable().help("Nobody: the role is vacant.").synonyms(&["holder", "person", "holder email"]);
    deputy: Option<PersonId> = Field::link("Deputy", "person").synonyms(&["stand-in", "deputy email"]);
    decides: Option<String> = Field::prose("Decides").help("What this role may decide without asking anybody.").synonyms(&["decision rights", "mandate"]);
    spending_limit: Option<Money> = Field::money("Spending limit").help("Up to which amount the role may commit the organisation at a time.");
}
