//! Escalations: clocks that somebody has to hear of, and take over.

use crate::auth::{May, ReadJobs, TakeEscalations};
use crate::domain::escalations::{self, Search};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::escalation::{Escalation, TakeEscalation};
use schema::id::{EscalationId, JobId};
use schema::page::Page;
use schema::problem::ProblemBody;
use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EscalationQuery {
    /// Only those that are open, or only those that have ended.
    open: Option<bool>,
    /// In the caller's hands, or in nobody's and asked of their role: what is meant for a role that nobody has is asked of the next.
    #[serde(default)]
    mine: bool,
    /// Only those of this job.
    #[param(value_type = Option<String>)]
    job: Option<JobId>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<EscalationId>,
    /// 1 to 200.
    limit: Option<i64>,
}

impl From<EscalationQuery> for Search {
    fn from(query: EscalationQuery) -> Self {
        let EscalationQuery { open, mine, job, after, limit } = query;
        Self { is_open: open, mine, job, after, limit }
    }
}

/// Clocks of the caller's outlets that somebody has to hear of, or had to: where only open ones are asked for the first due first, where only
/// those that have ended the last first, else the newest first.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(EscalationQuery), responses(
    (status = 200, body = Page<Escalation>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/escalations")]
pub async fn list_escalations(
    state: State,
    caller: May<ReadJobs>,
    query: web::Query<EscalationQuery>,
) -> Answer<web::Json<Page<Escalation>>> {
    let search = query.into_inner().into();
    Ok(web::Json(state.db.read(move |conn| escalations::list(conn, &caller, search)).await?))
}

/// Take one over, with what is done about it. Whoever had it in hand until now stays on record.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = EscalationId, Path)),
    request_body = TakeEscalation, responses(
    (status = 200, body = Escalation),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it is over, or somebody else has taken it meanwhile"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/escalations/{id}/take")]
pub async fn take_escalation(
    state: State,
    caller: May<TakeEscalations>,
    id: web::Path<EscalationId>,
    body: Once<TakeEscalation>,
) -> Answer<Done<Escalation>> {
    let (id, now, who) = (id.into_inner(), state.now(), caller.clone());
    body.run(StatusCode::OK, &state, &caller, move |conn, input| escalations::take(conn, &who, now, id, input)).await
}
