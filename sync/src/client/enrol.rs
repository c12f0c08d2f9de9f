//! Logging in: a person, this phone and a server come together.

use super::drive::session_of;
use super::{Client, ClientError, Clocks};
use crate::handset::{Handset, Saved};
use crate::replica::Input;
use crate::seal::DeviceKey;
use crate::store::entry::Identity;
use crate::store::{Entry, Store};
use schema::binary::{Bytes, PublicKey};
use schema::session::{CreateSession, NewDevice};

/// What a person types in to log in.
pub struct Credentials {
    pub login: String,
    pub password: String,
    /// What its owner calls the phone.
    pub phone_name: String,
}

impl Client {
    /// Logs a person in on this phone. The same person gets the same phone again, so that what is unsent can be sent; another one
    /// is refused while the phone holds anything of the first. Where the office has shut the phone out and nothing is unsent, it becomes
    /// a new one: what the old one held comes again from the server, as far as it is this person's.
    pub async fn enrol<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
        credentials: &Credentials,
    ) -> Result<Identity, ClientError> {
        let (holder, server) = (handset.replica().identity().cloned(), self.http.server());
        let is_other = holder.as_ref().is_some_and(|held| held.login != credentials.login || held.server != server);
        if let Some(held) = holder.filter(|_| is_other && !handset.replica().is_empty()) {
            return Err(ClientError::HeldByAnother { login: held.login, server: held.server });
        }
        // Another person's key counts only once they are logged in: until then the phone stays whose it was.
        let mut fresh = is_other.then(|| seed(clocks));
        if fresh.is_none() && handset.replica().public_key().is_none() {
            let key = Entry::Key(seed(clocks));
            handset.handle(clocks.now(), clocks.random(), Input::Remember(vec![key]))?;
        }
        let public_key = match &fresh {
            Some(seed) => public_key_of(seed),
            None => handset.replica().public_key(),
        };
        let tokens = match self.log_in(&log_in(credentials, public_key)).await {
            Err(error) if error.is_revoked() && handset.replica().is_all_sent() => {
                let seed = fresh.insert(seed(clocks));
                let tokens = self.log_in(&log_in(credentials, public_key_of(seed))).await?;
                // Its places in the records are the old phone's, under which nothing of the new one is taken.
                handset.log_out(Saved::default())?;
                tokens
            }
            other => other?,
        };
        let identity = Identity {
            server,
            device: tokens.device.ok_or_else(|| ClientError::Answer("it names no phone".to_owned()))?,
            person: tokens.person.id,
            login: tokens.person.login.clone(),
            name: tokens.person.name.clone(),
            outlet: Some(tokens.person.outlet_id),
            setup: tokens.person.outlet.as_ref().map(|outlet| outlet.setup),
        };
        let session = session_of(&tokens, clocks);
        let mut entries: Vec<Entry> = fresh.map(Entry::Key).into_iter().collect();
        entries.extend([Entry::Identity(identity.clone()), Entry::Session(Some(session))]);
        handset.handle(clocks.now(), clocks.random(), Input::Remember(entries))?;
        Ok(identity)
    }

    /// Ends the session on the server. What the phone holds is another matter: [`Handset::log_out`].
    pub async fn end_session<S: Store>(
        &self,
        handset: &mut Handset<S>,
        clocks: &mut impl Clocks,
    ) -> Result<(), ClientError> {
        if let Some(session) = handset.replica().session() {
            self.log_out(&session.access_token).await?;
            handset.handle(clocks.now(), clocks.random(), Input::Remember(vec![Entry::Session(None)]))?;
        }
        Ok(())
    }
}

fn seed(clocks: &mut impl Clocks) -> Bytes {
    let mut seed = clocks.random().to_vec();
    seed.extend(clocks.random());
    Bytes(seed)
}

fn log_in(credentials: &Credentials, public_key: Option<PublicKey>) -> CreateSession {
    let device = public_key.map(|public_key| NewDevice { name: credentials.phone_name.clone(), public_key });
    let (login, password) = (credentials.login.clone(), credentials.password.clone());
    CreateSession { login, password, device, in_cookie: false }
}

fn public_key_of(seed: &Bytes) -> Option<PublicKey> {
    let seed: [u8; 32] = seed.0.as_slice().try_into().ok()?;
    DeviceKey::from_seed(seed).ok().map(|key| key.public_key())
}
