//! The backup consent: shown first, then signed in exactly those words.

use crate::app::App;
use crate::cli;
use crate::failure::Failure;
use crate::money::strokes;
use crate::sheet::short;
use crate::texts::Text;
use schema::backup::{text, text_hash};
use schema::edit::Edit;
use schema::record::{BackupConsent, How};

/// Without a name the words are shown; with one, they are signed.
pub fn backup(app: &mut App, args: &cli::Backup) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let Some((quote, of)) = record.backup_wanted() else { return Err(Failure::said(Text::NoBackupNeeded, &[])) };
    let copy = args.copy.parse().map_err(|_| Failure::said(Text::CopyUnknown, &[&args.copy]))?;
    let language = args.shown_in.map_or(app.language, cli::Lang::language);
    let words = text(&record.meta.number, of, copy, language);
    let words = words.ok_or_else(|| Failure::said(Text::NoBackupNeeded, &[]))?;
    let hash = text_hash(&words);
    let shown = format!("{words}\n{}", app.line(Text::SheetHash, &[&short(hash)]));
    let Some(name) = &args.name else { return Ok(shown) };
    let backup = BackupConsent {
        quote: quote.clone(),
        copy,
        text: words,
        text_hash: hash,
        language,
        how: How::Phone,
        name: name.clone(),
        strokes: Some(strokes(&args.pen)?),
        by: Some(app.me()?),
        link: None,
        at: app.at(),
    };
    let what = format!("{} {}", record.meta.number, app.say(Text::BackupSigned, &[name, &short(hash)]));
    let id = app.draw_entry_id();
    Ok(shown + &app.write(job, vec![Edit::Backup { id, backup }], &what)?)
}
