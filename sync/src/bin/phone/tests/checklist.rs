//! A job whose checklist has not come yet: it is shown and keeps what belongs to the visit as a whole; what takes the checklist says so.

use super::*;
use schema::template::{WHOLE_VISIT, find_shipped};

const MISSING: &str = "流程还没有下载到本机";

/// The checklist comes, as a sync brings it.
fn comes(phone: &Phone, version: u32) {
    let mut template = find_shipped("home_repair", 1).unwrap().clone();
    template.version = version;
    let json = serde_json::to_string(&template).unwrap();
    let mut store = FileStore::open_folder(&phone.path("data")).unwrap();
    store.append(&[Entry::Reference { kind: ReferenceKind::Template, version: 0, json }]).unwrap();
}

#[test]
fn without_its_checklist_a_job_is_shown_and_keeps_what_belongs_to_the_whole_visit() {
    let phone = Phone::with_version(2);
    let listed = phone.run(&["list"]);
    assert!(listed.contains("王秀兰") && listed.contains("数据不完整"), "{listed}");
    phone.run(&["note", "0007", WHOLE_VISIT, "门禁密码 1234#"]);
    phone.run(&["alarm", "0007", "客户拦住不让走"]);
    phone.run(&["hold", "0007", "customer", "--reason", "客户临时外出"]);
    phone.run(&["correct", "0007", "address", "幸福路12号3单元602"]);
    let shown = phone.run(&["show", "0007"]);
    for said in ["厨房水龙头漏水", "幸福路12号3单元602", "客户临时外出", MISSING, "整次上门: 门禁密码 1234#"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // Nothing of it lies at a step that may not be there, and nobody signs a sheet that nobody can show.
    let needing: [&[&str]; 6] = [
        &["do", "0007", "accept"],
        &["note", "0007", "listen", "漏水"],
        &["show", "0007", "--step", "repair"],
        &["reading", "0007", "testing", "function_result", "正常"],
        &["sheet", "0007"],
        &["sign", "0007", "--name", "王秀兰", "--demo-stroke"],
    ];
    for words in needing {
        let (code, sentence) = phone.refused(words);
        assert!(code == 1 && sentence.contains(MISSING), "{words:?}: {sentence}");
    }
    assert!(phone.run(&["status"]).contains("未发送：4 项修改"), "{}", phone.run(&["status"]));
}

#[test]
fn once_it_has_come_the_visit_goes_on_by_it_and_what_was_noted_stays() {
    let phone = Phone::with_version(2);
    phone.run(&["note", "0007", WHOLE_VISIT, "钥匙在门卫"]);
    comes(&phone, 3);
    assert_eq!(phone.refused(&["do", "0007", "accept"]).0, 1, "another version is not this job's");
    comes(&phone, 2);
    assert!(!phone.run(&["list"]).contains("数据不完整"));
    phone.run(&["do", "0007", "accept"]);
    let (code, sentence) = phone.refused(&["do", "0007", "repair"]);
    assert!(code == 1 && sentence.contains("认可"), "its gates hold: {sentence}");
    let shown = phone.run(&["show", "0007"]);
    assert!(shown.contains("钥匙在门卫") && !shown.contains(MISSING), "{shown}");
}
