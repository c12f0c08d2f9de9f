//! What is due and what was paid: waivers (the centre's), charges and payments.

use crate::db::Conn;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::records::{self, Written};
use crate::domain::{access, outlets};
use schema::bill::{Billed, CreateCharge, CreatePayment, CreateWaiver};
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::outlet::Collects;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::record::{Charge, JobRecord, Payment, Waiver};
use schema::status::{Status, status};

/// How the bill stands after a write.
pub fn billed(id: EntryId, written: &Written) -> Billed {
    Billed {
        id,
        accepted: written.view.accepted_quote().map(|(id, _)| id.clone()),
        due_minor: written.view.due_minor(),
        paid_minor: paid_minor(&written.view),
        heads: written.heads.clone(),
    }
}

fn paid_minor(view: &JobRecord) -> i64 {
    view.payments.values().map(|payment| payment.minor).fold(0, i64::saturating_add)
}

/// What the customer signed for is not quoted anew: the job is re-opened first.
pub fn require_unsigned(view: &JobRecord) -> Result<(), Problem> {
    jobs::require_open(view)?;
    if status(view) != Status::Signed {
        return Ok(());
    }
    let (zh, en) = ("客户已验收签字，请先重新打开工单", "The customer has signed; re-open the job first");
    Err(Problem::because(Kind::Conflict, zh, en))
}

/// The centre takes something off the bill.
pub fn waive(conn: &mut Conn, by: &By, job: JobId, input: &CreateWaiver) -> Result<Billed, Problem> {
    write(conn, by, job, |view, form| {
        require_not_cancelled(view)?;
        let reason = form.note("/reason", &input.reason);
        let quote = view.quotes.get(&input.quote);
        let waived = view.waivers.values().filter(|waiver| waiver.quote == input.quote);
        let waived = waived.fold(input.minor, |sum, waiver| sum.saturating_add(waiver.minor));
        match quote {
            None => form.wrong("/quote", "没有这份报价", "there is no such quote"),
            Some(quote) if input.minor < 1 || waived > quote.total_minor => {
                form.wrong(
                    "/minor",
                    "减免合计须大于 0 且不超过报价总额",
                    "more than 0, and together at most the total",
                );
            }
            Some(_) => {}
        }
        let waiver =
            Waiver { quote: input.quote.clone(), minor: input.minor, reason, by: by.caller.person, at: by.now };
        Ok(Edit::Waive { id: by.entry(), waiver })
    })
}

/// Fills in the amount due; it equals the accepted quote less what was waived.
pub fn charge(conn: &mut Conn, by: &By, job: JobId, input: &CreateCharge) -> Result<Billed, Problem> {
    write(conn, by, job, |view, _| {
        require_unsigned(view)?;
        let charge = Charge {
            quote: input.quote.clone(),
            due_minor: input.due_minor,
            currency: view.meta.currency,
            by: by.caller.person,
            at: by.now,
        };
        Ok(Edit::Charge { id: by.entry(), charge })
    })
}

/// Money received, also after the job is closed.
pub fn pay(conn: &mut Conn, by: &By, job: JobId, input: &CreatePayment) -> Result<Billed, Problem> {
    let collects = collector(conn, by, job)?;
    write(conn, by, job, |view, form| {
        require_not_cancelled(view)?;
        let method = form.field("/method", &input.method);
        let receipt = form.optional_field("/receipt", input.receipt.as_deref());
        if collects != Collects::Desk && receipt.is_none() {
            let en = "money taken at the customer's is taken against a receipt: give its number";
            form.wrong("/receipt", "上门收款须开具收据，请填写收据号", en);
        }
        let open = view.due_minor().map(|due| due.saturating_sub(paid_minor(view)));
        match open {
            None => form.wrong("/minor", "还没有客户认可的报价，无应收款", "nothing is due: no quote was accepted"),
            Some(open) if !(1..=open).contains(&input.minor) => {
                let zh = format!("收款须大于 0，且不超过未收金额（{open} 分）");
                form.wrong("/minor", zh, format!("more than 0, and at most what is open ({open} minor units)"));
            }
            Some(_) => {}
        }
        let payment = Payment {
            minor: input.minor,
            currency: view.meta.currency,
            method,
            receipt,
            by: by.caller.person,
            at: by.now,
        };
        Ok(Edit::Pay { id: by.entry(), payment })
    })
}

/// How the job's outlet collects, where the caller may take the money: the office, and a technician who has the job in hand where
/// the outlet lets technicians collect.
fn collector(conn: &mut Conn, by: &By, job: JobId) -> Result<Collects, Problem> {
    let caller = &by.caller;
    let is_office = caller.role.may(Permission::TakePayment);
    // Asked before the job is: a refusal says nothing of what is there.
    let lets = |collects| caller.role.may(Permission::CarryPhone) && collects == Collects::Technician;
    if !is_office && !lets(outlets::load(conn, caller.outlet)?.settings.collects) {
        let (zh, en) = ("本网点不由您的岗位收款", "At this outlet your role takes no money");
        return Err(Problem::because(Kind::Forbidden, zh, en));
    }
    let row = access::job(conn, caller, job)?;
    let collects = outlets::load(conn, row.outlet_id)?.settings.collects;
    let in_hand = row.technician_id == Some(caller.person);
    if is_office || in_hand && lets(collects) { Ok(collects) } else { Err(Problem::new(Kind::Forbidden)) }
}

fn require_not_cancelled(view: &JobRecord) -> Result<(), Problem> {
    if status(view) == Status::Cancelled { Err(Problem::new(Kind::JobClosed)) } else { Ok(()) }
}

fn write(
    conn: &mut Conn,
    by: &By,
    job: JobId,
    decide: impl FnOnce(&JobRecord, &mut Form) -> Result<Edit, Problem>,
) -> Result<Billed, Problem> {
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    let mut form = Form::default();
    let edit = decide(&stored.view()?, &mut form)?;
    form.finish()?;
    let written = records::write_stored(conn, by.office(), stored, None, &[edit])?;
    Ok(billed(by.entry(), &written))
}
