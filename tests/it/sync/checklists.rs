//! Checklists in versions, from the desk that publishes to the phones in a cellar: a job is judged by the version that it began with, and a
//! phone that does not hold it yet keeps what is written.

use super::hostile::{post, request};
use super::story::company::Company;
use super::story::visit::{self, BOILER};
use schema::edit::Edit;
use schema::gate::Rule;
use schema::id::JobId;
use schema::job::JobSheet;
use schema::record::{Mark, MarkKind, SignOff};
use schema::status::{Status, status};
use schema::template::WHOLE_VISIT;
use schema::time::MINUTE;
use schema::wire::{CBOR, SyncResponse};
use serde_json::{Value, json};
use sync::bundle::verify;
use sync::client::Clocks as _;
use sync::handset::HandsetError;
use sync::replica::{Input, Replica, ReplicaError, Wholeness};
use sync::store::entry::ReferenceKind;
use tests::checklist::{METER, METER_READING, with_meter};
use tests::{Person, TestPhone, TestServer, expect_json, expect_ok};

fn held(phone: &TestPhone, job: JobId) -> Option<u32> {
    let replica = phone.handset.replica();
    replica.template_of(&phone.job(job)).map(|template| template.version)
}

/// The rules that the phone keeps somebody from breaking.
fn broken(phone: &mut TestPhone, job: JobId, edits: Vec<Edit>) -> Vec<Rule> {
    match phone.try_edit(job, edits) {
        Err(HandsetError::Replica(ReplicaError::Gate(violations))) => {
            violations.into_iter().map(|one| one.rule).collect()
        }
        Err(other) => panic!("{other}"),
        Ok(()) => Vec::new(),
    }
}

fn tick(phone: &mut TestPhone, step: &str) -> Vec<Edit> {
    let mark = Mark { kind: MarkKind::Done, by: phone.person, at: phone.at(), reason: None, place: None };
    vec![Edit::Mark { step: step.to_owned(), mark }]
}

/// A sync of which only the one request gets through: what else a phone would fetch stays away. It is also all that a phone does which
/// was made before checklists were fetched one by one.
async fn bare_sync(server: &TestServer, phone: &mut TestPhone) -> SyncResponse {
    let asked = request(phone);
    let body = minicbor_serde::to_vec(&asked).unwrap();
    let answer = post(server, phone, CBOR, body).send().await.unwrap();
    let answer: SyncResponse = minicbor_serde::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let (now, random) = (phone.clocks.now(), phone.clocks.random());
    let input = Input::Answer { request: asked.id, answer: Box::new(answer.clone()) };
    phone.handset.handle(now, random, input).unwrap();
    answer
}

struct Scene {
    server: TestServer,
    company: Company,
    phone: TestPhone,
}

impl Scene {
    async fn begin() -> Self {
        let server = TestServer::start().await;
        let company = Company::of(&server).await;
        company.publish_prices().await;
        let mut phone = server.phone(&company.chen).await;
        phone.sync().await;
        Self { server, company, phone }
    }

    /// A job that is reported now, in the hands of the phone's technician.
    async fn job(&self) -> JobId {
        let job = self.server.reported_job(&self.company.agent, None).await;
        self.give(job, &self.company.chen).await;
        job
    }

    async fn give(&self, job: JobId, to: &Person) {
        self.server.assign(job, &self.company.dispatcher, to).await;
    }

    async fn status(&self, job: JobId) -> Status {
        self.company.detail(job).await.job.status
    }
}

#[actix_web::test]
async fn a_whole_visit_goes_by_the_published_checklist_and_one_that_had_begun_by_the_old() {
    let mut scene = Scene::begin().await;
    let old = scene.job().await;
    scene.phone.sync().await;
    let published = scene.server.publish(&scene.company.manager, &with_meter(2)).await;
    let new = scene.job().await;
    let report = scene.phone.sync().await;
    assert_eq!((report.round_trips, report.reference_error), (1, None));
    assert_eq!((held(&scene.phone, old), held(&scene.phone, new)), (Some(1), Some(2)));
    let newest = scene.phone.handset.replica().reference_version(ReferenceKind::Template);
    assert_eq!(newest, published.published_at.map(|at| at.micros()));

    for job in [old, new] {
        visit::arrive(&mut scene.phone, job, &BOILER);
        visit::repair(&mut scene.phone, job, &BOILER);
    }
    // The job that began before has no such step; the new one can't be signed without it.
    let marked = tick(&mut scene.phone, METER);
    assert_eq!(broken(&mut scene.phone, old, marked), [Rule::StepUnknown]);
    visit::sign(&mut scene.phone, old, BOILER.customer);
    let early = unsigned(&mut scene.phone, new);
    assert_eq!(broken(&mut scene.phone, new, vec![early]), [Rule::Evidence]);
    visit::read(&mut scene.phone, new, METER, (METER_READING, "1284.5", "m³"));
    scene.phone.mark(new, METER, MarkKind::Done);
    visit::sign(&mut scene.phone, new, BOILER.customer);
    for job in [old, new] {
        visit::leave(&mut scene.phone, job);
    }
    let report = scene.phone.sync().await;
    assert!(report.refused.is_empty() && report.unsent == 0, "{report:?}");

    for (job, version, steps) in [(old, 1, 19), (new, 2, 20)] {
        assert_eq!((scene.status(job).await, status(&scene.phone.job(job))), (Status::Signed, Status::Signed));
        let path = format!("/v1/jobs/{job}/sheet?as_signed=true");
        let signed: JobSheet = expect_json(scene.company.manager.get(&path), 200).await;
        assert_eq!((signed.sheet.template_version, signed.sheet.steps.len()), (version, steps));
        assert!(signed.changed_after.is_empty());
        let bundle = expect_ok(scene.company.manager.get(&format!("/v1/jobs/{job}/bundle"))).await;
        let verified =
            verify(bundle.bytes().await.unwrap().as_ref(), None).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(verified.template, format!("home_repair {version}"));
    }
    assert_eq!(scene.server.differences().await, []);
}

/// The signature that the customer would give now.
fn unsigned(phone: &mut TestPhone, job: JobId) -> Edit {
    let replica = phone.handset.replica();
    let (record, covers) = (phone.job(job), phone.heads(job));
    let sheet_hash = schema::sheet::sheet(&record, replica.template_of(&record).unwrap()).hash();
    let by = Some(phone.person);
    let sign_off = SignOff {
        covers,
        sheet_hash,
        by,
        at: phone.at(),
        ..schema::example::sign_off(schema::record::SignOffKind::Signed, 0)
    };
    Edit::SignOff { id: phone.entry(), sign_off }
}

#[actix_web::test]
async fn without_its_checklist_a_job_is_shown_and_keeps_notes_until_there_is_network() {
    let mut scene = Scene::begin().await;
    scene.server.publish(&scene.company.manager, &with_meter(2)).await;
    let job = scene.job().await;
    let answer = bare_sync(&scene.server, &mut scene.phone).await;
    assert_eq!(answer.jobs.len(), 1);
    let replica = scene.phone.handset.replica();
    assert_eq!((held(&scene.phone, job), replica.checklists_missing().len()), (None, 1));
    assert_eq!(replica.wholeness(replica.held(job).unwrap()), Wholeness::Incomplete);
    let record = scene.phone.job(job);
    assert_eq!((status(&record), record.report.fault.as_deref()), (Status::Assigned, Some("燃气壁挂炉不点火")));

    scene.phone.note(job, WHOLE_VISIT, "门禁密码 1234#");
    let report = scene.phone.sync().await;
    assert!(report.refused.is_empty() && report.unsent == 0, "{report:?}");
    assert_eq!((report.round_trips, report.reference_error), (1, None), "checklists come beside the sync");
    assert_eq!((held(&scene.phone, job), scene.phone.handset.replica().checklists_missing().len()), (Some(2), 0));
    let detail = scene.company.detail(job).await;
    assert_eq!(detail.record.notes[WHOLE_VISIT], "门禁密码 1234#");
    let idle = scene.phone.sync().await;
    assert_eq!((idle.round_trips, idle.reference_error), (1, None));
}

#[actix_web::test]
async fn a_phone_that_knows_nothing_of_the_new_checklist_is_judged_by_it_all_the_same() {
    let mut scene = Scene::begin().await;
    scene.server.publish(&scene.company.manager, &with_meter(2)).await;
    let job = scene.job().await;
    bare_sync(&scene.server, &mut scene.phone).await;
    // Missing data stops nobody at the door, so the phone takes what the server will not.
    for step in ["accept", METER, "repair"] {
        let marked = tick(&mut scene.phone, step);
        assert_eq!(broken(&mut scene.phone, job, marked), []);
    }
    let answer = bare_sync(&scene.server, &mut scene.phone).await;
    let codes: Vec<_> = answer.refused.iter().map(|refused| (refused.code.as_str(), refused.paths.clone())).collect();
    let repair = vec![vec!["marks".to_owned(), "repair".to_owned()]];
    assert_eq!(codes, [("gate_closed", repair)], "the repair before a consent, by the version of the job");
    let record = scene.company.detail(job).await.record;
    assert!(record.marks.contains_key(METER) && !record.marks.contains_key("repair"));
    // What it fetches as it always did brings the checklist, too.
    let (handset, clocks) = (&mut scene.phone.handset, &mut scene.phone.clocks);
    scene.phone.client.fetch_reference(handset, clocks).await.unwrap();
    assert_eq!(held(&scene.phone, job), Some(2));
}

#[actix_web::test]
async fn an_old_version_comes_by_itself_when_its_job_is_opened_again() {
    let mut scene = Scene::begin().await;
    scene.server.publish(&scene.company.manager, &with_meter(2)).await;
    let job = scene.server.reported_job(&scene.company.agent, None).await;
    let cancel = json!({ "reason": "客户取消" });
    expect_ok(scene.company.manager.post(&format!("/v1/jobs/{job}/cancel"), &cancel)).await;
    let mut third = with_meter(3);
    third.warranty_months = 6;
    let published = scene.server.publish(&scene.company.manager, &third).await;
    scene.phone.sync().await;
    scene.server.clock.advance(MINUTE);
    let reopen = json!({ "reason": "客户又来电" });
    expect_ok(scene.company.manager.post(&format!("/v1/jobs/{job}/reopen"), &reopen)).await;
    scene.give(job, &scene.company.chen).await;
    let answer = bare_sync(&scene.server, &mut scene.phone).await;
    assert_eq!((answer.jobs.len(), held(&scene.phone, job)), (1, None), "the third came, and the second was nobody's");
    let report = scene.phone.sync().await;
    assert_eq!((report.round_trips, report.reference_error), (1, None));
    assert_eq!(held(&scene.phone, job), Some(2));
    // It says nothing about how new the rest is, and it outlives the phone's process.
    let replica = scene.phone.handset.replica();
    let again = Replica::open(&replica.compacted()).unwrap();
    assert!(again.checklists_missing().is_empty());
    let newest = again.reference_version(ReferenceKind::Template);
    assert_eq!(newest, published.published_at.map(|at| at.micros()));
}

#[actix_web::test]
async fn the_customer_sees_and_the_office_judges_a_job_by_its_own_version() {
    let scene = Scene::begin().await;
    let mut months = with_meter(2);
    months.warranty_months = 12;
    let old = scene.job().await;
    scene.server.publish(&scene.company.manager, &months).await;
    let new = scene.job().await;
    for (job, months) in [(old, 3), (new, 12)] {
        scene.server.finish_work(job, &scene.company.manager).await;
        let sheet: JobSheet = expect_json(scene.company.manager.get(&format!("/v1/jobs/{job}/sheet")), 200).await;
        assert_eq!(sheet.sheet.warranty_months, months);
        let listed: Value = expect_json(scene.company.manager.get(&format!("/v1/jobs/{job}")), 200).await;
        assert_eq!(listed["job"]["status"], "tested");
    }
}
