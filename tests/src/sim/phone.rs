//! One phone: the real replica on the real log, over a disk and clocks that fail.

use super::chance::Chance;
use super::fault::{Fault, Sky};
use super::staff::Hand;
use schema::binary::{Bytes, PublicKey};
use schema::edit::Edit;
use schema::id::{JobId, RequestId};
use schema::time::{HOUR, MINUTE, Timestamp};
use sync::handset::{Handset, HandsetError};
use sync::replica::{Input, Now, Output, Replica};
use sync::store::memory::{Faults, MemoryDisk, MemoryStore};
use sync::store::{Entry, Store as _, StoreError};

/// A request that was sent and not answered yet.
#[derive(Debug, Clone, Copy)]
pub struct Flight {
    pub number: u64,
    /// None for anything but a sync.
    pub request: Option<RequestId>,
}

pub struct Phone {
    pub hand: Hand,
    pub disk: MemoryDisk,
    handset: Option<Handset<MemoryStore>>,
    pub chance: Chance,
    sky: Sky,
    /// How far its clock is off, and by how many millionths it runs too fast.
    offset_us: i64,
    drift_ppm: i64,
    boot: u64,
    booted_at: Timestamp,
    pub flight: Option<Flight>,
    pub wants_reference: bool,
    /// A job came whose checklist did not.
    pub wants_checklist: bool,
    pub is_online: bool,
    pub is_old: bool,
    /// Its release knows of packed changes.
    pub packs: bool,
    pub is_full: bool,
    /// It was shut out, and there is no log-in for it any more.
    pub is_locked_out: bool,
    /// Syncs in a row that brought nothing forward.
    pub idle: u32,
    pub image: Option<MemoryDisk>,
    /// A write failed that may turn out to have been made.
    pub in_doubt: bool,
    /// Why its digest may differ from the server's.
    pub may_drift: bool,
}

/// What became of an input.
pub enum Taken {
    Yes(Vec<Output>),
    /// The replica said no; nothing was written.
    No(HandsetError),
    /// The disk failed.
    Lost,
    /// The phone is off.
    Killed,
}

impl Phone {
    pub fn new(hand: Hand, chance: Chance, now: Timestamp, sky: &Sky) -> Self {
        let mut phone = Self {
            hand,
            disk: MemoryDisk::default(),
            handset: None,
            chance,
            sky: sky.clone(),
            offset_us: 0,
            drift_ppm: 0,
            boot: 0,
            booted_at: now,
            flight: None,
            wants_reference: true,
            wants_checklist: false,
            is_online: true,
            is_old: false,
            packs: true,
            is_full: false,
            is_locked_out: false,
            idle: 0,
            image: None,
            in_doubt: false,
            may_drift: false,
        };
        phone.start(now).unwrap();
        phone
    }

    /// Opens the log, as after a power cut or an update.
    pub fn start(&mut self, now: Timestamp) -> Result<(), HandsetError> {
        if self.handset.is_none() {
            self.boot = self.chance.draw();
            self.booted_at = now;
            self.handset = Some(Handset::open(MemoryStore::open(self.disk.clone())?)?);
        }
        Ok(())
    }

    /// The battery is out: what was not synced may be gone in part.
    pub fn kill(&mut self) {
        let kept = self.chance.below(400);
        self.handset = None;
        self.flight = None;
        self.disk.lose_power(kept);
        self.forget_plans();
    }

    /// Another disk in its place.
    pub fn put_image(&mut self, image: &MemoryDisk) {
        self.handset = None;
        self.flight = None;
        self.disk = image.copy();
        self.may_drift = true;
        self.forget_plans();
    }

    pub fn replica(&self) -> Option<&Replica> {
        self.handset.as_ref().map(Handset::replica)
    }

    pub fn public_key(&self) -> Option<PublicKey> {
        self.replica().and_then(Replica::public_key)
    }

    /// What a second look at the disk shows.
    pub fn second_look(&self) -> Result<Replica, String> {
        let mut store = MemoryStore::open(self.disk.copy()).map_err(|error| error.to_string())?;
        Replica::open(&store.load().map_err(|error| error.to_string())?).map_err(|error| error.to_string())
    }

    pub fn clocks(&self, now: Timestamp) -> Now {
        let uptime_us = now.since(self.booted_at);
        let drift_us = uptime_us / 1_000_000 * self.drift_ppm;
        Now { at: now.plus(self.offset_us + drift_us), uptime_us, boot: self.boot }
    }

    pub fn jump(&mut self) {
        self.offset_us = self.chance.between(-3 * HOUR, 3 * HOUR);
    }

    pub fn drift(&mut self) {
        self.drift_ppm = self.chance.between(-2_000, 2_000);
    }

    pub fn set_full(&mut self, is_full: bool) {
        self.is_full = is_full;
        self.forget_plans();
    }

    fn forget_plans(&self) {
        let capacity_bytes = self.is_full.then_some(1);
        self.disk.plan(Faults { capacity_bytes, ..Faults::default() });
    }

    /// Hands an input to the replica while the disk may fail beneath it.
    pub fn take(&mut self, now: Timestamp, input: Input) -> Taken {
        let (clocks, random) = (self.clocks(now), self.chance.bytes());
        let dies = self.plan_fault();
        let Some(handset) = self.handset.as_mut() else { return Taken::Killed };
        let taken = handset.handle(clocks, random, input);
        self.forget_plans();
        match taken {
            Ok(outputs) => Taken::Yes(outputs),
            Err(HandsetError::Store(StoreError::Disk(_))) => {
                self.in_doubt = true;
                if dies {
                    self.kill();
                    return Taken::Killed;
                }
                Taken::Lost
            }
            Err(error) => Taken::No(error),
        }
    }

    /// Whether the phone dies where the fault strikes.
    fn plan_fault(&mut self) -> bool {
        let mut sky = self.sky.borrow_mut();
        let torn = |chance: &mut Chance| Faults { tear_after_bytes: Some(chance.below(300)), ..Faults::default() };
        if self.is_full {
            return false;
        }
        if sky.strikes(Fault::PhoneKilled) {
            let chance = sky.chance(Fault::PhoneKilled);
            let half = chance.percent(50);
            self.disk.plan(if half { torn(chance) } else { Faults { fail_sync: true, ..Faults::default() } });
            return true;
        }
        if sky.strikes(Fault::WriteTorn) {
            self.disk.plan(torn(sky.chance(Fault::WriteTorn)));
        } else if sky.strikes(Fault::SyncFailed) {
            let fail_truncate = sky.chance(Fault::SyncFailed).percent(30);
            self.disk.plan(Faults { fail_sync: true, fail_truncate, ..Faults::default() });
        }
        false
    }

    pub fn edit(&mut self, now: Timestamp, job: JobId, edits: Vec<Edit>) -> Taken {
        self.take(now, Input::Edit { job, edits })
    }

    pub fn remember(&mut self, now: Timestamp, entries: Vec<Entry>) -> Taken {
        self.take(now, Input::Remember(entries))
    }

    /// Rewrites the log, now and then.
    pub fn compact(&mut self) {
        if let Some(handset) = self.handset.as_mut() {
            // A failure leaves the log as it was; the next input mends it.
            drop(handset.compact());
        }
    }

    /// Changes that are neither acknowledged nor judged.
    pub fn unsent_changes(&self) -> Vec<(JobId, Vec<Bytes>)> {
        self.replica().map(Replica::unsent_changes).unwrap_or_default()
    }

    pub fn unsent_in(&self, job: JobId) -> bool {
        self.replica().is_some_and(|replica| replica.all_held().any(|held| held.job == job && held.unsent() > 0))
    }

    /// How long until it tries again.
    pub fn pause(&mut self) -> i64 {
        self.chance.between(MINUTE / 6, 2 * MINUTE)
    }
}
