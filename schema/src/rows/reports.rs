//! Reports, and who had them in hand.

use crate::id::{CustomerId, JobId, OutletId, PersonId, ReportId};
use crate::record::Urgency;
use crate::report::{CallOutcome, Channel, RepeatVerdict, ReportClass, ReportState};
use crate::tables::{report_owners, reports};
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReportRow {
    pub id: ReportId,
    pub number: String,
    pub outlet_id: OutletId,
    pub customer_id: Option<CustomerId>,
    pub job_id: Option<JobId>,
    pub class: ReportClass,
    pub channel: Channel,
    pub state: ReportState,
    pub outcome: CallOutcome,
    pub urgency: Option<Urgency>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub phone_digits: String,
    pub address: Option<String>,
    pub address_key: String,
    pub fault: Option<String>,
    pub fault_class: Option<String>,
    pub product: Option<String>,
    /// JSON: the rest of what was told.
    pub details: String,
    pub repeated_back: bool,
    pub taken_by: PersonId,
    pub owner_id: PersonId,
    pub taken_at: Timestamp,
    pub answer: Option<String>,
    pub closed_at: Option<Timestamp>,
    pub repeat_of: Option<ReportId>,
    pub repeat_verdict: Option<RepeatVerdict>,
    pub repeat_decided_by: Option<PersonId>,
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_owners, treat_none_as_default_value = false)]
pub struct ReportOwnerRow {
    /// 16 random bytes in the form of a report's id: it names nothing else.
    pub id: ReportId,
    pub report_id: ReportId,
    pub person_id: PersonId,
    pub since: Timestamp,
    pub handed_by: PersonId,
}
