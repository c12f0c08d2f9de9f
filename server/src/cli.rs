//! The command line: `serve` (the default), and the commands for those who run the service.

mod backup;
mod demo;
mod evidence;
mod file;
mod keys;
mod photos;
mod users;

use crate::config::Config;
use crate::state::State;
use crate::{RunError, open, prepare, run, state};
use clap::{Parser, Subcommand};
use std::net::TcpListener;
use std::process::ExitCode;

/// Field service: reports, dispatch, the job record and its sync
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(flatten)]
    pub config: Config,

    /// Fill an empty database with a believable company, then serve
    #[arg(long)]
    pub demo: bool,

    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve (also what happens with no command)
    Serve,
    /// Bring the database to this version
    Migrate,
    /// People: the first administrator is made here
    #[command(subcommand)]
    User(users::Users),
    /// Keys that the service signs with
    #[command(subcommand)]
    Key(keys::KeyCommand),
    /// Write a job's evidence bundle
    Export(evidence::Export),
    /// Back the database up, while the service runs
    Backup(backup::Backup),
    /// Restore a backup into a new database
    Restore(backup::Restore),
    /// Hold the store of photos against the database: after either was lost or restored
    CheckPhotos,
    /// Make the projections again from the log
    Rebuild(backup::Rebuild),
    /// After a failover or a restore by other means that lost transactions: phones send again what is missing
    NewEpoch,
    /// Verify an evidence bundle, without a server or a database
    Verify(evidence::Verify),
}

/// Does what the command line says.
pub async fn main(cli: Cli) -> Result<ExitCode, RunError> {
    match cli.command {
        None | Some(Command::Serve) => serve(cli.config, cli.demo).await?,
        Some(Command::Migrate) => {
            let (_, ran) = prepare(&cli.config)?;
            tracing::info!(?ran, "migrated");
        }
        Some(Command::User(command)) => users::main(&cli.config, command)?,
        Some(Command::Key(command)) => keys::main(&cli.config, &command)?,
        Some(Command::Export(command)) => evidence::export(&cli.config, &command).await?,
        Some(Command::Backup(command)) => backup::write(&cli.config, &command)?,
        Some(Command::Restore(command)) => backup::restore(&cli.config, &command)?,
        Some(Command::CheckPhotos) => photos::check(cli.config).await?,
        Some(Command::Rebuild(command)) => return backup::rebuild(&cli.config, &command),
        Some(Command::NewEpoch) => backup::begin_epoch(&cli.config)?,
        Some(Command::Verify(command)) => return Ok(evidence::check(&command)),
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config, demo: bool) -> Result<(), RunError> {
    let listener = TcpListener::bind(&config.listen)?;
    let state = open(config, state::system_clock())?;
    if demo {
        demo::main(&state)?;
    }
    tracing::info!(address = %listener.local_addr()?, database = %state.db.url(), "listening");
    tell_how_to_log_in(&state).await?;
    run(state, listener, stop_signal()).await
}

async fn tell_how_to_log_in(state: &State) -> Result<(), RunError> {
    let people = state.db.read(|conn| Ok(crate::db::people::count_people(conn)?)).await?;
    let address = state.config.public_url();
    if people == 0 {
        tracing::warn!(
            "nobody can log in yet: make the first administrator with `server user add --login admin --name NAME`, \
             or start with `--demo`, which fills an empty database with an example company"
        );
    } else {
        tracing::info!("log in with POST {address}/v1/sessions; {address}/docs/ shows what else there is");
    }
    Ok(())
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => tracing::error!(%error, "signals can't be caught"),
    }
}
