//! Room in memory for what requests bring and for what is made of it, by settings. Whoever brings something while there is no room is told
//! to come again, before anything of theirs is kept; what was brought waits for its turn. So a flood costs those who send it time, and
//! not us the process.

mod arriving;
mod bringers;

pub use arriving::{Arrival, Arriving};
#[cfg(test)]
pub use bringers::tests::is_over;
pub use bringers::{Bringer, Bringers};

use schema::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

const KILOBYTE: usize = 1 << 10;
/// Seconds after which whoever found no room is to come again.
const AGAIN_S: u32 = 2;

/// A permit for each kilobyte.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

/// Some of it, free again when dropped.
pub struct Place {
    room: Room,
    taken: OwnedSemaphorePermit,
}

impl Room {
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / KILOBYTE).min(Semaphore::MAX_PERMITS))))
    }

    /// For so many bytes; busy where there is no room for them.
    pub fn take(&self, bytes: usize) -> Result<Place, Problem> {
        let permits = u32::try_from(bytes.div_ceil(KILOBYTE)).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.0).try_acquire_many_owned(permits).map_err(|_| Problem::busy(AGAIN_S))?;
        Ok(Place { room: self.clone(), taken })
    }
}

impl Place {
    /// Until there is room for so many bytes in all.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        let more = bytes.saturating_sub(self.taken.num_permits() * KILOBYTE);
        if more > 0 {
            self.taken.merge(self.room.take(more)?.taken);
        }
        Ok(())
    }
}

/// How long a push waits for its turn: less than the phone's patience, or it would send everything again while we are at it.
const WAIT: Duration = Duration::from_secs(20);

/// Records that pushes may have in hand at the same time, from being loaded until they are written.
pub struct Turns {
    records: Arc<Semaphore>,
    most: u32,
}

/// Lets the next one in when dropped.
pub struct Turn {
    _records: OwnedSemaphorePermit,
}

impl Turns {
    pub fn new(records: u32) -> Self {
        let most = records.max(1);
        let permits = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self { records: Arc::new(Semaphore::new(permits)), most }
    }

    /// For a push to so many jobs, in the order in which they came. One that wants more than there is has its turn alone.
    pub async fn take(&self, jobs: usize) -> Result<Turn, Problem> {
        self.take_within(jobs, WAIT).await
    }

    async fn take_within(&self, jobs: usize, wait: Duration) -> Result<Turn, Problem> {
        let records = u32::try_from(jobs).unwrap_or(u32::MAX).min(self.most);
        match timeout(wait, Arc::clone(&self.records).acquire_many_owned(records)).await {
            Ok(Ok(records)) => Ok(Turn { _records: records }),
            Ok(Err(_)) | Err(_) => Err(Problem::busy(AGAIN_S)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let room = Room::new(10 * KILOBYTE);
        let mut first = room.take(1).unwrap();
        first.grow(4 * KILOBYTE).unwrap();
        first.grow(3 * KILOBYTE).unwrap();
        let second = room.take(6 * KILOBYTE).unwrap();
        assert!(room.take(1).is_err_and(|problem| problem.retry_after_s == Some(AGAIN_S)));
        assert!(first.grow(4 * KILOBYTE + 1).is_err());
        drop(second);
        first.grow(10 * KILOBYTE).unwrap();
        drop(first);
        assert!(room.take(10 * KILOBYTE).is_ok() && room.take(11 * KILOBYTE).is_err());
    }

    #[tokio::test]
    async fn who_waits_for_a_turn_has_it_next_and_does_not_wait_for_ever() {
        let turns = Turns::new(10);
        let (large, small) = (turns.take(8).await.unwrap(), turns.take(2).await.unwrap());
        let at_once = async |jobs| turns.take_within(jobs, Duration::ZERO).await;
        assert!(at_once(1).await.is_err_and(|problem| problem.retry_after_s == Some(AGAIN_S)));
        let mut whole = std::pin::pin!(turns.take(50));
        assert!(timeout(Duration::ZERO, whole.as_mut()).await.is_err(), "nothing is free");
        drop(small);
        assert!(at_once(1).await.is_err(), "nobody passes who came later");
        drop(large);
        let whole = whole.await.unwrap();
        assert!(at_once(1).await.is_err(), "it has its turn alone");
        drop(whole);
        assert!(at_once(10).await.is_ok());
    }
}
