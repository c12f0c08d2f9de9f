//! Whose requests bring bytes of photos at the moment: one for each upload, and a few for each person, so that nobody keeps others out by
//! requests that send nothing. A later request for the same upload takes the earlier one's turn.

use crate::room::{Bringer, Bringers};
use schema::id::{PersonId, UploadId};
use schema::limits::UPLOADS_RECEIVED_MAX;
use schema::problem::Problem;

/// Seconds after which whoever brings too much at once is to come again.
const AGAIN_S: u32 = 2;

#[derive(Default)]
pub(super) struct Receiving(Bringers<(UploadId, PersonId)>);

/// A request's turn; over when dropped, or when a later request for the same upload has it.
pub(super) type Turn = Bringer<(UploadId, PersonId)>;

impl Receiving {
    pub(super) fn begin(&self, upload: UploadId, person: PersonId) -> Result<Turn, Problem> {
        self.0.begin((upload, person), |all| {
            let others = all.values().filter(|(other, by)| *by == person && *other != upload).count();
            if others >= UPLOADS_RECEIVED_MAX {
                return Err(Problem::busy(AGAIN_S));
            }
            Ok(all.iter().find(|(_, (other, _))| *other == upload).map(|(number, _)| *number))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::is_over;
    use schema::time::Timestamp;

    fn upload(seed: u8) -> UploadId {
        UploadId::new(Timestamp::from_micros(0), [seed; 10])
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
