//! What speaks for competency 3 being good enough, as far as the records tell.

use kit::{area::Evidence, error::Result, method::Competency, web::Scope};

use crate::urgency::{
    here::{Facts, Obstacles},
    model::{Decision, State},
    rules::{facts::holes, ranked},
};

/// How many obstacles count: the worst.
const WORST: usize = 3;

pub async fn of(scope: &Scope) -> Result<Vec<Evidence>> {
    let here = Obstacles::load(scope).await?;
    let facts = Facts::load(scope).await?;
    let (locale, today) = (scope.locale(), scope.today());
    let evidence =
        |text: &str, met, found, url: &str| Evidence::new(Competency::CreatingUrgency, text, met, found, url);
    let year = scope.org.calendar().year(today);
    let in_year = |it: &&&crate::urgency::Obstacle| it.cleared.is_some_and(|day| year.starts <= day && day <= today);
    let cleared: Vec<_> = here.all.iter().filter(|it| it.state == State::Cleared).collect();
    let this_year: Vec<_> = cleared.iter().filter(in_year).collect();
    let told = this_year.iter().filter(|it| it.changed.is_some()).count();
    let worst: Vec<_> = ranked(&here.all).into_iter().take(WORST).collect();
    let owned = worst.iter().filter(|it| it.owner.is_some() && it.due.is_some()).count();
    let holes = holes(&facts.authorities, today).len();
    let in_force = facts.authorities.iter().filter(|it| it.is_in_force(today)).count();
    let mut decided: Vec<&Decision> = facts.decisions.iter().filter(|it| it.decided.is_some()).collect();
    decided.sort_by_key(|it| std::cmp::Reverse(it.decided));
    let last: Vec<String> = decided.iter().take(3).filter_map(|it| it.days()).map(|it| locale.whole(it)).collect();
    Ok(vec![
        evidence(
            "Three obstacles are named, and the worst three have an owner and a date",
            // Those that were cleared were named too.
            here.all.len() >= WORST && owned == worst.len(),
            if here.all.is_empty() { String::new() } else { format!("{owned} of the worst {}", worst.len()) },
            "/urgency",
        ),
        evidence(
            "An obstacle was cleared in this cycle, with a note of what changed",
            told > 0,
            match this_year.len() {
                0 => format!("none this year, {} before", cleared.len()),
                n => format!("{n} cleared, {told} with a note"),
            },
            "/obstacles?q=cleared",
        ),
        evidence(
            "It is known who may approve what amount",
            in_force > 0 && holes == 0,
            match (in_force, holes) {
                (0, _) => String::new(),
                (n, 0) => format!("{n} steps without a hole"),
                (n, holes) => format!("{n} steps, {holes} ranges of amounts unclear"),
            },
            "/urgency/facts",
        ),
        evidence(
            "It is known how long the last three decisions took",
            last.len() == 3,
            if last.is_empty() { String::new() } else { format!("{} days", last.join(", ")) },
            "/decisions?sort=decided&down=1",
        ),
    ])
}
