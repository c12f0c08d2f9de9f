//! What a tap costs with 1,000 and with 100,000 jobs in the database.

use crate::http::Connection;
use crate::taps::taps;
use crate::{cpu, on_one_thread, quantile};
use schema::people::Role;
use std::time::Instant;
use tests::{Setup, TestServer};

const SIZES: [usize; 2] = [1_000, 100_000];
const TAPS: usize = 200;
const RUNS: usize = 5;

pub fn measure() {
    on_one_thread(async {
        let mut servers = Vec::new();
        for size in SIZES {
            let start = Instant::now();
            let server = TestServer::with(Setup { flags: vec!["--workers", "2"], ..Setup::default() }).await;
            let dispatcher = server.person(Role::Dispatcher).await;
            let mut filled = 0;
            while filled < size {
                filled += server.jobs(&dispatcher, 500).await.len();
            }
            println!("{size} jobs (filled in {:.0} s)", start.elapsed().as_secs_f64());
            servers.push((size, server, dispatcher));
        }
        // In turn, for the machine's speed drifts.
        for _ in 0..RUNS {
            for (size, server, dispatcher) in &servers {
                let mut phone = taps(server, dispatcher, TAPS).await;
                let mut connection = Connection::open(&server.url).await;
                let (mut waits, start) = (Vec::new(), cpu::others());
                while let Some(took) = phone.send(&mut connection).await {
                    waits.push(took * 1e3);
                }
                let cpu_ms = (cpu::others() - start) * 1e3 / TAPS as f64;
                println!("  a tap among {size}: p50 {:.2} ms, server CPU {cpu_ms:.2} ms", quantile(&mut waits, 0.5));
            }
        }
    });
}
