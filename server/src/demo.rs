//! The demo company: what `--demo` fills an empty database with, so that whoever looks for the first time finds a house at work.
//!
//! Two outlets, everybody who works there, a price list, customers, and the jobs of the last two weeks in every state there is. All of
//! it goes through the rules of the house, as if it had happened: reports through the desk, assignments through dispatch, visits
//! through the record. Only the technicians' entries carry no phone's signature, because there was no phone.

mod calls;
mod chance;
mod jobs;
mod plan;
mod staff;
mod table;
mod visit;
mod workshop;

use crate::auth::password::hash_now;
use crate::db::{self, Conn, DatabaseUrl};
use crate::domain::escalations;
use chance::Chance;
use schema::people::{Language, Role};
use schema::problem::{Kind, Problem};
use schema::time::{DAY, Timestamp};
use staff::Company;

/// Everybody's.
pub const PASSWORD: &str = "shangmen-2026";

const SEED: u64 = 20_261_122;

/// How far back the story goes.
const DAYS: i64 = 14;

/// Somebody to log in as.
pub struct LogIn {
    pub role: Role,
    pub name: String,
    pub login: String,
}

/// Fills the database; answers one person for each role. Refuses where there is anything in it.
pub fn fill(url: &DatabaseUrl, now: Timestamp) -> Result<Vec<LogIn>, Problem> {
    // One hash for all: it is slow on purpose.
    let password_hash = hash_now(PASSWORD)?;
    db::write_now(url, |conn| fill_in(conn, now, &password_hash))
}

fn fill_in(conn: &mut Conn, now: Timestamp, password_hash: &str) -> Result<Vec<LogIn>, Problem> {
    if db::people::count_people(conn)? > 0 || db::outlets::count_outlets(conn)? > 0 {
        let zh = "数据库里已有数据，演示数据只能填入空库。去掉 --demo 即可继续使用，或用 --data 另指一个目录。";
        let en = "There is something in this database, and --demo fills an empty one only. \
                  Leave --demo out to go on with it, or name another folder by --data.";
        return Err(Problem::because(Kind::Conflict, zh, en));
    }
    let mut chance = Chance::new(SEED);
    let company = Company::found(conn, &mut chance, now.plus(-(DAYS + 30) * DAY), password_hash)?;
    jobs::play(conn, &mut chance, &company, now)?;
    calls::play(conn, &mut chance, &company, now)?;
    // What was not done in time is heard of before anybody looks.
    for job in db::escalations::list_due(conn, now, i64::MAX)? {
        escalations::look(conn, job, now, chance.bytes())?;
    }
    Ok(log_ins(&company))
}

fn log_ins(company: &Company) -> Vec<LogIn> {
    let mut log_ins: Vec<LogIn> = Vec::new();
    for member in &company.staff {
        let role = member.caller.role;
        if log_ins.iter().all(|known| known.role != role) {
            log_ins.push(LogIn { role, name: member.caller.name.clone(), login: member.login.clone() });
        }
    }
    log_ins
}

/// What to tell whoever started the demo: one line a role, in Chinese and English.
pub fn greeting(address: &str, log_ins: &[LogIn]) -> String {
    let line = |log_in: &LogIn| {
        let (zh, en) = (log_in.role.name(Language::Chinese), log_in.role.name(Language::English));
        format!("  {:<12} {zh} {}  ({en})", log_in.login, log_in.name)
    };
    let lines: Vec<String> = log_ins.iter().map(line).collect();
    format!("演示公司已就绪 / the demo company is ready: {address}\n密码 / password: {PASSWORD}\n{}", lines.join("\n"))
}
