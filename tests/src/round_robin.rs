//! A plain balancer before several servers: each request goes to the next one. A server that can't be reached took nothing, and the
//! next is asked; one that goes away in the middle is a 502, and whether to ask again is for the one who asked.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

struct Servers {
    addresses: Vec<String>,
    next: AtomicUsize,
    client: reqwest::Client,
}

/// A running balancer; stops when dropped.
pub struct RoundRobin {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    servers: Arc<Servers>,
    handle: actix_web::dev::ServerHandle,
}

impl RoundRobin {
    /// Before servers at these addresses (`127.X.Y.Z:PORT`), which need not be there yet.
    pub fn before(addresses: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        // No idle connections: one to a server that was killed meanwhile would look like a server killed in the middle.
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        let servers = Arc::new(Servers { addresses, next: AtomicUsize::new(0), client });
        let (told, started) = mpsc::channel();
        let passing = Arc::clone(&servers);
        let serve = move || {
            actix_web::rt::System::new().block_on(async move {
                let passing = web::Data::from(passing);
                let app = move || App::new().app_data(passing.clone()).default_service(web::to(pass_on));
                let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
                told.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        };
        std::thread::Builder::new().name("balancer".to_owned()).spawn(serve).unwrap();
        Self { url, servers, handle: started.recv().unwrap() }
    }

    /// Requests that were passed on to one server or another.
    pub fn passed(&self) -> usize {
        self.servers.next.load(Ordering::Relaxed)
    }
}

impl Drop for RoundRobin {
    fn drop(&mut self) {
        // The command is sent at once; nobody waits for it to be done.
        drop(self.handle.stop(false));
    }
}

async fn pass_on(request: HttpRequest, body: web::Payload, servers: web::Data<Servers>) -> HttpResponse {
    let Ok(Ok(body)) = body.to_bytes_limited(64 << 20).await else { return HttpResponse::BadRequest().finish() };
    for _ in &servers.addresses {
        let turn = servers.next.fetch_add(1, Ordering::Relaxed) % servers.addresses.len();
        let address = servers.addresses.get(turn).unwrap();
        match ask(&servers.client, address, &request, body.clone()).await {
            Ok(answer) => return answer_with(answer),
            Err(error) if error.is_connect() => {}
            Err(_) => return HttpResponse::BadGateway().finish(),
        }
    }
    HttpResponse::BadGateway().finish()
}

async fn ask(
    client: &reqwest::Client,
    address: &str,
    request: &HttpRequest,
    body: web::Bytes,
) -> reqwest::Result<reqwest::Response> {
    let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let mut asking = client.request(method, format!("http://{address}{}", request.uri())).body(body);
    for (name, value) in request.headers() {
        if !matches!(name.as_str(), "connection" | "content-length" | "host" | "transfer-encoding") {
            asking = asking.header(name.as_str(), value.as_bytes());
        }
    }
    asking.send().await
}

fn answer_with(answer: reqwest::Response) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(answer.status().as_u16()).unwrap());
    for (name, value) in answer.headers() {
        if !matches!(name.as_str(), "connection" | "content-length" | "transfer-encoding") {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).unwrap();
            response.append_header((name, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
        }
    }
    response.streaming(answer.bytes_stream())
}
