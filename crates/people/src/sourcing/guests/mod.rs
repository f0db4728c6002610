//! Leaders without an account: they place the activities, or score the candidates of a selection, by a link of their
//! own. What they say are placements and scores like anybody's; nobody else's are shown to them.

pub mod pages;
pub(in crate::sourcing) mod rules;

use db::{Tx, uuid::Uuid};
use jiff::{ToSpan, civil::Date};
use kit::{
    area::{Named, Note},
    asking::{self, Asked, Round, rules::Call},
    error::{Result, found},
    org::OrgId,
    people::{self, PersonId},
    record::Record,
    store,
    web::Scope,
};

use super::{
    model::{Activity, Placement},
    selecting::{
        model::{Score, Selection, SelectionId, SelectionState},
        pages::whole_of,
        rules::Whole,
    },
};

/// The rounds in which activities are placed; there is one, of the organisation.
pub const PLACING: &str = "place";
/// The rounds in which the candidates of a selection are scored.
pub const SCORING: &str = "score";

/// The round of an identifier: of the organisation's, placing; of a selection's, scoring.
pub async fn round(scope: &Scope, what: &str, id: Uuid) -> Result<Option<Round>> {
    match what {
        PLACING if id == scope.id().0 => placing(scope).await.map(Some),
        SCORING => scoring(scope, SelectionId(id)).await.map(Some),
        _ => Ok(None),
    }
}

/// The last day of a round whose links are these; a proposal where there are none.
fn closes(links: &[asking::Link], today: Date) -> Date {
    links.first().map_or_else(|| today.saturating_add(14.days()), asking::Link::closes)
}

fn call(closes: Date, question: String, intro: &str, who_sees: &str) -> Call {
    Call {
        question,
        intro: intro.to_owned(),
        message: String::new(),
        minutes: String::new(),
        opens: None,
        closes,
        who_sees: who_sees.to_owned(),
        resumes: true,
    }
}

async fn placing(scope: &Scope) -> Result<Round> {
    let links = asking::links(scope.db(), scope.id(), PLACING, scope.id().0).await?;
    let activities: Vec<Activity> = store::all(scope.db(), scope.id()).await?;
    let placements: Vec<Placement> = store::all(scope.db(), scope.id()).await?;
    let asked: Vec<Asked> =
        asking::asked(scope, &links, |person| rules::placed(&activities, &placements, person)).await?;
    let closes = closes(&links, scope.today());
    Ok(Round {
        what: PLACING,
        id: scope.id().0,
        title: "Place the activities".to_owned(),
        under: vec![("Sourcing".to_owned(), "/sourcing".to_owned())],
        open: true,
        closes,
        anonymous: false,
        gathers: true,
        page: None,
        reminder: None,
        calls: [
            call(
                closes,
                "Which of IT's work matters most, and how good are we at it?".to_owned(),
                "You see what IT does, activity by activity. Say of each how much it can do for our success, and how \
                 good we are at it compared with others. Answer for yourself.",
                WHO_SEES_PLACES.0,
            ),
            call(
                closes,
                "Welche Arbeit der IT zählt am meisten, und wie gut sind wir darin?".to_owned(),
                "Sie sehen, was die IT tut, Aufgabe für Aufgabe. Sagen Sie zu jeder, wie viel sie zu unserem Erfolg \
                 beitragen kann und wie gut wir darin sind, verglichen mit anderen. Antworten Sie für sich.",
                WHO_SEES_PLACES.1,
            ),
        ],
        asked,
    })
}

/// Whoever has placed every activity by now is not reminded any more.
pub async fn has_placed(tx: &mut Tx, org: OrgId, person: PersonId) -> Result<()> {
    let activities: Vec<Activity> =
        store::rows_in(tx, org, Activity::KIND).await?.iter().map(Activity::from_row).collect();
    let placements: Vec<Placement> =
        store::rows_in(tx, org, Placement::KIND).await?.iter().map(Placement::from_row).collect();
    match rules::placed(&activities, &placements, person) {
        (placed, of) if placed >= of => asking::answered_by(tx, org, PLACING, org.0, person).await,
        _ => Ok(()),
    }
}

/// Who sees where somebody places the activities, in English and in German.
const WHO_SEES_PLACES: (&str, &str) = (
    "Your answers are kept under your name. Whoever signs in here sees them beside those of the others, so that you can \
     talk about where you differ.",
    "Ihre Antworten stehen unter Ihrem Namen. Wer sich hier anmeldet, sieht sie neben denen der anderen, damit Sie \
     darüber sprechen können, wo Sie sich unterscheiden.",
);

async fn scoring(scope: &Scope, id: SelectionId) -> Result<Round> {
    let links = asking::links(scope.db(), scope.id(), SCORING, id.0).await?;
    let whole = whole_of(scope.db(), scope.id(), id).await?;
    let asked = asking::asked(scope, &links, |person| whole.done(person)).await?;
    let closes = closes(&links, scope.today());
    let title = &whole.selection.title;
    Ok(Round {
        what: SCORING,
        id: id.0,
        title: format!("Score the candidates: {title}"),
        under: vec![
            ("Selections".to_owned(), "/selections".to_owned()),
            (title.clone(), format!("/selections/{id}")),
            ("Scores".to_owned(), format!("/selections/{id}/scores")),
        ],
        open: whole.selection.state == SelectionState::Open,
        closes,
        anonymous: false,
        gathers: true,
        page: None,
        reminder: None,
        calls: [
            call(
                closes,
                format!("{title}: who does best?"),
                "You see the criteria and who is in question. Give each from 0 (not at all) to 5 (fully). Score only \
                 what you can judge.",
                WHO_SEES_SCORES.0,
            ),
            call(
                closes,
                format!("{title}: Wer schneidet am besten ab?"),
                "Sie sehen die Kriterien und wer zur Wahl steht. Geben Sie jeweils 0 (gar nicht) bis 5 Punkte (voll und \
                 ganz). Bewerten Sie nur, was Sie beurteilen können.",
                WHO_SEES_SCORES.1,
            ),
        ],
        asked,
    })
}

/// Whoever has scored every candidate by now is not reminded any more.
pub async fn has_scored(tx: &mut Tx, org: OrgId, whole: Whole, person: PersonId) -> Result<()> {
    let scores: Vec<Score> = store::rows_in(tx, org, Score::KIND).await?.iter().map(Score::from_row).collect();
    let whole = Whole::of(whole.selection, whole.criteria, whole.candidates, scores, Vec::new());
    match whole.done(person) {
        (given, of) if given >= of => asking::answered_by(tx, org, SCORING, whole.selection.id.0, person).await,
        _ => Ok(()),
    }
}

/// Who sees how somebody scores, in English and in German.
const WHO_SEES_SCORES: (&str, &str) = (
    "Your scores are kept under your name. Whoever signs in here sees them with the result.",
    "Ihre Punkte stehen unter Ihrem Namen. Wer sich hier anmeldet, sieht sie mit dem Ergebnis.",
);

/// What the trail calls a round.
pub async fn find(scope: &Scope, what: &str, id: Uuid) -> Result<Option<Named>> {
    Ok(match what {
        PLACING => {
            Some(Named { kind: "Round", title: "Place the activities".to_owned(), url: "/sourcing/agree".to_owned() })
        }
        SCORING => {
            let all: Vec<Selection> = store::all(scope.db(), scope.id()).await?;
            all.into_iter().find(|it| it.id.0 == id).map(|it| Named {
                kind: "Round",
                title: format!("Score the candidates: {}", it.title),
                url: format!("/selections/{id}/scores"),
            })
        }
        _ => None,
    })
}

/// What waits for whoever is signed in, and was asked by a link too.
pub async fn waiting(scope: &Scope) -> Result<Vec<Note>> {
    let Some(me) = people::me(scope).await? else { return Ok(Vec::new()) };
    let mut notes = Vec::new();
    for link in asking::waiting(scope.db(), scope.id(), me.id, scope.today()).await? {
        let Some(round) = found(round(scope, &link.what, link.about).await)?.flatten() else { continue };
        let waits = round.open && round.asked.iter().any(|it| it.id == link.id && !it.done);
        if waits {
            let url = format!("/{}/{}", link.what, link.token);
            notes.push(Note::new(round.title, url).on(link.closes()).mine());
        }
    }
    Ok(notes)
}
