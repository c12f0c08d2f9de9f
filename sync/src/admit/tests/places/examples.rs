//! Something believable for each place of the record.

use super::*;
use schema::id::{EntryId, LinkId, PersonId, QuarantineId};
use schema::inbox::Outcome;
use schema::money::Currency;
use schema::record::*;
use std::collections::BTreeMap;

/// Something believable for a place, by this person.
pub(super) fn sample(pattern: &str, by: PersonId, record: &Record) -> Edit {
    let (id, at, text) = (entry(50), at(400), "写下的话".to_owned());
    match pattern.split_once('/').map_or(pattern, |(map, _)| map) {
        "report" => {
            let field: ReportField = pattern.trim_start_matches("report/").parse().unwrap();
            let value = match field {
                ReportField::Urgency => "urgent".to_owned(),
                ReportField::Area => "own".to_owned(),
                _ => text,
            };
            Edit::SetReport { field, value: Some(value) }
        }
        "rework" => Edit::Rework { rework: Rework { of: JOB, number: text, by, at } },
        "site" => Edit::Site { site: Site { latitude_e6: 31_230_416, longitude_e6: 121_473_701, address: text, at } },
        // Neither moves the job nor ends it: what is tried next is tried by whoever has it.
        "assignments" => assign(50, LI, "李强"),
        "decisions" => Edit::Decide { id, decision: Decision { kind: DecisionKind::Proved, by, at, reason: None } },
        "marks" => done("repair", by, 400),
        "notes" => note("repair", "写下的话"),
        "diagnosis" if pattern.ends_with("cause") => Edit::Cause { text },
        "diagnosis" => Edit::Measures { text },
        "photos" => {
            let photo = Photo { step: "repair".to_owned(), bytes: 9, width: 8, height: 8, by, at };
            Edit::Photo { sha256: Hash([5; 32]), photo }
        }
        "releases" => Edit::Release { hold: id, release: Release { by, at } },
        map => entry_sample(map, (id, text), by, record),
    }
}

fn entry_sample(map: &str, (id, text): (EntryId, String), by: PersonId, record: &Record) -> Edit {
    let (at, quote, step, currency) = (at(400), entry(51), "repair".to_owned(), Currency::CNY);
    let link = LinkId(Uuid::from_u128(5));
    match map {
        "corrections" => {
            Edit::Correct { id, correction: Correction { field: ReportField::Model, value: text, by, at } }
        }
        "holds" => Edit::Hold { id, hold: Hold { kind: HoldKind::Part, by, at, reason: text, until: None } },
        "readings" => Edit::Reading {
            id,
            reading: Reading { step, name: text, value: "1".to_owned(), unit: "MΩ".to_owned(), by, at },
        },
        "plays" => Edit::Play { id, play: Play { step, play: "nobody_home".to_owned(), note: None, by, at } },
        "withdrawals" => Edit::Withdraw { id, withdrawal: Withdrawal { quote, reason: text, by, at } },
        "delays" => Edit::Delay { id, delay: Delay { arrives_at: at, reason: Some(text), by, at } },
        "replies" => {
            let (kind, how) = (ReplyKind::Told, How::Phone);
            let reply = Reply { delay: quote, kind, how, note: Some(text), by: Some(by), link: None, at };
            Edit::Reply { id, reply }
        }
        "alarms" => Edit::Alarm { id, alarm: Alarm { reason: text, place: None, by, at } },
        "waivers" => Edit::Waive { id, waiver: Waiver { quote, minor: 1, reason: text, by, at } },
        "charges" => Edit::Charge { id, charge: Charge { quote, due_minor: 1, currency, by, at } },
        "payments" => Edit::Pay { id, payment: Payment { minor: 1, currency, method: text, receipt: None, by, at } },
        "refusals" => Edit::Refuse { id, refusal: schema::record::Refusal { quote, reason: text, link, at } },
        "ratings" => {
            let rating = LaterRating { rating: Rating { quality: Some(5), attitude: None }, remarks: None, link, at };
            Edit::Rate { id, rating }
        }
        "breaches" => Edit::Breach {
            id,
            breach: Breach { clock: "general_repaired".to_owned(), cause: text, whose: None, by, at },
        },
        "rulings" => {
            let of = vec![quote.clone(), id.clone()];
            Edit::Rule { id, ruling: Ruling { matter: MatterKind::Consent, counts: quote, of, reason: text, by, at } }
        }
        _ => long_sample(map, (id, text), by, record),
    }
}

fn long_sample(map: &str, (id, text): (EntryId, String), by: PersonId, record: &Record) -> Edit {
    let (at, quote, currency) = (at(400), entry(51), Currency::CNY);
    match map {
        "parts" => {
            let old_part = OldPart::Returned;
            let part = Part {
                code: "P-1".to_owned(),
                name: text,
                quantity_milli: 1,
                serial: None,
                old_part,
                by,
                at,
                undoes: None,
            };
            Edit::Part { id, part }
        }
        "quotes" => {
            let warranty = Warranty { kind: WarrantyKind::None, reason: None, decided_by: None };
            let lines = BTreeMap::new();
            let quote =
                Quote { lines, total_minor: 0, currency, price_list: 1, warranty, option: None, of: None, by, at };
            Edit::Quote { id, quote }
        }
        "consents" => {
            let consent = Consent {
                quote,
                quote_hash: Hash([1; 32]),
                total_minor: 1,
                currency,
                how: How::Phone,
                name: text,
                strokes: None,
                by: Some(by),
                link: None,
                shown: Vec::new(),
                at,
            };
            Edit::Consent { id, consent }
        }
        "backup_consents" => backup((id, text), by),
        "take_backs" => taken((id, text), by),
        "hand_backs" => handed_back(id, by),
        "sign_offs" => signature((id, text), by, record),
        "adoptions" => {
            let adoption = Adoption {
                outcome: Outcome::Adopted,
                quarantine: QuarantineId(Uuid::from_u128(6)),
                change: Hash([3; 32]),
                places: vec!["notes/repair".to_owned()],
                writer: ZHAO,
                writer_name: text.clone(),
                device: ZHAO_DEVICE,
                claimed_at: at,
                written_at: at,
                error_us: 0,
                received_at: at,
                reason: None,
                by,
                by_name: text,
                at,
            };
            Edit::Adopt { id, adoption: Box::new(adoption) }
        }
        other => panic!("no example for {other}: give one here, and a row to places.csv"),
    }
}

fn taken((id, condition): (EntryId, String), by: PersonId) -> Edit {
    let receipt = schema::example::take_back(&schema::example::reported(), 0);
    Edit::TakeBack { id, take_back: Box::new(TakeBack { condition, by, ..receipt }) }
}

fn handed_back(id: EntryId, by: PersonId) -> Edit {
    let record = schema::example::reported().with_take_back(1, 0);
    let hand_back = schema::example::hand_back(&record, 1, HandBackKind::Both, 1);
    Edit::HandBack { id, hand_back: HandBack { by, ..hand_back } }
}

fn signature((id, text): (EntryId, String), by: PersonId, record: &Record) -> Edit {
    let at = at(400);
    let sign_off = SignOff {
        kind: SignOffKind::Signed,
        how: How::Phone,
        name: text,
        reason: None,
        strokes: None,
        rating: None,
        remarks: None,
        // What is covered must be in the record.
        covers: record.heads(),
        sheet_hash: Hash([2; 32]),
        by: Some(by),
        link: None,
        at,
    };
    Edit::SignOff { id, sign_off }
}

fn backup((id, text): (EntryId, String), by: PersonId) -> Edit {
    let backup = BackupConsent {
        quote: entry(51),
        copy: BackupCopy::None,
        text_hash: Hash::of(text.as_bytes()),
        text: text.clone(),
        language: schema::people::Language::Chinese,
        how: How::Phone,
        name: text,
        strokes: None,
        by: Some(by),
        link: None,
        at: at(400),
    };
    Edit::Backup { id, backup }
}
