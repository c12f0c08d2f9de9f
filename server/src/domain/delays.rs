//! What customers say to a delay, and that they saw it: by their link, or to the desk on the phone. Nothing here tells anybody anything: the
//! product sends no messages.

use crate::db::Conn;
use crate::domain::jobs::By;
use crate::domain::records;
use schema::delay::{DelayWord, standing};
use schema::edit::Edit;
use schema::id::{EntryId, JobId, LinkId};
use schema::problem::{Kind, Problem};
use schema::record::{How, JobRecord, Reply, ReplyKind};
use schema::time::Timestamp;

/// What the customer answered the desk.
pub fn note_call(conn: &mut Conn, by: &By, job: JobId, agrees: bool, note: Option<String>) -> Result<(), Problem> {
    let stored = records::load(conn, job)?;
    let view = stored.view()?;
    // The technician may have rung meanwhile: then there is nothing left to answer.
    let Some(delay) = standing(&view).map(|standing| standing.id.clone()) else { return Ok(()) };
    let reply = Reply {
        delay,
        kind: kind(agrees),
        how: How::DeskCall,
        note,
        by: Some(by.caller.person),
        link: None,
        at: by.now,
    };
    records::write_stored(conn, by.office(), stored, None, &[Edit::Reply { id: by.entry(), reply }])?;
    Ok(())
}

const fn kind(agrees: bool) -> ReplyKind {
    if agrees { ReplyKind::Agreed } else { ReplyKind::SomeoneElse }
}

/// That the page shows a delay for the first time; None where it shows none, or somebody has said more.
pub fn first_seen(view: &JobRecord, link: LinkId, now: Timestamp) -> Option<Reply> {
    let standing = standing(view)?;
    let is_news = matches!(standing.word, DelayWord::Untold | DelayWord::Told);
    is_news.then(|| reply(standing.id.clone(), ReplyKind::Seen, link, now))
}

/// What the customer answers by their link to the delay that they were shown. None: they have said so already.
pub fn answer(
    view: &JobRecord,
    (delay, agrees): (&EntryId, bool),
    note: Option<String>,
    (link, now): (LinkId, Timestamp),
) -> Result<Option<Reply>, Problem> {
    let standing = standing(view).filter(|standing| standing.id == delay);
    let standing = standing.ok_or_else(|| {
        let (zh, en) = ("时间已有变化，请查看最新的上门时间", "The time has changed since; please look at it again");
        Problem::because(Kind::Conflict, zh, en)
    })?;
    let said = standing.reply.is_some_and(|reply| reply.kind == kind(agrees) && reply.note == note);
    Ok((!said).then(|| Reply { note, ..reply(delay.clone(), kind(agrees), link, now) }))
}

fn reply(delay: EntryId, kind: ReplyKind, link: LinkId, at: Timestamp) -> Reply {
    Reply { delay, kind, how: How::Link, note: None, by: None, link: Some(link), at }
}
