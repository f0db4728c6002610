//! The pages of every kind of record: table, record, form, history. They read the description and know no kind by
//! name. With them the pages that go across kinds: the thread, the audit trail, the palette, the glossary.

mod across;
mod form;
mod list;
mod meanwhile;
mod record;
mod show;
mod step;
mod trail;

use axum::extract::{Form, Path, Query, Request};
use db::uuid::Uuid;

use crate::{
    area::{Answer, Area, Entry, Note},
    asking, attachment,
    record::Kind,
    rights::Right,
    signature,
    web::{Access, Routes, Scope},
};

pub(crate) use self::record::naming_elsewhere;
pub use self::{
    form::Fields,
    list::{send, table_of},
    meanwhile::{Conflict, Meant},
    record::{Tied, named_by, tied},
    show::{Shown, link_titles, show, title_of, titles_of},
    step::{Now, Step},
    trail::made,
};

/// The area of what goes across all others.
pub struct Across;

impl Area for Across {
    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("Thread", "/thread").on_top("thread"),
                Entry::new("Audit trail", "/audit").for_those_who(Right::Audit),
                Entry::new("Glossary", "/glossary"),
            ]
        }
    }

    fn decisions<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<Note>> {
        Box::pin(signature::waiting(scope))
    }

    fn routes(&self, routes: Routes) -> Routes {
        asking::pages::routes(routes)
            .get("/palette", Access::With(Right::View), across::palette)
            .get("/thread", Access::With(Right::View), across::thread)
            .get("/files/{id}", Access::With(Right::View), attachment::download)
            .post("/files/{id}/delete", Access::With(Right::View), attachment::remove)
            .post("/links/{id}/delete", Access::With(Right::Contribute), across::untie)
            .get("/glossary", Access::With(Right::View), across::glossary)
            .get("/audit", Access::With(Right::Audit), trail::page)
            .get("/audit/export/{format}", Access::Export(Right::Audit), trail::export)
    }
}

/// The pages that come by themselves for every kind that an area registers.
pub fn routes(mut routes: Routes, kinds: impl Iterator<Item = &'static Kind>) -> Routes {
    for kind in kinds {
        routes = of_kind(routes, kind);
    }
    routes
}

fn of_kind(routes: Routes, kind: &'static Kind) -> Routes {
    let (view, edit) = (Access::With(kind.view), Access::With(kind.edit));
    let at = |rest: &str| format!("{}{rest}", kind.path);
    let routes = if kind.signed {
        routes
            .post(at("/{id}/ask"), edit, move |scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<Fields>| {
                signature::ask_page(kind, scope, id, fields)
            })
            .post(at("/{id}/say"), view, move |scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<Fields>| {
                signature::say_page(kind, scope, id, fields)
            })
    } else {
        routes
    };
    routes
        .get(at(""), view, move |scope: Scope, Query(asked): Query<list::Asked>| list::page(kind, scope, asked))
        .get(at("/export/{format}"), Access::Export(kind.view), move |scope: Scope, Path(format): Path<String>| {
            list::export(kind, scope, format)
        })
        .get(at("/new"), edit, move |scope: Scope, Query(given): Query<form::Fields>| form::new(kind, scope, given))
        .post(at(""), edit, move |scope: Scope, Form(fields): Form<form::Fields>| form::create(kind, scope, fields))
        .get(at("/{id}"), view, move |scope: Scope, Path(id): Path<Uuid>| record::page(kind, scope, id))
        .get(at("/{id}/edit"), edit, move |scope: Scope, Path(id): Path<Uuid>| form::edit(kind, scope, id))
        .post(at("/{id}"), edit, move |scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<form::Fields>| {
            form::change(kind, scope, id, fields)
        })
        .post(at("/{id}/delete"), edit, move |scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<form::Fields>| {
            record::delete(kind, scope, id, fields)
        })
        .post(at("/{id}/files"), edit, move |scope: Scope, Path(id): Path<Uuid>, request: Request| {
            attachment::add(kind, scope, id, request)
        })
        .get(at("/{id}/history"), view, move |scope: Scope, Path(id): Path<Uuid>| trail::history(kind, scope, id))
        .post(
            at("/{id}/links"),
            Access::With(Right::Contribute),
            move |scope: Scope, Path(id): Path<Uuid>, Form(fields): Form<form::Fields>| {
                record::tie(kind, scope, id, fields)
            },
        )
}
