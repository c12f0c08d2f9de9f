//! Lateness that the technician announced (晚到, `domain.md §6`): what of it still stands, and what the customer knows and says. The product sends
//! no messages, so nothing counts as told but what somebody says they told, and what the customer's own page was opened with.

use crate::id::EntryId;
use crate::record::{Delay, JobRecord, MarkKind, Reply, ReplyKind};
use crate::status::{ON_SITE_STEPS, Status, status};
use crate::word::words;

words! {
    /// What is known of the customer and the new time.
    DelayWord {
        /// Nobody says that they told the customer.
        Untold = "untold",
        Told = "told",
        /// The customer's page was opened with it.
        Seen = "seen",
        Agreed = "agreed",
        /// The customer would rather have somebody else sent.
        SomeoneElse = "someone_else",
    }
}

/// A delay that still stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing<'a> {
    pub id: &'a EntryId,
    pub delay: &'a Delay,
    pub word: DelayWord,
    /// What made it so.
    pub reply: Option<&'a Reply>,
}

/// The last delay of the assignment in force, until the technician is there or the visit is off. A new assignment answers it: whoever made that
/// agreed on a time anew.
pub fn standing(record: &JobRecord) -> Option<Standing<'_>> {
    let assignment = record.assignment()?;
    if !is_awaited(status(record)) {
        return None;
    }
    let current = |delay: &Delay| delay.at >= assignment.at && record.is_current(delay.at);
    let delays = record.delays.iter().filter(|(_, delay)| current(delay));
    let (id, delay) = delays.max_by_key(|(id, delay)| (delay.at, *id))?;
    let arrived =
        |step: &&str| record.mark(step).is_some_and(|mark| mark.kind == MarkKind::Done && mark.at >= delay.at);
    if ON_SITE_STEPS.iter().any(arrived) {
        return None;
    }
    let reply = last_reply(record, id);
    Some(Standing { id, delay, word: reply.map_or(DelayWord::Untold, |reply| reply.kind.into()), reply })
}

/// Whether somebody is still to come.
const fn is_awaited(status: Status) -> bool {
    matches!(
        status,
        Status::Assigned
            | Status::Accepted
            | Status::Appointed
            | Status::EnRoute
            | Status::OnSite
            | Status::Working
            | Status::Tested
    )
}

/// The customer's own last word; else that they saw it; else that they were told.
fn last_reply<'a>(record: &'a JobRecord, delay: &EntryId) -> Option<&'a Reply> {
    let replies = record.replies.iter().filter(|(_, reply)| reply.delay == *delay);
    replies.max_by_key(|(id, reply)| (weight(reply.kind), reply.at, *id)).map(|(_, reply)| reply)
}

const fn weight(kind: ReplyKind) -> u8 {
    match kind {
        ReplyKind::Told => 0,
        ReplyKind::Seen => 1,
        ReplyKind::Agreed | ReplyKind::SomeoneElse => 2,
    }
}

impl From<ReplyKind> for DelayWord {
    fn from(kind: ReplyKind) -> Self {
        match kind {
            ReplyKind::Told => Self::Told,
            ReplyKind::Seen => Self::Seen,
            ReplyKind::Agreed => Self::Agreed,
            ReplyKind::SomeoneElse => Self::SomeoneElse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, id, reported};
    use crate::record::{DecisionKind, HoldKind};

    fn assigned() -> JobRecord {
        reported().with_assignment(1, 1, 5)
    }

    fn word(record: &JobRecord) -> Option<DelayWord> {
        standing(record).map(|standing| standing.word)
    }

    #[test]
    fn the_last_delay_stands_until_the_technician_is_there() {
        let late = assigned().with_delay(2, 30, 10).with_delay(3, 45, 20);
        assert_eq!(standing(&late).map(|standing| standing.delay.arrives_at), Some(at(65)));
        assert_eq!(word(&assigned()), None);
        assert_eq!(word(&late.clone().with_mark("depart", MarkKind::Done, 25)), Some(DelayWord::Untold));
        assert_eq!(word(&late.clone().with_mark("knock", MarkKind::Done, 60)), None);
        assert_eq!(word(&late.with_decision(4, DecisionKind::Cancelled, 60)), None);
    }

    #[test]
    fn work_of_an_earlier_trip_hides_no_delay_of_this_one() {
        let waited = assigned().with_mark("knock", MarkKind::Done, 20).with_mark("diagnose", MarkKind::Done, 30);
        let again = waited.with_hold(5, HoldKind::Part, 40).with_release(5, 900);
        assert_eq!(word(&again.with_delay(2, 30, 1_000)), Some(DelayWord::Untold));
    }

    #[test]
    fn a_new_assignment_answers_it() {
        let late = assigned().with_delay(2, 30, 10);
        assert_eq!(word(&late.with_assignment(4, 2, 12)), None);
    }

    #[test]
    fn what_the_customer_says_outweighs_what_was_told_them() {
        let late = assigned().with_delay(2, 30, 10);
        let told = late.with_reply(3, 2, ReplyKind::Told, 11);
        assert_eq!(word(&told), Some(DelayWord::Told));
        let seen = told.with_reply(4, 2, ReplyKind::Seen, 12);
        assert_eq!(word(&seen), Some(DelayWord::Seen));
        let agreed = seen.with_reply(5, 2, ReplyKind::Agreed, 13).with_reply(6, 2, ReplyKind::Told, 14);
        assert_eq!(word(&agreed), Some(DelayWord::Agreed));
        let other = agreed.with_reply(7, 2, ReplyKind::SomeoneElse, 15);
        assert_eq!(word(&other), Some(DelayWord::SomeoneElse));
        assert_eq!(word(&other.clone().with_delay(8, 60, 16)), Some(DelayWord::Untold), "a newer time is news again");
        assert_eq!(standing(&other).and_then(|standing| standing.reply).map(|reply| reply.delay.clone()), Some(id(2)));
    }
}
