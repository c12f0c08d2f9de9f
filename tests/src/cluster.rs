//! A PostgreSQL cluster of a test's own, which it may stop and start as it likes. Only a socket in its own folder leads to it.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// How PostgreSQL is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Sends everybody away, rolls back what is under way, writes everything down.
    Fast,
    /// As a crash: nothing is written any more, and the next start recovers from the log.
    Immediate,
}

/// A running cluster; stopped and deleted when dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    /// Whose it is where the test runs as root, whom PostgreSQL refuses.
    owner: Option<&'static str>,
}

impl Cluster {
    pub fn start_new() -> Self {
        // Not below TMPDIR: a socket's path may have 107 characters, and its owner must reach it.
        let folder = tempfile::Builder::new().prefix("cluster.").tempdir_in("/tmp").unwrap();
        let owner = is_root().then(owner);
        if let Some(owner) = owner {
            run(Command::new("chown").arg(owner).arg(folder.path()));
        }
        let cluster = Self { programs: programs(), folder, owner };
        run(cluster.program("initdb").args([
            "--username",
            "tests",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--no-sync",
        ]));
        cluster.start();
        cluster
    }

    /// Of the database that every cluster has.
    pub fn url(&self) -> String {
        format!("postgres://tests@{}/postgres", self.folder.path().display().to_string().replace('/', "%2F"))
    }

    pub fn start(&self) {
        let folder = self.folder.path().display();
        let settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=100 -c shared_buffers=16MB"
        );
        let log = self.folder.path().join("log");
        run(self.program("pg_ctl").arg("--log").arg(log).args(["--options", &settings, "--wait", "start"]));
    }

    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        run(self.program("pg_ctl").args(["--mode", mode, "--wait", "stop"]));
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.owner {
            None => Command::new(path),
            Some(owner) => {
                let mut command = Command::new("runuser");
                command.args(["-u", owner, "--"]).arg(path);
                command
            }
        };
        command.arg("--pgdata").arg(self.folder.path().join("data")).current_dir(self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped already.
        drop(self.program("pg_ctl").args(["--mode", "immediate", "--wait", "stop"]).output());
    }
}

fn run(command: &mut Command) {
    // Not piped: the server would inherit the pipe, and reading to its end would wait for the server.
    let log = tempfile::tempfile().unwrap();
    let status = command.stdout(log.try_clone().unwrap()).stderr(log.try_clone().unwrap()).status().unwrap();
    if !status.success() {
        let mut said = String::new();
        let mut log = log;
        std::io::Seek::rewind(&mut log).unwrap();
        std::io::Read::read_to_string(&mut log, &mut said).unwrap();
        panic!("{command:?}: {status}: {said}");
    }
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output().unwrap();
    asked.stdout.trim_ascii() == b"0"
}

fn owner() -> &'static str {
    let known = |user: &&str| Command::new("id").args(["-u", user]).output().is_ok_and(|asked| asked.status.success());
    ["postgres", "nobody"].into_iter().find(known).expect("a user whom PostgreSQL may run as")
}

/// The newest PostgreSQL server on this machine, found as `tests/run` finds it.
fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for (folder, prefix) in [("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql@")] {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(version) = name.strip_prefix(prefix).and_then(|version| version.parse().ok()) else { continue };
            found.push((version, entry.path().join("bin")));
        }
    }
    found.retain(|(_, programs)| programs.join("initdb").is_file());
    let newest = found.into_iter().max_by_key(|(version, _)| *version).map(|(_, programs)| programs);
    let on_path = || {
        let paths = std::env::var_os("PATH")?;
        std::env::split_paths(&paths).find(|folder| Path::new(folder).join("initdb").is_file())
    };
    newest.or_else(on_path).expect("PostgreSQL's server programs: tests/run installs them")
}
