//! Both ways over five years, to the cent.

use calc::money::Money;
use kit::format::capital;
use rust_decimal::Decimal;

use super::model::{Doer, Move};

/// How many years are looked at.
pub const YEARS: usize = 5;

/// Both ways of doing the work.
#[derive(Debug, Clone, PartialEq)]
pub struct BothWays {
    /// By year; the cost of the move is not in it.
    pub inside: Vec<Money>,
    pub provider: Vec<Money>,
    pub one_off: Money,
    /// Which way is the change.
    pub moves_to: Doer,
    /// What each way costs over the years, the move included in the way that is the change.
    pub inside_total: Money,
    pub provider_total: Money,
    /// By year, what the change has saved from the beginning on; negative until it pays.
    pub saved: Vec<Money>,
    /// The first year, from 1, from which on the change has paid for itself to the end.
    pub pays_from: Option<usize>,
}

/// The yearly costs: each year is the year before, changed by so many per cent and rounded to the cent, half up, as the
/// invoices of those years will be. `None` where an amount would not fit.
pub fn years(first: Money, change: Option<Decimal>) -> Option<Vec<Money>> {
    let rate = Decimal::ONE + change.unwrap_or_default() / Decimal::ONE_HUNDRED;
    let mut all = vec![first];
    while all.len() < YEARS {
        all.push(all.last()?.at(rate)?);
    }
    Some(all)
}

/// Sets both ways side by side; nothing as long as one of them has no cost.
pub fn both_ways(of: &Move) -> Option<BothWays> {
    let inside = years(of.inside_cost?, of.inside_change)?;
    let provider = years(of.provider_cost?, of.provider_change)?;
    let one_off = of.one_off.unwrap_or_default();
    let moves_to = if of.today == Doer::Inside { Doer::Provider } else { Doer::Inside };
    let (stay, change) = if moves_to == Doer::Provider { (&inside, &provider) } else { (&provider, &inside) };
    let mut so_far = one_off.checked_neg()?;
    let mut saved = Vec::new();
    for (stay, change) in stay.iter().zip(change) {
        so_far = so_far.checked_add(stay.checked_sub(*change)?)?;
        saved.push(so_far);
    }
    let below = saved.iter().rposition(|it| it.is_negative());
    let pays_from = match below {
        None => Some(1),
        Some(at) if at + 1 < YEARS => Some(at + 2),
        Some(_) => None,
    };
    let total = |years: &[Money], doer: Doer| {
        let extra = if moves_to == doer { one_off } else { Money::ZERO };
        Money::sum(years.iter().copied().chain([extra]))
    };
    Some(BothWays {
        inside_total: total(&inside, Doer::Inside)?,
        provider_total: total(&provider, Doer::Provider)?,
        inside,
        provider,
        one_off,
        moves_to,
        saved,
        pays_from,
    })
}

impl BothWays {
    /// What the change saves over all years; negative where it costs more.
    pub fn saving(&self) -> Money {
        self.saved.last().copied().unwrap_or_default()
    }

    /// When the change pays, in a sentence.
    pub fn said(&self) -> String {
        let change = if self.moves_to == Doer::Provider { "going to a provider" } else { "doing it inside" };
        match self.pays_from {
            Some(1) if self.one_off.is_zero() => format!("{} is cheaper from the first year on.", capital(change)),
            Some(1) => format!("{} pays for itself within the first year.", capital(change)),
            Some(year) => format!("{} has paid for itself in year {year}.", capital(change)),
            None => format!("{} does not pay for itself within {YEARS} years.", capital(change)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::model::{Decision, MoveId},
        *,
    };
    use crate::sourcing::model::ActivityId;

    fn moving(inside: i64, provider: i64, one_off: i64) -> Move {
        Move {
            id: MoveId(db::uuid::Uuid::nil()),
            version: 1,
            name: "Give the desk away".to_owned(),
            activity: ActivityId(db::uuid::Uuid::nil()),
            supplier: None,
            today: Doer::Inside,
            inside_cost: Some(Money::new(inside)),
            inside_change: None,
            provider_cost: Some(Money::new(provider)),
            provider_change: None,
            one_off: Some(Money::new(one_off)),
            services: None,
            skills: None,
            decision: Decision::Open,
            reason: None,
            decided_on: None,
        }
    }

    #[test]
    fn each_year_is_the_year_before_changed_and_rounded_to_the_cent() {
        // 100.00 at 2.5 %: 102.50, 105.0625, 107.6865, 110.37915 by the rounded year before.
        let all = years(Money::new(10_000), Some(Decimal::new(25, 1))).expect("they fit");
        assert_eq!(all.iter().map(|it| it.minor()).collect::<Vec<_>>(), [10_000, 10_250, 10_506, 10_769, 11_038]);
    }

    #[test]
    fn the_change_pays_from_the_year_in_which_its_savings_exceed_the_move() {
        let it = both_ways(&moving(100, 70, 75)).expect("both have a cost");
        assert_eq!(it.saved.iter().map(|it| it.minor()).collect::<Vec<_>>(), [-45, -15, 15, 45, 75]);
        assert_eq!((it.pays_from, it.saving().minor()), (Some(3), 75));
        assert_eq!((it.inside_total.minor(), it.provider_total.minor()), (500, 425));
        assert_eq!(both_ways(&moving(100, 99, 75)).expect("both").pays_from, None);
        assert_eq!(both_ways(&moving(100, 70, 0)).expect("both").pays_from, Some(1));
    }

    #[test]
    fn savings_that_melt_away_again_do_not_count_as_paid() {
        let mut dearer = moving(10_000, 5_000, 4_000);
        dearer.provider_change = Some(Decimal::from(60));
        assert_eq!(both_ways(&dearer).expect("both").pays_from, None);
    }

    #[test]
    fn without_a_cost_of_both_ways_there_is_nothing_to_compare() {
        assert_eq!(both_ways(&Move { provider_cost: None, ..moving(1, 1, 1) }), None);
    }

    proptest! {
        #[test]
        fn the_saving_is_the_difference_of_the_totals(
            inside in 0i64..10_000_000,
            provider in 0i64..10_000_000,
            one_off in 0i64..10_000_000,
            change in -20i64..20,
            out in any::<bool>(),
        ) {
            let mut of = moving(inside, provider, one_off);
            of.inside_change = Some(Decimal::from(change));
            if out {
                of.today = Doer::Provider;
            }
            let it = both_ways(&of).expect("small amounts");
            let (stay, change) = match it.moves_to {
                Doer::Provider => (it.inside_total, it.provider_total),
                Doer::Inside => (it.provider_total, it.inside_total),
            };
            prop_assert_eq!(Some(it.saving()), stay.checked_sub(change));
        }
    }
}
