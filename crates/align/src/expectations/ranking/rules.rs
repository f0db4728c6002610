//! From answers to a ranking: what is put to people, what is taken of them, what it comes to.

use calc::{describe, maxdiff};
use kit::method::Side;

use crate::expectations::{
    model::Priority,
    ranking::{Answers, Design, Item, Line, Method, Ranked, Ranking, Voter},
};

/// The most outcomes that people can weigh against each other in one round.
const MOST: usize = 20;

/// What to put to people; the fault is a sentence that says what to do.
pub fn design(method: Method, items: Vec<Item>) -> Result<Design, String> {
    let n = items.len();
    if n < 2 {
        return Err("Choose at least two outcomes: one alone needs no ranking.".to_owned());
    }
    if n > MOST {
        return Err(format!("Nobody can weigh {n} outcomes. Choose at most {MOST}, and say no to some first."));
    }
    let sets = match method {
        Method::Points => Vec::new(),
        Method::MaxDiff => match maxdiff::design(n) {
            Some(it) => it.sets,
            None => return Err(format!("Most and least needs at least four outcomes. Hand out points for {n}.")),
        },
    };
    Ok(Design { items, sets })
}

/// The most and the least of one set, from what was sent.
pub fn pick(design: &Design, set: usize, best: &str, worst: &str) -> Result<(usize, usize), String> {
    let shown = &design.sets[set];
    let read = |text: &str| text.parse::<usize>().ok().filter(|it| shown.contains(it));
    match (read(best), read(worst)) {
        (None, None) => Err("Choose the one that matters most and the one that matters least.".to_owned()),
        (None, _) => Err("Choose the one that matters most.".to_owned()),
        (_, None) => Err("Choose the one that matters least.".to_owned()),
        (Some(best), Some(worst)) if best == worst => {
            Err("The same outcome cannot matter most and least. Change one of the two.".to_owned())
        }
        (Some(best), Some(worst)) => Ok((best, worst)),
    }
}

/// A hundred points handed out over the items, from what was sent; nothing written is no points.
pub fn points(sent: &[&str]) -> Result<Vec<u32>, String> {
    let mut points = Vec::new();
    for text in sent {
        let text = text.trim();
        match text.parse::<u32>() {
            _ if text.is_empty() => points.push(0),
            Ok(it) if it <= 100 => points.push(it),
            _ => return Err(format!("“{text}” is not a whole number from 0 to 100.")),
        }
    }
    match points.iter().sum::<u32>() {
        100 => Ok(points),
        sum @ 0..100 => Err(format!("You handed out {sum} points; {} are left. Hand them out too.", 100 - sum)),
        sum => Err(format!("You handed out {sum} points, {} more than there are. Take some away.", sum - 100)),
    }
}

/// Whether everything has been answered.
pub fn is_done(method: Method, design: &Design, it: &Answers) -> bool {
    match method {
        Method::MaxDiff => (0..design.sets.len()).all(|set| it.picks.contains_key(&set)),
        Method::Points => it.points.len() == design.items.len(),
    }
}

/// How much of what is asked somebody has answered.
pub fn how_far(of: &Ranking, it: &Answers) -> String {
    match of.method {
        Method::MaxDiff => format!("{} of {}", it.picks.len(), of.design.sets.len()),
        Method::Points => String::new(),
    }
}

/// The first screen that is not answered, counted from 1; after the last one, the last.
pub fn next_screen(design: &Design, it: &Answers) -> usize {
    (0..design.sets.len()).find(|set| !it.picks.contains_key(set)).unwrap_or(design.sets.len().max(1) - 1) + 1
}

/// What the answers come to; who has not answered everything is not counted. Nothing where nobody has.
pub fn ranked(method: Method, design: &Design, asked: &[Voter]) -> Option<Ranked> {
    let voters: Vec<&Voter> = asked.iter().filter(|it| is_done(method, design, &it.answers)).collect();
    if voters.is_empty() {
        return None;
    }
    let (shares, spreads) = match method {
        Method::MaxDiff => by_picks(design, &voters),
        Method::Points => by_points(design, &voters),
    };
    let of_side = |each: &[f64], side: Side| {
        let of: Vec<f64> = each.iter().zip(&voters).filter(|it| it.1.side == side).map(|it| *it.0).collect();
        describe::mean(&of)
    };
    let mut lines: Vec<Line> = design
        .items
        .iter()
        .zip(shares.into_iter().zip(spreads))
        .map(|(item, (share, each))| Line {
            outcome: item.outcome,
            statement: item.statement.clone(),
            share,
            mean: describe::mean(&each).unwrap_or_default(),
            disagreement: scatter(&each),
            business: of_side(&each, Side::Business),
            it: of_side(&each, Side::It),
            each,
        })
        .collect();
    lines.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.statement.cmp(&b.statement)));
    let named = |it: &&Voter| (it.name.clone(), it.side.key().to_owned());
    Some(Ranked { asked: asked.len(), voters: voters.iter().map(named).collect(), lines })
}

/// Share and single scores of each item, from most and least.
fn by_picks(design: &Design, voters: &[&Voter]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let items = design.items.len();
    let answers = |it: &Voter| -> Vec<maxdiff::Answer> {
        let answer = |(set, (best, worst)): (&usize, &(usize, usize))| {
            maxdiff::Answer::new(items, design.sets.get(*set)?.clone(), *best, *worst)
        };
        it.answers.picks.iter().filter_map(answer).collect()
    };
    let all: Vec<Vec<maxdiff::Answer>> = voters.iter().map(|it| answers(it)).collect();
    let each: Vec<Vec<maxdiff::Counts>> = all.iter().map(|it| maxdiff::counted(items, it)).collect();
    let scores = maxdiff::scores(&maxdiff::counted(items, all.iter().flatten()));
    let spreads = maxdiff::by_respondent(&each);
    (
        scores.iter().map(|it| it.share.unwrap_or_default()).collect(),
        spreads.into_iter().map(|it| it.scores.into_iter().map(Option::unwrap_or_default).collect()).collect(),
    )
}

/// The same from points.
fn by_points(design: &Design, voters: &[&Voter]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let each: Vec<Vec<f64>> = (0..design.items.len())
        .map(|item| voters.iter().map(|it| f64::from(it.answers.points.get(item).copied().unwrap_or(0))).collect())
        .collect();
    (each.iter().map(|it| describe::mean(it).unwrap_or_default() / 100.0).collect(), each)
}

/// How far scores lie from their mean, as the root of the mean square; nothing of fewer than two.
fn scatter(each: &[f64]) -> Option<f64> {
    let mean = describe::mean(each).filter(|_| each.len() > 1)?;
    Some(describe::mean(&each.iter().map(|it| (it - mean).powi(2)).collect::<Vec<_>>())?.sqrt())
}

kit::choices! {
    /// How far people are from one another on one outcome.
    pub Accord {
        Alike = "alike", "much alike", Good;
        Some = "some", "some disagree", Warn;
        Apart = "apart", "far apart", Bad;
    }
}

/// Far apart: single scores lie as far from their mean as half of what most and least can give, or as an equal share of
/// the points; half of that is some.
pub fn accord(method: Method, items: usize, line: &Line) -> Option<Accord> {
    let far = match method {
        Method::MaxDiff => 0.5,
        Method::Points => 100.0 / items.max(1) as f64,
    };
    let apart = line.disagreement? / far;
    Some(if apart >= 1.0 {
        Accord::Apart
    } else if apart >= 0.5 {
        Accord::Some
    } else {
        Accord::Alike
    })
}

/// Where a score lies in the picture, in per cent: from never to always, or from nothing to the most points anybody gave.
pub fn place(method: Method, most: f64, score: f64) -> f64 {
    let at = match method {
        Method::MaxDiff => (score + 1.0) / 2.0,
        Method::Points => score / most.max(1.0),
    };
    (at.clamp(0.0, 1.0) * 1000.0).round() / 10.0
}

/// Priorities that follow from a ranking: must, until half of what matters is covered; should, until four fifths are;
/// could, the rest. By line.
pub fn proposed(it: &Ranked) -> Vec<Priority> {
    let mut before = 0.0;
    let priority = |line: &Line| {
        // What rounding leaves out is not to tip an outcome over.
        let priority = match before + 1e-9 {
            it if it < 0.5 => Priority::Must,
            it if it < 0.8 => Priority::Should,
            _ => Priority::Could,
        };
        before += line.share;
        priority
    };
    it.lines.iter().map(priority).collect()
}

/// What came of a round, as a sentence.
pub fn headline(method: Method, it: &Ranked) -> String {
    let Some(first) = it.lines.first() else { return "Nothing was ranked".to_owned() };
    let apart = it
        .lines
        .iter()
        .filter(|line| accord(method, it.lines.len(), line) == Some(Accord::Apart))
        .max_by(|a, b| a.disagreement.unwrap_or(0.0).total_cmp(&b.disagreement.unwrap_or(0.0)));
    match apart {
        _ if it.voters.len() == 1 => format!("“{}” matters most to the one who answered", first.statement),
        Some(apart) if apart.outcome == first.outcome => {
            format!("“{}” matters most, and on just that people are far apart", first.statement)
        }
        Some(apart) => format!("“{}” matters most; people are far apart on “{}”", first.statement, apart.statement),
        None => format!("“{}” matters most, and nobody is far from that", first.statement),
    }
}

#[cfg(test)]
mod tests;
