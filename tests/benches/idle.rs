//! A thousand phones with nothing to say, beside a route that does nothing.

use crate::http::{Connection, post};
use crate::{median, on_one_thread};
use actix_web::{App, HttpResponse, HttpServer, web};
use schema::people::Role;
use schema::wire::CBOR;
use std::time::Instant;
use sync::replica::{Input, Output};
use tests::{Setup, TestServer};
use tokio::task::LocalSet;

const PHONES: usize = 1_000;
const ROUNDS: usize = 10;
const RUNS: usize = 5;

pub fn measure() {
    let ratios = on_one_thread(async {
        let server = TestServer::with(Setup { flags: vec!["--workers", "2"], ..Setup::default() }).await;
        let bare = bare_route();
        let mut requests = Vec::new();
        // Twenty people poll from fifty connections each: what an idle sync costs does not depend on who asks.
        for _ in 0..20 {
            requests.push(idle_request(&server).await);
        }
        print_size(&server).await;
        let local = LocalSet::new();
        local
            .run_until(async {
                let mut runs = Vec::new();
                for _ in 0..RUNS {
                    let ours = rate(&server.url, &requests).await;
                    let theirs = rate(&bare, &requests).await;
                    println!("idle syncs {ours:7.0}/s   bare route {theirs:7.0}/s   ratio {:.2}", ours / theirs);
                    runs.push(ours / theirs);
                }
                runs
            })
            .await
    });
    println!("median ratio {:.2}", median(ratios));
}

/// What the poll of a phone that has heard everything weighs: bodies as they cross the wire.
async fn print_size(server: &TestServer) {
    let mut errand = server.errand().await;
    let idle = errand.phone.sync().await;
    println!("idle sync: {} round trip, {} bytes up, {} bytes down", idle.round_trips, idle.bytes_up, idle.bytes_down);
}

/// The bytes of a poll by a phone that is up to date.
async fn idle_request(server: &TestServer) -> Vec<u8> {
    let technician = server.person(Role::Technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let (now, random) = (sync::client::Clocks::now(&mut phone.clocks), [7; 16]);
    let outputs = phone.handset.handle(now, random, Input::BuildSync).unwrap();
    let Some(Output::Request(request)) = outputs.into_iter().next() else { panic!("no request") };
    let token = &phone.handset.replica().session().unwrap().access_token;
    post("/v1/sync", token, CBOR, &minicbor_serde::to_vec(&*request).unwrap())
}

/// The same work for HTTP: reads the body, answers as many bytes.
fn bare_route() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let route = |_: web::Bytes| async { HttpResponse::Ok().content_type(CBOR).body(vec![0u8; 80]) };
        let server = HttpServer::new(move || App::new().route("/v1/sync", web::post().to(route))).workers(2);
        actix_web::rt::System::new().block_on(server.listen(listener).unwrap().run()).unwrap();
    });
    url
}

async fn rate(url: &str, requests: &[Vec<u8>]) -> f64 {
    let mut connections = Vec::new();
    for _ in 0..PHONES {
        connections.push(Connection::open(url).await);
    }
    let start = Instant::now();
    let polling: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(number, mut connection)| {
            let request = requests[number % requests.len()].clone();
            tokio::task::spawn_local(async move {
                for _ in 0..ROUNDS {
                    let (status, _) = connection.send(&request).await;
                    assert_eq!(status, 200);
                }
            })
        })
        .collect();
    for poll in polling {
        poll.await.unwrap();
    }
    (PHONES * ROUNDS) as f64 / start.elapsed().as_secs_f64()
}
