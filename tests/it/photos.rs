//! Photos on their way from a phone to whoever may see them, with real phones against a real server.

mod entitled;
mod owed;
mod pictures;
mod resumed;
mod s3;
mod terminal;
mod tus;

use reqwest::RequestBuilder;
use schema::binary::Hash;
use schema::photo::JobPhoto;
use schema::problem::Kind;
use tests::{Errand, Person, TestPhone, TestServer, expect_json, expect_ok, expect_problem};

/// An errand whose record names these photos; nobody has sent them.
async fn named(server: &TestServer, photos: &[&[u8]]) -> Errand {
    let mut errand = server.errand().await;
    for bytes in photos {
        errand.phone.name_photo(errand.job, "diagnose", bytes);
    }
    errand.phone.sync().await;
    errand
}

async fn bytes_of(request: RequestBuilder) -> Vec<u8> {
    expect_ok(request).await.bytes().await.unwrap().to_vec()
}

/// The refusal, without what differs from one request to the next.
async fn refusal(request: RequestBuilder, kind: Kind) -> schema::problem::ProblemBody {
    let mut body = expect_problem(request, kind).await;
    body.request_id = None;
    body
}

async fn photos_of(person: &Person, job: schema::id::JobId) -> Vec<JobPhoto> {
    expect_json(person.get(&format!("/v1/jobs/{job}/photos")), 200).await
}

fn holds(phone: &mut TestPhone, sha256: Hash) -> bool {
    use sync::store::Store as _;
    phone.handset.store().find_blob(sha256).unwrap().is_some()
}
