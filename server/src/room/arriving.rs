//! Whose bodies are arriving at the moment, and have room: a few for each person. Nobody keeps others out by beginning to send and not going
//! on: where a person's next body comes, their first gives way (a phone whose line broke knows it before we do), and where there is no room
//! left, the one gives way that has had its room for longest, once it has had it for long.

use super::{AGAIN_S, Place, Room};
use schema::id::PersonId;
use schema::limits::BODIES_ARRIVING_MAX;
use schema::problem::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// For so long nobody has to give way to somebody else: a phone on a slow line brings a large body in it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Room for bodies, and who brings them.
#[derive(Clone)]
pub struct Arriving {
    room: Room,
    bringers: Arc<Mutex<Bringers>>,
    patience: Duration,
}

#[derive(Default)]
struct Bringers {
    /// By the order in which they came.
    of: BTreeMap<u64, Bringer>,
    count: u64,
}

struct Bringer {
    person: PersonId,
    since: Instant,
    /// Dropped when it has to give way.
    _holds: oneshot::Sender<()>,
}

/// A body that arrives; it has arrived, or was given up, when this is dropped.
pub struct Arrival {
    bringers: Arc<Mutex<Bringers>>,
    number: u64,
    over: oneshot::Receiver<()>,
}

impl Arriving {
    pub fn new(room: Room) -> Self {
        Self { room, bringers: Arc::default(), patience: PATIENCE }
    }

    /// Room for so many bytes, of which none has to come first.
    pub fn take(&self, bytes: usize) -> Result<Place, Problem> {
        self.room.take(bytes)
    }

    /// One more body of this person; one that they brought before gives way, if there are many.
    pub fn begin(&self, person: PersonId) -> Arrival {
        let mut all = lock(&self.bringers);
        let own: Vec<u64> =
            all.of.iter().filter(|(_, bringer)| bringer.person == person).map(|(number, _)| *number).collect();
        if let Some(first) = own.first().filter(|_| own.len() >= BODIES_ARRIVING_MAX) {
            all.of.remove(first);
        }
        let (holds, over) = oneshot::channel();
        all.count += 1;
        let number = all.count;
        all.of.insert(number, Bringer { person, since: Instant::now(), _holds: holds });
        Arrival { bringers: Arc::clone(&self.bringers), number, over }
    }

    /// More room for a body that arrives. Where there is none, it is told to come again, and by then there is, if anybody has had theirs
    /// for too long.
    pub fn grow(&self, place: &mut Place, bytes: usize, arrival: &Arrival) -> Result<(), Problem> {
        let Err(busy) = place.grow(bytes) else { return Ok(()) };
        let mut all = lock(&self.bringers);
        let first = all.of.iter().find(|(number, _)| **number != arrival.number);
        if let Some(number) = first.filter(|(_, one)| one.since.elapsed() >= self.patience).map(|(number, _)| *number) {
            all.of.remove(&number);
            metrics::counter!("sync_bodies_given_up_total").increment(1);
        }
        Err(busy)
    }
}

impl Arrival {
    /// Resolves once, when this body has to give way.
    pub async fn is_over(&mut self) {
        // Nothing is ever sent: the other end is dropped.
        drop((&mut self.over).await);
    }

    /// What whoever has to give way is told.
    pub fn gave_way() -> Problem {
        Problem::busy(AGAIN_S)
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        lock(&self.bringers).of.remove(&self.number);
    }
}

fn lock(bringers: &Mutex<Bringers>) -> MutexGuard<'_, Bringers> {
    bringers.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::time::Timestamp;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    fn person(seed: u8) -> PersonId {
        PersonId::new(Timestamp::from_micros(0), [seed; 10])
    }

    async fn is_over(arrival: &mut Arrival) -> bool {
        let mut over = pin!(arrival.is_over());
        poll_fn(|cx| Poll::Ready(over.as_mut().poll(cx).is_ready())).await
    }

    #[tokio::test]
    async fn of_many_bodies_of_one_person_the_first_gives_way() {
        let arriving = Arriving::new(Room::new(1 << 20));
        let mut other = arriving.begin(person(2));
        let mut own: Vec<Arrival> = (0..BODIES_ARRIVING_MAX).map(|_| arriving.begin(person(1))).collect();
        assert!(!is_over(&mut own[0]).await);
        let mut next = arriving.begin(person(1));
        assert!(is_over(&mut own[0]).await && !is_over(&mut own[1]).await && !is_over(&mut next).await);
        assert!(!is_over(&mut other).await, "nobody else's does");
        own.truncate(1);
        let _more = arriving.begin(person(1));
        assert!(!is_over(&mut next).await, "those that have arrived are none of the many");
    }

    #[tokio::test]
    async fn who_has_had_room_for_long_gives_way_where_there_is_none() {
        let patient = Arriving::new(Room::new(8 << 10));
        let arriving = Arriving { patience: Duration::ZERO, ..patient.clone() };
        let mut lingers = patient.begin(person(1));
        let mut held = patient.take(0).unwrap();
        patient.grow(&mut held, 8 << 10, &lingers).unwrap();
        let (mut next, mut wanted) = (patient.begin(person(2)), patient.take(0).unwrap());
        assert!(patient.grow(&mut wanted, 1 << 10, &next).is_err());
        assert!(!is_over(&mut lingers).await, "it has just come");
        assert!(arriving.grow(&mut wanted, 1 << 10, &next).is_err());
        assert!(is_over(&mut lingers).await && !is_over(&mut next).await);
        drop((held, lingers));
        arriving.grow(&mut wanted, 8 << 10, &next).unwrap();
    }
}
