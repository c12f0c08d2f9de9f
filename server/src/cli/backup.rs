//! `server backup`, `server restore` and `server rebuild`.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::cli::file;
use crate::config::Config;
use crate::db::{read_now, write_now};
use crate::domain::backup::{self, Summary};
use crate::domain::epochs;
use crate::domain::records::rebuild::{self, Difference};
use crate::{RunError, find, prepare, state};
use clap::Args;
use schema::problem::Problem;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Seek as _};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Backup {
    /// File to write, where none is yet. It will hold password hashes, signing keys and customers' data: keep it as you keep those
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `server backup` wrote, on SQLite or PostgreSQL
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Rebuild {
    /// Change nothing; say where the projections are not what the log makes of them
    #[arg(long)]
    check: bool,
}

/// Backs the database up while the service runs.
pub fn write(config: &Config, command: &Backup) -> Result<(), RunError> {
    let at_file = |error| RunError::File(command.file.clone(), error);
    // It may be the only good one, and this the backup of another database.
    if command.file.try_exists().map_err(at_file)? {
        return Err(at_file(ErrorKind::AlreadyExists.into()));
    }
    let (url, now) = (find(config)?, state::system_clock()());
    let mut summary = None;
    let written = file::write_whole(&command.file, |output| {
        let written = read_now(&url, |conn| backup::write(conn, now, output)).map_err(std::io::Error::other)?;
        summary = Some(written);
        Ok(())
    });
    written.map_err(at_file)?;
    if let Some(Summary { tables, rows, .. }) = summary {
        let file = command.file.display();
        println!(
            "{file}: {tables} tables, {rows} rows. The file holds password hashes and signing keys, and no photos: \
             they lie at {}",
            config.photos_url()
        );
    }
    Ok(())
}

/// What phones remember of their place in the feeds counts no more: each compares what it holds with what is here.
pub fn begin_epoch(config: &Config) -> Result<(), RunError> {
    let (epoch, now) = (state::new_epoch(), state::system_clock()());
    write_now(&find(config)?, |conn| Ok(epochs::begin(conn, epoch, now)?))?;
    println!("A new epoch has begun: phones compare at their next sync, and send again what this database lacks.");
    Ok(())
}

/// Restores a backup into a new database. The server must not run on it yet.
pub fn restore(config: &Config, command: &Restore) -> Result<(), RunError> {
    let at_file = |error| RunError::File(command.file.clone(), error);
    let mut file = File::open(&command.file).map_err(at_file)?;
    let found = backup::check(BufReader::with_capacity(1 << 16, &file)).map_err(Problem::from)?;
    file.rewind().map_err(at_file)?;
    let (url, _) = prepare(config)?;
    let (epoch, now) = (state::new_epoch(), state::system_clock()());
    let input = BufReader::with_capacity(1 << 16, &file);
    write_now(&url, |conn| Ok(backup::restore(conn, input, epoch, now)?))?;
    println!(
        "{} tables, {} rows of {}. Phones will notice and send again what this lacks. Photos are kept apart: see `check-photos`.",
        found.tables, found.rows, found.made_at
    );
    Ok(())
}

/// Makes the projections again, or compares them.
pub fn rebuild(config: &Config, command: &Rebuild) -> Result<ExitCode, RunError> {
    let url = find(config)?;
    let mut told = 0;
    let mut progress = |jobs: usize| {
        if jobs >= told + 1_000 {
            told = jobs;
            tracing::info!(jobs, "rebuilding");
        }
    };
    if !command.check {
        let jobs = write_now(&url, |conn| rebuild::rebuild(conn, &mut progress))?;
        println!("{jobs} jobs rebuilt");
        return Ok(ExitCode::SUCCESS);
    }
    let mut found = None;
    // Rolled back whatever comes out.
    let compared = write_now(&url, |conn| {
        found = Some(rebuild::compare(conn, &mut progress)?);
        Err::<(), _>(Problem::internal("only compared"))
    });
    let Some((jobs, differences)) = found else { return compared.map(|()| ExitCode::SUCCESS).map_err(RunError::from) };
    for Difference { table, row, stands, should } in &differences {
        println!("{table} {row}:\n  stands: {stands}\n  should: {should}");
    }
    println!("{jobs} jobs compared, {} rows differ", differences.len());
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
