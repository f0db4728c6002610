//! How work is done again and again, each with somebody who answers for it and a day on which it is looked at again.

pub mod model;

use jiff::civil::Date;
use kit::{
    area::{Answer, Area, Entry, Evidence, Note},
    method::Competency,
    record::Kind,
    store,
    web::Scope,
};

pub use self::model::Process;

/// The area of the processes.
pub struct Processes;

const OF: Competency = Competency::Processes;

/// So many processes that are owned and measured are good enough to improve from.
const ENOUGH: usize = 5;

impl Area for Processes {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Process::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Processes", "/processes").of(OF)] }
    }

    /// When processes are to be looked at again.
    fn dates<'a>(&'a self, scope: &'a Scope, _from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let all: Vec<Process> = store::all(scope.db(), scope.id()).await?;
            let used = all.iter().filter(|it| !it.not_used && it.review.is_some());
            let note = |it: &Process| {
                Note::new(format!("Look at again: {}", it.name), format!("/processes/{}", it.id)).on(it.review)
            };
            Ok(used.map(note).collect())
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let all: Vec<Process> = store::all(scope.db(), scope.id()).await?;
            let used: Vec<&Process> = all.iter().filter(|it| !it.not_used).collect();
            let whole = used.iter().filter(|it| it.owner.is_some() && it.measure.is_some()).count();
            Ok(vec![Evidence::new(
                OF,
                "At least five processes have an owner and a measure, and none is without",
                whole >= ENOUGH && whole == used.len(),
                format!("{whole} of {}", used.len()),
                "/processes",
            )])
        })
    }
}
