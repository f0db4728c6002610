//! Roles and what goes with them, who is away, and the letters of the accountability matrix.

use calc::money::Money;
use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{
    choices,
    people::PersonId,
    record::{Faults, Field, Kind, Row, Value},
    rights::Right,
};
use rust_decimal::Decimal;

choices! {
    /// What a role is in a row of the matrix. Responsible does it, accountable answers for it.
    pub Letter {
        Responsible = "R", "R";
        Accountable = "A", "A";
        Both = "A/R", "A/R";
        Consulted = "C", "C";
        Informed = "I", "I";
        /// As files bring it; a warning asks for one of the two.
        ConsultedAndInformed = "C/I", "C/I";
    }
}

impl Letter {
    /// What the letter stands for, as a sentence says it of a role.
    pub fn means(self) -> &'static str {
        match self {
            Letter::Responsible => "does it",
            Letter::Accountable => "answers for it",
            Letter::Both => "answers for it and does it",
            Letter::Consulted => "is asked first",
            Letter::Informed => "is told",
            Letter::ConsultedAndInformed => "is asked first and told",
        }
    }

    pub fn answers(self) -> bool {
        matches!(self, Letter::Accountable | Letter::Both)
    }

    pub fn does(self) -> bool {
        matches!(self, Letter::Responsible | Letter::Both)
    }

    pub fn is_asked(self) -> bool {
        matches!(self, Letter::Consulted | Letter::ConsultedAndInformed)
    }
}

kit::record! {
    /// What somebody is there for: it may change hands, and may be vacant.
    pub Role(RoleId) = Kind::new("role", "Role", "Roles", "/roles")
        .about("Who decides and answers for IT, by role: what they may decide, up to which amount, and who stands in.")
        .first_step("Write down the roles that decide about IT: chief executive, IT leader, owners of the main processes.")
        .rights(Right::View, Right::Lead)
        .signed()
        .ruled(rules_of_roles);
    name: String = Field::text("Role").required().help("What the role is, not who holds it: ERP owner.").synonyms(&["name", "title"]);
    holder: Option<PersonId> = Field::link("Held by", "person").accountable().help("Nobody: the role is vacant.").synonyms(&["holder", "person", "holder email"]);
    deputy: Option<PersonId> = Field::link("Deputy", "person").accountable().help("Decides while the holder is away.").synonyms(&["stand-in", "deputy email"]);
    reports_to: Option<RoleId> = Field::link("Reports to", "role").help("The role that gave this one its mandate.").synonyms(&["superior role", "parent role"]);
    days: Option<Decimal> = Field::number("Days a month").help("How many working days a month the holder has for this role, holidays apart.").synonyms(&["capacity", "days per month"]);
    decides: Option<String> = Field::prose("Decides").help("What this role may decide without asking anybody.").synonyms(&["decision rights", "mandate"]);
    spending_limit: Option<Money> = Field::money("Spending limit").help("Up to which amount the role may commit the organisation at a time.");
}

impl Role {
    /// What a mandate still lacks, in the words of its fields.
    pub fn lacks(&self) -> Vec<&'static str> {
        let parts = [
            (self.decides.is_none(), "what it decides"),
            (self.spending_limit.is_none(), "a spending limit"),
            (self.deputy.is_none(), "a deputy"),
        ];
        parts.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect()
    }
}

kit::record! {
    /// Time in which somebody is not there for their roles.
    pub Absence(AbsenceId) = Kind::new("absence", "Absence", "Absences", "/absences")
        .about("Who is away from their roles, from when to when, and how much of their time. No reasons are kept.")
        .first_step("Write down absences of two weeks and more that are known already.")
        .titled("called")
        .sorted("starts")
        .known_by_all(&["person", "starts"])
        .rights(Right::Lead, Right::Lead)
        .ruled(rules_of_absences);
    called: String = Field::text("Called").required().help("As colleagues may know it, such as “Away” or “At the plant in Lyon”. Nothing about health.").synonyms(&["absence", "title", "kind"]);
    person: PersonId = Field::link("Person", "person").required().synonyms(&["person email", "employee", "name"]);
    starts: Date = Field::date("From").required().synonyms(&["start", "starts", "first day"]);
    ends: Date = Field::date("To").required().synonyms(&["end", "ends", "until", "last day"]);
    share: i64 = Field::whole("Share of the time, in %", 1, 100).required().usually("100").help("100 is away altogether, 50 is half days.").synonyms(&["share", "percent"]);
}

/// A deputy is somebody else, the days fit into a month, and no role gave itself its mandate.
fn rules_of_roles(row: &Row, others: &[Row], faults: &mut Faults) {
    let kind = Role::KIND;
    let link = |of: &Row, key: &str| match of.get(kind, key) {
        Value::Link(it) => Some(*it),
        _ => None,
    };
    if link(row, "deputy").is_some() && link(row, "deputy") == link(row, "holder") {
        faults.add("deputy", "The deputy has to be somebody else than who holds the role. Choose another person.");
    }
    if let Value::Number(days) = row.get(kind, "days")
        && (days.is_sign_negative() || *days > Decimal::from(MOST_DAYS))
    {
        faults
            .add("days", "A month has from 0 to 23 working days. Write how many of them the holder has for this role.");
    }
    let mut at: Option<Uuid> = link(row, "reports_to");
    for _ in 0..=others.len() {
        match at {
            None => return,
            Some(it) if it == row.id => {
                let why = "No role can report to itself, directly or through others. Choose another role.";
                faults.add("reports_to", why);
                return;
            }
            Some(it) => at = others.iter().find(|other| other.id == it).and_then(|it| link(it, "reports_to")),
        }
    }
}

/// The most working days that a month has.
const MOST_DAYS: i64 = 23;

fn rules_of_absences(row: &Row, _: &[Row], faults: &mut Faults) {
    if let (Value::Date(starts), Value::Date(ends)) = (row.get(Absence::KIND, "starts"), row.get(Absence::KIND, "ends"))
        && ends < starts
    {
        faults.add("ends", "The last day is before the first. Correct one of the two.");
    }
}

#[cfg(test)]
mod tests {
    use kit::record::Record;

    use super::*;

    fn role(id: u128, reports_to: Option<u128>) -> Role {
        Role {
            id: RoleId(Uuid::from_u128(id)),
            version: 1,
            name: format!("Role {id}"),
            holder: None,
            deputy: None,
            reports_to: reports_to.map(|it| RoleId(Uuid::from_u128(it))),
            days: None,
            decides: None,
            spending_limit: None,
        }
    }

    fn faults_of(of: &Role, others: &[Role]) -> Faults {
        let mut faults = Faults::default();
        let others: Vec<Row> = others.iter().map(Record::to_row).collect();
        rules_of_roles(&of.to_row(), &others, &mut faults);
        faults
    }

    #[test]
    fn a_role_that_reports_to_itself_through_others_is_refused() {
        let others = [role(1, None), role(2, Some(1)), role(3, Some(2))];
        assert!(faults_of(&role(1, Some(3)), &others).of("reports_to").is_some());
        assert!(faults_of(&role(1, Some(1)), &others).of("reports_to").is_some());
        assert!(faults_of(&role(3, Some(1)), &others).is_empty());
    }

    #[test]
    fn the_deputy_is_somebody_else_and_a_month_has_no_more_days_than_it_has() {
        let ada = Some(PersonId(Uuid::from_u128(9)));
        let of = Role { holder: ada, deputy: ada, days: Some(Decimal::from(24)), ..role(1, None) };
        let faults = faults_of(&of, &[]);
        assert!(faults.of("deputy").is_some() && faults.of("days").is_some());
        let vacant = Role { deputy: ada, days: Some(Decimal::from(23)), ..role(1, None) };
        assert!(faults_of(&vacant, &[]).is_empty());
    }

    #[test]
    fn an_absence_ends_no_earlier_than_it_starts() {
        let away = |ends| Absence {
            id: AbsenceId(Uuid::nil()),
            version: 1,
            called: "Away".to_owned(),
            person: PersonId(Uuid::nil()),
            starts: jiff::civil::date(2027, 3, 2),
            ends,
            share: 100,
        };
        let faults_of = |ends| {
            let mut faults = Faults::default();
            rules_of_absences(&away(ends).to_row(), &[], &mut faults);
            faults
        };
        assert!(faults_of(jiff::civil::date(2027, 3, 1)).of("ends").is_some());
        assert!(faults_of(jiff::civil::date(2027, 3, 2)).is_empty());
    }
}
