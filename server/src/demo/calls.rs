//! The desk's other calls: what needs no visit, and what was promised.

use super::chance::Chance;
use super::jobs::draw;
use super::staff::Company;
use crate::db::Conn;
use crate::domain::reports::Desk;
use crate::domain::{promises, reports};
use schema::id::{PromiseId, ReportId};
use schema::people::Role;
use schema::problem::Problem;
use schema::promise::CreatePromise;
use schema::report::CreateReport;
use schema::time::{HOUR, MINUTE, Timestamp};
use serde_json::json;

struct Call {
    outlet: &'static str,
    class: &'static str,
    outcome: &'static str,
    told: &'static str,
    /// Said at once; without it the report stays open.
    answer: Option<&'static str>,
    /// What was promised, in how many hours, seen from the call.
    promise: Option<(&'static str, i64)>,
    hours_ago: i64,
}

const fn call(outlet: &'static str, class: &'static str, told: &'static str, hours_ago: i64) -> Call {
    Call { outlet, class, outcome: "handled", told, answer: None, promise: None, hours_ago }
}

const CALLS: &[Call] = &[
    Call {
        answer: Some("已告知：每周一至周日 8:00-20:00，急修 24 小时"),
        ..call("SH", "D", "问上门维修的服务时间", 260)
    },
    Call {
        answer: Some("已告知收费标准，并说明修复后免收检测费"), ..call("SH", "D", "问空调加氟多少钱", 190)
    },
    Call {
        answer: Some("已核对，发票今天寄出"), ..call("SZ", "D", "上周修洗衣机的发票还没收到", 150)
    },
    Call {
        answer: Some("感谢您的表扬，已转告本人和主管"),
        ..call("SH", "praise", "刘师傅冒雨上门，修得又快又干净", 120)
    },
    Call {
        answer: Some("感谢您的建议，已转相关部门研究"),
        ..call("SZ", "suggestion", "希望能在手机上看到师傅到哪里了", 96)
    },
    Call {
        promise: Some(("核实配件到货时间后回电", 3)), ..call("SH", "D", "问上次申领的电机什么时候到货", 30)
    },
    Call {
        promise: Some(("主管核实情况后回电答复", 2)), ..call("SH", "C", "约好上午来，等到下午一点还没有人到", 26)
    },
    Call {
        promise: Some(("下班前回电告知能否安排周末上门", 4)),
        ..call("SZ", "G", "家里老人行动不便，想约周末上门", 3)
    },
    Call { promise: Some(("半小时内回电", 1)), ..call("SH", "D", "问旧空调能不能帮忙拆走", 1) },
    Call { outcome: "wrong_number", ..call("SH", "D", "要找另一家公司", 50) },
    Call { outcome: "silent", ..call("SZ", "D", "接通后无声", 40) },
];

pub fn play(conn: &mut Conn, chance: &mut Chance, company: &Company, now: Timestamp) -> Result<(), Problem> {
    for call in CALLS {
        let at = now.plus(-call.hours_ago * HOUR);
        let caller = &company.of(call.outlet, Role::DeskAgent)?.caller;
        let told = json!({
            "class": call.class, "channel": "phone", "outcome": call.outcome, "fault": call.told,
            "answer": call.answer, "repeated_back": call.outcome == "handled", "open_job": false,
        });
        let input: CreateReport = serde_json::from_value(told).map_err(Problem::internal)?;
        let desk = Desk { caller, now: at, draw: draw(chance) };
        let report = reports::create(conn, desk, &input)?;
        if let Some((text, hours)) = call.promise {
            promise(conn, chance, &desk, report.id, (text, hours))?;
        }
    }
    Ok(())
}

fn promise(
    conn: &mut Conn,
    chance: &mut Chance,
    desk: &Desk<'_>,
    report: ReportId,
    (text, hours): (&str, i64),
) -> Result<(), Problem> {
    let at = desk.now.plus(2 * MINUTE);
    let due_at = at.plus(hours * HOUR);
    let input = CreatePromise { text: text.to_owned(), due_at, owner: None, report: Some(report), job: None };
    let id = PromiseId::new(at, chance.bytes());
    promises::create(conn, desk.caller, id, at, &input)?;
    Ok(())
}
