//! Who answers for what, may decide what, and has the time for it.
//!
//! Roles have mandates; the matrix says which role answers for which record; what it takes is held against the time
//! that the holders have; and a short round asks people whom they believe to answer. It must not know which kinds of
//! record are rows of the matrix: the registry says that.

pub mod accountabilities;
pub mod model;
pub mod overview;
pub mod perceived;
pub mod raci;
pub mod resourcing;

use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{
    area::{Answer, Area, Entry, Evidence, Named, Note},
    asking::Round,
    error::found,
    import::Target,
    method::Competency,
    record::Kind,
    web::{Routes, Scope},
};

pub use self::model::{Absence, Role};
use self::raci::Matrix;

/// The area of this competency.
pub struct Leadership;

impl Area for Leadership {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Role::KIND, Absence::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const {
            let of = Competency::LeadershipStructure;
            &[
                Entry::new("Leadership", "/leadership").of(of),
                Entry::new("Roles", "/roles").of(of),
                Entry::new("Matrix", "/raci").of(of),
                Entry::new("Accountabilities", "/accountabilities").of(of),
                Entry::new("Resourcing", "/resourcing").of(of),
                Entry::new("As perceived", "/perceived").of(of),
                Entry::new("Absences", "/absences").under("/leadership"),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        let pages = [
            overview::routes,
            raci::pages::routes,
            accountabilities::routes,
            resourcing::pages::routes,
            perceived::pages::routes,
            perceived::respond::routes,
        ];
        pages.into_iter().fold(routes, |routes, add| add(routes))
    }

    fn targets(&self) -> Vec<Box<dyn Target>> {
        vec![Box::new(raci::sheet::Sheet)]
    }

    fn evidence<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Evidence>> {
        Box::pin(overview::evidence(scope))
    }

    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(overview::decisions(scope))
    }

    /// The last days of the rounds that are open.
    fn dates<'a>(&'a self, scope: &'a Scope, from: Date) -> Answer<'a, Vec<Note>> {
        Box::pin(async move {
            let rounds = perceived::store::rounds(scope.db(), scope.id()).await?;
            let open = rounds.into_iter().filter(|it| it.is_open(scope.today()) && it.closes >= from);
            let note = |it: perceived::Round| {
                Note::new(format!("Last day to answer “{}”", it.title), format!("/perceived/{}", it.id)).on(it.closes)
            };
            Ok(open.map(note).collect())
        })
    }

    fn others<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Named>> {
        Box::pin(async move {
            let all = perceived::store::rounds(scope.db(), scope.id()).await?.into_iter();
            let named =
                |it: perceived::Round| Named { kind: "Round", title: it.title, url: format!("/perceived/{}", it.id) };
            Ok(all.map(named).collect())
        })
    }

    fn find<'a>(&'a self, scope: &'a Scope, kind: &'a str, id: Uuid) -> Answer<'a, Option<Named>> {
        Box::pin(async move {
            if kind == perceived::ROUND {
                let round = perceived::store::round(scope.db(), scope.id(), perceived::RoundId(id)).await;
                let named =
                    |it: perceived::Round| Named { kind: "Round", title: it.title, url: format!("/perceived/{id}") };
                return Ok(found(round)?.map(named));
            }
            if kind != raci::ROW {
                return Ok(None);
            }
            let lines = raci::store::lines(scope.db(), scope.id()).await?;
            let Some(line) = lines.into_iter().find(|it| it.id.0 == id) else { return Ok(None) };
            let Some(kind) = scope.app.registry.kind(&line.kind) else { return Ok(None) };
            let seen = kit::store::seen(scope, kind).await?;
            let Some(record) = seen.iter().find(|it| it.id == line.record) else { return Ok(None) };
            Ok(Some(Named { kind: "Row of the matrix", title: record.title(kind), url: format!("/raci/{id}") }))
        })
    }

    fn round<'a>(&'a self, scope: &'a Scope, what: &'a str, id: Uuid) -> Answer<'a, Option<Round>> {
        Box::pin(async move {
            if what != perceived::ROUND {
                return Ok(None);
            }
            perceived::pages::handed_out(scope, perceived::RoundId(id)).await.map(Some)
        })
    }

    /// A role is named by the rows in which it has a letter, a record by its own row.
    fn named_by<'a>(&'a self, scope: &'a Scope, kind: &'a Kind, id: Uuid) -> Answer<'a, Vec<Named>> {
        Box::pin(async move {
            let is_role = kind.key == Role::KIND.key;
            if !is_role && !kind.accountable {
                return Ok(Vec::new());
            }
            let matrix = Matrix::load(scope).await?;
            let column = matrix.roles.iter().position(|it| it.id.0 == id).filter(|_| is_role);
            let names = |it: &&raci::Row| it.line.record == id || column.is_some_and(|at| it.letters[at].is_some());
            let named = |it: &raci::Row| Named { kind: "Row of the matrix", title: it.title.clone(), url: it.url() };
            Ok(matrix.rows.iter().filter(names).map(named).collect())
        })
    }
}
