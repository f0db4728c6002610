//! The gap analyser's pages: the gap, the report to print, and what is made of a gap.

use crate::{
    belief,
    campaign::{CAMPAIGN, CampaignId},
    gap::rules::{Line, MatrixRow, Report, Weighed, act_first, is_full, list, weighed},
    results::{
        self,
        kept::{self, Kept},
        pages::{Head, grouped, level},
        rules::{Comment, Cut, RESAMPLES},
    },
};
use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use kit::{
    area::{About, TakeUp},
    chart::apart,
    error::{Error, Result},
    method::{Competency, Proposition},
    pages::{Tied, tied},
    rights::Right,
    table::{Cell, Column, Kind, Table},
    thread,
    web::{Access, Routes, Scope, see},
};

pub fn routes(routes: Routes) -> Routes {
    let view = Access::With(Right::View);
    routes.get("/surveys/{id}/results", view, page).get("/surveys/{id}/report", view, report).get(
        "/surveys/{id}/gaps/{competency}/{about}",
        Access::With(Right::Contribute),
        act,
    )
}

/// A competency in the importance–performance picture; places in per cent of the picture.
struct Point {
    of: Weighed,
    x: f64,
    y: f64,
    /// Its true place, where it stands elsewhere so as not to cover another.
    moved_from: Option<(f64, f64)>,
}

#[derive(Template)]
#[template(path = "gap/gap.html")]
struct Page<'a> {
    head: Head,
    report: &'a Report,
    labels: Vec<String>,
    /// The words at the points of the scale on which value propositions are judged.
    extents: Vec<String>,
    taken_up: Vec<Tied>,
    resamples: usize,
    with_intervals: bool,
    with_agreement: bool,
    is_full: bool,
    may_act: bool,
    abouts: Vec<(&'static str, &'static str)>,
    propositions: &'static [Proposition],
    points: Vec<Point>,
    quadrant_finding: String,
}

impl Page<'_> {
    fn names(&self, of: &[Competency]) -> String {
        list(&of.iter().map(|it| it.label().to_lowercase()).collect::<Vec<_>>())
    }

    fn proposition_names(&self, of: &[Proposition]) -> String {
        list(&of.iter().map(|it| format!("“{}”", it.label())).collect::<Vec<_>>())
    }

    fn level(&self, mean: &f64) -> u8 {
        level(*mean, 1.0, 5.0)
    }

    /// How many columns a line has beside its name.
    fn columns(&self) -> usize {
        4 + usize::from(self.with_intervals) + usize::from(self.with_agreement)
    }

    fn side_class(&self, cut: &Cut) -> &'static str {
        match cut {
            Cut::Side(side) => side.key(),
            _ => "",
        }
    }

    fn is_moved(&self) -> bool {
        self.points.iter().any(|it| it.moved_from.is_some())
    }

    /// What was made of the gap: title and address.
    fn taken_up(&self, line: &Line) -> Vec<(&str, &str)> {
        let relation = relation(line.competency);
        self.taken_up.iter().filter(|it| it.relation == relation).map(|it| (&*it.end.title, &*it.end.url)).collect()
    }
}

/// Per cent of the picture: a point that was moved less is where it seems to be.
const SEEN_TO_MOVE: f64 = 1.0;

/// The competencies as the business sees them, farthest behind first.
fn points(report: &Report) -> Vec<Point> {
    let (all, importance, done) = weighed(&report.lines);
    // The picture reaches as far as the farthest answer, so that the middle lies in its middle.
    let reach = |middle: f64, values: &mut dyn Iterator<Item = f64>| {
        values.map(|it| (it - middle).abs()).fold(0.5, f64::max) * 1.12
    };
    let (wide, high) =
        (reach(done, &mut all.iter().map(|it| it.done)), reach(importance, &mut all.iter().map(|it| it.importance)));
    let place = |value: f64| (value * 10.0).round() / 10.0;
    let mut points: Vec<Point> = all
        .into_iter()
        .map(|of| Point {
            x: place(50.0 + (of.done - done) / wide * 50.0),
            y: place(50.0 - (of.importance - importance) / high * 50.0),
            moved_from: None,
            of,
        })
        .collect();
    let apart = apart::spread(&points.iter().map(|it| (it.x, it.y)).collect::<Vec<_>>());
    for (point, (x, y)) in points.iter_mut().zip(apart) {
        let is_moved = (point.x - x).hypot(point.y - y) >= SEEN_TO_MOVE;
        point.moved_from = is_moved.then_some((point.x, point.y));
        (point.x, point.y) = (x, y);
    }
    points
}

async fn page(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let Some(report) = &kept.gap else {
        let first = if belief::rules::asks(&kept.results) { "belief" } else { "groups" };
        return Ok(see(&format!("/surveys/{id}/results/{first}"), ""));
    };
    let head = Head::new(&scope, &kept, "", report.headline.clone(), report.lead.clone());
    let points = points(report);
    let place = head.place("Results");
    let page = Page {
        report,
        labels: labels(&kept, &["done", "serves"]),
        extents: labels(&kept, &["extent"]),
        taken_up: tied(&scope, id.0).await?.1,
        resamples: RESAMPLES,
        with_intervals: report.lines.iter().any(|it| it.interval.is_some()),
        with_agreement: report.lines.iter().any(|it| it.agreement.is_some()),
        is_full: is_full(&kept.results),
        may_act: scope.may(Right::Contribute),
        abouts: vec![("outcome", "Expect an outcome"), ("obstacle", "Note an obstacle"), ("action", "Take an action")],
        propositions: Proposition::ALL,
        quadrant_finding: act_first(&points.iter().map(|it| it.of).collect::<Vec<_>>()),
        points,
        head,
    };
    scope.page(place, &page).await
}

/// The words at the points of the first of these scales, as respondents saw them.
fn labels(kept: &Kept, scales: &[&str]) -> Vec<String> {
    let scale = kept.snapshot.instrument.scales.iter().find(|it| scales.contains(&&*it.key));
    scale.map_or(Vec::new(), |it| it.labels.iter().map(|label| label.get("en").to_lowercase()).collect())
}

#[derive(Template)]
#[template(path = "gap/report.html")]
struct Printed<'a> {
    head: Head,
    kept: &'a Kept,
    report: &'a Report,
    labels: Vec<String>,
    extents: Vec<String>,
    comments: Vec<(String, Vec<Comment>)>,
    org: String,
    day: String,
}

async fn report(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let Some(report) = &kept.gap else { return results::pages::report(&scope, &kept).await };
    let comments = grouped(&scope, &kept.snapshot);
    let head = Head::new(&scope, &kept, "", report.headline.clone(), report.lead.clone());
    let place = head.place("Report");
    let day = scope.locale().date(kept.snapshot.closed_on);
    let (labels, extents) = (labels(&kept, &["done", "serves"]), labels(&kept, &["extent"]));
    let org = scope.org.name.clone();
    scope.page(place, &Printed { head, kept: &kept, report, labels, extents, comments, org, day }).await
}

/// How the thread says what of a survey something follows from.
fn relation(competency: Competency) -> String {
    format!("gap in {}", competency.label().to_lowercase())
}

/// Leads to the form of an expectation, an obstacle or an action with what is known of a gap written into it. Saving
/// makes the record and ties it to the campaign.
async fn act(scope: Scope, Path((id, competency, about)): Path<(CampaignId, String, String)>) -> Result<Response> {
    // The record is read by all members, so it says nothing that not all of them may see.
    let kept = kept::for_everyone(&scope, id).await?;
    let competency = Competency::from_key(&competency).ok_or(Error::NotFound)?;
    let about = About::from_key(&about).ok_or(Error::NotFound)?;
    let line = kept
        .gap
        .as_ref()
        .and_then(|it| it.lines.iter().find(|it| it.competency == competency))
        .ok_or(Error::NotFound)?;
    let title = match about {
        About::Outcome => format!("{}: what the business expects", competency.label()),
        About::Obstacle => format!("{}: what stands in the way", competency.label()),
        About::Action => format!("{}: close the gap", competency.label()),
    };
    let locale = scope.locale();
    let figures = line.gap.zip(line.business).zip(line.it).map(|((gap, business), it)| {
        format!(
            "Business {}, IT {}, gap {} of five points. ",
            locale.decimal(business, 1),
            locale.decimal(it, 1),
            locale.signed(gap, 1)
        )
    });
    let detail = format!("From “{}”: {}{}", kept.campaign.title, figures.unwrap_or_default(), line.said());
    let it = TakeUp { about, title, detail, competency: Some(competency) };
    let begun = scope.app.registry.take_up(&it).ok_or(Error::NotFound)?;
    Ok(Redirect::to(&begun.url(thread::End { kind: CAMPAIGN, id: id.0 }, &relation(competency))).into_response())
}

/// The tables behind the pictures, for a workbook.
pub fn tables(kept: &Kept) -> Vec<Table> {
    let Some(report) = &kept.gap else { return Vec::new() };
    let number = |it: Option<f64>| it.map_or(Cell::Empty, Cell::Decimal);
    let decimal = |key: &str, label: &str| Column::new(key, label, Kind::Decimal(2));
    let lines = Table {
        title: "Gap".to_owned(),
        columns: vec![
            Column::new("number", "No.", Kind::Whole),
            Column::new("competency", "Competency", Kind::Text),
            Column::new("n_business", "Business answers", Kind::Whole),
            Column::new("n_it", "IT answers", Kind::Whole),
            decimal("importance_business", "Importance, business"),
            decimal("importance_it", "Importance, IT"),
            decimal("business", "Done, business"),
            decimal("it", "Done, IT"),
            decimal("gap", "Gap (IT minus business)"),
            decimal("low", "95 % interval from"),
            decimal("high", "95 % interval to"),
            decimal("hedges_g", "Hedges g"),
            decimal("p", "p, corrected"),
            Column::new("said", "In plain words", Kind::Text),
        ],
        rows: report
            .lines
            .iter()
            .map(|it| {
                let counted = |n: usize| if it.gap.is_some() { Cell::Whole(n as i64) } else { Cell::Empty };
                vec![
                    Cell::Whole(it.competency.number() as i64),
                    Cell::Text(it.competency.label().to_owned()),
                    counted(it.n_business),
                    counted(it.n_it),
                    number(it.importance_business),
                    number(it.importance_it),
                    number(it.business),
                    number(it.it),
                    number(it.gap),
                    number(it.interval.map(|it| it.0)),
                    number(it.interval.map(|it| it.1)),
                    number(it.hedges_g),
                    number(it.p),
                    Cell::Text(it.said()),
                ]
            })
            .collect(),
    };
    let propositions = Table {
        title: "Value propositions".to_owned(),
        columns: vec![
            Column::new("proposition", "Value proposition", Kind::Text),
            Column::new("group", "Group", Kind::Text),
            decimal("belief", "Believed possible"),
            decimal("expectation", "Expected"),
            decimal("delivery", "Seen delivered"),
        ],
        rows: report
            .propositions
            .iter()
            .map(|it| {
                vec![
                    Cell::Text(it.proposition.label().to_owned()),
                    Cell::Text(it.cut.label()),
                    number(it.belief),
                    number(it.expectation),
                    number(it.delivery),
                ]
            })
            .collect(),
    };
    let mut tables = vec![lines, propositions];
    for (cut, rows) in &report.matrix {
        let mut columns =
            vec![Column::new("number", "No.", Kind::Whole), Column::new("competency", "Competency", Kind::Text)];
        columns.extend(Proposition::ALL.iter().map(|it| decimal(it.key(), it.label())));
        let row = |(competency, row): &MatrixRow| {
            let name = [Cell::Whole(competency.number() as i64), Cell::Text(competency.label().to_owned())];
            name.into_iter().chain(row.iter().map(|it| number(*it))).collect()
        };
        tables.push(Table { title: format!("15 by 4, {}", cut.said()), columns, rows: rows.iter().map(row).collect() });
    }
    tables
}
