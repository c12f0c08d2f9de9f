//! The stream that says "something is new": it carries no content, so a notice that is lost loses nothing.

use crate::auth::Caller;
use crate::db::feed::find_end;
use crate::feed::Notice;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use futures_util::stream::poll_fn;
use schema::people::Permission;
use schema::problem::{Problem, ProblemBody};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Notices that a slow reader may lag behind; then the stream ends, and the reader comes back.
const BACKLOG: usize = 64;

/// Server-sent events. `cursor` (data: the new `seq`): this person's feed moved, sync now. `job` (data: the job's id): a job of
/// one's outlets changed, for boards. `desk` (data: the outlet's id): a report, a question or a promise did. `lagged`: notices were missed, look at everything.
#[utoipa::path(
    tag = "sync",
    security(("bearer" = [])),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
    )
)]
#[get("/v1/feed")]
pub async fn stream_feed(state: State, caller: Caller) -> Answer<HttpResponse> {
    let (sender, mut receiver) = mpsc::channel::<Result<web::Bytes, Infallible>>(BACKLOG);
    // Listening first: what comes between is heard twice rather than never.
    let notices = state.feed.listen();
    let told = if state.feed.is_shared() { end_of(&state, &caller).await? } else { 0 };
    let mut stream = Stream { state, caller, notices, told };
    actix_web::rt::spawn(async move {
        // Sent at once, so that the client knows that the stream stands.
        let mut text = Some("retry: 2000\n\n".to_owned());
        loop {
            if let Some(text) = text.take()
                && sender.try_send(Ok(web::Bytes::from(text))).is_err()
            {
                return;
            }
            match stream.next().await {
                Some(next) => text = next,
                None => return,
            }
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(poll_fn(move |context| receiver.poll_recv(context))))
}

/// Where this person's feed ends.
async fn end_of(state: &State, caller: &Caller) -> Result<i64, Problem> {
    let person = caller.person;
    let end = state.db.read(move |conn| Ok(find_end(conn, person)?)).await?;
    Ok(end.map_or(0, |end| end.seq))
}

/// One open stream.
struct Stream {
    state: State,
    caller: Caller,
    notices: broadcast::Receiver<Notice>,
    /// The end of the person's feed that they know of.
    told: i64,
}

impl Stream {
    /// What to say next, if anything; None where the stream ends.
    async fn next(&mut self) -> Option<Option<String>> {
        let pause = Duration::from_secs(self.state.config.stream_pause_s.max(1));
        match timeout(pause, self.notices.recv()).await {
            Err(_) => Some(Some(self.look().await)),
            Ok(Err(RecvError::Lagged(_)) | Ok(Notice::Look)) => Some(Some("event: lagged\ndata: \n\n".to_owned())),
            Ok(Err(RecvError::Closed) | Ok(Notice::Stop)) => None,
            Ok(Ok(notice)) => Some(self.event(notice)),
        }
    }

    /// It was quiet. A comment keeps the connection alive on its way through proxies; but a notice of another server may have been
    /// lost.
    async fn look(&mut self) -> String {
        let quiet = ": still here\n\n".to_owned();
        if !self.state.feed.is_shared() {
            return quiet;
        }
        match end_of(&self.state, &self.caller).await {
            Ok(end) if end > self.told => {
                self.told = end;
                cursor(end)
            }
            // The database is away: the next look finds it.
            Ok(_) | Err(_) => quiet,
        }
    }

    /// The notice as this caller may hear it.
    fn event(&mut self, notice: Notice) -> Option<String> {
        let caller = &self.caller;
        match notice {
            Notice::Person(person, seq) if person == caller.person => {
                self.told = self.told.max(seq);
                Some(cursor(seq))
            }
            Notice::Job(outlet, job)
                if caller.role.may(Permission::ReadJobs) && caller.require_outlet(outlet).is_ok() =>
            {
                Some(format!("event: job\ndata: {job}\n\n"))
            }
            Notice::Desk(outlet) if caller.role.may(Permission::ReadJobs) && caller.require_outlet(outlet).is_ok() => {
                Some(format!("event: desk\ndata: {outlet}\n\n"))
            }
            Notice::Person(..) | Notice::Job(..) | Notice::Desk(..) | Notice::Work | Notice::Look | Notice::Stop => {
                None
            }
        }
    }
}

fn cursor(seq: i64) -> String {
    format!("event: cursor\ndata: {seq}\n\n")
}
