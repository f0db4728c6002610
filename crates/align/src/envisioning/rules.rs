//! What to do next in envisioning.

use jiff::{ToSpan, civil::Date};
use kit::{pages::Step, rights::Right};

/// Where envisioning stands, as far as that decides what comes next.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stand {
    /// A survey of belief that is open: its title and address.
    pub open: Option<(String, String)>,
    /// The day on which the latest survey of belief was closed.
    pub asked_on: Option<Date>,
    /// Leaders with much influence and little belief with whom nobody has talked: name and address of their sheet.
    pub doubters: Vec<(String, String)>,
    /// A closed voting of which no draft was made: title and address.
    pub result: Option<(String, String)>,
    /// A workshop that is to come, or whose voting is open.
    pub workshop: Option<(String, String)>,
    pub draft: Option<(String, String)>,
    /// The current vision, and how many stand behind its wording.
    pub current: Option<(String, String, usize)>,
    /// How many leaders of the business signed it, of how many.
    pub leaders: (usize, usize),
    pub on_radar: usize,
    /// Entries of the radar that nobody has looked at for a year.
    pub stale: usize,
}

/// How long what leaders believe is good for, in years.
const ASK_AGAIN: i32 = 1;

/// Whether a survey of that day is still recent.
pub fn is_recent(asked_on: Date, today: Date) -> bool {
    asked_on > today - ASK_AGAIN.years()
}

/// The next step: first know what leaders believe, then hear who doubts, then one page that they sign, then the radar.
pub fn next(it: &Stand, today: Date) -> Step {
    let step = |text: String, label, url: &str, right| Step::new(text, label, url, right);
    if let Some((title, url)) = &it.open {
        return step(format!("“{title}” is open: see who has not answered yet."), "Open the survey", url, Right::View);
    }
    if it.asked_on.is_none() {
        return step(
            "Ask the leaders what they believe IT could do here. It takes each of them three minutes.".to_owned(),
            "Make the survey",
            "/surveys/new?instrument=belief&anonymous=no",
            Right::ManageSurveys,
        );
    }
    if let [(name, url), rest @ ..] = &it.doubters[..] {
        let more = match rest.len() {
            0 => String::new(),
            1 => ", then to one more".to_owned(),
            n => format!(", then to {n} more"),
        };
        return step(
            format!("Talk to {name}{more}: much influence, little belief, and no talk is noted since they answered."),
            "Prepare the talk",
            url,
            Right::SeeNamedAnswers,
        );
    }
    if it.current.is_none() {
        if let Some((title, url)) = &it.draft {
            return step(
                format!("Read “{title}” together once more, then make it the current vision."),
                "Open the draft",
                url,
                Right::View,
            );
        }
        if let Some((title, url)) = &it.result {
            return step(
                format!("“{title}” has a result: make it the first draft of the vision."),
                "Open the result",
                url,
                Right::Lead,
            );
        }
        if let Some((title, url)) = &it.workshop {
            return step(
                format!("Get “{title}” ready: collect the first phrases."),
                "Open the board",
                url,
                Right::View,
            );
        }
        return step(
            "Find the phrases of the vision together: an hour, everyone on their own phone.".to_owned(),
            "Plan a workshop",
            "/workshops/new",
            Right::Lead,
        );
    }
    if let Some((title, url, 0)) = &it.current {
        return step(
            format!("Ask those who decide to sign “{title}”."),
            "Ask for signatures",
            &format!("{url}#signed"),
            Right::Lead,
        );
    }
    if it.on_radar == 0 {
        return step(
            "Put on the radar what leaders have heard of, and say what you mean to do about it.".to_owned(),
            "Add an entry",
            "/radar/entries/new",
            Right::Contribute,
        );
    }
    if it.asked_on.is_some_and(|it| !is_recent(it, today)) {
        return step(
            "A year has passed since leaders said what they believe. Ask them again and compare.".to_owned(),
            "Make the survey",
            "/surveys/new?instrument=belief&anonymous=no",
            Right::ManageSurveys,
        );
    }
    if it.stale > 0 {
        let word = if it.stale == 1 { "technology has" } else { "technologies have" };
        return step(
            format!("{} {word} not been looked at for a year: review the radar together.", it.stale),
            "Review the radar",
            "/radar/review",
            Right::Contribute,
        );
    }
    if let (Some((title, url, _)), (signed, of)) = (&it.current, it.leaders)
        && of > 0
        && signed * 2 <= of
    {
        return step(
            format!("Ask the other leaders of the business to sign “{title}”: {signed} of {of} have."),
            "Ask for signatures",
            &format!("{url}#signed"),
            Right::Lead,
        );
    }
    step(
        "This is good enough for this cycle. Agree next on what is expected of IT.".to_owned(),
        "Go on to expectations",
        "/journey/c02",
        Right::View,
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    fn pair(name: &str) -> (String, String) {
        (name.to_owned(), format!("/{name}"))
    }

    #[test]
    fn the_steps_come_one_after_the_other() {
        let mut it = Stand::default();
        let mut urls = vec![next(&it, TODAY).url];
        it.asked_on = Some(date(2026, 11, 2));
        it.doubters = vec![pair("ada"), pair("grace")];
        urls.push(next(&it, TODAY).url);
        it.doubters.clear();
        urls.push(next(&it, TODAY).url);
        it.workshop = Some(pair("workshop"));
        urls.push(next(&it, TODAY).url);
        it.result = Some(pair("result"));
        urls.push(next(&it, TODAY).url);
        it.draft = Some(pair("draft"));
        urls.push(next(&it, TODAY).url);
        it.current = Some(("Page".to_owned(), "/page".to_owned(), 0));
        urls.push(next(&it, TODAY).url);
        it.current = Some(("Page".to_owned(), "/page".to_owned(), 3));
        urls.push(next(&it, TODAY).url);
        (it.on_radar, it.stale) = (4, 1);
        urls.push(next(&it, TODAY).url);
        (it.stale, it.leaders) = (0, (2, 4));
        urls.push(next(&it, TODAY).url);
        it.leaders = (3, 4);
        urls.push(next(&it, TODAY).url);
        it.asked_on = Some(date(2025, 11, 2));
        urls.push(next(&it, TODAY).url);
        assert_eq!(
            urls,
            [
                "/surveys/new?instrument=belief&anonymous=no",
                "/ada",
                "/workshops/new",
                "/workshop",
                "/result",
                "/draft",
                "/page#signed",
                "/radar/entries/new",
                "/radar/review",
                "/page#signed",
                "/journey/c02",
                "/surveys/new?instrument=belief&anonymous=no",
            ]
        );
    }

    #[test]
    fn an_open_survey_is_seen_to_before_anything_else() {
        let it = Stand { open: Some(pair("survey")), doubters: vec![pair("ada")], ..Stand::default() };
        assert_eq!(next(&it, TODAY).url, "/survey");
    }
}
