//! The search for a combination that concerns few respondents.
//!
//! An *information set* is as many atoms as there are rows, such that a vector of the row space that is zero on all of
//! them is zero. So a vector that is not zero weighs at least the lightest atom in each of several disjoint sets: with
//! enough sets nothing light can exist, and with fewer a light vector must be nearly zero on one of them, which leaves
//! few combinations to look at (Brouwer and Zimmermann's way to the minimum distance of a code).

use super::space::{Row, eliminate, information_set};

/// How many products of numbers one search may cost; some tens of milliseconds.
const MOST_WORK: usize = 20_000_000;

/// Whether a combination of the rows, which must be independent, weighs less than `threshold` without being zero.
/// `None` if finding out would take too long.
pub(super) fn holds_light_vector(mut rows: Vec<Row>, weights: Vec<usize>, threshold: usize) -> Option<bool> {
    let mut atoms: Vec<usize> = (0..weights.len()).collect();
    atoms.sort_by_key(|atom| std::cmp::Reverse(weights[*atom]));

    // A light vector is zero on every atom that is not light itself.
    let heavy = atoms.partition_point(|atom| weights[*atom] >= threshold);
    let light = atoms.split_off(heavy);
    if information_set(&rows, &atoms).is_some() {
        return Some(false);
    }
    let pivots = eliminate(&mut rows, atoms);
    let rows = rows.split_off(pivots.len());

    // On each information set a vector weighs at least the lightest atom of the set.
    let (mut sets, mut least, mut left) = (Vec::new(), 0, light.clone());
    while let Some(pivots) = information_set(&rows, &left) {
        let lightest = pivots.iter().map(|atom| weights[*atom]).min()?;
        least += lightest;
        if least >= threshold {
            return Some(false);
        }
        left.retain(|atom| !pivots.contains(atom));
        sets.push((pivots, lightest));
    }
    // A light vector weighs no more than is allowed on at least one set, if the allowances and one more for each add up
    // to the threshold.
    let (short, many) = (threshold - least, sets.len());
    let mut search = Search { weights: &weights, work: MOST_WORK };
    for (at, (pivots, lightest)) in sets.into_iter().enumerate() {
        let allowed = lightest - 1 + short / many + usize::from(at < short % many);
        let atoms: Vec<usize> = light.iter().copied().filter(|atom| !pivots.contains(atom)).collect();
        let mut rows = rows.clone();
        eliminate(&mut rows, pivots.iter().copied());
        if search.subsets(&Set { rows, pivots }, &atoms, 0, &mut Vec::new(), allowed, threshold - 1)? {
            return Some(true);
        }
    }
    Some(false)
}

struct Set {
    /// The row space, each row with its pivot.
    rows: Vec<Row>,
    pivots: Vec<usize>,
}

struct Search<'a> {
    weights: &'a [usize],
    /// What is left of it.
    work: usize,
}

impl Search<'_> {
    /// Whether a combination of the rows `chosen` and of any from `next` on is light: on the pivots, and in all.
    fn subsets(
        &mut self,
        set: &Set,
        atoms: &[usize],
        next: usize,
        chosen: &mut Vec<usize>,
        allowed: usize,
        budget: usize,
    ) -> Option<bool> {
        for row in next..set.rows.len() {
            let weight = self.weights[set.pivots[row]];
            if weight > allowed {
                continue;
            }
            chosen.push(row);
            let rows = chosen.iter().map(|it| set.rows[*it].clone()).collect();
            let found = self.combination(rows, atoms, budget - weight)?
                || self.subsets(set, atoms, row + 1, chosen, allowed - weight, budget - weight)?;
            chosen.pop();
            if found {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether a combination of the rows weighs at most `budget` on the atoms.
    fn combination(&mut self, mut rows: Vec<Row>, atoms: &[usize], budget: usize) -> Option<bool> {
        self.work = self.work.checked_sub(rows.len() * self.weights.len())?;
        if let [row] = rows.as_slice() {
            let concerned = atoms.iter().filter(|atom| row[**atom] != 0);
            return Some(concerned.map(|atom| self.weights[*atom]).sum::<usize>() <= budget);
        }
        let Some(at) = atoms.iter().position(|atom| rows.iter().any(|row| row[*atom] != 0)) else { return Some(true) };
        let (atom, rest) = (atoms[at], &atoms[at + 1..]);
        // Either the combination concerns this atom, and pays for it, or it does not, and one row fewer remains.
        let weight = self.weights[atom];
        if weight <= budget && self.combination(rows.clone(), rest, budget - weight)? {
            return Some(true);
        }
        eliminate(&mut rows, [atom]);
        rows.remove(0);
        self.combination(rows, rest, budget)
    }
}
