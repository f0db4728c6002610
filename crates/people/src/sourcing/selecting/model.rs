//! A selection and what belongs to it.

use jiff::civil::Date;
use kit::{
    choices,
    people::PersonId,
    record::{Faults, Field, Kind, Record, Row},
};

use crate::sourcing::{contracts::model::SupplierId, model::ActivityId};

choices! {
    /// Where the weights of the criteria come from.
    pub Weighing {
        Direct = "direct", "Weights set directly";
        Pairs = "pairs", "Criteria compared two by two";
    }
}

choices! {
    pub SelectionState {
        Open = "open", "Open", Warn;
        Decided = "decided", "Decided", Good;
        Dropped = "dropped", "Dropped";
    }
}

kit::record! {
    /// The choice of a provider.
    pub Selection(SelectionId) = Kind::new("selection", "Selection", "Selections", "/selections")
        .about("Choosing a provider: what counts and how much, who is in question, how several people score them, and what was chosen.")
        .first_step("Write down the three to seven criteria before you talk to the first candidate.")
        .titled("title")
        .known_by(&["title"])
        .screens(&[("Result", "result"), ("Scores", "scores"), ("Weights", "weights")])
        .begins_on("weights")
        .ruled(decided_whole);
    title: String = Field::text("What is chosen").required().synonyms(&["title", "selection", "name"]);
    activity: Option<ActivityId> = Field::link("Activity", "activity");
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    weighing: Weighing = Field::choice("Weights from", Weighing::CHOICES).required().unlisted().synonyms(&["weighing"]);
    state: SelectionState = Field::choice("State", SelectionState::CHOICES).required();
    chosen: Option<String> = Field::text("Chosen").help("As it was called when it was decided.").synonyms(&["winner"]);
    reason: Option<String> = Field::prose("Reason").help("Why this one, above all where it has not the most points.");
    closed_on: Option<Date> = Field::date("Decided on").past().synonyms(&["closed on"]);
}

fn decided_whole(row: &Row, _: &[Row], faults: &mut Faults) {
    let it = Selection::from_row(row);
    if it.state == SelectionState::Decided {
        if it.chosen.is_none() {
            faults.add("chosen", "Write who was chosen, or leave the selection open.");
        }
        if it.reason.is_none() {
            faults.add("reason", "Write why: the one who lost will ask, and so will the next budget.");
        }
    }
}

kit::record! {
    /// What counts in a selection.
    pub Criterion(CriterionId) = Kind::new("criterion", "Criterion", "Criteria", "/criteria")
        .about("What counts when a provider is chosen, and how much.")
        .first_step("Begin with a selection; its criteria follow on its page of weights.")
        .known_by_all(&["name", "selection"])
        .once("name", "The selection has a criterion of this name already. Name it otherwise.");
    name: String = Field::text("Criterion").required().synonyms(&["name", "title"]);
    selection: SelectionId = Field::link("Selection", "selection").required();
    weight: i64 = Field::whole("Weight", 0, 1000).required().help("How much it counts beside the others; 100 in sum are easiest to talk about.");
    about: Option<String> = Field::prose("What is looked at").synonyms(&["description"]);
}

kit::record! {
    /// Who is in question.
    pub Candidate(CandidateId) = Kind::new("candidate", "Candidate", "Candidates", "/candidates")
        .about("Who could do the work.")
        .first_step("Begin with a selection; its candidates follow on its page of scores.")
        .known_by_all(&["name", "selection"]);
    name: String = Field::text("Candidate").required().synonyms(&["name", "title"]);
    selection: SelectionId = Field::link("Selection", "selection").required();
    supplier: Option<SupplierId> = Field::link("Supplier", "supplier").help("Where it is one that works for us already.");
    about: Option<String> = Field::prose("About").synonyms(&["description"]);
}

kit::record! {
    /// How one person scores one candidate on one criterion.
    pub Score(ScoreId) = Kind::new("score", "Score", "Scores", "/scores")
        .about("How each person scores each candidate on each criterion, from 0 (not at all) to 5 (fully).")
        .first_step("Open a selection and score its candidates there.")
        .titled("candidate")
        .known_by_all(&["candidate", "criterion", "person"])
        .once("person", "This person has scored that already. Change that score instead.");
    candidate: CandidateId = Field::link("Candidate", "candidate").required();
    criterion: CriterionId = Field::link("Criterion", "criterion").required();
    person: PersonId = Field::link("Person", "person").required().synonyms(&["email", "who"]);
    points: i64 = Field::whole("Points", 0, 5).required().synonyms(&["score"]);
    note: Option<String> = Field::text("Note");
}

choices! {
    /// How many times as much one criterion counts as another, on Saaty's scale.
    pub Times {
        T9 = "9", "9 times as much: overwhelmingly";
        T8 = "8", "8 times as much";
        T7 = "7", "7 times as much: very clearly";
        T6 = "6", "6 times as much";
        T5 = "5", "5 times as much: clearly";
        T4 = "4", "4 times as much";
        T3 = "3", "3 times as much: somewhat";
        T2 = "2", "twice as much";
        T1 = "1", "as much";
        H2 = "1/2", "half as much";
        H3 = "1/3", "a third as much: somewhat less";
        H4 = "1/4", "a quarter as much";
        H5 = "1/5", "a fifth as much: clearly less";
        H6 = "1/6", "a sixth as much";
        H7 = "1/7", "a seventh as much: very clearly less";
        H8 = "1/8", "an eighth as much";
        H9 = "1/9", "a ninth as much: overwhelmingly less";
    }
}

impl Times {
    pub fn value(self) -> f64 {
        let (over, under) = self.key().split_once('/').unwrap_or((self.key(), "1"));
        let number = |text: &str| text.parse::<f64>().expect("the keys are numbers");
        number(over) / number(under)
    }
}

kit::record! {
    /// How two criteria compare.
    pub Comparison(ComparisonId) = Kind::new("comparison", "Comparison", "Comparisons", "/comparisons")
        .about("How many times as much one criterion counts as another, for selections that are weighed two by two.")
        .first_step("Open the weights of a selection and compare its criteria there.")
        .titled("criterion")
        .known_by_all(&["criterion", "other"])
        .ruled(no_contradiction);
    criterion: CriterionId = Field::link("Criterion", "criterion").required();
    other: CriterionId = Field::link("Compared with", "criterion").required();
    times: Times = Field::choice("Counts", Times::CHOICES).required();
}

/// A pair is judged once; judged from both ends, one judgement must be the reciprocal of the other.
fn no_contradiction(row: &Row, others: &[Row], faults: &mut Faults) {
    let it = Comparison::from_row(row);
    if it.criterion == it.other {
        faults.add("other", "A criterion counts as much as itself. Choose another one to compare it with.");
    }
    for other in others.iter().map(Comparison::from_row).filter(|other| other.id != it.id) {
        if (other.criterion, other.other) == (it.criterion, it.other) {
            faults.add("other", "These two are compared already. Change that comparison instead.");
        }
        if (other.other, other.criterion) == (it.criterion, it.other)
            && (other.times.value() * it.times.value() - 1.0).abs() > 1e-9
        {
            let fault = format!(
                "From the other end it is said that this counts “{}”: the two contradict each other. Change one of them.",
                other.times.label()
            );
            faults.add("times", fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use super::*;

    fn comparison(id: u128, one: u128, other: u128, times: Times) -> Row {
        Comparison {
            id: ComparisonId(Uuid::from_u128(id)),
            version: 1,
            criterion: CriterionId(Uuid::from_u128(one)),
            other: CriterionId(Uuid::from_u128(other)),
            times,
        }
        .to_row()
    }

    #[test]
    fn two_judgements_of_one_pair_that_contradict_each_other_are_refused() {
        let fault = |row: Row, other: Row| {
            let mut faults = Faults::default();
            no_contradiction(&row, &[other], &mut faults);
            faults.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(fault(comparison(1, 1, 2, Times::T3), comparison(2, 2, 1, Times::T3)), ["times"]);
        assert!(fault(comparison(1, 1, 2, Times::T3), comparison(2, 2, 1, Times::H3)).is_empty());
        assert_eq!(fault(comparison(1, 1, 2, Times::T3), comparison(2, 1, 2, Times::T3)), ["other"]);
        assert_eq!(fault(comparison(1, 1, 1, Times::T1), comparison(2, 2, 1, Times::T3)), ["other"]);
    }

    #[test]
    fn every_judgement_has_its_reciprocal() {
        for it in Times::ALL {
            assert!(Times::ALL.iter().any(|other| (other.value() * it.value() - 1.0).abs() < 1e-9), "{it:?}");
        }
    }
}
