//! The take-back receipt (拉修凭证) and how it ends: what is taken to the workshop, in which condition, what the customer got meanwhile and when they
//! have it back (`domain.md §5, §6`). As with the backup consent (decision 0021), what they sign is a function of the entry, and stands in the
//! record word for word with its hash.
//!
//! A receipt is open while something is where it does not belong: the product with us, or the loaner with the customer. A hand-back says which
//! of them went home. Nothing waits for either: what is owed is shown.
//!
//! Whatever changes a word here needs a new version beside this one, and this one stays: receipts that were signed must fit for ever.

use crate::backup::text_hash;
use crate::body::bodies;
use crate::id::EntryId;
use crate::people::Language;
use crate::record::{BackupCopy, Erasure, HandBack, HandBackKind, HoldKind, JobRecord, TakeBack};
use crate::time::Timestamp;

bodies! {
    /// `POST /v1/jobs/{id}/hand-backs`: what the customer fetched at the outlet, or brought there. Nobody signs on the desk's screen, so it says why.
    pub struct CreateHandBack {
        pub receipt: EntryId,
        pub kind: HandBackKind,
        pub condition: String,
        /// The customer, or who stood in for them.
        pub name: String,
        pub reason: String,
    }
}

/// Lines of a label and what it says.
struct Words {
    language: Language,
    text: String,
}

impl Words {
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn new(language: Language, zh: &'static str, en: &'static str) -> Self {
        let mut words = Self { language, text: String::new() };
        words.text.push_str(words.pick(zh, en));
        words
    }

    fn line(&mut self, zh: &'static str, en: &'static str, value: &str) {
        let (label, colon) = (self.pick(zh, en), self.pick("：", ": "));
        self.text.push_str(&format!("\n{label}{colon}{value}"));
    }

    fn end(mut self, zh: &'static str, en: &'static str) -> String {
        let sentence = self.pick(zh, en);
        self.text.push('\n');
        self.text + sentence
    }
}

/// A thing with its model and number, as one says it.
fn thing(name: &str, model: Option<&str>, serial: Option<&str>, language: Language) -> String {
    let (comma, model_is, serial_is) = match language {
        Language::Chinese => ("，", "型号 ", "机身编号 "),
        Language::English => (", ", "model ", "serial number "),
    };
    let mut said = name.to_owned();
    for (label, value) in [(model_is, model), (serial_is, serial)] {
        if let Some(value) = value {
            said.push_str(&format!("{comma}{label}{value}"));
        }
    }
    said
}

/// What was taken, in a line.
pub fn product(receipt: &TakeBack, language: Language) -> String {
    thing(&receipt.product, receipt.model.as_deref(), receipt.serial.as_deref(), language)
}

/// What was lent, in a line; none where nothing was.
pub fn loaner(receipt: &TakeBack, language: Language) -> Option<String> {
    receipt.loaner.as_ref().map(|loaner| thing(&loaner.name, None, loaner.serial.as_deref(), language))
}

/// What the customer reads before they sign that it is taken.
pub fn receipt_text(number: &str, receipt: &TakeBack, language: Language) -> String {
    let mut words = Words::new(language, "拉修凭证", "Take-back receipt");
    words.line("工单", "Job", number);
    words.line("取走日期", "Taken on", &receipt.taken_on);
    words.line("取走物品", "What is taken", &product(receipt, language));
    let none = words.pick("无", "none");
    words.line("随机附件", "Accessories", receipt.accessories.as_deref().unwrap_or(none));
    words.line("取走时状况", "Condition", &receipt.condition);
    if let Some(computer) = &receipt.computer {
        words.line("电脑配置", "Configuration", &computer.configuration);
        words.line("数据备份", "Backup", said_of_copy(computer.copy, language));
        words.line("数据处理", "Data", said_of_erasure(computer.erasure, language));
    }
    let lent = loaner(receipt, language);
    words.line("周转机", "Loaner", lent.as_deref().unwrap_or(words.pick("未提供", "none")));
    words.line("约定归还日期", "To be returned on", &receipt.return_on);
    if lent.is_some() {
        return words.end(
            "以上内容属实。我同意将上述物品交由服务工程师带回维修，并在物品归还时交回周转机。",
            "This is right. I agree that the technician takes it away for repair, and I hand the loaner back when it is returned.",
        );
    }
    words.end(
        "以上内容属实。我同意将上述物品交由服务工程师带回维修。",
        "This is right. I agree that the technician takes it away for repair.",
    )
}

/// What the customer reads when it comes back.
pub fn hand_back_text(number: &str, receipt: &TakeBack, hand_back: &HandBack, language: Language) -> String {
    let mut words = Words::new(language, "交还确认", "Hand-back");
    words.line("工单", "Job", number);
    words.line("拉修凭证日期", "Receipt of", &receipt.taken_on);
    words.line("物品", "Product", &product(receipt, language));
    if let Some(lent) = loaner(receipt, language) {
        words.line("周转机", "Loaner", &lent);
    }
    words.line("本次交还", "Handed over", said_of_kind(hand_back.kind, receipt.loaner.is_some(), language));
    words.line("交还时状况", "Condition", &hand_back.condition);
    words.end("以上内容属实。", "This is right.")
}

const fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

/// Whether there is a copy of the data, as the customer says it.
pub const fn said_of_copy(copy: BackupCopy, language: Language) -> &'static str {
    match copy {
        BackupCopy::Customer => {
            pick(language, "我已自行备份需要保留的数据。", "I have made a copy of the data that I want to keep.")
        }
        BackupCopy::Technician => pick(
            language,
            "服务工程师已为我备份需要保留的数据，我已核对。",
            "The technician has made a copy of the data that I want to keep, and I have checked it.",
        ),
        BackupCopy::None => pick(language, "没有备份。", "There is no copy."),
    }
}

pub const fn said_of_erasure(erasure: Erasure, language: Language) -> &'static str {
    match erasure {
        Erasure::Allowed => {
            pick(language, "维修需要时，可以清除设备上的数据。", "It may be erased where the repair needs it.")
        }
        Erasure::Forbidden => {
            pick(language, "未经我同意，不得清除设备上的数据。", "It must not be erased without my consent.")
        }
    }
}

/// Which of the two went home.
pub const fn said_of_kind(kind: HandBackKind, lent: bool, language: Language) -> &'static str {
    match (kind, lent) {
        (HandBackKind::Product, false) => pick(language, "物品已交还客户。", "The customer has the product back."),
        (HandBackKind::Product, true) => pick(
            language,
            "物品已交还客户；本次未收回周转机。",
            "The customer has the product back; the loaner was not handed in this time.",
        ),
        (HandBackKind::Both, _) => pick(
            language,
            "物品已交还客户；周转机已收回。",
            "The customer has the product back, and handed in the loaner.",
        ),
        (HandBackKind::Loaner, _) => pick(language, "周转机已收回。", "The customer handed in the loaner."),
    }
}

/// Where the things of one receipt are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Out {
    /// The product is with us.
    pub product: bool,
    /// The loaner is with the customer.
    pub loaner: bool,
}

impl Out {
    /// After these hand-backs of one receipt.
    pub fn after(lent: bool, ended: impl Iterator<Item = HandBackKind>) -> Self {
        ended.fold(Self { product: true, loaner: lent }, |out, kind| Self {
            product: out.product && kind == HandBackKind::Loaner,
            loaner: out.loaner && kind == HandBackKind::Product,
        })
    }

    pub const fn is_open(self) -> bool {
        self.product || self.loaner
    }

    /// What a hand-back can be about now, what ends most first.
    pub fn kinds(self) -> Vec<HandBackKind> {
        match (self.product, self.loaner) {
            (true, true) => vec![HandBackKind::Both, HandBackKind::Product, HandBackKind::Loaner],
            (true, false) => vec![HandBackKind::Product],
            (false, true) => vec![HandBackKind::Loaner],
            (false, false) => Vec::new(),
        }
    }
}

impl JobRecord {
    /// Whether the receipt's text is what it has to say, to the letter.
    pub fn receipt_fits(&self, receipt: &TakeBack) -> bool {
        receipt.text_hash == text_hash(&receipt.text)
            && receipt_text(&self.meta.number, receipt, receipt.language) == receipt.text
    }

    /// The same of a hand-back, whose receipt must be there.
    pub fn hand_back_fits(&self, hand_back: &HandBack) -> bool {
        let Some(receipt) = self.take_backs.get(&hand_back.receipt) else { return false };
        hand_back.text_hash == text_hash(&hand_back.text)
            && hand_back_text(&self.meta.number, receipt, hand_back, hand_back.language) == hand_back.text
    }

    /// Where the receipt's things are.
    pub fn out(&self, receipt: &EntryId) -> Out {
        self.out_without(receipt, None)
    }

    /// The same as if one hand-back were not there.
    pub(crate) fn out_without(&self, receipt: &EntryId, entry: Option<&EntryId>) -> Out {
        let Some(taken) = self.take_backs.get(receipt) else { return Out { product: false, loaner: false } };
        let ended = self.hand_backs.iter().filter(|(id, end)| end.receipt == *receipt && Some(*id) != entry);
        Out::after(taken.loaner.is_some(), ended.map(|(_, end)| end.kind))
    }

    /// When the last product came home that was taken; none while one is with us, and where none ever was.
    pub(crate) fn all_home_at(&self) -> Option<Timestamp> {
        let is_out = self.take_backs.keys().any(|id| self.out(id).product);
        let home = self.hand_backs.values().filter(|end| end.kind != HandBackKind::Loaner).map(|end| end.at);
        home.max().filter(|_| !is_out)
    }

    /// Receipts whose product or loaner is still out, oldest first.
    pub fn open_receipts(&self) -> Vec<(&EntryId, &TakeBack)> {
        let mut open: Vec<_> = self.take_backs.iter().filter(|(id, _)| self.out(id).is_open()).collect();
        open.sort_by_key(|(id, receipt)| (receipt.at, *id));
        open
    }

    /// The job waits in the workshop, and nobody signed for anything that lies there: the technician owes the receipt. No hold waits for it.
    pub fn receipt_owed(&self) -> bool {
        let taken = self.lasting_holds().iter().any(|(_, hold)| hold.kind == HoldKind::Workshop);
        taken && !self.take_backs.keys().any(|id| self.out(id).product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{id, reported};

    #[test]
    fn the_customer_reads_what_is_taken_what_they_said_of_the_data_and_when_it_is_back() {
        let record = reported().with_take_back(1, 10);
        let receipt = &record.take_backs[&id(1)];
        let zh = receipt_text("WX-1", receipt, Language::Chinese);
        for said in [
            "取走物品：台式电脑，型号 M720，机身编号 PC0042\n",
            "取走时状况：外壳左侧有划痕\n",
            "电脑配置：i5，8G 内存，256G 固态硬盘\n数据备份：没有备份。\n数据处理：未经我同意，不得清除设备上的数据。\n",
            "周转机：笔记本电脑，机身编号 ZZ-07\n约定归还日期：2026-11-27\n",
        ] {
            assert!(zh.contains(said), "{said} is missing in\n{zh}");
        }
        let mut plain = receipt.clone();
        (plain.computer, plain.loaner, plain.accessories) = (None, None, None);
        let en = receipt_text("WX-1", &plain, Language::English);
        assert!(en.contains("Accessories: none\n") && en.contains("Loaner: none\n") && !en.contains("Backup"), "{en}");
    }

    #[test]
    fn a_word_more_does_not_fit_and_neither_does_another_fact_under_the_same_words() {
        let record = reported().with_take_back(1, 10).with_hand_back(2, 1, HandBackKind::Both, 20);
        let (receipt, end) = (&record.take_backs[&id(1)], &record.hand_backs[&id(2)]);
        assert!(record.receipt_fits(receipt) && record.hand_back_fits(end));
        let mut bent = receipt.clone();
        bent.text.push('。');
        assert!(!record.receipt_fits(&bent));
        bent.text_hash = text_hash(&bent.text);
        assert!(!record.receipt_fits(&bent), "the hash of other words");
        let other = TakeBack { condition: "完好".to_owned(), ..receipt.clone() };
        assert!(!record.receipt_fits(&other));
        assert!(!record.hand_back_fits(&HandBack { kind: HandBackKind::Product, ..end.clone() }));
        assert!(!record.hand_back_fits(&HandBack { receipt: id(9), ..end.clone() }), "of no receipt");
    }

    #[test]
    fn a_receipt_is_open_until_product_and_loaner_are_both_where_they_belong() {
        let taken = reported().with_take_back(1, 10);
        let out = |record: &JobRecord| (record.out(&id(1)).product, record.out(&id(1)).loaner);
        let after = |kinds: &[HandBackKind]| {
            let steps = kinds.iter().zip(2..);
            steps.fold(taken.clone(), |record, (kind, number)| record.with_hand_back(number, 1, *kind, 20))
        };
        use HandBackKind::{Both, Loaner, Product};
        assert_eq!(out(&taken), (true, true));
        assert_eq!(out(&after(&[Product])), (false, true));
        assert_eq!(out(&after(&[Loaner])), (true, false));
        for ended in [after(&[Both]), after(&[Product, Loaner]), after(&[Loaner, Product])] {
            assert!(ended.open_receipts().is_empty());
            assert_eq!(ended.out(&id(1)).kinds(), []);
        }
        assert_eq!(after(&[Product]).out(&id(1)).kinds(), [Loaner]);
    }

    #[test]
    fn a_stay_in_the_workshop_owes_a_receipt_until_one_is_signed() {
        let away = reported().with_hold(5, HoldKind::Workshop, 15);
        assert!(away.receipt_owed());
        assert!(!away.clone().with_take_back(1, 10).receipt_owed());
        assert!(!away.clone().with_release(5, 16).receipt_owed(), "it is not there any more");
        assert!(!reported().with_hold(5, HoldKind::Part, 15).receipt_owed());
        let second = away.with_take_back(1, 10).with_hand_back(2, 1, HandBackKind::Product, 12);
        assert!(second.receipt_owed(), "what was signed for is back");
    }
}
