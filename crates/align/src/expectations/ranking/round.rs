//! Beginning a round and ending it, for the pages and for whoever makes a whole company at once.

use db::{Tx, uuid::Uuid};
use jiff::civil::Date;
use kit::{
    account::Secret,
    audit::{self, Changes},
    error::{Error, Result},
    mail,
    people::Person,
    web::Scope,
};

use crate::expectations::ranking::{Answers, Design, Method, RANKING, Ranking, RankingId, Voter, rules, store};

/// Opens a round: from now on everyone who is asked has a link of their own.
pub async fn begin(
    scope: &Scope,
    title: &str,
    method: Method,
    design: Design,
    closes: Date,
    asked: &[&Person],
) -> Result<(Ranking, Vec<Voter>)> {
    let ranking = Ranking {
        id: RankingId::fresh(),
        title: title.to_owned(),
        method,
        design,
        opened_on: scope.today(),
        closes,
        closed_on: None,
        result: None,
    };
    let voter = |it: &&Person| Voter {
        id: Uuid::now_v7(),
        person: Some(it.id.0),
        name: it.name.clone(),
        side: it.side,
        token: Secret::fresh().text,
        language: None,
        answers: Answers::default(),
        done_on: None,
    };
    let voters: Vec<Voter> = asked.iter().map(voter).collect();
    let mut tx = scope.db().begin().await?;
    store::insert(&mut tx, scope.id(), &ranking, &voters).await?;
    noted(&mut tx, scope, "opened", &ranking).await?;
    tx.commit().await?;
    Ok((ranking, voters))
}

/// Closes a round and keeps what came of it.
///
/// Refuses one in which nobody has answered everything, and one that is closed.
pub async fn end(scope: &Scope, ranking: &Ranking) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    if !store::hold(&mut tx, scope.id(), ranking.id).await? {
        return Err(Error::refused("This round is closed already. Load its page again to see the result."));
    }
    let voters = store::voters_in(&mut tx, scope.id(), ranking.id).await?;
    let Some(result) = rules::ranked(ranking.method, &ranking.design, &voters) else {
        return Err(Error::refused(
            "Nobody has answered everything yet, so there is nothing to close. Wait for an answer, or discard the round.",
        ));
    };
    store::close(&mut tx, scope.id(), ranking.id, scope.today(), &result).await?;
    mail::withdraw(&mut tx, scope.id(), ranking.id.0).await?;
    noted(&mut tx, scope, "closed", ranking).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an open round away, with the answers in it.
pub async fn discard(scope: &Scope, ranking: &Ranking) -> Result<()> {
    let mut tx = scope.db().begin().await?;
    if !store::discard(&mut tx, scope.id(), ranking.id).await? {
        return Err(Error::refused("A round that is closed is kept: its result is a statement of that day."));
    }
    mail::withdraw(&mut tx, scope.id(), ranking.id.0).await?;
    noted(&mut tx, scope, "discarded", ranking).await?;
    tx.commit().await?;
    Ok(())
}

async fn noted(tx: &mut Tx, scope: &Scope, act: &str, it: &Ranking) -> Result<()> {
    audit::add(tx, &scope.author(), act, RANKING, it.id.0, &it.title, &Changes::new(), 0).await
}
