//! Whose requests bring bytes of photos at the moment: one for each upload, and a few for each person, so that nobody keeps others out by
//! requests that send nothing. A later request for the same upload takes the earlier one's turn: where a phone's line broke, the phone
//! knows it before we do, and need not wait for us to notice.

use schema::id::{PersonId, UploadId};
use schema::limits::UPLOADS_RECEIVED_MAX;
use schema::problem::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Seconds after which whoever brings too much at once is to come again.
const AGAIN_S: u32 = 2;

#[derive(Default)]
pub(super) struct Receiving(Arc<Mutex<Bringers>>);

#[derive(Default)]
struct Bringers {
    of: BTreeMap<UploadId, Bringer>,
    /// Turns that there have been, of all uploads: no two bear the same number, though one be over long before it is dropped.
    turns: u64,
}

struct Bringer {
    person: PersonId,
    /// Dropped when somebody else has the turn.
    _holds: oneshot::Sender<()>,
    turn: u64,
}

/// A request's turn; over when dropped, or when a later request for the same upload has it.
pub(super) struct Turn {
    all: Arc<Mutex<Bringers>>,
    upload: UploadId,
    turn: u64,
    over: oneshot::Receiver<()>,
}

impl Receiving {
    pub(super) fn begin(&self, upload: UploadId, person: PersonId) -> Result<Turn, Problem> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let others = all.of.iter().filter(|(id, bringer)| bringer.person == person && **id != upload).count();
        if others >= UPLOADS_RECEIVED_MAX {
            return Err(Problem::busy(AGAIN_S));
        }
        let (holds, over) = oneshot::channel();
        all.turns += 1;
        let turn = all.turns;
        all.of.insert(upload, Bringer { person, _holds: holds, turn });
        Ok(Turn { all: Arc::clone(&self.0), upload, turn, over })
    }
}

impl Turn {
    /// Resolves once, when a later request has the turn.
    pub(super) async fn is_over(&mut self) {
        // Nothing is ever sent: the other end is dropped.
        drop((&mut self.over).await);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.of.get(&self.upload).is_some_and(|bringer| bringer.turn == self.turn) {
            all.of.remove(&self.upload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::time::Timestamp;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    fn upload(seed: u8) -> UploadId {
        UploadId::new(Timestamp::from_micros(0), [seed; 10])
    }

    async fn is_over(turn: &mut Turn) -> bool {
        let mut over = pin!(turn.is_over());
        poll_fn(|cx| Poll::Ready(over.as_mut().poll(cx).is_ready())).await
    }

    #[tokio::test]
    async fn what_is_over_and_lingers_ends_nobody_elses_turn() {
        let (receiving, one) = (Receiving::default(), PersonId::new(Timestamp::from_micros(0), [1; 10]));
        let begin = || receiving.begin(upload(0), one).unwrap();
        let (lingering, done) = (begin(), begin());
        drop(done);
        let mut third = begin();
        drop(lingering);
        assert!(!is_over(&mut third).await);
        let _fourth = begin();
        assert!(is_over(&mut third).await);
    }

    #[tokio::test]
    async fn a_later_request_has_the_turn_and_nobody_has_many() {
        let (receiving, one) = (Receiving::default(), PersonId::new(Timestamp::from_micros(0), [1; 10]));
        let mut first = receiving.begin(upload(0), one).unwrap();
        assert!(!is_over(&mut first).await);
        let mut second = receiving.begin(upload(0), one).unwrap();
        assert!(is_over(&mut first).await && !is_over(&mut second).await);
        drop(first);
        assert!(!is_over(&mut second).await, "what is over ends nothing");
        let count = u8::try_from(UPLOADS_RECEIVED_MAX).unwrap();
        let others: Vec<Turn> = (1..count).map(|seed| receiving.begin(upload(seed), one).unwrap()).collect();
        assert!(receiving.begin(upload(count), one).is_err_and(|problem| problem.retry_after_s == Some(AGAIN_S)));
        let another = PersonId::new(Timestamp::from_micros(0), [2; 10]);
        assert!(receiving.begin(upload(count), another).is_ok());
        drop(others);
        assert!(receiving.begin(upload(count), one).is_ok());
    }
}
