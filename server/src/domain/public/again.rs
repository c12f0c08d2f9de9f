//! "It is broken again" (又坏了): the customer reports by their link what the desk would take by phone. The desk's own function takes it,
//! so the new report repeats the first one, and its job is rework or joins the job that is still open.

use super::{Opened, Visit};
use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::clocks;
use crate::domain::form::Form;
use crate::domain::records;
use crate::domain::reports::{self, Desk, Draw};
use schema::id::{PersonId, SessionId};
use schema::link::{LinkAct, LinkScope, PublicView, PublicWarranty, ReportAgain};
use schema::problem::{Kind, Problem};
use schema::record::{JobRecord, ReportField};
use schema::report::{Channel, CreateReport, DecideRepeat, RepeatVerdict, ReportClass};
use schema::status::{Status, status};
use schema::time::Timestamp;

/// Until when the repair is warranted, and whether the customer may come back to us by their link.
pub(super) fn warranty(conn: &mut Conn, opened: &Opened, now: Timestamp) -> Result<PublicWarranty, Problem> {
    let until = clocks::warranty_until(conn, &opened.stored, now)?;
    let reported_at = db::links::find_act(conn, opened.link.job_id, LinkAct::Again)?;
    let holds = until.is_some_and(|until| now <= until) || status(&opened.view) == Status::AwaitingProof;
    Ok(PublicWarranty { until, may_report: holds && reported_at.is_none(), reported_at })
}

/// Once for a job: a second time changes nothing.
pub fn report_again(conn: &mut Conn, visit: &Visit, input: &ReportAgain, draw: Draw) -> Result<PublicView, Problem> {
    visit.hold(conn)?;
    let known = visit.known(conn, LinkScope::Rate)?;
    if db::links::find_act(conn, known.link.job_id, LinkAct::Again)?.is_some() {
        return super::look(conn, visit);
    }
    let warranty = warranty(conn, &known, visit.now)?;
    let opened = visit.open(conn, LinkAct::Again, LinkScope::Rate)?;
    let mut form = Form::default();
    let fault = form.note("/fault", &input.fault);
    form.finish()?;
    if !warranty.may_report {
        let (zh, en) = ("不在维修保修期内，请联系客服报修", "There is no warranty on the repair now; please call us");
        return Err(Problem::because(Kind::GateClosed, zh, en));
    }
    let caller = desk_of(conn, opened.link.created_by, &opened.view)?;
    reports::create(conn, Desk { caller: &caller, now: visit.now, draw }, &report(&opened.view, fault))?;
    let (link, stored) = (opened.link, records::load(conn, known.link.job_id)?);
    let view = stored.view()?;
    super::show(conn, visit.now, &Opened { link, stored, view })
}

/// Whoever sent the link answers for what comes back by it: who is asked first keeps it. Where they have left, it is the one whose report
/// it was; the desk sees it in either case.
fn desk_of(conn: &mut Conn, sender: PersonId, view: &JobRecord) -> Result<Caller, Problem> {
    let first = db::reports::find_report(conn, view.meta.report)?;
    let mut found = None;
    for person in [Some(sender), first.map(|report| report.owner_id), Some(view.meta.opened_by)].into_iter().flatten() {
        let row = db::people::find_person(conn, person)?;
        if let Some(row) = row.filter(|row| row.disabled_at.is_none()) {
            found = Some(row);
            break;
        }
    }
    let person = found.ok_or_else(|| {
        let (zh, en) = ("请致电客服报修", "Please call us to report it");
        Problem::because(Kind::Conflict, zh, en)
    })?;
    Ok(Caller {
        person: person.id,
        name: person.name,
        role: person.role,
        outlet: view.meta.outlet,
        // Nobody is logged in.
        session: SessionId::new(Timestamp::from_micros(0), [0; 10]),
        device: None,
        language: person.language,
    })
}

fn report(view: &JobRecord, fault: String) -> CreateReport {
    let known = |field| view.known(field).map(str::to_owned);
    CreateReport {
        class: ReportClass::Repair,
        channel: Channel::Web,
        outcome: None,
        outlet: Some(view.meta.outlet),
        customer: None,
        name: known(ReportField::Name),
        phone: known(ReportField::Phone),
        address: known(ReportField::Address),
        fault: Some(fault),
        fault_class: None,
        product: known(ReportField::Product),
        model: known(ReportField::Model),
        serial: known(ReportField::Serial),
        purchased_on: known(ReportField::PurchasedOn),
        wanted: None,
        urgency: view.report.urgency,
        skill: known(ReportField::Skill),
        area: None,
        about: None,
        repeated_back: false,
        answer: None,
        open_job: Some(true),
        template: Some(view.meta.template.clone()),
        repeat: Some(DecideRepeat { of: view.meta.report, verdict: RepeatVerdict::Same, reason: None }),
    }
}
