//! Which figures about groups may be published without telling about anyone in particular.
//!
//! For each item of a survey many *cells* could be shown: everyone, each side, each unit, each role. A cell's figures
//! (how many answered what, and so mean and spread) are sums over its respondents, and whoever reads several cells can
//! add and subtract them: everyone less all units but one is that one unit. So counting heads cell by cell is not
//! enough. The rule here: a cell is published only if **no linear combination of everything published about the item
//! concerns fewer respondents than the threshold**, unless it concerns none.
//!
//! Respondents who are in the same cells cannot be told apart; they form an *atom*, weighted by their number. Cells are
//! rows of 0 and 1 over the atoms, what can be combined from them is the row space, and the rule asks for the lightest
//! vector in it, as one asks for the minimum distance of a code. Arithmetic is exact, modulo a prime: a combination of
//! few respondents remains one modulo the prime, so that the rule can err only by withholding. Where the search would
//! take too long the cell is withheld.
//!
//! What the rule does not see: that all answers of a published group are the same, other items, earlier campaigns.

mod light;
mod space;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::{light::holds_light_vector, space::Space};

/// Whether a cell is published, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    Published,
    /// Fewer respondents than the threshold.
    TooFew,
    /// With what is published it would give away a group smaller than the threshold.
    Subtraction,
    /// Whether it would give one away could not be found out with reasonable effort.
    Unchecked,
}

impl Verdict {
    pub fn is_published(self) -> bool {
        self == Verdict::Published
    }

    /// Why the cell is withheld, in plain words.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Verdict::Published => None,
            Verdict::TooFew => Some("Too few answers."),
            Verdict::Subtraction => Some("Would reveal a smaller group by subtraction."),
            Verdict::Unchecked => Some("Too many overlapping groups to be sure that none is revealed."),
        }
    }
}

/// Decides on the cells of one item, in order of priority: each is published if it is safe with those published before.
///
/// A cell is the respondents in it who answered the item, by any numbers that stand for them; an empty cell has nothing
/// to publish and counts as too small. A threshold of 1 publishes every other cell.
///
/// ```
/// use calc::disclosure::{Verdict, release};
/// let everyone: Vec<usize> = (0..20).collect();
/// let sales: Vec<usize> = (0..17).collect();
/// let it: Vec<usize> = (17..20).collect();
/// // Everyone less sales is the three of IT.
/// assert_eq!(release(&[everyone, sales, it], 5), [Verdict::Published, Verdict::Subtraction, Verdict::TooFew]);
/// ```
pub fn release<C: AsRef<[usize]>>(cells: &[C], threshold: usize) -> Vec<Verdict> {
    let mut space = Space::new(cells);
    (0..cells.len()).map(|cell| verdict(&mut space, cell, threshold.max(1))).collect()
}

/// Decides on several items, each with its cells as for [`release`]. Items that the same people answered are decided
/// once.
pub fn release_each<C: AsRef<[usize]> + Ord>(items: &[Vec<C>], threshold: usize) -> Vec<Vec<Verdict>> {
    let mut known: BTreeMap<&[C], Vec<Verdict>> = BTreeMap::new();
    items.iter().map(|cells| known.entry(cells).or_insert_with(|| release(cells, threshold)).clone()).collect()
}

/// With more cells than this published, none of which follows from others, each further one would take seconds.
const MOST_CELLS: usize = 400;

fn verdict(space: &mut Space, cell: usize, threshold: usize) -> Verdict {
    if space.size(cell) < threshold {
        return Verdict::TooFew;
    }
    if space.published() >= MOST_CELLS {
        return Verdict::Unchecked;
    }
    let with = space.with(cell);
    match with.is_combination() {
        // It can be had from what is published already.
        Some(true) => return Verdict::Published,
        Some(false) => {}
        None => return Verdict::Unchecked,
    }
    match holds_light_vector(with.rows(), with.weights(), threshold) {
        Some(false) => {
            space.publish(with);
            Verdict::Published
        }
        Some(true) => Verdict::Subtraction,
        None => Verdict::Unchecked,
    }
}
