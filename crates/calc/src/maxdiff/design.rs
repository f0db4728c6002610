//! Which items are shown together, so that each is seen as often as any other, with each other as often as with any.

use serde::Serialize;

/// The sets in which items are shown. Items are counted from 0; within a set they stand in the order in which to show
/// them, such that none stands first more often than it must.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Design {
    pub items: usize,
    pub per_set: usize,
    /// How often each item is shown.
    pub shown: usize,
    /// How often two items meet, at least and at most. Where these are equal the design is a balanced incomplete block
    /// design.
    pub meet: (usize, usize),
    pub sets: Vec<Vec<usize>>,
}

impl Design {
    /// Whether any two items meet equally often.
    pub fn is_balanced(&self) -> bool {
        self.meet.0 == self.meet.1
    }

    fn of(items: usize, sets: Vec<Vec<usize>>) -> Design {
        let mut pairs = vec![0; items * items];
        for set in &sets {
            for (at, one) in set.iter().enumerate() {
                for other in &set[at + 1..] {
                    pairs[one.min(other) * items + one.max(other)] += 1;
                }
            }
        }
        let met = (0..items).flat_map(|one| (one + 1..items).map(move |other| one * items + other)).map(|it| pairs[it]);
        let (least, most) = met.fold((usize::MAX, 0), |(least, most), it| (least.min(it), most.max(it)));
        let per_set = sets[0].len();
        Design { items, per_set, shown: sets.len() * per_set / items, meet: (least, most), sets }
    }
}

/// The design to use for 4 to 20 items, the first of [`designs`]; `None` for fewer, which are better ranked directly,
/// and for more, which are better narrowed down first.
///
/// ```
/// let it = calc::maxdiff::design(7).expect("seven items");
/// assert_eq!((it.sets.len(), it.per_set, it.shown, it.meet), (7, 3, 3, (1, 1)));
/// assert_eq!(it.sets[0], [0, 1, 3]);
/// ```
pub fn design(items: usize) -> Option<Design> {
    designs(items).into_iter().next()
}

/// The designs at hand for 4 to 20 items: balanced ones before nearly balanced ones, and of these the one with the least
/// to read first. The same call always gives the same sets.
///
/// For 7, 9, 10, 11, 13 and 15 items these are the balanced designs of Cochran & Cox 1957, Experimental Designs, table
/// 11.3. Most are cyclic, one set moved on item by item, and so is what stands in where no small balanced design
/// exists: the set whose moves let pairs meet most evenly.
pub fn designs(items: usize) -> Vec<Design> {
    let sizes: &[usize] = match items {
        4 => &[3],
        5 => &[4, 3],
        6 => &[3],
        7 => &[3, 4],
        8 => &[4],
        9 => &[4],
        10 | 12 => &[4],
        11 => &[5, 4],
        13 => &[4],
        14 | 16..=20 => &[5],
        15 => &[7, 5],
        _ => &[],
    };
    let mut designs: Vec<Design> = sizes.iter().map(|per_set| cyclic(items, *per_set)).collect();
    match items {
        6 => designs.push(Design::of(6, triples_of_six())),
        9 => designs.extend([Design::of(9, lines_of_nine()), Design::of(9, all_but_lines_of_nine())]),
        10 => designs.push(Design::of(10, squares_of_five())),
        _ => {}
    }
    designs.sort_by_key(|it| (!it.is_balanced(), it.sets.len() * it.per_set));
    designs
}

/// The cyclic design of so many items, as many sets: of the first sets that let pairs meet most evenly, the first.
fn cyclic(items: usize, per_set: usize) -> Design {
    let moved = |set: &[usize]| -> Vec<Vec<usize>> {
        (0..items).map(|by| set.iter().map(|it| (it + by) % items).collect()).collect()
    };
    let mut best: Option<(usize, Vec<usize>)> = None;
    let mut set: Vec<usize> = (0..per_set).collect();
    loop {
        // How often two items meet depends on their distance around the circle only; uneven are large squares.
        let mut distances = vec![0usize; items];
        for one in &set {
            for other in &set {
                distances[(one + items - other) % items] += 1;
            }
        }
        let uneven = distances[1..].iter().map(|it| it * it).sum();
        if best.as_ref().is_none_or(|(least, _)| uneven < *least) {
            best = Some((uneven, set.clone()));
        }
        // The next set that begins with item 0, in the order of a dictionary.
        let Some(at) = (1..per_set).rev().find(|at| set[*at] < items - per_set + at) else { break };
        set[at] += 1;
        for after in at + 1..per_set {
            set[after] = set[after - 1] + 1;
        }
    }
    let (_, set) = best.expect("the first set was looked at");
    Design::of(items, moved(&set))
}

/// Ten sets of three of six items, each pair twice: one item at rest, five in a circle.
fn triples_of_six() -> Vec<Vec<usize>> {
    let sets: Vec<Vec<usize>> =
        (0..5).flat_map(|by| [vec![5, by, (by + 1) % 5], vec![by, (by + 2) % 5, (by + 3) % 5]]).collect();
    turned(sets)
}

/// Twelve sets of three of nine items, each pair once: the rows, columns and diagonals of a square that has no edges.
fn lines_of_nine() -> Vec<Vec<usize>> {
    let mut lines = Vec::new();
    for (down, right) in [(0, 1), (1, 0), (1, 1), (1, 2)] {
        for from in 0..3 {
            let (row, column) = if down == 0 { (from, 0) } else { (0, from) };
            lines.push((0..3).map(|step| (row + down * step) % 3 * 3 + (column + right * step) % 3).collect());
        }
    }
    turned(lines)
}

/// Twelve sets of six of nine items, each pair five times: what each line leaves out.
fn all_but_lines_of_nine() -> Vec<Vec<usize>> {
    turned(lines_of_nine().into_iter().map(|line| (0..9).filter(|it| !line.contains(it)).collect()).collect())
}

/// Fifteen sets of four of ten items, each pair twice: the items are the edges between five points, the sets the ways
/// to walk round four of them.
fn squares_of_five() -> Vec<Vec<usize>> {
    let edge = |one: usize, other: usize| {
        let (one, other) = (one.min(other), one.max(other));
        one * (9 - one) / 2 + other - one - 1
    };
    let walk = |[a, b, c, d]: [usize; 4]| vec![edge(a, b), edge(b, c), edge(c, d), edge(d, a)];
    let sets = (0..5).flat_map(|left_out| {
        let mut points = (0..5).filter(move |it| *it != left_out);
        let mut next = || points.next().expect("four of five points are left");
        let [a, b, c, d] = [next(), next(), next(), next()];
        [walk([a, b, c, d]), walk([a, b, d, c]), walk([a, c, b, d])]
    });
    turned(sets.collect())
}

/// Each set turned so that the item which stood first least often comes first.
fn turned(mut sets: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut first = vec![0; sets.iter().flatten().max().map_or(0, |it| it + 1)];
    for set in &mut sets {
        let at = (0..set.len()).min_by_key(|at| first[set[*at]]).expect("a set has items");
        set.rotate_left(at);
        first[set[0]] += 1;
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items, items in a set, showings of each, sets, meetings of each pair.
    fn parameters(it: &Design) -> (usize, usize, usize, usize, usize) {
        assert!(it.is_balanced());
        (it.items, it.per_set, it.shown, it.sets.len(), it.meet.0)
    }

    #[test]
    fn the_balanced_designs_of_cochran_and_cox_are_there() {
        for expected in [
            (7, 3, 3, 7, 1),
            (7, 4, 4, 7, 2),
            (9, 6, 8, 12, 5),
            (10, 4, 6, 15, 2),
            (11, 5, 5, 11, 2),
            (13, 4, 4, 13, 1),
            (15, 7, 7, 15, 3),
        ] {
            let found: Vec<_> = designs(expected.0).iter().filter(|it| it.is_balanced()).map(parameters).collect();
            assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
        }
    }

    #[test]
    fn every_design_shows_each_item_equally_often() {
        for it in (4..=20).flat_map(designs) {
            let mut shown = vec![0; it.items];
            for set in &it.sets {
                assert_eq!(set.len(), it.per_set);
                for (at, item) in set.iter().enumerate() {
                    assert!(!set[..at].contains(item), "{set:?}");
                    shown[*item] += 1;
                }
            }
            assert!(shown.iter().all(|times| *times == it.shown), "{} items: {shown:?}", it.items);
            assert_eq!(it.sets.len() * it.per_set, it.items * it.shown, "b·k = t·r");
        }
    }

    #[test]
    fn in_a_balanced_design_each_pair_meets_equally_often() {
        for it in (4..=20).flat_map(designs).filter(Design::is_balanced) {
            for one in 0..it.items {
                for other in one + 1..it.items {
                    let met = it.sets.iter().filter(|set| set.contains(&one) && set.contains(&other)).count();
                    assert_eq!(met, it.meet.0, "{one} and {other} of {}", it.items);
                }
            }
            assert_eq!(it.meet.0 * (it.items - 1), it.shown * (it.per_set - 1), "λ(t − 1) = r(k − 1)");
        }
    }

    #[test]
    fn from_four_to_twenty_items_every_pair_meets_nearly_as_often_as_any_other() {
        for items in 4..=20 {
            let it = design(items).expect("a design");
            let (least, most) = it.meet;
            assert!(most - least <= 2 && most <= 3, "{items} items: {least} to {most}");
            assert!(it.per_set <= 7 && it.sets.len() <= 20, "{items} items: {} sets of {}", it.sets.len(), it.per_set);
        }
        assert_eq!((design(3), design(21)), (None, None));
    }

    #[test]
    fn the_designs_are_those_that_the_documentation_lists() {
        let first = |items| design(items).map(|it| (it.sets.len(), it.per_set, it.meet)).expect("a design");
        let listed = [
            (4, (4, 3, (2, 2))),
            (5, (5, 4, (3, 3))),
            (6, (10, 3, (2, 2))),
            (7, (7, 3, (1, 1))),
            (8, (8, 4, (1, 2))),
            (9, (12, 3, (1, 1))),
            (10, (15, 4, (2, 2))),
            (11, (11, 5, (2, 2))),
            (12, (12, 4, (1, 2))),
            (13, (13, 4, (1, 1))),
            (14, (14, 5, (1, 2))),
            (15, (15, 7, (3, 3))),
            (19, (19, 5, (1, 2))),
            (20, (20, 5, (0, 2))),
        ];
        for (items, expected) in listed {
            assert_eq!(first(items), expected, "{items} items");
        }
    }

    #[test]
    fn no_item_stands_first_much_more_often_than_another() {
        for it in (4..=20).flat_map(designs) {
            let first = |item| it.sets.iter().filter(|set| set[0] == item).count();
            let (least, most) = (0..it.items).map(first).fold((usize::MAX, 0), |(l, m), it| (l.min(it), m.max(it)));
            assert!(most - least <= 1, "{} items: {least} to {most} times first", it.items);
        }
    }
}
