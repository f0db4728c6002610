//! The answer, the map of roles by months, and the working.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use kit::{
    error::Result,
    pages::send,
    rights::Right,
    table::{self, Cell, Column, Table},
    web::{Access, Place, Routes, Scope},
};

use crate::leadership::{
    raci::{Matrix, Row},
    resourcing::{
        Resourcing,
        rules::{MONTHS, Month, SLACK, Span},
    },
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/resourcing", Access::With(Right::View), page).get(
        "/resourcing/export/{format}",
        Access::Export(Right::View),
        export,
    )
}

/// A line of the working: a row of the matrix and what it takes of one role.
struct Taken<'a> {
    title: &'a str,
    url: String,
    days: String,
    when: String,
}

#[derive(Template)]
#[template(path = "leadership/resourcing/page.html")]
struct Page<'a> {
    scope: &'a Scope,
    matrix: &'a Matrix,
    it: &'a Resourcing,
    /// The places of the roles that anything is needed of, or that have days; the shortest first.
    shown: Vec<usize>,
}

impl Page<'_> {
    fn days(&self, days: &f64) -> String {
        let tenths = (days * 10.0).round();
        self.scope.locale().decimal(*days, usize::from(tenths % 10.0 != 0.0))
    }

    /// The level of colour: up to half, up to 85 %, up to the whole; over it is marked besides.
    fn level(&self, month: &Month) -> u8 {
        match month.load() {
            None => 0,
            Some(it) if it <= 0.0 => 0,
            Some(it) if it <= 0.5 => 1,
            Some(it) if it <= 0.85 => 2,
            Some(it) if it <= 1.0 => 3,
            Some(_) => 4,
        }
    }

    fn is_over(&self, month: &Month) -> bool {
        month.short() > 0.0
    }

    /// What stands in a cell: the load, or the days that are missing, or that are needed where none are known.
    fn said(&self, month: &Month) -> String {
        match month.load() {
            _ if month.needed == 0.0 => "–".to_owned(),
            Some(it) if it <= 1.0 => self.scope.locale().percent(it, 0),
            Some(_) => format!("{}\u{a0}d", self.days(&month.short())),
            None => format!("{}\u{a0}d", self.days(&month.needed)),
        }
    }

    fn month(&self, at: &usize) -> String {
        self.scope.locale().month(self.it.months[*at].month())
    }

    /// The year, where it is the first of the months or another one than before.
    fn year(&self, at: &usize) -> Option<i16> {
        let year = self.it.months[*at].year();
        (*at == 0 || self.it.months[*at].month() == 1).then_some(year)
    }

    fn is_short(&self, days: &f64) -> bool {
        *days >= SLACK
    }

    fn months(&self) -> std::ops::Range<usize> {
        0..MONTHS
    }

    /// The first row of which nobody has written down what it takes.
    fn first_unknown(&self) -> Option<&Row> {
        self.it.unknown.first().map(|at| &self.matrix.rows[*at])
    }

    fn mean(&self, at: &usize) -> (String, String, String) {
        let of = &self.it.reckoned[*at];
        let mean = |pick: fn(&Month) -> Option<f64>| {
            let all: Option<Vec<f64>> = of.iter().map(pick).collect();
            all.map_or("not known".to_owned(), |all| self.days(&(all.iter().sum::<f64>() / all.len() as f64)))
        };
        (mean(|it| Some(it.needed)), mean(|it| it.there), mean(|it| it.there.map(|_| it.short())))
    }

    fn taken(&self, at: &usize) -> Vec<Taken<'_>> {
        let day = |it: jiff::civil::Date| self.scope.locale().short_date(it);
        // To answer for a row and to do it are one thing here.
        let mut of: BTreeMap<usize, (f64, Span)> = BTreeMap::new();
        for (row, need) in self.it.needs.iter().filter(|(_, need)| need.post == *at) {
            of.entry(*row).or_insert((0.0, need.span)).0 += need.days;
        }
        of.into_iter()
            .map(|(row, (days, span))| Taken {
                title: &self.matrix.rows[row].title,
                url: self.matrix.rows[row].url(),
                days: self.days(&days),
                when: match (span.starts, span.ends) {
                    (None, None) => String::new(),
                    (Some(starts), None) => format!("from {}", day(starts)),
                    (None, Some(ends)) => format!("until {}", day(ends)),
                    (Some(starts), Some(ends)) => format!("{} to {}", day(starts), day(ends)),
                },
            })
            .collect()
    }

    /// How the days that a role has come about.
    fn there(&self, at: &usize) -> String {
        let post = &self.it.posts[*at];
        match (&post.holder, post.days) {
            (None, _) => "vacant: no days".to_owned(),
            (Some(_), None) => "nobody wrote down how many days".to_owned(),
            (Some(holder), Some(days)) => {
                let away = match holder.away.len() {
                    0 => String::new(),
                    1 => ", less one absence".to_owned(),
                    n => format!(", less {n} absences"),
                };
                let leaves = holder
                    .employed
                    .ends
                    .map_or(String::new(), |it| format!(", none after {}", self.scope.locale().short_date(it)));
                {
                    let unit = if self.days(&days) == self.days(&1.0) { "day" } else { "days" };
                    format!("{} {unit} a month{away}{leaves}", self.days(&days))
                }
            }
        }
    }
}

async fn page(scope: Scope) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let it = Resourcing::load(&scope, &matrix).await?;
    let sum = |at: &usize, of: fn(&Month) -> f64| it.reckoned[*at].iter().map(of).sum::<f64>();
    let mut shown: Vec<usize> =
        (0..it.posts.len()).filter(|at| sum(at, |it| it.needed) > 0.0 || it.posts[*at].days.is_some()).collect();
    shown.sort_by(|a, b| {
        let short = |at: &usize| sum(at, |it| it.short());
        let load = |at: &usize| sum(at, |it| it.needed) / sum(at, |it| it.there.unwrap_or(f64::NAN)).max(0.1);
        short(b).total_cmp(&short(a)).then(load(b).total_cmp(&load(a)))
    });
    let page = Page { scope: &scope, matrix: &matrix, it: &it, shown };
    scope.page(Place::new("Resourcing", "/resourcing"), &page).await
}

/// Every role and month with what is needed, there and short.
async fn export(scope: Scope, Path(format): Path<String>) -> Result<Response> {
    let matrix = Matrix::load(&scope).await?;
    let it = Resourcing::load(&scope, &matrix).await?;
    let days = |key: &str, label: &str| Column::new(key, label, table::Kind::Decimal(1));
    let columns = vec![
        Column::new("role", "Role", table::Kind::Text),
        Column::new("month", "Month", table::Kind::Date),
        days("needed", "Days needed"),
        days("there", "Days there"),
        days("short", "Days short"),
    ];
    let mut rows = Vec::new();
    for (post, months) in it.posts.iter().zip(&it.reckoned) {
        for (first, month) in it.months.iter().zip(months) {
            rows.push(vec![
                Cell::Text(post.name.clone()),
                Cell::Date(*first),
                Cell::Decimal(month.needed),
                month.there.map_or(Cell::Empty, Cell::Decimal),
                month.there.map_or(Cell::Empty, |_| Cell::Decimal(month.short())),
            ]);
        }
    }
    send(&[Table { title: "Resourcing".to_owned(), columns, rows }], "resourcing", &format)
}
