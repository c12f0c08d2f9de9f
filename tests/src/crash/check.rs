//! What must hold, looked at from outside: in the database by queries of its own, and through phones that know nothing.

use super::house::House;
use super::ledger::{Ledger, Promised};
use super::phone::CrashPhone;
use crate::person::PASSWORD;
use crate::process::ServerProcess;
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::JobId;
use schema::people::Language;
use schema::problem::Problem;
use schema::tables::{changes, quarantine, reports};
use server::db::{self, Conn};
use server::domain::records::{self, rebuild};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use sync::client::{Client, Credentials, SystemClocks};
use sync::handset::Handset;
use sync::store::memory::MemoryStore;

/// Hashes in one query: SQLite takes 32,766.
const AT_ONCE: usize = 10_000;

/// Everything that was acknowledged lies in the database.
pub(super) fn promised(house: &House, ledger: &Ledger) -> Result<(), String> {
    let Promised { changes: hashes, reports: ids } = ledger.take_promised();
    let mut conn = db::open(house.database.url()).map_err(|error| error.to_string())?;
    ledger.checked.fetch_add((hashes.len() + ids.len()) as u64, Ordering::Relaxed);
    let mut missing: BTreeSet<Hash> = hashes.iter().copied().collect();
    for hashes in hashes.chunks(AT_ONCE) {
        let found: Vec<Hash> =
            changes::table.filter(changes::hash.eq_any(hashes)).select(changes::hash).load(&mut conn).unwrap();
        missing = &missing - &found.into_iter().collect();
    }
    if !missing.is_empty() {
        return Err(format!("{} of {} acknowledged changes are missing", missing.len(), hashes.len()));
    }
    let found: i64 = reports::table.filter(reports::id.eq_any(&ids)).count().get_result(&mut conn).unwrap();
    if found != i64::try_from(ids.len()).unwrap() {
        return Err(format!("{found} of {} answered reports are there", ids.len()));
    }
    Ok(())
}

/// Phones, server, fresh phones and projections agree, and nothing is there twice.
pub(super) async fn at_rest(
    house: &House,
    ledger: &Ledger,
    phones: Vec<CrashPhone>,
    answered: u64,
) -> Result<(), String> {
    promised(house, ledger)?;
    let complaints = ledger.complaints();
    if let Some(first) = complaints.first() {
        let logged: Vec<String> = house.servers.iter().flat_map(ServerProcess::errors).collect();
        return Err(format!("{} complaints, as {first}; logged:\n{}", complaints.len(), logged.join("\n")));
    }
    let mut conn = db::open(house.database.url()).map_err(|error| error.to_string())?;
    let logged: Vec<Hash> = changes::table.select(changes::hash).load(&mut conn).unwrap();
    let distinct: BTreeSet<Hash> = logged.iter().copied().collect();
    if distinct.len() != logged.len() {
        return Err("a change is in the log twice".to_owned());
    }
    let kept: i64 = quarantine::table.count().get_result(&mut conn).unwrap();
    let taken: i64 = reports::table.count().get_result(&mut conn).unwrap();
    if kept != 0 || taken != i64::try_from(answered).unwrap() {
        return Err(format!("{kept} honest pushes in quarantine; {taken} reports of {answered}"));
    }
    let different = differences(&mut conn)?;
    if !different.is_empty() {
        return Err(format!("projections are not what the log makes of them: {different:?}"));
    }
    for mut phone in phones {
        if let Some(lost) = phone.written.iter().find(|hash| !distinct.contains(hash)) {
            return Err(format!("{} wrote {lost}, and it is nowhere", phone.login));
        }
        let stands = heads(&mut conn, phone.job)?;
        if phone.heads() != stands {
            return Err(format!("{} holds other heads than the server", phone.login));
        }
        if fresh_heads(house, &phone).await? != stands {
            return Err(format!("a fresh phone of {} holds other heads than the server", phone.login));
        }
    }
    Ok(())
}

fn heads(conn: &mut Conn, job: JobId) -> Result<Vec<Hash>, String> {
    Ok(records::load(conn, job).map_err(|problem| problem.to_string())?.record.heads())
}

fn differences(conn: &mut Conn) -> Result<Vec<rebuild::Difference>, String> {
    let mut found = Vec::new();
    let compared = conn.transaction(|conn| {
        found = rebuild::compare(conn, &mut |_| {}).map_err(RolledBack::Failed)?.1;
        Err::<(), _>(RolledBack::Compared)
    });
    match compared {
        Err(RolledBack::Failed(problem)) => Err(problem.to_string()),
        Ok(()) | Err(RolledBack::Compared) => Ok(found),
    }
}

/// A comparison writes, and is taken back.
enum RolledBack {
    Compared,
    Failed(Problem),
}

impl From<diesel::result::Error> for RolledBack {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(Problem::internal(error))
    }
}

/// The job on a phone that its technician logs in on for the first time.
async fn fresh_heads(house: &House, phone: &CrashPhone) -> Result<Vec<Hash>, String> {
    let client = Client::new(&house.url, Language::English).unwrap();
    let mut handset = Handset::open(MemoryStore::in_memory().unwrap()).unwrap();
    let mut clocks = SystemClocks::default();
    let (login, password) = (phone.login.clone(), PASSWORD.to_owned());
    let credentials = Credentials { login, password, phone_name: "新手机".to_owned() };
    client.enrol(&mut handset, &mut clocks, &credentials).await.map_err(|error| error.to_string())?;
    client.drive(&mut handset, &mut clocks).await.map_err(|error| error.to_string())?;
    let held = handset.replica().held(phone.job).map_err(|error| error.to_string())?;
    Ok(held.record.heads())
}
