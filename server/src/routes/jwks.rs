//! Public keys, so that others can check what we sign.

use crate::auth::keys;
use crate::problem::Answer;
use crate::state::State;
use actix_web::http::header;
use actix_web::{HttpResponse, get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::rows::keys::SigningKeyRow;
use serde::Serialize;
use utoipa::ToSchema;

/// RFC 7517.
#[derive(Serialize, ToSchema)]
pub struct JwkSet {
    pub keys: Vec<Jwk>,
}

/// An Ed25519 public key, RFC 8037.
#[derive(Serialize, ToSchema)]
pub struct Jwk {
    pub kty: &'static str,
    pub crv: &'static str,
    pub alg: &'static str,
    pub r#use: &'static str,
    pub kid: String,
    pub x: String,
}

impl From<SigningKeyRow> for Jwk {
    fn from(key: SigningKeyRow) -> Self {
        let x = URL_SAFE_NO_PAD.encode(key.public.as_slice());
        Self { kty: "OKP", crv: "Ed25519", alg: "EdDSA", r#use: "sig", kid: key.kid, x }
    }
}

/// The keys that access tokens are signed with: the present one, and old ones until their tokens have run out.
#[utoipa::path(tag = "accounts", responses((status = 200, body = JwkSet)))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(state: State) -> Answer<HttpResponse> {
    let (access_token_s, now) = (state.config.access_token_s, state.now());
    let keys = state.db.read(move |conn| keys::published(conn, access_token_s, now)).await?;
    let set = JwkSet { keys: keys.into_iter().map(Jwk::from).collect() };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=60")).json(set))
}
