use super::*;
use crate::example::{at, finished, id, person, template};
use crate::people::Language;
use crate::record::{Correction, SignOffKind, Waiver};
use chrono_tz::Asia::Shanghai;

/// As version 1 makes it. If this test fails, signed sheets can't be verified any more: keep the code that makes version 1, and
/// give the new form a new version and a golden file of its own.
const GOLDEN_1: &str = include_str!("golden.v1.json");
const HASH_1: &str = "37766331e9d59567de79d7595dd0b5758123945c44afc444d058f20a7ce1a9af";

fn job() -> JobRecord {
    let mut record = finished();
    let value = "13912345678".to_owned();
    record.corrections.insert(id(1), Correction { field: ReportField::Phone, value, by: person(1), at: at(16) });
    record.diagnosis.cause = Some("阀芯密封圈老化".to_owned());
    record.diagnosis.measures = Some("更换阀芯".to_owned());
    let part = serde_json::json!({
        "code": "FX-35", "name": "35mm陶瓷阀芯", "quantity_milli": 1500, "serial": "A1", "old_part": "returned",
        "by": person(1), "at": at(90),
    });
    record.parts.insert(id(1), serde_json::from_value(part).unwrap());
    let photo = serde_json::json!({
        "step": "diagnose", "bytes": 1000, "width": 10, "height": 10, "by": person(1), "at": at(60),
    });
    record.photos.insert(Hash::of(b"photo").to_string(), serde_json::from_value(photo).unwrap());
    record
}

fn shown(record: &JobRecord) -> Sheet {
    sheet(record, &template())
}

#[test]
fn a_sheet_of_version_1_is_the_same_to_the_byte_for_ever() {
    let sheet = shown(&job());
    assert_eq!(serde_json::to_string_pretty(&sheet).unwrap(), GOLDEN_1.trim_end());
    assert_eq!(sheet.hash().to_string(), HASH_1);
    assert_eq!(serde_json::from_str::<Sheet>(GOLDEN_1).unwrap().hash(), sheet.hash());
}

#[test]
fn the_signature_itself_and_the_farewell_are_no_change_to_what_was_signed() {
    let signed = shown(&job());
    let mut later = job().with_sign_off(1, SignOffKind::Signed, 120).with_mark("sign_off", MarkKind::Done, 121);
    later.notes.insert("repair".to_owned(), "客户很满意".to_owned());
    assert_eq!(changed_after(&signed, &shown(&later)), []);
    assert_eq!(signed_sheet(&later, &template(), signed.hash()), Some(signed));
}

#[test]
fn what_is_changed_after_the_signature_shows_by_its_place() {
    let signed = shown(&job());
    let mut later = job().with_mark("repair", MarkKind::Done, 140).with_charge(1, 60_000, 141);
    later.diagnosis.measures = None;
    let waiver = Waiver { quote: id(1), minor: 100, reason: "迟到".to_owned(), by: person(100), at: at(150) };
    later.waivers.insert(id(1), waiver);
    let now = shown(&later);
    assert_ne!(now.hash(), signed.hash());
    assert_eq!(signed_sheet(&later, &template(), signed.hash()), None);
    let changes = changed_after(&signed, &now);
    let places: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    let waiver = format!("/waivers/{}", id(1));
    let expected = ["/charged_minor", "/due_minor", "/measures", "/steps/repair/mark/at", waiver.as_str()];
    assert_eq!(places, expected);
    assert_eq!((changes[0].before.clone(), changes[0].after.clone()), (Some(8_000.into()), Some(60_000.into())));
    assert_eq!((changes[2].before.clone(), changes[2].after.clone()), (Some("更换阀芯".into()), None));
    assert_eq!(changes[4].before, None);
}

#[test]
fn the_sheet_leaves_the_house_without_the_whole_phone_number() {
    let sheet = shown(&job());
    let phone = &sheet.report["phone"];
    assert_eq!(phone.reported.as_deref(), Some("138****5678"));
    assert_eq!(phone.corrected.as_deref(), Some("139****5678"));
    assert_eq!(mask_phone("010-65432109"), "010-****2109");
    assert_eq!(mask_phone("65432"), "***32");
    assert!(!sheet.report.contains_key("skill"));
}

#[test]
fn a_part_entered_in_error_is_not_on_the_sheet() {
    let mut record = job();
    let mut undo = record.parts[&id(1)].clone();
    undo.undoes = Some(id(1));
    record.parts.insert(id(2), undo);
    assert_eq!(shown(&record).parts.len(), 0);
}

#[test]
fn the_sheet_reads_in_both_languages() {
    let text = shown(&job()).to_text(Language::Chinese, Shanghai);
    for fact in [
        "维修服务任务单  WX-20261122-0007",
        "报修时间：2026-11-22 09:00",
        "电话：139****5678（报修时为 138****5678）",
        "紧急程度：急修",
        "2026-11-22 10:40 · repair · 完成",
        "更换水龙头阀芯（人工）CNY 80.00/次 × 1 = CNY 80.00",
        "更换配件：FX-35 35mm陶瓷阀芯 × 1.5 SN A1, 旧件带回",
        "客户认可：王秀兰 · 现场签字 · 2026-11-22 10:15 · CNY 80.00",
        "维修保修期：自完工之日起3个月",
    ] {
        assert!(text.contains(fact), "{fact} is missing in\n{text}");
    }
    let text = shown(&job()).to_text(Language::English, Shanghai);
    assert!(text.starts_with("Service task sheet  WX-20261122-0007\nReported: 2026-11-22 09:00\n"), "{text}");
    assert!(text.contains("Due: CNY 80.00"), "{text}");
}
