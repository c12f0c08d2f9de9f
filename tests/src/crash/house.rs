//! The company, its database, and the processes that serve it.

use super::Plan;
use super::ledger::Ledger;
use super::phone::{CrashPhone, Owner};
use crate::clock::TestClock;
use crate::database::TestDatabase;
use crate::process::ServerProcess;
use crate::round_robin::RoundRobin;
use crate::server::{Setup, TestServer, free_address};
use crate::sim::chance::Chance;
use schema::id::{JobId, PersonId};
use schema::people::Role;
use server::state::system_clock;
use std::sync::Arc;
use tempfile::TempDir;

pub(super) struct House {
    pub plan: Plan,
    pub database: Arc<TestDatabase>,
    /// Where phones and desk find it.
    pub url: String,
    pub servers: Vec<ServerProcess>,
    /// Before several servers.
    pub balancer: Option<RoundRobin>,
    crew: Vec<(PersonId, String, JobId)>,
    desk: String,
    /// Where the phones keep their logs.
    folder: TempDir,
}

impl House {
    pub async fn open(plan: &Plan, database: Arc<TestDatabase>) -> Self {
        let clock = TestClock::default();
        clock.set(system_clock()());
        let server = TestServer::with(Setup { database, clock, ..Setup::default() }).await;
        let dispatcher = server.person(Role::Dispatcher).await;
        let desk = server.person(Role::DeskAgent).await.login;
        let mut crew = Vec::new();
        for _ in 0..plan.phones {
            let technician = server.person(Role::Technician).await;
            let job = server.job(&dispatcher).await;
            server.assign(job, &dispatcher, &technician).await;
            crew.push((technician.id, technician.login, job));
        }
        let database = server.stop().await.database;
        let folder = tempfile::tempdir().unwrap();
        let (url, servers, balancer) = (String::new(), Vec::new(), None);
        let mut house = Self { plan: plan.clone(), database, url, servers, balancer, crew, desk, folder };
        house.start_servers();
        house
    }

    fn start_servers(&mut self) {
        let addresses: Vec<String> = (0..self.plan.servers).map(|_| reserved_address()).collect();
        if self.plan.servers > 1 {
            let balancer = RoundRobin::before(addresses.clone());
            self.url = balancer.url.clone();
            self.balancer = Some(balancer);
        } else {
            self.url = format!("http://{}", addresses.first().unwrap());
        }
        self.servers = addresses.iter().map(|address| self.start_server(address)).collect();
    }

    /// A server process at this address, once it listens.
    pub fn start_server(&self, address: &str) -> ServerProcess {
        let data = self.database.folder().to_string_lossy().into_owned();
        let database = self.database.url_text();
        let words = ["--listen", address, "--data", &data, "--database-url", &database, "--public-url", &self.url];
        // Small, because they share the machine; and nobody's token runs out meanwhile.
        let small = ["--workers", "1", "--gate-threads", "2", "--db-readers", "2", "--db-writers", "2"];
        let words = words.into_iter().chain(small).chain(["--access-token-s", "86400"]);
        if self.plan.answers_early {
            ServerProcess::of("crash", std::iter::once("serve-early").chain(words))
        } else {
            ServerProcess::start(words)
        }
    }

    /// A phone for each of the crew, enrolled and up to date.
    pub async fn phones(&self, ledger: &Arc<Ledger>) -> Vec<CrashPhone> {
        let mut phones = Vec::new();
        for crew in self.crew.chunks(LOG_INS) {
            let enrolling: Vec<_> = (crew.iter().cloned())
                .map(|(person, login, job)| {
                    let chance = Chance::of(self.plan.seed, &login);
                    let folder = self.folder.path().join(&login);
                    let owner = Owner { person, login, job };
                    let (url, ledger) = (self.url.clone(), Arc::clone(ledger));
                    tokio::spawn(async move { CrashPhone::enrol(owner, &url, folder, (chance, ledger)).await })
                })
                .collect();
            for phone in enrolling {
                phones.push(phone.await.unwrap());
            }
        }
        phones
    }

    pub fn login_of(&self, role: Role) -> &str {
        assert_eq!(role, Role::DeskAgent);
        &self.desk
    }
}

/// Log-ins at once: all come from one address, which is slowed down above thirty that are not done.
const LOG_INS: usize = 10;

/// An address that stays the server's from one process to the next: its port was free on a loopback address that nobody else has.
fn reserved_address() -> String {
    std::net::TcpListener::bind(free_address()).unwrap().local_addr().unwrap().to_string()
}
