//! Jobs: lists, the whole of one, its clocks, and the office's internal notes.

use crate::auth::{AmendJobs, Caller, JudgeBreach, May, ReadJobs};
use crate::domain::jobs::{self, By, Search, detail};
use crate::domain::{amendments, clocks};
use crate::idempotency::{Done, Once};
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::{get, post, web};
use schema::id::{CustomerId, JobId, PersonId};
use schema::job::{CreateBreach, CreateJobNote, Job, JobClock, JobDetail, JobNote, JobState, RunningClock};
use schema::page::Page;
use schema::problem::{Problem, ProblemBody};
use schema::status::Status;
use schema::time::{Timestamp, Window};
use serde::Deserialize;
use utoipa::IntoParams;

/// Who acts, now, with random bytes of their own.
pub(super) fn by(state: &State, caller: &Caller) -> By {
    By { caller: caller.clone(), now: state.now(), random: random() }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// Several with a comma between: `ready,assigned`.
    status: Option<String>,
    #[param(value_type = Option<String>)]
    technician: Option<PersonId>,
    #[param(value_type = Option<String>)]
    customer: Option<CustomerId>,
    /// Part of a number, a name, a phone number, an address, a product or a fault.
    q: Option<String>,
    /// Reported from here.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Reported before this.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// With a visit's window that reaches into the time from here to `visit_to`; both or none.
    #[param(value_type = Option<String>)]
    visit_from: Option<Timestamp>,
    #[param(value_type = Option<String>)]
    visit_to: Option<Timestamp>,
    /// With a clock that was due and still runs.
    #[serde(default)]
    overdue: bool,
    /// With places where two values stand beside each other.
    #[serde(default)]
    conflicts: bool,
    /// With signatures, consents or charges on which the supervisor has to rule.
    #[serde(default)]
    matters: bool,
    /// The last id of the page before.
    #[param(value_type = Option<String>)]
    after: Option<JobId>,
    /// 1 to 200.
    limit: Option<i64>,
}

/// A board's jobs, the newest first.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(JobsQuery), responses(
    (status = 200, body = Page<Job>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody), (status = 422, body = ProblemBody, description = "no such status"),
))]
#[get("/v1/jobs")]
pub async fn list_jobs(
    state: State,
    caller: May<ReadJobs>,
    query: web::Query<JobsQuery>,
) -> Answer<web::Json<Page<Job>>> {
    let query = query.into_inner();
    let search = Search {
        statuses: statuses(query.status.as_deref().unwrap_or(""))?,
        technician: query.technician,
        customer: query.customer,
        text: query.q,
        from: query.from,
        to: query.to,
        visits: window(query.visit_from, query.visit_to)?,
        overdue: query.overdue,
        conflicts: query.conflicts,
        matters: query.matters,
        after: query.after,
        limit: query.limit,
    };
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| jobs::list(conn, &caller, now, search)).await?))
}

fn statuses(text: &str) -> Result<Vec<Status>, Problem> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let read =
        |word: &str| word.parse().map_err(|en: String| Problem::field("status", format!("没有“{word}”这个状态"), en));
    words.map(read).collect()
}

/// A window of two ends; both or none.
pub(super) fn window(from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Option<Window>, Problem> {
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) if from < to => Ok(Some(Window { from, to })),
        _ => {
            let zh = "时段须有开始和结束，且开始早于结束";
            Err(Problem::field("from", zh, "a window begins before it ends, and has both"))
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClocksQuery {
    /// Due before this.
    #[param(value_type = Option<String>)]
    due_before: Option<Timestamp>,
    /// 1 to 200.
    limit: Option<i64>,
}

/// The clocks that run, over all jobs; the one that breaks first comes first.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(ClocksQuery), responses(
    (status = 200, body = Vec<RunningClock>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
#[get("/v1/clocks")]
pub async fn list_running_clocks(
    state: State,
    caller: May<ReadJobs>,
    query: web::Query<ClocksQuery>,
) -> Answer<web::Json<Vec<RunningClock>>> {
    let (now, ClocksQuery { due_before, limit }) = (state.now(), query.into_inner());
    let list = move |conn: &mut _| clocks::list_running(conn, &caller, now, due_before, limit);
    Ok(web::Json(state.db.read(list).await?))
}

/// Everything about one job.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), responses(
    (status = 200, body = JobDetail), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{id}")]
pub async fn get_job(state: State, caller: May<ReadJobs>, id: web::Path<JobId>) -> Answer<web::Json<JobDetail>> {
    let now = state.now();
    Ok(web::Json(state.db.read(move |conn| detail::find(conn, &caller, now, *id)).await?))
}

/// Its clocks as they stand now.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), responses(
    (status = 200, body = Vec<JobClock>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
#[get("/v1/jobs/{id}/clocks")]
pub async fn list_clocks(
    state: State,
    caller: May<ReadJobs>,
    id: web::Path<JobId>,
) -> Answer<web::Json<Vec<JobClock>>> {
    let now = state.now();
    let list = move |conn: &mut _| {
        let stored = jobs::load(conn, &caller, *id)?;
        clocks::of_job(conn, &stored, now)
    };
    Ok(web::Json(state.db.read(list).await?))
}

/// Say why a clock was missed, and whose fault it was.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateBreach, responses(
    (status = 201, body = JobState),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "the clock was not missed"), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/breaches")]
pub async fn create_breach(
    state: State,
    caller: May<JudgeBreach>,
    id: web::Path<JobId>,
    body: Once<CreateBreach>,
) -> Answer<Done<JobState>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| clocks::judge(conn, &by, *id, input)).await
}

/// Note something for the staff alone; no phone carries it.
#[utoipa::path(tag = "jobs", security(("bearer" = [])), params(("id" = JobId, Path)), request_body = CreateJobNote, responses(
    (status = 201, body = JobNote),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
))]
#[post("/v1/jobs/{id}/notes")]
pub async fn create_job_note(
    state: State,
    caller: May<AmendJobs>,
    id: web::Path<JobId>,
    body: Once<CreateJobNote>,
) -> Answer<Done<JobNote>> {
    let by = by(&state, &caller);
    body.create(&state, &caller, move |conn, input| amendments::add_job_note(conn, &by, *id, input)).await
}
