//! A phone: the real client, replica and store, with clocks of its own.

use crate::clock::TestClock;
use crate::person::{PASSWORD, Person};
use crate::server::TestServer;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::people::Language;
use schema::record::{JobRecord, Mark, MarkKind};
use schema::time::{SECOND, Timestamp};
use sync::client::{Client, ClientError, Clocks, Credentials, SyncReport};
use sync::handset::{Handset, HandsetError};
use sync::replica::{Input, Now};
use sync::store::memory::{MemoryDisk, MemoryStore};

/// The clocks of a phone that keeps the test's time, a little later at each look.
pub struct PhoneClocks {
    clock: TestClock,
    looks: i64,
    /// How much later; a second, where a test does not set it.
    pub look_us: i64,
    /// How far the wall clock is set wrong; the monotonic one isn't.
    pub wrong_us: i64,
    /// Names the phone's last start.
    pub boot: u64,
}

impl Clocks for PhoneClocks {
    fn now(&mut self) -> Now {
        self.looks += 1;
        let at = self.clock.now().plus(self.looks * self.look_us);
        Now { at: at.plus(self.wrong_us), uptime_us: self.clock.now().micros() + self.looks, boot: self.boot }
    }

    fn random(&mut self) -> [u8; 16] {
        server::state::random()
    }
}

/// One technician's phone.
pub struct TestPhone {
    pub handset: Handset<MemoryStore>,
    pub clocks: PhoneClocks,
    pub client: Client,
    pub person: schema::id::PersonId,
    /// Where its store lies: outlives the phone's process.
    pub disk: MemoryDisk,
}

impl TestServer {
    /// A phone on which this person has logged in; it has not synced yet.
    pub async fn phone(&self, person: &Person) -> TestPhone {
        let disk = MemoryDisk::default();
        let handset = Handset::open(MemoryStore::open(disk.clone()).unwrap()).unwrap();
        let client = Client::new(&self.url, Language::English).unwrap();
        let clocks = PhoneClocks { clock: self.clock.clone(), looks: 0, look_us: SECOND, wrong_us: 0, boot: 1 };
        let mut phone = TestPhone { handset, clocks, client, person: person.id, disk };
        let credentials = Credentials {
            login: person.login.clone(),
            password: PASSWORD.to_owned(),
            phone_name: "测试手机".to_owned(),
        };
        phone.client.enrol(&mut phone.handset, &mut phone.clocks, &credentials).await.unwrap();
        phone
    }
}

impl TestPhone {
    pub async fn sync(&mut self) -> SyncReport {
        self.try_sync().await.unwrap()
    }

    pub async fn try_sync(&mut self) -> Result<SyncReport, ClientError> {
        self.client.drive(&mut self.handset, &mut self.clocks).await
    }

    /// Writes; the edits make one change.
    pub fn edit(&mut self, job: JobId, edits: Vec<Edit>) {
        self.try_edit(job, edits).unwrap();
    }

    pub fn try_edit(&mut self, job: JobId, edits: Vec<Edit>) -> Result<(), HandsetError> {
        let (now, random) = (self.clocks.now(), self.clocks.random());
        self.handset.handle(now, random, Input::Edit { job, edits }).map(drop)
    }

    pub fn at(&mut self) -> Timestamp {
        self.clocks.now().at
    }

    pub fn entry(&mut self) -> EntryId {
        EntryId::new(server::state::random())
    }

    /// Ticks a step.
    pub fn mark(&mut self, job: JobId, step: &str, kind: MarkKind) {
        let mark = Mark { kind, by: self.person, at: self.at(), reason: None, place: None };
        self.edit(job, vec![Edit::Mark { step: step.to_owned(), mark }]);
    }

    pub fn note(&mut self, job: JobId, step: &str, text: &str) {
        self.edit(job, vec![Edit::Note { step: step.to_owned(), text: text.to_owned() }]);
    }

    pub fn job(&self, job: JobId) -> JobRecord {
        self.handset.replica().held(job).unwrap().record.read().unwrap()
    }

    pub fn heads(&self, job: JobId) -> Vec<schema::binary::Hash> {
        self.handset.replica().held(job).unwrap().record.heads()
    }

    pub fn holds(&self, job: JobId) -> bool {
        self.handset.replica().held(job).is_ok_and(|held| held.gone.is_none())
    }
}
