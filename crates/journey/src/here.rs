//! Where the organisation stands today: the one picture from which the pages of the journey are made.

use calc::fiscal::{Calendar, Position};
use jiff::civil::Date;
use kit::{
    area::{Evidence, Note, Perception, Standing},
    error::Result,
    method::Competency,
    store,
    web::Scope,
};

use crate::{
    advisor::{Advice, All, Seen, advise},
    cycles,
    model::Assessment,
};

/// Where the organisation stands today.
#[derive(Debug, Clone, PartialEq)]
pub struct Here {
    pub calendar: Calendar,
    pub at: Position,
    /// The present cycle.
    pub cycle: i64,
    /// The name of the financial year that is cycle 1.
    pub first_year: i64,
    pub assessments: Vec<Assessment>,
    pub perceptions: Vec<Perception>,
    pub evidence: Vec<Evidence>,
    pub advice: Advice,
}

impl Here {
    /// All that the pages need.
    pub async fn load(scope: &Scope) -> Result<Here> {
        let evidence = evidence(scope).await?;
        Here::with(scope, evidence).await
    }

    /// Without the evidence, which gives reasons but does not decide what is next: for the navigation.
    pub async fn without_evidence(scope: &Scope) -> Result<Here> {
        Here::with(scope, Vec::new()).await
    }

    async fn with(scope: &Scope, evidence: Vec<Evidence>) -> Result<Here> {
        let assessments = store::all::<Assessment>(scope.db(), scope.id()).await?;
        let perceptions = perceptions(scope).await?;
        Ok(Here::of(scope.org.calendar(), scope.today(), assessments, perceptions, evidence))
    }

    /// What follows from what is known on a day.
    pub fn of(
        calendar: Calendar,
        today: Date,
        assessments: Vec<Assessment>,
        perceptions: Vec<Perception>,
        evidence: Vec<Evidence>,
    ) -> Here {
        let at = calendar.position(today);
        let first_year = cycles::first_year(&assessments, &calendar, at.year.name);
        let cycle = (i64::from(at.year.name) - first_year + 1).max(1);
        let advice = advise(&at, &seen(&assessments, &perceptions, cycle), &evidence);
        Here { calendar, at, cycle, first_year, assessments, perceptions, evidence, advice }
    }

    /// The latest assessment of a competency, of this cycle or an earlier one.
    pub fn latest(&self, competency: Competency) -> Option<&Assessment> {
        cycles::latest(&self.assessments, competency, self.cycle)
    }

    /// The assessment of this cycle.
    pub fn present(&self, competency: Competency) -> Option<&Assessment> {
        self.latest(competency).filter(|it| it.cycle == self.cycle)
    }

    /// The latest assessment before this cycle.
    pub fn before(&self, competency: Competency) -> Option<&Assessment> {
        cycles::latest(&self.assessments, competency, self.cycle - 1)
    }

    pub fn maturity(&self, competency: Competency) -> Option<i64> {
        self.latest(competency).map(|it| it.maturity)
    }

    pub fn is_settled(&self, competency: Competency) -> bool {
        self.present(competency).is_some_and(|it| it.settled)
    }

    /// Whether nothing is known yet, so that there is nothing to advise on.
    pub fn is_blank(&self) -> bool {
        self.assessments.is_empty() && self.perceptions.is_empty()
    }

    pub fn is_next(&self, competency: Competency) -> bool {
        competency == self.advice.next && !self.is_blank()
    }

    pub fn perception(&self, competency: Competency) -> Option<&Perception> {
        self.perceptions.iter().find(|it| it.competency == competency)
    }

    pub fn standings(&self) -> Vec<Standing> {
        let standing = |it: &Competency| Standing {
            maturity: self.maturity(*it),
            settled: self.is_settled(*it),
            next: self.is_next(*it),
        };
        Competency::ALL.iter().map(standing).collect()
    }

    /// How many competencies have been assessed in this cycle or an earlier one.
    pub fn assessed(&self) -> usize {
        Competency::ALL.iter().filter(|it| self.latest(**it).is_some()).count()
    }
}

/// What the advisor sees of all fifteen.
fn seen(assessments: &[Assessment], perceptions: &[Perception], cycle: i64) -> All {
    std::array::from_fn(|at| {
        let competency = Competency::ALL[at];
        let latest = cycles::latest(assessments, competency, cycle);
        let perception = perceptions.iter().find(|it| it.competency == competency);
        Seen {
            maturity: latest.map(|it| it.maturity),
            settled: latest.is_some_and(|it| it.settled && it.cycle == cycle),
            gap: perception.and_then(|it| it.gap),
            certain: perception.is_some_and(|it| it.certain),
        }
    })
}

async fn perceptions(scope: &Scope) -> Result<Vec<Perception>> {
    for area in &scope.app.registry.areas {
        let found = area.perceptions(scope).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

async fn evidence(scope: &Scope) -> Result<Vec<Evidence>> {
    let mut all = Vec::new();
    for area in &scope.app.registry.areas {
        all.extend(area.evidence(scope).await?);
    }
    Ok(all)
}

/// What waits for a decision anywhere in the organisation.
pub async fn decisions(scope: &Scope) -> Result<Vec<Note>> {
    let mut all = Vec::new();
    for area in &scope.app.registry.areas {
        all.extend(area.decisions(scope).await?);
    }
    Ok(all)
}

/// What all the work is for, in a line.
pub async fn aim(scope: &Scope) -> Result<Option<Note>> {
    for area in &scope.app.registry.areas {
        if let Some(it) = area.aim(scope).await? {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// What changed anywhere in the organisation since a moment.
pub async fn changes(scope: &Scope, since: jiff::Timestamp) -> Result<Vec<Note>> {
    let mut all = Vec::new();
    for area in &scope.app.registry.areas {
        all.extend(area.changes(scope, since).await?);
    }
    Ok(all)
}

/// Every date of the organisation from a day on, the earliest first. What was due before and is still open comes with it,
/// marked as late.
pub async fn dates(scope: &Scope, from: Date) -> Result<Vec<Note>> {
    let mut all = Vec::new();
    for area in &scope.app.registry.areas {
        all.extend(area.dates(scope, from).await?);
    }
    all.retain(|it| it.on.is_some());
    for it in all.iter_mut().filter(|it| it.on.is_some_and(|on| on < from)) {
        it.mark = Some(("late", "bad"));
    }
    all.sort_by_key(|it| it.on);
    Ok(all)
}

#[cfg(test)]
pub(crate) mod tests {
    use calc::fiscal::Yearly;
    use jiff::civil::date;

    use super::*;
    use crate::model::AssessmentId;

    /// The year starts in July, the budget is due on 29 May; today is 23 November 2026.
    pub(crate) fn here(assessments: Vec<Assessment>, perceptions: Vec<Perception>) -> Here {
        let yearly = |month, day| Yearly::new(month, day).expect("a day of the calendar");
        let calendar =
            Calendar { year_starts: yearly(7, 1), budget_due: yearly(5, 29), results_days: 120, decisions_days: 120 };
        Here::of(calendar, date(2026, 11, 23), assessments, perceptions, Vec::new())
    }

    pub(crate) fn assessed(cycle: i64, competency: Competency, maturity: i64, settled: bool) -> Assessment {
        let year = i16::try_from(2024 + cycle).expect("a small cycle");
        Assessment {
            id: AssessmentId::fresh(),
            version: 1,
            cycle,
            competency,
            maturity,
            settled,
            note: None,
            assessed_on: date(year, 9, 1),
        }
    }

    #[test]
    fn what_was_settled_in_an_earlier_cycle_is_open_again_and_stands_as_it_was() {
        let here = here(
            vec![assessed(1, Competency::Projects, 4, true), assessed(2, Competency::Envisioning, 3, true)],
            Vec::new(),
        );
        assert_eq!((here.cycle, here.first_year), (2, 2026));
        assert!(here.is_settled(Competency::Envisioning) && !here.is_settled(Competency::Projects));
        assert_eq!(here.maturity(Competency::Projects), Some(4));
        assert!(here.present(Competency::Projects).is_none() && here.before(Competency::Projects).is_some());
        assert_eq!(here.assessed(), 2);
    }

    #[test]
    fn the_navigation_marks_one_as_next_unless_nothing_is_known() {
        let blank = here(Vec::new(), Vec::new());
        assert!(blank.is_blank() && blank.standings().iter().all(|it| !it.next && it.maturity.is_none()));
        let known = here(vec![assessed(1, Competency::Envisioning, 3, true)], Vec::new());
        let next: Vec<usize> = (0..15).filter(|it| known.standings()[*it].next).collect();
        assert_eq!(next, [1]);
    }
}
