//! Who asks: one caller for each column of the table.

use super::grounds::{CODE, ELSEWHERE};
use crate::routes::links::link;
use schema::id::JobId;
use schema::link::Link;
use schema::people::Role;
use schema::time::DAY;
use serde_json::json;
use tests::{Person, TestServer, expect_json, expect_ok};

/// One column of the table.
#[derive(Clone, Default)]
pub struct Caller {
    pub column: String,
    /// What stands after `Bearer`.
    pub token: Option<String>,
    /// Another log-in of the same person, for what ends it.
    pub spare: Option<String>,
    pub link: Option<Links>,
}

/// The tokens of a customer's links: one that stays, and two that may be ended.
#[derive(Clone)]
pub struct Links {
    pub held: String,
    pub ended: [String; 2],
}

/// The roles but the technician's, as the table abbreviates them.
const OFFICE: &[(&str, Role)] = &[
    ("adm", Role::Administrator),
    ("agt", Role::DeskAgent),
    ("dsp", Role::Dispatcher),
    ("dsup", Role::DeskSupervisor),
    ("lead", Role::TeamLead),
    ("esup", Role::EngineeringSupervisor),
    ("tec", Role::TechnicalSection),
    ("mgr", Role::ServiceManager),
    ("pm", Role::ProjectManager),
    ("gm", Role::GeneralManager),
    ("clk", Role::OutletClerk),
    ("cclk", Role::CentreClerk),
    ("qi", Role::QualityInspector),
];

#[test]
fn every_role_has_a_column() {
    let named: Vec<Role> = OFFICE.iter().map(|(_, role)| *role).chain([Role::Technician]).collect();
    assert!(Role::ALL.iter().all(|role| named.contains(role)) && named.len() == Role::ALL.len(), "{named:?}");
}

impl Caller {
    /// By this token.
    pub fn with(column: &str, token: String) -> Self {
        Self { column: column.to_owned(), token: Some(token), ..Self::default() }
    }

    /// A person who carries a phone asks from it.
    async fn on_phone(server: &TestServer, column: &str, mut person: Person) -> Self {
        let token = server.bare_phone(&person).await.token;
        server.renew(&mut person).await;
        Self { spare: Some(person.token), ..Self::with(column, token) }
    }

    async fn at_desk(server: &TestServer, column: &str, mut person: Person) -> Self {
        let token = person.token.clone();
        server.renew(&mut person).await;
        Self { spare: Some(person.token), ..Self::with(column, token) }
    }

    fn by_link(column: &str, [held, one, other]: [String; 3]) -> Self {
        Self { link: Some(Links { held: held.clone(), ended: [one, other] }), ..Self::with(column, held) }
    }
}

/// Whoever is staff in either outlet, but for the technicians who have to do with the job.
pub async fn staff(server: &TestServer) -> Vec<Caller> {
    let mut callers = Vec::new();
    for (prefix, code) in [("", CODE), ("2", ELSEWHERE)] {
        for (name, role) in OFFICE {
            let (column, person) = (format!("{prefix}{name}"), server.person_at(code, *role).await);
            callers.push(match role {
                Role::TeamLead => Caller::on_phone(server, &column, person).await,
                _ => Caller::at_desk(server, &column, person).await,
            });
        }
    }
    callers.push(Caller::on_phone(server, "2tch", server.person_at(ELSEWHERE, Role::Technician).await).await);
    callers.push(Caller::on_phone(server, "oth", server.person(Role::Technician).await).await);
    callers
}

/// Those whose log-in is over, in one way or another; each could do much while it lasted.
pub async fn ended(server: &TestServer, administrator: &Person) -> Vec<Caller> {
    let (gone, left) = (server.person(Role::ServiceManager).await, server.person(Role::ServiceManager).await);
    expect_ok(gone.delete("/v1/sessions/current")).await;
    expect_ok(administrator.patch(&format!("/v1/people/{}", left.id), &json!({"disabled": true}))).await;
    let anonymous = Caller { column: "anon".to_owned(), ..Caller::default() };
    vec![anonymous, Caller::with("out", gone.token), Caller::with("left", left.token)]
}

/// Customers with a link that is live; one who may only look, and one of another job. `expired` was made long ago.
pub async fn customers(server: &TestServer, agent: &Person, job: JobId, expired: [String; 3]) -> Vec<Caller> {
    let other = server.job(agent).await;
    let revoked = links(agent, job, &ALL).await;
    let list: Vec<Link> = expect_json(agent.get(&format!("/v1/jobs/{job}/links")), 200).await;
    for link in list.iter().filter(|link| link.is_valid) {
        expect_ok(agent.delete(&format!("/v1/jobs/{job}/links/{}", link.id))).await;
    }
    vec![
        Caller::by_link("lnk", links(agent, job, &ALL).await),
        Caller::by_link("lvw", links(agent, job, &["view"]).await),
        Caller::by_link("lot", links(agent, other, &ALL).await),
        Caller::by_link("lrv", revoked),
        Caller::by_link("lex", expired),
    ]
}

/// All that a link may allow.
pub const ALL: [&str; 4] = ["view", "accept", "sign", "rate"];
/// After that a link of [`links`] has expired.
pub const LINK_LASTS: i64 = 15 * DAY;

pub async fn links(agent: &Person, job: JobId, scope: &[&str]) -> [String; 3] {
    [link(agent, job, scope).await.1, link(agent, job, scope).await.1, link(agent, job, scope).await.1]
}
