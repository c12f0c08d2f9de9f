//! A client that costs next to nothing: prepared bytes out, an answer of known length in, over connections that stay open.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// `url` as in `http://127.0.0.1:8080`.
    pub async fn open(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; 64 << 10] }
    }

    /// Sends prepared bytes; answers the status and the body.
    pub async fn send(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.stream.write_all(request).await.unwrap();
        let mut read = Vec::new();
        loop {
            let count = self.stream.read(&mut self.buffer).await.unwrap();
            assert!(count > 0, "the server closed the connection");
            read.extend_from_slice(&self.buffer[..count]);
            if let Some(answer) = whole(&read) {
                return answer;
            }
        }
    }
}

/// The answer, once all of it is there.
fn whole(read: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&read[..end]).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.trim().parse::<usize>().unwrap();
    let status = head.split(' ').nth(1)?.parse().unwrap();
    (read.len() >= end + length).then(|| (status, read[end..end + length].to_vec()))
}

/// A POST with this body, as bytes.
pub fn post(path: &str, token: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
