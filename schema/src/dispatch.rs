//! Dispatch (派工): who could go, who goes, and what the office decides about a job's course.

use crate::body::bodies;
use crate::id::{JobId, PersonId};
use crate::people::{Bilingual, PersonName};
use crate::record::HoldKind;
use crate::time::{Timestamp, Window};
use crate::travel::Way;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// Something to know about a candidate.
    CandidateFact {
        /// Has the job now.
        HasJob = "has_job",
        /// Was at this customer's before.
        WasHere = "was_here",
        SkillMissing = "skill_missing",
        WindowClash = "window_clash",
        /// The way from the visit before, or to the one after, takes longer than there is between them.
        TravelTight = "travel_tight",
        Busy = "busy",
        Free = "free",
    }
}

/// A technician who could be sent. Nobody is left out: the reasons say why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    pub technician: PersonName,
    pub staff_number: String,
    pub skills: Vec<String>,
    /// Nothing speaks against it: an assignment needs no override.
    pub fits: bool,
    /// Jobs of that day, and the minutes that their windows take.
    pub jobs_that_day: i64,
    pub minutes_that_day: i64,
    /// All jobs in hand that are not over.
    pub jobs_open: i64,
    pub appointments: Vec<Appointment>,
    /// The way here, where a window was asked for.
    pub approach: Option<Approach>,
    /// Earlier jobs at this customer's or address.
    pub visits_here: i64,
    pub reasons: Vec<CandidateReason>,
}

/// The way to a job from the visit before it that day, or from where technicians set out; estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approach {
    /// The number of the visit before; none for the first of the day.
    pub from: Option<String>,
    pub way: Way,
    /// Between the two windows; none for the first of the day.
    pub free_minutes: Option<i64>,
}

/// A job in a technician's hands, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Appointment {
    pub job: JobId,
    pub number: String,
    pub window: Window,
    /// Overlaps the window asked for.
    pub clashes: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CandidateReason {
    pub fact: CandidateFact,
    /// Speaks against sending them.
    pub is_against: bool,
    pub text: Bilingual,
}

bodies! {
    /// `POST /v1/jobs/{id}/assign`.
    pub struct AssignJob {
        pub technician: PersonId,
        /// The technician whom the dispatcher saw on the job; null where there was none. Another now: somebody else was quicker.
        pub instead_of: Option<PersonId>,
        #[serde(default)]
        pub window: Option<Window>,
        /// Needed to override, and to take a job from somebody.
        #[serde(default)]
        pub reason: Option<String>,
        /// Sends them although a skill is missing or a window clashes.
        #[serde(default, rename = "override")]
        pub overrides: bool,
    }

    /// `POST /v1/jobs/{id}/holds`.
    pub struct HoldJob {
        pub kind: HoldKind,
        pub reason: String,
        /// When it is expected to end.
        #[serde(default)]
        pub until: Option<Timestamp>,
    }

    /// `POST /v1/jobs/{id}/delays`: the technician phones in that they will be late.
    pub struct AnnounceDelay {
        pub arrives_at: Timestamp,
        #[serde(default)]
        pub reason: Option<String>,
    }

    /// `POST /v1/jobs/{id}/{cancel,reopen,solve-remotely}`: what needs a reason.
    pub struct DecideBecause {
        pub reason: String,
    }

    /// `POST /v1/jobs/{id}/{close,prove}`: what needs none.
    #[derive(Default)]
    pub struct Decide {
        #[serde(default)]
        pub reason: Option<String>,
    }
}
