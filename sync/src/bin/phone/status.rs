//! Where the phone stands.

use crate::app::App;
use crate::texts::Text;
use schema::id::JobId;
use schema::photo::PhotoRefusal;
use schema::time::SECOND;
use std::collections::BTreeMap;
use sync::replica::Wholeness;

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
    text += &owed(app);
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

/// By job: how many photos lie here that the server has not receipted, and how much they are.
fn owed(app: &App) -> String {
    let mut jobs: BTreeMap<JobId, (usize, u64)> = BTreeMap::new();
    for (_, job, bytes) in app.replica().photos_owed() {
        let (count, sum) = jobs.entry(job).or_default();
        *count += 1;
        *sum = sum.saturating_add(bytes);
    }
    let line = |(job, (count, bytes)): (JobId, (usize, u64))| {
        let number = app.replica().record(job).map_or_else(|_| job.to_string(), |record| record.meta.number);
        app.line(Text::OwedOf, &[&number, &count.to_string(), &bytes.div_ceil(1_000).to_string()])
    };
    let text: String = jobs.into_iter().map(line).chain(refused(app)).collect();
    match app.replica().photos_missed().count() {
        0 => text,
        missed => text + &app.line(Text::Missed, &[&missed.to_string()]),
    }
}

/// What the server does not take, and why.
fn refused(app: &App) -> impl Iterator<Item = String> {
    app.replica().photos_refused().map(|photo| {
        let number =
            app.replica().record(photo.job).map_or_else(|_| photo.job.to_string(), |record| record.meta.number);
        let why = match photo.why {
            PhotoRefusal::TooLarge => Text::PhotoIsTooLarge,
            PhotoRefusal::TooManyPixels => Text::PhotoHasTooManyPixels,
            PhotoRefusal::JobIsFull => Text::JobIsFull,
        };
        app.line(Text::RefusedPhoto, &[&number, &photo.bytes.div_ceil(1_000).to_string(), &app.say(why, &[])])
    })
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
