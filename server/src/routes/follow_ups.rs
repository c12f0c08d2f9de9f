//! Calls back to customers (回访): the desk's list, and what came of each call.

use crate::auth::{FollowUp as MayFollowUp, May};
use crate::domain::follow_ups::{self, Search};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::routes::jobs::by;
use crate::state::State;
use actix_web::{get, post, web};
use schema::call::{CreateCall, FollowUp, FollowUpState};
use schema::id::FollowUpId;
use schema::page::Page;
use schema::problem::ProblemBody;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FollowUpsQuery {
    /// Those to be made, or those that ended. Where nothing is said, as `state` says; where that says nothing, those to be made.
    open: Option<bool>,
    /// Only those that stand so.
    state: Option<FollowUpState>,
    /// Only those that may be called by now.
    #[serde(default)]
    due: bool,
    /// The last id of the page before.
    #[param(value_type = Option<String>)]
    after: Option<FollowUpId>,
    /// 1 to 200.
    limit: Option<i64>,
}

/// Who is to be called, or was: of those to be made with `due` the most urgent first, without it by when they may be called; of those that
/// ended the last first.
#[utoipa::path(tag = "follow-ups", security(("bearer" = [])), params(FollowUpsQuery), responses(
    (status = 200, body = Page<FollowUp>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/follow-ups")]
pub async fn list_follow_ups(
    state: State,
    caller: May<MayFollowUp>,
    query: web::Query<FollowUpsQuery>,
) -> Answer<web::Json<Page<FollowUp>>> {
    let FollowUpsQuery { open, state: stands, due, after, limit } = query.into_inner();
    let is_open = open.unwrap_or(stands.is_none_or(|state| state == FollowUpState::Open));
    let search = Search { is_open, state: stands, due_now: due, after, limit };
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| follow_ups::list(conn, &caller, now, search)).await?))
}

/// Record a call. Unsatisfied opens the job again, or notes a complaint; it goes on until the customer is satisfied.
#[utoipa::path(tag = "follow-ups", security(("bearer" = [])), params(("id" = FollowUpId, Path)), request_body = CreateCall, responses(
    (status = 201, body = FollowUp),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it is over, too early, or was tried within the hour"), (status = 422, body = ProblemBody),
))]
#[post("/v1/follow-ups/{id}/calls")]
pub async fn create_call(
    state: State,
    caller: May<MayFollowUp>,
    id: web::Path<FollowUpId>,
    body: Once<CreateCall>,
) -> Answer<Done<FollowUp>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| follow_ups::call(conn, &by, *id, input)).await
}
