//! The phone's clocks and its randomness, which the pure half is handed. A test hands in others.

use crate::replica::Now;
use schema::time::Timestamp;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

pub trait Clocks {
    fn now(&mut self) -> Now;
    fn random(&mut self) -> [u8; 16];
}

/// The machine's own. Where the system tells (Linux), time since it started goes on from one process to the next.
#[derive(Debug)]
pub struct SystemClocks {
    boot: Option<u64>,
    own_boot: u64,
    started: Instant,
}

impl Default for SystemClocks {
    fn default() -> Self {
        Self { boot: boot_name(), own_boot: rand::random(), started: Instant::now() }
    }
}

fn boot_name() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    u64::from_str_radix(text.replace('-', "").get(..16)?, 16).ok()
}

/// Microseconds since the system started, from `/proc/uptime` (`seconds.hundredths idle`).
fn uptime_us() -> Option<i64> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let (seconds, hundredths): (i64, i64) = (seconds.parse().ok()?, hundredths.parse().ok()?);
    seconds.checked_mul(1_000_000)?.checked_add(hundredths.checked_mul(10_000)?)
}

impl Clocks for SystemClocks {
    fn now(&mut self) -> Now {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
        match self.boot.zip(uptime_us()) {
            Some((boot, uptime_us)) => Now { at, uptime_us, boot },
            None => {
                let uptime_us = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX);
                Now { at, uptime_us, boot: self.own_boot }
            }
        }
    }

    fn random(&mut self) -> [u8; 16] {
        rand::random()
    }
}
