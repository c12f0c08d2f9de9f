//! The stream that says "something is new": it carries no content, so a notice that is lost loses nothing.

use crate::auth::token::Bearer;
use crate::auth::{Caller, TokenHolder, admit};
use crate::feed::Notice;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use futures_util::stream::poll_fn;
use schema::people::Permission;
use schema::problem::{Kind, Problem, ProblemBody};
use std::convert::Infallible;
use std::time::{Duration, Instant};
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
pub async fn stream_feed(state: State, holder: TokenHolder) -> Answer<HttpResponse> {
    let TokenHolder(bearer) = holder;
    let (sender, mut receiver) = mpsc::channel::<Result<web::Bytes, Infallible>>(BACKLOG);
    // Listening first: what comes between is heard twice rather than never.
    let notices = state.feed.listen();
    let (caller, told) = admitted(&state, bearer).await?;
    let mut stream = Stream { look_at: next_look(&state), state, bearer, caller, notices, told };
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

/// Who listens, if they are still let in, and where their feed ends.
async fn admitted(state: &State, bearer: Bearer) -> Result<(Caller, i64), Problem> {
    let admitted = state.db.read(move |conn| admit(conn, bearer)).await?;
    let end = admitted.feed.seq;
    Ok((admitted.unless_revoked()?, end))
}

fn next_look(state: &State) -> Instant {
    Instant::now() + Duration::from_secs(state.config.stream_pause_s.max(1))
}

/// One open stream.
struct Stream {
    state: State,
    bearer: Bearer,
    caller: Caller,
    notices: broadcast::Receiver<Notice>,
    /// The end of the person's feed that they know of.
    told: i64,
    /// When to look next, however much there is to hear until then.
    look_at: Instant,
}

impl Stream {
    /// What to say next, if anything; None where the stream ends.
    async fn next(&mut self) -> Option<Option<String>> {
        let Some(left) = self.look_at.checked_duration_since(Instant::now()) else { return self.look().await };
        match timeout(left, self.notices.recv()).await {
            Err(_) => self.look().await,
            Ok(Ok(Notice::Access(person))) if person == self.caller.person => self.look().await,
            // Among what was missed may be that they are not let in any more.
            Ok(Err(RecvError::Lagged(_)) | Ok(Notice::Look)) => {
                self.look().await.map(|_| Some("event: lagged\ndata: \n\n".to_owned()))
            }
            Ok(Err(RecvError::Closed) | Ok(Notice::Stop)) => None,
            Ok(Ok(notice)) => Some(self.event(notice)),
        }
    }

    /// Ends the stream of whom nobody would let in now. A comment keeps the connection of the others alive on its way through
    /// proxies; but a notice of another server may have been lost.
    async fn look(&mut self) -> Option<Option<String>> {
        self.look_at = next_look(&self.state);
        let quiet = Some(": still here\n\n".to_owned());
        match admitted(&self.state, self.bearer).await {
            Ok((caller, end)) => {
                let is_new = end > self.told;
                (self.caller, self.told) = (caller, end.max(self.told));
                Some(if is_new { Some(cursor(end)) } else { quiet })
            }
            Err(problem) if matches!(problem.kind, Kind::SessionEnded | Kind::DeviceRevoked) => None,
            // The database is away: the next look finds it.
            Err(_) => Some(quiet),
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
            Notice::Person(..)
            | Notice::Job(..)
            | Notice::Desk(..)
            | Notice::Access(_)
            | Notice::Told(_)
            | Notice::Work
            | Notice::Look
            | Notice::Stop => None,
        }
    }
}

fn cursor(seq: i64) -> String {
    format!("event: cursor\ndata: {seq}\n\n")
}
