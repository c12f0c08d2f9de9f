//! The job record: the typed face of its Automerge document. Nobody else touches a document by paths and strings.
//!
//! A record is written by [`Edit`]s and read as a [`JobRecord`]. Both values of a concurrent write stay and are shown
//! ([`Record::conflicts`]), and every change keeps who made it and what stood there before ([`Record::history`]).
//! What comes from outside goes through the gate ([`crate::admit`]) first: nothing here defends against a hostile change.

mod de;
pub(crate) mod facts;
mod history;
mod lay;
pub(crate) mod maps;
pub(crate) mod places;
mod ser;
mod settle;
pub(crate) mod value;
mod write;

pub use history::{HistoryEntry, Touch};
pub use lay::lay;
pub use value::Misfit;
pub use write::WriteError;

use automerge::{ActorId, Automerge, Change, ChangeHash, LoadOptions, ReadDoc, SaveOptions, StringMigration};
use facts::Facts;
use schema::binary::{Actor, Bytes, Hash};
use schema::id::JobId;
use schema::record::{JobRecord, RawChange};
use schema::time::{SECOND, Timestamp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use value::Value;

/// A saved record could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the saved record can't be loaded: {0}")]
pub struct LoadError(String);

/// Changes could not be applied; the record is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    #[error("the change can't be read: {0}")]
    Malformed(String),
    #[error("the change {0} builds on a change that is not here")]
    Gap(Hash),
    #[error("the change can't be applied: {0}")]
    Refused(String),
}

/// The record could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the change {0} is not in this record")]
    Unknown(Hash),
    #[error("the record does not have its shape: {0}")]
    Misshapen(#[from] Misfit),
}

/// What a change says of itself. The time is its author's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInfo {
    pub hash: Hash,
    pub actor: Actor,
    /// 1 for the actor's first change.
    pub seq: u64,
    pub deps: Vec<Hash>,
    /// Whole seconds.
    pub at: Timestamp,
    pub message: Option<String>,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Counter of the last operation.
    pub max_op: u64,
}

/// One job's record. A clone shares what it can and costs microseconds.
#[derive(Debug, Clone)]
pub struct Record {
    doc: Automerge,
    facts: Facts,
}

impl Default for Record {
    fn default() -> Self {
        Self::new()
    }
}

impl Record {
    /// A record with nothing in it, to be opened by [`schema::edit::Edit::Open`] or filled with changes.
    pub fn new() -> Self {
        Self::with(Automerge::new())
    }

    /// Reads what [`Record::save`] wrote. Half a document, one that does not hash to its heads and one that lacks changes are
    /// errors. For our own storage and for snapshots of a trusted server.
    pub fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        // Strings stay scalars; the defaults verify the heads and refuse a partial load, and are said here because all hangs on them.
        let options = LoadOptions::new()
            .migrate_strings(StringMigration::NoMigration)
            .on_partial_load(automerge::OnPartialLoad::Error)
            .verification_mode(automerge::VerificationMode::Check);
        let doc = unwinding(|| Automerge::load_with_options(bytes, options)).map_err(LoadError)?;
        let doc = doc.map_err(|error| LoadError(error.to_string()))?;
        // Changes that lie behind the document and wait for others would travel on with each save.
        if bytes.is_empty() || !doc.get_missing_deps(&[]).is_empty() {
            return Err(LoadError("it is not whole".to_owned()));
        }
        Ok(Self::with(doc))
    }

    /// The whole record, compressed; changes that wait for others are left out.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save_with_options(SaveOptions { deflate: true, retain_orphans: false })
    }

    /// The same, not compressed: what the record weighs once it is loaded.
    pub(crate) fn save_uncompressed(&self) -> Vec<u8> {
        self.doc.save_with_options(SaveOptions { deflate: false, retain_orphans: false })
    }

    /// Hashes of the changes that nothing builds on yet, sorted. Equal heads are proof of equal records.
    pub fn heads(&self) -> Vec<Hash> {
        self.doc.get_heads().iter().map(to_hash).collect()
    }

    pub fn has(&self, hash: Hash) -> bool {
        self.doc.get_change_meta_by_hash(&ChangeHash(hash.0)).is_some()
    }

    /// Takes over changes from our own log or from a trusted server, in any order. All or nothing; what is known already is skipped.
    pub fn apply_trusted(&mut self, changes: &[Bytes]) -> Result<(), ApplyError> {
        let changes = changes.iter().map(|bytes| parse(&bytes.0)).collect::<Result<Vec<_>, _>>()?;
        self.apply(changes)
    }

    pub(crate) fn doc(&self) -> &Automerge {
        &self.doc
    }

    pub(crate) fn apply(&mut self, changes: Vec<Change>) -> Result<(), ApplyError> {
        *self = self.with_changes(changes)?;
        Ok(())
    }

    /// The record with these changes, too. They are applied to a copy: what fails half-way leaves nothing behind.
    pub(crate) fn with_changes(&self, changes: Vec<Change>) -> Result<Self, ApplyError> {
        let mut doc = self.doc.clone();
        let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
        let applied = unwinding(|| doc.apply_changes(changes)).map_err(ApplyError::Refused)?;
        applied.map_err(|error| ApplyError::Refused(error.to_string()))?;
        // A change whose predecessors are missing is put aside without an error.
        if let Some(hash) = hashes.iter().find(|hash| doc.get_change_meta_by_hash(hash).is_none()) {
            return Err(ApplyError::Gap(to_hash(hash)));
        }
        Ok(self.advanced(doc))
    }

    pub fn read(&self) -> Result<JobRecord, ReadError> {
        match self.facts.view.get() {
            Some(view) => Ok(JobRecord::clone(view)),
            None => self.read_hydrated(None),
        }
    }

    /// The same, read once for all copies of this record.
    pub fn view(&self) -> Result<Arc<JobRecord>, ReadError> {
        if let Some(view) = self.facts.view.get() {
            return Ok(Arc::clone(view));
        }
        let view = Arc::new(self.read_hydrated(None)?);
        Ok(Arc::clone(self.facts.view.get_or_init(|| view)))
    }

    /// The record as it was at these heads.
    pub fn read_at(&self, heads: &[Hash]) -> Result<JobRecord, ReadError> {
        self.read_hydrated(Some(&self.known(heads)?))
    }

    fn read_hydrated(&self, heads: Option<&[ChangeHash]>) -> Result<JobRecord, ReadError> {
        Ok(de::from_value(Value::from_hydrated(&self.doc.hydrate(heads))?)?)
    }

    /// The change that wrote what shows at a place; None where nothing does.
    pub fn written_by(&self, path: &[String]) -> Option<Hash> {
        let maps = self.maps();
        let (map, key) = maps.place(path)?;
        let (_, id) = self.doc.get(map, key).ok()??;
        self.doc.hash_for_opid(&id).map(|hash| to_hash(&hash))
    }

    /// What stands at a place, as JSON shows it; None where nothing does.
    pub fn value_at(&self, path: &[String]) -> Option<serde_json::Value> {
        let maps = self.maps();
        let (map, key) = maps.place(path)?;
        let (value, id) = self.doc.get(map, key).ok()??;
        Some(places::json_at(path, &value::read_value(&self.doc, &value, &id, None).ok()?))
    }

    /// The heads in Automerge's form, where all of them are changes of this record.
    pub(crate) fn known(&self, heads: &[Hash]) -> Result<Vec<ChangeHash>, ReadError> {
        match heads.iter().find(|hash| !self.has(**hash)) {
            Some(hash) => Err(ReadError::Unknown(*hash)),
            None => Ok(heads.iter().map(|hash| ChangeHash(hash.0)).collect()),
        }
    }

    /// All changes, each after those that it builds on.
    pub fn changes(&self) -> Vec<RawChange> {
        self.changes_since(&[])
    }

    /// Changes that are not among these heads and what they build on. Heads that are not here are passed over.
    pub fn changes_since(&self, heads: &[Hash]) -> Vec<RawChange> {
        let heads: Vec<ChangeHash> = heads.iter().map(|hash| ChangeHash(hash.0)).collect();
        self.doc.get_changes(&heads).iter().map(to_raw).collect()
    }

    /// The change's bytes, uncompressed; None where it is not here.
    pub fn change(&self, hash: Hash) -> Option<RawChange> {
        self.doc.get_change_by_hash(&ChangeHash(hash.0)).as_ref().map(to_raw)
    }

    pub fn change_info(&self, hash: Hash) -> Option<ChangeInfo> {
        to_info(&self.doc.get_change_meta_by_hash(&ChangeHash(hash.0))?)
    }

    /// [`Record::change_info`] of all changes that are not among these heads and what they build on, in causal order.
    pub fn infos_since(&self, heads: &[Hash]) -> Vec<ChangeInfo> {
        let heads: Vec<ChangeHash> = heads.iter().map(|hash| ChangeHash(hash.0)).collect();
        self.doc.get_changes_meta(&heads).iter().filter_map(to_info).collect()
    }

    /// Who made a change, its number and its hash, read from its bytes; they come from our own file.
    pub fn identify(bytes: &Bytes) -> Result<(Actor, u64, Hash), ApplyError> {
        let change = parse(&bytes.0)?;
        let actor = to_actor(change.actor_id()).ok_or_else(|| ApplyError::Malformed("no actor of ours".to_owned()))?;
        Ok((actor, change.seq(), to_hash(&change.hash())))
    }
}

/// Under which actor the server writes to a job. A restore from a backup begins a new epoch, and the numbers that the lost changes
/// used are never used again.
pub fn office_actor(job: JobId, epoch: i64) -> Actor {
    let hash = Hash::of_all([b"field-service office".as_slice(), job.as_bytes(), &epoch.to_be_bytes()]);
    first_bytes(hash)
}

pub(crate) fn first_bytes(hash: Hash) -> Actor {
    let mut actor = [0; 16];
    actor.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    Actor(actor)
}

/// Automerge panics on what it does not expect. The default hook still reports it; the caller throws the clone away.
pub(crate) fn unwinding<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| "it breaks the document".to_owned())
}

pub(crate) fn to_hash(hash: &ChangeHash) -> Hash {
    Hash(hash.0)
}

pub(crate) fn to_actor(actor: &ActorId) -> Option<Actor> {
    Actor::from_slice(actor.to_bytes())
}

pub(crate) fn to_raw(change: &Change) -> RawChange {
    RawChange { hash: to_hash(&change.hash()), bytes: Bytes(change.raw_bytes().to_vec()) }
}

fn to_info(meta: &automerge::ChangeMetadata<'_>) -> Option<ChangeInfo> {
    Some(ChangeInfo {
        hash: to_hash(&meta.hash),
        actor: to_actor(&meta.actor)?,
        seq: meta.seq,
        deps: meta.deps.iter().map(to_hash).collect(),
        at: Timestamp::from_micros(meta.timestamp.saturating_mul(SECOND)),
        message: meta.message.as_deref().map(str::to_owned),
        start_op: meta.start_op,
        max_op: meta.max_op,
    })
}

/// Reads a change and checks that its bytes are those that its checksum was made for, which Automerge does not.
pub(crate) fn parse(bytes: &[u8]) -> Result<Change, ApplyError> {
    let change = unwinding(|| Change::try_from(bytes)).map_err(ApplyError::Malformed)?;
    let change = change.map_err(|error| ApplyError::Malformed(error.to_string()))?;
    if bytes.get(4..8) != change.hash().0.get(..4) {
        return Err(ApplyError::Malformed("the checksum does not fit".to_owned()));
    }
    Ok(change)
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
