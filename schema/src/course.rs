//! How a job went: what the record's entries say when they are read together. Pure questions that status, gates, clocks and the
//! sheet all ask, so that they can't be answered in two ways.

use crate::id::EntryId;
use crate::record::{
    Decision, DecisionKind, Hold, HoldKind, JobRecord, Mark, MarkKind, MatterKind, Part, Rating, Reading, Report,
    ReportField, SignOff, SignOffKind,
};
use crate::time::Timestamp;

/// Steps whose mark shows that the technician is coming, or at work, again: what the job waited for has evidently ended. Not
/// `knock`, which is also ticked at a door that nobody opens; not `cleanup` nor `farewell`, which end a visit without success.
const RESUMES: [&str; 6] = ["depart", "introduce", "shoe_covers", "repair", "before_service", "testing"];

impl Report {
    /// A field as the office has it; blank counts as none.
    pub fn get(&self, field: ReportField) -> Option<&str> {
        let text = match field {
            ReportField::Name => self.name.as_deref(),
            ReportField::Phone => self.phone.as_deref(),
            ReportField::Address => self.address.as_deref(),
            ReportField::Fault => self.fault.as_deref(),
            ReportField::Product => self.product.as_deref(),
            ReportField::Model => self.model.as_deref(),
            ReportField::Serial => self.serial.as_deref(),
            ReportField::PurchasedOn => self.purchased_on.as_deref(),
            ReportField::Wanted => self.wanted.as_deref(),
            ReportField::Urgency => self.urgency.map(crate::record::Urgency::as_str),
            ReportField::Skill => self.skill.as_deref(),
            ReportField::Area => self.area.map(crate::record::Area::as_str),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    /// What must be there before the job can be dispatched, and is not.
    pub fn missing_to_dispatch(&self) -> Vec<ReportField> {
        NEEDED_TO_DISPATCH.into_iter().filter(|field| self.get(*field).is_none()).collect()
    }
}

/// Incomplete data is the first cause of useless visits (domain.md §2).
pub const NEEDED_TO_DISPATCH: [ReportField; 4] =
    [ReportField::Name, ReportField::Phone, ReportField::Address, ReportField::Fault];

impl JobRecord {
    /// A field as it is now known: corrected, else as reported; blank counts as none.
    pub fn known(&self, field: ReportField) -> Option<&str> {
        self.corrected(field).filter(|text| !text.trim().is_empty()).or_else(|| self.report.get(field))
    }

    /// The report as it is known now: corrections laid over what was told. A correction that is none of a field's words is passed over.
    pub fn known_report(&self) -> Report {
        let known = |field| self.known(field).map(str::to_owned);
        let urgency = self.known(ReportField::Urgency).and_then(|word| word.parse().ok());
        let area = self.known(ReportField::Area).and_then(|word| word.parse().ok());
        Report {
            name: known(ReportField::Name),
            phone: known(ReportField::Phone),
            address: known(ReportField::Address),
            fault: known(ReportField::Fault),
            product: known(ReportField::Product),
            model: known(ReportField::Model),
            serial: known(ReportField::Serial),
            purchased_on: known(ReportField::PurchasedOn),
            wanted: known(ReportField::Wanted),
            urgency: urgency.or(self.report.urgency),
            skill: known(ReportField::Skill),
            area: area.or(self.report.area),
        }
    }

    /// What must be known before the job can be dispatched, and is not. Emergencies go out all the same; the server decides it.
    pub fn missing_to_dispatch(&self) -> Vec<ReportField> {
        NEEDED_TO_DISPATCH.into_iter().filter(|field| self.known(*field).is_none()).collect()
    }

    /// The office's last word on the job's course; `Proved` is none, it only ends a wait.
    pub fn last_decision(&self) -> Option<&Decision> {
        let course = self.decisions.iter().filter(|(_, decision)| decision.kind != DecisionKind::Proved);
        course.max_by_key(|(id, decision)| (decision.at, *id)).map(|(_, decision)| decision)
    }

    /// When the job was last re-opened: what lies before belongs to the earlier round.
    pub fn reopened_at(&self) -> Option<Timestamp> {
        self.decisions.values().filter(|decision| decision.kind == DecisionKind::Reopened).map(|d| d.at).max()
    }

    /// Whether a moment belongs to the present round.
    pub fn is_current(&self, at: Timestamp) -> bool {
        self.reopened_at().is_none_or(|reopened| at >= reopened)
    }

    /// The step's mark of the present round; `Open` counts as none.
    pub fn current_mark(&self, step: &str) -> Option<&Mark> {
        self.mark(step).filter(|mark| self.is_current(mark.at))
    }

    /// The sign-offs of the present round, oldest first. Two made offline both stay, until the supervisor says which counts.
    pub fn current_sign_offs(&self) -> Vec<(&EntryId, &SignOff)> {
        let overruled = self.overruled(MatterKind::SignOff);
        let counts = |(id, sign_off): &(&EntryId, &SignOff)| self.is_current(sign_off.at) && !overruled.contains(id);
        let mut current: Vec<_> = self.sign_offs.iter().filter(counts).collect();
        current.sort_by_key(|(id, sign_off)| (sign_off.at, *id));
        current
    }

    /// The work is finished, and whoever was asked to sign for it declined.
    pub fn is_unsigned(&self) -> bool {
        let current = self.current_sign_offs();
        !current.is_empty() && current.iter().all(|(_, sign_off)| sign_off.kind == SignOffKind::Declined)
    }

    /// The marks that the customer gave last, with a signature or apart from one.
    pub fn last_rating(&self) -> Option<Rating> {
        let signed = self.sign_offs.iter().filter_map(|(id, sign_off)| Some((sign_off.at, id, sign_off.rating?)));
        let later = self.ratings.iter().map(|(id, later)| (later.at, id, later.rating));
        signed.chain(later).max_by_key(|(at, id, _)| (*at, *id)).map(|(_, _, rating)| rating)
    }

    /// The last reading of this name in the present round, at whichever step it was taken.
    pub fn current_reading(&self, name: &str) -> Option<&Reading> {
        let named = self.readings.iter().filter(|(_, reading)| reading.name == name && self.is_current(reading.at));
        named.max_by_key(|(id, reading)| (reading.at, *id)).map(|(_, reading)| reading)
    }

    /// The parts fitted, without those taken back as entered in error.
    pub fn fitted_parts(&self) -> Vec<(&EntryId, &Part)> {
        let undone = |id: &EntryId| self.parts.values().any(|part| part.undoes.as_ref() == Some(id));
        self.parts.iter().filter(|(id, part)| part.undoes.is_none() && !undone(id)).collect()
    }

    /// When a hold ended: by its release, or by a fact that shows that the wait was over, whichever came first. None while it
    /// lasts, and for an id that names no hold.
    pub fn hold_ended_at(&self, id: &EntryId) -> Option<Timestamp> {
        let hold = self.holds.get(id)?;
        let released = self.releases.get(id).map(|release| release.at.max(hold.at));
        released.into_iter().chain(self.hold_overtaken_at(hold)).min()
    }

    /// Phones forget to release; the work that followed says it too.
    fn hold_overtaken_at(&self, hold: &Hold) -> Option<Timestamp> {
        let later = |at: &Timestamp| *at > hold.at;
        let signed = || self.sign_offs.values().map(|sign_off| sign_off.at).filter(later);
        let reopened = self.decisions.values().filter(|d| d.kind == DecisionKind::Reopened).map(|d| d.at).filter(later);
        let resumed = || RESUMES.iter().filter_map(|step| self.mark(step)).filter(is_done).map(|mark| mark.at);
        let facts: Vec<Timestamp> = match hold.kind {
            HoldKind::Part | HoldKind::Price => resumed().filter(later).chain(signed()).collect(),
            HoldKind::Customer | HoldKind::Absent => {
                let moved = self.assignment().map(|assignment| assignment.at).filter(later);
                resumed().filter(later).chain(signed()).chain(moved).collect()
            }
            // Repaired and tested in the workshop, it is still not back with the customer.
            HoldKind::Workshop => signed().chain(self.all_home_at().filter(later)).collect(),
            HoldKind::Proof => {
                let proved = self.decisions.values().filter(|d| d.kind == DecisionKind::Proved).map(|d| d.at);
                proved.filter(later).collect()
            }
        };
        facts.into_iter().chain(reopened).min()
    }

    /// Holds that last, oldest first.
    pub fn lasting_holds(&self) -> Vec<(&EntryId, &Hold)> {
        let mut lasting: Vec<_> = self.holds.iter().filter(|(id, _)| self.hold_ended_at(id).is_none()).collect();
        lasting.sort_by_key(|(id, hold)| (hold.at, *id));
        lasting
    }
}

fn is_done(mark: &&Mark) -> bool {
    mark.kind == MarkKind::Done
}
