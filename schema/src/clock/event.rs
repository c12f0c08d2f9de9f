//! What starts and stops clocks, and when it happened.

use super::Facts;
use crate::id::PriceRequestId;
use crate::record::{DecisionKind, HoldKind, How, JobRecord, Mark, MarkKind, Quote, SignOffKind};
use crate::template::{PlayEffect, Stage, Template};
use crate::time::Timestamp;
use crate::word::words;

words! {
    Event {
        /// Taken at intake, or re-opened.
        Reported = "reported",
        Appointed = "appointed",
        /// The agreed window's start less the way there; lies ahead.
        WindowStarts = "window_starts",
        Departed = "departed",
        Arrived = "arrived",
        PriceAsked = "price_asked",
        Priced = "priced",
        /// The customer accepted an item off the price list, and its price.
        OffListConsented = "off_list_consented",
        /// The test was passed, or the customer signed for work that no test had failed.
        Tested = "tested",
        Left = "left",
        /// Left, not sure of the fix.
        LeftUnsure = "left_unsure",
        /// Left with the test not run in full.
        LeftUntested = "left_untested",
        Returned = "returned",
        SolvedRemotely = "solved_remotely",
        CalledBack = "called_back",
        /// Signed off; proved, where the trade needs a proof.
        Completed = "completed",
        /// Closed, cancelled or solved remotely.
        Ended = "ended",
        // Not in a job's record: they come as facts.
        QuestionAsked = "question_asked",
        QuestionAnswered = "question_answered",
        ResultAtCentre = "result_at_centre",
        ComplaintTaken = "complaint_taken",
        ComplaintOpened = "complaint_opened",
        ComplaintHandedOver = "complaint_handed_over",
        ComplaintReacted = "complaint_reacted",
        ComplaintAnswered = "complaint_answered",
        ComplaintHandled = "complaint_handled",
        ComplaintCalledBack = "complaint_called_back",
    }
}

impl Event {
    /// Whether phones tell it, and so may tell a wrong time.
    pub const fn is_told_by_phones(self) -> bool {
        matches!(
            self,
            Self::Appointed
                | Self::Departed
                | Self::Arrived
                | Self::OffListConsented
                | Self::Tested
                | Self::Left
                | Self::LeftUnsure
                | Self::LeftUntested
                | Self::Returned
                | Self::Completed
        )
    }
}

/// Steps that are only taken where the customer is.
const AT_THE_CUSTOMERS: [&str; 13] = [
    "knock",
    "introduce",
    "badge",
    "shoe_covers",
    "lay_out",
    "listen",
    "diagnose",
    "before_service",
    "repair",
    "testing",
    "guide",
    "cleanup",
    "sign_off",
];

/// All that can be known about when something happened.
pub struct Seen<'a> {
    pub record: &'a JobRecord,
    pub template: &'a Template,
    pub facts: &'a Facts,
}

impl Seen<'_> {
    /// When it happened, each time, earliest first.
    pub fn times(&self, event: Event) -> Vec<Timestamp> {
        let mut times = self.recorded(event);
        times.extend(self.facts.events.get(&event).into_iter().flatten());
        times.sort_unstable();
        times.dedup();
        times
    }

    /// Whether the work has an item that is not on the price list: as accepted, else as offered.
    pub fn is_off_list(&self) -> bool {
        match self.record.accepted_quote() {
            Some((_, accepted)) => self.has_off_list(accepted),
            None => self.record.quotes.values().any(|quote| self.has_off_list(quote)),
        }
    }

    /// The first acceptance of an item off the list, and each re-opening after it.
    fn off_list_consented(&self) -> Vec<Timestamp> {
        let record = self.record;
        let consents = record.valid_consents().map(|(_, consent)| consent);
        let off_list =
            consents.filter(|consent| record.quotes.get(&consent.quote).is_some_and(|quote| self.has_off_list(quote)));
        let Some(first) = off_list.map(|consent| consent.at).min() else { return Vec::new() };
        let again = self.decided(&[DecisionKind::Reopened]).into_iter().filter(|at| *at > first);
        std::iter::once(first).chain(again).collect()
    }

    /// Whether the supervisor priced one of its lines. What a phone merely calls so moves no clock.
    fn has_off_list(&self, quote: &Quote) -> bool {
        let priced = |request: &PriceRequestId| self.facts.priced.contains(request);
        quote.lines.values().any(|line| line.request.as_ref().is_some_and(priced))
    }

    fn recorded(&self, event: Event) -> Vec<Timestamp> {
        let record = self.record;
        match event {
            Event::Reported => {
                let again = self.decided(&[DecisionKind::Reopened]);
                std::iter::once(record.meta.reported_at).chain(again).collect()
            }
            Event::Appointed => self.ticked(&["contact"]),
            Event::WindowStarts => {
                let window = record.assignment().and_then(|assignment| assignment.window);
                window.map(|window| window.from.plus(-self.facts.travel_us)).into_iter().collect()
            }
            Event::Departed => self.ticked(&["depart", "en_route"]),
            Event::Arrived => self.arrived(),
            Event::PriceAsked => record.holds.values().filter(|h| h.kind == HoldKind::Price).map(|h| h.at).collect(),
            Event::Priced => {
                let asked = record.holds.iter().filter(|(_, hold)| hold.kind == HoldKind::Price);
                asked.filter_map(|(id, _)| record.hold_ended_at(id)).collect()
            }
            Event::OffListConsented => self.off_list_consented(),
            Event::Tested => self.tested(),
            Event::Left => self.left(),
            Event::LeftUnsure => self.left_after(PlayEffect::CallUnsure),
            Event::LeftUntested => self.left_untested(),
            Event::Returned => self.ticked(&["return"]),
            Event::SolvedRemotely => self.decided(&[DecisionKind::SolvedRemotely]),
            Event::CalledBack => self.ticked(&["follow_up"]),
            Event::Completed => self.completed().into_iter().collect(),
            Event::Ended => {
                self.decided(&[DecisionKind::Closed, DecisionKind::Cancelled, DecisionKind::SolvedRemotely])
            }
            _ => Vec::new(),
        }
    }

    fn ticked(&self, steps: &[&str]) -> Vec<Timestamp> {
        let marks = steps.iter().filter_map(|step| self.record.mark(step));
        marks.filter(|mark| mark.kind == MarkKind::Done).map(|mark| mark.at).collect()
    }

    fn decided(&self, kinds: &[DecisionKind]) -> Vec<Timestamp> {
        self.record.decisions.values().filter(|d| kinds.contains(&d.kind)).map(|decision| decision.at).collect()
    }

    /// Everything that could only be written at the customer's, for a tick that was put again has lost its first time.
    fn arrived(&self) -> Vec<Timestamp> {
        let record = self.record;
        let there = |step: &str| AT_THE_CUSTOMERS.contains(&step);
        let worked = |kind| matches!(kind, MarkKind::Done | MarkKind::Failed);
        let marks = record.marks.iter().filter(|(step, mark)| there(step) && worked(mark.kind)).map(|(_, m)| m.at);
        let plays = record.plays.values().filter(|play| there(&play.step)).map(|play| play.at);
        let readings = record.readings.values().filter(|reading| there(&reading.step)).map(|reading| reading.at);
        let photos = record.photos.values().filter(|photo| there(&photo.step)).map(|photo| photo.at);
        let absent = record.holds.values().filter(|hold| hold.kind == HoldKind::Absent).map(|hold| hold.at);
        let consents = record.consents.values().filter(|consent| consent.how == How::Phone).map(|consent| consent.at);
        let signed = record.sign_offs.values().filter(|sign_off| sign_off.how == How::Phone).map(|s| s.at);
        let traces = marks.chain(plays).chain(readings).chain(photos).chain(absent);
        traces.chain(consents).chain(signed).collect()
    }

    /// The farewell; who forgot to tick it left when the customer had signed, or sent the result on their way back.
    fn left(&self) -> Vec<Timestamp> {
        let farewell = self.ticked(&["farewell"]);
        if !farewell.is_empty() {
            return farewell;
        }
        let signed = self.record.current_sign_offs().last().map(|(_, sign_off)| sign_off.at);
        signed.into_iter().chain(self.ticked(&["return"])).min().into_iter().collect()
    }

    /// Left after something happened that has this effect.
    fn left_after(&self, effect: PlayEffect) -> Vec<Timestamp> {
        let Some(happened) = self.template.plays_with(self.record, effect).map(|play| play.at).max() else {
            return Vec::new();
        };
        self.left().into_iter().filter(|left| *left >= happened).collect()
    }

    /// Said so by the playbook, or seen in the test's mark: skipped, or failed where the customer signed or declined all the same. A
    /// mark that was put again has lost its first time, so of it the round alone is asked.
    fn left_untested(&self) -> Vec<Timestamp> {
        let record = self.record;
        let mut left = self.left_after(PlayEffect::CallTest);
        let mark = self.test().filter(|mark| record.is_current(mark.at));
        let is_untested = mark.is_some_and(|mark| match mark.kind {
            MarkKind::Skipped => true,
            MarkKind::Failed => !record.current_sign_offs().is_empty(),
            _ => false,
        });
        if is_untested {
            left.extend(self.left().into_iter().filter(|left| record.is_current(*left)));
        }
        left
    }

    /// A test that was skipped is passed by nobody: there the customer's signature, under a sheet that says so, is all that can show the
    /// repair. Under a failed test it shows none; the clock runs on until a test is passed or the office ends the job.
    fn tested(&self) -> Vec<Timestamp> {
        let failed = self.test().filter(|mark| mark.kind == MarkKind::Failed).map(|mark| mark.at);
        let signed = self.record.sign_offs.values().filter(|sign_off| sign_off.kind == SignOffKind::Signed);
        // What was signed before the test failed was signed for something else.
        let accepted = signed.map(|sign_off| sign_off.at).filter(|at| failed.is_none_or(|failed| *at < failed));
        self.ticked(&["testing"]).into_iter().chain(accepted).collect()
    }

    /// The test's mark, of whichever round.
    fn test(&self) -> Option<&Mark> {
        self.record.mark(&self.template.stage_step(Stage::Testing)?.id)
    }

    /// A job that had to prove itself is complete with the proof, any other with the last signature.
    fn completed(&self) -> Option<Timestamp> {
        let needs_proof =
            self.record.holds.values().any(|hold| hold.kind == HoldKind::Proof && self.record.is_current(hold.at));
        let signed = self.record.current_sign_offs().last().map(|(_, sign_off)| sign_off.at)?;
        if !needs_proof {
            return Some(signed);
        }
        self.decided(&[DecisionKind::Proved]).into_iter().filter(|at| self.record.is_current(*at)).max()
    }
}
