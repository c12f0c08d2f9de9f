//! The server: the real domain on a real database in memory, and the doors that a sync goes through, with somebody else let in between
//! any two of its steps and a power cut at each commit.

use super::bug::Bug;
use super::chance::Chance;
use super::fault::{Fault, Sky};
use schema::problem::{Kind, Problem};
use schema::time::Timestamp;
use server::auth::token::Bearer;
use server::db::{Conn, Solo, meta};
use server::domain::backup;
use server::domain::records::Memory;
use server::domain::sync::Doors;
use server::feed::Notice;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use sync::seal::ServerKey;

/// Few, so that records are also read from their rows.
const RECORDS_KEPT: NonZeroUsize = NonZeroUsize::new(3).unwrap();

pub struct House {
    solo: RefCell<Solo>,
    memory: RefCell<Arc<Memory>>,
    key: Arc<ServerKey>,
    now: Cell<Timestamp>,
    chance: RefCell<Chance>,
    sky: Sky,
    pub bug: Option<Bug>,
    /// What is killed answers nothing any more.
    down: Cell<bool>,
    /// It runs a release that knows nothing of packed changes.
    older: Cell<bool>,
    notices: RefCell<Vec<Notice>>,
    /// Whom a token was made for: in the service a signature says so.
    bearers: RefCell<BTreeMap<String, Bearer>>,
    backup: RefCell<Option<Vec<u8>>>,
}

impl House {
    pub fn new(seed: u64, now: Timestamp, sky: Sky, bug: Option<Bug>) -> Self {
        let mut chance = Chance::of(seed, "house");
        let key = Arc::new(ServerKey::from_seed(chance.bytes()).unwrap());
        let mut solo = Solo::in_memory().unwrap();
        let epoch = chance.between(1, i64::MAX).to_string();
        solo.write(|conn| Ok(meta::ensure_value(conn, "epoch", &epoch)?)).unwrap();
        Self {
            solo: RefCell::new(solo),
            memory: RefCell::new(Arc::new(Memory::new(RECORDS_KEPT))),
            key,
            now: Cell::new(now),
            chance: RefCell::new(chance),
            sky,
            bug,
            down: Cell::new(false),
            older: Cell::new(false),
            notices: RefCell::default(),
            bearers: RefCell::default(),
            backup: RefCell::default(),
        }
    }

    pub fn set_now(&self, now: Timestamp) {
        self.now.set(now);
    }

    pub fn is_down(&self) -> bool {
        self.down.get()
    }

    /// Comes up again, with nothing but what was committed.
    pub fn start(&self) {
        self.down.set(false);
        *self.memory.borrow_mut() = Arc::new(Memory::new(RECORDS_KEPT));
    }

    pub fn is_older(&self) -> bool {
        self.older.get()
    }

    /// Back to the release before packed changes, or forward again.
    pub fn change_release(&self) {
        self.older.set(!self.older.get());
    }

    pub fn take_notices(&self) -> Vec<Notice> {
        self.notices.take()
    }

    pub fn draw<const N: usize>(&self) -> [u8; N] {
        self.chance.borrow_mut().bytes()
    }

    pub fn issue(&self, token: String, bearer: Bearer) {
        self.bearers.borrow_mut().insert(token, bearer);
    }

    pub fn bearer(&self, token: &str) -> Result<Bearer, Problem> {
        let known = self.bearers.borrow().get(token).copied();
        known.ok_or_else(|| Problem::new(Kind::Unauthenticated))?.check_time(self.now.get())
    }

    pub fn look<T>(&self, query: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> Result<T, Problem> {
        self.solo.borrow_mut().read(query)
    }

    /// One command in a transaction. None: the power went, before the commit or after it, and nobody hears what came of it.
    pub fn command<T>(&self, command: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> Option<Result<T, Problem>> {
        let strikes = |fault| self.sky.borrow_mut().strikes(fault);
        if strikes(Fault::ServerFailsBeforeCommit) {
            let lost = self.solo.borrow_mut().write(|conn| command(conn).and(Err::<(), _>(Problem::busy(1))));
            assert!(lost.is_err());
            self.down.set(true);
            return None;
        }
        let fails_after = strikes(Fault::ServerFailsAfterCommit);
        let done = self.solo.borrow_mut().write(command);
        if fails_after {
            self.down.set(true);
            return None;
        }
        Some(done.map(|(done, notices)| {
            self.notices.borrow_mut().extend(notices);
            done
        }))
    }

    /// The same where nothing can fail: what the simulation itself arranges.
    pub fn arrange<T>(&self, command: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> T {
        let (done, notices) = self.solo.borrow_mut().write(command).unwrap();
        self.notices.borrow_mut().extend(notices);
        done
    }

    /// Runs `command` and takes it back.
    pub fn try_out<T>(&self, command: impl FnOnce(&mut Conn) -> Result<T, Problem>) -> Result<T, Problem> {
        let mut done = None;
        let undone = self.solo.borrow_mut().write(|conn| {
            done = Some(command(conn));
            Err::<(), _>(Problem::busy(1))
        });
        assert!(undone.is_err());
        done.unwrap()
    }

    pub fn back_up(&self) {
        let mut bytes = Vec::new();
        self.look(|conn| Ok(backup::write(conn, self.now.get(), &mut bytes).unwrap())).unwrap();
        *self.backup.borrow_mut() = Some(bytes);
    }

    /// Puts the last backup in the place of everything. False where there is none.
    pub fn restore(&self) -> bool {
        let Some(bytes) = self.backup.borrow().clone() else { return false };
        let mut fresh = Solo::in_memory().unwrap();
        let epoch = self.chance.borrow_mut().between(1, i64::MAX);
        fresh.write(|conn| Ok(backup::restore(conn, std::io::Cursor::new(&bytes), epoch, self.now.get())?)).unwrap();
        *self.solo.borrow_mut() = fresh;
        self.start();
        true
    }
}

/// Pending once, so that the scheduler lets others in.
#[derive(Default)]
struct Turn(bool);

impl Future for Turn {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Doors for House {
    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn random(&self) -> [u8; 10] {
        self.draw()
    }

    fn records(&self) -> Arc<Memory> {
        Arc::clone(&self.memory.borrow())
    }

    fn receipt_key(&self) -> Arc<ServerKey> {
        Arc::clone(&self.key)
    }

    async fn read<T, F>(&self, query: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        Turn::default().await;
        self.look(query)
    }

    async fn write<T, F>(&self, mut command: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        Turn::default().await;
        if self.bug == Some(Bug::AckLost) && self.chance.borrow_mut().percent(30) {
            return self.try_out(command);
        }
        let bug = self.bug;
        let command = move |conn: &mut Conn| {
            let done = command(conn)?;
            if let Some(bug) = bug {
                bug.after_commit(conn);
            }
            Ok(done)
        };
        match self.command(command) {
            Some(done) => done,
            None => std::future::pending().await,
        }
    }

    async fn judge<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        Turn::default().await;
        Ok(work())
    }
}
