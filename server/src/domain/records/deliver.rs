//! What phones are to hear of a transaction's appends: collected job by job, then written at once, with each person's row locked
//! once and always in the same order, so that two transactions can't wait for each other.

use crate::db::feed::FeedEnd;
use crate::db::{self, Conn};
use crate::domain::records::append::Source;
use crate::domain::records::project::holder;
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::id::{JobId, PersonId};
use schema::problem::Problem;
use schema::record::JobRecord;
use schema::rows::records::{FeedKind, FeedRow, GrantRow};
use schema::status::{Status, status};
use schema::time::Timestamp;
use schema::wire::{GoneReason, job_digest};
use std::collections::BTreeMap;

/// What is new in one job.
pub struct News<'a> {
    pub job: JobId,
    pub before: &'a [Hash],
    pub heads: &'a [Hash],
    pub from: i64,
    pub to: i64,
    pub source: Source,
    pub now: Timestamp,
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

impl Delivery {
    /// Gives the job to whoever is to carry it, takes it from whoever is not, and notes what all of them are to hear.
    pub fn add(&mut self, conn: &mut Conn, news: &News<'_>, view: &JobRecord) -> Result<(), Problem> {
        let wanted = holder(view);
        let had = db::feed::list_holders(conn, news.job)?;
        for person in had.iter().copied() {
            if wanted == Some(person) {
                self.note(person, event(person, news), Some(news.before), Some(news.heads));
            } else {
                db::feed::delete_grant(conn, person, news.job)?;
                let reason = Some(gone_reason(view));
                let gone = FeedRow { kind: FeedKind::Revoke, device_id: None, reason, ..event(person, news) };
                self.note(person, gone, Some(news.before), None);
            }
        }
        if let Some(person) = wanted.filter(|person| !had.contains(person)) {
            let grant = GrantRow { person_id: person, job_id: news.job, granted_at: news.now };
            db::feed::insert_grant(conn, &grant)?;
            let granted = FeedRow { kind: FeedKind::Grant, device_id: None, ..event(person, news) };
            self.note(person, granted, None, Some(news.heads));
        }
        Ok(())
    }

    fn note(&mut self, person: PersonId, event: FeedRow, before: Option<&[Hash]>, after: Option<&[Hash]>) {
        let mail = self.mail.entry(person).or_insert(Mail { events: Vec::new(), digest: Hash::ZERO });
        for heads in before.into_iter().chain(after) {
            mail.digest = mail.digest.xor(job_digest(event.job_id, heads));
        }
        mail.events.push(event);
    }

    /// Hands out the numbers and writes the events.
    pub fn send(self, conn: &mut Conn) -> Result<(), Problem> {
        for (person, mail) in self.mail {
            let end = db::feed::lock_end(conn, person)?;
            let events: Vec<FeedRow> =
                (end.seq + 1..).zip(mail.events).map(|(seq, event)| FeedRow { seq, ..event }).collect();
            let seq = events.last().map_or(end.seq, |event| event.seq);
            db::feed::set_end(conn, person, FeedEnd { seq, digest: end.digest.xor(mail.digest) })?;
            db::feed::insert_events(conn, &events)?;
            feed::post(Notice::Person(person, seq));
        }
        Ok(())
    }
}

fn event(person: PersonId, news: &News<'_>) -> FeedRow {
    let (kind, device_id) = match news.source {
        Source::Office => (FeedKind::Change, None),
        Source::Push { device, .. } => (FeedKind::Change, Some(device)),
        Source::Salvage { device } => (FeedKind::Reset, Some(device)),
    };
    let (job_id, pos_from, pos_to) = (news.job, news.from, news.to);
    FeedRow { person_id: person, seq: 0, kind, job_id, pos_from, pos_to, reason: None, device_id }
}

fn gone_reason(view: &JobRecord) -> GoneReason {
    match status(view) {
        Status::Cancelled => GoneReason::Cancelled,
        Status::Closed | Status::SolvedRemotely => GoneReason::Closed,
        _ => GoneReason::Reassigned,
    }
}
