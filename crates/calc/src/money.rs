//! Money as whole minor units, such as cents: nothing is lost, nothing is invented.
//!
//! An amount knows no currency: an organisation keeps its books in one. How amounts are written and read is the
//! pages' matter.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// An amount in minor units; negative where it is owed or saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);

    pub const fn new(minor: i64) -> Money {
        Money(minor)
    }

    pub const fn minor(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `None` where the amount would not fit, as in all arithmetic here.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Money)
    }

    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).map(Money)
    }

    pub fn checked_neg(self) -> Option<Money> {
        self.0.checked_neg().map(Money)
    }

    pub fn checked_mul(self, times: i64) -> Option<Money> {
        self.0.checked_mul(times).map(Money)
    }

    /// The sum of amounts, nothing of none. `None` where the sum would not fit, whatever the order.
    ///
    /// ```
    /// use calc::money::Money;
    /// assert_eq!(Money::sum([Money::new(199), Money::new(-99)]), Some(Money::new(100)));
    /// assert_eq!(Money::sum([Money::new(i64::MAX), Money::new(1), Money::new(-1)]), Some(Money::new(i64::MAX)));
    /// ```
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        let total: i128 = amounts.into_iter().map(|it| i128::from(it.0)).sum();
        i64::try_from(total).ok().map(Money)
    }

    /// The amount times a rate or a quantity, rounded to the minor unit, half away from zero as on invoices.
    ///
    /// ```
    /// use calc::money::Money;
    /// use rust_decimal::Decimal;
    /// assert_eq!(Money::new(250).at(Decimal::new(11, 1)), Some(Money::new(275)));
    /// assert_eq!(Money::new(-5).at(Decimal::new(5, 1)), Some(Money::new(-3)));
    /// ```
    pub fn at(self, rate: Decimal) -> Option<Money> {
        let exact = Decimal::from(self.0).checked_mul(rate)?;
        exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().map(Money)
    }

    /// Splits the amount in proportion to `weights`; the parts always sum to the whole. Each part is the exact share
    /// without its fraction, and what that leaves goes, a minor unit each, to the parts with the largest fractions; of
    /// equal ones to the earlier. A negative amount is split as its positive is.
    ///
    /// `None` where there is nothing to go by: no weights, or none above zero.
    ///
    /// Source: largest remainder, also called Hare–Niemeyer or Hamilton's method.
    ///
    /// ```
    /// use calc::money::Money;
    /// let parts = |whole, weights: &[u64]| Money::new(whole).split(weights).expect("a weight above zero");
    /// assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33].map(Money::new));
    /// assert_eq!(parts(-100, &[1, 1, 1]), [-34, -33, -33].map(Money::new));
    /// assert_eq!(parts(1000, &[6, 0, 1]), [857, 0, 143].map(Money::new));
    /// assert_eq!(Money::new(100).split(&[0, 0]), None);
    /// ```
    pub fn split(self, weights: &[u64]) -> Option<Vec<Money>> {
        let whole = u128::from(self.0.unsigned_abs());
        let total: u128 = weights.iter().map(|it| u128::from(*it)).sum();
        if total == 0 {
            return None;
        }
        // An amount has 63 bits and a weight 64, so that no product passes 127.
        let exact: Vec<u128> = weights.iter().map(|it| whole * u128::from(*it)).collect();
        let mut parts: Vec<u128> = exact.iter().map(|it| it / total).collect();
        let left =
            usize::try_from(whole - parts.iter().sum::<u128>()).expect("less than one unit is left of each part");
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(exact[at] % total));
        for &at in &order[..left] {
            parts[at] += 1;
        }
        let signed = |it: u128| {
            let part = i128::try_from(it).expect("a part is at most the whole");
            Money(i64::try_from(if self.0 < 0 { -part } else { part }).expect("a part is at most the whole"))
        };
        Some(parts.into_iter().map(signed).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let most = Money::new(i64::MAX);
        assert_eq!(most.checked_add(Money::new(1)), None);
        assert_eq!(Money::new(i64::MIN).checked_sub(Money::new(1)), None);
        assert_eq!(Money::new(i64::MIN).checked_neg(), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Money::sum([most, most]), None);
        assert_eq!(most.at(Decimal::from(2)), None);
        assert_eq!(Money::sum([]), Some(Money::ZERO));
    }

    #[test]
    fn the_ends_of_the_range_can_be_split() {
        let halves = Money::new(i64::MIN).split(&[u64::MAX, u64::MAX]).expect("weights");
        assert_eq!(halves, [Money::new(i64::MIN / 2); 2]);
        assert_eq!(Money::new(i64::MIN).split(&[0, 7]).expect("a weight"), [Money::ZERO, Money::new(i64::MIN)]);
    }

    #[test]
    fn there_must_be_something_to_split_by() {
        assert_eq!(Money::new(5).split(&[]), None);
        assert_eq!(Money::new(5).split(&[0, 0]), None);
        assert_eq!(Money::ZERO.split(&[3, 4]), Some(vec![Money::ZERO; 2]));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_are_less_than_a_unit_from_their_share(
            minor in any::<i64>(),
            weights in prop::collection::vec(prop_oneof![0u64..10, any::<u64>()], 1..20),
        ) {
            let total: u128 = weights.iter().map(|it| u128::from(*it)).sum();
            let parts = Money::new(minor).split(&weights);
            prop_assert_eq!(parts.is_some(), total > 0);
            let parts = parts.unwrap_or_default();
            if total > 0 {
                prop_assert_eq!(Money::sum(parts.iter().copied()), Some(Money::new(minor)));
            }
            for (part, weight) in parts.iter().zip(&weights) {
                let share = u128::from(minor.unsigned_abs()) * u128::from(*weight) / total;
                let part = u128::from(part.minor().unsigned_abs());
                prop_assert!(part == share || part == share + 1);
                prop_assert!(*weight > 0 || part == 0);
            }
        }

        #[test]
        fn a_negative_amount_is_split_as_its_positive(minor in 0..=i64::MAX, weights in prop::collection::vec(1u64..9, 1..9)) {
            let ours = Money::new(-minor).split(&weights).expect("weights");
            let theirs = Money::new(minor).split(&weights).expect("weights");
            prop_assert!(ours.iter().zip(theirs).all(|(one, other)| one.minor() == -other.minor()));
        }

        #[test]
        fn a_heavier_weight_never_gets_less(minor in any::<i64>(), weights in prop::collection::vec(0u64..50, 2..9)) {
            if let Some(parts) = Money::new(minor).split(&weights) {
                for one in 0..parts.len() {
                    for other in 0..parts.len() {
                        let (less, more) = (parts[one].minor().unsigned_abs(), parts[other].minor().unsigned_abs());
                        prop_assert!(weights[one] >= weights[other] || less <= more);
                    }
                }
            }
        }
    }
}
