//! What is taken to the workshop, against the customer's signature, and what they use meanwhile.

use super::visit::{STROKES, Visit};
use crate::domain::records;
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::EntryId;
use schema::people::Language;
use schema::problem::Problem;
use schema::record::{BackupCopy, Erasure, Loaner, Strokes, TakeBack, TakenComputer};
use schema::take_back::receipt_text;
use schema::time::{DAY, HOUR, MINUTE, Timestamp};

impl Visit<'_> {
    pub(super) fn take_away(&mut self) -> Result<(), Problem> {
        let at = self.scene.start.plus(24 * MINUTE);
        let number = records::load(self.conn, self.scene.job)?.view()?.meta.number.clone();
        let fault = self.scene.fault;
        let (lent, is_computer) = match fault.class.as_str() {
            "computer" => ("笔记本电脑", true),
            "television" => ("32 寸液晶电视", false),
            _ => ("小型波轮洗衣机", false),
        };
        let computer = is_computer.then(|| TakenComputer {
            configuration: "i5-9400，内存 8G，机械硬盘 1T".to_owned(),
            copy: BackupCopy::Technician,
            erasure: Erasure::Forbidden,
        });
        let mut receipt = TakeBack {
            product: fault.product.clone(),
            model: Some(fault.model.clone()).filter(|model| !model.is_empty()),
            serial: Some(format!("SN{}", self.scene.start.micros().rem_euclid(1_000_003))),
            accessories: Some("电源线".to_owned()),
            condition: "外观有使用痕迹，无磕碰".to_owned(),
            computer,
            loaner: Some(Loaner { name: lent.to_owned(), serial: Some("ZZ-012".to_owned()) }),
            taken_on: day(at),
            return_on: day(at.plus(7 * DAY)),
            text: String::new(),
            text_hash: Hash::ZERO,
            language: Language::Chinese,
            name: self.scene.customer.to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by: self.scene.technician.caller.person,
            at,
        };
        receipt.text = receipt_text(&number, &receipt, receipt.language);
        receipt.text_hash = text_hash(&receipt.text);
        // Named by the job, so that it takes nothing from the chance by which the other stories go.
        let mut name = [0; 10];
        name.iter_mut().zip(self.scene.job.as_bytes().iter().rev()).for_each(|(to, from)| *to = *from);
        let id = EntryId::new(name);
        self.write(at, &[Edit::TakeBack { id, take_back: Box::new(receipt) }])?;
        Ok(())
    }
}

/// By the calendar of the demo's outlets.
fn day(at: Timestamp) -> String {
    at.plus(8 * HOUR).to_utc().date_naive().to_string()
}
