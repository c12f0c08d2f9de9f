//! What was taken away for repair, as the sheet shows it: a signature for the work does not pass over a loaner that is still out.

use super::Sheet;
use crate::body::data;
use crate::id::{EntryId, PersonId};
use crate::record::{HandBack, HandBackKind, JobRecord, Loaner, TakeBack};
use crate::take_back::Out;
use crate::time::Timestamp;
use std::collections::BTreeMap;

data! {
    /// What the customer signed for when it was taken.
    pub struct SheetTakeBack {
        pub product: String,
        pub loaner: Option<Loaner>,
        /// ISO dates.
        pub taken_on: String,
        pub return_on: String,
        pub text: String,
        pub name: String,
        pub by: PersonId,
        pub at: Timestamp,
        /// Whether its words are what it has to say, to the letter.
        pub valid: bool,
    }

    pub struct SheetHandBack {
        pub receipt: EntryId,
        pub kind: HandBackKind,
        pub condition: String,
        pub name: String,
        /// None where the customer signed.
        pub reason: Option<String>,
        pub by: PersonId,
        pub at: Timestamp,
        pub valid: bool,
    }
}

impl Sheet {
    /// Where the things of this receipt were when the sheet was made.
    pub fn out(&self, receipt: &EntryId) -> Out {
        let Some(taken) = self.take_backs.get(receipt) else { return Out { product: false, loaner: false } };
        let ended = self.hand_backs.values().filter(|end| end.receipt == *receipt);
        Out::after(taken.loaner.is_some(), ended.map(|end| end.kind))
    }
}

pub(super) fn take_backs(record: &JobRecord) -> BTreeMap<EntryId, SheetTakeBack> {
    let row = |(id, receipt): (&EntryId, &TakeBack)| {
        let row = SheetTakeBack {
            product: receipt.product.clone(),
            loaner: receipt.loaner.clone(),
            taken_on: receipt.taken_on.clone(),
            return_on: receipt.return_on.clone(),
            text: receipt.text.clone(),
            name: receipt.name.clone(),
            by: receipt.by,
            at: receipt.at,
            valid: record.receipt_fits(receipt),
        };
        (id.clone(), row)
    };
    record.take_backs.iter().map(row).collect()
}

pub(super) fn hand_backs(record: &JobRecord) -> BTreeMap<EntryId, SheetHandBack> {
    let row = |(id, end): (&EntryId, &HandBack)| {
        let row = SheetHandBack {
            receipt: end.receipt.clone(),
            kind: end.kind,
            condition: end.condition.clone(),
            name: end.name.clone(),
            reason: end.reason.clone().filter(|_| end.strokes.is_none()),
            by: end.by,
            at: end.at,
            valid: record.hand_back_fits(end),
        };
        (id.clone(), row)
    };
    record.hand_backs.iter().map(row).collect()
}
