//! What a budget comes to, and what should be in it: pure.

use std::collections::BTreeMap;

use calc::money::Money;
use db::uuid::Uuid;
use kit::{area::Cost, format::folded};

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
#[derive(Debug, Clone, PartialEq)]
pub enum Taking {
    /// Its line has its amounts then.
    Update(BudgetLine),
    /// A line that was written by hand under its name is its line from now on, as it is.
    Tie(BudgetLine),
    Make(BudgetLine),
    /// There is nothing to do.
    Nothing,
}

/// How a form names a cost as it showed it: its amounts, and the line that pays for it in the version that was seen. What
/// is not the same any more when the form is sent is looked at first.
pub fn mark(cost: &Cost, stand: &Stand<'_>) -> String {
    let line = match stand {
        Stand::Missing => String::new(),
        Stand::Differs(it) | Stand::In(it) => format!("{}:{}", it.id, it.version),
    };
    format!("{}+{}+{line}", cost.once.minor(), cost.yearly.minor())
}

/// What taking a cost in does, given the lines of its year; `new` is the line that it gets where it has none. A line that
/// pays for something else already, or is left out, is not touched.
pub fn taking(cost: &Cost, stand: &Stand<'_>, lines: &[&BudgetLine], paid: &Paid, new: BudgetLine) -> Taking {
    let some = |it: Money| Some(it).filter(|it| !it.is_zero());
    let (once, yearly) = (some(cost.once), some(cost.yearly));
    match stand {
        Stand::In(_) => Taking::Nothing,
        Stand::Differs(it) => Taking::Update(BudgetLine { once, yearly, ..(*it).clone() }),
        Stand::Missing => {
            let is_free = |it: &BudgetLine| it.is_in() && !paid.values().any(|id| *id == it.id);
            let mut same = lines.iter().filter(|it| is_free(it) && folded(&it.title) == folded(&cost.title));
            match same.next() {
                Some(it) => Taking::Tie((*it).clone()),
                None => Taking::Make(BudgetLine { once, yearly, title: name(cost, lines), ..new }),
            }
        }
    }
}

/// As long as a name may be before a number is put behind it.
const LONGEST: usize = 280;

/// A name for a new line that no other line of the year has.
fn name(cost: &Cost, lines: &[&BudgetLine]) -> String {
    let title: String = cost.title.chars().take(LONGEST).collect();
    let is_free = |name: &String| !lines.iter().any(|it| folded(&it.title) == folded(name));
    let mut names = std::iter::once(title.clone()).chain((2..).map(|n| format!("{title} ({n})")));
    names.find(is_free).expect("there are more numbers than lines")
}

#[cfg(test)]
mod tests;
