//! One day of a repair company, from the first call to the call back, with what goes wrong on such a day. Real phones, the real
//! server; in the evening it is a process of its own, and is killed between its commit and its answer.

pub(super) mod company;
mod customer;
pub(super) mod visit;

use company::{Company, boiler, tap, washing_machine};
use schema::call::{FollowUp, FollowUpState};
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::job::JobSheet;
use schema::link::{CreatedLink, PublicView};
use schema::page::Page;
use schema::people::Language;
use schema::public::Stand;
use schema::record::{Decision, DecisionKind, MarkKind};
use schema::status::{Status, status};
use schema::time::{DAY, HOUR, MINUTE, Window};
use schema::wire::{GoneReason, RefusalCode};
use serde_json::{Value, json};
use server::db::feed::find_end;
use server::state::{random, system_clock};
use std::collections::BTreeSet;
use sync::bundle::verify;
use sync::client::{Client, ClientError};
use tests::{Ambush, ServerProcess, Setup, TestPhone, TestServer, expect_json, expect_ok};
use visit::{BOILER, WASHING_MACHINE};

struct Day {
    server: TestServer,
    company: Company,
    chen: TestPhone,
    liu: TestPhone,
    zhao: TestPhone,
    boiler: JobId,
    tap: JobId,
    washing_machine: JobId,
}

#[actix_web::test]
async fn a_day_with_everything_that_goes_wrong_ends_with_equal_heads_everywhere_and_verified_bundles() {
    let mut day = Day::begin().await;
    day.dispatch().await;
    day.move_a_job_whose_technician_is_offline().await;
    day.refuse_what_a_technician_may_not_write().await;
    day.write_one_note_in_two_places().await;
    day.sign_upstairs_and_in_the_cellar().await;
    let mut day = day.lose_the_server_at_its_answer().await;
    day.call_back().await;
    day.expect_the_same_everywhere().await;
    for job in [day.boiler, day.tap, day.washing_machine] {
        day.expect_evidence(job).await;
    }
}

impl Day {
    /// Three customers call, and the prices of the year are published before anybody leaves.
    async fn begin() -> Self {
        let setup = Setup { flags: vec!["--access-token-s", "1000000"], ..Setup::default() };
        // In the evening the server is a process, which keeps the machine's time. So the day began ten hours before that.
        setup.clock.set(system_clock()().plus(-10 * HOUR));
        let server = TestServer::with(setup).await;
        let company = Company::of(&server).await;
        company.publish_prices().await;
        let boiler = company.take(boiler()).await;
        server.clock.advance(5 * MINUTE);
        let tap = company.take(tap()).await;
        server.clock.advance(5 * MINUTE);
        let washing_machine = company.take(washing_machine()).await;
        let chen = server.phone(&company.chen).await;
        let liu = server.phone(&company.liu).await;
        let zhao = server.phone(&company.zhao).await;
        Self { server, company, chen, liu, zhao, boiler, tap, washing_machine }
    }

    /// Hours from now.
    fn window(&self, from: i64, to: i64) -> Window {
        let now = self.server.clock.now();
        Window { from: now.plus(from * HOUR), to: now.plus(to * HOUR) }
    }

    async fn dispatch(&mut self) {
        let company = &self.company;
        company.assign(self.boiler, &company.chen, self.window(1, 3), None).await;
        company.assign(self.tap, &company.liu, self.window(4, 6), None).await;
        company.assign(self.washing_machine, &company.zhao, self.window(6, 8), None).await;
        for (phone, job) in
            [(&mut self.chen, self.boiler), (&mut self.liu, self.tap), (&mut self.zhao, self.washing_machine)]
        {
            phone.sync().await;
            assert!(phone.holds(job));
            assert_eq!(phone.handset.replica().price_list().unwrap().items.len(), 6, "prices for the cellar");
        }
    }

    /// 刘志强 works in an underground garage and has taken the tap on. His customer there takes longer, and dispatch can't reach him.
    async fn move_a_job_whose_technician_is_offline(&mut self) {
        self.server.clock.advance(HOUR);
        let (company, job) = (&self.company, self.tap);
        self.liu.mark(job, "accept", MarkKind::Done);
        self.liu.note(job, "contact", "电话约好下午两点半，客户自备了新龙头");
        let instead = Some((&company.liu, "上一单超时，改派"));
        company.assign(job, &company.zhao, self.window(3, 5), instead).await;
        self.zhao.sync().await;
        self.zhao.mark(job, "contact", MarkKind::Done);
        self.zhao.sync().await;

        let report = self.liu.sync().await;
        assert!(report.refused.is_empty(), "written before the move was known there: {report:?}");
        assert_eq!(self.liu.handset.replica().held(job).unwrap().gone, Some(GoneReason::Reassigned));
        self.zhao.sync().await;
        let record = self.zhao.job(job);
        assert_eq!(record.notes["contact"], "电话约好下午两点半，客户自备了新龙头");
        assert_eq!((record.marks["accept"].by, record.marks["contact"].by), (company.liu.id, company.zhao.id));
        let writers = company.detail(job).await.writers;
        let hands: Vec<(&str, bool)> = writers.iter().map(|hand| (hand.person.name.as_str(), hand.has_job)).collect();
        assert!(hands.contains(&("刘志强", false)) && hands.contains(&("赵海波", true)), "{hands:?}");
    }

    /// 赵海波 closes the job himself. Only the office may; what he wrote beside it stays.
    async fn refuse_what_a_technician_may_not_write(&mut self) {
        let job = self.tap;
        let decision = Decision { kind: DecisionKind::Closed, by: self.zhao.person, at: self.zhao.at(), reason: None };
        let note =
            Edit::Note { step: "listen".to_owned(), text: "客户要求顺带看一下阳台水龙头".to_owned() };
        self.zhao.edit(job, vec![note, Edit::Decide { id: EntryId::new(random()), decision }]);
        let report = self.zhao.sync().await;
        let [refused] = report.refused.as_slice() else { panic!("{report:?}") };
        assert_eq!((refused.code, report.unsent), (RefusalCode::Forbidden, 0));
        assert!(refused.salvaged_as.is_some());
        let record = self.zhao.job(job);
        assert!(record.decisions.is_empty());
        assert_eq!(record.notes["listen"], "客户要求顺带看一下阳台水龙头");
        assert_eq!(self.zhao.handset.replica().notices().len(), 1, "he is told");
        let listed: Value = expect_json(self.company.dispatcher.get(&format!("/v1/quarantine?job={job}")), 200).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        assert_eq!(listed["items"][0]["person_name"], "赵海波");
    }

    /// 王秀英 calls the desk once more while 陈建国 stands at her door: both write down what they heard.
    async fn write_one_note_in_two_places(&mut self) {
        let job = self.boiler;
        let base_heads = self.company.detail(job).await.heads;
        visit::arrive(&mut self.chen, job, &BOILER);
        let heard = "王女士来电补充：重启后能热几分钟又熄火";
        let input = json!({"text": heard, "base_heads": base_heads});
        expect_ok(self.company.agent.put(&format!("/v1/jobs/{job}/steps/listen/note"), &input)).await;
        let report = self.chen.sync().await;
        assert_eq!((report.round_trips, report.refused.len()), (1, 0), "{report:?}");
        let detail = self.company.detail(job).await;
        let [conflict] = detail.conflicts.as_slice() else { panic!("{:?}", detail.conflicts) };
        assert_eq!(conflict.path, ["notes", "listen"]);
        let stand: BTreeSet<&str> = conflict.values.iter().map(|value| value.value.as_str().unwrap()).collect();
        assert_eq!(stand, BTreeSet::from([BOILER.told, heard]), "neither is lost");
        assert_eq!(self.chen.handset.replica().held(job).unwrap().record.conflicts(), detail.conflicts);
    }

    /// The work is done. 陈建国 goes down to the gas meter with 周国华, who signs there on his phone, which has no network;
    /// 王秀英 is upstairs and signs on hers.
    async fn sign_upstairs_and_in_the_cellar(&mut self) {
        self.server.clock.advance(HOUR);
        let (company, job) = (&self.company, self.boiler);
        visit::repair(&mut self.chen, job, &BOILER);
        self.chen.sync().await;
        let scope = json!({"scope": ["sign", "rate"]});
        let link: CreatedLink = expect_json(company.agent.post(&format!("/v1/jobs/{job}/links"), &scope), 201).await;
        let token = link.url.rsplit('/').next().unwrap();
        let shown: PublicView = expect_json(self.server.get(&format!("/v1/public/{token}")), 200).await;
        assert_eq!((shown.job.stand, shown.job.sheet.due_minor), (Stand::ReadyToSign, Some(26_600)));

        self.chen.note(job, "repair", "地下室燃气总阀已打开，表前检漏合格");
        let below = visit::sign(&mut self.chen, job, "周国华");
        let page = customer::sign_on_her_phone(&self.server, &format!("/c/{token}"), "王秀英").await;
        assert!(page.contains("已签字：王秀英"), "{page}");
        visit::leave(&mut self.chen, job);
        let report = self.chen.sync().await;
        assert!(report.refused.is_empty() && report.unsent == 0, "{report:?}");

        let detail = company.detail(job).await;
        assert_eq!((detail.job.status, detail.record.marks.len()), (Status::Signed, 24));
        assert_eq!(detail.sign_offs.len(), 2, "both signatures stay");
        for fact in &detail.sign_offs {
            assert!(fact.is_intact && fact.unaware_of.len() == 1, "{fact:?}");
            assert_eq!(fact.link.is_none(), fact.id == below);
        }
    }

    /// A whole visit with no network. When it is sent at last, the power fails after the server's commit and before its answer.
    async fn lose_the_server_at_its_answer(mut self) -> Self {
        let job = self.washing_machine;
        self.server.clock.set(system_clock()());
        visit::arrive(&mut self.zhao, job, &WASHING_MACHINE);
        visit::repair(&mut self.zhao, job, &WASHING_MACHINE);
        visit::sign(&mut self.zhao, job, WASHING_MACHINE.customer);
        visit::leave(&mut self.zhao, job);
        let written = self.zhao.handset.replica().unsent();
        let before = self.company.log_length(job).await;

        let address = self.server.url.trim_start_matches("http://").to_owned();
        let setup = self.server.stop().await;
        let ambush = Ambush::on(process(&setup, &address));
        let way = Client::new(&ambush.url, Language::Chinese).unwrap();
        let usual_way = std::mem::replace(&mut self.zhao.client, way);
        let outcome = self.zhao.try_sync().await;
        assert!(matches!(outcome, Err(ClientError::Unreachable(_))), "{outcome:?}");
        assert!(ambush.over().starts_with(b"POST /v1/sync "));
        self.zhao.client = usual_way;
        assert_eq!(self.zhao.handset.replica().unsent(), written, "the phone knows nothing of the commit");

        let second = process(&setup, &address);
        assert_eq!(self.company.log_length(job).await, before + written, "it was committed");
        let report = self.zhao.sync().await;
        assert_eq!((report.unsent, report.refused.len()), (0, 0), "{report:?}");
        assert_eq!(self.company.log_length(job).await, before + written, "nothing is there twice");
        assert_eq!(self.zhao.heads(job), self.company.detail(job).await.heads);
        drop(second);
        Self { server: TestServer::at(setup, &address), ..self }
    }

    /// The next day. 张爱华 is not satisfied: her job opens again, and the technician's phone hears of it.
    async fn call_back(&mut self) {
        self.server.clock.advance(DAY + HOUR);
        let agent = &self.company.agent;
        let due: Page<FollowUp> = expect_json(agent.get("/v1/follow-ups?due=true"), 200).await;
        let jobs: BTreeSet<JobId> = due.items.iter().map(|call| call.job).collect();
        assert_eq!(jobs, BTreeSet::from([self.boiler, self.washing_machine]));
        for call in due.items {
            let (answer, state) = if call.job == self.boiler {
                (json!({"reached": true, "satisfied": true}), FollowUpState::Satisfied)
            } else {
                let remarks = "今早洗完又剩半筒水";
                (json!({"reached": true, "satisfied": false, "remarks": remarks}), FollowUpState::Unsatisfied)
            };
            let made: FollowUp =
                expect_json(agent.post(&format!("/v1/follow-ups/{}/calls", call.id), &answer), 201).await;
            assert_eq!(made.state, state);
        }
        assert_eq!(self.company.detail(self.boiler).await.job.status, Status::Signed);
        self.zhao.sync().await;
        assert_eq!(status(&self.zhao.job(self.washing_machine)), Status::Reopened);
    }

    async fn expect_the_same_everywhere(&mut self) {
        let held_now = [vec![self.boiler], vec![], vec![self.tap, self.washing_machine]];
        for (phone, jobs) in [&mut self.chen, &mut self.liu, &mut self.zhao].into_iter().zip(held_now) {
            let report = phone.sync().await;
            assert_eq!((report.unsent, report.refused.len()), (0, 0), "{report:?}");
            for job in &jobs {
                assert_eq!(phone.heads(*job), self.company.detail(*job).await.heads);
            }
            let (person, replica) = (phone.person, phone.handset.replica());
            assert_eq!(replica.summary().jobs, jobs.len());
            let end = self.server.state.db.read(move |conn| Ok(find_end(conn, person)?)).await.unwrap().unwrap();
            assert_eq!((replica.digest(), replica.cursor().seq), (end.digest, end.seq));
        }
    }

    /// The bundle verifies away from the server, and holds the record as the server has it; each sheet is the one that was signed.
    async fn expect_evidence(&self, job: JobId) {
        let (detail, manager) = (self.company.detail(job).await, &self.company.manager);
        let bundle = expect_ok(manager.get(&format!("/v1/jobs/{job}/bundle"))).await.bytes().await.unwrap();
        let key = self.server.state.keys.receipt.public_key();
        let report = verify(bundle.as_ref(), Some(key.into())).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!((report.job, &report.heads, report.is_trusted), (job, &detail.heads, true));
        assert_eq!(report.sign_offs.len(), detail.record.sign_offs.len());
        assert_eq!(report.refused.len(), usize::from(job == self.tap));
        for (id, sign_off) in &detail.record.sign_offs {
            let path = format!("/v1/jobs/{job}/sheet?as_signed=true&sign_off={id}");
            let signed: JobSheet = expect_json(manager.get(&path), 200).await;
            assert_eq!((signed.sheet_hash, signed.sheet.hash()), (sign_off.sheet_hash, sign_off.sheet_hash));
        }
    }
}

/// The server that was stopped, as a process of its own at the same address.
fn process(setup: &Setup, address: &str) -> ServerProcess {
    let data = setup.database.folder().to_string_lossy().into_owned();
    let (database, url) = (setup.database.url_text(), setup.public_url.clone().unwrap());
    let words = ["--listen", address, "--data", &data, "--database-url", &database, "--public-url", &url];
    let small = ["--workers", "1", "--gate-threads", "1", "--db-readers", "2", "--db-writers", "2"];
    ServerProcess::start(words.into_iter().chain(small).chain(setup.flags.iter().copied()))
}
