//! What IT does for the company, as those who use it would name it.

use jiff::civil::Date;
use kit::{
    choices,
    method::Proposition,
    people::PersonId,
    record::{Field, Kind, Record, Row},
    rights::Right,
};
use people::sourcing::model::ActivityId;

choices! {
    /// How far a service has come.
    pub State {
        Idea = "idea", "Idea";
        Planned = "planned", "Planned", Warn;
        Live = "live", "In use", Good;
        Ended = "ended", "Ended";
    }
}

impl State {
    /// Whether somebody has to answer for it.
    pub fn is_on(self) -> bool {
        matches!(self, State::Planned | State::Live)
    }
}

kit::record! {
    /// Something that IT does for others, under one name, with somebody who answers for it.
    pub Service(ServiceId) = Kind::new("service", "Service", "Services", "/services")
        .about("What IT does for the company, in the words of those who use it: what for, for whom, how dependable.")
        .first_step("Describe the five services that people ask for most, in words that a new colleague would understand.")
        .rights(Right::View, Right::Lead)
        .once("name", "There is a service of this name already. Change that one, or name this one apart from it.")
        .accountable()
        .answered_while(|row| State::from_key(row.get(Service::KIND, "state").text()).is_some_and(State::is_on))
        .begun_by("starts")
        .ended_by("ends")
        .findings(to_mend);
    name: String = Field::text("Service").required().help("As those who use it call it, without the name of a product.").synonyms(&["name", "title"]);
    purpose: Option<String> = Field::prose("What it is for").help("What people can do with it that they could not do without.").synonyms(&["description", "purpose"]);
    audience: Option<String> = Field::text("For whom").synonyms(&["users", "audience"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    level: Option<String> = Field::text("What is promised").unlisted().help("When it can be used, and how soon it works again.").synonyms(&["hours", "service level", "level"]);
    activity: Option<ActivityId> = Field::link("Done by the activity", "activity").unlisted().help("The part of IT's work that it comes from: a move of that one touches it.");
    proposition: Option<Proposition> = Field::choice("Value proposition", Proposition::CHOICES).unlisted();
    state: State = Field::choice("State", State::CHOICES).required().usually("live").synonyms(&["status", "lifecycle"]);
    starts: Option<Date> = Field::date("From").help("When it comes into use. Empty: it is.").synonyms(&["start", "start date"]);
    ends: Option<Date> = Field::date("Until").help("Its last day, once that is known.").synonyms(&["end", "end date"]);
}

/// What keeps somebody outside IT from understanding it.
pub fn to_mend(row: &Row, _: Date) -> Vec<String> {
    let it = Service::from_row(row);
    let lacks = [
        (it.purpose.is_none(), "Say what it is for: a name alone tells nobody what they would lose."),
        (it.audience.is_none(), "Say for whom it is."),
        (it.owner.is_none(), "Give it an owner: nobody is asked about it otherwise."),
    ];
    let missing = lacks.into_iter().filter(|(lacking, _)| *lacking && it.state.is_on());
    missing.map(|(_, text)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn service() -> Service {
        Service {
            id: ServiceId(db::uuid::Uuid::nil()),
            version: 1,
            name: "Help for everyone".to_owned(),
            purpose: Some("One number for whatever does not work.".to_owned()),
            audience: Some("Everybody".to_owned()),
            owner: Some(PersonId(db::uuid::Uuid::nil())),
            level: None,
            activity: None,
            proposition: None,
            state: State::Live,
            starts: None,
            ends: None,
        }
    }

    #[test]
    fn a_service_in_use_says_what_it_is_for_and_for_whom_and_has_an_owner() {
        let lacks = |it: Service| to_mend(&it.to_row(), date(2026, 11, 23)).len();
        assert_eq!(lacks(service()), 0);
        assert_eq!(lacks(Service { purpose: None, audience: None, owner: None, ..service() }), 3);
        assert_eq!(lacks(Service { owner: None, state: State::Ended, ..service() }), 0);
    }
}
