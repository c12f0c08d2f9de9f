//! The history of a job: every change, who wrote it with what and when, and what stood there before.

use crate::db::{self, Conn};
use crate::domain::jobs::detail::time_flags;
use crate::domain::records;
use schema::binary::{Actor, Hash};
use schema::evidence::TimeFlag;
use schema::id::{DeviceId, JobId, OutletId, PersonId};
use schema::problem::{Kind, Problem};
use schema::record::Adoption;
use schema::rows::records::ChangeRow;
use schema::sheet::mask_phone;
use schema::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use sync::record::HistoryEntry;
use utoipa::ToSchema;

/// One change to a job.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryChange {
    /// Place in the log, from 0.
    pub pos: i64,
    pub change: Hash,
    pub actor: Actor,
    /// Whose session wrote it; none for a customer on their own link.
    pub person: Option<PersonId>,
    pub person_name: Option<String>,
    /// The phone; none where the office wrote.
    pub device: Option<DeviceId>,
    /// When the author's clock says that it was made, in whole seconds. A claim.
    pub claimed_at: Timestamp,
    /// The best estimate of when it was made, where that is another time.
    pub written_at: Option<Timestamp>,
    /// How far the time may be off; none for what the server wrote.
    pub error_us: Option<i64>,
    /// What contradicts the claim.
    pub time_flags: Vec<TimeFlag>,
    /// When the server received it.
    pub received_at: Timestamp,
    pub touched: Vec<HistoryTouch>,
    /// What had not been taken over, and was adopted or rejected with this change: who had written it, on which phone, when.
    pub adopted: Vec<Adoption>,
}

/// One place that a change wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryTouch {
    /// As in `["marks", "repair"]`.
    pub path: Vec<String>,
    /// What its author saw there. Phone numbers are masked: a look at a whole one is logged, and that is the customers' business.
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// All changes in the order of the log; another outlet's job is not found.
pub fn list(conn: &mut Conn, outlet: Option<OutletId>, job: JobId) -> Result<Vec<HistoryChange>, Problem> {
    let stored = records::load(conn, job)?;
    if outlet.is_some_and(|outlet| outlet != stored.end.outlet_id) {
        return Err(Problem::new(Kind::NotFound));
    }
    let rows = db::records::list_changes(conn, job, 0, stored.end.length)?;
    let mut told: BTreeMap<Hash, HistoryEntry> =
        stored.record.history().into_iter().map(|entry| (entry.hash, entry)).collect();
    let mut names: BTreeMap<PersonId, Option<String>> = BTreeMap::new();
    for person in rows.iter().filter_map(|row| row.person_id) {
        if let std::collections::btree_map::Entry::Vacant(vacant) = names.entry(person) {
            vacant.insert(db::people::find_name(conn, person)?);
        }
    }
    let change = |row: ChangeRow| {
        let entry = told.remove(&row.hash).ok_or_else(|| Problem::internal("the log holds what the record lacks"))?;
        let name = row.person_id.and_then(|person| names.get(&person).cloned().flatten());
        Ok(told_of(row, name, entry))
    };
    rows.into_iter().map(change).collect()
}

fn told_of(row: ChangeRow, person_name: Option<String>, entry: HistoryEntry) -> HistoryChange {
    let adopted = entry.touched.iter().filter(|touch| touch.path.first().is_some_and(|map| map == "adoptions"));
    let adopted = adopted.filter_map(|touch| serde_json::from_value(touch.after.clone()?).ok()).collect();
    let touch = |touch: sync::record::Touch| HistoryTouch {
        before: touch.before.map(|value| masked(&touch.path, value)),
        after: touch.after.map(|value| masked(&touch.path, value)),
        path: touch.path,
    };
    HistoryChange {
        pos: row.pos,
        change: row.hash,
        actor: row.actor,
        person: row.person_id,
        person_name,
        device: row.device_id,
        claimed_at: entry.at,
        written_at: row.retimed_at,
        error_us: row.error_us,
        time_flags: time_flags(row.time_flags.as_deref()),
        received_at: row.received_at,
        touched: entry.touched.into_iter().map(touch).collect(),
        adopted,
    }
}

/// The number as it was reported, and a correction of it.
fn masked(path: &[String], mut value: Value) -> Value {
    let number = if path == ["report", "phone"] {
        Some(&mut value)
    } else if value.get("field").and_then(Value::as_str) == Some("phone") {
        value.get_mut("value")
    } else if path == ["report"] {
        value.get_mut("phone")
    } else {
        None
    };
    if let Some(Value::String(number)) = number {
        *number = mask_phone(number);
    }
    value
}
