//! The people around technology and the units they belong to: business, IT and providers.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use db::{Tx, uuid::Uuid};
use jiff::{ToSpan, civil::Date};

use crate::{
    area::{Answer, Area, Entry, Note},
    door::store::{Member, members},
    error::Result,
    method::Side,
    record::{Faults, Field, Kind, Record, Row, Value},
    rights::Right,
    store,
    web::Scope,
};

crate::record! {
    /// A part of the organisation; units form a tree.
    pub Unit(UnitId) = Kind::new("business_unit", "Business unit", "Business units", "/units")
        .about("The parts of the organisation, as a tree. Results are compared by unit.")
        .first_step("Import your units from a spreadsheet, or add the first one by hand.")
        .known_by(&["code", "name"])
        .rights(Right::View, Right::ManagePeople)
        .ruled(no_cycle_of_units);
    name: String = Field::text("Name").required().synonyms(&["unit", "department", "abteilung", "bereich"]);
    /// A short code by which files name it.
    code: Option<String> = Field::text("Code").help("A short code by which files name the unit.").synonyms(&["unit code", "id", "kürzel"]);
    parent: Option<UnitId> = Field::link("Part of", "business_unit").synonyms(&["parent", "parent code", "parent unit", "belongs to", "übergeordnet"]);
}

crate::record! {
    /// Someone who has a say about technology, or gives it: an employee, a leader, a provider's contact.
    pub Person(PersonId) = Kind::new("person", "Person", "People", "/people")
        .about("Everyone with a stake in technology: business, IT and providers. Surveys are sent to them.")
        .first_step("Import your people from a spreadsheet, or add the first one by hand.")
        .known_by(&["email", "name"])
        .ended_by("ends")
        .rights(Right::View, Right::ManagePeople)
        .ruled(rules_of_people);
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

    /// Where what they leave behind is listed.
    fn to_leave(&self) -> String {
        format!("/people/{}#leaving", self.id)
    }
}

/// The person of the organisation whose address the account signs in with; nobody for the program itself, and for
/// accounts from outside, such as a consultant's.
pub async fn me(scope: &Scope) -> Result<Option<Person>> {
    let Some(session) = &scope.session else { return Ok(None) };
    let everyone = store::all::<Person>(scope.db(), scope.id()).await?;
    Ok(everyone.into_iter().find(|it| it.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(&session.email))))
}

/// Who looks, as far as that decides what they see of others.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    pub me: Option<PersonId>,
    /// Those whose work they judge: who reports to them directly, and within IT also through others. A chief executive
    /// leads everybody, but judges the work of few.
    pub team: BTreeSet<PersonId>,
    /// Whether their role sees what things cost.
    pub sees_costs: bool,
}

impl Viewer {
    /// Whether this is the viewer, or somebody whose work they judge.
    pub fn is_or_judges(&self, person: PersonId) -> bool {
        self.me == Some(person) || self.team.contains(&person)
    }

    /// Whether they see the amounts of a record.
    pub fn sees_amounts_of<R: Record>(&self, it: &R) -> bool {
        R::KIND.shows_amounts(self, &it.to_row())
    }
}

/// Everybody in the organisation, for showing who a record names.
pub async fn by_id(scope: &Scope) -> Result<BTreeMap<PersonId, Person>> {
    Ok(store::all::<Person>(scope.db(), scope.id()).await?.into_iter().map(|it| (it.id, it)).collect())
}

/// Who is signed in, as a viewer.
pub async fn viewer(scope: &Scope) -> Result<Viewer> {
    let everyone = store::all::<Person>(scope.db(), scope.id()).await?;
    Ok(viewer_among(scope, &everyone))
}

/// The same, seen from within a write.
pub async fn viewer_in(tx: &mut Tx, scope: &Scope) -> Result<Viewer> {
    let rows = store::rows_in(tx, scope.id(), Person::KIND).await?;
    Ok(viewer_among(scope, &rows.iter().map(Person::from_row).collect::<Vec<_>>()))
}

/// The same for whom everyone is at hand already.
pub fn viewer_among(scope: &Scope, everyone: &[Person]) -> Viewer {
    let sees_costs = scope.may(Right::SeeCosts);
    let nobody = Viewer { sees_costs, ..Viewer::default() };
    let Some(session) = &scope.session else { return nobody };
    let mine = |it: &&Person| it.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(&session.email));
    let Some(me) = everyone.iter().find(mine) else { return nobody };
    Viewer { me: Some(me.id), team: team(everyone, me), sees_costs }
}

/// Everyone below a person in the tree of managers.
fn reports(everyone: &[Person], of: PersonId) -> BTreeSet<PersonId> {
    let mut below = BTreeSet::new();
    let mut next = vec![of];
    while let Some(manager) = next.pop() {
        for it in everyone.iter().filter(|it| it.manager == Some(manager)) {
            if it.id != of && below.insert(it.id) {
                next.push(it.id);
            }
        }
    }
    below
}

/// Who reports to a person directly, and within IT also through others.
fn team(everyone: &[Person], of: &Person) -> BTreeSet<PersonId> {
    let of_it: Vec<Person> = everyone.iter().filter(|it| it.side == Side::It).cloned().collect();
    let directly = everyone.iter().filter(|it| it.manager == Some(of.id) && it.id != of.id).map(|it| it.id);
    let through_others = if of.side == Side::It { reports(&of_it, of.id) } else { BTreeSet::new() };
    directly.chain(through_others).collect()
}

/// How many days ahead it waits for a decision that somebody leaves who still answers for something.
pub const LEAVING: i32 = 60;
/// How many days ahead it stands beside a name that somebody leaves.
const MARKED: i32 = 365;

/// What stands beside the name of somebody who has left, or will: "left 3 May 2026", "leaves 31 Jan 2027".
pub fn leaving(scope: &Scope, person: &Person) -> Option<String> {
    let (ends, today) = (person.ends?, scope.today());
    let day = scope.locale().short_date(ends);
    match ends {
        it if it < today => Some(format!("left {day}")),
        it if it <= today + MARKED.days() => Some(format!("leaves {day}")),
        _ => None,
    }
}

/// The same of everybody.
pub(crate) async fn everyone_leaving(scope: &Scope) -> Result<BTreeMap<Uuid, String>> {
    let everyone = store::all::<Person>(scope.db(), scope.id()).await?;
    Ok(everyone.iter().filter_map(|it| Some((it.id.0, leaving(scope, it)?))).collect())
}

/// A record that somebody answers for.
pub struct Accountability {
    pub person: PersonId,
    pub kind: &'static Kind,
    pub id: Uuid,
    pub title: String,
    /// The field that names them.
    pub field: &'static Field,
}

impl Accountability {
    /// Where it is given to somebody else.
    pub fn hand_over(&self) -> String {
        format!("{}/{}/edit#f-{}", self.kind.path, self.id, self.field.key)
    }

    fn page(&self) -> String {
        format!("{}/{}", self.kind.path, self.id)
    }

    /// What they are to it: "role", or, named by a further field, "role, deputy".
    pub fn what(&self) -> String {
        let first = self.kind.fields.iter().find(|it| it.accountable);
        match first.is_some_and(|it| it.key == self.field.key) {
            true => self.kind.one.to_lowercase(),
            false => format!("{}, {}", self.kind.one, self.field.label).to_lowercase(),
        }
    }
}

/// What one person is accountable for.
async fn held_by(scope: &Scope, person: PersonId) -> Result<Vec<Accountability>> {
    let mut all = accountabilities(scope).await?;
    all.retain(|it| it.person == person);
    Ok(all)
}

fn things(many: usize) -> String {
    if many == 1 { "one thing".to_owned() } else { format!("{many} things") }
}

/// The part of the page of somebody who leaves, or has left, and still answers for something or can still sign in.
#[derive(Template)]
#[template(path = "people/leaving.html")]
struct Leaving<'a> {
    scope: &'a Scope,
    heading: String,
    has_left: bool,
    held: Vec<Accountability>,
    account: Option<Member>,
}

/// What everybody is accountable for: every record with a field that says so (`Field::accountable`), in the order of
/// the kinds.
pub async fn accountabilities(scope: &Scope) -> Result<Vec<Accountability>> {
    let mut all = Vec::new();
    for kind in scope.app.registry.kinds() {
        let fields: Vec<usize> = (0..kind.fields.len()).filter(|at| kind.fields[*at].accountable).collect();
        if fields.is_empty() || !scope.may(kind.view) {
            continue;
        }
        for row in store::seen(scope, kind).await? {
            for at in &fields {
                if let Value::Link(person) = row.values[*at] {
                    let (title, field) = (row.title(kind), &kind.fields[*at]);
                    all.push(Accountability { person: PersonId(person), kind, id: row.id, title, field });
                }
            }
        }
    }
    Ok(all)
}

fn no_cycle_of_units(row: &Row, others: &[Row], faults: &mut Faults) {
    if leads_back(Unit::KIND, "parent", row, others) {
        faults.add("parent", "A unit cannot be part of itself, directly or through another one. Choose another unit.");
    }
}

fn rules_of_people(row: &Row, others: &[Row], faults: &mut Faults) {
    if leads_back(Person::KIND, "manager", row, others) {
        faults.add("manager", "Nobody can be their own manager, directly or through others. Choose another person.");
    }
    if let (Value::Date(starts), Value::Date(ends)) = (row.get(Person::KIND, "starts"), row.get(Person::KIND, "ends"))
        && ends < starts
    {
        faults.add("ends", "The end is before the start. Correct one of the two days.");
    }
    // Imports recognise people by it, answers come back by it, and whoever signs in is found by it.
    let address = row.get(Person::KIND, "email").text();
    let has_it = |it: &&Row| it.id != row.id && it.get(Person::KIND, "email").text().eq_ignore_ascii_case(address);
    if !address.is_empty()
        && let Some(other) = others.iter().find(has_it)
    {
        let name = other.title(Person::KIND);
        faults.add("email", format!("{name} has this address already. Write another one, or change {name} instead."));
    }
}

/// The letters by which a name is shown where there is no room for it.
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name.split_whitespace().filter_map(|it| it.chars().next()).collect();
    match letters[..] {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}{last}"),
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

    /// Who leaves soon, or has left, and still answers for something; for whoever gives out accounts, who has left and
    /// still has one.
    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let today = scope.today();
            let soon = today + LEAVING.days();
            let everyone = store::all::<Person>(scope.db(), scope.id()).await?;
            let leaving: Vec<&Person> = everyone.iter().filter(|it| it.ends.is_some_and(|it| it <= soon)).collect();
            if leaving.is_empty() {
                return Ok(Vec::new());
            }
            let mut held: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
            for it in accountabilities(scope).await? {
                held.entry(it.person).or_default().push(format!("“{}” ({})", it.title, it.what()));
            }
            let note = |person: &Person| {
                let of = held.get(&person.id)?;
                let more = if of.len() > 3 { format!(" and {} more", of.len() - 3) } else { String::new() };
                let leaves = if person.ends < Some(today) { "has left" } else { "leaves" };
                let named = of[..of.len().min(3)].join(", ");
                Some(
                    Note::new(
                        format!(
                            "{} {leaves} and still answers for {named}{more}: give it to somebody else",
                            person.name
                        ),
                        person.to_leave(),
                    )
                    .on(person.ends),
                )
            };
            let mut notes: Vec<Note> = leaving.iter().filter_map(|it| note(it)).collect();
            if scope.may(Right::Administer) {
                let addresses: BTreeSet<String> =
                    members(scope.db(), scope.id()).await?.iter().map(|it| it.email.to_lowercase()).collect();
                let signs_in = |it: &Person| it.email.as_ref().is_some_and(|it| addresses.contains(&it.to_lowercase()));
                notes.extend(leaving.iter().filter(|it| it.ends < Some(today) && signs_in(it)).map(|it| {
                    let text = format!("{} has left and can still sign in: take the account out", it.name);
                    Note::new(text, "/members".to_owned()).on(it.ends)
                }));
            }
            Ok(notes)
        })
    }

    /// The last days of those who answer for something.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let everyone = store::all::<Person>(scope.db(), scope.id()).await?;
            let leaving: Vec<&Person> = everyone.iter().filter(|it| it.ends.is_some_and(|it| it >= from)).collect();
            if leaving.is_empty() {
                return Ok(Vec::new());
            }
            let mut held: BTreeMap<PersonId, usize> = BTreeMap::new();
            for it in accountabilities(scope).await? {
                *held.entry(it.person).or_default() += 1;
            }
            let note = |person: &Person| {
                let many = things(*held.get(&person.id)?);
                let text = format!("Last day of {}, who answers for {many}", person.name);
                Some(Note::new(text, person.to_leave()).on(person.ends))
            };
            Ok(leaving.into_iter().filter_map(note).collect())
        })
    }

    fn sections<'a>(&'a self, scope: &'a Scope, kind: &'static Kind, row: &'a Row) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            if kind.key != Person::KIND.key {
                return Ok(Vec::new());
            }
            let person = Person::from_row(row);
            let Some(ends) = person.ends else { return Ok(Vec::new()) };
            let held = held_by(scope, person.id).await?;
            let has_address =
                |it: &Member| person.email.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(&it.email));
            let account = members(scope.db(), scope.id()).await?.into_iter().find(has_address);
            let (has_left, day) = (ends < scope.today(), scope.locale().date(ends));
            let what = match (held.len(), &account) {
                (0, None) => return Ok(Vec::new()),
                (0, Some(_)) if has_left => "can still sign in".to_owned(),
                (0, Some(_)) => "has an account".to_owned(),
                (many, _) => format!("still answers for {}", things(many)),
            };
            let heading =
                format!("{} {} {day} and {what}", person.name, if has_left { "left on" } else { "leaves on" });
            Ok(vec![Leaving { scope, heading, has_left, held, account }.render()?])
        })
    }

    /// Whoever writes down a last day learns what has to be given to somebody else until then; whoever gives some of
    /// it away, what is left of it.
    fn follows<'a>(
        &'a self,
        scope: &'a Scope,
        kind: &'static Kind,
        before: &'a Row,
        after: &'a Row,
    ) -> Answer<'a, Option<Note>> {
        Box::pin(async move {
            if kind.key == Person::KIND.key {
                if before.get(kind, "ends") == after.get(kind, "ends") {
                    return Ok(None);
                }
                let person = Person::from_row(after);
                let held = held_by(scope, person.id).await?.len();
                let note = |ends: Date| {
                    let (name, many) = (&person.name, things(held));
                    let by = if ends < scope.today() { "now" } else { "by then" };
                    let text = format!("{name} answers for {many}: give that to somebody else {by}, as listed below.");
                    Note::new(text, person.to_leave())
                };
                return Ok(person.ends.filter(|_| held > 0).map(note));
            }
            let given = kind.fields.iter().zip(before.values.iter().zip(&after.values));
            for (_, (before, _)) in given.filter(|(field, (before, after))| field.accountable && before != after) {
                let Value::Link(id) = before else { continue };
                let person = store::find::<Person>(scope.db(), scope.id(), PersonId(*id)).await?;
                let held = held_by(scope, person.id).await?.len();
                if leaving(scope, &person).is_some() && held > 0 {
                    let text = format!("{} still answers for {}, as listed below.", person.name, things(held));
                    return Ok(Some(Note::new(text, person.to_leave())));
                }
            }
            Ok(None)
        })
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("People", "/people").on_top("people")] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: u128, side: Side, manager: Option<u128>) -> Person {
        Person {
            id: PersonId(Uuid::from_u128(id)),
            version: 1,
            name: format!("Person {id}"),
            email: None,
            side,
            job: None,
            unit: None,
            manager: manager.map(|it| PersonId(Uuid::from_u128(it))),
            influence: None,
            starts: None,
            ends: None,
        }
    }

    #[test]
    fn a_viewer_leads_everyone_below_them_and_nobody_beside_them() {
        let person = |id: u128, manager: Option<u128>| person(id, Side::Business, manager);
        let everyone = [person(1, None), person(2, Some(1)), person(3, Some(2)), person(4, Some(1)), person(5, None)];
        let of = |id: u128| reports(&everyone, PersonId(Uuid::from_u128(id))).len();
        assert_eq!([of(1), of(2), of(4), of(5)], [3, 1, 0, 0]);
    }

    #[test]
    fn work_is_judged_by_the_lead_and_above_that_only_within_it() {
        let everyone = [
            person(1, Side::Business, None),
            person(2, Side::Business, Some(1)),
            person(3, Side::It, Some(2)),
            person(4, Side::It, Some(3)),
            person(5, Side::It, Some(4)),
            person(6, Side::Business, Some(2)),
        ];
        let of = |at: usize| team(&everyone, &everyone[at - 1]).len();
        assert_eq!([of(1), of(2), of(3), of(4), of(5)], [1, 2, 2, 1, 0]);
    }

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
    fn an_address_belongs_to_one_person() {
        let person = |id: u128, email: Option<&str>| {
            let email = email.map(str::to_owned);
            Person { email, ..person(id, Side::Business, None) }
        };
        let others = [person(1, Some("ada@example.org")).to_row(), person(2, None).to_row()];
        let fault_of = |person: Person| {
            let mut faults = Faults::default();
            (Person::KIND.rules)(&person.to_row(), &others, &mut faults);
            faults.of("email").map(str::to_owned)
        };
        assert!(fault_of(person(3, Some("Ada@Example.org"))).is_some_and(|it| it.starts_with("Person 1 has")));
        assert_eq!(fault_of(person(1, Some("ada@example.org"))), None, "their own");
        assert_eq!(fault_of(person(3, None)), None, "two without an address");
    }

    #[test]
    fn a_name_is_shortened_to_its_first_and_last_letter() {
        assert_eq!([initials("Pieter van Aerde"), initials("Ada"), initials("")], ["PA", "A", ""]);
    }

    #[test]
    fn a_unit_that_is_part_of_its_own_part_is_refused() {
        let others = [unit(1, None), unit(2, Some(1)), unit(3, Some(2))];
        assert!(faults_of(unit(1, Some(3)), &others).of("parent").is_some());
        assert!(faults_of(unit(1, Some(1)), &others).of("parent").is_some());
        assert!(faults_of(unit(3, Some(1)), &others).is_empty());
    }
}
