//! The job record as plain data: what a reader of the Automerge document sees (`sync::record` reads and writes the document).
//!
//! Maps keyed by id, not lists, so that paths are stable and cheap to authorise; no map within a map but inside an entry, because
//! a map that two people make at once is two maps, of which one is hidden. The server makes them all when it opens the job. What must stay together is one object,
//! written whole ([`Mark`], [`Quote`]): as two keys, two concurrent ticks could merge into one person's time under another's
//! name. Who may write what stands in [`crate::shape`].

use crate::binary::{Actor, Bytes, Hash};
use crate::id::{CustomerId, EntryId, JobId, LinkId, OutletId, PersonId, PriceRequestId, ReportId};
use crate::money::Currency;
use crate::time::{Timestamp, Window};
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! data {
    ($($(#[$doc:meta])* pub struct $name:ident { $($body:tt)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name { $($body)* }
    )+};
}

pub type Entries<T> = BTreeMap<EntryId, T>;

data! {
    /// A job, whole. `meta` and `report` are there from the first change on.
    pub struct JobRecord {
        pub meta: Meta,
        pub report: Report,
        /// What the technician found to be otherwise, beside what was reported.
        #[serde(default)]
        pub corrections: Entries<Correction>,
        #[serde(default)]
        pub assignments: Entries<Assignment>,
        /// The assignment in force; none while nobody has the job.
        #[serde(default)]
        pub assigned: Option<EntryId>,
        /// What the office decided about the job's course.
        #[serde(default)]
        pub decisions: Entries<Decision>,
        #[serde(default)]
        pub holds: Entries<Hold>,
        /// Ends the hold of the same id.
        #[serde(default)]
        pub releases: Entries<Release>,
        /// By the template's step id, as are the notes.
        #[serde(default)]
        pub marks: BTreeMap<String, Mark>,
        #[serde(default)]
        pub notes: BTreeMap<String, String>,
        /// By the photo's SHA-256 in hex.
        #[serde(default)]
        pub photos: BTreeMap<String, Photo>,
        #[serde(default)]
        pub readings: Entries<Reading>,
        #[serde(default)]
        pub plays: Entries<Play>,
        #[serde(default)]
        pub diagnosis: Diagnosis,
        #[serde(default)]
        pub parts: Entries<Part>,
        #[serde(default)]
        pub quotes: Entries<Quote>,
        #[serde(default)]
        pub consents: Entries<Consent>,
        #[serde(default)]
        pub waivers: Entries<Waiver>,
        #[serde(default)]
        pub charges: Entries<Charge>,
        #[serde(default)]
        pub payments: Entries<Payment>,
        #[serde(default)]
        pub sign_offs: Entries<SignOff>,
        /// Quotes that the customer does not accept, said on their own link.
        #[serde(default)]
        pub refusals: Entries<Refusal>,
        /// Given apart from a signature, on the customer's own link.
        #[serde(default)]
        pub ratings: Entries<LaterRating>,
        #[serde(default)]
        pub alarms: Entries<Alarm>,
        #[serde(default)]
        pub breaches: Entries<Breach>,
    }

    /// What was settled when the job was opened, and never changes.
    pub struct Meta {
        pub job: JobId,
        /// The number that people say on the phone, as in `WX-20261122-0007`.
        pub number: String,
        pub outlet: OutletId,
        pub report: ReportId,
        #[serde(default)]
        pub customer: Option<CustomerId>,
        pub template: String,
        pub template_version: u32,
        pub currency: Currency,
        /// When the report was taken: the repair clocks run from here.
        pub reported_at: Timestamp,
        pub opened_by: PersonId,
        /// The job whose repair failed, where this is rework (返修).
        #[serde(default)]
        pub rework_of: Option<JobId>,
    }

    /// What the customer told us. One field each, so that two people can correct two fields at once.
    #[derive(Default)]
    pub struct Report {
        #[serde(default)]
        pub name: Option<String>,
        #[serde(default)]
        pub phone: Option<String>,
        #[serde(default)]
        pub address: Option<String>,
        #[serde(default)]
        pub fault: Option<String>,
        #[serde(default)]
        pub product: Option<String>,
        #[serde(default)]
        pub model: Option<String>,
        #[serde(default)]
        pub serial: Option<String>,
        /// ISO date.
        #[serde(default)]
        pub purchased_on: Option<String>,
        /// When the customer would like us to come, in their words.
        #[serde(default)]
        pub wanted: Option<String>,
        /// `urgent` or `general` ([`Urgency`]).
        #[serde(default)]
        pub urgency: Option<Urgency>,
        /// Skill that the work needs, as in `boiler`; a technician without it is not offered.
        #[serde(default)]
        pub skill: Option<String>,
        /// `own` or `shared` ([`Area`]).
        #[serde(default)]
        pub area: Option<Area>,
    }

    pub struct Correction {
        pub field: ReportField,
        pub value: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct Assignment {
        pub technician: PersonId,
        /// As it was then, so that the sheet can be read with no directory of people.
        pub technician_name: String,
        #[serde(default)]
        pub window: Option<Window>,
        pub by: PersonId,
        pub at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
    }

    pub struct Decision {
        pub kind: DecisionKind,
        pub by: PersonId,
        pub at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
    }

    pub struct Hold {
        pub kind: HoldKind,
        pub by: PersonId,
        pub at: Timestamp,
        pub reason: String,
        /// When it is expected to end.
        #[serde(default)]
        pub until: Option<Timestamp>,
    }

    pub struct Release {
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// A tick. Put whole; put again to change one's mind (the earlier one stays in the history).
    pub struct Mark {
        pub kind: MarkKind,
        pub by: PersonId,
        pub at: Timestamp,
        /// Needed to skip.
        #[serde(default)]
        pub reason: Option<String>,
        #[serde(default)]
        pub place: Option<Place>,
    }

    /// Where the phone believed it was.
    #[derive(Copy)]
    pub struct Place {
        /// Millionths of a degree, WGS 84.
        pub latitude_e6: i64,
        pub longitude_e6: i64,
        pub accuracy_m: i64,
    }

    pub struct Photo {
        pub step: String,
        pub bytes: i64,
        pub width: i64,
        pub height: i64,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// A measurement or a count, as the template names it.
    pub struct Reading {
        pub step: String,
        pub name: String,
        /// As read, with a point for decimals: `"0.5"`.
        pub value: String,
        pub unit: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// A playbook's entry chosen: what happened at this step.
    pub struct Play {
        pub step: String,
        pub play: String,
        #[serde(default)]
        pub note: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    #[derive(Default)]
    pub struct Diagnosis {
        #[serde(default)]
        pub cause: Option<String>,
        #[serde(default)]
        pub measures: Option<String>,
    }

    pub struct Part {
        pub code: String,
        pub name: String,
        /// Thousandths of the unit.
        pub quantity_milli: i64,
        #[serde(default)]
        pub serial: Option<String>,
        pub old_part: OldPart,
        pub by: PersonId,
        pub at: Timestamp,
        /// Takes back the entry of this id, which was entered in error.
        #[serde(default)]
        pub undoes: Option<EntryId>,
    }

    pub struct Quote {
        /// By line number: `"01"`, `"02"`.
        pub lines: BTreeMap<String, QuoteLine>,
        pub total_minor: i64,
        pub currency: Currency,
        /// Version of the price list that it was made from.
        pub price_list: i64,
        pub warranty: Warranty,
        /// Names this offer where several stand beside each other ("repair", "replace").
        #[serde(default)]
        pub option: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct QuoteLine {
        /// Item of the price list; none where the supervisor priced it ([`QuoteLine::request`]).
        #[serde(default)]
        pub code: Option<String>,
        #[serde(default)]
        pub request: Option<PriceRequestId>,
        pub name: String,
        pub unit: String,
        pub kind: ItemKind,
        pub quantity_milli: i64,
        pub unit_minor: i64,
        /// What the line costs the customer; less than unit × quantity under warranty only.
        pub amount_minor: i64,
    }

    /// Why the customer pays less than the list.
    pub struct Warranty {
        pub kind: WarrantyKind,
        #[serde(default)]
        pub reason: Option<String>,
        /// Who decided it.
        #[serde(default)]
        pub decided_by: Option<PersonId>,
    }

    /// The customer accepts a quote, for exactly its lines and total.
    pub struct Consent {
        pub quote: EntryId,
        /// Hash of the quote as it was shown ([`crate::price::quote_hash`]).
        pub quote_hash: Hash,
        pub total_minor: i64,
        pub currency: Currency,
        pub how: How,
        /// Who consented, as they gave their name.
        pub name: String,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        /// The staff member present or on the phone; none on the customer's own link.
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        pub at: Timestamp,
    }

    /// The centre takes something off the bill.
    pub struct Waiver {
        pub quote: EntryId,
        pub minor: i64,
        pub reason: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// The amount due, filled in as agreed and confirmed by the customer.
    pub struct Charge {
        pub quote: EntryId,
        pub due_minor: i64,
        pub currency: Currency,
        pub by: PersonId,
        pub at: Timestamp,
    }

    pub struct Payment {
        pub minor: i64,
        pub currency: Currency,
        pub method: String,
        /// Number of the receipt or invoice given.
        #[serde(default)]
        pub receipt: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// The customer accepts the work, or declines to.
    pub struct SignOff {
        pub kind: SignOffKind,
        pub how: How,
        pub name: String,
        /// Needed to decline.
        #[serde(default)]
        pub reason: Option<String>,
        #[serde(default)]
        pub strokes: Option<Strokes>,
        #[serde(default)]
        pub rating: Option<Rating>,
        #[serde(default)]
        pub remarks: Option<String>,
        /// Heads of the record that the customer was shown: the signature covers these changes and what they build on.
        pub covers: Vec<Hash>,
        /// Hash of the sheet at those heads ([`crate::sheet::Sheet::hash`]).
        pub sheet_hash: Hash,
        #[serde(default)]
        pub by: Option<PersonId>,
        #[serde(default)]
        pub link: Option<LinkId>,
        pub at: Timestamp,
    }

    /// Marks out of five; none where the customer gave none.
    #[derive(Copy)]
    pub struct Rating {
        #[serde(default)]
        pub quality: Option<i64>,
        #[serde(default)]
        pub attitude: Option<i64>,
    }

    /// The customer does not accept a quote. Nothing is repaired; the technician and the desk hear of it.
    pub struct Refusal {
        pub quote: EntryId,
        pub reason: String,
        pub link: LinkId,
        pub at: Timestamp,
    }

    /// Marks that the customer gives without signing, as after a signature on the technician's phone.
    pub struct LaterRating {
        pub rating: Rating,
        #[serde(default)]
        pub remarks: Option<String>,
        pub link: LinkId,
        pub at: Timestamp,
    }

    /// Calls the centre at once. Sent first when there was no network.
    pub struct Alarm {
        pub reason: String,
        #[serde(default)]
        pub place: Option<Place>,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// Why a clock was missed. The breach itself follows from the record and can't be edited away.
    pub struct Breach {
        pub clock: String,
        pub cause: String,
        /// Whose fault: a person, or none where it was nobody's of ours.
        #[serde(default)]
        pub whose: Option<PersonId>,
        pub by: PersonId,
        pub at: Timestamp,
    }
}

/// A signature's strokes with their timing. Text: strokes split by `|`, points by a space, each `x,y,t` in pixels and milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "10,12,0 14,18,16|20,12,90 21,30,120"))]
#[serde(transparent)]
pub struct Strokes(pub String);

impl Strokes {
    /// Points by stroke; None where the text has another form.
    pub fn parse(&self) -> Option<Vec<Vec<[i64; 3]>>> {
        let point = |text: &str| -> Option<[i64; 3]> {
            let mut numbers = text.split(',').map(|number| number.parse().ok());
            let point = [numbers.next()??, numbers.next()??, numbers.next()??];
            numbers.next().is_none().then_some(point)
        };
        self.0.split('|').map(|stroke| stroke.split(' ').map(point).collect()).collect()
    }
}

words! { Urgency { Urgent = "urgent", General = "general" } }
words! {
    /// The customer's own part of the building, or everybody's.
    Area { Own = "own", Shared = "shared" }
}
words! {
    /// A field of [`Report`] that can be corrected.
    ReportField {
        Name = "name", Phone = "phone", Address = "address", Fault = "fault", Product = "product", Model = "model",
        Serial = "serial", PurchasedOn = "purchased_on", Wanted = "wanted", Urgency = "urgency", Skill = "skill", Area = "area",
    }
}
words! {
    DecisionKind {
        /// 电话解决: no visit needed; called two hours later.
        SolvedRemotely = "solved_remotely",
        Cancelled = "cancelled",
        Reopened = "reopened",
        Closed = "closed",
        /// The proof that the trade needs has come (rain passed without a leak).
        Proved = "proved",
    }
}
words! {
    HoldKind {
        Part = "part", Customer = "customer", Price = "price", Workshop = "workshop", Absent = "absent", Proof = "proof",
    }
}
words! {
    MarkKind {
        Done = "done", Skipped = "skipped", NotApplicable = "not_applicable",
        /// Tested, and it did not hold: back to diagnosis.
        Failed = "failed",
        /// Taken back.
        Open = "open",
    }
}
words! { OldPart { Returned = "returned", LeftWithCustomer = "left_with_customer", None = "none" } }
words! { ItemKind { Labour = "labour", Part = "part", Fee = "fee" } }
words! {
    WarrantyKind {
        None = "none",
        /// The product's own warranty: purchase date and terms decide.
        Product = "product",
        /// The warranty on our earlier repair.
        Repair = "repair",
        /// Caused by the quality of our own repair: never charged.
        Rework = "rework",
    }
}
words! { How { Phone = "phone_screen", Link = "link", DeskCall = "desk_call" } }
words! { SignOffKind { Signed = "signed", Declined = "declined" } }

/// One place in the record where two people wrote without knowing of each other. Both values stay; the first is the one that shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// As in `["notes", "diagnose"]`.
    pub path: Vec<String>,
    pub values: Vec<ConflictValue>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConflictValue {
    pub value: serde_json::Value,
    pub actor: Actor,
    /// The change that wrote it.
    pub change: Hash,
}

/// A change together with its hash, as the log and the wire carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawChange {
    pub hash: Hash,
    pub bytes: Bytes,
}

impl JobRecord {
    /// The assignment in force.
    pub fn assignment(&self) -> Option<&Assignment> {
        self.assignments.get(self.assigned.as_ref()?)
    }

    /// The step's mark; `Open` counts as none.
    pub fn mark(&self, step: &str) -> Option<&Mark> {
        self.marks.get(step).filter(|mark| mark.kind != MarkKind::Open)
    }

    pub fn is_marked(&self, step: &str, kind: MarkKind) -> bool {
        self.mark(step).is_some_and(|mark| mark.kind == kind)
    }

    /// Holds that nothing has ended, oldest first.
    pub fn open_holds(&self) -> Vec<(&EntryId, &Hold)> {
        let mut open: Vec<_> = self.holds.iter().filter(|(id, _)| !self.releases.contains_key(*id)).collect();
        open.sort_by_key(|(_, hold)| hold.at);
        open
    }

    /// The report with the technician's corrections laid over it, the latest of each field.
    pub fn corrected(&self, field: ReportField) -> Option<&str> {
        self.corrections.values().filter(|c| c.field == field).max_by_key(|c| c.at).map(|c| c.value.as_str())
    }
}
