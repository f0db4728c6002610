//! The rounds in which people ranked, voted and said who answers.

use align::{
    envisioning::{model::Workshop, workshop},
    expectations::{
        Outcome,
        ranking::{self, Answers, Design, Item, Method},
    },
};
use db::uuid::Uuid;
use kit::{account::Secret, people::Person};
use people::leadership::{
    perceived::{
        self,
        rules::{AskedRow, Said},
    },
    raci::Matrix,
};

use super::{
    company::{Round, Voting, WhoAnswers},
    maker::{Maker, person},
};
use crate::serve::Failure;

impl Maker {
    pub async fn rank(&self, round: &Round) -> Result<(), Failure> {
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

    /// Holds the voting of a workshop, from its phrases to its result.
    pub async fn vote(&self, voting: &Voting) -> Result<(), Failure> {
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

    pub async fn who_answers(&self, it: &WhoAnswers) -> Result<(), Failure> {
        let scope = self.scope(self.on(it.opens)?).await?;
        let matrix = Matrix::load(&scope).await?;
        let mut lines = self.file(&it.answers)?.lines().map(|it| it.split('|').collect::<Vec<_>>());
        let rows = lines.next().unwrap_or_default().split_off(1);
        let mut questions = perceived::pages::asked_of(&matrix);
        // The round is older than the other rows of the matrix.
        questions.rows.retain(|row| rows.contains(&&*row.title));
        let round = perceived::Round {
            id: perceived::RoundId::fresh(),
            title: it.title.clone(),
            anonymous: it.anonymous,
            closed: false,
            begun: it.opens,
            closes: it.closes,
            asked: questions,
        };
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
                language: None,
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
