//! What is taken away for repair and comes home: each thing that a receipt must say, left out; each end, in its turn and out of it.

use super::corners::{Corner, nothing};
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::example::{self, id, reported};
use schema::people::Language;
use schema::record::*;
use schema::take_back::receipt_text;

pub(super) fn taken() -> Vec<Corner> {
    use HandBackKind::{Both, Loaner, Product};
    let away = reported().with_assignment(5, 1, 5).with_hold(7, HoldKind::Workshop, 20);
    let lent = away.clone().with_take_back(1, 19);
    let home = |record: &JobRecord, kind, minute| record.clone().with_hand_back(40, 1, kind, minute);
    let mut plain = lent.clone();
    let receipt = plain.take_backs.get_mut(&id(1)).unwrap();
    (receipt.computer, receipt.loaner, receipt.accessories, receipt.model) = (None, None, None, None);
    let mut unsigned = home(&lent, Product, 30);
    let end = unsigned.hand_backs.get_mut(&id(40)).unwrap();
    (end.strokes, end.reason) = (None, Some("客户到店取走".to_owned()));
    let twice = lent.clone().with_take_back(2, 21).with_hand_back(41, 2, Product, 30);
    let stands =
        [lent.clone(), unsigned, home(&lent, Loaner, 30), home(&lent, Both, 30), plain, twice.clone(), away.clone()];
    let mut corners = vec![(away, receipts(&reported()))];
    corners.extend(stands.map(|record| {
        let edits =
            [Both, Product, Loaner].iter().zip([60, 80, 20]).flat_map(|(kind, from)| ends(&record, *kind, from));
        let edits = edits.collect();
        (record, edits)
    }));
    // Before the hold: that stay is another one.
    corners.push((home(&lent, Both, 10), nothing()));
    corners.push((lent.clone().with_hand_back(40, 1, Product, 30).with_hand_back(43, 1, Loaner, 31), nothing()));
    corners.push((twice.with_hand_back(42, 1, Both, 32), nothing()));
    corners
}

fn take_back(record: &JobRecord, number: u8, change: impl FnOnce(&mut TakeBack), fits: bool) -> Edit {
    let mut receipt = example::take_back(record, 21);
    change(&mut receipt);
    if fits {
        receipt.text = receipt_text(&record.meta.number, &receipt, receipt.language);
        receipt.text_hash = text_hash(&receipt.text);
    }
    Edit::TakeBack { id: id(number), take_back: Box::new(receipt) }
}

fn receipts(record: &JobRecord) -> Vec<Edit> {
    type Change = fn(&mut TakeBack);
    let filled: [Change; 20] = [
        |_| {},
        |r| r.language = Language::English,
        |r| (r.model, r.serial, r.accessories) = (None, None, None),
        |r| r.product = " ".to_owned(),
        |r| r.condition = "\u{3000}".to_owned(),
        |r| r.condition = "完好\n数据处理：可以清除".to_owned(),
        |r| r.model = Some("M\u{85}720".to_owned()),
        |r| r.loaner = Some(Loaner { name: String::new(), serial: None }),
        |r| r.loaner = Some(Loaner { name: "笔记本".to_owned(), serial: Some("Z\t7".to_owned()) }),
        |r| r.loaner = Some(Loaner { name: "笔记本".to_owned(), serial: None }),
        |r| r.computer.as_mut().unwrap().configuration.clear(),
        |r| r.computer.as_mut().unwrap().copy = BackupCopy::Technician,
        |r| r.computer.as_mut().unwrap().erasure = Erasure::Allowed,
        |r| r.return_on = "2026-11-21".to_owned(),
        |r| r.return_on = "2026-11-22".to_owned(),
        |r| r.return_on = "下周".to_owned(),
        |r| r.taken_on = "2026-11-20".to_owned(),
        |r| (r.taken_on, r.return_on) = ("2026-11-21".to_owned(), "2026-11-21".to_owned()),
        |r| (r.taken_on, r.return_on) = ("今天".to_owned(), "2026-11-30".to_owned()),
        |r| r.name = " ".to_owned(),
    ];
    let bent: [Change; 5] = [
        |r| r.condition = "完好".to_owned(),
        |r| r.text.push('。'),
        |r| r.text_hash = Hash::ZERO,
        |r| r.strokes = None,
        |r| r.strokes = Some(Strokes("10,12".to_owned())),
    ];
    let filled = (10u8..).zip(filled).map(|(number, change)| take_back(record, number, change, true));
    let bent = (40u8..).zip(bent).map(|(number, change)| take_back(record, number, change, false));
    filled.chain(bent).collect()
}

fn hand_back(record: &JobRecord, number: u8, kind: HandBackKind, change: impl FnOnce(&mut HandBack)) -> Edit {
    let mut end = example::hand_back(record, 1, kind, 40 + i64::from(number));
    change(&mut end);
    Edit::HandBack { id: id(number), hand_back: end }
}

fn ends(record: &JobRecord, kind: HandBackKind, from: u8) -> Vec<Edit> {
    type Change = fn(&mut HandBack);
    let changes: [Change; 10] = [
        |_| {},
        |e| e.receipt = id(99),
        |e| e.condition = " ".to_owned(),
        |e| e.condition = "如前\r".to_owned(),
        |e| e.text.push('。'),
        |e| e.text_hash = Hash::ZERO,
        |e| e.name.clear(),
        |e| e.strokes = None,
        |e| e.strokes = Some(Strokes(String::new())),
        |e| (e.strokes, e.reason) = (None, Some("客户到店取走".to_owned())),
    ];
    (from..).zip(changes).map(|(number, change)| hand_back(record, number, kind, change)).collect()
}
