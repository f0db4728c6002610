//! A generator whose draws are the same on every machine and in every later version.

/// SplitMix64 (Steele, Lea and Flood 2014). Each seed has many streams, so that the hundredth resample does not depend
/// on how many draws the first took.
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64, stream: u64) -> Draws {
        Draws(mix(seed).wrapping_add(mix(!stream)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number from 0 up to, but not including, `limit`; each equally likely to within `limit` parts in 2⁶⁴.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}

fn mix(mut it: u64) -> u64 {
    it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    it ^ (it >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_stream_give_the_same_draws() {
        let draw = |seed, stream| {
            let mut draws = Draws::new(seed, stream);
            [draws.below(1000), draws.below(1000), draws.below(1000)]
        };
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
        assert_ne!(draw(1, 0), draw(2, 0));
    }

    #[test]
    fn every_number_below_the_limit_is_drawn_about_equally_often() {
        let mut draws = Draws::new(7, 0);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[draws.below(6)] += 1;
        }
        assert!(counts.iter().all(|it| (9_600..10_400).contains(it)), "{counts:?}");
    }
}
