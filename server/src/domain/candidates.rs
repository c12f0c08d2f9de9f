//! Who could go: every technician of the outlet, with what speaks for and against each. Nobody is hidden; the dispatcher decides.

use crate::auth::Caller;
use crate::db::people::PeopleFilter;
use crate::db::{self, Conn};
use crate::domain::{clocks, jobs, outlets};
use chrono::NaiveDate;
use chrono_tz::Tz;
use schema::dispatch::{Appointment, Approach, Candidate, CandidateFact, CandidateReason};
use schema::id::{JobId, OutletId, PersonId};
use schema::people::{Bilingual, PersonName, Role};
use schema::problem::{Kind, Problem};
use schema::record::{JobRecord, ReportField};
use schema::rows::jobs::JobRow;
use schema::rows::people::PersonRow;
use schema::time::{MINUTE, Timestamp, Window};
use schema::travel::{Travel, Way, minutes_between};

/// People of one role in one outlet: more than any has.
const STAFF_MAX: i64 = 1_000;
/// So much of a day counts as full.
const BUSY_MINUTES: i64 = 8 * 60;

/// Sorted: who has the skill first, then whose window is free, then whose ways fit between the visits, then who was here before, then who has
/// least to do that day. A window can be moved; a trade can't be learnt by then.
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
        let told = |fact| candidate.reasons.iter().filter(|reason| reason.fact == fact).count();
        let against = [CandidateFact::SkillMissing, CandidateFact::WindowClash, CandidateFact::TravelTight].map(told);
        (against, -candidate.visits_here, load, candidate.staff_number.clone())
    });
    Ok(candidates)
}

/// Who may carry a job of this outlet.
pub fn technicians(conn: &mut Conn, outlet: OutletId) -> Result<Vec<PersonRow>, Problem> {
    let mut people = Vec::new();
    for role in [Role::Technician, Role::TeamLead] {
        let filter = PeopleFilter { outlet: Some(outlet), role: Some(role), ..PeopleFilter::default() };
        people.extend(db::people::list_people(conn, &filter, None, STAFF_MAX)?);
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
        travel: outlets::load(conn, view.meta.outlet)?.settings.travel(),
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
    travel: Travel,
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
            approach: self.approach(person.id),
            appointments,
            visits_here: count(visits_here),
            reasons: Vec::new(),
        };
        candidate.reasons = self.reasons(&candidate);
        candidate.reasons.extend(self.tight(person.id));
        candidate.fits = !candidate.reasons.iter().any(|reason| reason.is_against);
        candidate
    }

    fn appointment(&self, row: &JobRow) -> Option<Appointment> {
        let window = Window { from: row.window_from?, to: row.window_to? };
        let clashes = self.window.is_some_and(|wanted| wanted.overlaps(window));
        Some(Appointment { job: row.id, number: row.number.clone(), window, clashes })
    }

    /// This technician's other visits of the day with their places, the earliest first.
    fn visits(&self, technician: PersonId) -> Vec<(Window, &JobRow)> {
        let mine = |row: &&JobRow| row.technician_id == Some(technician) && row.id != self.view.meta.job;
        let window = |row: &JobRow| Some(Window { from: row.window_from?, to: row.window_to? });
        let visits = self.in_hand.iter().filter(mine).filter_map(|row| Some((window(row)?, row)));
        let mut visits: Vec<_> = visits.filter(|(window, _)| day(window.from, self.zone) == self.day).collect();
        visits.sort_by_key(|(window, row)| (window.from, row.id));
        visits
    }

    fn approach(&self, technician: PersonId) -> Option<Approach> {
        let wanted = self.window?;
        let before = self.visits(technician).into_iter().rfind(|(window, _)| window.from <= wanted.from);
        let from = before.map_or(self.travel.base, |(_, row)| row.point());
        Some(Approach {
            from: before.map(|(_, row)| row.number.clone()),
            way: self.travel.way(from, self.view.point()),
            free_minutes: before.map(|(window, _)| minutes_between(window, wanted)),
        })
    }

    /// Ways that take longer than there is between two visits. Where the windows themselves clash, that is said already; a way that
    /// nobody can reckon is no news.
    fn tight(&self, technician: PersonId) -> Option<CandidateReason> {
        let wanted = self.window?;
        let visits = self.visits(technician);
        let before = visits.iter().rfind(|(window, _)| window.from <= wanted.from);
        let after = visits.iter().find(|(window, _)| window.from > wanted.from);
        let here = self.view.point();
        let ways = [
            before.map(|(window, row)| (row, self.travel.way(row.point(), here), minutes_between(*window, wanted))),
            after.map(|(window, row)| (row, self.travel.way(here, row.point()), minutes_between(wanted, *window))),
        ];
        let tight = |(_, way, free): &(_, Way, i64)| way.distance_m.is_some() && (0..way.minutes).contains(free);
        let (row, Way { minutes, .. }, free) = ways.into_iter().flatten().find(tight)?;
        let zh = format!("与 {} 之间路程约 {minutes} 分钟，只空出 {free} 分钟", row.number);
        let en = format!("About {minutes} min on the way between this and {}, and {free} min free", row.number);
        Some(reason(CandidateFact::TravelTight, zh, en))
    }

    fn reasons(&self, candidate: &Candidate) -> Vec<CandidateReason> {
        let mut reasons = Vec::new();
        if self.view.assignment().is_some_and(|assignment| assignment.technician == candidate.technician.id) {
            reasons.push(reason(CandidateFact::HasJob, "本单现由其负责", "Has this job now"));
        }
        if candidate.visits_here > 0 {
            let visits = candidate.visits_here;
            let en = match visits {
                1 => "Was here once before".to_owned(),
                _ => format!("Was here {visits} times before"),
            };
            let zh = format!("曾上门服务本客户{visits}次");
            reasons.push(reason(CandidateFact::WasHere, zh, en));
        }
        if let Some(skill) = self.view.known(ReportField::Skill)
            && !candidate.skills.iter().any(|known| known == skill)
        {
            let (zh, en) = skill_name(skill);
            let (zh, en) = (format!("不具备所需技能：{zh}"), format!("Lacks the skill that it needs: {en}"));
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
            let (zh, en) = (
                format!("当天已有{jobs}单，时间已排满"),
                format!("That day is full ({jobs} {})", if jobs == 1 { "job" } else { "jobs" }),
            );
            reasons.push(reason(CandidateFact::Busy, zh, en));
        }
        reasons
    }
}

/// The trades by name, as the desk's pages say them; a company may have others, which go by their code.
const SKILLS: [(&str, &str, &str); 10] = [
    ("plumbing", "管道", "plumbing"),
    ("electric", "电气", "electrics"),
    ("appliance", "家电", "appliances"),
    ("air_conditioning", "空调", "air conditioning"),
    ("waterproofing", "防水", "waterproofing"),
    ("carpentry", "木工", "carpentry"),
    ("pump", "水泵", "pumps"),
    ("lift", "电梯", "lifts"),
    ("computer", "电脑", "computers"),
    ("gas", "燃气", "gas"),
];

fn skill_name(skill: &str) -> (&str, &str) {
    let known = SKILLS.iter().find(|(code, ..)| *code == skill);
    known.map_or((skill, skill), |(_, zh, en)| (zh, en))
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
