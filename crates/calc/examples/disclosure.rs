//! Times the decision which groups may be published, for companies cut in several ways at once.
//!
//! `cargo run --release -p calc --example disclosure`

use std::{collections::BTreeMap, time::Instant};

use calc::disclosure::release;

fn main() {
    for (people, groupings, threshold) in [
        (70, &[2usize, 5, 6, 6, 5][..], 5),
        (70, &[3, 3, 3, 3, 3, 3, 3], 10),
        (240, &[2, 8, 6, 10, 5], 5),
        (5000, &[2, 40, 20, 15, 8], 5),
        (5000, &[2, 40, 60, 100], 5),
    ] {
        let cells = company(people, groupings);
        let start = Instant::now();
        let verdicts = release(&cells, threshold);
        let seconds = start.elapsed().as_secs_f64();
        let mut counts = BTreeMap::new();
        for verdict in verdicts {
            *counts.entry(format!("{verdict:?}")).or_insert(0) += 1;
        }
        println!("{people} people, groups {groupings:?}, threshold {threshold}: {:.1} ms {counts:?}", seconds * 1e3);
    }
}

/// Everyone, and each group of each grouping; people fall into groups as if by chance, the first groups being larger.
fn company(people: usize, groupings: &[usize]) -> Vec<Vec<usize>> {
    let mut state = 1u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    let mut cells = vec![(0..people).collect()];
    for &groups in groupings {
        let mut grouping = vec![Vec::new(); groups];
        for person in 0..people {
            grouping[below(groups).min(below(groups))].push(person);
        }
        cells.extend(grouping);
    }
    cells
}
