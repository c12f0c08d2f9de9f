//! What a verified bundle holds, and what it proves and does not.

use super::LISTED_MAX;
use super::line::{
    BackupLine, ConsentLine, EndLine, HandBackLine, OpenLine, PersonLine, RefusedLine, SignOffLine, TakeBackLine,
};
use super::log::Entry;
use super::read::Place;
use super::signed::Signed;
use super::verify::Verifier;
use schema::binary::{Hash, PublicKey};
use schema::id::{DeviceId, JobId};
use schema::people::Bilingual;
use schema::sheet::Change;
use schema::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// A sentence in both languages.
pub type Statement = Bilingual;

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub job: JobId,
    pub number: String,
    pub exported_at: Timestamp,
    /// Bytes of the file.
    pub bytes: u64,
    pub lines: u64,
    pub changes: usize,
    /// Equal heads are equal records.
    pub heads: Vec<Hash>,
    pub template: String,
    /// The server's key that closed the bundle, and whether the reader named it as the one to trust.
    pub server_key: PublicKey,
    pub is_trusted: bool,
    pub writers: Vec<WriterReport>,
    pub consents: Vec<ConsentReport>,
    pub backups: Vec<BackupReport>,
    pub take_backs: Vec<TakeBackReport>,
    pub hand_backs: Vec<HandBackReport>,
    pub sign_offs: Vec<SignOffReport>,
    /// SHA-256 of the photos that the record names.
    pub photos: Vec<Hash>,
    pub refused: Vec<RefusedReport>,
    /// Places where two values stand beside each other.
    pub conflicts: usize,
    pub proves: Vec<Statement>,
    pub does_not_prove: Vec<Statement>,
}

/// Whose hand wrote how much.
#[derive(Debug, Clone, Serialize)]
pub struct WriterReport {
    /// None: the server, for the office or a customer on their link.
    pub device: Option<DeviceId>,
    pub device_name: Option<String>,
    pub key: Option<PublicKey>,
    /// As the server says.
    pub person: Option<String>,
    pub staff_number: Option<String>,
    pub changes: usize,
    pub first_received_at: Timestamp,
    pub last_received_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ConsentReport {
    pub entry: ConsentLine,
    pub written: Written,
    pub opens: Vec<OpenLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct BackupReport {
    pub entry: BackupLine,
    pub written: Written,
    pub opens: Vec<OpenLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TakeBackReport {
    pub entry: TakeBackLine,
    pub written: Written,
}

#[derive(Debug, Clone, Serialize)]
pub struct HandBackReport {
    pub entry: HandBackLine,
    pub written: Written,
}

#[derive(Debug, Clone, Serialize)]
pub struct SignOffReport {
    pub entry: SignOffLine,
    pub written: Written,
    /// How often the link was used on which it was given; none where it was given on a technician's phone.
    pub opens: Vec<OpenLine>,
    /// Changes that the signature covers.
    pub covered: usize,
    /// What of the sheet is not as it was signed: how many places, and the first [`LISTED_MAX`] of them.
    pub sheet_changed_count: usize,
    pub sheet_changed: Vec<Change>,
    /// What was written later, or unknown to the signer: how many changes, and the first of them.
    pub later_count: usize,
    pub later: Vec<LaterChange>,
}

/// Between which moments of the server's clock an entry was written.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Written {
    /// It builds on something that the server issued then; none where it builds on nothing of the kind.
    pub not_before: Option<Timestamp>,
    pub received_at: Timestamp,
    /// The device that signed it; none where the server wrote it.
    pub device: Option<DeviceId>,
}

/// A change that a signature does not cover.
#[derive(Debug, Clone, Serialize)]
pub struct LaterChange {
    pub hash: Hash,
    pub person: Option<String>,
    pub device: Option<DeviceId>,
    pub received_at: Timestamp,
    /// As in `notes/diagnose`.
    pub places: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RefusedReport {
    pub entry: RefusedLine,
    pub person: Option<String>,
}

/// Everything fitted.
pub(super) fn report(from: &Verifier, signed: Signed, end: &EndLine, place: &Place, is_trusted: bool) -> Report {
    let meta = &signed.view.meta;
    let opens =
        |link: Option<schema::id::LinkId>| link.and_then(|link| from.opens.get(&link).cloned()).unwrap_or_default();
    let consents = signed.entries.consents.iter().filter_map(|line| {
        Some(ConsentReport { written: written(from, line.change)?, opens: opens(line.link), entry: line.clone() })
    });
    let backups = signed.entries.backups.iter().filter_map(|line| {
        Some(BackupReport { written: written(from, line.change)?, opens: opens(line.link), entry: line.clone() })
    });
    let take_backs = signed.entries.take_backs.iter();
    let take_backs = take_backs
        .filter_map(|line| Some(TakeBackReport { written: written(from, line.change)?, entry: line.clone() }));
    let hand_backs = signed.entries.hand_backs.iter();
    let hand_backs = hand_backs
        .filter_map(|line| Some(HandBackReport { written: written(from, line.change)?, entry: line.clone() }));
    let sign_offs = signed.entries.sign_offs.iter().filter_map(|line| {
        let covered = from.log.covered(&line.covers);
        let covered_count = covered.iter().filter(|covered| **covered).count();
        let (sheet_changed_count, sheet_changed) = signed.changed.get(&line.id).cloned().unwrap_or_default();
        Some(SignOffReport {
            written: written(from, line.change)?,
            opens: opens(line.link),
            covered: covered_count,
            sheet_changed_count,
            sheet_changed,
            later_count: covered.len().saturating_sub(covered_count).saturating_sub(1),
            later: later(from, &covered, line.change),
            entry: line.clone(),
        })
    });
    let refused =
        from.refused.iter().map(|line| RefusedReport { person: name(from, Some(line.person)), entry: line.clone() });
    let mut report = Report {
        job: meta.job,
        number: meta.number.clone(),
        exported_at: from.header.as_ref().map(|(header, _)| header.exported_at).unwrap_or_default(),
        bytes: place.end(),
        lines: end.lines + 1,
        changes: from.log.entries.len(),
        heads: from.log.heads(),
        template: format!("{} {}", meta.template, meta.template_version),
        server_key: end.key,
        is_trusted,
        writers: writers(from),
        consents: consents.collect(),
        backups: backups.collect(),
        take_backs: take_backs.collect(),
        hand_backs: hand_backs.collect(),
        sign_offs: sign_offs.collect(),
        photos: signed.entries.photos.iter().map(|photo| photo.sha256).collect(),
        refused: refused.collect(),
        conflicts: signed.conflicts,
        proves: Vec::new(),
        does_not_prove: Vec::new(),
    };
    report.proves = super::text::proves(&report);
    report.does_not_prove = super::text::does_not_prove(&report);
    report
}

fn person(from: &Verifier, id: Option<schema::id::PersonId>) -> Option<&PersonLine> {
    from.people.get(&id?)
}

fn name(from: &Verifier, id: Option<schema::id::PersonId>) -> Option<String> {
    person(from, id).map(|person| person.name.clone())
}

fn writers(from: &Verifier) -> Vec<WriterReport> {
    let mut by_device: BTreeMap<Option<DeviceId>, Vec<&Entry>> = BTreeMap::new();
    from.log.entries.iter().for_each(|entry| by_device.entry(entry.line.device).or_default().push(entry));
    let row = |(id, entries): (Option<DeviceId>, Vec<&Entry>)| {
        let device = id.and_then(|id| from.devices.get(&id));
        let owner = person(from, device.map(|device| device.person));
        let received = || entries.iter().map(|entry| entry.line.received_at);
        WriterReport {
            device: id,
            device_name: device.map(|device| device.name.clone()),
            key: device.map(|device| device.key),
            person: owner.map(|person| person.name.clone()),
            staff_number: owner.map(|person| person.staff_number.clone()),
            changes: entries.len(),
            first_received_at: received().min().unwrap_or_default(),
            last_received_at: received().max().unwrap_or_default(),
            revoked_at: device.and_then(|device| device.revoked_at),
        }
    };
    by_device.into_iter().map(row).collect()
}

/// What a device writes on top of something that the server issued was not written before it was issued.
fn written(from: &Verifier, hash: Hash) -> Option<Written> {
    let entry = from.log.find(hash)?;
    let before = from.log.covered(&entry.deps);
    let issued =
        from.log.entries.iter().zip(&before).filter(|(other, is_before)| **is_before && other.line.device.is_none());
    Some(Written {
        not_before: issued.map(|(other, _)| other.line.received_at).max(),
        received_at: entry.line.received_at,
        device: entry.line.device,
    })
}

fn later(from: &Verifier, covered: &[bool], own: Hash) -> Vec<LaterChange> {
    let is_later = |(entry, covered): &(&Entry, &bool)| !**covered && entry.line.hash != own;
    let row = |(entry, _): (&Entry, &bool)| LaterChange {
        hash: entry.line.hash,
        person: name(from, entry.line.person),
        device: entry.line.device,
        received_at: entry.line.received_at,
        places: entry.places.iter().map(|place| place.join("/")).collect(),
    };
    from.log.entries.iter().zip(covered).filter(is_later).map(row).take(LISTED_MAX).collect()
}
