//! What goes wrong. Each kind draws from a stream of its own, so a run without one kind meets the others as before, so far as the
//! course of things allows: that is what makes a failing run shrink.

use super::chance::Chance;
use std::cell::RefCell;
use std::rc::Rc;

macro_rules! faults {
    ($($fault:ident = $name:literal, $percent:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault { $($fault),+ }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$fault),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$fault => $name),+ }
            }

            /// How often it strikes where it can, in a run whose weather has it.
            const fn percent(self) -> usize {
                match self { $(Self::$fault => $percent),+ }
            }
        }
    };
}

faults! {
    RequestLost = "request lost", 8;
    RequestDelayed = "request delayed past its timeout", 6;
    RequestTwice = "request delivered twice", 8;
    RequestCut = "request cut in its body", 5;
    AnswerLost = "answer lost after the commit", 10;
    AnswerDelayed = "answer delayed past its timeout", 6;
    AnswerTwice = "answer delivered twice", 8;
    AnswerCut = "answer cut in its body", 5;
    ServerFailsBeforeCommit = "server killed before its commit", 4;
    ServerFailsAfterCommit = "server killed between commit and answer", 4;
    ServerRestored = "server restored from an old backup", 12;
    PhoneKilled = "phone killed at a write", 3;
    WriteTorn = "write torn, phone goes on", 3;
    SyncFailed = "disk refused to sync", 3;
    DiskFull = "disk full", 12;
    ClockJumped = "phone's clock jumped", 15;
    ClockDrifts = "phone's clock drifts", 50;
    ImageRestored = "old phone image restored", 12;
    SecondTab = "second tab opened the store", 30;
    DeviceRevoked = "device revoked", 8;
    SessionEnded = "session ended on the server", 12;
    JobMoved = "job moved while its technician had unsent work", 50;
    JobCancelled = "job cancelled while its technician had unsent work", 50;
    PricesChanged = "price list changed in flight", 15;
    OldProtocol = "phone speaks an older protocol", 10;
    ForbiddenWrite = "phone wrote what it may not", 10;
    StepsInterleaved = "others ran between two steps of a push", 40;
    OtherRelease = "server went to a release from before or after packed changes", 20;
    TemplateChanged = "checklist published in flight", 30;
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults(u64);

impl Faults {
    pub fn with(self, fault: Fault) -> Self {
        Self(self.0 | 1 << fault as u32)
    }

    pub fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u32) != 0
    }
}

/// The weather of one run: which kinds it has at all, and how often each struck.
#[derive(Debug)]
pub struct Weather {
    streams: Vec<Chance>,
    on: Vec<bool>,
    struck: Vec<u64>,
    calm: bool,
}

/// Shared by everybody in a run.
pub type Sky = Rc<RefCell<Weather>>;

impl Weather {
    /// A run has about half of all kinds: with all of them on, none would be met alone.
    pub fn new(seed: u64, without: Faults) -> Sky {
        let mut season = Chance::of(seed, "season");
        let on = Fault::ALL.iter().map(|fault| season.percent(50) && !without.has(*fault)).collect();
        let streams = Fault::ALL.iter().map(|fault| Chance::of(seed, fault.name())).collect();
        Rc::new(RefCell::new(Self { streams, on, struck: vec![0; Fault::ALL.len()], calm: true }))
    }

    /// Nothing goes wrong from here on, or again.
    pub fn set_calm(&mut self, calm: bool) {
        self.calm = calm;
    }

    /// Whether it goes wrong this time.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let place = fault as usize;
        if !self.on[place] || self.calm || !self.streams[place].percent(fault.percent()) {
            return false;
        }
        self.struck[place] += 1;
        true
    }

    /// The stream of a kind, for how it strikes.
    pub fn chance(&mut self, fault: Fault) -> &mut Chance {
        &mut self.streams[fault as usize]
    }

    pub fn struck(&self) -> &[u64] {
        &self.struck
    }
}
