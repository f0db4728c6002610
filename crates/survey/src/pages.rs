//! Making, launching, watching and closing campaigns.

mod campaign;
mod form;
mod list;
mod stages;

use kit::{
    rights::Right,
    web::{Access, Routes},
};

pub use self::{
    form::{add, blank, difference},
    stages::{begin, draft, end, shown},
};

pub fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Access::With(Right::View), Access::With(Right::ManageSurveys));
    routes
        .get("/surveys", view, list::list)
        .get("/surveys/new", manage, form::new)
        .post("/surveys", manage, form::create)
        .get("/surveys/{id}", view, campaign::page)
        .get("/surveys/{id}/response", view, campaign::response)
        .get("/surveys/{id}/edit", manage, form::edit)
        .post("/surveys/{id}", manage, form::change)
        .post("/surveys/{id}/launch", manage, stages::launch)
        .post("/surveys/{id}/close", manage, stages::close)
        .post("/surveys/{id}/delete", manage, stages::delete)
}
