//! Deciding about what was not taken over. What is adopted enters the record by the one door of the office, in one change with an entry
//! that names both: who wrote it, and who adopted it. A rejection is on record likewise.
//!
//! Two who decide at once: the entry's row is locked, so one waits, and is told what the other did. To say the same again changes
//! nothing.

use super::items::{self, Read};
use super::{QuarantineDetail, detail, stored_of, visible};
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::jobs::By;
use crate::domain::records::{self, Delivery, Stored};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::evidence::{ChangeClock, Estimate, Evidence, estimate};
use schema::id::{EntryId, QuarantineId};
use schema::inbox::{AdoptItems, ItemName, Outcome, RejectItems, Standing};
use schema::problem::{FieldError, Kind, Problem};
use schema::record::Adoption;
use schema::rows::records::{QuarantineDecisionRow, QuarantineRow};
use schema::wire::RefusalCode;
use std::collections::{BTreeMap, BTreeSet};

/// Takes over all that is open, or what is named.
pub fn adopt(conn: &mut Conn, by: &By, id: QuarantineId, input: &AdoptItems) -> Result<QuarantineDetail, Problem> {
    let mut form = Form::default();
    let reason = form.optional_note("/reason", input.reason.as_deref());
    form.finish()?;
    decide(conn, by, id, &Wish { outcome: Outcome::Adopted, items: input.items.as_deref(), reason })
}

/// Rejects all that is not decided, or what is named. The technician reads why.
pub fn reject(conn: &mut Conn, by: &By, id: QuarantineId, input: &RejectItems) -> Result<QuarantineDetail, Problem> {
    let mut form = Form::default();
    let reason = Some(form.note("/reason", &input.reason));
    form.finish()?;
    decide(conn, by, id, &Wish { outcome: Outcome::Rejected, items: input.items.as_deref(), reason })
}

struct Wish<'a> {
    outcome: Outcome,
    items: Option<&'a [ItemName]>,
    reason: Option<String>,
}

fn decide(conn: &mut Conn, by: &By, id: QuarantineId, wish: &Wish<'_>) -> Result<QuarantineDetail, Problem> {
    let job = visible(&by.caller, db::quarantine::find_entry(conn, id)?)?.job_id;
    // In the order in which a push locks them: the record, then the entry.
    db::records::lock_record(conn, job)?;
    let row = visible(&by.caller, db::quarantine::lock_entry(conn, id)?)?;
    let stored = stored_of(conn, &by.caller, job)?;
    let items = items::read(conn, &row, stored.as_ref())?;
    let chosen = chosen(&items, wish, by)?;
    if chosen.is_empty() {
        return detail(conn, &by.caller, row, stored.as_ref());
    }
    write(conn, by, &row, stored, (&chosen, wish))?;
    let rows: Vec<QuarantineDecisionRow> = chosen.iter().map(|read| decision_row(by, id, read, wish)).collect();
    db::quarantine::insert_decisions(conn, &rows)?;
    let stored = stored_of(conn, &by.caller, job)?;
    let left = items::read(conn, &row, stored.as_ref())?;
    let is_left = left.iter().any(|read| matches!(read.item.standing, Standing::Open | Standing::Barred));
    let decided_at = (!is_left).then_some(by.now);
    db::quarantine::update_decided_at(conn, id, decided_at)?;
    detail(conn, &by.caller, QuarantineRow { decided_at, ..row }, stored.as_ref())
}

fn chosen<'a>(items: &'a [Read], wish: &Wish<'_>, by: &By) -> Result<Vec<&'a Read>, Problem> {
    let Some(names) = wish.items else {
        let wanted = |standing| match wish.outcome {
            Outcome::Adopted => standing == Standing::Open,
            Outcome::Rejected => matches!(standing, Standing::Open | Standing::Barred),
        };
        let found: Vec<&Read> = items.iter().filter(|read| wanted(read.item.standing)).collect();
        // Nothing is left: whoever came second is told, whoever says it again is not.
        let others = items.iter().filter(|read| found.is_empty() && read.item.decision.is_some());
        let conflicts: Vec<FieldError> = others.filter_map(|read| settled_by_another(read, wish, by)).collect();
        return if conflicts.is_empty() { Ok(found) } else { Err(already(conflicts)) };
    };
    named(items, names, wish, by)
}

/// Those that are named, each once and in the order in which they were written, however they were named.
fn named<'a>(items: &'a [Read], names: &[ItemName], wish: &Wish<'_>, by: &By) -> Result<Vec<&'a Read>, Problem> {
    let mut wanted: BTreeSet<(Hash, &[String])> = BTreeSet::new();
    for name in names {
        if !items.iter().any(|read| read.item.change == name.change && read.item.path == name.path) {
            let at = format!("/items/{}", name.path.join("/"));
            return Err(Problem::field(&at, "没有这一项", "there is no such item"));
        }
        wanted.insert((name.change, name.path.as_slice()));
    }
    let (mut found, mut conflicts) = (Vec::new(), Vec::new());
    for read in items.iter().filter(|read| wanted.contains(&(read.item.change, read.item.path.as_slice()))) {
        match read.item.standing {
            Standing::Open => found.push(read),
            Standing::Barred if wish.outcome == Outcome::Rejected => found.push(read),
            Standing::Barred => conflicts.extend(barred(read)),
            Standing::Decided => conflicts.extend(settled_by_another(read, wish, by)),
            Standing::InRecord if wish.outcome == Outcome::Adopted => {}
            Standing::InRecord => conflicts.push(error(read, "已在工单中", "it stands in the record already")),
        }
    }
    if conflicts.is_empty() { Ok(found) } else { Err(already(conflicts)) }
}

fn error(read: &Read, zh: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError { at: format!("/items/{}", read.place()), zh: zh.into(), en: en.into() }
}

fn barred(read: &Read) -> Option<FieldError> {
    read.item.why.as_ref().map(|why| error(read, why.zh.clone(), why.en.clone()))
}

/// What somebody else decided, or oneself decided otherwise.
fn settled_by_another(read: &Read, wish: &Wish<'_>, by: &By) -> Option<FieldError> {
    let decision = read.item.decision.as_ref()?;
    if decision.outcome == wish.outcome && decision.by.id == by.caller.person {
        return None;
    }
    let (name, at) = (&decision.by.name, decision.at);
    Some(match decision.outcome {
        Outcome::Adopted => error(read, format!("{name}已于 {at} 采用"), format!("{name} adopted it at {at}")),
        Outcome::Rejected => error(read, format!("{name}已于 {at} 驳回"), format!("{name} rejected it at {at}")),
    })
}

fn already(errors: Vec<FieldError>) -> Problem {
    let (zh, en) = ("有内容已处理过，或不能采用", "Some of it is decided already, or can't be adopted");
    Problem { errors, ..Problem::because(Kind::Conflict, zh, en) }
}

/// Writes to the record, and tells the author's phones. Where there is no such job for whoever decides, only the inbox knows.
fn write(
    conn: &mut Conn,
    by: &By,
    row: &QuarantineRow,
    stored: Option<Stored>,
    (chosen, wish): (&[&Read], &Wish<'_>),
) -> Result<(), Problem> {
    let mut delivery = Delivery::default();
    delivery.decided(row.person_id, row.job_id);
    let Some(stored) = stored else {
        if wish.outcome == Outcome::Adopted {
            return Err(Problem::because(
                Kind::Conflict,
                "没有此工单，不能采用",
                "There is no such job to adopt it into",
            ));
        }
        delivery.send(conn)?;
        return Ok(());
    };
    let mut edits: Vec<Edit> = Vec::new();
    if wish.outcome == Outcome::Adopted {
        edits.extend(chosen.iter().filter_map(|read| read.edit.clone()));
    }
    edits.extend(adoptions(conn, by, row, chosen, wish)?);
    records::write_telling(conn, by.office(), stored, &edits, delivery)?;
    Ok(())
}

/// One entry for each refused change.
fn adoptions(
    conn: &mut Conn,
    by: &By,
    row: &QuarantineRow,
    chosen: &[&Read],
    wish: &Wish<'_>,
) -> Result<Vec<Edit>, Problem> {
    let writer_name = db::people::find_name(conn, row.person_id)?.unwrap_or_default();
    let device = db::devices::find_device(conn, row.device_id)?;
    // What a phone that was lost says of its clocks is nobody's word, also where it came before it was revoked.
    let is_trusted = row.code != RefusalCode::DeviceRevoked && device.is_some_and(|device| device.revoked_at.is_none());
    let clocks: Option<Vec<(Hash, ChangeClock)>> =
        row.clocks.as_deref().and_then(|json| serde_json::from_str(json).ok());
    let clocks: BTreeMap<Hash, ChangeClock> = clocks.unwrap_or_default().into_iter().collect();
    let mut seen = BTreeSet::new();
    let changes = chosen.iter().map(|read| read.item.change).filter(|change| seen.insert(*change));
    let mut edits = Vec::new();
    for (count, change) in (0u8..=u8::MAX).cycle().zip(changes) {
        let of_change = || chosen.iter().filter(|read| read.item.change == change);
        let claimed_at = of_change().map(|read| read.item.claimed_at).next().unwrap_or(row.received_at);
        let Estimate { at: written_at, error_us, .. } = estimate(&Evidence {
            claimed_at,
            clock: clocks.get(&change).copied().unwrap_or_default(),
            builds_on: None,
            received_at: row.received_at,
            is_trusted,
        });
        let adoption = Adoption {
            outcome: wish.outcome,
            quarantine: row.id,
            change,
            places: of_change().map(|read| read.place()).collect(),
            writer: row.person_id,
            writer_name: writer_name.clone(),
            device: row.device_id,
            claimed_at,
            written_at,
            error_us,
            received_at: row.received_at,
            reason: wish.reason.clone(),
            by: by.caller.person,
            by_name: by.caller.name.clone(),
            at: by.now,
        };
        edits.push(Edit::Adopt { id: entry_id(by, count, change), adoption: Box::new(adoption) });
    }
    Ok(edits)
}

/// A name of its own for each entry of one command.
fn entry_id(by: &By, count: u8, change: Hash) -> EntryId {
    let hash = Hash::of_all([by.random.as_slice(), &[count], change.as_slice()]);
    let mut random = [0; 10];
    random.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    EntryId::new(random)
}

fn decision_row(by: &By, id: QuarantineId, read: &Read, wish: &Wish<'_>) -> QuarantineDecisionRow {
    QuarantineDecisionRow {
        quarantine_id: id,
        change_hash: read.item.change,
        place: read.place(),
        outcome: wish.outcome,
        reason: wish.reason.clone(),
        decided_by: by.caller.person,
        decided_at: by.now,
    }
}
