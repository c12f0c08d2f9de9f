//! What every request can reach: the database, the settings, the clock, the keys, the feed.

use crate::auth::keys::Keys;
use crate::auth::password::Passwords;
use crate::config::Config;
use crate::db::{Conn, Db, ReadLane, WriteLane};
use crate::domain::records::Memory;
use crate::domain::sync::{Ask, Committed, Doors, Found, Verdict};
use crate::feed::Feed;
use crate::pdf::Typeface;
use crate::photos::Photos;
use crate::room::{Arriving, Turns};
use schema::problem::Problem;
use schema::time::Timestamp;
use schema::wire::EPOCH_MAX;
use std::sync::Arc;
use sync::seal::ServerKey;
use tokio::sync::oneshot;

/// Tells the time. The real one in the service, a made one in tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub struct App {
    pub config: Config,
    pub db: Db,
    pub feed: Feed,
    pub clock: Clock,
    pub keys: Keys,
    pub passwords: Passwords,
    /// For the bodies of syncs.
    pub arriving: Arriving,
    /// For pushes, to the records that they have in hand.
    pub turns: Turns,
    /// Where the bytes that phones push are judged.
    pub gate: sync::admit::Pool,
    /// Records that phones push to lately.
    pub records: Arc<Memory>,
    /// Who syncs, and what they push to: asked by every sync.
    pub loads: ReadLane<Ask, Found>,
    /// What was judged, on its way into the log.
    pub commits: WriteLane<Arc<Verdict>, Committed>,
    /// Where photos lie, and how much of them is taken.
    pub photos: Photos,
    /// What papers are set in.
    pub typeface: Typeface,
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
}

/// Shared by all workers.
pub type State = actix_web::web::Data<App>;

impl App {
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl Doors for App {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn random(&self) -> [u8; 10] {
        random()
    }

    fn records(&self) -> Arc<Memory> {
        Arc::clone(&self.records)
    }

    fn receipt_key(&self) -> Arc<ServerKey> {
        Arc::clone(&self.keys.receipt)
    }

    async fn read<T, F>(&self, query: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        self.db.read(query).await
    }

    async fn write<T, F>(&self, command: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        self.db.write(command).await
    }

    async fn judge<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (done, judged) = oneshot::channel();
        self.gate.submit(work, |judged| drop(done.send(judged))).map_err(|_| Problem::busy(1))?;
        judged.await.map_err(|_| Problem::internal("the gate's work panicked"))
    }

    async fn load(&self, ask: Ask) -> Result<Found, Problem> {
        self.loads.ask(ask).await
    }

    async fn commit(&self, verdict: Arc<Verdict>) -> Result<Committed, Problem> {
        self.commits.ask(verdict).await
    }
}

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    })
}

/// Ten random bytes: what an id needs beside the time.
pub fn random<const N: usize>() -> [u8; N] {
    rand::random()
}

/// A new epoch: positive, and not one that was drawn before.
pub fn new_epoch() -> i64 {
    (i64::from_be_bytes(random()) & EPOCH_MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_survives_a_client_whose_numbers_are_doubles() {
        let drawn: Vec<i64> = (0..1_000).map(|_| new_epoch()).collect();
        for epoch in &drawn {
            assert!((1..=EPOCH_MAX).contains(epoch), "{epoch}");
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "what JavaScript does")]
            let rounded = *epoch as f64 as i64;
            assert_eq!(rounded, *epoch);
        }
        assert!(drawn.iter().any(|epoch| *epoch > EPOCH_MAX / 2), "all of the bits are drawn");
    }
}
