//! The demo company: data files of the repository, brought in by the same import that users have.
//!
//! Every day in the files is as seen from a base day. All are moved by whole weeks towards the day on which the demo
//! is made, so that the open survey is open and weekdays stay what they are.

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use align::{
    envisioning::{model::Workshop, workshop},
    expectations::{
        Outcome,
        ranking::{self, Answers, Design, Item, Method},
    },
};
use db::uuid::Uuid;
use jiff::{Timestamp, ToSpan, civil::Date};
use kit::{
    account::{self, AccountId, Secret, Session},
    audit::Author,
    import,
    org::{self, OrgId, Organisation},
    people::Person,
    rights::Role,
    signature::{self, Verdict},
    thread,
    web::{App, Scope},
};
use people::leadership::{
    perceived::{
        self,
        rules::{AskedRow, Said},
    },
    raci::Matrix,
};
use serde::Deserialize;
use survey::{
    audience,
    campaign::{CAMPAIGN, Campaign, State},
    instrument, pages, store,
};

use crate::serve::Failure;

/// What everyone of the demo company signs in with. It guards invented data only.
pub const PASSWORD: &str = "pumping-station";

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The data files by name. They are part of the program, which so needs no checkout to show itself.
        const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../../demo/", $name)))),*];
    };
}

/// Describes the company and says which files come in.
const COMPANY: &str = "organisation.toml";
/// Public holidays stay on their days, whenever the demo is made.
const HOLIDAYS: &str = "holidays.csv";

files![
    "organisation.toml",
    "units.csv",
    "people.csv",
    "assessments.csv",
    "actions.csv",
    "outcomes.csv",
    "measurements.csv",
    "conflicts.csv",
    "limits.csv",
    "skills.csv",
    "skill-needs.csv",
    "skill-ratings.csv",
    "skill-plans.csv",
    "time-shares.csv",
    "activities.csv",
    "placements.csv",
    "holidays.csv",
    "suppliers.csv",
    "contracts.csv",
    "scorecards.csv",
    "moves.csv",
    "selections.csv",
    "criteria.csv",
    "candidates.csv",
    "scores.csv",
    "comparisons.csv",
    "obstacles.csv",
    "forces.csv",
    "spending-authorities.csv",
    "decisions.csv",
    "examples.csv",
    "radar.csv",
    "opportunities.csv",
    "workshops.csv",
    "visions-draft.csv",
    "visions.csv",
    "talks.csv",
    "answers-belief-1.csv",
    "answers-belief-2.csv",
    "audience-leaders.csv",
    "roles.csv",
    "raci.csv",
    "raci-outcomes.csv",
    "absences.csv",
    "perceived.csv",
    "answers-2024.csv",
    "answers-2025.csv",
    "answers-2026.csv",
    "audience-2026.csv",
];

/// What organisation.toml says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    /// The day as seen from which all others are written.
    base: Date,
    organisation: Settings,
    accounts: Vec<Member>,
    imports: Vec<Brought>,
    surveys: Vec<Survey>,
    rankings: Vec<Round>,
    signatures: Vec<Signed>,
    votings: Vec<Voting>,
    who_answers: Vec<WhoAnswers>,
    threads: Vec<Thread>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    name: String,
    locale: String,
    currency: String,
    time_zone: String,
    year_starts: String,
    budget_due: String,
    results_days: i64,
    decisions_days: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    name: String,
    email: String,
    role: String,
}

/// A file that the IT leader brought in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Brought {
    file: String,
    kind: String,
    on: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survey {
    title: String,
    instrument: String,
    answers: String,
    /// A file of the addresses that were asked.
    audience: Option<String>,
    opens: Date,
    closes: Date,
    closed: bool,
    threshold: i64,
    anonymous: bool,
    message: String,
}

/// A round in which people ranked outcomes by a few at a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    title: String,
    opens: Date,
    closes: Date,
    outcomes: Vec<String>,
    votes: Vec<Vote>,
}

/// The places of the outcomes, from 1, in the order in which somebody has them; nothing of who did not answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vote {
    person: String,
    order: Option<Vec<usize>>,
}

/// What somebody said when asked to sign a record, which is named by its kind and its title.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    of: (String, String),
    person: String,
    verdict: String,
    note: Option<String>,
    on: Date,
}

/// The dots that a workshop's phrases got, a line for each phone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Voting {
    workshop: String,
    on: Date,
    phrases: Vec<String>,
    dots: Vec<Vec<i64>>,
}

/// A round in which people said who they believe answers for what, over by now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhoAnswers {
    title: String,
    /// A file of addresses and, for each row of the matrix, the role that was named, with bars between.
    answers: String,
    opens: Date,
    closes: Date,
    anonymous: bool,
}

/// One record led to another; each is named by its kind and its title.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thread {
    from: (String, String),
    relation: String,
    to: (String, String),
}

/// Where the demo of a folder stands, as a file in it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It was begun and not finished: the program was stopped in between.
    Making,
    Made,
}

const MARK: &str = "demo";

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Mark::Made { "made" } else { "making" })
    }
}

fn mark(folder: &Path) -> Option<Mark> {
    let text = std::fs::read_to_string(folder.join(MARK)).ok()?;
    Some(if text == Mark::Made.to_string() { Mark::Made } else { Mark::Making })
}

/// Whether the company has to be made in this folder; takes away what is there of an unfinished one, or of the whole
/// one where `reset` asks for it.
///
/// Refuses a folder that holds data other than a demo.
pub fn prepare(folder: &Path, reset: bool) -> Result<bool, Failure> {
    let found = mark(folder);
    if found.is_none() && folder.join("waypost.db").exists() {
        return Err(format!(
            "{} holds data that is not a demo. Nothing was touched: choose another folder with --data.",
            folder.display()
        )
        .into());
    }
    if found == Some(Mark::Made) && !reset {
        return Ok(false);
    }
    for name in ["waypost.db", "waypost.db-wal", "waypost.db-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(err.into()),
            _ => {}
        }
    }
    for entry in std::fs::read_dir(folder.join("files"))? {
        std::fs::remove_file(entry?.path())?;
    }
    std::fs::write(folder.join(MARK), Mark::Making.to_string())?;
    Ok(true)
}

/// Makes the company in the empty database of a prepared folder.
pub async fn make(app: &App) -> Result<(), Failure> {
    let files = moved(app.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date())?;
    let company = company(&files[COMPANY])?;
    let maker = Maker::begin(app, company.organisation, company.accounts, files).await?;
    for brought in &company.imports {
        maker.bring(&maker.on(brought.on)?, &brought.kind, None, &brought.file).await?;
    }
    for survey in &company.surveys {
        maker.survey(survey).await?;
    }
    for round in &company.rankings {
        maker.rank(round).await?;
    }
    maker.sign(&company.signatures).await?;
    for voting in &company.votings {
        maker.vote(voting).await?;
    }
    for round in &company.who_answers {
        maker.who_answers(round).await?;
    }
    maker.tie(&company.threads).await?;
    std::fs::write(app.folder.join(MARK), Mark::Made.to_string())?;
    Ok(())
}

fn company(text: &str) -> Result<Company, Failure> {
    toml::from_str(text).map_err(|err| format!("demo/{COMPANY}: {err}").into())
}

/// Who can sign in, for the terminal: name, e-mail, role.
pub fn accounts() -> Vec<(String, String, &'static str)> {
    let company = company(FILES[0].1).expect("a test makes the demo company");
    let role = |it: &Member| Role::from_key(&it.role).map_or("", Role::label);
    company.accounts.into_iter().map(|it| (it.name.clone(), it.email.clone(), role(&it))).collect()
}

/// The files with their days moved to today.
fn moved(today: Date) -> Result<BTreeMap<&'static str, String>, Failure> {
    let weeks = (today - company(FILES[0].1)?.base).get_days().div_euclid(7);
    let moved = |name: &str, text: &str| if name == HOLIDAYS { text.to_owned() } else { move_days(text, weeks * 7) };
    Ok(FILES.iter().map(|(name, text)| (*name, moved(name, text))).collect())
}

/// Moves every day of the form 2026-11-23 in a text.
fn move_days(text: &str, days: i32) -> String {
    let is_day = |it: &[u8]| {
        it.iter().enumerate().all(|(at, it)| if at == 4 || at == 7 { *it == b'-' } else { it.is_ascii_digit() })
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.as_bytes().windows(10).position(is_day) {
        let (before, from) = rest.split_at(at);
        let (day, after) = from.split_at(10);
        out.push_str(before);
        match day.parse::<Date>().ok().and_then(|it| it.checked_add(days.days()).ok()) {
            Some(day) => out.push_str(&day.to_string()),
            None => out.push_str(day),
        }
        rest = after;
    }
    out + rest
}

struct Maker {
    app: App,
    files: BTreeMap<&'static str, String>,
    org: OrgId,
    /// The IT leader, in whose name everything is brought in.
    session: Arc<Session>,
}

impl Maker {
    async fn begin(
        app: &App,
        settings: Settings,
        members: Vec<Member>,
        files: BTreeMap<&'static str, String>,
    ) -> Result<Maker, Failure> {
        let org = Organisation {
            id: OrgId::fresh(),
            name: settings.name,
            locale: settings.locale,
            currency: settings.currency,
            time_zone: settings.time_zone,
            year_starts: settings.year_starts,
            budget_due: settings.budget_due,
            results_days: settings.results_days,
            decisions_days: settings.decisions_days,
            version: 1,
        };
        let hash = account::hash_password(PASSWORD.to_owned()).await?;
        let mut tx = app.db.begin().await?;
        org::insert(&mut tx, &org).await?;
        let mut leader = None;
        for member in members {
            let role = Role::from_key(&member.role).ok_or_else(|| format!("no role is called {}", member.role))?;
            let id = AccountId::fresh();
            account::insert(&mut tx, id, &member.email, &member.name, &hash, app.now()).await?;
            account::join(&mut tx, id, org.id, role).await?;
            if role == Role::ItLeader {
                leader = Some(Session {
                    account: id,
                    name: member.name,
                    email: member.email,
                    org: Some(org.id),
                    seen_at: app.now().as_millisecond(),
                });
            }
        }
        tx.commit().await?;
        let session = Arc::new(leader.ok_or("the demo company has no IT leader")?);
        Ok(Maker { app: app.clone(), files, org: org.id, session })
    }

    /// The organisation as the IT leader has it before them at a moment.
    async fn scope(&self, at: Timestamp) -> Result<Scope, Failure> {
        let scope = Scope::of_program(&self.app, self.org).await?;
        Ok(Scope { now: at.min(self.app.now()), role: Role::ItLeader, session: Some(self.session.clone()), ..scope })
    }

    /// The morning of a day.
    fn on(&self, day: Date) -> Result<Timestamp, Failure> {
        Ok(day.at(9, 0, 0, 0).in_tz("UTC")?.timestamp())
    }

    fn file(&self, name: &str) -> Result<&str, Failure> {
        Ok(self.files.get(name).ok_or_else(|| format!("demo/{name} is not part of the program"))?)
    }

    /// Brings a file in; every row has to arrive.
    async fn bring(&self, at: &Timestamp, target: &str, about: Option<Uuid>, name: &str) -> Result<(), Failure> {
        let scope = self.scope(*at).await?;
        let into = import::target(&self.app.registry, target)
            .ok_or_else(|| format!("demo/{name}: nothing is called {target}"))?;
        let bytes = self.file(name)?.as_bytes().to_vec();
        let (_, plan, counts) = import::file(&scope, &*into, about, name, bytes, &import::Settings::default()).await?;
        if counts.skip > 0 || !counts.writes() {
            let skipped = plan.lines.iter().find(|it| it.fate == import::Fate::Skip);
            let why =
                skipped.map_or("nothing came of it".to_owned(), |it| format!("{}: {}", it.row, it.says.join(" ")));
            return Err(format!("demo/{name}, row {why}").into());
        }
        Ok(())
    }

    async fn survey(&self, survey: &Survey) -> Result<(), Failure> {
        let scope = self.scope(self.on(survey.opens)?).await?;
        let instrument = instrument::shipped()
            .into_iter()
            .find(|it| it.key == survey.instrument)
            .ok_or_else(|| format!("no instrument is called {}", survey.instrument))?;
        let campaign = Campaign {
            title: survey.title.clone(),
            threshold: survey.threshold,
            comment_threshold: survey.threshold,
            anonymous: survey.anonymous,
            opens: survey.opens,
            closes: survey.closes,
            message: Some(survey.message.clone()),
            ..pages::blank(&scope, instrument)
        };
        let mut tx = scope.db().begin().await?;
        pages::add(&mut tx, &scope.author(), &campaign).await?;
        tx.commit().await?;
        if let Some(file) = &survey.audience {
            let asked: Vec<&str> = self.file(file)?.lines().skip(1).collect();
            let people: Vec<Person> = kit::store::all(scope.db(), scope.id()).await?;
            let chosen: Vec<_> =
                people.iter().filter(|it| it.email.as_deref().is_some_and(|it| asked.contains(&it))).collect();
            audience::invite(&scope, &campaign, &chosen).await?;
        }
        pages::begin(&scope, &campaign).await?;
        let last = self.on(survey.closes)?;
        self.bring(&last, "answers", Some(campaign.id.0), &survey.answers).await?;
        if survey.closed {
            let open = store::campaign(scope.db(), scope.id(), campaign.id).await?;
            debug_assert_eq!(open.state, State::Open);
            pages::end(&self.scope(last).await?, &open, survey.closes).await?;
        }
        Ok(())
    }

    async fn rank(&self, round: &Round) -> Result<(), Failure> {
        let scope = self.scope(self.on(round.opens)?).await?;
        let outcomes: Vec<Outcome> = kit::store::all(scope.db(), scope.id()).await?;
        let people: Vec<Person> = kit::store::all(scope.db(), scope.id()).await?;
        let of = |statement: &String| {
            let found = outcomes.iter().find(|it| it.statement == *statement);
            found.ok_or_else(|| format!("no outcome is called {statement}"))
        };
        let chosen = round.outcomes.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        let asked = round.votes.iter().map(|it| person(&people, &it.person)).collect::<Result<Vec<_>, _>>()?;
        let items = chosen.iter().map(|it| Item { outcome: it.id.0, statement: it.statement.clone() }).collect();
        let design = ranking::rules::design(Method::MaxDiff, items)?;
        let (begun, voters) =
            ranking::round::begin(&scope, &round.title, Method::MaxDiff, design, round.closes, &asked).await?;
        let closing = self.scope(self.on(round.closes)?).await?;
        let mut tx = closing.db().begin().await?;
        for (voter, vote) in voters.iter().zip(&round.votes) {
            let Some(order) = &vote.order else { continue };
            let (org, day, answers) = (closing.id(), Some(round.closes), by_order(&begun.design, order));
            ranking::store::put_answers(&mut tx, org, begun.id, voter.id, &answers, day).await?;
        }
        tx.commit().await?;
        ranking::round::end(&closing, &begun).await?;
        Ok(())
    }

    async fn sign(&self, signatures: &[Signed]) -> Result<(), Failure> {
        for it in signatures {
            let scope = self.scope(self.on(it.on)?).await?;
            let kind = scope.app.registry.kind(&it.of.0).ok_or_else(|| format!("nothing is called {}", it.of.0))?;
            let rows = kit::store::rows(scope.db(), scope.id(), kind).await?;
            let row = rows.iter().find(|row| row.title(kind) == it.of.1);
            let row = row.ok_or_else(|| format!("no {} is called {}", it.of.0, it.of.1))?;
            let people: Vec<Person> = kit::store::all(scope.db(), scope.id()).await?;
            let person = person(&people, &it.person)?;
            let verdict = Verdict::from_key(&it.verdict).ok_or_else(|| format!("nobody says {}", it.verdict))?;
            // They say it themselves, except that they are asked.
            let by = if verdict == Verdict::Asked { scope.author().name } else { person.name.clone() };
            let author = Author { name: by, ..scope.author() };
            let mut tx = scope.db().begin().await?;
            signature::say(&mut tx, &author, kind, row, person, verdict, it.note.clone()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Holds the voting of a workshop, from its phrases to its result.
    async fn vote(&self, voting: &Voting) -> Result<(), Failure> {
        let scope = self.scope(self.on(voting.on)?).await?;
        let workshops: Vec<Workshop> = kit::store::all(scope.db(), scope.id()).await?;
        let found = workshops.iter().find(|it| it.title == voting.workshop);
        let workshop = found.ok_or_else(|| format!("no workshop is called {}", voting.workshop))?;
        let mut tx = scope.db().begin().await?;
        for it in &voting.phrases {
            workshop::store::add_phrase(&mut tx, scope.id(), workshop.id, it, false).await?;
        }
        tx.commit().await?;
        workshop::pages::begin(&scope, workshop).await?;
        let phrases = workshop::store::phrases(scope.db(), scope.id(), workshop.id).await?;
        let mut tx = scope.db().begin().await?;
        for (phone, dots) in voting.dots.iter().enumerate() {
            for (phrase, many) in phrases.iter().zip(dots) {
                let voter = format!("phone {phone}");
                workshop::store::put_dots(&mut tx, scope.id(), workshop.id, phrase.id, &voter, *many).await?;
            }
        }
        tx.commit().await?;
        workshop::pages::end(&scope, workshop).await?;
        Ok(())
    }

    async fn who_answers(&self, it: &WhoAnswers) -> Result<(), Failure> {
        let scope = self.scope(self.on(it.opens)?).await?;
        let matrix = Matrix::load(&scope).await?;
        let round = perceived::Round {
            id: perceived::RoundId::fresh(),
            title: it.title.clone(),
            anonymous: it.anonymous,
            closed: false,
            begun: it.opens,
            closes: it.closes,
            asked: perceived::pages::asked_of(&matrix),
        };
        let mut lines = self.file(&it.answers)?.lines().map(|it| it.split('|').collect::<Vec<_>>());
        let rows = lines.next().unwrap_or_default().split_off(1);
        let (mut asked, mut said) = (Vec::new(), Vec::new());
        for cells in lines {
            let person = matrix.people.values().find(|it| it.email.as_deref() == Some(cells[0]));
            let person = person.ok_or_else(|| format!("demo/{}: nobody has the address {}", it.answers, cells[0]))?;
            let of = |row: &AskedRow| {
                let at = rows.iter().position(|it| *it == row.title);
                let at = at.ok_or_else(|| format!("demo/{}: no column is called {}", it.answers, row.title))?;
                let role = round.asked.roles.iter().find(|it| it.1 == cells[at + 1]).map(|it| it.0);
                Ok::<_, Failure>(Said { line: row.line, side: person.side, accountable: role, responsible: None })
            };
            said.push(round.asked.rows.iter().map(of).collect::<Result<Vec<_>, _>>()?);
            asked.push(perceived::Perceiver {
                id: Uuid::now_v7(),
                person: Some(person.id.0),
                name: person.name.clone(),
                side: person.side,
                token: Secret::fresh().text,
                answered: false,
            });
        }
        let mut tx = scope.db().begin().await?;
        perceived::store::begin(&mut tx, &scope.author(), &round, &asked).await?;
        for (by, said) in asked.iter().zip(&said) {
            perceived::store::hand_in(&mut tx, scope.id(), &round, by, said).await?;
        }
        let last = self.scope(self.on(it.closes)?).await?;
        perceived::store::close(&mut tx, &last.author(), &round).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tie(&self, threads: &[Thread]) -> Result<(), Failure> {
        let scope = self.scope(self.app.now()).await?;
        let mut titles: BTreeMap<(String, String), Uuid> = BTreeMap::new();
        for it in store::campaigns(scope.db(), scope.id()).await? {
            titles.insert((CAMPAIGN.to_owned(), it.title), it.id.0);
        }
        for kind in self.app.registry.kinds() {
            for (id, title) in kit::store::titles(scope.db(), scope.id(), kind).await? {
                titles.insert((kind.key.to_owned(), title), id);
            }
        }
        let find =
            |of: &(String, String)| titles.get(of).copied().ok_or_else(|| format!("no {} is called {}", of.0, of.1));
        let mut tx = scope.db().begin().await?;
        for it in threads {
            let from = thread::End { kind: &it.from.0, id: find(&it.from)? };
            let to = thread::End { kind: &it.to.0, id: find(&it.to)? };
            thread::tie(&mut tx, &scope.author(), from, &it.relation, to).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn person<'a>(people: &'a [Person], email: &str) -> Result<&'a Person, Failure> {
    let found = people.iter().find(|it| it.email.as_deref() == Some(email));
    Ok(found.ok_or_else(|| format!("nobody has the address {email}"))?)
}

/// What somebody answers who has the items in this order, by their places from 1.
fn by_order(design: &Design, order: &[usize]) -> Answers {
    let rank = |item: usize| order.iter().position(|it| *it == item + 1).unwrap_or(order.len());
    let pick = |set: &Vec<usize>| {
        let (best, worst) = (set.iter().min_by_key(|it| rank(**it)), set.iter().max_by_key(|it| rank(**it)));
        Some((*best?, *worst?))
    };
    Answers {
        picks: design.sets.iter().map(pick).enumerate().filter_map(|(at, it)| Some((at, it?))).collect(),
        points: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_day_of_a_text_moves_and_nothing_else_does() {
        let text = "From 2026-11-23 to 2026-12-31, 12-34, 2026-13-45, ä2026-02-28";
        assert_eq!(move_days(text, 1), "From 2026-11-24 to 2027-01-01, 12-34, 2026-13-45, ä2026-03-01");
        assert_eq!(move_days("", 1), "");
    }

    #[test]
    fn days_move_by_whole_weeks_and_never_past_today() {
        for days in [0, 6, 7, 400] {
            let today = date(2026, 11, 23) + days.days();
            let files = moved(today).expect("the files of the demo company");
            let company = company(&files[COMPANY]).expect("organisation.toml");
            let open = company.surveys.iter().find(|it| !it.closed).expect("an open survey");
            assert!(open.opens <= today && today <= open.closes, "{today}: {} to {}", open.opens, open.closes);
            assert_eq!(open.opens.weekday(), jiff::civil::Weekday::Saturday);
        }
    }

    #[test]
    fn a_folder_with_data_of_ones_own_is_never_taken_for_a_demo() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("files")).expect("a folder");
        std::fs::write(dir.path().join("waypost.db"), "theirs").expect("a file");
        let refused = prepare(dir.path(), true).expect_err("it is not a demo");
        assert!(refused.to_string().contains("not a demo"), "{refused}");
        assert_eq!(std::fs::read_to_string(dir.path().join("waypost.db")).expect("it is there"), "theirs");
    }

    #[test]
    fn a_demo_that_was_not_finished_is_made_anew_and_a_finished_one_is_kept() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("files")).expect("a folder");
        assert!(prepare(dir.path(), false).expect("an empty folder"));
        std::fs::write(dir.path().join("waypost.db"), "half").expect("a file");
        assert!(prepare(dir.path(), false).expect("an unfinished demo"));
        assert!(!dir.path().join("waypost.db").exists());
        std::fs::write(dir.path().join(MARK), Mark::Made.to_string()).expect("a mark");
        assert!(!prepare(dir.path(), false).expect("a finished demo"));
        assert!(prepare(dir.path(), true).expect("a reset"));
    }
}
