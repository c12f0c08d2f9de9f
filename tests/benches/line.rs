//! A technician's day over a bad line: 150 ms one way and 400 kbit/s each way, to equal heads. Beside it the time that the line needs
//! for the same bytes alone, which nobody could beat.

use crate::day::{morning, office_writes, work};
use crate::{median, on_one_thread};
use schema::people::Role;
use schema::time::SECOND;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tests::{Setup, TestServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until};

const ONE_WAY: Duration = Duration::from_millis(150);
const BYTES_A_SECOND: f64 = 50_000.0;
const RUNS: usize = 5;

/// What a line has carried, both ways, HTTP's own words included.
#[derive(Default)]
struct Carried {
    up: AtomicU64,
    down: AtomicU64,
}

pub fn measure() {
    on_one_thread(LocalSet::new().run_until(async {
        let server = TestServer::with(Setup { flags: vec!["--workers", "2"], ..Setup::default() }).await;
        let (mut took, mut bound) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let (seconds, at_best) = run(&server).await;
            took.push(seconds);
            bound.push(at_best);
        }
        println!("the day, to equal heads   {:.2} s", median(took));
        println!("its bytes on that line    {:.2} s, and the way there and back twice", median(bound));
    }));
}

async fn run(server: &TestServer) -> (f64, f64) {
    let dispatcher = server.person(Role::Dispatcher).await;
    let (mut phone, jobs) = morning(server, &dispatcher).await;
    for job in &jobs {
        work(&mut phone, *job);
        server.clock.advance(10 * SECOND);
    }
    office_writes(server, &dispatcher, &jobs).await;
    let carried = Rc::new(Carried::default());
    let url = lay(server.url.trim_start_matches("http://").to_owned(), Rc::clone(&carried)).await;
    // As after hours without network: no connection is open.
    phone.client = sync::client::Client::new(&url, schema::people::Language::English).unwrap();
    let start = Instant::now();
    let report = phone.sync().await;
    let took = start.elapsed().as_secs_f64();
    assert_eq!((report.unsent, report.round_trips), (0, 1));
    for job in jobs {
        assert_eq!(phone.heads(job), server.heads(job).await);
    }
    let bytes = carried.up.load(Ordering::Relaxed) + carried.down.load(Ordering::Relaxed);
    (took, bytes as f64 / BYTES_A_SECOND)
}

/// Lays a line to the server at this address; where it begins.
async fn lay(server: String, carried: Rc<Carried>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::task::spawn_local(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&server).await.unwrap();
            near.set_nodelay(true).unwrap();
            far.set_nodelay(true).unwrap();
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            // The handshake, which loopback has done at once, goes there and back before the first byte.
            let open = Instant::now() + 2 * ONE_WAY;
            let (up, down) = (Rc::clone(&carried), Rc::clone(&carried));
            tokio::task::spawn_local(async move { pass(near_in, far_out, open, &up.up).await });
            tokio::task::spawn_local(async move { pass(far_in, near_out, open, &down.down).await });
        }
    });
    url
}

/// One direction: bytes go onto the line one after another, and each arrives [`ONE_WAY`] later.
async fn pass(mut from: OwnedReadHalf, to: OwnedWriteHalf, open: Instant, carried: &AtomicU64) {
    let (onto, off) = mpsc::unbounded_channel();
    tokio::task::spawn_local(arrive(off, to));
    let (mut free, mut piece) = (open, vec![0; 1_400]);
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        carried.fetch_add(length as u64, Ordering::Relaxed);
        free = free.max(Instant::now()) + Duration::from_secs_f64(length as f64 / BYTES_A_SECOND);
        if onto.send((free + ONE_WAY, piece[..length].to_vec())).is_err() {
            return;
        }
    }
}

async fn arrive(mut line: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>, mut to: OwnedWriteHalf) {
    while let Some((at, piece)) = line.recv().await {
        sleep_until(at).await;
        if to.write_all(&piece).await.is_err() {
            return;
        }
    }
}
