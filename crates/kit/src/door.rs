//! The doors of the house: signing in and out, the first run, invitations, members, settings, the choice of an
//! organisation. It knows accounts and organisations, and no kind of record.

mod account_page;
pub(crate) mod first_run;
mod inputs;
mod invitation;
mod members;
mod organisation;
mod organisations;
mod rules;
mod settings;
mod sign_in;
mod store;
mod tries;

pub use self::{rules::may_become, store::members_held};

use std::sync::Arc;

use crate::{
    area::{Area, Entry},
    rights::Right,
    web::{Access, Routes},
};

/// The area that brings the doors.
pub struct Door;

impl Area for Door {
    fn entries(&self) -> &'static [Entry] {
        const {
            &[
                Entry::new("My account", "/account"),
                Entry::new("Switch organisation", "/organisations"),
                Entry::new("Members", "/members").for_those_who(Right::Administer),
                Entry::new("Organisation settings", "/settings").for_those_who(Right::Administer),
            ]
        }
    }

    fn routes(&self, routes: Routes) -> Routes {
        let tries = Arc::new(tries::Tries::default());
        let (signing_in, changing, accepting) = (tries.clone(), tries.clone(), tries);
        let administer = Access::With(Right::Administer);
        routes
            .get("/sign-in", Access::Public, sign_in::page)
            .post("/sign-in", Access::Public, async move |app, caller, alone, headers, form| {
                sign_in::sign_in(&signing_in, app, caller, alone, headers, form).await
            })
            .post("/sign-out", Access::SignedIn, sign_in::sign_out)
            .get("/first-run", Access::Public, first_run::page)
            .post("/first-run", Access::Public, first_run::begin)
            .get("/account", Access::SignedIn, account_page::page)
            .post("/account/name", Access::SignedIn, account_page::rename)
            .post("/account/password", Access::SignedIn, async move |app, visitor, caller, headers, form| {
                account_page::change_password(&changing, app, visitor, caller, headers, form).await
            })
            .post("/account/sessions/end", Access::SignedIn, account_page::end_session)
            .post("/account/theme", Access::SignedIn, account_page::choose_theme)
            .get("/organisations", Access::SignedIn, organisations::page)
            .post("/organisations", Access::SignedIn, organisations::switch)
            .get("/organisations/new", Access::SignedIn, organisations::new)
            .post("/organisations/new", Access::SignedIn, organisations::found)
            .get("/members", administer, members::page)
            .post("/members", administer, members::invite)
            .post("/members/withdraw", administer, members::withdraw)
            .post("/members/{id}/role", administer, members::change_role)
            .post("/members/{id}/remove", administer, members::remove)
            .get("/invitation/{token}", Access::Secret, invitation::page)
            .post("/invitation/{token}", Access::Secret, async move |app, caller, alone, headers, path, form| {
                invitation::accept(&accepting, app, caller, alone, headers, path, form).await
            })
            .get("/settings", administer, settings::page)
            .post("/settings", administer, settings::save)
    }
}
