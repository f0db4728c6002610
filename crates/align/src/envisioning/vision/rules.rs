//! What became of a vision from version to version, and whose signature still holds.

use jiff::Timestamp;
use kit::{
    audit::Entry,
    signature::{Signature, Verdict},
};
use similar::{ChangeTag, TextDiff};

use crate::envisioning::model::VisionState;

/// A vision as it stood after one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub number: i64,
    pub at: Timestamp,
    pub who: String,
    pub title: String,
    pub wording: String,
    pub state: Option<VisionState>,
}

/// Every version of a vision from its audit trail, the oldest first.
pub fn versions(trail: &[Entry]) -> Vec<Version> {
    let mut all: Vec<Version> = Vec::new();
    let mut oldest_first: Vec<&Entry> = trail.iter().filter(|it| it.version > 0 && it.act != "deleted").collect();
    oldest_first.sort_by_key(|it| (it.version, it.at));
    for entry in oldest_first {
        let changes = entry.changes();
        let last = all.last();
        let value = |key: &str, before: Option<&str>| match changes.get(key) {
            Some([_, after]) => after.as_str().unwrap_or_default().to_owned(),
            None => before.unwrap_or_default().to_owned(),
        };
        let state = value("state", last.and_then(|it| it.state).map(VisionState::key));
        all.push(Version {
            number: entry.version,
            at: entry.instant(),
            who: entry.who.clone(),
            title: value("title", last.map(|it| &*it.title)),
            wording: value("wording", last.map(|it| &*it.wording)),
            state: VisionState::from_key(&state),
        });
    }
    all
}

/// Whether a piece of text stands in both versions or in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Added,
    Removed,
}

/// Two wordings as one text, word by word, in runs of the same mark.
pub fn difference(before: &str, after: &str) -> Vec<(Mark, String)> {
    let mut runs: Vec<(Mark, String)> = Vec::new();
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => Mark::Same,
            ChangeTag::Insert => Mark::Added,
            ChangeTag::Delete => Mark::Removed,
        };
        match runs.last_mut() {
            Some((last, text)) if *last == mark => text.push_str(change.value()),
            _ => runs.push((mark, change.value().to_owned())),
        }
    }
    readable(runs)
}

/// So few words between two changes are read with them.
const FEW_WORDS: usize = 3;

/// Joins changes that only a word or two lie between, what went before what came: so that a sentence that was written
/// anew is read as one, and not as a word of each in turn.
fn readable(runs: Vec<(Mark, String)>) -> Vec<(Mark, String)> {
    let last = runs.len().saturating_sub(1);
    let mut joined: Vec<(Mark, String)> = Vec::new();
    let (mut went, mut came) = (String::new(), String::new());
    for (at, (mark, text)) in runs.into_iter().enumerate() {
        let within = at > 0 && at < last && text.split_whitespace().count() < FEW_WORDS;
        if mark != Mark::Added && (mark == Mark::Removed || within) {
            went.push_str(&text);
        }
        if mark != Mark::Removed && (mark == Mark::Added || within) {
            came.push_str(&text);
        }
        if mark == Mark::Same && !within {
            joined.push((Mark::Removed, std::mem::take(&mut went)));
            joined.push((Mark::Added, std::mem::take(&mut came)));
            joined.push((Mark::Same, text));
        }
    }
    joined.push((Mark::Removed, went));
    joined.push((Mark::Added, came));
    joined.retain(|it| !it.1.is_empty());
    joined
}

/// What changed, as a sentence.
pub fn summary(runs: &[(Mark, String)]) -> String {
    let words =
        |of: Mark| -> usize { runs.iter().filter(|it| it.0 == of).map(|it| it.1.split_whitespace().count()).sum() };
    let word = |many: usize| if many == 1 { "word" } else { "words" };
    match (words(Mark::Added), words(Mark::Removed)) {
        (0, 0) => "The wording is the same".to_owned(),
        (added, 0) => format!("{added} {} came in, none went", word(added)),
        (0, removed) => format!("{removed} {} went, none came in", word(removed)),
        (added, removed) => format!("{added} {} came in, {removed} went", word(added)),
    }
}

/// What somebody last said of a vision, and whether it is about the wording that stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub name: String,
    pub person: Option<db::uuid::Uuid>,
    pub verdict: Verdict,
    pub version: i64,
    pub note: Option<String>,
    pub at: Timestamp,
    /// Who noted it for them, in words.
    pub noted: String,
    /// The wording has not changed since the version that it was said of.
    pub holds: bool,
}

/// The last word of each person, given the version since which the wording is what it is. A change of state or owner
/// leaves a signature standing; a change of wording does not.
pub fn said(signatures: &[Signature], same_since: i64) -> Vec<Said> {
    let of = |it: &Signature| Said {
        name: it.name.clone(),
        person: it.person,
        verdict: it.verdict(),
        version: it.version,
        note: it.note.clone(),
        at: it.instant(),
        noted: it.noted(),
        holds: it.version >= same_since,
    };
    signatures.iter().map(of).collect()
}

/// Who stands behind the wording that is there now.
pub fn behind(said: &[Said]) -> Vec<&Said> {
    said.iter().filter(|it| it.holds && it.verdict == Verdict::Signed).collect()
}

/// The first line of a wording, cut between words where it is long.
pub fn in_a_line(wording: &str) -> String {
    const MOST: usize = 160;
    let line = wording.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MOST).collect();
    let whole = cut.rsplit_once(char::is_whitespace).map_or(&*cut, |it| it.0);
    format!("{} …", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;
    use proptest::prelude::*;

    use super::*;

    fn entry(version: i64, act: &str, changes: &str) -> Entry {
        Entry {
            id: Uuid::nil(),
            at: version * 1000,
            who: "Ada".to_owned(),
            act: act.to_owned(),
            kind: "vision".to_owned(),
            record: Uuid::nil(),
            title: "Page".to_owned(),
            changes: changes.to_owned(),
            version,
        }
    }

    #[test]
    fn a_vision_in_a_line_is_its_first_and_is_cut_between_words() {
        assert_eq!(in_a_line("\n  We pump.\nWe serve."), "We pump.");
        assert_eq!(in_a_line(""), "");
        let long = in_a_line(&"Water runs. ".repeat(30));
        assert!(long.ends_with("Water …") || long.ends_with("runs. …"), "{long}");
        assert!(long.chars().count() <= 162, "{long}");
    }

    #[test]
    fn each_version_is_what_the_trail_says_it_was_though_only_changes_are_kept() {
        let trail = [
            entry(0, "signed", r#"{"signed":[null,"Ada"]}"#),
            entry(3, "changed", r#"{"state":["draft","current"]}"#),
            entry(2, "changed", r#"{"wording":["We sell pumps.","We sell water."]}"#),
            entry(1, "created", r#"{"title":[null,"Page"],"wording":[null,"We sell pumps."],"state":[null,"draft"]}"#),
        ];
        let all = versions(&trail);
        let wordings: Vec<(i64, &str)> = all.iter().map(|it| (it.number, &*it.wording)).collect();
        assert_eq!(wordings, [(1, "We sell pumps."), (2, "We sell water."), (3, "We sell water.")]);
        assert_eq!((all[1].state, all[2].state), (Some(VisionState::Draft), Some(VisionState::Current)));
    }

    #[test]
    fn words_that_came_and_went_are_marked_and_counted() {
        let runs = difference("We sell good pumps.", "We sell water and good pumps.");
        assert_eq!(runs[1], (Mark::Added, "water and ".to_owned()));
        assert_eq!(summary(&runs), "2 words came in, none went");
        assert_eq!(summary(&difference("a", "a")), "The wording is the same");
    }

    #[test]
    fn a_sentence_that_was_written_anew_is_read_as_one() {
        let runs = difference("Every manager gets the same figures.", "Whoever decides looks at the same paper.");
        let marks: Vec<Mark> = runs.iter().map(|it| it.0).collect();
        assert_eq!(marks, [Mark::Removed, Mark::Added], "{runs:?}");
    }

    proptest! {
        #[test]
        fn both_wordings_can_be_read_out_of_the_difference(before in "[a-c \n.]{0,40}", after in "[a-c \n.]{0,40}") {
            let runs = difference(&before, &after);
            let without = |mark: Mark| runs.iter().filter(|it| it.0 != mark).map(|it| &*it.1).collect::<String>();
            prop_assert_eq!(without(Mark::Added), before);
            prop_assert_eq!(without(Mark::Removed), after);
        }
    }
}
