//! What the fuzz targets share. The targets themselves are functions of `tests` (`tests/src/fuzz/`), whose files are taken in here by
//! their path: the harness around them needs the whole server, and most targets don't.

use std::cell::RefCell;
use std::panic::{catch_unwind, resume_unwind, set_hook};
use std::sync::Once;

#[cfg(feature = "server")]
#[path = "../../src/fuzz/backup.rs"]
pub mod backup;
#[path = "../../src/fuzz/bundle.rs"]
pub mod bundle;
#[path = "../../src/fuzz/checklist.rs"]
pub mod checklist;
#[path = "../../src/fuzz/forged.rs"]
mod forged;
#[path = "../../src/fuzz/gate.rs"]
pub mod gate;
#[path = "../../src/fuzz/job.rs"]
mod job;
#[path = "../../src/fuzz/kept.rs"]
pub mod kept;
#[cfg(feature = "server")]
#[path = "../../src/fuzz/photo.rs"]
pub mod photo;
#[cfg(feature = "server")]
#[path = "../../src/picture.rs"]
mod picture;
#[cfg(feature = "server")]
#[path = "../../src/fuzz/prices.rs"]
pub mod prices;
#[path = "../../src/fuzz/script.rs"]
mod script;
#[path = "../../src/fuzz/slim.rs"]
pub mod slim;
#[path = "../../src/fuzz/source.rs"]
mod source;
#[path = "../../src/fuzz/store.rs"]
pub mod store;
#[cfg(feature = "server")]
#[path = "../../src/fuzz/token.rs"]
pub mod token;
#[path = "../../src/fuzz/wire.rs"]
pub mod wire;

/// An input that makes us ask for more at once is a finding, whether or not the memory is ever touched. The server brings an allocator of its
/// own; with it only what is touched counts (`-rss_limit_mb`).
#[cfg(not(feature = "server"))]
mod memory {
    use cap::Cap;
    use std::alloc::System;

    const BYTES_MAX: usize = 768 << 20;

    #[global_allocator]
    static ALLOCATOR: Cap<System> = Cap::new(System, BYTES_MAX);
}

static QUIET: Once = Once::new();

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a target. A panic that it contains is none of a fuzzer's business, as where the gate survives one inside Automerge; so the hook
/// that ends the process at once is replaced, and only what comes out of the target is told.
pub fn run(target: fn(&[u8]), data: &[u8]) {
    QUIET.call_once(|| set_hook(Box::new(|panic| LAST.set(panic.to_string()))));
    if let Err(panic) = catch_unwind(|| target(data)) {
        eprintln!("{}", LAST.take());
        resume_unwind(panic);
    }
}

/// A name and inputs for each target that is built.
pub fn seeds() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    #[cfg_attr(not(feature = "server"), expect(unused_mut, reason = "more are added with the server"))]
    let mut seeds = vec![
        ("bundle", bundle::seeds()),
        ("checklist", checklist::seeds()),
        ("gate", gate::seeds()),
        ("slim", slim::seeds()),
        ("store", store::seeds()),
        ("wire", wire::seeds()),
    ];
    #[cfg(feature = "server")]
    seeds.extend([
        ("backup", backup::seeds()),
        ("photo", photo::seeds()),
        ("prices", prices::seeds()),
        ("token", token::seeds()),
    ]);
    seeds
}
