//! The real server, on port 0 of the loopback, in a thread of its own.

use crate::clock::TestClock;
use crate::database::TestDatabase;
use clap::Parser as _;
use reqwest::RequestBuilder;
use serde::Serialize;
use server::cli::Cli;
use server::config::Config;
use server::state::State;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// What a server is started with; the default is what nearly every test wants.
#[derive(Default)]
pub struct Setup {
    /// Two servers may share one.
    pub database: Arc<TestDatabase>,
    pub clock: TestClock,
    /// The name under which phones and customers know it; its own address where there is none. Two servers of one service have
    /// the same.
    pub public_url: Option<String>,
    /// More of the command line, as in `["--access-token-s", "60"]`.
    pub flags: Vec<&'static str>,
}

/// A running server; stops when dropped.
pub struct TestServer {
    /// `http://127.X.Y.Z:PORT`
    pub url: String,
    pub clock: TestClock,
    pub database: Arc<TestDatabase>,
    /// Its inside, for what has no route: `server.state.db.read(…)`.
    pub state: State,
    pub client: reqwest::Client,
    public_url: String,
    flags: Vec<&'static str>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        Self::at(setup, &free_address())
    }

    fn on(setup: Setup, listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let public_url = setup.public_url.clone().unwrap_or_else(|| url.clone());
        let state = server::open(config(&setup, &public_url), setup.clock.as_clock()).unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = state.clone();
        let serve = move || {
            let stopped = async move { drop(stopped.await) };
            actix_web::rt::System::new().block_on(server::run(serving, listener, stopped)).unwrap();
        };
        let thread = std::thread::Builder::new().name("test-server".to_owned()).spawn(serve).unwrap();
        let Setup { clock, database, flags, .. } = setup;
        let (client, stop, thread) = (client(), Some(stop), Some(thread));
        Self { url, clock, database, state, client, public_url, flags, stop, thread }
    }

    /// Stops, and waits until nothing of it runs any more. What it wrote is left, for another that is started on it.
    pub async fn stop(mut self) -> Setup {
        self.stop.take();
        let thread = self.thread.take().unwrap();
        // Off this thread, which may have to close the connections that the server waits for.
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
        let public_url = Some(self.public_url.clone());
        let (database, clock) = (Arc::clone(&self.database), self.clock.clone());
        Setup { database, clock, public_url, flags: std::mem::take(&mut self.flags) }
    }

    /// Stops and comes back at the same address, as after a restart of the machine.
    pub async fn restart(self) -> Self {
        let address = self.url.trim_start_matches("http://").to_owned();
        Self::at(self.stop().await, &address)
    }

    /// At a [`free_address`], or one that a server had before it was stopped.
    pub fn at(setup: Setup, address: &str) -> Self {
        Self::on(setup, TcpListener::bind(address).unwrap())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub fn post(&self, path: &str, body: &impl Serialize) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).json(body)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // Not waited for: a test's thread drives the connections that the server would wait for.
        self.stop.take();
    }
}

/// Where a server can listen, with a port that the system picks. On Linux everything that begins with 127 is this machine; so a
/// server that gives its port up for a restart has an address of its own, where no other test is given that port meanwhile.
pub fn free_address() -> String {
    if !cfg!(target_os = "linux") {
        return "127.0.0.1:0".to_owned();
    }
    let [a, b, c]: [u8; 3] = rand::random();
    format!("127.{}.{b}.{}:0", a | 1, c & 127)
}

/// Small: many servers run at once.
fn config(setup: &Setup, url: &str) -> Config {
    let data = setup.database.folder().to_string_lossy().into_owned();
    let database = setup.database.url_text();
    let small: [[&str; 2]; 6] = [
        // A test that moves the clock says itself when clocks are looked at.
        ["--escalation-s", "0"],
        ["--workers", "1"],
        ["--gate-threads", "1"],
        ["--db-readers", "2"],
        ["--db-writers", "2"],
        ["--shutdown-s", "1"],
    ];
    let small = small.into_iter().filter(|[name, _]| !setup.flags.contains(name)).flatten();
    let given = ["--data", &data, "--database-url", &database, "--public-url", url];
    let words = ["server"].into_iter().chain(small).chain(given).chain(setup.flags.iter().copied());
    Cli::try_parse_from(words).unwrap().config
}

fn client() -> reqwest::Client {
    // No idle connections: a server that stops need not wait for them.
    reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(TIMEOUT).build().unwrap()
}

/// A test that hangs must fail: far above what any request takes on a busy machine.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);
