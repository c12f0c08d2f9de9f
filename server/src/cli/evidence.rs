//! `server export` and `server verify`: a job's evidence, out of the house and judged anywhere.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::auth::keys::Keys;
use crate::cli::file;
use crate::config::Config;
use crate::db::{self, read_now, write_now};
use crate::domain::evidence;
use crate::photos::object;
use crate::photos::store::PhotoStore;
use crate::{RunError, find, state};
use clap::Args;
use schema::binary::{Hash, PublicKey};
use schema::people::Language;
use schema::photo::PhotoSize;
use schema::published_key::PublishedKeys;
use schema::rows::photos::JobPhotoRow;
use serde::Serialize;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
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
    /// Folder to write the job's photos to, each under its SHA-256
    #[arg(long, value_name = "FOLDER")]
    photos: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// A bundle, as `server export` writes it
    file: PathBuf,
    /// The server's public key as you know it from elsewhere, in hexadecimal; or a file with its keys, as `server key list` prints
    /// them or the server publishes them at /.well-known/receipt-keys.json
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted)]
    trust: Option<TrustedKeys>,
    /// Folder with the photos that the bundle names, each under its SHA-256, as `server export --photos` writes them
    #[arg(long, value_name = "FOLDER")]
    photos: Option<PathBuf>,
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

/// Writes a job's evidence bundle, and its photos where a folder is named.
pub async fn export(config: &Config, command: &Export) -> Result<(), RunError> {
    let (url, now) = (find(config)?, state::system_clock()());
    let keys = write_now(&url, |conn| Keys::load(conn, config, now))?;
    let (bundle, named) = read_now(&url, |conn| {
        let job = evidence::find_job(conn, None, &command.job)?;
        let named = db::photos::list_named(conn, &[job])?;
        Ok((evidence::export(conn, job, (&keys.receipt, now), Vec::new())?, named))
    })?;
    match &command.out {
        Some(path) => {
            let written = file::write_whole(path, |output| output.write_all(&bundle));
            written.map_err(|error| RunError::File(path.clone(), error))?;
        }
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), &bundle)?,
    }
    match &command.photos {
        Some(folder) => write_photos(config, folder, named).await,
        None => Ok(()),
    }
}

async fn write_photos(config: &Config, folder: &Path, named: Vec<JobPhotoRow>) -> Result<(), RunError> {
    let store = PhotoStore::open(config)?;
    std::fs::create_dir_all(folder).map_err(|error| RunError::File(folder.to_owned(), error))?;
    let (mut written, mut owed) = (0, 0);
    for row in named {
        let photo = match row.owed_since {
            None => store.get(&object(row.sha256, PhotoSize::Original)).await?,
            Some(_) => None,
        };
        match photo {
            Some(bytes) => {
                let path = folder.join(row.sha256.to_string());
                let whole = file::write_whole(&path, |output| output.write_all(&bytes));
                whole.map_err(|error| RunError::File(path, error))?;
                written += 1;
            }
            None => owed += 1,
        }
    }
    tracing::info!(written, owed, "photos");
    Ok(())
}

/// The photos of a bundle, as they lie in a folder.
#[derive(Debug, Default, Serialize)]
struct Compared {
    fit: usize,
    missing: Vec<Hash>,
    /// Their bytes are not those of their names.
    differ: Vec<Hash>,
}

fn compare(folder: &Path, photos: &[Hash]) -> Compared {
    let mut compared = Compared::default();
    for sha256 in photos {
        match std::fs::read(folder.join(sha256.to_string())) {
            Ok(bytes) if Hash::of(&bytes) == *sha256 => compared.fit += 1,
            Ok(_) => compared.differ.push(*sha256),
            Err(_) => compared.missing.push(*sha256),
        }
    }
    compared
}

impl Compared {
    fn to_text(&self, language: Language) -> String {
        let Self { fit, missing, differ } = self;
        let lines = |zh: &str, en: &str, photos: &[Hash]| -> String {
            let word = if language == Language::Chinese { zh } else { en };
            photos.iter().map(|sha256| format!("  {word} {sha256}\n")).collect()
        };
        let head = match language {
            Language::Chinese => {
                format!("照片：{fit} 张与记录相符，{} 张缺失，{} 张不符\n", missing.len(), differ.len())
            }
            Language::English => format!("Photos: {fit} fit, {} missing, {} differ\n", missing.len(), differ.len()),
        };
        head + &lines("缺失", "missing", missing) + &lines("不符", "differs", differ)
    }
}

/// Needs no server and no database. 0: everything fits; 1: something does not; 2: the file can't be read.
pub fn check(command: &Verify) -> ExitCode {
    let trusted = command.trust.iter().flat_map(|keys| keys.0.iter().copied());
    let verified = File::open(&command.file)
        .map_err(Failure::from)
        .and_then(|file| verify(BufReader::with_capacity(1 << 16, file), trusted));
    let compared = match (&command.photos, &verified) {
        (Some(folder), Ok(report)) => Some(compare(folder, &report.photos)),
        _ => None,
    };
    let (mut code, mut json, mut text) = match &verified {
        Ok(report) => (0, serde_json::json!({ "fits": true, "report": report }), report.to_text(command.lang)),
        Err(failure @ Failure::Misfit(misfit)) => {
            (1, serde_json::json!({ "fits": false, "misfit": misfit }), failure.to_text(command.lang))
        }
        Err(failure @ Failure::Unreadable(error)) => {
            (2, serde_json::json!({ "fits": false, "unreadable": error.to_string() }), failure.to_text(command.lang))
        }
    };
    if let Some(compared) = compared {
        code = code.max(u8::from(!compared.differ.is_empty()));
        text += &compared.to_text(command.lang);
        if let Some(fields) = json.as_object_mut() {
            fields.insert("photos".to_owned(), serde_json::json!(compared));
        }
    }
    if command.json {
        println!("{json:#}")
    } else {
        print!("{text}")
    }
    ExitCode::from(code)
}
