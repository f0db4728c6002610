//! Reading what a respondent sent, and the words of their pages in each language.

use std::collections::BTreeMap;

use crate::{
    instrument::{AnsweredBy, Instrument, Section},
    snapshot::Answer,
};

/// The value of the "cannot judge" choice in a form.
pub const CANNOT_JUDGE: &str = "none";
/// The longest text that is taken, in characters.
pub const LONGEST: usize = 4000;

/// Where a respondent wants to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    On,
    Back,
    /// Save and return later.
    Away,
}

/// What a screen's form said.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub answers: BTreeMap<String, Answer>,
    /// Item and sentence.
    pub faults: Vec<(String, String)>,
    pub goes: Goes,
}

/// Reads the form of one screen. A question without an answer is no fault; an answer that the screen did not offer is.
pub fn read(instrument: &Instrument, section: &Section, fields: &[(String, String)], words: &Words) -> Said {
    let sent = |key: &str| fields.iter().find(|it| it.0 == key).map(|it| it.1.trim()).filter(|it| !it.is_empty());
    let mut said = Said { answers: BTreeMap::new(), faults: Vec::new(), goes: Goes::On };
    said.goes = match sent("go") {
        Some("back") => Goes::Back,
        Some("away") => Goes::Away,
        _ => Goes::On,
    };
    for item in section.items() {
        let Some(text) = sent(&item.key) else { continue };
        let answer = match &item.answered_by {
            _ if text == CANNOT_JUDGE && item.cannot_judge => Some(Answer::CannotJudge),
            AnsweredBy::Scale(key) => {
                let value = text.parse::<f64>().ok();
                let on_scale =
                    |it: &f64| instrument.scale(key).is_some_and(|scale| scale.values().any(|point| point == *it));
                value.filter(on_scale).map(Answer::Value)
            }
            AnsweredBy::Rank(most) => {
                text.parse::<usize>().ok().filter(|it| (1..=*most).contains(it)).map(|it| Answer::Value(it as f64))
            }
            AnsweredBy::Option(keys) => keys.iter().find(|it| *it == text).map(|it| Answer::Text(it.clone())),
            AnsweredBy::Words if text.chars().count() <= LONGEST => Some(Answer::Text(text.replace("\r\n", "\n"))),
            AnsweredBy::Words => None,
        };
        match answer {
            Some(answer) => drop(said.answers.insert(item.key, answer)),
            None if item.answered_by == AnsweredBy::Words => said.faults.push((item.key, words.too_long.to_owned())),
            None => said.faults.push((item.key, words.off_scale.to_owned())),
        }
    }
    said
}

/// The words of the respondents' pages in one language. A pair is title and text.
pub struct Words {
    /// The language's name in itself.
    pub name: &'static str,
    pub part: &'static str,
    pub of: &'static str,
    pub back: &'static str,
    pub next: &'static str,
    pub hand_in: &'static str,
    pub later: &'static str,
    pub begin: &'static str,
    pub go_on: &'static str,
    pub cannot_judge: &'static str,
    pub comment: &'static str,
    pub rank: &'static str,
    pub mend: &'static str,
    pub off_scale: &'static str,
    pub too_long: &'static str,
    pub nothing: &'static str,
    pub language: &'static str,
    pub used: (&'static str, &'static str),
    pub used_named: &'static str,
    pub not_yet: (&'static str, &'static str),
    pub closed: (&'static str, &'static str),
    pub thanks: (&'static str, &'static str),
    pub saved: (&'static str, &'static str),
    pub elsewhere: (&'static str, &'static str),
    pub anew: &'static str,
    pub not_saved: &'static str,
    minutes: &'static str,
    anonymous: &'static str,
    named: &'static str,
}

impl Words {
    pub fn minutes(&self, minutes: u32) -> String {
        self.minutes.replace("{n}", &minutes.to_string())
    }

    /// Who will see what, in plain words.
    pub fn who_sees(&self, anonymous: bool, threshold: i64) -> String {
        if anonymous { self.anonymous.replace("{n}", &threshold.to_string()) } else { self.named.to_owned() }
    }
}

const ENGLISH: Words = Words {
    name: "English",
    part: "Part",
    of: "of",
    back: "Back",
    next: "Save and go on",
    hand_in: "Hand in my answers",
    later: "Save and return later",
    begin: "Begin",
    go_on: "Go on where I was",
    cannot_judge: "I cannot judge",
    comment: "Add a comment (optional)",
    rank: "Rank",
    mend: "Please look at this again",
    off_scale: "This answer is not one of those offered. Choose one again; your other answers were kept.",
    too_long: "This text is longer than 4,000 characters. Shorten it; your other answers were kept.",
    nothing: "You have not answered any question yet, so there is nothing to hand in. Answer at least one, here or on an earlier page.",
    language: "Language",
    used: (
        "You have answered already",
        "Your answers were handed in through this link and count. They are anonymous, so nobody can open or change them any more.",
    ),
    used_named: "Your answers were handed in through this link and count. If something must be changed, ask whoever invited you.",
    not_yet: ("This survey is not open yet", "Keep the link: it will work from the first day of the survey on."),
    closed: ("This survey is closed", "No more answers are taken. Ask whoever invited you what came of it."),
    thanks: (
        "Thank you. Your answers are in.",
        "You can close this window. The results will be shown once the survey is closed.",
    ),
    saved: (
        "Saved",
        "Open the same link again in this browser when you have time; you will find everything as you left it.",
    ),
    elsewhere: (
        "Somebody has begun to answer through this link in another browser",
        "If that was you, open the link there and go on. What was saved is shown in that browser only, so that nobody else who has the link can read it. Or begin anew here; what was saved there is then dropped.",
    ),
    anew: "Begin anew here and drop what was saved",
    not_saved: "What you sent just now was not saved. ",
    minutes: "About {n} minutes. You can stop at any time and return through the same link.",
    anonymous: "Your answers are anonymous. Results are shown only for groups of {n} or more people. Nobody, IT included, sees what you alone answered. It is known that you answered, not what.",
    named: "Your answers are given under your name. The leader of IT and whoever runs this survey see who answered what.",
};

const GERMAN: Words = Words {
    name: "Deutsch",
    part: "Teil",
    of: "von",
    back: "Zurück",
    next: "Speichern und weiter",
    hand_in: "Antworten abgeben",
    later: "Speichern und später weitermachen",
    begin: "Beginnen",
    go_on: "Weiter, wo ich war",
    cannot_judge: "Kann ich nicht beurteilen",
    comment: "Anmerkung (freiwillig)",
    rank: "Rang",
    mend: "Bitte sehen Sie sich das noch einmal an",
    off_scale: "Diese Antwort stand nicht zur Wahl. Bitte wählen Sie noch einmal; Ihre übrigen Antworten sind gespeichert.",
    too_long: "Dieser Text ist länger als 4.000 Zeichen. Bitte kürzen Sie ihn; Ihre übrigen Antworten sind gespeichert.",
    nothing: "Sie haben noch keine Frage beantwortet, also gibt es nichts abzugeben. Beantworten Sie wenigstens eine, hier oder auf einer früheren Seite.",
    language: "Sprache",
    used: (
        "Sie haben schon geantwortet",
        "Ihre Antworten wurden über diesen Link abgegeben und zählen. Sie sind anonym, deshalb kann sie niemand mehr öffnen oder ändern.",
    ),
    used_named: "Ihre Antworten wurden über diesen Link abgegeben und zählen. Wenn etwas zu ändern ist, wenden Sie sich an die Person, die Sie eingeladen hat.",
    not_yet: ("Diese Umfrage ist noch nicht offen", "Behalten Sie den Link: Er gilt ab dem ersten Tag der Umfrage."),
    closed: (
        "Diese Umfrage ist geschlossen",
        "Es werden keine Antworten mehr angenommen. Fragen Sie, wer Sie eingeladen hat, was daraus wurde.",
    ),
    thanks: (
        "Vielen Dank. Ihre Antworten sind angekommen.",
        "Sie können dieses Fenster schließen. Die Ergebnisse gibt es, sobald die Umfrage geschlossen ist.",
    ),
    saved: (
        "Gespeichert",
        "Öffnen Sie denselben Link in diesem Browser, wenn Sie Zeit haben; Sie finden alles, wie Sie es verlassen haben.",
    ),
    elsewhere: (
        "Über diesen Link hat jemand in einem anderen Browser zu antworten begonnen",
        "Waren Sie das, dann öffnen Sie den Link dort und machen Sie weiter. Das Gespeicherte erscheint nur in jenem Browser, damit es niemand lesen kann, der den Link sonst noch hat. Oder beginnen Sie hier neu; was dort gespeichert ist, wird dann verworfen.",
    ),
    anew: "Hier neu beginnen und das Gespeicherte verwerfen",
    not_saved: "Was Sie eben gesendet haben, wurde nicht gespeichert. ",
    minutes: "Etwa {n} Minuten. Sie können jederzeit aufhören und über denselben Link weitermachen.",
    anonymous: "Ihre Antworten sind anonym. Ergebnisse werden nur für Gruppen ab {n} Personen gezeigt. Niemand, auch nicht die IT, sieht, was Sie allein geantwortet haben. Bekannt ist, dass Sie geantwortet haben, nicht was.",
    named: "Ihre Antworten stehen unter Ihrem Namen. Die IT-Leitung und wer diese Umfrage durchführt, sehen, wer was geantwortet hat.",
};

/// The words of a language; English for one that we do not have.
pub fn words(language: &str) -> &'static Words {
    if language == "de" { &GERMAN } else { &ENGLISH }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fields: &[(&str, &str)]) -> Said {
        let short = crate::instrument::shipped().remove(0);
        let fields: Vec<(String, String)> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        read(&short, &short.sections[0], &fields, words("en"))
    }

    #[test]
    fn an_answer_off_the_scale_is_a_fault_and_the_others_are_kept() {
        let said =
            said(&[("c01.done", "9"), ("c01.importance", "4"), ("c02.done", "none"), ("c03.comment", " Good. ")]);
        assert_eq!(said.faults.len(), 1);
        assert_eq!(said.faults[0].0, "c01.done");
        assert_eq!(said.answers["c01.importance"], Answer::Value(4.0));
        assert_eq!(said.answers["c02.done"], Answer::CannotJudge);
        assert_eq!(said.answers["c03.comment"], Answer::Text("Good.".to_owned()));
    }

    #[test]
    fn what_the_screen_did_not_ask_is_ignored() {
        assert!(said(&[("c13.done", "5"), ("nonsense", "1")]).answers.is_empty());
    }
}
