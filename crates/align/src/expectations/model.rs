//! What is expected of IT, as outcomes; what was measured of them, where they conflict, and how many fit at once.

use jiff::civil::Date;
use kit::{
    choices,
    method::Proposition,
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};
use rust_decimal::Decimal;

use crate::expectations::rules;

choices! {
    /// How far an outcome has come.
    pub State {
        Proposed = "proposed", "Proposed";
        Agreed = "agreed", "Agreed", Warn;
        Delivered = "delivered", "Delivered", Good;
        NotNow = "not_now", "Not now";
        Dropped = "dropped", "Dropped";
    }
}

impl State {
    /// Whether somebody still waits for it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Proposed | State::Agreed)
    }

    /// Whether it was promised, kept or not.
    pub fn is_promised(self) -> bool {
        matches!(self, State::Agreed | State::Delivered)
    }
}

choices! {
    pub Priority {
        Must = "must", "Must";
        Should = "should", "Should";
        Could = "could", "Could";
    }
}

kit::record! {
    /// What is expected of IT: a state of things, measured, by a day.
    pub Outcome(OutcomeId) = Kind::new("outcome", "Outcome", "Outcomes", "/outcomes")
        .about("What the business expects of IT, each with a measure, a target, a day and a name.")
        .first_step("Turn the widest gap of a survey into an outcome, or write down what a leader asked for last.")
        .titled("statement")
        .answered_while(|row| matches!(row.get(Outcome::KIND, "state").text(), "proposed" | "agreed"))
        .known_by(&["statement"])
        .rights(Right::View, Right::Contribute)
        .signed()
        .signed_for(&["statement", "measure", "unit", "baseline", "target", "due", "requester", "accountable"])
        .accountable()
        .findings(rules::to_mend);
    statement: String = Field::text("Outcome").required().help("What will be true that is not true today, in the words of whoever expects it.").synonyms(&["statement", "expectation", "title"]);
    proposition: Option<Proposition> = Field::choice("Value proposition", Proposition::CHOICES);
    measure: Option<String> = Field::text("Measure").help("What is counted or timed to see whether it is so.").synonyms(&["kpi", "metric"]);
    unit: Option<String> = Field::text("Unit").unlisted().help("Such as hours, %, calls a week.");
    baseline: Option<Decimal> = Field::number("Baseline").unlisted().help("What the measure shows today.");
    target: Option<Decimal> = Field::number("Target");
    due: Option<Date> = Field::date("Due").synonyms(&["due date", "deadline", "by"]);
    priority: Option<Priority> = Field::choice("Priority", Priority::CHOICES);
    requester: Option<PersonId> = Field::link("Requester", "person").unlisted().help("Who expects it.").synonyms(&["requested by", "requester email"]);
    accountable: Option<PersonId> = Field::link("Accountable", "person").accountable().help("The one person who answers for it.").synonyms(&["owner", "accountable email", "responsible"]);
    state: State = Field::choice("State", State::CHOICES).required().synonyms(&["status"]);
    cycle: Option<i64> = Field::whole("Cycle", 1, 999).cycle().unlisted().help("The round through the fifteen in which it was agreed.");
    detail: Option<String> = Field::prose("Detail");
}

kit::record! {
    /// What the measure of an outcome showed on a day.
    pub Measurement(MeasurementId) = Kind::new("measurement", "Measurement", "Measurements", "/measurements")
        .about("What the measures of the outcomes showed, day by day.")
        .first_step("Open an outcome that is agreed, look up what its measure shows today, and write it down here.")
        .titled("source")
        .sorted("day")
        .known_by_all(&["outcome", "day"])
        .once("day", "This outcome has a figure of that day already. Change that one, or choose another day.");
    outcome: OutcomeId = Field::link("Outcome", "outcome").required().synonyms(&["expectation", "statement"]);
    day: Date = Field::date("Day").required().past().synonyms(&["date", "on", "measured on"]);
    value: Decimal = Field::number("Value").required().help("In the unit of the outcome.").synonyms(&["result", "actual"]);
    source: String = Field::text("Source").required().help("Where the figure comes from: a list, a system, a count by hand. Others should find the same.").synonyms(&["note", "from"]);
}

choices! {
    /// Whether somebody has decided which of two outcomes gives way.
    pub Standing {
        Open = "open", "Open", Warn;
        Decided = "decided", "Decided", Good;
    }
}

kit::record! {
    /// Two outcomes that cannot both be had as they are written, and what was decided about them.
    pub Conflict(ConflictId) = Kind::new("conflict", "Conflict", "Conflicts", "/conflicts")
        .about("Outcomes that cannot both be had as they are written, and what was decided about them.")
        .first_step("Lay two outcomes side by side and ask: if we do the first fully, what happens to the second?")
        .titled("title")
        .known_by_all(&["first", "second"])
        .ruled(rules::conflict_holds);
    title: String = Field::text("What conflicts").required().help("In one line, such as: cheaper support against an answer at night.").synonyms(&["conflict", "title"]);
    first: OutcomeId = Field::link("First outcome", "outcome").required().synonyms(&["first"]);
    second: OutcomeId = Field::link("Second outcome", "outcome").required().synonyms(&["second"]);
    why: Option<String> = Field::prose("Why they conflict").synonyms(&["why", "reason"]);
    state: Standing = Field::choice("State", Standing::CHOICES).required().synonyms(&["status"]);
    decision: Option<String> = Field::prose("Decision").help("Which of the two gives way, and by how much.");
    decided_by: Option<PersonId> = Field::link("Decided by", "person").synonyms(&["decider"]);
    decided_on: Option<Date> = Field::date("Decided on").past();
}

kit::record! {
    /// How many outcomes the team can carry at once, from a day on.
    pub Limit(LimitId) = Kind::new("carry_limit", "Limit", "Limits", "/limits")
        .about("How many agreed outcomes the team can carry at once. The latest one holds.")
        .first_step("Count what was delivered in the last cycle: about as much can be carried in the next one.")
        .titled("reason")
        .sorted("since")
        .known_by(&["since"])
        .rights(Right::View, Right::Lead);
    most: i64 = Field::whole("Outcomes at once", 1, 99).required().synonyms(&["limit", "most"]);
    since: Date = Field::date("Since").required().synonyms(&["from", "on"]);
    reason: String = Field::text("Why so many").required().help("Such as: what was delivered before, who joined or left.").synonyms(&["reason", "why"]);
}
