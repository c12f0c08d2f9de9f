//! The service's binary: reads the command line, sets up the log, and does what it is told.

use clap::Parser as _;
use server::cli::{self, Cli};
use server::log::filter;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok();
    let log = tracing_subscriber::fmt().with_env_filter(filter(wanted.as_deref())).with_writer(std::io::stderr);
    if cli.config.log_json {
        log.json().init()
    } else {
        log.init()
    }
    match cli::main(cli).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
