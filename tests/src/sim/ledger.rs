//! What really happened, noted outside both phone and server: every change that a phone said it had written, and what became of it.

use super::house::House;
use super::phone::Phone;
use schema::binary::{Actor, Bytes, Hash};
use schema::edit::Edit;
use schema::id::{JobId, QuarantineId};
use schema::problem::Problem;
use schema::record::JobRecord;
use schema::time::Timestamp;
use schema::wire::{Ack, SyncResponse};
use server::db;
use std::collections::{BTreeMap, BTreeSet};
use sync::record::Record;

/// A change that a phone wrote.
#[derive(Debug, Clone)]
pub struct Written {
    pub phone: usize,
    pub actor: Actor,
    pub seq: u64,
    /// The server said that it holds it, in the log or in quarantine.
    pub answered: bool,
    /// Its phone does not have it any more: an old image took its place.
    pub dropped: bool,
    /// A restore from a backup took it from the server after that was said.
    pub unmade: bool,
    /// It was refused, and the phone let go of it for that.
    pub refused: bool,
    /// When it was really written; none where that is not known to the event.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub written: BTreeMap<(JobId, Hash), Written>,
    /// Entries as phones wrote them, of the kinds that are written once and bind somebody.
    entries: Vec<(JobId, Edit)>,
    /// Which job a number was given to, also where a restore took that job away: its customer holds it.
    numbers: BTreeMap<String, JobId>,
    /// What the server said it refused, and under which id.
    pub refused: BTreeMap<(JobId, Hash), QuarantineId>,
}

impl Ledger {
    /// Notes what the phone holds unsent and was not known. Answers how much that was.
    pub fn note(&mut self, phone: usize, handset: &Phone, at: Option<Timestamp>) -> usize {
        let before = self.written.len();
        for (job, changes) in handset.unsent_changes() {
            for bytes in changes {
                let Ok((actor, seq, hash)) = Record::identify(&bytes) else { continue };
                let (answered, dropped, unmade, refused) = (false, false, false, false);
                let new = Written { phone, actor, seq, answered, dropped, unmade, refused, at };
                self.written.entry((job, hash)).or_insert(new).dropped = false;
            }
        }
        self.written.len() - before
    }

    pub fn note_entries(&mut self, job: JobId, edits: &[Edit]) {
        use Edit as E;
        let binds = |edit: &&Edit| {
            matches!(
                edit,
                E::SignOff { .. }
                    | E::Delay { .. }
                    | E::Reply { .. }
                    | E::Alarm { .. }
                    | E::Quote { .. }
                    | E::Consent { .. }
                    | E::Backup { .. }
                    | E::Withdraw { .. }
                    | E::TakeBack { .. }
                    | E::HandBack { .. }
            )
        };
        self.entries.extend(edits.iter().filter(binds).map(|edit| (job, edit.clone())));
    }

    /// Each entry that is on record says what it said when it was written: a signature covers what it did, a consent names the lines that were
    /// shown, an alarm the place where it was given.
    pub fn check_entries(&self, job: JobId, view: &JobRecord) -> Result<(), String> {
        for (_, edit) in self.entries.iter().filter(|(of, _)| *of == job) {
            let stands = match edit {
                Edit::SignOff { id, sign_off } => view.sign_offs.get(id).is_none_or(|stands| stands == sign_off),
                Edit::Delay { id, delay } => view.delays.get(id).is_none_or(|stands| stands == delay),
                Edit::Reply { id, reply } => view.replies.get(id).is_none_or(|stands| stands == reply),
                Edit::Alarm { id, alarm } => view.alarms.get(id).is_none_or(|stands| stands == alarm),
                Edit::Quote { id, quote } => view.quotes.get(id).is_none_or(|stands| stands == quote),
                Edit::Withdraw { id, withdrawal } => view.withdrawals.get(id).is_none_or(|stands| stands == withdrawal),
                Edit::Consent { id, consent } => view.consents.get(id).is_none_or(|stands| stands == consent),
                Edit::Backup { id, backup } => view.backup_consents.get(id).is_none_or(|stands| stands == backup),
                Edit::TakeBack { id, take_back } => view.take_backs.get(id).is_none_or(|stands| stands == &**take_back),
                Edit::HandBack { id, hand_back } => view.hand_backs.get(id).is_none_or(|stands| stands == hand_back),
                _ => true,
            };
            if !stands {
                return Err(format!("an entry says something else than it did: {edit:?}"));
            }
        }
        Ok(())
    }

    /// An old image took the place of what the phone had.
    pub fn drop_missing(&mut self, phone: usize, handset: &Phone) {
        let Some(replica) = handset.replica() else { return };
        let unsent: BTreeSet<Hash> = handset
            .unsent_changes()
            .into_iter()
            .flat_map(|(_, changes)| changes)
            .filter_map(|bytes| Record::identify(&bytes).ok().map(|(.., hash)| hash))
            .collect();
        for ((job, hash), written) in self.written.iter_mut().filter(|(_, written)| written.phone == phone) {
            let here = replica.all_held().any(|held| held.job == *job && held.record.has(*hash));
            written.dropped = !here && !unsent.contains(hash);
        }
    }

    /// Notes the numbers of the jobs that there are now. None may be another job's than it ever was.
    pub fn note_numbers(&mut self, house: &House) -> Result<(), String> {
        for (number, job) in numbers(house)? {
            self.check_number(&number, job)?;
            self.numbers.insert(number, job);
        }
        Ok(())
    }

    fn check_number(&self, number: &str, job: JobId) -> Result<(), String> {
        match self.numbers.get(number) {
            Some(known) if *known != job => Err(format!("number {number} was given to two jobs, one before a restore")),
            _ => Ok(()),
        }
    }

    /// No number was given again after a restore.
    pub fn check_numbers(&self, house: &House) -> Result<(), String> {
        numbers(house)?.iter().try_for_each(|(number, job)| self.check_number(number, *job))
    }

    /// The server was put back from a backup: what it said before counts no more.
    pub fn unmake(&mut self) {
        self.written.values_mut().filter(|written| written.answered).for_each(|written| written.unmade = true);
        self.refused.clear();
    }

    /// Holds an answer against the database at the moment when it leaves the server.
    pub fn hear(&mut self, house: &House, answer: &SyncResponse) -> Result<(), String> {
        for ack in &answer.acks {
            let log = log_of(house, ack.job).map_err(|problem| problem.to_string())?;
            let taken = self.seqs(ack.job, ack.actor, &log);
            let held = seqs(house, ack.job, ack.actor).map_err(|problem| problem.to_string())?;
            let acked = self
                .written
                .iter_mut()
                .filter(|((job, _), written)| *job == ack.job && written.actor == ack.actor && written.seq <= ack.seq);
            for ((job, hash), written) in acked {
                // A phone put back to an old image used its numbers again: what the log does not have is refused, and said so; or it went with
                // what the image did not have, in which its number was given to what a disk had refused to sync.
                let is_again = taken.contains(&written.seq) || written.dropped && held.contains(&written.seq);
                if !log.contains(hash) && is_again {
                    continue;
                }
                if !log.contains(hash) {
                    return Err(format!("change {hash} of {job} is acknowledged and not in the log"));
                }
                (written.answered, written.unmade) = (true, false);
            }
        }
        for refused in &answer.refused {
            let kept = kept(house, refused.quarantine).map_err(|problem| problem.to_string())?;
            let Some(kept) = kept else {
                return Err(format!("change {} was refused and is not in quarantine", refused.change));
            };
            for hash in &kept {
                if let Some(written) = self.written.get_mut(&(refused.job, *hash)) {
                    (written.answered, written.unmade, written.refused) = (true, false, true);
                    self.refused.insert((refused.job, *hash), refused.quarantine);
                }
            }
            if self.written.contains_key(&(refused.job, refused.change)) && !kept.contains(&refused.change) {
                return Err(format!("change {} was refused, and what is kept does not hold its bytes", refused.change));
            }
        }
        Ok(())
    }

    /// Whether the log takes what its phone was told is refused, as where an older request comes last.
    pub fn was_refused(&self, acks: &[Ack]) -> bool {
        let covers = |ack: &Ack, job: JobId, written: &Written| {
            written.refused && ack.job == job && ack.actor == written.actor && written.seq <= ack.seq
        };
        self.written.iter().any(|((job, _), written)| acks.iter().any(|ack| covers(ack, *job, written)))
    }

    /// Numbers of this actor whose change is in the log.
    fn seqs(&self, job: JobId, actor: Actor, log: &BTreeSet<Hash>) -> BTreeSet<u64> {
        let of_actor = self.written.iter().filter(|((of, _), written)| *of == job && written.actor == actor);
        of_actor.filter(|((_, hash), _)| log.contains(hash)).map(|(_, written)| written.seq).collect()
    }
}

/// The numbers of all jobs that the server knows.
fn numbers(house: &House) -> Result<Vec<(String, JobId)>, String> {
    let found = house.look(|conn| {
        let ids = db::records::list_ids(conn, None, 1_000)?;
        ids.into_iter().map(|id| Ok((db::jobs::find_job(conn, id)?, id))).collect::<Result<Vec<_>, Problem>>()
    });
    let found = found.map_err(|problem| problem.to_string())?;
    Ok(found.into_iter().filter_map(|(row, id)| Some((row?.number, id))).collect())
}

/// Hashes of the changes in a job's log.
pub fn log_of(house: &House, job: JobId) -> Result<BTreeSet<Hash>, Problem> {
    let rows = house.look(|conn| Ok(db::records::list_changes(conn, job, 0, i64::MAX)?))?;
    Ok(rows.into_iter().map(|row| row.hash).collect())
}

/// Numbers of this actor in the log, whether the ledger knows their changes or not.
fn seqs(house: &House, job: JobId, actor: Actor) -> Result<BTreeSet<u64>, Problem> {
    let rows = house.look(|conn| Ok(db::records::list_changes(conn, job, 0, i64::MAX)?))?;
    let of_actor = rows.iter().filter(|row| row.actor == actor);
    Ok(of_actor.filter_map(|row| u64::try_from(row.seq).ok()).collect())
}

/// Hashes of the changes whose bytes lie under this entry of the quarantine.
fn kept(house: &House, id: QuarantineId) -> Result<Option<BTreeSet<Hash>>, Problem> {
    let row = house.look(|conn| Ok(db::quarantine::find_entry(conn, id)?))?;
    Ok(row.map(|row| parted(&row.bytes)))
}

/// Each change lies behind its length in four bytes.
pub fn parted(mut bytes: &[u8]) -> BTreeSet<Hash> {
    let mut hashes = BTreeSet::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let Some((change, rest)) = rest.split_at_checked(u32::from_be_bytes(*length) as usize) else { break };
        hashes.extend(Record::identify(&Bytes(change.to_vec())).ok().map(|(.., hash)| hash));
        bytes = rest;
    }
    hashes
}
