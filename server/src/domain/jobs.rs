//! Jobs as the office sees them, and the way by which it writes to one: load what the caller may see, decide, write.

pub mod detail;

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::without_wildcards;
use crate::domain::records::{self, Office, Stored};
use schema::binary::Hash;
use schema::contact::phone_digits;
use schema::edit::Edit;
use schema::id::{CustomerId, EntryId, JobId, PersonId};
use schema::job::{Job, JobDelay, JobState};
use schema::money::Currency;
use schema::page::{Page, rows};
use schema::people::PersonName;
use schema::problem::{Kind, Problem};
use schema::record::JobRecord;
use schema::rows::jobs::JobRow;
use schema::sheet::mask_phone;
use schema::status::{Status, status};
use schema::time::{Timestamp, Window};

/// Who acts, when, and the random bytes that name what is made.
#[derive(Debug, Clone)]
pub struct By {
    pub caller: Caller,
    pub now: Timestamp,
    pub random: [u8; 10],
}

impl By {
    pub fn office(&self) -> Office {
        Office { person: Some(self.caller.person), now: self.now }
    }

    pub fn entry(&self) -> EntryId {
        EntryId::new(self.random)
    }
}

/// What a list of jobs is asked for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub statuses: Vec<Status>,
    pub technician: Option<PersonId>,
    pub customer: Option<CustomerId>,
    /// Part of a number, a name, a phone number, an address, a product or a fault.
    pub text: Option<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// With a visit's window that reaches into this time.
    pub visits: Option<Window>,
    pub overdue: bool,
    pub conflicts: bool,
    pub matters: bool,
    pub after: Option<JobId>,
    pub limit: Option<i64>,
}

pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp, search: Search) -> Result<Page<Job>, Problem> {
    let limit = rows(search.limit);
    let text = search.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let filter = db::jobs::JobFilter {
        outlet: caller.outlet_filter(),
        statuses: search.statuses,
        technician: search.technician,
        customer: search.customer,
        part: text.map(without_wildcards),
        // Two digits fit too many numbers.
        digits: text.map(phone_digits).filter(|digits| digits.len() >= 3),
        from: search.from,
        to: search.to,
        visits: search.visits,
        due_before: search.overdue.then_some(now),
        conflicts: search.conflicts,
        matters: search.matters,
    };
    let found = db::jobs::list_jobs(conn, &filter, search.after, limit.saturating_add(1))?;
    Ok(Page::cut(found, limit, |row| row.id.to_string()).map(|row| show(row, now)))
}

/// A row as a list shows it, with the phone number masked.
pub fn show(row: JobRow, now: Timestamp) -> Job {
    let point = row.point();
    let said = row.delay_arrives_at.zip(row.delay_at).zip(row.delay_word);
    let delay = said.map(|((arrives_at, at), word)| JobDelay { arrives_at, at, word });
    let named = row.technician_id.zip(row.technician_name);
    Job {
        id: row.id,
        number: row.number,
        outlet: row.outlet_id,
        report: row.report_id,
        customer: row.customer_id,
        rework_of: row.rework_of,
        status: row.status,
        urgency: row.urgency,
        skill: row.skill,
        name: row.name,
        phone: row.phone.as_deref().map(mask_phone),
        address: row.address,
        fault: row.fault,
        product: row.product,
        technician: named.map(|(id, name)| PersonName { id, name }),
        window: row.window_from.zip(row.window_to).map(|(from, to)| Window { from, to }),
        point,
        delay,
        conflicts: row.conflicts,
        currency: Currency::try_from(row.currency).unwrap_or(Currency::CNY),
        total_minor: row.total_minor,
        due_minor: row.due_minor,
        paid_minor: row.paid_minor,
        signed_at: row.signed_at,
        sign_offs: row.sign_offs,
        alarms: row.alarms,
        matters: row.matters,
        time_flags: row.time_flags,
        reported_at: row.reported_at,
        next_due_at: row.next_due_at,
        is_overdue: row.next_due_at.is_some_and(|due| due < now),
        closed_at: row.closed_at,
    }
}

/// A job's record, if the caller may know of it.
pub fn load(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<Stored, Problem> {
    let stored = records::load(conn, job)?;
    caller.require_outlet(stored.end.outlet_id)?;
    Ok(stored)
}

/// The same for whoever decides by it and then writes: whoever else would write to the job waits until the commit, so that each decides
/// on what the other has left, and only what really contradicts is refused.
pub fn load_to_write(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<Stored, Problem> {
    let stored = records::load_to_write(conn, job)?;
    caller.require_outlet(stored.end.outlet_id)?;
    Ok(stored)
}

/// Loads, decides and writes. No edits: nothing is written, and the answer is the job as it stands.
pub fn command(
    conn: &mut Conn,
    by: &By,
    job: JobId,
    decide: impl FnOnce(&mut Conn, &JobRecord) -> Result<Vec<Edit>, Problem>,
) -> Result<JobState, Problem> {
    let stored = load_to_write(conn, &by.caller, job)?;
    let edits = decide(conn, &stored.view()?)?;
    let heads = if edits.is_empty() {
        stored.heads()
    } else {
        records::write_stored(conn, by.office(), stored, None, &edits)?.heads
    };
    state(conn, job, heads, by.now)
}

/// What stands after a write.
pub fn state(conn: &mut Conn, job: JobId, heads: Vec<Hash>, now: Timestamp) -> Result<JobState, Problem> {
    let row = db::jobs::find_job(conn, job)?.ok_or_else(|| Problem::internal("a record without its row"))?;
    Ok(JobState { job: show(row, now), heads })
}

/// The office's commands end with the job.
pub fn require_open(view: &JobRecord) -> Result<(), Problem> {
    match status(view) {
        Status::Closed | Status::Cancelled | Status::SolvedRemotely => Err(Problem::new(Kind::JobClosed)),
        _ => Ok(()),
    }
}

/// A person's name, as it is now.
pub fn name_of(conn: &mut Conn, person: PersonId) -> Result<PersonName, Problem> {
    let name = db::people::find_person(conn, person)?.map(|row| row.name).unwrap_or_default();
    Ok(PersonName { id: person, name })
}
