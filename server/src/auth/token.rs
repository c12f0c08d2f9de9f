//! Access tokens: JWT signed with EdDSA, and nothing else. A token says who asks; whether they still may is the database's answer.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use lru::LruCache;
use schema::binary::{Hash, PublicKey};
use schema::id::{DeviceId, OutletId, PersonId, SessionId};
use schema::people::Role;
use schema::problem::{Kind, Problem};
use schema::rows::keys::SigningKeyRow;
use schema::time::{SECOND, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

/// Who the tokens are for.
pub const AUDIENCE: &str = "field-service";
/// Clocks of several servers differ a little.
pub const LEEWAY_S: i64 = 10;
/// Longer ones are not ours.
const TOKEN_BYTES_MAX: usize = 2048;
/// Tokens whose signature is remembered; more only cost the check again.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4095);

/// What stands in a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: PersonId,
    pub sid: SessionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did: Option<DeviceId>,
    /// For readers other than us; we ask the database.
    pub role: Role,
    pub outlet: OutletId,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
}

/// Who a token was made for. Its signature has been checked; its session has not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bearer {
    pub person: PersonId,
    pub session: SessionId,
    pub device: Option<DeviceId>,
    expires: i64,
}

impl Bearer {
    /// For whoever checked the signature by other means, as a simulation without tokens.
    pub fn trusted(person: PersonId, session: SessionId, device: Option<DeviceId>, expires: Timestamp) -> Self {
        Self { person, session, device, expires: expires.micros().div_euclid(SECOND) }
    }

    /// `now` within the token's time.
    pub fn check_time(self, now: Timestamp) -> Result<Self, Problem> {
        let now_s = now.micros().div_euclid(SECOND);
        if now_s >= self.expires + LEEWAY_S { Err(Problem::new(Kind::TokenExpired)) } else { Ok(self) }
    }
}

/// Keys that tokens are made and checked with, at one moment.
pub struct Ring {
    signing: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    issuer: String,
    checked: Mutex<LruCache<Hash, Bearer>>,
}

/// PKCS#8 version 1 around an Ed25519 seed, which is the one form that the library takes.
const PKCS8_ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

impl Ring {
    /// From the keys in the database, the newest first; None where none of them may sign.
    pub fn new(keys: &[SigningKeyRow], issuer: &str) -> Option<Self> {
        let newest = keys.iter().find(|key| key.retired_at.is_none())?;
        let pkcs8 = [PKCS8_ED25519.as_slice(), newest.secret.as_slice()].concat();
        let verifying = keys.iter().map(|key| (key.kid.clone(), DecodingKey::from_ed_der(key.public.as_slice())));
        Some(Self {
            signing: (newest.kid.clone(), EncodingKey::from_ed_der(&pkcs8)),
            verifying: verifying.collect(),
            issuer: issuer.to_owned(),
            checked: Mutex::new(LruCache::new(REMEMBERED)),
        })
    }

    pub fn knows(&self, kid: &str) -> bool {
        self.verifying.contains_key(kid)
    }

    pub fn sign(&self, claims: &Claims) -> Result<String, Problem> {
        let (kid, key) = &self.signing;
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, key).map_err(Problem::internal)
    }

    /// Checks everything but the time. A signature costs 39 µs, so the outcome is remembered: a thousand phones poll with the same
    /// tokens again and again.
    pub fn check(&self, token: &str) -> Result<Bearer, Problem> {
        let name = Hash::of(token.as_bytes());
        if let Some(bearer) = self.recent().get(&name).copied() {
            return Ok(bearer);
        }
        let bearer = self.check_signature(token).ok_or_else(|| Problem::new(Kind::Unauthenticated))?;
        self.recent().put(name, bearer);
        Ok(bearer)
    }

    fn check_signature(&self, token: &str) -> Option<Bearer> {
        let key = self.verifying.get(&kid_of(token)?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By our own clock, which tests can make.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).ok()?.claims;
        Some(Bearer { person: claims.sub, session: claims.sid, device: claims.did, expires: claims.exp })
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, LruCache<Hash, Bearer>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which key a token says it was signed with; None where it is none of our tokens.
pub fn kid_of(token: &str) -> Option<String> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.alg == Algorithm::EdDSA { header.kid } else { None }
}

/// RFC 7638: the name of a key is the hash of its public half.
pub fn thumbprint(public: PublicKey) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let x = URL_SAFE_NO_PAD.encode(public.as_slice());
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Hash::of(members.as_bytes()).as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.3.
    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".parse().unwrap();
        assert_eq!(thumbprint(public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
