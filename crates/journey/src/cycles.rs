//! Cycles are financial years, counted from the first in which a competency was assessed.

use calc::fiscal::Calendar;
use kit::method::Competency;

use crate::model::Assessment;

/// The name of the financial year that is cycle 1; `this_year` where nothing has been assessed.
///
/// A competency may be assessed late, after its cycle's year is over, but never before that year begins. So the
/// earliest year that any assessment points to is the right one.
pub fn first_year(assessments: &[Assessment], calendar: &Calendar, this_year: i16) -> i64 {
    let points_to = assessments.iter().map(|it| i64::from(calendar.year(it.assessed_on).name) - (it.cycle - 1));
    points_to.min().unwrap_or(i64::from(this_year))
}

/// The latest assessment of a competency up to a cycle.
pub fn latest(assessments: &[Assessment], competency: Competency, until: i64) -> Option<&Assessment> {
    assessments.iter().filter(|it| it.competency == competency && it.cycle <= until).max_by_key(|it| it.cycle)
}

/// The mean maturity that was known at the end of a cycle; `None` where nothing was assessed by then.
pub fn mean_maturity(assessments: &[Assessment], cycle: i64) -> Option<f64> {
    let known: Vec<i64> =
        Competency::ALL.iter().filter_map(|it| latest(assessments, *it, cycle)).map(|it| it.maturity).collect();
    #[expect(clippy::cast_precision_loss, reason = "at most fifteen levels of at most 5")]
    (!known.is_empty()).then(|| known.iter().sum::<i64>() as f64 / known.len() as f64)
}

#[cfg(test)]
mod tests {
    use calc::fiscal::Yearly;
    use jiff::civil::{Date, date};

    use super::*;
    use crate::model::AssessmentId;

    fn calendar() -> Calendar {
        let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
        Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 }
    }

    fn assessed(cycle: i64, competency: Competency, maturity: i64, assessed_on: Date) -> Assessment {
        let id = AssessmentId::fresh();
        Assessment { id, version: 1, cycle, competency, maturity, settled: false, note: None, assessed_on }
    }

    #[test]
    fn the_first_cycle_is_the_year_that_the_assessments_point_to_also_when_one_was_late() {
        let all = [
            assessed(1, Competency::Envisioning, 1, date(2024, 9, 1)),
            assessed(2, Competency::Envisioning, 2, date(2026, 7, 3)),
        ];
        assert_eq!(first_year(&all, &calendar(), 2027), 2025);
        assert_eq!(first_year(&[], &calendar(), 2027), 2027);
    }

    #[test]
    fn what_a_cycle_did_not_assess_stands_as_it_was_before() {
        let all = [
            assessed(1, Competency::Envisioning, 1, date(2024, 9, 1)),
            assessed(1, Competency::Projects, 2, date(2024, 9, 1)),
            assessed(2, Competency::Envisioning, 4, date(2025, 9, 1)),
        ];
        assert_eq!(mean_maturity(&all, 1), Some(1.5));
        assert_eq!(mean_maturity(&all, 2), Some(3.0));
        assert_eq!(mean_maturity(&[], 2), None);
        assert_eq!(latest(&all, Competency::Envisioning, 1).map(|it| it.maturity), Some(1));
    }
}
