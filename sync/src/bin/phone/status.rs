//! Where the phone stands, and what the server did not take over.

use crate::app::App;
use crate::failure::Failure;
use crate::texts::Text;
use schema::people::Language;
use schema::time::SECOND;
use std::fmt::Write as _;
use sync::replica::Wholeness;
use sync::store::Entry;

/// Clocks nearer than this count as right.
const CLOCK_TOLERANCE_S: i64 = 5;

pub fn status(app: &App) -> String {
    let (replica, summary) = (app.replica(), app.replica().summary());
    let mut text = match replica.identity() {
        None => return app.line(Text::NotEnrolled, &[]),
        Some(identity) => app.line(Text::Who, &[&identity.name, &identity.login, &identity.server]),
    };
    if replica.session().is_none() {
        text += &app.line(Text::NoSession, &[]);
    }
    text += &app.line(Text::JobsHere, &[&summary.jobs.to_string()]);
    let here = replica.jobs().filter(|held| held.gone.is_none());
    let incomplete = here.filter(|held| replica.wholeness(held) == Wholeness::Incomplete).count();
    if incomplete > 0 {
        text += &app.line(Text::JobsIncomplete, &[&incomplete.to_string()]);
    }
    if replica.is_loading() {
        text += &app.line(Text::Loading, &[]);
    }
    text += &app.line(Text::Unsent, &[&summary.unsent.to_string(), &summary.unsent_jobs.to_string()]);
    text += &app.line(Text::Owed, &[&summary.photos_owed.to_string()]);
    text += &app.line(Text::UnreadNotices, &[&summary.notices_unread.to_string()]);
    text += &contact(app);
    if !replica.receipts().is_empty() {
        text += &app.line(Text::Receipts, &[&replica.receipts().len().to_string()]);
    }
    if let Some(list) = replica.price_list() {
        text += &app.line(Text::PriceListVersion, &[&list.version.to_string()]);
    }
    text
}

fn contact(app: &App) -> String {
    let Some(contact) = app.replica().summary().contact else { return app.line(Text::NeverContact, &[]) };
    let ahead_s = contact.phone_at.since(contact.server_at) / SECOND;
    let clock = match ahead_s {
        s if s > CLOCK_TOLERANCE_S => app.say(Text::ClockAhead, &[&s.to_string()]),
        s if s < -CLOCK_TOLERANCE_S => app.say(Text::ClockBehind, &[&(-s).to_string()]),
        _ => app.say(Text::ClockRight, &[]),
    };
    app.line(Text::LastContact, &[&app.time(contact.server_at), &clock])
}

pub fn notices(app: &mut App, read: bool) -> Result<String, Failure> {
    let notices = app.replica().notices().to_vec();
    if notices.is_empty() {
        return Ok(app.line(Text::NoNotices, &[]));
    }
    let mut text = String::new();
    for notice in &notices {
        let refused = &notice.refused;
        let job = app.replica().record(refused.job).map_or_else(|_| refused.job.to_string(), |r| r.meta.number);
        let why = if app.language == Language::Chinese { &refused.zh } else { &refused.en };
        let seen = if notice.read { app.say(Text::Read, &[]) } else { String::new() };
        let _ = writeln!(text, "{job}  {}  {}{seen}", app.time(notice.at), app.say(Text::Refused, &[why]));
        for write in &notice.writes {
            let empty = || app.say(Text::Unplaced, &[]);
            let _ = writeln!(text, "  {}: {}", write.path.join("/"), write.value.clone().unwrap_or_else(empty));
        }
    }
    if read {
        for notice in notices.iter().filter(|notice| !notice.read) {
            app.remember(Entry::NoticeRead { change: notice.refused.change })?;
        }
    }
    Ok(text)
}
