//! What the same day weighs on the wire: packed, as it is, and by Automerge's own sync protocol.

use automerge::sync::{State, SyncDoc};
use automerge::{Automerge, Change, ReadDoc as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use schema::id::JobId;
use schema::record::RawChange;
use schema::wire::SyncRequest;
use std::io::Write as _;
use sync::client::{Clocks as _, Traffic};
use sync::replica::{Input, Output};
use sync::slim;
use tests::TestPhone;

pub struct Forms {
    pub packed: Traffic,
    pub plain: Traffic,
}

/// The phone's next request, as it would send it.
pub fn request(phone: &mut TestPhone) -> SyncRequest {
    let (now, random) = (phone.clocks.now(), phone.clocks.random());
    let outputs = phone.handset.handle(now, random, Input::BuildSync).unwrap();
    let request = outputs.into_iter().find_map(|output| match output {
        Output::Request(request) => Some(*request),
        _ => None,
    });
    request.unwrap()
}

/// The request in both forms, after it was answered once: nothing is written twice, and the answer says the same.
pub async fn forms(phone: &TestPhone, request: SyncRequest) -> Forms {
    let token = phone.handset.replica().session().unwrap().access_token.clone();
    assert!(request.push.iter().all(|push| push.slim.is_some()));
    let (_, packed) = phone.client.sync(&token, &request).await.unwrap();
    let push = slim::plain(&request.push, usize::MAX).unwrap().into_owned();
    let (_, plain) = phone.client.sync(&token, &SyncRequest { push, slim: 0, ..request }).await.unwrap();
    Forms { packed, plain }
}

/// One job on both sides of Automerge's protocol, each with what it remembers of the other.
pub struct Pair {
    job: JobId,
    phone: (Automerge, State),
    server: (Automerge, State),
}

/// What a conversation cost.
#[derive(Debug, Default)]
pub struct Talk {
    pub round_trips: usize,
    pub bytes_up: usize,
    pub bytes_down: usize,
}

impl Pair {
    /// Both had `before` and know it of each other; then the phone wrote `changes`, and the server has `after`.
    pub fn new(job: JobId, before: &[u8], changes: &[RawChange], after: &[u8]) -> Self {
        let fresh = || (Automerge::load(before).unwrap(), State::new());
        let mut pair = [Self { job, phone: fresh(), server: fresh() }];
        talk(&mut pair);
        let [Self { phone, server, .. }] = pair;
        // What a phone keeps of a connection that ended.
        let remembered = |state: &State| State::decode(&state.encode()).unwrap();
        let (mut phone, server) = ((phone.0, remembered(&phone.1)), (server.0, remembered(&server.1)));
        let changes = changes.iter().map(|change| Change::try_from(change.bytes.0.as_slice()).unwrap());
        phone.0.apply_changes(changes).unwrap();
        let there = Automerge::load(after).unwrap();
        assert!(server.0.get_heads().iter().all(|head| there.get_change_by_hash(head).is_some()));
        Self { job, phone, server: (there, server.1) }
    }
}

/// All messages of a side in one body, until the phone has nothing more to say.
pub fn talk(pairs: &mut [Pair]) -> Talk {
    let mut talk = Talk::default();
    loop {
        let mut body = Vec::new();
        for Pair { job, phone, server } in pairs.iter_mut() {
            pass(&mut body, *job, phone, server);
        }
        if body.is_empty() {
            let is_equal = |pair: &Pair| pair.phone.0.get_heads() == pair.server.0.get_heads();
            assert!(pairs.iter().all(is_equal));
            return talk;
        }
        talk.round_trips += 1;
        talk.bytes_up += gzip(&body);
        let mut answer = Vec::new();
        for Pair { job, phone, server } in pairs.iter_mut() {
            pass(&mut answer, *job, server, phone);
        }
        talk.bytes_down += gzip(&answer);
    }
}

/// What one side has to say about a job, heard by the other.
fn pass(body: &mut Vec<u8>, job: JobId, from: &mut (Automerge, State), to: &mut (Automerge, State)) {
    let Some(message) = from.0.generate_sync_message(&mut from.1) else { return };
    let bytes = message.clone().encode();
    body.extend_from_slice(job.as_bytes());
    body.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
    body.extend_from_slice(&bytes);
    to.0.receive_sync_message(&mut to.1, message).unwrap();
}

fn gzip(body: &[u8]) -> usize {
    if body.is_empty() {
        return 0;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap().len()
}
