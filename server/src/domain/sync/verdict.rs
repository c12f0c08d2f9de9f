//! What follows from judging a push: everything that is to be written, and everything that the phone is to be told once it is.

use crate::db;
use crate::domain::records::{Append, Memory};
use crate::domain::sync::kept::{joined, parted};
use crate::domain::sync::times::Stamps;
use crate::domain::sync::{Case, Phone, words};
use schema::binary::{Actor, Bytes, Hash};
use schema::evidence::ChangeClock;
use schema::id::{JobId, OutletId, PushId, QuarantineId};
use schema::problem::Problem;
use schema::record::RawChange;
use schema::rows::records::{ActorRow, DeniedValue, PushJobRow, PushRow, QuarantineContent, QuarantineRow};
use schema::wire::{Ack, Cursor, Receipt, Refused, SyncRequest};
use std::collections::{BTreeMap, BTreeSet};
use sync::admit::{Admission, Limits, Refusal, hash_of};
use sync::record::Record;

/// A refused change of which something was saved.
pub(super) struct Salvaged {
    /// Place of the refusal in the admission.
    pub refusal: usize,
    pub change: RawChange,
    /// With it, and all before it.
    pub record: Record,
}

/// What lies in quarantine, by job and first change.
type Quarantined = BTreeMap<(JobId, Hash), QuarantineRow>;

/// A push, judged.
pub struct Verdict {
    phone: Phone,
    /// Where the phone stood; None where it asks to compare heads, or stood in another epoch.
    pub(super) cursor: Option<Cursor>,
    pub(super) push: PushRow,
    pub(super) jobs: Vec<PushJobRow>,
    /// In the order of their jobs.
    pub(super) appends: Vec<Append>,
    pub(super) leases: Vec<ActorRow>,
    pub(super) quarantine: Vec<QuarantineRow>,
    /// Entries that more is added to, each with the number of bytes that it was seen with.
    pub(super) extended: Vec<(i64, QuarantineRow)>,
    /// Of the job that is judged just now.
    pub(super) stamps: Stamps,
    acks: BTreeMap<(JobId, Actor), u64>,
    refused: Vec<Refused>,
    random: [u8; 10],
}

impl Verdict {
    pub(super) fn new(case: &Case, push: PushRow, request: &SyncRequest) -> Self {
        let (phone, random) = (case.phone, case.stamp.random);
        let is_here = request.heads.is_none() && request.cursor.epoch == case.epoch;
        let cursor = if is_here { Some(request.cursor) } else { None };
        let (jobs, appends, leases, quarantine, extended) = Default::default();
        let (stamps, acks, refused) = Default::default();
        Self { phone, cursor, push, jobs, appends, leases, quarantine, extended, stamps, acks, refused, random }
    }

    pub(super) fn push(&self) -> PushId {
        self.push.id
    }

    pub(super) fn phone(&self) -> &Phone {
        &self.phone
    }

    /// The phone is told once the verdict is committed.
    pub fn acks(&self) -> Vec<Ack> {
        self.acks.iter().map(|((job, actor), seq)| Ack { job: *job, actor: *actor, seq: *seq }).collect()
    }

    pub fn refusals(&self) -> Vec<Refused> {
        self.refused.clone()
    }

    /// Whether a job that was pushed to has photos.
    pub(super) fn names_photos(&self) -> bool {
        self.appends.iter().any(Append::names_photos)
    }

    pub fn receipt(&self) -> Receipt {
        let PushRow { id: push, received_at, receipt_signature: signature, receipt_key: key, .. } = self.push;
        Receipt { push, received_at, signature, key }
    }

    /// Keeps the records as they are after the commit.
    pub fn keep_in(&self, memory: &Memory) {
        for new in &self.appends {
            memory.keep(new.job(), new.length(), new.known());
        }
    }

    pub(super) fn brought(&mut self, job: JobId, hashes: &[Hash]) {
        let pushed = db::records::heads_to_bytes(hashes);
        self.jobs.push(PushJobRow { job_id: job, push_id: self.push.id, pushed });
    }

    pub(super) fn admitted(&mut self, job: JobId, admission: &Admission) {
        for change in admission.accepted.iter().chain(&admission.duplicates) {
            let seq = self.acks.entry((job, change.actor)).or_default();
            *seq = change.seq.max(*seq);
        }
        let (device_id, leased_at) = (self.phone.device, self.push.received_at);
        let lease = |actor: &Actor| ActorRow { job_id: job, actor: *actor, device_id, leased_at };
        self.leases.extend(admission.new_leases.iter().map(lease));
    }

    pub(super) fn appended(&mut self, append: Append) {
        self.appends.push(append);
    }

    /// `outlet` is the job's; None where there is no such job.
    pub(super) fn refused(
        &mut self,
        job: JobId,
        outlet: Option<OutletId>,
        (refusals, salvaged): (&[Refusal], &[Salvaged]),
        quarantined: &Quarantined,
    ) -> Result<(), Problem> {
        for (place, refusal) in refusals.iter().enumerate() {
            let saved = salvaged.iter().find(|saved| saved.refusal == place).map(|saved| saved.change.hash);
            let (quarantine, salvaged_as) = self.lay((job, outlet), refusal, saved, quarantined)?;
            let (zh, en) = words::refusal(refusal.code, &refusal.violations);
            self.refused.push(Refused {
                job,
                actor: refusal.actor,
                change: refusal.change,
                code: refusal.code,
                paths: refusal.denied.iter().map(|denied| denied.path.clone()).collect(),
                quarantine,
                salvaged_as,
                zh,
                en,
            });
        }
        Ok(())
    }

    /// Lays what was refused into quarantine: into the entry that lies there from before, into a new one, or into several where one does
    /// not take it all. Answers the first, and what was saved of it.
    fn lay(
        &mut self,
        place: (JobId, Option<OutletId>),
        refusal: &Refusal,
        saved: Option<Hash>,
        quarantined: &Quarantined,
    ) -> Result<(QuarantineId, Option<Hash>), Problem> {
        let (mut change, mut left, mut first) = (refusal.change, refusal.raw.clone(), None);
        loop {
            let rest = match quarantined.get(&(place.0, change)) {
                Some(earlier) => {
                    first.get_or_insert((earlier.id, earlier.salvaged_hash));
                    let (row, rest) = extended(earlier, &left);
                    if let Some(row) = row {
                        let clocks = self.clocks(refusal, earlier.clocks.as_deref())?;
                        self.extended.push((earlier.bytes_total, QuarantineRow { clocks, ..row }));
                    }
                    rest
                }
                None => {
                    let (bytes, rest) = joined(&left);
                    let saved = if first.is_none() { saved } else { None };
                    let row = self.quarantine_row(place, refusal, (change, bytes), saved)?;
                    first.get_or_insert((row.id, row.salvaged_hash));
                    self.quarantine.push(row);
                    rest.to_vec()
                }
            };
            let next = rest.first().map(|bytes| hash_of(bytes, &Limits::default()));
            match (next, first) {
                // An entry of an earlier release may hold its first change cut: that one is no better for being sent again.
                (Some(next), _) if next != change => (change, left) = (next, rest),
                (_, Some(first)) => return Ok(first),
                (_, None) => return Err(Problem::internal("a refusal without its entry")),
            }
        }
    }

    /// By how much this adds to what lies in quarantine.
    pub(super) fn quarantine_bytes(&self) -> i64 {
        let new = self.quarantine.iter().map(|row| row.bytes_total);
        let more = self.extended.iter().map(|(seen, row)| row.bytes_total - seen);
        new.chain(more).fold(0, i64::saturating_add)
    }

    /// Ids of one push sort in the order in which its changes were refused.
    fn quarantine_id(&self) -> QuarantineId {
        let mut random = self.random;
        let count = u16::try_from(self.refused.len() + self.quarantine.len()).unwrap_or(u16::MAX);
        random.iter_mut().zip(count.to_be_bytes()).for_each(|(to, from)| *to = from);
        QuarantineId::new(self.push.received_at, random)
    }

    /// What the phone's clocks said of what is refused, beside what was known of it before.
    fn clocks(&self, refusal: &Refusal, earlier: Option<&str>) -> Result<Option<String>, Problem> {
        let earlier: Option<Vec<(Hash, ChangeClock)>> = earlier.and_then(|json| serde_json::from_str(json).ok());
        let mut known: BTreeMap<Hash, ChangeClock> = earlier.unwrap_or_default().into_iter().collect();
        for hash in refusal.raw.iter().map(|bytes| hash_of(bytes, &Limits::default())) {
            if let Some(clock) = self.stamps.get(&hash) {
                known.entry(hash).or_insert(*clock);
            }
        }
        if known.is_empty() {
            return Ok(None);
        }
        serde_json::to_string(&Vec::from_iter(known)).map(Some).map_err(Problem::internal)
    }

    fn quarantine_row(
        &self,
        (job, outlet): (JobId, Option<OutletId>),
        refusal: &Refusal,
        (first_hash, bytes): (Hash, Vec<u8>),
        salvaged_hash: Option<Hash>,
    ) -> Result<QuarantineRow, Problem> {
        let denied = refusal.denied.iter().map(|denied| DeniedValue {
            path: denied.path.clone(),
            value: denied.value.clone(),
            why: denied.why.clone(),
        });
        let content = QuarantineContent {
            denied: denied.collect(),
            saved: refusal.salvage.as_ref().map_or_else(Vec::new, |salvage| salvage.edits.clone()),
            violations: refusal.violations.clone(),
        };
        Ok(QuarantineRow {
            id: self.quarantine_id(),
            job_id: job,
            outlet_id: Some(outlet.unwrap_or(self.phone.outlet)),
            person_id: self.phone.person,
            device_id: self.phone.device,
            actor: refusal.actor,
            first_hash,
            code: refusal.code,
            content: serde_json::to_string(&content).map_err(Problem::internal)?,
            detail: refusal.detail.clone(),
            bytes_total: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            bytes,
            salvaged_hash,
            received_at: self.push.received_at,
            clocks: self.clocks(refusal, None)?,
            handed_in_by: None,
            decided_at: None,
        })
    }
}

/// The entry with what was refused beside it: a phone that did not hear of a refusal wrote on, and sends that, too. It is told that all of
/// it is kept, so all of it is: what the entry does not take any more is answered, too. None where it holds everything.
fn extended(earlier: &QuarantineRow, refused: &[Bytes]) -> (Option<QuarantineRow>, Vec<Bytes>) {
    let mut changes = parted(&earlier.bytes);
    let known: BTreeSet<Hash> = changes.iter().map(|change| Hash::of(&change.0)).collect();
    changes.extend(refused.iter().filter(|change| !known.contains(&Hash::of(&change.0))).cloned());
    let (bytes, rest) = joined(&changes);
    if changes.len() - rest.len() <= known.len() {
        return (None, rest.to_vec());
    }
    let bytes_total = i64::try_from(bytes.len()).unwrap_or(i64::MAX).max(earlier.bytes_total);
    // Something in it is undecided again.
    (Some(QuarantineRow { bytes, bytes_total, decided_at: None, ..earlier.clone() }), rest.to_vec())
}
