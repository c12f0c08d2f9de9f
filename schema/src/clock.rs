//! Clocks (`domain.md §3`): time limits with a start, a stop and pauses, as rules that are data. What a clock shows is a function of
//! the record, of facts that the record does not hold, and of the rules; so it comes out the same however late a fact arrived
//! from a phone that was offline, and is judged by when the fact happened as the phone recorded it.
//!
//! A rule says besides who hears of it where it is about to be missed, or was ([`EscalationLevel`]).
//!
//! A rule's length says its calendar: hours run day and night, working days skip weekends and holidays, "same day" ends at the
//! customer's midnight. A job that is re-opened starts its repair clocks anew, and the first round's stay as they ended.
//! A tick that was put again has lost its earlier time, so arrival and test are read from everything that shows them: of several
//! facts the earliest stops the clock.

mod escalation;
mod event;
mod setting;
mod span;

use crate::body::data;
use crate::id::PriceRequestId;
use crate::people::Bilingual;
use crate::record::{HoldKind, JobRecord, ReportField, Urgency};
use crate::template::Template;
use crate::time::Timestamp;
use crate::word::words;
use chrono::NaiveDate;
use chrono_tz::Tz;
pub use escalation::{EscalateFrom, EscalationLevel, EscalationState, LEVELS_MAX, Reach};
pub use event::{Event, Seen};
use serde::{Deserialize, Serialize};
pub use setting::{ClockSetting, SETTING_MAX_US, with_settings};
use std::collections::{BTreeMap, BTreeSet};

/// The rule that says how long a repair is warranted.
pub const WARRANTY: &str = "warranty";

words! {
    ClockKind {
        /// The stop must come before the length has passed.
        Deadline = "deadline",
        /// The stop must come after the length has passed, and not much later ([`ClockRule::late_after_us`]).
        NotBefore = "not_before",
        /// Nothing stops it; it shows how long something holds.
        Term = "term",
    }
}

words! {
    ClockState { Running = "running", Warning = "warning", Breached = "breached", Kept = "kept", Paused = "paused" }
}

data! {
    /// A clock's rule.
    pub struct ClockRule {
        pub id: String,
        pub name: Bilingual,
        pub kind: ClockKind,
        /// Each time this happens a clock starts.
        pub from: Event,
        /// Where the quote has an item off the price list, the clock starts with this instead.
        #[serde(default)]
        pub off_list_from: Option<Event>,
        /// The first of these stops it.
        pub to: Vec<Event>,
        pub length: Length,
        /// How long before the due time it warns.
        #[serde(default)]
        pub warn_before_us: i64,
        /// For [`ClockKind::NotBefore`]: how long after its time the call counts as late.
        #[serde(default)]
        pub late_after_us: i64,
        /// The waits that it does not count.
        #[serde(default)]
        pub pauses: Vec<HoldKind>,
        #[serde(default)]
        pub applies_to: AppliesTo,
        /// Who hears of it when it is about to be missed, and when it was; one level after the other.
        #[serde(default)]
        pub escalations: Vec<EscalationLevel>,
    }

    /// Which jobs a rule is for. Of two rules with one id the one for the customer's class goes first.
    #[derive(Default)]
    pub struct AppliesTo {
        #[serde(default)]
        pub urgency: Option<Urgency>,
        #[serde(default)]
        pub customer_class: Option<String>,
    }

    /// One run of a clock.
    pub struct Clock {
        pub rule: String,
        pub kind: ClockKind,
        /// Counts the runs of one rule on one job from 0.
        pub run: u32,
        pub started_at: Timestamp,
        /// For [`ClockKind::NotBefore`]: the call is made from here on.
        #[serde(default)]
        pub not_before_at: Option<Timestamp>,
        /// Moved by the pauses that have ended; while one lasts it will move further.
        pub due_at: Timestamp,
        pub warn_at: Timestamp,
        #[serde(default)]
        pub stopped_at: Option<Timestamp>,
        /// How long it stood still, in pauses that have ended.
        pub paused_us: i64,
        /// Since when it stands still now.
        #[serde(default)]
        pub paused_since: Option<Timestamp>,
    }
}

/// How long a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Length {
    Micros(i64),
    /// Until so long before the moment that the rule starts from, which lies ahead.
    BeforeUs(i64),
    WorkingDays(u32),
    /// Until the midnight after the start.
    SameDay,
    Months(u32),
    /// As many months as the template's warranty.
    Warranty,
}

/// What clocks need and the record does not hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Things that happened outside the record, as a call back made by the desk; added to what the record says.
    pub events: BTreeMap<Event, Vec<Timestamp>>,
    /// The price requests of this job that the supervisor answered with a price.
    pub priced: BTreeSet<PriceRequestId>,
    /// How long the way to the customer takes.
    pub travel_us: i64,
    pub customer_class: Option<String>,
}

/// Where and on which days work is done.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkCalendar {
    pub zone: Tz,
    pub holidays: BTreeSet<NaiveDate>,
    /// Weekend days that are worked in exchange for a holiday (调休).
    pub worked_weekends: BTreeSet<NaiveDate>,
}

impl WorkCalendar {
    /// Monday to Friday, no holidays.
    pub const fn plain(zone: Tz) -> Self {
        Self { zone, holidays: BTreeSet::new(), worked_weekends: BTreeSet::new() }
    }
}

/// The rules that come with the product.
pub fn shipped_rules() -> Result<Vec<ClockRule>, serde_json::Error> {
    serde_json::from_str(include_str!("../data/clocks.v1.json"))
}

/// Every clock of the job, in the order of the rules and of their starts.
pub fn clocks(
    record: &JobRecord,
    template: &Template,
    facts: &Facts,
    rules: &[ClockRule],
    calendar: &WorkCalendar,
) -> Vec<Clock> {
    let seen = Seen { record, template, facts };
    rules.iter().filter(|rule| applies(rule, rules, &seen)).flat_map(|rule| runs(rule, &seen, calendar)).collect()
}

fn applies(rule: &ClockRule, rules: &[ClockRule], seen: &Seen<'_>) -> bool {
    let urgency = match seen.record.known(ReportField::Urgency) {
        Some(word) if word == Urgency::Urgent.as_str() => Urgency::Urgent,
        _ => Urgency::General,
    };
    let class = seen.facts.customer_class.as_deref();
    let fits = |rule: &ClockRule| rule.applies_to.urgency.is_none_or(|wanted| wanted == urgency);
    let special = |other: &ClockRule| {
        other.id == rule.id && fits(other) && class.is_some() && other.applies_to.customer_class.as_deref() == class
    };
    fits(rule)
        && match &rule.applies_to.customer_class {
            Some(wanted) => Some(wanted.as_str()) == class,
            None => !rules.iter().any(special),
        }
}

fn runs(rule: &ClockRule, seen: &Seen<'_>, calendar: &WorkCalendar) -> Vec<Clock> {
    let from = if seen.is_off_list() { rule.off_list_from.unwrap_or(rule.from) } else { rule.from };
    let starts = seen.times(from);
    let numbered = (0u32..).zip(&starts);
    numbered
        .map(|(run, start)| {
            let next = usize::try_from(run).ok().and_then(|run| starts.get(run + 1)).copied();
            span::clock(rule, span::Run { number: run, start: *start, next }, seen, calendar)
        })
        .collect()
}

impl Clock {
    /// Whether it may be the other way round, kept or missed, where the moments that started and stopped it may be off by so much.
    pub fn is_in_doubt(&self, now: Timestamp, started_error_us: Option<i64>, stopped_error_us: Option<i64>) -> bool {
        let started = started_error_us.unwrap_or(0);
        match (self.kind, self.stopped_at) {
            (ClockKind::Term, _) => false,
            (_, Some(stopped)) => {
                let error = started.saturating_add(stopped_error_us.unwrap_or(0));
                error > 0 && stopped.apart(self.due_at) <= error
            }
            (_, None) => started > 0 && self.paused_since.is_none() && now.apart(self.due_at) <= started,
        }
    }

    /// How the clock stands at a moment.
    pub fn state(&self, now: Timestamp) -> ClockState {
        match (self.kind, self.stopped_at) {
            (ClockKind::Term, _) if now >= self.due_at => ClockState::Kept,
            (_, Some(stopped)) if stopped <= self.due_at => ClockState::Kept,
            (_, Some(_)) => ClockState::Breached,
            (_, None) if self.paused_since.is_some_and(|since| now >= since) => ClockState::Paused,
            (_, None) if now > self.due_at => ClockState::Breached,
            (_, None) if now >= self.warn_at => ClockState::Warning,
            (_, None) => ClockState::Running,
        }
    }
}

#[cfg(test)]
mod tests;
