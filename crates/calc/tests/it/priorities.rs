//! Priorities as their methods' sources give them, to the last digit published.

use calc::{
    ahp::{ACCEPTABLE, Matrix},
    maxdiff::{Counts, scores},
    wsjf::{Job, ranked},
};

use crate::same;

/// Saaty 2008: which drink is drunk more in the United States.
#[test]
fn priorities_of_seven_drinks_as_saaty_gives_them() {
    let ninth = 1.0 / 9.0;
    let above_the_diagonal = [
        [9.0, 5.0, 2.0, 1.0, 1.0, 0.5].as_slice(),
        &[1.0 / 3.0, ninth, ninth, ninth, ninth],
        &[1.0 / 3.0, 0.25, 1.0 / 3.0, ninth],
        &[0.5, 1.0, 1.0 / 3.0],
        &[2.0, 0.5],
        &[1.0 / 3.0],
    ];
    let drinks = Matrix::from_upper(7, &above_the_diagonal.concat()).expect("judgements of all pairs");
    let it = drinks.priorities();
    for (ours, theirs) in it.priorities.iter().zip([0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]) {
        same(*ours, theirs, 3);
    }
    same(it.cr, 0.022, 3);
    // To six places, as reckoned apart from this code.
    for (ours, theirs) in
        it.priorities.iter().zip([0.177457, 0.019149, 0.041831, 0.116417, 0.189572, 0.128781, 0.326793])
    {
        same(*ours, theirs, 6);
    }
    same(it.lambda_max, 7.176629, 6);
    same(it.ci, 0.029438, 6);
    same(it.cr, 0.021806, 6);
    assert_eq!((it.ri, it.ri_table), (Some(1.35), "Saaty 2005"));
    assert!(it.cr.expect("seven drinks") <= ACCEPTABLE);
}

/// Lipovetsky & Conklin 2014, the counts of table 6, with their closed form reckoned apart from this code.
#[test]
fn utilities_and_shares_of_seventeen_items_by_lipovetsky_and_conklin() {
    let counts = [
        (7145, 1733, 1324, 0.114611, 0.047880),
        (7144, 968, 2139, -0.330812, 0.030670),
        (7144, 5218, 113, 1.792985, 0.256487),
        (7144, 2704, 1010, 0.483445, 0.069237),
        (7145, 2307, 772, 0.436471, 0.066060),
        (7145, 692, 3986, -0.997216, 0.015751),
        (7144, 1816, 1438, 0.105922, 0.047466),
        (7146, 689, 2397, -0.487458, 0.026223),
        (8166, 2483, 1041, 0.356913, 0.061008),
        (7145, 1422, 1538, -0.032473, 0.041331),
        (7144, 362, 4597, -1.363960, 0.010915),
        (7144, 2589, 966, 0.462436, 0.067798),
        (7145, 4158, 305, 1.206218, 0.142638),
        (7144, 825, 2875, -0.590488, 0.023656),
        (7145, 829, 2256, -0.404882, 0.028480),
        (7144, 859, 2259, -0.397073, 0.028704),
        (7146, 966, 1604, -0.179038, 0.035697),
    ];
    let scores = scores(&counts.map(|(shown, best, worst, ..)| Counts { shown, best, worst }));
    for (ours, (.., utility, share)) in scores.iter().zip(counts) {
        same(ours.utility, utility, 6);
        same(ours.share, share, 6);
    }
}

/// beginpm.com, What is WSJF in agile.
#[test]
fn the_smaller_job_comes_first_as_published() {
    let a = Job { value: 100.0, time_criticality: 50.0, risk_reduction: 20.0, size: 10.0 };
    let b = Job { value: 80.0, time_criticality: 30.0, risk_reduction: 10.0, size: 5.0 };
    let places = ranked(&[a, b]);
    assert_eq!((places[0].wsjf, places[0].rank), (Some(17.0), Some(2)));
    assert_eq!((places[1].wsjf, places[1].rank), (Some(24.0), Some(1)));
}
