//! What a technician takes away for repair against a signed receipt, and hands back; at times the customer does not sign for that.

use super::chance::Chance;
use super::visit::{STROKES, Visit, entry};
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::people::Language;
use schema::record::{BackupCopy, Erasure, HandBack, Hold, HoldKind, Loaner, Strokes, TakeBack, TakenComputer};
use schema::take_back::{hand_back_text, receipt_text};
use schema::time::DAY;

impl Visit<'_> {
    /// Hands back what is out, or takes something more.
    pub(super) fn take_or_hand_back(&self, chance: &mut Chance) -> Vec<Edit> {
        self.hand_back(chance).unwrap_or_else(|| self.take_back(chance))
    }

    fn take_back(&self, chance: &mut Chance) -> Vec<Edit> {
        let day = |after: i64| self.at.plus(after * DAY).to_utc().date_naive().to_string();
        let (by, at, number) = (self.me, self.at, self.number);
        let computer = chance.percent(50).then(|| TakenComputer {
            configuration: format!("配置{number}"),
            copy: BackupCopy::None,
            erasure: Erasure::Forbidden,
        });
        let mut receipt = TakeBack {
            product: format!("主机{number}"),
            model: None,
            serial: Some(format!("SN{number}")),
            accessories: None,
            condition: "外观完好".to_owned(),
            computer,
            loaner: chance.percent(50).then(|| Loaner { name: "周转机".to_owned(), serial: None }),
            taken_on: day(0),
            return_on: day(7),
            text: String::new(),
            text_hash: Hash::ZERO,
            language: Language::Chinese,
            name: "王秀英".to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by,
            at,
        };
        receipt.text = receipt_text(&self.record.meta.number, &receipt, receipt.language);
        receipt.text_hash = text_hash(&receipt.text);
        let taken = Edit::TakeBack { id: entry(chance), take_back: Box::new(receipt) };
        let hold = Hold { kind: HoldKind::Workshop, by, at, reason: format!("拉修{number}"), until: None };
        if chance.percent(40) { vec![taken, Edit::Hold { id: entry(chance), hold }] } else { vec![taken] }
    }

    fn hand_back(&self, chance: &mut Chance) -> Option<Vec<Edit>> {
        let open = self.record.open_receipts();
        let (id, receipt) = *chance.pick(&open)?;
        let kind = *chance.pick(&self.record.out(id).kinds())?;
        let strokes = chance.percent(70).then(|| Strokes(STROKES.to_owned()));
        let mut end = HandBack {
            receipt: id.clone(),
            kind,
            condition: format!("如前{}", self.number),
            text: String::new(),
            text_hash: Hash::ZERO,
            language: Language::Chinese,
            name: "王秀英".to_owned(),
            reason: strokes.is_none().then(|| "客户赶时间".to_owned()),
            strokes,
            by: self.me,
            at: self.at,
        };
        end.text = hand_back_text(&self.record.meta.number, receipt, &end, end.language);
        end.text_hash = text_hash(&end.text);
        Some(vec![Edit::HandBack { id: entry(chance), hand_back: end }])
    }
}
