//! The projection of the records: one row a job, and its clocks.

use crate::db::kept::{Kept, few_lengths, load_kept, padded, run_kept};
use crate::db::{Conn, Result, insert_rows, lower};
use diesel::prelude::*;
use diesel::upsert::excluded;
use schema::id::{CustomerId, JobId, OutletId, PersonId, ReportId};
use schema::rows::jobs::{JobClockRow, JobRow};
use schema::status::Status;
use schema::tables::{job_clocks, job_photos, jobs};
use schema::time::{Timestamp, Window};

/// The job that was opened for this report; one that it joined later is another's.
pub fn find_job_of_report(conn: &mut Conn, report: ReportId) -> Result<Option<JobId>> {
    Ok(jobs::table.filter(jobs::report_id.eq(report)).select(jobs::id).first(conn).optional()?)
}

pub fn find_job(conn: &mut Conn, id: JobId) -> Result<Option<JobRow>> {
    Ok(jobs::table.find(id).select(JobRow::as_select()).first(conn).optional()?)
}

pub fn list_by_id(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<JobRow>> {
    Ok(load_kept!(conn, jobs::table.filter(jobs::id.eq_any(padded(ids))).select(JobRow::as_select())))
}

/// Of these jobs those that there are: whose, and where they stand.
pub fn list_statuses(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<(JobId, OutletId, Status)>> {
    Ok(load_kept!(
        conn,
        jobs::table.filter(jobs::id.eq_any(padded(ids))).select((jobs::id, jobs::outlet_id, jobs::status))
    ))
}

/// What narrows a list of jobs.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    pub outlet: Option<OutletId>,
    /// Any of these; all where it is empty.
    pub statuses: Vec<Status>,
    pub technician: Option<PersonId>,
    pub customer: Option<CustomerId>,
    /// Part of a number, a name, an address, a product or a fault, with `\` before the wildcards in it.
    pub part: Option<String>,
    /// Part of a phone number.
    pub digits: Option<String>,
    /// Reported from here up to, without, there.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// With a visit's window that reaches into this time.
    pub visits: Option<Window>,
    /// With a clock that was due before this.
    pub due_before: Option<Timestamp>,
    /// With places where two values stand.
    pub conflicts: bool,
    /// With something that awaits the supervisor.
    pub matters: bool,
}

/// A page, newest first.
pub fn list_jobs(conn: &mut Conn, filter: &JobFilter, after: Option<JobId>, limit: i64) -> Result<Vec<JobRow>> {
    let mut query = jobs::table.order(jobs::id.desc()).limit(limit).select(JobRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(jobs::outlet_id.eq(outlet));
    }
    if !filter.statuses.is_empty() {
        query = query.filter(jobs::status.eq_any(filter.statuses.clone()));
    }
    if let Some(technician) = filter.technician {
        query = query.filter(jobs::technician_id.eq(technician));
    }
    if let Some(customer) = filter.customer {
        query = query.filter(jobs::customer_id.eq(customer));
    }
    if let Some(part) = &filter.part {
        let like = format!("%{part}%");
        // Numbers are told with small letters, too; PostgreSQL compares them to the letter.
        let typed = jobs::number.like(like.clone()).escape('\\');
        let number = typed.or(jobs::number.like(like.to_uppercase()).escape('\\'));
        let named = jobs::name.like(like.clone()).escape('\\').assume_not_null();
        let lives = jobs::address.like(like.clone()).escape('\\').assume_not_null();
        let product = lower(jobs::product).like(lower(like.clone())).escape('\\').assume_not_null();
        let fault = lower(jobs::fault).like(lower(like)).escape('\\').assume_not_null();
        let digits = format!("%{}%", filter.digits.as_deref().unwrap_or("-"));
        query = query.filter(number.or(named).or(lives).or(product).or(fault).or(jobs::phone_digits.like(digits)));
    }
    if let Some(from) = filter.from {
        query = query.filter(jobs::reported_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(jobs::reported_at.lt(to));
    }
    if let Some(visits) = filter.visits {
        query = query.filter(jobs::window_from.lt(visits.to).and(jobs::window_to.gt(visits.from)));
    }
    if let Some(before) = filter.due_before {
        query = query.filter(jobs::next_due_at.lt(before));
    }
    if filter.conflicts {
        query = query.filter(jobs::conflicts.gt(0));
    }
    if filter.matters {
        query = query.filter(jobs::matters.gt(0));
    }
    if let Some(after) = after {
        query = query.filter(jobs::id.lt(after));
    }
    Ok(query.load(conn)?)
}

/// The jobs in these hands that are not over.
pub fn list_in_hand(conn: &mut Conn, technicians: &[PersonId]) -> Result<Vec<JobRow>> {
    let over = [Status::Closed, Status::Cancelled, Status::SolvedRemotely, Status::Signed];
    Ok(jobs::table
        .filter(jobs::technician_id.eq_any(technicians).and(jobs::status.ne_all(over)))
        .order((jobs::window_from, jobs::id))
        .select(JobRow::as_select())
        .load(conn)?)
}

/// Who had the other jobs of this customer or address, once for each job.
pub fn list_visitors(conn: &mut Conn, row: &JobRow) -> Result<Vec<PersonId>> {
    let mut visitors: Vec<Option<PersonId>> = Vec::new();
    let had = || jobs::table.filter(jobs::id.ne(row.id).and(jobs::outlet_id.eq(row.outlet_id)));
    if let Some(customer) = row.customer_id {
        visitors = had().filter(jobs::customer_id.eq(customer)).select(jobs::technician_id).load(conn)?;
    } else if let Some(address) = &row.address {
        visitors = had().filter(jobs::address.eq(address)).select(jobs::technician_id).load(conn)?;
    }
    Ok(visitors.into_iter().flatten().collect())
}

/// What was finished for this job's customer before it was reported, the last first. Who is nobody's entry in the list of customers
/// is known by number and address together: one of them alone may be a neighbour's.
pub fn list_before(conn: &mut Conn, row: &JobRow, limit: i64) -> Result<Vec<JobRow>> {
    let finished = [Status::Signed, Status::Closed, Status::SolvedRemotely, Status::AwaitingProof];
    let query = jobs::table
        .filter(jobs::outlet_id.eq(row.outlet_id).and(jobs::id.ne(row.id)))
        .filter(jobs::status.eq_any(finished).and(jobs::reported_at.lt(row.reported_at)))
        .order((jobs::reported_at.desc(), jobs::id.desc()))
        .limit(limit)
        .select(JobRow::as_select())
        .into_boxed();
    Ok(match (row.customer_id, &row.address) {
        (Some(customer), _) => query.filter(jobs::customer_id.eq(customer)).load(conn)?,
        (None, Some(address)) if !row.phone_digits.is_empty() => {
            let here = jobs::address.eq(address).and(jobs::phone_digits.eq(&row.phone_digits));
            query.filter(jobs::customer_id.is_null()).filter(here).load(conn)?
        }
        (None, _) => Vec::new(),
    })
}

/// Of these jobs those with places that have more than one value.
pub fn list_contradicted(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<JobId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let contradicted = jobs::table.filter(jobs::id.eq_any(ids).and(jobs::conflicts.gt(0)));
    Ok(contradicted.order(jobs::id).select(jobs::id).load(conn)?)
}

/// Rows of one statement on PostgreSQL, which binds 65,535 values.
const UPSERT_ROWS_MAX: usize = 128;

/// A row that is to be put in place of what is there.
pub struct NewJobRow<'a> {
    pub row: JobRow,
    pub stands: Option<&'a JobRow>,
}

macro_rules! renewed {
    ($($column:ident),+) => { ($(jobs::$column.eq(excluded(jobs::$column)),)+) };
}

/// The same of all columns but the key and the foreign keys; a column that is forgotten does not compile.
macro_rules! renewed_rest {
    ($($column:ident),+) => {{
        const _: fn(JobRow) = |JobRow { id: _, outlet_id: _, technician_id: _, $($column: _),+ }| ();
        renewed!($($column),+)
    }};
}

/// Puts jobs' rows in place of what was there: on PostgreSQL, where each statement is a way over the network and back, many at once; on SQLite
/// one by one, and without the foreign keys where they stay: to set one, SQLite keeps copies of the pages that the statement changes, and
/// at its end walks over all copies of the transaction, which was a tenth of the CPU where many phones came at once.
pub fn upsert_jobs(conn: &mut Conn, rows: &[NewJobRow<'_>]) -> Result<()> {
    let bonds = || renewed!(outlet_id, technician_id);
    let rest = || {
        renewed_rest!(
            number,
            report_id,
            customer_id,
            rework_of,
            template,
            template_version,
            status,
            urgency,
            skill,
            name,
            phone,
            phone_digits,
            address,
            fault,
            product,
            technician_name,
            window_from,
            window_to,
            conflicts,
            currency,
            total_minor,
            due_minor,
            paid_minor,
            signed_at,
            sign_offs,
            alarms,
            reported_at,
            next_due_at,
            closed_at,
            matters,
            time_flags,
            latitude_e6,
            longitude_e6,
            delay_arrives_at,
            delay_at,
            delay_word,
            escalates_at
        )
    };
    match conn {
        Conn::Pg(conn) => {
            for rows in few_lengths(rows, UPSERT_ROWS_MAX) {
                let rows: Vec<&JobRow> = rows.iter().map(|new| &new.row).collect();
                let upsert = diesel::insert_into(jobs::table).values(rows).on_conflict(jobs::id).do_update();
                Kept(upsert.set((bonds(), rest())).returning(jobs::id)).load::<JobId>(conn)?;
            }
        }
        Conn::Sqlite(conn) => {
            for NewJobRow { row, stands } in rows {
                let bound = |row: &JobRow| (row.outlet_id, row.technician_id);
                let upsert = diesel::insert_into(jobs::table).values(row).on_conflict(jobs::id).do_update();
                match stands.is_some_and(|stands| bound(stands) == bound(row)) {
                    true => run_kept(conn, upsert.set(rest()))?,
                    false => run_kept(conn, upsert.set((bonds(), rest())))?,
                };
            }
        }
    }
    Ok(())
}

/// A customer's jobs that are not over.
pub fn list_open_of(conn: &mut Conn, customer: CustomerId) -> Result<Vec<JobRow>> {
    Ok(jobs::table
        .filter(jobs::customer_id.eq(customer).and(jobs::closed_at.is_null()))
        .order(jobs::id)
        .select(JobRow::as_select())
        .load(conn)?)
}

/// Empties the projections, before they are made again.
pub fn delete_all(conn: &mut Conn) -> Result<()> {
    diesel::delete(job_clocks::table).execute(conn)?;
    diesel::delete(job_photos::table).execute(conn)?;
    diesel::delete(jobs::table).execute(conn)?;
    Ok(())
}

/// Of each job in the order of rules and runs.
pub fn list_clocks(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<JobClockRow>> {
    Ok(load_kept!(
        conn,
        job_clocks::table
            .filter(job_clocks::job_id.eq_any(padded(jobs)))
            .order((job_clocks::rule, job_clocks::run))
            .select(JobClockRow::as_select())
    ))
}

/// Clocks that run, each with its job, the first due first.
pub fn list_running_clocks(
    conn: &mut Conn,
    outlet: Option<OutletId>,
    due_before: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<(JobClockRow, JobRow)>> {
    let runs = job_clocks::stopped_at.is_null().and(job_clocks::is_paused.eq(false));
    let joined = job_clocks::table.inner_join(jobs::table.on(jobs::id.eq(job_clocks::job_id)));
    let mut query = joined.filter(runs).into_boxed();
    if let Some(outlet) = outlet {
        query = query.filter(jobs::outlet_id.eq(outlet));
    }
    if let Some(before) = due_before {
        query = query.filter(job_clocks::due_at.lt(before));
    }
    let order = (job_clocks::due_at, job_clocks::job_id, job_clocks::rule, job_clocks::run);
    Ok(query.order(order).limit(limit).select((JobClockRow::as_select(), JobRow::as_select())).load(conn)?)
}

/// Puts clocks in place of all that these jobs had.
pub fn replace_clocks(conn: &mut Conn, jobs: &[JobId], rows: &[JobClockRow]) -> Result<()> {
    let delete = diesel::delete(job_clocks::table.filter(job_clocks::job_id.eq_any(padded(jobs))));
    match conn {
        Conn::Pg(conn) => drop(delete.execute(conn)?),
        Conn::Sqlite(conn) => run_kept(conn, delete)?,
    }
    insert_rows!(conn, job_clocks::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}
