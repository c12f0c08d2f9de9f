//! What runs in the background. Each job may run on several servers at once, and may be cut off anywhere: the next one goes on.
//!
//! [`housekeeping`] and [`escalations`] run by themselves now and then; what somebody asked for waits in the [`queue`].

pub mod escalations;
pub mod housekeeping;
pub mod queue;

use crate::domain::uploads::MakeCopies;
use crate::state::State;
use queue::Kinds;
use tokio::sync::watch;

/// Every kind of job that this server does.
pub fn kinds() -> Kinds {
    Kinds::default().with::<MakeCopies>()
}

/// All of it, until `stop`'s sender is gone.
pub async fn keep(app: State, mut stop: watch::Receiver<()>) {
    let (kinds, stopped, mut told) = (kinds(), stop.clone(), stop.clone());
    // Nothing is ever sent: it ends with the sender.
    let stop = async move { while stop.changed().await.is_ok() {} };
    let told = async move { while told.changed().await.is_ok() {} };
    tokio::join!(housekeeping::keep(&app, stop), escalations::keep(&app, told), queue::keep(&app, &kinds, &stopped));
}
