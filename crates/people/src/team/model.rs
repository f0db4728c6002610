//! Skills, who has them, where they are needed, what is planned about them, and how the week is spent.

use calc::money::Money;
use jiff::civil::{Date, Weekday};
use kit::{
    choices,
    people::{PersonId, Viewer},
    record::{Faults, Field, Kind, Linked, Record, Row, Value},
    rights::Right,
};

use crate::{leadership::model::RoleId, sourcing::model::ActivityId};

choices! {
    /// The ladder: what somebody answers for when they use a skill. data/ladder.toml says each step in a sentence.
    pub Level {
        None = "0", "0 not yet";
        Learning = "1", "1 learning";
        Guided = "2", "2 with a guide";
        Alone = "3", "3 alone";
        Hard = "4", "4 hard cases";
        Teaching = "5", "5 brings others on";
        Shaping = "6", "6 sets how it is done";
        Steering = "7", "7 steers the company";
    }
}

impl Level {
    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn from_number(number: i64) -> Option<Level> {
        Level::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

choices! {
    /// How a gap is closed.
    pub Way {
        Train = "train", "Train";
        Hire = "hire", "Hire";
        Source = "source", "Source";
        Drop = "drop", "Drop";
    }
}

choices! {
    pub PlanState {
        Proposed = "proposed", "Proposed", Warn;
        Agreed = "agreed", "Agreed", Good;
        Running = "running", "Under way", Good;
        Done = "done", "Done", Good;
        Refused = "refused", "Refused";
    }
}

kit::record! {
    /// Something that people in the team must be able to do.
    pub Skill(SkillId) = Kind::new("skill", "Skill", "Skills", "/skills")
        .about("What a team must be able to do, in words that the company understands. Codes lead to the framework that you license.")
        .first_step("Open Team and take in the list that comes with Waypost, or import the framework that your organisation licenses.")
        .known_by(&["name"])
        .rights(Right::View, Right::Lead)
        .once("name", "There is a skill of this name already. Use that one, or name this one apart from it.");
    name: String = Field::text("Skill").required().synonyms(&["name", "skill name", "competence", "work role", "title"]);
    field: Option<String> = Field::text("Field").help("Under what it stands in lists.").synonyms(&["category", "subcategory", "area", "group", "dimension 1"]);
    about: Option<String> = Field::prose("What it takes").synonyms(&["description", "overall description", "definition"]);
    sfia_code: Option<String> = Field::text("SFIA code").synonyms(&["sfia", "skill code", "code"]);
    ecf_code: Option<String> = Field::text("e-CF code").synonyms(&["e-cf", "ecf", "competence code", "dimension 2"]);
    nice_id: Option<String> = Field::text("NICE identifier").synonyms(&["nice", "nice id", "work role id", "opm code"]);
    not_needed: bool = Field::yes_no("Not needed here").help("It stays on record and is offered nowhere.").synonyms(&["archived"]);
}

kit::record! {
    /// How well somebody commands a skill: as they see it, and as their lead does.
    pub Rating(RatingId) = Kind::new("skill_rating", "Skill rating", "Skill ratings", "/skill-ratings")
        .about("How well each person commands a skill, as they see it and as their lead does. You see your own, and those of the people you lead.")
        .first_step("Open Ratings, choose your name and say where you stand on the skills that the team needs.")
        .titled("person")
        .known_by_all(&["person", "skill"])
        .rights(Right::View, Right::Contribute)
        .private(is_own_or_of_the_team)
        .guarded(only_the_lead_writes_the_leads_view)
        .once("skill", "This person has a rating of this skill already. Change that one.");
    person: PersonId = Field::link("Person", "person").required().synonyms(&["name", "employee", "person email", "email"]);
    skill: SkillId = Field::link("Skill", "skill").required().synonyms(&["skill name", "competence"]);
    own: Option<Level> = Field::choice("Own view", Level::CHOICES).synonyms(&["self", "self rating", "self level", "level"]);
    lead: Option<Level> = Field::choice("Lead's view", Level::CHOICES).help("Counts as the level; until it is there, the own view does.").synonyms(&["lead", "lead rating", "manager rating", "lead level"]);
    evidence: Option<String> = Field::prose("What shows it").help("Something done, not a feeling: “restored the order system alone”.").synonyms(&["evidence", "proof", "comment"]);
    rated_on: Option<Date> = Field::date("Rated on").synonyms(&["date", "last assessed", "assessed on"]);
}

kit::record! {
    /// A skill that some work asks for: at which level, and of how many people.
    pub Need(NeedId) = Kind::new("skill_need", "Skill need", "Skill needs", "/skill-needs")
        .about("Which skills the services, projects and roles ask for: at which level, and how many people must have them.")
        .first_step("Write down the eight to ten skills that your services depend on, and for each how many people must command it.")
        .titled("what_for")
        .known_by_all(&["what_for", "skill"])
        .rights(Right::View, Right::Lead)
        .begun_by("starts")
        .ended_by("ends")
        .ruled(hangs_together);
    what_for: String = Field::text("For what").required().help("What stops without it.").synonyms(&["purpose", "what for"]);
    skill: SkillId = Field::link("Skill", "skill").required().synonyms(&["skill name", "competence"]);
    level: Level = Field::choice("At least", Level::CHOICES).required().usually("3").synonyms(&["level", "needed level", "target", "target level"]);
    people: Option<i64> = Field::whole("People", 1, 99).help("How many must have it. Two where nothing is written: one, and one who stands in.").synonyms(&["cover", "number of people", "headcount"]);
    desirable: bool = Field::yes_no("Only desirable").help("Good to have; it counts as no gap.").synonyms(&["nice to have"]);
    service: Option<Linked> = Field::link("Service", "service").help("The service that asks for it: it is needed as long as the service is there.");
    project: Option<Linked> = Field::link("Project", "project").help("The project that asks for it: it is needed from its first day to its last, as they stand.");
    activity: Option<ActivityId> = Field::link("Activity", "activity").unlisted();
    role: Option<RoleId> = Field::link("Role", "role").unlisted().help("Where the skill belongs to a role: its profile sheet lists it.");
    starts: Option<Date> = Field::date("From").help("Empty: from the first day of the service or project, and where there is none, already.").synonyms(&["start", "start date"]);
    ends: Option<Date> = Field::date("Until").help("Empty: as long as the service or project.").synonyms(&["end", "end date"]);
}

kit::record! {
    /// What is done about a gap.
    pub Plan(PlanId) = Kind::new("skill_plan", "Skill plan", "Skill plans", "/skill-plans")
        .about("How each gap is closed: train, hire, source or drop; by when, at what cost, and what it changes.")
        .first_step("Open Gaps, take the first line and choose how to close it.")
        .titled("title")
        .known_by(&["title"])
        .rights(Right::View, Right::Lead)
        .ruled(a_plan_has_an_effect);
    title: String = Field::text("What is done").required().synonyms(&["title", "measure", "plan", "action"]);
    skill: SkillId = Field::link("Skill", "skill").required().synonyms(&["skill name", "competence"]);
    way: Way = Field::choice("Way", Way::CHOICES).required().synonyms(&["how", "type"]);
    state: PlanState = Field::choice("State", PlanState::CHOICES).required().synonyms(&["status"]);
    gap: Option<String> = Field::prose("What is missing").synonyms(&["gap", "reason"]);
    owner: Option<PersonId> = Field::link("Answers for it", "person").accountable().unlisted().synonyms(&["owner", "owner email", "responsible"]);
    person: Option<PersonId> = Field::link("Who learns", "person").unlisted().synonyms(&["learner", "learner email", "person email"]);
    role: Option<RoleId> = Field::link("Role to fill", "role").unlisted().synonyms(&["vacancy", "position"]);
    reports_to: Option<PersonId> = Field::link("Reports to", "person").unlisted().synonyms(&["reports to email"]);
    level: Option<Level> = Field::choice("Level reached", Level::CHOICES).unlisted().synonyms(&["level", "target level"]);
    people: Option<i64> = Field::whole("People gained", 1, 99).unlisted().help("How many more will have it; one where nothing is written.").synonyms(&["headcount", "number"]);
    due: Option<Date> = Field::date("By").synonyms(&["due", "due date", "start date"]);
    once: Option<Money> = Field::money("Cost, once").synonyms(&["one-off cost", "one off", "cost"]);
    yearly: Option<Money> = Field::money("Cost a year").synonyms(&["yearly cost", "annual cost", "salary"]);
}

kit::record! {
    /// How much of a week somebody spent on leading, and how much on fixing.
    pub TimeShare(TimeShareId) = Kind::new("time_share", "Week", "Weeks", "/time-shares")
        .about("How the IT leader's weeks are spent: leading people and work, against fixing what is broken.")
        .first_step("Open Time and note last week; it takes ten seconds.")
        .titled("person")
        .sorted("week")
        .known_by_all(&["person", "week"])
        .once("week", "This week is noted already. Change that one.")
        .rights(Right::View, Right::Lead)
        .ruled(a_week_has_a_hundred_per_cent);
    person: PersonId = Field::link("Person", "person").required().synonyms(&["name", "person email", "email"]);
    week: Date = Field::date("Week from").required().past().help("Its Monday.").synonyms(&["week", "monday", "date"]);
    led: i64 = Field::whole("Leading, %", 0, 100).required().help("Talking, deciding, planning, explaining, looking ahead.").synonyms(&["leading", "lead"]);
    fixing: i64 = Field::whole("Fixing, %", 0, 100).required().help("Disturbances, tickets, chasing, standing in.").synonyms(&["fixing", "fire fighting"]);
}

impl Skill {
    /// Where it stands in lists.
    pub fn field(&self) -> &str {
        self.field.as_deref().unwrap_or("Others")
    }
}

impl Rating {
    /// The level that counts: the lead's view, and until there is one the person's own.
    pub fn level(&self) -> Option<Level> {
        self.lead.or(self.own)
    }
}

impl Need {
    /// The service or project that asks for it: the key of its kind, and which it is.
    pub fn asked_by(&self) -> Option<(&'static str, Linked)> {
        self.service.map(|it| ("service", it)).or(self.project.map(|it| ("project", it)))
    }

    /// How many must have it.
    pub fn wanted(&self) -> usize {
        self.people.and_then(|it| usize::try_from(it).ok()).unwrap_or(SAFE)
    }
}

/// How many people make a skill safe where nobody says otherwise: one who has it, and one who stands in.
pub const SAFE: usize = 2;

fn link(row: &Row, key: &str, kind: &Kind) -> Option<db::uuid::Uuid> {
    match row.get(kind, key) {
        Value::Link(it) => Some(*it),
        _ => None,
    }
}

fn is_own_or_of_the_team(viewer: &Viewer, row: &Row) -> bool {
    link(row, "person", Rating::KIND).is_some_and(|it| viewer.is_or_judges(PersonId(it)))
}

fn only_the_lead_writes_the_leads_view(viewer: &Viewer, before: Option<&Row>, after: &Row, faults: &mut Faults) {
    let is_own = viewer.me.map(|it| it.0) == link(after, "person", Rating::KIND);
    let lead = |row: &Row| row.get(Rating::KIND, "lead").clone();
    if is_own && lead(after) != before.map_or(Value::Empty, lead) {
        faults.add("lead", "This is for your lead to say. Leave it as it was.");
    }
}

fn hangs_together(row: &Row, _: &[Row], faults: &mut Faults) {
    if !row.get(Need::KIND, "service").is_empty() && !row.get(Need::KIND, "project").is_empty() {
        faults.add("project", "A service asks for it, or a project. Leave one of the two empty, or write two needs.");
    }
    if row.get(Need::KIND, "level").text() == Level::None.key() {
        faults.add("level", "A need asks for at least step 1. Delete the need where nobody must have the skill.");
    }
}

fn a_plan_has_an_effect(row: &Row, _: &[Row], faults: &mut Faults) {
    let plan = Plan::KIND;
    if ["once", "yearly"].iter().any(|key| matches!(row.get(plan, key), Value::Money(it) if *it < 0)) {
        faults.add("once", "A cost cannot be less than nothing. Write it without the minus sign.");
    }
    if row.get(plan, "way").text() == Way::Train.key()
        && link(row, "person", plan).is_none()
        && row.get(plan, "people").is_empty()
    {
        faults.add("person", "Say who learns, or how many people are gained.");
    }
}

fn a_week_has_a_hundred_per_cent(row: &Row, _: &[Row], faults: &mut Faults) {
    let week = TimeShare::from_row(row);
    if week.led + week.fixing > 100 {
        let sum = week.led + week.fixing;
        faults
            .add("fixing", format!("Leading and fixing together are {sum} per cent of the week. Make it 100 or less."));
    }
    if week.week.weekday() != Weekday::Monday {
        faults.add("week", "A week is named by its Monday. Choose a Monday.");
    }
}
