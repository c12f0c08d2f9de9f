//! From a technician's tap to the dispatchers' boards, with a thousand streams open: until each of them has heard of it.

use crate::http::Connection;
use crate::taps::taps;
use crate::{on_one_thread, quantile};
use schema::people::Role;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;
use tests::{Setup, TestServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::LocalSet;

const STREAMS: usize = 1_000;
const TAPS: usize = 200;

/// When each stream heard of the last tap.
type Heard = Rc<RefCell<Vec<Instant>>>;

pub fn measure() {
    on_one_thread(LocalSet::new().run_until(async {
        let server = TestServer::with(Setup { flags: vec!["--workers", "2"], ..Setup::default() }).await;
        let dispatcher = server.person(Role::Dispatcher).await;
        let mut phone = taps(&server, &dispatcher, TAPS).await;
        let (heard, count) = (Heard::default(), watch::Sender::new(0_usize));
        for _ in 0..STREAMS {
            listen(&server.url, &dispatcher.token, Rc::clone(&heard), count.clone()).await;
        }
        let mut connection = Connection::open(&server.url).await;
        let (mut each, mut last) = (Vec::new(), Vec::new());
        for _ in 0..TAPS {
            heard.borrow_mut().clear();
            count.send_replace(0);
            let tapped = Instant::now();
            phone.send(&mut connection).await.unwrap();
            count.subscribe().wait_for(|count| *count == STREAMS).await.unwrap();
            let waits: Vec<f64> = heard.borrow().iter().map(|at| (*at - tapped).as_secs_f64() * 1e3).collect();
            last.push(waits.iter().copied().fold(0.0, f64::max));
            each.extend(waits);
        }
        println!("{STREAMS} streams, {TAPS} taps one after another");
        let (p50, p99) = (quantile(&mut each, 0.5), quantile(&mut each, 0.99));
        println!("tap to a stream         p50 {p50:6.1} ms   p99 {p99:6.1} ms");
        let (p50, p99) = (quantile(&mut last, 0.5), quantile(&mut last, 0.99));
        println!("tap to the last stream  p50 {p50:6.1} ms   p99 {p99:6.1} ms");
    }));
}

/// Opens a stream, and notes when it hears of a job.
async fn listen(url: &str, token: &str, heard: Heard, count: watch::Sender<usize>) {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let ask = format!("GET /v1/feed HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut buffer = vec![0; 4 << 10];
    let mut told = String::new();
    // It stands once it has said so.
    while !told.contains("retry:") {
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(length > 0, "a stream ended: {told}");
        told.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    tokio::task::spawn_local(async move {
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            let events = String::from_utf8_lossy(&buffer[..length]).matches("event: job").count();
            for _ in 0..events {
                heard.borrow_mut().push(Instant::now());
                count.send_modify(|count| *count += 1);
            }
        }
    });
}
