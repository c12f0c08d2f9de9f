//! Reports: taking them, completing them, and what becomes of them.

use crate::auth::{May, TakeReport};
use crate::db::Conn;
use crate::domain::reports::{self, Desk, Draw, Search};
use crate::idempotency::{Done, Once};
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::http::StatusCode;
use actix_web::{get, patch, post, web};
use schema::fault::{FAULT_CLASSES, FaultClass, FaultClassText};
use schema::id::{CustomerId, PersonId, ReportId};
use schema::page::Page;
use schema::problem::{Problem, ProblemBody};
use schema::report::{
    AnswerReport, CreateReport, CustomerReport, DecideRepeat, HandOverReport, PatchReport, ReportClass, ReportState,
};
use serde::Deserialize;

fn draw() -> Draw {
    Draw { report: random(), job: random(), owner: random(), entry: random() }
}

/// Takes a report, whole or incomplete. A repair opens a job; `repeats` names earlier reports that it may repeat.
#[utoipa::path(tag = "desk", security(("bearer" = [])), request_body = CreateReport, responses(
    (status = 201, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[post("/v1/reports")]
pub async fn create_report(
    state: State,
    caller: May<TakeReport>,
    body: Once<CreateReport>,
) -> Answer<Done<CustomerReport>> {
    let (who, now, draw) = (caller.clone(), state.now(), draw());
    body.create(&state, &caller, move |conn, input| reports::create(conn, Desk { caller: &who, now, draw }, input))
        .await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    state: Option<ReportState>,
    class: Option<ReportClass>,
    /// Who has it in hand.
    owner: Option<PersonId>,
    customer: Option<CustomerId>,
    /// Part of the caller's phone number.
    phone: Option<String>,
    /// Part of its number, a name, an address, a fault or a product.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<ReportId>,
    /// Rows of a page.
    limit: Option<i64>,
}

/// Reports of the caller's outlet, newest first; a technician sees those they took or have in hand. Phone numbers are masked.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(ReportQuery), responses(
    (status = 200, body = Page<CustomerReport>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
))]
#[get("/v1/reports")]
pub async fn list_reports(
    state: State,
    caller: May<TakeReport>,
    query: web::Query<ReportQuery>,
) -> Answer<web::Json<Page<CustomerReport>>> {
    let ReportQuery { state: is, class, owner, customer, phone, q, after, limit } = query.into_inner();
    let search = Search { state: is, class, owner, customer, phone, text: q, after, limit };
    Ok(web::Json(state.db.read(move |conn| reports::list(conn, &caller, &search)).await?))
}

/// One report. The phone number is shown to those who need it, and the look is logged.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)), responses(
    (status = 200, body = CustomerReport), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[get("/v1/reports/{id}")]
pub async fn get_report(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
) -> Answer<web::Json<CustomerReport>> {
    let (id, now) = (id.into_inner(), state.now());
    Ok(web::Json(state.db.write(move |conn| reports::find(conn, &caller, now, id)).await?))
}

/// Completes or corrects a report; the job's record gets the same fields. `null` clears a field.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)),
    request_body = PatchReport, responses(
    (status = 200, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[patch("/v1/reports/{id}")]
pub async fn update_report(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Json<PatchReport>,
) -> Answer<web::Json<CustomerReport>> {
    let (id, now, draw) = (id.into_inner(), state.now(), draw());
    let command = move |conn: &mut Conn| reports::patch(conn, Desk { caller: &caller, now, draw }, id, &body);
    Ok(web::Json(state.db.write(command).await?))
}

/// Runs what is done to one report, once.
async fn act<T: Send + 'static>(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Once<T>,
    command: fn(&mut Conn, Desk<'_>, ReportId, &T) -> Result<CustomerReport, Problem>,
) -> Answer<Done<CustomerReport>> {
    let (who, id, now, draw) = (caller.clone(), id.into_inner(), state.now(), draw());
    let command = move |conn: &mut Conn, input: &T| command(conn, Desk { caller: &who, now, draw }, id, input);
    body.run(StatusCode::OK, &state, &caller, command).await
}

/// The agent's verdict: the same fault as an earlier report, or a new one. The same joins the earlier job while that is open, and cancels
/// the report's own; where its technician has set out, they are called first (`conflict`). A verdict is changed with a reason; the job's
/// notes keep the earlier one.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)),
    request_body = DecideRepeat, responses(
    (status = 200, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/reports/{id}/repeat")]
pub async fn decide_repeat(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Once<DecideRepeat>,
) -> Answer<Done<CustomerReport>> {
    act(state, caller, id, body, reports::decide_repeat).await
}

/// Solved by phone: the job ends without a visit, and the customer is called two hours later to see that it holds.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)),
    request_body = AnswerReport, responses(
    (status = 200, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`conflict`: it has no job; `job_closed`"),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/reports/{id}/solve-remotely")]
pub async fn solve_report_remotely(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Once<AnswerReport>,
) -> Answer<Done<CustomerReport>> {
    act(state, caller, id, body, reports::solve_remotely).await
}

/// Answers a report that needs no visit, and closes it.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)),
    request_body = AnswerReport, responses(
    (status = 200, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
    (status = 422, body = ProblemBody),
))]
#[post("/v1/reports/{id}/answer")]
pub async fn answer_report(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Once<AnswerReport>,
) -> Answer<Done<CustomerReport>> {
    act(state, caller, id, body, reports::answer).await
}

/// Hands a report over to a named person, who keeps it until another named person takes it over.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path)),
    request_body = HandOverReport, responses(
    (status = 200, body = CustomerReport),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[post("/v1/reports/{id}/owner")]
pub async fn hand_over_report(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    body: Once<HandOverReport>,
) -> Answer<Done<CustomerReport>> {
    act(state, caller, id, body, |conn, desk, id, input| reports::hand_over(conn, desk, id, *input)).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JobQuery {
    /// The job's checklist, by id; that of a home repair where nothing is said.
    template: Option<String>,
}

/// Opens a job for a report that has none: a question that turns out to need a visit. Asked twice it is refused.
#[utoipa::path(tag = "desk", security(("bearer" = [])), params(("id" = ReportId, Path), JobQuery), responses(
    (status = 201, body = CustomerReport), (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "there is no such checklist"),
))]
#[post("/v1/reports/{id}/job")]
pub async fn open_report_job(
    state: State,
    caller: May<TakeReport>,
    id: web::Path<ReportId>,
    query: web::Query<JobQuery>,
) -> Answer<(web::Json<CustomerReport>, StatusCode)> {
    let (id, now, draw, template) = (id.into_inner(), state.now(), draw(), query.into_inner().template);
    let command =
        move |conn: &mut Conn| reports::open_job(conn, Desk { caller: &caller, now, draw }, id, template.as_deref());
    Ok((web::Json(state.db.write(command).await?), StatusCode::CREATED))
}

/// Classes of fault, urgent ones first, with the urgency and the skill that each implies.
#[utoipa::path(tag = "desk", security(("bearer" = [])), responses(
    (status = 200, body = Vec<FaultClassText>), (status = 401, body = ProblemBody),
))]
#[get("/v1/fault-classes")]
pub async fn list_fault_classes(_caller: May<TakeReport>) -> Answer<web::Json<Vec<FaultClassText>>> {
    Ok(web::Json(FAULT_CLASSES.iter().map(FaultClass::text).collect()))
}
