//! JSON bodies: an object that is written as one, of the length of a form at the most.

use crate::problem::{ApiError, of_json};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use schema::limits::JSON_BODY_BYTES_MAX;
use schema::problem::{Kind, Problem};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

/// A JSON body, of an object that is written as one.
pub struct Json<T>(T);

impl<T> Json<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(request, payload);
        Box::pin(async move { Ok(Self(read_object(&bytes.await?)?)) })
    }
}

/// A body that says that it is JSON, and is not longer than a form may be.
pub fn json_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<web::Bytes, Problem>> + use<> {
    let kind = request.mime_type().ok().flatten();
    let is_json =
        kind.is_some_and(|kind| kind.subtype() == "json" || kind.suffix().is_some_and(|suffix| suffix == "json"));
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        if !is_json {
            return Err(Problem::new(Kind::UnsupportedMediaType));
        }
        let bytes = bytes.await.map_err(|error| {
            let too_large = error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::new(if too_large { Kind::TooLarge } else { Kind::BadRequest })
        })?;
        // What reads the bytes allows as much as a sync may send.
        if bytes.len() > JSON_BODY_BYTES_MAX { Err(Problem::new(Kind::TooLarge)) } else { Ok(bytes) }
    }
}

/// Reads an object. A list of its fields' values, which serde would take for one as well, is none.
pub fn read_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::because(
            Kind::InvalidField,
            "内容应为对象，不能是数组",
            "This is a list; an object is expected",
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| of_json(&error))
}
