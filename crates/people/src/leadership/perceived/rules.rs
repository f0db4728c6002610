//! What was agreed against what people believe: pure.

use db::uuid::Uuid;
use kit::method::Side;
use serde::{Deserialize, Serialize};

/// Fewer answers than this from a side are not shown in an anonymous round.
pub const THRESHOLD: usize = 5;
/// From this share on it counts as known.
pub const KNOWN: f64 = 0.75;

/// A row as it was when the round began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRow {
    pub line: Uuid,
    pub title: String,
    /// The word for its kind.
    pub kind: String,
    /// The role that answers for it, as agreed.
    pub agreed: Uuid,
}

/// What is asked: a copy, so that a later change of the matrix changes no result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub rows: Vec<AskedRow>,
    /// The roles to choose from: identifier, name, and who holds it.
    pub roles: Vec<(Uuid, String, String)>,
}

impl Asked {
    pub fn role(&self, id: Uuid) -> &str {
        self.roles.iter().find(|it| it.0 == id).map_or("", |it| &it.1)
    }
}

/// What one person said of one row; nothing: cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub line: Uuid,
    pub side: Side,
    pub accountable: Option<Uuid>,
    pub responsible: Option<Uuid>,
}

/// The value of “I cannot say” in a form; nothing stands for what was not touched.
pub const CANNOT_SAY: &str = "none";

/// Whether nothing was chosen in a form, of any row.
pub fn is_untouched(asked: &Asked, get: impl Fn(&str) -> String) -> bool {
    asked.rows.iter().all(|row| ["a", "r"].iter().all(|it| get(&format!("{it}-{}", row.line)).is_empty()))
}

/// Reads a form: for each row of the round who answers for it and who does it. `None` where a role is named that was
/// not offered.
pub fn read(asked: &Asked, side: Side, get: impl Fn(&str) -> String) -> Option<Vec<Said>> {
    let choice = |key: String| match get(&key) {
        text if text.is_empty() || text == CANNOT_SAY => Some(None),
        text => {
            let id: Uuid = text.parse().ok()?;
            asked.roles.iter().any(|it| it.0 == id).then_some(Some(id))
        }
    };
    asked
        .rows
        .iter()
        .map(|row| {
            let accountable = choice(format!("a-{}", row.line))?;
            let responsible = choice(format!("r-{}", row.line))?;
            Some(Said { line: row.line, side, accountable, responsible })
        })
        .collect()
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub agree: usize,
    pub of: usize,
}

impl Share {
    pub fn rate(self) -> f64 {
        self.agree as f64 / self.of.max(1) as f64
    }
}

/// One row's result, over the sides that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub line: Uuid,
    pub title: String,
    pub kind: String,
    pub agreed: String,
    /// In the order of [`Results::sides`].
    pub sides: Vec<Share>,
    pub all: Share,
    /// Whom else people name, most first: role and how many.
    pub others: Vec<(String, usize)>,
    /// How many cannot say.
    pub cannot_say: usize,
    /// How many name as doer the role that they name as accountable, of those who named a doer; of nobody where those are
    /// too few to be shown.
    pub does_too: Share,
}

/// A round's results. Nothing that concerns fewer people than the threshold is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// The sides that are shown, and how many of each answered.
    pub sides: Vec<(Side, usize)>,
    /// Sides that answered and are not shown, because they are too few.
    pub withheld: Vec<Side>,
    /// The least agreement first.
    pub lines: Vec<Line>,
}

impl Results {
    /// How many of a side's answers name the agreed role, over all rows; nothing where the side is not shown.
    pub fn of_side(&self, side: Side) -> Option<Share> {
        let at = self.sides.iter().position(|it| it.0 == side)?;
        Some(sum(self.lines.iter().map(|it| it.sides[at])))
    }

    pub fn all(&self) -> Share {
        sum(self.lines.iter().map(|it| it.all))
    }
}

fn sum(shares: impl Iterator<Item = Share>) -> Share {
    shares.fold(Share::default(), |sum, it| Share { agree: sum.agree + it.agree, of: sum.of + it.of })
}

/// Holds what was said against what was agreed. A side with too few answers is left out altogether, of the totals
/// too, so that nothing can be found by taking one figure from another.
pub fn results(asked: &Asked, said: &[Said], anonymous: bool) -> Results {
    let first = asked.rows.first().map(|it| it.line);
    let answered = |side: Side| said.iter().filter(|it| it.side == side && Some(it.line) == first).count();
    let is_shown = |n: usize| n > 0 && (!anonymous || n >= THRESHOLD);
    let sides: Vec<(Side, usize)> =
        Side::ALL.iter().map(|it| (*it, answered(*it))).filter(|it| is_shown(it.1)).collect();
    let withheld = Side::ALL.iter().copied().filter(|it| answered(*it) > 0 && !is_shown(answered(*it))).collect();
    let mut lines: Vec<Line> = asked
        .rows
        .iter()
        .map(|row| {
            let of_row: Vec<&Said> = said
                .iter()
                .filter(|it| it.line == row.line && sides.iter().any(|(side, _)| *side == it.side))
                .collect();
            let share = |of: &mut dyn Iterator<Item = &&Said>| {
                of.fold(Share::default(), |sum, it| Share {
                    agree: sum.agree + usize::from(it.accountable == Some(row.agreed)),
                    of: sum.of + 1,
                })
            };
            let mut others: Vec<(String, usize)> = asked
                .roles
                .iter()
                .filter(|it| it.0 != row.agreed)
                .map(|(id, name, _)| (name.clone(), of_row.iter().filter(|it| it.accountable == Some(*id)).count()))
                .filter(|it| it.1 > 0)
                .collect();
            others.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            // Who left either question out has not said whether the two are one.
            let said_both = |it: &&&Said| it.responsible.is_some() && it.accountable.is_some();
            let mut doers: Vec<&&Said> = of_row.iter().filter(said_both).collect();
            if !is_shown(doers.len()) {
                doers.clear();
            }
            Line {
                line: row.line,
                title: row.title.clone(),
                kind: row.kind.clone(),
                agreed: asked.role(row.agreed).to_owned(),
                sides: sides.iter().map(|(side, _)| share(&mut of_row.iter().filter(|it| it.side == *side))).collect(),
                all: share(&mut of_row.iter()),
                others,
                cannot_say: of_row.iter().filter(|it| it.accountable.is_none()).count(),
                does_too: Share {
                    agree: doers.iter().filter(|it| it.responsible == it.accountable).count(),
                    of: doers.len(),
                },
            }
        })
        .collect();
    lines.sort_by(|a, b| a.all.rate().total_cmp(&b.all.rate()));
    Results { sides, withheld, lines }
}

/// The finding, as a heading; `percent` writes a share of one.
pub fn headline(it: &Results, percent: impl Fn(f64) -> String) -> String {
    if it.sides.is_empty() {
        return "Too few have answered to show anything".to_owned();
    }
    let share = percent(it.all().rate());
    match it.lines.first().filter(|it| it.all.agree < it.all.of) {
        None => "Everybody names the role that was agreed, in every row".to_owned(),
        Some(worst) => match worst.others.first().filter(|other| other.1 > worst.all.agree) {
            Some((_, n)) if worst.others.get(1).is_some_and(|next| next.1 == *n) => format!(
                "{share} of the answers name the agreed role; on “{}” people name {} other roles",
                worst.title,
                worst.others.len()
            ),
            Some((other, n)) => format!(
                "{share} of the answers name the agreed role; for “{}” {n} of {} name {other} instead",
                worst.title, worst.all.of
            ),
            None => format!(
                "{share} of the answers name the agreed role; fewest for “{}”, {} of {}",
                worst.title, worst.all.agree, worst.all.of
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROW: Uuid = Uuid::from_u128(1);
    const RIGHT: Uuid = Uuid::from_u128(10);
    const WRONG: Uuid = Uuid::from_u128(11);

    fn asked() -> Asked {
        let row = AskedRow { line: ROW, title: "Master data".into(), kind: "Activity".into(), agreed: RIGHT };
        let role = |id, name: &str| (id, name.to_owned(), String::new());
        Asked { rows: vec![row], roles: vec![role(RIGHT, "Spare parts"), role(WRONG, "IT leader")] }
    }

    fn said(side: Side, accountable: Option<Uuid>, n: usize) -> Vec<Said> {
        vec![Said { line: ROW, side, accountable, responsible: None }; n]
    }

    #[test]
    fn the_share_that_agrees_is_counted_by_side_and_the_biggest_confusion_is_named() {
        let all = [
            said(Side::Business, Some(WRONG), 4),
            said(Side::Business, Some(RIGHT), 1),
            said(Side::Business, None, 1),
            said(Side::It, Some(RIGHT), 5),
        ]
        .concat();
        let it = results(&asked(), &all, true);
        assert_eq!(it.of_side(Side::Business), Some(Share { agree: 1, of: 6 }));
        assert_eq!(it.all(), Share { agree: 6, of: 11 });
        assert_eq!((it.lines[0].others[0].clone(), it.lines[0].cannot_say), (("IT leader".to_owned(), 4), 1));
        assert!(
            headline(&it, |it| format!("{:.0}%", it * 100.0)).starts_with("55% of the answers name the agreed role")
        );
        let third = Uuid::from_u128(12);
        let mut three = asked();
        three.roles.push((third, "Buyer".to_owned(), String::new()));
        let all = [said(Side::Business, Some(WRONG), 1), said(Side::It, Some(third), 1)].concat();
        let tie = headline(&results(&three, &all, false), |it| format!("{:.0}%", it * 100.0));
        assert_eq!(tie, "0% of the answers name the agreed role; on “Master data” people name 2 other roles");
    }

    #[test]
    fn a_side_below_the_threshold_is_in_no_figure_of_an_anonymous_round() {
        let all = [said(Side::Business, Some(RIGHT), 4), said(Side::It, Some(WRONG), 5)].concat();
        let it = results(&asked(), &all, true);
        assert_eq!((it.sides.clone(), it.withheld.clone()), (vec![(Side::It, 5)], vec![Side::Business]));
        assert_eq!(it.all(), Share { agree: 0, of: 5 });
        assert_eq!(results(&asked(), &all, false).all(), Share { agree: 4, of: 9 });
    }

    #[test]
    fn a_role_that_was_not_offered_is_refused_and_no_answer_is_an_answer() {
        let form =
            |value: &'static str| move |key: &str| if key.starts_with("a-") { value.to_owned() } else { String::new() };
        assert_eq!(read(&asked(), Side::It, form("00000000-0000-0000-0000-00000000ffff")), None);
        assert_eq!(read(&asked(), Side::It, form("nonsense")), None);
        assert_eq!(read(&asked(), Side::It, form("")), Some(said(Side::It, None, 1)));
        assert_eq!(read(&asked(), Side::It, form(CANNOT_SAY)), Some(said(Side::It, None, 1)));
        assert!(is_untouched(&asked(), form("")) && !is_untouched(&asked(), form(CANNOT_SAY)));
    }

    #[test]
    fn only_who_answered_both_questions_says_whether_one_role_answers_and_does() {
        let of = |accountable, responsible| Said { line: ROW, side: Side::It, accountable, responsible };
        let all = [of(Some(RIGHT), Some(RIGHT)), of(Some(RIGHT), None), of(None, Some(RIGHT)), of(None, None)];
        assert_eq!(results(&asked(), &all, false).lines[0].does_too, Share { agree: 1, of: 1 });
    }

    proptest! {
        #[test]
        fn no_figure_of_an_anonymous_round_concerns_fewer_than_the_threshold(business in 0usize..9, it in 0usize..9, provider in 0usize..9, doers in 0usize..27) {
            let mut all = [said(Side::Business, Some(RIGHT), business), said(Side::It, Some(WRONG), it), said(Side::Provider, None, provider)].concat();
            all.iter_mut().take(doers).for_each(|it| it.responsible = Some(RIGHT));
            let found = results(&asked(), &all, true);
            for line in &found.lines {
                for share in line.sides.iter().chain([&line.all, &line.does_too]) {
                    prop_assert!(share.of == 0 || share.of >= THRESHOLD);
                }
                prop_assert_eq!(line.sides.iter().map(|it| it.of).sum::<usize>(), line.all.of);
                prop_assert_eq!(line.all.agree + line.cannot_say + line.others.iter().map(|it| it.1).sum::<usize>(), line.all.of);
            }
        }
    }
}
