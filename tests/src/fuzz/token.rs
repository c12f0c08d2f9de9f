//! Access tokens. What must hold: no text but one that our key signed, for us and by us, with the one algorithm that we use, says who
//! somebody is; and whatever such a text says is read or refused.

use super::source::Source;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::id::{DeviceId, OutletId, PersonId, SessionId};
use schema::people::Role;
use schema::rows::keys::{KeyPurpose, SigningKeyRow};
use schema::time::Timestamp;
use serde_json::{Value, json};
use server::auth::token::{AUDIENCE, Claims, Ring, kid_of};
use std::sync::LazyLock;
use sync::seal::ServerKey;
use uuid::Uuid;

const ISSUER: &str = "https://example.com";
const KID: &str = "key";
const SEED: [u8; 32] = [8; 32];

static TOKEN: LazyLock<String> = LazyLock::new(|| ring().sign(&claims()).expect("a token"));

fn ring() -> Ring {
    let public = ServerKey::from_seed(SEED).expect("a seed").public_key();
    let key = SigningKeyRow {
        kid: KID.to_owned(),
        purpose: KeyPurpose::Token,
        secret: SEED.to_vec(),
        public,
        created_at: Timestamp::default(),
        retired_at: None,
    };
    Ring::new(&[key], ISSUER).expect("a key that signs")
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: PersonId(Uuid::from_u128(2)),
        sid: SessionId(Uuid::from_u128(3)),
        did: Some(DeviceId(Uuid::from_u128(4))),
        role: Role::Technician,
        outlet: OutletId(Uuid::from_u128(5)),
        iat: 1_790_000_000,
        exp: 1_790_000_900,
    }
}

pub fn token(data: &[u8]) {
    let mut source = Source::new(data);
    match source.choice(4) {
        0 => unsigned(&String::from_utf8_lossy(source.rest())),
        1 => {
            let mut token = TOKEN.clone().into_bytes();
            for _ in 0..=source.choice(3) {
                let at = (usize::from(source.byte()) | usize::from(source.byte()) << 8) % (token.len() + 1);
                let end = at.saturating_add(source.choice(4)).min(token.len());
                token.splice(at..end, source.blob().iter().copied());
            }
            unsigned(&String::from_utf8_lossy(&token));
        }
        _ => signed(source.blob(), source.rest()),
    }
}

/// Nobody signs by chance.
fn unsigned(token: &str) {
    kid_of(token);
    let known = ring().check(token).is_ok();
    assert!(!known || token == *TOKEN, "{token} is good, and nobody made it");
}

/// Our key under any header and any claims.
fn signed(header: &[u8], claims: &[u8]) {
    let text = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let signature = ServerKey::from_seed(SEED).expect("a seed").sign(text.as_bytes());
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_slice()));
    let Ok(bearer) = ring().check(&token) else { return };
    // Whoever skips a field does not look at what its text is made of.
    let read = |part| serde_json::from_str::<Value>(&String::from_utf8_lossy(part)).unwrap_or_default();
    let [header, claims] = [header, claims].map(read);
    assert_eq!((header.get("alg"), header.get("kid")), (Some(&json!("EdDSA")), Some(&json!(KID))), "{token}");
    assert_eq!(claims.get("iss"), Some(&json!(ISSUER)), "{token}");
    let audience = claims.get("aud").cloned().unwrap_or_default();
    assert!(audience == json!(AUDIENCE) || audience == json!([AUDIENCE]), "{token}");
    // One id has more than one spelling.
    let subject = claims.get("sub").cloned().unwrap_or_default();
    assert_eq!(serde_json::from_value::<PersonId>(subject).ok(), Some(bearer.person), "{token}");
    let now = Timestamp::from_micros(1_790_000_000_000_000);
    assert_eq!(
        bearer.check_time(now).is_ok(),
        claims.get("exp").and_then(Value::as_i64) > Some(1_790_000_000 - 10),
        "{token}"
    );
}

pub fn seeds() -> Vec<Vec<u8>> {
    let claims = serde_json::to_vec(&claims()).unwrap_or_default();
    let headers = [
        json!({"alg": "EdDSA", "kid": KID, "typ": "JWT"}),
        json!({"alg": "none", "kid": KID}),
        json!({"alg": "HS256", "kid": KID, "typ": "JWT"}),
        json!({"alg": "EdDSA", "kid": KID, "crit": ["b64"], "b64": false, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A"}}),
    ];
    let mut seeds: Vec<_> = headers
        .iter()
        .map(|header| {
            let header = header.to_string();
            let [low, high, ..] = header.len().to_le_bytes();
            [&[2, low, high], header.as_bytes(), claims.as_slice()].concat()
        })
        .collect();
    seeds.push([&[0], TOKEN.as_bytes()].concat());
    seeds.push(vec![1, 0, 20, 0, 1, 1, 0, b'A']);
    seeds
}
