//! Delays that a technician phones in to the office, what customers say to a delay, and that they saw it: by their link, or to the desk on the
//! phone. Nothing here tells anybody anything: the product sends no messages.

use crate::db::Conn;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::records;
use schema::delay::{DelayWord, standing};
use schema::dispatch::AnnounceDelay;
use schema::edit::Edit;
use schema::id::{EntryId, JobId, LinkId};
use schema::job::JobState;
use schema::problem::{Kind, Problem};
use schema::record::{Delay, How, JobRecord, Reply, ReplyKind};
use schema::time::{DAY, Timestamp};
use sync::record::lay;

/// Whoever comes later than this does not come late but another time, which is a new appointment.
const LATE_US_MAX: i64 = DAY;

/// The technician said on the phone that they will be late. The same entry that their own phone writes, under the name of who took the call.
pub fn announce(conn: &mut Conn, by: &By, job: JobId, input: &AnnounceDelay) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        jobs::require_open(view)?;
        let mut form = Form::default();
        let reason = form.optional_note("/reason", input.reason.as_deref());
        if !(1..=LATE_US_MAX).contains(&input.arrives_at.since(by.now)) {
            let (zh, en) = (
                "预计到达时间须在此后24小时以内；更晚请改约",
                "it is within the next 24 hours; later than that, agree on a new time",
            );
            form.wrong("/arrives_at", zh, en);
        }
        form.finish()?;
        let delay = Delay { arrives_at: input.arrives_at, reason, by: by.caller.person, at: by.now };
        let edit = Edit::Delay { id: by.entry(), delay };
        let mut told = view.clone();
        lay(&mut told, edit.clone());
        if standing(&told).is_none_or(|standing| *standing.id != by.entry()) {
            let (zh, en) = (
                "没有工程师在等待上门，不能登记晚到",
                "Nobody is on their way to this customer, so nobody can be late",
            );
            return Err(Problem::because(Kind::Conflict, zh, en));
        }
        Ok(vec![edit])
    })
}

/// What the customer answered the desk.
pub fn note_call(conn: &mut Conn, by: &By, job: JobId, agrees: bool, note: Option<String>) -> Result<(), Problem> {
    let stored = records::load_to_write(conn, job)?;
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

/// That the customer sees this delay for the first time; None where it stands no more, or somebody has said as much.
pub fn first_seen(view: &JobRecord, delay: &EntryId, (link, now): (LinkId, Timestamp)) -> Option<Reply> {
    let standing = standing(view).filter(|standing| standing.id == delay)?;
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
