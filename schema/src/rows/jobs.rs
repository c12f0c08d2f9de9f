//! The job as a row: a projection of its record, for lists, boards and searches. Dropped and rebuilt at will.

use crate::delay::DelayWord;
use crate::id::{CustomerId, JobId, OutletId, PersonId, ReportId};
use crate::record::Urgency;
use crate::status::Status;
use crate::tables::{job_clocks, jobs};
use crate::time::Timestamp;
use crate::travel::Point;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
pub struct JobRow {
    pub id: JobId,
    pub number: String,
    pub outlet_id: OutletId,
    pub report_id: ReportId,
    pub customer_id: Option<CustomerId>,
    pub rework_of: Option<JobId>,
    pub template: String,
    pub template_version: i32,
    pub status: Status,
    pub urgency: Option<Urgency>,
    pub skill: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub phone_digits: String,
    pub address: Option<String>,
    pub fault: Option<String>,
    pub product: Option<String>,
    pub technician_id: Option<PersonId>,
    pub technician_name: Option<String>,
    pub window_from: Option<Timestamp>,
    pub window_to: Option<Timestamp>,
    pub conflicts: i64,
    pub currency: String,
    pub total_minor: Option<i64>,
    pub due_minor: Option<i64>,
    pub paid_minor: i64,
    pub signed_at: Option<Timestamp>,
    pub sign_offs: i64,
    pub alarms: i64,
    pub reported_at: Timestamp,
    pub next_due_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub matters: i64,
    pub time_flags: i64,
    pub latitude_e6: Option<i64>,
    pub longitude_e6: Option<i64>,
    pub delay_arrives_at: Option<Timestamp>,
    pub delay_at: Option<Timestamp>,
    pub delay_word: Option<DelayWord>,
    /// When its clocks have to be looked at next, for whom they concern.
    pub escalates_at: Option<Timestamp>,
}

impl JobRow {
    /// Where the customer is.
    pub fn point(&self) -> Option<Point> {
        let (latitude_e6, longitude_e6) = self.latitude_e6.zip(self.longitude_e6)?;
        Some(Point { latitude_e6, longitude_e6 })
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_clocks, treat_none_as_default_value = false)]
pub struct JobClockRow {
    pub job_id: JobId,
    pub rule: String,
    pub run: i64,
    pub started_at: Timestamp,
    pub warn_at: Timestamp,
    pub due_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub paused_us: i64,
    pub is_paused: bool,
    pub not_before: bool,
}
