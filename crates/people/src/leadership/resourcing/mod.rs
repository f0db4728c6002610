//! Is IT resourced for what is expected of it: one answer, and how it was reckoned.

pub mod pages;
pub mod rules;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kit::{error::Result, holidays, people::PersonId, web::Scope};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::leadership::{
    Absence,
    model::Letter,
    raci::Matrix,
    resourcing::rules::{Answer, Holder, Month, Need, Post, Span},
};

/// Everything that the page shows.
pub struct Resourcing {
    pub posts: Vec<Post>,
    /// What each row takes of a role, with the place of the row in the matrix.
    pub needs: Vec<(usize, Need)>,
    pub months: Vec<Date>,
    /// In the order of the posts, then of the months.
    pub reckoned: Vec<Vec<Month>>,
    pub answer: Answer,
    /// Rows of which nobody wrote down what they take.
    pub unknown: Vec<usize>,
}

impl Resourcing {
    /// Whether of any role it is known what is needed and what is there: a shortage of nought says nothing otherwise.
    pub fn is_known(&self) -> bool {
        self.reckoned.iter().flatten().any(|it| it.needed > 0.0 && it.there.is_some())
    }

    pub async fn load(scope: &Scope, matrix: &Matrix) -> Result<Resourcing> {
        let mut away: BTreeMap<PersonId, Vec<(Span, f64)>> = BTreeMap::new();
        for it in kit::store::all::<Absence>(scope.db(), scope.id()).await? {
            let span = Span { starts: Some(it.starts), ends: Some(it.ends) };
            away.entry(it.person).or_default().push((span, it.share as f64 / 100.0));
        }
        let number = |it: Option<Decimal>| it.and_then(|it| it.to_f64());
        let posts: Vec<Post> = matrix
            .roles
            .iter()
            .map(|role| Post {
                name: role.name.clone(),
                days: number(role.days),
                holder: matrix.holder(role).map(|it| Holder {
                    employed: Span { starts: it.starts, ends: it.ends },
                    away: away.get(&it.id).cloned().unwrap_or_default(),
                }),
            })
            .collect();
        let mut needs = Vec::new();
        for (at, row) in matrix.rows.iter().enumerate() {
            let effort = &row.line.effort;
            let does = row.letters.iter().enumerate().filter(|(_, it)| it.is_some_and(Letter::does));
            let does: Vec<usize> = does.map(|(at, _)| at).collect();
            let days = |it| number(it).unwrap_or_default();
            let span = Span { starts: effort.starts, ends: effort.ends };
            let of = rules::needs(row.accountable(), &does, days(effort.answering), days(effort.doing), span);
            needs.extend(of.into_iter().map(|it| (at, it)));
        }
        let months = rules::months(scope.today());
        let plain: Vec<Need> = needs.iter().map(|it| it.1.clone()).collect();
        let reckoned = rules::reckon(&posts, &plain, &months, &holidays::days(scope.db(), scope.id()).await?);
        let answer = rules::answer(&posts, &reckoned, &months, scope.locale());
        let unknown = (0..matrix.rows.len()).filter(|at| !matrix.rows[*at].line.effort.is_known()).collect();
        Ok(Resourcing { posts, needs, months, reckoned, answer, unknown })
    }
}
