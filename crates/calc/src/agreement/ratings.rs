use std::collections::BTreeMap;

/// Answers in a table: a row for each rater (respondent), a column for each unit (item, target) that was rated.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    raters: usize,
    units: usize,
    /// Row by row; NaN where the rater did not answer.
    cells: Vec<f64>,
}

impl Ratings {
    /// Rows of answers, `None` where there is none. A row that is shorter than the longest lacks its last answers.
    ///
    /// ```
    /// let ratings = calc::agreement::Ratings::from_rows(&[vec![Some(4.0), None], vec![Some(5.0), Some(2.0)]]);
    /// assert_eq!((ratings.raters(), ratings.units(), ratings.missing()), (2, 2, 1));
    /// ```
    pub fn from_rows<R: AsRef<[Option<f64>]>>(rows: &[R]) -> Ratings {
        let units = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
        let mut cells = Vec::with_capacity(rows.len() * units);
        for row in rows {
            let row = row.as_ref();
            // Adding zero makes one value of 0 and -0.
            cells.extend(row.iter().map(|it| it.filter(|it| it.is_finite()).map_or(f64::NAN, |it| it + 0.0)));
            cells.extend(std::iter::repeat_n(f64::NAN, units - row.len()));
        }
        Ratings { raters: rows.len(), units, cells }
    }

    /// Answers that are words: each word becomes a number, which means nothing but "the same" or "another".
    pub fn from_labels<R: AsRef<[Option<S>]>, S: AsRef<str>>(rows: &[R]) -> Ratings {
        let mut numbers = BTreeMap::new();
        let coded: Vec<Vec<Option<f64>>> = rows
            .iter()
            .map(|row| {
                let mut code = |label: &S| {
                    let next = numbers.len() as f64;
                    *numbers.entry(label.as_ref().to_owned()).or_insert(next)
                };
                row.as_ref().iter().map(|it| it.as_ref().map(&mut code)).collect()
            })
            .collect();
        Ratings::from_rows(&coded)
    }

    pub fn raters(&self) -> usize {
        self.raters
    }

    pub fn units(&self) -> usize {
        self.units
    }

    /// How many answers are missing.
    pub fn missing(&self) -> usize {
        self.cells.iter().filter(|it| it.is_nan()).count()
    }

    /// The answers that one unit got, in the order of the raters.
    pub fn column(&self, unit: usize) -> Vec<f64> {
        self.rows().map(|row| row[unit]).filter(|it| !it.is_nan()).collect()
    }

    /// The raters who answered everything.
    pub fn complete(&self) -> Ratings {
        let whole = self.rows().filter(|row| row.iter().all(|it| !it.is_nan()));
        let cells: Vec<f64> = whole.flatten().copied().collect();
        Ratings { raters: cells.len().checked_div(self.units).unwrap_or(0), units: self.units, cells }
    }

    /// Every answer there is, row by row.
    pub fn answers(&self) -> impl Iterator<Item = f64> + '_ {
        self.cells.iter().copied().filter(|it| !it.is_nan())
    }

    /// Rows with NaN where there is no answer.
    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.cells.chunks_exact(self.units.max(1))
    }
}
