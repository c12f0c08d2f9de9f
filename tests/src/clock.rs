//! A clock that stands still until a test moves it, so that no test depends on the time of day.

use schema::time::Timestamp;
use server::state::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-03-02T01:00:00Z: a Monday, nine in the morning in Shanghai.
const START: Timestamp = Timestamp::from_micros(1_772_413_200_000_000);

/// Shared by its clones: a server keeps one, its test moves it.
#[derive(Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    pub fn set(&self, at: Timestamp) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }

    /// Moves the clock by `micros`, back where they are negative; as in `clock.advance(2 * HOUR)`.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// What the server reads.
    pub fn as_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(START.micros())))
    }
}
