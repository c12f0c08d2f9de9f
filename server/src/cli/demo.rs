//! `server --demo`: fills an empty database, and says who can log in.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::RunError;
use crate::demo::{fill, greeting};
use crate::state::State;

/// Fills the database of this server, which does not serve yet.
pub fn main(state: &State) -> Result<(), RunError> {
    let log_ins = fill(state.db.url(), state.now())?;
    println!("{}", greeting(&state.config.public_url(), &log_ins));
    Ok(())
}
