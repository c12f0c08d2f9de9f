//! Uploads that are cut off: by the line, by a phone that dies, by a server that is killed, by a hop to another one.

use super::{bytes_of, holds, named, photos_of};
use schema::binary::Hash;
use schema::id::JobId;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use tests::{Errand, Person, ServerProcess, Setup, TestServer, Upload, expect_ok, jpeg};

/// Any bytes will do where nobody looks at the picture.
fn blob(seed: u8, length: u8) -> Vec<u8> {
    (0..length).map(|place| place ^ seed).collect()
}

/// Goes on until everything is there, from wherever the server says; whatever a request that was cut off may still be doing.
async fn finish(person: &Person, upload: &Upload, bytes: &[u8], at_most: usize) {
    let mut offset = person.offset(upload).await;
    assert!(offset <= at_most, "{offset} of {at_most} that were sent");
    while offset < bytes.len() {
        let at = Upload { path: upload.path.clone(), offset };
        let answer = person.go_on(&at, &bytes[offset..]).send().await.unwrap();
        assert!(matches!(answer.status().as_u16(), 204 | 409), "{answer:?}");
        offset = person.offset(upload).await;
    }
}

/// Sends the whole head of a request and so many bytes of its body; then the line is gone.
fn cut(server: &str, person: &Person, upload: &Upload, sent: &[u8], announced: usize) {
    let address = server.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).unwrap();
    let head = format!(
        "PATCH {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: {}\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {announced}\r\n\r\n",
        upload.path, person.token, upload.offset
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(sent).unwrap();
    drop(line.shutdown(Shutdown::Both));
}

#[tokio::test]
async fn an_upload_goes_on_at_every_byte() {
    let server = TestServer::start().await;
    let photo = blob(1, 48);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let mut upload = technician.upload(job, &photo).await;
    for place in 0..photo.len() {
        upload = technician.upload(job, &photo).await;
        assert_eq!((upload.offset, technician.offset(&upload).await), (place, place));
        expect_ok(technician.go_on(&upload, &photo[place..=place])).await;
    }
    assert_eq!(technician.offset(&upload).await, photo.len());
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn a_line_that_breaks_at_any_byte_costs_nothing_that_was_acknowledged() {
    let server = TestServer::start().await;
    let photos: Vec<Vec<u8>> = (0..24).map(|seed| blob(100 + seed, 24)).collect();
    let all: Vec<&[u8]> = photos.iter().map(Vec::as_slice).collect();
    let Errand { technician, job, .. } = named(&server, &all).await;
    for (sent, photo) in photos.iter().enumerate() {
        let upload = technician.upload(job, photo).await;
        cut(&server.url, &technician, &upload, &photo[..sent], photo.len());
        finish(&technician, &upload, photo, sent).await;
        assert_eq!(bytes_of(technician.photo(job, Hash::of(photo))).await, *photo);
    }
}

#[tokio::test]
async fn an_upload_hops_between_servers_of_one_service() {
    let one = TestServer::start().await;
    let photo = blob(2, 90);
    let Errand { technician, job, .. } = named(&one, &[&photo]).await;
    let public_url = Some(one.url.clone());
    let setup = Setup { database: Arc::clone(&one.database), clock: one.clock.clone(), public_url, ..Setup::default() };
    let two = TestServer::with(setup).await;
    let upload = technician.upload(job, &photo).await;
    for (round, part) in photo.chunks(10).enumerate() {
        let server = if round % 2 == 0 { &two } else { &one };
        let request = server.client.patch(format!("{}{}", server.url, upload.path)).bearer_auth(&technician.token);
        let request = request.header("tus-resumable", "1.0.0").header("upload-offset", (round * 10).to_string());
        expect_ok(request.header("content-type", "application/offset+octet-stream").body(part.to_vec())).await;
    }
    let there = two.client.get(format!("{}/v1/jobs/{job}/photos/{}", two.url, Hash::of(&photo)));
    assert_eq!(bytes_of(there.bearer_auth(&technician.token)).await, photo);
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn two_phones_that_finish_the_same_photo_at_once_publish_it_once() {
    let server = TestServer::start().await;
    let photo = blob(3, 60);
    let first = named(&server, &[&photo]).await;
    let second = named(&server, &[&photo]).await;
    let mut last = Vec::new();
    for Errand { technician, job, .. } in [&first, &second] {
        let mut upload = technician.upload(*job, &photo).await;
        expect_ok(technician.go_on(&upload, &photo[..59])).await;
        upload.offset = 59;
        last.push(technician.go_on(&upload, &photo[59..]));
    }
    let (b, a) = (last.pop().unwrap(), last.pop().unwrap());
    let (a, b) = tokio::join!(a.send(), b.send());
    assert_eq!(
        (a.unwrap().status(), b.unwrap().status()),
        (reqwest::StatusCode::NO_CONTENT, reqwest::StatusCode::NO_CONTENT)
    );
    let rows = server.state.db.read(|conn| Ok(server::db::photos::list_all(conn, None, 10)?)).await.unwrap();
    assert_eq!(rows.len(), 1);
    for Errand { technician, job, .. } in [&first, &second] {
        assert_eq!(bytes_of(technician.photo(*job, Hash::of(&photo))).await, photo);
        assert!(photos_of(technician, *job).await[0].owed_since.is_none());
    }
}

fn process(setup: &Setup, url: &str) -> ServerProcess {
    let data = setup.database.folder().to_string_lossy().into_owned();
    let database = setup.database.url_text();
    let address = url.trim_start_matches("http://");
    let small = ["--workers", "1", "--gate-threads", "1", "--db-readers", "2", "--db-writers", "2"];
    let words = ["--listen", address, "--data", &data, "--database-url", &database, "--public-url", url];
    ServerProcess::start(words.into_iter().chain(small).chain(setup.flags.iter().copied()))
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_server_that_is_killed() {
    // The process has the machine's clock: a token of the test's must hold there.
    let flags = vec!["--access-token-s", "1000000000", "--upload-hours", "1000000"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let photo = blob(4, 120);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let url = server.url.clone();
    let setup = server.stop().await;
    let mut sent = 0;
    let mut upload = Upload { path: String::new(), offset: 0 };
    for (round, part) in photo.chunks(30).enumerate() {
        let mut victim = process(&setup, &url);
        if round == 0 {
            upload = technician.upload(job, &photo).await;
        }
        assert_eq!(technician.offset(&upload).await, sent, "round {round}");
        upload.offset = sent;
        expect_ok(technician.go_on(&upload, part)).await;
        sent += part.len();
        // In the middle of another piece, most of the time.
        upload.offset = sent;
        cut(&url, &technician, &upload, &[], photo.len() - sent);
        victim.kill();
    }
    let _revived = process(&setup, &url);
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn a_phone_goes_on_where_it_was_cut_off_and_lets_go_behind_the_receipt_only() {
    let server = TestServer::start().await;
    let mut errand = server.errand().await;
    let photo = jpeg(600, 600, 5);
    let sha256 = errand.phone.take_photo(errand.job, "diagnose", &photo);
    let (technician, job, mut phone) = (errand.technician, errand.job, errand.phone);
    assert!(holds(&mut phone, sha256));
    let sent = phone.sync().await;
    assert_eq!((sent.photos_sent, sent.photos_owed, sent.photo_error), (1, 0, None));
    assert!(!holds(&mut phone, sha256), "the server holds it");
    assert_eq!(bytes_of(technician.photo(job, sha256)).await, photo);
    let idle = phone.sync().await;
    assert_eq!((idle.photos_sent, idle.photo_bytes_up, idle.round_trips), (0, 0, 1));
}

/// The phone's own upload, advanced by so many bytes as by an earlier process of the phone that was killed.
async fn begun_before(server: &TestServer, phone: &mut tests::TestPhone, job: JobId, bytes: &[u8], sent: usize) {
    let token = phone.handset.replica().session().unwrap().access_token.clone();
    let person = Person { token, ..server.person(schema::people::Role::Technician).await };
    let upload = person.upload(job, bytes).await;
    expect_ok(person.go_on(&upload, &bytes[..sent])).await;
}

#[tokio::test]
async fn a_phone_that_died_in_mid_upload_sends_the_rest_and_no_more() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, technician, .. } = server.errand().await;
    let photo = jpeg(500, 500, 6);
    phone.name_photo(job, "diagnose", &photo);
    assert!(phone.sync().await.photo_error.is_some(), "its bytes are not on this phone");
    begun_before(&server, &mut phone, job, &photo, 777).await;
    // The phone starts again on the disk that it left, with the bytes on it.
    let sha256 = phone.take_photo_bytes(&photo);
    let report = phone.sync().await;
    assert_eq!((report.photos_sent, report.photo_error.clone()), (1, None), "{report:?}");
    assert_eq!(report.photo_bytes_up, u64::try_from(photo.len() - 777).unwrap());
    assert_eq!(bytes_of(technician.photo(job, sha256)).await, photo);
}

#[tokio::test]
async fn a_phone_whose_last_answer_was_lost_asks_for_the_receipt_and_sends_nothing_again() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, technician, .. } = server.errand().await;
    let photo = jpeg(40, 40, 7);
    phone.name_photo(job, "diagnose", &photo);
    phone.sync().await;
    technician.send_photo(job, &photo).await;
    let sha256 = phone.take_photo_bytes(&photo);
    let report = phone.sync().await;
    assert_eq!((report.photos_sent, report.photo_bytes_up), (1, 0), "{report:?}");
    assert!(!holds(&mut phone, sha256));
    // Cut off between letting go and noting it: the bytes are gone, the note is not there.
    let second = jpeg(40, 40, 8);
    phone.name_photo(job, "diagnose", &second);
    phone.sync().await;
    technician.send_photo(job, &second).await;
    let report = phone.sync().await;
    assert_eq!((report.photos_sent, report.photos_owed), (1, 0), "{report:?}");
}

/// A request that announces a whole piece, sends the first byte of it, and nothing more.
fn stalled(server: &str, person: &Person, upload: &Upload, photo: &[u8]) -> TcpStream {
    let address = server.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).unwrap();
    let head = format!(
        "PATCH {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: {}\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        upload.path,
        person.token,
        upload.offset,
        photo.len()
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(&photo[..1]).unwrap();
    line
}

/// The status of the answer that comes on this line, and the line.
fn status(mut line: TcpStream) -> (String, TcpStream) {
    let mut answer = [0; 12];
    std::io::Read::read_exact(&mut line, &mut answer).unwrap();
    (String::from_utf8_lossy(&answer[9..]).into_owned(), line)
}

#[tokio::test]
async fn requests_that_send_nothing_keep_nobody_out() {
    let flags = vec!["--upload-memory-bytes", "262144"];
    let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
    let photos = [jpeg(300, 300, 0), jpeg(300, 300, 1)];
    let Errand { technician, dispatcher, job, .. } = named(&server, &[&photos[0], &photos[1]]).await;
    let upload = technician.upload(job, &photos[0]).await;
    let (answer, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..9 {
        let (line, answer) = (stalled(&server.url, &technician, &upload, &photos[0]), answer.clone());
        std::thread::spawn(move || answer.send(status(line)));
    }
    // Whichever of them the server came to last has the turn; the others are told, and their lines stay as they are.
    let mut lines = Vec::new();
    for _ in 0..8 {
        let (status, line) = answers.recv().await.unwrap();
        assert_eq!(status, "503", "a later request has its turn");
        lines.push(line);
    }
    expect_ok(dispatcher.go_on(&dispatcher.upload(job, &photos[1]).await, &photos[1])).await;
    finish(&technician, &technician.upload(job, &photos[0]).await, &photos[0], 1).await;
}

#[tokio::test]
async fn a_line_that_breaks_more_than_a_thousand_times_still_finishes() {
    let server = TestServer::start().await;
    let photo: Vec<u8> = (0..1_030_u16).map(|place| place.to_be_bytes()[1]).collect();
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let mut upload = technician.upload(job, &photo).await;
    for place in 0..photo.len() {
        upload.offset = place;
        expect_ok(technician.go_on(&upload, &photo[place..=place])).await;
    }
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&photo))).await, photo);
}
