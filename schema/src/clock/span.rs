//! One run of a clock: when it is due, with its pauses, and what stopped it.

use super::event::Seen;
use super::{Clock, ClockKind, ClockRule, Length, WorkCalendar};
use crate::template::Template;
use crate::time::{DAY, Timestamp};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

pub struct Run {
    pub number: u32,
    pub start: Timestamp,
    /// When the next run of the same rule starts: this one has ended by then.
    pub next: Option<Timestamp>,
}

/// A wait that the clock does not count; no end while it lasts.
struct Pause {
    from: Timestamp,
    to: Option<Timestamp>,
}

pub fn clock(rule: &ClockRule, run: Run, seen: &Seen<'_>, calendar: &WorkCalendar) -> Clock {
    let reached = due(rule.length, run.start, seen.template, calendar);
    let started_at = match rule.length {
        // It counts down to a moment ahead, from when that was settled.
        Length::BeforeUs(_) => seen.record.assignment().map_or(run.start, |assignment| assignment.at).min(reached),
        _ => run.start,
    };
    let stopped_at = stop(rule, &run, started_at, reached, seen);
    let pauses = pauses(rule, started_at, stopped_at, seen);
    let (after_pauses, paused_us, paused_since) = with_pauses(reached, &pauses);
    let not_before_at = (rule.kind == ClockKind::NotBefore).then_some(after_pauses);
    let due_at = if not_before_at.is_some() { after_pauses.plus(rule.late_after_us) } else { after_pauses };
    let warn_at = not_before_at.unwrap_or_else(|| due_at.plus(-rule.warn_before_us).max(started_at));
    let (rule, kind) = (rule.id.clone(), rule.kind);
    Clock {
        rule,
        kind,
        run: run.number,
        started_at,
        not_before_at,
        due_at,
        warn_at,
        stopped_at,
        paused_us,
        paused_since,
    }
}

/// The first stop that belongs to this run. What a slow phone dates before the first start counts as at the start; a call made before
/// its time does not count at all.
fn stop(rule: &ClockRule, run: &Run, started: Timestamp, reached: Timestamp, seen: &Seen<'_>) -> Option<Timestamp> {
    let earliest = if rule.kind == ClockKind::NotBefore { reached } else { started };
    let clamp = run.number == 0 && rule.kind != ClockKind::NotBefore;
    let stops = rule.to.iter().flat_map(|event| seen.times(*event));
    let stops = stops.filter(|at| clamp || *at >= earliest).map(|at| at.max(started));
    stops.chain(run.next).min()
}

/// The waits of the kinds that the rule does not count, within the run, merged where they overlap.
fn pauses(rule: &ClockRule, start: Timestamp, stop: Option<Timestamp>, seen: &Seen<'_>) -> Vec<Pause> {
    let holds = seen.record.holds.iter().filter(|(_, hold)| rule.pauses.contains(&hold.kind));
    let mut waits: Vec<Pause> = holds
        .map(|(id, hold)| {
            let ended = seen.record.hold_ended_at(id);
            let to = [ended, stop].into_iter().flatten().min();
            Pause { from: hold.at.max(start), to }
        })
        .filter(|wait| wait.to.is_none_or(|to| to > wait.from))
        .collect();
    waits.sort_by_key(|wait| wait.from);
    let mut merged: Vec<Pause> = Vec::new();
    for wait in waits {
        match merged.last_mut() {
            Some(last) if last.to.is_none_or(|to| to >= wait.from) => {
                last.to = last.to.and_then(|to| wait.to.map(|other| other.max(to)));
            }
            _ => merged.push(wait),
        }
    }
    merged
}

/// The due time moved by each wait that began before it; how long that was in all; and since when it stands still.
fn with_pauses(reached: Timestamp, pauses: &[Pause]) -> (Timestamp, i64, Option<Timestamp>) {
    let mut paused = 0;
    for pause in pauses {
        if pause.from > reached.plus(paused) {
            break;
        }
        match pause.to {
            Some(to) => paused = to.since(pause.from).saturating_add(paused),
            None => return (reached.plus(paused), paused, Some(pause.from)),
        }
    }
    (reached.plus(paused), paused, None)
}

fn due(length: Length, start: Timestamp, template: &Template, calendar: &WorkCalendar) -> Timestamp {
    let local = start.to_utc().with_timezone(&calendar.zone);
    match length {
        Length::Micros(micros) => start.plus(micros),
        Length::BeforeUs(micros) => start.plus(-micros),
        Length::WorkingDays(days) => {
            at_local(working_day(&local, days, calendar).and_time(local.time()), calendar.zone)
        }
        Length::SameDay => {
            let midnight = local.date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
            at_local(midnight.and_time(NaiveTime::MIN), calendar.zone)
        }
        Length::Months(months) => months_on(&local, months, calendar.zone),
        Length::Warranty => months_on(&local, template.warranty_months, calendar.zone),
    }
}

fn months_on(local: &DateTime<Tz>, months: u32, zone: Tz) -> Timestamp {
    let then = local.naive_local().checked_add_months(Months::new(months));
    at_local(then.unwrap_or(local.naive_local()), zone)
}

/// The day that is so many working days later.
fn working_day(local: &DateTime<Tz>, days: u32, calendar: &WorkCalendar) -> NaiveDate {
    let is_worked = |day: &NaiveDate| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        calendar.worked_weekends.contains(day) || (!weekend && !calendar.holidays.contains(day))
    };
    let today = local.date_naive();
    let later = today.iter_days().skip(1).filter(is_worked);
    match usize::try_from(days).ok().and_then(|days| days.checked_sub(1)) {
        // A calendar without working days must not hang: a year is longer than any rule.
        Some(skipped) => later.take_while(|day| day.signed_duration_since(today).num_days() < 366).nth(skipped),
        None => None,
    }
    .unwrap_or(today)
}

/// A local time in UTC; where the clocks were put forward over it, the moment one hour on.
fn at_local(local: NaiveDateTime, zone: Tz) -> Timestamp {
    let known = zone.from_local_datetime(&local).earliest().map(|at| Timestamp::from_utc(at.with_timezone(&Utc)));
    known.unwrap_or_else(|| {
        let before = local.checked_sub_days(Days::new(1)).and_then(|day| zone.from_local_datetime(&day).earliest());
        before.map_or(Timestamp::from_utc(local.and_utc()), |at| Timestamp::from_utc(at.with_timezone(&Utc)).plus(DAY))
    })
}
