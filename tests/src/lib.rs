//! The harness: a real server on a port of its own, with a database and a clock of its own.
//!
//! ```text
//! let server = TestServer::start().await;
//! let dispatcher = server.person(Role::Dispatcher).await;
//! let jobs: Value = expect_json(dispatcher.get("/v1/jobs"), 200).await;
//! expect_problem(dispatcher.get("/v1/people"), Kind::Forbidden).await;
//! server.clock.advance(2 * HOUR);
//! ```
//!
//! Tests run beside each other in one binary, so nothing here is shared but the migrated template that each database is copied
//! from. `TEST_ENGINE=postgres` runs the same suite on the cluster that `TEST_POSTGRES_URL` names (`tests/run` starts one).
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a harness that fails must stop its test")]

mod answer;
mod bare_phone;
pub mod checklist;
mod clock;
mod cluster;
pub mod crash;
mod database;
mod doors;
mod finished;
pub mod fuzz;
mod job;
mod person;
mod phone;
mod photo;
mod picture;
mod process;
mod round_robin;
mod server;
pub mod sim;
mod snapshot;
pub mod vectors;

pub use answer::{expect_json, expect_ok, expect_problem};
pub use bare_phone::BarePhone;
pub use clock::TestClock;
pub use cluster::{Cluster, Stop};
pub use database::{Engine, TestDatabase, tables_in_code};
pub use doors::{CommitDoor, OtherCommit};
pub use job::Errand;
pub use person::{PASSWORD, Person};
pub use phone::{PhoneClocks, TestPhone};
pub use photo::{Upload, offset_of};
pub use picture::{jpeg, with_place};
pub use process::{Ambush, ServerProcess, program};
pub use round_robin::RoundRobin;
pub use server::{Setup, TestServer, free_address};
pub use snapshot::redacted;
