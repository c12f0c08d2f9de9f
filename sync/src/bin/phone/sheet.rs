//! The service sheet, and the customer's signature under exactly what it showed.

use crate::app::App;
use crate::cli;
use crate::failure::Failure;
use crate::money::strokes;
use crate::texts::Text;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::record::{How, JobRecord, Rating, SignOff, SignOffKind};

fn sheet_of(app: &App, record: &JobRecord) -> Result<schema::sheet::Sheet, Failure> {
    Ok(schema::sheet::sheet(record, &app.template(record)?))
}

/// What the customer sees, with the hash that the signature names.
pub fn show(app: &App, job: &str) -> Result<String, Failure> {
    let (_, record) = app.job(job)?;
    let sheet = sheet_of(app, &record)?;
    Ok(sheet.to_text(app.language, app.zone) + "\n" + &app.line(Text::SheetHash, &[&sheet.hash().to_string()]))
}

pub fn sign(app: &mut App, args: &cli::Sign) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let sheet_hash = sheet_of(app, &record)?.hash();
    check_shown(args.sheet.as_deref(), sheet_hash)?;
    let kind = if args.declined.is_some() { SignOffKind::Declined } else { SignOffKind::Signed };
    let rated = args.quality.is_some() || args.attitude.is_some();
    let sign_off = SignOff {
        kind,
        how: How::Phone,
        name: args.name.clone(),
        reason: args.declined.clone(),
        strokes: if kind == SignOffKind::Signed { Some(strokes(&args.pen)?) } else { None },
        rating: rated.then_some(Rating { quality: args.quality, attitude: args.attitude }),
        remarks: args.remarks.clone(),
        covers: app.replica().held(job)?.record.heads(),
        sheet_hash,
        by: Some(app.me()?),
        link: None,
        at: app.at(),
    };
    let what = match &args.declined {
        Some(reason) => app.say(Text::Declined, &[&args.name, reason, ""]),
        None => app.say(Text::Signed, &[&args.name, &short(sheet_hash)]),
    };
    let what = format!("{} {}", record.meta.number, what.trim_end());
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::SignOff { id, sign_off }], &what)
}

/// The sheet must be the one that the customer saw, where the caller says which one that was.
fn check_shown(shown: Option<&str>, now: Hash) -> Result<(), Failure> {
    let same = shown.is_none_or(|shown| now.to_string().starts_with(&shown.to_ascii_lowercase()));
    if same { Ok(()) } else { Err(Failure::said(Text::SheetChanged, &[&short(now)])) }
}

/// As much of a hash as people compare.
pub fn short(hash: Hash) -> String {
    hash.to_string().chars().take(12).collect()
}
