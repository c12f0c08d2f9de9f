//! The lines of what a record holds, as it says it.

use super::{BackupLine, ConsentLine, HandBackLine, PhotoLine, SignOffLine, TakeBackLine};
use schema::binary::Hash;
use schema::id::EntryId;
use schema::record::{BackupConsent, Consent, HandBack, Photo, SignOff, TakeBack};

impl ConsentLine {
    pub fn of(id: &EntryId, change: Hash, consent: &Consent) -> Self {
        Self {
            id: id.clone(),
            change,
            name: consent.name.clone(),
            how: consent.how,
            at: consent.at.to_string(),
            quote: consent.quote.clone(),
            quote_hash: consent.quote_hash,
            total_minor: consent.total_minor,
            currency: consent.currency,
            by: consent.by,
            link: consent.link,
        }
    }
}

impl BackupLine {
    pub fn of(id: &EntryId, change: Hash, backup: &BackupConsent) -> Self {
        Self {
            id: id.clone(),
            change,
            name: backup.name.clone(),
            how: backup.how,
            at: backup.at.to_string(),
            quote: backup.quote.clone(),
            copy: backup.copy,
            language: backup.language,
            text: backup.text.clone(),
            text_hash: backup.text_hash,
            by: backup.by,
            link: backup.link,
        }
    }
}

impl TakeBackLine {
    pub fn of(id: &EntryId, change: Hash, receipt: &TakeBack) -> Self {
        Self {
            id: id.clone(),
            change,
            name: receipt.name.clone(),
            at: receipt.at.to_string(),
            return_on: receipt.return_on.clone(),
            language: receipt.language,
            text: receipt.text.clone(),
            text_hash: receipt.text_hash,
            by: receipt.by,
        }
    }
}

impl HandBackLine {
    pub fn of(id: &EntryId, change: Hash, end: &HandBack) -> Self {
        Self {
            id: id.clone(),
            change,
            receipt: end.receipt.clone(),
            kind: end.kind,
            name: end.name.clone(),
            is_signed: end.strokes.is_some(),
            reason: end.reason.clone(),
            at: end.at.to_string(),
            language: end.language,
            text: end.text.clone(),
            text_hash: end.text_hash,
            by: end.by,
        }
    }
}

impl SignOffLine {
    pub fn of(id: &EntryId, change: Hash, sign_off: &SignOff) -> Self {
        Self {
            id: id.clone(),
            change,
            kind: sign_off.kind,
            name: sign_off.name.clone(),
            how: sign_off.how,
            at: sign_off.at.to_string(),
            covers: sign_off.covers.clone(),
            sheet_hash: sign_off.sheet_hash,
            by: sign_off.by,
            link: sign_off.link,
        }
    }
}

impl PhotoLine {
    pub fn of(sha256: Hash, photo: &Photo) -> Self {
        let (step, at) = (photo.step.clone(), photo.at.to_string());
        Self { sha256, step, bytes: photo.bytes, by: photo.by, at }
    }
}
