//! Logging in, staying logged in, and who I am.

use crate::auth::cookie::OwnPage;
use crate::auth::{Caller, address, password};
use crate::db::Conn;
use crate::domain::form::Form;
use crate::domain::sessions::{self, Draw, LogIn, Opened, Refreshed, Shown, Term};
use crate::json::Json;
use crate::problem::Answer;
use crate::state::{State, random};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::id::SessionId;
use schema::limits::PASSWORD_CHARS_MAX;
use schema::problem::{Kind, Problem, ProblemBody};
use schema::rows::sessions::SessionRow;
use schema::session::{ChangePassword, CreateSession, Me, RefreshSession, Session, SessionTokens};
use schema::staff::is_login;
use schema::time::DAY;

/// Log in. A phone enrols itself here, with the public half of its key.
#[utoipa::path(tag = "accounts", responses(
    (status = 201, body = SessionTokens),
    (status = 401, body = ProblemBody, description = "`bad_credentials`, whether or not anybody has the name"),
    (status = 403, body = ProblemBody, description = "`device_revoked`; `forbidden`: the role carries no phone, or a cookie is asked for by what is no page of this server, or came unencrypted"),
    (status = 409, body = ProblemBody, description = "`conflict`: this person has as many phones as one may have"),
    (status = 422, body = ProblemBody),
    (status = 429, body = ProblemBody, description = "after failures; `Retry-After` says how long"),
))]
#[post("/v1/sessions")]
pub async fn create_session(state: State, request: HttpRequest, body: Json<CreateSession>) -> Answer<HttpResponse> {
    let CreateSession { login, password, mut device, in_cookie } = body.into_inner();
    let page = if in_cookie { Some(own_page(&state, &request)?) } else { None };
    let mut form = Form::default();
    if in_cookie && device.is_some() {
        form.wrong("/in_cookie", "手机登录不使用 Cookie", "a phone's log-in goes without a cookie");
    }
    if let Some(device) = &mut device {
        device.name = form.field("/device/name", &device.name);
    }
    form.finish()?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let log_in = LogIn {
        // What can be nobody's name is not looked up; it takes as long all the same.
        login: Some(login.trim().to_lowercase()).filter(|login| is_login(login)).unwrap_or_default(),
        address: address::address(&request, state.config.trust_proxy),
        client: agent.to_owned(),
        device,
    };
    let now = state.now();
    let asked = log_in.clone();
    let person = state.db.write(move |conn| sessions::begin_log_in(conn, &asked, now)).await?;
    let bad = || Problem::new(Kind::BadCredentials);
    // What nobody can have chosen is not worth hashing, and no secret.
    if password.chars().count() > PASSWORD_CHARS_MAX {
        return Err(bad().into());
    }
    let hash = person.as_ref().map(|person| person.password_hash.clone());
    let fits = state.passwords.verify(password, hash).await?;
    let person = person.filter(|_| fits).ok_or_else(bad)?.id;
    let draw = Draw { session: random(), device: random(), refresh: random() };
    let term = term(&state);
    let opened = state.db.write(move |conn| sessions::open_session(conn, &log_in, person, &draw, term)).await?;
    answer(&state, StatusCode::CREATED, opened, (&draw.refresh, page)).await
}

fn own_page(state: &State, request: &HttpRequest) -> Result<OwnPage, Problem> {
    OwnPage::asking(request, &state.config.public_url())
}

fn term(state: &State) -> Term {
    let config = &state.config;
    Term { now: state.now(), session_days: config.session_days, phones_max: config.phones_per_person }
}

/// New tokens for a refresh token, which comes in the body, or in the cookie that the log-in asked for. A phone signs for it.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = SessionTokens),
    (status = 400, body = ProblemBody, description = "`signature_invalid`: the session is a phone's, and the signature not its own"),
    (status = 401, body = ProblemBody, description = "`session_ended`: run out, logged out, revoked, or the token came after its successor"),
    (status = 403, body = ProblemBody, description = "no token in the body, and what asks is no page of this server"),
))]
#[post("/v1/sessions/refresh")]
pub async fn refresh_session(state: State, request: HttpRequest, body: Json<RefreshSession>) -> Answer<HttpResponse> {
    let RefreshSession { refresh_token, signature } = body.into_inner();
    // A phone's page beside an office page sends the cookie as well: what the body says goes first.
    let page = if refresh_token.is_none() { Some(own_page(&state, &request)?) } else { None };
    let token = refresh_token.or_else(|| page?.token(&request)).ok_or_else(|| Problem::new(Kind::SessionEnded))?;
    let (shown, new) = (Shown { token, signature }, random());
    let term = term(&state);
    match state.db.write(move |conn| sessions::refresh(conn, &shown, &new, term)).await? {
        Refreshed::Renewed(opened) => answer(&state, StatusCode::OK, *opened, (&new, page)).await,
        Refreshed::Reused => {
            tracing::warn!("a refresh token came after its successor; its session has been ended");
            Err(Problem::new(Kind::SessionEnded).into())
        }
    }
}

async fn answer(
    state: &State,
    status: StatusCode,
    opened: Opened,
    (refresh, page): (&[u8; 32], Option<OwnPage>),
) -> Answer<HttpResponse> {
    let mut response = HttpResponse::build(status);
    let mut refresh_token = URL_SAFE_NO_PAD.encode(refresh);
    if let Some(page) = page {
        response.cookie(page.keep(std::mem::take(&mut refresh_token), state.config.session_days));
    }
    let access_token = state.keys.issue(&state.db, &opened, state.now()).await?;
    let Opened { person, session, device } = opened;
    let person = state.db.read(move |conn| sessions::me(conn, person)).await?;
    let tokens = SessionTokens {
        session,
        person,
        device,
        access_token,
        expires_in_s: state.config.access_token_s,
        refresh_token,
    };
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(tokens))
}

/// Where I am logged in.
#[utoipa::path(tag = "accounts", security(("bearer" = [])), responses(
    (status = 200, body = Vec<Session>), (status = 401, body = ProblemBody),
))]
#[get("/v1/sessions")]
pub async fn list_sessions(state: State, caller: Caller) -> Answer<web::Json<Vec<Session>>> {
    // One that was not used for so long can't be renewed: it has ended, though nobody ended it.
    let alive_since = state.now().plus(-state.config.session_days.saturating_mul(DAY));
    let person = caller.person;
    let rows = state.db.read(move |conn| Ok(crate::db::sessions::list_sessions(conn, person, alive_since)?)).await?;
    let session = |row: SessionRow| Session {
        id: row.id,
        device: row.device_id,
        client: row.client,
        created_at: row.created_at,
        used_at: row.used_at,
        current: row.id == caller.session,
    };
    Ok(web::Json(rows.into_iter().map(session).collect()))
}

/// Log out. A page's cookie is taken back.
#[utoipa::path(tag = "accounts", security(("bearer" = [])), responses((status = 204), (status = 401, body = ProblemBody)))]
#[delete("/v1/sessions/current")]
pub async fn delete_current_session(state: State, request: HttpRequest, caller: Caller) -> Answer<HttpResponse> {
    // A phone's page beside an office page leaves that one's cookie alone.
    let page = own_page(&state, &request).ok().filter(|_| caller.device.is_none());
    let mut response = end(state, &caller, caller.session).await?;
    if let Some(page) = page {
        response.add_cookie(&page.forget()).map_err(Problem::internal)?;
    }
    Ok(response)
}

/// End one of my log-ins, elsewhere.
#[utoipa::path(tag = "accounts", security(("bearer" = [])), params(("id" = SessionId, Path)), responses(
    (status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
))]
#[delete("/v1/sessions/{id}")]
pub async fn delete_session(state: State, caller: Caller, id: web::Path<SessionId>) -> Answer<HttpResponse> {
    end(state, &caller, *id).await
}

async fn end(state: State, caller: &Caller, id: SessionId) -> Answer<HttpResponse> {
    let (own, now) = ((caller.person, caller.session), state.now());
    state.db.write(move |conn| sessions::end_session(conn, id, own, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who I am.
#[utoipa::path(tag = "accounts", security(("bearer" = [])), responses((status = 200, body = Me), (status = 401, body = ProblemBody)))]
#[get("/v1/me")]
pub async fn get_me(state: State, caller: Caller) -> Answer<web::Json<Me>> {
    let id = caller.person;
    let find = move |conn: &mut Conn| {
        let person = crate::db::people::find_person(conn, id)?.ok_or_else(|| Problem::new(Kind::SessionEnded))?;
        sessions::me(conn, person)
    };
    Ok(web::Json(state.db.read(find).await?))
}

/// A new password. My other log-ins end.
#[utoipa::path(tag = "accounts", security(("bearer" = [])), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 422, body = ProblemBody, description = "the old password is wrong, or the new one is too short"),
    (status = 429, body = ProblemBody),
))]
#[put("/v1/me/password")]
pub async fn set_password(
    state: State,
    caller: Caller,
    request: HttpRequest,
    body: Json<ChangePassword>,
) -> Answer<HttpResponse> {
    let ChangePassword { old, new } = body.into_inner();
    let (person, now) = (caller.person, state.now());
    let address = address::address(&request, state.config.trust_proxy);
    // Whoever holds a stolen token guesses the password here no faster than at the log-in.
    let from = address.clone();
    let row = state.db.write(move |conn| sessions::begin_password_change(conn, person, &from, now)).await?;
    password::check_new("/new", &new, &row.login)?;
    let login = row.login.clone();
    if old.chars().count() > PASSWORD_CHARS_MAX || !state.passwords.verify(old, Some(row.password_hash)).await? {
        return Err(Problem::field("/old", "原密码不正确", "the old password is wrong").into());
    }
    let hash = state.passwords.hash(new).await?;
    let own = (caller.person, caller.session);
    state.db.write(move |conn| sessions::set_password(conn, own, (&address, &login, &hash), now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
