//! The real server as a process of its own: what can be killed in the middle of an answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// One of our programs, beside the test's own: `target/debug/server`.
pub fn program(name: &str) -> PathBuf {
    let asking = std::env::current_exe().unwrap();
    let folder = asking.parent().unwrap();
    // A test lies one folder deeper.
    let folder = if folder.ends_with("deps") { folder.parent().unwrap() } else { folder };
    let path = folder.join(name);
    assert!(path.is_file(), "{} is missing: run `cargo build --workspace --all-targets` first", path.display());
    path
}

/// A running `server`; killed when dropped.
pub struct ServerProcess {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    errors: Arc<Mutex<Vec<String>>>,
}

/// In which Linux counts CPU time for whoever asks, whatever the kernel's own clock is.
#[cfg(target_os = "linux")]
const TICKS_A_SECOND: f64 = 100.0;

/// Of what a server complains about, so much is kept.
const ERRORS_KEPT: usize = 20;

impl ServerProcess {
    /// Starts `server` with this command line, and waits until it listens.
    pub fn start<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of("server", std::iter::once("--log-json").chain(words))
    }

    /// Starts one of our programs that serves and says so as `server` does.
    pub fn of<'a>(name: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = Command::new(program(name));
        // Settings of a server that somebody runs here are not this one's.
        command.env_clear().args(words);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = listens_at(&mut log);
        // Read on, or the server would stand still once the pipe is full.
        let errors: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&errors);
        std::thread::spawn(move || {
            let errors = log.lines().map_while(Result::ok).filter(|line| line.contains("\"problem\":\"internal"));
            errors.for_each(|line| {
                let mut kept = kept.lock().unwrap();
                if kept.len() < ERRORS_KEPT {
                    kept.push(line);
                }
            });
        });
        Self { child, address, errors }
    }

    /// Answers of 500, as it has logged them with their cause.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap().clone()
    }

    /// Bytes that it holds in memory.
    #[cfg(target_os = "linux")]
    pub fn resident_bytes(&self) -> u64 {
        self.status_bytes("VmRSS:")
    }

    /// The most that it ever held.
    #[cfg(target_os = "linux")]
    pub fn peak_bytes(&self) -> u64 {
        self.status_bytes("VmHWM:")
    }

    #[cfg(target_os = "linux")]
    fn status_bytes(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    /// Seconds of CPU that its threads took, those that have ended included.
    #[cfg(target_os = "linux")]
    pub fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the program's name, which may hold anything, in brackets.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = [11, 12].iter().map(|at: &usize| fields.get(*at).unwrap().parse::<u64>().unwrap()).sum();
        ticks as f64 / TICKS_A_SECOND
    }

    /// As a power cut: nothing of it runs on, and nothing more is written.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn listens_at(log: &mut BufReader<ChildStderr>) -> String {
    let mut told = String::new();
    while log.read_line(&mut told).unwrap() > 0 {
        let line = told.lines().next_back().unwrap_or("");
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if line.pointer("/fields/message").is_some_and(|message| message == "listening") {
            return line.pointer("/fields/address").unwrap().as_str().unwrap().to_owned();
        }
    }
    panic!("the server ended before it listened:\n{told}");
}

/// A way to a server on which one answer is lost: the server has done what it was asked and is killed at the answer's first byte.
pub struct Ambush {
    pub url: String,
    ambush: JoinHandle<Vec<u8>>,
}

impl Ambush {
    pub fn on(victim: ServerProcess) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ambush = std::thread::spawn(move || wait_for_answer(&listener, victim));
        Self { url, ambush }
    }

    /// Waits until it has happened; the bytes that were asked.
    pub fn over(self) -> Vec<u8> {
        self.ambush.join().unwrap()
    }
}

fn wait_for_answer(listener: &TcpListener, mut victim: ServerProcess) -> Vec<u8> {
    let (phone, _) = listener.accept().unwrap();
    let mut server = TcpStream::connect(&victim.address).unwrap();
    let (from, to) = (phone.try_clone().unwrap(), server.try_clone().unwrap());
    let asking = std::thread::spawn(move || pass_on(from, to));
    server.read_exact(&mut [0]).unwrap();
    victim.kill();
    // The phone sees a connection that ends, as with any network that is gone.
    drop(phone.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
    asking.join().unwrap()
}

/// Until one of them hangs up; what was passed on.
fn pass_on(mut from: TcpStream, mut to: TcpStream) -> Vec<u8> {
    let (mut passed, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let piece = piece.get(..length).unwrap_or_default();
        passed.extend_from_slice(piece);
        if to.write_all(piece).is_err() {
            break;
        }
    }
    passed
}
