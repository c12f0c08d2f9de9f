//! People on the staff.

use crate::db::{Conn, Result, lower};
use diesel::prelude::*;
use schema::id::{OutletId, PersonId};
use schema::people::{Language, Role};
use schema::rows::people::PersonRow;
use schema::tables::people;
use schema::time::Timestamp;
use std::collections::HashMap;

pub fn insert_person(conn: &mut Conn, person: &PersonRow) -> Result<()> {
    diesel::insert_into(people::table).values(person).execute(conn)?;
    Ok(())
}

pub fn find_person(conn: &mut Conn, id: PersonId) -> Result<Option<PersonRow>> {
    Ok(people::table.find(id).select(PersonRow::as_select()).first(conn).optional()?)
}

/// How a person is called; what a list of their doings shows.
pub fn find_name(conn: &mut Conn, id: PersonId) -> Result<Option<String>> {
    Ok(people::table.find(id).select(people::name).first(conn).optional()?)
}

/// `login` in lower case.
pub fn find_person_by_login(conn: &mut Conn, login: &str) -> Result<Option<PersonRow>> {
    Ok(people::table.filter(people::login.eq(login)).select(PersonRow::as_select()).first(conn).optional()?)
}

pub fn find_person_by_staff_number(conn: &mut Conn, number: &str) -> Result<Option<PersonRow>> {
    Ok(people::table.filter(people::staff_number.eq(number)).select(PersonRow::as_select()).first(conn).optional()?)
}

/// What narrows a list of people.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    pub outlet: Option<OutletId>,
    pub role: Option<Role>,
    /// Those who left too.
    pub with_disabled: bool,
    /// Part of what they are known by, with `\` before the wildcards in it.
    pub part: Option<(Known, String)>,
}

/// By what somebody may find people.
#[derive(Debug, Clone, Copy)]
pub enum Known {
    /// Name and staff number.
    ByName,
    /// Phone number, too.
    ByPhone,
    /// And login.
    ByLogin,
}

/// A page in the order of ids.
pub fn list_people(
    conn: &mut Conn,
    filter: &PeopleFilter,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let mut query = people::table.order(people::id.asc()).limit(limit).select(PersonRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(people::outlet_id.eq(outlet));
    }
    if let Some(role) = filter.role {
        query = query.filter(people::role.eq(role));
    }
    if !filter.with_disabled {
        query = query.filter(people::disabled_at.is_null());
    }
    if let Some((known, part)) = &filter.part {
        let like = format!("%{part}%");
        let name = lower(people::name.nullable()).like(lower(like.clone())).escape('\\').assume_not_null();
        let number = lower(people::staff_number.nullable()).like(lower(like.clone())).escape('\\').assume_not_null();
        let phone = people::phone.like(like.clone()).escape('\\');
        let login = people::login.like(like.to_lowercase()).escape('\\');
        query = match known {
            Known::ByName => query.filter(name.or(number)),
            Known::ByPhone => query.filter(name.or(number).or(phone)),
            Known::ByLogin => query.filter(name.or(number).or(phone).or(login)),
        };
    }
    if let Some(after) = after {
        query = query.filter(people::id.gt(after));
    }
    Ok(query.load(conn)?)
}

/// Which roles somebody who has not left has, and at which outlets.
pub fn list_roles(conn: &mut Conn) -> Result<Vec<(OutletId, Role)>> {
    let here = people::table.filter(people::disabled_at.is_null());
    Ok(here.select((people::outlet_id, people::role)).distinct().load(conn)?)
}

pub fn count_people(conn: &mut Conn) -> Result<i64> {
    Ok(people::table.count().get_result(conn)?)
}

/// What may change about a person; None leaves it.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = people)]
pub struct PersonChanges {
    pub outlet_id: Option<OutletId>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub role: Option<Role>,
    pub skills: Option<String>,
    pub language: Option<Language>,
    pub staff_number: Option<String>,
    pub password_hash: Option<String>,
    /// The inner None enables again.
    pub disabled_at: Option<Option<Timestamp>>,
}

impl PersonChanges {
    fn is_empty(&self) -> bool {
        matches!(
            self,
            Self {
                outlet_id: None,
                name: None,
                phone: None,
                role: None,
                skills: None,
                language: None,
                staff_number: None,
                password_hash: None,
                disabled_at: None,
            }
        )
    }
}

pub fn update_person(conn: &mut Conn, id: PersonId, changes: &PersonChanges) -> Result<()> {
    // diesel refuses an update that sets nothing.
    if !changes.is_empty() {
        diesel::update(people::table.find(id)).set(changes).execute(conn)?;
    }
    Ok(())
}

/// The names of these people; each id may stand there more than once.
pub fn list_names(conn: &mut Conn, ids: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let names: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(conn)?;
    Ok(names.into_iter().collect())
}
