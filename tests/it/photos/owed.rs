//! Which photos are owed, by whom, since when: to the dispatcher, to the phone, and after a loss.

use super::{bytes_of, named, photos_of};
use clap::Parser as _;
use schema::binary::Hash;
use schema::page::Page;
use schema::people::Role;
use schema::photo::{OwedPhoto, PhotoRefusal};
use schema::problem::Kind;
use schema::record::MarkKind;
use schema::time::SECOND;
use schema::wire::Cursor;
use server::cli::Cli;
use server::state::random;
use std::process::ExitCode;
use tests::{Errand, Person, TestServer, expect_json, expect_problem, jpeg};

async fn owed(person: &Person, query: &str) -> Page<OwedPhoto> {
    expect_json(person.get(&format!("/v1/photos/owed{query}")), 200).await
}

#[tokio::test]
async fn the_dispatcher_sees_what_is_owed_of_which_step_of_which_job_on_whose_phone_since_when() {
    let server = TestServer::start().await;
    let (first, second) = (jpeg(8, 8, 1), jpeg(8, 8, 2));
    let Errand { dispatcher, technician, job, mut phone } = named(&server, &[&first]).await;
    let since = server.clock.now();
    server.clock.advance(600 * SECOND);
    phone.name_photo(job, "repair", &second);
    assert!(owed(&dispatcher, "").await.items.len() == 1, "what the server has not heard of is owed to nobody");
    phone.sync().await;

    let page = owed(&dispatcher, "?limit=1").await;
    let [one] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((one.job, one.sha256, one.step.as_str()), (job, Hash::of(&first), "diagnose"));
    assert_eq!((one.person, &one.person_name), (technician.id, &technician.name));
    assert_eq!((one.device.is_some(), one.device_name.as_deref()), (true, Some("测试手机")));
    assert_eq!((one.since, one.step_name.zh.as_str()), (since, "故障诊断"));
    let rest = owed(&dispatcher, &format!("?limit=1&after={}", page.next.unwrap())).await;
    assert_eq!(rest.items.iter().map(|one| one.sha256).collect::<Vec<_>>(), [Hash::of(&second)]);
    assert_eq!(rest.next, None);
    let of_device = owed(&dispatcher, &format!("?device={}", one.device.unwrap())).await;
    let of_person = owed(&dispatcher, &format!("?technician={}", technician.id)).await;
    let of_job = owed(&dispatcher, &format!("?job={job}")).await;
    assert_eq!((of_device.items.len(), of_person.items.len(), of_job.items.len()), (2, 2, 2));
    assert!(owed(&dispatcher, &format!("?technician={}", dispatcher.id)).await.items.is_empty());
    let elsewhere = server.person_at("02", Role::Dispatcher).await;
    assert!(owed(&elsewhere, "").await.items.is_empty());
    expect_problem(technician.get("/v1/photos/owed"), Kind::Forbidden).await;
    expect_problem(dispatcher.get("/v1/photos/owed?after=x"), Kind::BadRequest).await;

    technician.send_photo(job, &first).await;
    assert_eq!(owed(&dispatcher, "").await.items.len(), 1);
    assert!(server.differences().await.is_empty(), "the list is a function of log and receipts");
}

#[tokio::test]
async fn a_sync_tells_the_phone_which_photos_it_owes() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    let phone = server.bare_phone(&technician).await;
    let told = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    assert_eq!(told.photos_owed, [Hash::of(&photo)]);
    technician.send_photo(job, &photo).await;
    let told = phone.sync(&phone.request(Cursor::default(), Vec::new())).await;
    assert!(told.photos_owed.is_empty());
    let other = server.person(Role::Technician).await;
    let other = server.bare_phone(&other).await;
    assert!(other.sync(&other.request(Cursor::default(), Vec::new())).await.photos_owed.is_empty());
}

#[tokio::test]
async fn a_photo_that_the_store_lost_is_owed_again_and_the_phone_that_has_it_sends_it() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let (kept, lost) = (jpeg(8, 8, 1), jpeg(8, 8, 2));
    for photo in [&kept, &lost] {
        phone.take_photo(job, "diagnose", photo);
    }
    assert_eq!(phone.sync().await.photos_sent, 2);
    let name = server::photos::object(Hash::of(&lost), schema::photo::PhotoSize::Original);
    server.state.photos.store.delete(&name).await.unwrap();
    let checked = server::photos::check::check(&server.state).await.unwrap();
    assert_eq!((checked.held, checked.lost), (1, 1));
    let again = owed(&dispatcher, "").await;
    assert_eq!(again.items.iter().map(|one| one.sha256).collect::<Vec<_>>(), [Hash::of(&lost)]);
    assert!(server.differences().await.is_empty());
    // From another phone that has the bytes, or a file.
    technician.send_photo(job, &lost).await;
    assert_eq!(bytes_of(technician.photo(job, Hash::of(&lost))).await, lost);
    assert!(owed(&dispatcher, "").await.items.is_empty());
}

#[tokio::test]
async fn a_database_older_than_the_store_finds_the_photos_that_were_handed_in() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let photo = jpeg(8, 8, 1);
    let sha256 = phone.take_photo(job, "diagnose", &photo);
    phone.sync().await;
    // As after the restore of a backup from before the upload, once the phones have sent their records again.
    server.state.db.write(move |conn| Ok(server::db::photos::forget_photo(conn, sha256)?)).await.unwrap();
    assert_eq!(owed(&dispatcher, "").await.items.len(), 1);
    let Errand { technician: thief, job: own, .. } = named(&server, &[&photo]).await;
    let checked = server::photos::check::check(&server.state).await.unwrap();
    assert_eq!((checked.held, checked.lost, checked.found), (0, 0, 1));
    assert_eq!(bytes_of(technician.photo(job, sha256)).await, photo);
    assert!(photos_of(&technician, job).await[0].received_at.is_some());
    expect_problem(thief.photo(own, sha256), Kind::NotFound).await;
    assert_eq!(owed(&dispatcher, "").await.items.len(), 1, "the other job's is owed as before");
}

#[tokio::test]
async fn a_job_without_photos_owes_none() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    phone.sync().await;
    assert!(photos_of(&dispatcher, job).await.is_empty());
    assert!(owed(&dispatcher, "").await.items.is_empty());
    let nobodys = schema::id::JobId::new(server.clock.now(), random());
    expect_problem(dispatcher.get(&format!("/v1/jobs/{nobodys}/photos")), Kind::NotFound).await;
}

#[actix_web::test]
async fn a_third_party_compares_the_photos_of_a_bundle_with_its_hashes() {
    let server = TestServer::start().await;
    let Errand { technician, job, .. } = named(&server, &[&jpeg(8, 8, 1), &jpeg(8, 8, 2)]).await;
    technician.send_photo(job, &jpeg(8, 8, 1)).await;
    let home = server.database.folder().to_owned();
    let text = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
    let (bundle, folder, data) = (text(home.join("a.evidence")), text(home.join("shown")), text(home.clone()));
    let database = server.database.url_text();
    let run = async |words: &[&str]| {
        let given = ["server", "--data", &data, "--database-url", &database];
        server::cli::main(Cli::try_parse_from(given.iter().chain(words)).unwrap()).await
    };
    run(&["export", &job.to_string(), "--out", &bundle, "--photos", &folder]).await.unwrap();
    let file = home.join("shown").join(Hash::of(&jpeg(8, 8, 1)).to_string());
    assert_eq!(std::fs::read(&file).unwrap(), jpeg(8, 8, 1));
    let verify = ["verify", &bundle, "--photos", &folder];
    assert_eq!(run(&verify).await.unwrap(), ExitCode::SUCCESS, "what is owed is told, and no fault of the bundle's");
    std::fs::write(&file, jpeg(8, 8, 3)).unwrap();
    assert_eq!(run(&verify).await.unwrap(), ExitCode::from(1));
}

#[tokio::test]
async fn a_photo_that_is_too_large_is_told_once_and_blocks_nobody() {
    let flags = vec!["--photo-bytes-max", "300"];
    let server = TestServer::with(tests::Setup { flags, ..tests::Setup::default() }).await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    let photo = jpeg(64, 64, 1);
    assert!(photo.len() > 300);
    let sha256 = phone.take_photo(job, "diagnose", &photo);
    let report = phone.sync().await;
    assert_eq!((report.photos_refused, report.photos_owed, report.photo_error.clone()), (1, 0, None), "{report:?}");
    let refused: Vec<_> = phone.handset.replica().photos_refused().map(|photo| (photo.sha256, photo.why)).collect();
    assert_eq!(refused, [(sha256, PhotoRefusal::TooLarge)]);
    assert!(super::holds(&mut phone, sha256), "its bytes are only here");
    let again = phone.sync().await;
    assert_eq!((again.photos_refused, again.photo_bytes_up, again.round_trips), (0, 0, 1));
    assert!(owed(&dispatcher, "").await.items.is_empty());
    let listed = photos_of(&dispatcher, job).await;
    assert_eq!((listed[0].owed_since, listed[0].refused), (None, Some(PhotoRefusal::TooLarge)));
    assert!(server.differences().await.is_empty(), "a rebuild knows of it too");
    phone.handset.compact().unwrap();
    assert_eq!(phone.handset.replica().photos_refused().count(), 1);
    phone.handset.log_out(sync::handset::Saved::default()).unwrap();
    assert!(!super::holds(&mut phone, sha256));
}

#[tokio::test]
async fn who_says_that_a_photo_is_too_large_says_nothing_of_the_one_that_is_named() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    let other = phone.name_photo(job, "repair", &jpeg(8, 8, 2));
    phone.sync().await;
    expect_problem(technician.begin_upload(job, other, 1 << 30), Kind::TooLarge).await;
    assert_eq!(owed(&dispatcher, "").await.items.len(), 1);
}

#[tokio::test]
async fn what_was_refused_whole_is_refused_at_once_and_larger_limits_let_it_in() {
    let flags = vec!["--photo-bytes-max", "4000"];
    let server = TestServer::with(tests::Setup { flags, ..tests::Setup::default() }).await;
    let (bomb, photo) = (super::pictures::png_bomb(50_000, 50_000), jpeg(600, 600, 1));
    assert!(bomb.len() <= 4_000 && photo.len() > 4_000);
    let Errand { dispatcher, technician, job, .. } = named(&server, &[&bomb, &photo]).await;
    let upload = technician.upload(job, &bomb).await;
    expect_problem(technician.go_on(&upload, &bomb), Kind::PhotoRefused).await;
    expect_problem(technician.begin_upload(job, Hash::of(&bomb), bomb.len()), Kind::PhotoRefused).await;
    expect_problem(technician.begin_upload(job, Hash::of(&photo), photo.len()), Kind::TooLarge).await;
    assert!(owed(&dispatcher, "").await.items.is_empty());
    let mut setup = server.stop().await;
    setup.flags = Vec::new();
    let server = TestServer::with(setup).await;
    let technician = Person { client: server.client.clone(), url: server.url.clone(), ..technician };
    technician.send_photo(job, &photo).await;
    let listed = photos_of(&technician, job).await;
    let of_photo = listed.iter().find(|one| one.sha256 == Hash::of(&photo)).unwrap();
    assert!(of_photo.received_at.is_some() && of_photo.refused.is_none());
}
