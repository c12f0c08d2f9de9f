//! What no merge may settle: two signatures, consents or charges that nobody who made one could know the other of; or a consent to a quote, and
//! the quote's withdrawal. All of them stay; the supervisor says which counts.

use super::{Consent, JobRecord};
use crate::body::data;
use crate::id::{EntryId, PersonId};
use crate::time::Timestamp;
use crate::word::words;
use std::collections::BTreeSet;

words! {
    /// What there is more than one of.
    MatterKind {
        Consent = "consent", SignOff = "sign_off", Charge = "charge",
        /// A quote that the customer accepted while somebody took it back.
        Withdrawal = "withdrawal",
    }
}

data! {
    /// The supervisor's decision. A later one replaces it.
    pub struct Ruling {
        pub matter: MatterKind,
        /// The entry that counts.
        pub counts: EntryId,
        /// All that stood beside each other, with it.
        pub of: Vec<EntryId>,
        pub reason: String,
        pub by: PersonId,
        pub at: Timestamp,
    }

    /// Entries that contradict each other and were made without knowing of each other, on which nobody has ruled.
    #[derive(Eq)]
    pub struct Matter {
        pub kind: MatterKind,
        pub entries: Vec<EntryId>,
    }
}

impl JobRecord {
    /// The entries of this kind that do not count, because the supervisor said so.
    pub fn overruled(&self, kind: MatterKind) -> BTreeSet<&EntryId> {
        let mut rulings: Vec<(&EntryId, &Ruling)> = self.rulings.iter().filter(|(_, r)| r.matter == kind).collect();
        rulings.sort_by_key(|(id, ruling)| (ruling.at, *id));
        let mut overruled = BTreeSet::new();
        for (_, ruling) in rulings {
            overruled.extend(ruling.of.iter());
            overruled.remove(&ruling.counts);
        }
        overruled
    }

    /// The entries of which only one can count: those that nobody overruled.
    pub fn rivals(&self, kind: MatterKind) -> Vec<&EntryId> {
        let overruled = self.overruled(kind);
        let counts = |id: &&EntryId| !overruled.contains(*id);
        match kind {
            MatterKind::Consent => self.valid_consents().map(|(id, _)| id).filter(counts).collect(),
            MatterKind::SignOff => self.current_sign_offs().into_iter().map(|(id, _)| id).filter(counts).collect(),
            MatterKind::Charge => self.charges.keys().filter(counts).collect(),
            MatterKind::Withdrawal => self.disputed_withdrawal(),
        }
    }

    /// The withdrawals of a quote and the consents to it, where there are both. The gate lets neither be written where the other is known, so
    /// that they never knew of each other. Of several such quotes the first: a ruling is about one.
    fn disputed_withdrawal(&self) -> Vec<&EntryId> {
        let of = |quote: &EntryId| {
            let withdrawals: Vec<&EntryId> = self.withdrawals_of(quote).map(|(id, _)| id).collect();
            let consents = self.valid_consents().filter(|(_, consent)| consent.quote == *quote).map(|(id, _)| id);
            let consents: Vec<&EntryId> = consents.collect();
            (!withdrawals.is_empty() && !consents.is_empty()).then(|| [withdrawals, consents].concat())
        };
        self.quotes.keys().find_map(of).unwrap_or_default()
    }

    /// Whether two entries of this kind say the same, so that it does not matter which counts. A signature is nobody else's.
    pub fn agree(&self, kind: MatterKind, one: &EntryId, other: &EntryId) -> bool {
        let accepted = |consent: &Consent| (consent.quote.clone(), consent.quote_hash, consent.total_minor);
        match kind {
            MatterKind::Consent => self.consents.get(one).map(accepted) == self.consents.get(other).map(accepted),
            MatterKind::SignOff => false,
            MatterKind::Charge => {
                let due = |id| self.charges.get(id).map(|charge| (&charge.quote, charge.due_minor));
                due(one) == due(other)
            }
            MatterKind::Withdrawal => self.withdrawals.contains_key(one) == self.withdrawals.contains_key(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, id, person, reported};

    fn ruling(counts: u8, of: &[u8], minute: i64) -> Ruling {
        Ruling {
            matter: MatterKind::Consent,
            counts: id(counts),
            of: of.iter().map(|number| id(*number)).collect(),
            reason: "客户来电确认".to_owned(),
            by: person(100),
            at: at(minute),
        }
    }

    #[test]
    fn the_latest_ruling_says_which_counts() {
        let mut record = reported();
        record.rulings.insert(id(50), ruling(1, &[1, 2], 10));
        assert_eq!(record.overruled(MatterKind::Consent), BTreeSet::from([&id(2)]));
        record.rulings.insert(id(49), ruling(2, &[1, 2, 3], 20));
        assert_eq!(record.overruled(MatterKind::Consent), BTreeSet::from([&id(1), &id(3)]));
        assert!(record.overruled(MatterKind::SignOff).is_empty());
    }

    #[test]
    fn a_consent_and_a_withdrawal_of_the_same_quote_wait_for_the_supervisor_and_the_consent_holds_meanwhile() {
        let quoted = reported().with_quote(1, 8_000, 10).with_quote(2, 9_000, 10);
        let apart = quoted.with_consent(1, 20).with_withdrawal(3, 2, 21);
        assert!(apart.rivals(MatterKind::Withdrawal).is_empty(), "another quote's withdrawal contradicts nothing");
        let both = apart.with_withdrawal(4, 1, 21);
        assert_eq!(both.rivals(MatterKind::Withdrawal), [&id(4), &id(1)]);
        assert!(!both.agree(MatterKind::Withdrawal, &id(4), &id(1)));
        assert_eq!(both.due_minor(), Some(8_000));
        let rule = |counts| Ruling { matter: MatterKind::Withdrawal, ..ruling(counts, &[1, 4], 30) };
        let mut withdrawn = both.clone();
        withdrawn.rulings.insert(id(50), rule(4));
        assert_eq!((withdrawn.due_minor(), withdrawn.withdrawal(&id(1)).is_some()), (None, true));
        let mut accepted = both;
        accepted.rulings.insert(id(50), rule(1));
        assert_eq!((accepted.due_minor(), accepted.withdrawal(&id(1)).is_some()), (Some(8_000), false));
        assert!(accepted.rivals(MatterKind::Withdrawal).is_empty());
    }
}
