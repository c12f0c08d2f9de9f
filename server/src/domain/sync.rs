//! Sync: a phone's push is judged, committed and acknowledged, and it is told what is new. Steps that [`exchange`] strings
//! together: [`load`] in a lane for reads, [`judge`] on a thread of the gate, [`commit`] in a lane for writes; then, where there is
//! more to tell than what the phone wrote itself, [`pull`] on a reader.
//!
//! Judging costs milliseconds of CPU and may meet hostile bytes, so it runs outside the transaction. Whether the records still are as
//! they were loaded is checked when they are appended to; where not, everything is loaded and judged again.

mod commit;
mod exchange;
mod judge;
pub(in crate::domain) mod kept;
mod load;
mod pull;
pub(in crate::domain) mod times;
mod verdict;
pub(in crate::domain) mod words;

pub use commit::{Committed, commit};
pub use exchange::{Doors, exchange};
use judge::{Case, Stamp, judge};
pub use load::{Ask, Found, load};
use pull::{Pulled, pull};
pub use verdict::Verdict;

use crate::db::feed::FeedEnd;
use schema::binary::PublicKey;
use schema::id::{DeviceId, OutletId, PersonId};
use schema::wire::{Cursor, SyncRequest};

/// The phone that syncs.
#[derive(Debug, Clone, Copy)]
pub struct Phone {
    pub person: PersonId,
    pub outlet: OutletId,
    pub device: DeviceId,
    pub public_key: PublicKey,
    /// Its pushes are kept, and not taken.
    pub revoked: bool,
}

/// Whether the answer is that nothing is new: nothing pushed, nothing asked for, and both ends of the feed are the same.
fn is_idle(request: &SyncRequest, epoch: i64, end: FeedEnd) -> bool {
    request.push.is_empty()
        && request.heads.is_none()
        && request.cursor == (Cursor { epoch, seq: end.seq })
        && request.digest == end.digest
}
