//! Times agreement on a table of ratings for `benches/peers`: the time that the functions take on ratings in memory.

use std::{env, hint::black_box, time::Instant};

use calc::agreement::{Level, Ratings, icc::shrout_fleiss, krippendorff};
use serde_json::json;

fn main() {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().expect("the ratings, a CSV file");
    let resamples = arguments.next().and_then(|it| it.parse().ok()).expect("the number of resamples");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("a file to read");
    let rows: Vec<Vec<Option<f64>>> =
        reader.records().map(|row| row.expect("a row").iter().map(|it| it.parse().ok()).collect()).collect();
    let ratings = Ratings::from_rows(&rows);

    let (alpha_seconds, alpha) = timed(|| krippendorff::alpha(&ratings, Level::Interval));
    let (bootstrap_seconds, interval) = timed(|| krippendorff::bootstrap(&ratings, Level::Interval, resamples, 1));
    let (icc_seconds, icc) = timed(|| shrout_fleiss(&ratings).expect("complete ratings"));
    let interval = interval.expect("ratings that vary");
    println!(
        "{}",
        json!({
            "alpha_seconds": alpha_seconds, "alpha": alpha,
            "bootstrap_seconds": bootstrap_seconds, "low": interval.low, "high": interval.high,
            "icc_seconds": icc_seconds,
            "icc": [icc.one_way, icc.random_raters, icc.fixed_raters,
                    icc.one_way_mean, icc.random_raters_mean, icc.fixed_raters_mean],
        })
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64(), result)
}
