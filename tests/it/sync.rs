//! The sync, with real phones against a real server.

mod checklists;
mod flood;
mod hostile;
mod packed;
mod refused;
mod session;
mod slow;
mod story;
mod stream;
mod times;
mod together;

use schema::edit::Edit;
use schema::id::EntryId;
use schema::people::Role;
use schema::record::{Decision, DecisionKind, MarkKind};
use schema::wire::{GoneReason, RefusalCode};
use server::state::random;
use tests::{Errand, TestServer};

#[actix_web::test]
async fn a_day_offline_reaches_the_server_in_one_round_trip() {
    let server = TestServer::start().await;
    let Errand { job, mut phone, .. } = server.errand().await;
    assert_eq!(phone.heads(job), server.heads(job).await);

    phone.mark(job, "accept", MarkKind::Done);
    phone.mark(job, "contact", MarkKind::Done);
    phone.note(job, "listen", "客户说昨晚开始不点火");
    let report = phone.sync().await;
    assert_eq!((report.round_trips, report.unsent), (1, 0), "{report:?}");
    assert!(report.refused.is_empty());
    assert_eq!(phone.heads(job), server.heads(job).await);

    let idle = phone.sync().await;
    assert_eq!((idle.round_trips, idle.unsent), (1, 0));
}

#[actix_web::test]
async fn what_the_office_writes_meanwhile_comes_back_in_the_same_round_trip() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;

    phone.note(job, "listen", "客户：昨晚开始");
    let note = Edit::Note { step: "listen".to_owned(), text: "客服：今早开始".to_owned() };
    server.write(job, dispatcher.id, vec![note]).await;
    let report = phone.sync().await;

    assert_eq!(report.round_trips, 1);
    assert_eq!(phone.heads(job), server.heads(job).await);
    let conflicts = phone.handset.replica().held(job).unwrap().record.conflicts();
    assert_eq!(conflicts.len(), 1, "both notes stay: {conflicts:?}");
    assert_eq!(conflicts[0].values.len(), 2);
}

#[actix_web::test]
async fn a_job_moved_while_its_technician_was_offline_keeps_both_names() {
    let server = TestServer::start().await;
    let dispatcher = server.person(Role::Dispatcher).await;
    let (first, second) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &first).await;
    let (mut old, mut new) = (server.phone(&first).await, server.phone(&second).await);
    old.sync().await;

    old.mark(job, "accept", MarkKind::Done);
    server.assign(job, &dispatcher, &second).await;
    new.sync().await;
    new.mark(job, "contact", MarkKind::Done);
    new.sync().await;
    let report = old.sync().await;

    assert!(report.refused.is_empty(), "what was written before the move was known is taken: {report:?}");
    assert!(!old.holds(job), "the job left the first phone");
    new.sync().await;
    assert_eq!(new.heads(job), server.heads(job).await);
    assert_eq!(new.job(job).marks["accept"].by, first.id);
    assert_eq!(new.job(job).marks["contact"].by, second.id);
}

#[actix_web::test]
async fn what_was_written_before_a_cancellation_was_known_is_taken_and_the_job_leaves_the_phone() {
    let server = TestServer::start().await;
    let Errand { dispatcher, job, mut phone, .. } = server.errand().await;
    let kind = DecisionKind::Cancelled;
    let decision =
        Decision { kind, by: dispatcher.id, at: server.clock.now(), reason: Some("客户取消".to_owned()) };
    server.write(job, dispatcher.id, vec![Edit::Decide { id: EntryId::new(random()), decision }]).await;
    phone.mark(job, "accept", MarkKind::Done);
    let report = phone.sync().await;
    assert!(report.refused.is_empty(), "made before the cancellation was known: {report:?}");
    assert!(!phone.holds(job));
    assert_eq!(phone.handset.replica().held(job).unwrap().gone, Some(GoneReason::Cancelled));
}

#[actix_web::test]
async fn a_write_that_a_technician_may_not_make_is_refused_and_the_rest_of_the_change_is_saved() {
    let server = TestServer::start().await;
    let Errand { technician, job, mut phone, .. } = server.errand().await;

    let at = phone.at();
    let decision = Decision { kind: DecisionKind::Closed, by: technician.id, at, reason: None };
    let note = Edit::Note { step: "listen".to_owned(), text: "这条应当保留".to_owned() };
    phone.edit(job, vec![note, Edit::Decide { id: EntryId::new(random()), decision }]);
    let report = phone.sync().await;

    assert_eq!(report.refused.len(), 1, "{report:?}");
    assert_eq!(report.refused[0].code, RefusalCode::Forbidden);
    assert!(report.refused[0].salvaged_as.is_some());
    assert_eq!(report.unsent, 0);
    let stands = phone.job(job);
    assert_eq!(stands.notes["listen"], "这条应当保留");
    assert!(stands.decisions.is_empty());
    assert_eq!(phone.heads(job), server.heads(job).await);

    phone.mark(job, "accept", MarkKind::Done);
    let report = phone.sync().await;
    assert!(report.refused.is_empty() && report.unsent == 0, "the phone goes on under a new actor: {report:?}");
    assert_eq!(phone.heads(job), server.heads(job).await);
}
