//! Reports: taken whole or incomplete, from any channel, by anybody on the staff (domain.md §2). A repair opens a job at once;
//! nothing waits for the agent's verdict on whether it repeats an earlier report.

mod course;
pub mod record;
mod repeats;
mod told;
mod view;

pub use course::{answer, hand_over, open_job, solve_remotely};
pub use repeats::decide as decide_repeat;
pub use told::patch;

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::{Form, without_wildcards};
use crate::domain::promises;
use crate::domain::records::Office;
use crate::domain::{day, outlets};
use crate::feed::{self, Notice};
use schema::contact::phone_digits;
use schema::id::{CustomerId, EntryId, JobId, OutletId, PersonId, ReportId};
use schema::outlet::Outlet;
use schema::page::{Page, rows};
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::report::{CallOutcome, CreateReport, CustomerReport, ReportClass, ReportState};
use schema::rows::customers::CustomerRow;
use schema::rows::reports::{ReportOwnerRow, ReportRow};
use schema::time::Timestamp;
use told::Told;
use view::Phone;

/// The random parts of what a command makes, drawn by the caller.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    pub report: [u8; 10],
    pub job: [u8; 10],
    pub owner: [u8; 10],
    pub entry: [u8; 10],
}

/// Who acts, when, and with which random parts.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub caller: &'a Caller,
    pub now: Timestamp,
    pub draw: Draw,
}

impl Desk<'_> {
    fn job_id(&self) -> JobId {
        JobId::new(self.now, self.draw.job)
    }

    fn office(&self) -> Office {
        Office { person: Some(self.caller.person), now: self.now }
    }

    fn entry_id(&self) -> EntryId {
        EntryId::new(self.draw.entry)
    }

    fn owner_row(&self, report: ReportId, person: PersonId) -> ReportOwnerRow {
        let id = ReportId::new(self.now, self.draw.owner);
        ReportOwnerRow { id, report_id: report, person_id: person, since: self.now, handed_by: self.caller.person }
    }
}

/// Takes a report.
pub fn create(conn: &mut Conn, desk: Desk<'_>, input: &CreateReport) -> Result<CustomerReport, Problem> {
    let outlet = outlet_of(conn, desk.caller, input.outlet)?;
    let mut form = Form::default();
    let mut told = Told::read(&mut form, input);
    let answer = form.optional_note("/answer", input.answer.as_deref());
    let outcome = input.outcome.unwrap_or(CallOutcome::Handled);
    if input.open_job == Some(true) && !outcome.has_matter() {
        form.wrong("/open_job", "此通话没有事项，不能开工单", "this call brought nothing to open a job for");
    }
    form.finish()?;
    if let Some(person) = input.about {
        promises::staff(conn, desk.caller, person, "/about")?;
    }
    let customer = customer_of(conn, desk.caller, &outlet, input.customer, &told)?;
    // Who may not read customers learns nothing of one by naming a number.
    let known = customer.as_ref().filter(|_| desk.caller.role.may(Permission::ReadCustomers));
    if let Some(customer) = known {
        told.fill_from(customer);
    }
    told.derive(input.class);
    let number = day::next_number(conn, &outlet, "BX", desk.now)?;
    let mut row = blank(desk, input, outcome, number);
    row.outlet_id = outlet.id;
    row.customer_id = customer.map(|customer| customer.id);
    row.answer = answer;
    told.write_to(&mut row);
    feed::post(Notice::Desk(row.outlet_id));
    db::reports::insert_report(conn, &row)?;
    db::reports::insert_owner(conn, &desk.owner_row(row.id, row.owner_id))?;
    let by_class = input.class == ReportClass::Repair && outcome == CallOutcome::Handled;
    let opens_job = input.open_job.unwrap_or(by_class);
    let course = course::Course { opens_job, repeat: input.repeat.as_ref(), template: input.template.as_deref() };
    course::follow(conn, desk, &outlet, &mut row, course)?;
    let phone = if input.phone.is_some() { Phone::Full } else { view::look(conn, desk.caller, desk.now, &row)? };
    view::detail(conn, &row, &outlet, phone, desk.now)
}

/// A report as it is before anything that was told stands in it.
fn blank(desk: Desk<'_>, input: &CreateReport, outcome: CallOutcome, number: String) -> ReportRow {
    let has_matter = outcome.has_matter();
    ReportRow {
        id: ReportId::new(desk.now, desk.draw.report),
        number,
        outlet_id: desk.caller.outlet,
        customer_id: None,
        job_id: None,
        class: input.class,
        channel: input.channel,
        state: if has_matter { ReportState::Open } else { ReportState::Void },
        outcome,
        urgency: None,
        name: None,
        phone: None,
        phone_digits: String::new(),
        address: None,
        address_key: String::new(),
        fault: None,
        fault_class: None,
        product: None,
        details: String::new(),
        repeated_back: input.repeated_back,
        taken_by: desk.caller.person,
        owner_id: desk.caller.person,
        taken_at: desk.now,
        answer: None,
        closed_at: if has_matter { None } else { Some(desk.now) },
        repeat_of: None,
        repeat_verdict: None,
        repeat_decided_by: None,
    }
}

/// What a list of reports is asked for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub state: Option<ReportState>,
    pub class: Option<ReportClass>,
    pub owner: Option<PersonId>,
    pub customer: Option<CustomerId>,
    /// Part of the caller's phone number.
    pub phone: Option<String>,
    /// Part of its number, a name, an address, a fault or a product.
    pub text: Option<String>,
    pub after: Option<ReportId>,
    pub limit: Option<i64>,
}

/// Newest first.
pub fn list(conn: &mut Conn, caller: &Caller, search: &Search) -> Result<Page<CustomerReport>, Problem> {
    let limit = rows(search.limit);
    let filter = db::reports::ReportFilter {
        outlet: caller.outlet_filter(),
        hands: if sees_office(caller) { None } else { Some(caller.person) },
        owner: search.owner,
        state: search.state,
        class: search.class,
        customer: search.customer,
        digits: search.phone.as_deref().map(phone_digits).filter(|digits| !digits.is_empty()),
        part: search.text.as_deref().map(without_wildcards).filter(|part| !part.is_empty()),
    };
    let found = db::reports::list_reports(conn, &filter, search.after, limit.saturating_add(1))?;
    view::page(conn, Page::cut(found, limit, |row| row.id.to_string()))
}

/// Shows one report; a look at the full phone number is logged.
pub fn find(conn: &mut Conn, caller: &Caller, now: Timestamp, id: ReportId) -> Result<CustomerReport, Problem> {
    let row = load(conn, caller, id)?;
    show(conn, caller, now, &row)
}

fn show(conn: &mut Conn, caller: &Caller, now: Timestamp, row: &ReportRow) -> Result<CustomerReport, Problem> {
    let outlet = outlets::load(conn, row.outlet_id)?;
    let phone = view::look(conn, caller, now, row)?;
    view::detail(conn, row, &outlet, phone, now)
}

/// The report, if the caller may know of it: the office of its outlet, and whoever took it or has it in hand.
pub fn load(conn: &mut Conn, caller: &Caller, id: ReportId) -> Result<ReportRow, Problem> {
    let not_found = || Problem::new(Kind::NotFound);
    let row = db::reports::find_report(conn, id)?.ok_or_else(not_found)?;
    caller.require_outlet(row.outlet_id)?;
    if sees_office(caller) || in_hand(caller, &row) { Ok(row) } else { Err(not_found()) }
}

/// The report, if the caller may do something to it: whoever took it or has it in hand, and those of the office who may do the same to
/// any job. To read it is not enough: a report that is changed or solved changes or ends its job. What is done is told to the desk.
pub fn load_to_act(
    conn: &mut Conn,
    caller: &Caller,
    id: ReportId,
    permission: Permission,
) -> Result<ReportRow, Problem> {
    let row = load(conn, caller, id)?;
    if !in_hand(caller, &row) {
        caller.require(permission)?;
    }
    feed::post(Notice::Desk(row.outlet_id));
    Ok(row)
}

fn sees_office(caller: &Caller) -> bool {
    caller.role.may(Permission::ReadJobs)
}

fn in_hand(caller: &Caller, row: &ReportRow) -> bool {
    row.taken_by == caller.person || row.owner_id == caller.person
}

fn outlet_of(conn: &mut Conn, caller: &Caller, wanted: Option<OutletId>) -> Result<Outlet, Problem> {
    let id = wanted.unwrap_or(caller.outlet);
    let unknown = || Problem::field("/outlet", "没有这个网点", "there is no such outlet");
    caller.require_outlet(id).map_err(|_| unknown())?;
    outlets::load(conn, id).map_err(|problem| if problem.kind == Kind::NotFound { unknown() } else { problem })
}

/// The customer named; else the one at this outlet whose number and name, or number and address, are the same.
fn customer_of(
    conn: &mut Conn,
    caller: &Caller,
    outlet: &Outlet,
    named: Option<CustomerId>,
    told: &Told,
) -> Result<Option<CustomerRow>, Problem> {
    if let Some(id) = named {
        return told::customer(conn, caller, outlet.id, id).map(Some);
    }
    let (digits, name_key, address_key) = told.keys();
    if digits.is_empty() {
        return Ok(None);
    }
    let known = db::customers::list_by_phone(conn, outlet.id, &digits)?;
    let fits = |customer: &CustomerRow| {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        same(&customer.name_key, &name_key) || same(&customer.address_key, &address_key)
    };
    Ok(known.into_iter().find(fits))
}
