//! The command line: `serve` (the default), and the commands for those who run the service.

use crate::config::Config;
use crate::{RunError, open, run, state};
use clap::{Parser, Subcommand};
use std::net::TcpListener;

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
}

/// Does what the command line says.
pub async fn main(cli: Cli) -> Result<(), RunError> {
    match cli.command {
        None | Some(Command::Serve) => serve(cli.config).await,
        Some(Command::Migrate) => {
            let ran = crate::db::migrate(&cli.config.database_url())?;
            tracing::info!(?ran, "migrated");
            Ok(())
        }
    }
}

async fn serve(config: Config) -> Result<(), RunError> {
    let listener = TcpListener::bind(&config.listen)?;
    let state = open(config, state::system_clock())?;
    tracing::info!(address = %listener.local_addr()?, database = %state.db.url(), "listening");
    run(state, listener, stop_signal()).await
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
