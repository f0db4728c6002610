//! The people around technology and the units they belong to: business, IT and providers.

use db::uuid::Uuid;

use crate::{
    area::{Area, Entry},
    method::Side,
    record::{Faults, Field, Kind, Row, Value},
    rights::Right,
};

crate::record! {
    /// A part of the organisation; units form a tree.
    pub Unit(UnitId) = Kind::new("business_unit", "Business unit", "Business units", "/units")
        .about("The parts of the organisation, as a tree. Results are compared by unit.")
        .first_step("Import your units from a spreadsheet, or add the first one by hand.")
        .icon("unit")
        .known_by(&["code", "name"])
        .rights(Right::View, Right::ManagePeople)
        .ruled(no_cycle_of_units);
    /// A short code by which files name it.
    code: Option<String> = Field::text("Code").help("A short code by which files name the unit.").synonyms(&["unit code", "id", "kürzel"]);
    name: String = Field::text("Name").required().synonyms(&["unit", "department", "abteilung", "bereich"]);
    parent: Option<UnitId> = Field::link("Part of", "business_unit").synonyms(&["parent", "parent code", "parent unit", "belongs to", "übergeordnet"]);
}

crate::record! {
    /// Someone who has a say about technology, or gives it: an employee, a leader, a provider's contact.
    pub Person(PersonId) = Kind::new("person", "Person", "People", "/people")
        .about("Everyone with a stake in technology: business, IT and providers. Surveys are sent to them.")
        .first_step("Import your people from a spreadsheet, or add the first one by hand.")
        .icon("people")
        .known_by(&["email", "name"])
        .rights(Right::View, Right::ManagePeople)
        .ruled(no_cycle_of_managers);
    name: String = Field::text("Name").required().synonyms(&["full name", "display name", "employee"]);
    email: Option<String> = Field::email("E-mail").synonyms(&["email", "mail", "e mail address", "upn", "user principal name"]);
    side: Side = Field::choice("Side", Side::CHOICES).required().help("Business uses technology, IT gives it from inside, a provider from outside.").synonyms(&["role group", "group", "seite"]);
    /// What they do, as their card says.
    job: Option<String> = Field::text("Role").synonyms(&["job title", "title", "position", "function", "rolle", "funktion"]);
    unit: Option<UnitId> = Field::link("Business unit", "business_unit").synonyms(&["department", "unit code", "unit", "abteilung"]);
    manager: Option<PersonId> = Field::link("Manager", "person").unlisted().synonyms(&["manager email", "reports to", "vorgesetzter"]);
    /// How much their view decides about technology; leaders only.
    influence: Option<i64> = Field::whole("Influence", 1, 5).unlisted().help("How much this person's view decides about technology, from 1 (little) to 5 (decides). Fill it in for leaders only.");
    starts: Option<jiff::civil::Date> = Field::date("Start").unlisted().synonyms(&["start date", "joined", "eintritt"]);
    ends: Option<jiff::civil::Date> = Field::date("End").unlisted().synonyms(&["end date", "left", "austritt"]);
}

impl Person {
    /// Whether they are here on a day.
    pub fn is_here(&self, day: jiff::civil::Date) -> bool {
        self.starts.is_none_or(|it| it <= day) && self.ends.is_none_or(|it| it >= day)
    }
}

fn no_cycle_of_units(row: &Row, others: &[Row], faults: &mut Faults) {
    if leads_back(Unit::KIND, "parent", row, others) {
        faults.add("parent", "A unit cannot be part of itself, directly or through another one. Choose another unit.");
    }
}

fn no_cycle_of_managers(row: &Row, others: &[Row], faults: &mut Faults) {
    if leads_back(Person::KIND, "manager", row, others) {
        faults.add("manager", "Nobody can be their own manager, directly or through others. Choose another person.");
    }
    if let (Value::Date(starts), Value::Date(ends)) = (row.get(Person::KIND, "starts"), row.get(Person::KIND, "ends"))
        && ends < starts
    {
        faults.add("ends", "The end is before the start. Correct one of the two days.");
    }
}

/// Whether following a link from the record arrives at the record again.
fn leads_back(kind: &Kind, link: &str, row: &Row, others: &[Row]) -> bool {
    let next = |of: &Row| match of.get(kind, link) {
        Value::Link(it) => Some(*it),
        _ => None,
    };
    let mut at: Option<Uuid> = next(row);
    for _ in 0..=others.len() {
        match at {
            None => return false,
            Some(it) if it == row.id => return true,
            Some(it) => at = others.iter().find(|other| other.id == it).and_then(next),
        }
    }
    true
}

/// The area that brings people and units.
pub struct People;

impl Area for People {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Person::KIND, Unit::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        &[Entry { title: "People", url: "/people", icon: "people", right: Right::View, in_navigation: true }]
    }
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use super::*;
    use crate::record::Record;

    fn unit(id: u128, parent: Option<u128>) -> Row {
        let parent = parent.map(|it| UnitId(Uuid::from_u128(it)));
        Unit { id: UnitId(Uuid::from_u128(id)), version: 1, code: None, name: format!("Unit {id}"), parent }.to_row()
    }

    fn faults_of(row: Row, others: &[Row]) -> Faults {
        let mut faults = Faults::default();
        (Unit::KIND.rules)(&row, others, &mut faults);
        faults
    }

    #[test]
    fn a_unit_that_is_part_of_its_own_part_is_refused() {
        let others = [unit(1, None), unit(2, Some(1)), unit(3, Some(2))];
        assert!(faults_of(unit(1, Some(3)), &others).of("parent").is_some());
        assert!(faults_of(unit(1, Some(1)), &others).of("parent").is_some());
        assert!(faults_of(unit(3, Some(1)), &others).is_empty());
    }
}
