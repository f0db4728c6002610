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

/// Something to say or to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The proposition that it is about.
    pub proposition: Proposition,
    pub text: String,
}

/// The points to make, by one rule: first what they do believe in, then each doubt, the more important for their area
/// the earlier, with whatever of this is known: their own people believe more, it is seen delivered already, it
/// matters to them, the other leaders believe more.
pub fn points(of: &Leader, lines: &[Line], one: impl Fn(f64) -> String) -> Vec<Point> {
    let mut all = Vec::new();
    let mut say = |line: &Line, text: String| all.push(Point { proposition: line.proposition, text });
    let strongest = lines
        .iter()
        .filter(|it| it.belief >= Some(MUCH))
        .max_by(|a, b| a.belief.unwrap_or_default().total_cmp(&b.belief.unwrap_or_default()));
    if let Some((line, belief)) = strongest.and_then(|it| Some((it, it.belief?))) {
        say(line, format!("Begin where they believe: “{}”, {belief} of 5.", line.proposition.label()));
    }
    let mut doubts: Vec<&Line> = lines.iter().filter(|it| it.is_doubted()).collect();
    doubts.sort_by(|a, b| {
        let weight = |it: &Line| (it.importance.unwrap_or_default(), -it.belief.unwrap_or_default());
        weight(b).partial_cmp(&weight(a)).unwrap_or(std::cmp::Ordering::Equal)
    });
    for line in doubts {
        let name = line.proposition.label();
        let Some(belief) = line.belief else { continue };
        if line.importance >= Some(MUCH) {
            say(
                line,
                format!(
                    "“{name}” matters much to their area and they answered {belief} of 5: ask what would have to happen first."
                ),
            );
        }
        if let Some(unit) = line.unit.filter(|it| *it >= belief + BELOW) {
            let of = of.unit.as_deref().unwrap_or("their unit");
            say(
                line,
                format!(
                    "Their own people believe more in “{name}”: {of} answered {} on average, they answered {belief}. Ask what their people see.",
                    one(unit)
                ),
            );
        }
        if let Some(delivered) = line.delivered.filter(|it| *it >= 3.0 && *it > belief) {
            say(
                line,
                format!(
                    "It is there already: the business sees “{name}” delivered at {} of 5. Name what they use.",
                    one(delivered)
                ),
            );
        }
        if let Some(others) = line.others.filter(|it| *it >= belief + BELOW) {
            say(
                line,
                format!(
                    "On “{name}” the other leaders answered {} on average. Ask what they know that the others do not.",
                    one(others)
                ),
            );
        }
        if line.importance.is_some_and(|it| it < MUCH) && line.others.is_none_or(|it| it < belief + BELOW) {
            say(line, format!("“{name}” means little to them so far. Show one example and ask where it would fit."));
        }
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
pub fn as_text(points: &[Point]) -> String {
    points.iter().map(|it| format!("– {}", it.text)).collect::<Vec<_>>().join("\n")
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
        let said: Vec<String> = points(&ada, &all, one).into_iter().map(|it| it.text).collect();
        assert_eq!(
            said,
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
    fn whoever_believes_is_asked_to_speak_for_it_and_is_not_argued_with() {
        let (ada, grace) = (leader("Ada", [5.0; 4], 3.0), leader("Grace", [5.0; 4], 3.0));
        let all = lines(&ada, &[ada.clone(), grace], None);
        assert_eq!(heading(&ada, &all), "Ada doubts none of the four: ask them to speak for it");
        assert_eq!(points(&ada, &all, one).len(), 1);
    }
}
