//! Take-back receipts: in the words that their facts make, and none left out.

use super::*;
use schema::record::TakeBack;

fn honest() -> Sample {
    sample_of(take_back())
}

#[test]
fn a_receipt_and_its_end_are_told_word_for_word_with_whose_device_signed_them() {
    let report = verify(honest().bytes().as_slice(), None).unwrap();
    let [receipt] = report.take_backs.as_slice() else { panic!() };
    let [end] = report.hand_backs.as_slice() else { panic!() };
    assert_eq!((receipt.written.device, end.entry.is_signed, end.entry.reason.as_deref()), (Some(DEVICE), true, None));
    assert!(report.to_text(Language::Chinese).contains("  | 取走物品：台式电脑，型号 M720，机身编号 PC0042\n"));
}

#[test]
fn a_receipt_in_other_words_than_its_facts_make_is_found_in_an_honest_log() {
    let honest = take_back();
    let milder = TakeBack { condition: "完好".to_owned(), ..honest.clone() };
    assert_eq!(field_of(&sample_of(milder)), "text", "the words say what the customer saw, the facts something else");
    let mut longer = honest.clone();
    longer.text.push_str("损坏概不负责。");
    assert_eq!(field_of(&sample_of(longer.clone())), "text_hash");
    longer.text_hash = schema::backup::text_hash(&longer.text);
    assert_eq!(field_of(&sample_of(longer)), "text");
}

#[test]
fn a_line_that_says_otherwise_than_the_record_and_one_that_is_left_out_are_found() {
    let bent = honest().bend(|line| match line {
        Line::TakeBack(receipt) => {
            receipt.return_on = "2027-01-01".to_owned();
            true
        }
        _ => false,
    });
    assert_eq!(field_of(&bent), "return_on");
    let unsigned = honest().bend(|line| match line {
        Line::HandBack(end) => {
            (end.is_signed, end.reason) = (false, Some("客户不在".to_owned()));
            true
        }
        _ => false,
    });
    assert_eq!(field_of(&unsigned), "is_signed");
    for kept in [
        honest().without(|line| matches!(line, Line::TakeBack(_))),
        honest().without(|line| matches!(line, Line::HandBack(_))),
    ] {
        assert!(verify(kept.bytes().as_slice(), None).is_err());
    }
}
