//! The staff: who works here, and who does no longer.

use crate::auth::Caller;
use crate::db::people::{Known, PeopleFilter, PersonChanges};
use crate::db::{Conn, devices, meta, outlets, people, sessions};
use crate::domain::form::{Form, without_wildcards};
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::id::{OutletId, PersonId};
use schema::limits::SKILLS_MAX;
use schema::page::Page;
use schema::people::{Permission, Role};
use schema::problem::{Kind, Problem};
use schema::rows::people::PersonRow;
use schema::sheet::mask_phone;
use schema::staff::{ChangePerson, CreatePerson, Person, is_code, is_login};
use schema::time::Timestamp;

/// Numbers are handed out from this counter.
const STAFF_NUMBER: &str = "staff_number";
/// So many numbers given by hand may stand in the way of the counter before we give up.
const TAKEN_NUMBERS_MAX: usize = 1000;

/// Who acts: a person through a route, or the command line with nobody's name.
#[derive(Clone, Copy)]
pub struct Act {
    pub by: Option<PersonId>,
    pub now: Timestamp,
}

/// What of the new person is no word of theirs.
pub struct Hired<'a> {
    pub id: PersonId,
    pub password_hash: &'a str,
    pub now: Timestamp,
}

pub fn create(conn: &mut Conn, input: &CreatePerson, hired: &Hired<'_>) -> Result<PersonRow, Problem> {
    let mut form = Form::default();
    let login = input.login.trim().to_lowercase();
    check_login(conn, &mut form, &login)?;
    check_outlet(conn, &mut form, input.outlet_id)?;
    let staff_number = match &input.staff_number {
        Some(number) => given_number(conn, &mut form, number)?,
        None => next_number(conn)?,
    };
    let row = PersonRow {
        id: hired.id,
        outlet_id: input.outlet_id,
        login,
        staff_number,
        name: form.field("/name", &input.name),
        phone: form.optional_phone("/phone", Some(&input.phone)).unwrap_or_default(),
        role: input.role,
        skills: skills(&mut form, &input.skills)?,
        language: input.language,
        password_hash: hired.password_hash.to_owned(),
        feed_seq: 0,
        feed_digest: Hash::ZERO,
        created_at: hired.now,
        disabled_at: None,
    };
    form.finish()?;
    people::insert_person(conn, &row)?;
    Ok(row)
}

fn check_login(conn: &mut Conn, form: &mut Form, login: &str) -> Result<(), Problem> {
    if !is_login(login) {
        form.wrong(
            "/login",
            "用户名为 2 至 64 个英文字母、数字或 . _ - @",
            "A log-in name has 2 to 64 letters, digits or . _ - @",
        );
    } else if people::find_person_by_login(conn, login)?.is_some() {
        form.wrong("/login", "用户名已被使用", "This log-in name is taken");
    }
    Ok(())
}

fn check_outlet(conn: &mut Conn, form: &mut Form, outlet: OutletId) -> Result<(), Problem> {
    if outlets::find_outlet(conn, outlet)?.is_none() {
        form.wrong("/outlet_id", "没有这个网点", "There is no such outlet");
    }
    Ok(())
}

fn given_number(conn: &mut Conn, form: &mut Form, number: &str) -> Result<String, Problem> {
    let number = number.trim();
    if !is_code(number) {
        form.wrong("/staff_number", "工号为字母、数字、_ 或 -", "A staff number has letters, digits, _ or -");
    } else if people::find_person_by_staff_number(conn, number)?.is_some() {
        form.wrong("/staff_number", "工号已被使用", "This staff number is taken");
    }
    Ok(number.to_owned())
}

fn next_number(conn: &mut Conn) -> Result<String, Problem> {
    for _ in 0..TAKEN_NUMBERS_MAX {
        let number = format!("{:04}", meta::next_number(conn, STAFF_NUMBER)?);
        if people::find_person_by_staff_number(conn, &number)?.is_none() {
            return Ok(number);
        }
    }
    Err(Problem::field("/staff_number", "请填写工号", "Give a staff number"))
}

fn skills(form: &mut Form, skills: &[String]) -> Result<String, Problem> {
    if skills.len() > SKILLS_MAX || !skills.iter().all(|skill| is_code(skill)) {
        form.wrong(
            "/skills",
            "技能为至多 50 个词，不含空格和标点",
            "At most 50 skills, words without blanks or punctuation",
        );
    }
    let mut skills = skills.to_vec();
    skills.sort();
    skills.dedup();
    serde_json::to_string(&skills).map_err(Problem::internal)
}

/// Changes a person. `password_hash` is that of `input.password`.
pub fn change(
    conn: &mut Conn,
    id: PersonId,
    input: &ChangePerson,
    password_hash: Option<&str>,
    act: Act,
) -> Result<PersonRow, Problem> {
    let row = people::find_person(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let loses_office = input.disabled == Some(true) || input.role.is_some_and(|role| role != row.role);
    if act.by == Some(id) && loses_office {
        // So that somebody who may manage people is always left.
        let zh = "不能停用自己或更改自己的岗位，请由另一位管理员操作";
        return Err(Problem::because(Kind::Conflict, zh, "Another administrator must disable you or change your role"));
    }
    let mut form = Form::default();
    if let Some(outlet) = input.outlet_id {
        check_outlet(conn, &mut form, outlet)?;
    }
    let staff_number = match input.staff_number.as_deref().filter(|number| number.trim() != row.staff_number) {
        Some(number) => Some(given_number(conn, &mut form, number)?),
        None => None,
    };
    let changes = PersonChanges {
        outlet_id: input.outlet_id,
        name: input.name.as_deref().map(|name| form.field("/name", name)),
        phone: input.phone.as_deref().map(|phone| form.optional_phone("/phone", Some(phone)).unwrap_or_default()),
        role: input.role,
        skills: input.skills.as_deref().map(|list| skills(&mut form, list)).transpose()?,
        language: input.language,
        staff_number,
        password_hash: password_hash.map(str::to_owned),
        disabled_at: input.disabled.map(|disabled| disabled.then(|| row.disabled_at.unwrap_or(act.now))),
    };
    form.finish()?;
    people::update_person(conn, id, &changes)?;
    if input.disabled == Some(true) {
        devices::revoke_devices_of(conn, id, act.now, act.by)?;
        sessions::end_sessions_of(conn, id, act.now, sessions::Which::NotOnPhones)?;
    } else if password_hash.is_some() {
        sessions::end_sessions_of(conn, id, act.now, sessions::Which::All)?;
    }
    feed::post(Notice::Access(id));
    people::find_person(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))
}

/// Not found where the caller may not know of the person.
pub fn find(conn: &mut Conn, caller: &Caller, id: PersonId) -> Result<PersonRow, Problem> {
    let row = people::find_person(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    Ok(row)
}

/// What a list of people is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub outlet: Option<OutletId>,
    pub role: Option<Role>,
    pub with_disabled: bool,
    /// Part of what they are known by.
    pub text: Option<String>,
    pub after: Option<PersonId>,
    pub limit: i64,
}

pub fn list(conn: &mut Conn, caller: &Caller, wanted: &Wanted) -> Result<Page<Person>, Problem> {
    if wanted.with_disabled {
        caller.require(Permission::ManagePeople)?;
    }
    if let Some(outlet) = wanted.outlet {
        caller.require_outlet(outlet)?;
    }
    let text = wanted.text.as_deref().map(without_wildcards);
    let filter = PeopleFilter {
        outlet: wanted.outlet.or(caller.outlet_filter()),
        role: wanted.role,
        with_disabled: wanted.with_disabled,
        part: text.filter(|text| !text.is_empty()).map(|text| (known(caller), text)),
    };
    let rows = people::list_people(conn, &filter, wanted.after, wanted.limit + 1)?;
    Ok(Page::cut(rows, wanted.limit, |row| row.id.to_string()).map(|row| seen_by(caller, row)))
}

/// Nobody finds by what they do not see.
fn known(caller: &Caller) -> Known {
    if caller.role.may(Permission::ManagePeople) {
        Known::ByLogin
    } else if caller.role.may(Permission::Dispatch) {
        Known::ByPhone
    } else {
        Known::ByName
    }
}

/// Colleagues' numbers are for those who send them out or keep their papers (domain.md §11).
pub fn seen_by(caller: &Caller, row: PersonRow) -> Person {
    let oneself = caller.person == row.id;
    let manages = oneself || caller.role.may(Permission::ManagePeople);
    let phone_is_masked = !manages && !caller.role.may(Permission::Dispatch);
    Person {
        id: row.id,
        outlet_id: row.outlet_id,
        skills: row.skill_list(),
        login: manages.then_some(row.login),
        staff_number: row.staff_number,
        name: row.name,
        phone: if phone_is_masked { mask_phone(&row.phone) } else { row.phone },
        phone_is_masked,
        role: row.role,
        language: row.language,
        created_at: row.created_at,
        disabled_at: row.disabled_at,
    }
}
