//! What is asked for: a job of the first outlet and everything around it, made by people who are none of the callers. What can be done
//! only once is done already, in the words in which the callers will ask for it, so that no caller changes what the next one finds.

use super::callers::{self, Caller, LINK_LASTS};
use reqwest::Method;
use schema::binary::Bytes;
use schema::id::JobId;
use schema::people::Role;
use schema::price::quote_hash;
use schema::time::SECOND;
use schema::wire::JobPush;
use serde_json::{Value, json};
use server::jobs::escalations::look_round;
use server::jobs::{kinds, queue};
use std::collections::BTreeMap;
use tests::{BarePhone, Person, Setup, TestServer, expect_json, expect_ok, jpeg};

/// The outlet of all that is asked for.
pub const CODE: &str = "01";
pub const ELSEWHERE: &str = "02";

const LIST: &str =
    "code,name_zh,name_en,unit,kind,price_fen,valid_from,valid_to\nSD-001,更换水龙头,Replace a tap,个,labour,5000,,\n";

/// Everything that the callers ask for, and they themselves.
pub struct Grounds {
    pub server: TestServer,
    pub callers: Vec<Caller>,
    /// By what it is.
    ids: BTreeMap<&'static str, String>,
}

/// Those who prepare.
struct Crew {
    agent: Person,
    dispatcher: Person,
    supervisor: Person,
    engineer: Person,
    manager: Person,
    administrator: Person,
}

impl Grounds {
    pub fn id(&self, name: &str) -> &str {
        self.ids.get(name).unwrap_or_else(|| panic!("nothing here is called {name}"))
    }

    /// The token of a customer's link that is live.
    pub fn link(&self) -> &str {
        let caller = self.callers.iter().find(|caller| caller.column == "lnk").unwrap();
        caller.token.as_deref().unwrap()
    }

    pub async fn lay() -> Self {
        let flags = vec!["--access-token-s", "3600", "--background-workers", "0", "--trust-proxy"];
        let server = TestServer::with(Setup { flags, ..Setup::default() }).await;
        let mut laid = Self { server, callers: Vec::new(), ids: BTreeMap::new() };
        let (job, expired, solved) = laid.before().await;
        laid.server.clock.advance(LINK_LASTS);
        let crew = laid.crew().await;
        laid.call(&crew, solved).await;
        laid.desk(&crew, job).await;
        laid.jobs(&crew, job).await;
        laid.technicians(&crew, job).await;
        let server = &laid.server;
        laid.callers.extend(callers::staff(server).await);
        laid.callers.extend(callers::ended(server, &crew.administrator).await);
        laid.callers.extend(callers::customers(server, &crew.agent, job, expired).await);
        laid.accept().await;
        laid
    }

    fn name(&mut self, name: &'static str, id: impl ToString) {
        assert!(self.ids.insert(name, id.to_string()).is_none(), "{name} is there already");
    }

    /// Later ids are greater, and what happened later is younger.
    fn tick(&self) {
        self.server.clock.advance(SECOND);
    }

    async fn crew(&self) -> Crew {
        let person = |role| self.server.person(role);
        Crew {
            agent: person(Role::DeskAgent).await,
            dispatcher: person(Role::Dispatcher).await,
            supervisor: person(Role::DeskSupervisor).await,
            engineer: person(Role::EngineeringSupervisor).await,
            manager: person(Role::ServiceManager).await,
            administrator: person(Role::Administrator).await,
        }
    }

    /// What has to be old: a token and links that have run out, a call whose time has come.
    async fn before(&mut self) -> (JobId, [String; 3], JobId) {
        let agent = self.server.person(Role::DeskAgent).await;
        let expired = self.server.person(Role::ServiceManager).await;
        self.callers.push(Caller::with("exp", expired.token));
        let report = self.report(&agent, json!({"class": "B", "product": "壁挂炉"})).await;
        let job: JobId = report["job"].as_str().unwrap().parse().unwrap();
        self.name("report", report["id"].as_str().unwrap());
        self.name("job", job);
        let detail: Value = expect_json(agent.get(&format!("/v1/jobs/{job}")), 200).await;
        self.name("number", detail["job"]["number"].as_str().unwrap());
        let solved = self.server.job(&agent).await;
        expect_ok(agent.post(&format!("/v1/jobs/{solved}/solve-remotely"), &json!({"reason": "教客户复位"}))).await;
        (job, callers::links(&agent, job, &callers::ALL).await, solved)
    }

    async fn report(&self, agent: &Person, more: Value) -> Value {
        self.tick();
        let mut body = json!({"channel": "phone", "name": "李强", "phone": "13812345678", "address": "幸福路 12 号", "fault": "不点火"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        expect_json(agent.post("/v1/reports", &body), 201).await
    }

    /// The call after the remedy by phone, made.
    async fn call(&mut self, crew: &Crew, solved: JobId) {
        let list: Value = expect_json(crew.agent.get("/v1/follow-ups"), 200).await;
        let due = list["items"].as_array().unwrap().iter().find(|due| due["job"] == json!(solved)).unwrap();
        let id = due["id"].as_str().unwrap().to_owned();
        let happy = json!({"reached": true, "satisfied": true});
        expect_ok(crew.agent.post(&format!("/v1/follow-ups/{id}/calls"), &happy)).await;
        self.name("call", id);
    }

    async fn desk(&mut self, crew: &Crew, job: JobId) {
        let Crew { agent, supervisor, .. } = crew;
        let customer = json!({"name": "王芳", "phone": "13900000009", "address": "平安路 3 号"});
        let customer: Value = expect_json(agent.post("/v1/customers", &customer), 201).await;
        self.name("customer", customer["id"].as_str().unwrap());
        let asked = self.report(agent, json!({"class": "D"})).await["id"].as_str().unwrap().to_owned();
        let question = format!("/v1/reports/{asked}/questions");
        let question: Value = expect_json(agent.post(&question, &json!({"text": "旧机能否折价？"})), 201).await;
        let question = question["id"].as_str().unwrap();
        expect_ok(supervisor.post(&format!("/v1/questions/{question}/answer"), &json!({"text": "不做以旧换新。"})))
            .await;
        expect_ok(agent.request(Method::POST, &format!("/v1/questions/{question}/told"))).await;
        self.name("question", question);
        self.name("asked", asked);
        for (name, class, act) in [("answered", "D", "answer"), ("solved", "B", "solve-remotely")] {
            let report = self.report(agent, json!({"class": class})).await["id"].as_str().unwrap().to_owned();
            expect_ok(agent.post(&format!("/v1/reports/{report}/{act}"), &json!({"text": "好了"}))).await;
            self.name(name, report);
        }
        let promise =
            json!({"text": "回电", "due_at": "2030-01-01T00:00:00Z", "report": self.id("report"), "job": job});
        let promise: Value = expect_json(agent.post("/v1/promises", &promise), 201).await;
        let promise = promise["id"].as_str().unwrap();
        look_round(&self.server.state).await.unwrap();
        let raised: Value = expect_json(agent.get(&format!("/v1/escalations?job={job}")), 200).await;
        self.name("escalation", raised["items"][0]["id"].as_str().unwrap());
        expect_ok(agent.request(Method::POST, &format!("/v1/promises/{promise}/keep"))).await;
        self.name("promise", promise);
        self.name("agent", agent.id);
    }

    async fn jobs(&mut self, crew: &Crew, job: JobId) {
        let Crew { agent, dispatcher, engineer, manager, administrator, .. } = crew;
        let outlet = agent.outlet;
        let collects = json!({"settings": {"collects": "technician"}});
        expect_ok(administrator.patch(&format!("/v1/outlets/{outlet}"), &collects)).await;
        self.name("outlet", outlet);
        let import = manager.request(Method::POST, "/v1/price-lists").header("content-type", "text/csv");
        expect_ok(import.body(LIST)).await;
        let requests = format!("/v1/jobs/{job}/price-requests");
        let request: Value = expect_json(agent.post(&requests, &json!({"text": "换玻璃"})), 201).await;
        let request = request["id"].as_str().unwrap();
        let answer = json!({"feasible": false, "remark": "停产"});
        expect_ok(engineer.post(&format!("/v1/price-requests/{request}/answer"), &answer)).await;
        self.name("request", request);
        let (loose, over) = (self.server.job(agent).await, self.server.job(agent).await);
        expect_ok(dispatcher.post(&format!("/v1/jobs/{over}/cancel"), &json!({"reason": "客户取消"}))).await;
        let holds = format!("/v1/jobs/{loose}/holds");
        expect_ok(dispatcher.post(&holds, &json!({"kind": "part", "reason": "等配件"}))).await;
        let detail: Value = expect_json(dispatcher.get(&format!("/v1/jobs/{loose}")), 200).await;
        let hold = detail["record"]["holds"].as_object().unwrap().keys().next().unwrap().clone();
        expect_ok(dispatcher.request(Method::POST, &format!("{holds}/{hold}/release"))).await;
        self.name("loose", loose);
        self.name("over", over);
        self.name("hold", hold);
        let (made, _) = crate::routes::links::link(agent, job, &["view"]).await;
        expect_ok(agent.delete(&format!("/v1/jobs/{job}/links/{}", made.link.id))).await;
        self.name("link", made.link.id);
        let (id, quote) = self.server.quote(job, agent, 8_000).await;
        self.name("quote", id);
        self.name("quote_hash", quote_hash(&quote));
        self.tick();
    }

    /// Who had the job and took photos, and who has it now, on several phones.
    async fn technicians(&mut self, crew: &Crew, job: JobId) {
        let server = &self.server;
        let (former, own) = (server.person(Role::Technician).await, server.person(Role::Technician).await);
        server.assign(job, &crew.dispatcher, &former).await;
        let mut phone = server.phone(&former).await;
        phone.sync().await;
        let photos = [1, 2, 3].map(|seed| jpeg(20, 20, seed));
        let hashes = photos.each_ref().map(|photo| phone.name_photo(job, "diagnose", photo));
        phone.sync().await;
        former.send_photo(job, &photos[0]).await;
        queue::work_off(&server.state, &kinds()).await.unwrap();
        self.tick();
        server.assign(job, &crew.dispatcher, &own).await;
        let begun = [own.upload(job, &photos[1]).await, own.upload(job, &photos[2]).await];
        let mut asking = [former, own];
        let sessions: Value = expect_json(asking[1].get("/v1/sessions"), 200).await;
        let session = sessions.as_array().unwrap().iter().find(|session| session["current"] == json!(true)).unwrap();
        let [phone_of_own, lost, spare] = [
            server.bare_phone(&asking[1]).await,
            server.bare_phone(&asking[1]).await,
            server.bare_phone(&asking[1]).await,
        ];
        self.quarantine(crew, job, &phone_of_own).await;
        expect_ok(crew.dispatcher.delete(&format!("/v1/devices/{}", lost.device))).await;
        let token = phone.handset.replica().session().unwrap().access_token.clone();
        for person in &mut asking {
            self.server.renew(person).await;
        }
        let [former, own] = asking;
        self.callers.push(Caller { spare: Some(former.token), ..Caller::with("frm", token) });
        self.callers.push(Caller { spare: Some(own.token), ..Caller::with("own", phone_of_own.token) });
        self.callers.push(Caller::with("rev", lost.token));
        let [upload, given_up] = begun.map(|upload| upload.path.rsplit('/').next().unwrap().to_owned());
        self.name("session", session["id"].as_str().unwrap());
        self.name("technician", own.id);
        self.name("device", phone_of_own.device);
        self.name("spare", spare.device);
        self.name("upload", upload);
        self.name("given_up", given_up);
        self.name("photo", hashes[0]);
        self.name("owed", hashes[1]);
        self.name("owed_bytes", photos[1].len());
    }

    /// Two entries that nobody can read; one is rejected.
    async fn quarantine(&mut self, crew: &Crew, job: JobId, phone: &BarePhone) {
        for byte in [1, 2] {
            let push = vec![JobPush { job, clocks: Vec::new(), slim: None, changes: vec![Bytes(vec![byte, 2, 3])] }];
            phone.sync(&phone.request(Default::default(), push)).await;
        }
        let list: Value = expect_json(crew.dispatcher.get("/v1/quarantine"), 200).await;
        let entries: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        let [open, rejected] = entries.as_slice() else { panic!("{list}") };
        expect_ok(crew.dispatcher.post(&format!("/v1/quarantine/{rejected}/reject"), &json!({"reason": "重填"}))).await;
        self.name("entry", open);
        self.name("rejected", rejected);
    }

    /// The customer accepts: to say so again changes nothing.
    async fn accept(&mut self) {
        let path = format!("/v1/public/{}/accept", self.link());
        expect_ok(self.server.post(&path, &self.acceptance())).await;
    }

    /// The customer's word on the quote of the job.
    pub fn acceptance(&self) -> Value {
        json!({"quote": self.id("quote"), "quote_hash": self.id("quote_hash"), "total_minor": 8_000, "name": "王女士"})
    }
}
