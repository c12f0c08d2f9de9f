//! Photos in a bucket, on a server for S3 that is not of ours (`s3s-fs`), on the loopback.

use super::{bytes_of, named, photos_of};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use schema::binary::Hash;
use schema::photo::{PhotoCopies, PhotoSize};
use schema::problem::Kind;
use server::jobs::{kinds, queue};
use server::photos::object;
use std::path::Path;
use std::sync::Arc;
use tests::{Errand, Setup, TestServer, Upload, expect_ok, expect_problem, free_address, jpeg};

const KEY: &str = "photos";
const SECRET: &str = "a secret of this test";

/// A store with one empty bucket, `visits`; it lives as long as the folder and the test's runtime.
async fn bucket(folder: &Path, address: &str) -> String {
    std::fs::create_dir(folder.join("visits")).unwrap();
    let service = {
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        builder.build()
    };
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let builder = auto::Builder::new(TokioExecutor::new());
                drop(builder.serve_connection(TokioIo::new(line), service).await);
            });
        }
    });
    endpoint
}

fn flags(endpoint: &str) -> Vec<&'static str> {
    let endpoint: &'static str = endpoint.to_owned().leak();
    let place = ["--photos-url", "s3://visits/shanghai", "--s3-endpoint", endpoint, "--s3-region", "us-east-1"];
    place.into_iter().chain(["--s3-key-id", KEY, "--s3-secret", SECRET, "--background-workers", "0"]).collect()
}

#[tokio::test]
async fn photos_lie_in_a_bucket_that_two_servers_share() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = bucket(folder.path(), &free_address()).await;
    let one = TestServer::with(Setup { flags: flags(&endpoint), ..Setup::default() }).await;
    let photo = jpeg(64, 64, 11);
    let Errand { dispatcher, technician, job, mut phone } = named(&one, &[&photo]).await;
    let (database, clock, public_url) = (Arc::clone(&one.database), one.clock.clone(), Some(one.url.clone()));
    let two = TestServer::with(Setup { database, clock, public_url, flags: flags(&endpoint) }).await;

    let upload = technician.upload(job, &photo).await;
    expect_ok(technician.go_on(&upload, &photo[..100])).await;
    let elsewhere = tests::Person { url: two.url.clone(), ..technician };
    let rest = Upload { offset: 100, ..upload };
    expect_ok(elsewhere.go_on(&rest, &photo[100..])).await;
    assert_eq!(bytes_of(dispatcher.photo(job, Hash::of(&photo))).await, photo);
    let part = dispatcher.photo(job, Hash::of(&photo)).header("range", "bytes=3-7");
    assert_eq!(bytes_of(part).await, photo[3..8]);
    queue::work_off(&one.state, &kinds()).await.unwrap();
    assert_eq!(photos_of(&dispatcher, job).await[0].copies, Some(PhotoCopies::Made));
    let below = one.state.photos.store.bytes_of(&object(Hash::of(&photo), PhotoSize::Original)).await.unwrap();
    assert_eq!(below, Some(u64::try_from(photo.len()).unwrap()));

    // A phone that knows nothing of stores.
    let second = phone.take_photo(job, "repair", &jpeg(90, 90, 12));
    // The first is here already: its receipt is all that this phone still waits for.
    assert_eq!(phone.sync().await.photos_sent, 2);
    expect_ok(elsewhere.photo(job, second)).await;

    // An upload that is given up takes its pieces along.
    let third = jpeg(30, 30, 13);
    phone.name_photo(job, "repair", &third);
    phone.sync().await;
    let upload = elsewhere.upload(job, &third).await;
    expect_ok(elsewhere.go_on(&upload, &third[..50])).await;
    expect_ok(elsewhere.tus(reqwest::Method::DELETE, &upload.path)).await;
    let left = std::fs::read_dir(folder.path().join("visits/shanghai/uploads")).map_or(0, |entries| {
        entries
            .flatten()
            .filter(|entry| std::fs::read_dir(entry.path()).is_ok_and(|mut below| below.next().is_some()))
            .count()
    });
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_store_that_is_away_is_said_to_be_busy_and_nothing_counts_as_received() {
    let folder = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind(free_address()).unwrap().local_addr().unwrap().to_string();
    let endpoint = format!("http://{address}");
    let server = TestServer::with(Setup { flags: flags(&endpoint), ..Setup::default() }).await;
    let photo = jpeg(32, 32, 14);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let upload = technician.upload(job, &photo).await;
    expect_problem(technician.go_on(&upload, &photo[..10]), Kind::Busy).await;
    assert_eq!(technician.offset(&upload).await, 0);
    bucket(folder.path(), &address).await;
    expect_ok(technician.go_on(&upload, &photo)).await;
    expect_problem(technician.go_on(&upload, &photo), Kind::UploadOffset).await;
}
