//! A sync from end to end, whatever carries it: the service's route, or a simulation that owns time, chance and the way to the
//! database. Load on a reader, judge where hostile bytes do no harm, commit on the writer, then pull on a reader.

use crate::auth::token::Bearer;
use crate::auth::{SyncCaller, admit};
use crate::db::Conn;
use crate::domain::price_lists::reference_versions;
use crate::domain::records::{self, Memory};
use crate::domain::sync::{Committed, Phone, Pulled, Stamp, commit, is_idle, judge, load, pull};
use schema::binary::Actor;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::time::Timestamp;
use schema::wire::{Ack, PROTOCOL_VERSION, Receipt, Refused, SyncRequest, SyncResponse};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::seal::ServerKey;

/// How often a push is judged again because others wrote to its jobs meanwhile. More is a storm: the phone tries again.
const TRIES: usize = 8;

/// What an exchange needs of the house that it happens in. Between any two of its steps others may run.
pub trait Doors {
    fn now(&self) -> Timestamp;
    fn random(&self) -> [u8; 10];
    fn records(&self) -> Arc<Memory>;
    fn receipt_key(&self) -> Arc<ServerKey>;

    /// In one view of the database.
    fn read<T, F>(&self, query: F) -> impl Future<Output = Result<T, Problem>>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static;

    /// In a transaction; answers once it is durable.
    fn write<T, F>(&self, command: F) -> impl Future<Output = Result<T, Problem>>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static;

    /// Where hostile bytes do no harm.
    fn judge<T, F>(&self, work: F) -> impl Future<Output = Result<T, Problem>>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static;
}

/// Answers one request of a phone.
pub async fn exchange<D: Doors>(doors: &D, bearer: Bearer, request: SyncRequest) -> Result<SyncResponse, Problem> {
    if request.protocol != PROTOCOL_VERSION {
        return Err(Problem::new(Kind::ProtocolUnknown));
    }
    let request = Arc::new(request);
    if request.push.is_empty() {
        // One transaction for everything; when nothing is new, no job is read.
        let now = doors.now();
        let pulled = doors.read(move |conn| {
            let caller = admit(conn, bearer)?;
            let phone = phone(&caller)?;
            pull_new(conn, &caller, &phone, &request, now)
        });
        return Ok(answer(pulled.await?, Pushed::default(), doors.now()));
    }
    let (phone, pushed) = push(doors, bearer, &request).await?;
    let now = doors.now();
    let pulled = doors.read(move |conn| Ok((pull(conn, &phone, &request)?, reference_versions(conn, now)?)));
    Ok(answer(pulled.await?, pushed, doors.now()))
}

/// What the phone is told: news of jobs, and the newest version of each kind of reference data.
type News = (Pulled, BTreeMap<String, i64>);

/// What is new, where nothing was pushed.
fn pull_new(
    conn: &mut Conn,
    caller: &SyncCaller,
    phone: &Phone,
    request: &SyncRequest,
    now: Timestamp,
) -> Result<News, Problem> {
    let reference = reference_versions(conn, now)?;
    let epoch = records::epoch(conn)?;
    if is_idle(request, epoch, caller.feed) {
        return Ok((Pulled { cursor: request.cursor, more: false, resync: false, jobs: Vec::new() }, reference));
    }
    Ok((pull(conn, phone, request)?, reference))
}

/// The phone behind the caller: a role that carries one, logged in from an enrolled device.
fn phone(caller: &SyncCaller) -> Result<Phone, Problem> {
    caller.caller.require(Permission::CarryPhone)?;
    let (Some(device), Some(public_key)) = (caller.caller.device, caller.device_key) else {
        return Err(Problem::because(
            Kind::Forbidden,
            "请在手机上登录后再同步",
            "Only a log-in from an enrolled phone can sync",
        ));
    };
    let (person, outlet, revoked) = (caller.caller.person, caller.caller.outlet, caller.device_revoked);
    Ok(Phone { person, outlet, device, public_key, revoked })
}

#[derive(Default)]
struct Pushed {
    acks: Vec<Ack>,
    refused: Vec<Refused>,
    receipt: Option<Receipt>,
}

/// Judges and commits what was pushed; again where the records moved meanwhile.
async fn push<D: Doors>(doors: &D, bearer: Bearer, request: &Arc<SyncRequest>) -> Result<(Phone, Pushed), Problem> {
    let mut elsewhere: BTreeSet<Actor> = BTreeSet::new();
    for _ in 0..TRIES {
        let (asked, memory, known) = (Arc::clone(request), doors.records(), elsewhere.clone());
        let loaded = doors.read(move |conn| {
            let phone = phone(&admit(conn, bearer)?)?;
            Ok((phone, load(conn, &memory, &phone, &asked, known)?))
        });
        let (phone, loaded) = loaded.await?;
        let asked = Arc::clone(request);
        let judged = Arc::new(doors.judge(move || judge(loaded, &phone, &asked)).await??);
        let (asked, proven) = (Arc::clone(request), Arc::clone(&judged));
        let stamp = Stamp { key: doors.receipt_key(), now: doors.now(), random: doors.random() };
        let committed = doors.write(move |conn| match commit(conn, &phone, &asked, &judged, &stamp)? {
            Committed::Stale => Err(Problem::new(Kind::Stale)),
            done => Ok(done),
        });
        match committed.await {
            Ok(Committed::Done { acks, refused, receipt }) => {
                proven.keep_in(&doors.records());
                return Ok((phone, Pushed { acks, refused, receipt: Some(receipt) }));
            }
            Ok(Committed::Elsewhere(actors)) => elsewhere.extend(actors),
            Ok(Committed::Stale) => {}
            // Another request wrote to one of the jobs: judge again on what stands now.
            Err(problem) if matches!(problem.kind, Kind::Stale | Kind::Conflict) => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Problem::busy(1))
}

fn answer((pulled, reference): News, pushed: Pushed, server_time: Timestamp) -> SyncResponse {
    SyncResponse {
        cursor: pulled.cursor,
        more: pulled.more,
        server_time,
        acks: pushed.acks,
        receipt: pushed.receipt,
        refused: pushed.refused,
        jobs: pulled.jobs,
        resync: pulled.resync,
        // Until photos have a transport, none is asked for.
        photos_owed: Vec::new(),
        reference,
    }
}
