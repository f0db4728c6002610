//! The sentences of home and planner: the finding, and how sure we are of it.

use calc::fiscal::Stage;
use kit::format::Locale;

use crate::{
    advisor::{Because, Reason, days, inline, names, of_stage},
    cycles,
    here::Here,
};

/// The advice as a sentence that a chief executive can repeat.
pub fn finding(here: &Here, locale: Locale) -> String {
    let advice = &here.advice;
    let next = inline(advice.next);
    match advice.because {
        Because::AllSettled(stage) => {
            let label = stage.label().to_lowercase();
            return format!(
                "All fifteen are good enough for this cycle. To be ready for {label}, look at {next} next."
            );
        }
        Because::Foundation => {
            return format!("Next: {next}. It is weak, the decisions rest on it, and there is still time for it.");
        }
        Because::Stage(_) | Because::Ahead(_) => {}
    }
    let gap = advice.reasons.iter().find_map(|it| match it {
        Reason::Gap { gap, certain: true, .. } => Some(*gap),
        _ => None,
    });
    let missing = advice.reasons.iter().find_map(|it| match it {
        Reason::Evidence { missing, of: of @ 2.., .. } if !missing.is_empty() => Some((missing.len(), *of)),
        _ => None,
    });
    let stands = match here.maturity(advice.next) {
        Some(maturity) => format!("It stands at {maturity} of 5"),
        None => "Nobody has said yet where it stands".to_owned(),
    };
    let why = match (gap, missing, here.maturity(advice.next)) {
        (Some(gap), _, _) => {
            let (lower, higher) = if gap >= 0.0 { ("business", "IT") } else { ("IT", "business") };
            format!(", and {lower} sees it {} points lower than {higher} does", locale.decimal(gap.abs(), 1))
        }
        (None, Some((missing, of)), _) => {
            let is = if missing == 1 { "is" } else { "are" };
            format!(", and {missing} of the {of} pieces of evidence for it {is} missing")
        }
        (None, None, Some(_)) => ", and no candidate stands lower".to_owned(),
        (None, None, None) => String::new(),
    };
    format!("Next: {next}. {stands}{why}.")
}

/// How sure the advice is: what was assessed when, whether the gap is more than chance, and what comes close.
pub fn sureness(here: &Here) -> String {
    let advice = &here.advice;
    let mut said = Vec::new();
    let stage = match advice.because {
        Because::Stage(stage) | Because::Ahead(stage) | Because::AllSettled(stage) => stage,
        Because::Foundation => Stage::Groundwork,
    };
    let of = of_stage(stage);
    let now = of.iter().filter(|it| here.present(**it).is_some()).count();
    let known = of.iter().filter(|it| here.latest(**it).is_some()).count();
    let label = stage.label().to_lowercase();
    said.push(match (now, known) {
        (now, _) if now == of.len() => format!("All {} competencies of {label} were assessed in this cycle.", of.len()),
        (0, known) if known == of.len() => {
            format!("The {} competencies of {label} were assessed in an earlier cycle, none in this one.", of.len())
        }
        (now, known) if known == of.len() => {
            format!(
                "{now} of the {} competencies of {label} were assessed in this cycle, the others in an earlier one.",
                of.len()
            )
        }
        (_, 0) => format!("No competency of {label} has been assessed yet, so the advice is only a beginning."),
        (_, known) => format!(
            "{known} of the {} competencies of {label} {} been assessed; the advice may change with the others.",
            of.len(),
            if known == 1 { "has" } else { "have" }
        ),
    });
    for it in &advice.reasons {
        match it {
            Reason::Gap { certain: true, .. } => {
                said.push("The gap between business and IT is more than chance.".to_owned())
            }
            Reason::Gap { certain: false, .. } => {
                said.push("What business and IT see differently here may be chance, so it does not count.".to_owned());
            }
            Reason::NotAsked { .. } => said.push("Business and IT have not been compared on it yet.".to_owned()),
            _ => {}
        }
    }
    let known = advice.others.iter().filter(|it| here.latest(**it).is_some());
    let level = known.filter(|it| here.maturity(**it) == here.maturity(advice.next));
    let level: Vec<_> = level.copied().collect();
    if !level.is_empty() {
        said.push(format!(
            "It is close: {} {} as low.",
            names(&level),
            if level.len() == 1 { "stands" } else { "stand" }
        ));
    }
    said.join(" ")
}

/// What stands above the table beside the ring.
pub fn caption(here: &Here, locale: Locale) -> String {
    let at = &here.at;
    let stage = if at.handed_in { "the budget is handed in".to_owned() } else { at.stage.label().to_owned() };
    let mean = cycles::mean_maturity(&here.assessments, here.cycle);
    let mean = mean.map_or(String::new(), |it| format!(" Mean maturity {} of 5.", locale.decimal(it, 1)));
    format!("{}: {stage}, {} to the budget.{mean}", locale.date(at.day), days(at.days_left))
}

/// The class of a stage's chip and its words.
pub fn stage_chip(here: &Here) -> (&'static str, &'static str) {
    if here.at.handed_in { ("good", "Budget handed in") } else { ("info", here.at.stage.label()) }
}

/// How long until the budget is due, and whether that is soon: half of the decisions stage is over.
pub fn budget_chip(here: &Here) -> (&'static str, String) {
    let left = here.at.days_left;
    let near = here.at.stage == Stage::Decisions && !here.at.handed_in && left * 2 < here.calendar.decisions_days;
    let text = if left == 0 { "The budget is due today".to_owned() } else { format!("{} to the budget", days(left)) };
    (if near { "warn" } else { "" }, text)
}

#[cfg(test)]
mod tests {
    use kit::{area::Perception, method::Competency};

    use super::*;
    use crate::here::tests::{assessed, here};

    fn seen(competency: Competency, gap: f64, certain: bool) -> Perception {
        Perception { competency, importance: None, business: None, it: None, gap: Some(gap), certain }
    }

    fn said(here: &Here) -> (String, String) {
        (finding(here, Locale::of("de-DE")), sureness(here))
    }

    #[test]
    fn the_finding_names_the_competency_its_level_and_the_certain_gap() {
        let all: Vec<_> = Competency::ALL.iter().map(|it| assessed(2, *it, 3, false)).collect();
        let here = here(all, vec![seen(Competency::CommonLanguage, -1.26, true)]);
        let (finding, sureness) = said(&here);
        assert_eq!(
            finding,
            "Next: common language. It stands at 3 of 5, and IT sees it 1,3 points lower than business does."
        );
        assert_eq!(
            sureness,
            "All 9 competencies of groundwork were assessed in this cycle. The gap between business and IT is more than chance. It is close: envisioning, setting expectations, creating urgency and 5 more stand as low."
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        let here = here(vec![assessed(2, Competency::Envisioning, 3, true)], Vec::new());
        let (finding, sureness) = said(&here);
        assert_eq!(finding, "Next: setting expectations. Nobody has said yet where it stands.");
        assert_eq!(
            sureness,
            "1 of the 9 competencies of groundwork has been assessed; the advice may change with the others. Business and IT have not been compared on it yet."
        );
    }

    #[test]
    fn what_stems_from_an_earlier_cycle_is_said() {
        let all: Vec<_> = Competency::ALL
            .iter()
            .map(|it| assessed(1, *it, 3, false))
            .chain([assessed(2, Competency::Projects, 3, false)])
            .collect();
        let (_, sureness) = said(&here(all, Vec::new()));
        assert!(
            sureness
                .starts_with("The 9 competencies of groundwork were assessed in an earlier cycle, none in this one."),
            "{sureness}"
        );
    }
}
