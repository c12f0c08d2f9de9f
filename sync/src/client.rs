//! The phone's way to the server: HTTP, and nothing that decides. What is said and what follows from the answers stands in
//! [`crate::replica`].
//!
//! A failure here loses nothing: what is unsent stays unsent. A session that ended is [`ClientError::NeedsLogin`], which keeps
//! nobody from working.

mod clocks;
mod drive;
mod enrol;
mod http;
mod photos;
mod prices;

pub use clocks::{Clocks, SystemClocks};
pub use drive::SyncReport;
pub use enrol::Credentials;
pub use http::Traffic;

use crate::handset::HandsetError;
use http::{Call, Http};
use schema::binary::Signature;
use schema::people::Language;
use schema::photo::PhotoRefusal;
use schema::problem::{Kind, ProblemBody};
use schema::reference::Reference;
use schema::session::{CreateSession, RefreshSession, SessionTokens};
use schema::template::Template;
use schema::wire::{SyncRequest, SyncResponse};

/// It did not work; nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer: no network, no server, or too slow.
    #[error("the server can't be reached: {0}")]
    Unreachable(String),
    #[error("the session has ended: log in again")]
    NeedsLogin,
    /// The server said no, and why.
    #[error("{}: {}", .0.title, .0.detail.as_deref().unwrap_or(.0.slug.slug()))]
    Problem(Box<ProblemBody>),
    #[error("the server's answer does not read: {0}")]
    Answer(String),
    #[error("this is no server's address: {0}")]
    Address(String),
    #[error("this phone still holds work of {login} at {server}")]
    HeldByAnother { login: String, server: String },
    #[error(transparent)]
    Handset(#[from] HandsetError),
}

impl ClientError {
    /// Whether a new access token would help.
    fn wants_token(&self) -> bool {
        matches!(self, Self::Problem(body) if matches!(body.slug, Kind::TokenExpired | Kind::Unauthenticated))
    }

    /// Whether the office has shut out the phone with this key.
    fn is_revoked(&self) -> bool {
        matches!(self, Self::Problem(body) if body.slug == Kind::DeviceRevoked)
    }

    /// Why a photo is not taken, whoever sends it.
    fn refuses_photo(&self) -> Option<PhotoRefusal> {
        if let Self::Problem(body) = self { PhotoRefusal::of(body.slug) } else { None }
    }

    /// Whether the session is over for good.
    fn ends_session(&self) -> bool {
        let over = |kind| matches!(kind, Kind::SessionEnded | Kind::Unauthenticated | Kind::TokenExpired);
        matches!(self, Self::Problem(body) if over(body.slug))
    }
}

/// A connection to one server. Knows no session: tokens are handed in.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
}

impl Client {
    /// `server` as in `http://127.0.0.1:8080`. Problems come back in this language.
    pub fn new(server: &str, language: Language) -> Result<Self, ClientError> {
        Ok(Self { http: Http::new(server, language)? })
    }

    /// Logs in, and enrols the phone where the body names one.
    pub async fn log_in(&self, body: &CreateSession) -> Result<SessionTokens, ClientError> {
        self.http.json(Call::post("/v1/sessions", None).with_json(body)?).await
    }

    /// New tokens for a refresh token, which a phone signs for ([`crate::replica::Replica::sign_refresh`]).
    pub async fn refresh(
        &self,
        refresh_token: &str,
        signature: Option<Signature>,
    ) -> Result<SessionTokens, ClientError> {
        let body = RefreshSession { refresh_token: Some(refresh_token.to_owned()), signature };
        self.http.json(Call::post("/v1/sessions/refresh", None).with_json(&body)?).await
    }

    pub async fn log_out(&self, access_token: &str) -> Result<(), ClientError> {
        self.http.send(Call::delete("/v1/sessions/current", Some(access_token))).await.map(|_| ())
    }

    /// One round trip. Where the answer is cut off the same request is sent once more, which is harmless by construction: a server
    /// that is killed in the middle is then noticed by nobody, if there is another.
    pub async fn sync(
        &self,
        access_token: &str,
        request: &SyncRequest,
    ) -> Result<(SyncResponse, Traffic), ClientError> {
        self.http.cbor(Call::post("/v1/sync", Some(access_token)).with_cbor(request)?.harmless_twice()).await
    }

    /// Checklists and price list.
    pub async fn reference(&self, access_token: &str) -> Result<Reference, ClientError> {
        self.http.json(Call::get("/v1/reference", Some(access_token)).harmless_twice()).await
    }

    /// One version of a checklist.
    pub async fn template(&self, access_token: &str, id: &str, version: u32) -> Result<Template, ClientError> {
        self.http.json(Call::get(format!("/v1/templates/{id}/{version}"), Some(access_token)).harmless_twice()).await
    }
}
