//! `server key …`: the keys that the service signs with.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::auth::keys;
use crate::config::Config;
use crate::db::{read_now, write_now};
use crate::domain::evidence;
use crate::{RunError, find, state};
use clap::Subcommand;
use schema::published_key::PublishedKeys;
use schema::rows::keys::KeyPurpose;

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// List the public keys of receipts and evidence, to publish them and for `server verify --trust`
    List,
    /// Sign access tokens with a new key; the old one is believed until its tokens have run out
    Rotate,
}

/// Does what the command says.
pub fn main(config: &Config, command: &KeyCommand) -> Result<(), RunError> {
    let url = find(config)?;
    let now = state::system_clock()();
    match command {
        KeyCommand::List => {
            // A database on which no server ran yet has none: the list would be empty, and would not stay so.
            write_now(&url, |conn| keys::Keys::load(conn, config, now))?;
            let keys = read_now(&url, evidence::server_keys)?;
            let list = serde_json::to_string_pretty(&PublishedKeys { keys });
            println!("{}", list.map_err(schema::problem::Problem::internal)?);
        }
        // Running servers take the new key up within a minute.
        KeyCommand::Rotate => {
            let kid = write_now(&url, |conn| keys::rotate(conn, KeyPurpose::Token, now, state::random()))?;
            println!("new key: {kid}");
        }
    }
    Ok(())
}
