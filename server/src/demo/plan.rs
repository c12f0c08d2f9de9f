//! What becomes of each report of the last two weeks: a list of stories, and when each began.

use super::chance::Chance;
use super::table::{CustomerLine, FaultLine};
use schema::problem::Problem;
use schema::status::Status;
use schema::time::{DAY, HOUR, MINUTE, Timestamp};

/// Where the jobs of more than a day ago stand by now, and how many of each.
const EARLIER: &[(Status, usize)] = &[
    (Status::Closed, 78),
    (Status::Signed, 8),
    (Status::Cancelled, 5),
    (Status::SolvedRemotely, 5),
    (Status::WaitingPart, 4),
    (Status::InWorkshop, 3),
    (Status::AwaitingProof, 3),
    (Status::Reopened, 2),
    (Status::CustomerAbsent, 2),
];

/// Where those of today stand.
const TODAY: &[(Status, usize)] = &[
    (Status::Ready, 8),
    (Status::Reported, 4),
    (Status::Assigned, 6),
    (Status::Accepted, 4),
    (Status::Appointed, 4),
    (Status::EnRoute, 2),
    (Status::OnSite, 2),
    (Status::Working, 3),
    (Status::Tested, 1),
    (Status::WaitingCustomer, 2),
    (Status::WaitingPrice, 2),
    (Status::Closed, 2),
];

/// Shanghai is eight hours ahead, all year.
const AHEAD: i64 = 8 * HOUR;

/// One job's story.
pub struct Planned {
    /// Where it ends.
    pub story: Status,
    pub taken_at: Timestamp,
    /// When the technician comes.
    pub start: Timestamp,
    /// Places in the tables.
    pub customer: usize,
    pub fault: usize,
}

/// All stories in the order in which they begin.
pub fn plan(
    chance: &mut Chance,
    now: Timestamp,
    customers: &[CustomerLine],
    faults: &[FaultLine],
) -> Result<Vec<Planned>, Problem> {
    let mut planned = Vec::new();
    for (story, count) in EARLIER {
        for _ in 0..*count {
            let day = now.plus(-chance.between(2, super::DAYS - 1) * DAY);
            let taken_at = working_hour(chance, day);
            let start = slot(chance, taken_at);
            planned.push((*story, taken_at, start));
        }
    }
    for (story, count) in TODAY {
        for _ in 0..*count {
            let (ago, start) = today(chance, *story, now);
            planned.push((*story, now.plus(-ago * MINUTE), start));
        }
    }
    planned.sort_by_key(|(_, taken_at, _)| *taken_at);
    let customers: Vec<usize> = (0..customers.len()).collect();
    let with_story = |(story, taken_at, start)| {
        let fits: Vec<usize> =
            faults.iter().enumerate().filter(|(_, f)| suits(f, story)).map(|(place, _)| place).collect();
        let (customer, fault) = (*chance.pick(&customers)?, *chance.pick(&fits)?);
        Ok(Planned { story, taken_at, start, customer, fault })
    };
    planned.into_iter().map(with_story).collect()
}

/// Whether a fault can come to this end.
fn suits(fault: &FaultLine, story: Status) -> bool {
    let class = fault.class.as_str();
    match story {
        Status::AwaitingProof => class == "roof_seepage",
        Status::InWorkshop => ["television", "computer", "washing_machine"].contains(&class),
        Status::WaitingPart => fault.items().count() > 1,
        Status::SolvedRemotely => ["computer", "air_conditioner", "kitchen_appliance", "water_heater"].contains(&class),
        _ => true,
    }
}

/// A moment of that day at which the desk takes reports: from eight to half past five.
fn working_hour(chance: &mut Chance, day: Timestamp) -> Timestamp {
    midnight(day).plus(chance.between(8 * 60, 17 * 60 + 30) * MINUTE)
}

fn midnight(at: Timestamp) -> Timestamp {
    Timestamp::from_micros((at.micros() + AHEAD).div_euclid(DAY) * DAY - AHEAD)
}

/// When somebody comes for a report taken at this time: some hours later, or the next morning; on the half hour.
fn slot(chance: &mut Chance, taken_at: Timestamp) -> Timestamp {
    let soon = half_hour(taken_at.plus(chance.between(2, 5) * HOUR));
    let evening = midnight(taken_at).plus(18 * HOUR);
    if soon < evening { soon } else { midnight(taken_at.plus(DAY)).plus(chance.between(17, 34) * 30 * MINUTE) }
}

fn half_hour(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros().div_euclid(30 * MINUTE) * 30 * MINUTE)
}

/// (minutes since the report, when the technician comes)
fn today(chance: &mut Chance, story: Status, now: Timestamp) -> (i64, Timestamp) {
    let later = |chance: &mut Chance| slot(chance, now.plus(HOUR));
    match story {
        Status::Reported | Status::Ready => (chance.between(5, 300), now),
        Status::Assigned | Status::Accepted | Status::Appointed => (chance.between(60, 500), later(chance)),
        Status::EnRoute => (chance.between(150, 300), now.plus(chance.between(15, 25) * MINUTE)),
        Status::OnSite => (chance.between(150, 300), now.plus(-5 * MINUTE)),
        Status::Working => (chance.between(180, 360), now.plus(-35 * MINUTE)),
        Status::Tested => (chance.between(240, 400), now.plus(-64 * MINUTE)),
        _ => (chance.between(400, 600), now.plus(-4 * HOUR)),
    }
}
