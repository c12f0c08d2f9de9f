//! The phone's half of a sync, pure: inputs in, entries and requests out. It reads no clock, draws no random numbers and touches
//! neither disk nor network, so that a simulation can drive it from a seed.
//!
//! The whole state is what [`Entry`]s make of nothing, one after the other ([`Replica::open`]); an input makes entries first, and
//! the state follows from them. [`Output::Append`] must be durable before the rest of its list counts: [`crate::handset`] sees to
//! that.
//!
//! What keeps the work safe:
//! - A change is *unsent* until the server acknowledged it, or said that it lies in quarantine; nothing else ends that.
//! - One request is in flight at a time. An answer to any other is dropped whole: the cursor did not move, so the server says it
//!   all again. A lost, repeated or late answer is harmless for that reason alone.
//! - The cursor moves in the same batch of entries as what it brought.
//! - A new epoch means that the server lost things. Every change written here that the record holds is unsent again.
//! - Heads are compared where phone and server drifted apart. Where that did not help, every record is fetched whole; what the server
//!   once acknowledged and lacks is unsent again.
//! - A reset brings the server's copy; the actor used so far is retired. What it wrote and the server has not yet judged is laid
//!   over the copy where it fits, and is sent in any case, so that it reaches the dispatcher.
//! - Changes are packed ([`crate::slim`]) for a server that said that it unpacks them. Where it refuses what was packed, or sends what
//!   does not unpack here, both sides speak plainly until the phone starts again.
//! - An actor counts by what the record holds of it. Where a copy, of whatever kind, lacks some of that, the actor is retired: were a
//!   number given out twice, the refusal of the one would settle the other.

mod answer;
mod compact;
mod held;
mod request;
mod state;
mod view;

pub use held::{Held, Wholeness};
pub use view::Summary;

use crate::record::{WriteError, lay};
use crate::seal::DeviceKey;
use crate::store::Entry;
use crate::store::entry::{
    ChangeEntry, Contact, Identity, LostWrite, Own, ReceiptEntry, ReferenceKind, Session, WrittenAt,
};
use schema::binary::{Actor, Bytes, Hash};
use schema::conflict::ChangeHand;
use schema::edit::Edit;
use schema::gate::{self, Violation};
use schema::id::{JobId, QuarantineId, RequestId};
use schema::photo::PhotoRefusal;
use schema::problem::Kind;
use schema::reference::PriceList;
use schema::template::Template;
use schema::time::Timestamp;
use schema::wire::{Cursor, Decided, GoneReason, Refused, SyncRequest, SyncResponse};
use std::collections::BTreeMap;

/// The phone's clocks at the moment of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What the phone shows; may be wrong.
    pub at: Timestamp,
    /// Microseconds since the phone started; never runs backwards until it starts again.
    pub uptime_us: i64,
    /// Names that start.
    pub boot: u64,
}

/// What happens to a replica.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The technician writes; the edits make one change.
    Edit { job: JobId, edits: Vec<Edit> },
    /// Make a request.
    BuildSync,
    /// The server answered this request.
    Answer { request: RequestId, answer: Box<SyncResponse> },
    /// The server refused this request whole. Nothing is to be done where [`Output::SyncAgain`] does not follow.
    Problem { request: RequestId, kind: Kind },
    /// A key, an identity, a session, reference data, a photo, a notice read: written down as it is.
    Remember(Vec<Entry>),
    /// Changes of this phone's that were put into a file at log-out.
    Import { job: JobId, changes: Vec<Bytes> },
}

/// What is to be done about it, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Make these durable; nothing counts before.
    Append(Vec<Entry>),
    Request(Box<SyncRequest>),
    /// There is more to say or to hear.
    SyncAgain,
    /// The server has newer reference data than is here.
    FetchReference(ReferenceKind),
}

/// The input was not taken; the replica is as it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReplicaError {
    #[error("this phone does not hold the job {0}")]
    NotHeld(JobId),
    #[error("the job left this phone's hands ({0})")]
    Gone(GoneReason),
    #[error("a rule does not allow this yet")]
    Gate(Vec<Violation>),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("nobody has logged in on this phone")]
    NotEnrolled,
    #[error("the record of the job {job} does not read: {why}")]
    Unreadable { job: JobId, why: String },
    #[error("these are not changes of one phone's: {0}")]
    NotImportable(String),
}

/// One phone's replica.
#[derive(Debug, Default)]
pub struct Replica {
    key: Option<DeviceKey>,
    identity: Option<Identity>,
    session: Option<Session>,
    jobs: BTreeMap<JobId, Held>,
    /// XOR over the jobs held of their digests.
    digest: Hash,
    cursor: Cursor,
    resync: bool,
    contact: Option<Contact>,
    notices: Vec<Notice>,
    /// Who wrote values that stand beside each other, by change.
    hands: BTreeMap<Hash, ChangeHand>,
    /// By entry of the inbox.
    decisions: BTreeMap<QuarantineId, Decision>,
    receipts: Vec<ReceiptEntry>,
    templates: BTreeMap<(String, u32), Template>,
    price_list: Option<PriceList>,
    /// As the server gave them; compaction writes them down again.
    references: BTreeMap<(ReferenceKind, String), (i64, String)>,
    /// What those of the product hold, as the server named it.
    shipped: Option<i64>,
    owed: Vec<Hash>,
    photos: BTreeMap<Hash, (JobId, u64)>,
    refused_photos: BTreeMap<Hash, RefusedPhoto>,
    seed: Option<Bytes>,
    in_flight: Option<InFlight>,
    /// The newest version of packed changes that the server unpacks.
    slim: u32,
    /// Packing went wrong: changes are sent and asked for as they are.
    plain_only: bool,
    /// Heads were compared last, and nothing was found missing since.
    compared: bool,
}

/// What the server did not take over, until the technician has read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub refused: Refused,
    pub at: Timestamp,
    pub writes: Vec<LostWrite>,
    pub read: bool,
}

/// What the office decided about something that was not taken over, until the technician has read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub decided: Decided,
    pub at: Timestamp,
    pub read: bool,
}

/// A photo that the server does not take, whoever sends it. Its bytes are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedPhoto {
    pub sha256: Hash,
    pub job: JobId,
    pub bytes: u64,
    pub why: PhotoRefusal,
}

/// What a request carried, until it is answered or the next one is made.
#[derive(Debug, Clone)]
struct InFlight {
    request: RequestId,
    leaves: Vec<Hash>,
    pushed: Vec<(JobId, Own)>,
    with_heads: bool,
    is_packed: bool,
    /// When it was made.
    sent: Now,
}

impl Replica {
    /// The state that these entries make.
    pub fn open(entries: &[Entry]) -> Result<Self, ReplicaError> {
        let mut replica = Self::default();
        entries.iter().try_for_each(|entry| replica.apply(entry))?;
        Ok(replica)
    }

    /// `random` names what the input begins: an actor or a request.
    pub fn handle(&mut self, now: Now, random: [u8; 16], input: Input) -> Result<Vec<Output>, ReplicaError> {
        match input {
            Input::Edit { job, edits } => self.edit(now, random, job, &edits),
            Input::BuildSync => self.build_sync(now, random),
            Input::Answer { request, answer } => self.answer(now, request, *answer),
            Input::Problem { request, kind } => self.problem(request, kind),
            Input::Remember(entries) => self.commit(entries),
            Input::Import { job, changes } => self.import(job, changes),
        }
    }

    fn commit(&mut self, entries: Vec<Entry>) -> Result<Vec<Output>, ReplicaError> {
        entries.iter().try_for_each(|entry| self.apply(entry))?;
        Ok(if entries.is_empty() { Vec::new() } else { vec![Output::Append(entries)] })
    }

    fn edit(&mut self, now: Now, random: [u8; 16], job: JobId, edits: &[Edit]) -> Result<Vec<Output>, ReplicaError> {
        let held = self.held(job)?;
        let urgent = edits.iter().any(|edit| matches!(edit, Edit::Alarm { .. }));
        // An alarm is written whatever happened to the job.
        if let (Some(reason), false) = (held.gone, urgent) {
            return Err(ReplicaError::Gone(reason));
        }
        self.check(held, edits)?;
        let actor = held.actor.unwrap_or(Actor(random));
        let mut draft = held.record.clone();
        let change = draft.write(actor, now.at, edits)?;
        let seq = draft.change_info(change.hash).map_or(0, |info| info.seq);
        let mut entries = Vec::new();
        if held.actor.is_none() {
            entries.push(Entry::Lease { job, actor, retired: false });
        }
        let clock = Some(WrittenAt { uptime_us: now.uptime_us, boot: now.boot, contact: self.contact });
        let own = Some(Own { actor, seq, hash: change.hash, urgent, clock });
        entries.push(Entry::Change(ChangeEntry { job, bytes: change.bytes, own }));
        entries.extend(edits.iter().filter_map(|edit| match edit {
            Edit::Photo { sha256, photo } => {
                Some(Entry::Photo { sha256: *sha256, bytes: u64::try_from(photo.bytes).unwrap_or(0), job })
            }
            _ => None,
        }));
        self.commit(entries)
    }

    /// Asks the gates about each edit, on the record as the edits before it leave it. A job whose template is not here is judged
    /// by the server alone: missing data must not stop a technician at the door.
    fn check(&self, held: &Held, edits: &[Edit]) -> Result<(), ReplicaError> {
        let unreadable = |why: String| ReplicaError::Unreadable { job: held.job, why };
        let unseen = edits.iter().filter_map(|edit| match edit {
            Edit::SignOff { id, sign_off } if !sign_off.covers.iter().all(|hash| held.record.has(*hash)) => Some(id),
            _ => None,
        });
        let unseen: Vec<Violation> = unseen.map(gate::covers_unknown).collect();
        if !unseen.is_empty() {
            return Err(ReplicaError::Gate(unseen));
        }
        let mut record = held.record.read().map_err(|error| unreadable(error.to_string()))?;
        let Some(template) = self.template_of(&record).cloned() else { return Ok(()) };
        for edit in edits {
            let violations = gate::check(&record, &template, edit);
            if !violations.is_empty() {
                return Err(ReplicaError::Gate(violations));
            }
            lay(&mut record, edit.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
