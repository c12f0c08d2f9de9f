//! `server export` and `server verify`: a job's evidence, out of the house and judged anywhere.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::auth::keys::Keys;
use crate::cli::file;
use crate::config::Config;
use crate::db::{read_now, write_now};
use crate::domain::evidence;
use crate::{RunError, prepare, state};
use clap::Args;
use schema::binary::PublicKey;
use schema::people::Language;
use schema::published_key::PublishedKeys;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;
use sync::bundle::{Failure, Trusted, verify};

/// More than a list of keys ever has.
const LIST_BYTES_MAX: u64 = 1 << 20;

#[derive(Debug, Args)]
pub struct Export {
    /// The job's number or id
    job: String,
    /// File to write; the bundle goes to the standard output where it is left out
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// A bundle, as `server export` writes it
    file: PathBuf,
    /// The server's public key as you know it from elsewhere, in hexadecimal; or a file with its keys, as `server key list` prints
    /// them or the server publishes them at /.well-known/receipt-keys.json
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted)]
    trust: Option<TrustedKeys>,
    /// Language of the answer: zh or en
    #[arg(long, default_value = "zh", value_parser = language)]
    lang: Language,
    /// The answer as JSON
    #[arg(long)]
    json: bool,
}

/// What `--trust` names.
#[derive(Debug, Clone)]
struct TrustedKeys(Vec<Trusted>);

fn trusted(text: &str) -> Result<TrustedKeys, String> {
    if let Ok(key) = text.parse::<PublicKey>() {
        return Ok(TrustedKeys(vec![key.into()]));
    }
    let input =
        File::open(text).map_err(|error| format!("neither a key of 64 hexadecimal digits nor a file: {error}"))?;
    let mut list = String::new();
    input.take(LIST_BYTES_MAX).read_to_string(&mut list).map_err(|error| error.to_string())?;
    let listed = serde_json::from_str::<PublishedKeys>(&list);
    let listed = listed.map_err(|error| format!("this file holds no list of published keys: {error}"))?;
    if listed.keys.is_empty() {
        return Err("this file lists no key".to_owned());
    }
    Ok(TrustedKeys(listed.keys.into_iter().map(Trusted::from).collect()))
}

fn language(text: &str) -> Result<Language, String> {
    match text {
        "zh" | "zh-CN" => Ok(Language::Chinese),
        "en" => Ok(Language::English),
        _ => Err("zh or en".to_owned()),
    }
}

/// Writes a job's evidence bundle.
pub fn export(config: &Config, command: &Export) -> Result<(), RunError> {
    let (url, now) = (prepare(config)?, state::system_clock()());
    let keys = write_now(&url, |conn| Keys::load(conn, config, now))?;
    let bundle = read_now(&url, |conn| {
        let job = evidence::find_job(conn, None, &command.job)?;
        evidence::export(conn, job, (&keys.receipt, now), Vec::new())
    })?;
    match &command.out {
        Some(path) => file::write_whole(path, |output| output.write_all(&bundle))?,
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), &bundle)?,
    }
    Ok(())
}

/// Needs no server and no database. 0: everything fits; 1: something does not; 2: the file can't be read.
pub fn check(command: &Verify) -> ExitCode {
    let trusted = command.trust.iter().flat_map(|keys| keys.0.iter().copied());
    let verified = File::open(&command.file)
        .map_err(Failure::from)
        .and_then(|file| verify(BufReader::with_capacity(1 << 16, file), trusted));
    let (code, json, text) = match &verified {
        Ok(report) => (0, serde_json::json!({ "fits": true, "report": report }), report.to_text(command.lang)),
        Err(failure @ Failure::Misfit(misfit)) => {
            (1, serde_json::json!({ "fits": false, "misfit": misfit }), failure.to_text(command.lang))
        }
        Err(failure @ Failure::Unreadable(error)) => {
            (2, serde_json::json!({ "fits": false, "unreadable": error.to_string() }), failure.to_text(command.lang))
        }
    };
    if command.json {
        println!("{json:#}")
    } else {
        print!("{text}")
    }
    ExitCode::from(code)
}
