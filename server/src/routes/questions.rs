//! Questions that the desk passes upward.

use crate::auth::{AnswerQuestions, Caller, May, ReadJobs, TakeReport};
use crate::domain::questions::{self, Search};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
use schema::id::{QuestionId, ReportId};
use schema::page::Page;
use schema::problem::ProblemBody;
use schema::question::{AnswerQuestion, CreateQuestion, Question};
use serde::Deserialize;

/// Passes what the desk can't answer to the desk supervisor: the customer hears within five minutes (a setting of the outlet). The
/// report stays with whoever has it in hand.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("report" = ReportId, Path)),
    request_body = CreateQuestion, responses(
    (status = 201, body = Question),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "the report is closed"), (status = 422, body = ProblemBody),
))]
#[post("/v1/reports/{report}/questions")]
pub async fn create_question(
    state: State,
    caller: May<TakeReport>,
    report: web::Path<ReportId>,
    body: Once<CreateQuestion>,
) -> Answer<Done<Question>> {
    let now = state.now();
    let (new, report, who) = ((QuestionId::new(now, random()), now), report.into_inner(), caller.clone());
    body.create(&state, &caller, move |conn, input| questions::create(conn, &who, new, report, input)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QuestionQuery {
    /// The customer has not been told yet, or has.
    open: Option<bool>,
    /// The supervisor has answered, or not.
    answered: Option<bool>,
    /// `next` of the page before.
    after: Option<QuestionId>,
    /// Rows of a page.
    limit: Option<i64>,
}

impl From<QuestionQuery> for Search {
    fn from(query: QuestionQuery) -> Self {
        Self { is_open: query.open, is_answered: query.answered, after: query.after, limit: query.limit }
    }
}

/// Questions of one report, for whoever has it in hand, and the office; in the order of all questions.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("report" = ReportId, Path), QuestionQuery), responses(
    (status = 200, body = Page<Question>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/reports/{report}/questions")]
pub async fn list_report_questions(
    state: State,
    caller: Caller,
    report: web::Path<ReportId>,
    query: web::Query<QuestionQuery>,
) -> Answer<web::Json<Page<Question>>> {
    let (search, report, now) = (query.into_inner().into(), report.into_inner(), state.now());
    Ok(web::Json(state.db.read(move |conn| questions::list_of_report(conn, &caller, now, report, search)).await?))
}

/// Questions of the caller's outlet: where only open ones are asked for the first due first, where only others the last told first, else in
/// the order in which they were asked.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(QuestionQuery), responses(
    (status = 200, body = Page<Question>),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/questions")]
pub async fn list_questions(
    state: State,
    caller: May<ReadJobs>,
    query: web::Query<QuestionQuery>,
) -> Answer<web::Json<Page<Question>>> {
    let (search, now) = (query.into_inner().into(), state.now());
    Ok(web::Json(state.db.read(move |conn| questions::list(conn, &caller, now, search)).await?))
}

/// The supervisor's word. The clock runs on until the customer was told.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = QuestionId, Path)),
    request_body = AnswerQuestion, responses(
    (status = 200, body = Question),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "it has another answer already"), (status = 422, body = ProblemBody),
))]
#[post("/v1/questions/{id}/answer")]
pub async fn answer_question(
    state: State,
    caller: May<AnswerQuestions>,
    id: web::Path<QuestionId>,
    body: Once<AnswerQuestion>,
) -> Answer<Done<Question>> {
    let (id, now, who) = (id.into_inner(), state.now(), caller.clone());
    body.run(StatusCode::OK, &state, &caller, move |conn, input| questions::answer(conn, &who, now, id, input)).await
}

/// The customer was told. Asked again, the first telling stands; to answer the report tells them too.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = QuestionId, Path)), responses(
    (status = 200, body = Question),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "nobody has answered yet"),
))]
#[post("/v1/questions/{id}/told")]
pub async fn tell_answer(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<QuestionId>,
) -> Answer<web::Json<Question>> {
    let (id, now) = (id.into_inner(), state.now());
    Ok(web::Json(state.db.write(move |conn| questions::tell(conn, &caller, now, id)).await?))
}
