//! How often each answer to each question was given, in one group: read from published figures only.

use crate::{
    instrument::{Choosing, Instrument, MatrixColumn, Named, Question, Text},
    results::rules::{Results, Shown, about},
};

/// A question, or those of its parts that are answered on the same scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    pub question: String,
    /// What can be answered to each row, lowest first; none where the rows are the options of a choice.
    pub points: Vec<String>,
    pub rows: Vec<Row>,
    /// Why nothing of a choice is shown.
    pub withheld: Option<&'static str>,
    /// How many answered a choice.
    pub n: usize,
    /// Whether more than one could be chosen.
    pub several: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub label: String,
    /// How many gave each answer and how many answered at all, or why that is not shown.
    pub given: Shown<(Vec<usize>, usize)>,
}

impl Tally {
    pub fn is_choice(&self) -> bool {
        self.points.is_empty()
    }

    /// How many chose the option of a row.
    pub fn chosen(&self, row: &Row) -> usize {
        row.given.figures().map_or(0, |(counts, _)| counts.iter().sum())
    }

    /// The same of those who answered, in whole per cent.
    pub fn percent(&self, row: &Row) -> usize {
        (self.chosen(row) * 100 + self.n / 2).checked_div(self.n).unwrap_or(0)
    }

    /// The level of a heat cell, 0 to 5: how large a part of those who answered gave an answer.
    pub fn level(&self, count: &usize, n: &usize) -> usize {
        (count * 5).div_ceil((*n).max(1))
    }
}

impl Row {
    /// The mean rank of an option, over those who ranked it.
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn mean_rank(&self) -> Option<f64> {
        let (counts, n) = self.given.figures()?;
        let sum: usize = counts.iter().enumerate().map(|(at, count)| (at + 1) * count).sum();
        (*n > 0).then(|| sum as f64 / *n as f64)
    }
}

/// Every question of an instrument but those that are answered in words, for the group that stands there in the results.
/// What is asked alike on several screens stands in one table.
pub fn tallies(instrument: &Instrument, results: &Results, group: usize, language: &str) -> Vec<Tally> {
    let reading = Reading { instrument, results, group, language };
    let mut all: Vec<Tally> = Vec::new();
    for it in instrument.sections.iter().flat_map(|it| &it.questions).flat_map(|it| reading.question(it)) {
        let alike = |of: &&mut Tally| !it.is_choice() && of.question == it.question && of.points == it.points;
        match all.iter_mut().find(alike) {
            Some(of) => of.rows.extend(it.rows),
            None => all.push(it),
        }
    }
    all
}

/// What is read, and for whom.
struct Reading<'a> {
    instrument: &'a Instrument,
    results: &'a Results,
    group: usize,
    language: &'a str,
}

impl Reading<'_> {
    fn question(&self, question: &Question) -> Vec<Tally> {
        let said = |text: &Text| text.get(self.language).trim_end_matches('.').to_owned();
        match question {
            Question::Choice { key, text, options, multiple, .. } => {
                self.choice(Choosing { key, text, options, multiple: *multiple }).into_iter().collect()
            }
            Question::Rating { key, text, scale, .. } => {
                vec![self.rated(text, scale, vec![(key.clone(), "How often".to_owned())])]
            }
            Question::Matrix { rows, columns, .. } => {
                let of = |column: &MatrixColumn| {
                    let rows = rows.iter().map(|row| {
                        let short = about(&row.key).unwrap_or_else(|| said(&row.text));
                        (format!("{}.{}", row.key, column.key), short)
                    });
                    self.rated(&column.text, &column.scale, rows.collect())
                };
                columns.iter().map(of).collect()
            }
            Question::Pair { text, rows, positive, negative, scale, .. } => {
                let parts = [("functional", positive), ("dysfunctional", negative)];
                let of = |row: &Named| {
                    parts.map(|(part, when)| {
                        (format!("{}.{part}", row.key), format!("{}: {}", said(&row.text), said(when)))
                    })
                };
                vec![self.rated(text, scale, rows.iter().flat_map(of).collect())]
            }
            Question::Ranking { key, text, options, .. } => {
                let of = |it: &Named| self.row(&format!("{key}.{}", it.key), said(&it.text));
                let mut rows: Vec<Row> = options.iter().map(of).collect();
                rows.sort_by(|a, b| {
                    let mean = |it: &Row| it.mean_rank().unwrap_or(f64::INFINITY);
                    mean(a).total_cmp(&mean(b))
                });
                let points = (1..=options.len()).map(|it| format!("Rank {it}")).collect();
                vec![Tally { points, rows, ..self.blank(text) }]
            }
            Question::Text { .. } => Vec::new(),
        }
    }

    fn blank(&self, question: &Text) -> Tally {
        let question = question.get(self.language).to_owned();
        Tally { question, points: Vec::new(), rows: Vec::new(), withheld: None, n: 0, several: false }
    }

    fn choice(&self, of: Choosing<'_>) -> Option<Tally> {
        let found = self.results.choices.iter().find(|it| it.key == of.key)?;
        let blank = Tally { several: of.multiple, ..self.blank(of.text) };
        Some(match &found.shown[self.group] {
            Shown::Withheld(why) => Tally { withheld: Some(why), ..blank },
            Shown::Figures(it) => {
                let rows = of.options.iter().zip(&it.counts).map(|(option, count)| Row {
                    label: option.text.get(self.language).to_owned(),
                    given: Shown::Figures((vec![*count], it.n)),
                });
                Tally { n: it.n, rows: rows.collect(), ..blank }
            }
        })
    }

    fn rated(&self, question: &Text, scale: &str, rows: Vec<(String, String)>) -> Tally {
        let labels = self.instrument.scale(scale).map_or(&[][..], |it| &it.labels);
        let points = labels.iter().map(|it| it.get(self.language).to_owned()).collect();
        let rows = rows.into_iter().map(|(key, label)| self.row(&key, label)).collect();
        Tally { points, rows, ..self.blank(question) }
    }

    fn row(&self, key: &str, label: String) -> Row {
        let item = self.results.items.iter().find(|it| it.key == key);
        let given = match item.map(|it| &it.shown[self.group]) {
            Some(Shown::Figures(it)) => Shown::Figures((it.counts.clone(), it.n)),
            Some(Shown::Withheld(why)) => Shown::Withheld(why),
            None => Shown::Withheld("Not asked."),
        };
        Row { label, given }
    }
}
