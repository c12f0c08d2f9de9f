//! Who could go: every technician of the outlet, with what speaks for and against each. Nobody is hidden; the dispatcher decides.

use crate::auth::Caller;
use crate::db::people::PeopleFilter;
use crate::db::{self, Conn};
use crate::domain::{clocks, jobs};
use chrono::NaiveDate;
use chrono_tz::Tz;
use schema::dispatch::{Appointment, Candidate, CandidateFact, CandidateReason};
use schema::id::{JobId, OutletId, PersonId};
use schema::people::{Bilingual, PersonName, Role};
use schema::problem::{Kind, Problem};
use schema::record::{JobRecord, ReportField};
use schema::rows::jobs::JobRow;
use schema::rows::people::PersonRow;
use schema::time::{MINUTE, Timestamp, Window};

/// People of one role in one outlet: more than any has.
const STAFF_MAX: i64 = 1_000;
/// So much of a day counts as full.
const BUSY_MINUTES: i64 = 8 * 60;

/// Sorted: whom nothing speaks against first, then who was here before, then who has least to do that day.
pub fn list(
    conn: &mut Conn,
    caller: &Caller,
    job: JobId,
    window: Option<Window>,
    now: Timestamp,
) -> Result<Vec<Candidate>, Problem> {
    let view = jobs::load(conn, caller, job)?.view()?;
    let technicians = technicians(conn, view.meta.outlet)?;
    let mut candidates = assess(conn, &view, &technicians, window, now)?;
    candidates.sort_by_key(|candidate| {
        let load = (candidate.minutes_that_day, candidate.jobs_open);
        (!candidate.fits, -candidate.visits_here, load, candidate.staff_number.clone())
    });
    Ok(candidates)
}

/// Who may carry a job of this outlet.
pub fn technicians(conn: &mut Conn, outlet: OutletId) -> Result<Vec<PersonRow>, Problem> {
    let mut people = Vec::new();
    for role in [Role::Technician, Role::TeamLead] {
        let filter = PeopleFilter { outlet: Some(outlet), role: Some(role), with_disabled: false };
        people.extend(db::people::list_people(conn, filter, None, STAFF_MAX)?);
    }
    Ok(people)
}

/// What speaks for and against each of them on this job.
pub fn assess(
    conn: &mut Conn,
    view: &JobRecord,
    technicians: &[PersonRow],
    window: Option<Window>,
    now: Timestamp,
) -> Result<Vec<Candidate>, Problem> {
    let row = db::jobs::find_job(conn, view.meta.job)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let ids: Vec<PersonId> = technicians.iter().map(|technician| technician.id).collect();
    let zone = clocks::zone(conn, view.meta.outlet)?;
    let job = Asked {
        view,
        window,
        zone,
        day: day(window.map_or(now, |window| window.from), zone),
        in_hand: db::jobs::list_in_hand(conn, &ids)?,
        visitors: db::jobs::list_visitors(conn, &row)?,
    };
    Ok(technicians.iter().map(|technician| job.candidate(technician)).collect())
}

fn day(at: Timestamp, zone: Tz) -> NaiveDate {
    at.to_utc().with_timezone(&zone).date_naive()
}

/// The job that somebody is wanted for.
struct Asked<'a> {
    view: &'a JobRecord,
    window: Option<Window>,
    zone: Tz,
    day: NaiveDate,
    in_hand: Vec<JobRow>,
    visitors: Vec<PersonId>,
}

impl Asked<'_> {
    fn candidate(&self, person: &PersonRow) -> Candidate {
        let others =
            || self.in_hand.iter().filter(|row| row.technician_id == Some(person.id) && row.id != self.view.meta.job);
        let appointments: Vec<Appointment> = others().filter_map(|row| self.appointment(row)).collect();
        let that_day = || appointments.iter().filter(|known| day(known.window.from, self.zone) == self.day);
        let minutes_that_day = that_day().map(|known| known.window.to.since(known.window.from) / MINUTE).sum();
        let visits_here = self.visitors.iter().filter(|visitor| **visitor == person.id).count();
        let mut candidate = Candidate {
            technician: PersonName { id: person.id, name: person.name.clone() },
            staff_number: person.staff_number.clone(),
            skills: person.skill_list(),
            fits: true,
            jobs_that_day: count(that_day().count()),
            minutes_that_day,
            jobs_open: count(others().count()),
            appointments,
            visits_here: count(visits_here),
            reasons: Vec::new(),
        };
        candidate.reasons = self.reasons(&candidate);
        candidate.fits = !candidate.reasons.iter().any(|reason| reason.is_against);
        candidate
    }

    fn appointment(&self, row: &JobRow) -> Option<Appointment> {
        let window = Window { from: row.window_from?, to: row.window_to? };
        let clashes = self.window.is_some_and(|wanted| wanted.overlaps(window));
        Some(Appointment { job: row.id, number: row.number.clone(), window, clashes })
    }

    fn reasons(&self, candidate: &Candidate) -> Vec<CandidateReason> {
        let mut reasons = Vec::new();
        if self.view.assignment().is_some_and(|assignment| assignment.technician == candidate.technician.id) {
            reasons.push(reason(CandidateFact::HasJob, "本单现由其负责", "Has this job now"));
        }
        if candidate.visits_here > 0 {
            let visits = candidate.visits_here;
            let (zh, en) = (format!("曾上门服务本客户{visits}次"), format!("Was here before, {visits} times"));
            reasons.push(reason(CandidateFact::WasHere, zh, en));
        }
        if let Some(skill) = self.view.known(ReportField::Skill)
            && !candidate.skills.iter().any(|known| known == skill)
        {
            let (zh, en) = (format!("不具备所需技能：{skill}"), format!("Lacks the skill that it needs: {skill}"));
            reasons.push(against(CandidateFact::SkillMissing, zh, en));
        }
        for clash in candidate.appointments.iter().filter(|appointment| appointment.clashes) {
            let zh = format!("预约时段与 {} 冲突", clash.number);
            reasons.push(against(CandidateFact::WindowClash, zh, format!("The window clashes with {}", clash.number)));
        }
        let (jobs, minutes) = (candidate.jobs_that_day, candidate.minutes_that_day);
        if jobs == 0 {
            reasons.push(reason(CandidateFact::Free, "当天没有其他预约", "Nothing else that day"));
        } else if minutes >= BUSY_MINUTES {
            let (zh, en) = (format!("当天已有{jobs}单，时间已排满"), format!("{jobs} jobs that day: it is full"));
            reasons.push(reason(CandidateFact::Busy, zh, en));
        }
        reasons
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn reason(fact: CandidateFact, zh: impl Into<String>, en: impl Into<String>) -> CandidateReason {
    CandidateReason { fact, is_against: false, text: Bilingual { zh: zh.into(), en: en.into() } }
}

fn against(fact: CandidateFact, zh: impl Into<String>, en: impl Into<String>) -> CandidateReason {
    CandidateReason { is_against: true, ..reason(fact, zh, en) }
}
