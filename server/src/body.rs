//! Bodies of a sync: CBOR, or JSON for people and tests, by content type; read and inflated under a limit, and held in memory only
//! where there is room for them.

use crate::auth::TokenHolder;
use crate::problem::{ApiError, in_chinese};
use crate::room::{Arrival, Arriving, Place};
use crate::state::State;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use flate2::read::GzDecoder;
use futures_util::StreamExt as _;
use schema::id::PersonId;
use schema::limits::SYNC_BODY_BYTES_MAX;
use schema::problem::{Kind, Problem};
use schema::wire::CBOR;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::io::Read as _;
use std::pin::Pin;

/// What is let in without asking for room: an idle phone's sync, a tap's. How many of them there are is bounded by the connections.
const SMALL_BYTES: usize = 16 << 10;
/// Inflated at a time, between two looks whether there is room for more.
const STEP_BYTES: u64 = 64 << 10;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Cbor,
    Json,
}

/// A body in either form; the answer takes the form of the request. Its place in memory is kept as long as this is.
pub struct Either<T>(pub T, pub Form, pub Place);

impl<T: DeserializeOwned + 'static> FromRequest for Either<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (form, packing) = (form(request), packing(request));
        let arriving = request.app_data::<State>().map(|state| state.arriving.clone());
        let holder = TokenHolder::from_request(request, payload);
        let payload = payload.take();
        Box::pin(async move {
            let form = form.ok_or_else(|| Problem::new(Kind::UnsupportedMediaType))?;
            let packing = packing.ok_or_else(|| Problem::new(Kind::UnsupportedMediaType))?;
            let arriving = arriving.ok_or_else(|| Problem::internal("a body without a server"))?;
            let TokenHolder(bearer) = holder.await?;
            let mut held = Held::new(arriving, bearer.person)?;
            let sent = receive(payload, &mut held).await?;
            let body = match packing {
                Packing::None => sent,
                Packing::Gzip => inflate(&sent, &mut held)?,
            };
            let read = match form {
                Form::Cbor => minicbor_serde::from_slice(&body).map_err(|error| error.to_string()),
                Form::Json => serde_json::from_slice(&body).map_err(|error| error.to_string()),
            };
            let value = read.map_err(|error| Problem::because(Kind::BadRequest, in_chinese(&error), error))?;
            Ok(Self(value, form, held.place))
        })
    }
}

/// How much of the memory for bodies this one has.
struct Held {
    arriving: Arriving,
    person: PersonId,
    /// Once it is no small one.
    arrival: Option<Arrival>,
    place: Place,
    bytes: usize,
}

impl Held {
    fn new(arriving: Arriving, person: PersonId) -> Result<Self, Problem> {
        let place = arriving.take(0)?;
        Ok(Self { arriving, person, arrival: None, place, bytes: 0 })
    }

    fn add(&mut self, bytes: usize) -> Result<(), Problem> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes <= SMALL_BYTES {
            return Ok(());
        }
        let arrival = self.arrival.get_or_insert_with(|| self.arriving.begin(self.person));
        self.arriving.grow(&mut self.place, self.bytes, arrival)
    }

    /// What is read on and not kept takes nothing.
    fn give_back(&mut self) -> Result<(), Problem> {
        (self.place, self.arrival, self.bytes) = (self.arriving.take(0)?, None, 0);
        Ok(())
    }

    /// Resolves when the body has to give way to others.
    async fn is_over(&mut self) {
        match &mut self.arrival {
            Some(arrival) => arrival.is_over().await,
            None => std::future::pending().await,
        }
    }
}

/// The body as it was sent. It has room for what has come, not for what it announces. Where there is none for it, it is read to its end all
/// the same: who is still sending does not hear.
async fn receive(mut payload: Payload, held: &mut Held) -> Result<Vec<u8>, Problem> {
    let (mut sent, mut count, mut refused) = (Vec::new(), 0_usize, None);
    loop {
        let piece = tokio::select! {
            biased;
            () = held.is_over() => return Err(Arriving::gave_way()),
            piece = payload.next() => piece,
        };
        let Some(piece) = piece else { break };
        let piece =
            piece.map_err(|error| Problem { cause: Some(error.to_string()), ..Problem::new(Kind::BadRequest) })?;
        count = count.saturating_add(piece.len());
        if count > SYNC_BODY_BYTES_MAX {
            return Err(Problem::new(Kind::TooLarge));
        }
        if refused.is_some() {
            continue;
        }
        match held.add(piece.len()) {
            Ok(()) => sent.extend_from_slice(&piece),
            Err(busy) => {
                sent = Vec::new();
                held.give_back()?;
                refused = Some(busy);
            }
        }
    }
    refused.map_or(Ok(sent), Err)
}

fn inflate(sent: &[u8], held: &mut Held) -> Result<Vec<u8>, Problem> {
    let (mut body, mut packed) = (Vec::new(), GzDecoder::new(sent));
    loop {
        let read = packed.by_ref().take(STEP_BYTES).read_to_end(&mut body).map_err(|error| {
            Problem::because(Kind::BadRequest, "压缩内容已损坏", format!("The gzip is damaged: {error}"))
        })?;
        if read == 0 {
            return Ok(body);
        }
        if body.len() > SYNC_BODY_BYTES_MAX {
            return Err(Problem::new(Kind::TooLarge));
        }
        held.add(read)?;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
}

/// None: it is packed in a way that we don't know.
fn packing(request: &HttpRequest) -> Option<Packing> {
    let Some(named) = request.headers().get(header::CONTENT_ENCODING) else { return Some(Packing::None) };
    match named.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Some(Packing::None),
        "gzip" | "x-gzip" => Some(Packing::Gzip),
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
