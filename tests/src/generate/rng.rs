//! The deterministic source of choices.

/// A splitmix generator: small, and the same for ever, so that a seed in a report stays good.
pub(super) struct Rng(u64);

impl Rng {
    /// The choices of body `number` of `seed`.
    pub(super) fn new(seed: u64, number: u64) -> Rng {
        let mut rng =
            Rng(seed.wrapping_mul(0xd1b5_4a32_d192_ed03) ^ number.wrapping_mul(0xaef1_7502_108e_f2d9));
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// One of these, by weight.
    pub(super) fn weighted<T: Copy>(&mut self, of: &[(usize, T)]) -> T {
        let mut rest = self.below(of.iter().map(|(weight, _)| weight).sum());
        for (weight, what) in of {
            if rest < *weight {
                return *what;
            }
            rest -= weight;
        }
        of[0].1
    }
}
