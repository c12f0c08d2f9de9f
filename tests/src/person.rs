//! People who ask the server: one of any role with a word.

use crate::server::TestServer;
use diesel::prelude::*;
use reqwest::{Method, RequestBuilder};
use schema::id::{OutletId, PersonId};
use schema::people::Role;
use schema::tables::{outlets, people};
use schema::time::Timestamp;
use serde::Serialize;
use server::db::Conn;
use server::domain::sessions::{self, Draw, LogIn, Term};
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
    client: reqwest::Client,
    url: String,
}

impl TestServer {
    /// A new person of this role in the first outlet, logged in.
    pub async fn person(&self, role: Role) -> Person {
        self.person_at("01", role).await
    }

    /// A new person of this role in the outlet of this code, which is founded where it isn't there yet.
    pub async fn person_at(&self, outlet_code: &str, role: Role) -> Person {
        let (at, code) = (self.clock.now(), outlet_code.to_owned());
        let (id, outlet, login) = self.state.db.write(move |conn| Ok(hire(conn, at, &code, role))).await.unwrap();
        let name = name_of(&login);
        let token = self.token_of(id).await;
        Person { id, outlet, login, name, role, token, client: self.client.clone(), url: self.url.clone() }
    }

    /// The only place that knows how a log-in is made.
    async fn token_of(&self, person: PersonId) -> String {
        let now = self.clock.now();
        let log_in =
            LogIn { login: String::new(), address: "tests".to_owned(), client: "tests".to_owned(), device: None };
        let draw = Draw { session: random(), device: random(), refresh: random() };
        let term = Term { now, session_days: self.state.config.session_days };
        let open = move |conn: &mut Conn| sessions::open_session(conn, &log_in, person, &draw, term);
        let opened = self.state.db.write(open).await.unwrap();
        self.state.keys.issue(&self.state.db, &opened, now).await.unwrap()
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

/// Made once: a hash takes long on purpose.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| server::auth::password::hash_now(PASSWORD).unwrap())
}

fn name_of(login: &str) -> String {
    format!("测试 {login}")
}

/// Logins count up for each role: `dispatcher1`, `dispatcher2`.
fn hire(conn: &mut Conn, at: Timestamp, outlet_code: &str, role: Role) -> (PersonId, OutletId, String) {
    let outlet = found(conn, at, outlet_code);
    let same_role: i64 = people::table.filter(people::role.eq(role.as_str())).count().get_result(conn).unwrap();
    let everybody: i64 = people::table.count().get_result(conn).unwrap();
    let login = format!("{}{}", role.as_str(), same_role + 1);
    let id = PersonId::new(at, server::state::random());
    diesel::insert_into(people::table)
        .values((
            people::id.eq(id),
            people::outlet_id.eq(outlet),
            people::login.eq(&login),
            people::staff_number.eq(format!("{:04}", everybody + 1)),
            people::name.eq(name_of(&login)),
            people::phone.eq("13800000000"),
            people::role.eq(role.as_str()),
            people::skills.eq("[]"),
            people::language.eq("zh-CN"),
            people::password_hash.eq(password_hash()),
            people::feed_seq.eq(0),
            people::feed_digest.eq(schema::binary::Hash::ZERO),
            people::created_at.eq(at),
        ))
        .execute(conn)
        .unwrap();
    (id, outlet, login)
}

fn found(conn: &mut Conn, at: Timestamp, code: &str) -> OutletId {
    let known = outlets::table.filter(outlets::code.eq(code)).select(outlets::id).first(conn).optional().unwrap();
    known.unwrap_or_else(|| {
        let id = OutletId::new(at, server::state::random());
        diesel::insert_into(outlets::table)
            .values((
                outlets::id.eq(id),
                outlets::code.eq(code),
                outlets::name.eq(format!("网点 {code}")),
                outlets::time_zone.eq("Asia/Shanghai"),
                outlets::phone.eq("021-55500000"),
                outlets::settings.eq("{}"),
                outlets::created_at.eq(at),
            ))
            .execute(conn)
            .unwrap();
        id
    })
}
