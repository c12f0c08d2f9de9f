//! Logging in and out, and syncing.

use crate::Done;
use crate::app::App;
use crate::cli;
use crate::failure::Failure;
use crate::texts::Text;
use schema::binary::Hash;
use schema::id::JobId;
use schema::inbox::{UNSENT_FORMAT, UnsentFile, UnsentJob};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use sync::client::{Client, ClientError, Clocks as _, Credentials};
use sync::handset::Saved;
use sync::replica::Input;
use sync::store::{Entry, Store as _};

pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| ClientError::Unreachable(error.to_string()).into())
}

fn password(args: &cli::Login) -> Result<String, Failure> {
    let standard_input = |error| Failure::File(PathBuf::from("-"), error);
    if args.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(standard_input)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    match std::env::var("PHONE_PASSWORD") {
        Ok(password) => Ok(password),
        Err(_) => rpassword::prompt_password("密码 / Password: ").map_err(standard_input),
    }
}

pub fn log_in(app: &mut App, args: &cli::Login) -> Result<String, Failure> {
    let client = Client::new(&args.url, app.language)?;
    let password = password(args)?;
    let credentials = Credentials { login: args.login.clone(), password, phone_name: args.name.clone() };
    let (runtime, App { handset, clocks, .. }) = (runtime()?, &mut *app);
    let identity = runtime.block_on(client.enrol(handset, clocks, &credentials))?;
    Ok(app.line(Text::LoggedIn, &[&identity.name, &identity.login, &identity.server]))
}

pub fn sync(app: &mut App) -> Result<Done, Failure> {
    let (runtime, client) = (runtime()?, app.client()?);
    let App { handset, clocks, .. } = &mut *app;
    let report = runtime.block_on(client.drive(handset, clocks))?;
    let [trips, up, down] = [u64::from(report.round_trips), report.bytes_up, report.bytes_down].map(|n| n.to_string());
    let mut text = app.line(Text::Synced, &[&trips, &up, &down]);
    if let Some(error) = &report.reference_error {
        text += &app.line(Text::ReferenceFails, &[error]);
    }
    if report.unsent > 0 {
        text += &app.line(Text::StillUnsent, &[&report.unsent.to_string()]);
    }
    if report.photos_sent > 0 {
        text += &app.line(Text::PhotosSent, &[&report.photos_sent.to_string()]);
    }
    if let Some(error) = &report.photo_error {
        text += &app.line(Text::PhotoFails, &[error]);
    }
    if report.photos_refused > 0 {
        text += &app.line(Text::PhotosRefused, &[&report.photos_refused.to_string()]);
    }
    if report.photos_owed > 0 {
        text += &app.line(Text::PhotosOwed, &[&report.photos_owed.to_string()]);
    }
    if !report.decided.is_empty() {
        text += &app.line(Text::SomeDecided, &[&report.decided.len().to_string()]);
    }
    if !report.refused.is_empty() {
        text += &app.line(Text::SomeRefused, &[&report.refused.len().to_string()]);
    }
    if report.revoked {
        let is_all_sent = app.replica().is_all_sent();
        text += &app.line(if is_all_sent { Text::Revoked } else { Text::RevokedUnsent }, &[]);
    }
    let is_all_taken = report.refused.is_empty() && report.photos_refused == 0;
    let code = match (is_all_taken, report.revoked) {
        (false, _) => 8,
        (true, true) => 4,
        (true, false) => 0,
    };
    Ok(Done { text, code })
}

/// Local first: what is unsent is saved or the log-out refused, before anything is let go of. A server that can't be reached does
/// not keep anybody logged in.
pub fn log_out(app: &mut App, args: &cli::Logout) -> Result<String, Failure> {
    let mut text = String::new();
    let mut saved = Saved::default();
    let summary = app.replica().summary();
    if summary.unsent > 0 || summary.photos_owed > 0 {
        if let Some(file) = &args.force_into {
            saved = save_unsent(app, file)?;
            let (changes, photos) = (saved.changes.to_string(), saved.photos.to_string());
            text += &app.line(Text::SavedInto, &[&changes, &photos, &file.display().to_string()]);
            if saved.photos > 0 {
                text += &app.line(Text::PhotosBeside, &[&photos_beside(file).display().to_string()]);
            }
        } else {
            let (changes, photos) = (summary.unsent, summary.photos_owed);
            return Err(Failure::Handset(sync::handset::HandsetError::Unsent { changes, photos }));
        }
    }
    if let Ok(client) = app.client() {
        let (runtime, App { handset, clocks, .. }) = (runtime()?, &mut *app);
        // The session ends by itself where the server does not hear of it.
        let _ = runtime.block_on(client.end_session(handset, clocks));
    }
    app.handset.log_out(saved)?;
    Ok(text + &app.line(Text::LoggedOut, &[]))
}

/// Beside the file, because the file is handed in as one request, and photos are not.
fn photos_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".photos");
    PathBuf::from(name)
}

/// Each under its job and its hash; answers how many there are.
fn save_photos(app: &mut App, folder: &Path) -> Result<usize, Failure> {
    let owed: Vec<(Hash, JobId, u64)> = app.replica().photos_owed().collect();
    let mut saved = 0;
    for (sha256, job, _) in owed {
        let Some(content) = app.handset.store().find_blob(sha256)? else { continue };
        std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        let path = folder.join(format!("{job}.{sha256}"));
        write_new(&path, &content).map_err(Failure::file(&path))?;
        saved += 1;
    }
    if saved > 0 && cfg!(unix) {
        // New files are durable only when their folder is.
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Failure::file(folder))?;
    }
    Ok(saved)
}

fn save_unsent(app: &mut App, file: &Path) -> Result<Saved, Failure> {
    if file.exists() {
        return Err(Failure::File(file.to_owned(), std::io::ErrorKind::AlreadyExists.into()));
    }
    let identity = app.replica().identity().cloned().ok_or(sync::replica::ReplicaError::NotEnrolled)?;
    let unsent = app.replica().unsent_changes();
    let mut saved = Saved::default();
    let mut jobs = Vec::new();
    for (job, changes) in unsent {
        saved.changes += changes.len();
        let number = app.replica().record(job).map_or_else(|_| String::new(), |record| record.meta.number);
        jobs.push(UnsentJob { job, number, changes });
    }
    saved.photos = save_photos(app, &photos_beside(file))?;
    let unsent = UnsentFile {
        format: UNSENT_FORMAT.to_owned(),
        server: identity.server,
        device: identity.device,
        person: identity.person,
        login: identity.login,
        jobs,
        photos: Vec::new(),
    };
    let json = serde_json::to_vec_pretty(&unsent).map_err(|error| Failure::File(file.to_owned(), error.into()))?;
    write_new(file, &json).map_err(Failure::file(file))?;
    Ok(saved)
}

/// Durable before anything is let go of, and never over another file.
fn write_new(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::fs::File::create_new(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// What lies in the folder under a job and a hash; nothing where there is no such folder.
fn read_photos(folder: &Path) -> Result<Vec<(JobId, Hash, Vec<u8>)>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::File(folder.to_owned(), error)),
    };
    let mut photos = Vec::new();
    for entry in entries {
        let path = entry.map_err(Failure::file(folder))?.path();
        let named = path.file_name().and_then(|name| name.to_str()?.split_once('.'));
        let Some((Ok(job), Ok(sha256))) = named.map(|(job, sha256)| (job.parse(), sha256.parse())) else { continue };
        photos.push((job, sha256, std::fs::read(&path).map_err(Failure::file(&path))?));
    }
    Ok(photos)
}

pub fn import(app: &mut App, file: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(Failure::file(file))?;
    let unreadable = |why: String| Failure::said(Text::ImportUnreadable, &[&why]);
    let unsent: UnsentFile = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
    if unsent.format != UNSENT_FORMAT {
        return Err(unreadable(unsent.format));
    }
    let identity = app.replica().identity().ok_or(sync::replica::ReplicaError::NotEnrolled)?;
    let (device, person) = (identity.device, identity.person);
    let mut changes = 0;
    for job in unsent.jobs {
        changes += job.changes.len();
        let input = Input::Import { job: job.job, changes: job.changes };
        app.handset.handle(app.clocks.now(), app.clocks.random(), input)?;
    }
    // An earlier version put photos into the file itself.
    let within = unsent.photos.into_iter().map(|photo| (photo.job, photo.sha256, photo.content.0));
    let saved: Vec<(JobId, Hash, Vec<u8>)> = within.chain(read_photos(&photos_beside(file))?).collect();
    let photos = saved.len();
    for (job, sha256, content) in saved {
        if Hash::of(&content) != sha256 {
            return Err(unreadable(sha256.to_string()));
        }
        app.handset.store().put_blob(sha256, &content)?;
        app.remember(Entry::Photo { sha256, bytes: content.len() as u64, job })?;
    }
    let mut text = app.line(Text::Imported, &[&changes.to_string(), &photos.to_string()]);
    if person != unsent.person {
        text += &app.line(Text::ImportOthers, &[&unsent.login]);
    } else if device != unsent.device {
        text += &app.line(Text::ImportForeign, &[]);
    }
    Ok(text)
}
