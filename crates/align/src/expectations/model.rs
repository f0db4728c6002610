//! What is expected of IT, as outcomes.

use jiff::civil::Date;
use kit::{
    choices,
    method::Proposition,
    people::PersonId,
    record::{Field, Kind},
    rights::Right,
};
use rust_decimal::Decimal;

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
        .known_by(&["statement"])
        .rights(Right::View, Right::Contribute)
        .signed()
        .accountable();
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
    cycle: Option<i64> = Field::whole("Cycle", 1, 999).unlisted().help("The round through the fifteen in which it was agreed.");
    detail: Option<String> = Field::prose("Detail");
}
