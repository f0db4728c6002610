//! One fact as a card: what it shows, its trend against its line, and the obstacle that is raised from it.

use askama::Template;
use kit::{format::Locale, rights::Right, web::Scope};

use crate::urgency::{
    model::Fact,
    rules::facts::{Point, Reading},
};

/// One fact with its picture.
#[derive(Template)]
#[template(path = "urgency/pages/fact.html")]
pub struct Card<'a> {
    reading: &'a Reading,
    locale: Locale,
    may: bool,
    may_set: bool,
    /// The lowest and the highest value of its axis.
    axis: (f64, f64),
}

/// A point of the trend; places in per cent.
struct Dot<'a> {
    x: String,
    y: Option<String>,
    /// The place of the point before, where there is one to draw a line from.
    from: Option<(String, String)>,
    shown: String,
    is_over: bool,
    point: &'a Point,
}

impl<'a> Card<'a> {
    pub fn new(scope: &Scope, reading: &'a Reading) -> Card<'a> {
        let highest = reading.points.iter().filter_map(|it| it.value).fold(reading.line, f64::max);
        // Above the highest point there is room for its figure.
        let axis = match reading.fact {
            Fact::Waiting => (0.0, (highest * 1.25).max(1.0)),
            Fact::Missing | Fact::Authority => (0.0, 120.0),
            Fact::Importance => (1.0, 5.6),
        };
        Card {
            reading,
            locale: scope.locale(),
            may: scope.may(Right::Contribute),
            may_set: scope.may(Right::Lead),
            axis,
        }
    }

    fn y(&self, value: f64) -> String {
        let share = (value - self.axis.0) / (self.axis.1 - self.axis.0);
        format!("{:.1}", 100.0 - share.clamp(0.0, 1.0) * 100.0)
    }

    /// Whether there is a point to draw.
    fn has_trend(&self) -> bool {
        self.reading.points.iter().any(|it| it.value.is_some())
    }

    fn line_y(&self) -> String {
        self.y(self.reading.line)
    }

    fn line(&self) -> String {
        self.reading.in_unit(self.reading.line, self.locale)
    }

    fn said(&self) -> String {
        self.reading.said(self.locale)
    }

    fn figure(&self, value: f64) -> String {
        match self.reading.fact {
            Fact::Waiting | Fact::Missing | Fact::Authority => self.locale.decimal(value, 0),
            Fact::Importance => self.locale.decimal(value, 1),
        }
    }

    fn value(&self, point: &Point) -> String {
        match point.value {
            Some(it) => self.reading.in_unit(it, self.locale),
            None if point.n == 0 => "none".to_owned(),
            None => "too few".to_owned(),
        }
    }

    fn dots(&self) -> Vec<Dot<'a>> {
        let of = self.reading.points.len().max(1) as f64;
        let x = |at: usize| format!("{:.1}", (at as f64 + 0.5) / of * 100.0);
        let is_over = |value: f64| {
            if self.reading.fact.is_worse_above() { value > self.reading.line } else { value < self.reading.line }
        };
        let points = &self.reading.points;
        (0..points.len())
            .map(|at| {
                // No line is drawn over quarters of which nothing is said.
                let before = at.checked_sub(1).and_then(|it| Some((x(it), self.y(points[it].value?))));
                Dot {
                    x: x(at),
                    y: points[at].value.map(|it| self.y(it)),
                    from: before.filter(|_| points[at].value.is_some()),
                    shown: points[at].value.map_or(String::new(), |it| self.figure(it)),
                    is_over: points[at].value.is_some_and(is_over),
                    point: &points[at],
                }
            })
            .collect()
    }

    /// What the columns of the table are called.
    fn columns(&self) -> (&'static str, &'static str, &'static str) {
        match self.reading.fact {
            Fact::Waiting => ("Quarter", "Median", "Decisions"),
            Fact::Missing | Fact::Authority => ("Quarter", "Share", "Decisions"),
            Fact::Importance => ("Survey", "Mean", "Business answers"),
        }
    }

    /// Where the line is set.
    fn set_url(&self) -> String {
        match self.reading.own_line {
            Some(id) => format!("/set-lines/{id}/edit"),
            None => format!(
                "/set-lines/new?fact={}&line={}",
                self.reading.fact.key(),
                self.locale.decimal(self.reading.line, 1)
            ),
        }
    }
}
