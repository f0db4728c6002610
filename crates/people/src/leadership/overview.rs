//! The page of the competency: the finding, what to do now, the roles as they report, what is wrong and what counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use askama::Template;
use axum::response::Response;
use kit::{
    area::{Evidence, Note},
    error::Result,
    format::list,
    method::Competency,
    pages::{Now, Step},
    people::{self, Viewer},
    rights::Right,
    signature::{self, Signature, Verdict},
    store,
    web::{Access, Place, Routes, Scope, see},
};

use crate::leadership::{
    Role,
    model::RoleId,
    perceived::{self, rules::KNOWN},
    raci::{Matrix, rules},
    resourcing::Resourcing,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/leadership", Access::With(Right::View), page).post(
        "/leadership/mandates",
        Access::With(Right::Lead),
        ask,
    )
}

/// What is known about the whole competency, loaded once.
struct Standing {
    matrix: Arc<Matrix>,
    resourcing: Resourcing,
    /// Roles whose holder has signed the mandate as it is now.
    accepted: BTreeSet<RoleId>,
    /// Roles whose holder is asked to sign it.
    asked: BTreeSet<RoleId>,
    /// Roles whose holder has declined it as it is now.
    declined: BTreeSet<RoleId>,
    known: Option<(perceived::rules::Share, String)>,
}

impl Standing {
    async fn load(scope: &Scope) -> Result<Standing> {
        let matrix = Matrix::load(scope).await?;
        let resourcing = Resourcing::load(scope, &matrix).await?;
        let signed = signature::of_kind(scope.db(), scope.id(), Role::KIND).await?;
        let those = |test: fn(&Role, &Signature) -> bool| -> BTreeSet<RoleId> {
            let roles = matrix.roles.iter();
            roles.filter(|role| word_of(&signed, role).is_some_and(|it| test(role, it))).map(|it| it.id).collect()
        };
        let accepted = those(|role, it| it.holds(role.version));
        let asked = those(|_, it| it.verdict() == Verdict::Asked);
        let declined = those(is_declined);
        Ok(Standing {
            resourcing,
            accepted,
            asked,
            declined,
            known: perceived::pages::business_knows(scope).await?,
            matrix,
        })
    }

    /// The roles that answer for something.
    fn answering(&self) -> Vec<&Role> {
        let all = self.matrix.roles.iter().enumerate();
        all.filter(|(at, _)| self.matrix.load_of(*at).0 > 0).map(|(_, it)| it).collect()
    }

    fn vacant(&self) -> Vec<&Role> {
        self.answering().into_iter().filter(|it| it.holder.is_none()).collect()
    }

    fn without_mandate(&self) -> Vec<&Role> {
        self.answering().into_iter().filter(|it| !it.lacks().is_empty()).collect()
    }

    /// Roles with a whole mandate, and a holder who has neither been asked to sign it nor said anything of it.
    fn to_ask(&self) -> Vec<&Role> {
        let said = |it: &Role| self.asked.contains(&it.id) || self.declined.contains(&it.id);
        self.not_accepted().into_iter().filter(|it| it.lacks().is_empty() && !said(it)).collect()
    }

    fn declined(&self) -> Vec<&Role> {
        self.answering().into_iter().filter(|it| self.declined.contains(&it.id)).collect()
    }

    fn not_accepted(&self) -> Vec<&Role> {
        let held = self.answering().into_iter().filter(|it| it.holder.is_some());
        held.filter(|it| !self.accepted.contains(&it.id)).collect()
    }

    fn evidence(&self, scope: &Scope) -> Vec<Evidence> {
        let (tally, answering) = (self.matrix.tally(), self.answering());
        let one = self.matrix.rows.iter().filter(|it| it.accountable().is_some()).count();
        let of = |text: &str, met: bool, found: String, url: &str| {
            Evidence::new(Competency::LeadershipStructure, text, met, found, url)
        };
        let share = |lacking: usize| format!("{} of {}", answering.len() - lacking, answering.len());
        let met = |lacking: usize| !answering.is_empty() && lacking == 0;
        let (vacant, written, accepted) =
            (self.vacant().len(), self.without_mandate().len(), self.not_accepted().len() + self.vacant().len());
        let mut all = vec![
            of(
                "Each row of the matrix has exactly one role that answers",
                tally.rows > 0 && one == tally.rows,
                match tally.missing {
                    0 => format!("{one} of {}", tally.rows),
                    n => format!("{one} of {}, and {n} more records that could be rows", tally.rows),
                },
                "/raci",
            ),
            of("Every role that answers for something is held by somebody", met(vacant), share(vacant), "/roles"),
            of(
                "Each of these roles has a written mandate, a limit and a deputy",
                met(written),
                share(written),
                "/leadership#mandates",
            ),
            of("Whoever holds them has accepted the mandate", met(accepted), share(accepted), "/leadership#mandates"),
            of(
                "The roles have the time for it",
                self.resourcing.answer.enough == Some(true),
                if self.resourcing.answer.enough.is_none() { "not known yet" } else { "" }.to_owned(),
                "/resourcing",
            ),
        ];
        let (known, found, url) = match &self.known {
            Some((share, url)) => {
                (share.rate() >= KNOWN, format!("{} of the answers", scope.locale().percent(share.rate(), 0)), &**url)
            }
            None => (false, "not asked yet".to_owned(), "/perceived"),
        };
        all.push(of("The business names the right role when asked", known, found, url));
        all
    }

    /// What to do now, the first that holds.
    fn next(&self) -> Step {
        let tally = self.matrix.tally();
        let names = |of: &[&Role]| list(&of.iter().take(3).map(|it| &*it.name).collect::<Vec<_>>());
        let (view, lead) = (Right::View, Role::KIND.edit);
        let step = |why: String, what, url: &str, right| Step::new(why, what, url, right);
        if self.matrix.roles.is_empty() {
            return step(Role::KIND.first_step.to_owned(), "Add a role", "/roles/new", lead);
        }
        if tally.rows == 0 && tally.missing == 0 {
            let why = "Write down what is expected of IT and what it does: these are the rows of the matrix.";
            return step(why.to_owned(), "Outcomes", "/outcomes", view);
        }
        if tally.rows == 0 {
            let why = "Choose what somebody has to answer for, and give each the one role that does.";
            return step(why.to_owned(), "Open the matrix", "/raci", view);
        }
        if let [first, ..] = &self.vacant()[..] {
            let why =
                format!("Nobody holds {}, which answers for something. Find somebody, or give it away.", first.name);
            return step(why, "Choose a holder", &format!("/roles/{}/edit#f-holder", first.id), lead);
        }
        if self.matrix.broken() > 0 {
            let why = "Put the broken rows right, in a meeting with those who would answer: one A each, somebody who does it.";
            return step(why.to_owned(), "Mend the matrix", "/raci?broken=yes", view);
        }
        if let all @ [first, ..] = &self.without_mandate()[..] {
            let why = format!("Write down the mandate of {}: it lacks {}.", names(all), list(&first.lacks()));
            return step(why, "Write it down", &format!("/roles/{}/edit", first.id), lead);
        }
        if let Some(role) = self.declined().first() {
            return step(
                format!("{}.", declined(&self.matrix, role)),
                "See why",
                &format!("/roles/{}#signed", role.id),
                view,
            );
        }
        if let all @ [first, ..] = &self.not_accepted()[..] {
            if self.to_ask().is_empty() {
                let why = format!(
                    "Whoever holds {} is asked whether they accept the mandate: see to it that they sign.",
                    names(all)
                );
                return step(why, "See the mandate", &format!("/roles/{}#signed", first.id), view);
            }
            let why =
                format!("Ask whoever holds {} whether they accept the mandate, and let them sign it.", names(all));
            return step(why, "Ask them", "/leadership/mandates", lead).sent();
        }
        match self.resourcing.answer.enough {
            None => step(
                "Write down what each row takes in days a month: then it shows whether there is time for it."
                    .to_owned(),
                "Resourcing",
                "/resourcing",
                view,
            ),
            Some(false) => step(
                format!("{}. Take work away, give it to others, or add people.", self.resourcing.answer.text),
                "See where",
                "/resourcing",
                view,
            ),
            Some(true) if self.known.is_none() => step(
                "Ask three business leaders, without notice, whether they can name who answers.".to_owned(),
                "Ask them",
                "/perceived",
                lead,
            ),
            Some(true) => step(
                "Look at the roles again when the outcomes change. Until then this is good enough: move on.".to_owned(),
                "Settle it",
                "/journey/c05",
                view,
            ),
        }
    }
}

/// A role in the picture, with those that report to it.
#[derive(Template)]
#[template(path = "leadership/knot.html")]
struct Knot<'a> {
    role: &'a Role,
    holder: Option<&'a str>,
    /// That whoever holds it leaves, or has left.
    leaving: Option<String>,
    side: &'static str,
    answers: usize,
    does: usize,
    limit: String,
    below: Vec<Knot<'a>>,
}

/// Up to which amount a role may commit the organisation, for those who may see it; empty where none is given.
pub fn limit(scope: &Scope, viewer: &Viewer, role: &Role) -> String {
    match role.spending_limit {
        Some(_) if !viewer.sees_amounts_of(role) => "not shown".to_owned(),
        Some(it) => scope.money(it),
        None => String::new(),
    }
}

/// The roles as they report. Rules keep them without a ring; one that came from elsewhere would start at no top and
/// is shown at the end.
fn knots<'a>(scope: &Scope, viewer: &Viewer, matrix: &'a Matrix) -> Vec<Knot<'a>> {
    let mut below: BTreeMap<Option<RoleId>, Vec<usize>> = BTreeMap::new();
    for (at, role) in matrix.roles.iter().enumerate() {
        let known = role.reports_to.filter(|it| matrix.roles.iter().any(|role| role.id == *it));
        below.entry(known).or_default().push(at);
    }
    fn under<'a>(
        scope: &Scope,
        viewer: &Viewer,
        matrix: &'a Matrix,
        below: &mut BTreeMap<Option<RoleId>, Vec<usize>>,
        of: Option<RoleId>,
    ) -> Vec<Knot<'a>> {
        let places = below.remove(&of).unwrap_or_default();
        places
            .into_iter()
            .map(|at| {
                let role = &matrix.roles[at];
                let (answers, does) = matrix.load_of(at);
                let holder = matrix.holder(role);
                Knot {
                    role,
                    holder: holder.map(|it| &*it.name),
                    leaving: holder.and_then(|it| people::leaving(scope, it)),
                    side: holder.map_or("", |it| it.side.key()),
                    answers,
                    does,
                    limit: if viewer.sees_amounts_of(role) { limit(scope, viewer, role) } else { String::new() },
                    below: under(scope, viewer, matrix, below, Some(role.id)),
                }
            })
            .collect()
    }
    let mut all = under(scope, viewer, matrix, &mut below, None);
    while let Some(of) = below.keys().next().copied() {
        all.extend(under(scope, viewer, matrix, &mut below, of));
    }
    all
}

#[derive(Template)]
#[template(path = "leadership/overview.html")]
struct Page<'a> {
    scope: &'a Scope,
    viewer: &'a Viewer,
    heading: String,
    standing: &'a Standing,
    now: Now,
    /// How many mandates wait for their holder to be asked, where that is not what to do now.
    asks: usize,
    knots: Vec<Knot<'a>>,
    evidence: Vec<Evidence>,
}

impl Page<'_> {
    fn matrix(&self) -> &Matrix {
        &self.standing.matrix
    }

    fn accepted(&self, role: &Role) -> bool {
        self.standing.accepted.contains(&role.id)
    }

    fn limit(&self, role: &Role) -> String {
        limit(self.scope, self.viewer, role)
    }

    fn holder(&self, role: &Role) -> &str {
        self.standing.matrix.holder(role).map_or("", |it| &it.name)
    }

    fn leaving(&self, role: &Role) -> Option<String> {
        self.standing.matrix.holder(role).and_then(|it| people::leaving(self.scope, it))
    }

    fn deputy(&self, role: &Role) -> &str {
        self.standing.matrix.deputy(role).map_or("", |it| &it.name)
    }
}

async fn page(scope: Scope) -> Result<Response> {
    let standing = Standing::load(&scope).await?;
    let tally = standing.matrix.tally();
    let heading = match standing.matrix.roles.len() {
        0 => "No role is written down yet, so nobody is seen to answer for anything".to_owned(),
        1 if tally.rows == 0 => "One role is written down; what it answers for is not".to_owned(),
        n if tally.rows == 0 => format!("{n} roles are written down; what they answer for is not"),
        _ => standing.matrix.heading(),
    };
    let viewer = people::viewer(&scope).await?;
    let next = standing.next();
    let page = Page {
        scope: &scope,
        viewer: &viewer,
        heading,
        asks: if next.sends { 0 } else { standing.to_ask().len() },
        now: next.card(&scope),
        knots: knots(&scope, &viewer, &standing.matrix),
        evidence: standing.evidence(&scope),
        standing: &standing,
    };
    scope.page(Place::new("Leadership structure", "/leadership"), &page).await
}

/// The latest word of whoever holds a role on its mandate.
fn word_of<'a>(signed: &'a [Signature], role: &Role) -> Option<&'a Signature> {
    signed.iter().find(|it| it.record == role.id.0 && role.holder.is_some_and(|of| it.person == Some(of.0)))
}

/// Whether it is a no to the mandate as it stands.
fn is_declined(role: &Role, it: &Signature) -> bool {
    it.verdict() == Verdict::Declined && it.version == role.version
}

/// That whoever holds a role does not accept its mandate.
fn declined(matrix: &Matrix, role: &Role) -> String {
    let who = matrix.holder(role).map_or("Whoever holds it", |it| &it.name);
    format!("{who} declined the mandate of {}: talk about it, change it and ask again", role.name)
}

/// Asks whoever holds a role that answers for something and has a whole mandate to sign it, once.
async fn ask(scope: Scope) -> Result<Response> {
    let standing = Standing::load(&scope).await?;
    let mut tx = scope.db().begin().await?;
    let mut asked = Vec::new();
    for role in standing.to_ask() {
        let Some(holder) = standing.matrix.holder(role) else { continue };
        let row = store::row_in(&mut tx, scope.id(), Role::KIND, role.id.0).await?;
        signature::ask(&mut tx, &scope.author(), Role::KIND, &row, holder).await?;
        asked.push(&*holder.name);
    }
    tx.commit().await?;
    asked.sort_unstable();
    asked.dedup();
    let said = match &asked[..] {
        [] => "No mandate waits to be asked about: each is signed, asked, declined or not whole.".to_owned(),
        names => format!("Asked: {}. The mandate is on top of their home page until they sign it.", list(names)),
    };
    Ok(see("/leadership#mandates", &said))
}

/// What of it counts as good enough.
pub async fn evidence(scope: &Scope) -> Result<Vec<Evidence>> {
    let standing = Standing::load(scope).await?;
    if standing.matrix.roles.is_empty() && standing.matrix.tally() == rules::Tally::default() {
        return Ok(Vec::new());
    }
    Ok(standing.evidence(scope))
}

/// What waits for a decision: roles that answer for something and that nobody holds, and rows that nobody answers for.
pub async fn decisions(scope: &Scope) -> Result<Vec<Note>> {
    let matrix = Matrix::load(scope).await?;
    let mut all = Vec::new();
    let vacant: Vec<(&Role, usize)> = matrix
        .roles
        .iter()
        .enumerate()
        .map(|(at, it)| (it, matrix.load_of(at).0))
        .filter(|(role, answers)| role.holder.is_none() && *answers > 0)
        .collect();
    match &vacant[..] {
        [] => {}
        [(role, answers)] => {
            let rows = if *answers == 1 { "one row".to_owned() } else { format!("{answers} rows") };
            let text = format!("Nobody holds the role {}, which answers for {rows}: choose somebody", role.name);
            all.push(Note::new(text, format!("/roles/{}", role.id)));
        }
        several => {
            let names: Vec<&str> = several.iter().map(|it| &*it.0.name).collect();
            all.push(Note::new(
                format!("Nobody holds the roles {}, which answer for something: choose somebody", list(&names)),
                "/accountabilities".to_owned(),
            ));
        }
    }
    if scope.may(Right::Lead) {
        let signed = signature::of_kind(scope.db(), scope.id(), Role::KIND).await?;
        let no = |role: &Role| word_of(&signed, role).is_some_and(|it| is_declined(role, it));
        let notes = matrix.roles.iter().filter(|it| no(it));
        all.extend(notes.map(|it| Note::new(declined(&matrix, it), format!("/roles/{}#signed", it.id))));
    }
    let open: Vec<&str> = matrix.rows.iter().filter(|it| it.accountable().is_none()).map(|it| &*it.title).collect();
    match &open[..] {
        [] => {}
        [one] => all.push(Note::new(format!("No one role answers for “{one}”: decide which"), "/raci?broken=yes")),
        [first, rest @ ..] => {
            let text = format!("No one role answers for “{first}” and {} more: decide which", rest.len());
            all.push(Note::new(text, "/raci?broken=yes"));
        }
    }
    Ok(all)
}
