//! A small honest server: what a phone may expect of the real one, and nothing more.

use crate::record::{Record, office_actor, samples};
use crate::seal::{self, ServerKey};
use crate::slim;
use schema::binary::{Bytes, Hash, PublicKey};
use schema::edit::Edit;
use schema::id::{DeviceId, JobId, PushId, QuarantineId, RequestId};
use schema::record::{JobRecord, Meta};
use schema::time::Timestamp;
use schema::wire::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a note says that the office does not take.
pub const FORBIDDEN: &str = "forbidden";

#[derive(Clone)]
enum Event {
    Change(JobId, Hash),
    Grant(JobId),
    Revoke(JobId, GoneReason),
}

pub struct Office {
    pub epoch: i64,
    pub records: BTreeMap<JobId, Record>,
    holders: BTreeMap<JobId, BTreeSet<DeviceId>>,
    feeds: BTreeMap<DeviceId, Vec<Event>>,
    keys: BTreeMap<DeviceId, PublicKey>,
    /// Hashes of changes put aside. Not part of a backup.
    pub quarantine: BTreeSet<Hash>,
    /// Events in one answer.
    pub page: usize,
    /// Whether it knows of packed changes; an older release does not.
    pub slim: bool,
    /// Whether a refusal brings the server's copy along.
    pub resets: bool,
    /// What these send is put aside, and they are told nothing.
    pub revoked: BTreeSet<DeviceId>,
    /// What it names of reference data.
    pub reference: BTreeMap<String, i64>,
    seen: Vec<RequestId>,
}

/// What a restore brings back.
pub struct Backup {
    records: BTreeMap<JobId, Record>,
}

fn server_key() -> ServerKey {
    ServerKey::from_seed([42; 32]).unwrap()
}

impl Office {
    pub fn new(page: usize) -> Self {
        Self {
            epoch: 1,
            records: BTreeMap::new(),
            holders: BTreeMap::new(),
            feeds: BTreeMap::new(),
            keys: BTreeMap::new(),
            quarantine: BTreeSet::new(),
            page,
            slim: true,
            resets: true,
            revoked: BTreeSet::new(),
            reference: BTreeMap::new(),
            seen: Vec::new(),
        }
    }

    pub fn enrol(&mut self, device: DeviceId, key: PublicKey) {
        self.keys.insert(device, key);
        self.feeds.insert(device, Vec::new());
    }

    pub fn open_job(&mut self, job: JobId) {
        let Edit::Open { meta, report } = samples::open() else { unreachable!() };
        let meta = Box::new(Meta { job, ..*meta });
        self.records.insert(job, Record::new());
        self.write(job, &[Edit::Open { meta, report }]);
    }

    pub fn write(&mut self, job: JobId, edits: &[Edit]) {
        let actor = office_actor(job, self.epoch);
        let change = self.records.get_mut(&job).unwrap().write(actor, samples::at(0), edits).unwrap();
        self.publish(job, change.hash, None);
    }

    pub fn grant(&mut self, job: JobId, device: DeviceId) {
        if self.holders.entry(job).or_default().insert(device) {
            self.feeds.get_mut(&device).unwrap().push(Event::Grant(job));
        }
    }

    pub fn revoke(&mut self, job: JobId, device: DeviceId) {
        if self.holders.entry(job).or_default().remove(&device) {
            self.feeds.get_mut(&device).unwrap().push(Event::Revoke(job, GoneReason::Reassigned));
        }
    }

    pub fn jobs_of(&self, device: DeviceId) -> BTreeSet<JobId> {
        self.holders.iter().filter(|(_, held)| held.contains(&device)).map(|(job, _)| *job).collect()
    }

    pub fn digest_of(&self, device: DeviceId) -> Hash {
        let jobs = self.jobs_of(device);
        jobs.iter().fold(Hash::ZERO, |digest, job| digest.xor(job_digest(*job, &self.records[job].heads())))
    }

    pub fn read(&self, job: JobId) -> JobRecord {
        self.records[&job].read().unwrap()
    }

    pub fn back_up(&self) -> Backup {
        Backup { records: self.records.clone() }
    }

    /// Changes of phones' in a record.
    pub fn written(&self, job: JobId) -> usize {
        let infos = self.records[&job].infos_since(&[]);
        infos.iter().filter(|info| (1..=self.epoch).all(|epoch| info.actor != office_actor(job, epoch))).count()
    }

    /// Everything written since the backup is lost but who holds which job, and nobody is told.
    pub fn lose(&mut self, backup: &Backup) {
        for (job, record) in &mut self.records {
            if let Some(saved) = backup.records.get(job) {
                *record = saved.clone();
            }
        }
    }

    /// The same, honestly: a new epoch begins.
    pub fn restore(&mut self, backup: &Backup) {
        self.lose(backup);
        self.epoch += 1;
        self.feeds.values_mut().for_each(Vec::clear);
    }

    fn publish(&mut self, job: JobId, hash: Hash, author: Option<DeviceId>) {
        for device in self.holders.get(&job).into_iter().flatten().filter(|device| Some(**device) != author) {
            self.feeds.get_mut(device).unwrap().push(Event::Change(job, hash));
        }
    }

    /// Whether it can't read the request.
    pub fn refuses(&self, request: &SyncRequest) -> bool {
        !self.slim && request.push.iter().any(|push| push.slim.is_some())
    }

    pub fn handle(&mut self, device: DeviceId, request: &SyncRequest) -> SyncResponse {
        assert!(!self.refuses(request));
        let push = slim::plain(&request.push, usize::MAX).unwrap().into_owned();
        let mut answer = self.answer(device, &SyncRequest { push, ..request.clone() });
        if self.slim && request.slim > 0 {
            answer.slim = slim::VERSION;
            answer.jobs = answer.jobs.into_iter().map(slim::slimmed).collect();
        }
        answer
    }

    fn answer(&mut self, device: DeviceId, request: &SyncRequest) -> SyncResponse {
        self.check_signature(device, request);
        let mut answer = SyncResponse {
            cursor: request.cursor,
            more: false,
            server_time: samples::at(1_000),
            acks: Vec::new(),
            receipt: (!request.push.is_empty()).then(|| receipt(request)),
            refused: Vec::new(),
            jobs: Vec::new(),
            resync: false,
            photos_owed: Vec::new(),
            decided: Vec::new(),
            hands: Vec::new(),
            reference: self.reference.clone(),
            slim: 0,
            revoked: false,
        };
        let mut reset = BTreeSet::new();
        for push in &request.push {
            self.take(device, push, &mut answer, &mut reset);
        }
        self.feed(device, request, &mut answer, &reset);
        answer
    }

    fn check_signature(&mut self, device: DeviceId, request: &SyncRequest) {
        assert!(!self.seen.contains(&request.id) || request.push.is_empty() || request.signature.is_some());
        self.seen.push(request.id);
        if !request.push.is_empty() {
            let message = push_message(device, request.id, &leaves(request));
            assert!(seal::verify(self.keys[&device], &message, request.signature.unwrap()));
        }
    }

    fn take(&mut self, device: DeviceId, push: &JobPush, answer: &mut SyncResponse, reset: &mut BTreeSet<JobId>) {
        let holds = self.holders.get(&push.job).is_some_and(|held| held.contains(&device));
        let mut closed = BTreeSet::new();
        for bytes in &push.changes {
            let (actor, seq, hash) = Record::identify(bytes).unwrap();
            if self.records[&push.job].has(hash) {
                answer.acks.push(Ack { job: push.job, actor, seq });
                continue;
            }
            let code = match (self.revoked.contains(&device), holds) {
                (true, _) => Some(RefusalCode::DeviceRevoked),
                (false, true) => self.judge(push.job, bytes),
                (false, false) => Some(RefusalCode::JobMoved),
            };
            match code.filter(|_| !closed.contains(&actor)) {
                None if !closed.contains(&actor) => {
                    self.records.get_mut(&push.job).unwrap().apply_trusted(std::slice::from_ref(bytes)).unwrap();
                    self.publish(push.job, hash, Some(device));
                    answer.acks.push(Ack { job: push.job, actor, seq });
                }
                code => {
                    self.quarantine.insert(hash);
                    if let Some(code) = code {
                        answer.refused.push(refused(push.job, actor, hash, code));
                    }
                    closed.insert(actor);
                    if holds && self.resets {
                        reset.insert(push.job);
                    }
                }
            }
        }
    }

    fn judge(&self, job: JobId, bytes: &Bytes) -> Option<RefusalCode> {
        let mut trial = self.records[&job].clone();
        if trial.apply_trusted(std::slice::from_ref(bytes)).is_err() {
            return Some(RefusalCode::Gap);
        }
        let is_forbidden = |record: &Record| record.read().unwrap().notes.values().any(|note| note == FORBIDDEN);
        (is_forbidden(&trial) && !is_forbidden(&self.records[&job])).then_some(RefusalCode::Forbidden)
    }

    fn feed(&mut self, device: DeviceId, request: &SyncRequest, answer: &mut SyncResponse, reset: &BTreeSet<JobId>) {
        if self.revoked.contains(&device) {
            answer.cursor.epoch = self.epoch;
            return;
        }
        let feed = &self.feeds[&device];
        let end = i64::try_from(feed.len()).unwrap();
        let snapshot = |job: &JobId, reset: bool| JobUpdate {
            job: *job,
            news: News::Snapshot { document: Bytes(self.records[job].save()), reset },
        };
        answer.jobs.extend(reset.iter().map(|job| snapshot(job, true)));
        if let Some(heads) = &request.heads {
            answer.cursor = Cursor { epoch: self.epoch, seq: end };
            let held = self.jobs_of(device);
            for job in held.difference(reset) {
                let known = heads.iter().find(|known| known.job == *job);
                answer.jobs.push(match known {
                    None => snapshot(job, false),
                    Some(known) => JobUpdate {
                        job: *job,
                        news: News::Changes(
                            self.records[job].changes_since(&known.heads).into_iter().map(|raw| raw.bytes).collect(),
                        ),
                    },
                });
            }
            let gone = heads.iter().filter(|known| !held.contains(&known.job));
            let gone = gone.map(|known| JobUpdate { job: known.job, news: News::Gone(GoneReason::Reassigned) });
            answer.jobs.extend(gone);
            return;
        }
        if request.cursor.epoch != self.epoch && request.cursor.epoch != 0 {
            answer.cursor = Cursor { epoch: self.epoch, seq: 0 };
            answer.resync = true;
            return;
        }
        let from = usize::try_from(request.cursor.seq).unwrap();
        if from == feed.len() && request.push.is_empty() {
            answer.resync = request.digest != self.digest_of(device);
            return;
        }
        let to = feed.len().min(from + self.page);
        for event in &feed[from..to] {
            match event {
                Event::Change(job, hash) if !reset.contains(job) => answer.jobs.push(JobUpdate {
                    job: *job,
                    news: News::Changes(vec![self.records[job].change(*hash).unwrap().bytes]),
                }),
                Event::Change(..) => {}
                Event::Grant(job) => answer.jobs.push(snapshot(job, false)),
                Event::Revoke(job, reason) => {
                    answer.jobs.push(JobUpdate { job: *job, news: News::Gone(*reason) });
                }
            }
        }
        answer.cursor = Cursor { epoch: self.epoch, seq: i64::try_from(to).unwrap() };
        answer.more = to < feed.len();
    }
}

fn leaves(request: &SyncRequest) -> Vec<Hash> {
    let hashes =
        |push: &JobPush| push.changes.iter().map(|bytes| Record::identify(bytes).unwrap().2).collect::<Vec<_>>();
    request.push.iter().map(|push| push_leaf(push.job, &hashes(push))).collect()
}

fn receipt(request: &SyncRequest) -> Receipt {
    let (push, received_at) = (PushId(Uuid::from_u128(5)), Timestamp::from_micros(77));
    let key = server_key();
    let signature = key.sign(&receipt_message(push, received_at, &leaves(request)));
    Receipt { push, received_at, signature, key: key.public_key() }
}

fn refused(job: JobId, actor: schema::binary::Actor, change: Hash, code: RefusalCode) -> Refused {
    Refused {
        job,
        actor,
        change,
        code,
        paths: Vec::new(),
        quarantine: QuarantineId(Uuid::from_u128(6)),
        salvaged_as: None,
        zh: "未采纳".to_owned(),
        en: "Not taken over".to_owned(),
    }
}
