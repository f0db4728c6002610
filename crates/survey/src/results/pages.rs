//! The pages of a closed campaign's results: groups, statistics, comments, earlier campaigns, files.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use calc::{
    adjust, agreement,
    agreement::{Ratings, krippendorff, krippendorff::Level},
    compare, words,
};
use kit::{
    error::Result,
    format::{Locale, counted},
    method::Side,
    pages::send,
    rights::Right,
    table::{Cell, Column, Kind, Table},
    web::{Access, Place, Routes, Scope},
};
use serde::Deserialize;

use crate::{
    belief,
    campaign::{Campaign, CampaignId},
    results::{
        kept::{self, Kept},
        rules::{self, Comment, Cut, Figures, ItemResult, Results, Shown, comments, names},
        tally::{Tally, tallies},
    },
    snapshot::{Respondent, Snapshot},
};

pub fn routes(routes: Routes) -> Routes {
    let view = Access::With(Right::View);
    routes
        .get("/surveys/{id}/results/groups", view, groups)
        .get("/surveys/{id}/results/answers", view, answers)
        .get("/surveys/{id}/results/statistics", view, statistics)
        .get("/surveys/{id}/results/comments", view, all_comments)
        .get("/surveys/{id}/results/earlier", view, earlier)
        .get("/surveys/{id}/results/export/{format}", Access::Export(Right::View), export)
}

/// What stands above each of the result pages.
pub struct Head {
    pub campaign: Campaign,
    pub heading: String,
    pub lead: String,
    pub tabs: Vec<(&'static str, String)>,
    pub here: String,
    pub may_export: bool,
    pub locale: Locale,
}

/// A figure that may be missing, however a template holds it.
pub trait Maybe {
    fn maybe(&self) -> Option<f64>;
}

impl Maybe for f64 {
    fn maybe(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Maybe for Option<f64> {
    fn maybe(&self) -> Option<f64> {
        *self
    }
}

impl<T: Maybe> Maybe for &T {
    fn maybe(&self) -> Option<f64> {
        (**self).maybe()
    }
}

impl Head {
    /// The head of the page `tab`, the last part of its address.
    pub fn new(scope: &Scope, kept: &Kept, tab: &str, heading: String, lead: String) -> Head {
        let at = |tab: &str| format!("/surveys/{}/results{tab}", kept.campaign.id);
        let mut tabs = Vec::new();
        if kept.gap.is_some() {
            tabs.push(("The gap", at("")));
        }
        let believed = belief::rules::asks(&kept.results);
        if believed {
            tabs.push(("Belief", at("/belief")));
        }
        tabs.push(("Groups", at("/groups")));
        tabs.push(("Answers", at("/answers")));
        tabs.push(("Statistics", at("/statistics")));
        tabs.push(("Comments", at("/comments")));
        if believed && !kept.snapshot.anonymous && scope.may(Right::SeeNamedAnswers) {
            tabs.push(("Leaders", at("/leaders")));
        }
        tabs.push(("Earlier", at("/earlier")));
        Head {
            campaign: kept.campaign.clone(),
            heading,
            lead,
            tabs,
            here: at(tab),
            may_export: scope.may(Right::Export),
            locale: scope.locale(),
        }
    }

    pub fn one(&self, value: impl Maybe) -> String {
        value.maybe().map_or("–".to_owned(), |it| self.locale.decimal(it, 1))
    }

    pub fn two(&self, value: impl Maybe) -> String {
        value.maybe().map_or("–".to_owned(), |it| self.locale.decimal(it, 2))
    }

    pub fn signed(&self, value: impl Maybe) -> String {
        value.maybe().map_or("–".to_owned(), |it| self.locale.signed(it, 1))
    }

    pub fn range(&self, interval: impl std::borrow::Borrow<Option<(f64, f64)>>) -> String {
        match *interval.borrow() {
            None => "–".to_owned(),
            // An interval without width is no certainty: everybody gave the same answer.
            Some((low, high)) if low == high => "all the same".to_owned(),
            Some((low, high)) => format!("{} … {}", self.locale.decimal(low, 1), self.locale.decimal(high, 1)),
        }
    }

    pub fn place(&self, title: &str) -> Place {
        Place::new(format!("{title} · {}", self.campaign.title), "/surveys")
            .under("Surveys", "/surveys")
            .under(self.campaign.title.clone(), format!("/surveys/{}", self.campaign.id))
    }
}

/// The level of a heat cell, 0 to 5: where a mean stands on its scale.
pub fn level(mean: f64, from: f64, to: f64) -> u8 {
    let share = ((mean - from) / (to - from).max(f64::EPSILON)).clamp(0.0, 1.0);
    (share * 5.0).round() as u8
}

#[derive(Template)]
#[template(path = "results/groups.html")]
struct Groups<'a> {
    head: Head,
    snapshot: &'a Snapshot,
    /// Whether even a group of one is shown to this reader.
    every_group: bool,
    /// The groups of which anything is shown, with their place among all.
    groups: Vec<(usize, String)>,
    items: &'a [ItemResult],
}

impl Groups<'_> {
    fn level(&self, item: &ItemResult, mean: &f64) -> u8 {
        let (from, to) = item.range;
        level(*mean, from, to)
    }
}

async fn groups(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let results = &kept.results;
    let groups = shown_groups(results);
    let lead = match results.groups - groups.len() {
        0 => "The mean of every question, for every group.".to_owned(),
        1 => "The mean of every question, for every group that may be shown; one group is left out.".to_owned(),
        n => format!("The mean of every question, for every group that may be shown; {n} groups are left out."),
    };
    let every_group = kept.snapshot.shown_from(scope.may(Right::SeeNamedAnswers)) == 1;
    let head = Head::new(&scope, &kept, "/groups", widest_spread(&kept), lead);
    let place = head.place("Groups");
    scope.page(place, &Groups { head, every_group, snapshot: &kept.snapshot, groups, items: &results.items }).await
}

/// The groups of which any figure may be shown: where they stand among all, and what they are called there.
fn shown_groups(results: &Results) -> Vec<(usize, String)> {
    let names = names(&results.cuts);
    results.shown_cuts().into_iter().map(|at| (at, names[at].clone())).collect()
}

/// The question on which the shown units of the business differ most, as a finding. How IT itself differs from them is
/// the gap, which has a page of its own.
fn widest_spread(kept: &Kept) -> String {
    let names = names(&kept.results.cuts);
    let of_business = |cut: &Cut| {
        let people: Vec<&Respondent> = kept.snapshot.respondents.iter().filter(|it| cut.holds(it)).collect();
        let business = people.iter().filter(|it| it.side == Side::Business).count();
        matches!(cut, Cut::Unit(_)) && business * 2 > people.len()
    };
    let units: Vec<usize> = (0..kept.results.cuts.len()).filter(|it| of_business(&kept.results.cuts[*it])).collect();
    let spread = |item: &ItemResult| {
        let mut means: Vec<(f64, usize)> = units.iter().filter_map(|it| Some((item.shown[*it].mean()?, *it))).collect();
        means.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (low, high) = (means.first()?, means.last()?);
        Some((high.0 - low.0, low.1, high.1))
    };
    let widest =
        kept.results.items.iter().filter_map(|it| Some((spread(it)?, it))).max_by(|a, b| a.0.0.total_cmp(&b.0.0));
    match widest {
        Some(((width, low, high), item)) if low != high && width > 0.0 => {
            format!("Units differ most on “{}”: {} lowest, {} highest", item.short, names[low], names[high])
        }
        _ => "Every group that may be shown, side by side".to_owned(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskedGroup {
    group: usize,
}

impl AskedGroup {
    /// Where the group stands that was asked for, counted from 1 in an address; else everyone, or the side of which more
    /// may be shown.
    fn of(&self, results: &Results) -> usize {
        let shown = results.shown_cuts();
        let much = |at: usize| results.items.iter().filter(|it| it.shown[at].figures().is_some()).count();
        let large = |at: &usize| matches!(results.cuts[*at], Cut::Everyone | Cut::Side(_));
        let first =
            shown.iter().copied().filter(large).max_by_key(|at| (much(*at), results.cuts[*at] == Cut::Everyone));
        self.group.checked_sub(1).filter(|at| shown.contains(at)).or(first).unwrap_or(0)
    }
}

#[derive(Template)]
#[template(path = "results/answers.html")]
struct Answers {
    head: Head,
    groups: Vec<(usize, String)>,
    chosen: usize,
    tallies: Vec<Tally>,
}

/// How often each answer was given.
async fn answers(scope: Scope, Path(id): Path<CampaignId>, Query(asked): Query<AskedGroup>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let chosen = asked.of(&kept.results);
    let tallies = tallies(&kept.snapshot.instrument, &kept.results, chosen, "en");
    let most = tallies.iter().filter(|it| it.is_choice()).find_map(|it| {
        let row = it.rows.iter().max_by_key(|row| it.chosen(row))?;
        Some(format!("{} of {} chose “{}”: {}", it.chosen(row), it.n, row.label, it.question))
    });
    let heading = most.unwrap_or_else(|| "How often each answer was given".to_owned());
    let lead = format!("Every answer of {}, counted.", kept.results.cuts[chosen].said());
    let head = Head::new(&scope, &kept, "/answers", heading, lead);
    let place = head.place("Answers");
    let groups = shown_groups(&kept.results).into_iter().map(|(at, name)| (at + 1, name)).collect();
    scope.page(place, &Answers { head, groups, chosen: chosen + 1, tallies }).await
}

struct StatisticsRow<'a> {
    label: &'a str,
    figures: Option<&'a Figures>,
    said: String,
}

#[derive(Template)]
#[template(path = "results/statistics.html")]
struct Statistics<'a> {
    head: Head,
    cut_label: String,
    cut_options: Vec<(usize, String)>,
    chosen: usize,
    rows: Vec<StatisticsRow<'a>>,
    reliability: Vec<(String, Option<f64>, String)>,
}

async fn statistics(scope: Scope, Path(id): Path<CampaignId>, Query(asked): Query<AskedGroup>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let cuts = &kept.results.cuts;
    let chosen = asked.of(&kept.results);
    let rows: Vec<StatisticsRow> = kept
        .results
        .items
        .iter()
        .map(|item| match &item.shown[chosen] {
            Shown::Figures(it) => StatisticsRow {
                label: &item.short,
                figures: Some(it),
                said: words::agreement_sentence(it.r_wg, it.n, it.counts.len()),
            },
            Shown::Withheld(why) => StatisticsRow { label: &item.short, figures: None, said: (*why).to_owned() },
        })
        .collect();
    let shown = rows.iter().filter(|it| it.figures.is_some()).count();
    let reliability = if shown == rows.len() {
        reliability(&kept, &cuts[chosen], kept.snapshot.shown_from(scope.may(Right::SeeNamedAnswers)))
    } else {
        Vec::new()
    };
    let heading = match shown {
        n if n == rows.len() => format!("Every figure that {} gave", cuts[chosen].said()),
        n => format!("{n} of {} questions can be shown for {}", rows.len(), cuts[chosen].said()),
    };
    let lead = "Every figure with what it means; where too few answered, that is said instead.".to_owned();
    let head = Head::new(&scope, &kept, "/statistics", heading, lead);
    let place = head.place("Statistics");
    let page = Statistics {
        head,
        cut_label: cuts[chosen].said(),
        cut_options: shown_groups(&kept.results).into_iter().map(|(at, name)| (at + 1, name)).collect(),
        chosen: chosen + 1,
        rows,
        reliability,
    };
    scope.page(place, &page).await
}

/// How far the answers of a group hang together, column by column of the instrument: for a group of which every
/// question is shown. What rests on those alone who answered every question of a column is shown from so many of them on.
fn reliability(kept: &Kept, cut: &Cut, shown_from: usize) -> Vec<(String, Option<f64>, String)> {
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in &kept.results.items {
        let column = item.key.rsplit_once('.').map_or("", |(_, column)| column);
        columns.entry(column).or_default().push(&item.key);
    }
    let items = kept.snapshot.instrument.items();
    let mut rows = Vec::new();
    for (column, keys) in columns.into_iter().filter(|(_, keys)| keys.len() > 1) {
        let answers = kept.snapshot.matrix(&keys, |of| cut.holds(of));
        let ratings = Ratings::from_rows(&answers);
        let name = if column.is_empty() {
            "All questions".to_owned()
        } else {
            let label = items.iter().find(|it| it.key == keys[0]).and_then(|it| it.column("en")).unwrap_or(column);
            format!("“{label}” over {} questions", keys.len())
        };
        let alpha = krippendorff::alpha(&ratings, Level::Interval);
        let said =
            alpha.map_or("Too few answers.".to_owned(), |it| format!("{}.", sentence(words::reliability(it).label())));
        rows.push((format!("{name}: Krippendorff's alpha (interval), people as raters"), alpha, said));
        let complete = ratings.complete();
        if complete.raters() < shown_from {
            let said = format!("Not shown: fewer than {shown_from} people answered all of these questions.");
            rows.push((format!("{name}: Cronbach's alpha"), None, said));
            continue;
        }
        let cronbach = agreement::cronbach::alpha(&complete);
        let said = match cronbach {
            Some(it) => format!("{}, from the {} people who answered all of them.", one_thing(it), complete.raters()),
            None => "Too few answers, or all of them alike.".to_owned(),
        };
        rows.push((format!("{name}: Cronbach's alpha"), cronbach, said));
        let icc = agreement::icc::shrout_fleiss(&ratings).and_then(|it| it.random_raters_mean);
        if icc.is_some() {
            rows.push((
                format!("{name}: ICC(2,k)"),
                icc,
                "How reliably the mean of these people tells the questions apart.".to_owned(),
            ));
        }
    }
    rows
}

/// What Cronbach's alpha says of a set of questions: from 0.7 on it is commonly called acceptable, from 0.9 on high.
fn one_thing(alpha: f64) -> &'static str {
    match alpha {
        it if it >= 0.9 => "The questions measure very nearly one thing",
        it if it >= 0.7 => "The questions measure much the same thing",
        it if it >= 0.5 => "The questions measure one thing only in part",
        _ => "The questions do not measure one thing",
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |it| it.to_uppercase().chain(letters).collect())
}

#[derive(Template)]
#[template(path = "results/comments.html")]
struct Comments<'a> {
    head: Head,
    snapshot: &'a Snapshot,
    groups: Vec<(String, Vec<Comment>)>,
    withheld: bool,
}

/// What a comment is about that belongs to no competency and no proposition.
const ELSE: &str = "Anything else";

/// What the item of a comment is about, in a reader's words.
fn about(item: &str) -> String {
    rules::about(item.split('.').next().unwrap_or(item)).unwrap_or_else(|| ELSE.to_owned())
}

/// The comments as somebody may read them: who wrote what is for those who may see named answers.
fn said_to(scope: &Scope, snapshot: &Snapshot) -> Vec<Comment> {
    let mut all = comments(snapshot);
    if !scope.may(Right::SeeNamedAnswers) {
        all.iter_mut().for_each(|it| it.by = None);
    }
    all
}

/// The same by what they are about.
pub fn grouped(scope: &Scope, snapshot: &Snapshot) -> Vec<(String, Vec<Comment>)> {
    let mut groups: Vec<(String, Vec<Comment>)> = Vec::new();
    for comment in said_to(scope, snapshot) {
        let title = about(&comment.item);
        match groups.last_mut() {
            Some((last, list)) if *last == title => list.push(comment),
            _ => groups.push((title, vec![comment])),
        }
    }
    groups
}

async fn all_comments(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let groups = grouped(&scope, &kept.snapshot);
    let total: usize = groups.iter().map(|(_, list)| list.len()).sum();
    let named = |it: &&(String, Vec<Comment>)| it.0 != ELSE || groups.len() == 1;
    let most = groups.iter().filter(named).max_by_key(|(_, list)| list.len()).map(|(title, _)| title.clone());
    let heading = match (total, most) {
        (0, _) | (_, None) => "No comments to show".to_owned(),
        (1, _) => "One person wrote a comment".to_owned(),
        (n, Some(most)) => format!(
            "{n} comments, the most on {}",
            most.trim_start_matches(|it: char| it.is_ascii_digit() || it == ' ').to_lowercase()
        ),
    };
    let lead = if kept.snapshot.anonymous {
        "What people wrote, in their own words. Nobody sees who wrote what."
    } else {
        "What people wrote, in their own words."
    };
    let head = Head::new(&scope, &kept, "/comments", heading, lead.to_owned());
    let place = head.place("Comments");
    let withheld = kept.snapshot.anonymous && kept.snapshot.respondents.len() < kept.snapshot.comment_threshold;
    scope.page(place, &Comments { head, snapshot: &kept.snapshot, groups, withheld }).await
}

#[derive(Template)]
#[template(path = "results/earlier.html")]
struct Earlier {
    head: Head,
    titles: Vec<String>,
    /// A table for each group: what it is called, its class, its rows.
    groups: Vec<(String, &'static str, Vec<ComparedRow>)>,
}

struct ComparedRow {
    label: String,
    values: Vec<Option<f64>>,
    change: f64,
    sure: bool,
}

/// What a group said in each campaign to the questions that were asked alike in the last two, the largest change
/// first. What may be chance is corrected for all rows together.
fn compared(kept: &Kept, others: &[Arc<Kept>], cut: &Cut) -> Vec<ComparedRow> {
    let Some(last) = others.last() else { return Vec::new() };
    let (mut rows, mut tests) = (Vec::new(), Vec::new());
    for item in &kept.results.items {
        let alike = |it: &&ItemResult| it.key == item.key && it.range == item.range && it.label == item.label;
        let Some(then) = last.results.items.iter().find(alike) else { continue };
        let mean = |of: &Kept| of.results.of(&item.key, cut).map(|it| it.mean);
        let mut values: Vec<Option<f64>> = others.iter().map(|it| mean(it)).collect();
        values.push(mean(kept));
        let Some(change) = values[values.len() - 1].zip(values[values.len() - 2]).map(|(now, before)| now - before)
        else {
            continue;
        };
        let (now, before) = (kept.results.values(&item.key, cut), last.results.values(&then.key, cut));
        tests.push(compare::mann_whitney(&now, &before).map(|it| it.p));
        rows.push(ComparedRow { label: item.short.clone(), values, change, sure: false });
    }
    let tested: Vec<f64> = tests.iter().flatten().copied().collect();
    let mut adjusted = adjust::benjamini_hochberg(&tested).into_iter();
    for (row, p) in rows.iter_mut().zip(tests) {
        row.sure = p.is_some() && adjusted.next().is_some_and(|it| it < 0.05);
    }
    rows.sort_by(|a, b| b.change.abs().total_cmp(&a.change.abs()).then(a.label.cmp(&b.label)));
    rows
}

/// Compares with every earlier closed campaign of the same purpose, on the questions that were asked alike.
async fn earlier(scope: Scope, Path(id): Path<CampaignId>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let others = kept::earlier_than(&scope, &kept).await?;
    let groups: Vec<(Cut, Vec<ComparedRow>)> = kept
        .results
        .main_cuts()
        .into_iter()
        .map(|cut| (cut.clone(), compared(&kept, &others, &cut)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let sure = groups.iter().flat_map(|(cut, rows)| rows.iter().map(move |it| (cut, it))).filter(|(_, it)| it.sure);
    let mut sure: Vec<(&Cut, &ComparedRow)> = sure.collect();
    sure.sort_by(|a, b| b.1.change.abs().total_cmp(&a.1.change.abs()));
    let heading = match &sure[..] {
        _ if others.is_empty() => "This is the first campaign of its kind".to_owned(),
        [] => "Nothing changed for certain since the last campaign".to_owned(),
        [(cut, first), rest @ ..] => {
            let direction = if first.change > 0.0 { "rose" } else { "fell" };
            let more =
                if rest.is_empty() { String::new() } else { format!(", and {} more changed for certain", rest.len()) };
            format!("“{}” {direction} most in the eyes of {}{more}", first.label, cut.said())
        }
    };
    let mut titles: Vec<String> = others.iter().map(|it| it.campaign.title.clone()).collect();
    titles.push(kept.campaign.title.clone());
    let lead = "Means, campaign by campaign; the change is since the last one.".to_owned();
    let head = Head::new(&scope, &kept, "/earlier", heading, lead);
    let place = head.place("Earlier campaigns");
    let groups = groups
        .into_iter()
        .map(|(cut, rows)| {
            let class = if let Cut::Side(side) = cut { side.key() } else { "" };
            (cut.label(), class, rows)
        })
        .collect();
    scope.page(place, &Earlier { head, titles, groups }).await
}

/// A question of the report to print.
struct PrintedRow<'a> {
    label: &'a str,
    range: String,
    figures: Option<&'a Figures>,
    business: Option<f64>,
    it: Option<f64>,
    said: String,
}

#[derive(Template)]
#[template(path = "results/report.html")]
struct Printed<'a> {
    head: Head,
    rows: Vec<PrintedRow<'a>>,
    tallies: Vec<Tally>,
    comments: Vec<Comment>,
    org: String,
    day: String,
    anonymous: bool,
}

/// The report to print of a campaign whose instrument has none of its own.
pub async fn report(scope: &Scope, kept: &Kept) -> Result<Response> {
    let results = &kept.results;
    let rows: Vec<PrintedRow> = results.items.iter().map(|it| printed(results, it)).collect();
    let shown = rows.iter().filter(|it| it.figures.is_some()).count();
    let heading = format!(
        "{} answered, {shown} of {} questions can be shown",
        counted(kept.snapshot.respondents.len(), "person", "people"),
        rows.len()
    );
    let lead = "The mean of everyone and of the two sides, and how far people agree.".to_owned();
    let head = Head::new(scope, kept, "/groups", heading, lead);
    let place = head.place("Report");
    let (org, day) = (scope.org.name.clone(), scope.locale().date(kept.snapshot.closed_on));
    let anonymous = kept.snapshot.anonymous;
    // Ratings have their mean above; what was chosen has none.
    let group = AskedGroup::default().of(results);
    let tallies = tallies(&kept.snapshot.instrument, results, group, "en");
    let tallies = tallies.into_iter().filter(Tally::is_choice).collect();
    scope
        .page(place, &Printed { head, rows, tallies, comments: said_to(scope, &kept.snapshot), org, day, anonymous })
        .await
}

fn printed<'a>(results: &'a Results, item: &'a ItemResult) -> PrintedRow<'a> {
    let mean = |cut: Cut| results.of(&item.key, &cut).map(|it| it.mean);
    let figures = results.of(&item.key, &Cut::Everyone);
    let said = |it: &Figures| words::agreement_sentence(it.r_wg, it.n, it.counts.len());
    PrintedRow {
        label: &item.label,
        range: format!("{} to {}", item.range.0, item.range.1),
        business: mean(Cut::Side(Side::Business)),
        it: mean(Cut::Side(Side::It)),
        said: figures.map_or("Not shown.".to_owned(), said),
        figures,
    }
}

/// Every published figure as a table: a row for each question and group.
pub fn table(kept: &Kept) -> Table {
    let columns = vec![
        Column::new("item", "Item", Kind::Text),
        Column::new("question", "Question", Kind::Text),
        Column::new("group", "Group", Kind::Text),
        Column::new("n", "Answers", Kind::Whole),
        Column::new("mean", "Mean", Kind::Decimal(2)),
        Column::new("median", "Median", Kind::Decimal(2)),
        Column::new("sd", "Spread (sd)", Kind::Decimal(2)),
        Column::new("r_wg", "r_wg", Kind::Decimal(2)),
    ];
    let number = |it: Option<f64>| it.map_or(Cell::Empty, Cell::Decimal);
    let mut rows = Vec::new();
    let names = names(&kept.results.cuts);
    for item in &kept.results.items {
        for (name, shown) in names.iter().zip(&item.shown) {
            // A group that may not be shown is left out, by its name too.
            let Shown::Figures(it) = shown else { continue };
            let row = vec![
                Cell::Text(item.key.clone()),
                Cell::Text(item.label.clone()),
                Cell::Text(name.clone()),
                Cell::Whole(it.n as i64),
                Cell::Decimal(it.mean),
                Cell::Decimal(it.median),
                number(it.sd),
                number(it.r_wg),
            ];
            rows.push(row);
        }
    }
    Table { title: kept.campaign.title.clone(), columns, rows }
}

/// How often each answer was given: a row for each question, group and answer.
fn counts(kept: &Kept) -> Table {
    let columns = vec![
        Column::new("question", "Question", Kind::Text),
        Column::new("group", "Group", Kind::Text),
        Column::new("answer", "Answer", Kind::Text),
        Column::new("count", "How often", Kind::Whole),
        Column::new("n", "Answers", Kind::Whole),
    ];
    let mut rows = Vec::new();
    for (at, group) in shown_groups(&kept.results) {
        for tally in tallies(&kept.snapshot.instrument, &kept.results, at, "en") {
            for row in &tally.rows {
                let Shown::Figures((counts, n)) = &row.given else { continue };
                for (place, count) in counts.iter().enumerate() {
                    let (question, answer) = match tally.points.get(place) {
                        Some(point) => (format!("{}: {}", tally.question, row.label), point),
                        None => (tally.question.clone(), &row.label),
                    };
                    let texts = [question, group.clone(), answer.clone()].map(Cell::Text);
                    rows.push(texts.into_iter().chain([count, n].map(|it| Cell::Whole(*it as i64))).collect());
                }
            }
        }
    }
    Table { title: "Answers".to_owned(), columns, rows }
}

async fn export(scope: Scope, Path((id, format)): Path<(CampaignId, String)>) -> Result<Response> {
    let kept = kept::of(&scope, id).await?;
    let name = format!("results-{}", kept.campaign.title);
    let mut sheets = vec![table(&kept), counts(&kept)];
    sheets.extend(crate::gap::pages::tables(&kept));
    let found = said_to(&scope, &kept.snapshot)
        .into_iter()
        .map(|it| vec![Cell::Text(about(&it.item)), Cell::Text(it.text), it.by.map_or(Cell::Empty, Cell::Text)]);
    sheets.push(Table {
        title: "Comments".to_owned(),
        columns: vec![
            Column::new("about", "About", Kind::Text),
            Column::new("comment", "Comment", Kind::Text),
            Column::new("by", "By", Kind::Text),
        ],
        rows: found.collect(),
    });
    send(&sheets, &name, &format)
}
