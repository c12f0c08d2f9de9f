//! Refusals that the phone did not hear of, because the answer was lost: it writes on, and sends all of it again.

use super::hostile::{post, request};
use schema::binary::Bytes;
use schema::edit::Edit;
use schema::id::{EntryId, JobId, PersonId};
use schema::record::{Decision, DecisionKind, MarkKind};
use schema::wire::{CBOR, RefusalCode, Refused, SyncResponse};
use serde_json::Value;
use server::db;
use server::db::quarantine::EntryFilter;
use server::state::random;
use tests::{Errand, TestPhone, TestServer, expect_json};

/// Sends what the phone would, and loses the answer; tells what it said.
async fn answer_lost(server: &TestServer, phone: &mut TestPhone) -> Vec<Refused> {
    let body = minicbor_serde::to_vec(request(phone)).unwrap();
    let answer = post(server, phone, CBOR, body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let answer: SyncResponse = minicbor_serde::from_slice(&answer.bytes().await.unwrap()).unwrap();
    answer.refused
}

/// A note, and something that no technician may write.
fn overstep(phone: &mut TestPhone, job: JobId, by: PersonId, step: &str, text: &str) {
    let decision = Decision { kind: DecisionKind::Closed, by, at: phone.at(), reason: None };
    let note = Edit::Note { step: step.to_owned(), text: text.to_owned() };
    phone.edit(job, vec![note, Edit::Decide { id: EntryId::new(random()), decision }]);
}

#[actix_web::test]
async fn what_was_refused_unheard_is_answered_the_same_and_what_was_written_since_is_judged() {
    let server = TestServer::start().await;
    let Errand { dispatcher, technician, job, mut phone } = server.errand().await;
    phone.mark(job, "accept", MarkKind::Done);
    overstep(&mut phone, job, technician.id, "listen", "这条应当保留");
    let first = answer_lost(&server, &mut phone).await;
    assert_eq!((first.len(), first[0].code), (1, RefusalCode::Forbidden));
    let stands = server.heads(job).await;
    assert!(first[0].salvaged_as.is_some());
    assert_eq!(answer_lost(&server, &mut phone).await, first, "the same again is answered the same");
    assert_eq!(server.heads(job).await, stands, "and nothing is saved twice");

    phone.mark(job, "contact", MarkKind::Done);
    overstep(&mut phone, job, technician.id, "diagnose", "点火针积碳");
    let second = answer_lost(&server, &mut phone).await;
    assert_eq!(second.len(), 2, "{second:?}");
    assert_eq!(second[0], first[0], "what was refused before");
    assert_eq!(second[1].code, RefusalCode::Forbidden);
    assert!(second[1].salvaged_as.is_some() && second[1].quarantine != first[0].quarantine);

    let report = phone.sync().await;
    assert_eq!((report.unsent, &report.refused), (0, &second), "each is told under the name that it was given");
    assert_eq!(phone.heads(job), server.heads(job).await);
    let record = phone.job(job);
    assert_eq!((record.notes["listen"].as_str(), record.notes["diagnose"].as_str()), ("这条应当保留", "点火针积碳"));
    assert!(record.marks.contains_key("accept") && record.marks.contains_key("contact"));
    assert!(record.decisions.is_empty(), "what was not theirs to write is nowhere");
    let kept: Value = expect_json(dispatcher.get("/v1/quarantine"), 200).await;
    assert_eq!(kept["items"].as_array().unwrap().len(), 2, "each lies there once: {kept}");

    phone.mark(job, "prepare", MarkKind::Done);
    let report = phone.sync().await;
    assert!(report.refused.is_empty() && report.unsent == 0, "the phone goes on: {report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
}

#[actix_web::test]
async fn what_a_revoked_phone_wrote_on_after_an_unheard_refusal_is_kept_too() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    let (device, now) = (phone.handset.replica().identity().unwrap().device, server.clock.now());
    server.state.db.write(move |conn| Ok(db::devices::revoke_device(conn, device, now, None)?)).await.unwrap();
    phone.note(job, "listen", "一");
    let first = answer_lost(&server, &mut phone).await;
    phone.note(job, "listen", "二");
    let written: Vec<Bytes> = phone.handset.replica().unsent_changes().remove(0).1;
    let report = phone.sync().await;
    assert_eq!((report.unsent, &report.refused), (0, &first), "{report:?}");

    let filter = EntryFilter { job: Some(job), ..EntryFilter::default() };
    let list = move |conn: &mut db::Conn| Ok(db::quarantine::list_entries(conn, filter, 10)?);
    let rows = server.state.db.read(list).await.unwrap();
    let length: usize = written.iter().map(|change| change.0.len() + 4).sum();
    assert_eq!((rows.len(), written.len(), rows[0].bytes.len()), (1, 2, length));
    assert!(written.iter().all(|change| rows[0].bytes.windows(change.0.len()).any(|bytes| bytes == change.0)));
}
