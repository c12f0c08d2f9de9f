//! Unsent work in a file, handed in by the office for a phone that can't send it any more. It lands in the inbox and nowhere else: a file
//! carries no signature, so the record says who handed it in.

use super::{QuarantineEntry, entry, job_of};
use crate::db::quarantine::EntryFilter;
use crate::db::{self, Conn};
use crate::domain::jobs::By;
use crate::domain::sync::kept::{joined, parted};
use schema::binary::{Actor, Bytes, Hash};
use schema::id::{JobId, OutletId, QuarantineId};
use schema::inbox::{UNSENT_FORMAT, UnsentFile};
use schema::limits::{PUSH_CHANGES_MAX, PUSH_JOBS_MAX};
use schema::problem::Problem;
use schema::rows::records::{QuarantineContent, QuarantineRow};
use schema::wire::RefusalCode;
use serde::Serialize;
use std::collections::BTreeSet;
use sync::admit::{Limits, hash_of, refuse_unknown};
use utoipa::ToSchema;

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedIn {
    /// Entries of the inbox, new or there before.
    pub entries: Vec<QuarantineEntry>,
    /// Changes that the server holds already, in a record or in the inbox.
    pub known: usize,
    /// Photos in this body, which are not looked at: they come by `/v1/uploads`, once what names them is here.
    pub photos: usize,
}

/// Puts what the server does not hold yet into the inbox. To hand the same file in again changes nothing.
pub fn hand_in(conn: &mut Conn, by: &By, file: &UnsentFile) -> Result<HandedIn, Problem> {
    let outlet = check(conn, by, file)?;
    let mut handed = HandedIn { entries: Vec::new(), known: 0, photos: file.photos.len() };
    for job in &file.jobs {
        // Of another outlet's job the answer says what it would say of none: the entry waits for somebody who sees both outlets.
        let seen = job_of(conn, &by.caller, job.job)?.map(|job| job.outlet_id);
        let filter = EntryFilter { job: Some(job.job), outlet: by.caller.outlet_filter(), ..EntryFilter::default() };
        let earlier = db::quarantine::list_entries(conn, filter, i64::MAX)?;
        let mut known: BTreeSet<Hash> = BTreeSet::new();
        if seen.is_some() {
            known.extend(db::records::list_hashes(conn, job.job)?);
        }
        let hashes = |row: &QuarantineRow| -> Vec<Hash> {
            parted(&row.bytes).iter().map(|bytes| hash_of(bytes, &Limits::default())).collect()
        };
        for row in earlier.iter().filter(|row| row.device_id == file.device) {
            let of_row = hashes(row);
            if job.changes.iter().any(|bytes| of_row.contains(&hash_of(bytes, &Limits::default()))) {
                handed.entries.push(entry(conn, &by.caller, row)?);
            }
            known.extend(of_row);
        }
        let is_new = |bytes: &&Bytes| !known.contains(&hash_of(bytes, &Limits::default()));
        let new: Vec<Bytes> = job.changes.iter().filter(is_new).cloned().collect();
        handed.known += job.changes.len() - new.len();
        for row in rows(by, file, (job.job, seen, outlet), (&new, handed.entries.len()))? {
            db::quarantine::insert_entries(conn, &[&row])?;
            handed.entries.push(entry(conn, &by.caller, &row)?);
        }
    }
    Ok(handed)
}

/// The file is one of ours, of a phone that its author enrolled, in an outlet that the caller sees. Answers that outlet.
fn check(conn: &mut Conn, by: &By, file: &UnsentFile) -> Result<OutletId, Problem> {
    let unreadable = || Problem::field("/format", "不是手机另存的文件", "this is no file that a phone saved");
    if file.format != UNSENT_FORMAT || file.jobs.len() > PUSH_JOBS_MAX {
        return Err(unreadable());
    }
    if file.jobs.iter().any(|job| job.changes.len() > PUSH_CHANGES_MAX) {
        return Err(unreadable());
    }
    let unknown = || Problem::field("/device", "没有这部手机", "there is no such phone");
    let device = db::devices::find_device(conn, file.device)?.ok_or_else(unknown)?;
    let person = db::people::find_person(conn, device.person_id)?.ok_or_else(unknown)?;
    by.caller.require_outlet(person.outlet_id).map_err(|_| unknown())?;
    if device.person_id != file.person {
        return Err(Problem::field("/person", "这部手机不是此人的", "this phone is not that person's"));
    }
    Ok(person.outlet_id)
}

/// One entry an actor, as for what a phone sends.
fn rows(
    by: &By,
    file: &UnsentFile,
    (job, known_outlet, outlet): (JobId, Option<OutletId>, OutletId),
    (changes, count): (&[Bytes], usize),
) -> Result<Vec<QuarantineRow>, Problem> {
    let (denied, saved, violations) = Default::default();
    let content = serde_json::to_string(&QuarantineContent { denied, saved, violations }).map_err(Problem::internal)?;
    let code = if known_outlet.is_some() { RefusalCode::HandedIn } else { RefusalCode::JobUnknown };
    let refused = refuse_unknown(changes, &Limits::default()).refused;
    let row = |(place, refusal): (usize, sync::admit::Refusal)| {
        // A file has at most what one entry takes: its body is limited as that of a push.
        let (bytes, _) = joined(&refusal.raw);
        QuarantineRow {
            id: entry_id(by, job, count + place),
            job_id: job,
            outlet_id: Some(known_outlet.unwrap_or(outlet)),
            person_id: file.person,
            device_id: file.device,
            actor: Actor(refusal.actor.0),
            first_hash: refusal.change,
            code,
            content: content.clone(),
            detail: "handed in as a file".to_owned(),
            bytes_total: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            bytes,
            salvaged_hash: None,
            received_at: by.now,
            clocks: None,
            handed_in_by: Some(by.caller.person),
            decided_at: None,
        }
    };
    Ok(refused.into_iter().enumerate().map(row).collect())
}

fn entry_id(by: &By, job: JobId, count: usize) -> QuarantineId {
    let count = u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes();
    let hash = Hash::of_all([by.random.as_slice(), job.as_bytes(), &count]);
    let mut random = [0; 10];
    random.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    QuarantineId::new(by.now, random)
}
