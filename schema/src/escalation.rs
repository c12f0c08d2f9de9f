//! Escalations as the desk sees them: a clock that somebody has to hear of, and who has it in hand. Whoever was asked first keeps it until
//! another named person has taken it over (`domain.md §2`); it ends by itself with its clock, and is kept. A small company has not every role:
//! what is meant for one that nobody has is asked of the next ([`asked`]).

use crate::body::{bodies, data};
use crate::clock::{EscalateFrom, EscalationState};
use crate::id::{EscalationId, JobId, OutletId, PersonId};
use crate::people::{Bilingual, PersonName, Role};
use crate::status::Status;
use crate::time::Timestamp;
use std::iter::once;

/// Who takes escalations over, by how high they stand; those of one rank stand beside each other.
const RANKS: [&[Role]; 7] = [
    &[Role::OutletClerk],
    &[Role::DeskAgent],
    &[Role::Dispatcher, Role::CentreClerk],
    &[Role::DeskSupervisor, Role::EngineeringSupervisor, Role::TechnicalSection],
    &[Role::ServiceManager],
    &[Role::ProjectManager],
    &[Role::GeneralManager],
];

/// Who is asked about what is meant for this role, of whom the first that somebody has is: the role itself, then those above it, the next
/// first; where nobody is above, those beside it, and then those below.
pub fn asked(to: Role) -> impl Iterator<Item = Role> {
    let rank = RANKS.iter().position(|roles| roles.contains(&to)).unwrap_or_default();
    let (below, from) = RANKS.split_at(rank);
    let above = from.iter().skip(1);
    let rest = above.chain(from.first()).chain(below.iter().rev());
    once(to).chain(rest.flat_map(|roles| roles.iter().copied()).filter(move |role| *role != to))
}

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
        /// Who is asked instead while nobody who sees the job has that role; told while it is open and nobody's.
        pub stands_in: Option<Role>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Permission;

    #[test]
    fn what_nobody_is_there_for_goes_upward_and_where_nobody_is_above_to_the_next_below() {
        use Role as R;
        let of = |to: Role, there: &[Role]| asked(to).find(|role| there.contains(role));
        let small = [R::DeskAgent, R::Dispatcher, R::ServiceManager];
        assert_eq!(of(R::Dispatcher, &small), Some(R::Dispatcher));
        assert_eq!(of(R::DeskSupervisor, &small), Some(R::ServiceManager));
        assert_eq!(of(R::ProjectManager, &small), Some(R::ServiceManager), "nobody is above");
        assert_eq!(of(R::ProjectManager, &[R::ServiceManager, R::GeneralManager]), Some(R::GeneralManager));
        assert_eq!(of(R::GeneralManager, &[R::DeskAgent, R::OutletClerk]), Some(R::DeskAgent));
        assert_eq!(of(R::EngineeringSupervisor, &[R::Dispatcher, R::DeskSupervisor]), Some(R::DeskSupervisor));
        assert_eq!(of(R::Dispatcher, &[R::Technician, R::Administrator]), None);
    }

    #[test]
    fn everybody_who_takes_escalations_over_is_asked_once_in_the_end() {
        for to in Role::ALL.iter().copied().filter(|role| role.may(Permission::TakeEscalations)) {
            let mut order: Vec<Role> = asked(to).collect();
            assert_eq!(order.first(), Some(&to));
            order.sort_unstable();
            let takers = Role::ALL.iter().copied().filter(|role| role.may(Permission::TakeEscalations));
            assert_eq!(order, Vec::from_iter(takers), "{to}");
        }
    }
}
