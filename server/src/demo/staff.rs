//! Outlets and people of the demo company.

use super::chance::Chance;
use super::table::{self, StaffLine};
use crate::auth::Caller;
use crate::db::Conn;
use crate::domain::{outlets, people};
use schema::id::{OutletId, PersonId, SessionId};
use schema::outlet::{CreateOutlet, OutletSettings};
use schema::people::Role;
use schema::problem::Problem;
use schema::staff::CreatePerson;
use schema::time::Timestamp;
use schema::travel::Point;

/// (code, name, phone, where it is)
const OUTLETS: [(&str, &str, &str, Point); 2] = [
    ("SH", "上海中心店", "021-55500000", Point { latitude_e6: 31_228_610, longitude_e6: 121_458_330 }),
    ("SZ", "苏州分店", "0512-55500000", Point { latitude_e6: 31_303_560, longitude_e6: 120_608_900 }),
];

/// Somebody who acts.
pub struct Member {
    pub caller: Caller,
    pub login: String,
    /// Code of the outlet.
    pub outlet: String,
    pub skills: Vec<String>,
}

pub struct Company {
    pub staff: Vec<Member>,
}

impl Company {
    /// Founds both outlets and hires everybody, all with one password.
    pub fn found(conn: &mut Conn, chance: &mut Chance, at: Timestamp, password_hash: &str) -> Result<Self, Problem> {
        let mut ids = Vec::new();
        for (code, name, phone, base) in OUTLETS {
            let input = CreateOutlet {
                code: code.to_owned(),
                name: name.to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
                phone: phone.to_owned(),
                settings: OutletSettings { base: Some(base), ..OutletSettings::default() },
            };
            ids.push((code, outlets::create(conn, &input, OutletId::new(at, chance.bytes()), at)?.id));
        }
        let mut staff = Vec::new();
        for line in table::staff()? {
            let outlet = ids.iter().find(|(code, _)| *code == line.outlet).map(|(_, id)| *id);
            let outlet = outlet.ok_or_else(|| Problem::internal("somebody of an outlet that there isn't"))?;
            let hired = people::Hired { id: PersonId::new(at, chance.bytes()), password_hash, now: at };
            let session = SessionId::new(at, chance.bytes());
            people::create(conn, &input(&line, outlet), &hired)?;
            staff.push(member(line, hired.id, outlet, session));
        }
        Ok(Self { staff })
    }

    /// The first of this role in the outlet; else the first in the company.
    pub fn of(&self, outlet: &str, role: Role) -> Result<&Member, Problem> {
        let all = || self.staff.iter().filter(|member| member.caller.role == role);
        let found = all().find(|member| member.outlet == outlet).or_else(|| all().next());
        found.ok_or_else(|| Problem::internal("nobody of that role in the demo"))
    }

    /// The outlet's technicians who have the skill.
    pub fn technicians(&self, outlet: &str, skill: Option<&str>) -> Vec<&Member> {
        let fits = |member: &&Member| {
            member.caller.role == Role::Technician
                && member.outlet == outlet
                && skill.is_none_or(|skill| member.skills.iter().any(|own| own == skill))
        };
        self.staff.iter().filter(fits).collect()
    }
}

fn input(line: &StaffLine, outlet_id: OutletId) -> CreatePerson {
    CreatePerson {
        outlet_id,
        login: line.login.clone(),
        password: String::new(),
        name: line.name.clone(),
        phone: line.phone.clone(),
        role: line.role,
        skills: skills(line),
        language: line.language,
        staff_number: None,
    }
}

fn skills(line: &StaffLine) -> Vec<String> {
    line.skills.split_whitespace().map(str::to_owned).collect()
}

fn member(line: StaffLine, person: PersonId, outlet: OutletId, session: SessionId) -> Member {
    let skills = skills(&line);
    let caller =
        Caller { person, name: line.name, role: line.role, outlet, session, device: None, language: line.language };
    Member { caller, login: line.login, outlet: line.outlet, skills }
}
