//! A technician's visit as their phone writes it: 24 steps, with evidence, quote, consent, parts, readings, charge and signature.
//! Nothing here needs the network.

use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::price::{line_amount, quote_hash};
use schema::record::{
    Charge, Consent, How, MarkKind, OldPart, Part, Photo, Quote, QuoteLine, Rating, Reading, SignOff, SignOffKind,
    Strokes, Warranty, WarrantyKind,
};
use schema::sheet::sheet;
use sync::store::Store as _;
use tests::TestPhone;

/// What is found and done.
pub struct Work {
    pub customer: &'static str,
    pub told: &'static str,
    pub cause: &'static str,
    pub measures: &'static str,
    /// Items of the price list, the part last.
    pub items: [&'static str; 2],
    /// In MΩ.
    pub insulation: &'static str,
}

pub const BOILER: Work = Work {
    customer: "王秀英",
    told: "客户说昨晚降温后就点不着火，重启几次都报 E1",
    cause: "点火电极积碳严重，间隙过大",
    measures: "更换点火电极，清理燃烧室，检漏合格",
    items: ["RQ-101", "RQ-201"],
    insulation: "50",
};

pub const WASHING_MACHINE: Work = Work {
    customer: "张爱华",
    told: "客户说洗完筒里总剩半筒水",
    cause: "排水泵叶轮被硬币卡死，电机烧坏",
    measures: "更换排水泵，清理过滤器，试排水两次正常",
    items: ["JD-101", "JD-201"],
    insulation: "20",
};

const SIGNATURE: &str = "12,40,0 30,12,60 52,38,130|60,14,320 64,42,400 82,30,470";

/// From the moment when the job is taken to what the customer tells at the door.
pub fn arrive(phone: &mut TestPhone, job: JobId, work: &Work) {
    for step in ["accept", "analyse", "contact", "prepare", "depart", "en_route", "appearance", "knock", "introduce"] {
        phone.mark(job, step, MarkKind::Done);
    }
    phone.mark(job, "shoe_covers", MarkKind::Done);
    read(phone, job, "lay_out", ("tools_out", "9", ""));
    phone.mark(job, "lay_out", MarkKind::Done);
    phone.note(job, "listen", work.told);
    phone.mark(job, "listen", MarkKind::Done);
}

/// From the diagnosis to the amount due: everything before the signature.
pub fn repair(phone: &mut TestPhone, job: JobId, work: &Work) {
    photograph(phone, job, "diagnose", work.cause.as_bytes());
    phone.edit(job, vec![Edit::Cause { text: work.cause.to_owned() }]);
    phone.mark(job, "diagnose", MarkKind::Done);
    let (id, quote) = quote(phone, job, work);
    agree(phone, job, work.customer, &id, &quote);
    phone.mark(job, "quote", MarkKind::Done);
    fit(phone, job, work.items[1]);
    phone.edit(job, vec![Edit::Measures { text: work.measures.to_owned() }]);
    phone.mark(job, "repair", MarkKind::Done);
    read(phone, job, "testing", ("function_result", "正常", ""));
    read(phone, job, "testing", ("insulation_resistance", work.insulation, "MΩ"));
    read(phone, job, "testing", ("supply_voltage", "226", "V"));
    phone.mark(job, "testing", MarkKind::Done);
    phone.mark(job, "guide", MarkKind::Done);
    read(phone, job, "cleanup", ("tools_in", "9", ""));
    photograph(phone, job, "cleanup", work.measures.as_bytes());
    phone.mark(job, "cleanup", MarkKind::Done);
    let (due_minor, currency) = (quote.total_minor, quote.currency);
    let charge = Charge { quote: id, due_minor, currency, by: phone.person, at: phone.at() };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Charge { id, charge }]);
    phone.mark(job, "charges", MarkKind::Done);
}

/// The customer signs on the technician's phone, for what stands there.
pub fn sign(phone: &mut TestPhone, job: JobId, name: &str) -> EntryId {
    let held = phone.handset.replica().held(job).unwrap();
    let (record, covers) = (held.record.read().unwrap(), held.record.heads());
    let sheet_hash = sheet(&record, phone.handset.replica().template_of(&record).unwrap()).hash();
    let sign_off = SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: name.to_owned(),
        reason: None,
        strokes: Some(Strokes(SIGNATURE.to_owned())),
        rating: Some(Rating { quality: Some(5), attitude: Some(5) }),
        remarks: None,
        covers,
        sheet_hash,
        by: Some(phone.person),
        link: None,
        at: phone.at(),
    };
    let id = phone.entry();
    phone.edit(job, vec![Edit::SignOff { id: id.clone(), sign_off }]);
    phone.mark(job, "sign_off", MarkKind::Done);
    id
}

/// From the contact card to the result on the record.
pub fn leave(phone: &mut TestPhone, job: JobId) {
    for step in ["card", "farewell"] {
        phone.mark(job, step, MarkKind::Done);
    }
    phone.mark(job, "follow_up", MarkKind::NotApplicable);
    phone.mark(job, "return", MarkKind::Done);
}

pub fn read(phone: &mut TestPhone, job: JobId, step: &str, (name, value, unit): (&str, &str, &str)) {
    let reading = Reading {
        step: step.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        unit: unit.to_owned(),
        by: phone.person,
        at: phone.at(),
    };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Reading { id, reading }]);
}

/// The picture lies on the phone before the record names it.
fn photograph(phone: &mut TestPhone, job: JobId, step: &str, picture: &[u8]) {
    let sha256 = Hash::of(picture);
    phone.handset.store().put_blob(sha256, picture).unwrap();
    let bytes = i64::try_from(picture.len()).unwrap();
    let photo = Photo { step: step.to_owned(), bytes, width: 1600, height: 1200, by: phone.person, at: phone.at() };
    phone.edit(job, vec![Edit::Photo { sha256, photo }]);
}

/// One of each item, at the prices that the phone carries.
fn quote(phone: &mut TestPhone, job: JobId, work: &Work) -> (EntryId, Quote) {
    let at = phone.at();
    let list = phone.handset.replica().price_list().unwrap();
    let line = |code: &&str| {
        let item = list.item(code, at).unwrap();
        QuoteLine {
            code: Some(item.code.clone()),
            request: None,
            name: item.name.zh.clone(),
            unit: item.unit.clone(),
            kind: item.kind,
            quantity_milli: 1_000,
            unit_minor: item.price_minor,
            amount_minor: line_amount(item.price_minor, 1_000).unwrap(),
            risk: None,
            setup: None,
        }
    };
    let lines = work.items.iter().enumerate().map(|(place, code)| (format!("{:02}", place + 1), line(code)));
    let lines: std::collections::BTreeMap<String, QuoteLine> = lines.collect();
    let quote = Quote {
        total_minor: lines.values().map(|line| line.amount_minor).sum(),
        lines,
        currency: list.currency,
        price_list: list.version,
        warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
        option: None,
        of: None,
        by: phone.person,
        at,
    };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]);
    (id, quote)
}

fn agree(phone: &mut TestPhone, job: JobId, name: &str, id: &EntryId, quote: &Quote) {
    let consent = Consent {
        quote: id.clone(),
        quote_hash: quote_hash(quote),
        total_minor: quote.total_minor,
        currency: quote.currency,
        how: How::Phone,
        name: name.to_owned(),
        strokes: Some(Strokes(SIGNATURE.to_owned())),
        by: Some(phone.person),
        link: None,
        shown: Vec::new(),
        at: phone.at(),
    };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Consent { id, consent }]);
}

fn fit(phone: &mut TestPhone, job: JobId, code: &str) {
    let at = phone.at();
    let name = phone.handset.replica().price_list().unwrap().item(code, at).unwrap().name.zh.clone();
    let part = Part {
        code: code.to_owned(),
        name,
        quantity_milli: 1_000,
        serial: Some("SN20260158".to_owned()),
        old_part: OldPart::Returned,
        by: phone.person,
        at,
        undoes: None,
    };
    let id = phone.entry();
    phone.edit(job, vec![Edit::Part { id, part }]);
}
