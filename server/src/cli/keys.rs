//! `server key …`: the keys that access tokens are signed with.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::auth::keys;
use crate::config::Config;
use crate::db::write_now;
use crate::{RunError, prepare, state};
use clap::Subcommand;
use schema::rows::keys::KeyPurpose;

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Sign access tokens with a new key; the old one is believed until its tokens have run out
    Rotate,
}

/// Does what the command says. Running servers take the new key up within a minute.
pub fn main(config: &Config, command: &KeyCommand) -> Result<(), RunError> {
    let KeyCommand::Rotate = command;
    let url = prepare(config)?;
    let now = state::system_clock()();
    let kid = write_now(&url, |conn| keys::rotate(conn, KeyPurpose::Token, now, state::random()))?;
    println!("new key: {kid}");
    Ok(())
}
