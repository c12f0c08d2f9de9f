//! Who may hand in a photo and who may have it. Knowing a hash is knowing nothing.

use super::{bytes_of, named, photos_of, refusal};
use reqwest::Method;
use schema::binary::Hash;
use schema::people::Role;
use schema::problem::Kind;
use tests::{Errand, TestServer, expect_ok, expect_problem, jpeg};

#[tokio::test]
async fn another_outlets_photo_is_as_unknown_as_one_that_nobody_has() {
    let server = TestServer::start().await;
    let (photo, nobodys) = (jpeg(8, 8, 1), jpeg(8, 8, 2));
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    technician.send_photo(job, &photo).await;
    let (held, unknown) = (Hash::of(&photo), Hash::of(&nobodys));
    for role in [Role::Technician, Role::Dispatcher] {
        let stranger = server.person_at("02", role).await;
        let asked = [
            stranger.photo(job, held),
            stranger.photo(job, unknown),
            stranger.get(&format!("/v1/jobs/{job}/photos/{held}/receipt")),
            stranger.get(&format!("/v1/jobs/{job}/photos/{unknown}/receipt")),
            stranger.get(&format!("/v1/jobs/{job}/photos")),
            stranger.begin_upload(job, held, photo.len()),
            stranger.begin_upload(job, unknown, nobodys.len()),
        ];
        let mut answers = Vec::new();
        for request in asked {
            answers.push(refusal(request, Kind::NotFound).await);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }
    // Nor in one's own outlet: another technician has nothing to do with this job.
    let colleague = server.person(Role::Technician).await;
    expect_problem(colleague.photo(job, held), Kind::NotFound).await;
    expect_problem(colleague.begin_upload(job, held, photo.len()), Kind::NotFound).await;
    assert_eq!(server.get(&format!("/v1/jobs/{job}/photos/{held}")).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn naming_a_hash_in_a_record_of_ones_own_opens_nothing() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let sha256 = Hash::of(&photo);
    let Errand { technician, job, .. } = named(&server, &[&photo]).await;
    technician.send_photo(job, &photo).await;
    // Another technician has learnt the hash, and writes it into a job in their hands.
    let Errand { technician: thief, job: own, mut phone, .. } = named(&server, &[&photo]).await;
    expect_problem(thief.photo(own, sha256), Kind::NotFound).await;
    let receipt = format!("/v1/jobs/{own}/photos/{sha256}/receipt");
    expect_problem(thief.get(&receipt), Kind::NotFound).await;
    let upload = thief.upload(own, &photo).await;
    assert_eq!(upload.offset, 0, "that it is here is nothing that this answer tells");
    assert!(photos_of(&thief, own).await[0].owed_since.is_some());
    assert_eq!(phone.sync().await.photos_owed, 1);
    // Who has the bytes has them.
    expect_ok(thief.go_on(&upload, &photo)).await;
    assert_eq!(bytes_of(thief.photo(own, sha256)).await, photo);
    expect_problem(thief.photo(job, sha256), Kind::NotFound).await;
}

#[tokio::test]
async fn what_is_here_need_not_be_sent_again_by_those_who_could_read_it() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let sha256 = Hash::of(&photo);
    let Errand { dispatcher, technician, job, mut phone } = named(&server, &[&photo]).await;
    technician.send_photo(job, &photo).await;
    assert_eq!(technician.upload(job, &photo).await.offset, photo.len(), "by the same");
    assert_eq!(dispatcher.upload(job, &photo).await.offset, photo.len(), "by one who may know of the job");
    // The same picture again in another job of the same technician's.
    let second = server.job(&dispatcher).await;
    server.assign(second, &dispatcher, &technician).await;
    phone.sync().await;
    phone.name_photo(second, "repair", &photo);
    phone.sync().await;
    expect_problem(technician.photo(second, sha256), Kind::NotFound).await;
    assert_eq!(technician.upload(second, &photo).await.offset, photo.len());
    assert_eq!(bytes_of(technician.photo(second, sha256)).await, photo);
    assert!(server.differences().await.is_empty());
}

#[tokio::test]
async fn a_photo_follows_its_author_when_the_job_has_left_their_hands() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let Errand { dispatcher, technician, job, .. } = named(&server, &[&photo]).await;
    let upload = technician.upload(job, &photo).await;
    expect_ok(technician.go_on(&upload, &photo[..50])).await;
    let successor = server.person(Role::Technician).await;
    server.assign(job, &dispatcher, &successor).await;
    let rest = tests::Upload { offset: 50, ..upload };
    expect_ok(technician.go_on(&rest, &photo[50..])).await;
    expect_ok(technician.get(&format!("/v1/jobs/{job}/photos/{}/receipt", Hash::of(&photo)))).await;
    expect_problem(technician.photo(job, Hash::of(&photo)), Kind::NotFound).await;
    assert_eq!(bytes_of(successor.photo(job, Hash::of(&photo))).await, photo);
}

#[tokio::test]
async fn an_upload_is_its_beginners_and_membership_is_asked_again_at_its_end() {
    let server = TestServer::start().await;
    let photo = jpeg(8, 8, 1);
    let Errand { dispatcher, technician, job, .. } = named(&server, &[&photo]).await;
    let upload = technician.upload(job, &photo).await;
    for (method, who) in [(Method::HEAD, &dispatcher), (Method::DELETE, &dispatcher)] {
        let answer = who.tus(method, &upload.path).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
    expect_problem(dispatcher.go_on(&upload, &photo), Kind::NotFound).await;
    // A colleague who has the job in hand may hand it in; once it has left their hands, no more.
    let colleague = server.person(Role::Technician).await;
    server.assign(job, &dispatcher, &colleague).await;
    let theirs = colleague.upload(job, &photo).await;
    expect_ok(colleague.go_on(&theirs, &photo[..50])).await;
    server.assign(job, &dispatcher, &technician).await;
    let rest = tests::Upload { offset: 50, ..theirs };
    expect_problem(colleague.go_on(&rest, &photo[50..]), Kind::NotFound).await;
    expect_problem(technician.photo(job, Hash::of(&photo)), Kind::NotFound).await;
}
