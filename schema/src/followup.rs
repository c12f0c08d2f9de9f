//! Who is called back, and when (回访, `domain.md §8`): from what happened on the job. The calls themselves, their results and a
//! customer's refusal of calls are the desk's; here stands only what is due, once for each reason.
//!
//! Only the present round counts: what was due before a re-opening is answered by the re-opening.

use crate::binary::Hash;
use crate::clock::{Event, Facts, Seen};
use crate::delay::{DelayWord, Standing, standing};
use crate::people::Language;
use crate::record::{DecisionKind, HoldKind, JobRecord, Rating, SignOff, SignOffKind};
use crate::template::Template;
use crate::time::{DAY, HOUR, MINUTE, Timestamp};
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// Why the customer is called, the most urgent first.
    CallReason {
        /// Somebody else is to come: dispatch decides at once.
        SomeoneElse = "someone_else",
        /// The technician will be late, and nobody says that the customer knows.
        Delay = "delay",
        UnsureFix = "unsure_fix",
        IncompleteTest = "incomplete_test",
        Declined = "declined",
        /// Said on the customer's link: nothing is repaired until it is settled.
        QuoteRefused = "quote_refused",
        LowRating = "low_rating",
        TakeBack = "take_back",
        SolvedRemotely = "solved_remotely",
        /// Every signed job is called; of those with top marks a share, where the outlet says so.
        Normal = "normal",
    }
}

impl CallReason {
    /// Whether it comes before the visit, about its time, and not after the work.
    pub const fn is_about_time(self) -> bool {
        matches!(self, Self::SomeoneElse | Self::Delay)
    }

    /// The clock that says when this call is made.
    pub const fn clock(self) -> Option<&'static str> {
        match self {
            Self::UnsureFix => Some("unsure_fix"),
            Self::IncompleteTest => Some("incomplete_test"),
            Self::SolvedRemotely => Some("remote_check"),
            _ => None,
        }
    }

    /// The call that is made by this clock.
    pub fn of_clock(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.clock() == Some(id))
    }

    /// As the desk reads it on its list.
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::SomeoneElse => ("客户要求换人上门", "Wants somebody else to come"),
            Self::Delay => ("晚到，电话告知客户", "Late: tell the customer by phone"),
            Self::UnsureFix => ("维修效果没有把握", "Not sure of the fix"),
            Self::IncompleteTest => ("未完整试机", "Test not run in full"),
            Self::Declined => ("客户未签字", "Declined to sign"),
            Self::QuoteRefused => ("客户不认可报价", "Quote not accepted"),
            Self::LowRating => ("评分低", "Low rating"),
            Self::TakeBack => ("拉修", "Take-back"),
            Self::SolvedRemotely => ("电话解决", "Solved remotely"),
            Self::Normal => ("常规回访", "Routine call"),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

/// A call that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpDue {
    pub reason: CallReason,
    /// 0 is called first.
    pub urgency: u8,
    pub not_before: Timestamp,
    pub deadline: Timestamp,
}

/// When calls are due, and what counts as a low rating. Where the trade's standards are silent the figures are ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowUpSettings {
    /// A rating of this or less is low, out of five.
    pub low_rating_max: i64,
    /// Of a hundred signed jobs with nothing but top marks, how many are called.
    pub top_marks_percent: i64,
    pub calls: BTreeMap<CallReason, CallTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallTime {
    /// How long after what happened the call may be made.
    pub after_us: i64,
    /// How long after that it counts as late.
    pub late_after_us: i64,
}

impl Default for FollowUpSettings {
    fn default() -> Self {
        let call = |after_us, late_after_us| CallTime { after_us, late_after_us };
        let calls = [
            (CallReason::SomeoneElse, call(0, 10 * MINUTE)),
            (CallReason::Delay, call(0, 10 * MINUTE)),
            (CallReason::UnsureFix, call(3 * HOUR, HOUR)),
            (CallReason::IncompleteTest, call(2 * HOUR, HOUR)),
            (CallReason::Declined, call(0, 4 * HOUR)),
            (CallReason::QuoteRefused, call(0, HOUR)),
            (CallReason::LowRating, call(0, 4 * HOUR)),
            (CallReason::TakeBack, call(0, DAY)),
            (CallReason::SolvedRemotely, call(2 * HOUR, HOUR)),
            (CallReason::Normal, call(DAY, 2 * DAY)),
        ];
        Self { low_rating_max: 3, top_marks_percent: 100, calls: BTreeMap::from(calls) }
    }
}

/// Every call that is due for what happened, the most urgent first.
pub fn follow_ups(record: &JobRecord, template: &Template, settings: &FollowUpSettings) -> Vec<FollowUpDue> {
    let due = |reason: &CallReason| {
        let happened = happened_at(*reason, record, template, settings)?;
        let time = settings.calls.get(reason)?;
        let not_before = happened.plus(time.after_us);
        let urgency = CallReason::ALL.iter().position(|known| known == reason).unwrap_or(0);
        Some(FollowUpDue {
            reason: *reason,
            urgency: u8::try_from(urgency).unwrap_or(u8::MAX),
            not_before,
            deadline: not_before.plus(time.late_after_us),
        })
    };
    CallReason::ALL.iter().filter_map(due).collect()
}

/// When it happened that this reason names; None where it did not.
fn happened_at(
    reason: CallReason,
    record: &JobRecord,
    template: &Template,
    settings: &FollowUpSettings,
) -> Option<Timestamp> {
    let facts = Facts::default();
    let seen = Seen { record, template, facts: &facts };
    let sign_offs = record.current_sign_offs();
    let last =
        |kind| sign_offs.iter().filter(|(_, sign_off)| sign_off.kind == kind).map(|(_, sign_off)| sign_off.at).max();
    match reason {
        CallReason::SomeoneElse => late(record, DelayWord::SomeoneElse)?.reply.map(|reply| reply.at),
        CallReason::Delay => late(record, DelayWord::Untold).map(|standing| standing.delay.at),
        CallReason::UnsureFix => seen.times(Event::LeftUnsure).first().copied(),
        CallReason::IncompleteTest => seen.times(Event::LeftUntested).first().copied(),
        CallReason::Declined => last(SignOffKind::Declined),
        CallReason::QuoteRefused => refused_at(record),
        CallReason::LowRating => {
            let low = |(_, sign_off): &&(_, &SignOff)| sign_off.rating.is_some_and(|rating| is_low(rating, settings));
            let later =
                record.ratings.values().filter(|later| record.is_current(later.at) && is_low(later.rating, settings));
            sign_offs.iter().filter(low).map(|(_, sign_off)| sign_off.at).chain(later.map(|later| later.at)).max()
        }
        CallReason::TakeBack => brought_back_at(record),
        CallReason::SolvedRemotely => {
            let decision = record.last_decision()?;
            (decision.kind == DecisionKind::SolvedRemotely).then_some(decision.at)
        }
        CallReason::Normal => last(SignOffKind::Signed).filter(|_| is_sampled(record, settings)),
    }
}

/// The delay that stands, where this is what is known of the customer.
fn late(record: &JobRecord, word: DelayWord) -> Option<Standing<'_>> {
    standing(record).filter(|standing| standing.word == word)
}

/// Top marks are sampled by what nobody chooses and everybody computes alike, so that a rebuilt list comes out the same.
fn is_sampled(record: &JobRecord, settings: &FollowUpSettings) -> bool {
    let marks = record.last_rating().map(|rating| [rating.quality, rating.attitude]);
    let is_top = marks.is_some_and(|marks| marks.iter().flatten().all(|marks| *marks == 5) && marks != [None, None]);
    let drawn = Hash::of_all([b"follow-up sample".as_slice(), record.meta.job.as_bytes()]).0;
    let drawn = drawn.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    !is_top || i64::from(drawn % 100) < settings.top_marks_percent
}

fn is_low(rating: Rating, settings: &FollowUpSettings) -> bool {
    [rating.quality, rating.attitude].into_iter().flatten().any(|marks| marks <= settings.low_rating_max)
}

/// When the customer refused a quote and accepted none since.
fn refused_at(record: &JobRecord) -> Option<Timestamp> {
    let refused = record.refusals.values().map(|refusal| refusal.at).filter(|at| record.is_current(*at)).max()?;
    let accepted = record.valid_consents().map(|(_, consent)| consent.at).max();
    accepted.is_none_or(|accepted| accepted < refused).then_some(refused)
}

/// When a product that was in the workshop was back with the customer.
fn brought_back_at(record: &JobRecord) -> Option<Timestamp> {
    let stays = record.holds.iter().filter(|(_, hold)| hold.kind == HoldKind::Workshop && record.is_current(hold.at));
    let ended = stays.filter_map(|(id, _)| record.hold_ended_at(id));
    ended.chain(record.all_home_at().filter(|at| record.is_current(*at))).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, finished, id, reported};
    use crate::id::JobId;
    use crate::record::{MarkKind, ReplyKind};
    use crate::template::find_shipped;

    fn due(record: &JobRecord) -> Vec<FollowUpDue> {
        follow_ups(record, find_shipped("home_repair", 1).unwrap(), &FollowUpSettings::default())
    }

    fn reasons(record: &JobRecord) -> Vec<CallReason> {
        due(record).into_iter().map(|call| call.reason).collect()
    }

    fn signed() -> JobRecord {
        finished().with_sign_off(1, SignOffKind::Signed, 120).with_mark("farewell", MarkKind::Done, 130)
    }

    fn rated(quality: i64) -> JobRecord {
        let mut record = signed();
        record.sign_offs.get_mut(&id(1)).unwrap().rating = Some(Rating { quality: Some(quality), attitude: None });
        record
    }

    #[test]
    fn every_signed_job_is_called_and_none_before_it_is_signed() {
        assert_eq!(reasons(&finished()), []);
        assert_eq!(reasons(&signed()), [CallReason::Normal]);
        assert_eq!(due(&signed())[0].not_before, at(120).plus(DAY));
    }

    #[test]
    fn an_unsure_fix_is_called_three_hours_after_the_technician_left_and_before_all_others() {
        let record =
            signed().with_play(1, "testing", "fix_unsure", 106).with_play(2, "testing", "test_incomplete", 107);
        let calls = due(&record);
        let told: Vec<_> = calls.iter().map(|call| (call.reason, call.not_before, call.urgency)).collect();
        assert_eq!(
            told,
            [
                (CallReason::UnsureFix, at(130 + 180), 2),
                (CallReason::IncompleteTest, at(130 + 120), 3),
                (CallReason::Normal, at(120).plus(DAY), 9),
            ]
        );
        assert_eq!(calls[0].deadline, at(130 + 240));
    }

    #[test]
    fn a_test_that_was_skipped_is_called_about_two_hours_after_the_technician_left() {
        let untested = |kind| signed().with_mark("testing", kind, 105).with_reason("testing", "停水，无法试机");
        for kind in [MarkKind::Skipped, MarkKind::Failed] {
            let calls = due(&untested(kind));
            let told: Vec<_> = calls.iter().map(|call| (call.reason, call.not_before)).collect();
            let wanted = [(CallReason::IncompleteTest, at(130 + 120)), (CallReason::Normal, at(120).plus(DAY))];
            assert_eq!(told, wanted);
        }
        assert_eq!(reasons(&untested(MarkKind::Done)), [CallReason::Normal]);
    }

    #[test]
    fn three_of_five_is_a_low_rating_and_four_is_not() {
        assert_eq!(reasons(&rated(3)), [CallReason::LowRating, CallReason::Normal]);
        assert_eq!(reasons(&rated(4)), [CallReason::Normal]);
    }

    #[test]
    fn who_declined_to_sign_is_called_the_same_day() {
        let record = finished().with_sign_off(1, SignOffKind::Declined, 120);
        assert_eq!(reasons(&record), [CallReason::Declined]);
        assert_eq!(due(&record)[0].not_before, at(120));
    }

    #[test]
    fn a_take_back_is_called_once_it_is_back_and_a_remote_fix_after_two_hours() {
        let taken = finished().with_hold(1, HoldKind::Workshop, 66);
        assert_eq!(reasons(&taken), []);
        assert_eq!(reasons(&taken.clone().with_release(1, 3_000)), [CallReason::TakeBack]);
        let kind = crate::record::HandBackKind::Product;
        let back = taken.with_take_back(2, 65).with_hand_back(3, 2, kind, 3_000);
        assert_eq!(reasons(&back), [CallReason::TakeBack], "a phone forgot to end the wait");
        let remote = reported().with_decision(1, DecisionKind::SolvedRemotely, 20);
        assert_eq!(reasons(&remote), [CallReason::SolvedRemotely]);
        assert_eq!(due(&remote)[0].not_before, at(140));
    }

    #[test]
    fn of_top_marks_the_share_is_called_that_the_outlet_says_and_all_others_are() {
        let settings = |percent| FollowUpSettings { top_marks_percent: percent, ..FollowUpSettings::default() };
        let is_called = |record: &JobRecord, percent| {
            !follow_ups(record, find_shipped("home_repair", 1).unwrap(), &settings(percent)).is_empty()
        };
        assert!(is_called(&rated(5), 100) && !is_called(&rated(5), 0));
        assert!(is_called(&rated(4), 0) && is_called(&signed(), 0), "good is not top, and silence is no praise");
        let called = (0..1_000u32).filter(|number| {
            let mut record = rated(5);
            record.meta.job = JobId::new(at(0), [7, 7, 7, 7, 7, 7, 7, 7, (number >> 8) as u8, *number as u8]);
            is_called(&record, 30)
        });
        assert!((240..360).contains(&called.count()));
    }

    #[test]
    fn a_delay_is_called_about_until_somebody_says_that_the_customer_knows() {
        let late = reported().with_assignment(1, 1, 5).with_delay(2, 30, 10);
        let calls = due(&late);
        assert_eq!((calls[0].reason, calls[0].not_before, calls[0].urgency), (CallReason::Delay, at(10), 1));
        assert_eq!(reasons(&late.clone().with_reply(3, 2, ReplyKind::Told, 11)), []);
        assert_eq!(reasons(&late.clone().with_reply(3, 2, ReplyKind::Seen, 11)), []);
        let other = late.with_reply(3, 2, ReplyKind::SomeoneElse, 12);
        assert_eq!((reasons(&other), due(&other)[0].not_before), (vec![CallReason::SomeoneElse], at(12)));
        assert_eq!(reasons(&other.with_assignment(4, 2, 15)), [], "dispatch has sent somebody");
    }

    #[test]
    fn a_reopening_answers_what_was_due_before_it() {
        let record = rated(1).with_play(1, "testing", "fix_unsure", 106);
        assert_eq!(reasons(&record.with_decision(1, DecisionKind::Reopened, 500)), []);
    }
}
