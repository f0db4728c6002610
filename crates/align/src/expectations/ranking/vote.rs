//! The pages of those who rank: a link of their own, a few outcomes a screen, no account, no script.

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kit::{
    asking::{self, ChosenLanguage, Language, Languages},
    audit::{self, Author, Changes},
    error::Result,
    org::{self, Organisation},
    web::{Access, App, Routes, html},
};

use crate::expectations::ranking::{Item, Method, RANKING, Ranking, Voter, rules, store};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/r/{token}", Access::Secret, start)
        .get("/r/{token}/{screen}", Access::Secret, screen)
        .post("/r/{token}/{screen}", Access::Secret, save)
        .post("/r/{token}/language", Access::Secret, choose_language)
}

/// Someone who ranks, with the round.
struct Asked {
    org: Organisation,
    ranking: Ranking,
    voter: Voter,
    language: Language,
}

#[derive(Template)]
#[template(path = "expectations/ranking/start.html")]
struct Start<'a> {
    language: Language,
    /// Where another language is chosen; nothing where no answer is taken.
    languages: Option<Languages>,
    org: &'a str,
    title: &'a str,
    text: String,
    who_sees: Option<String>,
    /// Where answering begins or goes on, and what the button says; nothing where no answer is taken.
    go: Option<(String, &'a str)>,
}

#[derive(Template)]
#[template(path = "expectations/ranking/screen.html")]
struct Screen<'a> {
    asked: &'a Asked,
    number: usize,
    of: usize,
    title: &'a str,
    /// The outcomes of this screen, with their numbers.
    shown: Vec<(usize, &'a Item)>,
    /// What was chosen or typed, by the name of the field.
    given: Vec<(String, String)>,
    fault: Option<String>,
    who_sees: String,
}

impl Screen<'_> {
    fn given(&self, name: &str) -> &str {
        self.given.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
    }

    fn is(&self, name: &str, item: &usize) -> bool {
        self.given(name) == item.to_string()
    }

    fn points(&self, item: &usize) -> &str {
        self.given(&format!("p{item}"))
    }
}

impl Asked {
    fn who_sees(&self) -> String {
        let (name, org) = (&self.voter.name, &self.org.name);
        match self.language {
            Language::English => format!(
                "{name}, your answers are kept under your name. Whoever may sign in at {org} sees them with the result."
            ),
            Language::German => format!(
                "{name}, Ihre Antworten stehen unter Ihrem Namen. Wer sich bei {org} anmelden darf, sieht sie mit dem \
                 Ergebnis."
            ),
        }
    }

    /// The page that greets, thanks or says that it is over.
    fn greet(&self, app: &App, thanks: bool) -> Result<Response> {
        let today = self.org.day(app.now());
        let done = rules::is_done(self.ranking.method, &self.ranking.design, &self.voter.answers);
        let closes = self.language.locale(&self.org).date(self.ranking.closes);
        let (n, token) = (self.ranking.design.items.len(), &self.voter.token);
        let open = self.ranking.takes_answers(today);
        let (screens, minutes) = (self.ranking.screens(), self.ranking.screens().div_ceil(4) + 1);
        let (english, german) = match (open, done, self.ranking.method) {
            (false, ..) => (
                "This round is closed. The result is shown to everyone who was asked; nothing more is taken here."
                    .to_owned(),
                "Diese Runde ist geschlossen. Das Ergebnis wird allen gezeigt, die gefragt wurden; hier wird nichts \
                 mehr angenommen."
                    .to_owned(),
            ),
            (true, true, _) => (
                format!("Your answer is kept. You can change it until {closes}."),
                format!("Ihre Antwort ist gespeichert. Sie können sie bis zum {closes} ändern."),
            ),
            (true, false, Method::MaxDiff) => (
                format!(
                    "{n} outcomes are expected of IT. You see a few of them at a time, {screens} times, and choose which \
                     matters most and which least. That takes about {minutes} minutes."
                ),
                format!(
                    "Von der IT werden {n} Ergebnisse erwartet. Sie sehen {screens}-mal einige davon und wählen, welches \
                     am wichtigsten und welches am wenigsten wichtig ist. Das dauert etwa {minutes} Minuten."
                ),
            ),
            (true, false, Method::Points) => (
                format!(
                    "{n} outcomes are expected of IT. Hand out a hundred points: the more one matters to you, the more \
                     it gets."
                ),
                format!(
                    "Von der IT werden {n} Ergebnisse erwartet. Vergeben Sie hundert Punkte: Je wichtiger Ihnen eines \
                     ist, desto mehr bekommt es."
                ),
            ),
        };
        let say = |english, german| self.language.say(english, german);
        let next = rules::next_screen(&self.ranking.design, &self.voter.answers);
        let go = match (open, done, next) {
            (false, ..) => None,
            (_, true, _) => Some((1, say("Look at my answer again", "Meine Antwort noch einmal ansehen"))),
            (_, _, 1) => Some((1, say("Begin", "Beginnen"))),
            (_, _, next) => Some((next, say("Go on", "Weiter"))),
        };
        let page = Start {
            language: self.language,
            languages: open.then(|| Languages { to: format!("/r/{token}/language"), now: self.language }),
            org: &self.org.name,
            title: if thanks { say("Thank you", "Vielen Dank") } else { &self.ranking.title },
            text: if self.language == Language::German { german } else { english },
            who_sees: open.then(|| self.who_sees()),
            go: go.map(|(screen, label)| (format!("/r/{token}/{screen}"), label)),
        };
        let status = if open { StatusCode::OK } else { StatusCode::GONE };
        Ok((status, html(&page)?).into_response())
    }

    fn draw(&self, number: usize, given: Vec<(String, String)>, fault: Option<String>) -> Result<Response> {
        let design = &self.ranking.design;
        let of = self.ranking.screens();
        if number == 0 || number > of {
            return Err(kit::Error::NotFound);
        }
        let (title, shown): (_, Vec<usize>) = match self.ranking.method {
            Method::MaxDiff => (
                self.language.say("What matters most, what least?", "Was ist am wichtigsten, was am wenigsten?"),
                design.sets[number - 1].clone(),
            ),
            Method::Points => (
                self.language.say("Hand out a hundred points", "Vergeben Sie hundert Punkte"),
                (0..design.items.len()).collect(),
            ),
        };
        let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let shown = shown.into_iter().map(|it| (it, &design.items[it])).collect();
        let page = Screen { asked: self, number, of, title, shown, given, fault, who_sees: self.who_sees() };
        Ok((status, html(&page)?).into_response())
    }

    /// What this person said on a screen before, as fields.
    fn said(&self, number: usize) -> Vec<(String, String)> {
        let answers = &self.voter.answers;
        match self.ranking.method {
            Method::MaxDiff => answers.picks.get(&number.wrapping_sub(1)).map_or(Vec::new(), |(best, worst)| {
                vec![("best".to_owned(), best.to_string()), ("worst".to_owned(), worst.to_string())]
            }),
            Method::Points => {
                answers.points.iter().enumerate().map(|(item, it)| (format!("p{item}"), it.to_string())).collect()
            }
        }
    }
}

async fn find(app: &App, token: &str) -> Result<Asked> {
    let (org, ranking, voter) = store::by_token(&app.db, token).await?;
    let org = org::find(&app.db, org).await?;
    let language = Language::of(voter.language.as_deref(), &org.locale);
    Ok(Asked { org, ranking, voter, language })
}

/// Keeps the language in which somebody wants to be asked.
async fn choose_language(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(chosen): Form<ChosenLanguage>,
) -> Result<Response> {
    find(&app, &token).await?;
    if let Some(language) = chosen.get() {
        let mut tx = app.db.begin().await?;
        store::set_language(&mut tx, &token, language).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/r/{token}")).into_response())
}

async fn start(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    find(&app, &token).await?.greet(&app, false)
}

async fn screen(State(app): State<App>, Path((token, number)): Path<(String, usize)>) -> Result<Response> {
    let asked = find(&app, &token).await?;
    if !asked.ranking.takes_answers(asked.org.day(app.now())) {
        return asked.greet(&app, false);
    }
    asked.draw(number, asked.said(number), None)
}

/// Keeps the answers of one screen and goes on. What is wrong comes back with 422 and what was chosen.
async fn save(
    State(app): State<App>,
    Path((token, number)): Path<(String, usize)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut asked = find(&app, &token).await?;
    let today = asked.org.day(app.now());
    if !asked.ranking.takes_answers(today) {
        return asked.greet(&app, false);
    }
    if number == 0 || number > asked.ranking.screens() {
        return Err(kit::Error::NotFound);
    }
    let of = |name: &str| sent.iter().find(|it| it.0 == name).map_or("", |it| &*it.1);
    if of("go") == "back" {
        let to = if number > 1 { format!("/r/{token}/{}", number - 1) } else { format!("/r/{token}") };
        return Ok(Redirect::to(&to).into_response());
    }
    let design = &asked.ranking.design;
    let was_done = asked.voter.done_on.is_some();
    let taken = match asked.ranking.method {
        Method::MaxDiff => rules::pick(design, number - 1, of("best"), of("worst"), asked.language).map(|it| {
            asked.voter.answers.picks.insert(number - 1, it);
        }),
        Method::Points => {
            let names: Vec<String> = (0..design.items.len()).map(|it| format!("p{it}")).collect();
            let texts: Vec<&str> = names.iter().map(|it| of(it)).collect();
            rules::points(&texts, asked.language).map(|it| asked.voter.answers.points = it)
        }
    };
    if let Err(fault) = taken {
        return asked.draw(number, sent, Some(fault));
    }
    let done = rules::is_done(asked.ranking.method, &asked.ranking.design, &asked.voter.answers);
    let (org, ranking, voter) = (asked.org.id, asked.ranking.id, &asked.voter);
    let mut tx = app.db.begin().await?;
    if !store::put_answers(&mut tx, org, ranking, voter.id, &voter.answers, done.then_some(today)).await? {
        drop(tx);
        return find(&app, &token).await?.greet(&app, false);
    }
    if done && !was_done {
        let author = Author { org, account: None, name: voter.name.clone(), at: app.now(), batch: None };
        audit::add(&mut tx, &author, "ranked", RANKING, ranking.0, &asked.ranking.title, &Changes::new(), 0).await?;
        asking::answered(&mut tx, org, ranking.0, &[voter.id]).await?;
    }
    tx.commit().await?;
    if number < asked.ranking.screens() {
        return Ok(Redirect::to(&format!("/r/{token}/{}", number + 1)).into_response());
    }
    if done {
        return asked.greet(&app, true);
    }
    let next = rules::next_screen(&asked.ranking.design, &asked.voter.answers);
    Ok(Redirect::to(&format!("/r/{token}/{next}")).into_response())
}
