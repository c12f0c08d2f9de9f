mod copies;
mod office;
mod packed;
mod reference;
mod storm;

use super::*;
use crate::handset::{Handset, HandsetError};
use crate::record::samples;
use crate::store::memory::Faults;
use crate::store::{MemoryDisk, MemoryStore};
use office::{FORBIDDEN, Office};
use schema::id::{DeviceId, EntryId, PersonId};
use schema::record::Alarm;
use uuid::Uuid;

/// A phone with its disk, and numbers that never come twice.
struct Phone {
    handset: Handset<MemoryStore>,
    disk: MemoryDisk,
    device: DeviceId,
    drawn: u64,
}

fn job(number: u128) -> JobId {
    JobId(Uuid::from_u128(0x100 + number))
}

fn note(step: &str, text: &str) -> Edit {
    samples::note(step, text)
}

fn alarm() -> Edit {
    let alarm = Alarm { reason: "客户拦住不让走".to_owned(), place: None, by: samples::LI, at: samples::at(5) };
    Edit::Alarm { id: EntryId::new([9; 10]), alarm }
}

impl Phone {
    fn new(number: u8, office: &mut Office) -> Self {
        let disk = MemoryDisk::default();
        let handset = Handset::open(MemoryStore::open(disk.clone()).unwrap()).unwrap();
        let device = DeviceId(Uuid::from_u128(number.into()));
        let mut phone = Self { handset, disk, device, drawn: u64::from(number) << 32 };
        phone.remember(Entry::Key(Bytes(vec![number; 32])));
        phone.remember(Entry::Identity(Identity {
            server: "http://office".to_owned(),
            device,
            person: PersonId(Uuid::from_u128(number.into())),
            login: "li".to_owned(),
            name: "李强".to_owned(),
            outlet: None,
            setup: None,
        }));
        office.enrol(device, phone.handset.replica().public_key().unwrap());
        phone
    }

    fn draw(&mut self) -> ([u8; 16], Now) {
        self.drawn += 1;
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.drawn.to_be_bytes());
        let now = Now { at: samples::at(100), uptime_us: i64::try_from(self.drawn & 0xffff).unwrap(), boot: 1 };
        (random, now)
    }

    fn handle(&mut self, input: Input) -> Result<Vec<Output>, HandsetError> {
        let (random, now) = self.draw();
        self.handset.handle(now, random, input)
    }

    fn remember(&mut self, entry: Entry) {
        self.handle(Input::Remember(vec![entry])).unwrap();
    }

    fn edit(&mut self, number: u128, edit: Edit) -> Result<Vec<Output>, HandsetError> {
        self.handle(Input::Edit { job: job(number), edits: vec![edit] })
    }

    fn request(&mut self) -> SyncRequest {
        let outputs = self.handle(Input::BuildSync).unwrap();
        let [Output::Request(request)] = outputs.as_slice() else { panic!("expected a request: {outputs:?}") };
        (**request).clone()
    }

    fn answer(&mut self, request: RequestId, answer: SyncResponse) -> Vec<Output> {
        self.handle(Input::Answer { request, answer: Box::new(answer) }).unwrap()
    }

    /// One round trip; whether another is wanted.
    fn round_trip(&mut self, office: &mut Office) -> bool {
        let request = self.request();
        self.send(office, &request).contains(&Output::SyncAgain)
    }

    fn send(&mut self, office: &mut Office, request: &SyncRequest) -> Vec<Output> {
        if office.refuses(request) {
            return self.handle(Input::Problem { request: request.id, kind: Kind::BadRequest }).unwrap();
        }
        let answer = office.handle(self.device, request);
        self.answer(request.id, answer)
    }

    /// Syncs until nothing is left to say; how many round trips it took.
    fn sync(&mut self, office: &mut Office) -> usize {
        (1..50).find(|_| !self.round_trip(office)).expect("the phone comes to rest")
    }

    fn replica(&self) -> &Replica {
        self.handset.replica()
    }

    fn reopen(&mut self) {
        self.disk.lose_power(0);
        self.handset = Handset::open(MemoryStore::open(self.disk.clone()).unwrap()).unwrap();
    }

    fn note_of(&self, number: u128, step: &str) -> Option<String> {
        self.replica().record(job(number)).unwrap().notes.get(step).cloned()
    }
}

/// An office with one phone that holds `jobs` jobs.
fn office_and_phone(jobs: u128) -> (Office, Phone) {
    let mut office = Office::new(100);
    let mut phone = Phone::new(1, &mut office);
    for number in 1..=jobs {
        office.open_job(job(number));
        office.grant(job(number), phone.device);
    }
    assert_eq!(phone.sync(&mut office), 1);
    (office, phone)
}

#[test]
fn a_day_of_edits_goes_up_in_one_round_trip_and_the_digests_agree() {
    let (mut office, mut phone) = office_and_phone(3);
    for number in 1..=3 {
        for step in ["accept", "diagnose", "repair"] {
            phone.edit(number, note(step, "修好了")).unwrap();
        }
    }
    office.write(job(2), &[note("testing", "客户催了两次")]);
    assert_eq!(phone.replica().unsent(), 9);
    assert_eq!(phone.sync(&mut office), 1);
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
    assert_eq!(phone.note_of(2, "testing").as_deref(), Some("客户催了两次"));
    assert_eq!(phone.replica().receipts().len(), 1);
}

#[test]
fn an_answer_that_is_lost_leaves_the_change_unsent_and_sending_it_again_is_harmless() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("diagnose", "阀芯老化")).unwrap();
    let request = phone.request();
    office.handle(phone.device, &request);
    phone.reopen();
    assert_eq!(phone.replica().unsent(), 1);
    phone.sync(&mut office);
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn an_answer_that_comes_twice_or_too_late_changes_nothing() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("diagnose", FORBIDDEN)).unwrap();
    let early = phone.request();
    let late_answer = office.handle(phone.device, &early);
    phone.sync(&mut office);
    phone.edit(1, note("repair", "换阀芯")).unwrap();
    assert_eq!(phone.answer(early.id, late_answer), []);
    assert_eq!(phone.note_of(1, "repair").as_deref(), Some("换阀芯"));

    let request = phone.request();
    let answer = office.handle(phone.device, &request);
    phone.answer(request.id, answer.clone());
    let before = phone.replica().compacted();
    assert_eq!(phone.answer(request.id, answer), []);
    assert_eq!(phone.replica().compacted(), before);
}

#[test]
fn what_is_refused_is_told_and_the_phone_goes_on_under_a_new_actor() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("accept", "好")).unwrap();
    phone.edit(1, note("diagnose", FORBIDDEN)).unwrap();
    phone.edit(1, note("diagnose", "在其后")).unwrap();
    phone.sync(&mut office);
    assert_eq!(phone.replica().notices().len(), 1);
    let writes = &phone.replica().notices()[0].writes;
    assert_eq!(
        writes.iter().filter_map(|write| write.value.as_deref()).collect::<Vec<_>>(),
        ["\"forbidden\"", "\"在其后\""]
    );
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(phone.note_of(1, "accept").as_deref(), Some("好"));
    assert_eq!(phone.note_of(1, "diagnose"), None);

    phone.reopen();
    phone.edit(1, note("diagnose", "阀芯老化")).unwrap();
    assert_eq!(phone.sync(&mut office), 1);
    assert_eq!(office.read(job(1)).notes["diagnose"], "阀芯老化");
    assert_eq!(office.quarantine.len(), 2);
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
    let change = phone.replica().notices()[0].refused.change;
    phone.remember(Entry::NoticeRead { change });
    assert_eq!(phone.replica().summary().notices_unread, 0);
}

#[test]
fn a_change_that_is_refused_again_is_told_once() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("diagnose", FORBIDDEN)).unwrap();
    phone.sync(&mut office);
    let first = phone.replica().notices()[0].clone();
    // As by a server that was put back from a backup.
    let quarantine = schema::id::QuarantineId(Uuid::from_u128(99));
    let notice = Refused { quarantine, ..first.refused.clone() };
    phone.remember(Entry::Refused { notice, seqs: None, at: first.at, writes: Vec::new() });
    let [told] = phone.replica().notices() else { panic!("{:?}", phone.replica().notices()) };
    assert_eq!((told.refused.quarantine, &told.writes), (quarantine, &first.writes));
}

#[test]
fn what_is_written_while_a_refusal_is_on_its_way_still_reaches_the_office() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("diagnose", FORBIDDEN)).unwrap();
    let request = phone.request();
    let answer = office.handle(phone.device, &request);
    phone.edit(1, note("repair", "同时写下")).unwrap();
    phone.answer(request.id, answer);
    assert_eq!(phone.replica().unsent(), 1);
    phone.reopen();
    phone.sync(&mut office);
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(office.quarantine.len(), 2);
    assert_eq!(phone.replica().notices().len(), 2);
}

#[test]
fn a_job_that_left_with_unsent_work_keeps_it_until_the_office_has_it() {
    let (mut office, mut phone) = office_and_phone(2);
    phone.edit(1, note("repair", "已换")).unwrap();
    office.revoke(job(1), phone.device);
    let request = phone.request();
    let answer = office.handle(phone.device, &request);
    drop(answer);
    phone.handset.compact().unwrap();
    phone.reopen();
    assert_eq!(phone.replica().unsent(), 1);
    phone.sync(&mut office);
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(office.quarantine.len(), 1);
    assert_eq!(phone.replica().summary().jobs, 1);
    assert!(matches!(
        phone.edit(1, note("repair", "再写")),
        Err(HandsetError::Replica(ReplicaError::Gone(GoneReason::Reassigned)))
    ));
    assert!(phone.edit(1, alarm()).is_ok(), "a call for help is always written");
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn a_server_restored_from_an_old_backup_gets_back_what_it_had_acknowledged() {
    let (mut office, mut phone) = office_and_phone(2);
    phone.edit(1, note("accept", "早上")).unwrap();
    phone.sync(&mut office);
    let backup = office.back_up();
    phone.edit(1, note("repair", "下午")).unwrap();
    phone.edit(2, note("repair", "下午")).unwrap();
    phone.sync(&mut office);
    phone.handset.compact().unwrap();
    phone.reopen();
    office.restore(&backup);
    assert!(!office.read(job(1)).notes.contains_key("repair"));
    phone.sync(&mut office);
    assert_eq!(office.read(job(1)).notes["repair"], "下午");
    assert_eq!(office.read(job(2)).notes["repair"], "下午");
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn a_call_for_help_is_sent_before_everything_else() {
    let (_, mut phone) = office_and_phone(3);
    phone.edit(1, note("repair", "一")).unwrap();
    phone.edit(2, note("repair", "二")).unwrap();
    phone.edit(3, alarm()).unwrap();
    phone.reopen();
    assert_eq!(phone.request().push[0].job, job(3));
}

#[test]
fn a_change_without_its_predecessor_waits_and_the_phone_asks_for_a_comparison() {
    let (mut office, mut phone) = office_and_phone(1);
    office.write(job(1), &[note("accept", "一")]);
    office.write(job(1), &[note("accept", "二")]);
    let request = phone.request();
    let mut answer = office.handle(phone.device, &request);
    answer.jobs.remove(0);
    phone.answer(request.id, answer);
    let held = phone.replica().held(job(1)).unwrap().clone();
    assert_eq!(phone.replica().wholeness(&held), Wholeness::Incomplete);
    phone.handset.compact().unwrap();
    phone.reopen();
    assert!(phone.request().heads.is_some());
    phone.sync(&mut office);
    assert_eq!(phone.note_of(1, "accept").as_deref(), Some("二"));
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn a_first_sync_in_pages_says_that_it_is_loading() {
    let mut office = Office::new(2);
    let mut phone = Phone::new(1, &mut office);
    for number in 1..=5 {
        office.open_job(job(number));
        office.grant(job(number), phone.device);
    }
    assert!(phone.round_trip(&mut office));
    assert!(phone.replica().is_loading());
    phone.reopen();
    assert!(phone.replica().is_loading());
    assert_eq!(phone.sync(&mut office), 2);
    assert!(!phone.replica().is_loading());
    assert_eq!(phone.replica().summary().jobs, 5);
}

#[test]
fn an_edit_that_the_disk_refused_does_not_count_and_the_next_one_does() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.disk.plan(Faults { tear_after_bytes: Some(10), ..Faults::default() });
    assert!(matches!(phone.edit(1, note("repair", "丢")), Err(HandsetError::Store(_))));
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(phone.note_of(1, "repair"), None);
    phone.edit(1, note("repair", "在")).unwrap();
    phone.reopen();
    assert_eq!(phone.note_of(1, "repair").as_deref(), Some("在"));
    phone.sync(&mut office);
    assert_eq!(office.read(job(1)).notes["repair"], "在");
}

#[test]
fn a_rule_of_the_checklist_holds_on_the_phone_with_no_network() {
    let (_, mut phone) = office_and_phone(1);
    let refused = phone.edit(1, samples::done("repair", samples::LI, 5)).unwrap_err();
    let HandsetError::Replica(ReplicaError::Gate(violations)) = refused else { panic!("{refused}") };
    assert!(
        violations[0].zh.contains("报价") || violations[0].zh.contains("同意") || violations[0].zh.contains("认可")
    );
    assert_eq!(phone.replica().unsent(), 0);
    phone.edit(1, samples::done("accept", samples::LI, 5)).unwrap();
}

#[test]
fn changes_put_into_a_file_at_log_out_come_back_and_are_sent() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("repair", "写进文件")).unwrap();
    let saved = phone.replica().unsent_changes();

    let mut fresh = Phone::new(1, &mut office);
    fresh.drawn += 1_000;
    fresh.sync(&mut office);
    for (job, changes) in saved {
        fresh.handle(Input::Import { job, changes }).unwrap();
    }
    assert_eq!(fresh.replica().unsent(), 1);
    fresh.sync(&mut office);
    assert_eq!(office.read(job(1)).notes["repair"], "写进文件");
    assert!(matches!(
        fresh.handle(Input::Import { job: job(1), changes: vec![Bytes(b"shopping".to_vec())] }),
        Err(HandsetError::Replica(ReplicaError::NotImportable(_)))
    ));
}

#[test]
fn the_time_since_the_last_contact_is_known_until_the_phone_restarts() {
    let (_, mut phone) = office_and_phone(1);
    let contact = phone.replica().summary().contact.unwrap();
    let mut build = |boot: u64, uptime_us: i64| {
        let now = Now { at: samples::at(0), uptime_us, boot };
        let outputs = phone.handset.handle(now, [3; 16], Input::BuildSync).unwrap();
        let [Output::Request(request)] = outputs.as_slice() else { panic!() };
        request.clock.since_contact_us
    };
    assert_eq!(build(1, contact.uptime_us + 500), Some(500));
    assert_eq!(build(2, 500), None);
}
