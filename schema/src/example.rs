//! A job for tests: a leaking tap in a flat, one event a minute.

use crate::backup;
use crate::binary::Hash;
use crate::id::{EntryId, JobId, OutletId, PersonId, ReportId};
use crate::money::Currency;
use crate::people::Language;
use crate::price;
use crate::record::*;
use crate::take_back;
use crate::time::{MINUTE, Timestamp};
use std::collections::BTreeMap;

/// 2026-11-22 09:00 in Shanghai, and so many minutes.
pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_micros(1_795_309_200 * 1_000_000).plus(minute * MINUTE)
}

pub fn id(number: u8) -> EntryId {
    EntryId::new([number; 10])
}

/// Small numbers are technicians, 100 is the desk.
pub fn person(number: u8) -> PersonId {
    PersonId::new(at(0), [number; 10])
}

pub fn meta() -> Meta {
    Meta {
        job: JobId::new(at(0), [1; 10]),
        number: "WX-20261122-0007".to_owned(),
        outlet: OutletId::new(at(0), [2; 10]),
        report: ReportId::new(at(0), [3; 10]),
        customer: None,
        customer_class: None,
        template: "home_repair".to_owned(),
        template_version: 1,
        currency: Currency::CNY,
        reported_at: at(0),
        opened_by: person(100),
        rework_of: None,
    }
}

/// Reported, complete, in nobody's hands.
pub fn reported() -> JobRecord {
    let meta = meta();
    let text = |text: &str| Some(text.to_owned());
    let report = Report {
        name: text("王秀兰"),
        phone: text("13812345678"),
        address: text("幸福路12号3单元502"),
        fault: text("厨房水龙头漏水"),
        product: text("水龙头"),
        urgency: Some(Urgency::Urgent),
        area: Some(Area::Own),
        ..Report::default()
    };
    serde_json::from_value(serde_json::json!({ "meta": meta, "report": report })).unwrap()
}

impl JobRecord {
    pub fn with_assignment(mut self, number: u8, technician: u8, minute: i64) -> Self {
        let assignment = Assignment {
            technician: person(technician),
            technician_name: format!("技师{technician}"),
            window: None,
            by: person(100),
            at: at(minute),
            reason: None,
        };
        self.assignments.insert(id(number), assignment);
        self.assigned = Some(id(number));
        self
    }

    /// Ticked by technician 1.
    pub fn with_mark(self, step: &str, kind: MarkKind, minute: i64) -> Self {
        self.with_mark_by(1, step, kind, minute)
    }

    pub fn with_mark_by(mut self, by: u8, step: &str, kind: MarkKind, minute: i64) -> Self {
        let mark = Mark { kind, by: person(by), at: at(minute), reason: None, place: None };
        self.marks.insert(step.to_owned(), mark);
        self
    }

    pub fn with_reason(mut self, step: &str, reason: &str) -> Self {
        self.marks.get_mut(step).unwrap().reason = Some(reason.to_owned());
        self
    }

    pub fn with_decision(mut self, number: u8, kind: DecisionKind, minute: i64) -> Self {
        self.decisions.insert(id(number), Decision { kind, by: person(100), at: at(minute), reason: None });
        self
    }

    pub fn with_hold(mut self, number: u8, kind: HoldKind, minute: i64) -> Self {
        let hold = Hold { kind, by: person(1), at: at(minute), reason: "等待".to_owned(), until: None };
        self.holds.insert(id(number), hold);
        self
    }

    pub fn with_release(mut self, number: u8, minute: i64) -> Self {
        self.releases.insert(id(number), Release { by: person(1), at: at(minute) });
        self
    }

    /// Technician 1 says that they come so many minutes later than they say it.
    pub fn with_delay(mut self, number: u8, minutes: i64, minute: i64) -> Self {
        let delay = Delay { arrives_at: at(minute + minutes), reason: None, by: person(1), at: at(minute) };
        self.delays.insert(id(number), delay);
        self
    }

    pub fn with_reply(mut self, number: u8, delay: u8, kind: ReplyKind, minute: i64) -> Self {
        let (how, by) = (How::Phone, Some(person(1)));
        let reply = Reply { delay: id(delay), kind, how, note: None, by, link: None, at: at(minute) };
        self.replies.insert(id(number), reply);
        self
    }

    pub fn with_quote(mut self, number: u8, total_minor: i64, minute: i64) -> Self {
        self.quotes.insert(id(number), quote(total_minor, minute));
        self
    }

    pub fn with_consent(mut self, quote: u8, minute: i64) -> Self {
        let consent = consent(&self, quote, minute);
        self.consents.insert(id(quote), consent);
        self
    }

    pub fn with_withdrawal(mut self, number: u8, quote: u8, minute: i64) -> Self {
        let withdrawal = Withdrawal { quote: id(quote), reason: "报错价".to_owned(), by: person(1), at: at(minute) };
        self.withdrawals.insert(id(number), withdrawal);
        self
    }

    /// Signed on technician 1's phone for the work of that quote that can destroy data; there is no copy.
    pub fn with_backup_consent(mut self, number: u8, quote: u8, minute: i64) -> Self {
        let backup = backup_consent(&self, quote, minute);
        self.backup_consents.insert(id(number), backup);
        self
    }

    /// A computer, with a loaner left behind, signed on technician 1's phone.
    pub fn with_take_back(mut self, number: u8, minute: i64) -> Self {
        let receipt = take_back(&self, minute);
        self.take_backs.insert(id(number), receipt);
        self
    }

    /// Handed over by technician 1 against a signature; of a receipt that is there.
    pub fn with_hand_back(mut self, number: u8, receipt: u8, kind: HandBackKind, minute: i64) -> Self {
        let end = hand_back(&self, receipt, kind, minute);
        self.hand_backs.insert(id(number), end);
        self
    }

    pub fn with_charge(mut self, quote: u8, due_minor: i64, minute: i64) -> Self {
        let charge = Charge { quote: id(quote), due_minor, currency: Currency::CNY, by: person(1), at: at(minute) };
        self.charges.insert(id(quote), charge);
        self
    }

    pub fn with_reading(mut self, number: u8, name: &str, value: &str, minute: i64) -> Self {
        let step = match name {
            "tools_out" => "lay_out",
            "tools_in" => "cleanup",
            _ => "testing",
        };
        self.readings.insert(id(number), reading(step, name, value, minute));
        self
    }

    pub fn with_play(mut self, number: u8, step: &str, play: &str, minute: i64) -> Self {
        let (step, play) = (step.to_owned(), play.to_owned());
        self.plays.insert(id(number), Play { step, play, note: None, by: person(1), at: at(minute) });
        self
    }

    pub fn with_sign_off(mut self, number: u8, kind: SignOffKind, minute: i64) -> Self {
        self.sign_offs.insert(id(number), sign_off(kind, minute));
        self
    }
}

pub fn reading(step: &str, name: &str, value: &str, minute: i64) -> Reading {
    let (step, name, value) = (step.to_owned(), name.to_owned(), value.to_owned());
    Reading { step, name, value, unit: String::new(), by: person(1), at: at(minute) }
}

/// One line of labour.
pub fn quote(total_minor: i64, minute: i64) -> Quote {
    let line = QuoteLine {
        code: Some("SH-001".to_owned()),
        request: None,
        name: "更换水龙头阀芯".to_owned(),
        unit: "次".to_owned(),
        kind: ItemKind::Labour,
        quantity_milli: 1_000,
        unit_minor: total_minor,
        amount_minor: total_minor,
        risk: None,
        setup: None,
    };
    Quote {
        lines: BTreeMap::from([("01".to_owned(), line)]),
        total_minor,
        currency: Currency::CNY,
        price_list: 1,
        warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
        option: None,
        of: None,
        by: person(1),
        at: at(minute),
    }
}

/// The customer's consent to a quote of the record, signed on the technician's phone.
pub fn consent(record: &JobRecord, quote: u8, minute: i64) -> Consent {
    let offered = record.quotes.get(&id(quote)).unwrap();
    Consent {
        quote: id(quote),
        quote_hash: price::quote_hash(offered),
        total_minor: offered.total_minor,
        currency: offered.currency,
        how: How::Phone,
        name: "王秀兰".to_owned(),
        strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
        by: Some(person(1)),
        link: None,
        shown: Vec::new(),
        at: at(minute),
    }
}

/// What [`JobRecord::with_backup_consent`] signs; of a quote without such work, for nothing.
pub fn backup_consent(record: &JobRecord, quote: u8, minute: i64) -> BackupConsent {
    let (copy, language) = (BackupCopy::None, Language::Chinese);
    let offered = record.quotes.get(&id(quote)).unwrap();
    let text = backup::text(&record.meta.number, offered, copy, language).unwrap_or_default();
    BackupConsent {
        quote: id(quote),
        copy,
        text_hash: backup::text_hash(&text),
        text,
        language,
        how: How::Phone,
        name: "王秀兰".to_owned(),
        strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
        by: Some(person(1)),
        link: None,
        at: at(minute),
    }
}

/// What [`JobRecord::with_take_back`] signs.
pub fn take_back(record: &JobRecord, minute: i64) -> TakeBack {
    let text = |text: &str| Some(text.to_owned());
    let configuration = "i5，8G 内存，256G 固态硬盘".to_owned();
    let mut receipt = TakeBack {
        product: "台式电脑".to_owned(),
        model: text("M720"),
        serial: text("PC0042"),
        accessories: text("电源线"),
        condition: "外壳左侧有划痕".to_owned(),
        computer: Some(TakenComputer { configuration, copy: BackupCopy::None, erasure: Erasure::Forbidden }),
        loaner: Some(Loaner { name: "笔记本电脑".to_owned(), serial: text("ZZ-07") }),
        taken_on: "2026-11-22".to_owned(),
        return_on: "2026-11-27".to_owned(),
        text: String::new(),
        text_hash: Hash::ZERO,
        language: Language::Chinese,
        name: "王秀兰".to_owned(),
        strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
        by: person(1),
        at: at(minute),
    };
    receipt.text = take_back::receipt_text(&record.meta.number, &receipt, receipt.language);
    receipt.text_hash = backup::text_hash(&receipt.text);
    receipt
}

/// What [`JobRecord::with_hand_back`] signs; of a receipt that is not there, nothing.
pub fn hand_back(record: &JobRecord, receipt: u8, kind: HandBackKind, minute: i64) -> HandBack {
    let mut end = HandBack {
        receipt: id(receipt),
        kind,
        condition: "开机正常，外观如前".to_owned(),
        text: String::new(),
        text_hash: Hash::ZERO,
        language: Language::Chinese,
        name: "王秀兰".to_owned(),
        strokes: Some(Strokes("10,12,0 14,18,16".to_owned())),
        reason: None,
        by: person(1),
        at: at(minute),
    };
    let taken = record.take_backs.get(&end.receipt);
    end.text = taken
        .map_or_else(String::new, |taken| take_back::hand_back_text(&record.meta.number, taken, &end, end.language));
    end.text_hash = backup::text_hash(&end.text);
    end
}

pub fn sign_off(kind: SignOffKind, minute: i64) -> SignOff {
    let signed = kind == SignOffKind::Signed;
    SignOff {
        kind,
        how: How::Phone,
        name: "王秀兰".to_owned(),
        reason: (!signed).then(|| "家中老人说等儿子回来再签".to_owned()),
        strokes: signed.then(|| Strokes("10,12,0 14,18,16".to_owned())),
        rating: None,
        remarks: None,
        covers: vec![Hash::of(b"heads")],
        sheet_hash: Hash::of(b"sheet"),
        by: Some(person(1)),
        link: None,
        at: at(minute),
    }
}

/// The whole visit, ready for the customer's signature at minute 120.
pub fn finished() -> JobRecord {
    let done = MarkKind::Done;
    reported()
        .with_assignment(1, 1, 5)
        .with_mark("accept", done, 10)
        .with_mark("contact", done, 15)
        .with_mark("depart", done, 30)
        .with_mark("knock", done, 55)
        .with_mark("shoe_covers", done, 57)
        .with_reading(1, "tools_out", "12", 58)
        .with_mark("lay_out", done, 58)
        .with_mark("diagnose", done, 65)
        .with_quote(1, 8_000, 70)
        .with_consent(1, 75)
        .with_mark("quote", done, 75)
        .with_mark("repair", done, 100)
        .with_reading(2, "function_result", "正常", 105)
        .with_mark("testing", done, 105)
        .with_reading(3, "tools_in", "12", 110)
        .with_mark("cleanup", done, 110)
        .with_charge(1, 8_000, 115)
        .with_mark("charges", done, 115)
}

/// As much of the shipped template as the gates need.
pub fn template() -> crate::template::Template {
    let step = |id: &str, more: serde_json::Value| {
        let text = serde_json::json!({ "zh": id, "en": id });
        let mut step = serde_json::json!({ "id": id, "name": text, "task": text });
        step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        step
    };
    let required = |kind: &str, name: &str| serde_json::json!([{ "kind": kind, "name": name, "label": { "zh": name, "en": name }, "required": true }]);
    let plain = || serde_json::json!({});
    let wanted = serde_json::json!(["tested", "cleaned_up", "evidence", "tools_complete", "charge_agreed"]);
    let steps = [
        step("accept", plain()),
        step("lay_out", serde_json::json!({ "evidence": required("count", "tools_out") })),
        step("diagnose", plain()),
        step("repair", serde_json::json!({ "gates": ["consent"], "optional": true })),
        step("testing", serde_json::json!({ "stage": "testing", "evidence": required("reading", "function_result") })),
        step("cleanup", serde_json::json!({ "stage": "cleanup", "evidence": required("count", "tools_in") })),
        step("charges", serde_json::json!({ "gates": ["charge_agreed"] })),
        step("sign_off", serde_json::json!({ "stage": "sign_off", "gates": wanted })),
    ];
    let name = serde_json::json!({ "zh": "维修", "en": "Repair" });
    let template = serde_json::json!({ "id": "home_repair", "version": 1, "name": name, "steps": steps });
    serde_json::from_value(template).unwrap()
}
