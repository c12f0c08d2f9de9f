//! Bodies of a sync: CBOR, or JSON for people and tests, by content type; inflated under a limit.

use crate::problem::ApiError;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use schema::limits::SYNC_BODY_BYTES_MAX;
use schema::problem::{Kind, Problem};
use schema::wire::CBOR;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Cbor,
    Json,
}

/// A body in either form; the answer takes the form of the request.
pub struct Either<T>(pub T, pub Form);

impl<T: DeserializeOwned + 'static> FromRequest for Either<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = form(request);
        // Inflates what came compressed, and counts what comes out.
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let form = form.ok_or_else(|| Problem::new(Kind::UnsupportedMediaType))?;
            let body = body.await.map_err(|error| {
                let too_large = error.as_response_error().status_code() == 413;
                Problem::new(if too_large { Kind::TooLarge } else { Kind::BadRequest })
            })?;
            if body.len() > SYNC_BODY_BYTES_MAX {
                return Err(Problem::new(Kind::TooLarge).into());
            }
            let read = match form {
                Form::Cbor => minicbor_serde::from_slice(&body).map_err(|error| error.to_string()),
                Form::Json => serde_json::from_slice(&body).map_err(|error| error.to_string()),
            };
            let value = read.map_err(|error| Problem::because(Kind::BadRequest, error.clone(), error))?;
            Ok(Self(value, form))
        })
    }
}

fn form(request: &HttpRequest) -> Option<Form> {
    let named = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    match named.split(';').next()?.trim() {
        CBOR => Some(Form::Cbor),
        "application/json" => Some(Form::Json),
        _ => None,
    }
}

/// Answers in this form.
pub fn respond<T: Serialize>(value: &T, form: Form) -> Result<HttpResponse, ApiError> {
    match form {
        Form::Json => Ok(HttpResponse::Ok().json(value)),
        Form::Cbor => {
            let bytes = minicbor_serde::to_vec(value).map_err(Problem::internal)?;
            Ok(HttpResponse::Ok().content_type(CBOR).body(bytes))
        }
    }
}
