//! Movement on the radar, and where its blips stand.

use std::f64::consts::FRAC_PI_2;

use jiff::{ToSpan, civil::Date};
use kit::format::{list, order_of};

use crate::envisioning::model::{Quadrant, RadarEntry, Ring};

/// How an entry moved at the last review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    In,
    Out,
    New,
    None,
}

impl Movement {
    pub fn label(self) -> &'static str {
        match self {
            Movement::In => "moved in",
            Movement::Out => "moved out",
            Movement::New => "new",
            Movement::None => "unmoved",
        }
    }
}

/// An entry without a ring before has not been through a review: it is new.
pub fn movement(entry: &RadarEntry) -> Movement {
    match entry.ring_before {
        None => Movement::New,
        Some(before) if before > entry.ring => Movement::In,
        Some(before) if before < entry.ring => Movement::Out,
        Some(_) => Movement::None,
    }
}

/// The entry after a review that puts it into a ring.
pub fn reviewed(entry: &RadarEntry, ring: Ring, why: Option<String>, on: Date) -> RadarEntry {
    RadarEntry { ring, ring_before: Some(entry.ring), reviewed: Some(on), why, ..entry.clone() }
}

/// How many entries nobody has looked at for a year. Whoever entered one in that year, as `entered` says, has looked at
/// it.
pub fn stale(entries: &[RadarEntry], entered: impl Fn(&RadarEntry) -> bool, today: Date) -> usize {
    let year_ago = today - 1.year();
    entries.iter().filter(|it| it.reviewed.map_or_else(|| !entered(it), |it| it < year_ago)).count()
}

/// The entries in the order in which they are numbered: by quadrant, from the middle outwards, by name.
pub fn numbered(mut entries: Vec<RadarEntry>) -> Vec<RadarEntry> {
    entries.sort_by_cached_key(|it| (it.quadrant, it.ring, order_of(&it.name)));
    entries
}

/// The radar in a sentence.
pub fn finding(entries: &[RadarEntry]) -> String {
    let of = |movement_: Movement| entries.iter().filter(|it| movement(it) == movement_).collect::<Vec<_>>();
    let (inward, outward, new) = (of(Movement::In), of(Movement::Out), of(Movement::New));
    let names = |of: &[&RadarEntry]| list(&of.iter().map(|it| it.name.clone()).collect::<Vec<_>>());
    match (inward.len(), outward.len(), new.len()) {
        (0, 0, 0) => "Nothing moved on the radar at the last review".to_owned(),
        (0, 0, _) if new.len() == entries.len() => {
            let adopt = entries.iter().filter(|it| it.ring == Ring::Adopt).count();
            let word = if entries.len() == 1 { "technology" } else { "technologies" };
            format!("{} {word} on the radar, {adopt} to adopt", entries.len())
        }
        (1 | 2, 0, _) => format!("{} moved in at the last review", names(&inward)),
        (0, 1 | 2, _) => format!("{} moved out at the last review", names(&outward)),
        (0, 0, n) => format!("{n} new on the radar, nothing else moved"),
        (n, 0, _) => format!("{n} technologies moved in at the last review, none moved out"),
        (0, n, _) => format!("{n} technologies moved out at the last review, none moved in"),
        (1 | 2, m, _) => format!("{} moved in at the last review, {m} moved out", names(&inward)),
        (n, m, _) => format!("{n} technologies moved in at the last review, {m} moved out"),
    }
}

/// Half of the width of the picture, in its own units; the middle is at (0, 0).
pub const HALF: f64 = 300.0;
/// Where each ring ends, from the middle outwards.
pub const RINGS: [f64; 4] = [124.0, 190.0, 244.0, 292.0];
/// The distance between the middles of two blips where there is room.
const STEP: f64 = 30.0;
/// What a blip takes of the distance between two.
const FILLED: f64 = 0.41;

/// Where the blips stand, in the order of the entries, and how large all of them are.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub at: Vec<(f64, f64)>,
    pub radius: f64,
}

/// Places blips within their quadrant and ring so that none touches another or a line. The same entries are always
/// placed alike. Where a field is too full, all blips become smaller.
pub fn place(fields: &[(Quadrant, Ring)]) -> Placed {
    let mut step = STEP;
    loop {
        let mut at = vec![(0.0, 0.0); fields.len()];
        let mut fits = true;
        for quadrant in Quadrant::ALL {
            for ring in Ring::ALL {
                let here: Vec<usize> = (0..fields.len()).filter(|it| fields[*it] == (*quadrant, *ring)).collect();
                let free = slots(*ring, step);
                if here.len() > free.len() {
                    fits = false;
                    break;
                }
                for (turn, entry) in here.iter().enumerate() {
                    // Spread over the whole field instead of filling it from one side.
                    let slot = free[(2 * turn + 1) * free.len() / (2 * here.len())];
                    at[*entry] = turned(slot, *quadrant);
                }
            }
        }
        if fits {
            return Placed { at, radius: step * FILLED };
        }
        step *= 0.9;
    }
}

/// The places of a field as angle (from one edge of the quadrant) and distance from the middle: rows of a fixed
/// distance, and on each row so many that neighbours keep it too. Inner and outer rows take turns, so that few
/// blips are not all on one row.
fn slots(ring: Ring, step: f64) -> Vec<(f64, f64)> {
    let outer = RINGS[ring as usize] - step / 2.0;
    let inner = if ring == Ring::Adopt { step * 0.75 } else { RINGS[ring as usize - 1] + step / 2.0 };
    let room = (outer - inner).max(0.0);
    let rows = (room / step).floor() as usize + 1;
    let mut all: Vec<(f64, f64)> = Vec::new();
    for row in 0..rows {
        let distance = if rows == 1 { (inner + outer) / 2.0 } else { outer - room / (rows - 1) as f64 * row as f64 };
        // No blip reaches over the edges of the quadrant, and neighbours are a chord of `step` apart.
        let edge = (step / 2.0 / distance).min(1.0).asin();
        let between = 2.0 * (step / 2.0 / distance).min(1.0).asin();
        let wide = FRAC_PI_2 - 2.0 * edge;
        if wide < 0.0 {
            continue;
        }
        let many = (wide / between + 1e-9).floor() as usize + 1;
        for it in 0..many {
            let angle = if many == 1 { FRAC_PI_2 / 2.0 } else { edge + wide * it as f64 / (many - 1) as f64 };
            all.push((angle, distance));
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    all
}

/// A place of a field in the picture: the first quadrant is in the upper left, the others follow clockwise.
fn turned((angle, distance): (f64, f64), quadrant: Quadrant) -> (f64, f64) {
    let from = std::f64::consts::PI + FRAC_PI_2 * quadrant as usize as f64;
    ((from + angle).cos() * distance, (from + angle).sin() * distance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::envisioning::model::RadarEntryId;

    fn entry(name: &str, ring: Ring, before: Option<Ring>) -> RadarEntry {
        RadarEntry {
            id: RadarEntryId(db::uuid::Uuid::nil()),
            version: 1,
            name: name.to_owned(),
            quadrant: Quadrant::Data,
            ring,
            ring_before: before,
            reviewed: None,
            relevance: None,
            foundation: None,
            efficiency: None,
            insight: None,
            growth: None,
            why: None,
        }
    }

    #[test]
    fn towards_the_middle_is_in_and_no_ring_before_is_new() {
        assert_eq!(movement(&entry("a", Ring::Adopt, Some(Ring::Try))), Movement::In);
        assert_eq!(movement(&entry("a", Ring::Stop, Some(Ring::Try))), Movement::Out);
        assert_eq!(movement(&entry("a", Ring::Try, Some(Ring::Try))), Movement::None);
        assert_eq!(movement(&entry("a", Ring::Try, None)), Movement::New);
    }

    #[test]
    fn a_review_remembers_where_an_entry_stood_also_where_it_stays() {
        let day = jiff::civil::date(2026, 11, 23);
        let moved = reviewed(&entry("a", Ring::Watch, None), Ring::Try, Some("It works".to_owned()), day);
        assert_eq!((moved.ring, moved.ring_before, moved.reviewed), (Ring::Try, Some(Ring::Watch), Some(day)));
        let stays = reviewed(&moved, Ring::Try, None, day);
        assert_eq!(movement(&stays), Movement::None);
    }

    #[test]
    fn an_entry_is_looked_at_on_the_day_of_its_review_and_until_one_on_the_day_that_it_was_entered() {
        let today = jiff::civil::date(2026, 11, 23);
        let of = |reviewed: Option<Date>, is_new: bool| {
            stale(&[RadarEntry { reviewed, ..entry("a", Ring::Try, None) }], |_| is_new, today)
        };
        assert_eq!([of(None, true), of(None, false)], [0, 1]);
        assert_eq!([of(Some(today - 1.year()), false), of(Some(today - 13.months()), true)], [0, 1]);
    }

    #[test]
    fn the_finding_names_what_moved() {
        let all = [
            entry("Sensors on pumps", Ring::Try, Some(Ring::Watch)),
            entry("Fax", Ring::Stop, Some(Ring::Stop)),
            entry("Terminals", Ring::Stop, Some(Ring::Watch)),
        ];
        assert_eq!(finding(&all), "Sensors on pumps moved in at the last review, 1 moved out");
        assert_eq!(finding(&all[1..2]), "Nothing moved on the radar at the last review");
    }

    #[test]
    fn few_entries_are_as_large_as_can_be_and_stand_where_they_stood() {
        let fields = [(Quadrant::Data, Ring::Adopt), (Quadrant::Data, Ring::Adopt), (Quadrant::Products, Ring::Stop)];
        assert_eq!(place(&fields), place(&fields));
        assert_eq!(place(&fields).radius, STEP * FILLED);
    }

    proptest! {
        #[test]
        fn no_blip_touches_another_or_leaves_its_field(
            fields in proptest::collection::vec((0usize..4, 0usize..4), 0..160),
        ) {
            let fields: Vec<(Quadrant, Ring)> = fields.iter().map(|(q, r)| (Quadrant::ALL[*q], Ring::ALL[*r])).collect();
            let placed = place(&fields);
            for (at, (a, field)) in placed.at.iter().zip(&fields).enumerate() {
                for b in &placed.at[..at] {
                    let apart = ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
                    prop_assert!(apart >= 2.0 * placed.radius, "{a:?} and {b:?} are {apart} apart");
                }
                let distance = (a.0.powi(2) + a.1.powi(2)).sqrt();
                let inner = if field.1 == Ring::Adopt { 0.0 } else { RINGS[field.1 as usize - 1] };
                prop_assert!(distance + placed.radius <= RINGS[field.1 as usize] && distance - placed.radius >= inner - 1e-9);
                prop_assert!(a.0.abs() >= placed.radius && a.1.abs() >= placed.radius, "{a:?} lies on a line");
                let quadrant = match (a.0 < 0.0, a.1 < 0.0) {
                    (true, true) => Quadrant::Infrastructure,
                    (false, true) => Quadrant::Workplace,
                    (false, false) => Quadrant::Data,
                    (true, false) => Quadrant::Products,
                };
                prop_assert_eq!(quadrant, field.0);
            }
        }
    }
}
