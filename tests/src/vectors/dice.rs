//! Chance that is the same for ever: SplitMix64, written out, because the generators of crates change with their versions.

/// The state; begins as the seed.
#[derive(Debug, Clone, Copy)]
pub struct Dice(pub u64);

impl Dice {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `sides`, which is at least 1.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.word() % sides
    }

    /// Once in so many times.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    pub fn number(&mut self, sides: i64) -> i64 {
        i64::try_from(self.below(sides.unsigned_abs())).unwrap()
    }

    /// One of these, which are not none.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        let place = usize::try_from(self.below(from.len() as u64)).unwrap();
        from.get(place).unwrap()
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.word().to_le_bytes()[0])
    }
}
