//! Committing a judged push: log, leases, quarantine, the push itself with both signatures, in one transaction.

use crate::db::{self, Conn};
use crate::domain::records::{Append, Author, Delivery, Source, append};
use crate::domain::sync::Phone;
use crate::domain::sync::judge::{Judged, JudgedJob};
use crate::domain::sync::words;
use schema::binary::{Actor, Bytes, Hash};
use schema::id::{JobId, PushId, QuarantineId};
use schema::limits::QUARANTINE_BYTES_MAX;
use schema::problem::Problem;
use schema::record::RawChange;
use schema::rows::records::{ActorRow, DeniedValue, PushJobRow, PushRow, QuarantineContent, QuarantineRow, RecordRow};
use schema::time::Timestamp;
use schema::wire::{Ack, Receipt, Refused, SyncRequest, receipt_message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::admit::{AdmittedChange, Refusal};
use sync::seal::ServerKey;

/// What became of a push.
pub enum Committed {
    Done {
        acks: Vec<Ack>,
        refused: Vec<Refused>,
        receipt: Receipt,
    },
    /// Somebody wrote to one of the jobs meanwhile: load and judge again.
    Stale,
    /// These new actors write in other jobs already: judge again, knowing it.
    Elsewhere(BTreeSet<Actor>),
}

/// When it happens, who signs for it, and the random bytes that name what is made.
pub struct Stamp {
    pub key: Arc<ServerKey>,
    pub now: Timestamp,
    pub random: [u8; 10],
}

struct Committing<'a> {
    phone: &'a Phone,
    stamp: &'a Stamp,
    push: PushId,
    now: Timestamp,
    acks: BTreeMap<(JobId, Actor), u64>,
    refused: Vec<Refused>,
    delivery: Delivery,
}

/// Commits a judged push. Anything but `Done` has written nothing that may stay: the caller rolls back.
pub fn commit(
    conn: &mut Conn,
    phone: &Phone,
    request: &SyncRequest,
    judged: &Judged,
    stamp: &Stamp,
) -> Result<Committed, Problem> {
    let new_actors: Vec<Actor> = judged.jobs.iter().flat_map(|job| job.admission.new_leases.clone()).collect();
    let taken = db::records::list_taken(conn, &new_actors)?;
    if !taken.is_empty() {
        return Ok(Committed::Elsewhere(taken.into_iter().collect()));
    }
    let now = stamp.now;
    let push = PushId::new(now, stamp.random);
    let signature = stamp.key.sign(&receipt_message(push, now, &judged.leaves));
    let receipt = Receipt { push, received_at: now, signature, key: stamp.key.public_key() };
    let jobs: Vec<PushJobRow> = judged.jobs.iter().map(|job| push_job_row(push, job)).collect();
    db::records::insert_push(conn, &push_row(phone, request, judged, receipt)?, &jobs)?;
    let (acks, refused, delivery) = Default::default();
    let mut committing = Committing { phone, stamp, push, now, acks, refused, delivery };
    for job in &judged.jobs {
        if !committing.job(conn, job, judged)? {
            return Ok(Committed::Stale);
        }
    }
    committing.delivery.send(conn)?;
    let acks = committing.acks.into_iter().map(|((job, actor), seq)| Ack { job, actor, seq }).collect();
    Ok(Committed::Done { acks, refused: committing.refused, receipt })
}

fn push_row(phone: &Phone, request: &SyncRequest, judged: &Judged, receipt: Receipt) -> Result<PushRow, Problem> {
    let device_signature = request.signature.ok_or_else(|| Problem::internal("an unsigned push was judged"))?;
    Ok(PushRow {
        id: receipt.push,
        device_id: phone.device,
        request_id: request.id,
        received_at: receipt.received_at,
        phone_at: request.clock.at,
        since_contact_us: request.clock.since_contact_us,
        leaves: db::records::heads_to_bytes(&judged.leaves),
        device_signature,
        receipt_signature: receipt.signature,
        receipt_key: receipt.key,
    })
}

fn push_job_row(push: PushId, job: &JudgedJob) -> PushJobRow {
    PushJobRow { job_id: job.job, push_id: push, pushed: db::records::heads_to_bytes(&job.pushed) }
}

impl Committing<'_> {
    /// False: the job's log is not where it was.
    fn job(&mut self, conn: &mut Conn, job: &JudgedJob, judged: &Judged) -> Result<bool, Problem> {
        let admission = &job.admission;
        admission.accepted.iter().chain(&admission.duplicates).for_each(|change| self.acknowledge(job.job, change));
        let Some(stored) = &job.stored else {
            return self.refusals(conn, job, judged).map(|()| true);
        };
        let leases: Vec<ActorRow> = admission.new_leases.iter().map(|actor| self.lease(job.job, *actor)).collect();
        db::records::insert_actors(conn, &leases)?;
        let mut seen = stored.row.clone();
        if !admission.accepted.is_empty() {
            let changes: Vec<RawChange> = admission.accepted.iter().map(raw).collect();
            let author = Author {
                person: Some(self.phone.person),
                source: Source::Push { device: self.phone.device, push: self.push },
            };
            let new = Append { seen: seen.clone(), record: admission.record.clone(), changes, author, now: self.now };
            match append(conn, new, &mut self.delivery)? {
                Some(appended) => seen = appended.row,
                None => return Ok(false),
            }
        }
        for salvaged in &job.salvaged {
            let author =
                Author { person: Some(self.phone.person), source: Source::Salvage { device: self.phone.device } };
            let (record, changes) = (salvaged.record.clone(), vec![salvaged.change.clone()]);
            let new = Append { seen, record, changes, author, now: self.now };
            match append(conn, new, &mut self.delivery)? {
                Some(appended) => seen = appended.row,
                None => return Ok(false),
            }
        }
        self.refusals(conn, job, judged).map(|()| true)
    }

    fn acknowledge(&mut self, job: JobId, change: &AdmittedChange) {
        let seq = self.acks.entry((job, change.actor)).or_default();
        *seq = change.seq.max(*seq);
    }

    fn lease(&self, job: JobId, actor: Actor) -> ActorRow {
        ActorRow { job_id: job, actor, device_id: self.phone.device, leased_at: self.now }
    }

    fn refusals(&mut self, conn: &mut Conn, job: &JudgedJob, judged: &Judged) -> Result<(), Problem> {
        for (place, refusal) in job.admission.refused.iter().enumerate() {
            let salvaged = job.salvaged.iter().find(|salvaged| salvaged.refusal == place);
            let (quarantine, salvaged_as) = match judged.quarantined.get(&(job.job, refusal.change)) {
                Some(earlier) => (earlier.id, earlier.salvaged_hash),
                None => {
                    let row = self.quarantine_row(job, refusal, salvaged.map(|salvaged| salvaged.change.hash))?;
                    db::quarantine::insert_entry(conn, &row)?;
                    (row.id, row.salvaged_hash)
                }
            };
            let (zh, en) = words::refusal(refusal);
            self.refused.push(Refused {
                job: job.job,
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

    /// Ids of one push sort in the order in which its changes were refused.
    fn quarantine_id(&self) -> QuarantineId {
        let mut random = self.stamp.random;
        let count = u16::try_from(self.refused.len()).unwrap_or(u16::MAX);
        random.iter_mut().zip(count.to_be_bytes()).for_each(|(to, from)| *to = from);
        QuarantineId::new(self.now, random)
    }

    fn quarantine_row(
        &self,
        job: &JudgedJob,
        refusal: &Refusal,
        salvaged_hash: Option<Hash>,
    ) -> Result<QuarantineRow, Problem> {
        let row: Option<&RecordRow> = job.stored.as_ref().map(|stored| &stored.row);
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
        let (bytes, total) = kept(&refusal.raw);
        Ok(QuarantineRow {
            id: self.quarantine_id(),
            job_id: job.job,
            outlet_id: Some(row.map_or(self.phone.outlet, |row| row.outlet_id)),
            person_id: self.phone.person,
            device_id: self.phone.device,
            actor: refusal.actor,
            first_hash: refusal.change,
            code: refusal.code,
            content: serde_json::to_string(&content).map_err(Problem::internal)?,
            detail: refusal.detail.clone(),
            bytes,
            bytes_total: i64::try_from(total).unwrap_or(i64::MAX),
            salvaged_hash,
            received_at: self.now,
        })
    }
}

fn raw(change: &AdmittedChange) -> RawChange {
    RawChange { hash: change.hash, bytes: change.bytes.clone() }
}

/// The changes one after the other, each behind its length in four bytes, up to the cap; and how many bytes there were.
fn kept(changes: &[Bytes]) -> (Vec<u8>, usize) {
    let framed = changes.iter().flat_map(|change| {
        let length = u32::try_from(change.0.len()).unwrap_or(u32::MAX).to_be_bytes();
        length.into_iter().chain(change.0.iter().copied())
    });
    let total = changes.iter().map(|change| change.0.len() + 4).sum();
    (framed.take(QUARANTINE_BYTES_MAX).collect(), total)
}

/// The changes that [`kept`] put behind one another; one that the cap cut is left out.
pub(super) fn parted(mut bytes: &[u8]) -> Vec<Bytes> {
    let mut changes = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((change, rest)) = rest.split_at_checked(length) else { break };
        changes.push(Bytes(change.to_vec()));
        bytes = rest;
    }
    changes
}
