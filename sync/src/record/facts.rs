//! What it takes a walk through a record to find out: found out once, and shared by all copies of it. A push of one tap would walk
//! further for this than for the tap.

use super::maps::Maps;
use super::{ChangeInfo, Record};
use automerge::Automerge;
use schema::binary::{Actor, Hash};
use schema::record::JobRecord;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What is known of a record in one state.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    maps: OnceLock<Arc<Maps>>,
    past: OnceLock<Arc<Past>>,
    pub(super) view: OnceLock<Arc<JobRecord>>,
}

/// The changes of a record, as far as the next one is judged by them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    lasts: BTreeMap<Actor, Last>,
    /// Counter of each change's last operation.
    max_ops: BTreeMap<Hash, u64>,
    /// The highest of them.
    pub(crate) max_op: u64,
}

/// The last change of an actor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Last {
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
}

impl Past {
    fn of(record: &Record) -> Self {
        let mut past = Self::default();
        for ChangeInfo { hash, actor, seq, max_op, .. } in record.infos_since(&[]) {
            past.add(actor, Last { seq, hash }, max_op);
        }
        past
    }

    pub(crate) fn add(&mut self, actor: Actor, change: Last, max_op: u64) {
        let last = self.lasts.entry(actor).or_insert(change);
        if last.seq < change.seq {
            *last = change;
        }
        self.max_ops.insert(change.hash, max_op);
        self.max_op = self.max_op.max(max_op);
    }

    pub(crate) fn last(&self, actor: Actor) -> Option<Last> {
        self.lasts.get(&actor).copied()
    }

    pub(crate) fn max_op_of(&self, hash: Hash) -> Option<u64> {
        self.max_ops.get(&hash).copied()
    }
}

impl Record {
    pub(super) fn with(doc: Automerge) -> Self {
        Self { doc, facts: Facts::default() }
    }

    /// The record in a new state.
    pub(super) fn advanced(&self, doc: Automerge) -> Self {
        // A map that was made stays the same for ever.
        let maps = self.facts.maps.get().filter(|maps| maps.is_complete()).map(Arc::clone);
        Self { doc, facts: Facts { maps: maps.map_or_else(OnceLock::new, OnceLock::from), ..Facts::default() } }
    }

    pub(crate) fn maps(&self) -> Arc<Maps> {
        Arc::clone(self.facts.maps.get_or_init(|| Arc::new(Maps::of(&self.doc))))
    }

    pub(crate) fn past(&self) -> Arc<Past> {
        Arc::clone(self.facts.past.get_or_init(|| Arc::new(Past::of(self))))
    }

    /// Takes over what somebody knows already, who has made this record from another.
    pub(crate) fn know(&mut self, maps: Arc<Maps>, past: Past, view: Option<Arc<JobRecord>>) {
        debug_assert_eq!(Past::of(self).max_ops, past.max_ops, "a past that was kept is not what is found");
        if let Some(view) = &view {
            debug_assert_eq!(
                self.read_hydrated(None).as_ref(),
                Ok(&**view),
                "a view that was laid is not what is read"
            );
        }
        let (maps, past) = (OnceLock::from(maps), OnceLock::from(Arc::new(past)));
        self.facts = Facts { maps, past, view: view.map_or_else(OnceLock::new, OnceLock::from) };
    }
}
