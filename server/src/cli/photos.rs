//! `server check-photos`: store and database of photos held against each other.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::config::Config;
use crate::photos::check::{self, Checked};
use crate::{RunError, find, open, state};

/// May run beside the service.
pub async fn check(config: Config) -> Result<(), RunError> {
    find(&config)?;
    let state = open(config, state::system_clock())?;
    let Checked { held, lost, found } = check::check(&state).await?;
    println!(
        "{held} photos in place, {lost} lost (they are owed again), {found} found that the database had forgotten"
    );
    Ok(())
}
