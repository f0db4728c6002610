//! Worked examples of the methods' own sources, to the last digit published.

use calc::{
    adjust::{benjamini_hochberg, bonferroni, holm},
    agreement::{Level, Ratings, cronbach, icc, krippendorff, r_wg, r_wg_j},
    compare::{Group, compare, hedges_g_of, mann_whitney},
    describe::variance,
};

use crate::same;

/// Bliese, *Multilevel Modeling in R*: item RELIG of group 6 and of group 7.
#[test]
fn r_wg_of_two_companies_as_bliese_gives_it() {
    let group_6 = [2, 4, 5, 3, 1, 4, 2, 2, 2, 2, 2, 3, 3, 2, 2, 4].map(f64::from);
    let group_7 = [1, 4, 3, 3, 1, 1, 3, 3, 3, 4, 1, 3, 5, 1, 1, 3, 3, 5].map(f64::from);
    same(variance(&group_6), 1.1625, 4);
    same(r_wg(&group_6, 5.0), 0.41875, 5);
    same(variance(&group_7), 1.882353, 6);
    same(r_wg(&group_7, 5.0), 0.05882353, 8);
}

/// Bliese: eleven items on leadership, the sixteen people of group 6.
#[test]
fn r_wg_j_of_eleven_items_as_bliese_gives_it() {
    let answers = "4 4 3 4 3 3 3 3 3 3 2 | 3 2 2 1 3 4 1 1 2 2 3 | 2 2 1 1 5 2 3 1 2 2 1 | 3 3 2 1 4 2 3 2 3 3 1
        | 3 4 2 4 1 3 1 1 1 3 2 | 4 4 2 4 3 4 3 4 3 4 3 | 4 4 4 4 4 4 3 3 4 4 3 | 3 4 2 3 3 3 2 3 1 3 1
        | 3 3 2 5 3 3 3 3 2 2 2 | 4 4 2 2 2 2 4 4 3 3 4 | 2 1 1 1 1 1 1 1 1 1 1 | 5 5 2 2 2 3 3 3 3 3 4
        | 5 5 2 2 3 4 2 2 2 2 2 | 1 1 2 3 2 2 3 3 2 2 2 | 3 4 1 1 3 3 4 4 3 3 4 | 4 4 3 5 3 3 2 4 3 3 4";
    let ratings = table(answers, '|');
    let variances: Vec<f64> = (0..11).filter_map(|item| variance(&ratings.column(item))).collect();
    same(variances.iter().sum::<f64>() / 11.0, 1.130682, 6);
    same(r_wg_j(&ratings, 5.0), 0.8942614, 7);
}

/// Shrout & Fleiss 1979, table 2: four judges (here rows) rate six targets.
#[test]
fn six_intraclass_correlations_as_shrout_and_fleiss_give_them() {
    let icc = icc::shrout_fleiss(&table(SHROUT_FLEISS, '/')).expect("complete ratings");
    same(icc.one_way, 0.1657418, 7);
    same(icc.random_raters, 0.2897638, 7);
    same(icc.fixed_raters, 0.7148407, 7);
    same(icc.one_way_mean, 0.4427971, 7);
    same(icc.random_raters_mean, 0.6200505, 7);
    same(icc.fixed_raters_mean, 0.9093155, 7);
    same(icc.mean_squares.targets, 11.24, 2);
    same(icc.mean_squares.raters, 32.49, 2);
    same(icc.mean_squares.residual, 1.02, 2);
}

#[test]
fn cronbach_alpha_of_judges_is_the_consistency_of_their_mean() {
    let judges_in_columns = table("9 2 5 8 / 6 1 3 2 / 8 4 6 8 / 7 1 2 6 / 10 5 6 9 / 6 2 4 7", '/');
    same(cronbach::alpha(&judges_in_columns), 0.9093155, 7);
}

/// Krippendorff 2011: four observers, twelve units, answers missing.
#[test]
fn alpha_at_four_levels_as_krippendorff_gives_it() {
    let ratings = table(
        "1 2 3 3 2 1 4 1 2 . . . / 1 2 3 3 2 2 4 1 2 5 . 3 / . 3 3 3 2 3 4 2 2 5 1 . / 1 2 3 3 2 4 4 1 2 5 1 .",
        '/',
    );
    same(krippendorff::alpha(&ratings, Level::Nominal), 0.743421, 6);
    same(krippendorff::alpha(&ratings, Level::Ordinal), 0.815388, 6);
    same(krippendorff::alpha(&ratings, Level::Interval), 0.849107, 6);
    same(krippendorff::alpha(&ratings, Level::Ratio), 0.797403, 6);
}

/// Borenstein et al. 2009, chapter 4.
#[test]
fn hedges_g_as_borenstein_gives_it() {
    let one = Group { n: 50, mean: 103.0, sd: 5.5 };
    let other = Group { n: 50, mean: 100.0, sd: 4.5 };
    let g = hedges_g_of(one, other).expect("groups that vary");
    same(g.value, 0.592442, 6);
    same(g.variance, 0.041143, 6);
    same(g.variance.sqrt(), 0.202839, 6);
    same(g.low, 0.194878, 6);
    same(g.high, 0.990005, 6);
}

/// Efron & Tibshirani 1993: survival of mice after surgery, days.
#[test]
fn means_and_standard_errors_of_the_mice_as_efron_and_tibshirani_give_them() {
    let it = compare(&TREATMENT, &CONTROL, 2000, 1);
    same(it.a.mean, 86.857143, 6);
    same(it.b.mean, 56.222222, 6);
    same(it.difference, 30.634921, 6);
    same(it.a.se_mean, 25.2355, 4);
    same(it.b.se_mean, 14.1586, 4);
    same(it.se_difference, 28.9361, 4);
    assert_eq!((it.a.median, it.b.median), (Some(94.0), Some(46.0)));
}

/// The interval's width over 2 × 1.96 estimates the bootstrap's standard error, whose ideal value has a closed form:
/// √((n−1)/n) of the usual one, 23.363523 for the treated mice.
#[test]
fn resampling_comes_close_to_the_ideal_bootstrap() {
    let it = calc::compare::bootstrap_mean(&TREATMENT, 100_000, 1).expect("seven mice");
    let se = (it.high - it.low) / (2.0 * 1.96);
    assert!((se - 23.363523).abs() < 0.4, "{se}");
}

#[test]
fn the_same_seed_gives_the_same_interval_and_another_seed_another() {
    let interval = |seed| compare(&TREATMENT, &CONTROL, 500, seed).bootstrap.expect("mice in both groups");
    assert_eq!(interval(1), interval(1));
    assert_ne!(interval(1).low, interval(2).low);
}

/// Benjamini & Hochberg 1995: fifteen p-values.
#[test]
fn fifteen_p_values_as_benjamini_and_hochberg_adjust_them() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0000,
    ];
    let adjusted = [
        0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765, 0.486, 0.581182, 0.714875,
        0.753231, 0.813214, 1.0,
    ];
    let ours = benjamini_hochberg(&p);
    ours.iter().zip(adjusted).for_each(|(ours, theirs)| same(*ours, theirs, 6));
    let rejected = |p: &[f64]| p.iter().filter(|it| **it <= 0.05).count();
    assert_eq!((rejected(&ours), rejected(&bonferroni(&p)), rejected(&holm(&p))), (4, 3, 3));
}

#[test]
fn adjusted_p_values_keep_the_order_of_their_input() {
    let p = [0.5, 0.01, 0.04];
    assert_eq!(benjamini_hochberg(&p), [0.5, 0.03, 0.06]);
    assert_eq!(holm(&p), [0.5, 0.03, 0.08]);
    assert_eq!(bonferroni(&p), [1.0, 0.03, 0.12]);
}

/// The p-values are those of `scipy.stats.mannwhitneyu` 1.17.1 with its default method.
#[test]
fn mann_whitney_is_exact_for_few_untied_numbers_and_else_approximate_like_scipy() {
    let check = |a: &[f64], b: &[f64], u: f64, p: f64| {
        let it = mann_whitney(a, b).expect("two groups");
        assert_eq!(it.u, u);
        assert!((it.p / p - 1.0).abs() < 1e-10, "{} is not {p}", it.p);
    };
    check(&TREATMENT, &CONTROL, 36.0, 0.6805944055944056);
    check(&[1.0, 2.0, 2.0, 3.0, 5.0, 5.0], &[2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0, 4.0, 3.0], 17.0, 0.24347554191806986);
    let a: Vec<f64> = (1..21).map(f64::from).collect();
    let b: Vec<f64> = (5..30).map(|it| f64::from(it) + 0.5 + f64::from(it % 3)).collect();
    check(&a, &b, 105.0, 0.000964739954959277);
    let many: Vec<f64> = (1..201).map(|it| f64::from(it) * 1.1).collect();
    check(&[1.5, 2.25, 7.0, 8.125], &many, 16.0, 1.0248541256466305e-05);
    check(&[3.0; 3], &[3.0; 3], 4.5, 1.0);
    check(&[1.0], &[2.0], 0.0, 1.0);
}

#[test]
fn alpha_bootstrap_is_seeded_and_surrounds_alpha() {
    let ratings = table(SHROUT_FLEISS, '/');
    let interval = |seed| krippendorff::bootstrap(&ratings, Level::Interval, 333, seed).expect("ratings that vary");
    let alpha = krippendorff::alpha(&ratings, Level::Interval).expect("ratings that vary");
    let it = interval(1);
    assert!(it.low < alpha && alpha < it.high && it.resamples <= 333, "{it:?}");
    assert_eq!(it, interval(1));
    assert_ne!(it.low, interval(2).low);
}

/// A resample that draws every rater equally often is the table itself, several times over; alpha from weights must be
/// alpha from repeated rows.
#[test]
fn alpha_of_repeated_raters_counts_each_of_them() {
    let once = table("1 2 3 . / 2 2 4 1", '/');
    let twice = table("1 2 3 . / 2 2 4 1 / 1 2 3 . / 2 2 4 1", '/');
    for level in [Level::Nominal, Level::Ordinal, Level::Interval, Level::Ratio] {
        assert!(krippendorff::alpha(&twice, level) > krippendorff::alpha(&once, level));
    }
}

const SHROUT_FLEISS: &str = "9 6 8 7 10 6 / 2 1 4 1 5 2 / 5 3 6 2 6 4 / 8 2 8 6 9 7";
const TREATMENT: [f64; 7] = [94.0, 197.0, 16.0, 38.0, 99.0, 141.0, 23.0];
const CONTROL: [f64; 9] = [52.0, 104.0, 146.0, 10.0, 51.0, 30.0, 40.0, 27.0, 46.0];

fn table(text: &str, row_end: char) -> Ratings {
    let rows: Vec<Vec<Option<f64>>> =
        text.split(row_end).map(|row| row.split_whitespace().map(|it| it.parse().ok()).collect()).collect();
    Ratings::from_rows(&rows)
}
