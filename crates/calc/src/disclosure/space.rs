//! Cells as rows over atoms, and exact elimination among them.

use std::collections::BTreeMap;

/// The prime 2⁶¹ − 1.
const P: u64 = (1 << 61) - 1;

pub(super) type Row = Vec<u64>;

/// What can be combined from the cells published so far.
pub(super) struct Space {
    /// For each cell, who is in it.
    members: Vec<Vec<bool>>,
    /// The published cells, none of which is a combination of the others.
    independent: Vec<usize>,
    /// Respondents in the same of those cells.
    atoms: Vec<Vec<usize>>,
}

/// The space as it would be with one more cell.
pub(super) struct With {
    independent: Vec<usize>,
    atoms: Vec<Vec<usize>>,
    rows: Vec<Row>,
}

impl Space {
    pub(super) fn new<C: AsRef<[usize]>>(cells: &[C]) -> Space {
        let mut numbers = BTreeMap::new();
        for respondent in cells.iter().flat_map(|it| it.as_ref()) {
            let next = numbers.len();
            numbers.entry(*respondent).or_insert(next);
        }
        let members = cells.iter().map(|cell| {
            let mut member = vec![false; numbers.len()];
            cell.as_ref().iter().for_each(|it| member[numbers[it]] = true);
            member
        });
        Space { members: members.collect(), independent: Vec::new(), atoms: vec![(0..numbers.len()).collect()] }
    }

    /// How many cells are published that do not follow from others.
    pub(super) fn published(&self) -> usize {
        self.independent.len()
    }

    /// How many respondents are in the cell.
    pub(super) fn size(&self, cell: usize) -> usize {
        self.members[cell].iter().filter(|it| **it).count()
    }

    pub(super) fn with(&self, cell: usize) -> With {
        let atoms: Vec<Vec<usize>> = self
            .atoms
            .iter()
            .flat_map(|atom| {
                let (inside, outside): (Vec<usize>, Vec<usize>) = atom.iter().partition(|it| self.members[cell][**it]);
                [inside, outside]
            })
            .filter(|atom| !atom.is_empty())
            .collect();
        let independent = [self.independent.as_slice(), &[cell]].concat();
        let row = |cell: &usize| atoms.iter().map(|atom| u64::from(self.members[*cell][atom[0]])).collect();
        let rows = independent.iter().map(row).collect();
        With { independent, atoms, rows }
    }

    pub(super) fn publish(&mut self, with: With) {
        self.independent = with.independent;
        self.atoms = with.atoms;
    }
}

impl With {
    pub(super) fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    pub(super) fn weights(&self) -> Vec<usize> {
        self.atoms.iter().map(Vec::len).collect()
    }

    /// Whether the last cell is a combination of the others; `None` if that holds modulo the prime and could not be
    /// proved in whole numbers.
    pub(super) fn is_combination(&self) -> Option<bool> {
        let (atoms, cells) = (self.atoms.len(), self.rows.len());
        if information_set(&self.rows, &Vec::from_iter(0..atoms)).is_some() {
            return Some(false);
        }
        // Beside each row a record of which cells it was made of.
        let mut rows = self.rows.clone();
        for (at, row) in rows.iter_mut().enumerate() {
            row.extend((0..cells).map(|it| u64::from(it == at)));
        }
        let pivots = eliminate(&mut rows, 0..atoms);
        // This combination is nothing modulo the prime. If its factors, as whole numbers, add up to less than the
        // prime, no atom can be the prime or a multiple of it, and so each is nothing. Published cells are mostly sums
        // and differences of others, with factors of 1 or, seldom, fractions of small denominators.
        let factors = &rows[pivots.len()][atoms..];
        let last = inverse(factors[cells - 1]);
        let proved = (1..=12).any(|denominator| {
            let whole = factors.iter().map(|it| mul(mul(*it, last), denominator));
            whole.map(|it| u128::from(it.min(P - it))).sum::<u128>() < u128::from(P)
        });
        proved.then_some(true)
    }
}

/// As many of `columns` as there are rows, such that no combination of the rows but zero is zero on all of them.
pub(super) fn information_set(rows: &[Row], columns: &[usize]) -> Option<Vec<usize>> {
    // Neighbours are alike. Of many columns those spread over the list mostly suffice, so they come first.
    let step = (columns.len() / (4 * rows.len())).max(1);
    let spread = (0..step).flat_map(|first| columns.iter().copied().skip(first).step_by(step));
    let mut found = Vec::new();
    // Columns reduced to begin with a one, by where it is.
    let mut reduced: Vec<Option<Row>> = vec![None; rows.len()];
    for column in spread {
        let mut rest: Row = rows.iter().map(|row| row[column]).collect();
        while let Some(at) = rest.iter().position(|it| *it != 0) {
            let factor = rest[at];
            if let Some(known) = &reduced[at] {
                subtract(&mut rest[at..], &known[at..], factor);
                continue;
            }
            let scale = inverse(factor);
            rest.iter_mut().for_each(|it| *it = mul(*it, scale));
            reduced[at] = Some(rest);
            found.push(column);
            break;
        }
        if found.len() == rows.len() {
            return Some(found);
        }
    }
    None
}

/// Makes `rows` zero in each of `columns` but for one row (a one in the row's *pivot*), taking columns in the order
/// given. Returns the pivots, of the first row, the second …; rows beyond them are zero in all of `columns`.
pub(super) fn eliminate(rows: &mut [Row], columns: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut pivots = Vec::new();
    for column in columns {
        let at = pivots.len();
        if at == rows.len() {
            break;
        }
        let Some(found) = (at..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(at, found);
        let scale = inverse(rows[at][column]);
        rows[at].iter_mut().for_each(|it| *it = mul(*it, scale));
        let pivot = rows[at].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(other, row)| *other != at && row[column] != 0) {
            let factor = row[column];
            subtract(row, &pivot, factor);
        }
        pivots.push(column);
    }
    pivots
}

/// `row` less `factor` times `other`.
fn subtract(row: &mut [u64], other: &[u64], factor: u64) {
    let factor = P - factor;
    for (it, other) in row.iter_mut().zip(other).filter(|(_, other)| **other != 0) {
        *it = reduce(*it + mul(factor, *other));
    }
}

fn mul(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    reduce((product as u64 & P) + (product >> 61) as u64)
}

/// Of a number below twice the prime.
fn reduce(it: u64) -> u64 {
    if it >= P { it - P } else { it }
}

/// By Fermat's little theorem.
fn inverse(it: u64) -> u64 {
    let (mut power, mut result, mut left) = (it, 1, P - 2);
    while left > 0 {
        if left & 1 == 1 {
            result = mul(result, power);
        }
        power = mul(power, power);
        left >>= 1;
    }
    result
}
