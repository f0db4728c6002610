//! What a budget comes to, and what should be in it: pure.

use std::collections::BTreeMap;

use calc::money::Money;
use db::uuid::Uuid;
use kit::area::Cost;

use super::model::{BudgetLine, BudgetLineId, Purpose};

/// What some lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub lines: usize,
    pub once: Money,
    pub yearly: Money,
    pub total: Money,
}

/// The sum of the lines that are in the budget; nothing where it would not fit.
pub fn sum<'a>(lines: impl IntoIterator<Item = &'a BudgetLine>) -> Option<Sum> {
    let mut sum = Sum::default();
    for (once, yearly) in lines.into_iter().filter(|it| it.is_in()).map(BudgetLine::amounts) {
        sum = Sum {
            lines: sum.lines + 1,
            once: sum.once.checked_add(once)?,
            yearly: sum.yearly.checked_add(yearly)?,
            total: sum.total.checked_add(once)?.checked_add(yearly)?,
        };
    }
    Some(sum)
}

/// The same by what the money is for, and all together.
pub fn by_purpose(lines: &[&BudgetLine]) -> Option<(Vec<(Purpose, Sum)>, Sum)> {
    let of = |purpose: Purpose| {
        let lines = lines.iter().copied().filter(|it| it.purpose == purpose);
        Some((purpose, sum(lines)?))
    };
    Some((Purpose::ALL.iter().map(|it| of(*it)).collect::<Option<_>>()?, sum(lines.iter().copied())?))
}

/// How a cost that somebody has written down stands to the budget of its year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stand<'a> {
    /// No line pays for it.
    Missing,
    /// A line says other amounts than its record does by now.
    Differs(&'a BudgetLine),
    /// A line pays for it as it is, or was left out on purpose.
    In(&'a BudgetLine),
}

/// Which line of a year pays for which record, by the identifiers of both.
pub type Paid = BTreeMap<Uuid, BudgetLineId>;

/// How each cost of a year stands to its lines.
pub fn stand<'a>(costs: &[Cost], lines: &[&'a BudgetLine], paid: &Paid) -> Vec<Stand<'a>> {
    let of = |cost: &Cost| {
        let line = paid.get(&cost.id).and_then(|id| lines.iter().find(|it| it.id == *id));
        match line {
            None => Stand::Missing,
            Some(it) if it.is_in() && it.amounts() != (cost.once, cost.yearly) => Stand::Differs(it),
            Some(it) => Stand::In(it),
        }
    };
    costs.iter().map(of).collect()
}

/// The lines that were taken in from a record that costs nothing in this year any more: it was refused, ended, moved or
/// deleted.
pub fn without_source<'a>(costs: &[Cost], lines: &[&'a BudgetLine], sources: &Paid) -> Vec<&'a BudgetLine> {
    let costs_still = |it: &BudgetLine| costs.iter().any(|cost| sources.get(&cost.id) == Some(&it.id));
    let was_taken = |it: &BudgetLine| sources.values().any(|id| *id == it.id);
    lines.iter().copied().filter(|it| it.is_in() && was_taken(it) && !costs_still(it)).collect()
}

/// What taking a cost in does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Taking<'a> {
    /// Its line gets its amounts.
    Update(&'a BudgetLine),
    /// A line that was written by hand under its name is its line from now on, as it is.
    Tie(&'a BudgetLine),
    Make,
    /// There is nothing to do.
    Nothing,
}

/// What taking a cost in does, given the lines of its year. A line that pays for something else already is not touched.
pub fn taking<'a>(cost: &Cost, lines: &[&'a BudgetLine], paid: &Paid) -> Taking<'a> {
    match stand(std::slice::from_ref(cost), lines, paid)[0] {
        Stand::In(_) => Taking::Nothing,
        Stand::Differs(it) => Taking::Update(it),
        Stand::Missing => {
            let is_free = |it: &&&BudgetLine| !paid.values().any(|id| *id == it.id);
            let same = |it: &&&BudgetLine| kit::format::folded(&it.title) == kit::format::folded(&cost.title);
            lines.iter().filter(is_free).find(same).map_or(Taking::Make, |it| Taking::Tie(it))
        }
    }
}

/// A name for a new line that no other line of the year has.
pub fn name(cost: &Cost, kind: &str, lines: &[&BudgetLine]) -> String {
    let is_free = |name: &str| !lines.iter().any(|it| kit::format::folded(&it.title) == kit::format::folded(name));
    let mut names = std::iter::once(cost.title.clone())
        .chain(std::iter::once(format!("{} ({kind})", cost.title)))
        .chain((2..).map(|n| format!("{} ({kind} {n})", cost.title)));
    names.find(|it| is_free(it)).expect("there are more numbers than lines")
}

#[cfg(test)]
mod tests;
