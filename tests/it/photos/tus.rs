//! The protocol: what it says of itself, what it refuses, and what a refusal leaves.

use super::{bytes_of, named, photos_of, refusal};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use schema::binary::Hash;
use schema::problem::Kind;
use schema::time::{DAY, HOUR};
use server::jobs::housekeeping::{Forgotten, tidy_up};
use std::path::Path;
use tests::{Errand, Setup, TestServer, expect_ok, expect_problem, jpeg};

/// Files below a folder of the store.
fn files(server: &TestServer, folder: &str) -> usize {
    fn count(folder: &Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&server.database.folder().join("photos").join(folder))
}

#[tokio::test]
async fn the_server_says_what_it_speaks_and_answers_as_tus_does() {
    let server = TestServer::start().await;
    let answer = expect_ok(server.client.request(Method::OPTIONS, format!("{}/v1/uploads", server.url))).await;
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((answer.status().as_u16(), header("tus-version")), (204, "1.0.0".to_owned()));
    assert_eq!(header("tus-extension"), "creation,expiration,checksum,termination");
    assert_eq!(
        (header("tus-max-size"), header("tus-checksum-algorithm")),
        ("20971520".to_owned(), "sha1,sha256".to_owned())
    );

    let photo = jpeg(8, 8, 1);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let begun = expect_ok(technician.begin_upload(job, Hash::of(&photo), photo.len())).await;
    assert_eq!((begun.status().as_u16(), &begun.headers()["tus-resumable"]), (201, &"1.0.0".parse().unwrap()));
    assert!(begun.headers().contains_key("upload-expires"));
    let upload = technician.upload(job, &photo).await;
    assert_eq!(begun.headers()["location"], upload.path.as_str(), "the same upload, however often it is begun");
    let stands = expect_ok(technician.tus(Method::HEAD, &upload.path)).await;
    assert_eq!(stands.headers()["upload-length"], photo.len().to_string().as_str());
    assert_eq!(
        (&stands.headers()["cache-control"], &stands.headers()["upload-offset"]),
        (&"no-store".parse().unwrap(), &"0".parse().unwrap())
    );

    // A client that can say nothing but POST.
    let meant = technician.tus(Method::POST, &upload.path).header("x-http-method-override", "PATCH");
    let meant = meant.header("upload-offset", "0").header("content-type", "application/offset+octet-stream");
    let done = expect_ok(meant.body(photo.clone())).await;
    assert_eq!((done.status().as_u16(), tests::offset_of(&done)), (204, photo.len()));
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
    assert_eq!((files(&server, "uploads"), files(&server, "photos")), (0, 1), "no piece is left");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let upload = technician.upload(job, &photo).await;
    let part = || technician.go_on(&upload, &photo[..10]);
    let patch = || technician.request(Method::PATCH, &upload.path);

    expect_problem(patch().header("tus-resumable", "0.2.2"), Kind::TusVersionUnknown).await;
    expect_problem(patch(), Kind::TusVersionUnknown).await;
    let plain = technician.tus(Method::PATCH, &upload.path).header("upload-offset", "0").body("x");
    expect_problem(plain, Kind::UnsupportedMediaType).await;
    let wrong = tests::Upload { path: upload.path.clone(), offset: 1 };
    expect_problem(technician.go_on(&wrong, b"x"), Kind::UploadOffset).await;
    let sum = |text: &str| part().header("upload-checksum", text.to_owned());
    expect_problem(sum("md5 AAAA"), Kind::ChecksumUnknown).await;
    let zero = STANDARD.encode([0; 32]);
    expect_problem(sum(&format!("sha256 {zero}")), Kind::ChecksumMismatch).await;
    let too_long = [photo.as_slice(), b"x"].concat();
    expect_problem(technician.go_on(&upload, &too_long), Kind::TooLarge).await;
    assert_eq!(technician.offset(&upload).await, 0);

    let right = STANDARD.encode(Hash::of(&photo[..10]).as_slice());
    expect_ok(sum(&format!("sha256 {right}"))).await;
    assert_eq!(technician.offset(&upload).await, 10);
    // The same part again: it is here, and the client is told to look.
    expect_problem(part(), Kind::UploadOffset).await;

    let length = |text: &str| technician.tus(Method::POST, "/v1/uploads").header("upload-length", text.to_owned());
    expect_problem(length("-1"), Kind::BadRequest).await;
    expect_problem(length("5"), Kind::BadRequest).await;
    expect_problem(technician.begin_upload(job, Hash::of(&photo), 0), Kind::BadRequest).await;
    expect_problem(technician.begin_upload(job, Hash::of(&photo), (20 << 20) + 1), Kind::TooLarge).await;
}

#[tokio::test]
async fn bytes_that_are_not_those_of_the_hash_are_not_kept() {
    let server = TestServer::start().await;
    let (photo, other) = (jpeg(8, 8, 1), jpeg(8, 8, 2));
    assert_eq!(photo.len(), other.len());
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let upload = technician.upload(job, &photo).await;
    expect_problem(technician.go_on(&upload, &other), Kind::PhotoMismatch).await;
    assert_eq!(technician.tus(Method::HEAD, &upload.path).send().await.unwrap().status(), 404);
    expect_problem(technician.photo(job, Hash::of(&photo)), Kind::NotFound).await;
    assert_eq!((files(&server, "uploads"), files(&server, "photos")), (0, 0), "nothing is published, nothing is left");
    assert!(photos_of(&technician, job).await[0].owed_since.is_some());
    technician.send_photo(job, &photo).await;
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn an_upload_that_is_given_up_or_runs_out_leaves_nothing() {
    // Nobody tidies up but the test, which counts.
    let flags = vec!["--housekeeping-s", "0"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let (first, second) = (jpeg(8, 8, 1), jpeg(8, 8, 2));
    let Errand { mut technician, job, .. } = named(&server, &[&first, &second]).await;
    let upload = technician.upload(job, &first).await;
    expect_ok(technician.go_on(&upload, &first[..100])).await;
    assert_eq!(files(&server, "uploads"), 1);
    expect_ok(technician.tus(Method::DELETE, &upload.path)).await;
    assert_eq!(files(&server, "uploads"), 0);
    expect_problem(technician.go_on(&upload, &first), Kind::NotFound).await;

    let upload = technician.upload(job, &second).await;
    expect_ok(technician.go_on(&upload, &second[..100])).await;
    server.clock.advance(71 * HOUR);
    assert_eq!(tidy_up(&server.state).await.unwrap().uploads, 0);
    server.clock.advance(2 * HOUR);
    server.renew(&mut technician).await;
    expect_problem(technician.go_on(&upload, &second), Kind::UploadGone).await;
    let fresh = technician.upload(job, &second).await;
    assert_ne!(fresh.path, upload.path);
    let tidied = tidy_up(&server.state).await.unwrap();
    assert_eq!(tidied.uploads, 1, "the one that ran out");
    assert_eq!(files(&server, "uploads"), 0);
    server.clock.advance(4 * DAY);
    assert_eq!(tidy_up(&server.state).await.unwrap().uploads, 1);
    assert_eq!(tidy_up(&server.state).await.unwrap(), Forgotten::default());
}

#[tokio::test]
async fn what_there_is_no_room_for_in_memory_is_to_come_again() {
    let flags = vec!["--upload-memory-bytes", "1024"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let photo: Vec<u8> = (0..1_500u16).map(|place| place.to_be_bytes()[1]).collect();
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let mut upload = technician.upload(job, &photo).await;
    let busy = technician.go_on(&upload, &photo).send().await.unwrap();
    assert_eq!((busy.status().as_u16(), &busy.headers()["retry-after"]), (503, &"2".parse().unwrap()));
    assert_eq!(technician.offset(&upload).await, 0);
    // One after the other there is: the room is given back.
    for part in photo.chunks(1_000) {
        expect_ok(technician.go_on(&upload, part)).await;
        upload.offset += part.len();
    }
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn nobody_fills_the_store_with_what_is_never_finished() {
    let flags = vec!["--uploads-per-phone", "2", "--uploads-per-person", "3", "--photo-job-bytes-max", "2000"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let photos: Vec<Vec<u8>> = (0..4).map(|seed| jpeg(8, 8, 60 * seed)).collect();
    let length = photos[0].len();
    assert!((501..1_000).contains(&length), "{length}");
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let Errand { technician, dispatcher, job, .. } = named(&server, &all).await;
    for photo in &photos[..2] {
        technician.upload(job, photo).await;
    }
    // What was begun may be begun again.
    technician.upload(job, &photos[1]).await;
    let third = || technician.begin_upload(job, Hash::of(&photos[2]), length);
    let problem = expect_problem(third(), Kind::UploadsMany).await;
    assert_eq!(problem.client, schema::problem::Remedy::Retry);
    technician.send_photo(job, &photos[0]).await;
    technician.send_photo(job, &photos[1]).await;
    if 3 * length <= 2_000 {
        technician.send_photo(job, &photos[2]).await;
    }
    let last = refusal(dispatcher.begin_upload(job, Hash::of(&photos[3]), length), Kind::PhotosMany).await;
    assert_eq!(last.status, 413);
}
