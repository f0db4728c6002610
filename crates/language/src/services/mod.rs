//! The services of IT, named and described as the company would.
//!
//! A service is a row of the accountability matrix, skills are needed for it, and a move of the activity that it comes
//! from touches it. It must not say what a service costs: that is reckoned from costs, not written down.

pub mod model;

use kit::{
    area::{Answer, Area, Entry, Evidence, Note},
    method::Competency,
    record::{Kind, Record},
    store,
    web::Scope,
};

pub use self::model::Service;

/// The area of the services.
pub struct Services;

const OF: Competency = Competency::CommonLanguage;

/// So many services in plain words are good enough to talk about money with.
const ENOUGH: usize = 5;

impl Area for Services {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Service::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Services", "/services").of(OF)] }
    }

    /// When services begin and end.
    fn dates<'a>(&'a self, scope: &'a Scope, from: jiff::civil::Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let mut notes = Vec::new();
            for it in store::all::<Service>(scope.db(), scope.id()).await?.iter().filter(|it| it.state.is_on()) {
                let days = [("Service begins", it.starts), ("Service ends", it.ends)];
                notes.extend(days.into_iter().filter(|(_, day)| day.is_some_and(|it| it >= from)).map(
                    |(what, day)| Note::new(format!("{what}: {}", it.name), format!("/services/{}", it.id)).on(day),
                ));
            }
            Ok(notes)
        })
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(async move {
            let all: Vec<Service> = store::all(scope.db(), scope.id()).await?;
            let on: Vec<&Service> = all.iter().filter(|it| it.state.is_on()).collect();
            let whole = on.iter().filter(|it| model::to_mend(&it.to_row(), scope.today()).is_empty()).count();
            Ok(vec![Evidence::new(
                OF,
                "At least five services say what they are for and for whom, and each has an owner",
                whole >= ENOUGH && whole == on.len(),
                format!("{whole} of {}", on.len()),
                "/services",
            )])
        })
    }
}
