//! What to prepare for a talk with a leader, from what they answered under their name and what others published.

use kit::{
    format::list,
    method::{Proposition, Side},
};
use survey::{
    belief::rules::{Leader, item},
    results::rules::{Cut, Results},
};

/// An answer at or below this is a doubt.
const DOUBT: f64 = 2.0;
/// So far below the other leaders an answer is a doubt as well.
const BELOW: f64 = 1.0;
/// From here on somebody believes in a proposition, or calls it important.
const MUCH: f64 = 4.0;

/// How a leader and others see one value proposition.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub proposition: Proposition,
    pub belief: Option<f64>,
    /// How important it is for their own area.
    pub importance: Option<f64>,
    /// The mean of the other leaders.
    pub others: Option<f64>,
    /// The mean of the people of their own unit, in the latest gap survey.
    pub unit: Option<f64>,
    /// How far the business sees it delivered, in the latest gap survey.
    pub delivered: Option<f64>,
}

impl Line {
    /// The leader's answer minus the mean of the others.
    pub fn gap(&self) -> Option<f64> {
        self.belief.zip(self.others).map(|(belief, others)| belief - others)
    }

    pub fn is_doubted(&self) -> bool {
        self.belief.is_some_and(|it| it <= DOUBT) || self.gap().is_some_and(|it| it <= -BELOW)
    }
}

/// The four propositions as this leader and others see them. `gap` are the results of the latest gap survey: what is
/// withheld there is missing here.
pub fn lines(of: &Leader, everyone: &[Leader], gap: Option<&Results>) -> Vec<Line> {
    let line = |(at, proposition): (usize, &Proposition)| {
        let others: Vec<f64> = everyone.iter().filter(|it| !it.is(of)).filter_map(|it| it.answers[at].0).collect();
        let (belief, importance) = of.answers[at];
        let unit = gap
            .zip(of.unit.as_ref())
            .and_then(|(gap, unit)| gap.of(&item(*proposition), &Cut::Unit(unit.clone())).map(|it| it.mean));
        let delivery = format!("{}.delivery", proposition.key());
        let delivered = gap.and_then(|it| it.of(&delivery, &Cut::Side(Side::Business))).map(|it| it.mean);
        let others = calc::describe::mean(&others);
        Line { proposition: *proposition, belief, importance, others, unit, delivered }
    };
    Proposition::ALL.iter().enumerate().map(line).collect()
}

/// The doubts of which one thing is known: what they are called, what was answered, and the figure beside it.
struct Known {
    many: bool,
    names: String,
    answers: String,
    figures: String,
}

/// The points to make, by one rule: first what they do believe in, then of their doubts, the more important for their
/// area the earlier, whatever of this is known: it matters to them, their own people believe more, it is seen delivered
/// already, the other leaders believe more. What holds of several doubts is one point.
pub fn points(of: &Leader, lines: &[Line], one: impl Fn(f64) -> String) -> Vec<String> {
    let mut all = Vec::new();
    let strongest = lines
        .iter()
        .filter(|it| it.belief >= Some(MUCH))
        .max_by(|a, b| a.belief.unwrap_or_default().total_cmp(&b.belief.unwrap_or_default()));
    if let Some((line, belief)) = strongest.and_then(|it| Some((it, it.belief?))) {
        all.push(format!("Begin where they believe: “{}”, {belief} of 5.", line.proposition.label()));
    }
    let mut doubts: Vec<(&Line, f64)> =
        lines.iter().filter(|it| it.is_doubted()).filter_map(|it| Some((it, it.belief?))).collect();
    doubts.sort_by(|a, b| {
        let weight = |it: &Line| (it.importance.unwrap_or_default(), -it.belief.unwrap_or_default());
        weight(b.0).partial_cmp(&weight(a.0)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let known = |figure: &dyn Fn(&Line, f64) -> Option<f64>| -> Option<Known> {
        let found: Vec<(&Line, f64, f64)> =
            doubts.iter().filter_map(|(line, belief)| Some((*line, *belief, figure(line, *belief)?))).collect();
        let each = |say: &dyn Fn(&(&Line, f64, f64)) -> String| list(&found.iter().map(say).collect::<Vec<_>>());
        (!found.is_empty()).then(|| Known {
            many: found.len() > 1,
            names: each(&|it| format!("“{}”", it.0.proposition.label())),
            answers: each(&|it| it.1.to_string()),
            figures: each(&|it| one(it.2)),
        })
    };
    if let Some(Known { many, names, answers, .. }) = known(&|it, _| it.importance.filter(|it| *it >= MUCH)) {
        let matter = if many { "matter" } else { "matters" };
        all.push(format!(
            "{names} {matter} much to their area and they answered {answers} of 5: ask what would have to happen first."
        ));
    }
    if let Some(Known { names, answers, figures, .. }) = known(&|it, belief| it.unit.filter(|it| *it >= belief + BELOW))
    {
        let unit = of.unit.as_deref().unwrap_or("their unit");
        all.push(format!(
            "Their own people believe more in {names}: {unit} answered {figures} on average, they answered {answers}. Ask what their people see."
        ));
    }
    if let Some(Known { names, figures, .. }) =
        known(&|it, belief| it.delivered.filter(|it| *it >= 3.0 && *it > belief))
    {
        all.push(format!(
            "It is there already: the business sees {names} delivered at {figures} of 5. Name what they use."
        ));
    }
    if let Some(Known { names, figures, .. }) = known(&|it, belief| it.others.filter(|it| *it >= belief + BELOW)) {
        all.push(format!(
            "On {names} the other leaders answered {figures} on average. Ask what they know that the others do not."
        ));
    }
    let little = |it: &Line, belief: f64| {
        it.importance.filter(|it| *it < MUCH).filter(|_| it.others.is_none_or(|it| it < belief + BELOW))
    };
    if let Some(Known { many, names, .. }) = known(&little) {
        let (mean, it) = if many { ("mean", "they") } else { ("means", "it") };
        all.push(format!("{names} {mean} little to them so far. Show one example and ask where {it} would fit."));
    }
    all
}

/// The sheet in a sentence.
pub fn heading(of: &Leader, lines: &[Line]) -> String {
    let doubted: Vec<String> =
        lines.iter().filter(|it| it.is_doubted()).map(|it| format!("“{}”", it.proposition.label())).collect();
    match doubted.len() {
        0 => format!("{} doubts none of the four: ask them to speak for it", of.name),
        4 => format!("{} doubts all four", of.name),
        _ => format!("{} doubts {}", of.name, list(&doubted)),
    }
}

/// The points as the first text of a talk.
pub fn as_text(points: &[String]) -> String {
    points.iter().map(|it| format!("– {it}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leader(name: &str, beliefs: [f64; 4], importance: f64) -> Leader {
        Leader {
            name: name.to_owned(),
            person: None,
            side: Side::Business,
            unit: Some("Sales".to_owned()),
            influence: Some(5),
            belief: beliefs.iter().sum::<f64>() / 4.0,
            answers: beliefs.map(|it| (Some(it), Some(importance))),
            words: Vec::new(),
        }
    }

    fn one(it: f64) -> String {
        format!("{it:.1}")
    }

    #[test]
    fn a_doubt_is_a_low_answer_or_one_far_below_the_others() {
        let (ada, grace) = (leader("Ada", [2.0, 3.0, 3.0, 4.0], 4.0), leader("Grace", [2.0, 3.5, 4.0, 4.0], 4.0));
        let all = lines(&ada, &[ada.clone(), grace], None);
        let doubted: Vec<bool> = all.iter().map(Line::is_doubted).collect();
        assert_eq!(doubted, [true, false, true, false]);
    }

    #[test]
    fn the_points_begin_with_what_is_believed_and_then_take_the_doubts() {
        let (ada, grace) = (leader("Ada", [2.0, 3.0, 3.0, 4.0], 4.0), leader("Grace", [4.0, 3.0, 3.0, 4.0], 4.0));
        let mut all = lines(&ada, &[ada.clone(), grace], None);
        all[0].unit = Some(3.4);
        assert_eq!(
            points(&ada, &all, one),
            [
                "Begin where they believe: “New business”, 4 of 5.",
                "“Dependable foundation” matters much to their area and they answered 2 of 5: ask what would have to happen first.",
                "Their own people believe more in “Dependable foundation”: Sales answered 3.4 on average, they answered 2. Ask what their people see.",
                "On “Dependable foundation” the other leaders answered 4.0 on average. Ask what they know that the others do not.",
            ]
        );
        assert_eq!(heading(&ada, &all), "Ada doubts “Dependable foundation”");
    }

    #[test]
    fn what_holds_of_several_doubts_is_one_point() {
        let (ada, grace) = (leader("Ada", [2.0, 3.0, 1.0, 3.0], 4.0), leader("Grace", [4.0, 3.0, 4.0, 3.0], 4.0));
        let all = lines(&ada, &[ada.clone(), grace], None);
        assert_eq!(
            points(&ada, &all, one),
            [
                format!(
                    "“{0}” and “Dependable foundation” matter much to their area and they answered 1 and 2 of 5: ask what would have to happen first.",
                    all[2].proposition.label()
                ),
                format!(
                    "On “{0}” and “Dependable foundation” the other leaders answered 4.0 and 4.0 on average. Ask what they know that the others do not.",
                    all[2].proposition.label()
                ),
            ]
        );
    }

    #[test]
    fn whoever_believes_is_asked_to_speak_for_it_and_is_not_argued_with() {
        let (ada, grace) = (leader("Ada", [5.0; 4], 3.0), leader("Grace", [5.0; 4], 3.0));
        let all = lines(&ada, &[ada.clone(), grace], None);
        assert_eq!(heading(&ada, &all), "Ada doubts none of the four: ask them to speak for it");
        assert_eq!(points(&ada, &all, one).len(), 1);
    }
}
