//! Requests and answers as bytes: compression, limits, times, and problems read from error bodies.

use super::ClientError;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, RequestBuilder, Response, Url};
use schema::limits::ANSWER_BYTES_MAX;
use schema::people::Language;
use schema::problem::ProblemBody;
use schema::wire::CBOR;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::io::{Read as _, Write as _};
use std::time::Duration;

/// Bodies below this gain nothing from compression.
const GZIP_BYTES_MIN: usize = 300;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two pieces of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const CALL_TIMEOUT: Duration = Duration::from_secs(120);
const JSON: &str = "application/json";

/// Bytes of bodies as they crossed the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    pub bytes_up: u64,
    pub bytes_down: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    server: Url,
    language: Language,
}

/// A request in the making.
#[derive(Clone)]
pub(super) struct Call {
    method: Method,
    path: Cow<'static, str>,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    content: Option<(&'static str, Vec<u8>)>,
    /// Nothing would be gained by packing the content.
    is_packed: bool,
    accept: &'static str,
    is_harmless_twice: bool,
}

impl Call {
    pub(super) fn new(method: Method, path: impl Into<Cow<'static, str>>, token: Option<&str>) -> Self {
        let (path, token) = (path.into(), token.map(str::to_owned));
        let (headers, content) = (Vec::new(), None);
        Self { method, path, token, headers, content, is_packed: false, accept: JSON, is_harmless_twice: false }
    }

    pub(super) fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Content that is sent as it is.
    pub(super) fn with_packed(mut self, kind: &'static str, bytes: Vec<u8>) -> Self {
        self.content = Some((kind, bytes));
        self.is_packed = true;
        self
    }

    pub(super) fn get(path: impl Into<Cow<'static, str>>, token: Option<&str>) -> Self {
        Self::new(Method::GET, path, token)
    }

    pub(super) fn post(path: &'static str, token: Option<&str>) -> Self {
        Self::new(Method::POST, path, token)
    }

    pub(super) fn delete(path: &'static str, token: Option<&str>) -> Self {
        Self::new(Method::DELETE, path, token)
    }

    /// Where its answer is cut off, it is sent once more.
    pub(super) fn harmless_twice(self) -> Self {
        Self { is_harmless_twice: true, ..self }
    }

    pub(super) fn with_json(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let bytes = serde_json::to_vec(body).map_err(|error| ClientError::Answer(error.to_string()))?;
        self.content = Some((JSON, bytes));
        Ok(self)
    }

    pub(super) fn with_cbor(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let bytes = minicbor_serde::to_vec(body).map_err(|error| ClientError::Answer(error.to_string()))?;
        self.content = Some((CBOR, bytes));
        self.accept = CBOR;
        Ok(self)
    }
}

/// An answer's body, inflated.
pub(super) struct Answer {
    body: Vec<u8>,
    traffic: Traffic,
    headers: HeaderMap,
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.body).map_err(|error| ClientError::Answer(error.to_string()))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An attempt that failed.
struct Failure {
    error: ClientError,
    /// Somebody was there, and went away before the answer was complete: a server that was killed. Another may answer at once.
    is_cut: bool,
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self { error, is_cut: false }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self { error: unreachable(&error), is_cut: !error.is_connect() && !error.is_timeout() }
    }
}

fn unreachable(error: &reqwest::Error) -> ClientError {
    // The innermost cause says what is the matter ("connection refused"); the outermost repeats the address.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    ClientError::Unreachable(cause.to_string())
}

impl Http {
    pub(super) fn new(server: &str, language: Language) -> Result<Self, ClientError> {
        let mut url = Url::parse(server).map_err(|error| ClientError::Address(format!("{server}: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(ClientError::Address(server.to_owned()));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .user_agent(concat!("field-service-phone/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| unreachable(&error))?;
        Ok(Self { client, server: url, language })
    }

    /// As it is written down.
    pub(super) fn server(&self) -> String {
        self.server.as_str().trim_end_matches('/').to_owned()
    }

    pub(super) async fn json<T: DeserializeOwned>(&self, call: Call) -> Result<T, ClientError> {
        self.send(call).await?.json()
    }

    pub(super) async fn cbor<T: DeserializeOwned>(&self, call: Call) -> Result<(T, Traffic), ClientError> {
        let answer = self.send(call).await?;
        let body = minicbor_serde::from_slice(&answer.body).map_err(|error| ClientError::Answer(error.to_string()))?;
        Ok((body, answer.traffic))
    }

    pub(super) async fn send(&self, call: Call) -> Result<Answer, ClientError> {
        let mut url = self.server.clone();
        url.set_path(&format!("{}{}", self.server.path().trim_end_matches('/'), call.path));
        let language = if self.language == Language::English { "en" } else { "zh-CN" };
        let mut request = self
            .client
            .request(call.method, url)
            .header(ACCEPT, call.accept)
            .header(ACCEPT_ENCODING, "gzip")
            .header(ACCEPT_LANGUAGE, language);
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let mut bytes_up = 0;
        if let Some((kind, body)) = call.content {
            request = request.header(CONTENT_TYPE, kind);
            let compressed = (body.len() > GZIP_BYTES_MIN && !call.is_packed).then(|| gzip(&body)).flatten();
            if compressed.is_some() {
                request = request.header(CONTENT_ENCODING, "gzip");
            }
            let body = compressed.unwrap_or(body);
            bytes_up = body.len() as u64;
            request = request.body(body);
        }
        let again = if call.is_harmless_twice { request.try_clone() } else { None };
        let failure = match attempt(request, bytes_up).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        match again.filter(|_| failure.is_cut) {
            Some(again) => attempt(again, bytes_up).await.map_err(|failure| failure.error),
            None => Err(failure.error),
        }
    }
}

async fn attempt(request: RequestBuilder, bytes_up: u64) -> Result<Answer, Failure> {
    read(request.send().await?, bytes_up).await
}

async fn read(mut response: Response, bytes_up: u64) -> Result<Answer, Failure> {
    let status = response.status();
    let is_gzip = response.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
    let mut raw = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if raw.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(ClientError::Answer("it is too large".to_owned()).into());
        }
        raw.extend_from_slice(&piece);
    }
    let traffic = Traffic { bytes_up, bytes_down: raw.len() as u64 };
    let headers = std::mem::take(response.headers_mut());
    let body = if is_gzip { gunzip(&raw)? } else { raw };
    if status.is_success() {
        return Ok(Answer { body, traffic, headers });
    }
    // Something between us and the server may answer in a form of its own: 502 and 504 where it lost the server.
    let is_cut = matches!(status.as_u16(), 502 | 504);
    let foreign = |_| Failure { error: ClientError::Unreachable(format!("HTTP {status}")), is_cut };
    let problem = |body| ClientError::Problem(Box::new(body)).into();
    Err(serde_json::from_slice::<ProblemBody>(&body).map_or_else(foreign, problem))
}

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn gunzip(body: &[u8]) -> Result<Vec<u8>, ClientError> {
    let mut inflated = Vec::new();
    let read = GzDecoder::new(body).take(ANSWER_BYTES_MAX as u64 + 1).read_to_end(&mut inflated);
    read.map_err(|error| ClientError::Answer(error.to_string()))?;
    if inflated.len() > ANSWER_BYTES_MAX {
        return Err(ClientError::Answer("it is too large".to_owned()));
    }
    Ok(inflated)
}
