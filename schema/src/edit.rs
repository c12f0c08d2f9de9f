//! Edits: the typed writes to a job record. Phone and server write nothing else, so this list is all that can happen to a job.

use crate::binary::Hash;
use crate::id::EntryId;
use crate::record::{
    Adoption, Alarm, Assignment, BackupConsent, Breach, Charge, Consent, Correction, Decision, Delay, HandBack, Hold,
    LaterRating, Mark, Meta, Part, Payment, Photo, Play, Quote, Reading, Refusal, Release, Reply, Report, ReportField,
    Rework, Ruling, SignOff, Site, TakeBack, Waiver, Withdrawal,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One write. Several edits that belong together make one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Opens the record: its first change, by the server.
    Open {
        meta: Box<Meta>,
        report: Box<Report>,
    },
    /// The office sets or clears a field of the report.
    SetReport {
        field: ReportField,
        value: Option<String>,
    },
    /// The office finds that the job is rework.
    Rework {
        rework: Rework,
    },
    /// The office says where the customer's address is.
    Site {
        site: Site,
    },
    Correct {
        id: EntryId,
        correction: Correction,
    },
    /// Puts the job into a technician's hands; the earlier assignment stays on record.
    Assign {
        id: EntryId,
        assignment: Assignment,
    },
    /// Takes the job out of everybody's hands.
    Unassign,
    Decide {
        id: EntryId,
        decision: Decision,
    },
    Hold {
        id: EntryId,
        hold: Hold,
    },
    Release {
        hold: EntryId,
        release: Release,
    },
    Delay {
        id: EntryId,
        delay: Delay,
    },
    Reply {
        id: EntryId,
        reply: Reply,
    },
    Mark {
        step: String,
        mark: Mark,
    },
    Note {
        step: String,
        text: String,
    },
    Photo {
        sha256: Hash,
        photo: Photo,
    },
    Reading {
        id: EntryId,
        reading: Reading,
    },
    Play {
        id: EntryId,
        play: Play,
    },
    Cause {
        text: String,
    },
    Measures {
        text: String,
    },
    Part {
        id: EntryId,
        part: Part,
    },
    Quote {
        id: EntryId,
        quote: Quote,
    },
    Withdraw {
        id: EntryId,
        withdrawal: Withdrawal,
    },
    Consent {
        id: EntryId,
        consent: Consent,
    },
    /// The customer signs before work that can destroy data.
    Backup {
        id: EntryId,
        backup: BackupConsent,
    },
    /// The customer signs for what is taken away for repair.
    TakeBack {
        id: EntryId,
        take_back: Box<TakeBack>,
    },
    HandBack {
        id: EntryId,
        hand_back: HandBack,
    },
    Waive {
        id: EntryId,
        waiver: Waiver,
    },
    Charge {
        id: EntryId,
        charge: Charge,
    },
    Pay {
        id: EntryId,
        payment: Payment,
    },
    SignOff {
        id: EntryId,
        sign_off: SignOff,
    },
    Refuse {
        id: EntryId,
        refusal: Refusal,
    },
    Rate {
        id: EntryId,
        rating: LaterRating,
    },
    Alarm {
        id: EntryId,
        alarm: Alarm,
    },
    Breach {
        id: EntryId,
        breach: Breach,
    },
    /// The office adopts or rejects what had not been taken over.
    Adopt {
        id: EntryId,
        adoption: Box<Adoption>,
    },
    /// The supervisor says which of several counts.
    Rule {
        id: EntryId,
        ruling: Ruling,
    },
}

impl Edit {
    /// When what a phone writes by it happened, as the entry itself says.
    pub fn at(&self) -> Option<Timestamp> {
        Some(match self {
            Self::Correct { correction, .. } => correction.at,
            Self::Hold { hold, .. } => hold.at,
            Self::Release { release, .. } => release.at,
            Self::Delay { delay, .. } => delay.at,
            Self::Reply { reply, .. } => reply.at,
            Self::Mark { mark, .. } => mark.at,
            Self::Photo { photo, .. } => photo.at,
            Self::Reading { reading, .. } => reading.at,
            Self::Play { play, .. } => play.at,
            Self::Part { part, .. } => part.at,
            Self::Quote { quote, .. } => quote.at,
            Self::Withdraw { withdrawal, .. } => withdrawal.at,
            Self::Consent { consent, .. } => consent.at,
            Self::Backup { backup, .. } => backup.at,
            Self::TakeBack { take_back, .. } => take_back.at,
            Self::HandBack { hand_back, .. } => hand_back.at,
            Self::Charge { charge, .. } => charge.at,
            Self::SignOff { sign_off, .. } => sign_off.at,
            Self::Alarm { alarm, .. } => alarm.at,
            _ => return None,
        })
    }
}
