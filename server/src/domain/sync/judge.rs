//! Loading what a push needs, and judging it.

use crate::db::{self, Conn};
use crate::domain::records::{self, Memory, Stored};
use crate::domain::sync::Phone;
use crate::domain::sync::commit::parted;
use schema::binary::{Actor, Hash};
use schema::gate::{self, Rule, Violation};
use schema::id::{DeviceId, JobId};
use schema::limits::PUSH_JOBS_MAX;
use schema::problem::{Kind, Problem};
use schema::record::RawChange;
use schema::rows::records::QuarantineRow;
use schema::wire::{JobPush, SyncRequest, push_leaf, push_message};
use std::collections::{BTreeMap, BTreeSet};
use sync::admit::{self, Admission, Earlier, Lease, Limits, Refusal, Rules, Writer};
use sync::record::{Record, office_actor};
use sync::seal;

/// What the database knows of the jobs that are pushed to.
pub struct Loaded {
    epoch: i64,
    stored: BTreeMap<JobId, Stored>,
    leases: BTreeMap<(JobId, Actor), DeviceId>,
    /// Actors that turned out to write in other jobs.
    elsewhere: BTreeSet<Actor>,
    /// What this device pushed before and was refused: a repeated push is answered the same.
    quarantined: BTreeMap<(JobId, Hash), QuarantineRow>,
}

/// One job's share of a push, judged.
pub struct JudgedJob {
    pub job: JobId,
    /// What was sent, in its order.
    pub pushed: Vec<Hash>,
    /// None: there is no such job.
    pub stored: Option<Stored>,
    pub admission: Admission,
    /// What the server writes of refused changes, each at the base where it was made.
    pub salvaged: Vec<Salvaged>,
}

pub struct Salvaged {
    /// Place of the refusal in the admission.
    pub refusal: usize,
    pub change: RawChange,
    /// With it, and all before it.
    pub record: Record,
}

/// A push, judged.
pub struct Judged {
    pub jobs: Vec<JudgedJob>,
    /// One a job, in the order of the request.
    pub leaves: Vec<Hash>,
    pub quarantined: BTreeMap<(JobId, Hash), QuarantineRow>,
}

impl Judged {
    /// Keeps the records as they are after the commit.
    pub fn keep_in(&self, memory: &Memory) {
        for job in &self.jobs {
            let Some(stored) = &job.stored else { continue };
            let count = job.admission.accepted.len() + job.salvaged.len();
            let length = stored.row.length + i64::try_from(count).unwrap_or(i64::MAX);
            let record = job.salvaged.last().map_or(&job.admission.record, |salvaged| &salvaged.record);
            memory.keep(job.job, length, record.clone());
        }
    }
}

/// Refuses what no honest phone sends; then loads the records, leases and earlier refusals.
pub fn load(
    conn: &mut Conn,
    memory: &Memory,
    phone: &Phone,
    request: &SyncRequest,
    elsewhere: BTreeSet<Actor>,
) -> Result<Loaded, Problem> {
    let jobs: BTreeSet<JobId> = request.push.iter().map(|push| push.job).collect();
    if request.push.len() > PUSH_JOBS_MAX || jobs.len() < request.push.len() {
        return Err(Problem::because(
            Kind::BadRequest,
            "同一工单重复或工单过多",
            "A job stands twice, or there are too many",
        ));
    }
    let jobs: Vec<JobId> = jobs.into_iter().collect();
    let mut stored = BTreeMap::new();
    for row in db::records::list_records(conn, &jobs)? {
        let record = match memory.find(row.job_id, row.length) {
            Some(record) => record,
            None => records::load_row(conn, &row)?,
        };
        stored.insert(row.job_id, Stored { row, record });
    }
    let leases = db::records::list_actors(conn, &jobs)?;
    let quarantined = db::quarantine::list_of_device(conn, phone.device, &jobs)?;
    Ok(Loaded {
        epoch: records::epoch(conn)?,
        stored,
        leases: leases.into_iter().map(|(job, actor, device)| ((job, actor), device)).collect(),
        elsewhere,
        quarantined: quarantined.into_iter().map(|row| ((row.job_id, row.first_hash), row)).collect(),
    })
}

/// Judges a push. Runs on a thread of the gate: the bytes may be hostile.
pub fn judge(mut loaded: Loaded, phone: &Phone, request: &SyncRequest) -> Result<Judged, Problem> {
    let limits = Limits::default();
    let hashes = |push: &JobPush| push.changes.iter().map(|bytes| admit::hash_of(bytes, &limits)).collect();
    let pushed: Vec<Vec<Hash>> = request.push.iter().map(hashes).collect();
    let leaves: Vec<Hash> =
        request.push.iter().zip(&pushed).map(|(push, hashes)| push_leaf(push.job, hashes)).collect();
    let message = push_message(phone.device, request.id, &leaves);
    let is_signed = request.signature.is_some_and(|signature| seal::verify(phone.public_key, &message, signature));
    if !is_signed {
        return Err(Problem::new(Kind::SignatureInvalid));
    }
    let mut jobs: Vec<JudgedJob> = Vec::new();
    for (push, pushed) in request.push.iter().zip(pushed) {
        jobs.push(JudgedJob { pushed, ..judge_job(&mut loaded, phone, push, limits)? });
    }
    // Records are locked in this order, by everybody.
    jobs.sort_by_key(|job| job.job);
    Ok(Judged { jobs, leaves, quarantined: loaded.quarantined })
}

fn judge_job(loaded: &mut Loaded, phone: &Phone, push: &JobPush, limits: Limits) -> Result<JudgedJob, Problem> {
    let stored = loaded.stored.remove(&push.job);
    let empty = Record::new();
    let record = stored.as_ref().map_or(&empty, |stored| &stored.record);
    let lease = |actor: Actor| match loaded.leases.get(&(push.job, actor)) {
        Some(device) => Lease::Held(*device),
        None if loaded.elsewhere.contains(&actor) => Lease::Elsewhere,
        None => Lease::Free,
    };
    let rules = Rules {
        lease: &lease,
        office: office_actor(push.job, loaded.epoch),
        gates: &|before, after| match records::template(before) {
            Ok(template) => gate::violations(before, after, template),
            // Not to know the rules is no leave to break them.
            Err(_) => vec![no_template()],
        },
        limits,
    };
    let writer = Writer { person: phone.person, device: phone.device, revoked: phone.revoked };
    let admission = match &stored {
        Some(_) => admit::admit_after(record, writer, &rules, &earlier(loaded, push.job), &push.changes),
        None => admit::refuse_unknown(&push.changes, &limits),
    };
    let actor = rules.office;
    let salvaged = salvage(&admission, loaded, push.job, actor)?;
    Ok(JudgedJob { job: push.job, pushed: Vec::new(), stored, admission, salvaged })
}

/// What lies in quarantine of this device and job, oldest first: a phone that did not hear of it sends it again, and more.
fn earlier(loaded: &Loaded, job: JobId) -> Vec<Earlier> {
    let mut rows: Vec<&QuarantineRow> = loaded.quarantined.values().filter(|row| row.job_id == job).collect();
    rows.sort_by_key(|row| row.id);
    rows.iter().map(|row| Earlier { change: row.first_hash, code: row.code, raw: parted(&row.bytes) }).collect()
}

/// Writes what may stand of refused changes, under the server's actor, where that was not done for an earlier push of the same.
fn salvage(admission: &Admission, loaded: &Loaded, job: JobId, office: Actor) -> Result<Vec<Salvaged>, Problem> {
    let mut record = admission.record.clone();
    let mut salvaged = Vec::new();
    let is_new = |refusal: &Refusal| !loaded.quarantined.contains_key(&(job, refusal.change));
    for (place, refusal) in admission.refused.iter().enumerate() {
        let Some(saved) = refusal.salvage.as_ref().filter(|_| refusal.replays() && is_new(refusal)) else { continue };
        if saved.edits.is_empty() {
            continue;
        }
        // What does not fit at its base any more stays in quarantine, whole.
        if let Ok(change) = record.write_at(&saved.base, office, saved.at, &saved.edits) {
            salvaged.push(Salvaged { refusal: place, change, record: record.clone() });
        }
    }
    Ok(salvaged)
}

fn no_template() -> Violation {
    let (zh, en) = ("此工单的流程模板不可用,请联系调度", "The checklist of this job is not known here; call dispatch");
    Violation { rule: Rule::StepUnknown, step: None, path: Vec::new(), zh: zh.to_owned(), en: en.to_owned() }
}
