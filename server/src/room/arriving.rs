//! Whose bodies are arriving at the moment, and have room: a few for each person. Nobody keeps others out by beginning to send and not going
//! on: where a person's next body comes, their first gives way (a phone whose line broke knows it before we do), and where there is no room
//! left, the one gives way that has had its room for longest, once it has had it for long.

use super::bringers::{Bringer, Bringers};
use super::{AGAIN_S, Place, Room};
use schema::id::PersonId;
use schema::limits::BODIES_ARRIVING_MAX;
use schema::problem::Problem;
use std::convert::Infallible;
use std::time::{Duration, Instant};

/// For so long nobody has to give way to somebody else: a phone on a slow line brings a large body in it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Room for bodies, and who brings them.
#[derive(Clone)]
pub struct Arriving {
    room: Room,
    bringers: Bringers<Body>,
    patience: Duration,
}

pub struct Body {
    person: PersonId,
    since: Instant,
}

/// A body that arrives; it has arrived, or was given up, when this is dropped.
pub type Arrival = Bringer<Body>;

impl Arriving {
    pub fn new(room: Room) -> Self {
        Self { room, bringers: Bringers::default(), patience: PATIENCE }
    }

    /// Room for so many bytes, of which none has to come first.
    pub fn take(&self, bytes: usize) -> Result<Place, Problem> {
        self.room.take(bytes)
    }

    /// One more body of this person; one that they brought before gives way, if there are many.
    pub fn begin(&self, person: PersonId) -> Arrival {
        let Ok(arrival) = self.bringers.begin(Body { person, since: Instant::now() }, |all| {
            let own = || all.iter().filter(|(_, body)| body.person == person).map(|(number, _)| *number);
            Ok::<_, Infallible>(own().next().filter(|_| own().count() >= BODIES_ARRIVING_MAX))
        });
        arrival
    }

    /// More room for a body that arrives. Where there is none, it is told to come again, and by then there is, if anybody has had theirs
    /// for too long.
    pub fn grow(&self, place: &mut Place, bytes: usize, arrival: &Arrival) -> Result<(), Problem> {
        let Err(busy) = place.grow(bytes) else { return Ok(()) };
        let gave_way = self.bringers.end(|all| {
            let (number, first) = all.iter().find(|(number, _)| **number != arrival.number())?;
            (first.since.elapsed() >= self.patience).then_some(*number)
        });
        if gave_way {
            metrics::counter!("sync_bodies_given_up_total").increment(1);
        }
        Err(busy)
    }

    /// What whoever has to give way is told.
    pub fn gave_way() -> Problem {
        Problem::busy(AGAIN_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::is_over;
    use schema::time::Timestamp;

    fn person(seed: u8) -> PersonId {
        PersonId::new(Timestamp::from_micros(0), [seed; 10])
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
