//! What must hold once everything that failed works again and nobody has anything more to say, looked at from outside: the database's
//! rows, the phones' records, and the ledger of what was written.

use super::chance::Chance;
use super::ledger::{log_of, parted};
use super::office::checklist_of;
use super::world::{World, short};
use schema::binary::Hash;
use schema::clock::{Clock, Facts, WorkCalendar, clocks, shipped_rules};
use schema::delay::standing;
use schema::edit::Edit;
use schema::gate::{self, Violation};
use schema::id::JobId;
use schema::problem::Problem;
use schema::record::{BackupConsent, DecisionKind, JobRecord, Mark, MarkKind, SignOffKind};
use schema::rows::records::ChangeRow;
use schema::sheet::{sheet, signed_sheet};
use schema::status::{Status, status};
use schema::template::{StepTemplate, Template};
use schema::time::SECOND;
use schema::wire::job_digest;
use server::db;
use server::db::quarantine::EntryFilter;
use server::domain::records::{self, Said, holder, rebuild};
use server::domain::templates;
use std::collections::{BTreeMap, BTreeSet};
use sync::record::Record;
use sync::replica::Replica;

type Held = Result<(), String>;

impl World {
    /// Everything, or the first thing that does not hold. Answers how many changes are gone for good, each with an excuse.
    pub fn check(&self) -> Result<usize, String> {
        let jobs = self.house.look(|conn| Ok(db::records::list_ids(conn, None, 1_000)?)).map_err(text)?;
        for job in &jobs {
            self.check_record(*job).map_err(|wrong| format!("job {}: {wrong}", short(*job)))?;
        }
        self.check_projections()?;
        for hand in &self.staff.hands {
            self.check_feed(hand.person)?;
        }
        for phone in 0..self.phones.len() {
            self.check_phone(phone).map_err(|wrong| format!("phone {phone}: {wrong}"))?;
        }
        self.check_numbers(&jobs)?;
        self.ledger.check_numbers(&self.house)?;
        self.check_decisions()?;
        self.check_written()
    }

    /// What stands in tables is what the log makes; the clocks among them, however late their facts came.
    fn check_projections(&self) -> Held {
        let compared = self.house.try_out(|conn| rebuild::compare(conn, &mut |_| {}));
        let (_, differences) = compared.map_err(text)?;
        match differences.first() {
            None => Ok(()),
            Some(first) => Err(format!("a projection differs from the log: {first:?}")),
        }
    }

    /// One person's feed: unbroken numbers, a digest of what they are to hold, grants that follow from the records.
    fn check_feed(&self, person: schema::id::PersonId) -> Held {
        let house = &self.house;
        let end = house.look(|conn| Ok(db::feed::find_end(conn, person)?)).map_err(text)?;
        let end = end.ok_or("a person without a feed")?;
        let events = house.look(|conn| Ok(db::feed::list_events(conn, person, 0, i64::MAX)?)).map_err(text)?;
        if !events.iter().map(|event| event.seq).eq(1..=end.seq) {
            return Err("a feed's numbers have a gap".to_owned());
        }
        let entitled = self.entitled(person)?;
        let digest = entitled.iter().fold(Hash::ZERO, |sum, (job, heads)| sum.xor(job_digest(*job, heads)));
        if digest != end.digest {
            return Err("a feed's digest is not that of its jobs".to_owned());
        }
        for job in &self.office.jobs {
            let Ok(view) = house.look(|conn| records::load(conn, *job)?.view()) else { continue };
            if (holder(&view) == Some(person)) != entitled.contains_key(job) {
                return Err(format!("job {} is granted to whom it does not belong to, or not granted", short(*job)));
            }
        }
        Ok(())
    }

    fn entitled(&self, person: schema::id::PersonId) -> Result<BTreeMap<JobId, Vec<Hash>>, String> {
        let entitled = self.house.look(|conn| Ok(db::feed::list_entitled(conn, person)?)).map_err(text)?;
        Ok(entitled.into_iter().map(|(job, heads)| (job, db::records::heads_from_bytes(&heads))).collect())
    }

    /// Nothing unsent, the same jobs with the same heads, no ghost; what was refused is told once.
    fn check_phone(&self, phone: usize) -> Held {
        let handset = &self.phones[phone];
        // Nobody starts a phone that may not come in; what it holds, it keeps.
        if handset.is_locked_out {
            return Ok(());
        }
        let replica = handset.replica().ok_or("it does not run")?;
        if replica.unsent() > 0 {
            return Err(format!("{} changes are unsent", replica.unsent()));
        }
        let mut told = BTreeSet::new();
        let twice = replica.notices().iter().find(|notice| !told.insert((notice.refused.job, notice.refused.change)));
        if let Some(notice) = twice {
            return Err(format!("the refusal of {} is told twice", notice.refused.change));
        }
        if self.is_revoked(phone)? {
            return Ok(());
        }
        let entitled = self.entitled(handset.hand.person)?;
        let held: Vec<_> = replica.jobs().filter(|held| held.gone.is_none()).collect();
        if let Some(ghost) = held.iter().find(|held| !entitled.contains_key(&held.job)) {
            return Err(format!("it shows the ghost of job {}", short(ghost.job)));
        }
        for (job, heads) in &entitled {
            let here = held.iter().find(|held| held.job == *job);
            let here = here.ok_or_else(|| format!("it lacks job {}", short(*job)))?;
            if sorted(&here.record.heads()) != sorted(heads) {
                return Err(format!("its heads of job {} are not the server's", short(*job)));
            }
            self.check_judges(replica, &here.record).map_err(|wrong| format!("job {}: {wrong}", short(*job)))?;
        }
        Ok(())
    }

    /// Phone and server let the same be written next, and say that the job stands where it stands.
    fn check_judges(&self, replica: &Replica, record: &Record) -> Held {
        let view = record.read().map_err(|error| error.to_string())?;
        let ours = self.house.look(|conn| templates::of_job(conn, &view)).map_err(text)?;
        let theirs = replica.template_of(&view).ok_or("the phone lacks its checklist")?;
        if judged(&view, &ours) != judged(&view, theirs) {
            return Err("the phone judges it by another checklist than it began with".to_owned());
        }
        Ok(())
    }

    /// Whatever was published since: a job keeps the version that it began with, and that says what it said.
    fn check_checklist(&self, job: JobId, view: &JobRecord) -> Held {
        match self.office.begun.get(&job) {
            Some(begun) if checklist_of(&self.house, view).as_ref() != Some(begun) => {
                Err(format!("the server judges it by another checklist than it began with, version {}", begun.0))
            }
            _ => Ok(()),
        }
    }

    pub fn is_revoked(&self, phone: usize) -> Result<bool, String> {
        let identity = self.phones[phone].replica().and_then(|replica| replica.identity());
        let Some(device) = identity.map(|identity| identity.device) else { return Ok(false) };
        let row = self.house.look(|conn| Ok(db::devices::find_device(conn, device)?)).map_err(text)?;
        Ok(row.is_none_or(|row| row.revoked_at.is_some()))
    }

    /// One record: no change and no part twice, signatures as they were given, the same whatever the order in which changes came.
    fn check_record(&self, job: JobId) -> Held {
        let rows = self.house.look(|conn| Ok(db::records::list_changes(conn, job, 0, i64::MAX)?)).map_err(text)?;
        for row in &rows {
            self.check_time(row)?;
        }
        let hashes: BTreeSet<Hash> = rows.iter().map(|row| row.hash).collect();
        if hashes.len() != rows.len() {
            return Err("a change is in the log twice".to_owned());
        }
        let stored = self.house.look(|conn| records::load(conn, job)).map_err(text)?;
        let view = stored.view().map_err(text)?;
        let checklist = self.house.look(|conn| templates::of_job(conn, &view)).map_err(text)?;
        check_signatures(&stored.record, &view, &checklist)?;
        self.check_checklist(job, &view)?;
        self.ledger.check_entries(job, &view)?;
        check_once(&view)?;
        self.check_delay(&view)?;
        let reopened = view.decisions.values().any(|decision| decision.kind == DecisionKind::Reopened);
        let signed = view.sign_offs.values().any(|sign_off| sign_off.kind == SignOffKind::Signed);
        if signed && !reopened && is_before_signature(status(&view)) {
            return Err(format!("it is signed for, and its status is {}", status(&view).as_str()));
        }
        let mut chance = Chance::of(self.plan.seed, "order");
        let again = shuffled(&stored.record, &mut chance)?;
        let view_again = again.read().map_err(|error| error.to_string())?;
        if view_again != view || again.conflicts() != stored.record.conflicts() {
            return Err("in another order the same changes make another record".to_owned());
        }
        self.check_clocks(&stored, &view, &rows)
    }

    /// The job's row says what stands of its delays.
    fn check_delay(&self, view: &JobRecord) -> Held {
        let row = self.house.look(|conn| Ok(db::jobs::find_job(conn, view.meta.job)?)).map_err(text)?;
        let row = row.ok_or("a record without its row")?;
        let shown = row.delay_arrives_at.zip(row.delay_at).zip(row.delay_word);
        let stands = standing(view).map(|found| ((found.delay.arrives_at, found.delay.at), found.word));
        if shown != stands {
            return Err(format!("of its delays stands {stands:?}, and its row says {shown:?}"));
        }
        Ok(())
    }

    /// The estimate of when a change was made lies no further from the truth than it says, whatever the phone's clock showed.
    fn check_time(&self, row: &ChangeRow) -> Held {
        let truth = self.ledger.written.get(&(row.job_id, row.hash)).and_then(|written| written.at);
        let (Some(truth), Some(error_us)) = (truth, row.error_us) else { return Ok(()) };
        let said: Option<Said> = row.clock.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let claimed_at = said.ok_or("a phone's change without its clock")?.claimed_at;
        let estimate = row.retimed_at.unwrap_or(claimed_at);
        // Claims are whole seconds, and a claim that is believed stands as it is.
        let off = estimate.since(truth).abs() - 3 * SECOND;
        if off > error_us {
            return Err(format!("change {} is off by {off} µs, and says {error_us}: {:?}", row.hash, row.clock));
        }
        Ok(())
    }

    fn check_numbers(&self, jobs: &[JobId]) -> Held {
        let mut numbers = BTreeSet::new();
        for job in jobs {
            let row = self.house.look(|conn| Ok(db::jobs::find_job(conn, *job)?)).map_err(text)?;
            let row = row.ok_or("a record without its row")?;
            if !numbers.insert(row.number.clone()) {
                return Err(format!("number {} was given out twice", row.number));
            }
        }
        Ok(())
    }

    /// Every change that was ever written is in the log, or in quarantine with its bytes, or still on the phone that may not come in
    /// any more. What an old image took from the phone before anybody else had it is gone; nothing else may be.
    fn check_written(&self) -> Result<usize, String> {
        let mut gone = 0;
        let rows = self.house.look(|conn| Ok(db::quarantine::list_entries(conn, EntryFilter::default(), 10_000)?));
        let mut kept: BTreeMap<JobId, BTreeSet<Hash>> = BTreeMap::new();
        for row in rows.map_err(text)? {
            kept.entry(row.job_id).or_default().extend(parted(&row.bytes));
        }
        let mut logs: BTreeMap<JobId, BTreeSet<Hash>> = BTreeMap::new();
        for ((job, hash), written) in &self.ledger.written {
            if !logs.contains_key(job) {
                logs.insert(*job, log_of(&self.house, *job).map_err(text)?);
            }
            let is_here = logs.get(job).is_some_and(|log| log.contains(hash))
                || kept.get(job).is_some_and(|kept| kept.contains(hash));
            let waits = self.phones[written.phone].is_locked_out;
            let excused = match (written.answered, written.unmade) {
                (true, false) => false,
                // What was refused before the backup's loss left the phone's record, too.
                (true, true) => written.dropped || written.refused || waits,
                (false, _) => written.dropped || waits,
            };
            gone += usize::from(!is_here && !waits);
            if !is_here && !excused {
                let (job, phone, seq) = (short(*job), written.phone, written.seq);
                return Err(format!("change {hash} (seq {seq}) of phone {phone} to job {job} is lost: {written:?}"));
            }
        }
        Ok(gone)
    }
}

pub(super) fn text(problem: Problem) -> String {
    problem.to_string()
}

/// What the gates and the sheet say of a job: what is missing for a signature, what of each step's tick, what would be signed.
type Judged = (Vec<Violation>, Vec<(String, Vec<Violation>)>, Hash);

/// By this checklist.
fn judged(view: &JobRecord, template: &Template) -> Judged {
    let (by, at) = (view.meta.opened_by, view.meta.reported_at);
    let mark = Mark { kind: MarkKind::Done, by, at, reason: None, place: None };
    let tick = |step: &StepTemplate| Edit::Mark { step: step.id.clone(), mark: mark.clone() };
    let steps = template.steps.iter().map(|step| (step.id.clone(), gate::check(view, template, &tick(step))));
    (gate::before_signing(view, template), steps.collect(), sheet(view, template).hash())
}

fn sorted(heads: &[Hash]) -> Vec<Hash> {
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    heads
}

/// What was written once, and bears a number for that, stands there once.
fn check_once(view: &JobRecord) -> Held {
    let parts = view.parts.values().filter_map(|part| part.serial.as_ref()).map(|serial| ("a part", serial));
    let delays = view.delays.values().filter_map(|delay| delay.reason.as_ref()).map(|reason| ("a delay", reason));
    let replies = view.replies.values().filter_map(|reply| reply.note.as_ref()).map(|note| ("a reply", note));
    let alarms = view.alarms.values().map(|alarm| ("an alarm", &alarm.reason));
    let mut stands = BTreeSet::new();
    match parts.chain(delays).chain(replies).chain(alarms).find(|written| !stands.insert(*written)) {
        None => Ok(()),
        Some((what, _)) => Err(format!("{what} was written once and stands there twice")),
    }
}

/// What each signature covers is there, and still gives the sheet that was signed.
fn check_signatures(record: &Record, view: &JobRecord, template: &Template) -> Held {
    let fits = |backup: &BackupConsent| view.quotes.get(&backup.quote).is_some_and(|of| view.backup_fits(backup, of));
    if !view.backup_consents.values().all(fits) {
        return Err("a backup consent is for other words than its offer's work asks for".to_owned());
    }
    let receipts = view.take_backs.values().all(|receipt| view.receipt_fits(receipt));
    if !receipts || !view.hand_backs.values().all(|end| view.hand_back_fits(end)) {
        return Err("a take-back receipt, or its end, says other words than its facts make".to_owned());
    }
    for sign_off in view.sign_offs.values() {
        let covered = record.read_at(&sign_off.covers).map_err(|_| "what a signature covers is not in the record")?;
        if signed_sheet(&covered, template, sign_off.sheet_hash).is_none() {
            return Err("the sheet that a signature covers is another one now".to_owned());
        }
    }
    Ok(())
}

fn is_before_signature(status: Status) -> bool {
    use Status as S;
    !matches!(
        status,
        S::Signed
            | S::Closed
            | S::AwaitingProof
            | S::WaitingPart
            | S::WaitingCustomer
            | S::WaitingPrice
            | S::InWorkshop
            | S::CustomerAbsent
    )
}

/// The same changes, one by one, in another order that their dependencies allow.
fn shuffled(record: &Record, chance: &mut Chance) -> Result<Record, String> {
    let mut left = record.changes();
    let mut again = Record::new();
    while !left.is_empty() {
        let fits =
            |hash: &Hash| record.change_info(*hash).is_some_and(|info| info.deps.iter().all(|dep| again.has(*dep)));
        let ready: Vec<usize> = (0..left.len()).filter(|place| fits(&left[*place].hash)).collect();
        let place = *chance.pick(&ready).ok_or("a change whose predecessors are missing")?;
        let change = left.remove(place);
        again.apply_trusted(&[change.bytes]).map_err(|error| error.to_string())?;
    }
    Ok(again)
}

pub(super) fn clocks_of(view: &JobRecord, template: &Template) -> Result<Vec<Clock>, String> {
    let rules = shipped_rules().map_err(|error| error.to_string())?;
    let calendar = WorkCalendar::plain("Asia/Shanghai".parse().map_err(|_| "no such time zone")?);
    Ok(clocks(view, template, &Facts::default(), &rules, &calendar))
}
