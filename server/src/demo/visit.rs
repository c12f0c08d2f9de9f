//! A technician's visit, written step by step as the checklist asks, up to where the story of a job stops.

use super::chance::Chance;
use super::staff::Member;
use super::table::{FaultLine, PriceLine};
use crate::db::Conn;
use crate::domain::records::{self, Office, Written};
use crate::domain::templates;
use schema::backup;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::money::Currency;
use schema::people::Language;
use schema::price::quote_hash;
use schema::problem::Problem;
use schema::record::{
    BackupConsent, BackupCopy, Charge, Consent, Hold, HoldKind, How, Mark, MarkKind, OldPart, Part, Play, Quote,
    QuoteLine, Rating, Reading, Risk, SignOff, SignOffKind, Strokes, Warranty, WarrantyKind,
};
use schema::sheet::sheet;
use schema::status::Status;
use schema::time::{MINUTE, Timestamp};
use std::collections::BTreeMap;

/// What one visit needs to know.
pub struct Scene<'a> {
    pub job: JobId,
    pub customer: &'a str,
    pub technician: &'a Member,
    pub fault: &'a FaultLine,
    pub prices: &'a BTreeMap<String, PriceLine>,
    /// Version of the price list.
    pub price_list: i64,
    pub accepted_at: Timestamp,
    /// When the technician is expected: everything else counts from here.
    pub start: Timestamp,
}

/// A visit under way.
pub struct Visit<'a> {
    pub scene: Scene<'a>,
    pub conn: &'a mut Conn,
    pub chance: &'a mut Chance,
}

/// How the customer ends it.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    Signs,
    Declines,
}

/// A typed signature's strokes: what a finger leaves on the glass.
pub(super) const STROKES: &str =
    "12,40,0 22,18,45 30,42,90 41,20,130|58,16,310 58,46,380 76,30,450|84,44,610 96,14,700 108,46,790";

impl Visit<'_> {
    fn at(&self, minutes: i64) -> Timestamp {
        self.scene.start.plus(minutes * MINUTE)
    }

    /// One change by the technician.
    pub(super) fn write(&mut self, at: Timestamp, edits: &[Edit]) -> Result<Written, Problem> {
        let office = Office { person: Some(self.scene.technician.caller.person), now: at };
        records::write(self.conn, office, self.scene.job, edits)
    }

    fn entry(&mut self) -> EntryId {
        EntryId::new(self.chance.bytes())
    }

    fn done(&self, step: &str, at: Timestamp) -> Edit {
        let by = self.scene.technician.caller.person;
        Edit::Mark { step: step.to_owned(), mark: Mark { kind: MarkKind::Done, by, at, reason: None, place: None } }
    }

    fn reading(&mut self, (step, name): (&str, &str), (value, unit): (&str, &str), at: Timestamp) -> Edit {
        let by = self.scene.technician.caller.person;
        let (step, name) = (step.to_owned(), name.to_owned());
        let reading = Reading { step, name, value: value.to_owned(), unit: unit.to_owned(), by, at };
        Edit::Reading { id: self.entry(), reading }
    }

    pub fn accept(&mut self) -> Result<(), Problem> {
        let at = self.scene.accepted_at;
        self.write(at, &[self.done("accept", at), self.done("analyse", at.plus(2 * MINUTE))])?;
        Ok(())
    }

    pub fn contact(&mut self) -> Result<(), Problem> {
        let at = self.scene.accepted_at.plus(6 * MINUTE);
        self.write(at, &[self.done("contact", at)])?;
        Ok(())
    }

    pub fn depart(&mut self) -> Result<(), Problem> {
        let edits = [self.done("prepare", self.at(-55)), self.done("depart", self.at(-40))];
        self.write(self.at(-40), &edits)?;
        Ok(())
    }

    pub fn arrive(&mut self) -> Result<(), Problem> {
        let tools = self.reading(("lay_out", "tools_out"), ("9", ""), self.at(-2));
        let ticks = [("en_route", -15), ("appearance", -8), ("knock", -7), ("introduce", -4), ("shoe_covers", -3)];
        let mut edits: Vec<Edit> = ticks.iter().map(|(step, minutes)| self.done(step, self.at(*minutes))).collect();
        edits.extend([self.done("lay_out", self.at(-2)), tools, self.done("listen", self.at(0))]);
        self.write(self.at(0), &edits)?;
        Ok(())
    }

    pub fn diagnose(&mut self) -> Result<(), Problem> {
        let at = self.at(12);
        let mut edits = vec![self.done("diagnose", at)];
        if !self.scene.fault.cause.is_empty() {
            edits.push(Edit::Cause { text: self.scene.fault.cause.clone() });
        }
        self.write(at, &edits)?;
        Ok(())
    }

    /// Quotes from the price list, and has the quote accepted on the technician's screen.
    pub fn agree(&mut self) -> Result<(), Problem> {
        let (quote, id) = (self.quote()?, self.entry());
        let written = self.write(quote.at, &[Edit::Quote { id: id.clone(), quote: quote.clone() }])?;
        let at = self.at(21);
        let consent = Consent {
            quote: id,
            quote_hash: quote_hash(&quote),
            total_minor: quote.total_minor,
            currency: quote.currency,
            how: How::Phone,
            name: self.scene.customer.to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by: Some(self.scene.technician.caller.person),
            link: None,
            shown: Vec::new(),
            at,
        };
        let mut edits = vec![Edit::Consent { id: self.entry(), consent: consent.clone() }, self.done("quote", at)];
        edits.extend(self.backup(&written.view.meta.number, &consent, &quote));
        self.write(at, &edits)?;
        Ok(())
    }

    /// Where the work can destroy data: the technician has made a copy, and the customer signs.
    fn backup(&mut self, number: &str, consent: &Consent, quote: &Quote) -> Option<Edit> {
        let (copy, language) = (BackupCopy::Technician, Language::Chinese);
        let text = backup::text(number, quote, copy, language)?;
        let backup = BackupConsent {
            quote: consent.quote.clone(),
            copy,
            text_hash: backup::text_hash(&text),
            text,
            language,
            how: How::Phone,
            name: consent.name.clone(),
            strokes: consent.strokes.clone(),
            by: consent.by,
            link: None,
            at: consent.at,
        };
        Some(Edit::Backup { id: self.entry(), backup })
    }

    fn quote(&self) -> Result<Quote, Problem> {
        let mut lines = BTreeMap::new();
        for ((code, count), number) in self.scene.fault.items().zip(1..) {
            let price = self.scene.prices.get(code).ok_or_else(|| Problem::internal("an item without a price"))?;
            let line = QuoteLine {
                code: Some(code.to_owned()),
                request: None,
                name: price.name_zh.clone(),
                unit: price.unit.clone(),
                kind: price.kind,
                quantity_milli: count * 1000,
                unit_minor: price.price_fen,
                amount_minor: count * price.price_fen,
                risk: price.destroys_data.then_some(Risk::Data),
                setup: None,
            };
            lines.insert(format!("{number:02}"), line);
        }
        Ok(Quote {
            total_minor: lines.values().map(|line| line.amount_minor).sum(),
            lines,
            currency: Currency::CNY,
            price_list: self.scene.price_list,
            warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
            option: None,
            of: None,
            by: self.scene.technician.caller.person,
            at: self.at(18),
        })
    }

    pub fn repair(&mut self) -> Result<(), Problem> {
        let at = self.at(50);
        let mut edits = vec![self.done("repair", at), Edit::Measures { text: self.scene.fault.measures.clone() }];
        let parts: Vec<(String, i64)> = self.scene.fault.items().map(|(code, n)| (code.to_owned(), n)).collect();
        for (code, count) in parts {
            let Some(price) = self.scene.prices.get(&code) else { continue };
            if price.kind == schema::record::ItemKind::Part {
                let part = Part {
                    name: price.name_zh.clone(),
                    code,
                    quantity_milli: count * 1000,
                    serial: None,
                    old_part: OldPart::LeftWithCustomer,
                    by: self.scene.technician.caller.person,
                    at,
                    undoes: None,
                };
                edits.push(Edit::Part { id: self.entry(), part });
            }
        }
        self.write(at, &edits)?;
        Ok(())
    }

    pub fn test(&mut self) -> Result<(), Problem> {
        let at = self.at(62);
        let mut edits = vec![self.reading(("testing", "function_result"), ("正常", ""), at)];
        if ["空调", "冰箱", "洗衣机", "热水器", "线路"].iter().any(|word| self.scene.fault.product.contains(word))
        {
            let resistance = format!("{}", self.chance.between(8, 60));
            edits.push(self.reading(("testing", "insulation_resistance"), (&resistance, "MΩ"), at));
        }
        edits.push(self.done("testing", at));
        self.write(at, &edits)?;
        Ok(())
    }

    /// Everything from the test to the customer's word on it.
    pub fn finish(&mut self, end: End) -> Result<(), Problem> {
        let tools = self.reading(("cleanup", "tools_in"), ("9", ""), self.at(70));
        let edits = [self.done("guide", self.at(66)), tools, self.done("cleanup", self.at(70))];
        let written = self.write(self.at(70), &edits)?;
        let due = written.view.accepted_quote().map(|(id, _)| id.clone()).zip(written.view.due_minor());
        let Some((quote, due_minor)) = due else { return Err(Problem::internal("no quote in force in the demo")) };
        let (by, at) = (self.scene.technician.caller.person, self.at(72));
        let charge = Charge { quote, due_minor, currency: Currency::CNY, by, at };
        let charged = Edit::Charge { id: self.entry(), charge };
        self.write(at, &[charged])?;
        let shown = self.write(at, &[self.done("charges", at)])?;
        self.sign(&shown, end)?;
        let last =
            [self.done("card", self.at(76)), self.done("farewell", self.at(78)), self.done("return", self.at(95))];
        self.write(self.at(95), &last)?;
        Ok(())
    }

    fn sign(&mut self, shown: &Written, end: End) -> Result<(), Problem> {
        let checklist = templates::of_job(self.conn, &shown.view)?;
        let sheet_hash = sheet(&shown.view, &checklist).hash();
        let at = self.at(75);
        let signed = end == End::Signs;
        let marks = [5, 5, 5, 5, 4, 5, 5, 3, 5, 5];
        let rating = Rating { quality: Some(*self.chance.pick(&marks)?), attitude: Some(*self.chance.pick(&marks)?) };
        let sign_off = SignOff {
            kind: if signed { SignOffKind::Signed } else { SignOffKind::Declined },
            how: How::Phone,
            name: self.scene.customer.to_owned(),
            reason: (!signed).then(|| "客户赶时间出门，说回头再签".to_owned()),
            strokes: signed.then(|| Strokes(STROKES.to_owned())),
            rating: signed.then_some(rating),
            remarks: None,
            covers: shown.heads.clone(),
            sheet_hash,
            by: Some(self.scene.technician.caller.person),
            link: None,
            at,
        };
        let entry = Edit::SignOff { id: self.entry(), sign_off };
        self.write(at, &[entry])?;
        self.write(at, &[self.done("sign_off", at)])?;
        Ok(())
    }

    /// What stops the visit: a case of the playbook, and the wait that follows from it.
    fn wait(&mut self, case: &str, kind: HoldKind, reason: &str, minutes: i64) -> Result<(), Problem> {
        let (by, at) = (self.scene.technician.caller.person, self.at(minutes));
        let (step, play) =
            case.split_once('/').map(|(step, play)| (step.to_owned(), play.to_owned())).unwrap_or_default();
        let happened = Play { step, play, note: None, by, at };
        let hold = Hold { kind, by, at, reason: reason.to_owned(), until: None };
        let edits = [Edit::Play { id: self.entry(), play: happened }, Edit::Hold { id: self.entry(), hold }];
        self.write(at, &edits)?;
        Ok(())
    }
}

impl Visit<'_> {
    /// Plays the visit up to where the story stands.
    pub fn play(mut self, story: Status, end: End) -> Result<(), Problem> {
        let steps = steps(story);
        for step in steps {
            step(&mut self)?;
        }
        match story {
            Status::Signed | Status::Closed | Status::Reopened => self.finish(end),
            Status::AwaitingProof => {
                self.finish(End::Signs)?;
                let reason = "等下一场雨，确认不再渗漏";
                self.wait("testing/needs_proof", HoldKind::Proof, reason, 96)
            }
            Status::WaitingPart => {
                let reason = "车上无此配件，已向仓库申领";
                self.wait("repair/part_needed", HoldKind::Part, reason, 30)
            }
            Status::InWorkshop => {
                let reason = "现场查不清原因，拉回店里全面检查，已留周转机";
                self.take_away()?;
                self.wait("diagnose/cause_unclear", HoldKind::Workshop, reason, 25)
            }
            Status::CustomerAbsent => {
                let reason = "敲门、电话均无人应答，已留留言条";
                self.wait("knock/nobody_home", HoldKind::Absent, reason, 8)
            }
            Status::WaitingCustomer => {
                let reason = "客户要与家人商量，约定晚上答复";
                self.wait("quote/considers", HoldKind::Customer, reason, 22)
            }
            Status::WaitingPrice => {
                let reason = "收费标准中没有此项，已报工程部核价";
                self.wait("quote/off_list", HoldKind::Price, reason, 16)
            }
            _ => Ok(()),
        }
    }
}

type Step = fn(&mut Visit<'_>) -> Result<(), Problem>;

/// The steps of the visit that a job of this state has behind it.
fn steps(story: Status) -> &'static [Step] {
    const ALL: &[Step] = &[
        |visit| visit.accept(),
        |visit| visit.contact(),
        |visit| visit.depart(),
        |visit| visit.arrive(),
        |visit| visit.diagnose(),
        |visit| visit.agree(),
        |visit| visit.repair(),
        |visit| visit.test(),
    ];
    let count = match story {
        Status::Assigned => 0,
        Status::Accepted => 1,
        Status::Appointed => 2,
        Status::EnRoute | Status::CustomerAbsent => 3,
        Status::OnSite => 4,
        Status::InWorkshop | Status::WaitingCustomer | Status::WaitingPrice => 5,
        Status::Working | Status::WaitingPart => 6,
        _ => ALL.len(),
    };
    ALL.get(..count).unwrap_or(ALL)
}
