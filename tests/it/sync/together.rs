//! Pushes that wait at the same moment and are committed as one group.

use super::hostile::request;
use schema::binary::Bytes;
use schema::edit::Edit;
use schema::id::JobId;
use schema::problem::Problem;
use schema::record::MarkKind;
use schema::wire::SyncRequest;
use server::auth::token::Bearer;
use server::db::Conn;
use server::domain::records::{self, Office};
use server::domain::sync::{Committed, Doors, Verdict, commit, exchange};
use server::state::State;
use std::cell::RefCell;
use std::sync::Arc;
use tests::{CommitDoor, Errand, OtherCommit, TestServer};
use tokio::sync::oneshot;

type Waiting = Vec<(Arc<Verdict>, oneshot::Sender<Result<Committed, Problem>>)>;

/// The first two pushes are committed in one group, in which the office writes to their job before them.
struct Group {
    job: JobId,
    waiting: RefCell<Option<Waiting>>,
}

impl Group {
    async fn commit_together(&self, state: &State, waiting: Waiting) {
        let (verdicts, replies): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let (job, now) = (self.job, state.now());
        let write = move |conn: &mut Conn| {
            let note = Edit::Note { step: "prepare".to_owned(), text: "带上点火针".to_owned() };
            records::write(conn, Office { person: None, now }, job, &[note])?;
            commit(conn, &verdicts)
        };
        let outcomes = state.db.write(write).await.unwrap();
        replies.into_iter().zip(outcomes).for_each(|(reply, outcome)| assert!(reply.send(outcome).is_ok()));
    }
}

impl CommitDoor for Group {
    async fn commit(&self, state: &State, verdict: Arc<Verdict>) -> Result<Committed, Problem> {
        let Some(mut waiting) = self.waiting.take() else {
            return Doors::commit(state.get_ref(), verdict).await;
        };
        let (reply, committed) = oneshot::channel();
        waiting.push((verdict, reply));
        if waiting.len() == 2 {
            self.commit_together(state, waiting).await;
        } else {
            self.waiting.replace(Some(waiting));
        }
        committed.await.unwrap()
    }
}

/// Who asks, as the phone's token says.
async fn bearer(server: &TestServer, token: &str) -> Bearer {
    server.state.keys.check(&server.state.db, token, server.state.now()).await.unwrap()
}

#[actix_web::test]
async fn a_request_that_arrives_twice_is_not_refused_because_the_office_wrote_in_between() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    let twice: SyncRequest = request(&mut phone).clone();
    let token = phone.handset.replica().session().unwrap().access_token.clone();
    let bearer = bearer(&server, &token).await;
    let door = Group { job, waiting: RefCell::new(Some(Vec::new())) };
    let group = OtherCommit { state: server.state.clone(), door };

    let (first, second) =
        tokio::join!(exchange(&group, bearer, twice.clone()), exchange(&group, bearer, twice.clone()));
    for answer in [first.unwrap(), second.unwrap()] {
        assert!(answer.refused.is_empty(), "{:?}", answer.refused);
        assert_eq!(answer.acks.len(), 1);
        assert!(answer.receipt.is_some());
    }
    let stored = server.state.db.read(move |conn| records::load(conn, job)).await.unwrap();
    let pushed = sync::slim::plain(&twice.push, usize::MAX).unwrap();
    let log: Vec<Bytes> = stored.record.changes_since(&[]).into_iter().map(|change| change.bytes).collect();
    assert_eq!(log.iter().filter(|bytes| pushed[0].changes.contains(bytes)).count(), 1, "it is in the log once");
    let report = phone.sync().await;
    assert_eq!((report.unsent, report.refused.len()), (0, 0));
    assert_eq!(phone.heads(job), server.heads(job).await);
}
