//! Home: the answer first, then where we stand, what changed, what needs a decision, what is due.

use std::cmp::{Ordering, Reverse};

use askama::Template;
use axum::response::Response;
use jiff::{Timestamp, civil::Date};
use kit::{
    area::Note,
    error::Result,
    format::{Locale, in_words_first},
    method::Competency,
    pages::title_of,
    people::Person,
    record::Row,
    rights::Right,
    store,
    web::{Place, Scope, percent},
};

use crate::{
    advisor, content, cycles,
    here::{self, Here},
    pages::{calendar, status},
    ring, words,
};

/// How many lines a card shows.
const SHOWN: usize = 5;

/// How far back "what changed" looks.
const DAYS_BACK: i64 = 30;

/// Something to do before there can be advice.
struct Step {
    /// One word for the list of steps.
    name: &'static str,
    title: &'static str,
    button: &'static str,
    text: String,
    url: &'static str,
    done: bool,
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Page<'a> {
    scope: &'a Scope,
    here: &'a Here,
    locale: Locale,
    heading: String,
    sureness: String,
    /// Where to go for what was asked of the reader, where the heading says so.
    asked: Option<String>,
    first_step: &'static str,
    steps: Vec<Step>,
    ring: String,
    changed: Vec<Note>,
    decisions: Vec<Note>,
    due: Vec<Note>,
    /// The vision that everything is for.
    aim: Option<Note>,
}

impl Page<'_> {
    /// The first of the steps that is not done.
    fn step(&self) -> Option<&Step> {
        self.steps.iter().find(|it| !it.done)
    }

    fn day(&self, day: &Date) -> String {
        self.locale.short_date(*day)
    }

    /// Where it stands, as a table says it.
    fn maturity(&self, competency: &Competency) -> String {
        self.here.maturity(*competency).map_or_else(String::new, |it| it.to_string())
    }

    fn status(&self, competency: &Competency) -> (&'static str, &'static str) {
        status(self.here, *competency)
    }

    /// The form of a new action with the first step written into it.
    fn take_up(&self) -> String {
        let next = self.here.advice.next;
        format!("/actions/new?competency={}&title={}", next.key(), percent(self.first_step))
    }

    fn mean(&self) -> Option<String> {
        cycles::mean_maturity(&self.here.assessments, self.here.cycle).map(|it| self.locale.decimal(it, 1))
    }

    /// The mean of the cycle before, where it covers the same competencies.
    fn mean_before(&self) -> Option<String> {
        let before = Competency::ALL.iter().filter(|it| self.here.before(**it).is_some()).count();
        let mean = cycles::mean_maturity(&self.here.assessments, self.here.cycle - 1);
        mean.filter(|_| before == self.here.assessed()).map(|it| self.locale.decimal(it, 1))
    }

    /// How many pieces of evidence are there, of how many; nothing before the first is.
    fn proven(&self) -> Option<(usize, usize)> {
        let met = self.here.evidence.iter().filter(|it| it.met).count();
        (met > 0).then_some((met, self.here.evidence.len()))
    }

    /// What business and IT say on average, and on how many competencies they differ for certain.
    fn views(&self) -> Option<(String, String, usize)> {
        let both: Vec<(f64, f64)> =
            self.here.perceptions.iter().filter_map(|it| Some((it.business?, it.it?))).collect();
        if both.is_empty() {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most fifteen")]
        let mean = |of: fn(&(f64, f64)) -> f64| both.iter().map(of).sum::<f64>() / both.len() as f64;
        let differ = self.here.perceptions.iter().filter(|it| it.certain).count();
        Some((self.locale.decimal(mean(|it| it.0), 1), self.locale.decimal(mean(|it| it.1), 1), differ))
    }
}

pub async fn page(scope: Scope) -> Result<Response> {
    let here = Here::load(&scope).await?;
    let locale = scope.locale();
    let steps = if here.is_blank() { first_steps(&scope, &here).await? } else { Vec::new() };
    let since = scope.days_ago(DAYS_BACK);
    let mut changed = here::changes(&scope, since).await?;
    changed.extend(reassessed(&here));
    let made = made(&scope, since, &changed).await?;
    changed.extend(made);
    let mut decisions = here::decisions(&scope).await?;
    decisions.extend(open_questions(&here));
    // What was asked of the reader comes first, then what has to be decided by a day, then what can wait.
    decisions.sort_by_key(|it| (!it.mine, it.on.is_none(), it.on));
    let mut due = calendar::dates(&scope, &here, scope.today()).await?;
    // What comes after the next budget is far away; the planner has it.
    due.retain(|it| it.on.is_some_and(|on| on <= here.at.due));
    due.truncate(SHOWN);
    let asked: Vec<&Note> = decisions.iter().filter(|it| it.mine).collect();
    // Whoever does not lead is not here to set things up.
    let told = asked.first().filter(|_| !scope.may(Right::Lead)).map(|it| it.url.clone());
    let (heading, sureness) = match steps.iter().find(|it| !it.done) {
        _ if told.is_some() => {
            let waits = if asked.len() == 1 { "thing waits" } else { "things wait" };
            (format!("{} {waits} for your word", in_words_first(asked.len())), format!("{}.", asked[0].text))
        }
        Some(step) => (step.title.to_owned(), step.text.clone()),
        None => (words::finding(&here, locale), words::sureness(&here)),
    };
    let page = Page {
        scope: &scope,
        here: &here,
        locale,
        heading,
        sureness,
        asked: told,
        first_step: &content::of(here.advice.next).first_step,
        steps,
        ring: ring::ring(&here, locale),
        changed,
        decisions,
        due,
        aim: here::aim(&scope).await?,
    };
    scope.page(Place::new("Home", "/"), &page).await
}

/// What an organisation does first, in order, and what of it is done.
async fn first_steps(scope: &Scope, here: &Here) -> Result<Vec<Step>> {
    let locale = scope.locale();
    let today = scope.today();
    let people: Vec<Person> = store::all(scope.db(), scope.id()).await?;
    let people = people.iter().filter(|it| it.is_here(today)).count();
    let campaigns = survey::store::campaigns(scope.db(), scope.id()).await?;
    let asked = |purpose| campaigns.iter().any(|it| it.purpose == purpose && it.launched_at.is_some());
    let year = &here.at.year;
    // Whoever may not do a step is shown where it will be seen.
    let imports = scope.may(Right::Import) && scope.may(Person::KIND.edit);
    let surveys = scope.may(Right::ManageSurveys);
    Ok(vec![
        Step {
            name: "People",
            button: if imports { "Import people" } else { "See the people" },
            title: "First bring in the people who have a say about technology.",
            text: "Import them from a spreadsheet: name, e-mail, and whether they stand on the side of business, IT or a provider. Nothing can be asked before somebody is there to answer.".to_owned(),
            url: if imports { "/import/new?target=person" } else { "/people" },
            done: people > 0,
        },
        Step {
            name: "Survey",
            button: if surveys { "Launch the gap survey" } else { "See the surveys" },
            title: "Next, ask business and IT how they see the fifteen competencies.",
            text: format!(
                "{people} {} here. The short gap survey takes each of them about six minutes; its results show where business and IT disagree.",
                if people == 1 { "person is" } else { "people are" }
            ),
            url: if surveys { "/surveys/new" } else { "/surveys" },
            done: asked("gap"),
        },
        Step {
            name: "Belief",
            button: if surveys { "Launch the belief survey" } else { "See the surveys" },
            title: "Then ask the leaders what they believe IT could do here.",
            text: "Five minutes for each of them, under their own names if you want to talk about it. Where they doubt is where the vision has to begin.".to_owned(),
            url: if surveys { "/surveys/new?instrument=belief&anonymous=no" } else { "/surveys" },
            done: asked("belief"),
        },
        Step {
            name: "Standing",
            button: "Begin with the first",
            title: "Say where the competencies stand.",
            text: "Begin with the first: choose the sentence that describes your company best. Ten minutes do for all fifteen.".to_owned(),
            url: "/journey/c01",
            done: false,
        },
        Step {
            name: "Year",
            button: "See the settings",
            title: "Check the financial year.",
            text: format!(
                "It runs from {} to {}, and the next budget is due on {}. The advice depends on these days.",
                locale.date(year.starts),
                locale.date(year.ends),
                locale.date(here.at.due)
            ),
            url: "/settings",
            done: false,
        },
    ])
}

/// What was assessed in the last days and stands elsewhere than in the cycle before. Where it stands as it did, nothing
/// changed.
fn reassessed(here: &Here) -> Vec<Note> {
    let recent = |on| calc::fiscal::days_between(on, here.at.day) <= DAYS_BACK;
    let mut notes: Vec<(i64, Note)> = Competency::ALL
        .iter()
        .filter_map(|it| here.present(*it))
        .filter(|it| recent(it.assessed_on))
        .filter_map(|it| {
            let label = it.competency.label();
            let before = here.before(it.competency).map(|it| it.maturity);
            let (mark, text) = match before {
                None => (("new", ""), format!("{label}: assessed at {} of 5", it.maturity)),
                Some(was) => {
                    let mark = match it.maturity.cmp(&was) {
                        Ordering::Greater => ("better", "good"),
                        Ordering::Less => ("worse", "bad"),
                        Ordering::Equal => return None,
                    };
                    (mark, format!("{label}: from {was} to {}", it.maturity))
                }
            };
            let step = before.map_or(0, |was| (it.maturity - was).abs());
            Some((-step, Note::new(text, it.competency.url()).on(it.assessed_on).marked(mark)))
        })
        .collect();
    notes.sort_by_key(|(step, note)| (*step, Reverse(note.on)));
    notes.into_iter().map(|(_, note)| note).collect()
}

/// What was made in the last days, that somebody answers for, and that is not told of already, a line for each kind. The
/// figures, marks and notes that belong to it would drown it.
async fn made(scope: &Scope, since: Timestamp, told: &[Note]) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for (kind, mut rows) in kit::pages::made(scope, since).await? {
        let url = |row: &Row| format!("{}/{}", kind.path, row.id);
        rows.retain(|it| told.iter().all(|note| note.url != url(it)));
        let Some(last) = rows.first() else { continue };
        let title = title_of(scope, kind, last).await?;
        let (text, url) = match rows.len() {
            1 => (format!("{}: {title}", kind.one), url(last)),
            n => (format!("{n} {}, the last “{title}”", kind.many.to_lowercase()), kind.path.to_owned()),
        };
        notes.push(Note::new(text, url).marked(("new", "info")));
    }
    Ok(notes)
}

/// What the journey itself asks: whether something is good enough, and whether it still is.
fn open_questions(here: &Here) -> Vec<Note> {
    let open = || Competency::ALL.iter().copied().filter(|it| !here.is_settled(*it));
    let of = |it: Competency| here.evidence.iter().filter(move |proof| proof.competency == it);
    let proven = |it: &Competency| of(*it).next().is_some() && of(*it).all(|it| it.met);
    let sound = |it: &Competency| here.maturity(*it).is_some_and(|it| it >= advisor::SOUND);
    let ripe: Vec<Competency> = open().filter(|it| sound(it) && proven(it)).collect();
    let was_settled = |it: &Competency| here.before(*it).is_some_and(|it| it.settled) && here.present(*it).is_none();
    let back: Vec<Competency> = open().filter(|it| was_settled(it) && !ripe.contains(it)).collect();
    let one = |of: &[Competency], one: &'static str, many: &'static str| if of.len() == 1 { one } else { many };
    let asked = [
        (
            one(&ripe, "It is sound, and its evidence is there", "They are sound, and their evidence is there"),
            "Settle",
            "",
            ripe,
        ),
        (
            one(&back, "It was settled in an earlier cycle", "They were settled in an earlier cycle"),
            one(&back, "Is", "Are"),
            " still good enough",
            back,
        ),
    ];
    let asked = asked.into_iter().filter(|(.., of)| !of.is_empty());
    asked
        .map(|(why, verb, rest, of)| {
            Note::new(
                format!("{verb} {}{rest}? {why}", advisor::names(&of)),
                if let [only] = &of[..] { only.url() } else { "/journey".to_owned() },
            )
        })
        .collect()
}
