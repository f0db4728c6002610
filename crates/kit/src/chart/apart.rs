//! Marks that would cover each other are moved apart, always alike, so that each of them is seen. A mark on a scale leaves
//! its line and keeps its value; one in a plane has its true place shown by a thin line. The table beside a picture
//! holds the figures as they are.

/// Marks on one scale that are nearer to each other than this share of its length stand one above the other.
const NEAR: f64 = 0.06;
/// How far each of the two then leaves the line, in pixels: half of a mark.
const OFF: f64 = 6.5;

/// How far above the line the first of two marks of a row stands, and the second below it, in pixels. Their places are
/// shares of the scale.
pub fn pair(first: f64, second: f64) -> f64 {
    if (first - second).abs() < NEAR { OFF } else { 0.0 }
}

/// The narrowest frame in which a plane of marks is drawn, a phone's, and the diameter of a mark there, in pixels. In
/// a wider frame they are only farther from each other.
const FRAME: (f64, f64) = (286.0, 360.0);
const MARK: f64 = 20.0;
/// More rounds are not needed: what still touches after them does not cover.
const ROUNDS: usize = 400;

/// The places of marks in a plane, in per cent of its width and height, so moved that none covers another.
#[expect(clippy::cast_precision_loss, reason = "a picture holds few marks")]
pub fn spread(marks: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let inside = |at: f64, length: f64| at.clamp(MARK / 2.0, length - MARK / 2.0);
    let mut at: Vec<(f64, f64)> = marks
        .iter()
        .map(|(x, y)| (inside(x / 100.0 * FRAME.0, FRAME.0), inside(y / 100.0 * FRAME.1, FRAME.1)))
        .collect();
    for _ in 0..ROUNDS {
        let mut touched = false;
        for one in 0..at.len() {
            for other in 0..one {
                let (wide, high) = (at[one].0 - at[other].0, at[one].1 - at[other].1);
                let apart = wide.hypot(high);
                if apart + 0.01 >= MARK {
                    continue;
                }
                touched = true;
                // Marks of the very same place part into directions of their own.
                let (wide, high) = match apart {
                    0.0 => ((one as f64 * 2.4).cos(), (one as f64 * 2.4).sin()),
                    _ => (wide / apart, high / apart),
                };
                let push = (MARK - apart) / 2.0;
                at[one] = (inside(at[one].0 + wide * push, FRAME.0), inside(at[one].1 + high * push, FRAME.1));
                at[other] = (inside(at[other].0 - wide * push, FRAME.0), inside(at[other].1 - high * push, FRAME.1));
            }
        }
        if !touched {
            break;
        }
    }
    let place = |it: f64, length: f64| (it / length * 1000.0).round() / 10.0;
    at.into_iter().map(|(x, y)| (place(x, FRAME.0), place(y, FRAME.1))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Places as surveys make them: means of few answers, so that many are the same.
    fn marks() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let mark = (0..=20_i32, 0..=20_i32).prop_map(|(x, y)| (f64::from(x) * 5.0, f64::from(y) * 5.0));
        prop::collection::vec(mark, 0..=15)
    }

    proptest! {
        #[test]
        fn no_mark_of_a_plane_covers_another_wholly(marks in marks()) {
            let at = spread(&marks);
            prop_assert_eq!(&at, &spread(&marks));
            for (one, mark) in at.iter().enumerate() {
                for other in &at[..one] {
                    let apart: f64 = ((mark.0 - other.0) / 100.0 * FRAME.0).hypot((mark.1 - other.1) / 100.0 * FRAME.1);
                    prop_assert!(apart > MARK * 0.75, "{mark:?} and {other:?} are {apart} apart");
                }
            }
        }

        #[test]
        fn no_mark_of_a_row_covers_the_other_wholly(first in 0.0..=1.0f64, second in 0.0..=1.0f64) {
            let (narrowest, mark) = (200.0, 2.0 * OFF);
            let apart: f64 = ((first - second) * narrowest).hypot(2.0 * pair(first, second));
            prop_assert!(apart >= mark * 0.9, "{apart} apart");
        }
    }

    #[test]
    fn marks_that_are_apart_stay_where_they_are() {
        let marks = [(20.0, 20.0), (50.0, 50.0), (80.0, 20.0)];
        assert_eq!(spread(&marks), marks);
    }

    #[test]
    fn fifteen_marks_of_one_place_are_all_seen() {
        let at = spread(&[(4.0, 96.0); 15]);
        let distinct: std::collections::BTreeSet<String> = at.iter().map(|it| format!("{it:?}")).collect();
        assert_eq!(distinct.len(), 15);
        assert!(at.iter().all(|(x, y)| (0.0..=100.0).contains(x) && (0.0..=100.0).contains(y)), "{at:?}");
    }
}
