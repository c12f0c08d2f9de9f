//! One push, change by change.

use super::chunk::{Chunk, Header};
use super::judge::{Judge, Judged};
use super::{Admission, AdmittedChange, Fault, Lease, Limits, Refusal, Rules, Writer, fault, proof, salvage, standing};
use crate::record::maps::Maps;
use crate::record::{ApplyError, Record, parse, unwinding};
use automerge::ChangeHash;
use schema::binary::{Actor, Bytes, Hash};
use schema::id::PersonId;
use schema::record::JobRecord;
use schema::wire::RefusalCode;
use std::collections::{BTreeMap, BTreeSet};

/// The last change of an actor.
#[derive(Clone, Copy)]
struct Last {
    seq: u64,
    hash: Hash,
}

/// One push under judgement: the fork, and what is known of the changes in it.
pub(super) struct Push<'a> {
    pub(super) writer: Writer,
    pub(super) rules: &'a Rules<'a>,
    prove_each: bool,
    pub(super) maps: Maps,
    pub(super) record: Record,
    lasts: BTreeMap<Actor, Last>,
    /// Counter of each change's last operation.
    max_ops: BTreeMap<Hash, u64>,
    /// The record as it is after a change that was judged here.
    views: BTreeMap<Hash, JobRecord>,
    stopped: BTreeMap<Actor, usize>,
    pub(super) tails: Vec<salvage::Tail>,
    pub(super) accepted: Vec<AdmittedChange>,
    duplicates: Vec<AdmittedChange>,
    pub(super) refused: Vec<Refusal>,
    new_leases: BTreeSet<Actor>,
}

impl<'a> Push<'a> {
    pub(super) fn new(record: &Record, writer: Writer, rules: &'a Rules<'a>, prove_each: bool) -> Self {
        let infos = record.infos_since(&[]);
        let mut lasts: BTreeMap<Actor, Last> = BTreeMap::new();
        for info in &infos {
            let last = lasts.entry(info.actor).or_insert(Last { seq: 0, hash: info.hash });
            if last.seq < info.seq {
                *last = Last { seq: info.seq, hash: info.hash };
            }
        }
        Self {
            writer,
            rules,
            prove_each,
            maps: Maps::of(record.doc()),
            record: record.clone(),
            lasts,
            max_ops: infos.iter().map(|info| (info.hash, info.max_op)).collect(),
            views: BTreeMap::new(),
            stopped: BTreeMap::new(),
            tails: Vec::new(),
            accepted: Vec::new(),
            duplicates: Vec::new(),
            refused: Vec::new(),
            new_leases: BTreeSet::new(),
        }
    }

    pub(super) fn take(&mut self, place: usize, bytes: &Bytes) {
        let limits = self.rules.limits;
        if place >= limits.changes_max {
            return self.refuse(None, bytes, fault(RefusalCode::TooLarge, "too many changes in one push"));
        }
        if bytes.0.len() > limits.change_bytes_max {
            return self.refuse(None, bytes, fault(RefusalCode::TooLarge, "the change is too long"));
        }
        let chunk = match Chunk::open(&bytes.0, &limits) {
            Ok(chunk) => chunk,
            Err(malformed) => return self.refuse(None, bytes, malformed.into()),
        };
        let header = match chunk.header() {
            Ok(header) => header,
            Err(malformed) => return self.refuse(None, bytes, malformed.into()),
        };
        if self.max_ops.contains_key(&chunk.hash) {
            self.duplicates.push(admitted(&chunk, &header));
            return;
        }
        if let Some(refusal) = self.stopped.get(&header.actor).copied() {
            return self.append(refusal, bytes, chunk);
        }
        match self.examine(&chunk, &header) {
            Ok(()) => {
                self.lasts.insert(header.actor, Last { seq: header.seq, hash: chunk.hash });
                self.accepted.push(admitted(&chunk, &header));
            }
            Err(fault) => {
                let actor = header.actor;
                self.refuse(Some((actor, chunk)), bytes, fault);
            }
        }
    }

    pub(super) fn into_admission(self) -> Admission {
        Admission {
            record: self.record,
            accepted: self.accepted,
            duplicates: self.duplicates,
            refused: self.refused,
            new_leases: self.new_leases.into_iter().collect(),
        }
    }

    /// Steps 3 to 7 for one change; in the end it is part of the record.
    fn examine(&mut self, chunk: &Chunk, header: &Header<'_>) -> Result<(), Fault> {
        let is_new = self.check_actor(header.actor)?;
        self.check_place(header)?;
        let limits = self.rules.limits;
        let (judged, rows) = judge(&self.record, &self.maps, self.writer.person, header, &limits)?;
        let mut view = self.view(&header.deps)?;
        standing::check(&view, self.writer.person)?;
        if !judged.denied.is_empty() {
            return Err(fault(RefusalCode::Forbidden, "it writes where this person may not"));
        }
        standing::pass_gates(self.rules, &mut view, judged.edits)?;
        let mut next = self.record.clone();
        apply(&mut next, chunk)?;
        if self.prove_each {
            let alone = [admitted(chunk, header)];
            next = proof::prove(&next, &self.record.heads(), &alone, &limits)?;
        }
        self.record = next;
        self.max_ops.insert(chunk.hash, header.start_op.saturating_add(rows).saturating_sub(1));
        self.views.insert(chunk.hash, view);
        if is_new {
            self.new_leases.insert(header.actor);
        }
        Ok(())
    }

    /// Whether the actor is this device's; true where it is seen for the first time.
    fn check_actor(&self, actor: Actor) -> Result<bool, Fault> {
        if self.writer.revoked {
            return Err(fault(RefusalCode::DeviceRevoked, "the device was revoked"));
        }
        let foreign = Err(fault(RefusalCode::ActorForeign, "the actor is not this device's"));
        if actor == self.rules.office {
            return foreign;
        }
        match (self.rules.lease)(actor) {
            Lease::Held(device) if device == self.writer.device => Ok(false),
            Lease::Free if self.new_leases.contains(&actor) || !self.lasts.contains_key(&actor) => Ok(true),
            _ => foreign,
        }
    }

    /// The change's place in the history.
    fn check_place(&self, header: &Header<'_>) -> Result<(), Fault> {
        let last = self.lasts.get(&header.actor);
        let next = last.map_or(0, |last| last.seq) + 1;
        if header.seq < next {
            return Err(fault(RefusalCode::ActorForked, "the same number of this actor holds something else here"));
        }
        let deps: Option<Vec<u64>> = header.deps.iter().map(|hash| self.max_ops.get(hash).copied()).collect();
        let (Some(deps), true) = (deps, header.seq == next) else {
            return Err(fault(RefusalCode::Gap, "a change before this one is missing"));
        };
        // The record is opened by the server, so a phone's change always builds on something.
        let below = deps.into_iter().max().ok_or_else(|| fault(RefusalCode::Inconsistent, "it builds on nothing"))?;
        let above = self.max_ops.values().max().copied().unwrap_or(0).saturating_add(self.rules.limits.op_slack);
        if header.start_op <= below || header.start_op > above || above > u64::from(u32::MAX) {
            return Err(fault(RefusalCode::Inconsistent, "its operations are not numbered on from what it builds on"));
        }
        match last {
            Some(last) if !header.deps.contains(&last.hash) && !self.builds_on(header, last.hash) => {
                Err(fault(RefusalCode::Inconsistent, "it does not build on its own actor's last change"))
            }
            _ => Ok(()),
        }
    }

    fn builds_on(&self, header: &Header<'_>, hash: Hash) -> bool {
        self.record.infos_since(&header.deps).iter().all(|info| info.hash != hash)
    }

    /// The record as the change's author saw it.
    fn view(&mut self, deps: &[Hash]) -> Result<JobRecord, Fault> {
        // The one change before it is the common case. Its view is not needed a second time: who builds on it has built on it.
        if let [hash] = deps
            && let Some(view) = self.views.remove(hash)
        {
            return Ok(view);
        }
        unwinding(|| self.record.read_at(deps))
            .and_then(|read| read.map_err(|error| error.to_string()))
            .map_err(|detail| Fault { code: RefusalCode::Inconsistent, detail })
    }

    fn refuse(&mut self, read: Option<(Actor, Chunk)>, bytes: &Bytes, fault: Fault) {
        let place = self.refused.len();
        let change = read.as_ref().map_or_else(|| Hash::of(&bytes.0), |(_, chunk)| chunk.hash);
        let actor = read.as_ref().map_or(Actor([0; 16]), |(actor, _)| *actor);
        let (denied, violations, raw) = Default::default();
        let Fault { code, detail } = fault;
        self.refused.push(Refusal { change, actor, code, detail, denied, violations, raw, salvage: None });
        self.tails.push(salvage::Tail::default());
        if let Some((actor, chunk)) = read {
            self.stopped.insert(actor, place);
            self.append(place, bytes, chunk);
        } else {
            self.keep(place, bytes);
        }
    }

    fn append(&mut self, place: usize, bytes: &Bytes, chunk: Chunk) {
        self.keep(place, bytes);
        if let Some(tail) = self.tails.get_mut(place) {
            tail.chunks.push(chunk);
        }
    }

    fn keep(&mut self, place: usize, bytes: &Bytes) {
        let most = self.rules.limits.quarantine_bytes_max.min(bytes.0.len());
        if let Some(refusal) = self.refused.get_mut(place) {
            refusal.raw.push(Bytes(bytes.0.get(..most).unwrap_or_default().to_vec()));
        }
    }
}

fn admitted(chunk: &Chunk, header: &Header<'_>) -> AdmittedChange {
    AdmittedChange { hash: chunk.hash, actor: header.actor, seq: header.seq, bytes: Bytes(chunk.bytes.clone()) }
}

/// What the change amounts to on this record, and how many operations it has.
pub(super) fn judge(
    record: &Record,
    maps: &Maps,
    person: PersonId,
    header: &Header<'_>,
    limits: &Limits,
) -> Result<(Judged, u64), Fault> {
    let deps: Vec<ChangeHash> = header.deps.iter().map(|hash| ChangeHash(hash.0)).collect();
    let mut columns = header.columns(limits)?;
    let rows = columns.rows();
    let run = || {
        let mut judge = Judge::new(record.doc(), maps, person, header.actor, &deps);
        for counter in (header.start_op..).take(usize::try_from(rows).unwrap_or(0)) {
            judge.take(counter, columns.next_op(&header.actors)?)?;
        }
        judge.finish().map(|judged| (judged, rows))
    };
    unwinding(run).map_err(|detail| Fault { code: RefusalCode::Malformed, detail })?
}

pub(super) fn apply(record: &mut Record, chunk: &Chunk) -> Result<(), Fault> {
    let malformed = |error: ApplyError| Fault { code: RefusalCode::Malformed, detail: error.to_string() };
    let change = parse(&chunk.bytes).map_err(malformed)?;
    record.apply(vec![change]).map_err(malformed)
}
