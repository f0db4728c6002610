//! Real answers, with the figures that R's packages computed from them. The files are not ours to publish: they are
//! read from the folder that `WAYPOST_SHARED_DATA` names, and without it these tests say that they skip.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use calc::{
    agreement::{
        Level, Ratings, average_deviation_j, cronbach,
        icc::{self, bliese},
        krippendorff, r_wg, r_wg_j, r_wg_j_lindell,
    },
    describe::{quantile, summary},
};
use serde_json::Value;

use crate::same;

#[test]
fn alpha_of_krippendorffs_example_is_that_of_r_irr() {
    let Some(set) = Set::open("krippendorff_2011_nmm") else { return };
    let ratings = set.ratings(0..12);
    for (level, name) in LEVELS {
        same(krippendorff::alpha(&ratings, level), number(&set.result(&format!("\"{name}\""))["value"]), 12);
    }
}

/// Where no answer is missing, irr 0.84.1 counts each pair of answers once instead of once per other rater, so that
/// its `nmatchval` is 120 where twenty subjects with three raters make 60 pairable answers. (Python's `krippendorff`
/// 0.9.0 gives -0.0237252 at the nominal level, as we do, where irr gives -0.0324008.) The count enters alpha only by
/// (n - 1)/n, which is put right here; with answers missing, as in Krippendorff's example, irr counts as he does.
#[test]
fn alpha_of_anxiety_ratings_is_that_of_r_irr_for_the_right_number_of_answers() {
    let Some(set) = Set::open("irr_anxiety") else { return };
    let ratings = transposed(&set.table(0..3));
    for (level, name) in LEVELS {
        let theirs = set.result(&format!("\"{name}\""));
        let (counted, answers) = (number(&theirs["nmatchval"]), 60.0);
        let disagreement = (1.0 - number(&theirs["value"])) * (answers - 1.0) / answers * counted / (counted - 1.0);
        same(krippendorff::alpha(&ratings, level), 1.0 - disagreement, 12);
    }
}

#[test]
fn icc_of_anxiety_ratings_is_that_of_r_irr() {
    let Some(set) = Set::open("irr_anxiety") else { return };
    let ratings = transposed(&set.table(0..3));
    let icc = icc::shrout_fleiss(&ratings).expect("complete ratings");
    let theirs = |model, kind, unit| {
        number(&set.result(&format!("model=\"{model}\", type=\"{kind}\", unit=\"{unit}\""))["value"])
    };
    same(icc.one_way, theirs("oneway", "consistency", "single"), 12);
    same(icc.random_raters, theirs("twoway", "agreement", "single"), 12);
    same(icc.fixed_raters, theirs("twoway", "consistency", "single"), 12);
    same(icc.one_way_mean, theirs("oneway", "consistency", "average"), 12);
    same(icc.random_raters_mean, theirs("twoway", "agreement", "average"), 12);
    same(icc.fixed_raters_mean, theirs("twoway", "consistency", "average"), 12);
}

#[test]
fn icc_of_video_ratings_is_that_of_r_irr() {
    let Some(set) = Set::open("irr_video") else { return };
    let icc = icc::shrout_fleiss(&transposed(&set.table(0..4))).expect("complete ratings");
    same(icc.random_raters, number(&set.result("model=\"twoway\", type=\"agreement\"")["value"]), 12);
    same(icc.one_way, number(&set.result("model=\"oneway\"")["value"]), 12);
}

#[test]
fn icc_of_shrout_and_fleiss_is_that_of_r_psych() {
    let Some(set) = Set::open("shrout_fleiss_1979") else { return };
    let icc = icc::shrout_fleiss(&transposed(&set.table(0..4))).expect("complete ratings");
    let theirs = set.result("$results");
    let ours = [
        icc.one_way,
        icc.random_raters,
        icc.fixed_raters,
        icc.one_way_mean,
        icc.random_raters_mean,
        icc.fixed_raters_mean,
    ];
    for (at, ours) in ours.into_iter().enumerate() {
        same(ours, number(&theirs[at]["ICC"]), 12);
    }
    let squares = set.result("summary");
    same(icc.mean_squares.targets, number(&squares[0]["Mean.Sq"]), 12);
    same(icc.mean_squares.raters, number(&squares[1]["Mean.Sq"]), 12);
    same(icc.mean_squares.residual, number(&squares[2]["Mean.Sq"]), 12);
}

/// R's irrCAC rounds its coefficients to five places. Its "quadratic" weights are the interval level for categories at
/// equal steps; its "linear" and "ordinal" weights are none of Krippendorff's levels.
#[test]
fn alpha_of_categories_is_that_of_r_irrcac() {
    for (name, columns) in [
        ("irrCAC_cac.ben.gerry", 2..4),
        ("irrCAC_cac.raw.g1g2", 2..6),
        ("irrCAC_cac.raw.gender", 1..5),
        ("irrCAC_cac.raw4raters", 0..4),
    ] {
        let Some(set) = Set::open(name) else { return };
        let words: Vec<Vec<Option<String>>> = set
            .rows
            .iter()
            .map(|row| {
                row[columns.clone()].iter().map(|it| Some(it.trim().to_owned()).filter(|it| !it.is_empty())).collect()
            })
            .collect();
        let raters: Vec<Vec<Option<String>>> =
            (0..columns.len()).map(|rater| words.iter().map(|unit| unit[rater].clone()).collect()).collect();
        let theirs = set.result_of("krippen.alpha.raw", "unweighted");
        let alpha = krippendorff::alpha(&Ratings::from_labels(&raters), Level::Nominal);
        same(alpha, number(&theirs[0]["coeff.val"]), 5);
    }
    let Some(set) = Set::open("irrCAC_cac.raw4raters") else { return };
    let theirs = set.result_of("krippen.alpha.raw", "quadratic");
    same(krippendorff::alpha(&transposed(&set.table(0..4)), Level::Interval), number(&theirs[0]["coeff.val"]), 5);
}

#[test]
fn alpha_of_counted_categories_is_that_of_r_irrcac() {
    let Some(set) = Set::open("irrCAC_distrib.6raters") else { return };
    // Each row says how many of six raters chose each category.
    let units: Vec<Vec<Option<f64>>> = set
        .table(0..5)
        .iter()
        .map(|row| {
            let chosen = |(category, n): (usize, &Option<f64>)| vec![Some(category as f64); n.unwrap_or(0.0) as usize];
            row.iter().enumerate().flat_map(chosen).collect()
        })
        .collect();
    same(
        krippendorff::alpha(&transposed(&units), Level::Nominal),
        number(&set.result("krippen.alpha.dist")[0]["coeff"]),
        12,
    );

    let Some(set) = Set::open("irrCAC_cont3x3abstractors") else { return };
    let mut pairs = Vec::new();
    for (one, row) in set.table(0..3).iter().enumerate() {
        for (other, n) in row.iter().enumerate() {
            let pair = vec![Some(one as f64), Some(other as f64)];
            pairs.extend(std::iter::repeat_n(pair, n.unwrap_or(0.0) as usize));
        }
    }
    same(
        krippendorff::alpha(&transposed(&pairs), Level::Nominal),
        number(&set.result("krippen2.table")[0]["coeff.val"]),
        12,
    );
}

#[test]
fn icc_of_army_companies_is_that_of_r_multilevel() {
    for (name, variables) in
        [("multilevel_bhr2000", &["HRS", "RELIG"][..]), ("multilevel_bh1996", &["HRS", "COHES", "LEAD", "WBEING"][..])]
    {
        let Some(set) = Set::open(name) else { return };
        for variable in variables {
            let groups: Vec<Vec<f64>> = set.groups(variable).into_values().collect();
            let it = bliese(&groups);
            let call = |function: &str| set.result(&format!("{function}(aov({variable} "));
            same(it.icc1, number(&call("multilevel::ICC1")), 11);
            same(it.icc2, number(&call("multilevel::ICC2")), 11);
            same(it.msb, number(&call("anova")[0]["Mean.Sq"]), 9);
            same(it.msw, number(&call("anova")[1]["Mean.Sq"]), 9);
        }
    }
}

#[test]
fn agreement_within_99_army_companies_is_that_of_r_multilevel() {
    let Some(set) = Set::open("multilevel_bhr2000") else { return };
    let companies = set.groups("RELIG");
    for theirs in list(&set.result("multilevel::rwg(bhr2000$RELIG")) {
        let company = &companies[text(&theirs["grpid"])];
        same(r_wg(company, 5.0), number(&theirs["rwg"]), 12);
        assert_eq!(company.len() as f64, number(&theirs["gsize"]));
    }
    let companies = set.tables("GRP", 1..12);
    let mut r_wg_js = Vec::new();
    for theirs in list(&set.result("multilevel::rwg.j(")) {
        let ours = r_wg_j(&companies[text(&theirs["grpid"])], 5.0);
        same(ours, number(&theirs["rwg.j"]), 12);
        r_wg_js.extend(ours);
    }
    for theirs in list(&set.result("multilevel::ad.m(")) {
        same(average_deviation_j(&companies[text(&theirs["grpid"])]), number(&theirs["AD.M"]), 12);
    }
    same(cronbach::alpha(&set.ratings(1..12)), number(&set.result("multilevel::cronbach")["Alpha"]), 12);

    // As Bliese publishes them, to four places.
    r_wg_js.sort_by(f64::total_cmp);
    assert_eq!(r_wg_js.len(), 99);
    same(quantile(&r_wg_js, 0.0), 0.7859, 4);
    same(quantile(&r_wg_js, 0.5), 0.8925, 4);
    same(r_wg_js.iter().sum::<f64>() / 99.0, 0.8876, 4);
    same(quantile(&r_wg_js, 1.0), 0.9440, 4);
}

#[test]
fn agreement_on_leadership_is_that_of_r_multilevel() {
    let Some(set) = Set::open("multilevel_bh1996") else { return };
    let companies = set.groups("LEAD");
    for theirs in list(&set.result("head(multilevel::rwg(bh1996$LEAD")) {
        same(r_wg(&companies[text(&theirs["grpid"])], 5.0), number(&theirs["rwg"]), 10);
    }
    let mut all: Vec<f64> = companies.values().filter_map(|it| r_wg(it, 5.0)).collect();
    all.sort_by(f64::total_cmp);
    let theirs = set.result("as.list(summary(multilevel::rwg");
    for (share, name) in [(0.0, "Min."), (0.25, "1st Qu."), (0.5, "Median"), (0.75, "3rd Qu."), (1.0, "Max.")] {
        same(quantile(&all, share), number(&theirs[name]), 10);
    }
}

/// One of the eleven soldiers left an answer out.
#[test]
fn agreement_with_a_missing_answer_is_that_of_r_multilevel() {
    let Some(set) = Set::open("multilevel_cohesion") else { return };
    let units = set.tables("UNIT", 2..7);
    let theirs = |call: &str| list(&set.result(call));
    for it in theirs("multilevel::rwg.j(") {
        same(r_wg_j(&units[text(&it["grpid"])], 5.0), number(&it["rwg.j"]), 12);
    }
    for it in theirs("multilevel::rwg.j.lindell(") {
        same(r_wg_j_lindell(&units[text(&it["grpid"])], 5.0), number(&it["rwg.lindell"]), 12);
    }
    for it in theirs("multilevel::ad.m(") {
        same(average_deviation_j(&units[text(&it["grpid"])]), number(&it["AD.M"]), 12);
    }
    for it in theirs("multilevel::rwg(") {
        same(r_wg(&units[text(&it["grpid"])].column(0), 5.0), number(&it["rwg"]), 12);
    }
}

#[test]
fn cronbach_alpha_of_five_personality_scales_is_that_of_r_psych() {
    let Some(set) = Set::open("psych_bfi") else { return };
    for (scale, first, reversed) in
        [("A", 0, &[0][..]), ("C", 5, &[3, 4]), ("E", 10, &[0, 1]), ("N", 15, &[]), ("O", 20, &[1, 4])]
    {
        let mut rows = set.table(first..first + 5);
        for row in &mut rows {
            reversed.iter().for_each(|item| row[*item] = row[*item].map(|it| 7.0 - it));
        }
        let theirs = set.result(&format!("psych::alpha(bfi[, c(\"{scale}1\""));
        same(cronbach::alpha(&Ratings::from_rows(&rows)), number(&theirs["total"][0]["raw_alpha"]), 12);
    }
}

#[test]
fn descriptions_of_answers_are_those_of_r_psych() {
    for (name, columns, call) in
        [("psych_bfi", 0..25, "psych::describe(bfi"), ("likert_gap", 1..11, "psych::describe(sapply")]
    {
        let Some(set) = Set::open(name) else { return };
        let ratings = set.ratings(columns.clone());
        let theirs = list(&set.result(call));
        assert_eq!(theirs.len(), columns.len());
        for (at, column) in columns.enumerate() {
            let it = theirs.iter().find(|it| text(&it["row"]) == set.header[column]).expect("a description per column");
            let ours = summary(&ratings.column(at));
            assert_eq!(ours.n as f64, number(&it["n"]));
            same(ours.mean, number(&it["mean"]), 12);
            same(ours.sd, number(&it["sd"]), 12);
            same(ours.se_mean, number(&it["se"]), 12);
            same(ours.median, number(&it["median"]), 12);
            same(ours.min, number(&it["min"]), 12);
            same(ours.max, number(&it["max"]), 12);
        }
    }
}

const LEVELS: [(Level, &str); 4] =
    [(Level::Nominal, "nominal"), (Level::Ordinal, "ordinal"), (Level::Interval, "interval"), (Level::Ratio, "ratio")];

/// A data set with the reference's results.
struct Set {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    results: Vec<Value>,
}

impl Set {
    fn open(name: &str) -> Option<Set> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let shared = env::var_os("WAYPOST_SHARED_DATA").map_or(workspace.join("../shared/data"), PathBuf::from);
        let folder = shared.join("survey");
        if !folder.is_dir() {
            println!("skipped: {} is not there", folder.display());
            return None;
        }
        let mut file = csv::Reader::from_path(folder.join(format!("data/{name}.csv"))).expect("the data set");
        let header = file.headers().expect("a header").iter().map(str::to_owned).collect();
        let rows = file.records().map(|it| it.expect("a row").iter().map(str::to_owned).collect()).collect();
        let expected = fs::read_to_string(folder.join(format!("expected/{name}.json"))).expect("the reference");
        let expected: Value = serde_json::from_str(&expected).expect("the reference as JSON");
        Some(Set { header, rows, results: list(&expected["results"]) })
    }

    /// The result of the first call that contains `call`.
    fn result(&self, call: &str) -> Value {
        self.result_of(call, "")
    }

    fn result_of(&self, call: &str, and: &str) -> Value {
        let found = self.results.iter().find(|it| text(&it["call"]).contains(call) && text(&it["call"]).contains(and));
        found.unwrap_or_else(|| panic!("no call contains {call}"))["value"].clone()
    }

    fn table(&self, columns: std::ops::Range<usize>) -> Vec<Vec<Option<f64>>> {
        self.rows.iter().map(|row| row[columns.clone()].iter().map(|it| it.parse().ok()).collect()).collect()
    }

    fn ratings(&self, columns: std::ops::Range<usize>) -> Ratings {
        Ratings::from_rows(&self.table(columns))
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|it| it == name).expect("a column of this name")
    }

    /// One variable by GRP.
    fn groups(&self, variable: &str) -> BTreeMap<String, Vec<f64>> {
        let (by, variable) = (self.column("GRP"), self.column(variable));
        let mut groups: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for row in &self.rows {
            groups.entry(row[by].clone()).or_default().extend(row[variable].parse::<f64>().ok());
        }
        groups
    }

    fn tables(&self, by: &str, columns: std::ops::Range<usize>) -> BTreeMap<String, Ratings> {
        let by = self.column(by);
        let mut groups: BTreeMap<String, Vec<Vec<Option<f64>>>> = BTreeMap::new();
        for (row, answers) in self.rows.iter().zip(self.table(columns)) {
            groups.entry(row[by].clone()).or_default().push(answers);
        }
        groups.into_iter().map(|(group, rows)| (group, Ratings::from_rows(&rows))).collect()
    }
}

/// The reference tables have raters in columns.
fn transposed(rows: &[Vec<Option<f64>>]) -> Ratings {
    let raters: Vec<Vec<Option<f64>>> =
        (0..rows[0].len()).map(|rater| rows.iter().map(|unit| unit[rater]).collect()).collect();
    Ratings::from_rows(&raters)
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}
