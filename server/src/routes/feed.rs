//! The stream that says "something is new": it carries no content, so a notice that is lost loses nothing.

use crate::auth::Caller;
use crate::feed::Notice;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use futures_util::stream::poll_fn;
use schema::people::Permission;
use schema::problem::ProblemBody;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

/// A comment is sent after so long without news, so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// Notices that a slow reader may lag behind; then the stream ends, and the reader comes back.
const BACKLOG: usize = 64;

/// Server-sent events. `cursor` (data: the new `seq`): this person's feed moved, sync now. `job` (data: the job's id): a job of
/// one's outlets changed, for boards. `lagged`: notices were missed, look at everything.
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
    let mut notices = state.feed.listen();
    actix_web::rt::spawn(async move {
        // Sent at once, so that the client knows that the stream stands.
        let mut text = Some("retry: 2000\n\n".to_owned());
        loop {
            if let Some(text) = text.take()
                && sender.try_send(Ok(web::Bytes::from(text))).is_err()
            {
                return;
            }
            text = match tokio::time::timeout(KEEP_ALIVE, notices.recv()).await {
                Err(_) => Some(": still here\n\n".to_owned()),
                Ok(Err(RecvError::Lagged(_))) => Some("event: lagged\ndata: \n\n".to_owned()),
                Ok(Err(RecvError::Closed)) | Ok(Ok(Notice::Stop)) => return,
                Ok(Ok(notice)) => event(&caller, notice),
            };
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(poll_fn(move |context| receiver.poll_recv(context))))
}

/// The notice as this caller may hear it.
fn event(caller: &Caller, notice: Notice) -> Option<String> {
    match notice {
        Notice::Person(person, seq) if person == caller.person => Some(format!("event: cursor\ndata: {seq}\n\n")),
        Notice::Job(outlet, job) if caller.role.may(Permission::ReadJobs) && caller.require_outlet(outlet).is_ok() => {
            Some(format!("event: job\ndata: {job}\n\n"))
        }
        Notice::Person(..) | Notice::Job(..) | Notice::Work | Notice::Stop => None,
    }
}
