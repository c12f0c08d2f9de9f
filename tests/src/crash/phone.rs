//! A technician whose phone writes and syncs without a pause, and whose app is closed and opened in between.

use super::ledger::{Ledger, one_more};
use crate::person::PASSWORD;
use crate::sim::chance::Chance;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::{JobId, PersonId};
use schema::people::Language;
use schema::problem::Kind;
use schema::record::{Mark, MarkKind};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use sync::admit::{Limits, hash_of};
use sync::client::{Client, ClientError, Clocks as _, Credentials, SystemClocks};
use sync::handset::Handset;
use sync::replica::Input;
use sync::store::{FileStore, StoreError};

/// Steps that no gate closes.
const STEPS: [&str; 6] = ["accept", "analyse", "contact", "prepare", "listen", "repair"];
/// Tries to come to rest once nothing is killed any more.
const TRIES: usize = 200;

pub(super) struct CrashPhone {
    pub job: JobId,
    pub person: PersonId,
    pub login: String,
    handset: Option<Handset<FileStore>>,
    folder: PathBuf,
    client: Client,
    clocks: SystemClocks,
    chance: Chance,
    ledger: Arc<Ledger>,
    /// Written, and not known to be with the server.
    open: BTreeSet<Hash>,
    /// All that was ever written here.
    pub written: Vec<Hash>,
}

/// Opens a store that this process has just closed. A process that is being started meanwhile holds a copy of the lock until it has
/// become another program.
pub fn open_again(folder: &Path) -> FileStore {
    let mut tries = std::iter::repeat_with(|| FileStore::open_folder(folder)).take(OPENINGS);
    let opened = tries.find(|opened| {
        let is_in_use = matches!(opened, Err(StoreError::InUse));
        if is_in_use {
            std::thread::sleep(Duration::from_millis(1));
        }
        !is_in_use
    });
    opened.expect("nobody else has it open").unwrap()
}

/// Tries to open a store, a millisecond from one to the next: a lock that stays must fail the test.
const OPENINGS: usize = 60_000;

/// Whose phone it is, and what it is to carry.
pub(super) struct Owner {
    pub person: PersonId,
    pub login: String,
    pub job: JobId,
}

impl CrashPhone {
    pub async fn enrol(owner: Owner, url: &str, folder: PathBuf, (chance, ledger): (Chance, Arc<Ledger>)) -> Self {
        let Owner { person, login, job } = owner;
        let handset = Some(Handset::open(FileStore::open_folder(&folder).unwrap()).unwrap());
        let (client, clocks) = (Client::new(url, Language::English).unwrap(), SystemClocks::default());
        let (open, written) = (BTreeSet::new(), Vec::new());
        let mut phone = Self { job, person, login, handset, folder, client, clocks, chance, ledger, open, written };
        let (login, password) = (phone.login.clone(), PASSWORD.to_owned());
        let credentials = Credentials { login, password, phone_name: "测试手机".to_owned() };
        let handset = phone.handset.as_mut().unwrap();
        phone.client.enrol(handset, &mut phone.clocks, &credentials).await.unwrap();
        phone.client.drive(handset, &mut phone.clocks).await.unwrap();
        phone
    }

    pub fn handset(&mut self) -> &mut Handset<FileStore> {
        self.handset.as_mut().unwrap()
    }

    pub fn heads(&mut self) -> Vec<Hash> {
        let job = self.job;
        self.handset().replica().held(job).unwrap().record.heads()
    }

    /// Until the ledger is closed; then brings in what is left.
    pub async fn live(mut self) -> Self {
        while !self.ledger.is_closed() {
            if self.chance.percent(5) {
                self.close_and_open();
            }
            for _ in 0..=self.chance.below(3) {
                self.write();
            }
            if self.sync().await.is_err() {
                self.pause().await;
            }
        }
        for _ in 0..TRIES {
            let is_quiet =
                self.sync().await.is_ok_and(|unsent| unsent == 0) && !self.handset().replica().needs_resync();
            if is_quiet {
                return self;
            }
            self.pause().await;
        }
        self.ledger.complain(format!("{} did not come to rest", self.login));
        self
    }

    /// As a person's thumb, or an app that tries again.
    async fn pause(&mut self) {
        let millis = 1 + self.chance.below(40);
        tokio::time::sleep(Duration::from_millis(u64::try_from(millis).unwrap())).await;
    }

    fn close_and_open(&mut self) {
        one_more(&self.ledger.restarts);
        self.handset = None;
        self.handset = Some(Handset::open(open_again(&self.folder)).unwrap());
    }

    fn write(&mut self) {
        let (job, person, now) = (self.job, self.person, self.clocks.now());
        let step = (*self.chance.pick(&STEPS).unwrap()).to_owned();
        let edit = if self.chance.percent(50) && step != "repair" {
            let kind = if self.chance.percent(70) { MarkKind::Done } else { MarkKind::Open };
            Edit::Mark { step, mark: Mark { kind, by: person, at: now.at, reason: None, place: None } }
        } else {
            Edit::Note { step, text: format!("记录 {}", self.written.len()) }
        };
        let random = self.chance.bytes();
        self.handset().handle(now, random, Input::Edit { job, edits: vec![edit] }).unwrap();
        // It builds on all that is here, so it is the only head.
        let heads = self.heads();
        assert_eq!(heads.len(), 1);
        self.open.extend(&heads);
        self.written.extend(heads);
        one_more(&self.ledger.written);
    }

    /// How much is unsent after it; an error where the server was not to be had.
    async fn sync(&mut self) -> Result<usize, ()> {
        self.ledger.begin();
        let handset = self.handset.as_mut().unwrap();
        let outcome = self.client.drive(handset, &mut self.clocks).await;
        self.note_acknowledged();
        match outcome {
            Ok(report) => {
                if let Some(refused) = report.refused.first() {
                    self.ledger.complain(format!("{} was refused: {refused:?}", self.login));
                }
                self.ledger.answer();
                return Ok(report.unsent);
            }
            Err(ClientError::Unreachable(_)) => one_more(&self.ledger.cut),
            Err(ClientError::Problem(problem)) if problem.slug == Kind::Busy => one_more(&self.ledger.busy),
            Err(error) => self.ledger.complain(format!("{} was told: {error}", self.login)),
        }
        Err(())
    }

    /// What is neither unsent nor refused was acknowledged.
    fn note_acknowledged(&mut self) {
        let unsent = self.handset().replica().unsent_changes();
        let unsent: BTreeSet<Hash> =
            unsent.iter().flat_map(|(_, changes)| changes).map(|bytes| hash_of(bytes, &Limits::default())).collect();
        let acknowledged: Vec<Hash> = self.open.difference(&unsent).copied().collect();
        self.open = unsent;
        self.ledger.acknowledge(acknowledged);
    }
}
