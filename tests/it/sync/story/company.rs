//! 徐汇网点 on an ordinary day: who works there, what is charged, and what customers report.

use reqwest::Method;
use schema::id::JobId;
use schema::job::JobDetail;
use schema::people::Role;
use schema::price_list::PriceListVersion;
use schema::report::CustomerReport;
use schema::time::Window;
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_json, expect_ok};

const PRICE_LIST: &str = "code,name_zh,name_en,unit,kind,price_fen
RQ-101,壁挂炉点火故障检修,Repair of boiler ignition,次,labour,18000
RQ-201,点火电极,Ignition electrode,根,part,8600
SD-101,更换水龙头,Replacing a tap,个,labour,6000
SD-201,陶瓷阀芯水龙头,Tap with ceramic cartridge,个,part,12800
JD-101,洗衣机排水系统检修,Repair of washing machine drain,次,labour,12000
JD-201,排水泵,Drain pump,个,part,15500
";

pub struct Company {
    pub manager: Person,
    pub agent: Person,
    pub dispatcher: Person,
    pub chen: Person,
    pub liu: Person,
    pub zhao: Person,
}

impl Company {
    pub async fn of(server: &TestServer) -> Self {
        let admin = server.person(Role::Administrator).await;
        let hire = async |role, name: &str, skills: &[&str]| {
            let mut person = server.person(role).await;
            let input = json!({"name": name, "skills": skills});
            expect_ok(admin.patch(&format!("/v1/people/{}", person.id), &input)).await;
            person.name = name.to_owned();
            person
        };
        Self {
            manager: hire(Role::ServiceManager, "何文军", &[]).await,
            agent: hire(Role::DeskAgent, "孙丽萍", &[]).await,
            dispatcher: hire(Role::Dispatcher, "周敏", &[]).await,
            chen: hire(Role::Technician, "陈建国", &["gas", "electric"]).await,
            liu: hire(Role::Technician, "刘志强", &["plumbing"]).await,
            zhao: hire(Role::Technician, "赵海波", &["appliance", "plumbing"]).await,
        }
    }

    pub async fn publish_prices(&self) {
        let import = self.manager.request(Method::POST, "/v1/price-lists").header("content-type", "text/csv");
        let list: PriceListVersion = expect_json(import.body(PRICE_LIST), 201).await;
        assert_eq!((list.version, list.items), (1, 6));
    }

    /// The desk takes a repair on the phone and repeats it back.
    pub async fn take(&self, told: Value) -> JobId {
        let mut body = json!({"class": "B", "channel": "phone", "area": "own", "repeated_back": true});
        body.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
        let report: CustomerReport = expect_json(self.agent.post("/v1/reports", &body), 201).await;
        assert!(report.is_dispatchable && report.repeats.is_empty(), "{report:?}");
        report.job.unwrap()
    }

    /// The dispatcher gives the job to `to`, instead of somebody else for a reason.
    pub async fn assign(&self, job: JobId, to: &Person, window: Window, instead: Option<(&Person, &str)>) {
        let (from, reason) = instead.map(|(from, reason)| (from.id, reason)).unzip();
        let input = json!({"technician": to.id, "instead_of": from, "window": window, "reason": reason});
        expect_json::<Value>(self.dispatcher.post(&format!("/v1/jobs/{job}/assign"), &input), 200).await;
    }

    pub async fn detail(&self, job: JobId) -> JobDetail {
        expect_json(self.dispatcher.get(&format!("/v1/jobs/{job}")), 200).await
    }

    /// How many changes the job's log holds.
    pub async fn log_length(&self, job: JobId) -> usize {
        let history: Value = expect_json(self.dispatcher.get(&format!("/v1/jobs/{job}/history")), 200).await;
        history["changes"].as_array().unwrap().len()
    }
}

pub fn boiler() -> Value {
    json!({
        "name": "王秀英", "phone": "13817012345", "address": "上海市徐汇区漕溪北路 18 弄 6 号 302 室",
        "fault": "壁挂炉点不着火，面板显示 E1", "fault_class": "water_heater", "product": "燃气壁挂炉",
        "model": "L1PB20", "wanted": "今天上午",
    })
}

pub fn tap() -> Value {
    json!({
        "name": "李国平", "phone": "13916023456", "address": "上海市徐汇区天钥桥路 333 弄 2 号 1101 室",
        "fault": "厨房水龙头关不严，一直滴水", "fault_class": "plumbing", "wanted": "下午 2 点以后",
    })
}

pub fn washing_machine() -> Value {
    json!({
        "name": "张爱华", "phone": "13701834567", "address": "上海市徐汇区宛平南路 75 弄 9 号 501 室",
        "fault": "滚筒洗衣机洗完不排水", "fault_class": "washing_machine", "product": "滚筒洗衣机",
        "wanted": "今天下午",
    })
}
