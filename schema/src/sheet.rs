//! The service task sheet (维修服务任务单): what the customer is shown, and what a signature covers.
//!
//! A sheet is made from a record as it stood at some heads; a sign-off names those heads and the sheet's hash, so the sheet can be made
//! again at any later time, and what was changed since is listed ([`changed_after`]). It leaves out what is no part of the
//! work that the customer accepts: sign-offs themselves, payments, notes and playbooks, places, and the steps from the
//! signature on, so that the farewell is no change to what was signed. The phone number is masked: the sheet leaves the house.
//!
//! The hash is over the JSON with its fields in the order of the structs here. So whatever changes that JSON (a field, its name, its
//! order, a rule of what goes in) needs a new [`VERSION`], and the code that makes the old one stays: signed sheets must
//! be verifiable for ever. [`signed_sheet`] finds the version by the hash. A golden file of each version guards this.

mod difference;
mod taken;
mod text;

use crate::binary::Hash;
use crate::body::data;
use crate::id::{EntryId, JobId, OutletId, PersonId};
use crate::money::Currency;
use crate::people::Bilingual;
use crate::record::{
    BackupCopy, How, ItemKind, JobRecord, Mark, MarkKind, OldPart, QuoteLine, ReportField, Risk, SetUp, WarrantyKind,
};
use crate::template::{Stage, StepTemplate, Template};
use crate::time::{Timestamp, Window};
pub use difference::{Change, changed_after};
use std::collections::BTreeMap;
pub use taken::{SheetHandBack, SheetTakeBack};
pub use text::{field_name, mark_name, out_words, quantity, report_word};

/// The version that is made today.
pub const VERSION: u32 = 1;

data! {
    pub struct Sheet {
        pub version: u32,
        pub job: JobId,
        pub number: String,
        pub outlet: OutletId,
        pub rework_of: Option<JobId>,
        pub reported_at: Timestamp,
        /// By the field's word; those that nobody filled in are left out.
        pub report: BTreeMap<String, SheetField>,
        pub technician: Option<SheetTechnician>,
        pub window: Option<Window>,
        pub template: String,
        pub template_version: u32,
        /// In the order of the checklist, up to the signature.
        pub steps: Vec<SheetStep>,
        pub cause: Option<String>,
        pub measures: Option<String>,
        pub parts: BTreeMap<EntryId, SheetPart>,
        pub currency: Currency,
        pub quotes: BTreeMap<EntryId, SheetQuote>,
        /// The quote in force.
        pub accepted: Option<EntryId>,
        pub consents: BTreeMap<EntryId, SheetConsent>,
        /// Left out of the JSON where nobody signed one, so that sheets of before keep their hash.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub backup_consents: BTreeMap<EntryId, SheetBackup>,
        /// Left out where nothing was taken away, and so are the hand-backs.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub take_backs: BTreeMap<EntryId, SheetTakeBack>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        pub hand_backs: BTreeMap<EntryId, SheetHandBack>,
        pub waivers: BTreeMap<EntryId, SheetWaiver>,
        /// What the customer owes; none without an accepted quote.
        pub due_minor: Option<i64>,
        /// What the technician filled in, and the customer confirmed.
        pub charged_minor: Option<i64>,
        /// Counted from completion.
        pub warranty_months: u32,
    }

    /// A field of the report, as told and as found.
    pub struct SheetField {
        pub reported: Option<String>,
        pub corrected: Option<String>,
    }

    pub struct SheetTechnician {
        pub person: PersonId,
        pub name: String,
    }

    pub struct SheetStep {
        pub id: String,
        pub name: Bilingual,
        pub mark: Option<SheetMark>,
        pub readings: BTreeMap<EntryId, SheetReading>,
        pub photos: Vec<Hash>,
    }

    pub struct SheetMark {
        pub kind: MarkKind,
        pub by: PersonId,
        pub at: Timestamp,
        pub reason: Option<String>,
    }

    pub struct SheetReading {
        pub name: String,
        pub label: Bilingual,
        pub value: String,
        pub unit: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct SheetPart {
        pub code: String,
        pub name: String,
        pub quantity_milli: i64,
        pub serial: Option<String>,
        pub old_part: OldPart,
    }

    pub struct SheetQuote {
        pub option: Option<String>,
        pub lines: BTreeMap<String, SheetLine>,
        pub total_minor: i64,
        pub warranty: WarrantyKind,
        pub price_list: i64,
        pub at: Timestamp,
        /// Taken back. Left out of the JSON where it stands, so that sheets of before there were withdrawals keep their hash.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub withdrawn: Option<SheetWithdrawal>,
    }

    pub struct SheetWithdrawal {
        pub reason: String,
        pub at: Timestamp,
    }

    pub struct SheetLine {
        pub name: String,
        pub unit: String,
        pub kind: ItemKind,
        pub quantity_milli: i64,
        pub unit_minor: i64,
        pub amount_minor: i64,
        /// Left out where there is none, as `withdrawn` is; so is the next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub risk: Option<Risk>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub setup: Option<SetUp>,
    }

    /// What the customer signed before work that can destroy data.
    pub struct SheetBackup {
        pub quote: EntryId,
        pub copy: BackupCopy,
        pub text: String,
        pub name: String,
        pub how: How,
        /// The staff member who was there; none on the customer's own link.
        pub by: Option<PersonId>,
        pub at: Timestamp,
        /// Whether it fits its quote to the letter.
        pub valid: bool,
    }

    pub struct SheetConsent {
        pub quote: EntryId,
        pub total_minor: i64,
        pub name: String,
        pub how: How,
        /// The staff member who took it; none on the customer's own link.
        pub by: Option<PersonId>,
        pub at: Timestamp,
        /// Whether it fits its quote to the letter.
        pub valid: bool,
    }

    pub struct SheetWaiver {
        pub quote: EntryId,
        pub minor: i64,
        pub reason: String,
        pub at: Timestamp,
    }
}

impl Sheet {
    /// SHA-256 of the sheet's JSON.
    pub fn hash(&self) -> Hash {
        Hash::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// The sheet as the record stands.
pub fn sheet(record: &JobRecord, template: &Template) -> Sheet {
    let meta = &record.meta;
    let assignment = record.assignment().or_else(|| record.assignments.values().max_by_key(|assignment| assignment.at));
    let text = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    Sheet {
        version: VERSION,
        job: meta.job,
        number: meta.number.clone(),
        outlet: meta.outlet,
        rework_of: record.rework_of(),
        reported_at: meta.reported_at,
        report: ReportField::ALL.iter().filter_map(|field| reported(record, *field)).collect(),
        technician: assignment.map(|a| SheetTechnician { person: a.technician, name: a.technician_name.clone() }),
        window: assignment.and_then(|assignment| assignment.window),
        template: meta.template.clone(),
        template_version: meta.template_version,
        steps: covered_steps(template).map(|step| step_row(record, step)).collect(),
        cause: text(&record.diagnosis.cause),
        measures: text(&record.diagnosis.measures),
        parts: parts(record),
        currency: meta.currency,
        quotes: quotes(record),
        accepted: record.accepted_quote().map(|(id, _)| id.clone()),
        consents: consents(record),
        backup_consents: backup_consents(record),
        take_backs: taken::take_backs(record),
        hand_backs: taken::hand_backs(record),
        waivers: waivers(record),
        due_minor: record.due_minor(),
        charged_minor: record.charges.iter().max_by_key(|(id, c)| (c.at, *id)).map(|(_, charge)| charge.due_minor),
        warranty_months: template.warranty_months,
    }
}

/// The sheet that a signature with this hash covers, made from the record at the heads it names: of whichever version it was. None
/// where the hash fits no version: then the signature does not cover this record.
pub fn signed_sheet(record: &JobRecord, template: &Template, hash: Hash) -> Option<Sheet> {
    Some(sheet(record, template)).filter(|sheet| sheet.hash() == hash)
}

/// The steps before the signature; all of them where a visit has none.
fn covered_steps(template: &Template) -> impl Iterator<Item = &StepTemplate> {
    template.steps.iter().take_while(|step| step.stage != Some(Stage::SignOff))
}

/// The skill that the work needs is ours to know.
fn reported(record: &JobRecord, field: ReportField) -> Option<(String, SheetField)> {
    let shown = |text: Option<&str>| match field {
        ReportField::Skill => None,
        ReportField::Phone => text.map(mask_phone),
        _ => text.map(str::to_owned),
    };
    let row = SheetField { reported: shown(record.report.get(field)), corrected: shown(record.corrected(field)) };
    (row.reported.is_some() || row.corrected.is_some()).then(|| (field.as_str().to_owned(), row))
}

/// The number with its middle hidden: `138****5678`; of a short one the last two digits stay.
pub fn mask_phone(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let (head, tail) = if digits >= 9 { (3, 4) } else { (0, 2) };
    let mut seen = 0;
    let hide = |character: char| {
        if !character.is_ascii_digit() {
            return character;
        }
        seen += 1;
        if seen <= head || seen + tail > digits { character } else { '*' }
    };
    phone.chars().map(hide).collect()
}

fn step_row(record: &JobRecord, step: &StepTemplate) -> SheetStep {
    let mark = |mark: &Mark| SheetMark { kind: mark.kind, by: mark.by, at: mark.at, reason: mark.reason.clone() };
    let readings = record.readings.iter().filter(|(_, reading)| reading.step == step.id);
    let row = |(id, reading): (&EntryId, &crate::record::Reading)| {
        let named = step.evidence.iter().find(|evidence| evidence.name == reading.name);
        let plain = || Bilingual { zh: reading.name.clone(), en: reading.name.clone() };
        let row = SheetReading {
            name: reading.name.clone(),
            label: named.map_or_else(plain, |evidence| evidence.label.clone()),
            value: reading.value.clone(),
            unit: reading.unit.clone(),
            by: reading.by,
            at: reading.at,
        };
        (id.clone(), row)
    };
    let photos = record.photos.iter().filter(|(_, photo)| photo.step == step.id);
    SheetStep {
        id: step.id.clone(),
        name: step.name.clone(),
        mark: record.mark(&step.id).map(mark),
        readings: readings.map(row).collect(),
        photos: photos.filter_map(|(sha256, _)| sha256.parse().ok()).collect(),
    }
}

fn parts(record: &JobRecord) -> BTreeMap<EntryId, SheetPart> {
    let row = |(id, part): (&EntryId, &crate::record::Part)| {
        let row = SheetPart {
            code: part.code.clone(),
            name: part.name.clone(),
            quantity_milli: part.quantity_milli,
            serial: part.serial.clone(),
            old_part: part.old_part,
        };
        (id.clone(), row)
    };
    record.fitted_parts().into_iter().map(row).collect()
}

fn quotes(record: &JobRecord) -> BTreeMap<EntryId, SheetQuote> {
    let line = |line: &QuoteLine| SheetLine {
        name: line.name.clone(),
        unit: line.unit.clone(),
        kind: line.kind,
        quantity_milli: line.quantity_milli,
        unit_minor: line.unit_minor,
        amount_minor: line.amount_minor,
        risk: line.risk,
        setup: line.setup.clone(),
    };
    let row = |(id, quote): (&EntryId, &crate::record::Quote)| {
        let row = SheetQuote {
            option: quote.option.clone(),
            lines: quote.lines.iter().map(|(number, entry)| (number.clone(), line(entry))).collect(),
            total_minor: quote.total_minor,
            warranty: quote.warranty.kind,
            price_list: quote.price_list,
            at: quote.at,
            withdrawn: record
                .withdrawal(id)
                .map(|withdrawal| SheetWithdrawal { reason: withdrawal.reason.clone(), at: withdrawal.at }),
        };
        (id.clone(), row)
    };
    record.quotes.iter().map(row).collect()
}

fn consents(record: &JobRecord) -> BTreeMap<EntryId, SheetConsent> {
    let valid: Vec<&EntryId> = record.valid_consents().map(|(id, _)| id).collect();
    let row = |(id, consent): (&EntryId, &crate::record::Consent)| {
        let row = SheetConsent {
            quote: consent.quote.clone(),
            total_minor: consent.total_minor,
            name: consent.name.clone(),
            how: consent.how,
            by: consent.by,
            at: consent.at,
            valid: valid.contains(&id),
        };
        (id.clone(), row)
    };
    record.consents.iter().map(row).collect()
}

fn backup_consents(record: &JobRecord) -> BTreeMap<EntryId, SheetBackup> {
    let row = |(id, backup): (&EntryId, &crate::record::BackupConsent)| {
        let row = SheetBackup {
            quote: backup.quote.clone(),
            copy: backup.copy,
            text: backup.text.clone(),
            name: backup.name.clone(),
            how: backup.how,
            by: backup.by,
            at: backup.at,
            valid: record.quotes.get(&backup.quote).is_some_and(|quote| record.backup_fits(backup, quote)),
        };
        (id.clone(), row)
    };
    record.backup_consents.iter().map(row).collect()
}

fn waivers(record: &JobRecord) -> BTreeMap<EntryId, SheetWaiver> {
    let row = |(id, waiver): (&EntryId, &crate::record::Waiver)| {
        let (quote, reason) = (waiver.quote.clone(), waiver.reason.clone());
        (id.clone(), SheetWaiver { quote, minor: waiver.minor, reason, at: waiver.at })
    };
    record.waivers.iter().map(row).collect()
}

#[cfg(test)]
mod tests;
