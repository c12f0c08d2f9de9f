//! Everything about one job on one page: the record, what follows from it, and who wrote it.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::records::{self, Said, Stored};
use crate::domain::{clocks, follow_ups, jobs, templates};
use schema::binary::Hash;
use schema::evidence::TimeFlag;
use schema::id::{CustomerId, DeviceId, EntryId, JobId, PersonId};
use schema::job::{DoubtfulTime, JobDetail, JobNote, ReworkFacts, SignOffFacts, Writer};
use schema::people::PersonName;
use schema::problem::{Kind, Problem};
use schema::record::{Conflict, JobRecord, ReportField, SignOff};
use schema::rows::records::ChangeRow;
use schema::sheet::{mask_phone, sheet, signed_sheet};
use schema::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub fn find(conn: &mut Conn, caller: &Caller, now: Timestamp, job: JobId) -> Result<JobDetail, Problem> {
    let stored = jobs::load(conn, caller, job)?;
    let view = stored.view()?;
    let row = db::jobs::find_job(conn, job)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let changes = db::records::list_changes(conn, job, 0, stored.end.length)?;
    let writers = writers(conn, &view, &changes)?;
    Ok(JobDetail {
        clocks: clocks::of_job(conn, &stored, now)?,
        doubtful_times: doubtful(&changes),
        rework: rework(conn, &view, now)?,
        follow_ups: follow_ups::of_job(conn, job, now)?,
        refuses_calls: refuses_calls(conn, row.customer_id)?,
        sign_offs: sign_off_facts(conn, &stored, &view, &changes)?,
        missing: view.missing_to_dispatch(),
        notes: notes(conn, job)?,
        people: people(conn, &view)?,
        writers,
        heads: stored.heads(),
        conflicts: stored.record.conflicts().into_iter().map(masked_conflict).collect(),
        record: masked(view),
        job: jobs::show(row, now),
    })
}

fn refuses_calls(conn: &mut Conn, customer: Option<CustomerId>) -> Result<bool, Problem> {
    let found = db::customers::list_by_id(conn, &Vec::from_iter(customer))?;
    Ok(found.iter().any(|customer| customer.refuses_calls))
}

/// What the earlier repair says about this one.
fn rework(conn: &mut Conn, view: &JobRecord, now: Timestamp) -> Result<Option<ReworkFacts>, Problem> {
    let Some(of) = view.rework_of() else { return Ok(None) };
    let stored = records::load(conn, of)?;
    let first = stored.view()?;
    let warranty = clocks::warranty(conn, &stored, now)?;
    let reported = view.meta.reported_at;
    let technician = first.assignment().map(|a| PersonName { id: a.technician, name: a.technician_name.clone() });
    Ok(Some(ReworkFacts {
        of,
        number: first.meta.number.clone(),
        technician,
        fault: first.known(ReportField::Fault).map(str::to_owned),
        cause: first.diagnosis.cause.clone(),
        warranted_from: warranty.as_ref().map(|clock| clock.started_at),
        warranted_until: warranty.as_ref().map(|clock| clock.due_at),
        is_warranted: warranty.is_some_and(|clock| (clock.started_at..=clock.due_at).contains(&reported)),
    }))
}

/// Changes whose claimed times are contradicted.
fn doubtful(changes: &[ChangeRow]) -> Vec<DoubtfulTime> {
    let doubtful = |row: &ChangeRow| {
        let said: Said = serde_json::from_str(row.clock.as_deref()?).ok()?;
        Some(DoubtfulTime {
            change: row.hash,
            person: row.person_id,
            device: row.device_id,
            claimed_at: said.claimed_at,
            written_at: row.retimed_at?,
            error_us: row.error_us?,
            flags: time_flags(row.time_flags.as_deref()),
        })
    };
    changes.iter().filter(|row| row.time_flags.is_some()).filter_map(doubtful).collect()
}

/// The words as a row holds them.
pub fn time_flags(words: Option<&str>) -> Vec<TimeFlag> {
    words.unwrap_or_default().split(' ').filter_map(|word| word.parse().ok()).collect()
}

/// The record without whole phone numbers: a look at one is logged, and that is the customers' business.
fn masked(mut view: JobRecord) -> JobRecord {
    view.report.phone = view.report.phone.as_deref().map(mask_phone);
    let phones = view.corrections.values_mut().filter(|correction| correction.field == ReportField::Phone);
    phones.for_each(|correction| correction.value = mask_phone(&correction.value));
    view
}

fn masked_conflict(mut conflict: Conflict) -> Conflict {
    if conflict.path == ["report", "phone"] {
        let texts = conflict.values.iter_mut().filter_map(|value| match &mut value.value {
            serde_json::Value::String(text) => Some(text),
            _ => None,
        });
        texts.for_each(|text| *text = mask_phone(text));
    }
    conflict
}

fn notes(conn: &mut Conn, job: JobId) -> Result<Vec<JobNote>, Problem> {
    let rows = db::job_notes::list_job_notes(conn, job)?;
    let note = |row: schema::rows::job_notes::JobNoteRow| {
        Ok(JobNote {
            id: row.id,
            text: row.text,
            by: jobs::name_of(conn, row.written_by)?,
            at: row.written_at,
            corrects: row.corrects,
        })
    };
    rows.into_iter().map(note).collect()
}

/// By whose hand each change came, most recent writer last.
fn writers(conn: &mut Conn, view: &JobRecord, changes: &[ChangeRow]) -> Result<Vec<Writer>, Problem> {
    let mut by_person: BTreeMap<PersonId, (i64, BTreeSet<DeviceId>, Timestamp)> = BTreeMap::new();
    for change in changes {
        let Some(person) = change.person_id else { continue };
        let entry = by_person.entry(person).or_insert((0, BTreeSet::new(), change.received_at));
        entry.0 += 1;
        entry.1.extend(change.device_id);
        entry.2 = entry.2.max(change.received_at);
    }
    let holder = records::holder(view);
    let mut writers = Vec::new();
    for (person, (count, devices, last)) in by_person {
        writers.push(Writer {
            person: jobs::name_of(conn, person)?,
            changes: count,
            devices: devices.into_iter().collect(),
            last_received_at: last,
            has_job: holder == Some(person),
        });
    }
    writers.sort_by_key(|writer| (writer.last_received_at, writer.person.id));
    Ok(writers)
}

/// Everybody whom the record names by an id, with the name.
fn people(conn: &mut Conn, view: &JobRecord) -> Result<Vec<PersonName>, Problem> {
    let mut ids: BTreeSet<PersonId> = BTreeSet::from([view.meta.opened_by]);
    ids.extend(view.assignments.values().flat_map(|assignment| [assignment.technician, assignment.by]));
    macro_rules! authors {
        ($($map:ident),+) => {$( ids.extend(view.$map.values().map(|entry| entry.by)); )+};
    }
    authors!(corrections, decisions, holds, releases, marks, photos, readings, plays, parts, quotes);
    authors!(withdrawals, waivers, charges, payments, alarms, breaches, delays, take_backs, hand_backs);
    ids.extend(view.replies.values().filter_map(|reply| reply.by));
    ids.extend(view.consents.values().filter_map(|consent| consent.by));
    ids.extend(view.backup_consents.values().filter_map(|backup| backup.by));
    ids.extend(view.sign_offs.values().filter_map(|sign_off| sign_off.by));
    ids.extend(view.breaches.values().filter_map(|breach| breach.whose));
    ids.extend(view.adoptions.values().flat_map(|adoption| [adoption.writer, adoption.by]));
    ids.into_iter().map(|id| jobs::name_of(conn, id)).collect()
}

/// What is known of each signature, oldest first.
pub fn sign_off_facts(
    conn: &mut Conn,
    stored: &Stored,
    view: &JobRecord,
    changes: &[ChangeRow],
) -> Result<Vec<SignOffFacts>, Problem> {
    if view.sign_offs.is_empty() {
        return Ok(Vec::new());
    }
    let written = written_by(stored);
    let seen = seen_by(stored, &written);
    let mut ids: Vec<(&EntryId, &SignOff)> = view.sign_offs.iter().collect();
    ids.sort_by_key(|(id, sign_off)| (sign_off.at, *id));
    let template = templates::of_job(conn, view)?;
    let now_hash = sheet(view, &template).hash();
    let mut facts = Vec::new();
    for (id, sign_off) in ids {
        let hash = written.get(id).copied();
        let change = hash.and_then(|hash| changes.iter().find(|change| change.hash == hash));
        let signed = stored.record.read_at(&sign_off.covers).ok();
        let intact = signed.and_then(|signed| signed_sheet(&signed, &template, sign_off.sheet_hash));
        facts.push(SignOffFacts {
            id: id.clone(),
            kind: sign_off.kind,
            name: sign_off.name.clone(),
            at: sign_off.at,
            by: sign_off.by.map(|person| jobs::name_of(conn, person)).transpose()?,
            link: sign_off.link,
            device: change.and_then(|change| change.device_id),
            received_at: change.map(|change| change.received_at),
            unaware_of: unaware_of(&seen, id),
            covers_now: sign_off.sheet_hash == now_hash,
            is_intact: intact.is_some(),
        });
    }
    Ok(facts)
}

/// Which change wrote each sign-off.
fn written_by(stored: &Stored) -> BTreeMap<EntryId, Hash> {
    let mut written = BTreeMap::new();
    for entry in stored.record.history() {
        for touch in &entry.touched {
            if let [map, id] = touch.path.as_slice()
                && map == "sign_offs"
                && let Ok(id) = id.parse::<EntryId>()
            {
                written.insert(id, entry.hash);
            }
        }
    }
    written
}

/// The sign-offs that stood in the record on which each was written.
fn seen_by(stored: &Stored, written: &BTreeMap<EntryId, Hash>) -> BTreeMap<EntryId, BTreeSet<EntryId>> {
    let seen = |(id, hash): (&EntryId, &Hash)| {
        let info = stored.record.change_info(*hash)?;
        let view = stored.record.read_at(&info.deps).ok()?;
        Some((id.clone(), view.sign_offs.into_keys().collect()))
    };
    written.iter().filter_map(seen).collect()
}

/// The sign-offs that neither knew of this one nor were known to it.
fn unaware_of(seen: &BTreeMap<EntryId, BTreeSet<EntryId>>, id: &EntryId) -> Vec<EntryId> {
    let knows = |one: &EntryId, other: &EntryId| seen.get(one).is_some_and(|known| known.contains(other));
    seen.keys().filter(|other| *other != id && !knows(id, other) && !knows(other, id)).cloned().collect()
}
