//! Photos, readings, what was found and what was done.

use crate::app::{App, entry_of};
use crate::cli;
use crate::failure::Failure;
use crate::money::{quantity_milli, record_name};
use crate::texts::Text;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::limits::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX};
use schema::record::{Part, Photo, Reading};
use std::path::Path;
use sync::store::{Entry, Store as _};

/// The picture is durable before the record names it.
pub fn photo(app: &mut App, job: &str, step: &str, file: &Path) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let (step, place) = app.note_place(&record, step)?;
    let bytes = std::fs::read(file).map_err(Failure::file(file))?;
    let no_picture = || Failure::said(Text::NoPicture, &[&file.display().to_string()]);
    let size = imagesize::blob_size(&bytes).map_err(|_| no_picture())?;
    require_fitting(bytes.len(), (size.width, size.height))?;
    let pixels = |side: usize| i64::try_from(side).map_err(|_| no_picture());
    let photo = Photo {
        step,
        bytes: pixels(bytes.len())?,
        width: pixels(size.width)?,
        height: pixels(size.height)?,
        by: app.me()?,
        at: app.at(),
    };
    let sha256 = Hash::of(&bytes);
    app.handset.store().put_blob(sha256, &bytes)?;
    if record.photos.contains_key(&sha256.to_string()) {
        // The server, or this phone, has lost it since.
        app.remember(Entry::Photo { sha256, bytes: bytes.len() as u64, job })?;
        return Ok(app.line(Text::PhotoAgain, &[&record.meta.number]));
    }
    let what = format!("{} {} {}×{}", record.meta.number, place.get(app.language), size.width, size.height);
    let written = app.write(job, vec![Edit::Photo { sha256, photo }], &what);
    let is_named = app.replica().photos_owed().any(|(owed, ..)| owed == sha256);
    if written.is_err() && !is_named {
        // No record leads to it: why it was not taken says more than that it could not be removed.
        drop(app.handset.store().delete_blob(sha256));
    }
    written
}

/// What no server takes is told before the record names it: afterwards it would be missed for good.
fn require_fitting(bytes: usize, (width, height): (usize, usize)) -> Result<(), Failure> {
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    if wide(bytes) > PHOTO_BYTES_MAX {
        let (is, most) = (bytes.div_ceil(1 << 20).to_string(), (PHOTO_BYTES_MAX >> 20).to_string());
        return Err(Failure::said(Text::PhotoTooLarge, &[&is, &most]));
    }
    let pixels = wide(width).saturating_mul(wide(height));
    if pixels > PHOTO_PIXELS_MAX || wide(width.max(height)) > u64::from(PHOTO_SIDE_MAX) {
        return Err(Failure::said(Text::PhotoTooManyPixels, &[&width.to_string(), &height.to_string()]));
    }
    Ok(())
}

pub fn reading(app: &mut App, args: &cli::Reading) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let step = app.step(&record, &args.step)?;
    let asked = step.evidence.iter().find(|evidence| evidence.name == args.name);
    let unit = args.unit.clone().or_else(|| asked?.unit.clone()).unwrap_or_default();
    let label = asked.map_or(args.name.as_str(), |evidence| evidence.label.get(app.language));
    let what = format!("{} {label} {} {unit}", record.meta.number, args.value);
    let (name, value) = (args.name.clone(), args.value.clone());
    let reading = Reading { step: step.id.clone(), name, value, unit, by: app.me()?, at: app.at() };
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Reading { id, reading }], what.trim_end())
}

pub fn cause(app: &mut App, job: &str, text: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let what = format!("{} {text}", record.meta.number);
    app.write(job, vec![Edit::Cause { text }], &what)
}

pub fn measures(app: &mut App, job: &str, text: String) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let what = format!("{} {text}", record.meta.number);
    app.write(job, vec![Edit::Measures { text }], &what)
}

pub fn part(app: &mut App, args: &cli::Part) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let at = app.at();
    let listed = app.replica().price_list().and_then(|list| list.item(&args.code, at));
    let listed = listed.map(|item| record_name(&item.name));
    let name = args.name.clone().or(listed);
    let name = name.ok_or_else(|| Failure::said(Text::PartNameMissing, &[&args.code]))?;
    let undoes = args.undo.as_deref().map(|id| entry_of(record.parts.iter(), id)).transpose()?;
    let what = format!("{} {name} ×{}", record.meta.number, args.quantity);
    let part = Part {
        code: args.code.clone(),
        name,
        quantity_milli: quantity_milli(&args.quantity)?,
        serial: args.serial.clone(),
        old_part: args.old,
        by: app.me()?,
        at,
        undoes,
    };
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Part { id, part }], &what)
}
