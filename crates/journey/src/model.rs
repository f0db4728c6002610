//! The one record of the journey: where a competency stands in a cycle.

use jiff::civil::Date;
use kit::{
    method::Competency,
    record::{Faults, Field, Kind, Row, Value},
    rights::Right,
};

kit::record! {
    /// Where a competency stands in a cycle, and whether that is good enough to move on.
    pub Assessment(AssessmentId) = Kind::new("assessment", "Assessment", "Assessments", "/assessments")
        .about("Where each competency stands, once a cycle, and what was settled as good enough.")
        .first_step("Open a competency of the journey and choose the sentence that describes your company.")
        .titled("competency")
        .sorted("cycle")
        .known_by_all(&["cycle", "competency"])
        .once("competency", "This competency is assessed in this cycle already. Change that assessment instead.")
        .rights(Right::View, Right::Lead)
        .ruled(settled_with_a_word);
    /// One round through the fifteen; as a rule one financial year.
    cycle: i64 = Field::whole("Cycle", 1, 999).cycle().required().help("One round through the fifteen is a cycle: the first financial year of the journey is cycle 1.");
    competency: Competency = Field::choice("Competency", Competency::CHOICES).required();
    maturity: i64 = Field::whole("Maturity", 0, 5).required().help("From 0 to 5, as the page of the competency describes them.").synonyms(&["level"]);
    settled: bool = Field::yes_no("Good enough").help("Settled for this cycle: Waypost advises something else.").synonyms(&["settled"]);
    note: Option<String> = Field::prose("Note").help("Comes back when the next cycle begins.");
    assessed_on: Date = Field::date("Assessed on").required().synonyms(&["on", "date"]);
}

/// What is settled without a word could not come back as a note.
fn settled_with_a_word(row: &Row, _: &[Row], faults: &mut Faults) {
    let settled = *row.get(Assessment::KIND, "settled") == Value::Bool(true);
    if settled && row.get(Assessment::KIND, "note").is_empty() {
        faults.add("note", "Write why this is good enough for now. The note comes back when the next cycle begins.");
    }
}

#[cfg(test)]
mod tests {
    use kit::record::Record;

    use super::*;

    fn assessment(cycle: i64, settled: bool, note: Option<&str>) -> Row {
        Assessment {
            id: AssessmentId::fresh(),
            version: 1,
            cycle,
            competency: Competency::Benchmarking,
            maturity: 2,
            settled,
            note: note.map(str::to_owned),
            assessed_on: jiff::civil::date(2026, 11, 3),
        }
        .to_row()
    }

    fn faults(row: &Row, others: &[Row]) -> Faults {
        let mut faults = Faults::default();
        Assessment::KIND.check(row, others, &mut faults);
        faults
    }

    #[test]
    fn a_competency_is_assessed_once_a_cycle() {
        let (first, again) = (assessment(3, false, None), assessment(3, false, None));
        assert!(faults(&again, std::slice::from_ref(&first)).of("competency").is_some());
        assert!(faults(&assessment(4, false, None), std::slice::from_ref(&first)).is_empty());
        assert!(faults(&first, std::slice::from_ref(&first)).is_empty());
    }

    #[test]
    fn nothing_is_settled_without_a_note() {
        assert!(faults(&assessment(3, true, None), &[]).of("note").is_some());
        assert!(faults(&assessment(3, true, Some("Enough for this year.")), &[]).is_empty());
        assert_eq!(assessment(1, false, None).title(Assessment::KIND), "Benchmarking");
    }
}
