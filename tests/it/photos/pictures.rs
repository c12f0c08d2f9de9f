//! Photos as pictures: what is shown of them and to whom, what the camera wrote into them, and those that are made to harm.

use super::{bytes_of, named, photos_of};
use crate::routes::links::link;
use schema::binary::Hash;
use schema::id::JobId;
use schema::link::PublicView;
use schema::people::Role;
use schema::photo::{PhotoCopies, PhotoSize};
use schema::problem::Kind;
use schema::record::Place;
use server::jobs::{kinds, queue};
use server::photos::{object, picture};
use std::io::Write as _;
use tests::{Errand, Person, Setup, TestServer, expect_json, expect_ok, expect_problem, jpeg, with_place};

/// Everything that waits in the background is done.
async fn copies_of(server: &TestServer, person: &Person, job: JobId) -> Option<PhotoCopies> {
    queue::work_off(&server.state, &kinds()).await.unwrap();
    photos_of(person, job).await[0].copies
}

/// A server that makes copies only when a test says so.
async fn quiet_server() -> TestServer {
    TestServer::with(Setup { flags: vec!["--background-workers", "0"], ..Setup::default() }).await
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[tokio::test]
async fn where_a_photo_was_taken_is_evidence_for_the_office_and_nothing_for_the_customer() {
    let server = quiet_server().await;
    let photo = with_place(&jpeg(400, 200, 9));
    let sha256 = Hash::of(&photo);
    let Errand { technician, dispatcher, job, .. } = named(&server, &[&photo]).await;
    technician.send_photo(job, &photo).await;
    assert_eq!(copies_of(&server, &dispatcher, job).await, Some(PhotoCopies::Made));
    let listed = photos_of(&dispatcher, job).await.remove(0);
    let evidence = listed.evidence.unwrap();
    assert_eq!(evidence.place, Some(Place { latitude_e6: 31_170_000, longitude_e6: 121_440_000, accuracy_m: 0 }));
    assert_eq!((evidence.camera.as_deref(), listed.media_type.as_deref()), (Some("Testphone"), Some("image/jpeg")));
    assert_eq!(bytes_of(dispatcher.photo(job, sha256)).await, photo, "as it was taken, bit for bit");

    let agent = server.person(Role::DeskAgent).await;
    let (_, token) = link(&agent, job, &["view"]).await;
    let view: PublicView = expect_json(server.get(&format!("/v1/public/{token}")), 200).await;
    assert!(view.job.sheet.steps.iter().any(|step| step.photos.contains(&sha256)));
    for (query, side) in [("", 400), ("?size=shown", 400), ("?size=small", 320), ("?size=original", 400)] {
        let answer = expect_ok(server.get(&format!("/v1/public/{token}/photos/{sha256}{query}"))).await;
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!((header("content-type"), header("x-content-type-options")), ("image/jpeg".into(), "nosniff".into()));
        assert!(header("content-security-policy").contains("sandbox"));
        let shown = answer.bytes().await.unwrap();
        for word in [b"Exif".as_slice(), b"GPS", b"Testphone", b"http://ns.adobe.com", b"Photoshop"] {
            assert!(!contains(&shown, word), "{query}");
        }
        assert_eq!(picture::judge(&shown, Hash::of(&shown)).unwrap().evidence, Default::default());
        let read = image::load_from_memory(&shown).unwrap();
        assert_eq!((read.width(), read.height()), (side / 2, side), "upright, though nothing says so any more");
    }
}

#[tokio::test]
async fn a_customer_sees_the_photos_that_her_view_names_and_no_others() {
    let server = quiet_server().await;
    let (own, others) = (jpeg(20, 20, 1), jpeg(20, 20, 2));
    let Errand { technician, job, .. } = named(&server, &[&own]).await;
    technician.send_photo(job, &own).await;
    let second = named(&server, &[&others]).await;
    second.technician.send_photo(second.job, &others).await;
    queue::work_off(&server.state, &kinds()).await.unwrap();
    let agent = server.person(Role::DeskAgent).await;
    let (made, token) = link(&agent, job, &["view"]).await;
    let photo = |bytes: &[u8]| server.get(&format!("/v1/public/{token}/photos/{}", Hash::of(bytes)));
    expect_ok(photo(&own)).await;
    expect_problem(photo(&others), Kind::NotFound).await;
    expect_problem(photo(b"nothing"), Kind::NotFound).await;
    let page = server.get(&format!("/c/{token}")).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("img-src 'self'"));
    let text = page.text().await.unwrap();
    assert!(text.contains(&format!("/v1/public/{token}/photos/{}?size=small", Hash::of(&own))), "{text}");
    expect_ok(agent.delete(&format!("/v1/jobs/{job}/links/{}", made.link.id))).await;
    expect_problem(photo(&own), Kind::LinkInvalid).await;
}

#[tokio::test]
async fn a_part_of_a_photo_is_to_be_had_and_what_is_no_picture_is_never_opened() {
    let server = quiet_server().await;
    let (photo, script) = (jpeg(60, 60, 3), b"<html><script>alert(1)</script>".to_vec());
    let Errand { technician, job, .. } = named(&server, &[&photo, &script]).await;
    for bytes in [&photo, &script] {
        technician.send_photo(job, bytes).await;
    }
    let part = |range: &str| technician.photo(job, Hash::of(&photo)).header("range", range.to_owned()).send();
    let some = part("bytes=10-19").await.unwrap();
    assert_eq!(some.status(), 206);
    assert_eq!(some.headers()["content-range"], format!("bytes 10-19/{}", photo.len()).as_str());
    assert_eq!(some.bytes().await.unwrap(), photo[10..20]);
    assert_eq!(part("bytes=-5").await.unwrap().bytes().await.unwrap(), photo[photo.len() - 5..]);
    assert_eq!(part("bytes=9999999-").await.unwrap().status(), 416);
    assert_eq!(part("lines=1-2").await.unwrap().bytes().await.unwrap(), photo);
    let whole = expect_ok(technician.photo(job, Hash::of(&photo))).await;
    let tag = whole.headers()["etag"].clone();
    let known = technician.photo(job, Hash::of(&photo)).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(known.status(), 304);

    let foreign = expect_ok(technician.photo(job, Hash::of(&script))).await;
    assert_eq!(foreign.headers()["content-type"], "application/octet-stream");
    assert!(foreign.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    queue::work_off(&server.state, &kinds()).await.unwrap();
    let refused = photos_of(&technician, job).await.into_iter().find(|one| one.sha256 == Hash::of(&script)).unwrap();
    assert_eq!(refused.copies, Some(PhotoCopies::Refused), "evidence all the same, without copies");
}

/// A PNG that promises these sides and holds a few packed zeros.
pub(super) fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], content: &[u8]| {
        let checked = [kind, content].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&checked);
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], &checked, &crc.sum().to_be_bytes()].concat()
    };
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 1 << 20]).unwrap();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &head), chunk(b"IDAT", &packed.finish().unwrap()), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".as_slice(), &parts.concat()].concat()
}

/// A progressive JPEG that goes over its pixels a thousand times.
fn jpeg_of_scans() -> Vec<u8> {
    let mut bytes = jpeg(16, 16, 4);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    // Its head now says progressive, and 4000 × 4000.
    bytes[frame + 1] = 0xc2;
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x0f, 0xa0, 0x0f, 0xa0]);
    let scan = bytes.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let again = bytes[scan..bytes.len() - 2].repeat(1_000);
    [&bytes[..scan], &again, &[0xff, 0xd9]].concat()
}

#[tokio::test]
async fn pictures_that_are_made_to_harm_harm_nobody() {
    let server = quiet_server().await;
    let bomb = png_bomb(50_000, 50_000);
    let (large, scans) = (png_bomb(14_000, 14_000), jpeg_of_scans());
    assert!(bomb.len() < 4_000 && large.len() < 4_000);
    let Errand { technician, job, .. } = named(&server, &[&bomb, &large, &scans]).await;
    let upload = technician.upload(job, &bomb).await;
    expect_problem(technician.go_on(&upload, &bomb), Kind::PhotoRefused).await;
    expect_problem(technician.photo(job, Hash::of(&bomb)), Kind::NotFound).await;
    assert_eq!(server.state.photos.store.bytes_of(&object(Hash::of(&bomb), PhotoSize::Original)).await, Ok(None));
    // Within what a camera could have taken: kept, and never unpacked.
    for bytes in [&large, &scans] {
        technician.send_photo(job, bytes).await;
    }
    queue::work_off(&server.state, &kinds()).await.unwrap();
    let copies = |bytes: &[u8]| {
        let listed = photos_of(&technician, job);
        let sha256 = Hash::of(bytes);
        async move { listed.await.into_iter().find(|one| one.sha256 == sha256).unwrap().copies }
    };
    assert_eq!(copies(&large).await, Some(PhotoCopies::Refused));
    assert_eq!(copies(&scans).await, Some(PhotoCopies::Refused));
    expect_ok(server.get("/health")).await;
}

#[test]
fn what_unpacking_costs_is_reckoned_beforehand() {
    let why = |bytes: &[u8]| picture::copies(bytes).err().unwrap().to_string();
    assert!(why(&png_bomb(14_000, 14_000)).contains("cost too much"));
    assert!(why(&jpeg_of_scans()).contains("cost too much"));
    // A file that ends in the middle, and one that promises more than it holds.
    let whole = jpeg(300, 300, 1);
    assert!(picture::copies(&png_bomb(3_000, 3_000)).is_err());
    assert!(picture::copies(&whole[..40]).is_err() && picture::copies(b"").is_err());
    assert!(picture::copies(&whole).is_ok());
}
