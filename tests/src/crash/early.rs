//! A server with a bug planted between its parts: it acknowledges a push at once, and commits it before that phone's next request. A
//! crash test that can't find this would find nothing.

use crate::doors::{CommitDoor, OtherCommit};
use actix_web::{App, HttpResponse, HttpServer, post, web};
use schema::id::SessionId;
use schema::problem::{Kind, Problem};
use schema::wire::SyncRequest;
use server::auth::TokenHolder;
use server::body::{Either, respond};
use server::cli::Cli;
use server::db::Conn;
use server::domain::sync::{Committed, Doors, Verdict, commit, exchange};
use server::problem::{Answer, extractors};
use server::routes;
use server::state::{State, system_clock};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use utoipa_actix_web::AppExt as _;

/// What was acknowledged and is not committed.
type Owed = Mutex<BTreeMap<SessionId, Arc<Verdict>>>;

/// Serves with this command line, as `server` does; calls `listening` with its address.
pub async fn serve(words: Vec<String>, listening: impl FnOnce(String)) {
    let config = clap::Parser::try_parse_from(words).map(|cli: Cli| cli.config).unwrap();
    let listener = TcpListener::bind(&config.listen).unwrap();
    let state = server::open(config, system_clock()).unwrap();
    listening(listener.local_addr().unwrap().to_string());
    let owed: web::Data<Owed> = web::Data::new(Owed::default());
    let app = move || {
        let (state, owed) = (state.clone(), owed.clone());
        // The first of two routes answers.
        let app = App::new().into_utoipa_app().map(|app| app.service(sync_early));
        app.configure(routes::configure).into_app().app_data(state).app_data(owed).configure(extractors)
    };
    HttpServer::new(app).workers(1).listen(listener).unwrap().run().await.unwrap();
}

#[post("/v1/sync")]
async fn sync_early(
    state: State,
    owed: web::Data<Owed>,
    holder: TokenHolder,
    body: Either<SyncRequest>,
) -> Answer<HttpResponse> {
    let (TokenHolder(bearer), Either(request, form, _place)) = (holder, body);
    let due = owed.lock().unwrap().remove(&bearer.session);
    if let Some(verdict) = due {
        Doors::commit(state.get_ref(), verdict).await?;
    }
    let doors = OtherCommit { state, door: Early { owed, session: bearer.session } };
    respond(&exchange(&doors, bearer, request).await?, form)
}

struct Early {
    owed: web::Data<Owed>,
    session: SessionId,
}

impl CommitDoor for Early {
    /// Tried out and taken back.
    async fn commit(&self, state: &State, verdict: Arc<Verdict>) -> Result<Committed, Problem> {
        let (tried, found) = (Arc::clone(&verdict), Arc::new(Mutex::new(None)));
        let kept = Arc::clone(&found);
        let try_out = move |conn: &mut Conn| {
            *kept.lock().unwrap() = commit(conn, std::slice::from_ref(&tried))?.pop();
            Err::<(), _>(Problem::new(Kind::Conflict))
        };
        drop(state.db.write(try_out).await);
        let found = found.lock().unwrap().take();
        let committed = found.unwrap_or_else(|| Err(Problem::busy(1)))?;
        if matches!(committed, Committed::Done { .. }) {
            self.owed.lock().unwrap().insert(self.session, verdict);
        }
        Ok(committed)
    }
}
