//! The staff.
#![expect(unused_qualifications, reason = "utoipa writes the path of a query's type out")]

use crate::auth::{Caller, ManagePeople, May, password};
use crate::domain::people::{self, Act, Hired, Wanted};
use crate::idempotency::{Done, Once};
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::{get, patch, post, web};
use schema::id::{OutletId, PersonId};
use schema::page::{Page, rows};
use schema::people::Role;
use schema::problem::ProblemBody;
use schema::staff::{ChangePerson, CreatePerson, Person};
use serde::Deserialize;
use utoipa::IntoParams;

/// Hire somebody.
#[utoipa::path(tag = "people", security(("bearer" = [])), request_body = CreatePerson, responses(
    (status = 201, body = Person), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`idempotency_conflict`"), (status = 422, body = ProblemBody),
))]
#[post("/v1/people")]
pub async fn create_person(state: State, caller: May<ManagePeople>, body: Once<CreatePerson>) -> Answer<Done<Person>> {
    password::check_new("/password", &body.input.password, &body.input.login.trim().to_lowercase())?;
    let password_hash = state.passwords.hash(body.input.password.clone()).await?;
    let now = state.now();
    let id = PersonId::new(now, random());
    let seer = Caller::clone(&caller);
    let hire = move |conn: &mut _, input: &_| {
        let row = people::create(conn, input, &Hired { id, password_hash: &password_hash, now })?;
        Ok(people::seen_by(&seer, row))
    };
    body.create(&state, &caller, hire).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    pub outlet: Option<OutletId>,
    pub role: Option<Role>,
    /// Those who left too; for those who manage people.
    #[serde(default)]
    pub with_disabled: bool,
    /// Part of a name or a staff number; for those who see them, of a phone number or a login.
    pub q: Option<String>,
    pub after: Option<PersonId>,
    pub limit: Option<i64>,
}

/// Colleagues, in the order in which they were hired.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(PeopleQuery), responses(
    (status = 200, body = Page<Person>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "another outlet"),
))]
#[get("/v1/people")]
pub async fn list_people(
    state: State,
    caller: Caller,
    query: web::Query<PeopleQuery>,
) -> Answer<web::Json<Page<Person>>> {
    let PeopleQuery { outlet, role, with_disabled, q: text, after, limit } = query.into_inner();
    let wanted = Wanted { outlet, role, with_disabled, text, after, limit: rows(limit) };
    Ok(web::Json(state.db.read(move |conn| people::list(conn, &caller, &wanted)).await?))
}

/// One colleague.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(("id" = PersonId, Path)), responses(
    (status = 200, body = Person), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/people/{id}")]
pub async fn get_person(state: State, caller: Caller, id: web::Path<PersonId>) -> Answer<web::Json<Person>> {
    let find = move |conn: &mut _| Ok(people::seen_by(&caller, people::find(conn, &caller, *id)?));
    Ok(web::Json(state.db.read(find).await?))
}

/// Change somebody's data, role or outlet; disable or enable them; set a password for who forgot theirs.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(("id" = PersonId, Path)), responses(
    (status = 200, body = Person), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody), (status = 409, body = ProblemBody, description = "oneself"),
    (status = 422, body = ProblemBody),
))]
#[patch("/v1/people/{id}")]
pub async fn change_person(
    state: State,
    caller: May<ManagePeople>,
    id: web::Path<PersonId>,
    body: Json<ChangePerson>,
) -> Answer<web::Json<Person>> {
    let id = *id;
    let hash = match &body.password {
        Some(password) => {
            let row = state.db.read(move |conn| Ok(crate::db::people::find_person(conn, id)?)).await?;
            let login = row.map(|row| row.login).unwrap_or_default();
            password::check_new("/password", password, &login)?;
            Some(state.passwords.hash(password.clone()).await?)
        }
        None => None,
    };
    let act = Act { by: Some(caller.person), now: state.now() };
    let change = move |conn: &mut _| people::change(conn, id, &body, hash.as_deref(), act);
    let row = state.db.write(change).await?;
    Ok(web::Json(people::seen_by(&caller, row)))
}
