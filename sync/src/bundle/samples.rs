//! A bundle as an honest server would export it: opened and assigned by the office, quoted, consented to, signed, and noted
//! once more after the signature.

use super::Writer;
use super::line::*;
use crate::record::samples::*;
use crate::record::{Record, office_actor};
use crate::seal::{DeviceKey, ServerKey};
use schema::binary::{Actor, Hash};
use schema::edit::Edit;
use schema::example;
use schema::id::{DeviceId, LinkId, PersonId, PushId, QuarantineId, RequestId};
use schema::money::Currency;
use schema::people::{Bilingual, Role};
use schema::price::quote_hash;
use schema::published_key::PublishedKey;
use schema::record::*;
use schema::sheet::sheet;
use schema::template::Template;
use schema::time::Timestamp;
use schema::wire::{RefusalCode, push_leaf, push_message, receipt_message};
use uuid::Uuid;

pub(super) const DEVICE: DeviceId = DeviceId(Uuid::from_u128(22));
pub(super) const LINK: LinkId = LinkId(Uuid::from_u128(44));
pub(super) const PUSH: PushId = PushId(Uuid::from_u128(55));

pub(super) fn device_key() -> DeviceKey {
    DeviceKey::from_seed([7; 32]).unwrap()
}

pub(super) fn server_key() -> ServerKey {
    ServerKey::from_seed([8; 32]).unwrap()
}

/// Enough of a template for a sheet with a step on it.
pub(super) fn template() -> Template {
    let text = |text: &str| Bilingual { zh: text.to_owned(), en: text.to_owned() };
    let step = |id: &str| serde_json::json!({ "id": id, "name": text(id), "task": text(id) });
    serde_json::from_value(serde_json::json!({
        "id": "home_repair", "version": 1, "name": text("repair"), "steps": [step("repair"), step("testing")],
    }))
    .unwrap()
}

/// The record as it grows, with who sent each change.
struct Story {
    record: Record,
    log: Vec<ChangeLine>,
}

impl Story {
    fn write(&mut self, actor: Actor, second: i64, edits: &[Edit]) -> Hash {
        let change = self.record.write(actor, at(second), edits).unwrap();
        let seq = self.record.change_info(change.hash).unwrap().seq;
        let by_phone = actor == LI_PHONE;
        self.log.push(ChangeLine {
            pos: u64::try_from(self.log.len()).unwrap(),
            hash: change.hash,
            actor,
            seq,
            received_at: if by_phone { at(5_000) } else { at(second) },
            person: Some(if by_phone { LI } else { DISPATCHER }),
            device: by_phone.then_some(DEVICE),
            push: by_phone.then_some(PUSH),
            bytes: change.bytes,
        });
        change.hash
    }
}

fn quote() -> Quote {
    Quote { by: LI, at: at(300), ..example::quote(8_000, 0) }
}

pub(super) fn consent(how: How) -> Consent {
    let (by, link) = if how == How::Link { (None, Some(LINK)) } else { (Some(LI), None) };
    Consent {
        quote: entry(1),
        quote_hash: quote_hash(&quote()),
        total_minor: 8_000,
        currency: Currency::CNY,
        how,
        name: "王芳".to_owned(),
        strokes: None,
        by,
        link,
        shown: Vec::new(),
        at: at(360),
    }
}

pub(super) fn sign_off(covers: Vec<Hash>, sheet_hash: Hash) -> SignOff {
    SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: "王芳".to_owned(),
        reason: None,
        strokes: Some(Strokes("10,12,0 14,18,16|20,12,90".to_owned())),
        rating: None,
        remarks: None,
        covers,
        sheet_hash,
        by: Some(LI),
        link: None,
        at: at(600),
    }
}

/// A computer taken away by Li.
pub(super) fn take_back() -> TakeBack {
    TakeBack { by: LI, at: at(370), ..example::take_back(&example::reported(), 0) }
}

/// As the story has it after the consent, with this receipt.
fn taken(story: &mut Story, receipt: TakeBack) {
    story.write(LI_PHONE, 370, &[Edit::TakeBack { id: entry(4), take_back: Box::new(receipt) }]);
    let known = example::reported().with_take_back(1, 0);
    let end = example::hand_back(&known, 1, HandBackKind::Both, 0);
    let end = HandBack { receipt: entry(4), by: LI, at: at(380), ..end };
    story.write(LI_PHONE, 380, &[Edit::HandBack { id: entry(5), hand_back: end }]);
}

fn story(receipt: Option<TakeBack>) -> Story {
    let mut story = Story { record: Record::new(), log: Vec::new() };
    let office = office_actor(JOB, 1);
    story.write(office, 0, &[open()]);
    story.write(office, 60, &[assign(1, LI, "李强")]);
    story.write(LI_PHONE, 300, &[Edit::Quote { id: entry(1), quote: quote() }]);
    story.write(office, 360, &[Edit::Consent { id: entry(2), consent: consent(How::Link) }]);
    if let Some(receipt) = receipt {
        taken(&mut story, receipt);
    }
    let photo = Photo { step: "repair".to_owned(), bytes: 9, width: 3, height: 3, by: LI, at: at(400) };
    story.write(LI_PHONE, 400, &[Edit::Photo { sha256: Hash::of(b"photo"), photo }, done("repair", LI, 400)]);
    let sheet_hash = sheet(&story.record.read().unwrap(), &template()).hash();
    let signed = sign_off(story.record.heads(), sheet_hash);
    story.write(LI_PHONE, 600, &[Edit::SignOff { id: entry(3), sign_off: signed }]);
    story.write(LI_PHONE, 660, &[note("testing", "水压正常"), done("testing", LI, 660)]);
    story
}

/// A bundle as lines, to be bent and written again.
pub(super) struct Sample {
    pub(super) lines: Vec<Line>,
    pub(super) record: Record,
}

impl Sample {
    /// The file, its sums and its closing signature as they should be for these lines.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.bytes_by(&server_key())
    }

    pub(super) fn bytes_by(&self, key: &ServerKey) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        self.lines.iter().for_each(|line| writer.write(line).unwrap());
        writer.finish(key).unwrap()
    }

    /// Changes the first line that `bend` takes.
    pub(super) fn bend(mut self, mut bend: impl FnMut(&mut Line) -> bool) -> Self {
        assert!(self.lines.iter_mut().any(&mut bend), "no line was bent");
        self
    }

    pub(super) fn without(mut self, drop: impl Fn(&Line) -> bool) -> Self {
        self.lines.retain(|line| !drop(line));
        self
    }
}

fn person(id: PersonId, name: &str, role: Role) -> Line {
    let staff_number = format!("{:04}", id.0.as_u128());
    Line::Person(PersonLine { id, name: name.to_owned(), staff_number, role })
}

pub(super) fn push(log: &[ChangeLine], refused: &[Hash]) -> PushLine {
    let taken = log.iter().filter(|line| line.push == Some(PUSH)).map(|line| line.hash);
    let pushed: Vec<Hash> = taken.chain(refused.iter().copied()).collect();
    let other = Hash::of(b"another job's leaf");
    let request = RequestId(Uuid::from_u128(66));
    let leaves = vec![other, push_leaf(JOB, &pushed)];
    PushLine {
        id: PUSH,
        device: DEVICE,
        request,
        received_at: at(5_000),
        phone_at: at(4_990).to_string(),
        since_contact_us: None,
        signature: device_key().sign(&push_message(DEVICE, request, &leaves)),
        receipt: server_key().sign(&receipt_message(PUSH, at(5_000), &leaves)),
        receipt_key: server_key().public_key(),
        pushed,
        leaves,
    }
}

pub(super) fn sample() -> Sample {
    sample_with(None)
}

/// The same with this receipt, whatever it says, and its end.
pub(super) fn sample_of(receipt: TakeBack) -> Sample {
    sample_with(Some(receipt))
}

fn sample_with(receipt: Option<TakeBack>) -> Sample {
    let Story { record, log } = story(receipt);
    let view = record.read().unwrap();
    let refused = Hash::of(b"refused");
    let find = |map: &str| log.iter().find(|line| wrote(&record, line.hash, map)).map(|line| line.hash);
    let writer = |map: &str| find(map).unwrap();
    let header = Header {
        format: super::FORMAT,
        job: JOB,
        number: "WX-20261122-0007".to_owned(),
        exported_at: at(9_000),
        server_keys: vec![PublishedKey { key: server_key().public_key(), since: at(-1_000), until: None }],
        changes: u64::try_from(log.len()).unwrap(),
        heads: record.heads(),
    };
    let device = DeviceLine {
        id: DEVICE,
        person: LI,
        name: "李强的手机".to_owned(),
        key: device_key().public_key(),
        enrolled_at: at(-500),
        revoked_at: None,
    };
    let (created_at, expires_at) = (at(310), at(90_000));
    let link = LinkLine { id: LINK, created_by: DISPATCHER, created_at, expires_at, revoked_at: None };
    let (address, browser, act) = ("203.0.113.9".to_owned(), "Firefox".to_owned(), "accept".to_owned());
    let mut lines = vec![
        Line::Bundle(header),
        Line::Template(TemplateLine { template: template() }),
        person(DISPATCHER, "陈静", Role::Dispatcher),
        person(LI, "李强", Role::Technician),
        Line::Device(device),
        Line::Lease(LeaseLine { actor: LI_PHONE, device: DEVICE, leased_at: at(5_000) }),
        Line::Push(Box::new(push(&log, &[refused]))),
    ];
    let (consent_by, signed_by) = (writer("consents"), writer("sign_offs"));
    let (taken_by, ended_by) = (find("take_backs").unwrap_or(Hash::ZERO), find("hand_backs").unwrap_or(Hash::ZERO));
    lines.extend(log.into_iter().map(Line::Change));
    lines.extend(view.consents.iter().map(|(id, c)| Line::Consent(ConsentLine::of(id, consent_by, c))));
    let receipts = view.take_backs.iter().map(|(id, t)| Line::TakeBack(Box::new(TakeBackLine::of(id, taken_by, t))));
    lines.extend(receipts);
    let ends = view.hand_backs.iter().map(|(id, h)| Line::HandBack(Box::new(HandBackLine::of(id, ended_by, h))));
    lines.extend(ends);
    lines.extend(view.sign_offs.iter().map(|(id, s)| Line::SignOff(SignOffLine::of(id, signed_by, s))));
    lines.push(Line::Link(link));
    lines.push(Line::Open(OpenLine { link: LINK, at: at(350), address, browser, act }));
    lines.extend(view.photos.iter().map(|(sha256, p)| Line::Photo(PhotoLine::of(sha256.parse().unwrap(), p))));
    lines.push(Line::Refused(RefusedLine {
        id: QuarantineId(Uuid::from_u128(77)),
        device: DEVICE,
        person: LI,
        actor: LI_PHONE,
        first_hash: refused,
        code: RefusalCode::Forbidden,
        received_at: at(5_000),
        bytes_total: 120,
        sha256: Hash::of(b"raw"),
        salvaged_as: None,
        held: Vec::new(),
    }));
    Sample { lines, record }
}

fn wrote(record: &Record, hash: Hash, map: &str) -> bool {
    let history = record.history();
    history.iter().any(|entry| {
        entry.hash == hash && entry.touched.iter().any(|touch| touch.path.first().is_some_and(|m| m == map))
    })
}

/// A moment as the sample counts them.
pub(super) fn moment(second: i64) -> Timestamp {
    at(second)
}
