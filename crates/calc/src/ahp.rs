//! Priorities from comparing options two by two: the analytic hierarchy process.
//!
//! Source: Saaty 1980, The Analytic Hierarchy Process; the worked example is that of Saaty 2008, International Journal of
//! Services Sciences 1(1).

use serde::Serialize;

/// Up to this consistency ratio judgements are taken to fit together.
pub const ACCEPTABLE: f64 = 0.10;

/// The table of random indices that consistency is measured against. Others differ in the second place.
pub const RI_TABLE: &str = "Saaty 2005";

/// For 3 to 15 options: the mean consistency index of matrices filled at random.
const RANDOM_INDEX: [f64; 13] = [0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59];

/// A judgement beyond this is no comparison any more, and would not leave digits to reckon with.
const LIMIT: f64 = 1e6;

/// Two halves of a judgement that multiply to 1 within this are the same, rounded: 3 and 0.33, 9 and 0.11.
const ROUNDING: f64 = 0.05;

/// How many times better each option is than each other: entry (i, j) is i over j, and (j, i) its reciprocal.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    size: usize,
    /// Row by row.
    entries: Vec<f64>,
    rounded: Vec<(usize, usize)>,
}

/// What makes a table no comparison matrix. Rows and columns are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// There is nothing to compare.
    Nothing,
    /// A row that is not as long as the table is high.
    NotSquare { row: usize, columns: usize },
    /// Neither this judgement nor its reciprocal is given.
    Missing { row: usize, column: usize },
    /// A judgement that is not a number above 0 and up to a million, or not one over a million or more.
    NotPositive { row: usize, column: usize },
    /// An option compared with itself is 1.
    Diagonal { row: usize, found: f64 },
    /// Two judgements of one pair that contradict each other: they multiply to something else than 1.
    NotReciprocal { row: usize, column: usize, upper: f64, lower: f64 },
}

/// What the comparisons come to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Priorities {
    /// The principal eigenvector; by option, in sum 1.
    pub priorities: Vec<f64>,
    /// The principal eigenvalue: the number of options where all judgements fit together, else more.
    pub lambda_max: f64,
    /// The consistency index, (λ − n) / (n − 1). `None` of one option.
    pub ci: Option<f64>,
    /// The consistency ratio, CI / RI. `None` of one or two options, which cannot contradict each other, and of more
    /// than the table holds.
    pub cr: Option<f64>,
    /// The random index for so many options.
    pub ri: Option<f64>,
    pub ri_table: &'static str,
    /// The judgement that fits the others least.
    pub look_again: Option<Judgement>,
}

/// A judgement beside what all judgements together say of the same pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Judgement {
    /// The option that is judged, from 0; the smaller of the two places.
    pub row: usize,
    /// The option that it is compared with.
    pub column: usize,
    pub given: f64,
    /// The ratio of the two priorities.
    pub implied: f64,
}

impl Matrix {
    /// Reads a table of judgements, of which one half may be empty: what is missing is the reciprocal of what is given.
    /// The diagonal may be empty too. Where both halves are given they must agree; where they agree but for rounding,
    /// the upper one counts ([`rounded`](Matrix::rounded)). Every fault is told.
    ///
    /// ```
    /// use calc::ahp::{Fault, Matrix};
    /// let table = [[None, Some(4.0)], [Some(0.5), None]].map(|it| it.to_vec());
    /// let fault = Fault::NotReciprocal { row: 0, column: 1, upper: 4.0, lower: 0.5 };
    /// assert_eq!(Matrix::from_rows(&table), Err(vec![fault]));
    /// ```
    pub fn from_rows(rows: &[Vec<Option<f64>>]) -> Result<Matrix, Vec<Fault>> {
        let size = rows.len();
        if size == 0 {
            return Err(vec![Fault::Nothing]);
        }
        let mut faults: Vec<Fault> = (0..size)
            .filter(|row| rows[*row].len() != size)
            .map(|row| Fault::NotSquare { row, columns: rows[row].len() })
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let (mut entries, mut rounded) = (vec![1.0; size * size], Vec::new());
        let mut entry = |row: usize, column: usize| match rows[row][column] {
            Some(it) if !(1.0 / LIMIT..=LIMIT).contains(&it) => {
                faults.push(Fault::NotPositive { row, column });
                Err(())
            }
            it => Ok(it),
        };
        let mut contradictions = Vec::new();
        for row in 0..size {
            if let Ok(Some(found)) = entry(row, row)
                && found != 1.0
            {
                contradictions.push(Fault::Diagonal { row, found });
            }
            for column in row + 1..size {
                let (Ok(upper), Ok(lower)) = (entry(row, column), entry(column, row)) else { continue };
                let given = match (upper, lower) {
                    (Some(upper), Some(lower)) if (upper * lower - 1.0).abs() > ROUNDING => {
                        contradictions.push(Fault::NotReciprocal { row, column, upper, lower });
                        continue;
                    }
                    (Some(upper), Some(lower)) => {
                        if (upper * lower - 1.0).abs() > 1e-9 {
                            rounded.push((row, column));
                        }
                        upper
                    }
                    (Some(upper), None) => upper,
                    (None, Some(lower)) => 1.0 / lower,
                    (None, None) => {
                        contradictions.push(Fault::Missing { row, column });
                        continue;
                    }
                };
                entries[row * size + column] = given;
                entries[column * size + row] = 1.0 / given;
            }
        }
        faults.append(&mut contradictions);
        if faults.is_empty() { Ok(Matrix { size, entries, rounded }) } else { Err(faults) }
    }

    /// Reads the judgements above the diagonal, row by row: of three options, 1 over 2, 1 over 3, 2 over 3.
    /// [`Fault::Missing`] where there are fewer than the pairs; what is beyond them is not read.
    ///
    /// ```
    /// use calc::ahp::Matrix;
    /// let it = Matrix::from_upper(3, &[2.0, 6.0, 3.0]).expect("three judgements").priorities();
    /// assert!((it.priorities[0] - 0.6).abs() < 1e-12 && it.cr.expect("three options") < 1e-12);
    /// ```
    pub fn from_upper(options: usize, judgements: &[f64]) -> Result<Matrix, Vec<Fault>> {
        let mut judgements = judgements.iter().copied();
        let rows: Vec<Vec<Option<f64>>> = (0..options)
            .map(|row| (0..options).map(|column| if column > row { judgements.next() } else { None }).collect())
            .collect();
        Matrix::from_rows(&rows)
    }

    /// The judgements of several people as one: the geometric mean of each, the only mean that stays reciprocal.
    /// `None` of nobody, and of matrices that differ in size.
    ///
    /// Source: Aczél & Saaty 1983, Journal of Mathematical Psychology 27(1).
    pub fn together(matrices: &[Matrix]) -> Option<Matrix> {
        let size = matrices.first()?.size;
        if matrices.iter().any(|it| it.size != size) {
            return None;
        }
        let mut entries = vec![1.0; size * size];
        for row in 0..size {
            for column in row + 1..size {
                let logs: f64 = matrices.iter().map(|it| libm::log(it.over(row, column))).sum();
                let mean = libm::exp(logs / matrices.len() as f64);
                entries[row * size + column] = mean;
                entries[column * size + row] = 1.0 / mean;
            }
        }
        Some(Matrix { size, entries, rounded: Vec::new() })
    }

    /// How many options are compared.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many times better one option is than another.
    pub fn over(&self, one: usize, other: usize) -> f64 {
        self.entries[one * self.size + other]
    }

    /// The pairs whose two judgements agree only up to rounding, such as 3 and 0.33.
    pub fn rounded(&self) -> &[(usize, usize)] {
        &self.rounded
    }

    /// The priorities that the judgements come to, and how well they fit together.
    pub fn priorities(&self) -> Priorities {
        let n = self.size as f64;
        let priorities = self.eigenvector();
        let lambda_max = self.applied_to(&priorities).iter().sum::<f64>().max(n);
        let ci = (self.size > 1).then(|| (lambda_max - n) / (n - 1.0));
        let ri = self.size.checked_sub(3).and_then(|it| RANDOM_INDEX.get(it)).copied();
        let cr = ci.zip(ri).map(|(ci, ri)| ci / ri);
        let look_again = self.worst_fit(&priorities);
        Priorities { priorities, lambda_max, ci, cr, ri, ri_table: RI_TABLE, look_again }
    }

    /// The principal eigenvector by power iteration, each step with the square of the matrix before: after k steps that
    /// is the 2ᵏth power, so that even judgements at odds with each other converge to the last digit.
    fn eigenvector(&self) -> Vec<f64> {
        let size = self.size;
        let (mut power, mut vector) = (self.entries.clone(), vec![1.0 / size as f64; size]);
        for _ in 0..64 {
            let largest = power.iter().copied().fold(0.0, f64::max);
            power.iter_mut().for_each(|it| *it /= largest);
            let rows: Vec<f64> = power.chunks(size).map(|row| row.iter().sum()).collect();
            let next = normalised(rows);
            let moved = next.iter().zip(&vector).any(|(now, before)| (now - before).abs() > 1e-16);
            vector = next;
            if !moved {
                break;
            }
            let at = |row: usize, column: usize| {
                (0..size).map(|it| power[row * size + it] * power[it * size + column]).sum()
            };
            power = (0..size * size).map(|it| at(it / size, it % size)).collect();
        }
        // What squaring rounded away, the matrix itself puts right.
        (0..3).fold(vector, |it, _| normalised(self.applied_to(&it)))
    }

    fn applied_to(&self, vector: &[f64]) -> Vec<f64> {
        self.entries.chunks(self.size).map(|row| row.iter().zip(vector).map(|(entry, it)| entry * it).sum()).collect()
    }

    /// Saaty's way: the judgement that is farthest, as a factor, from the ratio of the priorities.
    fn worst_fit(&self, priorities: &[f64]) -> Option<Judgement> {
        let mut worst: Option<(f64, Judgement)> = None;
        for row in 0..self.size {
            for column in row + 1..self.size {
                let (given, implied) = (self.over(row, column), priorities[row] / priorities[column]);
                let off = (given / implied).max(implied / given);
                if off > worst.map_or(1.0 + 1e-9, |(most, _)| most * (1.0 + 1e-9)) {
                    worst = Some((off, Judgement { row, column, given, implied }));
                }
            }
        }
        worst.map(|(_, judgement)| judgement)
    }
}

fn normalised(mut values: Vec<f64>) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    values.iter_mut().for_each(|it| *it /= sum);
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(table: &[&[f64]]) -> Vec<Vec<Option<f64>>> {
        table.iter().map(|row| row.iter().map(|it| it.is_finite().then_some(*it)).collect()).collect()
    }

    const NONE: f64 = f64::NAN;

    #[test]
    fn either_half_is_enough() {
        let upper = Matrix::from_rows(&rows(&[&[1.0, 2.0, 6.0], &[NONE, 1.0, 3.0], &[NONE, NONE, 1.0]]));
        let lower = Matrix::from_rows(&rows(&[&[NONE; 3], &[0.5, NONE, NONE], &[1.0 / 6.0, 1.0 / 3.0, NONE]]));
        assert_eq!(upper, Matrix::from_upper(3, &[2.0, 6.0, 3.0]));
        let (upper, lower) = (upper.expect("judgements"), lower.expect("judgements"));
        assert!((0..9).all(|it| (upper.over(it / 3, it % 3) - lower.over(it / 3, it % 3)).abs() < 1e-12));
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let found = Matrix::from_rows(&rows(&[&[2.0, 3.0, NONE], &[3.0, 1.0, 0.0], &[NONE, 4.0, 1.0]]));
        let expected = vec![
            Fault::NotPositive { row: 1, column: 2 },
            Fault::Diagonal { row: 0, found: 2.0 },
            Fault::NotReciprocal { row: 0, column: 1, upper: 3.0, lower: 3.0 },
            Fault::Missing { row: 0, column: 2 },
        ];
        assert_eq!(found, Err(expected));
        assert_eq!(Matrix::from_rows(&[]), Err(vec![Fault::Nothing]));
        assert_eq!(
            Matrix::from_rows(&rows(&[&[1.0], &[1.0, 1.0]])),
            Err(vec![Fault::NotSquare { row: 0, columns: 1 }])
        );
        assert_eq!(Matrix::from_upper(2, &[]), Err(vec![Fault::Missing { row: 0, column: 1 }]));
        for wrong in [0.0, -3.0, f64::INFINITY, 1e7, 1e-7] {
            let found = Matrix::from_upper(2, &[wrong]);
            assert_eq!(found, Err(vec![Fault::NotPositive { row: 0, column: 1 }]), "{wrong}");
        }
    }

    #[test]
    fn rounded_reciprocals_are_taken_and_named() {
        let it = Matrix::from_rows(&rows(&[&[1.0, 3.0], &[0.33, 1.0]])).expect("rounded");
        assert_eq!((it.over(1, 0), it.rounded()), (1.0 / 3.0, [(0, 1)].as_slice()));
        let exact = Matrix::from_rows(&rows(&[&[1.0, 3.0], &[1.0 / 3.0, 1.0]])).expect("exact");
        assert_eq!(exact.rounded(), []);
    }

    #[test]
    fn one_or_two_options_cannot_contradict_each_other() {
        let one = Matrix::from_upper(1, &[]).expect("one option").priorities();
        assert_eq!((one.priorities.as_slice(), one.lambda_max, one.ci, one.cr), ([1.0].as_slice(), 1.0, None, None));
        let two = Matrix::from_upper(2, &[4.0]).expect("two options").priorities();
        assert_eq!((two.priorities, two.ci, two.cr, two.ri), (vec![0.8, 0.2], Some(0.0), None, None));
        assert_eq!(two.look_again, None);
    }

    #[test]
    fn more_options_than_the_table_holds_have_no_ratio() {
        let it = Matrix::from_upper(16, &[1.0; 120]).expect("judgements").priorities();
        assert_eq!((it.ri, it.cr, it.ci), (None, None, Some(0.0)));
    }

    #[test]
    fn the_judgement_that_fits_least_is_pointed_at() {
        // 1 is twice 2, and 2 three times 3; that 1 were a third of 3 does not fit.
        let it = Matrix::from_upper(4, &[2.0, 1.0 / 3.0, 4.0, 3.0, 2.0, 1.0]).expect("judgements").priorities();
        let look = it.look_again.expect("they do not fit");
        assert_eq!((look.row, look.column, look.given), (0, 2, 1.0 / 3.0));
        assert!(look.implied > 1.0 && it.cr.expect("four options") > ACCEPTABLE);
    }

    #[test]
    fn opposite_judgements_of_two_people_cancel() {
        let ann = Matrix::from_upper(2, &[9.0]).expect("a judgement");
        let ben = Matrix::from_upper(2, &[1.0 / 9.0]).expect("a judgement");
        let both = Matrix::together(&[ann.clone(), ben]).expect("one size");
        assert!((both.over(0, 1) - 1.0).abs() < 1e-12);
        assert_eq!(Matrix::together(&[]), None);
        assert_eq!(Matrix::together(&[ann, Matrix::from_upper(1, &[]).expect("one option")]), None);
    }

    fn any_judgements() -> impl Strategy<Value = (usize, Vec<f64>)> {
        (1usize..10).prop_flat_map(|size| {
            let judgement = (1u8..=9, any::<bool>());
            let pairs = size * (size - 1) / 2;
            let read = |(times, better)| if better { f64::from(times) } else { 1.0 / f64::from(times) };
            (Just(size), prop::collection::vec(judgement.prop_map(read), pairs))
        })
    }

    proptest! {
        #[test]
        fn the_priorities_are_an_eigenvector_to_the_last_digits((size, judgements) in any_judgements()) {
            let matrix = Matrix::from_upper(size, &judgements).expect("positive judgements");
            let it = matrix.priorities();
            prop_assert!((it.priorities.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            prop_assert!(it.lambda_max >= size as f64);
            for (applied, priority) in matrix.applied_to(&it.priorities).iter().zip(&it.priorities) {
                prop_assert!((applied / priority / it.lambda_max - 1.0).abs() < 1e-12);
            }
        }

        #[test]
        fn wild_judgements_have_an_eigenvector_too(
            (size, judgements) in (2usize..16).prop_flat_map(|size| {
                (Just(size), prop::collection::vec((-6.0..6.0f64).prop_map(|it| 10f64.powf(it)), size * (size - 1) / 2))
            }),
        ) {
            let matrix = Matrix::from_upper(size, &judgements).expect("judgements up to a million");
            let it = matrix.priorities();
            for (applied, priority) in matrix.applied_to(&it.priorities).iter().zip(&it.priorities) {
                prop_assert!((applied / priority / it.lambda_max - 1.0).abs() < 1e-9);
            }
        }

        #[test]
        fn judgements_made_from_priorities_give_them_back(weights in prop::collection::vec(1u32..100, 1..15)) {
            let weights: Vec<f64> = weights.into_iter().map(f64::from).collect();
            let pairs = (0..weights.len()).flat_map(|row| (row + 1..weights.len()).map(move |column| (row, column)));
            let judgements: Vec<f64> = pairs.map(|(row, column)| weights[row] / weights[column]).collect();
            let it = Matrix::from_upper(weights.len(), &judgements).expect("positive judgements").priorities();
            let sum: f64 = weights.iter().sum();
            prop_assert!(it.priorities.iter().zip(&weights).all(|(one, weight)| (one - weight / sum).abs() < 1e-13));
            prop_assert!(it.cr.is_none_or(|it| it < 1e-12) && it.look_again.is_none());
        }
    }
}
