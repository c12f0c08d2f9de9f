//! Evidence: one job's bundle ([`sync::bundle`]), collected in one view of the database.

use crate::db::evidence as rows;
use crate::db::{self, Conn};
use crate::domain::sync::kept::parted;
use crate::domain::{records, templates};
use schema::binary::{Actor, Hash};
use schema::id::{DeviceId, JobId, LinkId, OutletId, PersonId};
use schema::problem::{Kind, Problem};
use schema::published_key::PublishedKey;
use schema::record::JobRecord;
use schema::rows::keys::{KeyPurpose, SigningKeyRow};
use schema::rows::records::{ChangeRow, PushRow, QuarantineRow};
use schema::template::Template;
use schema::time::Timestamp;
use std::collections::BTreeSet;
use std::io::Write;
use sync::admit::{Limits, hash_of};
use sync::bundle::line::*;
use sync::bundle::{FORMAT, Writer, entry_lines};
use sync::seal::ServerKey;

/// The job that a person means by its id or its number. Another outlet's is not found.
pub fn find_job(conn: &mut Conn, outlet: Option<OutletId>, named: &str) -> Result<JobId, Problem> {
    let job = match named.parse() {
        Ok(job) => Some(job),
        Err(_) => rows::find_numbered(conn, named)?,
    };
    let not_found = || Problem::new(Kind::NotFound);
    let job = job.ok_or_else(not_found)?;
    let owner = rows::find_outlet_of(conn, job)?.ok_or_else(not_found)?;
    if outlet.is_none_or(|outlet| outlet == owner) { Ok(job) } else { Err(not_found()) }
}

/// Writes the job's bundle, signed with `key`. The log is checked on the way as any verifier would: a damaged one makes no bundle.
pub fn export<W: Write>(
    conn: &mut Conn,
    job: JobId,
    (key, now): (&ServerKey, Timestamp),
    output: W,
) -> Result<W, Problem> {
    let stored = records::load(conn, job)?;
    let view = stored.view()?;
    let changes: Vec<ChangeLine> =
        db::records::list_changes(conn, job, 0, stored.end.length)?.into_iter().map(change_line).collect();
    let entries = entry_lines(&changes, &view).map_err(Problem::internal)?;
    let mut writer = Writer::new(output);
    let mut write = |line: Line| writer.write(&line).map_err(Problem::internal);
    write(Line::Bundle(header(conn, &view, &stored.heads(), changes.len(), now)?))?;
    write(Line::Template(TemplateLine { template: Template::clone(&*templates::of_job(conn, &view)?) }))?;
    let (links, opens) = links(conn, &entries)?;
    let refused = rows::list_refused(conn, job)?;
    let named = Named { job, view: &view, links: &links, refused: &refused };
    people_and_devices(conn, named)?.into_iter().try_for_each(&mut write)?;
    for (push, pushed) in rows::list_pushes(conn, job)? {
        write(Line::Push(Box::new(push_line(push, &pushed))))?;
    }
    changes.into_iter().map(Line::Change).try_for_each(&mut write)?;
    let (photos, signed): (Vec<Line>, Vec<Line>) = entries.into_iter().partition(|line| matches!(line, Line::Photo(_)));
    signed.into_iter().try_for_each(&mut write)?;
    links.into_iter().map(Line::Link).chain(opens).chain(photos).try_for_each(&mut write)?;
    refused.into_iter().map(refused_line).try_for_each(&mut write)?;
    writer.finish(key).map_err(Problem::internal)
}

/// The keys that receipts and bundles are signed with, the earlier ones too; the newest first.
pub fn server_keys(conn: &mut Conn) -> Result<Vec<PublishedKey>, Problem> {
    let rows = db::keys::list_keys(conn, KeyPurpose::Receipt)?;
    let key = |row: SigningKeyRow| PublishedKey { key: row.public, since: row.created_at, until: row.retired_at };
    Ok(rows.into_iter().map(key).collect())
}

fn header(
    conn: &mut Conn,
    view: &JobRecord,
    heads: &[Hash],
    changes: usize,
    exported_at: Timestamp,
) -> Result<Header, Problem> {
    Ok(Header {
        format: FORMAT,
        job: view.meta.job,
        number: view.meta.number.clone(),
        exported_at,
        server_keys: server_keys(conn)?,
        changes: u64::try_from(changes).unwrap_or(u64::MAX),
        heads: heads.to_vec(),
    })
}

/// Where people are named.
struct Named<'a> {
    job: JobId,
    view: &'a JobRecord,
    links: &'a [LinkLine],
    refused: &'a [QuarantineRow],
}

/// The lines on people, on their phones, and on the actors leased to those.
fn people_and_devices(conn: &mut Conn, named: Named<'_>) -> Result<Vec<Line>, Problem> {
    let leases = rows::list_leases(conn, named.job)?;
    let mut devices: BTreeSet<DeviceId> = leases.iter().map(|lease| lease.device_id).collect();
    devices.extend(named.refused.iter().map(|refused| refused.device_id));
    devices.extend(rows::list_pushes(conn, named.job)?.iter().map(|(push, _)| push.device_id));
    let devices = rows::list_devices(conn, &devices.into_iter().collect::<Vec<_>>())?;
    let mut people: BTreeSet<PersonId> = rows::list_authors(conn, named.job)?.into_iter().collect();
    people.extend(devices.iter().map(|device| device.person_id));
    people.extend(named.links.iter().map(|link| link.created_by));
    people.extend(named.refused.iter().map(|refused| refused.person_id));
    ids_in(&serde_json::to_value(named.view).map_err(Problem::internal)?, &mut people);
    let people = rows::list_people(conn, &people.into_iter().collect::<Vec<_>>())?;
    let people = people.into_iter().map(|row| {
        let (id, name, staff_number, role) = (row.id, row.name, row.staff_number, row.role);
        Line::Person(PersonLine { id, name, staff_number, role })
    });
    let devices = devices.into_iter().map(|row| {
        Line::Device(DeviceLine {
            id: row.id,
            person: row.person_id,
            name: row.name,
            key: row.public_key,
            enrolled_at: row.enrolled_at,
            revoked_at: row.revoked_at,
        })
    });
    let leases = leases.into_iter().map(|row| {
        let (actor, device, leased_at): (Actor, _, _) = (row.actor, row.device_id, row.leased_at);
        Line::Lease(LeaseLine { actor, device, leased_at })
    });
    Ok(people.chain(devices).chain(leases).collect())
}

/// Everything in the record that looks like an id; those that are people's are found by asking for them.
fn ids_in(value: &serde_json::Value, found: &mut BTreeSet<PersonId>) {
    match value {
        serde_json::Value::String(text) => found.extend(text.parse::<PersonId>().ok()),
        serde_json::Value::Array(values) => values.iter().for_each(|value| ids_in(value, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| ids_in(value, found)),
        _ => {}
    }
}

fn change_line(row: ChangeRow) -> ChangeLine {
    ChangeLine {
        pos: u64::try_from(row.pos).unwrap_or(0),
        hash: row.hash,
        actor: row.actor,
        seq: u64::try_from(row.seq).unwrap_or(0),
        received_at: row.received_at,
        person: row.person_id,
        device: row.device_id,
        push: row.push_id,
        bytes: schema::binary::Bytes(row.bytes),
    }
}

fn push_line(row: PushRow, pushed: &[u8]) -> PushLine {
    PushLine {
        id: row.id,
        device: row.device_id,
        request: row.request_id,
        received_at: row.received_at,
        phone_at: row.phone_at.to_string(),
        since_contact_us: row.since_contact_us,
        pushed: db::records::heads_from_bytes(pushed),
        leaves: db::records::heads_from_bytes(&row.leaves),
        signature: row.device_signature,
        receipt: row.receipt_signature,
        receipt_key: row.receipt_key,
    }
}

/// The links on which somebody consented or signed, and each use of them.
fn links(conn: &mut Conn, entries: &[Line]) -> Result<(Vec<LinkLine>, Vec<Line>), Problem> {
    let used: BTreeSet<LinkId> = entries
        .iter()
        .filter_map(|line| match line {
            Line::Consent(consent) => consent.link,
            Line::Backup(backup) => backup.link,
            Line::SignOff(signed) => signed.link,
            _ => None,
        })
        .collect();
    let used: Vec<LinkId> = used.into_iter().collect();
    let links = rows::list_links(conn, &used)?.into_iter().map(|row| LinkLine {
        id: row.id,
        created_by: row.created_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    });
    let opens = rows::list_opens(conn, &used)?.into_iter().map(|row| {
        let (link, at, act) = (row.link_id, row.opened_at, row.act.to_string());
        Line::Open(OpenLine { link, at, address: row.address, browser: row.browser, act })
    });
    Ok((links.collect(), opens.collect()))
}

fn refused_line(row: QuarantineRow) -> Line {
    // What an earlier release cut can't be named.
    let is_whole = usize::try_from(row.bytes_total) == Ok(row.bytes.len());
    let limits = Limits::default();
    let held =
        if is_whole { parted(&row.bytes).iter().map(|change| hash_of(change, &limits)).collect() } else { Vec::new() };
    Line::Refused(RefusedLine {
        id: row.id,
        device: row.device_id,
        person: row.person_id,
        actor: row.actor,
        first_hash: row.first_hash,
        code: row.code,
        received_at: row.received_at,
        bytes_total: row.bytes_total,
        sha256: Hash::of(&row.bytes),
        salvaged_as: row.salvaged_hash,
        held,
    })
}
