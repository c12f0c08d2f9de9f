//! What a take-back receipt must say, and how it may end.

use super::entry::{is_filled, name, reason, strokes};
use super::{Broken, Rule, unless};
use crate::field::date;
use crate::id::EntryId;
use crate::record::{HandBack, HandBackKind, JobRecord, TakeBack};

/// All of it stated, dates that can be, and the customer's hand under exactly these words. Who does not sign keeps their product.
pub fn take_back(record: &JobRecord, receipt: &TakeBack) -> Vec<Broken> {
    let needed = [&receipt.product, &receipt.condition].into_iter();
    let needed = needed.chain(receipt.computer.iter().map(|computer| &computer.configuration));
    let needed: Vec<&String> = needed.chain(receipt.loaner.iter().map(|loaner| &loaner.name)).collect();
    let mut broken = unless(needed.iter().all(|text| is_filled(Some(text))), || {
        let zh = "凭证要写明取走的物品和取走时状况；电脑要写明配置，提供周转机的要写明是什么。";
        let en = "A receipt says what is taken and in which condition; of a computer its configuration, of a loaner what it is.";
        Broken::new(Rule::ValueUnfit, zh, en)
    });
    let loaner_serial = receipt.loaner.as_ref().and_then(|loaner| loaner.serial.as_ref());
    let said = [&receipt.model, &receipt.serial, &receipt.accessories].into_iter().flatten().chain(loaner_serial);
    broken.extend(one_line(needed.into_iter().chain(said)));
    broken.extend(dates(receipt));
    broken.extend(unless(record.receipt_fits(receipt), || {
        let zh = "凭证文字与所填内容不符，请重新打开后再请客户签字。";
        let en = "The receipt's words are not what was filled in; open it again and have it signed anew.";
        Broken::new(Rule::ReceiptChanged, zh, en)
    }));
    broken.extend(name(&receipt.name));
    broken.extend(strokes(receipt.strokes.as_ref()));
    broken
}

/// What is broken over several lines could pass for another line of the receipt.
fn one_line<'a>(mut said: impl Iterator<Item = &'a String>) -> Vec<Broken> {
    unless(said.all(|text| !text.chars().any(char::is_control)), || {
        let zh = "凭证的每项内容请写在一行内。";
        Broken::new(Rule::ValueUnfit, zh, "Each thing on a receipt is said in one line.")
    })
}

/// Taken on the day of the signature, give or take the calendar's difference, and promised for no earlier day.
fn dates(receipt: &TakeBack) -> Vec<Broken> {
    let signed = receipt.at.to_utc().date_naive();
    let taken = date(&receipt.taken_on).filter(|day| (*day - signed).num_days().abs() <= 1);
    let mut broken = unless(taken.is_some(), || {
        let zh = "取走日期应为签字当天，写成 2026-03-02。";
        Broken::new(Rule::ValueUnfit, zh, "It is taken on the day of the signature, written as in 2026-03-02.")
    });
    broken.extend(unless(
        date(&receipt.return_on) >= date(&receipt.taken_on) && date(&receipt.return_on).is_some(),
        || {
            let zh = "约定归还日期应写成 2026-03-02，且不早于取走日期。";
            let en = "The day of return is written as in 2026-03-02, and is not before the day it is taken.";
            Broken::new(Rule::ValueUnfit, zh, en)
        },
    ));
    broken
}

/// Ends a receipt that is there, in what is still open of it, under exactly its words: with the customer's hand, or the reason why not.
pub fn hand_back(record: &JobRecord, id: &EntryId, end: &HandBack) -> Vec<Broken> {
    if !record.take_backs.contains_key(&end.receipt) {
        let zh = "找不到这张拉修凭证，请重新选择。";
        return vec![Broken::new(Rule::ReceiptUnknown, zh, "There is no such take-back receipt; choose it again.")];
    }
    let out = record.out_without(&end.receipt, Some(id));
    let is_open = match end.kind {
        HandBackKind::Product => out.product,
        HandBackKind::Both => out.product && out.loaner,
        HandBackKind::Loaner => out.loaner,
    };
    let mut broken = unless(is_open, || {
        let zh = "此拉修凭证所列物品已交还，不能再次交还。";
        let en = "What this receipt is for is back already; it can't be handed back again.";
        Broken::new(Rule::ReceiptEnded, zh, en)
    });
    broken.extend(unless(is_filled(Some(&end.condition)), || {
        Broken::new(Rule::ValueUnfit, "请写明交还时状况。", "Say in which condition it was handed over.")
    }));
    broken.extend(one_line(std::iter::once(&end.condition)));
    broken.extend(unless(record.hand_back_fits(end), || {
        let zh = "交还确认的文字与所填内容不符，请重新打开后再请客户签字。";
        let en = "The words are not what was filled in; open it again and have it signed anew.";
        Broken::new(Rule::ReceiptChanged, zh, en)
    }));
    broken.extend(name(&end.name));
    match &end.strokes {
        Some(drawn) => broken.extend(strokes(Some(drawn))),
        None => broken.extend(reason(end.reason.as_deref().unwrap_or_default())),
    }
    broken
}
