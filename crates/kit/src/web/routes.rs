//! Every route says who may come in; there is no way to add one without.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};

use crate::{
    error::Error,
    rights::{Right, Role},
    web::{App, Scope, scope, security},
};

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone: signing in, the first run, static files.
    Public,
    /// Whoever holds the secret that is part of the address: a respondent, a calendar feed, someone invited.
    Secret,
    /// Anyone with an account, whatever the organisation.
    SignedIn,
    /// A member of the organisation at hand whose role has this right.
    With(Right),
    /// The same, for a file of what this right lets one see: it takes the right to carry tables away as well.
    Export(Right),
}

impl Access {
    /// Whether a member of this role comes in.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Access::Public | Access::Secret | Access::SignedIn => true,
            Access::With(right) => role.may(right),
            Access::Export(right) => role.may(right) && role.may(Right::Export),
        }
    }
}

/// A route as the permission table lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub method: &'static str,
    pub path: String,
    pub access: Access,
}

/// The routes of the program as they are collected, with the list of who may use each.
pub struct Routes {
    app: App,
    router: Router<App>,
    pub list: Vec<Listed>,
}

impl Routes {
    pub fn new(app: App) -> Routes {
        Routes { app, router: Router::new(), list: Vec::new() }
    }

    pub fn get<H, T>(self, path: impl Into<String>, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("GET", path.into(), access, get(handler))
    }

    pub fn post<H, T>(self, path: impl Into<String>, access: Access, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("POST", path.into(), access, post(handler))
    }

    fn add(mut self, method: &'static str, path: String, access: Access, handler: MethodRouter<App>) -> Routes {
        let guarded = handler.layer(middleware::from_fn_with_state((self.app.clone(), access), guard));
        self.router = self.router.route(&path, guarded);
        self.list.push(Listed { method, path, access });
        self
    }

    /// The router and the list.
    pub fn finish(self) -> (Router<App>, Vec<Listed>) {
        (self.router, self.list)
    }
}

/// Lets a request through to its handler, with its scope, or answers it. The answer carries who may have it, for the
/// headers that depend on that.
async fn guard(State((app, access)): State<(App, Access)>, request: Request, next: Next) -> Response {
    let mut response = admit(&app, access, request, next).await;
    response.extensions_mut().insert(access);
    response
}

async fn admit(app: &App, access: Access, mut request: Request, next: Next) -> Response {
    // The secret in an address is what lets its holder in; another site does not know it.
    if access != Access::Secret && security::comes_from_elsewhere(request.method(), request.headers(), &app.address) {
        return security::from_elsewhere();
    }
    if matches!(access, Access::Public | Access::Secret) {
        return next.run(request).await;
    }
    let scope = match Scope::of(app, request.headers()).await {
        Ok(scope) => scope,
        Err(err) => return err.into_response(),
    };
    match (scope, access) {
        (scope::Found::Nobody, _) if request.method() == axum::http::Method::GET => {
            let back = request.uri().path_and_query().map_or("/", |it| it.as_str());
            Redirect::to(&format!("/sign-in?back={}", scope::percent(back))).into_response()
        }
        (scope::Found::Nobody, _) => Redirect::to("/sign-in").into_response(),
        (scope::Found::Account(account), Access::SignedIn) => {
            request.extensions_mut().insert(account);
            next.run(request).await
        }
        (scope::Found::Account(_), _) => Redirect::to("/organisations").into_response(),
        (scope::Found::Member(scope, account), access) => {
            if !access.admits(scope.role) {
                return Error::Forbidden.into_response();
            }
            request.extensions_mut().insert(account);
            request.extensions_mut().insert(*scope);
            next.run(request).await
        }
    }
}
