//! Who hears of a clock that is about to be missed, or was, and when (`domain.md §3`). A level of it is reached so long after the warning
//! or the due time, while the clock runs; what becomes of it follows from the clock, however late the facts that stop it arrive.

use super::{Clock, ClockKind, ClockRule};
use crate::body::bodies;
use crate::outlet::{field_error, outside};
use crate::people::{Permission, Role};
use crate::problem::FieldError;
use crate::time::Timestamp;
use crate::word::words;

/// Levels of one clock at the most: a company has no more people above each other.
pub const LEVELS_MAX: usize = 5;

words! {
    /// What a level's time is counted from.
    EscalateFrom { Warning = "warning", Due = "due" }
}

words! {
    /// How an escalation stands.
    EscalationState {
        Open = "open",
        /// The clock was kept after all: what stopped it in time was heard of later.
        Kept = "kept",
        /// What was to happen has happened, too late.
        Late = "late",
        /// The clock has more time again: it stands still, or its due time was put off.
        Moved = "moved",
        /// The job has no such clock any more.
        Gone = "gone",
    }
}

bodies! {
    /// One level: who hears of it, and when.
    #[derive(Copy, Eq)]
    pub struct EscalationLevel {
        pub to: Role,
        pub from: EscalateFrom,
        /// So long after it.
        #[serde(default)]
        pub after_us: i64,
    }
}

/// What a clock says to one of its levels, whenever it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Reached at this moment, if the clock still runs then.
    At(Timestamp),
    /// It stands still before that moment.
    Paused,
    Kept,
    Late,
}

impl Clock {
    /// How the clock stands to a level.
    pub fn reach(&self, level: &EscalationLevel) -> Reach {
        if let Some(stopped) = self.stopped_at {
            return if stopped <= self.due_at { Reach::Kept } else { Reach::Late };
        }
        let from = match level.from {
            EscalateFrom::Warning => self.warn_at,
            EscalateFrom::Due => self.due_at,
        };
        let at = from.plus(level.after_us);
        if self.paused_since.is_some_and(|since| since < at) { Reach::Paused } else { Reach::At(at) }
    }
}

/// What of these levels can't be, each with its place in the list.
pub(super) fn wrong_levels(rule: &ClockRule, levels: &[EscalationLevel]) -> Vec<FieldError> {
    let at = |place: usize, field: &str| format!("escalations/{place}/{field}");
    let mut wrong = Vec::new();
    if levels.len() > LEVELS_MAX {
        let (zh, en) = (format!("最多 {LEVELS_MAX} 级"), format!("at most {LEVELS_MAX} levels"));
        wrong.push(field_error("/escalations".to_owned(), zh, en));
    }
    for (place, level) in levels.iter().enumerate() {
        if !level.to.may(Permission::TakeEscalations) {
            let (zh, en) = ("该岗位不接手督办事项", "this role takes over no escalations");
            wrong.push(field_error(format!("/{}", at(place, "to")), zh, en));
        }
        if rule.kind == ClockKind::NotBefore && level.from == EscalateFrom::Warning {
            let (zh, en) =
                ("回访要到点才能打，只能从超时起算", "a call back may be made only then; count from when it is late");
            wrong.push(field_error(format!("/{}", at(place, "from")), zh, en));
        }
        wrong.extend(outside(&at(place, "after_us"), level.after_us, 0, super::SETTING_MAX_US));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::shipped_rules;
    use crate::example::at;
    use crate::time::MINUTE;

    fn clock() -> Clock {
        Clock {
            rule: "urgent_on_site".to_owned(),
            kind: ClockKind::Deadline,
            run: 0,
            started_at: at(0),
            not_before_at: None,
            due_at: at(120),
            warn_at: at(90),
            stopped_at: None,
            paused_us: 0,
            paused_since: None,
        }
    }

    fn level(from: EscalateFrom, minutes: i64) -> EscalationLevel {
        EscalationLevel { to: Role::Dispatcher, from, after_us: minutes * MINUTE }
    }

    #[test]
    fn a_level_is_reached_so_long_after_the_warning_or_the_due_time() {
        assert_eq!(clock().reach(&level(EscalateFrom::Warning, 5)), Reach::At(at(95)));
        assert_eq!(clock().reach(&level(EscalateFrom::Due, 30)), Reach::At(at(150)));
    }

    #[test]
    fn what_stopped_it_says_how_it_ended_and_a_wait_holds_what_is_not_reached_yet() {
        let stopped = |minute| Clock { stopped_at: Some(at(minute)), ..clock() };
        assert_eq!(stopped(120).reach(&level(EscalateFrom::Due, 0)), Reach::Kept);
        assert_eq!(stopped(121).reach(&level(EscalateFrom::Warning, 0)), Reach::Late);
        let waits = Clock { paused_since: Some(at(100)), ..clock() };
        assert_eq!(waits.reach(&level(EscalateFrom::Warning, 0)), Reach::At(at(90)), "reached before the wait");
        assert_eq!(waits.reach(&level(EscalateFrom::Due, 0)), Reach::Paused);
    }

    #[test]
    fn every_limit_that_is_shipped_is_heard_of_by_somebody_who_can_take_it_over() {
        for rule in shipped_rules().unwrap() {
            assert_eq!(rule.escalations.is_empty(), rule.kind == ClockKind::Term, "{}", rule.id);
            assert_eq!(wrong_levels(&rule, &rule.escalations), Vec::new(), "{}", rule.id);
        }
    }

    #[test]
    fn what_can_not_be_is_named_with_its_place() {
        let rules = shipped_rules().unwrap();
        let call = rules.iter().find(|rule| rule.id == "remote_check").unwrap();
        let technician = EscalationLevel { to: Role::Technician, ..level(EscalateFrom::Warning, -1) };
        let places: Vec<String> = wrong_levels(call, &[technician]).into_iter().map(|error| error.at).collect();
        assert_eq!(places, ["/escalations/0/to", "/escalations/0/from", "/escalations/0/after_us"]);
        let many = vec![level(EscalateFrom::Due, 0); LEVELS_MAX + 1];
        assert_eq!(wrong_levels(call, &many)[0].at, "/escalations");
    }
}
