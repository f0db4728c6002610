//! Projects.

use align::expectations::model::OutcomeId;
use jiff::civil::Date;
use kit::{
    choices,
    people::PersonId,
    record::{Field, Kind, Record, Row},
    rights::Right,
};

choices! {
    /// How far a project has come.
    pub State {
        Idea = "idea", "Idea";
        Planned = "planned", "Planned", Warn;
        Running = "running", "Under way", Good => ["running", "active", "in progress"];
        Done = "done", "Done", Good => ["completed", "closed"];
        Stopped = "stopped", "Stopped";
    }
}

impl State {
    /// Whether it takes, or will take, somebody's time.
    pub fn is_on(self) -> bool {
        matches!(self, State::Planned | State::Running)
    }
}

kit::record! {
    /// Work with a beginning and an end that changes something.
    pub Project(ProjectId) = Kind::new("project", "Project", "Projects", "/projects")
        .about("What is planned and under way, which outcome each project is for, and by when it is over.")
        .first_step("Write down every project that takes somebody's time now, also the small ones that nobody decided.")
        .rights(Right::View, Right::Contribute)
        .once("name", "There is a project of this name already. Change that one, or name this one apart from it.")
        .answered_while(|row| State::from_key(row.get(Project::KIND, "state").text()).is_some_and(State::is_on))
        .begun_by("starts")
        .ended_by("ends")
        .findings(to_mend);
    name: String = Field::text("Project").required().synonyms(&["name", "title", "summary", "task name"]);
    aim: Option<String> = Field::prose("Aim").help("What is different once it is over.").synonyms(&["description", "goal", "detail"]);
    outcome: Option<OutcomeId> = Field::link("For the outcome", "outcome").synonyms(&["outcome", "expectation"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Who answers for it, in the business where it changes the business.").synonyms(&["owner email", "responsible", "assignee"]);
    state: State = Field::choice("State", State::CHOICES).required().usually("planned").synonyms(&["status"]);
    starts: Option<Date> = Field::date("Begins").synonyms(&["start", "start date", "from"]);
    ends: Option<Date> = Field::date("To end on").synonyms(&["end", "end date", "due", "due date", "finish", "until"]);
}

/// What keeps a project that takes somebody's time from being steered.
pub fn to_mend(row: &Row, today: Date) -> Vec<String> {
    let it = Project::from_row(row);
    let lacks = [
        (it.outcome.is_none(), "Name the outcome that it is for, or stop it: nobody would miss it."),
        (it.owner.is_none(), "Give it an owner."),
        (it.ends.is_none(), "Say by when it is to end."),
        (it.ends.is_some_and(|it| it < today), "Its last day has passed. Call it done, or say when it ends now."),
    ];
    let missing = lacks.into_iter().filter(|(lacking, _)| *lacking && it.state.is_on());
    missing.map(|(_, text)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;
    use jiff::civil::date;

    use kit::record::Faults;

    use super::*;

    fn project() -> Project {
        Project {
            id: ProjectId(Uuid::nil()),
            version: 1,
            name: "New test benches".to_owned(),
            aim: None,
            outcome: Some(OutcomeId(Uuid::nil())),
            owner: Some(PersonId(Uuid::nil())),
            state: State::Running,
            starts: Some(date(2026, 9, 1)),
            ends: Some(date(2027, 2, 26)),
        }
    }

    #[test]
    fn a_project_that_takes_time_has_an_outcome_an_owner_and_a_day_to_come() {
        let lacks = |it: Project, today| to_mend(&it.to_row(), today).len();
        assert_eq!(lacks(project(), date(2027, 2, 26)), 0);
        assert_eq!(lacks(project(), date(2027, 2, 27)), 1, "it is late");
        assert_eq!(lacks(Project { outcome: None, owner: None, ends: None, ..project() }, date(2026, 11, 23)), 3);
        assert_eq!(lacks(Project { outcome: None, state: State::Done, ..project() }, date(2028, 1, 1)), 0);
    }

    #[test]
    fn it_does_not_end_before_it_begins() {
        for (ends, refused) in [(date(2026, 8, 31), true), (date(2026, 9, 1), false)] {
            let mut faults = Faults::default();
            Project::KIND.check(&Project { ends: Some(ends), ..project() }.to_row(), &[], &mut faults);
            assert_eq!(faults.of("ends").is_some(), refused, "{ends}");
        }
    }
}
