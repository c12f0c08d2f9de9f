//! What phones are to hear of a transaction's appends: collected job by job, then written at once, with each person's row locked
//! once and always in the same order, so that two transactions can't wait for each other.

use crate::db::feed::FeedEnd;
use crate::db::{self, Conn};
use crate::domain::records::append::{Append, Source};
use crate::domain::records::project::holder;
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, PersonId};
use schema::problem::Problem;
use schema::record::JobRecord;
use schema::rows::records::{FeedKind, FeedRow, GrantRow};
use schema::status::{Status, status};
use schema::wire::{GoneReason, job_digest};
use std::collections::{BTreeMap, BTreeSet};

/// What one hand added to a job.
pub(super) struct News {
    pub before: Vec<Hash>,
    pub heads: Vec<Hash>,
    pub from: i64,
    pub to: i64,
    pub source: Source,
}

/// Events on their way into people's feeds. Not delivered before [`Delivery::send`].
#[derive(Default)]
#[must_use]
pub struct Delivery {
    mail: BTreeMap<PersonId, Mail>,
}

/// For one person; the numbers are handed out when it is sent.
struct Mail {
    events: Vec<FeedRow>,
    /// What the events change in the digest of the jobs held.
    digest: Hash,
}

/// What one person's feed has got.
pub struct Delivered {
    /// The last event before, and now.
    pub from: i64,
    pub to: i64,
    /// The one device that wrote all of it, so that it has it already.
    pub by: Option<DeviceId>,
}

impl Delivery {
    /// Gives each job to whoever is to carry it, takes it from whoever is not, and notes what all of them are to hear.
    pub(super) fn add(&mut self, conn: &mut Conn, appends: &[&Append]) -> Result<(), Problem> {
        let jobs: Vec<JobId> = appends.iter().map(|new| new.job()).collect();
        let holders: BTreeSet<(JobId, PersonId)> = db::feed::list_holders(conn, &jobs)?.into_iter().collect();
        for new in appends {
            let had = holders.iter().filter(|(job, _)| *job == new.job()).map(|(_, person)| *person);
            self.add_one(conn, new, &had.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn add_one(&mut self, conn: &mut Conn, new: &Append, had: &[PersonId]) -> Result<(), Problem> {
        let (Some(first), Some(last)) = (new.news().first(), new.news().last()) else { return Ok(()) };
        let wanted = holder(new.view());
        for person in had.iter().copied() {
            if wanted == Some(person) {
                for news in new.news() {
                    self.note(person, event(person, new.job(), news), Some(&news.before), Some(&news.heads));
                }
            } else {
                db::feed::delete_grant(conn, person, new.job())?;
                let reason = Some(gone_reason(new.view()));
                let gone = event(person, new.job(), last);
                let gone = FeedRow { kind: FeedKind::Revoke, device_id: None, reason, ..gone };
                self.note(person, gone, Some(&first.before), None);
            }
        }
        if let Some(person) = wanted.filter(|person| !had.contains(person)) {
            let grant = GrantRow { person_id: person, job_id: new.job(), granted_at: new.now() };
            db::feed::insert_grant(conn, &grant)?;
            let granted = FeedRow { kind: FeedKind::Grant, device_id: None, ..event(person, new.job(), last) };
            self.note(person, granted, None, Some(&last.heads));
        }
        Ok(())
    }

    /// Something of this person's that was not taken over in this job is decided.
    pub fn decided(&mut self, person: PersonId, job: JobId) {
        let kind = FeedKind::Decided;
        let (seq, pos_from, pos_to) = (0, 0, 0);
        let event =
            FeedRow { person_id: person, seq, kind, job_id: job, pos_from, pos_to, reason: None, device_id: None };
        self.note(person, event, None, None);
    }

    fn note(&mut self, person: PersonId, event: FeedRow, before: Option<&[Hash]>, after: Option<&[Hash]>) {
        let mail = self.mail.entry(person).or_insert(Mail { events: Vec::new(), digest: Hash::ZERO });
        for heads in before.into_iter().chain(after) {
            mail.digest = mail.digest.xor(job_digest(event.job_id, heads));
        }
        mail.events.push(event);
    }

    /// Hands out the numbers and writes the events.
    pub fn send(mut self, conn: &mut Conn) -> Result<BTreeMap<PersonId, Delivered>, Problem> {
        let persons: Vec<PersonId> = self.mail.keys().copied().collect();
        if persons.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (mut ends, mut events, mut delivered) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (person, end) in db::feed::lock_ends(conn, &persons)? {
            let Some(mail) = self.mail.remove(&person) else { continue };
            let by = only_writer(&mail.events);
            events.extend((end.seq + 1..).zip(mail.events).map(|(seq, event)| FeedRow { seq, ..event }));
            let seq = events.last().map_or(end.seq, |event| event.seq);
            ends.push((person, FeedEnd { seq, digest: end.digest.xor(mail.digest) }));
            delivered.insert(person, Delivered { from: end.seq, to: seq, by });
            feed::post(Notice::Person(person, seq));
        }
        db::feed::set_ends(conn, &ends)?;
        db::feed::insert_events(conn, &events)?;
        Ok(delivered)
    }
}

/// The device whose own changes these all are.
fn only_writer(events: &[FeedRow]) -> Option<DeviceId> {
    let writer = events.first()?.device_id;
    let is_own = |event: &FeedRow| event.kind == FeedKind::Change && event.device_id == writer;
    if events.iter().all(is_own) { writer } else { None }
}

fn event(person: PersonId, job: JobId, news: &News) -> FeedRow {
    let (kind, device_id) = match news.source {
        Source::Office => (FeedKind::Change, None),
        Source::Push { device, .. } => (FeedKind::Change, Some(device)),
        Source::Salvage { device } => (FeedKind::Reset, Some(device)),
    };
    FeedRow {
        person_id: person,
        seq: 0,
        kind,
        job_id: job,
        pos_from: news.from,
        pos_to: news.to,
        reason: None,
        device_id,
    }
}

fn gone_reason(view: &JobRecord) -> GoneReason {
    match status(view) {
        Status::Cancelled => GoneReason::Cancelled,
        Status::Closed | Status::SolvedRemotely => GoneReason::Closed,
        _ => GoneReason::Reassigned,
    }
}
