//! What a field of the report can hold, and what a count can: the same for the office's forms, for a technician's phone before the tap, and
//! for the gate that judges what phones send. What is wrong here goes on to the report's row, and makes a job ready for dispatch that nobody
//! can call.

use crate::contact::phone_digits;
use crate::limits::{FIELD_CHARS_MAX, NOTE_CHARS_MAX};
use crate::people::Bilingual;
use crate::record::{Area, ReportField, Urgency};
use chrono::NaiveDate;

/// Digits of a number that can be dialled.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// Why this field can't hold that; none where it can. A blank says that nothing is known, which any field can hold.
pub fn unfit(field: ReportField, value: &str) -> Option<Bilingual> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let chars_max = match field {
        ReportField::Fault | ReportField::Wanted => NOTE_CHARS_MAX,
        _ => FIELD_CHARS_MAX,
    };
    if value.chars().count() > chars_max {
        return said(format!("最多 {chars_max} 个字。"), format!("It has {chars_max} characters at most."));
    }
    // PostgreSQL stores no NUL, and nobody types a control character on purpose.
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return said("含有不可显示的字符。", "It holds characters that can't be shown.");
    }
    match field {
        ReportField::Phone if !PHONE_DIGITS.contains(&phone_digits(value).len()) => {
            said("电话号码应有 3 至 20 位数字。", "A phone number has 3 to 20 digits.")
        }
        ReportField::PurchasedOn if !is_date(value) => {
            said("日期应写成 2026-03-02。", "A date is written as in 2026-03-02.")
        }
        ReportField::Urgency if value.parse::<Urgency>().is_err() => {
            said("请填 urgent（急修）或 general（一般）。", "Urgency is \"urgent\" or \"general\".")
        }
        ReportField::Area if value.parse::<Area>().is_err() => {
            said("请填 own（自用）或 shared（公共）。", "The part is \"own\" or \"shared\".")
        }
        _ => None,
    }
}

fn said(zh: impl Into<String>, en: impl Into<String>) -> Option<Bilingual> {
    Some(Bilingual { zh: zh.into(), en: en.into() })
}

/// In this one form, as it is compared and shown.
fn is_date(text: &str) -> bool {
    date(text).is_some()
}

/// The day that is written so; none where the text has another form.
pub fn date(text: &str) -> Option<NaiveDate> {
    let in_form = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse::<NaiveDate>().ok().filter(|date| in_form && date.to_string() == text)
}

/// The count that was written down: `12`, or `12.0`. None where it is no whole number.
pub fn count(text: &str) -> Option<i64> {
    let text = text.trim();
    let is_zero = |part: &str| part.bytes().all(|byte| byte == b'0');
    let whole = text.split_once('.').map_or(text, |(whole, part)| if is_zero(part) { whole } else { text });
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(field: ReportField, value: &str) -> bool {
        unfit(field, value).is_none()
    }

    #[test]
    fn a_field_holds_what_its_kind_is_and_a_blank() {
        use ReportField::{Address, Area, Fault, Phone, PurchasedOn, Urgency};
        let good = [(Phone, "+86 138-1234-5678"), (PurchasedOn, "2024-02-29"), (Urgency, "general"), (Area, "own")];
        assert!(good.iter().all(|(field, value)| fits(*field, value)));
        let bad = [
            (Phone, "没有电话"),
            (Phone, "12"),
            (PurchasedOn, "昨天"),
            (PurchasedOn, "2023-02-29"),
            (PurchasedOn, "2023-2-28"),
            (PurchasedOn, "+023-02-28"),
            (Urgency, "随便"),
            (Area, "Own"),
            (Address, "幸福路\u{0}"),
        ];
        for (field, value) in bad {
            let said = unfit(field, value).unwrap_or_else(|| panic!("{field} holds {value}"));
            assert!(!said.zh.is_empty() && !said.en.is_empty());
        }
        assert!(ReportField::ALL.iter().all(|field| fits(*field, " \u{3000}")));
        let long = "长".repeat(FIELD_CHARS_MAX + 1);
        assert!(fits(Fault, &long) && !fits(Address, &long));
    }

    #[test]
    fn a_count_is_a_whole_number() {
        assert_eq!(["12", " 12.0 ", "+12", "012"].map(count), [Some(12); 4]);
        assert_eq!(["12.5", "十二", "", ".", "9223372036854775808"].map(count), [None; 5]);
    }
}
