//! The spread of belief, and the leaders behind it where they answered under their names.
//!
//! The spread reads only published figures ([`crate::results::rules`]), so nothing here can give away what is withheld
//! there; leaders are read from campaigns under names only.

use std::collections::BTreeMap;

use calc::{describe, words};
use kit::{
    method::{Proposition, Side},
    people::{Person, PersonId},
};

use crate::{
    campaign::LEADERS,
    instrument::AnsweredBy,
    results::rules::{Cut, Figures, Results},
    snapshot::{Answer, Respondent, Snapshot},
};

/// From this mean on, on a scale of five, something is believed possible.
const BELIEVED: f64 = 3.5;
/// From so many points between the lowest and the highest answer on, leaders are far apart.
const APART: f64 = 3.0;

/// The item that asks how far a proposition is believed possible.
pub fn item(proposition: Proposition) -> String {
    format!("{}.belief", proposition.key())
}

/// Whether an instrument asks for belief at all.
pub fn asks(results: &Results) -> bool {
    results.items.iter().any(|it| Proposition::ALL.iter().any(|of| item(*of) == it.key))
}

/// Where the answers of a group lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    pub n: usize,
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    pub q1: f64,
    pub q3: f64,
    /// How alike they are, in a word; `None` of a single answer.
    pub agreement: Option<words::Agreement>,
    /// The same as a sentence that says how sure it is.
    pub said: String,
    /// How many gave each point of the scale, from its lowest on.
    pub counts: Vec<usize>,
}

impl Range {
    fn of(figures: &Figures) -> Option<Range> {
        let it = describe::summary(&figures.values);
        Some(Range {
            n: figures.n,
            mean: figures.mean,
            low: it.min?,
            high: it.max?,
            q1: it.q1?,
            q3: it.q3?,
            agreement: figures.r_wg.map(words::agreement),
            said: words::agreement_sentence(figures.r_wg, figures.n, figures.counts.len()),
            counts: figures.counts.clone(),
        })
    }

    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// How one value proposition is believed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub proposition: Proposition,
    /// Where the answers lie; nothing where they may not be shown.
    pub now: Option<Range>,
    /// The mean of the campaign before, and of how many.
    pub before: Option<(f64, usize)>,
}

impl Spread {
    /// The change of the mean since the campaign before.
    pub fn change(&self) -> Option<f64> {
        self.now.as_ref().map(|it| it.mean).zip(self.before).map(|(now, (before, _))| now - before)
    }
}

/// The group whose belief is shown: everyone, or where that may not be shown the first that may.
pub fn shown(results: &Results) -> Option<&Cut> {
    let leaders = Cut::Role(LEADERS.to_owned());
    let wanted = [Cut::Everyone, leaders, Cut::Side(Side::Business), Cut::Side(Side::It)];
    let found = wanted.iter().find(|cut| Proposition::ALL.iter().any(|it| results.of(&item(*it), cut).is_some()))?;
    results.cuts.iter().find(|it| *it == found)
}

/// The four propositions, in the order of the method.
pub fn spreads(results: &Results, earlier: Option<&Results>) -> Vec<Spread> {
    let Some(cut) = shown(results) else { return Vec::new() };
    let of = |proposition: &Proposition| Spread {
        proposition: *proposition,
        now: results.of(&item(*proposition), cut).and_then(Range::of),
        before: earlier.and_then(|it| it.of(&item(*proposition), cut)).map(|it| (it.mean, it.n)),
    };
    Proposition::ALL.iter().map(of).collect()
}

/// What the people of a group are called at the beginning of a sentence: leaders only where all of them are.
pub fn who(snapshot: &Snapshot, cut: &Cut) -> &'static str {
    let is_leader = |it: &Respondent| it.role.as_deref() == Some(LEADERS);
    match cut {
        _ if snapshot.respondents.iter().filter(|it| cut.holds(it)).all(is_leader) => "Leaders",
        Cut::Side(Side::Business) => "Business people",
        Cut::Side(Side::It) => "IT people",
        _ => "People",
    }
}

/// The finding in a sentence about `who` (see [`who`]). `labels` are the words of the scale, from its lowest point on.
pub fn finding(spreads: &[Spread], labels: &[String], who: &str) -> String {
    let known: Vec<(&Spread, &Range)> = spreads.iter().filter_map(|it| Some((it, it.now.as_ref()?))).collect();
    let apart = |a: &Range, b: &Range| a.width().total_cmp(&b.width()).then((a.q3 - a.q1).total_cmp(&(b.q3 - b.q1)));
    let Some((widest, range)) = known.iter().max_by(|a, b| apart(a.1, b.1)) else {
        return "Too few have answered for anything to be shown".to_owned();
    };
    let least =
        known.iter().min_by(|a, b| a.1.mean.total_cmp(&b.1.mean)).map_or(widest.proposition, |it| it.0.proposition);
    let quoted = |it: Proposition| format!("“{}”", it.label());
    let word = |at: f64| labels.get((at as usize).wrapping_sub(1)).map_or(format!("{at:.0}"), |it| format!("“{it}”"));
    if range.width() >= APART {
        return format!(
            "{who} are far apart on {}: from {} to {}",
            quoted(widest.proposition),
            word(range.low),
            word(range.high)
        );
    }
    if known.iter().all(|(_, it)| it.mean >= BELIEVED) {
        return format!("{who} believe that IT could do all four here");
    }
    if known.iter().all(|(_, it)| it.agreement >= Some(words::Agreement::Strong)) {
        return format!("{who} agree, and believe least in {}", quoted(least));
    }
    format!("{who} differ most on {}, and believe least in {}", quoted(widest.proposition), quoted(least))
}

/// What changed most since the campaign before, as a sentence that says when not as many rated it; empty where there was
/// none.
pub fn since(spreads: &[Spread], before: &str) -> String {
    let moved = spreads.iter().filter_map(|it| Some((it.change()?, it)));
    let Some((by, most)) = moved.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs())) else { return String::new() };
    if by.abs() < 0.25 {
        return format!("Since “{before}” nothing moved by more than a quarter of a point.");
    }
    let many = match (most.before, &most.now) {
        (Some((_, then)), Some(now)) if then != now.n => format!(" ({then} rated it then, {} now)", now.n),
        _ => String::new(),
    };
    let word = if by > 0.0 { "rose" } else { "fell" };
    format!("Since “{before}” belief in “{}” {word} most, by {:.1}{many}.", most.proposition.label(), by.abs())
}

/// A leader who answered under their name.
#[derive(Debug, Clone, PartialEq)]
pub struct Leader {
    pub name: String,
    /// Their record, where the campaign knew it; a name alone may be that of several people.
    pub person: Option<PersonId>,
    pub side: Side,
    pub unit: Option<String>,
    /// 1 (little) to 5 (decides); only those whose influence is known stand on the map.
    pub influence: Option<i64>,
    /// The mean of what they believe IT could do here, over the four propositions.
    pub belief: f64,
    /// What they answered to each proposition: how far they believe it, how important it is for their own area.
    pub answers: [(Option<f64>, Option<f64>); 4],
    /// What they wrote, in the order of the questions.
    pub words: Vec<String>,
}

impl Leader {
    /// Whether both are the same leader.
    pub fn is(&self, other: &Leader) -> bool {
        (self.person, &self.name) == (other.person, &other.name)
    }

    /// Much influence and little belief: whom to talk to first.
    pub fn is_key(&self) -> bool {
        self.influence >= Some(4) && self.belief < 3.0
    }
}

/// The leaders of a campaign that is not anonymous, the most influential doubters first; nobody of an anonymous one.
pub fn leaders(snapshot: &Snapshot) -> Vec<Leader> {
    if snapshot.anonymous {
        return Vec::new();
    }
    let value = |of: &Respondent, key: &str| match of.answers.get(key) {
        Some(Answer::Value(value)) => Some(*value),
        _ => None,
    };
    let leader = |of: &Respondent| {
        let mut answers = [(None, None); 4];
        for (at, it) in Proposition::ALL.iter().enumerate() {
            answers[at] = (value(of, &item(*it)), value(of, &format!("{}.importance", it.key())));
        }
        let beliefs: Vec<f64> = answers.iter().filter_map(|it| it.0).collect();
        let asked = snapshot.instrument.items().into_iter().filter(|it| it.answered_by == AnsweredBy::Words);
        let written = asked.filter_map(|it| match of.answers.get(&it.key) {
            Some(Answer::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        });
        Some(Leader {
            name: of.name.clone()?,
            person: of.person,
            side: of.side,
            unit: of.unit.clone(),
            influence: of.influence,
            belief: describe::mean(&beliefs)?,
            answers,
            words: written.collect(),
        })
    };
    let mut all: Vec<Leader> = snapshot.respondents.iter().filter_map(leader).collect();
    sort(&mut all);
    all
}

fn sort(leaders: &mut [Leader]) {
    leaders.sort_by(|a, b| b.influence.cmp(&a.influence).then(a.belief.total_cmp(&b.belief)).then(a.name.cmp(&b.name)));
}

/// The same, with the influence that people have by now where they had none when they were asked: it is nothing that
/// they answered, and whoever writes it down after the survey wants to see them on the map.
pub fn leaders_by_now(snapshot: &Snapshot, people: &[Person]) -> Vec<Leader> {
    let now: BTreeMap<PersonId, i64> = people.iter().filter_map(|it| Some((it.id, it.influence?))).collect();
    let mut all = leaders(snapshot);
    for it in &mut all {
        it.influence = it.influence.or_else(|| now.get(&it.person?).copied());
    }
    sort(&mut all);
    all
}

/// Where a leader stands on the map, in per cent of its width and height from the upper left corner. Whoever would
/// stand on somebody else is moved aside.
pub fn places(leaders: &[(i64, f64)]) -> Vec<(f64, f64)> {
    const NEAR: (f64, f64) = (4.5, 6.5);
    const STEPS: [(f64, f64); 9] = [
        (0.0, 0.0),
        (0.0, 6.5),
        (0.0, -6.5),
        (4.6, 3.3),
        (-4.6, 3.3),
        (4.6, -3.3),
        (-4.6, -3.3),
        (9.2, 0.0),
        (-9.2, 0.0),
    ];
    let mut placed: Vec<(f64, f64)> = Vec::new();
    for (influence, belief) in leaders {
        let (x, y) = (8.0 + (belief - 1.0) / 4.0 * 84.0, 91.0 - (*influence as f64 - 1.0) / 4.0 * 82.0);
        let free = |(at_x, at_y): &(f64, f64)| {
            placed.iter().all(|it| (it.0 - at_x).abs() >= NEAR.0 || (it.1 - at_y).abs() >= NEAR.1)
        };
        let tries = STEPS.iter().map(|(by_x, by_y)| ((x + by_x).clamp(3.0, 97.0), (y + by_y).clamp(4.0, 96.0)));
        placed.push(tries.into_iter().find(free).unwrap_or((x, y)));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::rules::{ItemResult, Shown};

    fn results(answers: &[(Proposition, &[f64])]) -> Results {
        let items = answers.iter().map(|(of, values)| {
            let counts = (1..=5).map(|it| values.iter().filter(|value| **value == f64::from(it)).count()).collect();
            let figures = Figures {
                n: values.len(),
                mean: describe::mean(values).expect("an answer"),
                median: describe::median(values).expect("an answer"),
                sd: None,
                r_wg: calc::agreement::r_wg(values, 5.0),
                counts,
                values: values.to_vec(),
            };
            ItemResult {
                key: item(*of),
                label: String::new(),
                short: String::new(),
                range: (1.0, 5.0),
                shown: vec![Shown::Figures(figures)],
            }
        });
        Results { cuts: vec![Cut::Everyone], groups: 1, items: items.collect(), choices: Vec::new() }
    }

    fn labels() -> Vec<String> {
        ["not at all", "a little", "to some extent", "to a large extent", "fully"].map(str::to_owned).to_vec()
    }

    #[test]
    fn leaders_who_are_far_apart_are_the_finding_and_not_their_mean() {
        let all =
            results(&[(Proposition::Foundation, &[4.0, 4.0, 4.0, 4.0]), (Proposition::Growth, &[1.0, 3.0, 3.0, 5.0])]);
        let said = finding(&spreads(&all, None), &labels(), "Leaders");
        assert_eq!(said, "Leaders are far apart on “New business”: from “not at all” to “fully”");
    }

    #[test]
    fn leaders_who_agree_that_little_is_possible_are_said_to_agree() {
        let all =
            results(&[(Proposition::Foundation, &[3.0, 3.0, 3.0, 3.0]), (Proposition::Growth, &[2.0, 2.0, 2.0, 2.0])]);
        let said = finding(&spreads(&all, None), &labels(), "Leaders");
        assert_eq!(said, "Leaders agree, and believe least in “New business”");
    }

    #[test]
    fn the_largest_move_since_the_campaign_before_is_said() {
        let now = results(&[(Proposition::Insight, &[4.0, 4.0]), (Proposition::Growth, &[2.0, 2.0])]);
        let before = results(&[(Proposition::Insight, &[3.0, 3.0]), (Proposition::Growth, &[2.0, 2.0])]);
        let all = spreads(&now, Some(&before));
        assert_eq!(since(&all, "First"), "Since “First” belief in “Better decisions and control” rose most, by 1.0.");
        let fewer = results(&[(Proposition::Insight, &[4.0]), (Proposition::Growth, &[2.0])]);
        let said = since(&spreads(&fewer, Some(&before)), "First");
        assert!(said.ends_with("rose most, by 1.0 (2 rated it then, 1 now)."), "{said}");
        assert_eq!(since(&spreads(&now, None), "First"), "");
    }

    #[test]
    fn where_nothing_may_be_shown_nothing_is_said_of_it() {
        let mut all = results(&[(Proposition::Growth, &[1.0, 5.0])]);
        all.items[0].shown[0] = Shown::Withheld("Too few answers.");
        assert_eq!((shown(&all), spreads(&all, None)), (None, Vec::new()));
        assert_eq!(finding(&[], &labels(), "Leaders"), "Too few have answered for anything to be shown");
    }

    #[test]
    fn no_two_leaders_of_a_dozen_stand_on_each_other() {
        let leaders: Vec<(i64, f64)> =
            (0..12).map(|it| (4 + it / 6, 2.0 + f64::from((it % 2) as i32) * 0.25)).collect();
        let placed = places(&leaders);
        for (at, a) in placed.iter().enumerate() {
            for b in &placed[..at] {
                assert!((a.0 - b.0).abs() >= 4.5 || (a.1 - b.1).abs() >= 6.4, "{a:?} and {b:?}");
            }
        }
    }
}
