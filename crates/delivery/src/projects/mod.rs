//! What is under way to change something, each with the outcome that it is for and its days.
//!
//! Skills can be needed for a project: its days move the need along. It must not plan tasks.

pub mod model;

use jiff::civil::Date;
use kit::{
    area::{Answer, Area, Entry, Evidence, Note},
    method::Competency,
    record::{Kind, Record},
    store,
    web::Scope,
};

pub use self::model::Project;

/// The area of the projects.
pub struct Projects;

const OF: Competency = Competency::Projects;

impl Area for Projects {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Project::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Projects", "/projects").of(OF)] }
    }

    /// When projects begin and when they are to end; what is late stays in it.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut notes = Vec::new();
            for it in store::all::<Project>(scope.db(), scope.id()).await?.iter().filter(|it| it.state.is_on()) {
                let note =
                    |what, day| Note::new(format!("{what}: {}", it.name), format!("/projects/{}", it.id)).on(day);
                notes.extend(it.starts.filter(|day| *day >= from).map(|day| note("Project begins", day)));
                notes.extend(it.ends.map(|day| note("Project is to end", day)));
            }
            Ok(notes)
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let all: Vec<Project> = store::all(scope.db(), scope.id()).await?;
            let on: Vec<&Project> = all.iter().filter(|it| it.state.is_on()).collect();
            let whole = on.iter().filter(|it| model::to_mend(&it.to_row(), scope.today()).is_empty()).count();
            Ok(vec![Evidence::new(
                OF,
                "Every project that is planned or under way has an outcome, an owner and a last day that is still to come",
                !on.is_empty() && whole == on.len(),
                format!("{whole} of {}", on.len()),
                "/projects",
            )])
        })
    }
}
