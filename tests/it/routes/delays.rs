//! The technician will be late: who hears of it, what counts as told, and what the customer answers.

use super::customer_page::{page, post};
use super::links::link;
use super::patient_server;
use schema::call::{FollowUp, FollowUpState};
use schema::delay::DelayWord;
use schema::edit::Edit;
use schema::followup::CallReason;
use schema::id::{EntryId, JobId};
use schema::job::{JobDetail, JobState};
use schema::link::PublicView;
use schema::page::Page;
use schema::people::Role;
use schema::problem::Kind;
use schema::record::{Delay, How, Reply, ReplyKind};
use schema::time::MINUTE;
use serde_json::json;
use tests::{Person, TestPhone, TestServer, expect_json, expect_problem};

struct Late {
    server: TestServer,
    dispatcher: Person,
    phone: TestPhone,
    job: JobId,
    delay: EntryId,
}

/// A technician who said on the way, without network, that they come 45 minutes later, and was heard.
async fn late() -> Late {
    let server = patient_server().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    let (delay, at) = (phone.entry(), phone.at());
    let entry = Delay { arrives_at: at.plus(45 * MINUTE), reason: Some("堵车".to_owned()), by: phone.person, at };
    phone.edit(job, vec![Edit::Delay { id: delay.clone(), delay: entry }]);
    server.clock.advance(MINUTE);
    phone.sync().await;
    Late { server, dispatcher, phone, job, delay }
}

impl Late {
    async fn word(&self) -> Option<DelayWord> {
        let detail: JobDetail = expect_json(self.dispatcher.get(&format!("/v1/jobs/{}", self.job)), 200).await;
        detail.job.delay.map(|delay| delay.word)
    }

    async fn calls(&self) -> Vec<FollowUp> {
        let agent = self.server.person(Role::DeskAgent).await;
        let open: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
        open.items
    }

    fn reply(&mut self, kind: ReplyKind) -> Edit {
        let (id, by, at) = (self.phone.entry(), Some(self.phone.person), self.phone.at());
        let reply = Reply { delay: self.delay.clone(), kind, how: How::Phone, note: None, by, link: None, at };
        Edit::Reply { id, reply }
    }
}

#[tokio::test]
async fn a_delay_is_to_be_told_by_phone_until_somebody_says_that_it_was() {
    let mut late = late().await;
    assert_eq!(late.word().await, Some(DelayWord::Untold));
    let calls = late.calls().await;
    assert_eq!((calls[0].job, calls[0].reason, calls[0].rank), (late.job, CallReason::Delay, 1));
    let told = late.reply(ReplyKind::Told);
    late.phone.edit(late.job, vec![told]);
    late.phone.sync().await;
    assert_eq!((late.word().await, late.calls().await), (Some(DelayWord::Told), Vec::new()));
    assert!(late.server.differences().await.is_empty(), "a rebuilt projection comes out the same");
}

#[tokio::test]
async fn a_technician_cannot_say_that_the_customer_saw_it() {
    let mut late = late().await;
    let seen = late.reply(ReplyKind::Seen);
    late.phone.edit(late.job, vec![seen]);
    let report = late.phone.sync().await;
    assert_eq!(report.refused.len(), 1);
    assert_eq!(late.word().await, Some(DelayWord::Untold));
}

#[tokio::test]
async fn the_customers_page_apologises_and_shows_the_new_time_and_counts_as_seen_once_its_script_says_so() {
    let mut late = late().await;
    let agent = late.server.person(Role::DeskAgent).await;
    let (_, token) = link(&agent, late.job, &["view"]).await;
    assert_eq!(late.word().await, Some(DelayWord::Untold), "a link that nobody opened tells nobody");
    let shown = page(&late.server, &format!("/c/{token}")).await;
    assert!(shown.contains("很抱歉") && shown.contains("堵车") && shown.contains("测师傅"), "{shown}");
    let english = page(&late.server, &format!("/c/{token}?lang=en")).await;
    assert!(english.contains("We are sorry") && english.contains("Technician 测"));
    assert_eq!(late.word().await, Some(DelayWord::Untold), "whatever shows a preview of the link has opened it too");
    let seen = format!("/v1/public/{token}/seen");
    assert!(shown.contains(&format!("data-seen=\"{seen}\"")) && shown.contains(late.delay.as_str()), "{shown}");
    let another = json!({"delay": "zzzzzzzzzzzzzzzz"});
    expect_json::<PublicView>(late.server.post(&seen, &another), 200).await;
    assert_eq!(late.word().await, Some(DelayWord::Untold));
    for _ in 0..2 {
        expect_json::<PublicView>(late.server.post(&seen, &json!({"delay": late.delay})), 200).await;
    }
    assert_eq!((late.word().await, late.calls().await), (Some(DelayWord::Seen), Vec::new()));
    assert!(!page(&late.server, &format!("/c/{token}")).await.contains("data-seen"));
    late.phone.sync().await;
    let record = late.phone.job(late.job);
    assert_eq!(record.replies.len(), 1, "seeing it again is no news, and the technician's phone knows of the first");
}

#[tokio::test]
async fn a_customer_agrees_or_asks_for_somebody_else_and_dispatch_hears_of_it() {
    let late = late().await;
    let agent = late.server.person(Role::DeskAgent).await;
    let (_, token) = link(&agent, late.job, &["view"]).await;
    let path = format!("/v1/public/{token}/reply");
    let other = json!({"delay": "zzzzzzzzzzzzzzzz", "agrees": true});
    expect_problem(late.server.post(&path, &other), Kind::Conflict).await;
    let form = [("delay", late.delay.as_str()), ("agrees", "yes"), ("note", "")];
    assert_eq!(post(&late.server, &format!("/c/{token}/reply"), &form).await.status(), 303);
    assert_eq!(late.word().await, Some(DelayWord::Agreed));
    late.server.clock.advance(MINUTE);
    let no = json!({"delay": late.delay, "agrees": false, "note": "下午要出门"});
    let view: PublicView = expect_json(late.server.post(&path, &no), 200).await;
    assert_eq!(view.job.delay.unwrap().word, DelayWord::SomeoneElse);
    expect_json::<PublicView>(late.server.post(&path, &no), 200).await;
    let detail: JobDetail = expect_json(late.dispatcher.get(&format!("/v1/jobs/{}", late.job)), 200).await;
    assert_eq!(detail.record.replies.len(), 2, "saying it again changes nothing");
    assert!(detail.record.replies.values().all(|reply| reply.how == How::Link && reply.by.is_none()));
    let calls = late.calls().await;
    assert_eq!((calls[0].reason, calls[0].rank), (CallReason::SomeoneElse, 0));
    let another = late.server.person(Role::Technician).await;
    late.server.clock.advance(MINUTE);
    let body = json!({"technician": another.id, "instead_of": late.phone.person, "reason": "客户要求换人"});
    expect_json::<serde_json::Value>(late.dispatcher.post(&format!("/v1/jobs/{}/assign", late.job), &body), 200).await;
    assert_eq!((late.word().await, late.calls().await), (None, Vec::new()), "somebody else is sent");
    expect_problem(late.server.post(&path, &no), Kind::Conflict).await;
}

#[tokio::test]
async fn the_desk_tells_the_customer_by_phone_and_writes_down_the_answer() {
    let late = late().await;
    let agent = late.server.person(Role::DeskAgent).await;
    let call = late.calls().await.remove(0);
    let path = format!("/v1/follow-ups/{}/calls", call.id);
    let complains = json!({"reached": true, "satisfied": false, "remarks": "x", "complaint": true});
    expect_problem(agent.post(&path, &complains), Kind::InvalidField).await;
    let nobody = json!({"reached": false});
    expect_json::<FollowUp>(agent.post(&path, &nobody), 201).await;
    late.server.clock.advance(MINUTE);
    let agrees = json!({"reached": true, "satisfied": true});
    let done: FollowUp = expect_json(agent.post(&path, &agrees), 201).await;
    assert_eq!((done.state, done.calls.len()), (FollowUpState::Satisfied, 2), "it is tried again at once");
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{}", late.job)), 200).await;
    assert_eq!(detail.job.delay.map(|delay| delay.word), Some(DelayWord::Agreed));
    let reply = detail.record.replies.values().next().unwrap();
    assert_eq!((reply.how, reply.by), (How::DeskCall, Some(agent.id)));
}

#[tokio::test]
async fn the_office_writes_down_that_a_technician_phones_in_to_be_late() {
    let server = patient_server().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let agent = server.person(Role::DeskAgent).await;
    let job = server.job(&dispatcher).await;
    let path = format!("/v1/jobs/{job}/delays");
    let body = |minutes: i64| {
        let arrives_at = server.clock.now().plus(minutes * MINUTE);
        json!({"arrives_at": arrives_at, "reason": "上一单未完"})
    };
    expect_problem(agent.post(&path, &body(45)), Kind::Conflict).await;
    server.assign(job, &dispatcher, &technician).await;
    let mut phone = server.phone(&technician).await;
    phone.sync().await;
    server.clock.advance(MINUTE);
    expect_problem(technician.post(&path, &body(45)), Kind::Forbidden).await;
    for minutes in [-1, 0, 25 * 60] {
        expect_problem(agent.post(&path, &body(minutes)), Kind::InvalidField).await;
    }
    let told: JobState = expect_json(agent.post(&path, &body(45)), 201).await;
    assert_eq!(told.job.delay.map(|delay| delay.word), Some(DelayWord::Untold));
    phone.sync().await;
    let delays: Vec<Delay> = phone.job(job).delays.into_values().collect();
    assert_eq!((delays[0].by, delays[0].reason.as_deref()), (agent.id, Some("上一单未完")), "their phone knows of it");
    let open: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
    assert_eq!(open.items[0].reason, CallReason::Delay);
    let (_, token) = link(&agent, job, &["view"]).await;
    let shown = page(&server, &format!("/c/{token}")).await;
    assert!(
        shown.contains("很抱歉") && shown.contains("测师傅"),
        "the technician's word, whoever wrote it down: {shown}"
    );
    let detail: JobDetail = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
    assert!(detail.people.iter().any(|person| person.id == agent.id), "the job's page can say who wrote it down");
    assert!(server.differences().await.is_empty(), "a rebuilt projection comes out the same");
}
