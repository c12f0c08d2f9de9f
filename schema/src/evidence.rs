//! When something was written, from all that is known of it. Phones lie, by mistake or not: their wall clock may be wrong or may have been
//! set meanwhile. What stands beside it:
//!
//! - the phone's monotonic clock, which nobody sets: how long after a word from the server it was written, and how long before it was
//!   sent. A restart of the phone ends that thread;
//! - what the server had issued and the change builds on: it can't be older than that;
//! - the server's receipt: it can't be younger than that.
//!
//! Together they give a span in which it must have happened. A claim within it stands; one without is moved ([`estimate`]), and says so.
//! Nothing here depends on when, or in what order, changes arrive, but for the end of the span where the monotonic clock tells nothing.

use crate::time::{MINUTE, SECOND, Timestamp};
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What contradicts a claimed time.
    TimeFlag {
        /// The phone's clock was off by more than a minute.
        ClockWrong = "clock_wrong",
        /// It was set between two contacts: it went otherwise than the monotonic clock.
        ClockJumped = "clock_jumped",
        /// It claims to be older than what it builds on.
        BeforeBasis = "before_basis",
        /// It claims to be younger than its receipt.
        AfterReceipt = "after_receipt",
        /// What the phone says of its clocks can't be.
        Contradictory = "contradictory",
        /// A revoked phone's word.
        NoEvidence = "no_evidence",
    }
}

/// A word from the server, by which a phone's clocks are tied to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    pub server_at: Timestamp,
    /// What the phone's wall clock showed when it heard it.
    pub phone_at: Timestamp,
    /// Microseconds from asking to hearing; the word was given somewhere between.
    pub round_trip_us: Option<i64>,
}

/// What a phone's clocks said when it wrote a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeClock {
    /// The last word from the server before it.
    pub tie: Option<Tie>,
    /// Microseconds since then on the monotonic clock; none where the phone restarted in between.
    pub since_tie_us: Option<i64>,
    /// Microseconds until it was sent on the monotonic clock; none where the phone restarted in between.
    pub until_sent_us: Option<i64>,
    /// What the wall clock showed when it was sent.
    pub sent_at: Option<Timestamp>,
}

/// All that is known of when a change was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// By the phone's wall clock, in whole seconds.
    pub claimed_at: Timestamp,
    pub clock: ChangeClock,
    /// The newest that the server had issued and that it builds on.
    pub builds_on: Option<Timestamp>,
    pub received_at: Timestamp,
    /// False for a revoked phone: whoever holds it may say anything.
    pub is_trusted: bool,
}

/// The best estimate. It happened within `error_us` of `at`, on either side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Estimate {
    pub at: Timestamp,
    pub error_us: i64,
    pub flags: Vec<TimeFlag>,
}

/// Clocks of this grade lose or gain less than one part in 5,000; and their reading is coarse.
const DRIFT_PARTS: i64 = 5_000;
const READING_US: i64 = SECOND / 10;
/// A wall clock that goes otherwise than the monotonic one by more than this, and one part in a hundred, was set.
const JUMP_US: i64 = 5 * SECOND;
const JUMP_PARTS: i64 = 100;
/// From here on a claim counts as wrong.
const WRONG_US: i64 = MINUTE;
/// How long a request may be on its way, for all that anybody notices.
const ON_ITS_WAY_US: i64 = MINUTE;

/// A span of time.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    fn and(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from <= to).then_some(Self { from, to })
    }

    fn clamp(self, at: Timestamp) -> Timestamp {
        at.max(self.from).min(self.to)
    }
}

/// When it was written, how far that may be off, and what contradicts the claim.
pub fn estimate(evidence: &Evidence) -> Estimate {
    let Evidence { claimed_at, clock, received_at, .. } = *evidence;
    let floor = evidence.builds_on.unwrap_or(claimed_at).min(received_at);
    let certain = Span { from: floor, to: received_at };
    if !evidence.is_trusted {
        // What could have been written at any time counts from when we knew of it.
        let flags = vec![TimeFlag::NoEvidence];
        return Estimate { at: received_at, error_us: received_at.since(floor), flags };
    }
    let mut flags = doubts(evidence);
    let told = clock_span(&clock, received_at);
    let span = certain.and(told).unwrap_or_else(|| {
        flags.push(TimeFlag::Contradictory);
        certain
    });
    let (guess, tolerance) = guess(evidence);
    let is_near = claimed_at.apart(guess) <= tolerance;
    let at = span.clamp(if is_near { claimed_at } else { guess });
    if claimed_at.apart(at) > WRONG_US {
        flags.push(TimeFlag::ClockWrong);
    }
    // The claim is a whole second, rounded down.
    let error_us = at.since(span.from).max(span.to.since(at)).saturating_add(SECOND);
    Estimate { at, error_us, flags }
}

/// The span that the monotonic clock leaves.
fn clock_span(clock: &ChangeClock, received_at: Timestamp) -> Span {
    let slack = |elapsed: i64| (elapsed / DRIFT_PARTS).saturating_add(READING_US);
    let mut span = Span { from: Timestamp::from_micros(i64::MIN), to: Timestamp::from_micros(i64::MAX) };
    if let Some(tie) = clock.tie {
        // It was written after the word was heard, restarts or not.
        span.from = tie.server_at;
        if let Some(since) = clock.since_tie_us {
            let at = tie.server_at.plus(since);
            span.from = at.plus(slack(since).saturating_neg()).max(span.from);
            if let Some(round_trip) = tie.round_trip_us {
                span.to = at.plus(round_trip.saturating_add(slack(since)));
            }
        }
    }
    if let Some(until) = clock.until_sent_us {
        span.to = span.to.min(received_at.plus(slack(until).saturating_sub(until)));
    }
    span
}

/// The most likely time, and how far from it a claim may lie and still be believed.
fn guess(evidence: &Evidence) -> (Timestamp, i64) {
    let Evidence { claimed_at, clock, received_at, .. } = *evidence;
    let ChangeClock { tie, since_tie_us, until_sent_us, .. } = clock;
    if let Some((tie, since)) = tie.zip(since_tie_us) {
        let round_trip = tie.round_trip_us.unwrap_or(0);
        return (tie.server_at.plus(since), round_trip.saturating_add(since / DRIFT_PARTS).saturating_add(2 * SECOND));
    }
    if let Some(until) = until_sent_us {
        return (received_at.plus(until.saturating_neg()), ON_ITS_WAY_US);
    }
    match tie {
        Some(tie) => (claimed_at.plus(tie.server_at.since(tie.phone_at)), JUMP_US),
        None => (claimed_at, 0),
    }
}

fn doubts(evidence: &Evidence) -> Vec<TimeFlag> {
    let Evidence { claimed_at, clock, builds_on, received_at, .. } = *evidence;
    let went_otherwise = |wall: i64, monotonic: i64| {
        wall.saturating_sub(monotonic).saturating_abs() > JUMP_US + monotonic.saturating_abs() / JUMP_PARTS
    };
    let since = clock.tie.zip(clock.since_tie_us);
    let jumped_before = since.is_some_and(|(tie, since)| went_otherwise(claimed_at.since(tie.phone_at), since));
    let until = clock.sent_at.zip(clock.until_sent_us);
    let jumped_after = until.is_some_and(|(sent, until)| went_otherwise(sent.since(claimed_at), until));
    // Without the monotonic clock only a step back shows.
    let stepped_back = since.is_none() && clock.tie.is_some_and(|tie| claimed_at.since(tie.phone_at) < -JUMP_US);
    let mut flags = Vec::new();
    if jumped_before || jumped_after || stepped_back {
        flags.push(TimeFlag::ClockJumped);
    }
    if builds_on.is_some_and(|basis| basis.since(claimed_at) > WRONG_US) {
        flags.push(TimeFlag::BeforeBasis);
    }
    if claimed_at.since(received_at) > WRONG_US {
        flags.push(TimeFlag::AfterReceipt);
    }
    flags
}

impl Estimate {
    /// The estimate where it says something else than the claim, or casts doubt on it: most say neither.
    pub fn retimes(&self, claimed_at: Timestamp) -> Option<Timestamp> {
        let differs = self.at.apart(claimed_at) > 2 * SECOND;
        (differs || !self.flags.is_empty()).then_some(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(1_795_309_200 * SECOND).plus(minute * MINUTE)
    }

    /// Heard from the server at minute 0; written `since` minutes later; received at `received`. The wall clock is `wrong` minutes off.
    fn written(since: i64, received: i64, wrong: i64) -> Evidence {
        let tie = Tie { server_at: at(0), phone_at: at(wrong), round_trip_us: Some(SECOND) };
        let clock = ChangeClock {
            tie: Some(tie),
            since_tie_us: Some(since * MINUTE),
            until_sent_us: Some((received - since) * MINUTE),
            sent_at: Some(at(received + wrong)),
        };
        let (claimed_at, builds_on) = (at(since + wrong), Some(at(-30)));
        Evidence { claimed_at, clock, builds_on, received_at: at(received), is_trusted: true }
    }

    /// Found by the fuzz target `wire`: whatever a phone's clocks say, the sums do not overflow.
    #[test]
    fn a_clock_at_the_end_of_its_range_is_reckoned_with() {
        let ends = [i64::MIN, -1, 0, i64::MAX];
        for (server, phone, claimed) in
            ends.iter().flat_map(|a| ends.iter().flat_map(move |b| ends.map(|c| (*a, *b, c))))
        {
            for (round_trip_us, since, until) in [(i64::MAX, i64::MAX, 0), (0, 0, i64::MAX), (i64::MAX, 1, i64::MAX)] {
                let [server_at, phone_at, claimed_at] = [server, phone, claimed].map(Timestamp::from_micros);
                let tie = Some(Tie { server_at, phone_at, round_trip_us: Some(round_trip_us) });
                let (since_tie_us, until_sent_us) = (Some(since), Some(until));
                let clock = ChangeClock { tie, since_tie_us, until_sent_us, sent_at: Some(phone_at) };
                let found =
                    estimate(&Evidence { claimed_at, clock, builds_on: None, received_at: at(0), is_trusted: true });
                assert!(found.at <= at(0) && found.error_us >= 0, "{found:?}");
                found.retimes(claimed_at);
            }
        }
    }

    #[test]
    fn a_right_clock_is_believed_to_the_second() {
        let found = estimate(&written(90, 300, 0));
        assert_eq!((found.at, found.flags.as_slice()), (at(90), [].as_slice()));
        assert!(found.error_us < 5 * SECOND, "{found:?}");
        assert_eq!(found.retimes(at(90)), None);
    }

    #[test]
    fn a_wrong_clock_is_put_right_by_the_monotonic_one_and_says_so() {
        let found = estimate(&written(90, 300, 180));
        assert_eq!((found.at, found.flags.as_slice()), (at(90), [TimeFlag::ClockWrong].as_slice()));
        assert_eq!(found.retimes(at(270)), Some(at(90)));
    }

    #[test]
    fn the_same_facts_give_the_same_time_however_late_they_come() {
        let early = estimate(&written(90, 91, 45));
        assert_eq!(early.at, estimate(&written(90, 3_000, 45)).at);
    }

    #[test]
    fn a_clock_that_was_set_between_two_contacts_is_flagged_and_the_monotonic_one_wins() {
        let set = Evidence { claimed_at: at(10), ..written(90, 300, 0) };
        let found = estimate(&set);
        assert_eq!(found.at, at(90));
        assert!(found.flags.contains(&TimeFlag::ClockJumped) && found.flags.contains(&TimeFlag::ClockWrong));
    }

    #[test]
    fn after_a_restart_the_way_back_from_the_receipt_tells() {
        let mut restarted = written(90, 300, 120);
        restarted.clock.since_tie_us = None;
        let found = estimate(&restarted);
        assert_eq!(found.at, at(90));
        assert!(found.error_us > HOUR, "only one side is bounded");
    }

    #[test]
    fn with_two_restarts_the_offset_at_the_last_contact_is_the_best_guess() {
        let mut restarted = written(90, 300, 120);
        (restarted.clock.since_tie_us, restarted.clock.until_sent_us) = (None, None);
        let found = estimate(&restarted);
        assert_eq!(found.at, at(90));
        assert_eq!(found.error_us, 210 * MINUTE + SECOND, "somewhere between the contact and the receipt");
    }

    #[test]
    fn what_builds_on_something_issued_at_ten_was_not_made_at_nine() {
        let nine = Evidence {
            claimed_at: at(0),
            clock: ChangeClock::default(),
            builds_on: Some(at(60)),
            received_at: at(200),
            is_trusted: true,
        };
        let found = estimate(&nine);
        assert_eq!(found.at, at(60));
        assert!(found.flags.contains(&TimeFlag::BeforeBasis));
    }

    #[test]
    fn nothing_is_younger_than_its_receipt() {
        let future = Evidence { claimed_at: at(500), clock: ChangeClock::default(), ..written(90, 300, 0) };
        let found = estimate(&future);
        assert_eq!(found.at, at(300));
        assert!(found.flags.contains(&TimeFlag::AfterReceipt));
    }

    #[test]
    fn a_revoked_phones_word_is_worth_its_receipt() {
        let found = estimate(&Evidence { is_trusted: false, ..written(90, 300, 0) });
        assert_eq!((found.at, found.flags), (at(300), vec![TimeFlag::NoEvidence]));
    }

    #[test]
    fn clocks_that_can_not_be_are_told_and_not_followed() {
        let mut forged = written(90, 300, 0);
        forged.clock.since_tie_us = Some(i64::MAX / 4);
        let found = estimate(&forged);
        assert!(found.flags.contains(&TimeFlag::Contradictory), "{found:?}");
        assert!(found.at <= at(300) && found.at >= at(-30));
    }
}
