//! Judging a push, and what follows from the judgement. All CPU, no database.

use crate::domain::records::{Append, Author, Part, Source, Times};
use crate::domain::sync::Phone;
use crate::domain::sync::kept::parted;
use crate::domain::sync::load::Pushed;
use crate::domain::sync::times::{self, Stamps};
use crate::domain::sync::verdict::{Salvaged, Verdict};
use schema::binary::{Actor, Hash};
use schema::gate::{self, Rule, Violation};
use schema::id::{JobId, PushId};
use schema::limits::SYNC_BODY_BYTES_MAX;
use schema::problem::{Kind, Problem};
use schema::record::RawChange;
use schema::rows::records::{PushRow, QuarantineRow};
use schema::time::Timestamp;
use schema::wire::{JobPush, SyncRequest, push_leaf, push_message, receipt_message};
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::admit::{self, Admission, Earlier, Lease, Limits, Refusal, Rules, Writer};
use sync::record::{Record, office_actor};
use sync::seal::{self, ServerKey};
use sync::slim;

/// What the gate is to know beside the push.
pub struct Case {
    pub phone: Phone,
    pub epoch: i64,
    pub pushed: Pushed,
    /// Actors that turned out to write in other jobs.
    pub elsewhere: BTreeSet<Actor>,
    pub stamp: Stamp,
}

/// When it happens, who signs for it, and the random bytes that name what is made.
pub struct Stamp {
    pub key: Arc<ServerKey>,
    pub now: Timestamp,
    pub random: [u8; 10],
}

/// Judges a push. Runs on a thread of the gate: the bytes may be hostile.
pub fn judge(mut case: Case, request: &SyncRequest) -> Result<Verdict, Problem> {
    let limits = Limits::default();
    let plain = slim::plain(&request.push, SYNC_BODY_BYTES_MAX).map_err(|_| Problem::new(Kind::TooLarge))?;
    let hashes = |push: &JobPush| push.changes.iter().map(|bytes| admit::hash_of(bytes, &limits)).collect();
    let pushed: Vec<Vec<Hash>> = plain.iter().map(hashes).collect();
    let leaves: Vec<Hash> = plain.iter().zip(&pushed).map(|(push, hashes)| push_leaf(push.job, hashes)).collect();
    let mut verdict = Verdict::new(&case, push_row(&case, request, &leaves)?, request);
    // Records are locked in this order, by everybody.
    let mut pushes: Vec<(&JobPush, Vec<Hash>)> = plain.iter().zip(pushed).collect();
    pushes.sort_by_key(|(push, _)| push.job);
    for (push, hashes) in pushes {
        verdict.brought(push.job, &hashes);
        let stamps = times::stamps(request, push, &hashes);
        judge_job(&mut case, (push, &stamps), limits, &mut verdict)?;
        verdict.stamps = Stamps::new();
    }
    Ok(verdict)
}

/// The push as it is kept, with both signatures: the device's, which is checked here, and ours.
fn push_row(case: &Case, request: &SyncRequest, leaves: &[Hash]) -> Result<PushRow, Problem> {
    let Phone { device, public_key, .. } = case.phone;
    let message = push_message(device, request.id, leaves);
    let signed = request.signature.filter(|signature| seal::verify(public_key, &message, *signature));
    let device_signature = signed.ok_or_else(|| Problem::new(Kind::SignatureInvalid))?;
    let Stamp { key, now, random } = &case.stamp;
    let (id, received_at) = (PushId::new(*now, *random), *now);
    Ok(PushRow {
        id,
        device_id: device,
        request_id: request.id,
        received_at,
        phone_at: request.clock.at,
        since_contact_us: request.clock.since_contact_us,
        leaves: crate::db::records::heads_to_bytes(leaves),
        device_signature,
        receipt_signature: key.sign(&receipt_message(id, received_at, leaves)),
        receipt_key: key.public_key(),
    })
}

fn judge_job(
    case: &mut Case,
    (push, stamps): (&JobPush, &Stamps),
    limits: Limits,
    verdict: &mut Verdict,
) -> Result<(), Problem> {
    verdict.stamps.clone_from(stamps);
    let Some((end, held)) = case.pushed.records.remove(&push.job) else {
        let admission = admit::refuse_unknown(&push.changes, &limits);
        return verdict.refused(push.job, None, (&admission.refused, &[]), &case.pushed.quarantined);
    };
    let known = held.into_known()?;
    let office = office_actor(push.job, case.epoch);
    let admission = admit_job(case, push, (&known.record, office), limits);
    let salvaged = salvage(&admission, case, push.job, office)?;
    let times = times::of_accepted(case, push.job, &admission, stamps);
    verdict.admitted(push.job, &admission);
    let refused = (admission.refused.as_slice(), salvaged.as_slice());
    verdict.refused(push.job, Some(end.outlet_id), refused, &case.pushed.quarantined)?;
    let parts = parts(case, (admission, times), salvaged, verdict.push());
    if !parts.is_empty() {
        verdict.appended(Append::new(&end, Some(known.conflicts), parts, case.stamp.now)?);
    }
    Ok(())
}

fn admit_job(case: &Case, push: &JobPush, (record, office): (&Record, Actor), limits: Limits) -> Admission {
    let lease = |actor: Actor| match case.pushed.leases.get(&(push.job, actor)) {
        Some(device) => Lease::Held(*device),
        None if case.elsewhere.contains(&actor) => Lease::Elsewhere,
        None => Lease::Free,
    };
    let rules = Rules {
        lease: &lease,
        office,
        gates: &|before, after| match case.pushed.checklists.of(before) {
            Some(template) => gate::violations(before, after, template),
            // Not to know the rules is no leave to break them.
            None => vec![no_template()],
        },
        limits,
    };
    let Phone { person, device, revoked, .. } = case.phone;
    let writer = Writer { person, device, revoked };
    admit::admit_after(record, writer, &rules, &earlier(case, push.job), &push.changes)
}

/// What lies in quarantine of this device and job, oldest first: a phone that did not hear of it sends it again, and more.
fn earlier(case: &Case, job: JobId) -> Vec<Earlier> {
    let mut rows: Vec<&QuarantineRow> = case.pushed.quarantined.values().filter(|row| row.job_id == job).collect();
    rows.sort_by_key(|row| row.id);
    rows.iter().map(|row| Earlier { change: row.first_hash, code: row.code, raw: parted(&row.bytes) }).collect()
}

/// Writes what may stand of refused changes, under the server's actor, where that was not done for an earlier push of the same.
fn salvage(admission: &Admission, case: &Case, job: JobId, office: Actor) -> Result<Vec<Salvaged>, Problem> {
    let mut salvaged = Vec::new();
    if admission.refused.is_empty() {
        return Ok(salvaged);
    }
    let mut record = admission.record.clone();
    let is_new = |refusal: &Refusal| !case.pushed.quarantined.contains_key(&(job, refusal.change));
    for (place, refusal) in admission.refused.iter().enumerate() {
        let Some(saved) = refusal.salvage.as_ref().filter(|_| refusal.replays() && is_new(refusal)) else { continue };
        if saved.edits.is_empty() {
            continue;
        }
        // What does not fit at its base any more stays in quarantine, whole.
        // The server's change is of now; each entry in it keeps the time that its author gave it.
        if let Ok(change) = record.write_at(&saved.base, office, case.stamp.now, &saved.edits) {
            salvaged.push(Salvaged { refusal: place, change, record: record.clone() });
        }
    }
    Ok(salvaged)
}

/// What was admitted, and what was saved.
fn parts(case: &Case, (admission, times): (Admission, Times), salvaged: Vec<Salvaged>, push: PushId) -> Vec<Part> {
    let (person, device) = (Some(case.phone.person), case.phone.device);
    let Admission { record, accepted, .. } = admission;
    let mut parts = Vec::new();
    if !accepted.is_empty() {
        let changes = accepted.into_iter().map(|one| RawChange { hash: one.hash, bytes: one.bytes }).collect();
        let author = Author { person, source: Source::Push { device, push } };
        parts.push(Part { record, changes, author, times });
    }
    for Salvaged { change, record, .. } in salvaged {
        let author = Author { person, source: Source::Salvage { device } };
        parts.push(Part { record, changes: vec![change], author, times: Times::new() });
    }
    parts
}

fn no_template() -> Violation {
    let (zh, en) = ("此工单的流程模板不可用，请联系调度", "The checklist of this job is not known here; call dispatch");
    Violation { rule: Rule::StepUnknown, step: None, path: Vec::new(), zh: zh.to_owned(), en: en.to_owned() }
}
