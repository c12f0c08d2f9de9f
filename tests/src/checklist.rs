//! Checklists for tests: what a company makes of the shipped ones, published as the desk does it.

use crate::answer::expect_json;
use crate::person::Person;
use crate::server::TestServer;
use schema::id::JobId;
use schema::people::Bilingual;
use schema::report::CustomerReport;
use schema::template::{Evidence, EvidenceKind, StepTemplate, Template, TemplateVersion, find_shipped};
use serde_json::json;

/// The step and the reading that [`with_meter`] adds.
pub const METER: &str = "read_meter";
pub const METER_READING: &str = "meter_m3";

/// The shipped home repair with one step more, which asks for a reading.
pub fn with_meter(version: u32) -> Template {
    let mut template = find_shipped("home_repair", 1).unwrap().clone();
    template.version = version;
    let both = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    let reading = Evidence {
        kind: EvidenceKind::Reading,
        name: METER_READING.to_owned(),
        label: both("燃气表读数", "Gas meter"),
        unit: Some("m³".to_owned()),
        required: true,
    };
    let step = StepTemplate {
        id: METER.to_owned(),
        name: both("抄表", "Read the meter"),
        stage: None,
        task: both("记录维修后的燃气表读数", "Write down the gas meter after the repair"),
        rule: None,
        evidence: vec![reading],
        gates: Vec::new(),
        optional: false,
        plays: Vec::new(),
        phrases: Vec::new(),
    };
    let testing = template.steps.iter().position(|step| step.id == "testing").unwrap();
    template.steps.insert(testing + 1, step);
    template
}

impl TestServer {
    pub async fn publish(&self, by: &Person, template: &Template) -> TemplateVersion {
        expect_json(by.post("/v1/templates", template), 201).await
    }

    /// A job that the desk opens from a report, as a customer's call does, with the checklist of this id.
    pub async fn reported_job(&self, agent: &Person, template: Option<&str>) -> JobId {
        let report = json!({
            "class": "B", "channel": "phone", "name": "王女士", "phone": "13900000001", "address": "漕溪北路 18 号",
            "fault": "燃气壁挂炉不点火", "repeated_back": true, "template": template,
        });
        let report: CustomerReport = expect_json(agent.post("/v1/reports", &report), 201).await;
        report.job.unwrap()
    }
}
