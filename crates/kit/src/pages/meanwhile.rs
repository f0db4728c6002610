//! Forms that save what many hold in common: two people may have one open at the same time, and neither overwrites
//! what the other saved.
//!
//! A form of one record sends the version that its writer saw. One that saves many fields at once sends beside each
//! `key` what stood there, as `was-key`: so that who fills in one field does not stand in the way of who fills in
//! another.

use askama::Template;

use crate::pages::Fields;

/// What somebody meant to do with a field, given what stands there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// They left it as they saw it, or it is so already.
    Nothing,
    Write,
    /// They changed it, and so did somebody else.
    Meanwhile,
}

impl Fields {
    /// What somebody meant to do with a field that holds `now`.
    pub fn meant(&self, key: &str, now: &str) -> Meant {
        self.meant_together(&[(key, now)])
    }

    /// The same for fields that belong together, such as a place and its reason.
    pub fn meant_together(&self, now: &[(&str, &str)]) -> Meant {
        let all = |holds: fn(&str, &str, &str) -> bool| {
            now.iter().all(|(key, now)| holds(&self.text(key), &self.seen(key), &normal(now)))
        };
        if all(|typed, seen, _| typed == seen) || all(|typed, _, now| typed == now) {
            Meant::Nothing
        } else if all(|_, seen, now| seen == now) {
            Meant::Write
        } else {
            Meant::Meanwhile
        }
    }

    /// What a form shows in a field that holds `now`: what was typed when it comes back, unless the writer left it alone.
    pub fn shown(&self, key: &str, now: &str) -> String {
        if self.has(key) && self.text(key) != self.seen(key) { self.get(key).to_owned() } else { now.to_owned() }
    }

    /// What was typed, without blanks at its ends.
    pub fn text(&self, key: &str) -> String {
        normal(self.get(key))
    }

    fn seen(&self, key: &str) -> String {
        normal(self.get(&format!("was-{key}")))
    }
}

/// Browsers end lines in two ways.
fn normal(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// What somebody else changed meanwhile, to be shown above the form that comes back.
#[derive(Template, Debug, Clone, Default)]
#[template(path = "pages/meanwhile.html")]
pub struct Conflict {
    /// What, what it is now, what the reader wrote.
    lines: Vec<(String, String, String)>,
}

impl Conflict {
    pub fn add(&mut self, what: impl Into<String>, now: impl Into<String>, yours: impl Into<String>) {
        self.lines.push((what.into(), now.into(), yours.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl<A: Into<String>> FromIterator<(A, String, String)> for Conflict {
    fn from_iter<I: IntoIterator<Item = (A, String, String)>>(lines: I) -> Conflict {
        Conflict { lines: lines.into_iter().map(|(what, now, yours)| (what.into(), now, yours)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn form(fields: &[(&str, &str)]) -> Fields {
        let owned = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Fields::from(owned.collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn only_who_changed_what_somebody_else_changed_is_told() {
        let of = |was: &str, typed: &str, now: &str| form(&[("a", typed), ("was-a", was)]).meant("a", now);
        assert_eq!(of("1", "1", "1"), Meant::Nothing);
        assert_eq!(of("1", "1", "2"), Meant::Nothing, "whoever left it alone takes nothing back");
        assert_eq!(of("1", "2", "2"), Meant::Nothing, "both meant the same");
        assert_eq!(of("1", "2", "1"), Meant::Write);
        assert_eq!(of("1", "2", "3"), Meant::Meanwhile);
        assert_eq!(of("", "2", "3"), Meant::Meanwhile, "a form that saw nothing overwrites nothing");
        assert_eq!(of("one\ntwo", "one\r\ntwo ", "three"), Meant::Nothing, "ends of lines are no change");
    }

    #[test]
    fn fields_that_belong_together_are_written_together_or_not_at_all() {
        let sent = form(&[("place", "key"), ("was-place", ""), ("why", "Because"), ("was-why", "")]);
        assert_eq!(sent.meant_together(&[("place", ""), ("why", "")]), Meant::Write);
        assert_eq!(sent.meant_together(&[("place", ""), ("why", "Others")]), Meant::Meanwhile);
        assert_eq!(sent.meant_together(&[("place", "key"), ("why", "Because")]), Meant::Nothing);
    }

    #[test]
    fn a_form_that_comes_back_shows_what_was_typed_and_otherwise_what_is_there_now() {
        let sent = form(&[("a", "2"), ("was-a", "1"), ("b", "1"), ("was-b", "1")]);
        assert_eq!([sent.shown("a", "3"), sent.shown("b", "3"), sent.shown("c", "3")], ["2", "3", "3"]);
    }
}
