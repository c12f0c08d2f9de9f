//! Chance from a seed: the same company each time, but for what follows from the day it is made on.

use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use schema::problem::Problem;

pub struct Chance(StdRng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// From `least` up to and with `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    /// True `percent` times of a hundred.
    pub fn is(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Result<&'a T, Problem> {
        let last = i64::try_from(from.len()).unwrap_or(0) - 1;
        if last < 0 {
            return Err(Problem::internal("the demo has nothing to choose from"));
        }
        let place = usize::try_from(self.between(0, last)).unwrap_or(0);
        from.get(place).ok_or_else(|| Problem::internal("the demo chose what is not there"))
    }
}
