//! A sync from end to end, whatever carries it: the service's route, or a simulation that owns time, chance and the way to the
//! database. Load, judge where hostile bytes do no harm, commit; then pull, where there is more to hear than what was just pushed.

use crate::auth::SyncCaller;
use crate::auth::token::Bearer;
use crate::db::{Conn, Many};
use crate::domain::photos;
use crate::domain::records::Memory;
use crate::domain::sync::{
    Ask, Case, Committed, Found, Phone, Pulled, Stamp, Verdict, commit, is_idle, judge, load, pull,
};
use schema::binary::Actor;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::time::Timestamp;
use schema::wire::{Cursor, PROTOCOL_VERSION, SyncRequest, SyncResponse};
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::seal::ServerKey;
use sync::slim;

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

    /// Looks one phone up; a house with many phones asks for them together.
    fn load(&self, ask: Ask) -> impl Future<Output = Result<Found, Problem>> {
        let memory = self.records();
        self.read(move |conn| alone(load(conn, &memory, &[ask])))
    }

    /// Commits one push; a house with many phones commits theirs together.
    fn commit(&self, verdict: Arc<Verdict>) -> impl Future<Output = Result<Committed, Problem>> {
        self.write(move |conn| alone(commit(conn, std::slice::from_ref(&verdict))))
    }
}

fn alone<T>(many: Many<T>) -> Result<T, Problem> {
    many?.pop().unwrap_or_else(|| Err(Problem::internal("one was asked for, and none came")))
}

/// Answers one request of a phone.
pub async fn exchange<D: Doors>(doors: &D, bearer: Bearer, request: SyncRequest) -> Result<SyncResponse, Problem> {
    if request.protocol != PROTOCOL_VERSION {
        return Err(Problem::new(Kind::ProtocolUnknown));
    }
    let request = Arc::new(request);
    let (found, told) = push(doors, bearer, &request).await?;
    let pulled = match &told {
        Some((_, Some(moved))) => Pulled::quiet(*moved),
        None if is_idle(&request, found.epoch, found.caller.feed) => Pulled::quiet(request.cursor),
        Some((_, None)) | None => {
            let phone = phone(&found.caller)?;
            let asked = Arc::clone(&request);
            doors.read(move |conn| pull(conn, &phone, &asked)).await?
        }
    };
    let verdict = told.as_ref().map(|(verdict, _)| verdict);
    let photos_owed = match verdict {
        _ if found.caller.device_revoked => Vec::new(),
        // What was pushed just now may name photos.
        Some(verdict) if verdict.names_photos() => {
            let person = found.caller.caller.person;
            doors.read(move |conn| Ok(photos::owed_by(conn, &[person])?.remove(&person))).await?.unwrap_or_default()
        }
        Some(_) | None => found.photos_owed,
    };
    Ok(SyncResponse {
        cursor: pulled.cursor,
        more: pulled.more,
        server_time: doors.now(),
        acks: verdict.map_or_else(Vec::new, |verdict| verdict.acks()),
        receipt: verdict.map(|verdict| verdict.receipt()),
        refused: verdict.map_or_else(Vec::new, |verdict| verdict.refusals()),
        jobs: pulled.jobs,
        resync: pulled.resync,
        photos_owed,
        decided: pulled.decided,
        hands: pulled.hands,
        reference: found.reference,
        slim: if request.slim > 0 { slim::VERSION } else { 0 },
        revoked: found.caller.device_revoked,
    })
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

/// What was pushed and is durable now, and where the cursor stands if there is nothing else to hear.
type Told = (Arc<Verdict>, Option<Cursor>);

/// Looks the phone up; judges and commits what was pushed, again where the records moved meanwhile.
async fn push<D: Doors>(
    doors: &D,
    bearer: Bearer,
    request: &Arc<SyncRequest>,
) -> Result<(Found, Option<Told>), Problem> {
    let mut elsewhere: BTreeSet<Actor> = BTreeSet::new();
    for _ in 0..TRIES {
        let mut found = doors.load(Ask::new(bearer, request, doors.now())?).await?;
        let phone = phone(&found.caller)?;
        if request.push.is_empty() {
            return Ok((found, None));
        }
        let stamp = Stamp { key: doors.receipt_key(), now: doors.now(), random: doors.random() };
        let (pushed, epoch) = (std::mem::take(&mut found.pushed), found.epoch);
        let case = Case { phone, epoch, pushed, elsewhere: elsewhere.clone(), stamp };
        let asked = Arc::clone(request);
        let verdict = Arc::new(doors.judge(move || judge(case, &asked)).await??);
        match doors.commit(Arc::clone(&verdict)).await {
            Ok(Committed::Done { moved }) => {
                verdict.keep_in(&doors.records());
                return Ok((found, Some((verdict, moved))));
            }
            Ok(Committed::Elsewhere(actors)) => elsewhere.extend(actors),
            // Another request wrote to one of the jobs: judge again on what stands now.
            Ok(Committed::Stale) => {}
            Err(problem) if problem.kind == Kind::Conflict => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Problem::busy(1))
}
