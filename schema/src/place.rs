//! Places of a record and what stands there, in the field's words: for whoever reads what was refused, or what two people wrote at once,
//! and does not think in paths.

use crate::backup::said_of_copy;
use crate::money::{Currency, Money};
use crate::people::{Bilingual, Language};
use crate::record::{
    Alarm, BackupConsent, Charge, Consent, Correction, Decision, DecisionKind, HandBack, HandBackKind, Hold, Mark,
    MarkKind, Part, Play, Quote, Reading, Reply, ReplyKind, SignOff, SignOffKind, TakeBack, Withdrawal,
};
use crate::take_back::said_of_kind;
use crate::template::{Template, WHOLE_VISIT};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual { zh: zh.into(), en: en.into() }
}

/// What a step is called: as the checklist has it, where that is at hand, else by its id.
pub fn step_name(step: &str, template: Option<&Template>) -> Bilingual {
    if step == WHOLE_VISIT {
        return both("整次上门", "the visit as a whole");
    }
    let known = template.and_then(|template| template.step(step)).map(|step| step.name.clone());
    known.unwrap_or_else(|| both(step, step))
}

/// What the place is called. A step is named as the checklist names it, where that is at hand.
pub fn name(path: &[String], template: Option<&Template>) -> Bilingual {
    let (map, key) = (path.first().map_or("", String::as_str), path.get(1).map_or("", String::as_str));
    let step = || step_name(key, template);
    match map {
        "marks" => both(format!("“{}”的勾选", step().zh), format!("the tick at \"{}\"", step().en)),
        "notes" => both(format!("“{}”的备注", step().zh), format!("the note at \"{}\"", step().en)),
        "diagnosis" if key == "cause" => both("故障原因", "the cause"),
        "diagnosis" => both("维修措施", "the measures"),
        "report" => both("报修信息", "the report"),
        _ => {
            let (zh, en) = entry_name(map);
            both(zh, en)
        }
    }
}

fn entry_name(map: &str) -> (&'static str, &'static str) {
    match map {
        "corrections" => ("报修信息更正", "a correction of the report"),
        "assignments" | "assigned" => ("派工", "the assignment"),
        "decisions" => ("工单处理决定", "a decision about the job"),
        "holds" => ("挂起", "a wait"),
        "releases" => ("解除挂起", "the end of a wait"),
        "delays" => ("晚到告知", "word of a delay"),
        "replies" => ("客户对晚到的答复", "what the customer says to a delay"),
        "site" => ("客户位置", "where the customer is"),
        "photos" => ("照片", "a photo"),
        "readings" => ("读数", "a reading"),
        "plays" => ("突发情况", "something that happened"),
        "parts" => ("配件", "a part"),
        "quotes" => ("报价", "a quote"),
        "withdrawals" => ("撤回报价", "the withdrawal of a quote"),
        "consents" => ("客户认可", "the customer's consent"),
        "backup_consents" => ("数据备份确认", "the backup consent"),
        "take_backs" => ("拉修凭证", "a take-back receipt"),
        "hand_backs" => ("交还确认", "a hand-back"),
        "waivers" => ("减免", "a waiver"),
        "charges" => ("收费", "the charge"),
        "payments" => ("收款", "a payment"),
        "sign_offs" => ("客户签字", "the customer's signature"),
        "refusals" => ("客户不认可", "the customer's refusal"),
        "ratings" => ("客户评价", "the customer's marks"),
        "alarms" => ("紧急求助", "a call for help"),
        "breaches" => ("超时原因", "why a clock was missed"),
        "rulings" => ("主管认定", "the supervisor's ruling"),
        "adoptions" => ("补录处理", "what became of work not taken over"),
        "rework" => ("返修认定", "the finding of rework"),
        "meta" => ("工单基本信息", "what the job was opened with"),
        _ => ("无法识别的内容", "what can't be read"),
    }
}

/// What stands there, as one would say it; as JSON where nobody says it better.
pub fn words(path: &[String], value: Option<&Value>) -> Bilingual {
    let Some(value) = value else { return both("（空）", "(nothing)") };
    if let Value::String(text) = value {
        return both(text, text);
    }
    let told = match path.first().map_or("", String::as_str) {
        "marks" => read(value).map(|mark| mark_words(&mark)),
        "readings" => read(value).map(|r: Reading| plain(format!("{} {} {}", r.name, r.value, r.unit))),
        "parts" => read(value).map(|p: Part| plain(format!("{} ×{}", p.name, quantity(p.quantity_milli)))),
        "quotes" => read(value).map(|quote: Quote| money(quote.total_minor, quote.currency)),
        "charges" => read(value).map(|charge: Charge| money(charge.due_minor, charge.currency)),
        "consents" => read(value).map(|consent: Consent| {
            let total = Money { minor: consent.total_minor, currency: consent.currency };
            both(format!("{}认可{total}", consent.name), format!("{} accepts {total}", consent.name))
        }),
        "backup_consents" => read(value).map(|backup: BackupConsent| {
            let (zh, en) = (said_of_copy(backup.copy, Language::Chinese), said_of_copy(backup.copy, Language::English));
            let name = backup.name;
            both(format!("{name}签字确认：{zh}"), format!("signed by {name}: {en}"))
        }),
        "take_backs" => read(value).map(|receipt| take_back_words(&receipt)),
        "hand_backs" => read(value).map(|end| hand_back_words(&end)),
        "sign_offs" => read(value).map(|sign_off| sign_off_words(&sign_off)),
        "corrections" => read(value).map(|correction: Correction| plain(correction.value)),
        "holds" => read(value).map(|hold: Hold| plain(hold.reason)),
        "withdrawals" => read(value).map(|withdrawal: Withdrawal| {
            let reason = withdrawal.reason;
            both(format!("撤回报价：{reason}"), format!("the quote is withdrawn: {reason}"))
        }),
        "alarms" => read(value).map(|alarm: Alarm| plain(alarm.reason)),
        "replies" => read(value).map(|reply: Reply| reply_words(&reply)),
        "plays" => read(value).map(|play: Play| plain(play.note.unwrap_or(play.play))),
        "decisions" => read(value).map(|decision| decision_words(&decision)),
        _ => None,
    };
    told.unwrap_or_else(|| plain(value.to_string()))
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

fn plain(text: String) -> Bilingual {
    Bilingual { zh: text.clone(), en: text }
}

fn money(minor: i64, currency: Currency) -> Bilingual {
    plain(Money { minor, currency }.to_string())
}

fn quantity(milli: i64) -> String {
    let (whole, part) = (milli / 1_000, milli % 1_000);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:03}").trim_end_matches('0').to_owned() }
}

fn mark_words(mark: &Mark) -> Bilingual {
    let (zh, en) = match mark.kind {
        MarkKind::Done => ("完成", "done"),
        MarkKind::Skipped => ("跳过", "skipped"),
        MarkKind::NotApplicable => ("不适用", "not applicable"),
        MarkKind::Failed => ("未通过", "failed"),
        MarkKind::Open => ("撤回", "taken back"),
    };
    match mark.reason.as_deref().filter(|reason| !reason.is_empty()) {
        Some(reason) => both(format!("{zh}（{reason}）"), format!("{en} ({reason})")),
        None => both(zh, en),
    }
}

fn sign_off_words(sign_off: &SignOff) -> Bilingual {
    let name = &sign_off.name;
    match sign_off.kind {
        SignOffKind::Signed => both(format!("{name}签字"), format!("signed by {name}")),
        SignOffKind::Declined => {
            let reason = sign_off.reason.as_deref().unwrap_or_default();
            both(format!("{name}拒签：{reason}"), format!("{name} declined to sign: {reason}"))
        }
    }
}

fn take_back_words(receipt: &TakeBack) -> Bilingual {
    let (name, product, day) = (&receipt.name, &receipt.product, &receipt.return_on);
    let lent = receipt.loaner.as_ref().map(|loaner| &loaner.name);
    both(
        format!(
            "{name}签字，取走{product}，约定{day}归还{}",
            lent.map_or_else(String::new, |lent| format!("，周转机：{lent}"))
        ),
        format!(
            "signed by {name}: {product} is taken, to be returned on {day}{}",
            lent.map_or_else(String::new, |lent| format!("; loaner: {lent}"))
        ),
    )
}

fn hand_back_words(end: &HandBack) -> Bilingual {
    let (name, lent) = (&end.name, end.kind != HandBackKind::Product);
    let said = |language| said_of_kind(end.kind, lent, language);
    let (zh, en) = (said(Language::Chinese), said(Language::English));
    match end.reason.as_deref().filter(|_| end.strokes.is_none()) {
        Some(reason) => both(format!("{zh}未签字：{reason}"), format!("{en} Not signed: {reason}")),
        None => both(format!("{zh}{name}签字"), format!("{en} Signed by {name}")),
    }
}

fn reply_words(reply: &Reply) -> Bilingual {
    let (zh, en) = match reply.kind {
        ReplyKind::Told => ("已告知客户", "the customer was told"),
        ReplyKind::Seen => ("客户已打开页面", "the customer opened their page"),
        ReplyKind::Agreed => ("客户同意新时间", "the customer agrees to the new time"),
        ReplyKind::SomeoneElse => ("客户要求换人", "the customer wants somebody else"),
    };
    match reply.note.as_deref().filter(|note| !note.is_empty()) {
        Some(note) => both(format!("{zh}（{note}）"), format!("{en} ({note})")),
        None => both(zh, en),
    }
}

fn decision_words(decision: &Decision) -> Bilingual {
    let (zh, en) = match decision.kind {
        DecisionKind::SolvedRemotely => ("电话解决", "solved remotely"),
        DecisionKind::Cancelled => ("取消", "cancelled"),
        DecisionKind::Reopened => ("重新打开", "re-opened"),
        DecisionKind::Closed => ("结单", "closed"),
        DecisionKind::Proved => ("验证通过", "proved"),
    };
    both(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::find_shipped;

    fn path(map: &str, key: &str) -> Vec<String> {
        vec![map.to_owned(), key.to_owned()]
    }

    #[test]
    fn a_step_is_named_as_the_checklist_names_it() {
        let template = find_shipped("home_repair", 1).unwrap();
        assert_eq!(name(&path("marks", "knock"), Some(template)).zh, "“敲门”的勾选");
        assert_eq!(name(&path("notes", "unheard_of"), Some(template)).zh, "“unheard_of”的备注");
        assert_eq!(name(&path("notes", WHOLE_VISIT), None).zh, "“整次上门”的备注");
        assert_eq!(name(&[], None).zh, "无法识别的内容");
    }

    #[test]
    fn what_stands_there_is_said_and_not_spelled() {
        let mark = serde_json::json!({"kind": "skipped", "by": uuid::Uuid::nil(), "at": "2026-01-01T00:00:00Z", "reason": "没带工具"});
        assert_eq!(words(&path("marks", "repair"), Some(&mark)).zh, "跳过（没带工具）");
        assert_eq!(words(&path("notes", "repair"), Some(&Value::from("漏水"))).en, "漏水");
        assert_eq!(
            words(&path("marks", "repair"), Some(&Value::from(3))).en,
            "3",
            "what is misshapen is shown as it is"
        );
        assert_eq!(quantity(2_500), "2.5");
    }
}
