//! People who ask the server: one of any role with a word.

use crate::server::TestServer;
use reqwest::{Method, RequestBuilder};
use schema::binary::Hash;
use schema::id::{OutletId, PersonId};
use schema::people::{Language, Role};
use schema::problem::Problem;
use schema::rows::outlets::OutletRow;
use schema::rows::people::PersonRow;
use schema::time::Timestamp;
use serde::Serialize;
use server::auth::password::hash_now;
use server::db::{Conn, outlets, people};
use server::domain::sessions::{Draw, LogIn, Term, open_session};
use server::state::random;
use std::sync::OnceLock;

/// Everybody's password in tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who is logged in.
pub struct Person {
    pub id: PersonId,
    pub outlet: OutletId,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// The access token.
    pub token: String,
    pub client: reqwest::Client,
    pub url: String,
}

impl TestServer {
    /// A new person of this role in the first outlet, logged in.
    pub async fn person(&self, role: Role) -> Person {
        self.person_at("01", role).await
    }

    /// A new person of this role in the outlet of this code, which is founded where it isn't there yet.
    pub async fn person_at(&self, outlet_code: &str, role: Role) -> Person {
        let (at, code) = (self.clock.now(), outlet_code.to_owned());
        let hired = self.state.db.write(move |conn| hire(conn, at, &code, role)).await.unwrap();
        let token = self.token_of(hired.id).await;
        Person {
            id: hired.id,
            outlet: hired.outlet_id,
            login: hired.login,
            name: hired.name,
            role,
            token,
            client: self.client.clone(),
            url: self.url.clone(),
        }
    }

    /// Logs a person in again, whose token has run out because the clock was moved.
    pub async fn renew(&self, person: &mut Person) {
        person.token = self.token_of(person.id).await;
    }

    /// Opens a session past the password, which is slow on purpose. `POST /v1/sessions` with [`PASSWORD`] works as well.
    async fn token_of(&self, id: PersonId) -> String {
        let (state, now) = (&self.state, self.clock.now());
        let (session_days, phones_max) = (state.config.session_days, state.config.phones_per_person);
        let term = Term { now, session_days, phones_max };
        let log_in = LogIn { login: String::new(), address: String::new(), client: "harness".to_owned(), device: None };
        let draw = Draw { session: random(), device: random(), refresh: random() };
        let opened = state.db.write(move |conn| open_session(conn, &log_in, id, &draw, term)).await.unwrap();
        state.keys.issue(&state.db, &opened, now).await.unwrap()
    }
}

impl Person {
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    pub fn post(&self, path: &str, body: &impl Serialize) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    pub fn put(&self, path: &str, body: &impl Serialize) -> RequestBuilder {
        self.request(Method::PUT, path).json(body)
    }

    pub fn patch(&self, path: &str, body: &impl Serialize) -> RequestBuilder {
        self.request(Method::PATCH, path).json(body)
    }

    /// Any method, without a body.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }
}

/// Logins count up for each role: `dispatcher1`, `dispatcher2`.
fn hire(conn: &mut Conn, at: Timestamp, outlet_code: &str, role: Role) -> Result<PersonRow, Problem> {
    let outlet_id = found(conn, at, outlet_code)?;
    let of_role = people::PeopleFilter { role: Some(role), with_disabled: true, ..Default::default() };
    let same_role = people::list_people(conn, &of_role, None, 1000)?.len();
    let person = PersonRow {
        id: PersonId::new(at, random()),
        outlet_id,
        login: format!("{}{}", role.as_str(), same_role + 1),
        staff_number: format!("{:04}", people::count_people(conn)? + 1),
        name: format!("测试{}", same_role + 1),
        phone: "13800000000".to_owned(),
        role,
        skills: "[]".to_owned(),
        language: Language::English,
        password_hash: password_hash().to_owned(),
        feed_seq: 0,
        feed_digest: Hash::ZERO,
        created_at: at,
        disabled_at: None,
    };
    people::insert_person(conn, &person)?;
    Ok(person)
}

fn found(conn: &mut Conn, at: Timestamp, code: &str) -> Result<OutletId, Problem> {
    if let Some(outlet) = outlets::find_outlet_by_code(conn, code)? {
        return Ok(outlet.id);
    }
    let outlet = OutletRow {
        id: OutletId::new(at, random()),
        code: code.to_owned(),
        name: format!("网点 {code}"),
        time_zone: "Asia/Shanghai".to_owned(),
        phone: "021-55500000".to_owned(),
        settings: "{}".to_owned(),
        created_at: at,
    };
    outlets::insert_outlet(conn, &outlet)?;
    Ok(outlet.id)
}

/// Of [`PASSWORD`]; made once, because it is meant to be slow.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_now(PASSWORD).unwrap())
}
