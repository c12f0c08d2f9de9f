//! The end of a run: nothing fails any more, nobody writes any more, and everybody syncs until there is nothing left to say.

use super::world::{Event, World};
use schema::time::SECOND;
use server::db;

/// Rounds in which each phone syncs as often as its client would. What is not quiet by then never is.
const ROUNDS_MAX: usize = 12;
/// Events in one round: far more than any honest one has.
const EVENTS_MAX: usize = 5_000;

impl World {
    pub fn heal(&mut self) {
        self.sky.borrow_mut().set_calm(true);
        self.is_healing = true;
        self.drop_acts();
        self.note(|| "everything works again".to_owned());
        if self.house.is_down() {
            self.house.start();
        }
        for phone in &mut self.phones {
            (phone.is_online, phone.is_old) = (true, false);
            phone.set_full(false);
        }
        for _ in 0..ROUNDS_MAX {
            for phone in 0..self.phones.len() {
                self.phones[phone].idle = 0;
                self.after(SECOND, Event::Wake(phone));
            }
            let events = (0..EVENTS_MAX).take_while(|_| self.blame.is_none() && self.step()).count();
            if self.blame.is_some() {
                return;
            }
            if events == EVENTS_MAX {
                return self.blame("phones and server talk without end");
            }
            if (0..self.phones.len()).all(|phone| self.is_quiet(phone)) {
                return;
            }
        }
        let loud: Vec<usize> = (0..self.phones.len()).filter(|phone| !self.is_quiet(*phone)).collect();
        self.blame(format!("phones {loud:?} never come to rest"));
    }

    /// Nothing unsent, nothing asked, and at the end of its feed.
    fn is_quiet(&self, phone: usize) -> bool {
        let handset = &self.phones[phone];
        if handset.is_locked_out {
            return true;
        }
        let Some(replica) = handset.replica() else { return false };
        let end = self.house.look(|conn| Ok(db::feed::find_end(conn, handset.hand.person)?)).ok().flatten();
        let is_at_end = end.is_some_and(|end| (end.seq, end.digest) == (replica.cursor().seq, replica.digest()));
        let is_silent = replica.unsent() == 0 && handset.flight.is_none() && !replica.needs_resync();
        is_silent && (is_at_end || self.is_revoked(phone).unwrap_or(false))
    }
}
