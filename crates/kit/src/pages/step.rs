//! What to do now: the first thing that the main page of an area says.

use askama::Template;

use crate::{rights::Right, web::Scope};

/// The one thing to do, with the button that leads there and who is offered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub text: String,
    pub label: &'static str,
    pub url: String,
    pub right: Right,
    /// Whether the button sends a form instead of leading to a page.
    pub sends: bool,
}

impl Step {
    pub fn new(text: impl Into<String>, label: &'static str, url: impl Into<String>, right: Right) -> Step {
        Step { text: text.into(), label, url: url.into(), right, sends: false }
    }

    pub fn sent(mut self) -> Step {
        self.sends = true;
        self
    }

    /// As a card, for whoever looks.
    pub fn card(self, scope: &Scope) -> Now {
        Now { may: scope.may(self.right), step: self }
    }
}

#[derive(Template)]
#[template(path = "pages/step.html")]
pub struct Now {
    step: Step,
    may: bool,
}
