//! Weighted shortest job first: what a job is worth by the size that it takes.

use serde::Serialize;

/// A job, in relative points; only their proportions count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Job {
    /// What it is worth to users and the business.
    pub value: f64,
    /// How much of that is lost by waiting.
    pub time_criticality: f64,
    /// What risk it takes away, or what it opens up.
    pub risk_reduction: f64,
    pub size: f64,
}

/// Where a job stands among others. What has no size above zero has no figure and no rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Place {
    /// Value, time criticality and risk reduction together.
    pub cost_of_delay: f64,
    /// Cost of delay by size.
    pub wsjf: Option<f64>,
    /// From 1, the first to take up; equal figures share a rank, and the ranks after them are left out.
    pub rank: Option<usize>,
}

impl Job {
    pub fn cost_of_delay(&self) -> f64 {
        self.value + self.time_criticality + self.risk_reduction
    }

    /// (value + time criticality + risk reduction) / size; `None` where the size is not above zero.
    ///
    /// Source: Reinertsen 2009, The Principles of Product Development Flow (cost of delay by duration); the three parts
    /// of the cost of delay are those of Leffingwell's weighted shortest job first.
    pub fn wsjf(&self) -> Option<f64> {
        (self.size > 0.0).then(|| self.cost_of_delay() / self.size).filter(|it| it.is_finite())
    }
}

/// The place of each job, in the order given.
///
/// ```
/// use calc::wsjf::{Job, ranked};
/// let a = Job { value: 100.0, time_criticality: 50.0, risk_reduction: 20.0, size: 10.0 };
/// let b = Job { value: 80.0, time_criticality: 30.0, risk_reduction: 10.0, size: 5.0 };
/// let places = ranked(&[a, b, Job { size: 0.0, ..a }]);
/// assert_eq!((places[0].wsjf, places[0].rank), (Some(17.0), Some(2)));
/// assert_eq!((places[1].wsjf, places[1].rank), (Some(24.0), Some(1)));
/// assert_eq!((places[2].wsjf, places[2].rank), (None, None));
/// ```
pub fn ranked(jobs: &[Job]) -> Vec<Place> {
    let mut places: Vec<Place> =
        jobs.iter().map(|it| Place { cost_of_delay: it.cost_of_delay(), wsjf: it.wsjf(), rank: None }).collect();
    let mut order: Vec<(usize, f64)> =
        places.iter().enumerate().filter_map(|(at, it)| it.wsjf.map(|wsjf| (at, wsjf))).collect();
    order.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut leader: Option<(usize, f64)> = None;
    for (before, &(at, wsjf)) in order.iter().enumerate() {
        let (rank, of) = leader.filter(|it| level(it.1, wsjf)).unwrap_or((before + 1, wsjf));
        leader = Some((rank, of));
        places[at].rank = Some(rank);
    }
    places
}

/// Whether two figures differ by no more than the last digits of reckoning: 0.3 / 3 and 0.1 / 1 are level.
fn level(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * one.abs().max(other.abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn job(cost: f64, size: f64) -> Job {
        Job { value: cost, time_criticality: 0.0, risk_reduction: 0.0, size }
    }

    fn ranks(jobs: &[Job]) -> Vec<Option<usize>> {
        ranked(jobs).iter().map(|it| it.rank).collect()
    }

    #[test]
    fn equal_figures_share_a_rank_and_the_next_is_left_out() {
        let jobs = [job(1.0, 1.0), job(10.0, 2.0), job(5.0, 1.0), job(9.0, 1.0)];
        assert_eq!(ranks(&jobs), [Some(4), Some(2), Some(2), Some(1)]);
    }

    #[test]
    fn the_last_digits_of_reckoning_make_no_rank() {
        assert_ne!(0.3 / 3.0, 0.1);
        assert_eq!(ranks(&[job(0.3, 3.0), job(0.1, 1.0)]), [Some(1), Some(1)]);
    }

    #[test]
    fn a_job_without_size_has_no_rank_and_takes_none_from_others() {
        assert_eq!(
            ranks(&[job(9.0, 0.0), job(1.0, 1.0), job(9.0, -1.0), job(9.0, f64::NAN)]),
            [None, Some(1), None, None]
        );
        assert_eq!(ranks(&[]), []);
        assert_eq!(ranks(&[job(f64::MAX, 1e-10)]), [None]);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_jobs(
            jobs in prop::collection::vec((0u8..20, 1u8..20), 1..30),
        ) {
            let jobs: Vec<Job> = jobs.into_iter().map(|(cost, size)| job(f64::from(cost), f64::from(size))).collect();
            let places = ranked(&jobs);
            for it in &places {
                let better = places.iter().filter(|other| other.wsjf > it.wsjf).count();
                prop_assert_eq!(it.rank, Some(better + 1));
            }
        }
    }
}
