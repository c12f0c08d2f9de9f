//! A day in a cellar: every command opens the folder anew, as a process that was killed after the one before would.

mod checklist;

use crate::cli::Cli;
use crate::off_list::argument;
use crate::{Done, Failure, run};
use clap::Parser as _;
use schema::binary::{Actor, Bytes};
use schema::edit::Edit;
use schema::example;
use schema::id::{DeviceId, EntryId, JobId, OutletId, PersonId, PriceRequestId, ReportId};
use schema::money::Currency;
use schema::people::{Bilingual, Language, PersonName};
use schema::price_request::{PriceAnswer, PriceRequest};
use schema::record::{Assignment, ItemKind, Meta, Report, Urgency};
use schema::reference::{PriceItem, PriceList};
use schema::time::{HOUR, Timestamp, Window};
use std::path::{Path, PathBuf};
use sync::record::Record;
use sync::store::entry::{Identity, ReferenceKind, SnapshotKind};
use sync::store::{Entry, FileStore, Store as _};
use uuid::Uuid;

const JOB: JobId = JobId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007));
const ME: PersonId = PersonId(Uuid::from_u128(2));
const MORNING: Timestamp = Timestamp::from_micros(1_790_000_000_000_000);

fn record(template_version: u32) -> Bytes {
    let meta = Meta {
        job: JOB,
        outlet: OutletId(Uuid::from_u128(8)),
        report: ReportId(Uuid::from_u128(9)),
        reported_at: MORNING,
        opened_by: PersonId(Uuid::from_u128(1)),
        template_version,
        ..example::meta()
    };
    let text = |text: &str| Some(text.to_owned());
    let report = Report {
        name: text("王秀兰"),
        phone: text("13812345678"),
        address: text("幸福路12号3单元502"),
        fault: text("厨房水龙头漏水"),
        urgency: Some(Urgency::General),
        ..Report::default()
    };
    let assignment = Assignment {
        technician: ME,
        technician_name: "李强".to_owned(),
        window: Some(Window { from: MORNING.plus(2 * HOUR), to: MORNING.plus(4 * HOUR) }),
        by: PersonId(Uuid::from_u128(1)),
        at: MORNING,
        reason: None,
    };
    let mut record = Record::new();
    let open = Edit::Open { meta: Box::new(meta), report: Box::new(report) };
    let assign = Edit::Assign { id: EntryId::new([1; 10]), assignment };
    record.write(Actor([1; 16]), MORNING, &[open]).unwrap();
    record.write(Actor([1; 16]), MORNING, &[assign]).unwrap();
    Bytes(record.save())
}

fn price_list() -> String {
    let item = |code: &str, zh: &str, kind: ItemKind, price_minor: i64| PriceItem {
        barcode: None,
        code: code.to_owned(),
        name: Bilingual { zh: zh.to_owned(), en: code.to_owned() },
        unit: "次".to_owned(),
        kind,
        price_minor,
        destroys_data: false,
        setup: false,
        valid_from: None,
        valid_to: None,
    };
    let items = vec![
        item("LAB-01", "更换阀芯", ItemKind::Labour, 8_000),
        item("MAT-01", "陶瓷阀芯", ItemKind::Part, 3_550),
        PriceItem { destroys_data: true, ..item("PC-01", "系统重装", ItemKind::Labour, 9_000) },
        PriceItem { setup: true, ..item("PC-02", "软件调试", ItemKind::Labour, 6_000) },
    ];
    let list = PriceList { version: 3, name: "2026".to_owned(), currency: Currency::CNY, items };
    serde_json::to_string(&list).unwrap()
}

/// A phone that synced in the morning. `device` tells two phones apart.
fn synced(folder: &Path, device: u128) {
    synced_with(folder, device, 1);
}

/// The same with a job that began with this version of its checklist.
fn synced_with(folder: &Path, device: u128, version: u32) {
    let mut store = FileStore::open_folder(folder).unwrap();
    let identity = Identity {
        server: "http://127.0.0.1:1".to_owned(),
        device: DeviceId(Uuid::from_u128(device)),
        person: ME,
        login: "li".to_owned(),
        name: "李强".to_owned(),
        outlet: None,
        setup: None,
    };
    store
        .append(&[
            Entry::Key(Bytes(vec![7; 32])),
            Entry::Identity(identity),
            Entry::Reference { kind: ReferenceKind::PriceList, version: 3, json: price_list() },
            Entry::Snapshot { job: JOB, document: record(version), kind: SnapshotKind::Granted },
        ])
        .unwrap();
}

struct Phone {
    folder: tempfile::TempDir,
}

impl Phone {
    fn new() -> Self {
        Self::with_version(1)
    }

    fn with_version(version: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        synced_with(&folder.path().join("data"), 3, version);
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn try_run(&self, words: &[&str]) -> Result<Done, Failure> {
        let data = self.path("data");
        let start = ["phone", "--folder", data.to_str().unwrap(), "--zone", "Asia/Shanghai"];
        run(Cli::try_parse_from(start.iter().chain(words)).unwrap())
    }

    fn run(&self, words: &[&str]) -> String {
        let done = self.try_run(words);
        done.unwrap_or_else(|failure| panic!("{words:?}: {}", failure.message(Language::Chinese))).text
    }

    fn refused(&self, words: &[&str]) -> (u8, String) {
        let failure = self.try_run(words).map(|done| done.text).unwrap_err();
        (failure.code(), failure.message(Language::Chinese))
    }
}

#[test]
fn a_visit_is_carried_out_with_no_server_and_its_rules_hold() {
    let phone = Phone::new();
    assert!(phone.run(&["list"]).contains("王秀兰"));
    phone.run(&["do", "0007", "accept"]);
    phone.run(&["do", "0007", "3"]);
    phone.run(&["reading", "0007", "lay_out", "tools_out", "12"]);
    let (code, sentence) = phone.refused(&["do", "0007", "repair"]);
    assert_eq!(code, 1);
    assert!(sentence.contains("认可"), "{sentence}");

    let quote = phone.run(&["quote", "0007", "LAB-01", "MAT-01*2"]);
    assert!(quote.contains("CNY 151.00"), "{quote}");
    phone.run(&["consent", "0007", "--name", "王秀兰", "--demo-stroke"]);
    phone.run(&["do", "0007", "repair"]);
    phone.run(&["part", "0007", "MAT-01", "2", "--old", "left_with_customer"]);
    phone.run(&["cause", "0007", "阀芯老化"]);
    phone.run(&["play", "0007", "testing", "fix_unsure"]);
    let sign = ["sign", "0007", "--name", "王秀兰", "--demo-stroke", "--quality", "5"];
    let (code, sentence) = phone.refused(&sign);
    assert_eq!(code, 1);
    assert!(sentence.contains("试机"), "{sentence}");

    phone.run(&["reading", "0007", "testing", "function_result", "正常"]);
    phone.run(&["do", "0007", "testing"]);
    phone.run(&["reading", "0007", "cleanup", "tools_in", "12"]);
    phone.run(&["do", "0007", "cleanup"]);
    phone.run(&["charge", "0007"]);
    let sheet = phone.run(&["sheet", "0007"]);
    let hash = sheet.trim_end().rsplit('：').next().unwrap().to_owned();
    let (code, _) = phone.refused(&[&sign[..], &["--sheet", "0000"]].concat());
    assert_eq!(code, 1, "a signature goes under the sheet that was shown");
    phone.run(&[&sign[..], &["--sheet", &hash[..12]]].concat());

    let shown = phone.run(&["show", "0007"]);
    assert!(shown.contains("王秀兰 已签字") && shown.contains(&hash[..12]), "{shown}");
    assert!(phone.run(&["status"]).contains("未发送：15 项修改"), "{}", phone.run(&["status"]));
    assert!(phone.run(&["history", "0007"]).contains("diagnosis/cause"));
    assert_eq!(phone.refused(&["sync"]).0, 4, "it can't sync with no session, and loses nothing");
    assert!(phone.run(&["list"]).contains("未发送15"));
}

#[test]
fn work_that_destroys_data_waits_for_the_signature_under_the_words_that_were_shown() {
    let phone = Phone::new();
    assert_eq!(phone.refused(&["backup", "0007", "--copy", "none"]).0, 1, "nothing is accepted that needs one");
    let set_up = phone.refused(&["quote", "0007", "PC-02", "--installed-on", "昨天"]).1;
    assert!(set_up.contains("昨天"), "{set_up}");
    phone.run(&["correct", "0007", "purchased_on", "2020-03-02"]);
    let early = phone.refused(&["quote", "0007", "PC-02", "--installed-on", "2020-03-01"]).1;
    assert!(early.contains("2020-03-01 早于购买日期 2020-03-02"), "{early}");
    // Long ago, and unknown: charged, and it says why.
    let quote = phone.run(&["quote", "0007", "PC-01", "PC-02", "--installed-on", "2020-03-02"]);
    assert!(quote.contains("CNY 150.00") && quote.contains("2020-03-02 安装，自 2020-06-03 起收费"), "{quote}");
    phone.run(&["consent", "0007", "--name", "王秀兰", "--demo-stroke"]);
    assert!(phone.refused(&["do", "0007", "repair"]).1.contains("数据备份确认"));
    assert_eq!(phone.refused(&["backup", "0007", "--copy", "maybe"]).0, 1);
    let shown = phone.run(&["backup", "0007", "--copy", "customer", "--shown-in", "en"]);
    assert!(shown.contains("What may be lost") && shown.contains("系统重装 (1 次)"), "{shown}");
    assert!(phone.refused(&["do", "0007", "repair"]).1.contains("数据备份确认"), "shown is not signed");
    phone.run(&["backup", "0007", "--copy", "customer", "--shown-in", "en", "--name", "Wang", "--demo-stroke"]);
    phone.run(&["do", "0007", "repair"]);
    assert!(phone.run(&["sheet", "0007"]).contains("数据备份确认：Wang"));
    assert!(phone.run(&["history", "0007"]).contains("backup_consents/"));
}

#[test]
fn work_on_no_list_carries_the_risk_that_the_supervisor_named() {
    let phone = Phone::new();
    let by = PersonName { id: PersonId(Uuid::from_u128(5)), name: "陆志明".to_owned() };
    let answer = PriceAnswer {
        feasible: true,
        unit: Some("块".to_owned()),
        price_minor: Some(90_000),
        currency: None,
        remark: None,
        destroys_data: true,
        by: by.clone(),
        at: MORNING,
    };
    let request = PriceRequest {
        id: PriceRequestId(Uuid::from_u128(6)),
        outlet: OutletId(Uuid::from_u128(8)),
        job: JOB,
        number: "WX-20261122-0007".to_owned(),
        currency: Currency::CNY,
        text: "换主板|含*数据".to_owned(),
        asked_by: by,
        asked_at: MORNING,
        due_at: MORNING,
        is_late: false,
        answer: None,
    };
    let named =
        |destroys_data| argument(&request, (90_000, Currency::CNY), &PriceAnswer { destroys_data, ..answer.clone() });
    for (line, waits) in [(named(false), false), (named(true), true)] {
        let quote = phone.run(&["quote", "0007", "--off-list", &line]);
        assert!(quote.contains("CNY 900.00") && quote.contains("换主板含数据"), "{quote}");
        phone.run(&["consent", "0007", "--name", "王秀兰", "--demo-stroke"]);
        assert_eq!(phone.try_run(&["backup", "0007", "--copy", "none"]).is_ok(), waits, "{line}");
    }
    assert!(phone.refused(&["do", "0007", "repair"]).1.contains("数据备份确认"));
    let odd = named(true).replace("|data", "|dust");
    assert!(phone.refused(&["quote", "0007", "--off-list", &odd]).1.contains("dust"));
}

#[test]
fn nothing_is_taken_away_without_a_signed_receipt_and_what_is_owed_is_said() {
    let phone = Phone::new();
    assert!(phone.refused(&["hand-back", "0007", "--condition", "如前"]).1.contains("没有未结的拉修凭证"));
    phone.run(&["hold", "0007", "workshop", "--reason", "现场查不清原因"]);
    assert!(phone.run(&["show", "0007"]).contains("还没有客户签字的凭证"));
    let take = ["take-back", "0007", "--product", "台式电脑", "--serial", "PC0042", "--condition", "外壳有划痕"];
    let data =
        ["--configuration", "i5，8G 内存", "--copy", "customer", "--loaner", "笔记本", "--loaner-serial", "ZZ-07"];
    let all = |more: &[&'static str]| [&take[..], &data, more].concat();
    let shown = phone.run(&all(&["--return-on", "2999-01-31"]));
    assert!(shown.contains("取走物品：台式电脑，机身编号 PC0042") && shown.contains("我已自行备份"), "{shown}");
    assert!(phone.run(&["show", "0007"]).contains("还没有客户签字的凭证"), "shown is not signed");
    let early = phone.refused(&all(&["--return-on", "2020-01-31", "--name", "王秀兰", "--demo-stroke"]));
    assert!(early.1.contains("不早于取走日期"), "{early:?}");
    let unsigned = phone.refused(&all(&["--return-on", "2999-01-31", "--name", "王秀兰"]));
    assert!(unsigned.1.contains("签字"), "{unsigned:?}");
    phone.run(&all(&["--return-on", "2999-01-31", "--name", "王秀兰", "--demo-stroke"]));
    let shown = phone.run(&["show", "0007"]);
    assert!(!shown.contains("还没有客户签字的凭证"), "{shown}");
    assert!(shown.contains("台式电脑 · 未归还 · 约定 2999-01-31 归还 · 周转机 笔记本（在客户处，未收回）"), "{shown}");

    let back = |more: &[&'static str]| [&["hand-back", "0007", "--condition", "开机正常"][..], more].concat();
    assert!(phone.run(&back(&["--shown-in", "en"])).contains("and handed in the loaner"));
    phone.run(&back(&["--what", "product", "--name", "王秀兰", "--demo-stroke"]));
    assert!(phone.refused(&back(&["--what", "both", "--name", "王", "--demo-stroke"])).1.contains("已交还"));
    assert!(
        phone.run(&["show", "0007"]).contains("已归还") && phone.run(&["sheet", "0007"]).contains("在客户处，未收回")
    );
    phone.run(&back(&["--name", "王秀兰", "--unsigned", "客户赶时间"]));
    let sheet = phone.run(&["sheet", "0007"]);
    assert!(sheet.contains("周转机：笔记本（已收回）") && sheet.contains("未签字：客户赶时间"), "{sheet}");
    assert!(phone.run(&["history", "0007"]).contains("hand_backs/"));
}

#[test]
fn logging_out_is_refused_while_something_is_unsent_and_a_file_brings_it_back() {
    let phone = Phone::new();
    phone.run(&["note", "0007", "listen", "客户说昨晚开始漏水"]);
    assert_eq!(phone.refused(&["logout"]).0, 7);
    let file = phone.path("unsent.json");
    let file = file.to_str().unwrap();
    phone.run(&["logout", "--force-into", file]);
    assert!(phone.run(&["list"]).contains("没有工单"));

    synced(&phone.path("data"), 3);
    let said = phone.run(&["import", file]);
    assert!(!said.contains("另一部手机") && !said.contains("不是您的"), "{said}");
    assert!(phone.run(&["show", "0007"]).contains("昨晚开始漏水"));
    assert!(phone.run(&["status"]).contains("未发送：1 项修改"));
    assert_eq!(phone.refused(&["logout", "--force-into", file]).0, 1, "an earlier file is not overwritten");
}

#[test]
fn a_file_from_elsewhere_is_taken_with_a_word_on_what_becomes_of_it() {
    let phone = Phone::new();
    phone.run(&["note", "0007", "listen", "客户说昨晚开始漏水"]);
    let file = phone.path("unsent.json");
    phone.run(&["logout", "--force-into", file.to_str().unwrap()]);
    synced(&phone.path("data"), 3);
    let mut unsent: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let mut altered = |field: &str| {
        unsent[field] = serde_json::json!("018f3c5e-0000-7000-8000-000000000099");
        let path = phone.path(&format!("{field}.json"));
        std::fs::write(&path, unsent.to_string()).unwrap();
        phone.run(&["import", path.to_str().unwrap()])
    };
    assert!(altered("device").contains("另一部手机"));
    assert!(altered("person").contains("不是您的"));
}

#[test]
fn a_photo_lies_in_the_folder_before_the_record_names_it() {
    let phone = Phone::new();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0".to_vec();
    png.extend([0; 64]);
    std::fs::write(phone.path("a.png"), &png).unwrap();
    let said = phone.run(&["photo", "0007", "diagnose", phone.path("a.png").to_str().unwrap()]);
    assert!(said.contains("640×480"), "{said}");
    assert!(phone.run(&["status"]).contains("待上传照片：1 张"));
    std::fs::write(phone.path("b.png"), b"shopping").unwrap();
    assert_eq!(phone.refused(&["photo", "0007", "diagnose", phone.path("b.png").to_str().unwrap()]).0, 1);
    let mut store = FileStore::open_folder(&phone.path("data")).unwrap();
    assert_eq!(store.find_blob(schema::binary::Hash::of(&png)).unwrap(), Some(png));
}

#[test]
fn photos_are_saved_beside_the_file_and_taken_back_with_it() {
    let phone = Phone::new();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0".to_vec();
    png.extend([0; 6_000]);
    std::fs::write(phone.path("a.png"), &png).unwrap();
    phone.run(&["photo", "0007", "diagnose", phone.path("a.png").to_str().unwrap()]);
    let file = phone.path("unsent.json");
    let said = phone.run(&["logout", "--force-into", file.to_str().unwrap()]);
    assert!(said.contains("1 张照片") && said.contains("unsent.json.photos"), "{said}");
    assert!(
        std::fs::metadata(&file).unwrap().len() < 4_000,
        "the file holds no picture: it is handed in as one request"
    );
    synced(&phone.path("data"), 3);
    let said = phone.run(&["import", file.to_str().unwrap()]);
    assert!(said.contains("1 张照片"), "{said}");
    assert!(phone.run(&["status"]).contains("待上传照片：1 张"));
    let mut store = FileStore::open_folder(&phone.path("data")).unwrap();
    assert_eq!(store.find_blob(schema::binary::Hash::of(&png)).unwrap(), Some(png));
}

#[test]
fn what_does_not_name_one_job_or_step_is_said_and_nothing_is_written() {
    let phone = Phone::new();
    assert_eq!(phone.refused(&["do", "9999", "accept"]).0, 1);
    assert!(phone.refused(&["do", "0007", "dance"]).1.contains("accept"));
    assert_eq!(phone.refused(&["skip", "0007", "lay_out"]).0, 1, "a skip needs a reason");
    assert_eq!(phone.refused(&["quote", "0007", "XX-1"]).0, 1);
    assert_eq!(phone.refused(&["charge", "0007"]).0, 1);
    assert!(phone.run(&["status"]).contains("未发送：0 项修改"));
    let _held = FileStore::open_folder(&phone.path("data")).unwrap();
    assert_eq!(phone.refused(&["status"]).0, 6, "one process at a time");
}
