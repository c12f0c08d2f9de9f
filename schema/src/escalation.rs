//! Escalations as the desk sees them: a clock that somebody has to hear of, and who has it in hand. Whoever was asked first keeps it until
//! another named person has taken it over (`domain.md §2`); it ends by itself with its clock, and is kept.

use crate::body::{bodies, data};
use crate::clock::{EscalateFrom, EscalationState};
use crate::id::{EscalationId, JobId, OutletId, PersonId};
use crate::people::{Bilingual, PersonName, Role};
use crate::status::Status;
use crate::time::Timestamp;

data! {
    /// One level of one run of a clock that was reached.
    pub struct Escalation {
        pub id: EscalationId,
        pub outlet: OutletId,
        pub job: JobId,
        pub number: String,
        pub status: Status,
        pub technician: Option<PersonName>,
        /// The clock's rule, which of its runs, and what it is called.
        pub rule: String,
        pub run: i64,
        pub name: Bilingual,
        /// Counts from 1.
        pub level: i64,
        /// Whose matter it is until somebody takes it over.
        pub to: Role,
        /// What its time was counted from: a warning, or a limit that was missed.
        pub from: EscalateFrom,
        /// When the clock reached it, and when that was seen.
        pub reached_at: Timestamp,
        pub raised_at: Timestamp,
        pub due_at: Timestamp,
        pub state: EscalationState,
        /// When what stopped the clock happened, by the best estimate; and when we heard of it, which may be hours later.
        pub stopped_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        /// Who took it over, one after the other; the last has it in hand.
        pub takers: Vec<Taker>,
    }

    /// Somebody who took an escalation over.
    pub struct Taker {
        pub by: PersonName,
        pub at: Timestamp,
        pub remark: String,
    }
}

bodies! {
    /// `POST /v1/escalations/{id}/take`.
    pub struct TakeEscalation {
        /// What is done about it.
        pub remark: String,
        /// In whose hands it was seen; none where nobody had taken it. Somebody else may have come first.
        pub from: Option<PersonId>,
    }
}
