//! The program: every area registered in the order of the method, the router made from them, the data folder.

pub mod backup;
pub mod calc;
pub mod commands;
pub mod config;
pub mod demo;
pub mod folder;
pub mod serve;

use axum::Router;
use kit::{
    area::{Area, Registry},
    web::{Access, App, Listed, Routes},
};

/// Every area of the house, in the order of the navigation: the journey first, because home is its page.
pub fn registry() -> Registry {
    let areas: Vec<Box<dyn Area>> = vec![
        Box::new(journey::Journey),
        Box::new(survey::Surveys),
        Box::new(align::envisioning::Envisioning),
        Box::new(align::expectations::Expectations),
        Box::new(align::urgency::Urgency),
        Box::new(people::sourcing::Sourcing),
        Box::new(people::leadership::Leadership),
        Box::new(people::team::Team),
        Box::new(language::services::Services),
        Box::new(planning::budget::Budget),
        Box::new(delivery::projects::Projects),
        Box::new(delivery::processes::Processes),
        Box::new(delivery::board_pack::BoardPack),
        Box::new(kit::actions::Actions),
        Box::new(kit::pages::Across),
        Box::new(kit::people::People),
        Box::new(kit::holidays::Holidays),
        Box::new(kit::import::Import),
        Box::new(kit::door::Door),
    ];
    Registry { areas }
}

/// The routes of the whole program, and the list of who may use each.
pub fn router(app: &App) -> (Router, Vec<Listed>) {
    let mut routes = Routes::new(app.clone()).get("/assets/{*path}", Access::Public, kit::web::assets).get(
        "/health",
        Access::Public,
        async || "ok",
    );
    routes = kit::pages::routes(routes, app.registry.kinds());
    for area in &app.registry.areas {
        routes = area.routes(routes);
    }
    let (router, list) = routes.finish();
    (kit::web::protect(router.with_state(app.clone()), app), list)
}
