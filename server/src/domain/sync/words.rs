//! What a technician is told about entries that were not taken over: what happened, and what becomes of them.

use schema::gate::Violation;
use schema::wire::RefusalCode;

/// (zh, en)
pub fn refusal(code: RefusalCode, violations: &[Violation]) -> (String, String) {
    if let Some(violation) = violations.first() {
        return (violation.zh.clone(), violation.en.clone());
    }
    let (zh, en) = match code {
        RefusalCode::Forbidden => (
            "有内容不属于您可填写的范围，未写入工单；已留给调度处理",
            "Some of it is not yours to write; it was kept for the dispatcher",
        ),
        RefusalCode::GateClosed => (
            "步骤次序不允许，未写入工单；已留给调度处理",
            "A rule of the checklist did not allow it; it was kept for the dispatcher",
        ),
        RefusalCode::JobMoved => (
            "工单已改派他人，您此后的记录已署名保留，由调度决定是否采纳",
            "The job is in another technician's hands; what you wrote since is kept under your name, and dispatch decides",
        ),
        RefusalCode::JobClosed => (
            "工单已结束，您此后的记录已署名保留，由调度决定是否采纳",
            "The job is over; what you wrote since is kept under your name, and dispatch decides",
        ),
        RefusalCode::DeviceRevoked => (
            "此设备已停用，记录已保留，由调度决定是否采纳",
            "This device was revoked; what it sent is kept, and dispatch decides",
        ),
        RefusalCode::JobUnknown => (
            "服务器上没有此工单，记录已保留，请联系调度",
            "The server does not know this job; what you wrote is kept, call dispatch",
        ),
        RefusalCode::HandedIn => (
            "由文件交来，未写入工单；由调度决定是否采纳",
            "It was handed in as a file and is not in the job; dispatch decides",
        ),
        RefusalCode::AuthorForged => (
            "记录的署名与登录人不符，未写入工单；已保留",
            "It names another author than the person logged in; it was kept, not taken",
        ),
        RefusalCode::Malformed
        | RefusalCode::TooLarge
        | RefusalCode::ActorForeign
        | RefusalCode::ActorForked
        | RefusalCode::Inconsistent => (
            "数据有损坏，未写入工单；原始数据已保留，请联系调度",
            "The data is damaged and was not taken; it is kept as it came, call dispatch",
        ),
        RefusalCode::Gap => (
            "此前的部分内容服务器上没有，未写入工单；已署名保留，由调度决定是否采纳",
            "It builds on something that the server does not have; it is kept under your name, and dispatch decides",
        ),
    };
    (zh.to_owned(), en.to_owned())
}
