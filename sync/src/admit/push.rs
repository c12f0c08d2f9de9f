//! One push, change by change.

use super::chunk::{Chunk, Header};
use super::columns::Id;
use super::earlier::Stopped;
use super::judge::{Base, Judge, Judged};
use super::{
    Admission, AdmittedChange, Fault, Lease, Limits, Refusal, Rules, Writer, fault, hash_of, proof, salvage, standing,
};
use crate::record::facts::{Last, Past};
use crate::record::maps::Maps;
use crate::record::places::Path;
use crate::record::{ApplyError, Record, parse, unwinding};
use automerge::{Change, ChangeHash};
use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::gate::{self, Violation};
use schema::record::JobRecord;
use schema::time::{MINUTE, Timestamp};
use schema::wire::RefusalCode;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// New actors in one push. A phone has one for each job, and takes a second when its copy was replaced.
const ACTORS_MAX: usize = 8;

/// The record as the author of a change saw it: read at some heads, with what was judged since laid over it. A phone's changes follow
/// one another, so that of a whole push only the first is read from the document.
pub(super) struct View {
    pub(super) job: Arc<JobRecord>,
    pub(super) heads: Vec<ChangeHash>,
    pub(super) shown: BTreeMap<Path, Id>,
}

/// One push under judgement: the record that it leads to, and what is known of the changes in it.
pub(super) struct Push<'a> {
    pub(super) writer: Writer,
    pub(super) rules: &'a Rules<'a>,
    /// Changes that are known to spoil the saved record.
    culprits: &'a BTreeMap<Hash, Fault>,
    pub(super) maps: Arc<Maps>,
    /// Copied when something of this push is applied.
    pub(super) record: Cow<'a, Record>,
    /// Judged, and not applied to the record yet: together they cost less than half.
    pending: Vec<Change>,
    /// Applying failed, and it is not known which of them is to blame.
    spoiled: Option<Fault>,
    /// Places that this push wrote.
    taken: BTreeSet<Path>,
    /// Of each refusal, by its place, what it holds already: a push may bring the same change twice.
    kept: BTreeSet<(usize, Hash)>,
    /// The refusal of all that can't be read. One, or a push of rubbish would fill the inbox with as many entries.
    unreadable: Option<usize>,
    past: Past,
    /// After a change that was judged here.
    views: BTreeMap<Hash, View>,
    pub(super) stopped: BTreeMap<Actor, usize>,
    pub(super) earlier: BTreeMap<Actor, Stopped>,
    pub(super) tails: Vec<salvage::Tail>,
    pub(super) accepted: Vec<AdmittedChange>,
    duplicates: Vec<AdmittedChange>,
    pub(super) refused: Vec<Refusal>,
    new_leases: BTreeSet<Actor>,
}

impl<'a> Push<'a> {
    pub(super) fn new(
        record: &'a Record,
        writer: Writer,
        rules: &'a Rules<'a>,
        culprits: &'a BTreeMap<Hash, Fault>,
    ) -> Self {
        Self {
            writer,
            rules,
            culprits,
            maps: record.maps(),
            record: Cow::Borrowed(record),
            pending: Vec::new(),
            spoiled: None,
            taken: BTreeSet::new(),
            kept: BTreeSet::new(),
            unreadable: None,
            past: Past::clone(&record.past()),
            views: BTreeMap::new(),
            stopped: BTreeMap::new(),
            earlier: BTreeMap::new(),
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
        if self.has(chunk.hash) {
            self.duplicates.push(admitted(&chunk, &header));
            return;
        }
        if let Some(refusal) = self.stopped_at(&header, chunk.hash) {
            return self.append(refusal, bytes, chunk);
        }
        match self.examine(&chunk, &header) {
            Ok(said_at) => {
                let claimed_at = said_at.unwrap_or(header.at);
                self.accepted.push(AdmittedChange { claimed_at, ..admitted(&chunk, &header) });
            }
            Err(fault) => {
                let actor = header.actor;
                self.refuse(Some((actor, chunk)), bytes, fault);
            }
        }
    }

    pub(super) fn has(&self, hash: Hash) -> bool {
        self.past.max_op_of(hash).is_some()
    }

    pub(super) fn into_admission(mut self) -> Admission {
        let mut record = self.record.into_owned();
        if !self.accepted.is_empty() {
            let last = match record.heads().as_slice() {
                [only] => self.views.remove(only),
                _ => None,
            };
            record.know(self.maps, self.past, last.map(|view| view.job));
        }
        Admission {
            record,
            accepted: self.accepted,
            duplicates: self.duplicates,
            refused: self.refused,
            new_leases: self.new_leases.into_iter().collect(),
        }
    }

    /// Step 8 for the whole push; else the change that spoils the record, found by halving, and why. `before` is the record without
    /// this push.
    pub(super) fn prove(&mut self, before: &Record) -> Option<(Hash, Fault)> {
        if self.accepted.is_empty() {
            return None;
        }
        self.flush();
        if self.spoiled.is_none() {
            match proof::prove(&self.record, &self.accepted, &self.rules.limits) {
                Ok(proven) => {
                    self.record = Cow::Owned(proven);
                    return None;
                }
                Err(fault) => self.spoiled = Some(fault),
            }
        }
        let mut fault = self.spoiled.take()?;
        let (mut good, mut bad) = (0, self.accepted.len());
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            match proof::prove_on(before, self.accepted.get(..middle).unwrap_or_default(), &self.rules.limits) {
                Ok(()) => good = middle,
                Err(why) => (bad, fault) = (middle, why),
            }
        }
        Some((self.accepted.get(good)?.hash, fault))
    }

    /// Applies what was judged.
    fn flush(&mut self) {
        if self.pending.is_empty() || self.spoiled.is_some() {
            return;
        }
        match self.record.with_changes(std::mem::take(&mut self.pending)) {
            Ok(record) => self.record = Cow::Owned(record),
            Err(error) => self.spoiled = Some(malformed(error)),
        }
    }

    /// Steps 3 to 7 for one change. Answers when an entry in it claims to be made, where that is not when the change does.
    fn examine(&mut self, chunk: &Chunk, header: &Header<'_>) -> Result<Option<Timestamp>, Fault> {
        if let Some(fault) = self.culprits.get(&chunk.hash) {
            return Err(fault.clone());
        }
        let is_new = self.check_actor(header.actor)?;
        self.check_place(header)?;
        let mut view = self.view(&header.deps)?;
        let mut judged = self.judge(&view, header);
        if judged.is_err() && !self.pending.is_empty() {
            // What it names may be in a change that is not applied yet.
            self.flush();
            view = self.read(&header.deps)?;
            judged = self.judge(&view, header);
        }
        let judged = judged?;
        standing::check(&view.job, self.writer.person)?;
        if !judged.denied.is_empty() {
            return Err(fault(RefusalCode::Forbidden, "it writes where this person may not"));
        }
        if let Some(violation) = judged.edits.iter().find_map(|edit| self.unseen(edit)) {
            return Err(standing::broken(&violation));
        }
        let said_at = judged.said_at.iter().copied().max_by_key(|at| at.apart(header.at));
        standing::pass_gates(self.rules, &mut view.job, judged.edits)?;
        self.pending.push(read(chunk)?);
        self.taken.extend(judged.shown.keys().cloned());
        view.shown.extend(judged.shown);
        self.views.insert(chunk.hash, view);
        let max_op = header.start_op.saturating_add(judged.rows).saturating_sub(1);
        self.past.add(header.actor, Last { seq: header.seq, hash: chunk.hash }, max_op);
        if is_new {
            self.new_leases.insert(header.actor);
        }
        Ok(said_at.filter(|at| at.apart(header.at) > MINUTE))
    }

    /// A signature is for exactly what was shown: where that is not here, or was refused itself, it stands for nothing.
    pub(super) fn unseen(&self, edit: &Edit) -> Option<Violation> {
        let Edit::SignOff { id, sign_off } = edit else { return None };
        (!sign_off.covers.iter().all(|hash| self.has(*hash))).then(|| gate::covers_unknown(id))
    }

    fn judge(&self, view: &View, header: &Header<'_>) -> Result<Judged, Fault> {
        let base = Base { doc: self.record.doc(), heads: &view.heads, shown: &view.shown, taken: &self.taken };
        judge(Judge::new(base, &self.maps, self.writer.person, header.actor), header, &self.rules.limits)
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
            Lease::Free if self.new_leases.contains(&actor) => Ok(true),
            Lease::Free if self.past.last(actor).is_none() && self.new_leases.len() < ACTORS_MAX => Ok(true),
            _ => foreign,
        }
    }

    /// The change's place in the history.
    fn check_place(&mut self, header: &Header<'_>) -> Result<(), Fault> {
        let last = self.past.last(header.actor);
        let next = last.map_or(0, |last| last.seq) + 1;
        if header.seq < next {
            return Err(fault(RefusalCode::ActorForked, "the same number of this actor holds something else here"));
        }
        let deps: Option<Vec<u64>> = header.deps.iter().map(|hash| self.past.max_op_of(*hash)).collect();
        let (Some(deps), true) = (deps, header.seq == next) else {
            return Err(fault(RefusalCode::Gap, "a change before this one is missing"));
        };
        // The record is opened by the server, so a phone's change always builds on something.
        let below = deps.into_iter().max().ok_or_else(|| fault(RefusalCode::Inconsistent, "it builds on nothing"))?;
        let above = self.past.max_op.saturating_add(self.rules.limits.op_slack);
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

    fn builds_on(&mut self, header: &Header<'_>, hash: Hash) -> bool {
        self.flush();
        self.record.infos_since(&header.deps).iter().all(|info| info.hash != hash)
    }

    fn view(&mut self, deps: &[Hash]) -> Result<View, Fault> {
        // The one change before it is the common case. Its view is not needed a second time: who builds on it has built on it.
        if let [hash] = deps
            && let Some(view) = self.views.remove(hash)
        {
            return Ok(view);
        }
        self.flush();
        self.read(deps)
    }

    /// The record at these heads, from the document.
    pub(super) fn read(&self, deps: &[Hash]) -> Result<View, Fault> {
        let is_now = deps.len() == 1 && self.record.heads() == deps;
        let read = || if is_now { self.record.view() } else { self.record.read_at(deps).map(Arc::new) };
        let job = unwinding(read)
            .and_then(|read| read.map_err(|error| error.to_string()))
            .map_err(|detail| Fault { code: RefusalCode::Inconsistent, detail })?;
        let heads = deps.iter().map(|hash| ChangeHash(hash.0)).collect();
        Ok(View { job, heads, shown: BTreeMap::new() })
    }

    fn refuse(&mut self, read: Option<(Actor, Chunk)>, bytes: &Bytes, fault: Fault) {
        match read {
            Some((actor, chunk)) => {
                let place = self.start(chunk.hash, actor, fault, Vec::new());
                self.stopped.insert(actor, place);
                self.append(place, bytes, chunk);
            }
            None => {
                let hash = hash_of(bytes, &self.rules.limits);
                let place = self.unreadable.unwrap_or_else(|| self.start(hash, Actor([0; 16]), fault, Vec::new()));
                self.unreadable = Some(place);
                self.keep((place, hash), bytes);
            }
        }
    }

    pub(super) fn start(&mut self, change: Hash, actor: Actor, fault: Fault, before: Vec<Bytes>) -> usize {
        let (denied, violations, raw) = Default::default();
        let Fault { code, detail } = fault;
        self.refused.push(Refusal { change, actor, code, detail, denied, violations, raw, salvage: None });
        self.tails.push(salvage::Tail { before, chunks: Vec::new() });
        self.refused.len() - 1
    }

    fn append(&mut self, place: usize, bytes: &Bytes, chunk: Chunk) {
        if self.keep((place, chunk.hash), bytes)
            && let Some(tail) = self.tails.get_mut(place)
        {
            tail.chunks.push(chunk);
        }
    }

    /// False: it is kept already.
    fn keep(&mut self, (place, hash): (usize, Hash), bytes: &Bytes) -> bool {
        if !self.kept.insert((place, hash)) {
            return false;
        }
        let most = self.rules.limits.quarantine_bytes_max.min(bytes.0.len());
        if let Some(refusal) = self.refused.get_mut(place) {
            refusal.raw.push(Bytes(bytes.0.get(..most).unwrap_or_default().to_vec()));
        }
        true
    }
}

fn admitted(chunk: &Chunk, header: &Header<'_>) -> AdmittedChange {
    let bytes = Bytes(chunk.bytes.clone());
    AdmittedChange { hash: chunk.hash, actor: header.actor, seq: header.seq, bytes, claimed_at: header.at }
}

/// Takes the change's operations one after the other: the first that is wrong ends it, so that a claim of many costs nothing.
pub(super) fn judge(mut judge: Judge<'_>, header: &Header<'_>, limits: &Limits) -> Result<Judged, Fault> {
    let mut columns = header.columns(limits)?;
    let rows = columns.rows();
    let run = || {
        for counter in (header.start_op..=u64::MAX).take(usize::try_from(rows).unwrap_or(0)) {
            judge.take(counter, columns.next_op(&header.actors)?)?;
        }
        judge.finish(rows)
    };
    unwinding(run).map_err(|detail| Fault { code: RefusalCode::Malformed, detail })?
}

pub(super) fn malformed(error: ApplyError) -> Fault {
    Fault { code: RefusalCode::Malformed, detail: error.to_string() }
}

/// The change as Automerge reads it.
pub(super) fn read(chunk: &Chunk) -> Result<Change, Fault> {
    parse(&chunk.bytes).map_err(malformed)
}
