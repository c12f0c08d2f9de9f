//! The keys that this service signs with. They lie in the database, so that every server has the same; each looks again now and
//! then, and at once when a token names a key that it has not seen.

use crate::auth::token::{AUDIENCE, Bearer, Claims, LEEWAY_S, Ring, kid_of, thumbprint};
use crate::config::Config;
use crate::db::{Conn, Db, keys};
use crate::domain::sessions::Opened;
use schema::problem::{Kind, Problem};
use schema::rows::keys::{KeyPurpose, SigningKeyRow};
use schema::time::{MINUTE, SECOND, Timestamp};
use std::sync::{Arc, PoisonError, RwLock};
use sync::seal::ServerKey;

/// How old the ring may be before the database is asked again.
const RING_AGE_US: i64 = MINUTE;
/// How often unknown key names make us ask; whoever invents names costs us no more than that.
const UNKNOWN_KEY_US: i64 = 5 * SECOND;

pub struct Keys {
    /// Signs receipts for what phones pushed.
    pub receipt: Arc<ServerKey>,
    issuer: String,
    access_token_s: i64,
    ring: RwLock<(Timestamp, Arc<Ring>)>,
}

impl Keys {
    /// Loads the keys, and makes those that are missing. `conn` is in a transaction.
    pub fn load(conn: &mut Conn, config: &Config, now: Timestamp) -> Result<Self, Problem> {
        let (issuer, access_token_s) = (config.public_url(), config.access_token_s);
        load_or_make(conn, KeyPurpose::Token, now)?;
        let receipt = load_or_make(conn, KeyPurpose::Receipt, now)?;
        let seed = receipt.secret.as_slice().try_into().map_err(|_| unreadable())?;
        let receipt = Arc::new(ServerKey::from_seed(seed).map_err(Problem::internal)?);
        let tokens = published(conn, access_token_s, now)?;
        let ring = Ring::new(&tokens, &issuer).ok_or_else(unreadable)?;
        Ok(Self { receipt, issuer, access_token_s, ring: RwLock::new((now, Arc::new(ring))) })
    }

    /// The keys to sign a token with, and to check it.
    pub async fn ring(&self, db: &Db, now: Timestamp) -> Result<Arc<Ring>, Problem> {
        self.ring_younger_than(RING_AGE_US, db, now).await
    }

    /// An access token for this session.
    pub async fn issue(&self, db: &Db, opened: &Opened, now: Timestamp) -> Result<String, Problem> {
        let iat = now.micros().div_euclid(SECOND);
        let person = &opened.person;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: person.id,
            sid: opened.session,
            did: opened.device,
            role: person.role,
            outlet: person.outlet_id,
            iat,
            exp: iat.saturating_add(self.access_token_s),
        };
        self.ring(db, now).await?.sign(&claims)
    }

    /// Who a token was made for, by its signature and time alone.
    pub async fn check(&self, db: &Db, token: &str, now: Timestamp) -> Result<Bearer, Problem> {
        let unauthenticated = || Problem::new(Kind::Unauthenticated);
        let mut ring = self.ring(db, now).await?;
        let kid = kid_of(token).ok_or_else(unauthenticated)?;
        if !ring.knows(&kid) {
            ring = self.ring_younger_than(UNKNOWN_KEY_US, db, now).await?;
        }
        ring.check(token)?.check_time(now)
    }

    async fn ring_younger_than(&self, age_us: i64, db: &Db, now: Timestamp) -> Result<Arc<Ring>, Problem> {
        let (loaded_at, ring) = self.current();
        if now.apart(loaded_at) < age_us {
            return Ok(ring);
        }
        // Marked first, so that of a thousand requests one asks.
        self.replace(now, Arc::clone(&ring));
        let access_token_s = self.access_token_s;
        let rows = db.read(move |conn| published(conn, access_token_s, now)).await?;
        let ring = Arc::new(Ring::new(&rows, &self.issuer).ok_or_else(unreadable)?);
        self.replace(now, Arc::clone(&ring));
        Ok(ring)
    }

    fn current(&self) -> (Timestamp, Arc<Ring>) {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, at: Timestamp, ring: Arc<Ring>) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = (at, ring);
    }
}

fn unreadable() -> Problem {
    Problem::internal("no readable signing key in the database")
}

fn load_or_make(conn: &mut Conn, purpose: KeyPurpose, now: Timestamp) -> Result<SigningKeyRow, Problem> {
    if let Some(present) = keys::find_key_in_use(conn, purpose)? {
        return Ok(present);
    }
    keys::ensure_key(conn, &made(purpose, now, rand::random())?)?;
    // Ours, or that of a server which started beside us: the database takes one.
    keys::find_key_in_use(conn, purpose)?.ok_or_else(unreadable)
}

fn made(purpose: KeyPurpose, now: Timestamp, seed: [u8; 32]) -> Result<SigningKeyRow, Problem> {
    let public = ServerKey::from_seed(seed).map_err(Problem::internal)?.public_key();
    let kid = thumbprint(public);
    Ok(SigningKeyRow { kid, purpose, secret: seed.to_vec(), public, created_at: now, retired_at: None })
}

/// Signs with a new key from now on; the old one's public half stays known. Gives the new key's name.
pub fn rotate(conn: &mut Conn, purpose: KeyPurpose, now: Timestamp, seed: [u8; 32]) -> Result<String, Problem> {
    keys::retire_keys(conn, purpose, now)?;
    let key = made(purpose, now, seed)?;
    keys::insert_key(conn, &key).map_err(|error| {
        // Somebody else rotated at the same time: once more retires theirs.
        if error.is_unique_violation() { Problem::busy(1) } else { error.into() }
    })?;
    Ok(key.kid)
}

/// The token keys to be believed: the present one, and old ones while a token of theirs may still be good. Not longer, because a
/// key may be rotated for having been stolen.
pub fn published(conn: &mut Conn, access_token_s: i64, now: Timestamp) -> Result<Vec<SigningKeyRow>, Problem> {
    // Another server may sign with the old key until it looks again.
    let good_for = (access_token_s + LEEWAY_S) * SECOND + RING_AGE_US;
    let mut found = keys::list_keys(conn, KeyPurpose::Token)?;
    found.retain(|key| key.retired_at.is_none_or(|at| now.since(at) < good_for));
    Ok(found)
}
