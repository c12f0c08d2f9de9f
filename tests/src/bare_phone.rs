//! A phone without a memory: a key, a session and requests as the test wants them, for what no honest replica sends.

use crate::person::{PASSWORD, Person};
use crate::server::TestServer;
use schema::binary::Hash;
use schema::id::{DeviceId, RequestId};
use schema::people::Language;
use schema::session::{CreateSession, NewDevice};
use schema::time::Timestamp;
use schema::wire::{Cursor, JobPush, PROTOCOL_VERSION, PhoneClock, SyncRequest, SyncResponse, push_leaf, push_message};
use server::state::random;
use sync::admit::{Limits, hash_of};
use sync::client::Client;
use sync::seal::DeviceKey;
use sync::slim;

pub struct BarePhone {
    pub client: Client,
    pub device: DeviceId,
    pub token: String,
    key: DeviceKey,
    now: Timestamp,
}

impl TestServer {
    pub async fn bare_phone(&self, person: &Person) -> BarePhone {
        let client = Client::new(&self.url, Language::English).unwrap();
        let key = DeviceKey::from_seed(random()).unwrap();
        let device = Some(NewDevice { name: "bare".to_owned(), public_key: key.public_key() });
        let (login, password) = (person.login.clone(), PASSWORD.to_owned());
        let tokens = client.log_in(&CreateSession { login, password, device, in_cookie: false }).await.unwrap();
        let (device, token) = (tokens.device.unwrap(), tokens.access_token);
        BarePhone { client, device, token, key, now: self.clock.now() }
    }
}

impl BarePhone {
    /// A request with this push, signed as an honest phone signs.
    pub fn request(&self, cursor: Cursor, push: Vec<JobPush>) -> SyncRequest {
        let id = RequestId::new(self.now, random());
        let hashes = |push: &JobPush| -> Vec<Hash> {
            push.changes.iter().map(|bytes| hash_of(bytes, &Limits::default())).collect()
        };
        let plain = slim::plain(&push, usize::MAX).unwrap();
        let leaves: Vec<Hash> = plain.iter().map(|push| push_leaf(push.job, &hashes(push))).collect();
        let signature = (!push.is_empty()).then(|| self.key.sign(&push_message(self.device, id, &leaves)));
        let clock = PhoneClock { at: self.now, since_contact_us: None };
        let (protocol, digest) = (PROTOCOL_VERSION, Hash::ZERO);
        SyncRequest {
            protocol,
            id,
            cursor,
            digest,
            push,
            signature,
            budget_bytes: None,
            clock,
            contacts: Vec::new(),
            heads: None,
            slim: 0,
        }
    }

    pub async fn sync(&self, request: &SyncRequest) -> SyncResponse {
        self.client.sync(&self.token, request).await.unwrap().0
    }
}
