//! An edit laid onto a job in memory: what reading the document would give after writing it there, without the document.

use schema::edit::Edit;
use schema::record::{JobRecord, Report, ReportField};

/// Lays the edit over the job. [`Edit::Open`] changes nothing: it comes before there is a job.
pub fn lay(job: &mut JobRecord, edit: Edit) {
    match edit {
        Edit::Open { .. } => {}
        Edit::SetReport { field, value } => lay_report(&mut job.report, field, value),
        Edit::Rework { rework } => job.rework = Some(rework),
        Edit::Site { site } => job.site = Some(site),
        Edit::Delay { id, delay } => drop(job.delays.insert(id, delay)),
        Edit::Reply { id, reply } => drop(job.replies.insert(id, reply)),
        Edit::Correct { id, correction } => drop(job.corrections.insert(id, correction)),
        Edit::Assign { id, assignment } => {
            job.assigned = Some(id.clone());
            job.assignments.insert(id, assignment);
        }
        Edit::Unassign => job.assigned = None,
        Edit::Decide { id, decision } => drop(job.decisions.insert(id, decision)),
        Edit::Hold { id, hold } => drop(job.holds.insert(id, hold)),
        Edit::Release { hold, release } => drop(job.releases.insert(hold, release)),
        Edit::Mark { step, mark } => drop(job.marks.insert(step, mark)),
        Edit::Note { step, text } => drop(job.notes.insert(step, text)),
        Edit::Photo { sha256, photo } => drop(job.photos.insert(sha256.to_string(), photo)),
        Edit::Reading { id, reading } => drop(job.readings.insert(id, reading)),
        Edit::Play { id, play } => drop(job.plays.insert(id, play)),
        Edit::Cause { text } => job.diagnosis.cause = Some(text),
        Edit::Measures { text } => job.diagnosis.measures = Some(text),
        Edit::Part { id, part } => drop(job.parts.insert(id, part)),
        Edit::Quote { id, quote } => drop(job.quotes.insert(id, quote)),
        Edit::Withdraw { id, withdrawal } => drop(job.withdrawals.insert(id, withdrawal)),
        Edit::Consent { id, consent } => drop(job.consents.insert(id, consent)),
        Edit::Backup { id, backup } => drop(job.backup_consents.insert(id, backup)),
        Edit::TakeBack { id, take_back } => drop(job.take_backs.insert(id, *take_back)),
        Edit::HandBack { id, hand_back } => drop(job.hand_backs.insert(id, hand_back)),
        Edit::Waive { id, waiver } => drop(job.waivers.insert(id, waiver)),
        Edit::Charge { id, charge } => drop(job.charges.insert(id, charge)),
        Edit::Pay { id, payment } => drop(job.payments.insert(id, payment)),
        Edit::SignOff { id, sign_off } => drop(job.sign_offs.insert(id, sign_off)),
        Edit::Refuse { id, refusal } => drop(job.refusals.insert(id, refusal)),
        Edit::Rate { id, rating } => drop(job.ratings.insert(id, rating)),
        Edit::Alarm { id, alarm } => drop(job.alarms.insert(id, alarm)),
        Edit::Breach { id, breach } => drop(job.breaches.insert(id, breach)),
        Edit::Rule { id, ruling } => drop(job.rulings.insert(id, ruling)),
        Edit::Adopt { id, adoption } => drop(job.adoptions.insert(id, *adoption)),
    }
}

/// A word that the field does not know leaves it as it was: [`crate::record::Record::write`] refuses it.
fn lay_report(report: &mut Report, field: ReportField, value: Option<String>) {
    let place = match field {
        ReportField::Name => &mut report.name,
        ReportField::Phone => &mut report.phone,
        ReportField::Address => &mut report.address,
        ReportField::Fault => &mut report.fault,
        ReportField::Product => &mut report.product,
        ReportField::Model => &mut report.model,
        ReportField::Serial => &mut report.serial,
        ReportField::PurchasedOn => &mut report.purchased_on,
        ReportField::Wanted => &mut report.wanted,
        ReportField::Skill => &mut report.skill,
        ReportField::Urgency => {
            return lay_word(&mut report.urgency, value);
        }
        ReportField::Area => {
            return lay_word(&mut report.area, value);
        }
    };
    *place = value;
}

fn lay_word<W: std::str::FromStr>(place: &mut Option<W>, value: Option<String>) {
    match value.map(|word| word.parse()) {
        None => *place = None,
        Some(Ok(word)) => *place = Some(word),
        Some(Err(_)) => {}
    }
}
