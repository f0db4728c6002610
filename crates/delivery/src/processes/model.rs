//! Processes.

use jiff::civil::Date;
use kit::{
    people::PersonId,
    record::{Field, Kind, Value},
    rights::Right,
};

kit::record! {
    /// Work that comes back, done in an agreed way.
    pub Process(ProcessId) = Kind::new("process", "Process", "Processes", "/processes")
        .about("How IT's work is done again and again: what for, who answers for it, how one sees whether it goes well.")
        .first_step("Write down the five processes that the company notices when they go wrong, such as a request or a disturbance.")
        .rights(Right::View, Right::Contribute)
        .once("name", "There is a process of this name already. Change that one, or name this one apart from it.")
        .accountable()
        .answered_while(|row| *row.get(Process::KIND, "not_used") != Value::Bool(true));
    name: String = Field::text("Process").required().help("From where it begins to where it ends, such as: from a request to an answer.").synonyms(&["name", "title"]);
    purpose: Option<String> = Field::prose("What it is for").synonyms(&["description", "purpose"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    measure: Option<String> = Field::text("Measure and target").help("How one sees whether it goes well, such as: answered within five days, 95 %.").synonyms(&["measure", "kpi"]);
    review: Option<Date> = Field::date("Looked at again on").synonyms(&["review", "next review"]);
    not_used: bool = Field::yes_no("Not used any more").help("It stays on record, and nobody has to answer for it.").synonyms(&["archived"]);
}
