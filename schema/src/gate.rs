//! Gates: rules that must hold before an edit. Pure, so that the phone asks before the tap and the server asks again at the change's
//! base, with the same answer.
//!
//! Order matters where safety, money or evidence depend on it, and only there (`domain.md §5`); which gates guard which step is the
//! template's data. Two kinds of rule stand here: *entry* rules, which a single entry must keep whatever came before
//! (arithmetic, a reason where one is needed), and *order* rules, which guard a step's tick and the signature. Everything else
//! may be ticked in any order, and an alarm, a note, a hold or a declined signature never waits for anything: a technician at
//! the door is never stopped.
//!
//! A gate does not know who writes; that a phone may write no desk's consent is decided where the writer is known.

mod entry;
mod order;
mod taken;

use crate::edit::Edit;
use crate::id::EntryId;
use crate::problem::{FieldError, Kind, Problem};
use crate::record::JobRecord;
use crate::template::{Gate, Template};
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use order::{TOOLS_IN, TOOLS_OUT, evidence_missing};

words! {
    /// Which rule is broken. The first seven are the template's gates.
    Rule {
        Consent = "consent",
        Tested = "tested",
        CleanedUp = "cleaned_up",
        Evidence = "evidence",
        ToolsComplete = "tools_complete",
        ChargeAgreed = "charge_agreed",
        BackupConsent = "backup_consent",
        /// The template has no such step, or the step no such playbook entry.
        StepUnknown = "step_unknown",
        ReasonMissing = "reason_missing",
        /// "Not applicable" on a step that every visit has.
        NotOptional = "not_optional",
        QuoteArithmetic = "quote_arithmetic",
        QuoteUnknown = "quote_unknown",
        /// The quote is another one than was shown.
        QuoteChanged = "quote_changed",
        Currency = "currency",
        NameMissing = "name_missing",
        SignatureMissing = "signature_missing",
        /// A signature that does not say what it covers.
        CoversNothing = "covers_nothing",
        /// It covers another sheet than the record gives.
        SheetChanged = "sheet_changed",
        RatingOutOfRange = "rating_out_of_range",
        AmountOutOfRange = "amount_out_of_range",
        /// The quote was taken back.
        QuoteWithdrawn = "quote_withdrawn",
        /// The customer has accepted the quote: it can't be taken back.
        QuoteAccepted = "quote_accepted",
        /// A technician takes back what somebody else offered.
        NotYours = "not_yours",
        /// A correction or a count that is none of what its field can hold.
        ValueUnfit = "value_unfit",
        /// A hand-back of what nobody signed for.
        ReceiptUnknown = "receipt_unknown",
        /// What it hands back is home already.
        ReceiptEnded = "receipt_ended",
        /// The words are not those that the receipt, or its end, has to say.
        ReceiptChanged = "receipt_changed",
    }
}

impl From<Gate> for Rule {
    fn from(gate: Gate) -> Self {
        match gate {
            Gate::Consent => Self::Consent,
            Gate::Tested => Self::Tested,
            Gate::CleanedUp => Self::CleanedUp,
            Gate::Evidence => Self::Evidence,
            Gate::ToolsComplete => Self::ToolsComplete,
            Gate::ChargeAgreed => Self::ChargeAgreed,
            Gate::BackupConsent => Self::BackupConsent,
        }
    }
}

/// A rule that an edit would break, and what the technician does instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Violation {
    pub rule: Rule,
    /// The step to attend to; not always the one that was tapped.
    #[serde(default)]
    pub step: Option<String>,
    /// The place that was to be written, as in `["marks", "repair"]`.
    pub path: Vec<String>,
    pub zh: String,
    pub en: String,
}

impl From<Violation> for FieldError {
    fn from(violation: Violation) -> Self {
        Self { at: format!("/{}", violation.path.join("/")), zh: violation.zh, en: violation.en }
    }
}

/// The problem that tells of these violations; None where there are none.
pub fn problem(violations: Vec<Violation>) -> Option<Problem> {
    let first = violations.first()?;
    let problem = Problem::because(Kind::GateClosed, first.zh.clone(), first.en.clone());
    Some(Problem { errors: violations.into_iter().map(FieldError::from).collect(), ..problem })
}

/// The rules that this edit would break, written to this record. Empty: go ahead.
pub fn check(record: &JobRecord, template: &Template, edit: &Edit) -> Vec<Violation> {
    let place = |map: &str, key: &dyn std::fmt::Display| vec![map.to_owned(), key.to_string()];
    let (path, broken) = match edit {
        Edit::Mark { step, mark } => (place("marks", step), order::mark(record, template, step, mark)),
        Edit::Note { step, .. } => (place("notes", step), entry::note_place(template, step)),
        Edit::Photo { sha256, photo } => (place("photos", sha256), entry::note_place(template, &photo.step)),
        Edit::Reading { id, reading } => (place("readings", id), entry::reading(template, reading)),
        Edit::Play { id, play } => (place("plays", id), entry::play(template, play)),
        Edit::Hold { id, hold } => (place("holds", id), entry::reason(&hold.reason)),
        Edit::Quote { id, quote } => (place("quotes", id), entry::quote(record, quote)),
        Edit::Withdraw { id, withdrawal } => (place("withdrawals", id), entry::withdrawal(record, withdrawal)),
        Edit::Consent { id, consent } => (place("consents", id), entry::consent(record, consent)),
        Edit::Backup { id, backup } => (place("backup_consents", id), entry::backup(record, backup)),
        Edit::TakeBack { id, take_back } => (place("take_backs", id), taken::take_back(record, take_back)),
        Edit::HandBack { id, hand_back } => (place("hand_backs", id), taken::hand_back(record, id, hand_back)),
        Edit::Waive { id, waiver } => (place("waivers", id), entry::waiver(record, waiver)),
        Edit::Charge { id, charge } => (place("charges", id), entry::charge(record, charge)),
        Edit::Pay { id, payment } => (place("payments", id), entry::payment(record, payment)),
        Edit::Refuse { id, refusal } => (place("refusals", id), entry::refusal(record, refusal)),
        Edit::Rate { id, rating } => (place("ratings", id), entry::later_rating(rating)),
        Edit::Correct { id, correction } => (place("corrections", id), entry::correction(correction)),
        Edit::SignOff { id, sign_off } => (place("sign_offs", id), order::sign_off(record, template, sign_off)),
        Edit::Open { .. }
        | Edit::SetReport { .. }
        | Edit::Rework { .. }
        | Edit::Site { .. }
        | Edit::Assign { .. }
        | Edit::Unassign
        | Edit::Decide { .. }
        | Edit::Release { .. }
        | Edit::Delay { .. }
        | Edit::Reply { .. }
        | Edit::Cause { .. }
        | Edit::Measures { .. }
        | Edit::Part { .. }
        | Edit::Alarm { .. }
        | Edit::Breach { .. }
        | Edit::Adopt { .. }
        | Edit::Rule { .. } => return Vec::new(),
    };
    broken.into_iter().map(|broken| broken.at(&path)).collect()
}

/// What the visit still lacks before anybody can sign for it: the part of a signature's gate that does not depend on the signature.
pub fn before_signing(record: &JobRecord, template: &Template) -> Vec<Violation> {
    let path = ["sign_offs".to_owned()];
    order::before_signing(record, template).into_iter().map(|broken| broken.at(&path)).collect()
}

/// A signature covers changes that the record does not have. The record's plain data does not show that, so whoever holds the document
/// asks: the phone before the tap, the server before it takes the change.
pub fn covers_unknown(id: &EntryId) -> Violation {
    let zh = "客户所签的内容中有未被接受的记录，签字不能生效；请重新打开任务单，再请客户签字。";
    let en = "The signature covers entries that were not taken over; open the sheet again and ask for it anew.";
    Broken::new(Rule::CoversNothing, zh, en).at(&["sign_offs".to_owned(), id.to_string()])
}

/// What a change newly broke, from the record at its base and with the change applied. One change may hold several edits in an
/// order that its result does not show, so an edit counts as broken only where it breaks a rule both before and after the rest.
pub fn violations(before: &JobRecord, after: &JobRecord, template: &Template) -> Vec<Violation> {
    edits(before, after)
        .iter()
        .flat_map(|edit| {
            let first = check(after, template, edit);
            if first.is_empty() || check(before, template, edit).is_empty() { Vec::new() } else { first }
        })
        .collect()
}

/// The edits that a gate looks at, read from what differs.
fn edits(before: &JobRecord, after: &JobRecord) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mark = |(step, mark): (&String, &_)| Edit::Mark { step: step.clone(), mark: Clone::clone(mark) };
    edits.extend(fresh(&before.marks, &after.marks).map(mark));
    edits.extend(
        fresh(&before.notes, &after.notes).map(|(step, text)| Edit::Note { step: step.clone(), text: text.clone() }),
    );
    edits.extend(fresh(&before.photos, &after.photos).map(|(sha256, photo)| Edit::Photo {
        sha256: sha256.parse().unwrap_or(crate::binary::Hash::ZERO),
        photo: photo.clone(),
    }));
    macro_rules! entries {
        ($($map:ident: $edit:ident { $field:ident }),+ $(,)?) => {$(
            edits.extend(fresh(&before.$map, &after.$map).map(|(id, entry): (&EntryId, _)| Edit::$edit {
                id: id.clone(),
                $field: entry.clone(),
            }));
        )+};
    }
    entries! {
        corrections: Correct { correction }, readings: Reading { reading },
        plays: Play { play }, holds: Hold { hold }, quotes: Quote { quote },
        withdrawals: Withdraw { withdrawal }, consents: Consent { consent }, backup_consents: Backup { backup },
        hand_backs: HandBack { hand_back },
        waivers: Waive { waiver }, charges: Charge { charge },
        payments: Pay { payment }, sign_offs: SignOff { sign_off }, refusals: Refuse { refusal }, ratings: Rate { rating },
    }
    edits.extend(
        fresh(&before.take_backs, &after.take_backs)
            .map(|(id, receipt)| Edit::TakeBack { id: id.clone(), take_back: Box::new(receipt.clone()) }),
    );
    edits
}

fn fresh<'a, K: Ord, V: PartialEq>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, &'a V)> {
    after.iter().filter(|(key, value)| before.get(*key) != Some(*value))
}

/// A broken rule that does not know yet where it was broken.
struct Broken {
    rule: Rule,
    step: Option<String>,
    zh: String,
    en: String,
}

impl Broken {
    fn new(rule: impl Into<Rule>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { rule: rule.into(), step: None, zh: zh.into(), en: en.into() }
    }

    fn at_step(self, step: &str) -> Self {
        Self { step: Some(step.to_owned()), ..self }
    }

    fn at(self, path: &[String]) -> Violation {
        Violation { rule: self.rule, step: self.step, path: path.to_vec(), zh: self.zh, en: self.en }
    }
}

/// A list that holds the broken rule unless `holds`.
fn unless(holds: bool, broken: impl FnOnce() -> Broken) -> Vec<Broken> {
    if holds { Vec::new() } else { vec![broken()] }
}

#[cfg(test)]
mod tests;
