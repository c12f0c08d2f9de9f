//! What the phone shows of itself.

use super::{Decision, Held, Notice, RefusedPhoto, Replica, ReplicaError, Wholeness};
use crate::seal::DeviceKey;
use crate::store::entry::{Contact, Identity, ReceiptEntry, ReferenceKind, Session};
use schema::binary::{Bytes, Hash, PublicKey, Signature};
use schema::conflict::ChangeHand;
use schema::id::JobId;
use schema::record::JobRecord;
use schema::reference::{PriceList, SHIPPED};
use schema::session::refresh_message;
use schema::template::{Template, find_shipped};
use schema::wire::Cursor;
use std::collections::{BTreeMap, BTreeSet};

/// Where the phone stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub jobs: usize,
    /// Changes that the server has neither acknowledged nor judged.
    pub unsent: usize,
    pub unsent_jobs: usize,
    pub photos_owed: usize,
    pub notices_unread: usize,
    pub contact: Option<Contact>,
}

impl Replica {
    /// The job, if its record is here.
    pub fn held(&self, job: JobId) -> Result<&Held, ReplicaError> {
        self.jobs.get(&job).filter(|held| held.is_loaded()).ok_or(ReplicaError::NotHeld(job))
    }

    /// Jobs whose record is here, those that left this phone's hands included.
    pub fn jobs(&self) -> impl Iterator<Item = &Held> {
        self.jobs.values().filter(|held| held.is_loaded())
    }

    /// Everything that this phone knows of, records or not: what compaction and export go through.
    pub fn all_held(&self) -> impl Iterator<Item = &Held> {
        self.jobs.values()
    }

    pub fn record(&self, job: JobId) -> Result<JobRecord, ReplicaError> {
        let unreadable = |error: crate::record::ReadError| ReplicaError::Unreadable { job, why: error.to_string() };
        self.held(job)?.record.read().map_err(unreadable)
    }

    /// Whether this phone holds nothing of anybody's work.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.photos.is_empty()
    }

    /// Whether all that was written and taken here is with the server.
    pub fn is_all_sent(&self) -> bool {
        self.unsent() == 0 && self.photos_owed().next().is_none()
    }

    pub fn wholeness(&self, held: &Held) -> Wholeness {
        let template = || held.record.read().is_ok_and(|record| self.template_of(&record).is_some());
        if !held.waiting.is_empty() || !held.is_loaded() || !template() {
            Wholeness::Incomplete
        } else if self.is_loading() {
            Wholeness::Loading
        } else {
            Wholeness::Whole
        }
    }

    /// Whether the server had more than fitted into its last answer: jobs may be missing.
    pub fn is_loading(&self) -> bool {
        self.contact.is_some_and(|contact| contact.more)
    }

    /// Changes that the server has neither acknowledged nor judged.
    pub fn unsent(&self) -> usize {
        self.jobs.values().map(Held::unsent).sum()
    }

    /// The raw changes that are unsent, by job.
    pub fn unsent_changes(&self) -> Vec<(JobId, Vec<Bytes>)> {
        let some = self.jobs.values().filter(|held| !held.unsent.is_empty());
        some.map(|held| (held.job, held.unsent.iter().map(|(_, bytes)| bytes.clone()).collect())).collect()
    }

    pub fn summary(&self) -> Summary {
        Summary {
            jobs: self.jobs().filter(|held| held.gone.is_none()).count(),
            unsent: self.unsent(),
            unsent_jobs: self.jobs.values().filter(|held| held.unsent() > 0).count(),
            photos_owed: self.photos_owed().count(),
            notices_unread: self.notices.iter().filter(|notice| !notice.read).count()
                + self.decisions.values().filter(|decision| !decision.read).count(),
            contact: self.contact,
        }
    }

    /// Photos taken here whose bytes the server does not have, so far as is known.
    pub fn photos_owed(&self) -> impl Iterator<Item = (Hash, JobId, u64)> {
        self.photos.iter().map(|(sha256, (job, bytes))| (*sha256, *job, *bytes))
    }

    /// Photos taken here that the server does not take. Nothing is lost by letting go of them but what is here.
    pub fn photos_refused(&self) -> impl Iterator<Item = RefusedPhoto> {
        self.refused_photos.values().copied()
    }

    /// Photos of this person's that the server asked for last and that this phone does not have.
    pub fn photos_missed(&self) -> impl Iterator<Item = Hash> {
        self.owed
            .iter()
            .copied()
            .filter(|sha256| !self.photos.contains_key(sha256) && !self.refused_photos.contains_key(sha256))
    }

    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Who wrote this change, where it wrote one of several values that stand beside each other.
    pub fn hand(&self, change: Hash) -> Option<&ChangeHand> {
        self.hands.get(&change)
    }

    /// What the office decided about what was not taken over, by entry of its inbox: oldest first.
    pub fn decisions(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.values()
    }

    /// The decision about what this notice tells of; none while nobody has decided.
    pub fn decision_about(&self, notice: &Notice) -> Option<&Decision> {
        self.decisions.get(&notice.refused.quarantine)
    }

    pub fn receipts(&self) -> &[ReceiptEntry] {
        &self.receipts
    }

    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    pub fn public_key(&self) -> Option<PublicKey> {
        self.key.as_ref().map(DeviceKey::public_key)
    }

    /// Shows that this is the phone that logged in; None where it never did.
    pub fn sign_refresh(&self, refresh_token: &str) -> Option<Signature> {
        let (key, identity) = self.key.as_ref().zip(self.identity.as_ref())?;
        Some(key.sign(&refresh_message(identity.device, refresh_token)))
    }

    /// What the phone reports of what it holds.
    pub fn digest(&self) -> Hash {
        self.digest
    }

    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    pub fn needs_resync(&self) -> bool {
        self.resync
    }

    /// The job's checklist, from the server or as the app was shipped with it.
    pub fn template_of(&self, record: &JobRecord) -> Option<&Template> {
        let (id, version) = (&record.meta.template, record.meta.template_version);
        self.templates.get(&(id.clone(), version)).or_else(|| find_shipped(id, version))
    }

    pub fn price_list(&self) -> Option<&PriceList> {
        self.price_list.as_ref()
    }

    /// Checklists of jobs in hand that are not here: each is fetched by itself, as soon as there is network.
    pub fn checklists_missing(&self) -> BTreeSet<(String, u32)> {
        let views = self.jobs().filter(|held| held.gone.is_none()).filter_map(|held| held.record.view().ok());
        let lacking = views.filter(|view| self.template_of(view).is_none());
        lacking.map(|view| (view.meta.template.clone(), view.meta.template_version)).collect()
    }

    /// Whether the server has other reference data of this kind than is here, by what it names of it.
    pub(super) fn lacks(&self, kind: ReferenceKind, named: &BTreeMap<String, i64>) -> bool {
        let is_newer = named.get(kind.as_str()).is_some_and(|newest| self.reference_version(kind) < Some(*newest));
        let is_other = || named.get(SHIPPED).is_some_and(|digest| self.shipped != Some(*digest));
        is_newer || (kind == ReferenceKind::Template && is_other())
    }

    /// Newest version held of this kind.
    pub fn reference_version(&self, kind: ReferenceKind) -> Option<i64> {
        let of_kind = self.references.iter().filter(|((held, _), _)| *held == kind);
        of_kind.map(|(_, (version, _))| *version).max()
    }
}
