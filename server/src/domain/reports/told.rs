//! What the customer told us: reading it, completing it, and keeping the job's record in step.

use super::{Desk, load_to_act, record, show};
use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::customers;
use crate::domain::form::Form;
use schema::contact::{matching_key, phone_digits};
use schema::fault;
use schema::id::{CustomerId, OutletId, PersonId, ReportId};
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::record::{Area, Report, Urgency};
use schema::report::{CreateReport, CustomerReport, PatchReport, ReportClass};
use schema::rows::customers::CustomerRow;
use schema::rows::reports::ReportRow;
use serde::{Deserialize, Serialize};

/// A report's contents, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Told {
    pub report: Report,
    pub fault_class: Option<String>,
    pub about: Option<PersonId>,
}

/// What has no column of its own.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchased_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<PersonId>,
}

impl Told {
    pub fn read(form: &mut Form, input: &CreateReport) -> Self {
        let report = Report {
            name: form.optional_field("/name", input.name.as_deref()),
            phone: form.optional_phone("/phone", input.phone.as_deref()),
            address: form.optional_field("/address", input.address.as_deref()),
            fault: form.optional_note("/fault", input.fault.as_deref()),
            product: form.optional_field("/product", input.product.as_deref()),
            model: form.optional_field("/model", input.model.as_deref()),
            serial: form.optional_field("/serial", input.serial.as_deref()),
            purchased_on: date(form, "/purchased_on", input.purchased_on.as_deref()),
            wanted: form.optional_field("/wanted", input.wanted.as_deref()),
            urgency: input.urgency,
            skill: form.optional_field("/skill", input.skill.as_deref()),
            area: input.area,
        };
        let fault_class = fault_class(form, input.fault_class.as_deref());
        Self { report, fault_class, about: input.about }
    }

    pub fn from_row(row: &ReportRow) -> Self {
        let details: Details = serde_json::from_str(&row.details).unwrap_or_default();
        let report = Report {
            name: row.name.clone(),
            phone: row.phone.clone(),
            address: row.address.clone(),
            fault: row.fault.clone(),
            product: row.product.clone(),
            model: details.model,
            serial: details.serial,
            purchased_on: details.purchased_on,
            wanted: details.wanted,
            urgency: row.urgency,
            skill: details.skill,
            area: details.area,
        };
        Self { report, fault_class: row.fault_class.clone(), about: details.about }
    }

    pub fn write_to(&self, row: &mut ReportRow) {
        let report = self.report.clone();
        let details = Details {
            model: report.model,
            serial: report.serial,
            purchased_on: report.purchased_on,
            wanted: report.wanted,
            skill: report.skill,
            area: report.area,
            about: self.about,
        };
        (row.phone_digits, _, row.address_key) = self.keys();
        row.details = serde_json::to_string(&details).unwrap_or_default();
        (row.name, row.phone, row.address) = (report.name, report.phone, report.address);
        (row.fault, row.product, row.urgency) = (report.fault, report.product, report.urgency);
        row.fault_class.clone_from(&self.fault_class);
    }

    /// Digits of the phone number, keys of name and address: as two reports are compared.
    pub fn keys(&self) -> (String, String, String) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let report = &self.report;
        (phone_digits(&text(&report.phone)), matching_key(&text(&report.name)), matching_key(&text(&report.address)))
    }

    /// What the report lacks and the customer's entry has.
    pub fn fill_from(&mut self, customer: &CustomerRow) {
        let report = &mut self.report;
        report.name.get_or_insert_with(|| customer.name.clone());
        report.phone.get_or_insert_with(|| customer.phone.clone());
        report.address.get_or_insert_with(|| customer.address.clone());
    }

    /// Urgency and skill from the class of the fault, where the agent named none. An emergency is urgent whatever the fault.
    pub fn derive(&mut self, class: ReportClass) {
        let (urgency, skill) = derived(self.fault_class.as_deref());
        let urgency = if class.is_emergency() { Some(Urgency::Urgent) } else { urgency };
        let usual = if class == ReportClass::Repair { Some(Urgency::General) } else { None };
        self.report.urgency = self.report.urgency.or(urgency).or(usual);
        self.report.skill = self.report.skill.take().or(skill);
    }
}

fn derived(fault_class: Option<&str>) -> (Option<Urgency>, Option<String>) {
    let class = fault_class.and_then(fault::find);
    (class.map(|class| class.urgency), class.and_then(|class| class.skill).map(str::to_owned))
}

fn fault_class(form: &mut Form, id: Option<&str>) -> Option<String> {
    let id = form.optional_field("/fault_class", id)?;
    if fault::find(&id).is_none() {
        form.wrong("/fault_class", "没有这个故障类别", "there is no such class of fault; see /v1/fault-classes");
    }
    Some(id)
}

fn date(form: &mut Form, at: &str, text: Option<&str>) -> Option<String> {
    let text = form.optional_field(at, text)?;
    let is_date = text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok();
    if !is_date {
        form.wrong(at, "日期应写成 2026-03-02", "a date is written as in 2026-03-02");
    }
    Some(text)
}

/// A customer of the report's outlet, whom the caller may know of.
pub(super) fn customer(
    conn: &mut Conn,
    caller: &Caller,
    outlet: OutletId,
    id: CustomerId,
) -> Result<CustomerRow, Problem> {
    let unknown = || Problem::field("/customer", "没有这位客户", "there is no such customer");
    if !caller.role.may(Permission::ReadCustomers) {
        return Err(unknown());
    }
    match customers::load(conn, caller, id) {
        Ok(row) if row.outlet_id == outlet => Ok(row),
        Ok(_) => Err(unknown()),
        Err(problem) if problem.kind == Kind::NotFound => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

/// Completes or corrects a report; the job's record gets the same fields.
pub fn patch(conn: &mut Conn, desk: Desk<'_>, id: ReportId, input: &PatchReport) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::AmendJobs)?;
    let mut told = Told::from_row(&row);
    let before = told.report.clone();
    let mut form = Form::default();
    if let Some(class) = input.class.filter(|class| *class != row.class) {
        if row.job_id.is_some() {
            form.wrong("/class", "已开工单，不能改类别", "it has a job already: its class stays");
        }
        row.class = class;
    }
    change(&mut told, &mut form, input);
    form.finish()?;
    if let Some(id) = input.customer {
        let customer = customer(conn, desk.caller, row.outlet_id, id)?;
        told.fill_from(&customer);
        row.customer_id = Some(customer.id);
    }
    row.repeated_back = input.repeated_back.unwrap_or(row.repeated_back);
    told.write_to(&mut row);
    db::reports::update_report(conn, &row)?;
    record::bring(conn, desk, &row, (&before, &told.report))?;
    show(conn, desk.caller, desk.now, &row)
}

fn change(told: &mut Told, form: &mut Form, input: &PatchReport) {
    let before = derived(told.fault_class.as_deref());
    let report = &mut told.report;
    macro_rules! change {
        ($($field:ident: $read:ident),+ $(,)?) => {$(
            if let Some(text) = &input.$field {
                report.$field = form.$read(concat!("/", stringify!($field)), text.as_deref());
            }
        )+};
    }
    change!(name: optional_field, phone: optional_phone, address: optional_field, fault: optional_note);
    change!(product: optional_field, model: optional_field, serial: optional_field, wanted: optional_field);
    if let Some(text) = &input.purchased_on {
        report.purchased_on = date(form, "/purchased_on", text.as_deref());
    }
    report.area = input.area.unwrap_or(report.area);
    if let Some(id) = &input.fault_class {
        told.fault_class = fault_class(form, id.as_deref());
        let after = derived(told.fault_class.as_deref());
        // What the agent had set otherwise stays as they set it.
        if report.urgency == before.0 || report.urgency == Some(Urgency::General) {
            report.urgency = after.0.or(report.urgency);
        }
        if report.skill == before.1 {
            report.skill = after.1;
        }
    }
    report.urgency = input.urgency.unwrap_or(report.urgency);
    if let Some(skill) = &input.skill {
        report.skill = form.optional_field("/skill", skill.as_deref());
    }
}
