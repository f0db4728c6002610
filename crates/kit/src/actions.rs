//! The action list: what somebody takes up, by when. A gap begins the form of one.
//!
//! This is the smallest register of the product; docs/adding-a-record.md walks through it.

use crate::{
    area::{Answer, Area, Begun, Entry, Note, TakeUp},
    choices,
    method::Competency,
    people::PersonId,
    record::{Field, Kind},
    store,
    web::Scope,
};

choices! {
    pub State {
        Open = "open", "Open", Warn;
        Done = "done", "Done", Good;
        Dropped = "dropped", "Dropped";
    }
}

crate::record! {
    /// Something that somebody takes up.
    pub Action(ActionId) = Kind::new("action", "Action", "Actions", "/actions")
        .about("What somebody takes up, and by when.")
        .first_step("Open the results of a survey and turn its widest gap into an action, or add one here.")
        .titled("title")
        .known_by(&["title"]);
    title: String = Field::text("What").required().synonyms(&["title", "action", "task"]);
    competency: Option<Competency> = Field::choice("Competency", Competency::CHOICES);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().synonyms(&["owner email", "responsible"]);
    due: Option<jiff::civil::Date> = Field::date("Due").synonyms(&["due date", "deadline"]);
    state: State = Field::choice("State", State::CHOICES).required();
    detail: Option<String> = Field::prose("Detail");
}

/// The area that brings the action list.
pub struct Actions;

impl Area for Actions {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Action::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Actions", "/actions").on_top("action")] }
    }

    fn take_up(&self, it: &TakeUp) -> Option<Begun> {
        let competency = it.competency.map(|it| it.key().to_owned()).unwrap_or_default();
        let fields = vec![("title", it.title.clone()), ("competency", competency), ("detail", it.detail.clone())];
        Some(Begun { kind: Action::KIND, fields })
    }

    fn dates<'a>(&'a self, scope: &'a Scope, _from: jiff::civil::Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let open =
                store::all::<Action>(scope.db(), scope.id()).await?.into_iter().filter(|it| it.state == State::Open);
            let due = open.filter_map(|it| Some((it.due?, it)));
            Ok(due
                .map(|(due, it)| Note::new(format!("Action: {}", it.title), format!("/actions/{}", it.id)).on(due))
                .collect())
        })
    }
}
